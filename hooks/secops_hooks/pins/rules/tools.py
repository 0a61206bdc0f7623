"""Rules for developers' tools: MCP servers, development containers, tool managers, build wrappers, several sources."""

from __future__ import annotations

from ...finding import Example, Rule

RULES: tuple[Rule, ...] = (
    Rule(
        id="unpinned-mcp-server",
        family="pins",
        title="this MCP server has no version",
        severity="high",
        tier="warn",
        cwe=1357,
        why="It is fetched anew and run at each start, with your files, your tokens and whatever the agent may do.",
        fix="Name a version: npx -y package@1.2.3, uvx package@1.2.3, image@sha256:….",
        references=("https://modelcontextprotocol.io/specification/latest/basic/security_best_practices",),
        bad=(
            Example('{"mcpServers": {"files": {"command": "npx", "args": ["-y", "«@example/server-files»", "/srv"]}}}\n', ".mcp.json"),
            Example('{"mcpServers": {"git": {"command": "uvx", "args": ["--from", "«example-server»", "serve"]}}}\n', ".mcp.json"),
        ),
        good=(
            Example('{"mcpServers": {"files": {"command": "npx", "args": ["-y", "@example/server-files@1.2.3", "/srv"]}}}\n', ".mcp.json"),
            Example(
                '{"mcpServers": {"git": {"command": "uvx", "args": ["example-server==1.2.3"]}, "own": {"command": "node", "args": ["server.js"]}}}\n',
                ".mcp.json",
            ),
            Example('{"mcpServers": {"files": {"command": "npx", "args": ["-y", "${PACKAGE}"]}}}\n', ".mcp.json"),
        ),
    ),
    Rule(
        id="unpinned-feature",
        family="pins",
        title="this feature of the development container has no full version",
        severity="medium",
        tier="warn",
        cwe=1357,
        why="Features run install scripts as root in every developer's container.",
        fix="Name a full version or digest, or commit the lock: devcontainer upgrade.",
        references=("https://containers.dev/implementors/features/",),
        bad=(
            Example(
                '{"image": "example/base:1.2.3", "features": {"«ghcr.io/example/features/tool:1»": {}}}\n',
                ".devcontainer/devcontainer.json",
            ),
        ),
        good=(
            Example('{"features": {"ghcr.io/example/features/tool:1.2.3": {}, "./local": {}}}\n', ".devcontainer/devcontainer.json"),
            Example(
                '{"features": {"ghcr.io/example/features/tool:1": {}}}\n',
                ".devcontainer/devcontainer.json",
                ((".devcontainer/devcontainer-lock.json", "{}"),),
            ),
        ),
    ),
    Rule(
        id="unpinned-developer-tool",
        family="pins",
        title="this tool is whatever release is newest",
        severity="low",
        tier="warn",
        cwe=1357,
        why="Each machine gets another release, a bad one included, and runs it with the developer's rights.",
        fix="Name a version.",
        references=("https://mise.jdx.dev/dev-tools/mise-lock.html",),
        bad=(
            Example('[tools]\nnode = "«latest»"\npython = "3.13.1"\n', "mise.toml"),
            Example("nodejs «latest»\npython 3.13.1\n", ".tool-versions"),
        ),
        good=(
            Example('[tools]\nnode = "22.11.0"\n', "mise.toml"),
            Example('[tools]\nnode = "latest"\n', "mise.toml", (("mise.lock", ""),)),
            Example("nodejs 22.11.0\n", ".tool-versions"),
        ),
    ),
    Rule(
        id="several-package-sources",
        family="pins",
        title="any of these sources may answer for any name",
        severity="high",
        tier="warn",
        cwe=427,
        why="Whoever registers one of your private names at the public source may be asked first, or asked for the higher version (dependency confusion).",
        fix="Tie names to sources: packageSourceMapping (NuGet), source blocks (Bundler), index = (Pipfile).",
        references=("https://learn.microsoft.com/nuget/consume-packages/package-source-mapping",),
        bad=(
            Example(
                '<configuration><packageSources><add key="a" value="https://a.example.com/v3/index.json" /><add key="b" value="«https://b.example.com/v3/index.json»" /></packageSources></configuration>\n',
                "nuget.config",
            ),
            Example('source "https://rubygems.org"\nsource "«https://gems.example.com»"\ngem "a"\n', "Gemfile"),
        ),
        good=(
            Example(
                '<configuration><packageSources><add key="a" value="https://a.example.com/v3/index.json" /><add key="b" value="./local" /></packageSources></configuration>\n',
                "nuget.config",
            ),
            Example('source "https://rubygems.org"\nsource "https://gems.example.com" do\n  gem "a"\nend\n', "Gemfile"),
        ),
    ),
    Rule(
        id="wrapper-without-checksum",
        family="pins",
        title="the wrapper runs a build tool that nothing verifies",
        severity="low",
        tier="audit",
        cwe=494,
        why="The wrapper downloads this archive on every fresh machine and runs it with the build's secrets.",
        fix="Add distributionSha256Sum with the published checksum of the distribution.",
        references=("https://docs.gradle.org/current/userguide/gradle_wrapper.html#sec:verification",),
        bad=(
            Example(
                "distributionUrl=«https\\://services.gradle.org/distributions/gradle-8.10-bin.zip»\n",
                "gradle/wrapper/gradle-wrapper.properties",
            ),
        ),
        good=(
            Example(
                "distributionUrl=https\\://services.gradle.org/distributions/gradle-8.10-bin.zip\ndistributionSha256Sum="
                + "5b9c5eb3" * 8
                + "\n",
                "gradle/wrapper/gradle-wrapper.properties",
            ),
        ),
    ),
)
