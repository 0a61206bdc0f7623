"""The insider's table: every way that we know to get a finding past the checks, and what ``secops-hooks ci`` says to each."""

from __future__ import annotations

import os
import sys

import pytest

KEYS = ("bad.env", "app.env")
POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n"
BAD = POD + "  hostNetwork: true\n"
HOOKS = (
    "repos:\n"
    "  - repo: https://github.com/secops-hooks/secops-hooks\n"
    "    rev: v1.2.0\n"
    "    hooks:\n"
    "      - id: secops\n"
    "      - id: secops-push\n"
)
GITHUB = """\
on: pull_request
jobs:
  secops:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v5
      - run: pre-commit run --all-files
      - run: pipx run --spec "secops-hooks==0.1.0" secops-hooks ci --base "origin/$BASE"
        env:
          BASE: ${{ github.base_ref }}
  build:
    runs-on: ubuntu-24.04
    steps:
      - run: make
"""
GITLAB = """\
secops:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - secops-hooks ci --base "origin/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
build:
  script: [make]
"""
AZURE = "trigger: none\npr: [main]\nsteps:\n  - script: secops-hooks ci --base origin/main\n  - script: make\n"
CIRCLE = """\
version: 2.1
jobs:
  secops:
    steps:
      - run: {command: secops-hooks ci --base origin/main}
  build:
    steps: [{run: make}]
workflows:
  all:
    jobs:
      - secops
      - build
"""
LEFTHOOK = "pre-commit:\n  jobs:\n    - name: secops\n      run: secops-hooks all --staged\n    - run: make\n"
PACKAGE = '{\n  "scripts": {\n    "prepare": "husky",\n    "test": "jest"\n  }\n}\n'
OWNERS = "* @team\n/.secops.toml @security\n/.github/ @security\n"
FILES = {
    ".pre-commit-config.yaml": HOOKS,
    ".secops.toml": 'exclude = ["vendor/**"]\nunsuppressible = ["aws-*"]\n',
    ".github/workflows/check.yml": GITHUB,
    ".gitlab-ci.yml": GITLAB,
    "azure-pipelines.yml": AZURE,
    ".circleci/config.yml": CIRCLE,
    "lefthook.yml": LEFTHOOK,
    ".husky/pre-commit": "secops-hooks all --staged\n",
    "package.json": PACKAGE,
    "Makefile": "check:\n\tsecops-hooks ci --base origin/main\nall:\n\tmake -C src\n",
    "old.yaml": BAD,
    "CODEOWNERS": OWNERS,
}


@pytest.fixture
def branch(repo):
    """A repository that checks itself in every way there is, and an empty branch ``change``."""
    for path, text in FILES.items():
        repo.write(path, text)
    repo.commit("begin")
    repo.git("checkout", "-qb", "change")
    return repo


def ci(repo, *args: str, code: int | None = None) -> list[str]:
    """What is said, one line a finding: tier, rule, place and message."""
    return [f"{f['tier']} {f['rule']} {f['path']}:{f['line']}: {f['message']}" for f in repo.ci(*args, code=code)]


def edited(path: str, *pairs: tuple[str, str]) -> dict[str, str]:
    text = FILES[path]
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return {path: text}


LOOSE = "block policy-loosened "
CHECK, LAB = ".github/workflows/check.yml", ".gitlab-ci.yml"
GONE = "this is run no more: "
RUN = 'pipx run --spec "secops-hooks==" secops-hooks ci --base "origin/$BASE"'
DECIDES = "what decides over the check is changed"
POLICY = {
    # of the job that runs us
    "the job is removed": (edited(CHECK, (GITHUB[GITHUB.index("  secops:") : GITHUB.index("  build:")], "")), f"{CHECK}:1: {GONE}{RUN}"),
    "the workflow is removed": ({CHECK: None}, f"{CHECK}:1: {GONE}{RUN}"),
    "the workflow is switched off by its name": ({CHECK: None, ".github/workflows/check.yml.off": GITHUB}, f"{GONE}{RUN}"),
    "the run of pre-commit is removed": (
        edited(CHECK, ("      - run: pre-commit run --all-files\n", "")),
        f"{GONE}pre-commit run --all-files",
    ),
    "the job never runs": (edited(CHECK, ("  secops:\n", "  secops:\n    if: false\n")), f"{CHECK}:4: {DECIDES} (if of "),
    "the step never runs": (edited(CHECK, ("        env:", "        if: ${{ false }}\n        env:")), f"{CHECK}:9: {DECIDES} (if of "),
    "another event": (edited(CHECK, ("on: pull_request", "on: workflow_dispatch")), f"{CHECK}:1: {DECIDES} (on of "),
    "fewer branches": (
        edited(CHECK, ("on: pull_request", "on: {pull_request: {paths: [docs/**]}}")),
        f"{CHECK}:1: {DECIDES} (on of ",
    ),
    "the job may fail": (
        edited(CHECK, ("  secops:\n", "  secops:\n    continue-on-error: true\n")),
        f"{CHECK}:4: a step may fail beside the check",
    ),
    "the step may fail": (
        edited(CHECK, ("        env:", "        continue-on-error: ${{ true }}\n        env:")),
        f"{CHECK}:9: a step may fail beside the check",
    ),
    "the job waits for one that never runs": (edited(CHECK, ("  secops:\n", "  secops:\n    needs: [never]\n")), f"{DECIDES} (needs of "),
    "the base is another": (edited(CHECK, ("${{ github.base_ref }}", "change")), f"{DECIDES} (env of "),
    "the command only prints": (edited(CHECK, ("- run: pipx", "- run: echo pipx")), f"{GONE}{RUN}"),
    "the command is told less": (edited(CHECK, ('"origin/$BASE"', '"origin/$BASE" --tier block')), f"{GONE}{RUN}"),
    "the version is not said": (edited(CHECK, ("secops-hooks==0.1.0", "secops-hooks")), f"{GONE}{RUN}"),
    "another git": (
        edited(CHECK, ("  secops:\n", "  secops:\n    env: {GIT_DIR: /tmp/other}\n")),
        f"{CHECK}:4: {DECIDES} (env of ",
    ),
    "other variables for all jobs": (
        {CHECK: "env:\n  PYTHONPATH: tools\n" + GITHUB},
        f"{CHECK}:1: {DECIDES} (env of ",
    ),
    "another container": (
        edited(CHECK, ("  secops:\n", "  secops:\n    container: me/fake:1\n")),
        f"{CHECK}:4: {DECIDES} (container of ",
    ),
    "another shell": (edited(CHECK, ("        env:", "        shell: cat {0}\n        env:")), f"{DECIDES} (shell of "),
    "GitLab, the job is removed": ({LAB: "build:\n  script: [make]\n"}, f"{LAB}:1: {GONE}secops-hooks ci"),
    "GitLab, the job may fail": (
        edited(LAB, ("secops:\n", "secops:\n  allow_failure: true\n")),
        f"{LAB}:2: a job may fail beside the check",
    ),
    "GitLab, by hand": (edited(LAB, ("secops:\n", "secops:\n  when: manual\n")), f"{LAB}:2: {DECIDES} (when of "),
    "GitLab, other rules": (edited(LAB, ('"merge_request_event"', '"never"')), f"{LAB}:2: {DECIDES} (rules of "),
    "Azure, the step may fail": (
        edited("azure-pipelines.yml", ("origin/main\n", "origin/main\n    continueOnError: true\n")),
        "azure-pipelines.yml:5: a step may fail beside the check",
    ),
    "Azure, a condition": (
        edited("azure-pipelines.yml", ("origin/main\n", "origin/main\n    condition: false\n")),
        f"azure-pipelines.yml:5: {DECIDES} (condition of ",
    ),
    "Azure, no pull requests": (edited("azure-pipelines.yml", ("pr: [main]", "pr: none")), f"azure-pipelines.yml:2: {DECIDES} (pr of "),
    "CircleCI, no workflow takes the job": (edited(".circleci/config.yml", ("      - secops\n", "")), f"{DECIDES} (workflows.0 of "),
    "CircleCI, a filter": (
        edited(".circleci/config.yml", ("      - secops\n", "      - secops: {filters: {branches: {only: never}}}\n")),
        f"{DECIDES} (workflows.0 of ",
    ),
    "make ignores a failure": (edited("Makefile", ("\tsecops-hooks", "\t-secops-hooks")), f"Makefile:1: {GONE}secops-hooks ci"),
    "make runs it no more": (
        edited("Makefile", ("\tsecops-hooks ci --base origin/main\n", "\t@true\n")),
        f"Makefile:1: {GONE}secops-hooks ci",
    ),
    # of hook managers
    "lefthook skips": (edited("lefthook.yml", ("--staged\n", "--staged\n      skip: true\n")), f"lefthook.yml:5: {DECIDES} (skip of "),
    "lefthook without us": (
        {"lefthook.yml": "pre-commit:\n  jobs:\n    - run: make\n"},
        f"lefthook.yml:1: {GONE}secops-hooks all --staged",
    ),
    "husky without us": ({".husky/pre-commit": "npm test\n"}, f".husky/pre-commit:1: {GONE}secops-hooks all --staged"),
    "husky's hook is removed": ({".husky/pre-commit": None}, f".husky/pre-commit:1: {GONE}secops-hooks all --staged"),
    "nobody gets the hooks any more": (
        edited("package.json", ('    "prepare": "husky",\n', "")),
        f'package.json:1: {GONE}"prepare": "husky",',
    ),
    "a husky of another day": ({"build.sh": "export HUSKY=0\n"}, "build.sh:1: the hooks are switched off: HUSKY=0"),
    "SKIP=": ({"release.sh": "SKIP=secops git commit -m x\n"}, "release.sh:1: the hooks are skipped: SKIP=secops"),
    "SKIP in a workflow": (
        edited(CHECK, ("    runs-on: ubuntu-24.04\n    steps:\n      - uses", "    env: {SKIP: secops}\n    steps:\n      - uses")),
        "the hooks are skipped: SKIP: secops",
    ),
    "--no-verify": ({"release.sh": "git commit --no-verify -m x\n"}, "release.sh:1: git is told to run no hooks: --no-verify"),
    "core.hooksPath": ({"setup.sh": "git config core.hooksPath /dev/null\n"}, "setup.sh:1: git is pointed at other hooks"),
    # of pre-commit's configuration
    "the hook is removed": ({".pre-commit-config.yaml": HOOKS.replace("      - id: secops\n", "")}, "the hook secops is removed"),
    "the configuration is removed": ({".pre-commit-config.yaml": None}, "the hook secops is removed"),
    "the revision is unpinned": ({".pre-commit-config.yaml": HOOKS.replace("v1.2.0", "HEAD")}, "the revision of secops is not pinned"),
    "the hook leaves files out": (
        edited(".pre-commit-config.yaml", ("id: secops\n", "id: secops\n        exclude: ''\n        files: ^docs/\n")),
        "files of the hook secops is changed",
    ),
    "all hooks leave files out": (
        {".pre-commit-config.yaml": "exclude: ^src/\n" + HOOKS},
        "exclude, which holds for all hooks, is changed",
    ),
    "a stage that never comes": (
        edited(".pre-commit-config.yaml", ("id: secops\n", "id: secops\n        stages: [manual]\n")),
        "stages of the hook secops is changed",
    ),
    "all stages": (
        {".pre-commit-config.yaml": "default_stages: [manual]\n" + HOOKS},
        "default_stages, which holds for all hooks, is changed",
    ),
    "other hooks are installed": (
        {".pre-commit-config.yaml": "default_install_hook_types: [post-merge]\n" + HOOKS},
        "default_install_hook_types, which holds for all hooks, is changed",
    ),
    "another entry": (
        edited(".pre-commit-config.yaml", ("id: secops\n", "id: secops\n        entry: 'true'\n")),
        "entry of the hook secops is",
    ),
    "other arguments": (
        edited(".pre-commit-config.yaml", ("id: secops\n", "id: secops\n        args: [--exit-zero]\n")),
        "args of the hook secops is changed",
    ),
    "another dependency": (
        edited(".pre-commit-config.yaml", ("id: secops\n", "id: secops\n        additional_dependencies: ['./evil']\n")),
        "additional_dependencies of the hook secops is changed",
    ),
    "no names of files": (
        edited(".pre-commit-config.yaml", ("id: secops\n", "id: secops\n        pass_filenames: false\n")),
        "pass_filenames of the hook secops is changed",
    ),
    "a local hook of that name": (
        {".pre-commit-config.yaml": HOOKS + "  - repo: local\n    hooks: [{id: secops, name: x, entry: 'true', language: system}]\n"},
        "the hook secops comes from another place",
    ),
    "a second list of repositories": ({".pre-commit-config.yaml": HOOKS + "repos: []\n"}, "the hook secops is removed"),
    "another file that prek reads instead": ({"prek.toml": "repos = []\n"}, "prek.toml:1: prek reads this file instead"),
    # of our own policy
    "the settings are edited": ({".secops.toml": 'families = ["pins"]\n'}, "the family secrets is switched off"),
    "the exclude is widened": (edited(".secops.toml", ("vendor/**", "**")), "'**' is excluded from all checks"),
    "settings nearby": ({"src/.secops.toml": "families = []\n", "src/a.txt": ""}, "src/.secops.toml:1: the family secrets is switched off"),
    "settings nearby, in a project file": (
        {"src/pyproject.toml": '[tool.secops-hooks]\nexclude = ["*"]\n', "src/a.txt": ""},
        "is excluded from all checks",
    ),
    "settings by another name": (
        {"pyproject.toml": "[tool.secops-hooks]\nfamilies = []\n", ".secops.toml": None},
        "the family secrets is swit",
    ),
    "a suppression without a reason": (
        {"p.yaml": BAD.replace("true", "true # secops" + ": ignore")},
        "accepts everything, without a reason",
    ),
    "a baseline entry by hand": (
        {".secops-baseline": f"# salt {'0' * 32}\n0123456789abcdef k8s-host-network p.yaml\n"},
        ".secops-baseline:2: a new entry accepts k8s-host-network in p.yaml",
    ),
    "other owners": (edited("CODEOWNERS", ("/.secops.toml @security\n", "")), "CODEOWNERS:1: the owners of .secops.toml are changed"),
    "other owners, further up": ({".github/CODEOWNERS": "* @me\n"}, ".github/CODEOWNERS:1: the owners of .secops.toml are changed"),
    "no owners": ({"CODEOWNERS": None}, "CODEOWNERS:1: the owners of .secops.toml are changed"),
    "files kept where nobody reads": (
        {".gitattributes": "*.env filter=lfs diff=lfs merge=lfs -text\n"},
        ".gitattributes:1: git gives other bytes",
    ),
    "a baseline that is never told apart": (
        {".gitattributes": ".secops.toml merge=ours\n"},
        ".gitattributes:1: git decides over .secops.toml",
    ),
}


@pytest.mark.parametrize("name", POLICY)
def test_what_loosens_the_policy_is_named(branch, name: str) -> None:
    files, said = POLICY[name]
    for path, content in files.items():
        if content is None:
            branch.git("rm", "-q", path)
        else:
            branch.write(path, content)
    branch.commit(name)
    found = ci(branch, code=1)
    assert any(each.startswith(LOOSE) and said in each for each in found), found


HARMLESS = {
    "another job may fail": edited(CHECK, ("  build:\n", "  build:\n    continue-on-error: true\n    if: false\n")),
    "another step may fail": edited(CHECK, ("@v5\n", "@v5\n        continue-on-error: true\n")),
    "another job": edited(CHECK, ("- run: make", "- run: make all")),
    "a newer version": edited(CHECK, ("0.1.0", "0.2.0")),
    "a comment": edited(CHECK, ("on: pull", "# why\non: pull")),
    "said in another way": edited(CHECK, ("on: pull_request", 'on:\n  "pull_request"')),
    "GitLab, another job may fail": edited(LAB, ("build:\n", "build:\n  allow_failure: true\n")),
    "a failure that counts": edited(CHECK, ("        env:", "        continue-on-error: false\n        env:")),
    "a newer hook": edited(".pre-commit-config.yaml", ("1.2.0", "1.3.0")),
    "stricter owners elsewhere": edited("CODEOWNERS", ("* @team\n", "* @team\ndocs/ @writers\n")),
    "line ends": {".gitattributes": "* text=auto\n*.png binary\n*.sh eol=lf\n.secops-baseline merge=union\n"},
    "variables that are not ours": {CHECK: "env:\n  NODE_VERSION: 22\n  DEPTH: 1\n" + GITHUB},
    "one more run": edited("Makefile", ("all:", "more:\n\tsecops-hooks all .\nall:")),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_loosens_nothing_is_not_named(branch, name: str) -> None:
    for path, content in HARMLESS[name].items():
        branch.write(path, content)
    branch.commit(name)
    assert [each for each in ci(branch) if "policy-loosened" in each] == []


def test_a_run_may_move_to_another_file(branch) -> None:
    (branch.path / CHECK).rename(branch.path / ".github/workflows/security.yml")
    branch.commit("rename")
    assert [each for each in ci(branch) if "policy-loosened" in each] == []


def test_a_commit_without_the_hooks_is_named(branch, aws_key) -> None:
    branch.write("app.env", f"KEY={aws_key()}\n")
    bad = branch.commit("sneak", "--no-verify")
    branch.write("app.env", "KEY=\n")
    branch.commit("nothing to see")
    (found,) = ci(branch, code=1)
    assert found.startswith(f"block hook-evaded app.env:1: commit {bad[:12]} was made without the hooks")


def test_a_file_renamed_to_an_excluded_path(branch) -> None:
    branch.git("checkout", "-q", "main")
    branch.write("src/old.yaml", BAD)
    branch.commit("old")
    branch.git("checkout", "-qB", "change")
    (branch.path / "vendor").mkdir()
    branch.git("mv", "src/old.yaml", "vendor/old.yaml")
    branch.commit("hide")
    assert ci(branch, code=1) == [
        LOOSE + "vendor/old.yaml:1: src/old.yaml was renamed to a path that is excluded from all checks (vendor/**)"
    ]


def test_a_secret_that_came_in_two_commits(branch, aws_key) -> None:
    key = aws_key()
    branch.write("app.env", f"KEY={key[:10]}\n")
    branch.commit("one")
    branch.write("app.env", f"KEY={key}\n")
    branch.commit("two", "--no-verify")
    assert [each for each in ci(branch, code=1) if "aws-access-key-id app.env:1" in each]


BYTES = {
    "an odd end of UTF-16": b"\xff\xfe" + BAD.encode("utf-16-le") + b"\xd8",
    "half a surrogate": b"\xff\xfe" + BAD.encode("utf-16-le") + b"\x00\xd8x\x00",
    "a NUL within": BAD.encode().replace(b"a\n", b"a\x00\n", 1),
    "another encoding": BAD.encode("utf-32"),
    "a sign that ends the text": BAD.encode().replace(b"spec", b"\x1aspec"),
    "two documents, one broken": b"a: [\n---\n" + BAD.encode(),
}


@pytest.mark.parametrize("name", BYTES)
def test_bytes_that_break_the_decoder_do_not_pass(branch, name: str) -> None:
    branch.write("p.yaml", BYTES[name])
    branch.commit("odd")
    found = ci(branch)
    assert [each for each in found if each.startswith(("block unanalysable p.yaml", "block k8s-host-network p.yaml"))], found


def test_a_huge_line_does_not_pass(branch, aws_key) -> None:
    branch.write("a.js", "var a=[" + "0," * 400_000 + f'"{aws_key()}"];\n')
    branch.commit("minified")
    assert [each for each in ci(branch, code=1) if "aws-access-key-id a.js:1" in each]


@pytest.mark.parametrize(
    "attributes", ["*.env -diff", "*.env binary", "*.env diff=none", "*.env export-ignore", "*.env working-tree-encoding=UTF-16"]
)
def test_attributes_hide_no_content(branch, aws_key, attributes: str) -> None:
    branch.write(".gitattributes", attributes + "\n")
    branch.write("app.env", f"KEY={aws_key()}\n".encode("utf-16" if "UTF-16" in attributes else "utf-8"))
    branch.commit("attributes")
    assert [each for each in ci(branch, code=1) if "aws-access-key-id app.env:1" in each]
    for args in (("--range", "main..HEAD"), ("--range", "main..HEAD", "--changed-lines")):
        assert "aws-access-key-id" in branch.secops("all", *args).stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
def test_a_link_in_the_place_of_a_file(branch, aws_key) -> None:
    (branch.path / "real.env").symlink_to(f"/KEY={aws_key()}")
    os.symlink("old.yaml", branch.path / "link.yaml")
    branch.commit("links")
    found = ci(branch, code=1)
    assert [each for each in found if "aws-access-key-id real.env" in each], found


@pytest.mark.skipif(sys.platform == "win32", reason="needs file modes")
def test_a_file_whose_mode_changed_is_looked_at(branch) -> None:
    (branch.path / "old.yaml").chmod(0o755)
    branch.commit("mode")
    assert [each for each in ci(branch, code=1) if "k8s-host-network old.yaml" in each]


def test_names_that_differ_in_case_only(branch, aws_key) -> None:
    blob = branch.write("../blob", f"KEY={aws_key()}\n")
    name = branch.git("hash-object", "-w", str(blob)).strip()
    empty = branch.git("hash-object", "-w", str(branch.write("../empty", ""))).strip()
    for path, each in (("app.env", empty), ("APP.env", name), ("App.env", empty)):
        branch.git("update-index", "--add", "--cacheinfo", f"100644,{each},{path}")
    branch.git("commit", "-qm", "names")
    assert [each for each in ci(branch, code=1) if "aws-access-key-id APP.env:1" in each]


def test_a_submodule_is_named(branch) -> None:
    commit_id = branch.git("rev-parse", "HEAD").strip()
    for number, each in enumerate((commit_id, "1" * 40)):
        branch.git("update-index", "--add", "--cacheinfo", f"160000,{each},lib")
        branch.git("commit", "-qm", f"bump {number}")
        found = [line for line in ci(branch) if "unanalysable lib:1" in line]
        assert found == [
            f"warn unanalysable lib:1: this submodule now is at commit {each[:12]}, which is in another repository and was not looked at"
        ]


def test_a_merge_brings_nothing_unseen(branch, aws_key) -> None:
    branch.git("checkout", "-qb", "side")
    branch.write("side.txt", "x\n")
    branch.commit("side")
    branch.git("checkout", "-q", "change")
    branch.write("mine.txt", "x\n")
    branch.commit("mine")
    branch.git("merge", "-q", "--no-ff", "--no-commit", "side")
    branch.write("evil.env", f"KEY={aws_key()}\n")
    bad = branch.commit("merge")
    assert [each for each in ci(branch, code=1) if "aws-access-key-id evil.env:1" in each]
    branch.git("rm", "-q", "evil.env")
    branch.git("commit", "-qm", "gone")
    assert [each for each in ci(branch, code=1) if each.startswith("block hook-evaded evil.env:1") and bad[:12] in each]


def test_an_octopus_and_a_detached_head(branch, aws_key) -> None:
    for name in ("one", "two", "three"):
        branch.git("checkout", "-qb", name, "main")
        branch.write(f"{name}.env", f"KEY={aws_key()}\n" if name == "two" else "KEY=\n")
        branch.commit(name)
    branch.git("checkout", "-q", "change")
    branch.git("merge", "-q", "--no-edit", "one", "two", "three")
    branch.git("checkout", "-q", "--detach")
    assert [each for each in ci(branch, code=1) if "aws-access-key-id two.env:1" in each]


def test_what_the_base_brought_is_not_the_changes_business(branch) -> None:
    branch.write("mine.txt", "x\n")
    branch.commit("mine")
    branch.git("checkout", "-q", "main")
    branch.write("theirs.yaml", BAD)
    branch.write(".secops.toml", FILES[".secops.toml"].replace("vendor/**", "gen/**"))
    branch.commit("meanwhile")
    branch.git("checkout", "-q", "change")
    assert ci(branch, code=0) == []
    branch.git("merge", "-q", "--no-edit", "main")
    assert ci(branch, code=0) == []
