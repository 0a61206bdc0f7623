"""Caches restored in jobs that release."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from ...finding import Edit, Fix
from ..match import Hit
from .checkout import major, with_input
from .contexts import path_of
from .expression import Binary, Call, Expr, Unary, templates
from .expression import Literal as Constant
from .publish import publishes
from .scripts import shell_script
from .workflow import (
    Model,
    Step,
    at,
    model_of,
    text_of,
    texts,
)

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Node
    from .workflow import Model, Step


class Cache(NamedTuple):
    """How an action's cache is switched. ``on``: caching inputs that switch it on (any value but a false one);
    ``off``: inputs that switch it off when true; ``default``: whether it caches without being told."""

    default: bool
    on: tuple[str, ...] = ()
    off: tuple[str, ...] = ()


CACHES: Final[dict[str, Cache]] = {
    "actions/cache": Cache(True, (), ("lookup-only",)),
    "actions/cache/restore": Cache(True, (), ("lookup-only",)),
    "actions/cache/save": Cache(False),
    "actions/setup-java": Cache(False, ("cache",)),
    "actions/setup-go": Cache(True, ("cache",)),
    "actions/setup-node": Cache(False, ("cache", "package-manager-cache")),
    "actions/setup-python": Cache(False, ("cache",)),
    "actions/setup-dotnet": Cache(False, ("cache",)),
    "actions-rust-lang/setup-rust-toolchain": Cache(True, ("cache",)),
    "astral-sh/setup-uv": Cache(True, ("enable-cache",)),
    "awalsh128/cache-apt-pkgs-action": Cache(True),
    "coursier/cache-action": Cache(True),
    "docker/setup-buildx-action": Cache(False, ("cache-binary",)),
    "golangci/golangci-lint-action": Cache(True, (), ("skip-cache",)),
    "graalvm/setup-graalvm": Cache(False, ("cache",)),
    "gradle/actions/setup-gradle": Cache(True, (), ("cache-disabled", "cache-read-only")),
    "gradle/gradle-build-action": Cache(True, (), ("cache-disabled", "cache-read-only")),
    "hendrikmuhs/ccache-action": Cache(True),
    "julia-actions/cache": Cache(True),
    "leafo/gh-actions-lua": Cache(False, ("buildcache",)),
    "mamba-org/setup-micromamba": Cache(False, ("cache-environment", "cache-downloads")),
    "moonrepo/setup-rust": Cache(True, ("cache",)),
    "mozilla-actions/sccache-action": Cache(True),
    "nix-community/cache-nix-action": Cache(True),
    "oven-sh/setup-bun": Cache(True, (), ("no-cache",)),
    "prefix-dev/setup-pixi": Cache(False, ("cache",)),
    "pnpm/action-setup": Cache(False, ("cache",)),
    "pyo3/maturin-action": Cache(False, ("sccache",)),
    "ramsey/composer-install": Cache(True, (), ("ignore-cache",)),
    "ruby/setup-ruby": Cache(False, ("bundler-cache",)),
    "runs-on/cache": Cache(True),
    "buildjet/cache": Cache(True),
    "buildjet/setup-node": Cache(False, ("cache",)),
    "useblacksmith/cache": Cache(True),
    "step-security/setup-node": Cache(False, ("cache",)),
    "subosito/flutter-action": Cache(False, ("cache",)),
    "shivammathur/cache-extensions": Cache(True),
    "swatinem/rust-cache": Cache(True, (), ("lookup-only",)),
    "taiki-e/cache-cargo-install-action": Cache(True),
    "denoland/setup-deno": Cache(False, ("cache",)),
    "determinatesystems/magic-nix-cache-action": Cache(True),
}
# actions that publish; the input (if any) that has to be true for it, and what it is when not given
PUBLISHERS: Final[dict[str, tuple[str, bool]]] = {
    "pypa/gh-action-pypi-publish": ("", True),
    "rubygems/release-gem": ("", True),
    "jreleaser/release-action": ("", True),
    "goreleaser/goreleaser-action": ("", True),
    "softprops/action-gh-release": ("", True),
    "ncipollo/release-action": ("", True),
    "release-drafter/release-drafter": ("", True),
    "googleapis/release-please-action": ("", True),
    "google-github-actions/release-please-action": ("", True),
    "svenstaro/upload-release-action": ("", True),
    "js-devtools/npm-publish": ("", True),
    "docker/build-push-action": ("push", True),
    "cycjimmy/semantic-release-action": ("", True),
    "changesets/action": ("publish", False),
    "actions/create-release": ("", True),
    "actions/upload-release-asset": ("", True),
    "marvinpinto/action-automatic-releases": ("", True),
    "haaleo/publish-vscode-extension": ("", True),
    "katyo/publish-crates": ("", True),
}
State: TypeAlias = Literal["on", "off"]
_RELEASE_BRANCH: Final = r"(?i)(^|[/_-])releases?([/_.-]|$|\d)|^releases?"


def poisoned_cache(file: File, tree: Tree) -> Iterator[Hit]:
    """A cache restored in a job that releases: what another branch put there is in the release."""
    model = model_of(file)
    if model is None or model.action:
        return
    tags = _tag_only(model)
    releasing = _releases(model)
    for job in model.jobs:
        if not releasing and not any(_publishes(step) for step in job.steps):
            continue
        for step in job.steps:
            if step.uses is not None and not step.off and _caches(step, tags):
                message = f"{step.uses.name} restores a cache in a job that releases"
                yield Hit(step.uses.node, message, fix=_cache_fix(step))


def _cache_fix(step: Step) -> Fix | None:
    """The action's own switch, set so that it does not cache, where it is given literally or has a plain default."""
    uses = step.uses
    cache = CACHES.get(uses.name) or CACHES.get(uses.repository) if uses is not None else None
    if cache is None:
        return None
    inputs = step.inputs()
    for name in cache.on:
        node = inputs.get(name)
        if node is not None and node.target is None and not node.style and node.text.strip() in ("true", "auto"):
            return Fix((Edit(node.start, node.end, "false"),), safe=False)
    if any(name in inputs for name in (*cache.on, *cache.off)):
        return None
    setting = f"{cache.off[0]}: true" if cache.off else f"{cache.on[-1]}: false" if cache.on else ""
    return with_input(step, setting) if setting else None


def _releases(model: Model) -> bool:
    """Whether a trigger of ``model`` stands for a release: a release event, pushed tags, a release branch."""
    if "release" in model.triggers:
        return True
    push = model.triggers.get("push")
    if push is None:
        return False
    return at(push, "tags") is not None or any(re.search(_RELEASE_BRANCH, branch.text) for branch in texts(at(push, "branches")))


def _tag_only(model: Model) -> bool:
    """Whether every release of ``model`` comes with a tag, so that a condition on tags tells a release from any other run."""
    push = model.triggers.get("push")
    branches = texts(at(push, "branches")) if push is not None else []
    return not any(re.search(_RELEASE_BRANCH, branch.text) for branch in branches)


def _publishes(step: Step) -> bool:
    if step.off:
        return False
    if step.uses is not None:
        found = PUBLISHERS.get(step.uses.repository)
        if found is None:
            return False
        name, default = found
        if not name:
            return True
        given = step.input(name).lower()
        return default if not given else given not in ("false", "no", "0")
    run = step.run
    if run is None or not any(word in run.text for word in ("publish", "upload", "push", "release")):
        return False
    script = shell_script(step)
    return script is not None and any(publishes(command) for command in script.walk_commands())


def _caches(step: Step, tags: bool) -> bool:
    uses = step.uses
    if uses is None:
        return False
    cache = CACHES.get(uses.name) or CACHES.get(uses.repository)
    if cache is None:
        return False
    inputs = step.inputs()
    for name in cache.off:
        if name in inputs and _switch(inputs[name], tags) == "on":
            return False
    states = [_switch(inputs[name], tags) for name in cache.on if name in inputs]
    name = uses.repository
    if name == "docker/setup-buildx-action":
        return "version" in inputs and states in ([], ["on"])
    if name == "actions/setup-go" and not states:
        return major(uses) >= 4 or major(uses) == 0
    if name == "actions/setup-node" and not states:
        return major(uses) >= 5 or major(uses) == 0
    if name == "astral-sh/setup-uv":
        if states and text_of(inputs["enable-cache"]).lower() != "auto":
            return states[0] == "on"
        return major(uses) < 10
    if "on" in states:
        return True
    return cache.default and not states


def _switch(node: Node, tags: bool) -> State:
    """What an input says; an expression is ``on`` unless it is false whenever a tag is built."""
    text = text_of(node)
    found = list(templates(text))
    if len(found) == 1 and found[0].expr is not None and tags and _false_on_tags(found[0].expr):
        return "off"
    return "off" if text.lower() in ("", "false", "no", "0", "none", "n", "off") else "on"


def _false_on_tags(expr: Expr) -> bool:
    return _on_tag(expr) is False


def _on_tag(expr: Expr) -> bool | None:
    """The value of a condition in a run for a pushed tag or a release; ``None`` when it cannot be told."""
    if isinstance(expr, Unary):
        inner = _on_tag(expr.operand)
        return None if inner is None else not inner
    if isinstance(expr, Constant):
        return bool(expr.value)
    if isinstance(expr, Call) and expr.name == "startswith" and len(expr.args) == 2:
        path, prefix = path_of(expr.args[0]), expr.args[1]
        if path == ("github", "ref") and isinstance(prefix, Constant) and isinstance(prefix.value, str):
            return prefix.value.startswith("refs/tags") if prefix.value.startswith("refs/") else None
        return None
    if not isinstance(expr, Binary):
        return None
    if expr.op in ("&&", "||"):
        left, right = _on_tag(expr.left), _on_tag(expr.right)
        if expr.op == "&&":
            return False if left is False or right is False else True if left and right else None
        return True if left or right else False if left is False and right is False else None
    if expr.op in ("==", "!="):
        path, value = path_of(expr.left), expr.right
        if path is None:
            path, value = path_of(expr.right), expr.left
        if path is None or not isinstance(value, Constant):
            return None
        equal: bool | None = None
        if path == ("github", "ref_type"):
            equal = value.value == "tag"
        elif path == ("github", "event_name"):
            equal = value.value in ("push", "release")
        elif path == ("github", "ref") and isinstance(value.value, str) and value.value.startswith("refs/heads/"):
            return None  # in releases too, a manual run may be on that branch
        return equal if equal is None or expr.op == "==" else not equal
    return None
