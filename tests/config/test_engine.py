"""How rules meet documents: paths read upwards, aliases, folded keys, surroundings, absent entries, one report for one fact."""

from __future__ import annotations

import pytest

from secops_hooks.config.check import check
from secops_hooks.config.engine import apply
from secops_hooks.config.match import Arguments, Commands, Keys, Match, Missing, Variables, Where
from secops_hooks.config.plan import fold, last_names, plan
from secops_hooks.config.predicates import equals, is_set, is_true
from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import UNANALYSABLE, Rule
from secops_hooks.parse import load
from secops_hooks.policy.settings import Settings


def rule(match: Match) -> Rule:
    return Rule(id="a-rule", family="config", title="t", severity="high", tier="block", why="w.", fix="f.", match=match)


def places(match: Match, text: str, path: str = "a.yaml") -> list[tuple[int, int]]:
    file = load(tree := MemoryTree({path: text}), path)
    assert file is not None
    assert file.document is not None
    return sorted((f.span.line, f.span.col) for f in apply(plan([rule(match)]), file, file.document, tree))


def keys(*paths: str, **more: object) -> Keys:
    return Keys(("*",), paths, is_true, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("match", "text", "expected"),
    [
        pytest.param(keys("a.b"), "a:\n  b: true\nc:\n  a:\n    b: true\n", [(2, 6)], id="from the root"),
        pytest.param(keys("**.a.b"), "a:\n  b: true\nc:\n  a:\n    b: true\n", [(2, 6), (5, 8)], id="at any depth"),
        pytest.param(keys("a.**.b"), "a:\n  x:\n    b: true\nb: true\n", [(3, 8)], id="deep in the middle"),
        pytest.param(keys("a[*].b"), "a:\n  - b: true\n  - b: no\n  - b: on\n", [(2, 8), (4, 8)], id="items"),
        pytest.param(keys("a[1].b"), "a:\n  - b: true\n  - b: true\n", [(3, 8)], id="one item"),
        pytest.param(keys("**.{a,b}[*]"), "a: [true, false]\nb: [true]\n", [(1, 5), (2, 5)], id="items at the end"),
        pytest.param(keys("x.*.b"), "x:\n  one: {b: true}\n  b: true\n", [(2, 12)], id="any key"),
        pytest.param(keys("**.b", at="key"), "a:\n  b: true\n", [(2, 3)], id="at the key"),
        pytest.param(keys('**."a.b"'), "a.b: true\na:\n  b: true\n", [(1, 6)], id="a key with a dot"),
        pytest.param(
            keys("**.verifyssl", fold=True),
            "verify_ssl: true\nverifySSL: true\nVERIFY-SSL: true\n",
            [(1, 13), (2, 12), (3, 13)],
            id="folded",
        ),
        pytest.param(keys("s.*.b"), "x: &x\n  b: true\ns:\n  one:\n    <<: *x\n", [(2, 6)], id="merged in"),
        pytest.param(keys("s.*.b"), "x: &x\n  b: true\ns:\n  one:\n    <<: *x\n    b: false\n", [], id="merged in and overridden"),
        pytest.param(keys("s.one.b"), "x: &x\n  b: true\ns:\n  one: *x\n", [(2, 6)], id="aliased"),
        pytest.param(
            keys("**.b", where=(Where("kind", equals("A")),)),
            "- {kind: A, b: true}\n- {kind: B, b: true}\n",
            [(1, 16)],
            id="with a sibling",
        ),
        pytest.param(
            keys("**.c.b", where=(Where("^.kind", equals("A")),)), "kind: A\nc: {b: true}\n", [(2, 8)], id="with an entry further up"
        ),
        pytest.param(
            keys("**.b", where=(Where("$.kind", equals("A")),)), "kind: A\nc: {d: {b: true}}\n", [(2, 12)], id="with an entry of the root"
        ),
        pytest.param(
            keys("**.b", where=(Where("c", is_set, absent=True),)),
            "x: {b: true}\ny: {b: true, c: 1}\nz: {b: true, c: ${C}}\n",
            [(1, 8)],
            id="without a sibling",
        ),
        pytest.param(
            Missing(("*",), ("s.*",), ("a.b",)),
            "s:\n  one:\n    c: 1\n  two:\n    a: {}\n  three:\n    a: {b: 1}\n",
            [(2, 3), (5, 5)],
            id="absent",
        ),
        pytest.param(
            Missing(("*",), ("s[*]",), ("a",)), "s:\n  - name: n\n    c: 1\n  - c: 1\n", [(2, 11), (4, 5)], id="absent from an item"
        ),
        pytest.param(Missing(("*",), ("s[*]",), ("a",)), "s:\n  - a: ${A}\n", [], id="absent or unknown"),
        pytest.param(Missing(("*",), ("s.*",), ("a",), when=is_true), "s:\n  one:\n    a: false\n", [(3, 5)], id="present but not so"),
        pytest.param(
            Arguments(("*",), ("prog",), "f", is_true),
            "containers:\n- command: [/bin/prog, --f=true]\n- args: [--f=true]\n",
            [(2, 24)],
            id="argument",
        ),
        pytest.param(
            Arguments(("*",), ("prog",), "f", is_true), "containers:\n- command: [prog]\n  args: [-f]\n", [(3, 10)], id="bare flag"
        ),
        pytest.param(
            Arguments(("*",), ("prog",), "f", is_true),
            'containers:\n- command: [sh, -c, "prog --f true"]\n',
            [(2, 27)],
            id="argument in a shell string",
        ),
        pytest.param(
            Arguments(("*",), ("prog",), "f", absent=True),
            "containers:\n- command: [prog, --g]\n- command: [prog, --f=1]\n",
            [(2, 13)],
            id="argument not given",
        ),
        pytest.param(
            Variables(("*",), ("V",), is_true),
            "V: true\nenv:\n- name: V\n  value: yes\nenvironment: [V=1, W=1, 'V=on']\n",
            [(1, 4), (4, 10), (5, 17), (5, 28)],
            id="variables",
        ),
    ],
)
def test_places(match: Match, text: str, expected: list[tuple[int, int]]) -> None:
    assert places(match, text) == expected


SCRIPT = 'FROM a\nRUN A=b curl -fsSLk https://e.org \\\n    && sudo env X=1 curl --insecure x\nCMD ["curl", "-k", "x"]\nRUN <<EOF\ncurl -ok x\ncurl -k y\nEOF\nRUN echo curl -k \'; curl -k z\' # curl -k\n'


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        pytest.param(Commands(("dockerfile",), ("curl",), options=("-k", "--insecure")), [(2, 14), (3, 26), (4, 15), (7, 6)], id="options"),
        pytest.param(
            Commands(("dockerfile",), ("curl",), options=("-k", "--insecure"), unless="e.org"), [(3, 26), (4, 15), (7, 6)], id="unless"
        ),
        pytest.param(Commands(("dockerfile",), ("curl",), operands=r"\Ay"), [(7, 9)], id="operands"),
    ],
)
def test_commands(match: Match, expected: list[tuple[int, int]]) -> None:
    assert places(match, SCRIPT, "Dockerfile") == expected


def test_fold_and_last_names() -> None:
    assert fold("Verify-SSL_x.y") == "verifysslxy"
    assert last_names("**.{a,b}[*]") == ("a", "b")
    assert last_names("a.*") == ()


def test_platform_rule_wins_over_generic() -> None:
    text = "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nspec:\n  insecureSkipTLSVerify: true\n"
    file = load(tree := MemoryTree({"api.yaml": text}), "api.yaml")
    assert file is not None
    assert [f.rule.id for f in check(file, tree, Settings())] == ["k8s-skip-tls-verify"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("a.yaml", "a: [1\nb: {\n", id="yaml"),
        pytest.param("a.json", '{"a": }', id="json"),
        pytest.param("a.toml", "a = \n", id="toml"),
        pytest.param("main.tf", 'resource "a" {\n', id="hcl"),
        pytest.param("Dockerfile", "FORM a\n", id="dockerfile"),
        pytest.param("a.xml", "<a><b></a>", id="xml"),
        pytest.param("nul.yaml", "a: \0b\n", id="nul"),
    ],
)
def test_what_cannot_be_read_is_reported(path: str, text: str) -> None:
    file = load(tree := MemoryTree({path: text}), path)
    assert file is not None
    found = [f for f in check(file, tree, Settings()) if f.rule is UNANALYSABLE]
    assert 1 <= len(found) <= 3
    assert len({f.span for f in found}) == len(found)


def test_large_json_is_still_checked() -> None:
    filler = ",".join(f'"k{i}": "{"x" * 60}"' for i in range(6000))
    for body, expected in (
        ("{" + filler + "}", []),
        ("{" + filler + ', "verify_ssl": false}', ["tls-verification-disabled"]),
        ("{" + filler, ["unanalysable"]),
    ):
        file = load(tree := MemoryTree({"big.json": body}), "big.json")
        assert file is not None
        assert [f.rule.id for f in check(file, tree, Settings())] == expected


def test_audit_rules_run_only_when_asked_for_or_named() -> None:
    from secops_hooks.policy.settings import Override

    text = "services:\n  web:\n    image: a\n"
    file = load(tree := MemoryTree({"compose.yaml": text}), "compose.yaml")
    assert file is not None
    assert list(check(file, tree, Settings())) == []
    assert "compose-no-memory-limit" in {f.rule.id for f in check(file, tree, Settings(tier="audit"))}
    named = Settings(rules={"compose-no-memory-limit": Override(tier="block")})
    assert [f.rule.id for f in check(file, tree, named)] == ["compose-no-memory-limit"]
