"""Node.js, Express and Electron: TLS, CORS, cookies, tokens and windows, as far as they are literals in the code."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...finding import Edit, Example, Fix, Rule
from ...records import TYPE_CHECKING
from ..javascript import call_around, code_of, matches
from ..match import Custom, Hit

if TYPE_CHECKING:
    from typing import Final

    from ...files.tree import Tree
    from ...finding import Severity, Tier
    from ...parse import File

JAVASCRIPT: Final = ("javascript",)
_NODE: Final = "https://nodejs.org/api/"
_EXPRESS: Final = "https://expressjs.com/en/advanced/best-practice-security.html"
_ELECTRON: Final = "https://www.electronjs.org/docs/latest/tutorial/security"


def found(pattern: str, calls: tuple[str, ...] = (), mend: str = "") -> Callable[[File, Tree], Iterator[Hit]]:
    """A matcher for group 1 of ``pattern`` in code, only inside of a call of one of ``calls`` (last part of the name), if any."""

    def find(file: File, tree: Tree) -> Iterator[Hit]:
        for each in matches(file, pattern):
            if calls and call_around(file, each.start()).rpartition(".")[2] not in calls:
                continue
            start, end = each.span(1)
            fix = Fix((Edit(start, end, mend),), safe=False) if mend else None
            yield Hit(file.source.span(start, end), fix=fix)

    return find


def any_origin_with_credentials(file: File, tree: Tree) -> Iterator[Hit]:
    """``cors({origin: true, credentials: true})``."""
    code = code_of(file)
    for each in matches(file, r"\bcredentials\s*:\s*(true)\b"):
        if code is None or "cors" not in call_around(file, each.start()).lower():
            continue
        start, end = _object(code.bare, each.start())
        for origin in matches(file, r"\borigin\s*:\s*(true\b|'\*'|\"\*\"|\[\s*'\*'\s*\]|/\.\*/)"):
            if start <= origin.start() < end:
                yield Hit(file.source.span(*origin.span(1)))


def _object(text: str, at: int) -> tuple[int, int]:
    """The braces around ``at``."""
    depth, start = 0, at
    for start in range(at - 1, max(-1, at - 4000), -1):
        depth += {"}": 1, "{": -1}.get(text[start], 0)
        if depth < 0:
            break
    depth, end = 0, at
    for end in range(at, min(len(text), at + 4000)):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        if depth < 0:
            break
    return start, end


def _rule(
    id: str, title: str, find: Callable[[File, Tree], Iterator[Hit]], words: tuple[str, ...], bad: tuple[str, ...], good: tuple[str, ...],
    why: str, fix: str, cwe: int, reference: str, tier: Tier = "block", severity: Severity = "high", equivalents: tuple[str, ...] = (),
) -> Rule:  # fmt: skip
    """A rule about a literal in code: all of these have the same shape."""
    return Rule(
        id=id, family="config", title=title, severity=severity, tier=tier, cwe=cwe, why=why, fix=fix,
        match=Custom(JAVASCRIPT, find, words), equivalents=equivalents, references=(reference,),
        bad=tuple(Example(text, "src/app.js") for text in bad), good=tuple(Example(text, "src/app.js") for text in good),
    )  # fmt: skip


RULES: tuple[Rule, ...] = (
    _rule(
        "js-tls-unverified",
        "certificates are not verified",
        found(
            r"(?:(?<![.\w?])(?<!\?\s)(?:'rejectUnauthorized'|\"rejectUnauthorized\"|rejectUnauthorized|strictSSL)\s*:"
            r"|\b(?:rejectUnauthorized|strictSSL|NODE_TLS_REJECT_UNAUTHORIZED)['\"]?\]?\s*=(?!=))\s*(false\b|['\"]?0['\"]?(?![\w.]))"
        ),
        ("rejectUnauthorized", "strictSSL", "NODE_TLS_REJECT_UNAUTHORIZED"),
        (
            "const agent = new https.Agent({ rejectUnauthorized: «false» });\n",
            "process.env.NODE_TLS_REJECT_UNAUTHORIZED = «'0'»;\n",
        ),
        (
            "const agent = new https.Agent({ rejectUnauthorized: true });\n",
            "const agent = new https.Agent({ rejectUnauthorized: process.env.STRICT !== '0' });\n",
            "const strict = secure ? !!options.rejectUnauthorized : false;\n",
            "// never: const agent = new https.Agent({ rejectUnauthorized: false });\nlog('rejectUnauthorized: false');\n",
        ),
        "Anybody on the way can present a certificate of their own, read the traffic and change it.",
        "Take it out; give a private authority's certificate with ca or NODE_EXTRA_CA_CERTS.",
        295,
        f"{_NODE}tls.html",
    ),
    _rule(
        "js-old-tls",
        "an outdated version of TLS is offered",
        found(r"\b(?:minVersion|maxVersion)\s*:\s*(['\"](?:SSLv3|TLSv1|TLSv1\.1)['\"])"),
        ("minVersion", "maxVersion"),
        ("tls.createServer({ minVersion: «'TLSv1'» }, serve);\n",),
        (
            "tls.createServer({ minVersion: 'TLSv1.2' }, serve);\n",
            "tls.createServer({ minVersion: process.env.MIN_TLS }, serve);\n",
        ),
        "TLS 1.0 and 1.1 are withdrawn (RFC 8996); an attacker can make both sides fall back to them.",
        "Use TLSv1.2 or TLSv1.3.",
        326,
        f"{_NODE}tls.html",
    ),
    _rule(
        "express-cors-with-credentials",
        "any website may act as the visitor here",
        any_origin_with_credentials,
        ("credentials",),
        ("app.use(cors({ origin: «true», credentials: true }));\n",),
        (
            "app.use(cors({ origin: 'https://acme.io', credentials: true }));\n",
            "app.use(cors({ origin: process.env.ORIGIN, credentials: true }));\n",
            "app.use(cors({ origin: true }));\n",
        ),
        "true gives back whatever origin asks: with credentials, a page of anybody reads and changes what its visitor can.",
        "List the origins that are yours.",
        942,
        "https://expressjs.com/en/resources/middleware/cors.html",
    ),
    _rule(
        "express-insecure-cookie",
        "this cookie is sent without encryption or can be read by scripts",
        found(
            r"\b(?:secure|httpOnly)\s*:\s*(false)\b",
            ("session", "cookieSession", "cookie", "fastifySession", "expressSession", "setCookie"),
            "true",
        ),
        ("cookie", "ession"),
        (
            "app.use(session({ secret: key, cookie: { secure: «false», httpOnly: «false» } }));\n",
            "res.cookie('id', id, { httpOnly: «false» });\n",
        ),
        (
            "app.use(session({ secret: key, cookie: { secure: true, httpOnly: true } }));\n",
            "app.use(session({ secret: key, cookie: { secure: process.env.NODE_ENV === 'production' } }));\n",
            "mail.createTransport({ host: cookie, secure: false });\n",
        ),
        "Anybody on the way, or any script in the page, takes over the session.",
        "Set it to true.",
        614,
        _EXPRESS,
        "warn",
        "medium",
    ),
    _rule(
        "express-trusts-every-proxy",
        "every client may say what address it has",
        found(r"\bset\(\s*['\"]trust proxy['\"]\s*,\s*(true)\b"),
        ("trust proxy",),
        ("app.set('trust proxy', «true»);\n",),
        ("app.set('trust proxy', 'loopback');\n", "app.set('trust proxy', process.env.PROXIES);\n"),
        "Lists of allowed addresses, rate limits and logs believe the header of whoever asks.",
        "Name your proxies, or how many there are.",
        290,
        "https://expressjs.com/en/guide/behind-proxies.html",
        "warn",
        "medium",
    ),
    _rule(
        "helmet-defence-off",
        "a defence of the browser is switched off",
        found(
            r"\b(?:contentSecurityPolicy|hsts|strictTransportSecurity|frameguard|xFrameOptions|noSniff|xContentTypeOptions)\s*:\s*(false)\b",
            ("helmet", "contentSecurityPolicy"),
        ),
        ("helmet",),
        ("app.use(helmet({ contentSecurityPolicy: «false» }));\n",),
        (
            "app.use(helmet({ contentSecurityPolicy: { directives } }));\n",
            "app.use(helmet({ contentSecurityPolicy: process.env.CSP === '1' }));\n",
        ),
        "An injected script, a frame around the page or a first visit over http then meets no resistance.",
        "Configure it instead of switching it off.",
        693,
        "https://helmetjs.github.io/",
        "audit",
        "low",
    ),
    _rule(
        "js-token-unverified",
        "tokens need no valid signature",
        found(
            r"\b(?:algorithms?)\s*:\s*\[?\s*((?:'none'|\"none\"))",
            ("verify", "sign", "jwt", "expressJwt", "expressjwt", "JwtStrategy", "Strategy"),
        ),
        ("none",),
        ("jwt.verify(token, key, { algorithms: [«'none'»] });\n",),
        ("jwt.verify(token, key, { algorithms: ['RS256'] });\n", "jwt.verify(token, key, { algorithms: [process.env.ALGORITHM] });\n"),
        "Anybody writes a token for any user.",
        "Name the one algorithm that you use.",
        347,
        "https://www.rfc-editor.org/rfc/rfc8725#section-3.1",
        "block",
        "critical",
    ),
    _rule(
        "electron-window-unprotected",
        "this window takes down what separates web pages from the computer",
        found(
            r"\b(?:nodeIntegration|nodeIntegrationInWorker|nodeIntegrationInSubFrames|allowRunningInsecureContent|experimentalFeatures|enableRemoteModule)\s*:\s*(true)\b",
            ("BrowserWindow", "BrowserView", "WebContentsView"),
        ),
        ("BrowserWindow", "BrowserView", "WebContentsView"),
        ("new BrowserWindow({ webPreferences: { nodeIntegration: «true» } });\n",),
        (
            "new BrowserWindow({ webPreferences: { nodeIntegration: false } });\n",
            "new BrowserWindow({ webPreferences: { nodeIntegration: process.env.NODE_PAGES === '1' } });\n",
        ),
        "A script in the page, injected or of an advertisement, reads files and starts programs.",
        "Take it out: the defaults of Electron are safe.",
        1188,
        _ELECTRON,
        "warn",
    ),
    _rule(
        "electron-page-unprotected",
        "this window takes down what separates web pages from each other",
        found(r"\b(?:contextIsolation|webSecurity|sandbox)\s*:\s*(false)\b", ("BrowserWindow", "BrowserView", "WebContentsView"), "true"),
        ("BrowserWindow", "BrowserView", "WebContentsView"),
        ("new BrowserWindow({ webPreferences: { webSecurity: «false» } });\n",),
        (
            "new BrowserWindow({ webPreferences: { webSecurity: true } });\n",
            "new BrowserWindow({ webPreferences: { webSecurity: !process.env.LOCAL } });\n",
        ),
        "A script in the page reaches your own code, other sites and their cookies.",
        "Take it out: the defaults of Electron are safe.",
        1188,
        _ELECTRON,
        "warn",
    ),
    _rule(
        "js-old-tls-method",
        "only an outdated version of TLS is spoken",
        found(r"\bsecureProtocol\s*:\s*(['\"](?:SSLv[23]|TLSv1|TLSv1_1)_(?:client_|server_)?method['\"])"),
        ("secureProtocol",),
        ("https.request({ host, secureProtocol: «'TLSv1_method'» });\n",),
        ("https.request({ host, secureProtocol: 'TLS_method' });\n", "https.request({ host, secureProtocol: process.env.TLS_METHOD });\n"),
        "TLS 1.0 and 1.1 are withdrawn (RFC 8996); what is sent can be read.",
        "Take it out and use minVersion: 'TLSv1.2'.",
        326,
        f"{_NODE}tls.html",
    ),
)
