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
        pytest.param("requirements.txt", None, "litellm==1.82.6\n", id="the release before"),
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
