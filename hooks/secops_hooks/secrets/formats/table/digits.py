"""Credential formats of providers whose name begins with a digit; the columns are those of ``notation.Format``."""

from __future__ import annotations

ROWS = (
    (
        "1password-account-secret-key",
        "1Password",
        "account Secret Key",
        "medium",
        "block",
        (("A", ("digits", 1), "-", ("base62", 6), "-", ("base62", 6), "-", ("base62", 5), ("*", 3, 3, "-", ("base62", 5))),),
        ("onepassword", "1password"),
        (),
        ("kingfisher:kingfisher.1password.2", "titus:kingfisher.1password.2"),
    ),
    (
        "1password-secret-key",
        "1Password",
        "account secret key",
        "critical",
        "block",
        (
            (
                "A3-",
                ("base36-upper", 6),
                "-",
                ("base36-upper", 6, 11),
                "-",
                ("base36-upper", 5),
                "-",
                ("base36-upper", 5),
                "-",
                ("base36-upper", 5),
            ),
        ),
        (),
        (),
        ("betterleaks:1password-secret-key", "gitleaks:1password-secret-key"),
    ),
    (
        "1password-service-account-token",
        "1Password",
        "service account token",
        "critical",
        "block",
        (("ops_eyJ", ("base64url", 250, 0)),),
        (),
        ("OP_SERVICE_ACCOUNT_TOKEN",),
        (
            "kingfisher:kingfisher.1password.1",
            "betterleaks:1password-service-account-token",
            "gitleaks:1password-service-account-token",
            "titus:kingfisher.1password.1",
            "credsweeper:1Password Account Token",
            "secretlint:1password",
        ),
    ),
)
