r"""Some equilibria of a large stochastic game: a path of logit equilibria, and pure profiles improved by best answers.

A *logit equilibrium* at precision :math:`\lambda` is a profile with values such that in every state and for either
player

.. math:: x_s(a) \propto e^{\lambda Q_i(s, a)}, \qquad V_i(s) = \sum_a x_s(a)\, Q_i(s, a)

[mckelvey_palfrey1995]. At :math:`\lambda = 0` it is the uniform profile; from there a path of logit equilibria leads to
a Markov perfect one as :math:`\lambda \to \infty` (for almost all payoffs). The path is followed in double precision,
in the logarithms of the probabilities, by a tangent step and Newton's method across it; it may turn back in
:math:`\lambda`. The Jacobian of a ladder is a band matrix, since a state leads to its neighbours alone.

Nothing rests on the floats: what the path leads to, and what best answers converge to, is a guess that `proved` has to
prove.

>>> from fractions import Fraction
>>> from deterrence.models import get
>>> ladder = get("ladder")
>>> point = dict.fromkeys(ladder.build({"rungs": 2}).space.names, Fraction(1, 2))
>>> point.update(clash_us=2, clash_iran=2, concession_us=Fraction(1, 5), concession_iran=Fraction(1, 5))
>>> point.update(war_cost_us=9, war_cost_iran=9)
>>> game = ladder.stochastic({"rungs": 2, "start": 1}, {name: Fraction(value) for name, value in point.items()})
>>> [[float(p) for p in row] for row in some(game)[0].mixtures[0]]
[[0.0359..., 0.9640...], [0.0, 0.0, 1.0]]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from ..errors import LimitError
from ..stochastic import StochasticGame
from .outlook import Found
from .proved import proved
from .supports import Pattern, scales

__all__ = ["some"]

STEPS: Final = 1_200
MORE: Final = 6_000
"""Steps along the path, and how many where nothing was found before."""
PRECISE: Final = 1e-9
STRAIGHT: Final = 0.7
ASIDE: Final = 0.4
SHORTEST: Final = 1e-6
LARGEST: Final = 1e12
LOWEST: Final = (1e-2, 1e-4, 1e-7)
"""Probabilities from which an action counts as played where the pattern is read off the path."""
ROUNDS: Final = 60


def some(game: StochasticGame) -> list[Found]:
    """Equilibria of a game, each proved; the end of the path first.

    Raises
    ------
    LimitError
        where none could be proved.
    """
    floats = _Floats(game)
    found: dict[Pattern, Found] = {}
    _followed(floats, STEPS, found)
    for pattern in floats.improved():
        profile = None if pattern in found else proved(game, pattern, None)
        if profile is not None:
            found[pattern] = profile
    if not found:
        _followed(floats, MORE, found)
    if not found:
        raise LimitError("no equilibrium that could be proved was found; a ladder with fewer rungs is searched whole")
    return list(found.values())


def _followed(floats: _Floats, steps: int, found: dict[Pattern, Found]) -> None:
    """Add the first pattern to which the path seems to lead and that is proved to have an equilibrium."""
    for pattern, start in _ends(floats, steps):
        profile = proved(floats.game, pattern, start)
        if profile is not None:
            found[pattern] = profile
            return


class _Floats:
    """The game in arrays, each player's own actions first, payoffs scaled; actions that a state lacks are masked."""

    def __init__(self, game: StochasticGame) -> None:
        import numpy as np

        self.game, self.size = game, game.size
        self.most = max(len(actions) for stage in game.stages for actions in stage.actions)
        shape = (self.size, self.most, self.most)
        self.patience = [float(d) for d in game.patience]
        self.masks = [np.zeros((self.size, self.most)) for _ in (0, 1)]
        self.rewards = [np.zeros(shape) for _ in (0, 1)]
        self.moves = [np.zeros((*shape, self.size + len(game.ends))) for _ in (0, 1)]
        for s, stage in enumerate(game.stages):
            for i in (0, 1):
                self.masks[i][s, : len(stage.actions[i])] = 1
            for a, line in enumerate(stage.moves):
                for b, chances in enumerate(line):
                    for t, p in chances.items():
                        self.moves[0][s, a, b, t] = self.moves[1][s, b, a, t] = float(p)
        self.ends = []
        for i, scale in enumerate(scales(game)):
            self.ends.append(np.array([float(end[i] / scale) for end in game.ends]))
            for s, stage in enumerate(game.stages):
                for a, row in enumerate(stage.rewards[i]):
                    for b, reward in enumerate(row):
                        self.rewards[i][(s, a, b) if i == 0 else (s, b, a)] = float(reward / scale)

    def stakes(self, player: int, values: Any) -> Any:
        """What each pair of actions is worth in each state."""
        import numpy as np

        return self.rewards[player] + self.patience[player] * (
            self.moves[player] @ np.concatenate([values, self.ends[player]])
        )

    def best(self, player: int, other: Any) -> tuple[Any, Any]:
        """A best plan against the plan of the other player, by policy iteration, and its values."""
        import numpy as np

        rows = np.arange(self.size)
        rewards, moves = self.rewards[player][rows, :, other], self.moves[player][rows, :, other]
        plan = self.masks[player].argmax(axis=1) * 0
        while True:
            flow, chance = rewards[rows, plan], moves[rows, plan] * self.patience[player]
            values = np.linalg.solve(np.eye(self.size) - chance[:, : self.size],
                                     flow + chance[:, self.size :] @ self.ends[player])
            worth = rewards + self.patience[player] * (moves @ np.concatenate([values, self.ends[player]]))
            worth = np.where(self.masks[player] > 0, worth, -np.inf)
            better = worth.max(axis=1) > worth[rows, plan] + PRECISE
            if not better.any():
                return plan, values
            plan = np.where(better, worth.argmax(axis=1), plan)

    def improved(self) -> Iterator[Pattern]:
        """Pure profiles in which either plan is a best answer to the other, from simple plans by turns."""
        import numpy as np

        for player in (0, 1):
            for action in range(self.most):
                plans: list[Any] = [None, None]
                last = self.masks[1 - player].sum(axis=1).astype(int) - 1
                plans[1 - player] = np.minimum(action, last)
                for turn in range(ROUNDS):
                    mover = player if turn % 2 == 0 else 1 - player
                    answer = self.best(mover, plans[1 - mover])[0]
                    if plans[mover] is not None and (answer == plans[mover]).all():
                        yield self._pattern(plans)
                        break
                    plans[mover] = answer

    def pattern(self, mixtures: Sequence[Any], lowest: float) -> Pattern:
        """The actions whose probability is above a number."""
        one, other = (
            tuple(tuple(a for a in range(self.most) if row[a] > lowest) for row in mixture) for mixture in mixtures
        )
        return one, other

    def _pattern(self, plans: Sequence[Any]) -> Pattern:
        one, other = (tuple((int(a),) for a in plan) for plan in plans)
        return one, other


def _ends(floats: _Floats, steps: int) -> Iterator[tuple[Pattern, Any]]:
    """Patterns to which the path seems to lead: those that it keeps as precision grows, then what it ends at."""
    last: Pattern | None = None
    seen: set[Pattern] = set()
    end: Any = None
    for end in _Path(floats).follow(steps):
        pattern = floats.pattern(end[0], LOWEST[0])
        if pattern == last and pattern not in seen:
            seen.add(pattern)
            yield pattern, end
        last = pattern
    for lowest in LOWEST:
        for pattern in _thinned(floats.pattern(end[0], lowest), end[0]):
            if pattern not in seen:
                seen.add(pattern)
                yield pattern, end


def _thinned(pattern: Pattern, mixtures: Sequence[Any]) -> Iterator[Pattern]:
    """A pattern, and where a side plays more actions than the other, with as many: the likeliest, or the least likely.

    Where a side does not care, as on a tie between payoffs, the path ends at a mixture that nothing asks for.
    """
    yield pattern
    for sense in (-1, 1):
        sides = []
        for i in (0, 1):
            rows = zip(pattern[i], pattern[1 - i], mixtures[i], strict=True)
            sides.append(tuple(
                tuple(sorted(sorted(own, key=lambda a, row=row: (sense * row[a], a))[: len(other)]))  # type: ignore[misc]
                for own, other, row in rows
            ))
        yield sides[0], sides[1]


class _Path:
    """The path of logit equilibria.

    Unknowns: for each state the logarithms of the probabilities of the first player's actions, those of the second
    player's, and the values of both.
    """

    def __init__(self, floats: _Floats) -> None:
        import numpy as np

        self.np, self.f = np, floats
        self.width = 2 * floats.most + 2
        self.count = floats.size * self.width
        # How far a state reaches down and up decides the width of the band.
        reach = [(t - s) for s in range(floats.size) for t in range(floats.size)
                 if floats.moves[0][s, :, :, t].any() or s == t]
        self.below = (1 - min(reach)) * self.width - 1
        self.above = (1 + max(reach)) * self.width - 1
        rows, columns = np.meshgrid(np.arange(self.count), np.arange(self.count), indexing="ij")
        inside = (rows - columns <= self.below) & (columns - rows <= self.above)
        self.band = (self.above + rows - columns)[inside], columns[inside]
        self.inside = inside

    def follow(self, steps: int) -> Iterator[tuple[tuple[Any, Any], tuple[Any, Any]]]:
        """Profiles and values at growing precision, a few for each order of magnitude."""
        np = self.np
        point, precision = self._start(), 0.0
        tangent = self._tangent(point, precision, None)
        step, marked = 0.1, 1.0
        for _ in range(steps):
            moved = self._corrected(point + step * tangent[:-1], precision + step * tangent[-1], tangent)
            if moved is None:
                step /= 2
                if step < SHORTEST / 1_000:
                    break
                continue
            turned = self._tangent(moved[0], moved[1], tangent)
            aside = np.append(moved[0] - point, moved[1] - precision) - step * tangent
            if step > SHORTEST and (float(turned @ tangent) < STRAIGHT or np.linalg.norm(aside) > ASIDE * step):
                # In a long step round a sharp turn one cannot tell onwards from back, or this path from another.
                step /= 2
                continue
            point, precision, rounds = moved
            # A path that bends is followed in shorter steps.
            step *= 2.0 if rounds <= 2 and float(turned @ tangent) > 0.9 else 1.0 if rounds <= 4 else 0.5
            tangent = turned
            if precision >= 4 * marked:
                marked = precision
                yield self._profile(point)
            if precision > LARGEST or not np.isfinite(precision):
                break
        yield self._profile(point)

    def _start(self) -> Any:
        """The uniform profile and its values."""
        np, f = self.np, self.f
        point = np.zeros((f.size, self.width))
        mixtures = [mask / mask.sum(axis=1, keepdims=True) for mask in f.masks]
        for i in (0, 1):
            weights = mixtures[i][:, :, None] * mixtures[1 - i][:, None, :]
            chance = (weights[..., None] * f.moves[i]).sum(axis=(1, 2)) * f.patience[i]
            flow = (weights * f.rewards[i]).sum(axis=(1, 2)) + chance[:, f.size :] @ f.ends[i]
            point[:, 2 * f.most + i] = np.linalg.solve(np.eye(f.size) - chance[:, : f.size], flow)
            point[:, i * f.most : (i + 1) * f.most] = np.log(mixtures[i].max(axis=1, keepdims=True)) * f.masks[i]
        return point.ravel()

    def _profile(self, point: Any) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
        f, parts = self.f, point.reshape(self.f.size, self.width)
        mixtures = tuple(
            self.np.exp(self.np.minimum(parts[:, i * f.most : (i + 1) * f.most], 1.0)) * f.masks[i] for i in (0, 1)
        )
        return (mixtures[0], mixtures[1]), (parts[:, -2], parts[:, -1])

    def _system(self, point: Any, precision: float) -> tuple[Any, Any, Any]:
        """The equations, their Jacobian as a band, and their derivative in the precision."""
        np, f, m = self.np, self.f, self.f.most
        mixtures, values = self._profile(point)
        parts = point.reshape(f.size, self.width)
        errors, slopes = np.zeros((f.size, self.width)), np.zeros((f.size, self.width))
        jacobian = np.zeros((f.size, self.width, f.size, self.width))
        states = np.arange(f.size)
        for i in (0, 1):
            own, other, mask = i * m, (1 - i) * m, f.masks[i]
            stakes = f.stakes(i, values[i]) * mixtures[1 - i][:, None, :]
            worth = stakes.sum(axis=2)
            later = f.patience[i] * (mixtures[1 - i][:, None, :, None] * f.moves[i][..., : f.size]).sum(axis=2)
            logs = parts[:, own : own + m]
            errors[:, own] = mixtures[i].sum(axis=1) - 1
            jacobian[states, own, states, own : own + m] = mixtures[i]
            for a in range(1, m):
                on = mask[:, a]
                gap = worth[:, a] - worth[:, 0]
                errors[:, own + a] = np.where(on > 0, logs[:, a] - logs[:, 0] - precision * gap, logs[:, a])
                slopes[:, own + a] = -gap * on
                jacobian[states, own + a, states, own + a] = 1
                jacobian[states, own + a, states, own] = -on
                jacobian[states, own + a, states, other : other + m] = (
                    -precision * on[:, None] * (stakes[:, a] - stakes[:, 0])
                )
                jacobian[:, own + a, :, 2 * m + i] += -precision * on[:, None] * (later[:, a] - later[:, 0])
            row = 2 * m + i
            errors[:, row] = values[i] - (mixtures[i] * worth).sum(axis=1)
            jacobian[states, row, states, own : own + m] = -mixtures[i] * worth
            jacobian[states, row, states, other : other + m] = -(mixtures[i][:, :, None] * stakes).sum(axis=1)
            jacobian[:, row, :, row] += np.eye(f.size) - (mixtures[i][:, :, None] * later).sum(axis=1)
        band = np.zeros((self.below + self.above + 1, self.count))
        band[self.band] = jacobian.reshape(self.count, self.count)[self.inside]
        return errors.ravel(), band, slopes.ravel()

    def _solve(self, band: Any, *right: Any) -> Any:
        from scipy.linalg import solve_banded

        return solve_banded((self.below, self.above), band, self.np.stack(right, axis=1), check_finite=False)

    def _tangent(self, point: Any, precision: float, before: Any) -> Any:
        """The direction of the path, on from the direction before."""
        _, band, slopes = self._system(point, precision)
        move = self._solve(band, slopes)[:, 0]
        tangent = self.np.append(-move, 1.0)
        tangent /= self.np.linalg.norm(tangent)
        return tangent if before is None or float(tangent @ before) > 0 else -tangent

    def _corrected(self, point: Any, precision: float, tangent: Any) -> tuple[Any, float, int] | None:
        """The point of the path in the plane across the tangent, by Newton's method; None where it is not reached."""
        np = self.np
        for rounds in range(1, 8):
            errors, band, slopes = self._system(point, precision)
            if not np.isfinite(errors).all():
                return None
            if float(np.abs(errors).max()) < PRECISE * (1 + abs(precision)):
                return point, precision, rounds
            try:
                one, other = self._solve(band, errors, slopes).T
            except np.linalg.LinAlgError:
                return None
            # The step stays in the plane: tangent . (d point, d precision) = 0.
            change = float(tangent[:-1] @ one) / float(tangent[-1] - tangent[:-1] @ other)
            point, precision = point - one - other * change, precision + change
            if precision < 0 or not np.isfinite(precision):
                return None
        return None
