"""Sweeps of the 2 x 2 x 2 costly-signalling game, and the hand-fused loop they are measured against."""

from __future__ import annotations

from itertools import count
from typing import Any

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from sweeps import BOXES, NAMES, Floats, drawn, exact, lost, normal_form, outcomes, ranged, rounded, scenario, wanted_of

import deterrence as dt
from deterrence.kernels import Arrays, Bounds, Compiled, Interpreted
from deterrence.plans import Plan
from deterrence.sweep import make, plan

POINTS = 200_000
SEEDS = count(1)


def planned(box: str, points: int = POINTS) -> Plan:
    """A sweep of new points."""
    return plan(scenario(), points=drawn(np.random.default_rng(next(SEEDS)), points, box))


def columns_of(made: Plan) -> list[Floats]:
    assert made.design.sample is not None
    found = dict(zip(made.design.sample.names, made.design.sample.table, strict=True))
    return [found[name] for name in NAMES]


def separating(columns: list[Floats]) -> Any:
    """Where strong signals and weak does not, which is attacked: costs that suit the types, in an honest game."""
    _, strong, peace, war, _, weak, calm, loss, _ = columns
    return (strong <= peace - war) & (weak >= calm - loss)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("box", BOXES)
def test_in_memory(benchmark: BenchmarkFixture, box: str, jobs: int) -> None:
    made: list[Plan] = []

    def fresh() -> tuple[tuple[Plan, int], dict[str, Any]]:
        made[:] = [planned(box)]
        return (made[0], jobs), {}

    data = benchmark.pedantic(make, setup=fresh, rounds=3).data
    assert data.sizes == {"family": 20, "sample": POINTS}
    assert int(data["count"].min()) >= 1
    if box == "honest":
        columns = columns_of(made[0])
        silent = data["label"].values == "separating: c_S 1, c_W 0; r1: N; r0: A"
        assert np.array_equal(data["exists"].values[silent][0], separating(columns))


def test_with_the_atlas(benchmark: BenchmarkFixture, tmp_path: Any) -> None:
    """All that a call waits for: the scenario read, the atlas found, machine code made, points drawn."""
    file = tmp_path / "spence.toml"
    file.write_text(ranged("honest"), encoding="utf-8")

    def fresh() -> tuple[tuple[Any], dict[str, Any]]:
        return (dt.load(file),), {"sample": POINTS, "design": "random", "rng": next(SEEDS)}

    data = benchmark.pedantic(dt.sweep, setup=fresh, rounds=3)
    assert data.sizes["family"] == 20
    assert int(data["count"].min()) >= 1


def test_hand_fused(benchmark: BenchmarkFixture) -> None:
    pytest.importorskip("numba")
    from fused import fused

    made: list[Plan] = []

    def fresh() -> tuple[tuple[list[Floats]], dict[str, Any]]:
        made[:] = [planned("any sign")]
        return (columns_of(made[0]),), {}

    fused(columns_of(planned("any sign", 64)))
    hand = benchmark.pedantic(fused, setup=fresh, rounds=3)
    data = make(made[0]).data
    assert data is not None
    sure = data["status"].values == 0
    assert sure.mean() > 0.999
    assert np.array_equal(data["exists"].values[:, sure], hand.exists[:, sure])
    np.testing.assert_allclose(data["payoff_max[Snd]"].values[sure], hand.high[4][sure], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("engine", [Compiled, Interpreted], ids=["machine code", "NumPy"])
def test_engine(benchmark: BenchmarkFixture, engine: type[Any]) -> None:
    """One thread, arrays that were touched before."""
    made = planned("any sign")
    assert made.program is not None
    into = Arrays.empty(made.program, made.kept, POINTS)
    given: list[list[Floats]] = []
    ready = engine(made.program, made.kept)
    bounds = Bounds(made.program, [100.0] * len(NAMES))

    def fresh() -> tuple[tuple[list[Floats], Arrays, Bounds], dict[str, Any]]:
        given[:] = [columns_of(planned("any sign"))]
        return (given[0], into, bounds), {}

    benchmark.pedantic(ready.run, setup=fresh, rounds=3)
    p, cost, peace, war, loss, *_, gain = given[0]
    there = into.exists[9] & ~into.unsure
    assert there.any()
    # The strong type signals and is left in peace, the weak does not and is attacked.
    assert (cost[there] <= (peace - war)[there]).all()
    assert (loss[there] > 0).all()
    np.testing.assert_allclose(into.values[5, 9, there], ((1 - p) * gain)[there], rtol=1e-12)


def test_general_tool(benchmark: BenchmarkFixture) -> None:
    """Exact enumeration of the extreme Nash equilibria, ten points a round."""
    pytest.importorskip("pygambit")
    from sweeps import TOOLS

    ready, profiles = TOOLS["pygambit enummixed, exact"]()
    given: list[dict[str, Floats]] = []

    def fresh() -> tuple[tuple[list[Any]], dict[str, Any]]:
        given[:] = [rounded(drawn(np.random.default_rng(next(SEEDS)), 10, "honest"))]
        return ([ready(normal_form(exact(given[0], n))) for n in range(10)],), {}

    found = benchmark.pedantic(lambda games: [profiles(game) for game in games], setup=fresh, rounds=3)
    data = dt.sweep(scenario(), points=given[0])
    for n in range(10):
        wanted = wanted_of(data, n)
        assert wanted
        assert lost(wanted, outcomes(normal_form(exact(given[0], n)), found[n])) == 0
