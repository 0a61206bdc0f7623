"""What a command line installs: words of one command in, packages with their versions out. One function a package manager.

Pure: knows the managers' notations and options, no shell and no files. A word that is only known at run time is ``None``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from .pep508 import parse_requirement
from .reference import Level, is_commit, is_version
from .url import is_url, locate, locate_npm, plain_http

Words: TypeAlias = Sequence[str | None]

# what must occur in a script before it is worth parsing
WORDS: Final = re.compile(
    r"\b(?:pip3?(?:\.\d+)?|pipx|uvx?|conda|mamba|micromamba|npm|npx|pnpm|pnpx|yarn|bunx?|gem|go|cargo|composer|dotnet|apt|apt-get|aptitude|apk|dnf|yum|"
    r"microdnf|tdnf|zypper|brew|choco|winget|curl|wget|pipenv|pdm|poetry|easy_install|deno)\b"
)


class Install(NamedTuple):
    """One thing that a command installs. ``word`` is the index of the word that names it (0: the program).

    ``kind``: ``package``, ``locked`` (what a lock file lists, without holding to it), ``requirements`` (a file), ``local`` (the
    project in a directory, with whatever dependencies are newest), ``git``, ``url``, ``plain`` (an index or URL without TLS),
    ``extra-index``.
    """

    ecosystem: str
    name: str
    requested: str
    level: Level
    word: int
    kind: str = "package"
    advice: str = ""


class _Args(NamedTuple):
    """The operands of a command line and its options with their values, each with the index of its word."""

    operands: tuple[tuple[int, str | None], ...]
    options: Mapping[str, tuple[int, str | None]]

    def has(self, *names: str) -> bool:
        return any(name in self.options for name in names)


def installs(words: Words) -> Iterator[Install]:
    """What the command ``words`` installs. Options before the subcommand are stepped over."""
    program = (words[0] or "").rpartition("/")[2] if words else ""
    if re.fullmatch(r"python[\d.]*|pypy[\d.]*|py", program) and len(words) > 3 and words[1] == "-m" and words[2] in ("pip", "pipx", "uv"):
        yield from (each._replace(word=each.word + 2) for each in installs(words[2:]))
        return
    if re.fullmatch(r"pip[\d.]*", program):
        program = "pip"
    handler = _HANDLERS.get(program.removesuffix(".exe").removesuffix(".cmd"))
    if handler is not None and len(words) > 1:
        yield from handler(words)


def _parse(words: Words, start: int, valued: frozenset[str] = frozenset()) -> _Args:
    """Split ``words[start:]``; options of ``valued`` take the next word unless they hold a ``=``."""
    operands: list[tuple[int, str | None]] = []
    options: dict[str, tuple[int, str | None]] = {}
    at = start
    while at < len(words):
        word = words[at]
        if word == "--":
            operands += [(i, words[i]) for i in range(at + 1, len(words))]
            break
        if word is not None and word.startswith("-") and len(word) > 1:
            name, equals, value = word.partition("=")
            if equals:
                options.setdefault(name, (at, value))
            elif name in valued and at + 1 < len(words):
                options.setdefault(name, (at + 1, words[at + 1]))
                at += 1
            else:
                options.setdefault(name, (at, None))
        else:
            operands.append((at, word))
        at += 1
    return _Args(tuple(operands), options)


def _sub(words: Words, names: frozenset[str], valued: frozenset[str] = frozenset()) -> int:
    """The index behind the subcommand (one of ``names``) if that is the first word that is no option, else 0."""
    at = 1
    while at < len(words):
        word = words[at]
        if word is None:
            return 0
        if not word.startswith("-"):
            return at + 1 if word in names else 0
        at += 2 if word in valued else 1
    return 0


# -- Python

_PIP_VALUED: Final = frozenset(
    "-r --requirement -c --constraint -i --index-url --extra-index-url -t --target --prefix --root -f --find-links --python --platform "
    "--python-version --implementation --abi --cache-dir --trusted-host --timeout --retries --proxy --cert --client-cert --log --no-binary "
    "--only-binary --progress-bar --src --upgrade-strategy -e --editable --report --config-settings -C --build-constraint --override "
    "--index-strategy --resolution --exclude-newer --python-platform --group --extra --keyring-provider --index "
    "--default-index --root-user-action".split()
)


def _pip(words: Words) -> Iterator[Install]:
    at = _sub(words, frozenset({"install", "wheel", "download"}), frozenset({"--python", "--cache-dir", "--proxy", "--cert", "--log"}))
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
    at = _sub(
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
    at = _sub(words, frozenset({"install", "run", "inject"}), frozenset({"--python"}))
    if not at:
        return
    args = _parse(words, at, frozenset({"--spec", "--python", "--pip-args", "--index-url", "-i", "--suffix"}))
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
    at = _sub(words, frozenset({"install", "create"}))
    if not at:
        return
    args = _parse(words, at, frozenset("-n --name -p --prefix -c --channel -f --file --solver".split()))
    for index, text in args.operands:
        if text is None or text.endswith((".conda", ".tar.bz2", ".yml", ".yaml", ".txt")):
            continue
        spec = text.rpartition("::")[2]
        m = re.match(r"([\w.-]+)\s*(.*)\Z", spec)
        if m is not None:
            exact = m[2].startswith(("=",)) and m[2].lstrip("=")[:1].isdigit() and "*" not in m[2]
            yield Install("conda", m[1], m[2], "version" if exact else "floating", index)


def _frozen(program: str, subcommands: str, flags: str, advice: str, ecosystem: str) -> Callable[[Words], Iterator[Install]]:
    """A command that installs what a lock lists, but only with one of ``flags`` refuses a lock that is out of date."""

    def handler(words: Words) -> Iterator[Install]:
        at = _sub(words, frozenset(subcommands.split()))
        if at and not any(word in flags.split() for word in words) and not _parse(words, at).operands:
            yield Install(ecosystem, f"{program} {words[at - 1]}", "", "floating", at - 1, "locked", advice)

    return handler


# -- JavaScript

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
    at = _sub(words, frozenset({"install", "i", "add", "in", "isntall", "exec", "x", "install-test", "it", "update", "up"}), _NPM_VALUED)
    if not at:
        return
    if words[at - 1] in ("exec", "x"):
        yield from _npx_args(words, at)
        return
    args = _parse(words, at, _NPM_VALUED)
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
    at = _sub(words, frozenset({"add", "dlx", "install", "i"}), _NPM_VALUED)
    if not at:
        return
    args = _parse(words, at, _NPM_VALUED)
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
    yield from _node_packages(_parse(words, 1, _NPM_VALUED).operands[:1])


def _yarn(words: Words) -> Iterator[Install]:
    at = _sub(words, frozenset({"add", "dlx", "install", "global"}), _NPM_VALUED)
    if not at:
        return
    args = _parse(words, at, _NPM_VALUED)
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
    at = _sub(words, frozenset({"add", "install", "i", "x"}), frozenset({"--cwd", "--config"}))
    if not at:
        return
    args = _parse(words, at, frozenset({"--cwd", "--config", "--registry"}))
    if words[at - 1] == "x":
        yield from _npx_args(words, at)
    elif args.operands:
        yield from _node_packages(args.operands)
    elif not args.has("--frozen-lockfile", "-g", "--global"):
        yield Install("npm", "bun install", "", "floating", at - 1, "locked", "bun install --frozen-lockfile")


# -- other languages


def _gem(words: Words) -> Iterator[Install]:
    at = _sub(words, frozenset({"install", "i"}))
    if not at:
        return
    args = _parse(words, at, frozenset("-v --version -s --source -i --install-dir -n --bindir -P --trust-policy --platform".split()))
    given = args.options.get("-v") or args.options.get("--version")
    for index, text in args.operands:
        if text is None or text.endswith(".gem"):
            continue
        name, _, version = text.partition(":")
        version = version or (given[1] or "?" if given is not None else "")
        exact = version == "?" or (is_version(version.strip("= ")) and not version.strip().startswith(("~", ">", "<")))
        yield Install("gem", name, version, "version" if exact else "floating", index)


def _go(words: Words) -> Iterator[Install]:
    at = _sub(words, frozenset({"install", "get", "run"}))
    if not at:
        return
    args = _parse(words, at, frozenset("-C -ldflags -tags -o -mod -modfile -p -gcflags -asmflags".split()))
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
    at = _sub(words, frozenset({"install", "binstall"}))
    if not at:
        return
    args = _parse(
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
    at = _sub(words, frozenset({"require", "global"}))
    if at and words[at - 1] == "global":
        at = at + 1 if at < len(words) and words[at] == "require" else 0
    if not at:
        return
    for index, text in _parse(words, at, frozenset({"-d", "--working-dir"})).operands:
        name, _, version = (text or "").partition(":")
        if "/" in name:
            yield Install("composer", name, version, "version" if re.fullmatch(r"v?\d+\.\d+\.\d+\S*", version) else "floating", index)


def _dotnet(words: Words) -> Iterator[Install]:
    args = _parse(words, 1, frozenset("--version -v --framework -f --source -s --add-source --configfile --tool-path --project".split()))
    operands = [text for _, text in args.operands]
    if operands[:2] == ["tool", "install"] or (operands[:1] == ["add"] and "package" in operands):
        index, name = args.operands[-1]
        given = args.options.get("--version") or args.options.get("-v")
        if name and name not in ("install", "package"):
            version = (given[1] or "?") if given is not None else ""
            yield Install("nuget", name, version, "version" if version and "*" not in version else "floating", index)


# -- distributions and systems


def _system(ecosystem: str, subcommands: str, valued: str, versioned: str) -> Callable[[Words], Iterator[Install]]:
    """A distribution's manager: packages whose word does not match ``versioned`` come in whatever version there is."""
    names, options = frozenset(subcommands.split()), frozenset(valued.split())

    def handler(words: Words) -> Iterator[Install]:
        at = _sub(words, names, options)
        if not at:
            return
        args = _parse(words, at, options)
        if ecosystem in ("choco", "winget") and args.has("--version", "-v"):
            return
        for index, text in args.operands:
            if (
                text is None
                or not re.match(r"[A-Za-z0-9@]", text)
                or text.endswith((".deb", ".rpm", ".apk", ".config"))
                or ("/" in text and ecosystem != "brew")
            ):
                continue
            exact = _pattern(versioned).search(text) is not None
            yield Install(ecosystem, text, "", "version" if exact else "floating", index)

    return handler


@lru_cache(maxsize=16)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


_APT: Final = _system(
    "apt", "install", "-o -t -c --option --target-release --default-release --config-file -a --host-architecture", r"=|[-+]\Z"
)
_RPM: Final = _system(
    "rpm",
    "install localinstall reinstall",
    "-c --config --enablerepo --disablerepo --repo --repoid --installroot --releasever -x --exclude --setopt",
    r"-\d+[.:]?\d*|^@",
)
_HANDLERS: Final[Mapping[str, Callable[[Words], Iterator[Install]]]] = {
    "pip": _pip,
    "uv": _uv,
    "uvx": _uvx,
    "pipx": _pipx,
    "conda": _conda,
    "mamba": _conda,
    "micromamba": _conda,
    "pipenv": _frozen("pipenv", "install", "--deploy --ignore-pipfile", "pipenv sync", "pypi"),
    "pdm": _frozen("pdm", "install", "--frozen-lockfile --check", "pdm sync", "pypi"),
    "npm": _npm,
    "npx": _npx,
    "pnpm": _pnpm,
    "pnpx": _pnpx,
    "yarn": _yarn,
    "bun": _bun,
    "bunx": _npx,
    "gem": _gem,
    "go": _go,
    "cargo": _cargo,
    "composer": _composer,
    "dotnet": _dotnet,
    "apt": _APT,
    "apt-get": _APT,
    "aptitude": _APT,
    "apk": _system("apk", "add", "-t --virtual -X --repository -p --root --repositories-file --keys-dir", r"[=<>~]"),
    "dnf": _RPM,
    "yum": _RPM,
    "microdnf": _RPM,
    "tdnf": _RPM,
    "zypper": _system("zypper", "install in", "-r --repo -t --type -R --root --from", r"[=<>]"),
    "brew": _system("brew", "install", "", r"@\d"),
    "choco": _system("choco", "install", "--version --source -s", r"\A\Z"),
    "winget": _system("winget", "install", "--version -v --source -s --id -e --scope", r"\A\Z"),
}
