"""What a change does with files by which git and its hosts decide: who must agree (``CODEOWNERS``), what a reader of the repository gets
and what a review shows (``.gitattributes``), and what is kept elsewhere (submodules)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from ..files.source import Source
from ..files.tree import GitTree, Tree
from ..finding import UNANALYSABLE, Finding, Span, report
from ..policy.glob import matches
from .rules import LOOSENED
from .trees import before

_OWNERS: Final = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")  # the first that is there counts
_POLICY: Final = (".secops.toml", ".secops-baseline", ".pre-commit-config.yaml")
_GUARDED: Final = (*_POLICY, ".gitlab-ci.yml", *_OWNERS)
_WORKFLOWS: Final = ".github/workflows/"
_ATTRIBUTES: Final = ".gitattributes"
_OTHER_BYTES: Final = ("filter=", "working-tree-encoding=", "ident")
_UNSEEN: Final = ("-diff", "diff=", "-merge", "merge=", "binary", "linguist-generated")
_MEDIA: Final = frozenset(
    (
        *("png", "jpg", "jpeg", "gif", "webp", "ico", "bmp", "tif", "tiff", "psd", "pdf", "mp3", "mp4", "mov", "avi", "mkv", "webm"),
        *("wav", "flac", "ogg", "ttf", "otf", "woff", "woff2", "bin", "dat", "onnx", "pt", "pth", "safetensors", "h5", "npy", "npz"),
        *("parquet", "exe", "dll", "so", "dylib", "lib", "glb", "fbx", "blend"),
    )
)
_SUBMODULE: Final = "160000"


def in_owners(base: Tree, tree: Tree) -> Iterator[Finding]:
    """That files of the policy have other owners, told once."""
    old, new = (next(filter(None, (before(each, name) for name in _OWNERS)), None) for each in (base, tree))
    if old is None or (new is not None and (new.path, new.data) == (old.path, old.data)):
        return
    workflow = min((path for path in base.paths() if path.startswith(_WORKFLOWS)), default="")
    for path in (*(path for path in _GUARDED if base.exists(path)), *([workflow] if workflow else [])):
        was = _owners(old, path)
        if was and was != _owners(new, path):
            yield _loosened((new or old).path, 1, f"the owners of {path} are changed", "owners")
            return


def _owners(source: Source | None, path: str) -> tuple[str, ...]:
    """Who owns ``path``: the last line that matches says it."""
    found: tuple[str, ...] = ()
    for line in source.text.splitlines() if source is not None else ():
        words = line.partition(" #")[0].split()
        if words and not words[0].startswith(("#", "[", "^[")) and matches(words[0], path):
            found = tuple(sorted(words[1:]))
    return found


def in_attributes(base: Tree, tree: Tree, paths: Iterable[str]) -> Iterator[Finding]:
    """Lines of ``.gitattributes`` files that hide content or changes."""
    for path in (path for path in paths if path.rpartition("/")[2] == _ATTRIBUTES):
        source, old = before(tree, path), before(base, path)
        known = Counter(" ".join(line.split()) for line in (old.text.splitlines() if old is not None else ()))
        for number, line in enumerate(source.text.splitlines() if source is not None else (), 1):
            said = " ".join(line.split())
            if known[said]:
                known[said] -= 1
            elif said and not said.startswith("#"):
                yield from _of_line(path, number, said)


def _of_line(path: str, number: int, said: str) -> Iterator[Finding]:
    glob, *attributes = said.split(" ")
    other = [each for each in attributes if each.startswith(_OTHER_BYTES)]
    if other and not ("filter=lfs" in other and glob.rpartition(".")[2].lower() in _MEDIA):
        message = f"git gives other bytes of {glob} to who reads them than are checked here ({other[0]})"
        yield _loosened(path, number, message, said)
    directory = path.rpartition("/")[0]
    hidden = [each for each in attributes if each.startswith(_UNSEEN) and each != "merge=union"]
    file = next((each for each in _POLICY if not directory and matches(glob, each)), "")
    if hidden and file:
        yield _loosened(path, number, f"git decides over {file} by itself ({hidden[0]})", said)


def in_submodules(base: GitTree, tree: GitTree) -> Iterator[Finding]:
    """Submodules that are new or point to another commit: what is in them is in no file here, so nobody has looked at it."""
    for path, (mode, commit) in sorted(tree.entries.items()):
        if mode == _SUBMODULE and base.entries.get(path) != (mode, commit):
            message = f"this submodule now is at commit {commit[:12]}, which is in another repository and was not looked at"
            yield report(UNANALYSABLE, path, Span(1, 1, 1, 1), message, subject=commit, tier="warn")


def _loosened(path: str, line: int, message: str, subject: str) -> Finding:
    return report(LOOSENED, path, Span(line, 1, line, 1), message, subject=subject)
