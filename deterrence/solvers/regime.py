r"""The condition of the continuum form of `coordinated_attack`: its zeros, counted by shape and isolated by signs.

With :math:`u = \Phi^{-1}(\theta^*)` the condition is :math:`g(u) = 0` for

.. math:: g(u) = \alpha[\Phi(u) - z] - \sqrt\beta\,u - \sqrt{\alpha + \beta}\,\Phi^{-1}(c), \qquad
          g'(u) = \alpha\varphi(u) - \sqrt\beta.

Where :math:`2\pi\beta \ge \alpha^2`, :math:`g` falls throughout and has one zero. Else it falls up to :math:`-m`, rises
up to :math:`m = \sqrt{2 \ln(\alpha/\sqrt{2\pi\beta})}` and falls again: one zero below :math:`-m` if
:math:`g(-m) < 0`, one above :math:`m` if :math:`g(m) > 0`, and then one between, if both. All lie where
:math:`\sqrt\beta\,u + \sqrt{\alpha + \beta}\,\Phi^{-1}(c)` is between :math:`-\alpha z` and :math:`\alpha(1 - z)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import ceil, floor
from typing import Any, Final

from flint import acb, arb, ctx

from ..enclosures import Enclosure, ball, enclose
from ..errors import LimitError

__all__ = ["Hint", "cdf", "joint", "quantile", "zeros"]

BITS: Final = 320
MOST: Final = 3_000
NARROW: Final = 200
"""Bits to which a zero is isolated."""
FAR: Final = 14
"""Standard deviations beyond which a normal weight is only bounded."""
_HALF: Final = Fraction(1, 2)
_TOUCHING: Final = "it is not decided whether two equilibria fall together; move a parameter a little"


@dataclass(frozen=True)
class Hint:
    """The numbers of the continuum form: cost, mean and precision of the prior, precision of a signal."""

    cost: Fraction
    mean: Fraction
    prior: Fraction
    signal: Fraction

    def excess(self, u: Any) -> Any:
        """The function whose zeros are the equilibria, in balls."""
        scale = ball(self.prior + self.signal).sqrt()
        attack = ball(self.prior) * (cdf(u) - ball(self.mean))
        return attack - ball(self.signal).sqrt() * u - scale * quantile(self.cost)

    def turn(self) -> Any:
        """Where it turns, in balls."""
        return (2 * (ball(self.prior) / (2 * arb.pi() * ball(self.signal)).sqrt()).log()).sqrt()

    def bound(self, way: int) -> Any:
        """What is beyond every zero, below or above, in balls."""
        scale = ball(self.prior + self.signal).sqrt()
        reach = self.prior * ((1 if way > 0 else 0) - self.mean)
        return (ball(reach) - scale * quantile(self.cost)) / ball(self.signal).sqrt() + way

    def falls(self) -> bool:
        """Whether there is one equilibrium whatever the mean and the cost."""
        return _sign(lambda: ball(self.prior) ** 2 - 2 * arb.pi() * ball(self.signal)) <= 0


def cdf(u: Any) -> Any:
    """The normal distribution function."""
    return (-u / arb(2).sqrt()).erfc() / 2


def quantile(p: Fraction) -> Any:
    """Its inverse, in balls."""
    if p > _HALF:
        return -quantile(1 - p)
    return -arb(2).sqrt() * ball(2 * p).erfcinv()


def zeros(hint: Hint) -> list[Enclosure]:
    """The zeros in order, each in an interval at whose ends the function has different signs."""
    low, high = _rational(lambda: hint.bound(-1), floor), _rational(lambda: hint.bound(1), ceil)
    if hint.falls():
        return [_isolated(hint, low, high, 1)]
    first, last = _sign(lambda: hint.excess(-hint.turn())), _sign(lambda: hint.excess(hint.turn()))
    left, right = _beside(hint, -1), _beside(hint, 1)
    found = [_isolated(hint, low, left, 1)] if first < 0 else []
    if first < 0 < last:
        found.append(_isolated(hint, left, right, -1))
    return [*found, _isolated(hint, right, high, 1)] if last > 0 else found


def _beside(hint: Hint, way: int) -> Fraction:
    """A rational number so close to an extremum that the function has no zero between."""
    for bits in range(BITS, MOST, BITS):
        before, ctx.prec = ctx.prec, bits
        try:
            turn = Enclosure.of(way * hint.turn())
            around = hint.excess(ball(turn.low).union(ball(turn.high)))
            if not around.contains(arb(0)):
                return turn.middle
        finally:
            ctx.prec = before
    raise LimitError(_TOUCHING)


def _sign(compute: Callable[[], Any]) -> int:
    """The sign of a number that is not zero, from balls of growing precision."""
    for bits in range(BITS, MOST, BITS):
        before, ctx.prec = ctx.prec, bits
        try:
            value = compute()
        finally:
            ctx.prec = before
        if value > 0 or value < 0:
            return 1 if value > 0 else -1
    raise LimitError(_TOUCHING)


def _rational(compute: Callable[[], Any], rounded: Callable[[Fraction], int]) -> Fraction:
    found = enclose(compute)
    return Fraction(rounded(found.low if rounded is floor else found.high))


def _isolated(hint: Hint, low: Fraction, high: Fraction, first: int) -> Enclosure:
    """The zero between two numbers; `first` is the sign at the lower."""
    while (high - low) * (1 << NARROW) > 1 + abs(high):
        # Off the middle, where symmetry would put a zero.
        cut = _short(low + (high - low) * Fraction(123, 256))
        if _sign(partial(_at, hint, cut)) == first:
            low = cut
        else:
            high = cut
    return Enclosure(low, high)


def _at(hint: Hint, u: Fraction) -> Any:
    return hint.excess(ball(u))


def _short(value: Fraction) -> Fraction:
    return Fraction(round(value * (1 << 2 * NARROW)), 1 << 2 * NARROW)


def joint(hint: Hint, resolve: Any, signal: Any) -> Any:
    """The chance that an attacker attacks and the attack succeeds: over the resolve, in units of its own spread."""
    spread = ball(hint.prior).sqrt()
    end = spread * (resolve - ball(hint.mean))
    at, slope = ball(hint.signal).sqrt() * (signal - ball(hint.mean)), (ball(hint.signal) / ball(hint.prior)).sqrt()
    if end < -FAR:
        return cdf(end).union(arb(0))
    last = arb(FAR) if end > FAR else arb(end.mid())
    scale = (2 * arb.pi()).sqrt()

    def density(s: Any, _: bool) -> Any:
        return (-s * s / 2).exp() / scale * (-(at - slope * s) / arb(2).sqrt()).erfc() / 2

    inside = acb.integral(density, acb(-FAR), acb(last)).real
    # No density is above 1/2, and little weight lies beyond the ends.
    missing = abs(end - last) / 2 if last < FAR else cdf(-last)
    return inside + missing * arb(0, 1) + cdf(arb(-FAR)).union(arb(0))
