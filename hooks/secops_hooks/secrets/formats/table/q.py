"""Credential formats of providers whose name begins with Q; the columns are those of ``notation.Format``."""

from __future__ import annotations

ROWS = (
    (
        "qase-api-key",
        "Qase",
        "API Key",
        "medium",
        "block",
        ((("base62", 40),),),
        ("qase",),
        (),
        ("kingfisher:kingfisher.qase.1", "trufflehog:qase"),
    ),
    (
        "qualaroo-api-key",
        "Qualaroo",
        "API Key",
        "medium",
        "block",
        ((("[0-9=A-Za-z]", 64),),),
        ("qualaroo",),
        (),
        ("kingfisher:kingfisher.qualaroo.1", "trufflehog:qualaroo"),
    ),
    (
        "qubole-api-key",
        "Qubole",
        "API Key",
        "medium",
        "block",
        ((("base62", 64),),),
        ("qubole",),
        (),
        ("kingfisher:kingfisher.qubole.1", "trufflehog:qubole"),
    ),
)
