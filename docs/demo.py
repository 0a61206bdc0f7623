"""Shows the hooks at work: makes a scratch repository, installs them there with pre-commit, and commits something bad.

    python docs/demo.py            a scratch repository in a temporary directory
    python docs/demo.py DIRECTORY  the same in DIRECTORY, which must not exist yet, and stays

Needs git, and pre-commit in the environment of the Python that runs this. Ends with 0 when the commit was stopped.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
# put together here, so that this file holds nothing that looks like a credential
KEY = "AK" + "IA" + "QYLPMN5HHHFPZAM2"
FILES = {
    "deploy/app.env": f"REGION=eu-central-1\nAWS_ACCESS_KEY_ID={KEY}\n",
    "deploy/web.yaml": """\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx@sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef
      securityContext:
        privileged: true
""",
    ".github/workflows/build.yml": """\
on: push
permissions:
  contents: read
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: someone/action@v1
""",
    "tool.py": 'import subprocess\n\n\ndef show(name: str) -> None:\n    subprocess.run("ls " + name, shell=True)\n',
}


def demonstrate(scratch: Path) -> int:
    """Make the repository in ``scratch``, commit, and say how it went."""
    scratch.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))}

    def run(*command: str, check: bool = True) -> int:
        print("$ " + " ".join(command), flush=True)
        return subprocess.run(command, cwd=scratch, env=env, check=check).returncode

    rev = subprocess.run(["git", "-C", str(HERE), "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    config = f"repos:\n  - repo: {HERE.as_posix()}\n    rev: {rev}\n    hooks:\n      - id: secops\n"
    for name, content in {".pre-commit-config.yaml": config, **FILES}.items():
        (scratch / name).parent.mkdir(parents=True, exist_ok=True)
        (scratch / name).write_text(content, encoding="utf-8")
    run("git", "init", "--quiet")
    run("git", "config", "user.name", "Demo")
    run("git", "config", "user.email", "demo@example.invalid")
    run(sys.executable, "-m", "pre_commit", "install")
    run("git", "add", ".")
    stopped = run("git", "commit", "--message", "first", check=False)
    print(f"\nThe commit was {'stopped' if stopped else 'NOT stopped'}.")
    return 0 if stopped else 1


def main() -> int:
    if len(sys.argv) > 1:
        return demonstrate(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        return demonstrate(Path(scratch))


if __name__ == "__main__":
    sys.exit(main())
