"""How much the config hook costs: one manifest, many manifests, many workflows, and each rule that a file has no use for.

    python bench/config.py [-n ROUNDS] [--kubernetes DIR] [--workflows DIR] [--json FILE]

CPU of whole runs (user and system) beside ``python -c pass`` in the same round, medians. Without directories 250 manifests and
173 workflows are made up; with them every YAML file below is taken. The last lines are measured inside one process: what
applying the rules to all manifests costs with a thousand rules more, none of whose keys occur in them.
Budgets: one manifest 6 x bare; 250 manifests 0.6 s; 173 workflows 0.5 s.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from startup import HOOKS, MANIFEST, cpu

MANIFESTS, WORKFLOWS, MORE_RULES = 250, 173, 1000
CONTAINER = """\
        - name: side{n}
          image: registry.example.com/side:{n}.0
          env:
            - name: LEVEL
              value: "{n}"
          resources:
            limits: {{cpu: 100m, memory: 64Mi}}
"""
SERVICE = """\
---
apiVersion: v1
kind: Service
metadata:
  name: web{n}
spec:
  selector: {{app: web}}
  ports:
    - port: 80
"""
WORKFLOW = """\
name: build {n}
on:
  push:
    branches: [main]
permissions: {{}}
jobs:
  build:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        version: ["3.12", "3.13"]
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
        with:
          persist-credentials: false
      - name: Test {n}
        env:
          TITLE: ${{{{ github.event.head_commit.message }}}}
        run: |
          python -m pip install .
          python -m pytest --title "$TITLE"
"""


def made(root: Path, count: int, directory: str, text: str) -> list[str]:
    """Writes ``count`` files that differ a little; their names."""
    names = [f"{directory}/file{n}.yaml" for n in range(count)]
    for n, name in enumerate(names):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text.format(n=n))
    return names


def below(directory: str) -> list[str]:
    """The YAML files below ``directory``."""
    found = Path(directory).resolve().rglob("*.y*ml")
    return sorted(str(path) for path in found if path.is_file())


def per_rule(names: list[str], root: Path, rounds: int) -> tuple[float, float]:
    """CPU seconds of the rules on all files, and what a thousand rules for other keys add to that."""
    sys.path.insert(0, str(HOOKS))
    from secops_hooks.config.check import rules
    from secops_hooks.config.engine import apply
    from secops_hooks.config.match import Keys
    from secops_hooks.config.plan import plan
    from secops_hooks.config.predicates import is_true
    from secops_hooks.files.filetype import detect
    from secops_hooks.files.source import Source
    from secops_hooks.files.tree import MemoryTree
    from secops_hooks.parse import File

    kubernetes = [rule for rule in rules().values() if "kubernetes" in getattr(rule.match, "kinds", ())]
    plain = next(rule for rule in kubernetes if isinstance(rule.match, Keys))
    more = [plain._replace(id=f"other-{n}", match=Keys(("kubernetes",), (f"**.spec.other{n}",), is_true)) for n in range(MORE_RULES)]
    files = []
    for name in names:
        data = (root / name).read_bytes()
        source = Source(name, data)
        files.append(File(source, detect(name, source.text)))
    plans = {"few": plan(kubernetes), "many": plan([*kubernetes, *more])}
    spent: dict[str, list[float]] = {"few": [], "many": []}
    for turn in range(rounds + 1):
        for kind, made_plan in plans.items():
            start = time.process_time()
            for file in files:
                if file.document is not None and "kubernetes" in file.type.kinds:
                    list(apply(made_plan, file, file.document, MemoryTree({})))
            if turn:
                spent[kind].append(time.process_time() - start)
    few, many = (statistics.median(spent[kind]) for kind in ("few", "many"))
    return few, many - few


def main() -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("-n", type=int, default=7)
    options.add_argument("--kubernetes", metavar="DIR")
    options.add_argument("--workflows", metavar="DIR")
    options.add_argument("--json", metavar="FILE")
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory) / "repository"
        one = made(root, 1, "one", MANIFEST)
        text = MANIFEST.replace("{", "{{").replace("}", "}}") + CONTAINER + SERVICE
        manifests = below(args.kubernetes) if args.kubernetes else made(root, MANIFESTS, "manifests", text)
        workflows = below(args.workflows) if args.workflows else made(root, WORKFLOWS, ".github/workflows", WORKFLOW)
        ours = [sys.executable, "-m", "secops_hooks", "config", "--exit-zero"]
        commands = {
            "bare": [sys.executable, "-c", "pass"],
            "one manifest": [*ours, *one],
            f"{len(manifests)} manifests": [*ours, *manifests],
            f"{len(workflows)} workflows": [*ours, *workflows],
        }
        spent: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(args.n + 1):
            for name, command in commands.items():
                seconds, _, code = cpu(command, root)
                if code:
                    print(f"{name}: exit {code}", file=sys.stderr)
                    return 1
                if turn:  # the first round warms the caches
                    spent[name].append(seconds)
        few, added = per_rule(manifests, root, args.n)
    bare = statistics.median(spent["bare"])
    rows = {name: {"cpu_s": statistics.median(all_), "ratio": statistics.median(all_) / bare} for name, all_ in spent.items()}
    for name, row in rows.items():
        print(f"{name:20} {row['cpu_s'] * 1000:8.1f} ms {row['ratio']:7.1f} x bare")
    print(f"{'rules, applied':20} {few * 1000:8.1f} ms to all manifests, parsed")
    print(f"{f'{MORE_RULES} rules more':20} {added * 1000:8.1f} ms, {added / MORE_RULES * 1e6:.2f} µs a rule for all manifests")
    if args.json:
        Path(args.json).write_text(json.dumps({**rows, "rules": few, "more rules": added}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
