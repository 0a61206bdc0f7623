"""Rules for what is known of names and releases, and for comments and changes that do not fit together."""

from __future__ import annotations

from ...finding import Example, Rule

_WORKFLOW = ".github/workflows/ci.yml"
_ONE = "3f2c9a1b" * 5
_TWO = "9d4e7b2a" * 5


def _steps(uses: str) -> str:
    return f"on: push\njobs:\n  build:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: {uses}\n"


RULES: tuple[Rule, ...] = (
    Rule(
        id="known-malicious-release",
        family="pins",
        title="this release is known to be malicious",
        severity="critical",
        tier="block",
        cwe=506,
        why="It was published or re-tagged by an attacker and runs their code on whatever installs it.",
        fix="Use the release before or after it, and treat every machine that ran it as compromised: rotate its secrets.",
        equivalents=("zizmor:known-vulnerable-actions", "poutine:known_vulnerability_in_build_component"),
        references=("https://github.com/advisories",),
        bad=(
            Example(_steps("«tj-actions/changed-files@v45»"), _WORKFLOW),
            Example('{"dependencies": {"chalk": "«5.6.1»"}}\n', "package.json"),
            Example("«litellm==1.82.8»\n", "requirements.txt"),
        ),
        good=(
            Example(_steps(f"tj-actions/changed-files@{_ONE} # v46.0.5"), _WORKFLOW),
            Example('{"dependencies": {"chalk": "5.6.2"}}\n', "package.json"),
            Example("litellm==1.82.6\n", "requirements.txt"),
        ),
    ),
    Rule(
        id="known-vulnerable-action",
        family="pins",
        title="this version of the action has a known hole",
        severity="high",
        tier="block",
        cwe=1395,
        why="Whoever can open a pull request, name a branch or upload an artifact can use it to run code with this job's rights.",
        fix="Update to the version named in the message, pinned to its commit.",
        equivalents=("zizmor:known-vulnerable-actions", "poutine:known_vulnerability_in_build_component"),
        references=("https://github.com/advisories?query=type%3Areviewed+ecosystem%3Aactions",),
        bad=(
            Example(_steps("«actions/download-artifact@v4.1.2»"), _WORKFLOW),
            Example(_steps(f"«shivammathur/setup-php@{_ONE}» # 2.37.0"), _WORKFLOW),
        ),
        good=(
            Example(_steps("actions/download-artifact@v4"), _WORKFLOW),
            Example(_steps(f"actions/download-artifact@{_ONE} # v4.1.3"), _WORKFLOW),
        ),
    ),
    Rule(
        id="archived-action",
        family="pins",
        title="nobody maintains this action",
        severity="medium",
        tier="warn",
        cwe=1104,
        why="Holes in it stay open, and its runtime will be taken away.",
        fix="Use what the message names instead.",
        equivalents=("zizmor:archived-uses",),
        references=("https://docs.github.com/repositories/archiving-a-github-repository/archiving-repositories",),
        bad=(Example(_steps(f"«actions-rs/toolchain@{_ONE}» # v1.0.7"), _WORKFLOW),),
        good=(Example(_steps(f"dtolnay/rust-toolchain@{_ONE} # v1"), _WORKFLOW),),
    ),
    Rule(
        id="action-comment-conflict",
        family="pins",
        title="two comments about the same commit or version contradict each other",
        severity="medium",
        tier="warn",
        cwe=1357,
        why="Reviewers read the comment, machines run the commit: a comment that lies hides which version runs.",
        fix="Look up the commit of the version (git ls-remote) and correct the line that is wrong.",
        equivalents=("zizmor:ref-version-mismatch",),
        references=("https://docs.github.com/en/actions/reference/security/secure-use",),
        bad=(
            Example(
                _steps(f"«example/deploy@{_ONE}» # v1.2.3"),
                _WORKFLOW,
                ((".github/workflows/b.yml", _steps(f"example/deploy@{_TWO} # v1.2.3")),),
            ),
            Example(
                _steps(f"«example/deploy@{_ONE}» # v1.2.3"),
                _WORKFLOW,
                ((".github/workflows/b.yml", _steps(f"example/deploy@{_ONE} # v1.2.4")),),
            ),
        ),
        good=(
            Example(
                _steps(f"example/deploy@{_ONE} # v1.2.3"),
                _WORKFLOW,
                ((".github/workflows/b.yml", _steps(f"example/deploy@{_TWO} # v1.2.4")),),
            ),
            Example(
                _steps(f"example/deploy@{_ONE} # v1"), _WORKFLOW, ((".github/workflows/b.yml", _steps(f"example/deploy@{_TWO} # v1")),)
            ),
        ),
    ),
    Rule(
        id="frozen-comment-conflict",
        family="pins",
        title="the frozen comment names another version than rev",
        severity="medium",
        tier="warn",
        cwe=1357,
        why="Reviewers read the comment, pre-commit runs rev: a comment that lies hides which version runs.",
        fix="Freeze it anew: pre-commit autoupdate --freeze.",
        references=("https://pre-commit.com/#pre-commit-autoupdate",),
        bad=(
            Example(
                "repos:\n  - repo: https://github.com/example/checks\n    rev: «v1.3.0»  # frozen: v1.2.0\n    hooks: [{id: tidy}]\n",
                ".pre-commit-config.yaml",
            ),
        ),
        good=(
            Example(
                f"repos:\n  - repo: https://github.com/example/checks\n    rev: {_ONE}  # frozen: v1.2.0\n    hooks: [{{id: tidy}}]\n",
                ".pre-commit-config.yaml",
            ),
        ),
    ),
    Rule(
        id="action-commit-moved",
        family="pins",
        title="an action's commit changed while its version stayed",
        severity="high",
        tier="block",
        cwe=345,
        why="A released version has one commit. Either the comment was forgotten, or somebody slips in another commit under a familiar name.",
        fix="Check the commit: git ls-remote <repository> <version>; correct whichever is wrong.",
        references=("https://docs.github.com/en/actions/reference/security/secure-use",),
        bad=(
            Example(
                _steps(f"«example/deploy@{_TWO}» # v1.2.3"), _WORKFLOW, before=((_WORKFLOW, _steps(f"example/deploy@{_ONE} # v1.2.3")),)
            ),
        ),
        good=(
            Example(_steps(f"example/deploy@{_TWO} # v1.2.4"), _WORKFLOW, before=((_WORKFLOW, _steps(f"example/deploy@{_ONE} # v1.2.3")),)),
            Example(_steps(f"example/deploy@{_TWO} # v1"), _WORKFLOW, before=((_WORKFLOW, _steps(f"example/deploy@{_ONE} # v1")),)),
        ),
    ),
    Rule(
        id="imitating-name",
        family="pins",
        title="this name is one slip away from a popular one",
        severity="high",
        tier="warn",
        confidence="medium",
        cwe=1357,
        why="Attackers publish packages under names that are easily mistyped, and wait.",
        fix="Correct the name; if it is right, suppress this with a reason.",
        equivalents=("guarddog:typosquatting", "zizmor:typosquat-uses"),
        references=("https://owasp.org/www-project-top-10-ci-cd-security-risks/CICD-SEC-03-Dependency-Chain-Abuse",),
        bad=(
            Example(_steps(f"«action/checkout@{_ONE}»"), _WORKFLOW),
            Example("«reqeusts==2.32.3»\n", "requirements.txt"),
            Example('{"dependencies": {"expresss": "«4.21.0»"}}\n', "package.json"),
        ),
        good=(
            Example("requests==2.32.3\nboto==2.49.0\n", "requirements.txt"),
            Example('{"dependencies": {"express": "4.21.0", "@own/expresss": "1.0.0"}}\n', "package.json"),
        ),
    ),
    Rule(
        id="confusable-name",
        family="pins",
        title="this name holds a character that makes it look like another",
        severity="high",
        tier="block",
        cwe=1007,
        why="A letter of another script or an invisible character makes a different name that reviewers cannot tell from the real one.",
        fix="Type the name anew in plain ASCII.",
        references=("https://www.unicode.org/reports/tr39/",),
        bad=(
            Example(_steps("«ex\u0430mple/deploy@v1»"), _WORKFLOW),
            Example("«requ\u0435sts==2.32.3»\nother==1.0\n", "requirements.txt"),
        ),
        good=(Example(_steps(f"example/deploy@{_ONE} # größer als v1"), _WORKFLOW),),
    ),
    Rule(
        id="pin-loosened",
        family="pins",
        title="what was pinned by content no longer is",
        severity="high",
        tier="warn",
        cwe=829,
        why="Taking a digest, a commit or a hash out is the first step of replacing what was reviewed.",
        fix="Put the digest, commit or hash of the new version back in.",
        references=("https://slsa.dev/spec/v1.2/threats",),
        bad=(
            Example("FROM «alpine:3.23»\n", "Dockerfile", before=(("Dockerfile", "FROM alpine:3.22@sha256:" + "7b1e0c6d" * 8 + "\n"),)),
            Example(_steps("«example/deploy@v2»"), _WORKFLOW, before=((_WORKFLOW, _steps(f"example/deploy@{_ONE} # v1.2.3")),)),
        ),
        good=(
            Example("FROM alpine:3.23\n", "Dockerfile", before=(("Dockerfile", "FROM alpine:3.22\n"),)),
            Example(
                "FROM alpine:3.23@sha256:" + "1f4c0a9e" * 8 + "\n",
                "Dockerfile",
                before=(("Dockerfile", "FROM alpine:3.22@sha256:" + "7b1e0c6d" * 8 + "\n"),),
            ),
        ),
    ),
    Rule(
        id="dependency-source-changed",
        family="pins",
        title="this dependency now comes from somewhere else",
        severity="medium",
        tier="warn",
        cwe=829,
        why="A fork or an archive under a familiar name is how reviewed code is exchanged for other code; no index and no advisory looks at it.",
        fix="Take the released package, or say in a suppression why this source is right.",
        references=("https://slsa.dev/spec/v1.2/threats",),
        bad=(
            Example(
                f'{{"dependencies": {{"example-lib": "«github:other/example-lib#{_ONE}»"}}}}\n',
                "package.json",
                before=(("package.json", '{"dependencies": {"example-lib": "1.2.3"}}\n'),),
            ),
        ),
        good=(
            Example(
                f'{{"dependencies": {{"example-lib": "github:other/example-lib#{_ONE}"}}}}\n',
                "package.json",
                before=(("package.json", f'{{"dependencies": {{"example-lib": "github:other/example-lib#{_TWO}"}}}}\n'),),
            ),
        ),
    ),
    Rule(
        id="new-install-script",
        family="pins",
        title="a script now runs on installation",
        severity="medium",
        tier="warn",
        cwe=506,
        why="Worms such as Shai-Hulud spread by adding a preinstall or postinstall script to the packages of whoever they infected.",
        fix="Check what it runs; if it is needed, suppress this with a reason.",
        references=("https://docs.npmjs.com/cli/using-npm/scripts#life-cycle-scripts",),
        bad=(
            Example(
                '{"scripts": {"test": "node test.js", "postinstall": «"node setup.js"»}, "dependencies": {"a": "1.0.0"}}\n',
                "package.json",
                before=(("package.json", '{"scripts": {"test": "node test.js"}}\n'),),
            ),
        ),
        good=(
            Example(
                '{"scripts": {"postinstall": "node setup.js"}, "dependencies": {"a": "1.0.0"}}\n',
                "package.json",
                before=(("package.json", '{"scripts": {"postinstall": "node setup.js"}}\n'),),
            ),
        ),
    ),
)
