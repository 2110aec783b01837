"""Random games: what `solve` reports against exhaustive search, drawn members, and pygambit's exact enummixed."""

from __future__ import annotations

import io
import math
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

import deterrence as dt
from deterrence.certify import types_independent
from deterrence.game import CHANCE, Game, History
from tests.games import ENTRY, HORSE, random_signalling
from tests.oracle import Search, distinct, rational, same
from tests.oracle_linear import signalling
from tests.pieces import Covering, Entry, check, condition, entries_of, model, path, touching
from tests.randoms import SHAPES


def solved(game: Game) -> Any:
    return dt.solve(game, point={})


# Signalling games: small whole payoffs make ties and connected sets, large ones generic games.


@given(st.integers(0, 10**6), st.sampled_from([1, 2, 3, 40]))
@settings(max_examples=60, derandomize=True, deadline=None)
def test_signalling_two_by_two_by_two(seed: int, size: int) -> None:
    rng = Random(seed)
    game = random_signalling(rng, 2, 2, 2, size)
    check(game, solved(game), rng)


@pytest.mark.parametrize(("types", "signals", "replies"), [(3, 2, 2), (2, 3, 2), (2, 2, 3)])
@given(st.integers(0, 10**6), st.sampled_from([1, 3, 40]))
@settings(max_examples=8, derandomize=True, deadline=None)
def test_signalling_with_three_of_one(types: int, signals: int, replies: int, seed: int, size: int) -> None:
    rng = Random(seed)
    game = random_signalling(rng, types, signals, replies, size)
    check(game, solved(game), rng)


@given(st.integers(0, 10**6))
@settings(max_examples=4, derandomize=True, deadline=None)
def test_outcomes_of_three_by_three_by_three(seed: int) -> None:
    # With payoffs this large the equilibria of a random game nearly always have isolated distributions.
    game = random_signalling(Random(seed), 3, 3, 3, 60)
    solution = solved(game)
    assert solution.complete
    found = [{key: rational(p) for key, p in entry.outcomes.items()} for entry in solution]
    search = signalling(game)
    wanted = distinct(one for one in search if one.isolated)
    assert all(any(same(one, other) for other in found) for one in wanted)
    if all(one.isolated for one in search):
        assert all(any(same(one, other) for other in wanted) for one in found)
        assert len(found) >= len(wanted)


# Other shapes


@pytest.mark.parametrize("shape", sorted(SHAPES))
@pytest.mark.parametrize("seed", range(4))
def test_other_shapes(shape: str, seed: int) -> None:
    rng = Random(f"{shape}, {seed}")
    game = SHAPES[shape](rng, (1, 3, 2, 8)[seed])
    check(game, solved(game), rng)


# The checks themselves can fail


def test_the_checks_notice_what_is_missing_or_apart() -> None:
    game = random_signalling(Random(0), 2, 2, 2, 1)
    entries = entries_of(game, solved(game))
    assert Covering(game, entries).lost() is None
    for k in range(len(entries)):
        assert Covering(game, entries[:k] + entries[k + 1 :]).lost() is not None
    assert touching(game, entries) == []
    assert touching(game, [*entries, entries[0]]) == [(0, len(entries))]
    (whole,) = entries_of(HORSE, solved(HORSE))
    assert len(whole.pieces) > 1
    whole.pieces = whole.pieces[:-1]
    assert Covering(HORSE, [whole]).lost() is not None


# Two players: every extreme Nash equilibrium that beliefs complete to a perfect Bayesian equilibrium


def plans(game: Game, player: str) -> list[dict[str, str]]:
    """The reduced pure strategies: an action wherever the player's own actions do not exclude the set."""
    own = [infoset for infoset in game.infosets if infoset.player == player]
    found = []
    for actions in product(*(infoset.actions for infoset in own)):
        plan = dict(zip((infoset.name for infoset in own), actions, strict=True))
        reached = {
            infoset.name: plan[infoset.name] for infoset in own
            if all(plan[name] == a for name, a in game.own_sequence(player, infoset.histories[0]))
        }
        if reached not in found:
            found.append(reached)
    return found


def plays(game: Game, plan: dict[str, str], player: str, history: History) -> bool:
    return all(plan.get(name) == a for name, a in game.own_sequence(player, history))


def extreme_nash(game: Game) -> list[dict[str, Fraction]]:
    """The distributions of the extreme Nash equilibria of the reduced normal form, by pygambit."""
    gambit = pytest.importorskip("pygambit")
    left, right = (plans(game, player) for player in game.players)
    nature = {
        h: math.prod((game.chance[h[:k]].probabilities[h[k]].as_fraction()
                      for k in range(len(h)) if game.mover(h[:k]) == CHANCE), start=Fraction(1))
        for h in game.terminals
    }
    both = {
        (i, j): {h: p for h, p in nature.items()
                 if plays(game, one, game.players[0], h) and plays(game, two, game.players[1], h)}
        for i, one in enumerate(left) for j, two in enumerate(right)
    }
    # Gambit's own text, since its interface changes between versions; the first player's strategies vary fastest.
    cells = " ".join(
        str(sum((p * game.payoffs[h][player].as_fraction() for h, p in both[i, j].items()), Fraction(0)))
        for j in range(len(right)) for i in range(len(left)) for player in game.players
    )
    text = f'NFG 1 R "random" {{ "1" "2" }} {{ {len(left)} {len(right)} }}\n\n{cells}\n'
    found: list[dict[str, Fraction]] = []
    for profile in gambit.nash.enummixed_solve(gambit.read_nfg(io.BytesIO(text.encode())), rational=True).equilibria:
        u, v = ([Fraction(int(w.numerator), int(w.denominator)) for w in (mixed[str(n + 1)] for n in range(size))]
                for mixed, size in zip(profile, (len(left), len(right)), strict=True))
        outcomes: dict[str, Fraction] = {}
        for (i, j), ends in both.items():
            for h, p in ends.items():
                outcomes[", ".join(h)] = outcomes.get(", ".join(h), Fraction(0)) + u[i] * v[j] * p
        outcomes = {key: p for key, p in outcomes.items() if p}
        if outcomes not in found:
            found.append(outcomes)
    return found


def completes(game: Game, outcomes: dict[str, Fraction]) -> bool:
    """Whether some perfect Bayesian equilibrium has a distribution, by the conditions of the exhaustive search."""
    search = Search(game, types_independent(game))
    for supports in search.profiles():
        terminals, _ = search.reached(supports)
        keys = {", ".join(h) for h in terminals}
        if keys != set(outcomes):
            continue
        fixed = [
            (search.path(h, 0, "", supports) - search.constant(outcomes[", ".join(h)]), "==") for h in terminals
        ]
        if search.solve([*search.conditions(supports), *fixed]) is not None:
            return True
    return False


def holds_distribution(game: Game, solution: Any, outcomes: dict[str, Fraction]) -> bool:
    """Whether some member of some entry has a distribution."""
    return any(reaches(game, entry, outcomes) for entry in entries_of(game, solution))


def reaches(game: Game, entry: Entry, outcomes: dict[str, Fraction]) -> bool:
    names = {name: z3.Real(name) for name in entry.slot}
    listed = {slot: names[name] for name, slot in entry.slot.items()}
    play: dict[tuple[str, str, str], Any] = {}
    for where, row in entry.strategy.items():
        terms = {a: listed.get(("s", where, a), z3.RealVal(str(p))) for a, p in row.items()}
        if any(("s", where, a) in listed for a in row):
            *first, last = row
            terms[last] = 1 - z3.Sum([terms[a] for a in first])
        play.update({("s", where, a): term for a, term in terms.items()})
    asked = [
        path(game, h, play.__getitem__) == z3.RealVal(str(outcomes.get(", ".join(h), Fraction(0))))
        for h in game.terminals
    ]
    return any(
        model([*asked, *(c for text in piece for c in condition(text, names))], {}) is not None
        for piece in entry.pieces
    )


TWO_PLAYERS = [name for name in sorted(SHAPES) if len(SHAPES[name](Random(0), 2).players) == 2]


@pytest.mark.parametrize("shape", ["signalling", *(s for s in TWO_PLAYERS if s != "grown")])
@pytest.mark.parametrize("seed", range(5))
def test_extreme_nash_equilibria_that_are_pbe_are_among_ours(shape: str, seed: int) -> None:
    rng = Random(f"gambit, {shape}, {seed}")
    game = random_signalling(rng, 2, 2, 2, 3) if shape == "signalling" else SHAPES[shape](rng, 3)
    nash = extreme_nash(game)
    assert nash, "a finite game has an equilibrium"
    solution = solved(game)
    assert solution.complete
    # Both ways: what beliefs complete is among ours, and no other extreme equilibrium is.
    for outcomes in nash:
        assert holds_distribution(game, solution, outcomes) is completes(game, outcomes)


def test_gambit_finds_the_empty_threat_that_is_no_pbe() -> None:
    nash = extreme_nash(ENTRY)
    assert {"out": Fraction(1)} in nash
    assert not completes(ENTRY, {"out": Fraction(1)})
    assert completes(ENTRY, {"in, accommodate": Fraction(1)})
