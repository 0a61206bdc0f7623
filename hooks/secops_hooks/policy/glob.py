"""One kind of glob for paths, rule ids and key paths: ``*`` within a part, ``**`` across parts, ``?`` one character."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=1024)
def compile_glob(glob: str) -> re.Pattern[str]:
    """The regular expression of a path glob. A glob without a slash matches at any depth, as in .gitignore;
    one that ends in a slash matches everything below that directory."""
    anchored = "/" in glob.rstrip("/")
    body = glob.strip("/") if anchored else glob.rstrip("/")
    out, at = [], 0
    while at < len(body):
        if body.startswith("**/", at):
            out.append("(?:.*/)?")
            at += 3
        elif body.startswith("**", at):
            out.append(".*")
            at += 2
        elif body[at] == "*":
            out.append("[^/]*")
            at += 1
        elif body[at] == "?":
            out.append("[^/]")
            at += 1
        else:
            out.append(re.escape(body[at]))
            at += 1
    prefix = "" if anchored else "(?:.*/)?"
    return re.compile(prefix + "".join(out) + ("(?:/.*)?" if not glob.endswith("*") else "") + r"\Z", re.DOTALL)


def matches(glob: str, path: str) -> bool:
    """Whether the file or directory pattern ``glob`` covers ``path`` (with ``/``)."""
    return compile_glob(glob).match(path) is not None


@lru_cache(maxsize=1024)
def _word(glob: str) -> re.Pattern[str]:
    return re.compile(re.escape(glob).replace(r"\*\*", ".*").replace(r"\*", ".*").replace(r"\?", ".") + r"\Z", re.DOTALL)


def matches_word(glob: str, word: str) -> bool:
    """Whether ``glob`` covers a rule id or key path, in which dots and brackets are ordinary characters."""
    return glob == word or (("*" in glob or "?" in glob) and _word(glob).match(word) is not None)
