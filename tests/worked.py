"""The small game of restraint of the contract, section 4, with its two equilibria written down by hand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from deterrence.certify import certify
from deterrence.equilibrium import Equilibrium, Free, Solution
from deterrence.scenario import Scenario, load

FILE = Path(__file__).parent / "restraint.toml"
ONE, ZERO, RESOLVE = Fraction(1), Fraction(0), Fraction(3, 5)


def restraint() -> Scenario:
    return load(FILE)


def pooling(scenario: Scenario, on: str) -> Equilibrium:
    """Both types play `on` and Iran refrains after it; the other action is met with attack where it must be."""
    off = "hold" if on == "strike" else "strike"
    sender = {"strike": Fraction(on == "strike"), "hold": Fraction(on == "hold")}
    refrain, attack = {"attack": ZERO, "refrain": ONE}, {"attack": ONE, "refrain": ZERO}
    # Off the path: 1 on resolved lets Iran refrain from attack after a strike, 0 makes it attack after hold.
    certain = ONE if on == "hold" else ZERO
    strategy = {
        "resolved": sender, "irresolute": sender, f"after {on}": refrain,
        f"after {off}": refrain if on == "hold" else attack,
    }
    beliefs = {
        f"after {on}": {f"resolved, {on}": RESOLVE, f"irresolute, {on}": 1 - RESOLVE},
        f"after {off}": {f"resolved, {off}": certain, f"irresolute, {off}": 1 - certain},
    }
    name, rest = ("x", "x == 1") if on == "hold" else ("y", "y == 1")
    return Equilibrium(
        id="F1" if on == "hold" else "F2",
        label=f"pooling on {on}",
        strategy={infoset.name: strategy[infoset.name] for infoset in scenario.game.infosets},
        beliefs={infoset.name: beliefs[infoset.name] for infoset in scenario.game.infosets if infoset.name in beliefs},
        free=Free({"mu": f"belief at after {off} of resolved, {off}", name: f"attack at after {off}"},
                  (("0 <= mu", "mu < 1/3", rest),)),
        outcomes={f"resolved, {on}, refrain": RESOLVE, f"irresolute, {on}, refrain": 1 - RESOLVE},
        payoffs={"US": Fraction(0 if on == "hold" else "-1/5"), "Iran": ZERO},
        events={"strike": sender["strike"], "hold": sender["hold"], "attack": ZERO, "refrain": ONE},
        certificate=certify(scenario.game.at(scenario.point), strategy, beliefs),
    )


def solution(scenario: Scenario) -> Solution:
    return Solution(
        equilibria=(pooling(scenario, "hold"), pooling(scenario, "strike")),
        concept="pbe", method="atlas", complete=True, scenario=scenario.to_dict(),
    )
