"""The contexts of GitHub Actions by who writes them: strangers, callers, the platform, nobody.

Tables and pure questions about paths; what derives from a path within a file is followed in ``taint``.
Sources: docs.github.com, «Contexts reference», «Webhook events and payloads», «Script injections».
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from .expression import Binary, Call, Expr, Index, Name, Property, Star, Unary
from .expression import Literal as Constant

# stranger: free text by anyone on the internet; caller: by who may dispatch, push a branch or call;
# unknown: cannot be told from this file; platform: names and secrets that the platform fills in;
# safe: numbers, digests and the like, or written in this file
Trust: TypeAlias = Literal["stranger", "caller", "unknown", "platform", "safe"]
ORDER: Final = {"stranger": 4, "caller": 3, "unknown": 2, "platform": 1, "safe": 0}

Path: TypeAlias = tuple[str, ...]


_PERSON: Final = ("name", "email")
_COMMIT: Final = ("message", *(f"{who}.{what}" for who in ("author", "committer") for what in _PERSON))
_PULL: Final = (
    "title", "body", "head.ref", "head.label", "head.repo.default_branch", "head.repo.description", "head.repo.homepage",
    "author.title",
)  # fmt: skip
_RUN: Final = (
    "head_branch", "display_title", "head_repository.description", "head_repository.default_branch", "pull_requests.*.head.ref",
    *(f"head_commit.{part}" for part in _COMMIT),
)  # fmt: skip
_BRANCH: Final = ("head_branch", "pull_requests.*.head.ref", *(f"head_commit.{part}" for part in _COMMIT))

# below github.event: field -> (events that fill it, what strangers write in it)
EVENTS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "issue": (("issues", "issue_comment"), ("title", "body")),
    "pull_request": (("pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"), _PULL),
    "comment": (("issue_comment", "pull_request_review_comment", "discussion_comment", "commit_comment"), ("body", "diff_hunk", "path")),
    "review": (("pull_request_review", "pull_request_review_comment"), ("body",)),
    "review_comment": (("pull_request_review_comment",), ("body",)),
    "discussion": (("discussion", "discussion_comment"), ("title", "body")),
    "answer": (("discussion",), ("body",)),
    "pages": (("gollum",), ("*.page_name", "*.title", "*.summary")),
    "commits": (("push",), tuple(f"*.{part}" for part in _COMMIT)),
    "head_commit": (("push",), _COMMIT),
    "workflow_run": (("workflow_run",), _RUN),
    "check_suite": (("check_suite", "check_run"), _BRANCH),
    "check_run": (("check_run",), ("pull_requests.*.head.ref", *(f"check_suite.{part}" for part in _BRANCH))),
    "forkee": (("fork",), ("name", "description", "default_branch", "homepage")),
    "changes": (
        ("issues", "pull_request", "pull_request_target", "issue_comment", "discussion"),
        ("title.from", "body.from", "head.ref.from"),
    ),
    "deployment_status": (("deployment_status",), ("description",)),
}
_HEAD_REF_EVENTS: Final = ("pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment")
_CALLER_EVENT: Final = frozenset(
    {
        "inputs",
        "client_payload",
        "ref",
        "release",
        "deployment",
        "base_ref",
        "label",
        "milestone",
        "merge_group",
        "registry_package",
        "package",
    }
)
_CALLER: Final = frozenset({"ref", "ref_name", "base_ref", "workflow_ref"})
_GITHUB_UNKNOWN: Final = frozenset({"event", "*"})
_PLATFORM: Final = frozenset({"event_name", "repository", "repository_owner", "workflow"})
# last parts whose alphabet leaves no room for shell syntax
_FIXED: Final = (
    r"(.*_)?(id|sha|url|number|login|type|state|at|count|login_or_name|oid)|draft|merged|locked|mergeable|rebaseable|additions|deletions|"
    r"before|after|action|conclusion|event|status|full_name|private|fork|size|changed_files|commits|comments|node_id|created|deleted|forced|"
    r"author_association|username|active_lock_reason|visibility|run_attempt|distinct|timestamp|gravatar_id|site_admin|prerelease|repository_owner"
)
SAFE_ROOTS: Final = frozenset({"runner", "job", "strategy"})
# functions whose result is a boolean or a digest, never the text they were given
_PREDICATES: Final = frozenset({"contains", "startswith", "endswith", "hashfiles", "always", "success", "failure", "cancelled"})
# outputs of popular actions that repeat what a stranger wrote: file names of a pull request, branches, comments
TAINTED_OUTPUTS: Final[dict[str, tuple[str, ...]]] = {
    "tj-actions/changed-files": ("*files",),
    "tj-actions/verify-changed-files": ("changed_files", "changed-files"),
    "tj-actions/branch-names": ("head_ref_branch", "current_branch", "ref_branch"),
    "dorny/paths-filter": ("*_files",),
    "trilom/file-changes-action": ("files*",),
    "jitterbit/get-changed-files": ("*",),
    "masesgroup/retrieve-changed-files": ("*",),
    "ahmadnassri/action-changed-files": ("files", "json"),
    "lots0logs/gh-action-get-changed-files": ("*",),
    "xt0rted/pull-request-comment-branch": ("head_ref",),
    "potiuk/get-workflow-origin": ("sourceheadbranch", "pullrequestlabels"),
    "alessbell/pull-request-comment-branch": ("head_ref",),
    "eficode/resolve-pr-refs": ("head_ref",),
    "gotson/pull-request-comment-branch": ("head_ref",),
    "peter-evans/find-comment": ("comment-body", "comment-author"),
    "stefanzweifel/git-auto-commit-action": (),
    "frabert/replace-string-action": ("replaced",),
    "marocchino/on_artifact": ("*",),
    "dawidd6/action-get-tag": (),
    "mattdavis0351/parse-issue": ("*",),
    "peter-murray/issue-body-parser-action": ("*",),
    "peter-murray/issue-forms-body-parser": ("*",),
    "stefanbuck/github-issue-parser": ("*",),
    "zentered/issue-forms-body-parser": ("*",),
    "github/issue-parser": ("*",),
    "cosmoplatform/issue-forms-parser": ("*",),
    "khan/pull-request-comment-trigger": ("comment_body",),
    "rlespinasse/github-slug-action": (),
}
# step outputs that hold no free text: digests, numbers, booleans, versions of tools the workflow itself installs
SAFE_OUTPUTS: Final = frozenset(
    {
        "cache-hit",
        "artifact-id",
        "digest",
        "conclusion",
        "outcome",
        "exitcode",
        "exit-code",
        "exit_code",
        "pull-request-number",
        "artifact-digest",
    }
)


def path_of(expr: Expr) -> Path | None:
    """The context path that ``expr`` reads, in lower case, ``*`` for filters and computed keys; ``None`` when it reads none."""
    parts: list[str] = []
    node = expr
    while True:
        if isinstance(node, Name):
            return (node.name, *reversed(parts))
        if isinstance(node, Property):
            parts.append(node.name)
            node = node.base
        elif isinstance(node, Index):
            parts.append(node.key.value.lower() if isinstance(node.key, Constant) and isinstance(node.key.value, str) else "*")
            node = node.base
        elif isinstance(node, Star):
            parts.append("*")
            node = node.base
        elif isinstance(node, Call) and node.name in ("fromjson", "tojson") and len(node.args) == 1:
            node = node.args[0]
        else:
            return None


def leaves(expr: Expr) -> Iterator[tuple[Expr, bool]]:
    """The contexts whose text can flow into the value of ``expr``; with each, whether it is written out as JSON.

    Comparisons and predicates give booleans; of ``a && b`` the value is ``b`` or a falsy ``a``.
    """
    stack: list[tuple[Expr, bool]] = [(expr, False)]
    while stack:
        node, json = stack.pop()
        if isinstance(node, Call):
            if node.name == "case":
                stack.extend((arg, json) for i, arg in enumerate(node.args) if i % 2 or i == len(node.args) - 1)
            elif node.name not in _PREDICATES:
                stack.extend((arg, json or node.name in ("tojson", "join")) for arg in reversed(node.args))
        elif isinstance(node, Binary):
            if node.op == "||":
                stack.extend(((node.right, json), (node.left, json)))
            elif node.op == "&&":
                stack.append((node.right, json))
        elif isinstance(node, Unary | Constant):
            continue
        elif path_of(node) is not None:
            yield node, json
        elif isinstance(node, Index | Property | Star):
            stack.append((node.base, json))


def _meets(path: Path, pattern: Path, json: bool) -> bool:
    """Whether ``path`` reads what ``pattern`` names (``*`` on either side is anything), or with ``json`` something that holds it."""
    if len(path) > len(pattern) or (len(path) < len(pattern) and not json):
        return False
    return all(a == b or a == "*" or b == "*" for a, b in zip(path, pattern, strict=False))


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[Path, tuple[str, ...]], ...]:
    """Full paths of what strangers write, each with the events that fill it."""
    found: list[tuple[Path, tuple[str, ...]]] = [(("github", "head_ref"), _HEAD_REF_EVENTS)]
    for field, (events, tails) in EVENTS.items():
        found.extend((("github", "event", field, *tail.split(".")), events) for tail in tails)
    return tuple(found)


@lru_cache(maxsize=1024)
def stranger_events(path: Path, json: bool = False) -> frozenset[str]:
    """The events in which ``path`` carries text by strangers; none when it never does."""
    if path[0] != "github" or (len(path) == 1 and not json):
        return frozenset()
    return frozenset(event for pattern, events in _patterns() if _meets(path, pattern, json) for event in events)


def direct_trust(path: Path, json: bool, triggers: frozenset[str]) -> Trust:
    """The class of a ``github.*`` path in a workflow with these ``triggers`` (empty: any, as in actions)."""
    events = stranger_events(path, json)
    if events:
        return "stranger" if not triggers or "workflow_call" in triggers or events & triggers else "unknown"
    if len(path) == 1:
        return "safe"
    if path[1] in _CALLER:
        return "caller"
    if path[1] not in _GITHUB_UNKNOWN or len(path) == 2:
        return "platform" if path[1] in _PLATFORM else "safe"
    if re.fullmatch(_FIXED, path[-1]):
        return "safe"
    return "caller" if path[2] in _CALLER_EVENT else "unknown"


def like(name: str, pattern: str) -> bool:
    if pattern.startswith("*"):
        return name.endswith(pattern[1:])
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern
