"""``NamedTuple`` as ``typing`` has it, for the modules that every run loads.

``typing`` costs 4 ms of start-up, and its ``NamedTuple`` compiles each annotation, which makes a class three times as dear; a clean
commit would pay that for some thirty classes. Type checkers see the real one.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    from collections import namedtuple

    class _Maker(type):
        """Turns a class body of annotated fields, defaults and methods into a named tuple."""

        def __new__(cls, name, bases, body):
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = tuple(body["__annotations__"])
            defaults = [body[field] for field in fields if field in body]
            made = namedtuple(  # noqa: PYI024 - this is what it is made of
                name, fields, defaults=defaults, module=body["__module__"]
            )
            for key, value in body.items():
                if key not in fields and key not in ("__module__", "__qualname__", "__annotations__", "__orig_bases__"):
                    setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_Maker):
        """The base to derive from; what results is a plain tuple with names."""
