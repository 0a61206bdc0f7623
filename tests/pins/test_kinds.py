"""One small file of every kind that pulls something in: what is found in it, and where."""

from __future__ import annotations

import pytest

from secops_hooks.files.filetype import detect
from secops_hooks.files.tree import MemoryTree
from secops_hooks.parse import load
from secops_hooks.pins.check import COLLECTORS, check
from secops_hooks.policy.settings import Settings

# path, text, and line, column and rule of each finding
KINDS: list[tuple[str, str, list[tuple[int, int, str]]]] = [
    (
        "Jenkinsfile",
        "@Library(['a@main','b@v1']) _\npipeline {\n agent { docker { image 'maven:3' } }\n stages { stage('x') { steps { sh 'pip install foo' } } }\n}\n",
        [(1, 12, "unpinned-ci-include"), (1, 21, "unpinned-ci-include"), (3, 26, "unpinned-image")],
    ),
    (
        ".github/workflows/x.yml",
        "on: push\njobs:\n  a:\n    runs-on: x\n    strategy:\n      matrix:\n        image: ['node:18','alpine:latest']\n    container: ${{ matrix.image }}\n    steps:\n      - uses: ./x\n      - uses: docker://ghcr.io/a/b:latest\n      - run: |\n          curl -sSL https://x.org/i.sh | bash\n          pip install -r requirements.txt\n",
        [
            (7, 18, "unpinned-image"),
            (7, 28, "image-latest"),
            (11, 15, "image-latest"),
            (13, 21, "unverified-download"),
            (14, 26, "unhashed-install"),
        ],
    ),
    (
        "Cargo.toml",
        '[package]\nname="a"\nversion="1.0.0"\n[dependencies]\nserde = "1"\nx = { git = "https://github.com/a/x", branch = "main" }\ny = { version = "*" }\n',
        [(4, 2, "lock-missing"), (6, 49, "mutable-git-ref"), (7, 18, "unpinned-dependency")],
    ),
    (
        "go.mod",
        "module x\n\ngo 1.22\n\nrequire (\n\ta.b/c v1.0.0\n)\nreplace a.b/c => github.com/fork/c v1.0.1\n",
        [(5, 1, "lock-missing")],
    ),
    ("vendor/a.b/c/go.mod", "module a.b/c\n\nrequire d.e/f v1.0.0\n", []),
    ("pkg/testdata/x/go.mod", "module x\n\nrequire d.e/f v1.0.0\n", []),
    (
        "Gemfile",
        'source "https://rubygems.org"\ngem "rails", "~> 7"\ngem "x", git: "https://github.com/a/x", branch: "main"\ngem "y", github: "a/y", ref: "0123456789abcdef0123456789abcdef01234567"\n',
        [(2, 1, "lock-missing"), (3, 16, "mutable-git-ref")],
    ),
    (
        "pom.xml",
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><groupId>g</groupId><dependencies><dependency><groupId>a</groupId><artifactId>b</artifactId><version>LATEST</version></dependency><dependency><groupId>g</groupId><artifactId>own</artifactId><version>1-SNAPSHOT</version></dependency></dependencies></project>',
        [(1, 153, "unpinned-dependency")],
    ),
    (
        "app.csproj",
        '<Project><ItemGroup><PackageReference Include="A" Version="1.*" /><PackageReference Include="B" Version="[1.0.0]" /><PackageReference Include="C" Version="2.0.0"/></ItemGroup></Project>',
        [(1, 60, "unpinned-dependency")],
    ),
    (
        "build.gradle",
        "dependencies {\n  implementation 'a.b:c:1.+'\n  implementation \"a.b:d:latest.release\"\n  api 'x:y:1.0'\n}\n",
        [(2, 25, "unpinned-dependency"), (3, 25, "unpinned-dependency")],
    ),
    (
        "Package.swift",
        'let package = Package(dependencies: [ .package(url: "https://github.com/a/b", branch: "main"), .package(url: "https://x/y", from: "1.0.0") ])\n',
        [(1, 88, "mutable-git-ref")],
    ),
    ("Podfile", "pod 'A', :git => 'https://x/a.git', :branch => 'dev'\npod 'B', '~> 1'\n", [(1, 19, "mutable-git-ref")]),
    ("mix.exs", 'defp deps do [{:a, "~> 1.0"}, {:b, git: "https://x/b.git", branch: "main"}] end\n', [(1, 42, "mutable-git-ref")]),
    (
        "default.nix",
        "{ pkgs ? import <nixpkgs> {} }: builtins.fetchTarball https://github.com/NixOS/nixpkgs/archive/master.tar.gz\n",
        [(1, 17, "unpinned-dependency"), (1, 55, "url-without-hash")],
    ),
    (
        "environment.yml",
        "name: x\nchannels: [conda-forge]\ndependencies:\n  - python=3.12\n  - numpy\n  - pip:\n    - foo\n",
        [(5, 5, "unpinned-dependency"), (7, 7, "unpinned-dependency")],
    ),
    ("Pipfile", '[[source]]\nurl="https://pypi.org/simple"\n[packages]\nrequests="*"\n', [(3, 2, "lock-missing")]),
    (
        "composer.json",
        '{"type":"project","require":{"php":">=8","a/b":"dev-main","c/d":"*","e/f":"^1"}}',
        [(1, 19, "lock-missing"), (1, 49, "mutable-git-ref"), (1, 66, "unpinned-dependency")],
    ),
    (
        "pubspec.yaml",
        "name: x\ndependencies:\n  a: any\n  b:\n    git:\n      url: https://x/b\n      ref: main\n",
        [(3, 6, "unpinned-dependency"), (7, 12, "mutable-git-ref")],
    ),
    (
        "requirements.yml",
        'collections:\n  - community.general\n  - name: a.b\n    version: ">=1"\nroles:\n  - src: https://github.com/a/role.git\n    version: master\n',
        [(2, 5, "unpinned-dependency"), (4, 15, "unpinned-dependency"), (7, 14, "mutable-git-ref")],
    ),
    (
        "tool.py",
        '#!/usr/bin/env -S uv run\n# /// script\n# dependencies = ["requests", "rich==13.0.0"]\n# ///\nprint()\n',
        [(3, 20, "unpinned-dependency")],
    ),
    (
        "setup.py",
        'from setuptools import setup\nsetup(name="x", install_requires=["a>=1", "b @ git+https://h/b@main"], setup_requires=["c"])\n',
        [(2, 48, "mutable-git-ref"), (2, 89, "unpinned-build-requirement")],
    ),
    (
        "setup.cfg",
        "[options]\ninstall_requires =\n    a>=1\n    b @ git+http://h/b@main\n",
        [(4, 9, "mutable-git-ref"), (4, 9, "plain-http-source")],
    ),
    (".tekton/t.yml", "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - image: ubuntu\n", [(5, 14, "image-untagged")]),
    (
        ".gitlab-ci.yml",
        'image: python:latest\nbuild:\n  image: {name: "a/b"}\n  services: [postgres]\n  script:\n    - pip install a\n',
        [(1, 8, "image-latest"), (3, 18, "image-untagged"), (4, 14, "image-untagged"), (6, 19, "unpinned-install")],
    ),
    (
        ".circleci/config.yml",
        'version: 2.1\njobs:\n  a:\n    docker: [{image: "cimg/base:stable"}]\n    steps:\n      - run: npm install -g a\n      - run: {command: "gem install b"}\n',
        [(4, 23, "unpinned-image"), (6, 29, "unpinned-install"), (7, 37, "unpinned-install")],
    ),
    (
        "azure-pipelines.yml",
        "jobs:\n  - job: a\n    container: ubuntu:latest\n    steps:\n      - script: npx -y a\n",
        [(3, 16, "image-latest"), (5, 24, "unpinned-install")],
    ),
    (
        "bitbucket-pipelines.yml",
        'image: node\npipelines:\n  default:\n    - step:\n        image: {name: "a/b:latest"}\n        script: ["pip install a"]\n',
        [(1, 8, "image-untagged"), (5, 24, "image-latest"), (6, 31, "unpinned-install")],
    ),
    (
        ".drone.yml",
        'kind: pipeline\nsteps:\n  - name: a\n    image: golang:latest\n    commands: ["go install x.org/t@latest"]\n',
        [(4, 12, "image-latest"), (5, 28, "unpinned-install")],
    ),
    (".woodpecker.yml", "steps:\n  a:\n    image: alpine\n", [(3, 12, "image-untagged")]),
    ("cloudbuild.yaml", "steps:\n  - name: gcr.io/cloud-builders/docker\n", [(2, 11, "image-untagged")]),
    (".travis.yml", "language: python\ninstall:\n  - pip install a\nscript: pytest\n", [(3, 17, "unpinned-install")]),
    ("buildspec.yml", "version: 0.2\nphases:\n  build:\n    commands:\n      - npm install -g a\n", [(5, 24, "unpinned-install")]),
    (
        "compose.yaml",
        'services:\n  a: {image: redis}\n  b: {build: "https://github.com/o/r.git#main"}\n',
        [(2, 14, "image-untagged"), (3, 15, "mutable-git-ref")],
    ),
    ("kustomization.yaml", "images:\n  - name: a\n    newTag: latest\n", [(3, 13, "image-latest")]),
    (
        "stack.yaml",
        'AWSTemplateFormatVersion: "2010-09-09"\nResources:\n  T:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      ContainerDefinitions:\n        - Image: web:latest\n',
        [(7, 18, "image-latest")],
    ),
    (
        "job.nomad",
        'job "a" {\n  group "g" {\n    task "t" {\n      config {\n        image = "web:latest"\n      }\n    }\n  }\n}\n',
        [(5, 18, "image-latest")],
    ),
    (
        ".devcontainer/devcontainer.json",
        '{"image": "a/b", "postCreateCommand": "pip install a", "features": {"ghcr.io/o/f/x": {}}}\n',
        [(1, 12, "image-untagged"), (1, 52, "unpinned-install"), (1, 70, "unpinned-feature")],
    ),
    ("gradle/libs.versions.toml", '[versions]\na = "1.+"\nb = "1.0"\n', [(2, 6, "unpinned-dependency")]),
    (
        ".mvn/wrapper/maven-wrapper.properties",
        "distributionUrl=http://repo.example.org/maven-3.9.zip\n",
        [(1, 17, "plain-http-source"), (1, 17, "wrapper-without-checksum")],
    ),
    (
        "charts/a/templates/pod.yaml",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: busybox\n    - image: {{ .Values.image }}\n",
        [(5, 14, "image-untagged")],
    ),
    (
        ".gemini/settings.json",
        '{"mcpServers": {"a": {"command": "docker", "args": ["run", "-i", "--rm", "-e", "X", "mcp/a"]}}}\n',
        [(1, 86, "image-untagged")],
    ),
    (
        "pyproject.toml",
        '[[tool.uv.index]]\nurl = "http://a.io/simple"\n[[tool.poetry.source]]\nurl = "http://b.io/simple"\n[[tool.pdm.source]]\nurl = "https://c.example"\n',
        [(2, 8, "plain-http-source"), (4, 8, "plain-http-source")],
    ),
    (
        "Pipfile",
        '[[source]]\nurl = "http://a.io/simple"\n[packages]\na = "==1"\nb = {file = "https://b.example/b.zip"}\n',
        [(2, 8, "plain-http-source"), (5, 14, "url-without-hash")],
    ),
    (
        "setup.cfg",
        "[options]\ndependency_links =\n    http://a.io/x\n    https://a.example/y\n[options.extras_require]\nt =\n    c @ https://c.example/c.whl\n",
        [(3, 5, "plain-http-source"), (7, 9, "url-without-hash")],
    ),
    (
        "package.json",
        '{"name": "a", "version": "1.0.0", "pnpm": {"overrides": {"b": "github:o/b", "c": "1.0.0"}}}\n',
        [(1, 64, "mutable-git-ref")],
    ),
    (
        "Gemfile",
        f'git "https://github.com/o/j" do\n  gem "j"\nend\ngit "https://github.com/o/k", ref: "{"0123456789" * 4}" do\nend\n',
        [(1, 6, "mutable-git-ref"), (2, 3, "lock-missing")],
    ),
    (
        "pom.xml",
        "<project>\n<repositories><repository><url>http://a.io/m</url></repository></repositories>\n<url>http://project.example</url>\n</project>\n",
        [(2, 32, "plain-http-source")],
    ),
    (
        "build.gradle",
        "plugins { id 'x.y' version '1.+' }\nrepositories {\n  maven {\n    url 'http://a.io'\n  }\n  // maven { url 'http://b.io' }\n}\n"
        "dependencies { api group: 'a', name: 'b', version: 'latest.release' }\npublishing { pom { url = 'http://c.io' } }\n",
        [(1, 29, "unpinned-dependency"), (4, 10, "plain-http-source"), (8, 53, "unpinned-dependency")],
    ),
    (
        "build.gradle.kts",
        'repositories { maven { url = uri("http://a.io") } }\nplugins { id("x.y") version "1.0" }\n',
        [(1, 35, "plain-http-source")],
    ),
    (
        "app.csproj",
        '<Project><ItemGroup><PackageReference Include="A" VersionOverride="1.*" /></ItemGroup></Project>\n',
        [(1, 68, "unpinned-dependency")],
    ),
    (
        "nuget.config",
        '<configuration><packageSources>\n<add key="x" value="http://a.io/v3" />\n</packageSources></configuration>\n',
        [(2, 21, "plain-http-source")],
    ),
    (
        "Package.swift",
        'let package = Package(dependencies: [ .package(url: "http://a.io/b", from: "1.0.0") ])\n',
        [(1, 54, "plain-http-source")],
    ),
    ("pubspec.yaml", "name: x\ndependencies:\n  f:\n    hosted: http://a.io\n    version: ^1\n", [(4, 13, "plain-http-source")]),
    (
        "compose.yaml",
        "services:\n  a:\n    image: redis\n  b:\n    image: ${IMAGE}\n  c:\n    build:\n      dockerfile_inline: |\n        FROM alpine AS x\n        FROM x\n"
        "      additional_contexts:\n        - base=docker-image://busybox\n        - other=../other\n",
        [(3, 12, "image-untagged"), (9, 14, "image-untagged"), (12, 16, "image-untagged")],
    ),
    (
        ".tekton/run.yaml",
        "apiVersion: tekton.dev/v1\nkind: PipelineRun\nspec:\n  pipelineRef:\n    resolver: git\n    params:\n      - {name: url, value: https://github.com/o/r}\n"
        "      - {name: revision, value: main}\n---\napiVersion: tekton.dev/v1\nkind: TaskRun\nspec:\n  taskRef:\n    bundle: ghcr.io/o/b\n",
        [(8, 33, "mutable-git-ref"), (14, 13, "image-untagged")],
    ),
    (
        ".tekton/pinned.yaml",
        "apiVersion: tekton.dev/v1\nkind: PipelineRun\nspec:\n  pipelineRef:\n    resolver: git\n    params:\n      - {name: url, value: https://github.com/o/r}\n"
        f"      - {{name: revision, value: {'0123456789' * 4}}}\n",
        [],
    ),
    ("flake.nix", '{\n  inputs.a.url = "github:o/a";\n}\n', [(2, 3, "lock-missing")]),
    (
        "default.nix",
        '{\n  a = builtins.fetchTarball { url = "https://a.example/a.tgz"; };\n  b = fetchTarball {\n    url = "https://a.example/b.tgz";\n    sha256 = "00";\n  };\n'
        f'  c = builtins.fetchGit "https://a.example/c";\n  d = builtins.fetchGit {{ url = "https://a.example/d"; rev = "{"0123456789" * 4}"; }};\n}}\n',
        [(2, 38, "url-without-hash"), (7, 26, "mutable-git-ref")],
    ),
    (
        ".tool-versions",
        "terraform latest:1.5\nnodejs lts-iron\npython 3.12.1\n",
        [(1, 11, "unpinned-developer-tool"), (2, 8, "unpinned-developer-tool")],
    ),
]


@pytest.mark.parametrize(("path", "text", "expected"), [pytest.param(*row, id=row[0]) for row in KINDS])
def test_kind(path: str, text: str, expected: list[tuple[int, int, str]]) -> None:
    tree = MemoryTree({path: text})
    file = load(tree, path)
    assert file is not None
    found = [(each.span.line, each.span.col, each.rule.id) for each in check(file, tree, Settings(tier="audit"))]
    assert sorted(found) == expected


def test_every_kind_of_manifest_is_in_the_table_or_among_the_examples() -> None:
    from secops_hooks.pins.check import rules

    files = [(path, text) for path, text, _ in KINDS]
    files += [(example.path, example.text) for rule in rules().values() for example in rule.bad]
    seen = {kind for path, text in files for kind in detect(path, text).kinds}
    assert {kind for kind in COLLECTORS if "lock" not in kind and kind != "go-sum"} - seen == set()
