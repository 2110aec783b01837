"""`coordinated_attack` against the points of the canon (M08), a root scan, quadrature, and beliefs by enumeration."""

from __future__ import annotations

import itertools
import json
import random
from fractions import Fraction
from math import ceil, comb, exp, factorial, floor, pi, sqrt
from pathlib import Path
from statistics import NormalDist

import pytest

import deterrence as dt
from deterrence import models
from deterrence.checks.coordinated_attack import certify, certify_finite
from deterrence.enclosures import Enclosure
from deterrence.errors import NotSupportedError
from deterrence.expressions import exact

ATTACK = models.get("coordinated_attack")
GAME = ATTACK.build()
CANON = json.loads((Path(__file__).parent / "canon" / "points-dynamic.json").read_text())
POINTS = {
    point["id"]: point for model in CANON["models"] if model["model"] == "M08_globalgame" for point in model["points"]
}
CONTINUUM = {key: point for key, point in POINTS.items() if "alpha" in point["params"]}
FINITE = {key: point for key, point in POINTS.items() if "n" in point["params"]}
RESOLVE, SIGNAL = "resolve up to which the attack succeeds", "signal up to which an attacker attacks"
NORMAL = NormalDist()


def solved(cost, mean, prior, signal):
    values = {"cost": cost, "prior_mean": mean, "prior_precision": prior, "signal_precision": signal}
    solution = dt.solve(GAME, point=values)
    assert solution.complete
    assert all(entry.certificate.holds and entry.certificate.nash_regret < 1e-20 for entry in solution)
    return list(solution)


def thresholds(*numbers):
    return [entry.figures[RESOLVE] for entry in solved(*numbers)]


def drawn(rng):
    return [Fraction(rng.randint(1, 19), 20), Fraction(rng.randint(-10, 30), 20),
            Fraction(rng.randint(1, 60), 10), Fraction(rng.randint(1, 60), 10)]


# Points of the canon


@pytest.mark.parametrize("key", CONTINUUM)
def test_points_of_the_canon(key):
    given, expected = CONTINUUM[key]["params"], CONTINUUM[key]["expected"]
    entries = solved(given["c"], given.get("z", 0), given["alpha"], given["beta"])
    known = expected.get("theta_stars") or [expected["theta_star"]]
    assert len(entries) == expected.get("n_equilibria", 1)
    assert [float(entry.figures[RESOLVE]) for entry in entries] == pytest.approx(known, abs=1e-12)
    if "x_star" in expected:
        assert float(entries[0].figures[SIGNAL]) == pytest.approx(expected["x_star"], abs=1e-9)


@pytest.mark.parametrize("key", FINITE)
def test_finite_points_of_the_canon(key):
    given, expected = FINITE[key]["params"], FINITE[key]["expected"]
    game = ATTACK.build({"form": "finite", "attackers": given["n"], "needed": given["T"]})
    (entry,) = dt.solve(game, point={"cost": exact(given["c"]) / exact(given["v"])})
    assert (entry.label == "all attack") == expected["attack_at_cutoff"]
    critical = entry.figures["cost up to which all attack"]
    assert float(critical) == pytest.approx(expected["critical_c_over_v"], abs=1e-15)


# Counting


def scan(cost, mean, prior, signal):
    """Changes of sign of the condition in section M08 of the canon on a fine grid of quantiles, in floats."""
    cost, mean, prior, signal = map(float, (cost, mean, prior, signal))
    found = []
    level = sqrt(prior + signal) * NORMAL.inv_cdf(cost)
    span = (abs(level) + prior * (abs(mean) + 1)) / sqrt(signal) + 2
    # Off the middle, where symmetry puts a root that a change of sign would miss.
    grid = [-span + 2 * span * (n + 0.37) / 6007 for n in range(6007)]
    values = [prior * (NORMAL.cdf(u) - mean) - sqrt(signal) * u - level for u in grid]
    for u, a, b in zip(grid, values, values[1:], strict=False):
        if a * b < 0:
            found.append((u, u + 2 * span / 6007))
    return found


def test_equilibria_are_counted_as_by_a_root_scan():
    rng = random.Random(1)
    counts = {1: 0, 3: 0}
    for n in range(60):
        numbers = drawn(rng)
        if n % 2:
            # Below the bound, near the middle: often three.
            numbers[0], numbers[1], numbers[3] = Fraction(rng.randint(8, 12), 20), Fraction(1, 2), numbers[2] ** 2 / 16
        found = thresholds(*numbers)
        known = scan(*numbers)
        assert len(found) == len(known)
        for theta, (low, high) in zip(found, known, strict=True):
            assert NORMAL.cdf(low) - 1e-9 <= float(theta) <= NORMAL.cdf(high) + 1e-9
        counts[len(found)] += 1
        if numbers[3] >= numbers[2] ** 2 / Fraction(62, 10):
            assert len(found) == 1
    assert min(counts.values()) >= 10


def test_below_the_bound_there_are_several_somewhere():
    rng = random.Random(2)
    for _ in range(15):
        prior = Fraction(rng.randint(1, 60), 10)
        bound = prior**2 / Fraction(2 * pi)
        at_most = Fraction(floor(bound * 1000), 1000) - Fraction(1, 1000)
        above = Fraction(ceil(bound * 1000), 1000)
        cost = Fraction(1, 2) + Fraction(1, 10**9)
        if at_most > 0:
            assert len(thresholds(cost, Fraction(1, 2), prior, at_most)) == 3
        assert len(thresholds(cost, Fraction(1, 2), prior, above)) == 1


def test_more_public_precision_makes_several_equilibria():
    assert len(thresholds("1/2", "1/2", "5/2", 1)) == 1
    found = thresholds("1/2", "1/2", "13/5", 1)
    assert len(found) == 3
    assert found[1].low < Fraction(1, 2) < found[1].high
    assert float(found[0]) + float(found[2]) == pytest.approx(1, abs=1e-12)


# Definitions


@pytest.mark.parametrize("seed", range(6))
def test_events_and_payoffs_by_quadrature(seed):
    rng = random.Random(seed)
    numbers = drawn(rng)
    cost, mean, prior, signal = map(float, numbers)
    for entry in solved(*numbers):
        theta, x = float(entry.figures[RESOLVE]), float(entry.figures[SIGNAL])
        assert NORMAL.cdf(sqrt(signal) * (x - theta)) == pytest.approx(theta, abs=1e-12)
        belief = NormalDist((prior * mean + signal * x) / (prior + signal), 1 / sqrt(prior + signal))
        assert belief.cdf(theta) == pytest.approx(cost, abs=1e-12)
        totals = dict.fromkeys(("deterrence_failure", "attack", "self_fulfilling", "fight"), 0.0)
        steps, reach = 40_000, 9 / sqrt(prior)
        for n in range(steps):
            t = mean - reach + 2 * reach * (n + 0.5) / steps
            weight = sqrt(prior / (2 * pi)) * exp(-prior * (t - mean) ** 2 / 2) * 2 * reach / steps
            share = NORMAL.cdf(sqrt(signal) * (x - t))
            totals["deterrence_failure"] += weight * (share >= t)
            totals["attack"] += weight * share
            totals["self_fulfilling"] += weight * (0 < t <= share)
            totals["fight"] += weight * share * (share < t)
        assert {name: float(value) for name, value in entry.events.items()} == pytest.approx(totals, abs=1e-3)
        worth = totals["attack"] - totals["fight"] - cost * totals["attack"]
        assert float(entry.payoffs["attacker"]) == pytest.approx(worth, abs=1e-3)


def test_with_a_diffuse_prior_the_threshold_is_one_less_the_cost():
    rng = random.Random(4)
    for _ in range(20):
        cost, _, _, signal = drawn(rng)
        (entry,) = solved(cost, 3, 0, signal)
        assert entry.figures[RESOLVE] == 1 - cost
        x = float(1 - cost) + NORMAL.inv_cdf(float(1 - cost)) / sqrt(signal)
        assert float(entry.figures[SIGNAL]) == pytest.approx(x, abs=1e-9)
        # It is the limit of ever more diffuse priors, and chances are too.
        (near,) = solved(cost, 3, Fraction(1, 10**14), signal)
        assert float(near.figures[RESOLVE]) == pytest.approx(float(1 - cost), abs=1e-6)
        assert {n: float(v) for n, v in near.events.items()} == pytest.approx(
            {n: float(v) for n, v in entry.events.items()}, abs=1e-5
        )
        assert float(near.payoffs["attacker"]) == pytest.approx(float(entry.payoffs["attacker"]), abs=1e-5)


def test_thresholds_fall_in_cost_and_mean_but_for_the_middle_one():
    rng = random.Random(5)
    middles = 0
    step = Fraction(1, 10**6)
    for n in range(24):
        numbers = drawn(rng)
        if n % 3 == 0:
            numbers[1], numbers[0], numbers[3] = Fraction(1, 2), Fraction(1, 2), numbers[2] ** 2 / 10
        before = thresholds(*numbers)
        for place in (0, 1):
            moved = list(numbers)
            moved[place] += step
            after = thresholds(*moved)
            assert len(after) == len(before)
            for i, (old, new) in enumerate(zip(before, after, strict=True)):
                middle = len(before) == 3 and i == 1
                assert new.low > old.high if middle else new.high < old.low
                middles += middle
    assert middles >= 8


# The finite form


@pytest.mark.parametrize("n", range(1, 7))
def test_every_order_of_signals_is_equally_likely_at_the_cutpoint(n):
    for needed in range(1, n + 2):
        wins = sum(order.index(0) + 1 >= needed for order in itertools.permutations(range(n)))
        critical = Fraction(wins, factorial(n))
        assert critical == Fraction(max(n - needed + 1, 0), n)
        # The same with uniform noise: each other is below with a probability that is uniform over resolves.
        beta = sum(
            (Fraction(comb(n - 1, k) * factorial(k) * factorial(n - 1 - k), factorial(n))
             for k in range(max(needed - 1, 0), n)), Fraction(0),
        )
        assert beta == critical
        game = ATTACK.build({"form": "finite", "attackers": n, "needed": needed})
        for cost in {critical - Fraction(1, 100), critical, critical + Fraction(1, 100)}:
            if not 0 < cost < 1:
                continue
            (entry,) = dt.solve(game, point={"cost": cost})
            wanted = "all attack" if cost < critical else "none attack" if cost > critical else "any cutpoint"
            assert entry.label == wanted
            assert [family.label for family in dt.atlas(game) if family.holds({"cost": cost})] == [wanted]


def test_on_the_knife_edge_a_sweep_takes_both_ends():
    scenario = dt.loads("""format = 1
title = "Three of five"
model = "coordinated_attack"
[options]
form = "finite"
attackers = 5
needed = 3
[parameters]
cost = "1/2"
""")
    grid = dt.sweep(scenario, over={"cost": [Fraction(1, 2), Fraction(3, 5), Fraction(7, 10)]}, method="solve")
    assert grid["P_max[deterrence_failure]"].values.tolist() == [1, 1, 0]
    assert grid["P_min[deterrence_failure]"].values.tolist() == [1, 0, 0]


# The parts around it


def test_the_continuum_has_no_closed_forms():
    with pytest.raises(NotSupportedError, match="as a number"):
        dt.atlas(GAME)


def test_a_wrong_threshold_fails_its_certificate():
    cost, mean, prior, signal = (Fraction(13, 25), Fraction(12, 25), Fraction(9, 2), Fraction(7, 4))
    (first, *_) = solved(cost, mean, prior, signal)
    theta, x = first.figures[RESOLVE], first.figures[SIGNAL]
    assert certify(cost, mean, prior, signal, theta, x).holds
    moved = Fraction(1, 10**9)
    for wrong in (
        (cost, mean, prior, signal, Enclosure(theta.low + moved, theta.high + moved), x),
        (cost, mean, prior, signal, theta, Enclosure(x.low + moved, x.high + moved)),
        (cost + moved, mean, prior, signal, theta, x), (cost, mean + moved, prior, signal, theta, x),
    ):
        failed = certify(*wrong)
        assert not failed.holds
        assert failed.fails_at == ("attacker",)
        assert failed.nash_regret > 1e-11
    assert not certify_finite(5, 3, Fraction(61, 100), Fraction(1)).holds
    assert not certify_finite(5, 3, Fraction(59, 100), Fraction(0)).holds
    assert not certify_finite(5, 3, Fraction(59, 100), None).holds


def test_extreme_numbers_are_solved_too():
    tiny, huge = Fraction(1, 10**12), Fraction(10**12)
    for numbers in itertools.product((tiny, 1 - tiny), (-1000, 1000), (tiny, huge), (tiny, huge)):
        for entry in solved(*numbers):
            assert all(0 <= float(value) <= 1 for value in entry.events.values())
