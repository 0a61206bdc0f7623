"""Lines and fingerprints as reports may show them."""

from __future__ import annotations

from secops_hooks.finding import Rule, Span, report
from secops_hooks.report.lines import fingerprint
from secops_hooks.report.names import without_secrets

SECRET = Rule(id="generic-password", family="secrets", title="t", severity="high", tier="block", why="w", fix="f")


def test_a_fingerprint_fits_many_guesses() -> None:
    """Of a thousand guesses a few have the fingerprint of the true one, so that a report confirms none."""
    from secops_hooks.secrets.check import subject

    def of(password: str) -> str:
        finding = report(SECRET, "app.env", Span(1, 1, 1, 9), subject=subject(SECRET.id, password))
        return fingerprint(finding, "PASSWORD=****")

    made = [of(f"password{n}") for n in range(2000)]
    assert 200 < len(set(made)) <= 256


def test_names_are_shown_without_secrets() -> None:
    token = "gl" + "pat-" + "xK4v9TqW2mZ8rB6nY3dF"
    assert without_secrets(f"dir/name-{token}.env") == "dir/name-glpa" + "*" * 22 + ".env"
    for name in (
        "src/main.py",
        "docs/3f2504e0-4f89-41d3-9a0c-0305e82c3301.md",
        "a/0123456789abcdef0123456789abcdef01234567",
        "new\nline",
        "",
    ):
        assert without_secrets(name) == name
