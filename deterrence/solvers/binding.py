r"""Commitment on a ladder: the pure stationary plans to which one side can bind itself, and the best answers.

Against a stationary plan of the leader the other side faces a decision problem with finitely many states; its optimal
values :math:`V^*` satisfy :math:`V^*(s) = \max_b [r(s, b) + \delta \sum_t p(t \mid s, b) V^*(t)]`, and its best
stationary answers are those that play an action attaining the maximum in every state. They are found by policy
iteration in fractions, which ends because each step improves one of finitely many plans. Where several answers are
best the leader's preferred one counts.

Mixed plans are left out: against them the leader's payoff is a quotient of polynomials in the mixtures, not linear.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import prod
from typing import Any, Final

from ..commitment import Commitment, Point
from ..direct import DirectGame
from ..errors import LimitError
from ..stochastic import StochasticGame
from .chains import solved
from .outlook import numbers

__all__ = ["PLANS", "StationaryPlans"]

PLANS: Final = 2_000
ANSWERS: Final = 64

Plan = tuple[int, ...]


@dataclass(frozen=True)
class _Outcome:
    plan: Plan
    answer: Plan
    commitment: Commitment


class StationaryPlans:
    """Every pure stationary plan of one player of a stochastic game, with its best answers.

    Raises
    ------
    LimitError
        where there are more than `PLANS` of them.
    """

    def __init__(self, game: DirectGame, stochastic: StochasticGame, leader: str) -> None:
        self.game = game
        self.stochastic = stochastic
        self.leader = stochastic.players.index(leader)
        count = prod(len(stage.actions[self.leader]) for stage in stochastic.stages)
        if count > PLANS:
            raise LimitError(f"there are {count} pure stationary plans, more than {PLANS}")

    def optimum(self, fewest: Sequence[str] = ()) -> Commitment:
        """The plan that is best for the leader; among equals the one with the least of some events, in their order."""
        name = self.stochastic.players[self.leader]

        def merit(outcome: _Outcome) -> tuple[Any, ...]:
            found = outcome.commitment
            return (found.payoffs[name], *(-found.events[event] for event in fewest))

        return max(self._outcomes, key=merit).commitment

    def attainable(self, across: str, upward: str) -> list[tuple[Point, ...]]:
        """The pairs of probabilities of two events that plans bring about, each a point."""
        pairs = {(o.commitment.events[across], o.commitment.events[upward]) for o in self._outcomes}
        return [(pair,) for pair in sorted(pairs)]

    @cached_property
    def _outcomes(self) -> list[_Outcome]:
        plans = product(*(range(len(stage.actions[self.leader])) for stage in self.stochastic.stages))
        return [self._outcome(plan, answer) for plan in plans for answer in self._answers(plan)]

    def _profile(self, plan: Plan, answer: Plan) -> tuple[Plan, Plan]:
        return (plan, answer) if self.leader == 0 else (answer, plan)

    def _outcome(self, plan: Plan, answer: Plan) -> _Outcome:
        game, pair = self.stochastic, self._profile(plan, answer)
        mixtures = [
            [[Fraction(a == pair[i][s]) for a in range(len(stage.actions[i]))] for s, stage in enumerate(game.stages)]
            for i in (0, 1)
        ]
        events, _ = numbers(game, *mixtures)
        values = [self._values(i, pair)[game.start] for i in (0, 1)]
        strategy = {
            game.decision(self.leader, s): {
                label: Fraction(a == plan[s]) for a, label in enumerate(stage.actions[self.leader])
            }
            for s, stage in enumerate(game.stages)
        }
        other = 1 - self.leader
        answers = {game.decision(other, s): stage.actions[other][answer[s]] for s, stage in enumerate(game.stages)}
        found = Commitment(
            strategy, answers, dict(zip(game.players, values, strict=True)), {e: events[e] for e in self.game.events},
        )
        return _Outcome(plan, answer, found)

    def _values(self, player: int, pair: tuple[Plan, Plan]) -> list[Any]:
        """What a pure profile is worth to a player in every state."""
        game = self.stochastic
        rows, right = [], []
        for s, stage in enumerate(game.stages):
            a, b = pair[0][s], pair[1][s]
            total = stage.rewards[player][a][b]
            row: dict[int, Any] = {}
            for t, p in stage.moves[a][b].items():
                if t < game.size:
                    row[t] = game.patience[player] * p
                else:
                    total = total + game.patience[player] * p * game.ends[t - game.size][player]
            rows.append(row)
            right.append(total)
        return solved(rows, right)

    def _worth(self, player: int, state: int, pair: tuple[int, int], values: Sequence[Any]) -> Any:
        """What a pair of actions is worth to a player in a state, given what comes after."""
        game = self.stochastic
        stage = game.stages[state]
        ahead = sum(
            p * (values[t] if t < game.size else game.ends[t - game.size][player])
            for t, p in stage.moves[pair[0]][pair[1]].items()
        )
        return stage.rewards[player][pair[0]][pair[1]] + game.patience[player] * ahead

    def _answers(self, plan: Plan) -> Iterator[Plan]:
        """Every pure stationary answer that is best in every state."""
        other = 1 - self.leader
        sizes = [len(stage.actions[other]) for stage in self.stochastic.stages]
        answer: Plan = (0,) * len(sizes)
        while True:
            values = self._values(other, self._profile(plan, answer))
            options = [
                [
                    self._worth(other, s, (plan[s], b) if self.leader == 0 else (b, plan[s]), values)
                    for b in range(size)
                ]
                for s, size in enumerate(sizes)
            ]
            better = tuple(
                row.index(max(row)) if max(row) > row[answer[s]] else answer[s] for s, row in enumerate(options)
            )
            if better == answer:
                break
            answer = better
        best = [[b for b, value in enumerate(row) if value == max(row)] for row in options]
        if prod(map(len, best)) > ANSWERS:
            raise LimitError(f"a plan has more than {ANSWERS} best answers")
        yield from product(*best)
