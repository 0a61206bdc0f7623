"""Values that vendors print in their documentation; kept as hashes, so that no scanner finds them here.

To add one: ``python -c "from secops_hooks.secrets.documented import digest; print(digest(input()))"``.
"""

from __future__ import annotations

from typing import Final


def digest(value: str) -> str:
    """The hash under which a documented value is listed."""
    from hashlib import blake2b

    return blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def is_documented(value: str) -> bool:
    """Whether ``value`` (or, of a JSON Web Token, header and payload) is printed in public documentation."""
    if digest(value) in DOCUMENTED:
        return True
    return value.startswith("ey") and value.count(".") == 2 and digest(value.rpartition(".")[0]) in DOCUMENTED


DOCUMENTED: Final = frozenset(
    (
        "b1dba8e85ee052b5",  # AWS documentation, access key id
        "087defd4dba80dcd",  # AWS documentation, another access key id
        "311e599589febd74",  # AWS documentation, temporary access key id
        "b122867768cf1807",  # AWS documentation, secret access key
        "826a83582efbd367",  # AWS documentation, another secret access key
        "826e0fd9a88ef5e1",  # Stripe documentation, test key
        "2e12236193731ba6",  # Stripe documentation, older test key
        "47b00e6f81783cda",  # Stripe documentation, older publishable key
        "1c84746fcb793603",  # Stripe documentation, publishable key
        "20e88191d76dc156",  # Azurite, account key
        "76449d3eb6d5ca57",  # Cosmos DB emulator, account key
        "bec7da02be091c9c",  # Telegram documentation, bot token
        "398a836468919cb5",  # Telegram documentation, another bot token
        "6778227dd5ec9762",  # Supabase command line, local secret key
        "47e450e46612da4a",  # jwt.io, HS256 sample
        "1bd055360347cd88",  # jwt.io, older HS256 sample
        "06b6e341c4f52e9e",  # jwt.io, HS256 sample with admin
        "8a3b3bc84e875892",  # jwt.io, RS256 sample
        "85073b4a5e8895fe",  # RFC 7519, example
        "fc9f94683b968d58",  # RFC 6749, client credentials
        "4db32671d1f03fd7",  # RFC 7009 and others, client credentials
        "cd5b49fcc80a6e3d",  # RFC 6749, client secret
        "11c38988238e0512",  # RFC 6749, another client secret
        "e6d1b65208cb54f6",  # RFC 6749, access token
        "9a119b06a213486f",  # RFC 6749, refresh token
        "c2945bcd936cf1d3",  # RFC 6750, bearer token
        "be46cec26ef43b30",  # OpenID Connect Core, access token
        "a197cbc20c85999c",  # OpenID Connect Core, refresh token
        "d51f3960d4d38442",  # Mailgun documentation, private key
        "27c5f411bd1742af",  # Slack documentation, webhook
        "3232c198e7fabef2",  # PyJWT's documentation
    )
)
