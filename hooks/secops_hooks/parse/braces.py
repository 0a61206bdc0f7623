"""Directives with braces, nginx and Caddyfile: one scanner of words that knows where each of the two ends a directive.

In nginx a directive ends at ``;`` or with its block; in a Caddyfile at the end of the line. Lua inside nginx is passed over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .node import MAX_DEPTH, Node
from .words import Word, block, enter

if TYPE_CHECKING:
    from .scalar import Reading

_NGINX_WORD: Final = re.compile(r"(?:\\(?s:.)|\$+\{?|[^\s;{\\$])+")  # a brace ends a word unless a $ stands before it
_CADDY_WORD: Final = re.compile(r"(?:\\(?s:.)|\S)+")
_QUOTED: Final = {
    '"': re.compile(r'"(?:[^"\\]|\\(?s:.))*+"'),
    "'": re.compile(r"'(?:[^'\\]|\\(?s:.))*+'"),
    "`": re.compile(r"`[^`]*+`"),
}
_LINE: Final = re.compile(r"[^\r\n]*")
_HEREDOC: Final = re.compile(r"<<([A-Za-z_-]+)[ \t]*\r?\n")
_MAX_UNCLOSED: Final = 20
_LUA: Final = re.compile(
    r"--\[(=*)\[(?s:.)*?(?:\]\1\]|\Z)|--[^\n]*|\[(=*)\[(?s:.)*?(?:\]\2\]|\Z)|\"(?:[^\"\\\n]|\\(?s:.))*+\"?|'(?:[^'\\\n]|\\(?s:.))*+'?|[{}]"
)


def read(reading: Reading, caddy: bool) -> None:
    """Fill ``reading.root`` with the directives of a Caddyfile, or of an nginx configuration."""
    _Reader(reading, caddy).read()


class _Reader:
    def __init__(self, reading: Reading, caddy: bool) -> None:
        self.reading = reading
        self.text = reading.text
        self.caddy = caddy
        self.stack: list[Node] = [reading.root]
        self.words: list[Word] = []
        self.skipped = 0  # how many blocks are open below the deepest that is kept
        self.unclosed = 0

    def read(self) -> None:
        text, at, size = self.text, 0, len(self.text)
        while at < size:
            sign = text[at]
            if sign in "\r\n":
                if self.caddy:
                    self._directive()
                at += 1
            elif sign.isspace():
                at += 1
            elif sign == "#":
                m = _LINE.match(text, at)
                at = m.end() if m else size
            elif sign == ";" and not self.caddy:
                self._directive()
                at += 1
            elif sign == "{" and self._opens(at):
                at = self._open(at)
            elif sign == "}" and (not self.caddy or not self.words):
                self._close(at)
                at += 1
            elif self.caddy and sign == "\\" and text[at + 1 : at + 2] in ("\r", "\n"):
                at += 3 if text.startswith("\r\n", at + 1) else 2
            else:
                at = self._word(at)
        self._end(size)

    def _end(self, size: int) -> None:
        if self.words and not self.caddy:
            self.reading.problem("a directive lacks its ;", self.words[0].start, self.words[-1].end)
        self._directive()
        if len(self.stack) > 1:
            node = self.stack[-1]
            self.reading.problem("a block is not closed", node.key_start, node.key_end)
        for node in self.stack[1:]:
            node.end = size

    def _opens(self, at: int) -> bool:
        """Whether the brace at ``at`` opens a block and is not part of a placeholder such as Caddy's ``{env.NAME}``."""
        return not self.caddy or self.text[at + 1 : at + 2] in ("", "\r", "\n", " ", "\t")

    def _word(self, at: int) -> int:
        text = self.text
        quote = text[at]
        heredoc = _HEREDOC.match(text, at) if self.caddy else None
        if heredoc is not None:
            return self._heredoc(heredoc)
        if quote in _QUOTED and (quote == '"' or (quote == "`") == self.caddy):
            m = _QUOTED[quote].match(text, at)
            if m is not None:
                inner = m[0][1:-1]
                if "\\" in inner and quote != "`":
                    inner = re.sub(r"\\([\\\"'])", r"\1", inner)
                self.words.append(Word(at, m.end(), inner, quote))
                return m.end()
            self.reading.problem("a quote is not closed", at, at + 1)
        m = (_CADDY_WORD if self.caddy else _NGINX_WORD).match(text, at)
        end = m.end() if m else at + 1
        raw = text[at:end]
        self.words.append(Word(at, end, re.sub(r"\\([\\\"' ;{}])", r"\1", raw) if "\\" in raw and not self.caddy else raw, ""))
        return end

    def _heredoc(self, m: re.Match[str]) -> int:
        """Caddy's ``<<MARK``: lines up to the mark; its indentation is taken from each."""
        close = None
        if self.unclosed < _MAX_UNCLOSED:  # each search may go to the end of the text
            close = re.compile(rf"^([ \t]*){re.escape(m[1])}(?!\S)", re.MULTILINE).search(self.text, m.end())
        if close is None:
            self.unclosed += 1
            self.reading.problem("a heredoc is not closed", m.start(), m.end())
            self.words.append(Word(m.start(), m.start() + 2 + len(m[1]), m[0].strip(), ""))
            return m.end() - 1
        lines = self.text[m.end() : close.start()].splitlines()
        self.words.append(Word(m.start(), close.end(), "\n".join(line.removeprefix(close[1]) for line in lines), "<<"))
        return close.end()

    def _directive(self) -> None:
        """The words so far are a whole directive."""
        if self.words and not self.skipped:
            enter(self.reading, self.stack[-1], self.words[0], self.words[1:])
        self.words = []

    def _open(self, at: int) -> int:
        if self.words and self.words[0].text.endswith("_by_lua_block"):
            return self._lua(at)
        if self.skipped or len(self.stack) > MAX_DEPTH:
            if not self.skipped:
                self.reading.problem(f"nested deeper than {MAX_DEPTH} levels", at, at + 1)
            self.skipped += 1
            self.words = []
            return at + 1
        name = self.words[0] if self.words else Word(at, at, "", "")
        self.stack.append(block(self.reading, self.stack[-1], name, self.words[1:], at))
        self.words = []
        return at + 1

    def _lua(self, at: int) -> int:
        """A block of Lua is one opaque value, up to the brace that closes it outside Lua's strings and comments."""
        depth, end = 0, len(self.text)
        for m in _LUA.finditer(self.text, at):
            depth += 1 if m[0] == "{" else -1 if m[0] == "}" else 0
            if depth == 0 and m[0] == "}":
                end = m.end()
                break
        else:
            self.reading.problem("a block is not closed", at, at + 1)
        name, *rest = self.words
        enter(self.reading, self.stack[-1], name, [*rest, Word(at, end, self.text[at:end], "{")])
        self.words = []
        return end

    def _close(self, at: int) -> None:
        if self.words and not self.caddy:
            self.reading.problem("a directive lacks its ;", self.words[0].start, self.words[-1].end)
        self._directive()
        if self.skipped:
            self.skipped -= 1
        elif len(self.stack) == 1:
            self.reading.problem("a } without its {", at, at + 1)
        else:
            self.stack.pop().end = at + 1
