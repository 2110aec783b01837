"""`extremist` against the points of the canon (M04), a root scan, single types, and Bayes by brute force."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import deterrence as dt
from deterrence import models
from deterrence.algebraic import real_roots
from deterrence.checks.extremist import Terms, certify
from deterrence.errors import ExpressionError
from deterrence.expressions import exact

TALK = models.get("extremist")
GAME = TALK.build()
NAMES = tuple(parameter.name for parameter in TALK.parameters)
CANON = json.loads((Path(__file__).parent / "canon" / "points-dynamic.json").read_text())
POINTS = {
    point["id"]: point for model in CANON["models"] if model["model"] == "M04_baliga_sjostrom"
    for point in model["points"]
}
UNIFORM = {key: point for key, point in POINTS.items() if point["params"]["F"][0] == "uniform"}
LOUD, QUIET = "demonstrate", "stay silent"


def at(*numbers):
    return dict(zip(NAMES, map(exact, numbers), strict=True))


def solved(*numbers):
    solution = dt.solve(GAME, point=at(*numbers))
    assert solution.complete
    assert all(entry.certificate.holds and entry.certificate.arithmetic == "exact" for entry in solution)
    return {entry.label: entry for entry in solution}


def drawn(seed, sign=None):
    """Advantage, exposure, ends of the costs and an extremist that is heeded, or any."""
    rng = random.Random(seed)
    gain, harm = Fraction(rng.randint(1, 40), 40), Fraction(rng.randint(1, 40), 40)
    low = min(gain, harm) - Fraction(rng.randint(1, 40), 40)
    high = max(gain, harm) + Fraction(rng.randint(1, 40), 40)
    if sign is None:
        return gain, harm, low, high, Fraction(rng.randint(-20, 60), 40)
    gain, harm = sorted((gain, harm), reverse=sign < 0)
    return gain, harm, low, high, Fraction(-1 if sign > 0 else 3)


def cuts(entry):
    words = {0: "silence", 1: "demonstration"}
    return {(s, m): entry.figures[f"cutpoint of {s} after {word}"] for s in "AB" for m, word in words.items()}


# Points of the canon


@pytest.mark.parametrize("key", UNIFORM)
def test_points_of_the_canon(key):
    given, expected = UNIFORM[key]["params"], UNIFORM[key]["expected"]
    numbers = [given["mu"], given["d"], *given["F"][1:], given["c_E"]]
    entries = solved(*numbers)
    assert set(entries) == {"no talk", "communication"}
    for state in "AB":
        told = entries["no talk"].figures[f"cutpoint of {state} without talk"]
        assert float(told) == pytest.approx(expected["c_hat"], abs=1e-12)
    found = cuts(entries["communication"])
    for state in "AB":
        for m in (0, 1):
            assert float(found[state, m]) == pytest.approx(expected[f"c{state}{m}"], abs=1e-12)
    op, bound = expected["c_E_bound"]
    figure = {"<=": "largest", ">=": "least"}[op] + " cost of an extremist that plays this"
    assert float(entries["communication"].figures[figure]) == pytest.approx(bound, abs=1e-12)


@pytest.mark.parametrize("key", UNIFORM)
def test_beyond_its_bound_the_extremist_deviates(key):
    given, expected = UNIFORM[key]["params"], UNIFORM[key]["expected"]
    op, bound = expected["c_E_bound"]
    beyond = bound + (1 if op == "<=" else -1) / 50
    inside = bound - (1 if op == "<=" else -1) / 50
    numbers = [given["mu"], given["d"], *given["F"][1:]]
    assert "communication" not in solved(*numbers, beyond)
    assert "communication" in solved(*numbers, inside)


def test_with_a_dense_middle_there_are_several_cutpoints_without_talk():
    # F = beta(2,2): 3 t**2 - 2 t**3 at t = (c - lo)/(hi - lo); the equilibria solve c = mu + (d - mu) F(c).
    given = POINTS["M04_baliga_sjostrom-13"]["params"]
    mu, d, low, high = map(exact, (given["mu"], given["d"], *given["F"][1:]))
    width = high - low
    roots = real_roots([low - mu, width, -3 * (d - mu), 2 * (d - mu)], 0, 1)
    assert len(roots) == POINTS["M04_baliga_sjostrom-13"]["expected"]["n_cutoff_equilibria"] == 3


# By definition


def equations(gain, harm, low, high, sign, quiet):
    """The left side less the right side of the equation of cB0 in section M04 of the canon, in floats."""

    def share(x):
        return (x - low) / (high - low)

    def reply(x):
        return gain + (harm - gain) * share(x)

    loud = harm if sign > 0 else gain
    one, nought = share(reply(loud)), share(reply(quiet))
    hawks = nought / (1 - one + nought) if sign > 0 else one / (one + 1 - nought)
    return quiet - gain - (harm - gain) * hawks


@pytest.mark.parametrize("sign", [1, -1])
def test_one_cutpoint_after_silence_by_a_root_scan(sign):
    for seed in range(40):
        gain, harm, low, high, extreme = drawn(seed, sign)
        if gain == harm:
            continue
        (entry,) = (e for label, e in solved(gain, harm, low, high, extreme).items() if label == "communication")
        numbers = [float(x) for x in (gain, harm, low, high)]
        first, last = sorted(numbers[:2])
        grid = [first + (last - first) * n / 997 for n in range(998)]
        grid = [x for x in grid if x < (harm if sign > 0 else gain)]
        values = [equations(*numbers, sign, x) for x in grid]
        changes = [x for x, a, b in zip(grid, values, values[1:], strict=False) if a * b < 0]
        assert len(changes) <= 1
        quiet = float(cuts(entry)["B", 0])
        assert equations(*numbers, sign, quiet) == pytest.approx(0, abs=1e-12)
        if changes:
            assert changes[0] - 1e-12 <= quiet <= changes[0] + (last - first) / 997 + 1e-12


def worth(gain, harm, hawkish, cost, opposed):
    return gain * (1 - opposed) - cost if hawkish else -harm * opposed


def by_bayes(numbers, entry):
    """Every figure of an equilibrium from what types do, cell by cell on a grid of costs."""
    gain, harm, low, high, extreme = map(float, numbers)
    found = {key: float(value) for key, value in cuts(entry).items()}
    sent = float(entry.strategy["Extremist"]["demonstrate"])
    first, last = sorted((found["A", 0], found["A", 1]))
    mixing = sent * (high - low) / (last - first)
    steps = 20_000
    q = {m: (found["B", m] - low) / (high - low) for m in (0, 1)}
    heard, hawks, totals = {0: 0.0, 1: 0.0}, {0: 0.0, 1: 0.0}, {"Extremist": 0.0, "State A": 0.0}
    for n in range(steps):
        c = low + (high - low) * (n + 0.5) / steps
        for m, chance in ((1, mixing if first < c <= last else 0.0), (0, 1 - mixing if first < c <= last else 1.0)):
            hawkish = c <= found["A", m]
            heard[m] += chance / steps
            hawks[m] += chance / steps * hawkish
            totals["State A"] += chance / steps * worth(gain, harm, hawkish, c, q[m])
            totals["Extremist"] += chance / steps * worth(gain, harm, hawkish, extreme, q[m])
    events = {
        "demonstration": heard[1], "hawk_a": hawks[0] + hawks[1], "hawk_b": heard[0] * q[0] + heard[1] * q[1],
        "spiral": hawks[0] * q[0] + hawks[1] * q[1],
        "deterrence_failure": 1 - sum((heard[m] - hawks[m]) * (1 - q[m]) for m in (0, 1)),
    }
    cut = {m: gain + (harm - gain) * hawks[m] / heard[m] for m in (0, 1)}
    b = sum(
        heard[m] * sum(
            worth(gain, harm, c <= found["B", m], c, hawks[m] / heard[m])
            for c in (low + (high - low) * (n + 0.5) / 4000 for n in range(4000))
        ) / 4000
        for m in (0, 1)
    )
    return events, {**totals, "State B": b}, cut


@pytest.mark.parametrize("sign", [1, -1])
def test_events_payoffs_and_replies_by_brute_force(sign):
    checked = dict.fromkeys(("communication", "partial communication"), 0)
    for seed in range(6):
        gain, harm, low, high, extreme = drawn(100 + seed, sign)
        entry = solved(gain, harm, low, high, extreme)["communication"]
        (bound,) = [value for name, value in entry.figures.items() if "extremist" in name]
        # Between the two bounds there are two ways of being heeded.
        calm = solved(gain, harm, low, high, extreme)["no talk"].figures["cutpoint of A without talk"]
        share = (calm - low) / (high - low)
        fixed = (harm - low) / (high - low) if sign > 0 else (gain - low) / (high - low)
        other = gain * (1 - fixed) + harm * share if sign > 0 else gain * (1 - share) + harm * fixed
        middle = Fraction((float(bound) + float(other)) / 2).limit_denominator(10**9)
        for numbers in ((gain, harm, low, high, extreme), (gain, harm, low, high, middle)):
            for label, found in solved(*numbers).items():
                if label == "no talk":
                    continue
                checked[label] += 1
                events, payoffs, replies = by_bayes(numbers, found)
                for m in (0, 1):
                    assert float(cuts(found)["B", m]) == pytest.approx(replies[m], abs=2e-3)
                assert {n: float(v) for n, v in found.events.items()} == pytest.approx(events, abs=1e-3)
                assert {n: float(v) for n, v in found.payoffs.items()} == pytest.approx(payoffs, abs=1e-3)
    assert checked["communication"] >= 6
    assert checked["partial communication"] >= 5


# Comparative statics and welfare, type by type


def type_payoff(numbers, cut, opposed, cost):
    """Of a type with this cost that is hawkish up to a cutpoint."""
    return worth(*numbers[:2], cost <= cut, cost, opposed)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_order_of_the_cutpoints_and_who_is_harmed(sign):
    for seed in range(100):
        numbers = drawn(1000 + seed, sign)
        gain, harm, low, high, _ = numbers
        if gain == harm:
            continue
        entries = solved(*numbers)
        calm = entries["no talk"].figures["cutpoint of A without talk"]
        found = cuts(entries["communication"])
        assert calm < found["B", 0] < found["B", 1]
        if sign > 0:
            assert calm < found["A", 0] < found["A", 1]
        else:
            assert found["A", 1] < found["A", 0] < calm

        def share(x, low=low, high=high):
            return (x - low) / (high - low)

        first, last = sorted((found["A", 0], found["A", 1]))
        heard = share(last) - share(first)
        hawks = share(found["A", 0]) if sign > 0 else share(first)
        for n in range(21):
            cost = low + (high - low) * Fraction(n, 20)
            before = type_payoff(numbers, calm, share(calm), cost)
            message = 1 if first < cost <= last else 0
            after = type_payoff(numbers, found["A", message], share(found["B", message]), cost)
            assert after <= before
            rival = type_payoff(numbers, found["B", 1], Fraction(sign > 0), cost) * heard
            rival += type_payoff(numbers, found["B", 0], hawks / (1 - heard), cost) * (1 - heard)
            assert rival <= before if sign > 0 else rival >= before


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_the_atlas_says_what_solve_finds(seed):
    numbers = drawn(seed)
    point = at(*numbers)
    assume(point["advantage"] != point["exposure"] or seed % 7 == 0)
    entries = solved(*numbers)
    kind = "complements" if point["exposure"] > point["advantage"] else "substitutes"
    holding = {family.label.removesuffix(f": {kind}"): family for family in ATLAS if family.holds(point)}
    assert set(holding) == set(entries)
    for label, family in holding.items():
        if not family.quantities:
            entry = entries[label]
            assert {n: v.evaluate(point) for n, v in family.events.items()} == dict(entry.events)
            assert {n: v.evaluate(point) for n, v in family.payoffs.items()} == dict(entry.payoffs)
            assert family.strategy["Extremist"][LOUD].evaluate(point) == entry.strategy["Extremist"][LOUD]


ATLAS = dt.atlas(GAME)


def test_the_counter_example_has_both_forms_of_talk():
    # Indifferent where 1/16 + F(cB0)/2 = 0.397: F(cB0) = 0.669, cB0 = 0.419, cA0 = 0.25 + 0.25*0.669 = 0.41725. From
    # cB0 = 0.25 + 0.25*F(cA0)/(1 - s) follows 1 - s = 0.25*0.66725/0.169, s = 0.01294, of 0.6875 - 0.66725 = 0.02025.
    entries = solved("1/4", "1/2", "-1/4", "3/4", "397/1000")
    assert set(entries) == {"no talk", "communication", "partial communication"}
    partial = cuts(entries["partial communication"])
    sent = entries["partial communication"].strategy["Extremist"][LOUD]
    assert round(float(sent / abs(partial["A", 1] - partial["A", 0])), 2) == 0.64


def test_equal_advantage_and_exposure_leave_nothing_to_say():
    # Being hawkish brings 1/2 whatever the other does: types below 1/2 are hawks.
    entries = solved("1/2", "1/2", 0, 1, -3)
    assert set(entries) == {"no talk"}
    assert entries["no talk"].events["spiral"] == Fraction(1, 4)


def test_types_on_either_side_are_assumed():
    with pytest.raises(ExpressionError, match="cost_low"):
        solved("1/2", "1/2", "3/4", 1, 0)


def test_the_certificate_fails_what_is_wrong():
    terms = Terms(*map(exact, ("1/4", "1/2", "-1/4", "3/4", "-1/10")))
    calm = Fraction(5, 12)
    nobody = ((terms.high, Fraction(0)),)
    assert certify(terms, nobody, {LOUD: (calm, calm), QUIET: (calm, calm)}).holds
    wrong = [
        (nobody, {LOUD: (calm, calm), QUIET: (calm, Fraction(1, 2))}, "State A after silence"),
        (nobody, {LOUD: (calm, calm), QUIET: (Fraction(1, 2), calm)}, "State A after silence"),
        (nobody, {LOUD: (Fraction(3, 8), Fraction(1, 4)), QUIET: (calm, calm)}, "Extremist"),
        (((calm, Fraction(1)), *nobody), {LOUD: (calm, calm), QUIET: (calm, calm)}, "State B after demonstration"),
        (((terms.high, Fraction(2)),), {LOUD: (calm, calm), QUIET: (calm, calm)}, "Extremist"),
    ]
    for sent, told, at_fault in wrong:
        failed = certify(terms, sent, told)
        assert not failed.holds
        assert at_fault in failed.fails_at
