"""Azure Pipelines."""

from __future__ import annotations

from ...finding import Example, Rule
from .. import azure
from ..match import Custom, Flip, Keys, Replace, Variables
from ..predicates import is_true

_KIND = ("azure-pipelines",)
_VARIABLES = "https://learn.microsoft.com/en-us/azure/devops/pipelines/process/variables"
_SECURE = "https://learn.microsoft.com/en-us/azure/devops/pipelines/security/inputs"

RULES: tuple[Rule, ...] = (
    Rule(
        id="azure-macro-in-script",
        family="config",
        title="text that somebody outside may write is pasted into a script",
        severity="high",
        tier="warn",
        cwe=94,
        why="$(Build.SourceBranchName) and its like are replaced before the shell reads the script; the name of a branch or a commit's message runs as code.",
        fix='Use the environment variable in quotes: "$BUILD_SOURCEBRANCHNAME".',
        match=Custom(_KIND, azure.strangers_text, ("script", "bash", "pwsh", "powershell", "inlineScript", "arguments")),
        equivalents=("poutine:injection",),
        references=(_VARIABLES, _SECURE),
        bad=(
            Example("steps:\n  - script: |\n      make\n      echo «$(Build.SourceBranchName)»\n"),
            Example("steps:\n  - bash: git log -1 --format='«$(Build.SourceVersionMessage)»'\n"),
            Example("steps:\n  - pwsh: deploy «${{ replace(variables['Build.SourceBranch'], 'refs/', '') }}»\n"),
            Example(
                "variables:\n  - name: branch\n    value: $[variables['Build.SourceBranchName']]\nsteps:\n  - script: deploy «$(branch)»\n"
            ),
        ),
        good=(
            Example('steps:\n  - script: echo "$BUILD_SOURCEBRANCHNAME" $(Build.BuildId)\n'),
            Example('steps:\n  - script: echo "$BRANCH"\n    env:\n      BRANCH: $(Build.SourceBranchName)\n'),
            Example("steps:\n  - script: deploy --live=${{ eq(variables['Build.SourceBranchName'], 'main') }}\n"),
        ),
    ),
    Rule(
        id="azure-parameter-in-script",
        family="config",
        title="a parameter of free text is pasted into a script",
        severity="medium",
        tier="warn",
        cwe=94,
        confidence="medium",
        why="${{ parameters.x }} is replaced before the shell reads the script; whoever may start the pipeline decides what runs.",
        fix="Limit the parameter with values: or a type, or hand it over in env: and use it in quotes.",
        match=Custom(_KIND, azure.free_parameters, ("script", "bash", "pwsh", "powershell", "inlineScript", "arguments")),
        equivalents=("poutine:injection",),
        references=(_SECURE,),
        bad=(
            Example(
                "parameters:\n  - name: target\n    type: string\nsteps:\n  - script: deploy ${{ parameters.target }}\n".replace(
                    "${{ parameters.target }}", "«${{ parameters.target }}»"
                )
            ),
            Example("parameters:\n  - name: target\n    type: string\nsteps:\n  - bash: deploy «${{ lower(parameters['target']) }}»\n"),
        ),
        good=(
            Example(
                "parameters:\n  - name: target\n    type: string\n    values: [test, live]\n  - name: dry\n    type: boolean\nsteps:\n  - script: deploy ${{ parameters.target }} ${{ parameters.dry }}\n"
            ),
            Example(
                'parameters:\n  - name: target\n    type: string\nsteps:\n  - script: deploy "$TARGET"\n    env:\n      TARGET: ${{ parameters.target }}\n'
            ),
        ),
    ),
    Rule(
        id="azure-own-pool-for-pull-requests",
        family="config",
        title="pull requests run on a pool of your own",
        severity="medium",
        tier="warn",
        cwe=250,
        confidence="medium",
        why="A pull request brings its own code to the agent; on a machine that is not thrown away it can stay.",
        fix="Use hosted or ephemeral agents for pull requests (pool: {vmImage: ubuntu-latest}).",
        match=Custom(_KIND, azure.own_pool, ("pool",)),
        equivalents=("poutine:pr_runs_on_self_hosted",),
        references=("https://learn.microsoft.com/en-us/azure/devops/pipelines/security/resources",),
        bad=(
            Example("pr: [main]\npool:\n  name: «Builders»\nsteps:\n  - script: make\n"),
            Example("pr: [main]\npool: «Builders»\nsteps:\n  - script: make\n"),
        ),
        good=(
            Example("pr: [main]\npool:\n  vmImage: ubuntu-latest\nsteps:\n  - script: make\n"),
            Example("pr: none\npool:\n  name: Builders\nsteps:\n  - script: make $(Build.BuildId)\n"),
        ),
    ),
    Rule(
        id="azure-debug-logging",
        family="config",
        title="debug logging is on for every run",
        severity="medium",
        tier="warn",
        cwe=532,
        why="With system.debug every task logs its inputs and environment; what is not masked is readable for whoever may read the log.",
        fix="Take it out; switch diagnostics on for a single run when it is queued.",
        match=Variables(_KIND, ("system.debug", "System.Debug", "SYSTEM_DEBUG"), is_true, mend=Replace("false")),
        equivalents=("poutine:debug_enabled",),
        references=("https://learn.microsoft.com/en-us/azure/devops/pipelines/troubleshooting/review-logs",),
        bad=(
            Example("variables:\n  system.debug: «true»\nsteps:\n  - script: make\n"),
            Example("variables:\n  - name: system.debug\n    value: «true»\nsteps:\n  - script: make\n"),
        ),
        good=(
            Example("variables:\n  system.debug: false\nsteps:\n  - script: make\n"),
            Example("variables:\n  system.debug: $(debug)\nsteps:\n  - script: make\n"),
        ),
    ),
    Rule(
        id="azure-secret-set-in-script",
        family="config",
        title="a script prints a secret to set a variable",
        severity="low",
        tier="audit",
        cwe=532,
        confidence="low",
        why="The command that marks the variable as secret holds the secret in clear; a trace or a failing command shows it.",
        fix="Take secrets from a variable group or a key vault.",
        match=Custom(_KIND, azure.secret_variable, ("script", "bash", "pwsh", "powershell", "inlineScript")),
        equivalents=("checkov:CKV_AZUREPIPELINES_3",),
        references=("https://learn.microsoft.com/en-us/azure/devops/pipelines/process/set-secret-variables",),
        bad=(Example('steps:\n  - bash: |\n      echo "«##vso[task.setvariable variable=key;issecret=true]»$KEY"\n'),),
        good=(Example('steps:\n  - bash: |\n      echo "##vso[task.setvariable variable=version]$VERSION"\n'),),
    ),
    Rule(
        id="azure-foreign-code-run",
        family="config",
        title="the checkout of a pull request is built",
        severity="medium",
        tier="audit",
        cwe=829,
        confidence="low",
        why="Build tools run code and configuration of the checkout. Where pull requests of forks are built and secrets are given to them, their authors get the secrets.",
        fix="Do not make secrets available to builds of forks; keep deployment in a pipeline with pr: none.",
        match=Custom(_KIND, azure.foreign_code, ("script", "bash")),
        equivalents=("poutine:untrusted_checkout_exec",),
        references=("https://learn.microsoft.com/en-us/azure/devops/pipelines/security/repos",),
        bad=(Example("pr: [main]\nsteps:\n  - checkout: self\n  - script: «npm install»\n"),),
        good=(
            Example("pr: none\nsteps:\n  - checkout: self\n  - script: npm install\n"),
            Example("pr: [main]\nsteps:\n  - script: echo npm install $(Build.BuildId)\n"),
        ),
    ),
    Rule(
        id="azure-persisted-credentials",
        family="config",
        title="the checkout leaves its token behind",
        severity="medium",
        tier="audit",
        cwe=522,
        why="Every later step, with every dependency that it runs, can read the token from .git/config and push with it.",
        fix="Take persistCredentials out; where a step pushes, give the token to that step only.",
        match=Keys(_KIND, ("**.persistCredentials",), is_true, mend=Flip()),
        references=("https://learn.microsoft.com/en-us/azure/devops/pipelines/yaml-schema/steps-checkout",),
        bad=(Example("steps:\n  - checkout: self\n    persistCredentials: «true»\n"),),
        good=(
            Example("steps:\n  - checkout: self\n    persistCredentials: false\n"),
            Example("steps:\n  - checkout: self\n    persistCredentials: ${{ parameters.push }}\n"),
        ),
    ),
)
