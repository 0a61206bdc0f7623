"""Rules for PHP, .NET, Android and Rails settings, and for scripts in package.json."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ...files.filetype import path_traits
from ...finding import Example, Rule
from ...records import TYPE_CHECKING
from ..match import Custom, Flip, Hit, Keys, Replace, Where
from ..predicates import is_false, is_true, is_wildcard, matches, one_of

if TYPE_CHECKING:
    from typing import Final

    from ...files.tree import Tree
    from ...parse import File

_PHP: Final = "https://www.php.net/manual/en/ini.core.php"
_NET: Final = "https://learn.microsoft.com/en-us/aspnet/core/"
_ANDROID: Final = "https://developer.android.com/privacy-and-security/risks/"
_RAILS: Final = "https://guides.rubyonrails.org/configuring.html"
_NOT_PRODUCTION: Final = ("test", "development", "example", "docs")
_ENVIRONMENTS: Final = re.compile(r"(^|/)config/environments/(?!production|staging)")


def ruby(pattern: str, everywhere: bool = False) -> Callable[[File, Tree], Iterator[Hit]]:
    """A matcher for group 1 of ``pattern`` in the lines of a Ruby file that are no comments; not in settings for tests and development."""

    def find(file: File, tree: Tree) -> Iterator[Hit]:
        if not everywhere and (_ENVIRONMENTS.search(file.path) or path_traits(file.path) & set(_NOT_PRODUCTION)):
            return
        for found in re.finditer(r"(?m)^(?![ \t]*#)[^\n#]*?" + pattern, file.source.text):
            yield Hit(file.source.span(found.start(1), found.end(1)))

    return find


def downloads_in_scripts(file: File, tree: Tree) -> Iterator[Hit]:
    """Scripts of package.json and composer.json that run a download unread."""
    if "curl" not in file.source.text and "wget" not in file.source.text:
        return
    from ..scripts import scripts
    from ..shell_risks import unread_downloads

    for embedded in scripts(file):
        for risk in unread_downloads(embedded.script):
            yield Hit(risk.span, within=embedded.node)


def _xml(inner: str) -> str:
    return f"<configuration><system.web>{inner}</system.web></configuration>\n"


def _app(attribute: str) -> str:
    return f'<manifest xmlns:android="http://schemas.android.com/apk/res/android"><application {attribute} /></manifest>\n'


RULES: tuple[Rule, ...] = (
    Rule(
        id="php-shown-errors",
        family="config",
        title="PHP shows errors to visitors",
        severity="medium",
        tier="warn",
        cwe=209,
        why="They show paths, queries and the values of variables.",
        fix="Use display_errors = Off and log_errors = On.",
        match=Keys(
            ("php-ini",),
            ("**.{display_errors,display_startup_errors,html_errors}",),
            matches(r"(?i)\A(on|1|true|yes|stdout)\Z"),
            not_traits=_NOT_PRODUCTION,
            mend=Replace("Off", safe=False),
        ),
        references=("https://www.php.net/manual/en/errorfunc.configuration.php",),
        bad=(Example("[PHP]\ndisplay_errors = «On»\n"),),
        good=(Example("[PHP]\ndisplay_errors = Off\n; display_errors = On\n"), Example("[PHP]\ndisplay_errors = ${DISPLAY}\n")),
    ),
    Rule(
        id="php-version-shown",
        family="config",
        title="the version of PHP is shown",
        severity="low",
        tier="warn",
        cwe=200,
        why="It tells which holes are open.",
        fix="Use expose_php = Off.",
        match=Keys(("php-ini",), ("**.expose_php",), is_true, mend=Flip(safe=True)),
        references=(_PHP + "#ini.expose-php",),
        bad=(Example("[PHP]\nexpose_php = «On»\n"),),
        good=(Example("[PHP]\nexpose_php = Off\n"), Example("[PHP]\nexpose_php = ${EXPOSE}\n")),
    ),
    Rule(
        id="php-remote-include",
        family="config",
        title="PHP runs code from other servers",
        severity="high",
        tier="warn",
        cwe=98,
        why="Where a program includes a file whose name a visitor can choose, his code runs.",
        fix="Use allow_url_include = Off.",
        match=Keys(("php-ini",), ("**.allow_url_include",), is_true, mend=Flip()),
        references=("https://www.php.net/manual/en/filesystem.configuration.php#ini.allow-url-include",),
        bad=(Example("[PHP]\nallow_url_include = «1»\n"),),
        good=(Example("[PHP]\nallow_url_include = 0\n"), Example("[PHP]\nallow_url_include = ${INCLUDE}\n")),
    ),
    Rule(
        id="php-session-cookie",
        family="config",
        title="the session cookie is sent without encryption or can be read by scripts",
        severity="medium",
        tier="warn",
        cwe=614,
        why="Anybody on the way, or any script in the page, takes over the session.",
        fix="Set it to On.",
        match=Keys(
            ("php-ini",),
            tuple(f'**."session.{name}"' for name in ("cookie_secure", "cookie_httponly", "use_strict_mode", "use_only_cookies")),
            is_false,
            not_traits=_NOT_PRODUCTION,
            mend=Flip(),
        ),
        references=("https://www.php.net/manual/en/session.security.ini.php",),
        bad=(Example("[Session]\nsession.cookie_httponly = «0»\n"),),
        good=(Example("[Session]\nsession.cookie_httponly = 1\n"), Example("[Session]\nsession.cookie_httponly = ${HTTPONLY}\n")),
    ),
    Rule(
        id="dotnet-debug",
        family="config",
        title="the application is compiled for debugging",
        severity="medium",
        tier="warn",
        cwe=489,
        why="Errors show source and paths, and requests never time out.",
        fix="Set debug to false.",
        match=Keys(("dotnet-config",), ("**.compilation.@debug",), is_true, not_traits=_NOT_PRODUCTION, mend=Flip()),
        references=("https://learn.microsoft.com/en-us/previous-versions/dotnet/netframework-4.0/s10awwz0(v=vs.100)",),
        bad=(Example(_xml('<compilation debug=«"true"» />'), "web.config"),),
        good=(
            Example(_xml('<compilation debug="false" />'), "web.config"),
            Example(_xml('<compilation debug="${debug}" />'), "web.config"),
        ),
    ),
    Rule(
        id="dotnet-shown-errors",
        family="config",
        title="errors are shown to visitors with their source",
        severity="medium",
        tier="warn",
        cwe=209,
        why="They show paths, queries and the values of variables.",
        fix="Use RemoteOnly or On.",
        match=Keys(
            ("dotnet-config",), ("**.customErrors.@mode", "**.httpErrors.@errorMode"), one_of("Off", "Detailed"), not_traits=_NOT_PRODUCTION
        ),
        references=(
            "https://learn.microsoft.com/en-us/aspnet/web-forms/overview/older-versions-getting-started/deploying-web-site-projects/displaying-a-custom-error-page-cs",
        ),
        bad=(Example(_xml('<customErrors mode=«"Off"» />'), "web.config"),),
        good=(
            Example(_xml('<customErrors mode="RemoteOnly" />'), "web.config"),
            Example(_xml('<customErrors mode="${mode}" />'), "web.config"),
        ),
    ),
    Rule(
        id="dotnet-protection-off",
        family="config",
        title="a protection of ASP.NET is switched off",
        severity="high",
        tier="warn",
        cwe=693,
        why="Scripts in requests, forged view state or cookies that scripts can read are then accepted.",
        fix="Set it to true.",
        match=Keys(
            ("dotnet-config",),
            (
                "**.pages.{@validateRequest,@enableViewStateMac,@enableEventValidation}",
                "**.httpCookies.{@httpOnlyCookies,@requireSSL}",
                "**.forms.@requireSSL",
                "**.httpRuntime.@enableHeaderChecking",
            ),
            is_false,
            mend=Flip(),
        ),
        references=("https://learn.microsoft.com/en-us/previous-versions/aspnet/950xf363(v=vs.100)",),
        bad=(Example(_xml('<pages validateRequest=«"false"» />'), "web.config"),),
        good=(
            Example(_xml('<pages validateRequest="true" />'), "web.config"),
            Example(_xml('<pages validateRequest="${v}" />'), "web.config"),
        ),
    ),
    Rule(
        id="dotnet-any-host",
        family="config",
        title="requests for any host are answered",
        severity="medium",
        tier="audit",
        cwe=644,
        why="Links in password reset mails are built from the Host header that a client sent.",
        fix="List the hosts.",
        match=Keys(("dotnet-appsettings",), ("AllowedHosts",), is_wildcard, not_traits=_NOT_PRODUCTION),
        references=(_NET + "fundamentals/servers/kestrel/host-filtering",),
        bad=(Example('{"AllowedHosts": «"*"»}\n'),),
        good=(
            Example('{"AllowedHosts": "shop.example.com"}\n'),
            Example('{"AllowedHosts": "${HOSTS}"}\n'),
            Example('{"AllowedHosts": "*"}\n', "appsettings.Development.json"),
        ),
    ),
    Rule(
        id="dotnet-trusted-server-certificate",
        family="config",
        title="the certificate of the database is not verified",
        severity="high",
        tier="warn",
        cwe=295,
        why="Anybody on the way can pose as the database and read the password.",
        fix="Take TrustServerCertificate out and give the server a certificate that clients trust.",
        match=Keys(
            ("dotnet-appsettings", "dotnet-config"),
            ("**.ConnectionStrings.*", "**.connectionStrings.add.@connectionString"),
            matches(r"(?i)(?:\A|;)\s*Trust\s?Server\s?Certificate\s*=\s*(true|yes)\b(?![^;]*localhost)"),
            not_traits=_NOT_PRODUCTION,
        ),
        references=("https://learn.microsoft.com/en-us/sql/connect/ado-net/connection-string-syntax",),
        bad=(Example('{"ConnectionStrings": {"Main": «"Server=db.example.com;Database=a;TrustServerCertificate=True"»}}\n'),),
        good=(
            Example('{"ConnectionStrings": {"Main": "Server=db.example.com;Database=a;TrustServerCertificate=False"}}\n'),
            Example('{"ConnectionStrings": {"Main": "${CONNECTION}"}}\n'),
            Example('{"ConnectionStrings": {"Main": "Server=db;TrustServerCertificate=True"}}\n', "appsettings.Development.json"),
        ),
    ),
    Rule(
        id="dotnet-detailed-errors",
        family="config",
        title="errors are shown to visitors in detail",
        severity="medium",
        tier="warn",
        cwe=209,
        why="They show paths, queries and the values of variables.",
        fix="Take DetailedErrors out.",
        match=Keys(
            ("dotnet-appsettings",), ("DetailedErrors", "CircuitOptions.DetailedErrors"), is_true, not_traits=_NOT_PRODUCTION, mend=Flip()
        ),
        references=(_NET + "blazor/fundamentals/handle-errors",),
        bad=(Example('{"DetailedErrors": «true»}\n'),),
        good=(
            Example('{"DetailedErrors": false}\n'),
            Example('{"DetailedErrors": "${ERRORS}"}\n'),
            Example('{"DetailedErrors": true}\n', "appsettings.Development.json"),
        ),
    ),
    Rule(
        id="android-debuggable",
        family="config",
        title="this app can be debugged by whoever holds the device",
        severity="high",
        tier="block",
        cwe=489,
        why="A debugger reads all of the app's data and runs code as the app.",
        fix="Take android:debuggable out; the build sets it.",
        match=Keys(
            ("android-manifest",), ("manifest.application.{@debuggable,@testOnly}",), is_true, not_traits=_NOT_PRODUCTION, mend=Flip()
        ),
        references=(_ANDROID + "android-debuggable",),
        bad=(Example(_app('android:debuggable=«"true"»')),),
        good=(Example(_app('android:debuggable="false"')), Example(_app('android:debuggable="${debuggable}"'))),
    ),
    Rule(
        id="android-cleartext",
        family="config",
        title="this app talks to servers without encryption",
        severity="high",
        tier="warn",
        cwe=319,
        why="Anybody on the same network reads and changes what it sends.",
        fix="Take it out, and allow single hosts in the network security configuration if you must.",
        match=Keys(
            ("android-manifest", "android-network"),
            ("manifest.application.@usesCleartextTraffic", "**.{base-config,domain-config}.@cleartextTrafficPermitted"),
            is_true,
            not_traits=_NOT_PRODUCTION,
            mend=Flip(),
        ),
        references=(_ANDROID + "cleartext-communications",),
        bad=(
            Example(_app('android:usesCleartextTraffic=«"true"»')),
            Example(
                '<network-security-config><base-config cleartextTrafficPermitted=«"true"» /></network-security-config>\n',
                "res/xml/network_security_config.xml",
            ),
        ),
        good=(Example(_app('android:usesCleartextTraffic="false"')), Example(_app('android:usesCleartextTraffic="${cleartext}"'))),
    ),
    Rule(
        id="android-backup",
        family="config",
        title="the data of this app can be copied by backup",
        severity="medium",
        tier="audit",
        cwe=530,
        why="Who holds the unlocked device copies tokens and messages.",
        fix="Set android:allowBackup to false, or name what may be backed up.",
        match=Keys(
            ("android-manifest",),
            ("manifest.application.@allowBackup",),
            is_true,
            where=(Where("{@fullBackupContent,@dataExtractionRules}", absent=True),),
            mend=Flip(),
        ),
        references=("https://developer.android.com/identity/data/autobackup",),
        bad=(Example(_app('android:allowBackup=«"true"»')),),
        good=(
            Example(_app('android:allowBackup="true" android:fullBackupContent="@xml/backup"')),
            Example(_app('android:allowBackup="${backup}"')),
        ),
    ),
    Rule(
        id="android-exported",
        family="config",
        title="every other app may use this component",
        severity="medium",
        tier="audit",
        cwe=926,
        why="Without a permission any app can start it and hand it data.",
        fix="Set android:exported to false, or demand a permission.",
        match=Keys(
            ("android-manifest",),
            ("manifest.application.{service,receiver,provider}.@exported",),
            is_true,
            where=(Where("{@permission,@readPermission}", absent=True), Where("intent-filter", absent=True)),
            mend=Flip(),
        ),
        references=(_ANDROID + "android-exported",),
        bad=(
            Example(
                '<manifest><application><provider android:name="a" android:exported=«"true"» /></application></manifest>\n'.replace(
                    "<manifest>", '<manifest xmlns:android="http://schemas.android.com/apk/res/android">'
                )
            ),
        ),
        good=(
            Example(
                '<manifest xmlns:android="http://schemas.android.com/apk/res/android"><application><provider android:exported="true" android:permission="a.b" /></application></manifest>\n'
            ),
            Example(
                '<manifest xmlns:android="http://schemas.android.com/apk/res/android"><application><provider android:exported="${e}" /></application></manifest>\n'
            ),
        ),
    ),
    Rule(
        id="android-user-certificates",
        family="config",
        title="this app trusts certificates that users install",
        severity="medium",
        tier="warn",
        cwe=295,
        why="Whoever gets a user to install one reads and changes the traffic.",
        fix="Trust system certificates only; put user into debug-overrides.",
        match=Keys(
            ("android-network",), ("network-security-config.{base-config,domain-config}.trust-anchors.certificates.@src",), one_of("user")
        ),
        references=("https://developer.android.com/privacy-and-security/security-config",),
        bad=(
            Example(
                '<network-security-config><base-config><trust-anchors><certificates src=«"user"» /></trust-anchors></base-config></network-security-config>\n'
            ),
        ),
        good=(
            Example(
                '<network-security-config><debug-overrides><trust-anchors><certificates src="user" /></trust-anchors></debug-overrides></network-security-config>\n'
            ),
            Example(
                '<network-security-config><base-config><trust-anchors><certificates src="${src}" /></trust-anchors></base-config></network-security-config>\n'
            ),
        ),
    ),
    Rule(
        id="rails-no-ssl",
        family="config",
        title="encryption of the connection is not enforced",
        severity="high",
        tier="warn",
        cwe=319,
        why="Session cookies travel over plain http, too.",
        fix="Use config.force_ssl = true.",
        match=Custom(("rails-config", "ruby"), ruby(r"\bconfig\.force_ssl\s*=\s*(false)\b"), ("force_ssl",)),
        references=(_RAILS + "#config-force-ssl",),
        bad=(Example("Rails.application.configure do\n  config.force_ssl = «false»\nend\n"),),
        good=(
            Example("config.force_ssl = true\n# config.force_ssl = false\n"),
            Example('config.force_ssl = ENV["FORCE"]\n'),
            Example("config.force_ssl = false\n", "config/environments/development.rb"),
        ),
    ),
    Rule(
        id="rails-shown-errors",
        family="config",
        title="errors are shown to visitors with their source",
        severity="medium",
        tier="warn",
        cwe=209,
        why="They show paths, queries and the values of variables.",
        fix="Use config.consider_all_requests_local = false.",
        match=Custom(
            ("rails-config", "ruby"),
            ruby(r"\bconfig\.(?:consider_all_requests_local|action_dispatch\.show_detailed_exceptions)\s*=\s*(true)\b"),
            ("consider_all_requests_local", "show_detailed_exceptions"),
        ),
        equivalents=("semgrep:detailed-exceptions",),
        references=(_RAILS + "#config-consider-all-requests-local",),
        bad=(Example("config.consider_all_requests_local = «true»\n"),),
        good=(
            Example("config.consider_all_requests_local = false\n"),
            Example('config.consider_all_requests_local = ENV["LOCAL"]\n'),
            Example("config.consider_all_requests_local = true\n", "config/environments/test.rb"),
        ),
    ),
    Rule(
        id="rails-any-host",
        family="config",
        title="requests for any host are answered",
        severity="medium",
        tier="warn",
        cwe=644,
        why="Links in mails are built from the Host header that a client sent, and rebinding attacks reach the application.",
        fix="List the hosts.",
        match=Custom(("rails-config", "ruby"), ruby(r"\b(config\.hosts\.clear)\b"), ("hosts.clear",)),
        references=(_RAILS + "#actiondispatch-hostauthorization",),
        bad=(Example("«config.hosts.clear»\n"),),
        good=(
            Example('config.hosts << "shop.example.com"\n# config.hosts.clear\n'),
            Example('config.hosts << ENV["HOST"] # config.hosts.clear\n'),
        ),
    ),
    Rule(
        id="rails-insecure-cookie",
        family="config",
        title="the session cookie is sent without encryption or can be read by scripts",
        severity="medium",
        tier="warn",
        cwe=614,
        why="Anybody on the way, or any script in the page, takes over the session.",
        fix="Set it to true.",
        match=Custom(
            ("rails-config", "ruby"), ruby(r"\bsession_store\b[^\n]*?\b(?:secure|httponly)(?::|\s*=>)\s*(false)\b"), ("session_store",)
        ),
        equivalents=("semgrep:check-cookie-store-session-security-attributes",),
        references=("https://guides.rubyonrails.org/security.html#sessions",),
        bad=(
            Example(
                "Rails.application.config.session_store :cookie_store, key: '_a', httponly: «false»\n",
                "config/initializers/session_store.rb",
            ),
        ),
        good=(
            Example(
                "Rails.application.config.session_store :cookie_store, key: '_a', secure: true\n", "config/initializers/session_store.rb"
            ),
            Example("config.session_store :cookie_store, secure: ENV['SECURE']\n", "config/initializers/session_store.rb"),
        ),
    ),
    Rule(
        id="rails-no-csrf",
        family="config",
        title="protection against forged requests is switched off",
        severity="medium",
        tier="warn",
        cwe=352,
        why="A page of anybody sends forms in its visitor's name.",
        fix="Take it out.",
        match=Custom(
            ("rails-config", "ruby"),
            ruby(r"\b(?:allow_forgery_protection|default_protect_from_forgery|per_form_csrf_tokens)\s*=\s*(false)\b"),
            ("forgery_protection", "protect_from_forgery", "csrf_tokens"),
        ),
        equivalents=("semgrep:rails-skip-forgery-protection",),
        references=("https://guides.rubyonrails.org/security.html#cross-site-request-forgery-csrf",),
        bad=(Example("config.action_controller.allow_forgery_protection = «false»\n"),),
        good=(
            Example("config.action_controller.allow_forgery_protection = true\n"),
            Example("config.action_controller.allow_forgery_protection = false\n", "config/environments/test.rb"),
            Example('config.action_controller.allow_forgery_protection = ENV["P"]\n'),
        ),
    ),
    Rule(
        id="package-script-download",
        family="config",
        title="a script of this package runs a download unread",
        severity="high",
        tier="warn",
        cwe=494,
        why="Whoever controls the address, or the way to it, runs commands on every machine that installs.",
        fix="Commit the script, or fetch it with a checksum.",
        match=Custom(("package-json", "composer-json"), downloads_in_scripts, ("scripts",)),
        equivalents=("semgrep:package-dependencies-check",),
        references=("https://cwe.mitre.org/data/definitions/494.html",),
        bad=(
            Example('{"scripts": {"postinstall": "«curl -s https://get.example.org/x.sh | sh»"}}\n', "package.json"),
            Example('{"scripts": {"post-install-cmd": ["@php a", "«wget -qO- https://get.example.org/x.sh | bash»"]}}\n', "composer.json"),
        ),
        good=(
            Example('{"scripts": {"postinstall": "curl -s https://get.example.org/x.json | jq ."}}\n', "package.json"),
            Example('{"scripts": {"x": "echo ${X}"}}\n', "package.json"),
        ),
    ),
)
