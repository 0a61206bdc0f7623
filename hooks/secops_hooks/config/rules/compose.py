"""Rules for Compose files: what a service may do to its host, and who can reach it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...finding import Example, Rule
from ...records import TYPE_CHECKING
from ..compose import mounts, ports, services
from ..match import Custom, Hit, Keys, Missing, Remove, Replace, Where
from ..predicates import is_sequence, is_set, is_true, matches, no, one_of
from ..text import indent

if TYPE_CHECKING:
    from typing import Final

    from ...files.tree import Tree
    from ...parse import File

COMPOSE: Final = ("compose",)
_REFERENCE: Final = "https://docs.docker.com/reference/compose-file/services/"
_DOCKER: Final = "https://docs.docker.com/engine/security/"
_SOCKET: Final = re.compile(r"(^|/)(docker|containerd|crio|podman|buildkitd|docker_engine)(\.sock)?\Z|\Anpipe:|\\pipe\\docker_engine")
_SYSTEM: Final = re.compile(
    r"/*(/(etc|proc|sys|root|boot|dev|usr|bin|sbin|lib|lib64|var|home|run|var/run|var/lib|var/lib/(docker|containerd|kubelet|etcd)(/.*)?"
    r"|etc/(shadow|sudoers|ssh|kubernetes|cron[^/]*|pam\.d|ld\.so\.preload|systemd)(/.*)?|root/.*|proc/.*|sys/.*|boot/.*))?/*\Z"
)
_BELOW: Final = re.compile(r"/(etc|proc|sys|root|boot|dev|usr|bin|sbin|lib|lib64|var|run)/.")
_HARMLESS: Final = re.compile(
    r"/etc/(localtime|timezone|resolv\.conf|hosts|ssl(/.*)?|ca-certificates(/.*)?|pki(/.*)?|letsencrypt(/.*)?)/*\Z|/usr/share/.*|/usr/local/.*|/dev/(shm|null|dri|snd|net/tun|fuse|bus/usb|urandom|random)(/.*)?\Z|/tmp/.*|/var/(www|log/(nginx|app)|backups?)(/.*)?\Z"
)
_DATASTORES: Final = frozenset(
    {
        1433,
        1521,
        2181,
        2375,
        2379,
        3306,
        33060,
        4369,
        5432,
        5433,
        5601,
        5672,
        5984,
        6379,
        6380,
        7000,
        7474,
        7687,
        8086,
        8500,
        9000,
        9042,
        9092,
        9160,
        9200,
        9300,
        11211,
        15672,
        26257,
        26379,
        27017,
        27018,
        27019,
        28015,
        50000,
    }
) - {9000, 50000, 7000}  # also common for ordinary programs
_EVERY_ADDRESS: Final = frozenset({"", "0.0.0.0", "::", "*"})  # noqa: S104 (compared with, not bound)
_LOOPBACK: Final = re.compile(r"127\.|::1\Z|localhost\Z")
_WEB: Final = (80, 443)


def runtime_socket(file: File, tree: Tree) -> Iterator[Hit]:
    """The socket of a container runtime as mount, read-only or not."""
    for mount in mounts(file):
        if _SOCKET.search(mount.source.rstrip("/")):
            yield Hit(mount.node)


def system_directory(file: File, tree: Tree) -> Iterator[Hit]:
    """System directories of the host that a service can write."""
    for mount in mounts(file):
        if _SYSTEM.fullmatch(mount.source) and not mount.read_only and not _HARMLESS.fullmatch(mount.source):
            yield Hit(mount.node)


def system_directory_readable(file: File, tree: Tree) -> Iterator[Hit]:
    """System directories, or paths below one, that a service can read; or write where that is no take-over."""
    for mount in mounts(file):
        if _SOCKET.search(mount.source) or _HARMLESS.fullmatch(mount.source):
            continue
        if (_SYSTEM.fullmatch(mount.source) and mount.read_only) or (_BELOW.match(mount.source) and not _SYSTEM.fullmatch(mount.source)):
            yield Hit(mount.node)


def open_datastore(file: File, tree: Tree) -> Iterator[Hit]:
    """Ports of databases, queues and the like published on every address of the host."""
    for service in services(file):
        for port in ports(service):
            if (
                not _LOOPBACK.match(port.address)
                and any(number in _DATASTORES for number in (*port.target[:50], *port.published[:50]))
                and _is_open(port.address)
            ):
                yield Hit(port.node)


def _is_open(address: str) -> bool:
    return address in _EVERY_ADDRESS


def open_ports(file: File, tree: Tree) -> Iterator[Hit]:
    """Services with a port on every address of the host."""
    for service in services(file):
        given = service.get("ports")
        if given is not None and any(_is_open(port.address) for port in ports(service)):
            yield Hit(given, key=True)


def privileged_ports(file: File, tree: Tree) -> Iterator[Hit]:
    """Published ports below 1024 other than those of the web."""
    for service in services(file):
        for port in ports(service):
            if port.published and port.published[0] < 1024 and port.published[0] not in _WEB:
                yield Hit(port.node)


def raw_device(file: File, tree: Tree) -> Iterator[Hit]:
    """Disks, memory and all devices at once."""
    for service in services(file):
        given = service.get("devices")
        for item in given.resolved.children if given is not None else ():
            source = item.text.partition(":")[0] if item.resolved.kind == "scalar" else ""
            if re.fullmatch(
                r"/dev/?|/dev/(k?mem|port|sd[a-z]\d*|hd[a-z]\d*|vd[a-z]\d*|xvd[a-z]\d*|nvme\d+(n\d+)?(p\d+)?|mapper/.*|dm-\d+|loop\d+|kmsg)",
                source,
            ):
                yield Hit(item)


def new_privileges(file: File, tree: Tree) -> Iterator[Hit]:
    """Services that do not deny new privileges."""
    for service in services(file):
        options = service.get("security_opt")
        items = options.resolved.children if options is not None else []
        if any(re.fullmatch(r"no-new-privileges([:=]\s*true)?", item.text.strip()) for item in items) or (
            options is not None and not items and not options.known
        ):
            continue
        if service.get("extends") is None:
            yield Hit(options if options is not None else service, key=True)


def web(lines: str) -> str:
    """A Compose file with one service and further lines of it."""
    return "services:\n  web:\n    image: registry.example.com/web:1.4.2\n" + indent(lines, "    ")


def _yes(lines: str) -> Example:
    return Example(web(lines))


_CAPABILITIES: Final = r"(?i)\A(CAP_)?(ALL|SYS_ADMIN|SYS_PTRACE|SYS_MODULE|NET_ADMIN|NET_RAW|DAC_READ_SEARCH|DAC_OVERRIDE|SYS_RAWIO|SYS_BOOT|BPF|PERFMON|MAC_ADMIN|MAC_OVERRIDE|CHECKPOINT_RESTORE)\Z"
_UNCONFINED: Final = r"\A(seccomp[:=]\s*unconfined|apparmor[:=]\s*unconfined|label[:=]\s*disable|systempaths[:=]\s*unconfined|no-new-privileges[:=]\s*false)\Z"

RULES: tuple[Rule, ...] = (
    Rule(
        id="compose-privileged",
        family="config",
        title="this service runs privileged",
        severity="high",
        tier="block",
        cwe=250,
        why="A privileged container has every capability and every device of its host; whoever breaks into it owns the host.",
        fix="Take privileged out and add only the capabilities the program needs with cap_add.",
        match=Keys(COMPOSE, ("services.*.privileged",), is_true, mend=Replace("false", safe=False)),
        equivalents=("kics:ae5b6871", "semgrep:privileged-service"),
        references=(_REFERENCE + "#privileged",),
        bad=(
            _yes("privileged: «true»\n"),
            Example("x-base: &base\n  privileged: «true»\nservices:\n  web:\n    <<: *base\n    image: a\n"),
        ),
        good=(
            _yes("privileged: false\n"),
            _yes("privileged: ${PRIVILEGED}\n"),
            Example("x-base: &base\n  privileged: true\nservices:\n  web:\n    <<: *base\n    privileged: false\n    image: a\n"),
        ),
    ),
    Rule(
        id="compose-docker-socket",
        family="config",
        title="this service gets the socket of the container runtime",
        severity="high",
        tier="block",
        cwe=284,
        why="Whoever can talk to it can start a privileged container and own the host; :ro does not help, it protects only the file.",
        fix="Take the mount out, or put a proxy in between that allows only the calls that are needed.",
        match=Custom(COMPOSE, runtime_socket, ("volumes",)),
        equivalents=("kics:d6355c88", "semgrep:exposing-docker-socket-volume"),
        references=(_DOCKER + "#docker-daemon-attack-surface",),
        bad=(
            _yes("volumes:\n  - «/var/run/docker.sock:/var/run/docker.sock:ro»\n"),
            _yes("volumes:\n  - type: bind\n    source: «/run/docker.sock»\n    target: /d\n"),
        ),
        good=(_yes("volumes:\n  - ./docker.sock.d:/d\n"), _yes("volumes:\n  - ${SOCKET}:/var/run/docker.sock\n")),
    ),
    Rule(
        id="compose-sensitive-mount",
        family="config",
        title="this service can write a system directory of its host",
        severity="high",
        tier="block",
        cwe=668,
        why="From a writable system directory a container takes over the host: users, cron jobs, programs, devices.",
        fix="Mount only the one harmless directory that is needed, or use a named volume.",
        match=Custom(COMPOSE, system_directory, ("volumes",)),
        equivalents=("kics:1c1325ff",),
        references=("https://docs.docker.com/engine/storage/bind-mounts/",),
        bad=(
            _yes('volumes:\n  - «/:/host»\n  - «"/etc:/host/etc:rw"»\n'),
            _yes("volumes:\n  - type: bind\n    source: «/var/lib/docker»\n    target: /d\n"),
            Example(
                "services:\n  a:\n    image: a:1\n    volumes: [host:/host]\nvolumes:\n  host:\n    driver_opts: {type: none, o: bind, device: «/etc»}\n"
            ),
        ),
        good=(_yes("volumes:\n  - ./etc:/etc\n  - etc:/etc\n  - /etc/localtime:/etc/localtime\n"), _yes("volumes:\n  - ${DIR}:/etc\n")),
    ),
    Rule(
        id="compose-system-mount",
        family="config",
        title="this service gets a system directory of its host",
        severity="medium",
        tier="warn",
        cwe=668,
        why="System directories hold keys, settings and the state of other programs.",
        fix="Mount only the one file that is needed, or use a named volume.",
        match=Custom(COMPOSE, system_directory_readable, ("volumes",)),
        equivalents=("kics:1c1325ff",),
        references=("https://docs.docker.com/engine/storage/bind-mounts/",),
        bad=(_yes("volumes:\n  - «/proc:/host/proc:ro»\n  - «/var/lib/app:/data»\n"),),
        good=(_yes("volumes:\n  - /etc/localtime:/etc/localtime:ro\n  - /srv/app:/data\n"), _yes("volumes:\n  - /var/lib/${APP}:/data\n")),
    ),
    Rule(
        id="compose-host-network",
        family="config",
        title="this service uses the network of its host",
        severity="medium",
        tier="warn",
        cwe=668,
        why="It reaches services bound to localhost, and every port it opens is open on the host.",
        fix="Take network_mode out and publish the ports that are needed.",
        match=Keys(COMPOSE, ("services.*.network_mode", "services.*.build.network"), one_of("host")),
        equivalents=("kics:071a71ff",),
        references=(_REFERENCE + "#network_mode",),
        bad=(_yes("network_mode: «host»\n"), _yes("build:\n  context: .\n  network: «host»\n")),
        good=(_yes("network_mode: bridge\n"), _yes("build:\n  context: .\n  network: none\n"), _yes("network_mode: ${MODE}\n")),
    ),
    Rule(
        id="compose-host-pid",
        family="config",
        title="this service shares the process table of its host",
        severity="high",
        tier="block",
        cwe=250,
        why="It sees arguments and environment of every process of the host, and can signal or trace them.",
        fix="Take pid out.",
        match=Keys(COMPOSE, ("services.*.pid",), one_of("host"), mend=Remove(safe=False)),
        equivalents=("kics:4f31dd9f",),
        references=(_REFERENCE + "#pid",),
        bad=(_yes("pid: «host»\n"),),
        good=(_yes("pid: service:db\n"), _yes("pid: ${PID_MODE}\n")),
    ),
    Rule(
        id="compose-host-ipc",
        family="config",
        title="this service shares memory with its host",
        severity="high",
        tier="block",
        cwe=668,
        why="Shared memory and semaphores of other programs become readable and writable.",
        fix="Take ipc out.",
        match=Keys(COMPOSE, ("services.*.ipc",), one_of("host"), mend=Remove(safe=False)),
        equivalents=("kics:baa3890f",),
        references=(_REFERENCE + "#ipc",),
        bad=(_yes("ipc: «host»\n"),),
        good=(_yes("ipc: private\n"), _yes("ipc: ${IPC_MODE}\n")),
    ),
    Rule(
        id="compose-shared-ipc",
        family="config",
        title="this service offers its shared memory to other containers",
        severity="medium",
        tier="warn",
        cwe=668,
        why="Any container that joins it can read and change what the program keeps in shared memory.",
        fix="Take ipc out, unless another service really joins with ipc: service:NAME.",
        match=Keys(COMPOSE, ("services.*.ipc",), one_of("shareable"), mend=Remove(safe=False)),
        references=(_REFERENCE + "#ipc",),
        bad=(_yes("ipc: «shareable»\n"),),
        good=(_yes("ipc: private\n"), _yes("ipc: ${IPC_MODE}\n")),
    ),
    Rule(
        id="compose-host-userns",
        family="config",
        title="this service is taken out of user namespace remapping",
        severity="medium",
        tier="warn",
        cwe=668,
        why="Root in the container is then root on the host.",
        fix="Take userns_mode out.",
        match=Keys(COMPOSE, ("services.*.userns_mode",), one_of("host"), mend=Remove(safe=False)),
        equivalents=("kics:8af7162d",),
        references=("https://docs.docker.com/engine/security/userns-remap/",),
        bad=(_yes('userns_mode: «"host"»\n'),),
        good=(_yes('userns_mode: ""\n'), _yes("userns_mode: ${USERNS}\n")),
    ),
    Rule(
        id="compose-host-uts",
        family="config",
        title="this service shares the host's name and domain",
        severity="low",
        tier="warn",
        cwe=668,
        why="With the capability for it, the container can rename its host.",
        fix="Take uts out.",
        match=Keys(COMPOSE, ("services.*.uts",), one_of("host"), mend=Remove(safe=False)),
        references=(_REFERENCE + "#uts",),
        bad=(_yes("uts: «host»\n"),),
        good=(_yes("hostname: uts\n"), _yes("uts: ${UTS}\n")),
    ),
    Rule(
        id="compose-dangerous-capability",
        family="config",
        title="this service gets a capability that reaches beyond it",
        severity="high",
        tier="block",
        cwe=250,
        why="With these capabilities a process can mount, trace others, load kernel modules or change the host's network.",
        fix="Drop ALL with cap_drop and add only harmless ones such as NET_BIND_SERVICE.",
        match=Keys(
            COMPOSE,
            ("services.*.cap_add[*]",),
            matches(_CAPABILITIES),
            mend=Remove(safe=False),
            message="this service gets the capability {value}, which reaches beyond it",
        ),
        equivalents=("kics:ce76b7d0",),
        references=(_REFERENCE + "#cap_add", "https://man7.org/linux/man-pages/man7/capabilities.7.html"),
        bad=(_yes("cap_add:\n  - «SYS_ADMIN»\n  - «CAP_NET_ADMIN»\n"),),
        good=(_yes("cap_drop: [ALL]\ncap_add: [NET_BIND_SERVICE]\n"), _yes("cap_add:\n  - ${CAPABILITY}\n")),
    ),
    Rule(
        id="compose-added-capability",
        family="config",
        title="this service gets additional capabilities",
        severity="low",
        tier="audit",
        cwe=250,
        why="Each added capability is a privilege that an intruder in the container has, too.",
        fix="Add only those without which the program does not run.",
        match=Keys(
            COMPOSE,
            ("services.*.cap_add",),
            is_sequence,
            at="key",
            where=(Where("cap_add[*]", no(matches(r"(?i)\A(CAP_)?NET_BIND_SERVICE\Z"))),),
        ),
        equivalents=("kics:ce76b7d0",),
        references=(_REFERENCE + "#cap_add",),
        bad=(_yes("«cap_add»: [CHOWN]\n"),),
        good=(_yes("cap_add: [NET_BIND_SERVICE]\n"), _yes("cap_add:\n  - ${CAPABILITY}\n")),
    ),
    Rule(
        id="compose-no-cap-drop",
        family="config",
        title="this service keeps the runtime's default capabilities",
        severity="low",
        tier="audit",
        cwe=250,
        why="The default set includes raw sockets, changing file owners and other privileges that few programs need.",
        fix="Add cap_drop: [ALL].",
        match=Missing(COMPOSE, ("services.*",), ("cap_drop",)),
        equivalents=("kics:ce76b7d0",),
        references=(_REFERENCE + "#cap_drop",),
        bad=(Example("services:\n  «web»:\n    image: a\n"),),
        good=(_yes("cap_drop: [ALL]\n"), _yes("cap_drop: ['${DROPPED}']\n")),
    ),
    Rule(
        id="compose-confinement-off",
        family="config",
        title="a protection of this container is switched off",
        severity="high",
        tier="block",
        cwe=269,
        why="Without system call filtering, AppArmor or SELinux separation a flaw in the program or the kernel is a way to the host.",
        fix="Take the option out, or give a profile that allows just what is needed.",
        match=Keys(
            COMPOSE,
            ("services.*.security_opt[*]",),
            matches(_UNCONFINED),
            mend=Remove(safe=False),
            message="a protection of this container is switched off: {value}",
        ),
        equivalents=("semgrep:selinux-separation-disabled", "kics:404fde2c", "kics:8c978947", "kics:27fcc7d6"),
        references=(_REFERENCE + "#security_opt", "https://docs.docker.com/engine/security/seccomp/"),
        bad=(
            _yes("security_opt:\n  - «seccomp:unconfined»\n  - «label=disable»\n"),
            _yes('security_opt:\n  - «"no-new-privileges:false"»\n'),
        ),
        good=(
            _yes("security_opt:\n  - seccomp:./profile.json\n  - no-new-privileges:true\n"),
            _yes("security_opt:\n  - seccomp:${PROFILE}\n"),
        ),
    ),
    Rule(
        id="compose-new-privileges",
        family="config",
        title="processes of this service may gain more privileges than they started with",
        severity="low",
        tier="audit",
        cwe=250,
        why="setuid programs in the image can raise the privileges of the container's processes.",
        fix='Add security_opt: ["no-new-privileges:true"].',
        match=Custom(COMPOSE, new_privileges, ("services",)),
        equivalents=("kics:27fcc7d6", "semgrep:no-new-privileges"),
        references=(_REFERENCE + "#security_opt",),
        bad=(Example("services:\n  «web»:\n    image: a\n"), _yes("«security_opt»:\n  - apparmor:web\n")),
        good=(
            _yes("security_opt:\n  - no-new-privileges:true\n"),
            _yes("security_opt:\n  - no-new-privileges=true\n  - seccomp:${PROFILE}\n"),
        ),
    ),
    Rule(
        id="compose-no-security-opt",
        family="config",
        title="no confinement is asked for with security_opt",
        severity="low",
        tier="audit",
        cwe=693,
        why="The service runs with whatever the host's defaults are.",
        fix="Add security_opt with no-new-privileges:true and profiles.",
        match=Missing(COMPOSE, ("services.*",), ("security_opt",)),
        equivalents=("kics:404fde2c",),
        references=(_REFERENCE + "#security_opt",),
        bad=(Example("services:\n  «web»:\n    image: a\n"),),
        good=(_yes("security_opt: [seccomp:./profile.json]\n"), _yes("security_opt: ['${PROFILE}']\n")),
    ),
    Rule(
        id="compose-open-datastore",
        family="config",
        title="this data service is published on every address of its host",
        severity="high",
        tier="warn",
        cwe=668,
        why="Docker opens published ports past the host's firewall; databases and queues found that way are emptied within hours.",
        fix="Take ports out (services of one network reach each other without), or bind to 127.0.0.1.",
        match=Custom(COMPOSE, open_datastore, ("ports",)),
        equivalents=("kics:451d79dc",),
        references=("https://docs.docker.com/engine/network/packet-filtering-firewalls/",),
        bad=(_yes('ports:\n  - «"5432:5432"»\n  - «0.0.0.0:16379:6379»\n'), _yes("ports:\n  - target: «27017»\n    published: 27017\n")),
        good=(
            _yes('ports:\n  - "127.0.0.1:5432:5432"\n  - "8080:80"\n'),
            _yes('ports:\n  - "${PORT}:5432"\n'),
            _yes("expose: [5432]\n# ports\n"),
        ),
    ),
    Rule(
        id="compose-open-ports",
        family="config",
        title="ports of this service are published on every address of its host",
        severity="low",
        tier="audit",
        cwe=668,
        why="Docker opens published ports past the host's firewall.",
        fix="Bind to the address that is meant, 127.0.0.1 behind a proxy.",
        match=Custom(COMPOSE, open_ports, ("ports",)),
        equivalents=("kics:451d79dc",),
        references=("https://docs.docker.com/engine/network/packet-filtering-firewalls/",),
        bad=(_yes('«ports»:\n  - "8080:80"\n'),),
        good=(_yes('ports:\n  - "127.0.0.1:8080:80"\n'), _yes('ports:\n  - "${BIND}:8080:80"\n')),
    ),
    Rule(
        id="compose-privileged-port",
        family="config",
        title="this service takes a privileged port of its host",
        severity="low",
        tier="audit",
        cwe=269,
        why="Ports below 1024 are those of login, mail and file services.",
        fix="Publish on a port above 1023.",
        match=Custom(COMPOSE, privileged_ports, ("ports",)),
        equivalents=("kics:bc2908f3",),
        references=(_REFERENCE + "#ports",),
        bad=(_yes('ports:\n  - «"22:2222"»\n'),),
        good=(_yes('ports:\n  - "443:8443"\n  - "2222:22"\n'), _yes('ports:\n  - "${PORT}:22"\n')),
    ),
    Rule(
        id="compose-cgroup-parent",
        family="config",
        title="this service is put into another control group",
        severity="medium",
        tier="warn",
        cwe=400,
        why="It leaves the limits that the host has set for containers.",
        fix="Take the setting out.",
        match=Keys(COMPOSE, ("services.*.cgroup_parent",), is_set, mend=Remove(safe=False)),
        equivalents=("kics:4d9f44c6",),
        references=(_REFERENCE + "#cgroup_parent",),
        bad=(_yes("cgroup_parent: «m-executor-abcd»\n"),),
        good=(_yes('cgroup_parent: ""\n'), _yes("cgroup_parent: ${CGROUP}\n")),
    ),
    Rule(
        id="compose-host-cgroup",
        family="config",
        title="this service shares the control groups of its host",
        severity="medium",
        tier="warn",
        cwe=668,
        why="It sees, and with write access changes, the limits and devices of every other container.",
        fix="Take cgroup out.",
        match=Keys(COMPOSE, ("services.*.cgroup",), one_of("host"), mend=Remove(safe=False)),
        references=(_REFERENCE + "#cgroup",),
        bad=(_yes("cgroup: «host»\n"),),
        good=(_yes("cgroup: private\n"), _yes("cgroup: ${CGROUP}\n")),
    ),
    Rule(
        id="compose-raw-device",
        family="config",
        title="this service gets a disk or the memory of its host",
        severity="high",
        tier="warn",
        cwe=250,
        why="Through a raw device every file of the host can be read and changed, whatever its permissions.",
        fix="Take the device out; mount a directory instead.",
        match=Custom(COMPOSE, raw_device, ("devices",)),
        references=(_REFERENCE + "#devices",),
        bad=(_yes("devices:\n  - «/dev/sda:/dev/sda»\n  - «/dev/mem»\n"),),
        good=(_yes("devices:\n  - /dev/ttyUSB0:/dev/ttyUSB0\n"), _yes("devices:\n  - ${DEVICE}\n")),
    ),
    Rule(
        id="compose-writable-filesystem",
        family="config",
        title="this service can write its root filesystem",
        severity="low",
        tier="audit",
        cwe=668,
        why="An intruder can change programs and leave tools behind.",
        fix="Add read_only: true and a tmpfs where the program writes.",
        match=Missing(COMPOSE, ("services.*",), ("read_only",), when=is_true),
        equivalents=("semgrep:writable-filesystem-service",),
        references=(_REFERENCE + "#read_only",),
        bad=(Example("services:\n  «web»:\n    image: a\n"),),
        good=(_yes("read_only: true\n"), _yes("read_only: ${READ_ONLY}\n")),
    ),
    Rule(
        id="compose-no-memory-limit",
        family="config",
        title="this service has no memory limit",
        severity="low",
        tier="audit",
        cwe=770,
        why="A program without limit can starve every other one on its host.",
        fix="Add mem_limit or deploy.resources.limits.memory.",
        match=Missing(COMPOSE, ("services.*",), ("mem_limit", "deploy.resources.limits.memory")),
        equivalents=("kics:bb9ac4f7",),
        references=(_REFERENCE + "#mem_limit",),
        bad=(Example("services:\n  «web»:\n    image: a\n"),),
        good=(_yes("mem_limit: 512m\n"), _yes("mem_limit: ${MEMORY}\n"), _yes("deploy:\n  resources:\n    limits:\n      memory: 512m\n")),
    ),
    Rule(
        id="compose-no-pids-limit",
        family="config",
        title="this service may start any number of processes",
        severity="low",
        tier="audit",
        cwe=770,
        why="A fork bomb in one container stops the host.",
        fix="Add pids_limit or deploy.resources.limits.pids.",
        match=Missing(COMPOSE, ("services.*",), ("pids_limit", "deploy.resources.limits.pids")),
        equivalents=("kics:221e0658",),
        references=(_REFERENCE + "#pids_limit",),
        bad=(Example("services:\n  «web»:\n    image: a\n"),),
        good=(_yes("pids_limit: 200\n"), _yes("pids_limit: ${PIDS}\n"), _yes("deploy:\n  resources:\n    limits:\n      pids: 200\n")),
    ),
)
