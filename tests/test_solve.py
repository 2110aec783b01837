"""Equilibria at a point: the published canon, the contract's worked game, and games whose answer is derived by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
import z3

import deterrence as dt
from deterrence.expressions import Ring
from deterrence.game import Game
from deterrence.solvers.merging import merged
from tests.games import (
    BEER_QUICHE,
    BOTH_YES,
    DOMINATED_BY_MIXTURE,
    ENTRY,
    HORSE,
    MIXED_THREAT,
    RESTRAINT,
    SHARED_TREMBLE,
    TWO_SIDED,
    WITNESS,
    chance,
    choice,
    make,
)
from tests.oracle import rational
from tests.pieces import check, condition, entries_of, holds
from tests.randoms import SHAPES
from tests.worked import restraint

CANON = Path(__file__).parent / "canon"
EXPECTED = json.loads((CANON / "expected.json").read_text(encoding="utf-8"))
FREE = [Fraction(k, 60) for k in range(61)]


def solved(game: Game, **options: Any) -> Any:
    return dt.solve(game, point={}, **options)


# The canon


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_canon_outcomes(name: str) -> None:
    solution = dt.solve(dt.load(CANON / f"{name}.toml"))
    assert solution.complete
    totals: list[dict[str, float]] = []
    for entry in solution:
        assert entry.certificate.holds
        assert entry.certificate.to_dict()["arithmetic"] == "exact"
        assert (entry.certificate.nash_regret, entry.certificate.sequential_regret) == (0, 0)
        total: dict[str, Fraction] = {}
        for history, probability in entry.outcomes.items():
            label = EXPECTED[name]["names"][history]
            total[label] = total.get(label, Fraction(0)) + rational(probability)
        totals.append({label: float(p) for label, p in total.items()})
    wanted = EXPECTED[name]["outcomes"]

    def same(one: dict[str, float], two: dict[str, float]) -> bool:
        return all(abs(one.get(label, 0) - two.get(label, 0)) <= 1e-9 for label in {**one, **two})

    assert all(any(same(one, other) for other in wanted) for one in totals)
    assert all(any(same(one, other) for one in totals) for other in wanted)


# The worked game of the contract, section 4, copied from there


WORKED: list[dict[str, Any]] = [
    {"id": "F1", "label": "pooling on hold",
     "strategy": {"resolved": {"strike": "0", "hold": "1"}, "irresolute": {"strike": "0", "hold": "1"},
                  "after strike": {"attack": "0", "refrain": "1"}, "after hold": {"attack": "0", "refrain": "1"}},
     "beliefs": {"after strike": {"resolved, strike": "1", "irresolute, strike": "0"},
                 "after hold": {"resolved, hold": "3/5", "irresolute, hold": "2/5"}},
     "free": {"quantities": {"mu": "belief at after strike of resolved, strike", "x": "attack at after strike"},
              "pieces": [["0 <= mu", "mu < 1/3", "x == 1"], ["mu == 1/3", "0 <= x", "x <= 1"],
                         ["1/3 < mu", "mu <= 1", "x == 0"]]},
     "outcomes": {"resolved, hold, refrain": "3/5", "irresolute, hold, refrain": "2/5"},
     "payoffs": {"US": "0", "Iran": "0"},
     "events": {"strike": "0", "hold": "1", "attack": "0", "refrain": "1"},
     "certificate": {"concept": "pbe", "holds": True, "nash_regret": "0", "sequential_regret": "0", "fails_at": [],
                     "arithmetic": "exact"}},
    {"id": "F2", "label": "pooling on strike",
     "strategy": {"resolved": {"strike": "1", "hold": "0"}, "irresolute": {"strike": "1", "hold": "0"},
                  "after strike": {"attack": "0", "refrain": "1"}, "after hold": {"attack": "1", "refrain": "0"}},
     "beliefs": {"after strike": {"resolved, strike": "3/5", "irresolute, strike": "2/5"},
                 "after hold": {"resolved, hold": "0", "irresolute, hold": "1"}},
     "free": {"quantities": {"mu": "belief at after hold of resolved, hold", "y": "attack at after hold"},
              "pieces": [["0 <= mu", "mu < 1/3", "y == 1"], ["mu == 1/3", "2/5 <= y", "y <= 1"]]},
     "outcomes": {"resolved, strike, refrain": "3/5", "irresolute, strike, refrain": "2/5"},
     "payoffs": {"US": "-1/5", "Iran": "0"},
     "events": {"strike": "1", "hold": "0", "attack": "0", "refrain": "1"},
     "certificate": {"concept": "pbe", "holds": True, "nash_regret": "0", "sequential_regret": "0", "fails_at": [],
                     "arithmetic": "exact"}},
]


def members(free: dict[str, Any]) -> set[tuple[Fraction, ...]]:
    """The points of a grid that lie in a set, quantities in the order of the contract."""
    (first, second) = free["quantities"]
    return {
        (p, q) for p in FREE for q in FREE
        if any(holds(piece, {first: p, second: q}) for piece in free["pieces"])
    }


def test_the_worked_game_field_by_field() -> None:
    result = dt.solve(restraint()).to_dict()
    assert {k: result[k] for k in ("format", "concept", "method", "complete")} == {
        "format": 1, "concept": "pbe", "method": "atlas", "complete": True,
    }
    assert result["scenario"]["title"] == "A small game of restraint"
    assert result["scenario"]["parameters"] == {
        "resolve": "3/5", "cost": "1/5", "gain": "1", "harm": "2", "loss_resolved": "1/2", "loss_irresolute": "1",
    }
    assert len(result["equilibria"]) == len(WORKED)
    for found, wanted in zip(result["equilibria"], WORKED, strict=True):
        assert list(found) == list(wanted)
        for key in wanted:
            if key != "free":
                assert found[key] == wanted[key], key
        assert found["free"]["quantities"] == wanted["free"]["quantities"]
        assert members(found["free"]) == members(wanted["free"])
        assert 0 < len(members(wanted["free"])) < len(FREE) ** 2


# Empty threats

# The receiver may punish the signal, which costs it 1 whatever the type; both types would send it if it is not.
PUNISHED = make(
    "A dominated retaliation", ["Sender", "Receiver"],
    [chance(strong="1/2", weak="1/2"),
     choice("Sender", "strong", "strong", "send stay"), choice("Sender", "weak", "weak", "send stay"),
     choice("Receiver", "after send", "*, send", "punish accept")],
    [("send, accept", {"Sender": "1"}), ("punish", {"Sender": "-1", "Receiver": "-1"})],
)


def test_the_empty_threat_of_entry_deterrence_is_no_pbe() -> None:
    solution = solved(ENTRY)
    assert solution.complete
    assert [dict(e.outcomes) for e in solution] == [{"in, accommodate": 1}]


def test_a_dominated_retaliation_is_no_pbe() -> None:
    solution = solved(PUNISHED)
    assert solution.complete
    assert [dict(e.outcomes) for e in solution] == [
        {"strong, send, accept": Fraction(1, 2), "weak, send, accept": Fraction(1, 2)}
    ]


@pytest.mark.parametrize(
    ("game", "threat", "fails_at"),
    [(ENTRY, {"out": Fraction(1)}, "reply"),
     (PUNISHED, {"strong, stay": Fraction(1, 2), "weak, stay": Fraction(1, 2)}, "after send")],
    ids=lambda value: value.title if isinstance(value, Game) else "",
)
def test_the_empty_threat_is_nash_and_named(game: Game, threat: dict[str, Fraction], fails_at: str) -> None:
    solution = solved(game, concept="nash")
    assert solution.complete
    (empty,) = [e for e in solution if dict(e.outcomes) == threat]
    assert empty.certificate.concept == "nash"
    assert empty.certificate.holds
    assert empty.certificate.nash_regret == 0
    # Fighting costs the incumbent 2 rather than 0, punishing costs the receiver 1: no belief makes it best.
    assert empty.certificate.sequential_regret > 0
    assert list(empty.certificate.fails_at) == [fails_at]
    (credible,) = [e for e in solution if dict(e.outcomes) == dict(solved(game)[0].outcomes)]
    assert list(credible.certificate.fails_at) == []
    assert credible.certificate.sequential_regret == 0


# A mixed reply off the path


def test_the_mixed_reply_off_the_path_is_found_with_its_interval() -> None:
    solution = solved(MIXED_THREAT)
    assert solution.complete
    (entry,) = solution
    assert dict(entry.outcomes) == {"one, stay": Fraction(1, 2), "two, stay": Fraction(1, 2)}
    # Acting pays type 1 1 - 3q and type 2 3q - 2, q the chance of left: neither acts for 1/3 <= q <= 2/3, for which
    # the receiver must be indifferent: it believes each type with 1/2.
    assert entry.beliefs["after act"] == {"one, act": Fraction(1, 2), "two, act": Fraction(1, 2)}
    assert set(entry.free.quantities.values()) == {"left at after act"}
    (q,) = entry.free.quantities
    inside = {r for r in FREE if any(holds(piece, {q: r}) for piece in entry.free.pieces)}
    assert inside == {r for r in FREE if Fraction(1, 3) <= r <= Fraction(2, 3)}
    check(MIXED_THREAT, solution, Random(0))


# Outcomes by hand


@pytest.mark.parametrize(
    ("game", "expected"),
    [
        # Selten 1975.
        (HORSE, [{"C, c": "1"}]),
        # Cho and Kreps 1987: both pooling equilibria.
        (BEER_QUICHE, [
            {"strong, beer, leave": "9/10", "weak, beer, leave": "1/10"},
            {"strong, quiche, leave": "9/10", "weak, quiche, leave": "1/10"},
        ]),
        (RESTRAINT, [
            {"resolved, hold, refrain": "3/5", "irresolute, hold, refrain": "2/5"},
            {"resolved, strike, refrain": "3/5", "irresolute, strike, refrain": "2/5"},
        ]),
        # Acting never pays.
        (TWO_SIDED, [{"hh, wait": "1/6", "hs, wait": "1/3", "sh, wait": "1/6", "ss, wait": "1/3"}]),
        # Speaking never pays.
        (WITNESS, [{"honest, silent": "1/2", "liar, silent": "1/2"}]),
    ],
    ids=lambda value: value.title if isinstance(value, Game) else "",
)
def test_outcomes_by_hand(game: Game, expected: list[dict[str, str]]) -> None:
    solution = solved(game)
    wanted = [{key: Fraction(value) for key, value in outcome.items()} for outcome in expected]
    found = [dict(entry.outcomes) for entry in solution]
    assert len(found) == len(wanted)
    assert all(one in found for one in wanted)


@pytest.mark.parametrize(
    "game", [ENTRY, PUNISHED, HORSE, BEER_QUICHE, RESTRAINT, WITNESS, BOTH_YES, SHARED_TREMBLE, DOMINATED_BY_MIXTURE],
    ids=lambda game: game.title,
)
def test_entries_are_exactly_the_equilibria(game: Game) -> None:
    check(game, solved(game), Random(0))


def test_two_ways_of_agreeing_off_the_path_are_two_entries() -> None:
    # x, y, z the chances of b1, c1, d1 after `in`: b1 is worth y - z more than b2, c1 x + z - 1 more than c2, d1
    # x*y - 3/16 more than d2. If all mix, y = z = 1 - x and y (1 - y) = 3/16: y = 1/4 or y = 3/4.
    game = make(
        "Two mixtures off the path", ["A", "B", "C", "D"],
        [choice("A", "enter", None, "out in"), choice("B", "B", "in", "b1 b2"), choice("C", "C", "in, *", "c1 c2"),
         choice("D", "D", "in, *, *", "d1 d2")],
        [("out", {"A": "10"}), ("b1, c1", {"B": "1"}), ("b1, d1", {"B": "-1"}), ("c1, b1", {"C": "1"}),
         ("c1, d1", {"C": "1"}), ("c1", {"C": "-1"}), ("d1, b1, c1", {"D": "1"}), ("d1", {"D": "-3/16"})],
    )
    solution = solved(game)
    mixed = [e for e in solution if all(0 < e.strategy[J][a] < 1 for J, a in (("B", "b1"), ("C", "c1"), ("D", "d1")))]
    assert sorted(e.strategy["C"]["c1"] for e in mixed) == [Fraction(1, 4), Fraction(3, 4)]
    assert all(dict(e.outcomes) == {"out": 1} for e in solution)
    check(game, solution, Random(0))


def test_a_set_is_written_in_equations_and_whole_intervals() -> None:
    # A stays out for 2. B and C move unseen by each other; C is never paid, and B loses 1 by l where C plays d.
    # With z = P(l) and x = P(u), l is best only where d never comes: z > 0 needs x = 1, z = 0 leaves x alone.
    game = make(
        "unseen", ["A", "B", "C"],
        [choice("A", "start", None, "out in"), choice("B", "b", "in", "l r"), choice("C", "c", "in, l | in, r", "u d")],
        [("out", {"A": "2"}), ("l, d", {"B": "-1"})],
    )
    (entry,) = solved(game)
    assert entry.free.quantities == {"z": "l at b", "x": "u at c"}
    assert entry.free.pieces == (("0 < z", "z <= 1", "x == 1"), ("z == 0", "0 <= x", "x <= 1"))


@pytest.mark.parametrize("seed", ["answered4", "answered7", "half_seen2", "half_seen13", "noisy9", "witness3"])
def test_no_bound_stands_for_an_equation(seed: str) -> None:
    game = SHAPES[seed.rstrip("0123456789")](Random(seed), 2)
    bounds = 0
    for entry in solved(game):
        names = {name: z3.Real(name) for name in entry.free.quantities}
        for piece in entry.free.pieces:
            texts = [text for text in piece if "<= " in text or ">= " in text]
            for text in texts:
                # Where the bound holds strictly the piece has further points.
                asked = [text.replace("<=", "<").replace(">=", ">"), *(other for other in piece if other != text)]
                solver = z3.Solver()
                solver.add(*(formula for line in asked for formula in condition(line, names)))
                assert solver.check() == z3.sat, (text, piece)
            bounds += len(texts)
    assert bounds > 0


def test_intervals_that_touch_are_one() -> None:
    ring = Ring(["x", "y"])

    def union(*pieces: str) -> list[set[str]]:
        found = merged([[c for text in piece.split(", ") for c in ring.parse_condition(text)] for piece in pieces])
        return [{str(condition) for condition in piece} for piece in found]

    def piece(*texts: str) -> set[str]:
        return {str(condition) for text in texts for condition in ring.parse_condition(text)}

    assert union("0 <= x < 1/2, y == 1", "1/2 <= x <= 1, y == 1") == [piece("0 <= x <= 1", "y == 1")]
    assert union("x == 1", "0 < x < 1", "x == 0") == [piece("0 <= x <= 1")]
    assert union("x <= 1", "x > 0") == [set()]
    # A gap of one point stays, and so do pieces that differ in more.
    assert union("0 <= x < 1/2", "1/2 < x <= 1") == [piece("0 <= x < 1/2"), piece("1/2 < x <= 1")]
    assert union("0 <= x < 1/2, y == 1", "1/2 <= x <= 1, y == 0") == [
        piece("0 <= x < 1/2", "y == 1"), piece("1/2 <= x <= 1", "y == 0"),
    ]
    # Merging along one coordinate makes room for the other: the four quarters of a square.
    quarters = [f"{x}, {y}" for x in ("0 <= x < 1/2", "1/2 <= x <= 1") for y in ("0 <= y < 1/2", "1/2 <= y <= 1")]
    assert union(*quarters) == [piece("0 <= x <= 1", "0 <= y <= 1")]


def test_a_piece_is_read_from_its_text() -> None:
    # The reader of these tests, on texts whose truth is plain.
    values = {"x": Fraction(1, 2), "mu": Fraction(1, 3)}
    assert holds(("0 <= x", "x < 3/5", "3*mu == 1", "x*mu - 1/6 == 0", "x**2 - 1/4 >= 0"), values)
    assert not holds(("x > 1/2",), values)
    assert condition("x > 1/2", values, closed=True) == [True]
    (entry,) = entries_of(MIXED_THREAT, solved(MIXED_THREAT))
    assert any(holds(piece, entry.shown()) for piece in entry.pieces)


# The same bytes for every hash seed

SCRIPT = """
import json, sys
import deterrence as dt
scenario = dt.load(sys.argv[1])
what = dt.solve(scenario) if sys.argv[2] == "solve" else dt.atlas(scenario)
sys.stdout.write(json.dumps(what.to_dict()))
"""


@pytest.mark.parametrize(("name", "what"), [("canon/crisis-audience-cost-02", "solve"), ("restraint", "atlas")])
def test_results_do_not_depend_on_the_hash_seed(name: str, what: str) -> None:
    texts = set()
    for seed in "012":
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(CANON.parent / f"{name}.toml"), what],
            capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed},
        )
        texts.add(done.stdout)
    assert len(texts) == 1
    assert json.loads(texts.pop())["complete"] is True
