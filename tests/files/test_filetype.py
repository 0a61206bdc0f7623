"""File kinds from path and content."""

from __future__ import annotations

import re

import pytest

from secops_hooks.files.filetype import _NAMES, _TRAITS, _alternatives, by_path, detect, path_traits
from secops_hooks.parse import MODULES

PATHS = {
    "Dockerfile": ("dockerfile", {"dockerfile"}, ""),
    "build/Dockerfile.prod": ("dockerfile", {"dockerfile"}, ""),
    "api.dockerfile": ("dockerfile", {"dockerfile"}, ""),
    "Containerfile": ("dockerfile", {"dockerfile"}, ""),
    "Dockerfile.j2": ("dockerfile", {"dockerfile"}, "jinja"),
    "docker-compose.override.yml": ("yaml", {"compose"}, ""),
    "compose.yaml": ("yaml", {"compose"}, ""),
    ".github/workflows/ci.yml": ("yaml", {"github-workflow", "ci"}, ""),
    "sub/action.yaml": ("yaml", {"github-action", "ci"}, ""),
    ".gitlab-ci.yml": ("yaml", {"gitlab-ci", "ci"}, ""),
    "charts/a/templates/deployment.yaml": ("yaml", {"helm-template"}, "go"),
    "charts/a/values-prod.yaml": ("yaml", {"helm-values"}, ""),
    "main.tf": ("hcl", {"terraform"}, ""),
    "infra/main.bicep": ("bicep", {"arm"}, ""),
    "nginx/conf.d/site.conf": ("directives", {"nginx"}, ""),
    "etc/ssh/sshd_config": ("directives", {"sshd"}, ""),
    "src/main/resources/application-prod.yml": ("yaml", {"spring"}, ""),
    "app/settings/production.py": ("", {"django-settings", "python"}, ""),
    "package-lock.json": ("json", {"lock", "npm-lock"}, ""),
    "requirements-dev.txt": ("", {"requirements"}, ""),
    ".env.production": ("env", {"dotenv"}, ""),
    "roles/web/tasks/main.yml": ("yaml", {"ansible"}, ""),
    "id_rsa": ("", set(), ""),
    "notes.txt": ("", set(), ""),
}


@pytest.mark.parametrize("path", PATHS)
def test_by_path(path: str) -> None:
    format, kinds, template = by_path(path)
    assert (format, set(kinds), template) == PATHS[path]


CONTENT = {
    "manifest under any name": ("x.yaml", "apiVersion: v1\nkind: Pod\n", "kubernetes", True),
    "manifest as JSON": ("x.json", '{\n  "apiVersion": "v1",\n  "kind": "Pod"\n}\n', "kubernetes", True),
    "second document": ("x.yaml", "a: 1\n---\napiVersion: v1\nkind: Pod\n", "kubernetes", True),
    "a values file is no manifest": ("values.yaml", "apiVersion: v1\nkind: Pod\n", "kubernetes", False),
    "compose under another name": ("stack.yml", "services:\n  web:\n    image: x\n", "compose", True),
    "services of something else": ("x.yml", "services:\n  - a\n", "compose", False),
    "workflow under another path": ("ci/build.yml", "on: push\njobs:\n  a:\n    runs-on: x\n", "github-workflow", True),
    "cloudformation": ("x.yaml", "AWSTemplateFormatVersion: '2010-09-09'\n", "cloudformation", True),
    "shell by its first line": ("deploy", "#!/usr/bin/env bash\n", "shell", True),
    "python by its first line": ("tool", "#!/usr/bin/env python3\n", "python", True),
    "a playbook": ("x.yml", "- name: a\n  hosts: all\n", "ansible", True),
    "a site of nginx": ("etc/sites-enabled/app", "server {\n  listen 80;\n}\n", "nginx", True),
    "a site of Apache": ("etc/apache/sites-available/app.conf", "<VirtualHost *:80>\n</VirtualHost>\n", "apache", True),
    "a directory conf.d of something else": ("etc/fonts/conf.d/README", "Each file in this directory\n", "nginx", False),
}


@pytest.mark.parametrize("name", CONTENT)
def test_by_content(name: str) -> None:
    path, text, kind, expected = CONTENT[name]
    assert (kind in detect(path, text).kinds) is expected


@pytest.mark.parametrize("path", ["docs/index.md", "posts/a.markdown", "page.html", "x.njk"])
def test_front_matter_does_not_make_a_text_yaml(path: str) -> None:
    assert detect(path, "---\ntitle: a\n---\n\n`code`: %x\n").format == ""


def test_yaml_without_an_extension() -> None:
    assert detect("config/app", "---\na: b\n").format == "yaml"


TRAITS = {
    "tests/test_a.py": {"test"},
    "src/app/main.py": set(),
    "config/production.yml": {"production"},
    "deploy/values-prod.yaml": {"production"},
    "docs/guide.md": {"docs", "example"},
    "examples/a.yml": {"example"},
    ".env.example": {"example"},
    "node_modules/a/index.js": {"vendored"},
    "static/app.min.js": {"generated"},
    "src/product.py": set(),
    "contest/a.py": set(),
    "t/unit/a.py": {"test"},
    "docs_src/a.py": {"example"},
    "a-1.0.dist-info/METADATA": {"docs"},
    "a-1.0.dist-info/RECORD": {"generated"},
}


@pytest.mark.parametrize("path", TRAITS)
def test_traits(path: str) -> None:
    assert set(path_traits(path)) == TRAITS[path]


def test_every_format_has_a_parser_and_every_glob_finds_itself() -> None:
    for name in _NAMES:
        assert not name.format or name.format in MODULES
        for glob in name.globs.split():
            for each in _alternatives(glob):
                found = by_path(each.replace("**", "x/y").replace("*", "x"))
                assert set(name.kinds) <= set(found.kinds), each


DOCKERFILES = [
    ("Dockerfile", "", "dockerfile", ""),
    ("Dockerfile.dev", "# dev\nfrom a\n", "dockerfile", ""),
    ("Dockerfile.common", "RUN a\n", "dockerfile", ""),
    ("Dockerfile-linux.template", "FROM a:{{ .b }}\n", "dockerfile", "go"),
    ("Dockerfile.dockerignore", "FROM a\n", "", ""),
    ("Dockerfile.md", "FROM a\n", "", ""),
    ("dockerfile-lint.yaml", "a: b\n", "yaml", ""),
    ("dockerfile.go", "package dockerfile\n", "", ""),
]


@pytest.mark.parametrize(("path", "text", "format", "template"), DOCKERFILES, ids=[case[0] for case in DOCKERFILES])
def test_names_that_only_contain_dockerfile_need_an_instruction(path: str, text: str, format: str, template: str) -> None:
    found = detect(path, text)
    assert (found.format, found.template) == (format, template)
    assert ("dockerfile" in found.kinds) == (format == "dockerfile")


_WORDS = "test tests spec __tests__ fixture mock e2e example samples demo doc docs prod production live dev local dist node_modules vendor third_party .venv site-packages"
_LAST = "a.py test_a.py a_test.go a.spec.ts README LICENSE.txt index.html app.min.js a.map yarn.lock go.sum pnpm-lock.yaml a.pb.go .env.example conf.prod.yml x.sample"


@pytest.mark.parametrize("directory", ["", *_WORDS.split()])
@pytest.mark.parametrize("name", _LAST.split())
def test_words_of_a_trait_never_hide_what_its_pattern_matches(directory: str, name: str) -> None:
    path = f"{directory}/{name}" if directory else name
    assert path_traits(path) == {trait for trait, _, pattern in _TRAITS if re.search(pattern, "/" + path.lower())}
