"""Programs: exact decisions, and the bound on what floating point may be off by."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import deterrence as dt
from deterrence.errors import NotSupportedError
from deterrence.game import Game, Move, PayoffRule, build_game
from deterrence.kernels import Arrays, Bounds, Compiled, Interpreted, Kept, kernel
from deterrence.lowering import lower
from deterrence.parameters import Parameter, ParameterSpace
from deterrence.program import Lowered, Member, Program

from .worked import restraint

NUMBERS = st.fractions(min_value=-50, max_value=50, max_denominator=40)
TERMS = st.lists(st.tuples(NUMBERS, st.tuples(st.integers(0, 3), st.integers(0, 3))), min_size=1, max_size=6)


def program(*polynomials: object, watched: tuple[int, ...] = (), values: tuple[tuple[int, int], ...] = ()) -> Program:
    """One family that exists where the first polynomial is positive."""
    family = Lowered("F1", "one", (((0, ">"),),), (Member(((),), values),))
    return Program(
        ("x", "y"), tuple(f"P[{n}]" for n in range(len(values))), tuple(map(tuple, polynomials)), (), (family,), (),  # type: ignore[arg-type]
        watched, (),
    )


@given(TERMS, st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=12))
def test_no_sign_is_given_that_is_not_sure(terms: list[tuple[Fraction, tuple[int, int]]], points: list[object]) -> None:
    made = program(terms, watched=(0,))
    rows = [tuple(map(Fraction, row)) for row in points]  # type: ignore[call-overload]
    inputs = [np.array([float(row[n]) for row in rows]) for n in range(2)]
    into = Arrays.empty(made, Kept(), len(rows))
    Interpreted(made, Kept()).run(inputs, into, Bounds(made, [float(np.abs(x).max()) for x in inputs]))
    for n, (x, y) in enumerate(rows):
        value = sum((c * x**i * y**j for c, (i, j) in terms), Fraction(0))
        assert into.unsure[n] or bool(into.exists[0, n]) is (value > 0)
        if value == 0:
            assert into.unsure[n]
        # Nothing is unsure that is a millionth of its terms away from zero.
        if abs(value) > sum(abs(c) * 51**3 * 51**3 for c, _ in terms) * Fraction(1, 10**6):
            assert not into.unsure[n]


@given(TERMS, TERMS | st.none(), st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=12), st.integers(0, 12))
def test_values_are_accurate_or_unsure(
    top: list[tuple[Fraction, tuple[int, int]]], below: list[tuple[Fraction, tuple[int, int]]] | None,
    points: list[object], zeros: int,
) -> None:
    always = [(Fraction(1), (0, 0))]
    top = [(c * 10**zeros, exponents) for c, exponents in top]
    made = program(always, top, below or always, watched=(), values=((1, -1 if below is None else 2),))
    rows = [tuple(map(Fraction, row)) for row in points]  # type: ignore[call-overload]
    inputs = [np.array([float(row[n]) for row in rows]) for n in range(2)]
    kept = Kept(values=(0,), low=(0,), high=(0,))
    into = Arrays.empty(made, kept, len(rows))
    Interpreted(made, kept).run(inputs, into, Bounds(made, [float(np.abs(x).max()) for x in inputs]))
    for n, (x, y) in enumerate(rows):
        over, under = (sum((c * x**i * y**j for c, (i, j) in terms), Fraction(0)) for terms in (top, below or always))
        if into.unsure[n]:
            continue
        exactly = over / under
        assert abs(Fraction(float(into.values[0, 0, n])) - exactly) <= Fraction(1, 10**10) * (1 + abs(exactly))


@pytest.mark.parametrize("points", [1, 7, 8, 9, 1000])
def test_both_engines_give_the_same_bits(points: int) -> None:
    found = lower(dt.atlas(restraint().game))
    every = tuple(range(len(found.quantities)))
    kept = Kept(values=every, low=every, high=every[:2])
    rng = np.random.default_rng(points)
    inputs = [rng.integers(-40, 40, points) / 16 for _ in found.inputs]
    bounds = Bounds(found, [2.5] * len(inputs))
    one, other = Arrays.empty(found, kept, points), Arrays.empty(found, kept, points)
    Compiled(found, kept).run(inputs, one, bounds)
    Interpreted(found, kept).run(inputs, other, bounds)
    assert one.unsure.any() or points < 1000
    for name in ("exists", "count", "values", "low", "high", "unsure"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name


def test_the_engine_follows_the_length_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    found = lower(dt.atlas(restraint().game))
    assert isinstance(kernel(found, Kept()), Compiled)
    monkeypatch.setattr("deterrence.kernels.LONGEST", 10)
    assert isinstance(kernel(found, Kept()), Interpreted)


def test_a_decision_is_exact() -> None:
    # Pooling on hold, refrain: resolve >= gain/(gain + harm) = 1/3; see tests/test_sweep.py for the others.
    scenario = restraint()
    found = lower(dt.atlas(scenario, over=["resolve"]))
    third, little = Fraction(1, 3), Fraction(1, 10**40)
    calm = {"pooling on hold; after hold: refrain", "pooling on strike; after strike: refrain"}
    bold = {"pooling on hold; after hold: attack"}
    for resolve, labels in ((third, calm | bold), (third - little, bold), (third + little, calm)):
        decision = found.decide([resolve])
        assert decision.admissible
        assert {f.label for f, there in zip(found.families, decision.exists, strict=True) if there} == labels
        assert bool(decision.edges) is (resolve == third)
    assert not found.decide([Fraction(2)]).admissible


def coordination() -> Game:
    """US alone chooses, and does not care; Iran gets r where US acts: every mixture is an equilibrium."""
    return build_game(
        "Indifference", ["US", "Iran"], ParameterSpace((Parameter("r", ""),)),
        [Move("US", "choice", actions={"act": None, "wait": None})],
        [PayoffRule(when=("act",), amounts={"Iran": "r"})],
    )


def test_what_varies_is_replaced_by_its_corners() -> None:
    found = lower(dt.atlas(coordination()))
    members = {
        tuple(row) for rows in found.decide([Fraction(3)]).values for row in rows
    }
    # P[act], P[wait], payoffs of US and Iran: acting for sure, and waiting for sure, whatever is mixed between.
    assert (1, 0, 0, 3) in members
    assert (0, 1, 0, 0) in members
    assert all(0 <= row[0] <= 1 and row[3] == 3 * row[0] for row in members)


def test_what_has_no_closed_form_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deterrence.lowering.MAX_SIDES", 0)
    with pytest.raises(NotSupportedError, match="too much varies"):
        lower(dt.atlas(coordination()))
