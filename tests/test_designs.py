"""Designs: exact axes, blocks that tile, samples that are the same however they are cut."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deterrence import columns, designs, reports
from deterrence.columns import Column, column, joined, read, written
from deterrence.designs import Axis, Block, Design, Sample, design_of
from deterrence.errors import ExpressionError, ProblemsError, UnknownNameError
from deterrence.expressions import exact
from deterrence.scenario import Scenario, loads

TEXT = '''
format = 1
title = "Ranges"
[parameters]
a = { value = "1/2", range = ["1/4", "3/4"], role = "uncertainty" }
b = { value = 2, range = [1, 4], role = "uncertainty", distribution = "triangular" }
c = { value = 10, range = [1, 100], role = "uncertainty", distribution = "loguniform" }
d = { value = 3, range = [0, 9], role = "lever" }
[game]
players = ["P"]
[game.parameters]
a = "0 < a < 1"
b = ""
c = "c > 0"
d = ""
[[game.move]]
player = "P"
information = "now"
actions = ["x", "y"]
[[game.payoff]]
when = ["x"]
P = "a + b + c + d"
[sweep]
over.a = { from = "1/4", to = "3/4", points = 3 }
'''


@pytest.fixture
def scenario() -> Scenario:
    return loads(TEXT)


@given(st.fractions(max_denominator=10**6), st.fractions(min_value=Fraction(1, 10**6), max_denominator=10**6),
       st.integers(2, 50))
def test_floats_of_an_axis_are_the_nearest(low: Fraction, width: Fraction, points: int) -> None:
    axis = Axis("a", low, low + width, points)
    assert axis.floats.tolist() == [float(low + width * n / (points - 1)) for n in range(points)]
    assert axis.exact(points - 1) == low + width


@given(st.lists(st.integers(1, 9), min_size=1, max_size=4), st.integers(1, 40))
def test_blocks_tile_the_design(shape: list[int], largest: int) -> None:
    axes = tuple(Axis(f"a{n}", listed=tuple(Fraction(i) for i in range(size))) for n, size in enumerate(shape))
    design = Design(axes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(designs, "BLOCK", largest)
        blocks = list(design.blocks())
        assert design.count == len(blocks)
    numbers = np.arange(design.size).reshape(shape)
    assert [n for block in blocks for n in range(block.start, block.stop)] == list(range(design.size))
    for block in blocks:
        assert len(block) <= largest
        assert numbers[block.slices].ravel().tolist() == list(range(block.start, block.stop))
        columns = design.columns(block)
        for place, n in enumerate(range(block.start, block.stop)):
            point = design.point(n)
            assert {name: Fraction(float(values[place])) for name, values in columns.items()} == point


@pytest.mark.parametrize("method", designs.METHODS)
def test_a_sample_is_the_same_however_it_is_cut(
    scenario: Scenario, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(designs, "BLOCK", 16)
    sample = design_of(scenario, sample=64, method=method, seed=7).sample
    assert sample is not None
    assert sample.names == ("a", "b", "c")
    whole = sample.columns(0, 64)
    for start, stop in ((0, 5), (5, 33), (16, 32), (63, 64)):
        for one, other in zip(sample.columns(start, stop), whole, strict=True):
            assert one.tolist() == other[start:stop].tolist()
    again = design_of(scenario, sample=64, method=method, seed=8).sample
    assert again is not None
    assert again.columns(0, 64)[0].tolist() != whole[0].tolist()


def test_distributions_have_their_quantiles(scenario: Scenario) -> None:
    sample = design_of(scenario, sample=20_000, seed=1).sample
    assert sample is not None
    a, b, c = sample.columns(0, 20_000)
    # A latin hypercube has one row in each of 20,000 equal slices, so that quantiles are right to 1/20,000.
    assert np.quantile(a, [0.25, 0.5]) == pytest.approx([0.375, 0.5], abs=1e-3)
    # Triangular on [1, 4] with mode 2: F(x) = (x - 1)^2/3 up to 2, 1 - (4 - x)^2/6 after; median 4 - sqrt(3).
    assert np.mean(b <= 2) == pytest.approx(1 / 3, abs=1e-3)
    assert np.quantile(b, 0.5) == pytest.approx(4 - 3**0.5, abs=1e-3)
    # The logarithm of c is uniform from 0 to 2 (base 10).
    assert np.quantile(np.log10(c), [0.25, 0.5, 0.75]) == pytest.approx([0.5, 1, 1.5], abs=1e-3)
    assert ((c >= 1) & (c <= 100)).all()


def test_the_point_of_a_sample_is_what_is_written_for_it(scenario: Scenario) -> None:
    sample = design_of(scenario, sample=5, seed=3).sample
    assert sample is not None
    for row in range(5):
        for value, drawn in zip(sample.exact(row), sample.columns(0, 5), strict=True):
            assert value == Fraction(repr(float(drawn[row])))


def test_lists_of_points(scenario: Scenario) -> None:
    exactly = design_of(scenario, points=[{"a": "1/3", "d": 1}, {"a": Fraction(2, 3), "d": "0.1"}])
    assert exactly.point(0) == {"a": Fraction(1, 3), "d": Fraction(1)}
    assert exactly.point(1) == {"a": Fraction(2, 3), "d": Fraction(1, 10)}
    table = design_of(scenario, points=pd.DataFrame({"a": [0.1, 0.2], "d": [1.0, 2.0]}))
    assert table.point(1) == {"a": Fraction(1, 5), "d": Fraction(2)}
    both = design_of(scenario, over={"b": [1, 2, 3]}, points={"a": [0.1, 0.2]})
    assert both.shape == (3, 2)
    assert both.point(3) == {"b": Fraction(2), "a": Fraction(1, 5)}


DIGITS = st.text("0123456789", min_size=1, max_size=22)
# Decimals of up to 44 digits, some with an exponent, and quotients of whole numbers.
DECIMALS = st.builds(
    lambda sign, before, after, exponent: f"{sign}{before}.{after}{exponent}",
    st.sampled_from(["", "-", "+"]), DIGITS, DIGITS, st.sampled_from(["", "", "e-7", "E12", "e+03", "e-59"]),
)
TEXTS = st.one_of(
    DECIMALS, DIGITS, st.builds("{}/{}".format, st.integers(-10**20, 10**20), st.integers(1, 10**20)),
    st.floats(-1e40, 1e40, allow_subnormal=False).filter(lambda x: x == 0 or abs(x) > 1e-40).map(repr),
    st.builds("{:.{}f}".format, st.floats(-100, 100), st.integers(0, 20)),
)


@given(st.lists(TEXTS, min_size=1, max_size=20))
def test_a_column_of_texts_is_what_they_say(texts: list[str]) -> None:
    expected = [Fraction(text) for text in texts]
    found = column(texts)
    assert [found.exact(n) for n in range(len(texts))] == expected
    assert found.floats.tolist() == [float(number) for number in expected]
    # What is not apart is what is written for the float.
    assert all(n in found.apart or Fraction(repr(float(found.floats[n]))) == x for n, x in enumerate(expected))


@given(st.lists(st.one_of(st.fractions(), TEXTS.map(Fraction), st.decimals(-2000, 2000, places=12).map(Fraction))))
def test_a_column_of_fractions_sets_apart_what_no_float_stands_for(numbers: list[Fraction]) -> None:
    found = column(numbers)
    assert [found.exact(n) for n in range(len(numbers))] == numbers
    assert found.floats.tolist() == [float(number) for number in numbers]
    assert list(found.apart) == [n for n, x in enumerate(numbers) if Fraction(repr(float(x))) != x]


@given(st.lists(st.one_of(TEXTS, st.text("0123456789.-+/e_ na", max_size=6)), min_size=1, max_size=4))
def test_what_is_no_number_is_no_number_in_a_column(texts: list[str]) -> None:
    def fails(reading: Callable[[], object]) -> bool:
        try:
            reading()
        except ExpressionError:
            return True
        return False

    assert fails(lambda: read(texts)) is any(fails(lambda text=text: exact(text)) for text in texts)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_a_float_stands_for_what_is_written_for_it(values: list[float]) -> None:
    for found in (column(values), column(np.array(values)), column([np.float64(value) for value in values])):
        assert found.floats.tolist() == values
        assert [found.exact(n) for n in range(len(values))] == [Fraction(Decimal(repr(value))) for value in values]
        assert not found.apart


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        # 2^53 + 1 is no float, and neither is a third; 0.1 in 32 bits is 13421773/2^27 = 0.100000001490116119384765625.
        (np.array([2**53 + 1, 2]), [Fraction(2**53 + 1), Fraction(2)]),
        ([2**53 + 1, 0.5], [Fraction(2**53 + 1), Fraction(1, 2)]),
        (np.array([0.1], dtype=np.float32), [Fraction("0.10000000149011612")]),
        (np.array([3, 4], dtype=np.uint8), [Fraction(3), Fraction(4)]),
        ([Fraction(1, 3), 0.1, "0.2", 2, Decimal("0.3")], [Fraction(1, 3), *(Fraction(n, 10) for n in (1, 2, 20, 3))]),
        ([Decimal("0.10000000000000001"), "-0"], [Fraction(10**16 + 1, 10**17), Fraction(0)]),
        (["1e5/4", " 7 / 8 ", "2/-3"], [Fraction(25_000), Fraction(7, 8), Fraction(-2, 3)]),
        (pd.Series(["1/3", "0.25"]).to_numpy(), [Fraction(1, 3), Fraction(1, 4)]),
    ],
)
def test_columns_of_every_kind(values: Any, expected: list[Fraction]) -> None:
    found = column(values)
    assert [found.exact(n) for n in range(len(found))] == expected
    assert found.floats.tolist() == [float(number) for number in expected]
    assert column(found) is found


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([0.5, float("inf")], "value 2: 'inf' is no finite number"),
        (np.array([0.5, np.nan]), "value 2: 'nan' is no finite number"),
        (["1", "1_0"], "value 2: '1_0' is no finite number"),
        (["1/3", "1/0"], "value 2: '1/0' divides by zero"),
        ([1, True], "value 2: a number is needed, not True"),
        ([None], "value 1: a number is needed, not NoneType"),
        (["1e300"], "value 1: a number may have at most 60 digits"),
        ([10**400], "value 1: a number may have at most 60 digits"),
        ([Fraction(10) ** 400], "value 1: larger than any float"),
    ],
)
def test_what_is_no_column_is_told_with_its_position(values: Any, message: str) -> None:
    with pytest.raises(ExpressionError, match=message):
        column(values)


def test_columns_one_after_another() -> None:
    found = joined([read(["1", "1/3"]), Column(np.array([0.5])), read(["1/7", "2"])])
    assert [found.exact(n) for n in range(5)] == [1, Fraction(1, 3), Fraction(1, 2), Fraction(1, 7), 2]
    assert sorted(found.apart) == [1, 3]
    assert len(joined([])) == 0


def test_the_same_points_are_the_same_design_however_they_come(scenario: Scenario, tmp_path: Path) -> None:
    rows = [(Fraction(n, 1000), Fraction(n, 8)) for n in range(1, 500)]
    path = tmp_path / "points.csv"
    path.write_text("a,d\n" + "".join(f"{float(a)},{float(d)}\n" for a, d in rows), encoding="utf-8")
    given = [
        reports.points(str(path)), pd.read_csv(path), [{"a": a, "d": d} for a, d in rows],
        {"a": [str(a) for a, _ in rows], "d": [str(d) for _, d in rows]},
        {"a": [Decimal(n) / 1000 for n in range(1, 500)], "d": np.arange(1, 500) / 8},
    ]
    made = [design_of(scenario, points=points) for points in given]
    for design in made:
        assert [design.point(n) for n in range(499)] == [{"a": a, "d": d} for a, d in rows]
    # A quotient such as 1/8 is kept as it is written.
    assert len({design.to_dict()["sample"]["sha256"] for design in (made[0], made[1], made[2], made[4])}) == 1
    different = design_of(scenario, points={"a": ["0.1", "1/3"]}), design_of(scenario, points={"a": [0.1, 1 / 3]})
    assert different[0].to_dict() != different[1].to_dict()


def test_decimals_are_read_without_a_fraction_for_each(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    drawn = np.random.default_rng(2).uniform(0, 1, 5_000)
    path = tmp_path / "points.csv"
    path.write_text("a,b\n" + "".join(f"{x!r},{x:.6f}\n" for x in drawn.tolist()), encoding="utf-8")
    asked: list[object] = []
    monkeypatch.setattr(columns, "exact", lambda value: asked.append(value) or exact(value))
    found = reports.points(str(path))
    frame = column(pd.read_csv(path)["b"].to_numpy())
    assert len(asked) == 0
    assert not found["a"].apart
    assert not found["b"].apart
    assert found["a"].floats.tolist() == drawn.tolist()
    assert [frame.exact(n) for n in range(100)] == [Fraction(f"{x:.6f}") for x in drawn[:100].tolist()]


def test_tables_of_points_as_people_write_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reports, "ROWS", 2)
    path = tmp_path / "points.csv"
    path.write_bytes(b'\xef\xbb\xbf a ,"b"\r\n0.1, 1/3\r\n\r\n"2","3e-1"\r\n\r\n\r\n-0,+.5\r\n0.1000000000000000055,7')
    found = reports.points(str(path))
    values = {name: [numbers.exact(n) for n in range(len(numbers))] for name, numbers in found.items()}
    assert values == {
        "a": [Fraction(1, 10), 2, 0, Fraction("0.1000000000000000055")],
        "b": [Fraction(1, 3), Fraction(3, 10), Fraction(1, 2), 7],
    }
    assert not np.signbit(found["a"].floats).any()
    path.write_text("a,b\n1,2\n1,2\n1,2\nx,2\n1,2,3\n1,1/0\n", encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        reports.points(str(path))
    told = [(problem.line, problem.key, problem.message.split(";")[0]) for problem in caught.value.problems]
    assert told == [
        (5, "a", "'x' is no finite number"), (6, "", "3 cells where there are 2 parameters"),
        (7, "b", "'1/0' divides by zero"),
    ]
    path.write_text("a\n" + "x\n" * 50, encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        reports.points(str(path))
    assert 20 < len(caught.value.problems) < 25
    for text in ("", "a,a\n1,2\n"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ProblemsError, match="names each parameter once"):
            reports.points(str(path))


def test_tiny_floats_are_points_too(scenario: Scenario) -> None:
    # Longer than what a file may say of a number, and yet what is written for this float.
    design = design_of(scenario, points=pd.DataFrame({"a": [1e-300, 0.5]}))
    assert design.point(0) == {"a": Fraction(1, 10**300)}
    assert written(1e-300) == Fraction(1, 10**300)


def test_the_sweep_of_the_scenario_is_the_default(scenario: Scenario) -> None:
    assert design_of(scenario).axes == (Axis("a", Fraction(1, 4), Fraction(3, 4), 3),)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"over": {"a": (1, 0, 5)}}, "from must be below to"),
        ({"over": {"a": (0, 1, 1)}}, "at least 2 points"),
        ({"over": {"a": []}}, "list of values"),
        ({"over": {"a": ["1/2", 0.5]}}, "listed twice"),
        ({"over": {"a": {"from": 0, "to": 1}}}, "from, to and points"),
        ({"over": {"a": (2, 3, 4)}}, "no value of this axis lies in the domain"),
        ({"over": {"b": (0, 1, 10**7), "c": (1, 2, 10**7)}}, "at most"),
        ({"sample": 0}, "from 1 to"),
        ({"sample": True}, "from 1 to"),
        ({"sample": 5, "method": "dice"}, "no way to draw"),
        ({"sample": 5, "method": "sobol"}, "4 or 8"),
        ({"sample": 5, "seed": -1}, "a seed is"),
        ({"sample": 5, "points": {"a": [0.5]}}, "exclude each other"),
        ({"points": {"a": [0.5], "b": [1, 2]}}, "same number of values"),
        ({"points": [{"a": 1}, {"b": 2}]}, "all give the same parameters"),
        ({"points": {"a": [float("nan")]}}, "no finite number"),
        ({"over": {"a": [0.5]}, "points": {"a": [0.5]}}, "is an axis and in the list"),
    ],
)
def test_what_is_no_design_is_told(scenario: Scenario, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ExpressionError, match=message):
        design_of(scenario, **options)


def test_misspelt_parameters_are_told_the_nearest() -> None:
    plain = loads(TEXT.replace('over.a = { from = "1/4", to = "3/4", points = 3 }', ""))
    with pytest.raises(ExpressionError, match="nothing to sweep over"):
        design_of(plain)
    for options in ({"over": {"aa": (0, 1, 3)}}, {"points": {"aa": [1.0]}}):
        with pytest.raises(UnknownNameError, match="did you mean 'a'"):
            design_of(plain, **options)  # type: ignore[arg-type]  # the options are of mixed types


def test_a_sample_needs_ranges() -> None:
    bare = loads(TEXT.replace('range = ["1/4", "3/4"], ', "").replace("range = [1, 4], ", "").replace(
        "range = [1, 100], ", "").replace("range = [0, 9], ", "").replace(', distribution = "triangular"', "").replace(
        ', distribution = "loguniform"', ""))
    with pytest.raises(ExpressionError, match="no parameter has a range"):
        design_of(bare, sample=5)


def test_what_a_design_says_is_what_it_is(scenario: Scenario) -> None:
    told = design_of(scenario, over={"d": ("0", "1/3", 2)}, sample=4, seed=5).to_dict()
    assert told["over"] == {"d": {"from": "0", "to": "1/3", "points": 2}}
    assert told["sample"]["seed"] == 5
    assert told["sample"]["distributions"]["b"] == {"kind": "triangular", "from": 1.0, "to": 4.0, "mode": 2.0}
    one, other = (Sample(("a",), 1, "list", table=(np.array([x]),)).to_dict()["sha256"] for x in (0.5, 0.25))
    assert one != other
    assert Block(0, 3, 5, (slice(3, 5),)).__len__() == 2
