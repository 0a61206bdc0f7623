"""Writes docs/rules/: a page a subject with its rules, and the indexes. ``--check`` only compares.

python docs/rules.py [--check]

Everything comes from the rules themselves. Of credential formats only a table is written, never a sample.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple

from secops_hooks.config.examples import place, unmark
from secops_hooks.finding import FAMILIES, SEVERITIES, TIERS, Example, Rule
from secops_hooks.run import rules_of

PAGES: Final = Path(__file__).resolve().parent / "rules"
_MEANING: Final = {"block": "stops the commit", "warn": "is shown and lets the commit pass", "audit": "is shown only when asked for"}
_SECRETS: Final = "secrets.md"
_FORMATS: Final = "secret-formats.md"
_NOTE: Final = "<!-- written by docs/rules.py -->\n\n"


class Page(NamedTuple):
    """A file of docs/rules: its name, what it is about, and its rules in order."""

    name: str
    title: str
    rules: tuple[Rule, ...]


def escaped(text: str) -> str:
    """``text`` as Markdown that shows just that."""
    return re.sub(r"([\\`*_\[\]<>|~])", r"\\\1", " ".join(text.split()))


def pages() -> tuple[Page, ...]:
    """All pages that show rules, each rule on exactly one."""
    rules = rules_of(FAMILIES)
    formats = frozenset(_formats())
    found = [_module_page(family, module) for family in ("config", "pins") for module in _modules(family)]
    python = tuple(rule for rule in rules.values() if rule.family == "python")
    secrets = [rule for rule in rules.values() if rule.family == "secrets"]
    found += [
        Page("python.md", "Python code, by bandit.", python),
        Page(
            _SECRETS,
            "Secrets that no provider's format gives away: passwords, private keys, files.",
            tuple(r for r in secrets if r.id not in formats),
        ),
        Page(_FORMATS, "Credentials of known formats, by provider.", tuple(r for r in secrets if r.id in formats)),
        Page(
            "kernel.md",
            "The hooks themselves: files that cannot be read, and suppressions.",
            tuple(r for r in rules.values() if r.family == "kernel"),
        ),
    ]
    return tuple(page for page in found if page.rules)


def _modules(family: str) -> tuple[str, ...]:
    if family == "config":
        from secops_hooks.config.rules import modules

        return modules()
    from secops_hooks.pins.rules import MODULES

    return tuple(MODULES)


def _module_page(family: str, module: str) -> Page:
    """The page of a module of rules; its docstring says what it is about."""
    loaded = import_module(f"secops_hooks.{family}.rules.{module}")
    about = (loaded.__doc__ or module).strip().partition("\n")[0].partition(" What concerns")[0]
    about = re.sub(r"^(The rules|Rules) (for|about) ", "", about)
    return Page(f"{family}-{module.replace('_', '-')}.md", about[:1].upper() + about[1:], tuple(loaded.RULES))


def _formats() -> dict[str, tuple[str, str]]:
    """Provider and kind of every credential format, by rule id."""
    from secops_hooks.secrets.formats.catalogue import load, numbers

    return {fmt.slug: (fmt.provider, fmt.kind) for fmt in map(load, numbers())}


# -- one rule


def rule_section(rule: Rule) -> Iterator[str]:
    """The Markdown of one rule. Samples of secrets are left out."""
    cwe = f", [CWE-{rule.cwe}](https://cwe.mitre.org/data/definitions/{rule.cwe}.html)" if rule.cwe else ""
    yield f"\n## {rule.id}\n\n**{escaped(rule.title)}**\n\n"
    yield f"Tier {rule.tier}, severity {rule.severity}, confidence {rule.confidence}{cwe}\n\n"
    yield f"Why: {escaped(rule.why)}\n\nFix: {escaped(rule.fix)}\n"
    if rule.aliases:
        yield f"\nAliases: {', '.join(f'`{each}`' for each in rule.aliases)}\n"
    if rule.equivalents:
        yield f"\nElsewhere: {', '.join(f'`{each}`' for each in rule.equivalents)}\n"
    if rule.references:
        yield f"\nSee: {', '.join(f'<{each}>' for each in rule.references)}\n"
    if rule.family != "secrets":
        for heading, examples in (("Stopped" if rule.tier == "block" else "Reported", rule.bad), ("Fine", rule.good)):
            if examples:
                yield from _example(heading, rule, examples[0])


def _example(heading: str, rule: Rule, example: Example) -> Iterator[str]:
    path = example.path or (place(rule, example) if rule.family == "config" else "")
    yield f"\n{heading}{f', `{path}`' if path else ''}:\n\n"
    yield fenced(underlined(example.text))
    for what, files in (("beside it", example.beside), ("before the commit", example.before)):
        for name, text in files:
            yield f"\n… {what}, `{name}`:\n\n"
            yield fenced(text)


def fenced(text: str) -> str:
    """``text`` as a block of code; its fence is longer than any in it."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    body = text if text.endswith("\n") else text + "\n"
    return f"{fence}text\n{body}{fence}\n"


def underlined(marked: str) -> str:
    """The text of an example with carets below what its marks enclose; one caret for an empty mark."""
    text, marks = unmark(marked)
    lines: list[str] = []
    start = 0
    for line in text.splitlines():
        lines.append(line)
        below = _carets(line, start, marks)
        if below:
            lines.append(below)
        start += len(line) + 1
    return "\n".join(lines) + "\n"


def _carets(line: str, start: int, marks: Iterable[tuple[int, int]]) -> str:
    """The line of carets below ``line``, which begins at offset ``start``; empty when nothing of it is marked."""
    end = start + len(line)
    below = ["\t" if char == "\t" else " " for char in line] + [" "]
    for begin, stop in marks:
        if begin <= end and stop >= start and (stop > start or begin == stop):
            for at in range(max(begin, start), max(min(stop, end), max(begin, start) + (begin == stop))):
                below[at - start] = "^"
    return "".join(below).rstrip() if "^" in below else ""


# -- pages


def page_text(page: Page) -> str:
    """The whole file of a page."""
    if page.name == _FORMATS:
        return _formats_text(page)
    parts = [_NOTE, f"# {escaped(page.title.rstrip('.'))}\n\n", f"{len(page.rules)} rules. [All rules](README.md)\n"]
    if page.name == _SECRETS:
        parts.append(f"\nCredentials whose provider is known by their form: [{_FORMATS}]({_FORMATS}). No samples are shown here.\n")
    for rule in page.rules:
        parts += rule_section(rule)
    return "".join(parts)


def _formats_text(page: Page) -> str:
    from secops_hooks.secrets.verify import CHECKS, CHECKSUMS

    named = _formats()
    rows = []
    for rule in sorted(page.rules, key=lambda rule: (named[rule.id][0].lower(), rule.id)):
        provider, kind = named[rule.id]
        offline = "checksum" if rule.id in CHECKSUMS else "what it carries" if rule.id in CHECKS else ""
        name = f'<a id="{anchor(rule)}"></a>`{rule.id}`'
        rows.append(f"| {escaped(provider)} | {escaped(kind)} | {name} | {rule.severity} | {rule.tier} | {offline} |\n")
    return (
        f"{_NOTE}# {escaped(page.title.rstrip('.'))}\n\n{len(rows)} rules. [All rules](README.md)\n\n"
        "Verified offline: a *checksum* in the token is recomputed; *what it carries* (an account, an issuer, an expiry) is read. "
        "`secops-hooks explain RULE` says more of each.\n\n"
        "| provider | type | rule | severity | tier | verified offline |\n|---|---|---|---|---|---|\n" + "".join(rows)
    )


def anchor(rule: Rule) -> str:
    """What a link to the rule's heading ends with."""
    return rule.id.lower()


def links(all_pages: Iterable[Page]) -> dict[str, str]:
    """A Markdown link to each rule, by id."""
    return {rule.id: f"[{rule.id}]({page.name}#{anchor(rule)})" for page in all_pages for rule in page.rules}


# -- indexes


def index_text(all_pages: tuple[Page, ...]) -> str:
    """README.md: by platform, tier, CWE and other tools."""
    link = links(all_pages)
    shown = [rule for page in all_pages if page.name not in (_SECRETS, _FORMATS) for rule in page.rules]
    parts = [
        _NOTE,
        "# Rules\n\n",
        "By [platform](#by-platform), [tier](#by-tier), [CWE](#by-cwe), [other tools' ids](#by-other-tools-ids). ",
    ]
    parts.append("`secops-hooks explain RULE` shows a rule in the terminal, also by another tool's id.\n\n")
    parts.append("## By platform\n\n| page | about | rules | block | warn | audit |\n|---|---|--:|--:|--:|--:|\n")
    for page in all_pages:
        counts = " | ".join(str(sum(rule.tier == tier for rule in page.rules)) for tier in TIERS)
        parts.append(f"| [{page.name.removesuffix('.md')}]({page.name}) | {escaped(page.title)} | {len(page.rules)} | {counts} |\n")
    parts.append(f"\n## By tier\n\nSecrets stand in [{_SECRETS}]({_SECRETS}) and [{_FORMATS}]({_FORMATS}).\n")
    for tier in TIERS:
        parts.append(f"\n### {tier}: {_MEANING[tier]}\n\n")
        ordered = sorted((rule for rule in shown if rule.tier == tier), key=lambda rule: (SEVERITIES.index(rule.severity), rule.id))
        parts += (f"- {link[rule.id]} ({rule.severity}): {escaped(rule.title)}\n" for rule in ordered)
    parts.append("\n## By CWE\n")
    by_cwe: dict[int, list[str]] = defaultdict(list)
    for rule in shown:
        if rule.cwe:
            by_cwe[rule.cwe].append(rule.id)
    for cwe, ids in sorted(by_cwe.items()):
        parts.append(f"\n### [CWE-{cwe}](https://cwe.mitre.org/data/definitions/{cwe}.html)\n\n")
        parts += (f"- {link[each]}\n" for each in sorted(ids))
    parts.append("\n## By other tools' ids\n\nI had `CKV_K8S_16` and hadolint `DL3002`: what now? Look the id up here, ")
    parts.append("or ask `secops-hooks explain CKV_K8S_16`.\n\n| tool | ids | where |\n|---|--:|---|\n")
    for name, families in _TOOL_PAGES.items():
        for tool, ids in equivalents(all_pages, families).items():
            parts.append(f"| {tool} | {len(ids)} | [{name}]({name}#{tool}) |\n")
    return "".join(parts)


_TOOL_PAGES: Final = {"other-tools.md": ("config", "pins", "python"), "other-secret-scanners.md": ("secrets",)}


def equivalents(all_pages: Iterable[Page], families: tuple[str, ...]) -> dict[str, dict[str, list[str]]]:
    """Tool, its ids in order, and the ids of our rules for each."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for page in all_pages:
        for rule in page.rules:
            if rule.family in families:
                for tool, _, theirs in (each.partition(":") for each in rule.equivalents):
                    found[tool][theirs].append(rule.id)
    return {tool: dict(sorted(ids.items(), key=lambda item: _natural(item[0]))) for tool, ids in sorted(found.items())}


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() and part.isascii() else (-1, part) for part in re.split(r"([0-9]+)", name)]


def tools_text(all_pages: tuple[Page, ...], families: tuple[str, ...]) -> str:
    """Other tools' ids and our rules for each, a table a tool."""
    link = links(all_pages)
    parts = [_NOTE, "# Other tools' ids, and the rules that stand for them\n\n[All rules](README.md)\n"]
    for tool, ids in equivalents(all_pages, families).items():
        parts.append(f"\n## {tool}\n\n| {tool} | here |\n|---|---|\n")
        parts += (f"| {escaped(theirs)} | {', '.join(link[each] for each in sorted(ours))} |\n" for theirs, ours in ids.items())
    return "".join(parts)


def written() -> dict[str, str]:
    """Every file of docs/rules by name."""
    all_pages = pages()
    files = {page.name: page_text(page) for page in all_pages}
    files["README.md"] = index_text(all_pages)
    files.update({name: tools_text(all_pages, families) for name, families in _TOOL_PAGES.items()})
    return files


def stale(files: dict[str, str]) -> list[str]:
    """Names of files that are missing, too many, or not as ``files`` has them."""
    there = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*")}
    return sorted(name for name in there.keys() | files.keys() if there.get(name) != files.get(name))


def main() -> int:
    files = written()
    changed = stale(files)
    if "--check" in sys.argv:
        if changed:
            print(f"docs/rules: {', '.join(changed)} not as the rules are; run: python docs/rules.py", file=sys.stderr)
        return int(bool(changed))
    PAGES.mkdir(exist_ok=True)
    for name in changed:
        if name in files:
            (PAGES / name).write_text(files[name], encoding="utf-8", newline="\n")
        else:
            (PAGES / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
