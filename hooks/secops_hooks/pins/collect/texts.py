"""Manifests that are programs or have no parser here: Gemfile, go.mod, Gradle, Swift, CocoaPods, mix, Nix, .tool-versions.

Read line by line with one table of patterns; what is computed at run time is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from ..manifest import missing_lock, nearest
from ..reference import Collected, Mark, Reference, is_commit
from ..url import plain_http

if TYPE_CHECKING:
    from ...files.source import Source
    from ...files.tree import Tree
    from ...parse import File

_Q: Final = r"""['"]"""
_MAX_LINE: Final = 500
_MAX_TEXT: Final = 1024 * 1024
_BRANCH: Final = rf"(?:.*?\b(?:branch|tag)(?::|{_Q}?\s*=>)\s*{_Q}(?P<ref>[^'\"]+){_Q})?"


class Shape(NamedTuple):
    """What a line that matches ``pattern`` is: an ``ecosystem`` and ``role`` of a reference, or with ``rule`` a mark.

    Groups: ``name`` of what is fetched, ``at`` the place to report, ``ref`` what was asked for. ``unless``: what on the same
    line makes it fine. ``locks``: files beside or above that fix it.
    """

    kind: str
    pattern: str
    ecosystem: str = ""
    role: str = "dependency"
    rule: str = ""
    unless: str = ""
    locks: tuple[str, ...] = ()


_GRADLE_OPEN: Final = r"(?:[\w.-]*\.)?\+|latest\.\w+|[\[(][^)\]'\"]*,[^)\]'\"]*[)\]]"
_GEM_LOCKS: Final = ("Gemfile.lock", "gems.locked")
_SHAPES: Final = (
    Shape(
        "gemfile",
        rf"^\s*gem[\s(]+{_Q}(?P<name>[\w.-]+){_Q}.*?\b(?:git|github|gitlab|bitbucket)(?::|{_Q}?\s*=>)\s*{_Q}(?P<at>[^'\"]+){_Q}{_BRANCH}",
        "git",
        unless=r"\bref(?::|['\"]?\s*=>)\s*['\"][0-9a-f]{40}",
        locks=_GEM_LOCKS,
    ),
    Shape(
        "gradle",
        rf"(?P<name>[\w.-]+:[\w.-]+):(?P<at>(?P<ref>{_GRADLE_OPEN}))(?={_Q})",
        "gradle",
        "strict",
    ),
    Shape(
        "gradle",
        rf"\b(?:name\s*[:=]|id)[\s(]*{_Q}(?P<name>[\w.-]+){_Q}[\s),]*version[\s:=(]*{_Q}(?P<at>(?P<ref>{_GRADLE_OPEN})){_Q}",
        "gradle",
        "strict",
    ),
    Shape("gradle", rf"(?P<name>[\w.-]+:[\w.-]+):(?P<at>(?P<ref>[\w.]+-SNAPSHOT))(?={_Q})", "gradle", "dependency"),
    Shape(
        "swift-package",
        rf"\.package\([^\n]*?url:\s*{_Q}(?P<name>[^'\"]+){_Q}[^\n]*?(?:\.branch\(|branch:\s*){_Q}(?P<at>(?P<ref>[^'\"]+)){_Q}",
        "git",
        locks=("Package.resolved",),
    ),
    Shape("swift-package", rf"\.package\([^\n]*?url:\s*{_Q}(?P<at>(?P<name>http://[^'\"]+)){_Q}", rule="plain-http-source"),
    Shape(
        "gemfile",
        rf"^\s*git[\s(]+{_Q}(?P<at>(?P<name>[^'\"]+)){_Q}{_BRANCH}",
        "git",
        unless=r"\bref(?::|['\"]?\s*=>)\s*['\"][0-9a-f]{40}",
        locks=_GEM_LOCKS,
    ),
    Shape(
        "podfile",
        rf"^\s*pod\s+{_Q}(?P<name>[^'\"]+){_Q}.*?(?::git\s*=>|git:)\s*{_Q}(?P<at>[^'\"]+){_Q}{_BRANCH}",
        "git",
        unless=r"(?::commit\s*=>|commit:)\s*['\"][0-9a-f]{40}",
        locks=("Podfile.lock",),
    ),
    Shape("podfile", rf"^\s*source\s+{_Q}(?P<at>(?P<name>http://[^'\"]+)){_Q}", rule="plain-http-source"),
    Shape(
        "mix",
        rf"\{{\s*:(?P<name>\w+)\s*,[^}}\n]*?\b(?:git|github):\s*{_Q}(?P<at>[^'\"]+){_Q}{_BRANCH}",
        "git",
        unless=r"\bref:\s*['\"][0-9a-f]{40}",
        locks=("mix.lock",),
    ),
    Shape("nix", r"\b(?:builtins\.)?fetchTarball\s+[\"']?(?P<at>(?P<name>https?://[^\s\"';)]+))", "url", "nix", unless=r"/[0-9a-f]{40}"),
    Shape("nix", r"\bimport\s+(?P<at>(?P<name><nixpkgs>))", "nix", "channel"),
    Shape(
        "tool-versions",
        r"^(?P<name>[\w.-]+)\s+(?P<at>(?P<ref>latest(?::\S+)?|lts(?:-\S+)?|ref:(?![0-9a-f]{40}\b)\S+))\s*(?:#.*)?$",
        "mise",
        "developer-tool",
    ),
    Shape(
        "go-mod",
        r"^\s*(?:replace\s+)?(?P<name>[\w./-]+)(?:\s+v\S+)?\s*=>\s*(?P<at>[\w.-]+\.[\w.-]+/[\w./-]+\s+(?P<ref>v\S+))",
        "go",
        "replace",
    ),
)
_COMMENTS: Final = {
    "gemfile": "#",
    "podfile": "#",
    "mix": "#",
    "nix": "#",
    "tool-versions": "#",
    "gradle": "//",
    "swift-package": "//",
    "go-mod": "//",
}


@lru_cache(maxsize=64)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def collect(file: File, tree: Tree) -> Collected:
    """The references of one of these manifests."""
    source, kinds = file.source, file.type.kinds
    if len(source.text) > _MAX_TEXT:
        yield Mark("unanalysable", source, 0, 0, "this file could not be analysed: a manifest of more than a megabyte")
        return
    shapes = [shape for shape in _SHAPES if shape.kind in kinds]
    for start, line in _lines(source):
        for shape in shapes:
            if not line.lstrip().startswith(_COMMENTS[shape.kind]):
                yield from _apply(shape, source, start, line, tree)
    if "gemfile" in kinds:
        yield from _gemfile(source, tree)
    if "go-mod" in kinds:
        yield from _go_mod(source, tree)
    if "gradle" in kinds:
        yield from _repositories(source)
    if "nix" in kinds:
        yield from _nix(source, tree)


def _lines(source: Source) -> Iterator[tuple[int, str]]:
    starts = source.line_starts
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else len(source.text)
        yield start, source.text[start : min(end, start + _MAX_LINE)].rstrip("\r\n")


def _apply(shape: Shape, source: Source, start: int, line: str, tree: Tree) -> Collected:
    for m in _pattern(shape.pattern).finditer(line):
        groups = m.groupdict()
        name, ref = groups["name"], groups.get("ref") or ""
        if "#{" in line or "${" in m[0] or (shape.unless and _pattern(shape.unless).search(line)):
            continue
        begin, end = start + m.start("at"), start + m.end("at")
        if shape.rule:
            if shape.rule != "plain-http-source" or plain_http(name):
                yield Mark(shape.rule, source, begin, end, "dependencies are fetched from here without TLS", subject=name)
            continue
        locked = bool(shape.locks) and nearest(source.path, shape.locks, tree) is not None
        yield Reference(
            shape.ecosystem, name, ref, "", "content" if is_commit(ref) else "floating", source, begin, end, shape.role, "", locked
        )


def _gemfile(source: Source, tree: Tree) -> Collected:
    """Several global sources, and the lock."""
    found = list(re.finditer(rf"(?m)^source[ (]+{_Q}([^'\"\n]+){_Q}[ )]*(?!.*\bdo\b)(?:#.*)?$", source.text))
    if len(found) > 1:
        yield Mark("several-package-sources", source, found[1].start(1), found[1].end(1), subject="gemfile")
    gem = re.search(r"(?m)^\s*gem[ (]", source.text)
    if gem is not None and nearest(source.path, _GEM_LOCKS, tree) is None and not re.search(r"(?m)^\s*gemspec\b", source.text):
        at = gem.start() + len(gem[0]) - len(gem[0].lstrip())
        yield from missing_lock(source, at, at + 3, _GEM_LOCKS, tree, "gems", "", None)


def _go_mod(source: Source, tree: Tree) -> Collected:
    require = re.search(r"(?m)^require\b", source.text)
    base = source.path.rpartition("/")[0]
    names = [f"{base}/{name}".lstrip("/") for name in ("go.sum", "vendor/modules.txt")]
    if require is not None and not any(tree.exists(name) for name in names) and not _copied(source.path):
        yield Mark(
            "lock-missing",
            source,
            require.start(),
            require.end(),
            "there is no go.sum beside this go.mod, so nothing checks what the modules hold (go mod tidy)",
            subject="go.sum",
        )


def _copied(path: str) -> bool:
    """Whether go passes the directory over: test data, or what ``go mod vendor`` copied without its go.sum."""
    return not {"testdata", "vendor"}.isdisjoint(path.split("/"))


def _repositories(source: Source) -> Collected:
    """Gradle's repositories that are asked without TLS; the URLs of a published project's description are none."""
    for m in re.finditer(
        rf"\b(?:maven|ivy)\s*\{{[^{{}}]{{0,300}}?\b(?:url|setUrl|uri)\b[\s=(]{{0,8}}(?:uri\s*\(\s*)?{_Q}(http://[^'\"\n]+){_Q}", source.text
    ):
        line = source.text[source.text.rfind("\n", 0, m.start(1)) + 1 : m.start(1)]
        if not line.lstrip().startswith("//") and plain_http(m[1]):
            yield Mark("plain-http-source", source, *m.span(1), "dependencies are fetched from here without TLS", subject=m[1])


def _nix(source: Source, tree: Tree) -> Collected:
    """What is fetched without a hash or a commit, and the inputs of a flake without a lock."""
    for m in re.finditer(r"\bbuiltins\.fetch(?P<kind>Git|url)\s+\"(?P<url>[^\"\n]+)\"", source.text):
        yield from _fetched(source, m["kind"], m["url"], m.start("url"), "")
    for m in re.finditer(r"\b(?:builtins\.fetch(?P<kind>Git|url|Tarball)|fetchTarball)\s*\{(?P<body>[^{}]{0,1000})\}", source.text):
        url = re.search(r"\burl\s*=\s*\"([^\"\n]+)\"", m["body"])
        if url is not None:
            yield from _fetched(source, m["kind"] or "Tarball", url[1], m.start("body") + url.start(1), m["body"])
    inputs = re.search(r"(?m)^[ \t]*(inputs)(?:\.[\w.-]+)?\s*=", source.text) if source.path.rpartition("/")[2] == "flake.nix" else None
    if inputs is not None and "url" in source.text and nearest(source.path, ("flake.lock",), tree) is None:
        yield from missing_lock(source, *inputs.span(1), ("flake.lock",), tree, "inputs", "", None)


def _fetched(source: Source, kind: str, url: str, at: int, body: str) -> Collected:
    place = (at, at + len(url))
    if "${" in url or re.search(r"\b(?:sha256|hash|narHash)\s*=", body):
        return
    if kind == "Git":
        if not re.search(r"\brev\s*=\s*(?:\"[0-9a-f]{40}\"|[^\"])", body):
            yield Reference("git", url, "", "", "floating", source, *place, "nix")
    elif not re.search(r"/[0-9a-f]{40}", url):
        yield Reference("url", url, "", "", "floating", source, *place, "nix")
