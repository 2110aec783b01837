"""Sentences about equilibria, each expected from the equilibrium by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from deterrence import models
from deterrence.algebraic import real_roots
from deterrence.game import Move, PayoffRule, build_game
from deterrence.parameters import ParameterSpace
from deterrence.scenario import loads
from deterrence.wording import credibility, free, joined, number, plays, reach, restraint, support, types

from .worked import FILE, ONE, ZERO, pooling
from .worked import restraint as scenario_of

# The US moves again where Iran has attacked after a strike of the resolved type.
FURTHER = """
[[game.move]]
player = "US"
information = "never"
after = ["resolved, strike, attack"]
actions = ["go", "rest"]

"""
SCENARIO = scenario_of()
HERE = SCENARIO.game.at(SCENARIO.point)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(3, 5), "3/5 (0.6)"),
        (Fraction(2, 3), "2/3 (≈ 0.667)"),
        (Fraction(-1, 8), "-1/8 (-0.125)"),
        (Fraction(12345, 2), "12345/2 (≈ 6170)"),
        (Fraction(1, 5000), "1/5000 (0.0002)"),
        (Fraction(1, 10**9), "1/1000000000 (1e-09)"),
        (Fraction(7), "7"),
        (0, "0"),
        (Fraction(10**15 + 1, 10**15 + 3), "≈ 1"),
        (real_roots([-2, 0, 1])[1], "root(x**2 - 2, 1, 2) (≈ 1.41)"),
    ],
)
def test_numbers(value: object, text: str) -> None:
    assert number(value) == text


def test_enumerations() -> None:
    assert joined([]) == ""
    assert joined(["a"]) == "a"
    assert joined(["a", "b", "c"], "or") == "a, b or c"


def test_reach_sums_the_outcomes_that_pass_through() -> None:
    entry = pooling(SCENARIO, "hold")
    assert [reach(infoset, entry.outcomes) for infoset in HERE.infosets] == [Fraction(3, 5), Fraction(2, 5), 0, 1]


def test_pooling_tells_nothing() -> None:
    entry = pooling(SCENARIO, "hold")
    assert restraint(HERE, entry) == ["US uses no force.", "Iran uses no force."]
    assert credibility(HERE, entry) == [
        "US plays hold whatever its type, which tells nothing about it.",
        "At 'after hold' Iran has learnt nothing about US: resolved 3/5 (0.6), irresolute 2/5 (0.4).",
    ]
    assert support(HERE, entry) == [("Iran", "after strike", "US is resolved", "refrain")]


def mixing(bluff: Fraction) -> object:
    """The resolved type strikes, the irresolute with probability `bluff`; what Iran then believes is Bayes."""
    known = Fraction(3, 5) / (Fraction(3, 5) + Fraction(2, 5) * bluff)
    entry = pooling(SCENARIO, "strike")
    outcomes = {
        "resolved, strike, refrain": Fraction(3, 5),
        "irresolute, strike, refrain": Fraction(2, 5) * bluff,
        "irresolute, hold, attack": Fraction(2, 5) * (1 - bluff),
    }
    return replace(
        entry,
        strategy={**entry.strategy, "irresolute": {"strike": bluff, "hold": 1 - bluff}},
        beliefs={
            "after strike": {"resolved, strike": known, "irresolute, strike": 1 - known},
            "after hold": {"resolved, hold": ZERO, "irresolute, hold": ONE},
        },
        outcomes={key: value for key, value in outcomes.items() if value},
    )


def test_separation_tells_all() -> None:
    entry = mixing(ZERO)
    assert restraint(HERE, entry) == [
        "US uses force with probability 3/5 (0.6): strike.", "Iran uses force with probability 2/5 (0.4): attack.",
    ]
    assert credibility(HERE, entry) == [
        "US does something else for each type, which tells the type.",
        "At 'after strike' Iran is sure that US is resolved, at the outset 3/5 (0.6).",
        "At 'after hold' Iran is sure that US is irresolute, at the outset 2/5 (0.4).",
    ]
    assert support(HERE, entry) == []


def test_a_bluff_is_half_believed() -> None:
    # A bluff with probability 1/2: the strike has probability 3/5 + 1/5, so the belief in resolve is 3/4.
    entry = mixing(Fraction(1, 2))
    assert restraint(HERE, entry)[0] == "US uses force with probability 4/5 (0.8): strike."
    assert credibility(HERE, entry)[:2] == [
        "irresolute imitates resolved with probability 1/2 (0.5): strike.",
        "At 'after strike' Iran believes that US is resolved with probability 3/4 (0.75), at the outset 3/5 (0.6).",
    ]


def test_force_is_said_only_of_games_that_have_it() -> None:
    entry_game = build_game(
        "Entry", ["Entrant"], ParameterSpace(()), [Move("Entrant", "entry", actions={"in": None, "out": None})],
        [PayoffRule(when=("in",), amounts={"Entrant": 1})],
    )
    entry = replace(pooling(SCENARIO, "hold"), outcomes={"in": ONE}, strategy={"entry": {"in": ONE, "out": ZERO}})
    assert restraint(entry_game, entry) == []
    assert credibility(entry_game, replace(entry, beliefs={})) == []


def test_a_single_history_off_the_path_needs_no_belief() -> None:
    text = FILE.read_text(encoding="utf-8").replace("[[game.payoff]]", FURTHER + "[[game.payoff]]", 1)
    scenario = loads(text)
    entry = pooling(SCENARIO, "hold")
    strategy = {**entry.strategy, "never": {"go": ONE, "rest": ZERO}}
    found = support(scenario.game.at(scenario.point), replace(entry, strategy=strategy))
    assert found == [*support(HERE, entry), ("US", "never", "", "go")]


def test_types_on_both_sides_are_told_apart_by_name() -> None:
    game = models.get("retaliation").build()
    assert types(game) == {
        "US": {"firm": ("firm & bold", "firm & wary"), "cautious": ("cautious & bold", "cautious & wary")},
        "Iran": {"bold": ("firm & bold", "cautious & bold"), "wary": ("firm & wary", "cautious & wary")},
    }


def test_strategies_and_free_sets() -> None:
    assert plays({"attack": Fraction(1, 3), "refrain": Fraction(2, 3), "wait": ZERO}) == (
        "attack 1/3 (≈ 0.333), refrain 2/3 (≈ 0.667)"
    )
    assert free(HERE, {"mu": "a belief"}, [["0 <= mu", "mu < 1/3", "x == 1"], ["a < b", "c < d"], []]) == [
        "mu = a belief", "where 0 <= mu < 1/3, x == 1", "or a < b, c < d", "or any value",
    ]


def test_beliefs_that_do_not_matter_are_named_by_their_place() -> None:
    after = {a: f"belief at after {a} of resolved, {a}" for a in ("strike", "hold")}
    bounds = ["0 <= m", "m <= 1"]
    alone = {"m": after["strike"], "n": after["hold"], "x": "attack at after hold"}
    assert free(HERE, alone, [[*bounds, "n == 0", "x == 1"], [*bounds, "0 < n", "x == 0"]]) == [
        f"n = {after['hold']}", "x = attack at after hold", "where n == 0, x == 1", "or 0 < n, x == 0",
        "any belief will do at 'after strike'",
    ]
    both = {"m": after["strike"], "n": after["hold"]}
    assert free(HERE, both, [[*bounds, "m - n == 0"]]) == [
        "any belief will do at 'after strike' and 'after hold', the same at each"
    ]
    # A belief that is bounded, or is tied to a choice or to the bounds of another piece, does matter.
    for pieces in ([["0 <= m", "m <= 1/2"]], [[*bounds, "m - x >= 0"]], [[*bounds, "x == 1"], ["m == 1", "x == 0"]]):
        assert free(HERE, {"m": after["strike"], "x": "attack at after strike"}, pieces)[0] == f"m = {after['strike']}"


def test_a_belief_about_three_histories_may_be_any_distribution() -> None:
    (infoset,) = (i for i in HERE.infosets if i.name == "after hold")
    wider = replace(infoset, histories=(*infoset.histories, ("odd", "hold")))
    game = replace(HERE, infosets=tuple(wider if i is infoset else i for i in HERE.infosets))
    quantities = {"m": "belief at after hold of resolved, hold", "n": "belief at after hold of irresolute, hold"}
    assert free(game, quantities, [["0 <= m", "0 <= n", "1 - m - n >= 0"]]) == ["any belief will do at 'after hold'"]
    # Two equal ones among three are not any belief.
    assert len(free(game, quantities, [["0 <= m", "m - n == 0", "m <= 1"]])) > 1
