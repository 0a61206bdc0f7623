"""Shell code: words, commands, pipelines and lists at their exact places; robust on whatever is no shell."""

from __future__ import annotations

import shlex
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secops_hooks.files.source import Source
from secops_hooks.parse import parse
from secops_hooks.parse.locate import Located, located
from secops_hooks.parse.node import UNKNOWN
from secops_hooks.parse.shell import parse_script, unwrap
from secops_hooks.parse.shell_ast import Command, Compound, Script


def script(text: str) -> Script:
    source = Source.from_text("x.sh", text)
    return parse_script(located(parse(source, "shell").roots[0]))


def words(text: str) -> list[list[object]]:
    """The words of all commands; ``?`` for unknown ones."""
    return [["?" if w.text is UNKNOWN else w.text for w in c.words] for c in script(text).walk_commands()]


WORDS = [
    ("plain", "curl -fsSL https://example.com/a?b=c", [["curl", "-fsSL", "https://example.com/a?b=c"]]),
    ("quotes", """a 'b c' "d e" f\\ g 'h'"i"j""", [["a", "b c", "d e", "f g", "hij"]]),
    ("empty words", "a '' \"\"", [["a", "", ""]]),
    ("escapes in double quotes", r'a "b\"c\$d\\e\n"', [["a", 'b"c$d\\e\\n']]),
    ("ansi", r"a $'b\tc\x41\101'", [["a", "b\tcAA"]]),
    ("localised", 'a $"b"', [["a", "b"]]),
    ("variables", 'a $b "${c:-d}" $((1+(2))) $1 x$', [["a", "?", "?", "?", "?", "x$"]]),
    ("continued", "a b\\\nc \\\n  d\\\r\n e", [["a", "bc", "d", "e"]]),
    ("comments", "a b#c # d\n# e\nf", [["a", "b#c"], ["f"]]),
    ("globs and braces", "rm *.[ch] {a,b} @(c|d) ~/e", [["rm", "*.[ch]", "{a,b}", "@(c|d)", "~/e"]]),
    ("lists", "a; b & c && d || e\nf", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]]),
    ("substitution", 'a $(b c) `d e` "$(f)"', [["a", "?", "?", "?"], ["b", "c"], ["d", "e"], ["f"]]),
    ("process substitution", "bash <(curl x) >(tee y)", [["bash", "?", "?"], ["curl", "x"], ["tee", "y"]]),
    ("nested in parameter", "a ${b:-$(c d)}", [["a", "?"], ["c", "d"]]),
    ("if", "if a; then b; elif c; then d; else e; fi", [["a"], ["b"], ["c"], ["d"], ["e"]]),
    ("loops", "for i in x $(y); do a; done; while b; do c; done; until d; do e; done", [["y"], ["a"], ["b"], ["c"], ["d"], ["e"]]),
    ("arithmetic loop", "for ((i=0;i<9;i++)); do a; done; ((i++)) && b", [["a"], ["b"]]),
    ("case", "case $x in a|b) c;; (d) e ;& *) f; esac", [["c"], ["e"], ["f"]]),
    ("functions", "f() { a; }\nfunction g { b; }\nfunction h () ( c )", [["a"], ["b"], ["c"]]),
    ("groups", "{ a; b; } > c; (d; e) | f", [["f"], ["a"], ["b"], ["d"], ["e"]]),
    ("keywords as arguments", "echo if then done } {", [["echo", "if", "then", "done", "}", "{"]]),
    ("test", "[[ $a == b* && -f c ]] && d", [["[[", "?", "==", "b*", "-f", "c"], ["d"]]),
    ("arrays", "a=(b 'c d'\n# e\n f) g; declare -a h=(i j)", [["g"], ["declare", "-a", "h=", "i", "j"]]),
    ("options and -c", """bash -euo x -c "a \\"x y\\" | sh" """, [["bash", "-euo", "x", "-c", 'a "x y" | sh'], ["a", "x y"], ["sh"]]),
    ("sh -c behind wrappers", "sudo -u x sh -ec 'a b'", [["sudo", "-u", "x", "sh", "-ec", "a b"], ["a", "b"]]),
    ("sh -c with unknown parts", 'sh -c "a $b | c"', [["sh", "-c", "?"], ["a", "?"], ["c"]]),
    ("no code", "bash script.sh -c x; echo bash -c 'a'", [["bash", "script.sh", "-c", "x"], ["echo", "bash", "-c", "a"]]),
    ("eval", "eval 'a b' \"c\"", [["eval", "a b", "c"], ["a", "b", "c"]]),
    ("su and trap", "su -c 'a b' me; trap 'c d' EXIT", [["su", "-c", "a b", "me"], ["trap", "c d", "EXIT"], ["a", "b"], ["c", "d"]]),
    ("heredoc into a shell", "bash <<'E' && c\na b\nE\nd", [["bash"], ["c"], ["d"], ["a", "b"]]),
    ("heredoc with tabs", "sh -s - <<-E\n\ta b\n\tE\nc", [["sh", "-s", "-"], ["c"], ["a", "b"]]),
    ("heredoc piped into a shell", "cat <<E | sudo sh\na b\nE\n", [["cat"], ["sudo", "sh"], ["a", "b"]]),
    ("heredoc piped on, before the shell", "cat <<E |\nc\nE\nsh", [["cat"], ["sh"], ["c"]]),
    ("piped elsewhere", "cat <<E | tee sh\na b\nE\ncat <<E | sh -c f\ng\nE", [["cat"], ["tee", "sh"], ["cat"], ["sh", "-c", "f"], ["f"]]),
    ("substitution in arithmetic", "a $(( $(b) + `c` )) ; (( $(d) ))", [["a", "?"], ["b"], ["c"], ["d"]]),
    ("here-string into a shell", "bash <<< 'a b'", [["bash"], ["a", "b"]]),
    ("substitution in a heredoc", "cat <<E\n$(a b)\n\\$(c)\nE", [["cat"], ["a", "b"]]),
    ("quoted heredoc", "cat <<'E'\n$(a b)\nE", [["cat"]]),
    ("workflow expression", "curl ${{ inputs.a || 'b' }}/c | sh", [["curl", "?"], ["sh"]]),
    ("jinja", "{% if a %}\nb {{ c }} d\n{% endif %}", [["b", "?", "d"]]),
    ("expression over lines", "a ${{ b ||\n c }} d", [["a", "?", "d"]]),
    ("braces that hide nothing", "a '{{' # {{\nb {{\nc '}}'", [["a", "{{"], ["b", "{{"], ["c", "}}"]]),
    ("crlf", "a b\r\nc d\r\n", [["a", "b"], ["c", "d"]]),
    ("redirect between words", "a >b c 2>&1 d &>e f", [["a", "c", "d", "f"]]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in WORDS], ids=[case[0] for case in WORDS])
def test_words(text: str, expected: list[list[object]]) -> None:
    parsed = script(text)
    assert sorted(map(str, words(text))) == sorted(map(str, expected))
    assert parsed.problems == ()


SPANS = [
    ("plain", "é; «curl» «-k» «x»", 1),
    ("quoted", "a «'b c'» «\"d\"»", 0),
    ("in a string", """bash -c "curl \\"x\\"; «wget» «\\"y z\\"» «'w'»" """, 2),
    ("in eval", "eval 'a' '; «b» «c»'", 2),
    ("in a heredoc", "bash <<-E\n\ta\n\t«b» «c d»\n\tE\n".replace("c d", "c"), 2),
    ("in a substitution", 'x "$(a; «b» «$c»)"', 2),
    ("in backticks", "x `a \\`«b» «c»\\``", 2),
    ("in code in code", "sh -c 'bash -c \"«b» «c»\"'", 2),
]


@pytest.mark.parametrize(("marked", "at"), [case[1:] for case in SPANS], ids=[case[0] for case in SPANS])
def test_spans(marked: str, at: int) -> None:
    pieces = marked.replace("«", "\0<").replace("»", "\0>").split("\0")
    text, starts, ends = "", [], []
    for piece in pieces:
        if piece[:1] in "<>" and piece:
            (starts if piece[0] == "<" else ends).append(len(text))
            piece = piece[1:]
        text += piece
    commands = list(script(text).walk_commands())
    found = [(w.start, w.end) for w in commands[at].words]
    assert found[-len(starts) :] == list(zip(starts, ends, strict=True))


def test_command_parts() -> None:
    (command,) = script("A=1 B=$x C=(y z) sudo 2>&1 >out <in\n").commands
    assert [(a.name, a.value.text if a.value else None, [i.text for i in a.items]) for a in command.assignments] == [
        ("A", "1", []),
        ("B", UNKNOWN, []),
        ("C", None, ["y", "z"]),
    ]
    assert [(r.fd, r.op, r.target.text if r.target else None) for r in command.redirects] == [
        ("2", ">&", "1"),
        ("", ">", "out"),
        ("", "<", "in"),
    ]
    assert command.span == (1, 1, 1, 36)
    assert command.program == "sudo"


def test_pipelines() -> None:
    parsed = script("set -eo pipefail\n! curl -fsSL x | sudo bash -s |& tee log && (a; b) | sh\nset +e")
    first, second = parsed.pipelines()
    assert [c.program for stage in first.stages for c in stage] == ["curl", "sudo", "tee"]
    assert first.ops == ("|", "|&")
    assert first.negated
    assert [[c.program for c in stage] for stage in second.stages] == [["a", "b"], ["sh"]]
    assert isinstance(second.commands[0], Compound)
    assert isinstance(second.commands[1], Command)
    assert parsed.lists[1].ops == ("&&",)
    assert parsed.options() == {"pipefail"}
    assert parsed.options(first.at) == {"errexit", "pipefail"}


def test_word_pieces() -> None:
    word = script('curl "https://example.com/$VERSION/x"').commands[0].args[0]
    assert not word.known
    assert word.quoted
    assert word.prefix == "https://example.com/"
    assert [(p.kind, p.text, p.name) for p in word.parts] == [
        ("literal", "https://example.com/", ""),
        ("variable", "$VERSION", "VERSION"),
        ("literal", "/x", ""),
    ]


def test_heredoc_body() -> None:
    (command,) = script("cat <<'A' <<-B\n$x\nA\n\t$y\n\tB\n").commands
    literal, expanded = (r.body for r in command.redirects)
    assert literal is not None
    assert literal.text == "$x\n"
    assert literal.span == (2, 1, 3, 1)
    assert expanded is not None
    assert expanded.text is UNKNOWN


UNWRAPPED = [
    ("sudo -E -u root env -i A=b curl x", "curl x"),
    ("time -p timeout -k 5 10 nice -n 3 curl x", "curl x"),
    ("exec command curl x", "curl x"),
    ("xargs -n 1 -I {} curl {}", "curl {}"),
    ("/usr/bin/sudo -- curl x", "curl x"),
    ("gosu me curl x", "curl x"),
    ("sudo -Eu me -groot env -uA curl x", "curl x"),
    ("curl sudo x", "curl sudo x"),
    ("sudo -i", "sudo -i"),
    ("sudo $x curl", "$x curl"),
]


@pytest.mark.parametrize(("text", "expected"), UNWRAPPED, ids=[case[0] for case in UNWRAPPED])
def test_unwrap(text: str, expected: str) -> None:
    command = unwrap(script(text).commands[0])
    assert " ".join(w.raw for w in command.words) == expected
    assert text[command.start : command.end] == expected


def test_unwrap_keeps_assignments_of_env() -> None:
    command = unwrap(script("A=1 env B=$c D=e npm ci").commands[0])
    assert [(a.name, a.value.text if a.value else None) for a in command.assignments] == [("A", "1"), ("B", UNKNOWN), ("D", "e")]


BROKEN = [
    ("if a; then b", [["a"], ["b"]]),
    ("a ) b", [["a"], ["b"]]),
    ("done; a b", [["a", "b"]]),
    ("a | ; b", [["a"], ["b"]]),
    ('a "b\nc d', [["a", '"b'], ["c", "d"]]),
    ("a 'b\nc d", [["a", "'b"], ["c", "d"]]),
    ("a $(b c", [["a", "?"], ["b", "c"]]),
    ("cat <<E\nx", [["cat"]]),
    ("for x; a", [["a"]]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), BROKEN, ids=[case[0] for case in BROKEN])
def test_goes_on_behind_what_is_broken(text: str, expected: list[list[object]]) -> None:
    assert words(text) == expected
    assert text.startswith("a |") or script(text).problems


@pytest.mark.parametrize(
    "text",
    [
        *("$(", "(", '"$(', "${a:-", "if a; then ", "`\\", "case x in ", "a | ", "((a\n", '"', "'", "bash -c ", "eval ", "{ ", "[[ "),
        *("+( ", "cat <<E\n", "{{ ", "a=(", "<(", "f() ", "sh -c '", "bash <<E\n", "a=$(b <<E\n", 'sh -c "$('),
    ],
)  # fmt: skip
def test_hostile_nesting_is_bounded(text: str) -> None:
    begun = time.process_time()
    parsed = script(text * 20_000)
    for command in parsed.walk_commands():
        assert command.to <= len(command.where.text)
    assert time.process_time() - begun < 10


def test_unknown_syntax_survives() -> None:
    parsed = script("$x = Get-Item 'C:\\a' | % { $_.Name }\nif ($x -eq 1) { Write-Host \"b\" }\n@echo off\r\nset A=%B%\r\n")
    assert "Write-Host" in {c.program for c in parsed.walk_commands()}


SAFE = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x17F, exclude_characters="'\"\\$`<>|&;(){}#*?~=!\x7f", exclude_categories=("Z", "C")),
    min_size=1,
)
ANY = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=("Cc", "Zs", "Zl", "Zp")))
RAW = st.one_of(
    SAFE,
    ANY.filter(lambda s: "{{" not in s and "{%" not in s).map(shlex.quote),
    SAFE.map(lambda s: f'"{s}"'),
    st.tuples(SAFE, SAFE).map(lambda p: f"{p[0]}\\ '{p[1]}'"),
)


@settings(deadline=None)
@given(st.lists(RAW, min_size=1, max_size=6))
def test_simple_words_are_what_shlex_reads(raws: list[str]) -> None:
    line = "run " + " ".join(raws)
    (command,) = script(line).commands
    assert [w.text for w in command.words] == shlex.split(line)
    assert [w.raw for w in command.args] == raws
    assert all(line[w.start : w.end] == w.raw for w in command.words)


NAMES = st.sampled_from(["curl", "tar", "make", "x1"])
COMMANDS = st.tuples(NAMES, st.lists(st.sampled_from(["-k", "a.b", "'c d'", "$e", '"f"']), max_size=3)).map(
    lambda p: " ".join([p[0], *p[1]])
)
WRAPS = st.sampled_from(
    ["{}", "( {} )", "{{ {}; }}", "if {}; then x1; fi", "for i in a; do {}; done", "case a in b) {};; esac", "f() {{ {}; }}", "y=$({})"]
)


@settings(deadline=None)
@given(st.lists(st.tuples(COMMANDS, WRAPS, st.sampled_from(["; ", " && ", " || ", " | ", "\n", " & ", " |& "])), min_size=1, max_size=6))
def test_every_command_is_found_once_in_its_place(items: list[tuple[str, str, str]]) -> None:
    text = ""
    expected = []
    for command, wrap, joiner in items:
        before, after = wrap.replace("{{", "{").replace("}}", "}").split("{}") if wrap != "{}" else ("", "")
        expected.append((len(text) + len(before), command))
        if "then" in after:
            expected.append((len(text) + len(before) + len(command) + len("; then "), "x1"))
        text += before + command + after + joiner
    text += "true"
    found = sorted((c.start, text[c.start : c.end]) for c in script(text).walk_commands() if c.name is not None and c.program != "true")
    assert found == expected
    assert script(text).problems == ()


SCRAPS = [
    *"ab \n;|&(){}[]<>$'\"`\\#!=-\té\r",
    *(
        "if ",
        "then ",
        "fi ",
        "do ",
        "done ",
        "case ",
        "esac ",
        "<<E",
        "<<-E",
        "\nE\n",
        "bash -c ",
        "eval ",
        "{{",
        "}}",
        "${",
        "$(",
        "[[",
        "=(",
    ),
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(SCRAPS), max_size=60).map("".join))
def test_never_fails(text: str) -> None:
    parsed = script(text)
    for command in parsed.walk_commands():
        assert 0 <= command.start <= command.end <= len(text)
        for word in command.words:
            assert 0 <= word.start <= word.end <= len(text)
            assert word.code().text == word.pattern


def test_nested_place_of_a_decoded_text() -> None:
    source = Source.from_text("x", "key: a\\\n  b c")
    parsed = parse_script(Located(source, "ab c", ((0, 5), (1, 10), (4, 14))))
    (command,) = parsed.commands
    assert [(w.text, w.start, w.end) for w in command.words] == [("ab", 5, 11), ("c", 12, 13)]
