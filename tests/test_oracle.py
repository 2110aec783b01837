"""The exhaustive search against published results, hand derivations, a second search and the certificate.

The search is a tool of the tests; what it is trusted for elsewhere is checked here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deterrence.algebraic import real_roots
from deterrence.certify import certify, types_independent
from deterrence.game import Game
from tests.games import (
    BEER_QUICHE,
    BOTH_YES,
    DRAW_IN_SUBGAME,
    ENTRY,
    EXAMPLES,
    HORSE,
    MIXED_THREAT,
    RESTRAINT,
    TWO_LOOKS,
    TWO_SIDED,
    Example,
    full,
    random_signalling,
    read_canon,
)
from tests.oracle import Found, Search, distinct, exhaustive, missing, rational, same
from tests.oracle_linear import shape, signalling

CANON = Path(__file__).parent / "canon"
EXPECTED = json.loads((CANON / "expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_canon_outcomes_are_those_published(name: str) -> None:
    game = read_canon(CANON / f"{name}.toml")
    found = exhaustive(game, types_independent(game))
    totals: list[dict[str, float]] = []
    for outcomes in distinct(found):
        total: dict[str, Fraction] = {}
        for history, probability in outcomes.items():
            label = EXPECTED[name]["names"][history]
            total[label] = total.get(label, Fraction(0)) + probability
        totals.append({label: float(p) for label, p in total.items()})
    wanted = EXPECTED[name]["outcomes"]
    for one in totals:
        assert any(one == pytest.approx(other, abs=1e-9) for other in wanted)
    for other in wanted:
        assert any(one == pytest.approx(other, abs=1e-9) for one in totals)
    assert all(one.isolated for one in found)


@pytest.mark.parametrize(
    ("game", "expected"),
    [
        # Backward induction.
        (ENTRY, [{"in, accommodate": "1"}]),
        # Selten 1975: of the two kinds of Nash equilibria only (C, c, .) is rational at every set.
        (HORSE, [{"C, c": "1"}]),
        # Cho and Kreps 1987: both pooling equilibria.
        (BEER_QUICHE, [
            {"strong, beer, leave": "9/10", "weak, beer, leave": "1/10"},
            {"strong, quiche, leave": "9/10", "weak, quiche, leave": "1/10"},
        ]),
        # Contract, section 4.
        (RESTRAINT, [
            {"resolved, hold, refrain": "3/5", "irresolute, hold, refrain": "2/5"},
            {"resolved, strike, refrain": "3/5", "irresolute, strike, refrain": "2/5"},
        ]),
        # Acting pays the types 1 - 3q and 3q - 2 where q is the chance of left: never both at least 0, and a type
        # that acts alone is matched and gets -2.
        (MIXED_THREAT, [{"one, stay": "1/2", "two, stay": "1/2"}]),
    ],
    ids=lambda value: value.title if isinstance(value, Game) else "",
)
def test_outcomes_by_hand(game: Game, expected: list[dict[str, str]]) -> None:
    found = distinct(exhaustive(game, types_independent(game)))
    wanted = [{key: Fraction(value) for key, value in outcome.items()} for outcome in expected]
    assert len(found) == len(wanted)
    for one in wanted:
        assert any(same(one, other) for other in found)


def test_a_continuum_is_marked() -> None:
    # Entering costs 1, so nobody enters: off the path anything goes, but the distribution is one.
    assert all(one.isolated for one in exhaustive(DRAW_IN_SUBGAME))
    found = exhaustive(BOTH_YES)
    assert any(not one.isolated for one in found)
    # In pays 1 - 2pq: out alone needs pq >= 1/2, in alone pq <= 1/2.
    supports = {(one.supports["a"], one.isolated) for one in found}
    assert (("out",), True) in supports
    assert (("in",), False) in supports


@dataclass(frozen=True)
class Entry:
    outcomes: dict[str, Fraction]


def test_missing_names_what_a_solution_lacks() -> None:
    beer, quiche = (Entry(outcomes) for outcomes in distinct(exhaustive(BEER_QUICHE)))
    assert missing(BEER_QUICHE, [beer, quiche]) is None
    lacking = missing(BEER_QUICHE, [beer])
    assert lacking is not None
    assert same(lacking.outcomes, quiche.outcomes)
    one = Entry({"C, c": Fraction(1)})
    assert missing(HORSE, [one]) is None
    assert missing(HORSE, []) is not None
    assert missing(HORSE, [Entry({"D, L": Fraction(1)})]) is not None


def test_missing_reads_irrational_probabilities() -> None:
    root = real_roots([-1, 0, 2])[-1]
    near = Fraction(665857, 941664)

    search = Search(BOTH_YES, False)
    supports = {"a": ("in",), "b": ("yes", "no"), "c": ("yea",)}

    def entry(p: object) -> dict[str, Fraction]:
        return {"in, yes, yea": rational(p), "in, no, yea": 1 - rational(p)}

    # The continuum holds both; what is excluded is exactly what was named.
    for p in (root / 2, near / 2):
        found = search.search(supports, [entry(p)], cap=1)
        assert found
        assert not same(found[0].outcomes, entry(p))


@pytest.mark.parametrize("seed", range(24))
def test_both_searches_agree(seed: int) -> None:
    rng = Random(seed)
    types, signals, replies = [(2, 2, 2), (2, 2, 2), (3, 2, 2), (2, 2, 3)][seed % 4]
    game = random_signalling(rng, types, signals, replies, [1, 2, 6][seed % 3])

    def summary(found: list[Found]) -> set[tuple[object, ...]]:
        return {
            (tuple(sorted(one.supports.items())), one.isolated,
             tuple(sorted(one.outcomes.items())) if one.isolated else None)
            for one in found
        }

    assert summary(signalling(game)) == summary(exhaustive(game))


def test_shape_recognises_signalling_games_only() -> None:
    assert shape(BEER_QUICHE) is not None
    for game in (ENTRY, HORSE, TWO_SIDED, TWO_LOOKS, MIXED_THREAT):
        assert shape(game) is None
        with pytest.raises(ValueError, match="types x signals x replies"):
            signalling(game)


@pytest.mark.parametrize("seed", range(8))
def test_members_pass_the_certificate(seed: int) -> None:
    rng = Random(100 + seed)
    game = random_signalling(rng, 2, 2, 2, 2)
    found = exhaustive(game)
    assert found, "a finite game has an equilibrium"
    for one in found:
        certificate = certify(game, one.strategy, one.beliefs, "pbe")
        assert certificate.holds, certificate.reasons


@pytest.mark.parametrize("name", ["crisis-audience-cost-02", "udg-two-sided-02", "powell-ladder-00", "fearon-sunk-03"])
def test_members_of_longer_games_pass_the_certificate(name: str) -> None:
    game = read_canon(CANON / f"{name}.toml")
    found = exhaustive(game, types_independent(game))
    for one in found:
        certificate = certify(game, one.strategy, one.beliefs, "pbe")
        assert certificate.holds, certificate.reasons


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.concept == "pbe"], ids=lambda example: example.name)
def test_the_conditions_of_the_search_agree_with_the_hand_derivations(example: Example) -> None:
    strategy, beliefs = full(example.game, example.strategy, example.beliefs)
    search = Search(example.game, types_independent(example.game))
    assert search.accepts(strategy, beliefs) is example.holds


SPLITS = {
    1: [(1,)],
    2: [(4, 0), (0, 4), (2, 2), (1, 3), (1, 2)],
    3: [(4, 0, 0), (0, 0, 4), (1, 1, 2)],
    4: [(4, 0, 0, 0), (0, 4, 0, 0), (0, 1, 0, 2), (1, 1, 1, 1)],
}


@given(st.data(), st.sampled_from([example for example in EXAMPLES if example.concept != "nash"]))
@settings(max_examples=300, deadline=None)
def test_certificate_and_search_accept_the_same_assessments(data: st.DataObject, example: Example) -> None:
    def draw(keys: list[str]) -> dict[str, Fraction]:
        weights = data.draw(st.sampled_from(SPLITS[len(keys)]))
        return {key: Fraction(w, sum(weights)) for key, w in zip(keys, weights, strict=True)}

    game = example.game
    mixed, stated = full(game, example.strategy, example.beliefs)
    strategy, beliefs = dict(mixed), dict(stated)
    for name in data.draw(st.lists(st.sampled_from(sorted(strategy)), max_size=1)):
        strategy[name] = draw(list(strategy[name]))
    for name in data.draw(st.lists(st.sampled_from(sorted(beliefs)), max_size=2)) if beliefs else []:
        beliefs[name] = draw(list(beliefs[name]))
    for independent in (False, types_independent(game)):
        assert Search(game, independent).accepts(strategy, beliefs) is (
            certify(game, strategy, beliefs, "pbe", independent).holds
        )
