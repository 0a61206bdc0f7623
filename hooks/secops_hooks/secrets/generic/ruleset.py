"""The rules of generic secrets: found by the name a value is given or by the place it stands in, not by its format."""

from __future__ import annotations

from typing import Final

from ...finding import Example, Rule

_ROTATE: Final = (
    "Take the value out of the file: read it from the environment or a secret manager, or mount it at run time. "
    "If it was ever pushed, revoke it and issue a new one."
)
_WHY: Final = "Whoever can read the repository, now or in any later clone, holds this credential; history keeps it after the line is gone."
_SAMPLE: Final = "q7Rx" + "2mZk9" + "Tw4Lp"


def _rule(id: str, title: str, severity: str, tier: str, *, why: str = _WHY, fix: str = _ROTATE, confidence: str = "medium", cwe: int = 798,
          equivalents: tuple[str, ...] = (), bad: tuple[Example, ...] = (), good: tuple[Example, ...] = ()) -> Rule:  # fmt: skip
    return Rule(id, "secrets", title, severity, tier, why, fix, confidence, cwe, None, equivalents, (), bad, good)  # type: ignore[arg-type]


def _x(text: str, path: str) -> Example:
    return Example(text.replace("SAMPLE", _SAMPLE), path)


_POD: Final = """apiVersion: v1
kind: Pod
metadata: {{name: a}}
spec:
  containers:
    - name: a
      image: a
      env:
        - name: DB_PASSWORD
          {}
"""

_LIST: Final = (
    _rule(
        "generic-password",
        "a password is written into the file",
        "high",
        "block",
        equivalents=(
            "detect-secrets:KeywordDetector",
            "checkov:CKV_SECRET_6",
            "gitleaks:generic-api-key",
            "kics:passwords_and_secrets",
            "credsweeper:Password",
            "semgrep:build-gradle-password-hardcoded",
        ),
        bad=(_x('db_password = "«SAMPLE»"\n', "app/settings.ini"), _x('conn = open(host, password="«SAMPLE»")\n', "app/db.py")),
        good=(
            _x('db_password = os.environ["DB_PASSWORD"]\n', "app/db.py"),
            _x("db_password: ${DB_PASSWORD}\n", "app.yml"),
            _x('password_policy = "SAMPLE"\n', "app/db.py"),
        ),
    ),
    _rule(
        "generic-secret",
        "a secret is written into the file",
        "high",
        "block",
        equivalents=("detect-secrets:KeywordDetector", "gitleaks:generic-api-key", "credsweeper:Secret"),
        bad=(_x('client_secret = "«SAMPLE»"\n', "app/oauth.py"),),
        good=(_x('client_secret = load("oauth/SAMPLE")\n', "app/oauth.py"), _x('secret_name = "SAMPLE"\n', "app/oauth.py")),
    ),
    _rule(
        "generic-token",
        "a token is written into the file",
        "high",
        "block",
        equivalents=("gitleaks:generic-api-key", "credsweeper:Token"),
        bad=(_x('access_token = "«SAMPLEh6Q1»"\n', "app/api.py"),),
        good=(_x('token_type = "SAMPLEh6Q1"\n', "app/api.py"), _x("max_tokens = 4096\n", "app/api.py")),
    ),
    _rule(
        "generic-api-key",
        "an API key is written into the file",
        "high",
        "block",
        equivalents=("gitleaks:generic-api-key", "credsweeper:API", "detect-secrets:KeywordDetector"),
        bad=(_x('api_key = "«SAMPLEh6Q1»"\n', "app/api.py"),),
        good=(_x('public_key = "SAMPLEh6Q1"\n', "app/api.py"), _x('api_key_id = "SAMPLEh6Q1"\n', "app/api.py")),
    ),
    _rule(
        "generic-credential",
        "a credential is written into the file",
        "high",
        "block",
        equivalents=("gitleaks:generic-api-key", "credsweeper:Auth", "credsweeper:Credential"),
        bad=(_x('service_credentials = "«SAMPLEh6Q1»"\n', "app/api.py"),),
        good=(_x('credentialsId = "SAMPLEh6Q1"\n', "app/api.py"), _x('author = "SAMPLEh6Q1"\n', "app/api.py")),
    ),
    _rule(
        "generic-key",
        "a value that looks like a key is written into the file",
        "medium",
        "warn",
        confidence="low",
        bad=(_x('widget_key = "«SAMPLEh6Q1v8Nd»"\n', "app/api.py"),),
        good=(_x('primary_key = "SAMPLEh6Q1v8Nd"\n', "app/api.py"),),
    ),
    _rule(
        "generic-salt",
        "a salt or seed is written into the file",
        "medium",
        "warn",
        confidence="low",
        cwe=760,
        why="A salt or seed that is the same everywhere and known to all no longer protects what was derived from it.",
        fix="Draw a fresh random salt for each value, and keep seeds of generators with the other secrets.",
        equivalents=("credsweeper:Salt", "credsweeper:Nonce", "credsweeper:Seed"),
        bad=(_x('PASSWORD_SALT = "«SAMPLEh6Q1»"\n', "app/hash.py"),),
        good=(_x("seed = 42\n", "app/hash.py"),),
    ),
    _rule(
        "uri-credentials",
        "an address holds a user's password",
        "critical",
        "block",
        fix="Take user and password out of the address; put the whole address into the environment or a secret manager. Revoke what was pushed.",
        equivalents=("detect-secrets:BasicAuth", "credsweeper:URL Credentials", "kingfisher:kingfisher.uri.1"),
        bad=(_x("DATABASE_URL=postgres://app:«SAMPLE»@db.internal/app\n", "deploy/app.env"),),
        good=(
            _x("DATABASE_URL=postgres://app:${DB_PASSWORD}@db.internal/app\n", "deploy/app.env"),
            _x("see https://user:password@example.com/\n", "README.md"),
        ),
    ),
    _rule(
        "authorization-header",
        "an Authorization header holds a credential",
        "high",
        "block",
        equivalents=("gitleaks:curl-auth-header",),
        bad=(_x('curl -H "Authorization: Bearer «SAMPLEh6Q1»" https://api.internal/\n', "deploy/ping.sh"),),
        good=(_x('curl -H "Authorization: Bearer $TOKEN" https://api.internal/\n', "deploy/ping.sh"),),
    ),
    _rule(
        "command-line-credentials",
        "a command line holds a password",
        "high",
        "block",
        fix="Let the tool read the password from standard input, a protected file or the environment. Revoke what was pushed.",
        equivalents=("gitleaks:curl-auth-user", "kingfisher:kingfisher.psexec.1"),
        bad=(_x("curl -u deploy:«SAMPLE» https://api.internal/\n", "deploy/ping.sh"),),
        good=(_x('curl -u "$USER:$PASSWORD" https://api.internal/\n', "deploy/ping.sh"),),
    ),
    _rule(
        "positional-credentials",
        "a call is given a user's password",
        "high",
        "block",
        equivalents=("credsweeper:Password",),
        bad=(
            _x('smtp.login("deploy", "«SAMPLE»")\n', "app/mail.py"),
            _x("$c = mysqli_connect('h.internal', 'app', '«SAMPLE»');\n", "app/db.php"),
        ),
        good=(_x("smtp.login(user, password)\n", "app/mail.py"), _x('self.connect("clicked", "SAMPLE")\n', "app/ui.py")),
    ),
    _rule(
        "password-file",
        "a password file is committed",
        "critical",
        "block",
        cwe=538,
        bad=(_x("db.internal:5432:app:deploy:«SAMPLE»\n", ".pgpass"),),
        good=(_x("# host:port:database:user:password\n", ".pgpass"),),
    ),
    _rule(
        "password-hash",
        "a user's password hash is committed",
        "high",
        "block",
        cwe=522,
        why="A hash can be attacked offline, at billions of guesses a second for the older schemes, by whoever can read the repository.",
        fix="Create the file on the server or from a secret manager, and change the passwords whose hashes were pushed.",
        equivalents=("kingfisher:kingfisher.pwhash.1",),
        bad=(Example("deploy:«$apr1$" + "x7Qp2mZk$" + "Tw4Lpq9RbVn3cXs8dFg6h/»\n", ".htpasswd"),),
        good=(Example("deploy:x:0:\n", "etc/passwd"),),
    ),
    _rule(
        "rails-master-key",
        "a Rails master key is committed",
        "critical",
        "block",
        cwe=321,
        why="It decrypts config/credentials.yml.enc, and with it every secret of the application.",
        fix="Add the key file to .gitignore, hand it out through a secret manager, and rotate the key and everything it protected.",
        bad=(Example("«" + "5f3a9c1e7b2d4860" + "a9c3e5f7b1d20846" + "»\n", "config/master.key"),),
        good=(Example("-----BEGIN CERTIFICATE-----\n", "config/master.key"),),
    ),
    _rule(
        "k8s-env-secret",
        "an environment variable of a container holds a secret in clear",
        "high",
        "block",
        fix="Put the value into a Secret that is not in the repository and refer to it with valueFrom.secretKeyRef.",
        equivalents=("kube-linter:env-var-secret", "kubescape:C-0012"),
        bad=(_x(_POD.format('value: "«SAMPLE»"'), "deploy/pod.yaml"),),
        good=(
            _x(_POD.format("valueFrom: {secretKeyRef: {name: db, key: password}}"), "deploy/pod.yaml"),
            _x(_POD.format('value: "$(OTHER)"'), "deploy/pod.yaml"),
        ),
    ),
    _rule(
        "k8s-configmap-secret",
        "a ConfigMap holds a secret in clear",
        "high",
        "block",
        cwe=312,
        why="ConfigMaps are not protected: everybody who may read the namespace reads them, and this one is in the repository as well.",
        fix="Move the entry to a Secret that is not in the repository (External Secrets, Sealed Secrets, SOPS).",
        equivalents=("trivy:KSV-0109", "trivy:KSV-01010", "semgrep:secrets-in-config-file"),
        bad=(_x("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app}\ndata:\n  db_password: «SAMPLE»\n", "deploy/config.yaml"),),
        good=(_x("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app}\ndata:\n  password_file: /run/SAMPLE\n", "deploy/config.yaml"),),
    ),
    _rule(
        "k8s-secret-data",
        "a Secret manifest with its data is committed",
        "high",
        "warn",
        cwe=312,
        why="Base64 is no encryption: whoever reads the repository reads the secret.",
        fix="Commit an encrypted form (Sealed Secrets, SOPS) or a reference (External Secrets, a CSI driver) in its place.",
        equivalents=("kics:b9c83569",),
        bad=(_x("apiVersion: v1\nkind: Secret\nmetadata: {name: app}\nstringData:\n  password: «SAMPLE»\n", "deploy/secret.yaml"),),
        good=(
            _x(
                "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec:\n  encryptedData:\n    password: SAMPLE\n",
                "deploy/secret.yaml",
            ),
            _x("apiVersion: v1\nkind: Secret\nmetadata: {name: app}\nstringData:\n  password: ${DB_PASSWORD}\n", "deploy/secret.yaml"),
        ),
    ),
    _rule(
        "compose-environment-secret",
        "a service's environment holds a secret in clear",
        "high",
        "block",
        fix="Use Compose secrets (NAME_FILE: /run/secrets/...) or a variable from an environment file that is not committed.",
        equivalents=("checkov:CKV_SECRET_6",),
        bad=(
            _x("services:\n  db:\n    image: postgres\n    environment:\n      POSTGRES_PASSWORD: «SAMPLE»\n", "compose.yaml"),
            _x("services:\n  db:\n    image: postgres\n    environment:\n      - POSTGRES_PASSWORD=«SAMPLE»\n", "compose.yaml"),
        ),
        good=(
            _x(
                "services:\n  db:\n    image: postgres\n    environment:\n      POSTGRES_PASSWORD: ${DB_PASSWORD}\n      POSTGRES_PASSWORD_FILE: /run/secrets/db\n",
                "compose.yaml",
            ),
        ),
    ),
    _rule(
        "helm-values-secret",
        "a chart's values hold a secret in clear",
        "high",
        "block",
        fix="Leave the value empty and take it from an existing Secret (existingSecret, secretKeyRef) or pass it at install time.",
        bad=(_x("auth:\n  adminPassword: «SAMPLE»\n", "chart/values.yaml"),),
        good=(_x('auth:\n  adminPassword: ""\n  existingSecret: SAMPLE\n', "chart/values.yaml"),),
    ),
    _rule(
        "workflow-registry-password",
        "the password of a registry is written into the workflow",
        "high",
        "block",
        fix="Use ${{ secrets.NAME }} for the password of container and service credentials.",
        equivalents=("zizmor:hardcoded-container-credentials", "actionlint:credentials"),
        bad=(
            _x(
                "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    container:\n      image: r.internal/a\n      credentials:\n        username: ci\n        password: «pass»\n    steps: []\n",
                ".github/workflows/a.yml",
            ),
        ),
        good=(
            _x(
                "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    container:\n      image: r.internal/a\n      credentials:\n        username: ci\n        password: ${{ secrets.R }}\n    steps: []\n",
                ".github/workflows/a.yml",
            ),
        ),
    ),
    _rule(
        "workflow-env-secret",
        "an environment variable of a workflow holds a secret in clear",
        "high",
        "block",
        fix="Store it as a secret of the repository or environment and use ${{ secrets.NAME }}.",
        bad=(
            _x(
                "on: push\nenv:\n  DEPLOY_TOKEN: «SAMPLEh6Q1»\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps: []\n",
                ".github/workflows/a.yml",
            ),
        ),
        good=(
            _x(
                "on: push\nenv:\n  DEPLOY_TOKEN: ${{ secrets.DEPLOY }}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps: []\n",
                ".github/workflows/a.yml",
            ),
        ),
    ),
    _rule(
        "gitlab-variable-secret",
        "a variable of the pipeline holds a secret in clear",
        "high",
        "block",
        fix="Define it as a masked and protected CI/CD variable of the project.",
        equivalents=("semgrep:gitleaks-family",),
        bad=(_x("variables:\n  DEPLOY_PASSWORD: «SAMPLE»\n", ".gitlab-ci.yml"),),
        good=(_x("variables:\n  DEPLOY_PASSWORD: $VAULT_PASSWORD\n", ".gitlab-ci.yml"),),
    ),
    _rule(
        "dockerfile-secret-env",
        "ENV or ARG keeps a secret in the image",
        "high",
        "block",
        cwe=522,
        why="ENV and ARG values stay in the image's history: everybody who can pull it can read them.",
        fix="Use RUN --mount=type=secret at build time, and the environment or a secret store at run time.",
        equivalents=("trivy:DS-0031", "semgrep:secret-in-build-arg", "sonar:S6472"),
        bad=(_x("FROM scratch\nENV DB_PASSWORD=«SAMPLE»\n", "Dockerfile"), _x("FROM scratch\nARG API_TOKEN=«SAMPLEh6Q1»\n", "Dockerfile")),
        good=(_x("FROM scratch\nARG DB_PASSWORD\nENV DB_PASSWORD_FILE=/run/secrets/SAMPLE\n", "Dockerfile"),),
    ),
    _rule(
        "dockerfile-copy-secret",
        "a file of credentials is copied into the image",
        "high",
        "block",
        cwe=522,
        why="A copied file stays in its layer even when a later instruction deletes it.",
        fix="Use RUN --mount=type=secret, and name the file in .dockerignore.",
        equivalents=("trivy:DS-0031",),
        bad=(_x("FROM scratch\nCOPY «.npmrc» /root/.npmrc\n", "Dockerfile"),),
        good=(_x("FROM scratch\nCOPY .env.example package.json /app/\n", "Dockerfile"),),
    ),
    _rule(
        "chpasswd-literal",
        "a user's password is set to a literal",
        "high",
        "block",
        fix="Create the user without a password, or take the password from a secret mount.",
        equivalents=("checkov:CKV2_DOCKER_17",),
        bad=(_x("FROM scratch\nRUN echo 'root:«SAMPLE»' | chpass" + "wd\n", "Dockerfile"),),
        good=(_x('FROM scratch\nRUN echo "root:$ROOT_PASSWORD" | chpass' + "wd\n", "Dockerfile"),),
    ),
    _rule(
        "npmrc-credentials",
        "a registry's credentials are written into the package manager's settings",
        "critical",
        "block",
        fix="Write //registry/:_authToken=${NPM_TOKEN} and set the variable where it is needed. Revoke the token.",
        equivalents=("detect-secrets:npm",),
        bad=(_x("//registry.internal/:_authToken=«SAMPLEh6Q1»\n", ".npmrc"),),
        good=(_x("//registry.internal/:_authToken=${NPM_TOKEN}\n", ".npmrc"),),
    ),
    _rule(
        "django-secret-key",
        "Django's SECRET_KEY is a literal",
        "critical",
        "block",
        why="It signs sessions, password resets and cookies: whoever knows it can be any user.",
        fix='Read it from the environment: SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]. Rotate the committed one.',
        equivalents=("django:W009",),
        bad=(_x('import django\nSECRET_KEY = "«SAMPLEh6Q1@v8Nd»"\n', "site/settings.py"),),
        good=(_x('import os\nSECRET_KEY = os.environ["SECRET_KEY"]\n', "site/settings.py"),),
    ),
    _rule(
        "laravel-app-key",
        "Laravel's APP_KEY is committed",
        "critical",
        "block",
        why="It encrypts cookies and stored values and signs URLs: whoever knows it can forge them and, in some versions, run code.",
        fix="Remove the file from the repository, run artisan key:generate on each installation.",
        bad=(Example("APP_KEY=«base64:" + "q7Rx2mZk9Tw4Lpv8NdHs3Yb6JcFg1Xe5" + "Ua0Oi7Pz4Qw=»\n", "web/.env"),),
        good=(Example("APP_KEY=\n", "web/.env"),),
    ),
    _rule(
        "spring-credentials",
        "a Spring property holds a secret in clear",
        "high",
        "block",
        fix="Write ${NAME} and set the variable, or use a config server, Vault or {cipher} values.",
        equivalents=("sonar:S6437",),
        bad=(_x("spring.datasource.password=«SAMPLE»\n", "src/main/resources/application.properties"),),
        good=(_x("spring.datasource.password=${DB_PASSWORD}\n", "src/main/resources/application.properties"),),
    ),
    _rule(
        "terraform-credentials",
        "Terraform code holds a credential in clear",
        "critical",
        "block",
        fix="Use the provider's environment variables or roles, a sensitive variable, or a data source of a secret manager.",
        equivalents=(
            "checkov:CKV_AWS_41",
            "checkov:CKV_AWS_45",
            "checkov:CKV_AWS_46",
            "trivy:AWS-0029",
            "trivy:AWS-0036",
            "kics:passwords_and_secrets",
            "gitleaks:hashicorp-tf-password",
        ),
        bad=(_x('resource "aws_db_instance" "a" {\n  password = "«SAMPLE»"\n}\n', "main.tf"),),
        good=(_x('resource "aws_db_instance" "a" {\n  password = var.db_password\n}\n', "main.tf"),),
    ),
    _rule(
        "terraform-state-secret",
        "a Terraform state with a secret is committed",
        "critical",
        "block",
        cwe=312,
        fix="Keep state in a remote backend with encryption, remove the file from history, rotate what it held.",
        bad=(_x('{"resources": [{"instances": [{"attributes": {"password": "«SAMPLE»"}}]}]}\n', "terraform.tfstate"),),
        good=(_x('{"resources": [{"instances": [{"attributes": {"password": null}}]}]}\n', "terraform.tfstate"),),
    ),
    _rule(
        "user-data-private-key",
        "a machine's user data hold a private key",
        "critical",
        "block",
        cwe=321,
        why="User data are readable by every process on the machine and by everybody who may describe it; base64 hides nothing.",
        fix="Let the machine fetch the key from a secret manager with its own role, and replace the key.",
        equivalents=("kics:443488f5", "checkov:CKV_AWS_46", "trivy:AWS-0029"),
        bad=(Example('user_data_base64 = "«LS0tLS1CRUdJTi' + "BSU0EgUFJJVkFURSBLRVkt" + 'LS0tLQo=»"\n', "main.tf"),),
        good=(
            Example('user_data_base64 = "dGVzdA=="\n', "main.tf"),
            Example('user_data_base64 = "LS0tLS1CRUdJTi' + "BQVUJMSUMgS0VZLS0tLS0K" + '"\n', "main.tf"),
        ),
    ),
    _rule(
        "cloudformation-credentials",
        "a template holds a credential in clear",
        "critical",
        "block",
        fix="Use a dynamic reference ({{resolve:secretsmanager:...}}) or a NoEcho parameter.",
        equivalents=("checkov:CKV_AWS_41", "checkov:CKV_AWS_45", "checkov:CKV_AWS_46", "trivy:AWS-0029", "trivy:AWS-0036"),
        bad=(
            _x(
                "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      MasterUserPassword: «SAMPLE»\n",
                "db.yaml",
            ),
        ),
        good=(
            _x(
                "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      MasterUserPassword: !Ref Password\n",
                "db.yaml",
            ),
        ),
    ),
    _rule(
        "ansible-credentials",
        "Ansible variables hold a password in clear",
        "critical",
        "block",
        fix="Encrypt the value with ansible-vault or look it up at run time.",
        bad=(_x("ansible_become_pass: «SAMPLE»\n", "group_vars/all.yml"),),
        good=(_x("ansible_become_pass: '{{ vault_become_pass }}'\n", "group_vars/all.yml"),),
    ),
    _rule(
        "wordpress-config-secret",
        "wp-config.php holds a secret in clear",
        "critical",
        "block",
        fix="Read the values from the environment and rotate password, keys and salts.",
        bad=(_x("<?php\ndefine('DB_PASSWORD', '«SAMPLE»');\n", "wp-config.php"),),
        good=(_x("<?php\ndefine('DB_PASSWORD', getenv('DB_PASSWORD'));\n", "wp-config.php"),),
    ),
    _rule(
        "dotenv-committed",
        "an environment file with secrets is committed",
        "high",
        "block",
        cwe=538,
        why="Environment files exist to keep secrets out of the repository; this one is in it.",
        fix="git rm --cached the file, add it to .gitignore, commit a .env.example without values, rotate what it held.",
        bad=(_x("DB_PASSWORD=«SAMPLE»\n", "app/.env"),),
        good=(_x("DB_PASSWORD=\n", "app/.env.example"),),
    ),
)

RULES: Final = {rule.id: rule for rule in _LIST}
KIND_RULES: Final = {
    "password": "generic-password", "secret": "generic-secret", "token": "generic-token", "key": "generic-api-key",
    "auth": "generic-credential", "name": "generic-key", "salt": "generic-salt",
}  # fmt: skip
