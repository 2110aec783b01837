"""Commitment against examples of the literature and against linear programs in the normal form, by HiGHS."""

from fractions import Fraction
from itertools import product
from random import Random

import numpy as np
import pytest
from scipy.optimize import linprog

import deterrence as dt
from deterrence import models
from deterrence.assessment import Assessment
from deterrence.commitment import Commitments
from deterrence.errors import UnknownNameError
from deterrence.game import Game
from deterrence.solvers.binding import StationaryPlans
from deterrence.stochastic import StochasticGame

from . import randoms
from .games import choice, make


def at_once(payoffs: dict[str, tuple[int, int]]) -> Game:
    """Row (top, bottom) and column (left, right) at once."""
    return make(
        "at once", ["Row", "Column"],
        [choice("Row", "row", None, "top bottom"), choice("Column", "column", "top | bottom", "left right")],
        [(labels, {"Row": str(a), "Column": str(b)}) for labels, (a, b) in payoffs.items()],
    )


# Conitzer and Sandholm (2006), section 1: (top, left) 2, 1; (top, right) 4, 0; (bottom, left) 1, 0; (bottom, right)
# 3, 1. Row's only equilibrium gives it 2; bound to bottom it gets 3; bound to both with probability 1/2, Column is
# indifferent, goes right, and Row gets 7/2. Of p(top) = p, Column goes right for p <= 1/2, where Row gets 3 + p.
PUBLISHED = {"top, left": (2, 1), "top, right": (4, 0), "bottom, left": (1, 0), "bottom, right": (3, 1)}


def test_the_example_of_the_literature() -> None:
    best = Commitments(at_once(PUBLISHED), "Row").optimum()
    assert best.payoffs == {"Row": Fraction(7, 2), "Column": Fraction(1, 2)}
    assert best.strategy == {"row": {"top": Fraction(1, 2), "bottom": Fraction(1, 2)}}
    assert best.answers == {"column": "right"}


def test_pairs_of_events_are_polygons() -> None:
    # Column goes right for p(top) <= 1/2 and left for p(top) >= 1/2: two segments of (P[top], P[right]).
    game = at_once(PUBLISHED)
    assert sorted(Commitments(game, "Row").attainable("top", "right")) == [
        ((Fraction(0), Fraction(1)), (Fraction(1, 2), Fraction(1))),
        ((Fraction(1, 2), Fraction(0)), (Fraction(1), Fraction(0))),
    ]


def test_what_is_left_open_goes_to_fewer_events_and_to_the_cheaper_threat() -> None:
    # The entrant stays out where it is fought with probability 1/2 or more (gain 1, loss 1); to be fought costs 2.
    # Out gives the incumbent 0: every such threat does, and the least costly is the one with probability 1/2.
    game = make(
        "entry", ["Entrant", "Incumbent"],
        [choice("Entrant", "entry", None, "in out"), choice("Incumbent", "answer", "in", "fight yield")],
        [("in, fight", {"Entrant": "-1", "Incumbent": "-3"}), ("in, yield", {"Entrant": "1", "Incumbent": "-1"})],
    )
    best = Commitments(game, "Incumbent").optimum(("in",))
    assert best.events["in"] == 0
    assert best.payoffs == {"Entrant": 0, "Incumbent": 0}
    assert best.strategy == {"answer": {"fight": Fraction(1, 2), "yield": Fraction(1, 2)}}


def pure(game: Game, player: str) -> list[dict[str, str]]:
    own = [i for i in game.infosets if i.player == player]
    return [dict(zip([i.name for i in own], actions, strict=True)) for actions in product(*(i.actions for i in own))]


def in_the_normal_form(game: Game, leader: str) -> float:
    """The greatest payoff over one linear program for each pure strategy of the other [conitzer_sandholm2006]."""
    (follower,) = (p for p in game.players if p != leader)
    mine, theirs = pure(game, leader), pure(game, follower)

    def payoffs(one: dict[str, str], other: dict[str, str]) -> tuple[float, float]:
        strategy = {
            i.name: {a: Fraction(a == {**one, **other}[i.name]) for a in i.actions} for i in game.infosets
        }
        found = Assessment(game, strategy, {}).payoffs
        return float(found[leader]), float(found[follower])

    table = np.array([[payoffs(one, other) for other in theirs] for one in mine])
    best = -np.inf
    for column in range(len(theirs)):
        # x >= 0, sum x = 1, and the column is as good as any other.
        gains = (table[:, :, 1] - table[:, column : column + 1, 1]).T
        solved = linprog(-table[:, column, 0], A_ub=gains, b_ub=np.zeros(len(theirs)), A_eq=np.ones((1, len(mine))),
                         b_eq=[1.0], method="highs")
        if solved.status == 0:
            best = max(best, -solved.fun)
    return best


@pytest.mark.parametrize("seed", range(24))
def test_random_games_against_programs_in_the_normal_form(seed: int) -> None:
    rng = Random(seed)
    game = (randoms.two_sided, randoms.receiver_twice, randoms.answered)[seed % 3](rng, 4)
    for leader in game.players:
        best = Commitments(game, leader).optimum()
        assert float(best.payoffs[leader]) == pytest.approx(in_the_normal_form(game, leader), abs=1e-7)
        equilibria = dt.solve(game, point={})
        assert best.payoffs[leader] >= max(entry.payoffs[leader] for entry in equilibria)


@pytest.mark.parametrize("seed", range(6))
def test_of_three_players_the_answers_are_best_against_each_other(seed: int) -> None:
    game = randoms.horse(Random(seed), 4)
    leader = game.players[0]
    best = Commitments(game, leader).optimum()
    for player in game.players[1:]:
        for other in pure(game, player):
            strategy = dict(best.strategy)
            for name, action in {**{i.name: i.actions[0] for i in game.infosets}, **best.answers, **other}.items():
                infoset = game.infoset(name)
                if infoset.player != leader:
                    strategy[name] = {a: Fraction(a == action) for a in infoset.actions}
            assert Assessment(game, strategy, {}).payoffs[player] <= best.payoffs[player]


@pytest.mark.parametrize("seed", range(6))
def test_what_commitments_bring_about_lies_in_the_polygons(seed: int) -> None:
    rng = Random(100 + seed)
    game = randoms.answered(rng, 3)
    leader = game.players[0]
    events = list(game.events)[:2]
    commitments = Commitments(game, leader)
    polygons = commitments.attainable(*events)
    best = commitments.optimum()
    assert any(inside((best.events[events[0]], best.events[events[1]]), polygon) for polygon in polygons)


def inside(point: tuple[Fraction, Fraction], polygon: tuple[tuple[Fraction, Fraction], ...]) -> bool:
    """A convex combination exists: by HiGHS, whatever the order of the corners."""
    solved = linprog(
        np.zeros(len(polygon)), A_eq=np.array([[float(x), float(y), 1.0] for x, y in polygon]).T,
        b_eq=[float(point[0]), float(point[1]), 1.0], method="highs",
    )
    return solved.status == 0


def test_a_leader_who_is_no_player_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="Rwo"):
        Commitments(at_once(PUBLISHED), "Rwo")


def values_of(game: StochasticGame, pair: tuple[tuple[int, ...], tuple[int, ...]], player: int) -> np.ndarray:
    """What a pure profile is worth in every state, by numpy."""
    size = game.size
    matrix, right = np.eye(size), np.zeros(size)
    for s, stage in enumerate(game.stages):
        a, b = pair[0][s], pair[1][s]
        right[s] = float(stage.rewards[player][a][b])
        for t, p in stage.moves[a][b].items():
            weight = float(game.patience[player]) * float(p)
            if t < size:
                matrix[s, t] -= weight
            else:
                right[s] += weight * float(game.ends[t - size][player])
    return np.linalg.solve(matrix, right)


@pytest.mark.parametrize("seed", range(6))
def test_on_a_ladder_the_best_pure_plan_is_that_of_exhaustive_search(seed: int) -> None:
    rng = Random(900 + seed)
    game = models.get("ladder").build({"rungs": 2 + seed % 2})
    point = {name: Fraction(rng.randint(1, 40), 8) for name in game.space.names}
    point.update({name: Fraction(rng.randint(1, 9), 10) for name in ("patience_us", "patience_iran", "easing", "slip")})
    assert not game.space.violations(point)
    stochastic = models.get("ladder").stochastic(game.options, point)  # type: ignore[attr-defined]
    for leader in (0, 1):
        mine, theirs = (
            list(product(*(range(len(stage.actions[i])) for stage in stochastic.stages))) for i in (leader, 1 - leader)
        )
        best = -np.inf
        for plan in mine:
            pairs = [(plan, answer) if leader == 0 else (answer, plan) for answer in theirs]
            worth = np.array([values_of(stochastic, pair, 1 - leader) for pair in pairs])
            # A best answer is as good as can be in every state at once.
            good = (worth >= worth.max(axis=0) - 1e-9).all(axis=1)
            assert good.any()
            own = [values_of(stochastic, pair, leader) for pair, ok in zip(pairs, good, strict=True) if ok]
            best = max(best, *(row[stochastic.start] for row in own))
        found = StationaryPlans(game, stochastic, stochastic.players[leader]).optimum()
        assert float(found.payoffs[stochastic.players[leader]]) == pytest.approx(best, abs=1e-9)


def test_answers_are_told_where_play_comes() -> None:
    # At these values the US stays silent whatever its type, so that Iran is asked after silence alone.
    scenario = dt.load("scenarios/iraq-syria-2023-10.toml")
    found = Commitments(scenario.game.at(scenario.point), "US").optimum(("deterrence_failure", "spiral"))
    assert all(found.strategy[kind]["silence"] == 1 for kind in ("resolved", "irresolute"))
    assert dict(found.answers) == {"after silence": "refrain"}
