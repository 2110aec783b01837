"""Connected parts of sets of polynomial conditions, limits of their points, and the entries that follow from them.

The derivations stand beside the sets. UNIT is the square 0 <= x, y <= 1.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

import deterrence as dt
from deterrence.expressions import Condition, Ring
from deterrence.game import Game
from deterrence.smt import approached, decide
from deterrence.solvers import connected, points
from deterrence.solvers.algebra import Algebra
from deterrence.solvers.connected import limit, parts_of
from tests.games import choice, make
from tests.pieces import holds

RING = Ring(["x", "y", "z", "w"])
ALGEBRA = Algebra(RING, 0, ())
UNIT = ("0 <= x <= 1", "0 <= y <= 1")
CUBE = (*UNIT, "0 <= z <= 1")


def conditions(*texts: str) -> list[Condition]:
    return [c for text in texts for c in RING.parse_condition(text)]


def components(*texts: str) -> int:
    """How many connected sets the parts of one set make up; every part has to be decided."""
    whole = conditions(*texts)
    leaves = list(parts_of(ALGEBRA, whole).leaves())
    assert all(part.decided for part, _ in leaves)
    sets = [[*whole, *above] for _, above in leaves]
    label = list(range(len(sets)))
    for n in range(len(sets)):
        for m in range(n):
            answers = [limit(ALGEBRA, sets[a], {}, sets[b]) for a, b in ((n, m), (m, n))]
            assert None not in answers
            if any(answers):
                label = [label[m] if k == label[n] else k for k in label]
    return len(set(label))


@pytest.mark.parametrize(
    ("texts", "count"),
    [
        # x + y - 2xy <= 1/4 is 0 at (0, 0) and (1, 1), 1/2 wherever x = 1/2: two parts.
        ((*UNIT, "x*(1 - y) + y*(1 - x) <= 1/4"), 2),
        # At most 1/2: on x = 1/2 it is 1/2 for every y, which joins them.
        ((*UNIT, "x*(1 - y) + y*(1 - x) <= 1/2"), 1),
        # Less than 1/2: (1 - 2x)(1 - 2y) > 0, two open quarters whose common corner is left out.
        ((*UNIT, "x*(1 - y) + y*(1 - x) < 1/2"), 2),
        # Below a hyperbola: with (x, y) it has all of (tx, ty).
        ((*UNIT, "x*y <= 1/4"), 1),
        # Above it: y >= 1/(4x) for 1/4 <= x <= 1.
        ((*UNIT, "x*y >= 1/4"), 1),
        # The product of two affine functions is positive on two triangles, which share (1/2, 1/2) with their edges and
        # nothing without them.
        ((*UNIT, "(x - y)*(x + y - 1) >= 0"), 1),
        ((*UNIT, "(x - y)*(x + y - 1) > 0"), 2),
        # Nothing is left of a line but its two sides.
        ((*UNIT, "x != y"), 2),
        # x**2*(x - 1) >= 0 is {0} and x >= 1.
        (("x**2*(x - 1) >= 0",), 2),
        (("x**2*(x - 1) > 0",), 1),
        # x(x - 1)(x - 2) >= 0 on 0 <= x <= 3: [0, 1] and [2, 3].
        (("0 <= x <= 3", "x*(x - 1)*(x - 2) >= 0"), 2),
        # x**3 - 3x + 1 has the roots 2cos(2 pi/9), 2cos(4 pi/9), 2cos(8 pi/9), none of them rational: about -1.88, 0.35
        # and 1.53. At least 0 between the first two and above the third.
        (("-3 <= x <= 3", "x**3 - 3*x + 1 >= 0"), 2),
        (("-1 <= x <= 1", "x**3 - 3*x + 1 >= 0"), 1),
        # In each of x and z apart two intervals, so four sets, times an interval of y.
        ((*CUBE, "(4*x - 1)*(4*x - 3) >= 0", "(4*z - 1)*(4*z - 3) >= 0"), 4),
        # A disc: no unknown is linear, but it is star-shaped.
        (("x**2 + y**2 <= 1",), 1),
        # xyz >= 1/8: y >= 1/(8xz) over xz >= 1/8, and so on.
        ((*CUBE, "x*y*z >= 1/8"), 1),
        # Three players who want to agree: all below 1/2 or all above; sign patterns of (x - 1/2)(y - 1/2) > 0 and
        # (y - 1/2)(z - 1/2) > 0.
        ((*CUBE, "(2*x - 1)*(2*y - 1) > 0", "(2*y - 1)*(2*z - 1) > 0"), 2),
    ],
)
def test_components_of_a_set(texts: tuple[str, ...], count: int) -> None:
    assert components(*texts) == count


def test_a_convex_set_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connected, "decide", None)
    assert parts_of(ALGEBRA, conditions(*UNIT, "x + y < 1")).count == 1


def test_a_set_that_is_not_decided_says_so() -> None:
    # A ring: connected, but neither unknown is linear and it is not star-shaped.
    [(part, above)] = parts_of(ALGEBRA, conditions("1 <= x**2 + y**2 <= 4")).leaves()
    assert not part.decided
    assert above == ()


def approaches(inside: tuple[str, ...], *target: str) -> bool | None:
    return limit(ALGEBRA, conditions(*inside), {}, conditions(*target))


def test_limits_are_fewer_than_weak_conditions_allow() -> None:
    # x**2*(x - 1) >= 0 holds at 0, where no point with x > 1 is near.
    assert approaches(("x**2*(x - 1) > 0",), "x == 0") is False
    assert approaches(("x**2*(x - 1) > 0",), "x == 1") is True
    # xy > 0 and x >= 0 is x > 0, y > 0: (0, -1) meets the weak conditions.
    assert approaches(("x*y > 0", "x >= 0"), "x == 0", "y < 0") is False
    assert approaches(("x*y > 0", "x >= 0"), "x == 0", "y == 0") is True
    # xy >= z >= x > 0 gives y >= 1 throughout, the weak conditions allow any y where x = z = 0.
    assert approaches(("x*y >= z", "z >= x", "x > 0"), "x == 0", "y < 1") is False
    assert approaches(("x*y >= z", "z >= x", "x > 0"), "x == 0", "y == 1") is True


def test_a_limit_that_no_line_shows() -> None:
    # Between x**2 and 2x**2: every line through the origin leaves the set before it gets there.
    assert approaches(("x**2 < y", "y < 2*x**2"), "x == 0", "y == 0") is True


def test_limits_of_values_with_denominators() -> None:
    # w = y/x on 0 < x, 0 <= y <= x lies between 0 and 1; at x = y = 0 the equation wx = y allows any w.
    x, y = ALGEBRA.gens[:2]
    inside = conditions("x > 0", "0 <= y <= x")
    values = {3: (y, x)}
    assert limit(ALGEBRA, inside, values, conditions("x == 0", "w == 1/2")) is True
    assert limit(ALGEBRA, inside, values, conditions("x == 0", "w == 2")) is False


def test_the_definition_of_a_limit_agrees_with_small_distances() -> None:
    # At the origin of cones, where distance does not matter: a point of a cone is as near as one likes.
    for texts in (("x*y > 0", "x + y > 0"), ("x*y > 0", "x + y < 0", "x > 0"), ("x*x > y*y", "y > x", "x > 0")):
        inside = conditions(*texts)
        near = decide([c] for c in [*inside, *conditions("-1 < x < 1", "-1 < y < 1")]).status
        assert approached(conditions("x == 0", "y == 0"), inside) == near


# Games. A stays out, or plays l or r; B and C, who do not see which, bet on it. They are indifferent where they believe
# l and r equally likely, so any probabilities x of b1 and y of c1 go off the path, as long as A stays out.


def bets(left: str, right: str, paid: str = "1") -> Game:
    return make(
        "Two bets", ["A", "B", "C"],
        [choice("A", "A", None, "out l r"), choice("B", "B", "l | r", "b1 b2"),
         choice("C", "C", "l, * | r, *", "c1 c2")],
        [("l, b1", {"B": "1"}), ("r, b2", {"B": "1"}), ("l, c1", {"C": "1"}), ("r, c2", {"C": "1"}),
         ("b1, c2", {"A": paid}), ("b2, c1", {"A": paid}), ("l", {"A": left}), ("r", {"A": right})],
    )


def staying_out(game: Game) -> list[dt.Equilibrium]:
    solution = dt.solve(game, point={})
    assert solution.complete
    assert solution.notes == ()
    return [entry for entry in solution if entry.outcomes.get("out") == 1]


def agreements(entry: dt.Equilibrium) -> tuple[bool, bool]:
    """Whether the pieces hold x = y = 0, and x = y = 1, with beliefs of a half."""
    names = {meaning: name for name, meaning in entry.free.quantities.items()}
    found = []
    for share in (0, 1):
        point = dict.fromkeys(names.values(), Fraction(0))
        point[names["b1 at B"]] = point[names["c1 at C"]] = Fraction(share)
        point[names["belief at B of l"]] = Fraction(1, 2)
        point[names["belief at C of l, b1"]] = Fraction(1, 2)
        found.append(any(holds(piece, point) for piece in entry.free.pieces))
    return found[0], found[1]


def test_a_cell_in_two_parts_makes_two_entries() -> None:
    # A stays out where the answers differ with probability x(1 - y) + y(1 - x) <= 1/4. If both mix the set is in two
    # parts, about x = y = 0 and x = y = 1; x = 1 asks y >= 3/4, x = 0 asks y <= 1/4, likewise with x and y exchanged:
    # each part gets its own edges.
    entries = staying_out(bets("-1/4", "-1"))
    assert len(entries) == 2
    agreed = [agreements(entry) for entry in entries]
    assert sorted(agreed) == [(False, True), (True, False)]


def test_a_connected_cell_stays_one_entry() -> None:
    # At most 1/2 instead: joined where x = 1/2, every y.
    assert len(staying_out(bets("-1/2", "-1"))) == 1


def test_a_cell_whose_parts_the_edges_do_not_join_either() -> None:
    # A gets 4/3 where they differ, -1/3 for l: P(differ) <= 1/4 again.
    assert len(staying_out(bets("-1/3", "-4/3", "4/3"))) == 2


def test_an_isolated_point_is_not_a_limit() -> None:
    # 3x + 4y - 6xy >= 3 is y >= (3 - 3x)/(4 - 6x) below x = 2/3, which is at most 1 up to x = 1/3; above, it is
    # y <= (3 - 3x)/(4 - 6x) < 0 up to x = 1, where y = 0 is allowed: apart, though the weak conditions hold there.
    inside = ("0 < x < 1", "0 <= y <= 1", "3*x + 4*y - 6*x*y - 3 >= 0")
    assert components(*inside) == 1
    assert approaches(inside, "x == 1", "y == 0") is False
    assert approaches(inside, "x == 0", "y == 3/4") is True


def test_an_entry_that_is_not_decided_says_so_and_stays_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connected, "MAX_SPLITS", 0)
    solution = points.solve_at(bets("-1/4", "-1"), {}, "pbe", "", (), {})
    [note] = solution.notes
    assert "whether this set is connected was not decided" in note
    assert solution.complete
    assert len(solution) == 1
