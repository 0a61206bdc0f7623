"""What is wrong inside one lock, whatever its manifest says: hashes missing or weak, origins, names and commits that do not fit.

Read by regular expressions and ``json``, because locks grow to megabytes. Changes against the parent commit are judged by
``collect/locktamper.py``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..known import PACKAGES, known_release
from ..pep508 import normal_name
from .model import json_of, table
from .tomllock import pieces

if TYPE_CHECKING:
    from ...files.source import Source


class Issue(NamedTuple):
    """One thing that is wrong, at ``source.text[start:end]``; ``subject`` names the package, commit or host it is about."""

    rule: str
    start: int
    end: int
    message: str
    subject: str


MAX_ISSUES: Final = 20
REGISTRIES: Final = frozenset(
    "registry.npmjs.org registry.yarnpkg.com npm.pkg.github.com registry.npmmirror.com npm.jsr.io pypi.org files.pythonhosted.org"
    " rubygems.org index.rubygems.org static.crates.io index.crates.io repo.packagist.org packagist.org api.nuget.org".split()
)
FORGES: Final = frozenset("github.com codeload.github.com api.github.com gitlab.com bitbucket.org codeberg.org git.sr.ht".split())
_LOCAL: Final = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\]|[^/:]*\.local(?:host)?)(?=[:/]|\Z)")
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{40}|[0-9a-fA-F]{64})\Z")
_ORIGIN: Final = re.compile(
    r"""(?:"resolved":\s*"|^\s+resolved "|\btarball: ['"]?|\b(?:url|registry|source|git) = "|^\s+remote: """
    r"""|^\s+(?:repository|"url"): "?|"url":\s*")((?:git\+|registry\+|sparse\+)?(?:http|git)://[^\s"',}]+)""",
    re.MULTILINE,
)
# commit fields by kind of lock
_COMMITS: Final[Mapping[str, str]] = {
    "npm-lock": r'"(?:resolved|version)":\s*"git[+:@][^"#\n]*#([^"\n]*)"',
    "yarn-lock": r'(?:^\s+resolved "git[+:@][^"#\n]*#|#commit=)([^"\n&]*)',
    "pnpm-lock": r"""(?:\{|\{[^}\n]*, |^\s+)commit: ['"]?([^\s,}'"]*)""",
    "cargo-lock": r'^source = "git\+[^"#\n]*#([^"\n]*)"',
    "poetry-lock": r'^resolved_reference = "([^"\n]*)"',
    "pdm-lock": r'^revision = "([^"\n]*)"',
    "uv-lock": r'\bgit = "[^"#\n]*#([^"\n]*)"',
    "pylock": r'\bcommit-id = "([^"\n]*)"',
    "pipenv-lock": r'"ref":\s*"([^"\n]*)"',
    "flake-lock": r'"rev":\s*"([^"\n]*)"',
    "gemfile-lock": r"^  revision: (\S*)",
    "composer-lock": r'"type":\s*"git",\s*"url":\s*"[^"\n]*",\s*"reference":\s*"([^"\n]*)"',
}
# one of these stands in whatever comes from git
_SIGNS: Final[Mapping[str, tuple[str, ...]]] = {
    "npm-lock": ('"git', "codeload.github.com"),
    "yarn-lock": (' "git', "codeload.github.com", "#commit="),
    "pnpm-lock": ("commit: ", "type: git", "codeload.github.com"),
    "cargo-lock": ('"git+',),
    "poetry-lock": ("resolved_reference", 'type = "git"'),
    "pdm-lock": ("\nrevision", "\ngit = "),
    "uv-lock": (" git = ",),
    "gemfile-lock": ("GIT", "revision"),
}
_GIT: Final[Mapping[str, str]] = {
    "npm-lock": r'"resolved":\s*"(git[+:@][^"\n]*|https://codeload\.github\.com/[^"\n]*)"',
    "yarn-lock": r'^\s+(?:resolved "(git[+:@][^"\n]*|https://codeload\.github\.com/[^"\n]*)"|resolution: "([^"\n]*#commit=[^"\n]*)")',
    "pnpm-lock": r"resolution: (\{[^}\n]*(?:type: git|codeload\.github\.com)[^}\n]*\})",
    "cargo-lock": r'^source = "(git\+[^"\n]*)"',
    "uv-lock": r'^source = \{ git = "([^"\n]*)"',
    "poetry-lock": r'^type = "git"\nurl = "([^"\n]*)"',
    "pdm-lock": r'^git = "([^"\n]*)"',
    "gemfile-lock": r"^GIT\n  remote: (\S+)",
}
_PNPM: Final = re.compile(
    r"""^  (?P<key>['"]?/?(?P<name>(?:@[^/@\s'"]+/)?[^@/\s'"(]+)[@/](?P<version>\d+\.\d+\.\d+[^\s'"]*?)['"]?):\n"""
    r"""    resolution:\s*\{(?P<body>[^}]{0,4000})\}""",
    re.MULTILINE,
)
_CARGO: Final = re.compile(
    r'^\[\[package\]\]\nname = ("([^"\n]+)")\nversion = "([^"\n]+)"\nsource = "(?:registry|sparse)\+[^"\n]*"\n(?!checksum)', re.MULTILINE
)
_YARN: Final = re.compile(r"^(?P<key>[^\s#][^\n]*):\n(?P<body>(?:[ \t]+[^\n]*\n?)+)", re.MULTILINE)


def issues(kind: str, source: Source, hosts: frozenset[str]) -> Iterator[Issue]:
    """Everything wrong inside a lock of ``kind``; ``hosts`` are allowed besides the public registries."""
    text = source.text
    yield from _plain(text)
    if any(sign in text for sign in _SIGNS.get(kind, ("",))):
        yield from _commits(kind, text)
        yield from _git(kind, text)
    reader = _READERS.get(kind)
    if reader is not None:
        found = list(reader(source))
        yield from _summed("lock-missing-integrity", [f for f in found if f.state == "missing"], "has no hash", "have no hash")
        yield from _summed(
            "lock-weak-integrity", [f for f in found if f.state == "weak"], "is held by SHA-1 or MD5", "are held by SHA-1 or MD5"
        )
        yield from _names(found)
        yield from _hosts(found, hosts)
        yield from _known(kind, text, found)
    if kind == "pnpm-lock":
        yield from _shapes(text)


class Package(NamedTuple):
    """A locked package: where it comes from, whether its hash is ``missing``, ``weak`` or in order (empty), and where it stands.

    ``version``: empty where it stands right behind the name.
    """

    name: str
    url: str
    state: str
    start: int
    end: int
    version: str = ""


def _plain(text: str) -> Iterator[Issue]:
    if "http://" not in text and "git://" not in text:
        return
    count = 0
    for m in _ORIGIN.finditer(text):
        url = m[1]
        host = url.partition("://")[2]
        if not _LOCAL.match(host.rpartition("@")[2].partition("/")[0]) and count < MAX_ISSUES:
            count += 1
            where = host.partition("/")[0].rpartition("@")[2]
            at = m.start(1)
            yield Issue(
                "lock-plain-http", at, at + len(url) - len(host) + len(host.partition("/")[0]), f"fetched from {where} without TLS", where
            )


def _commits(kind: str, text: str) -> Iterator[Issue]:
    pattern = _COMMITS.get(kind)
    if pattern is None:
        return
    count = 0
    for m in re.finditer(pattern, text, re.MULTILINE):
        if _HEX.match(m[1]) or (not m[1] and kind == "composer-lock") or count >= MAX_ISSUES:
            continue
        count += 1
        what = "an option smuggled into git's command line" if m[1].startswith("-") else "no full commit id, so it can be moved"
        yield Issue("lock-invalid-commit", *m.span(1), f"the locked commit is {what}", m[1][:80])


def _git(kind: str, text: str) -> Iterator[Issue]:
    pattern = _GIT.get(kind)
    if pattern is None:
        return
    for count, m in enumerate(re.finditer(pattern, text, re.MULTILINE)):
        if count < MAX_ISSUES:
            group = m.lastindex or 0
            yield Issue("lock-git-dependency", *m.span(group), "comes from a git repository, not from a registry", m[group][:200])


def _summed(rule: str, found: list[Package], one: str, many: str) -> Iterator[Issue]:
    """One issue for all packages of a kind, at the first of them: old locks have hundreds."""
    if found:
        names = list(dict.fromkeys(each.name for each in found))
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        yield Issue(rule, found[0].start, found[0].end, f"{shown} {one if len(names) == 1 else many}", ",".join(sorted(names))[:400])


def _names(found: list[Package]) -> Iterator[Issue]:
    """The archive's URL of a registry names the package before ``/-/``."""
    count = 0
    for each in found:
        before, dash, _ = each.url.partition("/-/")
        if dash and not before.replace("%2f", "/").replace("%2F", "/").replace("%40", "@").endswith("/" + each.name) and count < MAX_ISSUES:
            count += 1
            fetched = "/".join(before.split("/")[3:])
            yield Issue(
                "lock-name-mismatch", each.start, each.end, f"{each.name} is fetched as {fetched}: another package's archive", each.name
            )


def _hosts(found: list[Package], allowed: frozenset[str]) -> Iterator[Issue]:
    """Hosts that are no public registry and serve only a few of the packages; most come from the project's own registry."""
    by_host: dict[str, list[Package]] = {}
    for each in found:
        if each.url.startswith(("https://", "http://")):
            host = each.url.partition("://")[2].partition("/")[0].rpartition("@")[2].lower()
            by_host.setdefault(host, []).append(each)
    total = sum(map(len, by_host.values()))
    for host, packages in by_host.items():
        bare = host.partition(":")[0]
        if bare in REGISTRIES | FORGES or host in allowed or bare in allowed or _LOCAL.match(host) or len(packages) * 5 > total:
            continue
        first = packages[0]
        names = ", ".join(dict.fromkeys(each.name for each in packages[:3]))
        yield Issue("lock-foreign-host", first.start, first.end, f"{names} is fetched from {host}, unlike nearly all other packages", host)


_ECOSYSTEMS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("npm-lock", "yarn-lock", "pnpm-lock", "bun-lock"), "npm"),
    **dict.fromkeys(("poetry-lock", "uv-lock", "pdm-lock", "pipenv-lock", "pylock"), "pypi"),
    "gemfile-lock": "gem",
}
_BEHIND: Final = re.compile(r"""["']?:?\s+(?:version(?::| =)? |\()"?([^"\n)]+)""")


def _known(kind: str, text: str, found: list[Package]) -> Iterator[Issue]:
    """Releases that are known to be malicious, however deep in the tree they are."""
    ecosystem = _ECOSYSTEMS.get(kind, "")
    names, told = PACKAGES.get(ecosystem, {}), set[str]()
    for each in found if names else ():
        if each.name in names:
            behind = None if each.version else _BEHIND.match(text, each.end)
            version = behind[1] if behind else each.version
            subject = f"{each.name}@{version}"
            known = known_release(ecosystem, each.name, version)
            if known is not None and subject not in told:
                told.add(subject)
                yield Issue("known-malicious-release", each.start, each.end, f"{each.name} {version}: {known.what}", subject)


_ELSEWHERE: Final = re.compile(r"\b(?:type: (?:git|directory)|repo:|directory:)")


_ELSEWHERE_SIGNS: Final = ("type: git", "type: directory", "repo:", "directory:")


def _shapes(text: str) -> Iterator[Issue]:
    if not any(sign in text for sign in _ELSEWHERE_SIGNS):
        return
    for count, m in enumerate(m for m in _PNPM.finditer(text) if _ELSEWHERE.search(m["body"])):
        if count < MAX_ISSUES:
            message = f"{m['name']} {m['version']} reads like a release of a registry, but is fetched from elsewhere"
            yield Issue("lock-shape-mismatch", *m.span("key"), message, f"{m['name']}@{m['version']}")


def _state(hashes: str) -> str:
    """What hashes in the form ``algorithm-value`` are worth."""
    if hashes.startswith("sha512-"):
        return ""
    if not hashes.strip():
        return "missing"
    return "" if re.search(r"\bsha(?:256|384|512)[-:=]", hashes) else "weak" if re.search(r"\b(?:sha1|md5)[-:=]", hashes) else ""


def _npm(source: Source) -> Iterator[Package]:
    data = json_of(source) or {}
    packages = data.get("packages")
    if isinstance(packages, dict):
        for path, entry in packages.items():
            if "node_modules/" in path and isinstance(entry, dict) and not entry.get("link") and not entry.get("inBundle"):
                name = str(entry.get("name") or path.rpartition("node_modules/")[2])
                yield from _of_npm(source.text, f'"{path}"', name, entry)
        return
    todo: list[Any] = [data.get("dependencies")]
    while todo:
        for name, entry in (todo.pop() or {}).items():
            if isinstance(entry, dict):
                version = str(entry.get("version", ""))
                alias = re.match(r"npm:((?:@[^@]*)?[^@]*)@", version) if version.startswith("npm:") else None
                if not entry.get("bundled"):
                    yield from _of_npm(source.text, f'"{name}": {{', alias[1] if alias else name, entry)
                todo.append(table(entry, "dependencies"))


def _of_npm(text: str, anchor: str, name: str, entry: Mapping[str, Any]) -> Iterator[Package]:
    url, hashes = str(entry.get("resolved") or ""), str(entry.get("integrity") or "")
    version = str(entry.get("version", ""))
    local = version.startswith(("file:", "git", "http")) or url.startswith(("file:", "git"))
    state = "" if local or url.startswith("https://codeload.github.com/") else _state(hashes)
    before, dash, _ = url.partition("/-/")
    odd = dash and not before.endswith("/" + name)
    told = state or odd or not url.startswith(_USUAL) or known_release("npm", name, version)
    at = text.find(anchor) if told else 0  # looked for only when it may be reported
    yield Package(name, url, state, max(at, 0), max(at, 0) + len(anchor), version)


_USUAL: Final = ("https://registry.npmjs.org/", "https://registry.yarnpkg.com/")


def _yarn(source: Source) -> Iterator[Package]:
    berry = "__metadata:\n" in source.text[:2000]
    for m in _YARN.finditer(source.text):
        key, body = m["key"].strip('"'), "\n" + m["body"]
        at = key.find("@", 1)
        if at < 0:
            continue
        alias = re.match(r"npm:((?:@[^@]*)?[^@,]+)@", key[at + 1 :]) if "@npm:" in key else None
        name = alias[1] if alias else key[:at]
        if berry:
            summed = "\n  checksum:" in body or "\n  conditions:" in body
            plain = not summed and re.search(r'^  resolution: "[^"\n]*@npm:', body, re.MULTILINE)
            yield Package(name, "", "missing" if plain else "", *m.span("key"))
            continue
        url, hashes = _value(body, "\n  resolved "), _value(body, "\n  integrity ")
        if url.startswith("http"):
            state = _state(hashes) if hashes else "weak" if re.search(r"#[0-9a-f]{40}\Z", url) else "missing"
            yield Package(name, url, "" if "codeload.github.com/" in url else state, *m.span("key"))


def _value(body: str, key: str) -> str:
    """What stands behind ``key`` in an entry of a classic lock, without quotes."""
    return body.partition(key)[2].partition("\n")[0].strip().strip('"')


def _pnpm(source: Source) -> Iterator[Package]:
    for m in _PNPM.finditer(source.text):
        body = m["body"]
        if body.startswith("integrity: sha512-") and "," not in body:
            yield Package(m["name"], "", "", *m.span("key"), m["version"])
            continue
        hashes, tarball = re.search(r"integrity: ([^,\s]+)", body), re.search(r"tarball: ['\"]?([^,\s'\"]+)", body)
        elsewhere = _ELSEWHERE.search(body)
        url = tarball[1] if tarball else ""
        state = "" if elsewhere or url.startswith("file:") else _state(hashes[1] if hashes else "")
        yield Package(m["name"], url, state, *m.span("key"), m["version"])


def _cargo(source: Source) -> Iterator[Package]:
    if "\n[metadata]\n" not in source.text:  # older formats keep the checksums there
        for m in _CARGO.finditer(source.text):
            yield Package(m[2], "", "missing", *m.span(1))


def _pipenv(source: Source) -> Iterator[Package]:
    data = json_of(source) or {}
    for section in ("default", "develop"):
        for name, entry in table(data, section).items():
            if isinstance(entry, dict) and "version" in entry:
                state, version = _state(" ".join(map(str, entry.get("hashes") or ()))), str(entry["version"]).removeprefix("==")
                at = max(source.text.find(f'"{name}"'), 0) if state or known_release("pypi", name, version) else 0
                yield Package(name, "", state, at, at + len(name) + 2, version)


_BUN: Final = re.compile(
    r"""^    "[^"\n]+": \[("((?:@[^"@/\n]+/)?[^"@\n]+)@(\d[^"\n]*)"), "([^"\n]*)"(?:[^\n]*"(sha\d+-[^"\n]*)")?""", re.MULTILINE
)


def _bun(source: Source) -> Iterator[Package]:
    """Releases of a registry: ``["name@version", "registry", {…}, "integrity"]``."""
    for m in _BUN.finditer(source.text):
        yield Package(m[2], m[4], _state(m[5] or ""), *m.span(1), m[3])


def _gem(source: Source) -> Iterator[Package]:
    for m in re.finditer(r"^    ([\w.-]+)(?= \()", source.text, re.MULTILINE):
        yield Package(m[1], "", "", *m.span(1))


def _pylock(source: Source) -> Iterator[Package]:
    at = 0
    for piece in re.split(r"^(?=\[\[packages\]\]$)", source.text, flags=re.MULTILINE):
        start, at = at, at + len(piece)
        m = _NAME.match(piece)
        if m is not None:
            files = "url = " in piece and "vcs" not in piece
            kinds = set(_PYLOCK_HASH.findall(piece)) if files else {"sha256"}
            state = "missing" if not kinds else "weak" if kinds <= {"md5", "sha1"} else ""
            yield Package(m[2], "", state, start + m.start(1), start + m.end(1))


_INDEX: Final = "pypi.org"
_NAME: Final = re.compile(r'\[\[packages?\]\]\nname = ("([^"\n]+)")\n')
_HASH: Final = re.compile(r'\bhash = "(\w+:)')
_PYLOCK_HASH: Final = re.compile(r"\b(md5|sha\d\w*|blake2\w) = [\"']")
_STRONG: Final = ('hash = "sha256:', 'hash = "sha512:', 'hash = "sha384:')


def _python(source: Source) -> Iterator[Package]:
    """poetry, uv and pdm: a wheel's file name begins with the package's name, and every file has a hash of some strength."""
    text = source.text
    legacy = "\n[metadata.files]\n" in text
    text = text.partition("\n[metadata")[0] if "\n[[package]]" in text.partition("\n[metadata")[0] else text
    at = 0
    for piece in pieces(text):
        start, at = at, at + len(piece)
        m = _NAME.match(piece)
        if m is None:
            continue
        span = (start + m.start(1), start + m.end(1))
        if not any(each in piece for each in _STRONG):
            yield Package(m[2], "", _python_state(piece, legacy), *span)
        else:
            yield Package(m[2], "", "", *span)
        other = _other_wheel(piece, m[2]) if ".whl" in piece else ""
        if other:
            yield Package(m[2], f"https://{_INDEX}/{other.partition('-')[0]}/-/{other}", "", *span)


def _other_wheel(piece: str, name: str) -> str:
    """The file name of a wheel among the files of the package ``name`` that is another's."""
    usual = (name.replace("-", "_") + "-", name + "-")
    for before in piece.split(".whl")[:-1]:
        file = before[max(before.rfind("/"), before.rfind('"')) + 1 :]
        if not file.startswith(usual) and normal_name(file.partition("-")[0]) != normal_name(name):
            return f"{file}.whl"
    return ""


def _python_state(piece: str, legacy: bool) -> str:
    """What the hashes of a package are worth of which none is strong."""
    hashes = _HASH.findall(piece)
    if hashes:
        return "weak" if all(each in ("md5:", "sha1:") for each in hashes) else ""
    registry = "\nsource = { registry = " in piece or ("files = [" in piece and "[package.source]" not in piece)
    return "missing" if registry and not legacy and "hash" not in piece and "sha" not in piece else ""


_READERS: Final[Mapping[str, Callable[[Source], Iterator[Package]]]] = {
    "npm-lock": _npm,
    "yarn-lock": _yarn,
    "pnpm-lock": _pnpm,
    "bun-lock": _bun,
    "gemfile-lock": _gem,
    "pylock": _pylock,
    "cargo-lock": _cargo,
    "pipenv-lock": _pipenv,
    "poetry-lock": _python,
    "uv-lock": _python,
    "pdm-lock": _python,
}
