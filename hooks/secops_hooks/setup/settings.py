"""The text of a settings file for what other tools accept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from json import dumps

from ..report.lines import printable
from .allowed import Ignore, Piece, Value
from .others import Disabled


def text_of(off: Mapping[str, Sequence[Disabled]], pieces: Iterable[Piece], bandit: Mapping[str, str]) -> str:
    """Settings in TOML: rules that are ``off`` (each with who has it off), what ``pieces`` accept, and the options of ``[python]``."""
    known = tuple(dict.fromkeys(pieces))
    parts = [_rule(rule, reasons) for rule, reasons in sorted(off.items())]
    parts += [_ignore(each) for each in known if isinstance(each, Ignore)]
    values = [each for each in known if isinstance(each, Value)]
    parts += ["".join(_table(table, values)) for table in dict.fromkeys(each.table for each in values)]
    if bandit:
        parts.append("[python]\n" + "".join(f"{key} = {_quoted(value)}\n" for key, value in bandit.items()))
    return "\n".join(parts)


def counted(off: Mapping[str, Sequence[Disabled]], pieces: Iterable[Piece], bandit: Mapping[str, str]) -> str:
    """How much of each sort there is, in words."""
    known = set(pieces)
    amounts = (
        (len(off), "rule off", "rules off"),
        (sum(isinstance(each, Ignore) for each in known), "[[ignore]] entry", "[[ignore]] entries"),
        (sum(isinstance(each, Value) for each in known), "accepted value", "accepted values"),
        (len(bandit), "option of bandit", "options of bandit"),
    )
    return ", ".join(f"{amount} {one if amount == 1 else many}" for amount, one, many in amounts if amount)


def _rule(rule: str, reasons: Sequence[Disabled]) -> str:
    said = "; ".join(f"{each.tool}'s {printable(each.id)} is off in {each.path}" for each in reasons)
    return f"# {said}\n[rules.{rule}]\nenabled = false\n"


def _ignore(entry: Ignore) -> str:
    until = f"until = {entry.until}\n" if entry.until else ""
    return f"[[ignore]]\nrule = {_quoted(entry.rule)}\npath = {_quoted(entry.path)}\nreason = {_quoted(entry.reason)}\n{until}"


def _table(table: str, values: Sequence[Value]) -> Iterator[str]:
    yield f"[{table}]\n"
    for key in dict.fromkeys(each.key for each in values if each.table == table):
        yield f"{key} = [\n"
        yield from (f"  {_quoted(each.value)}, # {printable(each.reason)}\n" for each in values if (each.table, each.key) == (table, key))
        yield "]\n"


def _quoted(text: str) -> str:
    """A TOML string: JSON's escapes are among TOML's."""
    return dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
