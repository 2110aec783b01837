r"""The certificate of the subgame-perfect equilibrium of `chain_store`: one-shot deviations in every period.

Strategies are the same after every record. With :math:`V_n` what the Defender gets where :math:`n` challengers are
left, a deviation in one period changes what it gets in that period and nothing after it, since nobody looks at the
record; so it gains at most the difference of the two replies. A challenger compares what follows its attack with
staying out. Both are checked for every number of challengers that may be left, from the values themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ..certify import Certificate

__all__ = ["certify"]


def certify(challengers: int, stakes: Mapping[str, Fraction], attack: Fraction, fight: Fraction) -> Certificate:
    """Whether it is subgame-perfect that each challenger attacks, and the Defender fights, with these probabilities."""
    stays = stakes["challenger_out"]
    attacks = fight * stakes["challenger_fought"] + (1 - fight) * stakes["challenger_acquiesced"]
    found: dict[str, Fraction] = {"challenger": max(attacks, stays) - attack * attacks - (1 - attack) * stays}
    value, worst = Fraction(0), Fraction(0)
    for _ in range(challengers):
        fights, acquiesces = stakes["defender_fight"] + value, stakes["defender_acquiesce"] + value
        mixed = fight * fights + (1 - fight) * acquiesces
        worst = max(worst, fights - mixed, acquiesces - mixed)
        value = attack * mixed + (1 - attack) * (stakes["defender_quiet"] + value)
    found["Defender"] = worst
    regret = max(found.values())
    failed = tuple(name for name, gain in found.items() if gain > 0)
    return Certificate(
        "subgame-perfect", not failed, regret, regret, failed,
        tuple(f"{name}: a deviation gains {found[name]}" for name in failed), 2, 2 - len(failed),
    )
