"""Credential formats of providers whose name begins with Y; the columns are those of ``notation.Format``."""

from __future__ import annotations

ROWS = (
    ("yahoo-oauth2-client-secret", "Yahoo", "OAuth2 Client Secret", "medium", "block",
     ((("hex", 40),),),
     ("yahoo",), (), ("kingfisher:kingfisher.yahoo.2",)),
    ("yandex-access-token", "Yandex", "access token", "medium", "block",
     (("t1.", ("word-dash", 1, 0), ("[=]", 0, 2), ".", ("word-dash", 86), ("[=]", 0, 2)),),
     ("yandex",), ("YANDEX_API_KEY",), ("betterleaks:yandex-access-token", "gitleaks:yandex-access-token")),
    ("yandex-api-key", "Yandex", "API Key", "medium", "block",
     ((("[.0-9A-Za-z]", 83),),),
     ("yandex",), (), ("kingfisher:kingfisher.yandex.1", "titus:kingfisher.yandex.1", "trufflehog:yandex")),
    ("yandex-api-key-2", "Yandex", "api key", "medium", "block",
     (("AQVN", ("word-dash", 35, 38)),),
     ("yandex",), ("YANDEX_API_KEY",), ("betterleaks:yandex-api-key", "gitleaks:yandex-api-key")),
    ("yandex-aws-access-token", "Yandex", "aws access token", "medium", "block",
     (("YC", ("word-dash", 38)),),
     ("yandex",), ("YANDEX_API_KEY",), ("betterleaks:yandex-aws-access-token", "gitleaks:yandex-aws-access-token")),
    ("yelp-api-key", "Yelp", "API Key", "medium", "block",
     ((("[\\-.0-9=A-Z\\\\_a-z]", 128),),),
     ("yelp",), (), ("kingfisher:kingfisher.yelp.1", "titus:kingfisher.yelp.1", "trufflehog:yelp")),
    ("ynab-youneedabudget-api-key", "YNAB", "youNeedABudget API Key", "medium", "block",
     ((("hex", 64),),),
     ("youneedabudget", "ynab"), ("YNAB_API_KEY",), ("kingfisher:kingfisher.youneedabudget.1", "trufflehog:youneedabudget")),
    ("yousign-api-key", "YouSign", "API Key", "medium", "block",
     ((("hex", 32),),),
     ("yousign",), (), ("kingfisher:kingfisher.yousign.1", "trufflehog:yousign")),
    ("youtube-api-key", "YouTube", "API key", "medium", "block",
     ((("word-dash", 39),),),
     ("youtube",), (), ("trufflehog:youtubeapikey",)),
)
