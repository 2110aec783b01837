"""Trust and reassurance against the published regions (canon/results.md, 10), point by point."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

import deterrence as dt
from deterrence import models

MODEL = models.get("reassurance")
# R_N = T_M = 2, T_N = R_M = S = 1, p1 = 1/4: the payoffs of the summary.
POINT = {
    "trust_1": "1/4", "trust_2": "1/4", "first_step": "1/2", "reward_nice": 2, "temptation_nice": 1, "sucker_nice": 1,
    "reward_mean": 1, "temptation_mean": 2, "sucker_mean": 1,
}


def first_steps(rounds: str, **changes: object) -> list[Fraction]:
    """In every equilibrium the probability that Side 1 cooperates first."""
    game = MODEL.build({"rounds": rounds})
    return sorted(e.events["first cooperates"] for e in dt.solve(game, point={**POINT, **changes}))


# P[first cooperates]: nobody 0; separating p1 = 1/4; the mean mimic with x: 1/4 + 3/4*x.
@pytest.mark.parametrize(("trust", "step", "wanted"), [
    ("1/4", "17/20", ["0", "1/4"]), ("1/4", "7/10", ["0", "1/2"]), ("1/4", "19/20", ["0"]), ("2/5", "24/25", ["1/4"]),
    ("9/20", "1/2", ["3/4"]), ("1/10", "1/2", ["0", "1/2"]),
])
def test_the_points_of_the_summary(trust: str, step: str, wanted: list[str]) -> None:
    assert first_steps("two", trust_2=trust, first_step=step) == [Fraction(x) for x in wanted]


@pytest.mark.parametrize("seed", range(25))
def test_in_one_round_each_type_has_its_threshold(seed: int) -> None:
    rng = Random(seed)
    values = {name: Fraction(rng.randint(1, 60), 7) for name in (*POINT,) if name not in ("trust_1", "trust_2")}
    values["first_step"] = Fraction(1, 2)
    # The nice prefer cooperation, the mean prefer to exploit.
    values["temptation_nice"] = values["reward_nice"] - Fraction(1, 9)
    values["temptation_mean"] = values["reward_mean"] + Fraction(1, 9)
    p1, p2 = Fraction(rng.randint(1, 100), 101), Fraction(rng.randint(1, 102), 103)
    nice, mean = (values[f"sucker_{t}"] / (values[f"reward_{t}"] + values[f"sucker_{t}"]) for t in ("nice", "mean"))
    wanted = p1 * (p2 > nice) + (1 - p1) * (p2 > mean)
    assert first_steps("one", trust_1=p1, trust_2=p2, **values) == [wanted]


@pytest.mark.parametrize(("p1", "p2"), [("1/4", "3/4"), ("2/5", "2/5"), ("3/4", "2/3"), ("4/5", "9/10")])
def test_at_once_trust_needs_both_beliefs_above_the_threshold(p1: str, p2: str) -> None:
    # m = S/(R - T + S) = 1/2; the mixture has 1's nice type with m/p1 and 2's with m/p2; distrust always.
    one, two, m = Fraction(p1), Fraction(p2), Fraction(1, 2)
    wanted = [Fraction(0)] + ([m, one] if min(one, two) > m else [])
    assert first_steps("simultaneous", trust_1=p1, trust_2=p2) == sorted(wanted)


def bounds(p2: Fraction, v: dict[str, Fraction]) -> tuple[Fraction, Fraction]:
    low = v["T_M"] / (v["T_M"] - p2 * v["R_M"] + (1 - p2) * v["S_M"])
    return low, v["R_N"] / ((1 - p2) * (v["R_N"] + v["S_N"]))


@pytest.mark.parametrize("seed", [1])
def test_a_first_step_separates_between_its_bounds(seed: int) -> None:
    rng = Random(40 + seed)
    v = {name: Fraction(rng.randint(5, 40), 7) for name in ("R_N", "S_N", "R_M", "S_M")}
    v["T_M"] = v["R_M"] + Fraction(rng.randint(1, 9), 5)
    least = min(v["S_N"] / (v["R_N"] + v["S_N"]), v["S_M"] / (v["R_M"] + v["S_M"]))
    p2 = Fraction(rng.randint(1, 60), 101)
    low, high = bounds(p2, v)
    for step in (low - Fraction(1, 50), (low + high) / 2):
        if not 0 < step < 1:
            continue
        found = first_steps(
            "two", trust_1=least / 2, trust_2=p2, first_step=step, reward_nice=v["R_N"], sucker_nice=v["S_N"],
            temptation_nice=v["R_N"] - 1, reward_mean=v["R_M"], sucker_mean=v["S_M"], temptation_mean=v["T_M"],
        )
        assert (least / 2 in found) is (low < step < high)
