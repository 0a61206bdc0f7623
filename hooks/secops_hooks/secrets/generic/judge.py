"""From places that were looked at to findings: the judgement of a value in its context decides rule and tier.

Every candidate becomes a finding or a :class:`Rejected` with the reason's name; nothing is dropped without one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from ...finding import Finding, Tier, report
from ...lazy import Lazy
from .assign import Candidate, candidates
from .context import Context, is_password_file
from .ruleset import KIND_RULES, RULES
from .value import NONE, PLAUSIBLE, STRONG, WEAK, Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...files.source import Source
    from ...parse import File
    from ...parse.node import Document
    from ..decode import Layer
    from . import _Taken
    from .gate import Name, Passed


class Rejected(NamedTuple):
    """A candidate that is no finding: where its value stands, the name it was given to, and why not."""

    start: int
    end: int
    name: str
    reason: str


class Credential(NamedTuple):
    """What is to be reported: a rule, the value's place, and how sure."""

    rule: str
    start: int
    end: int
    tier: Tier
    message: str
    name: str = ""
    key_path: str = ""


def look(file: File, context: Context, passed: Passed, taken: _Taken, shown: Tier = "audit") -> Iterator[Finding]:
    """The findings of ``file`` where the gate let something pass. Those below tier ``shown`` are not placed: nobody sees where
    they stand, and the file need not be parsed for them."""
    source = file.source
    for found in examine(file, context, passed, taken, shown):
        if isinstance(found, Credential):
            yield finding(source, found)


def look_in_layer(file: File, layer: Layer, context: Context, passed: Passed, taken: _Taken) -> Iterator[Finding]:
    """The findings in text that was decoded out of ``file``, at the places of the file."""
    from ...files.filetype import FileType
    from ...files.source import Source
    from ...parse import File as Inner

    inner = Inner(Source.from_text(file.path, layer.text), FileType())
    for found in _all(inner, context, passed):
        if isinstance(found, Credential):
            if layer.encoding.endswith("escapes") and not layer.encodes(found.start, found.end):
                continue  # read where it stands
            start = layer.offset(found.start)
            end = max(start, layer.stop(found.end))
            if not taken.overlaps(start, end):
                taken.add(start, end)
                rule = RULES[found.rule]
                message = f"{found.message}, encoded as {layer.encoding}"
                subject = fingerprint(rule.id, layer.text[found.start : found.end])
                yield report(rule, file.path, file.source.span(start, end), message, tier=found.tier, subject=subject)


def examine(file: File, context: Context, passed: Passed, taken: _Taken, shown: Tier = "audit") -> Iterator[Credential | Rejected]:
    """Every candidate of ``file`` as a credential or a rejection, in the order in which they are decided."""
    for found in _all(file, context, passed):
        if taken.overlaps(found.start, found.end):
            continue
        if isinstance(found, Credential) and (shown == "audit" or found.tier != "audit"):
            found = _placed(file, found)
        if isinstance(found, Credential):
            taken.add(found.start, found.end)
        yield found


def _all(file: File, context: Context, passed: Passed) -> Iterator[Credential | Rejected]:
    from ..documented import is_documented

    source = file.source
    for found in _found(file, context, passed):
        if isinstance(found, Rejected):
            yield found
        elif is_documented(source.text[found.start : found.end]):
            yield Rejected(found.start, found.end, found.name, "placeholder")
        elif found.tier == "block" and context.style == "code" and documented(source, found.start):
            yield found._replace(tier="warn")
        else:
            yield found
    for name in passed.turned:
        yield Rejected(name.start, name.end, name.name, "no-literal")


def _found(file: File, context: Context, passed: Passed) -> Iterator[Credential | Rejected]:
    if file.type.kinds & _PLACED and (passed.names or "dockerfile" in file.type.kinds):
        from .structure import structured

        yield from structured(file, context)
    if passed.places or is_password_file(file.path):
        from .places import special

        yield from special(file, context, passed.places)
    if passed.addresses:
        yield from _addresses(file.source, passed.addresses, context)
    yield from _assigned(file, context, passed.names)


_PLACED: Final = frozenset({"kubernetes", "compose", "helm-values", "github-workflow", "gitlab-ci", "dockerfile"})


def _placed(file: File, found: Credential) -> Credential | Rejected:
    """``found`` with the key path at which it stands and the rule that its place has."""
    if found.key_path:
        return found
    if found.rule.startswith("generic-"):
        from .structure import context_rule

        found = found._replace(rule=context_rule(file, found.name, found.rule, file.source.text, found.start))
    if file.type.format in ("yaml", "json", "toml", "hcl", "xml", "ini", "properties", "env"):
        from .structure import node_at

        document = file.document
        node = node_at(document, found.start) if document is not None else None
        if node is not None:
            path = node.path
            if ("encryptedData" in path or (document is not None and _encrypted(document))) and found.rule != "uri-credentials":
                return Rejected(found.start, found.end, found.name, "encrypted")
            whole = node.start >= found.start - 3 and node.end <= found.end + 3
            if whole and not node.known:
                return Rejected(found.start, found.end, found.name, "reference")
            return found._replace(key_path=path)
    return found


def _encrypted(document: Document) -> bool:
    """Whether SOPS has encrypted this file: it leaves its own entry at the top. Looked up once a file."""
    memo = document.source.memo
    known = memo.get("sops")
    if not isinstance(known, bool):
        known = memo["sops"] = any(root.kind == "mapping" and root.get("sops", "mac") is not None for root in document.roots)
    return known


def finding(source: Source, credential: Credential) -> Finding:
    """The finding of ``credential``. The message never shows the value."""
    rule = RULES[credential.rule]
    value = source.text[credential.start : credential.end]
    return report(
        rule,
        source.path,
        source.span(credential.start, credential.end),
        credential.message,
        tier=credential.tier,
        key_path=credential.key_path,
        subject=fingerprint(rule.id, value),
    )


def fingerprint(rule: str, value: str) -> str:
    """What identifies a secret without telling it: a hash of value and rule."""
    from hashlib import blake2b

    return f"{rule}:{blake2b(value.encode('utf-8', 'surrogatepass'), digest_size=12, person=b'secops-generic').hexdigest()}"


# -- assignments

_ANONYMOUS: Final = Lazy(r"""(?i)(?:user(?:_?name)?|login)["'\]]*\s{0,4}(?:[:=]|=>|,)\s{0,4}["']?anonymous\b""")
_USER_NEAR: Final = Lazy(
    r"""(?i)\b[\w.]*(?:user(?:[ _-]?(?:name|id))?|login|account|uid|usr)(?:["'\]]*\s*(?:[:=]|=>)\s*["']?|["']\s*,\s*["']|>)[\w.@+-]{2,}"""
)


def _assigned(file: File, context: Context, names: Iterable[Name]) -> Iterator[Credential | Rejected]:
    text = file.source.text
    for candidate in candidates(text, names, context.style):
        verdict = judge(candidate.value, candidate.kind, quoted=candidate.quoted, key=candidate.name)
        if (
            verdict.strength == WEAK
            and candidate.kind in ("secret", "token", "key")
            and candidate.quoted
            and len(candidate.value) >= 16
            and not context.quiet
        ):
            from ..second_opinion import exceeds_entropy_limit

            if exceeds_entropy_limit(file.path, file.source.line(file.source.position(candidate.start)[0]), candidate.value):
                verdict = Verdict(PLAUSIBLE, "")
        yield decide(file.source, candidate, verdict, context)


def decide(source: Source, candidate: Candidate, verdict: Verdict, context: Context) -> Credential | Rejected:
    """Rule and tier of a judged candidate, or why it is none."""
    text = source.text
    strength, reason = verdict
    if strength == NONE and candidate.how == "named" and candidate.kind == "password" and context.deploy and reason in ("prose", "prompt"):
        strength, reason = WEAK, "words"  # the value of an environment variable, however strange
    if strength > NONE and context.locale and strength < STRONG:
        strength, reason = NONE, "translation"
    if strength > NONE and candidate.how == "prose" and not _speaks(candidate.value):
        strength, reason = NONE, "prose"
    if strength > NONE and not candidate.quoted and context.style == "code" and strength < PLAUSIBLE:
        strength, reason = NONE, "words"
    if strength > NONE and candidate.kind == "password" and _ANONYMOUS.search(text, max(0, candidate.start - 160), candidate.start):
        strength, reason = NONE, "placeholder"  # by custom any password will do, a mail address if one is polite (RFC 1635)
    if strength == NONE:
        return Rejected(candidate.start, candidate.end, candidate.name, reason)
    if not context.quiet and context.style == "code" and documented(source, candidate.start):
        context = context._replace(quiet=True)
    tier = _tier(text, candidate, strength, reason, context)
    if tier != "audit" and not context.deploy and candidate.kind in ("token", "key", "secret", "name"):
        from .issued import malformed

        if malformed(candidate.name, candidate.kind, candidate.value):
            tier = "audit"  # it opens nothing, like every value that is not of its provider's format
    message = f"{RULES[KIND_RULES[candidate.kind]].title}: {len(candidate.value)} characters given to {_shown(candidate.name)}"
    return Credential(KIND_RULES[candidate.kind], candidate.start, candidate.end, tier, message, candidate.name)


def _speaks(value: str) -> bool:
    """A value strong enough to be believed in running text."""
    from .value import classes, random

    return len(value) >= 6 and any(c.isdigit() for c in value) and (classes(value.replace("/", "")) >= 3 or random(value))


def _tier(text: str, candidate: Candidate, strength: int, reason: str, context: Context) -> Tier:
    kind = candidate.kind
    if kind == "salt" or kind == "name":
        shown = context.quiet and (strength < STRONG or "nonce" in candidate.name.lower())  # a nonce is sent in clear
        return "audit" if context.foreign or strength < PLAUSIBLE or shown else "warn"
    if strength == WEAK:
        near = kind == "password" and _has_user(text, candidate.start)
        if kind != "password" or context.quiet or candidate.how in ("compare", "prose") or commented(text, candidate.key_start):
            return "audit"
        tried = reason in ("trivial-password", "number") and candidate.quoted and any(char.isdigit() for char in candidate.value)
        set_up = (context.deploy and (candidate.quoted or context.style == "config")) or candidate.how in ("sql", "xml")
        phrase = " " in candidate.value and "phrase" in candidate.name.lower()
        return "warn" if set_up or near or tried or phrase else "audit"
    if context.quiet or candidate.how == "prose":
        sure = strength == STRONG or kind == "password" or (kind == "secret" and candidate.how != "prose" and reason != "uuid")
        return "warn" if sure else "audit"
    if strength == STRONG:
        return "warn" if context.style != "code" and switched_off(text, candidate.key_start) else "block"  # a sample's line, switched off
    sure = kind == "password" and candidate.how not in ("compare", "default") and not commented(text, candidate.key_start)
    sure = sure and (reason != "no-digits" or context.style != "code")
    sure = sure and not any(word in candidate.value.lower() for word in ("password", "passwd", "secret"))  # says what it is: made up
    return "block" if sure else "warn"


def _has_user(text: str, at: int) -> bool:
    return _USER_NEAR.search(text, max(0, at - 250), min(len(text), at + 200)) is not None


def documented(source: Source, at: int) -> bool:
    """Whether ``at`` stands in a docstring, a doctest or a documentation comment."""
    text = source.text
    line = text[max(text.rfind("\n", max(0, at - 300), at) + 1, at - 300, 0) : at].lstrip()
    if line.startswith((">>>", "...", "* ", "///", "//!", "*\t")):
        return True
    for quotes in ('"""', "'''"):
        key = ("triple quotes", quotes)
        places = source.memo.get(key)
        if not isinstance(places, list):
            places = source.memo[key] = [found.start() for found in re.finditer(quotes, text)]
        before = bisect_left(places, at)
        if before % 2 and text.find("\n", places[before - 1], at) >= 0:
            return True
    return False


def switched_off(text: str, at: int) -> bool:
    """Whether ``at`` stands on a line of settings that is a comment; ``//`` begins an address there."""
    return commented(text, at) and text[text.rfind("\n", max(0, at - 200), at) + 1 : at].lstrip()[:2] != "//"


def commented(text: str, at: int) -> bool:
    """Whether ``at`` stands in a comment of its line or of XML."""
    opened = text.rfind("<!--", max(0, at - 4000), at)
    return (opened >= 0 and text.find("-->", opened, at) < 0) or (
        text[max(text.rfind("\n", max(0, at - 200), at) + 1, at - 200, 0) : at]
        .lstrip()[:2]
        .startswith(("#", "//", "--", "/*", "* ", "<!", ";"))
    )


def _shown(name: str) -> str:
    return name if len(name) <= 60 and name.isprintable() else name[:57].encode("ascii", "replace").decode() + "..."


# -- addresses


def _addresses(source: Source, places: Iterable[int], around: Context) -> Iterator[Credential | Rejected]:
    from .uri import LOCAL, NAMES, userinfo, weak
    from .value import placeholder, reference, repeated

    text = source.text
    for start in places:
        context = around
        found = userinfo(text, start)
        if found is None:
            continue
        password = found.password
        why = reference(password) or reference(found.user) or reference(found.host)
        if why or (password[:1] in "$%{<[(" and password):
            yield Rejected(found.start, found.end, found.scheme, why or "templated")
            continue
        if placeholder(password) or repeated(password) or weak(found) or len(password) < 3:
            yield Rejected(found.start, found.end, found.scheme, "placeholder")
            continue
        verdict = judge(password, "password", quoted=True)
        if verdict.strength == NONE and verdict.reason not in (
            "number",
            "url",
            "host",
            "file-path",
            "identifier",
            "version",
            "constant-name",
        ):
            yield Rejected(found.start, found.end, found.scheme, verdict.reason)
            continue
        if context.style == "code" and (commented(text, start) or documented(source, start)):
            if found.user.lower() in NAMES:
                yield Rejected(found.start, found.end, found.scheme, "placeholder")
                continue
            context = context._replace(quiet=True)
        local = LOCAL.match(found.host) is not None
        tier: Tier = "block"
        if context.quiet or context.prose:
            tier = "warn" if verdict.strength >= PLAUSIBLE else "audit"
        elif verdict.strength < PLAUSIBLE:
            tier = "audit" if local or found.user == password else "warn"
        elif local:
            tier = "warn"
        yield Credential(
            "uri-credentials",
            found.start,
            found.end,
            tier,
            f"an address of scheme {found.scheme} holds a password of {len(password)} characters",
            found.scheme,
        )
