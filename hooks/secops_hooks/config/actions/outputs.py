"""What the scripts of steps give out: the text they write under a name, and the variables and payload fields in it.

Reads scripts as lines of text, because a value is followed over ``$GITHUB_OUTPUT``, old workflow commands, shell variables and
JavaScript alike. Whose text a variable holds is no business of this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_MAX_BLOCK: Final = 40
_MAX_HOPS: Final = 4
# after these only numbers, digests or a chosen alphabet are left of a text
_CLEANED: Final = r"\[\^[^\]\n]{1,80}\]|\btr\s+-[a-z]*[cC][a-z]*\b|\|\s*(?:wc|(?:sha\d+|md5|b2)sum|shasum|base64|grep\s+-\w*[cq])\b"
_VARIABLE: Final = r"\$\{?([A-Za-z_]\w*)"
_PAYLOAD: Final = r"\bcontext\??\.payload((?:\??\.\w{1,40}|\??\.?\[['\"]?\w{1,40}['\"]?\]){1,8})"
_SET: Final = r"\b(?:const|let|var)\s+(?:\{([^}\n]{1,200})\}|(\w+))\s*=\s*([^\n;]{1,400})"


def written(script: str, name: str) -> Iterator[str]:
    """The lines of a shell script that write output or variable ``name`` (lower case): ``name=…``, ``::set-output name=…::``, and
    of ``name<<MARK`` all lines up to the mark. Lines that leave only a chosen alphabet of their text are left out."""
    start = re.compile(rf"(?i)(?<![\w-]){re.escape(name)}\s*(?:=|::|<<-?\s*['\"]?(?P<mark>[\w${{}}-]+))")
    lines = script.splitlines()
    for number, line in enumerate(lines):
        found = start.search(line)
        if found is None:
            continue
        block = [line]
        if found["mark"]:
            for follower in lines[number + 1 : number + _MAX_BLOCK]:
                if found["mark"] in follower:
                    break
                block.append(follower)
        yield from (each for each in block if not re.search(_CLEANED, each))


def variables(script: str, lines: Iterator[str]) -> Iterator[str]:
    """The shell variables that ``lines`` use, and those from which ``script`` makes them."""
    waiting = [(name, 0) for line in lines for name in re.findall(_VARIABLE, line)]
    seen: set[str] = set()
    while waiting:
        name, hops = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        yield name
        if hops < _MAX_HOPS:
            waiting.extend((each, hops + 1) for line in _assignments(script, name) for each in re.findall(_VARIABLE, line))


def _assignments(script: str, name: str) -> Iterator[str]:
    for found in re.finditer(rf"(?m)^[ \t]*(?:(?:export|local|readonly|declare|typeset)\s+(?:-\w+\s+)?)?{name}=(.*)", script):
        if not re.search(_CLEANED, found[1]):
            yield found[1]


def payload_fields(script: str, name: str) -> Iterator[tuple[str, ...]]:
    """What of the event's payload a JavaScript step of ``actions/github-script`` gives out as ``name``: paths such as
    ``("issue", "title")``, from ``core.setOutput`` and, for ``result``, from what it returns."""
    given = [
        found[1] for found in re.finditer(rf"setOutput\(\s*['\"`]{re.escape(name)}['\"`]\s*,\s*([^\n]{{1,400}})", script, re.IGNORECASE)
    ]
    if name == "result":
        given.extend(re.findall(r"(?m)(?:^|[;{}]|=>)[ \t]*return\b\s*([^\n;]{1,400})", script))
    made: dict[str, str] = {}
    for found in re.finditer(_SET, script):
        for each in re.findall(r"\w+", found[1] or found[2]):
            made.setdefault(each, found[3] + (f".{each}" if found[1] else ""))
    for text in given:
        whole = re.sub(r"(?<![\w.])[A-Za-z_]\w*", lambda word: made.get(word[0], word[0]), text)
        for found in re.finditer(_PAYLOAD, whole):
            yield tuple(part.lower() for part in re.findall(r"\w+", found[1]))
