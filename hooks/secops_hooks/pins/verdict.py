"""What is wrong with a reference that has less than the level its class asks for: which rule, which words. One function an ecosystem.

Packages of a language's index are judged by what they are for, in ``verdict_package.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..records import TYPE_CHECKING, NamedTuple
from .reference import Reference, is_full_version, is_short_commit, is_version

if TYPE_CHECKING:
    from typing import Final

    from ..finding import Severity, Tier


class Verdict(NamedTuple):
    """The rule that a reference breaks and what to say; ``tier`` and ``severity`` where they are not the rule's own."""

    rule: str
    message: str
    tier: Tier | None = None
    severity: Severity | None = None


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
        return Verdict("unpinned-first-party-action", f"{what}; {how}", None, None if is_version(ref) else "medium")
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


def _module(reference: Reference) -> Verdict | None:
    name, ref = reference.name, reference.requested
    if reference.role == "registry":
        if not ref:
            return Verdict("unpinned-module", f"{name} has no version, so every init takes the newest")
        if reference.level == "floating":
            return Verdict("module-version-range", f"{ref} of {name} is a range, and no lock file covers modules; name one version")
        return None
    if not ref:
        return Verdict("unpinned-module", f"{name} is whatever its default branch holds at every init; add ?ref= with a commit or a tag")
    if not is_version(ref) and not is_full_version(ref.rpartition("/")[2].rpartition("-")[2]):
        return Verdict("unpinned-module", f"{ref} of {name} is a branch, which moves; use a commit or a tag")
    return Verdict("mutable-module-ref", f"the tag {ref} of {name} can be moved; use its commit")


def _terraform(reference: Reference) -> Verdict | None:
    return Verdict("unconstrained-provider", f"{reference.name} has no version constraint, so a new major release is taken in unasked")


def _chart(reference: Reference) -> Verdict | None:
    if reference.level != "floating" or reference.locked:
        return None
    name, version = reference.name, reference.requested
    if version in ("", "*", "x", ">0", ">=0", ">0.0.0", ">=0.0.0", ">=0.0.0-0"):
        return Verdict("unpinned-chart", f"chart {name} is taken in whatever version is newest; name a version")
    return Verdict("unpinned-chart", f"{version} of chart {name} is a range without a Chart.lock (helm dependency update)", "audit", "low")


def _base(reference: Reference) -> Verdict | None:
    name, ref = reference.name, reference.requested
    if reference.role == "file" and ref:
        return Verdict("unpinned-base", f"the tag {ref} in this URL can be moved; use its commit", "audit", "low")
    if ref and is_version(ref):
        return Verdict("unpinned-base", f"the tag {ref} of {name} can be moved; use its commit", "audit", "low")
    what = f"{ref} of {name} moves" if ref else f"{name} is whatever it is at the time"
    return Verdict("unpinned-base", f"{what}; name a commit (?ref=<40 digits>)")


def _feature(reference: Reference) -> Verdict | None:
    if reference.locked or reference.level != "floating":
        return None
    asked = reference.requested or "latest"
    return Verdict(
        "unpinned-feature", f"{reference.name} at {asked} changes with every release; name a full version or commit devcontainer-lock.json"
    )


JUDGES: Final[Mapping[str, Callable[[Reference], Verdict | None]]] = {
    "action": _action,
    "image": _image,
    "hooks": _hooks,
    "git": _git,
    "url": _url,
    "download": _download,
    "ci": _include,
    "tool": _tool,
    "module": _module,
    "terraform": _terraform,
    "chart": _chart,
    "base": _base,
    "feature": _feature,
    "orb": _orb,
    "pipe": _orb,
}
