"""Packages published with long-lived tokens where the registry knows trusted publishing."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING, Final

from ...parse.locate import located
from ..match import Hit
from .scripts import runs
from .workflow import (
    Model,
    Step,
    at,
    model_of,
    place,
    text_of,
)

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.shell_ast import Command, Script
    from .workflow import Model, Step


_DRY: Final = frozenset(("--dry-run", "-n", "--help", "-h", "--list", "-l"))


def manual_publish(script: Script) -> Iterator[tuple[Command, str]]:
    """Commands of a script that publish a package with a long-lived token, and where to."""
    from ...parse.shell import unwrap

    for command in script.walk_commands():
        inner = unwrap(command)
        where = publishes(inner)
        if where and not any(word.pattern in _DRY for word in inner.args):
            yield command, where


_HOSTS: Final = r"https?://([\w-]+\.)*(npmjs\.org|pypi\.org|rubygems\.org|crates\.io|nuget\.org)(/|\Z)"


def _elsewhere(word: str) -> bool:
    """Whether a word of a publishing command names a registry that knows no trusted publishing."""
    return "://" in word and re.search(_HOSTS, word) is None


# options that take the next word as their value, when it does not stand behind a ``=``
_VALUED: Final[dict[str, frozenset[str]]] = {
    "npm": frozenset(("-w", "--workspace", "--prefix", "-C", "--userconfig", "--tag", "--access", "--otp", "--loglevel")),
    "pnpm": frozenset(("--filter", "-F", "-C", "--dir", "--tag", "--access")),
    "yarn": frozenset(("--cwd", "--tag", "--access")),
    "cargo": frozenset(("--config", "-Z", "-C", "--color")),
    "poetry": frozenset(("-C", "--directory", "-P", "--project")),
    "uv": frozenset(("--directory", "--project", "--config-file")),
}


def _plain(words: list[str], valued: Container[str]) -> list[str]:
    """``words`` without options, their values and toolchains such as ``+nightly``."""
    found = []
    skip = False
    for word in words:
        if not skip and not word.startswith(("-", "+")):
            found.append(word)
        skip = word in valued
    return found


def publishes(command: Command) -> str:
    """The registry to which ``command`` publishes and that knows trusted publishing, else empty."""
    words = [command.program or "", *(word.pattern for word in command.args)]
    program = words[0].removesuffix(".exe")
    rest = _plain(words[1:], _VALUED.get(program, ()))
    if program in ("npx", "bunx", "pnpx", "yarnpkg") and rest:
        program, rest = rest[0].partition("@")[0], rest[1:]
    if program in ("bundle", "bundler") and rest[:1] == ["exec"]:
        program, rest = (rest[1] if len(rest) > 1 else ""), rest[2:]
    if program.startswith("python") and words[1:2] == ["-m"]:
        program, rest = words[2] if len(words) > 2 else "", [word for word in words[3:] if not word.startswith("-")]
    if program == "pipx" and rest[:1] == ["run"]:
        program, rest = rest[1].partition("==")[0] if len(rest) > 1 else "", rest[2:]
    if program in ("uvx", "uv") and rest[:2] == ["tool", "run"]:
        rest = rest[2:]
        program = "uvx"
    if program == "uvx" and rest:
        program, rest = re.split(r"[=@]", rest[0])[0], rest[1:]
    if program == "uv" and rest[:1] == ["run"]:
        program, rest = (rest[1] if len(rest) > 1 else ""), rest[2:]
    if any(_elsewhere(word) for word in words):
        return ""
    verb = rest[0] if rest else ""
    if program == "yarn" and rest[:2] == ["npm", "publish"]:
        return "npm"
    if program in ("npm", "pnpm", "bun", "yarn", "lerna", "changeset") and verb == "publish":
        return "npm"
    if program == "cargo" and verb == "publish":
        return "crates.io"
    if (program == "twine" and verb == "upload") or (program in ("uv", "hatch", "pdm", "poetry", "flit") and verb == "publish"):
        return "PyPI"
    if program == "gem" and verb == "push":
        return "RubyGems"
    if (program == "nuget" and verb == "push") or (program == "dotnet" and rest[:2] == ["nuget", "push"]):
        return "NuGet"
    return ""


def token_publish_command(file: File, tree: Tree) -> Iterator[Hit]:
    """A publishing command in a job that cannot use trusted publishing because it has no ``id-token``."""
    for model, step, run in runs(file, "publish", "upload", "push"):
        from ...parse.shell import parse_script

        if _has_identity(model, step) or model.action:
            continue
        elsewhere = _other_registry(step)
        if "`" not in run.text:
            for command, where in manual_publish(parse_script(located(run))):
                if where == "npm" and elsewhere:
                    continue
                yield Hit(command.span, f"{where} knows trusted publishing, which needs no long-lived token", within=run)
        else:
            for found in re.finditer(r"(?m)^[ \t]*(cargo|npm|nuget|twine|gem|dotnet)\b(?:[^\n`]|`[ \t]*\n)*", run.text):
                joined = re.sub(r"`[ \t]*\n", " ", found[0]).split()
                if joined[1:2] and joined[1] in ("publish", "push", "upload", "nuget") and not _DRY & set(joined):
                    start = found.start() + len(found[0]) - len(found[0].lstrip())
                    span = place(run).span(start, found.end())
                    yield Hit(span, "this registry knows trusted publishing, which needs no long-lived token", within=run)


def _has_identity(model: Model, step: Step) -> bool:
    """Whether the job may ask for an OIDC token (or nothing says that it may not name one elsewhere)."""
    permissions = step.job.parts.get("permissions") or model.parts.get("permissions")
    if permissions is None:
        return False
    if text_of(permissions).lower() == "write-all":
        return True
    return text_of(at(permissions, "id-token")).lower() == "write"


def _other_registry(step: Step) -> bool:
    """Whether the job sets Node up for a registry other than npm's, or for one that cannot be told."""
    named = [
        each.input("registry-url") for each in step.job.steps if each.uses is not None and each.uses.repository == "actions/setup-node"
    ]
    return any("$" in address or _elsewhere(address) for address in named)


_PYPI: Final = r"https://(upload|test)\.pypi\.org/legacy/?"


def token_publish_action(file: File, tree: Tree) -> Iterator[Hit]:
    """An action that is given a long-lived token for a registry that knows trusted publishing."""
    model = model_of(file)
    for step in model.steps() if model is not None else ():
        uses = step.uses
        if uses is None:
            continue
        name = uses.repository
        if name == "pypa/gh-action-pypi-publish":
            index = step.input("repository-url") or step.input("repository_url")
            hit = bool(step.input("password")) and (not index or re.fullmatch(_PYPI, index) is not None)
        elif name == "rubygems/release-gem":
            hit = step.input("setup-trusted-publisher").lower() == "false"
        elif name == "rubygems/configure-rubygems-credentials":
            hit = bool(step.input("api-token")) and step.input("gem-server").rstrip("/") in ("", "https://rubygems.org")
        elif name == "actions/setup-node":
            registry = step.input("registry-url").rstrip("/")
            hit = step.input("always-auth").lower() == "true" and registry in ("", "https://registry.npmjs.org")
        else:
            continue
        if hit:
            yield Hit(uses.node)
