"""Every claim of a built-in game that has a statement is proved or refuted anew, and the table of them is in step."""

from __future__ import annotations

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
def atlas_of(name: str, over: tuple[str, ...] | None) -> Atlas:
    return dt.atlas(shipped()[name], over=over)


@pytest.mark.parametrize(
    ("model", "claim"), STATED, ids=[f"{model.name}-{n}" for n, (model, _) in enumerate(STATED)]
)
def test_a_claim_with_a_statement_is_what_it_is_said_to_be(model: Documented, claim: Claim) -> None:
    found = atlas_of(model.name, claim.over) if claim.options is None else dt.atlas(model.build(claim.options))
    proof = dt.prove(found, claim.statement)
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
