"""Examples of a format's rule, made when somebody asks: tokens from the table, never stored (see ``formats/samples``)."""

from __future__ import annotations

from ..finding import Example, Rule


def with_examples(rule: Rule) -> Rule:
    """``rule`` with a bad example in two syntaxes and the near misses as good ones, when it is the rule of a format."""
    from .formats.catalogue import load, numbers
    from .formats.samples import fits, name_of, near_misses, token, write

    fmt = next((f for f in map(load, numbers()) if f.slug == rule.id), None)
    if fmt is None or rule.bad:
        return rule
    value = token(fmt)
    paths = {"env": ".env", "python": "client.py", "json": "settings.json"}
    syntaxes = [syntax for syntax in paths if fits(syntax, value)][:2]
    marked = [Example(write(syntax, name_of(fmt), f"«{value}»") + "\n", paths[syntax]) for syntax in syntaxes]
    misses = [Example(write("env", name_of(fmt), text) + "\n", ".env") for why, text in near_misses(fmt) if why == "too long"]
    read = Example(f'token = os.environ["{name_of(fmt)}"]\n', "client.py")
    return rule._replace(bad=tuple(marked), good=(*misses, read))
