"""Dockerfile and Containerfile: instructions in order, with flags, words, pairs and heredocs at their exact places.

The root is a mapping whose entries are the instructions, keyed in upper case (``select("RUN")`` gives all of them), and the
parser directives, keyed in lower case (``syntax``, ``escape``, ``check``). An instruction's value is a mapping of

- ``flags``: name -> scalar (a ``--mount`` also as a mapping of its options); a repeated flag is a duplicate entry;
- ``args``: a sequence of words with quotes removed (style ``json`` in exec form);
- ``pairs`` of ENV, ARG and LABEL: name -> scalar (``None`` for an ARG without default);
- ``command`` of RUN, CMD, ENTRYPOINT and HEALTHCHECK in shell form: what the shell gets;
- ``heredocs``: a sequence of scalars with style ``<<``, the delimiter as ``anchor``, tag ``quoted`` when nothing in it is expanded;
- of ONBUILD: the one instruction it holds.

Grammar: the Dockerfile reference and BuildKit's parser. Stages and variables are in ``dockerfile_stages.py``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ..finding import Problem
from .dockerfile_words import VARIABLE, Word, decode, json_words, read_word, skip_blank, split_words, word_end
from .locate import Located
from .node import UNKNOWN, Document, Node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..files.source import Source
    from .node import Value
    from .template import Neutral

_JSON: Final = frozenset(("ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN", "SHELL", "VOLUME"))
_SHELL: Final = frozenset(("CMD", "ENTRYPOINT", "HEALTHCHECK", "RUN"))
_PAIRS: Final = frozenset(("ARG", "ENV", "LABEL"))
_ONE: Final = frozenset(("MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR"))
_HEREDOC: Final = frozenset(("ADD", "COPY", "RUN"))
INSTRUCTIONS: Final = _JSON | _PAIRS | _ONE | {"EXPOSE", "FROM", "ONBUILD"}
_MAX_PROBLEMS: Final = 20

_DIRECTIVE = re.compile(r"\s*#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+?)\s*\Z")
_KEYWORD = re.compile(r"\s*(\S+)\s*")
_FLAG = re.compile(r"--([A-Za-z][A-Za-z0-9_-]*)(=?)")
_HEREDOC_WORD = re.compile(r"\d*<<(-?)([^<]+)\Z", re.DOTALL)
_WHOLE = re.compile(r"(?i)(?:\A|/)(?:dockerfile|containerfile)\Z")  # under other names, a part of one is usual
_TAGS: Final = {"{{": "go", "{%": "jinja", "{#": "jinja", "<%": "erb"}


class _Heredoc(NamedTuple):
    name: str
    chomp: bool
    quoted: bool
    word: tuple[int, int]


class _Scanner:
    """The state of one scan: lines of the source, the escape character, and what could not be read."""

    def __init__(self, source: Source, text: str, neutral: Neutral | None) -> None:
        self.source = source
        self.text = text
        self.neutral = neutral
        self.starts = source.line_starts
        self.escape = "\\"
        self.problems: list[Problem] = []
        self.unknown: list[str] = []  # keywords that are no instruction
        self.root = Node("mapping", source, 0, len(text))
        self.commands: dict[int, Located] = {}
        self._continued = _continuation("\\")

    # -- lines

    def line(self, index: int) -> tuple[int, str]:
        """Offset and text of physical line ``index`` without its line end."""
        start = self.starts[index]
        end = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)
        return start, self.text[start:end].rstrip("\r\n")

    def scan(self) -> None:
        at = self._directives()
        while at < len(self.starts):
            _, line = self.line(at)
            bare = line.lstrip()
            if not bare or bare[0] == "#":
                at += 1
                continue
            located, at = self._logical(at)
            at = self._instruction(located, at, self.root, 0)

    def _directives(self) -> int:
        """Parser directives stand before everything else. Gives the index of the first other line."""
        seen: set[str] = set()
        for at in range(len(self.starts)):
            start, line = self.line(at)
            m = _DIRECTIVE.match(line)
            if m is None or m[1].lower() in seen or m[1].lower() not in ("syntax", "escape", "check"):
                return at
            name = m[1].lower()
            seen.add(name)
            node = Node("scalar", self.source, start + m.start(2), start + m.end(2), value=m[2], text=m[2])
            self.root.add(node, name, start + m.start(1), start + m.end(1))
            if name == "escape":
                if m[2] in ("\\", "`"):
                    self.escape = m[2]
                    self._continued = _continuation(m[2])
                else:
                    self.problem(f"the escape directive must be \\ or `, not {m[2][:20]!r}", node.start, node.end)
        return len(self.starts)

    def _logical(self, at: int) -> tuple[Located, int]:
        """The logical line that begins at physical line ``at``, and the index of the line behind it."""
        pieces: list[str] = []
        segments: list[tuple[int, int]] = []
        size, count = 0, len(self.starts)
        while at < count:
            start, line = self.line(at)
            at += 1
            bare = line.strip()
            if pieces and (not bare or bare[0] == "#"):
                continue
            m = self._continued.search(line)
            end = m.start(1) if m else len(line)
            segments.append((size, start))
            pieces.append(line[:end])
            size += end
            if m is None:
                break
        segments.append((size, segments[-1][1] + len(pieces[-1])))
        return Located(self.source, "".join(pieces), segments), at

    def problem(self, reason: str, start: int, end: int) -> None:
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(Problem(reason, self.source.span(start, end)))

    # -- instructions

    def _instruction(self, line: Located, at: int, into: Node, begin: int) -> int:
        """Read the instruction at ``line.text[begin:]`` into ``into``; ``at`` is the next physical line. Gives the one behind."""
        text = line.text
        m = _KEYWORD.match(text, begin)
        if m is None:
            return at
        name = m[1].upper()
        key = (line.offset(m.start(1)), line.end(m.end(1)))
        stop = len(text.rstrip())
        rest = min(m.end(), stop)
        node = Node("mapping", self.source, line.offset(rest) if rest < stop else key[1], line.end(stop))
        if name not in INSTRUCTIONS:
            if self.neutral is None:  # in a template, the head of this line may stand in a branch before it
                self.problem(f"unknown instruction {m[1][:40]!r}", *key)
                self.unknown.append(m[1][:40])
            into.add(node, name, *key)
            return at
        into.add(node, name, *key)
        if name == "ONBUILD":
            nested = _KEYWORD.match(text, rest)
            if nested is None or nested[1].upper() in ("ONBUILD", "FROM", "MAINTAINER"):
                self.problem("ONBUILD needs an instruction other than ONBUILD, FROM and MAINTAINER", *key)
                return at
            at = self._instruction(line, at, node, rest)
            node.end = max(node.end, node.children[-1].end)
            return at
        rest = self._flags(line, rest, stop, node)
        if name == "HEALTHCHECK":
            m = _KEYWORD.match(text, rest)
            if m and m[1].upper() == "CMD":
                rest = m.end()
        strings = json_words(text, rest, stop) if name in _JSON and text.startswith("[", rest) else None
        heredocs = list(self._heredoc_words(text, rest, stop)) if name in _HEREDOC and strings is None and "<<" in text else []
        bodies, at = self._bodies(heredocs, line, at)
        if name == "FROM" and rest >= stop:
            self.problem("FROM without an image", *key)
        if strings is not None:
            self._sequence(node, line, strings, "json", rest, stop)
        elif name in _PAIRS and rest < stop:
            self._pairs(name, line, rest, stop, node)
        elif name in _SHELL and not (name == "HEALTHCHECK" and text[rest:stop].upper() == "NONE"):
            self._command(line, rest, stop, node, heredocs, bodies, at)
        elif name in _ONE:
            words = [read_word(text, rest, stop, self.escape)] if rest < stop else []
            self._sequence(node, line, words, "", rest, stop)
        else:
            skip = {h.word[0] for h in heredocs}
            words = [w for w in split_words(text, rest, stop, self.escape) if w.start not in skip]
            self._sequence(node, line, words, "", rest, stop)
        if bodies:
            self._heredocs(node, heredocs, bodies)
        return at

    def _flags(self, line: Located, rest: int, stop: int, node: Node) -> int:
        """Flags directly behind the keyword. Gives where the arguments begin."""
        text = line.text
        flags: Node | None = None
        while text.startswith("--", rest):
            end = word_end(text, rest, stop, self.escape)
            m = _FLAG.match(text, rest, end)
            if m is None and end - rest > 2:
                break
            if m is not None:
                if flags is None:
                    flags = Node("mapping", self.source, line.offset(rest), line.end(end))
                    node.add(flags, "flags", line.offset(rest), line.offset(rest))
                flags.end = line.end(end)
                self._flag(line, m, end, flags)
            rest = skip_blank(text, end, stop)
            if m is None:
                break
        return rest

    def _flag(self, line: Located, m: re.Match[str], end: int, flags: Node) -> None:
        name = m[1].lower()
        key = (line.offset(m.start()), line.end(m.end(1)))
        if not m[2]:
            flags.add(Node("scalar", self.source, key[1], key[1], value=True), name, *key)
            return
        word = read_word(line.text, m.end(), end, self.escape)
        if name != "mount":
            flags.add(self._scalar(line, word), name, *key)
            return
        mount = Node("mapping", self.source, line.offset(m.end()), line.end(end), text=word.text)
        flags.add(mount, name, *key)
        at = m.end()
        for option in line.text[m.end() : end].split(","):
            head, equals, _ = option.partition("=")
            begin, behind = at, at + len(head)
            at += len(option) + 1
            option_key = (line.offset(begin), line.end(behind))
            if equals:
                value = self._scalar(line, read_word(line.text, behind + 1, begin + len(option), self.escape))
            else:
                value = Node("scalar", self.source, option_key[1], option_key[1], value=True)
            mount.add(value, head.strip("\"'").lower(), *option_key)

    def _pairs(self, name: str, line: Located, rest: int, stop: int, node: Node) -> None:
        """``NAME=value …``; ``NAME value`` of ENV and LABEL in the old form; bare names of ARG."""
        text = line.text
        pairs = Node("mapping", self.source, line.offset(rest), line.end(stop))
        node.add(pairs, "pairs", pairs.start, pairs.start)
        at = rest
        while at < stop:
            end = word_end(text, at, stop, self.escape)
            equals = text.find("=", at, end)
            head = read_word(text, at, end if equals < 0 else equals, self.escape)
            key = (line.offset(head.start), line.end(head.end))
            if equals >= 0:
                pairs.add(self._scalar(line, read_word(text, equals + 1, end, self.escape)), head.text, *key)
            elif name == "ARG":
                pairs.add(Node("scalar", self.source, key[1], key[1]), head.text, *key)
            elif at == rest:
                begin = skip_blank(text, end, stop)
                pairs.add(self._scalar(line, read_word(text, begin, stop, self.escape)), head.text, *key)
                return
            else:
                self.problem(f"{name} needs NAME=value, not {head.text[:40]!r}", *key)
            at = skip_blank(text, end, stop)

    # -- heredocs

    def _heredoc_words(self, text: str, rest: int, stop: int) -> Iterator[_Heredoc]:
        at = skip_blank(text, rest, stop)
        while at < stop:
            end = word_end(text, at, stop, self.escape)
            m = _HEREDOC_WORD.match(text, at, end)
            if m is not None:
                name = decode(m[2], self.escape)[0]
                yield _Heredoc(name, bool(m[1]), name != m[2], (at, end))
            at = skip_blank(text, end, stop)

    def _bodies(self, heredocs: list[_Heredoc], line: Located, at: int) -> tuple[list[tuple[int, int]], int]:
        """The line ranges of the bodies that follow, and the index of the line behind the last terminator."""
        bodies: list[tuple[int, int]] = []
        for heredoc in heredocs:
            first = at
            while at < len(self.starts):
                _, here = self.line(at)
                if (here.lstrip("\t") if heredoc.chomp else here) == heredoc.name:
                    break
                at += 1
            else:
                self.problem(f"the heredoc <<{heredoc.name[:40]} is not ended", line.offset(heredoc.word[0]), line.end(heredoc.word[1]))
                bodies.append((first, at))
                break
            bodies.append((first, at))
            at += 1
        return bodies, at

    def _body(self, first: int, behind: int, chomp: bool) -> Located:
        """Lines ``first`` up to ``behind`` as the program gets them."""
        begin = self._offset(first)
        if not chomp:
            return Located(self.source, self.text[begin : self._offset(behind)], ((0, begin),))
        parts: list[str] = []
        segments: list[tuple[int, int]] = []
        size = 0
        for at in range(first, behind):
            start, end = self._offset(at), self._offset(at + 1)
            part = self.text[start:end].lstrip("\t")
            segments.append((size, end - len(part)))
            parts.append(part)
            size += len(part)
        return Located(self.source, "".join(parts), segments or ((0, begin),))

    def _offset(self, index: int) -> int:
        return self.starts[index] if index < len(self.starts) else len(self.text)

    def _heredocs(self, node: Node, heredocs: list[_Heredoc], bodies: list[tuple[int, int]]) -> None:
        start, end = self._offset(bodies[0][0]), self._offset(bodies[-1][1])
        many = Node("sequence", self.source, start, end)
        node.add(many, "heredocs", start, start)
        node.end = max(node.end, end)
        for heredoc, (first, behind) in zip(heredocs, bodies, strict=False):
            body = self._body(first, behind, heredoc.chomp)
            item = Node(
                "scalar",
                self.source,
                self._offset(first),
                self._offset(behind),
                text=body.text,
                value=body.text if heredoc.quoted or not VARIABLE.search(body.text) else UNKNOWN,
                style="<<",
                tag="quoted" if heredoc.quoted else "",
                anchor=heredoc.name,
            )
            many.add(item)
            self.commands[item.start] = body

    # -- commands and words

    def _command(
        self, line: Located, rest: int, stop: int, node: Node, heredocs: list[_Heredoc], bodies: list[tuple[int, int]], at: int
    ) -> None:
        """The shell form: the rest of the line; with heredocs, these too, or the only one instead when it stands alone."""
        if rest >= stop:
            return
        if len(heredocs) == 1 and bodies and heredocs[0].word == (rest, stop):
            shell = self._body(*bodies[0], heredocs[0].chomp)
            start, end = self._offset(bodies[0][0]), self._offset(bodies[0][1])
        else:
            shell = line.slice(rest, stop)
            start, end = line.offset(rest), line.end(stop)
            if bodies:
                begin, end = self._offset(bodies[0][0]), self._offset(at)
                shell = Located(
                    self.source,
                    f"{shell.text}\n{self.text[begin:end]}",
                    (*shell.segments, (len(shell.text), begin - 1), (len(shell.text) + 1, begin)),
                )
        if self.neutral is not None:
            shell = self._written(shell)
        item = Node("scalar", self.source, start, end, value=shell.text, text=shell.text, style="shell")
        node.add(item, "command", start, start)
        self.commands[item.start] = shell

    def _written(self, shell: Located) -> Located:
        """``shell`` with template expressions as they stand in the file; the shell's own reader knows how to pass them."""
        ends = [index for index, _ in shell.segments[1:]]
        pieces = [self.source.text[offset : offset + end - index] for (index, offset), end in zip(shell.segments[:-1], ends, strict=True)]
        text = "".join(pieces)
        return Located(self.source, text, shell.segments) if len(text) == len(shell.text) else shell

    def _sequence(self, node: Node, line: Located, words: list[Word], style: str, rest: int, stop: int) -> None:
        if not words and style != "json":
            return
        args = Node("sequence", self.source, line.offset(rest), line.end(stop), style=style)
        node.add(args, "args", args.start, args.start)
        for word in words:
            args.add(self._scalar(line, word))

    def _scalar(self, line: Located, word: Word) -> Node:
        value: Value = UNKNOWN if word.variable else word.text
        start = line.offset(word.start)
        end = line.end(word.end) if word.end > word.start else start
        if self.neutral is not None and self.neutral.touches(start, end):
            written = self.neutral.restore(word.text, start, end)
            return Node("scalar", self.source, start, end, value=UNKNOWN, text=written, style=word.style)
        return Node("scalar", self.source, start, end, value=value, text=word.text, style=word.style)


def parse(source: Source, template: str = "") -> Document:
    """The instructions of ``source``. Problems: unknown instructions, heredocs without end, no FROM at all."""
    scanner = _scanned(source, template)
    if not template and (template := next(filter(None, map(_tag, scanner.unknown)), "")):
        scanner = _scanned(source, template)
    root = scanner.root
    known = any(node.key in INSTRUCTIONS for node in root.children)
    if template and root.children and not known:
        scanner.problem("no instruction in this template", 0, 1)
    if root.children and not template and not scanner.problems and _WHOLE.search(source.path):
        first = next((n for n in root.children if n.key in INSTRUCTIONS), None)
        if first is not None and not any(n.key == "FROM" for n in root.children):
            scanner.problem("no FROM instruction", first.key_start, first.key_end)
    source.memo["dockerfile-commands"] = scanner.commands
    return Document(source, "dockerfile", (root,), scanner.problems)


def command(node: Node) -> Located:
    """What the shell gets of an instruction's ``command`` (or of a heredoc's body), with the places of its characters."""
    from .locate import located

    kept = node.source.memo.get("dockerfile-commands")
    found = kept.get(node.start) if isinstance(kept, dict) else None
    return found if isinstance(found, Located) else located(node)


def _scanned(source: Source, template: str) -> _Scanner:
    neutral: Neutral | None = None
    if template:
        from .template import neutralise

        neutral = neutralise(source.text, template)
    scanner = _Scanner(source, neutral.text if neutral else source.text, neutral)
    scanner.scan()
    return scanner


def _tag(keyword: str) -> str:
    """The templating language of a tag that stands where an instruction must begin, else ``""``."""
    return _TAGS.get(keyword[:2], "")


def _continuation(escape: str) -> re.Pattern[str]:
    """Where a line is continued: the escape character, itself not escaped, and blanks behind it (as BuildKit has it)."""
    sign = re.escape(escape)
    return re.compile(rf"(?:(?<=[^{sign}])|^)({sign})[ \t]*\Z")
