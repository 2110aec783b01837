"""Nash equilibria of small games derived by hand, and of random ones against pygambit and against the definition."""

from __future__ import annotations

import io
import random
from collections.abc import Mapping
from fractions import Fraction
from itertools import product

import pytest

from deterrence.certify import certify
from deterrence.equilibrium import Equilibrium
from deterrence.errors import LimitError, NotSupportedError
from deterrence.expressions import Condition, Ring
from deterrence.game import Game, Move
from deterrence.solvers.nash import nash
from deterrence.solvers.sequences import Component, SequenceForm, components
from deterrence.solvers.vertices import extreme_rays, hull, solve_linear
from tests import games
from tests.games import chance, choice, make


def bimatrix(rows: str, columns: str, table: Mapping[str, tuple[str, str]]) -> Game:
    """A game of simultaneous moves: payoffs by ``"ROW COLUMN"``."""
    amounts = [(", ".join(key.split()), {"Row": a, "Column": b}) for key, (a, b) in table.items()]
    moves = [choice("Row", "row", None, rows), choice("Column", "column", " | ".join(rows.split()), columns)]
    return make("A bimatrix game", ["Row", "Column"], moves, amounts)


def complete(game: Game) -> list[Equilibrium]:
    entries, is_complete, notes = nash(game)
    assert is_complete
    assert "no other Nash equilibrium exists" in notes[-1]
    assert [entry.id for entry in entries] == [f"N{n + 1}" for n in range(len(entries))]
    for entry in entries:
        assert entry.certificate.concept == "nash"
        assert entry.certificate.holds
        assert entry.certificate.nash_regret == 0
    return entries


def shown(entry: Equilibrium, name: str) -> dict[str, str]:
    return {action: str(value) for action, value in entry.strategy[name].items()}


def test_entry_deterrence_rests_on_an_empty_threat() -> None:
    # In pays the entrant 1 - 2x if fought with x: out is best for x >= 1/2. Fighting after in costs the incumbent 2.
    subgame_perfect, threat = complete(games.ENTRY)
    assert shown(subgame_perfect, "entry") == {"out": "0", "in": "1"}
    assert shown(subgame_perfect, "reply") == {"fight": "0", "accommodate": "1"}
    assert subgame_perfect.certificate.fails_at == ()
    assert subgame_perfect.free.pieces == ()
    assert {key: str(value) for key, value in threat.outcomes.items()} == {"out": "1"}
    assert threat.label == "entry: out"
    assert threat.certificate.fails_at == ("reply",)
    assert threat.certificate.sequential_regret is not None
    assert threat.certificate.sequential_regret > 0
    assert threat.free.to_dict() == {"quantities": {"x": "fight at reply"}, "pieces": [["1/2 <= x", "x <= 1"]]}


def test_a_dominated_retaliation_is_a_threat_too() -> None:
    # Iran attacks or holds; the US, resolved or not, retaliates or not, which costs it 1 and Iran 3; an attack pays
    # Iran 1 and costs the US 1. Sequentially nobody retaliates and Iran attacks. As Nash, Iran holds where the chances
    # x, y of retaliation by the two types, 1/2 each, have 1 - 3 (x + y)/2 <= 0.
    game = make(
        "Retaliation that is never worth it", ["US", "Iran"],
        [chance(resolved="1/2", irresolute="1/2"), choice("Iran", "Iran", "resolved | irresolute", "attack hold"),
         choice("US", "resolved US", "resolved, attack", "retaliate restrain"),
         choice("US", "irresolute US", "irresolute, attack", "retaliate restrain")],
        [("attack", {"US": "-1", "Iran": "1"}), ("retaliate", {"US": "-1", "Iran": "-3"})],
    )
    attacked, held = sorted(complete(game), key=lambda entry: entry.events["hold"])
    assert attacked.events["attack"] == 1
    assert attacked.certificate.fails_at == ()
    assert held.events["hold"] == 1
    assert set(held.certificate.fails_at) & {"resolved US", "irresolute US"}
    assert held.free.quantities == {"x": "retaliate at resolved US", "y": "retaliate at irresolute US"}
    assert set(held.free.pieces[0]) == {"0 <= x", "x <= 1", "0 <= y", "y <= 1", "3*x + 3*y - 2 >= 0"}


def test_matching_pennies_has_one_mixed_equilibrium() -> None:
    game = bimatrix("h t", "H T", {"h H": ("1", "-1"), "h T": ("-1", "1"), "t H": ("-1", "1"), "t T": ("1", "-1")})
    (entry,) = complete(game)
    assert shown(entry, "row") == {"h": "1/2", "t": "1/2"}
    assert shown(entry, "column") == {"H": "1/2", "T": "1/2"}
    assert {player: str(value) for player, value in entry.payoffs.items()} == {"Row": "0", "Column": "0"}
    # The second mover's set is one of two histories: beliefs by Bayes' rule.
    assert {key: str(value) for key, value in entry.beliefs["column"].items()} == {"h": "1/2", "t": "1/2"}
    assert entry.free.pieces == ()


def test_battle_of_the_sexes_has_three() -> None:
    # (2, 1) and (1, 2): the mixed one makes the other indifferent, 1/3 on the own less liked.
    game = bimatrix("b s", "B S", {"b B": ("2", "1"), "s S": ("1", "2")})
    found = {(str(e.strategy["row"]["b"]), str(e.strategy["column"]["B"])) for e in complete(game)}
    assert found == {("1", "1"), ("0", "0"), ("2/3", "1/3")}


def test_a_continuum_with_two_maximal_subsets() -> None:
    # Row gets 1 for u against L and 1 for d against L, else 0; Column is always paid 0: every column is a best reply.
    # Row is indifferent everywhere, so everything is an equilibrium: one connected set, the whole square.
    game = bimatrix("u d", "L R", {"u L": ("1", "0"), "d L": ("1", "0")})
    (entry,) = complete(game)
    assert entry.free.pieces == (("0 <= x", "x <= 1", "0 <= y", "y <= 1"),)
    # Now d against R pays Row 1 more: u is best only where R is never played, d always.
    game = bimatrix("u d", "L R", {"u L": ("1", "0"), "d L": ("1", "0"), "d R": ("1", "0")})
    (entry,) = complete(game)
    assert entry.free.quantities == {"x": "u at row", "y": "L at column"}
    assert set(entry.free.pieces) == {("0 <= x", "x <= 1", "y == 1"), ("x == 0", "0 <= y", "y <= 1")}


def test_what_a_player_excludes_itself_is_free() -> None:
    # One stops and gets 2, or goes on; then Two ends it (1 each), or goes on; then One takes 0 or 1.
    # Stopping is dominant. Two and the later One are free, but going on at the second set is best, and shown.
    game = make(
        "Stop", ["One", "Two"],
        [choice("One", "first", None, "stop go"), choice("Two", "second", "go", "end on"),
         choice("One", "third", "go, on", "low high")],
        [("stop", {"One": "2"}), ("end", {"One": "1", "Two": "1"}), ("high", {"One": "1", "Two": "3"})],
    )
    (entry,) = complete(game)
    assert entry.outcomes == {"stop": 1}
    assert shown(entry, "third") == {"low": "0", "high": "1"}
    assert shown(entry, "second") == {"end": "0", "on": "1"}
    assert entry.certificate.fails_at == ()
    assert entry.free.quantities == {"x": "low at third", "y": "end at second"}
    assert entry.free.pieces == (("0 <= x", "x <= 1", "0 <= y", "y <= 1"),)


def test_the_distribution_may_vary_in_a_connected_set() -> None:
    # The receiver is paid nothing and the sender wants "yes" whatever it says: it says anything, the answers are equal.
    game = make(
        "Cheap talk", ["Sender", "Receiver"],
        [choice("Sender", "word", None, "a b"), choice("Receiver", "after a", "a", "yes no"),
         choice("Receiver", "after b", "b", "yes no")],
        [("yes", {"Sender": "1"})],
    )
    (entry,) = complete(game)
    # x says a, y and z answer yes: a and y >= z, or b and y <= z, or y == z.
    points = [dict(zip("xyz", map(Fraction, p), strict=True)) for p in product(("0", "1/2", "1"), repeat=3)]
    for point in points:
        x, y, z = point.values()
        expected = y == z or (x == 1 and y >= z) or (x == 0 and y <= z)
        assert within(entry, point) == expected, point


def within(entry: Equilibrium, point: Mapping[str, Fraction]) -> bool:
    ring = Ring(list(entry.free.quantities))
    pieces = [[c for text in piece for c in ring.parse_condition(text)] for piece in entry.free.pieces]
    return any(all(condition.holds(point) for condition in piece) for piece in pieces)


def test_restraint_and_the_mixed_threat() -> None:
    # The worked game: pooling on hold whatever follows strike; pooling on strike with attack after hold: the resolved
    # type loses 1/2 y >= 1/5 by holding, so y >= 2/5.
    hold, strike = complete(games.RESTRAINT)
    assert (hold.label, strike.label) == ("pooling on hold", "pooling on strike")
    assert strike.free.pieces == (("2/5 <= x", "x <= 1"),)
    (stay,) = complete(games.MIXED_THREAT)
    assert stay.free.pieces == (("1/3 <= x", "x <= 2/3"),)
    # At 1/2, 1/2 both replies are best: beliefs off the path support it, and the certificate says so.
    assert stay.certificate.fails_at == ()
    assert {str(value) for value in stay.beliefs["after act"].values()} == {"1/2"}


def test_a_reply_that_no_belief_supports_is_named() -> None:
    # Staying pays 1, nothing else pays the sender: every reply is Nash. The member shown is a best reply to a belief.
    (entry,) = complete(games.DOMINATED_BY_MIXTURE)
    assert entry.certificate.fails_at == ()
    assert len(entry.free.quantities) == 2


def test_one_player_and_players_without_a_choice() -> None:
    alone = make("Alone", ["One"], [choice("One", "one", None, "a b")], [("a", {"One": "1"})])
    (entry,) = complete(alone)
    assert shown(entry, "one") == {"a": "1", "b": "0"}
    third = make(
        "The third only watches", ["One", "Two", "Three"],
        [choice("One", "one", None, "a b"), choice("Two", "two", "a", "c d"), choice("Three", "three", "b", "e")],
        [("c", {"One": "1", "Two": "1", "Three": "5"}), ("b", {"One": "1/2"})],
    )
    # a then c; or b, with c played at most half the time.
    first, second = sorted(complete(third), key=lambda entry: entry.events["b"])
    assert first.outcomes == {"a, c": 1}
    assert second.outcomes == {"b, e": 1}
    assert second.free.pieces == (("0 <= x", "x <= 1/2"),)
    assert shown(second, "three") == {"e": "1"}
    forced = make("Nobody chooses", ["One", "Two"], [chance(h="1/2", t="1/2"), choice("One", "one", "h | t", "a")],
                  [("h", {"One": "1", "Two": "1"})])
    (entry,) = complete(forced)
    assert entry.payoffs == {"One": Fraction(1, 2), "Two": Fraction(1, 2)}


def test_three_players_with_a_choice_are_refused() -> None:
    with pytest.raises(NotSupportedError, match="pbe"):
        nash(games.HORSE)


def test_beyond_the_limit_the_claim_is_dropped() -> None:
    entries, is_complete, notes = nash(games.ENTRY, limit=0)
    assert not is_complete
    assert entries
    assert all(entry.certificate.holds for entry in entries)
    assert "others may exist" in " ".join(notes)
    assert "nashpy" in notes[0]


def test_past_vertex_enumeration_lemke_howson_still_finds_exact_ones() -> None:
    rng = random.Random(3)
    game = signalling(rng, 3, 2, 3)
    entries, is_complete, notes = nash(game, limit=0)
    assert not is_complete
    assert "Lemke-Howson" in notes[0]
    assert all(entry.certificate.holds for entry in entries)


def test_a_game_beyond_every_limit() -> None:
    labels = " ".join(f"a{n}" for n in range(10))
    moves: list[Move] = [chance(**{f"t{n}": "1/4" for n in range(4)})]
    moves += [choice("One", f"one {n}", f"t{n}", labels) for n in range(4)]
    moves += [choice("Two", f"two {n}", f"*, a{n}", "yes no") for n in range(10)]
    amounts = [
        (f"t{n}, a{k}, yes", {"One": str(k - n), "Two": str((n * k) % 7 - 3)}) for n in range(4) for k in range(10)
    ]
    with pytest.raises(LimitError, match="pbe"):
        nash(make("Large", ["One", "Two"], moves, amounts), limit=10)


def signalling(rng: random.Random, types: int, signals: int, replies: int) -> Game:
    """A random signalling game with small whole payoffs, so that ties occur."""
    t, s, r = ([f"{letter}{n}" for n in range(size)] for letter, size in (("t", types), ("s", signals), ("r", replies)))
    weights = [rng.randint(1, 4) for _ in t]
    moves = [chance(**{name: str(Fraction(w, sum(weights))) for name, w in zip(t, weights, strict=True)})]
    moves += [choice("A", f"A {name}", name, " ".join(s)) for name in t]
    moves += [choice("B", f"B {name}", f"*, {name}", " ".join(r)) for name in s]
    amounts = [
        (", ".join(path), {"A": str(rng.randint(-2, 2)), "B": str(rng.randint(-2, 2))}) for path in product(t, s, r)
    ]
    return make("A random signalling game", ["A", "B"], moves, amounts)


def covered(component: Component, pair: tuple[tuple[Fraction, ...], tuple[Fraction, ...]]) -> bool:
    """Whether two plans lie in a maximal subset of a connected set."""
    return any(all(inside(plan, members) for plan, members in zip(pair, subset, strict=True))
               for subset in component.subsets)


def inside(plan: tuple[Fraction, ...], members: tuple[tuple[Fraction, ...], ...]) -> bool:
    found = hull(members)
    full = (Fraction(1), *plan)
    values = [[sum(a * b for a, b in zip(row, full, strict=True)) for row in rows]
              for rows in (found.equations, found.inequalities)]
    return all(value == 0 for value in values[0]) and all(value >= 0 for value in values[1])


@pytest.mark.parametrize("seed", range(12))
def test_every_extreme_equilibrium_of_gambit_is_covered(seed: int) -> None:
    gambit = pytest.importorskip("pygambit")
    rng = random.Random(seed)
    game = signalling(rng, 2, 2, rng.choice([2, 3]))
    form = SequenceForm(game, ("A", "B"))
    left, right = (side.pure(100) for side in form.sides)
    assert left is not None
    assert right is not None
    tables = [
        [[sum((a for (s, t), a in payoffs.items() if u[s] and v[t]), Fraction(0)) for v in right] for u in left]
        for payoffs in form.payoffs
    ]
    # Gambit's own text, since its interface changes between versions; the first player's strategies vary fastest.
    cells = " ".join(f"{table[i][j]}" for j in range(len(right)) for i in range(len(left)) for table in tables)
    text = f'NFG 1 R "random" {{ "A" "B" }} {{ {len(left)} {len(right)} }}\n\n{cells}\n'
    solved = gambit.nash.enummixed_solve(gambit.read_nfg(io.BytesIO(text.encode())), rational=True).equilibria
    found = components(form)
    assert solved
    for profile in solved:
        pair = []
        for mixed, pure in zip(profile, (left, right), strict=True):
            given = [mixed[str(n + 1)] for n in range(len(pure))]
            weights = [Fraction(int(w.numerator), int(w.denominator)) for w in given]
            pair.append(tuple(
                sum((w * plan[n] for w, plan in zip(weights, pure, strict=True)), Fraction(0))
                for n in range(len(pure[0]))
            ))
        assert sum(covered(component, (pair[0], pair[1])) for component in found) == 1


@pytest.mark.parametrize("seed", range(6))
def test_free_is_exactly_the_set(seed: int) -> None:
    # On a grid of all behaviour strategies: a profile is Nash by the certificate exactly where an entry has it.
    rng = random.Random(100 + seed)
    game = signalling(rng, 2, 2, 2)
    entries = complete(game)
    grid = [Fraction(n, 4) for n in range(5)]
    names = [infoset.name for infoset in game.infosets]
    for values in product(grid, repeat=len(names)):
        strategy = {
            infoset.name: dict(zip(infoset.actions, (p, 1 - p), strict=True))
            for infoset, p in zip(game.infosets, values, strict=True)
        }
        holds = certify(game, strategy, {}, "nash").holds
        assert sum(has(entry, strategy) for entry in entries) == holds, strategy


def has(entry: Equilibrium, strategy: Mapping[str, Mapping[str, Fraction]]) -> bool:
    """Whether a profile is in the set of an entry: its free quantities in a piece, all else as in the member shown."""
    point = {}
    free = set()
    for name, text in entry.free.quantities.items():
        action, _, infoset = text.partition(" at ")
        point[name] = strategy[infoset][action]
        free.add(infoset)
    fixed = all(strategy[name] == entry.strategy[name] for name in strategy if name not in free)
    return fixed and (not free or within(entry, point))


def test_vertices_of_a_pyramid_and_its_hull() -> None:
    # The apex of a pyramid over a square meets four facets in three dimensions: a degenerate vertex.
    points = [(x, y, 0) for x in (0, 1) for y in (0, 1)] + [(Fraction(1, 2), Fraction(1, 2), 1)]
    found = hull([tuple(map(Fraction, point)) for point in points])
    assert found.equations == ()
    assert len(found.inequalities) == 5
    rows = [[int(2 * v) for v in row] for row in found.inequalities]
    back = {tuple(Fraction(v, ray[0]) for v in ray[1:]) for ray, _ in extreme_rays(rows, 4)}
    assert back == {tuple(map(Fraction, point)) for point in points}


def test_a_cone_with_a_line_is_refused() -> None:
    with pytest.raises(ValueError, match="line"):
        extreme_rays([[1, 0]], 2)


def test_linear_systems() -> None:
    one, two, none = Fraction(1), Fraction(2), Fraction(0)
    assert solve_linear([[one, one], [one, -one]], [two, none]) == [one, one]
    assert solve_linear([[one, one]], [two]) is None
    assert solve_linear([[one], [one]], [one, two]) is None


def test_conditions_are_read_back() -> None:
    ring = Ring(["x"])
    assert ring.parse_condition("1/2 <= x") == (Condition.compare(ring.symbol("x"), ">=", ring.number("1/2")),)
