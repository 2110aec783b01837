"""The trigger equilibria of `understanding`: the agreements of mutual restraint that both sides keep.

The conditions are those of `agreements`, exact at a point and in symbols: rational in every parameter, linear in the
chance of an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final

from ..atlas import Atlas
from ..direct import DirectGame
from ..equilibrium import Equilibrium, Solution
from ..expressions import Ring
from . import agreements
from .agreements import KAPPA, Party, Setting

__all__ = ["METHOD", "atlas", "members", "setting", "solve"]

METHOD: Final = "trigger conditions"
LABELS: Final = {
    "always": "restraint always",
    "except": "restraint except in shocks",
    "never": "no restraint",
    "trust": "restraint always without threat",
    "calm trust": "restraint except in shocks without threat",
    "first alone": "the US alone attacks",
    "second alone": "Iran alone attacks",
}


def setting(game: DirectGame, value: Callable[[str], Any], zero: Any) -> Setting:
    """The game in numbers or in symbols, from what `value` gives for the name of a parameter."""
    rule = game.options["punishment"]
    return Setting(
        parties={
            player: Party(
                **{
                    name: value(f"{name}_{player.lower()}")
                    for name in ("gain", "shock_gain", "loss", "conflict", "patience", "detection")
                },
                base=zero,
            )
            for player in game.players
        },
        accident=value("accident"), shock=value("shock"), answer=None if rule == "lottery" else value("answer"),
        periods=game.options["periods"] if rule == "periods" else None, horizon=game.options["horizon"], labels=LABELS,
    )


def solve(game: DirectGame, point: Mapping[str, Fraction], described: Mapping[str, Any]) -> Solution:
    """Every trigger equilibrium at a point.

    Raises
    ------
    CertificateError
        where a result fails its certificate: a defect, never given out.
    """
    return agreements.solution(setting(game, point.__getitem__, Fraction(0)), game, described, METHOD)


def members(game: DirectGame, point: Mapping[str, Fraction]) -> list[Equilibrium]:
    """Where the chance of an answer is free, the equilibria at its ends, where every event has its ends too."""
    return agreements.members(setting(game, point.__getitem__, Fraction(0)))


def atlas(game: DirectGame, told: Mapping[str, Any]) -> Atlas:
    """The families of trigger equilibria in closed form."""

    def over(ring: Ring) -> Setting:
        def value(name: str) -> Any:
            return ring.symbol(name) if name in game.space.names else ring.number(game.fixed[name])

        return setting(game, value, ring.number(0))

    wide = over(Ring((*game.space.names, KAPPA))) if game.options["punishment"] == "lottery" else None
    return agreements.families(over(game.space.ring), game, told, wide)
