"""`audience_costs` against the formulas of the canon (results, 8), quadrature, and deviations on a grid."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from math import isclose, log, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import deterrence as dt
from deterrence import models
from deterrence.checks.audience_costs import Side, certify

CRISIS = models.get("audience_costs")
GAME = CRISIS.build()
NAMES = tuple(parameter.name for parameter in CRISIS.parameters)


def at(*numbers):
    return dict(zip(NAMES, numbers, strict=True))


def solved(*numbers):
    solution = dt.solve(GAME, point=at(*numbers))
    assert solution.complete
    (entry,) = solution
    assert entry.certificate.holds
    assert entry.certificate.arithmetic == "exact"
    return entry


def drawn(seed):
    rng = random.Random(seed)
    return [Fraction(rng.randint(1, 40), rng.randint(1, 10)) for _ in range(5)]


def by_formula(v, a_1, a_2, w_1, w_2):
    """Section 8 of the canon, in floats: t*, the state L, k, and the two probabilities of quitting by a time."""
    a, w = {1: float(a_1), 2: float(a_2)}, {1: float(w_1), 2: float(w_2)}
    v = float(v)
    t = {}
    for i, j in ((1, 2), (2, 1)):
        t[i] = (-a[j] * v + sqrt(a[j] ** 2 * v**2 + 4 * a[i] * a[j] * v * w[j])) / (2 * a[i] * a[j])
    low = min((1, 2), key=t.get)
    high = 3 - low
    end = t[low]
    gone = 1 - a[low] * end / w[low]
    k = gone * v - (1 - gone) * a[high] * end

    def quits(i, when):
        if i == high:
            return a[low] * when / (v + a[low] * when)
        return (k + a[high] * when) / (v + a[high] * when)

    return end, low, k, quits


CASES = [drawn(seed) for seed in range(60)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: ",".join(map(str, case)))
def test_the_equilibrium_is_that_of_the_formulas(case):
    end, low, k, quits = by_formula(*case)
    v, a_1, a_2, w_1, w_2 = map(float, case)
    a = {1: a_1, 2: a_2}
    entry = solved(*case)
    assert entry.label == f"State {low} may concede at once"
    assert float(entry.figures["horizon"]) == pytest.approx(end, rel=1e-9)
    assert float(entry.events[f"concede_{low}"]) == pytest.approx(k / v, abs=1e-9)
    assert entry.events[f"concede_{3 - low}"] == 0
    holds = {i: 1 - quits(i, end) for i in (1, 2)}
    assert float(entry.events["war"]) == pytest.approx(holds[1] * holds[2], rel=1e-9)
    # Terminal masses: those who would rather fight are the types above -a*t.
    for i, w in ((1, w_1), (2, w_2)):
        assert holds[i] == pytest.approx(a[i] * end / w, rel=1e-9)
        assert float(entry.figures[f"value of war above which State {i} attacks"]) == pytest.approx(-a[i] * end)
    # The odds of section 8, exactly.
    t, high = entry.figures["horizon"], 3 - low
    exact = {1: case[1], 2: case[2]}
    odds = entry.events[f"bluff_{low}"] / entry.events[f"bluff_{high}"]
    common = exact[1] * exact[2] * t
    assert odds == (exact[high] * case[0] + common) / (exact[low] * case[0] + common)


@pytest.mark.parametrize("case", CASES[:12], ids=lambda case: ",".join(map(str, case)))
def test_no_type_gains_by_another_time_on_a_grid(case):
    end, low, _, quits = by_formula(*case)
    v, a_1, a_2, w_1, w_2 = map(float, case)
    for i, a, worst in ((1, a_1, w_1), (2, a_2, w_2)):
        times = [end * n / 400 for n in range(1, 401)]
        gone = [quits(3 - i, t) for t in times]
        quitting = [q * v - (1 - q) * a * t for q, t in zip(gone, times, strict=True)]
        assert max(quitting) - min(quitting) < 1e-9 * v
        assert isclose(quitting[0], 0, abs_tol=1e-9 * v) == (i == low or by_formula(*case)[2] < 1e-12)
        for n in range(41):
            w = -worst * n / 40
            attacking = [q * v + (1 - q) * w for q in gone]
            assert max(attacking) == attacking[-1]
            best = max(attacking[-1], quitting[0], 0)
            told = attacking[-1] if w >= -a * end else quitting[0]
            assert told == pytest.approx(best, abs=1e-9 * (v + worst))


@pytest.mark.parametrize("case", CASES[:20], ids=lambda case: ",".join(map(str, case)))
def test_payoffs_and_who_is_first_by_quadrature(case):
    end, low, k, quits = by_formula(*case)
    v, a_1, a_2, w_1, w_2 = map(float, case)
    entry = solved(*case)
    steps = 4000
    grid = [end * n / steps for n in range(steps + 1)]
    gone = {i: [quits(i, t) for t in grid] for i in (1, 2)}
    stays = 1 - k / v
    for i, a, worst in ((1, a_1, w_1), (2, a_2, w_2)):
        j = 3 - i
        first = total = 0.0
        for n in range(steps):
            quit_now = gone[i][n + 1] - gone[i][n]
            left = 1 - (gone[j][n] + gone[j][n + 1]) / 2
            first += quit_now * left
            total -= quit_now * left * a * (grid[n] + grid[n + 1]) / 2
            total += (gone[j][n + 1] - gone[j][n]) * (1 - (gone[i][n] + gone[i][n + 1]) / 2) * v
        # Whoever concedes at once, the other gets the prize.
        total += (k if j == low else 0) + (1 - gone[i][-1]) * (1 - gone[j][-1]) * -(a * end) / 2
        assert float(entry.payoffs[f"State {i}"]) == pytest.approx(total, abs=1e-5 * (v + worst))
        told = entry.figures[f"chance that in a crisis State {i} is the first to back down"]
        assert float(told) == pytest.approx(first / stays, abs=1e-5)


def test_events_add_up():
    for case in CASES:
        events = solved(*case).events
        assert events["concede_1"] + events["concede_2"] + events["crisis"] == 1
        assert events["back_down"] + events["war"] == events["crisis"]


# Comparative statics


def test_the_stronger_audience_backs_down_less_and_first_less_often():
    for case in CASES:
        entry = solved(*case)
        first = [entry.figures[f"chance that in a crisis State {i} is the first to back down"] for i in (1, 2)]
        bluff = [entry.events[f"bluff_{i}"] for i in (1, 2)]
        if case[1] == case[2]:
            assert bluff[0] == bluff[1]
        else:
            assert (case[1] > case[2]) == (bluff[0] < bluff[1]) == (float(first[0]) < float(first[1]))
            # The odds of being first lie further from even than those of the types.
            assert abs(log(float(first[0]) / float(first[1]))) > abs(log(float(bluff[0]) / float(bluff[1])))
        stronger = solved(case[0], case[1] * Fraction(11, 10), *case[2:])
        share = [e.events["bluff_1"] / e.events["crisis"] for e in (entry, stronger)]
        assert share[1] < share[0]
        assert float(stronger.figures["chance that in a crisis State 1 is the first to back down"]) < float(first[0])


def test_both_audiences_stronger_in_proportion_leave_war_in_a_crisis_as_it_is():
    for case in CASES:
        v, a_1, a_2, w_1, w_2 = case
        name = "chance of war in a crisis"
        twice = solved(v, 2 * a_1, 2 * a_2, w_1, w_2)
        once = solved(*case)
        assert twice.figures[name] == once.figures[name] == once.events["war"] / once.events["crisis"]
        assert twice.figures["horizon"] * 2 == once.figures["horizon"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.fractions(Fraction(1, 10), 10, max_denominator=20), min_size=5, max_size=5))
def test_prizes_and_audiences_work_as_proved(case):
    entry = solved(*case)
    more = Fraction(21, 20)
    assert solved(case[0] * more, *case[1:]).events["war"] > entry.events["war"]
    stronger = solved(case[0], case[1] * more, *case[2:])
    assert float(stronger.payoffs["State 1"]) > float(entry.payoffs["State 1"])
    assert float(stronger.payoffs["State 2"]) < float(entry.payoffs["State 2"])


def test_the_counter_examples_are_as_stated():
    # The horizon solves 2*t**2 + 2*t = 4, so t = 1: L = 1, with Q_1 = Q_2 of types 2/3 and 1/2, odds 4/3.
    entry = solved(1, 1, 2, 8, 4)
    assert entry.figures["horizon"] == 1
    assert entry.events["bluff_1"] / entry.events["bluff_2"] == Fraction(4, 3)
    first = [float(entry.figures[f"chance that in a crisis State {i} is the first to back down"]) for i in (1, 2)]
    assert round(first[0] / first[1], 2) == 1.68
    # 2*t**2 + 2*(3/2)*t = (10/3)*(3/2) at t = 1; 5*t**2 + 5*(3/2)*t = 5 at t = 1/2. War: a_1*a_2*t**2/(W_1*W_2).
    assert solved("3/2", 2, 1, "10/3", 5).events["war"] == Fraction(2 * 3, 50) == Fraction(3, 25)
    assert solved("3/2", 5, 1, "10/3", 5).events["war"] == Fraction(5, 4) * Fraction(3, 50) == Fraction(3, 40)


# Atlas and certificate


def test_the_atlas_says_what_solve_finds():
    atlas = dt.atlas(GAME)
    assert atlas.complete
    rng = random.Random(3)
    # Small whole numbers meet the knife edges too: equal sides; (1, 2, 1, x, y) with both horizons the same.
    cases = [*CASES, *([Fraction(rng.randint(1, 3)) for _ in range(5)] for _ in range(60)), [1, 1, 2, 3, 4]]
    edges = 0
    for case in cases:
        entry, point = solved(*case), {name: Fraction(value) for name, value in at(*case).items()}
        (family,) = [family for family in atlas if family.holds(point)]
        assert family.label == entry.label
        edges += not family.generic
        t = entry.figures["horizon"]
        if isinstance(t, Fraction):
            here = {**point, "t": t}
            assert family.roots["t"].holds(here)
            assert {name: value.evaluate(here) for name, value in family.events.items()} == dict(entry.events)
            assert {name: value.evaluate(here) for name, value in family.payoffs.items()} == dict(entry.payoffs)
    assert edges > 3


def test_a_wrong_horizon_or_wrong_shares_fail_the_certificate():
    one, two = Fraction(1), Fraction(2)
    # v = 1, a = (1, 2), W = (8, 4): t = 1; Q_2 = t/(1 + t), Q_1 = (5/8 + 2*t)/(1 + 2*t).
    first = Side(one, Fraction(8), -one, (Fraction(5, 8), two, one, two))
    second = Side(two, Fraction(4), -two, (Fraction(0), one, one, one))
    assert certify(one, one, {"State 1": first, "State 2": second}).holds
    wrong = [
        (Fraction(9, 10), first, second),
        (one, replace(first, quits=(Fraction(1, 2), two, one, two)), second),
        (one, replace(first, quits=(Fraction(5, 8), one, one, two)), second),
        (one, first, replace(second, cutpoint=-Fraction(3, 2))),
        (one, first, replace(second, worst=Fraction(5))),
        (one, replace(first, audience=two), second),
        (-one, first, second),
        (one, replace(first, quits=(one, Fraction(0), one, Fraction(0))), second),
    ]
    for horizon, left, right in wrong:
        failed = certify(one, horizon, {"State 1": left, "State 2": right})
        assert not failed.holds
        assert failed.fails_at
        assert failed.reasons
