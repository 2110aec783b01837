"""The parser of expressions against exact arithmetic done by hand and by `fractions`."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deterrence.errors import ExpressionError
from deterrence.expressions import Condition, Ring, bounded_product, bounded_sum, format_polynomial
from deterrence.parsing import MAX_DIGITS, MAX_LENGTH, comparison, exact, formula, is_name

RING = Ring(["x", "y", "z"])


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (3, Fraction(3)), (0.1, Fraction(1, 10)), (-2.5, Fraction(-5, 2)), ("1/3", Fraction(1, 3)),
        (" 2 / 6 ", Fraction(1, 3)), ("-0.25", Fraction(-1, 4)), ("1e-3", Fraction(1, 1000)), (".5", Fraction(1, 2)),
        ("3.", Fraction(3)), ("0.5/0.25", Fraction(2)), (Decimal("0.30"), Fraction(3, 10)),
        (Fraction(7, 3), Fraction(7, 3)), (1e22, Fraction(10**22)), ("9" * MAX_DIGITS, Fraction(10**MAX_DIGITS - 1)),
    ],
)
def test_numbers_are_exact(value, number):
    assert exact(value) == number


@pytest.mark.parametrize(
    "value",
    [
        float("nan"), float("inf"), float("-inf"), Decimal("NaN"), Decimal("Infinity"), True, None, [1], 1j, "", "one",
        "1/0", "1/2/3", "1e999", "1e-61", "1_000", "0x1f", "\uff11", "1 2", "--1", "9" * (MAX_DIGITS + 1),
        10**MAX_DIGITS * 10**MAX_DIGITS, 10**5000, "1e5.5", "1/", "/2", "+", ".", "1e", "\u00bd",
    ],
    ids=lambda value: ascii(value if not isinstance(value, int) else "int")[:20],
)
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ExpressionError):
        exact(value)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("cost", True), ("_a1", True), ("a" * 64, True), ("a" * 65, False), ("1a", False), ("a-b", False), ("", False),
     ("lambda", False), ("None", False), ("\u00e9t\u00e9", False), ("a\n", False), ("a b", False)],
)
def test_names(text, is_one):
    assert is_name(text) is is_one


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("x - y", "x - y"), ("-(x - y)", "y - x"), ("2*x/4", "1/2*x"), ("(x + y)**2", "x**2 + 2*x*y + y**2"),
        ("-x**2", "-x**2"), ("x*(1/x)", "1"), ("(x**2 - y**2)/(x - y)", "x + y"), ("1 - x - (1 - x)", "0"),
        ("x/(2*y)", "1/2*x/y"), ("1/(1 + x)", "1/(x + 1)"), ("x**0", "1"), ("0.1 + 0.2", "3/10"), ("--x", "x"),
        ("1 - - 1", "2"), ("2 - 3*x", "2 - 3*x"), ("(x+1)/(y+1)", "(x + 1)/(y + 1)"), ("1e2*x", "100*x"),
    ],
)
def test_expressions_in_lowest_terms(text, written):
    assert str(RING.parse(text)) == written
    assert RING.parse(written) == RING.parse(text)


def test_a_misspelt_parameter_gets_the_nearest():
    with pytest.raises(ExpressionError, match="'cots' is not a declared parameter") as caught:
        Ring(["cost", "gain"]).parse("1 - cots")
    assert caught.value.suggestion == "cost"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("f(x)", "declared parameter|function"), ("x(1)", "like a function"), ("x**-1", "from 0 to 8"),
        ("x**9", "from 0 to 8"), ("x**y", "from 0 to 8"), ("x**0.5", "from 0 to 8"), ("x**2**2", "parentheses"),
        ("x.y", "unexpected"), ("x[0]", "unexpected"), ("x; y", "unexpected"), ("'x'", "unexpected"),
        ("", "empty text"),
        ("  ", "empty text"), ("x +", "ends where"), ("(x", "not closed"), ("x)", "unexpected"), ("2x", "unexpected"),
        ("x/0", "divides by zero"), ("1/(x - x)", "divides by zero"), ("x < y", "unexpected"),
        ("(" * 50 + "x" + ")" * 50, "nested"), ("x+" * MAX_LENGTH + "x", "characters"), ("9" * 70, "digits"),
        ("(((2**8)**8)**8)**8", None), ("((((1e50**8)**8)**8)**8)**8", "bits"), ("(x**8)**8*x", "degree"),
        ("(x + y + z + 1)**8*(x - y - z - 1)**8*(x + 2)**8", "terms"), ("\u00d7", "unexpected"),
        ("x\u2212y", "unexpected"),
    ],
)
def test_what_is_no_expression(text, words):
    if words is None:
        assert RING.parse(text).as_fraction() == 2**4096
        return
    with pytest.raises(ExpressionError, match=words):
        RING.parse(text)


class Bracketed:
    """Writes a formula out with a bracket around every operation."""

    number = symbol = staticmethod(str)
    negate = staticmethod(lambda value: f"(-{value})")
    add = staticmethod(lambda left, right: f"({left} + {right})")
    multiply = staticmethod(lambda left, right: f"({left} * {right})")
    divide = staticmethod(lambda left, right: f"({left} / {right})")


@pytest.mark.parametrize(
    ("text", "bracketed"),
    [
        ("1 + 2*x", "(1 + (2 * x))"), ("a - b - c", "((a + (-b)) + (-c))"), ("a / b / c", "((a / b) / c)"),
        ("-x**2", "(-((1 * x) * x))"), ("2 * -x", "(2 * (-x))"), ("- - x", "x"), ("a*(b + c)", "(a * (b + c))"),
        ("x**0", "1"), ("1e3/.5", "(1e3 / .5)"),
    ],
)
def test_what_binds_closer(text, bracketed):
    """Products before sums, powers before signs, and left to right among equals, as the grammar has it."""
    assert formula(text, Bracketed()) == bracketed


def test_a_chain_of_comparisons_keeps_its_order():
    assert comparison("0 <= a < b != c", Bracketed()) == (["0", "a", "b", "c"], ["<=", "<", "!="])


def test_quotients_stay_small():
    ring = Ring([f"p{i}" for i in range(40)])
    with pytest.raises(ExpressionError, match="where parameters divide"):
        ring.parse("+".join(f"1/(p{i} + p{i + 1})" for i in range(30)))


def test_bounded_arithmetic_is_arithmetic():
    a, b = RING.parse("x/(y + 1)"), RING.parse("z - 1/(y + 1)")
    assert bounded_sum(a, b) == RING.parse("(x - 1)/(y + 1) + z")
    assert bounded_product(a, b) == a * b


LEAVES = st.one_of(
    st.fractions(-5, 5, max_denominator=7).map(lambda f: (f"({f})", lambda _: f)),
    st.sampled_from("xyz").map(lambda name: (name, lambda point: point[name])),
)


def _joined(parts):
    (left, value), operator, (right, other) = parts
    work = {
        "+": lambda p: value(p) + other(p), "-": lambda p: value(p) - other(p), "*": lambda p: value(p) * other(p),
        "/": lambda p: value(p) / other(p),
    }
    return f"({left} {operator} {right})", work[operator]


TREES = st.recursive(LEAVES, lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(_joined), max_leaves=8)


@given(TREES, st.fixed_dictionaries({name: st.fractions(-3, 3, max_denominator=9) for name in "xyz"}))
def test_parsing_is_exact_arithmetic(tree, point):
    """Each text carries its own computation with fractions; where that divides by zero nothing is claimed."""
    text, value = tree
    try:
        expected = value(point)
        expression = RING.parse(text)
    except (ZeroDivisionError, ExpressionError):
        assume(False)
        return
    assert expression.evaluate(point) == expected
    assert expression.at(point).as_fraction() == expected
    assert RING.parse(str(expression)) == expression


def test_evaluation_where_the_denominator_vanishes():
    with pytest.raises(ExpressionError, match="denominator"):
        RING.parse("1/(x - y)").evaluate({"x": Fraction(1), "y": Fraction(1), "z": Fraction(0)})


def test_equal_functions_are_equal_objects():
    assert RING.parse("(x**2 - 1)/(x - 1)") == RING.parse("x + 1")
    assert hash(RING.parse("(x**2 - 1)/(x - 1)")) == hash(RING.parse("x + 1"))
    assert RING.parse("4/6") == Fraction(2, 3)
    assert RING.parse("x") != RING.parse("y")


def test_the_parameters_that_occur():
    assert RING.parse("x/(1 + z) + 0*y").free == {"x", "z"}
    assert RING.parse("0*x").free == frozenset()
    assert RING.parse_condition("x*z > z**2")[0].free == {"x", "z"}


def test_derivative():
    """d/dx of x/(1 + x) is 1/(1 + x)**2."""
    assert RING.parse("x/(1 + x)").derivative("x") == RING.parse("1/(1 + x)**2")


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("0 < x < 1", ["x > 0", "1 - x > 0"]), ("x >= 2*y", ["x - 2*y >= 0"]), ("2*x == 4*y", ["x - 2*y == 0"]),
        ("x != 1", ["x - 1 != 0"]), ("", []), ("1/x > y", ["x - x**2*y > 0", "x != 0"]), ("x <= y", ["y - x >= 0"]),
    ],
)
def test_conditions(text, conditions):
    assert [str(condition) for condition in RING.parse_condition(text)] == conditions


@pytest.mark.parametrize("text", ["x", "x = 1", "x > ", "> 0", "x <> y", "x =< y", "x and y", "0 < x < "])
def test_what_is_no_condition(text):
    with pytest.raises(ExpressionError):
        RING.parse_condition(text)


def test_a_condition_is_a_text():
    with pytest.raises(ExpressionError, match="a text such as"):
        RING.parse_condition(1)  # type: ignore[arg-type]


@given(
    st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
    st.fixed_dictionaries({name: st.fractions(-2, 2, max_denominator=3) for name in "xyz"}),
)
def test_a_condition_holds_where_the_comparison_does(operator, point):
    """x/(y + 3) compared with z - 1/2, the denominator positive on these points."""
    left, right = point["x"] / (point["y"] + 3), point["z"] - Fraction(1, 2)
    truth = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right, "==": left == right,
             "!=": left != right}[operator]
    conditions = RING.parse_condition(f"x/(y + 3) {operator} z - 1/2")
    assert all(condition.holds(point) for condition in conditions) is truth
    negated = conditions[0].negated()
    assert any(condition.holds(point) for condition in negated) is not truth


def test_truth_without_parameters():
    assert RING.parse_condition("1 < 2")[0].truth is True
    assert RING.parse_condition("x - x > 0")[0].truth is False
    assert RING.parse_condition("x > 0")[0].truth is None


def test_a_condition_is_kept_in_one_normal_form():
    assert RING.parse_condition("2*x - 4*y > 0") == RING.parse_condition("x/3 > 2*y/3")
    assert RING.parse_condition("x == y") == RING.parse_condition("y == x")
    assert RING.parse_condition("x > y") != RING.parse_condition("y > x")
    assert isinstance(RING.parse_condition("x > 0")[0], Condition)


def test_a_ring_names_each_parameter_once():
    with pytest.raises(ExpressionError, match="twice"):
        Ring(["x", "x"])


def test_a_ring_counts_the_work_of_parsing():
    """(x + y + z)**2 multiplies 1 x 3 and 3 x 3 terms, after the additions 1 + 1 and 2 + 1 inside."""
    ring = Ring(["x", "y", "z"])
    ring.parse("(x + y + z)**2")
    assert ring.work == 2 + 3 + 3 + 9


def test_a_polynomial_is_written_in_the_names_that_are_given():
    poly = RING.parse("x - y").num
    assert [format_polynomial(poly, names) for names in (["a", "b", "c"], ["d", "e", "f"])] == ["a - b", "d - e"]


def test_latex_spells_the_names():
    assert RING.parse("x/(1 + y)").latex() == r"\frac{\mathrm{x}}{\mathrm{y} + 1}"
    assert RING.parse_condition("x >= 1")[0].latex() == r"\mathrm{x} - 1 \ge 0"
