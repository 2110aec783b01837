r"""Certificates of wars of attrition, from the definition of the game.

**Complete information.** While both wait, war comes at rate :math:`\mu` and the rival concedes at rate
:math:`\lambda_j`, or at once. To concede now is worth 0. To wait for ever is worth

.. math:: \frac{\lambda_j v_i - c_i - \mu D_i}{\lambda_j + \mu}, \qquad v_i \text{ if the rival concedes at once},

and to wait until some date lies between the two: as nothing changes over time, one of the two is best. The value of a
strategy is that of its play, from the probabilities with which each way out comes first. The regret is what the best
gains over it.

**Private stakes.** A type :math:`x` that concedes at :math:`T(x)` and is mimicked by type :math:`v` gives it at the
margin :math:`e^{-\mu T(x)}[v f(x) - (c + \mu D)(1 - F(x)) T'(x)]`. Where :math:`(c + \mu D)(1 - F(x)) T'(x) = x f(x)`
that is :math:`e^{-\mu T(x)} f(x) (v - x)`, positive below :math:`v` and negative above: to concede at :math:`T(v)` is
best. For the two families of :math:`T` the equation is one between rational numbers. What is claimed of the chance of
war and of payoffs is compared with integrals that are enclosed.

>>> one = Waiting(Fraction(2), Fraction(1), Fraction(4))
>>> certify_complete((one, one), Fraction(1, 4), (Fraction(1), Fraction(1)), (Fraction(0), Fraction(0)), Fraction(1, 9))
exact; nash_regret 0; sequential_regret 0 at 2 of 2 information sets
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from flint import acb, arb, ctx

from ..certify import Certificate
from ..enclosures import Enclosure, ball
from ..errors import LimitError

__all__ = ["CONCEPT", "Private", "Waiting", "certify_complete", "certify_private"]

CONCEPT: Final = "stationary or symmetric"
PLAYERS: Final = ("Challenger", "Defender")
BITS: Final = 160
CLOSE: Final = Fraction(1, 10**9)
"""How near an enclosed integral must come to what is claimed."""
Rate = Fraction | None
"""At which rate a player concedes; None for at once."""


@dataclass(frozen=True)
class Waiting:
    """What one player has at stake: the prize, the flow cost of waiting, the loss in a war."""

    stake: Fraction
    flow_cost: Fraction
    war_loss: Fraction


def certify_complete(
    sides: tuple[Waiting, Waiting], hazard: Fraction, rates: tuple[Rate, Rate], claimed: Sequence[Fraction],
    war: Fraction,
) -> Certificate:
    """Whether neither player gains by waiting longer or less long, at any date; and payoffs and chance of war."""
    regrets, failures = [], {}
    for i, side in enumerate(sides):
        own, other = rates[i], rates[1 - i]
        played, best = _played(side, hazard, own, other), max(Fraction(0), _staying(side, hazard, other))
        regrets.append(best - played)
        # At a later date both still wait as before: the same comparison.
        if best > played:
            failures[PLAYERS[i]] = f"{PLAYERS[i]} gains {best - played} by waiting otherwise"
        if played != claimed[i]:
            failures[f"payoff of {PLAYERS[i]}"] = f"{PLAYERS[i]} gets {played} and not {claimed[i]}"
    if war != _war(hazard, rates):
        failures["war"] = f"war comes with probability {_war(hazard, rates)} and not {war}"
    worst = max(regrets)
    return Certificate(
        CONCEPT, not failures, worst, worst, tuple(failures), tuple(failures.values()), len(sides),
        sum(regret == 0 for regret in regrets),
    )


def _staying(side: Waiting, hazard: Fraction, other: Rate) -> Fraction:
    """What it is worth to wait for ever; 0 where nothing ever happens and nothing is paid."""
    if other is None:
        return side.stake
    total = other + hazard
    if total == 0:
        return Fraction(-1) if side.flow_cost else Fraction(0)  # the cost has no bound: any loss will do
    return (other * side.stake - side.flow_cost - hazard * side.war_loss) / total


def _played(side: Waiting, hazard: Fraction, own: Rate, other: Rate) -> Fraction:
    """What the strategy is worth."""
    if own is None:
        return Fraction(0)
    if other is None:
        return side.stake
    total = own + other + hazard
    if total == 0:
        return _staying(side, hazard, other)
    return (other * side.stake - side.flow_cost - hazard * side.war_loss) / total


def _war(hazard: Fraction, rates: tuple[Rate, Rate]) -> Fraction:
    first, second = rates
    if first is None or second is None or hazard == 0:
        return Fraction(0)
    return hazard / (first + second + hazard)


# private stakes


@dataclass(frozen=True)
class Private:
    """The game with private stakes: how they are distributed, and the numbers.

    Attributes
    ----------
    information : ``"exponential"`` or ``"uniform"``, on [0, 1].
    rate : of the exponential distribution.
    flow_cost, war_loss, hazard : as of both players.
    """

    information: str
    rate: Fraction
    flow_cost: Fraction
    war_loss: Fraction
    hazard: Fraction

    @property
    def wait(self) -> Fraction:
        """What waiting costs by the unit of time."""
        return self.flow_cost + self.hazard * self.war_loss


def certify_private(game: Private, scale: Fraction, war: Any, payoff: Any) -> Certificate:
    r"""Whether :math:`T(v)` is the best date for every stake, and the chance of war and the payoff are as claimed.

    Parameters
    ----------
    game : the game.
    scale : the factor of :math:`T`, which is `scale` times :math:`v^2` or :math:`-\ln(1 - v) - v`.
    war, payoff : the claims, exact or enclosed.
    """
    failures = {}
    # T'(x) is 2 scale x, or scale x/(1 - x); f(x)/(1 - F(x)) is the rate, or 1/(1 - x).
    margin = 2 * scale * game.wait - game.rate if game.information == "exponential" else scale * game.wait - 1
    if margin:
        failures["time"] = "a player gains by conceding at another time"
    for name, claim, integral in (("war", war, _war_of(game, scale)), ("payoff", payoff, _payoff_of(game, scale))):
        low, high = (claim.low, claim.high) if isinstance(claim, Enclosure) else (claim, claim)
        if not (integral.low - CLOSE <= low and high <= integral.high + CLOSE and high - low <= CLOSE):
            failures[name] = f"the {name} is {float(integral)} and not {float(low)}"
    regret = None if margin else Fraction(0)
    return Certificate(
        CONCEPT, not failures, regret, regret, tuple(failures), tuple(failures.values()), 2, 0 if margin else 2,
    )


def _war_of(game: Private, scale: Fraction) -> Enclosure:
    """One less the chance that the lower stake concedes before a war: its density is 2 f (1 - F)."""
    return _integral(game, scale, lambda x: 2 * _density(game, x) * _tail(game, x), 1, -1)


def _payoff_of(game: Private, scale: Fraction) -> Enclosure:
    """The mean of what each stake expects, which is the mean of what is won over the conceding type, v less x."""

    def excess(x: Any) -> Any:
        # The integral of 1 - F from x on.
        return _tail(game, x) / acb(ball(game.rate)) if game.information == "exponential" else _tail(game, x) ** 2 / 2

    return _integral(game, scale, lambda x: _density(game, x) * excess(x), 0, 1)


def _density(game: Private, x: Any) -> Any:
    return acb(ball(game.rate)) * _tail(game, x) if game.information == "exponential" else x * 0 + 1


def _tail(game: Private, x: Any) -> Any:
    return (-acb(ball(game.rate)) * x).exp() if game.information == "exponential" else 1 - x


def _integral(
    game: Private, scale: Fraction, weight: Callable[[Any], Any], start: int, sign: int
) -> Enclosure:
    """`start` and `sign` times the mean of survival at the date of each type, by rigorous quadrature.

    Raises
    ------
    LimitError
        where that gives no number.
    """
    before, ctx.prec = ctx.prec, BITS
    try:
        speed = acb(ball(game.hazard * scale))

        def integrand(x: Any, _: bool) -> Any:
            waited = x * x if game.information == "exponential" else -(1 - x).log() - x
            return (-speed * waited).exp() * weight(x)

        # What is cut off weighs less than the square of the tail, 10**-24, times the greatest excess.
        end = 28 / game.rate if game.information == "exponential" else 1 - Fraction(1, 10**12)
        cut = arb(0, 10.0**-20) * (1 + 1 / ball(game.rate))
        total = acb.integral(integrand, 0, acb(ball(end))).real
        if not total.is_finite():
            raise LimitError("an integral of the war of attrition could not be enclosed at these values")
        return Enclosure.of(start + sign * (total + cut))
    finally:
        ctx.prec = before
