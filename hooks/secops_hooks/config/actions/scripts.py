"""What the scripts of a workflow do by themselves: old workflow commands, downloads run unread, shells for others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ...parse.locate import located
from ..match import Hit
from .taint import Scope
from .workflow import (
    Model,
    Step,
    model_of,
    place,
    text_of,
)

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Node
    from ...parse.shell_ast import Script
    from .workflow import Model, Step


_LANGUAGES: Final = ("python", "node", "perl", "ruby")
_OTHER_SHELLS: Final = ("pwsh", "powershell", "cmd", *_LANGUAGES)


def shell_script(step: Step) -> Script | None:
    """The parsed script of a ``run:`` that a POSIX shell runs; ``None`` for any other step."""
    from ...parse.shell import parse_script

    run = step.run
    if run is None or is_other_shell(step):
        return None
    return parse_script(located(run))


def plain_commands(step: Step) -> Script | None:
    """The script of a ``run:``, read as simple commands; these look alike in POSIX shells, PowerShell and cmd. ``None`` for steps
    that run Python, Perl and the like."""
    from ...parse.shell import parse_script

    run = step.run
    if run is None or (is_other_shell(step) and step.shell.startswith(_LANGUAGES)):
        return None
    return parse_script(located(run))


def is_other_shell(step: Step) -> bool:
    """Whether another program than a POSIX shell runs this step: PowerShell, cmd, Python …; Windows runners default to PowerShell."""
    shell = step.shell
    if not shell:
        return "windows" in text_of(step.job.parts.get("runs-on")).lower()
    return shell.replace("\\", "/").rpartition("/")[2].startswith(_OTHER_SHELLS)


def runs(file: File, *words: str) -> Iterator[tuple[Model, Step, Node]]:
    """The ``run:`` steps whose script holds one of ``words``."""
    model = model_of(file)
    for step in model.steps() if model is not None else ():
        run = step.run
        if model is not None and run is not None and any(word in run.text for word in words):
            yield model, step, run


_OLD_COMMAND: Final = r"(?:::|##\[)(set-env|add-path|set-output|save-state)\b[^:\]\n]{0,200}(?:::|\])"


def old_commands(file: File, tree: Tree) -> Iterator[Hit]:
    """``::set-env``, ``::add-path``, ``::set-output``, ``::save-state``."""
    for _, _, run in runs(file, "set-env", "add-path", "set-output", "save-state"):
        where = place(run)
        for found in re.finditer(_OLD_COMMAND, run.text):
            span = where.span(found.start(), found.end(1))
            yield Hit(span, f"the workflow command {found[1]} is disabled or deprecated", within=run)


def unread_script(file: File, tree: Tree) -> Iterator[Hit]:
    """A download that is run at once."""
    for _, step, run in runs(file, "curl", "wget", "aria2c", "irm", "iwr", "Invoke-", "invoke-", "DownloadString"):
        from ..shell_risks import powershell_downloads, unread_downloads

        script = shell_script(step)
        if script is not None:
            for risk in unread_downloads(script):
                yield Hit(risk.span, f"{risk.what}; whoever controls that address, or the way to it, controls this job", within=run)
        else:
            where = place(run)
            for start, end in powershell_downloads(run.text):
                yield Hit(where.span(start, end), "a download is run at once; whoever controls that address controls this job", within=run)


def reverse_shell(file: File, tree: Tree) -> Iterator[Hit]:
    """A shell for somebody on the network."""
    for _, step, run in runs(
        file, "/dev/tcp/", "/dev/udp/", "nc ", "ncat ", "netcat ", "socat ", "socket", "telnet", "s_client", "fsockopen", "TCPSocket"
    ):
        from ..shell_risks import reverse_shells

        script = shell_script(step)
        for risk in reverse_shells(script) if script is not None else ():
            yield Hit(risk.span, risk.what, within=run)


def text_as_code(file: File, tree: Tree) -> Iterator[Hit]:
    """Variables with text of strangers inside of what ``eval``, ``sh -c``, ``ssh`` and the like read as code."""
    for model, step, run in runs(file, "eval", " -c", " -e", "ssh"):
        from ...parse.shell import unwrap
        from ..shell_risks import code_words

        script = shell_script(step)
        scope = Scope(model, step.job, step)
        for command in script.walk_commands() if script is not None else ():
            for word in code_words(unwrap(command)):
                name = next((part.name for part in word.parts if part.kind == "variable" and _is_strangers(part.name, scope)), "")
                if name:
                    yield Hit(word.span, f"{name} is text that anyone can write, and here it is read as code", within=run)


def _is_strangers(name: str, scope: Scope) -> bool:
    node = scope.env_node(name.lower())
    flow = scope.worst_in(text_of(node)) if node is not None else None
    return name == "GITHUB_HEAD_REF" if node is None else flow is not None and flow.trust == "stranger"


def secret_in_download(file: File, tree: Tree) -> Iterator[Hit]:
    """A secret written straight into a ``curl`` or ``wget`` command."""
    for _, step, run in runs(file, "curl", "wget"):
        from ...parse.shell import unwrap

        script = shell_script(step)
        if script is None or "secrets" not in run.text:
            continue
        for command in script.walk_commands():
            if unwrap(command).program in ("curl", "wget"):
                for word in command.args:
                    if any(part.kind == "template" and re.search(r"(?i)\bsecrets\s*[.\[]", part.text) for part in word.parts):
                        yield Hit(word.span, within=run)
                        break
