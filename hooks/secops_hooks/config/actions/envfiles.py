"""Values written to ``GITHUB_ENV`` and ``GITHUB_PATH``, and who decides them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ..match import Hit
from .foreign import brings_artifacts, events_of_strangers, foreign_checkout
from .scripts import runs, shell_script
from .taint import Scope
from .workflow import (
    Model,
    Step,
    text_of,
)

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Node
    from ...parse.shell_ast import Command, Compound, Script, Word
    from .workflow import Model, Step


_ENV_FILES: Final = ("GITHUB_ENV", "GITHUB_PATH")
# what commands write that no stranger decides
_OWN_WORDS: Final = frozenset(
    ("date", "pwd", "uname", "nproc", "hostname", "whoami", "mktemp", "which", "arch", "getconf", "id", "uuidgen")
)
_OWN_VARIABLES: Final = (
    r"RUNNER_\w+|GITHUB_(WORKSPACE|SHA|RUN_\w+|ACTION_PATH|REPOSITORY\w*|SERVER_URL|API_URL|JOB|EVENT_NAME|ACTOR|OUTPUT|STEP_SUMMARY)|"
    r"HOME|PATH|PWD|USER|TMPDIR|SHELL|CI|LD_LIBRARY_PATH|JAVA_HOME|ANDROID_\w+|GOPATH|GOROOT|HOMEBREW_\w+|OSTYPE|[0-9?#$!@*-]"
)


def environment_file(file: File, tree: Tree) -> Iterator[Hit]:
    """Writing what a stranger may have decided to GITHUB_ENV or GITHUB_PATH, with the repository's token in reach."""
    for model, step, run in runs(file, *_ENV_FILES):
        if model.action:
            continue
        privileged = bool(events_of_strangers(model, tree))
        foreign = privileged and any(_brings_foreign(each, model, tree) for each in step.job.steps[: step.job.steps.index(step)])
        for name, dynamic in _environment_writes(step, run, model):
            if dynamic == "stranger" or (dynamic and privileged):
                message = f"this script writes a value it did not choose to {name}; who decides it sets variables and paths of later steps"
                yield Hit(run, message, key=True, tier=None if dynamic == "stranger" or foreign else "warn")
                break


def _brings_foreign(step: Step, model: Model, tree: Tree) -> bool:
    """Whether ``step`` brings files of strangers into the job: their checkout, or what their run left behind."""
    return brings_artifacts(step) or foreign_checkout(step, model, tree) is not None


def environment_file_in_action(file: File, tree: Tree) -> Iterator[Hit]:
    """The same in a composite action, which cannot know who calls it on what."""
    for model, step, run in runs(file, *_ENV_FILES):
        if model.action and any(dynamic for _, dynamic in _environment_writes(step, run, model)):
            yield Hit(run, key=True)


def _environment_writes(step: Step, run: Node, model: Model) -> Iterator[tuple[str, str]]:
    """The environment files that a script writes, and whether what it writes is known (empty), dynamic or a ``stranger``'s."""
    from ..shell_risks import writers

    script = shell_script(step)
    scope = Scope(model, step.job, step)
    if script is None:
        yield from _python_writes(run.text) if step.shell.startswith("python") else _other_writes(run.text)
        return
    assigned = _assigned(script)
    for writer, target in writers(script):
        name = next((each for each in _ENV_FILES if each in target), "")
        if name:
            yield name, _written(writer, script, scope, assigned)


def _other_writes(text: str) -> Iterator[tuple[str, str]]:
    """The same in PowerShell and cmd, line by line; a line that ends in a pipe or a backtick goes on in the next one."""
    for line in re.sub(r"(\||`)[ \t]*\n", r"\1 ", text).splitlines():
        name = next((each for each in _ENV_FILES if each in line), "")
        if name and re.search(r">|(?i:out-file|(?:add|set)-content|tee|appendalltext)", line):
            rest = re.sub(r"(?i)(\$\{?env:|%|\$\{?)GITHUB_(ENV|PATH)\}?%?", "", line)
            if re.search(r"\$[\w({]|%\w+%|\{\{", rest):
                yield name, "dynamic"


def _python_writes(text: str) -> Iterator[tuple[str, str]]:
    """The same in Python: what is written in a line that opens the file, or in one after it."""
    name = ""
    for line in text.splitlines():
        if "open(" in line:
            name = next((each for each in _ENV_FILES if each in line), name)
        put = re.search(r"(?:\.write(?:lines)?|\bprint)\((.*)", line)
        if name and put and re.search(r"\bf['\"]|\+|%|\.format\(|\A\w+\s*[,)]|\{\{", put[1]):
            yield name, "dynamic"


def _assigned(script: Script) -> dict[str, list[Word]]:
    """The values that a script gives its variables."""
    found: dict[str, list[Word]] = {}
    for command in script.walk_commands():
        for assignment in command.assignments:
            if assignment.value is not None:
                found.setdefault(assignment.name, []).append(assignment.value)
    return found


def _written(writer: Command | Compound, script: Script, scope: Scope, assigned: dict[str, list[Word]]) -> str:
    """What ``writer`` puts into a file: empty when it is known or the platform's own, else ``dynamic`` or ``stranger``."""
    from ...parse.shell import unwrap
    from ...parse.shell_ast import Compound

    if isinstance(writer, Compound):
        answers = [_written(command, script, scope, assigned) for body in writer.bodies for command in body.walk_commands()]
    else:
        command = unwrap(writer)
        if command.program in ("echo", "printf"):
            words = list(command.args)
        elif command.program in ("cat", "tee"):
            words = [redirect.body for redirect in command.redirects if redirect.body is not None]
            if command.program == "tee":
                words = [
                    word
                    for pipeline in script.pipelines()
                    if writer in pipeline.commands
                    for word in _words_before(pipeline.commands, writer)
                ]
            elif not words and command.args:
                return "dynamic"
        else:
            return "" if command.program in _OWN_WORDS else "dynamic"
        answers = [_content(word, scope, assigned, 0) for word in words]
    return "stranger" if "stranger" in answers else next((answer for answer in answers if answer), "")


def _words_before(members: tuple[Command | Compound, ...], writer: Command) -> Iterator[Word]:
    from ...parse.shell_ast import Command

    for member in members:
        if member is writer:
            return
        if isinstance(member, Command):
            yield from member.args


def _content(word: Word, scope: Scope, assigned: dict[str, list[Word]], depth: int) -> str:
    """Who decides ``word``: empty for what stands here or comes from the platform, else ``dynamic`` or ``stranger``."""
    from ...parse.shell import unwrap

    answer = ""
    for part in word.parts:
        found = ""
        if part.kind == "template":
            flow = scope.worst_in(part.text)
            found = (
                "stranger"
                if flow is not None and flow.trust == "stranger"
                else "dynamic"
                if flow is not None and flow.trust != "safe"
                else ""
            )
        elif part.kind == "variable":
            found = _variable(part.name, scope, assigned, depth)
        elif part.kind in ("command", "process") and part.script is not None:
            inner = [unwrap(command) for command in part.script.walk_commands()]
            if not all(command.program in _OWN_WORDS or _is_git_read(command) for command in inner):
                found = "dynamic"
                if any(_content(each, scope, assigned, depth + 1) == "stranger" for command in inner for each in command.args):
                    found = "stranger"
        if found == "stranger":
            return found
        answer = answer or found
    return answer


def _is_git_read(command: Command) -> bool:
    return command.program == "git" and bool(command.args) and command.args[0].pattern in ("rev-parse", "rev-list", "describe")


def _variable(name: str, scope: Scope, assigned: dict[str, list[Word]], depth: int) -> str:
    node = scope.env_node(name.lower())
    if node is not None:
        flow = scope.worst_in(text_of(node))
        if flow is None or flow.trust == "safe":
            return ""
        return "stranger" if flow.trust == "stranger" else "dynamic"
    if re.fullmatch(_OWN_VARIABLES, name):
        return ""
    if depth > 4 or name not in assigned:
        return "dynamic"
    answers = [_content(word, scope, assigned, depth + 1) for word in assigned[name]]
    return "stranger" if "stranger" in answers else next((answer for answer in answers if answer), "")
