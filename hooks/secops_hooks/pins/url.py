"""Where a URL of a dependency leads: a git repository at some revision, an archive with or without a hash, a local path.

Understands the notations of pip (``git+https://…@ref#egg=x``, ``…whl#sha256=…``), npm (``git+ssh://…#ref``, ``github:o/r#ref``) and
go-getter (``git::https://…?ref=x``). Fetches nothing.
"""

from __future__ import annotations

from ..records import TYPE_CHECKING, NamedTuple
from .reference import Level, is_commit, is_hex

if TYPE_CHECKING:
    from typing import Final

_VCS: Final = ("git+", "hg+", "bzr+", "svn+")
_PLAIN: Final = frozenset({"http", "git", "ftp", "git+http", "git+git", "hg+http", "svn+http", "svn+svn", "bzr+http"})
STRONG: Final = {"sha256": 64, "sha384": 96, "sha512": 128}
WEAK: Final = {"md5": 32, "sha1": 40, "sha224": 56}
# secops: ignore[bandit-B104] names to compare with, nothing is bound
_LOCAL_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0", "host.docker.internal"})  # noqa: S104 - names, nothing is bound


class Location(NamedTuple):
    """``kind``: ``git``, ``archive``, ``local`` or ``unknown``. ``plain``: fetched over an unauthenticated, unencrypted channel.

    ``weak`` names the algorithm of a hash that does not protect (``md5``, ``sha1``), if that is all there is.
    """

    kind: str
    host: str
    name: str
    ref: str
    content_id: str
    plain: bool
    weak: str = ""

    @property
    def level(self) -> Level:
        if self.kind == "local" or self.content_id:
            return "content"
        return "unverifiable" if self.kind == "unknown" else "floating"


def is_url(text: str) -> bool:
    """Whether ``text`` begins with a scheme (``https://``, ``git+ssh://``, ``file:``)."""
    scheme, colon, rest = text.partition(":")
    return (
        bool(colon) and scheme.replace("+", "").replace("-", "").replace(".", "").isalnum() and (rest.startswith("//") or scheme == "file")
    )


def plain_http(url: str) -> bool:
    """Whether ``url`` is fetched without TLS from another machine."""
    scheme, _, rest = url.strip().lower().partition("://")
    if scheme not in _PLAIN or not rest:
        return False
    host = _host(rest.split("/")[0])
    return bool(host) and not is_local_host(host)


def is_local_host(host: str) -> bool:
    """Whether ``host`` is this machine, a reserved example name, or cannot be known."""
    if "$" in host or "{" in host or "<" in host:
        return True
    return (
        host in _LOCAL_HOSTS
        or host.startswith("127.")
        or host.endswith((".localhost", ".local", ".test", ".invalid", ".example"))
        or host == "example"
    )


def locate(url: str) -> Location:
    """What pip's notation of a URL says."""
    if "$" in url or "{{" in url:
        return Location("unknown", "", "", "", "", False)
    head, _, fragment = url.partition("#")
    scheme, colon, rest = head.partition(":")
    scheme = scheme.lower() if colon else ""
    netloc, _, path = rest.removeprefix("//").partition("/")
    whole, host = path.partition("?")[0], _host(netloc)
    plain = plain_http(url)
    if scheme in ("file", "") or scheme.endswith("+file"):
        return Location("local", "", whole, "", "", False)
    fragments = dict(part.partition("=")[::2] for part in fragment.split("&"))
    if scheme.startswith(_VCS) or scheme in ("git", "ssh"):
        path, at, ref = whole.rpartition("@")
        if not at:
            path, ref = whole, ""
        return Location("git", host, path.strip("/").removesuffix(".git"), ref, ref if is_commit(ref) else "", plain)
    content, weak = _hash(fragments)
    return Location("archive", host, whole.rpartition("/")[2], "", content, plain, weak)


def _host(netloc: str) -> str:
    """The host of ``user@host:port``, lower case, without brackets."""
    host = netloc.rpartition("@")[2].lower()
    return host[1 : host.find("]")] if host.startswith("[") else host.partition(":")[0]


def locate_npm(spec: str) -> Location | None:
    """What npm's notation of a git or tarball dependency says; ``None`` when ``spec`` is neither."""
    low = spec.lower()
    head, _, ref = spec.partition("#")
    if low.startswith(("github:", "gitlab:", "bitbucket:", "gist:")) or (
        "/" in head and ":" not in head and not head.startswith((".", "/", "~", "@")) and head.count("/") == 1 and " " not in head
    ):
        return Location(
            "git", head.partition(":")[0] if ":" in head else "github.com", head.partition(":")[2] or head, ref, _commit(ref), False
        )
    if low.startswith(("git+", "git:", "git@", "ssh:")) or (low.startswith(("http://", "https://")) and head.endswith(".git")):
        return Location("git", "", head, ref, _commit(ref), plain_http(head))
    if low.startswith(("http://", "https://")):
        return Location("archive", "", head, "", "", plain_http(head))
    return None


def _commit(ref: str) -> str:
    return ref if is_commit(ref) else ""


def _hash(fragments: dict[str, str]) -> tuple[str, str]:
    for name, size in STRONG.items():
        if len(fragments.get(name, "")) == size and is_hex(fragments[name]):
            return f"{name}:{fragments[name]}", ""
    return "", next((name for name in WEAK if name in fragments), "")
