r"""Methods that find equilibria, one registry, one `solve`.

`solve` finds every equilibrium at a point; `atlas` every family in closed form with its exact region.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..equilibrium import Equilibrium, Solution
from ..game import Game

__all__ = ["solve_game"]


def solve_game(game: Game, point: Mapping[str, Fraction]) -> Solution:
    """Every perfect Bayesian equilibrium of a game at a point, exactly."""
    from .assembly import Frame
    from .entries import entry, isolated, plays
    from .naming import distinct, rank
    from .point import connected_sets, nodes_of
    from .search import Search, endings
    from .structure import Structure

    here = game.at(point)
    structure = Structure(here, game)
    frame = Frame(structure, (), disjoint=True)
    nodes: list[Any] = []
    for ending in endings(frame):
        nodes += nodes_of(Search(frame, ending), isolated)
    sets = connected_sets(nodes)
    heads = [min(plays(group), key=rank) for group in sets]
    order = sorted(range(len(sets)), key=lambda n: rank(heads[n]))
    labels = distinct([heads[n] for n in order])
    entries: list[Equilibrium] = [
        entry(number + 1, labels[number], sets[n], here, structure.types is not None, "pbe")
        for number, n in enumerate(order)
    ]
    return Solution(tuple(entries), "pbe", "atlas", not frame.algebra.undecided)
