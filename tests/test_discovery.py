"""Boxes found by peeling, in regions whose best boxes are known."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import deterrence as dt
from deterrence.discovery import peel

from .test_sensitivity import decision


def test_a_box_is_found_again() -> None:
    rng = np.random.default_rng(1)
    columns = {name: rng.random(8_000) for name in "abcd"}
    marks = (columns["a"] > 0.6) & (columns["c"] > 0.25) & (columns["c"] < 0.75)
    box = peel(columns, marks)
    assert set(box) == {"a", "c"}
    assert box["a"][0] == pytest.approx(0.6, abs=0.03)
    assert box["a"][1] == np.inf
    assert box["c"] == pytest.approx((0.25, 0.75), abs=0.03)


def test_few_parameters_are_restricted() -> None:
    rng = np.random.default_rng(2)
    columns = {name: rng.random(8_000) for name in "abc"}
    marks = (columns["a"] > 0.7) & (columns["b"] > 0.3) & (columns["c"] > 0.2)
    assert list(peel(columns, marks, restricted=1)) == ["a"]


def test_a_box_of_a_game_is_proved() -> None:
    # The cost is fixed at 1/8: A acts where bonus > 1/8.
    scenario = decision().with_values({"cost": "1/8"})
    found = dt.discover(scenario, "P_max[act] >= 1", over=["bonus", "idle"], rows=4096)
    assert set(found.limits) == {"bonus"}
    low, high = found.limits["bonus"]
    assert Fraction(1, 8) <= low <= Fraction(1, 8) + Fraction(4, 100)
    assert high == 1
    assert found.proved is True
    assert found.density == 1.0
    assert found.share == pytest.approx(7 / 8, abs=0.005)
    assert found.coverage == pytest.approx(float((1 - low) / Fraction(7, 8)), abs=0.005)
    assert found.to_dataframe()["parameter"].tolist() == ["bonus"]
    assert found.to_dict()["limits"]["bonus"]["to"] == "1"


def test_existence_and_what_is_not_proved() -> None:
    # A triangle is no box: what is found is not all inside it.
    found = dt.discover(decision(), "exists[F1]", over=["bonus", "cost"], rows=4096)
    assert found.proved is False
    assert 0.5 < found.density < 1
    assert 0.5 < found.coverage <= 1


def test_targets_that_are_none() -> None:
    for target, words in {
        "P_max[act]": "compare it with one", "exists[F1] >= 1": "not compared", "act": "is no target",
        "P_max[act] >= 2": "holds at none", "P_max[act] >= x": "x",
    }.items():
        with pytest.raises(dt.ExpressionError, match=words):
            dt.discover(decision(), target, rows=256)
    with pytest.raises(dt.UnknownNameError, match="did you mean"):
        dt.discover(decision(), "P_max[atc] >= 1", rows=256)
