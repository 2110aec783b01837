r"""Stochastic games of two players on finitely many states, as plain data.

In state :math:`s` the players choose :math:`a` and :math:`b` at the same time; player :math:`i` gets
:math:`r_i(s, a, b)` and the next state is :math:`t` with probability :math:`p(t \mid s, a, b)`. A state in which nobody
decides is an *end*; it is worth :math:`w_i(t)`. Player :math:`i` weighs what comes a period later by :math:`\delta_i`.
Of a profile of stationary strategies :math:`(x, y)` the values are the solution of

.. math:: V_i(s) = \sum_{a, b} x_s(a)\, y_s(b) \Bigl[r_i(s, a, b) + \delta_i \sum_t p(t \mid s, a, b)\, V_i(t)\Bigr],
   \qquad V_i(t) = w_i(t) \text{ at an end.}

It is a *Markov perfect equilibrium* where in no state a player gains by another action once and the strategies from
then on; by the principle of one-shot deviations no other strategy, stationary or not, is then better anywhere
[shapley1953], [fink1964], [maskin_tirole2001]. There is one where the numbers of states and actions are finite.

>>> from fractions import Fraction
>>> quiet = Stage((("hold",), ("hold",)), (((1,),), ((0,),)), (({0: 1},),))
>>> StochasticGame(("US", "Iran"), ("calm",), (quiet,), (), (Fraction(1, 2), Fraction(1, 2)), 0, 0).size
1
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Stage", "StochasticGame"]

Matrix = tuple[tuple[Any, ...], ...]
"""A row for each action of the first player, a column for each of the second."""


@dataclass(frozen=True)
class Stage:
    """What may be done in one state, and what follows.

    Attributes
    ----------
    actions : the labels of either player.
    rewards : the matrix of either player.
    moves : for each pair of actions, the probability of each next state by its number; ends have the numbers after
        those of the states.
    """

    actions: tuple[tuple[str, ...], tuple[str, ...]]
    rewards: tuple[Matrix, Matrix]
    moves: tuple[tuple[Mapping[int, Any], ...], ...]


@dataclass(frozen=True)
class StochasticGame:
    """A stochastic game; its numbers are fractions, or expressions in parameters.

    Attributes
    ----------
    players : their names.
    states : the names of the states in which they decide.
    stages : what may be done in each.
    ends : for each end, what it is worth to either player.
    patience : the discount factor of each player.
    start : the number of the state in which play begins.
    peak : the number of the state or end that is asked after.
    feared : what it is called: war, or the highest rung.
    """

    players: tuple[str, str]
    states: tuple[str, ...]
    stages: tuple[Stage, ...]
    ends: tuple[tuple[Any, Any], ...]
    patience: tuple[Any, Any]
    start: int
    peak: int
    feared: str = "war"

    @property
    def size(self) -> int:
        """How many states there are in which the players decide."""
        return len(self.states)

    def decision(self, player: int, state: int) -> str:
        """The name of the information set at which a player decides in a state."""
        return f"{self.players[player]} at {self.states[state]}"
