"""Which level is enough for what, and how bad it is when a reference has less.

Content for actions, images and downloads; a version for packages and tools; a range is right where a lock fixes it or where a
library states what it works with. Settings may ask for another level by ecosystem (``pins.levels``) and let names float
(``pins.trusted``). Says which rule and what message; the rules themselves are in ``rules/``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from ..policy.glob import matches_word
from .reference import Level, Reference, is_full_version, is_short_commit, is_version

if TYPE_CHECKING:
    from ..finding import Severity, Tier
    from ..policy.settings import Settings

_RANK: Final[Mapping[Level, int]] = {"floating": 0, "version": 1, "content": 2}


class Verdict(NamedTuple):
    """The rule that a reference breaks and what to say; ``tier`` and ``severity`` where they are not the rule's own."""

    rule: str
    message: str
    tier: Tier | None = None
    severity: Severity | None = None


def judge(reference: Reference, settings: Settings) -> Iterator[Verdict]:
    """What is wrong with ``reference``: nothing or one verdict. What cannot be known is not judged."""
    if reference.level == "content" or (reference.level == "unverifiable" and reference.ecosystem != "url"):
        return
    trusted = settings.option("pins", "trusted", ())
    if any(matches_word(glob, reference.name) for glob in trusted):
        return
    verdict = _JUDGES.get(reference.ecosystem, _package)(reference)
    wanted = settings.option("pins", "levels", {}).get(reference.ecosystem)
    if wanted is not None:
        if _RANK.get(reference.level, 2) >= _RANK.get(wanted, 0):
            return
        if verdict is None:
            verdict = _demanded(reference, wanted)
        elif verdict.tier == "audit" or verdict.rule in _AUDIT:
            verdict = verdict._replace(tier="warn")
    if verdict is not None:
        yield verdict


# rules whose own tier is audit: settings that ask for the level raise them
_AUDIT: Final = frozenset(
    {
        "unpinned-image",
        "unhashed-requirement",
        "unhashed-install",
        "unpinned-install",
        "unpinned-system-package",
        "unpinned-pre-commit-hook",
    }
    | {"unpinned-build-requirement", "unpinned-dependency", "unlocked-install"}
)


def _demanded(reference: Reference, wanted: str) -> Verdict:
    return Verdict(
        "unpinned-dependency",
        f"{reference.name} {reference.requested or 'without a version'} is not pinned by {wanted}, which the settings ask for",
        "warn",
    )


def _action(reference: Reference) -> Verdict | None:
    name, ref = reference.name, reference.requested
    repository = "/".join(name.split("/")[:2])
    how = f"pin the full commit: git ls-remote https://github.com/{repository} {ref}".rstrip()
    if is_short_commit(ref):
        return Verdict("short-sha", f"{name}@{ref} is an abbreviated commit, which a tag or branch of that name overrides; {how}")
    what = f"{name}@{ref} is a {'tag' if is_version(ref) else 'branch or tag'} that can be moved" if ref else f"{name} has no ref"
    if reference.role == "workflow":
        if repository == "slsa-framework/slsa-github-generator" and is_full_version(ref):
            what = f"{name}@{ref} is a tag that can be moved, but its provenance can only be verified when it is called by a tag"
            return Verdict("unpinned-reusable-workflow", what, "audit", "info")
        return Verdict("unpinned-reusable-workflow", f"{what}; {how}")
    if reference.role == "first-party":
        return Verdict("unpinned-action", f"{what}; {how}", "warn", "low" if is_version(ref) else "medium")
    return Verdict("unpinned-action", f"{what}; {how}")


def _image(reference: Reference) -> Verdict | None:
    name, tag = reference.name, reference.requested
    if not tag:
        return Verdict("image-untagged", f"{name} has no tag, so it is whatever latest is at the time; name a version and its digest")
    if tag.lower() == "latest":
        return Verdict("image-latest", f"{name}:latest is another image with every release; name a version and its digest")
    if reference.level == "floating" and reference.role != "syntax":
        return Verdict("unpinned-image", f"{tag} of {name} moves from release to release; name a version and its digest", "warn", "medium")
    tier: Tier | None = "warn" if reference.role == "ci" else None
    severity: Severity | None = "medium" if reference.role == "ci" else None
    if reference.role == "syntax" and not reference.name.startswith(("docker/dockerfile", "docker.io/docker/dockerfile")):
        tier, severity = "warn", "medium"
    what = f"{name}:{tag} can be pushed again with other content"
    return Verdict("unpinned-image", f"{what}; pin it: docker buildx imagetools inspect {name}:{tag}", tier, severity)


def _hooks(reference: Reference) -> Verdict | None:
    name, rev = reference.name, reference.requested
    if is_short_commit(rev):
        return Verdict(
            "short-sha", f"{rev} is an abbreviated commit of {name}; use all 40 digits (pre-commit autoupdate --freeze)", "warn", "medium"
        )
    if reference.level == "floating":
        return Verdict(
            "mutable-pre-commit-rev",
            f"{rev} of {name} moves, and every clone runs what it finds there; use a commit (pre-commit autoupdate --freeze)",
        )
    return Verdict("unpinned-pre-commit-hook", f"the tag {rev} of {name} can be moved; use a commit (pre-commit autoupdate --freeze)")


def _git(reference: Reference) -> Verdict | None:
    if reference.locked:
        return None
    name, ref = reference.name, reference.requested
    if is_short_commit(ref):
        return Verdict("short-sha", f"{ref} is an abbreviated commit of {name}; use all 40 digits", "warn", "medium")
    what = (
        f"{ref} of {name} is no commit, so it can become something else"
        if ref
        else f"{name} is whatever its default branch holds at the time"
    )
    tag = bool(ref) and (is_full_version(ref) or is_version(ref))
    return Verdict("mutable-git-ref", f"{what}; name the full commit", None, "medium" if tag else None)


def _url(reference: Reference) -> Verdict | None:
    if reference.locked or reference.content_id:
        return None
    return Verdict("url-without-hash", f"{reference.name} is fetched from a URL and nothing says what it must hold; add its sha256")


def _download(reference: Reference) -> Verdict | None:
    if reference.role == "add":
        return Verdict(
            "unverified-download", f"{reference.name} is added as it comes; give its checksum: ADD --checksum=sha256:…", "warn", "medium"
        )
    return Verdict(
        "unverified-download",
        f"{reference.name} is run as it comes; check a sha256 or a signature first",
        "audit" if reference.role == "piped" else None,
    )


def _include(reference: Reference) -> Verdict | None:
    if reference.level != "floating":
        return None
    name, ref = reference.name, reference.requested
    what = f"{ref} of {name} can be moved" if ref else f"nothing says which state of {name} is meant"
    return Verdict("unpinned-ci-include", f"{what}; name the full commit (or a checksum, where the pipeline knows one)")


def _tool(reference: Reference) -> Verdict | None:
    if reference.requested:
        return Verdict("unpinned-tool", f"{reference.name} installs whatever release is newest; name a version")
    return Verdict("unpinned-tool", f"{reference.name} installs whatever release is newest unless it is told a version", "audit", "low")


def _orb(reference: Reference) -> Verdict | None:
    if reference.level != "floating":
        return None
    return Verdict(
        "unpinned-orb", f"{reference.name} at {reference.requested or 'no version'} changes with every release; name a full version"
    )


_SYSTEM: Final = frozenset({"apt", "apk", "rpm", "brew", "choco", "winget", "pacman", "zypper"})


def _package(reference: Reference) -> Verdict | None:
    """Packages of a language's index, by what the reference is for."""
    if reference.ecosystem in _SYSTEM:
        return _system(reference)
    name, requested, floating = reference.name, reference.requested, reference.level == "floating"
    shown = f"{name} {requested}".rstrip() if requested else f"{name} without a version"
    role = reference.role
    if role == "install":
        if floating:
            return Verdict("unpinned-install", f"{shown} is installed as whatever is newest at the time; name a version")
        return Verdict("unhashed-install", f"{shown} is installed by version; its content is not checked")
    if role == "mcp":
        return (
            Verdict("unpinned-mcp-server", f"{shown} runs as whatever is newest at each start, with what the agent may do; name a version")
            if floating
            else None
        )
    if role == "hook":
        return (
            Verdict(
                "unpinned-hook-dependency",
                f"{shown} is what is newest when the hook's environment is made, and no lock fixes it; name a version",
            )
            if floating
            else None
        )
    if role == "build":
        return (
            Verdict("unpinned-build-requirement", f"{shown} runs when the project is built, and no lock fixes it; name a version")
            if floating
            else None
        )
    if role == "requirement" and not reference.locked:
        if floating:
            return Verdict(
                "unpinned-requirement",
                f"{shown} is whatever is newest at the time; pin it with == (and hashes: uv pip compile --generate-hashes)",
            )
        return Verdict("unhashed-requirement", f"{shown} is pinned by version; without a hash the index may serve something else")
    if role == "manifest":
        if requested not in ("*", "x", "latest", ""):
            return None
        why = (
            "is whatever is newest when the lock is made anew"
            if reference.locked
            else "is whatever is newest at the time, and no lock file fixes it"
        )
        return Verdict(
            "unpinned-dependency", f"{name} {requested} {why}; say a range".replace("  ", " "), "audit" if reference.locked else "warn"
        )
    if role == "manager":
        return Verdict("unhashed-install", f"{shown} is named without its hash; let corepack write it: corepack use {name}@{requested}")
    if role in ("dependency", "plugin") and floating and not reference.locked:
        return Verdict("unpinned-dependency", f"{shown} is whatever is newest at the time, and no lock file fixes it")
    if role == "strict" and floating:
        return Verdict(
            "unpinned-dependency",
            f"{shown} is whatever is newest at the time, and there is no lock for it; name a version",
            "warn",
            "medium",
        )
    return None


def _system(reference: Reference) -> Verdict | None:
    if reference.level != "floating":
        return None
    return Verdict("unpinned-system-package", f"{reference.name}: installed in whatever version the distribution has at the time")


_JUDGES: Final[Mapping[str, Callable[[Reference], Verdict | None]]] = {
    "action": _action,
    "image": _image,
    "hooks": _hooks,
    "git": _git,
    "url": _url,
    "download": _download,
    "ci": _include,
    "tool": _tool,
    "orb": _orb,
    "pipe": _orb,
}
