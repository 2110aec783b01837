r"""Real numbers known to lie in an interval: what a method gives that is numerical and proves its error.

An *enclosure* of :math:`x` is a ball :math:`[m - r, m + r] \ni x`, computed in ball arithmetic [johansson2017]:
every operation widens the radius by what rounding may have cost, so that the interval holds the number whatever the
precision.

>>> half_pi = enclose(lambda: arb.pi() / 2)
>>> half_pi.radius < 1e-25, Fraction(11, 7) > half_pi > Fraction(3, 2)
(True, True)
>>> half_pi
1.5707963267948966
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import total_ordering
from typing import Any, Final

from flint import arb, ctx, fmpq

__all__ = ["PRECISION", "Enclosure", "ball", "enclose"]

PRECISION: Final = 120
"""Bits of the arithmetic that is begun with."""
MOST: Final = 4_000


@total_ordering
@dataclass(frozen=True, eq=False)
class Enclosure:
    """A real number in an interval with rational ends.

    Attributes
    ----------
    low, high : the ends.

    Two enclosures are ordered by their middles, and are equal where they are the same interval; with a rational number
    an enclosure is compared by its middle too. `certainly` compares by the intervals.
    """

    low: Fraction
    high: Fraction

    @classmethod
    def of(cls, value: Any) -> Enclosure:
        """From a ball of `flint`."""
        return cls(_fraction(value.lower()), _fraction(value.upper()))

    @property
    def middle(self) -> Fraction:
        """The middle of the interval."""
        return (self.low + self.high) / 2

    @property
    def radius(self) -> float:
        """Half of its length, rounded up."""
        return float((self.high - self.low) / 2) * (1 + 2.0**-50)

    def certainly(self, op: str, other: Fraction | int) -> bool:
        """Whether ``number op other``, with one of ``< <= > >=``, holds of every number of the interval."""
        return {"<": self.high < other, "<=": self.high <= other, ">": self.low > other, ">=": self.low >= other}[op]

    def __float__(self) -> float:
        return float(self.middle)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Enclosure):
            return (self.low, self.high) == (other.low, other.high)
        return self.low == self.high == other

    def __hash__(self) -> int:
        return hash(self.low) if self.low == self.high else hash((self.low, self.high))

    def __lt__(self, other: Any) -> bool:
        return self.middle < (other.middle if isinstance(other, Enclosure) else other)

    def __repr__(self) -> str:
        return repr(float(self))


def ball(value: Fraction | int) -> Any:
    """A rational number as a ball of `flint`, at the precision of the context."""
    number = Fraction(value)
    return arb(fmpq(number.numerator, number.denominator))


def enclose(compute: Callable[[], Any], width: Fraction = Fraction(1, 10**25)) -> Enclosure:
    """What `compute` gives in ball arithmetic, at a precision at which the interval is no wider than `width`.

    Raises
    ------
    ArithmeticError
        where no precision up to `MOST` bits does.
    """
    bits = PRECISION
    while bits <= MOST:
        before, ctx.prec = ctx.prec, bits
        try:
            value = compute()
            found = Enclosure.of(value) if value.is_finite() else None
        finally:
            ctx.prec = before
        if found is not None and found.high - found.low <= width * (1 + abs(found.middle)):
            return found
        bits *= 2
    raise ArithmeticError(f"no interval shorter than {width} was found with {MOST} bits")


def _fraction(value: Any) -> Fraction:
    mantissa, exponent = value.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
