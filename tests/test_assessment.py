"""What assessments imply, against hand computation on small games."""

from __future__ import annotations

from fractions import Fraction

import pytest

from deterrence.assessment import Assessment
from deterrence.errors import UnknownNameError
from deterrence.game import History
from tests.games import BEER_QUICHE, HORSE, RESTRAINT, TWO_LOOKS, full


def number(text: str) -> Fraction:
    return Fraction(text)


@pytest.fixture
def semi_separating() -> Assessment:
    # The weak drink beer with probability 1/2, the strong always; beer is duelled with 1/3, quiche always.
    strategy, beliefs = full(
        BEER_QUICHE,
        {"strong": "beer = 1", "weak": "beer = 1/2; quiche = 1/2", "after beer": "duel = 1/3; leave = 2/3",
         "after quiche": "duel = 1"},
        {"after beer": "strong, beer = 18/19; weak, beer = 1/19", "after quiche": "weak, quiche = 1"},
    )
    return Assessment(BEER_QUICHE, strategy, beliefs)


def test_outcomes_are_products_along_histories(semi_separating: Assessment) -> None:
    assert semi_separating.outcomes == {
        "strong, beer, duel": number("3/10"),
        "strong, beer, leave": number("3/5"),
        "weak, beer, duel": number("1/60"),
        "weak, beer, leave": number("1/30"),
        "weak, quiche, duel": number("1/20"),
    }
    assert sum(semi_separating.outcomes.values()) == 1
    assert list(semi_separating.outcomes) == [k for k in map(", ".join, BEER_QUICHE.terminals)
                                              if k in semi_separating.outcomes]


def test_payoffs_and_values(semi_separating: Assessment) -> None:
    # Strong: 1 + 2*2/3 = 7/3. Weak: beer 4/3, quiche 1, in halves 7/6. Together 9/10*7/3 + 1/10*7/6 = 133/60.
    assert semi_separating.values[("strong",)]["Sender"] == number("7/3")
    assert semi_separating.values[("weak",)]["Sender"] == number("7/6")
    assert semi_separating.payoffs["Sender"] == number("133/60")
    # Receiver: duels 3/10 of the strong (-1), 1/60 + 1/20 of the weak (+1).
    assert semi_separating.payoffs["Receiver"] == number("-7/30")


def test_events_are_sums_over_complete_histories(semi_separating: Assessment) -> None:
    assert semi_separating.events == {
        "beer": number("19/20"), "quiche": number("1/20"), "duel": number("11/30"), "leave": number("19/30"),
    }
    assert semi_separating.probability(["weak", "duel"]) == number("1/15")
    assert semi_separating.probability([("quiche", "leave")]) == number("41/60")
    assert semi_separating.probability([]) == 1


def test_action_values_are_under_the_belief(semi_separating: Assessment) -> None:
    assert semi_separating.action_values("weak") == {"beer": number("4/3"), "quiche": 1}
    assert semi_separating.action_values("after beer") == {"duel": number("-17/19"), "leave": 0}
    assert semi_separating.action_values("after quiche") == {"duel": 1, "leave": 0}


def test_bayes_from_the_root(semi_separating: Assessment) -> None:
    # 9/10 against 1/10 * 1/2: 18 to 1.
    assert semi_separating.bayes("after beer", {(): Fraction(1)}) == {
        ("strong", "beer"): number("18/19"), ("weak", "beer"): number("1/19"),
    }
    assert semi_separating.bayes("after quiche", {("strong",): Fraction(1)}) is None


def test_bayes_takes_own_actions_as_given() -> None:
    strategy, beliefs = full(
        TWO_LOOKS, {"first": "stop = 1", "other": "pass = 1/2; quit = 1/2", "second": "rest = 1"},
        {"first": "good = 1/2; bad = 1/2", "other": "good, open = 1", "second": "good, open, pass = 1"},
    )
    here = Assessment(TWO_LOOKS, strategy, beliefs)
    halves = {("good", "open", "pass"): number("1/2"), ("bad", "open", "pass"): number("1/2")}
    assert here.bayes("second", here.belief("first")) == halves
    assert here.bayes("second", {(): Fraction(1)}) == halves
    assert here.bayes("other", {(): Fraction(1)}) is None


def test_a_source_weighs_its_histories() -> None:
    strategy, beliefs = full(
        TWO_LOOKS, {"first": "stop = 1", "other": "pass = 1", "second": "rest = 1"},
        {"first": "good = 1/2; bad = 1/2", "other": "good, open = 1", "second": "good, open, pass = 1"},
    )
    here = Assessment(TWO_LOOKS, strategy, beliefs)
    source: dict[History, Fraction] = {("good",): number("1/5"), ("bad",): number("4/5")}
    assert here.bayes("second", source) == {
        ("good", "open", "pass"): number("1/5"), ("bad", "open", "pass"): number("4/5"),
    }


def test_reach_and_path() -> None:
    strategy, beliefs = full(
        HORSE, {"one": "D = 1/4; C = 3/4", "two": "d = 1/3; c = 2/3", "three": "L = 1/2; R = 1/2"},
        {"three": "D = 1/2; C, d = 1/2"},
    )
    here = Assessment(HORSE, strategy, beliefs)
    assert here.reach[("C", "d")] == number("1/4")
    assert here.path(("C", "d", "L"), 1) == number("1/6")
    assert here.path(("C", "d", "L"), given="Two") == number("3/8")
    assert sum(here.reach[h] for h in HORSE.terminals) == 1


def test_a_set_of_one_history_is_certain_and_an_unknown_one_is_named() -> None:
    strategy, beliefs = full(
        RESTRAINT,
        {"resolved": "hold = 1", "irresolute": "hold = 1", "after strike": "refrain = 1", "after hold": "refrain = 1"},
        {"after strike": "resolved, strike = 1", "after hold": "resolved, hold = 3/5; irresolute, hold = 2/5"},
    )
    here = Assessment(RESTRAINT, strategy, beliefs)
    assert here.belief("resolved") == {("resolved",): 1}
    with pytest.raises(UnknownNameError, match="after hold"):
        here.belief("after hod")
