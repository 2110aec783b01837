"""The shipped scenarios: whole, sourced, and with the equilibria that were derived by hand."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

import deterrence as dt
from deterrence import models

FOLDER = Path(__file__).parent.parent / "scenarios"
FILES = sorted(FOLDER.glob("*.toml"))


def test_each_game_of_autumn_2023_has_a_scenario_that_solves():
    told = {scenario.model: dt.solve(scenario) for scenario in map(dt.load, FILES)}
    assert set(told) == {name for name in models.names() if models.get(name).shelf == "2023"}
    assert all(len(solution) for solution in told.values())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_parameter_says_on_what_it_rests(file):
    scenario = dt.load(file)
    assert [a.name for a in scenario.parameters] == list(scenario.game.space.names)
    for assumption in scenario.parameters:
        if assumption.basis != "normalisation" or assumption.range:
            low, high = assumption.range
            assert low < high
            assert low <= assumption.value <= high
        assert assumption.unit
        assert assumption.role in ("lever", "uncertainty", "constant")
        assert len(assumption.note) > 40
        assert (assumption.basis in ("observed", "estimated")) == bool(assumption.source)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_ends_of_every_range_are_admissible(file):
    scenario = dt.load(file)
    for assumption in scenario.parameters:
        for end in assumption.range or ():
            assert scenario.game.space.violations({**scenario.point, assumption.name: end}) == ()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_source_is_used_and_every_use_has_its_source(file):
    scenario = dt.load(file)
    text = " ".join(f"{a.source} {a.note}" for a in scenario.parameters)
    used = set(re.findall(r"\b[a-z]+-20[0-9]{2}(?:-[0-9a-z]+)*", text))
    assert used == set(scenario.sources)
    assert all(fields["title"] and fields["URL"].startswith("http") for fields in scenario.sources.values())


def test_slip_is_none_in_six_under_the_stated_prior():
    # A Beta(1/2, 1/2) prior and none in six: mean (0 + 1/2)/(6 + 1).
    scenario = dt.load(FOLDER / "iraq-syria-2023-10.toml")
    assert scenario.point["slip"] == Fraction(1, 2) / 7


def test_lethality_follows_from_the_counts_in_its_note():
    scenario = dt.load(FOLDER / "iraq-syria-2023-10-retaliation.toml")
    (assumption,) = (a for a in scenario.parameters if a.name == "lethality")
    rates = [Fraction(2, 83 + 23), Fraction(2, 83 + 7 + 23), Fraction(1, 83 + 23)]
    waves = [1 - (1 - rate) ** 23 for rate in rates]
    assert all(f"{float(wave):.3f}" in assumption.note for wave in waves)
    low, high = assumption.range
    assert all(low < wave < high for wave in waves)
    assert abs(assumption.value - waves[1]) < Fraction(1, 100)


def test_the_lethality_of_a_wave_is_that_of_its_groups():
    # Of 23 attacks with lethality 1/53 each, all made: 1 - (52/53)**23.
    scenario = dt.load(FOLDER / "iraq-syria-2023-10-wave.toml")
    assert scenario.point["lethality"] == 1 - Fraction(52, 53) ** 23
    other = dt.load(FOLDER / "iraq-syria-2023-10-retaliation.toml")
    assert {**scenario.point, "lethality": None} == {**other.point, "lethality": None}


def events(scenario, *names):
    solution = dt.solve(scenario)
    assert solution.complete
    return {entry.label: tuple(entry.to_dict()["events"][name] for name in names) for entry in solution}


def test_equilibria_of_the_signalling_scenario():
    # The resolved type retaliates (cost -1/4 < 0), the irresolute type never does (1 > audience_cost 1/2). Iran attacks
    # below the belief gain/punishment = 3/5 in resolve. Let a0, a1, a2 be its chances of attack after silence,
    # statement, strike; a strike costs S = 1/5 + 6/14 = 22/35 and leaves 13/14 of what follows:
    #   resolved   -3/4 a0   -3/4 a1   -S - 13/14 3/4 a2
    #   irresolute     -a0   -3/2 a1   -S - 13/14 a2
    # The prior 2/5 is below 3/5, so some signal that the irresolute type uses carries a belief of at most 2/5 and is
    # attacked. It is silence: an attacked statement (-3/2) or strike (-S - 13/14) is worse than silence at its worst
    # (-1). So the irresolute type gets -1, which gives a1 >= 2/3 and a2 >= 2/5. The resolved type, to which a strike
    # brings at most -S - 39/140 < -3/4, never strikes; nor then does the irresolute type.
    # a1 < 1: the resolved type makes the statement. a1 > 0 needs the belief 3/5, so the irresolute type mixes:
    #   a1 = 2/3, and it makes the statement with s where (2/5)/(2/5 + 3/5 s) = 3/5, s = 4/9.
    #   P(statement) = 2/5 + 4/15 = 2/3, P(attack) = 2/3 2/3 + 1/3 = 7/9.
    #   Both sides use force where the resolved type is attacked: 2/5 2/3 = 4/15.
    # a1 = 1: a statement by the resolved type alone would be believed, so it is silent: P(attack) = 1, spiral 2/5.
    scenario = dt.load(FOLDER / "iraq-syria-2023-10.toml")
    assert events(scenario, "deterrence_failure", "spiral", "statement", "strike") == {
        "pooling on silence": ("1", "2/5", "0", "0"),
        "semi-separating: irresolute bluffs with statement": ("7/9", "4/15", "2/3", "0"),
    }


def test_equilibria_of_the_retaliation_scenario():
    # Bold Iran absorbs a limited answer (3/2 < 2) and escalates after force (2 < 4); wary Iran absorbs both. To an
    # attack that is not lethal firm gives a limited answer (-2/5 > -1), cautious none (1/5). To a lethal one, with the
    # belief b in bold, firm answers in force where -3/2 - 10 b > -17/5, that is b < 19/100, else to limit; cautious in
    # force where -3/2 - 10 b > -14/5, that is b < 13/100, else not at all.
    # Iran gets 1 - 2/3 3/4 - E/3 from an attack and attacks where E < 3/2; with f, q the chances of force by firm and
    # by cautious,
    #   E bold = (2 f + 3/2 (1 - f))/2 + q,   E wary = (4 f + 3/2 (1 - f))/2 + 2 q.
    # b < 13/100: f = q = 1, E = 2 and 4, nobody attacks: an equilibrium with that belief off the path.
    # b = 13/100: f = 1, so wary holds; bold alone would give b = 1, so it holds too: the same outcome.
    # 13/100 < b < 19/100: E bold = 1, E wary = 2, only bold attacks, b = 1: a contradiction.
    # b = 19/100: q = 0, E bold < 3/2, so bold attacks; wary must mix, E wary = 3/2 at f = 3/5, and attacks with y where
    #   (1/10)/(1/10 + 9/10 y) = 19/100, y = 9/19: P(attack) = 10/19, P(war) = 1/10 1/3 1/2 3/5 = 1/100.
    # b > 19/100: f = q = 0, E = 3/4, both attack, b = 1/10: a contradiction.
    scenario = dt.load(FOLDER / "iraq-syria-2023-10-retaliation.toml")
    assert events(scenario, "deterrence_failure", "spiral") == {
        "pooling on hold": ("0", "0"),
        "semi-separating: wary bluffs with attack": ("10/19", "1/100"),
    }


@pytest.mark.parametrize(("lethality", "deterred"), [("9/50", False), ("11/50", True)])
def test_deterrence_in_the_retaliation_scenario_rests_on_the_fear_of_an_accident(lethality, deterred):
    # Met with force after every lethal attack, the worst there is, bold Iran gets 1 - (1 - l) 3/4 - 2 l, which is
    # positive below l = 1/5: without enough risk of an accident it always attacks.
    scenario = dt.load(FOLDER / "iraq-syria-2023-10-retaliation.toml").with_values({"lethality": lethality})
    assert ("0" in [e.to_dict()["events"]["attack"] for e in dt.solve(scenario)]) == deterred


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_date_is_that_of_the_reporting(file):
    assert str(dt.load(file).as_of) == str(date(2023, 10, 31))
