"""Rules for Django, Flask and FastAPI settings, as far as they are literals in Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from ...files.filetype import path_traits
from ...finding import Example, Rule, Severity, Tier
from ..match import Custom, Hit
from ..pysettings import calls, literal, settings, span_of, tree_of

if TYPE_CHECKING:
    import ast

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


def cors_with_credentials(file: File, tree: Tree) -> Iterator[Hit]:
    """FastAPI's and Flask's CORS with every origin and cookies."""
    import ast

    if "CORS" not in file.source.text or not _for_real(file):
        return
    for call in calls(file, "add_middleware", "CORSMiddleware", "CORS", "cross_origin"):
        origins = _keyword(call, "allow_origins", "origins", "allow_origin_regex")
        if literal(_keyword(call, "allow_credentials", "supports_credentials")) is not True or origins is None:
            continue
        items = origins.elts if isinstance(origins, ast.List | ast.Tuple) else [origins]
        for item in items:
            if literal(item) in ("*", ".*", r"https?://.*"):
                yield Hit(span_of(file.source, item))


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
)
