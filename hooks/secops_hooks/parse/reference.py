"""References: parts of a value that only the run time, a shell or a template engine can fill in.

Text and format in, yes or no out. What counts differs between formats: a ``$`` in JSON is mostly literal, ``$(…)`` means
something to make, Kubernetes and MSBuild but nothing to TOML. A ``<PLACEHOLDER>`` is no reference; it is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ..records import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Final

_BRACED: Final = r"\$\{(?:[^{}]{0,500}(?:\{[^{}]{0,500}\}{1,2}[^{}]{0,500}){0,20}\})?"  # ${VAR}, ${VAR:-x}, ${{ … }}
_BARE: Final = r"(?<![\w$\\])\$[A-Za-z_]\w*(?![\w$])"  # $VAR, not the $argon2id$ of a hash, not pa$word
_SHELL_VAR: Final = r"(?<![$\\])\$(?:[A-Za-z_]\w*|[0-9@*#?!$-])"  # $VAR, $1, $@
_COMMAND: Final = r"\$\((?:[^()]{0,500}\))?"  # $(…): command, make and MSBuild variable, Kubernetes $(VAR)
_PERCENT: Final = r"%[A-Za-z_][\w.]{2,60}%|%env\([^()%]{1,200}\)%"  # %VAR% of Windows and Symfony; not %AB%CD of a URL
_HASH: Final = r"#\{(?:[^{}]{0,500}\}#?)?"  # Ruby, Spring expressions, Octopus
_AT: Final = r"@[A-Za-z][\w.-]{1,80}@"  # resource filters of Maven, autoconf

_BACKTICKS: Final = r"`[^`]{1,500}`"

# what opens a reference whatever follows, and what only a pattern can tell, behind a sign that it needs
_OPENERS: Final[dict[str, str]] = {
    "${": _BRACED,
    "{{": r"\{\{(?:[^{}]{0,500}\}\})?",  # Go, Jinja
    "{%": r"\{%(?:[^{}]{0,500}%\})?",  # Jinja
    "<%": r"<%(?:[^<>]{0,500}%>)?",  # ERB
    "$(": _COMMAND,
    "#{": _HASH,
}
_TEMPLATES: Final = ("${", "{{", "{%", "<%")
_RULES: Final[dict[str, tuple[tuple[str, ...], tuple[tuple[str, str], ...]]]] = {
    "yaml": ((*_TEMPLATES, "$(", "#{"), (("$", _BARE), ("%", _PERCENT))),
    "json": ((*_TEMPLATES, "#{"), ()),
    "toml": (_TEMPLATES, (("$", _BARE),)),
    "hcl": ((), (("${", r"(?<!\$)\$\{(?:[^{}]{0,500}\})?"), ("%{", r"(?<!%)%\{(?:[^{}]{0,500}\})?"))),
    "hcl-expression": ((), ((".", r"\b(?:var|local|data|module|each|count|path|self|terraform)\.[A-Za-z_][\w.-]*"),)),
    "xml": ((*_TEMPLATES, "$(", "#{"), (("%", _PERCENT), ("@", _AT))),
    "ini": (_TEMPLATES, (("$", _BARE), ("%", _PERCENT), ("%(", r"%\([^()\n]{1,200}\)s"))),
    "properties": ((*_TEMPLATES, "#{"), (("%", _PERCENT), ("@", _AT))),
    "env": ((*_TEMPLATES, "$("), (("$", _SHELL_VAR), ("`", _BACKTICKS))),
    "dockerfile": ((*_TEMPLATES, "$("), (("$", _SHELL_VAR),)),
    "shell": ((*_TEMPLATES, "$("), (("$", _SHELL_VAR), ("`", _BACKTICKS))),
    "make": ((*_TEMPLATES, "$("), (("$", r"\$[A-Za-z@<^*?%+]"),)),
    "directives": (_TEMPLATES, (("$", _BARE), ("%{", r"%\{[^{}\n]{0,200}\}"))),
}


@lru_cache(maxsize=64)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def has_reference(text: str, format: str) -> bool:
    """Whether ``text``, a value in a file of ``format``, holds a reference.

    ``format`` is a key of ``parse.MODULES``, ``make`` or ``hcl-expression``; an unknown one is taken for YAML, which knows the most.
    """
    openers, patterns = _RULES.get(format) or _RULES["yaml"]
    for opener in openers:
        if opener in text:
            return True
    return any(sign in text and _pattern(pattern).search(text) is not None for sign, pattern in patterns)


def references(text: str, format: str) -> Iterator[tuple[int, int]]:
    """Where the references in ``text`` begin and end (an unclosed or deeply nested one ends behind its opening)."""
    openers, patterns = _RULES.get(format) or _RULES["yaml"]
    whole = "|".join((*(_OPENERS[opener] for opener in openers), *(pattern for _, pattern in patterns)))
    for match in _pattern(whole).finditer(text):
        yield match.span()
