"""`understanding`: conditions against one-shot deviations, events against the chain of play, published formulas."""

from __future__ import annotations

import itertools
from fractions import Fraction
from functools import cache
from random import Random

import pytest

import deterrence as dt
from deterrence import models
from deterrence.atlas import Atlas
from deterrence.checks import understanding as check
from deterrence.checks.automata import Automaton, judge
from deterrence.errors import NotSupportedError
from deterrence.expressions import exact
from deterrence.solvers import members
from deterrence.solvers.agreements import PATTERNS
from deterrence.solvers.understanding import LABELS

MODEL = models.get("understanding")
SHIPPED = "scenarios/iraq-syria-2023-understanding.toml"
RULES = [
    {"punishment": "grim"}, {"punishment": "periods", "periods": 1}, {"punishment": "periods", "periods": 3},
    {"punishment": "lottery"},
]


def some(rng, low, high, parts=12):
    return Fraction(rng.randint(low * parts, high * parts), parts)


def drawn(rng, rule, *, ordered=False):
    """A random point; `ordered` for a prisoner's dilemma on both sides."""
    values = {}
    for side in ("us", "iran"):
        gain = some(rng, 0, 1) + Fraction(1, 12) if ordered else some(rng, -1, 2)
        conflict = some(rng, 0, 4) + Fraction(1, 12) if ordered else some(rng, -1, 4)
        values |= {
            f"gain_{side}": gain, f"conflict_{side}": conflict,
            f"loss_{side}": conflict + some(rng, 0, 2) if ordered else some(rng, -1, 5),
            f"shock_gain_{side}": some(rng, 0, 1), f"patience_{side}": Fraction(rng.randint(8 * ordered, 19), 20),
            f"detection_{side}": Fraction(rng.randint(6 * ordered, 12), 12),
        }
    values |= {"accident": Fraction(rng.randint(0, 6), 40), "shock": Fraction(rng.choice([0, 1, 3, 6]), 8)}
    if rule["punishment"] != "lottery":
        values["answer"] = Fraction(rng.randint(1, 6), 6)
    return values


def agreement(rule, values, pattern, answer):
    """An understanding as the certificate takes it."""
    names = ("gain", "shock_gain", "loss", "conflict", "patience", "detection")
    return check.Agreement(
        {p: {name: values[f"{name}_{p.lower()}"] for name in names} for p in ("US", "Iran")},
        values["accident"], values["shock"], answer, rule.get("periods"), pattern.covered, pattern.threat,
        "" if pattern.alone is None else ("US", "Iran")[pattern.alone],
    )


def kept(rule, values, pattern, answer):
    """Whether nobody gains by a single deviation."""
    return check.certify(agreement(rule, values, pattern, answer)).holds


# The conditions


@pytest.mark.parametrize("rule", RULES[:3], ids=lambda rule: "-".join(map(str, rule.values())))
def test_an_understanding_is_listed_exactly_if_no_single_deviation_pays(rule):
    rng, game, listed = Random(1), MODEL.build(rule), 0
    for n in range(120):
        values = drawn(rng, rule, ordered=n % 2 == 0)
        labels = [entry.label for entry in dt.solve(game, point=values)]
        for pattern in PATTERNS:
            if pattern.key in ("except", "calm trust") and values["shock"] == 0:
                assert LABELS[pattern.key] not in labels
                continue
            found = kept(rule, values, pattern, values["answer"] if pattern.threat else Fraction(0))
            assert (LABELS[pattern.key] in labels) == found
            listed += found and pattern.threat
    assert listed > 10


def test_the_answers_of_a_lottery_are_exactly_those_that_keep_it():
    rng, rule, seen = Random(2), RULES[3], 0
    game = MODEL.build(rule)
    for n in range(60):
        values = drawn(rng, rule, ordered=n % 3 != 0)
        found = {entry.label: entry for entry in dt.solve(game, point=values)}
        for pattern in PATTERNS[:2]:
            if pattern.key == "except" and values["shock"] == 0:
                continue
            tried = {Fraction(k, 7): kept(rule, values, pattern, Fraction(k, 7)) for k in range(8)}
            entry = found.get(LABELS[pattern.key])
            if entry is None:
                assert not any(tried.values())
                continue
            low, high = ends(entry)
            assert all(yes == (low <= answer <= high) for answer, yes in tried.items())
            for end, beyond in ((low, low - Fraction(1, 10**9)), (high, high + Fraction(1, 10**9))):
                assert kept(rule, values, pattern, end)
                assert not 0 <= beyond <= 1 or not kept(rule, values, pattern, beyond)
            seen += 0 < low < 1
    assert seen > 5


def ends(entry):
    """The least and the greatest answer of an entry, from what it says may vary."""
    if not entry.free.pieces:
        chance = entry.figures["chance in a period of restraint that a punishment begins"]
        assert chance is not None
        return (entry.figures["least chance of an answer that suffices"],) * 2
    (piece,) = entry.free.pieces
    return exact(piece[0].split(" <= ")[0]), exact(piece[1].split(" <= ")[1])


@cache
def atlas_of(punishment, periods, horizon) -> Atlas:
    options = {"punishment": punishment, "horizon": horizon, **({"periods": periods} if periods else {})}
    return dt.atlas(MODEL.build(options))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: "-".join(map(str, rule.values())))
def test_the_atlas_says_the_same_as_every_point(rule):
    rng, horizon = Random(3), 3
    atlas = atlas_of(rule["punishment"], rule.get("periods"), horizon)
    game = MODEL.build({**rule, "horizon": horizon})
    assert [family.label for family in atlas] == list(LABELS.values())[: len(atlas)] or len(atlas) == 6
    for n in range(80):
        values = drawn(rng, rule, ordered=n % 2 == 0)
        found = {entry.label: entry for entry in dt.solve(game, point=values)}
        assert [family.label for family in atlas if family.holds(values)] == list(found)
        for label, entry in found.items():
            family = atlas[label]
            at = {**values, "kappa": ends(entry)[0]} if family.quantities else values
            assert any(all(c.holds(at) for c in piece) for piece in family.pieces)
            for name, value in (*entry.events.items(), *entry.payoffs.items()):
                assert (family.events | family.payoffs)[name].evaluate(at) == value
            assert {k: {a: v.as_fraction() for a, v in row.items()} for k, row in family.strategy.items()} == dict(
                entry.strategy
            )


# Events and figures against the chain of play


def forward(values, rule, covered, answer, horizon):
    """P(a side attacks) and P(a punishment begins) within a horizon, by the periods one after another."""
    quiet, calm = Fraction(1), Fraction(1)  # no attack yet; no punishment yet
    failure = spiral = Fraction(0)
    seasons = {"calm": 1 - values["shock"], "shock": values["shock"]}
    for period in range(horizon):
        shown = sum((w for season, w in seasons.items() if season not in covered), Fraction(0))
        hit = sum((w for season, w in seasons.items() if season in covered), Fraction(0)) * values["accident"] * answer
        if period == horizon - 1:
            failure += quiet * shown
        else:
            failure += quiet * shown + quiet * hit  # who is punished is attacked in the next period
            quiet *= 1 - shown - hit
        spiral += calm * hit
        calm *= 1 - hit
    return failure, spiral


@pytest.mark.parametrize("horizon", [1, 2, 7])
def test_events_are_those_of_the_chain_of_play(horizon):
    rng, rule = Random(4), {"punishment": "grim"}
    game, seen = MODEL.build({**rule, "horizon": horizon}), 0
    for _ in range(60):
        values = drawn(rng, rule, ordered=True)
        for entry in dt.solve(game, point=values):
            if entry.label == "no restraint":
                assert dict(entry.events) == {"deterrence_failure": 1, "spiral": 1}
                continue
            pattern = next(p for p in PATTERNS if LABELS[p.key] == entry.label)
            wanted = forward(values, rule, pattern.covered, values["answer"] if pattern.threat else 0, horizon)
            assert tuple(entry.events.values()) == wanted
            seen += pattern.threat
    assert seen > 10


def test_the_long_run_share_of_conflict_is_that_of_the_stationary_chain():
    # Renewal: restraint lasts 1/e periods on average, then three of punishment; of the first 1 - m are uncovered.
    scenario = dt.load(SHIPPED)
    for entry in dt.solve(scenario):
        if entry.figures:
            e = entry.figures["chance in a period of restraint that a punishment begins"]
            assert entry.figures["expected periods until a punishment begins"] == 1 / e
            m = 1 - scenario.point["shock"]
            conflict, cycle = 4 + (1 - m) / e, 4 + 1 / e
            assert entry.figures["long-run share of periods of conflict"] == conflict / cycle


# Published formulas, both sides alike


PATIENT = {"patience_us": Fraction(99, 100), "patience_iran": Fraction(99, 100)}

def alike(rng, rule):
    """A prisoner's dilemma that is the same for both, without shocks, answered for certain."""
    one = {
        "gain": some(rng, 0, 2) + Fraction(1, 12), "conflict": some(rng, 0, 4) + Fraction(1, 12), "shock_gain": 0,
        "patience": Fraction(rng.randint(1, 39), 40), "detection": Fraction(rng.randint(12, 24), 24),
    }
    one["loss"] = one["conflict"] + Fraction(1, 2)
    values = {f"{name}_{side}": exact(value) for name, value in one.items() for side in ("us", "iran")}
    values |= {"accident": Fraction(rng.randint(0, 8), 24), "shock": Fraction(0)}
    return values | ({} if rule["punishment"] == "lottery" else {"answer": Fraction(1)})


def test_critical_patience_and_the_best_payoff_under_noise():
    rng, seen = Random(5), 0
    for _ in range(200):
        values = alike(rng, {"punishment": "lottery"})
        g, c, e, q, delta = (values[name] for name in (
            "gain_us", "conflict_us", "accident", "detection_us", "patience_us"))
        found = dt.solve(MODEL.build({"punishment": "lottery"}), point=values)
        entry = next((entry for entry in found if entry.label == "restraint always"), None)
        room = g * (1 - e) + (q - e) * c
        if (q - e) * c <= e * g or delta < g / room:
            assert entry is None
            continue
        assert entry is not None
        assert entry.figures["least patience that suffices"] == g / room
        assert ends(entry)[0] == g * (1 - delta) / (delta * ((q - e) * c - e * g))
        assert dict(entry.payoffs) == dict.fromkeys(("US", "Iran"), -e * g / (q - e))
        grim = dt.solve(MODEL.build({"punishment": "grim"}), point={**values, "answer": Fraction(1)})
        assert "restraint always" in [entry.label for entry in grim]
        seen += e > 0
    assert seen > 30


def test_longer_punishments_need_less_patience():
    rng, tried = Random(6), 0
    for _ in range(12):
        values = alike(rng, {"punishment": "periods"}) | PATIENT
        rules = [*({"punishment": "periods", "periods": k} for k in (1, 2, 3, 5, 8, 40)), {"punishment": "grim"}]
        found = [
            entry.figures["least patience that suffices"]
            for rule in rules
            for entry in dt.solve(MODEL.build(rule), point=values)
            if entry.label == "restraint always"
        ]
        assert all(later < earlier for earlier, later in itertools.pairwise(found))
        tried += len(found)
    assert tried > 30


@pytest.mark.parametrize("periods", [1, 2, 4, 12])
def test_the_critical_patience_for_punishments_of_several_periods_is_the_border(periods):
    rng, rule, seen = Random(7), {"punishment": "periods", "periods": periods}, 0
    game = MODEL.build(rule)
    for _ in range(30):
        values = alike(rng, rule) | PATIENT
        entry = next((e for e in dt.solve(game, point=values) if e.label == "restraint always"), None)
        if entry is None:
            continue
        least = entry.figures["least patience that suffices"]
        low, high = (least, least) if isinstance(least, Fraction) else least.bounds(60)
        tiny = Fraction(1, 2**50)
        for patience, holds in ((low - tiny, False), (high + tiny, True)):
            there = values | {"patience_us": patience, "patience_iran": patience}
            assert kept(rule, there, PATTERNS[0], Fraction(1)) == holds
        fewest = entry.figures["fewest periods of punishment that suffice"]
        for number, holds in ((fewest - 1, False), (fewest, True)):
            assert number == 0 or kept({"periods": int(number)}, values, PATTERNS[0], Fraction(1)) == holds
        seen += 1
    assert seen > 5


def test_it_bears_accidents_up_to_the_figure():
    rng, rule, seen = Random(8), {"punishment": "grim"}, 0
    game = MODEL.build(rule)
    for _ in range(60):
        values = alike(rng, rule) | {"patience_us": Fraction(9, 10)}
        entry = next((e for e in dt.solve(game, point=values) if e.label == "restraint always"), None)
        if entry is not None:
            most = entry.figures["greatest chance of an accident that it bears"]
            assert kept(rule, values | {"accident": most}, PATTERNS[0], Fraction(1))
            assert not kept(rule, values | {"accident": most + Fraction(1, 10**9)}, PATTERNS[0], Fraction(1))
            seen += 1
    assert seen > 10


# The claims that have no statement of their own, cases of signs, what is said


def test_an_understanding_suspended_in_shocks_may_need_more_patience():
    # The shock tempts nobody: covering it costs nothing, and it is half of all periods.
    values = {f"{n}_{s}": exact(v) for s in ("us", "iran") for n, v in {
        "gain": 1, "conflict": 2, "loss": 3, "shock_gain": 0, "patience": "2/5", "detection": 1}.items()}
    values |= {"accident": Fraction(0), "shock": Fraction(1, 2), "answer": Fraction(1)}
    game = MODEL.build({"punishment": "grim"})
    assert [entry.label for entry in dt.solve(game, point=values)] == ["restraint always", "no restraint"]
    half = values | {"patience_us": Fraction(1, 2), "patience_iran": Fraction(1, 2)}
    assert "restraint except in shocks" in [entry.label for entry in dt.solve(game, point=half)]


def test_who_would_rather_be_attacked_than_fight_on_is_attacked():
    scenario = dt.load(SHIPPED).with_values({"loss_us": Fraction(1, 2)})
    found = dt.solve(scenario)
    assert [entry.label for entry in found] == ["Iran alone attacks"]
    (entry,) = found
    # A month of attacks brings Iran 1/4, and 1 more in a shock.
    assert entry.payoffs == {"US": Fraction(-1, 2), "Iran": Fraction(1, 4) + Fraction(5, 94)}
    assert dict(entry.events) == {"deterrence_failure": 1, "spiral": 0}
    assert any("rather be attacked" in note for note in found.notes)


def test_where_one_side_would_match_and_the_other_not_there_is_none():
    # The US does as Iran does (attacking alone costs it), Iran the opposite (it would rather be attacked than fight).
    scenario = dt.load(SHIPPED).with_values({"gain_us": Fraction(-1), "loss_iran": Fraction(1, 2)})
    found = dt.solve(scenario)
    assert len(found) == 0
    assert found.notes[-1].startswith("no agreement of this form is kept")
    coverage = atlas_of("grim", None, 3).coverage
    assert coverage.status == "hole"
    assert not any(family.holds(coverage.point) for family in atlas_of("grim", None, 3))


def test_where_none_is_kept_other_play_may_be():
    # Nothing tempts in calm; a shock tempts Iran alone (-1 + 2 > 0), and the US would rather be attacked (1 > 0). To
    # restrain in calm, and let Iran attack in shocks, is best at once and changes nothing later.
    values = {"gain_us": 0, "loss_us": -1, "conflict_us": 0, "shock_gain_us": 0, "gain_iran": -1, "loss_iran": 1,
              "conflict_iran": 0, "shock_gain_iran": 2, "patience_us": "1/2", "patience_iran": "1/2",
              "detection_us": 0, "detection_iran": 0, "accident": 0, "shock": "1/2", "answer": "1/2"}
    found = dt.solve(MODEL.build({"punishment": "grim"}), point=values)
    assert len(found) == 0
    assert "other play may be, such as attacks by one side in some periods alone" in found.notes[-1]
    calm = {"RR": (0, 0), "AR": (0, -1), "RA": (1, -1), "AA": (0, 0)}
    shock = {**calm, "RA": (1, 1)}
    sides, half = ("US", "Iran"), Fraction(1, 2)
    play = Automaton(
        players=sides, patience=dict.fromkeys(sides, half), start={"calm": half, "shock": half},
        actions=dict.fromkeys(("calm", "shock"), dict.fromkeys(sides, ("R", "A"))),
        plan={"calm": {"US": "R", "Iran": "R"}, "shock": {"US": "R", "Iran": "A"}},
        payoff=lambda state, did: dict(
            zip(sides, map(Fraction, {"calm": calm, "shock": shock}[state][did["US"] + did["Iran"]]), strict=True)
        ),
        move=lambda state, did: {"calm": half, "shock": half},
    )
    assert judge(play, "public").holds


def test_what_is_missing_is_said_with_its_thresholds():
    notes = dt.solve(dt.load(SHIPPED)).notes
    assert any(note.startswith("restraint always is no equilibrium: Iran gains 5/4 by attacking") for note in notes)
    eager = dt.load(SHIPPED).with_values({"patience_iran": Fraction(2, 5)})
    ends = [note.partition(", or with ")[2] for note in dt.solve(eager).notes]
    assert any(end.startswith("a patience of about 0.4") and end.endswith("where it has 2/5") for end in ends)


def test_members_of_a_lottery_have_the_least_and_the_greatest_answer():
    rng, rule = Random(9), {"punishment": "lottery"}
    game = MODEL.build(rule)
    values = alike(rng, rule) | PATIENT | {"accident": Fraction(1, 24)}
    (entry, _) = dt.solve(game, point=values)
    low, high = ends(entry)
    assert high == 1
    assert [m.events["spiral"] for m in members(game, values)] == [low / 24, high / 24]


def test_it_is_solved_for_its_own_concept_only():
    scenario = dt.load(SHIPPED)
    with pytest.raises(NotSupportedError, match="public trigger"):
        dt.solve(scenario, concept="nash")
    with pytest.raises(NotSupportedError, match="refinements"):
        dt.solve(scenario, refine="intuitive")


def test_the_shipped_scenario_is_suspended_in_shocks():
    found = dt.solve(dt.load(SHIPPED))
    assert [entry.label for entry in found] == ["restraint except in shocks", "no restraint"]
    # Neither a shock in seven months nor a punishment that shows by the seventh: (1 - 5/94)^7 (1 - 1/32)^6.
    assert found[0].events["deterrence_failure"] == 1 - Fraction(89, 94) ** 7 * Fraction(31, 32) ** 6
    assert found[0].events["spiral"] == 1 - (1 - Fraction(89, 94) / 32) ** 7
