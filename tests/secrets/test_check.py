"""The door: exact places, nothing in clear, one finding a span, encodings, context, what must stay quiet, hostile input."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secops_hooks.files.filetype import detect
from secops_hooks.files.source import Source
from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import Finding
from secops_hooks.parse import File
from secops_hooks.policy.settings import Settings
from secops_hooks.secrets.check import check, redact, subject
from secops_hooks.secrets.formats.catalogue import load, numbers
from secops_hooks.secrets.formats.samples import token
from secops_hooks.secrets.tie import tied

FORMATS = {load(number).slug: load(number) for number in numbers()}


def made(slug: str, seed: int = 0) -> str:
    return token(FORMATS[slug], seed)


def found(text: str | bytes, path: str = "notes.txt") -> list[Finding]:
    source = Source(path, text) if isinstance(text, bytes) else Source.from_text(path, text)
    return list(check(File(source, detect(path, source.text)), MemoryTree({path: source.data}), Settings()))


def shown(findings: list[Finding], *tiers: str) -> set[str]:
    return {f.rule.id for f in findings if f.tier in (tiers or ("block", "warn"))}


def test_span_is_the_token() -> None:
    value = made("github-pat")
    (finding,) = [f for f in found(f'first\n  x = "{value}"  # why\n') if f.rule.id == "github-pat"]
    assert finding.span == (2, 8, 2, 8 + len(value))
    assert finding.confidence == "high"
    assert "checksum valid" in finding.message


def test_nothing_in_clear() -> None:
    for seed, slug in enumerate(sorted(FORMATS)[::9]):
        value = made(slug, seed)
        for finding in found(f"{slug} api key = '{value}'\n"):
            everything = " ".join((finding.message, finding.subject, finding.key_path))
            assert value not in everything
            assert value[4:] not in everything or len(value) < 8


def test_redaction_and_subject() -> None:
    assert redact("short") == "5 characters"
    assert redact("abcdefghijklmnopqrst") == "abcd…, 20 characters"
    assert subject("r", "secret") == subject("r", "secret") != subject("s", "secret")
    assert "secret" not in subject("r", "secret")


def test_a_failed_checksum_is_for_an_audit() -> None:
    value = made("github-pat")
    broken = value[:-1] + ("a" if value[-1] != "a" else "b")
    (finding,) = [f for f in found(f"t = {broken}\n") if f.rule.id == "github-pat"]
    assert (finding.tier, finding.confidence) == ("audit", "low")
    assert "checksum wrong" in finding.message


def test_a_jwt_that_cannot_be_read_is_for_an_audit() -> None:
    header, _, rest = made("json-web-token").partition(".")
    (finding,) = [f for f in found(f"t = {header[:-8]}.{rest}\n") if f.rule.id == "json-web-token"]
    assert (finding.tier, finding.confidence) == ("audit", "low")


def test_one_finding_a_span() -> None:
    text = "".join(
        f"service_{i}_token = '{made(slug)}'\n"
        for i, slug in enumerate(("stripe-secret-key", "openai-proj-key", "json-web-token", "npm-access-token"))
    )
    spans = [f.span for f in found(text)]
    assert len(spans) == len(set(spans)) == 4


OVERLAPS = {
    "routable over classic": ("gitlab-routable-pat", "gitlab-routable-pat"),
    "fine-grained": ("github-fine-grained-pat", "github-fine-grained-pat"),
    "prefix of another's prefix": ("openai-svcacct-key", "openai-svcacct-key"),
    "anthropic is no openai": ("anthropic-api-key", "anthropic-api-key"),
}


@pytest.mark.parametrize("name", sorted(OVERLAPS))
def test_the_more_specific_format_wins(name: str) -> None:
    slug, wins = OVERLAPS[name]
    assert shown(found(f"x = {made(slug)}\n")) == {wins}


ENCODED = {
    "base64": lambda v: f"data: {b64encode(f'token={v} and more words'.encode()).decode()}",
    "base64 twice": lambda v: f"data: {b64encode(b64encode(f'token={v} and more words'.encode())).decode()}",
    "hex": lambda v: f"blob = {f'token={v};'.encode().hex()}",
    "percent": lambda v: "url = /?q=" + "".join(f"%{b:02X}" for b in v.encode()),
    "unicode escapes": lambda v: 's = "' + "".join(f"\\u{ord(c):04x}" for c in v) + '"',
    "string in a string": lambda v: '{"a": "{\\"b\\": \\"' + v + '\\"}"}',
    "escaped line end before it": lambda v: '["first\\n' + v + '\\n"]',
}


@pytest.mark.parametrize("how", sorted(ENCODED))
def test_encodings_hide_nothing(how: str) -> None:
    value = made("github-pat", 3)
    findings = [f for f in found(ENCODED[how](value) + "\n", "data.json" if "string" in how else "data.txt") if f.rule.id == "github-pat"]
    assert findings
    assert all(f.span.line == 1 for f in findings)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32"])
def test_wide_files(encoding: str) -> None:
    assert "npm-access-token" in shown(found(f"a line\ntoken = {made('npm-access-token')}\n".encode(encoding)))


def test_invalid_utf8_beside_a_token() -> None:
    assert "npm-access-token" in shown(found(b"\xff\xfe\xfa caf\xe9\ntoken = " + made("npm-access-token").encode()))


TIES = {
    "key of the provider": ("acme_api_key = '", 4, 2),
    "environment": ("ACME_TOKEN=", 4, 2),
    "keyword between": ("acme SECRET ", 4, 2),
    "provider assigned": ("acme: ", 4, 1),
    "provider then value": ("acme ", 4, 1),
    "call": ('Acme(api_key="', 4, 2),
    "constructor": ('AcmeClient("', 4, 1),
    "module's function": ("acme.connect('", 4, 1),
    "nested": ("acme:\n  api_key: ", 4, 2),
    "element": ("<acmeToken>\n    ", 4, 2),
    "query": ("acme.example/v1?key=", 4, 2),
    "bearer": ("acme_auth: 'Bearer ", 4, 2),
    "other statement": ("acme(x); digest = ", 4, 0),
    "prose": ("acme is the name. Later we write of ", 4, 0),
    "cache key on another line": ("acme:\n  cache-key: ", 4, 0),
    "far": ("acme" + " word" * 40 + " key=", 4, 0),
}


@pytest.mark.parametrize("name", sorted(TIES))
def test_ties(name: str) -> None:
    gap, size, expected = TIES[name]
    assert tied(gap, size) == expected


HEX40 = "".join(Random(5).choices("0123456789abcdef", k=40))
HEX64 = "".join(Random(6).choices("0123456789abcdef", k=64))
QUIET = {
    "action pinned to a commit": f"      - uses: github/codeql-action/init@{HEX40}\n",
    "commit in a URL": f"# see https://github.com/acme/thing/blob/{HEX40}/a.py\n",
    "image digest": f"image: docker.io/acme/app@sha256:{HEX64}\n",
    "integrity": '"integrity": "sha512-' + b64encode(Random(1).randbytes(64)).decode() + '"\n',
    "file hash": f"{HEX64}  acme-1.0.tar.gz\n",
    "a name alone": "The todoist token is read from the environment.\n",
    "placeholder": "todoist_token = xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n",
    "documented": "key = AK" + "IA" + "IOSFODNN7EXAMPLE\n",
    "base64 image": "<img src='data:image/png;base64," + b64encode(Random(2).randbytes(4000)).decode() + "'>\n",
    "words with a prefix": "core_re_compile_patterns_for_all = hf_transfer_is_enabled_by_default\n",
    "path": "include/ptr_container/detail/serialize_reversible_cont_of_pointers.hpp\n",
}


@pytest.mark.parametrize("name", sorted(QUIET))
def test_quiet(name: str) -> None:
    assert shown(found(QUIET[name], "notes.yml" if "action" in name else "notes.txt")) == set()


def test_near_miss_is_told_at_audit_only() -> None:
    text = f"GITHUB_TOKEN={made('github-pat')[:-6]}\n"
    assert shown(found(text)) == set()
    assert shown(found(text), "audit") == {"credential-malformed"}


def test_what_is_longer_than_a_token_is_judged_by_its_name_and_never_blocks() -> None:
    longer = f"{made('github-pat')}x7Q"
    under, alone = found(f"GITHUB_TOKEN={longer}\n"), found(f"see {longer}\n")
    assert [(f.rule.id, f.tier != "block") for f in under] == [("generic-token", True)]
    assert [(f.rule.id, f.tier) for f in alone] == [("credential-malformed", "audit")]


@pytest.mark.parametrize("change", [lambda token: f"{token}_x7Q", str.upper], ids=["in a longer word", "in other letters"])
def test_what_only_looks_like_a_token_is_for_an_audit_even_under_its_name(change: Callable[[str], str]) -> None:
    (finding,) = found(f"APIFY_TOKEN={change(made('apify-api-token'))}\n")
    assert (finding.rule.id, finding.tier) == ("credential-malformed", "audit")


def test_public_keys_are_audit() -> None:
    assert shown(found(f"key = '{made('stripe-publishable-key')}'\n")) == set()
    assert "stripe-publishable-key" in shown(found(f"key = '{made('stripe-publishable-key')}'\n"), "audit")


def test_binary_files_are_searched_for_distinctive_formats_only() -> None:
    noise = Random(9).randbytes(50_000)
    value = made("github-pat").encode()
    assert shown(found(b"\0\1\2" + noise + b"\0" + value + b"\0" + noise)) == {"github-pat"}
    assert shown(found(b"\0\1\2" + noise)) == set()


HOSTILE = {
    "one long line of a": "a" * 2_000_000,
    "prefix again and again": "ghp_" * 300_000,
    "jwt heads": "eyJ" * 400_000,
    "names again and again": "todoist token " * 100_000,
    "nearly a token": ("ghp_" + "a1" * 17 + " ") * 20_000,
    "dots": ".ey" * 400_000,
    "base64": b64encode(Random(4).randbytes(1_500_000)).decode(),
    "quotes": "\"'`" * 500_000,
    "key keys": "key = key = " * 15_000,
    "one token many times": ("x = " + "ghp_" + "a1B2c3D4e5F6" * 3 + "\n") * 3000,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_time_is_bounded(name: str) -> None:
    began = time.process_time()
    found(HOSTILE[name] + "\n")
    assert time.process_time() - began < 20


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["a.py", "b.yaml", "c.json", "d.env", "e.txt", ".npmrc"]))
def test_no_text_breaks_it(text: str, path: str) -> None:
    lines = text.count("\n") + text.count("\r") + 1
    for finding in found(text, path):
        assert 1 <= finding.span.line <= finding.span.end_line <= lines


def test_pairs_the_secret_beside_an_id() -> None:
    id_, secret = "AK" + "IA" + "Q3EG7PNZ5KJ2VTWD", made("aws-secret-access-key", 4)
    findings = found(f"client({id_!r}, {secret!r})\n", "deploy.py")
    assert shown(findings) == {"aws-access-key-id", "aws-secret-access-key"}
    assert [f.span.col for f in findings if f.rule.id == "aws-secret-access-key"] == [len(f"client({id_!r}, '") + 1]


def test_a_hash_beside_an_id_is_no_secret() -> None:
    id_ = "AK" + "IA" + "Q3EG7PNZ5KJ2VTWD"
    assert shown(found(f"{id_} sha1={HEX40}\n{id_} {HEX40}\n")) == {"aws-access-key-id"}


def test_private_keys_among_tests_warn() -> None:
    body = b64encode(Random(8).randbytes(300)).decode()
    text = f"{'-' * 5}BEGIN PRIVATE KEY{'-' * 5}\n{body}\n{'-' * 5}END PRIVATE KEY{'-' * 5}\n"
    assert [f.tier for f in found(text, "deploy/server.pem")] == ["block"]
    assert [f.tier for f in found(text, "tests/certs/server.pem")] == ["warn"]


def test_allowed_values() -> None:
    value = made("npm-access-token")
    text = f"a = {value}\nb = {made('npm-access-token', 1)}\n"
    source = Source.from_text("a.txt", text)
    chosen = Settings(extra={"secrets": {"allow": [value[:8] + ".*"]}})
    spans = [f.span.line for f in check(File(source, detect("a.txt", text)), MemoryTree({}), chosen) if f.tier != "audit"]
    assert spans == [2]


def test_web_keys_of_firebase_are_public() -> None:
    key = made("google-api-key")
    assert shown(found(f'const firebaseConfig = {{ apiKey: "{key}", authDomain: "x.firebaseapp.com" }};\n', "app.js")) == set()
    assert "google-api-key" in shown(found(f'const key = "{key}";\n', "app.js"))


def test_lock_files_have_distinctive_tokens_only() -> None:
    line = f'"todoist-api": {{ "key": "{HEX40}" }}\n'
    assert "todoist-api-token" in shown(found(line, "data.json"))
    assert shown(found(line, "package-lock.json")) == set()
    assert "npm-access-token" in shown(found(f"//r/:_authToken={made('npm-access-token')}\n", "package-lock.json"))


def test_a_token_inside_wrapped_base64_is_none_but_a_list_of_tokens_is_read() -> None:
    from secops_hooks.secrets.candidates import in_blob

    token = "EA" + "AA" + "q7Rx2mZk9Tw4Lpv8Nd6hY3Bc"
    lines = [b64encode(Random(n).randbytes(57)).decode() for n in range(4)]
    lines[2] = lines[2][:20] + "+" + token + "/" + lines[2][22 + len(token) :]
    wrapped = "\n".join(lines) + "\n"
    at = wrapped.index(token)
    assert in_blob(wrapped, at, at + len(token))
    alone = lines[2] + "\nmore\n"
    assert not in_blob(alone, alone.index(token), alone.index(token) + len(token))
    several = "".join(f"{token}{n:048}\n" for n in range(4))
    assert not in_blob(several, 0, several.index("\n"))
    tokens = [made("github-pat", n) for n in range(4)]
    assert len([f for f in found("\n".join(tokens) + "\n") if f.rule.id == "github-pat"]) == 4
