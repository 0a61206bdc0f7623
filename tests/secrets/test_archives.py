"""Members of archives, looked at when settings ask for it; what cannot be unpacked is told."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import Finding
from secops_hooks.parse import load
from secops_hooks.policy.settings import Settings
from secops_hooks.secrets.check import check

ASKED = Settings(extra={"secrets": {"archives": True}})


def findings(data: bytes, settings: Settings) -> list[Finding]:
    tree = MemoryTree({"a.bin": data})
    file = load(tree, "a.bin")
    assert file is not None
    return list(check(file, tree, settings))


def zipped(text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("etc/app.env", text)
    return out.getvalue()


@pytest.mark.parametrize("pack", [zipped, lambda text: gzip.compress(text.encode())], ids=["zip", "gzip"])
def test_members_are_looked_at_when_asked_for(aws_key, pack) -> None:
    data = pack(f"REGION=x\nAWS_ACCESS_KEY_ID={aws_key()}\n")
    assert findings(data, Settings()) == []
    (found,) = findings(data, ASKED)
    assert (found.rule.id, found.path, found.span.line) == ("aws-access-key-id", "a.bin", 1)
    assert "of this archive, line 2" in found.message
    assert aws_key() not in found.message


def test_a_damaged_archive_is_told() -> None:
    assert [f.rule.id for f in findings(b"PK\x03\x04 nothing of the kind", ASKED)] == ["unanalysable"]


def test_a_bomb_stays_small() -> None:
    assert findings(gzip.compress(b"\0" * 300_000_000), ASKED) == []


def _broken(data: bytes) -> bytes:
    """The second member's own bytes damaged, the directory whole."""
    at = data.find(b"PK\x03\x04", 4)
    return data[: at + 40] + bytes(each ^ 0xFF for each in data[at + 40 : at + 60]) + data[at + 60 :]


@pytest.mark.parametrize("case", ["damaged", "encrypted", "too large"])
def test_a_member_that_was_not_looked_at_is_told(case: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme", "nothing\n")
        archive.writestr("second", b"\0" * 9_000_000 if case == "too large" else bytes(range(256)) * 8)
    data = _broken(out.getvalue()) if case == "damaged" else out.getvalue()
    if case == "encrypted":
        at = data.rfind(b"PK\x01\x02")  # the flag of the directory's last entry
        data = data[: at + 8] + b"\x01" + data[at + 9 :]
    (found,) = findings(data, ASKED)
    assert found.rule.id == "unanalysable"
    assert "of this archive second could not be looked at" in found.message
