"""The shape of each known incident that leaves a trace in files is stopped, and its near miss passes."""

from __future__ import annotations

import pytest

from secops_hooks.files.tree import MemoryTree
from secops_hooks.parse import load
from secops_hooks.pins.check import check
from secops_hooks.policy.settings import Settings

_ONE, _TWO = "3f2c9a1b" * 5, "9d4e7b2a" * 5
_WORKFLOW = ".github/workflows/ci.yml"


def step(text: str) -> str:
    return f"on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - {text}\n"


def lock(version: str, hash: str, more: str = "") -> str:
    entry = f'"version": "{version}", "resolved": "https://registry.npmjs.org/a/-/a-{version}.tgz", "integrity": "{hash}"{more}'
    return f'{{"lockfileVersion": 3, "packages": {{"node_modules/a": {{{entry}}}}}}}\n'


def pnpm(resolution: str) -> str:
    return f"lockfileVersion: '9.0'\n\npackages:\n\n  a@https://codeload.github.com/o/r/tar.gz/x:\n    resolution: {{{resolution}}}\n"


def found(path: str, text: str, before: str | None = None, options: dict[str, object] | None = None) -> set[str]:
    tree = MemoryTree({path: text}, MemoryTree({path: before}) if before is not None else None)
    file = load(tree, path)
    assert file is not None
    return {each.rule.id for each in check(file, tree, Settings(extra={"pins": options or {}})) if each.tier != "audit"}


@pytest.mark.parametrize(
    ("path", "before", "text", "rule"),
    [
        pytest.param(_WORKFLOW, None, step("uses: tj-actions/changed-files@v35"), "known-malicious-release", id="tags of changed-files moved"),
        pytest.param(_WORKFLOW, None, step("uses: reviewdog/action-setup@v1"), "known-malicious-release", id="tag of action-setup moved"),
        pytest.param(_WORKFLOW, None, step("uses: aquasecurity/trivy-action@0.34.0"), "known-malicious-release", id="tags of trivy-action moved"),
        pytest.param(_WORKFLOW, None, step("uses: example/deploy@v3"), "unpinned-action", id="any other tag that may be moved"),
        pytest.param(_WORKFLOW, step(f"uses: o/r@{_ONE} # v1.2.3"), step(f"uses: o/r@{_TWO} # v1.2.3"), "action-commit-moved", id="another commit under the old version"),
        pytest.param("requirements.txt", None, "litellm==1.82.7\n", "known-malicious-release", id="litellm"),
        pytest.param("requirements.txt", None, "litellm\n", "unpinned-requirement", id="litellm whatever it is"),
        pytest.param("requirements.txt", None, "telnyx==4.87.2\n", "known-malicious-release", id="telnyx"),
        pytest.param(_WORKFLOW, None, step("uses: aquasecurity/setup-trivy@v0.2.5"), "known-malicious-release", id="tags of setup-trivy moved"),
        pytest.param("package.json", None, '{"dependencies": {"@tanstack/react-router": "1.169.8"}}\n', "known-malicious-release", id="TanStack"),
        pytest.param("pnpm-lock.yaml", None, pnpm("tarball: https://codeload.github.com/o/r/tar.gz/x, type: git, repo: https://github.com/o/r, commit: --upload-pack=sh"), "lock-invalid-commit", id="an option as a commit (CVE-2026-50014)"),
        pytest.param("package.json", None, '{"dependencies": {"axios": "1.14.1"}}\n', "known-malicious-release", id="axios"),
        pytest.param("package.json", None, '{"dependencies": {"debug": "4.4.2"}}\n', "known-malicious-release", id="Qix"),
        pytest.param("package.json", None, '{"devDependencies": {"nx": "21.5.0"}}\n', "known-malicious-release", id="Nx"),
        pytest.param("package.json", '{"name": "a"}\n', '{"name": "a", "scripts": {"preinstall": "node bundle.js"}}\n', "new-install-script", id="Shai-Hulud in one's own package"),
        pytest.param("package-lock.json", lock("1.0.0", "sha512-aaaa"), lock("1.0.1", "sha512-bbbb", ', "hasInstallScript": true'), "lock-new-install-script", id="Shai-Hulud in an update"),
        pytest.param("package-lock.json", lock("1.0.0", "sha512-aaaa"), lock("1.0.0", "sha512-bbbb"), "lock-hash-changed", id="another archive under the same version"),
        pytest.param(".mcp.json", None, '{"mcpServers": {"a": {"command": "npx", "args": ["-y", "some-server"]}}}\n', "unpinned-mcp-server", id="an agent's server"),
    ],
)  # fmt: skip
def test_the_shape_is_stopped(path: str, before: str | None, text: str, rule: str) -> None:
    assert rule in found(path, text, before)


@pytest.mark.parametrize(
    ("path", "before", "text"),
    [
        pytest.param(_WORKFLOW, None, step(f"uses: tj-actions/changed-files@{_ONE} # v46.0.5"), id="a clean release by commit"),
        pytest.param(_WORKFLOW, None, step(f"uses: aquasecurity/trivy-action@{_ONE} # 0.33.1"), id="a commit pinned before the tags moved"),
        pytest.param(_WORKFLOW, step(f"uses: o/r@{_ONE} # v1.2.3"), step(f"uses: o/r@{_TWO} # v1.2.4"), id="an honest update"),
        pytest.param("requirements.txt", None, "litellm==1.82.6\ntelnyx==4.87.3\n", id="the release before"),
        pytest.param(
            "pnpm-lock.yaml", None, pnpm(f"type: git, repo: https://github.com/o/r, commit: {_ONE}"), id="a dependency at a full commit"
        ),
        pytest.param(
            "package.json", None, '{"name": "a", "version": "1.0.0", "dependencies": {"axios": "^1.14.2"}}\n', id="the release after"
        ),
        pytest.param("package.json", '{"scripts": {"test": "a"}}\n', '{"scripts": {"test": "b"}}\n', id="another script"),
        pytest.param("package-lock.json", lock("1.0.0", "sha512-aaaa"), lock("1.0.1", "sha512-bbbb"), id="an update without script"),
        pytest.param(
            ".mcp.json",
            None,
            '{"mcpServers": {"a": {"command": "npx", "args": ["-y", "some-server@1.2.3"]}}}\n',
            id="a server with a version",
        ),
    ],
)
def test_the_near_miss_passes(path: str, before: str | None, text: str) -> None:
    assert found(path, text, before) == set()


def test_a_host_that_settings_allow() -> None:
    before = lock("1.0.0", "sha512-aaaa")
    text = before.replace("registry.npmjs.org", "npm.example.com")
    assert found("package-lock.json", text, before) == {"lock-new-host"}
    assert found("package-lock.json", text, before, {"hosts": ["npm.example.com"]}) == set()


LOCKED = {
    "npm 3": ("package-lock.json", lock("5.6.1", "sha512-aaaa").replace("/a", "/chalk"), '«"node_modules/chalk"»'),
    "npm 1": (
        "package-lock.json",
        '{"lockfileVersion": 1, "dependencies": {"chalk": {"version": "5.6.1", "resolved": "https://registry.npmjs.org/chalk/-/chalk-5.6.1.tgz", "integrity": "sha512-aaaa"}}}\n',
        '«"chalk": {»',
    ),
    "yarn 1": (
        "yarn.lock",
        '# yarn lockfile v1\n\n\nchalk@^5.0.0:\n  version "5.6.1"\n  resolved "https://registry.yarnpkg.com/chalk/-/chalk-5.6.1.tgz#x"\n  integrity sha512-aaaa\n',
        "«chalk@^5.0.0»",
    ),
    "yarn berry": (
        "yarn.lock",
        '# generated\n\n__metadata:\n  version: 8\n\n"chalk@npm:^5.0.0, chalk@npm:^5.6.0":\n  version: 5.6.1\n  resolution: "chalk@npm:5.6.1"\n  checksum: 10c0/aa\n',
        '«"chalk@npm:^5.0.0, chalk@npm:^5.6.0"»',
    ),
    "pnpm 9": (
        "pnpm-lock.yaml",
        "lockfileVersion: '9.0'\n\npackages:\n\n  chalk@5.6.1:\n    resolution: {integrity: sha512-aaaa}\n",
        "«chalk@5.6.1»",
    ),
    "pnpm 5": (
        "pnpm-lock.yaml",
        "lockfileVersion: 5.4\n\npackages:\n\n  /chalk/5.6.1:\n    resolution: {integrity: sha512-aaaa}\n",
        "«/chalk/5.6.1»",
    ),
    "bun": (
        "bun.lock",
        '{\n  "lockfileVersion": 1,\n  "workspaces": {},\n  "packages": {\n    "a/chalk": ["chalk@5.6.1", "", { "bin": "x" }, "sha512-aaaa"],\n  },\n}\n',
        '«"chalk@5.6.1"»',
    ),
    "uv": (
        "uv.lock",
        'version = 1\n\n[[package]]\nname = "litellm"\nversion = "1.82.7"\nsource = { registry = "https://pypi.org/simple" }\nsdist = { url = "https://files.pythonhosted.org/litellm-1.82.7.tar.gz", hash = "sha256:00" }\n',
        '«"litellm"»',
    ),
    "poetry": (
        "poetry.lock",
        '[[package]]\nname = "litellm"\nversion = "1.82.7"\nfiles = [\n    {file = "litellm-1.82.7.tar.gz", hash = "sha256:00"},\n]\n',
        '«"litellm"»',
    ),
    "pylock": (
        "pylock.toml",
        'lock-version = "1.0"\ncreated-by = "x"\n\n[[packages]]\nname = "litellm"\nversion = "1.82.7"\nsdist = { url = "https://files.pythonhosted.org/litellm-1.82.7.tar.gz", hashes = { sha256 = "00" } }\n',
        '«"litellm"»',
    ),
    "pipenv": (
        "Pipfile.lock",
        '{"_meta": {"hash": {"sha256": "0"}}, "default": {"litellm": {"hashes": ["sha256:00"], "version": "==1.82.7"}}, "develop": {}}\n',
        '«"litellm"»',
    ),
    "bundler": ("Gemfile.lock", "GEM\n  remote: https://rubygems.org/\n  specs:\n    rest-client (1.6.10)\n      netrc\n", "«rest-client»"),
}
_CLEAN = {"5.6.1": "5.6.2", "1.82.7": "1.82.6", "1.6.10": "1.6.14"}


@pytest.mark.parametrize(("path", "text", "marked"), LOCKED.values(), ids=LOCKED)
def test_a_malicious_release_deep_in_a_lock(path: str, text: str, marked: str) -> None:
    tree = MemoryTree({path: text})
    file = load(tree, path)
    assert file is not None
    (told,) = [each for each in check(file, tree, Settings()) if each.rule.id == "known-malicious-release"]
    line = text.splitlines()[told.span.line - 1]
    assert f"«{line[told.span.col - 1 : told.span.end_col - 1]}»" == marked
    for bad, clean in _CLEAN.items():
        text = text.replace(bad, clean)
    assert "known-malicious-release" not in found(path, text)
