"""Rules for manifests and the lock files that belong to them."""

from __future__ import annotations

from ...finding import Example, Rule

RULES: tuple[Rule, ...] = (
    Rule(
        id="lock-missing",
        family="pins",
        title="no lock file fixes what these ranges resolve to",
        severity="medium",
        tier="warn",
        cwe=1357,
        why="Without a lock each installation resolves anew: what was tested is not what is deployed, and a bad release is taken in within minutes.",
        fix="Make the lock and commit it: uv lock, poetry lock, npm install --package-lock-only, pnpm install --lockfile-only.",
        references=("https://docs.npmjs.com/cli/configuring-npm/package-lock-json",),
        bad=(
            Example('{"private": true, «"dependencies"»: {"example-lib": "^1.2.0"}}\n', "package.json"),
            Example('[project]\nname = "app"\nversion = "1"\n«dependencies» = ["example-lib>=1"]\n', "pyproject.toml"),
        ),
        good=(
            Example(
                '{"private": true, "dependencies": {"example-lib": "^1.2.0"}}\n',
                "packages/web/package.json",
                (("pnpm-lock.yaml", "lockfileVersion: '9.0'\n"),),
            ),
            Example('{"private": true, "dependencies": {"example-lib": "1.2.0", "own": "workspace:*"}}\n', "package.json"),
            Example(
                '[project]\nname = "app"\nversion = "1"\ndependencies = ["example-lib>=1"]\n',
                "pyproject.toml",
                (("uv.lock", "version = 1\n"),),
            ),
        ),
    ),
    Rule(
        id="lock-ignored",
        family="pins",
        title="git is told to ignore the lock file",
        severity="medium",
        tier="warn",
        cwe=1357,
        why="A lock that is not committed fixes nothing for anybody else: CI and colleagues resolve anew.",
        fix="Take the lock's line out of .gitignore and commit the lock.",
        references=("https://docs.npmjs.com/cli/configuring-npm/package-lock-json",),
        bad=(
            Example(
                '{"private": true, «"dependencies"»: {"example-lib": "^1.2.0"}}\n',
                "package.json",
                ((".gitignore", "node_modules\npackage-lock.json\n"),),
            ),
        ),
        good=(
            Example(
                '{"private": true, "dependencies": {"example-lib": "^1.2.0"}}\n',
                "package.json",
                ((".gitignore", "node_modules\n"), ("package-lock.json", "{}\n")),
            ),
        ),
    ),
    Rule(
        id="two-locks",
        family="pins",
        title="two package managers' lock files lie side by side",
        severity="medium",
        tier="warn",
        cwe=1357,
        why="Each manager installs what its own lock says. Only one is kept up to date, so some machines run versions that nobody looks at any more.",
        fix="Keep the lock of the manager in use, delete the other, and name the manager (packageManager in package.json).",
        references=("https://docs.npmjs.com/cli/configuring-npm/package-lock-json",),
        bad=(Example("«»{}\n", "package-lock.json", (("yarn.lock", "# yarn lockfile v1\n"),)),),
        good=(
            Example(
                "{}\n", "package-lock.json", (("yarn.lock", "# yarn lockfile v1\n"), ("package.json", '{"packageManager": "npm@11.0.0"}'))
            ),
            Example("{}\n", "package-lock.json", (("other/yarn.lock", "# yarn lockfile v1\n"), ("npm-shrinkwrap.json", "{}"))),
        ),
    ),
    Rule(
        id="unpinned-dependency",
        family="pins",
        title="this dependency takes any version",
        severity="medium",
        tier="warn",
        cwe=1357,
        why="Whatever is newest at the time is taken in, unasked and unreviewed.",
        fix="Say a range that was tested, and commit a lock file.",
        references=("https://docs.npmjs.com/cli/configuring-npm/package-json#dependencies",),
        bad=(Example('{"private": true, "dependencies": {"example-lib": "«*»", "other-lib": "«latest»"}}\n', "package.json"),),
        good=(Example('{"private": true, "dependencies": {"example-lib": "1.2.0", "alias": "npm:other-lib@2.0.1"}}\n', "package.json"),),
    ),
)
