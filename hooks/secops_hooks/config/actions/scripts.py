"""What the scripts of a workflow do: environment files, old workflow commands, downloads, foreign code, publishing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ...parse.locate import located
from ..match import Hit
from .privileges import approved, events_of_strangers, foreign_checkout
from .programs import BUILDERS, BUILDING_ACTIONS, HARMLESS, LANGUAGES
from .taint import Scope
from .workflow import Model, Step, at, model_of, place, text_of

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Node
    from ...parse.shell_ast import Command, Compound, Script, Word

_OTHER_SHELLS: Final = ("pwsh", "powershell", "cmd", "python", "node", "perl", "ruby")
_ENV_FILES: Final = ("GITHUB_ENV", "GITHUB_PATH")
# what commands write that no stranger decides
_OWN_WORDS: Final = frozenset(
    ("date", "pwd", "uname", "nproc", "hostname", "whoami", "mktemp", "which", "arch", "getconf", "id", "uuidgen")
)
_OWN_VARIABLES: Final = (
    r"RUNNER_\w+|GITHUB_(WORKSPACE|SHA|RUN_\w+|ACTION_PATH|REPOSITORY\w*|SERVER_URL|API_URL|JOB|EVENT_NAME|ACTOR|OUTPUT|STEP_SUMMARY)|"
    r"HOME|PATH|PWD|USER|TMPDIR|SHELL|CI|LD_LIBRARY_PATH|JAVA_HOME|ANDROID_\w+|GOPATH|GOROOT|HOMEBREW_\w+|OSTYPE|[0-9?#$!@*-]"
)


def shell_script(step: Step) -> Script | None:
    """The parsed script of a ``run:`` that a POSIX shell runs; ``None`` for any other step."""
    from ...parse.shell import parse_script

    run = step.run
    if run is None or is_other_shell(step):
        return None
    return parse_script(located(run))


def is_other_shell(step: Step) -> bool:
    """Whether another program than a POSIX shell runs this step: PowerShell, cmd, Python …; Windows runners default to PowerShell."""
    shell = step.shell
    if not shell:
        return "windows" in text_of(step.job.parts.get("runs-on")).lower()
    return shell.replace("\\", "/").rpartition("/")[2].startswith(_OTHER_SHELLS)


def _runs(file: File, *words: str) -> Iterator[tuple[Model, Step, Node]]:
    """The ``run:`` steps whose script holds one of ``words``."""
    model = model_of(file)
    for step in model.steps() if model is not None else ():
        run = step.run
        if model is not None and run is not None and any(word in run.text for word in words):
            yield model, step, run


# -- environment files


def environment_file(file: File, tree: Tree) -> Iterator[Hit]:
    """Writing what a stranger may have decided to GITHUB_ENV or GITHUB_PATH, with the repository's token in reach."""
    for model, step, run in _runs(file, *_ENV_FILES):
        if model.action:
            continue
        privileged = bool(events_of_strangers(model, tree))
        foreign = privileged and any(_brings_foreign(each, model, tree) for each in step.job.steps[: step.job.steps.index(step)])
        for name, dynamic in _environment_writes(step, run, model):
            if dynamic == "stranger" or (dynamic and privileged):
                message = f"this script writes a value it did not choose to {name}; who decides it sets variables and paths of later steps"
                yield Hit(run, message, key=True, tier=None if dynamic == "stranger" or foreign else "warn")
                break


_DOWNLOADS: Final = ("actions/download-artifact", "dawidd6/action-download-artifact", "aochmann/actions-download-artifact")


def _brings_foreign(step: Step, model: Model, tree: Tree) -> bool:
    """Whether ``step`` brings files of strangers into the job: their checkout, or what their run left behind."""
    if step.uses is not None and step.uses.repository in _DOWNLOADS:
        return True
    run = step.run
    return foreign_checkout(step, model, tree) is not None or (run is not None and "gh run download" in run.text)


def environment_file_in_action(file: File, tree: Tree) -> Iterator[Hit]:
    """The same in a composite action, which cannot know who calls it on what."""
    for model, step, run in _runs(file, *_ENV_FILES):
        if model.action and any(dynamic for _, dynamic in _environment_writes(step, run, model)):
            yield Hit(run, key=True)


def _environment_writes(step: Step, run: Node, model: Model) -> Iterator[tuple[str, str]]:
    """The environment files that a script writes, and whether what it writes is known (empty), dynamic or a ``stranger``'s."""
    from ..shell_risks import writers

    script = shell_script(step)
    scope = Scope(model, step.job, step)
    if script is None:
        for line in run.text.splitlines():
            name = next((each for each in _ENV_FILES if each in line), "")
            if name and re.search(r">|Out-File|Add-Content|tee|AppendAllText|write\(", line):
                rest = re.sub(r"(?i)(\$\{?env:|%|\$\{?)GITHUB_(ENV|PATH)\}?%?", "", line)
                if re.search(r"\$[\w({]|%\w+%|\{\{|\+|f['\"]", rest):
                    yield name, "dynamic"
        return
    assigned = _assigned(script)
    for writer, target in writers(script):
        name = next((each for each in _ENV_FILES if each in target), "")
        if name:
            yield name, _written(writer, script, scope, assigned)


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


# -- old commands, downloads, shells

_OLD_COMMAND: Final = r"::(set-env|add-path|set-output|save-state)\b[^:\n]{0,200}::"


def old_commands(file: File, tree: Tree) -> Iterator[Hit]:
    """``::set-env``, ``::add-path``, ``::set-output``, ``::save-state``."""
    for _, _, run in _runs(file, "::set-env", "::add-path", "::set-output", "::save-state"):
        where = place(run)
        for found in re.finditer(_OLD_COMMAND, run.text):
            span = where.span(found.start(), found.start() + 2 + len(found[1]))
            yield Hit(span, f"the workflow command {found[1]} is disabled or deprecated", within=run)


def unread_script(file: File, tree: Tree) -> Iterator[Hit]:
    """A download that is run at once."""
    for _, step, run in _runs(file, "curl", "wget", "aria2c", "irm", "iwr", "Invoke-", "invoke-", "DownloadString"):
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
    for _, step, run in _runs(
        file, "/dev/tcp/", "/dev/udp/", "nc ", "ncat ", "netcat ", "socat ", "socket", "telnet", "s_client", "fsockopen", "TCPSocket"
    ):
        from ..shell_risks import reverse_shells

        script = shell_script(step)
        for risk in reverse_shells(script) if script is not None else ():
            yield Hit(risk.span, risk.what, within=run)


def secret_in_download(file: File, tree: Tree) -> Iterator[Hit]:
    """A secret written straight into a ``curl`` or ``wget`` command."""
    for _, step, run in _runs(file, "curl", "wget"):
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


# -- foreign code


def foreign_code_run(file: File, tree: Tree) -> Iterator[Hit]:
    """Steps that run code or configuration of a stranger's checkout, with the repository's token in reach."""
    model = model_of(file)
    if model is None or not events_of_strangers(model, tree):
        return
    for job in model.jobs:
        foreign = False
        for step in job.steps:
            if foreign and not step.off:
                yield from _runs_tree(step)
            foreign = foreign or foreign_checkout(step, model, tree) is not None


def _runs_tree(step: Step) -> Iterator[Hit]:
    from ...parse.shell import unwrap

    uses = step.uses
    if uses is not None:
        if uses.local or uses.repository in BUILDING_ACTIONS:
            yield Hit(uses.node, f"{uses.name} runs what the stranger's checkout holds", tier=approved(step.job))
        return
    script = shell_script(step)
    run = step.run
    if script is None or run is None:
        return
    for command in script.walk_commands():
        what = runs_tree(unwrap(command))
        if what:
            yield Hit(run, f"{what} runs code or configuration of the stranger's checkout", key=True, tier=approved(step.job))
            return


def runs_tree(command: Command) -> str:
    """The name of the program when it runs code or configuration of the working directory, else empty."""
    from ...parse.shell_ast import SHELLS

    program = command.program
    name = command.name.prefix if command.name is not None else ""
    first = command.args[0].pattern if command.args else ""
    if name.startswith(("./", "../")):
        return name
    if program in BUILDERS:
        harmless = HARMLESS.get(program)
        return "" if harmless is not None and first in harmless else program
    if program in LANGUAGES and first and not first.startswith("-") and "/dev/" not in first and not first.startswith("/"):
        return program
    if program in SHELLS or program in ("source", "."):
        script = next((word.pattern for word in command.args if not word.pattern.startswith("-")), "")
        flags = [word.pattern for word in command.args if word.pattern.startswith("-")]
        if script and not script.startswith("/") and not any(flag.endswith("c") for flag in flags):
            return f"{program} {script}"
    if program in LANGUAGES and first == "-m":
        return program
    return ""


# -- publishing

_DRY: Final = frozenset(("--dry-run", "-n", "--help", "-h", "--list", "-l"))


def manual_publish(script: Script) -> Iterator[tuple[Command, str]]:
    """Commands of a script that publish a package with a long-lived token, and where to."""
    from ...parse.shell import unwrap

    for command in script.walk_commands():
        inner = unwrap(command)
        where = publishes(inner)
        if where and not any(word.pattern in _DRY for word in inner.args):
            yield command, where


_HOSTS: Final = r"https?://([\w-]+\.)*(npmjs\.org|pypi\.org|rubygems\.org|crates\.io|nuget\.org)(/|\Z)"


def _elsewhere(word: str) -> bool:
    """Whether a word of a publishing command names a registry that knows no trusted publishing."""
    return "://" in word and re.search(_HOSTS, word) is None


def publishes(command: Command) -> str:
    """The registry to which ``command`` publishes and that knows trusted publishing, else empty."""
    words = [command.program or "", *(word.pattern for word in command.args)]
    program = words[0].removesuffix(".exe")
    rest = [word for word in words[1:] if not word.startswith(("-", "+"))]
    if program in ("npx", "bunx", "pnpx", "yarnpkg") and rest:
        program, rest = rest[0].partition("@")[0], rest[1:]
    if program in ("bundle", "bundler") and rest[:1] == ["exec"]:
        program, rest = (rest[1] if len(rest) > 1 else ""), rest[2:]
    if program.startswith("python") and words[1:2] == ["-m"]:
        program, rest = words[2] if len(words) > 2 else "", [word for word in words[3:] if not word.startswith("-")]
    if program == "pipx" and rest[:1] == ["run"]:
        program, rest = rest[1].partition("==")[0] if len(rest) > 1 else "", rest[2:]
    if program in ("uvx", "uv") and rest[:2] == ["tool", "run"]:
        rest = rest[2:]
        program = "uvx"
    if program == "uvx" and rest:
        program, rest = re.split(r"[=@]", rest[0])[0], rest[1:]
    if program == "uv" and rest[:1] == ["run"]:
        program, rest = (rest[1] if len(rest) > 1 else ""), rest[2:]
    if any(_elsewhere(word) for word in words):
        return ""
    verb = rest[0] if rest else ""
    if program == "yarn" and rest[:2] == ["npm", "publish"]:
        return "npm"
    if program in ("npm", "pnpm", "bun") and verb == "publish":
        return "npm"
    if program == "cargo" and verb == "publish":
        return "crates.io"
    if (program == "twine" and verb == "upload") or (program in ("uv", "hatch", "pdm", "poetry", "flit") and verb == "publish"):
        return "PyPI"
    if program == "gem" and verb == "push":
        return "RubyGems"
    if (program == "nuget" and verb == "push") or (program == "dotnet" and rest[:2] == ["nuget", "push"]):
        return "NuGet"
    return ""


def token_publish_command(file: File, tree: Tree) -> Iterator[Hit]:
    """A publishing command in a job that cannot use trusted publishing because it has no ``id-token``."""
    for model, step, run in _runs(file, "publish", "upload", "push"):
        from ...parse.shell import parse_script

        if _has_identity(model, step) or model.action:
            continue
        elsewhere = _other_registry(step)
        if "`" not in run.text:
            for command, where in manual_publish(parse_script(located(run))):
                if where == "npm" and elsewhere:
                    continue
                yield Hit(command.span, f"{where} knows trusted publishing, which needs no long-lived token", within=run)
        else:
            for found in re.finditer(r"(?m)^[ \t]*(cargo|npm|nuget|twine|gem|dotnet)\b(?:[^\n`]|`[ \t]*\n)*", run.text):
                joined = re.sub(r"`[ \t]*\n", " ", found[0]).split()
                if joined[1:2] and joined[1] in ("publish", "push", "upload", "nuget") and not _DRY & set(joined):
                    start = found.start() + len(found[0]) - len(found[0].lstrip())
                    span = place(run).span(start, found.end())
                    yield Hit(span, "this registry knows trusted publishing, which needs no long-lived token", within=run)


def _has_identity(model: Model, step: Step) -> bool:
    """Whether the job may ask for an OIDC token (or nothing says that it may not name one elsewhere)."""
    permissions = step.job.parts.get("permissions") or model.parts.get("permissions")
    if permissions is None:
        return False
    if text_of(permissions).lower() == "write-all":
        return True
    return text_of(at(permissions, "id-token")).lower() == "write"


def _other_registry(step: Step) -> bool:
    """Whether the job sets Node up for a registry other than npm's."""
    return any(
        each.uses is not None and each.uses.repository == "actions/setup-node" and _elsewhere(each.input("registry-url"))
        for each in step.job.steps
    )
