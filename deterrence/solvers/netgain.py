r"""The net gain from attacking when every other group attacks with probability p: its signs, its shape and its zeros.

Each of :math:`n` groups attacks with probability :math:`p`, and an attack is lethal with probability :math:`q`, all
independently. The answer comes where at least :math:`m \ge 1` attacks are lethal, or (`threshold` 0) where there is any
attack. Let :math:`s = q`, or :math:`s = 1` in the second case with :math:`m = 1`: attacks that *count* happen with
probability :math:`x = s p` a group, so that their number among :math:`N` groups is binomial. With

.. math:: b_j(N, x) = \tbinom N j x^j (1-x)^{N-j}, \qquad T_m(N, x) = \sum_{j \ge m} b_j(N, x)

the net gain is :math:`D(p) = v - h\,\varphi(sp)`, where the *harm that an attack adds* is, in units of :math:`h`,

===========  ==========================================================  ==========================================
rule         :math:`\varphi(x)`                                          shape for :math:`x \in [0, 1]`
===========  ==========================================================  ==========================================
collective   :math:`s\,b_{m-1}(n-1, x)`                                  falls if m = 1; peaks at (m-1)/(n-1) if not
attackers    :math:`T_m(n-1, x) + s\,b_{m-1}(n-1, x)`                    rises; constant 1 if s = 1
individual   :math:`q\,T_{m-1}(n-1, x)`                                  rises; constant q if m = 1
spread       :math:`s\,T_m(n, x) / (n x)`                                falls if m = 1; has one peak if not
===========  ==========================================================  ==========================================

and :math:`\varphi = 0` where :math:`m > n`. The first line holds because an attack adds harm only where it is lethal
and the :math:`m`-th; the last because :math:`n` groups bear one punishment in sum with probability
:math:`T_m(n, x)`, by symmetry :math:`1/n` each, and only if they attack, with probability :math:`p`. Shapes follow from
:math:`f = T_m' = N b_{m-1}(N - 1, \cdot)`: the sign of :math:`(T_m/x)'` is that of :math:`x f - T_m`, which is 0 at 0,
rises while :math:`f` does, up to :math:`(m-1)/(N-1)`, and falls from there. So :math:`D` is monotone or has one
extremum, and its zeros are counted by its signs at 0, at 1 and at the extremum.

In the Bernstein basis of degree :math:`n - 1` the coefficients of :math:`D` are :math:`\Delta(k)`, the net gain where
:math:`k` others attack for certain, which is :math:`D(1)` of the game with :math:`k + 1` groups. By Descartes' rule in
that basis :math:`D` has no more zeros in :math:`(0, 1)` than :math:`\Delta` has changes of sign, and as many but for
an even number.

>>> game = NetGain("collective", 3, 1, Fraction(1, 3), Fraction(1), Fraction(1, 2))
>>> game.shape, [game.sign(Fraction(p)) for p in (0, 1)]
('falling', [-1, 1])
>>> game.zeros()  # 1/3 = (1 - p/2)**2/2
[Zero(value=root(3*x**2 - 12*x + 4, 0, 1), where='')]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import ceil, comb
from typing import Any, Final

from flint import arb, ctx, fmpq, fmpq_poly

from ..algebraic import Real, real_roots, sign
from ..enclosures import Enclosure, ball
from ..errors import LimitError

__all__ = ["ALGEBRAIC", "RULES", "NetGain", "Number", "Zero", "tail"]

Number = Real | Enclosure

RULES: Final = ("collective", "attackers", "individual", "spread")
ALGEBRAIC: Final = 12
"""Up to so many groups zeros are exact; beyond they are enclosed."""

_BITS: Final = (128, 512, 2_048, 8_192)
_LARGEST: Final = 2_000_000
_NARROW: Final = Fraction(1, 2**88)
_ROUNDS: Final = 2_000
_FAR: Final = 10**15
_ZERO: Final = Fraction(0)
_ONE: Final = Fraction(1)


@dataclass(frozen=True)
class Zero:
    """A zero of the net gain strictly between 0 and 1.

    Attributes
    ----------
    value : exactly, or with many groups in an interval that holds no other.
    where : ``"low"`` or ``"high"``, on which side of the peak of the harm; ``"touching"`` at it; empty without one.
    """

    value: Number
    where: str = ""


def tail(trials: int, least: int, x: Any) -> Any:
    r""":math:`T_m(N, x)` for an exact number or a ball, from the :math:`m` terms that are left out."""
    one = x * 0 + 1
    if least <= 0 or least > trials:
        return one * int(least <= 0)
    odds = x / (1 - x) if least > 1 else x
    total = one
    for j in range(least - 1, 0, -1):
        total = 1 + odds * total * (trials - j + 1) / j
    return one - (1 - x) ** trials * total


def _term(trials: int, j: int, x: Any) -> Any:
    if not 0 <= j <= trials:
        return x * 0
    return comb(trials, j) * x**j * (1 - x) ** (trials - j)


@dataclass(frozen=True)
class NetGain:
    """The net gain from attacking, as a function of the probability with which each other group attacks.

    Attributes
    ----------
    rule : one of `RULES`.
    groups, threshold : how many groups there are, and how many lethal attacks bring the answer (0: any attack does).
    gain, punishment, lethality : the parameters of the model.
    """

    rule: str
    groups: int
    threshold: int
    gain: Fraction
    punishment: Fraction
    lethality: Fraction

    @property
    def least(self) -> int:
        """How many attacks that count bring the answer."""
        return max(self.threshold, 1)

    @property
    def counts(self) -> Fraction:
        """The probability with which an attack counts."""
        return _ONE if self.threshold == 0 and self.rule != "individual" else self.lethality

    @cached_property
    def shape(self) -> str:
        """Of the harm that an attack adds, for p in [0, 1]: constant, falling, rising or peaked."""
        n, m = self.groups, self.least
        same = (self.rule == "individual" and m == 1) or (self.rule == "attackers" and self.counts == 1)
        if m > n or n == 1 or same:
            return "constant"
        if self.rule in ("attackers", "individual"):
            return "rising"
        if m == 1:
            return "falling"
        return "peaked" if self.may_peak and not self._peaks_late else "rising"

    @property
    def may_peak(self) -> bool:
        """Whether the harm that an attack adds has a peak for some lethality."""
        return self.rule in ("collective", "spread") and 1 < self.least < self.groups

    @property
    def _peaks_late(self) -> bool:
        """Whether the peak lies at p = 1 or beyond."""
        if self.least - 1 >= (self.groups - 1) * self.counts:
            return True
        return self.rule == "spread" and self._slope(_ONE) >= 0

    # values and signs

    def harm(self, p: Any) -> Any:
        """The harm that an attack adds, where the others attack with probability `p`: an exact number or a ball."""
        n, m = self.groups, self.least
        s = ball(self.counts) if isinstance(p, arb) else self.counts
        x = p * s
        if m > n:
            return x * 0
        if self.rule == "collective":
            return s * _term(n - 1, m - 1, x)
        if self.rule == "attackers":
            return tail(n - 1, m, x) + s * _term(n - 1, m - 1, x)
        if self.rule == "individual":
            return s * tail(n - 1, m - 1, x)
        if p == 0:
            return x * 0 + s * int(m == 1)
        return tail(n, m, x) / (n * p)

    def sign(self, p: Fraction) -> int:
        """The sign of the net gain at a rational number: in ball arithmetic, and exactly where balls do not tell.

        Raises
        ------
        LimitError
            where neither decides.
        """
        v, h = self.gain, self.punishment
        if v == 0 or h == 0:
            return sign(v) or -sign(h) * self._adds(p)
        return self._decide(lambda: ball(v) - ball(h) * self.harm(ball(p)), lambda: v - h * self.harm(p), p)

    def _adds(self, p: Fraction) -> int:
        """1 where an attack adds harm at all, else 0."""
        if self.least > self.groups:
            return 0
        if self.rule == "collective" and p * self.counts == 1:
            return int(self.least == self.groups)
        return int(p > 0 or self.least == 1)

    def _slope(self, p: Fraction) -> int:
        """The sign of the slope of the harm that an attack adds, for the rule ``spread``."""
        x = p * self.counts
        return self._decide(lambda: self._rise(ball(x)), lambda: self._rise(x), p)

    def _rise(self, x: Any) -> Any:
        """What has that sign."""
        n, m = self.groups, self.least
        return n * x * _term(n - 1, m - 1, x) - tail(n, m, x)

    def _decide(self, enclosed: Callable[[], Any], exact: Callable[[], Any], p: Fraction) -> int:
        """The sign of a number."""
        for bits in _BITS:
            before, ctx.prec = ctx.prec, bits
            try:
                value = enclosed()
                found = 1 if value > 0 else -1 if value < 0 else 0
            finally:
                ctx.prec = before
            if found:
                return found
        if self.groups * (p * self.counts).denominator.bit_length() > _LARGEST:
            raise LimitError(f"a sign that decides about {self.groups} groups is not told by {_BITS[-1]} bits")
        return sign(exact())

    # zeros

    def zeros(self) -> list[Zero] | None:
        """Every zero strictly between 0 and 1, from the left; None where the net gain is zero throughout.

        Raises
        ------
        LimitError
            where it is not decided whether the extremum is a zero.
        """
        if self.punishment == 0 or self.shape == "constant":
            return None if self.sign(_ONE / 2) == 0 else []
        return self.exact_zeros() if self.groups <= ALGEBRAIC else self.enclosed_zeros()

    def bernstein(self) -> list[Fraction]:
        """The net gain where 0, 1, 2, ... others attack for certain: the coefficients in the Bernstein basis."""
        return [
            self.gain - self.punishment * replace(self, groups=others + 1).harm(_ONE) for others in range(self.groups)
        ]

    def exact_zeros(self) -> list[Zero]:
        """The zeros as exact numbers, from the polynomial; it must not be zero."""
        degree, p = self.groups - 1, fmpq_poly([0, 1])
        total = fmpq_poly([0])
        for k, value in enumerate(self.bernstein()):
            total += _rational(comb(degree, k) * value) * p**k * (1 - p) ** (degree - k)
        found = [root for root in real_roots(_coefficients(total), 0, 1) if 0 < root < 1]
        if not self.may_peak:
            return [Zero(root) for root in found]
        if self.shape != "peaked":
            return [Zero(root, "low") for root in found]
        peak = self._exact_peak()
        return [Zero(root, "low" if root < peak else "high" if root > peak else "touching") for root in found]

    def _exact_peak(self) -> Real:
        if self.rule == "collective":
            return Fraction(self.least - 1, self.groups - 1) / self.counts
        n, m, x = self.groups, self.least, fmpq_poly([0, 1])
        rest: Any = fmpq_poly([1])
        for j in range(m):
            rest -= comb(n, j) * x**j * (1 - x) ** (n - j)
        slopes = n * comb(n - 1, m - 1) * x**m * (1 - x) ** (n - m) - rest
        (found,) = [root for root in real_roots(_coefficients(slopes), 0, self.counts) if 0 < root < self.counts]
        return found / self.counts

    def enclosed_zeros(self) -> list[Zero]:
        """The zeros in intervals, from the shape; the net gain must not be constant."""
        first, last = self.sign(_ZERO), self.sign(_ONE)
        if self.shape == "peaked":
            return list(self._around_the_peak(first, last))
        side = "low" if self.may_peak else ""
        return [Zero(self._between(_ZERO, _ONE, first), side)] if first * last < 0 else []

    def _around_the_peak(self, first: int, last: int) -> Iterator[Zero]:
        wanted = -sign(self.punishment)
        top, reached = self._top(wanted)
        if reached == 0:
            yield Zero(top, "touching")
        elif reached == wanted:
            if first == -wanted:
                yield Zero(self._between(_ZERO, top, first), "low")
            if last == -wanted:
                yield Zero(self._between(top, _ONE, wanted), "high")

    def _top(self, wanted: int) -> tuple[Fraction, int]:
        """The sign of the net gain at its extremum, with a point at which it has that sign if it is 0 or `wanted`."""
        low = Fraction(self.least - 1, self.groups - 1) / self.counts
        if self.rule == "collective":
            return low, self.sign(low)
        high = _ONE
        for _ in range(_ROUNDS):
            middle = (low + high) / 2
            if self.sign(middle) == wanted:
                return middle, wanted
            if self._reach(low, high) == -wanted:
                return middle, -wanted
            low, high = (middle, high) if self._slope(middle) > 0 else (low, middle)
        raise LimitError("whether the net gain touches zero or stays off it is not decided")

    def _reach(self, low: Fraction, high: Fraction) -> int:
        """The sign of the net gain were the harm as large as it could be anywhere from `low` to `high`, for spread."""
        n, m, v, h, s = self.groups, self.least, self.gain, self.punishment, self.counts

        def enclosed() -> Any:
            return ball(v) - ball(h) * tail(n, m, ball(high * s)) / (n * ball(low))

        return self._decide(enclosed, lambda: v - h * tail(n, m, high * s) / (n * low), high)

    def _between(self, low: Fraction, high: Fraction, first: int) -> Number:
        """The one zero between two points at which the signs differ, `first` that at `low`."""
        for _ in range(_ROUNDS):
            if high - low <= _NARROW * high:
                break
            middle = (low + high) / 2
            found = self.sign(middle)
            if found == 0:
                return middle
            low, high = (middle, high) if found == first else (low, middle)
        return Enclosure(low, high)

    # how many attack for certain, and how many groups there are

    def alone(self, groups: int) -> int:
        """The sign of the net gain of one of so many groups that all attack."""
        return replace(self, groups=groups).sign(_ONE)

    @cached_property
    def turn(self) -> int | None:
        r"""The number of groups from which on the harm that one adds, where all attack, falls; None for never.

        It rises up to there: with :math:`k` groups it is :math:`s\,b_{m-1}(k-1, s)` for ``collective``, which falls
        from :math:`ks \ge m - 1`; and for ``spread`` :math:`T_m(k, s)/k`, which falls from the first :math:`k` with
        :math:`T_m(k, s) \ge k s\,b_{m-1}(k, s)`, as the difference of these two falls and then rises in :math:`k`.
        """
        m, s = self.least, self.counts
        if self.rule in ("attackers", "individual"):
            return None
        first = max(m, ceil((m - 1) / s))
        if self.rule == "collective" or m == 1:
            return first
        return _first(lambda k: replace(self, groups=k)._fall() >= 0, first)

    def _fall(self) -> int:
        k, m, s = self.groups, self.least, self.counts

        def value(x: Any) -> Any:
            return tail(k, m, x) - k * x * _term(k, m - 1, x)

        return self._decide(lambda: value(ball(s)), lambda: value(s), _ONE)

    def partial(self) -> list[tuple[int, int]]:
        """The pure equilibria in which some groups attack and some do not: ranges of how many attack."""
        n, m, v, h = self.groups, self.least, self.gain, self.punishment
        if h == 0 or (self.shape == "constant" and m <= n):
            return [(1, n - 1)] if n > 1 and self.alone(1) == 0 else []
        if v == 0:
            first, last = self._idle()
            return [(first, last)] if first <= last else []
        if sign(v) != sign(h) or m > n:
            return []
        turn = n if self.turn is None else min(self.turn, n)
        # The sign falls while the harm rises if punishment hurts, and while it falls if it pays.
        low, high = (1, turn) if h > 0 else (turn, n)
        if self.alone(high) > 0:
            return []
        found = _first(lambda k: self.alone(k) <= 0, low, high)
        near = [k for k in range(max(1, found - 2), min(n - 1, found + 1) + 1) if self._steady(k)]
        return [(k, k) for k in near]

    def _idle(self) -> tuple[int, int]:
        """For attacks that bring nothing: how many may attack, as one adds harm only where it could be the m-th."""
        n, m, hurts = self.groups, self.least, self.punishment > 0
        if self.rule == "collective" and self.counts == 1:
            return 2 if hurts else 1, n - 1
        return 1, min(m - 1 if hurts else m - 2, n - 1)

    def _steady(self, attackers: int) -> bool:
        return self.alone(attackers) >= 0 >= self.alone(attackers + 1)

    def from_groups(self) -> int | None:
        """The number of groups, 2 or more, from which on it is an equilibrium that all attack, however many more join.

        None where there is no such number, or none below 10**15.
        """
        v, h = self.gain, self.punishment
        if self.turn is None or h <= 0:
            most = {"attackers": _ONE, "individual": self.counts}.get(self.rule, _ZERO)
            worst = v - h * most if h > 0 else v
            return 2 if worst >= 0 and self.alone(2) >= 0 else None
        start = max(self.turn, 2)
        if self.alone(start) >= 0:
            return 2
        if v <= 0 or self.alone(_FAR) < 0:
            return None
        return _first(lambda k: self.alone(k) >= 0, start)


def _first(holds: Callable[[int], bool], start: int, stop: int | None = None) -> int:
    """The first number from `start` on at which something holds that goes on to hold; it does at `stop`."""
    low, high = start - 1, stop
    step = 1
    while high is None:
        low, high = (low, start) if holds(start) else (start, None)
        start, step = start + step, 2 * step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _rational(value: Fraction) -> Any:
    return fmpq(value.numerator, value.denominator)


def _coefficients(poly: Any) -> list[Fraction]:
    return [Fraction(int(fmpq(c).p), int(fmpq(c).q)) for c in poly.coeffs()]
