"""Designs: exact axes, blocks that tile, samples that are the same however they are cut."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deterrence import designs
from deterrence.designs import Axis, Block, Design, Sample, design_of
from deterrence.errors import ExpressionError, UnknownNameError
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
        for value, column in zip(sample.exact(row), sample.columns(0, 5), strict=True):
            assert value == Fraction(repr(float(column[row])))


def test_lists_of_points(scenario: Scenario) -> None:
    exactly = design_of(scenario, points=[{"a": "1/3", "d": 1}, {"a": Fraction(2, 3), "d": "0.1"}])
    assert exactly.point(0) == {"a": Fraction(1, 3), "d": Fraction(1)}
    assert exactly.point(1) == {"a": Fraction(2, 3), "d": Fraction(1, 10)}
    table = design_of(scenario, points=pd.DataFrame({"a": [0.1, 0.2], "d": [1.0, 2.0]}))
    assert table.point(1) == {"a": Fraction(1, 5), "d": Fraction(2)}
    both = design_of(scenario, over={"b": [1, 2, 3]}, points={"a": [0.1, 0.2]})
    assert both.shape == (3, 2)
    assert both.point(3) == {"b": Fraction(2), "a": Fraction(1, 5)}


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
