"""The house's own rules: which room may know which, what may be imported when, and that nothing live-looking lies around."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "hooks" / "secops_hooks"
MODULES = sorted(PACKAGE.rglob("*.py"))
FAMILIES = ("secrets", "config", "pins", "python")

LOW = ("records", "lazy")  # beneath everything: how values and patterns are made

# what a room may import of the others; rooms not named stand above all (cli, run, commands, report, __main__)
ALLOWED = {
    "records": set(),
    "lazy": {"records"},
    "finding": {"records"},
    "prescan": set(),
    "files": {"finding", *LOW},
    "parse": {"finding", "files", "prescan", *LOW},
    "policy": {"finding", "files", "parse", "prescan", *LOW},
    **{family: {"finding", "files", "parse", "prescan", "policy", *LOW} for family in FAMILIES},
}
HOMES = {  # third-party package -> the only place that may import it
    "yaml": "parse/libyaml.py",
    "tree_sitter": "parse/treesitter.py",
    "ahocorasick": "prescan.py",
    "bandit": "python/",
    "detect_secrets": "secrets/",
}
SLOW = {
    "typing",
    "argparse",
    "subprocess",
    "json",
    "tomllib",
    "dataclasses",
    "pathlib",
    "yaml",
    "bandit",
    "detect_secrets",
    "tree_sitter",
    "ahocorasick",
    "configparser",
    "urllib",
    "logging",
}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path, top_only: bool = False, for_types: bool = True) -> Iterator[tuple[str, int]]:
    """Absolute names of what a module imports; ``secops_hooks.…`` for our own."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typed = {child for node in ast.walk(tree) if _type_checking(node) for child in ast.walk(node)}
    lazy = {
        child
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or _type_checking(node)
        for child in ast.walk(node)
    }
    package = ["secops_hooks", *path.relative_to(PACKAGE).with_suffix("").parts]
    for node in ast.walk(tree):
        if (top_only and node in lazy) or (not for_types and node in typed):
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            yield (name, node.lineno)
            if node.level and not node.module:
                yield from ((f"{name}.{alias.name}", node.lineno) for alias in node.names)


def _type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_dependencies_go_one_way(path: Path) -> None:
    here = room(path)
    if here not in ALLOWED:
        return
    for name, line in imports(path):
        parts = name.split(".")
        if parts[0] == "secops_hooks" and len(parts) > 1 and parts[1] not in (here, "__version__"):
            assert parts[1] in ALLOWED[here], f"{path}:{line} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_each_third_party_package_has_one_home(path: Path) -> None:
    where = path.relative_to(PACKAGE).as_posix()
    for name, line in imports(path, for_types=False):
        home = HOMES.get(name.split(".")[0].removesuffix("_hcl"))
        assert home is None or where.startswith(home), f"{where}:{line} imports {name}"


ALWAYS = (
    "__init__",
    "__main__",
    "arguments",
    "cli",
    "lazy",
    "records",
    "run",
    "finding",
    "prescan",
    "files/source",
    "files/filetype",
    "files/tree",
    "files/git",
    "parse/__init__",
    "parse/node",
    "policy/baseline",
    "policy/glob",
    "policy/settings",
    "policy/suppress",
    "report/deliver",
    "report/terminal",
    "report/text",
    *(f"{family}/check" for family in FAMILIES),
)


@pytest.mark.parametrize("name", ALWAYS)
def test_what_every_run_loads_imports_nothing_slow(name: str) -> None:
    found = {name.split(".")[0] for name, _ in imports(PACKAGE / f"{name}.py", top_only=True)}
    assert not found & SLOW


def test_a_clean_commit_loads_none_of_the_big_packages(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("nothing to see\n")
    (tmp_path / "b.py").write_text("x = 1\n")
    code = (
        "import sys; from secops_hooks.cli import main; code = main(['all', 'a.txt', 'b.py']);"
        "big = {'typing', 'argparse', 'yaml', 'bandit', 'detect_secrets', 'tree_sitter', 'requests', 'tomllib', 'dataclasses', 'json', 'subprocess'} & set(sys.modules);"
        "assert not big, big; sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(PACKAGE.parent), "PATH": ""}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_says_what_lives_there() -> None:
    silent = [str(path.relative_to(PACKAGE)) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert silent == []


def test_nothing_is_evaluated() -> None:
    """No eval, exec, pickle or shell anywhere in the package."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("eval", "exec", "__import__"), f"{path}:{node.lineno}"
            if isinstance(node, ast.keyword) and node.arg == "shell":
                raise AssertionError(f"{path}: shell=")
            if isinstance(node, ast.Import):
                assert not {alias.name for alias in node.names} & {"pickle", "socket", "http", "requests", "marshal", "shelve"}, path
