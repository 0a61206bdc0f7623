"""The checkout step: which version it is, and whether it leaves the token behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ...finding import Edit, Fix
from ..match import Hit
from .permissions import writes
from .workflow import (
    FORK_EVENTS,
    Step,
    Uses,
    model_of,
)

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File
    from .workflow import Step


_OF_THE_JOB: Final = r"(?i)\A\$\{\{\s*(github\.token|secrets\.github_token)\s*\}\}\Z"
_PUSH: Final = r"\bgit\b[^\n|;&]*\bpush\b|\b(?:lerna|changeset|semantic-release|release-it|standard-version|mike|gh-pages)\b"
_PUSHERS: Final = frozenset({
    "ad-m/github-push-action", "changesets/action", "crazy-max/ghaction-github-pages", "cycjimmy/semantic-release-action",
    "endbug/add-and-commit", "github-actions-x/commit", "helm/chart-releaser-action", "jamesives/github-pages-deploy-action",
    "peaceiris/actions-gh-pages", "peter-evans/create-pull-request", "stefanzweifel/git-auto-commit-action",
})  # fmt: skip
_CHECKOUTS: Final = frozenset({"actions/checkout"})


def major(uses: Uses) -> int:
    """The major version that ``uses`` names by tag or in the comment behind a digest; 0 when neither does."""
    found = re.match(r"v?(\d+)(?:\.|\Z)", uses.ref)
    if found is None or len(found[1]) > 3:
        source = uses.node.source
        tail = source.line(source.position(uses.node.end)[0]).partition("#")[2]
        found = re.search(r"\bv?(\d{1,3})(?:\.\d+)*\b", tail)
    return int(found[1]) if found else 0


def is_checkout(step: Step) -> bool:
    return step.uses is not None and step.uses.repository in _CHECKOUTS


def persisted_credentials(file: File, tree: Tree) -> Iterator[Hit]:
    """``actions/checkout`` that leaves its token behind; of little weight where that token may write nothing."""
    model = model_of(file)
    for step in model.steps() if model is not None else ():
        if is_checkout(step) and step.uses is not None and keeps_credentials(step):
            first = step.node.resolved.children[0]
            start = first.key_start if step.node.target is None and first.key_start < step.uses.node.start else step.uses.node.start
            power = _power(step)
            message = f"the checkout leaves a token {power} where every later step can read it" if power else ""
            place = step.node.source.span(start, step.uses.node.end)
            yield Hit(place, message, within=step.uses.node, fix=_persist_fix(step), tier=None if power else "audit")


def _power(step: Step) -> str:
    """What the token of a checkout may do that a reader's may not, as far as the file says; empty for nothing, and where a
    later step pushes with it."""
    later = step.job.steps[step.job.steps.index(step) + 1 :]
    if any(_pushes(each) for each in later):
        return ""
    if any(step.input(name) and not re.search(_OF_THE_JOB, step.input(name)) for name in ("token", "ssh-key")):
        return "of its own"
    if writes(step.job):
        return f"that may write ({writes(step.job)})"
    strangers = FORK_EVENTS & set(step.job.model.triggers)
    if strangers and "permissions" not in step.job.parts and "permissions" not in step.job.model.parts:
        return f"of a run that strangers start ({min(strangers)})"
    return ""


def _pushes(step: Step) -> bool:
    run = step.run
    return (run is not None and re.search(_PUSH, run.text) is not None) or (step.uses is not None and step.uses.repository in _PUSHERS)


def keeps_credentials(step: Step) -> bool:
    """Whether a checkout step leaves the token behind; an expression there is taken for a reasoned choice."""
    given = step.input("persist-credentials")
    return given == "" or given.lower() == "true"


def _persist_fix(step: Step) -> Fix | None:
    """``persist-credentials: false`` below ``with:``."""
    given = step.inputs().get("persist-credentials")
    if given is not None:
        return Fix((Edit(given.start, given.end, "false"),), safe=False) if given.target is None else None
    return with_input(step, "persist-credentials: false")


def with_input(step: Step, setting: str) -> Fix | None:
    """``setting`` as the first input of an action; ``with:`` is added if there is none. ``None`` where that is no insertion of a line."""
    if step.node.target is not None or step.node.raw[:1] == "{" or step.parts["uses"].target is not None:
        return None
    source = step.node.source
    wanted = step.parts.get("with")
    if wanted is None:
        line, column = source.position(step.parts["uses"].key_start)
        end = source.line_starts[line] if line < len(source.line_starts) else len(source.text)
        before = "" if source.text[:end].endswith(("\n", "\r")) else "\n"
        pad = " " * (column - 1)
        return Fix((Edit(end, end, f"{before}{pad}with:\n{pad}  {setting}\n"),), safe=False)
    if wanted.kind != "mapping" or not wanted.children or wanted.raw[:1] == "{":
        return None
    first = wanted.children[0]
    pad = " " * (source.position(first.key_start)[1] - 1)
    return Fix((Edit(first.key_start, first.key_start, f"{setting}\n{pad}"),), safe=False)
