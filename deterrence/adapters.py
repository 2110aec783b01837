"""A scenario in the terms of other tools: the problem of SALib, the pieces of a model of the EMA Workbench.

Neither tool is imported: both take plain data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from .designs import spread
from .outcomes import drawn

if TYPE_CHECKING:
    from .scenario import Scenario

__all__ = ["to_ema", "to_salib"]

DISTRIBUTIONS: Final = {"uniform": "unif", "loguniform": "logunif", "triangular": "triang"}


def to_salib(scenario: Scenario, over: Sequence[str] | None = None) -> dict[str, Any]:
    """The problem of SALib; parameters as in `deterrence.to_salib`."""
    found = drawn(scenario, over)
    bounds, kinds = [], []
    for kind, low, high, mode in map(spread, found):
        # Of a triangle SALib takes where its top is as a share of the width.
        bounds.append([low, high, (mode - low) / (high - low)] if kind == "triangular" else [low, high])
        kinds.append(DISTRIBUTIONS[kind])
    return {"num_vars": len(found), "names": [a.name for a in found], "bounds": bounds, "dists": kinds}


def to_ema(scenario: Scenario) -> dict[str, Any]:
    """The pieces of a model; as in `deterrence.to_ema`."""
    ranged = [a for a in scenario.assumptions if a.range and a.range[0] < a.range[1] and a.role != "constant"]
    events, players = scenario.game.events, scenario.game.players
    outcomes = [_outcome(kind, end, name) for kind, names in (("P", events), ("payoff", players)) for name in names
                for end in ("min", "max")]
    varying = {a.name for a in ranged}

    def pieces(role: str) -> list[dict[str, Any]]:
        return [
            {"name": a.name, "lower_bound": float(a.range[0]), "upper_bound": float(a.range[1])}
            for a in ranged if a.role == role and a.range
        ]

    return {
        "name": "".join(char for char in f"Scenario {scenario.title}" if char.isascii() and char.isalnum()),
        "uncertainties": pieces("uncertainty"),
        "levers": pieces("lever"),
        "constants": [{"name": a.name, "value": float(a.value)} for a in scenario.assumptions if a.name not in varying],
        "outcomes": [*outcomes, "count"],
        "function": _function(scenario),
    }


def _function(scenario: Scenario) -> Callable[..., dict[str, float]]:
    """What takes values by name and gives the outcomes by name, from every equilibrium there."""

    def outcomes(**values: float) -> dict[str, float]:
        from .solvers import solve

        # Constants keep the exact values of the scenario.
        moved = {name: value for name, value in values.items() if value != float(scenario.point.get(name, 0))}
        solution = solve(scenario, point=moved)
        found: dict[str, float] = {"count": float(len(solution))}
        for kind, rows in (("P", [e.events for e in solution]), ("payoff", [e.payoffs for e in solution])):
            for name in rows[0] if rows else ():
                numbers = [float(row[name]) for row in rows]
                found[_outcome(kind, "min", name)], found[_outcome(kind, "max", name)] = min(numbers), max(numbers)
        return found

    return outcomes


def _outcome(kind: str, end: str, name: str) -> str:
    """The name of an outcome there: identifiers alone will do."""
    return re.sub(r"\W", "_", f"{kind}_{end}_{name}")
