"""What the place of a token says about it: documentation, tests, a published configuration, an address that was signed.

Where values are shown rather than used, a token that nothing proves does not stop the commit. Knows no format beyond the few
that are public in some place.
"""

from __future__ import annotations

import re
from typing import Final

from ..files.filetype import path_traits
from ..files.source import Source

_FIXTURE: Final = frozenset({"test", "example"})
_PAGES: Final = (".txt", ".html", ".htm")  # of these only few are documentation: notes, programs in pages
_WEB_FILES: Final = frozenset({"google-services.json", "GoogleService-Info.plist", "firebase_options.dart"})
# Signed requests name the key's id beside the signature: AWS Signature Version 4 (query, header) and 2 (query)
_SIGNED: Final = re.compile(r"(?:X-Amz-Credential(?:=|%3D)|AWS4-HMAC-SHA256 Credential=|[?&]AWSAccessKeyId=)\Z", re.IGNORECASE)


def is_fixture(path: str) -> bool:
    """Whether a file lies among tests or examples, where nearly all keys are made for the purpose."""
    return not _FIXTURE.isdisjoint(path_traits(path))


def is_shown(source: Source, at: int | None, *, doubtful: bool = False) -> bool:
    """Whether a token is there to be read: in documentation or an example, or in a docstring.

    ``at``: where it stands in the file's own text; ``None`` in a layer that was decoded. ``doubtful``: of a format that only its
    surroundings make, which a line that is switched off does not. What is unmistakable was used before it was commented out.
    """
    traits = path_traits(source.path)
    if "example" in traits or ("docs" in traits and not source.path.lower().endswith(_PAGES)):
        return True
    if at is None:
        return False
    from .generic.judge import documented, switched_off

    return (doubtful and switched_off(source.text, at)) or documented(source, at)


def is_generated(path: str) -> bool:
    """Whether a program wrote the file: lock files and their like are full of names and hashes."""
    return "generated" in path_traits(path)


def is_web_key(path: str, text: str, at: int) -> bool:
    """Whether a Google API key is one of those that ship in every app: Firebase's configuration is public by design."""
    return path.rsplit("/", 1)[-1] in _WEB_FILES or "authDomain" in text[max(0, at - 400) : at + 400]


def signs(text: str, at: int) -> bool:
    """Whether an access key's id stands in a signed request, where everybody sees it and the secret is not near."""
    return _SIGNED.search(text, max(0, at - 48), at) is not None


def called_secret(gap: str) -> bool:
    """Whether an identifier stands under a name that calls it a secret; ``gap`` is the text before it."""
    secret = re.search(r"(?i)token|secret|passw|private", gap) is not None
    return secret and re.search(r"(?i)public|_ids?\b|Id\b|name", gap) is None
