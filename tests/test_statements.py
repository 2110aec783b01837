"""Statements about the model `signalling`, each derived by hand before it is put to the prover."""

from __future__ import annotations

from fractions import Fraction

import pytest

import deterrence as dt
from deterrence import models

# Only the resolved type retaliates, and Iran attacks whoever does not and nobody who does.
DETERRED = (
    "retaliation_cost_resolved < 0 and retaliation_cost_irresolute > 0 and punishment > gain and gain > 0"
)
SEPARATING = '"separating: resolved posture, irresolute silence"'


@pytest.fixture(scope="module")
def atlas() -> dt.Atlas:
    return dt.atlas(models.get("signalling").build({"signals": ["silence", "posture"]}))


def test_a_signal_that_costs_both_types_the_same_does_not_separate_where_punishment_deters(atlas: dt.Atlas) -> None:
    # After posture Iran would believe in the resolved type and refrain, after silence in the irresolute one and attack.
    # The irresolute type stays silent if -loss >= -posture_cost; the resolved one postures if
    # -posture_cost >= -(loss + retaliation_cost_resolved): loss <= posture_cost <= loss + (something negative).
    assert dt.prove(atlas, f"{DETERRED} implies not exists({SEPARATING})").status == "proved"


def test_a_signal_that_costs_both_types_the_same_separates_somewhere(atlas: dt.Atlas) -> None:
    # Where being punished pays Iran (punishment < gain < 0) it attacks whoever retaliates. After posture the irresolute
    # type is left alone, after silence the resolved one attacked: posture_cost <= loss for the irresolute type, and
    # posture_cost >= loss + retaliation_cost_resolved for the resolved one.
    label = '"separating: resolved silence, irresolute posture"'
    where = (
        "retaliation_cost_resolved < 0 and retaliation_cost_irresolute > 0 and punishment < gain and gain < 0 "
        "and posture_cost > 0"
    )
    band = "loss + retaliation_cost_resolved <= posture_cost and posture_cost <= loss"
    assert dt.prove(atlas, f"{where} and {band} implies exists({label})").status == "proved"


def test_more_resolve_lowers_the_worst_chance_of_attack_only_under_conditions(atlas: dt.Atlas) -> None:
    # Where Iran gains from an attack on the irresolute type and loses from one on the resolved type, a pooling on
    # silence is attacked for certain below resolve = gain/punishment and not at all above it, so the worst chance of
    # attack cannot rise with resolve; without that it can, and it does not rise everywhere either.
    assert dt.prove(atlas, f"max P[attack] decreases in resolve when {DETERRED}").status == "proved"
    refuted = dt.prove(atlas, "max P[attack] increases in resolve")
    assert refuted.status == "refuted"
    worst = []
    for end in ("from", "to"):
        point = {name: Fraction(text) for name, text in refuted.witness[end].items()}
        worst.append(max(entry.events["attack"] for entry in dt.solve(atlas.game, point=point)))
    assert worst[0] > worst[1]
