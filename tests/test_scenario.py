"""Scenarios from files: what is read, and what every mistake says."""

from __future__ import annotations

import datetime
import hashlib
import json
import warnings
from fractions import Fraction
from pathlib import Path

import pytest

import deterrence as dt
from deterrence.errors import BranchCutWarning, ScenarioError
from deterrence.scenario import Scenario, load, loads

TESTS = Path(__file__).parent
CANON = sorted((TESTS / "canon").glob("*.toml"))
EXPECTED = json.loads((TESTS / "canon" / "expected.json").read_text(encoding="utf-8"))
WORKED = TESTS / "restraint.toml"
TEXT = WORKED.read_text(encoding="utf-8")

LONG = """\
format = 1
title = "Half a game"
as_of = 2023-10-31

[parameters]
gain = 0.1

[parameters.p]
value  = "3/5"
range  = ["1/10", 0.9]
unit   = "probability"
role   = "uncertainty"
basis  = "observed"
source = "afp-2023-10.31"
note   = "Two lines\\nof reason."

[sources."afp-2023-10.31"]
title = "US, Iran and restraint"
author = ["A. Author", "B. Author"]
issued = 2023-10-31
accessed = "2023-11"
URL = "https://example.org/a"
page = 3

[sources.unused]
title = "Read, not used"

[events]
bold = "yes, strike"

[sweep]
over.p = { from = 0, to = 1, points = 11 }
over.gain = { from = "-1/2", to = 0.5, points = 3 }

[game]
players = ["A", "B"]

[game.parameters]
p = "0 < p < 1"
gain = ""

[[game.move]]
player = "A"
information = "a"
actions = ["strike", "hold"]

[[game.move]]
player = "chance"
information = "luck"
after = ["strike"]
actions = { yes = "p", no = "1 - p" }

[[game.payoff]]
when = ["yes"]
A = "gain"
B = 0.25
"""


def mistakes(text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    return [(problem.line, problem.key) for problem in caught.value.problems]


# what is read


@pytest.mark.parametrize("file", CANON, ids=lambda file: file.stem)
def test_every_scenario_of_the_canon_is_read(file):
    """The complete histories are those that the expected results name."""
    scenario = load(file)
    assert {dt.game.history_key(h) for h in scenario.game.terminals} == set(EXPECTED[file.stem]["names"])
    assert scenario.game.space.violations(scenario.point) == ()
    assert scenario.notes == ()


def test_the_canon_is_whole():
    assert len(CANON) == 40
    assert {file.stem for file in CANON} == set(EXPECTED)


def test_the_worked_game():
    scenario = load(WORKED)
    assert scenario.to_dict() == {
        "title": "A small game of restraint",
        "sha256": hashlib.sha256(WORKED.read_bytes()).hexdigest(),
        "parameters": {"resolve": "3/5", "cost": "1/5", "gain": "1", "harm": "2", "loss_resolved": "1/2",
                       "loss_irresolute": "1"},
    }
    assert scenario.file == str(WORKED)
    assert scenario.model is None
    assert scenario.game.players == ("US", "Iran")
    parse = scenario.game.space.parse
    assert scenario.game.payoffs["irresolute", "strike", "attack"] == {
        "US": parse("-cost - loss_irresolute"), "Iran": parse("gain"),
    }
    assert scenario.game.payoffs["resolved", "hold", "attack"] == {
        "US": parse("-loss_resolved"), "Iran": parse("-harm"),
    }
    # resolve >= 0 and 1 - resolve >= 0 follow from the domain and are kept as chance assumes them
    assert [str(c) for c in scenario.game.space.conditions[:5]] == [
        "resolve > 0", "1 - resolve > 0", "cost > 0", "gain > 0", "harm > 0",
    ]
    assert str(scenario.game.space.conditions[5]) == "loss_irresolute - loss_resolved > 0"


def test_the_long_forms():
    scenario = loads(LONG)
    p, gain = scenario.parameters
    assert (p.name, p.value, p.range) == ("p", Fraction(3, 5), (Fraction(1, 10), Fraction(9, 10)))
    assert (p.unit, p.role, p.basis, p.source) == ("probability", "uncertainty", "observed", "afp-2023-10.31")
    assert p.note == "Two lines\nof reason."
    assert (gain.value, gain.range, gain.role, gain.basis) == (Fraction(1, 10), None, "constant", "")
    assert scenario.as_of == datetime.date(2023, 10, 31)
    assert scenario.sources["afp-2023-10.31"] == {
        "title": "US, Iran and restraint", "author": ("A. Author", "B. Author"), "issued": "2023-10-31",
        "accessed": "2023-11", "URL": "https://example.org/a", "page": "3",
    }
    assert scenario.events["bold"] == ("yes", "strike")
    assert scenario.sweep == {
        "p": {"from": 0, "to": 1, "points": 11}, "gain": {"from": Fraction(-1, 2), "to": Fraction(1, 2), "points": 3},
    }
    assert scenario.game.payoffs["strike", "yes"] == {"A": scenario.game.space.parse("gain"), "B": Fraction(1, 4)}
    assert scenario.game.chance["strike",].name == "luck"


def test_parameters_come_in_the_order_of_the_game_and_print_as_a_table():
    scenario = loads(LONG)
    assert list(scenario.point) == ["p", "gain"]
    assert repr(scenario.parameters).splitlines() == [
        "name  role         value  range         unit         basis     source",
        "p     uncertainty  3/5    1/10 to 9/10  probability  observed  afp-2023-10.31",
        "gain  constant     1/10",
    ]


def test_text_bytes_and_file_are_one(tmp_path):
    file = tmp_path / "a.toml"
    file.write_text(LONG, encoding="utf-8")
    from_text, from_bytes, from_file = loads(LONG), loads(LONG.encode()), load(file)
    assert from_text.sha256 == from_bytes.sha256 == from_file.sha256 == hashlib.sha256(LONG.encode()).hexdigest()
    assert from_text.point == from_file.point
    assert (from_text.file, from_file.file) == ("<text>", str(file))


def test_line_ends_of_windows_are_read_and_are_other_bytes():
    other = loads(LONG.replace("\n", "\r\n"))
    assert other.point == loads(LONG).point
    assert other.sha256 != loads(LONG).sha256


def test_a_scenario_is_frozen():
    with pytest.raises(AttributeError):
        loads(LONG).title = "other"  # type: ignore[misc]


def test_the_repr_is_short():
    assert len(repr(load(WORKED))) < 300


def test_a_model_with_options_and_events():
    values = {p.name: "1/2" for p in dt.models.get("signalling").parameters}
    lines = "\n".join(f'{name} = "{value}"' for name, value in values.items())
    text = 'format = 1\ntitle = "m"\nmodel = "signalling"\n[options]\nsignals = ["silence", "strike"]\n'
    text += f"[parameters]\n{lines}\n"
    scenario = loads(text + '[events]\nbold = "strike, attack"\n')
    assert scenario.model == "signalling"
    assert scenario.options == {"signals": ["silence", "strike"]}
    assert scenario.events["bold"] == ("strike", "attack")
    assert {a.unit for a in scenario.parameters} >= {"probability"}
    assert mistakes(text.replace("resolve =", "reslove =")) == [(6, "parameters.resolve"), (7, "parameters.reslove")]


# other values


def test_other_values():
    scenario = load(WORKED)
    other = scenario.with_values({"resolve": "2/3", "cost": 0.1})
    assert (other.point["resolve"], other.point["cost"], other.point["harm"]) == (Fraction(2, 3), Fraction(1, 10), 2)
    assert scenario.point["resolve"] == Fraction(3, 5)
    assert other.sha256 == scenario.sha256
    assert [a.name for a in other.parameters] == [a.name for a in scenario.parameters]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"reslove": 1}, "'reslove' is not a parameter of this game.*did you mean 'resolve'"),
        ({"resolve": 1}, "the value 1 is outside the domain '0 < resolve < 1'"),
        ({"resolve": "x"}, "no finite number"), ({"resolve": float("nan")}, "no finite number"),
        ({"resolve": float("inf")}, "no finite number"), ({"resolve": None}, "a number is needed"),
        ({"cost": "-1/5"}, "the value -1/5 is outside the domain 'cost > 0'"),
        ({"loss_resolved": 1}, "violate loss_irresolute - loss_resolved > 0 .with loss_resolved = 1"),
        ({"cost": "1e99999"}, "number"),
    ],
)
def test_other_values_are_checked(values, words):
    with pytest.raises(ScenarioError, match=words) as caught:
        load(WORKED).with_values(values)
    assert caught.value.problems[0].file == str(WORKED)


def test_all_other_values_are_checked_at_once():
    with pytest.raises(ScenarioError) as caught:
        load(WORKED).with_values({"resolve": 2, "cost": -1, "harm": 0})
    assert [problem.key for problem in caught.value.problems] == [
        "parameters.resolve", "parameters.cost", "parameters.harm", "game.move[0].actions.irresolute",
    ]


# mistakes


def test_every_mistake_in_one_go_each_with_its_line():
    text = LONG.replace('title = "Half a game"', 'tilte = "Half a game"').replace('role   = "u', 'role   = "U')
    text = text.replace('source = "afp-2023-10.31"', 'source = "afp"').replace("over.gain", "over.gian")
    text = text.replace('p = "0 < p < 1"', 'p = "0 < q < 1"').replace('A = "gain"', "A = [1]")
    with pytest.raises(ScenarioError) as caught:
        loads(text, "half.toml")
    assert [(p.line, p.key, p.suggestion) for p in caught.value.problems] == [
        (1, "title", None), (2, "tilte", "title"), (12, "parameters.p.role", "uncertainty"),
        (14, "parameters.p.source", None), (39, "game.parameters.p", None), (55, "game.payoff[0].A", None),
    ]
    assert str(caught.value).splitlines()[1].startswith("half.toml:2: tilte: there is no key 'tilte' here")


def test_a_game_with_mistakes_still_has_its_parameters_checked():
    text = TEXT.replace('cost = "1/5"', "cots = 1").replace('after       = ["*, hold"]', 'after       = ["*, hld"]')
    assert mistakes(text) == [(4, "parameters.cost"), (6, "parameters.cots"), (49, "game.move[4].after[0]")]


def test_the_keys_of_long_and_short_forms():
    assert mistakes(LONG.replace('value  = "3/5"', "value  = 2").replace("0.9]", "3]")) == [
        (9, "parameters.p.value"), (10, "parameters.p.range[1]"), (51, "game.move[1].actions.no"),
    ]
    assert mistakes(LONG.replace('gain = ""', 'gain = "gain > 1"'))[0] == (6, "parameters.gain")


def test_a_distribution_goes_with_a_range() -> None:
    def read(table: str) -> Scenario:
        return loads(TEXT.replace('cost = "1/5"', f"cost = {{ value = '1/5', {table} }}", 1))

    assert read("range = [0.1, 1], distribution = 'loguniform'").parameters[1].distribution == "loguniform"
    for table, message in (
        ("distribution = 'uniform'", "needs a `range`"),
        ("range = [0, 1], distribution = 'loguniform'", "needs a range of positive numbers"),
        ("range = [0, 1], distribution = 'triangel'", "triangular"),
    ):
        with pytest.raises(ScenarioError, match=message):
            read(table)


def test_ranges_may_touch_the_boundary_of_the_domain():
    assert loads(LONG.replace('"1/10", 0.9', "0, 1")).parameters[0].range == (0, 1)
    assert mistakes(LONG.replace('"1/10", 0.9', '"-1/10", 1')) == [(10, "parameters.p.range[0]")]
    assert mistakes(LONG.replace('"1/10", 0.9', '"7/10", 1')) == [(10, "parameters.p.range")]


def test_a_source_is_needed_only_for_what_is_observed_or_estimated():
    without = LONG.replace('source = "afp-2023-10.31"\n', "")
    assert mistakes(without) == [(8, "parameters.p")]
    assert mistakes(without.replace('"observed"', '"estimated"')) == [(8, "parameters.p")]
    for basis in ("judgement", "normalisation"):
        assert loads(without.replace("observed", basis)).parameters[0].basis == basis


def test_one_is_no_probability_where_chance_needs_both_signs():
    text = LONG.replace('p = "0 < p < 1"', 'p = ""').replace('value  = "3/5"', "value  = 1").replace("0.9]", "1]")
    scenario = loads(text)
    assert scenario.notes == ("chance branch 'strike, no' has probability 0 at these values and is cut off",)
    with pytest.warns(BranchCutWarning, match="strike, no"):
        scenario.game.at(scenario.point)


def test_reading_gives_no_warning_of_its_own():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(loads(LONG), Scenario)


def test_a_vanishing_denominator_is_named():
    text = LONG.replace('A = "gain"', 'A = "1/(10*gain - 1)"')
    with pytest.raises(ScenarioError, match=r"denominator '10\*gain - 1' is 0 at these values .*gain = 1/10") as caught:
        loads(text)
    assert [(p.line, p.key) for p in caught.value.problems] == [(55, "game.payoff[0].A")]


def test_duplicate_actions_are_seen():
    assert mistakes(LONG.replace('["strike", "hold"]', '["strike", "hold", "strike"]')) == [
        (45, "game.move[0].actions[2]")
    ]


@pytest.mark.parametrize("table", ["parameters", "options", "sources"])
def test_a_key_of_the_file_below_a_table_is_told_its_place(table):
    text = f'format = 1\ntitle = "Half a game"\n\n[{table}]\nmodel = "signalling"\n'
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    problems = {problem.key: problem for problem in caught.value.problems}
    problem = problems[f"{table}.model"]
    assert problem.line == 5
    assert problem.message.startswith(f"'model' stands below [{table}] and is taken for a part of it;")
    assert "belongs at the top" in problem.message
    # The model is known, so that what it lacks is told at once, and not that there is none.
    assert "model" not in problems
    assert "the parameter 'resolve' of the game has no value" in problems["parameters.resolve"].message


def test_a_parameter_may_have_the_name_of_a_key_of_the_file():
    text = LONG.replace("gain", "title").replace('title = "Half a game"', 'title = "Half a game" # once', 1)
    assert loads(text).point["title"] == Fraction(1, 10)
    text = text.replace('title = "Half a game" # once\n', "", 1).replace("title = 0.1", 'title = "1/10"', 1)
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    assert [problem.message for problem in caught.value.problems] == ["the key 'title' is missing"]


def test_a_parameter_of_the_name_assume_is_a_list_of_conditions():
    assert mistakes(LONG.replace('gain = ""', 'gain = ""\nassume = "gain > 0"')) == [(41, "game.parameters.assume")]
    assert loads(LONG.replace('gain = ""', 'gain = ""\nassume = ["gain < p"]')).point["gain"] == Fraction(1, 10)
    with pytest.raises(ScenarioError, match="the values violate gain - p > 0") as caught:
        loads(LONG.replace('gain = ""', 'gain = ""\nassume = ["gain > p"]'))
    assert caught.value.problems[0].key == "parameters.p.value"


@pytest.mark.parametrize("value", ["0.1", '"1/10"', "1e-1", '"0.1"', "0.10", '" 1 / 10 "', '"1e-1"'])
def test_a_tenth_however_it_is_written(value):
    assert loads(LONG.replace("gain = 0.1", f"gain = {value}")).point["gain"] == Fraction(1, 10)


def test_a_value_outside_its_domain_is_told_while_another_is_missing():
    text = WORKED.read_text().replace('resolve = "3/5"', 'resolve = "6/5"').replace("gain = 1\n", "")
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    assert [problem.key for problem in caught.value.problems][:2] == ["parameters.gain", "parameters.resolve"]
