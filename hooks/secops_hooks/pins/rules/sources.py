"""Rules for where dependencies come from: repositories, URLs, indexes."""

from __future__ import annotations

from ...finding import Example, Rule

_COMMIT = "3f2c9a1b" * 5

RULES: tuple[Rule, ...] = (
    Rule(
        id="mutable-git-ref",
        family="pins",
        title="this git dependency is not pinned to a commit",
        severity="high",
        tier="warn",
        cwe=829,
        why="A branch or tag can be moved to other code, and no lock file here fixes it.",
        fix="Name the full commit of 40 digits.",
        references=("https://pip.pypa.io/en/stable/topics/vcs-support/",),
        bad=(
            Example("example-lib @ «git+https://github.com/example/lib@main»\n", "requirements.txt"),
            Example("-e «git+https://github.com/example/lib.git#egg=example-lib»\n", "requirements.txt"),
            Example('{"dependencies": {"example-lib": "«github:example/lib#v2»"}}\n', "package.json"),
            Example("FROM scratch\nADD «https://github.com/example/lib.git#main» /src\n", "Dockerfile"),
            Example('[tool.uv.sources]\nexample-lib = { git = "https://github.com/example/lib", branch = "«main»" }\n', "pyproject.toml"),
        ),
        good=(
            Example(f"example-lib @ git+https://github.com/example/lib@{_COMMIT}\n", "requirements.txt"),
            Example('{"dependencies": {"example-lib": "github:example/lib#v2"}}\n', "package.json", (("package-lock.json", "{}"),)),
            Example(
                f'[tool.uv.sources]\nexample-lib = {{ git = "https://github.com/example/lib", rev = "{_COMMIT}" }}\n', "pyproject.toml"
            ),
            Example("example-lib @ git+https://github.com/example/lib@${REF}\n", "requirements.txt"),
        ),
    ),
    Rule(
        id="url-without-hash",
        family="pins",
        title="nothing says what this URL must hold",
        severity="medium",
        tier="warn",
        cwe=494,
        why="Whoever controls the server, or gets hold of it later, decides what is installed.",
        fix="Add the hash: …#sha256=<64 digits>, or take the package from an index and lock it.",
        references=("https://pip.pypa.io/en/stable/topics/secure-installs/",),
        bad=(
            Example("example-lib @ «https://files.example.org/example_lib-1.4.2-py3-none-any.whl»\n", "requirements.txt"),
            Example('{"dependencies": {"example-lib": "«https://files.example.org/lib.tgz»"}}\n', "package.json"),
        ),
        good=(
            Example(
                "example-lib @ https://files.example.org/example_lib-1.4.2-py3-none-any.whl#sha256=" + "5d41a2f0" * 8 + "\n",
                "requirements.txt",
            ),
            Example("example-lib @ file:///srv/wheels/example_lib-1.4.2-py3-none-any.whl\n", "requirements.txt"),
        ),
    ),
    Rule(
        id="plain-http-source",
        family="pins",
        title="dependencies are fetched without TLS",
        severity="high",
        tier="block",
        cwe=319,
        why="Anybody on the path can replace what is fetched, and it is run.",
        fix="Use https:// (git: https:// or ssh://).",
        equivalents=("zizmor:insecure-url-scheme",),
        references=("https://pip.pypa.io/en/stable/topics/secure-installs/",),
        bad=(
            Example("--index-url «http://pypi.example.com/simple»\nexample-lib==1.4.2\n", "requirements.txt"),
            Example(
                "repos:\n  - repo: «http://git.example.com/checks»\n    rev: v1.0.0\n    hooks:\n      - id: tidy\n",
                ".pre-commit-config.yaml",
            ),
            Example('{"dependencies": {"example-lib": "«http://files.example.org/lib.tgz»"}}\n', "package.json"),
        ),
        good=(
            Example("--index-url https://pypi.example.com/simple\nexample-lib==1.4.2\n", "requirements.txt"),
            Example("--index-url http://localhost:3141/root/pypi\nexample-lib==1.4.2\n", "requirements.txt"),
            Example("--index-url http://${HOST}/simple\nexample-lib==1.4.2\n", "requirements.txt"),
        ),
    ),
)
