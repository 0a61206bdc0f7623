"""Where a key of some name is given a value: assignments, calls, attributes, flags and prose, in any syntax.

From each word of the pre-scan the whole name is taken, then the text behind it is matched against the ways in which
languages give a name a value. What the value is worth is judged elsewhere (``value.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from ...lazy import Lazy
from .names import Kind, ends_in_secret, is_setter

if TYPE_CHECKING:
    from .gate import Name

Style: TypeAlias = Literal["code", "config", "text", "directives"]
How: TypeAlias = Literal["assign", "compare", "call", "pair", "xml", "named", "flag", "sql", "directive", "prose", "default"]

_LONGEST: Final = 8192
_WINDOW: Final = 600  # how far behind a name its value is looked for


class Candidate(NamedTuple):
    """``text[start:end]`` is given to the key ``name`` (at ``key_start``) of ``kind``. ``quoted``: written as a string."""

    name: str
    kind: Kind
    key_start: int
    start: int
    end: int
    value: str
    quoted: bool
    how: How
    lead: bool  # the key is the first thing on its line


_QUOTE: Final = r"""(?P<q>\\{0,3}["'`]|&quot;|&\#3[49];)"""
_CLOSE: Final = r"""(?:\\{0,3}["'`]|&quot;|&\#3[49];|[\])>])*"""
_TYPE: Final = r"""(?:[ \t]*:[ \t]*[&*]?(?:'\w+\s*)?[A-Za-z_][\w.<>|\[\]?, ]{0,40}?(?=[ \t]*=[^=>])|[ \t]+(?:string|String|text|char|const|As[ \t]+\w+)\b|\[\d*\])?"""
_OP: Final = r"""(?P<op>:{1,3}=|\?\?=|\|\|=|\?=|\.=|\+=|=>|={1,3}|!={1,2}|:|<-|->)"""
_WRAP: Final = (
    r"""(?:\(\s*(?=[brufBRUF]{0,2}["']))?"""
    r"""(?:(?:new\s+)?(?:String(?:::from)?|SecretStr|Secret|bytes|bytearray|str|Buffer\.from|\[\]byte|text|CharSequence|NSString|to_binary|const|static|str\.encode|byte(?:s|array)\.fromhex|(?:binascii\.)?(?:unhexlify|a2b_(?:hex|base64))|(?:base64\.)?(?:url|standard_|urlsafe_)?b64decode|hex\.DecodeString|base64_decode|hex2bin)\s*\(|(?:to|as)_?[sS]tring\()?"""
)
_ASSIGN: Final = Lazy(
    _CLOSE
    + _TYPE
    + r"[ \t]*"
    + _OP
    + r"[ \t]*(?:\\?\r?\n[ \t]*(?=[\"'`(]))?"
    + _WRAP
    + r"""[ \t]*(?:[brufBRUFL@$]{1,2}(?=["']))?"""
    + r"(?:"
    + _QUOTE
    + r"|(?P<bare>(?=[^\s\"'`])))"
)
_DEFAULT: Final = Lazy(
    r"""[^\r\n;{}%]{0,120}?(?:(?:\|\||\?\?|\bor\b|\?:)\s*|(?:getenv|environ\.get|\benv|fetch|OrDefault|OrElse|or_else|lookup|default|getProperty|config)\w*\(\s*[\w"'.\[\]-]+\s*,\s*)[bru]?"""
    + _QUOTE
)
_PAIR: Final = Lazy(r"""(?:\\{0,3}["'`]|&quot;)\)?(?:<[^>]*>)?\s*,\s*(?:<[^>]*>\s*)?[bruL@]{0,2}""" + _QUOTE)
_FLAG_DEFAULT: Final = Lazy(r"""["'][^\r\n]{0,200}?\bdefault\s*=\s*[bru]?""" + _QUOTE)
_BARE_PAIR: Final = Lazy(r"\s*,\s*[bruL@]{0,2}" + _QUOTE)
_CALL: Final = Lazy(
    r"""(?:\.(?:equals|equalsIgnoreCase|assign|set|setValue|fill|sendKeys|send_keys|type|val|compareTo|eq|is|isEqualTo)\s*)?\(\s*[bruL@]{0,2}"""
    + _QUOTE
)
_XML: Final = Lazy(
    r"""(?:[ \t\r\n][^<>]{0,200})?(?<![/-])>\s*(?:<!\[CDATA\[\s*)?(?P<value>[^<>\r\n@][^<>\r\n]{0,400}?)\s*(?:\]\]>\s*)?</"""
)
_XML_VALUE: Final = Lazy(r"""["'](?:\s+[\w:.-]+=["'][^"'<>]*["'])*?\s+(?:value|val|content|default(?:Value)?)\s*=\s*(?P<q>["'])""")
_XML_TEXT: Final = Lazy(r"""["'][^<>]{0,120}>\s*(?:<value>\s*)?(?P<value>[^<>\r\n]{1,400}?)\s*</""")
_XML_NAME: Final = Lazy(r"""\s*</\w+>\s*<(?:value|string|Value)>\s*(?P<value>[^<>\r\n]{1,400}?)\s*</""")
_NAMED: Final = Lazy(
    r"""["']?[ \t]*,?\s*["']?(?:[vV]alue|VALUE|defaultValue|default|secretValue|content)["']?\s*[:=]\s*(?:(?P<q>["'`])|(?P<bare>(?=[^\s"'`{\[|>])))"""
)
_NAMED_BEFORE: Final = Lazy(
    r"""(?:name|key|field|param|parameter|variable|id|label|type)["']?\s*[:=]\s*["']?(?:\w+ ){0,3}\Z""", re.IGNORECASE
)
_VARIABLE: Final = Lazy(r"""["']?\s*\{[^{}]{0,300}?\bdefault\s*=\s*(?P<q>["'])""")
_PARAMETER: Final = Lazy(
    r"""["']?:[ \t]*\r?\n(?:[ \t]+(?!Default)[\w"']+:[^\r\n]*\r?\n){0,6}?[ \t]+["']?Default["']?:[ \t]*(?:(?P<q>["'])|(?P<bare>(?=[^\s"'`{\[|>])))"""
)
_FLAG: Final = Lazy(
    r"""(?:["']\s*,\s*""" + _QUOTE + r"""|(?:[ \t]+|=)(?:""" + _QUOTE.replace("?P<q>", "?P<p>") + r"""|(?P<bare>(?=[^\s"'`-]))))"""
)
_SQL: Final = Lazy(r"""(?:\s+(?:password|by|as|with|=|:))?\s*[\s(]\s*""" + _QUOTE, re.IGNORECASE)
_SQL_BEFORE: Final = Lazy(r"(?i)\b(?:create|alter|grant|set|identified|encrypted)\b")
_ENV_CALL: Final = Lazy(r"(?:(?:getenv|env|fetch|setenv|putenv|setopt|strn?cpy)|\bassert_?\w*)\(\s*\Z")
_SECTION: Final = Lazy(r"""(?:\.set|buildConfigField|resValue)[\s(]\s*["'][\w.-]{1,60}["']\s*,\Z""")
_TUPLE: Final = Lazy(r"""[=:(,]\s*\(\s*[brufBRUF]{0,2}["']\Z""")
_FURTHER: Final = Lazy(r"\s*,\s*[^\s)]")
_CLOSED: Final = Lazy(r"\s*\)")
_PAIR_END: Final = Lazy(r"""[^"'\r\n]+["']\s*\}""")
_FALLBACK: Final = Lazy(r"[ \t]*(?:\?\?|\|\|)\s*" + _QUOTE)
_SPACE: Final = Lazy(r"[ \t]+" + _QUOTE)
_DIRECTIVE: Final = Lazy(r"""[ \t]+(?P<bare>(?=[^\s=:"'\[({]))""")
_PROSE: Final = Lazy(r"""(?:\s*[:=(]\s*|\s+(?:is|was|are|set to)?\s*[:=]?\s*)["'`]?(?P<bare>(?=[^\s"'`=:({\[]))""")

_BARE_LINE: Final = Lazy(r"[^\r\n]+")
_BARE_WORD: Final = Lazy(r"""[^\s"'`<>,;&|(){}\[\]\\]{1,1024}""")
_BARE_URL: Final = Lazy(r"""[^\s"'`<>&#\\]{1,1024}""")
_BARE_SHELL: Final = Lazy(r"""(?:[^\s"'`;&|<>()\\]|\\.){1,1024}""")
_BARE_TEXT: Final = Lazy(r"""[^\s"'`<>,;]{1,1024}""")
_BLOCK: Final = Lazy(r"[|>][+-]?[ \t]*\r?\n(?P<indent>[ \t]+)(?P<value>[^\s#][^\r\n]*?)[ \t]*(?:\r?\n(?!(?P=indent)[ \t]*\S)|\Z)")
_COMMENT: Final = Lazy(r"[ \t](?:#|//|;|<!--|/\*)")
_LEAD: Final = Lazy(
    r"""^[ \t#;/*!>+|-]*(?:(?:export|set|setx|ENV|ARG|env|const|let|var|val|declare|local|readonly|define|public|private|protected|static|final|String|string)[ \t]+(?:-\w+[ \t]+)?)*["'`$@<]?[\w.$-]*\Z"""
)


def candidates(text: str, names: Iterable[Name], style: Style) -> Iterator[Candidate]:
    """The value given to each of ``names``, if any."""
    for name in names:
        found = _one(text, name, style)
        if found is not None:
            yield found


_GLUE: Final = frozenset("])^!~")  # behind one of them no name begins, as in lines of uuencoded data


def _one(text: str, name: Name, style: Style) -> Candidate | None:
    start, end, word, kind = name
    line = max(text.rfind("\n", max(0, start - 400), start) + 1, start - 400, 0)
    before = text[line:start]
    if before[-1:] in _GLUE and text[end : end + 1] in (":", "="):
        return None
    lead = _LEAD.match(before) is not None
    place = _Place(text, start, end, min(len(text), end + _WINDOW), before, text[end : end + 1], kind, style, lead)
    for how, found in _ways(place):
        value = _value(place, found, how)
        if value is not None:
            first, last, quoted = _unwrapped(text, value)
            return Candidate(word, kind, start, first, last, text[first:last], quoted, how, lead)
    return None


def _unwrapped(text: str, value: tuple[int, int, bool]) -> tuple[int, int, bool]:
    """A string inside a string without its own quotes, as where one program writes another: ``'"x"'``."""
    first, last, quoted = value
    for sign in ('\\"', "\\'", '"', "'"):
        size = len(sign)
        if quoted and last - first > 2 * size and text.startswith(sign, first) and text.startswith(sign, last - size):
            return first + size, last - size, True
    return value


class _Place(NamedTuple):
    """A name at ``text[start:end]``, what stands ``before`` it on its line and the character ``after`` it."""

    text: str
    start: int
    end: int
    limit: int
    before: str
    after: str
    kind: Kind
    style: Style
    lead: bool

    @property
    def name(self) -> str:
        return self.text[self.start : self.end]

    def match(self, pattern: Lazy) -> re.Match[str] | None:
        return pattern.match(self.text, self.end, self.limit)


Way: TypeAlias = tuple[How, re.Match[str]]


def _ways(place: _Place) -> Iterator[Way]:
    """The forms in which the name may be given a value, the surest first."""
    for ways in (_element, _named, _operator, _key_in_quotes, _call_or_flag, _spaced):
        yield from ways(place)


def _element(place: _Place) -> Iterator[Way]:
    """``<password>value</password>``."""
    if place.before[-1:] in ("<", ":") and place.after in (">", " ", "\t") and "<" in place.before[-24:]:
        found = place.match(_XML)
        if found:
            yield "xml", found


def _named(place: _Place) -> Iterator[Way]:
    """A name and a value that stand side by side: ``name="password" value="x"``, ``- name: PASSWORD`` and ``value: x``."""
    before = place.before
    if before[-1:] in ('"', "'", ">", ":", "=", " ", "\t") and before and _NAMED_BEFORE.search(before[-40:]):
        for pattern in (_XML_VALUE, _XML_TEXT, _NAMED):
            found = place.match(pattern)
            if found:
                yield "named", found
    if before.endswith('variable "'):
        found = place.match(_VARIABLE)
        if found:
            yield "named", found
    elif place.after in (":", '"') and place.style == "config" and place.lead:
        found = place.match(_PARAMETER)
        if found:
            yield "named", found
    if before[-1:] == ">":
        found = place.match(_XML_NAME)
        if found:
            yield "named", found


def _operator(place: _Place) -> Iterator[Way]:
    """An assignment or a comparison, or the default of a variable."""
    found = place.match(_ASSIGN)
    if found is None:
        found = place.match(_FALLBACK)
        if found:
            yield "default", found
        return
    operator = found["op"]
    how: How = "compare" if operator in ("==", "===", "!=", "!==") else "assign"
    if found["q"] is None:
        if operator == ":" and place.before.endswith(("${", "#{", "%{")):
            yield "default", found
            return
        default = _DEFAULT.match(place.text, found.end(), place.limit)
        if default:
            yield "default", default
    yield how, found


def _key_in_quotes(place: _Place) -> Iterator[Way]:
    """``set("password", "x")``, ``environ.get("PASSWORD") or "x"``, ``getenv(PASSWORD, "x")``."""
    after, before = place.after, place.before
    if after in ('"', "'", "`", "\\", "&", ")"):
        pair = place.match(_PAIR)
        opening = before.rstrip("\"'`\\ \t").removesuffix("&quot;")
        if pair and ends_in_secret(place.name) and _takes_pairs(place, opening, pair.end()):
            yield "pair", pair
        named = place.match(_XML_VALUE)
        if named:
            yield "named", named
        closing = place.text[place.end : place.end + 4]
        default = place.match(_DEFAULT) if ")" in closing or "]" in closing else None
        if default:
            yield "default", default
    elif after == ",":
        pair = place.match(_BARE_PAIR)
        if pair and _ENV_CALL.search(before):
            yield "pair", pair


def _takes_pairs(place: _Place, opening: str, end: int) -> bool:
    """Whether what opens in front of the name takes a name and a value: a call, a cell, an entry in braces; a tuple only of a password."""
    if opening.endswith("("):
        return place.kind == "password" or opening[-2:-1].isalnum() or opening[-2:-1] in ("_", "$", ">")
    return (
        opening.endswith(">")
        or _SECTION.search(opening) is not None
        or (opening.endswith("{") and _PAIR_END.match(place.text, end, place.limit) is not None)
    )


def _call_or_flag(place: _Place) -> Iterator[Way]:
    """``setPassword("x")``, ``password.equals("x")``, ``--password x``."""
    if place.after in ("(", "."):
        call = place.match(_CALL)
        if call and (place.after == "." or is_setter(place.name.rpartition(".")[2])):
            yield "call", call
    if place.before[-1:] == "-" and place.after in (" ", "\t", "=", '"', "'"):
        flag = place.match(_FLAG)
        if flag:
            yield "flag", flag
        default = place.match(_FLAG_DEFAULT)
        if default:
            yield "default", default


def _spaced(place: _Place) -> Iterator[Way]:
    """A blank is all there is between name and value: SQL, directives, running text."""
    if place.kind == "password" and "." not in place.name:
        sql = place.match(_SQL)
        if sql and _SQL_BEFORE.search(place.before):
            yield "sql", sql
    opened = place.before.rstrip()[-1:]  # in braces on one line; a keyword of Clojure
    first = place.lead or (place.kind == "password" and opened in ("{", ";", ":"))
    if first and place.after in (" ", "\t") and place.kind not in ("salt", "name"):
        for pattern in (_SPACE, _DIRECTIVE) if place.style == "directives" else (_SPACE,):
            found = place.match(pattern)
            if found:
                yield "directive", found
    if (
        place.style in ("text", "directives")
        and place.kind in ("password", "secret", "token")
        and place.after in (" ", "(", "\t", ":", "=")
    ):
        prose = place.match(_PROSE)
        if prose:
            yield "prose", prose


def _value(place: _Place, found: re.Match[str], how: How) -> tuple[int, int, bool] | None:
    """Start, end and whether quoted, of the value to which ``found`` leads."""
    groups = found.re.groupindex
    text, at = place.text, found.end()
    limit = min(len(text), at + _LONGEST)
    if "value" in groups:
        return found.start("value"), found.end("value"), True
    quote = (found["q"] if "q" in groups else None) or (found["p"] if "p" in groups else None)
    if quote:
        value = _quoted(text, at, quote, limit)
        if value and how == "call" and not _CLOSED.match(text, value[1] + len(quote)) and not found[0].startswith("."):
            return None  # further arguments: the first is not the secret
        if value and how == "flag" and text[value[0]] == "-":
            return None  # the next flag
        if value and _TUPLE.search(found[0]) and _FURTHER.match(text, value[1] + len(quote)):
            return None  # the first of several words in parentheses
        return value
    if how == "prose":
        return _word(_BARE_TEXT, text, at, limit, ".)")
    if how in ("flag", "directive"):
        return _word(_BARE_SHELL if how == "flag" else _BARE_TEXT, text, at, limit)
    if how == "default":
        return _word(_BARE_WORD, text, at + (text[at] == "-"), limit)
    return _bare(place, at, limit)


def _bare(place: _Place, at: int, limit: int) -> tuple[int, int, bool] | None:
    """A value without quotes: the rest of the line in settings, a word elsewhere; in code only inside strings and comments."""
    text, before = place.text, place.before
    if before[-1:] in ('"', "'", "`") and place.after == before[-1]:
        before = before[:-1]  # the quote belongs to the name
    inside = _in_string(before)
    if "arn:" in before[-100:]:
        return None
    if place.style == "code" and not inside and not _in_comment(before):
        return _setting(place, at, limit)
    if ("?" in before[-80:] and text[at - 1 : at] == "=") or before.endswith(("&", "?")):
        return _word(_BARE_URL, text, at, limit)
    if place.style == "config" and place.lead and not inside:
        line = _BARE_LINE.match(text, at, limit)
        block = _BLOCK.match(text, at, limit)
        if block:
            return block.start("value"), block.end("value"), False
        if line and text[at - 1] == "=" and text[at - 2 : at - 1] not in (" ", "\t", ":") and " " in line[0].strip():
            return _word(_BARE_SHELL, text, at, limit, ",;")  # PASSWORD=x command
        comment = _COMMENT.search(text, at, line.end()) if line else None
        last = at + len(text[at : comment.start() if comment else line.end()].rstrip()) if line else at
        return _trimmed(text, at, last, ",;") if last > at else None
    word = _BARE_WORD.match(text, at, limit)
    if word is None or text[word.end() : word.end() + 1] in ("(", "[", "{"):
        return None  # a call or an index
    return _trimmed(text, at, word.end(), ".:")


def _setting(place: _Place, at: int, limit: int) -> tuple[int, int, bool] | None:
    """A line of settings inside a longer string of a program: name, sign, and one word that only a machine can have made."""
    from .value import random

    word = _BARE_TEXT.match(place.text, at, limit)
    if word is None or not place.lead or place.text[word.end() : word.end() + 1] not in ("\n", "\r", "") or not random(word[0]):
        return None
    return at, word.end(), False


def _word(pattern: Lazy, text: str, at: int, limit: int, tail: str = "") -> tuple[int, int, bool] | None:
    word = pattern.match(text, at, limit)
    return _trimmed(text, word.start(), word.end(), tail) if word else None


def _trimmed(text: str, start: int, end: int, tail: str) -> tuple[int, int, bool] | None:
    while end > start and text[end - 1] in tail:
        end -= 1
    return (start, end, False) if end > start else None


def _quoted(text: str, at: int, quote: str, limit: int) -> tuple[int, int, bool] | None:
    """The text up to the closing quote, on one line but for triple quotes and back quotes."""
    if len(quote) == 1 and text.startswith(quote * 2, at):
        at += 2
        end = text.find(quote * 3, at, limit)
        while end > at and text[at] in " \t\r\n":
            at += 1
        while end > at and text[end - 1] in " \t\r\n":
            end -= 1
    elif len(quote) == 1:
        end = at
        while end < limit and text[end] != quote:
            if text[end] == "\\":
                end += 1
            elif text[end] in "\r\n":
                return None
            end += 1
        if end >= limit:
            return None
    else:
        end = text.find(quote, at, limit)
    if end <= at or ("\n" in text[at:end]):
        return None
    follow = text[end + len(quote) : end + len(quote) + 3].lstrip()
    if follow[:1] in ("+", ".", "%") and follow[1:2] != "=" and text[end - 1] in ":=/ -_?&":
        return None  # the first part of a concatenation
    return at, end, True


def _in_string(before: str) -> bool:
    return any((before.count(q) - before.count("\\" + q)) % 2 for q in "\"'`") or ("?" in before[-60:] and "://" in before)


def _in_comment(before: str) -> bool:
    stripped = before.lstrip()
    return stripped[:1] in ("#", "*") or stripped.startswith(("//", "--", "<!--", "/*", ";")) or " //" in before or " #" in before
