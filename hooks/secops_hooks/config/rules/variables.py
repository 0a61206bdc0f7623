"""Rules for environment variables that switch verification off, wherever a file sets them."""

from __future__ import annotations

from ...finding import Example, Rule
from ...records import TYPE_CHECKING
from ..match import Flip, Variables
from ..predicates import is_set, is_true, one_of

if TYPE_CHECKING:
    from typing import Final

ANYWHERE: Final = ("*", "dockerfile", "shell")
_CWE_295: Final = "https://cwe.mitre.org/data/definitions/295.html"


def _variable(
    id: str, title: str, names: tuple[str, ...], bad: str, good: str, fix: str, equivalents: tuple[str, ...], match: Variables
) -> Rule:
    """A rule about an environment variable that switches verification off."""
    name = names[0]
    return Rule(
        id=id, family="config", title=title, severity="high", tier="block", cwe=295,
        why="Anybody on the way can then present a certificate of their own, read the traffic and change it.",
        fix=fix, match=match, equivalents=equivalents, references=(_CWE_295,),
        bad=(
            Example(f"FROM alpine:3.22\nENV A=b {name}=«{bad}»\n", "Dockerfile"),
            Example(f"FROM alpine:3.22\nRUN A=b {name}=«{bad}» make && make\n", "Dockerfile"),
            Example(f"services:\n  web:\n    image: a\n    environment:\n      - {name}=«{bad}»\n", "compose.yaml"),
            Example(f'env:\n  {name}: «"{bad}"»\n', "config/service.yaml"),
            Example(f'{{"scripts": {{"build": "cross-env {name}=«{bad}» make"}}}}\n', "package.json"),
        ),
        good=(
            Example(f"FROM alpine:3.22\nENV {name}={good}\n", "Dockerfile"),
            Example(f"FROM alpine:3.22\nENV MY_{name}={bad}\n", "Dockerfile"),
            Example(f"services:\n  web:\n    image: a\n    environment:\n      - {name}=${{SETTING}}\n", "compose.yaml"),
        ),
    )  # fmt: skip


def _zero(*names: str) -> Variables:
    return Variables(ANYWHERE, names, one_of("0"), mend=Flip())


RULES: tuple[Rule, ...] = (
    _variable(
        "node-tls-unverified",
        "Node.js does not verify certificates",
        ("NODE_TLS_REJECT_UNAUTHORIZED",),
        "0",
        "1",
        "Take the variable out; give a private authority's certificate with NODE_EXTRA_CA_CERTS.",
        ("checkov:CKV2_DOCKER_6",),
        _zero("NODE_TLS_REJECT_UNAUTHORIZED"),
    ),
    _variable(
        "python-https-unverified",
        "Python does not verify certificates",
        ("PYTHONHTTPSVERIFY",),
        "0",
        "1",
        "Take the variable out; give a private authority's certificate with SSL_CERT_FILE.",
        ("checkov:CKV2_DOCKER_5",),
        _zero("PYTHONHTTPSVERIFY"),
    ),
    _variable(
        "npm-strict-ssl-variable",
        "npm does not verify certificates",
        ("NPM_CONFIG_STRICT_SSL",),
        "false",
        "true",
        "Take the variable out; give a private authority's certificate with NPM_CONFIG_CAFILE.",
        ("checkov:CKV2_DOCKER_12",),
        Variables(
            ANYWHERE,
            ("NPM_CONFIG_STRICT_SSL", "npm_config_strict_ssl", "YARN_STRICT_SSL", "YARN_ENABLE_STRICT_SSL"),
            one_of("false", "0", "no"),
            mend=Flip(),
        ),
    ),
    _variable(
        "git-ssl-no-verify",
        "git does not verify certificates",
        ("GIT_SSL_NO_VERIFY",),
        "true",
        "false",
        "Take the variable out; give a private authority's certificate with GIT_SSL_CAINFO.",
        ("checkov:CKV2_DOCKER_14",),
        Variables(ANYWHERE, ("GIT_SSL_NO_VERIFY",), is_true, mend=Flip()),
    ),
    _variable(
        "pip-trusted-host-variable",
        "pip does not verify the certificate of this host",
        ("PIP_TRUSTED_HOST",),
        "pypi.example.org",
        '""',
        "Take the variable out; give a private authority's certificate with PIP_CERT.",
        ("checkov:CKV2_DOCKER_16",),
        Variables(ANYWHERE, ("PIP_TRUSTED_HOST", "UV_INSECURE_HOST"), is_set),
    ),
    _variable(
        "go-checksums-off",
        "Go does not verify what it downloads",
        ("GONOSUMCHECK",),
        "1",
        "0",
        "Take the variable out; name private modules in GOPRIVATE.",
        (),
        Variables(ANYWHERE, ("GONOSUMCHECK",), is_true),
    )._replace(cwe=347),
    _variable(
        "ansible-host-keys-unchecked",
        "Ansible does not check the keys of its hosts",
        ("ANSIBLE_HOST_KEY_CHECKING",),
        "False",
        "True",
        "Take the variable out and put the hosts' keys into known_hosts.",
        ("semgrep:ansible-host-key-checking",),
        Variables(ANYWHERE, ("ANSIBLE_HOST_KEY_CHECKING",), one_of("false", "0", "no"), mend=Flip()),
    )._replace(tier="warn", cwe=322),
)
