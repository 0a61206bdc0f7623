"""Rules for what is wrong inside one lock file, with their proof."""

from __future__ import annotations

from typing import Final

from ...finding import Example, Rule

_LOCK: Final = "package-lock.json"
_COMMIT: Final = "0123456789abcdef0123456789abcdef01234567"
_SLSA: Final = ("https://slsa.dev/spec/v1.0/threats",)


def _npm(entries: str) -> str:
    return '{"lockfileVersion": 3, "packages": {' + entries + "}}\n"


def _entry(anchor: str, url: str, hash: str = "sha512-aaaa") -> str:
    return f'{anchor}: {{"version": "1.0.0", "resolved": "{url}", "integrity": "{hash}"}}'


_GOOD: Final = Example(_npm(_entry('"node_modules/a"', "https://registry.npmjs.org/a/-/a-1.0.0.tgz")), _LOCK)
_MANY: Final = ", ".join(_entry(f'"node_modules/p{n}"', f"https://registry.npmjs.org/p{n}/-/p{n}-1.0.0.tgz") for n in range(8))

RULES: Final = (
    Rule(
        id="lock-invalid-commit",
        family="pins",
        title="the locked commit is no commit id",
        severity="critical",
        tier="block",
        cwe=88,
        why=(
            "A commit field goes onto git's command line. What begins with a dash is an option there, and options such as --upload-pack "
            "run commands (CVE-2026-50014); a branch or tag can be moved after the review."
        ),
        fix="Restore the lock, then resolve the dependency anew and lock its full commit id.",
        references=("https://git-scm.com/docs/git-fetch", *_SLSA),
        bad=(
            Example(
                "lockfileVersion: '9.0'\n\npackages:\n\n  b@https://codeload.example.org/b:\n"
                "    resolution: {commit: «--upload-pack=x», repo: https://example.org/b.git, type: git}\n",
                "pnpm-lock.yaml",
            ),
            Example('[[package]]\nname = "b"\nversion = "1.0.0"\nsource = "git+https://example.org/b#«main»"\n', "Cargo.lock"),
        ),
        good=(
            Example(f'[[package]]\nname = "b"\nversion = "1.0.0"\nsource = "git+https://example.org/b#{_COMMIT}"\n', "Cargo.lock"),
            Example(
                "lockfileVersion: '9.0'\n\npackages:\n\n  b@https://codeload.example.org/b:\n"
                f"    resolution: {{commit: {_COMMIT}, repo: https://example.org/b.git, type: git}}\n",
                "pnpm-lock.yaml",
            ),
        ),
    ),
    Rule(
        id="lock-name-mismatch",
        family="pins",
        title="the lock fetches another package's archive under this name",
        severity="high",
        tier="block",
        cwe=829,
        why="The manifest shows a harmless name while another package is installed; nobody sees that in a review of the manifest.",
        fix="Restore the lock and resolve anew. An alias that is meant is written as npm:name@range in the manifest.",
        references=_SLSA,
        bad=(Example(_npm(_entry('«"node_modules/a"»', "https://registry.npmjs.org/evil/-/evil-1.0.0.tgz")), _LOCK),),
        good=(
            _GOOD,
            Example(
                _npm(
                    '"node_modules/a": {"name": "real", "version": "1.0.0", '
                    '"resolved": "https://registry.npmjs.org/real/-/real-1.0.0.tgz", "integrity": "sha512-aaaa"}'
                ),
                _LOCK,
            ),
        ),
    ),
    Rule(
        id="lock-shape-mismatch",
        family="pins",
        title="a registry release in name, fetched from elsewhere",
        severity="high",
        tier="block",
        cwe=829,
        why="The key says that a registry's release is installed; what is fetched is a repository or directory that nobody released.",
        fix="Restore the lock and resolve anew.",
        references=_SLSA,
        bad=(
            Example(
                "lockfileVersion: '9.0'\n\npackages:\n\n  «b@1.0.0»:\n"
                f"    resolution: {{commit: {_COMMIT}, repo: https://example.org/b.git, type: git}}\n",
                "pnpm-lock.yaml",
            ),
        ),
        good=(Example("lockfileVersion: '9.0'\n\npackages:\n\n  b@1.0.0:\n    resolution: {integrity: sha512-aaaa}\n", "pnpm-lock.yaml"),),
    ),
    Rule(
        id="lock-plain-http",
        family="pins",
        title="the lock fetches a package without TLS",
        severity="high",
        tier="block",
        cwe=319,
        why="Anybody between you and the server can answer in its place.",
        fix="Let the registry's URL begin with https:// and resolve anew.",
        references=("https://slsa.dev/spec/v1.0/threats",),
        bad=(
            Example(_npm(_entry('"node_modules/a"', "«http://registry.npmjs.org»/a/-/a-1.0.0.tgz")), _LOCK),
            Example("GEM\n  remote: «http://rubygems.org»/\n  specs:\n    rake (13.0.0)\n\nDEPENDENCIES\n  rake\n", "Gemfile.lock"),
        ),
        good=(_GOOD, Example(_npm(_entry('"node_modules/a"', "http://localhost:4873/a/-/a-1.0.0.tgz")), _LOCK)),
    ),
    Rule(
        id="lock-foreign-host",
        family="pins",
        title="a few packages come from a host of their own",
        severity="medium",
        tier="warn",
        cwe=829,
        why="A lock can point any package anywhere, and reviewers seldom read that far.",
        fix="Check the host; if it is right, list it in pins.hosts.",
        references=_SLSA,
        bad=(Example(_npm(_MANY + ", " + _entry('«"node_modules/a"»', "https://cdn.example.net/a.tgz")), _LOCK),),
        good=(Example(_npm(_MANY), _LOCK), Example(_npm(_entry('"node_modules/a"', "https://npm.example.com/a/-/a-1.0.0.tgz")), _LOCK)),
    ),
    Rule(
        id="lock-missing-integrity",
        family="pins",
        title="packages in this lock have no hash",
        severity="medium",
        tier="warn",
        cwe=353,
        why="Without a hash, whatever the server sends under that name and version is installed.",
        fix="Resolve anew with a current version of the package manager; npm needs the entries removed first.",
        references=_SLSA,
        bad=(
            Example(
                _npm('«"node_modules/a"»: {"version": "1.0.0", "resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz"}'),
                _LOCK,
            ),
            Example(
                'version = 3\n\n[[package]]\nname = «"b"»\nversion = "1.0.0"\n'
                'source = "registry+https://github.com/rust-lang/crates.io-index"\n',
                "Cargo.lock",
            ),
        ),
        good=(
            _GOOD,
            Example(_npm('"packages/b": {"version": "1.0.0"}, "node_modules/b": {"resolved": "packages/b", "link": true}'), _LOCK),
        ),
    ),
    Rule(
        id="lock-weak-integrity",
        family="pins",
        title="packages in this lock have only a weak hash",
        severity="low",
        tier="audit",
        cwe=328,
        why="Two files with the same SHA-1 or MD5 can be made.",
        fix="Resolve anew with a current version of the package manager, which writes SHA-512 or SHA-256.",
        references=("https://shattered.io/",),
        bad=(Example(_npm(_entry('«"node_modules/a"»', "https://registry.npmjs.org/a/-/a-1.0.0.tgz", "sha1-aaaa")), _LOCK),),
        good=(_GOOD,),
    ),
    Rule(
        id="lock-git-dependency",
        family="pins",
        title="a package comes from a git repository",
        severity="low",
        tier="audit",
        cwe=829,
        why="A repository has no releases that are scanned, signed or kept; its build scripts run on your machine.",
        fix="Use a release of a registry where there is one.",
        references=_SLSA,
        bad=(Example(f'[[package]]\nname = "b"\nversion = "1.0.0"\nsource = "«git+https://example.org/b#{_COMMIT}»"\n', "Cargo.lock"),),
        good=(_GOOD,),
    ),
)
