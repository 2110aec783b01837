r"""The certificate of an equilibrium of `imperfect_attribution`, from the definition of the game.

A *world* is who attacks: nobody, or one of the attackers. Cutoffs give the worlds their probabilities, signals theirs
in each world, and Bayes' rule the defender's belief in each world after each signal. Hitting :math:`i` brings the type
:math:`y` of the defender :math:`y - 1` and 1 more if :math:`i` is guilty, so that it hits where :math:`y` is at least
the probability of innocence. An attacker that may attack compares being hit after its attack and after none. The
regret is by how much a threshold misses, where there are types between it and the right one. A signal that has no
probability allows any belief that holds somebody guilty who may bring it.

>>> one, fifth = Fraction(1), Fraction(1, 5)
>>> world = World(one / 2, ((one * 0, one),), ((3 * fifth, 4 * fifth),), ((fifth, 4 * fifth),), ((4 * fifth, fifth)))
>>> certify(world, (Fraction(3, 5),), ((Fraction(16, 17),), (Fraction(1, 2),)))
exact; nash_regret 0; sequential_regret 0 at 2 of 2 information sets
>>> certify(world, (Fraction(3, 5),), ((Fraction(16, 17),), (Fraction(7, 10),))).fails_at
('attackers', 'Defender')
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from flint import ctx

from ..algebraic import Algebraic
from ..certify import Certificate
from ..enclosures import Enclosure, ball
from .cutpoints import verdict

__all__ = ["World", "certify"]

BITS: Final = 192
TOLERANCE: Final = Fraction(1, 10**15)
"""The bound on the regret that is held to be none where numbers are enclosed."""
_PLAYERS: Final = ("attackers", "Defender")

Ends = tuple[Any, Any]


@dataclass(frozen=True)
class World:
    """The game: the chance that somebody can attack, types, and signals if each attacked or nobody did."""

    opportunity: Any
    gains: Sequence[Ends]
    answers: Sequence[Ends]
    signals: Sequence[Sequence[Any]]
    quiet: Sequence[Any]


def certify(world: World, cutoffs: Sequence[Any], thresholds: Sequence[Sequence[Any]]) -> Certificate:
    """Whether nobody gains by another threshold.

    Parameters
    ----------
    world : the game.
    cutoffs : for each attacker the gain from which on it attacks.
    thresholds : for each signal, the null signal first, and attacker the type from which on the defender hits it.
    """
    enclosed = any(isinstance(x, Enclosure) for x in (*cutoffs, *(t for row in thresholds for t in row)))
    before, ctx.prec = ctx.prec, BITS
    try:
        misses = list(_misses(world, cutoffs, thresholds, enclosed))
    finally:
        ctx.prec = before
    limit = TOLERANCE if enclosed else 0
    complaints = [(who, reason) for who, reason, miss in misses if miss > limit]
    regret: Any = max((miss for _, _, miss in misses), default=Fraction(0))
    if enclosed:
        regret = float(regret) * (1 + 2.0**-50)
    return verdict("cutpoint", _PLAYERS, complaints, regret, "ball" if enclosed else "exact")


def _misses(
    world: World, cutoffs: Sequence[Any], thresholds: Sequence[Sequence[Any]], enclosed: bool
) -> Iterator[tuple[str, str, Any]]:
    """Who misses its best threshold, and by how much."""
    number = _ball if enclosed else _same
    n = len(world.signals)
    attacks = [
        number(world.opportunity) / n * _above(number(cut), *map(number, ends))
        for cut, ends in zip(cutoffs, world.gains, strict=True)
    ]
    weights = [1 - sum(attacks), *attacks]
    rows = [[number(x) for x in row] for row in (world.quiet, *world.signals)]
    struck = [[number(Fraction(0))] * n for _ in range(n + 1)]
    for s, row in enumerate(thresholds):
        joint = [w * signals[s] for w, signals in zip(weights, rows, strict=True)]
        total = sum(joint)
        for i, threshold in enumerate(row):
            told, ends = number(threshold), tuple(map(number, world.answers[i]))
            if isinstance(total, (Fraction, Algebraic)) and total == 0:
                miss = _unseen(rows, s, i, told)
            else:
                miss = _gap(told, 1 - joint[i + 1] / total, ends)
            yield "Defender", f"after signal {s} types gain by another answer to attacker {i + 1}", miss
            hit = _above(told, *ends)
            for world_row, signals in zip(struck, rows, strict=True):
                world_row[i] = world_row[i] + signals[s] * hit
    for i, (cut, ends) in enumerate(zip(cutoffs, world.gains, strict=True)):
        risk = struck[i + 1][i] - struck[0][i]
        miss = _gap(number(cut), risk, tuple(map(number, ends)))
        yield "attackers", f"types of attacker {i + 1} gain by doing otherwise", miss


def _same(value: Any) -> Any:
    return value


def _ball(value: Any) -> Any:
    if isinstance(value, Enclosure):
        return ball(value.low).union(ball(value.high))
    if isinstance(value, Algebraic):
        low, high = value.bounds(BITS)
        return ball(low).union(ball(high))
    return ball(value)


def _above(cut: Any, low: Any, high: Any) -> Any:
    """The share of types from a threshold on."""
    share = (high - cut) / (high - low)
    if isinstance(share, (Fraction, Algebraic)):
        return Fraction(0) if share < 0 else Fraction(1) if share > 1 else share
    return share.max(ball(0)).min(ball(1))


def _gap(told: Any, right: Any, ends: tuple[Any, ...]) -> Any:
    """How far a threshold is from the right one, both brought within the types there are."""
    low, high = ends
    if isinstance(told - right, (Fraction, Algebraic)):
        return abs(min(max(told, low), high) - min(max(right, low), high))
    apart = told.max(low).min(high) - right.max(low).min(high)
    found = Enclosure.of(apart)
    return max(found.high, -found.low)


def _unseen(rows: Sequence[Sequence[Any]], s: int, i: int, told: Any) -> Any:
    """By how much a belief after a signal without probability is none: it may hold guilty who can bring it."""
    guilty = 1 - told
    able = [k for k, row in enumerate(rows[1:]) if row[s] != 0]
    if i not in able or not able:
        return abs(guilty)
    return Fraction(0) if (guilty == 1 if able == [i] else 0 <= guilty <= 1) else Fraction(1)
