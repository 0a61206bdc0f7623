"""The door of family pins: which collectors read a file, what policy says of what they find, and what could not be read.

A file that pulls nothing in costs a set intersection here; everything else is loaded when such a file comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import import_module

from ..finding import UNANALYSABLE, Finding, Fix, Rule, report
from ..records import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Final

    from ..files.tree import Tree
    from ..parse import File
    from ..policy.settings import Settings
    from .reference import Mark, Reference

# kind of file -> modules of collect/ that read it
COLLECTORS: Final[Mapping[str, tuple[str, ...]]] = {
    "requirements": ("requirements",),
    "pyproject": ("pyproject",),
    "package-json": ("packagejson",),
    "pre-commit-config": ("precommit",),
    "github-workflow": ("actions",),
    "github-action": ("actions",),
    "dockerfile": ("dockerfile",),
    "compose": ("images",),
    "kubernetes": ("images",),
    "helm-template": ("images",),
    "helm-values": ("images",),
    "shell": ("commands",),
    "gitlab-ci": ("ci",),
    "circleci": ("ci",),
    "azure-pipelines": ("ci",),
    "bitbucket-pipelines": ("ci",),
    "cloudbuild": ("ci",),
    "drone": ("ci",),
    "woodpecker": ("ci",),
    "travis": ("ci",),
    "buildkite": ("ci",),
    "codebuild": ("ci",),
    "jenkinsfile": ("jenkins",),
    "terraform": ("terraform", "images"),
    "nomad": ("images",),
    "cloudformation": ("images",),
    "helm-chart": ("charts",),
    "helm-requirements": ("charts",),
    "kustomize": ("charts",),
    "setup-cfg": ("pythonmeta",),
    "setup-py": ("pythonmeta",),
    "pipfile": ("pythonmeta",),
    "conda-env": ("pythonmeta",),
    "cargo-toml": ("tables",),
    "composer-json": ("tables",),
    "pubspec": ("tables",),
    "mise": ("tables",),
    "maven-pom": ("tables",),
    "dotnet-project": ("tables",),
    "nuget-config": ("tables",),
    "gradle-catalog": ("tables",),
    "gradle-wrapper": ("tables",),
    "maven-wrapper": ("tables",),
    "mcp": ("tools",),
    "agent-settings": ("tools",),
    "devcontainer": ("tools",),
    "ansible-galaxy": ("tools",),
    "ansible": ("ansible",),
    "gemfile": ("texts",),
    "gradle": ("texts",),
    "swift-package": ("texts",),
    "podfile": ("texts",),
    "mix": ("texts",),
    "nix": ("texts",),
    "tool-versions": ("texts",),
    "go-mod": ("texts",),
    "npm-lock": (
        "twolocks",
        "locktamper",
    ),
    "yarn-lock": (
        "twolocks",
        "locktamper",
    ),
    "pnpm-lock": (
        "twolocks",
        "locktamper",
    ),
    "bun-lock": (
        "twolocks",
        "locktamper",
    ),
    "bun-lockb": ("twolocks",),
    "uv-lock": (
        "twolocks",
        "locktamper",
    ),
    "poetry-lock": (
        "twolocks",
        "locktamper",
    ),
    "pdm-lock": (
        "twolocks",
        "locktamper",
    ),
    "pipenv-lock": (
        "twolocks",
        "locktamper",
    ),
    "pylock": ("locktamper",),
    "cargo-lock": ("locktamper",),
    "go-sum": ("locktamper",),
    "gemfile-lock": ("locktamper",),
    "composer-lock": ("locktamper",),
}
# manifests that have a lock file, beside every lock
_WITH_LOCK: Final = frozenset(
    "lock pyproject package-json go-mod cargo-toml pipfile composer-json helm-chart helm-requirements gemfile dotnet-project terraform nix"
    " devcontainer pnpm-workspace".split()
)
# kind of lock to the module of ``locks`` that knows what its tool writes; JSON is told by the standard library
_WRITTEN: Final = {
    "pnpm-lock": "blocks",
    "bun-lock": "bun",
    "uv-lock": "tomllock",
    "poetry-lock": "tomllock",
    "pdm-lock": "tomllock",
    "cargo-lock": "tomllock",
}
MAX_PROBLEMS: Final = 3
_INLINE: Final = "# /// script"  # a Python script with metadata of its own (PEP 723)
_UNSTRUCTURED: Final = frozenset({"", "shell"})


def rules() -> Mapping[str, Rule]:
    """All rules of the family by id. Raises ``ValueError`` when one id is used twice."""
    from .rules import every

    return every()


def check(file: File, tree: Tree, settings: Settings) -> Iterator[Finding]:
    """What ``file`` pulls in without a pin, and what of it could not be analysed. Opens nothing but through ``tree``."""
    collected, locked = _concerned(file), not file.type.kinds.isdisjoint(_WITH_LOCK)
    if collected or locked:
        yield from _unread(file)
    if collected:
        yield from _findings(file, tree, settings)
    if locked:
        from .locks import check as check_locks

        yield from check_locks(file, tree, settings)


def collected(file: File, tree: Tree) -> Iterator[Reference | Mark]:
    """What the collectors find in ``file``."""
    for module in _concerned(file):
        yield from import_module(f".collect.{module}", __package__).collect(file, tree)


def _concerned(file: File) -> tuple[str, ...]:
    modules = _modules(file.type.kinds)
    if "python" in file.type.kinds and not modules and _INLINE in file.source.text:
        return ("pythonmeta",)
    return modules


@lru_cache(maxsize=256)
def _modules(kinds: frozenset[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(module for kind, modules in COLLECTORS.items() if kind in kinds for module in modules))


def _unread(file: File) -> Iterator[Finding]:
    """The problems of a structured file: what could not be read was not checked."""
    if file.type.format in _UNSTRUCTURED or _is_written_by_machine(file):
        return
    document = file.document
    for problem in document.problems[:MAX_PROBLEMS] if document is not None else ():
        yield report(UNANALYSABLE, file.path, problem.span, f"{UNANALYSABLE.title}: {problem.reason}")


def _is_written_by_machine(file: File) -> bool:
    """Whether a lock is as its tool writes it, told ten times faster than by its tree."""
    if "lock" not in file.type.kinds:
        return False
    if file.type.format == "json" and "bun-lock" not in file.type.kinds:
        from .locks.model import parsed_json

        return parsed_json(file.source) is not None
    module = next((module for kind, module in _WRITTEN.items() if kind in file.type.kinds), None)
    return module is not None and import_module(f".locks.{module}", __package__).is_written_by_machine(file.source.text)


def _findings(file: File, tree: Tree, settings: Settings) -> Iterator[Finding]:
    from .beside import observe
    from .reference import Reference as Found

    references: list[Reference] = []
    for found in collected(file, tree):
        if isinstance(found, Found):
            references.append(found)
            yield from _judged(found, tree, settings)
        elif _wanted(found, settings):
            yield _marked(found)
    if references or "package-json" in file.type.kinds:
        from .tamper import changes

        for mark in (*observe(references, file.source, tree), *changes(references, file, tree)):
            if _wanted(mark, settings):
                yield _marked(mark)


def _wanted(mark: Mark, settings: Settings) -> bool:
    """Whether a mark is of a tier that is reported, and no host that the settings allow."""
    from .policy import is_seen

    if mark.rule == "lock-new-host" and mark.subject in settings.option("pins", "hosts", ()):
        return False
    return is_seen(mark.rule, mark.tier, settings)


def _marked(mark: Mark) -> Finding:
    rule = _rule(mark.rule)
    return report(
        rule,
        mark.source.path,
        mark.source.span(mark.start, mark.end),
        mark.message or rule.title,
        key_path=mark.key_path,
        subject=mark.subject,
        tier=mark.tier,
        severity=mark.severity,
        fix=mark.fix,
    )


def _judged(reference: Reference, tree: Tree, settings: Settings) -> Iterator[Finding]:
    from .policy import is_seen, judge

    for verdict in judge(reference, settings):
        if not is_seen(verdict.rule, verdict.tier, settings):
            continue
        yield report(
            _rule(verdict.rule),
            reference.source.path,
            reference.span,
            verdict.message,
            key_path=reference.key_path,
            subject=f"{reference.ecosystem}:{reference.name}:{reference.requested}",
            tier=verdict.tier,
            severity=verdict.severity,
            fix=_mend(reference, tree),
        )


def _mend(reference: Reference, tree: Tree) -> Fix | None:
    """The commit that another workflow of this repository has for the same tag, if there is exactly one."""
    if reference.ecosystem != "action" or not reference.requested:
        return None
    from .mend import pin_action

    return pin_action(reference, tree)


def _rule(name: str) -> Rule:
    """The rule called ``name``; the tables are loaded with the first finding."""
    from .rules import called

    return UNANALYSABLE if name == UNANALYSABLE.id else called(name)
