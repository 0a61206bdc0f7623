"""Samples of formats, made from the table: true ones in many syntaxes and false ones that almost match.

Deterministic from a seed; with a valid checksum where the format has one. Nothing here is stored anywhere: tests and
``explain`` make what they need, so that no live-looking token lies in the repository.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from ..judge import grade
from .notation import LONGEST, Format, Shape, bounds, last_alphabet, members

_MORE: Final = 12  # how much longer than its least an open-ended part becomes


def token(fmt: Format, seed: int = 0, shape: int = 0, *, longest: bool = False) -> str:
    """A token of ``fmt`` (its shape number ``shape``) that looks random, with a valid checksum where there is one."""
    maker = MAKERS.get(fmt.slug)
    for attempt in range(200):
        random = Random(f"{fmt.slug}/{shape}/{seed}/{attempt}")  # noqa: S311 - samples, not secrets
        made = maker(random) if maker and shape == 0 else _fill(random, fmt.shapes[shape], longest)
        if grade(made) == "good" and (any(c.isdigit() for c in made) or attempt > 50):
            return made
    return made


def _fill(random: Random, shape: Shape, longest: bool = False) -> str:
    out = []
    for part in shape:
        if isinstance(part, str):
            out.append(part)
        elif part[0] == "|":
            choice = random.choice(part[1:])
            out.append(choice if isinstance(choice, str) else _fill(random, choice, longest))
        elif part[0] == "?":
            if longest:
                out.append(_fill(random, part[1:], longest))
        elif part[0] == "*":
            out.extend(_fill(random, part[3:], longest) for _ in range(part[2] if longest else part[1]))
        elif part[0] == "uuid":
            out.append("-".join(_draw(random, "0123456789abcdef", n) for n in (8, 4, 4, 4, 12)))
        else:
            low, high = bounds(part)
            size = high if longest else low if low == high else random.randint(low, min(high, low + _MORE))
            out.append(_draw(random, members(part[0]).replace("\\", "").replace(" ", "") or " ", size))
    return "".join(out)


def _draw(random: Random, alphabet: str, size: int) -> str:
    """Characters of ``alphabet``; neither end is punctuation where letters are to be had, so that the token's ends are clear."""
    solid = "".join(c for c in alphabet if c.isalnum()) or alphabet
    return "".join(random.choice(solid if at in (0, size - 1) else alphabet) for at in range(size))


# -- syntaxes


def name_of(fmt: Format) -> str:
    """A variable's name under which the token would stand: the provider's name first where the format needs it."""
    if not fmt.context:
        return "VALUE"

    def bare(text: str) -> str:
        return "".join(c for c in text.lower() if c.isalnum())

    own = bare(fmt.provider)
    plain = [word for word in fmt.context if word.replace("_", "").isalnum()]
    named = [word for word in plain if bare(word) in own or own in bare(word)]
    word = (named or plain or fmt.context)[0]
    return "".join(c if c.isalnum() else "_" for c in word).strip("_").upper() + "_API_KEY"


SYNTAXES: Final[Mapping[str, str]] = {
    "ini": "{lower} = {token}",
    "env": "{name}={token}",
    "json": '  "{lower}": "{token}",',
    "yaml": "{lower}: {token}",
    "yaml-quoted": "  {lower}: '{token}'",
    "xml": "<{lower}>{token}</{lower}>",
    "python": '{name} = "{token}"',
    "javascript": "const {camel} = `{token}`;",
    "go": '{camel} := "{token}"',
    "shell": "export {name}='{token}'",
    "url": "https://host.invalid/v1/list?{lower}={token}&page=2",
    "notebook": '    "client = Client({lower}=\\"{token}\\")\\n",',
    "json-in-string": '{{"body": "{{\\"{lower}\\":\\"{token}\\"}}"}}',
}
_PLAIN: Final = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-.~")


def fits(syntax: str, value: str) -> bool:
    """Whether ``value`` can be written in ``syntax`` without an escape."""
    if syntax == "url":
        return set(value) <= _PLAIN
    if syntax == "yaml" or syntax == "env" or syntax == "ini":
        return not set(value) & set(" #'\"`;,{}[]&*!|>%@\\$") and ": " not in value
    if syntax in ("json", "python", "yaml-quoted"):
        return not set(value) & set("\"'`\\\n")
    return not set(value) & set("\"'`<>&\\${}\n")


def write(syntax: str, name: str, value: str) -> str:
    """One line of ``syntax`` that gives ``value`` to ``name`` (in capitals)."""
    low = name.lower()
    camel = "".join(w if i == 0 else w.capitalize() for i, w in enumerate(low.split("_")))
    return SYNTAXES[syntax].format(name=name, lower=low, camel=camel, token=value)


# -- false samples


def near_misses(fmt: Format, seed: int = 0) -> list[tuple[str, str]]:
    """(what is wrong, text): tokens of the first shape that are one character too short, go on, or hold a foreign character.

    Only for a format with one shape, and only what no length of that shape allows.
    """
    if len(fmt.shapes) != 1:
        return []
    shape = fmt.shapes[0]
    wrong: list[tuple[str, str]] = []
    last = shape[-1]
    if not isinstance(last, str) and last[0] not in ("|", "?", "*", "uuid"):
        low, high = bounds(last)
        whole = token(fmt, seed)
        exact = low == high
        if exact and fmt.slug not in MAKERS:
            wrong.append(("too short", whole[:-1]))
        if exact:
            wrong.append(("too long", whole + "a0"[members(last[0]).find("a") < 0]))
            wrong.append(("foreign character", whole[:-2] + "§" + whole[-1]))
    elif isinstance(last, tuple) and last[0] == "uuid":
        whole = token(fmt, seed)
        wrong += [("too short", whole[:-1]), ("too long", whole + "a"), ("foreign character", whole[:-2] + "§" + whole[-1])]
    return wrong


def bounded(fmt: Format) -> bool:
    """Whether every shape of ``fmt`` ends after a known number of characters."""
    return all(last_alphabet(shape) and not any(isinstance(p, tuple) and p[-1] in (0, LONGEST) for p in shape) for shape in fmt.shapes)


# -- tokens with a checksum or a structure

_BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE64: Final = _BASE62 + "+/"
_HEX: Final = "0123456789abcdef"
Maker = Callable[[Random], str]


def _base64(data: bytes, *, url: bool = False) -> str:
    out = b2a_base64(data, newline=False).decode().rstrip("=")
    return out.replace("+", "-").replace("/", "_") if url else out


def _crc62(prefix: str, size: int, *, whole: bool = False) -> Maker:
    def make(random: Random) -> str:
        from ..checksums.crc import base62

        body = _draw(random, _BASE62, size)
        return prefix + body + base62(prefix + body if whole else body)

    return make


def _crchex(prefix: str) -> Maker:
    def make(random: Random) -> str:
        from ..checksums.crc import hex_big

        body = _draw(random, _BASE62, 40)
        return prefix + body + hex_big(body)

    return make


def _apify(random: Random) -> str:
    from ..checksums.crc import BASE62_LOWER_FIRST, base62

    body = "apify_api_" + _draw(random, _BASE62, 30)
    return body + base62(body, BASE62_LOWER_FIRST)


def _zuplo(random: Random) -> str:
    from ..checksums.crc import hex_big

    body = _draw(random, "0123456789abcdefghijklmnopqrstuvwxyz", 32)
    return f"zpka_{body}_{hex_big(body)}"


def _atlassian(prefix: str, size: int, sign: str = "=") -> Maker:
    def make(random: Random) -> str:
        from ..checksums.crc import hex_big

        body = prefix + _draw(random, _BASE62, size) + sign
        return body + hex_big(body).upper()

    return make


def _grafana(random: Random) -> str:
    from ..checksums.crc import hex_little

    body = "glsa_" + _draw(random, _BASE62, 32)
    return f"{body}_{hex_little(body)}"


def _confluent(random: Random) -> str:
    from ..checksums.crc import base64_little

    body = _draw(random, _BASE64, 54)
    return "cflt" + body + base64_little(body)


def _github_fine(random: Random) -> str:
    from base64 import b32encode
    from hashlib import sha256

    body = f"github_pat_11{_draw(random, _BASE62, 20)}_{_draw(random, _BASE62, 43)}"
    return body + b32encode(sha256(body.encode()).digest()).decode()[:8] + _draw(random, _BASE62, 8)


def _routable(prefix: str) -> Maker:
    def make(random: Random) -> str:
        from ..checksums.crc import BASE36, base36, digits

        payload = _base64(f"o:1\nu:{random.randint(100, 999)}\n".encode() + random.randbytes(24), url=True)
        body = f"{prefix}{payload}.01.{digits(len(payload), BASE36, 2)}"
        return body + base36(body)

    return make


def _age(random: Random) -> str:
    from ..checksums.bech32 import checksum

    data = "".join(random.choice("qpzry9x8gf2tvdw0s3jn54khce6mua7l") for _ in range(52))
    return f"age-secret-key-1{data}{checksum('age-secret-key-', data)}".upper()


def _nats(random: Random) -> str:
    from base64 import b32encode

    from ..checksums.crc import crc16_xmodem

    data = bytes((18 << 3 | 20 << 3 >> 5, (20 << 3 & 31) << 3)) + random.randbytes(32)
    return b32encode(data + crc16_xmodem(data).to_bytes(2, "little")).decode().rstrip("=")


def _azure(seed: str, signature: str, size: int) -> Maker:
    def make(random: Random) -> str:
        from ..checksums.encoded import base64
        from ..checksums.marvin import marvin32

        head = _draw(random, _BASE62, size) + signature
        data = base64(head + "AAAAAAAA"[: -len(head) % 4 + 4])
        data = data[: (size + len(signature)) * 3 // 4]
        return b2a_base64(data + marvin32(data, int.from_bytes(seed.encode(), "big")).to_bytes(4, "little"), newline=False).decode()

    return make


def _jwt(random: Random) -> str:
    head = _base64(b'{"alg":"HS256","typ":"JWT"}', url=True)
    body = _base64(b'{"iss":"https://issuer.invalid/","sub":"%d","exp":4102444800}' % random.randint(10**6, 10**9), url=True)
    return f"{head}.{body}.{_base64(random.randbytes(32), url=True)}"


def _sentry(random: Random) -> str:
    stamp = random.randint(100, 999)
    body = b'{"iat":1700000000.%d,"url":"https://sentry.invalid","region_url":"https://us.sentry.invalid","org":"acme"}' % stamp
    return f"sntrys_{b2a_base64(body, newline=False).decode()}_{_base64(random.randbytes(32))}"


MAKERS: Final[Mapping[str, Maker]] = {
    "github-pat": _crc62("ghp_", 30),
    "github-oauth-token": _crc62("gho_", 30),
    "github-user-to-server-token": _crc62("ghu_", 30),
    "github-installation-token": _crc62("ghs_", 30),
    "github-refresh-token": _crc62("ghr_", 70),
    "github-fine-grained-pat": _github_fine,
    "npm-access-token": _crc62("npm_", 30),
    "vercel-app-access-token": _crc62("vca_", 50),
    "vercel-vci-token": _crc62("vci_", 50),
    "vercel-vck-token": _crc62("vck_", 50),
    "vercel-vcp-token": _crc62("vcp_", 50),
    "vercel-vcr-token": _crc62("vcr_", 50),
    "saladcloud-api-key": _crc62("salad_cloud_user_", 42),
    "wandb-api-key-v1": _crc62("wandb_v1_", 71, whole=True),
    "apify-api-token": _apify,
    "cloudflare-account-token": _crchex("cfat_"),
    "cloudflare-user-token": _crchex("cfut_"),
    "cloudflare-global-key-v2": _crchex("cfk_"),
    "zuplo-consumer-api-key": _zuplo,
    "atlassian-api-token": _atlassian("ATATT3", 182),
    "bitbucket-access-token": _atlassian("ATCTT3", 180),
    "bitbucket-app-password": _atlassian("ATBB", 24, ""),
    "grafana-service-account-token": _grafana,
    "confluent-cloud-api-secret": _confluent,
    "gitlab-routable-pat": _routable("glpat-"),
    "gitlab-routable-runner-token": _routable("glrt-t1_"),
    "age-secret-key": _age,
    "nats-nkey-seed": _nats,
    "azure-storage-account-key": _azure("Default0", "+ASt", 76),
    "azure-cosmosdb-key": _azure("MastRW00", "ACDb", 76),
    "json-web-token": _jwt,
    "sentry-org-auth-token": _sentry,
}
