r"""The trigger equilibria of `tacit_agreement`: `agreements` between sides that are alike, and stick and carrot.

Stick and carrot [abreu1986]: after a deviation both strike once, which pays :math:`u`, and restrain themselves again; a
deviation from the strike, worth at most :math:`d`, is followed by another. With :math:`V_C = R` and
:math:`V_M = (1 - \delta) u + \delta R` neither deviation pays exactly if

.. math:: T - R \le \delta (R - u), \qquad d - u \le \delta (R - u).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from ..atlas import Atlas, EquilibriumFamily
from ..checks import tacit_agreement as check
from ..direct import DirectGame
from ..equilibrium import Equilibrium, Free, Solution
from ..errors import CertificateError
from ..expressions import Ring
from ..provenance import provenance
from . import agreements
from .agreements import KAPPA, Party, Setting
from .restraint import holds, possible

__all__ = ["METHOD", "atlas", "members", "solve"]

METHOD: Final = "trigger conditions"
KEPT: Final = "restraint"
NOT: Final = "no restraint"
NOTE: Final = "complete among agreements of this form (public trigger); other play of a repeated game is not listed"
Value = Callable[[str], Any]


def solve(game: DirectGame, point: Mapping[str, Fraction], described: Mapping[str, Any]) -> Solution:
    """Every trigger equilibrium at a point; errors as for `understanding`."""
    if game.options["punishment"] != "stick":
        return agreements.solution(_setting(game, point.__getitem__, Fraction(0)), game, described, METHOD)
    notes = [NOTE]
    found = []
    least = _least(point)
    if holds(_kept(point.__getitem__)):
        figures = {"least patience that suffices": least, "least patience under grim trigger": _grim(point)}
        found.append(_entry(point, True, figures))
    elif least is None or least >= 1:
        notes.append("restraint is no equilibrium: no patience below 1 would do")
    else:
        notes.append(f"restraint is no equilibrium: it needs a patience of {least}, and there is {point['patience']}")
    found.append(_entry(point, False, {}))
    numbered = tuple(replace(entry, id=f"F{n}") for n, entry in enumerate(found, 1))
    return Solution(
        numbered, game.concept, METHOD, True, tuple(notes), scenario=described, provenance=provenance("python-flint")
    )


def members(game: DirectGame, point: Mapping[str, Fraction]) -> list[Equilibrium]:
    """Where the chance of an answer is free, the equilibria at its ends, where every event has its ends too."""
    if game.options["punishment"] == "stick":
        return []
    return agreements.members(_setting(game, point.__getitem__, Fraction(0)))


def atlas(game: DirectGame, told: Mapping[str, Any]) -> Atlas:
    """The families of trigger equilibria in closed form."""

    def over(ring: Ring) -> Value:
        return lambda name: ring.symbol(name) if name in game.space.names else ring.number(game.fixed[name])

    ring = game.space.ring
    if game.options["punishment"] == "stick":
        return _stick(game, over(ring), told)
    wide = Ring((*game.space.names, KAPPA)) if game.options["punishment"] == "lottery" else None
    return agreements.families(
        _setting(game, over(ring), ring.number(0)), game, told,
        _setting(game, over(wide), wide.number(0)) if wide is not None else None,
    )


def _setting(game: DirectGame, value: Value, zero: Any) -> Setting:
    """The game as one of agreements without shocks, in which incidents are answered for certain or as is chosen."""
    reward, rule = value("reward"), game.options["punishment"]
    party = Party(
        gain=value("temptation") - reward, shock_gain=zero, loss=reward - value("sucker"),
        conflict=reward - value("conflict"), patience=value("patience"), detection=value("detection"), base=reward,
    )
    return Setting(
        parties=dict.fromkeys(game.players, party), accident=value("accident"), shock=zero,
        answer=None if rule == "lottery" else zero + 1, periods=game.options["periods"] if rule == "periods" else None,
        horizon=1, labels={"always": KEPT, "never": NOT}, places={"calm": "restraint", "breakdown": "punishment"},
    )


# stick and carrot


def _kept(value: Value) -> agreements.Union:
    """When neither the attack nor the way out of the strike pays."""
    lost = value("patience") * (value("reward") - value("strike"))
    tempted, spared = value("temptation") - value("reward"), value("strike_reply") - value("strike")
    return [[(lost - tempted, ">="), (lost - spared, ">=")]]


def _least(point: Mapping[str, Fraction]) -> Fraction | None:
    """The critical discount factor."""
    lost = point["reward"] - point["strike"]
    most = max(point["temptation"] - point["reward"], point["strike_reply"] - point["strike"])
    return most / lost if lost > 0 else None


def _grim(point: Mapping[str, Fraction]) -> Fraction:
    return (point["temptation"] - point["reward"]) / (point["temptation"] - point["conflict"])


def _played(kept: bool, zero: Any) -> dict[str, dict[str, Any]]:
    acts = {"restraint": ("restrain", "attack"), "punishment": ("strike", "attack")}
    return {
        f"{player} in {state}": {action: zero + int((action != "attack") == kept) for action in actions}
        for player in check.PLAYERS
        for state, actions in acts.items()
    }


def _events(kept: bool, zero: Any) -> dict[str, Any]:
    return dict.fromkeys(("deterrence_failure", "spiral"), zero + int(not kept))


def _entry(point: Mapping[str, Fraction], kept: bool, figures: Mapping[str, Any]) -> Equilibrium:
    zero, worth = Fraction(0), point["reward" if kept else "conflict"]
    stakes = check.Stakes(**{name: point[name] for name in check.Stakes.__dataclass_fields__})
    certificate = check.certify(stakes, kept, worth)
    if not certificate.holds:
        raise CertificateError(f"{KEPT if kept else NOT}: {'; '.join(certificate.reasons)}")
    return Equilibrium(
        id="", label=KEPT if kept else NOT, strategy=_played(kept, zero), beliefs={}, free=Free(), outcomes={},
        payoffs=dict.fromkeys(check.PLAYERS, worth), events=_events(kept, zero), certificate=certificate,
        figures={name: value for name, value in figures.items() if value is not None},
    )


def _stick(game: DirectGame, value: Value, told: Mapping[str, Any]) -> Atlas:
    """Both families."""
    zero = game.space.ring.number(0)
    found: list[EquilibriumFamily] = []
    for kept, region in ((True, agreements.pruned(game.space, possible(_kept(value)))), (False, ((),))):
        if not region:
            continue
        played = _played(kept, zero)
        found.append(
            EquilibriumFamily(
                id=f"F{len(found) + 1}", label=KEPT if kept else NOT,
                supports={name: tuple(a for a, p in row.items() if p != 0) for name, row in played.items()},
                strategy=played, beliefs={}, quantities={}, pieces=region, region=region, generic=True,
                outcomes={}, events=_events(kept, zero),
                payoffs=dict.fromkeys(check.PLAYERS, zero + value("reward" if kept else "conflict")),
            )
        )
    return Atlas(
        game, tuple(found), True, agreements.coverage(game.space, found), game.concept, (NOTE,), told,
        provenance("python-flint", "z3-solver"),
    )
