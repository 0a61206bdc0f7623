"""How fast locks are proven fresh: one lock of every format, a monorepo, and a commit that holds no manifest at all.

    python bench/pins.py [-n ROUNDS] [--megabytes SIZE] [--json FILE]

Every lock is made up, of ``SIZE`` (default 5) megabytes, with a manifest of 200 direct dependencies beside it that agrees with it;
the rest of the lock is what those need. CPU of whole runs (user and system) beside ``python -c pass`` in the same round, medians.
Budgets: 0.3 s for any lock of 5 MB, 1.5 s for 300 package.json and one pnpm lock, 5 x bare without a manifest.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from startup import FILES, cpu

DIRECT, MEMBERS = 200, 300


def name(n: int) -> str:
    """The name of the ``n``-th package."""
    return f"package-number-{n:06}"


def sha512(n: int) -> str:
    """An integrity value as npm writes it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(str(n).encode()).digest()).decode()


def sha256(n: int) -> str:
    """A digest in hexadecimal digits."""
    return hashlib.sha256(str(n).encode()).hexdigest()


def repeated(entry: Callable[[int], str], size: int) -> Iterator[str]:
    """Entries until they are ``size`` characters together; each needs the next, so that all of them are asked for."""
    written = 0
    for n in count():
        text = entry(n)
        written += len(text)
        yield text
        if written >= size and n >= DIRECT:
            return


def listed(entry: Callable[[int], str], size: int) -> str:
    """The entries of a JSON object or array."""
    return ",\n".join(repeated(entry, size))


def package_json(**more: object) -> str:
    """A manifest with the direct dependencies."""
    return json.dumps({"name": "app", "version": "1.0.0", "dependencies": {name(n): "^1.0.0" for n in range(DIRECT)}, **more}, indent=2)


def npm(size: int) -> dict[str, str]:
    """package-lock.json, version 3."""

    def entry(n: int) -> str:
        return f"""    "node_modules/{name(n)}": {{
      "version": "1.0.{n % 10}",
      "resolved": "https://registry.npmjs.org/{name(n)}/-/{name(n)}-1.0.{n % 10}.tgz",
      "integrity": "{sha512(n)}",
      "dependencies": {{
        "{name(n + 1)}": "^1.0.0"
      }}
    }}"""

    root = json.dumps({"": {"name": "app", "version": "1.0.0", "dependencies": {name(n): "^1.0.0" for n in range(DIRECT)}}}, indent=2)[1:-2]
    packages = ",\n".join([root.strip("\n"), *repeated(entry, size)])
    lock = f'{{\n  "name": "app",\n  "version": "1.0.0",\n  "lockfileVersion": 3,\n  "packages": {{\n{packages}\n  }}\n}}\n'
    return {"package.json": package_json(), "package-lock.json": lock}


def npm_1(size: int) -> dict[str, str]:
    """package-lock.json, version 1."""

    def entry(n: int) -> str:
        return f"""    "{name(n)}": {{
      "version": "1.0.{n % 10}",
      "resolved": "https://registry.npmjs.org/{name(n)}/-/{name(n)}-1.0.{n % 10}.tgz",
      "integrity": "{sha512(n)}",
      "requires": {{
        "{name(n + 1)}": "^1.0.0"
      }}
    }}"""

    lock = f'{{\n  "name": "app",\n  "lockfileVersion": 1,\n  "dependencies": {{\n{listed(entry, size)}\n  }}\n}}\n'
    return {"package.json": package_json(), "package-lock.json": lock}


def yarn(size: int) -> dict[str, str]:
    """yarn.lock of yarn 1."""

    def entry(n: int) -> str:
        return f"""{name(n)}@^1.0.0:
  version "1.0.{n % 10}"
  resolved "https://registry.yarnpkg.com/{name(n)}/-/{name(n)}-1.0.{n % 10}.tgz#{sha256(n)[:40]}"
  integrity {sha512(n)}
  dependencies:
    {name(n + 1)} "^1.0.0"
"""

    return {"package.json": package_json(), "yarn.lock": "# yarn lockfile v1\n\n\n" + "\n".join(repeated(entry, size))}


def berry(size: int) -> dict[str, str]:
    """yarn.lock of yarn 2 and later."""

    def entry(n: int) -> str:
        return f""""{name(n)}@npm:^1.0.0":
  version: 1.0.{n % 10}
  resolution: "{name(n)}@npm:1.0.{n % 10}"
  dependencies:
    {name(n + 1)}: "npm:^1.0.0"
  checksum: 10c0/{sha256(n)}{sha256(n)}
  languageName: node
  linkType: hard
"""

    direct = "".join(f'    {name(n)}: "npm:^1.0.0"\n' for n in range(DIRECT))
    own = f'"app@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "app@workspace:."\n  dependencies:\n{direct}  linkType: soft\n'
    lock = "__metadata:\n  version: 8\n  cacheKey: 10c0\n\n" + own + "\n" + "\n".join(repeated(entry, size))
    return {"package.json": package_json(), "yarn.lock": lock}


def pnpm(size: int, members: int = 0) -> dict[str, str]:
    """pnpm-lock.yaml, version 9; with ``members`` of a workspace that share the direct dependencies."""

    def importer(directory: str, numbers: range) -> str:
        entries = "".join(f"      {name(n)}:\n        specifier: ^1.0.0\n        version: 1.0.{n % 10}\n" for n in numbers)
        return f"\n  {directory}:\n    dependencies:\n{entries}"

    def package(n: int) -> str:
        return f"  {name(n)}@1.0.{n % 10}:\n    resolution: {{integrity: {sha512(n)}}}\n    engines: {{node: '>=16'}}\n"

    def snapshot(n: int) -> str:
        return f"  {name(n)}@1.0.{n % 10}:\n    dependencies:\n      {name(n + 1)}: 1.0.{(n + 1) % 10}\n"

    shares = {f"packages/p{n}": range(n % 150, n % 150 + 20) for n in range(members)}
    importers = importer(".", range(DIRECT)) + "".join(importer(directory, numbers) for directory, numbers in shares.items())
    packages, snapshots = ("\n".join(repeated(each, size // 2)) for each in (package, snapshot))
    head = "lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n  excludeLinksFromLockfile: false\n"
    lock = f"{head}\nimporters:\n{importers}\npackages:\n\n{packages}\nsnapshots:\n\n{snapshots}"
    found = {"package.json": package_json(), "pnpm-lock.yaml": lock}
    for directory, numbers in shares.items():
        found[f"{directory}/package.json"] = json.dumps(
            {"name": directory[9:], "dependencies": {name(n): "^1.0.0" for n in numbers}}, indent=2
        )
    return found | ({"pnpm-workspace.yaml": "packages:\n  - packages/*\n"} if members else {})


def bun(size: int) -> dict[str, str]:
    """bun.lock."""

    def entry(n: int) -> str:
        return f'    "{name(n)}": ["{name(n)}@1.0.{n % 10}", "", {{ "dependencies": {{ "{name(n + 1)}": "^1.0.0" }} }}, "{sha512(n)}"],\n'

    direct = "".join(f'        "{name(n)}": "^1.0.0",\n' for n in range(DIRECT))
    own = f'    "": {{\n      "name": "app",\n      "dependencies": {{\n{direct}      }},\n    }},\n'
    lock = f'{{\n  "lockfileVersion": 1,\n  "workspaces": {{\n{own}  }},\n'
    return {"package.json": package_json(), "bun.lock": lock + '  "packages": {\n' + "\n".join(repeated(entry, size)) + "  }\n}\n"}


def requirements() -> str:
    """The direct dependencies as a PEP 621 array."""
    return "dependencies = [\n" + "".join(f'    "{name(n)}>=1",\n' for n in range(DIRECT)) + "]\n"


PROJECT = '[project]\nname = "app"\nversion = "1.0"\nrequires-python = ">=3.11"\n'


def files_of(n: int) -> str:
    """Two distributions of a package as poetry and pdm list them."""
    base = name(n).replace("-", "_")
    return (
        f'files = [\n    {{file = "{base}-1.0-py3-none-any.whl", hash = "sha256:{sha256(n)}"}},\n'
        f'    {{file = "{base}-1.0.tar.gz", hash = "sha256:{sha256(-n)}"}},\n]\n'
    )


def poetry(size: int) -> dict[str, str]:
    """poetry.lock."""

    def entry(n: int) -> str:
        head = f'[[package]]\nname = "{name(n)}"\nversion = "1.0"\noptional = false\npython-versions = ">=3.9"\ngroups = ["main"]\n'
        return f'{head}{files_of(n)}\n[package.dependencies]\n{name(n + 1)} = ">=1"\n'

    wanted = {"project": {"requires-python": ">=3.11", "dependencies": [f"{name(n)}>=1" for n in range(DIRECT)]}, "tool": {"poetry": {}}}
    digest = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()
    tail = f'\n[metadata]\nlock-version = "2.1"\npython-versions = ">=3.11"\ncontent-hash = "{digest}"\n'
    return {"pyproject.toml": PROJECT + requirements() + "[tool.poetry]\n", "poetry.lock": "\n".join(repeated(entry, size)) + tail}


def pdm(size: int) -> dict[str, str]:
    """pdm.lock."""

    def entry(n: int) -> str:
        head = f'[[package]]\nname = "{name(n)}"\nversion = "1.0"\nrequires_python = ">=3.9"\nsummary = ""\ngroups = ["default"]\n'
        return f'{head}dependencies = [\n    "{name(n + 1)}>=1",\n]\n{files_of(n)}'

    wanted = {"dependencies": [f"{name(n)}>=1" for n in range(DIRECT)], "dev-dependencies": {}, "optional-dependencies": {}}
    wanted |= {"requires-python": ">=3.11", "resolution": {}, "sources": []}
    digest = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()
    head = (
        f'[metadata]\ngroups = ["default"]\nstrategy = ["inherit_metadata"]\nlock_version = "4.5.0"\ncontent_hash = "sha256:{digest}"\n\n'
    )
    return {
        "pyproject.toml": PROJECT + requirements() + "[tool.pdm]\ndistribution = false\n",
        "pdm.lock": head + "\n".join(repeated(entry, size)),
    }


def uv(size: int) -> dict[str, str]:
    """uv.lock."""

    def entry(n: int) -> str:
        base, host = name(n).replace("-", "_"), "https://files.pythonhosted.org/packages"
        return f"""[[package]]
name = "{name(n)}"
version = "1.0"
source = {{ registry = "https://pypi.org/simple" }}
dependencies = [
    {{ name = "{name(n + 1)}" }},
]
sdist = {{ url = "{host}/aa/bb/{base}-1.0.tar.gz", hash = "sha256:{sha256(n)}", size = {n}, upload-time = "2026-01-01T00:00:00Z" }}
wheels = [
    {{ url = "{host}/aa/bb/{base}-1.0-py3-none-any.whl", hash = "sha256:{sha256(-n)}", size = {n}, upload-time = "2026-01-01T00:00:00Z" }},
]
"""

    asked = "".join(f'    {{ name = "{name(n)}", specifier = ">=1" }},\n' for n in range(DIRECT))
    own = f'[[package]]\nname = "app"\nversion = "1.0"\nsource = {{ virtual = "." }}\n\n[package.metadata]\nrequires-dist = [\n{asked}]\n\n'
    lock = 'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n\n' + own + "\n".join(repeated(entry, size))
    return {"pyproject.toml": PROJECT + requirements(), "uv.lock": lock}


def pipenv(size: int) -> dict[str, str]:
    """Pipfile.lock."""

    def entry(n: int) -> str:
        hashes = f'                "sha256:{sha256(n)}",\n                "sha256:{sha256(-n)}"\n'
        return f'        "{name(n)}": {{\n            "hashes": [\n{hashes}            ],\n            "version": "==1.0"\n        }}'

    source = '[[source]]\nname = "pypi"\nurl = "https://pypi.org/simple"\nverify_ssl = true\n\n'
    sources = [{"name": "pypi", "url": "https://pypi.org/simple", "verify_ssl": True}]
    wanted = {"_meta": {"requires": {}, "sources": sources}, "default": {name(n): "*" for n in range(DIRECT)}, "develop": {}}
    digest = hashlib.sha256(json.dumps(wanted, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    meta = json.dumps({"hash": {"sha256": digest}, "pipfile-spec": 6, "requires": {}, "sources": sources}, indent=4)
    lock = f'{{\n    "_meta": {meta},\n    "default": {{\n' + ",\n".join(repeated(entry, size)) + '\n    },\n    "develop": {}\n}\n'
    return {"Pipfile": f"{source}[packages]\n" + "".join(f'{name(n)} = "*"\n' for n in range(DIRECT)), "Pipfile.lock": lock}


def cargo(size: int) -> dict[str, str]:
    """Cargo.lock."""

    def entry(n: int) -> str:
        index = "registry+https://github.com/rust-lang/crates.io-index"
        head = f'[[package]]\nname = "{name(n)}"\nversion = "1.0.0"\nsource = "{index}"\nchecksum = "{sha256(n)}"\n'
        return f'{head}dependencies = [\n "{name(n + 1)}",\n]\n'

    own = '[[package]]\nname = "app"\nversion = "1.0.0"\ndependencies = [\n' + "".join(f' "{name(n)}",\n' for n in range(DIRECT)) + "]\n\n"
    manifest = '[package]\nname = "app"\nversion = "1.0.0"\nedition = "2021"\n\n[dependencies]\n'
    return {
        "Cargo.toml": manifest + "".join(f'{name(n)} = "1"\n' for n in range(DIRECT)),
        "Cargo.lock": "version = 4\n\n" + own + "\n".join(repeated(entry, size)),
    }


def golang(size: int) -> dict[str, str]:
    """go.sum."""

    def entry(n: int) -> str:
        digest = base64.b64encode(hashlib.sha256(str(n).encode()).digest()).decode()
        return f"example.org/{name(n)} v1.0.0 h1:{digest}\nexample.org/{name(n)} v1.0.0/go.mod h1:{digest}\n"

    required = "".join(f"\texample.org/{name(n)} v1.0.0\n" for n in range(DIRECT))
    return {"go.mod": f"module example.org/app\n\ngo 1.22\n\nrequire (\n{required})\n", "go.sum": "".join(repeated(entry, size))}


def composer(size: int) -> dict[str, str]:
    """composer.lock."""
    required = {f"vendor/{name(n)}": "^1.0" for n in range(DIRECT)}
    text = json.dumps(dict(sorted({"name": "acme/app", "require": required}.items())), separators=(",", ":")).replace("/", "\\/")
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    def entry(n: int) -> str:
        return json.dumps(
            {
                "name": f"vendor/{name(n)}",
                "version": "1.0.0",
                "source": {"type": "git", "url": f"https://github.com/vendor/{name(n)}.git", "reference": sha256(n)[:40]},
                "dist": {
                    "type": "zip",
                    "url": f"https://api.github.com/repos/vendor/{name(n)}/zipball/{sha256(n)[:40]}",
                    "reference": sha256(n)[:40],
                    "shasum": "",
                },
                "require": {"php": ">=8.1", f"vendor/{name(n + 1)}": "^1.0"},
                "type": "library",
                "license": ["MIT"],
            },
            indent=4,
        )

    lock = f'{{\n    "content-hash": "{digest}",\n    "packages": [\n{listed(entry, size)}\n    ],\n    "packages-dev": []\n}}\n'
    return {"composer.json": json.dumps({"name": "acme/app", "require": required}, indent=4), "composer.lock": lock}


LOCKS: dict[str, Callable[[int], dict[str, str]]] = {
    "npm 3": npm,
    "npm 1": npm_1,
    "yarn 1": yarn,
    "yarn berry": berry,
    "pnpm": pnpm,
    "bun": bun,
    "poetry": poetry,
    "pdm": pdm,
    "uv": uv,
    "pipenv": pipenv,
    "cargo": cargo,
    "go": golang,
    "composer": composer,
}


def put(root: Path, files: dict[str, str]) -> list[str]:
    """Writes ``files`` below ``root``; their paths."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return [str(root / path) for path in files]


def main() -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("-n", type=int, default=5)
    options.add_argument("--megabytes", type=float, default=5)
    options.add_argument("--json", metavar="FILE")
    args = options.parse_args()
    size = int(args.megabytes * 1_000_000)
    ours = [sys.executable, "-m", "secops_hooks", "pins"]
    with tempfile.TemporaryDirectory() as directory:
        commands = {"bare": ([sys.executable, "-c", "pass"], Path(directory))}
        for title, made in [*LOCKS.items(), ("monorepo", lambda size: pnpm(size, MEMBERS)), ("no manifest", lambda _: FILES)]:
            root = Path(directory) / title.replace(" ", "-")
            put(root, made(size))
            commands[title] = ([*ours, "."], root)
        spent: dict[str, list[tuple[float, float]]] = {title: [] for title in commands}
        for turn in range(args.n + 1):
            for title, (command, root) in commands.items():
                seconds, peak, code = cpu(command, root)
                if code:
                    print(f"{title}: exit {code}: a lock that should be fresh and whole is not", file=sys.stderr)
                    return 1
                if turn:  # the first round warms the caches
                    spent[title].append((seconds, peak))
    bare = statistics.median(seconds for seconds, _ in spent["bare"])
    rows = {}
    for title, results in spent.items():
        seconds = statistics.median(each for each, _ in results)
        rows[title] = {"cpu_s": seconds, "ratio": seconds / bare, "peak_mib": max(peak for _, peak in results)}
        print(f"{title:14} {seconds * 1000:8.1f} ms {seconds / bare:7.1f} x bare {rows[title]['peak_mib']:7.1f} MiB")
    if args.json:
        Path(args.json).write_text(json.dumps(rows, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
