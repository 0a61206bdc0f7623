"""The path language and the tree, over YAML because it can say everything the tree can hold."""

from __future__ import annotations

import pytest

from secops_hooks.files.source import Source
from secops_hooks.parse import parse
from secops_hooks.parse.node import MAX_DEPTH, UNKNOWN, Document, Node, compile_path


def read(text: str) -> Document:
    document = parse(Source.from_text("a.yaml", text), "yaml")
    assert document.problems == ()
    return document


TREE = """\
spec:
  containers:
    - name: one
      image: a
      ports: [80, 443]
    - name: two
      image: b
  initContainers:
    - {name: three, image: c}
  "dotted.key/x":
    image: d
kind: Pod
---
kind: Other
"""


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        pytest.param("kind", ["kind", "kind"], id="a key of every document"),
        pytest.param("spec.containers[0].image", ["spec.containers[0].image"], id="an item by number"),
        pytest.param("spec.containers[*].name", ["spec.containers[0].name", "spec.containers[1].name"], id="any item"),
        pytest.param("spec.containers[7].name", [], id="no such item"),
        pytest.param("spec.*[*].name", ["spec.containers[0].name", "spec.containers[1].name", "spec.initContainers[0].name"], id="any key"),
        pytest.param(
            "spec.{initContainers,containers}[0].image", ["spec.containers[0].image", "spec.initContainers[0].image"], id="one of two"
        ),
        pytest.param('spec."dotted.key/x".image', ['spec."dotted.key/x".image'], id="a quoted key"),
        pytest.param('"spec".kind', [], id="no such key there"),
        pytest.param(
            "**.image",
            ["spec.containers[0].image", "spec.containers[1].image", "spec.initContainers[0].image", 'spec."dotted.key/x".image'],
            id="any depth from the root",
        ),
        pytest.param("**.{kind,ports}", ["spec.containers[0].ports", "kind", "kind"], id="one of two at any depth, in file order"),
        pytest.param(
            "spec.**.name", ["spec.containers[0].name", "spec.containers[1].name", "spec.initContainers[0].name"], id="any depth below"
        ),
        pytest.param("**.containers[*].ports[1]", ["spec.containers[0].ports[1]"], id="items below any depth"),
        pytest.param("**.**.ports", ["spec.containers[0].ports"], id="any depth twice is each node once"),
        pytest.param("**.ports[*]", ["spec.containers[0].ports[0]", "spec.containers[0].ports[1]"], id="items of a deep key"),
        pytest.param("[0]", [], id="an item where there is no sequence"),
    ],
)
def test_select(pattern: str, paths: list[str]) -> None:
    assert [node.path for node in read(TREE).select(pattern)] == paths


def test_select_below_a_node_is_relative() -> None:
    [container] = read(TREE).select("spec.initContainers[0]")
    assert [node.value for node in container.select("image")] == ["c"]
    assert [node.value for node in container.select("**.name")] == ["three"]
    assert container.select("spec") == []


@pytest.mark.parametrize(
    ("pattern", "column"),
    [("a[", 2), ("a..b c", 2), ("a[x]", 2), ('a."b', 2), ("a.{b", 2)],
    ids=["bracket", "space", "item", "quote", "brace"],
)
def test_a_broken_pattern_says_where(pattern: str, column: int) -> None:
    with pytest.raises(ValueError, match=f"column {column}"):
        compile_path(pattern)


def test_every_path_selects_its_node_again() -> None:
    for root in (document := read(TREE.replace("Pod", '"x\\ty": 1').replace("kind: ", '"a\\"b\\\\ c": {} #', 1))).roots:
        for node in root.walk():
            if node.parent is not None:
                assert node in document.select(node.path)


def test_aliases_are_followed_and_keep_their_own_place() -> None:
    document = read("base: &b {image: x}\nuse: *b\nlist: [*b]\n")
    found = document.select("use.image") + document.select("list[0].image")
    assert [(node.path, node.value) for node in found] == [("base.image", "x")] * 2
    [use] = document.select("use")
    assert use.target is document.select("base")[0]
    assert use.resolved.path == "base"
    assert use.raw == "*b"
    assert [node.path for node in document.select("**.image")] == ["base.image"]


def test_merges_bring_entries_that_are_not_overridden() -> None:
    document = read(
        "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 3\nd: {<<: *a}\ne: &e\n  <<: *b\n  q: 4\nf: {<<: *e}\n"
    )
    of = {name: {entry.key: entry.value for entry in document.select(name)[0].entries()} for name in "cdf"}
    assert of == {"c": {"x": 3, "y": 1, "z": 2}, "d": {"x": 1, "y": 1}, "f": {"q": 4, "y": 2, "z": 2}}
    assert [node.path for node in document.select("c.z")] == ["b.z"]
    assert [node.key for node in document.select("c")[0].children] == ["<<", "x"]


def test_a_merge_of_itself_ends() -> None:
    document = read("a: &a\n  <<: *a\n  k: 1\n")
    assert [entry.key for entry in document.select("a")[0].entries()] == ["k"]


def test_duplicate_keys_are_all_there_and_the_last_one_counts() -> None:
    document = read("a: 1\nb: 2\na: 3\n")
    assert [node.value for node in document.select("a")] == [1, 3]
    assert document.roots[0].get("a") is document.select("a")[1]


@pytest.mark.parametrize(
    ("keys", "value"), [(("spec", "kind"), None), (("kind",), "Pod"), (("kind", "x"), None), (("spec", "containers", "x"), None)]
)
def test_get(keys: tuple[str, ...], value: str | None) -> None:
    found = read(TREE).roots[0].get(*keys)
    assert (found.value if found else None) == value


def test_spans_of_key_and_value() -> None:
    node = read(TREE).select("spec.containers[1].image")[0]
    assert tuple(node.key_span) == (7, 7, 7, 12)
    assert tuple(node.span) == (7, 14, 7, 15)
    assert node.raw == "b"
    [item] = read(TREE).select("spec.containers[0].ports[0]")
    assert item.key_span == item.span


def test_a_chain_of_targets_ends() -> None:
    source = Source.from_text("a", "")
    one, two = Node("scalar", source, 0, 0), Node("scalar", source, 0, 0, value=UNKNOWN)
    one.target, two.target = two, one
    assert one.resolved in (one, two)
    assert MAX_DEPTH > 1


def test_unknown_is_false_and_known_follows_aliases() -> None:
    document = read("a: &a ${X}\nb: *a\nc: 1\n")
    assert not UNKNOWN
    assert [document.select(name)[0].known for name in "abc"] == [False, False, True]
