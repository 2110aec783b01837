"""The built-in games: payoffs against sums made by hand, events, options, and the findings that they claim."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from fractions import Fraction

import pytest

import deterrence as dt
from deterrence import models
from deterrence.cite import text as work
from deterrence.errors import GameError, UnknownNameError
from deterrence.expressions import exact
from deterrence.models.base import SHELVES, VERDICTS, Choice, Count, Model, Option

SIGNALLING = models.get("signalling")
RETALIATION = models.get("retaliation")
MODELS = [models.get(name) for name in models.names()]


def values_of(option):
    """Every menu, every label, or a few numbers that an option may be."""
    if isinstance(option, Count):
        return sorted({option.least, min(option.least + 1, option.most), min(option.default, option.least + 3)})
    if isinstance(option, Choice):
        return list(option.choices)
    sizes = range(option.least, option.most + 1)
    return [list(menu) for size in sizes for menu in itertools.combinations(option.choices, size)]


def settings_of(model):
    for values in itertools.product(*map(values_of, model.options.values())):
        yield dict(zip(model.options, values, strict=True))


def point(**values):
    return {name: exact(value) for name, value in values.items()}


def history(text):
    return tuple(text.split(", "))


# The register


def test_names_and_nearest_name():
    assert models.names()[:2] == ("signalling", "retaliation")
    assert [model.name for model in MODELS] == list(models.names())
    shelves = [model.shelf for model in MODELS]
    assert shelves == sorted(shelves, key=list(SHELVES).index)
    with pytest.raises(UnknownNameError, match="did you mean 'signalling'"):
        models.get("signaling")
    with pytest.raises(UnknownNameError):
        models.get("../../etc/passwd")


def test_the_register_imports_no_model_and_no_solver():
    code = (
        "import sys, deterrence.models as m; m.names();"
        "print([n for n in ('flint', 'z3', 'sympy', 'deterrence.models.signalling') if n in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_documentation_is_whole(model):
    document = json.loads(json.dumps(model.to_dict()))
    game = model.build()
    assert [row["name"] for row in document["information_sets"]] == [infoset.name for infoset in game.infosets]
    assert all(row["meaning"] for row in document["information_sets"])
    assert all(row["meaning"] and row["unit"] for row in document["parameters"])
    assert set(document["events"]) <= set(game.events)
    assert document["events"]
    assert model.shelf == "canon" or {"deterrence_failure", "spiral"} <= set(document["events"])
    assert all(claim.verdict in VERDICTS and claim.how for claim in model.claims)
    assert all(not claim.source or work(claim.source) for claim in model.claims)
    assert all(claim.when for claim in model.claims if claim.verdict != "holds")
    assert all(work(key) for key in document["literature"])
    for part in ("question", "summary", "tree", "departures", "findings"):
        assert document[part]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_every_option_builds_with_all_parameters(model):
    for settings in settings_of(model):
        game = model.build(settings)
        assert game.space.names == tuple(parameter.name for parameter in model.declared(model.menus(settings)))
        assert len({infoset.name for infoset in game.infosets}) == len(game.infosets) > 0
        assert {infoset.player for infoset in game.infosets} <= set(game.players)
        if isinstance(model, Model):
            used = set().union(*(amount.free for paid in game.payoffs.values() for amount in paid.values()))
            named = {p for term in model.description(settings).terms for p in game.space.parse(term.amount).free}
            assert used == named


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_menu_is_put_in_canonical_order(model):
    for name, option in model.options.items():
        if isinstance(option, Option):
            for menu in values_of(option):
                assert model.menus({name: list(reversed(menu))})[name] == tuple(menu)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_options_of_the_wrong_kind_are_told_with_their_place(model):
    for name, option in model.options.items():
        wrong = [None, 1.5, True, {}, [[]]] + ([option.least - 1, option.most + 1] if isinstance(option, Count) else [])
        for value in wrong:
            with pytest.raises(GameError) as raised:
                model.build({name: value})
            assert all(problem.key.startswith(f"options.{name}") for problem in raised.value.problems)


@pytest.mark.parametrize(
    ("options", "key", "message"),
    [
        ({"signals": ["silence"]}, "options.signals", "2 to 4"),
        ({"signals": []}, "options.signals", "2 to 4"),
        ({"signals": "silence"}, "options.signals", "not str"),
        ({"signals": 3}, "options.signals", "not int"),
        ({"signals": ["silence", "strik"]}, "options.signals[1]", "'strik' is not on offer"),
        ({"signals": ["silence", ["strike"]]}, "options.signals[1]", "not on offer"),
        ({"signals": ["silence", "strike", "silence"]}, "options.signals[2]", "named twice"),
        ({"signal": ["silence", "strike"]}, "options.signal", "no such option"),
    ],
)
def test_a_bad_option_is_a_mistake_with_its_place(options, key, message):
    with pytest.raises(GameError) as raised:
        SIGNALLING.build(options)
    (problem,) = raised.value.problems
    assert problem.key == key
    assert message in problem.message


def test_every_bad_option_is_told_at_once_with_the_nearest_name():
    with pytest.raises(GameError) as raised:
        SIGNALLING.build({"signals": ["strik", "silense"], "rungs": 3})
    assert [(p.key, p.suggestion) for p in raised.value.problems] == [
        ("options.signals[0]", "strike"), ("options.signals[1]", "silence"), ("options.rungs", None),
    ]


def test_further_events_are_conjunctions_and_may_not_replace_those_of_the_model():
    game = SIGNALLING.build({"signals": ["silence", "strike"]}, {"bold": "strike, attack"})
    assert game.events["bold"] == ("strike", "attack")
    with pytest.raises(GameError, match=r"events\.spiral"):
        SIGNALLING.build(None, {"spiral": "attack"})


# signalling


def test_signalling_has_the_parameters_of_the_contract():
    assert [p.name for p in SIGNALLING.parameters] == [
        "resolve", "audience_cost", "posture_cost", "strike_cost", "strike_harm", "slip", "gain", "loss", "punishment",
        "retaliation_cost_resolved", "retaliation_cost_irresolute", "war_cost_us", "war_cost_iran",
    ]
    assert tuple(SIGNALLING.options["signals"].choices) == ("silence", "statement", "posture", "strike")


def test_signalling_tells_apart_what_the_players_know():
    game = SIGNALLING.build({"signals": ["silence", "strike"]})
    assert {i.name: (i.player, i.actions, i.histories) for i in game.infosets} == {
        "resolved": ("US", ("silence", "strike"), (("resolved",),)),
        "irresolute": ("US", ("silence", "strike"), (("irresolute",),)),
        "after silence": (
            "Iran", ("attack", "refrain"), (("resolved", "silence"), ("irresolute", "silence")),
        ),
        "after strike": (
            "Iran", ("attack", "refrain"), (("resolved", "strike", "no war"), ("irresolute", "strike", "no war")),
        ),
        **{
            f"{kind} attacked after {signal}": ("US", ("retaliate", "restrain"), ((kind, *path, "attack"),))
            for signal, path in (("silence", ("silence",)), ("strike", ("strike", "no war")))
            for kind in ("resolved", "irresolute")
        },
    }


@pytest.mark.parametrize(
    ("end", "us", "iran"),
    [
        # Summed by hand from the prose: signal, then attack, then answer.
        ("resolved, silence, refrain", "0", "0"),
        ("irresolute, silence, attack, restrain", "-loss", "gain"),
        ("resolved, silence, attack, retaliate", "-loss - retaliation_cost_resolved", "gain - punishment"),
        ("irresolute, silence, attack, retaliate", "-loss - retaliation_cost_irresolute", "gain - punishment"),
        ("resolved, statement, refrain", "0", "0"),
        ("irresolute, statement, attack, restrain", "-loss - audience_cost", "gain"),
        ("irresolute, statement, attack, retaliate", "-loss - retaliation_cost_irresolute", "gain - punishment"),
        ("resolved, posture, refrain", "-posture_cost", "0"),
        ("resolved, posture, attack, restrain", "-posture_cost - loss", "gain"),
        ("irresolute, strike, war", "-strike_cost - war_cost_us", "-strike_harm - war_cost_iran"),
        ("irresolute, strike, no war, refrain", "-strike_cost", "-strike_harm"),
        ("irresolute, strike, no war, attack, restrain", "-strike_cost - loss", "gain - strike_harm"),
        (
            "resolved, strike, no war, attack, retaliate",
            "-strike_cost - loss - retaliation_cost_resolved", "gain - punishment - strike_harm",
        ),
    ],
)
def test_signalling_payoffs(end, us, iran):
    game = SIGNALLING.build({"signals": ["silence", "statement", "posture", "strike"]})
    assert game.payoffs[history(end)] == {"US": game.space.parse(us), "Iran": game.space.parse(iran)}


def test_signalling_chance():
    game = SIGNALLING.build({"signals": ["silence", "strike"]})
    parse = game.space.parse
    assert {h: dict(m.probabilities) for h, m in game.chance.items()} == {
        (): {"resolved": parse("resolve"), "irresolute": parse("1 - resolve")},
        ("resolved", "strike"): {"war": parse("slip"), "no war": parse("1 - slip")},
        ("irresolute", "strike"): {"war": parse("slip"), "no war": parse("1 - slip")},
    }


def test_signalling_spiral_is_force_on_both_sides():
    game = SIGNALLING.build()
    spiral = {h for h in game.terminals if game.occurs(game.events["spiral"], h)}
    both = {
        f"{kind}, {rest}"
        for kind in ("resolved", "irresolute")
        for rest in (
            "silence, attack, retaliate", "posture, attack, retaliate", "strike, war",
            "strike, no war, attack, retaliate", "strike, no war, attack, restrain",
        )
    }
    assert {", ".join(h) for h in spiral} == both
    failure = {h for h in game.terminals if game.occurs(game.events["deterrence_failure"], h)}
    assert failure == {h for h in game.terminals if "attack" in h}


QUIET = {
    "audience_cost": "1/2", "strike_cost": 1, "strike_harm": 0, "slip": "1/10", "war_cost_us": 9, "war_cost_iran": 9,
    "loss": 1, "retaliation_cost_resolved": "-1/2", "retaliation_cost_irresolute": 1,
}


def outcomes(solution):
    return [
        {key: Fraction(str(value)) for key, value in entry.to_dict()["outcomes"].items()} for entry in solution
    ]


def test_posture_separates_where_being_punished_pays():
    # gain - punishment = -1/2 + 1 > 0 > gain: Iran attacks whoever retaliates, the resolved type, and nobody else. An
    # attack costs the resolved type 1 - 1/2 and the irresolute type 1; posture costs both 3/4, so only the second buys
    # it.
    game = SIGNALLING.build({"signals": ["silence", "posture"]})
    values = point(**QUIET, resolve="1/3", posture_cost="3/4", gain="-1/2", punishment=-1)
    separating = {
        "resolved, silence, attack, retaliate": Fraction(1, 3), "irresolute, posture, refrain": Fraction(2, 3),
    }
    assert separating in outcomes(dt.solve(game, point=values))


@pytest.mark.parametrize("resolve", ["1/4", "3/4"])
@pytest.mark.parametrize("posture_cost", ["1/4", "3/4"])
@pytest.mark.parametrize("punishment", ["1/2", 1, 2])
def test_posture_never_separates_where_punishment_deters(resolve, posture_cost, punishment):
    game = SIGNALLING.build({"signals": ["silence", "posture"]})
    values = point(**QUIET, resolve=resolve, posture_cost=posture_cost, gain=1, punishment=punishment)
    for found in outcomes(dt.solve(game, point=values)):
        used = {kind: {key.split(", ")[1] for key in found if key.startswith(f"{kind},")}
                for kind in ("resolved", "irresolute")}
        assert used["resolved"] & used["irresolute"]


def test_a_statement_binds_the_type_that_would_pay_more_for_backing_down():
    # audience_cost 2 exceeds both retaliation costs, so either type retaliates after a statement. Iran, to which
    # punishment 2 exceeds gain 1, then refrains whatever it believes: both can have peace by a word. After silence
    # Iran attacks for a belief below 1/2. At resolve 1/4: peace in every equilibrium.
    game = SIGNALLING.build({"signals": ["silence", "statement"]})
    values = point(**{**QUIET, "audience_cost": 2}, resolve="1/4", posture_cost=1, gain=1, punishment=2)
    solution = dt.solve(game, point=values)
    assert len(solution) > 0
    assert all(entry.to_dict()["events"]["attack"] == "0" for entry in solution)


# retaliation


def test_retaliation_draws_independent_types_at_once():
    game = RETALIATION.build()
    parse = game.space.parse
    assert dict(game.chance[()].probabilities) == {
        "firm & bold": parse("firmness*boldness"), "firm & wary": parse("firmness - firmness*boldness"),
        "cautious & bold": parse("boldness - firmness*boldness"),
        "cautious & wary": parse("1 - firmness - boldness + firmness*boldness"),
    }
    sets = {infoset.name: infoset for infoset in game.infosets}
    assert sets["bold"].histories == (("firm & bold",), ("cautious & bold",))
    assert sets["cautious after lethal attack"].histories == (
        ("cautious & bold", "attack", "lethal"), ("cautious & wary", "attack", "lethal"),
    )
    assert sets["wary after answer in force to non-lethal attack"].histories == (
        ("firm & wary", "attack", "not lethal", "force"), ("cautious & wary", "attack", "not lethal", "force"),
    )
    assert len(sets) == 2 + 4 + 2 * 2 * 2


@pytest.mark.parametrize(
    ("end", "us", "iran"),
    [
        ("firm & bold, hold", "0", "0"),
        ("firm & bold, attack, not lethal, restrain", "-restraint_cost_firm", "gain"),
        ("cautious & wary, attack, not lethal, restrain", "-restraint_cost_cautious", "gain"),
        ("cautious & bold, attack, lethal, restrain", "-loss - outrage - restraint_cost_cautious", "gain"),
        ("firm & wary, attack, not lethal, limited, absorb", "-limited_cost", "gain - limited_harm"),
        ("firm & wary, attack, lethal, limited, absorb", "-loss - outrage - limited_cost", "gain - limited_harm"),
        ("cautious & wary, attack, lethal, force, absorb", "-loss - force_cost", "gain - force_harm"),
        ("firm & bold, attack, not lethal, limited, escalate", "-limited_cost - war_cost_us", "gain - war_cost_bold"),
        (
            "cautious & wary, attack, lethal, force, escalate",
            "-loss - force_cost - war_cost_us", "gain - war_cost_wary",
        ),
    ],
)
def test_retaliation_payoffs(end, us, iran):
    game = RETALIATION.build()
    assert game.payoffs[history(end)] == {"US": game.space.parse(us), "Iran": game.space.parse(iran)}


def test_the_last_move_of_retaliation_does_not_depend_on_the_type_of_the_us():
    game = RETALIATION.build()
    last = [infoset for infoset in game.infosets if "absorb" in infoset.actions]
    assert len(last) == 8
    for infoset in last:
        iran = {h: {end: game.payoffs[(*h, end)]["Iran"] for end in infoset.actions} for h in infoset.histories}
        stakes = {ends["absorb"] - ends["escalate"] for ends in iran.values()}
        assert len(infoset.histories) == 2
        assert len(stakes) == 1


def test_retaliation_events():
    game = RETALIATION.build()
    spiral = {h for h in game.terminals if game.occurs(game.events["spiral"], h)}
    assert spiral == {h for h in game.terminals if h[-1] == "escalate"}
    assert len(spiral) == 4 * 2 * 2


def test_retaliation_without_restraint_binds_the_us_to_answer():
    game = RETALIATION.build({"answers": ["limited", "force"]})
    assert {i.actions for i in game.infosets if i.player == "US"} == {("limited", "force")}
    used = set().union(*(amount.free for paid in game.payoffs.values() for amount in paid.values()))
    assert not {"restraint_cost_firm", "restraint_cost_cautious"} & used


ACCIDENT = {
    # Both types of Iran absorb anything: war costs them at least 9. Both types of the US answer a lethal attack in
    # force, at 1 + 1 against at least 1 + 3 - 1/2, and leave others unanswered, as restraint pays them.
    "boldness": "1/2", "firmness": "1/2", "gain": 1, "loss": 1, "outrage": 3, "restraint_cost_firm": "-1/4",
    "restraint_cost_cautious": "-1/2", "limited_cost": 1, "force_cost": 1, "limited_harm": 2, "force_harm": 4,
    "war_cost_us": 1, "war_cost_bold": 9, "war_cost_wary": 10,
}


@pytest.mark.parametrize(("lethality", "attack"), [("1/5", "1"), ("6/25", "1"), ("13/50", "0"), ("1/2", "0")])
def test_the_fear_of_an_accident_deters_exactly_from_gain_over_harm(lethality, attack):
    # Iran, of either type, gets 1 - 4*lethality from an attack: it attacks below 1/4 and holds above.
    solution = dt.solve(RETALIATION.build(), point=point(**ACCIDENT, lethality=lethality))
    assert [entry.to_dict()["events"]["deterrence_failure"] for entry in solution] == [attack]
