"""What a command line installs: words of one command in, packages with their versions out.

Pure: knows the managers' notations and options, no shell and no files. A word that is only known at run time is ``None``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from typing import Final

from .words import Handler, Install, Words

__all__ = ["WORDS", "Install", "installs"]

# what must occur in a script before it is worth parsing
WORDS: Final = re.compile(
    r"\b(?:pip[\d.]*|pipx|uvx?|conda|mamba|micromamba|npm|npx|pnpm|pnpx|yarn|bunx?|gem|go|cargo|composer|dotnet|apt|apt-get|aptitude|apk|dnf|yum|"
    r"microdnf|tdnf|zypper|brew|choco|winget|curl|wget|pipenv|pdm|poetry|easy_install|deno)\b"
)


def installs(words: Words) -> Iterator[Install]:
    """What the command ``words`` installs. Options before the subcommand are stepped over."""
    program = (words[0] or "").rpartition("/")[2] if words else ""
    if re.fullmatch(r"python[\d.]*|pypy[\d.]*|py", program) and len(words) > 3 and words[1] == "-m" and words[2] in ("pip", "pipx", "uv"):
        yield from (each._replace(word=each.word + 2) for each in installs(words[2:]))
        return
    if re.fullmatch(r"pip[\d.]*", program):
        program = "pip"
    handler = _handlers().get(program.removesuffix(".exe").removesuffix(".cmd"))
    if handler is not None and len(words) > 1:
        yield from handler(words)


@lru_cache(maxsize=1)
def _handlers() -> Mapping[str, Handler]:
    """The function of each program."""
    found: dict[str, Handler] = {}
    for module in ("python", "javascript", "languages", "systems"):
        found.update(import_module(f".{module}", __name__).HANDLERS)
    return found
