"""The shell grammar above words: commands, redirects, pipelines, lists, compounds, heredocs (POSIX 2.10, bash).

It never fails: what the grammar does not allow is noted and stepped over, because code in templates is often no pure shell.
Own code and not tree-sitter-bash, by measurement: that grammar reported errors in 26 of 476 scripts which bash accepts, lost
here-strings and what follows a heredoc, and took memory quadratic in the length of a pipeline (16 KB of text: 269 MiB).
"""

from __future__ import annotations

import re
from typing import Final

from .locate import Located
from .node import UNKNOWN
from .shell_ast import AndOr, Assignment, Command, Compound, CompoundKind, Part, Pipeline, Redirect, Script, Word
from .shell_code import chomped, code_of, reads_code
from .shell_words import MAX_LEVEL, WordReader

_BLANK = re.compile(r"(?:[ \t\r\f\v]|\\\r?\n)+")
_COMMENT = re.compile(r"#[^\n]*")
_END = r"(?=[\s;&|()<>]|\Z)"
_OPENING = re.compile(rf"(?:if|while|until|for|select|case|function|\{{|\[\[){_END}", re.ASCII)
_CLOSING = re.compile(rf"(?:then|elif|else|fi|do|done|esac|\}}){_END}", re.ASCII)
_IN = re.compile(rf"in{_END}")
_TERMINATOR = re.compile(r";;&|;;|;&")
_REDIRECT = re.compile(r"(\d+|\{[A-Za-z_]\w*\})?(&>>|&>|<<<|<<-|<<|<>|<&|>&|>>|>\||[<>](?!\())", re.ASCII)
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(?:\[[^\]\n]*\])?\+?=", re.ASCII)
_FUNCTION = re.compile(r"\(\s*\)")
_BANG = re.compile(r"!(?=\s)")
_NOTHING: Final[frozenset[str]] = frozenset()
_MAX_CODES: Final = 3


class Parser(WordReader):
    """Reads a whole text (:meth:`all`). ``_open`` holds the closing words of every construct that is open."""

    def __init__(self, where: Located, level: int, codes: int = 0) -> None:
        super().__init__(where, level)
        self._codes = codes  # how many strings that are code this text stands in
        self._open: list[frozenset[str]] = []
        self._heredocs: list[tuple[Redirect, str, bool, bool]] = []

    def all(self) -> Script:
        """The script of the whole text."""
        lists = self._lists(_NOTHING)
        self._bodies()
        return Script(self.where, lists, tuple(self.problems))

    def substitution(self) -> Script:
        return self._body(")")

    def inner(self, where: Located) -> Script:
        return self._nested(where, self._codes)

    def _nested(self, where: Located, codes: int) -> Script:
        script = Parser(where, self.level + 1, codes).all()
        self.problems += script.problems[: max(0, 20 - len(self.problems))]
        return script

    # -- lists

    def _lists(self, closing: frozenset[str]) -> tuple[AndOr, ...]:
        if self.too_deep():
            return ()
        self.level += 1
        self._open.append(closing)
        out: list[AndOr] = []
        while self._more():
            before = self.at
            out.append(self._and_or())
            if self.at == before:
                self.problem(f"{self.text[self.at]!r} was not expected here", self.at, self.at + 1)
                self.at += 1
        self._open.pop()
        self.level -= 1
        return tuple(each for each in out if each.pipelines)

    def _more(self) -> bool:
        """Skip to the next command. ``False`` at the end or where an open construct is closed."""
        while True:
            self._lines()
            if self.at >= self.size:
                return False
            m = _TERMINATOR.match(self.text, self.at) or _CLOSING.match(self.text, self.at)
            sign = m[0] if m else self.text[self.at]
            kind = ";;" if sign[0] == ";" and len(sign) > 1 else sign
            if m is None and sign not in ";&)":
                return True
            if sign == "&" and self.text.startswith("&>", self.at):
                return True
            if any(kind in each for each in self._open):
                return False
            if sign not in ";&":
                self.problem(f"{sign!r} closes nothing", self.at, self.at + len(sign))
            self.at += len(sign)

    def _body(self, *closing: str) -> Script:
        """The commands up to one of ``closing``; a single one that is no shared keyword is consumed."""
        start = self.at
        lists = self._lists(frozenset(closing))
        script = Script(self.where, lists)
        if len(closing) == 1 and not self._take(closing[0]):
            self.problem(f"{closing[0]!r} is missing", start, start)
        return script

    def _take(self, sign: str) -> bool:
        """Consume ``sign`` if it is next."""
        self._lines()
        if not self.text.startswith(sign, self.at):
            return False
        if sign != ")":
            m = _CLOSING.match(self.text, self.at)
            if m is None or m[0] != sign:
                return False
        self.at += len(sign)
        return True

    def _and_or(self) -> AndOr:
        pipelines: list[Pipeline] = []
        ops: list[str] = []
        while True:
            pipeline = self._pipeline()
            if pipeline is None:
                break
            pipelines.append(pipeline)
            self._blank()
            if not self.text.startswith(("&&", "||"), self.at):
                break
            ops.append(self.text[self.at : self.at + 2])
            self.at += 2
            self._lines()
        end = self.text[self.at : self.at + 1]
        if end in (";", "&") and not _TERMINATOR.match(self.text, self.at):
            self.at += 1
        return AndOr(tuple(pipelines), tuple(ops), end if end in (";", "&", "\n") else "")

    def _pipeline(self) -> Pipeline | None:
        self._blank()
        start, negated = self.at, False
        while m := _BANG.match(self.text, self.at):
            negated, self.at = True, m.end()
            self._blank()
        commands: list[Command | Compound] = []
        ops: list[str] = []
        to = self.at
        while (command := self._command()) is not None:
            commands.append(command)
            to = command.to
            self._blank()
            if not self.text.startswith("|", self.at) or self.text.startswith("||", self.at):
                break
            ops.append("|&" if self.text.startswith("|&", self.at) else "|")
            self.at += len(ops[-1])
            self._lines()
        if not commands:
            return None
        for left, right in zip(commands, commands[1:], strict=False):  # noqa: RUF007 - itertools is not worth its import here
            if isinstance(left, Command) and isinstance(right, Command) and left.redirects and reads_code(right):
                self._stdin(left)
        return Pipeline(tuple(commands), tuple(ops), negated, start, to, self.where)

    # -- blanks, lines, heredocs

    def _blank(self) -> None:
        """Skip blanks and a comment."""
        m = _BLANK.match(self.text, self.at)
        if m is not None:
            self.at = m.end()
        if self.text.startswith("#", self.at):
            m = _COMMENT.match(self.text, self.at)
            self.at = m.end() if m else self.at

    def _lines(self) -> None:
        """Skip blanks, comments and line ends; heredocs that wait for their line get their bodies."""
        self._blank()
        while self.text.startswith("\n", self.at):
            self.at += 1
            self._bodies()
            self._blank()

    def _bodies(self) -> None:
        waiting, self._heredocs = self._heredocs, []
        for redirect, delimiter, chomp, quoted in waiting:
            tabs = r"\t*" if chomp else ""
            m = re.compile(rf"(?m)^{tabs}{re.escape(delimiter)}\r?$").search(self.text, self.at)
            end = m.start() if m else self.size
            if m is None:
                self.problem(f"the heredoc <<{delimiter[:40]} is not ended", redirect.at, redirect.to)
            body = self.where.slice(self.at, end)
            redirect.body = self._document(chomped(body) if chomp else body, quoted)
            if redirect.code and self.level < MAX_LEVEL and self._codes < _MAX_CODES:
                redirect.run = self._nested(redirect.body.code(), self._codes + 1)
            self.at = min(m.end() + 1, self.size) if m else self.size

    def _document(self, body: Located, quoted: bool) -> Word:
        """A heredoc's body as a word: literal when its delimiter is quoted."""
        if quoted or not any(sign in body.text for sign in ("$", "`", "\\", "{{", "{%", "<%")):
            return Word(body.text, body.text, 0, len(body.text), body)
        reader = Parser(body, self.level + 1, self._codes)
        reader.too_deep()
        word = reader.text_word()
        self.problems += reader.problems[: max(0, 20 - len(self.problems))]
        return word

    def text_word(self) -> Word:
        """The whole text as one word in which only expansions mean something."""
        parts: list[Part] = []
        self.quoted(parts, "")
        return self.made(parts, 0)

    # -- commands

    def _command(self) -> Command | Compound | None:
        self._blank()
        text, at = self.text, self.at
        if at >= self.size:
            return None
        if text[at] == "(":
            return self._parenthesis()
        m = _OPENING.match(text, at)
        if m is None:
            return self._simple()
        self.at = m.end()
        keyword = m[0]
        if keyword == "[[":
            return self._test(at)
        if keyword == "{":
            bodies: tuple[Script, ...] = (self._body("}"),)
            return self._compound("group", bodies, (), at)
        if keyword == "if":
            return self._compound("if", self._if(), (), at)
        if keyword in ("while", "until"):
            kind: CompoundKind = "while" if keyword == "while" else "until"
            return self._compound(kind, (self._body("do"), self._body("done")), (), at)
        if keyword == "case":
            return self._case(at)
        if keyword == "function":
            return self._function(at)
        return self._for("for" if keyword == "for" else "select", at)

    def _compound(self, kind: CompoundKind, bodies: tuple[Script, ...], words: tuple[Word, ...], at: int) -> Compound:
        redirects: list[Redirect] = []
        to = self.at
        while True:
            self._blank()
            redirect = self._redirect()
            if redirect is None:
                return Compound(kind, bodies, words, tuple(redirects), at, to, self.where)
            redirects.append(redirect)
            to = self.at

    def _parenthesis(self) -> Compound:
        at = self.at
        if self.text.startswith("((", at):
            end = self.arithmetic(at + 2)
            if end >= 0:
                part = self.arithmetic_part(at, end, "")
                word = Word(UNKNOWN, self.text[at : self.at], at, self.at, self.where, (part,))
                return self._compound("arithmetic", (), (word,), at)
        self.at += 1
        return self._compound("subshell", (self._body(")"),), (), at)

    def _if(self) -> tuple[Script, ...]:
        bodies = [self._body("then")]
        while True:
            bodies.append(self._body("elif", "else", "fi"))
            if self._take("elif"):
                bodies.append(self._body("then"))
            elif not self._take("else"):
                break
        if not self._take("fi"):
            self.problem("'fi' is missing", self.at, self.at)
        return tuple(bodies)

    def _for(self, kind: CompoundKind, at: int) -> Compound:
        words: list[Word] = []
        self._blank()
        if self.text.startswith("((", self.at):
            end = self.arithmetic(self.at + 2)
            self.at = end if end >= 0 else self.at + 2
        else:
            self.word()
            self._lines()
            m = _IN.match(self.text, self.at)
            if m is not None:
                self.at = m.end()
                self._blank()
                while (word := self.word()) is not None:
                    words.append(word)
                    self._blank()
        if self.text.startswith(";", self.at):
            self.at += 1
        self._lines()
        if self.text.startswith("{", self.at):
            self.at += 1
            return self._compound(kind, (self._body("}"),), tuple(words), at)
        if not self._take("do"):
            self.problem("'do' is missing", self.at, self.at)
            return self._compound(kind, (), tuple(words), at)
        return self._compound(kind, (self._body("done"),), tuple(words), at)

    def _case(self, at: int) -> Compound:
        words: list[Word] = []
        bodies: list[Script] = []
        self._blank()
        subject = self.word()
        if subject is not None:
            words.append(subject)
        self._lines()
        m = _IN.match(self.text, self.at)
        self.at = m.end() if m else self.at
        while True:
            self._lines()
            if self.at >= self.size or self._take("esac"):
                break
            if self.text.startswith("(", self.at):
                self.at += 1
            before = self.at
            words += self._patterns()
            if not self.text.startswith(")", self.at):
                self.problem("')' of a case pattern is missing", before, before)
                break
            self.at += 1
            bodies.append(self._body(";;", "esac"))
            m = _TERMINATOR.match(self.text, self.at)
            self.at = m.end() if m else self.at
        return self._compound("case", tuple(bodies), tuple(words), at)

    def _patterns(self) -> list[Word]:
        out: list[Word] = []
        while True:
            self._blank()
            word = self.word()
            if word is not None:
                out.append(word)
            self._blank()
            if not self.text.startswith("|", self.at):
                return out
            self.at += 1

    def _function(self, at: int) -> Compound:
        """``function name …`` behind its keyword, or ``name () …`` at its parentheses."""
        words: tuple[Word, ...] = ()
        self._blank()
        m = _FUNCTION.match(self.text, self.at)
        if m is None:
            name = self.word()
            words = (name,) if name is not None else ()
            self._blank()
            m = _FUNCTION.match(self.text, self.at)
        self.at = m.end() if m else self.at
        self._lines()
        if self.too_deep():
            return Compound("function", (), words, (), at, self.at, self.where)
        self.level += 1
        body = self._command()
        self.level -= 1
        if body is None:
            self.problem("a function without body", at, at + 1)
            return Compound("function", (), words, (), at, self.at, self.where)
        pipeline = Pipeline((body,), (), False, body.at, body.to, self.where)
        script = Script(self.where, (AndOr((pipeline,), (), ""),))
        return Compound("function", (script,), words, (), at, body.to, self.where)

    def _test(self, at: int) -> Command:
        """``[[ … ]]`` as a command of that name; its operators are left out."""
        name = Word("[[", "[[", at, self.at, self.where)
        args: list[Word] = []
        while self.at < self.size:
            self._lines()
            if self.text.startswith("]]", self.at):
                self.at += 2
                break
            word = self.word()
            if word is not None:
                args.append(word)
            else:
                self.at = min(self.at + 1, self.size)
        else:
            self.problem("[[ is not closed", at, at + 2)
        return Command(name, tuple(args), (), (), at, self.at, self.where)

    def _simple(self) -> Command | Compound | None:
        start = to = self.at
        name: Word | None = None
        args: list[Word] = []
        assignments: list[Assignment] = []
        redirects: list[Redirect] = []
        text = self.text
        while True:
            self._blank()
            char = text[self.at : self.at + 1]
            if not char or char in "\n;|)" or (char == "&" and not text.startswith("&>", self.at)):
                break
            if char == "(":
                if name is not None and not args and _FUNCTION.match(text, self.at):
                    return self._function(start)._replace(words=(name,))
                if args and args[-1].raw.endswith("="):
                    args += self._array()
                else:
                    self.problem("'(' was not expected here", self.at, self.at + 1)
                    self.at += 1
                to = self.at
                continue
            redirect = self._redirect()
            if redirect is not None:
                redirects.append(redirect)
                to = self.at
                continue
            m = _ASSIGNMENT.match(text, self.at) if name is None else None
            if m is not None:
                assignments.append(self._assignment(m))
            else:
                word = self.word()
                if word is None:
                    break
                if name is None:
                    name = word
                else:
                    args.append(word)
            to = self.at
        if name is None and not assignments and not redirects:
            return None
        command = Command(name, tuple(args), tuple(assignments), tuple(redirects), start, to, self.where)
        runs = self._runs(command)
        return command._replace(runs=runs) if runs else command

    def _assignment(self, m: re.Match[str]) -> Assignment:
        at = self.at
        self.at = m.end()
        if self.text.startswith("(", self.at):
            items = tuple(self._array())
            return Assignment(m[1], None, items, at, self.at, self.where)
        value = self.word()
        return Assignment(m[1], value, (), at, self.at, self.where)

    def _array(self) -> list[Word]:
        """``(word …)``, at its parenthesis."""
        start = self.at
        self.at += 1
        items: list[Word] = []
        while True:
            self._lines()
            if self.at >= self.size:
                self.problem("an array is not closed", start, start + 1)
                return items
            if self.text[self.at] == ")":
                self.at += 1
                return items
            word = self.word()
            if word is not None:
                items.append(word)
            else:
                self.at += 1

    def _redirect(self) -> Redirect | None:
        m = _REDIRECT.match(self.text, self.at)
        if m is None:
            return None
        at, op = self.at, m[2]
        self.at = m.end()
        self._blank()
        target = self.word()
        redirect = Redirect(op, m[1] or "", target, at, self.at, self.where)
        if op in ("<<", "<<-"):
            if target is None:
                self.problem("a heredoc without delimiter", at, self.at)
            else:
                self._heredocs.append((redirect, target.pattern, op == "<<-", target.quoted))
        return redirect

    # -- scripts inside strings

    def _runs(self, command: Command) -> tuple[Script, ...]:
        """The scripts that ``command`` is given to run: ``sh -c``, also behind wrappers, ``eval``, ``su -c``, ``trap``, ``<<<``.

        A heredoc that a shell reads is marked, and read when its lines come.
        """
        if self.level >= MAX_LEVEL or command.name is None:
            return ()
        code = code_of(command)
        if command.redirects and reads_code(command):
            code += self._stdin(command)
        if self._codes >= _MAX_CODES and code:
            self.problem(f"shell code in strings nested more than {_MAX_CODES} levels deep", command.at, command.to)
            return ()
        return tuple(self._nested(each, self._codes + 1) for each in code if each.text)

    def _stdin(self, command: Command) -> list[Located]:
        """What a shell without operands reads from its redirects."""
        code: list[Located] = []
        for redirect in command.redirects:
            if redirect.op in ("<<", "<<-"):
                redirect.code = True
                if redirect.body is not None and redirect.run is None and self._codes < _MAX_CODES and self.level < MAX_LEVEL:
                    redirect.run = self._nested(redirect.body.code(), self._codes + 1)
            elif redirect.op == "<<<" and redirect.target is not None:
                code.append(redirect.target.code())
        return code
