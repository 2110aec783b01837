r"""The certificate of an equilibrium of `audience_costs`, from the definition of the game, for every time and type.

State :math:`i` quits by :math:`t` with probability :math:`Q_i(t) = (b_i + c_i t)/(d_i + e_i t)` for
:math:`0 \le t \le T`, its types with :math:`w_i` below a cutpoint :math:`\bar w_i`; the others attack at :math:`T`.
A type of :math:`i` gets

.. math:: U_i(t) = Q_j(t)\,v - (1 - Q_j(t))\,a_i t \quad\text{from quitting at } t > 0, \qquad
          A_i(t, w) = Q_j(t)\,v + (1 - Q_j(t))\,w \quad\text{from attacking at } t.

Quitting at 0 brings nothing; quitting after :math:`T`, when the other has attacked, is an attack at :math:`T`. As
:math:`w \le 0 < v`, :math:`A_i` grows in :math:`t` where :math:`Q_j` does. So it is enough that :math:`Q_j` grows, that
:math:`U_i` is one constant :math:`u_i \ge 0`, which is an identity between polynomials (and 0 where :math:`i` quits at
0 too), that :math:`A_i(T, \bar w_i) = u_i`, and that so many types quit: :math:`F_i(\bar w_i) = Q_i(T)`.

>>> half, one = Fraction(1, 2), Fraction(1)
>>> alike = Side(one, one, -half, (Fraction(0), one, one, one))
>>> certify(one, Fraction(1, 3), {"A": alike, "B": alike}).fails_at
('A', 'B')
>>> alike = Side(one, Fraction(2), -one, (Fraction(0), one, one, one))
>>> certify(one, one, {"A": alike, "B": alike})
exact; nash_regret 0; sequential_regret 0 at 2 of 2 information sets
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..algebraic import Real
from ..certify import Certificate
from .cutpoints import verdict

__all__ = ["Side", "certify"]


@dataclass(frozen=True)
class Side:
    """A state with what it is said to do.

    Attributes
    ----------
    audience, worst : what quitting costs it per unit of time, and the largest cost of war.
    cutpoint : the value of war above which its types attack.
    quits : the numbers b, c, d, e of the probability (b + c*t)/(d + e*t) of having quit by t.
    """

    audience: Fraction
    worst: Fraction
    cutpoint: Real
    quits: tuple[Real, Real, Real, Real]

    def quit_by(self, t: Real) -> Real:
        """The probability of having quit by a time."""
        b, c, d, e = self.quits
        return (b + c * t) / (d + e * t)


def certify(prize: Fraction, horizon: Real, sides: Mapping[str, Side]) -> Certificate:
    """Whether no type of either state gains by quitting or attacking at another time."""
    names = tuple(sides)
    complaints = [
        (name, reason)
        for name, other in zip(names, reversed(names), strict=True)
        for reason in _complaints(prize, horizon, sides[name], sides[other])
    ]
    # No two payoffs of a play that ends by the horizon are further apart.
    spread = max((prize + max(side.worst, side.audience * horizon) for side in sides.values()), default=prize)
    return verdict("horizon", names, complaints, spread if complaints else Fraction(0))


def _complaints(prize: Fraction, horizon: Any, own: Side, other: Side) -> Iterator[str]:
    if horizon <= 0:
        yield "the horizon is not positive"
        return
    if not _distribution(own, horizon):
        yield "its times of quitting are no distribution"
    b, c, d, e = other.quits
    a = own.audience
    # U(t) times d + e*t, in powers of t, is to be a constant times d + e*t.
    constant, linear, square = b * prize, c * prize - (d - b) * a, (c - e) * a
    if square != 0 or linear * d != constant * e:
        yield "it is not indifferent between all times of quitting"
        return
    value = constant / d
    if value < 0 or (value > 0 and own.quits[0] > 0):
        yield "types that quit at once gain by another time"
    after = other.quit_by(horizon)
    if after * prize + (1 - after) * own.cutpoint != value:
        yield "the type at the cutpoint is not indifferent between quitting and attacking"
    if not -own.worst <= own.cutpoint <= 0 or 1 + own.cutpoint / own.worst != own.quit_by(horizon):
        yield "not so many types quit as are said to"


def _distribution(side: Side, horizon: Real) -> bool:
    """Whether the probability of having quit grows, from 0 or more to 1 at most."""
    b, c, d, e = side.quits
    if not (d > 0 and d + e * horizon > 0 and c * d - b * e >= 0):
        return False
    return bool(side.quit_by(Fraction(0)) >= 0 and side.quit_by(horizon) <= 1)
