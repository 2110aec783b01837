r"""How to cite a result: what it rests on as BibTeX, CSL or text, and its numbers and tables for LaTeX.

A result that is cited rests on a version of the software, on what its scenario assumes and the sources of that, on the
literature of its model, and on the theorems that make its method right (`theorems`). Each has a key that stays the same
(`items`). For papers there is a macro for each number (`macros`) and a table for each kind of result (`tabular`), so
that nothing is copied by hand. Every text of a scenario is taken for hostile and escaped (`latex`).

>>> import deterrence as dt
>>> scenario = dt.loads('''
... format = 1
... title = "Entry & deterrence"
... [parameters]
... cost = "1/3"
... [game]
... players = ["Entrant", "Incumbent"]
... [game.parameters]
... cost = "cost > 0"
... [[game.move]]
... player = "Entrant"
... information = "entry"
... actions = ["in", "out"]
... [[game.payoff]]
... when = ["in"]
... Entrant = "-cost"
... Incumbent = -1
... ''')
>>> found = dt.solve(scenario)
>>> print(dt.cite(found, "bibtex").split("year")[1].split("title = ")[-1].splitlines()[0])
{{Entry \& deterrence: result of deterrence solve}},
>>> [line for line in dt.cite(found, macros=True).splitlines() if "ParamCost" in line][1]
'\\newcommand{\\GameSolveParamCostDecimal}{\\ensuremath{0.3333}}% scenario > parameters > cost, in decimals'
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, Final

from .. import origin
from ..errors import ExpressionError, nearest
from ..saved import Saved, read
from ..saved import document as document_of
from ..theorems import theorem, theorems_for
from . import bibtex, macros, tabular, text
from .items import Cited, items, source_keys, version_of
from .sweeps import summary

__all__ = ["STYLES", "cite", "cited", "csl"]

STYLES: Final = ("bibtex", "csl", "text")


def cite(
    results: Any, style: str = "text", *, macros: bool = False, tables: bool = False, prefix: str | None = None
) -> str:
    """How to cite results, or their numbers and tables as LaTeX; parameters as in `deterrence.cite`.

    Raises
    ------
    ExpressionError
        for an unknown style, a prefix that is no word, or a result whose origin is not known.
    ProblemsError
        where a file is no saved result.
    """
    several = isinstance(results, Sequence) and not isinstance(results, (str, os.PathLike))
    found = [cited(one) for one in (results if several and not hasattr(results, "to_dict") else [results])]
    if macros or tables:
        return _latex(found, macros, tables, prefix)
    if style not in STYLES:
        near = nearest(style, STYLES)
        hint = f"; did you mean {near!r}?" if near else ""
        raise ExpressionError(f"{style!r} is none of the styles {', '.join(STYLES)}{hint}")
    if style == "csl":
        return json.dumps(csl(found), indent=2, ensure_ascii=False) + "\n"
    return _bibliography(found) if style == "bibtex" else text.page(found)


def cited(result: Any) -> Cited:
    """A result with what is needed to cite it.

    Parameters
    ----------
    result : the path of a saved result, what `saved.read` gives, or what a public function gives for a scenario.
    """
    if isinstance(result, Cited):
        return result
    if isinstance(result, (str, os.PathLike)):
        result = read(result)
    if isinstance(result, Saved):
        document: Mapping[str, Any] = result.document
        scenario = result.scenario
        if "attributes" in document:
            document = {**summary(result.path, document["attributes"]), **document}
    elif hasattr(result, "to_dict") and origin.known(result):
        document, scenario = document_of(result), origin.of(result).scenario
    else:
        what = type(result).__name__
        raise ExpressionError(f"a saved result, or what dt.solve and the other functions give for a scenario, can be "
                              f"cited; this {what} cannot (save a sweep, and cite its file)")
    made = document["made"]
    keys = theorems_for(document, model=scenario.model)
    return Cited(
        document, scenario, str(document["fingerprint"]), str(made["command"]), version_of(document, made),
        tuple(theorem(key) for key in keys),
    )


def csl(results: Sequence[Cited]) -> list[dict[str, Any]]:
    """The items of results in CSL, each key once."""
    seen: dict[str, dict[str, Any]] = {}
    for listed in items(results).values():
        for item in listed:
            seen.setdefault(item["id"], item)
    return list(seen.values())


def _bibliography(results: Sequence[Cited]) -> str:
    return "\n\n".join(bibtex.entry(item) for item in csl(results)) + "\n"


def _latex(results: Sequence[Cited], numbers: bool, tables: bool, prefix: str | None) -> str:
    """Macros and tables of results, each under a heading that says of which."""
    if prefix is not None and not (prefix.isascii() and prefix.isalpha() and len(prefix) <= macros.MOST_LETTERS):
        raise ExpressionError(f"a prefix is a word of at most {macros.MOST_LETTERS} letters, such as Restraint; "
                              f"{prefix[:60]!r} is none")
    keys = source_keys(results)
    parts = []
    starts = _prefixes(results, prefix)
    for number, (one, start) in enumerate(zip(results, starts, strict=True)):
        own = {key: name for (which, key), name in keys.items() if which == number}
        listed = macros.macros(one, start) if numbers else []
        listed += tabular.tables(one, own, start) if tables else []
        needs = "% needs the packages array, booktabs and longtable\n" if tables else ""
        parts.append(f"{needs}{macros.source(listed)}")
    return "\n".join(parts)


def _prefixes(results: Sequence[Cited], prefix: str | None) -> list[str]:
    """What names begin with: another word for each result."""
    found: list[str] = []
    for one in results:
        start = macros.prefix_of(one) if prefix is None else macros.name(prefix)
        number = 1
        while (told := start if number == 1 else f"{start}{macros.name(str(number))}") in found:
            number += 1
        found.append(told)
    return found
