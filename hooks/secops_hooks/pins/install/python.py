"""pip, uv, uvx, pipx and conda."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..pep508 import parse_requirement
from ..reference import Level, is_version
from ..url import is_url, locate, plain_http
from .words import Handler, Install, Words, frozen, parse, subcommand

_PIP_VALUED: Final = frozenset(
    "-r --requirement -c --constraint -i --index-url --extra-index-url -t --target --prefix --root -f --find-links --python --platform "
    "--python-version --implementation --abi --cache-dir --trusted-host --timeout --retries --proxy --cert --client-cert --log --no-binary "
    "--only-binary --progress-bar --src --upgrade-strategy -e --editable --report --config-settings -C --build-constraint --override "
    "--index-strategy --resolution --exclude-newer --python-platform --group --extra --keyring-provider --index "
    "--default-index --root-user-action".split()
)


def _pip(words: Words) -> Iterator[Install]:
    at = subcommand(
        words, frozenset({"install", "wheel", "download"}), frozenset({"--python", "--cache-dir", "--proxy", "--cert", "--log"})
    )
    if at:
        yield from _pip_args(words, at)


def _pip_args(words: Words, start: int) -> Iterator[Install]:
    hashed = "--require-hashes" in words
    without = "--no-deps" in words or "--no-dependencies" in words
    at = start
    while at < len(words):
        word = words[at]
        name, equals, value = (word or "").partition("=") if (word or "").startswith("--") else (word or "", "", "")
        if word is None:
            at += 1
            continue
        if word.startswith("-r") and len(word) > 2 and not word.startswith("--"):
            name, equals, value = "-r", "=", word[2:]
        if name in _PIP_VALUED:
            index = at if equals else at + 1
            given = value if equals else words[index] if index < len(words) else None
            if given is not None:
                yield from _pip_option(name, given, index, hashed, without)
            at = index + 1
            continue
        if not word.startswith("-"):
            yield from _python_package(word, at, hashed, without)
        at += 1


def _pip_option(name: str, value: str, index: int, hashed: bool, without: bool) -> Iterator[Install]:
    if name in ("-r", "--requirement") and not hashed:
        yield Install("pypi", value, "", "version", index, "requirements")
    elif name in ("-e", "--editable"):
        yield from _python_package(value, index, hashed, without)
    elif name in ("-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--index", "--default-index"):
        if plain_http(value):
            yield Install("pypi", value, "", "floating", index, "plain")
        elif name == "--extra-index-url":
            yield Install("pypi", value, "", "floating", index, "extra-index")


def _python_package(text: str, index: int, hashed: bool, without: bool) -> Iterator[Install]:
    if is_url(text):
        place = locate(text)
        if place.kind in ("git", "archive"):
            if place.plain:
                yield Install("pypi", text, "", "floating", index, "plain")
            pinned: Level = "content" if place.content_id else "floating"
            yield Install(
                "git" if place.kind == "git" else "url",
                place.name or text,
                place.ref,
                pinned,
                index,
                "git" if place.kind == "git" else "url",
            )
        return
    if text.startswith((".", "/", "~")):
        if not without and not text.endswith((".whl", ".tar.gz", ".zip")) and not hashed:
            yield Install("pypi", text, "", "floating", index, "local")
        return
    if text.endswith((".whl", ".tar.gz", ".zip")):
        return
    requirement = parse_requirement(text)
    if requirement is None:
        return
    if requirement.url:
        yield from _python_package(requirement.url, index, hashed, without)
        return
    level: Level = "floating" if not requirement.exact else "content" if hashed else "version"
    yield Install("pypi", requirement.name, requirement.versions, level, index)


def _uv(words: Words) -> Iterator[Install]:
    at = subcommand(
        words,
        frozenset({"pip", "tool", "sync", "run", "x"}),
        frozenset({"--directory", "--project", "--cache-dir", "--config-file", "--color", "-p", "--python"}),
    )
    if not at:
        return
    which = words[at - 1]
    if which == "sync":
        if not any(word in ("--locked", "--frozen") for word in words):
            yield Install("pypi", "uv sync", "", "floating", at - 1, "locked", "uv sync --locked")
    elif which == "pip" and at < len(words) and words[at] == "install":
        yield from _pip_args(words, at + 1)
    elif which == "tool" and at < len(words) and words[at] in ("install", "run"):
        yield from _tool_run(words, at + 1, words[at] == "run")
    elif which == "run":
        yield from _with_options(words, at)


_UVX_VALUED: Final = frozenset(
    "--from --with --with-editable --with-requirements -p --python --index --default-index -i --index-url --extra-index-url -f "
    "--find-links -C --constraints -c --overrides --build-constraints --index-strategy --exclude-newer --resolution --refresh-package "
    "--upgrade-package -P --reinstall-package --env-file --directory --project --cache-dir --config-file --color -w --link-mode".split()
)


def _uvx(words: Words) -> Iterator[Install]:
    yield from _tool_run(words, 1, True)


def _tool_run(words: Words, start: int, runs: bool) -> Iterator[Install]:
    """``uvx tool args``: the tool is the first operand, or what ``--from`` says; all further words are the tool's."""
    at = start
    source: tuple[int, str | None] | None = None
    while at < len(words):
        word = words[at]
        if word is None:
            return
        if not word.startswith("-"):
            source = source or (at, word)
            break
        name, equals, value = word.partition("=")
        index = at if equals else at + 1
        if name in _UVX_VALUED:
            given = value if equals else words[index] if index < len(words) else None
            if name == "--from":
                source = (index, given)
            elif name in ("--with", "-w") and given:
                for each in given.split(","):
                    yield from _python_tool(each, index)
            at = index + 1
        else:
            at += 1
    if source is not None and source[1]:
        yield from _python_tool(source[1], source[0])


def _with_options(words: Words, start: int) -> Iterator[Install]:
    for at in range(start, len(words)):
        word = words[at]
        if word is None or not word.startswith("-"):
            previous = words[at - 1] or ""
            if at > start and previous in _UVX_VALUED:
                if previous in ("--with", "-w") and word:
                    for each in word.split(","):
                        yield from _python_tool(each, at)
                continue
            return
        if word.startswith("--with="):
            yield from _python_tool(word.partition("=")[2], at)


def _python_tool(text: str, index: int) -> Iterator[Install]:
    """``name``, ``name@1.2.3`` (uv's short form), or a requirement."""
    name, at, version = text.partition("@")
    if at and "/" not in text and not is_url(version.strip()):
        yield Install("pypi", name, version, "version" if is_version(version) else "floating", index)
        return
    yield from _python_package(text, index, False, True)


def _pipx(words: Words) -> Iterator[Install]:
    at = subcommand(words, frozenset({"install", "run", "inject"}), frozenset({"--python"}))
    if not at:
        return
    args = parse(words, at, frozenset({"--spec", "--python", "--pip-args", "--index-url", "-i", "--suffix"}))
    spec = args.options.get("--spec")
    operands = args.operands[:1] if words[at - 1] == "run" else args.operands
    if words[at - 1] == "inject":
        operands = args.operands[1:]
    if spec is not None and spec[1]:
        operands = (spec,)
    for index, text in operands:
        if text is not None:
            yield from _python_tool(text, index)


def _conda(words: Words) -> Iterator[Install]:
    at = subcommand(words, frozenset({"install", "create"}))
    if not at:
        return
    args = parse(words, at, frozenset("-n --name -p --prefix -c --channel -f --file --solver".split()))
    for index, text in args.operands:
        if text is None or text.endswith((".conda", ".tar.bz2", ".yml", ".yaml", ".txt")):
            continue
        spec = text.rpartition("::")[2]
        m = re.match(r"([\w.-]+)\s*(.*)\Z", spec)
        if m is not None:
            exact = m[2].startswith(("=",)) and m[2].lstrip("=")[:1].isdigit() and "*" not in m[2]
            yield Install("conda", m[1], m[2], "version" if exact else "floating", index)


HANDLERS: Final[dict[str, Handler]] = {
    "pip": _pip,
    "uv": _uv,
    "uvx": _uvx,
    "pipx": _pipx,
    "conda": _conda,
    "mamba": _conda,
    "micromamba": _conda,
    "pipenv": frozen("pipenv", "install", "--deploy --ignore-pipfile", "pipenv sync", "pypi"),
    "pdm": frozen("pdm", "install", "--frozen-lockfile --check", "pdm sync", "pypi"),
}
