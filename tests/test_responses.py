"""Answers of several players to a commitment: against trembles of every order, tried one by one, and a hand derivation.

The brute force fixes the plan of the leader, takes every pure profile of the others, lets every departure of theirs
have probability eps^k for k = 1, 2, 3 at each information set, and forms beliefs from what is left as eps goes to 0
[kreps_wilson1982]. What passes is what the leader may expect; the greatest is compared near the optimum and on a grid.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random

import pytest

import deterrence as dt
from deterrence.commitment import Commitments
from deterrence.errors import LimitError
from deterrence.game import Game, History

from . import randoms
from .games import choice, make

SCENARIOS = Path(__file__).parents[1] / "scenarios"
ORDERS = (1, 2, 3)
Plan = Mapping[str, Mapping[str, Fraction]]


def expected(game: Game, history: History, plan: Plan, pure: Mapping[str, str], player: str) -> Fraction:
    """What follows a history."""
    if history in game.payoffs:
        return game.payoffs[history][player].as_fraction()
    if history in game.chance:
        moves = game.chance[history].probabilities
        return sum(
            (p.as_fraction() * expected(game, (*history, a), plan, pure, player) for a, p in moves.items()),
            Fraction(0),
        )
    (infoset,) = (i for i in game.infosets if history in i.histories)
    if infoset.name in pure:
        return expected(game, (*history, pure[infoset.name]), plan, pure, player)
    return sum(
        (p * expected(game, (*history, a), plan, pure, player) for a, p in plan[infoset.name].items()), Fraction(0),
    )


def weight(
    game: Game, history: History, plan: Plan, pure: Mapping[str, str], orders: Mapping[str, int]
) -> tuple[int, Fraction]:
    """Exponent of eps and coefficient of the probability of a history."""
    exponent, coefficient = 0, Fraction(1)
    for n, label in enumerate(history):
        before = history[:n]
        if before in game.chance:
            coefficient *= game.chance[before].probabilities[label].as_fraction()
            continue
        (infoset,) = (i for i in game.infosets if before in i.histories)
        if infoset.name in pure:
            exponent += orders[infoset.name] * (pure[infoset.name] != label)
        else:
            coefficient *= plan[infoset.name][label]
    return exponent, coefficient


def rational(game: Game, leader: str, plan: Plan, pure: Mapping[str, str], orders: Mapping[str, int]) -> bool:
    """Whether every action is best at its information set, given these trembles."""
    for infoset in game.infosets:
        if infoset.player == leader:
            continue
        rows = {h: weight(game, h, plan, pure, orders) for h in infoset.histories}
        possible = [exponent for exponent, coefficient in rows.values() if coefficient]
        if not possible:
            continue
        belief = {h: c for h, (exponent, c) in rows.items() if exponent == min(possible)}

        def worth(action: str, belief: Mapping[History, Fraction] = belief, player: str = infoset.player) -> Fraction:
            return sum((c * expected(game, (*h, action), plan, pure, player) for h, c in belief.items()), Fraction(0))

        if any(worth(other) > worth(pure[infoset.name]) for other in infoset.actions):
            return False
    return True


def most(game: Game, leader: str, plan: Plan) -> Fraction | None:
    """The most that the leader may expect of a plan; None where no pure profile passes."""
    others = [i for i in game.infosets if i.player != leader]
    names = [i.name for i in others]
    found = [
        expected(game, (), plan, pure, leader)
        for actions in product(*(i.actions for i in others))
        for pure in [dict(zip(names, actions, strict=True))]
        if any(rational(game, leader, plan, pure, dict(zip(names, ks, strict=True)))
               for ks in product(ORDERS, repeat=len(names)))
    ]
    return max(found, default=None)


def three(seed: int) -> tuple[Game, str]:
    """A random game of three players and one of them with a single information set of two actions, who binds itself."""
    rng = Random(seed)
    while True:
        game = randoms.horse(rng, 4) if rng.random() < 0.3 else randoms.grown(rng, 4)
        own = {p: [i for i in game.infosets if i.player == p] for p in game.players}
        fit = [p for p, sets in own.items() if len(sets) == 1]
        if len(game.players) == 3 and all(own.values()) and fit and all(len(i.actions) == 2 for i in game.infosets):
            return game, rng.choice(fit)


@pytest.mark.parametrize("seed", range(16))
def test_random_games_against_every_order_of_trembles(seed: int) -> None:
    game, leader = three(seed)
    (infoset,) = (i for i in game.infosets if i.player == leader)
    one, other = infoset.actions

    def announced(p: Fraction) -> Plan:
        return {infoset.name: {one: p, other: 1 - p}}

    grid = [most(game, leader, announced(Fraction(n, 8))) for n in range(9)]
    try:
        best = Commitments(game, leader).optimum()
    except LimitError:
        assert grid == [None] * 9
        return
    # The optimum may need a plan that is only come near to: payoffs here are whole numbers up to 4.
    here, near = best.strategy[infoset.name][one], Fraction(1, 10**6)
    around = [most(game, leader, announced(p)) for p in (here - near, here, here + near) if 0 <= p <= 1]
    assert best.payoffs[leader] - 10 * near <= max(value for value in around if value is not None)
    assert all(value <= best.payoffs[leader] for value in grid if value is not None)


def test_an_ally_that_would_not_fight_deters_nobody() -> None:
    # The Protege fights for the Defender with probability 3/10, whatever it says. To attack the Defender is worth
    # 7/10*8 = 28/5 > 5: there is always an attack. If the Defender fights for the Protege with probability q,
    # to attack the Protege is worth (1 - q)*8, and the Challenger turns there for q <= 3/10. Left out, the Defender
    # pays 2 where it abandons and 1 where it is reliable and fights (4 where it is not): -2 + q, greatest at q = 3/10.
    # Attacked itself it would get -(7/10*6 + 3/10*3) = -51/10.
    scenario = dt.load(SCENARIOS / "canon" / "three_party_deterrence.toml")
    best = Commitments(scenario.game.at(scenario.point), "Defender").optimum(("deterrence_failure", "spiral"))
    assert best.strategy["reliable Defender"]["Defender intervenes"] == Fraction(3, 5)
    assert best.strategy["unreliable Defender"]["Defender intervenes"] == 0
    assert best.answers["unreliable Protege"] == "Protege abandons"
    assert best.payoffs["Defender"] == -2 + Fraction(3, 10)
    assert (best.events["deterrence_failure"], best.events["spiral"]) == (1, Fraction(3, 10))


def test_a_threat_of_one_who_moves_again_is_carried_out_only_if_it_pays() -> None:
    # A may enter; B may then challenge C, who may yield or start what costs both 9. The leader L moves first and only
    # warns B's guard (nothing follows from it). C yields (0 > -9), so B challenges (2 > 0), and A, who gets -1 then,
    # stays out. If C's threat counted, B would not challenge and A would enter.
    game = make(
        "two in a row", ["L", "A", "B", "C"],
        [
            choice("L", "word", None, "warn silent"), choice("A", "entry", "warn | silent", "enter out"),
            choice("B", "reply", "*, enter", "challenge rest"),
            choice("C", "end", "*, enter, challenge", "fight yield"),
        ],
        [
            ("enter, rest", {"A": "1", "L": "5"}), ("enter, challenge, fight", {"A": "-1", "B": "-9", "C": "-9"}),
            ("enter, challenge, yield", {"A": "-1", "B": "2"}),
        ],
    )
    best = Commitments(game, "L").optimum()
    assert best.payoffs == {"L": 0, "A": 0, "B": 0, "C": 0}
    assert best.answers == {"entry": "out", "reply": "challenge", "end": "yield"}
