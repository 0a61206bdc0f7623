"""The door of family config: which rules concern a file, what they find in it, and what could not be read.

Suppressions, tiers and baselines are not decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from ..finding import TIERS, UNANALYSABLE, Finding, Problem, Rule, Tier, report
from ..records import TYPE_CHECKING
from .rules import MODULES, NEEDS, modules, of

if TYPE_CHECKING:
    from typing import Final

    from ..files.tree import Tree
    from ..parse import File
    from ..policy.settings import Settings
    from .plan import Plan

MAX_PROBLEMS: Final = 3
_LARGE: Final = 256 * 1024
# formats in which a syntax error means that the tool reading the file will not see what we saw
_STRUCTURED: Final = frozenset({"yaml", "json", "toml", "hcl", "bicep", "xml", "ini", "properties", "env", "dockerfile", "directives"})
# kinds of files that may hold manifests as texts, and words without which none of them does
_HOLDERS: Final = frozenset({"kubernetes", "kustomize", "terraform"})
_HELD: Final = ("patch", "helm:", "yaml_body", "helm_release", "ConfigMap")
# files made by tools, whose keys are names of packages or resources, not settings
_NO_GENERIC: Final = frozenset({"lock", "tfstate", "notebook", "openapi"})


def rules() -> Mapping[str, Rule]:
    """All rules of the family by id. Raises ``ValueError`` when two modules use one id."""
    found: dict[str, Rule] = {}
    for module in modules():
        for rule in of(module):
            if rule.id in found and found[rule.id] is not rule:
                raise ValueError(f"rule {rule.id} is defined twice")
            found[rule.id] = rule
    return found


def check(file: File, tree: Tree, settings: Settings) -> Iterator[Finding]:
    """What is insecure in ``file``, and what of it could not be analysed. Opens nothing but through ``tree``."""
    kinds = _concerned(file.type.kinds, file.type.format)
    wanted = _wanted(kinds, settings, file.source.text)
    tree.memo.setdefault("settings", settings)  # for the few rules that ask for the team's policy
    if not file.type.format:
        found = _rules_for(kinds, *wanted) if kinds else ()
        if found:
            from .engine import apply_text

            yield from apply_text(found, file, tree)
        return
    if _is_plain_large_json(file, kinds, wanted):
        return
    document = file.document
    if document is None:
        return
    if document.format in _STRUCTURED:
        for problem in document.problems[:MAX_PROBLEMS]:
            yield _unreadable(file, problem)
    if kinds:
        from .engine import apply

        findings = _once(apply(_plan(kinds, *wanted), file, document, tree))
        yield from (finding for finding in findings if _is_seen(finding, file, settings))
    if settings.option("config", "rule-files", ()):
        yield from _of_the_team(file, tree, settings)
    if "terraform" in file.type.kinds and "kubernetes_" in file.source.text:
        yield from _of_terraform(file, tree, settings)
    if _HOLDERS & file.type.kinds and any(word in file.source.text for word in _HELD):
        yield from _of_manifests(file, tree, settings)
    if "json-patch" in file.type.kinds:
        yield from _of_patches(file, tree, settings)


def _of_the_team(file: File, tree: Tree, settings: Settings) -> Iterator[Finding]:
    """What the rules of the repository itself find. Raises ``SettingsError`` when there is a mistake in them."""
    from .engine import apply
    from .own import concerns, own_rules
    from .plan import plan

    fitting = tuple(rule for rule in own_rules(tree, settings) if concerns(rule, file))
    if fitting and file.document is not None:
        key = ("own-plan", tuple(rule.id for rule in fitting))
        made = tree.memo.get(key) or tree.memo.setdefault(key, plan(fitting))
        yield from apply(made, file, file.document, tree)  # type: ignore[arg-type]


def _of_terraform(file: File, tree: Tree, settings: Settings) -> Iterator[Finding]:
    """What the rules for Kubernetes manifests find in the objects that a Terraform file describes."""
    from .engine import apply
    from .kube_terraform import view

    seen = view(file)
    if seen is not None and seen.document is not None:
        made = _plan(("kubernetes",), settings.tier, frozenset(settings.rules), frozenset())
        yield from apply(made, seen, seen.document, tree)


def _of_manifests(file: File, tree: Tree, settings: Settings) -> Iterator[Finding]:
    """What is found in manifests and values that the file holds as texts, and in what its JSON patches write."""
    from .engine import apply
    from .manifests import inner_files, patched, relocated

    for inner in inner_files(file):
        document = inner.file.document
        if document is None or document.problems:
            continue
        made = _plan(_concerned(inner.file.type.kinds, ""), settings.tier, frozenset(settings.rules), frozenset())
        for finding in apply(made, inner.file, patched(document) or document, tree):
            if finding.tier != "audit":
                yield relocated(finding, inner)


def _of_patches(file: File, tree: Tree, settings: Settings) -> Iterator[Finding]:
    """What a JSON patch for Kubernetes objects writes into them."""
    from .engine import apply
    from .manifests import patched

    document = patched(file.document) if file.document is not None else None
    if document is not None:
        made = _plan(("kubernetes",), settings.tier, frozenset(settings.rules), frozenset())
        yield from (finding for finding in apply(made, file, document, tree) if finding.tier != "audit")


def _unreadable(file: File, problem: Problem) -> Finding:
    return report(UNANALYSABLE, file.path, problem.span, f"{UNANALYSABLE.title}: {problem.reason}")


@lru_cache(maxsize=256)
def _concerned(kinds: frozenset[str], format: str) -> tuple[str, ...]:
    """The kinds of a file for which there are rules, ``*`` among them for structured settings."""
    found = [kind for kind in MODULES if kind in kinds]
    if format in _STRUCTURED and format != "dockerfile" and not kinds & _NO_GENERIC:
        found.append("*")
    return tuple(found)


def _wanted(kinds: tuple[str, ...], settings: Settings, text: str) -> tuple[Tier, frozenset[str], frozenset[str]]:
    """The lowest tier that is reported, the rules for which the settings say something else, and the modules with rules for
    files of ``kinds`` that ``text`` has no use for."""
    idle = frozenset(module for module, words in _needs(kinds) if not any(word in text for word in words))
    return settings.tier, frozenset(settings.rules), idle


def _is_seen(finding: Finding, file: File, settings: Settings) -> bool:
    """Whether anybody will look at ``finding``: at what is reported, at what settings raise, and at what a comment accepts."""
    return TIERS.index(finding.tier) <= TIERS.index(settings.tier) or finding.rule.id in settings.rules or "secops:" in file.source.text


@lru_cache(maxsize=256)
def _needs(kinds: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The modules with rules for files of ``kinds`` that are of use only where one of their words occurs."""
    modules = dict.fromkeys(module for kind in kinds for module in MODULES[kind])
    return tuple((module, NEEDS[module]) for module in modules if module in NEEDS)


@lru_cache(maxsize=256)
def _rules_for(kinds: tuple[str, ...], tier: Tier, named: frozenset[str], idle: frozenset[str]) -> tuple[Rule, ...]:
    """The rules for files of ``kinds``, without those of tiers that nobody would see."""
    seen = TIERS[: TIERS.index(tier) + 1]
    wanted = set(kinds)
    return tuple(
        rule
        for module in dict.fromkeys(module for kind in kinds for module in MODULES[kind] if module not in idle)
        for rule in of(module)
        if (rule.tier in seen or rule.id in named) and wanted.intersection(getattr(rule.match, "kinds", ()))
    )


@lru_cache(maxsize=256)
def _plan(kinds: tuple[str, ...], tier: Tier, named: frozenset[str], idle: frozenset[str]) -> Plan:
    from .plan import plan

    return plan(_rules_for(kinds, tier, named, idle))


def _once(findings: Iterator[Finding]) -> Iterator[Finding]:
    """One report for one fact: where a generic rule and another (a platform's, or one for a variable by its name) speak of the
    same place, the other."""
    from .match import Variables

    specific: list[Finding] = []
    generic: list[Finding] = []
    for finding in findings:
        match = finding.rule.match
        (generic if "*" in match.kinds and not isinstance(match, Variables) else specific).append(finding)  # type: ignore[attr-defined]
    yield from specific
    taken = {(finding.span.line, finding.span.col) for finding in specific}
    taken |= {(finding.span.end_line, finding.span.end_col) for finding in specific}
    for finding in generic:
        if (finding.span.line, finding.span.col) not in taken and (finding.span.end_line, finding.span.end_col) not in taken:
            yield finding


def _is_plain_large_json(file: File, kinds: tuple[str, ...], wanted: tuple[Tier, frozenset[str], frozenset[str]]) -> bool:
    """Whether this is a large JSON file that is valid and holds no key of any rule: then a tree of it is of no use."""
    if file.type.format != "json" or len(file.source.text) < _LARGE or "\0" in file.source.text:
        return False
    if kinds and set(kinds) != {"*"}:
        return False
    if kinds:
        from ..prescan import Words
        from .plan import fold

        made = _plan(kinds, *wanted)
        if made.always or Words(made.folded).any(fold(file.source.text)):
            return False
        if any(word in file.source.text for word in made.exact):
            return False
    from json import loads

    try:
        loads(file.source.text)
    except (ValueError, RecursionError):
        return False
    return True
