"""Rules for what a commit changes in a lock file."""

from __future__ import annotations

from ...finding import Example, Rule

_LOCK = "package-lock.json"
_REGISTRY = "https://registry.npmjs.org"


def _npm(*entries: str) -> str:
    return '{"lockfileVersion": 3, "packages": {' + ", ".join(entries) + "}}\n"


def _entry(name: str, version: str, hash: str, host: str = _REGISTRY, more: str = "") -> str:
    return f'"node_modules/{name}": {{"version": "{version}", "resolved": "{host}/{name}/-/{name}-{version}.tgz", "integrity": "{hash}"{more}}}'


RULES: tuple[Rule, ...] = (
    Rule(
        id="lock-hash-changed",
        family="pins",
        title="the same version now has another hash",
        severity="critical",
        tier="block",
        cwe=345,
        why="A registry never changes what it once released under a version. Another hash means another file: a poisoned mirror, or a lock somebody edited.",
        fix="Restore the lock of the parent commit and resolve anew; if the hash still differs, find out who serves that file before anything installs it.",
        references=("https://slsa.dev/spec/v1.2/threats",),
        bad=(
            Example(_npm(_entry("a", "1.0.0", "«sha512-bbbb»")), _LOCK, before=((_LOCK, _npm(_entry("a", "1.0.0", "sha512-aaaa"))),)),
            Example("example.org/m v1.0.0 «h1:bbbb=»\n", "go.sum", before=(("go.sum", "example.org/m v1.0.0 h1:aaaa=\n"),)),
            Example(
                '[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "registry+https://example.org/index"\nchecksum = "«bbbb»"\n',
                "Cargo.lock",
                before=(
                    (
                        "Cargo.lock",
                        '[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "registry+https://example.org/index"\nchecksum = "aaaa"\n',
                    ),
                ),
            ),
        ),
        good=(
            Example(_npm(_entry("a", "1.0.1", "sha512-bbbb")), _LOCK, before=((_LOCK, _npm(_entry("a", "1.0.0", "sha512-aaaa"))),)),
            Example(_npm(_entry("a", "1.0.0", "sha512-aaaa")), _LOCK, before=((_LOCK, _npm(_entry("a", "1.0.0", "sha1-aaaa"))),)),
            Example(
                '[[package]]\nname = "a"\nversion = "1.0.0"\nfiles = [\n    {file = "a.whl", hash = "sha256:'
                + "0a" * 32
                + '"},\n    {file = "b.whl", hash = "sha256:'
                + "0b" * 32
                + '"},\n]\n',
                "poetry.lock",
                before=(
                    (
                        "poetry.lock",
                        '[[package]]\nname = "a"\nversion = "1.0.0"\nfiles = [\n    {file = "a.whl", hash = "sha256:'
                        + "0a" * 32
                        + '"},\n]\n',
                    ),
                ),
            ),
        ),
    ),
    Rule(
        id="lock-integrity-removed",
        family="pins",
        title="a hash was taken out of the lock or weakened",
        severity="high",
        tier="block",
        cwe=353,
        why="Without a hash, whatever the server sends under that name is installed.",
        fix="Restore the hash, or resolve anew with the package manager.",
        references=("https://slsa.dev/spec/v1.2/threats",),
        bad=(
            Example(
                _npm('«"node_modules/a"»: {"version": "1.0.0"}'),
                _LOCK,
                before=((_LOCK, _npm(_entry("a", "1.0.0", "sha512-aaaa"))),),
            ),
            Example(_npm(_entry("a", "1.0.0", "«sha1-bbbb»")), _LOCK, before=((_LOCK, _npm(_entry("a", "1.0.0", "sha512-aaaa"))),)),
        ),
        good=(
            Example(_npm(_entry("a", "1.0.0", "sha512-aaaa")), _LOCK, before=((_LOCK, _npm('"node_modules/a": {"version": "1.0.0"}')),)),
        ),
    ),
    Rule(
        id="lock-new-host",
        family="pins",
        title="a package now comes from another host",
        severity="high",
        tier="warn",
        cwe=829,
        why="A lock can point any package anywhere; reviewers seldom read that far.",
        fix="Check the host; if it is right, suppress this with a reason, or list it in pins.hosts.",
        references=("https://slsa.dev/spec/v1.2/threats",),
        bad=(
            Example(
                _npm(_entry("a", "1.0.0", "sha512-aaaa", "https://«cdn.example.net»")),
                _LOCK,
                before=((_LOCK, _npm(_entry("a", "1.0.0", "sha512-aaaa"))),),
            ),
        ),
        good=(
            Example(
                _npm(_entry("a", "1.0.0", "sha512-aaaa"), _entry("b", "1.0.0", "sha512-bbbb")),
                _LOCK,
                before=((_LOCK, _npm(_entry("a", "1.0.0", "sha512-aaaa"))),),
            ),
        ),
    ),
    Rule(
        id="lock-new-install-script",
        family="pins",
        title="an update brings a script that runs on installation",
        severity="medium",
        tier="warn",
        cwe=506,
        why="Worms such as Shai-Hulud spread through releases to which they had added an install script.",
        fix="Look at the script before installing (npm view name@version scripts), and install with --ignore-scripts until then.",
        references=("https://docs.npmjs.com/cli/using-npm/scripts#life-cycle-scripts",),
        bad=(
            Example(
                _npm(
                    '«"node_modules/a"»' + _entry("a", "1.0.1", "sha512-bbbb", more=', "hasInstallScript": true')[len('"node_modules/a"') :]
                ),
                _LOCK,
                before=((_LOCK, _npm(_entry("a", "1.0.0", "sha512-aaaa"))),),
            ),
        ),
        good=(
            Example(
                _npm(_entry("a", "1.0.1", "sha512-bbbb", more=', "hasInstallScript": true')),
                _LOCK,
                before=((_LOCK, _npm(_entry("a", "1.0.0", "sha512-aaaa", more=', "hasInstallScript": true'))),),
            ),
        ),
    ),
    Rule(
        id="lock-downgrade",
        family="pins",
        title="a package goes back to an older version",
        severity="low",
        tier="audit",
        cwe=1395,
        why="An older version brings back the holes that newer ones closed.",
        fix="Check that going back is meant.",
        references=("https://slsa.dev/spec/v1.2/threats",),
        bad=(
            Example(
                _npm('«"node_modules/a"»' + _entry("a", "1.0.0", "sha512-aaaa")[len('"node_modules/a"') :]),
                _LOCK,
                before=((_LOCK, _npm(_entry("a", "1.2.0", "sha512-bbbb"))),),
            ),
        ),
        good=(
            Example(
                _npm(_entry("a", "1.0.0", "sha512-aaaa"), _entry("b/node_modules/a", "1.2.0", "sha512-bbbb")),
                _LOCK,
                before=((_LOCK, _npm(_entry("a", "1.2.0", "sha512-bbbb"))),),
            ),
        ),
    ),
)
