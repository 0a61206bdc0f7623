"""go.sum against go.mod: every module that go.mod requires has its hashes (cmd/go, ``modfetch``; go.dev/ref/mod#go-sum-files)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from .model import Verdict, below, drifted

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree

_BLOCK: Final = re.compile(r"^(require|replace|exclude|retract|tool|ignore|godebug)\s*\(\s*(?://.*)?$")
_PATH: Final = r'("[^"]+"|`[^`]+`|[^\s"`()]+)'
_REQUIRE: Final = re.compile(rf"^{_PATH}\s+{_PATH}\s*(//.*)?$")
_REPLACE: Final = re.compile(rf"^{_PATH}(?:\s+{_PATH})?\s+=>\s+{_PATH}(?:\s+{_PATH})?\s*(//.*)?$")
_LOCAL: Final = ("./", "../", "/", ".\\", "..\\")


class Required(NamedTuple):
    """A required module and where it stands in go.mod; ``direct`` when it is not marked ``// indirect``."""

    path: str
    version: str
    direct: bool
    start: int
    end: int


def compare(manifest: Source, lock: Source, tree: Tree) -> Iterator[Verdict]:
    """Drift at each required module whose hashes go.sum (or a workspace's go.work.sum) does not have."""
    required, replaced = read(manifest.text)
    sums = _sums(lock.text)
    shared = tree.find(below(manifest.path, "../go.work.sum")) if "/" in manifest.path else tree.find("go.work.sum")
    if shared is not None:
        sums |= _sums(shared.text)
    for module in required:
        path, version = replaced.get((module.path, module.version)) or replaced.get((module.path, "")) or (module.path, module.version)
        if path.startswith(_LOCAL) or not version:
            continue
        if (path, version + "/go.mod") not in sums or (module.direct and (path, version) not in sums):
            what = f"{path} {version} is required, but {lock.path.rpartition('/')[2]} has no hash of it"
            yield drifted(manifest, (module.start, module.end), f"{what}; run: go mod tidy", module.path)


def _sums(text: str) -> set[tuple[str, str]]:
    fields = (line.split() for line in text.splitlines())
    return {(each[0], each[1]) for each in fields if len(each) == 3 and each[2].startswith("h1:")}


def read(text: str) -> tuple[list[Required], dict[tuple[str, str], tuple[str, str]]]:
    """The required modules of a go.mod, and what is replaced (path and version, empty for all) by what."""
    required: list[Required] = []
    replaced: dict[tuple[str, str], tuple[str, str]] = {}
    block, at = "", 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        start = at + len(line) - len(line.lstrip())
        at += len(line)
        opening = _BLOCK.match(bare)
        if opening:
            block = opening[1]
            continue
        if bare == ")":
            block = ""
            continue
        verb, _, rest = (block, "", bare) if block else bare.partition(" ")
        body = rest.strip()
        start += bare.index(body) if body else 0
        if verb == "require" and (m := _REQUIRE.match(body)):
            direct = "indirect" not in (m[3] or "")
            required.append(Required(_plain(m[1]), _plain(m[2]), direct, start, start + m.end(2)))
        elif verb == "replace" and (m := _REPLACE.match(body)):
            replaced[_plain(m[1]), _plain(m[2] or "")] = (_plain(m[3]), _plain(m[4] or ""))
    return required, replaced


def _plain(word: str) -> str:
    return word.strip('"`')
