r"""The equilibria of `indirect_control`: two phases at the best intensity, and direct control.

With :math:`i = y^b` and :math:`s = a/b` in lowest terms the condition for the best intensity,
:math:`g'(i)(D + Ai) = A(g(i) - \eta)`, is the polynomial equation

.. math:: B s D - A (g_0 - \eta)\,y^{b-a} - A B (1 - s)\,y^b = 0. \tag{best}

:math:`g'(i)(D + Ai) - A(g(i) - \eta)` falls in :math:`i`, as its derivative is :math:`g''(i)(D + Ai) < 0`, from
infinity to below 0: there is one positive root. Everything else is rational in it, and exact. With
:math:`X = (\pi_0 - \pi_\eta)(g - \eta) - \pi_\eta \eta`

.. math:: \ell = \frac{\eta (1 - \beta + \beta\rho)}{\beta X} \le 1, \qquad
          \rho \ge \frac{A i (1 - \beta)(X + \pi_\eta\eta)}{\beta (D X - A i\,\pi_\eta\eta)} = \rho_{\min}

where the brackets are positive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from ..algebraic import Real, real_roots
from ..atlas import Atlas, Coverage, EquilibriumFamily
from ..checks import indirect_control as check
from ..direct import DirectGame
from ..equilibrium import Equilibrium, Free, Solution
from ..errors import CertificateError
from ..expressions import Condition, Expression, Ring
from ..provenance import provenance

__all__ = ["METHOD", "Terms", "atlas", "best", "members", "solve"]

METHOD: Final = "two phases"
INDIRECT: Final = "indirect control"
DIRECT: Final = "direct control"
NOTE: Final = (
    "complete among direct control and two-phase play at the intensity that is best for the principal; other play, "
    "such as shirking that is tolerated as a reward, may be better still"
)
ROOT: Final = "y"
ENDS: Final = "rho"
Number = Any
_ZERO: Final = Fraction(0)


@dataclass(frozen=True)
class Terms:
    """The game at an intensity, in numbers or in symbols.

    Attributes
    ----------
    value : a parameter by its name.
    power : of the intensity in the agent's pain.
    root : the number :math:`y` of the definition.
    """

    value: Callable[[str], Number]
    power: Fraction
    root: Number

    @property
    def intensity(self) -> Number:
        """:math:`i`."""
        return self.root**self.power.denominator

    @property
    def pain(self) -> Number:
        """:math:`g(i)`."""
        return self.value("pain_least") + self.value("pain") * self.root**self.power.numerator

    @property
    def avoided(self) -> Number:
        """:math:`D`."""
        return (self.value("disturbance_intervention") - self.value("disturbance_work")) * self.value("harm")

    @property
    def told_apart(self) -> Number:
        r""":math:`\pi_0 - \pi_\eta`."""
        return self.value("disturbance_shirk") - self.value("disturbance_work")

    @property
    def missed(self) -> Number:
        r""":math:`\pi_\eta \eta`."""
        return self.value("disturbance_work") * self.value("effort_cost")

    @property
    def lever(self) -> Number:
        """:math:`X`."""
        return self.told_apart * (self.pain - self.value("effort_cost")) - self.missed

    @property
    def credit(self) -> Number:
        r""":math:`D X - A i \pi_\eta \eta`."""
        return self.avoided * self.lever - self.value("intensity_cost") * self.intensity * self.missed

    def begins(self, ends: Number) -> Number:
        r""":math:`\ell`, where a punishment ends in a period with probability :math:`\rho`."""
        beta = self.value("patience")
        return self.value("effort_cost") * (1 - beta + beta * ends) / (beta * self.lever)

    def least(self) -> Number:
        r""":math:`\rho_{\min}`."""
        beta, cost = self.value("patience"), self.value("intensity_cost") * self.intensity
        return cost * (1 - beta) * (self.lever + self.missed) / (beta * self.credit)

    def most(self) -> Number:
        r"""The greatest :math:`\rho` at which :math:`\ell` is no more than 1."""
        beta = self.value("patience")
        return (beta * self.lever / self.value("effort_cost") - (1 - beta)) / beta

    def payoffs(self) -> dict[str, Number]:
        """What cooperation is worth a period."""
        share = self.missed / self.told_apart
        cost = self.avoided + self.value("intensity_cost") * self.intensity
        harm = self.value("disturbance_work") * self.value("harm")
        agent = -self.value("effort_cost") * self.value("disturbance_shirk") / self.told_apart
        return {
            "Principal": -harm - share * cost / (self.pain - self.value("effort_cost")),
            "Agent": agent,
        }

    def best(self) -> Number:
        """What is zero at the best intensity."""
        a, b = self.power.numerator, self.power.denominator
        y, cost, grows = self.root, self.value("intensity_cost"), self.value("pain")
        spared = self.value("pain_least") - self.value("effort_cost")
        return grows * self.power * self.avoided - cost * spared * y ** (b - a) - cost * grows * (1 - self.power) * y**b


# at a point


def solve(game: DirectGame, point: Mapping[str, Fraction], described: Mapping[str, Any]) -> Solution:
    """Direct control, and indirect control where it holds.

    Raises
    ------
    CertificateError
        where a result fails its certificate: a defect, never given out.
    """
    terms = best(game, point)
    notes, found = [NOTE], []
    bounds = _bounds(terms)
    if isinstance(bounds, str):
        notes.append(f"{INDIRECT} is no equilibrium at the best intensity, {_short(terms.intensity)}: {bounds}")
    else:
        found.append(_indirect("F1", terms, point, bounds, bounds[1]))
    found.append(_direct(f"F{len(found) + 1}", point))
    return Solution(
        tuple(found), game.concept, METHOD, True, tuple(notes), scenario=described,
        provenance=provenance("python-flint"),
    )


def members(game: DirectGame, point: Mapping[str, Fraction]) -> list[Equilibrium]:
    """Where the length of punishments is free, the equilibria at its ends, where every event has its ends too."""
    terms = best(game, point)
    bounds = _bounds(terms)
    return [] if isinstance(bounds, str) else [_indirect("", terms, point, (end, end), end) for end in bounds]


def _power(game: DirectGame) -> Fraction:
    return Fraction(game.options["exponent"], 10)


def best(game: DirectGame, point: Mapping[str, Fraction]) -> Terms:
    """The game at the best intensity."""
    power = _power(game)
    plain = Terms(point.__getitem__, power, _ZERO)
    spared = point["pain_least"] - point["effort_cost"]
    terms = [_ZERO] * (power.denominator + 1)
    terms[0] = point["pain"] * power * plain.avoided
    terms[power.denominator - power.numerator] = -point["intensity_cost"] * spared
    terms[power.denominator] = -point["intensity_cost"] * point["pain"] * (1 - power)
    (root,) = [y for y in real_roots(terms, 0) if y > 0]
    return Terms(point.__getitem__, power, root)


def _bounds(terms: Terms) -> tuple[Real, Real] | str:
    """The least and the greatest chance that a punishment ends in a period; or why there is none."""
    if terms.lever <= 0:
        return "no punishment of that intensity makes up for the effort"
    most = min(terms.most(), Fraction(1))
    if most <= 0:
        return "the agent is too impatient to be moved by it"
    if terms.credit <= 0 or terms.least() > most:
        return "it costs the principal too much to be carried out as long as it takes; a lower one may be credible"
    return terms.least(), most


def _short(value: Any) -> str:
    return str(value) if isinstance(value, Fraction) and len(str(value)) <= 12 else f"about {float(value):.4g}"


def _indirect(
    number: str, terms: Terms, point: Mapping[str, Fraction], bounds: tuple[Any, Any], ends: Any
) -> Equilibrium:
    begins, payoffs = terms.begins(ends), terms.payoffs()
    play = check.Phases(
        point, (terms.power.numerator, terms.power.denominator), terms.intensity, terms.pain, begins, ends
    )
    certificate = check.certify(play, point, payoffs)
    if not certificate.holds:
        raise CertificateError(f"{INDIRECT}: {'; '.join(certificate.reasons)}")
    free = Free()
    if bounds[0] < bounds[1]:
        meaning = "probability that a punishment ends in a period"
        free = Free({ENDS: meaning}, ((f"{bounds[0]} <= {ENDS}", f"{ENDS} <= {bounds[1]}"),))
    figures = {
        "intensity of a punishment": terms.intensity,
        "pain of a punished agent": terms.pain,
        "probability that a disturbance is punished": begins,
        "probability that a punishment ends in a period": ends,
        "least probability that a punishment may end": bounds[0],
        "longest expected punishment, in periods": 1 / bounds[0],
        "payoff of the principal in direct control": -point["disturbance_intervention"] * point["harm"],
    }
    return Equilibrium(
        id=number, label=INDIRECT, strategy=_strategy(True, _ZERO), beliefs={}, free=free, outcomes={},
        payoffs=payoffs, events=_events(point["disturbance_work"], point["disturbance_work"] * begins),
        certificate=certificate, figures=figures,
    )


def _direct(number: str, point: Mapping[str, Fraction]) -> Equilibrium:
    disturbed = point["disturbance_intervention"]
    payoffs = {"Principal": -disturbed * point["harm"], "Agent": -point["pain_least"]}
    certificate = check.certify(None, point, payoffs)
    if not certificate.holds:
        raise CertificateError(f"{DIRECT}: {'; '.join(certificate.reasons)}")
    return Equilibrium(
        id=number, label=DIRECT, strategy=_strategy(False, _ZERO), beliefs={}, free=Free(), outcomes={},
        payoffs=payoffs, events=_events(disturbed, _ZERO), certificate=certificate,
    )


def _events(failure: Any, spiral: Any) -> dict[str, Any]:
    return {"deterrence_failure": failure, "spiral": spiral}


def _strategy(indirect: bool, zero: Any) -> dict[str, dict[str, Any]]:
    """What is done at each information set."""
    doing = {
        "Principal in cooperation": "delegate", "Principal in punishment": "intervene", "Agent in cooperation": "work",
    }
    if not indirect:
        doing = dict.fromkeys(doing, "intervene lightly") | {"Agent in cooperation": "shirk"}
    doing |= {"Principal after a breach": "intervene lightly", "Agent after a breach": "shirk"}
    acts = {"Principal": ("delegate", "intervene", "intervene lightly"), "Agent": ("work", "shirk")}
    return {
        name: {action: zero + int(action == done) for action in acts[name.split()[0]]} for name, done in doing.items()
    }


# in symbols


def atlas(game: DirectGame, told: Mapping[str, Any]) -> Atlas:
    """Both families; what concerns the intensity is written with the root of the stated polynomial."""
    wide = Ring((*game.space.names, ROOT, ENDS))

    def over(ring: Ring) -> Callable[[str], Expression]:
        return lambda name: ring.symbol(name) if name in game.space.names else ring.number(game.fixed[name])

    terms, ends = Terms(over(wide), _power(game), wide.symbol(ROOT)), wide.symbol(ENDS)
    zero = wide.number(0)
    equation = Condition.compare(terms.best(), "==", zero)
    beta, cost = terms.value("patience"), terms.value("intensity_cost") * terms.intensity
    piece = (
        equation, Condition.compare(terms.root, ">", zero), Condition.compare(terms.lever, ">", zero),
        Condition.compare(ends, ">", zero), Condition.compare(1 - ends, ">=", zero),
        Condition.compare(beta * terms.lever - terms.value("effort_cost") * (1 - beta + beta * ends), ">=", zero),
        Condition.compare(
            ends * beta * terms.credit - cost * (1 - beta) * (terms.lever + terms.missed), ">=", zero
        ),
    )
    work, value = terms.value("disturbance_work"), over(game.space.ring)
    indirect = EquilibriumFamily(
        id="F1", label=INDIRECT, supports=_supports(True), strategy=_strategy(True, zero), beliefs={},
        quantities={
            ROOT: f"the intensity of punishments to the power 1/{terms.power.denominator}",
            ENDS: "probability that a punishment ends in a period",
        },
        pieces=(piece,), region=(piece,), generic=True, outcomes={},
        events=_events(work, work * terms.begins(ends)), payoffs=terms.payoffs(), roots={ROOT: equation}, implicit=True,
    )
    disturbed = value("disturbance_intervention")
    direct = EquilibriumFamily(
        id="F2", label=DIRECT, supports=_supports(False), strategy=_strategy(False, game.space.ring.number(0)),
        beliefs={}, quantities={}, pieces=((),), region=((),), generic=True, outcomes={},
        events=_events(disturbed, game.space.ring.number(0)),
        payoffs={"Principal": -disturbed * value("harm"), "Agent": -value("pain_least")},
    )
    return Atlas(
        game, (indirect, direct), True, Coverage("proved"), game.concept, (NOTE,), told, provenance("python-flint")
    )


def _supports(indirect: bool) -> dict[str, tuple[str, ...]]:
    return {name: tuple(a for a, p in row.items() if p) for name, row in _strategy(indirect, _ZERO).items()}
