"""Reading one shell word: quotes, escapes, expansions and substitutions (POSIX shell and bash, "Quoting" and "Word Expansions").

The grammar above words is in ``shell_parser.py``, which gives this reader its one abstract step: a nested script.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final

from ..finding import Problem
from .locate import Located
from .node import UNKNOWN
from .shell_ast import MARK, Part, Word

if TYPE_CHECKING:
    from .shell_ast import Script

MAX_LEVEL: Final = 40
_MAX_PROBLEMS: Final = 20
_MAX_EXPRESSION: Final = 2000
_MAX_PATTERN: Final = 200

_PLAIN = re.compile(rf"[^\s\\'\"$`<>|&;(){MARK}]+", re.ASCII)
_IN_DOUBLE = re.compile(rf'[^"\\$`{MARK}]+')
_IN_TEXT = re.compile(rf"[^\\$`{MARK}]+")
_IN_PARAMETER = re.compile(r"[^}\\'\"$`]+")
_MARKS = re.compile(f"{MARK}+")
_SUBSTITUTED = re.compile(r"\$[({]|`")
_CONTINUED = re.compile(r"\\\r?\n")
_NAME = re.compile(r"\$([A-Za-z_]\w*|[0-9@*#?$!-])", re.ASCII)
_PARAMETER = re.compile(r"\$\{[!#]?([A-Za-z_]\w*|[0-9]+|[@*#?$!-])?", re.ASCII)
_ANSI = re.compile(r"\$'((?:[^'\\]|\\.)*)'", re.DOTALL)
_ANSI_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|c(.)|(.))", re.DOTALL)
_ANSI_PLAIN: Final = {"a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_BACKTICK = re.compile(r"`((?:[^`\\]|\\.)*)`", re.DOTALL)
_BACKTICK_ESCAPE = re.compile(r"\\([`\\$])")
_PARENS = re.compile(r"[()]")
# opening, closing, what it becomes
_TEMPLATES: Final = (("{%", "%}", " "), ("<%", "%>", MARK), ("{{", "}}", MARK))


def neutralise(text: str) -> str:
    """``text`` with template expressions (``${{ … }}``, ``{{ … }}``, ``<% … %>``) as marks and template control (``{% … %}``) as
    blanks, of the same length. Only a workflow's expression may reach over lines: a brace that is never closed must hide nothing."""
    for opening, closing, filler in _TEMPLATES:
        if opening in text:
            text = _fill(text, opening, closing, filler)
    return text


def _fill(text: str, opening: str, closing: str, filler: str) -> str:
    pieces: list[str] = []
    done = 0
    while (at := text.find(opening, done)) >= 0:
        workflow = opening == "{{" and at > done and text[at - 1] == "$"
        limit = at + _MAX_EXPRESSION
        if not workflow and (line_end := text.find("\n", at, limit)) >= 0:
            limit = line_end
        end = text.find(closing, at + 2, limit)
        if end < 0:
            pieces.append(text[done : at + 2])
            done = at + 2
            continue
        end += len(closing)
        if opening == "{{":
            end += text.startswith("}", end)  # the last two of three braces close
            at -= workflow
        pieces.append(text[done:at])
        pieces.append("".join(c if filler == " " and c in "\r\n" else filler for c in text[at:end]))
        done = end
    pieces.append(text[done:])
    return "".join(pieces)


class WordReader(ABC):
    """A position in a script's text and how a word is read from there. ``level`` counts nesting, which is bounded."""

    def __init__(self, where: Located, level: int) -> None:
        self.where = where
        self.text = neutralise(where.text)
        self.size = len(self.text)
        self.at = 0
        self.level = level
        self.problems: list[Problem] = []

    @abstractmethod
    def substitution(self) -> Script:
        """The script from here to its ``)``, which is consumed."""

    @abstractmethod
    def inner(self, where: Located) -> Script:
        """The script of ``where``, one level deeper."""

    def problem(self, reason: str, at: int, to: int) -> None:
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(Problem(reason, self.where.span(min(at, self.size), min(to, self.size))))

    def too_deep(self) -> bool:
        """Whether nesting is at its bound; then the rest of the text is given up, with a problem."""
        if self.level < MAX_LEVEL:
            return False
        if self.at < self.size:
            self.problem(f"shell code nested more than {MAX_LEVEL} levels deep", self.at, self.at + 1)
            self.at = self.size
        return True

    def word(self) -> Word | None:
        """The word at the current position; ``None`` when none begins here."""
        text, start = self.text, self.at
        m = _PLAIN.match(text, start)
        if m is not None:
            end = m.end()
            following = text[end : end + 1]
            if (
                not following
                or following in " \t\n\r;|&)"
                or (following in "<>" and text[end + 1 : end + 2] != "(")
                or (following == "(" and text[end - 1] not in "@+!?*")
            ):
                self.at = end
                raw = m[0]
                return Word(raw, raw, start, end, self.where)
        parts: list[Part] = []
        while self.at < self.size and self._piece(parts):
            pass
        if self.at == start:
            return None
        return self.made(parts, start)

    def made(self, parts: list[Part], start: int) -> Word:
        known = all(part.kind == "literal" for part in parts)
        text = "".join(part.text for part in parts) if known else UNKNOWN
        return Word(text, self.where.text[start : self.at], start, self.at, self.where, tuple(parts))

    def _piece(self, parts: list[Part]) -> bool:
        """Read one piece of a word into ``parts``. ``False`` when the word ends here."""
        text, at = self.text, self.at
        m = _PLAIN.match(text, at)
        if m is not None:
            end = m.end()
            if text.startswith("(", end) and text[end - 1] in "@+!?*":
                end = self._balanced(end + 1)
            self._literal(parts, text[at:end], end)
            return True
        char = text[at]
        if char == "\\":
            self._escape(parts)
        elif char == "'":
            end = text.find("'", at + 1)
            if end < 0:
                self.problem("a single quote is not closed", at, at + 1)
                self._literal(parts, char, at + 1)
            else:
                parts.append(Part("literal", text[at + 1 : end], at + 1, end, "'"))
                self.at = end + 1
        elif char == '"':
            self._double(parts)
        elif char == "$":
            self._dollar(parts, "")
        elif char == "`":
            self._backtick(parts, "")
        elif char == MARK:
            self._template(parts, "")
        elif char in "<>" and text.startswith("(", at + 1):
            self.at += 2
            script = self.substitution()
            parts.append(Part("process", text[at : self.at], at, self.at, "", script))
        else:
            return False
        return True

    def _literal(self, parts: list[Part], text: str, end: int, quote: str = "") -> None:
        parts.append(Part("literal", text, self.at, end, quote))
        self.at = end

    def _template(self, parts: list[Part], quote: str) -> None:
        m = _MARKS.match(self.text, self.at)
        end = m.end() if m else self.at + 1
        parts.append(Part("template", self.where.text[self.at : end], self.at, end, quote))
        self.at = end

    def _escape(self, parts: list[Part]) -> None:
        m = _CONTINUED.match(self.text, self.at)
        if m is not None:
            self.at = m.end()
        else:
            end = min(self.at + 2, self.size)
            self._literal(parts, self.text[self.at + 1 : end] or "\\", end, "\\")

    def _double(self, parts: list[Part]) -> None:
        """A double-quoted string."""
        start = self.at
        if self.text.find('"', start + 1) < 0:
            self.problem("a double quote is not closed", start, start + 1)
            self._literal(parts, '"', start + 1)
            return
        self.at += 1
        if self.text.startswith('"', self.at):
            parts.append(Part("literal", "", self.at, self.at, '"'))
        self.quoted(parts, '"')
        if self.at >= self.size:
            self.problem("a double quote is not closed", start, start + 1)
        self.at = min(self.at + 1, self.size)

    def quoted(self, parts: list[Part], closing: str) -> None:
        """Text in which only ``$``, backticks and some escapes mean something, up to ``closing`` (empty: to the end)."""
        text = self.text
        chunk = _IN_DOUBLE if closing else _IN_TEXT
        special = '"\\$`' if closing else "\\$`"
        quote = closing or "<<"
        while self.at < self.size:
            m = chunk.match(text, self.at)
            if m is not None:
                self._literal(parts, m[0], m.end(), quote)
                continue
            char = text[self.at]
            if char == closing:
                return
            if char == "\\":
                m = _CONTINUED.match(text, self.at)
                if m is not None:
                    self.at = m.end()
                elif text[self.at + 1 : self.at + 2] in special:
                    self._literal(parts, text[self.at + 1 : self.at + 2], min(self.at + 2, self.size), quote)
                else:
                    self._literal(parts, "\\", self.at + 1, quote)
            elif char == "$":
                self._dollar(parts, quote)
            elif char == MARK:
                self._template(parts, quote)
            else:
                self._backtick(parts, quote)

    def _dollar(self, parts: list[Part], quote: str) -> None:
        """What begins with ``$``."""
        text, at = self.text, self.at
        following = text[at + 1 : at + 2]
        if following == "(":
            end = self.arithmetic(at + 3) if text.startswith("(", at + 2) else -1
            if end >= 0:
                parts.append(self.arithmetic_part(at, end, quote))
                return
            self.at += 2
            script = self.substitution()
            parts.append(Part("command", text[at : self.at], at, self.at, quote, script))
        elif following == "{":
            self._parameter(parts, quote)
        elif following == "'" and not quote and (m := _ANSI.match(text, at)):
            self._ansi(parts, m)
        elif following == '"' and not quote:
            self.at += 1
            self._double(parts)
        elif m := _NAME.match(text, at):
            self.at = m.end()
            parts.append(Part("variable", m[0], at, self.at, quote, None, m[1]))
        else:
            self._literal(parts, "$", at + 1, quote)

    def _ansi(self, parts: list[Part], m: re.Match[str]) -> None:
        """``$'…'``: each run between escapes, and each escape, is a part, so that places stay exact."""
        body, begin, done = m[1], m.start(1), 0
        for escape in _ANSI_ESCAPE.finditer(body):
            if escape.start() > done:
                parts.append(Part("literal", body[done : escape.start()], begin + done, begin + escape.start(), "'"))
            done = escape.end()
            parts.append(Part("literal", _ansi(escape), begin + escape.start(), begin + done, "'"))
        if done < len(body) or not body:
            parts.append(Part("literal", body[done:], begin + done, begin + len(body), "'"))
        self.at = m.end()

    def _parameter(self, parts: list[Part], quote: str) -> None:
        """``${…}`` to its closing brace."""
        text, start = self.text, self.at
        if self.too_deep():
            return
        m = _PARAMETER.match(text, start)
        name = m[1] or "" if m else ""
        self.at = m.end() if m else start + 2
        nested: list[Part] = []
        self.level += 1
        while self.at < self.size and text[self.at] != "}":
            m = _IN_PARAMETER.match(text, self.at)
            if m is not None:
                self.at = m.end()
            elif text[self.at] == "\\":
                self.at = min(self.at + 2, self.size)
            elif text[self.at] == "'":
                end = -1 if quote else text.find("'", self.at + 1)
                self.at = (end if end >= 0 else self.at) + 1
            elif text[self.at] == '"':
                self._double(nested)
            elif text[self.at] == "$":
                self._dollar(nested, quote)
            else:
                self._backtick(nested, quote)
        self.level -= 1
        if self.at >= self.size:
            self.problem("${ is not closed", start, start + 2)
        self.at = min(self.at + 1, self.size)
        parts.append(Part("variable", text[start : self.at], start, self.at, quote, None, name, tuple(nested)))

    def _backtick(self, parts: list[Part], quote: str) -> None:
        at = self.at
        m = _BACKTICK.match(self.text, at)
        if m is None:
            self.problem("a backtick is not closed", at, at + 1)
            self._literal(parts, "`", at + 1, quote)
            return
        self.at = m.end()
        if self.level >= MAX_LEVEL:
            self.too_deep()
            return
        script = self.inner(_decoded(self.where.slice(m.start(1), m.end(1))))
        parts.append(Part("command", m[0], at, m.end(), quote, script))

    def arithmetic_part(self, at: int, end: int, quote: str) -> Part:
        """The arithmetic expression ``text[at:end]`` with the substitutions in it; read to its end."""
        nested: list[Part] = []
        while (m := _SUBSTITUTED.search(self.text, self.at + 1 if self.at == at else self.at, end)) is not None:
            self.at = m.start()
            if m[0] == "`":
                self._backtick(nested, '"')
            else:
                self._dollar(nested, '"')
        self.at = max(end, self.at)
        return Part("arithmetic", self.text[at : self.at], at, self.at, quote, None, "", tuple(nested))

    def arithmetic(self, at: int) -> int:
        """The end of an arithmetic expression whose ``((`` ends at ``at``, behind its ``))``; -1 when it is none."""
        depth = 2
        for paren in _PARENS.finditer(self.text, at):
            depth += 1 if paren[0] == "(" else -1
            if depth == 1:
                end = paren.end()
                return end + 1 if self.text.startswith(")", end) else -1
        return -1

    def _balanced(self, at: int) -> int:
        """Behind the ``)`` of the pattern whose ``(`` stands before ``at``; ``at`` when there is none near on this line."""
        depth = 1
        limit = min(self.size, at + _MAX_PATTERN)
        line_end = self.text.find("\n", at, limit)
        for paren in _PARENS.finditer(self.text, at, line_end if line_end >= 0 else limit):
            depth += 1 if paren[0] == "(" else -1
            if not depth:
                return paren.end()
        return at


def _decoded(where: Located) -> Located:
    """The content of backticks with ``\\```, ``\\\\`` and ``\\$`` decoded."""
    if "\\" not in where.text:
        return where
    segments = list(where.segments)[:-1]
    pieces: list[str] = []
    size = done = 0
    made: list[tuple[int, int]] = []
    for m in _BACKTICK_ESCAPE.finditer(where.text):
        _append(made, segments, where, done, m.start(), size)
        pieces.append(where.text[done : m.start()])
        size += m.start() - done
        made.append((size, where.offset(m.start())))
        pieces.append(m[1])
        size, done = size + 1, m.end()
    _append(made, segments, where, done, len(where.text), size)
    pieces.append(where.text[done:])
    text = "".join(pieces)
    made.append((len(text), where.end(len(where.text))))
    return Located(where.source, text, made)


def _append(made: list[tuple[int, int]], segments: list[tuple[int, int]], where: Located, start: int, end: int, size: int) -> None:
    if end > start:
        made.append((size, where.offset(start)))
        made += [(size + index - start, offset) for index, offset in segments if start < index < end]


def _ansi(m: re.Match[str]) -> str:
    for group, base in ((1, 16), (2, 16), (3, 16), (4, 8)):
        if m[group]:
            number = int(m[group], base)
            return chr(number) if number < 0x110000 else "\ufffd"
    if m[5]:
        return chr(ord(m[5]) & 31)
    return _ANSI_PLAIN.get(m[6], m[6] if m[6] in "\\'\"?" else "\\" + m[6])
