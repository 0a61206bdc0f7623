"""The named tuples of the hot path behave as those of ``typing``."""

from __future__ import annotations

import importlib.util
import pickle
import typing
from pathlib import Path

from secops_hooks import records
from secops_hooks.finding import Rule, Span

SAMPLE = """
from __future__ import annotations

class Pair(NamedTuple):
    \"\"\"Two of a kind.\"\"\"

    left: Missing
    right: int = 0

    @property
    def total(self) -> int:
        return self.left + self.right
"""


def _pair(base: object) -> type:
    spec = importlib.util.spec_from_loader("sample", loader=None)
    assert spec
    module = importlib.util.module_from_spec(spec)
    module.NamedTuple = base
    exec(compile(SAMPLE, "sample", "exec"), module.__dict__)  # noqa: S102 - our own text
    return module.Pair


def test_fields_defaults_methods_and_docstring_are_those_of_typing() -> None:
    ours, theirs = _pair(records.NamedTuple), _pair(typing.NamedTuple)
    for pair in (ours, theirs):
        assert pair._fields == ("left", "right")
        assert pair._field_defaults == {"right": 0}
        assert pair(1) == (1, 0)
        assert pair(1, right=2).total == 3
        assert pair(1)._replace(right=5) == (1, 5)
        assert pair.__doc__ == "Two of a kind."
        assert (pair.__module__, pair.__qualname__) == ("sample", "Pair")
    assert repr(ours(1)) == repr(theirs(1))
    assert {name for name in dir(theirs) if not name.startswith("__")} <= set(dir(ours)) | {"__orig_bases__"}


def test_values_travel_between_processes() -> None:
    span = Span(1, 2, 3, 4)
    assert pickle.loads(pickle.dumps(span)) == span  # noqa: S301 - our own value


def test_every_module_that_uses_them_has_its_annotations_as_text() -> None:
    """Or the names in them would be looked up when the class is made, which the hot path does not import."""
    package = Path(records.__file__).parent
    for path in package.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "records import" in text:
            assert "from __future__ import annotations" in text, path


def test_a_rule_is_still_made_by_keyword() -> None:
    rule = Rule(id="a", family="config", title="t", severity="low", tier="warn", why="w", fix="f")
    assert rule.confidence == "high"
    assert rule.bad == ()
