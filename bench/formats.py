"""What the size of the table of formats costs: start-up with 100, 1,000 and 2,000 formats, as ratios to bare Python in the same run.

    python bench/formats.py [-n ROUNDS] [FORMATS …]

The package is copied once for each size and its pre-scan words are derived anew from so many formats of the table, spread over
all of it; where the table has fewer, made-up providers join in. The hook reads three ordinary files in which nothing is found.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from startup import FILES, HOOKS, RUN

sys.path.insert(0, str(HOOKS))

from secops_hooks.secrets.formats import index
from secops_hooks.secrets.formats.catalogue import numbers


def words(size: int) -> str:
    """The text of ``words.py`` for ``size`` formats."""
    table = numbers()
    kept = {table[i * len(table) // size] for i in range(size)} if size < len(table) else set(table)
    rows = [(word, tuple(code for code in codes if code[0] in kept)) for word, codes in index.derive()]
    rows = [row for row in rows if row[1]]
    made_up = [(f"{chr(97 + i % 26)}{i:04}vendor", ((table[i], index.NAME, 32),)) for i in range(max(0, size - len(table)))]
    return index.source((*rows, *made_up))


def cpu(package: Path, command: list[str], cwd: Path) -> float:
    """CPU seconds of ``command``, with the package of the folder ``package``."""
    env = {**os.environ, "PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run([sys.executable, "-ISc", RUN, *command], cwd=cwd, env=env, capture_output=True, text=True)
    seconds, _, code = done.stderr.strip().splitlines()[-1].split()
    if code != "0":
        raise SystemExit(f"{' '.join(command)} ended with {code}:\n{done.stdout}{done.stderr}")
    return float(seconds)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("sizes", metavar="FORMATS", nargs="*", type=int, default=[100, 1000, 2000])
    options.add_argument("-n", type=int, default=15)
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        files = list(FILES)[:3]
        for name in files:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(FILES[name])
        commands = {"bare": (HOOKS, [sys.executable, "-c", "pass"])}
        for size in args.sizes:
            package = root / str(size)
            shutil.copytree(HOOKS, package, ignore=shutil.ignore_patterns("__pycache__"))
            (package / "secops_hooks/secrets/formats/words.py").write_text(words(size), encoding="utf-8", newline="\n")
            commands[f"{size} formats"] = (package, [sys.executable, "-m", "secops_hooks", "secrets", *files])
        spent: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(args.n + 1):
            for name, (package, command) in commands.items():
                seconds = cpu(package, command, root)
                if turn:  # the first round compiles and warms the caches
                    spent[name].append(seconds)
    bare = statistics.median(spent["bare"])
    for name, all_seconds in spent.items():
        seconds = statistics.median(all_seconds)
        print(f"{name:16} {seconds * 1000:8.1f} ms {seconds / bare:7.2f} x bare")
    return 0


if __name__ == "__main__":
    sys.exit(main())
