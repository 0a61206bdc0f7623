"""Shell code inside configuration: where each kind of file keeps it, as parsed scripts whose words know their places.

``commands`` is what rules ask for: every simple command of a file, seen through ``sudo``, ``env`` and the like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from .match import Hit
from .mend import without_option

if TYPE_CHECKING:
    from ..parse import File
    from ..parse.locate import Located
    from ..parse.node import Document, Node
    from ..parse.shell_ast import Command, Script, Word
    from .match import Commands

# keys under which files of a kind hold shell code, as a scalar or a list of scalars
_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "github-workflow": ("run",),
    "github-action": ("run",),
    "gitlab-ci": ("script", "before_script", "after_script", "pre_get_sources_script"),
    "circleci": ("run", "command"),
    "azure-pipelines": ("script", "bash"),
    "bitbucket-pipelines": ("script", "after-script"),
    "travis": (
        "before_install", "install", "before_script", "script", "after_script", "after_success", "after_failure", "before_cache",
        "before_deploy", "after_deploy",
    ),
    "appveyor": (
        "init", "install", "before_build", "build_script", "after_build", "before_test", "test_script", "after_test", "before_deploy",
        "deploy_script", "after_deploy", "on_success", "on_failure", "on_finish", "sh",
    ),
    "buildkite": ("command", "commands"),
    "cloudbuild": ("script",),
    "codebuild": ("commands",),
    "drone": ("commands",),
    "woodpecker": ("commands",),
    "ansible": ("shell", "ansible.builtin.shell", "command", "ansible.builtin.command", "cmd"),
    "devcontainer": ("postCreateCommand", "postStartCommand", "onCreateCommand", "updateContentCommand", "postAttachCommand"),
}  # fmt: skip
# kinds whose containers may be given a shell's ``-c`` as words
_MANIFESTS: Final = frozenset({"package-json", "composer-json"})  # have scripts by name under «scripts»
_WORDS: Final[dict[str, tuple[str, str]]] = {"cloudbuild": ("entrypoint", "args")}
_SHELLS: Final = frozenset({"sh", "bash", "ash", "dash", "zsh", "/bin/sh", "/bin/bash", "/bin/ash", "/usr/bin/env"})


_WORD: Final = r"[\w.+-]+"


class Embedded(NamedTuple):
    """A script, the node that holds it, and the key (an instruction, ``run``, …) under which that stands."""

    script: Script
    node: Node
    key: str


def scripts(file: File) -> tuple[Embedded, ...]:
    """All shell code of ``file``; parsed once a file."""
    memo = file.source.memo
    kept = memo.get("config-scripts")
    if not isinstance(kept, tuple):
        document = file.document
        found = _scripts(file, document) if document is not None else _of_jenkins(file) if "jenkinsfile" in file.type.kinds else ()
        kept = memo["config-scripts"] = tuple(found)
    return kept


def _of_jenkins(file: File) -> Iterator[Embedded]:
    from ..parse.node import Node
    from ..parse.shell import parse_script
    from .jenkins import shell_scripts

    for where in shell_scripts(file):
        node = Node("scalar", file.source, where.offset(0), where.end(len(where.text)), text=where.text)
        yield Embedded(parse_script(where), node, "sh")


def _scripts(file: File, document: Document) -> Iterator[Embedded]:
    from ..parse.locate import located
    from ..parse.shell import parse_script

    if document.format == "dockerfile":
        yield from _of_dockerfile(document)
        return
    if document.format == "shell":
        for root in document.roots:
            yield Embedded(parse_script(located(root)), root, "")
        return
    if file.type.kinds & _MANIFESTS:
        for entry in document.select("scripts.*"):
            for node in _scalars(entry):
                yield Embedded(parse_script(located(node)), node, "scripts")
    for kind in file.type.kinds:
        for key in _KEYS.get(kind, ()):
            for entry in document.index.get(key, ()):
                for node in _scalars(entry):
                    yield Embedded(parse_script(located(node)), node, key)
        if kind in _WORDS:
            yield from _of_shell_words(document, *_WORDS[kind])


def _of_shell_words(document: Document, program: str, words: str) -> Iterator[Embedded]:
    """``entrypoint: bash`` with ``args: [-c, "…"]`` beside it."""
    from ..parse.locate import located
    from ..parse.shell import parse_script

    for entry in document.index.get(words, ()):
        started = entry.parent.get(program) if entry.parent is not None else None
        args = entry.resolved.children if entry.resolved.kind == "sequence" else ()
        if started is not None and started.text in _SHELLS and len(args) > 1 and re.fullmatch(r"-\w*c", args[0].text):
            yield Embedded(parse_script(located(args[1])), args[1].resolved, words)


def _scalars(entry: Node) -> Iterator[Node]:
    node = entry.resolved
    if node.kind == "scalar":
        yield node
    elif node.kind == "sequence":
        for item in node.children:
            yield from _scalars(item)


def _of_dockerfile(document: Document) -> Iterator[Embedded]:
    from ..parse.dockerfile import command
    from ..parse.shell import parse_script

    for root in document.roots:
        for child in root.children:
            node = child.children[0] if child.key == "ONBUILD" and child.children else child
            if node.key not in ("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"):
                continue
            shell = node.get("command")
            if shell is not None:
                yield Embedded(parse_script(command(shell)), shell, node.key)
                continue
            args = node.get("args")
            if args is not None and args.style == "json":
                yield from _of_exec_form(args, node.key)


def _of_exec_form(args: Node, key: str) -> Iterator[Embedded]:
    """``["sh", "-c", "…"]`` as the script it runs; any other program as one command of its words."""
    from ..parse.locate import Located, located
    from ..parse.shell import parse_script

    words = args.children
    if len(words) > 2 and words[0].text in _SHELLS and words[-2].text.startswith("-") and words[-2].text.endswith("c"):
        yield Embedded(parse_script(located(words[-1])), words[-1], key)
        return
    text, segments = "", []
    for word in words:
        place: Located = located(word)
        quoted = "'" + word.text.replace("'", "") + "' " if any(c in word.text for c in ' \t\n;&|<>()$`\\"*?[#~') else word.text + " "
        skip = 1 if quoted[0] == "'" else 0
        segments += [(len(text) + skip + index, offset) for index, offset in place.segments if index <= len(word.text)]
        text += quoted
    if text:
        yield Embedded(parse_script(Located(args.source, text, segments or [(0, args.start)])), args, key)


# options that take the rest of a cluster or the next word as their value, for programs whose clusters we look into
_VALUED: Final[dict[str, str]] = {
    "curl": "AbcCdDeEFhHKmoPQrtTuUwxXyYz",
    "wget": "aAbBDehHiIloOPQtTUwX",
    "git": "cC",
    "chmod": "",
    "tar": "fCbHTX",
    "apk": "Xp",
    "apt-get": "ocqt",
    "npm": "wC",
    "pip": "rcieftd",
}


class Call(NamedTuple):
    """A simple command without its wrappers, and where its script stands."""

    command: Command
    embedded: Embedded

    @property
    def operands(self) -> list[str]:
        """Words that are neither options nor unknown, in order."""
        return [word.text for word in self.command.args if isinstance(word.text, str) and not word.text.startswith("-")]


def calls(file: File) -> tuple[Call, ...]:
    """Every simple command in the shell code of ``file``, at any depth; once a file."""
    from ..parse.shell import unwrap

    memo = file.source.memo
    kept = memo.get("config-calls")
    if not isinstance(kept, tuple):
        kept = memo["config-calls"] = tuple(
            Call(unwrap(command), embedded) for embedded in scripts(file) for command in embedded.script.walk_commands()
        )
    return kept


def words_of(file: File) -> frozenset[str]:
    """The words of ``file`` as names of programs are written, escapes taken for the blanks that they may be; once a file."""
    memo = file.source.memo
    kept = memo.get("words")
    if not isinstance(kept, frozenset):
        text = file.source.text
        found = re.findall(_WORD, text)
        if "\\" in text:
            found += re.findall(_WORD, re.sub(r"\\[nrtfvu]", " ", text))
        kept = memo["words"] = frozenset(found)
    return kept


def find(match: Commands, file: File) -> Iterator[Hit]:
    """What ``match`` finds in the shell code of ``file``."""
    if words_of(file).isdisjoint(match.programs):
        return
    operands = re.compile(match.operands) if match.operands else None
    value = re.compile(match.value) if match.value else None
    unless = re.compile(match.unless) if match.unless else None
    for call in calls(file):
        if call.command.program not in match.programs:
            continue
        if unless is not None and any(unless.search(word.pattern) for word in call.command.args):
            continue
        place = _operand(call, operands) if operands is not None else None
        if operands is not None and place is None:
            continue
        if match.options:
            option = _option(call.command, match.options, value)
            if option is not None:
                at, letter = option
                words = call.command.args
                fix = without_option(words, at, letter, bool(match.value)) if match.removable else None
                yield Hit(words[at].span, match.message, fix=fix, within=call.embedded.node)
        else:
            yield Hit((place or call.command).span, match.message)


def _operand(call: Call, pattern: re.Pattern[str]) -> Word | None:
    """The last operand in what ``pattern`` matches from the first operand on."""
    words = [word for word in call.command.args if not word.pattern.startswith("-")]
    found = pattern.match(" ".join(word.pattern for word in words))
    if found is None:
        return None
    end, at = found.end(), 0
    for word in words:
        at += len(word.pattern) + 1  # a word may hold blanks itself
        if at > end:
            return word
    return words[-1] if words else None


def _option(command: Command, names: tuple[str, ...], value: re.Pattern[str] | None) -> tuple[int, str] | None:
    """Which word gives one of the options ``names`` (with a matching ``value``), and its letter in a cluster of short ones."""
    valued = _VALUED.get(command.program, "")
    for number, word in enumerate(command.args):
        text = word.pattern
        if text == "--":
            return None
        head, equals, given = text.partition("=")
        if head in names:
            if value is None:
                if equals and given.lower() in ("false", "no", "0"):
                    continue
                return number, ""
            if not equals and number + 1 < len(command.args):
                given = command.args[number + 1].pattern
            if value.search(given):
                return number, ""
        elif value is None and text.startswith("-") and not text.startswith("--"):
            for letter in text[1:]:
                if "-" + letter in names:
                    return number, letter
                if letter in valued:
                    break
    return None
