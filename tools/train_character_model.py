"""Train the character model of the secrets family and write it to ``hooks/secops_hooks/secrets/generic/letters.py``.

Data source: the source text of the Python standard library of the running interpreter (identifiers, docstrings, comments
and the language reference in ``pydoc_data``): what developers' names and prose look like. Run with CPython 3.11:

    python tools/train_character_model.py

The model is P(c | a b) of lower-case letters inside words, over the uniform 1/26, in quarter bits, one character each.
"""

from __future__ import annotations

import math
import re
import sysconfig
from collections import Counter
from pathlib import Path

LETTERS = "abcdefghijklmnopqrstuvwxyz"
ROOT = Path(sysconfig.get_paths()["stdlib"])
OUT = Path(__file__).parents[1] / "hooks/secops_hooks/secrets/generic/letters.py"
PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def corpus() -> Counter[str]:
    """Words (camelCase split, lower case) and how often they occur; each counts at most 50 times, so that ``self`` does not rule."""
    words: Counter[str] = Counter()
    for path in sorted(ROOT.rglob("*.py")):
        if {"test", "tests", "site-packages", "idlelib", "lib2to3", "encodings"} & set(path.parts):
            continue
        words.update(piece.lower() for piece in PIECE.findall(path.read_text("utf-8", "replace")) if len(piece) > 2)
    return Counter({word: min(count, 50) for word, count in words.items() if count > 1})


def table(words: Counter[str]) -> str:
    triples: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    singles: Counter[str] = Counter()
    for word, count in words.items():
        padded = "^^" + word
        for at in range(2, len(padded)):
            triples[padded[at - 2 : at + 1]] += count
            pairs[padded[at - 1 : at + 1]] += count
            singles[padded[at]] += count
    total = sum(singles.values())
    symbols = "^" + LETTERS
    after_pair = {a + b: sum(triples[a + b + c] for c in LETTERS) for a in symbols for b in symbols}
    after_one = {b: sum(pairs[b + c] for c in LETTERS) for b in symbols}
    out = []
    for a in symbols:
        for b in symbols:
            for c in LETTERS:
                single = (singles[c] + 1) / (total + 26)
                pair = (pairs[b + c] + 20 * single) / (after_one[b] + 20)
                triple = (triples[a + b + c] + 20 * pair) / (after_pair[a + b] + 20)
                bits = math.log2(triple * 26)
                out.append(chr(64 + max(-20, min(20, round(bits * 4)))))
    return "".join(out)


def main() -> None:
    text = table(corpus())
    rows = [text[at : at + 130] for at in range(0, len(text), 130)]
    body = "\n".join(f'    "{row}"' for row in rows)  # no quote or backslash is among the 41 characters
    OUT.write_text(
        '"""Letter triples of developers\' words, written by ``tools/train_character_model.py``; do not edit.\n\n'
        "``TABLE[(a * 27 + b) * 26 + c]`` is 64 + four times log2(P(c | a b) * 26); a, b: 0 for the start of a word, else 1 to 26.\n"
        '"""\n\nfrom __future__ import annotations\n\nfrom typing import Final\n\nTABLE: Final = (\n' + body + "\n)\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
