"""Statements about small atlases written by hand; the truth of each is derived beside it."""

from __future__ import annotations

import random
import re
import time
from fractions import Fraction
from pathlib import Path

import pytest

from deterrence import models
from deterrence.atlas import Atlas, Coverage
from deterrence.errors import StatementError
from deterrence.propositions import Proof, prove
from deterrence.solvers import atlas
from tests import spence

ATLAS = spence.atlas()

# P[attack] by family: separating 1 - p; weak bluffs 1 - k_W p/p*; pooling on signal 0; silent 0; attacked 1;
# strong mixes (1 - p) k_S/(1 - p*), with 1 - p* = l/(g + l). For the second: weak signals X = p(1-p*)/((1-p)p*), so
# the signal has mass p + (1-p)X = p/p*, silence 1 - p/p*, and 1 - p/p* + (p/p*)(1 - k_W) = 1 - k_W p/p*.
# Below p*: max P[attack] = 1. Above: 1 - p if k_S <= 1 <= k_W, else strong mixes if k_S <= 1, else 0; min is 0.
PROVED = [
    "P[attack] decreases in p",
    "P[attack] increases in c_strong",  # only strong mixes has c_strong, with a positive factor
    "P[attack] decreases in c_weak",  # only weak bluffs has c_weak
    "P[attack] is constant in g within separating",
    "P[attack] decreases in p strictly within F1",
    'P[attack] decreases in p strictly within "semi-separating: weak bluffs"',
    "P[attack] decreases in p strictly when P[attack] > 0 and p*(g + l) > g",
    "P[attack]*p + P[refrain]*p increases in p strictly",  # it is p
    "max P[attack] decreases in p",
    "min P[attack] decreases in p",
    "max P[attack] - min P[attack] is constant in p when c_strong > b_strong and p*(g + l) < g",  # 1 - 1
    "payoff[Sender] decreases in c_strong",  # strong mixes gives p b_S (1 - k_S) + (1 - p) b_W (1 - k_S)
    "p*(g + l) > g implies exists('pooling on silence')",
    "exists(F4) or exists(F5)",
    "exists(separating) implies c_weak >= b_weak and c_strong <= b_strong",
    "p*(g + l) >= g iff exists(F4)",
    "p*(g + l) > g implies not exists(F5)",
    "not exists(F5) when p*(g + l) > g",
    "unique when p*(g + l) < g and c_strong > b_strong",  # then k_W > k_S > 1 as well: attacked alone
    "generically unique when p*(g + l) <= g and c_strong > b_strong",
    "unique when p*(g + l) > g and c_strong > b_strong",  # silent without attack alone
    "P[attack] <= 1 - p within separating",
    "0 <= P[attack] <= 1",
    "P[attack] == 0 when c_strong > b_strong and p*(g + l) > g",
    "max P[attack] == 1 when p*(g + l) < g",
    "min P[attack] == 0 when p*(g + l) > g",
    "max P[attack] - min P[attack] <= 1",
    "c_weak*max P[attack] <= c_weak",
    "payoff[Sender] >= -c_strong",  # silence gives at least 0 to either type
    "P[attack] <= P[silence] within separating",
    "P[attack | signal] <= P[attack | silence]",  # 1 - k_W against 1; 0 against 1 or k_S
    "P[called bluff] == P[weak, signal, attack]",
    "P[strong] == p",
    "P[signal] > 0 or P[silence] == 1",
]
REFUTED = [
    "P[attack] decreases in p strictly",  # constant in three families
    "P[attack] increases in p",
    "P[attack] is constant in p",
    "max P[attack] decreases in c_strong",  # strong mixes rises in it
    "max P[attack] increases in c_strong",  # and ends at k_S = 1, after which only silence remains
    "max P[attack] decreases in p strictly",
    "p > 1/2 implies exists(F4)",
    "exists(separating) implies p > 1/2",
    "exists(F4) implies not exists(F1)",
    "p*(g + l) > g iff exists(F4)",  # at equality it exists
    "p*(g + l) >= g implies not exists(F5)",
    "not exists(F2)",
    "unique",
    "unique outcome when p > 1/2",
    "unique when p*(g + l) <= g and c_strong > b_strong",  # at p = p* silence with and without attack
    "generically unique when p*(g + l) > g",  # pooling on signal beside silence
    "P[attack] <= 1/2 when p*(g + l) > g",
    "P[attack] <= 1 - p when p*(g + l) > g",  # strong mixes, as k_S -> 1
    "P[attack] <= P[silence]",  # weak bluffs at p = p*: no silence, attacks
    "P[attack] != 1/3",
    "P[attack] == 0",
    "P[called bluff] <= 1/4",
    "max P[attack] <= 1/2",
    "min P[attack] >= 1/2",
    "max P[attack] == min P[attack] when c_strong > b_strong",  # at p = p* again
    "P[signal] > 0 implies P[attack] < 1/2",
    "payoff[Sender] <= b_strong",
    "p < 1/2",
]


@pytest.mark.parametrize("statement", PROVED)
def test_proved(statement: str) -> None:
    proof = prove(ATLAS, statement)
    assert proof.status == "proved", proof
    assert proof.witness is None
    assert proof.checked > 0


def values(point: dict[str, str]) -> dict[str, Fraction]:
    assert list(point) == list(spence.PARAMETERS)
    return {name: Fraction(text) for name, text in point.items()}


@pytest.mark.parametrize("samples", [0, 150])
@pytest.mark.parametrize("statement", REFUTED)
def test_refuted(statement: str, samples: int) -> None:
    proof = prove(ATLAS, statement, samples=samples)
    assert proof.status == "refuted", proof
    assert proof.witness is not None
    assert set(proof.witness) in ({"values"}, {"from", "to"})
    for point in proof.witness.values():
        assert not ATLAS.game.space.violations(values(dict(point)))


def envelope(point: dict[str, Fraction]) -> list[Fraction]:
    return [family.events["attack"].evaluate(point) for family in ATLAS if family.holds(point)]


def test_the_witness_of_a_change_refutes_it() -> None:
    witness = prove(ATLAS, "max P[attack] increases in c_strong").witness
    assert witness is not None
    before, after = values(dict(witness["from"])), values(dict(witness["to"]))
    assert {name for name in before if before[name] != after[name]} == {"c_strong"}
    assert before["c_strong"] < after["c_strong"]
    assert max(envelope(before)) > max(envelope(after))


def test_the_witness_of_a_bound_refutes_it() -> None:
    proof = prove(ATLAS, "max P[attack] - min P[attack] <= 1 - p when p*(g + l) > g")
    assert proof.witness is not None
    point = values(dict(proof.witness["values"]))
    assert point["p"] * (point["g"] + point["l"]) > point["g"]
    found = envelope(point)
    assert max(found) - min(found) > 1 - point["p"]
    assert f"max P[attack] = {max(found)}" in proof.reason


def test_proved_bounds_hold_at_random_points() -> None:
    rng = random.Random(7)
    seen = 0
    while seen < 300:
        point = {name: Fraction(rng.randint(1, 12), rng.choice([3, 7, 13])) for name in spence.PARAMETERS}
        if ATLAS.game.space.violations(point):
            continue
        seen += 1
        found = envelope(point)
        higher = {**point, "p": (1 + point["p"]) / 2}
        assert max(envelope(higher)) <= max(found)
        assert min(envelope(higher)) <= min(found)
        star = point["g"] / (point["g"] + point["l"])
        if point["p"] < star:
            assert max(found) == 1
        if point["p"] > star:
            assert min(found) == 0


# The signal is met with attack with probability x, 0 <= x <= p, or with probability 1/2 in the other family. Nobody is
# silent, so P[attack] = x or 1/2, and max P[attack] = max(p, 1/2), min P[attack] = 0.
CONTINUUM = [
    ("max P[attack] increases in p", "proved"),
    ("max P[attack] increases in p strictly", "refuted"),
    ("max P[attack] increases in p strictly within loose", "proved"),
    ("max P[attack] <= 1/2 when p <= 1/2", "proved"),
    ("max P[attack] <= 1/2", "refuted"),
    ("max P[attack] >= p", "proved"),
    ("max P[attack] > p", "refuted"),
    ("min P[attack] == 0", "proved"),
    ("P[attack] <= p within loose", "proved"),
    ("P[attack] increases in p within loose", "refuted"),
    ("unique", "refuted"),
    ("generically unique when p < 1/2", "refuted"),
]


@pytest.mark.parametrize(("statement", "status"), CONTINUUM)
def test_free_quantities(statement: str, status: str) -> None:
    assert prove(spence.with_continuum(), statement).status == status
    assert prove(spence.with_continuum(), statement, samples=0).status == status


def test_a_bound_that_is_not_linear_in_a_free_quantity() -> None:
    # With x**3 + x <= p some x has x <= p - 0.1 only; whether max P[attack] >= p/3 needs the root of a cubic.
    proof = prove(spence.with_continuum(bound="p - x**3"), "max P[attack] >= p/3 within loose")
    assert proof.status == "unknown"
    assert "free quantities" in proof.reason


def test_a_limit_is_unknown_and_never_a_proof() -> None:
    proof = prove(ATLAS, "max P[attack] decreases in p", limit=1)
    assert proof.status == "unknown"
    assert "limit" in proof.reason


def test_only_irrational_points_are_no_witness() -> None:
    proof = prove(ATLAS, "p**2 != 1/2")
    assert proof.status == "unknown"
    assert "irrational" in proof.reason


def test_an_irrational_model_is_made_rational() -> None:
    # g**2 == 2*l holds at rational points; the procedure is free to answer with irrational ones.
    proof = prove(ATLAS, "g**2 == 2*l and p**2*l == g implies p > 9/10")
    assert proof.status == "refuted"
    assert proof.witness is not None
    point = values(dict(proof.witness["values"]))
    assert point["g"] ** 2 == 2 * point["l"]
    assert point["p"] ** 2 * point["l"] == point["g"]


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("P[attack] decreases in p", "unknown"),
        ("P[attack] decreases in p within F1", "proved"),  # the region of a family that was found is exact
        ("P[attack] decreases in p within separating", "unknown"),  # others may bear the label
        ("P[attack] increases in p", "refuted"),  # one family is enough
        ("max P[attack] <= 1/2", "refuted"),
        ("max P[attack] >= 1/2", "unknown"),  # one not found may attack more
        ("p*(g + l) > g implies exists('pooling on silence')", "proved"),
        ("p > 1/2 implies exists('pooling on silence')", "unknown"),
        ("p > 1/2 implies exists(F4)", "refuted"),
        ("exists(F4) implies p*(g + l) >= g", "proved"),
        ("exists('pooling on silence') implies p*(g + l) >= g", "unknown"),
        ("unique when p*(g + l) < g and c_strong > b_strong", "unknown"),
        ("unique", "refuted"),
        ("p < 1/2", "refuted"),
        ("p < 1", "proved"),
    ],
)
def test_an_atlas_that_is_not_complete(statement: str, status: str) -> None:
    assert prove(spence.atlas(complete=False), statement).status == status
    assert prove(spence.atlas(complete=False), statement, samples=0).status == status


def test_a_point_without_a_family_is_not_unique() -> None:
    whole = spence.atlas()
    holed = Atlas(whole.game, whole.families[:5], True, Coverage("undecided"))
    assert prove(holed, "unique when p*(g + l) > g and c_strong > b_strong").status == "proved"
    gone = Atlas(whole.game, whole.families[4:5], True, Coverage("undecided"))
    proof = prove(gone, "unique")
    assert proof.status == "refuted"
    assert proof.witness is not None
    point = values(dict(proof.witness["values"]))
    assert not any(family.holds(point) for family in gone)


MALFORMED = {
    "": "empty",
    "P[attack]": "ends where",
    "P[attak] decreases in p": "did you mean 'attack'?",
    "P[attack] decrases in p": "did you mean 'decreases'?",
    "P[attack] decreases in c_strng": "did you mean 'c_strong'?",
    "P[attack] decreases p": "'in' is needed",
    "P[attack] is in p": "'constant' is needed",
    "payoff[sender] > 0": "did you mean 'Sender'?",
    'exists("pooling on silense")': "did you mean 'pooling on silence'?",
    "P[attack] > 0 within seperating": "did you mean 'separating'?",
    "exists(": "ends where",
    'exists("separating': "not closed",
    "attack <= 1/2": "written P[attack]",
    "Sender > 1": "written payoff[Sender]",
    "separating implies p > 1/2": 'written exists("separating")',
    "p > 0 implise exists(F4)": "did you mean 'implies'?",
    "p > 0 and": "ends where",
    "p = 1": "written ==",
    "(p > 0": "')' is needed",
    "P[attack <= 1": "bracket closed",
    "P[attack | nothing] <= 1": "no event 'nothing'",
    "1/P[attack] <= 1": "fraction line",
    "max p <= 1": "max P[attack]",
    "P[attack] ** 99 <= 1": "exponent",
    "unique when P[attack] > 0": "conditions on parameters",
    "unique always": "'when' is needed",
    "generically unique when p == 1/2": "knife edge",
    "P[attack] is constant in p strictly": "strictly",
    "p increases in p": "neither",
    "exists(F1) within F2": "neither",
    "p > 0 when p > 0 when p < 1": "twice",
    "p > 0 implies p > 0 implies p > 0": "parentheses",
    "max P[attack]*max P[attack] <= 1": "may only be added",
    "(p - 1/2)*max P[attack] <= 1": "either sign",
    "p > 1/0": "divides by zero",
    # hostile ones
    '__import__("os").system("touch x") > 0': "unexpected",
    "p.__class__.__mro__ > 0": "unexpected '.'",
    "(lambda: 0)() > 0": "unexpected ':'",
    "p > 0; import os": "unexpected ';'",
    "exec(p) > 0": "no parameter 'exec'",
    "p**8**8**8 > 0": "power of a power",
    "p > 1e999999999": "no finite number",
    "9" * 400 + " > p": "digits",
    "(" * 300 + "p > 0" + ")" * 300: "deep",
    "(" * 300 + "p" + ")" * 300 + " > 0": "deep",
    "((p + g + l)**8*(p + g + c_weak)**8)**8 > 0": "multiplied out",
    "not " * 600 + "p > 0": "2000 characters",
    " + ".join(["P[attack]"] * 20) + " > 1": "at most 16",
    " and ".join(f"(p == {i} iff g == {i})" for i in range(12)) + " implies p > 1": "cases",
    "P[" + "x" * 1900 + "] > 0": "no event",
}


@pytest.mark.parametrize("statement", MALFORMED)
def test_malformed_and_hostile_statements(statement: str) -> None:
    start = time.perf_counter()
    with pytest.raises(StatementError) as caught:
        prove(ATLAS, statement)
    assert time.perf_counter() - start < 2
    assert MALFORMED[statement] in str(caught.value)
    assert len(str(caught.value)) < 1_000


def test_no_text_at_all() -> None:
    with pytest.raises(StatementError, match="not int"):
        prove(ATLAS, 3)  # type: ignore[arg-type]


def test_a_proof_as_data() -> None:
    proof = prove(ATLAS, "p<1/2   implies exists( F5 )")
    assert isinstance(proof, Proof)
    assert proof.to_dict() == {
        "format": 1, "statement": "p < 1/2 implies exists(F5)", "status": "refuted", "reason": proof.reason,
        "witness": {key: dict(point) for key, point in (proof.witness or {}).items()}, "checked": 0,
    }
    assert repr(proof).startswith("Proof(refuted: p < 1/2 implies exists(F5))\n")
    assert "values: p = " in repr(proof)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("P [ attack ]>= - 1", "P[attack] >= -1"),
        ("max  payoff[Sender]*2-1 <=b_strong **2", "max payoff[Sender]*2 - 1 <= b_strong**2"),
        ("exists('separating')implies(p>0)", 'exists("separating") implies (p > 0)'),
        ("0<P[attack|signal]+p when not(p>1/2 or g==1)", "0 < P[attack|signal] + p when not (p > 1/2 or g == 1)"),
    ],
)
def test_normal_spacing(text: str, normal: str) -> None:
    assert prove(ATLAS, text).statement == normal


def test_statements_of_the_documentation() -> None:
    text = (Path(__file__).parents[1] / "docs" / "statements.md").read_text(encoding="utf-8")
    statements = [line for block in re.findall(r"```\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    assert len(statements) >= 15
    assert {statement: prove(ATLAS, statement).status for statement in statements} == dict.fromkeys(
        statements, "proved"
    )


def test_a_game_without_histories_is_told_by_its_actions() -> None:
    # One lethal attack brings the answer upon all of three groups: where both extremes are equilibria, nothing is
    # unique; with a gain above the punishment every group attacks whatever the others do.
    swarm = atlas(models.get("swarm").build({"groups": 3}))
    assert prove(swarm, "unique").status == "refuted"
    assert prove(swarm, "unique when gain > punishment and punishment > 0").status == "proved"
    with pytest.raises(StatementError, match="no finite tree"):
        prove(swarm, "P[lethal | spiral] decreases in gain")
