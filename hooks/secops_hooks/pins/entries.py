"""What lock files fix, as (name, version) with hashes and origin: just enough to compare two states of the same lock.

One reader a format, by regular expressions and ``json``, because a lock of several megabytes is read twice. Freshness and
integrity of a single lock are not judged here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple


class Entry(NamedTuple):
    """One locked package. ``anchor`` is text that stands where the entry begins; ``scripts``: it runs code on installation."""

    name: str
    version: str
    hashes: frozenset[str]
    url: str
    anchor: str
    scripts: bool = False


_CARGO: Final = r'^\[\[package\]\]\nname = "([^"\n]+)"\nversion = "([^"\n]+)"\n(?:source = "([^"\n]+)"\n)?(?:checksum = "([^"\n]+)"\n)?'
_PNPM: Final = r"""^  (['"]?)/?((?:@[^/@\s'"]+/)?[^@/\s'"(]+)[@/]([^:\s'"(]+)[^:\n]*\1:\n    resolution:\s*\{([^}]{0,4000})\}"""
_YARN: Final = r"^(\S[^\n]*):\n((?:[ \t]+[^\n]*\n?)+)"
_BUN: Final = r"""^\s+"[^"\n]+":\s*\["((?:@[^"@\n]+/)?[^"@\n]+)@([^"\n]+)",\s*("[^"\n]*")?[^\n]*?(?:"(sha\d+-[^"\n]+)")?\],?$"""
_GO: Final = r"^(\S+) (\S+) (h1:\S+)$"
_GEM: Final = r"^  ([\w.-]+) \(([^)\n]+)\) (sha\d+=\S+)$"

_PYTHON_HASH: Final = re.compile(r'\b(?:hash = "(?:sha\d+:)?|sha\d+ = ")([0-9a-f]{40,128})"')


@lru_cache(maxsize=16)
def _lines(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE)


def entries(kind: str, text: str) -> dict[tuple[str, str], Entry]:
    """The entries of a lock of ``kind`` by name and version; empty for a kind without a reader and for text that is none."""
    reader = READERS.get(kind)
    found: dict[tuple[str, str], Entry] = {}
    for entry in reader(text) if reader is not None else ():
        key = (entry.name, entry.version)
        known = found.get(key)
        found[key] = entry if known is None else known._replace(hashes=known.hashes | entry.hashes, scripts=known.scripts or entry.scripts)
    return found


def host(url: str) -> str:
    """The host of a URL; empty for anything else."""
    return url.partition("://")[2].split("/")[0].rpartition("@")[2].lower() if "://" in url else ""


def _json(text: str) -> Any:
    from json import loads

    try:
        found = loads(text)
    except (ValueError, RecursionError):
        return {}  # family config and the lock's own check report what is no JSON
    return found if isinstance(found, dict) else {}


def _npm(text: str) -> Iterator[Entry]:
    data = _json(text)
    packages = data.get("packages")
    if isinstance(packages, dict):
        for path, entry in packages.items():
            if path and isinstance(entry, dict) and not entry.get("link"):
                name = entry.get("name") or path.rpartition("node_modules/")[2]
                yield _of_npm(str(name), entry, f'"{path}"', bool(entry.get("hasInstallScript")))
        return
    stack = [data.get("dependencies")]
    while stack:
        table = stack.pop()
        for name, entry in table.items() if isinstance(table, dict) else ():
            if isinstance(entry, dict):
                yield _of_npm(str(name), entry, f'"{name}"', False)
                stack.append(entry.get("dependencies"))


def _of_npm(name: str, entry: Mapping[str, Any], anchor: str, scripts: bool) -> Entry:
    return Entry(
        name,
        str(entry.get("version", "")),
        frozenset(str(entry.get("integrity") or "").split()),
        str(entry.get("resolved") or ""),
        anchor,
        scripts,
    )


def _pnpm(text: str) -> Iterator[Entry]:
    for m in _lines(_PNPM).finditer(text):
        integrity = re.search(r"integrity: ([^,}\s]+)", m[4])
        tarball = re.search(r"tarball: ([^,}\s]+)", m[4])
        yield Entry(m[2], m[3], frozenset([integrity[1]] if integrity else []), tarball[1] if tarball else "", m[0].partition("\n")[0])


def _yarn(text: str) -> Iterator[Entry]:
    cache = re.search(r"(?m)^__metadata:\n(?:  .*\n)*?  cacheKey: (\S+)", text)
    prefix = f"yarn{cache[1]}:" if cache is not None else ""  # berry hashes its own archive, which changes with the cache's format
    for m in _lines(_YARN).finditer(text):
        key, body = m[1].strip('"'), m[2]
        version = re.search(r"""^\s+version:? "?([^"\n]+)""", body, re.MULTILINE)
        resolved = re.search(r'^\s+resolved "([^"\n]+)"', body, re.MULTILINE)
        hashes = re.findall(r'^\s+(?:integrity|checksum:) "?([^"\n]+)"?', body, re.MULTILINE)
        at = key.find("@", 1)
        if version is not None and at > 0 and key != "__metadata":
            yield Entry(key[:at], version[1], frozenset(prefix + each for each in hashes), resolved[1] if resolved else "", m[1])


def _bun(text: str) -> Iterator[Entry]:
    for m in _lines(_BUN).finditer(text):
        yield Entry(m[1], m[2], frozenset([m[4]] if m[4] else []), (m[3] or "").strip('"'), m[0].strip().partition(":")[0])


def _cargo(text: str) -> Iterator[Entry]:
    for m in _lines(_CARGO).finditer(text):
        yield Entry(m[1], m[2], frozenset([m[4]] if m[4] else []), (m[3] or "").partition("+")[2], f'name = "{m[1]}"\nversion = "{m[2]}"')


def _python(text: str) -> Iterator[Entry]:
    """poetry, uv, pdm and pylock: a table a package, with one or several files (before poetry 1.3 in a table of their own)."""
    _, _, files = text.partition("\n[metadata.files]\n")
    aside = {m[1]: _PYTHON_HASH.findall(m[2]) for m in re.finditer(r'(?m)^"?([\w.-]+)"? = \[([^\]]*)\]', files)}
    for chunk in re.split(r"(?m)^\[\[packages?\]\]\n", text)[1:]:
        name = re.search(r'(?m)^name = "([^"\n]+)"', chunk)
        version = re.search(r'(?m)^version = "([^"\n]+)"', chunk)
        if name is None or version is None:
            continue
        hashes = _PYTHON_HASH.findall(chunk) or aside.get(name[1], [])
        url = re.search(r'\b(?:registry|url) = "(https?://[^"\n]+)"', chunk)
        yield Entry(name[1], version[1], frozenset(hashes), url[1] if url else "", f'name = "{name[1]}"')


def _go(text: str) -> Iterator[Entry]:
    for m in _lines(_GO).finditer(text):
        yield Entry(m[1], m[2], frozenset([m[3]]), "", f"{m[1]} {m[2]}")


def _gem(text: str) -> Iterator[Entry]:
    for m in _lines(_GEM).finditer(text):
        yield Entry(m[1], m[2], frozenset([m[3]]), "", f"  {m[1]} ({m[2]})")


def _composer(text: str) -> Iterator[Entry]:
    data = _json(text)
    for table in ("packages", "packages-dev"):
        for entry in data.get(table) or ():
            source, dist = entry.get("source") or {}, entry.get("dist") or {}
            pinned = [str(each) for each in (source.get("reference"), dist.get("shasum")) if each]
            name, version = str(entry.get("name", "")), str(entry.get("version", ""))
            if not version.startswith("dev-") and not version.endswith("-dev"):
                yield Entry(name, version, frozenset(pinned), str(dist.get("url") or source.get("url") or ""), f'"name": "{name}"')


def _pipenv(text: str) -> Iterator[Entry]:
    data = _json(text)
    for table in ("default", "develop"):
        for name, entry in (data.get(table) or {}).items():
            if isinstance(entry, dict) and "version" in entry:
                hashes = [str(each) for each in entry.get("hashes") or ()]
                yield Entry(str(name), str(entry["version"]), frozenset(hashes), "", f'"{name}": {{')


READERS: Final[Mapping[str, Callable[[str], Iterator[Entry]]]] = {
    "npm-lock": _npm,
    "pnpm-lock": _pnpm,
    "yarn-lock": _yarn,
    "bun-lock": _bun,
    "cargo-lock": _cargo,
    "poetry-lock": _python,
    "uv-lock": _python,
    "pdm-lock": _python,
    "pylock": _python,
    "pipenv-lock": _pipenv,
    "go-sum": _go,
    "gemfile-lock": _gem,
    "composer-lock": _composer,
}
