"""Refinements against published verdicts and the definitions as they stand, put to z3; the atlas against points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

import deterrence as dt
from deterrence.equilibrium import Equilibrium
from deterrence.errors import NotSupportedError
from deterrence.expressions import Condition
from deterrence.game import Game, PayoffRule, build_game
from deterrence.models.signalling import MODEL
from deterrence.parameters import Parameter, ParameterSpace
from deterrence.smt import decide
from deterrence.solvers import points, symbolic
from tests.games import (
    ASK_BACK,
    BEER_QUICHE,
    ENTRY,
    HALF_SEEN,
    HORSE,
    MIXED_THREAT,
    TWO_SIDED,
    UNINFORMED_FIRST,
    chance,
    choice,
    make,
    random_signalling,
)
from tests.spence import game as spence

SCENARIO = Path(__file__).parent.parent / "scenarios" / "iraq-syria-2023-10.toml"
SPENCE = spence()


def at(strong: str, weak: str, p: str) -> dict[str, str]:
    """Parameters with b_strong = 12, b_weak = 20 and p* = 2/5, as in canon/results.md, 13."""
    return {"p": p, "c_strong": strong, "c_weak": weak, "b_strong": "12", "b_weak": "20", "g": "2", "l": "3"}


# Each family by P[signal] and P[attack]. Separating: p, 1 - p. Semi-separating, strong: p*5/9, and 1/4 after silence.
# Semi-separating, weak: X = 3/8, so 1/5 + 4/5*3/8 = 1/2 signal, and 2/5 of them are attacked with all of the others.
SILENT_ATTACK, SILENT, POOL = ("0", "1"), ("0", "0"), ("1", "0")
SEMI_STRONG, SEMI_WEAK = ("1/3", "1/6"), ("1/2", "7/10")

# Parameters, every equilibrium, those that fail the intuitive criterion, those that fail D1.
POINTS = [
    (at("3", "24", "1/5"), [("1/5", "4/5"), SILENT_ATTACK], [SILENT_ATTACK], [SILENT_ATTACK]),
    (at("3", "24", "3/5"), [("3/5", "2/5"), SILENT, SEMI_STRONG], [], []),
    (at("3", "12", "1/5"), [SEMI_WEAK, SILENT_ATTACK], [], [SILENT_ATTACK]),
    (at("3", "12", "3/5"), [POOL, SILENT, SEMI_STRONG], [], []),
    (at("15", "30", "1/5"), [SILENT_ATTACK], [], []),
    (at("15", "30", "3/5"), [SILENT], [], []),
]


def seen(found: dt.Solution) -> list[tuple[str, str]]:
    return sorted((str(entry.events["signal"]), str(entry.events["attack"])) for entry in found)


@pytest.mark.parametrize(("point", "every", "intuitive", "d1"), POINTS)
def test_published_points(point: Any, every: Any, intuitive: Any, d1: Any) -> None:
    assert seen(dt.solve(SPENCE, point=point)) == sorted(every)
    assert seen(dt.solve(SPENCE, point=point, refine="intuitive")) == sorted(set(every) - set(intuitive))
    assert seen(dt.solve(SPENCE, point=point, refine="d1")) == sorted(set(every) - set(d1))


# Conditions beside the family's own region under which it passes: a union of conjunctions; the text lists the rest.
PASSES = {
    "intuitive": {"pooling on silence; after silence: attack": ["c_strong >= b_strong", "c_weak <= b_weak"]},
    "d1": {"pooling on silence; after silence: attack": ["c_strong >= b_strong"]},
}


def equal_regions(one: Sequence[Sequence[Condition]], other: Sequence[Sequence[Condition]]) -> bool:
    """Whether two unions of conjunctions hold at the same admissible points."""
    space = list(SPENCE.space.conditions)
    for inner, outer in ((one, other), (other, one)):
        outside = [[n for c in part for n in c.negated()] for part in outer]
        if any(decide([[c] for c in (*space, *part)] + outside).status != "unsat" for part in inner):
            return False
    return True


@pytest.mark.parametrize("refinement", ["intuitive", "d1"])
def test_published_regions(refinement: str) -> None:
    plain = [family for family in dt.atlas(SPENCE) if family.generic]
    kept = {family.label: family for family in dt.atlas(SPENCE, refine=refinement) if family.generic}
    assert len(plain) == 6
    assert set(kept) == {family.label for family in plain}
    for family in plain:
        added = [SPENCE.space.ring.parse_condition(text) for text in PASSES[refinement].get(family.label, ["p > 0"])]
        expected = [(*part, *more) for part in family.region for more in added]
        assert equal_regions(kept[family.label].region, expected), family.label


def test_regions_are_written_shortly() -> None:
    attacked = "pooling on silence; after silence: attack"
    (part,) = dt.atlas(SPENCE, refine="d1")[attacked].region
    assert [str(c) for c in part] == ["g - p*g - p*l >= 0", "c_strong - b_strong >= 0"]
    assert len(dt.atlas(SPENCE, refine="intuitive")[attacked].region) == 2


def test_an_indifferent_type_is_not_excluded() -> None:
    # c_strong = b_strong: unattacked after the signal the strong type gets what it has, no more; nobody gains from it.
    for refinement in ("intuitive", "d1"):
        assert SILENT_ATTACK in seen(dt.solve(SPENCE, point=at("12", "24", "1/5"), refine=refinement))
    # c_weak = b_weak: the weak type would not lose by the signal if unattacked, so that the intuitive criterion cannot
    # exclude it; D1 does, for the strong type gains at every reply at which the weak one breaks even.
    assert SILENT_ATTACK in seen(dt.solve(SPENCE, point=at("3", "20", "1/5"), refine="intuitive"))
    assert SILENT_ATTACK not in seen(dt.solve(SPENCE, point=at("3", "20", "1/5"), refine="d1"))


@pytest.mark.parametrize("refinement", ["intuitive", "d1"])
def test_of_many_outcomes_those_that_pass_are_kept(refinement: str) -> None:
    # p = p*: all are silent and attacked with any probability x. By signalling, unattacked, the strong type gains
    # 12x - 3 and the weak one 20x - 24 < 0: where x > 1/4 the signal is the strong type's, and is not attacked.
    point = at("3", "24", "2/5")
    (every,) = [e for e in dt.solve(SPENCE, point=point) if e.events["signal"] == 0]
    (kept,) = [e for e in dt.solve(SPENCE, point=point, refine=refinement) if e.events["signal"] == 0]
    assert kept.strategy["after silence"]["attack"] <= Fraction(1, 4)
    (name,) = [n for n, text in kept.free.quantities.items() if text == "attack at after silence"]
    bounds = {c for piece in kept.free.pieces for c in piece if c.split()[0] == name and c.split()[1] in ("<=", "==")}
    assert bounds
    assert all(Fraction(c.split()[2]) <= Fraction(1, 4) for c in bounds)
    assert every.free.pieces != kept.free.pieces


def test_beer_and_quiche() -> None:
    # Cho and Kreps (1987): only the strong type can gain by beer, and is then left alone.
    assert {e.label for e in dt.solve(BEER_QUICHE)} == {"pooling on beer", "pooling on quiche"}
    for refinement in ("intuitive", "d1"):
        found = dt.solve(BEER_QUICHE, refine=refinement)
        assert [e.label for e in found] == ["pooling on beer"]
        assert found.complete
        assert found.refinement == refinement


def test_a_signal_that_only_a_mixture_deters() -> None:
    # Left pays type 1 -2 and type 2 1, right the reverse; only a mixture keeps both at home, and it is a best reply.
    assert [e.label for e in dt.solve(MIXED_THREAT, refine="d1")] == ["pooling on stay"]


# The definitions, as they stand, put to z3 for one entry.


def value(game: Game, strategy: Mapping[str, Mapping[str, Any]], history: tuple[str, ...], player: str) -> Fraction:
    """The expected payoff from a history on."""
    if history in game.payoffs:
        return game.payoffs[history][player].as_fraction()
    infoset = game.infoset_at.get(history)
    row = game.chance[history].probabilities if infoset is None else strategy[infoset.name]
    total = Fraction(0)
    for label, p in row.items():
        weight = p.as_fraction() if infoset is None else Fraction(p)
        total += weight * value(game, strategy, (*history, label), player)
    return total


def unsent(game: Game, entry: Equilibrium) -> Iterator[tuple[list[list[Fraction]], list[list[Fraction]]]]:
    """For every signal with a reply that no type sends, gains and receiver's payoffs by type and reply."""
    draws = [(label,) for label in game.children[()]]
    sender = game.infoset_at[draws[0]].player
    for signal in game.children[draws[0]]:
        if any(entry.strategy[game.infoset_at[d].name][signal] for d in draws):
            continue
        sets = [next((i for i in game.infosets if any(h[:2] == (*d, signal) and i.player != sender
                                                      for h in i.histories)), None) for d in draws]
        reply = sets[0]
        if reply is None:
            continue
        heard = [next(h for h in reply.histories if h[:2] == (*d, signal)) for d in draws]
        gains, worth = [], []
        for d, h in zip(draws, heard, strict=True):
            has = value(game, entry.strategy, d, sender)
            fixed = [{**entry.strategy, reply.name: {b: int(a == b) for b in reply.actions}} for a in reply.actions]
            gains.append([value(game, table, (*d, signal), sender) - has for table in fixed])
            worth.append([value(game, table, h, reply.player) for table in fixed])
        yield gains, worth


def is_solvable(*claims: Any) -> bool:
    import z3

    solver = z3.Solver()
    solver.add(*claims)
    answer = solver.check()
    assert answer != z3.unknown
    return bool(answer == z3.sat)


def mixed_best_reply(worth: Sequence[Sequence[Fraction]], types: Sequence[int], rho: Sequence[Any]) -> list[Any]:
    """That rho is a mixture of replies which are all best against one belief on the types."""
    import z3

    mu = [z3.Real(f"mu{t}") for t in types]
    pays = [sum(m * rational(worth[t][r]) for m, t in zip(mu, types, strict=True)) for r in range(len(rho))]
    best = [z3.And(*(pays[r] >= other for other in pays)) for r in range(len(rho))]
    return [
        sum(mu) == 1, *(m >= 0 for m in mu), sum(rho) == 1, *(x >= 0 for x in rho),
        *(z3.Or(x == 0, b) for x, b in zip(rho, best, strict=True)),
    ]


def rational(number: Fraction) -> Any:
    import z3

    return z3.Q(number.numerator, number.denominator)


def gain_from(row: Sequence[Fraction], rho: Sequence[Any]) -> Any:
    return sum(x * rational(g) for x, g in zip(rho, row, strict=True))


def passes_intuitive(gains: list[list[Fraction]], worth: list[list[Fraction]]) -> bool:
    import z3

    types = range(len(gains))
    rho = [z3.Real(f"rho{r}") for r in range(len(gains[0]))]
    every = mixed_best_reply(worth, types, rho)
    left = [t for t in types if is_solvable(*every, gain_from(gains[t], rho) >= 0)]
    if not left:
        return True
    replies = mixed_best_reply(worth, left, rho)
    return all(is_solvable(*replies, gain_from(gains[t], rho) <= 0) for t in left)


def passes_d1(gains: list[list[Fraction]], worth: list[list[Fraction]]) -> bool:
    import z3

    types = range(len(gains))
    rho = [z3.Real(f"rho{r}") for r in range(len(gains[0]))]
    replies = mixed_best_reply(worth, types, rho)

    def is_deleted(t: int) -> bool:
        content = gain_from(gains[t], rho) >= 0
        return any(not is_solvable(*replies, content, gain_from(gains[u], rho) <= 0) for u in types if u != t)

    left = [t for t in types if not is_deleted(t)] or list(types)
    return is_solvable(*mixed_best_reply(worth, left, rho), *(gain_from(row, rho) <= 0 for row in gains))


def compare_with_definitions(game: Game) -> tuple[int, int]:
    """How many entries with one outcome each refinement rejects, after checking that the definitions agree."""
    rejected = []
    fixed = [e for e in dt.solve(game) if not _may_vary(game, e)]
    for refinement, test in (("intuitive", passes_intuitive), ("d1", passes_d1)):
        kept = [dict(e.outcomes) for e in dt.solve(game, refine=refinement)]
        for entry in fixed:
            expected = all(test(gains, worth) for gains, worth in unsent(game, entry))
            assert (dict(entry.outcomes) in kept) == expected, (refinement, entry)
        rejected.append(sum(dict(e.outcomes) not in kept for e in fixed))
    return rejected[0], rejected[1]


def _may_vary(game: Game, entry: Equilibrium) -> bool:
    """Whether the probability of an action is free at an information set that some outcome passes."""
    names = {text.split(" at ", 1)[1] for text in entry.free.quantities.values() if not text.startswith("belief")}
    histories = [tuple(key.split(", ")) for key in entry.outcomes]
    return any(
        h[:n] in game.infoset_at and game.infoset_at[h[:n]].name in names for h in histories for n in range(len(h))
    )


@pytest.mark.parametrize(
    ("shape", "seeds"),
    [((2, 2, 2), range(15)), ((3, 2, 2), range(8)), ((2, 3, 2), range(4)), ((2, 2, 3), range(8)), ((3, 2, 3), (4, 13))],
)
def test_random_games_against_the_definitions(shape: tuple[int, int, int], seeds: Sequence[int]) -> None:
    games = [random_signalling(Random(seed), *shape, size) for seed in seeds for size in (2, 9)]
    counts = [compare_with_definitions(game) for game in games]
    intuitive, d1 = (sum(column) for column in zip(*counts, strict=True))
    assert 0 < intuitive <= d1


def test_the_built_in_model_against_the_definitions() -> None:
    scenario = dt.load(SCENARIO)
    here = scenario.game.at(scenario.point)
    assert compare_with_definitions(here) == (0, 1)
    assert dt.solve(scenario, refine="d1").complete


def with_parameter(seed: int, types: int, signals: int, replies: int) -> Game:
    """A random game in which the receiver's first payoff and the sender's last are x and y."""
    plain = random_signalling(Random(seed), types, signals, replies, 4)
    space = ParameterSpace((Parameter("x", ""), Parameter("y", "")))
    terminals = list(plain.terminals)
    rules = []
    for z in terminals:
        amounts = {p: str(plain.payoffs[z][p]) for p in plain.players}
        if z == terminals[0]:
            amounts["Receiver"] = "x"
        if z == terminals[-1]:
            amounts["Sender"] = "y"
        rules.append(PayoffRule(after=(", ".join(z),), amounts=amounts))
    moves = [chance(**{h: str(p) for h, p in plain.chance[()].probabilities.items()})]
    for infoset in plain.infosets:
        where = "|".join(", ".join(h) for h in infoset.histories)
        moves.append(choice(infoset.player, infoset.name, where, " ".join(infoset.actions)))
    return build_game("with parameters", plain.players, space, moves, rules)


# Games of which D1 cuts some family's region or drops some family, and two that it leaves alone.
CUT = [((2, 2, 2), (3, 8, 10, 11)), ((3, 2, 2), (1,)), ((2, 2, 3), (5, 8))]
WHOLE = [((2, 2, 2), (7,)), ((3, 2, 2), (3,))]


@pytest.mark.parametrize(
    ("shape", "seed", "cut"),
    [(shape, seed, games is CUT) for games in (CUT, WHOLE) for shape, seeds in games for seed in seeds],
)
def test_atlas_agrees_with_points(shape: tuple[int, int, int], seed: int, cut: bool) -> None:
    game = with_parameter(seed, *shape)
    rng = Random(seed)
    points = [{name: Fraction(rng.randint(-60, 60), n) for name in ("x", "y")} for n in (1, 13) for _ in range(3)]
    assert ([f.region for f in dt.atlas(game)] != [f.region for f in dt.atlas(game, refine="d1")]) is cut
    for refinement in ("intuitive", "d1"):
        found = dt.atlas(game, refine=refinement)
        assert found.complete
        for point in points:
            expected = dt.solve(game, point=point, refine=refinement)
            holding = [family for family in found if family.holds(point)]
            for entry in expected:
                assert any(_gives(family, point, entry) for family in holding), (point, entry)
            if not any(_may_vary(game.at(point), entry) for entry in dt.solve(game, point=point)):
                for family in holding:
                    assert any(_gives(family, point, entry) for entry in expected), (point, family)


def _gives(family: dt.EquilibriumFamily, point: Mapping[str, Fraction], entry: Equilibrium) -> bool:
    """Whether a family gives the payoffs of an entry, or payoffs that vary."""
    if any(set(value.free) - set(point) for value in family.payoffs.values()):
        return True
    return all(family.payoffs[player].evaluate(point) == entry.payoffs[player] for player in entry.payoffs)


# The sender may stay out for 0. Fought, it may burn everything at no cost to itself and 3 to the fighter, to whom the
# fight is worth 1. Entry unopposed is worth 2.
SCORCHED = make(
    "Scorched earth", ["Sender", "Receiver"],
    [chance(good="1/2", bad="1/2"),
     choice("Sender", "good", "good", "out in"), choice("Sender", "bad", "bad", "out in"),
     choice("Receiver", "reply", "*, in", "fight yield"),
     choice("Sender", "good fought", "good, in, fight", "burn leave"),
     choice("Sender", "bad fought", "bad, in, fight", "burn leave")],
    [("yield", {"Sender": "2"}), ("fight", {"Sender": "-1", "Receiver": "1"}), ("burn", {"Receiver": "-3"})],
)


@pytest.mark.parametrize("refinement", ["intuitive", "d1"])
def test_members_keep_their_play_at_tied_last_moves(refinement: str) -> None:
    # Where neither type would burn, fighting is the only best reply, to enter pays no type, and all beliefs are left.
    found = dt.solve(SCORCHED, refine=refinement)
    # Staying out is joined to entering by mixtures: the entry shows one member, and its pieces hold the others.
    (entry,) = found
    names = {meaning: name for name, meaning in entry.free.quantities.items()}
    both = {f"{names['out at good']} == 1", f"{names['out at bad']} == 1"}
    assert any(both <= set(piece) for piece in entry.free.pieces)


@pytest.mark.parametrize("refinement", ["intuitive", "d1"])
def test_atlas_of_the_built_in_model(refinement: str) -> None:
    # Retaliation pays the resolved type alone, and punishment deters if it is sure: no last move is tied.
    scenario = dt.load(SCENARIO)
    names = {"resolve", "audience_cost", "retaliation_cost_irresolute"}
    texts = [f"{n} == {v}" for n, v in scenario.point.items() if n not in names]
    game = MODEL.build({"signals": ["silence", "statement"]})
    assume = [c for text in (*texts, "retaliation_cost_irresolute > 0") for c in game.space.ring.parse_condition(text)]
    narrow = replace(game, space=game.space.with_conditions(assume))
    plain, kept = dt.atlas(narrow), dt.atlas(narrow, refine=refinement)
    assert not [note for note in kept.notes if "judged" in note]
    assert {f.label for f in kept} <= {f.label for f in plain}


@pytest.mark.parametrize(
    ("game", "words"),
    [
        (ENTRY, "chance draws no types"), (HORSE, "chance draws no types"),
        (TWO_SIDED, "does not know all of the draw"), (UNINFORMED_FIRST, "does not know all of the draw"),
        (HALF_SEEN, "more or less than that signal"), (ASK_BACK, "signs do not decide the move at 'honest asked'"),
    ],
)
def test_other_games_are_refused(game: Game, words: str) -> None:
    with pytest.raises(NotSupportedError, match="signalling games, in which .* here .*" + words):
        dt.solve(game, refine="intuitive")
    with pytest.raises(NotSupportedError, match=words):
        dt.atlas(game, refine="d1")


@pytest.mark.parametrize(("game", "refinement"), [(HORSE, "d1"), (HALF_SEEN, "intuitive"), (BEER_QUICHE, "d2")])
def test_what_is_refused_is_refused_before_the_search(
    game: Game, refinement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def searched(*_: object) -> Iterator[Any]:
        raise AssertionError("searched first")

    monkeypatch.setattr(points, "endings", searched)
    monkeypatch.setattr(symbolic, "searches_of", searched)
    for question in (dt.solve, dt.atlas):
        with pytest.raises(NotSupportedError):
            question(game, refine=refinement)


def test_an_unknown_refinement_is_refused() -> None:
    with pytest.raises(NotSupportedError, match="no refinement 'd2'; there are intuitive and d1"):
        dt.solve(BEER_QUICHE, refine="d2")
    with pytest.raises(NotSupportedError, match="no refinement 'd2'"):
        dt.atlas(BEER_QUICHE, refine="d2")
