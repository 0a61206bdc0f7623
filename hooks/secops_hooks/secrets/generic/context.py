"""What a file's path and kind say about the values in it: how they are written, and how much they matter."""

from __future__ import annotations

import re
from functools import lru_cache

from ...files.filetype import path_traits
from ...lazy import Lazy
from ...records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Final

    from ...parse import File
    from .assign import Style

_CODE: Final = frozenset(
    "py pyw pyi pyx js jsx mjs cjs ts tsx mts cts vue svelte go java kt kts scala groovy gradle rb php cs vb fs c h cc cpp cxx hpp hh m mm swift rs lua pl pm r jl "
    "dart ex exs erl hs clj cljs elm sol sql ps1 psm1 coffee tcl d nim zig v proto graphql ipynb cshtml razor jsp aspx erb ejs haml pug twig css scss less as bas pas".split()
)
_CONFIG: Final = frozenset(
    "yml yaml env ini cfg conf cnf properties toml tfvars config settings rc plist inf reg service desktop netrc pgpass s3cfg npmrc cf prefs "
    "sh bash zsh ksh bat cmd mk mak dockerfile envrc json json5 jsonc tf hcl xml esmtprc ovpn rdp".split()
)
_DIRECTIVE_FILES: Final = frozenset("netrc esmtprc msmtprc fetchmailrc muttrc wgetrc curlrc boto ircrc authinfo mailrc".split())
_PROSE_EXT: Final = frozenset("md rst adoc html htm markdown mdx textile org tex pod pkg-info".split())
_LOCALE: Final = Lazy(
    r"/(?:locales?|i18n|lang|langs|languages?|translations?|messages|l10n|nls)/|/(?:messages|strings)[_.-]?[a-z]{0,2}|[._-](?:en|de|fr|es|it|ja|zh|ru|pt|pl|nl)(?:[-_][A-Z]{2})?\.(?:json|ya?ml|js|ts|properties|php|rb|po)$",
    re.IGNORECASE,
)
_DEPLOY: Final = frozenset(
    "dotenv compose kubernetes helm-values dockerfile terraform tfvars spring ansible ansible-inventory github-workflow gitlab-ci ci cloudformation serverless "
    "dotnet-config dotnet-appsettings java-properties npmrc pypirc tfstate kubeconfig rails-yaml mysql redis nomad packer docker-config".split()
)


# Programs whose only work is to hold settings: their values are those of an installation.
_SETTINGS: Final = Lazy(
    r"(?:^|/)(?:wp-config|localsettings|configuration|(?:[\w.-]*[_.-])?(?:config|conf|settings|secrets?|credentials?|database|databases|connection))\.(?:php|inc|py|rb|js|ts|mjs|cjs|pl|lua|groovy|exs)$"
    r"|(?:^|/)(?:\.\w+/)config$",
    re.IGNORECASE,
)


class Context(NamedTuple):
    """``style``: how values are written. ``deploy``: what runs somewhere. ``quiet``: tests, examples, docs, others' code."""

    style: Style
    deploy: bool
    quiet: bool
    prose: bool
    path: str
    foreign: bool = False  # written by others or by a machine

    @property
    def locale(self) -> bool:
        """Whether the file holds texts of an interface in some language."""
        return _LOCALE.search("/" + self.path) is not None


def context_of(file: File) -> Context:
    """The context of ``file``, from its path and kinds."""
    kinds = file.type.kinds
    style, deploy, quiet, prose, _, foreign = _of_path(file.path)
    if (
        file.type.format in ("yaml", "env", "ini", "properties", "toml", "dockerfile", "shell", "hcl", "json", "xml")
        and style != "directives"
    ):
        style = "config"
    elif file.type.format == "directives":
        style = "directives"
    return Context(style, deploy or bool(kinds & _DEPLOY), quiet, prose, file.path, foreign)


_FILES: Final = ("pgpass", "pgpass.conf", "htpasswd", "shadow", "gshadow", "master.passwd", "shadow-", "master.key", "cvspass")


def is_password_file(path: str) -> bool:
    """Whether the file at ``path`` is to be looked at whatever words it holds: it is made of passwords, hashes or keys."""
    base = path.rpartition("/")[2].lower().lstrip("._")
    return base in _FILES or base.endswith(("passwd", ".htpasswd")) or ("/credentials/" in "/" + path and base.endswith(".key"))


@lru_cache(maxsize=1024)
def _of_path(path: str) -> Context:
    base = path.rsplit("/", 1)[-1].lower()
    extension = base.rsplit(".", 1)[-1] if "." in base else base
    style: Style = "code" if extension in _CODE else "config" if extension in _CONFIG else "text"
    if base.lstrip("._") in _DIRECTIVE_FILES or extension in ("conf", "ovpn", "cf", "netrc"):
        style = "directives"
    traits = path_traits(path)
    prose = extension in _PROSE_EXT
    quiet = bool(traits & {"test", "example", "vendored", "generated"}) or prose
    return Context(
        style,
        extension in ("env", "properties", "tfvars", "conf", "ini", "cfg")
        or base.endswith("credentials")
        or _SETTINGS.search(path) is not None,
        quiet,
        prose,
        path,
        bool(traits & {"vendored", "generated"}),
    )
