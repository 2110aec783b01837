"""Every monotone equilibrium of `coordinated_attack`: the zeros that `regime` counts, and the finite form in closed
form.

Probabilities of the continuum form are enclosed to an absolute precision; the finite form is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from flint import arb

from ..atlas import Atlas, Coverage, EquilibriumFamily
from ..checks.coordinated_attack import certify, certify_finite
from ..direct import DirectGame
from ..enclosures import Enclosure, ball, enclose
from ..equilibrium import Equilibrium, Free, Solution
from ..errors import CertificateError, LimitError, NotSupportedError
from ..expressions import Condition, Expression, Ring
from ..provenance import provenance
from .regime import Hint, cdf, joint, quantile, zeros

__all__ = ["METHOD", "atlas", "members", "solve"]

METHOD: Final = "shape"
ONE, THREE = ("one threshold",), ("low threshold", "middle threshold", "high threshold")
ALL, NONE, ANY = "all attack", "none attack", "any cutpoint"
_HALF: Final = Fraction(1, 2)

Number = Fraction | Enclosure


def solve(game: DirectGame, point: Mapping[str, Fraction], described: Mapping[str, Any]) -> Solution:
    """Every monotone equilibrium at a point.

    Raises
    ------
    LimitError
        where it is not decided whether two equilibria fall together or vanish.
    CertificateError
        where a result fails its certificate: a defect, never given out.
    """
    if game.options["form"] == "finite":
        found, notes = _finite(game, point["cost"])
    else:
        hint = Hint(point["cost"], point["prior_mean"], point["prior_precision"], point["signal_precision"])
        found, notes = _continuum(hint)
    numbered = tuple(replace(entry, id=f"F{n}") for n, entry in enumerate(found, 1))
    return Solution(
        numbered, game.concept, METHOD, True, notes, scenario=described, provenance=provenance("python-flint")
    )


def members(game: DirectGame, point: Mapping[str, Fraction]) -> list[Equilibrium]:
    """On the knife edge of the finite form the equilibria at the ends, where every event has its ends too."""
    if game.options["form"] != "finite" or _laplacian(game) != point["cost"]:
        return []
    return [_finite_entry(game, point["cost"], label) for label in (ALL, NONE)]


# the continuum


def _continuum(hint: Hint) -> tuple[list[Equilibrium], tuple[str, ...]]:
    notes = ["monotone equilibria: an attacker attacks on every signal up to a cutpoint"]
    if hint.prior == 0:
        notes.append("a diffuse prior: chances are the limits as its precision goes to 0")
        return [_diffuse(hint)], tuple(notes)
    roots = zeros(hint)
    labels = ONE if len(roots) == 1 else THREE
    if len(roots) == 1:
        notes.append("their number is proved, and where one is monotone there is no other of any kind")
    else:
        notes.append("their number is proved by the signs of the condition at its two extrema; others, not monotone, "
                     "may lie between")
    return [_entry(label, hint, root) for label, root in zip(labels, roots, strict=True)], tuple(notes)


def _entry(label: str, hint: Hint, root: Enclosure) -> Equilibrium:
    def threshold() -> Any:
        return cdf(_wide(root))

    def cutpoint() -> Any:
        return threshold() + _wide(root) / ball(hint.signal).sqrt()

    resolve, signal = _chance(threshold), _bounded(cutpoint)
    def weaker(resolve: Any) -> Any:
        return cdf(ball(hint.prior).sqrt() * (resolve - ball(hint.mean)))

    def lower() -> Any:
        spread = (ball(hint.prior) * ball(hint.signal) / ball(hint.prior + hint.signal)).sqrt()
        return cdf(spread * (cutpoint() - ball(hint.mean)))

    below, hopeless = _chance(lambda: weaker(threshold())), _chance(lambda: weaker(ball(0)))
    attack = _chance(lower)
    won = _chance(lambda: joint(hint, threshold(), cutpoint()))
    events = {
        "deterrence_failure": below, "attack": attack, "self_fulfilling": _rest(below, hopeless),
        "fight": _rest(attack, won),
    }
    payoff = _minus(won, Enclosure(attack.low * hint.cost, attack.high * hint.cost))
    return _made(label, hint, resolve, signal, events, payoff)


def _diffuse(hint: Hint) -> Equilibrium:
    resolve = 1 - hint.cost
    signal = enclose(lambda: ball(resolve) + quantile(resolve) / ball(hint.signal).sqrt())
    events = {
        "deterrence_failure": _HALF, "attack": _HALF, "self_fulfilling": Fraction(0), "fight": Fraction(0),
    }
    return _made(ONE[0], hint, resolve, signal, events, _HALF * (1 - hint.cost))


def _made(
    label: str, hint: Hint, resolve: Number, signal: Number, events: Mapping[str, Number], payoff: Number
) -> Equilibrium:
    certificate = certify(hint.cost, hint.mean, hint.prior, hint.signal, resolve, signal)
    if not certificate.holds:
        raise CertificateError(f"{label}: {'; '.join(certificate.reasons)}")
    attack = events["attack"]
    hold = _minus(Enclosure(Fraction(1), Fraction(1)), attack) if isinstance(attack, Enclosure) else 1 - attack
    return Equilibrium(
        id="", label=label, strategy={"attacker": {"attack": attack, "hold": hold}}, beliefs={}, free=Free(),
        outcomes={}, payoffs={"attacker": payoff}, events=events, certificate=certificate,
        figures={"resolve up to which the attack succeeds": resolve, "signal up to which an attacker attacks": signal},
    )


def _rest(whole: Enclosure, part: Enclosure) -> Enclosure:
    """The chance of an event without that of another within it."""
    left = _minus(whole, part)
    return Enclosure(max(left.low, Fraction(0)), left.high)


def _wide(root: Enclosure) -> Any:
    return ball(root.low).union(ball(root.high))


def _bounded(compute: Callable[[], Any]) -> Enclosure:
    """A number to an absolute precision, so that one that is very small has short ends all the same.

    Raises
    ------
    LimitError
        where the parameters are so extreme that it is not known as precisely.
    """
    try:
        return enclose(lambda: compute() + arb(0, arb(2) ** -100))
    except ArithmeticError as error:
        raise LimitError(f"a probability was not enclosed at these values: {error}") from None


def _chance(compute: Callable[[], Any]) -> Enclosure:
    found = _bounded(compute)
    return Enclosure(max(found.low, Fraction(0)), min(found.high, Fraction(1)))


def _minus(left: Enclosure, right: Enclosure) -> Enclosure:
    return Enclosure(left.low - right.high, left.high - right.low)


# the finite form


def _laplacian(game: DirectGame) -> Fraction:
    """The cost at which an attacker is indifferent that holds every number of others equally likely."""
    return Fraction(game.options["attackers"] - game.options["needed"] + 1, game.options["attackers"])


def _finite(game: DirectGame, cost: Fraction) -> tuple[list[Equilibrium], tuple[str, ...]]:
    notes = ["in the limit of vanishing noise; chances are about a defender whom an attack by all would bring down"]
    worth = _laplacian(game) - cost
    if worth == 0:
        notes.append("on a knife edge: at every cutpoint attacking and holding come to the same")
    label = ALL if worth > 0 else NONE if worth < 0 else ANY
    return [_finite_entry(game, cost, label)], tuple(notes)


def _finite_entry(game: DirectGame, cost: Fraction, label: str) -> Equilibrium:
    attack = Fraction(label == ALL)
    told = None if label == ANY else attack
    certificate = certify_finite(game.options["attackers"], game.options["needed"], cost, told)
    if not certificate.holds:
        raise CertificateError(f"{label}: {'; '.join(certificate.reasons)}")
    free = Free({"x": "share of resolves at which all attack"}, (("0 <= x", "x <= 1"),)) if label == ANY else Free()
    return Equilibrium(
        id="", label=label, strategy={"attacker": {"attack": attack, "hold": 1 - attack}}, beliefs={}, free=free,
        outcomes={}, payoffs={"attacker": attack * (1 - cost)},
        events={"deterrence_failure": attack, "attack": attack, "self_fulfilling": attack, "fight": attack * 0},
        certificate=certificate, figures={"cost up to which all attack": _laplacian(game)},
    )


def atlas(game: DirectGame, told: Mapping[str, Any]) -> Atlas:
    """The families of the finite form.

    Raises
    ------
    NotSupportedError
        for the continuum, whose thresholds solve a transcendental equation.
    """
    if game.options["form"] != "finite":
        raise NotSupportedError(
            "the thresholds of a continuum of attackers solve an equation in normal distributions; every equilibrium "
            "is found as a number: solve, sweep"
        )
    ring, wide = game.space.ring, Ring((*game.space.names, "x"))
    cost = ring.symbol("cost") if "cost" in game.space.names else ring.number(game.fixed["cost"])
    edge = ring.number(_laplacian(game))
    families = []
    for label, op, share in ((ALL, "<", ring.number(1)), (NONE, ">", ring.number(0)), (ANY, "==", wide.symbol("x"))):
        condition = Condition.compare(cost, op, edge)
        if condition.truth is not False:
            families.append(_family(label, share, cost.over(share.ring), condition))
    kept = tuple(replace(family, id=f"F{n}") for n, family in enumerate(families, 1))
    notes = ("in the limit of vanishing noise",)
    return Atlas(game, kept, True, Coverage("proved"), game.concept, notes, told, provenance("python-flint"))


def _family(label: str, share: Expression, cost: Expression, condition: Condition) -> EquilibriumFamily:
    region = ((condition,),) if condition.truth is None else ((),)
    zero, one = share.ring.number(0), share.ring.number(1)
    free = label == ANY
    bounds = (Condition.compare(share, ">=", zero), Condition.compare(one, ">=", share)) if free else ()
    return EquilibriumFamily(
        id="", label=label,
        supports={"attacker": ("attack", "hold") if free else ("attack",) if label == ALL else ("hold",)},
        strategy={"attacker": {"attack": share, "hold": 1 - share}}, beliefs={},
        quantities={"x": "share of resolves at which all attack"} if free else {},
        pieces=tuple((*(c.over(share.ring) for c in part), *bounds) for part in region), region=region,
        generic=not free, outcomes={},
        events={"deterrence_failure": share, "attack": share, "self_fulfilling": share, "fight": zero},
        payoffs={"attacker": share * (1 - cost)},
    )
