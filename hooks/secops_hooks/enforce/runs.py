"""Where a repository runs the checks (CI jobs, hooks of other managers, scripts), and what a change does to that.

A run is a line that calls us, or pre-commit where that has hooks of ours. In a YAML file it stands in a job or step whose keys decide
whether it comes to that and whether a failure counts: those of every mapping above the line are compared, whatever system it is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from ..files.source import Source
from ..files.tree import Tree
from ..finding import Finding, Span, report
from ..parse import parse
from ..parse.node import Node
from ..policy.glob import matches
from .rules import LOOSENED
from .trees import before

RUNNERS: Final = (
    ".github/workflows/**",
    ".github/actions/**",
    ".gitlab-ci.yml",
    ".gitlab/**",
    ".circleci/**",
    ".buildkite/**",
    ".forgejo/**",
    ".gitea/**",
    ".woodpecker*",
    ".husky/**",
    ".huskyrc*",
    ".githooks/**",
    ".travis.yml",
    ".drone.yml",
    "azure-pipelines*",
    ".azure-pipelines/**",
    "bitbucket-pipelines.yml",
    "cloudbuild.y*ml",
    "buildspec*.y*ml",
    "Jenkinsfile*",
    "Makefile",
    "makefile",
    "GNUmakefile",
    "justfile",
    "Justfile",
    "Taskfile*",
    "Dockerfile*",
    "lefthook*",
    ".lefthook*",
    ".lintstagedrc*",
    "lint-staged.config.*",
    "package.json",
    "tox.ini",
    "noxfile.py",
    "*.sh",
    "*.bash",
    ".envrc",
    ".env",
    ".gitconfig",
)
_OURS: Final = r"\bsecops[-_]hooks\b"
_HOSTS: Final = (
    r"\b(?:pre-commit|prek)[ \t]+(?:run|install)\b|\bpre-commit/action@|"
    r"\blefthook[ \t]+(?:install|run)\b|\bhusky(?:[ \t]+install)?[ \t]*[\"'&;]"
)
_ECHOED: Final = re.compile(r"^\W*(?:echo|printf|#|//|:|true)\b|^\s*(?:#|//)")
_VERSION: Final = re.compile(r"(==|@)[\w.]+(?:[ \t]+#.*)?")
_VARIABLES: Final = ("env", "variables", "environment")
_OF_US: Final = re.compile(
    r"(?i)^(?:(?:SKIP|PATH|HOME|SHELL|ENV|UV|LD|PIP|GIT)(?![A-Z])|BASH_ENV|PYTHON(?!_?VERSION)|PRE_?COMMIT|PREK|SECOPS|HUSKY|LEFTHOOK)"
)
_TAG: Final = re.compile(r"@sha256:[0-9a-f]+|:[\w.-]+(?=\s|$)")
_LAX: Final = ("continue-on-error", "continueOnError", "allow_failure", "soft_fail")
_KEYS: Final = frozenset(
    (
        *("if", "when", "only", "except", "rules", "condition", "conditions", "on", "trigger", "pr", "branches", "filters", "changes"),
        *("needs", "dependsOn", "depends_on", "requires", "env", "variables", "environment", "defaults", "shell", "working-directory"),
        *("skip", "glob", "files", "exclude", "exclude_tags", "enabled", "strategy", "workflow", "container", *_LAX),
    )
)


class Run(NamedTuple):
    """A line that runs the checks: what it says, where, and what decides over it (``decides``: by key, from the outermost on)."""

    said: str
    span: Span
    decides: Mapping[str, str] = {}
    nodes: Mapping[str, Node] = {}


def is_runner(path: str) -> bool:
    """Whether the file at ``path`` runs things."""
    return any(matches(glob, path) for glob in RUNNERS)


def in_runs(base: Tree, tree: Tree, path: str, new: str, hosted: bool) -> Iterator[Finding]:
    """What becomes of the runs that the file at ``path`` of ``base`` (``new`` now) has. ``hosted``: pre-commit has hooks of ours."""
    if not is_runner(path) and not is_runner(new):
        return
    left = runs_of(before(tree, new), hosted)
    old = runs_of(before(base, path), hosted)
    for was in old:
        now = _same(was, left)
        if now is None:
            yield _loosened(new, Span(1, 1, 1, 1), f"this is run no more: {was.said}", was.said)
            continue
        left.remove(now)
        for key in sorted({*was.decides, *now.decides}):
            if was.decides.get(key, "") != now.decides.get(key, "") and not _is_strict(key, now.decides.get(key)):
                node = now.nodes.get(key)
                span = now.span if node is None else node.key_span
                yield _loosened(new, span, f"{_meaning(key)} ({key} of «{was.said}»)", f"{key} {was.said}")
    for now in left:  # a run that is new, or was moved here
        for key in (key for key in now.decides if key.rpartition(".")[2] in _LAX and not _is_strict(key, now.decides[key])):
            yield _loosened(new, now.nodes[key].key_span, f"{_meaning(key)} ({key} of «{now.said}»)", f"{key} {now.said}")


def _meaning(key: str) -> str:
    last = key.rpartition(".")[2]
    if last == "allow_failure":
        return "a job may fail beside the check"
    return "a step may fail beside the check" if last in _LAX else "what decides over the check is changed"


def _is_strict(key: str, value: str | None) -> bool:
    return key.rpartition(".")[2] in _LAX and value in (None, "false", "no")


def _same(was: Run, runs: Sequence[Run]) -> Run | None:
    """The run of ``runs`` that says what ``was`` says; among several the one over which the same decides."""
    alike = [each for each in runs if each.said == was.said]
    return next((each for each in alike if each.decides == was.decides), alike[0] if alike else None)


def runs_of(source: Source | None, hosted: bool) -> list[Run]:
    """The runs in a file; with ``hosted`` those of pre-commit and other managers, too."""
    pattern = f"{_OURS}|{_HOSTS}" if hosted else _OURS
    if source is None or not re.search(pattern, source.text):
        return []
    if source.path.endswith((".yml", ".yaml")):
        document = parse(source, "yaml")
        if not document.problems:
            return [run for root in document.roots for run in _in_node(root, root, pattern)]
    return [Run(said, Span(number, 1, number, 1 + len(source.line(number)))) for number, said in _lines(source.text, pattern)]


def _in_node(node: Node, root: Node, pattern: str) -> Iterator[Run]:
    for each in node.walk():
        if each.kind != "scalar":
            continue
        for _, said in _lines(each.text, pattern):
            nodes = {**_above(each), **_named(each, root)}
            yield Run(said, each.span, {key: _decided(key, found, said) for key, found in nodes.items()}, nodes)


def _lines(text: str, pattern: str) -> Iterator[tuple[int, str]]:
    """Lines with a run, in one spelling and without versions, which are told elsewhere; not those that only print it."""
    for number, line in enumerate(text.replace("\\\n", " \n").split("\n"), 1):
        if re.search(pattern, line) and not _ECHOED.search(line):
            yield number, _VERSION.sub(r"\1", " ".join(line.split()))


def _above(node: Node) -> dict[str, Node]:
    """The keys of the mappings above ``node`` that decide over it; not those that it stands in."""
    chain: list[Node] = []
    at = node.parent
    while at is not None:
        if at.kind == "mapping":
            chain.insert(0, at)
        at = at.parent
    every = [(child.key, child) for mapping in chain for child in mapping.children if child.key in _KEYS and not _holds(child, node)]
    found: dict[str, Node] = {}
    for key, child in reversed(every):  # the innermost has the plain name, so that one more around it changes none
        name = str(key)
        while name in found:
            name = f"outer.{name}"
        found[name] = child
    return found


def _holds(outer: Node, inner: Node) -> bool:
    at: Node | None = inner
    while at is not None and at is not outer:
        at = at.parent
    return at is outer


def _named(node: Node, root: Node) -> dict[str, Node]:
    """Of CircleCI: where workflows take the job that ``node`` is in."""
    jobs, job, at = root.get("jobs"), None, node
    while at is not None and at is not root:
        if at.parent is jobs:
            job = at.key
        at = at.parent  # type: ignore[assignment]
    entries = [each for flow in (root.get("workflows") or root).children for each in _jobs(flow)] if job else []
    taken = [each for each in entries if each.text == job or (each.kind == "mapping" and each.get(job or "") is not None)]
    return {f"workflows.{number}": each for number, each in enumerate(taken)}


def _jobs(flow: Node) -> tuple[Node, ...]:
    jobs = flow.get("jobs") if flow.kind == "mapping" else None
    return tuple(jobs.children) if jobs is not None and jobs.kind == "sequence" else ()


def _decided(key: str, node: Node, run: str) -> str:
    """What ``node`` decides over the line ``run``: of variables those that it names or that are about us; no version of a container."""
    last = key.rpartition(".")[2]
    if last in _VARIABLES and node.resolved.kind == "mapping":
        named = [
            each for each in node.resolved.children if _OF_US.search(each.key or "") or re.search(rf"\b{re.escape(each.key or '')}\b", run)
        ]
        return " ".join(f"{each.key}:{_said(each)}" for each in named)
    return _TAG.sub("", _said(node)) if last == "container" else _said(node)


def _said(node: Node) -> str:
    """A value as one text that white space, quotes and comments do not change."""
    top = node.resolved
    texts = [each for each in top.walk() if each.kind == "scalar"]
    return " ".join(f"{each.key}:{each.text}" if each.key and each is not top else each.text for each in texts)


def _loosened(path: str, span: Span, message: str, subject: str) -> Finding:
    return report(LOOSENED, path, span, message, subject=subject)
