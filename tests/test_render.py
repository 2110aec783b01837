"""What a person reads: the parts that must be there, that nothing of a file is taken as markup, and the width."""

from __future__ import annotations

import io
import re
import tomllib
from dataclasses import dataclass, replace
from fractions import Fraction

import pytest

import deterrence as dt
from deterrence import catalogue, models, printing, render
from deterrence.atlas import Atlas, Coverage, EquilibriumFamily
from deterrence.cite import text as work
from deterrence.expressions import Ring
from deterrence.parameters import Parameter, ParameterSpace
from deterrence.scenario import Scenario, loads
from deterrence.solvers.boundaries import Change, Turn

from .worked import FILE, restraint, solution


@pytest.fixture(name="scenario")
def _scenario() -> Scenario:
    return restraint()


def change(**settings: object) -> Change:
    given = {
        "parameter": "resolve", "value": Fraction(3, 5), "threshold": Fraction(1, 3), "direction": "down",
        "unit": "probability", "vanishes": ("pooling on strike",),
    }
    return Change(**{**given, **settings})  # type: ignore[arg-type]  # the settings are of mixed types


def test_solution_says_all_that_matters(scenario: Scenario) -> None:
    text = printing.to_text(render.solution(solution(scenario), scenario, [change()]))
    for part in (
        "A small game of restraint", "resolve", "3/5 (0.6)", "6 no basis stated",
        "2 perfect Bayesian equilibria; proved: there is no other at these values.",
        "F1  pooling on hold", "F2  pooling on strike", "US plays hold whatever its type",
        "mu = belief at after strike of resolved, strike", "where 0 <= mu < 1/3, x == 1",
        "Payoffs: US -1/5 (-0.2), Iran 0.", "at any point of the game (exact; nash_regret 0",
        "- resolve below 1/3 (≈ 0.333); now 3/5 (0.6)\n", "- F2 vanishes",
    ):
        assert part in text
    assert text.index("pooling on hold") < text.index("pooling on strike") < text.index("F2 vanishes")


def test_the_axes_of_the_dilemma_come_first(scenario: Scenario) -> None:
    found = solution(scenario)
    entry = replace(found[0], events={"deterrence_failure": Fraction(1, 3), "spiral": Fraction(0)})
    text = printing.to_text(render.solution(replace(found, equilibria=(entry,)), scenario))
    assert "Chance of attack 1/3 (≈ 0.333), chance of a spiral 0." in text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"complete": False}, "that these are all is not claimed"),
        ({"equilibria": ()}, "No perfect Bayesian equilibria: proved."),
        ({"refinement": "d1", "concept": "sequential"}, "2 sequential equilibria that pass D1; proved"),
        ({"notes": ("a limit was reached",)}, "Note: a limit was reached"),
    ],
)
def test_claims_are_those_of_the_result(scenario: Scenario, change: dict[str, object], sentence: str) -> None:
    text = printing.to_text(render.solution(replace(solution(scenario), **change), scenario))
    assert sentence in text


def test_changes_come_by_place_and_distance(scenario: Scenario) -> None:
    changes = [
        change(parameter="far", within_range=True, distance=0.5, unit="euro", direction="up"),
        change(parameter="near", within_range=True, distance=0.1),
        *(change(parameter=f"outside{i}", within_range=False, distance=i / 10) for i in (4, 3, 2, 1)),
    ]
    text = printing.to_text(render.solution(solution(scenario), scenario, changes))
    order = ["Within the range held plausible", "- near below", "- far above", "Outside the range held plausible",
             "- outside1 below", "- outside2 below", "- outside3 below", "and 1 further away"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "outside4" not in text
    assert "now 3/5 (0.6) (unit: euro)" in text
    nothing = printing.to_text(render.solution(solution(scenario), scenario, changes[2:]))
    assert "Within the range held plausible nothing changes." in nothing


def test_what_happens_at_a_boundary_is_said_with_its_chances(scenario: Scenario) -> None:
    new = ("pooling on hold; after hold: attack", "b", "c", "d", "e")
    turn = Turn("pooling on hold", new[0], "Iran at 'after hold' plays attack instead of refrain")
    chances = {"b": {"deterrence_failure": Fraction(1, 3), "spiral": Fraction(0)}}
    both = change(vanishes=("pooling on hold", "pooling on strike"), appears=new, turns=(turn,), chances=chances)
    text = printing.to_text(render.solution(solution(scenario), scenario, [both]))
    for part in (
        "- F1 changes: Iran at 'after hold' plays attack instead of refrain\n", "- F2 vanishes\n",
        "- new: b (chance of attack 1/3 (≈ 0.333), chance of a spiral 0)\n", "- new: d\n", "- and 1 more\n",
    ):
        assert part in text


def test_chances_that_differ_among_what_is_joined_are_not_told(scenario: Scenario) -> None:
    turn = Turn("pooling on hold", "a", "the reply", ("b",))
    for other, told in ((Fraction(1, 3), True), (Fraction(1, 2), False)):
        # What is not shown, such as the chance of a signal, may differ.
        chances = {"a": {"deterrence_failure": Fraction(1, 3), "c": 0}, "b": {"deterrence_failure": other, "c": 1}}
        moved = change(vanishes=("pooling on hold",), appears=("a", "b"), turns=(turn,), chances=chances)
        text = printing.to_text(render.solution(solution(scenario), scenario, [moved]))
        assert ("- F1 changes: the reply (chance of attack 1/3 (≈ 0.333))\n" in text) is told
        assert ("- F1 changes: the reply\n" in text) is not told
        assert "new:" not in text


def test_what_is_left_of_an_equilibrium_is_named(scenario: Scenario) -> None:
    left = ("a", "b", "c", "d", "e")
    moved = change(vanishes=(), narrows={"pooling on hold": left[:1], "pooling on strike": left})
    text = printing.to_text(render.solution(solution(scenario), scenario, [moved]))
    assert "- F1 narrows to 'a'\n" in text
    assert "- F2 narrows to 'a', 'b', 'c' and 2 more\n" in text


def test_no_change_is_said(scenario: Scenario) -> None:
    assert "No change of a single value" in printing.to_text(render.solution(solution(scenario), scenario, []))
    assert "What would have to change" not in printing.to_text(render.solution(solution(scenario), scenario))


def test_of_units_of_scales_no_change_is_denied(scenario: Scenario) -> None:
    # They are not moved, so that nothing is known of what would change if they were.
    def told(basis: dict[str, str]) -> str:
        given = tuple(replace(a, basis=basis.get(a.name, "judgement")) for a in scenario.assumptions)
        return " ".join(printing.to_text(render.solution(solution(scenario), replace(scenario, assumptions=given), []))
                        .split())

    names = [a.name for a in scenario.assumptions]
    assert "Not looked for: every value is a normalisation" in told(dict.fromkeys(names, "normalisation"))
    assert "No change" not in told(dict.fromkeys(names, "normalisation"))
    assert f"(not moved, as units of a scale: {names[0]})" in told({names[0]: "normalisation"})


def test_texts_of_a_file_are_no_markup(scenario: Scenario) -> None:
    hostile = replace(scenario, title="[red]title[/red] :boom: \x1b[2Jgone")
    text = printing.to_text(render.solution(solution(hostile), hostile))
    assert text.startswith("[red]title[/red] :boom: ?[2Jgone\n")
    assert "\x1b" not in text


def test_lines_fit(scenario: Scenario) -> None:
    text = printing.to_text(render.solution(solution(scenario), scenario), width=72)
    assert max(map(len, text.splitlines())) <= 72
    assert not any(line.endswith(" ") for line in text.splitlines())


def test_long_names_are_folded_and_leave_room_for_the_rest() -> None:
    whole, words = "x" * 120, " ".join(["government"] * 10)
    text = FILE.read_text(encoding="utf-8").replace('"after hold"', f'"{whole}"')
    text = text.replace('"after strike"', f'"{words}"')
    text = text.replace('"US"', f'"US {words}"').replace("\nUS ", f'\n"US {words}" ').replace("gain", "g" * 64)
    long = loads(text)
    lines = printing.to_text(render.solution(dt.solve(long), long), width=80).splitlines()
    assert max(map(len, lines)) <= 80
    shown = "\n".join(lines)
    # Every column of every table is there, and no name is cut off.
    assert "\u2026" not in shown
    heads = [line.split() for line in lines]
    assert sum(line[:3] == ["player", "at", "plays"] for line in heads) == 2
    assert sum(line[:3] == ["player", "at", "would"] for line in heads) == 2
    assert sum(line[:2] == ["parameter", "value"] for line in heads) == 1
    at = next(i for i, line in enumerate(lines) if line.strip() == "- At")
    assert "".join(lines[at + 1 : at + 3]).replace(" ", "").startswith(f"'{whole}'")
    # No column is so narrow that a name of 120 letters fills the page: it takes at most 12 lines.
    assert min(map(len, re.findall("x{3,}", shown))) >= 10


def test_colour_only_where_it_is_wanted(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")

    def styled() -> bool:
        stream = io.StringIO()
        printing.console(file=stream, force_terminal=True).print(render.solution(solution(scenario), scenario))
        return "\x1b[2m" in stream.getvalue() or "\x1b[1" in stream.getvalue()

    monkeypatch.delenv("NO_COLOR", raising=False)
    assert styled()
    assert "\x1b" not in printing.to_text(render.solution(solution(scenario), scenario))


def family(number: int, generic: bool, ring: Ring) -> EquilibriumFamily:
    share = ring.parse("1 - cost/gain")
    return EquilibriumFamily(
        id=f"F{number}",
        label=f"family {number}",
        supports={"after strike": ("attack", "refrain")},
        strategy={"after strike": {"attack": share, "refrain": 1 - share}},
        beliefs={},
        quantities={},
        pieces=((),),
        region=(ring.parse_condition("gain > cost" if generic else "gain == cost"),),
        generic=generic,
        outcomes={},
        events={},
        payoffs={},
    )


def atlas_of(scenario: Scenario, edges: int, **options: object) -> Atlas:
    ring = scenario.game.space.ring
    families = [family(1, True, ring), *(family(i + 2, False, ring) for i in range(edges))]
    settings = {"complete": True, "coverage": Coverage("proved"), **options}
    return Atlas(scenario.game, tuple(families), **settings)  # type: ignore[arg-type]  # the options are of mixed types


def test_atlas_keeps_knife_edges_apart(scenario: Scenario) -> None:
    text = printing.to_text(render.atlas(atlas_of(scenario, 15)))
    assert "1 generic family" in text
    assert text.index("after strike: attack (gain - cost)/gain") < text.index("15 families on a knife edge")
    assert "family 13" in text
    assert "family 14" not in text
    assert "and 3 more: --json and --latex show all of them" in text
    assert "There is no equilibrium outside these families: proved." in text
    assert "Every admissible point has at least one of these equilibria: proved." in text
    short = printing.to_text(render.atlas(atlas_of(scenario, 15), generic_only=True))
    assert "family 2" not in short
    assert "15 families on a knife edge are left out." in short


def test_a_long_region_and_a_long_strategy_stay_readable(scenario: Scenario) -> None:
    ring = scenario.game.space.ring
    parts = tuple(ring.parse_condition(f"gain == {n}*cost") for n in range(1, 10))
    long = replace(family(1, True, ring), region=parts)
    shown = " ".join(printing.to_text(render.atlas(replace(atlas_of(scenario, 0), families=(long,)))).split())
    assert "or 6*cost - gain == 0 or one of 3 more: --json shows them" in shown
    assert "7*cost" not in shown
    row = long.strategy["after strike"]
    many = replace(long, strategy={f"Iran after strike {n}": row for n in range(9)})
    shown = printing.to_text(render.atlas(replace(atlas_of(scenario, 0), families=(many,))))
    assert "- or 6*cost - gain == 0" in shown
    assert "- or one of 3 more: --json shows them" in shown
    assert "Iran after strike 8: attack (gain - cost)/gain, refrain cost/gain" in " ".join(shown.split())


def test_atlas_says_what_it_does_not_claim(scenario: Scenario) -> None:
    hole = Coverage("hole", {"cost": Fraction(1, 2)})
    text = printing.to_text(render.atlas(atlas_of(scenario, 0, complete=False, coverage=hole)))
    assert "That there is no equilibrium outside these families is not claimed." in text
    assert "A point without any of these equilibria: cost = 1/2." in text
    assert "was not decided" in printing.to_text(render.atlas(atlas_of(scenario, 0, coverage=Coverage("undecided"))))


def test_only_conditions_that_say_something_are_shown(scenario: Scenario) -> None:
    given = {"a": "a > 0", "b": "b > 0", "s": "1 - s >= 0", "t": ""}
    # Products and squares of positive numbers are positive; s < 1 says more than s <= 1, and t > b says that t > 0.
    joint = ("a**2 + a*b >= 0", "1 - s > 0", "t > b", "t > 0", "a + t != 0", "t*s < 5")
    space = ParameterSpace(tuple(Parameter(name, domain) for name, domain in given.items()), joint)
    found = replace(atlas_of(scenario, 0), game=replace(scenario.game, space=space))
    text = printing.to_text(render.atlas(found))
    assert "Admissible values: a > 0, b > 0, 1 - s > 0, t - b > 0, 5 - s*t > 0." in text
    # Whoever computes with them has them all, those apart that a strict one repeats.
    assert "a**2 + a*b >= 0" in found.to_dict()["conditions"]


def test_latex_is_balanced_and_escaped(scenario: Scenario) -> None:
    text = render.atlas_latex(atlas_of(scenario, 20))
    assert text.count(r"\begin{longtable}") == text.count(r"\end{longtable}") == 1
    assert text.count("{") == text.count("}")
    assert len([line for line in text.splitlines() if line.startswith("F")]) == 21
    assert all(line.count("&") == 3 and line.endswith(r"\\") for line in text.splitlines() if line.startswith("F"))
    assert r"\mathrm{gain}" in text
    assert "F2 " not in render.atlas_latex(atlas_of(scenario, 20), generic_only=True)


@dataclass
class Proof:
    statement: str
    status: str
    reason: str
    witness: dict[str, dict[str, str]] | None


def test_a_witness_is_a_table_of_parameters() -> None:
    witness = {"values": {"resolve": "3/5", "cost": "-2"}}
    text = printing.to_text(render.proof(Proof("P[attack] <= 1/2", "refuted", "F2 has P[attack] = 1", witness)))
    assert text.startswith("refuted: P[attack] <= 1/2\n")
    table = text[text.index("[parameters]"):]
    assert tomllib.loads(table.replace("\n  ", "\n")) == {"parameters": {"resolve": "3/5", "cost": -2}}
    moved = printing.to_text(render.proof(Proof("x", "refuted", "", {"from": {"p": "1/3"}, "to": {"p": "1/2"}})))
    assert moved.index("on the way from") < moved.index('p = "1/3"') < moved.index("to these") < moved.index("1/2")
    assert "[parameters]" not in printing.to_text(render.proof(Proof("x", "proved", "", None)))


def test_games_are_documented() -> None:
    for name in models.names():
        document = models.get(name).to_dict()
        text = printing.to_text(catalogue.game(document))
        words = " ".join(text.split())
        assert " ".join(document["question"].split()) in words
        for parameter in document["parameters"]:
            assert parameter["name"] in text
        for key in document["literature"]:
            assert " ".join(work(key).split()) in words
        for line in document["tree"]["drawing"].splitlines():
            assert line.rstrip() in text


def test_bases_are_counted(scenario: Scenario) -> None:
    first, second, *rest = scenario.assumptions
    told = replace(scenario, assumptions=(replace(first, basis="judgement"), replace(second, basis="observed"), *rest))
    assert render.bases(told) == {"observed": 1, "judgement": 1, "no basis stated": 4}
    assert render.rests_on({}) == "The game has no parameters."
