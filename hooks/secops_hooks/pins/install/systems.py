"""Package managers of distributions and operating systems: apt, apk, dnf, zypper, brew, choco, winget."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from .words import Handler, Install, Words, parse, subcommand


def _system(ecosystem: str, subcommands: str, valued: str, versioned: str) -> Handler:
    """A distribution's manager: packages whose word does not match ``versioned`` come in whatever version there is."""
    names, options = frozenset(subcommands.split()), frozenset(valued.split())

    def handler(words: Words) -> Iterator[Install]:
        at = subcommand(words, names, options)
        if not at:
            return
        args = parse(words, at, options)
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
    "install localinstall reinstall module",
    "-c --config --enablerepo --disablerepo --repo --repoid --installroot --releasever -x --exclude --setopt",
    r"-\d+[.:]?\d*|^@|:\d|^(?:install|enable|switch-to|reset|disable)\Z",
)
HANDLERS: Final[dict[str, Handler]] = {
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
