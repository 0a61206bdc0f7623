"""Values under a provider's name that cannot be what the provider gives out."""

from __future__ import annotations

import pytest

from secops_hooks.secrets.formats.catalogue import load, numbers
from secops_hooks.secrets.generic.issued import malformed

HEX = "20e9817b9c5ddde1" + "b0cec7622bfc557d" + "bc823791"
WORD = "av3RRFkl36rsXClN3" + "_Dsygjl_oGT1_xMhXV70" + "oxnGi6s811bfad"

CUT = {
    "one digit is missing": ("bitly_token", "token", HEX[:-1]),
    "more digits than the format has": ("BITLY_ACCESS_TOKEN", "token", HEX + "00aa11bb"),
    "begins like one and ends too early": ("CANVA_CLIENT_SECRET", "secret", "cnvc" + WORD[:50]),
    "the documented name of the key": (
        "AWS_SECRET_ACCESS_KEY",
        "secret",
        "R6WCNd0erkAuZyD" + "Fe8C4IwjpYQtniKqnHAzE7Pk5fPrBRpwOnuYxA" + "==",
    ),
}
POSSIBLE = {
    "of the format": ("bitly_token", "token", HEX),
    "other characters than the format has": ("bitly_token", "token", HEX[:-2] + "zz"),
    "chosen by people": ("bitly_secret", "secret", HEX[:-1]),
    "a webhook's secret is never the provider's": ("stripe_webhook_token", "token", HEX[:-1]),
    "nobody's name": ("session_token", "token", HEX[:-1]),
    "a common word that is also a provider": ("drone_token", "token", HEX[:-1]),
}


@pytest.mark.parametrize("name", CUT)
def test_a_value_of_another_length_opens_nothing(name: str) -> None:
    assert malformed(*CUT[name])


@pytest.mark.parametrize("name", POSSIBLE)
def test_what_the_table_does_not_rule_out_stays(name: str) -> None:
    assert not malformed(*POSSIBLE[name])


def test_documented_names_of_formats_never_rule_out_their_own_tokens() -> None:
    from secops_hooks.secrets.formats.samples import token

    wrong = [(f.slug, name) for f in map(load, numbers()) for name in f.key_names if malformed(name, "token", token(f))]
    assert wrong == []
