"""What agents and editors are told to start and to allow: MCP servers, command lists, hooks.

Reads the settings of several tools as one thing; which of it is bad stands in ``rules/agents``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from ..parse.locate import Located, located
from .match import Hit, Remove, Rewrite
from .predicates import is_local_host, scalar_text

if TYPE_CHECKING:
    from ..files.tree import Tree
    from ..parse import File
    from ..parse.node import Node
    from ..parse.shell_ast import Script

# the tables of servers in the settings of the various tools
_TABLES: Final = ("mcpServers", "mcp_servers", "context_servers", "servers", "mcp")
_ADDRESSES: Final = ("url", "httpUrl", "serverUrl", "baseUrl", "endpoint", "sseUrl")
_ANY_COMMAND: Final = r"(?i)\A(?:\*+|(?:bash|shell|powershell|run_shell_command|shelltool|execute_bash|execute_cmd)(?:\(\s*:?\**\s*\))?)\Z"
_POWERFUL: Final = (
    r"(?i)\A(?:bash|shell|powershell|run_shell_command|shelltool)\(\s*(?:sudo|su|doas|sh|bash|zsh|eval|exec|env|xargs|curl|wget|nc|ssh|python3?|perl|"
    r"ruby|node|deno|npx|uvx|bunx|docker|podman|kubectl|terraform|aws|gcloud|az|rm|chmod|chown|dd|find)(?:\s+-\w+)*(?:\s*:\s*\*|\s+\*|\*)?\s*\)\Z"
)
_ANY_REGEX: Final = r"\A/?\^?\.[*+]\$?/?[a-z]*\Z|\A\*+\Z"
_HTTPS: Final = Rewrite(r"(?i)http://", "https://")
_RUNTIMES: Final = ("docker", "podman", "nerdctl")
_SOCKETS: Final = ("docker.sock", "containerd.sock", "podman.sock", "crio.sock")
_ROOTS: Final = (
    r"(?i)\A(?:/|~/?|\$\{?HOME\}?/?|\$\{env:HOME\}/?|\$\{userHome\}/?|/(?:etc|root|home|Users|var)/?"
    r"|[a-z]:[\\/]{0,2}(?:Users[\\/]{0,2})?|%USERPROFILE%\\?)\Z"
)
_FILE_SERVERS: Final = ("server-filesystem", "mcp-filesystem", "filesystem-mcp", "mcp-server-filesystem")
_COMMANDS: Final = ("command", "apiKeyHelper", "awsAuthRefresh", "awsCredentialExport", "otelHeadersHelper", "bash", "powershell", "run")


class Server(NamedTuple):
    """An MCP server as a file describes it: the entry, and the words of the command that starts it."""

    node: Node
    command: Node | None
    args: tuple[Node, ...]

    @property
    def program(self) -> str:
        text = self.command.text if self.command is not None else ""
        return text.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe").removesuffix(".cmd")

    @property
    def words(self) -> list[str]:
        return [word.text for word in self.args]


def servers(file: File) -> Iterator[Server]:
    """The MCP servers that ``file`` describes, also one that is alone in it."""
    document = file.document
    for table in _TABLES if document is not None else ():
        for group in document.index.get(table, ()) if document is not None else ():
            if group.resolved.kind != "mapping":
                continue
            for entry in group.entries():
                node = entry.get("command")
                if entry.resolved.kind != "mapping" or (node is None and not any(entry.get(key) for key in _ADDRESSES)):
                    continue
                if node is not None and node.resolved.kind == "sequence":  # opencode gives the whole command as a list
                    words = node.resolved.children
                    yield Server(entry, words[0] if words else None, tuple(words[1:]))
                    continue
                args = entry.get("args")
                given = args.resolved.children if args is not None and args.resolved.kind == "sequence" else []
                yield Server(entry, node, tuple(item for item in given if item.resolved.kind == "scalar"))


def plain_http(file: File, tree: Tree) -> Iterator[Hit]:
    """Servers that are reached over http."""
    for server in servers(file):
        for key in _ADDRESSES:
            node = server.node.get(key)
            if node is not None and node.resolved.kind == "scalar" and _is_plain(node.text):
                yield Hit(node, mend=_HTTPS)
        for word in server.args:
            if _is_plain(word.text):
                yield Hit(word, mend=_HTTPS)


def _is_plain(address: str) -> bool:
    if not address.lower().startswith("http://") or "$" in address[:8]:
        return False
    host = re.split(r"[/:?#]", address[7:].rpartition("@")[2], maxsplit=1)[0].lower()
    return bool(host) and not host.startswith(("$", "{")) and not is_local_host(host)


def whole_disk(file: File, tree: Tree) -> Iterator[Hit]:
    """File servers for the root of the disk or the whole home directory."""
    for server in servers(file):
        if any(name in word for word in server.words for name in _FILE_SERVERS):
            for word in server.args:
                if re.match(_ROOTS, word.text):
                    yield Hit(word)


def unconfined_container(file: File, tree: Tree) -> Iterator[Hit]:
    """Servers in containers that are none: privileged, with the host's root, its processes or the runtime's socket."""
    for server in servers(file):
        if server.program not in _RUNTIMES:
            continue
        for at, word in enumerate(server.args):
            text = word.text
            before = server.args[at - 1].text if at else ""
            mount = (
                text
                if before in ("-v", "--volume", "--mount")
                else text.partition("=")[2]
                if text.startswith(("--volume=", "--mount=", "-v="))
                else ""
            )
            source = re.sub(r"(?:^|.*,)(?:source|src)=", "", mount).split(",")[0].split(":")[0] if mount else ""
            if text == "--privileged" or text in ("--pid=host", "--userns=host", "--ipc=host", "--cap-add=ALL", "--cap-add=SYS_ADMIN"):
                yield Hit(word, f"{text} takes away what separates this server from the machine it runs on")
            elif source == "/" or source.endswith(_SOCKETS):
                yield Hit(word, f"with {source} of its host this server can do anything there")


def downloads(file: File, tree: Tree) -> Iterator[Hit]:
    """Commands of servers, hooks and helpers that run what they have just fetched."""
    document = file.document
    if document is None or not any(word in file.source.text for word in ("curl", "wget", "irm", "iwr", "Invoke-")):
        return
    from .shell_risks import powershell_downloads, unread_downloads

    for script, node in _scripts(file):
        for risk in unread_downloads(script):
            yield Hit(risk.span, f"{risk.what} whenever this starts", within=node)
    for key in _COMMANDS:
        for node in document.index.get(key, ()):
            if node.resolved.kind == "scalar":
                where = located(node)
                for start, end in powershell_downloads(where.text):
                    yield Hit(where.span(start, end), "a download is run whenever this starts", within=node)


def _scripts(file: File) -> Iterator[tuple[Script, Node]]:
    from ..parse.shell import parse_script
    from ..parse.shell_ast import SHELLS

    document = file.document
    for server in servers(file):
        if server.program in SHELLS and len(server.args) > 1 and re.fullmatch(r"-[a-z]*c", server.args[0].text):
            yield parse_script(located(server.args[1])), server.args[1]
    for key in _COMMANDS if document is not None else ():
        for node in document.index.get(key, ()) if document is not None else ():
            if node.resolved.kind == "scalar" and " " in node.text:
                place: Located = located(node)
                yield parse_script(place), node


# -- what is allowed without asking


def any_command(file: File, tree: Tree) -> Iterator[Hit]:
    """Lists of allowed commands that hold everything."""
    for node in _allowed(file):
        if re.match(_ANY_COMMAND, node.text.strip()):
            yield Hit(node, mend=Remove(safe=False))
    document = file.document
    for key in ("chat.tools.terminal.autoApprove", "github.copilot.chat.agent.terminal.allowList"):
        for table in document.index.get(key, ()) if document is not None else ():
            for entry in table.entries():
                yes = entry.get("approve") if entry.resolved.kind == "mapping" else entry
                if re.match(_ANY_REGEX, entry.key or "") and yes is not None and yes.resolved.value is True:
                    yield Hit(entry, key=True, mend=Remove(safe=False))
    for node in _opencode(file):
        if scalar_text(node) == "allow":
            yield Hit(node)


def _opencode(file: File) -> Iterator[Node]:
    """The answers of opencode's ``permission`` that decide on every shell command."""
    document = file.document
    for table in document.index.get("permission", ()) if document is not None else ():
        if table.resolved.kind == "scalar":
            yield table
            continue
        bash = table.get("bash")
        answer = table.get("*") if bash is None else bash.get("*") if bash.resolved.kind == "mapping" else bash
        if answer is not None and answer.resolved.kind == "scalar":
            yield answer


def powerful_command(file: File, tree: Tree) -> Iterator[Hit]:
    """Lists of allowed commands with a program that can run any other, or reach anything."""
    for node in _allowed(file):
        if re.match(_POWERFUL, node.text.strip()):
            yield Hit(node, mend=Remove(safe=False))


def _allowed(file: File) -> Iterator[Node]:
    """The items of every list of commands and tools that run without a question."""
    document = file.document
    if document is None:
        return
    for path in _ALLOWED:
        for node in document.select(path):
            if node.resolved.kind == "scalar":
                yield node


_ALLOWED: Final = (
    "**.permissions.allow[*]",
    "**.tools.allowed[*]",
    "**.allowedTools[*]",
    '**."windsurf.cascadeCommandsAllowList"[*]',
    '**."cursor.composer.allowedCommands"[*]',
    '**."roo-cline.allowedCommands"[*]',
    '**."kilo-code.allowedCommands"[*]',
    '**."kiroAgent.trustedCommands"[*]',
)


def any_tool(file: File, tree: Tree) -> Iterator[Hit]:
    """MCP servers whose every tool runs without a question."""
    for server in servers(file):
        for key in ("autoApprove", "alwaysAllow", "auto_approve", "always_allow"):
            for node in server.node.select(f"{key}[*]"):
                if node.text.strip() == "*":
                    yield Hit(node, mend=Remove(safe=False))
            single = server.node.get(key)
            if single is not None and single.resolved.value is True:
                yield Hit(single)
