"""`reputation` against Kreps and Wilson's formulas, the points of the canon, and the game written out as a tree."""

from __future__ import annotations

import itertools
import json
import random
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import deterrence as dt
from deterrence import models
from deterrence.assessment import Assessment
from deterrence.certify import certify as certify_tree
from deterrence.checks.reputation import Profile, Stakes, certify, rational
from deterrence.enclosures import Enclosure
from deterrence.errors import NotSupportedError
from deterrence.game import Move, PayoffRule, build_game
from deterrence.models.reputation import tree
from deterrence.parameters import Parameter, ParameterSpace
from deterrence.solvers.reputation import plan_of

REPUTATION = models.get("reputation")
SCENARIO = Path(__file__).parent.parent / "scenarios" / "iraq-syria-2023-10-reputation.toml"
CANON = json.loads((Path(__file__).parent / "canon" / "points-dynamic.json").read_text())
POINTS = {p["id"]: p for model in CANON["models"] if model["model"] == "M02_kreps_wilson" for p in model["points"]}
INSIDE = {key: point for key, point in POINTS.items() if "b" in point["expected"]}
OUTSIDE = {key: point for key, point in POINTS.items() if "b" not in point["expected"]}
ONE = Fraction(1)


def number(value):
    """A number of `flint`, or a plain one, as a fraction."""
    return Fraction(int(value.p), int(value.q)) if hasattr(value, "p") else Fraction(value)


def point(toughness, b="1/2", loss=2, answer_cost=1, discount=1, shame=1, peace=1):
    """Stakes with gain b and harm 1 - b, so that gain/(gain + harm) is b."""
    b = Fraction(b)
    values = {"toughness": toughness, "gain": b, "harm": 1 - b, "loss": loss, "answer_cost": answer_cost,
              "shame": shame, "peace": peace, "discount": discount}
    return {name: Fraction(value) for name, value in values.items()}


def plan(periods, values):
    return plan_of(REPUTATION.build({"periods": periods}), values)


def solved(periods, values):
    return dt.solve(REPUTATION.build({"periods": periods}), point=values)


# The published equilibrium


class KrepsWilson:
    """Strategies and beliefs by the formulas of canon/results-dynamic.md, M02."""

    def __init__(self, values):
        self.p0 = values["toughness"]
        self.b = values["gain"] / (values["gain"] + values["harm"])
        self.a = values["loss"] / values["answer_cost"]
        self.delta = values["discount"]

    def attack(self, n, p):
        return ONE if p < self.b**n else Fraction(0) if p > self.b**n else 1 - 1 / (self.delta * self.a)

    def answer(self, n, p):
        if n == 1 or p == 0:
            return Fraction(0)
        bar = self.b ** (n - 1)
        return ONE if p >= bar else (1 - bar) * p / ((1 - p) * bar)

    def after_answer(self, n, p):
        return max(self.b ** (n - 1), p) if p else p

    def value(self, n):
        """Of the weak US in units of the cost of an answer, over being attacked in each period."""
        if self.p0 < self.b**n:
            return Fraction(0)
        if self.p0 == self.b**n:
            return 1 / self.delta
        k = next(k for k in itertools.count(1) if self.b**k < self.p0)
        m = n - k + 1
        if m <= 0:
            return Fraction(0)
        total = self.a * sum((self.delta**i for i in range(m)), Fraction(0))
        return total + (self.delta ** (m - 1) if self.p0 == self.b ** (k - 1) else 0)


def toughness_near(rng, b, periods):
    """Somewhere between two powers of b, or at one."""
    i = rng.randint(0, periods)
    share = Fraction(rng.randint(1, 9), 10)
    return rng.choice([b ** (i + 1) + (b**i - b ** (i + 1)) * share, b ** (i + 1)])


def inside_region(seed, periods):
    rng = random.Random(seed)
    b = Fraction(rng.randint(1, 9), 10)
    loss = Fraction(rng.randint(2, 30), rng.randint(1, 5))
    discount = rng.choice([ONE, Fraction(19, 20), Fraction(1, 2)])
    cost = loss * discount * Fraction(rng.randint(1, 19), 20)
    return point(toughness_near(rng, b, periods), b, loss, cost, discount)


@pytest.mark.parametrize("periods", range(2, 13))
@pytest.mark.parametrize("seed", range(6))
def test_equal_to_kreps_and_wilson_up_to_twelve_periods(periods, seed):
    values = inside_region(100 * periods + seed, periods)
    published = KrepsWilson(values)
    solution = solved(periods, values)
    assert solution.complete
    (entry,) = solution
    assert entry.certificate.holds
    p0 = values["toughness"]
    for period in range(1, periods + 1):
        n = periods - period + 1
        records = {"nothing learned": p0}
        # Just after an answer the belief is b**n; if it was quiet since, b**(n + 1).
        records |= {f"attack {period - age} answered": published.b ** (n + age - 1) for age in (1, 2) if period > age}
        for record, belief in records.items():
            name = f"group {period}, {record}"
            if record != "nothing learned" and belief < p0:
                assert name not in entry.strategy
                continue
            assert entry.beliefs[name] == {"tough": belief, "weak": 1 - belief}
            assert entry.strategy[name]["attack"] == published.attack(n, belief)
            assert entry.strategy[f"US, weak, period {period}, {record}"]["answer"] == published.answer(n, belief)
        assert entry.figures[f"belief that deters group {period}"] == published.b**n
    assert entry.strategy["group, after the US gave way"]["attack"] == 1
    assert entry.strategy["US, weak, after it gave way"]["answer"] == 0
    assert entry.strategy["US, tough"]["answer"] == 1
    path = [p0]
    for period in range(1, periods + 1):
        path.append(published.after_answer(periods - period + 1, path[-1]))
        assert entry.figures[f"belief if every attack up to period {period} was answered"] == path[-1]
    losses = values["loss"] * sum((values["discount"] ** i for i in range(periods)), Fraction(0))
    weak = entry.figures["payoff of the US if weak"]
    assert weak == -losses + published.value(periods) * values["answer_cost"]


@pytest.mark.parametrize("key", INSIDE)
def test_points_of_the_canon(key):
    given, expected = INSIDE[key]["params"], INSIDE[key]["expected"]
    values = {
        "toughness": given["p0"], "gain": given["g"], "harm": given["h"], "loss": given["l"],
        "answer_cost": given["r"], "discount": given["delta"], "shame": 1, "peace": 1,
    }
    values = {name: Fraction(value) for name, value in values.items()}
    n = given["N"]
    assert KrepsWilson(values).b == Fraction(expected["b"])
    (entry,) = solved(n, values)
    assert entry.events["first_attack"] == Fraction(expected["attack_prob_first"])
    assert entry.strategy["group 1, nothing learned"]["attack"] == Fraction(expected["attack_prob_first"])
    weak = entry.strategy["US, weak, period 1, nothing learned"]["answer"]
    assert weak == Fraction(expected["weak_fight_prob_first"])
    belief = entry.figures["belief if every attack up to period 1 was answered"]
    assert belief == Fraction(expected["belief_after_retaliation"])
    assert entry.figures["groups deterred for certain"] == expected["n_deterred_for_sure"]
    assert max(0, n - expected["k"] + 1) == expected["n_deterred_for_sure"]
    losses = values["loss"] * sum((values["discount"] ** i for i in range(n)), Fraction(0))
    value = (entry.figures["payoff of the US if weak"] + losses) / values["answer_cost"]
    assert value == Fraction(expected["weak_value_normalised_units_r"])


@pytest.mark.parametrize("key", OUTSIDE)
def test_outside_the_region_the_published_profile_is_no_equilibrium_and_another_is(key):
    given = OUTSIDE[key]["params"]
    values = {
        "toughness": given["p0"], "gain": given["g"], "harm": given["h"], "loss": given["l"],
        "answer_cost": given["r"], "discount": given["delta"], "shame": 1, "peace": 1,
    }
    values = {name: Fraction(value) for name, value in values.items()}
    n = given["N"]
    published = KrepsWilson(values)
    profile = Profile(
        tuple(rational(published.b**k) for k in range(1, n + 1)), tuple(rational(published.b**k) for k in range(n)),
        (rational(max(Fraction(0), 1 - 1 / (published.delta * published.a))),),
        tuple(rational(max(Fraction(0), published.attack(k, values["toughness"]))) for k in range(1, n + 1)),
    )
    check = certify(Stakes(**{name: rational(value) for name, value in values.items()}), profile)
    assert check.holds is POINTS[key]["expected"]["profile_is_equilibrium"]
    assert "weak US" in check.fails_at[0]
    (entry,) = solved(n, values)
    assert entry.certificate.holds
    # Three groups, an unanswered attack costs a fifth of an answer: it never pays.
    assert entry.label == "none deterred; never answered by the weak"


def test_a_thousand_periods_in_a_second():
    game = REPUTATION.build({"periods": 1_000})
    values = point("1/1000000000000", "19/20", 2, 1, "19/20")
    started = time.process_time()
    (entry,) = dt.solve(game, point=values)
    spent = time.process_time() - started
    assert spent < 1
    assert entry.certificate.holds
    # (19/20)**538 > 10**-12 > (19/20)**539, so all but the last 538 are deterred.
    assert Fraction(19, 20) ** 538 > values["toughness"] > Fraction(19, 20) ** 539
    assert entry.label == "all but the last 538 deterred"
    assert entry.figures["groups deterred for certain"] == 1_000 - 538
    assert isinstance(entry.figures["belief that deters group 1"], Enclosure)
    assert float(entry.figures["belief that deters group 1"]) == pytest.approx(0.95**1000, rel=1e-9)


# The game written out


def state(found, record):
    """What a record shows: ``"gone"`` after giving way, the period of the last answer that told something, or None."""
    last = None
    for k, what in enumerate(record, 1):
        if what == "give way":
            return "gone"
        if what == "answer" and (last is not None or found.raised(found.periods - k)):
            last = k
    return last


def assessment(found, game):
    """Strategies and beliefs of a plan at every information set of the tree."""
    strategy, beliefs = {}, {}
    for infoset in game.infosets:
        record = [label.rsplit(" ", 1)[0] for label in infoset.histories[0][1:]]
        record = [what for what in record if what != "attack"]
        seen, period = state(found, record), len(record) + 1
        left = found.periods - period + 1
        if infoset.player == "US":
            level = None if seen in (None, "gone") else found.landing(found.periods - seen)
            tough = infoset.histories[0][0] == "tough"
            chance = 1 if tough else 0 if seen == "gone" else found.answer(left - 1, level)
        else:
            belief = Fraction(0)
            chance = 1
            if seen is None:
                chance, belief = found.untested(left), number(found.belief(None))
            elif seen != "gone":
                chance = found.attack(left, period - seen)
                belief = number(found.powers[found.landing(found.periods - seen)])
            keys = [", ".join(history) for history in infoset.histories]
            assert [key.split(", ")[0] for key in keys] == ["tough", "weak"]
            beliefs[infoset.name] = dict(zip(keys, (belief, 1 - belief), strict=True))
        strategy[infoset.name] = dict(zip(infoset.actions, (number(chance), 1 - number(chance)), strict=True))
    return strategy, beliefs


TREES = {periods: tree(periods) for periods in (1, 2, 3, 4)}


def any_stakes(seed):
    rng = random.Random(seed)
    periods = rng.choice([1, 2, 2, 3, 3, 3, 4])
    b = Fraction(rng.randint(1, 9), 10)
    values = point(
        toughness_near(rng, b, periods), b, Fraction(rng.randint(1, 6), rng.randint(1, 4)),
        Fraction(rng.randint(1, 9), rng.randint(1, 3)), rng.choice([ONE, ONE, Fraction(9, 10), Fraction(1, 2)]),
        peace=rng.randint(0, 2),
    )
    return periods, values


@pytest.mark.parametrize("seed", range(90))
def test_on_the_tree_it_is_an_equilibrium_at_every_information_set_with_the_same_figures(seed):
    periods, values = any_stakes(seed)
    found = plan(periods, values)
    game = TREES[periods].at(values)
    strategy, beliefs = assessment(found, game)
    assert certify_tree(game, strategy, beliefs, "pbe").holds
    written_out = Assessment(game, strategy, beliefs)
    (entry,) = solved(periods, values)
    outcomes = written_out.outcomes
    assert entry.events["deterrence_failure"] == sum(p for key, p in outcomes.items() if "attack" in key)
    assert entry.events["spiral"] == sum(p for key, p in outcomes.items() if "answer" in key)
    assert entry.events["first_attack"] == sum(p for key, p in outcomes.items() if "attack 1" in key)
    assert entry.figures["expected attacks"] == sum(p * key.count("attack") for key, p in outcomes.items())
    assert entry.figures["expected answers"] == sum(p * key.count("answer") for key, p in outcomes.items())
    assert entry.payoffs["US"] == written_out.payoffs["US"]
    assert entry.payoffs["groups"] == sum(written_out.payoffs[name] for name in game.players[1:])
    p = values["toughness"]
    types = entry.figures["payoff of the US if tough"], entry.figures["payoff of the US if weak"]
    assert entry.payoffs["US"] == p * types[0] + (1 - p) * types[1]


def test_the_trees_meet_every_case():
    kinds = {(periods, plan(periods, values).patience) for periods, values in map(any_stakes, range(90))}
    assert {(3, 1), (3, 2), (3, 3), (4, 2)} <= kinds


def trembling(periods, slip):
    """The game with a US that is tough by nature and groups whose orders miscarry with a small chance, the last's not.

    Every record without a surprise of the US is reached, so that Bayes' rule holds there: its perfect Bayesian
    equilibria have the chances of an answer, and the beliefs, of the sequential equilibria of the game without slips.
    """
    space = ParameterSpace(
        tuple(Parameter(name) for name in ("toughness", "gain", "harm", "loss", "answer_cost", "discount"))
    )
    moves = [Move("chance", "type", None, {"tough": "toughness", "weak": "1 - toughness"})]
    payoffs = []
    for k in range(1, periods + 1):
        slips = k < periods
        weight = f"discount**{k - 1}"
        for record in itertools.product(("hold", "answer", "give way"), repeat=k - 1):
            paths = {kind: paths_of(kind, record) for kind in ("tough", "weak")}
            if "give way" in record:
                paths["tough"] = []
            name = ", ".join(record) or "start"
            every = [*paths["tough"], *paths["weak"]]
            acts = [f"{'order ' if slips else ''}{act} {k}" for act in ("attack", "hold")]
            moves.append(Move(f"group {k}", f"group {k}: {name}", tuple(every), dict.fromkeys(acts)))
            attacked = [f"attack {k}"]
            if slips:
                for order, chance in zip(acts, (1 - slip, slip), strict=True):
                    moves.append(Move("chance", "", tuple(f"{path}, {order}" for path in every),
                                      {f"attack {k}": chance, f"hold {k}": 1 - chance}))
                attacked = [f"{order}, attack {k}" for order in acts]
            for kind, of_kind in paths.items():
                if of_kind:
                    after = tuple(f"{path}, {how}" for path in of_kind for how in attacked)
                    replies = [f"answer {k}"] if kind == "tough" else [f"answer {k}", f"give way {k}"]
                    moves.append(Move("US", f"{kind} {k}: {name}", after, dict.fromkeys(replies)))
        payoffs += [
            PayoffRule(when=(f"give way {k}",), amounts={f"group {k}": "gain"}),
            PayoffRule(when=(f"answer {k}",), amounts={f"group {k}": "-harm"}),
            PayoffRule(when=("weak", f"attack {k}"), amounts={"US": f"-loss*{weight}"}),
            PayoffRule(when=("weak", f"answer {k}"), amounts={"US": f"-answer_cost*{weight}"}),
        ]
    players = ["US", *(f"group {k}" for k in range(1, periods + 1))]
    return build_game("orders that may miscarry", players, space, moves, payoffs)


def paths_of(kind, record):
    """Every history, orders included, with this record."""
    found = [kind]
    for k, what in enumerate(record, 1):
        step = f"hold {k}" if what == "hold" else f"attack {k}, {what} {k}"
        found = [f"{path}, {order} {k}, {step}" for path in found for order in ("order attack", "order hold")]
    return found


@pytest.mark.parametrize(
    ("periods", "toughness"), [(2, "3/5"), (2, "3/8"), (2, "3/16"), (2, "1/16"), (3, "3/8"), (3, "3/16")]
)
def test_no_other_sequential_equilibrium_by_exhausting_supports(periods, toughness):
    values = point(toughness, "1/2", 1, "4/5", "9/10")
    given = {name: values[name] for name in ("toughness", "gain", "harm", "loss", "answer_cost", "discount")}
    solution = dt.solve(trembling(periods, Fraction(1, 100)), point=given)
    assert solution.complete
    (entry,) = solution
    found = plan(periods, values)
    compared = 0
    for name, row in entry.strategy.items():
        who, _, rest = name.partition(": ")
        record = [] if rest == "start" else rest.split(", ")
        seen, period = state(found, record), len(record) + 1
        left = periods - period + 1
        if seen == "gone":
            continue
        level = None if seen is None else found.landing(periods - seen)
        if who.startswith("weak"):
            assert row[f"answer {period}"] == number(found.answer(left - 1, level))
            compared += 1
        elif who.startswith("group"):
            act = next(iter(row))
            planned = found.untested(left) if seen is None else found.attack(left, period - seen)
            # Where a group mixes, its orders make up for the slips.
            assert (row[act] in (0, 1)) == (number(planned) in (0, 1))
            assert number(planned) not in (0, 1) or row[act] == number(planned)
            beliefs = entry.beliefs[name]
            assert sum(p for key, p in beliefs.items() if key.startswith("tough")) == number(found.belief(level))
            compared += 1
    assert compared >= 2 * periods


@pytest.mark.parametrize("toughness", ["3/5", "3/8", "3/16", "1/16"])
def test_it_is_among_the_equilibria_of_the_tree(toughness):
    values = point(toughness, "1/2", 1, "4/5", "9/10")
    found = plan(2, values)
    game = TREES[2].at(values)
    strategy, beliefs = assessment(found, game)
    outcomes = dict(Assessment(game, strategy, beliefs).outcomes)
    solution = dt.solve(TREES[2], point=values)
    assert outcomes in [dict(entry.outcomes) for entry in solution]


# Claims


def test_a_group_holds_where_the_belief_exceeds_the_threshold():
    # b = g/(g + h): the first of three holds where toughness*(g + h)**3 > g**3.
    text = SCENARIO.read_text().replace("periods = 6", "periods = 3")
    atlas = dt.atlas(dt.loads(text), over=("toughness", "gain", "harm"))
    assert atlas.complete
    statement = "P[first_attack] == 0 when toughness*(gain + harm)**3 > gain**3"
    assert dt.prove(atlas, statement).status == "proved"
    statement = "P[first_attack] == 1 when toughness*(gain + harm)**3 < gain**3"
    assert dt.prove(atlas, statement).status == "proved"


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 9), st.integers(0, 8), st.integers(1, 9), st.integers(1, 60))
def test_the_number_at_risk_does_not_depend_on_the_horizon(tenths, i, share, periods):
    b = Fraction(tenths, 10)
    toughness = b ** (i + 1) + (b**i - b ** (i + 1)) * Fraction(share, 10)
    found = plan(periods, point(toughness, b))
    assert found.first == min(i, periods)
    # Neither does it depend on what an attack or an answer costs, as long as one quiet period pays for an answer.
    assert plan(periods, point(toughness, b, 7, "13/2")).first == min(i, periods)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 9), st.integers(1, 6), st.integers(1, 9), st.integers(2, 40), st.integers(1, 30))
def test_thresholds_follow_from_the_patience(tenths, loss, cost, periods, years):
    discount = Fraction(years, years + 1)
    b = Fraction(tenths, 10)
    values = point(b**2 / 2, b, loss, cost, discount)
    found = plan(periods, values)
    paid = [loss * sum((discount ** (i + 1) for i in range(k)), Fraction(0)) for k in range(periods + 1)]
    assert paid[found.patience - 1] < cost
    assert paid[found.patience] >= cost or found.patience == periods
    for left in range(1, periods + 1):
        assert number(found.powers[found.threshold(left)]) == b ** (-(-left // found.patience))
    assert certify(found.stakes, found.profile).holds


def test_the_longer_the_horizon_the_less_toughness_deters_the_first_group():
    for periods in range(2, 30):
        bounds = [plan(n, point("1/2", "3/5")) for n in (periods, periods + 1)]
        assert bounds[1].powers[bounds[1].threshold(periods + 1)] < bounds[0].powers[bounds[0].threshold(periods)]


def test_early_harm_pays_before_groups_that_are_deterred_and_is_a_loss_at_the_end():
    name = "gain of the weak US from answering a first attack in period 1"
    # b = 1/2, toughness 3/8: all but the last are deterred. With 5 periods an answer buys 3 quiet ones: 3*2 - 1.
    (entry,) = solved(5, point("3/8"))
    assert entry.figures[name] == 5
    (entry,) = solved(5, point("1/100"))
    assert entry.figures[name] == 0
    (entry,) = solved(1, point("1/100"))
    assert entry.figures[name] == -1


def test_with_patience_two_what_a_group_does_depends_on_how_long_ago_the_answer_was():
    # loss 1, cost 3/2, no discount: one quiet period is worth 1 < 3/2 <= 2.
    found = plan(5, point("1/64", "1/2", 1, "3/2"))
    assert found.patience == 2
    # x_0 = 1 - (3/2)/2 and x_1 = 1 - (3/2 - 1)/2.
    assert [number(x) for x in found.mixing] == [Fraction(1, 4), Fraction(3, 4)]
    solution = solved(5, point("1/64", "1/2", 1, "3/2"))
    assert not solution.complete
    assert "1/4 after 0, 3/4 after 1" in " ".join(solution.notes)


# The certificate


SPOILED = [
    ("thresholds", 2), ("thresholds", 0), ("landings", 1), ("landings", 3), ("mixing", 0), ("untested", 1),
    ("untested", 4),
]


@pytest.mark.parametrize(("field", "index"), SPOILED)
def test_a_changed_strategy_fails_its_certificate(field, index):
    found = plan(5, point("3/40", "1/2", 2, 1, "9/10"))
    assert certify(found.stakes, found.profile).holds
    row = list(getattr(found.profile, field))
    row[index] = 1 - row[index] if field == "untested" else row[index] * rational(Fraction(9, 10))
    check = certify(found.stakes, replace(found.profile, **{field: tuple(row)}))
    assert not check.holds
    assert check.nash_regret > 0
    assert check.fails_at


def test_a_tough_us_that_would_rather_give_way_fails():
    found = plan(3, point("1/2"))
    assert not certify(replace(found.stakes, shame=rational(Fraction(0))), found.profile).holds


# The atlas


@pytest.mark.parametrize("periods", [1, 2, 3, 4])
def test_the_atlas_says_what_solve_finds(periods):
    game = REPUTATION.build({"periods": periods})
    atlas = dt.atlas(game)
    assert atlas.complete == (periods == 1)
    for seed in range(25):
        rng = random.Random(1000 * periods + seed)
        b = Fraction(rng.randint(1, 9), 10)
        values = point(
            toughness_near(rng, b, periods), b, Fraction(rng.randint(1, 6), rng.randint(1, 4)),
            Fraction(rng.randint(1, 9), rng.randint(1, 3)), rng.choice([ONE, Fraction(9, 10)]),
        )
        (entry,) = dt.solve(game, point=values)
        (family,) = [family for family in atlas if family.holds(values)]
        assert family.label == entry.label
        found = plan(periods, values)
        given = {**values, "x": number(found.on_the_edge)} if found.edged else values
        assert bool(family.quantities) == bool(entry.free.quantities) == found.edged
        assert {name: value.evaluate(given) for name, value in family.events.items()} == dict(entry.events)
        assert {name: value.evaluate(given) for name, value in family.payoffs.items()} == dict(entry.payoffs)
        assert set(family.strategy) == set(entry.strategy)
        for name, row in family.strategy.items():
            assert {act: value.evaluate(given) for act, value in row.items()} == dict(entry.strategy[name])
        for name, row in family.beliefs.items():
            assert {kind: value.evaluate(given) for kind, value in row.items()} == dict(entry.beliefs[name])


def test_closed_forms_end_where_it_is_said():
    with pytest.raises(NotSupportedError, match="up to 8 periods"):
        dt.atlas(REPUTATION.build({"periods": 9}))


def test_a_sweep_in_closed_form_and_one_that_solves_agree():
    scenario = dt.load(SCENARIO)
    over = {"toughness": [Fraction(k, 50) for k in range(1, 49, 6)]}
    closed = dt.sweep(scenario, over=over)
    solved_each = dt.sweep(scenario, over=over, method="solve")
    assert closed.attrs["method"] == "atlas"
    for name in ("P_max[spiral]", "P_min[deterrence_failure]", "payoff_max[US]"):
        assert closed[name].values == pytest.approx(solved_each[name].values, abs=1e-12)


def test_on_a_knife_edge_a_sweep_takes_the_ends_of_what_is_free():
    scenario = dt.load(SCENARIO)
    # b = 2/3: at toughness b**2 the last but one is indifferent, and the last attacks for certain.
    grid = dt.sweep(scenario, over={"toughness": [Fraction(4, 9)]}, method="solve")
    assert grid["P_min[deterrence_failure]"].values.tolist() == [1]
    grid = dt.sweep(scenario, over={"toughness": [Fraction(2, 3)]}, method="solve")
    # At toughness b the last group alone is indifferent.
    assert grid["P_min[deterrence_failure]"].values.tolist() == [0]
    assert grid["P_max[deterrence_failure]"].values.tolist() == [1]
    assert grid["P_max[spiral]"].values.tolist() == pytest.approx([2 / 3])
