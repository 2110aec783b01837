"""Sets of equilibria whose consistent members lie on an equation, against beliefs derived by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

import deterrence as dt
from deterrence.certify import is_consistent
from deterrence.models.reputation import tree

ENTRY = """
format = 1
title = "Who would enter"
parameters.strong = {prior}
[game]
players = ["Entrant", "Incumbent"]
parameters = {{ strong = "0 < strong < 1" }}
[[game.move]]
player = "chance"
actions = {{ weak = "1 - strong", strong = "strong" }}
[[game.move]]
player = "Entrant"
information = "entry"
after = ["*"]
actions = ["in", "out"]
[[game.move]]
player = "Incumbent"
information = "entered"
after = ["*, in"]
actions = ["fight", "yield"]
[[game.payoff]]
when = ["fight"]
Entrant = -1
[[game.payoff]]
when = ["yield"]
Entrant = 1
[[game.payoff]]
when = ["fight", "weak"]
Incumbent = 1
[[game.payoff]]
when = ["fight", "strong"]
Incumbent = -2
"""


@pytest.mark.parametrize(("prior", "played"), [("1/2", ["in, yield"]), ("1/4", ["out"])])
def test_a_belief_that_no_tremble_gives_supports_nothing(prior: str, played: list[str]) -> None:
    # Chance is seen by nobody, and fighting pays where the entrant is strong with at most 1/3. Entry that comes as a
    # surprise leaves a belief free as far as Bayes' rule goes; but each tremble of the entrant is as likely for both,
    # so that a consistent belief is the prior: 1/2 yields and the entrant comes in, 1/4 fights and it stays out.
    scenario = dt.loads(ENTRY.format(prior=f'"{prior}"'))
    solution = dt.solve(scenario, concept="sequential")
    assert solution.complete
    assert not solution.notes
    labels = [", ".join(key.split(", ")[1:]) for entry in solution for key in entry.outcomes]
    assert sorted(set(labels)) == played
    for entry in solution:
        assert entry.beliefs["entered"]["strong, in"] == Fraction(prior)
    # Without consistency the other play is an equilibrium too, where the prior would forbid it.
    assert len(dt.solve(scenario, concept="pbe")) == (2 if prior == "1/2" else 1)


@pytest.mark.parametrize("toughness", ["3/8", "3/16", "1/16"])
def test_the_reputation_tree_of_two_periods_has_one_sequential_equilibrium(toughness: str) -> None:
    # gain = harm: group 2 is indifferent at a belief of 1/2. With 1/4 < p < 1/2 an attack of group 1 meets an answer
    # with chance 2p > 1/2, so that it holds; below 1/4 it attacks. Surprised or not, the tough answer, and the weak
    # with u such that p/(p + (1 - p)*u) = 1/2, u = p/(1 - p): 3/5, 3/13, 1/15. Answering costs the weak 1 and saves 2
    # where group 2 then holds: it does with chance 1/2.
    texts = {"toughness": toughness, "gain": "1/2", "harm": "1/2", "loss": "2", "answer_cost": "1", "shame": "1",
             "peace": "1", "discount": "1"}
    values = {name: Fraction(text) for name, text in texts.items()}
    solution = dt.solve(tree(2), point=values, concept="sequential")
    assert solution.complete
    (entry,) = solution
    p = Fraction(toughness)
    assert entry.strategy["group 1"]["attack 1"] == (p < Fraction(1, 4))
    assert entry.strategy["weak in period 1"]["answer 1"] == p / (1 - p)
    assert entry.strategy["group 2 after attack 1, answer 1"]["hold 2"] == Fraction(1, 2)
    assert entry.beliefs["group 2 after attack 1, answer 1"]["tough, attack 1, answer 1"] == Fraction(1, 2)
    assert is_consistent(tree(2).at(values), entry.strategy, entry.beliefs)
