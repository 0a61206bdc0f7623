"""XML: the values ElementTree sees, exact places, and no entity ever expanded."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secops_hooks.files.source import Source
from secops_hooks.parse import parse
from secops_hooks.parse.node import UNKNOWN, Document, Node


def read(text: str, path: str = "a.xml") -> Document:
    return parse(Source.from_text(path, text), "xml")


def test_paths_and_positions() -> None:
    text = '<?xml version="1.0" encoding="latin-1"?>\n<p:project xmlns:p="u">\n <url>\n  höst &amp; x</url>\n <a p:debug = "é&lt;"/>\n</p:project>\n'
    document = read(text)
    assert document.problems == ()
    url, debug = document.select("project.url")[0], document.select("project.a.@debug")[0]
    assert (url.text, url.span, url.key_span) == ("höst & x", (4, 3, 4, 15), (3, 3, 3, 6))
    assert (debug.text, debug.tag, debug.raw, debug.key_span) == ("é<", "p", '"é&lt;"', (5, 7, 5, 12))
    assert document.select("project")[0].tag == "p"


def test_text_beside_elements_and_empty_elements() -> None:
    document = read("<a>one <b/> two<!-- c --> three <c></c><d k='v'>four</d></a>")
    assert [node.text for node in document.select("a.#text")] == ["one", "two three"]
    assert [node.value for node in (*document.select("a.b"), *document.select("a.c"))] == ["", ""]
    assert document.select("a.d.#text")[0].text == "four"


def test_cdata_and_references() -> None:
    document = read("<a><b><![CDATA[ <x> & ]]></b><c>${v}</c><d e='#{f}'/></a>")
    assert document.select("a.b")[0].text == "<x> &"
    assert [node.value for node in (*document.select("a.c"), *document.select("a.d.@e"))] == [UNKNOWN, UNKNOWN]


@pytest.mark.parametrize(
    "doctype", ["<!DOCTYPE a>", '<!DOCTYPE a PUBLIC "-//x" "https://y">', '<!DOCTYPE a SYSTEM "y" [ <!ELEMENT a ANY> ]>']
)
def test_document_types_that_declare_no_entity(doctype: str) -> None:
    document = read(f"<!-- c -->{doctype}<a><b>x</b></a>")
    assert document.problems == ()
    assert document.select("a.b")[0].value == "x"


def test_entities_are_a_problem_and_unknown() -> None:
    entities = "".join(f'<!ENTITY e{i + 1} "{f"&e{i};" * 10}">' for i in range(30))
    document = read(f"<!DOCTYPE a [<!ENTITY e0 'x'>{entities}]>\n<a><b>&e30;</b><c d='&e30;'>plain</c></a>")
    assert [problem.reason for problem in document.problems] == ["an XML entity that holds tags or other entities: it is not expanded"]
    assert [node.value for node in (*document.select("a.b"), *document.select("a.c.@d"), *document.select("a.c.#text"))] == [
        UNKNOWN,
        UNKNOWN,
        "plain",
    ]


@pytest.mark.parametrize(
    ("entity", "problems"),
    [("'plain'", 0), ("SYSTEM 'x.css'", 0), ("'<b>y</b>'", 1), ("'&#60;b>y</b>'", 1), ('"&other;"', 1)],
    ids=["text", "from outside", "tags", "written tags", "another"],
)
def test_only_entities_that_could_hide_elements_are_a_problem(entity: str, problems: int) -> None:
    document = read(f"<!DOCTYPE a [<!ENTITY e {entity}>]>\n<a><b>&e;</b><c>x</c></a>")
    assert len(document.problems) == problems
    assert [node.value for node in (*document.select("a.b"), *document.select("a.c"))] == [UNKNOWN, "x"]


def test_a_document_type_in_a_comment_hides_nothing() -> None:
    document = read("<!-- <!DOCTYPE a [ --><a><b>x</b></a><!-- ] > -->")
    assert document.select("a.b")[0].value == "x"


@pytest.mark.parametrize("text", ["<a><b>x</c></a>", "<a>", "text", "<a>&nbsp;</a>", "<a b=c/>", "<a/><b/>"])
def test_broken_is_a_problem(text: str) -> None:
    assert read(text).problems


def test_what_stands_before_the_break_is_kept() -> None:
    assert read("<a><b>x</b><c>").select("a.b")[0].value == "x"


def test_other_configs_and_empty_files() -> None:
    assert read("{a, b}.", "sys.config").problems == ()
    assert read("  \n").problems == ()


NAMES = st.sampled_from(["a", "b", "c.d", "é"])
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=6)


@st.composite
def elements(draw: st.DrawFn, level: int = 0) -> ET.Element:
    element = ET.Element(draw(NAMES), draw(st.dictionaries(NAMES, TEXTS, max_size=2)))
    element.text = draw(TEXTS)
    for _ in range(draw(st.integers(0, 3 - level))):
        child = draw(elements(level=level + 1))
        child.tail = draw(TEXTS)
        element.append(child)
    return element


def same(node: Node, element: ET.Element) -> None:
    attributes = {str(entry.key)[1:]: entry.text for entry in node.children if str(entry.key).startswith("@")}
    assert attributes == element.attrib
    texts = [entry.text for entry in node.children if entry.key == "#text"] if node.kind == "mapping" else [node.text] if node.text else []
    assert texts == [text.strip() for text in (element.text, *(child.tail for child in element)) if text and text.strip()]
    children = [entry for entry in node.children if entry.key and entry.key[0] not in "@#"]
    assert [child.key for child in children] == [child.tag for child in element]
    for child, wanted in zip(children, element, strict=True):
        same(child, wanted)


@settings(max_examples=100, deadline=None)
@given(elements())
def test_values_are_those_of_elementtree(element: ET.Element) -> None:
    document = read(ET.tostring(element, encoding="unicode"))
    assert document.problems == ()
    root = document.roots[0].children[0]
    assert root.key == element.tag
    same(root, element)
    for node in root.walk():
        if node.kind == "scalar" and (node.key or "").startswith("@"):
            assert ET.fromstring(f"<x y={node.raw}/>").get("y") == node.text  # what ElementTree itself wrote
