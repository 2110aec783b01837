"""Scenarios to fill in, and scenarios side by side."""

import json
import tomllib
from pathlib import Path

import pytest

import deterrence as dt
from deterrence import models
from deterrence.cli import main
from deterrence.errors import UnknownNameError

SMALL = Path(__file__).with_name("restraint.toml")


@pytest.mark.parametrize("name", [*models.names(), "game"])
def test_a_scenario_to_fill_in_is_one(name, tmp_path, capsys):
    path = tmp_path / "new.toml"
    assert main(["new", name, "-o", str(path)]) == 0
    assert main(["check", str(path)]) == 0
    assert capsys.readouterr().out == "ok\n"
    scenario = dt.load(path)
    assert scenario.model == (None if name == "game" else name)
    assert not any(a.basis or a.source or a.range for a in scenario.assumptions if a.name != "resolve")


@pytest.mark.parametrize("name", ["signalling", "retaliation", "swarm", "game"])
def test_a_scenario_to_fill_in_can_be_solved(name):
    assert len(dt.solve(dt.loads(dt.new(name))))


def test_what_was_filled_in_is_not_written_over(tmp_path, capsys):
    path = tmp_path / "mine.toml"
    for _ in range(2):
        assert main(["new", "attrition", "-o", str(path)]) == 0
    mine = path.read_text() + "# mine\n"
    path.write_text(mine)
    assert main(["new", "attrition", "-o", str(path)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert path.read_text() == mine


def test_what_is_commented_out_is_right_too(tmp_path):
    # The lines that are left to fill in, with what they stand for: the file is a scenario still.
    text = dt.new("attrition").replace('["...", "..."]', "[0.01, 0.02]")
    kept = [line[2:] if line.startswith(("# range", "# role", "# basis", "# note")) else line
            for line in text.splitlines()]
    told = tomllib.loads("\n".join(kept))
    assert all(set(table) >= {"value", "range", "role", "basis", "note"} for table in told["parameters"].values())


def test_a_game_that_is_not_there_is_named(capsys):
    with pytest.raises(UnknownNameError):
        dt.new("signaling")
    assert main(["new", "signaling"]) == 2
    assert "'signalling'" in capsys.readouterr().err


def test_the_answer_of_two_scenarios(tmp_path):
    # Contract, section 4: at resolve 3/5 nobody attacks. At 1/4 attacking a pool brings Iran 3/4 - 2/4 > 0, so all hold
    # and are attacked (a strike would be attacked too, and cost 1/5 more).
    other = tmp_path / "other.toml"
    text = SMALL.read_text().replace('resolve = "3/5"', 'resolve = "1/4"')
    other.write_text(text.replace('cost = "1/5"', "cost = 0.3"))
    found = dt.diff(SMALL, other)
    assert [(d.key, d.first, d.second) for d in found.differences] == [
        ("parameters.resolve", "3/5 (0.6)", "1/4 (0.25)"), ("parameters.cost", "1/5 (0.2)", "3/10 (0.3)")
    ]
    assert found.changes
    assert found.first.ranges["attack"] == (0, 0)
    assert found.second.ranges["attack"] == (1, 1)
    assert found.second.labels == ("pooling on hold",)
    assert {name: answer.ranges["attack"] for name, answer in found.alone.items()} == {
        "resolve": (1, 1), "cost": (0, 0)
    }


def test_the_same_scenario_twice(capsys):
    assert main(["diff", str(SMALL), str(SMALL)]) == 0
    out = capsys.readouterr().out
    assert "The two say the same." in out
    assert "Nothing: the equilibria and the chances are the same." in out


def test_a_saved_result_and_its_scenario(tmp_path, capsys):
    place = tmp_path / "x.json"
    assert main(["solve", str(SMALL), "--set", "gain=3", "-o", str(place)]) == 0
    assert main(["diff", str(SMALL), str(place), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["differences"] == [{"key": "parameters.gain", "first": "1", "second": "3"}]


def test_a_picture_holds_its_scenario_too(tmp_path):
    picture = tmp_path / "tree.svg"
    assert main(["plot", str(SMALL), "-o", str(picture)]) == 0
    assert not dt.diff(picture, SMALL).to_dict()["differences"]
    changed = tmp_path / "b.toml"
    changed.write_text(SMALL.read_text().replace("gain = 1", "gain = 3"))
    assert [d["key"] for d in dt.diff(picture, changed).to_dict()["differences"]] == ["parameters.gain"]


def test_games_that_differ_are_told_part_by_part(tmp_path):
    other = tmp_path / "other.toml"
    other.write_text(SMALL.read_text().replace('Iran  = "gain"', 'Iran  = "2*gain"'))
    found = dt.diff(SMALL, other)
    assert {d.key for d in found.differences} == {
        "game.payoff.irresolute, strike, attack", "game.payoff.irresolute, hold, attack"
    }


def test_scenarios_of_different_games_share_the_two_events():
    found = dt.diff("scenarios/iraq-syria-2023-10-retaliation.toml", "scenarios/iraq-syria-2023-10-swarm.toml")
    assert list(found.first.ranges) == ["deterrence_failure", "spiral"]
    assert "the games differ" in found.notes[0]
