"""The table of credential formats, one module for each initial of a provider's name; rows of ``notation.Format``.

Maintained by hand: a new format is a new row, its pre-scan words follow with ``python -m secops_hooks.secrets.formats.index``.
Plain tuples of constants, so that a module loads in a fraction of a millisecond.
"""

from __future__ import annotations

MODULES = (
    "a",
    "b",
    "c",
    "d",
    "digits",
    "e",
    "f",
    "g",
    "h",
    "i",
    "j",
    "k",
    "l",
    "m",
    "n",
    "o",
    "p",
    "q",
    "r",
    "s",
    "t",
    "u",
    "v",
    "w",
    "x",
    "y",
    "z",
)
