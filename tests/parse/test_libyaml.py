"""PyYAML's parts are loaded without its package's own start; whoever imports the package later gets all of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from secops_hooks.files.source import Source
from secops_hooks.parse import libyaml
from secops_hooks.parse import yaml as ours

HOOKS = str(Path(libyaml.__file__).parents[2])


def run(code: str) -> str:
    head = f"import sys; sys.path.insert(0, {HOOKS!r})\nfrom secops_hooks.parse.libyaml import library\nlibrary()\n"
    done = subprocess.run([sys.executable, "-I", "-c", head + code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML without libyaml")
def test_the_costly_modules_are_not_loaded() -> None:
    costly = "{'yaml.reader', 'yaml.constructor', 'yaml.resolver', 'yaml.loader', 'datetime', 'base64'}"
    assert run(f"print({costly} & set(sys.modules))") == "set()"


@pytest.mark.parametrize(
    "code",
    [
        "import yaml; assert yaml.safe_load('a: [1, yes]') == {'a': [1, True]}",
        "from yaml import safe_load, YAMLError; assert safe_load('a: 1') == {'a': 1}",
        "import yaml.constructor; import yaml; assert yaml.constructor.SafeConstructor; assert yaml.dump({1: 2}) == '1: 2\\n'",
        "import yaml; assert yaml.error.YAMLError is yaml.YAMLError and yaml.ScalarEvent is library().scalar",
        "import yaml.reader, yaml; assert yaml.load('a: 1', yaml.reader and yaml.SafeLoader) == {'a': 1}",
        "import yaml, importlib; importlib.reload(yaml); assert yaml.safe_load('1') == 1",
        "import yaml; assert not hasattr(yaml, 'nothing')",
    ],
)
def test_the_package_is_whole_when_somebody_asks_for_it(code: str) -> None:
    run(code)


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML without libyaml")
@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a: [", "parser.ParserError"),
        ("a: '", "scanner.ScannerError"),
        ("*a", "composer.ComposerError"),
        ("a: \\x01", "reader.ReaderError"),
    ],
)
def test_errors_are_the_package_s_own(text: str, error: str) -> None:
    code = f"import yaml\ntry: yaml.load({text!r}.replace('\\\\x01', chr(1)), yaml.CSafeLoader)\nexcept yaml.{error}: print('caught')"
    assert run(code) == "caught"


@pytest.mark.parametrize("text", ["a: [1, 'x', *b]\nc: &d |\n  é𝄞\n", "a: [", "a: \x01b", "- - - x\n---\ny: 1\n"])
def test_the_python_parser_gives_the_same_tree(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def tree() -> list[object]:
        document = ours.parse(Source.from_text("a.yaml", text))
        nodes = [(n.path, n.kind, n.start, n.end, repr(n.value)) for root in document.roots for n in root.walk()]
        return [nodes, len(document.problems)]

    with_libyaml = tree()
    monkeypatch.setattr(ours, "library", lambda: libyaml.library()._replace(parser=libyaml.python_parser))
    assert tree() == with_libyaml
