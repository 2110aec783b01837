"""How far one value may move: against derivations by hand, and against solving on both sides."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

import deterrence as dt
from deterrence.algebraic import Algebraic
from deterrence.errors import DeterrenceWarning
from deterrence.printing import to_text
from deterrence.render import solution as render
from deterrence.scenario import Scenario
from deterrence.solvers import boundaries, thresholds
from deterrence.solvers.boundaries import Change

FOLDER = Path(__file__).parent.parent / "scenarios"
SIGNALLING, RETALIATION = FOLDER / "iraq-syria-2023-10.toml", FOLDER / "iraq-syria-2023-10-retaliation.toml"
RESTRAINT = Path(__file__).parent / "restraint.toml"


@pytest.fixture(name="found", scope="module")
def _found() -> dict[Path, list[Change]]:
    return {file: thresholds(dt.load(file)) for file in (SIGNALLING, RETALIATION, RESTRAINT)}


def test_the_worked_game(found: dict[Path, list[Change]]) -> None:
    # Iran refrains after what both types do where resolve harm >= (1 - resolve) gain: resolve 1/3, gain 3, harm 2/3.
    # Beyond, both types hold and are attacked: an attacked hold costs 1/2 and 1, an attacked strike 1/5 more; and a
    # strike attacked with 4/5, which would hold the irresolute type between the two, costs the resolved 3/5 > 1/2.
    # Pooling on strike needs cost <= loss_resolved: cost 1/2, loss_resolved 1/5. loss_irresolute, above loss_resolved
    # by assumption, decides nothing.
    shown = [(c.parameter, c.direction, str(c.threshold), c.vanishes, c.appears) for c in found[RESTRAINT]]
    both, again = ("pooling on hold", "pooling on strike"), ("pooling on hold; after hold: attack",)
    assert shown == [
        ("resolve", "down", "1/3", both, again),
        ("cost", "up", "1/2", ("pooling on strike",), ()),
        ("gain", "up", "3", both, again),
        ("harm", "down", "2/3", both, again),
        ("loss_resolved", "down", "1/5", ("pooling on strike",), ()),
    ]
    assert found[RESTRAINT][0].effect == (
        "'pooling on hold' changes: Iran at 'after hold' plays attack instead of refrain; 'pooling on strike' vanishes"
    )
    assert found[RESTRAINT][0].within_range is None


SILENCE, BLUFF = "pooling on silence", "semi-separating: irresolute bluffs with statement"
HOLD, MIXED = "pooling on hold", "semi-separating: wary bluffs with attack"

# The derivations of the equilibria are in test_scenarios.py.
BY_HAND = [
    # Iran attacks below the belief gain/punishment in resolve. The prior reaches it: 3/5, or punishment 1/(2/5).
    (SIGNALLING, "resolve", "up", "3/5", {SILENCE, BLUFF}, {"pooling on statement", "pooling on strike"}),
    (SIGNALLING, "punishment", "up", "5/2", {SILENCE, BLUFF}, {"pooling on statement", "pooling on strike"}),
    # Nothing deters where being punished costs no more than the gain, so that a statement may show resolve freely.
    (SIGNALLING, "punishment", "down", "1", {BLUFF}, {"separating: resolved statement, irresolute silence"}),
    # A statement binds the irresolute type once its audience cost exceeds the retaliation cost.
    (SIGNALLING, "audience_cost", "up", "1", {SILENCE, BLUFF}, {"pooling on statement"}),
    (SIGNALLING, "retaliation_cost_irresolute", "down", "1/2", {SILENCE, BLUFF}, {"pooling on statement"}),
    # Attacked, the resolved type gets -1 - cost: from -1 on it would rather be attacked, and makes no statement.
    (SIGNALLING, "retaliation_cost_resolved", "down", "-1", {BLUFF}, set()),
    # It answers after silence up to 0, after a statement up to the audience cost.
    (SIGNALLING, "retaliation_cost_resolved", "up", "0", {SILENCE}, set()),
    (SIGNALLING, "retaliation_cost_resolved", "up", "1/2", {BLUFF}, set()),
    # Force after a lethal attack pays the firm type up to the belief 19/(10 war_cost_us) in bold: the prior 1/10
    # reaches it at 19/100, or at the war cost 19; a belief of 1 does at 19/10.
    (RETALIATION, "boldness", "up", "19/100", {MIXED}, {"pooling on attack"}),
    (RETALIATION, "war_cost_us", "up", "19", {MIXED}, {"pooling on attack"}),
    (RETALIATION, "war_cost_us", "down", "19/10", {MIXED}, {"separating: bold attack, wary hold"}),
    # Met with force after every lethal attack, bold Iran gets gain - firmness - 2 lethality, the second term from the
    # limited answer of 3/2 to two attacks in three that are not lethal; it holds from firmness 1/3, to gain 7/6. With
    # lethality l it gets 1 - (1 - l) 3/4 - 2 l: it holds from 1/5 on.
    (RETALIATION, "firmness", "down", "1/3", {HOLD}, set()),
    (RETALIATION, "lethality", "down", "1/5", {HOLD, MIXED}, set()),
    # Wary Iran mixes where firmness (3/2 + 5/2 f) = 3 (1 - firmness), f the chance of force: f is 0 at 2/3, 1
    # at 3/7.
    (RETALIATION, "firmness", "up", "2/3", {MIXED}, set()),
    (RETALIATION, "firmness", "down", "3/7", {MIXED}, set()),
]


@pytest.mark.parametrize(("file", "name", "direction", "threshold", "vanishes", "appears"), BY_HAND)
def test_thresholds_of_the_shipped_scenarios(
    found: dict[Path, list[Change]], file: Path, name: str, direction: str, threshold: str,
    vanishes: set[str], appears: set[str],
) -> None:
    (change,) = (
        c for c in found[file]
        if (c.parameter, c.direction, c.threshold) == (name, direction, Fraction(threshold))
    )
    assert set(change.vanishes) == vanishes
    assert appears <= set(change.appears)


def test_what_decides_nothing_has_no_threshold(found: dict[Path, list[Change]]) -> None:
    # The harm of a strike is sunk when Iran decides, war is not Iran's to decide, posture is not on the menu; a strike
    # costs more than 1 if attacked, which is the worst of silence, whatever its cost, its slip and the cost of war.
    idle = {"strike_harm", "war_cost_iran", "posture_cost", "strike_cost", "slip", "war_cost_us"}
    named = {change.parameter for change in found[SIGNALLING]}
    assert named == set(dt.load(SIGNALLING).point) - idle - {"gain", "loss"}


def test_the_chances_beyond_a_boundary_are_told(found: dict[Path, list[Change]]) -> None:
    by_place = {(c.parameter, c.direction, c.threshold): c for c in found[SIGNALLING]}
    # Pooling on what is believed to be resolve, nobody attacks; on a strike, only the slip of 1/14 leads to war.
    chances = by_place["resolve", "up", Fraction(3, 5)].chances
    assert (chances["pooling on statement"]["deterrence_failure"], chances["pooling on statement"]["spiral"]) == (0, 0)
    assert chances["pooling on strike"]["spiral"] == Fraction(1, 14)
    # Separated by statements, both types are attacked, and the resolved one answers.
    apart = by_place["punishment", "down", Fraction(1)].chances["separating: resolved statement, irresolute silence"]
    assert (apart["deterrence_failure"], apart["spiral"]) == (1, Fraction(2, 5))
    # Cautious mixes at the belief 13/100 in bold; bold attacks for certain: P(attack) = (1/10)/(13/100) = 10/13.
    (turn,) = (c for c in found[RETALIATION] if (c.parameter, c.threshold) == ("firmness", Fraction(3, 7)))
    assert [odds["deterrence_failure"] for odds in turn.chances.values()] == [Fraction(10, 13)]


def test_what_solve_joins_goes_by_one_name() -> None:
    # A statement that costs nothing to back down from: both types may mix it with silence in any way that leaves the
    # belief in resolve below gain/punishment = 3/5 after both, and Iran attacks. These are one connected set.
    scenario = dt.load(SIGNALLING).with_values({"audience_cost": 0})
    solution = dt.solve(scenario)
    (entry,) = solution
    changes = thresholds(scenario)
    by_place = {(c.parameter, c.direction, c.threshold): c for c in changes}
    # With a cost nobody who will be attacked and backs down makes the statement, so that silence is what is left; where
    # the irresolute type would rather answer, that goes too.
    up = by_place["audience_cost", "up", Fraction(0)]
    assert (up.vanishes, up.turns, up.narrows) == ((), (), {entry.label: ("pooling on silence",)})
    assert f"{entry.label!r} narrows to 'pooling on silence'" in up.effect
    gone = by_place["audience_cost", "up", Fraction(1)]
    assert (gone.gone, gone.narrows) == ((entry.label,), {})
    # Where the prior itself reaches the belief at which Iran refrains (punishment 1/(2/5)), it does so after both.
    refrains = by_place["punishment", "up", Fraction(5, 2)]
    (turn,) = refrains.turns
    assert (refrains.gone, turn.label) == ((), entry.label)
    assert {f"Iran at 'after {s}' plays refrain instead of attack" for s in ("silence", "statement")} == set(
        turn.difference.split(", ")
    )
    assert all(set(c.vanishes) | set(c.narrows) <= {entry.label} for c in changes)
    # The text names the entry as it is shown above it.
    text = to_text(render(solution, scenario, changes))
    told = text[text.index("What would have to change"):]
    assert "- F1 narrows to 'pooling on silence'\n" in told
    assert "- F1 vanishes\n" in told
    assert not re.search(r"(?<!F1) (changes:|vanish)", told)


def test_a_tied_last_move_stays_in_its_entry() -> None:
    # At the audience cost 1 the irresolute type, attacked after a statement, may retaliate or not: both cost it 1. The
    # bluff that never retaliates is an end of the bluffs that do with some probability, and part of their entry.
    scenario = dt.load(SIGNALLING).with_values({"audience_cost": 1})
    labels = {entry.label for entry in dt.solve(scenario)}
    changes = thresholds(scenario)
    assert changes
    assert all({*change.vanishes, *change.narrows} <= labels for change in changes)


def test_units_and_ranges_are_those_of_the_scenario(found: dict[Path, list[Change]]) -> None:
    by_place = {(c.parameter, c.direction, c.threshold): c for c in found[SIGNALLING]}
    assert by_place["resolve", "up", Fraction(3, 5)].unit == "probability"
    assert by_place["resolve", "up", Fraction(3, 5)].within_range is True
    assert by_place["retaliation_cost_resolved", "up", Fraction(0)].within_range is False


@pytest.mark.parametrize("side", [-1, 1])
def test_solving_on_both_sides_shows_the_change(found: dict[Path, list[Change]], side: int) -> None:
    scenario = dt.load(RESTRAINT)
    for change in found[RESTRAINT]:
        beyond = side == (1 if change.direction == "up" else -1)
        near = scenario.with_values({change.parameter: change.threshold + Fraction(side, 1000)})
        assert ("pooling on strike" in [entry.label for entry in dt.solve(near)]) is not beyond


def test_what_a_limit_leaves_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundaries, "MAX_CHECKS", 100)
    with pytest.warns(DeterrenceWarning, match="may move was not decided: .*harm, loss_") as caught:
        some = thresholds(dt.load(RESTRAINT))
    assert len(caught) == 1
    assert [change.parameter for change in some][:1] == ["resolve"]
    assert "loss_resolved" not in [change.parameter for change in some]


def test_the_function_stays_one_after_its_module_is_loaded() -> None:
    from deterrence import solvers

    assert solvers.thresholds(dt.load(RESTRAINT)) == solvers.thresholds(dt.load(RESTRAINT))


def small(folder: Path, value: str, ends: str = "") -> Scenario:
    file = folder / "small.toml"
    file.write_text(
        f"""
format = 1
title = "One choice"
[parameters.x]
value = {value}
{ends}
[game]
players = ["US"]
parameters = {{ x = "x > 0" }}
[[game.move]]
player = "US"
information = "choice"
actions = ["act", "wait"]
[[game.payoff]]
when = ["act"]
US = "2 - x**2"
""",
        encoding="utf-8",
    )
    return dt.load(file)


def test_an_irrational_threshold_is_exact(tmp_path: Path) -> None:
    (change,) = thresholds(small(tmp_path, "1", 'range = ["1/2", "3/2"]'))
    assert isinstance(change.threshold, Algebraic)
    assert change.threshold**2 == 2
    assert (change.direction, change.within_range) == ("up", True)
    assert (change.vanishes, change.appears) == (("choice: act",), ("choice: wait",))


def test_a_value_on_a_boundary_changes_at_once(tmp_path: Path) -> None:
    file = tmp_path / "edge.toml"
    file.write_text(RESTRAINT.read_text(encoding="utf-8").replace('cost = "1/5"', 'cost = "1/2"', 1), encoding="utf-8")
    changes = thresholds(dt.load(file))
    (up,) = (c for c in changes if (c.parameter, c.direction) == ("cost", "up"))
    assert (up.value, up.threshold, up.vanishes) == (Fraction(1, 2), Fraction(1, 2), ("pooling on strike",))
