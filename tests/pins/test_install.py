"""What command lines install, one row a notation."""

from __future__ import annotations

import shlex

import pytest

from secops_hooks.pins.install import installs

_COMMIT = "0123456789abcdef0123456789abcdef01234567"


def found(line: str) -> list[tuple[str, str, str]]:
    words = [None if word == "$X" else word for word in shlex.split(line)]
    return [(each.name, each.requested, each.level if each.kind == "package" else each.kind) for each in installs(words)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # pip
        ("pip install a b==1 'c>=2'", [("a", "", "floating"), ("b", "==1", "version"), ("c", ">=2", "floating")]),
        ("pip3.12 --no-cache-dir install -q --index-url https://x.org/simple a", [("a", "", "floating")]),
        ("python3 -m pip install -U pip", [("pip", "", "floating")]),
        ("/opt/venv/bin/pip install a==1", [("a", "==1", "version")]),
        ("pip install --require-hashes -r r.txt a==1", [("a", "==1", "content")]),
        ("pip install -r r.txt -c c.txt", [("r.txt", "", "requirements")]),
        ("pip install --no-deps -e .", []),
        ("pip install -e '.[dev]'", [(".[dev]", "", "local")]),
        ("pip install --no-deps .", []),
        ("pip install ./a.whl b.tar.gz", []),
        ("pip install $X a==1", [("a", "==1", "version")]),
        (f"pip install git+https://h/o/r@{_COMMIT}", [("o/r", _COMMIT, "git")]),
        ("pip install 'a @ git+https://h/o/r@main'", [("o/r", "main", "git")]),
        ("pip install --index-url http://x.org/simple a==1", [("http://x.org/simple", "", "plain"), ("a", "==1", "version")]),
        ("pip install --extra-index-url https://x.org/simple a==1", [("https://x.org/simple", "", "extra-index"), ("a", "==1", "version")]),
        ("pip list", []),
        ("pip uninstall a", []),
        # uv, pipx
        ("uv pip install --system a", [("a", "", "floating")]),
        ("uv sync", [("uv sync", "", "locked")]),
        ("uv sync --frozen", []),
        ("uv tool install a@1.2", [("a", "1.2", "version")]),
        ("uvx a@latest --flag b", [("a", "latest", "floating")]),
        ("uvx --python 3.12 --from 'a==1' tool", [("a", "==1", "version")]),
        ("uv run --with a script.py", [("a", "", "floating")]),
        ("uv run pytest", []),
        ("pipx run --spec a==1 tool", [("a", "==1", "version")]),
        ("pipx install a b==2", [("a", "", "floating"), ("b", "==2", "version")]),
        # JavaScript
        ("npm install", [("npm install", "", "locked")]),
        ("npm --prefix web ci", []),
        ("npm i -g a@1.2.3 @s/b @s/c@^1", [("a", "1.2.3", "version"), ("@s/b", "", "floating"), ("@s/c", "^1", "floating")]),
        ("npm run install", []),
        ("npx tsc --noEmit", []),
        ("npx -y a b", [("a", "", "floating")]),
        ("npx a@1.2.3 b", [("a", "1.2.3", "version")]),
        ("npx -p a -p b@1.0.0 tool", [("a", "", "floating"), ("b", "1.0.0", "version")]),
        ("npx --no-install a@latest", []),
        ("pnpm dlx a init", [("a", "", "floating")]),
        ("pnpm install", []),
        ("pnpm install --no-frozen-lockfile", [("pnpm install --no-frozen-lockfile", "", "locked")]),
        ("yarn", []),
        ("yarn install --frozen-lockfile", []),
        ("yarn global add a@1.0.0", [("a", "1.0.0", "version")]),
        ("bun add a", [("a", "", "floating")]),
        ("bunx a@latest", [("a", "latest", "floating")]),
        ("npm install o/r#main", [("o/r", "main", "git")]),
        # others
        ("gem install a b:1.2 -v 3", [("a", "3", "version"), ("b", "1.2", "version")]),
        ("gem install a -v 3 -- --use-system-libraries", [("a", "3", "version")]),
        ("gem install a@1.2.3", [("a", "1.2.3", "version")]),
        ("gem install a -v '~> 3'", [("a", "~> 3", "floating")]),
        ("go install x.org/t@v1.2.3", [("x.org/t", "v1.2.3", "content")]),
        ("go install x.org/t@latest", [("x.org/t", "latest", "floating")]),
        ("go install ./cmd/t", []),
        ("go install x.org/t", [("x.org/t", "", "floating")]),
        ("go get x.org/t", [("x.org/t", "", "floating")]),
        ("go run x.org/t@v1.0.0 -arg x.org/u@latest", [("x.org/t", "v1.0.0", "content")]),
        ("cargo install a", [("a", "", "floating")]),
        ("cargo install --locked a --version 1.2.3", [("a", "1.2.3", "content")]),
        ("cargo install a@1.2.3", [("cargo install a", "1.2.3", "locked")]),
        ("cargo install --path .", []),
        ("cargo build", []),
        ("composer require o/a:1.2.3 o/b", [("o/a", "1.2.3", "version"), ("o/b", "", "floating")]),
        ("dotnet tool install -g a --version 1.2.3", [("a", "1.2.3", "version")]),
        ("dotnet tool install a", [("a", "", "floating")]),
        ("conda install -y -c conda-forge a b=1.2", [("a", "", "floating"), ("b", "=1.2", "version")]),
        # distributions
        ("apt-get install -y --no-install-recommends a=1.2 b", [("a=1.2", "", "version"), ("b", "", "floating")]),
        ("apt-get -o X=y -qq install a", [("a", "", "floating")]),
        ("apt-get update", []),
        ("apt install ./a.deb /tmp/b.deb", []),
        ("apk add --no-cache --virtual .build a=1 b", [("a=1", "", "version"), ("b", "", "floating")]),
        ("dnf install -y a-1.2.3 b", [("a-1.2.3", "", "version"), ("b", "", "floating")]),
        ("yum module install -y a b:9", [("install", "", "version"), ("a", "", "floating"), ("b:9", "", "version")]),
        ("brew install a@1", [("a@1", "", "version")]),
        ("choco install a --version 1.0", []),
        ("echo pip install a", []),
        ("pip", []),
    ],
)  # fmt: skip
def test_installs(line: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(line) == expected
