"""The command line as its users meet it: selection of files, exit codes, formats, and output that nothing can forge."""

from __future__ import annotations

import json
import sys

import pytest

BAD = "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n"
GOOD = "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: false\n"


def test_a_finding_is_one_line_with_its_place(repo) -> None:
    repo.write("k8s/pod.yaml", BAD)
    done = repo.secops("config", "k8s/pod.yaml")
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert lines[0].startswith("k8s/pod.yaml:4:16: high k8s-host-network ")
    assert lines[-1].startswith("secops: 1 file, 51 B, 1 finding (1 block), 0 suppressed, ")
    assert any(line.startswith("    why: ") for line in lines)
    assert any(line.startswith("    fix: ") for line in lines)


def test_clean_says_what_was_looked_at(repo) -> None:
    repo.write("pod.yaml", GOOD)
    done = repo.secops("all", "pod.yaml")
    assert done.returncode == 0
    assert done.stdout.startswith("secops: 1 file, 52 B, 0 findings, 0 suppressed, ")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((), "required: COMMAND"),
        (("al",), "invalid choice"),
        (("all",), "nothing to check"),
        (("all", "--formt", "json", "x"), "unrecognized arguments"),
        (("all", "--format", "yaml", "x"), "invalid choice"),
        (("all", "--staged", "--since", "HEAD"), "exclude one another"),
        (("all", "--range", "HEAD"), "--range takes A..B"),
        (("all", "--since", "nosuch"), "is no commit"),
        (("all", "--since", "--output=x", "."), "expected one argument"),
        (("all", "--settings", "none.toml", "."), "none.toml: No such file"),
        (("explain", "k8s-host-netwrk"), "did you mean k8s-host-network"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_why(repo, args: tuple[str, ...], says: str) -> None:
    done = repo.secops(*args)
    assert done.returncode == 2
    assert says in done.stderr


def test_wrong_settings_end_with_2(repo) -> None:
    repo.write(".secops.toml", "tiers = 1\n")
    repo.write("a.txt", "x")
    done = repo.secops("all", "a.txt")
    assert (done.returncode, "did you mean tier" in done.stderr) == (2, True)


def test_tier_decides_what_is_shown_and_fail_on_what_fails(repo) -> None:
    repo.write("pod.yaml", BAD)
    repo.write(".secops.toml", '[rules.k8s-host-network]\ntier = "warn"\n')
    assert repo.secops("config", "pod.yaml").returncode == 0
    assert "k8s-host-network" in repo.secops("config", "pod.yaml").stdout
    assert "k8s-host-network" not in repo.secops("config", "--tier", "block", "pod.yaml").stdout
    assert repo.secops("config", "--fail-on", "warn", "pod.yaml").returncode == 1
    assert repo.secops("config", "--fail-on", "warn", "--tier", "block", "pod.yaml").returncode == 1
    assert repo.secops("config", "--fail-on", "warn", "--exit-zero", "pod.yaml").returncode == 0


def test_staged_reads_the_index(repo) -> None:
    repo.write("pod.yaml", BAD)
    repo.git("add", "pod.yaml")
    repo.write("pod.yaml", GOOD)
    repo.write("other.yaml", BAD)
    staged = repo.secops("config", "--staged")
    assert (staged.returncode, "pod.yaml:4:16" in staged.stdout, "other.yaml" in staged.stdout) == (1, True, False)
    assert repo.secops("config", "pod.yaml").returncode == 0
    assert repo.secops("config", "--staged", "pod.yaml").returncode == 1


def test_since_and_range(repo) -> None:
    repo.write("a.yaml", GOOD)
    repo.git("add", "-A")
    repo.git("commit", "-qm", "one")
    repo.write("b.yaml", BAD)
    repo.git("add", "-A")
    repo.git("commit", "-qm", "two")
    repo.write("b.yaml", GOOD)
    repo.git("commit", "-qam", "three")
    assert repo.secops("config", "--range", "HEAD~2..HEAD~1").returncode == 1
    assert repo.secops("config", "--range", "HEAD~1..HEAD").returncode == 0
    assert "1 file," in repo.secops("config", "--since", "HEAD~2").stdout
    assert "0 files," in repo.secops("config", "--since", "HEAD").stdout


def test_directories_are_walked(repo) -> None:
    repo.write("a/pod.yaml", BAD)
    repo.write("a/ignored/pod.yaml", BAD)
    repo.write(".gitignore", "ignored/\n")
    done = repo.secops("config", "--format", "json", "a")
    assert [f["path"] for f in json.loads(done.stdout)["findings"]] == ["a/pod.yaml"]


def test_paths_are_relative_to_where_one_stands(repo) -> None:
    repo.write("sub/pod.yaml", BAD)
    assert repo.secops("config", "pod.yaml", cwd="sub").stdout.startswith("pod.yaml:4:16:")
    assert repo.secops("config", "sub/pod.yaml").stdout.startswith("sub/pod.yaml:4:16:")


def test_excluded_paths_are_not_looked_at(repo) -> None:
    repo.write("vendor/pod.yaml", BAD)
    repo.write(".secops.toml", 'exclude = ["vendor/"]\n')
    done = repo.secops("config", "vendor/pod.yaml")
    assert (done.returncode, "0 files" in done.stdout) == (0, True)


def test_suppression_settings_entry(repo) -> None:
    repo.write("pod.yaml", BAD)
    repo.write(".secops.toml", '[[ignore]]\nrule = "k8s-host-network"\nkey = "spec.hostNetwork"\nreason = "node exporter"\n')
    done = repo.secops("config", "pod.yaml")
    assert (done.returncode, "1 suppressed" in done.stdout) == (0, True)


@pytest.mark.skipif(sys.platform == "win32", reason="no control characters in file names there")
def test_file_names_cannot_forge_output(repo) -> None:
    name = "a\n::error::forged\x1b[31m\u202e.yaml"
    repo.write(name, BAD)
    done = repo.secops("config", name)
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    assert not any(line.startswith("::error") for line in done.stdout.splitlines())
    assert "a\\n::error::forged\\x1b[31m\\u202e.yaml:4:16:" in done.stdout


def test_output_goes_to_a_file(repo) -> None:
    repo.write("pod.yaml", BAD)
    done = repo.secops("config", "--format", "sarif", "--output", "out.sarif", "pod.yaml")
    assert (done.returncode, done.stdout) == (1, "")
    assert json.loads((repo.path / "out.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"


def test_colour_follows_the_conventions(repo) -> None:
    repo.write("pod.yaml", BAD)
    assert "\x1b[" not in repo.secops("config", "pod.yaml").stdout
    repo.env.pop("NO_COLOR")
    assert "\x1b[" not in repo.secops("config", "pod.yaml").stdout
    repo.env["FORCE_COLOR"] = "1"
    assert "\x1b[" in repo.secops("config", "pod.yaml").stdout
    repo.env["NO_COLOR"] = "1"
    assert "\x1b[" not in repo.secops("config", "pod.yaml").stdout


def test_explain_knows_other_tools_names(repo) -> None:
    ours = repo.secops("explain", "k8s-host-network").stdout
    theirs = repo.secops("explain", "CKV_K8S_19").stdout
    assert ours
    assert ours in theirs
    assert "«" not in ours


def test_rules_lists_every_family(repo) -> None:
    listed = repo.secops("rules").stdout
    assert {line.split("\t")[1] for line in listed.splitlines()} >= {"secrets", "config", "pins", "python"}
    assert "hadolint:DL3002\t" in repo.secops("rules", "--equivalents").stdout


def test_rejections_do_not_spoil_a_report_for_programs(sandbox) -> None:
    sandbox.write("a.env", "PASSWORD=changeme\n")
    done = sandbox.secops("secrets", "a.env", "--explain-rejections", "--format", "json")
    assert json.loads(done.stdout)["summary"]["files"] == 1
    assert "not reported" in done.stderr
