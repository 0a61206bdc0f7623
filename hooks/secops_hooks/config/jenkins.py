"""The static parts of a Jenkinsfile: which strings its shell steps are given, and what Groovy pastes into them.

A scanner of Groovy's strings and comments, no Groovy parser: what is computed stays unknown and silent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from ..finding import Edit, Fix
from ..parse.locate import Located
from ..parse.shell import parse_script
from .match import Hit
from .shell_risks import reverse_shells, unread_downloads

if TYPE_CHECKING:
    from ..files.source import Source
    from ..files.tree import Tree
    from ..parse import File

_TOKEN: Final = re.compile(
    r"//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)"
    r"|(?P<triple>\"\"\"|''')(?P<long>(?:\\[\s\S]|(?!(?P=triple))[\s\S])*)(?:(?P=triple)|\Z)"
    r"|(?P<quote>[\"'])(?P<short>(?:\\[^\n]|(?!(?P=quote))[^\n\\])*)(?P=quote)"
)
_STEP: Final = re.compile(r"\b(sh|bat|powershell|pwsh)\s*\(?\s*(?:\[?[^\[\]{};'\"]{0,120}\bscript\s*:\s*)?\Z")
_INTERPOLATION: Final = re.compile(r"(?<!\\)\$(?:\{\s*([^{}\n]{1,200}?)\s*\}|([A-Za-z_][\w.]*))")
# behind a string: «+ env.NAME», or «+ 'another string'»
_ADDED: Final = re.compile(
    r"(?:\"{3}|'{3}|[\"'])?[ \t]*\+\s*(?:([A-Za-z_][\w.]{0,100})(?![\w.(\[])|(?:\"[^\"\n$]{0,400}(?=\")|'[^'\n]{0,400}(?=')))"
)
_STRANGERS: Final = re.compile(
    r"(?:env\.)?(CHANGE_(?:TITLE|BRANCH|AUTHOR_DISPLAY_NAME|FORK)|BRANCH_NAME|GIT_BRANCH|GIT_LOCAL_BRANCH|TAG_NAME|"
    r"ghprb(?:PullTitle|SourceBranch|CommentBody|PullLongDescription|PullDescription)|gitlab(?:SourceBranch|MergeRequestTitle|MergeRequestDescription|TriggerPhrase)|"
    r"pullRequest\.(?:title|body|headRef))\Z|(?:pullRequest|currentBuild\.changeSets)\..*(?:title|body|msg|comment)"
)
_PARAMETER: Final = re.compile(r"params\.(\w+)\Z|params\[['\"](\w+)['\"]\]\Z")
_FREE_PARAMETER: Final = re.compile(r"\b(?:string|text)\s*\(?[^)\n]{0,200}?\bname\s*:\s*['\"](\w+)['\"]")
_BOUND: Final = re.compile(
    r"\b(?:variable|usernameVariable|passwordVariable|keyFileVariable|passphraseVariable|tokenVariable)\s*:\s*['\"](\w+)['\"]"
)
_ENVIRONMENT: Final = re.compile(r"\b(\w+)\s*=\s*credentials\s*\(")
_DOCKER_ARGS: Final = re.compile(r"\b(?:args|runArgs)\s*\Z|\.(?:inside|run|withRun)\s*\(\s*\Z|\.(?:inside|run|withRun)\s*\Z")
_IGNORE_TLS: Final = re.compile(r"\bignoreSslErrors\s*:\s*(true)\b")


class Text(NamedTuple):
    """A string of a Jenkinsfile: where its content begins and ends, whether Groovy fills it in, and the code before it."""

    start: int
    end: int
    filled: bool
    before: str


def strings(source: Source) -> tuple[Text, ...]:
    """The strings of the file that are not in comments; read once."""
    kept = source.memo.get("groovy")
    if not isinstance(kept, tuple):
        kept = source.memo["groovy"] = tuple(_strings(source.text))
    return kept


def _strings(text: str) -> Iterator[Text]:
    for found in _TOKEN.finditer(text):
        name = "long" if found["triple"] else "short"
        if found["triple"] or found["quote"]:
            yield Text(
                found.start(name),
                found.end(name),
                (found["triple"] or found["quote"])[0] == '"',
                text[max(0, found.start() - 200) : found.start()],
            )


def _steps(source: Source) -> Iterator[tuple[Text, str]]:
    """The strings that are scripts of a shell step, with the step's name."""
    for each in strings(source):
        step = _STEP.search(each.before)
        if step is not None:
            yield each, step[1]


def _pasted(source: Source) -> Iterator[tuple[int, int, str]]:
    """What Groovy fills into scripts or adds to them with ``+``: the places and the expressions."""
    for each, _ in _steps(source):
        if each.filled:
            for found in _INTERPOLATION.finditer(source.text, each.start, each.end):
                yield found.start(), found.end(), (found[1] or found[2]).strip()
        at = each.end
        while (added := _ADDED.match(source.text, at)) is not None:
            if added[1]:
                yield added.start(1), added.end(1), added[1]
            at = added.end()


def stranger_text(file: File, tree: Tree) -> Iterator[Hit]:
    """Titles and names of branches that Groovy pastes into a shell step."""
    for start, end, expression in _pasted(file.source):
        if _STRANGERS.match(expression):
            yield Hit(file.source.span(start, end), f"{expression} is text that somebody outside may write; here it becomes code")


def parameter_text(file: File, tree: Tree) -> Iterator[Hit]:
    """Free text parameters that Groovy pastes into a shell step."""
    source = file.source
    free = {found[1] for found in _FREE_PARAMETER.finditer(source.text)}
    for start, end, expression in _pasted(source):
        name = _PARAMETER.match(expression)
        if name is not None and (name[1] or name[2]) in free:
            yield Hit(source.span(start, end), f"{expression} is free text of whoever starts the build; here it becomes code")


def secret_text(file: File, tree: Tree) -> Iterator[Hit]:
    """Credentials that Groovy pastes into a shell step."""
    source = file.source
    names = {found[1] for found in _BOUND.finditer(source.text)} | {found[1] for found in _ENVIRONMENT.finditer(source.text)}
    names |= {f"{name}_{part}" for name in names for part in ("USR", "PSW")}
    for start, end, expression in _pasted(source):
        if expression.removeprefix("env.") in names:
            yield Hit(source.span(start, end), "Groovy writes this credential into the command line, where process lists and logs show it")


def privileged_agent(file: File, tree: Tree) -> Iterator[Hit]:
    """Docker agents that own their host."""
    for each in strings(file.source):
        if _DOCKER_ARGS.search(each.before.rstrip("(")) or _DOCKER_ARGS.search(each.before):
            for found in re.finditer(
                r"--privileged\b(?!=false)|--pid[= ]host\b|--cap-add[= ]?(?:SYS_ADMIN|ALL)\b", file.source.text[each.start : each.end]
            ):
                yield Hit(file.source.span(each.start + found.start(), each.start + found.end()))


def docker_socket(file: File, tree: Tree) -> Iterator[Hit]:
    """Docker agents with the daemon's socket."""
    for each in strings(file.source):
        if _DOCKER_ARGS.search(each.before.rstrip("(")) or _DOCKER_ARGS.search(each.before):
            for found in re.finditer(r"(?:/var)?/run/docker\.sock", file.source.text[each.start : each.end]):
                yield Hit(file.source.span(each.start + found.start(), each.start + found.end()))
                break


_LABEL: Final = re.compile(r"\blabel\s*\(?\s*\Z|\bnode\s*\(?\s*\Z")
_CONTROLLER: Final = frozenset({"master", "built-in", "builtin", "built-in node"})
_ANY: Final = re.compile(r"(?m)^[ \t]*agent[ \t]+(any)\b")


def on_controller(file: File, tree: Tree) -> Iterator[Hit]:
    """Labels of the built-in node."""
    for each in strings(file.source):
        if file.source.text[each.start : each.end].strip() in _CONTROLLER and _LABEL.search(each.before):
            yield Hit(file.source.span(each.start, each.end))


def any_agent(file: File, tree: Tree) -> Iterator[Hit]:
    """``agent any``."""
    for found in _outside_comments(file, _ANY):
        yield Hit(file.source.span(*found.span(1)))


def tls_ignored(file: File, tree: Tree) -> Iterator[Hit]:
    """``httpRequest ignoreSslErrors: true``."""
    for found in _outside_comments(file, _IGNORE_TLS):
        fix = Fix((Edit(found.start(1), found.end(1), "false"),), safe=False)
        yield Hit(file.source.span(found.start(1), found.end(1)), fix=fix)


_EVALUATE: Final = re.compile(
    r"\b(?:evaluate|Eval\.me|new\s+GroovyShell\(\)\.(?:evaluate|parse))\s*\(\s*((?:params\.\w+|(?:env\.)?CHANGE_\w+|readFile\b[^)\n]*\)))"
)
_VARIABLE: Final = re.compile(
    r"\b(?:NODE_TLS_REJECT_UNAUTHORIZED|PYTHONHTTPSVERIFY)\s*=\s*(?=['\"]?0)"
    r"|\b(?:GIT_SSL_NO_VERIFY)\s*=\s*(?=['\"]?(?:1|true))"
    r"|\b(?:NPM_CONFIG_STRICT_SSL|npm_config_strict_ssl|ANSIBLE_HOST_KEY_CHECKING)\s*=\s*(?=['\"]?(?:0|false|False))"
)


def _outside_comments(file: File, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    hidden = [found.span() for found in _TOKEN.finditer(file.source.text)]
    for found in pattern.finditer(file.source.text):
        if not any(start <= found.start() < end for start, end in hidden):
            yield found


def evaluated(file: File, tree: Tree) -> Iterator[Hit]:
    """``evaluate(params.X)``: text of somebody run as Groovy."""
    for found in _outside_comments(file, _EVALUATE):
        yield Hit(file.source.span(*found.span(1)))


def verification_variables(file: File, tree: Tree) -> Iterator[Hit]:
    """Variables in ``environment { … }`` that switch verification off."""
    for found in _outside_comments(file, _VARIABLE):
        value = re.compile(r"'[^']*'|\"[^\"]*\"|\w+").match(file.source.text, found.end())
        if value is not None:
            name = found[0].partition("=")[0].strip()
            yield Hit(file.source.span(*value.span()), f"with {name} certificates or host keys are not verified")


def shell_scripts(file: File) -> Iterator[Located]:
    """Shell steps whose script Groovy leaves as it is (escapes apart)."""
    source = file.source
    for each, step in _steps(source):
        if step == "sh":
            yield Located(source, source.text[each.start : each.end], ((0, each.start),))


def unread_script(file: File, tree: Tree) -> Iterator[Hit]:
    """A download that is run at once."""
    for where in shell_scripts(file):
        if "curl" in where.text or "wget" in where.text:
            for risk in unread_downloads(parse_script(where)):
                yield Hit(risk.span, f"{risk.what}; whoever controls that address, or the way to it, controls this build")


def reverse_shell(file: File, tree: Tree) -> Iterator[Hit]:
    """A shell for somebody on the network."""
    for where in shell_scripts(file):
        for risk in reverse_shells(parse_script(where)):
            yield Hit(risk.span, risk.what)
