"""The packages of a Cargo.lock, read package by package as Cargo writes them: twenty times faster than a TOML parser.

Older formats and edited ones are read line by line, a lock with any other line as TOML.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from .model import toml_of

if TYPE_CHECKING:
    from ...files.source import Source

_LINE: Final = re.compile(
    r"""(?:(?P<key>[a-z]+) = (?:"(?P<text>[^"\\\n]*)"|(?P<open>\[)|(?P<number>\d+))|[ \t]+"(?P<item>[^"\\\n]*)",?|(?P<close>\])"""
    r"""|\[\[(?P<table>package|patch\.unused)\]\]|\[(?P<single>root|metadata)\]|"checksum [^"\\\n]*" = "[^"\\\n]*"|\#[^\n]*)?[ \t]*\r?\n"""
)
_STRING: Final = r'"([^"\\\n]*+)"'
_HEAD: Final = re.compile(r"(?:#[^\n]*+\n)*+(?:version = \d\n)?\n")
_PACKAGE: Final = re.compile(
    rf"\[\[package\]\]\nname = {_STRING}\nversion = {_STRING}\n(?:source = {_STRING}\n)?(?:checksum = {_STRING}\n)?"
    r"""(?:dependencies = \[\n((?: "[^"\\\n]*+",\n)*+)\]\n)?(?:\n|\Z)"""
)
_KEYS: Final = ("name", "version", "source", "checksum")


def packages_of(lock: Source) -> list[dict[str, Any]] | None:
    """The packages of a lock, its root (oldest format) among them; ``None`` when it is no TOML."""
    packages = _written(lock.text) or _scanned(lock.text)
    if packages is not None:
        return packages
    data = toml_of(lock)
    if data is None:
        return None
    listed = data.get("package", [])
    packages = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    if isinstance(data.get("root"), dict):
        packages.append(data["root"])
    return packages


def _written(text: str) -> list[dict[str, Any]] | None:
    head = _HEAD.match(text)
    packages: list[dict[str, Any]] = []
    at = head.end() if head is not None else 0
    for m in _PACKAGE.finditer(text, at):
        if m.start() != at:
            return None
        at = m.end()
        package: dict[str, Any] = {key: value for key, value in zip(_KEYS, m.groups(), strict=False) if value is not None}
        if m[5] is not None:
            package["dependencies"] = m[5][2:-3].split('",\n "') if m[5] else []
        packages.append(package)
    return packages if at == len(text) else None


def _scanned(text: str) -> list[dict[str, Any]] | None:
    packages: list[dict[str, Any]] = []
    current: dict[str, Any] = {}  # what stands above the first table is not kept
    items: list[str] | None = None
    at, end = 0, len(text)
    text = text if text.endswith("\n") else text + "\n"
    while at < end:
        m = _LINE.match(text, at)
        if m is None:
            return None
        at, kind = m.end(), m.lastgroup
        if (kind in ("item", "close")) is (items is None) and kind is not None:
            return None  # a list where none is open, or something else inside of one
        if kind == "text":
            if m["key"] in current:
                return None  # a key twice is no TOML
            current[m["key"]] = m["text"]
        elif kind == "item" and items is not None:
            items.append(m["item"])
        elif kind == "open":
            items = current[m["key"]] = []
        elif kind == "close":
            items = None
        elif kind in ("table", "single"):
            current = {}
            if m["table"] == "package" or m["single"] == "root":
                packages.append(current)
    return packages if items is None else None
