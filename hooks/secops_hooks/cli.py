"""From options to an exit code. Decides what is looked at and how it is told; the looking itself is in ``run``."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from .arguments import CHECKS, COMMANDS, FORMATS, command_module, parse
from .files.tree import GitTree, Tree, WorkTree, commit_tree, root_of, to_tree_path, walk
from .finding import TIERS, Family, Finding, Tier
from .policy.settings import Settings, SettingsError, find, load
from .records import TYPE_CHECKING, NamedTuple
from .report.terminal import columns, wants_color
from .run import CLEAN, USAGE, Accepts, Item, Outcome, exit_code, run

if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Final, TextIO

    from .files.changes import Change
    from .report.deliver import Request

_SPREAD: Final = 40  # paths; fewer are never worth other processes
_MANY: Final = 20  # paths; fewer need no progress bar
_GC_THRESHOLD: Final = 100_000  # parsing makes many objects that live; looking at them again and again took a fifth of its time


class UsageError(Exception):
    """What was asked for does not make sense; the text says why."""


class Selection(NamedTuple):
    """What to look at: a tree, and paths in it; the change that these are, if one was named; and the directories of which they
    are all files (``""``: the root)."""

    tree: Tree
    paths: Sequence[str]
    change: Change | None = None
    walked: tuple[str, ...] = ()


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``secops-hooks ARGV``; gives the exit code (0 clean, 1 findings, 2 usage, 3 not analysable)."""
    gc.set_threshold(_GC_THRESHOLD)
    words = [_as_path(word) for word in (sys.argv[1:] if argv is None else argv)]
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        options = parse(words)
        if options.command in COMMANDS:
            command: Callable[[Namespace], int] = command_module(options.command).main
            return command(options)
        return check(options)
    except (UsageError, SettingsError) as error:
        print(f"secops-hooks: {error}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN


def _as_path(word: str) -> str:
    """A word that begins like an option but names a file is that file: a repository that holds a file called
    ``--exit-zero`` must not switch its own checks off when a runner passes file names."""
    return f"./{word}" if word.startswith("-") and word != "-" and os.path.lexists(word) else word


def check(options: Namespace) -> int:
    """Look, report, and say how it ended."""
    cwd = os.getcwd()
    root = root_of(cwd)
    settings, tier, fail_on = levels(options, settings_of(options, root, cwd))
    families = CHECKS[options.command][1]
    started = time.time()
    selection = select(options, root, cwd, settings)
    if not options.settings:
        settings = with_nested_settings(settings, selection.paths, root)
    try:
        accepts = None if options.no_baseline else _accepted_before(selection.tree)
        outcome = _run(selection, families, settings, accepts, len(selection.paths) >= _SPREAD and not options.fix)
        if not options.changed_lines and not options.stdin_filename:
            outcome = _with_unused(outcome, selection, families, settings, cwd)
        if options.changed_lines:
            outcome = _only_brought(outcome, selection, families, settings)
        if options.fix:
            outcome = _mended(outcome, selection, families, settings, options)
        if options.explain_rejections:
            _explain_rejections(selection, settings, sys.stdout if options.format in ("text", "terse") else sys.stderr)
    finally:
        selection.tree.close()
    return tell(options, outcome, families, tier, fail_on, started, selection.tree.root, cwd)


def _run(selection: Selection, families: tuple[Family, ...], settings: Settings, accepts: Accepts | None, many: bool) -> Outcome:
    """The run itself: here, or over several processes where ``many`` files hold much Python."""
    tree, paths = selection.tree, selection.paths
    if many and "python" in families and isinstance(tree, WorkTree):
        from .spread import Job, processes_for, spread

        processes = processes_for(tree.root, [path for path in paths if path.endswith(".py")])
        if processes > 1:
            day = time.strftime("%Y-%m-%d")
            with spread(Job(tree.root, families, settings, day, accepts is not None), paths, processes) as look:
                return run(tree, watched(paths), families, settings, day, look=look)
    return run(tree, watched(paths), families, settings, accepts=accepts)


def levels(options: Namespace, settings: Settings) -> tuple[Settings, Tier, Tier]:
    """Settings to run with, the lowest tier to report, and the lowest that fails."""
    tier: Tier = options.tier or settings.tier
    fail_on: Tier = options.fail_on or settings.fail_on
    return settings._replace(tier=max(tier, fail_on, key=TIERS.index)), tier, fail_on  # what will be seen, or decides how it ends


def tell(
    options: Namespace, outcome: Outcome, families: tuple[Family, ...], tier: Tier, fail_on: Tier, started: float, root: str, cwd: str
) -> int:
    """Report ``outcome``; gives the exit code."""
    from .report.deliver import Request, deliver

    code = exit_code(outcome, fail_on)
    wanted = [Request(options.format, options.output or ""), *(_also(each) for each in options.report or ())]
    color = not options.no_color and wants_color()
    try:
        deliver(wanted, outcome, families, tier, fail_on, code, started, root, cwd, color, columns())
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise UsageError(f"{error.filename or 'the report'}: {error.strerror}") from error
    return CLEAN if options.exit_zero else code


def _also(word: str) -> Request:
    """What ``--report FORMAT=FILE`` asks for. Raises :class:`UsageError`."""
    from .report.deliver import Request

    format, _, file = word.partition("=")
    if format not in FORMATS or not file:
        raise UsageError(f"--report {word!r}: write FORMAT=FILE, FORMAT one of {', '.join(FORMATS)}")
    return Request(format, file)


def watched(paths: Sequence[str]) -> Iterable[str]:
    """``paths``, with a progress bar while they are gone through when a person waits at a terminal."""
    if len(paths) < _MANY or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return paths
    from .report.progress import bar

    return bar(paths, columns())


def settings_of(options: Namespace, root: str, cwd: str) -> Settings:
    """The settings that hold for ``cwd``, or those of ``--settings``. Raises :class:`SettingsError`."""
    if options.settings:
        return load(options.settings)
    path = find(root, cwd)
    return load(path, root) if path else Settings()


def with_nested_settings(settings: Settings, paths: Sequence[str], root: str) -> Settings:
    """``settings`` and those of directories further down; nothing is loaded where no path lies in one."""
    if not any("/" in path for path in paths):
        return settings
    from .policy.local import from_disk, with_nested

    return with_nested(settings, paths, from_disk(root))


def _accepted_before(tree: Tree) -> Accepts:
    """What the baseline of ``tree`` accepts; its module is loaded with the first finding."""
    loaded: list[Accepts] = []

    def accepts(finding: Finding, content: str) -> bool:
        if not loaded:
            from .policy.baseline import Baseline

            loaded.append(Baseline(tree).accepts)
        return loaded[0](finding, content)

    return accepts


def select(options: Namespace, root: str, cwd: str, settings: Settings) -> Selection:
    """The tree and the paths that the arguments ask for. Raises :class:`UsageError`."""
    if sum(bool(each) for each in (options.staged, options.since, options.range, options.stdin_filename)) > 1:
        raise UsageError("--staged, --since, --range and --stdin-filename exclude one another")
    if options.stdin_filename:
        return _standard_input(options, root, cwd, settings)
    change = _change(options, root)
    if change is not None:
        tree: Tree = WorkTree(root, settings.max_file_size) if change.after is None else GitTree(root, change.after, settings.max_file_size)
        tree.compare_with(commit_tree(root, change.base))
        paths: Sequence[str] = change.paths
        if options.paths:
            given = [to_tree_path(path, root, cwd) for path in options.paths]
            inside = tuple(path.rstrip("/") + "/" for path in given)
            every = tree.paths() if options.staged else paths
            listed = [p for p in every if p.startswith(inside) or "." in given]
            paths = sorted({*listed, *(p for p in given if (options.staged or p in paths) and not _is_directory(root, p))})
        return Selection(tree, paths, change)
    if not options.paths:
        raise UsageError("nothing to check: give files or directories, or --staged")
    tree = WorkTree(root, settings.max_file_size)
    walked = tuple(to_tree_path(path, root, cwd) for path in options.paths if os.path.isdir(os.path.join(cwd, path)))
    return Selection(tree, list(expand(options.paths, root, cwd)), None, tuple("" if path == "." else path for path in walked))


def _standard_input(options: Namespace, root: str, cwd: str, settings: Settings) -> Selection:
    """What stands on standard input, in the place of a file of the work tree: an editor's text that is not saved yet."""
    from .files.tree import OverlayTree

    if options.paths and options.paths != ["-"]:
        raise UsageError("--stdin-filename takes the text from standard input: leave the paths out")
    if options.fix:
        raise UsageError("--fix needs files to write to: leave out --stdin-filename")
    if options.changed_lines:
        raise UsageError("--changed-lines looks at files as they are saved: leave out --stdin-filename")
    path = to_tree_path(options.stdin_filename, root, cwd)
    data = sys.stdin.buffer.read(settings.max_file_size + 1)
    if len(data) > settings.max_file_size:
        raise UsageError(f"standard input is larger than the limit of {settings.max_file_size} bytes")
    return Selection(OverlayTree(WorkTree(root, settings.max_file_size), {path: data}), [path])


def _change(options: Namespace, root: str) -> Change | None:
    """The change that the options name."""
    if not (options.staged or options.since or options.range):
        return None
    from .files.changes import between, since, staged
    from .files.git import GitError

    try:
        if options.staged:
            return staged(root)
        return since(root, options.since) if options.since else between(root, options.range)
    except GitError as error:
        raise UsageError(str(error)) from error


def _with_unused(outcome: Outcome, selection: Selection, families: tuple[Family, ...], settings: Settings, cwd: str) -> Outcome:
    """``outcome`` with the entries of the settings that accept nothing any more."""
    if not settings.ignore and not any(each.ignore for each in settings.nested.values()):
        return outcome
    from .unused import Looked, in_files

    looked = Looked(frozenset(selection.paths), selection.walked, families)
    unused = in_files(outcome, selection.tree, looked, settings, cwd, time.strftime("%Y-%m-%d"))
    return outcome._replace(items=tuple(sorted((*outcome.items, *unused), key=lambda item: item.finding.sort_key)))


def _only_brought(outcome: Outcome, selection: Selection, families: tuple[Family, ...], settings: Settings) -> Outcome:
    """``outcome`` without what was there before the change (without one: before the work tree differed from HEAD)."""
    from .files.changes import renames, since, touched
    from .files.git import GitError
    from .policy.brought import Identity, brought
    from .report.lines import fingerprint

    tree = selection.tree
    before_tree = tree.parent()
    if before_tree is None or not outcome.items:
        return outcome
    try:
        change = selection.change or since(tree.root, "HEAD")
        old = renames(tree.root, change)
        found_in = {item.finding.path for item in outcome.items}
        lines = {path: touched(tree.root, change, path, old.get(path)) for path in found_in}
    except GitError as error:
        raise UsageError(str(error)) from error
    earlier = {old.get(path, path) for path in found_in} & before_tree.paths()
    before = run(before_tree, sorted(earlier), families, settings)
    before_tree.close()

    def identity(item: Item) -> Identity:
        f = item.finding
        path = old.get(f.path, f.path)
        return Identity(f.rule.id, path, fingerprint(f._replace(path=path), item.line))

    known: dict[Identity, int] = {}
    for item in before.items:
        known[identity(item)] = known.get(identity(item), 0) + 1

    def is_touched(item: Item) -> bool:
        span = item.finding.span
        return any(span.line < hunk.stop and max(span.line, span.end_line) >= hunk.start for hunk in lines[item.finding.path])

    return outcome._replace(items=tuple(brought(outcome.items, identity, known, is_touched)))


def _mended(outcome: Outcome, selection: Selection, families: tuple[Family, ...], settings: Settings, options: Namespace) -> Outcome:
    """Mend files in place; what is left to report. Says what was mended on standard error."""
    from .fix import mend
    from .report.lines import printable

    if not isinstance(selection.tree, WorkTree):
        raise UsageError("--fix needs files to write to: leave out --staged and --range")
    mended = mend(selection.tree, outcome, families, settings, options.unsafe_fixes)
    for finding in mended.fixed:
        print(f"{printable(finding.path)}:{finding.span.line}:{finding.span.col}: fixed {finding.rule.id}", file=sys.stderr)
    for finding in mended.refused:
        print(
            f"{printable(finding.path)}:{finding.span.line}:{finding.span.col}: not fixed {finding.rule.id}: the result would not be right",
            file=sys.stderr,
        )
    gone = set(mended.fixed)
    return outcome._replace(items=tuple(item for item in outcome.items if item.finding not in gone))


def expand(paths: Sequence[str], root: str, cwd: str) -> Iterator[str]:
    """Tree paths of the files that ``paths`` (files and directories, as given at ``cwd``) stand for."""
    for path in paths:
        full = os.path.join(cwd, path)
        if os.path.isdir(full) and not os.path.islink(full):
            below = to_tree_path(path, root, cwd)
            yield from walk(root, "" if below == "." else below)
        else:
            yield to_tree_path(path, root, cwd)


def _is_directory(root: str, path: str) -> bool:
    return os.path.isdir(os.path.join(root, path))


def _explain_rejections(selection: Selection, settings: Settings, stream: TextIO) -> None:
    """Which candidates of detect-secrets, as a second opinion, are no findings here, and the reason of each."""
    from .files.tree import Unreadable
    from .parse import load as load_file
    from .report.lines import printable
    from .secrets.second_opinion import explain

    for path in selection.paths:
        try:
            file = load_file(selection.tree, path)
        except Unreadable:
            continue  # the run has reported it
        for rejection in explain(file, selection.tree, settings) if file else ():
            said = f"{printable(rejection.path)}:{rejection.line}: not reported: {rejection.detector}: {printable(rejection.reason)}"
            print(said, file=stream)
