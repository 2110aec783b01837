"""`indirect_control`: the canon points, comparative statics, and a third phase that the principal prefers."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

import deterrence as dt
from deterrence import models
from deterrence.algebraic import Algebraic
from deterrence.checks import indirect_control as check
from deterrence.checks.automata import Automaton, judge, values
from deterrence.expressions import exact
from deterrence.solvers import members
from deterrence.solvers.indirect_control import Terms, best

MODEL = models.get("indirect_control")
CANON = json.loads((Path(__file__).parent / "canon" / "points-dynamic.json").read_text(encoding="utf-8"))
POINTS = [
    pytest.param(p["params"], p["expected"], id=p["id"])
    for model in CANON["models"] if model["model"] == "M05_pmy" for p in model["points"]
]
NAMES = {
    "eta": "effort_cost", "pi_eta": "disturbance_work", "pi_0": "disturbance_shirk", "pi_p": "disturbance_intervention",
    "chi": "harm", "A": "intensity_cost", "g0": "pain_least", "B": "pain", "beta": "patience",
}
INTENSITY = "intensity of a punishment"


def close(found, wanted):
    return abs(float(found) - wanted) < 1e-9 * max(1.0, abs(wanted))


def solved(point, exponent=5):
    return {entry.label: entry for entry in dt.solve(MODEL.build({"exponent": exponent}), point=point)}


@pytest.mark.parametrize(("params", "expected"), POINTS)
def test_canon_points(params, expected):
    point = {name: exact(params[key]) for key, name in NAMES.items()}
    exponent = round(10 * params["s"])
    found = solved(point, exponent)
    if expected.get("two_phase_equilibrium_at_i_star") is False:
        assert list(found) == ["direct control"]
        notes = dt.solve(MODEL.build({"exponent": exponent}), point=point).notes
        assert f"about {expected['i_star']:.4g}:" in notes[1]
        return
    entry = found["indirect control"]
    assert close(entry.figures[INTENSITY], expected["i_star"])
    assert close(entry.figures["least probability that a punishment may end"], expected["rho_min"])
    assert close(entry.figures["longest expected punishment, in periods"], expected["max_expected_duration"])
    assert close(entry.figures["probability that a punishment ends in a period"], expected["rho_max"])
    assert close(entry.payoffs["Principal"], expected["J_C"])
    assert close(entry.payoffs["Agent"], expected["V_C"])
    assert close(found["direct control"].payoffs["Principal"], expected["J_min"])
    ends = entry.figures["least probability that a punishment may end"]
    used = exact(expected["rho_used"])
    assert ends < used < 1
    # The chance that a punishment begins is linear in the chance that it ends.
    low, high = (m.figures["probability that a disturbance is punished"] for m in members(*at(point, exponent)))
    share = (used - ends) / (1 - ends)
    assert close(low + share * (high - low), expected["ell"])


def at(point, exponent=5):
    return MODEL.build({"exponent": exponent}), point


def test_every_canon_point_is_tested():
    assert len(POINTS) == 6


# Comparative statics, at random exact points


def drawn(rng):
    work = Fraction(rng.randint(1, 10), 40)
    intervene = work + Fraction(rng.randint(2, 16), 40)
    effort = Fraction(rng.randint(2, 10), 20)
    return {
        "effort_cost": effort, "disturbance_work": work, "disturbance_intervention": intervene,
        "disturbance_shirk": intervene + Fraction(rng.randint(0, 12), 40), "harm": Fraction(rng.randint(4, 40), 4),
        "intensity_cost": Fraction(rng.randint(2, 20), 8), "pain_least": effort + Fraction(rng.randint(0, 10), 10),
        "pain": Fraction(rng.randint(4, 24), 8), "patience": Fraction(rng.randint(12, 19), 20),
    }


def intensity(point, exponent):
    """The best intensity, whether it is credible or not, from what `solve` says."""
    game = MODEL.build({"exponent": exponent})
    found = dt.solve(game, point=point)
    entry = next((e for e in found if e.label == "indirect control"), None)
    if entry is not None:
        return entry.figures[INTENSITY], entry.payoffs["Principal"]
    return best(game, point).intensity, None


@pytest.mark.parametrize("exponent", [2, 5, 6])
def test_the_best_intensity_and_the_payoff_move_as_is_published(exponent):
    rng, compared = Random(exponent), 0
    for _ in range(14):
        point = drawn(rng)
        here, worth = intensity(point, exponent)
        for name, rises in (("effort_cost", True), ("harm", True), ("intensity_cost", False)):
            there, less = intensity(point | {name: point[name] + Fraction(1, 20)}, exponent)
            assert (there > here) == rises
            if name == "effort_cost" and worth is not None and less is not None:
                assert less < worth
                compared += 1
        more_patient, _ = intensity(point | {"patience": Fraction(39, 40)}, exponent)
        assert more_patient == here
    assert compared > 3


@pytest.mark.parametrize("exponent", [2, 5, 8])
def test_no_other_intensity_pays_the_principal_more(exponent):
    rng, seen = Random(10 + exponent), 0
    for _ in range(20):
        point = drawn(rng)
        entry = solved(point, exponent).get("indirect control")
        if entry is None:
            continue
        best, worth = float(entry.figures[INTENSITY]), float(entry.payoffs["Principal"])
        p = {name: float(value) for name, value in point.items()}
        share = p["disturbance_work"] * p["effort_cost"] / (p["disturbance_shirk"] - p["disturbance_work"])
        avoided = (p["disturbance_intervention"] - p["disturbance_work"]) * p["harm"]
        for k in range(1, 60):
            other = best * k / 20
            net = p["pain_least"] + p["pain"] * other ** (exponent / 10) - p["effort_cost"]
            if net > 0:
                cost = (avoided + p["intensity_cost"] * other) / net
                assert -p["disturbance_work"] * p["harm"] - share * cost <= worth + 1e-12
        seen += 1
    assert seen > 3


def test_harsher_punishments_must_be_shorter():
    rng, seen = Random(3), 0
    for _ in range(200):
        point = drawn(rng)
        roots = [Fraction(rng.randint(1, 20), 20)]
        roots.append(roots[0] + Fraction(1, 20))
        terms = [Terms(point.__getitem__, Fraction(1, 2), root) for root in roots]
        if all(t.lever > 0 and t.credit > 0 for t in terms):
            assert terms[0].least() < terms[1].least()
            seen += 1
    assert seen > 40


def test_indirect_control_is_better_than_direct_and_lengths_are_worth_the_same():
    rng, seen = Random(4), 0
    for _ in range(40):
        point = drawn(rng)
        found = solved(point)
        if "indirect control" not in found:
            continue
        assert found["indirect control"].payoffs["Principal"] >= found["direct control"].payoffs["Principal"]
        low, high = members(*at(point))
        assert low.payoffs == high.payoffs == found["indirect control"].payoffs
        assert low.certificate.holds
        assert high.certificate.holds
        assert low.events["spiral"] <= high.events["spiral"]
        seen += 1
    assert seen > 8


# The bounds, from deviations


def test_outside_the_bounds_a_deviation_pays():
    rng, seen = Random(5), 0
    for _ in range(40):
        point = drawn(rng)
        entry = solved(point).get("indirect control")
        if entry is None:
            continue
        y = entry.figures["pain of a punished agent"] - point["pain_least"]
        terms = Terms(point.__getitem__, Fraction(1, 2), y / point["pain"])
        least = entry.figures["least probability that a punishment may end"]

        def judged(ends, begins=None, terms=terms, point=point):
            started = terms.begins(ends) if begins is None else begins
            play = check.Phases(point, (1, 2), terms.intensity, terms.pain, started, ends)
            return check.certify(play, point, terms.payoffs())

        assert judged(least).holds
        below = judged(least * Fraction(999, 1000))
        assert not below.holds
        assert "Principal in punishment" in below.fails_at
        assert "Agent in cooperation" in judged(least, terms.begins(least) * Fraction(999, 1000)).fails_at
        assert "payoff of Agent" in judged(least, terms.begins(least) * Fraction(1001, 1000)).fails_at
        wrong = check.Phases(point, (1, 2), terms.intensity + 1, terms.pain, terms.begins(least), least)
        assert {"pain", "intensity"} <= set(check.certify(wrong, point, terms.payoffs()).fails_at)
        seen += 1
    assert seen > 8


def at_numbers(condition, numbers):
    """The sign of a condition's polynomial at exact numbers, irrational ones among them."""
    total = Fraction(0)
    for monomial, coefficient in condition.poly.terms():
        term = Fraction(int(coefficient.p), int(coefficient.q))
        for name, degree in zip(condition.ring.names, monomial, strict=True):
            term = term * numbers[name] ** int(degree)
        total = total + term
    return total


@pytest.mark.parametrize("exponent", [2, 5])
def test_the_atlas_says_the_same_as_every_point(exponent):
    rng, atlas, seen = Random(6), dt.atlas(MODEL.build({"exponent": exponent})), 0
    assert [family.label for family in atlas] == ["indirect control", "direct control"]
    assert atlas.coverage.status == "proved"
    (piece,) = atlas[0].pieces
    compare = {">": lambda v: v > 0, ">=": lambda v: v >= 0, "==": lambda v: v == 0}
    for _ in range(14):
        point = drawn(rng)
        found = solved(point, exponent)
        assert atlas[0].holds(point) == ("indirect control" in found)
        for entry in members(*at(point, exponent)):
            # With s = 1/2 and 1/5 the pain is linear in the root.
            root = (entry.figures["pain of a punished agent"] - point["pain_least"]) / point["pain"]
            numbers = {**point, "y": root, "rho": entry.figures["probability that a punishment ends in a period"]}
            assert all(compare[c.op](at_numbers(c, numbers)) for c in piece)
            seen += isinstance(root, Algebraic)
    assert seen > 3


# A published claim that fails


def third_phase(point, root, begins, ends, rewarded):
    """Two phases, and a third: after a period without disturbance the agent may shirk for a period."""
    y, i = root, root * root
    pain, harm = point["pain_least"] + point["pain"] * y, point["harm"]

    def paid(state, profile):
        if profile["Principal"] == "delegate":
            works = profile["Agent"] == "work"
            chance = point["disturbance_work" if works else "disturbance_shirk"]
            return {"Principal": -chance * harm, "Agent": -point["effort_cost"] * works}
        strength = i if profile["Principal"] == "intervene" else 0
        cost = point["disturbance_intervention"] * harm + point["intensity_cost"] * strength
        return {"Principal": -cost, "Agent": -(pain if strength else point["pain_least"])}

    def moved(state, profile):
        done = profile["Principal"]
        if state == "cooperation" and done == "delegate":
            bad = point["disturbance_work" if profile["Agent"] == "work" else "disturbance_shirk"]
            chances = {"punishment": bad * begins, "reward": (1 - bad) * rewarded}
            return {**chances, "cooperation": 1 - sum(chances.values())}
        if state == "reward" and done == "delegate":
            return {"cooperation": Fraction(1)}
        if state == "punishment" and done == "intervene":
            return {"cooperation": ends, "punishment": 1 - ends}
        return {"breach": Fraction(1)}

    plan = {
        "cooperation": {"Principal": "delegate", "Agent": "work"},
        "reward": {"Principal": "delegate", "Agent": "shirk"},
        "punishment": {"Principal": "intervene", "Agent": "shirk"},
        "breach": {"Principal": "intervene lightly", "Agent": "shirk"},
    }
    acts = {"Principal": ("delegate", "intervene", "intervene lightly"), "Agent": ("work", "shirk")}
    return Automaton(
        ("Principal", "Agent"), dict.fromkeys(acts, point["patience"]), {"cooperation": Fraction(1)},
        dict.fromkeys(plan, acts), plan, paid, moved,
    )


def test_tolerated_shirking_as_a_reward_can_be_better_than_two_phases():
    point = {
        "effort_cost": Fraction(3, 5), "disturbance_work": Fraction(3, 10), "disturbance_shirk": Fraction(3, 4),
        "disturbance_intervention": Fraction(3, 4), "harm": Fraction(6), "intensity_cost": Fraction(2),
        "pain_least": Fraction(1), "pain": Fraction(1, 2), "patience": Fraction(9, 10),
    }
    two = solved(point)["indirect control"]
    three = third_phase(point, Fraction(1, 2), Fraction(1, 2), Fraction(1, 4), Fraction(1))
    assert judge(three, "perfect public").holds
    better = values(three, "Principal")["cooperation"]
    assert better > two.payoffs["Principal"]
    assert (round(float(better), 3), round(float(two.payoffs["Principal"]), 3)) == (-3.281, -3.754)
