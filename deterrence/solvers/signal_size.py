r"""The honest equilibria of `signal_size`, in closed form.

Let those with :math:`v \ge c` signal and fight, the others be silent and back down. With sunk costs the signal no
longer counts when the Defender is challenged, so that :math:`pv - c_D \ge 0` for those who fight and :math:`\le 0`
for the others: :math:`c = c_D/p`; and :math:`c` is indifferent, :math:`(1-q)c + q(pc - c_D) = m`. With hands tied
those who are silent are below :math:`c_D/p`, and at :math:`c` the signal, which is not paid, is worth :math:`(1-q)c +
q(pc - c_D) = 0`. That :math:`c` is below :math:`c_D/p`, and fights where :math:`pc - c_D \ge -m`. So each technology
has one outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

from ..atlas import Atlas, Coverage, EquilibriumFamily
from ..checks.signal_size import certify
from ..direct import DirectGame
from ..equilibrium import Equilibrium, Free, Solution
from ..errors import CertificateError
from ..expressions import Condition
from ..provenance import provenance

__all__ = ["METHOD", "atlas", "solve"]

METHOD: Final = "closed form"
LABELS: Final = {True: "separating", False: "silence"}
NOTE: Final = (
    "every honest equilibrium: one signal beside silence, whoever sends it fights if challenged, whoever is silent "
    "backs down"
)


@dataclass(frozen=True)
class Signal:
    """The formulas of the game, in numbers or in symbols."""

    strength: Any
    victory: Any
    cost: Any
    prize: Any
    war: Any

    def cutpoint(self, technology: str) -> Any:
        """The type from which on the Defender signals."""
        if technology == "sunk":
            return self.cost / self.victory
        return self.strength * self.cost / (1 - self.strength + self.strength * self.victory)

    def size(self, technology: str) -> Any:
        """The least signal that is believed."""
        cut = self.cutpoint(technology)
        return (1 - self.strength) * cut if technology == "sunk" else self.cost - self.victory * cut

    def events(self, cut: Any) -> dict[str, Any]:
        """The probability of each event."""
        return {
            "deterrence_failure": self.strength + (1 - self.strength) * cut, "spiral": self.strength * (1 - cut),
            "signal": 1 - cut,
        }

    def payoffs(self, cut: Any, technology: str, size: Any) -> dict[str, Any]:
        """What each expects before it knows its type."""
        slope = 1 - self.strength + self.strength * self.victory
        spent = size if technology == "sunk" else size * 0
        defender = slope * (1 - cut * cut) / 2 - (self.strength * self.cost + spent) * (1 - cut)
        return {"Defender": defender, "Challenger": cut * self.prize + (1 - cut) * self.strength * self.war}

    def strategy(self, cut: Any) -> dict[str, dict[str, Any]]:
        """What is done, as shares of types; nobody who is silent fights."""
        one, none = cut * 0 + 1, cut * 0
        return {
            "Defender": {"signal": 1 - cut, "silence": cut},
            "Defender, challenged after signal": {"fight": one, "back down": none},
            "Defender, challenged after silence": {"fight": none, "back down": one},
            "strong Challenger after signal": {"challenge": one, "hold": none},
            "strong Challenger after silence": {"challenge": one, "hold": none},
            "weak Challenger after signal": {"challenge": none, "hold": one},
            "weak Challenger after silence": {"challenge": one, "hold": none},
        }


def _signal(value: Any) -> Signal:
    return Signal(*(value(n) for n in ("challenger_strength", "victory", "war_cost", "prize_challenger", "war_strong")))


def solve(game: DirectGame, point: Mapping[str, Fraction], described: Mapping[str, Any]) -> Solution:
    """The equilibrium at a point.

    Raises
    ------
    CertificateError
        where it fails its certificate: a defect, never given out.
    """
    signal, technology = _signal(point.__getitem__), game.options["technology"]
    cut, size = min(signal.cutpoint(technology), Fraction(1)), signal.size(technology)
    label = LABELS[cut < 1]
    certificate = certify(
        technology, point["challenger_strength"], point["victory"], point["war_cost"],
        (point["war_strong"], point["war_weak"]), cut, size,
    )
    if not certificate.holds:
        raise CertificateError(f"{label}: {'; '.join(certificate.reasons)}")
    free = Free()
    if cut < 1 and technology == "tied":
        free = Free({"m": "size of the signal"}, ((f"m >= {size}",),))
    other = "tied" if technology == "sunk" else "sunk"
    rival = min(signal.cutpoint(other), Fraction(1))
    entry = Equilibrium(
        id="F1", label=label, strategy=signal.strategy(cut), beliefs={}, free=free, outcomes={},
        payoffs=signal.payoffs(cut, technology, size), events=signal.events(cut), certificate=certificate,
        figures={
            "cutpoint": cut, "least signal": size,
            f"chance of war with {other} signals": signal.events(rival)["spiral"],
            f"payoff of the Defender with {other} signals":
                signal.payoffs(rival, other, signal.size(other))["Defender"],
        },
    )
    return Solution(
        (entry,), game.concept, METHOD, True, (NOTE,), scenario=described, provenance=provenance("python-flint")
    )


def atlas(game: DirectGame, told: Mapping[str, Any]) -> Atlas:
    """The two families: those who would fight signal, or nobody does."""
    ring, technology = game.space.ring, game.options["technology"]
    signal = _signal(lambda n: ring.symbol(n) if n in game.space.names else ring.number(game.fixed[n]))
    one, families = ring.number(1), []
    for label, cut, op in ((LABELS[True], signal.cutpoint(technology), "<"), (LABELS[False], one, ">=")):
        condition = Condition.compare(signal.cutpoint(technology), op, one)
        if condition.truth is False:
            continue
        strategy = signal.strategy(cut)
        region = ((condition,),) if condition.truth is None else ((),)
        families.append(EquilibriumFamily(
            id="", label=label,
            supports={name: tuple(a for a, v in row.items() if not v.is_zero) for name, row in strategy.items()},
            strategy=strategy, beliefs={}, quantities={}, pieces=region, region=region, generic=True, outcomes={},
            events=signal.events(cut), payoffs=signal.payoffs(cut, technology, signal.size(technology)),
        ))
    numbered = tuple(replace(family, id=f"F{n}") for n, family in enumerate(families, 1))
    return Atlas(
        game, numbered, True, Coverage("proved"), game.concept, (NOTE,), told, provenance("python-flint")
    )
