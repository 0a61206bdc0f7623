"""Locks that are compared entry by entry: Bundler, NuGet, Terraform, Nix flakes, devcontainers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

Judge = Callable[[Mapping[str, str], str], list[str]]

# -- bundler

GEMFILE = "source 'https://gems.example'\ngem 'rails', '~> 7.1'\ngem \"puma\", '>= 5', '< 7'\ngem 'rake', require: false # build\n"
GEM_LOCK = """GEM
  remote: https://gems.example/
  specs:
    puma (6.4.0)
    rails (7.1.2)
    rake (13.0.0)

PLATFORMS
  ruby

DEPENDENCIES
  puma (>= 5, < 7)
  rails (~> 7.1)
  rake

BUNDLED WITH
   2.5.0
"""


@pytest.mark.parametrize("names", [("Gemfile", "Gemfile.lock"), ("gems.rb", "gems.locked")], ids=["Gemfile", "gems.rb"])
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("", "", ""),
        ("'~> 7.1'", "'~> 7.2'", "M: «rails» rails is ~> 7.2 here, but ~> 7.1 in L; run: bundle lock"),
        ("'>= 5', '< 7'", "'< 7', '>= 5'", ""),
        ("gem 'rake'", "gem 'pry'\ngem 'rake'", "M: «pry» pry is not in L"),
        ("gem 'rake', require: false # build\n", "", "L: «rake» rake is no longer in M"),
        ("gem 'rake'", "gemspec\ngem 'rake'", "? L: «» M computes some of its gems"),
    ],
    ids=["fresh", "changed", "order", "added", "removed", "computed"],
)
def test_bundler(judge: Judge, names: tuple[str, str], old: str, new: str, told: str) -> None:
    manifest, lock = names
    found = judge({manifest: GEMFILE.replace(old, new, 1), lock: GEM_LOCK}, manifest)
    expected = told.replace("M", manifest, 1) if told.startswith("M") else told.replace("L", lock, 1)
    expected = expected.replace(" in L", f" in {lock}").replace(" in M", f" in {manifest}").replace(" M ", f" {manifest} ")
    assert found == [] if not told else len(found) == 1 and found[0].startswith(expected)


# -- nuget

PROJECT = (
    '<Project Sdk="Microsoft.NET.Sdk">\n  <PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>\n  <ItemGroup>\n'
    '    <PackageReference Include="Serilog" Version="3.1" />\n    <PackageReference Include="Polly"><Version>8.0.0</Version></PackageReference>\n'
    "  </ItemGroup>\n</Project>\n"
)
_DIRECT = {
    "Serilog": {"type": "Direct", "requested": "[3.1.0, )", "resolved": "3.1.0", "contentHash": "x"},
    "Polly": {"type": "Direct", "requested": "[8.0.0, )", "resolved": "8.0.0", "contentHash": "x"},
    "Polly.Core": {"type": "Transitive", "resolved": "8.0.0", "contentHash": "x"},
}
NUGET_LOCK = json.dumps({"version": 1, "dependencies": {"net8.0": _DIRECT}}, indent=2)


@pytest.mark.parametrize("path", ["src/App.csproj", "src/packages.lock.json"])
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("", "", ""),
        ('Version="3.1"', 'Version="3.2.0"', "Serilog is 3.2.0 here, but [3.1.0, ) in src/packages.lock.json"),
        ("</ItemGroup>", '<PackageReference Include="Dapper" Version="2.1.0" /></ItemGroup>', "Dapper 2.1.0 is no direct package"),
        ('    <PackageReference Include="Serilog" Version="3.1" />\n', "", "Serilog is no longer in src/App.csproj"),
    ],
    ids=["fresh", "changed", "added", "removed"],
)
def test_nuget(judge: Judge, old: str, new: str, told: str, path: str) -> None:
    found = judge({"src/App.csproj": PROJECT.replace(old, new, 1), "src/packages.lock.json": NUGET_LOCK}, path)
    assert found == [] if not told else len(found) == 1 and told in found[0] and not found[0].startswith("?")


def test_nuget_with_versions_in_one_place(judge: Judge) -> None:
    project = PROJECT.replace(' Version="3.1"', "")
    central = '<Project><ItemGroup><PackageVersion Include="Serilog" Version="{}" /></ItemGroup></Project>\n'
    files = {"src/App.csproj": project, "src/packages.lock.json": NUGET_LOCK, "Directory.Packages.props": central.format("3.1.0")}
    assert judge(files, "src/App.csproj") == []
    (told,) = judge({**files, "Directory.Packages.props": central.format("4.0.0")}, "src/App.csproj")
    assert "Serilog is 4.0.0 here, but [3.1.0, )" in told


# -- terraform

TERRAFORM = (
    'terraform {\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n      version = "~> 5.0"\n    }\n'
    '    random = "3.5.1"\n  }\n}\n'
).replace('\\"', '"')
TERRAFORM_LOCK = """provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.31.0"
  constraints = "~> 5.0"
  hashes = [
    "h1:x",
  ]
}

provider "registry.terraform.io/hashicorp/random" {
  version     = "3.5.1"
  constraints = "3.5.1"
}
"""


@pytest.mark.parametrize("path", ["main.tf", ".terraform.lock.hcl"])
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("", "", ""),
        ("~> 5.0", "~> 4.0", "the provider aws is ~> 4.0 here, but 5.31.0 in .terraform.lock.hcl"),
        ("~> 5.0", ">= 5.1", "the provider aws is >= 5.1 here, but .terraform.lock.hcl was made for ~> 5.0"),
        ("random", "tls", "the provider tls (hashicorp/tls) is not in .terraform.lock.hcl"),
        ("hashicorp/aws", "other/aws", "the provider aws (other/aws) is not in .terraform.lock.hcl"),
    ],
    ids=["fresh", "outside", "other constraint", "added", "other source"],
)
def test_terraform(judge: Judge, old: str, new: str, told: str, path: str) -> None:
    found = judge({"main.tf": TERRAFORM.replace(old, new, 1), ".terraform.lock.hcl": TERRAFORM_LOCK}, path)
    assert found == [] if not told else len(found) == 1 and found[0].startswith("main.tf: «") and told in found[0]


# -- flakes

FLAKE = """{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.05";
    utils = { url = "github:numtide/flake-utils"; inputs.systems.follows = "systems"; };
    systems.url = "github:nix-systems/default"; # all of them
  };
  outputs = { self, nixpkgs, utils, ... }: { };
}
"""


def _node(owner: str, repo: str, ref: str = "") -> dict[str, object]:
    original = {"owner": owner, "repo": repo, "type": "github", **({"ref": ref} if ref else {})}
    return {"locked": {**original, "narHash": "sha256-x", "rev": "0" * 40}, "original": original}


FLAKE_LOCK = json.dumps(
    {
        "nodes": {
            "nixpkgs": _node("NixOS", "nixpkgs", "nixos-24.05"),
            "root": {"inputs": {"nixpkgs": "nixpkgs", "systems": "systems", "utils": "utils"}},
            "systems": _node("nix-systems", "default"),
            "utils": _node("numtide", "flake-utils"),
        },
        "root": "root",
        "version": 7,
    },
    indent=2,
)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("", "", ""),
        ("nixos-24.05", "nixos-24.11", "flake.nix: «nixpkgs» the input nixpkgs is github:NixOS/nixpkgs/nixos-24.11 here"),
        ("github:numtide/", "github:evil/", "flake.nix: «utils» the input utils is github:evil/flake-utils here"),
        ("    systems.url", '    extra.url = "github:a/b";\n    systems.url', "flake.nix: «extra» the input extra is not in flake.lock"),
        ('    systems.url = "github:nix-systems/default"; # all of them\n', "", "flake.lock: «"),
    ],
    ids=["fresh", "branch", "owner", "added", "removed"],
)
def test_flakes(judge: Judge, old: str, new: str, told: str) -> None:
    found = judge({"flake.nix": FLAKE.replace(old, new, 1), "flake.lock": FLAKE_LOCK}, "flake.lock")
    assert found == [] if not told else len(found) == 1 and found[0].startswith(told)


# -- devcontainers

CONTAINER = '{\n  // comment\n  "image": "x",\n  "features": {"ghcr.io/devcontainers/features/node:1": {}, "./local": {}},\n}\n'
CONTAINER_LOCK = '{"features": {"ghcr.io/devcontainers/features/node:1": {"version": "1.5.0", "resolved": "x", "integrity": "y"}}}\n'


@pytest.mark.parametrize("path", [".devcontainer/devcontainer.json", ".devcontainer/devcontainer-lock.json"])
@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("node:1", ()),
        (
            "node:2",
            (
                '.devcontainer/devcontainer.json: «"ghcr.io/devcontainers/features/node:2"» the feature ghcr.io/devcontainers/features/node:2 is not in',
                '.devcontainer/devcontainer-lock.json: «"ghcr.io/devcontainers/features/node:1"» the feature',
            ),
        ),
    ],
    ids=["fresh", "changed"],
)
def test_devcontainers(judge: Judge, new: str, told: tuple[str, ...], path: str) -> None:
    files = {".devcontainer/devcontainer.json": CONTAINER.replace("node:1", new), ".devcontainer/devcontainer-lock.json": CONTAINER_LOCK}
    found = judge(files, path)
    assert len(found) == len(told)
    assert all(one.startswith(other) for one, other in zip(found, told, strict=True))
