r"""From a guess to an equilibrium: that the guessed supports carry one, proved, with its numbers.

Pure profiles are solved in fractions. For a mixed pattern with :math:`\sum |A_s| = \sum |B_s|` each half (`halves`) is
a square system :math:`F(u) = 0` in the values of one player and the mixtures of the other. Near an approximate solution
:math:`m`, with an approximate inverse :math:`C` of the Jacobian :math:`F'` and a box :math:`X = m \pm r`,

.. math:: K(X) = m - C F(m) + (I - C F'(X))(X - m)

in ball arithmetic: where :math:`K(X)` lies in the interior of :math:`X` there is exactly one solution in :math:`X`, and
it lies in :math:`K(X)` (Krawczyk's theorem). Then the inequalities are decided on these balls.

>>> from fractions import Fraction
>>> from deterrence.models import get
>>> ladder = get("ladder")
>>> point = dict.fromkeys(ladder.build({"rungs": 2}).space.names, Fraction(1, 2))
>>> point.update(clash_us=2, clash_iran=2, concession_us=Fraction(1, 5), concession_iran=Fraction(1, 5))
>>> point.update(war_cost_us=9, war_cost_iran=9)
>>> game = ladder.stochastic({"rungs": 2, "start": 1}, {name: Fraction(value) for name, value in point.items()})
>>> proved(game, (((0,), (2,)), ((1,), (2,))), None).mixtures[1][0]
(Fraction(0, 1), Fraction(1, 1))
>>> proved(game, (((0,), (0,)), ((1,), (2,))), None) is None
True
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

from flint import arb, arb_mat, ctx

from ..enclosures import Enclosure, ball
from ..stochastic import StochasticGame
from .chains import solved
from .outlook import Found
from .supports import Pattern, Support, scales

__all__ = ["proved"]

BITS: Final = 640
RADIUS: Final = Fraction(1, 2**400)
CLOSE: Final = Fraction(1, 2**450)
NEWTON: Final = 60
FRESH: Final = 6
"""The iteration ends where a step is shorter than `CLOSE`; the box around its end has half the width `RADIUS`."""


def proved(game: StochasticGame, pattern: Pattern, start: Any) -> Found | None:
    """The equilibrium with these supports near a profile in floats; None where that there is one is not proved.

    Parameters
    ----------
    start : mixtures and values of both players as arrays, values scaled (`supports.scales`); not looked at for a pure
        pattern.
    """
    if all(len(support) == 1 for side in pattern for support in side):
        return _pure(game, pattern)
    if sum(map(len, pattern[0])) != sum(map(len, pattern[1])) or start is None:
        return None
    sides = []
    before, ctx.prec = ctx.prec, BITS
    try:
        for player in (0, 1):
            half = _Half(game, player, pattern[player], pattern[1 - player])
            found = half.proved(start[0][1 - player], start[1][player])
            if found is None:
                return None
            sides.append(found)
    finally:
        ctx.prec = before
    return Found((sides[1][1], sides[0][1]), (sides[0][0], sides[1][0]))


def _pure(game: StochasticGame, pattern: Pattern) -> Found | None:
    """A pure profile, if it is an equilibrium, in fractions."""
    plans = [[support[0] for support in side] for side in pattern]
    values = []
    for player in (0, 1):
        rows, flows = [], []
        for s in range(game.size):
            flow, row = _outcome(game, player, s, (plans[0][s], plans[1][s]))
            rows.append(row)
            flows.append(flow)
        found = solved(rows, flows)
        for s, stage in enumerate(game.stages):
            for c in range(len(stage.actions[player])):
                pair = (c, plans[1][s]) if player == 0 else (plans[0][s], c)
                flow, row = _outcome(game, player, s, pair)
                if sum((p * found[t] for t, p in row.items()), flow) > found[s]:
                    return None
        values.append(tuple(found))
    mixtures = [
        tuple(tuple(Fraction(int(a == plan[s])) for a in range(len(stage.actions[i])))
              for s, stage in enumerate(game.stages))
        for i, plan in enumerate(plans)
    ]
    return Found((mixtures[0], mixtures[1]), (values[0], values[1]))


def _outcome(
    game: StochasticGame, player: int, state: int, pair: tuple[int, int]
) -> tuple[Fraction, dict[int, Fraction]]:
    """What a pair of actions brings now, ends included, and the weights of the values of the next states."""
    stage, delta = game.stages[state], game.patience[player]
    flow, row = stage.rewards[player][pair[0]][pair[1]], {}
    for t, chance in stage.moves[pair[0]][pair[1]].items():
        if t < game.size:
            row[t] = delta * chance
        else:
            flow += delta * chance * game.ends[t - game.size][player]
    return flow, row


class _Half:
    """The square system of one half in balls; its unknowns are the values, then the free probabilities by state."""

    def __init__(
        self, game: StochasticGame, player: int, own: Sequence[Support], other: Sequence[Support]
    ) -> None:
        self.game, self.player, self.own, self.other = game, player, own, other
        self.scale = scales(game)[player]
        self.place = {(s, b): game.size + n for n, (s, b) in
                      enumerate((s, b) for s, support in enumerate(other) for b in support[:-1])}
        self.size = game.size + len(self.place)
        self.rows = [(s, a) for s, support in enumerate(own) for a in support]
        self.terms = {
            (s, a, b): self._term(s, a, b)
            for s, stage in enumerate(game.stages)
            for a in range(len(stage.actions[player]))
            for b in other[s]
        }

    def _term(self, state: int, action: int, reply: int) -> tuple[Any, dict[int, Any]]:
        pair = (action, reply) if self.player == 0 else (reply, action)
        flow, row = _outcome(self.game, self.player, state, pair)
        return ball(flow / self.scale), {t: ball(p) for t, p in row.items()}

    def _weights(self, state: int, point: Sequence[Any]) -> dict[int, Any]:
        weights = {b: point[self.place[state, b]] for b in self.other[state][:-1]}
        weights[self.other[state][-1]] = 1 - sum(weights.values(), arb(0))
        return weights

    def _pair(self, key: tuple[int, int, int], point: Sequence[Any]) -> Any:
        flow, row = self.terms[key]
        return sum((p * point[t] for t, p in row.items()), flow)

    def worth(self, state: int, action: int, point: Sequence[Any]) -> Any:
        """What an action is worth at a point."""
        return sum((w * self._pair((state, action, b), point) for b, w in self._weights(state, point).items()), arb(0))

    def errors(self, point: Sequence[Any]) -> Any:
        """The equations at a point, as a column."""
        return arb_mat(self.size, 1, [self.worth(s, a, point) - point[s] for s, a in self.rows])

    def jacobian(self, point: Sequence[Any]) -> Any:
        """Their derivatives."""
        matrix = arb_mat(self.size, self.size)
        for n, (s, a) in enumerate(self.rows):
            matrix[n, s] = matrix[n, s] - 1
            last = self._pair((s, a, self.other[s][-1]), point)
            for b, weight in self._weights(s, point).items():
                for t, p in self.terms[s, a, b][1].items():
                    matrix[n, t] = matrix[n, t] + weight * p
                if (s, b) in self.place:
                    matrix[n, self.place[s, b]] = self._pair((s, a, b), point) - last
        return matrix

    def proved(self, mixtures: Any, values: Any) -> tuple[tuple[Any, ...], tuple[tuple[Any, ...], ...]] | None:
        """Values and mixtures of the solution near a point, if there is one that meets the inequalities."""
        found = self._solution([*values, *(mixtures[s][b] for s, b in self.place)])
        if found is None:
            return None
        rows: list[tuple[Any, ...]] = []
        for s, stage in enumerate(self.game.stages):
            weights = self._weights(s, found)
            if any(not weight > 0 for weight in weights.values()):
                return None
            for c in range(len(stage.actions[self.player])):
                if c not in self.own[s] and not self.worth(s, c, found) <= found[s]:
                    return None
            exact = len(weights) == 1
            rows.append(tuple(
                Fraction(0) if b not in weights else Fraction(1) if exact else Enclosure.of(weights[b])
                for b in range(len(stage.actions[1 - self.player]))
            ))
        scale = ball(self.scale)
        return tuple(Enclosure.of(found[s] * scale) for s in range(self.game.size)), tuple(rows)

    def _inverse(self, point: Sequence[Any]) -> Any:
        """An approximate inverse of the derivatives; None where there is none."""
        import numpy as np

        matrix = self.jacobian(point)
        floats = np.array([[float(matrix[n, k].mid()) for k in range(self.size)] for n in range(self.size)])
        try:
            inverse = np.linalg.inv(floats)
        except np.linalg.LinAlgError:
            return None
        if not np.isfinite(inverse).all():
            return None
        return arb_mat(self.size, self.size, [float(x) for x in inverse.ravel()])

    def _solution(self, start: Sequence[Any]) -> list[Any] | None:
        """The box near a point that Krawczyk's operator proves to hold exactly one solution."""
        point = [arb(float(x)) for x in start]
        inverse, last = None, arb(1)
        for n in range(NEWTON):
            # The first steps are Newton's; then the same inverse makes the error smaller by a constant factor.
            inverse = self._inverse(point) if n < FRESH else inverse
            if inverse is None:
                return None
            step = inverse * self.errors(point)
            longest = arb(0)
            for k in range(self.size):
                longest = longest.max(abs(step[k, 0]).mid())
            point = [(x - step[k, 0]).mid() for k, x in enumerate(point)]
            if longest < ball(CLOSE):
                return self._box(point, inverse)
            if n >= FRESH and not longest < last / 2:
                return None
            last = longest
        return None

    def _box(self, middle: Sequence[Any], inverse: Any) -> list[Any] | None:
        """What Krawczyk's operator makes of a box around a point, if that proves anything."""
        radius = ball(RADIUS)
        identity = arb_mat(self.size, self.size, [int(i == j) for i in range(self.size) for j in range(self.size)])
        spread = arb_mat(self.size, 1, [arb(0, radius)] * self.size)
        jacobian = self.jacobian([arb(x, radius) for x in middle])
        shift = (identity - inverse * jacobian) * spread - inverse * self.errors(middle)
        if not all(abs(shift[n, 0]) < radius for n in range(self.size)):
            return None
        return [x + shift[n, 0] for n, x in enumerate(middle)]
