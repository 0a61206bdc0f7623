"""Rules for shell code in Dockerfiles, CI files and scripts: verification switched off, rights given to everybody, unread downloads."""

from __future__ import annotations

from collections.abc import Iterator

from ...finding import Example, Rule
from ...records import TYPE_CHECKING
from ..match import Commands, Custom, Hit, Keys
from ..predicates import is_local_host, matches, world_writable
from ..scripts import Call, calls, scripts

if TYPE_CHECKING:
    from typing import Final

    from ...files.tree import Tree
    from ...parse import File

DOCKER: Final = ("dockerfile",)
SHELL: Final = ("dockerfile", "ci", "shell", "ansible", "devcontainer", "package-json", "composer-json")
_LOCAL: Final = r"(?i)(//|\A|@)(localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0|host\.docker\.internal|kubernetes\.default(\.svc)?|169\.254\.169\.254)([:/]|\Z)"
_CWE_295: Final = "https://cwe.mitre.org/data/definitions/295.html"


def piped_download(file: File, tree: Tree) -> Iterator[Hit]:
    """A download that an interpreter runs at once."""
    text = file.source.text
    if "curl" not in text and "wget" not in text and "fetch" not in text and "aria2c" not in text:
        return
    from ..shell_risks import unread_downloads

    for embedded in scripts(file):
        for risk in unread_downloads(embedded.script):
            yield Hit(risk.span)


def pipe_without_pipefail(file: File, tree: Tree) -> Iterator[Hit]:
    """RUN with a pipe whose first commands may fail unnoticed."""
    document = file.document
    if document is None or "|" not in file.source.text:
        return
    shells = [node for node in document.index.get("SHELL", ()) if "pipefail" in node.raw]
    for embedded in scripts(file):
        if embedded.key != "RUN" or any(shell.start < embedded.node.start for shell in shells):
            continue
        for part in embedded.script.scripts():
            for each in part.lists:
                for pipeline in each.pipelines:
                    if len(pipeline.commands) > 1 and "pipefail" not in part.options(pipeline.at):
                        yield Hit(pipeline.span)
                        break


def sudo(file: File, tree: Tree) -> Iterator[Hit]:
    """sudo in a build step."""
    if "sudo" not in file.source.text:
        return
    for embedded in scripts(file):
        if embedded.key == "RUN":
            for command in embedded.script.walk_commands():
                if command.program == "sudo" and command.name is not None:
                    yield Hit(command.name.span)


def world_writable_mode(file: File, tree: Tree) -> Iterator[Hit]:
    """chmod, mkdir and install that let everybody write; directories with the sticky bit are fine."""
    text = file.source.text
    if "chmod" not in text and "mkdir" not in text and "install" not in text:
        return
    for call in calls(file):
        program, args = call.command.program, call.command.args
        if program == "chmod":
            mode = next((word for word in args if not word.pattern.startswith("-") or word.pattern.startswith("-w")), None)
        elif program in ("mkdir", "install"):
            mode = next((args[at + 1] for at, word in enumerate(args[:-1]) if word.pattern in ("-m", "--mode")), None)
        else:
            continue
        if mode is not None and isinstance(mode.text, str) and world_writable(mode.text) and not _sticky(mode.text):
            yield Hit(mode.span)


def _sticky(mode: str) -> bool:
    return (len(mode.lstrip("0")) == 4 and mode.lstrip("0")[0] in "1357") or "t" in mode


_FETCHERS: Final = frozenset({"curl", "wget", "fetch", "aria2c", "git", "pip", "pip3", "svn", "hg", "npm", "yarn", "gem", "go"})


def plain_http(file: File, tree: Tree) -> Iterator[Hit]:
    """Programs and packages fetched over http."""
    if "http://" not in file.source.text:
        return
    for call in calls(file):
        if call.command.program not in _FETCHERS or _verified(call, file):
            continue
        for number, word in enumerate(call.command.args):
            before = call.command.args[number - 1].pattern if number else ""
            if before in ("-H", "--header", "-x", "--proxy", "-e", "--referer", "-A", "-d", "--data"):
                continue
            at = word.pattern.find("http://")
            host = word.pattern[at + 7 :].split("/")[0].split(":")[0].rpartition("@")[2] if at >= 0 else ""
            if at >= 0 and host.isascii() and not is_local_host(host):
                yield Hit(word.span)


def _verified(call: Call, file: File) -> bool:
    """Whether the same script checks a sum or signature afterwards."""
    return any(command.program in ("sha256sum", "sha512sum", "gpg", "gpgv") for command in call.embedded.script.walk_commands())


def _run(line: str) -> Example:
    return Example(f"FROM alpine:3.22\nRUN {line}\n")


def _never(
    id: str, title: str, match: Commands, bad: tuple[str, ...], good: tuple[str, ...], fix: str, equivalents: tuple[str, ...] = (), cwe: int = 295
) -> Rule:  # fmt: skip
    """A rule about a command that switches verification off: all of these have the same shape."""
    why = (
        "Anybody on the way can then present a certificate of their own and decide what is installed."
        if cwe == 295
        else "Packages of anybody who controls the mirror, or the way to it, are installed as if they were signed."
    )
    return Rule(
        id=id, family="config", title=title, severity="high", tier="block", cwe=cwe, why=why, fix=fix, match=match, equivalents=equivalents,
        references=(_CWE_295 if cwe == 295 else "https://cwe.mitre.org/data/definitions/347.html",),
        bad=tuple(_run(line) for line in bad), good=tuple(_run(line) for line in good),
    )  # fmt: skip


_WRITERS: Final = ("echo", "printf", "sed")  # what shell code writes settings with

RULES: tuple[Rule, ...] = (
    Rule(
        id="piped-download",
        family="config",
        title="a download is run unread",
        severity="high",
        tier="block",
        cwe=494,
        why="Whoever controls the address, or the way to it, runs commands of his choice here; a broken download runs half.",
        fix="Fetch to a file, check its SHA-256 or signature, then run it; or install a pinned package.",
        match=Custom(("dockerfile", "ansible"), piped_download),
        equivalents=("semgrep:curl-pipe-bash", "sonar:S6506"),
        references=("https://cwe.mitre.org/data/definitions/494.html",),
        bad=(
            _run("apk add curl && «curl -fsSL https://get.example.org/tool.sh | sh»"),
            _run('«bash -c "$(curl -fsSL https://get.example.org/tool.sh)"»'),
        ),
        good=(
            _run(
                "curl -fsSLo /t.sh https://get.example.org/tool.sh && echo '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae  /t.sh' | sha256sum -c && sh /t.sh"
            ),
            _run("curl -fsSL https://get.example.org/keys.json | jq -r .key"),
            _run("curl -fsSL ${URL} | tar -xz"),
        ),
    ),
    Rule(
        id="docker-pipe-without-pipefail",
        family="config",
        title="a failure in this pipe goes unnoticed",
        severity="low",
        tier="audit",
        cwe=703,
        why="Only the last command of a pipe decides; a download or check that fails before it does not stop the build.",
        fix='Put SHELL ["/bin/bash", "-o", "pipefail", "-c"] before it, or set -o pipefail.',
        match=Custom(DOCKER, pipe_without_pipefail, ("RUN",)),
        equivalents=("kics:efbf148a", "hadolint:DL4006", "semgrep:set-pipefail", "sonar:S7029"),
        references=("https://docs.docker.com/build/building/best-practices/#using-pipes",),
        bad=(_run("«cat a | grep b»"),),
        good=(
            _run("set -o pipefail && cat a | grep b"),
            Example('FROM alpine:3.22\nSHELL ["/bin/ash", "-eo", "pipefail", "-c"]\nRUN cat $A | grep b\n'),
        ),
    ),
    Rule(
        id="docker-sudo",
        family="config",
        title="sudo is used in a build step",
        severity="medium",
        tier="warn",
        cwe=250,
        why="Build steps already run as the user that USER names; sudo in the image gives an intruder a way to root.",
        fix="Switch with USER, and take sudo out of the image.",
        match=Custom(DOCKER, sudo, ("RUN",)),
        equivalents=("kics:8ada6e80", "hadolint:DL3004", "checkov:CKV2_DOCKER_1", "trivy:DS-0010", "semgrep:no-sudo-in-dockerfile"),
        references=("https://docs.docker.com/build/building/best-practices/#user",),
        bad=(_run("«sudo» apt-get update"), _run("cd /a && A=b «sudo» -E make")),
        good=(_run("apk add sudo"), _run("echo 'sudo make' $A")),
    ),
    Rule(
        id="world-writable-mode",
        family="config",
        title="everybody may write these files",
        severity="high",
        tier="block",
        cwe=732,
        why="Any process in the container can replace these files, programs among them.",
        fix="Use 755 for programs and directories, 644 for files, and give the user that writes the ownership.",
        match=Custom(DOCKER, world_writable_mode, ("RUN",)),
        equivalents=("kics:3be406ec", "sonar:S2612"),
        references=("https://cwe.mitre.org/data/definitions/732.html",),
        bad=(_run("chmod -R «777» /app"), _run("mkdir -p -m «0777» /app && chmod «a+w» /etc/app")),
        good=(_run("chmod 755 /app && chmod 1777 /tmp && chmod u+w,o-w /b"), _run("chmod ${MODE} /app")),
    ),
    _never(
        "curl-insecure",
        "curl does not verify the server's certificate",
        Commands(SHELL, ("curl",), options=("-k", "--insecure", "--proxy-insecure", "--doh-insecure"), unless=_LOCAL),
        ("curl «-k» https://example.org/a", "set -e; curl «-fsSLk» https://example.org/a -o /a"),
        (
            "curl -fsSL --cacert /ca.pem https://example.org/a",
            "curl -ok https://example.org/a",
            "curl -k https://localhost:8443/health",
            "curl $OPTIONS https://example.org/k",
        ),
        "Take the option out; give a private authority's certificate with --cacert.",
        ("checkov:CKV2_DOCKER_2",),
    ),
    _never(
        "wget-insecure",
        "wget does not verify the server's certificate",
        Commands(SHELL, ("wget",), options=("--no-check-certificate",), unless=_LOCAL),
        ("wget «--no-check-certificate» https://example.org/a",),
        ("wget --ca-certificate=/ca.pem https://example.org/a", "wget $OPTIONS https://example.org/a"),
        "Take the option out; give a private authority's certificate with --ca-certificate.",
        ("checkov:CKV2_DOCKER_3",),
    ),
    _never(
        "pip-trusted-host",
        "pip does not verify the certificate of this host",
        Commands(
            SHELL,
            ("pip", "pip2", "pip3", "uv", "pipx", "pip3.11", "pip3.12", "pip3.13", "easy_install"),
            options=("--trusted-host", "--allow-insecure-host"),
            value=r".",
            unless=_LOCAL,
        ),
        (
            "pip install «--trusted-host» pypi.example.org requests",
            "pip3 config set a b; pip3 install «--trusted-host=pypi.example.org» requests",
        ),
        ("pip install --cert /ca.pem requests", "pip install $OPTIONS requests"),
        "Take the option out; give a private authority's certificate with --cert.",
        ("checkov:CKV2_DOCKER_4",),
    ),
    _never(
        "python-m-pip-trusted-host",
        "pip does not verify the certificate of this host",
        Commands(
            SHELL,
            ("python", "python3", "python2", "python3.11", "python3.12", "python3.13"),
            operands=r"pip\b",
            options=("--trusted-host",),
            value=r".",
        ),
        ("python3 -m pip install «--trusted-host» pypi.example.org requests",),
        ("python3 -m pip install requests", "python3 -m pip install $OPTIONS requests"),
        "Take the option out; give a private authority's certificate with --cert.",
        ("checkov:CKV2_DOCKER_4",),
    ),
    _never(
        "pip-config-trusted-host",
        "pip is set not to verify the certificate of this host",
        Commands(SHELL, ("pip", "pip3"), operands=r"config set (global|install|site|user)\.trusted-host \S+"),
        ("pip config set global.trusted-host «pypi.example.org»",),
        ("pip config set global.cert /ca.pem", "pip config set global.timeout $TIMEOUT"),
        "Take the setting out; give a private authority's certificate with global.cert.",
        ("checkov:CKV2_DOCKER_4",),
    ),
    _never(
        "npm-strict-ssl",
        "npm or yarn does not verify certificates",
        Commands(SHELL, ("npm", "yarn", "pnpm"), operands=r"(config )?set (-g )?\"?(strict-ssl|strictSsl|enableStrictSsl)[ =]false"),
        ("npm config set strict-ssl «false»", "npm set «strict-ssl=false»"),
        ("npm config set strict-ssl true", "npm config set strict-ssl $SSL"),
        "Take the setting out; give a private authority's certificate with cafile.",
        ("checkov:CKV2_DOCKER_13",),
    ),
    _never(
        "npm-strict-ssl-option",
        "npm or yarn does not verify certificates",
        Commands(SHELL, ("npm", "yarn", "pnpm", "npx"), options=("--strict-ssl",), value=r"\Afalse\Z"),
        ("npm install «--strict-ssl=false»",),
        ("npm install --strict-ssl=true", "npm install $OPTIONS"),
        "Take the option out; give a private authority's certificate with --cafile.",
        ("checkov:CKV2_DOCKER_13",),
    ),
    _never(
        "npm-no-strict-ssl",
        "npm or yarn does not verify certificates",
        Commands(SHELL, ("npm", "yarn", "pnpm", "npx"), options=("--no-strict-ssl",)),
        ("npm ci «--no-strict-ssl»",),
        ("npm ci --strict-ssl", "npm install $OPTIONS"),
        "Take the option out; give a private authority's certificate with --cafile.",
        ("checkov:CKV2_DOCKER_13",),
    ),
    _never(
        "git-ssl-verify-config",
        "git does not verify certificates",
        Commands(SHELL, ("git",), operands=r"config (set )?http\.(\S+\.)?(?i:sslverify) (false|0|off|no)"),
        ("git config --global http.sslVerify «false»", "git config http.https://git.example.org.sslverify «0»"),
        ("git config --global http.sslVerify true", "git config --global http.sslVerify $VERIFY"),
        "Take the setting out; give a private authority's certificate with http.sslCAInfo.",
        ("checkov:CKV2_DOCKER_14",),
    ),
    _never(
        "git-ssl-verify-option",
        "git does not verify certificates",
        Commands(SHELL, ("git",), options=("-c",), value=r"(?i)\Ahttp\.(\S+\.)?sslverify=(false|0|off|no)\Z"),
        ("git «-c» http.sslVerify=false clone https://git.example.org/a",),
        ("git -c http.sslVerify=true clone https://git.example.org/a", "git -c core.autocrlf=false clone $URL"),
        "Take the option out; give a private authority's certificate with http.sslCAInfo.",
        ("checkov:CKV2_DOCKER_14",),
    ),
    _never(
        "apk-allow-untrusted",
        "apk installs packages without a trusted signature",
        Commands(SHELL, ("apk",), options=("--allow-untrusted",)),
        ("apk add «--allow-untrusted» ./tool.apk",),
        ("apk add --no-cache tool", "apk add $OPTIONS tool"),
        "Put the key of the repository into /etc/apk/keys and take the option out.",
        ("checkov:CKV2_DOCKER_7",),
        347,
    ),
    _never(
        "apt-unauthenticated",
        "apt installs packages without a valid signature",
        Commands(SHELL, ("apt-get", "apt", "aptitude"), options=("--allow-unauthenticated", "--allow-insecure-repositories")),
        ("apt-get install -y «--allow-unauthenticated» tool",),
        ("apt-get install -y tool", "apt-get install -y $OPTIONS tool"),
        "Add the key of the repository with signed-by and take the option out.",
        ("checkov:CKV2_DOCKER_8",),
        347,
    ),
    _never(
        "apt-force-yes",
        "apt installs packages whatever is wrong with them",
        Commands(SHELL, ("apt-get", "apt"), options=("--force-yes",)),
        ("apt-get install -y «--force-yes» tool",),
        ("apt-get install --yes tool", "apt-get install $OPTIONS tool"),
        "Take the option out.",
        ("checkov:CKV2_DOCKER_11",),
        347,
    ),
    _never(
        "apt-option-unauthenticated",
        "apt is told not to verify signatures or certificates",
        Commands(
            SHELL,
            ("apt-get", "apt"),
            options=("-o", "--option"),
            value=r"(?i)\A(APT::Get::AllowUnauthenticated=[\"']?(true|1|yes)|Acquire::AllowInsecureRepositories=[\"']?(true|1|yes)|Acquire::https?::(\S+::)?Verify-(Peer|Host)=[\"']?(false|0|no))",
        ),
        ("apt-get «-o» APT::Get::AllowUnauthenticated=true install tool",),
        ("apt-get -o Dpkg::Options::=--force-confold install tool", "apt-get -o Acquire::Retries=$N update"),
        "Take the option out.",
        ("checkov:CKV2_DOCKER_8",),
        347,
    ),
    _never(
        "yum-nogpgcheck",
        "packages are installed without checking their signature",
        Commands(
            SHELL,
            ("yum", "dnf", "microdnf", "zypper", "tdnf", "rpm-ostree"),
            options=("--nogpgcheck", "--no-gpg-checks", "--allow-unsigned-rpm"),
        ),
        ("dnf install -y «--nogpgcheck» tool",),
        ("dnf install -y tool", "dnf install -y $OPTIONS tool"),
        "Import the key of the repository with rpm --import and take the option out.",
        ("checkov:CKV2_DOCKER_9",),
        347,
    ),
    _never(
        "yum-gpgcheck-off",
        "packages are installed without checking their signature",
        Commands(
            SHELL,
            ("yum", "dnf", "microdnf", "yum-config-manager"),
            options=("--setopt", "--save"),
            value=r"\A([\w*.-]+\.)?(gpgcheck|repo_gpgcheck)=(0|false|no|off)\Z",
        ),
        ("yum install «--setopt=gpgcheck=0» tool",),
        ("yum install --setopt=gpgcheck=1 tool", "yum install --setopt=$OPTION tool"),
        "Import the key of the repository with rpm --import and take the option out.",
        ("checkov:CKV2_DOCKER_9",),
        347,
    ),
    _never(
        "rpm-no-signature",
        "rpm installs packages without checking them",
        Commands(SHELL, ("rpm",), options=("--nosignature", "--nodigest", "--noverify", "--nofiledigest", "--nogpg")),
        ("rpm -i «--nosignature» tool.rpm",),
        ("rpm -i tool.rpm | grep -e --nosignature", "rpm -i $OPTIONS tool.rpm"),
        "Import the key with rpm --import and take the option out.",
        ("checkov:CKV2_DOCKER_10",),
        347,
    ),
    _never(
        "yum-sslverify-off",
        "yum or dnf does not verify certificates",
        Commands(
            SHELL,
            ("yum", "dnf", "microdnf", "yum-config-manager", "tdnf"),
            options=("--setopt", "--save"),
            value=r"(?i)\A([\w*.-]+\.)?sslverify=[\"']?(0|false|no|off)\b",
        ),
        ("yum install «--setopt=sslverify=false» tool", "dnf «--setopt» fedora.sslverify=0 install tool"),
        ("yum install --setopt=sslverify=true tool", "yum install --setopt=$OPTION tool"),
        "Take the option out; give a private authority's certificate with sslcacert.",
        ("checkov:CKV2_DOCKER_15",),
    ),
    _never(
        "yum-sslverify-off-written",
        "yum or dnf is set not to verify certificates",
        Commands(SHELL, _WRITERS, operands=r"(?is)(?:.*[\s/|#^]|.*\\n)?sslverify\s*=\s*(?:0|false|no)\b(?!/[^/ ][^/]*/)"),
        ("echo «'sslverify=false'» >> /etc/yum.conf", "sed -i «'s/^sslverify=1/sslverify=0/'» /etc/dnf/dnf.conf"),
        (
            "echo 'sslverify=1' >> /etc/yum.conf",
            'echo "sslverify=$VERIFY" >> /etc/yum.conf',
            "sed -i 's/sslverify=0/sslverify=1/' /etc/yum.conf",
        ),
        "Take the setting out; give a private authority's certificate with sslcacert.",
        ("checkov:CKV2_DOCKER_15",),
    ),
    _never(
        "apt-verify-off-written",
        "apt is set not to verify servers or signatures",
        Commands(
            SHELL,
            _WRITERS,
            operands=r"(?is).*\b(?:Verify-(?:Peer|Host)[\s\"'\\]+(?:false|no|0)\b|AllowUnauthenticated[\s\"'\\]+(?:true|yes|1)\b|AllowInsecureRepositories[\s\"'\\]+(?:true|yes|1)\b)",
        ),
        (
            "echo «'Acquire::https::Verify-Peer \"false\";'» > /etc/apt/apt.conf.d/99x",
            "echo «'APT::Get::AllowUnauthenticated \"true\";'» > /etc/apt/apt.conf",
        ),
        (
            "echo 'Acquire::https::Verify-Peer \"true\";' > /etc/apt/apt.conf.d/99x",
            'echo "Acquire::https::Verify-Peer $VERIFY;" > /etc/apt/apt.conf',
        ),
        "Take the setting out; install your authority's certificate with update-ca-certificates.",
    ),
    Rule(
        id="sudo-without-password-written",
        family="config",
        title="a user may do everything as root, without a password",
        severity="high",
        tier="warn",
        cwe=250,
        why="Whoever gets to run one command as this user is root.",
        fix="Name the commands that are needed, or start as root and step down.",
        match=Commands(SHELL, _WRITERS, operands=r"(?s).*\bNOPASSWD:\s*ALL\b"),
        references=("https://www.sudo.ws/docs/man/sudoers.man/",),
        bad=(_run("echo «'app ALL=(ALL) NOPASSWD: ALL'» >> /etc/sudoers"),),
        good=(_run("echo 'app ALL=(ALL) NOPASSWD: /usr/bin/systemctl' >> /etc/sudoers"), _run('echo "$RULE" >> /etc/sudoers')),
    ),
    Rule(
        id="sshd-root-login-written",
        family="config",
        title="the SSH server is set to let root, or people without a password, log in",
        severity="high",
        tier="warn",
        cwe=250,
        why="Every machine that is reached from the internet has root's password guessed thousands of times a day.",
        fix="Leave PermitRootLogin at prohibit-password or no, and PermitEmptyPasswords at no.",
        match=Commands(SHELL, _WRITERS, operands=r"(?is).*\b(?:PermitRootLogin|PermitEmptyPasswords)\s+yes\b(?!/[^/ ][^/]*/)"),
        references=("https://man.openbsd.org/sshd_config",),
        bad=(
            _run("echo «'PermitRootLogin yes'» >> /etc/ssh/sshd_config"),
            _run("sed -i «'s/.*PermitRootLogin.*/PermitRootLogin yes/'» /etc/ssh/sshd_config"),
        ),
        good=(
            _run("sed -i 's/PermitRootLogin yes/PermitRootLogin no/' /etc/ssh/sshd_config"),
            _run('echo "PermitRootLogin $LOGIN" >> /etc/ssh/sshd_config'),
        ),
    ),
    _never(
        "conda-ssl-verify",
        "conda does not verify certificates",
        Commands(SHELL, ("conda", "mamba", "micromamba"), operands=r"config (set )?ssl_verify (?i:false|no)"),
        ("conda config --set ssl_verify «false»",),
        ("conda config --set ssl_verify /ca.pem", "conda config --set ssl_verify $CA"),
        "Take the setting out, or give the path of your authority's certificate.",
    ),
    _never(
        "gem-ssl-verify",
        "RubyGems or Bundler does not verify certificates",
        Commands(SHELL, ("bundle", "bundler"), operands=r"config (set )?(global |local )?ssl_verify_mode 0"),
        ("bundle config set ssl_verify_mode «0»",),
        ("bundle config set ssl_verify_mode 1", "bundle config set ssl_verify_mode $MODE"),
        "Take the setting out; give a private authority's certificate with ssl_ca_cert.",
    ),
    _never(
        "ssh-host-key-unchecked",
        "ssh does not check the key of the host",
        Commands(
            SHELL,
            ("ssh", "scp", "sftp", "rsync", "ssh-copy-id", "autossh"),
            options=("-o",),
            value=r"(?i)\AStrictHostKeyChecking[= ]?(no|off)\Z",
            unless=_LOCAL,
        ),
        ("ssh «-o» StrictHostKeyChecking=no deploy@server.example.org",),
        ("ssh -o StrictHostKeyChecking=yes deploy@server.example.org", "ssh -o StrictHostKeyChecking=$CHECK a"),
        "Put the host's key into known_hosts (from a trusted source, not from ssh-keyscan at run time).",
    )._replace(tier="warn", cwe=322, severity="medium", why="Anybody on the way can pose as the host and take what is sent to it."),
    Rule(
        id="fetch-plain-http",
        family="config",
        title="something is fetched without encryption",
        severity="medium",
        tier="warn",
        cwe=319,
        why="Anybody on the way can change what is installed.",
        fix="Use https, and check a SHA-256.",
        match=Custom(DOCKER, plain_http, ("RUN",)),
        equivalents=("kics:d5b3c9a1", "sonar:S5332"),
        references=("https://cwe.mitre.org/data/definitions/319.html",),
        bad=(
            _run("curl -fsSLO «http://downloads.acme.io/tool.tgz»"),
            _run("pip install «--index-url=http://pypi.acme.io/simple» requests"),
        ),
        good=(
            _run("curl -f http://localhost:8080/health && curl -fsSLO https://downloads.acme.io/tool.tgz"),
            _run("curl -fsSLO http://${MIRROR}/tool.tgz"),
        ),
    ),
    Rule(
        id="agent-started-without-questions",
        family="config",
        title="an agent is started so that it never asks",
        severity="medium",
        tier="warn",
        cwe=862,
        why="Whatever the agent reads on its way can make it run commands with the rights of this script, on a build machine with the secrets of the build.",
        fix="Allow the tools that the task needs (--allowedTools, --allow-tool) and run it where there is nothing to lose.",
        match=Commands(
            ("shell", "ci", "dockerfile", "devcontainer"),
            ("claude", "codex", "gemini", "qwen", "copilot", "cursor-agent", "amp", "aider", "q", "kiro-cli", "opencode"),
            options=(
                "--dangerously-skip-permissions",
                "--dangerously-bypass-approvals-and-sandbox",
                "--yolo",
                "--allow-all-tools",
                "--allow-all",
                "--dangerously-allow-all",
                "--yes-always",
                "--trust-all-tools",
                "--dangerously-disable-sandbox",
            ),
        ),
        references=("https://code.claude.com/docs/en/settings", "https://genai.owasp.org/llmrisk/llm01-prompt-injection/"),
        bad=(
            Example("#!/bin/sh\nclaude -p 'fix the build' «--dangerously-skip-permissions»\n", "fix.sh"),
            Example(
                "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: codex exec «--yolo» 'write notes'\n",
                ".github/workflows/a.yml",
            ),
        ),
        good=(
            Example("#!/bin/sh\nclaude -p 'fix the build' --allowedTools 'Bash(npm test)' $OPTIONS\n", "fix.sh"),
            Example("#!/bin/sh\necho 'never use claude --dangerously-skip-permissions'\n", "fix.sh"),
        ),
    ),
    _never(
        "cluster-client-insecure",
        "a client of a cluster does not verify its server's certificate",
        Commands(
            SHELL,
            (
                "kubectl",
                "oc",
                "helm",
                "helmfile",
                "argocd",
                "istioctl",
                "flux",
                "velero",
                "kubeadm",
                "k9s",
                "cmctl",
                "linkerd",
                "tkn",
                "argo",
            ),
            options=(
                "--insecure-skip-tls-verify",
                "--kube-insecure-skip-tls-verify",
                "--insecure-skip-verify",
                "--insecure-skip-tls-verify-backend",
            ),
            unless=_LOCAL,
        ),
        ("kubectl «--insecure-skip-tls-verify» apply -f app.yaml", "helm upgrade «--kube-insecure-skip-tls-verify» web ./chart"),
        (
            "kubectl --certificate-authority=/ca.pem apply -f app.yaml",
            "helm upgrade $OPTIONS web ./chart",
            "oc login --insecure-skip-tls-verify=false",
        ),
        "Take the option out; give the cluster's authority with --certificate-authority or in the kubeconfig.",
    )._replace(why="Anybody on the way takes the token that is sent, which opens the cluster, and answers in its place."),
    _never(
        "registry-client-insecure",
        "a client of a registry does not verify its certificate",
        Commands(
            SHELL,
            ("podman", "skopeo", "buildah", "nerdctl", "crane", "oras", "kaniko", "executor"),
            options=("--tls-verify", "--src-tls-verify", "--dest-tls-verify"),
            value=r"(?i)\Afalse\Z",
            unless=_LOCAL,
        ),
        ("skopeo copy «--src-tls-verify=false» docker://r.acme.io/a docker://q.acme.io/a",),
        ("skopeo copy --src-tls-verify=true docker://r.acme.io/a docker://q.acme.io/a", "podman pull --tls-verify=$VERIFY r.acme.io/a"),
        "Take the option out; put a private authority's certificate into /etc/containers/certs.d.",
    ),
    _never(
        "client-insecure",
        "this client does not verify its server's certificate",
        Commands(
            SHELL,
            (
                "aws",
                "vault",
                "svn",
                "ansible-galaxy",
                "consul",
                "nomad",
                "rclone",
                "lftp",
                "minio",
                "mc",
                "s3cmd",
                "az",
                "gcloud",
                "psql",
                "mosquitto_pub",
                "mosquitto_sub",
                "etcdctl",
            ),
            options=(
                "--no-verify-ssl",
                "-tls-skip-verify",
                "--tls-skip-verify",
                "--trust-server-cert",
                "--ignore-certs",
                "--no-check-certificate",
                "--no-check-certificate-verify",
                "--insecure-skip-tls-verify",
            ),
            unless=_LOCAL,
        ),
        ("aws s3 cp «--no-verify-ssl» a s3://files/a", "vault login «-tls-skip-verify» -method=token"),
        ("aws s3 cp --ca-bundle /ca.pem a s3://files/a", "aws s3 cp $OPTIONS a s3://files/a"),
        "Take the option out; give a private authority's certificate in its place.",
    )._replace(why="Anybody on the way takes the credentials that are sent, and answers in the server's place."),
    _never(
        "go-verification-off",
        "Go is set not to verify modules or servers",
        Commands(SHELL, ("go",), operands=r"env (GOINSECURE=\S|GONOSUMDB=\*|GONOSUMCHECK=1|GOSUMDB=off|GOFLAGS=\S*-insecure)"),
        ("go env -w «GOSUMDB=off»",),
        ("go env -w GOPRIVATE=git.acme.io", "go env -w GOSUMDB=$SUMDB"),
        "Use GOPRIVATE for modules of your own; all others stay verified.",
        (),
        347,
    ),
    _never(
        "composer-verification-off",
        "Composer is set not to use or verify TLS",
        Commands(SHELL, ("composer",), operands=r"config (secure-http (false|0)|disable-tls (true|1))"),
        ("composer config --global secure-http «false»",),
        ("composer config --global secure-http true", "composer config --global secure-http $SECURE"),
        "Take the setting out.",
    ),
    _never(
        "apt-transport-unverified",
        "apt does not verify the certificates of its mirrors",
        Commands(SHELL, ("apt-get", "apt"), options=("-o",), value=r"(?i)\AAcquire::https::(\S+::)?Verify-(Peer|Host)=(false|0|no)\Z"),
        ("apt-get «-o» Acquire::https::Verify-Peer=false update",),
        ("apt-get -o Acquire::https::CaInfo=/ca.pem update", "apt-get -o Acquire::https::Verify-Peer=$VERIFY update"),
        "Take the option out; give a private authority's certificate with Acquire::https::CaInfo.",
    ),
    _never(
        "nuget-insecure-source",
        "packages for .NET are fetched without encryption",
        Commands(SHELL, ("dotnet", "nuget"), operands=r"(nuget )?add source|sources? add", options=("--allow-insecure-connections",)),
        ("dotnet nuget add source http://nuget.acme.io/v3/index.json «--allow-insecure-connections»",),
        (
            "dotnet nuget add source https://nuget.acme.io/v3/index.json",
            "dotnet nuget add source $SOURCE --allow-insecure-connections=false",
        ),
        "Use an https source.",
    ),
    Rule(
        id="privileged-container-started",
        family="config",
        title="a container is started that owns its host",
        severity="medium",
        tier="warn",
        cwe=250,
        why="A privileged container, or one with the host's processes, is root on the machine that runs this script: what runs in it, dependencies included, is, too.",
        fix="Take the option out and add the one capability or device that is needed.",
        match=Commands(
            ("ci", "shell", "devcontainer"),
            ("docker", "podman", "nerdctl"),
            operands=r"(container )?(run|create|exec)\b",
            options=("--privileged", "--pid=host", "--userns=host", "--cap-add=ALL", "--cap-add=SYS_ADMIN"),
        ),
        references=("https://docs.docker.com/engine/security/",),
        bad=(Example("build:\n  script:\n    - docker run «--privileged» acme/build:1 make\n", ".gitlab-ci.yml"),),
        good=(
            Example("build:\n  script:\n    - docker run --cap-add=NET_BIND_SERVICE acme/build:1 make\n", ".gitlab-ci.yml"),
            Example("build:\n  script:\n    - docker run --privileged=false $OPTIONS acme/build:1 make\n", ".gitlab-ci.yml"),
        ),
    ),
    Rule(
        id="container-socket-handed-over",
        family="config",
        title="a container gets the socket of the container runtime",
        severity="medium",
        tier="warn",
        cwe=250,
        why="Through the socket anything in it starts a privileged container on the machine that runs this script.",
        fix="Build without a daemon (buildah, kaniko, BuildKit rootless), or hand over a socket of its own.",
        match=Commands(
            ("ci", "shell", "devcontainer"),
            ("docker", "podman", "nerdctl"),
            operands=r"(container )?(run|create)\b",
            options=("-v", "--volume", "--mount"),
            value=r"(?:^|[=,])/(?:var/)?run/(?:docker|podman/podman|containerd/containerd|crio/crio)\.sock",
        ),
        references=("https://docs.docker.com/engine/security/#docker-daemon-attack-surface",),
        bad=(
            Example("build:\n  script:\n    - docker run «-v» /var/run/docker.sock:/var/run/docker.sock acme/scan:1\n", ".gitlab-ci.yml"),
        ),
        good=(
            Example("build:\n  script:\n    - docker run -v $PWD/src:/src acme/scan:1\n", ".gitlab-ci.yml"),
            Example("build:\n  script:\n    - docker run -v cache:/var/run/cache acme/scan:1\n", ".gitlab-ci.yml"),
        ),
    ),
    Rule(
        id="registry-password-as-argument",
        family="config",
        title="a password stands in the command line of a login",
        severity="low",
        tier="warn",
        cwe=214,
        why="Every process of the machine sees it in the list of processes, and a trace of the script shows it.",
        fix='Use --password-stdin: echo "$PASSWORD" | docker login -u "$USER" --password-stdin.',
        match=Commands(
            ("ci", "shell"),
            ("docker", "podman", "buildah", "skopeo", "helm", "oras", "crane", "nerdctl"),
            operands=r"(registry |auth )?login\b",
            options=("-p", "--password"),
            value=r".",
            removable=False,
        ),
        references=("https://docs.docker.com/reference/cli/docker/login/#password-stdin",),
        bad=(Example('build:\n  script:\n    - docker login -u "$CI_USER" «-p» "$CI_PASSWORD" registry.acme.io\n', ".gitlab-ci.yml"),),
        good=(
            Example(
                'build:\n  script:\n    - echo "$CI_PASSWORD" | docker login -u "$CI_USER" --password-stdin registry.acme.io\n',
                ".gitlab-ci.yml",
            ),
        ),
    ),
    Rule(
        id="job-container-unconfined",
        family="config",
        title="the container of this job is no confinement",
        severity="high",
        tier="warn",
        cwe=250,
        why="Privileged, or with the socket of the runtime, the job is root on the machine that runs it; on one of your own so are the next jobs' secrets.",
        fix="Take the option out and add the one capability or device that is needed.",
        match=Keys(
            ("azure-pipelines", "github-workflow"),
            (
                "**.container.options",
                "**.containers[*].options",
                "**.services.*.options",
                "**.containers[*].volumes[*]",
                "**.container.volumes[*]",
            ),
            matches(r"--privileged\b(?!=false)|--pid[= ]host\b|--cap-add[= ](?:SYS_ADMIN|ALL)\b|/run/docker\.sock"),
        ),
        references=("https://docs.docker.com/engine/security/",),
        bad=(
            Example(
                "resources:\n  containers:\n    - container: c\n      image: acme/build:1\n      options: «--privileged»\n",
                "azure-pipelines.yml",
            ),
            Example(
                "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    container:\n      image: acme/build:1\n      options: «--user 1001 --privileged»\n    steps: [{run: make}]\n",
                ".github/workflows/a.yml",
            ),
        ),
        good=(
            Example(
                "resources:\n  containers:\n    - container: c\n      image: acme/build:1\n      options: --cpus 2\n", "azure-pipelines.yml"
            ),
            Example(
                "resources:\n  containers:\n    - container: c\n      image: acme/build:1\n      options: ${{ parameters.options }} --cpus 2\n",
                "azure-pipelines.yml",
            ),
        ),
    ),
)
