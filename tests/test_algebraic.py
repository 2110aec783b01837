"""Real algebraic numbers against identities of arithmetic and roots worked out by hand."""

from __future__ import annotations

import math
import operator
import pickle
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deterrence.algebraic import MAX_FIELD_DEGREE, Algebraic, Real, real_roots, sign
from deterrence.errors import NotSupportedError


def square_root(of: int) -> Real:
    return real_roots([-of, 0, 1])[-1]


ROOT2, ROOT3 = square_root(2), square_root(3)


@pytest.mark.parametrize(
    ("coefficients", "expected"),
    [
        ([-4, 0, 1], [Fraction(-2), Fraction(2)]),
        ([1, 0, 1], []),
        ([5], []),
        ([1, -2, 1], [Fraction(1)]),
        ([Fraction(-1, 3), Fraction(1, 2)], [Fraction(2, 3)]),
        ([0, 0, 1], [Fraction(0)]),
    ],
)
def test_rational_roots_are_fractions(coefficients: list[Fraction | int], expected: list[Fraction]) -> None:
    roots = real_roots(coefficients)
    assert roots == expected
    assert all(isinstance(root, Fraction) for root in roots)


def test_zero_polynomial_is_refused() -> None:
    with pytest.raises(ValueError, match="zero polynomial"):
        real_roots([0, 0])


def test_roots_come_in_order_and_within_the_bounds() -> None:
    # (x^2 - 2)(x^2 - 3)(x - 1): -sqrt 3 < -sqrt 2 < 1 < sqrt 2 < sqrt 3.
    coefficients = [-6, 6, 5, -5, -1, 1]
    assert [str(root) for root in real_roots(coefficients)] == [
        "root(x**2 - 3, -2, -1)", "root(x**2 - 2, -2, -1)", "1", "root(x**2 - 2, 1, 2)", "root(x**2 - 3, 1, 2)",
    ]
    assert real_roots(coefficients, low=1, high=Fraction(3, 2)) == [Fraction(1), ROOT2]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (ROOT2, "root(x**2 - 2, 1, 2)"),
        (1 / ROOT2, "root(2*x**2 - 1, 0, 1)"),
        (-ROOT2, "root(x**2 - 2, -2, -1)"),
        # (1 + sqrt 2)/3 = y: 3y - 1 squared is 2, so 9y^2 - 6y - 1 = 0, whose other root is negative.
        ((1 + ROOT2) / 3, "root(9*x**2 - 6*x - 1, 0, 1)"),
        # sqrt 2 + sqrt 3: x^4 - 10 x^2 + 1, roots 3.14..., 0.31..., and their negatives.
        (ROOT2 + ROOT3, "root(x**4 - 10*x**2 + 1, 3, 4)"),
        # 10 +- sqrt(1/50) share every cell down to width 1/2: 9.858... and 10.141... differ at width 1.
        (10 - ROOT2 / 10, "root(50*x**2 - 1000*x + 4999, 9, 10)"),
        # 1/3 +- sqrt 2/100, which are 0.3191... and 0.3474...: cells of width 1/32 part them (10 and 11).
        (Fraction(1, 3) + ROOT2 / 100, "root(45000*x**2 - 30000*x + 4991, 11/32, 3/8)"),
    ],
)
def test_text_is_the_minimal_polynomial_with_the_coarsest_dyadic_bounds(value: Real, text: str) -> None:
    assert str(value) == text


def test_text_does_not_depend_on_how_far_the_bounds_were_narrowed() -> None:
    before = str(square_root(7))
    assert square_root(7) < Fraction(2645751311064590590501615753639260425711, 10**39)
    assert str(square_root(7)) == before


def test_rational_results_come_back_as_fractions() -> None:
    for value, expected in [
        (ROOT2 * ROOT2, Fraction(2)),
        (ROOT2 - ROOT2, Fraction(0)),
        ((ROOT2 + ROOT3) * (ROOT3 - ROOT2), Fraction(1)),
        (ROOT2 * square_root(8), Fraction(4)),
        (ROOT2**-2, Fraction(1, 2)),
        (ROOT2**0, Fraction(1)),
    ]:
        assert isinstance(value, Fraction)
        assert value == expected


def test_numbers_of_different_fields_are_equal_and_hash_alike_where_they_are_the_same() -> None:
    product, direct = ROOT2 * ROOT3, square_root(6)
    assert product == direct
    assert hash(product) == hash(direct)
    assert product != ROOT2
    assert {product: 1}[direct] == 1


def test_comparisons_are_exact_where_floats_are_not() -> None:
    # Convergents of sqrt 2: p^2 - 2 q^2 = 1, so p/q lies above by less than 1/q^2.
    p, q = 3, 2
    for _ in range(60):
        p, q = 3 * p + 4 * q, 2 * p + 3 * q
    assert float(Fraction(p, q)) == float(ROOT2)
    assert Fraction(p, q) > ROOT2 > Fraction(2 * q, p)
    assert sign(Fraction(p, q) - ROOT2) == 1
    assert sign(ROOT2 - Fraction(p, q)) == -1
    assert sign(Fraction(0)) == 0
    assert ROOT2 <= ROOT2 < ROOT3 >= ROOT2
    assert abs(-ROOT2) == ROOT2


def test_division_by_zero() -> None:
    with pytest.raises(ZeroDivisionError):
        ROOT2 / 0
    with pytest.raises(ZeroDivisionError):
        ROOT2 / (ROOT3 - ROOT3)


def test_other_types_are_refused() -> None:
    for bad in (0.5, "1", None):
        with pytest.raises(TypeError):
            ROOT2 + bad  # type: ignore[operator]
        with pytest.raises(TypeError):
            operator.lt(ROOT2, bad)
    assert ROOT2 != "root(x**2 - 2, 1, 2)"


def test_a_field_that_would_be_too_large_is_refused() -> None:
    big = real_roots([-2] + [0] * 8 + [1])[-1]
    other = real_roots([-3] + [0] * 6 + [1])[-1]
    assert MAX_FIELD_DEGREE < 9 * 7
    with pytest.raises(NotSupportedError, match="degree"):
        big + other
    assert big < other  # 2^(1/9) = 1.080..., 3^(1/7) = 1.169...: comparing needs no common field


def test_pickling() -> None:
    value = (1 + ROOT2) / 3
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - its own bytes


rationals = st.fractions(min_value=-3, max_value=3, max_denominator=7)


@given(st.lists(rationals, min_size=2, max_size=4), rationals)
@settings(max_examples=60, deadline=None)
def test_roots_are_roots_and_all_of_them(coefficients: list[Fraction], shift: Fraction) -> None:
    if not any(coefficients):
        return
    roots = real_roots(coefficients)
    for root in roots:
        value: Real = Fraction(0)
        for coefficient in reversed(coefficients):
            value = value * root + coefficient
        assert value == 0
    assert all(a < b for a, b in pairwise(roots))
    # Sign changes between roots and beyond them account for every root of odd multiplicity.
    points = [-1000 + shift, 1000 + shift]
    signs = [sign(sum((c * p**i for i, c in enumerate(coefficients)), Fraction(0))) for p in points]
    if signs[0] * signs[1] < 0:
        assert roots


@given(rationals, rationals, rationals, rationals)
@settings(max_examples=60, deadline=None)
def test_arithmetic_agrees_with_floats_and_with_the_field_axioms(
    a: Fraction, b: Fraction, c: Fraction, d: Fraction
) -> None:
    left, right = a + b * ROOT2, c + d * ROOT3
    total, product = left + right, left * right
    x, y = float(a) + float(b) * math.sqrt(2), float(c) + float(d) * math.sqrt(3)
    assert float(total) == pytest.approx(x + y, abs=1e-12)
    assert float(product) == pytest.approx(x * y, abs=1e-12)
    assert total - right == left
    if right != 0:
        assert product / right == left
    assert left * (left + right) == left * left + product


def test_an_irrational_number_is_never_a_fraction() -> None:
    assert isinstance(ROOT2 * Fraction(1, 3) + 1, Algebraic)
