"""References: parts of a value that only the run time, a shell or a template engine can fill in.

Text and format in, yes or no out. What counts differs between formats: a ``$`` in JSON is mostly literal, ``$(…)`` means
something to make, Kubernetes and MSBuild but nothing to TOML. A ``<PLACEHOLDER>`` is no reference; it is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_BRACED: Final = r"\$\{(?:[^{}]{0,500}(?:\{[^{}]{0,500}\}{1,2}[^{}]{0,500}){0,20}\})?"  # ${VAR}, ${VAR:-x}, ${{ … }}
_BARE: Final = r"(?<![\w$\\])\$[A-Za-z_]\w*(?![\w$])"  # $VAR, not the $argon2id$ of a hash, not pa$word
_SHELL_VAR: Final = r"(?<![$\\])\$(?:[A-Za-z_]\w*|[0-9@*#?!$-])"  # $VAR, $1, $@
_COMMAND: Final = r"\$\((?:[^()]{0,500}\))?"  # $(…): command, make and MSBuild variable, Kubernetes $(VAR)
_TEMPLATE: Final = r"\{\{(?:[^{}]{0,500}\}\})?|\{%(?:[^{}]{0,500}%\})?|<%(?:[^<>]{0,500}%>)?"  # Go, Jinja, ERB
_PERCENT: Final = r"%[A-Za-z_][\w.]{2,60}%|%env\([^()%]{1,200}\)%"  # %VAR% of Windows and Symfony; not %AB%CD of a URL
_HASH: Final = r"#\{(?:[^{}]{0,500}\}#?)?"  # Ruby, Spring expressions, Octopus
_AT: Final = r"@[A-Za-z][\w.-]{1,80}@"  # resource filters of Maven, autoconf

_COMMON: Final = (_BRACED, _TEMPLATE)
_PARTS: Final[dict[str, tuple[str, ...]]] = {
    "yaml": (*_COMMON, _COMMAND, _BARE, _PERCENT, _HASH),
    "json": (*_COMMON, _HASH),
    "toml": (*_COMMON, _BARE),
    "hcl": (r"(?<!\$)\$\{(?:[^{}]{0,500}\})?", r"(?<!%)%\{(?:[^{}]{0,500}\})?"),
    "hcl-expression": (r"\b(?:var|local|data|module|each|count|path|self|terraform)\.[A-Za-z_][\w.-]*",),
    "xml": (*_COMMON, _COMMAND, _PERCENT, _HASH, _AT),
    "ini": (*_COMMON, _BARE, _PERCENT, r"%\([^()\n]{1,200}\)s"),
    "properties": (*_COMMON, _PERCENT, _HASH, _AT),
    "env": (*_COMMON, _SHELL_VAR, _COMMAND, r"`[^`\n]{1,500}`"),
    "dockerfile": (*_COMMON, _SHELL_VAR, _COMMAND),
    "shell": (*_COMMON, _SHELL_VAR, _COMMAND, r"`[^`]{1,500}`"),
    "make": (*_COMMON, _COMMAND, r"\$[A-Za-z@<^*?%+]"),
    "directives": (*_COMMON, _BARE, r"%\{[^{}\n]{0,200}\}"),
}


@lru_cache(maxsize=16)
def pattern(format: str) -> re.Pattern[str]:
    """What matches one reference in a text of ``format``; an unknown format is taken for YAML, which knows the most."""
    return re.compile("|".join(_PARTS.get(format) or _PARTS["yaml"]))


def has_reference(text: str, format: str) -> bool:
    """Whether ``text``, a value in a file of ``format`` (a key of ``parse.MODULES``, ``make`` or ``hcl-expression``), holds a reference."""
    if "$" not in text and "{" not in text and "%" not in text and "@" not in text and "`" not in text and format != "hcl-expression":
        return False
    return pattern(format).search(text) is not None


def references(text: str, format: str) -> Iterator[tuple[int, int]]:
    """Where the references in ``text`` begin and end (an unclosed or deeply nested one ends behind its opening)."""
    for match in pattern(format).finditer(text):
        yield match.span()
