"""Where a key of some name is given a value: assignments, calls, attributes, flags and prose, in any syntax.

From each word of the pre-scan the whole name is taken, then the text behind it is matched against the ways in which
languages give a name a value. What the value is worth is judged elsewhere (``value.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from .lazy import Lazy
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
_TYPE: Final = r"""(?:[ \t]*:[ \t]*[&*]?(?:'\w+\s*)?[A-Za-z_][\w.<>|\[\]?, ]{0,40}?(?=[ \t]*=[^=>])|[ \t]+(?:string|String|text|char|const)\b|\[\d*\])?"""
_OP: Final = r"""(?P<op>:{1,3}=|\?\?=|\|\|=|\?=|\.=|\+=|=>|={1,3}|!={1,2}|:|<-|->)"""
_WRAP: Final = (
    r"""(?:\((?=\s*[brufBRUF]{0,2}["']))?"""
    r"""(?:(?:new\s+)?(?:String|SecretStr|Secret|bytes|bytearray|str|Buffer\.from|\[\]byte|text|CharSequence|NSString|to_binary|const|static|str\.encode)\s*\(|(?:to|as)_?[sS]tring\()?"""
)
_ASSIGN: Final = Lazy(
    _CLOSE + _TYPE + r"[ \t]*" + _OP + r"[ \t]*(?:\\?\r?\n[ \t]*(?=[\"'`(]))?" + _WRAP + r"""[ \t]*(?:[brufBRUFL@$]{1,2}(?=["']))?""" + r"(?:" + _QUOTE + r"|(?P<bare>(?=[^\s\"'`])))"
)
_DEFAULT: Final = Lazy(
    r"""[^\r\n;{}%]{0,120}?(?:(?:\|\||\?\?|\bor\b|\?:)\s*|(?:getenv|environ\.get|\benv|fetch|OrDefault|OrElse|or_else|lookup|default|getProperty|config)\w*\(\s*[\w"'.\[\]-]+\s*,\s*)[bru]?""" + _QUOTE
)
_PAIR: Final = Lazy(r"""(?:\\{0,3}["'`]|&quot;)\)?(?:<[^>]*>)?\s*,\s*(?:<[^>]*>\s*)?[bruL@]{0,2}""" + _QUOTE)
_BARE_PAIR: Final = Lazy(r"\s*,\s*[bruL@]{0,2}" + _QUOTE)
_CALL: Final = Lazy(r"""(?:\.(?:equals|equalsIgnoreCase|assign|set|setValue|fill|sendKeys|send_keys|type|val|compareTo|eq|is|isEqualTo)\s*)?\(\s*[bruL@]{0,2}""" + _QUOTE)
_XML: Final = Lazy(r"""(?:[ \t\r\n][^<>]{0,200})?(?<![/-])>\s*(?:<!\[CDATA\[\s*)?(?P<value>[^<>\r\n@][^<>\r\n]{0,400}?)\s*(?:\]\]>\s*)?</""")
_XML_VALUE: Final = Lazy(r"""["'](?:\s+[\w:.-]+=["'][^"'<>]*["'])*?\s+(?:value|val|content|default(?:Value)?)\s*=\s*(?P<q>["'])""")
_XML_TEXT: Final = Lazy(r"""["'][^<>]{0,120}>\s*(?:<value>\s*)?(?P<value>[^<>\r\n]{1,400}?)\s*</""")
_XML_NAME: Final = Lazy(r"""\s*</\w+>\s*<(?:value|string|Value)>\s*(?P<value>[^<>\r\n]{1,400}?)\s*</""")
_NAMED: Final = Lazy(r"""["']?[ \t]*,?\s*["']?(?:[vV]alue|VALUE|defaultValue|default|secretValue|content)["']?\s*[:=]\s*(?:(?P<q>["'`])|(?P<bare>(?=[^\s"'`{\[|>])))""")
_NAMED_BEFORE: Final = Lazy(r"""(?:name|key|field|param|parameter|variable|id|label)["']?\s*[:=]\s*["']?\Z""", re.IGNORECASE)
_FLAG: Final = Lazy(r"""(?:["']\s*,\s*""" + _QUOTE + r"""|(?:[ \t]+|=)(?:""" + _QUOTE.replace("?P<q>", "?P<p>") + r"""|(?P<bare>(?=[^\s"'`-]))))""")
_SQL: Final = Lazy(r"""(?:\s+(?:password|by|as|with|=|:))?\s*\(?\s*""" + _QUOTE, re.IGNORECASE)
_SQL_BEFORE: Final = Lazy(r"(?i)\b(?:create|alter|grant|set|user|role|login|identified|with|encrypted|for)\b")
_ENV_CALL: Final = Lazy(r"(?:getenv|env|fetch|setenv|putenv|setopt)\(\s*\Z")
_CLOSED: Final = Lazy(r"\s*\)")
_SPACE: Final = Lazy(r"[ \t]+" + _QUOTE)
_DIRECTIVE: Final = Lazy(r"""[ \t]+(?P<bare>(?=[^\s=:"']))""")
_PROSE: Final = Lazy(r"""(?:\s*[:=(]\s*|\s+(?:is|was|are|set to)?\s*[:=]?\s*)(?P<bare>(?=[^\s"'`=:({]))""")

_BARE_LINE: Final = Lazy(r"[^\r\n]+")
_BARE_WORD: Final = Lazy(r"""[^\s"'`<>,;&|(){}\[\]\\]+""")
_BARE_URL: Final = Lazy(r"""[^\s"'`<>&#\\]+""")
_BARE_SHELL: Final = Lazy(r"""(?:[^\s"'`;&|<>()\\]|\\.)+""")
_BARE_TEXT: Final = Lazy(r"""[^\s"'`<>,;]+""")
_TAIL: Final = Lazy(r"\s+(?:#|//|;|<!--|/\*).*$|\s+$")
_LEAD: Final = Lazy(r"""^[ \t]*(?:[#;/*!>+|-]+[ \t]*){0,3}(?:(?:export|set|setx|ENV|ARG|env|const|let|var|val|declare|local|readonly|define|public|private|protected|static|final|String|string)[ \t]+(?:-\w+[ \t]+)?)*["'`$@<]?[\w.$-]*\Z""")


def candidates(text: str, names: Iterable[Name], style: Style) -> Iterator[Candidate]:
    """The value given to each of ``names``, if any."""
    for name in names:
        found = _one(text, name, style)
        if found is not None:
            yield found


def _one(text: str, name: Name, style: Style) -> Candidate | None:
    start, end, word, kind = name
    limit = min(len(text), end + _WINDOW)
    line = max(text.rfind("\n", max(0, start - 400), start) + 1, start - 400, 0)
    before = text[line:start]
    lead = _LEAD.match(before) is not None
    for how, found in _ways(text, start, end, limit, before, kind, style, lead):
        value = _value(text, found, min(len(text), found.end() + _LONGEST), how, before, style, lead)
        if value is not None:
            first, last, quoted = value
            return Candidate(word, kind, start, first, last, text[first:last], quoted, how, lead)
    return None


def _ways(
    text: str, start: int, end: int, limit: int, before: str, kind: Kind, style: Style, lead: bool
) -> Iterator[tuple[How, re.Match[str]]]:
    """The forms in which the name at ``start`` may be given a value, the surest first."""
    previous = before[-1:]
    after = text[end : end + 1]
    if previous in "<:" and previous and after in "> \t" and "<" in before[-24:]:
        found = _XML.match(text, end, limit)
        if found:
            yield "xml", found
    if previous and previous in "\"'>:= \t" and _NAMED_BEFORE.search(before[-24:]):
        for pattern in (_XML_VALUE, _XML_TEXT, _NAMED):
            found = pattern.match(text, end, limit)
            if found:
                yield "named", found
    if previous == ">":
        found = _XML_NAME.match(text, end, limit)
        if found:
            yield "named", found
    found = _ASSIGN.match(text, end, limit)
    if found:
        operator = found["op"]
        if found["q"] is not None:
            yield ("compare" if operator in ("==", "===", "!=", "!==") else "assign"), found
        elif before.endswith(("${", "#{", "%{")) and operator == ":":
            yield "default", found
            return
        else:
            default = _DEFAULT.match(text, found.end(), limit)
            if default:
                yield "default", default
            yield ("compare" if operator in ("==", "===", "!=", "!==") else "assign"), found
    if after and after in "\"'`\\&)":
        pair = _PAIR.match(text, end, limit)
        opening = before.rstrip("\"'`\\ \t").removesuffix("&quot;")
        if pair and opening[-1:] in "(>" and opening and ends_in_secret(text[start:end]):
            yield "pair", pair
        named = _XML_VALUE.match(text, end, limit)
        if named:
            yield "named", named
        default = _DEFAULT.match(text, end, limit) if ")" in text[end : end + 4] or "]" in text[end : end + 4] else None
        if default:
            yield "default", default
    elif after == ",":
        pair = _BARE_PAIR.match(text, end, limit)
        if pair and _ENV_CALL.search(before):
            yield "pair", pair
    if after in "(." and after:
        call = _CALL.match(text, end, limit)
        if call and (after == "." or is_setter(text[start:end].rpartition(".")[2])):
            yield "call", call
    if previous == "-" and after and after in " \t=\"'":
        flag = _FLAG.match(text, end, limit)
        if flag:
            yield "flag", flag
    if kind == "password" or text[start:end].lower() == "identified":
        sql = _SQL.match(text, end, limit)
        if sql and _SQL_BEFORE.search(before):
            yield "sql", sql
    if lead and after in (" ", "\t"):
        spaced = _SPACE.match(text, end, limit)
        if spaced:
            yield "directive", spaced
        if style == "directives":
            directive = _DIRECTIVE.match(text, end, limit)
            if directive:
                yield "directive", directive
    if style in ("text", "directives") and kind in ("password", "secret", "token") and after in (" ", "(", "\t", ":", "="):
        prose = _PROSE.match(text, end, limit)
        if prose:
            yield "prose", prose


def _value(
    text: str, found: re.Match[str], limit: int, how: How, before: str, style: Style, lead: bool
) -> tuple[int, int, bool] | None:
    """Start, end and whether quoted, of the value to which ``found`` leads."""
    groups = found.re.groupindex
    if "value" in groups:
        return found.start("value"), found.end("value"), True
    quote = (found["q"] if "q" in groups else None) or (found["p"] if "p" in groups else None)
    if quote:
        value = _quoted(text, found.end(), quote, limit)
        if value and how == "call" and not _CLOSED.match(text, value[1] + len(quote)) and not found[0].startswith("."):
            return None  # further arguments: the first is not the secret
        if value and how == "flag" and text[value[0]] == "-":
            return None  # the next flag
        return value
    at = found.end()
    if how == "prose":
        word = _BARE_TEXT.match(text, at, limit)
        return _trimmed(text, at, word.end(), ".)") if word else None
    if how == "flag":
        word = _BARE_SHELL.match(text, at, limit)
        return (at, word.end(), False) if word else None
    if how == "directive":
        word = _BARE_TEXT.match(text, at, limit)
        return (at, word.end(), False) if word else None
    if how == "default":
        word = _BARE_WORD.match(text, at + (text[at] == "-"), limit)
        return (word.start(), word.end(), False) if word else None
    inside = _in_string(before)
    if style == "code" and not inside and not _in_comment(before):
        return None
    if "arn:" in before[-100:]:
        return None
    if "?" in before[-80:] and "=" in text[at - 1 : at] or before.endswith(("&", "?")):
        word = _BARE_URL.match(text, at, limit)
        return (at, word.end(), False) if word else None
    if style == "config" and lead and not inside:
        line = _BARE_LINE.match(text, at, limit)
        if line is None:
            return None
        last = at + len(_TAIL.sub("", line[0]))
        return _trimmed(text, at, last, ",;") if last > at else None
    word = _BARE_WORD.match(text, at, limit)
    if word is None:
        return None
    if text[word.end() : word.end() + 1] in "([{" and text[word.end() : word.end() + 1]:
        return None  # a call or an index
    return _trimmed(text, at, word.end(), ".:")


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
    return any((before.count(q) - before.count("\\" + q)) % 2 for q in "\"'`") or "?" in before[-60:] and "://" in before


def _in_comment(before: str) -> bool:
    stripped = before.lstrip()
    return stripped[:1] in ("#", "*") or stripped.startswith(("//", "--", "<!--", "/*", ";")) or " //" in before or " #" in before
