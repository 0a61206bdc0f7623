"""Every rule of the table: found in every syntax at its exact place, not found when it almost matches."""

from __future__ import annotations

from pathlib import Path

import pytest

from secops_hooks.files.filetype import detect
from secops_hooks.files.source import Source
from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import Finding
from secops_hooks.parse import File
from secops_hooks.policy.settings import Settings
from secops_hooks.secrets.candidates import Match, decide, shaped
from secops_hooks.secrets.check import check, rules
from secops_hooks.secrets.examples import with_examples
from secops_hooks.secrets.formats import index, words
from secops_hooks.secrets.formats.catalogue import load, numbers
from secops_hooks.secrets.formats.notation import Format, literals, longest, pattern, reach, shortest, walk
from secops_hooks.secrets.formats.samples import SYNTAXES, fits, name_of, near_misses, token, write
from secops_hooks.secrets.match import scan

FORMATS = {load(number).slug: load(number) for number in numbers()}
ids = sorted(FORMATS)


def found(text: str, path: str = "sample.txt") -> list[Finding]:
    source = Source.from_text(path, text)
    return list(check(File(source, detect(path, text)), MemoryTree({path: text}), Settings(tier="audit")))


def at(text: str, finding: Finding) -> str:
    source = Source.from_text("x", text)
    start = source.line_starts[finding.span.line - 1] + finding.span.col - 1
    end = source.line_starts[finding.span.end_line - 1] + finding.span.end_col - 1
    return text[start:end]


def provider(slug: str) -> str:
    return FORMATS[slug].provider if slug in FORMATS else ""


@pytest.mark.parametrize("slug", ids)
def test_true_samples_are_found_in_every_syntax(slug: str) -> None:
    fmt = FORMATS[slug]
    for shape in range(len(fmt.shapes)):
        lines = []
        for seed, syntax in enumerate(SYNTAXES):
            value = token(fmt, seed, shape)
            if fits(syntax, value):
                lines.append((write(syntax, name_of(fmt), value), value))
        assert lines, f"no syntax can hold a sample of {slug}"
        for line, value in lines:
            text = f"# one\n{line}\n"
            hits = [f for f in found(text) if value in at(text, f) or at(text, f) in value]
            assert hits, (slug, shape, line)
            assert any(f.rule.id == slug or provider(f.rule.id) for f in hits), (slug, [f.rule.id for f in hits])
            assert all(value not in f.message for f in hits)
        whole = "\n".join(line for line, _ in lines)
        spans = {at(whole, f) for f in found(whole)}
        assert {value for _, value in lines} <= spans, (slug, shape, [v for _, v in lines if v not in spans])


@pytest.mark.parametrize("slug", ids)
def test_what_almost_matches_is_not_this_credential(slug: str) -> None:
    fmt = FORMATS[slug]
    for why, value in near_misses(fmt):
        line = write("env", name_of(fmt), value)
        assert slug not in {f.rule.id for f in found(line)}, (why, line)


@pytest.mark.parametrize("slug", ids)
def test_rows_are_well_formed(slug: str) -> None:
    fmt = FORMATS[slug]
    assert fmt.severity in ("critical", "high", "medium", "low")
    assert fmt.tier in ("block", "warn", "audit")
    assert fmt.shapes
    assert all(word == word.lower() and word.strip() for word in fmt.context)
    for shape in fmt.shapes:
        pattern(shape)
        assert 8 <= shortest(shape) <= longest(shape)
        if not fmt.context:
            _, found_words = literals(shape)
            assert found_words, "a format without context needs a literal for the pre-scan"
            assert reach(shape) <= 16500
        for part in walk(shape):
            assert isinstance(part, str | tuple), part


def test_words_are_what_the_table_gives() -> None:
    assert index.source(index.derive()) == Path(words.__file__).read_text(encoding="utf-8"), (
        "run: python -m secops_hooks.secrets.formats.index"
    )


def test_slugs_are_unique_and_every_rule_has_texts() -> None:
    assert len(FORMATS) == len(numbers())
    for rule in rules().values():
        assert rule.title, rule.id
        assert rule.why, rule.id
        assert rule.fix, rule.id


def test_equivalents_name_a_tool() -> None:
    for fmt in FORMATS.values():
        assert isinstance(fmt, Format)
        assert all(":" in equivalent for equivalent in fmt.equivalents), fmt.slug


@pytest.mark.parametrize("slug", ids[::13])
def test_examples_prove_the_rule(slug: str) -> None:
    rule = with_examples(rules()[slug])
    assert rule.bad
    for example in rule.bad:
        text = example.text.replace("«", "").replace("»", "")
        start = example.text.index("«")
        marked = example.text[start + 1 : example.text.index("»")]
        assert marked in [at(text, f) for f in found(text, example.path)]
    for example in rule.good:
        assert slug not in {f.rule.id for f in found(example.text, example.path)}


# Formats with the shape of another: without the provider's name beside it nothing tells them apart, and the table's order decides.
TWINS = {
    "square-oauth-secret": "square-sec",
    "teamworkdesk-api-key": "teamworkcrm-api-key",
    "teamworkspaces-api-key": "teamworkcrm-api-key",
    "voiceflow-api-key-2": "voiceflow-api-key",
    "workos-api-key": "highnote-api-key",
}


@pytest.mark.parametrize("slug", [slug for slug in ids if not FORMATS[slug].context])
def test_a_token_that_stands_alone_is_claimed_by_its_own_format(slug: str) -> None:
    fmt = FORMATS[slug]
    for shape in range(len(fmt.shapes)):
        value = token(fmt, 0, shape)
        claims = [load(m.number).slug for m in scan(f"VALUE: {value}\n").matches]
        assert claims == [TWINS.get(slug, slug)], (shape, claims)


@pytest.mark.parametrize("slug", ids)
def test_what_decides_between_formats_does_not_depend_on_the_order_of_their_claims(slug: str) -> None:
    fmt = FORMATS[slug]
    value = token(fmt, 3)
    text = f"{name_of(fmt)}: {value}\n"
    start = text.index(value)
    claims = [
        Match(start, start + len(value), number, shape, near, near >= 0)
        for number in numbers()
        for shape, compiled in enumerate(shaped(number).patterns)
        if compiled.fullmatch(value)
        for near in ((1,) if load(number).context else (-1,))
    ]
    winners = decide(claims, text)
    assert len(winners) == 1
    assert decide(claims[::-1], text) == winners
