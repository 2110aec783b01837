r"""The equilibria of `imperfect_attribution` in which one number says all: one attacker, or attackers all alike.

Let :math:`A` be the probability of an attack, :math:`x = H - (H - L) A/\gamma` the cutoff that goes with it, for
:math:`0 < A < \gamma`. After a signal of kind :math:`k` the belief in an attacker's guilt is

.. math:: \beta_k = \frac{u_k A}{v_k + m_k A},

which grows with :math:`A`, so that the chance of being hit, 0, linear in :math:`\beta_k` or 1, changes its form at two
rational points. Between such points :math:`x = \sum_k g_k h_k` is a polynomial equation, all of whose roots are exact.
At :math:`A = 0` the cutoff is the reply if that is at least :math:`H`, at :math:`A = \gamma` if it is at most
:math:`L`.

>>> kinds = (Kind("named", Fraction(2, 5), Fraction(1, 2), Fraction(1, 10), Fraction(2, 5)),)
>>> from fractions import Fraction as F
>>> equilibria(F(1, 2), (F(0), F(1)), (F(2, 5), F(3, 5)), kinds)
[(Fraction(3, 10), Fraction(2, 5), {'named': 'always'})]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from flint import fmpq, fmpq_poly

from ..algebraic import Real, real_roots
from ..errors import NotSupportedError
from .attribution import Attribution, within

__all__ = ["Kind", "alike", "equilibria", "single"]

Ends = tuple[Any, Any]


@dataclass(frozen=True)
class Kind:
    """Signals that say the same of an attacker.

    Attributes
    ----------
    name : what they say.
    gap : by how much an attack makes them likelier, all together [g].
    guilt, base, slope : the numbers u, v, m of the belief.
    """

    name: str
    gap: Any
    guilt: Any
    base: Any
    slope: Any

    def belief(self, attack: Any) -> Any:
        """The belief in guilt at a probability of attack; where it is 0 over 0, that of attacks that become rare."""
        below = self.base + self.slope * attack
        if below == 0:
            return self.guilt / self.slope if self.slope else self.guilt * 0
        return self.guilt * attack / below


def alike(
    number: int, identification: Any, misidentification: Any, false_alarm: Any
) -> tuple[Kind, ...]:
    """What signals say of one of several attackers that are alike: it is named, another is, or nobody is."""
    named = identification + misidentification
    slope = named - false_alarm
    kinds = (
        Kind("named", identification - false_alarm / number, identification, false_alarm, slope),
        Kind("another", misidentification - false_alarm * (number - 1) / number,
             misidentification / (number - 1) if number > 1 else misidentification, false_alarm, slope),
        Kind("nobody", -slope, (1 - named) / number, 1 - false_alarm, -slope),
    )
    return kinds if number > 1 else (kinds[0], kinds[2])


def single(game: Attribution) -> tuple[Kind, ...]:
    """What each signal says of a single attacker; the null signal last."""
    (row,) = game.rows
    kinds = [
        Kind(f"signal {s}" if s else "nobody", p - q, p, q, p - q)
        for s, (p, q) in enumerate(zip(row, game.nobody, strict=True))
    ]
    return (*kinds[1:], kinds[0])


def equilibria(
    opportunity: Fraction, gain: tuple[Fraction, Fraction], answer: tuple[Fraction, Fraction], kinds: Sequence[Kind]
) -> list[tuple[Real, Real, dict[str, str]]]:
    """Every equilibrium: the probability of an attack, the cutoff, and how often each kind of signal is answered.

    Raises
    ------
    NotSupportedError
        where whole ranges of cutoffs are equilibria.
    """
    low, high = gain
    cuts = sorted({Fraction(0), opportunity, *(c for k in kinds for c in _turns(k, answer) if 0 < c < opportunity)})
    found: list[Real] = []
    for start, end in pairwise(cuts):
        equation = _equation(opportunity, gain, answer, kinds, (start + end) / 2)
        if not any(equation):
            raise NotSupportedError("at these values whole ranges of cutoffs are equilibria; move a parameter a little")
        found += [r for r in real_roots(equation, start, end) if 0 < r < opportunity and r not in found]
    result = [(r, high - (high - low) * r / opportunity, _often(kinds, answer, r)) for r in sorted(found)]
    for attack, op, end in ((Fraction(0), 1, high), (opportunity, -1, low)):
        reply = sum((k.gap * _hit(k, answer, attack) for k in kinds), Fraction(0))
        if (reply - end) * op >= 0:
            result.insert(0 if op > 0 else len(result), (attack, reply, _often(kinds, answer, attack)))
    return result


def _hit(kind: Kind, answer: tuple[Any, Any], attack: Any) -> Any:
    low, high = answer
    return within((high - 1 + kind.belief(attack)) / (high - low))


def _often(kinds: Sequence[Kind], answer: tuple[Any, Any], attack: Any) -> dict[str, str]:
    hits = {k.name: _hit(k, answer, attack) for k in kinds}
    return {name: "never" if h == 0 else "always" if h == 1 else "sometimes" for name, h in hits.items()}


def _turns(kind: Kind, answer: tuple[Fraction, Fraction]) -> list[Fraction]:
    """Where the answer begins to change, and where it ceases to."""
    found = []
    for belief in (1 - answer[1], 1 - answer[0]):
        below = kind.guilt - belief * kind.slope
        if below:
            found.append(belief * kind.base / below)
    return found


def _equation(
    opportunity: Fraction, gain: tuple[Fraction, Fraction], answer: tuple[Fraction, Fraction], kinds: Sequence[Kind],
    inside: Fraction,
) -> list[Fraction]:
    """The cutoff less the reply, denominators multiplied out, as a polynomial in the probability of an attack."""
    low, high = answer
    left = _poly(gain[1], -(gain[1] - gain[0]) / opportunity)
    below = _poly(Fraction(1))
    graded = []
    for kind in kinds:
        hit = _hit(kind, answer, inside)
        if 0 < hit < 1 and kind.gap:
            graded.append(kind)
            below *= _poly(kind.base, kind.slope)
        else:
            left -= _poly(kind.gap * hit)
    total = left * below
    for kind in graded:
        base = _poly(kind.base, kind.slope)
        hits = _poly((high - 1) / (high - low)) * base + _poly(Fraction(0), kind.guilt / (high - low))
        total -= _poly(kind.gap) * hits * (below / base if base.degree() > 0 else below * (1 / base[0]))
    return [Fraction(int(c.p), int(c.q)) for c in total.coeffs()]


def _poly(*coefficients: Fraction) -> Any:
    return fmpq_poly([fmpq(c.numerator, c.denominator) for c in coefficients])
