"""`signal_size` against the formulas of the canon (results, 7.4) and deviations of single types on a grid."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import deterrence as dt
from deterrence import models
from deterrence.checks.signal_size import certify

MODEL = models.get("signal_size")
GAMES = {technology: MODEL.build({"technology": technology}) for technology in ("sunk", "tied")}
WARS = (Fraction(1, 10), Fraction(-1, 5))


def solved(technology, q, p, cost):
    values = {"challenger_strength": q, "victory": p, "war_cost": cost, "prize_challenger": "3/5",
              "war_strong": WARS[0], "war_weak": WARS[1]}
    solution = dt.solve(GAMES[technology], point=values)
    (entry,) = solution
    assert solution.complete
    assert entry.certificate.holds
    return entry


def formulas(technology, q, p, cost):
    """Cutpoint and signal of section 7.4."""
    if technology == "sunk":
        return cost / p, (1 - q) * cost / p
    cut = q * cost / (1 - q + q * p)
    return cut, cost - p * cut


def of_type(technology, q, p, cost, v, m, fights, weak_hold):
    """What a type expects from a signal and an answer, by the payoffs of the game."""
    challenged = p * v - cost if fights else -m if technology == "tied" else 0
    chance = q if weak_hold else 1
    return (1 - chance) * v + chance * challenged - (m if technology == "sunk" else 0)


def equilibrium(technology, q, p, cost, v):
    cut, m = formulas(technology, q, p, cost)
    signals = cut < 1 and v >= cut
    return of_type(technology, q, p, cost, v, m if signals else 0, signals, signals)


def drawn(seed):
    rng = random.Random(seed)
    return [Fraction(rng.randint(1, 19), 20), Fraction(rng.randint(1, 20), 20), Fraction(rng.randint(1, 30), 20)]


@pytest.mark.parametrize("technology", GAMES)
def test_formulas_of_the_canon(technology):
    for seed in range(60):
        q, p, cost = drawn(seed)
        entry = solved(technology, q, p, cost)
        cut, m = formulas(technology, q, p, cost)
        assert entry.figures["cutpoint"] == min(cut, 1)
        assert entry.figures["least signal"] == m
        assert entry.events["spiral"] == q * (1 - min(cut, 1))
        assert entry.label == ("separating" if cut < 1 else "silence")
        # Everybody's payoff on a grid of types, on average.
        average = sum(equilibrium(technology, q, p, cost, Fraction(2 * k + 1, 400)) for k in range(200)) / 200
        assert float(entry.payoffs["Defender"]) == pytest.approx(float(average), abs=1e-2)


@pytest.mark.parametrize("technology", GAMES)
def test_no_type_gains_by_any_signal_on_a_grid(technology):
    for seed in range(30):
        q, p, cost = drawn(seed)
        cut, size = formulas(technology, q, p, cost)
        signals = [size * Fraction(k, 8) for k in range(25)] + [cost * Fraction(k, 4) for k in range(9)]
        for k in range(101):
            v = Fraction(k, 100)
            own = equilibrium(technology, q, p, cost, v)
            for m in signals:
                # After another signal only those bound to fight whatever they are keep the weak away.
                weak_hold = (m == size and cut < 1) or (technology == "tied" and m >= cost)
                for fights in (True, False):
                    assert of_type(technology, q, p, cost, v, m, fights, weak_hold and m > 0) <= own


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.fractions(0, 1, max_denominator=40))
def test_every_type_is_as_well_off_with_hands_tied_and_war_is_likelier(seed, v):
    q, p, cost = drawn(seed)
    assert equilibrium("tied", q, p, cost, v) >= equilibrium("sunk", q, p, cost, v)
    tied, sunk = (solved(technology, q, p, cost) for technology in ("tied", "sunk"))
    assert tied.events["spiral"] >= sunk.events["spiral"] == tied.figures["chance of war with sunk signals"]
    assert tied.payoffs["Defender"] >= sunk.payoffs["Defender"]
    assert sunk.payoffs["Defender"] == tied.figures["payoff of the Defender with sunk signals"]
    assert formulas("tied", q, p, cost)[0] < formulas("sunk", q, p, cost)[0]


@pytest.mark.parametrize("technology", GAMES)
def test_the_atlas_says_what_solve_finds(technology):
    atlas = dt.atlas(GAMES[technology])
    assert atlas.complete
    for seed in range(40):
        q, p, cost = drawn(seed)
        entry = solved(technology, q, p, cost)
        point = {"challenger_strength": q, "victory": p, "war_cost": cost, "prize_challenger": Fraction(3, 5),
                 "war_strong": WARS[0], "war_weak": WARS[1]}
        (family,) = [family for family in atlas if family.holds(point)]
        assert family.label == entry.label
        assert {name: value.evaluate(point) for name, value in family.events.items()} == dict(entry.events)
        assert {name: value.evaluate(point) for name, value in family.payoffs.items()} == dict(entry.payoffs)


def test_the_counter_example_is_as_stated():
    # v* = (2/5)/(4/5 + 1/15) = 6/13 at q = 1/5, (1/2)/(3/4 + 1/12) = 3/5 at q = 1/4.
    assert solved("tied", "1/5", "1/3", 2).events["spiral"] == Fraction(1, 5) * Fraction(7, 13)
    assert solved("tied", "1/4", "1/3", 2).events["spiral"] == Fraction(1, 4) * Fraction(2, 5)


def test_wrong_cutpoints_and_signals_fail_their_certificate():
    q, p, cost = Fraction(1, 4), Fraction(1, 2), Fraction(2, 5)
    for technology in GAMES:
        cut, m = formulas(technology, q, p, cost)
        assert certify(technology, q, p, cost, WARS, cut, m).holds
        for wrong in ((cut + Fraction(1, 50), m), (cut - Fraction(1, 50), m), (Fraction(1), m)):
            assert certify(technology, q, p, cost, WARS, *wrong).fails_at == ("Defender",)
        assert not certify(technology, q, p, cost, WARS, cut, m / 2).holds
        assert certify(technology, q, p, cost, (WARS[1], WARS[0]), cut, m).fails_at == ("Challenger",)
    # A stake larger than is needed does as well.
    cut, m = formulas("tied", q, p, cost)
    assert certify("tied", q, p, cost, WARS, cut, 2 * m).holds
