"""Tekton (with Pipelines as Code) and Argo Workflows."""

from __future__ import annotations

from ...finding import Example, Rule
from .. import tekton
from ..match import Custom

_KIND = ("kubernetes",)
_TASK = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: a}\nspec:\n  steps:\n    - name: a\n      image: alpine\n"
_RUN = 'apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata:\n  name: a\n  annotations:\n    pipelinesascode.tekton.dev/on-event: "[pull_request]"\nspec:\n  pipelineSpec:\n    tasks:\n      - name: a\n        taskSpec:\n          steps:\n            - name: a\n              image: alpine\n'
_FLOW = "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: a}\nspec:\n  serviceAccountName: builder\n  securityContext: {runAsNonRoot: true}\n  templates:\n    - name: a\n"

RULES: tuple[Rule, ...] = (
    Rule(
        id="tekton-parameter-in-script",
        family="config",
        title="a parameter is pasted into a script",
        severity="high",
        tier="warn",
        cwe=94,
        confidence="medium",
        why="Tekton replaces $(params.x) before the shell reads the script; whoever starts the run, or writes the event that does, decides what runs.",
        fix="Hand the parameter over in env: (env: [{name: X, value: $(params.x)}]) and use it in quotes.",
        match=Custom(_KIND, tekton.tekton_params, ("script", "args", "command")),
        equivalents=("poutine:injection",),
        references=("https://tekton.dev/docs/pipelines/tasks/#running-scripts-within-steps",),
        bad=(
            Example(_TASK + "      script: |\n        echo hi\n        git checkout «$(params.revision)»\n"),
            Example(_TASK + "      command: [sh, -c]\n      args: ['git checkout «$(params.revision)»']\n"),
        ),
        good=(
            Example(
                _TASK
                + '      env:\n        - name: REVISION\n          value: $(params.revision)\n      script: |\n        git checkout "$REVISION"\n'
            ),
            Example(_TASK + "      script: |\n        cd $(workspaces.source.path)\n"),
            Example(_TASK + "      command: [git, checkout]\n      args: ['$(params.revision)']\n"),
        ),
    ),
    Rule(
        id="tekton-event-in-script",
        family="config",
        title="text of the event is pasted into a script",
        severity="critical",
        tier="block",
        cwe=94,
        why="Pipelines as Code replaces {{ body… }} by what the author of a pull request or a comment wrote, before the shell reads the script.",
        fix="Hand the text over in env: and use it in quotes.",
        match=Custom(_KIND, tekton.tekton_events, ("script",)),
        equivalents=("poutine:injection",),
        references=("https://pipelinesascode.com/docs/guide/authoringprs/",),
        bad=(Example(_RUN + '              script: |\n                echo "«{{ body.pull_request.title }}»"\n', ".tekton/pr.yaml"),),
        good=(
            Example(
                _RUN
                + '              env:\n                - name: TITLE\n                  value: "{{ body.pull_request.title }}"\n              script: |\n                echo "$TITLE" "{{ revision }}"\n',
                ".tekton/pr.yaml",
            ),
        ),
    ),
    Rule(
        id="workflow-step-unverified-script",
        family="config",
        title="a download is run unread",
        severity="high",
        tier="warn",
        cwe=494,
        why="Whoever controls the address, or the way to it, controls the step and what its account may do in the cluster.",
        fix="Fetch a fixed version, check its SHA-256 and then run it; or put the tool into the step's image.",
        match=Custom(_KIND, tekton.unread_script, ("script", "source")),
        equivalents=("poutine:unverified_script_exec", "semgrep:curl-eval"),
        references=("https://about.codecov.io/security-update/",),
        bad=(
            Example(_TASK + "      script: |\n        set -e\n        «curl -fsSL https://get.acme.dev | bash»\n"),
            Example(
                _FLOW
                + "      script:\n        image: alpine\n        command: [sh]\n        source: «wget -qO- https://get.acme.dev | sh»\n"
            ),
        ),
        good=(
            Example(_TASK + "      script: |\n        curl -fsSL https://get.acme.dev/v.json | jq .version\n"),
            Example(_TASK + "      script: |\n        echo 'curl -fsSL https://get.acme.dev | bash' \"$X\"\n"),
        ),
    ),
    Rule(
        id="tekton-foreign-code-run",
        family="config",
        title="the checkout of a pull request is built",
        severity="medium",
        tier="audit",
        cwe=829,
        confidence="low",
        why="Build tools run code and configuration of the checkout; the author of a pull request decides what they do in your cluster.",
        fix="Give such runs a service account without rights and no secrets, and require /ok-to-test for outside contributors.",
        match=Custom(_KIND, tekton.tekton_foreign_code, ("script",)),
        equivalents=("poutine:untrusted_checkout_exec",),
        references=("https://pipelinesascode.com/docs/guide/running/",),
        bad=(Example(_RUN + "              «script»: |\n                make test\n", ".tekton/pr.yaml"),),
        good=(
            Example(_RUN + '              script: |\n                echo make "$REVISION"\n', ".tekton/pr.yaml"),
            Example(_RUN.replace("[pull_request]", "[push]") + "              script: |\n                make test\n", ".tekton/pr.yaml"),
        ),
    ),
    Rule(
        id="argo-parameter-in-script",
        family="config",
        title="a parameter is pasted into a script",
        severity="high",
        tier="warn",
        cwe=94,
        confidence="medium",
        why="Argo replaces {{inputs.parameters.x}} before the interpreter reads the script; whoever submits the workflow, or writes the event that does, decides what runs.",
        fix="Hand the parameter over in env: and use the variable in quotes.",
        match=Custom(_KIND, tekton.argo_parameters, ("source", "args", "command")),
        equivalents=("semgrep:argo-workflow-parameter-command-injection", "poutine:injection"),
        references=("https://argo-workflows.readthedocs.io/en/latest/walk-through/parameters/",),
        bad=(
            Example(
                _FLOW
                + "      script:\n        image: alpine\n        command: [sh]\n        source: |\n          echo «{{inputs.parameters.name}}»\n"
            ),
            Example(
                _FLOW
                + '      container:\n        image: alpine\n        command: [sh, -c]\n        args: ["echo «{{workflow.parameters.name}}»"]\n'
            ),
        ),
        good=(
            Example(
                _FLOW
                + '      script:\n        image: alpine\n        command: [sh]\n        env:\n          - {name: NAME, value: "{{inputs.parameters.name}}"}\n        source: |\n          echo "$NAME"\n'
            ),
            Example(
                _FLOW + '      container:\n        image: alpine\n        command: [echo]\n        args: ["{{inputs.parameters.name}}"]\n'
            ),
        ),
    ),
    Rule(
        id="argo-default-service-account",
        family="config",
        title="the workflow runs with the default service account",
        severity="medium",
        tier="warn",
        cwe=250,
        why="Rights that anything in the namespace gives to the default account go to every step of the workflow.",
        fix="Name a service account made for this workflow: serviceAccountName.",
        match=Custom(_KIND, tekton.argo_default_account, ("templates", "workflowSpec")),
        equivalents=("checkov:CKV_ARGO_1",),
        references=("https://argo-workflows.readthedocs.io/en/latest/service-accounts/",),
        bad=(
            Example(
                "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: a}\n«spec»:\n  securityContext: {runAsNonRoot: true}\n  templates: [{name: a}]\n"
            ),
            Example(
                "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: a}\nspec:\n  serviceAccountName: «default»\n  securityContext: {runAsNonRoot: true}\n  templates: [{name: a}]\n"
            ),
        ),
        good=(
            Example(_FLOW),
            Example(
                "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: a}\nspec:\n  serviceAccountName: '{{ .Values.account }}'\n  templates: [{name: a}]\n"
            ),
        ),
    ),
    Rule(
        id="argo-root",
        family="config",
        title="the pods of this workflow may run as root",
        severity="medium",
        tier="warn",
        cwe=250,
        confidence="medium",
        why="Nothing keeps an image whose user is root from running as root; who breaks out of a step then has more to work with.",
        fix="Set spec.securityContext.runAsNonRoot: true.",
        match=Custom(_KIND, tekton.argo_root, ("templates", "workflowSpec")),
        equivalents=("checkov:CKV_ARGO_2",),
        references=("https://argo-workflows.readthedocs.io/en/latest/workflow-pod-security-context/",),
        bad=(
            Example(
                "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: a}\n«spec»:\n  serviceAccountName: b\n  templates: [{name: a}]\n"
            ),
            Example(
                "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: a}\nspec:\n  serviceAccountName: b\n  securityContext: {runAsNonRoot: «false»}\n  templates: [{name: a}]\n"
            ),
        ),
        good=(
            Example(_FLOW),
            Example(
                "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: a}\nspec:\n  securityContext: {runAsNonRoot: '{{ .Values.nonRoot }}'}\n  templates: [{name: a}]\n"
            ),
        ),
    ),
)
