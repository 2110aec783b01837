"""Commands in a new process: what a user waits for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from pytest_benchmark.fixture import BenchmarkFixture

SCENARIOS = Path(__file__).parent.parent / "scenarios"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "deterrence", *words], capture_output=True, text=True, check=True)


def test_help(benchmark: BenchmarkFixture) -> None:
    done = benchmark.pedantic(run, ("--help",), rounds=10)
    assert "solve" in done.stdout


def test_solve_cold(benchmark: BenchmarkFixture) -> None:
    """What `make demo` runs: to be read, with what would have to change."""
    done = benchmark.pedantic(run, ("solve", str(SCENARIOS / "iraq-syria-2023-10.toml")), rounds=5)
    assert "there is no other at these values" in done.stdout
    assert "What would have to change" in done.stdout


def test_solve_json_cold(benchmark: BenchmarkFixture) -> None:
    done = benchmark.pedantic(run, ("solve", str(SCENARIOS / "iraq-syria-2023-10.toml"), "--json"), rounds=5)
    found = json.loads(done.stdout)
    assert found["complete"] is True
    assert all(entry["certificate"]["holds"] for entry in found["equilibria"])
