"""Places in structured files where a literal is a credential by the file's own meaning: Kubernetes, Compose, CI, Dockerfile.

The common parser gives key paths and decoded values; what it calls unknown (variables, templates, tags) stays silent.
Loaded only for files of these kinds in which a word of the pre-scan occurs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from ...lazy import Lazy
from ...parse.locate import located
from ...parse.node import UNKNOWN
from .judge import Credential, Rejected
from .names import kind_of, words
from .value import NONE, PLAUSIBLE, WEAK, judge

if TYPE_CHECKING:
    from ...finding import Tier
    from ...parse import File
    from ...parse.node import Document, Node
    from .context import Context
    from .names import Kind

_NEVER: Final = frozenset(
    "reference templated empty-or-short keyword url host file-path version date email mime-type public-key no-letters-or-digits code too-long number prose".split()
)  # what a value at such a place may be without being a secret
_CLEAR: Final = frozenset(
    "user username login name hostname host port url uri address type email mail database db dbname region namespace ca crt cert endpoint server "
    "bucket id account kind version enabled config accountname realm domain tenant project cluster path".split()
)  # entries of a Secret that are none


def structured(file: File, context: Context) -> Iterator[Credential | Rejected]:
    """Credentials at the places that ``file``'s kinds have for them."""
    readers = [reader for kind, reader in _READERS if kind in file.type.kinds]
    document = file.document if readers else None
    if document is None:
        return
    seen: set[int] = set()
    for reader in readers:
        for found in reader(document, context):
            if found.start not in seen:
                seen.add(found.start)
                yield found


def _place(
    node: Node, name: str, kind: Kind, rule: str, context: Context, message: str, *, strict: bool = False, tier: Tier = "block"
) -> Iterator[Credential | Rejected]:
    """What the literal at ``node`` is. ``strict``: whatever stands there is a credential, however weak."""
    node = node.resolved
    if node.kind != "scalar" or not node.text:
        return
    where = located(node)
    start, end = where.offset(0), where.end(len(node.text))
    if node.value is UNKNOWN or (isinstance(node.value, bool | type(None)) and not node.style):
        yield Rejected(start, end, name, "reference" if node.value is UNKNOWN else "keyword")
        return
    verdict = judge(node.text, kind, quoted=True)
    strength = verdict.strength
    if verdict.reason == "reference" or verdict.reason == "templated":
        yield Rejected(start, end, name, verdict.reason)
        return
    if strength == NONE and not strict:
        if (verdict.reason in _NEVER and not _live(node.text, kind)) or kind in ("salt", "name"):
            yield Rejected(start, end, name, verdict.reason)
            return
        if verdict.reason == "placeholder" or kind != "password":
            tier = "audit"
        strength = WEAK
    if strength < PLAUSIBLE and not strict and tier == "block":
        tier = "warn"
    if context.quiet and not strict:
        tier = "warn" if tier == "block" else "audit" if strength < PLAUSIBLE else tier
    yield Credential(rule, start, end, tier, message.format(size=len(node.text), name=name), name, node.path)


def _live(value: str, kind: Kind) -> bool:
    """Whether a word of the language is a password all the same: where a server is set up, ``password`` is one."""
    return kind == "password" and value.lower() in (
        "password",
        "passwd",
        "secret",
        "root",
        "admin",
        "user",
        "login",
        "private",
        "hidden",
        "key",
        "token",
    )


def _named(node: Node, rule: str, context: Context, message: str) -> Iterator[Credential | Rejected]:
    """An entry whose key is a secret's name."""
    kind = kind_of(node.key or "")
    if kind is not None and kind != "name":
        yield from _place(node, node.key or "", kind, rule, context, message)


def _pair(node: Node, rule: str, context: Context, message: str) -> Iterator[Credential | Rejected]:
    """An item such as ``NAME=value`` of a list."""
    node = node.resolved
    name, sign, value = node.text.partition("=") if node.kind == "scalar" else ("", "", "")
    kind = kind_of(name)
    if not sign or kind is None or kind == "name" or not value:
        return
    where = located(node)
    start, end = where.offset(len(name) + 1), where.end(len(node.text))
    yield from judged(value, name, kind, start, end, rule, context, message, node.path)


def judged(
    value: str, name: str, kind: Kind, start: int, end: int, rule: str, context: Context, message: str, path: str = ""
) -> Iterator[Credential | Rejected]:
    """Like a node's literal, for text that is part of one."""
    verdict = judge(value, kind, quoted=True)
    if verdict.strength == NONE and ((verdict.reason in _NEVER and not _live(value, kind)) or kind == "salt"):
        yield Rejected(start, end, name, verdict.reason)
        return
    tier: Tier = (
        "block"
        if verdict.strength >= PLAUSIBLE
        else "audit"
        if verdict.reason == "placeholder" or (verdict.strength == NONE and kind != "password")
        else "warn"
    )
    if context.quiet:
        tier = "warn" if tier == "block" else "audit"
    yield Credential(rule, start, end, tier, message.format(size=len(value), name=name), name, path)


# -- Kubernetes


def _kubernetes(document: Document, context: Context) -> Iterator[Credential | Rejected]:
    for root in document.roots:
        for manifest in _manifests(root):
            kind = _text(manifest.get("kind"))
            if kind == "Secret":
                yield from _secret(manifest, context)
            elif kind == "ConfigMap":
                for entry in _entries(manifest.get("data")):
                    yield from _named(entry, "k8s-configmap-secret", context, "a ConfigMap holds {name} in clear ({size} characters)")
            else:
                yield from _container_env(manifest, context)


def _manifests(root: Node) -> Iterator[Node]:
    items = root.get("items") if root.kind == "mapping" else None
    yield from (items.resolved.children if items is not None and items.resolved.kind == "sequence" else (root,))


def _container_env(manifest: Node, context: Context) -> Iterator[Credential | Rejected]:
    for item in manifest.select("**.env[*]"):
        name = _text(item.get("name"))
        value = item.get("value")
        kind = kind_of(name)
        if value is not None and kind is not None and kind != "name":
            yield from _place(
                value, name, kind, "k8s-env-secret", context, "environment variable {name} holds a secret of {size} characters"
            )


def _secret(manifest: Node, context: Context) -> Iterator[Credential | Rejected]:
    """``data`` is base64, ``stringData`` is not. Encrypted manifests (SOPS) are as they should be."""
    if manifest.get("sops") is not None:
        return
    for part in ("data", "stringData"):
        for entry in _entries(manifest.get(part)):
            node, key = entry.resolved, entry.key or ""
            if node.kind != "scalar" or not node.text.strip():
                continue
            where = located(node)
            start, end = where.offset(0), where.end(len(node.text))
            value = node.text if part == "stringData" else _plain(node.text)
            if node.value is UNKNOWN or _is_clear(key) or not value.strip():
                yield Rejected(start, end, key, "reference" if node.value is UNKNOWN else "not-a-secret-entry")
                continue
            verdict = judge(value.strip(), kind_of(key) or "secret", quoted=True)
            if verdict.reason in ("reference", "templated", "placeholder", "repeated-characters", "public-key"):
                yield Rejected(start, end, key, verdict.reason)
                continue
            tier: Tier = "audit" if context.quiet and verdict.strength < PLAUSIBLE else "warn"
            yield Credential("k8s-secret-data", start, end, tier, f"a Secret manifest holds {key} as a literal", key, node.path)


def _is_clear(key: str) -> bool:
    return kind_of(key) is None and any(word in _CLEAR or word.endswith(("username", "accountname")) for word in words(key))


def _plain(text: str) -> str:
    import binascii

    try:
        return binascii.a2b_base64(text.encode("ascii", "ignore")).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return text


# -- Compose, Helm, CI


def _compose(document: Document, context: Context) -> Iterator[Credential | Rejected]:
    message = "environment variable {name} holds a secret of {size} characters"
    for root in document.roots:
        for service in _entries(root.get("services")):
            for environment in (service.get("environment"), service.get("build", "args")):
                for entry in _entries(environment):
                    if entry.key is not None:
                        yield from _named(entry, "compose-environment-secret", context, message)
                    else:
                        yield from _pair(entry, "compose-environment-secret", context, message)


def _helm(document: Document, context: Context) -> Iterator[Credential | Rejected]:
    for root in document.roots:
        for node in root.walk():
            if node.key is not None and node.kind == "scalar":
                yield from _named(node, "helm-values-secret", context, "the chart's values give {name} a literal of {size} characters")


def _workflow(document: Document, context: Context) -> Iterator[Credential | Rejected]:
    for node in document.select("**.credentials.password"):
        yield from _place(
            node,
            "credentials.password",
            "password",
            "workflow-registry-password",
            context,
            "the password of a registry is written into the workflow",
            strict=True,
        )
    for node in document.select("**.env"):
        for entry in _entries(node):
            for found in _named(entry, "workflow-env-secret", context, "environment variable {name} holds a secret of {size} characters"):
                # a weak one is for the servers that a job starts for its own tests
                yield found._replace(tier="audit") if isinstance(found, Credential) and found.tier == "warn" else found


def _gitlab(document: Document, context: Context) -> Iterator[Credential | Rejected]:
    for node in document.select("**.variables"):
        for entry in _entries(node):
            inner = entry.get("value")
            kind = kind_of(entry.key or "")
            if kind is not None and kind != "name":
                yield from _place(
                    inner or entry,
                    entry.key or "",
                    kind,
                    "gitlab-variable-secret",
                    context,
                    "variable {name} of the pipeline holds a secret of {size} characters",
                )


# -- Dockerfile

_COPIED: Final = Lazy(
    r"(?:^|/)(?:\.env(?:\.(?!example|sample|template|dist|test)[\w-]+)?|id_(?:rsa|dsa|ecdsa|ed25519)|\.npmrc|\.pypirc|\.netrc|\.git-credentials|\.htpasswd|[\w.-]*(?:key|private|priv)[\w.-]*\.pem|[\w-]+\.key|\.aws/credentials|\.dockercfg|\.docker/config\.json|[\w.-]+\.(?:pfx|p12))$"
)


def _dockerfile(document: Document, context: Context) -> Iterator[Credential | Rejected]:
    for root in document.roots:
        for instruction in root.children:
            body = instruction
            if instruction.key == "ONBUILD":
                body = instruction.children[-1] if instruction.children else instruction
            if body.key in ("ENV", "ARG"):
                for entry in _entries(body.get("pairs")):
                    yield from _named(
                        entry, "dockerfile-secret-env", context, body.key + " {name} keeps a secret of {size} characters in the image"
                    )
            elif body.key in ("COPY", "ADD"):
                yield from _copied(body, context)


def _copied(instruction: Node, context: Context) -> Iterator[Credential | Rejected]:
    words = [word for word in _entries(instruction.get("args")) if word.kind == "scalar"]
    flags = {flag.key for flag in _entries(instruction.get("flags"))}
    if "from" in flags:
        return
    for word in words[:-1]:
        if word.value is not UNKNOWN and _COPIED.search(word.text):
            where = located(word)
            yield Credential(
                "dockerfile-copy-secret", where.offset(0), where.end(len(word.text)), "warn" if context.quiet else "block",
                "a file of credentials is copied into the image", word.text, word.path,
            )  # fmt: skip


def _text(node: Node | None) -> str:
    return node.resolved.text if node is not None and node.resolved.kind == "scalar" else ""


def _entries(node: Node | None) -> Iterable[Node]:
    return () if node is None or node.resolved.kind == "scalar" else node.entries()


_READERS: Final[tuple[tuple[str, Callable[[Document, Context], Iterator[Credential | Rejected]]], ...]] = (
    ("kubernetes", _kubernetes), ("compose", _compose), ("helm-values", _helm), ("github-workflow", _workflow), ("gitlab-ci", _gitlab), ("dockerfile", _dockerfile),
)  # fmt: skip


# -- where in a document a candidate of the line scanner stands


def node_at(document: Document, offset: int) -> Node | None:
    """The innermost scalar that holds ``offset``; ``None`` where children do not stand in the order of the file."""
    nodes: Iterable[Node] = document.roots
    while True:
        ordered = list(nodes) if not isinstance(nodes, list) else nodes
        at = bisect_right(ordered, offset, key=lambda node: node.start) - 1
        if at < 0 or ordered[at].end < offset:
            return None
        if ordered[at].kind == "scalar":
            return ordered[at]
        nodes = ordered[at].children


def context_rule(file: File, name: str, rule: str, text: str, start: int) -> str:
    """The rule that the file's kind has for a secret called ``name``; ``rule`` where it has none of its own."""
    kinds = file.type.kinds
    low = name.lower()
    base = file.path.rsplit("/", 1)[-1].lower()
    if "npmrc" in kinds and low.rpartition(":")[2].lstrip("_") in ("authtoken", "auth", "password"):
        return "npmrc-credentials"
    if (low.endswith("secret_key") and base.endswith(".py") and ("django" in text or "django-settings" in kinds)) or text.startswith(
        "django-insecure-", start
    ):
        return "django-secret-key"
    if low == "app_key" and text.startswith("base64:", start):
        return "laravel-app-key"
    if "spring" in kinds:
        return "spring-credentials"
    if "tfstate" in kinds:
        return "terraform-state-secret"
    if "terraform" in kinds:
        return "terraform-credentials"
    if kinds & {"cloudformation", "sam", "serverless"}:
        return "cloudformation-credentials"
    if kinds & {"ansible", "ansible-inventory"} and re.search(r"pass|become|vault|secret|token", low):
        return "ansible-credentials"
    if base == "wp-config.php":
        return "wordpress-config-secret"
    if "dotenv" in kinds and real_dotenv(base):
        return "dotenv-committed"
    return rule


def real_dotenv(base: str) -> bool:
    """Whether a file called ``base`` is the environment of a running program and not its example."""
    return re.search(r"example|sample|template|dist|defaults?|schema|tmpl|tpl|test", base) is None
