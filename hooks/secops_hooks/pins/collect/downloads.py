"""Downloads that are run: piped into an interpreter, or saved and then run, without a checksum or signature in between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from ..reference import Collected, Reference, is_commit
from ..url import is_local_host, is_url

if TYPE_CHECKING:
    from ...parse.shell_ast import Command, Pipeline, Script, Word

_FETCH: Final = frozenset({"curl", "wget", "aria2c", "http", "xh", "iwr", "Invoke-WebRequest"})
_RUN: Final = frozenset(
    "sh bash zsh dash ksh ash fish python python2 python3 perl ruby node nodejs deno bun php pwsh powershell source . eval".split()
)
_VALUED: Final = frozenset(  # options of curl and wget whose value is the next word
    "-H --header -u --user -d --data --data-raw -X --request -A --user-agent -e --referer -T -U --retry --retry-delay --max-time -m -c "
    "-b --tries -t --timeout --proto --proto-redir --cacert --cert --resolve --connect-timeout -P -x --proxy -w --write-out -K".split()
)
_CHECK: Final = re.compile(
    r"\b(?:sha(?:1|224|256|384|512)sum|shasum|b2sum|gpg2?|gpgv|cosign|minisign|slsa-verifier|signify|openssl\s+dgst|rekor-cli|Get-FileHash|gh\s+attestation)\b"
)
_PINNED_HOST: Final = re.compile(r"https://(?:raw\.githubusercontent\.com|github\.com)/[^\s]*/([0-9a-fA-F]{40})(?:/|$)")


class Download(NamedTuple):
    """A command that fetches ``url`` into ``target`` (empty: standard output)."""

    url: str
    word: Word
    target: str


def downloads(scripts: Sequence[Script], where: str, key_path: str) -> Collected:
    """The downloads that are run unchecked in ``scripts``, which follow one another on one file system.

    Pipes in images and pipelines are reported by family config too, so there they are of role ``piped``, which is audit only.
    """
    seen: set[int] = set()
    role = "run" if where == "script" else "piped"
    everything = [inner for script in scripts for inner in _with_su(script)]
    for script in everything:
        for pipeline in script.pipelines():
            for found in _piped(pipeline):
                seen.add(found.word.start)
                yield _reference(found, role, key_path)
        for command in script.walk_commands():
            for found in _substituted(command):
                if found.word.start not in seen:
                    seen.add(found.word.start)
                    yield _reference(found, role, key_path)
    yield from _saved(everything, seen, key_path)


def _with_su(script: Script) -> Iterator[Script]:
    """``script`` and the code that ``su -c`` runs in it."""
    from ...parse.shell import parse_script, unwrap

    yield script
    for command in script.walk_commands():
        command = unwrap(command)
        if command.program in ("su", "runuser"):
            for option, value in pairwise(command.args):
                if option.pattern in ("-c", "--command"):
                    yield parse_script(value.code())


def _reference(found: Download, role: str, key_path: str) -> Reference:
    return Reference(
        "download", found.url or "a download", "", "", "floating", found.word.where.source, found.word.start, found.word.end, role, key_path
    )


def _fetched(command: Command) -> Download | None:
    """What a download command fetches; ``None`` for other commands and for URLs that are pinned or local."""
    from ...parse.shell import unwrap

    command = unwrap(command)
    if command.program not in _FETCH:
        return None
    target, url, remote = _arguments(command)
    for redirect in command.redirects:
        if redirect.op in (">", ">|") and redirect.target is not None:
            target = redirect.target.pattern
    if url is None and target and command.name is not None:
        url = command.name  # what is fetched stands in its configuration
    if url is None or _trusted(url.pattern):
        return None
    if remote or (command.program == "wget" and not target):
        target = url.pattern.rstrip("/").rpartition("/")[2]
    return Download(url.pattern if url.known else url.raw, url, "" if target in ("-", "/dev/stdout") else target)


def _arguments(command: Command) -> tuple[str, Word | None, bool]:
    """Where a download goes, its URL, and whether its own name is kept (``curl -O``)."""
    target, url, remote, at = "", None, False, 0
    wget, args = command.program == "wget", command.args
    while at < len(args):
        text = args[at].pattern
        takes_next = text in ("--output", "--output-document", "-OutFile")
        if re.match(r"-[a-zA-Z]*[oO]\Z", text):
            takes_next = wget or text.endswith("o")
            remote = remote or not takes_next
        if takes_next:
            target = args[at + 1].pattern if at + 1 < len(args) else ""
            at += 1
        elif wget and re.match(r"-[a-zA-Z]*O\S", text):
            target = text.partition("O")[2]
        elif text.startswith(("--output=", "--output-document=")):
            target = text.partition("=")[2]
        elif text == "--remote-name":
            remote = True
        elif text in _VALUED:
            at += 1
        elif not text.startswith("-") and (url is None or (is_url(text) and not is_url(url.pattern))):
            url = args[at]
        at += 1
    return target, url, remote


def _trusted(url: str) -> bool:
    """Whether a URL names content by a full commit, or this machine."""
    pinned = _PINNED_HOST.search(url)
    if pinned is not None and is_commit(pinned[1]):
        return True
    host = url.partition("://")[2].split("/")[0].partition(":")[0] if is_url(url) else ""
    return bool(host) and is_local_host(host)


def _is_run(command: Command) -> bool:
    """Whether a command at the end of a pipe runs what it reads."""
    from ...parse.shell import unwrap

    command = unwrap(command)
    name = re.sub(r"[\d.]+\Z", "", command.program) or command.program
    if command.program not in _RUN and name not in _RUN:
        return False
    operands = [word.pattern for word in command.args if not word.pattern.startswith("-")]
    options = [word.pattern for word in command.args if word.pattern.startswith("-")]
    if name in ("python", "perl", "ruby", "node", "php") and any(
        option in ("-c", "-m", "-e", "-n", "-p", "-r") or re.match(r"-[npe]+", option) for option in options
    ):
        return False
    return (
        not operands
        or "-s" in options
        or "-" in [word.pattern for word in command.args]
        or any("s" in option for option in options if not option.startswith("--"))
        or operands[0] == "/dev/stdin"
    )


def _piped(pipeline: Pipeline) -> Iterator[Download]:
    first: Download | None = None
    checked = False
    for stage in pipeline.stages:
        for command in stage:
            if first is not None and not checked and _is_run(command):
                yield first
                return
            checked = checked or _CHECK.search(" ".join(word.pattern for word in command.words)) is not None
            first = first or _fetched(command)


def _substituted(command: Command) -> Iterator[Download]:
    """``bash <(curl …)``, ``sh -c "$(curl …)"``, ``eval "$(curl …)"``, ``source <(curl …)``."""
    from ...parse.shell import unwrap

    command = unwrap(command)
    name = re.sub(r"[\d.]+\Z", "", command.program) or command.program
    if name not in _RUN:
        return
    for script in command.scripts():
        for inner in script.commands:
            found = _fetched(inner)
            if found is not None and not found.target:
                yield found


def _saved(scripts: Sequence[Script], seen: set[int], key_path: str) -> Collected:
    """Saved, then run or made executable, with no check of any kind in these scripts."""
    if any(_CHECK.search(script.where.text) for script in scripts):
        return
    saved: dict[str, Download] = {}
    for command in (command for script in scripts for command in script.walk_commands()):
        found = _fetched(command)
        if found is not None:
            if found.target and found.word.start not in seen:
                saved[_plain(found.target)] = found
            continue
        if saved:
            name = _started(command, saved)
            if name is not None:
                used = saved.pop(name)
                if used.word.start not in seen:
                    seen.add(used.word.start)
                    yield _reference(used, "run", key_path)


def _plain(path: str) -> str:
    return path.removeprefix("./")


def _started(command: Command, saved: dict[str, Download]) -> str | None:
    """The downloaded file that ``command`` runs, if any."""
    from ...parse.shell import unwrap

    command = unwrap(command)
    name = command.name.pattern if command.name is not None else ""
    if _plain(name) in saved:
        return _plain(name)
    program = re.sub(r"[\d.]+\Z", "", command.program) or command.program
    if program in _RUN or program in ("chmod", "installer", "msiexec"):
        if program == "chmod" and not any(re.search(r"x|[157][0-7]{0,2}\b", word.pattern) for word in command.args[:1]):
            return None
        for word in command.args:
            if _plain(word.pattern) in saved:
                return _plain(word.pattern)
    return None
