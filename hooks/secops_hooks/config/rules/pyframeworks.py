"""Rules for Django, Flask and FastAPI settings, as far as they are literals in Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...files.filetype import path_traits
from ...finding import Example, Rule, Severity, Tier
from ...records import TYPE_CHECKING
from ..match import Custom, Hit
from ..pysettings import calls, literal, named, settings, span_of, tree_of

if TYPE_CHECKING:
    import ast
    from typing import Final

    from ...files.tree import Tree
    from ...parse import File

DJANGO: Final = ("django-settings",)
PYTHON: Final = ("python", "django-settings")
_DEPLOY: Final = "https://docs.djangoproject.com/en/stable/ref/settings/"
_FLASK: Final = "https://flask.palletsprojects.com/en/stable/config/"
_NOT_FOR_REAL: Final = frozenset({"test", "development", "example", "docs"})
_WEAK_HASHERS: Final = (
    "MD5PasswordHasher",
    "UnsaltedMD5PasswordHasher",
    "SHA1PasswordHasher",
    "UnsaltedSHA1PasswordHasher",
    "CryptPasswordHasher",
)


_TEST_FILE: Final = (".pyi", "/test.py", "/tests.py", "/testing.py", "/ci.py", "_test.py", "_ci.py")


def _for_real(file: File) -> bool:
    return not path_traits(file.path) & _NOT_FOR_REAL and not ("/" + file.path).endswith(_TEST_FILE)


def given(names: tuple[str, ...], bad: Callable[[object], bool]) -> Callable[[File, Tree], Iterator[Hit]]:
    """A matcher for settings called one of ``names`` whose literal value is ``bad``; not in files for tests and development."""

    def find(file: File, tree: Tree) -> Iterator[Hit]:
        if _for_real(file) and any(name in file.source.text for name in names):
            for setting in settings(file, *names):
                value = literal(setting.value)
                if value is not ... and bad(value):
                    yield Hit(span_of(file.source, setting.value))

    return find


_SHARED_COOKIES: Final = ("SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY")
_FLASK_COOKIES: Final = (
    *_SHARED_COOKIES,
    "REMEMBER_COOKIE_SECURE",
    "REMEMBER_COOKIE_HTTPONLY",
    "JWT_COOKIE_SECURE",
    "JWT_COOKIE_CSRF_PROTECT",
)


def flask_cookies(file: File, tree: Tree) -> Iterator[Hit]:
    """Flask's cookies without protection; in Django's settings not those that both call the same."""
    names = (
        tuple(name for name in _FLASK_COOKIES if name not in _SHARED_COOKIES) if "django-settings" in file.type.kinds else _FLASK_COOKIES
    )
    return given(names, _is_false)(file, tree)


def csrf_exempt(file: File, tree: Tree) -> Iterator[Hit]:
    """A view that answers forged requests: the decorator, or the function around a view."""
    import ast

    if not _for_real(file):
        return
    parsed = tree_of(file)
    for node in ast.walk(parsed) if parsed is not None else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            marks = [each.args[0] if isinstance(each, ast.Call) and each.args else each for each in node.decorator_list]
        else:
            marks = [node.func] if isinstance(node, ast.Call) else []
        for mark in marks:
            if (isinstance(mark, ast.Name) and mark.id == "csrf_exempt") or (
                isinstance(mark, ast.Attribute) and mark.attr == "csrf_exempt"
            ):
                yield Hit(span_of(file.source, mark))


def _is_false(value: object) -> bool:
    return value is False


def _is_true(value: object) -> bool:
    return value is True


def any_host(file: File, tree: Tree) -> Iterator[Hit]:
    """``"*"`` among the allowed hosts."""
    import ast

    if not _for_real(file):
        return
    for setting in settings(file, "ALLOWED_HOSTS"):
        items = setting.value.elts if isinstance(setting.value, ast.List | ast.Tuple) else []
        for item in items:
            if literal(item) == "*":
                yield Hit(span_of(file.source, item))


def any_origin_with_credentials(file: File, tree: Tree) -> Iterator[Hit]:
    """Every origin, and cookies with it."""
    if any(literal(setting.value) is True for setting in settings(file, "CORS_ALLOW_CREDENTIALS")):
        for setting in settings(file, "CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL"):
            if literal(setting.value) is True:
                yield Hit(span_of(file.source, setting.value))


def any_origin(file: File, tree: Tree) -> Iterator[Hit]:
    """Every origin, without cookies."""
    if _for_real(file) and not any(literal(setting.value) is True for setting in settings(file, "CORS_ALLOW_CREDENTIALS")):
        for setting in settings(file, "CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL"):
            if literal(setting.value) is True:
                yield Hit(span_of(file.source, setting.value))


def no_csrf_middleware(file: File, tree: Tree) -> Iterator[Hit]:
    """A list of middleware without the one against forged requests."""
    if _for_real(file):
        for setting in settings(file, "MIDDLEWARE", "MIDDLEWARE_CLASSES"):
            value = literal(setting.value)
            if isinstance(value, list | tuple) and value and not any("CsrfViewMiddleware" in str(each) for each in value):
                yield Hit(span_of(file.source, setting.target))


def weak_hashers(file: File, tree: Tree) -> Iterator[Hit]:
    """A weak hash as the one for new passwords."""
    import ast

    if not _for_real(file):
        return
    for setting in settings(file, "PASSWORD_HASHERS"):
        items = setting.value.elts if isinstance(setting.value, ast.List | ast.Tuple) else []
        if items and str(literal(items[0])).endswith(_WEAK_HASHERS):
            yield Hit(span_of(file.source, items[0]))


def _keyword(call: ast.Call, *names: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg in names), None)


_ANY_ORIGIN: Final = ("*", ".*", r"https?://.*", "^.*$")


def _origins(file: File, call: ast.Call) -> Iterator[ast.expr]:
    """The origins that a call lets in, as far as they are literals here: of ``allow_origins``, ``origins`` and ``resources``."""
    import ast

    found = [named(file, _keyword(call, name)) for name in ("allow_origins", "origins", "allow_origin_regex")]
    resources = named(file, _keyword(call, "resources"))
    for value in resources.values if isinstance(resources, ast.Dict) else ():
        if isinstance(value, ast.Dict):
            found += [
                named(file, each)
                for key, each in zip(value.keys, value.values, strict=True)
                if key is not None and literal(key) == "origins"
            ]
    for origins in found:
        if origins is not None:
            yield from origins.elts if isinstance(origins, ast.List | ast.Tuple | ast.Set) else [origins]


def _open_cors(file: File, credentials: bool) -> Iterator[Hit]:
    if "CORS" not in file.source.text and "cross_origin" not in file.source.text:
        return
    for call in calls(file, "add_middleware", "CORSMiddleware", "CORS", "cross_origin") if _for_real(file) else ():
        if (literal(_keyword(call, "allow_credentials", "supports_credentials")) is True) is credentials:
            for item in _origins(file, call):
                if literal(item) in _ANY_ORIGIN:
                    yield Hit(span_of(file.source, item))


def cors_with_credentials(file: File, tree: Tree) -> Iterator[Hit]:
    """FastAPI's and Flask's CORS with every origin and cookies."""
    yield from _open_cors(file, credentials=True)


def cors_without_credentials(file: File, tree: Tree) -> Iterator[Hit]:
    """The same without cookies."""
    yield from _open_cors(file, credentials=False)


def application_debug(file: File, tree: Tree) -> Iterator[Hit]:
    """``FastAPI(debug=True)``, ``Starlette(debug=True)``, ``app.debug = True``, ``app.config["DEBUG"] = True``, a class of settings."""
    import ast

    if not _for_real(file) or "django-settings" in file.type.kinds:
        return
    if not any(name in file.source.text for name in ("FastAPI", "Starlette", "Sanic", "Litestar", "Quart", "lask", "quart")):
        return
    for call in calls(file, "FastAPI", "Starlette", "Sanic", "Litestar", "Quart"):
        value = _keyword(call, "debug")
        if literal(value) is True and value is not None:
            yield Hit(span_of(file.source, value))
    if "flask" not in file.source.text.lower() and "quart" not in file.source.text.lower():
        return
    for setting in settings(file, "DEBUG", "TESTING", "ENV", "debug"):
        written = setting.target
        ours = isinstance(written, ast.Subscript | ast.keyword) or (isinstance(written, ast.Attribute) and setting.name == "debug")
        if ours and literal(setting.value) in (True, "development"):
            yield Hit(span_of(file.source, setting.value))


def cookies_in_code(file: File, tree: Tree) -> Iterator[Hit]:
    """``response.set_cookie(…, secure=False)``, ``SessionMiddleware(…, https_only=False)``."""
    if not _for_real(file):
        return
    for call in calls(file, "set_cookie", "set_signed_cookie", "SessionMiddleware", "add_middleware"):
        for name in ("secure", "httponly", "https_only"):
            value = _keyword(call, name)
            if value is not None and literal(value) is False:
                yield Hit(span_of(file.source, value))


def any_proxy(file: File, tree: Tree) -> Iterator[Hit]:
    """``uvicorn.run(…, forwarded_allow_ips="*")``: whoever asks says what address he has."""
    for call in calls(file, "run", "Config") if "forwarded_allow_ips" in file.source.text and _for_real(file) else ():
        value = _keyword(call, "forwarded_allow_ips")
        if value is not None and literal(value) == "*":
            yield Hit(span_of(file.source, value))


def any_trusted_host(file: File, tree: Tree) -> Iterator[Hit]:
    """``TrustedHostMiddleware`` that trusts every host."""
    import ast

    for call in calls(file, "add_middleware", "TrustedHostMiddleware") if "TrustedHost" in file.source.text and _for_real(file) else ():
        hosts = named(file, _keyword(call, "allowed_hosts"))
        for item in hosts.elts if isinstance(hosts, ast.List | ast.Tuple) else ():
            if literal(item) == "*":
                yield Hit(span_of(file.source, item))


# functions that read a variable, and what they take for the value that is used without it
_READERS: Final = ("getenv", "get", "bool", "config", "get_env", "env", "getboolean", "get_bool", "environ_bool", "strtobool")


def debug_by_default(file: File, tree: Tree) -> Iterator[Hit]:
    """``DEBUG = os.environ.get("DEBUG", True)``: on wherever nobody said no."""
    import ast

    if not _for_real(file):
        return
    for setting in settings(file, "DEBUG", "TEMPLATE_DEBUG"):
        for call in ast.walk(setting.value):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute | ast.Name):
                continue
            name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id
            default = _keyword(call, "default") or (call.args[1] if len(call.args) > 1 else None)
            if name in _READERS and default is not None and str(literal(default)).lower() in ("true", "1", "yes", "on"):
                yield Hit(span_of(file.source, default))


def open_rest(file: File, tree: Tree) -> Iterator[Hit]:
    """``AllowAny`` as what the REST framework asks of everybody by default."""
    import ast

    for setting in settings(file, "REST_FRAMEWORK") if _for_real(file) else ():
        for entry in ast.walk(setting.value):
            if isinstance(entry, ast.Constant) and isinstance(entry.value, str) and entry.value.endswith("permissions.AllowAny"):
                yield Hit(span_of(file.source, entry))


def unsigned_tokens(file: File, tree: Tree) -> Iterator[Hit]:
    """``SIMPLE_JWT = {"ALGORITHM": "none"}``, ``JWT_ALGORITHM = "none"``."""
    import ast

    if not _for_real(file):
        return
    for setting in settings(file, "SIMPLE_JWT", "JWT_AUTH"):
        if isinstance(setting.value, ast.Dict):
            for key, value in zip(setting.value.keys, setting.value.values, strict=True):
                name = literal(key)
                if (name in ("ALGORITHM", "JWT_ALGORITHM") and str(literal(value)).lower() == "none") or (
                    name in ("JWT_VERIFY", "JWT_VERIFY_EXPIRATION") and literal(value) is False
                ):
                    yield Hit(span_of(file.source, value))
    for setting in settings(file, "JWT_ALGORITHM"):
        if str(literal(setting.value)).lower() == "none":
            yield Hit(span_of(file.source, setting.value))


def database_without_tls(file: File, tree: Tree) -> Iterator[Hit]:
    """``DATABASES`` with ``sslmode`` switched off."""
    import ast

    for setting in settings(file, "DATABASES") if _for_real(file) else ():
        for entry in ast.walk(setting.value):
            for key, value in zip(entry.keys, entry.values, strict=True) if isinstance(entry, ast.Dict) else ():
                if (
                    key is not None
                    and literal(key) in ("sslmode", "ssl_mode")
                    and str(literal(value)).lower() in ("disable", "disabled", "allow")
                ):
                    yield Hit(span_of(file.source, value))


def _rule(
    id: str, title: str, kinds: tuple[str, ...], names: tuple[str, ...], bad: Callable[[object], bool], wrong: str, right: str, why: str, fix: str, cwe: int,
    tier: Tier = "warn", severity: Severity = "medium", equivalents: tuple[str, ...] = (), reference: str = _DEPLOY,
) -> Rule:  # fmt: skip
    """A rule about one setting: all of these have the same shape."""
    path = "app/settings.py" if kinds == DJANGO else "app/config.py"
    name = names[0]
    return Rule(
        id=id, family="config", title=title, severity=severity, tier=tier, cwe=cwe, why=why, fix=fix,
        match=Custom(kinds, given(names, bad), names),
        equivalents=equivalents, references=(reference,),
        bad=(Example(f"{name} = «{wrong}»\n", path), Example(f"class Production:\n    {name} = «{wrong}»\n", path)),
        good=(Example(f"{name} = {right}\n", path), Example(f'{name} = env("{name}")\n', path), Example(f"{name} = {wrong}\n", "app/settings/dev.py")),
    )  # fmt: skip


RULES: tuple[Rule, ...] = (
    _rule(
        "django-debug",
        "debug mode is on",
        DJANGO,
        ("DEBUG", "TEMPLATE_DEBUG"),
        _is_true,
        "True",
        "False",
        "Error pages show source, settings and the values of variables to whoever causes an error.",
        "Read it from the environment, with False as default.",
        489,
        "block",
        "high",
        ("django:security.W018",),
        _DEPLOY + "#debug",
    ),
    Rule(
        id="django-any-host",
        family="config",
        title="requests for any host are answered",
        severity="medium",
        tier="warn",
        cwe=644,
        why="Links in password reset mails are built from the Host header that a client sent.",
        fix="List the hosts.",
        match=Custom(DJANGO, any_host, ("ALLOWED_HOSTS",)),
        equivalents=("django:security.W020",),
        references=(_DEPLOY + "#allowed-hosts",),
        bad=(Example("ALLOWED_HOSTS = ['a.example.org', «'*'»]\n"),),
        good=(
            Example("ALLOWED_HOSTS = ['.example.org']\n"),
            Example("ALLOWED_HOSTS = os.environ['HOSTS'].split()\n"),
            Example("ALLOWED_HOSTS = ['*']\n", "app/settings/local.py"),
        ),
    ),
    _rule(
        "django-insecure-cookie",
        "this cookie is sent without encryption or can be read by scripts",
        DJANGO,
        ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "LANGUAGE_COOKIE_SECURE"),
        _is_false,
        "False",
        "True",
        "Anybody on the way, or any script in the page, takes over the session.",
        "Set it to True.",
        614,
        equivalents=("django:security.W012", "django:security.W016"),
        reference=_DEPLOY + "#session-cookie-secure",
    ),
    _rule(
        "django-transport",
        "encryption of the connection is not enforced",
        DJANGO,
        ("SECURE_SSL_REDIRECT", "SECURE_CONTENT_TYPE_NOSNIFF", "SECURE_BROWSER_XSS_FILTER"),
        _is_false,
        "False",
        "True",
        "Visitors who type the address begin on plain http.",
        "Set it to True.",
        319,
        severity="low",
        equivalents=("django:security.W008", "django:security.W006"),
        reference=_DEPLOY + "#secure-ssl-redirect",
    ),
    _rule(
        "django-no-hsts",
        "browsers are not told to use https only",
        DJANGO,
        ("SECURE_HSTS_SECONDS",),
        lambda value: value == 0 and value is not False,
        "0",
        "31536000",
        "Visitors who type the address begin on plain http.",
        "Set it to a year, 31536000, once everything is reachable by https.",
        319,
        severity="low",
        equivalents=("django:security.W004",),
        reference=_DEPLOY + "#secure-hsts-seconds",
    ),
    Rule(
        id="django-cors-with-credentials",
        family="config",
        title="every website may act as the visitor here",
        severity="high",
        tier="block",
        cwe=942,
        why="With any origin and credentials, a page of anybody reads and changes what its visitor can.",
        fix="List the origins in CORS_ALLOWED_ORIGINS.",
        match=Custom(DJANGO, any_origin_with_credentials, ("CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL")),
        references=("https://github.com/adamchainz/django-cors-headers",),
        bad=(Example("CORS_ALLOW_ALL_ORIGINS = «True»\nCORS_ALLOW_CREDENTIALS = True\n"),),
        good=(
            Example("CORS_ALLOW_ALL_ORIGINS = False\nCORS_ALLOW_CREDENTIALS = True\n"),
            Example("CORS_ALLOW_ALL_ORIGINS = env('A')\nCORS_ALLOW_CREDENTIALS = True\n"),
        ),
    ),
    Rule(
        id="django-cors-any-origin",
        family="config",
        title="every website may call this service from its visitors' browsers",
        severity="medium",
        tier="warn",
        cwe=942,
        why="A page of anybody reads what the service shows to the visitor's network.",
        fix="List the origins in CORS_ALLOWED_ORIGINS.",
        match=Custom(DJANGO, any_origin, ("CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL")),
        references=("https://github.com/adamchainz/django-cors-headers",),
        bad=(Example("CORS_ALLOW_ALL_ORIGINS = «True»\n"),),
        good=(Example("CORS_ALLOW_ALL_ORIGINS = False\n"), Example("CORS_ALLOW_ALL_ORIGINS = env('A')\n")),
    ),
    Rule(
        id="django-no-csrf-middleware",
        family="config",
        title="nothing protects against forged requests",
        severity="medium",
        tier="warn",
        cwe=352,
        why="Without CsrfViewMiddleware a page of anybody sends forms in its visitor's name.",
        fix="Add django.middleware.csrf.CsrfViewMiddleware.",
        match=Custom(DJANGO, no_csrf_middleware, ("MIDDLEWARE",)),
        equivalents=("django:security.W003",),
        references=("https://docs.djangoproject.com/en/stable/ref/csrf/",),
        bad=(Example("«MIDDLEWARE» = ['django.middleware.security.SecurityMiddleware']\n"),),
        good=(
            Example("MIDDLEWARE = ['django.middleware.csrf.CsrfViewMiddleware']\n"),
            Example("MIDDLEWARE = base.MIDDLEWARE + env('MORE')\n"),
        ),
    ),
    Rule(
        id="django-weak-hasher",
        family="config",
        title="passwords are stored with a hash that is broken in seconds",
        severity="high",
        tier="block",
        cwe=916,
        why="MD5 and SHA-1 are made to be fast: a stolen list is turned back into passwords at billions of guesses a second.",
        fix="Take PASSWORD_HASHERS out, or put Argon2PasswordHasher first.",
        match=Custom(DJANGO, weak_hashers, ("PASSWORD_HASHERS",)),
        references=("https://docs.djangoproject.com/en/stable/topics/auth/passwords/",),
        bad=(Example("PASSWORD_HASHERS = [«'django.contrib.auth.hashers.MD5PasswordHasher'»]\n"),),
        good=(
            Example(
                "PASSWORD_HASHERS = ['django.contrib.auth.hashers.Argon2PasswordHasher', 'django.contrib.auth.hashers.SHA1PasswordHasher']\n"
            ),
            Example("PASSWORD_HASHERS = [env('HASHER')]\n"),
            Example("PASSWORD_HASHERS = ['django.contrib.auth.hashers.MD5PasswordHasher']\n", "app/settings/test.py"),
        ),
    ),
    _rule(
        "django-pickled-sessions",
        "sessions are stored as pickles",
        DJANGO,
        ("SESSION_SERIALIZER",),
        lambda value: isinstance(value, str) and value.endswith("PickleSerializer"),
        "'django.contrib.sessions.serializers.PickleSerializer'",
        "'django.contrib.sessions.serializers.JSONSerializer'",
        "Whoever learns the secret key, or can write the session store, runs code.",
        "Use JSONSerializer.",
        502,
        "block",
        "high",
        reference=_DEPLOY + "#session-serializer",
    ),
    _rule(
        "flask-csrf-disabled",
        "protection against forged requests is switched off",
        PYTHON,
        ("WTF_CSRF_ENABLED", "WTF_CSRF_CHECK_DEFAULT"),
        _is_false,
        "False",
        "True",
        "A page of anybody sends forms in its visitor's name.",
        "Take it out.",
        352,
        "block",
        "high",
        ("semgrep:flask-wtf-csrf-disabled",),
        "https://flask-wtf.readthedocs.io/en/stable/config/",
    ),
    _rule(
        "flask-insecure-cookie",
        "this cookie is sent without encryption or can be read by scripts",
        PYTHON,
        _FLASK_COOKIES,
        _is_false,
        "False",
        "True",
        "Anybody on the way, or any script in the page, takes over the session.",
        "Set it to True.",
        614,
        reference=_FLASK + "#SESSION_COOKIE_SECURE",
    )._replace(match=Custom(PYTHON, flask_cookies, _FLASK_COOKIES)),
    _rule(
        "flask-development",
        "a Flask application is set to development",
        PYTHON,
        ("FLASK_ENV", "FLASK_DEBUG"),
        lambda value: value in ("development", "1", 1, True),
        "'development'",
        "'production'",
        "Errors show source and a console to whoever causes one.",
        "Take it out; use --debug while developing.",
        489,
        "block",
        "high",
        ("semgrep:debug-enabled",),
        "https://flask.palletsprojects.com/en/stable/debugging/",
    ),
    Rule(
        id="django-csrf-exempt",
        family="config",
        title="this view answers forged requests",
        severity="medium",
        tier="warn",
        cwe=352,
        why="Any website can make a visitor's browser call it with the visitor's cookies.",
        fix="Take the exemption out. A view for programs should not know cookies: check a signature or a token in a header, and say so here.",
        match=Custom(PYTHON, csrf_exempt, ("csrf_exempt",)),
        equivalents=("semgrep:no-csrf-exempt",),
        references=("https://docs.djangoproject.com/en/stable/howto/csrf/#disabling-csrf-protection-for-just-a-few-views",),
        bad=(
            Example("@«csrf_exempt»\ndef hook(request):\n    return save(request)\n", "shop/views.py"),
            Example("@method_decorator(«csrf_exempt», name='dispatch')\nclass Hook(View):\n    pass\n", "shop/views.py"),
            Example("urlpatterns = [path('hook', «csrf.csrf_exempt»(views.hook))]\n", "shop/urls.py"),
        ),
        good=(
            Example("@csrf_protect\ndef hook(request):\n    return save(request)\n", "shop/views.py"),
            Example("from django.views.decorators.csrf import csrf_exempt\n\nEXEMPT = [csrf_exempt]\n", "shop/views.py"),
            Example("@csrf_exempt\ndef hook(request):\n    return save(request)\n", "shop/tests/test_views.py"),
            Example('csrf_exempt = env("CSRF_EXEMPT")\n', "shop/views.py"),
        ),
    ),
    Rule(
        id="cors-with-credentials",
        family="config",
        title="every website may act as the visitor here",
        severity="medium",
        tier="warn",
        cwe=942,
        why="With any origin and credentials, a page of anybody reads and changes what its visitor can.",
        fix="List the origins.",
        match=Custom(PYTHON, cors_with_credentials, ("CORS", "cross_origin")),
        equivalents=("semgrep:wildcard-cors", "semgrep:flask-cors-misconfiguration"),
        references=("https://fastapi.tiangolo.com/tutorial/cors/", "https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS"),
        bad=(
            Example("app.add_middleware(CORSMiddleware, allow_origins=[«'*'»], allow_credentials=True)\n", "app/main.py"),
            Example("CORS(app, origins=«'*'», supports_credentials=True)\n", "app/main.py"),
        ),
        good=(
            Example("app.add_middleware(CORSMiddleware, allow_origins=['*'])\n", "app/main.py"),
            Example("app.add_middleware(CORSMiddleware, allow_origins=[os.environ['O']], allow_credentials=True)\n", "app/main.py"),
        ),
    ),
    Rule(
        id="cors-any-origin-in-code",
        family="config",
        title="every website may read the answers",
        severity="low",
        tier="audit",
        cwe=942,
        why="Right for what is public. What is protected only by where it can be reached from, a company's network, is open to every page.",
        fix="List the origins, or say here that everything is public.",
        match=Custom(PYTHON, cors_without_credentials, ("CORS", "cross_origin")),
        equivalents=("semgrep:wildcard-cors",),
        references=("https://fastapi.tiangolo.com/tutorial/cors/",),
        bad=(
            Example("app.add_middleware(CORSMiddleware, allow_origins=[«'*'»])\n", "app/main.py"),
            Example("origins = [«'*'»]\napp.add_middleware(CORSMiddleware, allow_origins=origins)\n", "app/main.py"),
        ),
        good=(
            Example("app.add_middleware(CORSMiddleware, allow_origins=['https://acme.io'])\n", "app/main.py"),
            Example("app.add_middleware(CORSMiddleware, allow_origins=os.environ['ORIGINS'].split())\n", "app/main.py"),
        ),
    ),
    Rule(
        id="python-application-debug",
        family="config",
        title="debug mode is on",
        severity="high",
        tier="block",
        cwe=489,
        why="Errors show source and values, in Flask with a console that runs code, to whoever causes one.",
        fix="Read it from the environment, with False as default.",
        match=Custom(PYTHON, application_debug, ("DEBUG", "TESTING", "debug", "ENV")),
        equivalents=("semgrep:debug-enabled",),
        references=("https://flask.palletsprojects.com/en/stable/debugging/", "https://fastapi.tiangolo.com/reference/fastapi/"),
        bad=(
            Example("from flask import Flask\n\napp = Flask(__name__)\napp.config['DEBUG'] = «True»\napp.debug = «True»\n", "app/main.py"),
            Example("app = FastAPI(debug=«True»)\n", "app/main.py"),
        ),
        good=(
            Example(
                "from flask import Flask\n\napp = Flask(__name__)\napp.config['DEBUG'] = False\napp.debug = settings.debug\n", "app/main.py"
            ),
            Example("app = FastAPI(debug=bool(os.environ.get('APP_DEBUG')))\n", "app/main.py"),
            Example("from flask import Flask\n\napp.config['DEBUG'] = True\n", "tests/conftest.py"),
        ),
    ),
    Rule(
        id="python-cookie-in-code",
        family="config",
        title="this cookie is sent without encryption or can be read by scripts",
        severity="medium",
        tier="warn",
        cwe=614,
        why="Anybody on the way, or any script in the page, takes over the session.",
        fix="Set it to True.",
        match=Custom(PYTHON, cookies_in_code, ("secure", "httponly", "https_only")),
        references=("https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/Cookies#block_access_to_your_cookies",),
        bad=(
            Example("response.set_cookie('session', token, secure=«False», httponly=«False»)\n", "app/main.py"),
            Example("app.add_middleware(SessionMiddleware, secret_key=KEY, https_only=«False»)\n", "app/main.py"),
        ),
        good=(
            Example("response.set_cookie('session', token, secure=True, httponly=True)\n", "app/main.py"),
            Example("response.set_cookie('session', token, secure=os.environ['SECURE'] == '1')\n", "app/main.py"),
        ),
    ),
    Rule(
        id="python-address-from-anybody",
        family="config",
        title="every client may say what address it has",
        severity="medium",
        tier="warn",
        cwe=290,
        why="Lists of allowed addresses, rate limits and logs believe the header of whoever asks.",
        fix="Name your proxies.",
        match=Custom(PYTHON, any_proxy, ("forwarded_allow_ips",)),
        references=("https://uvicorn.dev/deployment/#proxies-and-forwarded-headers",),
        bad=(Example("uvicorn.run(app, forwarded_allow_ips=«'*'»)\n", "app/main.py"),),
        good=(
            Example("uvicorn.run(app, forwarded_allow_ips='10.0.0.5')\n", "app/main.py"),
            Example("uvicorn.run(app, forwarded_allow_ips=os.environ['PROXIES'])\n", "app/main.py"),
        ),
    ),
    Rule(
        id="python-any-host",
        family="config",
        title="requests for any host are answered",
        severity="low",
        tier="warn",
        cwe=644,
        why="Links and redirects are built from the Host header that a client sent; with * the check is none.",
        fix="List the hosts.",
        match=Custom(PYTHON, any_trusted_host, ("TrustedHost",)),
        references=("https://fastapi.tiangolo.com/advanced/middleware/#trustedhostmiddleware",),
        bad=(Example("app.add_middleware(TrustedHostMiddleware, allowed_hosts=[«'*'»])\n", "app/main.py"),),
        good=(
            Example("app.add_middleware(TrustedHostMiddleware, allowed_hosts=['acme.io'])\n", "app/main.py"),
            Example("app.add_middleware(TrustedHostMiddleware, allowed_hosts=[os.environ['HOST']])\n", "app/main.py"),
        ),
    ),
    Rule(
        id="django-debug-by-default",
        family="config",
        title="debug mode is on wherever nobody says no",
        severity="high",
        tier="warn",
        cwe=489,
        why="The one machine on which the variable was forgotten shows source, settings and values to whoever causes an error.",
        fix="Use False as default.",
        match=Custom(DJANGO, debug_by_default, ("DEBUG",)),
        references=(_DEPLOY + "#debug",),
        bad=(
            Example("DEBUG = os.environ.get('DEBUG', «'True'») == 'True'\n"),
            Example("DEBUG = env.bool('DEBUG', default=«True»)\n"),
        ),
        good=(
            Example("DEBUG = os.environ.get('DEBUG', 'False') == 'True'\n"),
            Example("DEBUG = env.bool('DEBUG', default=False)\n"),
            Example("DEBUG = env.bool('DEBUG', default=True)\n", "app/settings/local.py"),
        ),
    ),
    Rule(
        id="django-open-rest-api",
        family="config",
        title="every view of the REST API is open unless it says otherwise",
        severity="medium",
        tier="audit",
        cwe=862,
        why="A view that somebody adds in a hurry is public.",
        fix="Use IsAuthenticated by default, and AllowAny on the views that are public.",
        match=Custom(DJANGO, open_rest, ("REST_FRAMEWORK",)),
        references=("https://www.django-rest-framework.org/api-guide/permissions/#setting-the-permission-policy",),
        bad=(Example("REST_FRAMEWORK = {'DEFAULT_PERMISSION_CLASSES': [«'rest_framework.permissions.AllowAny'»]}\n"),),
        good=(
            Example("REST_FRAMEWORK = {'DEFAULT_PERMISSION_CLASSES': ['rest_framework.permissions.IsAuthenticated']}\n"),
            Example("REST_FRAMEWORK = {'DEFAULT_PERMISSION_CLASSES': [os.environ['PERMISSION']]}\n"),
        ),
    ),
    Rule(
        id="python-unsigned-tokens",
        family="config",
        title="tokens need no valid signature",
        severity="critical",
        tier="block",
        cwe=347,
        why="Anybody writes a token for any user.",
        fix="Use HS256 with a secret key, or RS256.",
        match=Custom(DJANGO, unsigned_tokens, ("JWT",)),
        references=("https://www.rfc-editor.org/rfc/rfc8725#section-3.1",),
        bad=(Example("SIMPLE_JWT = {'ALGORITHM': «'none'»}\n"),),
        good=(
            Example("SIMPLE_JWT = {'ALGORITHM': 'RS256'}\n"),
            Example("SIMPLE_JWT = {'ALGORITHM': os.environ['JWT_ALGORITHM']}\n"),
        ),
    ),
    Rule(
        id="django-database-without-tls",
        family="config",
        title="the connection to this database is not encrypted",
        severity="medium",
        tier="warn",
        cwe=319,
        why="The password and all data can be read and changed on the way.",
        fix="Use sslmode verify-full.",
        match=Custom(DJANGO, database_without_tls, ("DATABASES",)),
        references=("https://docs.djangoproject.com/en/stable/ref/databases/#postgresql-notes",),
        bad=(Example("DATABASES = {'default': {'HOST': 'db.acme.io', 'OPTIONS': {'sslmode': «'disable'»}}}\n"),),
        good=(
            Example("DATABASES = {'default': {'HOST': 'db.acme.io', 'OPTIONS': {'sslmode': 'verify-full'}}}\n"),
            Example("DATABASES = {'default': {'OPTIONS': {'sslmode': os.environ['SSLMODE']}}}\n"),
        ),
    ),
    _rule(
        "django-frames-from-anywhere",
        "every website may show this one in a frame",
        DJANGO,
        ("X_FRAME_OPTIONS",),
        lambda value: isinstance(value, str) and value.upper().startswith(("ALLOW",)),
        "'ALLOWALL'",
        "'DENY'",
        "Visitors are made to click where they do not want to.",
        "Use DENY or SAMEORIGIN.",
        1021,
        "warn",
        "medium",
        ("django:security.W019",),
        _DEPLOY + "#x-frame-options",
    ),
    _rule(
        "django-no-password-rules",
        "any password is accepted",
        DJANGO,
        ("AUTH_PASSWORD_VALIDATORS",),
        lambda value: value in ([], ()),
        "[]",
        "[{'NAME': 'django.contrib.auth.password_validation.MinimumLengthValidator'}]",
        "Short and common passwords are guessed.",
        "Use the validators of Django's template.",
        521,
        "warn",
        "low",
        (),
        _DEPLOY + "#auth-password-validators",
    ),
    _rule(
        "django-files-for-everybody",
        "everybody on the machine may change uploaded files",
        DJANGO,
        ("FILE_UPLOAD_PERMISSIONS", "FILE_UPLOAD_DIRECTORY_PERMISSIONS"),
        lambda value: isinstance(value, int) and not isinstance(value, bool) and bool(value & 0o002),
        "0o777",
        "0o644",
        "A program of any user exchanges what others get.",
        "Use 0o644, 0o755 for directories.",
        732,
        "warn",
        "medium",
        (),
        _DEPLOY + "#file-upload-permissions",
    ),
    _rule(
        "django-same-site-off",
        "the session cookie is sent along with requests from other sites",
        DJANGO,
        ("SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE"),
        lambda value: value is False or (isinstance(value, str) and value.lower() == "none"),
        "'None'",
        "'Lax'",
        "A page of anybody sends requests in its visitor's name.",
        "Use Lax or Strict.",
        1275,
        "warn",
        "low",
        (),
        _DEPLOY + "#session-cookie-samesite",
    ),
)
