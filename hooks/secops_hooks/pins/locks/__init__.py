"""Whether lock files still say what their manifests say, proven without a network: one module an ecosystem.

Either side of a pair may be the file under check. A workspace's lock is compared with the manifests of all its members,
once for the whole run. What a module cannot decide offline it says to be unverifiable, never fresh.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple

from ...finding import Finding, report
from ..rules.locks import LOCK_DRIFT, LOCK_UNVERIFIABLE
from .model import Verdict

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...policy.settings import Settings


class Pairing(NamedTuple):
    """A manifest and the locks that a tool writes beside it, by name and kind; ``module`` compares them.

    ``upwards``: a manifest without a lock beside it may be a member of a workspace whose lock lies above.
    """

    module: str
    manifest: str
    manifest_kind: str
    locks: tuple[str, ...]
    lock_kind: str
    upwards: bool = False


PAIRINGS: Final = (
    Pairing("poetry", "pyproject.toml", "pyproject", ("poetry.lock",), "poetry-lock"),
    Pairing("uv", "pyproject.toml", "pyproject", ("uv.lock",), "uv-lock", upwards=True),
    Pairing("npm", "package.json", "package-json", ("npm-shrinkwrap.json", "package-lock.json"), "npm-lock", upwards=True),
    Pairing("golang", "go.mod", "go-mod", ("go.sum",), "go-sum"),
    Pairing("pdm", "pyproject.toml", "pyproject", ("pdm.lock",), "pdm-lock"),
    Pairing("pipenv", "Pipfile", "pipfile", ("Pipfile.lock",), "pipenv-lock"),
    Pairing("yarn", "package.json", "package-json", ("yarn.lock",), "yarn-lock", upwards=True),
    Pairing("pnpm", "package.json", "package-json", ("pnpm-lock.yaml",), "pnpm-lock", upwards=True),
    Pairing("bun", "package.json", "package-json", ("bun.lock",), "bun-lock", upwards=True),
    Pairing("cargo", "Cargo.toml", "cargo-toml", ("Cargo.lock",), "cargo-lock", upwards=True),
    Pairing("composer", "composer.json", "composer-json", ("composer.lock",), "composer-lock"),
    Pairing("helm", "Chart.yaml", "helm-chart", ("Chart.lock",), "helm-lock"),
    Pairing("helm", "requirements.yaml", "helm-requirements", ("requirements.lock",), "helm-lock"),
)
MANIFESTS: Final = frozenset(pairing.manifest_kind for pairing in PAIRINGS)
LOCKS: Final = frozenset(pairing.lock_kind for pairing in PAIRINGS)


def concerned(kinds: frozenset[str]) -> bool:
    """Whether a file of these kinds has a counterpart to be compared with."""
    return not kinds.isdisjoint(MANIFESTS) or not kinds.isdisjoint(LOCKS)


def check(file: File, tree: Tree, settings: Settings) -> Iterator[Finding]:
    """Where ``file`` and its counterpart disagree."""
    for pairing in PAIRINGS:
        if pairing.lock_kind in file.type.kinds:
            pair = _beside(file.path, (pairing.manifest,), tree)
            if pair is not None:
                yield from (found for _, found in _compared(pairing, pair, file.path, tree))
        elif pairing.manifest_kind in file.type.kinds:
            lock = _beside(file.path, pairing.locks, tree)
            if lock is not None:
                yield from (found for _, found in _compared(pairing, file.path, lock, tree))
            elif pairing.upwards:
                yield from _above(pairing, file.path, tree)


def _above(pairing: Pairing, path: str, tree: Tree) -> Iterator[Finding]:
    """The lock of the workspace that the manifest at ``path`` may belong to; only what concerns this manifest."""
    directory = path.rpartition("/")[0]
    while directory:
        directory = directory.rpartition("/")[0]
        prefix = directory + "/" if directory else ""
        lock = next((prefix + name for name in pairing.locks if tree.exists(prefix + name)), None)
        if lock is not None and tree.exists(prefix + pairing.manifest):
            yield from (found for about, found in _compared(pairing, prefix + pairing.manifest, lock, tree) if about == path)
            return


def _beside(path: str, names: tuple[str, ...], tree: Tree) -> str | None:
    directory = path.rpartition("/")[0]
    prefix = directory + "/" if directory else ""
    return next((prefix + name for name in names if tree.exists(prefix + name)), None)


def _compared(pairing: Pairing, manifest: str, lock: str, tree: Tree) -> tuple[tuple[str, Finding], ...]:
    """The findings of one pair, each with the manifest it is about; worked out once for a tree."""
    key = ("lock", pairing.module, manifest, lock)
    kept = tree.memo.get(key)
    if not isinstance(kept, tuple):
        compare = import_module(f".{pairing.module}", __name__).compare
        verdicts: Iterator[Verdict] = compare(tree.source(manifest), tree.source(lock), tree)
        kept = tree.memo[key] = tuple((verdict.about or verdict.source.path, _finding(verdict)) for verdict in verdicts)
    return kept


def _finding(verdict: Verdict) -> Finding:
    rule = LOCK_DRIFT if verdict.drift else LOCK_UNVERIFIABLE
    span = verdict.source.span(verdict.start, verdict.end)
    return report(rule, verdict.source.path, span, verdict.message, key_path=verdict.name, subject=verdict.message)
