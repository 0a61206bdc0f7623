"""Which of a command's words are scripts that it runs: ``sh -c``, ``eval``, ``su -c``, ``trap``; and whether it reads one.

Finds and joins the code; parsing it is the parser's work.
"""

from __future__ import annotations

from typing import Final

from .locate import Located
from .shell_ast import SHELLS, Command, Word
from .shell_wrappers import unwrap

_PRINTERS: Final = frozenset(("echo", "printf"))


def code_of(command: Command) -> list[Located]:
    """The scripts among the words of ``command``, also behind ``sudo``, ``xargs``, ``docker exec`` and whatever else starts a shell."""
    program = command.program
    if program in _PRINTERS:
        return []
    args = command.args
    code: list[Located] = []
    if program == "eval":
        code += [_joined(args)] if args else []
    elif program == "trap":
        code += [args[0].code()] if len(args) > 1 and args[0].pattern not in ("-", "--", "") else []
    elif program in ("su", "runuser"):
        code += [args[at + 1].code() for at, word in enumerate(args[:-1]) if word.text in ("-c", "--command")]
    words = command.words
    for at, word in enumerate(words):
        if isinstance(word.text, str) and word.text[word.text.rfind("/") + 1 :] in SHELLS:
            operand = _operand(words, at + 1)
            if operand is not None and operand[1]:
                code.append(operand[0].code())
    return code


def reads_code(command: Command) -> bool:
    """Whether ``command``, wrappers aside, is a shell that runs its standard input."""
    inner = unwrap(command)
    return inner.program in SHELLS and _operand(inner.words, 1) is None


def _operand(words: tuple[Word, ...], at: int) -> tuple[Word, bool] | None:
    """The first operand of a shell whose options begin at ``at``, and whether ``-c`` makes it a script; ``None`` without one."""
    command = False
    while at < len(words):
        text = words[at].pattern
        if len(text) < 2 or text[0] not in "-+" or text == "--":
            at += text == "--"
            break
        if text.startswith("--"):
            at += text in ("--rcfile", "--init-file")
        else:
            command = command or (text[0] == "-" and "c" in text)
            at += text[-1] in "oO"
        at += 1
    if at >= len(words) or words[at].text in ("-", "-s"):
        return None
    return words[at], command


def _joined(words: tuple[Word, ...]) -> Located:
    """``words`` joined by blanks, as ``eval`` does."""
    pieces: list[str] = []
    segments: list[tuple[int, int]] = []
    size = 0
    for word in words:
        code = word.code()
        segments += [(size + index, offset) for index, offset in code.segments]
        pieces.append(code.text)
        size += len(code.text) + 1
    return Located(words[0].where.source, " ".join(pieces), segments)


def chomped(body: Located) -> Located:
    """``body`` without the tabs at the beginning of its lines."""
    pieces: list[str] = []
    segments: list[tuple[int, int]] = []
    size = at = 0
    for line in body.text.splitlines(keepends=True):
        part = line.lstrip("\t")
        start = at + len(line) - len(part)
        segments += [(size + index, offset) for index, offset in body.slice(start, at + len(line)).segments[:-1]]
        pieces.append(part)
        size += len(part)
        at += len(line)
    segments.append((size, body.end(len(body.text))))
    return Located(body.source, "".join(pieces), segments)
