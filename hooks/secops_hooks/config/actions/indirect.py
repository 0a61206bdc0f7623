"""The mend for a template injection: the expression moves into ``env:``, and the script reads the variable in its place.

Only where the shell's grammar says in what kind of quotes the expression stands, and where a line can be inserted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from ...finding import Edit, Fix
from .contexts import path_of
from .scripts import shell_script
from .taint import Scope
from .workflow import Site, Step, entries, place

if TYPE_CHECKING:
    from ...parse.shell_ast import Script

_RESERVED: Final = r"\A(?:GITHUB_|RUNNER_|ACTIONS_|INPUT_)|\A(?:PATH|HOME|USER|SHELL|PWD|IFS|CI|LANG|TERM)\Z"
_PLAIN_VALUE: Final = r"(?!.*(?:: | #|\n))\$\{\{.*\}\}\Z"
# how a variable is read where the expression stood, by the quotes around it
_READ: Final[Mapping[str, str]] = {"": '"${%s}"', '"': "${%s}", "'": "'\"${%s}\"'"}
_ESCAPES: Final[Mapping[str, tuple[str, str]]] = {"'": ("'", "''"), '"': ('"', '\\"')}  # in a scalar of this style


def fixes(step: Step, sites: tuple[Site, ...]) -> dict[int, Fix]:
    """For each of ``sites`` (expressions in the ``run:`` of ``step``), by the place of its template, the mend if there is one. All
    share the edit that brings the variables in."""
    run = step.run
    script = shell_script(step)
    if run is None or script is None or step.node.target is not None or step.node.raw[:1] == "{" or step.parts["run"].target is not None:
        return {}
    quotes = dict(_quotes(script))
    where = place(run)
    edits: dict[int, Edit] = {}
    made: dict[str, str] = {}  # name of a variable -> its expression
    for site in sites:
        start, end = site.template.start, site.template.end
        quote = quotes.get(where.offset(start), "?")
        name = _name(site, step, made) if site.node is run and quote in _READ else ""
        if not name:
            continue
        old, new = _ESCAPES.get(run.style, ("", ""))
        text = (_READ[quote] % name).replace(old, new) if old else _READ[quote] % name
        edits[start] = Edit(where.offset(start), where.end(end), text)
    shared = _variables(step, made)
    if made and shared is None:
        return {}
    return {start: Fix((*((shared,) if shared else ()), edit), safe=False) for start, edit in edits.items()}


def _quotes(script: Script) -> Iterator[tuple[int, str]]:
    """Where templates begin among the arguments and values of commands, and the quotes that they stand in."""
    for command in script.walk_commands():
        values = [assignment.value for assignment in command.assignments if assignment.value is not None]
        for word in (*command.args, *values):
            for part in word.parts:
                if part.kind == "template":
                    yield word.where.offset(part.at), part.quote
                elif part.kind == "literal" and part.quote == "'":
                    for found in re.finditer(r"\$\{\{", word.where.text[part.at : part.to]):
                        yield word.where.offset(part.at + found.start()), "'"


def _name(site: Site, step: Step, made: dict[str, str]) -> str:
    """The variable to read in the place of ``site``; a new one is noted in ``made``. Empty when there is none that would do."""
    text = site.node.text[site.template.start : site.template.end]
    path = path_of(site.expr) if site.expr is not None else None
    if path is not None and path[0] == "env" and len(path) == 2:
        node = Scope(step.job.model, step.job, step).env_node(path[1])
        return node.key or "" if node is not None else ""
    if not re.match(_PLAIN_VALUE, text):
        return ""
    words = [part for part in path or () if re.fullmatch(r"[a-z][\w-]*", part) and part not in ("event", "outputs", "inputs")]
    name = re.sub(r"\W", "_", "_".join(words[-2:])).upper() or "VALUE"
    name = name.removeprefix("GITHUB_") or "VALUE"
    used = {(entry.key or "").upper() for holder in (step, step.job, step.job.model) for entry in entries(holder.env)}
    while (
        re.search(_RESERVED, name)
        or name in used
        or made.get(name, text) != text
        or re.search(rf"\b{name}\b", site.node.text.replace(text, "")) is not None
    ):
        name += "_TEXT"
        if len(name) > 60:
            return ""
    made[name] = text
    return name


def _variables(step: Step, made: dict[str, str]) -> Edit | None:
    """The edit that brings ``made`` into the ``env:`` of ``step``; ``None`` where that is no insertion of lines."""
    if not made:
        return None
    source = step.node.source
    env = step.parts.get("env")
    if env is None:
        at = step.parts["run"].key_start
        pad = " " * (source.position(at)[1] - 1)
        lines = "".join(f"{pad}  {name}: {text}\n" for name, text in made.items())
        return Edit(at, at, f"env:\n{lines}{pad}")
    if env.target is not None or env.kind != "mapping" or not env.children or env.raw[:1] == "{":
        return None
    at = env.children[0].key_start
    pad = " " * (source.position(at)[1] - 1)
    return Edit(at, at, "".join(f"{name}: {text}\n{pad}" for name, text in made.items()))
