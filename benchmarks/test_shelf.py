"""Games that are no finite tree, at the sizes that were promised; the frontier of the shipped scenario."""

from __future__ import annotations

from fractions import Fraction
from itertools import count
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import deterrence as dt
from deterrence import models
from deterrence.equilibrium import Solution
from deterrence.frontier import Frontier

SCENARIOS = Path(__file__).parent.parent / "scenarios"
FRESH = count()


@pytest.mark.parametrize("groups", [23, 1_000_000])
def test_swarm(benchmark: BenchmarkFixture, groups: int) -> None:
    """A red line at one lethal attack; between the thresholds none, all and a mixture are equilibria."""
    game = models.get("swarm").build({"groups": groups, "rule": "collective"})

    def fresh() -> tuple[tuple[()], dict[str, Fraction]]:
        # 1 <= 60*q, and all attack where 1 >= 60*q*(1 - q)**(n - 1), which for a million groups is next to nothing.
        q = Fraction(1, 53) + Fraction(next(FRESH) % 1000, 10**9)
        return (), {"gain": Fraction(1), "punishment": Fraction(60), "lethality": q, "risk_cap": Fraction(1, 2)}

    def solve(**point: Fraction) -> Solution:
        return dt.solve(game, point=point)

    found = benchmark.pedantic(solve, setup=fresh, rounds=10)
    assert [entry.label for entry in found] == ["none attack", "all attack", "mixed"]
    assert all(entry.certificate.holds for entry in found)


def test_reputation_of_a_thousand_periods(benchmark: BenchmarkFixture) -> None:
    """All but the last few challengers are surely deterred, whatever their number [kreps_wilson1982]."""
    scenario = dt.load(SCENARIOS / "iraq-syria-2023-10-reputation.toml")
    game = models.get("reputation").build({"periods": 1_000})

    def fresh() -> tuple[tuple[()], dict[str, Fraction]]:
        return (), {**scenario.point, "gain": scenario.point["gain"] + Fraction(next(FRESH) % 100, 100)}

    def solve(**point: Fraction) -> Solution:
        return dt.solve(game, point=point)

    found = benchmark.pedantic(solve, setup=fresh, rounds=5)
    assert len(found) == 1
    assert found[0].certificate.holds


def test_frontier(benchmark: BenchmarkFixture) -> None:
    """Exact curves and the best commitment, without bands; the atlas is found anew for each range."""
    scenario = dt.load(SCENARIOS / "iraq-syria-2023-10-retaliation.toml")

    def fresh() -> tuple[tuple[()], dict[str, Fraction]]:
        return (), {"gain": 1 + Fraction(next(FRESH) % 1000, 10**6)}

    def frontier(**values: Fraction) -> Frontier:
        return dt.frontier(scenario.with_values(values), rows=0)

    found = benchmark.pedantic(frontier, setup=fresh, rounds=3)
    back = found.backfire("worst", "failure")
    assert back is not None
    # The wary type escalates after force where absorbing it costs more than war, 8.
    assert back.at == 8
    assert found.optimum is not None
    assert found.optimum.events["deterrence_failure"] == 0
