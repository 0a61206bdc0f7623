"""What a change loosens in settings, baseline and suppressions: the policy before against the policy after, each place named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from ..files.source import Source
from ..files.tree import Tree
from ..finding import TIERS, Finding, Rule, Span, report
from ..parse import parse
from ..parse.node import Node
from ..policy.baseline import FILE_NAME as BASELINE
from ..policy.baseline import BaselineError, Contents
from ..policy.baseline import parse as parse_baseline
from ..policy.baseline import read as read_baseline
from ..policy.settings import FILE_NAME, TABLE, Settings, SettingsError
from ..policy.settings import parse as parse_settings
from ..python.options import read as read_bandit
from .rules import LOOSENED
from .trees import before, new_markers

TOP: Final = Span(1, 1, 1, 1)
_LEVELS: Final = ("content", "version", "floating")  # strict to lax
_MORE: Final = (("secrets", "allow"), ("pins", "trusted"), ("pins", "hosts"))  # lists that accept more when they grow


class Held(NamedTuple):
    """Settings as a tree has them, and the file that they stand in (``None``: there is none)."""

    settings: Settings
    source: Source | None = None


def held(tree: Tree, start: str) -> Held:
    """The settings that hold in directory ``start`` (a tree path, ``""`` for the root). Raises :class:`SettingsError`."""
    here = start
    while True:
        below = f"{here}/" if here else ""
        for name in (f"{below}{FILE_NAME}", f"{below}pyproject.toml"):
            source = tree.find(name)
            if source is not None and (name.endswith(FILE_NAME) or "tool.secops-hooks" in source.text):
                return Held(parse_settings(source.data, name, here), source)
        if not here:
            return Held(Settings())
        here = here.rpartition("/")[0]


def in_settings(old: Held, tree: Tree, start: str, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """What the settings of ``tree`` allow that the ``old`` ones do not. ``rules`` gives the tiers that rules have by themselves."""
    gone = old.source.path if old.source is not None else FILE_NAME
    try:
        new = held(tree, start)
    except SettingsError as error:
        yield report(LOOSENED, gone, TOP, f"with these settings nothing would be checked: {error}")
        return
    place = _Place(new.source, gone)
    a, b = old.settings, new.settings
    for family in a.families:
        if family not in b.families:
            yield place.at(f"the family {family} is switched off", "families")
    for name, lax in (("tier", -1), ("fail_on", -1), ("unanalysable", 1)):
        was, now = getattr(a, name), getattr(b, name)
        if (TIERS.index(now) - TIERS.index(was)) * lax > 0:
            yield place.at(f"{name.replace('_', '-')} is lowered from {was} to {now}", name.replace("_", "-"))
    for glob in _added(a.exclude, b.exclude):
        yield place.at(f"{glob!r} is excluded from all checks", "exclude", glob)
    for glob in _added(b.unsuppressible, a.unsuppressible):
        yield place.at(f"{glob!r} can be suppressed again", "unsuppressible")
    for number, owner in enumerate(b.owners):
        if owner not in a.owners:
            yield place.at(f"{owner!r} may change the policy, too", "owners", number)
    if a.require_reason and not b.require_reason:
        yield place.at("suppressions need no reason any more", "require-reason")
    for number, override in enumerate(b.override):
        if override not in a.override:
            yield place.at(f"a new or changed [[override]] holds for {', '.join(override.paths)}", "override", number)
    yield from _rules(a, b, place, rules)
    known = {entry._replace(origin="", reason="") for entry in a.ignore}
    for number, entry in enumerate(b.ignore):
        if entry._replace(origin="", reason="") not in known:
            reason = "" if entry.reason else ", without a reason"
            yield place.at(f"a new [[ignore]] entry accepts {entry.rule} in {entry.path}{reason}", "ignore", number)
    yield from _families(a, b, place)


class _Place:
    """Makes findings at places of the settings file."""

    def __init__(self, source: Source | None, gone: str) -> None:
        self._path = source.path if source is not None else gone
        roots = parse(source, "toml").roots if source is not None else ()
        root = roots[0] if roots else None
        self._root = root.get("tool", TABLE) if root is not None and self._path.endswith("pyproject.toml") else root

    def at(self, message: str, *keys: str | int) -> Finding:
        """A finding at the deepest of ``keys`` that is there: a key, an item's number, or an item's text."""
        node, span = self._root, TOP
        for key in keys:
            below = _step(node, key)
            if below is None:
                break
            node, span = below, below.span if below.kind == "scalar" or below.key is None else below.key_span
        return report(LOOSENED, self._path, span, message, subject=message)


def _step(node: Node | None, key: str | int) -> Node | None:
    if node is None:
        return None
    if node.kind == "mapping":
        return node.get(str(key))
    return next((item for item in node.children if key in (item.index, item.text)), None)


def _added(old: Iterable[str], new: Iterable[str]) -> list[str]:
    return [each for each in new if each not in set(old)]


def _rules(a: Settings, b: Settings, place: _Place, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    for name in sorted({*a.rules, *b.rules}):
        was, now = a.rules.get(name), b.rules.get(name)
        own = rules[name].tier if name in rules else TIERS[0]
        if (was is None or was.enabled) and now is not None and not now.enabled:
            yield place.at(f"the rule {name} is switched off", "rules", name, "enabled")
            continue
        tiers = tuple((each.tier if each is not None else None) or own for each in (was, now))
        if TIERS.index(tiers[1]) > TIERS.index(tiers[0]):
            yield place.at(f"the rule {name} is lowered from {tiers[0]} to {tiers[1]}", "rules", name, "tier")


def _families(a: Settings, b: Settings, place: _Place) -> Iterator[Finding]:
    """The tables of the families."""
    for table, key in _MORE:
        for number, each in enumerate(_list(b, table, key)):
            if each not in _list(a, table, key):
                yield place.at(f"{table}.{key} accepts more than before", table, key, number)
    if a.option("secrets", "archives", False) and not b.option("secrets", "archives", False):
        yield place.at("archives are no longer looked into", "secrets", "archives")
    was_from, now_from = set(_list(a, "config", "registries")), set(_list(b, "config", "registries"))
    if was_from and (now_from - was_from or not now_from):
        yield place.at("more registries are allowed" if now_from else "any registry is allowed", "config", "registries")
    if set(_list(a, "config", "rule-files")) - set(_list(b, "config", "rule-files")):
        yield place.at("a file with rules is no longer used", "config", "rule-files")
    was, now = a.option("pins", "levels", {}), b.option("pins", "levels", {})
    for ecosystem in sorted(each for each in {*was, *now} if was.get(each) != now.get(each)):
        if _lax(now.get(ecosystem), 1) > _lax(was.get(ecosystem), 0):
            yield place.at(f"pins of {ecosystem} may be less exact than before", "pins", "levels", ecosystem)
    for key, what in (("bandit-config", "configuration"), ("bandit-profile", "profile"), ("bandit-baseline", "baseline")):
        if a.option("python", key, "") != b.option("python", key, ""):
            yield place.at(f"another {what} of bandit is used", "python", key)
    if TIERS.index(b.option("python", "tests", "warn")) > TIERS.index(a.option("python", "tests", "warn")):
        yield place.at("findings in tests are lowered", "python", "tests")


def _list(settings: Settings, table: str, key: str) -> tuple[Any, ...]:
    return tuple(settings.option(table, key, ()))


def _lax(level: object, unsaid: int) -> int:
    """How lax a level of pins is; one that is not said is the ecosystem's own, which counts as ``unsaid``."""
    return _LEVELS.index(level) if isinstance(level, str) and level in _LEVELS else unsaid


def in_bandit(base: Tree, tree: Tree, settings: Settings) -> Iterator[Finding]:
    """That bandit goes by another configuration in ``tree`` than in ``base``, both as ``settings`` name it."""
    was = read_bandit(base, settings)
    try:
        now = read_bandit(tree, settings)
    except SettingsError as error:
        yield report(LOOSENED, was.name or ".bandit", TOP, f"with these settings of bandit no Python file would be checked: {error}")
        return
    if was._replace(accepted="") != now._replace(accepted=""):
        yield report(LOOSENED, now.name or was.name, TOP, "settings by which files are checked are changed", subject="bandit")
    if was.accepted != now.accepted:
        yield report(LOOSENED, now.baseline or was.baseline, TOP, "bandit's baseline is changed", subject="bandit's baseline")


def in_baseline(known: Contents, tree: Tree) -> Iterator[Finding]:
    """Each entry of the baseline of ``tree`` that is not ``known``."""
    try:
        fresh = read_baseline(tree).entries - known.entries
    except BaselineError as error:
        yield report(LOOSENED, BASELINE, TOP, f"this baseline cannot be read: {error}")
        return
    source = tree.find(BASELINE) if fresh else None
    if source is None:
        return
    for number in range(1, len(source.line_starts) + 1):
        line = source.line(number)
        salts = "".join(f"# salt {salt}\n" for salt in known.salts) or f"# salt {'0' * 32}\n"
        for entry in parse_baseline(salts + line).entries if not line.lstrip().startswith("#") else ():
            if entry in fresh:
                span = Span(number, 1, number, len(line) + 1)
                yield report(LOOSENED, BASELINE, span, f"a new entry accepts {entry.rule} in {entry.path}", subject=entry.fingerprint)


def in_comments(base: Tree, tree: Tree, path: str, old: str) -> Iterator[Finding]:
    """Each suppression in the file at ``path`` that the file (called ``old`` then) does not have in ``base``."""
    source = before(tree, path)
    for marker in new_markers(source, before(base, old)) if source is not None else ():
        names = ", ".join(marker.names) or ("every secret" if marker.tool == "secrets" else "everything")
        reason = "" if marker.reason else ", without a reason"
        yield report(LOOSENED, path, marker.span, f"a new suppression accepts {names}{reason}", subject=f"{marker.tool}:{names}")
