"""Dangerous things in shell code, whatever file it stands in: downloads that are run unread, reverse shells.

Works on the parsed script, so that quotes, comments and ``echo`` do not fool it. Shared by the rules of several platforms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from ..parse.shell import unwrap
from ..parse.shell_ast import SHELLS, Command, Compound, Pipeline, Script, Word
from ..parse.shell_code import reads_code

if TYPE_CHECKING:
    from ..finding import Span

DOWNLOADERS: Final = frozenset(("curl", "wget", "fetch", "aria2c", "http", "xh"))
INTERPRETERS: Final = SHELLS | {"python", "python2", "python3", "perl", "ruby", "node", "php", "deno", "bun", "pwsh", "iex"}
_EVALUATORS: Final = frozenset(("eval", "source", "."))
_VERIFIERS: Final = frozenset(("sha256sum", "sha512sum", "shasum", "gpg", "gpgv", "cosign", "minisign", "openssl", "md5sum"))
_FIXED_URL: Final = r"/[0-9a-f]{40}(?:/|\Z)"
_BARE_HOST: Final = (
    r"(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|sh|app|co|me|ai|cloud|xyz|info|run|gg|us|uk|de|eu)(?::\d+)?"  # curl acme.io | sh
)
_LOCAL_URL: Final = r"(?i)\A(?:https?://)?(?:localhost|127\.|\[::1\]|host\.docker\.internal)|\Afile:"
_POWERSHELL: Final = (
    r"(?i)\b(?:iwr|irm|curl|wget|invoke-webrequest|invoke-restmethod)\b[^\n|;]{0,400}\|\s*(?:iex|invoke-expression)\b"
    r"|\b(?:iex|invoke-expression)\b[^\n;]{0,100}\b(?:iwr|irm|invoke-webrequest|invoke-restmethod|downloadstring)\b[^\n;]{0,400}"
)
_SOCKET_SHELL: Final = (
    r"socket[\s\S]{0,2000}(?:dup2|pty\.spawn|/bin/(?:ba)?sh|exec\()|fsockopen[\s\S]{0,400}(?:exec|sh)|TCPSocket[\s\S]{0,400}exec"
)
_ADDRESS: Final = r"\d{1,3}(?:\.\d{1,3}){3}"
_PRIVATE: Final = r"(?:10|127|0)\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\."
_CODE_FLAGS: Final = {"python": "-c", "python3": "-c", "perl": "-e", "ruby": "-e", "node": "-e", "php": "-r", "psql": "-c", "mysql": "-e"}
_NETCATS: Final = frozenset(("nc", "ncat", "netcat", "nc.traditional", "nc.openbsd"))


class Risk(NamedTuple):
    """Where in the file, and a few words on what is done there."""

    span: Span
    what: str


# -- downloads that are run unread


def unread_downloads(script: Script) -> Iterator[Risk]:
    """Code that is fetched and run at once: ``curl … | sh``, ``bash <(curl …)``, ``eval "$(wget …)"``, and fetched files that
    the same script then runs.

    Silent for addresses that hold a full commit hash, local ones, and where the download is verified first.
    """
    held = _variables_with_downloads(script)
    for part in script.scripts():
        for pipeline in _pipelines(part):
            if _downloads_into_interpreter(pipeline):
                yield Risk(pipeline.span, "a download is piped into an interpreter")
            elif held and _prints_into_interpreter(pipeline, held):
                yield Risk(pipeline.span, "a download, kept in a variable, is piped into an interpreter")
        for command in part.commands:
            if _runs_download(unwrap(command)):
                yield Risk(command.span, "a download is run at once")
            elif held and _runs_variable(unwrap(command), held):
                yield Risk(command.span, "a download, kept in a variable, is run")


def _pipelines(script: Script) -> Iterator[Pipeline]:
    for each in script.lists:
        for pipeline in each.pipelines:
            if len(pipeline.commands) > 1:
                yield pipeline


def _downloads_into_interpreter(pipeline: Pipeline) -> bool:
    loaded = False
    for stage in pipeline.stages:
        for command in (unwrap(each) for each in stage):
            if command.program in _VERIFIERS:
                loaded = False
            elif loaded and command.program in INTERPRETERS and _reads_input(command):
                return True
        loaded = loaded or any(is_download(unwrap(each)) for each in stage)
    return False


def is_download(command: Command) -> bool:
    """Whether ``command`` fetches something from an address that can change and is not this machine."""
    if command.program not in DOWNLOADERS:
        return False
    words = [word.pattern for word in command.args]
    places = [word for word in words if "://" in word or ("." in word and "/" in word and not word.startswith(("-", "/", "./")))]
    places += [word for word in words if re.fullmatch(_BARE_HOST, word)]
    if any(re.search(_FIXED_URL, word) or re.match(_LOCAL_URL, word) for word in places):
        return False
    return bool(places) or any(not word.known for word in command.args)


def _reads_input(command: Command) -> bool:
    """Whether an interpreter takes its program from standard input: no script named, or ``-`` or ``-s``."""
    for word in command.args:
        text = word.pattern
        if text in ("-", "-s", "/dev/stdin") or (
            text.startswith("-") and not text.startswith("--") and "s" in text and command.program in SHELLS
        ):
            return True
        if text in ("-c", "-e", "-m", "--eval") or (text.startswith("-") and text.endswith("c") and command.program in SHELLS):
            return False
        if not text.startswith("-"):
            return False
    return True


def _runs_download(command: Command) -> bool:
    """Whether a shell, ``eval`` or ``source`` is given the output of a download as its program."""
    if command.program in _EVALUATORS or (command.name is not None and not command.program and _is_substitution(command.name)):
        words: tuple[Word, ...] = command.words
    elif command.program in INTERPRETERS:
        words = command.args[:3]
    else:
        return False
    return any(
        _fetches(part.script) for word in words for part in word.parts if part.kind in ("command", "process") and part.script is not None
    )


def _variables_with_downloads(script: Script) -> frozenset[str]:
    """The variables that ``script`` fills with what it fetches (``code=$(curl …)``)."""
    return frozenset(
        assignment.name
        for command in script.walk_commands()
        for assignment in command.assignments
        for part in (assignment.value.parts if assignment.value is not None else ())
        if part.kind == "command" and part.script is not None and _fetches(part.script)
    )


def _holds(word: Word | None, names: frozenset[str]) -> bool:
    return word is not None and any(part.kind == "variable" and part.name in names for part in word.parts)


def _prints_into_interpreter(pipeline: Pipeline, names: frozenset[str]) -> bool:
    """``echo "$code" | sh``."""
    stages = [[unwrap(each) for each in stage] for stage in pipeline.stages]
    printed = any(c.program in ("echo", "printf", "cat") and any(_holds(word, names) for word in c.args) for c in stages[0])
    return printed and any(c.program in INTERPRETERS and _reads_input(c) for stage in stages[1:] for c in stage)


def _runs_variable(command: Command, names: frozenset[str]) -> bool:
    """``eval "$code"``, ``sh -c "$code"``, ``sh <<< "$code"``."""
    if command.program in INTERPRETERS and any(each.op == "<<<" and _holds(each.target, names) for each in command.redirects):
        return True
    return any(_starts_with(word, names) for word in code_words(command))


def _starts_with(word: Word, names: frozenset[str]) -> bool:
    """Whether the code begins with one of the variables; further on it is likely an argument."""
    return bool(word.parts) and word.parts[0].kind == "variable" and word.parts[0].name in names


def _is_substitution(word: Word) -> bool:
    return len(word.parts) == 1 and word.parts[0].kind == "command"


def _fetches(script: Script) -> bool:
    """Whether the output of ``script`` is (also filtered) what a download gave."""
    commands = [unwrap(command) for command in script.commands]
    return any(is_download(command) for command in commands) and not any(command.program in _VERIFIERS for command in commands)


def powershell_downloads(text: str) -> Iterator[tuple[int, int]]:
    """Where PowerShell ``text`` runs what it has just fetched (``irm … | iex``), as offsets."""
    for found in re.finditer(_POWERSHELL, text):
        yield found.span()


# -- reverse shells


def reverse_shells(script: Script) -> Iterator[Risk]:
    """Commands that hand a shell of this machine to somebody on the network."""
    for part in script.scripts():
        for pipeline in _pipelines(part):
            if _piped_shell(pipeline):
                yield Risk(pipeline.span, "a shell is connected to the network through a pipe")
        for command in part.commands:
            what = _reverse(unwrap(command))
            if what:
                yield Risk(command.span, what)


def _reverse(command: Command) -> str:
    """What ``command`` does to open a shell to the network, or empty."""
    program = command.program
    socket = any(
        redirect.target is not None and redirect.target.prefix.startswith(("/dev/tcp/", "/dev/udp/")) for redirect in command.redirects
    )
    flags = [word.pattern for word in command.args]
    if socket and program in SHELLS and any(flag.startswith("-") and "i" in flag for flag in flags):
        return "an interactive shell is connected to a network address"
    if socket and program == "exec" and any(redirect.op == "<>" for redirect in command.redirects):
        return "a network address is opened for reading and writing"
    if program in _NETCATS:
        if any(
            flag in ("-e", "-c", "--exec", "--sh-exec") or (re.fullmatch(r"-[a-z]*e[a-z]*", flag) and any("sh" in f for f in flags))
            for flag in flags
        ):
            return "netcat runs a program for whoever is at the other end"
        if not any(flag.startswith("-") and ("z" in flag or "l" in flag) for flag in flags):
            for at, flag in enumerate(flags):
                if re.fullmatch(_ADDRESS, flag) and not re.match(_PRIVATE, flag) and at + 1 < len(flags):
                    return "netcat talks to a fixed address"
    if (
        program == "socat"
        and any(flag.lower().startswith(("exec:", "system:")) for flag in flags)
        and any(":" in flag and "tcp" in flag.lower() for flag in flags)
    ):
        return "socat connects a program to the network"
    if program in ("python", "python2", "python3", "perl", "ruby", "php", "node") and any(re.search(_SOCKET_SHELL, flag) for flag in flags):
        return "a one-line program connects a shell to the network"
    return ""


def _piped_shell(pipeline: Pipeline) -> bool:
    names = [unwrap(each) for stage in pipeline.stages for each in stage]
    interactive = any(c.program in SHELLS and any(word.pattern == "-i" for word in c.args) for c in names)
    network = any(
        c.program in _NETCATS or c.program == "telnet" or (c.program == "openssl" and c.args and c.args[0].pattern == "s_client")
        for c in names
    )
    return interactive and network


def code_words(command: Command) -> Iterator[Word]:
    """The words of ``command`` that a shell or interpreter parses as a program after this shell has filled them in."""
    args = command.args
    if command.program == "eval":
        yield from args
        return
    flag = "-c" if command.program in SHELLS else _CODE_FLAGS.get(command.program)
    if flag is not None:
        for at, word in enumerate(args[:-1]):
            if word.pattern == flag or (flag == "-c" and re.fullmatch(r"-[a-z]*c", word.pattern)):
                yield args[at + 1]
    elif command.program == "ssh" and len(args) > 1:
        yield from args[1:]
    elif command.program in ("su", "runuser"):
        yield from (args[at + 1] for at, word in enumerate(args[:-1]) if word.pattern in ("-c", "--command"))
    elif command.program not in ("echo", "printf"):
        for at, word in enumerate(args[:-2]):  # docker run image sh -c …
            if word.pattern.rpartition("/")[2] in SHELLS and re.fullmatch(r"-[a-z]*c", args[at + 1].pattern):
                yield args[at + 2]
    if command.program == "ssh" or reads_code(command):
        for redirect in command.redirects:
            code = redirect.target if redirect.op == "<<<" else redirect.body
            if code is not None:
                yield code


def commands(script: Script) -> Iterator[Command]:
    """Every command of ``script`` at any depth, without its wrappers."""
    for command in script.walk_commands():
        yield unwrap(command)


def writers(script: Script) -> Iterator[tuple[Command | Compound, str]]:
    """Commands and blocks whose output goes to a file, with that file's name as written."""
    for part in script.scripts():
        for each in part.lists:
            for pipeline in each.pipelines:
                for member in pipeline.commands:
                    for redirect in member.redirects:
                        if redirect.target is not None and redirect.op in (">", ">>", ">|", "&>", "&>>"):
                            yield member, redirect.target.raw
                    if isinstance(member, Command):
                        inner = unwrap(member)
                        named = [word for word in inner.args if not word.pattern.startswith("-")]
                        if inner.program in ("cp", "mv"):
                            named = named[-1:] if len(named) > 1 else []
                        elif inner.program != "tee":
                            continue
                        for word in named:
                            yield member, word.raw
