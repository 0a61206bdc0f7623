"""Container image references: ``[registry/]path[:tag][@digest]`` taken apart, and how firmly they are pinned.

Grammar: the distribution project's reference package (https://pkg.go.dev/github.com/distribution/reference).
"""

from __future__ import annotations

import re

from ..records import TYPE_CHECKING, NamedTuple
from .reference import Level

if TYPE_CHECKING:
    from typing import Final

_DIGEST: Final = {"sha256": 64, "sha384": 96, "sha512": 128}
MOVING: Final = frozenset(
    "latest edge nightly main master dev devel develop development stable canary rolling current next head trunk unstable snapshot "
    "beta alpha rc preview testing lts mainline".split()
)


class Image(NamedTuple):
    """``name`` with its registry; ``tag`` and ``digest`` empty where none is given."""

    name: str
    tag: str
    digest: str

    @property
    def level(self) -> Level:
        if self.digest:
            return "content"
        return "floating" if not self.tag or self.tag.lower() in MOVING else "version"


def parse_image(text: str) -> Image | None:
    """The parts of an image reference; ``None`` when ``text`` is none (blanks, a path, an expression).

    A digest of the wrong length or with other than hexadecimal digits is no digest and counts as none.
    """
    text = text.strip().removeprefix("docker://").removeprefix("docker-image://").removeprefix("oci://")
    if not text or _no_image().search(text):
        return None
    rest, _, digest = text.partition("@")
    name, tag = rest, ""
    colon = rest.rfind(":")
    if colon > rest.rfind("/"):
        name, tag = rest[:colon], rest[colon + 1 :]
    if not name:
        return None
    algorithm, _, value = digest.partition(":")
    whole = len(value) == _DIGEST.get(algorithm, -1) and all(char in "0123456789abcdef" for char in value)
    return Image(name, tag, digest if whole else "")


def _no_image() -> re.Pattern[str]:
    return re.compile(r"[\s$%{}<>()\[\]\"'`\\,;!*?|&=^#]|^[./~-]")
