"""Derives the pre-scan's words from the table and writes them to ``words.py``; runs when the table changes, never in a hook.

``python -m secops_hooks.secrets.formats.index`` writes; the tests compare.
"""

from __future__ import annotations

import os

from .catalogue import load, numbers
from .notation import ALPHABETS, Format, Shape, literals, members, shortest, walk

# How a word stands to its format: it begins the token, stands in it, names the provider, opens the whole file, or names the provider
# of tokens that are nothing but letters, digits, ``_`` and ``-``.
HEAD, INNER, NAME, GATE, BARE = range(5)

# Names that are words of the language, or too short to mean anything alone: they count only joined to a word of KEYWORDS.
COMMON = frozenset(
    (
        "abstract", "aha", "ai", "ali", "anchor", "anchors", "aws", "azure", "baba", "bee", "bootstrap", "box", "brave", "builder",
        "bunny", "cex", "checkout", "cio", "circle", "clay", "clerk", "close", "coda", "column", "consul", "copper", "customer",
        "daily", "deepl", "devin", "ditto", "django", "docker", "drone", "duo", "elastic", "envoy", "exa", "fal", "fixer", "flat",
        "float", "front", "ghost", "git", "github", "google", "gov", "grid", "groove", "guru", "hec", "hive", "hop", "ibm", "ikey",
        "iterable", "karma", "keen", "keep", "kling", "kubernetes", "lark", "less", "limina", "line", "linear", "llama", "lob", "loops",
        "m3o", "manifest", "maps", "mite", "mix", "mixed", "modal", "monday", "mux", "nasa", "npm", "ocean", "octopus", "one", "otp",
        "ovh", "parsers", "phrase", "poly", "polygon", "post", "privacy", "prospect", "protocols", "rails", "raven", "read", "redhat",
        "redis", "render", "rev", "ring", "rnd", "rollbar", "sauce", "scale", "scout", "scraping", "scw", "segment", "semaphore",
        "serp", "sgp", "sheet", "shortcut", "signable", "skey", "snap", "sonar", "spark", "sqa", "sqp", "squ", "square", "stream",
        "sts", "surge", "swell", "t1", "translation", "translator", "tru", "twist", "uber", "unify", "user", "vault", "wiki", "wit",
        "wiz", "yun", "z", "zoom",
    )
)  # fmt: skip
BREAKS = " \t\"'`<>(){}[],;|\\"  # what ends a run of token characters
KEYWORDS = ("_", "-", "api", "key", "token", "secret", "pass", "auth", " api", " key", " token", " secret", " access", " private")
GATES = ("discord-bot-token", "nats-nkey-seed")  # no literal worth a pre-scan: read in files that speak of the provider


# Letters of code and prose by frequency. The automaton looks through a node's edges in the order they came: with the frequent
# ones first it is a fifth faster.
_RANK = {letter: rank for rank, letter in enumerate(" etrasnio'l,cpdmufhg_y.b:-0xvwk=1/2#3|6549`8*q7jz")}


def plain(shape: Shape) -> bool:
    """Whether a token of ``shape`` holds none of the characters at which a run of token characters ends."""
    for part in walk(shape):
        text = part if isinstance(part, str) else members(part[0]) if part[0] in ALPHABETS or part[0][0] == "[" else ""
        if set(text) & set(BREAKS):
            return False
    return True


def bare(shape: Shape) -> bool:
    """Whether tokens of ``shape`` are letters, digits, ``_`` and ``-`` alone."""
    texts = (part if isinstance(part, str) else "0" if part[0] in ("|", "?", "*", "uuid") else members(part[0]) for part in walk(shape))
    return "".join(texts).replace("_", "").replace("-", "").isalnum()


def entries(fmt: Format) -> set[tuple[str, int, int]]:
    """The words of one format: (word, how it stands, least length of a token in reach)."""
    found: set[tuple[str, int, int]] = set()
    for shape in fmt.shapes:
        least = shortest(shape) if plain(shape) else 0
        if not fmt.context:
            head, words = literals(shape)
            found |= {(word, HEAD if head else INNER, least) for word in words}
        elif fmt.slug in GATES:
            found |= {(word, GATE, least) for word in fmt.context}
    if fmt.context and fmt.slug not in GATES:
        least = min(shortest(shape) if plain(shape) else 8 for shape in fmt.shapes)
        how = BARE if least >= 8 and all(map(bare, fmt.shapes)) else NAME
        for name in fmt.context:
            if name in COMMON or len(name) < 3:
                found |= {(name + keyword, how, least) for keyword in KEYWORDS}
            else:
                found.add((name, how, least))
    return found


def derive() -> tuple[tuple[str, tuple[tuple[int, int, int], ...]], ...]:
    """All words with what they stand for: (format's number, how, least length), sorted."""
    words: dict[str, set[tuple[int, int, int]]] = {}
    for number in numbers():
        for word, how, least in entries(load(number)):
            words.setdefault(word, set()).add((number, how, least))
    rows = [(word, tuple(sorted(words[word]))) for word in words]
    return tuple(sorted(rows, key=lambda row: (not leads(row[1]), [_RANK.get(c, len(_RANK)) for c in row[0]], row[0])))


def leads(codes: tuple[tuple[int, int, int], ...]) -> bool:
    """Whether a word only ever begins tokens."""
    return all(how == HEAD for _, how, _ in codes)


def source(words: tuple[tuple[str, tuple[tuple[int, int, int], ...]], ...]) -> str:
    """The text of ``words.py``: one string of words and one of codes, which load at once and are taken apart where needed."""
    lines = [
        '"""The pre-scan\'s words, derived from ``table/`` by ``index.py``; not edited by hand.',
        "",
        "``WORDS`` and ``CODES`` have a line a word; a code is the format's number, how the word stands to it, and the least length.",
        "The first ``LEADING`` words only ever begin tokens.",
        '"""',
        "",
        "# fmt: off",
        "# ruff: noqa: E501",
        f"LEADING = {sum(leads(codes) for _, codes in words)}",
        "WORDS = (",
        *(f"    {_quoted(word)}" for word, _ in words),
        ")",
        "CODES = (",
        *(f"    {_quoted(' '.join('.'.join(map(str, code)) for code in codes))}" for _, codes in words),
        ")",
        "",
    ]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '\\n"'


def main() -> None:
    target = os.path.join(os.path.dirname(os.path.abspath(__file__)), "words.py")
    with open(target, "w", encoding="utf-8", newline="\n") as file:
        file.write(source(derive()))


if __name__ == "__main__":
    main()
