"""What the same work costs with this suite and with the tools that it stands for; prints the table of docs/comparison.md.

    python bench/compare.py [-n ROUNDS] [--tree DIRECTORY]

Four jobs: a commit of three ordinary files, one Kubernetes manifest, one workflow, and a tree of source (by default the standard library of
this Python). Tools that are not found on PATH are left out. CPU is user and system of all processes, the median of interleaved
rounds after one that warms the caches; findings are what each tool counts itself, so they are not the same thing.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import sysconfig
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from startup import FILES, MANIFEST, cpu

WORKFLOW = """\
on: pull_request
permissions:
  contents: read
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: echo "${{ github.event.pull_request.title }}"
"""
OURS = [sys.executable, "-m", "secops_hooks"]
SMALL = {**FILES, "pod.yaml": MANIFEST, ".github/workflows/build.yml": WORKFLOW}


def jobs(tree: str) -> dict[str, dict[str, list[str]]]:
    """Each job with the command of each tool, ours first; ``{tree}`` is replaced by the large tree."""
    three = list(FILES)[:3]
    flow = ".github/workflows/build.yml"
    return {
        "secrets, 3 files": {
            "secops-hooks": [*OURS, "secrets", *three],
            "detect-secrets": ["detect-secrets-hook", *three],
            "gitleaks": ["gitleaks", "dir", ".", "--no-banner", "--exit-code", "0"],
        },
        "one Kubernetes manifest": {
            "secops-hooks": [*OURS, "config", "pod.yaml"],
            "checkov": ["checkov", "--skip-download", "--quiet", "--compact", "--soft-fail", "-f", "pod.yaml"],
            "kube-linter": ["kube-linter", "lint", "pod.yaml"],
        },
        "one workflow": {
            "secops-hooks": [*OURS, "all", flow],
            "zizmor": ["zizmor", "--offline", "--no-progress", "--no-exit-codes", flow],
            "checkov": ["checkov", "--skip-download", "--quiet", "--compact", "--soft-fail", "-f", flow],
        },
        "secrets, a tree of source": {
            "secops-hooks": [*OURS, "secrets", tree],
            "detect-secrets": ["detect-secrets", "scan", "--all-files", tree],
            "gitleaks": ["gitleaks", "dir", tree, "--no-banner", "--exit-code", "0"],
        },
        "Python, a tree of source": {
            "secops-hooks": [*OURS, "python", tree],
            "bandit": ["bandit", "-q", "-r", tree, "--exit-zero"],
        },
    }


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("-n", type=int, default=5, help="rounds of the small jobs; large ones run once")
    options.add_argument("--tree", default=sysconfig.get_path("stdlib") + "/asyncio", help="the large tree")
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory) / "repository"
        for name, text in SMALL.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        print("| job | tool | CPU | against ours | peak memory |\n|---|---|---|---|---|")
        for job, commands in jobs(args.tree).items():
            here = {tool: command for tool, command in commands.items() if command[0] == sys.executable or shutil.which(command[0])}
            rounds = 1 if "tree" in job else args.n
            spent: dict[str, list[tuple[float, float, int]]] = {tool: [] for tool in here}
            for turn in range(rounds + 1):
                for tool, command in here.items():
                    result = cpu(command, root)
                    if turn or rounds == 1:  # the first round warms the caches
                        spent[tool].append(result)
            median = {tool: statistics.median(seconds for seconds, _, _ in results) for tool, results in spent.items()}
            for tool, results in spent.items():
                times = f"{median[tool] / median['secops-hooks']:.1f} x"
                print(f"| {job} | {tool} | {median[tool] * 1000:,.0f} ms | {times} | {max(peak for _, peak, _ in results):.0f} MiB |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
