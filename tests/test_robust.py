"""Criteria of decision under uncertainty, by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import deterrence as dt
from deterrence.robust import criteria

from .test_sensitivity import decision


def test_criteria_by_hand() -> None:
    # Costs of three choices in four cases; the least in each case is 0, 1, 2, 1.
    costs = np.array([[0.0, 4.0, 2.0, 2.0], [1.0, 1.0, 3.0, 3.0], [2.0, 2.0, 2.0, 1.0]])
    choices, picks = criteria([Fraction(n) for n in range(3)], costs, 2.0)
    assert [c.worst_case for c in choices] == [4.0, 3.0, 2.0]
    assert [c.greatest_regret for c in choices] == [3.0, 2.0, 2.0]
    # Regrets 0,3,0,1 / 1,0,1,2 / 2,1,0,0: sorted, the 90th percentile lies 0.7 of the way from the third to the fourth.
    assert [c.regret_90 for c in choices] == pytest.approx([1 + 0.7 * 2, 1 + 0.7 * 1, 1 + 0.7 * 1])
    assert [c.satisfied for c in choices] == [0.75, 0.5, 1.0]
    assert picks == {
        "worst_case": (2,), "greatest_regret": (1, 2), "regret_90": (1, 2), "satisfied": (2,),
    }


def test_what_is_to_be_kept_high() -> None:
    gains = np.array([[1.0, 5.0], [2.0, 3.0]])
    choices, picks = criteria([Fraction(0), Fraction(1)], gains, 2.0, minimise=False)
    assert [c.worst_case for c in choices] == [1.0, 2.0]
    assert [c.greatest_regret for c in choices] == [1.0, 2.0]
    assert picks["worst_case"] == (1,)
    assert picks["greatest_regret"] == (0,)
    assert picks["satisfied"] == (1,)


def test_a_tax_keeps_from_acting() -> None:
    # A acts where bonus - cost > tax: a share (1 - tax)^2 / 2 of the square; with a tax of 1, nowhere.
    found = dt.robust(decision(), "tax", "P_max[act]", values=["1/10", "1/2", "0.9"], rows=4096)
    assert [c.mean for c in found.choices] == pytest.approx([0.81 / 2, 0.25 / 2, 0.01 / 2], abs=0.002)
    assert [c.satisfied for c in found.choices] == pytest.approx([1 - 0.81 / 2, 1 - 0.25 / 2, 1 - 0.005], abs=0.002)
    assert found.picks["satisfied"] == (Fraction(9, 10),)
    # It never acts more where the tax is higher: the highest is never regretted, and its worst case ties.
    assert found.choices[-1].greatest_regret == 0
    assert len(found.to_dataframe()) == 3
    assert found.to_dict()["picks"]["satisfied"] == ["9/10"]


def test_values_of_a_lever_come_from_its_range() -> None:
    found = dt.robust(decision(), "tax", "P_max[act]", rows=8)
    assert [c.value for c in found.choices] == [0, *(Fraction(2 * n + 1, 20) for n in range(10))]


def test_payoffs_are_to_be_kept_high() -> None:
    # A gets bonus - cost - tax, or nothing: never more where the tax is higher.
    found = dt.robust(decision(), "tax", "payoff_min[A]", values=["1/10", "1/2"], rows=256)
    assert not found.minimise
    assert found.picks["greatest_regret"] == (Fraction(1, 10),)
    assert found.choices[0].greatest_regret == 0
    assert dt.robust(decision(), "tax", "payoff_min[A]", values=["1/10", "1/2"], rows=16, minimise=True).minimise


def test_a_tie_at_a_value_of_the_lever() -> None:
    # With a bonus of 1/2 and a cost of 1/4, A acts below a tax of 1/4 and waits above; there it may do either.
    for end, wanted in (("min", [1, 0, 0]), ("max", [1, 1, 0])):
        found = dt.robust(decision(), "tax", f"P_{end}[act]", values=[0, "1/4", "1/2"], over=["idle"], rows=8)
        assert [choice.mean for choice in found.choices] == wanted
        assert found.notes == ()


def test_mistakes() -> None:
    with pytest.raises(dt.UnknownNameError, match="did you mean 'tax'"):
        dt.robust(decision(), "tx")
    with pytest.raises(dt.ExpressionError, match="at least two values"):
        dt.robust(decision(), "tax", values=[1])
    with pytest.raises(dt.ExpressionError, match="no parameter is left"):
        dt.robust(decision(), "tax", over=["tax"])
