"""bandit's tests as our rules: id, tier, what to say. No bandit is needed to read them.

``words`` are what must occur in a file's text before the test can fire: alternatives of words that must all be there.
They are sound, not exact: too many files pass, never too few. A test checks this table against bandit itself.
"""

from __future__ import annotations

from functools import lru_cache

from ..finding import Rule, Severity, Tier
from ..records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Final, TypeAlias

Words: TypeAlias = tuple[tuple[str, ...], ...]


class Test(NamedTuple):
    """One of bandit's tests. ``tier`` and ``severity`` are those of its gravest issue."""

    id: str
    title: str
    tier: Tier
    severity: Severity
    cwe: int
    why: str
    fix: str
    words: Words


_PASSWORD: Final[Words] = (
    ("passw",),
    ("pasw",),
    ("passphrase",),
    ("pwd",),
    ("token",),
    ("secret",),
    ("_pass",),
    ("pass_",),
    ("pass'",),
    ('pass"',),
    ("passr",),
    ("pasr",),
    ("passd",),
    ("pasd",),
)
_HTTP: Final[Words] = (("requests",), ("httpx",))
_SSL: Final = (
    "protocol_sslv2",
    "sslv2_method",
    "sslv23_method",
    "protocol_sslv3",
    "protocol_tlsv1",
    "sslv3_method",
    "tlsv1_method",
    "tlsv1_1_method",
)
_STARTERS: Final[Words] = (
    ("subprocess",),
    ("os", "system"),
    ("os", "popen"),
    ("popen2",),
    ("commands", "getoutput"),
    ("commands", "getstatusoutput"),
    ("os", "exec"),
    ("os", "spawn"),
    ("os", "startfile"),
)
_XML_FIX: Final = "Parse with defusedxml, or make sure that the document comes from yourself."
_XML_WHY: Final = "Python's XML parsers expand entities: a small hostile document can read files or exhaust memory."
_PICKLE_WHY: Final = "Unpickling runs code that the data chooses: whoever can alter the data runs commands here."
_SHELL_WHY: Final = "The shell interprets every character of the string: a value that an attacker influences becomes a command."
_WEAK_WHY: Final = "The algorithm is broken or has a key too short to resist today's hardware."
_CLEAR_WHY: Final = "The protocol sends everything, passwords included, in clear text."

TESTS: Final[tuple[Test, ...]] = (
    Test("B101", "assert disappears when Python runs with -O", "audit", "low", 703, "An assert that guards something is not there in an optimised run.", "Raise an exception where the check matters; asserts in tests are fine.", (("assert",),)),
    Test("B102", "exec() runs text as code", "warn", "medium", 78, "If any part of the text comes from outside, an attacker writes your program.", "Use data instead of code: a dictionary of functions, ast.literal_eval, a real parser.", (("exec",),)),
    Test("B103", "this file mode lets others write or execute", "block", "high", 732, "Any user of the machine can replace the file's content.", "Grant only the owner: 0o600 for data, 0o700 for programs.", (("chmod",),)),
    Test("B104", "binds to all network interfaces", "warn", "medium", 605, "The service is reachable from every network that the machine is in.", "Bind to 127.0.0.1, or take the address from configuration.", (("0.0.0.0",),)),
    Test("B105", "a password is written in the code", "audit", "low", 259, "Everyone who can read the code has the password, for ever: it stays in history.", "Read it from the environment or a secret store.", _PASSWORD),
    Test("B106", "a password is written as an argument", "audit", "low", 259, "Everyone who can read the code has the password, for ever: it stays in history.", "Read it from the environment or a secret store.", _PASSWORD),
    Test("B107", "a password is written as a default", "audit", "low", 259, "Everyone who can read the code has the password, for ever: it stays in history.", "Default to None and read it from the environment or a secret store.", _PASSWORD),
    Test("B108", "a predictable name in a shared temporary directory", "warn", "medium", 377, "Another user can create the file or a link first and so choose what you write or read.", "Use tempfile.NamedTemporaryFile, mkstemp or TemporaryDirectory.", (("/tmp",), ("/var/tmp",), ("/dev/shm",))),
    Test("B110", "an exception is swallowed silently", "audit", "low", 703, "Failures of a check look like success.", "Catch what you expect, and log the rest.", (("except", "pass"),)),
    Test("B112", "an exception is skipped silently", "audit", "low", 703, "Failures of a check look like success.", "Catch what you expect, and log the rest.", (("except", "continue"),)),
    Test("B113", "a request without timeout", "audit", "medium", 400, "A peer that never answers holds this thread for ever.", "Pass timeout=.", _HTTP),
    Test("B201", "Flask runs with its debugger on", "block", "high", 94, "The debugger lets whoever can cause an error run Python in the server.", "Leave debug out and switch it on by environment in development.", (("flask", "run", "debug"),)),
    Test("B202", "tarfile.extractall without a filter", "warn", "high", 22, "Members named ../../x are written outside of the target directory.", 'Pass filter="data" (Python 3.12, and security releases before).', (("tarfile", "extractall"),)),
    Test("B301", "unpickles data", "warn", "medium", 502, _PICKLE_WHY, "Use JSON or another format that holds data only.", (("pickle",), ("dill",), ("shelve",))),
    Test("B302", "unmarshals data", "warn", "medium", 502, "marshal is not made for data that others can alter: it can crash or run code.", "Use JSON.", (("marshal",),)),
    Test("B303", "a broken hash algorithm", "warn", "medium", 327, _WEAK_WHY, "Use SHA-256 or better.", (("crypto",),)),
    Test("B304", "a broken cipher", "block", "high", 327, _WEAK_WHY, "Use AES-GCM or ChaCha20-Poly1305.", (("crypto",),)),
    Test("B305", "a block cipher in ECB mode", "block", "medium", 327, "Equal blocks encrypt to equal blocks: the structure of the text shows.", "Use an authenticated mode such as GCM.", (("ecb",),)),
    Test("B306", "tempfile.mktemp", "warn", "medium", 377, "Between the choice of the name and its use another user can create the file.", "Use tempfile.mkstemp or NamedTemporaryFile.", (("mktemp",),)),
    Test("B307", "eval() runs text as code", "warn", "medium", 78, "If any part of the text comes from outside, an attacker writes your program.", "Use ast.literal_eval or a real parser.", (("eval",),)),
    Test("B308", "mark_safe switches HTML escaping off", "warn", "medium", 79, "Any user data in the text becomes markup and script.", "Use format_html, which escapes its arguments.", (("mark_safe",),)),
    Test("B310", "urlopen opens any scheme", "audit", "medium", 22, "A URL from outside may be file:/ and read local files.", "Allow http and https only.", (("urllib",),)),
    Test("B311", "random is not for secrets", "audit", "low", 330, "Its output can be computed from earlier output.", "Use the secrets module for tokens, keys and passwords.", (("random",),)),
    Test("B312", "telnet", "warn", "high", 319, _CLEAR_WHY, "Use SSH.", (("telnetlib",),)),
    Test("B313", "parses XML with cElementTree", "warn", "medium", 20, _XML_WHY, _XML_FIX, (("xml",),)),
    Test("B314", "parses XML with ElementTree", "warn", "medium", 20, _XML_WHY, _XML_FIX, (("xml", "elementtree"),)),
    Test("B315", "parses XML with expatreader", "warn", "medium", 20, _XML_WHY, _XML_FIX, (("expatreader",),)),
    Test("B316", "parses XML with expatbuilder", "warn", "medium", 20, _XML_WHY, _XML_FIX, (("expatbuilder",),)),
    Test("B317", "parses XML with sax", "warn", "medium", 20, _XML_WHY, _XML_FIX, (("xml", "sax"),)),
    Test("B318", "parses XML with minidom", "warn", "medium", 20, _XML_WHY, _XML_FIX, (("minidom",),)),
    Test("B319", "parses XML with pulldom", "warn", "medium", 20, _XML_WHY, _XML_FIX, (("pulldom",),)),
    Test("B321", "FTP", "warn", "high", 319, _CLEAR_WHY, "Use SFTP or HTTPS.", (("ftplib",),)),
    Test("B323", "TLS without checking the certificate", "block", "medium", 295, "Anyone on the network path can pose as the server.", "Use ssl.create_default_context().", (("_create_unverified_context",),)),
    Test("B324", "a broken hash algorithm", "warn", "high", 327, "Two texts with the same hash can be made at will.", "Use SHA-256; where it is no matter of security, say usedforsecurity=False.", (("hashlib",), ("crypt",))),
    Test("B401", "imports telnetlib", "warn", "high", 319, _CLEAR_WHY, "Use SSH.", (("telnetlib",),)),
    Test("B402", "imports ftplib", "warn", "high", 319, _CLEAR_WHY, "Use SFTP or HTTPS.", (("ftplib",),)),
    Test("B403", "imports pickle or a relative of it", "audit", "low", 502, _PICKLE_WHY, "Use JSON or another format that holds data only.", (("pickle",), ("dill",), ("shelve",))),
    Test("B404", "imports subprocess", "audit", "low", 78, "Starting programs is where injection happens; look at each call.", "Pass a list of arguments, never a shell string.", (("subprocess",),)),
    Test("B405", "imports xml.etree", "audit", "low", 20, _XML_WHY, _XML_FIX, (("xml",),)),
    Test("B406", "imports xml.sax", "audit", "low", 20, _XML_WHY, _XML_FIX, (("xml", "sax"),)),
    Test("B407", "imports xml.dom.expatbuilder", "audit", "low", 20, _XML_WHY, _XML_FIX, (("xml",),)),
    Test("B408", "imports xml.dom.minidom", "audit", "low", 20, _XML_WHY, _XML_FIX, (("minidom",),)),
    Test("B409", "imports xml.dom.pulldom", "audit", "low", 20, _XML_WHY, _XML_FIX, (("pulldom",),)),
    Test("B411", "imports xmlrpc", "warn", "high", 20, _XML_WHY, "Use defusedxml.xmlrpc.monkey_patch(), or another protocol.", (("xmlrpc",),)),
    Test("B412", "a CGI handler that trusts the Proxy header", "warn", "high", 284, "A client can set HTTP_PROXY and so reroute the program's own requests (httpoxy).", "Do not serve through CGI.", (("cgi",),)),
    Test("B413", "imports pycrypto, which nobody maintains", "warn", "high", 327, "Its known holes are never mended.", "Use the cryptography package.", (("crypto",),)),
    Test("B415", "imports pyghmi", "warn", "high", 319, "IPMI is insecure by design.", "Manage machines through Redfish over TLS.", (("pyghmi",),)),
    Test("B501", "TLS certificates are not checked", "block", "high", 295, "Anyone on the network path can pose as the server and read or alter everything.", "Leave verify alone, or give it the path of your own CA.", (("requests", "verify"), ("httpx", "verify"))),
    Test("B502", "an outdated version of TLS is asked for", "block", "high", 327, _WEAK_WHY, "Use ssl.create_default_context().", tuple((word,) for word in _SSL)),
    Test("B503", "an outdated version of TLS is a default", "warn", "medium", 327, _WEAK_WHY, "Use ssl.create_default_context().", tuple((word,) for word in _SSL)),
    Test("B504", "ssl.wrap_socket without a version", "audit", "low", 327, "It accepts outdated versions of TLS and checks no name.", "Use ssl.create_default_context().", (("wrap_socket",),)),
    Test("B505", "a key that is too short", "block", "high", 326, _WEAK_WHY, "RSA and DSA: 2048 bits or more; elliptic curves: 224 or more.", (("crypto",),)),
    Test("B506", "yaml.load builds any object that the file names", "block", "medium", 20, "A YAML file can name a Python object whose construction runs commands.", "Use yaml.safe_load.", (("yaml", "load"),)),
    Test("B507", "SSH host keys are not checked", "block", "high", 295, "Anyone on the network path can pose as the server and read the session.", "Load known hosts and use RejectPolicy.", (("set_missing_host_key_policy",),)),
    Test("B508", "SNMP version 1 or 2", "warn", "medium", 319, _CLEAR_WHY, "Use SNMPv3 with authPriv.", (("pysnmp",),)),
    Test("B509", "SNMPv3 without authentication or privacy", "warn", "medium", 319, _CLEAR_WHY, "Give UsmUserData an authentication and a privacy key.", (("pysnmp",),)),
    Test("B601", "a command is run over SSH as a shell string", "warn", "medium", 78, _SHELL_WHY, "Quote every variable part with shlex.quote.", (("paramiko", "exec_command"),)),
    Test("B602", "a command is run through a shell", "block", "high", 78, _SHELL_WHY, "Pass a list of arguments and leave shell=True out.", (("shell",),)),
    Test("B603", "a program is started", "audit", "low", 78, "An argument from outside may be read as an option or choose the program.", "Check arguments that come from outside.", (("subprocess",),)),
    Test("B604", "a function is called with shell=True", "warn", "medium", 78, _SHELL_WHY, "Pass a list of arguments and leave shell=True out.", (("shell",),)),
    Test("B605", "a command is run through a shell", "block", "high", 78, _SHELL_WHY, "Use subprocess.run with a list of arguments.", _STARTERS),
    Test("B606", "a program is started without a shell", "audit", "low", 78, "An argument from outside may choose the program.", "Check arguments that come from outside.", _STARTERS),
    Test("B607", "a program is started by its bare name", "audit", "low", 78, "Whoever controls PATH chooses the program.", "Give the whole path where PATH is not yours.", _STARTERS),
    Test("B608", "SQL is put together from strings", "warn", "medium", 89, "A value that an attacker influences becomes part of the query.", "Pass values as parameters of execute().", (("select", "from"), ("delete", "from"), ("insert", "into"), ("update", "set"))),
    Test("B609", "a wildcard in a shell command", "warn", "high", 155, "A file named like an option is taken for one.", "List the files in Python, or put ./ before the wildcard.", _STARTERS),
    Test("B610", "Django's extra() with computed SQL", "warn", "medium", 89, "A value that an attacker influences becomes part of the query.", "Use the ORM's expressions and parameters.", (("extra",),)),
    Test("B611", "Django's RawSQL with computed SQL", "warn", "medium", 89, "A value that an attacker influences becomes part of the query.", "Pass values as params.", (("rawsql",),)),
    Test("B612", "logging.config.listen without verify", "warn", "medium", 94, "What arrives at the port is evaluated as configuration.", "Pass verify=.", (("logging", "listen"),)),
    Test("B613", "invisible characters that reverse the order of text", "block", "high", 838, "What a reviewer sees is not what Python runs.", "Remove the bidirectional control characters, or write them as escapes.", tuple((chr(code),) for code in (0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x200F))),
    Test("B614", "torch.load unpickles", "warn", "medium", 502, _PICKLE_WHY, "Pass weights_only=True, or use safetensors.", (("torch", "load"),)),
    Test("B615", "a model is downloaded without a pinned revision", "warn", "medium", 494, "Whoever controls the repository changes what you run tomorrow.", "Pass revision= with a full commit id.", (("transformers",), ("datasets",), ("huggingface_hub",))),
    Test("B701", "Jinja2 without autoescape", "block", "high", 94, "User data becomes markup and script in every page.", "Pass autoescape=True or select_autoescape().", (("jinja2",),)),
    Test("B702", "Mako templates do not escape by themselves", "warn", "medium", 80, "User data becomes markup and script.", "Use default_filters=['h'], or escape each value.", (("mako",),)),
    Test("B703", "mark_safe on a value that may come from outside", "warn", "medium", 80, "Any user data in the text becomes markup and script.", "Use format_html, which escapes its arguments.", (("safestring",),)),
    Test("B704", "Markup() on a value that may come from outside", "warn", "medium", 79, "Any user data in the text becomes markup and script.", "Use Markup.format or escape(), which escape their arguments.", (("markup",),)),
)  # fmt: skip

# ruff numbers its port of these tests alike; what it leaves out has no equal there
_ELSEWHERE: Final[dict[str, tuple[str, ...]]] = {"B104": ("semgrep:avoid_app_run_with_bad_host",), "B201": ("semgrep:debug-enabled",)}
_NO_RUFF: Final = frozenset({"B109", "B111", "B322", "B325", "B414", "B613", "B614", "B615", "B703"})
UNKNOWN_ID: Final = "bandit-other"


@lru_cache(maxsize=1)
def by_id() -> dict[str, Test]:
    """The table by bandit's id."""
    return {test.id: test for test in TESTS}


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """The table as our rules, by our ids (``bandit-B602``), and one for tests of plugins that we do not know."""
    table = {rule.id: rule for rule in map(_rule, TESTS)}
    table[UNKNOWN_ID] = Rule(
        id=UNKNOWN_ID,
        family="python",
        title="a bandit plugin found something",
        severity="medium",
        tier="warn",
        why="A bandit test that is not part of bandit itself fired; its own documentation says why.",
        fix="See the plugin's documentation.",
    )
    return table


def _rule(test: Test) -> Rule:
    ruff = () if test.id in _NO_RUFF else (f"ruff:S{test.id[1:]}",)
    return Rule(
        id=f"bandit-{test.id}",
        family="python",
        title=test.title,
        severity=test.severity,
        tier=test.tier,
        why=test.why,
        fix=test.fix,
        cwe=test.cwe,
        equivalents=(f"bandit:{test.id}", *ruff, *_ELSEWHERE.get(test.id, ())),
        references=("https://bandit.readthedocs.io/en/latest/plugins/",),
    )
