r"""Which supports the stationary equilibria of a stochastic game may have: those that no bound on values rules out.

A *pattern* gives each player a set of actions in every state, :math:`A_s` and :math:`B_s`. In an equilibrium with these
supports the value of the first player satisfies, with :math:`Q(a, b) = r(s, a, b) + \delta \sum_t p(t \mid s, a, b)
v_t`,

.. math:: \max_c \min_{b \in B_s} Q(c, b) \le v_s \le \min_{a \in A_s} \max_{b \in B_s} Q(a, b),

and for every :math:`a \in A_s` and every action :math:`c` some mixture over :math:`B_s` makes :math:`Q(c, \cdot) - Q(a,
\cdot)` at most zero, exactly zero where :math:`c \in A_s`. Both are evaluated on intervals: the first shrinks the
interval of each value, the second rules patterns out. States are taken from the last to the first, all patterns that
are left of them at a time.

Payoffs are scaled so that all values lie in :math:`[-1, 1]`; every bound is a sum of fewer than fifty products of
numbers in :math:`[-1, 1]` in double precision, off by less than `SLACK`, by which each interval is widened: what is
ruled out is ruled out by proof.

>>> from fractions import Fraction
>>> from deterrence.models import get
>>> ladder = get("ladder")
>>> point = dict.fromkeys(ladder.build({"rungs": 2}).space.names, Fraction(1, 2))
>>> point.update(clash_us=2, clash_iran=2, concession_us=Fraction(1, 5), concession_iran=Fraction(1, 5))
>>> point.update(war_cost_us=9, war_cost_iran=9)
>>> game = ladder.stochastic({"rungs": 2, "start": 1}, {name: Fraction(value) for name, value in point.items()})
>>> patterns(game, 1_000)[0]
(((0,), (2,)), ((1,), (2,)))
>>> len(patterns(game, 1_000))
3
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations, product
from typing import Any, Final

from ..errors import LimitError
from ..stochastic import StochasticGame

__all__ = ["Pattern", "patterns", "scales", "subsets"]

SLACK: Final = 1e-13
SWEEPS: Final = 200
SETTLED: Final = 1e-6
FEW: Final = 2
HALVINGS: Final = 6
PARTS: Final = 16
"""Sweeps over halved intervals, how often each is halved, and after how many parts a pattern is kept."""

Support = tuple[int, ...]
Pattern = tuple[tuple[Support, ...], tuple[Support, ...]]
"""For each player, for each state the numbers of the actions played."""


def subsets(size: int) -> list[Support]:
    """The nonempty sets of so many actions, small ones first."""
    return [chosen for n in range(1, size + 1) for chosen in combinations(range(size), n)]


def scales(game: StochasticGame) -> tuple[Fraction, Fraction]:
    """For each player a number that no value exceeds in size."""
    found = []
    for player in (0, 1):
        flow = max(abs(r) for stage in game.stages for row in stage.rewards[player] for r in row)
        ends = max((abs(end[player]) for end in game.ends), default=Fraction(0))
        found.append(max(flow / (1 - game.patience[player]), ends) or Fraction(1))
    return found[0], found[1]


def patterns(game: StochasticGame, limit: int) -> list[Pattern]:
    """The patterns that are not ruled out.

    Raises
    ------
    LimitError
        where more than `limit` are left of some of the states.
    """
    search = _Search(game)
    for state in reversed(range(game.size)):
        search.grow(state, limit)
    for player in (0, 1):
        search.split(player)
    found = [search.pattern(n) for n in range(search.count)]
    return sorted(found, key=lambda p: (sum(map(len, (*p[0], *p[1]))), p))


class _Box:
    """For many patterns at a time the intervals of one player's values, a row each, with that player's view."""

    def __init__(self, view: _View, low: Any, high: Any, chosen: Mapping[int, tuple[Any, Any]]) -> None:
        self.view, self.low, self.high, self.chosen = view, low, high, dict(chosen)

    def kept(self, which: Any) -> _Box:
        chosen = {s: (own[which], other[which]) for s, (own, other) in self.chosen.items()}
        return _Box(self.view, self.low[which], self.high[which], chosen)

    def sweep(self) -> float:
        """Shrink every interval once; by how much at most."""
        import numpy as np

        shrunk = 0.0
        for state in range(self.low.shape[1]):
            below, above = self.view.bounds(self, state)
            below, above = np.maximum(self.low[:, state], below - SLACK), np.minimum(self.high[:, state], above + SLACK)
            shrunk = max(shrunk, float((below - self.low[:, state]).max()), float((self.high[:, state] - above).max()))
            self.low[:, state], self.high[:, state] = below, above
        return shrunk

    def alive(self) -> Any:
        """Which rows have no empty interval, and actions that may all be best."""
        passed = (self.low <= self.high).all(axis=1)
        for state in self.chosen:
            passed &= self.view.possible(self, state)
        return passed


class _View:
    """The game in floats as one player sees it: own actions first, payoffs scaled."""

    def __init__(self, game: StochasticGame, player: int, scale: Fraction) -> None:
        import numpy as np

        patience = float(game.patience[player])
        self.ends = np.array([float(end[player] / scale) for end in game.ends])
        self.flows, self.chances = [], []
        for stage in game.stages:
            flow = np.array([[float(r / scale) for r in row] for row in stage.rewards[player]])
            chance = np.zeros((*flow.shape, game.size + len(game.ends)))
            for a, b in product(range(flow.shape[0]), range(flow.shape[1])):
                for t, p in stage.moves[a][b].items():
                    chance[a, b, t] = float(p) * patience
            self.flows.append(flow if player == 0 else flow.T)
            self.chances.append(chance if player == 0 else chance.transpose(1, 0, 2))

    def _whole(self, box: _Box) -> tuple[Any, Any]:
        """The intervals of all values, those of the ends after those of the states."""
        import numpy as np

        ends = np.broadcast_to(self.ends, (len(box.low), len(self.ends)))
        return np.concatenate([box.low, ends], axis=1), np.concatenate([box.high, ends], axis=1)

    def bounds(self, box: _Box, state: int) -> tuple[Any, Any]:
        """Bounds of the value of a state."""
        import numpy as np

        flow, chance = self.flows[state], self.chances[state]
        # Probabilities are not negative: the ends of the intervals give the ends of the sums.
        least, most = ((v @ chance.reshape(flow.size, -1).T).reshape(-1, *flow.shape) + flow for v in self._whole(box))
        if state not in box.chosen:
            return least.min(axis=2).max(axis=1), most.max(axis=(1, 2))
        own, other = box.chosen[state]
        least = np.where(other[:, None, :], least, np.inf).min(axis=2)
        most = np.where(other[:, None, :], most, -np.inf).max(axis=2)
        return least.max(axis=1), np.where(own, most, np.inf).min(axis=1)

    def possible(self, box: _Box, state: int) -> Any:
        """Which rows pass the comparison of actions in a state."""
        import numpy as np

        flow, chance = self.flows[state], self.chances[state]
        own, other = box.chosen[state]
        low, high = self._whole(box)
        passed = np.ones(len(low), dtype=bool)
        for a, c in product(range(len(flow)), repeat=2):
            if a == c:
                continue
            step, flows = chance[c] - chance[a], flow[c] - flow[a]
            up, down = np.maximum(step, 0).T, np.minimum(step, 0).T
            least = np.where(other, low @ up + high @ down + flows, np.inf).min(axis=1)
            most = np.where(other, high @ up + low @ down + flows, -np.inf).max(axis=1)
            passed &= ~own[:, a] | ((least <= SLACK) & ((most >= -SLACK) | ~own[:, c]))
        return passed


class _Search:
    """The patterns that are left, both players' intervals beside each other."""

    def __init__(self, game: StochasticGame) -> None:
        import numpy as np

        self.game = game
        ones = np.ones((1, game.size))
        self.boxes = [_Box(_View(game, i, scale), -ones, ones.copy(), {}) for i, scale in enumerate(scales(game))]
        self._narrow()

    @property
    def count(self) -> int:
        return len(self.boxes[0].low)

    def _keep(self, which: Any) -> None:
        self.boxes = [box.kept(which) for box in self.boxes]

    def _narrow(self) -> None:
        """Shrink the intervals as far as the bounds make them shrink, and leave out rows of which nothing is left."""
        for _ in range(SWEEPS):
            if not self.count:
                return
            shrunk = max([box.sweep() for box in self.boxes])
            self._keep(self.boxes[0].alive() & self.boxes[1].alive())
            if shrunk < SETTLED:
                break

    def grow(self, state: int, limit: int) -> None:
        """Every pattern with every pair of supports in one more state."""
        import numpy as np

        masks = [np.array([[a in chosen for a in range(len(actions))] for chosen in subsets(len(actions))])
                 for actions in self.game.stages[state].actions]
        before, pairs = self.count, len(masks[0]) * len(masks[1])
        self._keep(np.repeat(np.arange(before), pairs))
        first = np.tile(np.repeat(masks[0], len(masks[1]), axis=0), (before, 1))
        second = np.tile(masks[1], (before * len(masks[0]), 1))
        self.boxes[0].chosen[state], self.boxes[1].chosen[state] = (first, second), (second, first)
        self._keep(self.boxes[0].alive() & self.boxes[1].alive())
        if self.count > limit:
            raise LimitError(f"more than {limit} patterns of supports are left of {len(self.boxes[0].chosen)} states")
        self._narrow()

    def split(self, player: int) -> None:
        """Leave out patterns of which nothing is left when the intervals of one player's values are halved repeatedly.

        The values of the two players are solutions of two separate systems, so one player is taken at a time. Only
        patterns in which two or more probabilities are unknown are worth it.
        """
        import numpy as np

        box = self.boxes[player]
        mixed = sum((other.sum(axis=1) - 1 for _, other in box.chosen.values()), np.zeros(self.count, dtype=int))
        left = mixed < 2
        source = np.flatnonzero(~left)
        parts = box.kept(source)
        for _ in range(HALVINGS * self.game.size):
            many = np.bincount(source, minlength=self.count) > PARTS
            left |= many
            few = ~many[source]
            parts, source = parts.kept(few), source[few]
            if not len(source):
                break
            rows, wide = np.arange(len(source)), (parts.high - parts.low).argmax(axis=1)
            middle = (parts.low + parts.high)[rows, wide] / 2
            parts, source = parts.kept(np.repeat(rows, 2)), np.repeat(source, 2)
            # A number in the middle belongs to both halves.
            parts.high[rows * 2, wide], parts.low[rows * 2 + 1, wide] = middle, middle
            for _ in range(FEW):
                parts.sweep()
            alive = parts.alive()
            parts, source = parts.kept(alive), source[alive]
        left[source] = True
        self._keep(left)

    def pattern(self, n: int) -> Pattern:
        """A row as numbers, every state decided."""
        chosen = [self.boxes[0].chosen[state] for state in range(self.game.size)]
        both = [tuple(tuple(int(a) for a in pair[i][n].nonzero()[0]) for pair in chosen) for i in (0, 1)]
        return both[0], both[1]
