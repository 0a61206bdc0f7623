"""Path dependencies of a Poetry project: poetry.lock keeps what each of them asked for, and Poetry does not look again.

``poetry check --lock`` compares the root alone, so a dependency that a library in the same repository gained is not installed
until somebody locks anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from ..pep508 import normal_name, parse_requirement
from .model import Verdict, below, drifted, place_of, strings, table, toml_of

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree

_RUN: Final = "run: poetry lock"


def compare_paths(lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift at each dependency on which a path dependency that can be seen and the lock disagree."""
    if 'type = "directory"' not in lock.text:
        return
    for part in re.split(r"^\[\[package\]\]\n", lock.text, flags=re.MULTILINE)[1:]:
        m = re.search(r'^type = "directory"\nurl = "([^"\n]+)"', part, re.MULTILINE)
        source = tree.find(below(lock.path, f"{m[1]}/pyproject.toml")) if m is not None and not m[1].startswith("/") else None
        data = toml_of(source) if source is not None else None
        package = _parsed(part)
        if source is not None and data is not None and package is not None:
            yield from _package(source, data, package, lock)


def _parsed(part: str) -> dict[str, Any] | None:
    from tomllib import TOMLDecodeError, loads

    try:
        return table(loads(re.sub(r"^\[package\.", "[", part.partition("\n[metadata]")[0], flags=re.MULTILINE)))
    except TOMLDecodeError:
        return None


def _package(source: Source, data: dict[str, Any], package: Mapping[str, Any], lock: Source) -> Iterator[Verdict]:
    poetry, project = table(data, "tool", "poetry"), table(data, "project")
    if not (poetry or project) or ("dependencies" in strings(project.get("dynamic")) and not table(poetry, "dependencies")):
        return
    wanted = _asked(poetry, project)
    kept = {normal_name(name): spec for name, spec in table(package, "dependencies").items()}
    optional = _optional(poetry, project)
    for name, spec in wanted.items():
        old = kept.get(name)
        where = place_of(source, r'(?mi)^[ \t]*["\']?({})["\']?\s*=|["\']({})\b', name, name)
        if old is None:
            yield drifted(source, where, f"{name} is not among what {package.get('name')} needs in {lock.path}; {_RUN}", name)
        elif isinstance(spec, str) and isinstance(old, str) and _plain(spec) != _plain(old):
            yield drifted(source, where, f"{name} is {spec} here, but {old} in {lock.path}; {_RUN}", name)
    for name in kept.keys() - wanted.keys() - optional:
        at = max(lock.text.find(f'name = "{package.get("name")}"'), 0)
        m = re.compile(rf"(?i)^({re.escape(name)}) = ", re.MULTILINE).search(lock.text, at)
        message = f"{name} is no longer a dependency of {package.get('name')} in {source.path}; {_RUN}"
        yield drifted(lock, m.span(1) if m else (at, at), message, name, about=source.path)


def _asked(poetry: Mapping[str, Any], project: Mapping[str, Any]) -> dict[str, object]:
    """Name to specification of what is always needed."""
    found: dict[str, object] = {}
    requirements = (parse_requirement(text) for text in strings(project.get("dependencies")))
    found |= {normal_name(each.name): each.versions if not (each.marker or each.url) else None for each in requirements if each}
    for name, spec in table(poetry, "dependencies").items():
        if name != "python" and not (isinstance(spec, dict) and spec.get("optional") is True):
            found[normal_name(name)] = spec if normal_name(name) not in found else None
    return found


def _optional(poetry: Mapping[str, Any], project: Mapping[str, Any]) -> set[str]:
    found = {normal_name(name) for name, spec in table(poetry, "dependencies").items() if isinstance(spec, dict)}
    for texts in table(project, "optional-dependencies").values():
        found |= {normal_name(each.name) for each in map(parse_requirement, strings(texts)) if each}
    return found


def _plain(spec: str) -> str:
    clauses = sorted(re.sub(r"\s+", "", each).removeprefix("==") for each in spec.strip("() ").split(","))
    return ",".join(clauses) if spec.strip("() ") not in ("", "*") else "*"
