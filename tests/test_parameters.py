"""Parameter spaces: domains, joint conditions, violations."""

from __future__ import annotations

from fractions import Fraction

import pytest

from deterrence.errors import ExpressionError, UnknownNameError
from deterrence.parameters import BASES, ROLES, Parameter, ParameterSpace

SPACE = ParameterSpace(
    (Parameter("p", "0 < p < 1"), Parameter("cost", "cost >= 0"), Parameter("gain")), ("gain > cost",)
)


def point(p, cost, gain):
    return {"p": Fraction(p), "cost": Fraction(cost), "gain": Fraction(gain)}


def test_conditions_come_in_order_without_repetition():
    space = ParameterSpace((Parameter("p", "0 < p < 1"),), ("p > 0", "2*p > 0", "1 > 0"))
    assert [str(condition) for condition in space.conditions] == ["p > 0", "1 - p > 0"]


@pytest.mark.parametrize(
    ("values", "violated"),
    [
        (("1/2", 0, 1), []), (("1/2", 1, 1), ["gain - cost > 0"]), ((0, 0, 1), ["p > 0"]), ((1, 0, 1), ["1 - p > 0"]),
        (("6/5", -1, -2), ["1 - p > 0", "cost >= 0", "gain - cost > 0"]),
    ],
)
def test_violations(values, violated):
    assert [str(condition) for condition in SPACE.violations(point(*values))] == violated


def test_a_point_needs_every_parameter():
    with pytest.raises(ExpressionError, match="no value for cost, gain"):
        SPACE.violations({"p": Fraction(1, 2)})


def test_further_conditions_leave_the_space_as_it_was():
    more = SPACE.with_conditions(SPACE.ring.parse_condition("gain < 5"))
    assert len(more.conditions) == len(SPACE.conditions) + 1
    assert more.names == SPACE.names
    assert [str(c) for c in more.violations(point("1/2", 0, 6))] == ["5 - gain > 0"]


def test_lookup_by_name():
    assert SPACE["cost"].domain == "cost >= 0"
    with pytest.raises(UnknownNameError, match="did you mean 'cost'"):
        SPACE["cots"]


@pytest.mark.parametrize("domain", ["p", "q > 0", "p > 0 and p < 1", "__import__('os')"])
def test_a_bad_domain_is_an_error_at_once(domain):
    with pytest.raises(ExpressionError):
        ParameterSpace((Parameter("p", domain),))


def test_the_words_of_the_contract():
    assert ROLES == ("lever", "uncertainty", "constant")
    assert BASES == ("observed", "estimated", "judgement", "normalisation")
