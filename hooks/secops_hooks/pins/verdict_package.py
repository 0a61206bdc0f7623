"""What is wrong with a package from an index (of a language or a distribution), by what it is there for. One function a role."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..records import TYPE_CHECKING
from .reference import Reference
from .verdict import Verdict

if TYPE_CHECKING:
    from typing import Final

_SYSTEM: Final = frozenset({"apt", "apk", "rpm", "brew", "choco", "winget", "pacman", "zypper"})


def package(reference: Reference) -> Verdict | None:
    """The verdict on a package."""
    if reference.ecosystem in _SYSTEM:
        return _system(reference)
    judge = _ROLES.get(reference.role)
    if judge is None or (reference.level != "floating" and reference.role not in ("install", "requirement", "manager")):
        return None
    return judge(reference, f"{reference.name} {reference.requested}" if reference.requested else f"{reference.name} without a version")


def _system(reference: Reference) -> Verdict | None:
    if reference.level != "floating":
        return None
    return Verdict("unpinned-system-package", f"{reference.name}: installed in whatever version the distribution has at the time")


def _install(reference: Reference, shown: str) -> Verdict | None:
    if reference.level == "floating":
        return Verdict("unpinned-install", f"{shown} is installed as whatever is newest at the time; name a version")
    return Verdict("unhashed-install", f"{shown} is installed by version; its content is not checked")


def _requirement(reference: Reference, shown: str) -> Verdict | None:
    if reference.locked:
        return None
    if reference.level == "floating":
        what = f"{shown} takes whatever release fits at the time" if reference.requested else f"{shown} is whatever is newest at the time"
        return Verdict("unpinned-requirement", f"{what}; pin it with == (and hashes: uv pip compile --generate-hashes)")
    return Verdict("unhashed-requirement", f"{shown} is pinned by version; without a hash the index may serve something else")


def _mcp(reference: Reference, shown: str) -> Verdict | None:
    return Verdict("unpinned-mcp-server", f"{shown} runs as whatever is newest at each start, with what the agent may do; name a version")


def _hook(reference: Reference, shown: str) -> Verdict | None:
    what = f"{shown} is what is newest when the hook's environment is made, and no lock fixes it"
    return Verdict("unpinned-hook-dependency", f"{what}; name a version")


def _build(reference: Reference, shown: str) -> Verdict | None:
    if reference.locked:
        return None
    return Verdict("unpinned-build-requirement", f"{shown} runs when the project is built, and no lock fixes it; name a version")


def _manifest(reference: Reference, shown: str) -> Verdict | None:
    """A range is what a manifest is for; one that admits everything is none."""
    name, requested = reference.name, reference.requested
    if requested not in ("*", "x", "latest", ""):
        return None
    why = (
        "is whatever is newest when the lock is made anew"
        if reference.locked
        else "is whatever is newest at the time, and no lock fixes it"
    )
    return Verdict("unpinned-dependency", f"{name} {requested}".rstrip() + f" {why}; say a range", "audit" if reference.locked else "warn")


def _manager(reference: Reference, shown: str) -> Verdict | None:
    name = f"{reference.name}@{reference.requested}"
    return Verdict("unhashed-install", f"{shown} is named without its hash; let corepack write it: corepack use {name}")


def _dependency(reference: Reference, shown: str) -> Verdict | None:
    if reference.locked:
        return None
    return Verdict("unpinned-dependency", f"{shown} is whatever is newest at the time, and no lock file fixes it")


def _strict(reference: Reference, shown: str) -> Verdict | None:
    """Where there is no lock, or nobody uses one."""
    if reference.locked:
        return None
    return Verdict("unpinned-dependency", f"{shown} is whatever is newest at the time; name a version")


def _quiet(reference: Reference, shown: str) -> Verdict | None:
    found = _dependency(reference, shown)
    return found._replace(tier="audit", severity="low") if found is not None else None


def _task(reference: Reference, shown: str) -> Verdict | None:
    return Verdict("task-installs-latest", f"state: latest upgrades {reference.name} on every run; name a version, or use state: present")


def _developer_tool(reference: Reference, shown: str) -> Verdict | None:
    if reference.locked:
        return None
    return Verdict("unpinned-developer-tool", f"{shown} is another release on every machine; name a version")


_ROLES: Final[Mapping[str, Callable[[Reference, str], Verdict | None]]] = {
    "install": _install,
    "requirement": _requirement,
    "mcp": _mcp,
    "hook": _hook,
    "build": _build,
    "manifest": _manifest,
    "manager": _manager,
    "dependency": _dependency,
    "strict": _strict,
    "environment": _quiet,
    "script": _quiet,
    "channel": _quiet,
    "developer-tool": _developer_tool,
    "task": _task,
}
