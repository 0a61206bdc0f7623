"""PyYAML's binding of libyaml, loaded for the price of what is used of it. The only place that imports PyYAML.

``import yaml`` takes 12 ms here, of which 10 go to modules that an event stream never touches (the reader's character
table, constructors, dates, resolvers). The compiled module needs four small modules and the names of eight exceptions, so
it is loaded beside stand-ins for the rest: 2 ms. The package object stays the real one; it runs its own ``__init__`` when
anybody asks it for something else.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from types import ModuleType

from ..records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any, Final

_ERRORS: Final = {
    "reader": "ReaderError",
    "scanner": "ScannerError",
    "parser": "ParserError",
    "composer": "ComposerError",
    "constructor": "ConstructorError",
    "emitter": "EmitterError",
    "serializer": "SerializerError",
    "representer": "RepresenterError",
}


class Library(NamedTuple):
    """What the YAML parser uses: ``parser(text)`` with ``get_event()``, the events' classes, the base of all errors."""

    parser: Any
    error: type[Exception]
    scalar: type[object]
    alias: type[object]
    mapping_start: type[object]
    sequence_start: type[object]
    mapping_end: type[object]
    sequence_end: type[object]
    document_start: type[object]


@lru_cache(maxsize=1)
def library() -> Library:
    """libyaml through PyYAML; the pure Python parser where PyYAML was built without libyaml."""
    parser = None
    if "yaml" not in sys.modules:
        with suppress(ImportError, AttributeError):  # another PyYAML than the ones known: take the long way
            parser = _load_binding()
    parser = parser or _load_package()
    events, error = import_module("yaml.events"), import_module("yaml.error")
    return Library(
        parser,
        error.YAMLError,
        events.ScalarEvent,
        events.AliasEvent,
        events.MappingStartEvent,
        events.SequenceStartEvent,
        events.MappingEndEvent,
        events.SequenceEndEvent,
        events.DocumentStartEvent,
    )


def _load_package() -> Any:
    try:
        return import_module("yaml._yaml").CParser
    except ImportError:
        return python_parser


def _load_binding() -> Any:
    home = PathFinder.find_spec("yaml")
    if home is None or home.loader is None:
        raise ImportError("PyYAML is not installed")
    package = module_from_spec(home)
    sys.modules["yaml"] = package
    names = [f"yaml.{name}" for name in _ERRORS]
    try:
        for name in ("error", "tokens", "events", "nodes"):
            module = import_module(f"yaml.{name}")
            vars(package).update({key: value for key, value in vars(module).items() if not key.startswith("_")})
        for name, error in _ERRORS.items():
            module = ModuleType(f"yaml.{name}")
            base = package.error.YAMLError if name == "reader" else package.error.MarkedYAMLError
            setattr(module, error, type(error, (base,), {}))
            setattr(package, name, module)
            sys.modules[f"yaml.{name}"] = module
        parser = import_module("yaml._yaml").CParser
    except (ImportError, AttributeError):
        sys.modules.pop("yaml", None)
        raise
    finally:
        for name in names:
            sys.modules.pop(name, None)
    for name in _ERRORS:
        delattr(package, name)
    vars(package)["__getattr__"] = lambda name: _complete(package, home.loader, name)
    return parser


def _complete(package: ModuleType, loader: Any, name: str) -> Any:
    """Make ``package`` the whole of PyYAML, because somebody asked it for ``name``."""
    if "__getattr__" in vars(package):
        del vars(package)["__getattr__"]
        loader.exec_module(package)
        for module, error in _ERRORS.items():
            setattr(sys.modules["yaml._yaml"], error, getattr(sys.modules[f"yaml.{module}"], error))
    return getattr(package, name)


def python_parser(text: str) -> Any:
    """PyYAML's own parser over ``text``, with the same interface as libyaml's."""
    parser = import_module("yaml.parser").Parser
    reader = import_module("yaml.reader").Reader
    scanner = import_module("yaml.scanner").Scanner

    class PythonParser(reader, scanner, parser):  # type: ignore[misc, valid-type]
        def __init__(self, stream: str) -> None:
            reader.__init__(self, stream)
            scanner.__init__(self)
            parser.__init__(self)

    return PythonParser(text)
