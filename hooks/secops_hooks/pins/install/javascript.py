"""npm, npx, pnpm, yarn and bun."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ..url import locate_npm, plain_http
from .words import Handler, Install, Words, parse, subcommand

_NPM_VALUED: Final = frozenset(
    "--prefix --registry --tag -w --workspace --loglevel --cache --omit --include --userconfig --globalconfig --script-shell "
    "-C --dir --filter -F --package -p -c --call".split()
)


def npm_package(text: str) -> tuple[str, str]:
    """Name and version (or range, or tag) of npm's notation ``name@version``; an alias gives what it stands for."""
    at = text.find("@", 1)
    name, version = (text, "") if at < 0 else (text[:at], text[at + 1 :])
    return npm_package(version[4:]) if version.startswith("npm:") else (name, version)


def npm_exact(version: str) -> bool:
    """Whether ``version`` is one version: three numbers, perhaps with a prerelease and build."""
    return re.fullmatch(r"=?\s*v?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?", version.strip()) is not None


def _node_packages(args: Sequence[tuple[int, str | None]]) -> Iterator[Install]:
    for index, text in args:
        if (
            text is None
            or not text
            or text.startswith((".", "/", "~", "file:", "link:", "workspace:", "portal:"))
            or text.endswith((".tgz", ".tar.gz"))
        ):
            if text is not None and text.startswith(("http://", "https://")):
                yield Install("url", text, "", "floating", index, "plain" if plain_http(text) else "url")
            continue
        place = locate_npm(text)
        if place is not None:
            if place.plain:
                yield Install("npm", text, "", "floating", index, "plain")
            yield Install("git", place.name, place.ref, "content" if place.content_id else "floating", index, "git")
            continue
        name, version = npm_package(text)
        if re.fullmatch(r"(?:@[\w.~-]+/)?[\w.~-]+", name):
            yield Install("npm", name, version, "version" if npm_exact(version) else "floating", index)


def _npm(words: Words) -> Iterator[Install]:
    at = subcommand(
        words, frozenset({"install", "i", "add", "in", "isntall", "exec", "x", "install-test", "it", "update", "up"}), _NPM_VALUED
    )
    if not at:
        return
    if words[at - 1] in ("exec", "x"):
        yield from _npx_args(words, at)
        return
    args = parse(words, at, _NPM_VALUED)
    if args.operands:
        yield from _node_packages(args.operands)
    elif not args.has("-g", "--global", "--package-lock-only"):
        yield Install("npm", f"npm {words[at - 1]}", "", "floating", at - 1, "locked", "npm ci")


def _npx(words: Words) -> Iterator[Install]:
    yield from _npx_args(words, 1)


def _npx_args(words: Words, start: int) -> Iterator[Install]:
    """npx takes what the project has installed; only told to (``-y``, ``-p``, a version or tag) does it surely fetch."""
    at, yes = start, False
    packages: list[tuple[int, str | None]] = []
    while at < len(words):
        word = words[at]
        if word is None:
            return
        if not word.startswith("-"):
            break
        name, equals, value = word.partition("=")
        if name in ("-y", "--yes"):
            yes = True
        elif name in ("--no", "--no-install", "--offline"):
            return
        elif name in ("-p", "--package"):
            packages.append((at, value) if equals else (at + 1, words[at + 1] if at + 1 < len(words) else None))
        if name in _NPM_VALUED and not equals:
            at += 1
        at += 1
    if not packages and at < len(words):
        word = words[at] or ""
        if yes or "@" in word[1:] or locate_npm(word) is not None:
            packages = [(at, word)]
    yield from _node_packages(packages)


def _pnpm(words: Words) -> Iterator[Install]:
    at = subcommand(words, frozenset({"add", "dlx", "install", "i"}), _NPM_VALUED)
    if not at:
        return
    args = parse(words, at, _NPM_VALUED)
    if words[at - 1] == "dlx":
        package = args.options.get("--package")
        yield from _node_packages((package,) if package is not None else args.operands[:1])
    elif args.operands:
        yield from _node_packages(args.operands)
    elif words[at - 1] in ("install", "i") and args.has("--no-frozen-lockfile"):
        yield Install(
            "npm",
            "pnpm install --no-frozen-lockfile",
            "",
            "floating",
            args.options["--no-frozen-lockfile"][0],
            "locked",
            "pnpm install --frozen-lockfile",
        )


def _pnpx(words: Words) -> Iterator[Install]:
    yield from _node_packages(parse(words, 1, _NPM_VALUED).operands[:1])


def _yarn(words: Words) -> Iterator[Install]:
    at = subcommand(words, frozenset({"add", "dlx", "install", "global"}), _NPM_VALUED)
    if not at:
        return
    args = parse(words, at, _NPM_VALUED)
    if words[at - 1] == "global":
        if args.operands and args.operands[0][1] == "add":
            yield from _node_packages(args.operands[1:])
    elif words[at - 1] == "dlx":
        package = args.options.get("-p") or args.options.get("--package")
        yield from _node_packages((package,) if package is not None else args.operands[:1])
    elif words[at - 1] == "add":
        yield from _node_packages(args.operands)
    elif not args.has("--frozen-lockfile", "--immutable", "--mode"):
        yield Install("npm", "yarn install", "", "floating", at - 1, "locked", "yarn install --immutable (yarn 1: --frozen-lockfile)")


def _bun(words: Words) -> Iterator[Install]:
    at = subcommand(words, frozenset({"add", "install", "i", "x"}), frozenset({"--cwd", "--config"}))
    if not at:
        return
    args = parse(words, at, frozenset({"--cwd", "--config", "--registry"}))
    if words[at - 1] == "x":
        yield from _npx_args(words, at)
    elif args.operands:
        yield from _node_packages(args.operands)
    elif not args.has("--frozen-lockfile", "-g", "--global"):
        yield Install("npm", "bun install", "", "floating", at - 1, "locked", "bun install --frozen-lockfile")


HANDLERS: Final[dict[str, Handler]] = {
    "npm": _npm,
    "npx": _npx,
    "pnpm": _pnpm,
    "pnpx": _pnpx,
    "yarn": _yarn,
    "bun": _bun,
    "bunx": _npx,
}
