"""Fills the generated parts of README.md: the settings table and the help text. ``--check`` only compares.

python docs/readme.py [--check]
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"


def settings_table() -> str:
    """The rows of the settings table."""
    from secops_hooks.policy.settings import SCHEMA, Settings

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
    from secops_hooks.cli import parser

    for action in parser()._actions:
        if action.choices and "all" in action.choices:
            return str(dict(action.choices)["all"].format_help()).strip()  # type: ignore[call-overload]
    raise LookupError("the command line has no «all»")


def filled(text: str) -> str:
    """``text`` of the README with its generated parts as the code has them."""
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
