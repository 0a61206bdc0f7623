"""Rules for Dockerfiles: users, files, ports, mounts and registries. What concerns shell code stands in ``commands.py``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...finding import Edit, Example, Fix, Rule
from ...records import TYPE_CHECKING
from ..docker import base_of, flag, instructions, last_user, lineage, text_of, words
from ..match import Custom, Hit, Replace
from ..predicates import is_local_host, is_root, is_root_user, scalar_text, world_writable

if TYPE_CHECKING:
    from typing import Final

    from ...files.tree import Tree
    from ...parse import File
    from ...parse.node import Node

DOCKER: Final = ("dockerfile",)
_REFERENCE: Final = "https://docs.docker.com/reference/dockerfile/"
_PRACTICES: Final = "https://docs.docker.com/build/building/best-practices/"

# images whose own default user is not root
_NOT_ROOT: Final = re.compile(
    r"(?i)nonroot|rootless|unprivileged|\A(cgr\.dev/|(docker\.io/)?(bitnami|chainguard|jenkins|selenium|grafana|prom|opensearchproject|elastic|sonatype)/|scratch\Z|docker\.elastic\.co/|quay\.io/(prometheus|keycloak)/)"
    r"|/(ubi\d*/)(nodejs|python|openjdk|go-toolset|php|ruby)|windows/|nanoserver|servercore"
)
_ARCHIVE: Final = re.compile(r"(?i)\.(tar|tgz|tbz2?|txz|tzst|taz|tar\.\w+|gz|bz2|xz|zst|rootfs)\Z")
_REMOTE: Final = re.compile(r"(?i)\A(https?|ftp)://")
_GIT: Final = re.compile(r"(?i)\Agit@|\.git(#|\Z|\?)|\Agit://|\Ahttps?://(github|gitlab|bitbucket)\.\w+/[^/]+/[^/#]+(#|\Z)")
_KNOWN_REGISTRIES: Final = re.compile(
    r"(?i)\A(docker\.io|index\.docker\.io|registry-1\.docker\.io|ghcr\.io|quay\.io|(\w+[.-])?gcr\.io|([\w-]+-)?docker\.pkg\.dev|registry\.k8s\.io|k8s\.gcr\.io|mcr\.microsoft\.com|public\.ecr\.aws"
    r"|\d{12}\.dkr\.ecr(-fips)?\.[\w-]+\.amazonaws\.com(\.cn)?|[\w-]+\.azurecr\.io|registry\.access\.redhat\.com|registry\.redhat\.io|registry\.gitlab\.com|cgr\.dev|dhi\.io|nvcr\.io|docker\.elastic\.co|container-registry\.oracle\.com"
    r"|icr\.io|\w+\.icr\.io|registry\.suse\.com|registry\.fedoraproject\.org|registry\.hub\.docker\.com|gitea\.com|codeberg\.org|lscr\.io|registry\.opensuse\.org|docker\.getcollate\.io)\Z"
)
_SOCKET: Final = re.compile(r"(^|/)(docker|containerd|crio|podman|buildkitd)\.sock\b")
_SSH_PORT: Final = 22
_ADMIN_PORTS: Final = frozenset({21, 23, 512, 513, 514, 2375, 3389, 5800, 5900, 5985})


def root_at_the_end(file: File, tree: Tree) -> Iterator[Hit]:
    """The last USER in force is root."""
    user = last_user(file)
    name = text_of(file, user) if user is not None else None
    if user is not None and name is not None and is_root(name):
        yield Hit(user)


def no_user(file: File, tree: Tree) -> Iterator[Hit]:
    """No USER in the final stage nor in those it is built on, and a base image that starts as root."""
    chain = lineage(file)
    base = base_of(file)
    if not chain or base is None or last_user(file) is not None or _NOT_ROOT.search(base[1]):
        return
    first = chain[0].base
    if first is not None:
        yield Hit(first)


def remote_add(file: File, tree: Tree) -> Iterator[Hit]:
    """ADD of something on the network, without a checksum."""
    for add in instructions(file, "ADD"):
        if flag(add, "checksum") is not None:
            continue
        for source in words(add)[:-1]:
            text = scalar_text(source)
            if (_REMOTE.match(source.text) and text is not None) and not _GIT.search(text):
                yield Hit(source)


def local_add(file: File, tree: Tree) -> Iterator[Hit]:
    """ADD of local files that are no archives."""
    for add in instructions(file, "ADD"):
        sources = words(add)[:-1]
        if sources and not any(
            scalar_text(s) is None or _ARCHIVE.search(s.text) or "://" in s.text or _GIT.search(s.text) for s in sources
        ):
            copied = Fix((Edit(add.key_start, add.key_end, "COPY"),), safe=not any("*" in s.text or "?" in s.text for s in sources))
            yield Hit(add, key=True, fix=copied)


def writable_copy(file: File, tree: Tree) -> Iterator[Hit]:
    """COPY and ADD that let everybody write what they copy."""
    for instruction in instructions(file, "COPY", "ADD"):
        mode = flag(instruction, "chmod")
        if mode is not None and world_writable(scalar_text(mode) or ""):
            yield Hit(mode, mend=Replace("755", safe=False))


def chowned_copy(file: File, tree: Tree) -> Iterator[Hit]:
    """COPY that gives files to the user that runs the program."""
    for instruction in instructions(file, "COPY", "ADD"):
        owner = flag(instruction, "chown")
        if owner is not None and scalar_text(owner) is not None and is_root_user(owner) is False:
            yield Hit(owner)


def _ports(file: File) -> Iterator[tuple[Node, range]]:
    for expose in instructions(file, "EXPOSE"):
        for word in words(expose):
            found = re.fullmatch(r"(\d+)(?:-(\d+))?(?:/\w+)?", text_of(file, word) or "")
            if found:
                yield word, range(int(found[1]), int(found[2] or found[1]) + 1)


def ssh_port(file: File, tree: Tree) -> Iterator[Hit]:
    """EXPOSE of port 22."""
    for word, ports in _ports(file):
        if _SSH_PORT in ports:
            yield Hit(word)


def admin_port(file: File, tree: Tree) -> Iterator[Hit]:
    """EXPOSE of ports of other remote administration."""
    for word, ports in _ports(file):
        if any(port in ports for port in _ADMIN_PORTS):
            yield Hit(word)


def unconfined_run(file: File, tree: Tree) -> Iterator[Hit]:
    """RUN outside of the builder's sandbox or on its host's network."""
    for run in instructions(file, "RUN"):
        for name, bad in (("security", "insecure"), ("network", "host")):
            value = flag(run, name)
            if value is not None and (scalar_text(value) or "").lower() == bad:
                yield Hit(value)


def open_secret_mount(file: File, tree: Tree) -> Iterator[Hit]:
    """RUN --mount of a secret or ssh socket that every user may read."""
    for run in instructions(file, "RUN"):
        flags = run.get("flags")
        for mount in flags.children if flags is not None else ():
            kind, mode = mount.get("type"), mount.get("mode")
            if kind is None or mode is None or kind.text not in ("secret", "ssh"):
                continue
            text = scalar_text(mode) or ""
            if re.fullmatch(r"[0-7]{1,5}", text) and int(text, 8) & 0o007:
                yield Hit(mode)


def socket_mount(file: File, tree: Tree) -> Iterator[Hit]:
    """A container runtime's socket as volume or mount."""
    for volume in instructions(file, "VOLUME"):
        for word in words(volume):
            if _SOCKET.search(scalar_text(word) or ""):
                yield Hit(word)
    for run in instructions(file, "RUN"):
        flags = run.get("flags")
        for mount in flags.children if flags is not None else ():
            source = mount.get("source") or mount.get("src") if mount.kind == "mapping" else None
            if source is not None and _SOCKET.search(scalar_text(source) or ""):
                yield Hit(source)


def whole_context(file: File, tree: Tree) -> Iterator[Hit]:
    """COPY of everything, with no .dockerignore to keep secrets out."""
    folder, _, name = file.path.rpartition("/")
    prefix = folder + "/" if folder else ""
    if any(tree.exists(path) for path in (f"{prefix}.dockerignore", f"{prefix}{name}.dockerignore", ".dockerignore")):
        return
    for copy in instructions(file, "COPY", "ADD"):
        if flag(copy, "from") is not None:
            continue
        for source in words(copy)[:-1]:
            if source.text in (".", "./", "*", "./*", "/"):
                yield Hit(source)


def other_registry(file: File, tree: Tree) -> Iterator[Hit]:
    """An image from a registry that is not on the team's list (``[config] registries``), or, without one, not a well-known one."""
    from ...parse.dockerfile_stages import stages

    settings = tree.memo.get("settings")
    option = getattr(settings, "option", None)
    allowed = tuple(option("config", "registries", ())) if option is not None else ()
    document = file.document
    for stage in stages(document) if document is not None else ():
        if stage.base is None or stage.parent is not None or not isinstance(stage.base_text, str) or stage.base_text == "scratch":
            continue
        host, slash, _ = stage.base_text.partition("/")
        if not slash or not ("." in host or ":" in host or host == "localhost"):
            host = "docker.io"
        if not (
            any(host == each or stage.base_text.startswith(each.rstrip("/") + "/") for each in allowed)
            if allowed
            else _KNOWN_REGISTRIES.match(host)
        ):
            yield Hit(stage.base)


def plain_http_add(file: File, tree: Tree) -> Iterator[Hit]:
    """ADD over http without encryption."""
    for add in instructions(file, "ADD"):
        for source in words(add)[:-1]:
            found = re.match(r"(?i)http://([^/:?#]+)", scalar_text(source) or "")
            if found and not is_local_host(found[1]) and flag(add, "checksum") is None:
                yield Hit(source)


def _file(*lines: str) -> str:
    return "\n".join(("FROM alpine:3.22", *lines, "")) + "\n"


RULES: tuple[Rule, ...] = (
    Rule(
        id="docker-root-user",
        family="config",
        title="this image ends with root as its user",
        severity="high",
        tier="block",
        cwe=250,
        why="Programs of the container run as root; with any further mistake that is root on the host.",
        fix="Create a user and end with USER and its name or number.",
        match=Custom(DOCKER, root_at_the_end, ("USER",)),
        equivalents=(
            "kics:67fd0c4a",
            "hadolint:DL3002",
            "checkov:CKV_DOCKER_8",
            "trivy:DS-0002",
            "semgrep:last-user-is-root",
            "sonar:S6471",
        ),
        references=(_REFERENCE + "#user",),
        bad=(
            Example(_file("USER app", "RUN id", "USER «root»")),
            Example('FROM alpine:3.22 AS base\nUSER «"0:0"»\nFROM base\nRUN id\n'),
            Example(_file("ARG UID=0", "USER «${UID}:${GID:-0}»")),
        ),
        good=(
            Example(_file("USER root", "RUN id", "USER app")),
            Example("FROM alpine:3.22 AS build\nUSER root\nFROM alpine:3.22\nUSER 1000\n"),
            Example(_file("USER $NAME")),
            Example(_file("ARG UID=1000", "USER ${UID}")),
        ),
    ),
    Rule(
        id="docker-no-user",
        family="config",
        title="this image has no USER and runs as root",
        severity="medium",
        tier="warn",
        cwe=250,
        why="Without USER the programs of the container run as root.",
        fix="Create a user and end the final stage with USER and its name or number.",
        match=Custom(DOCKER, no_user, ("FROM",)),
        equivalents=("kics:fd54f200", "checkov:CKV_DOCKER_3", "trivy:DS-0002", "semgrep:missing-user", "sonar:S6471"),
        references=(_REFERENCE + "#user",),
        bad=(Example("FROM golang:1.25 AS build\nUSER app\nFROM «alpine:3.22»\nCOPY --from=build /a /a\n"),),
        good=(
            Example('FROM alpine:3.22 AS base\nUSER app\nFROM base\nCMD ["/a"]\n'),
            Example("FROM gcr.io/distroless/static:nonroot\nCOPY a /a\n"),
            Example("ARG BASE\nFROM $BASE\nCOPY a /a\n"),
        ),
    ),
    Rule(
        id="docker-add-remote",
        family="config",
        title="this file is fetched from the network unverified",
        severity="medium",
        tier="warn",
        cwe=494,
        why="Whoever controls the address, or the way to it, decides what lands in the image.",
        fix="Add --checksum=sha256:… to the ADD.",
        match=Custom(DOCKER, remote_add, ("ADD",)),
        equivalents=("checkov:CKV_DOCKER_4", "kics:4b410d24", "sonar:S7026"),
        references=(_REFERENCE + "#add---checksum",),
        bad=(Example(_file("ADD «https://downloads.example.org/tool.zip» /opt/")),),
        good=(
            Example(
                _file(
                    "ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://downloads.example.org/tool.zip /opt/"
                )
            ),
            Example(_file("ADD https://${HOST}/tool.zip /opt/")),
        ),
    ),
    Rule(
        id="docker-add-local",
        family="config",
        title="ADD copies local files where COPY would do",
        severity="low",
        tier="warn",
        cwe=610,
        why="ADD also unpacks archives and fetches addresses, so a file with another name does something else than being copied.",
        fix="Use COPY.",
        match=Custom(DOCKER, local_add, ("ADD",)),
        equivalents=(
            "kics:9513a694",
            "hadolint:DL3020",
            "checkov:CKV_DOCKER_4",
            "trivy:DS-0005",
            "semgrep:prefer-copy-over-add",
            "sonar:S7026",
        ),
        references=(_PRACTICES + "#add-or-copy",),
        bad=(Example(_file("«ADD» src/ /app/")),),
        good=(Example(_file("ADD rootfs.tar.gz /")), Example(_file("COPY src/ /app/ # not ADD")), Example(_file("ADD $SOURCE /app/"))),
    ),
    Rule(
        id="docker-add-plain-http",
        family="config",
        title="this file is fetched without encryption",
        severity="medium",
        tier="warn",
        cwe=319,
        why="Anybody on the way can change what lands in the image.",
        fix="Use https and --checksum.",
        match=Custom(DOCKER, plain_http_add, ("ADD",)),
        equivalents=("kics:d5b3c9a1", "sonar:S5332"),
        references=(_REFERENCE + "#add",),
        bad=(Example(_file("ADD «http://downloads.acme.io/tool.zip» /opt/")),),
        good=(Example(_file("ADD http://mirror.local/tool.zip /opt/")), Example(_file("ADD http://$MIRROR/tool.zip /opt/"))),
    ),
    Rule(
        id="docker-world-writable",
        family="config",
        title="everybody may write what is copied here",
        severity="high",
        tier="block",
        cwe=732,
        why="Any process in the container can replace these files, programs among them.",
        fix="Use --chmod=755 for programs and 644 for files.",
        match=Custom(DOCKER, writable_copy, ("COPY", "ADD")),
        equivalents=("kics:3be406ec", "sonar:S2612"),
        references=(_REFERENCE + "#copy---chown---chmod",),
        bad=(Example(_file("COPY --chmod=«777» run.sh /")), Example(_file("ADD --chown=app --chmod=«a+rwx» run.sh /"))),
        good=(Example(_file("COPY --chmod=0755 run.sh /")), Example(_file("COPY --chmod=${MODE} run.sh /"))),
    ),
    Rule(
        id="docker-expose-ssh",
        family="config",
        title="this image exposes SSH",
        severity="medium",
        tier="warn",
        cwe=284,
        why="A login service in a container is one more way in; the runtime's exec does the same without it.",
        fix="Take the port and the SSH server out.",
        match=Custom(DOCKER, ssh_port, ("EXPOSE",)),
        equivalents=("kics:5907595b", "checkov:CKV_DOCKER_1", "trivy:DS-0004", "sonar:S6473"),
        references=(_REFERENCE + "#expose",),
        bad=(Example(_file("EXPOSE 80 «22/tcp»")),),
        good=(Example(_file("EXPOSE 80 2222 8022")), Example(_file("EXPOSE ${SSH_PORT}"))),
    ),
    Rule(
        id="docker-expose-admin-port",
        family="config",
        title="this image exposes a port of remote administration",
        severity="medium",
        tier="warn",
        cwe=284,
        why="Telnet, FTP, remote desktops and the Docker API give control of the machine, most of them without encryption.",
        fix="Take the port and the service out.",
        match=Custom(DOCKER, admin_port, ("EXPOSE",)),
        equivalents=("sonar:S6473", "hadolint:DL3011"),
        references=(_REFERENCE + "#expose",),
        bad=(Example(_file("EXPOSE «3389» 8080")), Example(_file("EXPOSE «20-23»"))),
        good=(Example(_file("EXPOSE 8080-8090")), Example(_file("EXPOSE $PORT"))),
    ),
    Rule(
        id="docker-run-unconfined",
        family="config",
        title="this step runs outside of the builder's sandbox",
        severity="high",
        tier="block",
        cwe=250,
        why="What runs here, packages' scripts among it, can reach the build machine or its network.",
        fix="Take the option out.",
        match=Custom(DOCKER, unconfined_run, ("RUN",)),
        equivalents=("sonar:S6502",),
        references=(_REFERENCE + "#run---security",),
        bad=(Example(_file("RUN --security=«insecure» make")), Example(_file("RUN --network=«host» make"))),
        good=(Example(_file("RUN --network=none make")), Example(_file("RUN --security=sandbox make ${TARGET}"))),
    ),
    Rule(
        id="docker-secret-mount-mode",
        family="config",
        title="every user of the build can read this secret",
        severity="medium",
        tier="warn",
        cwe=732,
        why="The mode gives rights to others than the owner.",
        fix="Take mode out, or use 0400.",
        match=Custom(DOCKER, open_secret_mount, ("RUN",)),
        equivalents=("sonar:S6469",),
        references=(_REFERENCE + "#run---mounttypesecret",),
        bad=(Example(_file("RUN --mount=type=secret,id=npm,mode=«0777» npm ci")),),
        good=(
            Example(_file("RUN --mount=type=secret,id=npm,mode=0400 npm ci")),
            Example(_file("RUN --mount=type=secret,id=npm,mode=$MODE npm ci")),
        ),
    ),
    Rule(
        id="docker-runtime-socket",
        family="config",
        title="the socket of the container runtime is made part of this container",
        severity="high",
        tier="block",
        cwe=250,
        why="Whoever can talk to it can start a privileged container and own the host.",
        fix="Take it out; build images with a rootless builder.",
        match=Custom(DOCKER, socket_mount, ("VOLUME", "RUN")),
        equivalents=("semgrep:dockerfile-dockerd-socket-mount",),
        references=("https://docs.docker.com/engine/security/#docker-daemon-attack-surface",),
        bad=(
            Example(_file("VOLUME «/var/run/docker.sock»")),
            Example(_file("RUN --mount=type=bind,source=«/var/run/docker.sock»,target=/d docker ps")),
        ),
        good=(Example(_file("VOLUME /var/lib/data", "RUN ls /var/run/docker.sock")), Example(_file("VOLUME $SOCKET"))),
    ),
    Rule(
        id="docker-copy-everything",
        family="config",
        title="the whole directory is copied, with no .dockerignore to keep secrets out",
        severity="medium",
        tier="audit",
        cwe=200,
        why=".git, .env, keys and local settings end in the image.",
        fix="Write a .dockerignore, or copy only what is needed.",
        match=Custom(DOCKER, whole_context, ("COPY", "ADD")),
        equivalents=("sonar:S6470",),
        references=("https://docs.docker.com/build/concepts/context/#dockerignore-files",),
        bad=(Example(_file("COPY «.» /app")),),
        good=(
            Example(_file("COPY . /app"), beside=((".dockerignore", ".git\n"),)),
            Example(_file("COPY --from=build . /app")),
            Example(_file("COPY $SRC /app")),
        ),
    ),
    Rule(
        id="docker-copy-owned-by-user",
        family="config",
        title="the user that runs the program owns its files and can change them",
        severity="low",
        tier="audit",
        cwe=732,
        why="An intruder in the program can then replace it.",
        fix="Leave programs to root, and give the user only the directories it writes.",
        match=Custom(DOCKER, chowned_copy, ("COPY", "ADD")),
        equivalents=("kics:aa93e17f", "sonar:S6504"),
        references=(_REFERENCE + "#copy---chown---chmod",),
        bad=(Example(_file("COPY --chown=«app:app» bin/ /app/")),),
        good=(Example(_file("COPY --chown=root:root bin/ /app/")), Example(_file("COPY --chown=$OWNER bin/ /app/"))),
    ),
    Rule(
        id="docker-other-registry",
        family="config",
        title="this image comes from a registry that is not on the list",
        severity="high",
        tier="audit",
        cwe=829,
        why="Whoever runs the registry decides what runs here.",
        fix="Use an image of a registry you trust, or add the registry to [config] registries.",
        match=Custom(DOCKER, other_registry, ("FROM",)),
        equivalents=("kics:d0b535a2", "hadolint:DL3026"),
        references=(_REFERENCE + "#from",),
        bad=(Example("FROM «registry.attacker.example.net/base:1»\n"),),
        good=(
            Example("FROM ghcr.io/acme/base:1\n"),
            Example("FROM ghcr.io/acme/base:1 AS base\nFROM base\n"),
            Example("ARG REGISTRY\nFROM ${REGISTRY}/base:1\n"),
        ),
    ),
)
