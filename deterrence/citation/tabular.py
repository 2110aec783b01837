r"""Tables of a result for LaTeX, each a command: the paper decides where it stands and what stands above it.

=========================  ========================================  =============================================
command, after the prefix   of                                        rows
=========================  ========================================  =============================================
``AssumptionsTable``        everything                                parameters: value, range, unit, basis, source
``EquilibriaTable``         solve                                     equilibria: probabilities and payoffs
``FamiliesTable``           atlas                                     families: region, probabilities, payoffs
``FrontierTable``           frontier                                  equilibria at the values, reach, commitment
``SensitivityTable``        sensitivity                               quantities by parameter: Sobol' indices
``TheoremsTable``           everything that rests on theorems         what the method proves, with literature
=========================  ========================================  =============================================

They need booktabs and array, and longtable where they are long. Sources are cited (``\cite``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..parameters import Assumption
from .items import Cited
from .latex import condition, escaped, exactly, formula, is_number
from .macros import Macro, name, prefix_of

__all__ = ["tables"]

MOST_ROWS: Final = 20
MOST_TEXT: Final = 4_000
MOST_FAMILIES: Final = 200
MOST_FRACTION: Final = 40
KEYS: Final = ("failure", "spiral", "payoff")


def tables(found: Cited, sources: Mapping[str, str], prefix: str | None = None) -> list[Macro]:
    """Every table that a result has.

    Parameters
    ----------
    found : the result.
    sources : for the key of each source of the scenario that under which it is cited.
    prefix : as in `macros.macros`.
    """
    start = prefix_of(found) if prefix is None else name(prefix)
    document = found.document
    made = [("Assumptions", "what the scenario assumes, and on what basis", _assumptions(found, sources))]
    if isinstance(document.get("equilibria"), list) and found.command == "solve":
        made.append(("Equilibria", "every equilibrium", _equilibria(document["equilibria"])))
    if isinstance(document.get("families"), list) and found.command == "atlas":
        names = found.scenario.game.space.names
        made.append(("Families", "every family and where it exists", _families(document["families"], names)))
    if found.command == "frontier":
        made.append(("Frontier", "the chance of failure against that of a spiral", _frontier(document)))
    if found.command == "sensitivity" and isinstance(document.get("quantities"), list):
        made.append(("Sensitivity", "Sobol' indices", _sensitivity(document["quantities"])))
    if found.theorems:
        made.append(("Theorems", "what the result rests on", _theorems(found)))
    return [Macro(f"{start}{kind}Table", body, about) for kind, about, body in made]


def _table(columns: str, head: Sequence[str], rows: Sequence[Sequence[str]], group: int = 1) -> str:
    r"""Rows in ``tabular``, each or each group a little apart, or in ``longtable`` where they may not fit a page."""
    heading = " & ".join(rf"\textbf{{{one}}}" if one else "" for one in head) + r" \\"
    apart = r" \\ \addlinespace[2pt]"
    body = [
        " & ".join(row) + (r" \\" if n == len(rows) or n % group else apart) for n, row in enumerate(rows, 1)
    ]
    if len(rows) > MOST_ROWS or sum(map(len, body)) > MOST_TEXT:
        return "%\n".join([
            rf"\begin{{longtable}}{{{columns}}}", r"\toprule", heading, r"\midrule", r"\endhead", *body,
            r"\bottomrule", r"\end{longtable}",
        ])
    return "%\n".join([
        rf"\begin{{tabular}}{{{columns}}}", r"\toprule", heading, r"\midrule", *body, r"\bottomrule", r"\end{tabular}",
    ])


def _ragged(*shares: float) -> str:
    """Columns of running text, each with its share of the line."""
    return "".join(rf">{{\raggedright\arraybackslash}}p{{{share:g}\linewidth}}" for share in shares)


def _assumptions(found: Cited, sources: Mapping[str, str]) -> str:
    rows = [
        (_name(one.name), f"${exactly(one.value)}$", _range(one), escaped(one.unit), escaped(one.role),
         _basis(one, sources))
        for one in found.scenario.assumptions
    ]
    columns = f"@{{}}{_ragged(0.22)}l{_ragged(0.13, 0.24)}l{_ragged(0.14)}@{{}}"
    return _table(columns, ("Parameter", "Value", "Range", "Unit", "Role", "Basis"), rows)


def _name(parameter: str) -> str:
    """A name in which a line may be broken."""
    return escaped(parameter).replace(r"\_", r"\_\allowbreak{}")


def _range(one: Assumption) -> str:
    return "" if one.range is None else f"${exactly(one.range[0])}$ to ${exactly(one.range[1])}$"


def _basis(one: Assumption, sources: Mapping[str, str]) -> str:
    cited = rf"~\cite{{{sources[one.source]}}}" if one.source in sources else ""
    return f"{escaped(one.basis) or 'not stated'}{cited}"


def _values(table: Any, names: Sequence[str] = ()) -> str:
    """Names with their numbers or formulas."""
    shown = table.items() if isinstance(table, Mapping) else ()
    return "; ".join(f"{_name(str(key))}~${_math(value, names)}$" for key, value in shown)


def _math(value: object, names: Sequence[str] = ()) -> str:
    """A number or a formula; a long one on lines that may be broken."""
    text = str(value)
    if is_number(value):
        return exactly(value)
    return formula(text, names) if len(text) <= MOST_FRACTION else condition(text)


def _equilibria(entries: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        (escaped(one["id"]), escaped(one["label"]), _values(one["events"]), _values(one["payoffs"])) for one in entries
    ]
    return _table(f"@{{}}l{_ragged(0.3, 0.36, 0.2)}@{{}}", ("", "Equilibrium", "Probabilities", "Payoffs"), rows)


def _families(entries: Sequence[Mapping[str, Any]], names: Sequence[str]) -> str:
    """Families one below the other, since formulas need the width of the page."""
    rows = []
    for one in entries[:MOST_FAMILIES]:
        rows += [
            (escaped(one["id"]), escaped(one["label"])), ("", f"exists: {_region(one)}"),
            ("", f"probabilities: {_values(one['events'], names)}"),
            ("", f"payoffs: {_values(one['payoffs'], names)}"),
        ]
    if len(entries) > MOST_FAMILIES:
        rows.append(("", f"and {len(entries) - MOST_FAMILIES} more"))
    return _table(f"@{{}}l{_ragged(0.88)}@{{}}", ("", "Family"), rows, 4)


def _region(one: Mapping[str, Any]) -> str:
    parts = [", ".join(f"${condition(str(text))}$" for text in part) or "everywhere" for part in one["region"]]
    edge = "" if one.get("generic", True) else " (knife edge)"
    return "; or ".join(parts) + edge


def _frontier(document: Mapping[str, Any]) -> str:
    """Equilibria at the values, their least and greatest, and the leader's best commitment."""
    rows = [
        (f"{escaped(one['id'])}: {escaped(one['label'])}", *(f"${_math(one[key])}$" for key in KEYS))
        for one in document["here"]
    ]
    for n, which in enumerate(("least", "greatest")):
        rows.append((f"{which} over them", *(f"${_math(document['reach'][key][n])}$" for key in KEYS)))
    if (best := document.get("commitment")) is not None:
        named, leader = document["events"], document["leader"]
        chances = [best["events"].get(named[key]) for key in KEYS[:2]]
        cells = [*chances, best["payoffs"].get(leader)]
        rows.append((f"{escaped(leader)} commits itself", *("" if v is None else f"${_math(v)}$" for v in cells)))
    head = ("", *(_name(str(document["events"][key])) for key in KEYS[:2]), f"payoff of {escaped(document['leader'])}")
    return _table(f"@{{}}{_ragged(0.46)}{_ragged(0.15, 0.13, 0.13)}@{{}}", head, rows)


def _sensitivity(quantities: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for one in quantities:
        for n, index in enumerate(one["indices"]):
            cells = [_index(index, kind) for kind in ("first", "total")]
            rows.append((_name(one["quantity"]) if n == 0 else "", _name(index["parameter"]), *cells))
    return _table(f"@{{}}{_ragged(0.38, 0.3)}ll@{{}}", ("Quantity", "Parameter", "First", "Total"), rows)


def _index(index: Mapping[str, Any], kind: str) -> str:
    value, error = index.get(kind), index.get(f"{kind}_error")
    if value is None:
        return "--"
    return f"${value:.2f}$" + ("" if error is None else rf"~$\pm {error:.2f}$")


def _theorems(found: Cited) -> str:
    rows = [
        (escaped(one.title), escaped(one.statement), rf"\cite{{{','.join(one.literature)}}}" if one.literature else "")
        for one in found.theorems
    ]
    return _table(f"@{{}}{_ragged(0.22, 0.58, 0.12)}@{{}}", ("Theorem", "Statement", "Source"), rows)
