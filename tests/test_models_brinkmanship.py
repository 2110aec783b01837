"""Brinkmanship, power and risk, threats left to chance: against the canon's files, points and formulas."""

from __future__ import annotations

import json
import random
import warnings
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import deterrence as dt
from deterrence import models
from deterrence.errors import BranchCutWarning, GameError

F = Fraction
CANON = Path(__file__).parent / "canon"
EXPECTED = json.loads((CANON / "expected.json").read_text("utf-8"))
DYNAMIC = {
    model["model"]: model["points"]
    for model in json.loads((CANON / "points-dynamic.json").read_text("utf-8"))["models"]
}
LADDER = models.get("brinkmanship_ladder")
POWER = models.get("power_and_risk")
THREAT = models.get("threat_left_to_chance")


def events(game, values, *names):
    """The probabilities of events in every equilibrium."""
    with warnings.catch_warnings():
        # Without accidents a branch has probability 0, and is to be cut off.
        warnings.simplefilter("ignore", BranchCutWarning)
        solution = dt.solve(game, point=values)
    assert solution.complete
    return [tuple(entry.events[name] for name in names) for entry in solution]


def distributions(game, values, named):
    """The outcomes of every equilibrium, complete histories put together under their names."""
    solution = dt.solve(game, point=values)
    assert solution.complete
    found = []
    for entry in solution:
        row: dict[str, float] = {}
        for history, chance in entry.outcomes.items():
            row[named(history)] = row.get(named(history), 0) + float(chance)
        found.append(row)
    return found


def same(found, expected):
    """Whether two lists of distributions are the same, in any order, to nine digits."""
    key = lambda row: sorted(row.items())  # noqa: E731
    one, other = sorted(found, key=key), sorted(expected, key=key)
    return len(one) == len(other) and all(
        a.keys() == b.keys() and all(abs(a[k] - b[k]) < 2e-9 for k in a) for a, b in zip(one, other, strict=True)
    )


# The brinkmanship ladder: the canon's files


def powell_outcome(history):
    end = history.split(", ")[-1]
    if end == "status quo":
        return "SQ"
    if end == "disaster":
        return "disaster"
    return "IIprevails" if end in ("quit 2", "through") else "Iprevails"


@pytest.mark.parametrize("name", ["powell-ladder-00", "powell-ladder-01", "powell-ladder-02"])
def test_the_ladder_gives_the_outcomes_of_the_canon(name):
    theirs = dt.load(CANON / f"{name}.toml").point
    values = {
        "prize_challenger": 1, "prize_defender": 1, "disaster_challenger": theirs["dI"],
        "status_quo_challenger": theirs["sI"], "status_quo_defender": theirs["sII"], "resolve": theirs["pi"],
        "disaster_resolute": theirs["dr"], "disaster_irresolute": theirs["di"],
        **{f"risk_{j}": theirs[f"f{j}"] for j in (1, 2, 3)},
    }
    assert same(distributions(LADDER.build(), values, powell_outcome), EXPECTED[name]["outcomes"])


def test_the_acceptance_point_of_powell():
    # f = 1/10, 1/5, 3/10; D = 2, 1, 3: pi* = 5/16, e* = 5/12.
    scenario = dt.load(CANON.parent.parent / "scenarios" / "canon" / "brinkmanship_ladder.toml")
    (entry,) = dt.solve(scenario)
    assert entry.strategy["opening"]["challenge"] == 1
    assert entry.strategy["irresolute at rung 1"]["escalate 1"] == F(11, 45)
    assert entry.strategy["Challenger at rung 2"]["escalate 2"] == F(5, 12)
    assert float(entry.events["challenger_prevails"]) == pytest.approx(0.746, abs=5e-4)
    assert float(entry.events["spiral"]) == pytest.approx(0.065, abs=5e-4)
    for changes in ({"resolve": F(1, 4)}, {"resolve": F(2, 5)}):
        assert [e.events["challenge"] for e in dt.solve(scenario.with_values(changes))] == [0]
    (entry,) = dt.solve(scenario.with_values({"status_quo_challenger": F(3, 5), "resolve": F(1, 20)}))
    assert entry.strategy["irresolute at rung 1"]["escalate 1"] == F(11, 95)


@given(st.integers(0, 100_000))
@settings(max_examples=12, deadline=None)
def test_the_formulas_of_one_sided_information(seed):
    draw = random.Random(seed)
    f1, f2, f3 = sorted(F(draw.randint(1, 60), 101) for _ in range(3))
    assume(f1 < f2 < f3)
    r_c, r_i = f2 + F(draw.randint(1, 40), 211), f1 + (f3 - f1) * F(draw.randint(1, 30), 31)
    d_c, d_i, d_r = (1 - r_c) / r_c, (1 - r_i) / r_i, F(draw.randint(1, 40), 997)
    assume(r_c < 1)
    always = -f1 * d_r + (1 - f1) * (-f2 * d_r + (1 - f2) * (-f3 * d_r + 1 - f3))
    assume(always > 0 and f3 * (1 + d_r) < 1)
    pi, quo = F(draw.randint(1, 100), 103), F(draw.randint(1, 99), 107)
    star = ((1 - f2) - f2 * d_c) / ((1 - f2) * (1 + f3 * d_c))
    answer = ((1 - f1) - f1 * d_i) / ((1 - f1) * (1 + f2 * d_i))
    worth = 1 - pi / star * (1 + f1 * d_c)
    values = {
        "prize_challenger": 1, "prize_defender": 1, "disaster_challenger": d_c, "status_quo_challenger": quo,
        "status_quo_defender": F(1, 2), "resolve": pi, "disaster_resolute": d_r, "disaster_irresolute": d_i,
        "risk_1": f1, "risk_2": f2, "risk_3": f3,
    }
    solution = dt.solve(LADDER.build(), point=values)
    assert len({tuple(sorted(e.outcomes.items())) for e in solution}) == 1
    entry = solution[0]
    if pi < star and worth > quo:
        assert entry.events["challenge"] == 1
        assert entry.strategy["irresolute at rung 1"]["escalate 1"] == pi * (1 - star) / ((1 - pi) * star)
        assert entry.strategy["Challenger at rung 2"]["escalate 2"] == answer
        assert entry.events["spiral"] == pi / star * (f1 + (1 - f1) * answer * (f2 + (1 - f2) * star * f3))
    else:
        assert entry.events["challenge"] == 0


# Complete information


def winner(risks, critical, first):
    """Who prevails by the last rung that its mover would bear: 0 for the Challenger, 1, None for nobody."""
    movers = [(first + j) % 2 for j in range(len(risks))]
    borne = [j for j, (risk, mover) in enumerate(zip(risks, movers, strict=True)) if risk < critical[mover]]
    return movers[borne[-1]] if borne else None


@pytest.mark.parametrize("point", [p for p in DYNAMIC["M10_ladder"] if "f" in p["params"]], ids=lambda p: p["id"])
def test_points_of_the_ladder_with_complete_information(point):
    params, expected = point["params"], point["expected"]
    game = LADDER.build({"rungs": params["N"], "opening": "first rung", "information": "complete"})
    (v1, v2), (d1, d2) = ([F(x) for x in params[key]] for key in ("v", "D"))
    values = {"prize_challenger": v1, "prize_defender": v2, "disaster_challenger": d1, "disaster_defender": d2,
              **{f"risk_{j}": F(f) for j, f in enumerate(params["f"], 1)}}
    ((opens, war, first),) = events(game, values, "deterrence_failure", "spiral", "challenger_prevails")
    assert opens == (expected["first_move"] == "E")
    assert war == F(expected["war_prob"])
    assert first == (1 - war if expected["prize_goes_to"] == 1 else 0)
    assert [str(v / (v + d)) for v, d in ((v1, d1), (v2, d2))] == expected["critical_risks"]


@given(st.integers(0, 100_000))
@settings(max_examples=25, deadline=None)
def test_the_last_credible_bid_wins(seed):
    draw = random.Random(seed)
    rungs = draw.randint(1, 7)
    risks = sorted(draw.sample([F(n, 97) for n in range(1, 97)], rungs))
    stakes = [F(draw.randint(1, 40)) for _ in range(4)]
    critical = (stakes[0] / (stakes[0] + stakes[2]), stakes[1] / (stakes[1] + stakes[3]))
    assume(not set(critical) & set(risks))
    values = {"prize_challenger": stakes[0], "prize_defender": stakes[1], "disaster_challenger": stakes[2],
              "disaster_defender": stakes[3], **{f"risk_{j}": f for j, f in enumerate(risks, 1)}}
    quo = {"status_quo_challenger": stakes[0] / 2, "status_quo_defender": stakes[1] / 2}
    names = ("deterrence_failure", "spiral", "challenger_prevails")
    risky = LADDER.build({"rungs": rungs, "opening": "first rung", "information": "complete"})
    opens = winner(risks, critical, 0) == 0
    assert events(risky, values, *names) == [(opens, risks[0] * opens, (1 - risks[0]) * opens)]
    free = LADDER.build({"rungs": rungs, "opening": "challenge", "information": "complete"})
    opens = winner(risks, critical, 1) in (0, None)
    assert events(free, {**values, **quo}, *names) == [(opens, 0, opens)]


def test_a_less_resolved_side_prevails_although_its_first_step_is_risky():
    # Critical risks 2/5 = 2/(2 + 3) and 1/2 = 1/(1 + 1). On rung 3 the Challenger runs 3/10 for a sure prize; on rung 2
    # the Defender would run 1/5 to be beaten; on rung 1 the Challenger runs 1/10.
    values = {"prize_challenger": 2, "disaster_challenger": 3, "prize_defender": 1, "disaster_defender": 1,
              "risk_1": F(1, 10), "risk_2": F(1, 5), "risk_3": F(3, 10)}
    game = LADDER.build({"opening": "first rung", "information": "complete"})
    assert events(game, values, "challenger_prevails", "spiral") == [(F(9, 10), F(1, 10))]


@pytest.mark.parametrize(("rungs", "information"), [(1, "one-sided"), (2, "one-sided"), (8, "one-sided"),
                                                    (12, "complete")])
@pytest.mark.parametrize("opening", ["challenge", "first rung"])
def test_every_history_has_a_winner_a_disaster_or_the_status_quo(rungs, information, opening):
    game = LADDER.build({"rungs": rungs, "opening": opening, "information": information})
    for history in game.terminals:
        ends = [name for name in ("challenger_prevails", "defender_prevails", "spiral")
                if name in game.events and game.occurs(game.events[name], history)]
        assert len(ends) == (0 if "status quo" in history else 1)
        paid = {player for player, amount in game.payoffs[history].items() if not amount.is_zero}
        assert paid == ({"Challenger"} if "challenger_prevails" in ends else
                        {"Defender"} if "defender_prevails" in ends else {"Challenger", "Defender"})


def test_more_rungs_than_can_be_searched_are_a_mistake():
    with pytest.raises(GameError, match=r"options.rungs: with one-sided information there are at most 8 rungs, not 9"):
        LADDER.build({"rungs": 9})


# Power and risk

POINT = {
    "power_low": F(3, 10), "power_high": F(7, 10), "risk_low": F(1, 20), "risk_high": F(1, 3), "disaster_challenger": 3,
    "disaster_resolute": F(1, 5), "disaster_irresolute": 3, "status_quo_challenger": F(1, 5),
    "status_quo_defender": F(3, 5),
}


@pytest.mark.parametrize(("resolve", "high"), [("1/10", 1), ("1/5", 1), ("1/4", 0), ("1/2", 0)])
def test_the_level_of_power_at_the_published_points(resolve, high):
    # lambda* = (7/10 - 3/10)/(7/10 + 1) = 4/17. At the high level the resolute type alone bids, at the risk 1/3.
    found = events(POWER.build(), {**POINT, "resolve": F(resolve)}, "high", "low", "spiral")
    assert set(found) == {(high, 1 - high, high * F(resolve) / 3)}


@given(st.integers(0, 100_000))
@settings(max_examples=15, deadline=None)
def test_the_threshold_of_the_level_of_power(seed):
    draw = random.Random(seed)
    low, high = sorted(draw.sample([F(n, 41) for n in range(9, 37)], 2))
    d_c = F(draw.randint(1, 60), 7)
    risk_low, risk_high = 1 / (1 + d_c) * F(draw.randint(1, 18), 19), 1 / (1 + d_c) + F(draw.randint(1, 20), 83)
    assume(risk_high < high)
    # A bid at the high level pays the resolute type, (1 - r) - r d > 1 - p, and not the irresolute one.
    edge = (high - risk_high) / risk_high
    values = {
        "power_low": low, "power_high": high, "risk_low": risk_low, "risk_high": risk_high, "disaster_challenger": d_c,
        "disaster_resolute": edge * F(draw.randint(1, 9), 10),
        "disaster_irresolute": edge * F(draw.randint(11, 30), 10),
        "status_quo_challenger": low / 2, "status_quo_defender": F(1, 2),
    }
    star = (high - low) / (high + risk_high * d_c)
    for resolve in (star * F(9, 10), star + (1 - star) / 10):
        if 0 < resolve < 1:
            found = events(POWER.build(), {**values, "resolve": resolve}, "high", "low")
            assert set(found) == {(int(resolve < star), int(resolve > star))}


# Threats that leave something to chance


def schelling_outcome(names):
    words = {"c_h": "bold", "c_l": "wary", "0": "no risk", "L": "low risk", "H": "high risk", "Ch": "challenge",
             "No": "hold", "c_dis": "disaster", "c_ok": "safe"}
    table = {", ".join(words[label] for label in key.split(", ")): value for key, value in names.items()}
    return table.__getitem__


@pytest.mark.parametrize("name", ["schelling-risk-00", "schelling-risk-01", "schelling-risk-02"])
def test_threats_give_the_outcomes_of_the_canon(name):
    theirs = dt.load(CANON / f"{name}.toml").point
    values = {
        "loss": theirs["v"], "disaster_challenger": theirs["lC"], "disaster_defender": theirs["lD"],
        "boldness": theirs["pi"], "risk_low": theirs["rL"], "risk_high": theirs["rH"], "gain_bold": theirs["gh"],
        "gain_wary": theirs["gl"], "accident": theirs["a"],
    }
    named = schelling_outcome(EXPECTED[name]["names"])
    assert same(distributions(THREAT.build(), values, named), EXPECTED[name]["outcomes"])


@pytest.mark.parametrize(
    ("a", "disaster", "loss", "pi", "taken"),
    [("0", 400, 50, "1/5", "high risk"), ("2/5", 400, 50, "1/5", "no risk"), ("2/5", 60, 200, "1/5", "high risk"),
     ("1/5", 300, 60, "1/10", "low risk")],
)
def test_the_published_points_of_threats(a, disaster, loss, pi, taken):
    values = {"gain_wary": 20, "gain_bold": 60, "disaster_challenger": 100, "risk_low": F(3, 10),
              "risk_high": F(11, 20), "accident": F(a), "disaster_defender": disaster, "loss": loss, "boldness": F(pi)}
    assert events(THREAT.build(), values, taken) == [(1,)]


@given(st.integers(0, 100_000))
@settings(max_examples=15, deadline=None)
def test_the_best_risk_by_its_formulas(seed):
    draw = random.Random(seed)
    a, pi = F(draw.randint(0, 9), 11), F(draw.randint(1, 12), 13)
    wary, bold, l_c = F(draw.randint(1, 30)), F(draw.randint(31, 90)), F(draw.randint(40, 200))
    l_d, v = F(draw.randint(20, 500)), F(draw.randint(5, 300)) + F(1, 7)
    critical = {kind: g / (g + (1 - a) * l_c) for kind, g in (("wary", wary), ("bold", bold))}
    low, high = (critical["wary"] + critical["bold"]) / 2, (1 + critical["bold"]) / 2
    worth = {
        "no risk": -v, "high risk": -a * high * l_d,
        "low risk": -(1 - pi) * a * low * l_d - pi * (low * l_d + (1 - low) * v),
    }
    best = [risk for risk, value in worth.items() if value == max(worth.values())]
    values = {"gain_wary": wary, "gain_bold": bold, "disaster_challenger": l_c, "risk_low": low, "risk_high": high,
              "accident": a, "disaster_defender": l_d, "loss": v, "boldness": pi}
    assume(len(best) == 1)
    assert events(THREAT.build(), values, best[0]) == [(1,)]


@pytest.mark.parametrize("point", [p for p in DYNAMIC["M11_attrition"] if "(c)" in p["region"]], ids=lambda p: p["id"])
def test_the_window_of_a_threat_that_compels(point):
    params, expected = ({k: F(str(v)) for k, v in point[part].items()} if part == "params" else point[part]
                        for part in ("params", "expected"))
    game = THREAT.build({"aim": "compel"})
    values = {
        "toughness": params["pi_tough"], "prize": params["v"], "compliance_cost": params["b"],
        "disaster_challenger": params["D"], "loss": params["L"], "compliance_gain": params["w"],
        "disaster_defender": params["D_defender"],
    }
    effective, acceptable = F(str(expected["q_effective"])), F(str(expected["q_acceptable"]))
    step = F(1, 10**9)

    def made(risk, **changes):
        return events(game, {**values, "risk": risk, **changes}, "threat")[0][0]

    assert made(effective + step) == expected["threat_worth_making"]
    if acceptable > effective:
        assert made(acceptable - step) == 1
        assert made(acceptable + step) == 0
        # The pliable type complies from the effective risk on, and defies below it.
        assert events(game, {**values, "risk": effective + step}, "comply") == [(1 - params["pi_tough"],)]
        assert events(game, {**values, "risk": effective - step}, "comply") == [(0,)]
    most = F(str(expected["pi_max"]))
    if 0 < most < 1:
        assert made(effective + step, toughness=most - F(1, 10**6)) == 1
        assert made(effective + step, toughness=most + F(1, 10**6)) == 0
