"""Rails beyond its environments, Laravel, and more of PHP, ASP.NET and Android: sessions, forged requests, encryption, what is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ...files.filetype import path_traits
from ...finding import Example, Rule
from ...records import TYPE_CHECKING
from ..match import Custom, Flip, Hit, Keys, Replace, Where
from ..predicates import all_of, is_false, is_true, is_wildcard, less_than, matches, one_of
from .frameworks import ruby

if TYPE_CHECKING:
    from typing import Final

    from ...files.tree import Tree
    from ...finding import Severity, Tier
    from ...parse import File

RUBY: Final = ("ruby", "rails-config")
LARAVEL: Final = ("laravel-config",)
_RAILS: Final = "https://guides.rubyonrails.org/security.html"
_CONFIGURING: Final = "https://guides.rubyonrails.org/configuring.html"
_LARAVEL: Final = "https://laravel.com/docs/"
_PHP: Final = "https://www.php.net/manual/en/"
_NET: Final = "https://learn.microsoft.com/en-us/aspnet/core/"
_WEB_CONFIG: Final = "https://learn.microsoft.com/en-us/previous-versions/dotnet/netframework-4.0/"
_ANDROID: Final = "https://developer.android.com/privacy-and-security/risks/"
_NOT_PRODUCTION: Final = ("test", "development", "example", "docs")
_FORGED: Final = "A page of anybody sends forms in its visitor's name."
_SESSION: Final = "Anybody on the way, or any script in the page, takes over the session."
_CORS: Final = "https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS"
_PHP_COMMENT: Final = re.compile(r"//[^\n]*|#(?!\[)[^\n]*|/\*[\s\S]*?(?:\*/|\Z)|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")


def rack_cors(file: File, tree: Tree) -> Iterator[Hit]:
    """``origins "*"`` in a block of rack-cors with ``credentials: true``."""
    text = re.sub(r"(?m)^[ \t]*#[^\n]*", lambda found: " " * len(found[0]), file.source.text)
    if path_traits(file.path) & set(_NOT_PRODUCTION) or not re.search(r"\bcredentials(?::|\s*=>)\s*true\b", text):
        return
    for found in re.finditer(r"\borigins\s*\(?\s*(['\"]\*['\"]|/\.\*/)", text):
        yield Hit(file.source.span(*found.span(1)))


def php(pattern: str) -> Callable[[File, Tree], Iterator[Hit]]:
    """A matcher for group 1 of ``pattern`` in the code of a PHP file; not in settings for tests and development."""

    def find(file: File, tree: Tree) -> Iterator[Hit]:
        if path_traits(file.path) & {"test", "development", "vendored"}:
            return
        text = file.source.text
        code = _PHP_COMMENT.sub(lambda m: m[0] if m[0][0] in "'\"" else re.sub(r"[^\n]", " ", m[0]), text)
        for found in re.finditer(pattern, code):
            yield Hit(file.source.span(*found.span(1)))

    return find


def laravel_cors(file: File, tree: Tree) -> Iterator[Hit]:
    """``'allowed_origins' => ['*']`` beside ``'supports_credentials' => true``."""
    if re.search(r"['\"]supports_credentials['\"]\s*=>\s*true\b", file.source.text):
        yield from php(r"['\"]allowed_origins['\"]\s*=>\s*\[\s*(['\"]\*['\"])")(file, tree)


def _code(
    id: str, title: str, kinds: tuple[str, ...], find: Callable[[File, Tree], Iterator[Hit]], words: tuple[str, ...], path: str, bad: str,
    good: tuple[str, ...], why: str, fix: str, cwe: int, reference: str, tier: Tier = "warn", severity: Severity = "medium",
    equivalents: tuple[str, ...] = (),
) -> Rule:  # fmt: skip
    """A rule about a literal in code: all of these have the same shape."""
    return Rule(
        id=id, family="config", title=title, severity=severity, tier=tier, cwe=cwe, why=why, fix=fix, match=Custom(kinds, find, words),
        equivalents=equivalents, references=(reference,), bad=(Example(bad, path),), good=tuple(Example(text, path) for text in good),
    )  # fmt: skip


_PRODUCTION: Final = "config/environments/production.rb"
_CONTROLLER: Final = "app/controllers/hooks_controller.rb"


RULES: tuple[Rule, ...] = (
    _code(
        "rails-csrf-skipped",
        "this controller answers forged requests",
        RUBY,
        ruby(
            r"(?:^|[ \t;])(skip_forgery_protection\b|skip_before_action[ (]+:verify_authenticity_token\b|skip_before_filter[ (]+:verify_authenticity_token\b)"
        ),
        ("skip_forgery_protection", "verify_authenticity_token"),
        _CONTROLLER,
        "class HooksController < ApplicationController\n  «skip_forgery_protection»\nend\n",
        (
            "class HooksController < ApplicationController\n  protect_from_forgery with: :exception\nend\n",
            'class HooksController < ApplicationController\n  # skip_forgery_protection\n  before_action :check if ENV["CHECK"]\nend\n',
        ),
        _FORGED,
        "Take it out; for programs use ActionController::API, and check a signature or token.",
        352,
        f"{_RAILS}#cross-site-request-forgery-csrf",
        equivalents=("semgrep:rails-skip-forgery-protection",),
    ),
    _code(
        "rails-origin-unchecked",
        "the origin of forms is not checked",
        RUBY,
        ruby(r"\bforgery_protection_origin_check\s*=\s*(false)\b"),
        ("forgery_protection_origin_check",),
        _PRODUCTION,
        "config.action_controller.forgery_protection_origin_check = «false»\n",
        (
            "config.action_controller.forgery_protection_origin_check = true\n",
            'config.action_controller.forgery_protection_origin_check = ENV["CHECK"]\n',
        ),
        _FORGED,
        "Take it out.",
        352,
        f"{_CONFIGURING}#config-action-controller-forgery-protection-origin-check",
        "warn",
        "low",
    ),
    _code(
        "rails-cable-from-anywhere",
        "every website may open a channel in the name of its visitor",
        RUBY,
        ruby(
            r"\b(?:action_cable\.disable_request_forgery_protection\s*=\s*(?=true)|action_cable\.allowed_request_origins\s*=\s*\[[^\]\n]*?)((?:true|/\.\*/|['\"]\*['\"]))"
        ),
        ("action_cable",),
        _PRODUCTION,
        "config.action_cable.disable_request_forgery_protection = «true»\n",
        (
            "config.action_cable.disable_request_forgery_protection = false\n",
            'config.action_cable.disable_request_forgery_protection = ENV["OPEN"]\n',
        ),
        "It reads and sends messages with the visitor's cookies.",
        "Name the origins that are yours.",
        1385,
        "https://guides.rubyonrails.org/action_cable_overview.html",
    ),
    _code(
        "rails-marshalled-cookies",
        "cookies are read with Marshal",
        RUBY,
        ruby(r"\bcookies_serializer\s*=\s*(:marshal|:hybrid)\b"),
        ("cookies_serializer",),
        "config/initializers/cookies_serializer.rb",
        "Rails.application.config.action_dispatch.cookies_serializer = «:marshal»\n",
        (
            "Rails.application.config.action_dispatch.cookies_serializer = :json\n",
            'Rails.application.config.action_dispatch.cookies_serializer = ENV["SERIALIZER"].to_sym\n',
        ),
        "Whoever learns secret_key_base runs code.",
        "Use :json.",
        502,
        f"{_CONFIGURING}#config-action-dispatch-cookies-serializer",
        "block",
        "high",
    ),
    _code(
        "rails-verification-off",
        "certificates are not verified",
        RUBY,
        ruby(
            r"(?:\bopenssl_verify_mode(?::|\s*=>|\s*=)\s*|\bverify_mode\s*(?::|=>|=)\s*|\bVERIFY_PEER\s*=\s*)((?:['\"]none['\"]|:none|OpenSSL::SSL::VERIFY_NONE))"
        ),
        ("verify_mode", "VERIFY_NONE"),
        _PRODUCTION,
        'config.action_mailer.smtp_settings = { openssl_verify_mode: «"none"» }\n',
        (
            'config.action_mailer.smtp_settings = { openssl_verify_mode: "peer" }\n',
            'config.action_mailer.smtp_settings = { openssl_verify_mode: ENV["VERIFY"] }\n',
        ),
        "Anybody on the way can present a certificate of their own, read the traffic and change it.",
        "Take it out; give a private authority's certificate with ca_file.",
        295,
        "https://docs.ruby-lang.org/en/master/OpenSSL/SSL.html",
        "block",
        "high",
    ),
    _code(
        "rails-console-for-others",
        "the console in the browser is open to others",
        RUBY,
        ruby(r"\bweb_console\.(?:permissions|allowed_ips|whitelisted_ips)\s*=\s*(?:%w[(\[{])?\[?\s*(['\"]?(?:0\.0\.0\.0/0|::/0)['\"]?)"),
        ("web_console",),
        _PRODUCTION,
        "config.web_console.permissions = «'0.0.0.0/0'»\n",
        ("config.web_console.permissions = '127.0.0.1'\n", 'config.web_console.permissions = ENV["CONSOLE"]\n'),
        "Whoever sees an error page runs code.",
        "Take web-console out of what runs in production.",
        489,
        "https://github.com/rails/web-console",
        "block",
        "critical",
    ),
    _code(
        "rails-no-hsts",
        "browsers are not told to use encryption",
        RUBY,
        ruby(r"\bssl_options\s*=\s*\{[^}\n]*\bhsts(?::|\s*=>)\s*(false)\b"),
        ("ssl_options",),
        _PRODUCTION,
        "config.ssl_options = { hsts: «false» }\n",
        ("config.ssl_options = { hsts: { subdomains: true } }\n", 'config.ssl_options = { hsts: ENV["HSTS"] }\n'),
        "Visitors who type the address begin on plain http.",
        "Take it out.",
        319,
        "https://api.rubyonrails.org/classes/ActionDispatch/SSL.html",
        "warn",
        "low",
    ),
    _code(
        "rails-no-host-check",
        "requests for any host are answered",
        RUBY,
        ruby(r"\bconfig\.hosts\s*=\s*(nil|\[\s*\])"),
        ("config.hosts",),
        _PRODUCTION,
        "config.hosts = «nil»\n",
        ('config.hosts = ["shop.acme.io"]\n', 'config.hosts = [ENV["HOST"]]\n'),
        "Links in mails are built from the Host header that a client sent, and rebinding attacks reach the application.",
        "List the hosts.",
        644,
        f"{_CONFIGURING}#actiondispatch-hostauthorization",
    ),
    _code(
        "rails-frames-from-anywhere",
        "every website may show this one in a frame",
        RUBY,
        ruby(r"['\"]X-Frame-Options['\"]\s*(?:\]\s*=|=>|:)\s*(['\"]ALLOW[\w-]*['\"])"),
        ("X-Frame-Options",),
        _PRODUCTION,
        "config.action_dispatch.default_headers = { 'X-Frame-Options' => «'ALLOWALL'» }\n",
        (
            "config.action_dispatch.default_headers = { 'X-Frame-Options' => 'SAMEORIGIN' }\n",
            "config.action_dispatch.default_headers = { 'X-Frame-Options' => ENV['FRAMES'] }\n",
        ),
        "Visitors are made to click where they do not want to.",
        "Use SAMEORIGIN.",
        1021,
        f"{_RAILS}#default-headers",
    ),
    _code(
        "rails-cors-with-credentials",
        "any website may act as the visitor here",
        RUBY,
        rack_cors,
        ("origins",),
        "config/initializers/cors.rb",
        'allow do\n  origins «"*"»\n  resource "*", headers: :any, credentials: true\nend\n',
        (
            'allow do\n  origins "https://acme.io"\n  resource "*", headers: :any, credentials: true\nend\n',
            'allow do\n  origins ENV["ORIGIN"]\n  resource "*", headers: :any, credentials: true\nend\n',
            'allow do\n  origins "*"\n  resource "*", headers: :any\nend\n',
        ),
        "A page of anybody reads and changes what its visitor can.",
        "List the origins that are yours.",
        942,
        _CORS,
    ),
    _code(
        "rails-shown-errors-in-controller",
        "errors are shown to visitors with their source",
        RUBY,
        ruby(r"\bdef\s+show_detailed_exceptions\?\s*(?:;|\n)?\s*(?:return\s+)?(true)\b"),
        ("show_detailed_exceptions?",),
        "app/controllers/application_controller.rb",
        "class ApplicationController < ActionController::Base\n  def show_detailed_exceptions?\n    return «true»\n  end\nend\n",
        (
            "class ApplicationController < ActionController::Base\n  def show_detailed_exceptions?\n    return false\n  end\nend\n",
            'class ApplicationController < ActionController::Base\n  def show_detailed_exceptions?\n    return ENV["DETAILS"]\n  end\nend\n',
        ),
        "They show paths, queries and the values of variables.",
        "Take it out.",
        209,
        f"{_CONFIGURING}#config-consider-all-requests-local",
        equivalents=("semgrep:detailed-exceptions",),
    ),
    # -- Laravel
    _code(
        "laravel-debug",
        "debug mode is on, or on unless told otherwise",
        LARAVEL,
        php(r"['\"]debug['\"]\s*=>\s*(?:\(bool\)\s*)?(?:env\(\s*['\"]APP_DEBUG['\"]\s*,\s*)?(true)\b"),
        ("debug",),
        "config/app.php",
        "<?php\nreturn ['debug' => «true»];\n",
        (
            "<?php\nreturn ['debug' => (bool) env('APP_DEBUG', false)];\n",
            "<?php\nreturn ['debug' => $_ENV['APP_DEBUG'] ?? false];\n// 'debug' => true\n",
        ),
        "Error pages show source, settings and keys to whoever causes an error; with debug mode on, holes such as CVE-2021-3129 run code.",
        "Use env('APP_DEBUG', false).",
        489,
        f"{_LARAVEL}errors#configuration",
        "block",
        "high",
    ),
    _code(
        "laravel-insecure-cookie",
        "the session cookie is sent without encryption or can be read by scripts",
        LARAVEL,
        php(r"['\"](?:secure|http_only)['\"]\s*=>\s*(?:env\(\s*['\"]SESSION_\w+['\"]\s*,\s*)?(false)\b"),
        ("secure", "http_only"),
        "config/session.php",
        "<?php\nreturn ['secure' => «false», 'same_site' => 'lax'];\n",
        ("<?php\nreturn ['secure' => true, 'same_site' => 'lax'];\n", "<?php\nreturn ['secure' => env('SESSION_SECURE_COOKIE', true)];\n"),
        _SESSION,
        "Use true.",
        614,
        f"{_LARAVEL}session#configuration",
    ),
    _code(
        "laravel-cors-with-credentials",
        "any website may act as the visitor here",
        LARAVEL,
        laravel_cors,
        ("supports_credentials",),
        "config/cors.php",
        "<?php\nreturn ['allowed_origins' => [«'*'»], 'supports_credentials' => true];\n",
        (
            "<?php\nreturn ['allowed_origins' => ['https://acme.io'], 'supports_credentials' => true];\n",
            "<?php\nreturn ['allowed_origins' => [env('ORIGIN')], 'supports_credentials' => true];\n",
        ),
        "A page of anybody reads and changes what its visitor can.",
        "List the origins that are yours.",
        942,
        f"{_LARAVEL}routing#cors",
    ),
    # -- PHP
    Rule(
        id="php-old-switches",
        family="config",
        title="a dangerous switch of PHP is on",
        severity="high",
        tier="warn",
        cwe=473,
        why="Requests then set variables of the program, or a script loads native code into the server.",
        fix="Take it out.",
        match=Keys(("php-ini",), ("**.{register_globals,enable_dl}",), is_true, mend=Flip()),
        references=(f"{_PHP}info.configuration.php",),
        bad=(Example("[PHP]\nenable_dl = «On»\n"),),
        good=(Example("[PHP]\nenable_dl = Off\n"), Example("[PHP]\nenable_dl = ${DL}\n")),
    ),
    Rule(
        id="php-unlogged",
        family="config",
        title="errors are not logged",
        severity="low",
        tier="audit",
        cwe=778,
        why="An attack that makes errors leaves no trace.",
        fix="Use log_errors = On.",
        match=Keys(("php-ini",), ("**.log_errors",), is_false, not_traits=_NOT_PRODUCTION, mend=Flip(safe=True)),
        references=(f"{_PHP}errorfunc.configuration.php#ini.log-errors",),
        bad=(Example("[PHP]\nlog_errors = «Off»\n"),),
        good=(Example("[PHP]\nlog_errors = On\n"), Example("[PHP]\nlog_errors = ${LOG}\n")),
    ),
    Rule(
        id="php-writable-archives",
        family="config",
        title="scripts may write PHP archives",
        severity="medium",
        tier="warn",
        cwe=434,
        why="An upload becomes a program.",
        fix="Use phar.readonly = On.",
        match=Keys(("php-ini",), ('**."phar.readonly"',), is_false, not_traits=_NOT_PRODUCTION, mend=Flip()),
        references=(f"{_PHP}phar.configuration.php#ini.phar.readonly",),
        bad=(Example("[Phar]\nphar.readonly = «Off»\n"),),
        good=(Example("[Phar]\nphar.readonly = On\n"), Example("[Phar]\nphar.readonly = ${READ_ONLY}\n")),
    ),
    Rule(
        id="php-remote-debugger",
        family="config",
        title="the debugger connects to whoever asks",
        severity="high",
        tier="block",
        cwe=489,
        why="A request makes PHP connect to its sender, who then runs code.",
        fix="Take xdebug out of what runs in production, and name the one machine with xdebug.client_host.",
        match=Keys(
            ("php-ini",),
            ('**."xdebug.discover_client_host"', '**."xdebug.remote_connect_back"'),
            is_true,
            not_traits=_NOT_PRODUCTION,
            mend=Flip(),
        ),
        references=("https://xdebug.org/docs/all_settings#discover_client_host",),
        bad=(Example("[xdebug]\nxdebug.mode = debug\nxdebug.discover_client_host = «true»\n"),),
        good=(
            Example("[xdebug]\nxdebug.mode = debug\nxdebug.discover_client_host = false\n"),
            Example("[xdebug]\nxdebug.discover_client_host = ${DISCOVER}\n"),
        ),
    ),
    # -- ASP.NET
    Rule(
        id="dotnet-trace",
        family="config",
        title="traces of requests are shown",
        severity="high",
        tier="warn",
        cwe=489,
        why="trace.axd shows requests with cookies, forms and session values, with localOnly off to everybody.",
        fix='Use enabled="false".',
        match=Keys(("dotnet-config",), ("**.trace.@enabled",), is_true, not_traits=_NOT_PRODUCTION, mend=Flip()),
        references=(f"{_WEB_CONFIG}6915t83k(v=vs.100)",),
        bad=(
            Example('<configuration><system.web><trace enabled=«"true"» localOnly="false" /></system.web></configuration>\n', "web.config"),
        ),
        good=(
            Example('<configuration><system.web><trace enabled="false" /></system.web></configuration>\n', "web.config"),
            Example('<configuration><system.web><trace enabled="${trace}" /></system.web></configuration>\n', "web.config"),
        ),
    ),
    Rule(
        id="dotnet-weak-machine-key",
        family="config",
        title="tickets and view state are protected with an outdated algorithm",
        severity="high",
        tier="block",
        cwe=327,
        why="Whoever forges them logs in as anybody, or runs code through view state.",
        fix="Use HMACSHA256 and AES.",
        match=Keys(("dotnet-config",), ("**.machineKey.{@validation,@decryption}",), one_of("MD5", "SHA1", "DES", "3DES")),
        references=(f"{_WEB_CONFIG}w8h3skw9(v=vs.100)",),
        bad=(
            Example(
                '<configuration><system.web><machineKey validation=«"MD5"» decryption=«"DES"» /></system.web></configuration>\n',
                "web.config",
            ),
        ),
        good=(
            Example(
                '<configuration><system.web><machineKey validation="HMACSHA256" decryption="AES" /></system.web></configuration>\n',
                "web.config",
            ),
            Example('<configuration><system.web><machineKey validation="${hash}" /></system.web></configuration>\n', "web.config"),
        ),
    ),
    Rule(
        id="dotnet-session-in-address",
        family="config",
        title="the session's id stands in addresses",
        severity="medium",
        tier="warn",
        cwe=598,
        why="It lands in logs, in bookmarks and in the Referer of links; whoever sees it takes over the session.",
        fix='Use cookieless="UseCookies".',
        match=Keys(
            ("dotnet-config",),
            ("**.{sessionState,forms,anonymousIdentification}.@cookieless",),
            one_of("UseUri", "true", "AutoDetect"),
            mend=Replace("UseCookies", safe=False),
        ),
        references=(f"{_WEB_CONFIG}h6bb9cz9(v=vs.100)",),
        bad=(Example('<configuration><system.web><sessionState cookieless=«"UseUri"» /></system.web></configuration>\n', "web.config"),),
        good=(
            Example('<configuration><system.web><sessionState cookieless="UseCookies" /></system.web></configuration>\n', "web.config"),
            Example('<configuration><system.web><sessionState cookieless="${mode}" /></system.web></configuration>\n', "web.config"),
        ),
    ),
    Rule(
        id="dotnet-login-unprotected",
        family="config",
        title="login tickets are neither encrypted nor signed",
        severity="high",
        tier="block",
        cwe=565,
        why="Whoever changes the cookie is somebody else.",
        fix='Use protection="All".',
        match=Keys(
            ("dotnet-config",), ("**.forms.@protection",), one_of("None", "Encryption", "Validation"), mend=Replace("All", safe=False)
        ),
        references=(f"{_WEB_CONFIG}1d3t3c61(v=vs.100)",),
        bad=(
            Example(
                '<configuration><system.web><authentication><forms protection=«"None"» /></authentication></system.web></configuration>\n',
                "web.config",
            ),
        ),
        good=(
            Example(
                '<configuration><system.web><authentication><forms protection="All" /></authentication></system.web></configuration>\n',
                "web.config",
            ),
            Example(
                '<configuration><system.web><authentication><forms protection="${p}" /></authentication></system.web></configuration>\n',
                "web.config",
            ),
        ),
    ),
    Rule(
        id="dotnet-directory-listing",
        family="config",
        title="the files of directories are listed",
        severity="low",
        tier="warn",
        cwe=548,
        why="Forgotten backups and keys are found that way.",
        fix='Use enabled="false".',
        match=Keys(("dotnet-config",), ("**.directoryBrowse.@enabled",), is_true, not_traits=_NOT_PRODUCTION, mend=Flip()),
        references=("https://learn.microsoft.com/en-us/iis/configuration/system.webserver/directorybrowse",),
        bad=(
            Example(
                '<configuration><system.webServer><directoryBrowse enabled=«"true"» /></system.webServer></configuration>\n', "web.config"
            ),
        ),
        good=(
            Example(
                '<configuration><system.webServer><directoryBrowse enabled="false" /></system.webServer></configuration>\n', "web.config"
            ),
            Example(
                '<configuration><system.webServer><directoryBrowse enabled="${browse}" /></system.webServer></configuration>\n',
                "web.config",
            ),
        ),
    ),
    Rule(
        id="dotnet-any-origin",
        family="config",
        title="every website may call this service from its visitors' browsers",
        severity="medium",
        tier="warn",
        cwe=942,
        why="What is protected only by where it can be reached from, a company's network, is open to every page.",
        fix="List the origins that may call.",
        match=Keys(
            ("dotnet-config",),
            ("**.customHeaders.add.@value",),
            is_wildcard,
            where=(Where("@name", one_of("Access-Control-Allow-Origin")),),
            not_traits=_NOT_PRODUCTION,
        ),
        references=(_CORS,),
        bad=(
            Example(
                '<configuration><system.webServer><httpProtocol><customHeaders><add name="Access-Control-Allow-Origin" value=«"*"» /></customHeaders></httpProtocol></system.webServer></configuration>\n',
                "web.config",
            ),
        ),
        good=(
            Example(
                '<configuration><system.webServer><httpProtocol><customHeaders><add name="Access-Control-Allow-Origin" value="https://acme.io" /></customHeaders></httpProtocol></system.webServer></configuration>\n',
                "web.config",
            ),
            Example(
                '<configuration><system.webServer><httpProtocol><customHeaders><add name="Access-Control-Allow-Origin" value="${origin}" /></customHeaders></httpProtocol></system.webServer></configuration>\n',
                "web.config",
            ),
        ),
    ),
    Rule(
        id="dotnet-tokens-unchecked",
        family="config",
        title="a check of tokens is switched off",
        severity="high",
        tier="warn",
        cwe=347,
        why="Tokens for another service, of another issuer or long expired are then accepted.",
        fix="Take it out.",
        match=Keys(
            ("dotnet-appsettings",),
            (
                "**.{ValidateIssuer,ValidateAudience,ValidateLifetime,ValidateIssuerSigningKey,RequireSignedTokens,RequireExpirationTime,RequireHttpsMetadata}",
            ),
            is_false,
            not_traits=_NOT_PRODUCTION,
            mend=Flip(),
        ),
        references=(f"{_NET}security/authentication/configure-jwt-bearer-authentication",),
        bad=(Example('{"Jwt": {"Authority": "https://id.acme.io", "ValidateLifetime": «false»}}\n'),),
        good=(
            Example('{"Jwt": {"Authority": "https://id.acme.io", "ValidateLifetime": true}}\n'),
            Example('{"Jwt": {"ValidateLifetime": "${LIFETIME}"}}\n'),
            Example('{"Jwt": {"ValidateLifetime": false}}\n', "appsettings.Development.json"),
        ),
    ),
    Rule(
        id="dotnet-database-without-tls",
        family="config",
        title="this database connection is not encrypted",
        severity="medium",
        tier="warn",
        cwe=319,
        why="The password and all data can be read and changed on the way.",
        fix="Take Encrypt=False out.",
        match=Keys(
            ("dotnet-appsettings", "dotnet-config"),
            ("**.ConnectionStrings.*", "**.connectionStrings.add.@connectionString"),
            all_of(
                matches(r"(?i)(?:\A|;)\s*(?:Encrypt\s*=\s*(?:false|no|optional)|SslMode\s*=\s*(?:none|disabled?))\b"),
                matches(r"(?i)\A(?!.*(?:Server|Data Source|Host)\s*=\s*(?:localhost|\(local|127\.|\.;|\.\\))"),
            ),
            not_traits=_NOT_PRODUCTION,
        ),
        references=("https://learn.microsoft.com/en-us/sql/connect/ado-net/connection-string-syntax",),
        bad=(Example('{"ConnectionStrings": {"Shop": «"Server=db.acme.io;Database=shop;Encrypt=False"»}}\n'),),
        good=(
            Example('{"ConnectionStrings": {"Shop": "Server=db.acme.io;Database=shop;Encrypt=True"}}\n'),
            Example('{"ConnectionStrings": {"Shop": "Server=localhost;Database=shop;Encrypt=False"}}\n'),
            Example('{"ConnectionStrings": {"Shop": "Server=${DB};Encrypt=False"}}\n'),
        ),
    ),
    # -- Android
    Rule(
        id="android-old-version",
        family="config",
        title="this app runs on versions of Android without security updates",
        severity="low",
        tier="audit",
        cwe=1104,
        why="Before version 6 (API 23) TLS, WebView and permissions lack what apps rely on today, and holes stay open.",
        fix="Raise minSdkVersion to 26 or more.",
        match=Keys(("android-manifest",), ("manifest.uses-sdk.@minSdkVersion",), less_than(23)),
        references=("https://developer.android.com/guide/topics/manifest/uses-sdk-element",),
        bad=(
            Example(
                '<manifest xmlns:android="http://schemas.android.com/apk/res/android"><uses-sdk android:minSdkVersion=«"16"» /></manifest>\n'
            ),
        ),
        good=(
            Example(
                '<manifest xmlns:android="http://schemas.android.com/apk/res/android"><uses-sdk android:minSdkVersion="26" /></manifest>\n'
            ),
            Example(
                '<manifest xmlns:android="http://schemas.android.com/apk/res/android"><uses-sdk android:minSdkVersion="${min}" /></manifest>\n'
            ),
        ),
    ),
    Rule(
        id="android-all-files-granted",
        family="config",
        title="this app gives others access to all of its files",
        severity="medium",
        tier="warn",
        cwe=926,
        why="An exported provider that grants permissions by address can be asked for files that were not meant.",
        fix='Use exported="false", and grant single addresses with grant-uri-permission.',
        match=Keys(
            ("android-manifest",),
            ("manifest.application.provider.@grantUriPermissions",),
            is_true,
            where=(Where("@exported", is_true),),
            mend=Flip(),
        ),
        references=(f"{_ANDROID}content-resolver",),
        bad=(
            Example(
                '<manifest xmlns:android="http://schemas.android.com/apk/res/android"><application><provider android:name="a" android:exported="true" android:grantUriPermissions=«"true"» /></application></manifest>\n'
            ),
        ),
        good=(
            Example(
                '<manifest xmlns:android="http://schemas.android.com/apk/res/android"><application><provider android:name="a" android:exported="false" android:grantUriPermissions="true" /></application></manifest>\n'
            ),
            Example(
                '<manifest xmlns:android="http://schemas.android.com/apk/res/android"><application><provider android:name="a" android:exported="true" android:grantUriPermissions="${grant}" /></application></manifest>\n'
            ),
        ),
    ),
)
