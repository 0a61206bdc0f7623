"""A newcomer's first two minutes with an old repository: init, baseline, a clean commit, and a new finding that is stopped alone.

    python bench/adoption.py DIRECTORY

DIRECTORY is any tree (it is copied, and made a repository in a scratch place). Prints what each step took and found; ends with 0 when
the first commit was clean, the new line was stopped, and nothing old was shown.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOOKS = Path(__file__).resolve().parent.parent / "hooks"
BAD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: new\nspec:\n  hostPID: true\n"
ME = ("-c", "user.name=Newcomer", "-c", "user.email=newcomer@example.invalid", "-c", "commit.gpgsign=false")


def main() -> int:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "old"
        shutil.copytree(sys.argv[1], root, symlinks=True, ignore=shutil.ignore_patterns(".git", "__pycache__"))
        subprocess.run(["chmod", "-R", "u+w", str(root)], check=True)
        return adopt(root)


def adopt(root: Path) -> int:
    env = {**os.environ, "PYTHONPATH": str(HOOKS), "PYTHONDONTWRITEBYTECODE": "", "NO_COLOR": "1"}
    total = 0.0

    def run(what: str, *command: str, counts: bool = True) -> subprocess.CompletedProcess[str]:
        nonlocal total
        began = time.perf_counter()
        done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True)
        took = time.perf_counter() - began
        total += took if counts else 0.0
        last = (done.stdout.strip().splitlines() or done.stderr.strip().splitlines() or [""])[-1]
        print(f"{what:34} {took:6.1f} s  exit {done.returncode}  {last[:110]}")
        return done

    secops = (sys.executable, "-m", "secops_hooks")
    run("the old repository", "git", "init", "-q", "-b", "main", counts=False)
    run("", "git", "add", "-A", counts=False)
    run("", "git", *ME, "commit", "-qm", "ten years", counts=False)
    run("what it holds", *secops, "all", ".", counts=False)
    run("init", *secops, "init")
    run("baseline", *secops, "baseline")
    run("add", "git", "add", "-A")
    first = run("check of the first commit", *secops, "all", "--staged")
    run("commit", "git", *ME, "commit", "-qm", "security checks")
    everything = run("check of everything", *secops, "all", ".")
    (root / "new.yaml").write_text(BAD)
    run("add a new bad line", "git", "add", "new.yaml", counts=False)
    new = run("check of the next commit", *secops, "all", "--staged", "--format", "json", counts=False)
    shown = [finding["path"] for finding in json.loads(new.stdout)["findings"]]
    print(f"\ntwo minutes: {total:.1f} s of commands; the next commit shows {shown}")
    good = first.returncode == 0 and everything.returncode == 0 and new.returncode == 1 and shown == ["new.yaml"]
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
