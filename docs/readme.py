"""Fills the generated parts of README.md and the guides: a stopped commit, the keys of the settings, help. ``--check`` only compares.

python docs/readme.py [--check]
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).resolve().parent
PAGES = (DOCS.parent / "README.md", DOCS / "settings.md", DOCS / "command-line.md")


def settings_table() -> str:
    """The rows of the settings table."""
    from secops_hooks.policy.schema import SCHEMA
    from secops_hooks.policy.settings import Settings

    default = Settings()
    rows = []
    for section, keys in SCHEMA.items():
        for key, about in keys.items():
            name = f"{section}.{key}" if section else key
            value = getattr(default, key.replace("-", "_"), "") if not section and key not in ("ignore", "rules") else ""
            shown = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
            meaning = about.meaning + (f" ({', '.join(about.choices)})" if about.choices and key != "families" else "")
            rows.append(f"| `{name}` | {shown} | {meaning} |")
    return "\n".join(rows)


def help_text() -> str:
    """The help of ``secops-hooks all``, eighty columns wide."""
    os.environ["COLUMNS"] = "100"
    from secops_hooks.arguments import parser

    for action in parser()._actions:
        if action.choices and "all" in action.choices:
            return str(dict(action.choices)["all"].format_help()).strip()  # type: ignore[call-overload]
    raise LookupError("the command line has no «all»")


def stopped_commit() -> str:
    """What the hook says of the demonstration's files, as pre-commit shows it; the time is left as it is in the README."""
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from demo import FILES

    with tempfile.TemporaryDirectory() as directory:
        for name, content in FILES.items():
            (Path(directory) / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(directory) / name).write_text(content, encoding="utf-8", newline="\n")
        hooks = Path(__file__).resolve().parent.parent / "hooks"
        env = {**os.environ, "PYTHONPATH": str(hooks), "NO_COLOR": "1", "COLUMNS": "100"}
        command = [sys.executable, "-m", "secops_hooks", "all", *sorted(FILES)]
        said = subprocess.run(command, cwd=directory, env=env, check=False, capture_output=True, text=True, encoding="utf-8").stdout
    label = "security checks (secrets, configuration, pins, Python)"
    return f"{label}{'.' * (79 - 6 - len(label))}Failed\n- hook id: secops\n- exit code: 1\n\n{re.sub(TIME, '0.14 s', said.strip())}"


TIME = r"[0-9]+\.[0-9]+ s$"


def command_table() -> str:
    """The rows of the table of commands."""
    from secops_hooks.arguments import COMMANDS

    return "\n".join(f"| `{name}` | {meaning} |" for name, meaning in COMMANDS.items())


def filled(text: str) -> str:
    """``text`` of a page with its generated parts as the code has them."""
    parts = (
        (r"(\$ git commit --message first\n)(.*?)(\n```)", stopped_commit),
        (r"(\| key \| default \| meaning \|\n\|---\|---\|---\|\n)(.*?)(\n(?!\|))", settings_table),
        (r"(```text\n)(usage: secops-hooks all .*?)(\n```)", help_text),
        (r"(\| command \| what it is for \|\n\|---\|---\|\n)(.*?)(\n\n)", command_table),
    )
    for pattern, write in parts:
        text = re.sub(pattern, lambda m, write=write: m[1] + write() + m[3], text, count=1, flags=re.DOTALL)  # type: ignore[misc]
    return text


def main() -> int:
    stale = 0
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        new = filled(text)
        stale += new != text
        if "--check" not in sys.argv:
            page.write_text(new, encoding="utf-8", newline="\n")
    return int("--check" in sys.argv and stale > 0)


if __name__ == "__main__":
    sys.exit(main())
