"""The generic families alone, against the search that solves every knife edge too, and a game solved by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

import deterrence as dt
from deterrence.solvers.symbolic import generic_of
from tests import spence
from tests.pieces import admissible

CANON = Path(__file__).parent / "canon"

# Each of three gains 1 where the others act too, and pays u to act. A mixes where the others act together with
# probability u, and so on around: p = q = r = sqrt(u), for every u between 0 and 1.
THREE = """
format = 1
title = "Three who need each other"
[parameters]
u = { value = "1/2", range = ["1/4", "3/4"], role = "uncertainty" }
[game]
players = ["A", "B", "C"]
[game.parameters]
u = "0 < u < 1"
[[game.move]]
player = "A"
information = "a"
actions = ["act", "wait"]
[[game.move]]
player = "B"
information = "b"
after = ["*"]
actions = ["join", "stay"]
[[game.move]]
player = "C"
information = "c"
after = ["*, *"]
actions = ["go", "rest"]
[[game.payoff]]
when = ["act", "join", "go"]
A = 1
B = 1
C = 1
[[game.payoff]]
when = ["act"]
A = "-u"
[[game.payoff]]
when = ["join"]
B = "-u"
[[game.payoff]]
when = ["go"]
C = "-u"
"""


@pytest.mark.parametrize("name", ["schelling-risk-00", "udg-two-sided-00", "kydd-trust-00"])
def test_a_shallow_search_finds_what_the_whole_one_finds(name: str) -> None:
    scenario = dt.load(CANON / f"{name}.toml")
    free = scenario.game.space.names[:3]
    game = scenario.game.given({key: value for key, value in scenario.point.items() if key not in free})
    whole, found = dt.atlas(game), generic_of(game)
    assert whole.complete
    assert whole.generic == len(found) > 0
    rng = Random(f"generic, {name}")
    met = 0
    for _ in range(40):
        point = {key: Fraction(rng.randint(1, 60), 61) for key in free}
        if not admissible(game, point):
            continue
        here = sorted(family.label for family in found if family.holds(point))
        assert here == sorted(family.label for family in whole[: whole.generic] if family.holds(point))
        met += bool(here)
    assert met >= 10


def test_families_outside_of_ranges_are_not_found() -> None:
    # With g = l the threshold p* is 1/2 (tests/spence.py). Of the six families the two with p <= p* are out where
    # p >= 3/5, and pooling on the signal where k_W = c_weak/b_weak > 1; k_S = c_strong/b_strong <= 1 keeps three.
    fixed = {"b_strong": 1, "b_weak": 1, "g": 1, "l": 1}
    game = spence.game().given({name: Fraction(value) for name, value in fixed.items()})
    assert len(generic_of(game)) == 6
    ranges = [game.space.ring.parse_condition(text)[0] for text in ("p >= 3/5", "c_weak > 1", "c_strong <= 1")]
    found = generic_of(replace(game, space=game.space.with_conditions(ranges)))
    assert [family.label for family in found] == [
        "pooling on silence", "separating: strong signal, weak silence",
        "semi-separating: strong mixes silence and signal",
    ]


def test_a_limit_is_told() -> None:
    with pytest.raises(dt.LimitError, match="more than 5 profiles"):
        generic_of(spence.game(), limit=5)


def test_equations_that_are_not_solved_are_told() -> None:
    with pytest.raises(dt.NotSupportedError, match="no solution in closed form"):
        generic_of(dt.loads(THREE).game)


def test_what_a_callback_raises_is_not_taken_for_a_limit_of_the_search() -> None:
    def stop(words: str) -> None:
        raise dt.LimitError(f"enough at {words}")

    with pytest.raises(dt.LimitError, match="enough at 1 family"):
        dt.atlas(spence.game(), progress=stop)
