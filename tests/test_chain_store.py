"""Selten's chain store: the points of the canon, the game as a tree, and its pure Nash equilibria by enumeration."""

from __future__ import annotations

import itertools
import json
import random
from fractions import Fraction
from pathlib import Path

import pytest

import deterrence as dt
from deterrence import models
from deterrence.checks.chain_store import certify
from deterrence.errors import ExpressionError
from deterrence.models.canon.chain_store import tree

CHAIN_STORE = models.get("chain_store")
SCENARIO = Path(__file__).parent.parent / "scenarios" / "canon" / "chain_store.toml"
CANON = json.loads((Path(__file__).parent / "canon" / "points-dynamic.json").read_text())
POINTS = {p["id"]: p for model in CANON["models"] if model["model"] == "M01_selten" for p in model["points"]}
TREES = {n: tree(n) for n in (1, 2, 3)}


def stakes(given):
    names = {
        "challenger_out": "u_out", "challenger_acquiesced": "u_acq", "challenger_fought": "u_fight",
        "defender_quiet": "d_out", "defender_acquiesce": "d_acq", "defender_fight": "d_fight",
    }
    return {name: Fraction(given[key]) for name, key in names.items()}


def pure_nash(values):
    """The outcomes of all pure Nash equilibria of the reduced normal form with two challengers.

    A strategy of the first is whether it attacks; of the second, for each of the three records; of the Defender,
    whether it fights the first, and the second after each record that its own first reply leaves possible.
    """
    u = (values["challenger_out"], values["challenger_acquiesced"], values["challenger_fought"])
    d = (values["defender_quiet"], values["defender_acquiesce"], values["defender_fight"])

    def play(first, second, defender):
        one = 0 if not first else 1 + defender[0]
        return one, 0 if not second[one] else 1 + defender[1 + one]

    seconds = list(itertools.product((0, 1), repeat=3))
    # What it would do after the reply that it does not give is not told apart.
    defenders = [plan for plan in itertools.product((0, 1), repeat=4) if plan[3 - plan[0]] == 0]
    found = []
    for first, second, defender in itertools.product((0, 1), seconds, defenders):
        one, two = play(first, second, defender)
        steady = u[one] >= u[play(1 - first, second, defender)[0]]
        steady &= all(u[two] >= u[play(first, other, defender)[1]] for other in seconds)
        steady &= all(d[one] + d[two] >= sum(d[i] for i in play(first, second, other)) for other in defenders)
        if steady:
            found.append((one, two))
    return found


@pytest.mark.parametrize("key", POINTS)
def test_points_of_the_canon(key):
    given, expected = POINTS[key]["params"], POINTS[key]["expected"]
    values, n = stakes(given), given["N"]
    solution = dt.solve(CHAIN_STORE.build({"challengers": n}), point=values)
    assert solution.complete
    assert len(solution) == expected["n_spe"]
    (entry,) = solution
    assert entry.certificate.holds
    assert entry.payoffs == {
        "Defender": Fraction(expected["defender_total"]), "challenger": Fraction(expected["challenger_each"]),
    }
    attacks = {"(in,acquiesce) x N": 1, "(out) x N": 0}[expected["path"]]
    assert entry.events == {"deterrence_failure": attacks, "spiral": 0}
    if expected.get("n_pure_nash_N2") is not None:
        assert len(pure_nash(values)) == expected["n_pure_nash_N2"]


def test_nash_equilibria_deter_all_and_none_of_them_is_perfect():
    values = stakes(POINTS["M01_selten-01"]["params"])
    found = pure_nash(values)
    assert len(found) == 28
    assert (0, 0) in found
    (entry,) = dt.solve(TREES[2], point=values)
    assert "stay out" not in " ".join(entry.outcomes)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_tree_has_the_same_single_equilibrium(n, seed):
    rng = random.Random(seed)
    values = {name: Fraction(rng.randint(-9, 9), rng.randint(1, 3)) for name in TREES[n].space.names}
    if TREES[n].space.violations(values):
        return
    (entry,) = dt.solve(CHAIN_STORE.build({"challengers": n}), point=values)
    (other,) = dt.solve(TREES[n], point=values)
    for name, row in other.strategy.items():
        kind = "Defender" if name.startswith("Defender") else "challenger"
        assert {label.rsplit(" ", 1)[0]: p for label, p in row.items()} == dict(entry.strategy[kind])
    assert other.payoffs["Defender"] == entry.payoffs["Defender"]
    assert all(other.payoffs[f"challenger {k}"] == entry.payoffs["challenger"] for k in range(1, n + 1))


def test_the_horizon_does_not_help():
    values = stakes(POINTS["M01_selten-01"]["params"])
    for n in (1, 2, 20, 1_000):
        game = CHAIN_STORE.build({"challengers": n})
        (entry,) = dt.solve(game, point=values)
        assert entry.label == "attack, acquiesce"
        assert entry.payoffs["Defender"] == 2 * n
        assert entry.figures["payoff of the Defender if all stayed out"] == 5 * n
        families = [(family.label, str(family.region), str(family.events)) for family in dt.atlas(game)]
        assert families == [
            (family.label, str(family.region), str(family.events))
            for family in dt.atlas(CHAIN_STORE.build({"challengers": 1}))
        ]


@pytest.mark.parametrize("seed", range(20))
def test_the_atlas_says_what_solve_finds(seed):
    rng = random.Random(seed)
    game = CHAIN_STORE.build({"challengers": 4})
    values = {name: Fraction(rng.randint(-9, 9), rng.randint(1, 3)) for name in game.space.names}
    if game.space.violations(values):
        return
    (entry,) = dt.solve(game, point=values)
    (family,) = [family for family in dt.atlas(game) if family.holds(values)]
    assert family.label == entry.label
    assert {name: value.evaluate(values) for name, value in family.payoffs.items()} == dict(entry.payoffs)
    assert {name: value.evaluate(values) for name, value in family.events.items()} == dict(entry.events)


def test_a_tie_is_outside_the_domain():
    values = {**stakes(POINTS["M01_selten-01"]["params"]), "defender_fight": Fraction(2)}
    with pytest.raises(ExpressionError, match="defender_acquiesce - defender_fight != 0"):
        dt.solve(CHAIN_STORE.build(), point=values)


@pytest.mark.parametrize(("attack", "fight", "fails"), [
    (1, 0, ()), (0, 0, ("challenger",)), (0, 1, ("Defender",)), (1, 1, ("challenger", "Defender")),
    ("1/2", 0, ("challenger",)), (1, "1/3", ("Defender",)),
])
def test_the_certificate_tells_who_would_deviate(attack, fight, fails):
    values = stakes(POINTS["M01_selten-01"]["params"])
    check = certify(3, values, Fraction(attack), Fraction(fight))
    assert check.fails_at == fails
    assert check.holds == (not fails)
    # A challenger gains 1 by being let in; the Defender 2 by not fighting.
    assert check.nash_regret <= 2


def test_the_shipped_scenario_is_seltens():
    scenario = dt.load(SCENARIO)
    assert stakes(POINTS["M01_selten-03"]["params"]) == scenario.point
    (entry,) = dt.solve(scenario)
    assert entry.payoffs["Defender"] == 40
    for assumption in scenario.parameters:
        for end in assumption.range:
            assert scenario.game.space.violations({**scenario.point, assumption.name: end}) == ()


def test_a_sweep_in_closed_form():
    grid = dt.sweep(dt.load(SCENARIO), over={"defender_fight": [0, 1, 3]})
    assert grid.attrs["method"] == "atlas"
    assert grid["P_max[deterrence_failure]"].values.tolist() == [1, 1, 0]
    assert grid["payoff_max[Defender]"].values.tolist() == [40, 40, 100]
