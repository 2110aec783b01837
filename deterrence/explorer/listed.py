"""Equilibria at listed values of one parameter at a time, for games or parts of games without closed forms.

Nothing is said of what lies between two values: the page shows the values that were solved and no others.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ..errors import BranchCutWarning, DeterrenceError
from ..game import history_key
from ..wording import reach

if TYPE_CHECKING:
    from ..equilibrium import Equilibrium
    from ..scenario import Scenario

__all__ = ["VALUES", "listed"]

VALUES: Final = 11
"""Values of a parameter, evenly spaced over its range, beside the scenario's own."""


def listed(
    scenario: Scenario, name: str, ends: tuple[Fraction, Fraction], why: str,
    telling: Callable[[str], None] | None = None, values: int = VALUES,
) -> dict[str, Any]:
    """What `solve` finds at values of one parameter, the others as the scenario has them."""
    low, high = ends
    places = {low + (high - low) * Fraction(n, values - 1) for n in range(values)} | {scenario.point[name]}
    rows = []
    for n, value in enumerate(sorted(places)):
        if telling is not None:
            telling(f"{name}, value {n + 1} of {len(places)}")
        rows.append({"value": str(value), **_at(scenario.with_values({name: value}) if _admissible(
            scenario, name, value) else None)})
    return {"kind": "listed", "names": [name], "rows": rows, "notes": [why],
            "quantities": [f"P[{event}]" for event in scenario.game.events]
            + [f"payoff[{player}]" for player in scenario.game.players]}


def _admissible(scenario: Scenario, name: str, value: Fraction) -> bool:
    return not scenario.game.space.violations({**scenario.point, name: value})


def _at(scenario: Scenario | None) -> dict[str, Any]:
    """The equilibria at a scenario's values, or why there are none."""
    from ..solvers import solve

    if scenario is None:
        return {"why": "outside the domain of the parameters", "entries": []}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", BranchCutWarning)
            found = solve(scenario)
    except DeterrenceError as error:
        return {"why": str(error), "entries": []}
    return {"complete": found.complete, "notes": list(found.notes),
            "entries": [_entry(scenario, entry) for entry in found]}


def _entry(scenario: Scenario, entry: Equilibrium) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": entry.id, "label": entry.label,
        "values": _texts([*entry.events.values(), *entry.payoffs.values()]),
        "strategy": {name: dict(zip(row, _texts(list(row.values())), strict=True))
                     for name, row in entry.strategy.items()},
        "beliefs": {name: dict(zip(row, _texts(list(row.values())), strict=True))
                    for name, row in entry.beliefs.items()},
        "free": dict(entry.free.quantities), "conditions": [list(piece) for piece in entry.free.pieces],
        "figures": dict(zip(entry.figures, _texts(list(entry.figures.values())), strict=True)),
    }
    if entry.outcomes and all(infoset.histories for infoset in scenario.game.infosets):
        keys = {history_key(h) for infoset in scenario.game.infosets for h in infoset.histories}
        if keys:
            told["reached"] = {infoset.name: _texts([reach(infoset, entry.outcomes)])[0]
                               for infoset in scenario.game.infosets}
    return told


def _texts(values: Sequence[Any]) -> list[str | float]:
    """Rational numbers as texts; others as the nearest float, which is no exact number and shown as such."""
    return [str(value) if isinstance(value, (int, Fraction)) else value if isinstance(value, str) else float(value)
            for value in values]
