r"""How far the equilibria at a point reach: the ends of what varies in them.

An entry of a solution shows one member. Where its distribution over complete histories varies, the probability of an
event and the payoff of a player take a whole interval of values in it; their least and greatest are at corners of the
set, where its sides are flat. The atlas of the game at the point, all values put in, has these corners for every
family.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..direct import DirectGame
from ..equilibrium import Equilibrium, Solution
from ..errors import BranchCutWarning, NotSupportedError
from ..game import Game, history_key
from ..lowering import lower
from ..smt import decide

if TYPE_CHECKING:
    from ..atlas import Atlas, EquilibriumFamily

__all__ = ["Row", "ends", "may_vary"]

Row = tuple[Any, ...]
"""The probability of every event of a game and the payoff of every player, in order."""


def ends(game: Game, point: Mapping[str, Fraction], solution: Solution, refine: str | None = None) -> list[Row]:
    """Rows besides those of the members shown; among all of them every quantity has its least and greatest value.

    Nothing where nothing varies; of a set with curved sides only the members shown are known.
    """
    if not any(may_vary(game, entry) for entry in solution):
        return []
    if isinstance(game, DirectGame):
        from . import members

        return [(*entry.events.values(), *entry.payoffs.values()) for entry in members(game, point)]
    from .symbolic import atlas_of

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BranchCutWarning)
        found = atlas_of(game.given(point), refine or "", {}, None)
        return list(dict.fromkeys(row for family in found for row in _corners(found, family)))


def _corners(found: Atlas, family: EquilibriumFamily) -> list[Row]:
    """The rows of a family at a point, at the corners of each of its pieces; nothing where its sides are curved."""
    rows: list[Row] = []
    for piece in family.pieces or ((),):
        if decide([condition] for condition in piece).status == "unsat":
            continue
        try:
            decision = lower(replace(found, families=[replace(family, pieces=(piece,))])).decide([])
        except NotSupportedError:
            continue
        # Chance that leaves something out is cut by `solve` and not by the atlas, which says nothing there.
        rows += [row for values in decision.values for row in values] if decision.covered else []
    return rows


def may_vary(game: Game, entry: Equilibrium) -> bool:
    """Whether the distribution over complete histories may vary in an entry: what is free is an action on the path."""
    if isinstance(game, DirectGame):
        return bool(entry.free.quantities)
    reached = [
        infoset.name
        for infoset in game.infosets
        if any(outcome.startswith(history_key((*h, ""))) for h in infoset.histories for outcome in entry.outcomes)
    ]
    return any(text.endswith(f" at {name}") for text in entry.free.quantities.values() for name in reached)
