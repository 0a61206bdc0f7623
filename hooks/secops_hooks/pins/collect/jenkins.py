"""Jenkinsfiles: shared libraries and images, read from the text (the file is a Groovy program)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ..image import parse_image
from ..reference import Collected, Reference, is_commit

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File

_LIBRARY: Final = r"""(?x)@Library\(\s*(?:value\s*[:=]\s*)?(\[[^\]]{0,500}\]|['"][^'"\n]{1,200}['"])
    |\blibrary\s*\(?\s*(?:identifier\s*:\s*)?(['"][^'"\n]{1,200}['"])"""
_IMAGE: Final = (
    r"""\bdocker\.image\(\s*(['"])([^'"\n]{1,300})\1|\bimage\s*[:=]?\s*(['"])([^'"\n]{1,300})\3|\bdocker\s+(['"])([^'"\n]{1,300})\5"""
)
_STRING: Final = r"""(['"])([^'"\n]{1,200})\1"""
_COMMENT: Final = r"(?m)^\s*(?://|\*|/\*).*$"


@lru_cache(maxsize=8)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def collect(file: File, tree: Tree) -> Collected:
    """The libraries and images that a Jenkinsfile names in literal strings."""
    source = file.source
    text = _pattern(_COMMENT).sub(lambda m: " " * len(m[0]), source.text)
    for m in _pattern(_LIBRARY).finditer(text):
        group = 1 if m[1] else 2
        for string in _pattern(_STRING).finditer(text, m.start(group), m.end(group)):
            name, _, ref = string[2].partition("@")
            if "$" not in string[2]:
                level = "content" if is_commit(ref) else "floating"
                yield Reference(
                    "ci", name, ref, "", "content" if level == "content" else "floating", source, string.start(2), string.end(2), "library"
                )
    for m in _pattern(_IMAGE).finditer(text):
        group = next(number for number in (2, 4, 6) if m[number])
        image = parse_image(m[group])
        if image is not None:
            yield Reference("image", image.name, image.tag, image.digest, image.level, source, m.start(group), m.end(group), "pipeline")
