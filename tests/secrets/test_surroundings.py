"""Places where tokens are shown rather than used."""

from __future__ import annotations

import base64
import json

import pytest

from secops_hooks.files.filetype import detect
from secops_hooks.files.source import Source
from secops_hooks.files.tree import MemoryTree
from secops_hooks.parse import File
from secops_hooks.policy.settings import Settings
from secops_hooks.secrets.check import check

PAT = "glp" + "at-JVNSESs8Ew" + "WRx5yDxM5q"
AWS = "AKI" + "AIX7Q2MZKTW4LPV3N"
PEM = (
    "-----BEGIN PGP PRIVATE "
    + "KEY BLOCK-----\n\n"
    + "q7Rx2mZk9Tw4Lpv8Ndq7Rx2mZk9Tw4Lpv8Nd\n" * 6
    + "-----END PGP PRIVATE "
    + "KEY BLOCK-----\n"
)


def jwt(payload: dict[str, object]) -> str:
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "typ": "JWT"}, payload)]
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), "q7Rx2mZk9Tw4Lpv8Ndq7Rx2mZk9Tw4Lpv8Nd"])


EXPIRED = jwt({"iss": "https://idp.invalid", "sub": "x", "exp": 1500000000})
ENDLESS = jwt({"sub": "x"})
NAMELESS = jwt({"confidence": 0.8})

TIERS = {
    "a token in code": ("app/a.py", f"t = '{PAT}'\n", ["block"]),
    "a token in a guide": ("docs/a.rst", f"t = '{PAT}'\n", ["warn"]),
    "a token in a readme": ("README.md", f"t = '{PAT}'\n", ["warn"]),
    "a token in a note": ("notes.txt", f"t = '{PAT}'\n", ["block"]),
    "a token in a docstring": ("app/a.py", f'"""Log in.\n\n    t = Client("{PAT}")\n"""\n', ["warn"]),
    "a token in a test": ("tests/a.py", f"t = '{PAT}'\n", ["block"]),
    "a private key in a docstring": ("app/a.py", f'"""Sign.\n\n{PEM}"""\n', ["warn"]),
    "a private key in code": ("app/a.py", f'KEY = """{PEM}"""\n', ["block"]),
    "expired": ("app/a.py", f"t = '{EXPIRED}'\n", ["warn"]),
    "expired, in a test": ("tests/a.py", f"t = '{EXPIRED}'\n", ["audit"]),
    "expired, in a guide": ("docs/a.md", f"t = '{EXPIRED}'\n", ["audit"]),
    "without expiry": ("app/a.py", f"t = '{ENDLESS}'\n", ["block"]),
    "without expiry, in a test": ("tests/a.py", f"t = '{ENDLESS}'\n", ["warn"]),
    "of nobody": ("app/a.py", f"t = '{NAMELESS}'\n", ["audit"]),
    "an id in code": ("app/a.py", f"i = '{AWS}'\n", ["block"]),
    "an id in a signed address": ("app/a.py", f"u = 'https://b.invalid/x?X-Amz-Credential={AWS}%2F20180913%2Feu'\n", ["audit"]),
    "an id in an older signed address": ("app/a.py", f"u = 'https://b.invalid/x?AWSAccessKeyId={AWS}&Expires=1'\n", ["audit"]),
}


@pytest.mark.parametrize("name", TIERS)
def test_tier_by_place(name: str) -> None:
    path, text, tiers = TIERS[name]
    file = File(Source.from_text(path, text), detect(path, text))
    assert [found.tier for found in check(file, MemoryTree({path: text}), Settings())] == tiers
