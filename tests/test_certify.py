"""Certificates against hand derivations, and against properties that follow from the definitions."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deterrence.algebraic import real_roots
from deterrence.certify import certify, is_consistent, types_independent
from deterrence.errors import NotSupportedError
from deterrence.game import Game, History
from tests.games import (
    BOTH_YES,
    DOMINATED_BY_MIXTURE,
    DRAW_IN_SUBGAME,
    ENTRY,
    EXAMPLES,
    HORSE,
    MIXED_THREAT,
    SHARED_TREMBLE,
    TWO_DRAWS,
    TWO_LOOKS,
    TWO_SIDED,
    TWO_SIDED_CORRELATED,
    UNINFORMED_FIRST,
    UNSEEN,
    WITNESS,
    Example,
    choice,
    full,
    make,
    read_canon,
)

CANON = Path(__file__).parent / "canon"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_certificate_is_that_of_the_hand_derivation(example: Example) -> None:
    strategy, beliefs = full(example.game, example.strategy, example.beliefs)
    certificate = certify(example.game, strategy, beliefs, example.concept)
    assert certificate.to_dict() == {
        "concept": example.concept,
        "holds": example.holds,
        "nash_regret": example.nash_regret,
        "sequential_regret": example.sequential_regret,
        "fails_at": list(example.fails_at),
        "arithmetic": "exact",
    }, certificate.reasons
    if not example.holds:
        assert certificate.reasons
    for name in example.fails_at:
        assert any(repr(name) in reason for reason in certificate.reasons)


def test_repr_is_in_words() -> None:
    by_name = {example.name: example for example in EXAMPLES}

    def shown(name: str) -> str:
        example = by_name[name]
        return repr(certify(example.game, *full(example.game, example.strategy, example.beliefs), example.concept))

    assert shown("F1") == "exact; nash_regret 0; sequential_regret 0 at 4 of 4 information sets"
    assert shown("empty threat as pbe") == (
        "pbe fails; exact; nash_regret 0; sequential_regret 0 at 1 of 2 information sets, up to 2: fails at reply"
    )
    assert shown("subgame, Bayes broken") == (
        "pbe fails; exact; nash_regret 0; sequential_regret 0 at 2 of 2 information sets: fails at guess"
    )


def test_independence_can_be_stated_by_the_caller() -> None:
    by_name = {example.name: example for example in EXAMPLES}
    example = by_name["beliefs that differ with the believer"]
    assessment = full(example.game, example.strategy, example.beliefs)
    assert not certify(example.game, *assessment, "pbe", independent=True).holds
    assert certify(example.game, *assessment, "pbe", independent=False).holds
    example = by_name["beliefs that may differ"]
    assessment = full(example.game, example.strategy, example.beliefs)
    assert certify(example.game, *assessment, "pbe").holds
    assert not certify(example.game, *assessment, "pbe", independent=True).holds


def test_types_independent() -> None:
    assert types_independent(TWO_SIDED)
    assert types_independent(TWO_DRAWS)
    assert types_independent(TWO_LOOKS)  # nobody is told anything: one type each
    assert not types_independent(TWO_SIDED_CORRELATED)
    assert not types_independent(ENTRY)  # no draw


@pytest.mark.parametrize(
    ("strategy", "beliefs", "where"),
    [
        ({"one": {"D": 1, "C": 0}, "two": {"d": 1, "c": 0}}, {"three": {"D": 1, "C, d": 0}}, "three"),
        (
            {"one": {"D": 1, "C": 1}, "two": {"d": 1, "c": 0}, "three": {"L": 1, "R": 0}},
            {"three": {"D": 1, "C, d": 0}},
            "one",
        ),
        (
            {"one": {"D": 2, "C": -1}, "two": {"d": 1, "c": 0}, "three": {"L": 1, "R": 0}},
            {"three": {"D": 1, "C, d": 0}},
            "one",
        ),
        ({"one": {"D": 1}, "two": {"d": 1, "c": 0}, "three": {"L": 1, "R": 0}}, {"three": {"D": 1, "C, d": 0}}, "one"),
        ({"one": {"D": 1, "C": 0}, "two": {"d": 1, "c": 0}, "three": {"L": 1, "R": 0}}, {}, "three"),
        (
            {"one": {"D": 1, "C": 0}, "two": {"d": 1, "c": 0}, "three": {"L": 1, "R": 0}},
            {"three": {"D": Fraction(1, 2), "C, d": Fraction(1, 3)}},
            "three",
        ),
    ],
)
def test_what_is_no_assessment_fails_by_name(
    strategy: dict[str, dict[str, int]], beliefs: dict[str, dict[str, Fraction]], where: str
) -> None:
    numbers = {name: {a: Fraction(p) for a, p in row.items()} for name, row in strategy.items()}
    certificate = certify(HORSE, numbers, beliefs, "pbe")
    assert not certificate.holds
    assert certificate.fails_at == (where,)
    assert certificate.nash_regret is None
    assert json.dumps(certificate.to_dict())


def test_an_unknown_concept_is_refused() -> None:
    with pytest.raises(NotSupportedError, match="perfect"):
        certify(ENTRY, {}, {}, "perfect")


def test_irrational_strategies_are_checked_exactly() -> None:
    # Entering pays 1 - 2p^2 where both others say yes with probability p: nothing at p = sqrt(1/2) exactly.
    root = real_roots([-1, 0, 2])[-1]
    for p, gain in [(root, "0"), (root * Fraction(9, 10), None)]:
        strategy = {
            "a": {"out": Fraction(1), "in": Fraction(0)},
            "b": {"yes": p, "no": 1 - p},
            "c": {"yea": p, "nay": 1 - p},
        }
        beliefs = {"c": {"in, yes": p, "in, no": 1 - p}}
        certificate = certify(BOTH_YES, strategy, beliefs, "sequential")
        assert certificate.holds is (gain == "0")
        # 1 - 2 * (81/100) * (1/2) = 19/100 is what entering would pay.
        assert str(certificate.nash_regret) == (gain or "19/100")
        assert str(certificate.sequential_regret) == (gain or "19/100")


def test_a_belief_a_little_off_an_irrational_one_fails() -> None:
    root = real_roots([-1, 0, 2])[-1]
    strategy = {
        "a": {"out": Fraction(1), "in": Fraction(0)},
        "b": {"yes": root, "no": 1 - root},
        "c": {"yea": root, "nay": 1 - root},
    }
    near = Fraction(665857, 941664)  # a convergent of sqrt(1/2), right to twelve digits
    certificate = certify(BOTH_YES, strategy, {"c": {"in, yes": near, "in, no": 1 - near}}, "pbe")
    assert certificate.fails_at == ("c",)


def test_the_best_continuation_counts_later_own_actions() -> None:
    # At "first", going on pays 0 as planned, and 3 if the player also changes what it does at "second".
    game = make(
        "A plan", ["Planner", "Other"],
        [choice("Planner", "first", None, "stop go"), choice("Other", "other", "go", "pass end"),
         choice("Planner", "second", "go, pass", "take leave")],
        [("stop", {"Planner": "1"}), ("take", {"Planner": "3"}), ("end", {"Other": "-1"})],
    )
    strategy, beliefs = full(game, {"first": "stop = 1", "other": "pass = 1", "second": "leave = 1"}, {})
    certificate = certify(game, strategy, beliefs, "pbe")
    assert (certificate.nash_regret, certificate.sequential_regret) == (2, 3)
    assert certificate.fails_at == ("first", "second")


def test_least_regret_keeps_to_one_plan_for_all_histories_of_a_set() -> None:
    # After the unreached left or right the player continues, and at a second set must choose one action for both
    # histories. "x" pays 1 after left, "y" pays 1 after right; stopping pays 1/2. At even odds no plan beats 1/2,
    # so the belief 1/2 leaves no gain; two different later actions, which the player cannot tell when to take, would.
    game = make(
        "One plan", ["Sender", "Other", "Chooser"],
        [choice("Sender", "sender", None, "left right out"), choice("Chooser", "one", "left | right", "stop on"),
         choice("Other", "other", "*, on", "pass end"), choice("Chooser", "two", "*, on, pass", "x y")],
        [("out", {"Sender": "1"}), ("stop", {"Chooser": "1/2"}), ("left, x", {"Chooser": "1"}),
         ("right, y", {"Chooser": "1"}), ("end", {"Other": "-1"})],
    )
    strategy, _ = full(game, {"sender": "out = 1", "one": "stop = 1", "other": "pass = 1", "two": "x = 1"}, {})
    certificate = certify(game, strategy, {}, "nash")
    assert certificate.sequential_regret == 0
    assert certificate.fails_at == ()


weights = st.lists(st.integers(0, 4), min_size=2, max_size=2).filter(any)


@given(weights, weights)
@settings(max_examples=60, deadline=None)
def test_consistency_of_one_tremble_seen_twice_is_equality(first: list[int], second: list[int]) -> None:
    two = {key: Fraction(w, sum(first)) for key, w in zip(("L", "M"), first, strict=True)}
    three = {key: Fraction(w, sum(second)) for key, w in zip(("L, a", "M, a"), second, strict=True)}
    strategy, _ = full(SHARED_TREMBLE, {"one": "R = 1", "two": "a = 1", "three": "y = 1"}, {})
    alike = list(two.values()) == list(three.values())
    assert is_consistent(SHARED_TREMBLE, strategy, {"two": two, "three": three}) is alike


def test_consistency_multiplies_coefficients_around_a_cycle() -> None:
    # Two players tremble independently in one move each, and the third is shown pairs: odds a:b of the first with the
    # second at x, and at y, must agree, since the second's tremble cancels.
    game = make(
        "Pairs", ["One", "Two", "Three"],
        [choice("One", "one", None, "a b stay"), choice("Two", "two", "a | b", "x y go"),
         choice("Three", "at x", "*, x", "left right"), choice("Three", "at y", "*, y", "up down")],
        [("stay", {"One": "1"}), ("x", {"Two": "-1"}), ("y", {"Two": "-1"}), ("left", {"Three": "0"})],
    )
    strategy, _ = full(game, {"one": "stay = 1", "two": "go = 1", "at x": "right = 1", "at y": "down = 1"}, {})

    def odds(two: str, x: str, y: str) -> dict[str, dict[str, Fraction]]:
        _, beliefs = full(game, {i.name: f"{i.actions[0]} = 1" for i in game.infosets},
                          {"two": f"a = {two}; b = {1 - Fraction(two)}",
                           "at x": f"a, x = {x}; b, x = {1 - Fraction(x)}",
                           "at y": f"a, y = {y}; b, y = {1 - Fraction(y)}"})
        return {name: dict(row) for name, row in beliefs.items()}

    assert is_consistent(game, strategy, odds("2/5", "2/5", "2/5"))
    assert not is_consistent(game, strategy, odds("2/5", "2/5", "3/5"))
    assert not is_consistent(game, strategy, odds("2/5", "1", "2/5"))
    assert is_consistent(game, strategy, odds("1", "1", "1"))


probabilities = st.fractions(min_value=0, max_value=1, max_denominator=12)


@given(probabilities, probabilities)
@settings(max_examples=80, deadline=None)
def test_mixed_threat_holds_exactly_on_its_interval(left: Fraction, belief: Fraction) -> None:
    # Both types stay if and only if 1/3 <= left <= 2/3; the reply is best with belief m in type 1 if and only if
    # m = 1/2, or left = 1 with m >= 1/2, or left = 0 with m <= 1/2.
    strategy, _ = full(MIXED_THREAT, {"type 1": "stay = 1", "type 2": "stay = 1", "after act": "left = 1"}, {})
    mixed = {**strategy, "after act": {"left": left, "right": 1 - left}}
    beliefs = {"after act": {"one, act": belief, "two, act": 1 - belief}}
    stays = Fraction(1, 3) <= left <= Fraction(2, 3)
    half = Fraction(1, 2)
    best = belief == half or (left == 1 and belief > half) or (left == 0 and belief < half)
    assert certify(MIXED_THREAT, mixed, beliefs, "pbe").holds is (stays and best)
    # Under the most favourable belief, a mixed reply is always best (at 1/2), and so is a pure one.
    nash = certify(MIXED_THREAT, mixed, {}, "nash")
    assert nash.holds is stays
    assert "after act" not in nash.fails_at


@given(st.fractions(min_value=0, max_value=1, max_denominator=9), st.fractions(0, 1, max_denominator=9))
@settings(max_examples=60, deadline=None)
def test_least_regret_is_the_minimum_over_beliefs(c: Fraction, a: Fraction) -> None:
    # With reply probabilities a', b', c' the regret at belief m is max(2m, 2(1-m)) - 2m a' - 2(1-m) b' - c'/2 (c is
    # never best). It is piecewise linear with its kink at 1/2: the minimum is at 0, 1/2 or 1.
    share = 1 - c
    reply = {"a": a * share, "b": (1 - a) * share, "c": c}
    strategy = {
        "sender": {"left": Fraction(0), "right": Fraction(0), "stay": Fraction(1)},
        "reply": reply,
    }

    def at(m: Fraction) -> Fraction:
        return max(2 * m, 2 * (1 - m)) - 2 * m * reply["a"] - 2 * (1 - m) * reply["b"] - c / 2

    expected = min(at(Fraction(0)), at(Fraction(1, 2)), at(Fraction(1)))
    certificate = certify(DOMINATED_BY_MIXTURE, strategy, {}, "nash")
    assert certificate.sequential_regret == expected
    assert certificate.fails_at == (() if expected == 0 else ("reply",))


def trembling(game: Game, rng: Random) -> tuple[dict[str, dict[str, Fraction]], dict[str, dict[str, Fraction]]]:
    """A random strategy, and the limit of Bayes' rule along trembles ``c * e**k`` with random ``c`` and ``k``."""
    strategy: dict[str, dict[str, Fraction]] = {}
    leading: dict[tuple[str, str], tuple[int, Fraction]] = {}
    for infoset in game.infosets:
        played = rng.sample(infoset.actions, rng.randint(1, len(infoset.actions)))
        strategy[infoset.name] = {a: Fraction(a in played, len(played)) for a in infoset.actions}
        for action in infoset.actions:
            tremble = (rng.randint(1, 3), Fraction(rng.randint(1, 4), rng.randint(1, 4)))
            probability = strategy[infoset.name][action]
            leading[infoset.name, action] = (0, probability) if probability else tremble

    def term(history: History) -> tuple[int, Fraction]:
        order, factor = 0, Fraction(1)
        for i, label in enumerate(history):
            if history[:i] in game.chance:
                factor *= game.chance[history[:i]].probabilities[label].as_fraction()
            else:
                more, times = leading[game.infoset_at[history[:i]].name, label]
                order, factor = order + more, factor * times
        return order, factor

    beliefs = {}
    for infoset in game.infosets:
        if len(infoset.histories) > 1:
            terms = {h: term(h) for h in infoset.histories}
            least = min(order for order, _ in terms.values())
            total = sum(factor for order, factor in terms.values() if order == least)
            beliefs[infoset.name] = {
                ", ".join(h): factor / total if order == least else Fraction(0) for h, (order, factor) in terms.items()
            }
    return strategy, beliefs


TREMBLING = {
    **{game.title: game for game in (HORSE, TWO_LOOKS, TWO_SIDED, TWO_SIDED_CORRELATED, TWO_DRAWS, SHARED_TREMBLE,
                                     WITNESS, UNSEEN, UNINFORMED_FIRST, DRAW_IN_SUBGAME)},
    **{name: read_canon(CANON / f"{name}.toml")
       for name in ("aeg-massive-02", "crisis-audience-cost-02", "fearon-sunk-03", "kydd-trust-00", "powell-ladder-00",
                    "proxy-00", "schelling-risk-00", "udg-two-sided-02")},
}


@pytest.mark.parametrize("name", TREMBLING)
def test_limits_of_trembles_are_consistent_and_meet_bayes_and_the_conditions_on_types(name: str) -> None:
    # Kreps and Wilson: consistency implies (b); trembles independent across information sets imply (c).
    game = TREMBLING[name]
    for seed in range(12):
        strategy, beliefs = trembling(game, Random(seed))
        assert is_consistent(game, strategy, beliefs)
        reasons = certify(game, strategy, beliefs, "pbe").reasons
        assert not [reason for reason in reasons if "belief" in reason]


@pytest.mark.parametrize("name", [name for name, game in TREMBLING.items() if len(game.infosets) > 3])
def test_what_breaks_bayes_or_the_conditions_on_types_is_not_consistent(name: str) -> None:
    game = TREMBLING[name]
    broken = 0
    for seed in range(20):
        rng = Random(seed)
        strategy, beliefs = trembling(game, rng)
        changed = rng.choice(sorted(beliefs))
        keys = list(beliefs[changed])
        weights = [rng.randint(0, 2) for _ in keys[1:]] + [1]
        beliefs[changed] = {key: Fraction(w, sum(weights)) for key, w in zip(keys, weights, strict=True)}
        if any("belief" in reason for reason in certify(game, strategy, beliefs, "pbe").reasons):
            broken += 1
            assert not is_consistent(game, strategy, beliefs)
    assert broken
