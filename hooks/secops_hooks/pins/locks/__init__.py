"""Whether lock files still say what their manifests say, proven without a network: one module an ecosystem.

Either side of a pair may be the file under check. A workspace's lock is compared with the manifests of all its members,
once for the whole run. What a module cannot decide offline it says to be unverifiable, never fresh.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple

from ...finding import UNANALYSABLE, Finding, report
from ..rules import called
from ..rules.locks import LOCK_DRIFT, LOCK_UNVERIFIABLE
from .model import ANY, Verdict

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...policy.settings import Settings


class Pairing(NamedTuple):
    """A manifest and the locks that a tool writes beside it, by name and kind; ``module`` compares them.

    ``upwards``: a manifest without a lock beside it may be a member of a workspace whose lock lies above. ``sideways``: it may be
    a path dependency of any other project of the repository.
    """

    module: str
    manifest: str
    manifest_kind: str
    locks: tuple[str, ...]
    lock_kind: str
    upwards: bool = False
    sideways: bool = False


PAIRINGS: Final = (
    Pairing("poetry", "pyproject.toml", "pyproject", ("poetry.lock",), "poetry-lock", sideways=True),
    Pairing("uv", "pyproject.toml", "pyproject", ("uv.lock",), "uv-lock", upwards=True, sideways=True),
    Pairing("npm", "package.json", "package-json", ("npm-shrinkwrap.json", "package-lock.json"), "npm-lock", upwards=True),
    Pairing("golang", "go.mod", "go-mod", ("go.sum",), "go-sum"),
    Pairing("pdm", "pyproject.toml", "pyproject", ("pdm.lock",), "pdm-lock"),
    Pairing("pylock", "pyproject.toml", "pyproject", ("pylock.toml",), "pylock"),
    Pairing("pipenv", "Pipfile", "pipfile", ("Pipfile.lock",), "pipenv-lock"),
    Pairing("yarn", "package.json", "package-json", ("yarn.lock",), "yarn-lock", upwards=True),
    Pairing("pnpm", "package.json", "package-json", ("pnpm-lock.yaml",), "pnpm-lock", upwards=True),
    Pairing("bun", "package.json", "package-json", ("bun.lock",), "bun-lock", upwards=True),
    Pairing("cargo", "Cargo.toml", "cargo-toml", ("Cargo.lock",), "cargo-lock", upwards=True),
    Pairing("composer", "composer.json", "composer-json", ("composer.lock",), "composer-lock"),
    Pairing("helm", "Chart.yaml", "helm-chart", ("Chart.lock",), "helm-lock"),
    Pairing("helm", "requirements.yaml", "helm-requirements", ("requirements.lock",), "helm-lock"),
    Pairing("bundler", "Gemfile", "gemfile", ("Gemfile.lock",), "gemfile-lock"),
    Pairing("bundler", "gems.rb", "gemfile", ("gems.locked",), "gemfile-lock"),
    Pairing("nuget", "*.csproj", "dotnet-project", ("packages.lock.json",), "nuget-lock"),
    Pairing("nuget", "*.fsproj", "dotnet-project", ("packages.lock.json",), "nuget-lock"),
    Pairing("nuget", "*.vbproj", "dotnet-project", ("packages.lock.json",), "nuget-lock"),
    Pairing("terraform", "*.tf", "terraform", (".terraform.lock.hcl",), "terraform-lock"),
    Pairing("flake", "flake.nix", "nix", ("flake.lock",), "flake-lock"),
    Pairing("devcontainer", "devcontainer.json", "devcontainer", ("devcontainer-lock.json",), "devcontainer-lock"),
    Pairing("devcontainer", ".devcontainer.json", "devcontainer", (".devcontainer-lock.json",), "devcontainer-lock"),
)
_MAX_ASIDE: Final = 50
MANIFESTS: Final = frozenset(pairing.manifest_kind for pairing in PAIRINGS)
LOCKS: Final = frozenset(pairing.lock_kind for pairing in PAIRINGS)


def concerned(kinds: frozenset[str]) -> bool:
    """Whether a file of these kinds has a counterpart to be compared with."""
    return not kinds.isdisjoint(MANIFESTS) or not kinds.isdisjoint(LOCKS)


def check(file: File, tree: Tree, settings: Settings) -> Iterator[Finding]:
    """Where ``file`` and its counterpart disagree, and what is wrong inside a lock."""
    if "lock" in file.type.kinds:
        yield from _unmerged(file)
        yield from _inside(file, settings)
    if "pnpm-workspace" in file.type.kinds:
        manifest, lock = _beside(file.path, ("package.json",), tree), _beside(file.path, ("pnpm-lock.yaml",), tree)
        if manifest is not None and lock is not None:
            pairing = next(each for each in PAIRINGS if each.module == "pnpm")
            yield from (found for _, found in _compared(pairing, manifest, lock, tree))
    for pairing in PAIRINGS:
        if pairing.lock_kind in file.type.kinds:
            pair = _beside(file.path, (pairing.manifest,), tree)
            if pair is not None and file.path.endswith(pairing.locks):
                yield from (found for _, found in _compared(pairing, pair, file.path, tree))
        elif pairing.manifest_kind in file.type.kinds and _is_called(file.path, pairing.manifest):
            lock = _beside(file.path, pairing.locks, tree)
            if lock is not None:
                yield from (found for _, found in _compared(pairing, file.path, lock, tree))
            elif pairing.upwards and not _has_other_lock(pairing, file.path, tree):
                yield from _above(pairing, file.path, tree)
            if lock is None and pairing.sideways:
                yield from _aside(pairing, file.path, tree)


def _unmerged(file: File) -> Iterator[Finding]:
    """Conflict markers in a lock of no structured format, whose parser would not mind them."""
    m = re.search(r"^<{7} [^\n]*", file.source.text, re.MULTILINE) if not file.type.format else None
    if m is not None:
        message = f"{UNANALYSABLE.title}: it holds both sides of an unfinished merge"
        yield report(UNANALYSABLE, file.path, file.source.span(*m.span()), message)


def _inside(file: File, settings: Settings) -> Iterator[Finding]:
    from ..policy import is_seen
    from .integrity import issues

    kind = next((each for each in sorted(file.type.kinds) if each != "lock" and (each.endswith("-lock") or each == "pylock")), "")
    for rule, start, end, message, subject in issues(kind, file.source, frozenset(settings.option("pins", "hosts", ()))):
        found = called(rule)
        if is_seen(rule, found.tier, settings):
            yield report(found, file.path, file.source.span(start, end), message, subject=subject)


def _above(pairing: Pairing, path: str, tree: Tree) -> Iterator[Finding]:
    """The lock of the workspace that the manifest at ``path`` may belong to; only what concerns this manifest, or any."""
    directory = path.rpartition("/")[0]
    while directory:
        directory = directory.rpartition("/")[0]
        prefix = directory + "/" if directory else ""
        lock = next((prefix + name for name in pairing.locks if tree.exists(prefix + name)), None)
        if lock is not None and tree.exists(prefix + pairing.manifest):
            yield from (found for about, found in _compared(pairing, prefix + pairing.manifest, lock, tree) if about in (path, ANY))
            return


def _aside(pairing: Pairing, path: str, tree: Tree) -> Iterator[Finding]:
    """The locks of projects elsewhere that may take the one at ``path`` as a path dependency; only what concerns this manifest."""
    directory = path.rpartition("/")[0]
    name = directory.rpartition("/")[2]
    locks = [each for each in tree.paths() if each.rpartition("/")[2] in pairing.locks] if name else []
    for lock in sorted(locks)[:_MAX_ASIDE]:
        holder = lock.rpartition("/")[0]
        manifest = f"{holder}/{pairing.manifest}" if holder else pairing.manifest
        above = pairing.upwards and (not holder or directory.startswith(holder + "/"))
        if not above and tree.exists(manifest) and re.search(rf'["/]{re.escape(name)}"', tree.source(lock).text):
            yield from (found for about, found in _compared(pairing, manifest, lock, tree) if about == path)


def _has_other_lock(pairing: Pairing, path: str, tree: Tree) -> bool:
    """Whether another tool's lock lies beside a manifest, which then is no member of a workspace above."""
    others = tuple(each for other in PAIRINGS if other.manifest == pairing.manifest for each in other.locks)
    return _beside(path, others, tree) is not None


def _is_called(path: str, name: str) -> bool:
    """Whether the file at ``path`` is called ``name``, of which ``*.ext`` stands for any name with that extension."""
    base = path.rpartition("/")[2]
    return base.endswith(name[1:]) if name.startswith("*") else base == name


def _beside(path: str, names: tuple[str, ...], tree: Tree) -> str | None:
    """The first file of ``names`` in the directory of ``path``; of several for ``*.ext`` the first by name, if they are one project's."""
    directory = path.rpartition("/")[0]
    prefix = directory + "/" if directory else ""
    for name in names:
        if name.startswith("*"):
            found = sorted(each for each in tree.paths() if each.endswith(name[1:]) and each.rpartition("/")[0] == directory)
            if found:
                return found[0]
        elif tree.exists(prefix + name):
            return prefix + name
    return None


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
