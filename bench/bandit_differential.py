"""Whether the python family finds exactly what bandit finds, and how much sooner: over every Python file of some directories.

    python bench/bandit_differential.py [--speed] [DIRECTORY …]     (default: the standard library and the installed packages)

Compared are file, rule, line, severity and confidence. Files that do not parse are left out: bandit skips them, we report them.
``--speed`` only measures, by turns: wall seconds of ``bandit -r DIRECTORY`` and of ours with all tiers shown.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "hooks"))

Row = tuple[str, str, int, str, str]


def theirs(directory: Path) -> tuple[set[Row], set[str], float]:
    """bandit's rows, the files that it skipped, and its seconds."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-Im", "bandit", "-q", "-r", ".", "-f", "json", "--exit-zero", "-x", ""],
        cwd=directory,
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - began
    said = json.loads(done.stdout)
    rows = {
        (os.path.normpath(r["filename"]), r["test_id"], r["line_number"], r["issue_severity"].lower(), r["issue_confidence"].lower())
        for r in said["results"]
    }
    return rows, {os.path.normpath(each["filename"]) for each in said["errors"]}, seconds


def ours(directory: Path) -> tuple[set[Row], set[str], int]:
    """Our rows, the files that we could not check, and how many were looked at."""
    from secops_hooks.files.tree import WorkTree
    from secops_hooks.finding import UNANALYSABLE
    from secops_hooks.parse import load
    from secops_hooks.policy.settings import Settings
    from secops_hooks.python.check import check

    tree, settings = WorkTree(str(directory)), Settings(tier="audit")
    rows: set[Row] = set()
    skipped: set[str] = set()
    files = 0
    for path in sorted(directory.rglob("*.py")):
        name = path.relative_to(directory).as_posix()
        file = load(tree, name)
        if file is None or path.is_dir():
            continue
        files += 1
        for f in check(file, tree, settings):
            if f.rule is UNANALYSABLE:
                skipped.add(name)
            else:
                rows.add((name, f.rule.id.removeprefix("bandit-"), f.span.line, f.severity, f.confidence))
        tree.forget(name)
    return rows, skipped, files


def compare(directory: Path) -> bool:
    """Print how ours and bandit's findings in ``directory`` differ; whether they do not."""
    left, skipped, _ = theirs(directory)
    right, broken, files = ours(directory)
    for name in skipped ^ broken:
        print(f"    only {'bandit skips' if name in skipped else 'we report'} {name}")
    left = {row for row in left if row[0] not in broken}
    for row in sorted(left ^ right):
        print(f"    only {'bandit' if row in left else 'ours'}: {row}")
    print(f"{files} files, {len(left)} findings of bandit, {len(left ^ right)} differ: {directory}", flush=True)
    return left == right


def race(directory: Path) -> None:
    """Wall and processor seconds of both, by turns, the best of three. On a machine that others use, the second are what counts."""
    times: dict[str, list[float]] = {"bandit": [], "ours": []}
    spent: dict[str, list[float]] = {"bandit": [], "ours": []}
    command = [sys.executable, "-Im", "secops_hooks", "python", "--tier", "audit", "--exit-zero", "."]
    for _ in range(3):
        start = processor()
        times["bandit"].append(theirs(directory)[2])
        spent["bandit"].append(processor() - start)
        start, began = processor(), time.perf_counter()
        subprocess.run(command, cwd=directory, capture_output=True)
        times["ours"].append(time.perf_counter() - began)
        spent["ours"].append(processor() - start)
    for what, seconds in (("wall", times), ("processor", spent)):
        slow, fast = min(seconds["bandit"]), min(seconds["ours"])
        print(f"{what:9}: bandit {slow:.2f} s, ours {fast:.2f} s: {slow / fast:.1f} times as fast: {directory}")


def processor() -> float:
    """Processor seconds of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--speed", action="store_true")
    options.add_argument("directories", nargs="*", type=Path)
    args = options.parse_args()
    directories = args.directories or [Path(sysconfig.get_path("stdlib")), Path(sysconfig.get_path("purelib"))]
    if args.speed:
        for directory in directories:
            race(directory)
        return 0
    same = [compare(directory) for directory in directories]
    return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main())
