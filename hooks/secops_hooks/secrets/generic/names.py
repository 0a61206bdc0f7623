"""The grammar of key names: which of them hold a secret, of what kind, and which only look like it.

A name is split into words (camelCase, snake_case, kebab-case, dots). In English the head of a compound is its last
word: a ``token_type`` is a type, an ``api_key`` is a key. So a secret word counts when nothing that follows it makes
it something else. Values are judged elsewhere (``value.py``).
"""

from __future__ import annotations

import re
from functools import lru_cache

from ...records import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Final, Literal, TypeAlias

    Kind: TypeAlias = Literal["password", "secret", "token", "key", "auth", "salt", "name"]
else:
    Kind = str


# What the pre-scan looks for, in lower case. Bare "key" and "pass" are far too frequent and come with a neighbour.
WORDS: Final = (
    "passw", "passphrase", "passcode", "pwd", "_pass", "-pass", ".pass", "pass:", "pass=", "pass =", 'pass"', "pass'", "<pass", "dbpass",
    "userpass", "mypass", "pass>", "paasword", "pass)",
    "secret", "token", "auth", "credential", "creds", "bearer", "apikey", "_key", "-key", ".key", "key:", "key=", "key =", 'key"', "key'", "key>",
    "api key", "access key", "accesskey", "salt", "nonce", "seed", "mnemonic", "passin", "passout", "psk", "pre_shared", "presharedkey",
    " pw", "_pw", "pw:", "pw=", "pw =", 'pw"', "_pat", "contraseña", "contrasena", "motdepasse", "mot_de_passe", "kennwort",
    "senha", "비밀번호", "비번", "패스워드", "암호", "パスワード", "密码", "пароль",
)  # fmt: skip

_SPLIT: Final = re.compile(r"[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+|[0-9]+")

_PASSWORD: Final = frozenset(
    "password passwords passwd passwds pwd pswd passphrase passcode pw pword passwrd userpass dbpass mypass rootpass pass paasword passwort "
    "kennwort contraseña contrasena senha motdepasse 비밀번호 비번 패스워드 암호 パスワード 密码 пароль userpassword dbpassword mypassword "
    "adminpassword rootpassword userpwd dbpwd passin passout storepass keypass sshpass ftppass wifipass psk presharedkey".split()
)
_SECRET: Final = frozenset(
    "secret secrets clientsecret appsecret secretkey secrettoken sharedsecret apisecret secretaccesskey consumersecret mnemonic seedphrase recoveryphrase".split()
)
_TOKEN: Final = frozenset(
    "token accesstoken authtoken apitoken bearertoken usertoken refreshtoken idtoken bearer jwt pat sessiontoken oauthtoken ghtoken authkey".split()
)
_KEY: Final = frozenset(
    "apikey accesskey privatekey authkey signingkey encryptionkey masterkey appkey licensekey sharedkey accountkey servicekey".split()
)
_AUTH: Final = frozenset("auth authorization credential credentials cred creds basicauth userauth".split())
_SALT: Final = frozenset("salt nonce seed pepper".split())

# What a key must be qualified with to be a credential ("api key"); any other key needs a value that speaks for itself.
_KEY_QUALIFIERS: Final = frozenset(
    "api access secret private priv enc dec encr encryption encrypt encryptor decrypt decryption signing sign auth service account master session app "
    "application license client admin shared storage subscription consumer deploy hmac aes des crypto cipher jwt db database ssh rsa pgp gpg "
    "security authentication authorization integration webhook token write read ingest ingestion server wallet mnemonic root user dev prod "
    "production cookie csrf1 vapid stream".split()
)
# A secret word followed by one of these is about a secret, not one.
_ABOUT: Final = frozenset(
    "name names id ids url urls uri uris path paths file files filename fields field type types policy policies length len size sizes bits "
    "min max count counts counter total expiry expires expire expired expiration ttl timeout age lifetime label labels placeholder hint "
    "message msg error errors help prompt regex regexp pattern format formats header headers param params parameter parameters prefix suffix "
    "version algorithm algorithms alg algo enabled enable disabled disable required requires require reset change changed confirm confirmation "
    "form view page screen class store stores storage manager provider providers service endpoint endpoints host hostname port callback handler "
    "generator generate generation validator validation encoder encoding decoder index column col table ref refs reference arn location dir directory "
    "folder mode method methods limit limits usage used status state scope scopes title description desc strength rule rules attempt attempts history "
    "rotation rotate property properties attribute attributes attr selector xpath css icon color button link links locator element tag tags var "
    "variable vars env set list map dict mapping usage source sources target scheme schemes schema kind protocol flow flows server servers domain realm "
    "audience issuer grant request requests response responses test tests case cases mapper cache budget bucket buckets ring rings pool "
    "pair pairs pairname exists exist valid invalid check checker checks checking verify verifier verification matches match strategy backend backends "
    "middleware module modules package plugin model models entity object interface factory helper util utils config configs configuration settings options "
    "option opts opt code codes press pressed down up release event events binding bindings board boards word words chain point points value_type "
    "row rows order range ranges spec specs usage note notes info information mount mounts volume volumes projection engine agent "
    "parser parsers stream streams iterator iterators kwargs args arg callbackurl template templates section sections input inputs output "
    "outputs login user username email result results date time timestamp created updated at loc offset pos position start end stats metric "
    "metrics cost costs rate price prices supply decimals symbol symbols address contract balance minter sale holder holders vocab "
    "embedding embeddings embedder logits mask masks lens nums num weights probs scores score distribution frequency freq ratio "
    "entry entries item items owner subject group groups role roles permission permissions detector detectors scanner scanners finder filter filters "
    "visibility visible hidden show hide toggle toggled focus blur eye strengths meter complexity requirement requirements "
    "namespace ns mgr template only free aware based less like protected "
    "fingerprint thumbprint checksum digest sum modulus exponent curve ops usages algo encryption stdin stdout fd interactive".split()
)
# A name with one of these before the secret word is not a credential.
_HARMLESS_BEFORE: Final = frozenset(
    "label lbl caption tooltip public pub foreign primary sort partition hash cache routing ordering unique composite natural surrogate candidate shortcut hot arrow "
    "csrf xsrf csrfmiddleware authenticity antiforgery forgery page next prev previous continuation cancellation cancel stop design pad padding eos bos unk mask sep cls special "
    "end start first last current input output prompt completion max min num number n total count has is no not show hide forgot forget forgotten reset resets change "
    "invalid wrong missing incorrect require requires required enable disable allow allows use uses using without validate verify check confirm "
    "generate create get fetch make parse lexer syntax string identifier comment operator literal comma colon "
    "unsealed ctrl alt shift meta enter escape tab esc keyboard idempotency dedup deduplication translation i18n locale message "
    "existing pull object dict map json xml registry metric group column row field sitekey site publishable anon product "
    "animation asset image s3 file bucket storage_path translation entity".split()
)
_PLURALS: Final = frozenset("tokens keys seeds salts nonces secrets".split())
_DECORATION: Final = frozenset(
    "value val string str text txt plain plaintext clear raw default dev devel prod production staging stage test local old new my the b64 base64 "
    "encoded hash hashed enc encrypted 1 2 3 4 5 0 md5 sha1 sha256 hex db user admin root key live sandbox main primary secondary backup here "
    "data literal const env internal external master slave en us eu".split()
)


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: ``dbPassword2``, ``DB_PASSWORD_2`` and ``db.password-2`` give ``db password 2``."""
    return tuple(part.lower() for part in _SPLIT.findall(name))


def _of(word: str, before: str) -> Kind | None:
    if word in _PASSWORD:
        return "password"
    if word in _SECRET:
        return "secret"
    if word in _TOKEN:
        return "token"
    if word in _KEY:
        return "key"
    if word in _AUTH:
        return "auth"
    if word in _SALT:
        return "salt"
    if word in ("key", "keys"):
        return "key" if before in _KEY_QUALIFIERS else "name"
    if len(word) > 6 and not word.startswith(("csrf", "xsrf", "antiforg")):
        return _glued(word)
    return None


_GLUED: Final = (
    ("password", "password"), ("passwd", "password"), ("passphrase", "password"), ("pwd", "password"), ("secretkey", "secret"),
    ("secret", "secret"), ("apikey", "key"), ("accesskey", "key"), ("privatekey", "key"), ("token", "token"),
)  # fmt: skip


def _glued(word: str) -> Kind | None:
    """Words written together: ``dbpassword``, ``mysecret``, ``ghtoken``; not ``nopasswd``."""
    for end, kind in _GLUED:
        if word.endswith(end):
            return None if word == "no" + end else kind  # type: ignore[return-value]
    return None


@lru_cache(maxsize=4096)
def kind_of(name: str) -> Kind | None:
    """What a key called ``name`` holds: a kind of secret, ``name`` for a key of unknown purpose, or ``None`` for none."""
    parts = words(name)
    if not parts or len(parts) > 12:
        return None
    last: Kind | None = None
    for at, word in enumerate(parts):
        before = parts[at - 1] if at else ""
        kind = _of(word, before)
        if kind is None or before in _HARMLESS_BEFORE:
            if word in _ABOUT and last is not None:
                last = None
            elif (
                last is not None
                and kind is None
                and word not in _DECORATION
                and not word.isdigit()
                and last in ("token", "auth", "salt", "name", "key")
            ):
                last = None  # a token of something is not followed by further nouns: tokenizer fast, auth flow
            elif kind is not None:
                last = None
            continue
        if word in _PLURALS and kind != "password":
            last = None
            continue
        last = _stronger(last, kind)
    return last


_SETTERS: Final = frozenset("set with new add use put update change default create connect to by my the".split())


def is_setter(name: str) -> bool:
    """Whether a function called ``name`` takes the secret that its name ends in: ``setPassword``, ``withToken``, ``Password``."""
    parts = words(name)
    if len(parts) == 1:
        return parts[0] in _PASSWORD or parts[0] in _SECRET or parts[0] in _TOKEN or parts[0] in _KEY
    head = 0
    while (
        head < len(parts) and _of(parts[head], "") is None and parts[head] not in ("api", "access", "client", "auth", "db", "user", "admin")
    ):
        head += 1
    return ends_in_secret(name) and (head == 0 or parts[0] in _SETTERS)


def ends_in_secret(name: str) -> bool:
    """Whether the last word of ``name`` is the secret itself: ``setPassword``, not ``password.encode``."""
    parts = words(name)
    return bool(parts) and _of(parts[-1], parts[-2] if len(parts) > 1 else "") is not None


def _stronger(first: Kind | None, second: Kind) -> Kind:
    """Of two secret words in one name (``secret_key``, ``password_salt``) the one that says what the value is."""
    if first is None or second == "salt":
        return second
    if first in ("secret", "password") and second in ("key", "name", "token"):
        return "secret"
    if second == "name":
        return "key" if first in ("auth", "token") else first
    return second
