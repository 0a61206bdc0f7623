"""How fast history is scanned: a synthetic repository with many unique blobs, in megabytes of blob data a second.

    python bench/history.py [--blobs 20000] [--jobs 2] [--keep DIRECTORY]

Blobs are versions of source, prose, configuration and data files of 0.5 to 40 kB that grow from commit to commit, as real ones do.
One in a thousand holds a credential. The first run is measured, then one with nothing new (the index), then peak memory is told.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOOKS = Path(__file__).resolve().parent.parent / "hooks"
COMMON = "server client request value index buffer parse stream handle module error result config path user name list table count"
WORDS = COMMON.split()
RARE = ("token", "password", "secret", "api_key")  # on one line in a hundred


def line(rng: random.Random, kind: str) -> str:
    """One line of a file of ``kind``."""
    a, b, c = (rng.choice(RARE) if rng.random() < 0.003 else rng.choice(WORDS) for _ in range(3))
    return {
        "py": f"    {a}_{b} = self.{c}({a}, {rng.randrange(1000)})  # {b}\n",
        "js": f"  const {a}{b.title()} = {c}.get('{a}', {rng.randrange(100)});\n",
        "md": f"The {a} of a {b} goes to the {c}, where it is kept for later.\n",
        "yaml": f"{a}_{b}_{rng.randrange(10**6)}: {c}\n",
        "csv": f"{rng.randrange(10**6)},{a},{b},{rng.random():.4f}\n",
        "go": f"\t{a}, err := {b}.{c.title()}({a}, {rng.randrange(50)})\n",
    }[kind]


def build(directory: Path, blobs: int) -> int:
    """A repository with ``blobs`` unique blobs; gives their bytes."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(directory)], check=True)
    rng = random.Random(7)
    kinds = ("py", "js", "md", "yaml", "csv", "go")
    files = {f"src/{n % 23}/file{n}.{kinds[n % len(kinds)]}": "" for n in range(600)}
    size = 0
    key = "AK" + "IA" + "".join(rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=16))
    with subprocess.Popen(["git", "-C", str(directory), "fast-import", "--quiet"], stdin=subprocess.PIPE) as process:
        out = process.stdin
        assert out is not None
        made, names = 0, list(files)
        while made < blobs:
            message = f"commit {made}".encode()
            out.write(
                b"commit refs/heads/main\ncommitter B <b@example.invalid> %d +0000\ndata %d\n%s\n"
                % (1_700_000_000 + made, len(message), message)
            )
            for name in rng.sample(names, min(10, blobs - made)):
                kind = name.rpartition(".")[2]
                text = files[name] + "".join(line(rng, kind) for _ in range(rng.randrange(8, 60)))
                if len(text) > 40_000:
                    text = text[-20_000:]
                files[name] = text
                data = (f"# {made}\n" + text + (f"AWS_ACCESS_KEY_ID={key}\n" if made % 1000 == 999 else "")).encode()
                out.write(b"M 100644 inline %s\ndata %d\n%s\n" % (name.encode(), len(data), data))
                size += len(data)
                made += 1
    subprocess.run(["git", "-C", str(directory), "reset", "-q", "--hard"], check=True)
    return size


def measured(directory: Path, *options: str) -> tuple[float, float, str]:
    """Wall seconds, CPU seconds and the summary line of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "secops_hooks", "history", *options],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": str(HOOKS)},
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, cpu, done.stdout.strip().splitlines()[-1] if done.stdout else done.stderr


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--blobs", type=int, default=20_000)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--keep", metavar="DIRECTORY", help="build the repository here, or use the one that is there")
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(args.keep or scratch) / "repository"
        if not directory.exists():
            build(directory, args.blobs)
        listed = subprocess.run(
            ["git", "-C", str(directory), "cat-file", "--batch-all-objects", "--batch-check"], capture_output=True, text=True
        )
        sizes = [int(row.split()[2]) for row in listed.stdout.splitlines() if row.split()[1] == "blob"]
        total = sum(sizes) / 1e6
        print(f"{len(sizes)} blobs, {total:.1f} MB")
        for name, extra in (("everything", ["--fresh"]), ("nothing new", [])):
            seconds, cpu, said = measured(directory, "--jobs", str(args.jobs), *extra)
            print(f"{name:12} {seconds:6.2f} s wall, {cpu:6.2f} s CPU, {total / seconds:6.1f} MB/s\n    {said}")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"peak of the largest process: {peak:.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
