"""The small grammars of pins: images, requirements, URLs, versions, commits, names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Reference

from secops_hooks.pins.image import Image, parse_image
from secops_hooks.pins.names import imitated, odd_character
from secops_hooks.pins.names.regenerate import listed
from secops_hooks.pins.pep508 import is_exact, parse_requirement
from secops_hooks.pins.reference import is_commit, is_short_commit, is_version
from secops_hooks.pins.url import locate, locate_npm, plain_http
from secops_hooks.pins.version import fits, is_older

_DIGEST = "sha256:" + "0a" * 32
_COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("alpine", Image("alpine", "", ""), id="bare"),
        pytest.param("alpine:3.22", Image("alpine", "3.22", ""), id="tag"),
        pytest.param("localhost:5000/team/web", Image("localhost:5000/team/web", "", ""), id="port is no tag"),
        pytest.param("localhost:5000/team/web:1", Image("localhost:5000/team/web", "1", ""), id="port and tag"),
        pytest.param(f"a/b:1@{_DIGEST}", Image("a/b", "1", _DIGEST), id="tag and digest"),
        pytest.param("a/b:1@sha256:beef", Image("a/b", "1", ""), id="a short digest pins nothing"),
        pytest.param("docker://alpine:3", Image("alpine", "3", ""), id="with scheme"),
        pytest.param("$IMAGE", None, id="variable"),
        pytest.param("./local", None, id="path"),
        pytest.param("two words", None, id="blank"),
        pytest.param("", None, id="empty"),
    ],
)
def test_image(text: str, expected: Image | None) -> None:
    assert parse_image(text) == expected


@pytest.mark.parametrize(
    ("text", "level"),
    [("a", "floating"), ("a:latest", "floating"), ("a:Nightly", "floating"), ("a:1", "version"), (f"a@{_DIGEST}", "content")],
)
def test_image_level(text: str, level: str) -> None:
    image = parse_image(text)
    assert image is not None
    assert image.level == level


@pytest.mark.parametrize(
    ("text", "name", "versions", "url"),
    [
        ("a", "a", "", ""),
        ("a.b-c_d==1.0", "a.b-c_d", "==1.0", ""),
        ("a[x, y] >=1, <2 ; python_version < '3'", "a", ">=1, <2", ""),
        ("a (>=1,<2)", "a", "(>=1,<2)", ""),
        ("a @ https://x.org/a.whl#sha256=00 ; os_name == 'nt'", "a", "", "https://x.org/a.whl#sha256=00"),
        ("a===1!2.0+local", "a", "===1!2.0+local", ""),
    ],
)
def test_requirement(text: str, name: str, versions: str, url: str) -> None:
    found = parse_requirement(text)
    assert found is not None
    assert (found.name, found.versions, found.url) == (name, versions, url)
    assert text[found.versions_start : found.versions_end] == versions
    assert text[found.start :].startswith(name)


@pytest.mark.parametrize("text", ["", "-r x", "a b", "a >", "a = 1", "https://x.org/a", "a==1 b", "[x]"])
def test_no_requirement(text: str) -> None:
    assert parse_requirement(text) is None


_NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9._-]{0,8}[A-Za-z0-9]", fullmatch=True)
_CLAUSES = st.tuples(
    st.sampled_from(["==", ">=", "<=", "<", ">", "!=", "~="]), st.from_regex(r"[1-9]\.[0-9]{1,2}(\.[0-9])?", fullmatch=True)
)


@given(name=_NAMES, extras=st.lists(_NAMES, max_size=2), clauses=st.lists(_CLAUSES, max_size=3), space=st.sampled_from(["", " ", "  "]))
def test_requirement_is_read_as_packaging_reads_it(name: str, extras: list[str], clauses: list[tuple[str, str]], space: str) -> None:
    text = name + (f"[{','.join(extras)}]" if extras else "") + space + f"{space},".join(operator + space + v for operator, v in clauses)
    try:
        reference = Reference(text)
    except InvalidRequirement:
        return
    found = parse_requirement(text)
    assert found is not None
    assert found.name == reference.name
    assert sorted(c.replace(" ", "") for c in found.versions.split(",") if c) == sorted(str(s) for s in list(reference.specifier)) or len(
        clauses
    ) != len(set(clauses))
    assert found.exact == any(s.operator in ("==", "===") for s in reference.specifier)


@pytest.mark.parametrize(
    ("versions", "exact"),
    [("==1", True), ("==1.*", False), (">=1,==1.2", True), ("~=1.2", False), ("", False), ("===x", True), ("(==1)", True)],
)
def test_exact(versions: str, exact: bool) -> None:
    assert is_exact(versions) is exact


@pytest.mark.parametrize(
    ("url", "kind", "ref", "pinned", "plain"),
    [
        (f"git+https://h/o/r@{_COMMIT}#egg=x", "git", _COMMIT, True, False),
        ("git+https://h/o/r.git@v1", "git", "v1", False, False),
        ("git+ssh://git@h/o/r", "git", "", False, False),
        ("git://h/o/r", "git", "", False, True),
        ("git+http://h/o/r@main", "git", "main", False, True),
        ("https://h/a.whl#sha256=" + "ab" * 32, "archive", "", True, False),
        ("https://h/a.whl#md5=" + "ab" * 16, "archive", "", False, False),
        ("http://user:pw@h:8080/a.whl", "archive", "", False, True),
        ("http://localhost:8080/a.whl", "archive", "", False, False),
        ("http://[::1]/a.whl", "archive", "", False, False),
        ("file:///srv/a.whl", "local", "", False, False),
        ("https://$HOST/a.whl", "unknown", "", False, False),
    ],
)
def test_locate(url: str, kind: str, ref: str, pinned: bool, plain: bool) -> None:
    place = locate(url)
    assert (place.kind, place.ref, bool(place.content_id), place.plain) == (kind, ref, pinned, plain)


@pytest.mark.parametrize(
    ("spec", "kind", "ref"),
    [
        ("github:o/r", "git", ""),
        ("o/r#v1", "git", "v1"),
        (f"git+ssh://git@h/o/r.git#{_COMMIT}", "git", _COMMIT),
        ("https://h/o/r.git#semver:^1", "git", "semver:^1"),
        ("https://h/a.tgz", "archive", ""),
        ("^1.2.3", None, ""),
        ("@scope/name", None, ""),
        ("./local", None, ""),
    ],
)
def test_locate_npm(spec: str, kind: str | None, ref: str) -> None:
    place = locate_npm(spec)
    assert (place.kind if place else None) == kind
    assert (place.ref if place else "") == ref


@given(st.text(max_size=80))
def test_nothing_raises(text: str) -> None:
    parse_image(text)
    parse_requirement(text)
    locate(text)
    locate_npm(text)
    plain_http(text)
    odd_character(text)


@pytest.mark.parametrize(
    ("version", "versions", "moving", "expected"),
    [
        ("v45", "<46.0.1", True, True),
        ("v46", "<46.0.1", True, False),
        ("v46", "<46.0.1", False, True),
        ("v4", ">=4.0.0,<4.1.3", True, False),
        ("4.1.2", ">=4.0.0,<4.1.3", True, True),
        ("3.9", ">=4.0.0,<4.1.3", True, False),
        ("main", "<2", True, False),
        ("1.2.3", "1.2.2 1.2.3", False, True),
        ("1.2.30", "1.2.2 1.2.3", False, False),
        ("anything", "*", False, True),
    ],
)
def test_fits(version: str, versions: str, moving: bool, expected: bool) -> None:
    assert fits(version, versions, moving=moving) is expected


def test_older_counts_numbers_not_letters() -> None:
    assert is_older("1.9", "1.10")
    assert not is_older("1.10", "1.10.0")
    assert not is_older("", "1")


@pytest.mark.parametrize(
    ("text", "commit", "short"),
    [(_COMMIT, True, False), (_COMMIT[:12], False, True), ("deadbeef", False, False), ("20241124", False, False), ("v1", False, False)],
)
def test_commits(text: str, commit: bool, short: bool) -> None:
    assert is_commit(text) is commit
    assert is_short_commit(text) is short


@pytest.mark.parametrize(
    ("text", "expected"), [("v1", True), ("1.2.3", True), ("r20", True), ("main", False), ("release/v1", False), ("", False)]
)
def test_versions(text: str, expected: bool) -> None:
    assert is_version(text) is expected


@pytest.mark.parametrize(
    ("ecosystem", "name", "expected"),
    [
        ("pypi", "reqeusts", "requests"),
        ("pypi", "dateutil-python", "python-dateutil"),
        ("pypi", "requests", ""),
        ("pypi", "Python_DateUtil", ""),
        ("pypi", "boto", ""),
        ("npm", "expresss", "express"),
        ("npm", "@scope/expresss", ""),
        ("npm", "ax1os", "axios"),
        ("npm", "my-very-own-thing", ""),
    ],
)
def test_imitated(ecosystem: str, name: str, expected: str) -> None:
    assert imitated(ecosystem, name) == expected


@pytest.mark.parametrize("ecosystem", ["pypi", "npm"])
def test_popular_names_do_not_accuse_each_other(ecosystem: str) -> None:
    from secops_hooks.pins.names import popular

    assert [name for name in sorted(popular(ecosystem)[0])[::50] if imitated(ecosystem, name)] == []


def test_regenerate_sorts_by_downloads() -> None:
    assert listed("pypi", ["b\t2\n", "A_x\t30\n", "a-x\t1\n", "bad line\n", "n\u00e4me\t9\n"]) == ["a-x", "b"]


def test_odd_characters_are_named() -> None:
    assert odd_character("requests") == ""
    assert odd_character("reques\u200bts") == "the invisible character U+200B"
    assert "cyrillic" in odd_character("r\u0435quests")
