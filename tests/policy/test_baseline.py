"""The baseline: what an entry accepts, what it gives away, and merges by git itself."""

from __future__ import annotations

import re
import string
from random import Random

import pytest

from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import UNANALYSABLE, Rule, Span, report
from secops_hooks.policy.baseline import (
    FILE_NAME,
    WEAK_BITS,
    Baseline,
    BaselineError,
    Contents,
    Entry,
    Tags,
    fingerprint,
    guessable,
    parse,
    render,
)

SECRET = Rule(id="generic-password", family="secrets", title="t", severity="high", tier="block", why="w", fix="f", aliases=("old-id",))
SETTING = Rule(id="k8s-x", family="config", title="t", severity="high", tier="block", why="w", fix="f")
PLACE = Span(3, 1, 3, 9)
SALT = "00112233445566778899aabbccddeeff"
RANDOM = Random(5)
ALPHABET = string.ascii_letters + string.digits


def accepted(rule: Rule, path: str, content: str, key: str = "", files: dict[str, str] | None = None) -> Baseline:
    """A baseline with one entry."""
    finding = report(rule, path, PLACE, key_path=key)
    tag = Tags().of(SALT, finding, content)
    entry = Entry(fingerprint(SALT, rule.id, path, key, tag), rule.id, path)
    return Baseline(MemoryTree(files if files is not None else {path: ""}), Contents((SALT,), frozenset((entry,))))


@pytest.mark.parametrize("rule", [SECRET, SETTING], ids=["secret", "setting"])
def test_an_entry_accepts_the_same_content_on_any_line(rule: Rule) -> None:
    known = accepted(rule, "a", "content one", "k")
    assert known.accepts(report(rule, "a", PLACE, key_path="k"), "content one")
    assert known.accepts(report(rule, "a", Span(99, 1, 99, 2), key_path="k"), "content one")
    assert not known.accepts(report(rule, "b", PLACE, key_path="k"), "content one")
    assert not known.accepts(report(rule, "a", PLACE, key_path="other"), "content one")
    assert not known.accepts(report(rule, "a", PLACE, key_path="k"), "content two")
    assert not known.accepts(report(rule._replace(id="another"), "a", PLACE, key_path="k"), "content one")


def test_a_rule_that_was_renamed_is_still_known() -> None:
    known = accepted(SECRET._replace(id="old-id"), "a", "some value")
    assert known.accepts(report(SECRET, "a", PLACE), "some value")


def test_what_nobody_could_see_is_never_accepted() -> None:
    assert not accepted(UNANALYSABLE, "a", "").accepts(report(UNANALYSABLE, "a", PLACE), "")


@pytest.mark.parametrize(("rule", "follows"), [(SECRET, True), (SETTING, False)], ids=["secret", "setting"])
def test_a_secret_follows_its_renamed_file_and_nothing_else_does(rule: Rule, follows: bool) -> None:
    known = accepted(rule, "old/name", "some value", files={"new/name": ""})
    assert known.accepts(report(rule, "new/name", PLACE), "some value") is follows
    assert not known.accepts(report(rule, "new/name", PLACE), "other value")
    still_there = accepted(rule, "old/name", "some value", files={"new/name": "", "old/name": ""})
    assert not still_there.accepts(report(rule, "new/name", PLACE), "some value")


def test_many_passwords_fit_an_entry_so_that_it_confirms_no_guess() -> None:
    finding = report(SECRET, "a", PLACE)
    tags, wanted = Tags(), Tags().of(SALT, finding, "summer")
    tried = [tags.of(SALT, finding, f"word{n}") for n in range(300)]
    assert max(tried) < 1 << WEAK_BITS
    assert len(set(tried)) > 200, "different passwords differ"
    assert wanted < 1 << WEAK_BITS


def test_one_value_gives_the_same_bits_away_wherever_it_stands() -> None:
    tags = {Tags().of(SALT, report(SECRET._replace(id=rule), path, PLACE), "summer") for rule in ("a", "b") for path in ("x", "y", "z")}
    assert len(tags) == 1


@pytest.mark.parametrize(
    ("value", "weak"),
    [
        ("hunter2", True),
        ("correct-horse-battery-staple", True),
        ("MyCompanyDatabasePassword", True),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaa1", True),
        ("".join(RANDOM.choices(ALPHABET, k=40)), False),
        ("".join(RANDOM.choices("0123456789abcdef", k=40)), False),
        ("gh" + "p_" + "".join(RANDOM.choices(ALPHABET, k=36)), False),
    ],
)
def test_what_a_person_may_have_thought_up(value: str, weak: bool) -> None:
    assert guessable(value) is weak


ODD = ("plain/file.py", "with space", "new\nline", "100%", "%41", "ümläut", "tab\t", "bell\x07", "raw\udcff", "#x", "a\u202eb")


@pytest.mark.parametrize("path", ODD)
def test_every_path_is_one_word_and_comes_back(path: str) -> None:
    contents = Contents((SALT,), frozenset((Entry("0" * 16, "rule", path),)))
    text = render(contents)
    assert len(text.splitlines()) == 3
    assert parse(text) == contents


def test_any_order_and_repetition_is_read() -> None:
    other = "f" * 32
    entries = [f"{n:016x} rule path{n}" for n in range(9)]
    lines = [f"# salt {SALT}", *entries, f"# salt {other}", *entries[::-1], "", "# a comment"]
    assert parse("\r\n".join(lines)) == parse("\n".join(sorted(lines)))
    assert parse("\n".join(lines)).salts == (SALT, other)


@pytest.mark.parametrize("line", ["<<<<<<< HEAD", "=======", "abc rule path", "0011223344556677 rule", "0011223344556677  rule path more"])
def test_a_line_that_is_no_entry_is_an_error_that_names_it(line: str) -> None:
    with pytest.raises(BaselineError, match=r"baseline:2: neither"):
        parse(f"# salt {SALT}\n{line}\n")


def test_it_holds_neither_line_nor_time_nor_version() -> None:
    text = render(Contents((SALT,), frozenset((Entry("0" * 16, "rule", "path"),))))
    assert re.findall(r"\d", text.replace(SALT, "").replace("0" * 16, "")) == []
    assert text == render(parse(text))


# --- with git -----------------------------------------------------------------------------------------------------------


def password(n: int) -> str:
    return "zq" + "".join(Random(n).choices(ALPHABET, k=22))


def begin(repo) -> None:
    repo.write("app.env", f"DB_PASSWORD={password(0)}\n")
    repo.write("pod.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n")
    repo.git("add", "-A")


def check(repo, *args: str) -> int:
    return repo.secops("all", *args, ".").returncode


def test_accepted_findings_are_silent_until_something_is_new(repo) -> None:
    begin(repo)
    assert check(repo) == 1
    done = repo.secops("baseline")
    assert done.returncode == 0, done.stderr
    assert " new, 0 dropped" in done.stdout
    first = (repo.path / FILE_NAME).read_bytes()
    assert check(repo) == 0
    assert check(repo, "--no-baseline") == 1
    repo.write("app.env", f"# moved\n\nDB_PASSWORD={password(0)}\n")
    assert check(repo) == 0
    repo.write("app.env", f"DB_PASSWORD={password(1)}\n")
    assert check(repo) == 1, "another secret at the same place"
    assert "1 suppressed" in repo.secops("config", "pod.yaml").stdout, "the same entry for every hook"
    assert (repo.path / FILE_NAME).read_bytes() == first, "hooks never write it"
    assert password(0) not in first.decode()


def test_writing_again_changes_nothing_and_prune_drops_what_is_gone(repo) -> None:
    begin(repo)
    repo.secops("baseline")
    first = (repo.path / FILE_NAME).read_text(encoding="utf-8")
    repo.secops("baseline")
    assert (repo.path / FILE_NAME).read_text(encoding="utf-8") == first
    (repo.path / "app.env").unlink()
    kept = repo.secops("baseline")
    assert "no longer occur (drop them with --prune)" in kept.stdout
    assert (repo.path / FILE_NAME).read_text(encoding="utf-8") == first
    only_elsewhere = repo.secops("baseline", "--prune", "pod.yaml")
    assert "0 dropped" in only_elsewhere.stdout
    pruned = repo.secops("baseline", "--prune")
    assert "0 dropped" not in pruned.stdout
    assert "app.env" not in (repo.path / FILE_NAME).read_text(encoding="utf-8")


def test_what_cannot_be_analysed_is_named_and_not_accepted(repo) -> None:
    repo.write("broken.yaml", "a: [1, 2\nb: }\n")
    repo.write("pod.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n")
    done = repo.secops("baseline")
    assert (done.returncode, "not accepted: broken.yaml:" in done.stderr) == (3, True)
    assert repo.secops("all", "pod.yaml").returncode == 0
    assert repo.secops("all", "broken.yaml").returncode == 3


def test_unsuppressible_rules_are_not_accepted(repo) -> None:
    begin(repo)
    repo.secops("baseline")
    repo.write(".secops.toml", 'unsuppressible = ["k8s-*"]\n')
    assert repo.secops("config", "pod.yaml").returncode == 1


@pytest.mark.parametrize("started", [True, False], ids=["begun before", "begun on both branches"])
def test_branches_merge_without_conflict_and_without_loss(repo, started: bool) -> None:
    repo.write("readme", "x\n")
    if started:
        begin(repo)
        repo.secops("baseline")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "base")
    for branch in ("left", "right"):
        repo.git("checkout", "-q", "-b", branch, "main")
        for n in range(3):
            repo.write(f"{branch}{n}.env", f"DB_PASSWORD={password(10 * len(branch) + n)}\n")
        repo.write(f"{branch}.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n")
        assert repo.secops("baseline").returncode == 0
        repo.git("add", "-A")
        repo.git("commit", "-qm", branch)
    wanted = {line for b in ("left", "right") for line in repo.git("show", f"{b}:{FILE_NAME}").splitlines()}
    merged = repo.run("git", "merge", "-q", "--no-edit", "left")
    assert merged.returncode == 0, merged.stdout + merged.stderr
    assert set((repo.path / FILE_NAME).read_text(encoding="utf-8").splitlines()) == wanted
    assert check(repo) == 0
    again = repo.secops("baseline", "--prune")
    assert ": 0 new, 0 dropped" in again.stdout
    assert check(repo) == 0


def test_rebasing_and_pruning_on_one_side_lose_nothing(repo) -> None:
    begin(repo)
    repo.secops("baseline")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "base")
    repo.git("checkout", "-qb", "mended")
    (repo.path / "app.env").unlink()
    repo.secops("baseline", "--prune")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "mended")
    repo.git("checkout", "-q", "main")
    repo.write("more.env", f"DB_PASSWORD={password(4)}\n")
    repo.secops("baseline")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "more")
    done = repo.run("git", "rebase", "-q", "mended")
    assert done.returncode == 0, done.stdout + done.stderr
    assert check(repo) == 0


def test_an_attributes_file_is_added_to(repo) -> None:
    repo.write(".gitattributes", "*.png binary")
    begin(repo)
    repo.secops("baseline")
    repo.secops("baseline")
    assert (repo.path / ".gitattributes").read_text(encoding="utf-8") == "*.png binary\n.secops-baseline merge=union\n"


def test_the_staged_baseline_counts_for_what_is_staged(repo) -> None:
    begin(repo)
    repo.secops("baseline")
    assert repo.secops("all", "--staged").returncode == 1
    repo.git("add", FILE_NAME)
    assert repo.secops("all", "--staged").returncode == 0


def test_whoever_accepts_secrets_is_told(repo, aws_key) -> None:
    repo.write("app.env", f"KEY={aws_key()}\n")
    said = "1 of the new ones is a secret, which this does not make safe; see them: secops-hooks secrets . --no-baseline"
    assert said in repo.secops("baseline").stdout
    assert "of the new ones" not in repo.secops("baseline").stdout
