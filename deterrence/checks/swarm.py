r"""The certificate of a symmetric equilibrium of `swarm`, from the definition of the game.

Let the others attack with probability :math:`p`. A group compares what it gets by attacking and by holding, in
expectation over how many others attack, how many of all attacks are lethal and, where that matters, whether its own is
among them. With :math:`K \sim \mathrm{Bin}(n - 1, p)`

.. math:: U(a) = v - h\,E[c(K + 1)], \qquad U(\text{hold}) = -h\,E[c_0(K)],

where :math:`c(A)` is the expected part of the punishment that falls on one of :math:`A` attackers and :math:`c_0(A)`
that on a group that held. The regret of playing :math:`p` is
:math:`\max\{(1 - p)(U(a) - U(\text{hold})),\; p\,(U(\text{hold}) - U(a))\}`. With few groups and exact numbers every
sum is written out. Otherwise sums are in ball arithmetic and leave out the tails of :math:`K`, whose weight is bounded
by geometric series; the regret is then a bound.

>>> certify("collective", 3, 1, Fraction(1), Fraction(5), Fraction(1, 3), Fraction(0))
exact; nash_regret 0; sequential_regret 0 at 1 of 1 information sets
>>> certify("collective", 3, 1, Fraction(2), Fraction(5), Fraction(1, 3), Fraction(0)).nash_regret
Fraction(1, 3)
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import count
from math import comb
from typing import Any, Final

from flint import arb, ctx

from ..algebraic import Algebraic, Real
from ..certify import Certificate
from ..enclosures import Enclosure, ball

__all__ = ["certify"]

MOST: Final = 64
"""Up to so many groups sums are written out in exact numbers."""
BITS: Final = 192
TOLERANCE: Final = Fraction(1, 10**9)
"""The bound on the regret that is held to be none, as a part of what is at stake."""
WIDE: Final = 12
"""How many standard deviations of the number of those who attack are written out."""


def certify(
    rule: str, groups: int, threshold: int, gain: Fraction, punishment: Fraction, lethality: Fraction,
    attack: Real | Enclosure,
) -> Certificate:
    """Whether it is an equilibrium that every group attacks with this probability; parameters as in `swarm`."""
    exact = not isinstance(attack, Enclosure) and groups <= MOST
    if not isinstance(attack, Enclosure) and groups <= MOST:
        others = _others(groups - 1, attack)
        net = gain - punishment * sum(
            (w * (_borne(rule, k + 1, threshold, lethality, True) - _borne(rule, k, threshold, lethality, False))
             for k, w in others), Fraction(0),
        )
        regret: Any = max((1 - attack) * net, -attack * net)
        holds = bool(regret == 0)
    else:
        regret = _bound(rule, groups, threshold, gain, punishment, lethality, attack)
        holds = bool(regret <= TOLERANCE * (abs(gain) + abs(punishment)))
    reasons = () if holds else ("a group gains by attacking more or less often",)
    return Certificate(
        "symmetric nash", holds, regret, regret, () if holds else ("group",), reasons, 1, int(holds),
        "exact" if exact else "ball",
    )


# written out


def _others(trials: int, attack: Any) -> Iterator[tuple[int, Any]]:
    """How many others attack, with what probability."""
    for k in range(trials + 1):
        weight = comb(trials, k) * attack**k * (1 - attack) ** (trials - k)
        if weight != 0:
            yield k, weight


def _borne(rule: str, attacks: int, threshold: int, lethality: Fraction, own: bool) -> Fraction:
    """The part of the punishment that a group expects to bear where so many attack, itself among them or not."""
    total = Fraction(0)
    for lethal in range(attacks + 1):
        if attacks == 0 or (threshold > 0 and lethal < threshold):
            continue
        chance = comb(attacks, lethal) * lethality**lethal * (1 - lethality) ** (attacks - lethal)
        part = {
            "collective": Fraction(1), "attackers": Fraction(own), "spread": Fraction(own, attacks),
            # Each of the attacks is equally likely to be among the lethal ones.
            "individual": Fraction(own * lethal, attacks),
        }[rule]
        total += chance * part
    return total


# in balls


def _bound(
    rule: str, groups: int, threshold: int, gain: Fraction, punishment: Fraction, lethality: Fraction,
    attack: Real | Enclosure,
) -> float:
    """A bound on the regret."""
    before, ctx.prec = ctx.prec, BITS
    try:
        p = _ball(attack)
        total, seen = arb(0), arb(0)
        window = _window(groups - 1, attack, p)
        for (_, weight), added in zip(window, _added(rule, window[0][0], threshold, ball(lethality)), strict=False):
            total += weight * added
            seen += weight
        # What is left out adds at least 0 and at most 1, each with its weight.
        total += (1 - seen).union(arb(0))
        net = ball(gain) - ball(punishment) * total
        worst = max(Enclosure.of(net * (1 - p)).high, Enclosure.of(-net * p).high, Fraction(0))
    finally:
        ctx.prec = before
    return float(worst) * (1 + 2.0**-50)


def _ball(value: Real | Enclosure) -> Any:
    if isinstance(value, Fraction):
        return ball(value)
    low, high = value.bounds(BITS) if isinstance(value, Algebraic) else (value.low, value.high)
    return ball(low).union(ball(high))


def _window(trials: int, attack: Real | Enclosure, p: Any) -> list[tuple[int, Any]]:
    """The likely numbers of others who attack, with their probabilities."""
    if attack in (0, 1):
        return [(trials * int(attack == 1), arb(1))]
    middle, spread = trials * float(attack), (trials * float(attack) * (1 - float(attack))) ** 0.5
    first, last = max(0, int(middle - WIDE * spread) - 50), min(trials, int(middle + WIDE * spread) + 50)
    weight = (
        arb(trials + 1).lgamma() - arb(first + 1).lgamma() - arb(trials - first + 1).lgamma()
        + first * p.log() + (trials - first) * (1 - p).log()
    ).exp()
    odds = p / (1 - p)
    found = [(first, weight)]
    for k in range(first, last):
        weight = weight * (trials - k) / (k + 1) * odds
        found.append((k + 1, weight))
    return found


def _added(rule: str, others: int, threshold: int, q: Any) -> Iterator[Any]:
    """What an attack adds to the part of the punishment that one bears, beside so many others, one more, and so on."""
    chances = _lethal(others, threshold - (1 if rule != "individual" else 2), q)
    for k in count(others):
        once, more = next(chances)
        if rule == "individual":
            # One's own attack is lethal, and so are at least threshold - 1 of the others.
            yield q * more
        elif rule == "collective":
            yield q * once if threshold else arb(int(k == 0))
        else:
            triggered = more + q * once if threshold else arb(1)
            yield triggered if rule == "attackers" else triggered / (k + 1)


def _lethal(attacks: int, j: int, q: Any) -> Iterator[tuple[Any, Any]]:
    """The chance that exactly `j` of so many attacks are lethal, and that more are; then of one more, and so on."""
    chances = [comb(attacks, i) * q**i * (1 - q) ** (attacks - i) for i in range(min(j, attacks) + 1)]
    more = 1 - sum(chances, arb(0))
    once = chances[j] if 0 <= j <= attacks else arb(0)
    for n in count(attacks + 1):
        yield once, more
        # The further attack makes it more than j if it is lethal where exactly j were.
        more = more + q * once
        if n > j:
            once = once * n / (n - j) * (1 - q)
        elif n == j:
            once = q**j
