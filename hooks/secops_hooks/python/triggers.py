"""Whether bandit is worth loading for a file: a sound look at its words, so that most commits never import bandit.

Sound means: when no word of a test occurs, the test cannot fire. Identifiers are compared after NFKC, as Python does;
strings also with escapes decoded and neighbouring literals joined, so that no spelling hides a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ..lazy import Lazy
from ..prescan import Words
from ..records import TYPE_CHECKING
from .tests import TESTS, Test

if TYPE_CHECKING:
    from typing import Final

_ESCAPE: Final = Lazy(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|(\r?\n)|N\{([^}]*)\})")
_SEAM: Final = Lazy(r"""["'](?:[ \t\r\n\f\\]|\#[^\n]*\n)*[rRbBuUfF]{0,2}["']""")


@lru_cache(maxsize=1)
def _words() -> Words:
    return Words({word for test in TESTS for words in test.words for word in words})


def possible(text: str, tests: Iterable[Test]) -> set[str]:
    """The ids of those of ``tests`` that could fire on the Python source ``text``."""
    found = _words().found(_plain(text))
    return {test.id for test in tests if any(all(word in found for word in words) for words in test.words)}


def _plain(text: str) -> str:
    """``text`` in lower case and NFKC, followed by itself with escapes decoded and seams of literals removed."""
    if not text.isascii():
        from unicodedata import normalize

        text = text + "\n" + normalize("NFKC", text)
    views = [text]
    if _ESCAPE.search(text):
        text = _ESCAPE.sub(_decoded, text)
        views.append(text)
    joined = _SEAM.sub("", text)
    if joined != text:
        views.append(joined)
    return "\n".join(views).lower()


def _decoded(match: re.Match[str]) -> str:
    hexadecimal = match[1] or match[2] or match[3]
    if hexadecimal:
        code = int(hexadecimal, 16)
        return chr(code) if code < 0x110000 else ""
    if match[4]:
        return chr(int(match[4], 8))
    if match[6]:
        from unicodedata import lookup

        try:
            return lookup(match[6])
        except KeyError:
            return ""
    return ""
