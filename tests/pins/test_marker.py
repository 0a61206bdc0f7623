"""Markers: the same meaning in any spelling, held against the ``packaging`` library on random environments."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.markers import Marker

from secops_hooks.pins.marker import both, parsed, same

_ATOMS = st.one_of(
    st.builds(
        "python_version {} '3.{}'".format, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), st.integers(min_value=8, max_value=14)
    ),
    st.builds("python_full_version {} '3.{}.{}'".format, st.sampled_from(["<", ">="]), st.integers(8, 13), st.integers(0, 3)),
    st.builds("sys_platform {} '{}'".format, st.sampled_from(["==", "!="]), st.sampled_from(["win32", "linux", "darwin"])),
    st.builds("'{}' {} platform_machine".format, st.sampled_from(["arm", "x86"]), st.sampled_from(["in", "not in"])),
)
_MARKERS = st.recursive(_ATOMS, lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner), max_leaves=5)
_ENVIRONMENTS = [
    {"python_version": f"3.{minor}", "python_full_version": f"3.{minor}.{micro}", "sys_platform": system, "platform_machine": machine}
    for minor in range(7, 16)
    for micro in (0, 1, 2, 3, 4)
    for system in ("win32", "linux", "darwin", "other")
    for machine in ("x86_64", "arm64", "riscv")
]


@settings(deadline=None, max_examples=60)
@given(_MARKERS, _MARKERS)
def test_same_is_what_no_environment_tells_apart(left: str, right: str) -> None:
    first, second = Marker(left), Marker(right)
    alike = all(first.evaluate(each) == second.evaluate(each) for each in _ENVIRONMENTS)
    assert same(left, right) in (alike, None)
    assert same(left, f"({left})") is True


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        ("", "", True),
        ("", "python_version >= '3.8'", False),
        ("os.name == 'nt'", 'os_name == "nt"', True),
        ("'3.8' <= python_version", "python_version >= '3.8'", True),
        ("extra == 'A_b'", "extra == 'a-b'", True),
        ("python_version not  in '3.8, 3.9'", "python_version != '3.8' and python_version != '3.9'", True),
        ("python_version ~= '3.8'", "python_version >= '3.8' and python_version < '4'", True),
        ("python_version == '3.8.*'", "python_version == '3.8'", True),
        ("python_version", "python_version >= '3'", None),
        ("'a' == 'b'", "os_name == 'a'", None),
        ("(" * 100 + "os_name == 'a'" + ")" * 100, "os_name == 'a'", None),
        ("os_name == 'a' os_name == 'b'", "os_name == 'a'", None),
        ("os_name $ 'a'", "os_name == 'a'", None),
    ],
)
def test_same(left: str, right: str, verdict: bool | None) -> None:
    assert same(left, right) is verdict


def test_the_pythons_of_the_project_bound_the_question() -> None:
    assert same("python_version >= '3.9'", "", ">=3.10") is True
    assert same("python_version >= '3.9'", "", ">=3.8") is False


def test_too_many_environments_are_not_asked() -> None:
    wide = " or ".join(
        f"{name} == '{value}'" for name in ("os_name", "sys_platform", "platform_machine", "platform_release") for value in range(40)
    )
    assert same(wide, "os_name == 'a'") is None


def test_both() -> None:
    assert both("", "") == ""
    assert both("a == 'b'", " ") == "a == 'b'"
    assert parsed(both("os_name == 'a' or os_name == 'b'", "extra == 'c'")) is not None
    assert same(both("os_name == 'a' or os_name == 'b'", "extra == 'c'"), "extra == 'c' and (os_name == 'b' or os_name == 'a')") is True
