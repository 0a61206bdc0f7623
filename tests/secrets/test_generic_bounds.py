"""Hostile input: time stays linear whatever the names, quotes and commands are piled up."""

from __future__ import annotations

import time

import pytest

from secops_hooks.files.filetype import detect
from secops_hooks.files.source import Source
from secops_hooks.files.tree import MemoryTree
from secops_hooks.parse import File
from secops_hooks.secrets import generic

PILES = {
    "names": "password=" * 2000, "spaces": ("password:" + " " * 4000 + "x\n") * 20, "slashes": ("/" * 390 + ' password = "x"\n') * 100,
    "commands": "curl " * 20000, "users": "curl -u a:b " * 2000, "addresses": "a://b:c@d " * 5000, "colons": "://" * 50000, "at": "://" + "a:" * 50000 + "@",
    "quotes": 'password="' * 5000, "open quote": 'password = "' + "a" * 500_000, "headers": "authorization: " * 5000, "bearer": "bearer " + "a" * 500_000,
    "docstrings": '"""\npassword = "hunter2x"\n' * 1000, "one name": "password" * 20000, "calls": 'login("a",' * 5000, "hashes": "$2a$10$" * 20000,
    "elements": "<password>" * 5000, "attributes": "<password " + "a " * 50000, "variables": "password: ${A:" * 5000, "triples": "'''" * 50000 + "password = 'a1'",
}  # fmt: skip


@pytest.mark.parametrize("path", ["a.py", "a.txt", "a.yaml"])
@pytest.mark.parametrize("name", PILES)
def test_time_is_bounded(name: str, path: str) -> None:
    text = PILES[name]
    file = File(Source.from_text(path, text), detect(path, text))
    start = time.process_time()
    list(generic.find(file, MemoryTree({path: text}), None, ()))
    assert time.process_time() - start < 6
