r"""The two halves of a stationary equilibrium with given supports.

With supports :math:`A_s` of one player and :math:`B_s` of the other, the value :math:`v_s` of the first and the
mixtures :math:`y_s` of the second satisfy

.. math:: \sum_{b \in B_s} y_s(b)\, Q(a, b) \begin{cases} = v_s & a \in A_s, \\ \le v_s & \text{else,} \end{cases}
   \qquad y_s(b) > 0, \quad \sum_b y_s(b) = 1,

where :math:`Q(a, b) = r(s, a, b) + \delta \sum_t p(t \mid s, a, b)\, v_t`: nothing in it depends on the mixtures of the
first player. So the equilibria with these supports are the product of two sets, the *halves*: mixtures of the second
player that make the first indifferent, and the other way round. Each half is a system of polynomials with as many
unknowns as there are states and actions in :math:`B`, less the states, and :math:`\sum |A_s|` equations.

A half with infinitely many complex solutions (*loose*) is kept as its conditions, which z3 decides.

>>> from fractions import Fraction
>>> from deterrence.models import get
>>> ladder = get("ladder")
>>> point = dict.fromkeys(ladder.build({"rungs": 2}).space.names, Fraction(1, 2))
>>> point.update(clash_us=2, clash_iran=2, concession_us=Fraction(1, 5), concession_iran=Fraction(1, 5))
>>> point.update(war_cost_us=9, war_cost_iran=9)
>>> game = ladder.stochastic({"rungs": 2, "start": 1}, {name: Fraction(value) for name, value in point.items()})
>>> (half,) = halves(game, 0, [(0, 1), (2,)], [(0, 1), (2,)])
>>> half.mixtures[0]
(root(50*x**2 + 26*x - 1, 0, 1), root(50*x**2 - 126*x + 75, 0, 1))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from ..algebraic import Real, sign
from ..enclosures import ball
from ..expressions import Condition, Ring
from ..smt import decide
from ..stochastic import StochasticGame
from .roots import solutions
from .supports import Support

__all__ = ["Half", "Loose", "halves"]

PARTS: Final = (Fraction(1, 2), Fraction(1, 3), Fraction(2, 3), Fraction(1, 5), Fraction(4, 5), Fraction(1, 20),
                Fraction(19, 20), Fraction(1, 1000), Fraction(999, 1000))
"""Probabilities that are tried where one may be chosen."""


@dataclass(frozen=True)
class Half:
    """Mixtures of one player in every state, and the values of the other player against them.

    Attributes
    ----------
    player : whose values they are.
    values : of each state.
    mixtures : of the other player: for each state the probability of each action, by its number.
    """

    player: int
    values: tuple[Real, ...]
    mixtures: tuple[tuple[Real, ...], ...]


@dataclass(frozen=True)
class Loose:
    """A half with infinitely many complex solutions.

    Attributes
    ----------
    ring : names of unknowns.
    meanings : for each name its state and the number of the action, or None where it is the value of the state.
    conditions : all of them; their solutions are the half.
    member : one solution in exact numbers, where one was found.
    status : whether there is any: ``"sat"``, ``"unsat"`` or ``"unknown"``.
    """

    player: int
    ring: Ring
    meanings: Mapping[str, tuple[int, int | None]]
    conditions: tuple[Condition, ...]
    member: Half | None
    status: str


def halves(
    game: StochasticGame, player: int, own: Sequence[Support], other: Sequence[Support]
) -> list[Half] | Loose:
    """Every mixture of the other player over its supports that makes those of `player` its best answers.

    Raises
    ------
    LimitError
        where the system has too many complex solutions.
    """
    system = _System(game, player, own, other)
    found = solutions(system.ring, system.equations, system.possible)
    if found is not None:
        return [half for at in found if (half := system.half(at)) is not None]
    conditions = system.conditions()
    status = decide([condition] for condition in conditions).status
    member = system.member() if status == "sat" else None
    return Loose(player, system.ring, system.meanings, conditions, member, status)


class _System:
    """The unknowns and equations of one half."""

    def __init__(
        self, game: StochasticGame, player: int, own: Sequence[Support], other: Sequence[Support]
    ) -> None:
        self.game, self.player, self.own, self.other = game, player, own, other
        self.letters = ("v", "y") if player == 0 else ("w", "x")
        self.meanings: dict[str, tuple[int, int | None]] = {self.value(s): (s, None) for s in range(game.size)}
        self.meanings.update({self.weight(s, b): (s, b) for s in range(game.size) for b in other[s][:-1]})
        self.ring = Ring(list(self.meanings))
        number, symbol = self.ring.number, self.ring.symbol
        self.values = [symbol(self.value(s)) for s in range(game.size)]
        self.weights: list[dict[int, Any]] = []
        for s in range(game.size):
            row: dict[int, Any] = {b: symbol(self.weight(s, b)) for b in other[s][:-1]}
            row[other[s][-1]] = sum((-weight for weight in row.values()), number(1))
            self.weights.append(row)
        self.equations = [(self.worth(s, a, self.values, self.weights[s]) - self.values[s]).num
                          for s in range(game.size) for a in own[s]]

    def value(self, state: int) -> str:
        """The name of the value of a state."""
        return f"{self.letters[0]}{state}"

    def weight(self, state: int, action: int) -> str:
        """The name of the probability of an action."""
        return f"{self.letters[1]}{state}_{action}"

    def worth(
        self, state: int, action: int, values: Sequence[Any], weights: Mapping[int, Any],
        number: Callable[[Fraction], Any] = Fraction,
    ) -> Any:
        """What an action is worth against weights of the other's actions, in one kind of numbers."""
        stage = self.game.stages[state]
        total: Any = number(Fraction(0))
        for b, weight in weights.items():
            pair = (action, b) if self.player == 0 else (b, action)
            later: Any = number(stage.rewards[self.player][pair[0]][pair[1]])
            for t, chance in stage.moves[pair[0]][pair[1]].items():
                share = self.game.patience[self.player] * chance
                if t < self.game.size:
                    later = values[t] * number(share) + later
                else:
                    later = number(self.game.ends[t - self.game.size][self.player] * share) + later
            total = weight * later + total
        return total

    def others(self, state: int) -> Iterator[int]:
        """The actions that are not played in a state."""
        return (a for a in range(len(self.game.stages[state].actions[self.player])) if a not in self.own[state])

    def put(self, at: Mapping[str, Any]) -> tuple[list[Any], list[dict[int, Any]]]:
        """Values and mixtures from the unknowns."""
        weights: list[dict[int, Any]] = []
        for s, support in enumerate(self.other):
            row: dict[int, Any] = {b: at[self.weight(s, b)] for b in support[:-1]}
            rest: Any = 1
            for weight in row.values():
                rest = rest - weight
            weights.append({**row, support[-1]: rest if row else Fraction(1)})
        return [at[self.value(s)] for s in range(self.game.size)], weights

    def possible(self, balls: Mapping[str, Any]) -> bool:
        """Whether a solution of the equations, known to lie in balls, may meet the inequalities."""
        values, weights = self.put(balls)
        if any(not isinstance(weight, Fraction) and weight <= 0 for row in weights for weight in row.values()):
            return False
        sure = [{b: ball(w) if isinstance(w, Fraction) else w for b, w in row.items()} for row in weights]
        return not any(
            self.worth(s, c, values, row, ball) > values[s] for s, row in enumerate(sure) for c in self.others(s)
        )

    def half(self, at: Mapping[str, Real]) -> Half | None:
        """A solution of the equations, if it meets the inequalities."""
        values, weights = self.put(at)
        if any(sign(weight) <= 0 for row in weights for weight in row.values()):
            return None
        for s, row in enumerate(weights):
            if any(sign(self.worth(s, c, values, row) - values[s]) > 0 for c in self.others(s)):
                return None
        sizes = [len(stage.actions[1 - self.player]) for stage in self.game.stages]
        mixtures = [tuple(row.get(b, Fraction(0)) for b in range(n)) for row, n in zip(weights, sizes, strict=True)]
        return Half(self.player, tuple(values), tuple(mixtures))

    def conditions(self) -> tuple[Condition, ...]:
        """The equations and inequalities."""
        zero = self.ring.number(0)
        found = [Condition(self.ring, poly, "==") for poly in self.equations]
        for s, row in enumerate(self.weights):
            if len(row) > 1:
                found += [Condition.compare(weight, ">", zero) for weight in row.values()]
            found += [
                Condition.compare(self.values[s], ">=", self.worth(s, c, self.values, row)) for c in self.others(s)
            ]
        return tuple(dict.fromkeys(c for c in found if c.truth is not True))

    def member(self) -> Half | None:
        """One solution of a loose half: probabilities are put in until finitely many solutions are left."""
        fixed: list[Any] = []
        for name in reversed(self.meanings):
            found = solutions(self.ring, [*self.equations, *fixed])
            if found is not None:
                return next((half for at in found if (half := self.half(at)) is not None), None)
            fixed = self._fixed(name, fixed)
        found = solutions(self.ring, [*self.equations, *fixed])
        return next((half for at in found or () if (half := self.half(at)) is not None), None)

    def _fixed(self, name: str, fixed: Sequence[Any]) -> list[Any]:
        """One more unknown at a simple number at which a solution is left, if there is one."""
        conditions = [*self.conditions(), *(Condition(self.ring, poly, "==") for poly in fixed)]
        for part in PARTS if self.meanings[name][1] is not None else (Fraction(0),):
            poly = (self.ring.symbol(name) - self.ring.number(part)).num
            if decide([c] for c in (*conditions, Condition(self.ring, poly, "=="))).status == "sat":
                return [*fixed, poly]
        return list(fixed)


