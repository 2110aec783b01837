"""Sobol' indices against closed forms, and what is proved about a small game that can be solved by hand.

In the decision below one player acts or waits, and what it does turns on a line.
"""

from __future__ import annotations

import json
import math
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import deterrence as dt
from deterrence import outcomes
from deterrence.certainty import regions, shares, silent
from deterrence.cli import main
from deterrence.game import Game
from deterrence.outcomes import Study, study
from deterrence.scenario import Scenario
from deterrence.sensitivity import Indices, sobol_indices

from .test_generic import THREE

SCENARIOS = Path(__file__).parent.parent / "scenarios"
SHIPPED = SCENARIOS / "iraq-syria-2023-10.toml"
RETALIATION = SCENARIOS / "iraq-syria-2023-10-retaliation.toml"

# A acts where bonus > cost + tax; without a tax and with both in [0, 1] that is half of a square. `idle` is paid
# whatever happens and moves no choice.
DECISION = """
format = 1
title = "A decision"
[parameters]
bonus = {{ value = "{value}", range = {bonus}, role = "uncertainty" }}
cost = {{ value = "1/4", range = [0, 1], role = "uncertainty" }}
idle = {{ value = 0, range = [0, 1], role = "uncertainty" }}
tax = {{ value = "0", range = [0, 1], role = "lever" }}
[game]
players = ["A", "B"]
[game.parameters]
bonus = ""
cost = ""
idle = ""
tax = ""
assume = [{assume}]
[[game.move]]
player = "A"
information = "choice"
actions = ["act", "wait"]
[[game.payoff]]
when = ["act"]
A = "bonus - cost - tax"
B = 1
[[game.payoff]]
after = ["*"]
B = "idle"
"""


def text_of(bonus: str = "[0, 1]", value: str = "1/2", assume: str = "") -> str:
    return DECISION.format(bonus=bonus, value=value, assume=assume)


def decision(bonus: str = "[0, 1]", value: str = "1/2", assume: str = "") -> Scenario:
    return dt.loads(text_of(bonus, value, assume))


def test_ishigami() -> None:
    # f = sin x + a sin^2 y + b z^4 sin x with x, y, z uniform on (-pi, pi).
    # E[f | x] - a/2 = sin x (1 + b pi^4/5), as E[z^4] = pi^4/5: V_x = (1 + b pi^4/5)^2 / 2.
    # E[f | y] = a sin^2 y: V_y = a^2 (E[sin^4] - E[sin^2]^2) = a^2 (3/8 - 1/4) = a^2/8.  V_z = 0.
    # x and z: V_xz = E[sin^2] b^2 Var(z^4) = b^2 (pi^8/9 - pi^8/25) / 2 = 8 b^2 pi^8/225. No others.
    a, b, pi = 7.0, 0.1, math.pi
    vx, vy, vxz = (1 + b * pi**4 / 5) ** 2 / 2, a**2 / 8, 8 * b**2 * pi**8 / 225
    v = vx + vy + vxz
    (found,) = sobol_indices(
        lambda c: {"f": np.sin(c["x"]) + a * np.sin(c["y"]) ** 2 + b * c["z"] ** 4 * np.sin(c["x"])},
        ["x", "y", "z"], [("uniform", -pi, pi, 0.0)] * 3, rows=4096, rng=0,
    )
    wanted = {"x": (vx / v, (vx + vxz) / v), "y": (vy / v, vy / v), "z": (0.0, vxz / v)}
    for entry in found.entries:
        first, total = wanted[entry.parameter]
        assert entry.first is not None
        assert entry.first_error is not None
        assert entry.total is not None
        assert entry.total_error is not None
        assert abs(entry.first - first) <= entry.first_error < 0.1
        assert abs(entry.total - total) <= entry.total_error < 0.1
    # The mean of f is a/2 and its variance v.
    assert found.mean == pytest.approx(a / 2, abs=0.05)
    assert found.deviation**2 == pytest.approx(v, rel=0.02)


def test_the_distributions_are_carried() -> None:
    # Of y = x + z with x uniform on (0, 1), variance 1/12, and z triangular on (0, 1) with mode 1/2, variance 1/24.
    (found,) = sobol_indices(
        lambda c: {"y": c["x"] + c["z"]}, ["x", "z"], [("uniform", 0, 1, 0), ("triangular", 0, 1, 0.5)], rows=4096
    )
    assert [entry.first for entry in found.entries] == pytest.approx([2 / 3, 1 / 3], abs=0.03)


def test_a_seed_of_zero_is_a_seed() -> None:
    def once(seed: int) -> tuple[Indices, ...]:
        return sobol_indices(lambda c: {"y": c["x"] ** 2}, ["x"], [("uniform", 0, 1, 0)], rows=64, rng=seed)

    assert once(0) == once(0) != once(1)


def test_missing_values_are_refused_before_they_become_zeros() -> None:
    def holed(columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {"y": np.where(columns["x"] < 0.5, np.nan, columns["x"])}

    # Half of the 64 * 3 points have x below one half: SALib's sample is balanced.
    with pytest.raises(dt.ExpressionError, match="no finite value at 96 of 192 points"):
        sobol_indices(holed, ["x"], [("uniform", 0, 1, 0)], rows=64)


def test_a_constant_has_no_indices() -> None:
    (found,) = sobol_indices(lambda c: {"y": 0 * c["x"] + 3}, ["x"], [("uniform", 0, 1, 0)], rows=64)
    assert found.constant
    assert found.entries[0].first is found.entries[0].total is None


@pytest.mark.parametrize("rows", [0, 1, 3, 1000, 2**18, 2.5])
def test_rows_are_a_power_of_two(rows: int) -> None:
    with pytest.raises(dt.ExpressionError, match=r"power of two|at most"):
        sobol_indices(lambda c: c, ["x"], [("uniform", 0, 1, 0)], rows=rows)


def test_a_decision_by_hand() -> None:
    found = dt.sensitivity(decision(), ["P_max[act]", "payoff_min[B]"], rows=2048)
    # act = 1 where bonus > cost: mean 1/2, variance 1/4. E[act | bonus] = bonus, of variance 1/12: first = 1/3.
    # Given bonus, act is 1 with probability bonus: E[bonus (1 - bonus)] = 1/6 remains: total of cost = 2/3.
    act = found["P_max[act]"]
    by_name = {entry.parameter: entry for entry in act.entries}
    for name in ("bonus", "cost"):
        entry = by_name[name]
        assert entry.first is not None
        assert entry.total is not None
        assert entry.first == pytest.approx(1 / 3, abs=2 * (entry.first_error or 0))
        assert entry.total == pytest.approx(2 / 3, abs=2 * (entry.total_error or 0))
    assert by_name["idle"].total == 0.0
    silence = found.silence("P_max[act]")
    assert silence is not None
    assert silence.parameters == ("idle",)
    # What B gets depends on all three: 1 more where A acts.
    everything = found.silence("payoff_min[B]")
    assert everything is not None
    assert everything.parameters == ()
    # Each of the two families takes the half of the square that the diagonal cuts off, exactly.
    assert [share.exact for share in found.shares] == [Fraction(1, 2), Fraction(1, 2)]


def test_where_nothing_matters_it_is_proved() -> None:
    # With a bonus from 2 to 3 and a cost of at most 1, A acts everywhere.
    found = dt.sensitivity(decision("[2, 3]", "5/2"), ["P_max[act]", "count"], rows=64)
    for name, value in (("P_max[act]", 1.0), ("count", 1.0)):
        assert found[name].constant
        assert found[name].mean == value
        silence = found.silence(name)
        assert silence is not None
        assert silence.single
    # Waiting exists nowhere in these ranges.
    assert [share.exact for share in found.shares] == [1]


def test_shares_that_are_estimated_say_so() -> None:
    # P(cost < bonus) = E[bonus] for a cost that is uniform on [0, 1]; a triangle with its top at 1/2 has the mean 1/2.
    text = text_of().replace(
        'range = [0, 1], role = "uncertainty" }\ncost', 'range = [0, 1], role = "uncertainty", '
        'distribution = "triangular" }\ncost'
    )
    ready = study(dt.loads(text))
    for share in shares(ready, regions(ready)):
        assert share.exact is None
        assert share.error is not None
        assert 0 < share.error < 0.005
        assert abs(share.share - 0.5) <= 4 * share.error


def test_a_quantity_of_existence() -> None:
    ready = study(decision())
    left = regions(ready)
    (act,) = [key for key, label in zip(*_families(ready), strict=True) if "act" in label]
    assert silent(ready, left, f"exists[{act}]").parameters == ("idle",)
    found = ready.at({"bonus": np.array([0.9, 0.1]), "cost": np.array([0.5, 0.5]), "idle": np.zeros(2)},
                     [f"exists[{act}]", "count", "P_max[act]"])
    assert {key: row.tolist() for key, row in found.items()} == {
        f"exists[{act}]": [1.0, 0.0], "count": [1.0, 1.0], "P_max[act]": [1.0, 0.0]
    }


def _families(ready: Study) -> tuple[list[str], list[str]]:
    assert ready.program is not None
    families = ready.program.families
    return [family.id for family in families], [family.label for family in families]


def test_closed_forms_and_solving_agree() -> None:
    one = dt.sensitivity(decision(), ["P_max[act]"], rows=8, method="atlas", boundaries=False)
    other = dt.sensitivity(decision(), ["P_max[act]"], rows=8, method="solve", boundaries=False)
    assert one.indices == other.indices
    assert other.silences == other.shares == ()
    assert "nothing is proved" in other.notes[-1]


def test_closed_forms_within_the_ranges_are_those_of_every_point() -> None:
    # Nine parameters of a game with three answers: the other method solves each point for itself.
    scenario = dt.load(RETALIATION)
    ready, other = study(scenario), study(scenario, method="solve")
    assert ready.program is not None
    assert len(ready.names) == 9
    names = [f"{kind}_{end}[{rest}]" for kind, rest in (("P", "deterrence_failure"), ("P", "spiral"), ("payoff", "US"))
             for end in ("min", "max")]
    columns = ready.draw(16, 3)
    here, there = ready.at(columns, names), other.at(columns, names)
    for name in names:
        assert here[name] == pytest.approx(there[name], abs=1e-9)
    assert len(set(here["payoff_min[US]"])) > 10
    assert 0 < here["P_max[deterrence_failure]"].mean() < 1


def test_values_beyond_the_ranges_are_refused() -> None:
    ready = study(decision())
    columns = {"bonus": np.array([0.5, 1.5]), "cost": np.zeros(2), "idle": np.zeros(2)}
    with pytest.raises(dt.ExpressionError, match="bonus: values from 0 to 1 are held plausible"):
        ready.at(columns, ["P_max[act]"])


def test_where_closed_forms_are_too_many_points_are_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "SOLVED", 100)
    found = dt.sensitivity(decision(), ["P_max[act]"], box="P_max[act] >= 1", lever="tax", limit=1, boundaries=False)
    # 16 rows of 3 + 2 points are 80 of the 100 that may be solved, 32 rows would be 160.
    assert (found.method, found.rows, found.points) == ("solve", 16, 80)
    assert "more than 1 profiles of supports" in found.notes[0]
    assert "16 rows instead of 1024" in found.notes[1]
    assert found.silences == found.shares == ()
    asked = dt.sensitivity(decision(), ["P_max[act]"], rows=16, method="solve", boundaries=False)
    assert found.indices == asked.indices
    # A box takes two samples, a choice one for each of eleven values.
    assert found.box is not None
    assert found.choice is not None
    assert (found.box.rows, found.choice.rows) == (32, 8)
    assert "32 rows instead of 16384" in found.box.notes[-1]
    assert "8 rows instead of 1024" in found.choice.notes[-1]
    with pytest.raises(dt.NotSupportedError, match="with closed forms only"):
        dt.sensitivity(decision(), ["exists[F1]"], limit=1)
    assert dt.sensitivity(decision(), rows=2, limit=1, method="atlas").method == "atlas"


def test_where_there_are_no_closed_forms_points_are_solved() -> None:
    # tests/test_generic.py: all wait, all act, or each acts with probability sqrt(u), for every u between 0 and 1.
    found = dt.sensitivity(dt.loads(THREE), ["count", "P_max[go]", "P_min[go]"], rows=4, boundaries=False)
    assert [(one.constant, one.mean) for one in found.indices] == [(True, 3.0), (True, 1.0), (True, 0.0)]
    assert "no solution in closed form" in found.notes[0]
    with pytest.raises(dt.NotSupportedError, match="no solution in closed form"):
        dt.sensitivity(dt.loads(THREE), rows=4, method="atlas")


def test_one_study_answers_what_drives_and_where(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, ...]] = []
    search = outcomes._closed

    def counted(game: Game, ends: dict[str, tuple[Fraction, Fraction]], *rest: Any) -> Any:
        calls.append(tuple(ends))
        return search(game, ends, *rest)

    monkeypatch.setattr(outcomes, "_closed", counted)
    found = dt.sensitivity(decision(), ["exists[F1]", "P_max[act]"], rows=64, box="P_max[act] >= 1", lever="tax")
    assert calls == [("bonus", "cost", "idle"), ("bonus", "cost", "idle", "tax")]
    assert found.box == dt.discover(decision(), "P_max[act] >= 1")
    # What a lever is chosen by is the first quantity that has a size.
    assert found.choice == dt.robust(decision(), "tax", "P_max[act]", rows=64)
    document = found.to_dict()
    assert document["box"]["target"] == "P_max[act] >= 1"
    assert document["robust"]["lever"] == "tax"
    assert "scenario" not in document["robust"]


@pytest.mark.parametrize(("options", "words"), [
    ({"quantities": ["P_mx[act]"]}, r"did you mean 'P_max\[act\]'"), ({"over": ["bonis"]}, "did you mean 'bonus'"),
    ({"box": "P_max[atc] >= 1"}, r"did you mean 'P_max\[act\]'"), ({"box": "P_max[act]"}, "compare it with one"),
    ({"box": "exists[F1] > 0"}, "not compared"), ({"box": "act"}, "is no target"), ({"box": "count >= x"}, "x"),
    ({"lever": "tx"}, "did you mean 'tax'"), ({"lever": "bonus", "over": ["bonus"]}, "no parameter is left"),
    ({"rows": 1000}, "power of two"), ({"rng": -1}, "a seed"), ({"confidence": 2}, "a confidence"),
])
def test_mistakes_are_told_before_anything_is_computed(
    options: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*given: object, **named: object) -> None:
        raise AssertionError("computed too early")

    monkeypatch.setattr(outcomes, "plan_sweep", never)
    with pytest.raises(dt.DeterrenceError, match=words):
        dt.sensitivity(decision(), **options)


def test_a_box_that_holds_nowhere_leaves_the_rest(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "decision.toml"
    path.write_text(text_of(), encoding="utf-8")
    assert main(["sensitivity", str(path), "--rows", "64", "--box", "P_max[act] >= 2"]) == 0
    text = capsys.readouterr().out
    assert "Note: there is no box: P_max[act] >= 2 holds at none of 16384 points of the sample" in text
    assert main(["sensitivity", str(path), "--rows", "64", "--box", "P_max[act] >= 0"]) == 0
    assert "It holds everywhere: proved." in capsys.readouterr().out


def test_the_usual_value() -> None:
    # One twentieth of the points of the even sample have x above 19/20.
    (found,) = sobol_indices(lambda c: {"y": np.where(c["x"] > 0.95, 2.0, 0.5)}, ["x"], [("uniform", 0, 1, 0)],
                             rows=1024)
    assert found.usual == 0.5
    assert found.usual_share == pytest.approx(0.95, abs=0.002)


def test_rough_estimates_are_called_rough(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    # With a tax of 9/10 A acts in a corner that is (1/10)^2 / 2 of the square.
    path = tmp_path / "decision.toml"
    path.write_text(text_of(), encoding="utf-8")
    assert main(["sensitivity", str(path), "--quantity", "P_max[act]", "--rows", "256", "--set", "tax=9/10"]) == 0
    text = capsys.readouterr().out
    assert re.search(r"at 99\.[3-7] % of the points it is 0\.", " ".join(text.split()))
    assert "These estimates are rough: more rows make them sharper, such as --rows 2048." in text
    assert "drives it" not in text


def test_a_change_at_the_end_of_a_range_is_beyond_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    # The bonus is 1/2 and there is no tax: A stops acting where the cost exceeds 1/2, the end of its range here.
    path = tmp_path / "decision.toml"
    whole, half = (f'cost = {{ value = "1/4", range = [0, {high}]' for high in ("1", '"1/2"'))
    path.write_text(text_of().replace(whole, half), encoding="utf-8")
    assert main(["sensitivity", str(path), "--quantity", "P_max[act]", "--rows", "2"]) == 0
    text = capsys.readouterr().out
    assert "cost above 1/2 (0.5); now 1/4 (0.25); outside the range held plausible" in " ".join(text.split())
    assert "bonus below 1/4 (0.25); now 1/2 (0.5) " in " ".join(text.split())


def test_points_outside_the_domain_are_counted() -> None:
    # The corner of the square beyond bonus + cost = 3/2 is an eighth of it.
    with pytest.raises(dt.ExpressionError, match=r"of 256 points have no value.*outside the domain.*narrow") as caught:
        dt.sensitivity(decision(assume='"bonus + cost < 3/2"'), rows=64)
    assert 24 <= int(str(caught.value).split()[0]) <= 40
    assert "bonus - cost" not in str(caught.value)
    # A corner that a sample of so few points misses is found among those that are evaluated.
    with pytest.raises(dt.ExpressionError, match=r"of 81920 points have no value.*outside the domain"):
        dt.sensitivity(decision(assume='"bonus + cost < 199/100"'), rows=2**14)


def test_what_cannot_be_asked_is_told() -> None:
    with pytest.raises(dt.UnknownNameError, match=r"did you mean 'P_max\[act\]'"):
        dt.sensitivity(decision(), ["P_mx[act]"])
    with pytest.raises(dt.UnknownNameError, match="did you mean 'bonus'"):
        dt.sensitivity(decision(), over=["bonis"])
    with pytest.raises(dt.ExpressionError, match="power of two, such as 512"):
        dt.sensitivity(decision(), rows=1000)
    bare = dt.loads(text_of().replace("range = [0, 1], ", ""))
    with pytest.raises(dt.ExpressionError, match="no parameter has a range"):
        dt.sensitivity(bare)
    with pytest.raises(dt.ExpressionError, match="bonus has no range"):
        dt.sensitivity(bare, over=["bonus"])


def test_the_nearest_boundaries() -> None:
    # bonus 1/2, cost 1/4, tax 0: the choice turns at bonus = 1/4, cost = 1/2, tax = 1/4.
    found = dt.sensitivity(decision(), ["P_max[act]"], rows=2)
    assert {(c["parameter"], c["threshold"], c["direction"]) for c in found.boundaries} == {
        ("bonus", "1/4", "down"), ("cost", "1/2", "up"), ("tax", "1/4", "up"),
    }


def test_tables() -> None:
    found = dt.sensitivity(decision(), ["P_max[act]"], rows=64)
    frame = found.to_dataframe()
    assert frame[["parameter", "cannot_matter"]].values.tolist() == [
        ["bonus", False], ["cost", False], ["idle", True],
    ]
    document = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert document["quantities"][0]["cannot_matter"]["parameters"] == ["idle"]
    assert document["families"][0]["exact"] == "1/2"


def test_a_problem_of_salib() -> None:
    scenario = dt.load(SHIPPED)
    problem = dt.to_salib(scenario, over=["resolve", "slip"])
    assert problem == {"num_vars": 2, "names": ["resolve", "slip"], "bounds": [[0.1, 0.9], [0.005, 0.25]],
                       "dists": ["unif", "unif"]}
    from SALib.sample import sobol

    assert sobol.sample(problem, 4, seed=1).shape == (24, 2)


def test_pieces_for_the_ema_workbench() -> None:
    pieces = dt.to_ema(decision())
    assert [row["name"] for row in pieces["uncertainties"]] == ["bonus", "cost", "idle"]
    assert pieces["levers"] == [{"name": "tax", "lower_bound": 0.0, "upper_bound": 1.0}]
    assert pieces["constants"] == []
    found = pieces["function"](bonus=0.5, cost=0.25, idle=0.0, tax=0.5)
    assert set(found) == set(pieces["outcomes"])
    # With a tax of 1/2, acting gives 1/2 - 1/4 - 1/2 < 0.
    assert found["P_max_act"] == 0.0
    assert found["payoff_max_A"] == 0.0
    assert found["count"] == 1.0


def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "decision.toml"
    path.write_text(text_of(), encoding="utf-8")
    assert main(["sensitivity", str(path), "--quantity", "P_max[act]", "--rows", "256", "--lever", "tax", "--box",
                 "P_max[act] >= 1"]) == 0
    text = capsys.readouterr().out
    assert "Cannot matter to it within these ranges, proved: idle." in text
    assert "(exactly 1/2)" in text
    assert "tax above 1/4 (0.25); now 0" in text
    assert "Choosing tax without knowing the rest" in text
    assert main(["sensitivity", str(path), "--rows", "256", "--json", "--lever", "tax"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["robust"]["lever"] == "tax"
    assert document["seed"] == 0


def test_mistakes_on_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "decision.toml"
    path.write_text(text_of(), encoding="utf-8")
    assert main(["sensitivity", str(path), "--rows", "1000"]) == 2
    assert "power of two, such as 512" in capsys.readouterr().err
    assert main(["sensitivity", str(path), "--quantity", "P_max[atc]"]) == 2
    assert "did you mean 'P_max[act]'" in capsys.readouterr().err


def test_the_shipped_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sensitivity", str(SHIPPED), "--rows", "256"]) == 0
    text = capsys.readouterr().out
    # What the note of the file says of it: it moves payoffs, but no choice.
    assert text.count("war_cost_iran.") >= 4
    assert "resolve" in text
    assert "drives it" in text
    assert "nan" not in text.lower().split()
