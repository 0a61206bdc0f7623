"""A team's own rules, from a file in its repository: the vocabulary of ``match`` and ``predicates``, written as YAML, TOML or JSON.

Nothing in such a file can run code. Every mistake is an error with line and column.

    rules:
      - id: acme-no-host-network
        title: pods of this team do not use the host's network
        why: Our nodes carry other tenants.
        fix: Publish the port with a Service.
        kinds: [kubernetes]
        match:
          keys: ["**.hostNetwork"]
          when: is_true
        bad:  [{text: "apiVersion: v1\\nkind: Pod\\nspec:\\n  hostNetwork: «true»\\n"}]
        good: [{text: "apiVersion: v1\\nkind: Pod\\nspec:\\n  hostNetwork: false\\n"}]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..finding import CONFIDENCES, SEVERITIES, TIERS, Example, Rule
from ..parse import load
from ..parse.node import compile_path
from ..policy.settings import SettingsError
from .match import Arguments, Commands, Flip, Keys, Match, Mend, Missing, Remove, Replace, Variables, Where
from .predicates import TESTS, Predicate, is_set

if TYPE_CHECKING:
    from ..files.tree import Tree
    from ..finding import Finding
    from ..parse import File
    from ..parse.node import Node
    from ..policy.settings import Settings

_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+\Z")
_NESTED_REPEAT: Final = re.compile(r"\((?:[^()\\]|\\.)*(?<!\\)[*+](?:[^()\\]|\\.)*\)[*+{]")
_MAX_PATTERN: Final = 1000

# predicates by what they take
_NO_ARGUMENT: Final = frozenset(TESTS) - {
    "equals", "one_of", "matches", "contains_any", "less_than", "more_than", "no", "all_of", "any_of", "surely",
}  # fmt: skip
_ONE_TEXT: Final = frozenset({"equals", "matches"})
_MANY_TEXTS: Final = frozenset({"one_of", "contains_any"})
_NUMBER: Final = frozenset({"less_than", "more_than"})
_COMBINED: Final[dict[str, str]] = {"not": "no", "all": "all_of", "any": "any_of"}

_RULE_KEYS: Final = (
    "id", "title", "why", "fix", "severity", "confidence", "tier", "cwe", "references", "equivalents", "kinds", "match", "bad", "good",
)  # fmt: skip
_TRAITS: Final = ("traits", "not-traits")
_MATCH_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "keys": ("keys", "when", "where", "at", "message", "mend", "fold", *_TRAITS),
    "missing": ("missing", "in", "when", "where", "message", *_TRAITS),
    "argument": ("argument", "programs", "when", "absent", "message"),
    "command": ("command", "operands", "options", "value", "unless", "message"),
    "variable": ("variable", "when", "message", "mend", *_TRAITS),
}


class Mistake(Exception):
    """Something wrong at ``node`` of a rule file."""

    def __init__(self, node: Node, reason: str, key: bool = False) -> None:
        span = node.key_span if key else node.span
        super().__init__(f"{node.source.path}:{span.line}:{span.col}: {reason}")


class Own(NamedTuple):
    """The rules of a file and what is wrong with it."""

    rules: tuple[Rule, ...]
    mistakes: tuple[str, ...]


def own_rules(tree: Tree, settings: Settings) -> tuple[Rule, ...]:
    """The rules of the files that ``[config] rule-files`` names; once a tree. Raises ``SettingsError`` with every mistake."""
    paths = tuple(settings.option("config", "rule-files", ()))
    kept = tree.memo.get(("own-rules", paths))
    if isinstance(kept, tuple):
        return kept
    rules: list[Rule] = []
    mistakes: list[str] = []
    for path in paths:
        read = read_rules(tree, path)
        rules += read.rules
        mistakes += read.mistakes
    for rule in rules:
        if sum(rule.id == other.id for other in rules) > 1:
            mistakes.append(f"rule {rule.id} is defined more than once in {', '.join(paths)}")
    if mistakes:
        raise SettingsError("\n".join(dict.fromkeys(mistakes)))
    made = tree.memo[("own-rules", paths)] = tuple(rules)
    return made


def read_rules(tree: Tree, path: str) -> Own:
    """The rules in the file at ``path``; never raises for what it holds."""
    file = load(tree, path)
    if file is None:
        return Own((), (f"{path}: no such file (a rule file of [config] rule-files)",))
    document = file.document
    if document is None or document.format not in ("yaml", "toml", "json"):
        return Own((), (f"{path}: rules are written in YAML, TOML or JSON",))
    mistakes = [f"{path}:{p.span.line}:{p.span.col}: {p.reason}" for p in document.problems]
    rules: list[Rule] = []
    root = document.roots[0] if document.roots else None
    group = root.get("rules") if root is not None else None
    if group is None or group.resolved.kind != "sequence":
        mistakes.append(f"{path}:1:1: a list called rules is missing")
    else:
        for item in group.resolved.children:
            try:
                rules.append(_rule(item))
            except Mistake as mistake:
                mistakes.append(str(mistake))
    return Own(tuple(rules), tuple(mistakes))


def failures(rules: Iterable[Rule]) -> list[str]:
    """What the examples of ``rules`` show to be wrong, one line each."""
    from .engine import apply
    from .examples import failures as of_examples
    from .plan import plan

    def with_rule(rule: Rule) -> Callable[[File, Tree], Iterator[Finding]]:
        made = plan((rule,))

        def check(file: File, tree: Tree) -> Iterator[Finding]:
            document = file.document
            if document is not None and concerns(rule, file):
                yield from apply(made, file, document, tree)

        return check

    return [line for rule in rules for line in of_examples(rule, with_rule(rule))]


def concerns(rule: Rule, file: File) -> bool:
    """Whether ``rule`` is meant for files of this kind."""
    kinds: tuple[str, ...] = getattr(rule.match, "kinds", ())
    return "*" in kinds or bool(file.type.kinds.intersection(kinds))


# -- one rule


def _rule(node: Node) -> Rule:
    _only(node, _RULE_KEYS)
    id = _text(node, "id")
    if not _ID.match(id):
        raise Mistake(_entry(node, "id"), f"{id!r} is no rule id: use lower case words joined by -, such as acme-no-host-network")
    kinds = _texts(node, "kinds")
    for entry in _items(node, "kinds"):
        _among(entry, _known_kinds(), "kind of file")
    rule = Rule(
        id=id,
        family="config",
        title=_text(node, "title"),
        severity=_choice(node, "severity", SEVERITIES, "medium"),
        tier=_choice(node, "tier", TIERS, "warn"),
        why=_text(node, "why"),
        fix=_text(node, "fix"),
        confidence=_choice(node, "confidence", CONFIDENCES, "high"),
        cwe=_whole_number(node, "cwe"),
        match=_match(_entry(node, "match"), kinds),
        equivalents=_texts(node, "equivalents", needed=False),
        references=_texts(node, "references", needed=False),
        bad=_examples(node, "bad"),
        good=_examples(node, "good"),
    )
    from .check import rules as built_in

    if id in built_in():
        raise Mistake(_entry(node, "id"), f"{id} is a rule of secops-hooks; choose another id")
    return rule


def _known_kinds() -> frozenset[str]:
    from ..files.filetype import kinds

    return kinds() | {"*"}


def _match(node: Node, kinds: tuple[str, ...]) -> Match:
    _only(node, tuple(dict.fromkeys(key for keys in _MATCH_KEYS.values() for key in keys)))
    present = [name for name in _MATCH_KEYS if node.get(name) is not None]
    if len(present) != 1:
        raise Mistake(node, f"a match has exactly one of {', '.join(_MATCH_KEYS)}", key=True)
    _only(node, _MATCH_KEYS[present[0]])
    return _MAKERS[present[0]](node, kinds)


def _keys(node: Node, kinds: tuple[str, ...]) -> Match:
    at = _choice(node, "at", ("value", "key"), "value")
    return Keys(
        kinds, _paths(node, "keys"), _when(node), _wheres(node), at, _message(node), _mend(node), _flag(node, "fold"),
        _texts(node, "traits", needed=False), _texts(node, "not-traits", needed=False),
    )  # fmt: skip


def _missing(node: Node, kinds: tuple[str, ...]) -> Match:
    return Missing(
        kinds, _paths(node, "in"), _paths(node, "missing"), _when(node, is_set), _wheres(node), _message(node),
        _texts(node, "traits", needed=False), _texts(node, "not-traits", needed=False),
    )  # fmt: skip


def _argument(node: Node, kinds: tuple[str, ...]) -> Match:
    return Arguments(
        kinds, _texts(node, "programs"), _text(node, "argument").lstrip("-"), _when(node, is_set), _flag(node, "absent"), _message(node)
    )


def _command(node: Node, kinds: tuple[str, ...]) -> Match:
    patterns = {name: _pattern(node, name) for name in ("operands", "value", "unless")}
    return Commands(
        kinds,
        _texts(node, "command"),
        patterns["operands"],
        _texts(node, "options", needed=False),
        patterns["value"],
        patterns["unless"],
        _message(node),
    )


def _variable(node: Node, kinds: tuple[str, ...]) -> Match:
    return Variables(
        kinds, _texts(node, "variable"), _when(node), _message(node), _mend(node),
        _texts(node, "traits", needed=False), _texts(node, "not-traits", needed=False),
    )  # fmt: skip


_MAKERS: Final[Mapping[str, Callable[[Any, tuple[str, ...]], Match]]] = {
    "keys": _keys,
    "missing": _missing,
    "argument": _argument,
    "command": _command,
    "variable": _variable,
}


def _when(node: Node, default: Predicate | None = None) -> Predicate:
    entry = node.get("when")
    if entry is None:
        if default is None:
            raise Mistake(node, "when is missing: what is asked of the value", key=True)
        return default
    return _predicate(entry)


def _predicate(node: Node) -> Predicate:
    """``is_true``, ``{one_of: [a, b]}``, ``{not: …}``, ``{all: […]}``, ``{any: […]}``."""
    if node.kind == "scalar":
        _among(node, _NO_ARGUMENT, "question without arguments")
        return Predicate(node.text)
    entries = list(node.children)
    if node.kind != "mapping" or len(entries) != 1:
        raise Mistake(node, "a question is a name, or a name with what it takes, such as {one_of: [a, b]}")
    entry, name = entries[0], entries[0].key or ""
    if name == "not":
        return Predicate("no", (_predicate(entry),))
    if name in _COMBINED:
        if entry.kind != "sequence" or not entry.children:
            raise Mistake(entry, f"{name} takes a list of questions")
        return Predicate(_COMBINED[name], tuple(_predicate(item) for item in entry.children))
    if name in _ONE_TEXT:
        text = _scalar(entry)
        return Predicate(name, (_safe_pattern(entry, text) if name == "matches" else text,))
    if name in _MANY_TEXTS:
        return Predicate(name, tuple(_scalar(item) for item in (entry.children if entry.kind == "sequence" else [entry])))
    if name in _NUMBER:
        try:
            return Predicate(name, (float(_scalar(entry)),))
        except ValueError:
            raise Mistake(entry, f"{name} takes a number") from None
    known = (*_NO_ARGUMENT, *_ONE_TEXT, *_MANY_TEXTS, *_NUMBER, *_COMBINED)
    raise Mistake(entry, f"unknown question {name!r}{_nearest(name, known)}", key=True)


def _wheres(node: Node) -> tuple[Where, ...]:
    made = []
    for item in _items(node, "where"):
        _only(item, ("path", "when", "absent"))
        path = _entry(item, "path")
        text = _scalar(path)
        bare = text.removeprefix("$.")
        while bare.startswith("^."):
            bare = bare[2:]
        _check_path(path, bare)
        made.append(Where(text, _when(item, is_set), _flag(item, "absent")))
    return tuple(made)


def _mend(node: Node) -> Mend | None:
    entry = node.get("mend")
    if entry is None:
        return None
    if entry.kind == "scalar":
        _among(entry, ("remove", "flip"), "mend")
        return Remove(safe=False) if entry.text == "remove" else Flip()
    _only(entry, ("replace",))
    return Replace(_text(entry, "replace"), safe=False)


def _examples(node: Node, name: str) -> tuple[Example, ...]:
    made = []
    for item in _items(node, name):
        if item.kind == "scalar":
            made.append(Example(item.text))
            continue
        _only(item, ("text", "path"))
        path = item.get("path")
        made.append(Example(_text(item, "text"), _scalar(path) if path is not None else ""))
    if not made:
        raise Mistake(node, f"rule without {name} examples: at least one shows what is {'reported' if name == 'bad' else 'fine'}", key=True)
    return tuple(made)


# -- reading values


def _only(node: Node, names: tuple[str, ...]) -> None:
    if node.resolved.kind != "mapping":
        raise Mistake(node, f"a table with {', '.join(names[:4])} … is expected here")
    for entry in node.entries():
        if entry.key not in names:
            raise Mistake(entry, f"unknown key {entry.key!r}{_nearest(entry.key or '', names)}", key=True)


def _entry(node: Node, name: str) -> Node:
    entry = node.get(name)
    if entry is None:
        raise Mistake(node, f"{name} is missing", key=True)
    return entry


def _scalar(node: Node) -> str:
    if node.resolved.kind != "scalar":
        raise Mistake(node, "a text is expected here")
    return node.resolved.text


def _text(node: Node, name: str) -> str:
    text = _scalar(_entry(node, name))
    text = text if name == "text" else text.strip("\n")
    if not text:
        raise Mistake(_entry(node, name), f"{name} is empty")
    return text


def _items(node: Node, name: str) -> list[Node]:
    entry = node.get(name)
    if entry is None:
        return []
    if entry.resolved.kind != "sequence":
        raise Mistake(entry, f"{name} is a list")
    return entry.resolved.children


def _texts(node: Node, name: str, needed: bool = True) -> tuple[str, ...]:
    if needed:
        _entry(node, name)
    found = tuple(_scalar(item) for item in _items(node, name))
    if needed and not found:
        raise Mistake(_entry(node, name), f"{name} is empty")
    return found


def _paths(node: Node, name: str) -> tuple[str, ...]:
    for item in _items(node, name):
        _check_path(item, _scalar(item))
    return _texts(node, name)


def _check_path(node: Node, path: str) -> None:
    try:
        compile_path(path)
    except ValueError as error:
        raise Mistake(node, str(error)) from None


def _pattern(node: Node, name: str) -> str:
    entry = node.get(name)
    return "" if entry is None else _safe_pattern(entry, _scalar(entry))


def _safe_pattern(node: Node, pattern: str) -> str:
    """``pattern`` if it is a regular expression that cannot take exponential time."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise Mistake(node, f"no regular expression: {error}") from None
    if len(pattern) > _MAX_PATTERN or _NESTED_REPEAT.search(pattern):
        raise Mistake(node, "this regular expression repeats what is repeated, which can take forever; write it without (…+)+")
    return pattern


def _flag(node: Node, name: str) -> bool:
    entry = node.get(name)
    if entry is None:
        return False
    if not isinstance(entry.value, bool):
        raise Mistake(entry, f"{name} is true or false")
    return entry.value


def _whole_number(node: Node, name: str) -> int:
    entry = node.get(name)
    if entry is None:
        return 0
    if not isinstance(entry.value, int) or isinstance(entry.value, bool):
        raise Mistake(entry, f"{name} is a whole number")
    return entry.value


def _choice(node: Node, name: str, choices: tuple[Any, ...], default: str) -> Any:
    entry = node.get(name)
    if entry is None:
        return default
    _among(entry, choices, name)
    return entry.text


def _message(node: Node) -> str:
    entry = node.get("message")
    return "" if entry is None else _scalar(entry)


def _among(node: Node, choices: Iterable[str], what: str) -> None:
    known = tuple(choices)
    if node.kind != "scalar" or node.text not in known:
        raise Mistake(node, f"unknown {what} {node.text!r}{_nearest(node.text, known)}")


def _nearest(word: str, choices: Iterable[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, list(choices), 1)
    return f"; did you mean {close[0]}?" if close else ""
