"""Commands that only start another one, and what they start.

Nothing here parses; positions stay those of the whole command line.
"""

from __future__ import annotations

from typing import Final

from .shell_ast import Assignment, Command, Word

# wrapper -> its options that take the next word as their argument, and how many operands stand before the command
WRAPPERS: Final[dict[str, tuple[frozenset[str], int]]] = {
    "sudo": (frozenset(("-u", "-g", "-h", "-p", "-C", "-r", "-t", "-T", "-U", "-D", "-R", "--user", "--group", "--host", "--chdir")), 0),
    "doas": (frozenset(("-u", "-C")), 0),
    "env": (frozenset(("-u", "-C", "-S", "--unset", "--chdir")), 0),
    "exec": (frozenset(("-a",)), 0),
    "command": (frozenset(), 0),
    "builtin": (frozenset(), 0),
    "time": (frozenset(("-f", "-o", "--format", "--output")), 0),
    "nice": (frozenset(("-n", "--adjustment")), 0),
    "ionice": (frozenset(("-c", "-n", "--class", "--classdata")), 0),
    "nohup": (frozenset(), 0),
    "setsid": (frozenset(), 0),
    "stdbuf": (frozenset(("-i", "-o", "-e")), 0),
    "xargs": (frozenset(("-a", "-d", "-E", "-I", "-L", "-n", "-P", "-s", "--arg-file", "--delimiter", "--max-args", "--max-procs")), 0),
    "timeout": (frozenset(("-k", "-s", "--kill-after", "--signal")), 1),
    "chroot": (frozenset(), 1),
    "gosu": (frozenset(), 1),
    "su-exec": (frozenset(), 1),
    "fakeroot": (frozenset(), 0),
    "busybox": (frozenset(), 0),
    "coproc": (frozenset(), 0),
    "tini": (frozenset(("-e", "-p")), 0),
    "dumb-init": (frozenset(), 0),
    "cross-env": (frozenset(), 0),
    "cross-env-shell": (frozenset(), 0),
    "xvfb-run": (frozenset(("-e", "-f", "-n", "-p", "-s", "-w", "--error-file", "--server-num", "--server-args", "--wait")), 0),
    "dbus-run-session": (frozenset(), 0),
}
_SETTERS: Final = ("env", "sudo", "doas", "cross-env", "cross-env-shell")  # take NAME=value before the command
_MAX_WRAPPERS: Final = 16


def unwrap(command: Command) -> Command:
    """``command`` without the wrappers it is started through: of ``sudo -E env A=b timeout 5 curl x`` the command ``curl x``.

    ``env``'s assignments become the command's. A command that is nothing but a wrapper stays as it is.
    """
    for _ in range(_MAX_WRAPPERS):
        shape = WRAPPERS.get(command.program)
        if shape is None:
            return command
        inner = _inner(command, *shape)
        if inner is None:
            return command
        command = inner
    return command


def _inner(command: Command, with_argument: frozenset[str], operands: int) -> Command | None:
    args = command.args
    assignments = list(command.assignments)
    at = 0
    while at < len(args):
        word = args[at]
        text = word.pattern
        if text == "--":
            at += 1
        elif text.startswith("-") and len(text) > 1:
            at += 2 if _takes_next(text, with_argument) else 1
        elif command.program in _SETTERS and "=" in text:
            assignments.append(_assignment(word))
            at += 1
        elif operands:
            operands -= 1
            at += 1
        else:
            break
    if at >= len(args):
        return None
    return command._replace(name=args[at], args=args[at + 1 :], assignments=tuple(assignments), at=args[at].at)


def _takes_next(option: str, with_argument: frozenset[str]) -> bool:
    """Whether ``option`` (``--user``, ``-u``, a cluster such as ``-Eu``) takes the next word as its argument."""
    if option.startswith("--"):
        return option in with_argument
    for at, letter in enumerate(option[1:], 2):
        if f"-{letter}" in with_argument:
            return at == len(option)  # otherwise the rest of the cluster is the argument
    return False


def _assignment(word: Word) -> Assignment:
    name, _, value = word.pattern.partition("=")
    text = value if word.known else word.text
    begin = word.at + len(name) + 1
    return Assignment(name, Word(text, word.raw[len(name) + 1 :], begin, word.to, word.where), (), word.at, word.to, word.where)
