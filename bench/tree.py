"""What large trees cost: CPU seconds, peak memory and megabytes a second of ``secops-hooks FAMILY`` in one process.

    python bench/tree.py [--family secrets] [--sizes 1 10 47 100] [DIRECTORY …]

The trees are made of text files of ``DIRECTORY …`` (the standard library and the installed packages without any), taken in a fixed random
order and, when there are not enough, once more with a line of their own. Bare Python's start-up is measured in between, as the unit.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

HOOKS = Path(__file__).resolve().parent.parent / "hooks"
LARGEST = 300_000


def text_files(directories: list[Path]) -> list[Path]:
    """Files of ``directories`` that hold no NUL at their beginning, the same order on every run."""
    found = []
    for directory in directories:
        for path in sorted(directory.rglob("*")):
            if path.suffix in (".pyc", ".so") or ".git" in path.parts or not path.is_file() or not 0 < path.stat().st_size < LARGEST:
                continue
            with path.open("rb") as file:
                if b"\0" not in file.read(1024):
                    found.append(path)
    random.Random(3).shuffle(found)
    return found


def build(directory: Path, files: list[Path], size: int) -> tuple[int, int]:
    """A tree of ``size`` bytes at least; gives its files and bytes."""
    number = made = 0
    while made < size:
        path = files[number % len(files)]
        data = path.read_bytes()
        if number >= len(files):
            data += f"\n# {number}\n".encode()
        target = directory / f"d{number // 50:03}" / f"{number}_{path.name}"
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(data)
        number += 1
        made += len(data)
    return number, made


def cost(command: list[str], cwd: Path, env: dict[str, str]) -> tuple[float, float]:
    """CPU seconds and peak MiB of a command (the peak is that of the process itself, told by a small parent)."""
    measure = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss)\n"
    )
    done = subprocess.run([sys.executable, "-c", measure, *command], cwd=cwd, env=env, capture_output=True, text=True, check=True)
    seconds, peak = done.stdout.split()
    return float(seconds), int(peak) / (1024 if sys.platform != "darwin" else 1024 * 1024)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--family", default="secrets", choices=("secrets", "config", "pins", "python", "all"))
    options.add_argument("--sizes", type=int, nargs="+", default=[1, 10, 47, 100], metavar="MB")
    options.add_argument("directories", nargs="*", type=Path)
    args = options.parse_args()
    files = text_files(args.directories or [Path(sysconfig.get_path("stdlib")), Path(sysconfig.get_path("purelib"))])
    with tempfile.TemporaryDirectory() as scratch:
        env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        env |= {"PYTHONPATH": str(HOOKS), "PYTHONPYCACHEPREFIX": str(Path(scratch) / "bytecode")}
        check = [sys.executable, "-m", "secops_hooks", args.family, "--exit-zero", "."]
        for size in args.sizes:
            directory = Path(scratch) / f"tree{size}"
            directory.mkdir()
            number, made = build(directory, files, size * 1_000_000)
            runs, bare = [], []
            for _ in range(3):
                runs.append(cost(check, directory, env))
                bare += [cost([sys.executable, "-Ic", "pass"], directory, env)[0] for _ in range(5)]
            seconds, peak = min(runs)
            unit = sorted(bare)[len(bare) // 2]
            print(
                f"{size:4} MB: {number:6} files, {made / 1e6:6.1f} MB, {seconds:6.2f} s CPU ({seconds / unit:5.0f} × bare Python), "
                f"{peak:4.0f} MiB, {made / 1e6 / seconds:5.1f} MB/s",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
