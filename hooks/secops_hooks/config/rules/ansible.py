"""Rules for Ansible: modules that verify nothing, files that everybody may write, settings of ansible.cfg."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ...finding import Example, Rule
from ...records import TYPE_CHECKING
from ..ansible import calls
from ..match import Custom, Flip, Hit, Keys
from ..predicates import is_false, is_plain_http, is_true, scalar_text, world_writable

if TYPE_CHECKING:
    from typing import Final

    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Node
    from ..predicates import Predicate

PLAYS: Final = ("ansible",)
CONFIG: Final = ("ansible-cfg",)
_DOCS: Final = "https://docs.ansible.com/ansible/latest/collections/ansible/builtin/{}_module.html"
_SETTINGS: Final = "https://docs.ansible.com/ansible/latest/reference_appendices/config.html"
_FILES: Final = (
    "file",
    "copy",
    "template",
    "get_url",
    "unarchive",
    "assemble",
    "lineinfile",
    "blockinfile",
    "replace",
    "archive",
    "ini_file",
    "htpasswd",
)
_CREATES: Final = ("copy", "template", "assemble", "get_url", "unarchive", "archive", "htpasswd")
_SECRET: Final = re.compile(
    r"(?i)\A(?!.*(?:update_password|_file|_path|policy|length|prompt|no_log|lifetime|expir))(?:.*_)?(?:password|passwd|passphrase|secret|api_?key|private_key|login_password|token)\Z"
)
_EXAMPLE: Final = re.compile(r"http://(?:[\w-]+\.)*example\.(?:com|org|net)\b")  # the address has yet to come, its scheme is there
_UNVERIFIED: Final = "Anybody on the way can present a certificate of their own and decide what is fetched."
_UNSIGNED: Final = "Packages of anybody who controls the mirror, or the way to it, are installed as if they were signed."


def argument(modules: tuple[str, ...], names: tuple[str, ...], when: Predicate) -> Callable[[File, Tree], Iterator[Hit]]:
    """A matcher for an argument of some modules whose value answers ``when``."""

    def find(file: File, tree: Tree) -> Iterator[Hit]:
        for call in calls(file, modules):
            for name in names:
                value = call.arguments.get(name)
                if value is not None and when(value) is True:
                    yield Hit(value, mend=Flip() if when in (is_true, is_false) else None)
                elif value is not None and when is is_plain_http and _EXAMPLE.match(scalar_text(value) or ""):
                    yield Hit(value, tier="audit")

    return find


def world_writable_mode(file: File, tree: Tree) -> Iterator[Hit]:
    """Modes that let everybody write."""
    for call in calls(file, _FILES):
        mode = call.arguments.get("mode")
        text = (scalar_text(mode) or "") if mode is not None else ""
        if mode is not None and world_writable(text) and not (len(text.lstrip("0")) == 4 and text.lstrip("0")[0] in "1357"):
            yield Hit(mode)


def decimal_mode(file: File, tree: Tree) -> Iterator[Hit]:
    """Modes that are written like an octal number and read as a decimal one: ``644`` is ``01204``."""
    for call in calls(file, _FILES):
        mode = call.arguments.get("mode")
        if mode is not None and not mode.style and re.fullmatch(r"[1-7][0-7]{2,3}", mode.raw):
            yield Hit(mode)


def missing_mode(file: File, tree: Tree) -> Iterator[Hit]:
    """Files made without saying who may read and write them."""
    for call in calls(file, (*_CREATES, "file")):
        arguments = call.arguments
        made = "state" in arguments and scalar_text(arguments["state"]) in ("touch", "directory")
        if (
            arguments
            and (made or call.module != "file")
            and "mode" not in arguments
            and (scalar_text(arguments["state"]) if "state" in arguments else "") not in ("absent", "link", "hard")
        ):
            yield Hit(call.node, key=True)
        elif "mode" in arguments and scalar_text(arguments["mode"]) == "preserve" and call.module not in ("copy", "template"):
            yield Hit(arguments["mode"])


def logged_secret(file: File, tree: Tree) -> Iterator[Hit]:
    """``no_log: false``, or tasks in a loop that are given secrets without ``no_log``."""
    document = file.document
    for entry in document.index.get("no_log", ()) if document is not None else ():
        if is_false(entry) is True and entry.parent is not None and entry.parent.key is None:
            yield Hit(entry)
    for key, nodes in document.index.items() if document is not None else ():
        if not _SECRET.match(key):
            continue
        for node in nodes:
            module = node.parent
            task = module.parent if module is not None else None
            if task is None or task.key is not None or task.kind != "mapping" or task.get("no_log") is not None:
                continue
            if any(entry.key in ("loop", "with_items", "with_dict", "with_list") for entry in task.children):
                yield Hit(node, key=True)


def _become(holder: Node) -> Node | None:
    """The nearest ``become`` of the entry or of what is around it: the block, the play."""
    at: Node | None = holder
    while at is not None:
        found = at.get("become")
        if found is not None:
            return found
        at = at.parent
    return None


def partial_become(file: File, tree: Tree) -> Iterator[Hit]:
    """``become_user`` where nothing switches ``become`` on."""
    document = file.document
    for user in document.index.get("become_user", ()) if document is not None else ():
        holder = user.parent
        if holder is None or (document is not None and document.format == "yaml" and holder.key is not None and holder.key != "vars"):
            continue
        on = _become(holder)
        if on is None:
            yield Hit(user)
        elif is_false(on) is True:
            yield Hit(on)


def _task(lines: str) -> str:
    return f"- hosts: web\n  tasks:\n    - name: do it\n      {lines}\n"


def _module(
    id: str, title: str, modules: tuple[str, ...], names: tuple[str, ...], when: Predicate, bad: tuple[str, ...], good: tuple[str, ...], why: str, fix: str,
    equivalents: tuple[str, ...] = (), tier: str = "block", cwe: int = 295, severity: str = "high",
) -> Rule:  # fmt: skip
    """A rule about one argument of some modules: all of these have the same shape."""
    return Rule(
        id=id, family="config", title=title, severity=severity, tier=tier, cwe=cwe, why=why, fix=fix,  # type: ignore[arg-type]
        match=Custom(PLAYS, argument(modules, names, when), tuple(full for m in modules for full in (m, f"ansible.builtin.{m}", f"community.general.{m}"))),
        equivalents=equivalents, references=(_DOCS.format(modules[0]),),
        bad=tuple(Example(_task(line)) for line in bad), good=tuple(Example(_task(line)) for line in good),
    )  # fmt: skip


_PIPE: Final = re.compile(
    r"""\b(?:lookup|query|q)\(\s*['"](?:ansible\.builtin\.)?pipe['"]\s*,\s*+(?!['"][^'"{}]*['"]\s*[,)])(?![^)]*\|\s*quote\b)"""
)
_UNSAFE: Final = re.compile(r"(?i)\b(?:lookup|query|q)\([^)]*\ballow_unsafe\s*=\s*true\b")


def _expressions(file: File, pattern: re.Pattern[str]) -> Iterator[Hit]:
    document = file.document
    if document is None or not pattern.search(file.source.text):
        return
    for root in document.roots:
        for node in root.walk():
            if node.kind == "scalar" and node.target is None and "{{" in node.text and pattern.search(node.text):
                yield Hit(node)


def piped_variable(file: File, tree: Tree) -> Iterator[Hit]:
    """Lookups that give a shell what a variable holds."""
    yield from _expressions(file, _PIPE)


def unsafe_lookup(file: File, tree: Tree) -> Iterator[Hit]:
    """Lookups whose results are run as templates."""
    yield from _expressions(file, _UNSAFE)


RULES: tuple[Rule, ...] = (
    _module(
        "ansible-uri-unverified",
        "the certificate of this address is not verified",
        ("uri",),
        ("validate_certs",),
        is_false,
        (
            "uri: {url: https://a.example.org, validate_certs: «false»}",
            "ansible.builtin.uri: url=https://a.example.org validate_certs=«no»",
        ),
        ("uri: {url: https://a.example.org, validate_certs: true}", "uri: {url: https://a.example.org, validate_certs: '{{ verify }}'}"),
        _UNVERIFIED,
        "Take validate_certs out; give a private authority's certificate with ca_path.",
        ("checkov:CKV_ANSIBLE_1",),
    ),
    _module(
        "ansible-get-url-unverified",
        "the certificate of this download is not verified",
        ("get_url",),
        ("validate_certs",),
        is_false,
        ("get_url: {url: https://a.example.org/x, dest: /x, mode: '0644', validate_certs: «no»}",),
        (
            "get_url: {url: https://a.example.org/x, dest: /x, mode: '0644', validate_certs: yes}",
            "get_url: {url: '{{ url }}', dest: /x, mode: '0644', validate_certs: '{{ verify }}'}",
        ),
        _UNVERIFIED,
        "Take validate_certs out, and give a checksum.",
        ("checkov:CKV_ANSIBLE_2",),
    ),
    _module(
        "ansible-yum-unverified",
        "the certificate of this package source is not verified",
        ("yum",),
        ("validate_certs",),
        is_false,
        ("yum: {name: a, validate_certs: «false»}",),
        ("yum: {name: a, validate_certs: true}", "yum: {name: a, validate_certs: '{{ verify }}'}"),
        _UNVERIFIED,
        "Take validate_certs out.",
        ("checkov:CKV_ANSIBLE_3",),
    ),
    _module(
        "ansible-dnf-unverified",
        "the certificate of this package source is not verified",
        ("dnf", "dnf5"),
        ("validate_certs",),
        is_false,
        ("dnf: {name: a, validate_certs: «false»}",),
        ("dnf: {name: a, validate_certs: true}", "dnf: {name: a, validate_certs: '{{ verify }}'}"),
        _UNVERIFIED,
        "Take validate_certs out.",
        ("checkov:CKV2_ANSIBLE_6",),
    ),
    _module(
        "ansible-yum-sslverify",
        "the certificates of package mirrors are not verified",
        ("yum",),
        ("sslverify",),
        is_false,
        ("yum: {name: a, sslverify: «false»}",),
        ("yum: {name: a, sslverify: true}", "yum: {name: a, sslverify: '{{ verify }}'}"),
        _UNVERIFIED,
        "Take sslverify out.",
        ("checkov:CKV_ANSIBLE_4",),
    ),
    _module(
        "ansible-dnf-sslverify",
        "the certificates of package mirrors are not verified",
        ("dnf", "dnf5"),
        ("sslverify",),
        is_false,
        ("ansible.builtin.dnf: {name: a, sslverify: «false»}",),
        ("dnf: {name: a, sslverify: true}", "dnf: {name: a, sslverify: '{{ verify }}'}"),
        _UNVERIFIED,
        "Take sslverify out.",
        ("checkov:CKV2_ANSIBLE_5",),
    ),
    _module(
        "ansible-unverified",
        "certificates are not verified",
        (
            "unarchive",
            "yum_repository",
            "git",
            "pip",
            "rpm_key",
            "apt_key",
            "win_get_url",
            "win_uri",
            "docker_login",
            "helm",
            "helm_repository",
            "k8s",
            "mysql_db",
            "vmware_guest",
            "jenkins_plugin",
            "maven_artifact",
            "npm",
            "subversion",
        ),
        ("validate_certs", "sslverify", "verify_ssl", "ssl_verify", "validate_ssl"),
        is_false,
        ("unarchive: {src: https://a.example.org/x.tgz, dest: /x, mode: '0755', validate_certs: «false»}",),
        (
            "unarchive: {src: https://a.example.org/x.tgz, dest: /x, mode: '0755', validate_certs: true}",
            "unarchive: {src: x.tgz, dest: /x, mode: '0755', validate_certs: '{{ verify }}'}",
        ),
        _UNVERIFIED,
        "Take the argument out.",
    ),
    _module(
        "ansible-apt-unauthenticated",
        "packages are installed without a valid signature",
        ("apt",),
        ("allow_unauthenticated",),
        is_true,
        ("apt: {name: a, allow_unauthenticated: «true»}",),
        ("apt: {name: a, allow_unauthenticated: false}", "apt: {name: a, allow_unauthenticated: '{{ u }}'}"),
        _UNSIGNED,
        "Take allow_unauthenticated out and add the key of the source with signed-by.",
        ("checkov:CKV_ANSIBLE_5",),
        cwe=347,
    ),
    _module(
        "ansible-apt-force",
        "packages are installed whatever is wrong with them",
        ("apt",),
        ("force",),
        is_true,
        ("apt: {name: a, force: «yes»}",),
        ("apt: {name: a, force: no}", "apt: {name: a, force: '{{ force }}'}"),
        _UNSIGNED,
        "Take force out.",
        ("checkov:CKV_ANSIBLE_6",),
        cwe=347,
    ),
    _module(
        "ansible-dnf-gpg-check",
        "packages are installed without checking their signature",
        ("dnf", "dnf5"),
        ("disable_gpg_check",),
        is_true,
        ("dnf: {name: a, disable_gpg_check: «true»}",),
        ("dnf: {name: a, disable_gpg_check: false}", "dnf: {name: a, disable_gpg_check: '{{ off }}'}"),
        _UNSIGNED,
        "Take disable_gpg_check out and import the key with rpm_key.",
        ("checkov:CKV2_ANSIBLE_4",),
        cwe=347,
    ),
    _module(
        "ansible-gpg-check",
        "packages are installed without checking their signature",
        ("yum", "zypper"),
        ("disable_gpg_check",),
        is_true,
        ("yum: {name: a, disable_gpg_check: «yes»}",),
        ("yum: {name: a, disable_gpg_check: no}", "yum: {name: a, disable_gpg_check: '{{ off }}'}"),
        _UNSIGNED,
        "Take disable_gpg_check out and import the key with rpm_key.",
        cwe=347,
    ),
    _module(
        "ansible-repository-gpg-check",
        "packages of this source are installed without checking their signature",
        ("yum_repository", "zypper_repository"),
        ("gpgcheck", "repo_gpgcheck"),
        is_false,
        ("yum_repository: {name: a, description: a, baseurl: https://a.example.org, gpgcheck: «no»}",),
        (
            "yum_repository: {name: a, description: a, baseurl: https://a.example.org, gpgcheck: yes}",
            "yum_repository: {name: a, gpgcheck: '{{ check }}'}",
        ),
        _UNSIGNED,
        "Set gpgcheck: true and give gpgkey.",
        cwe=347,
    ),
    _module(
        "ansible-uri-plain-http",
        "this address is asked without encryption",
        ("uri",),
        ("url",),
        is_plain_http,
        ("uri: {url: «http://api.acme.io/v1»}", "uri: {url: «http://www.example.com/v1»}"),
        ("uri: {url: https://api.acme.io/v1}", "uri: {url: 'http://localhost:8080/health'}", "uri: {url: 'http://{{ host }}/'}"),
        "What is sent and answered can be read and changed on the way.",
        "Use https.",
        ("checkov:CKV2_ANSIBLE_1", "kics:2e8d4922"),
        tier="warn",
        cwe=319,
        severity="medium",
    ),
    _module(
        "ansible-get-url-plain-http",
        "this file is fetched without encryption",
        ("get_url", "unarchive", "apt_key", "rpm_key", "yum_repository"),
        ("url", "src", "key", "baseurl"),
        is_plain_http,
        ("get_url: {url: «http://downloads.acme.io/x.tgz», dest: /x, mode: '0644'}",),
        (
            "get_url: {url: https://downloads.acme.io/x.tgz, dest: /x, mode: '0644'}",
            "get_url: {url: 'http://{{ mirror }}/x', dest: /x, mode: '0644'}",
        ),
        "Anybody on the way can change what is installed.",
        "Use https, and give a checksum.",
        ("checkov:CKV2_ANSIBLE_2", "kics:2e8d4922"),
        tier="warn",
        cwe=319,
        severity="medium",
    ),
    Rule(
        id="ansible-world-writable",
        family="config",
        title="everybody may write this file",
        severity="medium",
        tier="warn",
        cwe=732,
        why="Any user of the machine can replace it.",
        fix="Use 0755 for programs and directories, 0644 for files.",
        match=Custom(PLAYS, world_writable_mode, tuple(full for m in _FILES for full in (m, f"ansible.builtin.{m}"))),
        equivalents=("kics:88841d5c", "ansible-lint:risky-octal", "ansible-lint:risky-file-permissions"),
        references=(_DOCS.format("file"),),
        bad=(Example(_task("file: {path: /srv, state: directory, mode: «'0777'»}")), Example(_task("copy: src=a dest=/b mode=«0666»"))),
        good=(
            Example(_task("file: {path: /tmp, state: directory, mode: '1777'}")),
            Example(_task("file: {path: /srv, mode: '{{ mode }}'}")),
        ),
    ),
    Rule(
        id="ansible-decimal-mode",
        family="config",
        title="this mode is read as a decimal number",
        severity="medium",
        tier="warn",
        cwe=732,
        why="Without a leading zero or quotes YAML has the number 644, whose bits are 01204: other rights than those that were meant.",
        fix="Quote the mode, as in '0644'.",
        match=Custom(PLAYS, decimal_mode, tuple(full for m in _FILES for full in (m, f"ansible.builtin.{m}"))),
        equivalents=("ansible-lint:risky-octal",),
        references=(_DOCS.format("file"),),
        bad=(Example(_task("copy: {src: a, dest: /etc/a, mode: «644»}")),),
        good=(
            Example(_task("copy: {src: a, dest: /etc/a, mode: '644'}")),
            Example(_task("copy: {src: a, dest: /etc/a, mode: 0644}")),
            Example(_task("copy: {src: a, dest: /etc/a, mode: '{{ mode }}'}")),
        ),
    ),
    Rule(
        id="ansible-missing-mode",
        family="config",
        title="who may read and write this file is left to chance",
        severity="low",
        tier="audit",
        cwe=732,
        why="Without mode the file gets the default of the remote user, often readable for everybody.",
        fix="Give mode.",
        match=Custom(PLAYS, missing_mode, tuple(full for m in (*_CREATES, "file") for full in (m, f"ansible.builtin.{m}"))),
        equivalents=("kics:88841d5c", "ansible-lint:risky-file-permissions"),
        references=(_DOCS.format("copy"),),
        bad=(Example(_task("«copy»: {src: a, dest: /etc/a}")), Example(_task("«file»: {path: /run/a, state: touch}"))),
        good=(
            Example(_task("copy: {src: a, dest: /etc/a, mode: '0600'}")),
            Example(_task("copy: {src: a, dest: /etc/a, mode: '{{ mode }}'}")),
            Example(_task("file: {path: /run/a, owner: root}")),
        ),
    ),
    Rule(
        id="ansible-logged-secret",
        family="config",
        title="a secret ends in the log",
        severity="medium",
        tier="warn",
        cwe=532,
        why="Ansible prints the items of a loop and, with more -v, all arguments; logs are kept and shared.",
        fix="Add no_log: true to the task.",
        match=Custom(PLAYS, logged_secret, ("no_log", "loop", "with_items", "with_dict", "with_list")),
        equivalents=("kics:c6473dae", "ansible-lint:no-log-password"),
        references=("https://docs.ansible.com/ansible/latest/reference_appendices/logging.html#protecting-sensitive-data-with-no-log",),
        bad=(
            Example(_task("user:\n        name: a\n        «password»: '{{ item.hash }}'\n      loop: '{{ users }}'")),
            Example(_task("user: {name: a, password: '{{ p }}'}\n      no_log: «false»")),
        ),
        good=(
            Example(_task("user:\n        name: a\n        password: '{{ item.hash }}'\n      loop: '{{ users }}'\n      no_log: true")),
            Example(_task("user: {name: '{{ item }}', update_password: always}\n      loop: [a]")),
        ),
    ),
    Rule(
        id="ansible-partial-become",
        family="config",
        title="become_user has no effect without become",
        severity="low",
        tier="warn",
        cwe=250,
        why="The task runs as another user than it says: with too many rights, or none.",
        fix="Add become: true, or take become_user out.",
        match=Custom((*PLAYS, *CONFIG), partial_become, ("become_user",)),
        equivalents=("kics:404908b6", "ansible-lint:partial-become"),
        references=("https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_privilege_escalation.html",),
        bad=(
            Example(_task("command: id\n      become_user: «postgres»")),
            Example("[privilege_escalation]\nbecome_user = «root»\n", "ansible.cfg"),
            Example("[privilege_escalation]\nbecome = «False»\nbecome_user = root\n", "ansible.cfg"),
        ),
        good=(
            Example(_task("command: id\n      become: true\n      become_user: postgres")),
            Example("- hosts: a\n  become: '{{ b }}'\n  tasks:\n    - command: id\n      become_user: postgres\n"),
            Example("[privilege_escalation]\nbecome = True\nbecome_user = root\n", "ansible.cfg"),
        ),
    ),
    Rule(
        id="ansible-host-key-checking",
        family="config",
        title="the keys of hosts are not checked",
        severity="high",
        tier="block",
        cwe=322,
        why="Anybody on the way can pose as the host and take the passwords and secrets that are sent to it.",
        fix="Take the setting out and distribute known_hosts.",
        match=Keys(
            (*CONFIG, *PLAYS, "ansible-inventory"),
            (
                "defaults.host_key_checking",
                "ssh_connection.host_key_checking",
                "**.{ansible_host_key_checking,ansible_ssh_host_key_checking}",
            ),
            is_false,
            mend=Flip(),
        ),
        references=(_SETTINGS + "#host-key-checking",),
        bad=(Example("[defaults]\nhost_key_checking = «False»\n"), Example("ansible_host_key_checking: «false»\n", "group_vars/all.yml")),
        good=(
            Example("[defaults]\nhost_key_checking = True\n"),
            Example("ansible_host_key_checking: '{{ check }}'\n", "group_vars/all.yml"),
        ),
    ),
    Rule(
        id="ansible-unsafe-lookups",
        family="config",
        title="results of lookups are run as templates",
        severity="high",
        tier="warn",
        cwe=94,
        why="Whoever controls what a lookup reads, a web page or a file, runs code on the controller.",
        fix="Take allow_unsafe_lookups out.",
        match=Keys(CONFIG, ("defaults.allow_unsafe_lookups",), is_true, mend=Flip()),
        equivalents=("kics:86b97bb4",),
        references=(_SETTINGS + "#default-allow-unsafe-lookups",),
        bad=(Example("[defaults]\nallow_unsafe_lookups = «True»\n"),),
        good=(
            Example("[defaults]\nallow_unsafe_lookups = False\n"),
            Example("[defaults]\nallow_unsafe_lookups = {{ lookups }}\n", "templates/ansible.cfg.j2"),
        ),
    ),
    Rule(
        id="ansible-piped-variable",
        family="config",
        title="a variable is run by a shell on the controller",
        severity="high",
        tier="warn",
        cwe=78,
        why="Whoever sets the variable, a fact of a managed machine for example, runs commands where all machines are managed from.",
        fix="Give the value through the filter quote, or use the module command with argv.",
        match=Custom(PLAYS, piped_variable),
        references=("https://docs.ansible.com/ansible/latest/collections/ansible/builtin/pipe_lookup.html",),
        bad=(Example(_task("debug:\n        msg: «\"{{ lookup('pipe', 'ls ' + folder) }}\"»")),),
        good=(
            Example(_task("debug:\n        msg: \"{{ lookup('pipe', 'git rev-parse HEAD') }}\"")),
            Example(_task("debug:\n        msg: \"{{ lookup('pipe', 'ls ' + folder | quote) }}\"")),
            Example(_task("debug:\n        msg: \"{{ lookup('file', folder) }}\"")),
        ),
    ),
    Rule(
        id="ansible-unsafe-lookup",
        family="config",
        title="the result of a lookup is run as a template",
        severity="high",
        tier="warn",
        cwe=94,
        why="Whoever controls what the lookup reads, a web page or a file, runs code on the controller.",
        fix="Take allow_unsafe=True out.",
        match=Custom(PLAYS, unsafe_lookup),
        equivalents=("kics:86b97bb4",),
        references=(_SETTINGS + "#default-allow-unsafe-lookups",),
        bad=(Example(_task("debug:\n        msg: «\"{{ lookup('url', page, allow_unsafe=True) }}\"»")),),
        good=(
            Example(_task("debug:\n        msg: \"{{ lookup('url', page, allow_unsafe=False) }}\"")),
            Example(_task("debug:\n        msg: \"{{ lookup('url', page, allow_unsafe=unsafe) }}\"")),
        ),
    ),
)
