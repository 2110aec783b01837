"""Atlases where polynomials alone do not do: chance with denominators, on paths of different length."""

from __future__ import annotations

from fractions import Fraction

import pytest

import deterrence as dt
from deterrence.game import Game, Move, PayoffRule, build_game
from deterrence.parameters import Parameter, ParameterSpace
from deterrence.solvers import symbolic


def uneven() -> Game:
    """R cannot tell "x, then chance" from "y", and chance divides by a + b."""
    share = {"u": "a/(a + b)", "d": "b/(a + b)"}
    return build_game(
        title="Paths of different length",
        players=["Q", "S", "R"],
        space=ParameterSpace((Parameter("a", "a > 0"), Parameter("b", "b > 0"))),
        moves=[
            Move("chance", actions={"t": "a/(a + b)", "w": "b/(a + b)"}),
            Move("Q", "Q", after=("t", "w"), actions={"out": None, "in": None}),
            Move("S", "St", after=("t, in",), actions={"x": None, "y": None}),
            Move("S", "Sw", after=("w, in",), actions={"x": None, "y": None}),
            Move("chance", after=("*, in, x",), actions=share),
            Move("R", "R", after=("*, in, x, *", "*, in, y"), actions={"l": None, "r": None}),
        ],
        payoffs=[
            PayoffRule(when=("l", "t"), amounts={"R": 1}),
            PayoffRule(when=("r", "w"), amounts={"R": 1}),
            PayoffRule(when=("l",), amounts={"Q": -1}),
            PayoffRule(when=("r",), amounts={"Q": 1}),
            PayoffRule(when=("t", "y"), amounts={"S": 1}),
            PayoffRule(when=("w", "x"), amounts={"S": 1}),
        ],
    )


def test_chance_with_denominators_on_paths_of_different_length() -> None:
    # S plays y as t and x as w. R, once Q is in, holds t with probability a/(a + b) whatever S does, so l is best where
    # a >= b; Q, who gets -1 from l and 1 from r, stays out where R may play l, that is where a >= b.
    atlas = dt.atlas(uneven())
    assert atlas.complete
    out = [family for family in atlas if family.label == "Q: out"]
    for a, b in ((2, 1), (1, 1), (1, 2), (31, 33), (33, 31)):
        point = {"a": Fraction(a), "b": Fraction(b)}
        assert any(family.holds(point) for family in out) is (a >= b)
        assert any(entry.label == "Q: out" for entry in dt.solve(uneven(), point=point)) is (a > b)


def test_what_falls_into_too_many_cells_keeps_its_conditions(monkeypatch: pytest.MonkeyPatch) -> None:
    # The same regions, for the same reason, where no cell may be eliminated: conditions with R's belief among them.
    monkeypatch.setattr(symbolic, "MAX_CELLS", 0)
    out = [family for family in dt.atlas(uneven()) if family.label == "Q: out" and family.generic]
    assert out
    for family in out:
        assert family.implicit
        for a, b in ((2, 1), (1, 2), (33, 31)):
            assert family.holds({"a": Fraction(a), "b": Fraction(b)}) is (a > b)


def test_beliefs_on_paths_of_different_length() -> None:
    # S plays x as w, and chance follows: R's belief in w is b/(a + b), spread over the two labels of chance.
    for family in dt.atlas(uneven()):
        if family.label.startswith("Q: in; St: y; Sw: x") and family.generic:
            beliefs = family.beliefs["R"]
            point = {"a": Fraction(1), "b": Fraction(2)}
            assert beliefs["t, in, y"].evaluate(point) == Fraction(1, 3)
            assert beliefs["w, in, x, d"].evaluate(point) == Fraction(4, 9)
            break
    else:
        raise AssertionError("Q goes in where b >= a")



def test_an_atlas_speaks_of_points_with_positive_chance_alone() -> None:
    # A type of probability zero is cut off, and what it does is no longer the game's: the atlas leaves such points out.
    game = build_game(
        title="A type that may be missing",
        players=["A"],
        space=ParameterSpace((Parameter("p", "0 <= p <= 1"),)),
        moves=[
            Move("chance", actions={"t": "p", "w": "1 - p"}),
            Move("A", "At", after=("t",), actions={"x": None, "y": None}),
        ],
        payoffs=[PayoffRule(when=("x",), amounts={"A": 1})],
    )
    atlas = dt.atlas(game)
    assert {str(condition) for condition in atlas.conditions} == {"p > 0", "1 - p > 0"}
    assert dt.prove(atlas, "P[x] > 0").status == "proved"
