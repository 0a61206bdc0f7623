"""What rules for package managers look for in files without a tree (Gradle, Gemfiles, curl) or in parts of values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ..finding import Edit, Fix
from ..parse.locate import located
from .match import Hit, Rewrite
from .predicates import is_local_host, is_plain_http

if TYPE_CHECKING:
    from ..files.tree import Tree
    from ..parse import File
    from ..parse.node import Node

HTTPS: Final = Rewrite(r"http://", "https://")


def host(address: str) -> str:
    """The host of a URL, without user and port."""
    return re.split(r"[/:?#]", address.partition("://")[2].rpartition("@")[2], maxsplit=1)[0]


# -- Gradle

_COMMENT: Final = re.compile(r"(?m)(?<![:\"'])//[^\n]*|/\*[\s\S]*?\*/")
_GRADLE_INSECURE: Final = re.compile(r"\b(?:is|set)?[aA]llowInsecureProtocol\s*(?:=\s*|\(\s*)?(true)\b")
_GRADLE_URL: Final = re.compile(
    r"\b(?:url|setUrl|uri|artifactPattern|ivyPattern|maven|ivy)\s*[=(:]?\s*(?:url\s*=\s*)?(?:uri\s*\(\s*)?[\"'](http://[^\"'\s$]+)[\"']"
)


def _gradle(file: File, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, str]]:
    """Where group 1 of ``pattern`` stands in a build script, outside of comments."""
    text = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), file.source.text)
    for found in pattern.finditer(text):
        yield found.start(1), found.end(1), found[1]


def gradle_insecure_protocol(file: File, tree: Tree) -> Iterator[Hit]:
    """Repositories that may be asked without encryption."""
    for start, end, _ in _gradle(file, _GRADLE_INSECURE):
        yield Hit(file.source.span(start, end))


def gradle_plain_http(file: File, tree: Tree) -> Iterator[Hit]:
    """Repositories that are asked without encryption."""
    for start, end, address in _gradle(file, _GRADLE_URL):
        if not is_local_host(host(address)):
            yield _plain(file, start, end)


def _plain(file: File, start: int, end: int) -> Hit:
    """A plain address in a text, which a letter mends where the server speaks TLS."""
    at = start + len("http")
    return Hit(file.source.span(start, end), fix=Fix((Edit(at, at, "s"),), safe=False))


# -- Ruby

_GEM_SOURCE: Final = re.compile(
    r"(?m)^[ \t]*(?:source|git_source|remote|git)\b[ (:]*[\"'](http://[^\"'\s#]+)[\"']"
    r"|^[ \t]*gem\b[^\n#]{0,200}?(?:\b(?:git|source):|:(?:git|source)[ \t]*=>)[ \t]*[\"'](http://[^\"'\s#]+)[\"']"
)


def gemfile_plain_http(file: File, tree: Tree) -> Iterator[Hit]:
    """Sources of gems that are asked without encryption."""
    for found in _GEM_SOURCE.finditer(file.source.text):
        group = found.lastindex or 0
        if not is_local_host(host(found[group])):
            yield _plain(file, found.start(group), found.end(group))


# -- npm


def npm_plain_http(file: File, tree: Tree) -> Iterator[Hit]:
    """Registries, also those of a scope, that are asked without encryption. Proxies are asked in clear by nature."""
    document = file.document
    for key, nodes in document.index.items() if document is not None else ():
        if key in ("registry", "disturl", "replace-registry-host") or key.endswith(":registry"):
            for node in nodes:
                if is_plain_http(node) is True:
                    yield Hit(node, mend=HTTPS)


# -- pip


def _entries(file: File, *keys: str) -> Iterator[Node]:
    document = file.document
    for key in keys:
        for node in document.index.get(key, ()) if document is not None else ():
            if node.resolved.kind == "scalar":
                yield node


def _words(node: Node) -> Iterator[tuple[int, int, str]]:
    """The words of a value that may run over lines: offsets in its text, and what they are."""
    for found in re.finditer(r"\S+", node.text):
        yield found.start(), found.end(), found[0]


def pip_trusted_hosts(file: File, tree: Tree) -> Iterator[Hit]:
    """Hosts whose certificates pip does not verify."""
    for node in _entries(file, "trusted-host", "trusted_host"):
        for start, end, word in _words(node):
            if "$" not in word and not is_local_host(word.partition(":")[0]):
                yield Hit(located(node).span(start, end), within=node)


def pip_plain_http(file: File, tree: Tree) -> Iterator[Hit]:
    """Indexes that pip asks without encryption."""
    for node in _entries(file, "index-url", "index_url", "extra-index-url", "extra_index_url", "find-links", "find_links", "index"):
        for start, end, word in _words(node):
            if word.startswith("http://") and "$" not in word and not is_local_host(host(word)):
                where = located(node)
                at = where.offset(start) + len("http")
                yield Hit(where.span(start, end), within=node, fix=Fix((Edit(at, at, "s"),), safe=False))


def index_beside_private(file: File, tree: Tree) -> Iterator[Hit]:
    """``extra-index-url`` beside another index: whoever publishes a private name with a higher version wins."""
    for node in _entries(file, "extra-index-url", "extra_index_url"):
        if node.known and node.text.strip() and "$" not in node.text:
            yield Hit(node)


# -- git


def git_downgrades(file: File, tree: Tree) -> Iterator[Hit]:
    """``[url "http://…"] insteadOf = https://…``: encrypted addresses turned into plain ones."""
    document = file.document
    for key in ("insteadof", "pushinsteadof"):
        for node in document.index.get(key, ()) if document is not None else ():
            base = node.parent.key if node.parent is not None else ""
            plain = base is not None and base.startswith(("http://", "git://")) and not is_local_host(host(base))
            if plain and "$" not in node.text and not node.text.strip().startswith(("http://", "git://")):
                yield Hit(node)


# -- curl

_CURL_OPTION: Final = re.compile(r"(?m)^[ \t]*(-k\b|(?:--)?(?:proxy-|doh-)?insecure\b)(?![ \t]*[=:][ \t]*(?:false|off|no|0)\b)")


def curl_insecure(file: File, tree: Tree) -> Iterator[Hit]:
    """``insecure`` in a ``.curlrc``: no certificate of any server is verified."""
    for found in _CURL_OPTION.finditer(file.source.text):
        yield Hit(file.source.span(*found.span(1)))
