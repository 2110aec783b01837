r"""Games that are no finite tree: repeated and stochastic games, games of many players, games of continuous types.

A *direct game* is given by its model: players, parameters :math:`\theta \in \Theta`, information sets (for a stochastic
game its states, for a game of continuous types the player's cutpoint) with their actions, and named events. What a
strategy, an equilibrium and an event are is defined by the model, whose own method solves the game.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from .tree import Game

__all__ = ["DirectGame"]


@dataclass(frozen=True, eq=False)
class DirectGame(Game):
    """A game that its model defines and solves; it has no histories.

    Attributes
    ----------
    concept : what its equilibria are, such as ``"markov perfect"``.
    options : the options of the model, all of them.
    fixed : parameters that were put in as numbers (`given`).
    """

    concept: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    fixed: Mapping[str, Fraction] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"DirectGame({self.name!r}: {len(self.players)} players, {len(self.infosets)} information sets)"

    def given(self, values: Mapping[str, Fraction]) -> DirectGame:
        """The game with some parameters put in as numbers; errors as for `Game.given`."""
        return replace(self, space=self.space.given(values), fixed={**self.fixed, **values})

    def at(self, point: Mapping[str, Fraction]) -> DirectGame:
        """The game at a point; errors as for `Game.at`."""
        self._admissible(point)
        return self.given({name: point[name] for name in self.space.names})
