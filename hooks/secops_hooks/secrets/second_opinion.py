"""detect-secrets as a second opinion: the only module that imports it, and never on a clean commit.

Two uses. ``exceeds_entropy_limit`` is asked about values that ``generic`` cannot decide on its own. ``explain`` runs all of its
default plugins over a file and accounts for every detection: it is one of our findings, or it is rejected for a reason with
a name. Importing it costs 130 ms, most of it for an HTTP client that is never used: nothing here verifies over the network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from ..files.source import Source
    from ..files.tree import Tree
    from ..parse import File
    from ..policy.settings import Settings
    from .generic.judge import Rejected

MAX_EXPLAINED: Final = 2 * 1024 * 1024


class Detection(NamedTuple):
    """What detect-secrets reports: a line, its name for the kind of secret, and the value."""

    line: int
    detector: str
    value: str


class Rejection(NamedTuple):
    """A detection that is no finding here, and the reason's name. Never holds the value."""

    path: str
    line: int
    detector: str
    reason: str


# -- undecided values


@lru_cache(maxsize=1024)
def exceeds_entropy_limit(path: str, line: str, value: str) -> bool:
    """Whether detect-secrets would report ``value``, quoted on ``line`` of the file at ``path``, for its entropy.

    Its own filters have their say: sequences, UUIDs, ids, templates, indirect references, lock and swagger files.
    """
    from detect_secrets.filters import heuristic
    from detect_secrets.plugins.high_entropy_strings import Base64HighEntropyString, HexHighEntropyString

    if heuristic.is_lock_file(path) or heuristic.is_swagger_file(path) or heuristic.is_non_text_file(path):
        return False
    if (
        heuristic.is_sequential_string(value)
        or heuristic.is_potential_uuid(value)
        or heuristic.is_templated_secret(value)
        or heuristic.is_prefixed_with_dollar_sign(value)
        or heuristic.is_not_alphanumeric_string(value)
        or heuristic.is_indirect_reference(line)
    ):
        return False
    for detector in (Base64HighEntropyString(), HexHighEntropyString()):
        if heuristic.is_likely_id_string(value, line, detector):
            continue
        if value in detector.analyze_string(f'"{value}"') and detector.calculate_shannon_entropy(value) > detector.entropy_limit:
            return True
    return False


# -- the differential


def detections(source: Source) -> Iterator[Detection]:
    """What detect-secrets with its default plugins and filters reports for ``source``, without network and without reading the disk."""
    from detect_secrets.core import scan
    from detect_secrets.settings import default_settings, get_plugins

    with default_settings():
        if not get_plugins() or scan._is_filtered_out(required_filter_parameters=["filename"], **_without_disk(source.path)):
            return
        for lines in _readings(source):
            found = list(scan._process_line_based_plugins(list(enumerate(lines, start=1)), filename=source.path))
            for secret in found:
                yield Detection(secret.line_number, secret.type, secret.secret_value or "")
            if found:
                return


def _without_disk(path: str) -> dict[str, Any]:
    """The arguments for the file filters, with the one that looks at the disk switched off: sources may live in the index."""
    from detect_secrets.settings import get_settings

    get_settings().disable_filters("detect_secrets.filters.common.is_invalid_file")
    return {"filename": path}


def _readings(source: Source) -> Iterator[list[str]]:
    """The file's lines as detect-secrets reads them: transformed (YAML, INI), plain, then eagerly transformed."""
    import io

    from detect_secrets.transformers import get_transformed_file

    class Named(io.StringIO):
        name = source.path

    file: Any = Named(source.text)
    lines = get_transformed_file(file)
    yield lines or source.text.splitlines(keepends=True)
    file.seek(0)
    eager = get_transformed_file(file, use_eager_transformers=True)
    if eager:
        yield eager


def explain(file: File, tree: Tree, settings: Settings) -> Iterator[Rejection]:
    """Every detection of detect-secrets in ``file`` that is no finding of ours on that line, with the reason's name.

    Then our own candidates (detector ``generic``) that were turned down, but for names that nothing gives a value.
    """
    from .check import check

    source = file.source
    if source.binary:
        return
    if len(source.text) > MAX_EXPLAINED:
        yield Rejection(file.path, 1, "all", "file-too-large-for-a-second-opinion")
        return
    reported: set[int] = set()
    for finding in check(file, tree, settings):
        reported.update(range(finding.span.line, finding.span.end_line + 1))
    own = rejections(file)
    seen: set[tuple[int, str, str]] = set()
    for detection in detections(source):
        if detection.line in reported:
            continue
        reason = why_not(detection, source, own.get(detection.line, ()))
        key = (detection.line, detection.detector, reason)
        if key not in seen:
            seen.add(key)
            yield Rejection(file.path, detection.line, detection.detector, reason)
    for line, rejected in sorted(own.items()):
        for reason in dict.fromkeys(each.reason for each in rejected):
            if line not in reported and reason != "no-literal":
                yield Rejection(file.path, line, "generic", reason)


def rejections(file: File) -> dict[int, list[Rejected]]:
    """Our own rejected candidates by line."""
    from .generic import _Taken, hits_of
    from .generic.context import context_of
    from .generic.gate import gate
    from .generic.judge import Rejected, examine

    out: dict[int, list[Rejected]] = {}
    context = context_of(file)
    passed = gate(file.source.text, hits_of(file.source.text), context.style, context.prose)
    for found in examine(file, context, passed, _Taken(())):
        if isinstance(found, Rejected):
            out.setdefault(file.source.position(found.start)[0], []).append(found)
    return out


def why_not(detection: Detection, source: Source, own: list[Rejected] | tuple[Rejected, ...]) -> str:
    """The reason's name for a detection that is none of our findings."""
    line = source.line(detection.line)
    value = detection.value
    for rejected in own:
        candidate = source.text[rejected.start : rejected.end]
        if value and (value in candidate or candidate in value):
            return rejected.reason
    if detection.detector == "Public IP (ipv4)":
        return "an-address-is-no-secret"
    if detection.detector.endswith("High Entropy String"):
        return _entropy_reason(line, value)
    if detection.detector == "Secret Keyword":
        return _keyword_reason(line, value)
    if detection.detector == "Basic Auth Credentials":
        return _address_reason(line, value)
    if own:
        return own[0].reason
    from .generic.value import placeholder, repeated

    if placeholder(value) or repeated(value):
        return "placeholder"
    return "not-of-the-format"


_HASH: Final = re.compile(
    r"(?i)sha-?\d|md5|hash|digest|checksum|integrity|etag|revision|commit|\brev\b|fingerprint|thumbprint|sum\b|uuid|guid|nonce|signature|ident|\bid\b"
)


def _entropy_reason(line: str, value: str) -> str:
    from .generic.value import UUID, judge

    if UUID.match(value):
        return "uuid"
    verdict = judge(value, "name", quoted=True)
    if verdict.strength == 0 and verdict.reason != "unclear-key":
        return verdict.reason
    if _HASH.search(line):
        return "hash-context"
    return "no-name-that-promises-a-secret"


def _keyword_reason(line: str, value: str) -> str:
    from .generic.names import kind_of
    from .generic.value import judge

    names = re.findall(r"[\w.$-]+", line[: line.find(value)] if value and value in line else line)
    kinds = [kind for kind in map(kind_of, names) if kind and kind != "name"]
    if not kinds:
        return "the-name-is-no-secret"
    verdict = judge(value.strip().strip("\"'`;,)"), kinds[-1], quoted=bool(re.search(r"[\"'`]" + re.escape(value), line)))
    return verdict.reason or "no-value-is-given"


def _address_reason(line: str, value: str) -> str:
    from .generic.value import placeholder, reference

    if reference(value) or "$" in value or "{" in value or "<" in value:
        return "templated"
    if placeholder(value):
        return "placeholder"
    return "no-user-and-password-in-an-address"
