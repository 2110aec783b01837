"""`tacit_agreement`: the canon points, the set of strongly symmetric payoffs by iteration, one-shot deviations."""

from __future__ import annotations

import json
from fractions import Fraction
from math import ceil, log
from pathlib import Path
from random import Random

import pytest

import deterrence as dt
from deterrence import models
from deterrence.checks import tacit_agreement as check
from deterrence.checks.understanding import Agreement, certify
from deterrence.expressions import exact

MODEL = models.get("tacit_agreement")
CANON = json.loads((Path(__file__).parent / "canon" / "points-dynamic.json").read_text(encoding="utf-8"))
POINTS = next(model["points"] for model in CANON["models"] if model["model"] == "M09_tacit")
NAMES = {
    "T": "temptation", "R": "reward", "P": "conflict", "S": "sucker", "eps": "accident", "q": "detection",
    "delta": "patience", "u_MM": "strike", "dev_vs_M": "strike_reply",
}
PERFECT = {"accident": Fraction(0), "detection": Fraction(1)}
TINY = Fraction(1, 10**9)


def read(params, **more):
    return {NAMES[name]: exact(value) for name, value in params.items()} | more


def solved(values, **options):
    return {entry.label: entry for entry in dt.solve(MODEL.build(options), point=values)}


def close(found, wanted):
    return abs(float(found) - wanted) < 1e-9 * max(1.0, abs(wanted))


def in_region(text):
    return [pytest.param(p["params"], p["expected"], id=p["id"]) for p in POINTS if p["region"].startswith(text)]


def test_every_canon_point_is_tested():
    regions = ("grim", "finite", "imperfect", "outside", "Abreu")
    assert len(POINTS) == sum(len(in_region(text)) for text in regions) == 12


@pytest.mark.parametrize(("params", "expected"), in_region("grim"))
def test_canon_grim_trigger(params, expected):
    above = exact(expected["delta_star"]) + TINY
    kept = solved(read(params, patience=above, **PERFECT), punishment="grim")["restraint"]
    assert close(kept.figures["least patience that suffices"], expected["delta_star"])
    assert "restraint" not in solved(read(params, patience=above - 2 * TINY, **PERFECT), punishment="grim")


@pytest.mark.parametrize(("params", "expected"), in_region("finite"))
def test_canon_shortest_punishment(params, expected):
    k = expected["k_star"]
    entry = solved(read(params, **PERFECT), punishment="periods", periods=k)["restraint"]
    assert entry.figures["fewest periods of punishment that suffice"] == k
    assert k == 1 or "restraint" not in solved(read(params, **PERFECT), punishment="periods", periods=k - 1)


@pytest.mark.parametrize(("params", "expected"), in_region("imperfect"))
def test_canon_public_signal(params, expected):
    entry = solved(read(params), punishment="lottery")["restraint"]
    assert close(entry.figures["least patience that suffices"], expected["delta_star"])
    assert close(entry.figures["least chance of an answer that suffices"], expected["kappa_star"])
    assert close(entry.payoffs["First"], expected["v_bar"])
    assert close(entry.payoffs["Second"], expected["v_bar"])
    assert close(entry.events["spiral"], expected["per_period_breakdown_prob"])
    assert entry.figures["fewest periods of punishment that suffice"] == expected["T_star"]
    for periods, kept in ((expected["T_star"], True), (expected["T_star"] - 1, False)):
        assert ("restraint" in solved(read(params), punishment="periods", periods=periods)) == kept
    star = exact(expected["delta_star"])
    for rule in ("grim", "lottery"):
        assert "restraint" in solved(read(params) | {"patience": star + TINY}, punishment=rule)
        assert "restraint" not in solved(read(params) | {"patience": star - TINY}, punishment=rule)


@pytest.mark.parametrize(("params", "expected"), in_region("outside"))
def test_canon_outside_no_patience_keeps_restraint(params, expected):
    assert expected["cooperation_possible"] is False
    for rule in ("grim", "lottery"):
        for patience in ("1/2", "99/100", "999999/1000000"):
            assert list(solved(read(params, patience=Fraction(patience)), punishment=rule)) == ["no restraint"]


@pytest.mark.parametrize(("params", "expected"), in_region("Abreu"))
def test_canon_stick_and_carrot(params, expected):
    star = exact(expected["delta_star"])
    entry = solved(read(params, patience=star + TINY), punishment="stick")["restraint"]
    assert close(entry.figures["least patience that suffices"], expected["delta_star"])
    assert close(entry.figures["least patience under grim trigger"], expected["delta_grim"])
    found = dt.solve(MODEL.build({"punishment": "stick"}), point=read(params, patience=star - TINY))
    assert [e.label for e in found] == ["no restraint"]
    assert "it needs a patience of" in found.notes[1]
    beats = entry.figures["least patience that suffices"] < entry.figures["least patience under grim trigger"]
    assert beats == expected["stick_beats_grim"]


# Against other computations


def drawn(rng):
    s, p, r, t = sorted(Fraction(n, 7) for n in rng.sample(range(-20, 60), 4))
    accident = Fraction(rng.randint(0, 12), 40)
    return {
        "temptation": t, "reward": r, "conflict": p, "sucker": s, "patience": Fraction(rng.randint(1, 39), 40),
        "accident": accident, "detection": accident + Fraction(rng.randint(0, 28), 40),
    }


def best_symmetric(values, rounds=2_000):
    """The best strongly symmetric payoff: the set [P, w] of continuation values, shrunk until it stays.

    With restraint today the bad signal must cost a continuation of at least (1 - delta)(T - R)/(delta(q - eps)); the
    best is to promise w after a good signal and that much less after a bad one. Without it a period pays P.
    """
    t, r, p, delta, eps, q = (
        float(values[n]) for n in ("temptation", "reward", "conflict", "patience", "accident", "detection"))
    top = r
    for _ in range(rounds):
        needed = (1 - delta) * (t - r) / (delta * (q - eps)) if q > eps else float("inf")
        ways = [(1 - delta) * p + delta * top]
        if needed <= top - p:
            ways.append((1 - delta) * r + delta * (top - eps * needed))
        top = max(ways)
    return top


def test_no_strongly_symmetric_equilibrium_pays_more_than_the_lottery():
    rng, seen = Random(11), 0
    for _ in range(120):
        values = drawn(rng)
        entry = solved(values, punishment="lottery").get("restraint")
        star = Fraction(1) if entry is None else entry.figures["least patience that suffices"]
        if abs(values["patience"] - star) < Fraction(1, 20) or values["patience"] > Fraction(37, 40):
            continue  # the iteration converges slowly near the threshold, and with the patient
        found = best_symmetric(values)
        wanted = values["conflict"] if entry is None else entry.payoffs["First"]
        assert abs(found - float(wanted)) < 1e-6
        seen += entry is not None
    assert seen > 12


def agreement(values, answer, periods):
    side = {
        "gain": values["temptation"] - values["reward"], "shock_gain": Fraction(0),
        "loss": values["reward"] - values["sucker"], "conflict": values["reward"] - values["conflict"],
        "patience": values["patience"], "detection": values["detection"],
    }
    return Agreement(
        {"First": side, "Second": side}, values["accident"], Fraction(0), answer, periods, ("calm",), True)


def test_periods_in_place_of_the_lottery():
    rng, seen = Random(12), 0
    for _ in range(80):
        values = drawn(rng)
        entry = solved(values, punishment="lottery").get("restraint")
        if entry is None:
            continue
        kappa, periods = entry.figures["least chance of an answer that suffices"], None
        if kappa < 1:
            periods = int(entry.figures["fewest periods of punishment that suffice"])
            if abs(log(1 - kappa) / log(values["patience"]) - periods) > 1e-6:
                assert periods == max(1, ceil(log(1 - kappa) / log(values["patience"])))
            assert certify(agreement(values, Fraction(1), periods)).holds
            assert periods == 1 or not certify(agreement(values, Fraction(1), periods - 1)).holds
        assert certify(agreement(values, kappa, None)).holds
        assert not certify(agreement(values, kappa - TINY, None)).holds
        seen += 1
    assert seen > 15


@pytest.mark.parametrize("rule", [{"punishment": "grim"}, {"punishment": "periods", "periods": 2},
                                  {"punishment": "lottery"}], ids=lambda rule: rule["punishment"])
def test_the_atlas_says_the_same_as_every_point(rule):
    rng, atlas = Random(13), dt.atlas(MODEL.build(rule))
    assert [family.label for family in atlas] == ["restraint", "no restraint"]
    assert atlas.coverage.status == "proved"
    for _ in range(60):
        values = drawn(rng)
        found = solved(values, **rule)
        assert [family.label for family in atlas if family.holds(values)] == list(found)
        for label, entry in found.items():
            at = {**values, "kappa": entry.figures.get("least chance of an answer that suffices", Fraction(0))}
            for name, value in (*entry.events.items(), *entry.payoffs.items()):
                assert (atlas[label].events | atlas[label].payoffs)[name].evaluate(at) == value


def test_stick_and_carrot_is_kept_exactly_if_no_single_deviation_pays():
    rng, atlas, seen = Random(14), dt.atlas(MODEL.build({"punishment": "stick"})), 0
    for _ in range(120):
        values = {name: value for name, value in drawn(rng).items() if name not in ("accident", "detection")}
        values["strike"] = values["conflict"] - Fraction(rng.randint(0, 30), 7)
        values["strike_reply"] = values["strike"] + Fraction(rng.randint(0, 20), 7)
        kept = check.certify(check.Stakes(**values), True, values["reward"]).holds
        assert ("restraint" in solved(values, punishment="stick")) == atlas["restraint"].holds(values) == kept
        seen += kept
    assert 20 < seen < 100


def test_a_strike_that_is_escaped_is_no_punishment():
    # T - R = 1 is less than delta (R - u) = 2, but the strike costs d - u = 3 more than its best reply.
    values = read({"T": 4, "R": 3, "P": 1, "S": 0, "delta": "1/2", "u_MM": -1, "dev_vs_M": 2})
    certificate = check.certify(check.Stakes(**values), True, Fraction(3))
    assert not certificate.holds
    # In the strike: u = -1 now and 3 for ever, in all 1; the reply 2 now and again 1 afterwards, in all 3/2. As often
    # as it pays: 2 for ever.
    assert certificate.sequential_regret == 1
    assert certificate.fails_at == ("First in punishment", "Second in punishment")
