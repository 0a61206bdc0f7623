"""bandit's walk over a file's syntax tree, with bandit's own test functions and what they can see, and nothing else.

bandit prepares a context, a line range and a log entry for every node; most of its time goes there, not into its tests. Here a
node costs something only when a test that can fire looks at nodes of its kind. What a test is given, and what becomes of its
answer, is as in ``bandit.core.node_visitor`` and ``bandit.core.tester`` of the versions that ``installed.py`` names.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, Final, NamedTuple

from bandit.core import blacklisting
from bandit.core import utils as bandit_utils
from bandit.core.context import Context

Test = Callable[..., Any]
Tests = Mapping[str, Sequence[Test]]  # by the kind of node that they look at
Nosec = Mapping[int, set[str] | None]

_DYNAMIC: Final = ("importlib.import_module", "importlib.__import__")
# fields that hold no node, or one that no test looks at and that has no children
_BARE: Final = frozenset(
    ("ctx", "op", "ops", "id", "attr", "kind", "conversion", "level", "simple", "is_async", "module", "asname", "type_comment")
)
_KINDS: Final = [kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.AST)]
_FIELDS: Final = {kind: tuple(name for name in kind._fields if name not in _BARE) for kind in _KINDS}
_WITHOUT_LINE: Final = frozenset({ast.arguments, ast.comprehension, ast.withitem, ast.match_case})


class Issue(NamedTuple):
    """One of bandit's results. Lines are 1-based; columns are 0-based and count UTF-8 bytes, as Python's ``ast`` does. ``name`` is
    the test's; ``text`` is bandit's own, which may quote a password: it is compared and never shown."""

    test: str
    severity: str
    confidence: str
    line: int
    column: int
    end_line: int
    end_column: int
    name: str
    cwe: int
    text: str


class Walk:
    """One file's walk: what was imported so far, the tests that are asked, and the names of those that crashed (the others go on)."""

    def __init__(self, name: str, data: bytes, tests: Tests, nosec: Nosec) -> None:
        self._file = {"filename": name, "file_data": BytesIO(data)}
        self._tests = tests
        self._nosec = nosec
        self.crashed: list[str] = []
        self._imports: set[str] = set()
        self._aliases: dict[str, str] = {}
        self._blacklisted = _call_names(tests)

    def issues(self, tree: ast.Module) -> Iterator[Issue]:
        """What the tests say of ``tree``, in bandit's order."""
        tests = self._tests
        call, text, function = tests.get("Call", ()), tests.get("Str", ()), tests.get("FunctionDef", ())
        octets = tests.get("Bytes", ())
        for node in _nodes(tree):
            kind = node.__class__
            if kind is ast.Call:
                if call:
                    yield from self._call(node, call)
            elif kind is ast.Constant:
                value = node.value
                if (text and isinstance(value, str)) or (octets and isinstance(value, bytes)):
                    yield from self._constant(node, text if isinstance(value, str) else octets)
            elif kind is ast.Import or kind is ast.ImportFrom:
                yield from self._import(node)
            elif kind is ast.FunctionDef:
                if function:
                    yield from self._asked(node, function, function=node, name=node.name)
            elif chosen := tests.get(kind.__name__):
                yield from self._asked(node, chosen)
        if "File" in tests:
            facts = {**self._file, "lineno": 0, "linerange": [0, 1], "col_offset": 0}
            yield from self._answers(facts, tests["File"], [0, 1])

    def _call(self, node: ast.Call, tests: Sequence[Test]) -> Iterator[Issue]:
        qualified = bandit_utils.get_call_name(node, self._aliases)
        if tests == (blacklisting.blacklist,) and qualified not in self._blacklisted:
            return
        yield from self._asked(node, tests, call=node, qualname=qualified, name=qualified.rpartition(".")[2])

    def _constant(self, node: ast.Constant, tests: Sequence[Test]) -> Iterator[Issue]:
        above = node._bandit_parent  # type: ignore[attr-defined]
        if above.__class__ is ast.Expr:  # a docstring
            return
        yield from self._asked(node, tests, **{"str" if isinstance(node.value, str) else "bytes": node.value})

    def _import(self, node: ast.Import | ast.ImportFrom) -> Iterator[Issue]:
        module = node.module if isinstance(node, ast.ImportFrom) else None
        prefix = "" if module is None else module + "."
        facts: dict[str, object] = {}
        for each in node.names:
            full = prefix + each.name
            if each.asname:
                self._aliases[each.asname] = full
            elif module is not None:
                self._aliases[each.name] = full
            self._imports.add(full)
            facts = {"module": each.name} if module is None else {"module": module, "name": each.name}
        # bandit asks the tests of ``import a`` about ``from . import a``, too
        if tests := self._tests.get("Import" if module is None else "ImportFrom"):
            yield from self._asked(node, tests, **facts)

    def _asked(self, node: ast.AST, tests: Sequence[Test], **facts: object) -> Iterator[Issue]:
        context = {
            **self._file,
            **facts,
            "imports": self._imports,
            "import_aliases": self._aliases,
            "lineno": node.lineno,  # type: ignore[attr-defined]
            "col_offset": node.col_offset,  # type: ignore[attr-defined]
            "end_col_offset": node.end_col_offset,  # type: ignore[attr-defined]
            "node": node,
        }
        yield from self._answers(context, tests, None)

    def _answers(self, facts: dict[str, Any], tests: Sequence[Test], lines: list[int] | None) -> Iterator[Issue]:
        context = Context(facts)
        for test in tests:
            try:
                answer = test(context, test._config) if hasattr(test, "_config") else test(context)
            except Exception:  # noqa: BLE001 - as bandit does; told by ``crashed``
                self.crashed.append(test.__name__)
                continue
            if answer is not None:
                lines = lines or _lines(facts["node"])
                issue = self._judged(answer, test, facts, lines)
                if issue is not None:
                    yield issue

    def _judged(self, answer: Any, test: Any, facts: Mapping[str, Any], lines: list[int]) -> Issue | None:
        """``answer`` with its place, unless a ``nosec`` on one of its lines covers it."""
        name = answer.test_id or test._test_id
        covered = (self._nosec.get(answer.lineno), bandit_utils.get_nosec(self._nosec, {"linerange": lines}))
        said = [tests for tests in covered if tests is not None]
        if said and (not any(said) or any(name in tests for tests in said)):
            return None
        line = facts["lineno"] if answer.lineno is None else answer.lineno
        last = max(line, (answer.linerange or lines)[-1])
        column = facts["col_offset"] if answer.col_offset == -1 else answer.col_offset
        end = facts.get("end_col_offset") or 0
        about = (test.__name__, answer.cwe.id, answer.text)
        return Issue(name, answer.severity, answer.confidence, line, max(0, column), last, end, *about)


def _call_names(tests: Tests) -> frozenset[str]:
    """The qualified names of calls that bandit's blacklist can have something against."""
    if blacklisting.blacklist not in tests.get("Call", ()):
        return frozenset()
    return frozenset({name for entry in blacklisting.blacklist._config["Call"] for name in entry["qualnames"]} | {"__import__", *_DYNAMIC})


def _nodes(tree: ast.Module) -> Iterator[Any]:
    """Every node below ``tree`` in the order of the file, each knowing its parent and its next sibling as bandit's tests expect it."""
    waiting: list[Any] = _children(tree)
    waiting.reverse()
    while waiting:
        node = waiting.pop()
        yield node
        below = _children(node)
        if below:
            below.reverse()
            waiting += below


def _children(node: Any) -> list[Any]:
    found: list[Any] = []
    for name in _FIELDS[node.__class__]:
        value = getattr(node, name, None)
        if value.__class__ is list:
            for index, each in enumerate(value):
                if isinstance(each, ast.AST):
                    each._bandit_parent = node  # type: ignore[attr-defined]
                    if each.__class__ in _WITHOUT_LINE:
                        each._bandit_sibling = value[index + 1] if index + 1 < len(value) else None  # type: ignore[attr-defined]
                    found.append(each)
        elif isinstance(value, ast.AST):
            value._bandit_parent = node  # type: ignore[attr-defined]
            if value.__class__ in _WITHOUT_LINE:
                value._bandit_sibling = None  # type: ignore[attr-defined]
            found.append(value)
    return found


def _lines(node: Any) -> list[int]:
    """The lines of a node; of a string those of what it is part of. (bandit asks about a parent twice, and the second answer counts.)"""
    about = node._bandit_parent if isinstance(node, ast.Constant) else node  # type: ignore[attr-defined]
    if about is not node:
        bandit_utils.linerange(about)
    lines: list[int] = bandit_utils.linerange(about)
    return lines
