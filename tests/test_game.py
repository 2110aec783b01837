"""Trees, information sets, payoffs, subgames and events of games written by hand."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deterrence.description import MAX_PROBLEMS
from deterrence.errors import BranchCutWarning, ExpressionError, GameError, UnknownNameError
from deterrence.game import MAX_HISTORIES, Move, PayoffRule, build_game, history_key
from deterrence.parameters import Parameter, ParameterSpace

ACTIONS = {"strike": None, "hold": None}
REPLIES = {"attack": None, "refrain": None}


def restraint(*more, payoffs=(), events=None, chance=None, players=("US", "Iran"), assume=()):
    """The game of the contract: two types, a signal, a reply."""
    space = ParameterSpace(
        (Parameter("resolve", "0 < resolve < 1"), Parameter("cost", "cost > 0"), Parameter("gain")), tuple(assume)
    )
    moves = [
        Move("chance", actions=chance or {"resolved": "resolve", "irresolute": "1 - resolve"}),
        Move("US", "resolved", ("resolved",), ACTIONS),
        Move("US", "irresolute", ("irresolute",), ACTIONS),
        Move("Iran", "after strike", ("*, strike",), REPLIES),
        Move("Iran", "after hold", ("*, hold",), REPLIES),
        *more,
    ]
    rules = payoffs or (
        PayoffRule(when=("strike",), amounts={"US": "-cost"}),
        PayoffRule(when=("attack",), unless=("irresolute",), amounts={"US": "-1/2", "Iran": -2}),
        PayoffRule(after=("irresolute, *, attack",), amounts={"US": -1, "Iran": "gain"}),
    )
    return build_game("restraint", players, space, moves, rules, events)


def problems(**changes):
    with pytest.raises(GameError) as caught:
        restraint(*changes.pop("more", ()), **changes)
    return [(problem.key, problem.message) for problem in caught.value.problems]


def test_the_tree():
    game = restraint()
    assert repr(game) == "Game('restraint': 2 players, 4 information sets, 8 terminal histories)"
    assert game.terminals == tuple(
        itertools.product(("resolved", "irresolute"), ("strike", "hold"), ("attack", "refrain"))
    )
    assert game.infoset("after hold").histories == (("resolved", "hold"), ("irresolute", "hold"))
    assert game.mover(()) == "chance"
    assert game.mover(("resolved",)) == "US"
    assert game.mover(("resolved", "hold", "attack")) is None
    assert game.own_sequence("Iran", ("resolved", "hold", "attack")) == (("after hold", "attack"),)
    assert history_key(("resolved", "hold")) == "resolved, hold"


def test_payoffs_add_up_over_the_rules():
    """-cost - 1/2 after resolved, strike, attack; -cost - 1 after irresolute; nothing where nobody is mentioned."""
    game = restraint()
    ring = game.space.ring
    assert game.payoffs["resolved", "strike", "attack"] == {"US": ring.parse("-cost - 1/2"), "Iran": ring.parse("-2")}
    assert game.payoffs["irresolute", "strike", "attack"] == {"US": ring.parse("-cost - 1"), "Iran": ring.parse("gain")}
    assert game.payoffs["resolved", "hold", "refrain"] == {"US": 0, "Iran": 0}


def test_when_and_after_must_both_match():
    rule = PayoffRule(when=("attack",), after=("resolved, *, *",), amounts={"US": 1, "Iran": 1})
    paid = [history_key(h) for h, amounts in restraint(payoffs=(rule,)).payoffs.items() if amounts["US"] == 1]
    assert paid == ["resolved, strike, attack", "resolved, hold, attack"]


def test_a_rule_that_gives_nothing_is_legal():
    rules = (PayoffRule(when=("strike",)), PayoffRule(when=("attack",), amounts={"Iran": 1}))
    assert restraint(payoffs=rules).payoffs["resolved", "strike", "refrain"] == {"US": 0, "Iran": 0}


def test_what_is_asked_for_and_is_not_there():
    with pytest.raises(UnknownNameError, match="did you mean 'after hold'"):
        restraint().infoset("after hld")


# events


def test_every_label_of_a_personal_player_is_an_event():
    assert restraint(events={"bold": "attack, strike"}).events == {
        "strike": ("strike",), "hold": ("hold",), "attack": ("attack",), "refrain": ("refrain",),
        "bold": ("attack", "strike"),
    }


def test_an_event_is_a_conjunction_in_any_order():
    game = restraint(events={"bold": "attack, strike", "weak": "irresolute, hold"})
    assert game.occurs(game.events["bold"], ("resolved", "strike", "attack"))
    assert not game.occurs(game.events["bold"], ("resolved", "hold", "attack"))
    assert game.occurs(game.events["weak"], ("irresolute", "hold", "attack"))


def test_a_tuple_of_labels_is_any_of_them():
    game = restraint(events={"either": (("strike", "attack"),)})
    either = [game.occurs(game.events["either"], history) for history in game.terminals]
    assert either == [True, True, True, False] * 2


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("bold", "strike, atack", "no move has the label 'atack'"), ("both", "strike, hold", "no complete history"),
        ("strike", "hold", "already the event"), ("bold", "strike,,hold", "empty label"),
        ("bold", " ", "a text of labels"),
        ("bold", "US:attack", "'US' has no action 'attack'"), ("bold", "*", "no move has the label"),
    ],
)
def test_events_that_are_none(name, text, words):
    ((key, message),) = problems(events={name: text})
    assert key == f"events.{name}"
    assert words in message


def shared():
    """Both players have the label `wait`."""
    return build_game(
        "waiting", ["A", "B"], ParameterSpace(()),
        [Move("A", "a", actions={"wait": None, "go": None}), Move("B", "b",
         ("wait", "go"), {"wait": None, "stop": None})],
        [PayoffRule(when=("A:wait",), amounts={"A": 1}),
         PayoffRule(when=("B:wait",), unless=("A:wait",), amounts={"B": 1})],
    )


def test_a_shared_label_is_restricted_to_a_player():
    game = shared()
    assert game.payoffs["wait", "stop"] == {"A": 1, "B": 0}
    assert game.payoffs["go", "wait"] == {"A": 0, "B": 1}
    assert game.payoffs["wait", "wait"] == {"A": 1, "B": 0}
    assert game.events["A:wait"] == ("A:wait",)
    assert [game.occurs(("B:wait",), h) for h in game.terminals] == [True, False, True, False]
    assert [game.occurs(("wait",), h) for h in game.terminals] == [True, True, True, False]


def test_a_shared_label_must_be_restricted():
    with pytest.raises(GameError, match="shared by several players; write 'A:wait' or 'B:wait'"):
        build_game(
            "waiting", ["A", "B"], ParameterSpace(()),
            [Move("A", "a", actions={"wait": None}), Move("B", "b", ("wait",), {"wait": None})],
            [PayoffRule(when=("wait",), amounts={"A": 1})],
        )


# information


def test_imperfect_recall():
    """At `late` the US would have forgotten whether it was resolved, and whether it struck."""
    late = Move("US", "late", ("*, *, attack",), {"on": None, "off": None})
    ((key, message),) = problems(more=[late])
    assert key == "game.move"
    assert "imperfect recall: at the information set 'late' 'US' has forgotten" in message


def test_forgetting_only_what_was_never_known_is_no_imperfect_recall():
    late = Move("Iran", "late", ("*, strike, attack",), {"on": None, "off": None})
    assert len(restraint(late).infosets) == 5


def test_absent_mindedness():
    with pytest.raises(GameError, match="absent-mindedness: the history 'go, on' passes the information set 'i' twice"):
        build_game(
            "driver", ["A"], ParameterSpace(()),
            [Move("chance", "", None, {"go": 1}), Move("A", "i", ("go", "go, on"), {"on": None, "exit": None})],
            [PayoffRule(when=("exit",), amounts={"A": 1})],
        )


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (Move("US", "x", ("resolved, hold",), ACTIONS), "claimed by two moves: game.move[4] has it too"),
        (Move("US", "x", ("resolved, hld",), ACTIONS), "no history of the game matches 'resolved, hld'"),
        (Move("US", "resolved", ("*, *, attack",), ACTIONS), "used twice"),
        (Move("US", "resolved", ("*, *, attack",), REPLIES), "the actions differ within the information set"),
        (Move("Iran", "resolved", ("*, *, attack",), ACTIONS), "two players move at one information set"),
        (Move("UK", "x", ("*, *, attack",), ACTIONS), "'UK' is no player"),
        (Move("US", "", ("*, *, attack",), ACTIONS), "needs the name of its information set"),
        (Move("US", "x", ("*, *, attack",), {}), "at least one action"),
        (Move("US", "x", (), ACTIONS), "leave `after` out"),
        (Move("US", "x", None, ACTIONS), "two moves are the first"),
        (Move("US", "x", ("resolved,, hold",), ACTIONS), "empty label"),
        (Move("US", "x", ("",), ACTIONS), "a text of labels"),
        (Move("US", " x", ("*, *, attack",), ACTIONS), "no name"),
        (Move("US", "x", ("*, *, attack",), {"a,b": None}), "no comma"),
        (Move("US", "x", ("*, *, attack",), {"*": None}), "no comma"),
        (Move("US", "x", ("*, *, attack",), {" a": None}), "blanks"),
        (Move("US", "x", ("*, *, attack",), {"a\tb": None}), "printable"),
        (Move("US", "x", ("*, *, attack",), {"a" * 129: None}), "128"),
        (Move("US", "x", ("*, *, attack",), {"e\u0301": None}), "NFC"),
    ],
)
def test_moves_that_are_none(more, words):
    assert any(words in message and key.startswith("game.move[5]") for key, message in problems(more=[more]))


def test_every_mistake_is_reported_at_once():
    found = problems(more=[Move("UK", "x", ("nowhere",), {"a:b": None}), Move("UN", "", ("y",), ACTIONS)])
    assert [key for key, _ in found] == [
        "game.move[5].player", "game.move[5].actions", "game.move[6].player", "game.move[6].information",
    ]


def test_no_game_reports_without_end():
    with pytest.raises(GameError) as caught:
        restraint(*[Move("UK", "", ("x",), {})] * 200)
    assert len(caught.value.problems) == MAX_PROBLEMS


@pytest.mark.parametrize(
    ("players", "words"),
    [
        ((), "1 to 50 players"), (("US", "Iran", "US"), "named twice"), (("US", "Iran", "when"), "'when'"),
        (("US", "Iran", "unless"), "'unless'"), (("US", "Iran", "after"), "'after'"),
        (("US", "Iran", "chance"), "'chance'"),
        (("US", "Iran", "UN"), "never moves and is never paid"), (("US", "Iran", "a:b"), "':'"),
        (tuple(f"p{i}" for i in range(51)), "not 51"),
    ],
)
def test_players_that_are_none(players, words):
    assert any(words in message and key.startswith("game.players") for key, message in problems(players=players))


def test_a_player_who_is_only_paid_is_one():
    rule = PayoffRule(when=("attack",), amounts={"UN": -1})
    assert restraint(payoffs=(rule,), players=("US", "Iran", "UN")).players == ("US", "Iran", "UN")


@pytest.mark.parametrize(
    ("rule", "key", "words"),
    [
        (PayoffRule(when=("stirke",)), "when[0]", "no move has the label 'stirke'"),
        (PayoffRule(unless=("UK:strike",)), "unless[0]", "'UK' is no player"),
        (PayoffRule(when=("strike", "hold")), "", "matches no complete history"),
        (PayoffRule(unless=("strike", "hold")), "", "matches no complete history"),
        (PayoffRule(after=("resolved, strike",)), "after[0]", "no complete history of the game matches"),
        (PayoffRule(after=()), "after", "leave `after` out"),
        (PayoffRule(when=("hold",), after=("*, strike, *",)), "", "matches no complete history"),
        (PayoffRule(amounts={"UK": 1}), "UK", "neither a player nor one of when, unless, after"),
        (PayoffRule(amounts={"US": "csot"}), "US", "'csot' is not a declared parameter"),
    ],
)
def test_rules_that_are_none(rule, key, words):
    found = problems(payoffs=(PayoffRule(when=("attack",), amounts={"US": 1, "Iran": 1}), rule))
    assert [(where, words in message) for where, message in found] == [(f"game.payoff[1]{key and '.' + key}", True)]


# chance


@pytest.mark.parametrize(
    ("chance", "key", "words"),
    [
        ({"resolved": "1/2", "irresolute": "1/3"}, "", "is '5/6', which is not 1"),
        ({"resolved": "resolve", "irresolute": "resolve + 1"}, "", "at no admissible values"),
        ({"resolved": "-cost", "irresolute": "1 + cost"}, ".resolved", "0 or more at no admissible values"),
        ({"resolved": "3/2", "irresolute": "-1/2"}, ".irresolute", "which is not 0 or more"),
        ({"resolved": "x", "irresolute": "1 - x"}, ".resolved", "not a declared parameter"),
        ({"resolved": "1/0", "irresolute": "1"}, ".resolved", "divides by zero"),
    ],
)
def test_chance_that_is_provably_wrong(chance, key, words):
    assert any(
        where == f"game.move[0].actions{key}" and words in message for where, message in problems(chance=chance)
    )


def test_what_chance_assumes_joins_the_space():
    """gain + cost sums to one only where cost = 1 - gain; the space knows cost > 0, so only gain >= 0 is new."""
    game = restraint(chance={"resolved": "gain", "irresolute": "cost"})
    assert [str(c) for c in game.space.conditions[3:]] == ["cost + gain - 1 == 0", "gain >= 0", "cost >= 0"]
    assert sorted(origin.key for origin in game.origins.values()) == [
        "game.move[0].actions", "game.move[0].actions.irresolute", "game.move[0].actions.resolved",
    ]
    point = {"resolve": Fraction(1, 2), "cost": Fraction(1, 2), "gain": Fraction(3, 5)}
    (violated,) = game.space.violations(point)
    assert game.origins[violated].says(point) == "the sum of the probabilities is 11/10 at these values, not 1"


def test_identically_right_chance_adds_nothing_but_signs():
    assert [str(condition) for condition in restraint().origins] == ["resolve >= 0", "1 - resolve >= 0"]


def test_a_denominator_joins_the_space():
    rules = (PayoffRule(when=("attack",), amounts={"US": "1/(gain - cost)", "Iran": 1}),)
    game = restraint(payoffs=rules)
    assert str(game.space.conditions[-1]) == "cost - gain != 0"
    equal = {"resolve": Fraction(1, 2), "cost": Fraction(1), "gain": Fraction(1)}
    assert game.origins[game.space.violations(equal)[0]].says(equal).startswith("the denominator 'cost - gain' is 0")


def test_an_assumption_that_joint_conditions_exclude_is_a_mistake():
    """gain <= 1 as a probability's complement is impossible where gain > cost + 2 and cost > 0."""
    found = problems(chance={"resolved": "gain", "irresolute": "1 - gain"}, assume=("gain > cost + 2",))
    assert found == [
        ("game.move[0].actions.irresolute",
         "the probability of 'irresolute' is '1 - gain', which is 0 or more at no admissible values")
    ]


# at a point


def test_a_numeric_game():
    game = restraint().at({"resolve": Fraction(3, 5), "cost": Fraction(1, 5), "gain": Fraction(1)})
    assert game.space.names == ()
    assert {a: p.as_fraction() for a, p in game.chance[()].probabilities.items()} == {
        "resolved": Fraction(3, 5), "irresolute": Fraction(2, 5),
    }
    assert game.payoffs["resolved", "strike", "attack"]["US"].as_fraction() == Fraction(-7, 10)


def test_a_branch_of_probability_zero_is_cut_with_a_warning():
    game = restraint(chance={"resolved": "gain", "irresolute": "1 - gain"})
    with pytest.warns(BranchCutWarning, match="chance branch 'irresolute' has probability 0"):
        cut = game.at({"resolve": Fraction(1, 2), "cost": Fraction(1), "gain": Fraction(1)})
    assert [infoset.name for infoset in cut.infosets] == ["resolved", "after strike", "after hold"]
    assert cut.infoset("after hold").histories == (("resolved", "hold"),)
    assert len(cut.terminals) == 4


def test_a_point_outside_the_space():
    with pytest.raises(ExpressionError, match="the values violate: cost > 0"):
        restraint().at({"resolve": Fraction(1, 2), "cost": Fraction(0), "gain": Fraction(1)})
    with pytest.raises(ExpressionError, match="no value for gain"):
        restraint().at({"resolve": Fraction(1, 2), "cost": Fraction(1)})


# subgames


def test_hidden_types_leave_no_subgame():
    assert restraint().subgame_roots == ()


def test_subgames_of_a_game_of_perfect_information():
    game = build_game(
        "chain", ["A", "B"], ParameterSpace(()),
        [Move("A", "a", None, {"l": None, "r": None}), Move("B", "b", ("l",), {"u": None, "d": None}),
         Move("A", "c", ("l, u",), {"x": None, "y": None}), Move("B", "e", ("r",), {"p": None, "q": None})],
        [PayoffRule(amounts={"A": 1, "B": 1})],
    )
    assert game.subgame_roots == (("l",), ("r",), ("l", "u"))


def test_simultaneous_moves_below_a_choice_are_one_subgame():
    """After `in` both choose without seeing the other: the subgame is whole, and nothing below it is one."""
    game = build_game(
        "battle", ["A", "B"], ParameterSpace(()),
        [Move("A", "enter", None, {"in": None, "out": None}), Move("A", "a", ("in",), {"u": None, "d": None}),
         Move("B", "b", ("in, u", "in, d"), {"l": None, "r": None})],
        [PayoffRule(when=("out",), amounts={"A": 2}), PayoffRule(when=("u", "l"), amounts={"A": 3, "B": 1})],
    )
    assert game.subgame_roots == (("in",),)


@given(st.integers(2, 4), st.integers(1, 4))
def test_wildcards_count_as_they_should(branching, depth):
    """A tree of k**d ends by wildcards, a single player whose moves chance hides behind labels of their own."""
    labels = [f"a{i}" for i in range(branching)]
    moves = [
        Move("chance", after=(", ".join("*" * level),) if level else None,
             actions={label: Fraction(1, branching) for label in labels})
        for level in range(depth)
    ]
    last = Move("A", "last", (", ".join("*" * depth),), {"yes": None, "no": None})
    game = build_game("wide", ["A"], ParameterSpace(()), [*moves, last], [PayoffRule(when=("yes",), amounts={"A": 1})])
    assert len(game.terminals) == 2 * branching**depth
    assert len(game.infoset("last").histories) == branching**depth


def test_too_many_histories_are_refused_before_they_are_made():
    moves = [
        Move("chance", after=(", ".join("*" * level),) if level else None, actions=dict.fromkeys("abcd", "1/4"))
        for level in range(39)
    ]
    with pytest.raises(GameError, match=f"more than {MAX_HISTORIES} histories"):
        build_game("wild", ["A"], ParameterSpace(()), moves, [])


def test_numbers_and_expressions_may_be_given_instead_of_texts():
    space = ParameterSpace((Parameter("gain"),))
    game = build_game(
        "one", ["A"], space, [Move("A", "a", None, {"x": None, "y": None})],
        [PayoffRule(when=("x",), amounts={"A": space.parse("gain") + 1}), PayoffRule(when=("y",), amounts={"A": 0.1})],
    )
    assert game.payoffs["x",]["A"] == space.parse("1 + gain")
    assert game.payoffs["y",]["A"] == Fraction(1, 10)
