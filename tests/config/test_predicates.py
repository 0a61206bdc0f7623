"""The questions rules ask of values: true, false or unknown."""

from __future__ import annotations

import pytest

from secops_hooks.config import predicates as p
from secops_hooks.files.source import Source
from secops_hooks.parse import parse
from secops_hooks.parse.node import UNKNOWN, Node


def value(text: str) -> Node:
    document = parse(Source.from_text("a.yaml", f"key: {text}\n"), "yaml")
    assert not document.problems
    node = document.roots[0].get("key")
    assert node is not None
    return node


@pytest.mark.parametrize(
    ("test", "text", "answer"),
    [
        (p.is_true, "true", True),
        (p.is_true, '"True"', True),
        (p.is_true, "yes", True),
        (p.is_true, "on", True),
        (p.is_true, "1", True),
        (p.is_true, "false", False),
        (p.is_true, "maybe", False),
        (p.is_true, "{a: true}", False),
        (p.is_true, "${FLAG}", UNKNOWN),
        (p.is_true, "$(FLAG)", UNKNOWN),
        (p.is_true, "'{{ flag }}'", UNKNOWN),
        (p.is_false, "no", True),
        (p.is_false, "off", True),
        (p.is_false, "0", True),
        (p.is_false, "none", False),
        (p.is_zero, "0", True),
        (p.is_zero, "00", True),
        (p.is_zero, "10", False),
        (p.equals("Unmasked"), "Unmasked", True),
        (p.equals("Unmasked"), "unmasked", False),
        (p.one_of("host"), "HOST", True),
        (p.more_than(0), "8080", True),
        (p.more_than(0), "0", False),
        (p.less_than(2048), "1024", True),
        (p.less_than(2048), "abc", False),
        (p.is_set, "''", False),
        (p.is_set, "null", False),
        (p.is_set, "[]", False),
        (p.is_set, "[a]", True),
        (p.is_set, "${A}", UNKNOWN),
        (p.is_empty, "''", True),
        (p.is_root_user, "root", True),
        (p.is_root_user, "0:0", True),
        (p.is_root_user, "root:staff", True),
        (p.is_root_user, "1000", False),
        (p.is_root_user, "rooter", False),
        (p.is_wildcard, "'*'", True),
        (p.is_wildcard, "'*.example.com'", False),
        (p.below_tls_12, "TLSv1.1", True),
        (p.below_tls_12, "TLS_1_0", True),
        (p.below_tls_12, "TLS10", True),
        (p.below_tls_12, "VersionTLS11", True),
        (p.below_tls_12, "1.0", True),
        (p.below_tls_12, "SSLv3", True),
        (p.below_tls_12, "769", True),
        (p.below_tls_12, "TLSv1.2", False),
        (p.below_tls_12, "1.3", False),
        (p.below_tls_12, "TLS12", False),
        (p.below_tls_12, "'12'", False),
        (p.offers_old_tls, "TLSv1 TLSv1.2", True),
        (p.offers_old_tls, "TLSv1.2,TLSv1.1", True),
        (p.offers_old_tls, "ALL -SSLv3 -TLSv1 -TLSv1.1", False),
        (p.offers_old_tls, "TLSv1.2 TLSv1.3", False),
        (p.world_open_cidr, "0.0.0.0/0", True),
        (p.world_open_cidr, "'::/0'", True),
        (p.world_open_cidr, "10.0.0.0/8", False),
        (p.any_host, "0.0.0.0", True),  # noqa: S104
        (p.any_host, "127.0.0.1", False),
        (p.is_plain_http, "http://downloads.acme.io/x", True),
        (p.is_plain_http, "http://localhost:8080", False),
        (p.is_plain_http, "http://redis:6379", False),
        (p.is_plain_http, "http://10.1.2.3/x", False),
        (p.is_plain_http, "https://downloads.acme.io/x", False),
        (p.world_writable_mode, "'0777'", True),
        (p.world_writable_mode, "666", True),
        (p.world_writable_mode, "a+w", True),
        (p.world_writable_mode, "755", False),
        (p.world_writable_mode, "u+w", False),
        (p.weak_hash, "md5", True),
        (p.weak_hash, "SHA-1", True),
        (p.weak_hash, "sha256", False),
        (p.weak_hash, "bcrypt", False),
        (p.no(p.is_true), "false", True),
        (p.no(p.is_true), "${A}", UNKNOWN),
        (p.all_of(p.is_set, p.is_true), "true", True),
        (p.all_of(p.is_true, p.is_set), "${A}", UNKNOWN),
        (p.any_of(p.is_true, p.one_of("host")), "host", True),
        (p.any_of(p.is_true, p.one_of("host")), "${A}", UNKNOWN),
        (p.is_mapping, "{a: b}", True),
        (p.is_sequence, "[a]", True),
        (p.contains_any("Always"), "AlwaysAllow", True),
        (p.matches(r"\A\d+\Z"), "12", True),
    ],
    ids=lambda v: getattr(v, "name", None) or repr(v),
)
def test_answers(test: p.Predicate, text: str, answer: object) -> None:
    assert test(value(text)) is answer


def test_every_predicate_is_data_with_a_known_name() -> None:
    made = [v for v in vars(p).values() if isinstance(v, p.Predicate)]
    assert made
    assert {predicate.name for predicate in made} <= set(p.TESTS)
