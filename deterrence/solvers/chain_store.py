"""The subgame-perfect equilibrium of `chain_store` by backward induction, and its four families in closed form.

After every record the subgame with so many challengers left is the same, so that backward induction over it decides
once: the Defender takes the better reply, the challenger the better of staying out and of what that reply brings it.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import Any, Final

from ..atlas import Atlas, Coverage, EquilibriumFamily
from ..checks.chain_store import certify
from ..direct import DirectGame
from ..equilibrium import Equilibrium, Free, Solution
from ..errors import CertificateError
from ..expressions import Condition, Expression
from ..provenance import provenance

__all__ = ["METHOD", "atlas", "solve"]

METHOD: Final = "backward induction"
_REPLIES: Final = {
    "acquiesce": ("defender_acquiesce", "challenger_acquiesced"), "fight": ("defender_fight", "challenger_fought"),
}


def solve(game: DirectGame, point: Mapping[str, Fraction], described: Mapping[str, Any]) -> Solution:
    """The equilibrium at a point.

    Raises
    ------
    CertificateError
        where it fails its certificate: a defect, never given out.
    """
    challengers = game.options["challengers"]
    reply = max(_REPLIES, key=lambda name: point[_REPLIES[name][0]])
    attacks = point[_REPLIES[reply][1]] > point["challenger_out"]
    certificate = certify(challengers, point, Fraction(attacks), Fraction(reply == "fight"))
    if not certificate.holds:
        raise CertificateError("; ".join(certificate.reasons))
    entry = Equilibrium(
        id="F1", label=_label(reply, attacks), strategy=_strategy(reply, attacks, Fraction), beliefs={}, free=Free(),
        outcomes={}, payoffs=_payoffs(challengers, reply, attacks, point), events=_events(reply, attacks, Fraction),
        certificate=certificate, figures={
            "challengers that attack": Fraction(challengers * attacks),
            "payoff of the Defender if all stayed out": challengers * point["defender_quiet"],
        },
    )
    return Solution(
        (entry,), game.concept, METHOD, True, ("the same in every period and after every record",), scenario=described,
        provenance=provenance("python-flint"),
    )


def atlas(game: DirectGame, told: Mapping[str, Any]) -> Atlas:
    """The families, whatever the number of challengers."""
    ring = game.space.ring
    names = [parameter for pair in _REPLIES.values() for parameter in pair]
    stakes = {
        name: ring.symbol(name) if name in ring.names else ring.number(game.fixed[name])
        for name in (*names, "challenger_out", "defender_quiet")
    }
    found: list[EquilibriumFamily] = []
    for reply, attacks in product(_REPLIES, (True, False)):
        own, its = _REPLIES[reply]
        other = next(pair[0] for name, pair in _REPLIES.items() if name != reply)
        asked = [Condition.compare(stakes[own], ">", stakes[other]),
                 Condition.compare(stakes[its], ">" if attacks else "<", stakes["challenger_out"])]
        if any(condition.truth is False for condition in asked):
            continue
        region = (tuple(condition for condition in asked if condition.truth is None),)
        strategy = _strategy(reply, attacks, ring.number)
        found.append(EquilibriumFamily(
            id=f"F{len(found) + 1}", label=_label(reply, attacks),
            supports={name: tuple(a for a, p in row.items() if not p.is_zero) for name, row in strategy.items()},
            strategy=strategy, beliefs={}, quantities={}, pieces=region, region=region, generic=True, outcomes={},
            events=_events(reply, attacks, ring.number),
            payoffs=_payoffs(game.options["challengers"], reply, attacks, stakes),
        ))
    return Atlas(
        game, tuple(found), True, Coverage("proved"), game.concept, (), told, provenance("python-flint")
    )


def _label(reply: str, attacks: bool) -> str:
    return f"{'attack' if attacks else 'stay out'}, {reply}"


def _strategy(reply: str, attacks: bool, number: Any) -> dict[str, dict[str, Any]]:
    return {
        "challenger": {"attack": number(int(attacks)), "stay out": number(int(not attacks))},
        "Defender": {name: number(int(name == reply)) for name in _REPLIES},
    }


def _events(reply: str, attacks: bool, number: Any) -> dict[str, Any]:
    return {
        "deterrence_failure": number(int(attacks)), "spiral": number(int(attacks and reply == "fight")),
    }


def _payoffs(
    challengers: int, reply: str, attacks: bool, stakes: Mapping[str, Fraction | Expression]
) -> dict[str, Any]:
    own, its = _REPLIES[reply] if attacks else ("defender_quiet", "challenger_out")
    return {"Defender": challengers * stakes[own], "challenger": stakes[its]}
