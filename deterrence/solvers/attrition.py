r"""The equilibria of `attrition`: stationary ones with complete information, the symmetric one with private stakes.

**Complete information.** At any date a player waits if the rival concedes at more than :math:`(c_i + \mu D_i)/v_i`,
concedes if at less, and may do either if at exactly that rate. With constant rates this leaves three: each concedes at
the rate that makes the other indifferent; or one concedes at once and the other never, since waiting against somebody
who would concede at the next moment is better than conceding.

**Private stakes**, exponential with rate :math:`a`: the first of the two to concede has a stake that is exponential
with rate :math:`2a`, and concedes at :math:`a v^2 / 2w`, :math:`w = c + \mu D`. With :math:`g = \mu a/2w`

.. math:: 1 - P(\text{war}) = \int_0^\infty 2a\,e^{-2ax - g x^2}\,dx
          = \sqrt\pi\, z\, e^{z^2} \operatorname{erfc}(z) = z\,U(\tfrac12; \tfrac12; z^2), \qquad z = a/\sqrt g.

Uniform on [0, 1]: :math:`T = (-\ln(1 - v) - v)/w`, with :math:`k = \mu/w`

.. math:: 1 - P(\text{war}) = 2 \int_0^1 (1 - x)^{1 + k} e^{kx}\,dx
          = 2 \sum_{n \ge 0} \frac{k^n}{(k + 2)(k + 3) \cdots (k + 2 + n)}.

By the envelope theorem a type expects :math:`U(v) = \int_0^v e^{-\mu T(x)} f(x) (v - x)\,dx`, of which the mean is the
chance that there is no war over :math:`2a`, and half of the same series with :math:`k + 3` in the place of
:math:`k + 2`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from flint import arb, ctx

from ..atlas import Atlas, Coverage, EquilibriumFamily
from ..checks import attrition as check
from ..direct import DirectGame
from ..enclosures import Enclosure, ball, enclose
from ..equilibrium import Equilibrium, Free, Solution
from ..errors import CertificateError, LimitError, NotSupportedError
from ..expressions import Expression
from ..provenance import provenance

__all__ = ["METHOD", "atlas", "concession", "solve"]

METHOD: Final = "rates of concession"
WAIT: Final = "both wait"
NAMES: Final = {"Challenger": "the Challenger gives way at once", "Defender": "the Defender gives way at once"}
BY_STAKE: Final = "each waits by its stake"
STATIONARY: Final = (
    "complete among equilibria in which the rates of concession are constant; there are others that differ in what is "
    "done at the very first moment"
)
SYMMETRIC: Final = (
    "complete among symmetric equilibria in which the date of concession is a continuous, increasing function of the "
    "stake"
)
QUARTERS: Final = {"lower quartile": Fraction(1, 4), "median": Fraction(1, 2), "upper quartile": Fraction(3, 4)}
MOST_TERMS: Final = 30_000
_ZERO: Final = Fraction(0)
Number = Any


def solve(game: DirectGame, point: Mapping[str, Fraction], described: Mapping[str, Any]) -> Solution:
    """The equilibria at a point.

    Raises
    ------
    LimitError
        where a transcendental number could not be enclosed.
    CertificateError
        where a result fails its certificate: a defect, never given out.
    """
    if game.options["information"] == "complete":
        found, note = _complete(point), STATIONARY
    else:
        found, note = [_private(game.options["information"], point)], SYMMETRIC
    return Solution(
        tuple(found), game.concept, METHOD, True, (note,), scenario=described, provenance=provenance("python-flint")
    )


def atlas(game: DirectGame, told: Mapping[str, Any]) -> Atlas:
    """The stationary equilibria with complete information in closed form.

    Raises
    ------
    NotSupportedError
        with private stakes: the chance of war is no rational function.
    """
    if game.options["information"] != "complete":
        raise NotSupportedError(
            "with private stakes the chance of war is no rational function of the parameters: solve and sweep enclose "
            "it; closed forms are in the documentation of the model"
        )
    ring = game.space.ring

    def value(name: str) -> Expression:
        return ring.symbol(name) if name in game.space.names else ring.number(game.fixed[name])

    rivals = _rivals(value)
    families = []
    for n, rates in enumerate(_profiles(rivals), 1):
        payoffs, events = _outcome(rates, rivals)
        families.append(
            EquilibriumFamily(
                id=f"F{n}", label=_label(rates),
                supports={name: tuple(a for a, p in row.items() if p) for name, row in _strategy(rates, _ZERO).items()},
                strategy=_strategy(rates, ring.number(0)), beliefs={}, quantities={}, pieces=((),), region=((),),
                generic=True, outcomes={}, events={k: ring.number(0) + v for k, v in events.items()},
                payoffs={k: ring.number(0) + v for k, v in payoffs.items()},
            )
        )
    return Atlas(
        game, tuple(families), True, Coverage("proved"), game.concept, (STATIONARY,), told, provenance("python-flint")
    )


# complete information


@dataclass(frozen=True)
class _Rivals:
    """Stakes, and what waiting costs by the unit of time, war included; the hazard of war."""

    stakes: tuple[Number, Number]
    waits: tuple[Number, Number]
    hazard: Number


def _rivals(value: Callable[[str], Any]) -> _Rivals:
    sides = ("challenger", "defender")
    stakes = tuple(value(f"stake_{side}") for side in sides)
    waits = tuple(value(f"flow_cost_{side}") + value("hazard") * value(f"war_loss_{side}") for side in sides)
    return _Rivals((stakes[0], stakes[1]), (waits[0], waits[1]), value("hazard"))


def _profiles(rivals: _Rivals) -> tuple[tuple[Any, Any], ...]:
    """The rates of concession, None for at once: mixed, then each gives way."""
    mixed = (rivals.waits[1] / rivals.stakes[1], rivals.waits[0] / rivals.stakes[0])
    return mixed, (None, _ZERO), (_ZERO, None)


def _label(rates: tuple[Any, Any]) -> str:
    gone = [player for player, rate in zip(check.PLAYERS, rates, strict=True) if rate is None]
    return NAMES[gone[0]] if gone else WAIT


def _strategy(rates: tuple[Any, Any], zero: Any) -> dict[str, dict[str, Any]]:
    return {
        f"{player} at any date": {"wait": zero + int(rate is not None), "concede at once": zero + int(rate is None)}
        for player, rate in zip(check.PLAYERS, rates, strict=True)
    }


def _outcome(rates: tuple[Any, Any], rivals: _Rivals) -> tuple[dict[str, Any], dict[str, Any]]:
    """Payoffs and events: who is indifferent gets what conceding is worth."""
    first, second = rates
    if first is None:
        return {"Challenger": _ZERO, "Defender": rivals.stakes[1]}, _events(_ZERO, _ZERO)
    if second is None:
        return {"Challenger": rivals.stakes[0], "Defender": _ZERO}, _events(Fraction(1), _ZERO)
    total = first + second + rivals.hazard
    return dict.fromkeys(check.PLAYERS, _ZERO), _events(second / total, rivals.hazard / total)


def _events(failure: Any, war: Any) -> dict[str, Any]:
    return {"deterrence_failure": failure, "spiral": war}


def _complete(point: Mapping[str, Fraction]) -> list[Equilibrium]:
    rivals, found = _rivals(point.__getitem__), []
    sides = tuple(
        check.Waiting(*(point[f"{name}_{side}"] for name in ("stake", "flow_cost", "war_loss")))
        for side in ("challenger", "defender")
    )
    for n, rates in enumerate(_profiles(rivals), 1):
        payoffs, events = _outcome(rates, rivals)
        certificate = check.certify_complete(
            (sides[0], sides[1]), rivals.hazard, rates, list(payoffs.values()), events["spiral"]
        )
        figures = {}
        if None not in rates:
            figures = {f"rate at which the {p} concedes": r for p, r in zip(check.PLAYERS, rates, strict=True)}
            figures["mean length"] = 1 / (sum(rates) + rivals.hazard)
        found.append(_entry(f"F{n}", _label(rates), _strategy(rates, _ZERO), payoffs, events, certificate, figures))
    return found


def _entry(
    number: str, label: str, strategy: Mapping[str, Mapping[str, Any]], payoffs: Mapping[str, Any],
    events: Mapping[str, Any], certificate: Any, figures: Mapping[str, Any],
) -> Equilibrium:
    if not certificate.holds:
        raise CertificateError(f"{label}: {'; '.join(certificate.reasons)}")
    return Equilibrium(
        id=number, label=label, strategy=strategy, beliefs={}, free=Free(), outcomes={}, payoffs=payoffs,
        events=events, certificate=certificate, figures=figures,
    )


# private stakes


def concession(information: str, point: Mapping[str, Fraction], stake: Fraction) -> Fraction | Enclosure:
    """When a player with that stake concedes."""
    scale = _scale(information, point)
    if information == "exponential":
        return scale * stake**2
    return _enclosed(lambda: -ball(scale) * ((1 - ball(stake)).log() + ball(stake)))


def _wait(point: Mapping[str, Fraction]) -> Fraction:
    return point["flow_cost"] + point["hazard"] * point["war_loss"]


def _scale(information: str, point: Mapping[str, Fraction]) -> Fraction:
    """The factor of the date of concession."""
    return point["rate"] / (2 * _wait(point)) if information == "exponential" else 1 / _wait(point)


def _enclosed(compute: Callable[[], Any]) -> Enclosure:
    try:
        return enclose(compute)
    except ArithmeticError as error:
        raise LimitError(f"a number of the war of attrition could not be enclosed: {error}") from error


def _private(information: str, point: Mapping[str, Fraction]) -> Equilibrium:
    war, payoff = _exponential(point) if information == "exponential" else _uniform(point)
    scale, hazard = _scale(information, point), point["hazard"]
    game = check.Private(information, point.get("rate", Fraction(1)), point["flow_cost"], point["war_loss"], hazard)
    certificate = check.certify_private(game, scale, war, payoff)
    figures: dict[str, Any] = {
        f"date at which the {name} of stakes concedes": _quantile(information, point, p) for name, p in QUARTERS.items()
    }
    if hazard:
        figures["mean length"] = _over(war, hazard)
    else:
        figures["mean length"] = 1 / (4 * point["rate"] * _wait(point)) if "rate" in point else 1 / (6 * _wait(point))
    half = _over(_less(war), Fraction(2))
    strategy = {
        f"{player} at any date": {"wait": Fraction(1), "concede at once": _ZERO} for player in check.PLAYERS
    }
    return _entry(
        "F1", BY_STAKE, strategy, dict.fromkeys(check.PLAYERS, payoff), _events(half, war), certificate, figures
    )


def _less(war: Any) -> Any:
    """One less a probability."""
    return Enclosure(1 - war.high, 1 - war.low) if isinstance(war, Enclosure) else 1 - war


def _over(value: Any, divisor: Fraction) -> Any:
    return Enclosure(value.low / divisor, value.high / divisor) if isinstance(value, Enclosure) else value / divisor


def _exponential(point: Mapping[str, Fraction]) -> tuple[Any, Any]:
    """The chance of war, and what a player expects before it knows its stake."""
    rate = point["rate"]
    if point["hazard"] == 0:
        return _ZERO, 1 / (2 * rate)
    slope = point["hazard"] * _scale("exponential", point)

    def peace() -> Any:
        g, a = ball(slope), ball(rate)
        z = a / g.sqrt()
        half = arb(1) / 2
        return z * (z * z).hypgeom_u(half, half)

    found = _enclosed(peace)
    return _less(found), _over(found, 2 * rate)


def _uniform(point: Mapping[str, Fraction]) -> tuple[Any, Any]:
    if point["hazard"] == 0:
        return _ZERO, Fraction(1, 6)
    k = point["hazard"] / _wait(point)

    return _less(_enclosed(lambda: 2 * _mean(k, 2))), _over(_enclosed(lambda: _mean(k, 3)), Fraction(2))


def _mean(k: Fraction, shift: int) -> Any:
    """The integral of (1 - x)**(k + shift - 1) exp(k x) from 0 to 1, as a series of positive terms in a ball.

    The terms fall faster than a geometric series with the ratio of the next two, which bounds what is left out.
    """
    b, small = ball(k), arb(2) ** (-ctx.prec)
    total, term = arb(0), 1 / (b + shift)
    for n in range(1, MOST_TERMS):
        total += term
        term = term * b / (b + shift + n)
        left = term * (b + shift + n + 1) / (shift + n + 1)
        if left < small:
            return total + left.union(arb(0))
    raise LimitError(f"a war that costs less than one part in {float(k):.1e} of the highest stake is not computed")


def _quantile(information: str, point: Mapping[str, Fraction], p: Fraction) -> Any:
    """The date at which the type of that quantile concedes."""
    if information == "uniform":
        return concession(information, point, p)
    scale = _scale(information, point)
    return _enclosed(lambda: ball(scale) * ((1 - ball(p)).log() / ball(point["rate"])) ** 2)
