"""bandit itself: with ``walk`` the only module that imports it. One manager for a run; files are given as bytes, never opened here."""

from __future__ import annotations

import ast
import logging
import os
import tokenize
from collections.abc import Collection
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from bandit.core import config as bandit_config
from bandit.core import extension_loader
from bandit.core import manager as bandit_manager
from bandit.core import utils as bandit_utils

from .options import Options
from .walk import Issue, Nosec, Tests, Walk


class Verdict(NamedTuple):
    """What bandit said of a file: its issues, and why it could not finish (empty when it could)."""

    issues: tuple[Issue, ...]
    failed: str


class ConfigError(Exception):
    """A bandit configuration that bandit itself refuses."""


class _Failures(logging.Handler):
    """bandit only logs when one of its tests crashes; here that is heard."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1


class Bandit:
    """A bandit manager with the user's own configuration."""

    def __init__(self, options: Options = Options()) -> None:  # noqa: B008 - a value that does not change
        self._failures = _Failures()
        logger = logging.getLogger("bandit")
        logger.handlers = [self._failures]
        logger.propagate = False
        for name in ("bandit.core", "stevedore"):
            logging.getLogger(name).setLevel(logging.ERROR)
        try:
            config = _config(options.config)
            profile = _profile(config, options)
            extension_loader.MANAGER.validate_profile(profile)
            self._ignore_nosec = options.ignore_nosec
            self._manager = bandit_manager.BanditManager(config, "file", profile=profile, ignore_nosec=options.ignore_nosec)
        except (ValueError, TypeError, AttributeError) as error:
            raise ConfigError(str(error)) from error

    def check(self, name: str, data: bytes, tree: ast.Module, chosen: Collection[str], nosec: bool = True) -> Verdict:
        """What bandit's tests with the ids ``chosen`` say of ``data``, which parses as ``tree``; ``nosec``: comments count."""
        try:
            comments = _nosec(data) if nosec and b"nosec" in data and not self._ignore_nosec else {}
        except SyntaxError as error:
            return Verdict((), f"its tokens cannot be told apart ({error.msg})")
        walk = Walk(name, data, self._tests(chosen), comments)
        issues = tuple(walk.issues(tree))
        return Verdict(issues, f"its test {walk.crashed[0]} crashed" if walk.crashed else "")

    def check_as_is(self, name: str, data: bytes, nosec: bool = True) -> Verdict:
        """bandit's verdict on ``data`` by its own walk: for versions and plugins that we do not know. ``name`` is the file's path
        on disk, from which bandit tells the module's name."""
        manager = self._manager
        manager.results, manager.skipped, manager.scores = [], [], []
        manager.ignore_nosec = self._ignore_nosec or not nosec
        self._failures.count = 0
        manager._parse_file(name, BytesIO(data), [name])
        failed = manager.skipped[0][1] if manager.skipped else ""
        if not failed and self._failures.count:
            failed = "one of bandit's tests crashed"
        return Verdict(tuple(_issue(each) for each in manager.results), failed)

    def _tests(self, chosen: Collection[str]) -> Tests:
        """The test functions behind ``chosen`` that are enabled, by kind of node. The blacklist is one function for many ids."""
        listed = any(each[1] in "34" and each != "B324" for each in chosen)
        return {
            kind: functions
            for kind, every in self._manager.b_ts.tests.items()
            if (functions := tuple(each for each in every if (listed if each._test_id == "B001" else each._test_id in chosen)))
        }


def _config(text: str) -> Any:
    """bandit's own reading of ``text`` (YAML), which it takes from a file only."""
    if not text:
        return bandit_config.BanditConfig(None)
    with TemporaryDirectory() as directory:
        path = os.path.join(directory, "bandit.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        try:
            return bandit_config.BanditConfig(path)
        except bandit_utils.ConfigError as error:
            raise ConfigError(str(error).removeprefix(f"{path} : ")) from error


def _profile(config: Any, options: Options) -> dict[str, Any]:
    """What is included and excluded, as bandit's command line puts it together."""
    if options.profile:
        named = (config.get_option("profiles") or {}).get(options.profile)
        if named is None:
            raise ConfigError(f"there is no profile {options.profile!r}")
        profile = {**named, "include": set(named["include"]), "exclude": set(named["exclude"])}
    else:
        profile = {"include": set(config.get_option("tests") or ()), "exclude": set(config.get_option("skips") or ())}
    profile["include"] |= set(options.tests)
    profile["exclude"] |= set(options.skips)
    return profile


def _nosec(data: bytes) -> Nosec:
    """Each line's ``nosec`` comment, as bandit reads it: no names mean all tests."""
    found: dict[int, set[str] | None] = {}
    try:
        for kind, text, (line, _), _, _ in tokenize.tokenize(BytesIO(data).readline):
            if kind == tokenize.COMMENT:
                found[line] = bandit_manager._parse_nosec_comment(text)
    except tokenize.TokenError:  # bandit goes on with what it has
        pass
    return found


def _issue(issue: Any) -> Issue:
    lines = issue.linerange or [issue.lineno]
    last = max(issue.lineno, lines[-1])
    place = (issue.lineno, max(0, issue.col_offset), last, issue.end_col_offset or 0)
    return Issue(issue.test_id, issue.severity, issue.confidence, *place, issue.test, issue.cwe.id, issue.text)
