"""Games that are no tree, as a user meets them: commands, their JSON, what is refused, how a sweep falls back."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import deterrence as dt
from deterrence import models
from deterrence.cli import main
from deterrence.direct import DirectGame
from deterrence.enclosures import Enclosure
from deterrence.errors import GameError, NotSupportedError, UnknownNameError
from deterrence.solvers import members
from deterrence.wording import number

FOLDER = Path(__file__).parent.parent / "scenarios"
FILES = {
    "swarm": FOLDER / "iraq-syria-2023-10-swarm.toml", "reputation": FOLDER / "iraq-syria-2023-10-reputation.toml",
    "chain_store": FOLDER / "canon" / "chain_store.toml",
}
OVER = {"swarm": "gain,punishment", "reputation": "toughness,harm", "chain_store": "challenger_fought"}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(name="run")
def _run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: object) -> tuple[int, str, str]:
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.mark.parametrize("name", FILES)
def test_the_commands_take_a_direct_game(name: str, run: Run) -> None:
    file = FILES[name]
    assert run("check", file) == (0, "ok\n", "")
    status, text, _ = run("games", name)
    assert status == 0
    assert "How it is solved" in text
    status, text, _ = run("solve", file)
    assert status == 0
    assert "proved: there is no other at these values" in text
    status, text, _ = run("atlas", file, "--over", OVER[name])
    assert status == 0
    concept = {"swarm": "symmetric Nash", "reputation": "sequential", "chain_store": "subgame-perfect"}[name]
    assert f"There is no {concept} equilibrium outside these families: proved." in text
    status, text, _ = run("atlas", file, "--over", OVER[name], "--latex")
    assert status == 0
    assert r"\begin{longtable}" in text


@pytest.mark.parametrize("name", FILES)
def test_solve_writes_the_json_of_the_contract_with_figures(name: str, run: Run) -> None:
    _, text, _ = run("solve", FILES[name], "--json")
    document = json.loads(text)
    model = models.get(name)
    assert document["concept"] == getattr(model, "concept", "")
    assert document["method"] == getattr(model, "method", "")
    assert document["complete"] is True
    game = dt.load(FILES[name]).game
    for entry in document["equilibria"]:
        assert set(entry["strategy"]) <= {infoset.name for infoset in game.infosets}
        assert list(entry["events"]) == list(game.events)
        assert set(entry["payoffs"]) == set(game.players)
        assert entry["outcomes"] == {}
        assert entry["figures"]
        assert entry["certificate"]["holds"] is True
        for row in entry["strategy"].values():
            assert sum(float(Fraction(p)) if isinstance(p, str) else p for p in row.values()) == pytest.approx(1)


@pytest.mark.parametrize("name", FILES)
def test_the_documentation_as_data_says_how_it_is_solved(name: str, run: Run) -> None:
    _, text, _ = run("games", name, "--json")
    document = json.loads(text)
    assert document["kind"] == "direct"
    assert document["method"]
    assert document["approach"]
    assert len(document["information_sets"]) == len(models.get(name).build().infosets)


@pytest.mark.parametrize("name", FILES)
def test_what_is_for_trees_is_refused_in_one_line(name: str, run: Run) -> None:
    for words in (["--refine", "d1"], ["--concept", "nash"], ["--method", "atlas"], ["--belief", "group: attack = 1"]):
        status, _, mistake = run("solve", FILES[name], *words)
        assert status == 2
        assert mistake.count("\n") == 1
        assert name in mistake


def test_a_sweep_from_the_command_line(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    status, text, _ = run("sweep", FILES["swarm"], "--over", "punishment=20:100:5", "-o", out)
    assert status == 0
    assert "every point is solved for itself" in text
    rows = out.read_text().splitlines()
    # One equilibrium at 20 and 40, three at 60 and 80 (from 53 to 80.6), one at 100: a row for each.
    assert len(rows) == 1 + 1 + 1 + 3 + 3 + 1


def test_a_direct_game_has_its_options_and_takes_no_events() -> None:
    game = models.get("swarm").build({"groups": 4, "rule": "spread"})
    assert isinstance(game, DirectGame)
    assert game.options == {"groups": 4, "rule": "spread", "threshold": 1}
    assert "spread" in game.title
    with pytest.raises(GameError, match="cannot add others"):
        models.get("reputation").build(None, {"more": "attack"})


def test_parameters_may_be_put_in_one_after_the_other() -> None:
    game = models.get("swarm").build({"groups": 3})
    assert isinstance(game, DirectGame)
    part = game.given({"lethality": Fraction(1, 2), "risk_cap": Fraction(1, 2)})
    assert part.space.names == ("gain", "punishment")
    direct = dt.solve(game, point={"gain": 1, "punishment": 3, "lethality": "1/2", "risk_cap": "1/2"})
    assert dt.solve(part, point={"gain": 1, "punishment": 3})[0].strategy == direct[0].strategy
    assert {family.label for family in dt.atlas(part)} == {family.label for family in dt.atlas(game)}
    with pytest.raises(UnknownNameError):
        part.given({"lethal": Fraction(1, 2)})


def test_members_are_the_ends_of_what_is_free() -> None:
    game = models.get("reputation").build({"periods": 1})
    assert isinstance(game, DirectGame)
    point = {"toughness": Fraction(1, 2), "gain": Fraction(1), "harm": Fraction(1), "loss": Fraction(1),
             "answer_cost": Fraction(1, 2), "shame": Fraction(1), "peace": Fraction(1), "discount": Fraction(1)}
    assert [entry.events["deterrence_failure"] for entry in members(game, point)] == [0, 1]
    assert members(models.get("chain_store").build(), point) == ()


def test_more_periods_than_formulas_are_written_for(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "long.toml"
    file.write_text(FILES["reputation"].read_text(encoding="utf-8").replace("periods = 6", "periods = 60"))
    status, _, mistake = run("atlas", file)
    assert status == 2
    assert "up to 8 periods" in mistake
    grid = dt.sweep(dt.load(file), over={"toughness": [Fraction(1, 20), Fraction(1, 2)]})
    assert grid["count"].values.tolist() == [1, 1]
    with pytest.raises(NotSupportedError, match="up to 8 periods"):
        dt.sweep(dt.load(file), over={"toughness": [Fraction(1, 20)]}, method="atlas")


def test_an_enclosed_number_is_shown_by_its_digits() -> None:
    third = Enclosure(Fraction(1, 3), Fraction(1, 3) + Fraction(1, 10**30))
    assert number(third) == "≈ 0.333"
    shown: Any = number(Enclosure(Fraction(12345678), Fraction(12345678)))
    assert shown == "≈ 1.23e+07"
