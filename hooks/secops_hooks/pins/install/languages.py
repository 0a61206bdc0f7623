"""gem, go, cargo, composer and dotnet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..reference import is_commit, is_version
from .words import Handler, Install, Words, parse, subcommand


def _gem(words: Words) -> Iterator[Install]:
    at = subcommand(words, frozenset({"install", "i"}))
    if not at:
        return
    words = words[: words.index("--")] if "--" in words else words  # behind it stand options of the native build
    args = parse(words, at, frozenset("-v --version -s --source -i --install-dir -n --bindir -P --trust-policy --platform".split()))
    given = args.options.get("-v") or args.options.get("--version")
    for index, text in args.operands:
        if text is None or text.endswith(".gem"):
            continue
        name, _, version = text.replace("@", ":", 1).partition(":")
        version = version or (given[1] or "?" if given is not None else "")
        exact = version == "?" or (is_version(version.strip("= ")) and not version.strip().startswith(("~", ">", "<")))
        yield Install("gem", name, version, "version" if exact else "floating", index)


def _go(words: Words) -> Iterator[Install]:
    at = subcommand(words, frozenset({"install", "get", "run"}))
    if not at:
        return
    args = parse(words, at, frozenset("-C -ldflags -tags -o -mod -modfile -p -gcflags -asmflags".split()))
    operands = args.operands[:1] if words[at - 1] == "run" else args.operands
    for index, text in operands:
        if text is None or text.startswith((".", "/")) or "." not in text.split("/")[0] or "/" not in text:
            continue
        name, found, version = text.partition("@")
        if not found and words[at - 1] == "run":
            continue
        exact = re.fullmatch(r"v\d+\.\d+\.\d+\S*", version) is not None or is_commit(version)
        yield Install("go", name, version, "content" if exact else "floating", index)


def _cargo(words: Words) -> Iterator[Install]:
    at = subcommand(words, frozenset({"install", "binstall"}))
    if not at:
        return
    args = parse(
        words,
        at,
        frozenset(
            "--version --vers --git --branch --tag --rev --path --root --registry --index --features -F --bin --example --target "
            "--profile -j --jobs --target-dir --config --color".split()
        ),
    )
    if args.has("--path", "--list"):
        return
    git = args.options.get("--git")
    if git is not None:
        rev = args.options.get("--rev")
        text = rev[1] if rev is not None else None
        if rev is None or (text is not None and not is_commit(text)):
            yield Install("git", git[1] or "a repository", text or "", "floating", git[0], "git")
        return
    given = args.options.get("--version") or args.options.get("--vers")
    for index, text in args.operands:
        if text is None:
            continue
        name, _, version = text.partition("@")
        version = version or (given[1] or "?" if given is not None else "")
        exact = version == "?" or re.match(r"=?\s*\d", version) is not None
        if exact and not args.has("--locked") and words[at - 1] == "install":
            yield Install("cargo", f"cargo install {name}", version, "version", index, "locked", f"cargo install --locked {text}")
        else:
            yield Install("cargo", name, version, "content" if exact else "floating", index)


def _composer(words: Words) -> Iterator[Install]:
    at = subcommand(words, frozenset({"require", "global"}))
    if at and words[at - 1] == "global":
        at = at + 1 if at < len(words) and words[at] == "require" else 0
    if not at:
        return
    for index, text in parse(words, at, frozenset({"-d", "--working-dir"})).operands:
        name, _, version = (text or "").partition(":")
        if "/" in name:
            yield Install("composer", name, version, "version" if re.fullmatch(r"v?\d+\.\d+\.\d+\S*", version) else "floating", index)


def _dotnet(words: Words) -> Iterator[Install]:
    args = parse(words, 1, frozenset("--version -v --framework -f --source -s --add-source --configfile --tool-path --project".split()))
    operands = [text for _, text in args.operands]
    if operands[:2] == ["tool", "install"] or (operands[:1] == ["add"] and "package" in operands):
        index, name = args.operands[-1]
        given = args.options.get("--version") or args.options.get("-v")
        if name and name not in ("install", "package"):
            version = (given[1] or "?") if given is not None else ""
            yield Install("nuget", name, version, "version" if version and "*" not in version else "floating", index)


HANDLERS: Final[dict[str, Handler]] = {
    "gem": _gem,
    "go": _go,
    "cargo": _cargo,
    "composer": _composer,
    "dotnet": _dotnet,
}
