"""The vocabulary of config rules: what a rule looks for, as plain data.

Paths are patterns of ``parse.node.compile_path``. Nothing here looks at a file; ``engine`` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..records import TYPE_CHECKING, NamedTuple
from .predicates import Predicate, is_set

if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    from ..files.tree import Tree
    from ..finding import Fix, Span, Tier
    from ..parse import File
    from ..parse.node import Node


class Replace(NamedTuple):
    """Mend by writing ``text`` (in the file's own quoting, if the value was quoted) in place of the value."""

    text: str
    safe: bool = True


class Remove(NamedTuple):
    """Mend by taking the whole entry out, when it stands on lines of its own and is not the last of its mapping."""

    safe: bool = True


class Rewrite(NamedTuple):
    """Mend by replacing what ``pattern`` finds in the value as written."""

    pattern: str
    replacement: str
    safe: bool = False


class Flip(NamedTuple):
    """Mend by writing the opposite of a boolean in its own spelling (``0``: ``1``, ``yes``: ``no``, ``True``: ``False``)."""

    safe: bool = False


Mend: TypeAlias = Replace | Remove | Rewrite | Flip


class Where(NamedTuple):
    """A condition on a value's surroundings.

    ``path`` leads from the mapping that holds the matched entry; each leading ``^.`` goes one entry up first, and ``$.``
    starts at the document's root. The condition holds when some node there answers ``when`` with true; with ``absent``,
    when no node there does and none is unknown.
    """

    path: str
    when: Predicate = is_set
    absent: bool = False


class Keys(NamedTuple):
    """A value at one of ``paths`` that answers ``when`` with true. Reported at the value, or ``at`` its key.

    ``fold``: key names match whatever their case and separators (``verify_ssl``, ``verifySSL``, ``VERIFY-SSL``); the
    last step of each path then is written folded: lower case, without ``_``, ``-`` and ``.``.
    ``message`` may hold ``{key}``, ``{value}`` (never for what could be a secret) and ``{path}``.
    ``traits``: only in files whose path has one of these traits; ``not_traits``: in none of these.
    """

    kinds: tuple[str, ...]
    paths: tuple[str, ...]
    when: Predicate
    where: tuple[Where, ...] = ()
    at: Literal["value", "key"] = "value"
    message: str = ""
    mend: Mend | None = None
    fold: bool = False
    traits: tuple[str, ...] = ()
    not_traits: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()


class Missing(NamedTuple):
    """A mapping at one of ``parents`` in which no entry at ``keys`` (relative paths) answers ``when`` with true.

    Reported at the mapping's key; for an item of a sequence at its ``name``, or else its first key. Silent in documents
    whose templates could bring the entry in.
    """

    kinds: tuple[str, ...]
    parents: tuple[str, ...]
    keys: tuple[str, ...]
    when: Predicate = is_set
    where: tuple[Where, ...] = ()
    message: str = ""
    traits: tuple[str, ...] = ()
    not_traits: tuple[str, ...] = ()


class Arguments(NamedTuple):
    """A flag in the ``command`` or ``args`` of a Kubernetes container that runs one of ``programs``.

    Fires when the value of ``flag`` (without its dashes; ``true`` for a bare flag) answers ``when`` with true; with
    ``absent``, when the program is started without the flag: then reported at the program's name.
    """

    kinds: tuple[str, ...]
    programs: tuple[str, ...]
    flag: str
    when: Predicate = is_set
    absent: bool = False
    message: str = ""


class Commands(NamedTuple):
    """A command in the shell code of a file (``RUN``, ``run:``, ``script:`` …) that runs one of ``programs``.

    ``operands``: a regular expression for the words that are no options, joined by blanks (``install\\b``, ``config set …``).
    ``options``: one of these must be given, alone, with ``=value``, or a short one in a cluster (``-fsSLk``); reported there.
    ``value``: an expression for the option's value. Without ``options`` the last word that ``operands`` matched is reported.
    ``unless``: an expression for words that make the command harmless (a local address).
    ``removable``: taking the option out (with its value, if ``value`` is asked for) mends the command.
    """

    kinds: tuple[str, ...]
    programs: tuple[str, ...]
    operands: str = ""
    options: tuple[str, ...] = ()
    value: str = ""
    unless: str = ""
    message: str = ""
    removable: bool = True


class Variables(NamedTuple):
    """An environment variable, wherever a file sets one: keys, ``ENV``, ``name``/``value`` entries, ``NAME=value`` items, shell."""

    kinds: tuple[str, ...]
    names: tuple[str, ...]
    when: Predicate
    message: str = ""
    mend: Mend | None = None
    traits: tuple[str, ...] = ()
    not_traits: tuple[str, ...] = ()


class Hit(NamedTuple):
    """What a custom matcher found: ``at`` a node's value (or ``key``), or a span of the file; with a message of its own.

    ``within``: the entry that holds a span, for the key path. ``tier``: where this one weighs less than its rule says.
    """

    at: Node | Span
    message: str = ""
    key: bool = False
    mend: Mend | None = None
    fix: Fix | None = None
    within: Node | None = None
    tier: Tier | None = None


CustomFunction: TypeAlias = "Callable[[File, Tree], Iterable[Hit]]"


class Custom(NamedTuple):
    """What no table row can say: a pure function. It is only called when one of ``words`` is a key of the document
    (for files without a tree: occurs in the text); always, when there are none."""

    kinds: tuple[str, ...]
    find: CustomFunction
    words: tuple[str, ...] = ()
    message: str = ""


Match: TypeAlias = Keys | Missing | Arguments | Commands | Variables | Custom
