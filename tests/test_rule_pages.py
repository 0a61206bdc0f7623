"""docs/rules: what the generator writes, complete, with links that lead somewhere and nothing that looks like a credential."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from secops_hooks.finding import FAMILIES
from secops_hooks.run import rules_of

ROOT = Path(__file__).resolve().parent.parent
DIRECTORY = ROOT / "docs" / "rules"


def _generator():
    spec = importlib.util.spec_from_file_location("rule_pages", ROOT / "docs" / "rules.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATOR = _generator()


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in DIRECTORY.iterdir()}


def _anchors(text: str) -> list[str]:
    prose = re.sub(r"^(`{3,})text\n.*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    headings = (re.sub(r"\[([^\]]+)\]\(\S+\)", r"\1", heading) for heading in re.findall(r"^#+ (.+)$", prose, re.MULTILINE))
    slugs = [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]
    return slugs + re.findall(r'<a id="([^"]+)">', prose)


def test_pages_are_what_the_generator_writes() -> None:
    assert GENERATOR.stale(GENERATOR.written()) == [], "run: python docs/rules.py"


def test_every_rule_is_on_exactly_one_page() -> None:
    counts = Counter(rule.id for page in GENERATOR.pages() for rule in page.rules)
    assert counts == Counter(rules_of(FAMILIES).keys())


def test_every_rule_is_in_the_index(files: dict[str, str]) -> None:
    by_tier, by_cwe = files["README.md"].split("\n## By CWE\n")
    listed = Counter(re.findall(r"^- \[([^\]]+)\]", by_tier, re.MULTILINE))
    assert listed == Counter(rule.id for rule in rules_of(FAMILIES).values() if rule.family != "secrets")
    numbered = Counter(re.findall(r"^- \[([^\]]+)\]", by_cwe, re.MULTILINE))
    assert numbered == Counter(rule.id for rule in rules_of(FAMILIES).values() if rule.family != "secrets" and rule.cwe)


def test_other_tools_ids_are_all_listed(files: dict[str, str]) -> None:
    for rule in rules_of(FAMILIES).values():
        name = "other-secret-scanners.md" if rule.family == "secrets" else "other-tools.md"
        assert not rule.equivalents or f"[{rule.id}](" in files[name]
    row = next(line for line in files["other-tools.md"].splitlines() if line.startswith("| DL3002 "))
    assert "(config-dockerfile.md#docker-" in row


def test_links_lead_somewhere(files: dict[str, str]) -> None:
    anchors = {name: _anchors(text) for name, text in files.items()}
    for name, text in files.items():
        assert max(Counter(anchors[name]).values()) == 1, name
        for page, mark in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", text):
            assert (page or name) in files, (name, page)
            assert not mark or mark in anchors[page or name], (name, page, mark)


def test_no_page_holds_a_credential(repo) -> None:
    """Nothing at block or warn: the run of our own hook is clean."""
    copied = [repo.write(path.name, path.read_bytes()).name for path in DIRECTORY.iterdir()]
    done = repo.run(sys.executable, "-m", "secops_hooks", "secrets", "--tier", "warn", "--fail-on", "warn", *copied)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_pages_are_small() -> None:
    assert sum(path.stat().st_size for path in DIRECTORY.iterdir()) < 2_000_000


@pytest.mark.parametrize(
    ("marked", "shown"),
    [
        pytest.param("a: «b»\n", "a: b\n   ^\n", id="a value"),
        pytest.param("«»{}\n", "{}\n^\n", id="an empty mark"),
        pytest.param("\tx «yz»\n", "\tx yz\n\t  ^^\n", id="tabs stay"),
        pytest.param("a\n«b\nc» d\n", "a\nb\n^\nc d\n^\n", id="two lines"),
        pytest.param("«a»: «b»\n", "a: b\n^  ^\n", id="two marks"),
        pytest.param("a\n", "a\n", id="no mark"),
    ],
)
def test_marks_become_carets(marked: str, shown: str) -> None:
    assert GENERATOR.underlined(marked) == shown


def test_prose_is_escaped_and_fences_hold() -> None:
    assert GENERATOR.escaped("a|b *c* <d>") == r"a\|b \*c\* \<d\>"
    assert GENERATOR.fenced("```\n").startswith("````text\n")
