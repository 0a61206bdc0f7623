"""How much a hook costs beyond starting Python: CPU of each hook as a multiple of ``python -Ic pass`` in the same run.

    python bench/startup.py [-n ROUNDS] [--json FILE]

Commits of 3 and 10 ordinary files, one Kubernetes manifest, one Python file in which no bandit rule can fire. Peers that
are found on PATH are measured beside us on the same files. Numbers are medians of
CPU seconds (user and system, children included), interleaved. Modules are compiled in the first round, as pip does when it installs.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HOOKS = Path(__file__).resolve().parent.parent / "hooks"
PROSE = "The quick brown fox jumps over the lazy dog and looks for a place to sleep.\n"
FILES = {
    "README.md": "# Title\n\n" + PROSE * 40,
    "src/app.js": "export function add(a, b) {\n  return a + b;\n}\n" * 60,
    "src/main.go": "package main\n\nfunc main() {\n\tprintln(1)\n}\n" * 40,
    "docs/guide.md": PROSE * 80,
    "src/view.html": "<div class='a'><p>text</p></div>\n" * 60,
    "src/style.css": ".a { color: red; }\n" * 100,
    "Makefile": "all:\n\techo hi\n" * 20,
    "data.csv": "id,name\n1,a\n" * 200,
    "config.yaml": "server:\n  port: 8080\n  name: web\n" * 1,
    "notes.txt": PROSE * 30,
}
MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: web
          image: nginx:1.27
          ports:
            - containerPort: 80
"""
PYTHON = "def add(a: int, b: int) -> int:\n    return a + b\n" * 50
RUN = """\
import os, sys
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(child, 0)
print(used.ru_utime + used.ru_stime, used.ru_maxrss, os.waitstatus_to_exitcode(status), file=sys.stderr)
"""


def cpu(command: list[str], cwd: Path) -> tuple[float, float, int]:
    """CPU seconds, peak MiB and exit code of ``command``."""
    env = {**os.environ, "PYTHONPATH": str(HOOKS), "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": f"{cwd}.cache"}
    done = subprocess.run([sys.executable, "-ISc", RUN, *command], cwd=cwd, env=env, capture_output=True, text=True)
    seconds, peak, code = done.stderr.strip().splitlines()[-1].split()
    return float(seconds), int(peak) / 1024, int(code)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-n", type=int, default=15)
    options.add_argument("--json", metavar="FILE")
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory) / "repository"
        for name, text in {**FILES, "pod.yaml": MANIFEST, "add.py": PYTHON}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        return measure(root, args.n, args.json)


def measure(root: Path, rounds: int, report: str | None) -> int:
    """Measure all commands in turns and print them as ratios."""
    ten, three = list(FILES), list(FILES)[:3]
    ours = [sys.executable, "-m", "secops_hooks"]
    commands = {
        "bare": [sys.executable, "-c", "pass"],
        "secrets, 3 files": [*ours, "secrets", *three],
        "config, 1 manifest": [*ours, "config", "pod.yaml"],
        "pins, 1 manifest": [*ours, "pins", "pod.yaml"],
        "python, nothing can fire": [*ours, "python", "add.py"],
        **{f"{hook}, 10 files": [*ours, hook, *ten] for hook in ("secrets", "config", "pins", "python", "all")},
    }
    peers = {
        "detect-secrets-hook, 3 files": ["detect-secrets-hook", *three],
        "detect-secrets-hook, 10 files": ["detect-secrets-hook", *ten],
        "bandit, 1 file": ["bandit", "-q", "add.py"],
        "gitleaks, directory": ["gitleaks", "dir", ".", "--no-banner"],
        "kingfisher, 3 files": ["kingfisher", "scan", *three, "--no-validate", "--no-update-check"],
        "checkov, 1 manifest": ["checkov", "--skip-download", "--quiet", "--compact", "-f", "pod.yaml"],
        "kube-linter, 1 manifest": ["kube-linter", "lint", "pod.yaml"],
    }
    commands |= {name: command for name, command in peers.items() if shutil.which(command[0])}
    spent: dict[str, list[tuple[float, float, int]]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            result = cpu(command, root)
            if turn:  # the first round warms the caches
                spent[name].append(result)
    bare = statistics.median(seconds for seconds, _, _ in spent["bare"])
    rows = {}
    for name, results in spent.items():
        seconds = statistics.median(s for s, _, _ in results)
        rows[name] = {"cpu_s": seconds, "ratio": seconds / bare, "peak_mib": max(p for _, p, _ in results), "exit": results[0][2]}
        print(f"{name:34} {seconds * 1000:8.1f} ms {seconds / bare:7.1f} x bare {rows[name]['peak_mib']:7.1f} MiB  exit {results[0][2]}")
    if report:
        Path(report).write_text(json.dumps(rows, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
