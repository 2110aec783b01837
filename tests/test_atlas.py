"""Atlases at points, edges of regions included, against `solve`, an exhaustive search and hand derivations."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from threading import Timer
from typing import Any

import pytest

import deterrence as dt
from deterrence import models
from deterrence.atlas import Atlas, EquilibriumFamily
from deterrence.errors import Interrupted
from deterrence.expressions import Ring
from deterrence.game import Game, Move, PayoffRule, build_game
from deterrence.parameters import Parameter, ParameterSpace
from deterrence.smt import RESOURCE_LIMIT, decide
from tests import spence
from tests.games import choice
from tests.oracle import distinct, exhaustive
from tests.pieces import FamilyAt, admissible, boundary, check, check_families

HERE = Path(__file__).parent
POSITIVE = [Fraction(n, d) for d in (1, 2, 3) for n in range(1, 9)]
PROPER = [Fraction(n, 12) for n in range(1, 12)]
VALUES = [*PROPER, *POSITIVE, Fraction(0), *(-v for v in POSITIVE)]


def minimal() -> Game:
    """The minimal game of a mixed reply off the path, payoffs and prior symbolic."""
    space = ParameterSpace(tuple(
        Parameter(name, domain)
        for name, domain in {"p": "0 < p < 1", "a": "a > 0", "b": "b > 0", "m": "m > 0", "s": ""}.items()
    ))
    moves = [
        Move("chance", actions={"t1": "p", "t2": "1 - p"}),
        choice("S", "one", "t1", "act stay"), choice("S", "two", "t2", "act stay"), choice("R", "R", "*, act", "l r"),
    ]
    rules = [
        PayoffRule(when=("stay",), amounts={"S": "s"}),
        PayoffRule(when=("t1", "l"), amounts={"S": "-a", "R": "m"}), PayoffRule(when=("t1", "r"), amounts={"S": "b"}),
        PayoffRule(when=("t2", "l"), amounts={"S": "b"}), PayoffRule(when=("t2", "r"), amounts={"S": "-a", "R": "1"}),
    ]
    return build_game("A mixed reply off the path", ["S", "R"], space, moves, rules)


def symbolic(seed: int, replies: int) -> Game:
    """Two types, two signals; payoffs whole or linear in a parameter with whole coefficients."""
    rng = Random(f"symbolic, {seed}")
    space = ParameterSpace((Parameter("p", "0 < p < 1"), Parameter("u", ""), Parameter("v", "")))

    def amount() -> str:
        whole = str(rng.randint(-2, 2))
        return whole if rng.random() < 0.6 else f"{rng.choice([-1, 1, 2])}*{rng.choice('uv')} + {whole}"

    answers = [" ".join(f"m{m}r{r}" for r in range(replies)) for m in range(2)]
    moves = [
        Move("chance", actions={"t0": "p", "t1": "1 - p"}),
        choice("S", "s0", "t0", "m0 m1"), choice("S", "s1", "t1", "m0 m1"),
        choice("R", "r0", "*, m0", answers[0]), choice("R", "r1", "*, m1", answers[1]),
    ]
    rules = [
        PayoffRule(after=(f"t{t}, m{m}, m{m}r{r}",), amounts={"S": amount(), "R": amount()})
        for t in range(2) for m in range(2) for r in range(replies)
    ]
    return build_game("random symbolic signalling", ["S", "R"], space, moves, rules)


GAMES: Mapping[str, Callable[[], Game]] = {
    "spence": lambda: dt.load(HERE / "canon" / "spence-00.toml").game,
    "restraint": lambda: dt.load(HERE / "restraint.toml").game,
    "minimal": minimal,
    "radg": lambda: dt.load(HERE / "canon" / "radg-00.toml").game,
    "proxy": lambda: dt.load(HERE / "canon" / "proxy-00.toml").game,
    "symbolic-0": lambda: symbolic(0, 2),
    "symbolic-1": lambda: symbolic(1, 2),
    "symbolic-2": lambda: symbolic(2, 2),
}


@cache
def atlas_of(name: str) -> Any:
    return dt.atlas(GAMES[name]())


def point(game: Game, rng: Random) -> dict[str, Fraction]:
    """An admissible point of small fractions."""
    for _ in range(1000):
        at = {}
        for name in game.space.names:
            own = [c for c in game.space.conditions if c.free == {name}]
            fitting = [v for v in VALUES if all(c.holds({name: v}) for c in own)]
            small = [v for v in fitting if 0 < v < 1]
            at[name] = rng.choice(small if small and rng.random() < 0.4 else fitting)
        if admissible(game, at):
            return at
    raise AssertionError("no admissible point")


@pytest.mark.parametrize("name", sorted(GAMES))
def test_an_atlas_is_complete_and_covers_every_point(name: str) -> None:
    atlas = atlas_of(name)
    assert atlas.complete, atlas.notes
    assert atlas.coverage.status == "proved"
    assert len({family.id for family in atlas}) == len({family.label for family in atlas}) == len(atlas)
    flags = [family.generic for family in atlas]
    assert flags == sorted(flags, reverse=True)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("name", sorted(GAMES))
def test_families_and_solve_at_points_and_edges(name: str, seed: int) -> None:
    atlas = atlas_of(name)
    game = atlas.game
    rng = Random(f"{name}, {seed}")
    at = point(game, rng)
    # Up to three equations among the parameters, so that edges and corners of regions are met.
    for _ in range(seed % 4):
        at = boundary(game, atlas, at, rng)
    check_families(game, atlas, at, rng)
    check(game.at(at), dt.solve(game, point=at), rng)


@pytest.mark.parametrize("name", ["minimal", "restraint"])
def test_the_edges_of_these_tests_are_edges(name: str) -> None:
    # At most points no condition of a region holds with equality; at those of `boundary` one does.
    atlas = atlas_of(name)
    rng = Random(1)
    at = boundary(atlas.game, atlas, point(atlas.game, rng), rng)
    assert any(
        c.at(at).truth is not None and not c.poly.is_constant() and _zero(c, at)
        for family in atlas for part in family.region for c in part
    )


def _zero(condition: Any, at: Mapping[str, Fraction]) -> bool:
    equal = type(condition)(condition.ring, condition.poly, "==")
    return bool(equal.holds(at))


def test_the_check_notices_a_family_that_is_missing_or_too_wide() -> None:
    atlas = atlas_of("restraint")
    at = {"resolve": "3/5", "cost": "1/5", "gain": "1", "harm": "2", "loss_resolved": "1/2", "loss_irresolute": "1"}
    values = {key: Fraction(v) for key, v in at.items()}
    check_families(atlas.game, atlas, values, Random(0))
    holding = [family for family in atlas if family.holds(values)]
    assert len(holding) == 2
    for family in holding:
        fewer = replace(atlas, families=tuple(f for f in atlas if f is not family))
        with pytest.raises(AssertionError, match="lost"):
            check_families(atlas.game, fewer, values, Random(0))
    wider = replace(atlas, families=tuple(replace(f, region=((),)) for f in atlas))
    with pytest.raises(AssertionError, match="do not fit"):
        check_families(atlas.game, wider, values, Random(0))


def restraint_by_hand(at: Mapping[str, Fraction]) -> set[str]:
    """What can be played in the worked game at a point."""
    # Iran refrains after a signal of both types iff gain (1 - resolve) <= harm resolve. Pooling on hold without attack
    # then always holds (belief 1 deters from nothing; striking costs). Pooling on strike without attack needs attack
    # after hold to hurt both types by the cost at least: cost <= loss_resolved, the smaller loss.
    low = at["gain"] * (1 - at["resolve"]) <= at["harm"] * at["resolve"]
    high = at["gain"] * (1 - at["resolve"]) >= at["harm"] * at["resolve"]
    wanted = {
        "hold, refrain": low,
        "strike, refrain": low and at["cost"] <= at["loss_resolved"],
        "hold, attack": high,
        # Attacked after a strike, both must prefer it to holding, answered by what hurts most: only a loss of at
        # most -cost, a gain, makes them.
        "strike, attack": high and at["loss_irresolute"] <= -at["cost"],
    }
    return {key for key, holds in wanted.items() if holds}


def played(family: EquilibriumFamily) -> str:
    return ", ".join(next(iter(family.outcomes)).split(", ")[1:])


def test_the_worked_game_has_the_regions_of_a_hand_derivation() -> None:
    generic = [f for f in atlas_of("restraint") if f.generic]
    game = atlas_of("restraint").game
    rng = Random(7)
    for _ in range(200):
        at = point(game, rng)
        assert {played(f) for f in generic if f.holds(at)} == restraint_by_hand(at), at


def test_what_was_found_is_kept_where_a_search_is_interrupted() -> None:
    said: list[str] = []

    def stop(words: str) -> None:
        said.append(words)
        if words == "3 families":
            raise KeyboardInterrupt

    game = atlas_of("restraint").game
    with pytest.raises(Interrupted) as caught:
        dt.atlas(game, progress=stop)
    kept = caught.value.partial
    assert isinstance(kept, Atlas)
    assert (len(kept), kept.complete, kept.coverage.status) == (3, False, "undecided")
    assert "interrupted after 3 families: the atlas is not finished" in kept.notes
    generic, rng = kept[: kept.generic], Random(11)
    assert generic
    for at in (point(game, rng) for _ in range(100)):
        assert all(f.holds(at) == (played(f) in restraint_by_hand(at)) for f in generic), at
    with pytest.raises(KeyboardInterrupt) as bare:
        dt.atlas(game, refine="intuitive", progress=stop)
    assert not isinstance(bare.value, Interrupted)


@pytest.mark.skipif(os.name != "posix", reason="a process sends itself no signal elsewhere")
def test_an_interruption_is_not_taken_for_a_limit_of_z3() -> None:
    # Nine equations of the third degree in nine unknowns, one of them strict: far beyond a minute for the solver.
    names = [f"x{n}" for n in range(9)]
    ring = Ring(names)
    texts = [f"{names[n]}*{names[(n + 1) % 9]}*{names[(n + 2) % 9]} + {names[(n + 3) % 9]}**3 - {names[n]}**2 == 1"
             for n in range(9)]
    clauses = [[c] for text in (*texts, "x0 != x1") for c in ring.parse_condition(text)]
    timer = Timer(1, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            decide(clauses, 100 * RESOURCE_LIMIT)
    finally:
        timer.cancel()


@pytest.mark.parametrize("seed", range(6))
def test_costly_signalling_is_the_table_written_by_hand(seed: int) -> None:
    # canon/results.md, 13: off the edges the families there are all there are.
    atlas = dt.atlas(spence.game())
    table = spence.atlas()
    rng = Random(seed)
    seen = 0
    while seen < 12:
        at = point(atlas.game, rng)
        edges = [at["c_strong"] - at["b_strong"], at["c_weak"] - at["b_weak"], at["p"] * (at["g"] + at["l"]) - at["g"]]
        if 0 in edges:
            continue
        seen += 1

        def at_point(families: Any, at: Mapping[str, Fraction] = at) -> list[dict[str, Fraction]]:
            rows = [{key: v.evaluate(at) for key, v in f.outcomes.items()} for f in families if f.holds(at)]
            rows = [{key: v for key, v in row.items() if v} for row in rows]
            return sorted(rows, key=lambda row: sorted(row.items()))

        assert at_point(atlas) == at_point(table)


def test_the_built_in_game_with_two_signals() -> None:
    game = models.get("signalling").build({"signals": ["silence", "strike"]})
    atlas = dt.atlas(game)
    assert atlas.complete, atlas.notes
    assert atlas.coverage.status == "proved"
    rng = Random(3)
    for number in range(4):
        at = point(game, rng)
        for _ in range(number):
            at = boundary(game, atlas, at, rng)
        check_families(game, atlas, at, rng)


def test_a_family_at_a_point_is_read_from_its_formulas() -> None:
    # The second equilibrium of contract 4, by the exhaustive search and by the formulas of its family.
    atlas = atlas_of("restraint")
    at = {"resolve": "3/5", "cost": "1/5", "gain": "1", "harm": "2", "loss_resolved": "1/2", "loss_irresolute": "1"}
    values = {key: Fraction(v) for key, v in at.items()}
    here = atlas.game.at(values)
    found = []
    for family in atlas:
        entry = FamilyAt(here, family, values)
        assert entry.holds() is family.holds(values)
        if entry.holds():
            strategy, _ = entry.member(next(entry.points(Random(0))))
            found.append(strategy["resolved"]["strike"])
    assert sorted(found) == [0, 1]
    assert len(distinct(exhaustive(here))) == 2


def test_what_is_left_where_a_coefficient_vanishes_is_there_alone() -> None:
    # resolve*punishment*v == gain gives v where punishment != 0, which is one family; where punishment == 0 == gain any
    # v will do, which is another. Here punishment is not zero, so only the first exists, and no piece of the second.
    game = models.get("signalling").build({"signals": ["silence", "strike"]})
    values = {name: Fraction(1, 2) for name in game.space.names}
    values |= {"strike_cost": Fraction(7), "gain": Fraction(7, 12), "punishment": Fraction(4)}
    values |= {"retaliation_cost_resolved": Fraction(0), "resolve": Fraction(1, 3)}
    check_families(game, dt.atlas(game), values, Random(0))
