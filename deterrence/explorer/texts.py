r"""Where a scenario's file has the value of each parameter, so that a page can put another in its place.

>>> text = 'format = 1\n[parameters.cost]\nvalue = "1/2" # half\n'
>>> (start, end), = [spans(text, ["cost"])["cost"]]
>>> text[start:end]
'"1/2"'
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from ..errors import ScenarioError
from ..toml import parse

__all__ = ["spans"]

_VALUE: Final = r"""("[^"\n]*"|'[^'\n]*'|[-+0-9][-+0-9._eE]*)"""
TRIED: Final = 4
"""Places looked at for each parameter; each costs a reading of the file."""
PROBE: Final = '"987654321/123456789"'


def spans(text: str, names: Sequence[str]) -> dict[str, tuple[int, int]]:
    """For each parameter whose value can be put in safely, where it is written; checked by reading the text anew."""
    before = parse(text)
    found = {}
    for name in names:
        for start, end in islice(_places(text, name), TRIED):
            if _is_value(text[:start] + PROBE + text[end:], before, name):
                found[name] = (start, end)
                break
    return found


def _places(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Where the value may be: under a header of its own, in a table on one line, or with its name."""
    own = re.escape(name)
    key = rf'(?:{own}|"{own}"|\'{own}\')'
    for header in re.finditer(rf"^[ \t]*\[[ \t]*parameters[ \t]*\.[ \t]*{key}[ \t]*\]", text, re.MULTILINE):
        for match in re.compile(rf"^[ \t]*value[ \t]*=[ \t]*{_VALUE}", re.MULTILINE).finditer(text, header.end()):
            yield match.span(1)
    for pattern in (
        rf"^[ \t]*(?:parameters[ \t]*\.[ \t]*)?{key}[ \t]*=[ \t]*\{{[^}}\n]*?\bvalue[ \t]*=[ \t]*{_VALUE}",
        rf"^[ \t]*(?:parameters[ \t]*\.[ \t]*)?{key}[ \t]*(?:\.[ \t]*value[ \t]*)?=[ \t]*{_VALUE}",
    ):
        for match in re.finditer(pattern, text, re.MULTILINE):
            yield match.span(1)


def _is_value(text: str, before: object, name: str) -> bool:
    """Whether a text differs from another in the value of one parameter alone."""
    try:
        after = parse(text)
    except ScenarioError:
        return False
    table = after.get("parameters", {})
    entry = table.get(name)
    wanted = PROBE.strip('"')
    if isinstance(entry, dict) and entry.get("value") == wanted:
        entry["value"] = None
    elif entry == wanted:
        table[name] = None
    else:
        return False
    return bool(after == _emptied(before, name))


def _emptied(tables: object, name: str) -> object:
    """The tables without the value of one parameter."""
    if not isinstance(tables, dict):
        return tables
    parameters = dict(tables.get("parameters", {}))
    entry = parameters.get(name)
    parameters[name] = {**entry, "value": None} if isinstance(entry, dict) else None
    return {**tables, "parameters": parameters}
