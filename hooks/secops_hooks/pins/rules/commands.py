"""Rules for commands that install or download: ``RUN``, ``run:``, scripts, configurations of agents."""

from __future__ import annotations

from ...finding import Example, Rule

_BASE = "FROM scratch\n"
_COMMIT = "3f2c9a1b" * 5

RULES: tuple[Rule, ...] = (
    Rule(
        id="unpinned-install",
        family="pins",
        title="this command installs whatever is newest",
        severity="low",
        tier="audit",
        cwe=1357,
        why="The same script gives another result tomorrow; a tool that was taken over an hour ago runs with everything this job may do.",
        fix="Name a version: name==1.2.3 (pip), name@1.2.3 (npm, npx, uvx, go, cargo), name:1.2.3 (gem).",
        equivalents=(
            "hadolint:DL3013",
            "hadolint:DL3016",
            "hadolint:DL3028",
            "hadolint:DL3062",
            "kics:02d9c71f",
            "kics:e36d8880",
            "kics:22cd11f7",
            "zizmor:adhoc-packages",
            "zizmor:unpinned-tools",
            "scorecard:pinned-dependencies",
        ),
        references=("https://docs.docker.com/build/building/best-practices/",),
        bad=(
            Example(
                _BASE + "RUN pip install --no-cache-dir «example-lib» other-lib==1.0 && npm install -g «example-tool@^2»\n", "Dockerfile"
            ),
            Example(
                "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: |\n          uvx «example-tool» check\n          go install «example.org/tool@latest»\n",
                ".github/workflows/ci.yml",
            ),
            Example("#!/bin/sh\ncargo install «example-tool»\ngem install «example»\n", "setup.sh"),
        ),
        good=(
            Example(_BASE + "RUN pip install example-lib==1.4.2 && npm install -g example-tool@2.0.1\n", "Dockerfile"),
            Example(_BASE + 'RUN pip install "example-lib==${VERSION}" $PACKAGES\n', "Dockerfile"),
            Example("#!/bin/sh\nnpx tsc --noEmit\ngo install ./cmd/tool\ncargo install --locked example-tool@1.2.3\n", "setup.sh"),
        ),
    ),
    Rule(
        id="unhashed-install",
        family="pins",
        title="this command installs by version, without checking content",
        severity="low",
        tier="audit",
        cwe=494,
        why="An index, a mirror or a proxy can serve something else under the same version.",
        fix="Install from a lock with hashes: pip install --require-hashes -r requirements.txt, uv sync --locked, npm ci.",
        equivalents=("scorecard:pinned-dependencies", "zizmor:adhoc-packages"),
        references=("https://pip.pypa.io/en/stable/topics/secure-installs/#hash-checking-mode",),
        bad=(Example(_BASE + "RUN pip install «example-lib==1.4.2»\nRUN pip install -r «requirements.txt»\n", "Dockerfile"),),
        good=(Example(_BASE + "RUN pip install --require-hashes -r requirements.txt\nRUN npm ci\n", "Dockerfile"),),
    ),
    Rule(
        id="unlocked-install",
        family="pins",
        title="this command does not hold to the lock file",
        severity="low",
        tier="audit",
        cwe=1357,
        why="When manifest and lock disagree it resolves anew and installs versions that nobody has seen, without a word.",
        fix="Use the command that fails instead: npm ci, pnpm install --frozen-lockfile, yarn install --immutable, uv sync --locked, cargo install --locked.",
        equivalents=("scorecard:pinned-dependencies",),
        references=("https://docs.npmjs.com/cli/commands/npm-ci",),
        bad=(
            Example(_BASE + "RUN npm «install»\n", "Dockerfile"),
            Example("#!/bin/sh\ncargo install «example-tool@1.2.3»\nuv «sync»\n", "setup.sh"),
        ),
        good=(
            Example(_BASE + "RUN npm ci\n", "Dockerfile"),
            Example("#!/bin/sh\ncargo install --locked example-tool@1.2.3\nuv sync --frozen\n", "setup.sh"),
        ),
    ),
    Rule(
        id="unpinned-system-package",
        family="pins",
        title="distribution packages are installed without versions",
        severity="low",
        tier="audit",
        cwe=1357,
        why="The same build gives other packages tomorrow. Distributions drop old versions, so pinning them is only worth it with a snapshot mirror.",
        fix="Pin the base image by digest; where builds must repeat exactly, use a snapshot mirror and name=version.",
        equivalents=(
            "hadolint:DL3008",
            "hadolint:DL3018",
            "hadolint:DL3033",
            "hadolint:DL3037",
            "hadolint:DL3041",
            "kics:965a08d7",
            "kics:d3499f6d",
            "kics:6452c424",
            "kics:562952e4",
            "kics:93d88cf7",
        ),
        references=("https://docs.docker.com/build/building/best-practices/#apt-get",),
        bad=(
            Example(
                _BASE
                + "RUN apt-get update && apt-get install -y --no-install-recommends «curl» git\nRUN apk add --no-cache a=1.2 «bash»\n",
                "Dockerfile",
            ),
        ),
        good=(
            Example(
                _BASE
                + "RUN apt-get install -y curl=8.14.1-2 && apk add --virtual build 'gcc~=14' && dnf install -y tool-1.2.3\nRUN apt-get install -y $PACKAGES\n",
                "Dockerfile",
            ),
        ),
    ),
    Rule(
        id="unverified-download",
        family="pins",
        title="a download is run without a check",
        severity="high",
        tier="warn",
        cwe=494,
        why="Whoever controls the server, the account or the path decides what runs here.",
        fix="Save it, compare its sha256 with one written down here (sha256sum -c) or verify a signature, then run it.",
        equivalents=("scorecard:pinned-dependencies", "poutine:unverified_script_exec"),
        references=("https://github.com/ossf/scorecard/blob/main/docs/checks.md#pinned-dependencies",),
        bad=(
            Example("#!/bin/sh\ncurl -fsSL «https://get.example.org/install.sh» | sh\n", "setup.sh"),
            Example("#!/bin/bash\nwget -q -O /tmp/tool «https://get.example.org/tool»\nchmod +x /tmp/tool\n/tmp/tool\n", "setup.sh"),
            Example("#!/bin/bash\nbash <(curl -s «https://get.example.org/install.sh»)\n", "setup.sh"),
        ),
        good=(
            Example(f"#!/bin/sh\ncurl -fsSL https://raw.githubusercontent.com/example/tool/{_COMMIT}/install.sh | sh\n", "setup.sh"),
            Example(
                '#!/bin/sh\ncurl -o tool https://get.example.org/tool\necho "$SUM  tool" | sha256sum -c -\nchmod +x tool && ./tool\n',
                "setup.sh",
            ),
            Example(
                "#!/bin/sh\ncurl -s https://api.example.org/status | python3 -m json.tool\ncurl http://localhost:8080/x | sh\n", "setup.sh"
            ),
        ),
    ),
    Rule(
        id="task-installs-latest",
        family="pins",
        title="this task upgrades to whatever is newest on every run",
        severity="low",
        tier="audit",
        cwe=1357,
        why="Each run may change what is installed, on some hosts and not on others, with releases that nobody has tested.",
        fix="Name a version, or use state: present and upgrade on purpose.",
        equivalents=("ansible-lint:package-latest", "kics:c05e2c20"),
        references=("https://docs.ansible.com/projects/lint/rules/package-latest/",),
        bad=(
            Example(
                "- hosts: all\n  tasks:\n    - name: web\n      ansible.builtin.apt:\n        name: nginx\n        state: «latest»\n",
                "playbooks/site.yml",
            ),
        ),
        good=(
            Example(
                "- hosts: all\n  tasks:\n    - name: web\n      ansible.builtin.apt:\n        name: nginx=1.26\n        state: present\n",
                "playbooks/site.yml",
            ),
            Example(
                '- hosts: all\n  tasks:\n    - name: web\n      ansible.builtin.apt:\n        name: nginx\n        state: "{{ state }}"\n',
                "playbooks/site.yml",
            ),
        ),
    ),
)
