"""Sweeps against closed forms derived by hand, against `solve`, and against themselves cut otherwise."""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import deterrence as dt
from deterrence import designs, plans, reports
from deterrence.cli import main
from deterrence.errors import (
    BranchCutWarning,
    ExpressionError,
    LimitError,
    NotSupportedError,
    ProblemsError,
    UnknownNameError,
)
from deterrence.plans import CLOSED_FORM, KNIFE_EDGE, KNIFE_EDGE_SOLVED, OUTSIDE, SOLVED
from deterrence.scenario import Scenario

from . import spence
from .worked import restraint

SHIPPED = Path(__file__).parent.parent / "scenarios" / "iraq-syria-2023-10.toml"

# The small game of restraint, resolve r and cost c varying, gain 1, harm 2, losses 1/2 and 1, by hand. Iran attacks
# where it believes in a resolved US with at most 1/3. With r >= 1/3 hold is followed by refrain: nobody pays to strike,
# and pooling on hold exists. Pooling on strike is followed by refrain too, and a hold by attack at best: the resolved
# type, who loses only 1/2, must prefer -c to -1/2. With r <= 1/3 hold is followed by attack, and a strike, followed by
# attack as well, costs c more: pooling on hold exists. Everything else asks c <= 0 or c = 1/2 and c >= 1 at once, or an
# equation: separating and mixing need y - x = 2c and y - x = c together.
RESOLVE = [Fraction(n, 24) for n in range(1, 24)]
COST = [Fraction(n, 8) for n in range(1, 9)]
CALM, STRIKE, BOLD = "pooling on hold; after hold: refrain", "pooling on strike", "pooling on hold; after hold: attack"


def by_hand(r: Fraction, c: Fraction) -> dict[str, tuple[Fraction, Fraction, Fraction]]:
    """For each family its chance of attack and the payoffs of the US and of Iran."""
    zero, one = Fraction(0), Fraction(1)
    found = {}
    if r >= Fraction(1, 3):
        found[CALM] = (zero, zero, zero)
        if c <= Fraction(1, 2):
            found[STRIKE] = (zero, -c, zero)
    if r <= Fraction(1, 3):
        found[BOLD] = (one, -r / 2 - (1 - r), (1 - r) - 2 * r)
    return found


@pytest.fixture(scope="module")
def grid() -> xr.Dataset:
    found = dt.sweep(restraint(), over={"resolve": RESOLVE, "cost": COST}, edges="mark")
    assert found is not None
    return found


def test_a_grid_is_what_was_derived_by_hand(grid: xr.Dataset) -> None:
    labels = [str(label).split("; after strike")[0] for label in grid.label.values]
    assert sorted(labels) == sorted((CALM, STRIKE, BOLD))
    for (i, r), (j, c) in product(enumerate(RESOLVE), enumerate(COST)):
        expected = by_hand(r, c)
        here = grid.isel(resolve=i, cost=j)
        for f, label in enumerate(labels):
            assert bool(here.exists[f]) is (label in expected), (r, c, label)
            wanted = expected.get(label, (np.nan,) * 3)
            got = [here[name][f].item() for name in ("P[attack]", "payoff[US]", "payoff[Iran]")]
            assert got == pytest.approx([float(value) for value in wanted], rel=1e-15, abs=1e-10, nan_ok=True)
        attacks = [float(row[0]) for row in expected.values()]
        payoffs = [float(row[1]) for row in expected.values()]
        assert here["P_min[attack]"].item() == min(attacks)
        assert here["P_max[attack]"].item() == max(attacks)
        assert here["payoff_min[US]"].item() == pytest.approx(min(payoffs), abs=1e-10)
        # r = 1/3 is a knife edge: Iran may mix. c = 1/2 is none: were a type to mix, hold would tell it apart.
        edge = r == Fraction(1, 3)
        assert here.status.item() == (KNIFE_EDGE if edge else CLOSED_FORM), (r, c)
        if not edge:
            assert here["count"].item() == len(expected)


def test_points_on_a_knife_edge_can_be_solved() -> None:
    found = dt.sweep(restraint(), over={"resolve": ["1/3", "1/2"]})
    assert found is not None
    assert found.status.values.tolist() == [KNIFE_EDGE_SOLVED, CLOSED_FORM]
    assert found["P_min[attack]"].values.tolist() == [0, 0]
    assert found["P_max[attack]"].values.tolist() == [1, 0]


TIE = """
format = 1
title = "One choice between a and b, worth x and 0"
[parameters]
x = 1
[game]
players = ["US", "Iran"]
parameters = { x = "" }
[[game.move]]
player = "US"
information = "choice"
actions = ["a", "b"]
[[game.payoff]]
when = ["a"]
US = "x"
Iran = 3
"""


@pytest.mark.parametrize("method", [None, "solve"])
def test_where_the_distribution_varies_the_envelope_has_all_of_it(method: str | None, tmp_path: Path) -> None:
    # At x = 0 every mixture of a and b is best: one connected set, P[a] from 0 to 1, Iran's payoff from 0 to 3.
    (tmp_path / "tie.toml").write_text(TIE, encoding="utf-8")
    found = dt.sweep(dt.load(tmp_path / "tie.toml"), over={"x": [-1, 0, 1]}, method=method)
    assert found is not None
    assert found["count"].values.tolist() == [1, 1, 1]
    assert found["P_min[a]"].values.tolist() == [0, 0, 1]
    assert found["P_max[a]"].values.tolist() == [0, 1, 1]
    assert found["payoff_min[Iran]"].values.tolist() == [0, 0, 3]
    assert found["payoff_max[Iran]"].values.tolist() == [0, 3, 3]


def test_a_third_in_floating_point_is_a_third(grid: xr.Dataset) -> None:
    # 1/3 is no float: what holds at the edge is decided for the number that the axis has, not for the float beside it.
    exactly = dt.sweep(restraint(), over={"resolve": ("1/3", "2/3", 2)}, edges="mark")
    beside = dt.sweep(restraint(), over={"resolve": [1 / 3]}, edges="mark")
    assert exactly is not None
    assert beside is not None
    assert exactly["count"].values.tolist()[0] >= 3
    assert beside["count"].values.tolist() == [1]  # 0.3333333333333333 is less than a third


def test_a_list_near_an_edge_is_decided_for_the_numbers_it_has(tmp_path: Path) -> None:
    # By hand (see above), at c = 1/4: below a third BOLD alone, above it CALM and STRIKE, at it a knife edge. All but
    # the last have the same float, 1/3 rounded, so that only the text can tell.
    texts = ["0.33333333333333333", "1/3", "0.33333333333333334", "2/6", "3333333333333333e-16", "0.3333333333333334"]
    assert len({Fraction(float(Fraction(text))) for text in texts}) == 2
    path = tmp_path / "points.csv"
    path.write_text("resolve,cost\n" + "".join(f"{text},1/4\n" for text in texts), encoding="utf-8")
    for points in (reports.points(str(path)), pd.DataFrame({"resolve": texts, "cost": 0.25}),
                   [{"resolve": Fraction(text), "cost": 0.25} for text in texts]):
        found = dt.sweep(restraint(), points=points, edges="mark")
        assert found is not None
        edge, below, above = KNIFE_EDGE, CLOSED_FORM, CLOSED_FORM
        assert found.status.values.tolist() == [below, edge, above, edge, below, above]
        assert found["count"].values[[0, 2, 4, 5]].tolist() == [1, 2, 1, 2]
        assert found["P_max[attack]"].values[[0, 2, 4, 5]].tolist() == [1, 0, 1, 0]


def test_two_hundred_points_of_every_kind_against_solve() -> None:
    # On and off knife edges, at random among fractions with small denominators, all parameters at once.
    scenario = restraint()
    rng = np.random.default_rng(11)
    rows = [
        {
            "resolve": Fraction(int(rng.integers(1, 12)), 12), "cost": Fraction(int(rng.integers(1, 9)), 8),
            "gain": Fraction(int(rng.integers(1, 4))), "harm": Fraction(int(rng.integers(1, 4))),
            "loss_resolved": Fraction(int(rng.integers(-2, 3)), 2),
            "loss_irresolute": Fraction(int(rng.integers(3, 6)), 2),
        }
        for _ in range(200)
    ]
    found = dt.sweep(scenario, points=rows)
    assert found is not None
    kinds = set()
    for n, row in enumerate(rows):
        here = found.isel(sample=n)
        solution = dt.solve(scenario, point=row)
        kinds.add(int(here.status))
        names = [("P", name) for name in ("strike", "attack")] + [("payoff", name) for name in ("US", "Iran")]
        for kind, name in names:
            values = [float((e.events if kind == "P" else e.payoffs)[name]) for e in solution]
            low, high = (here[f"{kind}_{end}[{name}]"].item() for end in ("min", "max"))
            # A connected set shows one of its members, so that on an edge what solve shows lies within.
            assert low <= min(values) + 1e-9
            assert high >= max(values) - 1e-9
            if here.status == CLOSED_FORM:
                assert (low, high) == pytest.approx((min(values), max(values)), abs=1e-9)
        assert here["count"].item() == len(solution)
    assert kinds == {CLOSED_FORM, KNIFE_EDGE_SOLVED}


def test_costly_signalling_against_the_formulas_of_the_literature() -> None:
    # canon/results.md, 13; see tests/spence.py. All seven parameters are drawn at once.
    game = spence.game()
    rng = np.random.default_rng(5)
    size = 4_000
    drawn = {name: rng.uniform(0.05, 2, size) for name in spence.PARAMETERS}
    drawn["p"] = rng.uniform(0.05, 0.95, size)
    cross = drawn["c_strong"] * drawn["b_weak"] < drawn["c_weak"] * drawn["b_strong"]
    drawn = {name: values[cross] for name, values in drawn.items()}
    point = {name: Fraction(float(values[0])) for name, values in drawn.items()}
    scenario = _scenario(game, point)
    found = dt.sweep(scenario, points=drawn, edges="mark")
    assert found is not None
    p, g, loss = drawn["p"], drawn["g"], drawn["l"]
    strong, weak = drawn["c_strong"] / drawn["b_strong"], drawn["c_weak"] / drawn["b_weak"]
    threshold = g / (g + loss)
    expected = {
        "separating": (strong <= 1) & (weak >= 1),
        "bluffs": (p <= threshold) & (weak <= 1),
        "pooling on signal": (p >= threshold) & (weak <= 1),
        "calm": p >= threshold,
        "attacked": p <= threshold,
        "mixes": (p >= threshold) & (strong <= 1),
    }
    assert found["count"].values.tolist() == sum(map(np.asarray, expected.values())).astype(int).tolist()
    for label, exists in zip(found.label.values, found.exists.values, strict=True):
        assert any(np.array_equal(exists, wanted) for wanted in expected.values()), label
    mixes = next(n for n in range(found.sizes["family"]) if np.array_equal(found.exists.values[n], expected["mixes"]))
    # The strong signals with (p - p*)/(p (1 - p*)); silence is attacked with probability k_S, a signal never.
    signals = p * (p - threshold) / (p * (1 - threshold))
    attack = (1 - signals) * strong
    got = found["P[attack]"].values[mixes][expected["mixes"]]
    assert got == pytest.approx(attack[expected["mixes"]], abs=1e-9)


def _scenario(game: Any, point: dict[str, Fraction]) -> Scenario:
    from deterrence.parameters import Assumption

    assumptions = tuple(Assumption(name, point[name]) for name in game.space.names)
    return Scenario(title=game.title, file="<game>", sha256="0" * 64, game=game, assumptions=assumptions)


def test_however_it_is_cut_the_result_is_the_same(grid: xr.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(designs, "BLOCK", 11)
    for jobs in (1, 3):
        again = dt.sweep(restraint(), over={"resolve": RESOLVE, "cost": COST}, edges="mark", jobs=jobs)
        assert again is not None
        xr.testing.assert_identical(again, grid)


def test_solving_every_point_gives_the_same(grid: xr.Dataset) -> None:
    over = {"resolve": RESOLVE[1::5], "cost": COST[::3]}
    found = dt.sweep(restraint(), over=over, method="solve")
    assert found is not None
    assert set(found.status.values.ravel().tolist()) == {SOLVED}
    assert found.attrs["method"] == "solve"
    same = grid.sel(resolve=found.resolve, cost=found.cost)
    inner = same.status == CLOSED_FORM
    assert inner.any()
    for name in ("P_min[attack]", "P_max[attack]", "payoff_min[US]", "payoff_max[Iran]", "count"):
        np.testing.assert_allclose(found[name].where(inner), same[name].where(inner), atol=1e-9)


def test_solving_in_several_processes_gives_the_same() -> None:
    over = {"resolve": RESOLVE[1::5], "cost": COST[::3]}
    one, two = (dt.sweep(restraint(), over=over, method="solve", jobs=jobs) for jobs in (1, 2))
    assert one is not None
    assert two is not None
    xr.testing.assert_identical(one, two)


def test_a_game_without_a_complete_atlas_is_solved_point_by_point() -> None:
    found = dt.sweep(restraint(), over={"resolve": ["1/4", "1/2"]}, limit=1)
    assert found is not None
    assert found.attrs["method"] in ("atlas", "solve")
    assert found["count"].values.tolist() == [1, 2]


def test_points_outside_the_domain_have_a_status() -> None:
    found = dt.sweep(restraint(), over={"resolve": ("0", "1", 5)})
    assert found is not None
    assert found.status.values.tolist()[0] == found.status.values.tolist()[-1] == OUTSIDE
    assert np.isnan(found["P_max[attack]"].values[[0, -1]]).all()
    assert found["count"].values.tolist() == [0, 1, 2, 2, 0]


def test_where_chance_leaves_a_label_out_points_are_solved() -> None:
    # The types are drawn with p and 1 - p, and the game lets p be 0 and 1: then there is one type, and no doubt.
    text = Path(restraint().file).read_text(encoding="utf-8").replace("0 < resolve < 1", "0 <= resolve <= 1")
    scenario = dt.loads(text)
    found = dt.sweep(scenario, over={"resolve": [0, "1/4", 1]})
    assert found is not None
    assert found.status.values.tolist() == [KNIFE_EDGE_SOLVED, CLOSED_FORM, KNIFE_EDGE_SOLVED]
    for n, resolve in ((0, 0), (2, 1)):
        with pytest.warns(BranchCutWarning, match="has probability 0"):
            solution = dt.solve(scenario, point={"resolve": resolve})
        assert found["count"].values[n] == len(solution)
        assert found["P_max[attack]"].values[n] == max(entry.events["attack"] for entry in solution)


def test_a_large_atlas_still_knows_its_edges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deterrence.lowering.MAX_EDGES", 0)
    found = dt.sweep(restraint(), over={"resolve": ["1/4", "1/3", "1/2"]}, edges="mark")
    assert found is not None
    assert found.status.values.tolist() == [CLOSED_FORM, KNIFE_EDGE, CLOSED_FORM]


def test_a_point_that_fails_is_a_status_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    real = plans._entries

    def entries(plan: Any, given: Any) -> Any:
        if given["resolve"] == Fraction(1, 2):
            raise LimitError("the search goes beyond its limits")
        return real(plan, given)

    monkeypatch.setattr(plans, "_entries", entries)
    found = dt.sweep(restraint(), over={"resolve": ["1/4", "1/2", "3/4"]}, method="solve")
    assert found is not None
    assert found.status.values.tolist() == [SOLVED, plans.FAILED, SOLVED]
    assert json.loads(found.attrs["failures"]) == {"1": "the search goes beyond its limits"}
    assert np.isnan(found["P_max[attack]"].values[1])


def test_what_is_kept_is_what_is_there() -> None:
    def kept(*names: str) -> set[str]:
        found = dt.sweep(restraint(), over={"resolve": (0.1, 0.9, 3)}, keep=names)
        assert found is not None
        return set(map(str, found.data_vars))

    assert kept("count") == {"count", "status"}
    assert kept("exists", "P[attack]") == {"exists", "P[attack]", "status"}
    assert kept("P_max") == {"P_max[strike]", "P_max[hold]", "P_max[attack]", "P_max[refrain]", "status"}
    assert kept("payoff_min[US]", "payoff") == {"payoff_min[US]", "payoff[US]", "payoff[Iran]", "status"}
    assert len(kept("envelope")) == 13
    with pytest.raises(UnknownNameError, match=r"did you mean 'P\[attack\]'"):
        kept("P[atack]")


def test_a_refinement_selects_families() -> None:
    # Off the path hold could only be better for a type if Iran refrained; see canon on pooling that rests on beliefs.
    scenario = restraint()
    found = dt.sweep(scenario, over={"resolve": ["1/2"]}, select="intuitive")
    assert found is not None
    solution = dt.solve(scenario, point={"resolve": "1/2"}, refine="intuitive")
    assert found["count"].values.tolist() == [len(solution)]


def test_several_scenarios_lie_along_a_dimension() -> None:
    scenario = restraint()
    dear = scenario.with_values({"cost": "3/4"})
    found = dt.sweep([scenario, dear], over={"resolve": ("1/4", "3/4", 3)})
    assert found is not None
    # At cost 1/5 pooling on strike exists from a third on, at 3/4 > 1/2 nowhere.
    assert found["count"].values.tolist() == [[1, 2, 2], [1, 1, 1]]
    assert found["P_max[strike]"].values.tolist() == [[0, 1, 1], [0, 0, 0]]
    assert len(json.loads(found.attrs["scenarios"])) == 2
    with pytest.raises(ExpressionError, match="one game"):
        dt.sweep([scenario, dt.load(SHIPPED)], over={"resolve": ("1/4", "3/4", 3)})


def test_tables_in_and_out() -> None:
    table = pd.DataFrame({"resolve": [0.25, 0.5], "cost": [0.25, 0.75]})
    found = dt.sweep(restraint(), points=table, keep=["P_max[attack]", "count"])
    assert found is not None
    frame = found[["P_max[attack]", "count"]].to_dataframe()
    assert frame["resolve"].tolist() == [0.25, 0.5]
    assert frame["count"].tolist() == [1, 1]
    assert frame["P_max[attack]"].tolist() == [1, 0]


def test_a_result_says_what_it_rests_on(grid: xr.Dataset) -> None:
    attrs = grid.attrs
    assert json.loads(attrs["scenario"])["parameters"]["gain"] == "1"
    assert json.loads(attrs["design"])["over"]["resolve"]["values"][0] == "1/24"
    assert attrs["Conventions"] == "CF-1.11"
    assert attrs["source"].startswith("deterrence ")
    assert grid["P[attack]"].attrs["units"] == "1"
    assert "1e-10" in grid["P_max[attack]"].attrs["accuracy"]
    assert grid.status.attrs["flag_meanings"].split()[CLOSED_FORM] == "closed_form"


def test_what_is_too_large_for_memory_needs_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["deterrence.sweep"], "MEMORY", 1_000)
    with pytest.raises(LimitError, match="name an output file"):
        dt.sweep(restraint(), over={"resolve": (0.1, 0.9, 100)})


@pytest.mark.parametrize("jobs", [0, -1, 1.5, True, "2"])
def test_a_number_of_workers_is_one(jobs: Any) -> None:
    with pytest.raises(ExpressionError, match="jobs is a whole number from 1 on, or None"):
        dt.sweep(restraint(), over={"resolve": (0.1, 0.9, 3)}, jobs=jobs)


def test_what_is_resumed_is_a_file() -> None:
    with pytest.raises(ExpressionError, match="name it as output"):
        dt.sweep(restraint(), over={"resolve": (0.1, 0.9, 3)}, resume=True)


@pytest.mark.parametrize("ending", [None, "nc", "zarr", "csv"])
def test_a_point_outside_the_domain_is_shown_with_what_it_violates(
    tmp_path: Path, ending: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    # The domain is 0 < resolve < 1: of the four points the second and the fourth lie outside.
    into = [] if ending is None else ["-o", str(tmp_path / f"out.{ending}")]
    words = ["sweep", str(restraint().file), "--over", "cost=1/4,1/2", "--over", "resolve=1/2,1", *into]
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["points"]["all"] - told["points"]["inside_the_domain"] == 2
    assert told["outside"] == {"point": {"cost": "1/4", "resolve": "1"}, "violates": ["1 - resolve > 0"]}
    assert main(words) == 0
    assert "cost = 1/4, resolve = 1: this violates 1 - resolve > 0" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(("text", "message"), [
    (None, "this file does not exist"),
    ("resolve;cost\n0,5;1\n", "columns are separated by commas, not by semicolons"),
    ("resolve\tcost\n0.5\t1\n", "columns are separated by commas, not by tabs"),
])
def test_what_is_no_list_of_points_is_told(
    tmp_path: Path, text: str | None, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "points.csv"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ProblemsError, match=message) as caught:
        reports.points(str(path))
    assert caught.value.problems[0].file == str(path)
    assert main(["sweep", str(restraint().file), "--points", str(path)]) == 2
    assert message in capsys.readouterr().err


def test_options_that_do_not_exist_are_told() -> None:
    for options, message in (
        ({"method": "magic"}, "there is no method"),
        ({"edges": "cut"}, "solve or mark"),
    ):
        with pytest.raises((NotSupportedError, ExpressionError), match=message):
            dt.sweep(restraint(), over={"resolve": (0.1, 0.9, 3)}, **options)  # type: ignore[arg-type]


def test_the_shipped_scenario_against_solve() -> None:
    # Cheap talk makes sets of equilibria in which the distribution varies; solve shows a member of each.
    scenario = dt.load(SHIPPED)
    over = {"resolve": [Fraction(3, 10), Fraction(7, 10)], "strike_cost": [Fraction(1, 10), Fraction(2)]}
    found = dt.sweep(scenario, over=over)
    assert found is not None
    for (i, r), (j, c) in product(enumerate(over["resolve"]), enumerate(over["strike_cost"])):
        here = found.isel(resolve=i, strike_cost=j)
        solution = dt.solve(scenario, point={"resolve": r, "strike_cost": c})
        for name in scenario.game.events:
            values = [float(entry.events[name]) for entry in solution]
            assert here[f"P_min[{name}]"].item() <= min(values) + 1e-9
            assert here[f"P_max[{name}]"].item() >= max(values) - 1e-9
        for name in scenario.game.players:
            values = [float(entry.payoffs[name]) for entry in solution]
            # All members of such a set are worth the same to everybody here: talk is cheap.
            assert here[f"payoff_min[{name}]"].item() == pytest.approx(min(values), abs=1e-9)
            assert here[f"payoff_max[{name}]"].item() == pytest.approx(max(values), abs=1e-9)
