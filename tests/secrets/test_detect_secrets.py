"""The differential with detect-secrets: each of its detections is a finding here or is rejected by a reason with a name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from secops_hooks.files.filetype import detect
from secops_hooks.files.source import Source
from secops_hooks.files.tree import MemoryTree
from secops_hooks.parse import File
from secops_hooks.policy.settings import Settings
from secops_hooks.secrets import second_opinion
from secops_hooks.secrets.check import check
from secops_hooks.secrets.generic.reasons import REASONS

PACKAGES = ("detect_secrets", "requests", "yaml")
MACHINE = "q7Rx2m" + "Zk9Tw4" + "Lpv8Nd"
HEX = "5f3a9c1e7b2d4860" + "a9c3e5f7b1d20846"
SAMPLES = {
    "app.py": f'password = "{MACHINE}"\napi_key = "{HEX}"\nname = "{HEX}"\nsecret = get_secret()\nSECRET_NAME = "db/main"\n',
    "app.yaml": f"db:\n  password: {MACHINE}\n  url: postgres://app:{MACHINE}@db.internal/app\nchecksum: '{HEX}'\nip: '8.8.8.8'\n",
    "app.ini": f"[db]\npassword = {MACHINE}\nsecret =\napi_key = ${{API_KEY}}\n",
    "app.env": f"DB_PASSWORD={MACHINE}\nAUTH_KEY=changeme-please\n",
    "app.js": f"const token = '{MACHINE}';\nif (password === 'secret') {{}}\nconst keyPassword = process.env.KEY;\n",
    "app.go": f'apiKey := "{HEX}"\nsecretName := "name-of-it"\n',
    "app.md": "Use `https://user:password@host/` and set `password: your-password`.\n",
    "yarn.lock": f'integrity "{HEX}"\n',
}


def file_of(path: str, text: str) -> File:
    return File(Source.from_text(path, text), detect(path, text))


def unexplained(file: File) -> list[object]:
    """Detections on lines without a finding that :func:`explain` does not name."""
    tree, settings = MemoryTree({}), Settings()
    lines = {line for finding in check(file, tree, settings) for line in range(finding.span.line, finding.span.end_line + 1)}
    named = list(second_opinion.explain(file, tree, settings))
    assert [each for each in named if each.reason not in REASONS] == []
    explained = {(each.line, each.detector) for each in named}
    return [
        each[:2]
        for each in second_opinion.detections(file.source)
        if each.line not in lines and (each.line, each.detector) not in explained
    ]


def installed() -> list[Path]:
    """Sources of packages that nobody here wrote."""
    import detect_secrets

    site = Path(detect_secrets.__file__).parents[1]
    return [path for package in PACKAGES for path in sorted((site / package).rglob("*.py")) if path.stat().st_size < 60_000]


@pytest.mark.parametrize("path", SAMPLES)
def test_nothing_is_lost_in_samples(path: str) -> None:
    assert unexplained(file_of(path, SAMPLES[path])) == []


def test_nothing_is_lost_in_installed_packages() -> None:
    seen = detected = 0
    for path in installed():
        file = file_of(path.name, path.read_text("utf-8", "replace"))
        seen += 1
        detected += sum(1 for _ in second_opinion.detections(file.source))
        assert unexplained(file) == [], path.name
    assert seen > 40
    assert detected > 10


def test_it_does_detect() -> None:
    found = {each.detector for each in second_opinion.detections(file_of("app.py", SAMPLES["app.py"]).source)}
    assert {"Secret Keyword", "Hex High Entropy String"} <= found


def test_rejections_never_hold_the_value() -> None:
    for path, text in SAMPLES.items():
        for each in second_opinion.explain(file_of(path, text), MemoryTree({}), Settings()):
            assert MACHINE not in repr(each)
            assert HEX not in repr(each)


def test_settings_of_detect_secrets_are_left_as_they_were() -> None:
    from detect_secrets.settings import get_settings

    before = get_settings().json()
    list(second_opinion.detections(file_of("app.py", SAMPLES["app.py"]).source))
    assert get_settings().json() == before


def test_large_files_are_refused_by_name() -> None:
    file = file_of("a.txt", "x\n" * second_opinion.MAX_EXPLAINED)
    assert [each.reason for each in second_opinion.explain(file, MemoryTree({}), Settings())] == ["file-too-large-for-a-second-opinion"]


@pytest.mark.parametrize(
    ("value", "yes"),
    [
        (HEX, True),
        ("aB3dE" + "fGh1jKlM" + "n0pQrStUvWxYz29", True),
        ("0123456789abcdef", False),
        ("my-service-token-01", False),
        ("{template-value-12}", False),
    ],
)
def test_entropy_decides_the_undecided(value: str, yes: bool) -> None:
    assert second_opinion.exceeds_entropy_limit("a.py", f'token = "{value}"', value) is yes


def test_clean_files_do_not_import_it() -> None:
    program = (
        "import sys\n"
        "from secops_hooks.files.filetype import detect\n"
        "from secops_hooks.files.source import Source\n"
        "from secops_hooks.files.tree import MemoryTree\n"
        "from secops_hooks.parse import File\n"
        "from secops_hooks.policy.settings import Settings\n"
        "from secops_hooks.secrets.check import check\n"
        "text = 'import os\\npassword = os.environ[\"P\"]\\ntoken = get_token()\\n'\n"
        "found = list(check(File(Source.from_text('a.py', text), detect('a.py', text)), MemoryTree({}), Settings()))\n"
        "assert found == []\n"
        "assert 'detect_secrets' not in sys.modules\n"
        "assert 'secops_hooks.secrets.generic.judge' not in sys.modules\n"
    )
    hooks = str(Path(second_opinion.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {hooks!r})\n{program}"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
