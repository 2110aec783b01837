"""Whether systems have solutions: witnesses that are kept and cores that are learnt against z3, asked afresh."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import flint
import pytest

from deterrence.expressions import Condition, Ring
from deterrence.smt import decide
from deterrence.solvers.algebra import Algebra
from deterrence.solvers.witnesses import Witnesses, holds_at

RING = Ring(["a", "b", "x", "y"])
DOMAIN = RING.parse_condition("a > 0") + RING.parse_condition("b >= a")
TEXTS = (
    "x > 0", "x < 1", "y > 0", "y <= 1", "a*x == b*y", "x*y > b", "a == b", "b == 2*a", "a*x >= 1", "x + y == 1",
    "x == y", "a < 1", "b > 1", "x**2 + y**2 <= a", "y != 0", "x*a - y*b > 0", "y - x*a >= 0",
)  # fmt: skip


def point(*values: object) -> tuple[flint.fmpq, ...]:
    return tuple(flint.fmpq(Fraction(v).numerator, Fraction(v).denominator) for v in values)


@pytest.mark.parametrize("learning", [False, True])
def test_systems_one_after_the_other(learning: bool) -> None:
    random = Random(11)
    algebra = Algebra(RING, 2, DOMAIN)
    if learning:
        algebra.learn()
    answers = []
    for _ in range(250):
        texts = random.sample(TEXTS, random.randint(2, 6))
        conditions = [c for text in texts for c in RING.parse_condition(text)]
        expected = decide([c] for c in (*DOMAIN, *conditions)).status == "sat"
        assert algebra.feasible(conditions) is expected, texts
        answers.append(expected)
    assert 50 < sum(answers) < 200
    assert all(holds_at(c, kept) for kept in algebra.witnesses.points for c in DOMAIN)


def test_a_disjunction() -> None:
    algebra = Algebra(RING, 2, DOMAIN)
    (left,), (right,), (bound,) = (RING.parse_condition(text) for text in ("x < 0", "x > b", "x >= 0"))
    assert algebra.clauses_feasible([[bound], [left, right]])
    assert not algebra.clauses_feasible([[bound], [left], [right, left]])
    assert algebra.decided([[left, right], [bound]]) == "sat"
    assert algebra.decided([[]]) == "unsat"


def test_a_point_is_found_where_every_condition_holds() -> None:
    kept = Witnesses()
    kept.add(point(1, 2, 0, 1))
    kept.add(point(1, 2, 1, 0))
    (zero,), (one,), (both,) = (RING.parse_condition(text) for text in ("x == 0", "x == 1", "x**2 == x"))
    assert kept.together([zero, both]) == kept.points[0]
    assert kept.together([one, both]) == kept.points[1]
    assert kept.together([zero, one]) is None
    # A point that is added later is tried too.
    (half,) = RING.parse_condition("2*x == 1")
    assert kept.together([half]) is None
    kept.add(point(1, 2, Fraction(1, 2), 0))
    assert kept.together([half]) == kept.points[2]
    assert kept.find([[zero, half], [Condition(RING, RING.parse("y").num, "==")]]) == kept.points[2]


def test_no_point_is_admissible() -> None:
    algebra = Algebra(RING, 2, (*DOMAIN, *RING.parse_condition("b < 0")))
    assert not algebra.feasible(RING.parse_condition("a > 1"))
    assert algebra.feasible([])
