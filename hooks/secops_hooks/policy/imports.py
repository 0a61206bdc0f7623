"""Baselines of other tools: which findings their entries stand for. Reads detect-secrets' ``.secrets.baseline`` (slim ones, too),
``.gitleaksignore``, JSON reports of gitleaks and of bandit, and checkov's baseline. Nothing here looks at a file; that is done by
whoever has the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from .settings import SettingsError

_COMMIT: Final = re.compile(r"[0-9a-f]{7,64}\Z")
_REDACTED: Final = re.compile(r"(?i)redacted|\.\.\.\Z|\*{3}")


class ImportFailed(SettingsError):
    """A file that is no baseline of a tool that we know."""


class Foreign(NamedTuple):
    """What another tool accepted: the secrets of ``path`` (in ``commit``, if one is named) on ``line`` (0: any), or the one with this
    SHA-1, or this very one; or, where a ``check`` is named (``tool:id``), what rules that are equal to it find there."""

    path: str
    line: int = 0
    sha1: str = ""
    secret: str = ""
    commit: str = ""
    check: str = ""


def entries(data: bytes, name: str) -> list[Foreign]:
    """The entries of a baseline file called ``name``. Raises :class:`ImportFailed`."""
    from json import JSONDecodeError, loads

    text = data.decode("utf-8-sig", "replace")
    if text.lstrip()[:1] not in ("{", "["):
        return list(_ignore_file(text, name))
    try:
        table = loads(text)
    except (JSONDecodeError, RecursionError) as error:
        raise ImportFailed(f"{name}: no valid JSON") from error
    if isinstance(table, dict) and isinstance(table.get("results"), dict):
        return list(_detect_secrets(table["results"]))
    if isinstance(table, dict) and isinstance(table.get("results"), list):
        return list(_bandit(table["results"]))
    if isinstance(table, dict) and isinstance(table.get("failed_checks"), list):
        return list(_checkov(table["failed_checks"]))
    if isinstance(table, list):
        return list(_gitleaks(table))
    raise ImportFailed(f"{name}: neither a baseline of detect-secrets or checkov nor a report of gitleaks or bandit")


def _detect_secrets(results: dict[str, Any]) -> Iterator[Foreign]:
    for path, found in results.items():
        for each in found if isinstance(found, list) else ():
            if isinstance(each, dict) and isinstance(each.get("hashed_secret"), str):
                line = each.get("line_number", 0)
                yield Foreign(_posix(path), line if isinstance(line, int) else 0, sha1=each["hashed_secret"].lower())


def _bandit(found: list[Any]) -> Iterator[Foreign]:
    for each in found:
        if isinstance(each, dict) and isinstance(each.get("filename"), str) and isinstance(each.get("line_number"), int):
            yield Foreign(_posix(each["filename"]), each["line_number"], check=f"bandit:{each.get('test_id', '')}")


def _checkov(found: list[Any]) -> Iterator[Foreign]:
    """checkov names resources, not lines: a check is accepted wherever it is found in the file."""
    for each in found:
        if not isinstance(each, dict) or not isinstance(each.get("file"), str):
            continue
        ids = (check for finding in each.get("findings", ()) if isinstance(finding, dict) for check in finding.get("check_ids", ()))
        yield from (Foreign(_posix(each["file"]).lstrip("/"), check=f"checkov:{check}") for check in dict.fromkeys(ids))


def _gitleaks(found: list[Any]) -> Iterator[Foreign]:
    for each in found:
        if isinstance(each, dict) and isinstance(each.get("File"), str) and isinstance(each.get("StartLine"), int):
            secret = each.get("Secret")
            clear = secret if isinstance(secret, str) and not _REDACTED.search(secret) else ""
            commit = each.get("Commit")
            yield Foreign(_posix(each["File"]), each["StartLine"], secret=clear, commit=commit if isinstance(commit, str) else "")


def _ignore_file(text: str, name: str) -> Iterator[Foreign]:
    """Lines ``commit:path:rule:line`` or ``path:rule:line``; ``#`` begins a comment."""
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        parts = bare.rsplit(":", 2)
        if len(parts) != 3 or not parts[2].isdecimal():
            raise ImportFailed(f"{name}:{number}: not an entry of gitleaks: [commit:]path:rule:line")
        commit, colon, path = parts[0].partition(":")
        if not colon or not _COMMIT.match(commit):
            commit, path = "", parts[0]
        yield Foreign(_posix(path), int(parts[2]), commit=commit)


def _posix(path: str) -> str:
    return path.replace("\\", "/").removeprefix("./")


def stands_for(entry: Foreign, first: int, last: int, content: str, line: str) -> bool:
    """Whether ``entry`` means the secret ``content`` that stands on lines ``first`` to ``last``; ``line`` is the text of the first."""
    if entry.sha1:
        from hashlib import sha1

        return any(
            sha1(each.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest() == entry.sha1
            for each in _spellings(content, line)
        )
    if entry.check and not entry.line:
        return True
    if entry.secret:
        return entry.secret in content or content in entry.secret
    return first <= entry.line <= last


def _spellings(content: str, line: str) -> set[str]:
    """What other tools may take for the secret: the value, its quoted parts, its first line, the words of the line; of a private
    key the words of its first line without dashes."""
    first = content.split("\n", 1)[0].strip()
    words = re.split(r"[\s\"'`=:,;<>(){}\[\]@]+", line) + re.split(r"[\s\"'`=,;<>(){}]+", line)
    return {content, content.strip("\"'` \r\n"), first, first.strip("-").strip(), *words} - {""}
