"""What pipelines of other systems than GitHub do: text of strangers run as code, downloads run unread, foreign code built.

GitLab, CircleCI, Azure, Bitbucket and the like; their scripts come parsed from ``scripts``. GitHub's are in ``actions``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ..parse.locate import located
from ..parse.shell import unwrap
from .match import Hit
from .scripts import scripts
from .shell_risks import code_words, powershell_downloads, reverse_shells, unread_downloads

if TYPE_CHECKING:
    from ..files.tree import Tree
    from ..parse import File
    from ..parse.node import Node

# variables that hold text somebody outside may write: titles, messages, names of branches
GITLAB_TEXT: Final = frozenset({
    "CI_MERGE_REQUEST_TITLE", "CI_MERGE_REQUEST_DESCRIPTION", "CI_MERGE_REQUEST_LABELS", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
    "CI_COMMIT_MESSAGE", "CI_COMMIT_TITLE", "CI_COMMIT_DESCRIPTION", "CI_COMMIT_REF_NAME", "CI_COMMIT_BRANCH", "CI_COMMIT_AUTHOR",
    "CI_COMMIT_TAG_MESSAGE", "CI_COMMIT_TAG", "CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME", "CI_MERGE_REQUEST_MILESTONE",
})  # fmt: skip
_OTHER_TEXT: Final = frozenset({
    "CIRCLE_BRANCH", "CIRCLE_TAG", "CIRCLE_PR_USERNAME", "BITBUCKET_BRANCH", "BITBUCKET_TAG", "BUILD_SOURCEBRANCHNAME",
    "BUILD_SOURCEBRANCH", "BUILD_SOURCEVERSIONMESSAGE", "SYSTEM_PULLREQUEST_SOURCEBRANCH", "TRAVIS_COMMIT_MESSAGE", "TRAVIS_BRANCH",
    "TRAVIS_PULL_REQUEST_BRANCH", "DRONE_COMMIT_MESSAGE", "DRONE_BRANCH", "DRONE_PULL_REQUEST_TITLE", "DRONE_SOURCE_BRANCH",
    "CI_COMMIT_PULL_REQUEST_LABELS", "BUILDKITE_MESSAGE", "BUILDKITE_BRANCH", "CHANGE_TITLE", "CHANGE_BRANCH",
    "CODEBUILD_WEBHOOK_HEAD_REF", "CODEBUILD_SOURCE_VERSION",
})  # fmt: skip
_TEXT: Final = GITLAB_TEXT | _OTHER_TEXT


def _concerns(file: File, words: frozenset[str]) -> bool:
    text = file.source.text
    return any(word in text for word in words)


# -- text run as code


def text_as_code(file: File, tree: Tree) -> Iterator[Hit]:
    """A variable with text of strangers inside of what ``eval``, ``sh -c``, ``ssh`` and the like read as code."""
    if not _concerns(file, _TEXT):
        return
    for embedded in scripts(file):
        for command in embedded.script.walk_commands():
            for word in code_words(unwrap(command)):
                names = sorted(_TEXT.intersection(part.name for part in word.parts if part.kind == "variable"))
                if names:
                    message = f"{names[0]} is text that somebody outside may write, and here it is read as code"
                    yield Hit(word.span, message, within=embedded.node)


# -- downloads and shells


def unread_script(file: File, tree: Tree) -> Iterator[Hit]:
    """A download that is run at once, by a shell or by PowerShell."""
    yield from _unread_powershell(file)
    if not any(word in file.source.text for word in ("curl", "wget", "fetch", "aria2c")):
        return
    for embedded in scripts(file):
        for risk in unread_downloads(embedded.script):
            yield Hit(risk.span, f"{risk.what}; whoever controls that address, or the way to it, controls this job", within=embedded.node)


def _unread_powershell(file: File) -> Iterator[Hit]:
    document = file.document
    if not any(word in file.source.text for word in ("iex", "IEX", "nvoke-Expression", "nvoke-expression")):
        return
    for key in ("powershell", "pwsh", "script", "run", "inlineScript"):
        for node in document.index.get(key, ()) if document is not None else ():
            if node.resolved.kind == "scalar":
                where = located(node)
                for start, end in powershell_downloads(where.text):
                    yield Hit(
                        where.span(start, end), "a download is run at once; whoever controls that address controls this job", within=node
                    )


def reverse_shell(file: File, tree: Tree) -> Iterator[Hit]:
    """A shell for somebody on the network."""
    if not any(word in file.source.text for word in ("/dev/tcp/", "/dev/udp/", "nc", "socat", "socket", "telnet")):
        return
    for embedded in scripts(file):
        for risk in reverse_shells(embedded.script):
            yield Hit(risk.span, risk.what, within=embedded.node)


# -- GitLab

_INTERPOLATION: Final = re.compile(r"\$\[\[\s*inputs\.([\w-]+)(?:\s*\|[^\]]*)?\s*\]\]")
_GITLAB_TOKENS: Final = frozenset(
    {"CI_JOB_TOKEN", "CI_REGISTRY_PASSWORD", "CI_DEPLOY_PASSWORD", "CI_REPOSITORY_URL", "CI_JOB_JWT", "CI_JOB_JWT_V2"}
)
_OWN_HOST: Final = re.compile(
    r"\$\{?(CI_API_V4_URL|CI_SERVER_URL|CI_SERVER_HOST|CI_PROJECT_URL|CI_API_GRAPHQL_URL|CI_PAGES|CI_REGISTRY|CI_DEPENDENCY)"
)


def gitlab_inputs(file: File, tree: Tree) -> Iterator[Hit]:
    """``$[[ inputs.x ]]`` of free text inside of a script: it is filled in before the shell reads it."""
    document = file.document
    if document is None or "$[[" not in file.source.text:
        return
    limited = {
        entry.key
        for root in document.roots
        for entry in root.select("spec.inputs.*")
        if entry.get("options") is not None or entry.get("regex") is not None or _text(entry.get("type")) in ("boolean", "number")
    }
    for key in ("script", "before_script", "after_script"):
        for top in document.index.get(key, ()):
            for node in top.resolved.walk():
                if node.kind != "scalar" or "$[[" not in node.text:
                    continue
                where = located(node)
                for found in _INTERPOLATION.finditer(where.text):
                    if found[1] not in limited:
                        yield Hit(where.span(*found.span()), f"inputs.{found[1]} is pasted into the script as code", within=node)


def gitlab_token_elsewhere(file: File, tree: Tree) -> Iterator[Hit]:
    """A token of the job handed to ``curl`` or ``wget`` for an address that is not this GitLab."""
    if not _concerns(file, _GITLAB_TOKENS):
        return
    for embedded in scripts(file):
        for command in embedded.script.walk_commands():
            inner = unwrap(command)
            if inner.program not in ("curl", "wget") or any(_OWN_HOST.search(word.raw) for word in inner.args):
                continue
            if not any(re.match(r"(?i)https?://[^$]", word.pattern.lstrip("\"'")) for word in inner.args):
                continue
            for word in inner.args:
                names = sorted(_GITLAB_TOKENS.intersection(part.name for part in word.parts if part.kind == "variable"))
                if names:
                    yield Hit(word.span, f"{names[0]} is sent to an address that is not this GitLab", within=embedded.node)


def gitlab_variable_in_request(file: File, tree: Tree) -> Iterator[Hit]:
    """Predefined variables in the words of ``curl`` and ``wget``."""
    if "CI_" not in file.source.text:
        return
    for embedded in scripts(file):
        for command in embedded.script.walk_commands():
            if unwrap(command).program in ("curl", "wget"):
                for word in command.args:
                    if any(part.kind == "variable" and part.name.startswith("CI_") for part in word.parts):
                        yield Hit(word.span, within=embedded.node)
                        break


def _text(node: Node | None) -> str:
    return node.text.strip() if node is not None and node.resolved.kind == "scalar" else ""


# -- CircleCI

_CIRCLE_PARAMETER: Final = re.compile(r"<<\s*(?:pipeline\.)?parameters\.([\w-]+)\s*>>")


def circle_parameters(file: File, tree: Tree) -> Iterator[Hit]:
    """``<< parameters.x >>`` of free text inside of a command."""
    document = file.document
    if document is None or "parameters." not in file.source.text:
        return
    free = {
        entry.key for group in document.index.get("parameters", ()) for entry in group.entries() if _text(entry.get("type")) == "string"
    }
    limited = {entry.key for group in document.index.get("parameters", ()) for entry in group.entries() if entry.get("enum") is not None}
    for hit in _pasted(file, ("run", "command"), "<<", _CIRCLE_PARAMETER):
        name = _CIRCLE_PARAMETER.search(hit.message)
        if name is not None and name[1] in free - limited:
            yield hit


_CIRCLE: Final = re.compile(
    r"<<\s*pipeline\.(git\.(branch|tag)|trigger_parameters\.[\w.]*(branch|ref|tag|title|message|body|name)[\w.]*|event\.[\w.]*(title|body|branch|ref|message)[\w.]*)\s*>>"
)


def circle_templates(file: File, tree: Tree) -> Iterator[Hit]:
    """``<< pipeline.git.branch >>`` and the like inside of a command: filled in before the shell reads it."""
    yield from _pasted(file, ("run", "command"), "<<", _CIRCLE)


def _pasted(file: File, keys: tuple[str, ...], sign: str, pattern: re.Pattern[str]) -> Iterator[Hit]:
    document = file.document
    if document is None or sign not in file.source.text:
        return
    for key in keys:
        for top in document.index.get(key, ()):
            for node in (top, *top.children) if top.resolved.kind == "sequence" else (top,):
                if node.resolved.kind == "scalar" and sign in node.text:
                    where = located(node)
                    for found in pattern.finditer(where.text):
                        yield Hit(where.span(*found.span()), f"{found[0]} is pasted into the script as code", within=node)
