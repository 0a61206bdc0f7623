"""Fills the generated parts of README.md: what a stopped commit looks like, settings, help. ``--check`` only compares.

python docs/readme.py [--check]
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"


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


def filled(text: str) -> str:
    """``text`` of the README with its generated parts as the code has them."""
    shown = r"(\$ git commit --message first\n)(.*?)(\n```)"
    text = re.sub(shown, lambda m: m[1] + stopped_commit() + m[3], text, count=1, flags=re.DOTALL)
    table = r"(\| key \| default \| meaning \|\n\|---\|---\|---\|\n)(.*?)(\n\n## Options)"
    text = re.sub(table, lambda m: m[1] + settings_table() + m[3], text, flags=re.DOTALL)
    helped = r"(## Options and exit codes\n\n```text\n)(.*?)(\n```)"
    return re.sub(helped, lambda m: m[1] + help_text() + m[3], text, flags=re.DOTALL)


def main() -> int:
    text = README.read_text(encoding="utf-8")
    new = filled(text)
    if "--check" in sys.argv:
        return int(new != text)
    README.write_text(new, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
