"""What a terminal can do: colour, width, links, columns of wide characters, and which characters its encoding has."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from ..records import TYPE_CHECKING
from .lines import printable

if TYPE_CHECKING:
    from typing import Final

_TAB: Final = 4  # columns a tab is shown as
_LINKS: Final = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio", "zed", "WarpTerminal")  # of TERM_PROGRAM
_LINK_TERMS: Final = ("xterm-kitty", "xterm-ghostty", "foot", "alacritty", "wezterm", "contour")
_LINK_SIGNS: Final = ("WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "DOMTERM")
_VTE: Final = 5000  # the first version of GNOME's terminal widget whose links are sound


def wants_links(color: bool, env: Mapping[str, str] | None = None) -> bool:
    """Whether to write OSC 8 hyperlinks: ``FORCE_HYPERLINK``, else only where a terminal is known to take them.

    No terminal answers the question, so those that do are listed (Egmont Koblinger, "Hyperlinks in terminal emulators");
    a multiplexer in between may not pass them on.
    """
    env = os.environ if env is None else env
    if env.get("FORCE_HYPERLINK"):
        return env["FORCE_HYPERLINK"] != "0"
    term = env.get("TERM", "")
    if not color or not sys.stdout.isatty() or term.startswith(("screen", "tmux", "dumb")) or env.get("TMUX") or env.get("CI"):
        return False
    vte = env.get("VTE_VERSION", "")
    return (
        env.get("TERM_PROGRAM") in _LINKS
        or term.startswith(_LINK_TERMS)
        or any(env.get(each) for each in _LINK_SIGNS)
        or (vte.isdecimal() and int(vte) >= _VTE)
    )


def link(text: str, target: str) -> str:
    """``text`` as a hyperlink to ``target`` (a URL)."""
    return f"\x1b]8;;{target}\x1b\\{text}\x1b]8;;\x1b\\"


def file_url(path: str) -> str:
    """The ``file:`` URL of an absolute path."""
    from urllib.parse import quote

    encoded = quote(os.fsencode(path.replace(os.sep, "/")))
    return "file://" + ("" if encoded.startswith("/") else "/") + encoded


def encoding_of() -> str:
    """The encoding of standard output."""
    return getattr(sys.stdout, "encoding", None) or "utf-8"


def can_show(text: str, encoding: str) -> bool:
    """Whether ``encoding`` has all characters of ``text``."""
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def cells(text: str, encoding: str) -> list[str]:
    """Each character of ``text`` as it will be seen: tabs as spaces, what the encoding lacks and control characters escaped."""
    if text.isascii() and text.isprintable():
        return list(text)
    return [
        " " * _TAB if c == "\t" else printable(c) if can_show(c, encoding) else c.encode("ascii", "backslashreplace").decode() for c in text
    ]


def columns_of(text: str) -> int:
    """How many columns a terminal takes for ``text``: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def wants_color() -> bool:
    """``NO_COLOR`` wins, then ``FORCE_COLOR``, then whether standard output is a capable terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def columns() -> int:
    """Columns to write in: ``COLUMNS``, or the terminal's, within reason.

    pre-commit lets a hook write to a pseudo terminal that says nothing of its size; the terminal behind it does.
    """
    try:
        if os.environ.get("COLUMNS"):
            return max(40, int(os.environ["COLUMNS"]))
        wide = os.get_terminal_size(sys.stdout.fileno()).columns or _behind()
        return max(40, min(160, wide))
    except (OSError, ValueError):
        return 100


def _behind() -> int:
    """Columns of the terminal that controls this process. Raises :class:`OSError` where there is none."""
    if not hasattr(os, "ctermid"):
        raise OSError("no controlling terminal on this system")
    terminal = os.open(os.ctermid(), os.O_RDONLY)
    try:
        return os.get_terminal_size(terminal).columns or 100
    finally:
        os.close(terminal)
