"""Atlases in symbols: the published game, growth with types and signals, the model with all of its signals."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from games import costly_signalling
from pytest_benchmark.fixture import BenchmarkFixture

from deterrence import api, models
from deterrence.atlas import Atlas
from deterrence.game import Game
from deterrence.scenario import load

SIZES = [(2, 2, 2), (2, 3, 2), (3, 2, 2), (3, 3, 2)]
SHIPPED = Path(__file__).parent.parent / "scenarios" / "iraq-syria-2023-10.toml"
SPENCE = Path(__file__).parent.parent / "tests" / "canon" / "spence-00.toml"

# (cS, cW, p) with the number of published equilibria there, for BS - wS = 12, BW - wW = 20 and p* = g/(g + l) = 2/5:
# separating for cS < 12 and cW > 20; the weak bluff for p < p* and cW < 20; pooling on the signal for p > p* and
# cW < 20; silence always, attacked for p < p*; the strong mix for p > p* and cS < 12 (Cho and Kreps 1987).
PUBLISHED = {
    ("3", "24", "1/5"): 2,
    ("3", "24", "3/5"): 3,
    ("3", "12", "1/5"): 2,
    ("3", "12", "3/5"): 3,
    ("15", "30", "1/5"): 1,
    ("15", "30", "3/5"): 1,
}


def claims(atlas: Atlas) -> None:
    assert atlas.complete
    assert atlas.coverage.status == "proved"


def spence() -> Game:
    return load(SPENCE).game


def test_spence(benchmark: BenchmarkFixture) -> None:
    atlas = benchmark.pedantic(api.atlas, setup=lambda: ((spence(),), {}), rounds=3)
    claims(atlas)
    for (strong, weak, prior), count in PUBLISHED.items():
        texts = {"cS": strong, "cW": weak, "p": prior, "BS": "12", "wS": "0", "BW": "20", "wW": "0", "g": "2", "l": "3"}
        point = {name: Fraction(text) for name, text in texts.items()}
        assert sum(family.generic and family.holds(point) for family in atlas) == count


def test_spence_cold(benchmark: BenchmarkFixture) -> None:
    command = [sys.executable, "-m", "deterrence", "atlas", str(SPENCE), "--json"]
    done = benchmark.pedantic(subprocess.run, (command,), {"capture_output": True, "check": True}, rounds=3)
    found = json.loads(done.stdout)
    assert found["complete"] is True
    assert found["coverage"] == "proved"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_growth(benchmark: BenchmarkFixture, size: tuple[int, int, int]) -> None:
    claims(benchmark.pedantic(api.atlas, setup=lambda: ((costly_signalling(*size),), {}), rounds=1))


def test_four_signals(benchmark: BenchmarkFixture) -> None:
    option = models.get("signalling").options["signals"]
    menu = {"signals": list(option.choices)}
    assert len(menu["signals"]) == 4
    atlas = benchmark.pedantic(api.atlas, setup=lambda: ((models.get("signalling").build(menu),), {}), rounds=1)
    assert atlas.complete or "generic families only" in atlas.notes[0]
    point = load(SHIPPED).point
    expected = {tuple(entry.payoffs.values()) for entry in api.solve(atlas.game, point=point)}
    holding = [family for family in atlas[: atlas.generic] if family.holds(point)]
    assert {tuple(value.evaluate(point) for value in family.payoffs.values()) for family in holding} == expected
