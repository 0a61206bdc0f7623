"""What uv's manifests ask for and what uv.lock says they asked for, in one shape: requirements with their sources and markers.

The comparison of the two is in ``uv.py``. Sources: docs.astral.sh/uv/concepts/projects/dependencies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from ..marker import both
from ..pep508 import normal_name, parse_requirement
from .model import below, strings, table

_CLAUSE: Final = re.compile(r"\s*(===|==|~=|!=|<=|>=|<|>)\s*([^,\s]+)\s*")
_LOCAL: Final = ("editable", "directory", "virtual", "path")
_EXTRA: Final = re.compile(r"""\bextra\s*==\s*['"]([^'"]+)""")


class Origin(NamedTuple):
    """Where a requirement is taken from instead of the index. ``kind``: git, url, local, index; ``UNKNOWN``: told by nothing here."""

    kind: str
    at: str = ""
    detail: frozenset[str] = frozenset()

    def fits(self, kept: Origin) -> bool:
        """Whether the lock may have ``kept`` for this. A member of the workspace lies wherever it lies."""
        if "unknown" in (self.kind, kept.kind):
            return True
        if self.kind != kept.kind:
            return False
        if self.kind == "local":
            return not self.at or (self.at == kept.at and (("editable" in self.detail) == ("editable" in kept.detail) or kept.at == ""))
        return self.at == kept.at and self.detail == kept.detail


INDEX: Final = Origin("index")
UNKNOWN: Final = Origin("unknown")


class Asked(NamedTuple):
    """One requirement in one place: ``scope`` is empty, ``extra:NAME`` or ``group:NAME``. ``marker`` names the extra, too."""

    scope: str
    name: str
    extras: frozenset[str]
    specifier: frozenset[str]
    origin: Origin
    marker: str

    def fits(self, kept: Asked) -> bool:
        """Whether all but the marker is as the lock has it, as far as it can be told."""
        if (self.scope, self.name, self.extras) != (kept.scope, kept.name, kept.extras):
            return False
        return self.origin.fits(kept.origin) and (kept.origin.kind != "index" or self.specifier == kept.specifier)

    def shown(self) -> str:
        extras = f"[{','.join(sorted(self.extras))}]" if self.extras else ""
        where = f" from {self.origin.at}" if self.origin.at else ""
        marker = f"; {self.marker}" if self.marker and "extra" not in self.marker else ""
        return f"{self.name}{extras}{','.join(sorted(self.specifier))}{where}{marker}"


class Sources:
    """``tool.uv.sources`` of a member and of its workspace's root, with paths from the directory of the lock."""

    def __init__(self, path: str, data: Mapping[str, Any], root_path: str, root: Mapping[str, Any]) -> None:
        self._tables = [(path, table(data, "tool", "uv", "sources")), (root_path, table(root, "tool", "uv", "sources"))]
        self._base = root_path.rpartition("/")[0]
        self._path = path
        self._indexes = {
            str(each.get("name")): str(each.get("url"))
            for tables in (root, data)
            for each in table(tables, "tool", "uv").get("index", ())
            if isinstance(each, dict) and "url" in each
        }

    def of(self, name: str, url: str, scope: str) -> Origin:
        """The origin of a requirement called ``name``, which may carry a URL of its own."""
        for path, sources in self._tables:
            for key, given in sources.items():
                if normal_name(key) != name:
                    continue
                if isinstance(given, list) and len(given) == 1:
                    given = given[0]
                if not isinstance(given, dict) or {"marker", "extra", "group"} & given.keys():
                    return UNKNOWN
                return self._given(given, path)
        return self._direct(url) if url else INDEX

    def _given(self, given: Mapping[str, Any], path: str) -> Origin:
        if given.get("workspace") is True:
            return Origin("local")
        if isinstance(given.get("git"), str):
            keys = ("rev", "tag", "branch", "subdirectory")
            return _git(given["git"], frozenset(f"{key}={given[key]}" for key in keys if isinstance(given.get(key), str)))
        if isinstance(given.get("url"), str):
            return Origin("url", given["url"])
        if isinstance(given.get("path"), str):
            where = "" if given["path"].startswith(("/", "~")) or ":" in given["path"] else self._from_lock(path, given["path"])
            return Origin("local", where, frozenset({"editable"}) if given.get("editable") is True else frozenset()) if where else UNKNOWN
        if isinstance(given.get("index"), str):
            url = self._indexes.get(given["index"])
            return Origin("index", plain_url(url)) if url else UNKNOWN
        return UNKNOWN

    def _from_lock(self, path: str, given: str) -> str:
        """A path that the manifest at ``path`` gives, from the lock's directory; empty for one outside of the repository."""
        from posixpath import relpath

        if given.count("../") > path.count("/"):
            return ""
        return relpath(below(path, given) or ".", self._base or ".")

    def _direct(self, url: str) -> Origin:
        if url.startswith("git+"):
            address, _, fragment = url[4:].partition("#")
            head, at, rev = address.rpartition("@")
            plain = address if not at or "/" in rev or not head.partition("://")[2] else head
            detail = {f"rev={rev}"} if plain is head else set()
            detail |= {each for each in fragment.split("&") if each.startswith("subdirectory=")}
            return _git(plain, frozenset(detail))
        return UNKNOWN if url.startswith("file:") else Origin("url", url)


def _git(url: str, detail: frozenset[str]) -> Origin:
    return Origin("git", url.rstrip("/").removesuffix(".git"), frozenset(each.partition("=")[2] for each in detail))


def asked_in(
    path: str, data: dict[str, Any], root_path: str, root: dict[str, Any], *, flattened: bool, demands: bool = True
) -> Iterator[Asked]:
    """What a manifest asks for, groups that include others written out.

    ``flattened``: extras that name others of the project, too. ``demands``: groups that need a Python of their own say so.
    """
    project = table(data, "project")
    sources = Sources(path, data, root_path, root)
    for text in strings(project.get("dependencies")):
        yield requirement("", text, sources)
    extras = table(project, "optional-dependencies")
    own = normal_name(str(project.get("name", "")))
    for extra in extras:
        texts = _flattened(extra, extras, own, ()) if flattened else strings(extras[extra])
        for text in texts:
            found = requirement(f"extra:{normal_name(extra)}", text, sources)
            yield found._replace(marker=both(found.marker, f"extra == '{normal_name(extra)}'"))
    yield from groups_in(data, sources, demands=demands)


def groups_in(data: dict[str, Any], sources: Sources, *, demands: bool = True) -> Iterator[Asked]:
    """The dependency groups of a manifest, those that include others written out."""
    groups = {normal_name(name): value for name, value in table(data, "dependency-groups").items()}
    pythons = {normal_name(name): each for name, each in table(data, "tool", "uv", "dependency-groups").items()} if demands else {}
    for group in groups:
        python = table(pythons, group).get("requires-python")
        marker = python_marker(python) if isinstance(python, str) else ""
        for text in _expanded(group, groups, ()):
            found = requirement(f"group:{group}", text, sources)
            yield found._replace(marker=both(found.marker, marker)) if marker else found
    for text in strings(table(data, "tool", "uv").get("dev-dependencies")):
        yield requirement("group:dev", text, sources)


def group_names(data: Mapping[str, Any]) -> set[str]:
    old = {"dev"} if "dev-dependencies" in table(data, "tool", "uv") else set()
    return old | {normal_name(name) for name in table(data, "dependency-groups")}


def python_marker(specifier: str) -> str:
    """A marker for a set of versions of Python."""
    return " and ".join(f"python_full_version {m[1]} '{m[2]}'" for m in _CLAUSE.finditer(specifier))


def requirement(scope: str, text: str, sources: Sources | None) -> Asked:
    found = parse_requirement(text)
    if found is None:
        return Asked(scope, text, frozenset(), frozenset(), UNKNOWN, "")
    name = normal_name(found.name)
    origin = sources.of(name, found.url, scope) if sources is not None else UNKNOWN if found.url else INDEX
    return Asked(scope, name, _extras(found.extras), clauses(found.versions), origin, found.marker)


def _extras(text: str) -> frozenset[str]:
    return frozenset(normal_name(each) for each in re.findall(r"[\w.-]+", text))


def _flattened(extra: str, extras: Mapping[str, Any], own: str, seen: tuple[str, ...]) -> Iterator[str]:
    """The requirements of an extra, those of other extras of the same project written out."""
    named = {normal_name(name): value for name, value in extras.items()}
    for text in strings(named.get(normal_name(extra))):
        found = parse_requirement(text)
        if found is not None and normal_name(found.name) == own and found.extras:
            for inner in _extras(found.extras):
                if inner not in seen:
                    yield from _flattened(inner, extras, own, (*seen, normal_name(extra)))
            continue
        yield text


def _expanded(group: str, groups: Mapping[str, Any], seen: tuple[str, ...]) -> Iterator[str]:
    for each in groups.get(group, ()) if isinstance(groups.get(group), list) else ():
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict) and isinstance(each.get("include-group"), str):
            inner = normal_name(each["include-group"])
            if inner not in seen:
                yield from _expanded(inner, groups, (*seen, group))


def kept_in(package: Mapping[str, Any]) -> Iterator[Asked]:
    """What the lock says that a member asked for."""
    metadata = table(package, "metadata")
    for each in listed(metadata.get("requires-dist")):
        marker = str(each.get("marker", ""))
        found = _EXTRA.search(marker)
        yield locked(f"extra:{normal_name(found[1])}" if found else "", each, marker)
    for group, entries in table(metadata, "requires-dev").items():
        yield from (locked(f"group:{normal_name(group)}", each, str(each.get("marker", ""))) for each in listed(entries))


def locked(scope: str, entry: Mapping[str, Any], marker: str) -> Asked:
    """A requirement as the lock has it."""
    extras = frozenset(normal_name(str(each)) for each in entry.get("extras", ()))
    name = normal_name(str(entry.get("name", "")))
    return Asked(scope, name, extras, clauses(str(entry.get("specifier", ""))), _origin(entry), marker)


def _origin(entry: Mapping[str, Any]) -> Origin:
    if isinstance(entry.get("git"), str):
        from urllib.parse import unquote

        address, _, query = entry["git"].partition("#")[0].partition("?")
        return _git(address, frozenset(unquote(each) for each in query.split("&") if "=" in each and not each.startswith("lfs=")))
    if isinstance(entry.get("url"), str):
        return Origin("url", entry["url"])
    for kind in _LOCAL:
        if isinstance(entry.get(kind), str):
            return Origin("local", entry[kind].replace("\\", "/"), frozenset({"editable"} if kind == "editable" else ()))
    return Origin("index", plain_url(entry["index"])) if isinstance(entry.get("index"), str) else INDEX


def plain_url(url: str) -> str:
    """A URL without the name and password of whoever asks."""
    return re.sub(r"://[^/@]*@", "://", url).rstrip("/")


def listed(value: object) -> list[dict[str, Any]]:
    """The tables of a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def clauses(specifier: str) -> frozenset[str]:
    """The clauses of a PEP 440 specifier set, versions spelled alike."""
    return frozenset(_clause(m[1], m[2]) for m in _CLAUSE.finditer(specifier.strip("() ")))


def _clause(op: str, text: str) -> str:
    plain = version(text)
    return op + (
        plain
        if op in ("~=", "===") or plain.endswith("*")
        else re.sub(r"^(\d+!)?(\d+(?:\.\d+)*?)(?:\.0)+(?=\D*\Z|[a-z.+])", r"\1\2", plain)
    )


def version(text: str) -> str:
    """A version in PEP 440's normal spelling, as far as comparing needs it."""
    low = text.strip().lower().lstrip("v")
    low = re.sub(r"[-_.]?(?:alpha|a)[-_.]?(?=\d)", "a", low)
    low = re.sub(r"[-_.]?(?:beta|b)[-_.]?(?=\d)", "b", low)
    low = re.sub(r"[-_.]?(?:preview|pre|rc|c)[-_.]?(?=\d)", "rc", low)
    low = re.sub(r"[-_.]?(?:post|rev|r)[-_.]?(?=\d)", ".post", low) if re.search(r"(?:post|rev)", low) else low
    low = re.sub(r"[-_.]?dev[-_.]?(?=\d|\Z)", ".dev", low)
    return re.sub(r"(a|b|rc|\.post|\.dev)(?=\.|\Z)", r"\g<1>0", low)  # a number that is left out is 0
