""".terraform.lock.hcl against the required_providers of its directory: each provider, and the constraints it was chosen under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .model import Verdict, drifted

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree
    from ...parse.node import Node

_RUN: Final = "run: terraform init -upgrade"
_LOCKED: Final = re.compile(r'^provider\s+"([^"]+)"\s*\{([^}]*)\}', re.MULTILINE)
_VERSION: Final = re.compile(r'^\s*version\s*=\s*"([^"]+)"', re.MULTILINE)
_CONSTRAINTS: Final = re.compile(r'^\s*constraints\s*=\s*"([^"]*)"', re.MULTILINE)
_CLAUSE: Final = re.compile(r"\s*(>=|<=|!=|~>|>|<|=)?\s*v?(\d+(?:\.\d+)*)(-[0-9A-Za-z.-]+)?\s*\Z")


def compare(manifest: Source, lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift at each required provider that the lock lacks or has in a version outside of its constraint."""
    locked = {m[1]: m[2] for m in _LOCKED.finditer(lock.text)}
    directory = lock.path.rpartition("/")[0]
    paths = [each for each in tree.paths() if each.endswith((".tf", ".tofu")) and each.rpartition("/")[0] == directory]
    for path in sorted(paths):
        source = tree.source(path)
        if "required_providers" in source.text:
            yield from _file(source, locked, lock)


def _file(source: Source, locked: dict[str, str], lock: Source) -> Iterator[Verdict]:
    for name, address, constraint, node in required(source):
        found = next((body for each, body in locked.items() if each.partition("/")[2] == address or each == address), None)
        if found is None:
            if not address.startswith("builtin/") and "terraform.io/builtin" not in address:
                message = f"the provider {name} ({address}) is not in {lock.path}; {_RUN}"
                yield drifted(source, (node.key_start, node.key_end), message, name)
            continue
        version = _VERSION.search(found)
        if constraint and version is not None and _allows(constraint, version[1]) is False:
            message = f"the provider {name} is {constraint} here, but {version[1]} in {lock.path}; {_RUN}"
            yield drifted(source, (node.start, node.end), message, name)
            continue
        kept = _CONSTRAINTS.search(found)
        clauses, known = _clauses(constraint), _clauses(kept[1] if kept else "")
        if clauses and not clauses <= known:
            message = f"the provider {name} is {constraint} here, but {lock.path} was made for {kept[1] if kept else 'any version'}; {_RUN}"
            yield drifted(source, (node.start, node.end), message, name)


def required(source: Source) -> Iterator[tuple[str, str, str, Node]]:
    """(name, ``namespace/type``, constraint, node) of each required provider of a file."""
    from ...parse import parse

    for block in parse(source, "hcl").select("**.required_providers"):
        for holder in block.children if block.kind == "sequence" else [block]:
            for entry in holder.entries():
                if entry.kind == "scalar" and isinstance(entry.value, str):
                    yield entry.key or "", f"hashicorp/{entry.key}", entry.value, entry
                elif entry.kind == "mapping":
                    given, version = entry.get("source"), entry.get("version")
                    address = given.text if given is not None else f"hashicorp/{entry.key}"
                    address = address if address.count("/") != 2 else address.partition("/")[2]
                    address = address if "/" in address else f"hashicorp/{address}"
                    if (given is None or given.known) and (version is None or version.known):
                        yield entry.key or "", address.lower(), version.text if version is not None else "", entry


def _clauses(text: str) -> set[str]:
    """The clauses of a constraint as Terraform writes them: three numbers, but for ``~>``, where their count means something."""
    found = set()
    for each in text.split(","):
        m = _CLAUSE.match(each)
        if m is not None:
            parts = [part.lstrip("0") or "0" for part in m[2].split(".")]
            parts += ["0"] * (0 if m[1] == "~>" else 3 - len(parts))
            found.add(f"{(m[1] or '').replace('=', '', m[1] == '=')}{'.'.join(parts)}{m[3] or ''}")
    return found


def _allows(constraint: str, version: str) -> bool | None:
    """Whether ``version`` meets ``constraint`` (developer.hashicorp.com/terraform/language/expressions/version-constraints)."""
    base = re.match(r"(\d+(?:\.\d+)*)\Z", version)
    if base is None:
        return None
    found = _numbers(base[1])
    for each in constraint.split(","):
        m = _CLAUSE.match(each)
        if m is None or m[3]:
            return None
        limit, operator = _numbers(m[2]), m[1] or "="
        given = m[2].count(".") + 1
        inside = {
            "=": found == limit,
            "!=": found != limit,
            ">": found > limit,
            "<": found < limit,
            ">=": found >= limit,
            "<=": found <= limit,
            "~>": found >= limit and found[: max(given - 1, 1)] == limit[: max(given - 1, 1)],
        }[operator]
        if not inside:
            return False
    return True


def _numbers(text: str) -> tuple[int, ...]:
    parts = [int(part[:9]) for part in text.split(".")][:6]
    return tuple(parts + [0] * (6 - len(parts)))
