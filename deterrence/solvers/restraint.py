r"""What holds restraint up: the slack in a side's incentive, and the thresholds at which it is used up.

A side gains :math:`g` by attacking once while both restrain themselves, and a period of conflict costs it :math:`c`,
both against mutual restraint. An incident is seen with probability :math:`\varepsilon` where both restrain themselves
and :math:`q` where the side attacks; it is answered with probability :math:`\kappa` by :math:`k` periods of conflict,
or by conflict for good. Only periods of probability :math:`m` are covered by the agreement; in the others both attack.
With :math:`\delta` the discount factor let

.. math:: (\phi, \nu) = (\delta, 1 - \delta) \text{ for good}, \qquad
          (\phi, \nu) = (\delta + \dots + \delta^k, 1) \text{ for } k \text{ periods}.

The value of the agreement, over that of conflict for good, is :math:`V = m c \nu / (\nu + m \varepsilon \kappa \phi)`;
attacking loses :math:`(q - \varepsilon) \kappa \phi V / \nu` in the future, in units of a period's payoff, so that the
side restrains itself exactly if

.. math:: \kappa \phi A \ge g \nu, \qquad A = m\,[(q - \varepsilon)\,c - \varepsilon g]. \tag{slack}

As :math:`\phi/\nu` rises in :math:`\delta` from 0, to infinity or to :math:`k`, there is one critical discount factor
where :math:`g > 0`, if any. All formulas are rational and the same for numbers and for symbols.

>>> side = Side(gain=Fraction(1), conflict=Fraction(2), patience=Fraction(1, 2), detection=Fraction(1))
>>> pact = Pact(accident=Fraction(1, 10), cover=Fraction(1))
>>> pact.least_patience(side, Fraction(1)), pact.least_answer(side)
(Fraction(10, 27), Fraction(10, 17))
>>> Pact(Fraction(0), Fraction(1), periods=2).least_patience(side, Fraction(1))
root(2*x**2 + 2*x - 1, 0, 1)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any, Final

from flint import ctx

from ..algebraic import Real, real_roots
from ..enclosures import Enclosure, ball
from ..expressions import Condition, Expression

__all__ = ["Pact", "Side", "alternatives", "holds", "possible"]

Number = Any
"""A `Fraction` or an `Expression`."""
Test = tuple[Number, str]
"""A number and how it compares with zero."""

_BITS: Final = 256
_LONGEST: Final = 100_000


@dataclass(frozen=True)
class Side:
    """One side of an agreement.

    Attributes
    ----------
    gain : what attacking once brings it, where the temptation is greatest.
    conflict : what a period of conflict costs it.
    patience : its discount factor.
    detection : how likely its attack is an incident.
    """

    gain: Number
    conflict: Number
    patience: Number
    detection: Number


@dataclass(frozen=True)
class Pact:
    """An agreement.

    Attributes
    ----------
    accident : the chance of an incident although both restrain themselves.
    cover : the chance that a period is covered.
    periods : how long a punishment lasts; None for good.
    """

    accident: Number
    cover: Number
    periods: int | None = None

    def weights(self, side: Side) -> tuple[Number, Number]:
        r"""What a punishment and an attack weigh: the pair :math:`(\phi, \nu)`."""
        delta = side.patience
        if self.periods is None:
            return delta, 1 - delta
        total = power = delta
        for _ in range(self.periods - 1):
            power = power * delta
            total = total + power
        return total, delta * 0 + 1

    def pull(self, side: Side) -> Number:
        """The number :math:`A` of the definition."""
        return self.cover * ((side.detection - self.accident) * side.conflict - self.accident * side.gain)

    def slack(self, side: Side, answer: Number) -> Number:
        """Not negative exactly where the side restrains itself."""
        far, near = self.weights(side)
        return answer * far * self.pull(side) - side.gain * near

    def value(self, side: Side, answer: Number) -> Number:
        """What the agreement is worth a period, against restraint for good."""
        far, near = self.weights(side)
        return self.cover * side.conflict * near / (near + self.cover * self.accident * answer * far) - side.conflict

    # thresholds, for numbers

    def least_patience(self, side: Side, answer: Fraction) -> Real | None:
        """The critical discount factor; None where none below 1 will do."""
        pull = answer * self.pull(side)
        if side.gain <= 0:
            return Fraction(0) if pull >= 0 else None
        if pull <= 0 or (self.periods is not None and side.gain >= self.periods * pull):
            return None
        if self.periods is None:
            least: Fraction = side.gain / (side.gain + pull)
            return least
        (found,) = real_roots([-side.gain] + [pull] * self.periods, 0, 1)
        return found

    def least_answer(self, side: Side) -> Fraction | None:
        """The least chance of an answer that will do; None where 1 will not."""
        far, _ = self.weights(side)
        if side.gain <= 0:
            return Fraction(0)
        if far * self.pull(side) <= 0 or self.slack(side, Fraction(1)) < 0:
            return None
        least: Fraction = 1 - self.slack(side, Fraction(1)) / (far * self.pull(side))
        return least

    def least_periods(self, side: Side, answer: Fraction) -> int | None:
        """The fewest periods of punishment that will do; None where no number does."""
        if side.gain <= 0:
            return 1 if self.pull(side) >= 0 else None
        if side.patience == 0 or answer * self.pull(side) <= 0:
            return None
        rest = 1 - side.gain / (answer * self.pull(side)) * (1 - side.patience) / side.patience
        return _powers(side.patience, rest) if rest > 0 else None

    def most_gain(self, side: Side, answer: Fraction) -> Fraction:
        """The greatest gain from attacking at which the side restrains itself."""
        far, near = self.weights(side)
        lost = answer * far * self.cover
        most: Fraction = lost * (side.detection - self.accident) * side.conflict / (near + lost * self.accident)
        return most

    def most_accidents(self, side: Side, answer: Fraction) -> Fraction | None:
        """The greatest chance of an accident that restraint bears, all else equal; None where it does not matter."""
        far, near = self.weights(side)
        slope = answer * far * self.cover * (side.conflict + side.gain)
        if slope <= 0:
            return None
        most: Fraction = (answer * far * self.cover * side.detection * side.conflict - side.gain * near) / slope
        return most


def _powers(base: Fraction, level: Fraction) -> int:
    """The least positive number of factors, each below 1, whose product is at most the level, exactly."""
    if base <= level:
        return 1
    bits = _BITS
    while True:
        before, ctx.prec = ctx.prec, bits
        try:
            ratio = Enclosure.of(ball(level).log() / ball(base).log())
        finally:
            ctx.prec = before
        low, high = ceil(ratio.low), ceil(ratio.high)
        if low == high:
            return low
        if low * base.denominator.bit_length() <= _LONGEST:
            return low if base**low <= level else high
        bits *= 2


# alternatives of tests, for numbers and for symbols


def alternatives(*parts: list[list[Test]]) -> list[list[Test]]:
    """What holds where each of several unions of conjunctions does, as one."""
    joined: list[list[Test]] = [[]]
    for union in parts:
        joined = [[*left, *right] for left in joined for right in union]
    return joined


def holds(union: list[list[Test]]) -> bool:
    """Whether one of several conjunctions holds, of numbers."""
    return any(all(_compared(value, op) for value, op in part) for part in union)


def _compared(value: Any, op: str) -> bool:
    return bool({">": value > 0, ">=": value >= 0, "==": value == 0}[op])


def possible(union: list[list[Test]]) -> tuple[tuple[Condition, ...], ...]:
    """The same of symbols as conditions, without what is certain or impossible."""
    return tuple(dict.fromkeys(_kept(union)))


def _kept(union: list[list[Test]]) -> Iterator[tuple[Condition, ...]]:
    for part in union:
        found = [Condition.compare(value, op, value * 0) for value, op in part if isinstance(value, Expression)]
        if all(c.truth is not False for c in found):
            yield tuple(dict.fromkeys(c for c in found if c.truth is None))
