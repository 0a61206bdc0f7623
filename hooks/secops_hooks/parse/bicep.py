"""Bicep as the template of Azure Resource Manager that it becomes, so that what reads templates reads it.

``resource site 'Microsoft.Web/sites@2023-01-01' = { properties: { httpsOnly: false } }`` has
``resources.site.type`` and ``resources.site.properties.httpsOnly``; parameters have a ``defaultValue``. Conditions and
loops around an object give the object; any other expression is unknown. A resource that is only referred to
(``existing``) is left out, its children are not. Grammar: https://github.com/Azure/bicep/blob/main/docs/grammar.md
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .node import UNKNOWN, Node
from .scalar import Reading

if TYPE_CHECKING:
    from ..files.source import Source
    from .node import Document, Value

_DEEPEST: Final = 100
_BLANK: Final = re.compile(r"(?:[^\S\n]|//[^\n]*|/\*(?s:.)*?(?:\*/|\Z))*")
_GAP: Final = re.compile(r"(?:[\s,]|//[^\n]*|/\*(?s:.)*?(?:\*/|\Z))*")
_NAME: Final = re.compile(r"[A-Za-z_]\w*")
_STRING: Final = re.compile(r"'''(?s:.)*?'''|'(?:[^'\\\n$]|\\.|\$(?!\{))*+'")
_NUMBER: Final = re.compile(r"-?\d+\b")
_RESOURCE: Final = re.compile(r"resource\s+(\w+)\s+'([^'@\n]+)(?:@([^'\n]*))?'[^\S\n]*(existing\b)?[^\S\n]*=")
_NAMED: Final = re.compile(r"(param|var)\s+(\w+)")
_LOOP: Final = re.compile(r"\[\s*for\b")
_CONTINUES: Final = re.compile(r"\s*(?:\?|:(?=\s)|&&|\|\||[-+*/%<>=!]=?(?!/|\*)\s)")
_ESCAPE: Final = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|(.))")
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t"}
_LITERALS: Final[dict[str, Value]] = {"true": True, "false": False, "null": None}


def parse(source: Source, template: str) -> Document:
    """The document of Bicep ``source`` in the shape of a deployment template."""
    reading = Reading(source, "bicep", template)
    _Reader(reading).read()
    return reading.document()


class _Reader:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.text = reading.text
        self.source = reading.source
        root = reading.root
        self.sections = {name: root.add(Node("mapping", self.source, 0, 0), name) for name in ("parameters", "variables", "resources")}

    def read(self) -> None:
        at = _after(_GAP, self.text, 0)
        while at < len(self.text):
            at = _after(_GAP, self.text, max(self._statement(at), at + 1))

    def _statement(self, at: int) -> int:
        """Where the statement at ``at`` ends."""
        resource = _RESOURCE.match(self.text, at)
        if resource is not None:
            return self._resource(resource, self.sections["resources"], "", 0)
        named = _NAMED.match(self.text, at)
        if named is None:
            return self._expression(at)
        end, given = self._expression(named.end(), "="), self.sections["variables"]
        if named[1] == "param":
            given = self.sections["parameters"].add(Node("mapping", self.source, at, end), named[2], *named.span(2))
        if not self.text.startswith("=", end):
            return end
        key = ("defaultValue", end, end + 1) if named[1] == "param" else (named[2], *named.span(2))
        return self._value(_after(_BLANK, self.text, end + 1), given, *key, depth=0)

    def _resource(self, m: re.Match[str], into: Node, parent: str, depth: int) -> int:
        """A resource; what is only referred to gives its children to the section, under their full type."""
        type_ = m[2] if "." in m[2].split("/")[0] or not parent else f"{parent}/{m[2]}"
        body = Node("mapping", self.source, m.start(), m.end())
        body.add(Node("scalar", self.source, *m.span(2), value=type_, text=type_, style="'"), "type", *m.span(2))
        if m[3] is not None:
            body.add(Node("scalar", self.source, *m.span(3), value=m[3], text=m[3], style="'"), "apiVersion", *m.span(3))
        at = _after(_BLANK, self.text, m.end())
        if self.text.startswith("if", at):
            at = self._expression(at + 2, "{", once=True)
        loop = _LOOP.match(self.text, at)
        if loop is not None:
            at = _after(_GAP, self.text, self._expression(loop.end(), ":") + 1)
            at = self._expression(at + 2, "{", once=True) if self.text.startswith("if", at) else at
        if not self.text.startswith("{", at):
            return self._expression(at)
        if m[4] is None:
            into.add(body, m[1], *m.span(1))
        end = body.end = self._object(at, body, depth + 1, type_, self.sections["resources"] if m[4] else None)
        return self._expression(end) if loop is None else min(self._expression(end, "]") + 1, len(self.text))

    def _object(self, at: int, into: Node, depth: int, type_: str = "", elsewhere: Node | None = None) -> int:
        """The entries of the object that opens at ``at``; where it ends.

        ``type_``: it is the body of such a resource; then its children come under its ``resources``, or ``elsewhere``.
        """
        opening, holder = at, elsewhere
        at = _after(_GAP, self.text, at + 1)
        while at < len(self.text) and self.text[at] != "}":
            resource = _RESOURCE.match(self.text, at) if type_ and depth < _DEEPEST else None
            if resource is not None:
                if holder is None:
                    holder = into.add(Node("mapping", self.source, at, at), "resources", at, at)
                at = self._resource(resource, holder, type_ if elsewhere is not None else "", depth)
            else:
                at = self._entry(at, into, depth)
            at = _after(_GAP, self.text, at)
        if at >= len(self.text):
            self.reading.problem("a brace is not closed", opening, opening + 1)
        return min(at + 1, len(self.text))

    def _entry(self, at: int, into: Node, depth: int) -> int:
        m = _STRING.match(self.text, at) or _NAME.match(self.text, at)
        colon = _after(_BLANK, self.text, m.end()) if m is not None else at
        if m is None or not self.text.startswith(":", colon):
            into.value = UNKNOWN  # spread or computed entries: what is not seen may still be there
            return max(self._expression(at), at + 1)
        name = m[0].strip("'")
        return self._value(_after(_BLANK, self.text, colon + 1), into, name, at, m.end(), depth=depth)

    def _value(self, at: int, into: Node, key: str | None, key_start: int, key_end: int, *, depth: int) -> int:
        """Adds the value that stands at ``at`` to ``into``; where it ends."""
        sign = self.text[at : at + 1]
        if depth >= _DEEPEST:
            self.reading.problem(f"nested deeper than {_DEEPEST} levels", at, at + 1)
            return self._expression(at)
        node = Node("mapping" if sign == "{" else "sequence" if sign == "[" else "scalar", self.source, at, at)
        into.add(node, key, key_start, key_end)
        if sign == "{":
            end = self._object(at, node, depth + 1)
        elif sign == "[":
            end = self._array(at, node, depth + 1)
        else:
            end = self._scalar(at, node)
        rest = self._expression(end)
        if _after(_BLANK, self.text, end) < rest:
            node.kind, node.value, node.tag, node.children = "scalar", UNKNOWN, "", []
            node.text, end = self.text[at:rest].rstrip(), rest
        node.end = end
        return rest

    def _array(self, at: int, into: Node, depth: int) -> int:
        opening, loop = at, _LOOP.match(self.text, at)
        at = self._expression(loop.end(), ":") + 1 if loop is not None else at + 1
        at = _after(_GAP, self.text, at)
        while at < len(self.text) and self.text[at] != "]":
            before = at
            at = _after(_GAP, self.text, self._value(at, into, None, 0, 0, depth=depth))
            at = max(at, before + 1)
        if at >= len(self.text):
            self.reading.problem("a bracket is not closed", opening, opening + 1)
        return min(at + 1, len(self.text))

    def _scalar(self, at: int, node: Node) -> int:
        """Makes ``node`` the literal or the plain name at ``at``; of any other expression it takes nothing."""
        m = _STRING.match(self.text, at)
        if m is not None:
            node.style, raw = "'", m[0]
            node.value = node.text = raw[3:-3].removeprefix("\n") if raw.startswith("'''") else _ESCAPE.sub(_unescape, raw[1:-1])
            return m.end()
        m = _NUMBER.match(self.text, at)
        if m is not None:
            node.text, node.value = m[0], int(m[0]) if len(m[0]) < 20 else UNKNOWN
            return m.end()
        m = _NAME.match(self.text, at)
        node.value = UNKNOWN
        if m is None:
            return at
        node.text = m[0]
        if m[0] in _LITERALS:
            node.value = _LITERALS[m[0]]
        else:
            node.tag = "!Ref"  # stands for a parameter or variable, as CloudFormation's tag says
        return m.end()

    def _expression(self, at: int, until: str = "", *, once: bool = False) -> int:
        """Where what stands at ``at`` ends: at its line's end, at the comma or bracket that closes what is around it, or at ``until``.

        ``once``: ``until`` is looked for behind one pair of parentheses only.
        """
        text, size = self.text, len(self.text)
        opened: list[int] = []  # brackets whose ends are to come
        while at < size:
            sign = text[at]
            if not opened and until and sign == until:
                return at
            if sign == "'":
                at = self._string_end(at)
            elif sign == "/" and text.startswith(("//", "/*"), at):
                at = max(_after(_BLANK, text, at), at + 1)
            elif sign in "{[(":
                opened.append(at)
                at += 1
            elif sign in "}])":
                if not opened:
                    return at
                opened.pop()
                at += 1
            elif not opened and ((sign == "," and not until) or (sign == "\n" and not once and _CONTINUES.match(text, at) is None)):
                return at
            else:
                at += 1
        if opened:
            self.reading.problem("a bracket is not closed", opened[-1], opened[-1] + 1)
        return size

    def _string_end(self, at: int) -> int:
        """Where the string at ``at`` ends, expressions inside it and strings inside those included."""
        m = _STRING.match(self.text, at)
        if m is not None:
            return m.end()
        start = at
        inside = [True]  # of a string, or of a ${ in it, which may hold strings again
        at += 1
        while at < len(self.text):
            sign = self.text[at]
            if inside[-1] and sign == "\n":
                break
            if inside[-1] and sign == "\\":
                at += 2
                continue
            if inside[-1] and self.text.startswith("${", at):
                inside.append(False)
                at += 2
                continue
            if inside[-1] and sign == "'":
                inside.pop()
                if not inside:
                    return at + 1
            elif not inside[-1] and sign == "'":
                inside.append(True)
            elif not inside[-1] and sign == "}":
                inside.pop()
            at += 1
        self.reading.problem("a quote is not closed", start, start + 1)
        return at


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    m = pattern.match(text, at)
    return m.end() if m is not None else at


def _unescape(m: re.Match[str]) -> str:
    if m[1]:
        point = int(m[1], 16)
        return chr(point) if point < 0x110000 else m[0]
    return _ESCAPES.get(m[2], m[2])
