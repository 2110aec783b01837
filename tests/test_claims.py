"""Every claim of a built-in game that has a statement is proved or refuted anew, and the table of them is in step."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

import deterrence as dt
from deterrence import models
from deterrence.atlas import Atlas
from deterrence.models.base import Claim, Documented
from deterrence.scenario import Scenario

from . import claims

STATED = [
    (model, claim) for model in map(models.get, models.names()) for claim in model.claims if claim.statement
]


@cache
def shipped() -> dict[str, Scenario]:
    """For each built-in game the first scenario that is shipped of it."""
    found: dict[str, Scenario] = {}
    for path in sorted((claims.ROOT / "scenarios").rglob("*.toml")):
        if path.parent.name != "data":
            scenario = dt.load(path)
            found.setdefault(scenario.model or path.stem, scenario)
    return found


@cache
def atlas_of(name: str, over: tuple[str, ...] | None, options: str) -> Atlas:
    """The atlas that a claim is about; options as JSON, empty for those of the shipped scenario."""
    scenario = shipped()[name]
    if not options:
        return dt.atlas(scenario, over=over)
    game = models.get(name).build(json.loads(options))
    fixed = [] if over is None else [key for key in game.space.names if key not in over]
    return dt.atlas(game.given({key: scenario.point[key] for key in fixed}))


@pytest.mark.parametrize(
    ("model", "claim"), STATED, ids=[f"{model.name}-{n}" for n, (model, _) in enumerate(STATED)]
)
def test_a_claim_with_a_statement_is_what_it_is_said_to_be(model: Documented, claim: Claim) -> None:
    options = "" if claim.options is None else json.dumps(dict(claim.options), sort_keys=True)
    proof = dt.prove(atlas_of(model.name, claim.over, options), claim.statement)
    assert proof.status == ("refuted" if claim.verdict == "fails" else "proved"), proof.reason


def test_the_table_of_claims_is_in_step() -> None:
    assert claims.PAGE.read_text(encoding="utf-8") == claims.table(), "python -m tests.claims writes it anew"


def test_every_game_has_a_scenario_that_is_shipped() -> None:
    assert set(models.names()) <= set(shipped())
    for scenario in shipped().values():
        assert isinstance(scenario.file, str)
        assert Path(scenario.file).exists()


def test_there_are_as_many_as_were_promised() -> None:
    proved = [claim for _, claim in STATED if claim.verdict != "fails"]
    decided = [
        claim for model in map(models.get, models.names()) for claim in model.claims
        if claim.source and claim.verdict != "holds"
    ]
    assert len(proved) >= 25
    assert len(decided) >= 5
