"""Settings that are written in Python (Django, Flask, FastAPI), read from the syntax tree: literals only, nothing is run.

A file with a syntax error has no settings here; family python reports it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import ast

    from ..files.source import Source
    from ..finding import Span
    from ..parse import File


class Setting(NamedTuple):
    """``name`` is given ``value``: an assignment, ``config["name"] = …``, or a keyword of ``config.update(…)``."""

    name: str
    value: ast.expr
    target: ast.AST


def tree_of(file: File) -> ast.Module | None:
    """The syntax tree of ``file``; ``None`` when it is no Python. Parsed once a file."""
    import ast

    memo = file.source.memo
    if "python-tree" not in memo:
        try:
            memo["python-tree"] = ast.parse(file.source.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            memo["python-tree"] = None
    kept = memo["python-tree"]
    return kept if isinstance(kept, ast.Module) else None


def settings(file: File, *names: str) -> Iterator[Setting]:
    """The settings called one of ``names``."""
    import ast

    tree = tree_of(file)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                name = _name(target)
                if name in names:
                    yield Setting(name, node.value, target)
        elif isinstance(node, ast.Call) and _is_config_update(node):
            for keyword in node.keywords:
                if keyword.arg in names:
                    yield Setting(keyword.arg or "", keyword.value, keyword)


def _name(target: ast.AST) -> str:
    import ast

    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Attribute):
        return target.attr
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant) and isinstance(target.slice.value, str):
        return target.slice.value
    return ""


def _is_config_update(call: ast.Call) -> bool:
    import ast

    return isinstance(call.func, ast.Attribute) and call.func.attr in ("update", "from_mapping") and "config" in ast.dump(call.func.value)


def calls(file: File, *names: str) -> Iterator[ast.Call]:
    """Calls of functions and classes called one of ``names``."""
    import ast

    tree = tree_of(file)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Call) and _name(node.func) in names:
            yield node


def literal(node: ast.expr | None) -> object:
    """The value of a literal, lists and tuples of literals among them; ``Ellipsis`` for anything else."""
    import ast

    if node is None:
        return ...
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return ...


def named(file: File, node: ast.expr | None) -> ast.expr | None:
    """What ``node`` stands for: if it is a name that the module gives a value exactly once, that value, else itself."""
    import ast

    if not isinstance(node, ast.Name):
        return node
    tree = tree_of(file)
    given = []
    for each in tree.body if tree is not None else ():
        targets = each.targets if isinstance(each, ast.Assign) else [each.target] if isinstance(each, ast.AnnAssign) else []
        if node.id in map(_name, targets):
            given.append(each.value)  # type: ignore[attr-defined]
    return given[0] if len(given) == 1 and given[0] is not None else node


def span_of(source: Source, node: ast.AST) -> Span:
    """Where ``node`` stands; ``ast`` counts columns in bytes of UTF-8."""
    line, end = node.lineno, node.end_lineno or node.lineno  # type: ignore[attr-defined]
    start_col = _column(source, line, node.col_offset)  # type: ignore[attr-defined]
    end_col = _column(source, end, node.end_col_offset or 0)  # type: ignore[attr-defined]
    from ..finding import Span

    return Span(line, start_col, end, end_col)


def _column(source: Source, line: int, offset: int) -> int:
    text = source.line(line)
    return offset + 1 if text.isascii() else len(text.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "replace")) + 1
