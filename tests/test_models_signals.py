"""Costly signalling and deterrence against spiral: published families, point by point, against `solve`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from random import Random

import pytest

import deterrence as dt
from deterrence import models

SIGNALLING = models.get("costly_signalling").build()
SPIRAL = models.get("deterrence_or_spiral").build()


def mixing(p: Fraction, r: Fraction) -> Fraction:
    """X(p, r): how often the other type joins so that the posterior is r."""
    return p * (1 - r) / ((1 - p) * r)


def found(game: object, point: dict[str, Fraction], names: tuple[str, ...]) -> list[tuple[Fraction, ...]]:
    """The events of every equilibrium, in order."""
    return sorted(tuple(entry.events[name] for name in names) for entry in dt.solve(game, point=point))  # type: ignore[arg-type]


# canon/results.md, 13: for each family (P[signal], P[attack]).
def signalling_by_hand(p: Fraction, s: Fraction, w: Fraction, star: Fraction) -> Iterator[tuple[Fraction, ...]]:
    one, zero = Fraction(1), Fraction(0)
    if s < 1 < w:
        yield p, 1 - p
    if p < star and w < 1:
        bluff = mixing(p, star)
        signals = p + (1 - p) * bluff
        yield signals, signals * (1 - w) + (1 - signals)
    if p > star and w < 1:
        yield one, zero
    yield (zero, zero) if p > star else (zero, one)
    if p > star and s < 1:
        mixes = (p - star) / (p * (1 - star))
        yield p * mixes, (1 - p * mixes) * s


@pytest.mark.parametrize("seed", range(60))
def test_costly_signalling_has_the_published_families_and_no_others(seed: int) -> None:
    rng = Random(seed)
    strong, weak = Fraction(rng.randint(1, 30)), Fraction(rng.randint(1, 30))
    point = {
        "strength": Fraction(rng.randint(1, 99), 100), "cost_strong": Fraction(rng.randint(1, 400), 11),
        "cost_weak": Fraction(rng.randint(1, 400), 13), "kept_strong": strong, "kept_weak": weak + 2,
        "attacked_strong": Fraction(0), "attacked_weak": Fraction(2), "gain": Fraction(rng.randint(1, 9), 7),
        "loss": Fraction(rng.randint(1, 9), 7),
    }
    k = point["cost_strong"] / strong, point["cost_weak"] / weak
    if k[0] >= k[1]:
        # Single crossing is what the list assumes.
        point["cost_strong"], k = k[1] * strong / 2, (k[1] / 2, k[1])
    star = point["gain"] / (point["gain"] + point["loss"])
    assert {k[0], k[1], point["strength"]}.isdisjoint({1, star})
    wanted = sorted(signalling_by_hand(point["strength"], *k, star))
    assert found(SIGNALLING, point, ("signal", "attack")) == wanted


# canon/results.md, 13, acceptance: Delta_S = 12, Delta_W = 20, p* = 2/5.
@pytest.mark.parametrize(("costs", "p", "labels", "kept"), [
    ((3, 24), "1/5", ["pooling on silent", "separating"], {"intuitive": ["separating"], "d1": ["separating"]}),
    ((3, 12), "1/5", ["pooling on silent", "semi-separating"],
     {"intuitive": ["pooling on silent", "semi-separating"], "d1": ["semi-separating"]}),
    ((15, 30), "1/5", ["pooling on silent"], {"d1": ["pooling on silent"]}),
    ((15, 30), "3/5", ["pooling on silent"], {"d1": ["pooling on silent"]}),
    ((3, 12), "3/5", ["pooling on signal", "pooling on silent", "semi-separating"],
     {"d1": ["pooling on signal", "pooling on silent", "semi-separating"]}),
])
def test_the_points_of_the_summary_and_what_refinements_leave(
    costs: tuple[int, int], p: str, labels: list[str], kept: dict[str, list[str]]
) -> None:
    point = {
        "strength": p, "cost_strong": costs[0], "cost_weak": costs[1], "kept_strong": 12, "attacked_strong": 0,
        "kept_weak": 20, "attacked_weak": 0, "gain": 2, "loss": 3,
    }
    assert sorted(e.label.partition(":")[0] for e in dt.solve(SIGNALLING, point=point)) == labels
    for refinement, wanted in kept.items():
        left = dt.solve(SIGNALLING, point=point, refine=refinement)
        assert sorted(e.label.partition(":")[0] for e in left) == wanted


# canon/results.md, 11: for each family (P[restraint], P[arm]).
def spiral_by_hand(eps: Fraction, gam: Fraction, v: dict[str, Fraction]) -> Iterator[tuple[Fraction, ...]]:
    star = (v["k2"] - v["n2"]) / (v["x2"] - v["n2"])
    g0 = (v["R"] - v["T"]) / (v["R"] + v["L"])
    g1 = (v["R"] + v["k"]) / (v["R"] + v["k"] + v["T"] + v["L"])
    zero = Fraction(0)
    if eps < star and gam > g0:
        yield zero, zero
    if eps > star and gam > g1:
        yield zero, 1 - gam
    if gam < g1:
        # A tough side is an expansionist, and the fearful arm against it.
        yield 1 - eps, (1 - eps) * gam + eps * (1 - gam)
    if eps < star and g0 < gam < g1:
        tough = mixing(eps, star)
        arms = 1 - ((v["k"] + v["R"]) - gam * (v["T"] + v["L"]) / (1 - gam)) / (v["T"] + v["k"])
        shown = eps + (1 - eps) * tough
        yield 1 - shown, (1 - shown) * gam + shown * (1 - gam) * arms


def spiral_point(eps: Fraction, gam: Fraction, v: dict[str, Fraction]) -> dict[str, Fraction]:
    return {
        "expansionism": eps, "greed": gam, "peace": v["R"], "tense_peace": v["T"], "exploited": v["L"],
        "clash": v["k"], "conquest": Fraction(1), "prey": Fraction(1), "aggression_cost": Fraction(1),
        "clash_greedy": Fraction(1), "clash_fearful": v["k2"], "yield_to_seeker": v["n2"],
        "yield_to_expansionist": v["x2"],
    }


TABLE = dict(zip(("R", "T", "L", "k", "n2", "k2", "x2"), map(Fraction, (4, 2, 6, 4, 1, 3, 6)), strict=True))


@pytest.mark.parametrize(("eps", "gam", "count"), [
    ("1/5", "1/10", 1), ("1/5", "3/10", 3), ("1/5", "7/10", 1), ("3/5", "3/10", 1), ("3/5", "7/10", 1),
    ("3/5", "1/10", 1),
])
def test_the_points_of_the_dilemma(eps: str, gam: str, count: int) -> None:
    wanted = sorted(spiral_by_hand(Fraction(eps), Fraction(gam), TABLE))
    assert len(wanted) == count
    point = spiral_point(Fraction(eps), Fraction(gam), TABLE)
    assert found(SPIRAL, point, ("restraint", "arm")) == wanted


@pytest.mark.parametrize("seed", range(40))
def test_the_dilemma_has_the_derived_families_and_no_others(seed: int) -> None:
    rng = Random(1000 + seed)
    low = sorted(rng.sample(range(1, 40), 3))
    values = {
        "R": Fraction(rng.randint(11, 20), 3), "T": Fraction(rng.randint(1, 10), 3),
        "L": Fraction(rng.randint(1, 20), 3), "k": Fraction(rng.randint(1, 20), 3), "n2": Fraction(low[0], 7),
        "k2": Fraction(low[1], 7), "x2": Fraction(low[2], 7),
    }
    eps, gam = Fraction(rng.randint(1, 100), 101), Fraction(rng.randint(1, 102), 103)
    wanted = sorted(spiral_by_hand(eps, gam, values))
    assert found(SPIRAL, spiral_point(eps, gam, values), ("restraint", "arm")) == wanted
