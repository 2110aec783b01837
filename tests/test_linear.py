"""Fourier and Motzkin's elimination against z3, and by hand."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from deterrence.expressions import Condition, Ring
from deterrence.smt import decide
from deterrence.solvers import linear

RING = Ring(["x", "y", "z"])


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("0 <= x <= 0", True),
        ("0 <= x < 0", False),
        ("x == 1/3", True),
        ("x*y > 0", None),
        ("x**2 > 0", None),
    ],
)
def test_one_condition(text: str, answer: bool | None) -> None:
    assert linear.feasible(RING.parse_condition(text)) is answer


@pytest.mark.parametrize(
    ("texts", "answer"),
    [
        # Twice the same line, once strictly on one side of it.
        (("x + y == 1", "x + y > 1"), False),
        (("x + y == 1", "2*x + 2*y >= 2"), True),
        (("x == y", "y == z", "z > x"), False),
        # A triangle whose three sides are open, and of which one corner only is left when they are closed.
        (("x > 0", "y > 0", "x + y < 0"), False),
        (("x >= 0", "y >= 0", "x + y <= 0"), True),
        (("x >= 0", "y >= 0", "x + y <= 0", "x - y > 0"), False),
    ],
)
def test_several_conditions(texts: tuple[str, ...], answer: bool) -> None:
    assert linear.feasible([c for text in texts for c in RING.parse_condition(text)]) is answer


def test_it_agrees_with_z3() -> None:
    random = Random(5)
    answers = []
    for _ in range(300):
        conditions = []
        for _ in range(random.randint(2, 7)):
            total = RING.number(random.randint(-2, 2))
            for name in RING.names:
                total = total + Fraction(random.randint(-2, 2), random.randint(1, 2)) * RING.symbol(name)
            conditions.append(Condition(RING, total.num, random.choice([">", ">=", ">=", "=="])))
        answer = linear.feasible(conditions)
        assert answer is (decide([c] for c in conditions).status == "sat")
        answers.append(answer)
        values = linear.solution(conditions)
        if answer:
            assert isinstance(values, dict)
            point = {RING.names[i]: value for i, value in values.items()}
            assert all(condition.holds(point) for condition in conditions)
        else:
            assert values is False
    assert 50 < sum(answers) < 250


def test_what_grows_too_large_is_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "MAX_ROWS", 3)
    texts = ("x >= y", "x >= z", "x >= -y", "x <= 1 - y", "x <= 2 - z", "x <= y + z")
    assert linear.feasible([c for text in texts for c in RING.parse_condition(text)]) is None
