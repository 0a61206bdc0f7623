"""What ties a value to a provider's name: joined to it, under it, before it on the line, in the path of its address."""

from __future__ import annotations

from random import Random

import pytest

from secops_hooks.files.filetype import detect
from secops_hooks.files.source import Source
from secops_hooks.files.tree import MemoryTree
from secops_hooks.parse import File
from secops_hooks.policy.settings import Settings
from secops_hooks.secrets.check import check

random = Random(7)
HEX = "".join(random.choice("0123456789abcdef") for _ in range(32))
MIXED = "".join(random.choice("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(32))
UUID = "-".join((HEX[:8], HEX[8:12], HEX[12:16], HEX[16:20], HEX[20:]))
COUNTED = "abcdefghijklmnopqrstuvwxyzabcdef"  # as long as the tokens of vatlayer


def found(text: str, path: str = "config.txt") -> dict[str, str]:
    """Rule and tier of what is found."""
    source = Source.from_text(path, text)
    return {f.rule.id: f.tier for f in check(File(source, detect(path, text)), MemoryTree({path: text}), Settings(tier="audit"))}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (f"mailboxlayer-key-{MIXED}\n", "mailboxlayer-api-key"),
        (f"mailboxlayer-api-token-{MIXED}\n", "mailboxlayer-api-key"),
        (f"mailboxlayer\nKEY\n{MIXED}\n", "mailboxlayer-api-key"),
        (f"mailboxlayer private access key\n{MIXED}\n", "mailboxlayer-api-key"),
        (f'KEY = "{UUID}"  # the Magnetic one\n', "magnetic-api-token"),
        (f"token: {UUID} // Magnetic\n", "magnetic-api-token"),
        (f'curl -H "X-Api-Key: {UUID}" https://api.magnetic.invalid/v1/users\n', "magnetic-api-token"),
        (f"https://api.mailboxlayer.invalid/v3/{MIXED}\n", "mailboxlayer-api-key"),
        (f"https://mailboxlayer.invalid/hooks/{MIXED}/send\n", "mailboxlayer-api-key"),
    ],
    ids=["dash", "dash, two words", "lines of its own", "words above", "remark", "remark in C", "header", "path", "hook"],
)
def test_tied(text: str, rule: str) -> None:
    assert rule in found(text)


@pytest.mark.parametrize(
    "text",
    [
        f"mailboxlayer-{MIXED}x-key\n",
        f"mailboxlayer\nis the name of\n{MIXED}\n",
        f'etag = "{UUID}"  # as Magnetic gives it\n',
        f'ID = "{UUID}"\nx = 1  # Magnetic\n',
        f"https://api.mailboxlayer.invalid/files/{MIXED}\n",
        f"https://api.magnetic.invalid/v1/{UUID}\n",
        f"https://api.other.invalid/v3/{MIXED} and mailboxlayer\n",
    ],
    ids=["longer word", "prose between", "etag", "remark of another line", "no key's path", "id in a path", "another host"],
)
def test_not_tied(text: str) -> None:
    assert not {"mailboxlayer-api-key", "magnetic-api-token"} & set(found(text))


@pytest.mark.parametrize(
    "text", [f"vatlayer_token = {COUNTED}\n", f"vatlayer SECRET {COUNTED}xyz\n"], ids=["of its length", "about its length"]
)
def test_what_counts_up_under_the_name_of_a_key_warns(text: str) -> None:
    assert set(found(text).values()) == {"warn"}


@pytest.mark.parametrize("text", [f"vatlayer = {COUNTED}\n", f"vatlayer_token = {COUNTED[:14]}\n"], ids=["no key", "much shorter"])
def test_what_counts_up_is_no_secret_elsewhere(text: str) -> None:
    assert "vatlayer-api-key" not in found(text)
