"""Releases and actions that are known to be malicious or badly broken, and actions nobody maintains. A dated list; see ``DATE``.

Sources: the GitHub Advisory Database and the maintainers' own incident reports. Versions are alternatives by blanks, each
one version or bounds joined by commas.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from .reference import Reference, is_commit
from .version import fits

DATE: Final = "2026-11-24"


class Known(NamedTuple):
    """``kind``: ``malicious`` or ``vulnerable``; ``what`` says what is wrong and what to use instead."""

    versions: str
    kind: str
    what: str


_TRIVY: Final = "its tags were moved to code that steals secrets (GHSA-69fq-xp46-6x23, 2026-03-19)"
_REVIEWDOG: Final = "its tag was moved to code that prints secrets (CVE-2025-30154, 2025-03-11)"
ACTIONS: Final[dict[str, tuple[Known, ...]]] = {
    "tj-actions/changed-files": (
        Known("<46.0.1", "malicious", "its tags were moved to code that prints secrets (CVE-2025-30066, 2025-03-14); 46.0.1 is clean"),
    ),
    "aquasecurity/trivy-action": (Known("<0.35.0", "malicious", f"{_TRIVY}; 0.35.0 is clean"),),
    "aquasecurity/setup-trivy": (Known("<0.2.6", "malicious", f"{_TRIVY}; 0.2.6 is clean"),),
    "reviewdog/action-setup": (Known("1", "malicious", f"{_REVIEWDOG}; pin a later commit"),),
    "tj-actions/branch-names": (Known("<9.0.0", "vulnerable", "a branch's name runs as code (CVE-2025-54416); use 9.0.0"),),
    "tj-actions/verify-changed-files": (Known("<17", "vulnerable", "a file's name runs as code (CVE-2023-52137); use 17"),),
    "actions/download-artifact": (Known(">=4.0.0,<4.1.3", "vulnerable", "an artifact can write any file (CVE-2024-42471); use 4.1.3"),),
    "dawidd6/action-download-artifact": (
        Known("<6", "vulnerable", "artifacts of forks are taken for the repository's own (GHSA-5xr6-xhww-33m4); use 6"),
    ),
    "shivammathur/setup-php": (Known("<2.37.1", "vulnerable", "see GHSA-5wxr-w449-57cm; use 2.37.1"),),
    "sonarsource/sonarqube-scan-action": (
        Known(">=4.0.0,<6.0.0", "vulnerable", "its arguments run as code (CVE-2025-58178, CVE-2025-59844); use 6.0.0"),
    ),
    "lycheeverse/lychee-action": (Known("<2.0.2", "vulnerable", "its input runs as code (CVE-2024-48908); use 2.0.2"),),
    "ultralytics/actions": (Known("<0.0.3", "vulnerable", "a branch's name runs as code (GHSA-7x29-qqmq-v6qc); use 0.0.3"),),
    "gradle/gradle-build-action": (Known("<2.4.2", "vulnerable", "secrets get into the cache (CVE-2023-30853); use gradle/actions"),),
    "hashicorp/vault-action": (Known("<2.2.0", "vulnerable", "secrets of several lines are printed (CVE-2021-32074); use 2.2.0"),),
    "azure/setup-kubectl": (Known("<3", "vulnerable", "kubectl is left writable for all (CVE-2023-23939); use 3"),),
    "atlassian/gajira-create": (Known("<2.0.1", "vulnerable", "its input runs as code (CVE-2020-14188); use 2.0.1"),),
    "atlassian/gajira-comment": (Known("<2.0.2", "vulnerable", "its input runs as code (CVE-2020-14189); use 2.0.2"),),
    "check-spelling/check-spelling": (Known("<0.0.19", "vulnerable", "a pull request can read the token (CVE-2021-32724); use 0.0.19"),),
    "rlespinasse/github-slug-action": (Known(">=4.0.0,<4.4.1", "vulnerable", "a branch's name runs as code (CVE-2023-27581); use 4.4.1"),),
    "embano1/wip": (Known("<2", "vulnerable", "a pull request's title runs as code (CVE-2023-30623); use 2"),),
    "kartverket/github-workflows": (Known("<2.7.5", "vulnerable", "its input runs as code (CVE-2022-39326); use 2.7.5"),),
    "some-natalie/ghas-to-csv": (Known("<1", "vulnerable", "cells of its CSV run as formulas (CVE-2022-39217); use 1"),),
    "canonical/get-workflow-version-action": (Known("<1.0.1", "vulnerable", "part of a token may be printed (CVE-2025-31479); use 1.0.1"),),
    "ozi-project/publish": (Known(">=1.13.2,<1.13.6", "vulnerable", "a pull request's text runs as code (CVE-2025-47271); use 1.13.6"),),
}
COMMITS: Final[dict[str, str]] = {
    "0e58ed8671d6b60d0890c21b07f8835ace038e67": "the commit of tj-actions/changed-files that prints secrets (CVE-2025-30066)",
    "f0d342d24037bb11d26b9bd8496e0808ba32e9ec": "the commit of reviewdog/action-setup that prints secrets (CVE-2025-30154)",
    "ddb9da4475c1cef7d5389062bdfdfbdbd1394648": f"a commit of aquasecurity/trivy-action: {_TRIVY}",
}
ARCHIVED: Final[dict[str, str]] = {
    "actions-rs/audit-check": "rustsec/audit-check",
    "actions-rs/cargo": "a plain run: cargo …",
    "actions-rs/clippy-check": "a plain run: cargo clippy",
    "actions-rs/grcov": "a plain run: grcov …",
    "actions-rs/install": "taiki-e/install-action",
    "actions-rs/tarpaulin": "a plain run: cargo tarpaulin",
    "actions-rs/toolchain": "dtolnay/rust-toolchain",
    "actions/create-release": "gh release create",
    "actions/setup-elixir": "erlef/setup-beam",
    "actions/setup-haskell": "haskell-actions/setup",
    "actions/setup-ruby": "ruby/setup-ruby",
    "actions/upload-release-asset": "gh release upload",
    "gradle/gradle-build-action": "gradle/actions/setup-gradle",
    "gradle/wrapper-validation-action": "gradle/actions/wrapper-validation",
    "marvinpinto/action-automatic-releases": "gh release create",
}
_QIX: Final = "published by a phished maintainer's account (2025-09-08)"
_NX: Final = "published with code that steals secrets (s1ngularity, 2025-08-26)"
_SHAI: Final = "published with the Shai-Hulud worm (2025-09)"
_PRETTIER: Final = "published by a phished maintainer's account (2025-07-18)"
_TANSTACK: Final = "published with a worm that steals credentials (CVE-2026-45321, 2026-05-11)"
PACKAGES: Final[dict[str, dict[str, Known]]] = {
    "npm": {
        "ansi-regex": Known("6.2.1", "malicious", _QIX),
        "ansi-styles": Known("6.2.2", "malicious", _QIX),
        "axios": Known("1.14.1 0.30.4", "malicious", "published with a remote control tool (2026-03-31)"),
        "backslash": Known("0.2.1", "malicious", _QIX),
        "chalk": Known("5.6.1", "malicious", _QIX),
        "chalk-template": Known("1.1.1", "malicious", _QIX),
        "color-convert": Known("3.1.1", "malicious", _QIX),
        "color-name": Known("2.0.1", "malicious", _QIX),
        "color-string": Known("2.1.1", "malicious", _QIX),
        "debug": Known("4.4.2", "malicious", _QIX),
        "error-ex": Known("1.3.3", "malicious", _QIX),
        "has-ansi": Known("6.0.1", "malicious", _QIX),
        "is-arrayish": Known("0.3.3", "malicious", _QIX),
        "simple-swizzle": Known("0.2.3", "malicious", _QIX),
        "slice-ansi": Known("7.1.1", "malicious", _QIX),
        "strip-ansi": Known("7.1.1", "malicious", _QIX),
        "supports-color": Known("10.2.1", "malicious", _QIX),
        "supports-hyperlinks": Known("4.1.1", "malicious", _QIX),
        "wrap-ansi": Known("9.0.1", "malicious", _QIX),
        "nx": Known("20.9.0 20.10.0 20.11.0 20.12.0 21.5.0 21.6.0 21.7.0 21.8.0", "malicious", _NX),
        "@ctrl/tinycolor": Known("4.1.1 4.1.2", "malicious", _SHAI),
        "eslint-config-prettier": Known("8.10.1 9.1.1 10.1.6 10.1.7", "malicious", _PRETTIER),
        "eslint-plugin-prettier": Known("4.2.2 4.2.3", "malicious", _PRETTIER),
        "synckit": Known("0.11.9", "malicious", _PRETTIER),
        "@pkgr/core": Known("0.2.8", "malicious", _PRETTIER),
        "napi-postinstall": Known("0.3.1", "malicious", _PRETTIER),
        "is": Known("3.3.1 5.0.0", "malicious", _PRETTIER),
        "event-stream": Known("3.3.6", "malicious", "depends on flatmap-stream, which steals wallets (2018-11)"),
        "flatmap-stream": Known("*", "malicious", "steals wallets (2018-11)"),
        "eslint-scope": Known("3.7.2", "malicious", "steals npm tokens (2018-07)"),
        "ua-parser-js": Known("0.7.29 0.8.0 1.0.0", "malicious", "installs a miner and a password stealer (2021-10)"),
        "coa": Known("2.0.3 2.0.4 2.1.1 2.1.3 3.0.1 3.1.3", "malicious", "installs a password stealer (2021-11)"),
        "rc": Known("1.2.9 1.3.9 2.3.9", "malicious", "installs a password stealer (2021-11)"),
        "colors": Known("1.4.1 1.4.2", "malicious", "sabotaged by its author (2022-01)"),
        "faker": Known("6.6.6", "malicious", "sabotaged by its author (2022-01)"),
        "node-ipc": Known("10.1.1 10.1.2", "malicious", "overwrites files (CVE-2022-23812)"),
        "@solana/web3.js": Known("1.95.6 1.95.7", "malicious", "steals private keys (2024-12)"),
        "@rspack/core": Known("1.1.7", "malicious", "installs a miner (2024-12)"),
        "@lottiefiles/lottie-player": Known("2.0.5 2.0.6 2.0.7", "malicious", "drains wallets (2024-10)"),
        "@ledgerhq/connect-kit": Known("1.1.5 1.1.6 1.1.7", "malicious", "drains wallets (2023-12)"),
        "@tanstack/history": Known("1.161.9 1.161.12", "malicious", _TANSTACK),
        "@tanstack/react-router": Known("1.169.5 1.169.8", "malicious", _TANSTACK),
        "@tanstack/react-router-devtools": Known("1.166.16 1.166.19", "malicious", _TANSTACK),
        "@tanstack/react-start": Known("1.167.68 1.167.71", "malicious", _TANSTACK),
        "@tanstack/router-cli": Known("1.166.46 1.166.49", "malicious", _TANSTACK),
        "@tanstack/router-core": Known("1.169.5 1.169.8", "malicious", _TANSTACK),
        "@tanstack/router-devtools-core": Known("1.167.6 1.167.9", "malicious", _TANSTACK),
        "@tanstack/router-plugin": Known("1.167.38 1.167.41", "malicious", _TANSTACK),
        "@tanstack/router-utils": Known("1.161.11 1.161.14", "malicious", _TANSTACK),
        "@tanstack/router-vite-plugin": Known("1.166.53 1.166.56", "malicious", _TANSTACK),
        "@tanstack/setup": Known("*", "malicious", "what the worm of CVE-2026-45321 adds to the packages it infects (2026-05-11)"),
        "@tanstack/virtual-file-routes": Known("1.161.10 1.161.13", "malicious", _TANSTACK),
        "plain-crypto-js": Known("*", "malicious", "carries the remote control tool of axios 1.14.1 (2026-03-31)"),
    },
    "pypi": {
        "litellm": Known("1.82.7 1.82.8", "malicious", "steals credentials at every start of Python (2026-03-24)"),
        "telnyx": Known("4.87.1 4.87.2", "malicious", "steals keys and credentials (PYSEC-2026-3, 2026-03-27)"),
        "ultralytics": Known("8.3.41 8.3.42 8.3.45 8.3.46", "malicious", "installs a miner (2024-12)"),
        "num2words": Known("0.5.15 0.5.16", "malicious", "published by a phished maintainer's account (2025-07)"),
        "torchtriton": Known("*", "malicious", "stands in for PyTorch's own package and steals files (2022-12)"),
        "ctx": Known("0.1.2 0.2.2 0.2.6", "malicious", "steals environment variables (2022-05)"),
    },
    "gem": {
        "rest-client": Known("1.6.10 1.6.11 1.6.12 1.6.13", "malicious", "runs code from elsewhere (CVE-2019-15224)"),
        "strong_password": Known("0.0.7", "malicious", "runs code from elsewhere (CVE-2019-13354)"),
        "bootstrap-sass": Known("3.2.0.3", "malicious", "runs code from a cookie (CVE-2019-10842)"),
    },
    "go": {"github.com/boltdb-go/bolt": Known("*", "malicious", "stands in for github.com/boltdb/bolt and opens a back door (2025-02)")},
}


def known_action(reference: Reference, version: str) -> Known | None:
    """What is known of an action. ``version``: what its ref or the comment beside its commit says."""
    repository = "/".join(reference.name.lower().split("/")[:2])
    if reference.requested in COMMITS:
        return Known("*", "malicious", COMMITS[reference.requested])
    pinned = is_commit(reference.requested)
    for known in ACTIONS.get(repository, ()):
        if version and fits(version, known.versions, moving=not pinned):
            if known.kind == "malicious" and pinned:
                continue  # tags were moved, commits that were pinned before were not
            return known
    return None


def known_release(ecosystem: str, name: str, version: str) -> Known | None:
    """What is known of the release that a lock names."""
    known = PACKAGES.get(ecosystem, {}).get(name)
    return known if known is not None and (known.versions == "*" or fits(version, known.versions)) else None


def known_package(reference: Reference) -> Known | None:
    """What is known of the very release that a package's reference names."""
    table = PACKAGES.get(reference.ecosystem)
    known = table.get(reference.name.lower().replace("_", "-") if reference.ecosystem == "pypi" else reference.name) if table else None
    if known is None:
        return None
    version = reference.requested.strip("=^~ v")
    if known.versions == "*" or (reference.level != "floating" and fits(version, known.versions)):
        return known
    return None
