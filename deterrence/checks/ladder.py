r"""The certificate of a stationary profile of a stochastic game, from the definition of the game.

Against the mixtures of the other player each player faces a decision problem; let :math:`V^*_i` be its optimal values
and :math:`V_i` those of the profile. The regret in state :math:`s`, reached or not, is :math:`V^*_i(s) - V_i(s) \ge 0`,
and the profile is a Markov perfect equilibrium exactly where all regrets are 0.

In exact numbers :math:`V^*_i` comes from policy iteration [howard1960]: the values of a plan by one linear system, then
better actions wherever there are any, until one-shot deviations gain nothing. That begins at a plan of actions that are
played; where they are optimal, and every action that is played is worth as much, :math:`V_i = V^*_i`. All of it stays
in the field of the other player's mixtures. Mixtures that are known to lie in intervals are checked in ball arithmetic,
for every profile in the intervals at once: with :math:`g` the largest gain from a one-shot deviation the regret is at
most :math:`g / (1 - \delta_i)`.

>>> from ..stochastic import Stage
>>> once = Stage((("up", "hold"), ("hold",)), (((2,), (0,)), ((0,), (0,))), (({1: Fraction(1)},), ({0: Fraction(1)},)))
>>> half = Fraction(1, 2)
>>> game = StochasticGame(("US", "Iran"), ("calm",), (once,), ((-5, -5),), (half, half), 0, 1)
>>> rest = {"Iran at calm": {"hold": Fraction(1)}}
>>> certify(game, {"US at calm": {"up": Fraction(0), "hold": Fraction(1)}, **rest})
exact; nash_regret 0; sequential_regret 0 at 2 of 2 information sets
>>> certify(game, {"US at calm": {"up": Fraction(1), "hold": Fraction(0)}, **rest}).nash_regret
Fraction(1, 2)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

from ..algebraic import Algebraic, sign
from ..certify import Certificate
from ..enclosures import Enclosure, ball
from ..stochastic import StochasticGame

__all__ = ["CONCEPT", "certify"]

CONCEPT: Final = "markov perfect"
BITS: Final = 256
TOLERANCE: Final = Fraction(1, 10**9)
"""The bound on the regret that is held to be none, as a part of what is at stake."""

Profile = Mapping[str, Mapping[str, Any]]


def certify(game: StochasticGame, strategy: Profile) -> Certificate:
    """Whether a stationary profile is a Markov perfect equilibrium.

    Parameters
    ----------
    game : with numbers, not expressions.
    strategy : for every information set (`StochasticGame.decision`) the probability of every action: fractions,
        algebraic numbers or enclosures.
    """
    malformed = _malformed(game, strategy)
    names = [game.decision(i, s) for s in range(game.size) for i in (0, 1)]
    if malformed:
        bad = tuple(name for name in names if name in malformed)
        return Certificate(CONCEPT, False, None, None, bad, tuple(malformed.values()), len(names))
    numbers = [p for row in strategy.values() for p in row.values()]
    if any(isinstance(p, Enclosure) for p in numbers):
        return _in_balls(game, strategy, names)
    regrets = [_Problem(game, strategy, i).regrets() for i in (0, 1)]
    by_name = {game.decision(i, s): regrets[i][s] for s in range(game.size) for i in (0, 1)}
    failed = tuple(name for name in names if by_name[name] != 0)
    reasons = tuple(f"at {name!r} another plan gains {by_name[name]}" for name in failed)
    return Certificate(
        CONCEPT, not failed, max(row[game.start] for row in regrets), max(by_name.values()), failed, reasons,
        len(names), len(names) - len(failed),
    )


def _malformed(game: StochasticGame, strategy: Profile) -> dict[str, str]:
    """The information sets at which there is no distribution, each with a sentence."""
    found = {}
    for s, stage in enumerate(game.stages):
        for i in (0, 1):
            name = game.decision(i, s)
            row = strategy.get(name, {})
            if set(row) != set(stage.actions[i]):
                found[name] = f"the mixed action at {name!r} is not over {', '.join(stage.actions[i])}"
            elif not _distribution(list(row.values())):
                found[name] = f"the mixed action at {name!r} is no distribution"
    return found


def _distribution(row: Sequence[Any]) -> bool:
    if any(isinstance(p, Enclosure) for p in row):
        total = sum((_ball(p) for p in row), arb(0))
        possible = all(p.high >= 0 if isinstance(p, Enclosure) else sign(p) >= 0 for p in row)
        return possible and bool(total.contains(1))
    total = Fraction(0)
    for p in row:
        total = total + p
    return all(sign(p) >= 0 for p in row) and bool(total == 1)


class _Problem:
    """What one player faces against the mixtures of the other, in exact numbers."""

    def __init__(self, game: StochasticGame, strategy: Profile, player: int) -> None:
        self.game, self.player = game, player
        labels = [stage.actions for stage in game.stages]
        own = [strategy[game.decision(player, s)] for s in range(game.size)]
        other = [strategy[game.decision(1 - player, s)] for s in range(game.size)]
        self.played = [[own[s][a] for a in labels[s][player]] for s in range(game.size)]
        self.mixtures = [[other[s][b] for b in labels[s][1 - player]] for s in range(game.size)]
        self.rows = [[self._row(s, a) for a in range(len(labels[s][player]))] for s in range(game.size)]

    def _row(self, state: int, action: int) -> tuple[Any, dict[int, Any]]:
        """What an action brings now, ends included, and the weights of the values of the next states."""
        stage, now, weights = self.game.stages[state], Fraction(0), dict[int, Any]()
        for b, p in enumerate(self.mixtures[state]):
            if p == 0:
                continue
            i, j = (action, b) if self.player == 0 else (b, action)
            now = now + p * stage.rewards[self.player][i][j]
            for t, chance in stage.moves[i][j].items():
                weight = p * (chance * self.game.patience[self.player])
                if t < self.game.size:
                    weights[t] = weights.get(t, Fraction(0)) + weight
                else:
                    now = now + weight * self.game.ends[t - self.game.size][self.player]
        return now, weights

    def worth(self, row: tuple[Any, Mapping[int, Any]], values: Sequence[Any]) -> Any:
        total = row[0]
        for t, weight in row[1].items():
            total = total + weight * values[t]
        return total

    def optimum(self) -> list[Any]:
        """The optimal values."""
        plan = [next(a for a, p in enumerate(row) if p != 0) for row in self.played]
        while True:
            values = _solved([self.rows[s][a] for s, a in enumerate(plan)])
            better = {
                s: max(range(len(rows)), key=lambda a, rows=rows: self.worth(rows[a], values))  # type: ignore[misc]
                for s, rows in enumerate(self.rows)
                if any(sign(self.worth(row, values) - values[s]) > 0 for row in rows)
            }
            if not better:
                return values
            for s, a in better.items():
                plan[s] = a

    def regrets(self) -> list[Any]:
        """The regret in every state."""
        best = self.optimum()
        tight = all(
            p == 0 or self.worth(row, best) - best[s] == 0
            for s, rows in enumerate(self.rows)
            for row, p in zip(rows, self.played[s], strict=True)
        )
        if tight:
            return [Fraction(0)] * self.game.size
        mixed = []
        for rows, weights in zip(self.rows, self.played, strict=True):
            now, later = Fraction(0), dict[int, Any]()
            for (flow, chances), p in zip(rows, weights, strict=True):
                now = now + p * flow
                for t, chance in chances.items():
                    later[t] = later.get(t, Fraction(0)) + p * chance
            mixed.append((now, later))
        return [b - v for b, v in zip(best, _solved(mixed), strict=True)]


def _solved(rows: Sequence[tuple[Any, Mapping[int, Any]]]) -> list[Any]:
    """The values of a plan: each what it brings now and the weighted values of the next states."""
    size = len(rows)
    table = [[Fraction(int(s == t)) - rows[s][1].get(t, Fraction(0)) for t in range(size)] for s in range(size)]
    right = [row[0] for row in rows]
    if all(isinstance(x, (int, Fraction)) for x in (*right, *(x for row in table for x in row))):
        matrix = fmpq_mat(size, size, [fmpq(x.numerator, x.denominator) for row in table for x in row])
        found = matrix.solve(fmpq_mat(size, 1, [fmpq(x.numerator, x.denominator) for x in right]))
        return [Fraction(int(x.p), int(x.q)) for x in found.entries()]
    # Gauss and Jordan in the field of the mixtures; the matrix is diagonally dominant, so no pivot vanishes.
    for k in range(size):
        scale = 1 / table[k][k]
        table[k] = [x * scale for x in table[k]]
        right[k] = right[k] * scale
        for s in range(size):
            factor = table[s][k]
            if s != k and factor != 0:
                table[s] = [x - factor * y for x, y in zip(table[s], table[k], strict=True)]
                right[s] = right[s] - factor * right[k]
    return right


# in balls


def _ball(value: Any) -> Any:
    if isinstance(value, Enclosure):
        return ball(value.low).union(ball(value.high))
    if isinstance(value, Algebraic):
        low, high = value.bounds(BITS)
        return ball(low).union(ball(high))
    return ball(value)


def _in_balls(game: StochasticGame, strategy: Profile, names: Sequence[str]) -> Certificate:
    """The certificate for all profiles of the intervals at once."""
    before, ctx.prec = ctx.prec, BITS
    try:
        gains = [_gains(game, strategy, i) for i in (0, 1)]
        bounds = [
            [float((gain / ball(1 - game.patience[i])).upper()) * (1 + 2.0**-40) for gain in gains[i]] for i in (0, 1)
        ]
    finally:
        ctx.prec = before
    stakes = [max(abs(float(r)) for stage in game.stages for row in stage.rewards[i] for r in row) for i in (0, 1)]
    stakes = [max([stake, *(abs(float(end[i])) for end in game.ends)]) for i, stake in enumerate(stakes)]
    failed = tuple(
        game.decision(i, s) for s in range(game.size) for i in (0, 1)
        if not bounds[i][s] <= float(TOLERANCE) * stakes[i]
    )
    reasons = tuple(f"at {name!r} another plan may gain more than is held to be none" for name in failed)
    return Certificate(
        CONCEPT, not failed, max(max(row) for row in bounds), max(max(row) for row in bounds), failed, reasons,
        len(names), len(names) - len(failed), "ball",
    )


def _gains(game: StochasticGame, strategy: Profile, player: int) -> list[Any]:
    """For every state a ball that holds the largest gain from a one-shot deviation."""
    size, delta = game.size, ball(game.patience[player])
    flows, table = arb_mat(size, 1), arb_mat(size, size)
    worths: list[list[tuple[Any, dict[int, Any]]]] = []
    for s, stage in enumerate(game.stages):
        own = [_ball(strategy[game.decision(player, s)][a]) for a in stage.actions[player]]
        other = [_ball(strategy[game.decision(1 - player, s)][b]) for b in stage.actions[1 - player]]
        rows: list[tuple[Any, dict[int, Any]]] = []
        for a in range(len(own)):
            now, later = arb(0), dict[int, Any]()
            for b, p in enumerate(other):
                i, j = (a, b) if player == 0 else (b, a)
                now += p * ball(stage.rewards[player][i][j])
                for t, chance in stage.moves[i][j].items():
                    weight = p * ball(chance) * delta
                    if t < size:
                        later[t] = later.get(t, arb(0)) + weight
                    else:
                        now += weight * ball(game.ends[t - size][player])
            rows.append((now, later))
        worths.append(rows)
        table[s, s] = table[s, s] + 1
        for (now, later), p in zip(rows, own, strict=True):
            flows[s, 0] = flows[s, 0] + p * now
            for t, weight in later.items():
                table[s, t] = table[s, t] - p * weight
    values = table.solve(flows)
    found = []
    for s, rows in enumerate(worths):
        best = arb(0)
        for now, later in rows:
            gain = sum((weight * values[t, 0] for t, weight in later.items()), now) - values[s, 0]
            best = best.max(gain)
        found.append(best)
    return found
