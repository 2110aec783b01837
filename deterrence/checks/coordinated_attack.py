r"""The certificate of an equilibrium of `coordinated_attack`, from the definition of the game.

In the continuum attackers attack on signals up to :math:`x`. The share that does is
:math:`A(t) = \Phi(\sqrt\beta(x - t))`, which falls in :math:`t`, so that the attack succeeds up to the number
:math:`\theta` with :math:`A(\theta) = \theta`; as :math:`A - t` falls with a slope of at least 1 in size, it lies
within :math:`|A(t) - t|` of :math:`t`. Who has seen :math:`y` holds the resolve normal with mean :math:`(\alpha z +
\beta y)/(\alpha + \beta)` and precision :math:`\alpha + \beta`; the chance of success falls in :math:`y`. So nobody
gains if it is :math:`c` at :math:`x`, and by how much it misses it bounds the regret of every type.

In the finite form, where at a cutpoint every order of the signals is equally likely, an attacker there has
:math:`0, \dots, n - 1` others below it with equal chances. All attack where attacking pays at every cutpoint, none
where holding does.

>>> half = Fraction(1, 2)
>>> certify(half, half, Fraction(1), Fraction(1), half, half)
ball arithmetic; regret proved to be at most 0.0e+00
>>> certify(half, half, Fraction(1), Fraction(1), half, Fraction(3, 5)).holds
False
>>> certify_finite(3, 2, Fraction(3, 4), Fraction(1)).holds, certify_finite(3, 2, Fraction(3, 4), Fraction(0)).holds
(False, True)
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from flint import arb, ctx

from ..certify import Certificate
from ..enclosures import Enclosure, ball
from .cutpoints import verdict

__all__ = ["certify", "certify_finite"]

BITS: Final = 256
TOLERANCE: Final = Fraction(1, 10**12)
"""The bound on the regret that is held to be none, as a part of the prize."""
WHO: Final = ("attacker",)

Number = Fraction | Enclosure


def certify(
    cost: Fraction, mean: Fraction, prior: Fraction, signal: Fraction, resolve: Number, cutpoint: Number
) -> Certificate:
    """Whether nobody gains by another answer to any signal.

    Parameters
    ----------
    cost, mean, prior, signal : cost, mean and precision of the prior, precision of a signal.
    resolve : up to which the attack is said to succeed.
    cutpoint : the signal up to which attackers attack.
    """
    before, ctx.prec = ctx.prec, BITS
    try:
        at, theta = _ball(cutpoint), _ball(resolve)
        share = _normal(ball(signal).sqrt() * (at - theta))
        off = share - theta
        off = off.union(-off)
        precision = (ball(prior) + ball(signal)).sqrt()
        belief = (ball(prior) * ball(mean) + ball(signal) * at) / (ball(prior) + ball(signal))
        missed = _normal(precision * (theta + off - belief)) - ball(cost)
        regret = max(Enclosure.of(missed).high, -Enclosure.of(missed).low)
        apart = Enclosure.of(off).high
    finally:
        ctx.prec = before
    complaints = []
    if apart > TOLERANCE:
        complaints.append(("attacker", "the attack does not succeed up to that resolve alone"))
    if regret > TOLERANCE:
        complaints.append(("attacker", "at the cutpoint attacking and holding do not come to the same"))
    return verdict("monotone", WHO, complaints, float(regret) * (1 + 2.0**-50), "ball")


def certify_finite(attackers: int, needed: int, cost: Fraction, attack: Fraction | None) -> Certificate:
    """Whether all attack (1), or none (0), in the limit of vanishing noise; with None, at any cutpoint."""
    succeeding = sum(others + 1 >= needed for others in range(attackers))
    worth = Fraction(succeeding, attackers) - cost
    regret = abs(worth) if attack is None else max(-worth, Fraction(0)) if attack == 1 else max(worth, Fraction(0))
    complaints = [("attacker", "at its cutpoint an attacker gains by the other action")] if regret else []
    return verdict("monotone", WHO, complaints, regret)


def _ball(value: Number) -> Any:
    return ball(value) if isinstance(value, Fraction) else ball(value.low).union(ball(value.high))


def _normal(x: Any) -> Any:
    return (1 + (x / arb(2).sqrt()).erf()) / 2
