"""Rules for OpenSSH servers and clients, and for sudo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ...finding import Example, Rule
from ..match import Custom, Hit, Keys, Replace, Where
from ..predicates import equals, is_true, matches, one_of, scalar_text

if TYPE_CHECKING:
    from ...files.tree import Tree
    from ...parse import File

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
)
