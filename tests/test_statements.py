"""What is proved and refuted about the two models; each statement is derived by hand before it is asked.

Signalling: `c_r`, `c_i` are the retaliation costs of the two types, `x` and `y` the probabilities with which Iran
attacks after the signals that the resolved and the irresolute type send, `L = loss + c_r` what an attack costs a
resolved type that retaliates. Retaliation: `h_bold = war_cost_bold`, `h_wary = limited_harm` where only the bold type
escalates, `D = restraint_cost_firm - limited_cost`, `beta` the belief that an attacker is bold.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

import deterrence as dt
from deterrence import models

ONE_ANSWERS = "retaliation_cost_resolved < 0 and retaliation_cost_irresolute > 0"
SENDS = {
    kind: f'exists("separating: resolved {a}, irresolute {b}")'
    for kind, a, b in (("resolved", "posture", "silence"), ("irresolute", "silence", "posture"))
}

# Posture, whose cost K > 0 is the same to both, against silence, where only the resolved type retaliates. Known types
# are attacked where gain >= punishment (resolved) and where gain >= 0 (irresolute). If the resolved type sends forces,
# (y - x)*L >= K and (y - x)*loss <= K; as L < loss and loss > 0, L < 0 and x - y >= K/(-L) > 0. If the irresolute type
# does, (x - y)*loss >= K and (x - y)*L <= K, so x > y again. x > 0 needs gain >= punishment, y < 1 needs gain <= 0, and
# x = 1, y = 0 is then possible: the first wants K <= -L; the second, where x = 1, y = 0 is forced, L <= K <= loss.
POSTURE = {
    f"{SENDS['resolved']} or {SENDS['irresolute']} implies punishment <= gain and gain <= 0 "
    f"when posture_cost > 0 and {ONE_ANSWERS}": "proved",
    f"{SENDS['irresolute']} iff loss + retaliation_cost_resolved <= posture_cost and posture_cost <= loss "
    f"when posture_cost > 0 and punishment < gain and gain < 0 and {ONE_ANSWERS}": "proved",
    f"{SENDS['resolved']} iff posture_cost <= -(loss + retaliation_cost_resolved) and punishment <= gain and gain <= 0 "
    f"when posture_cost > 0 and {ONE_ANSWERS}": "proved",
    # Types that answer alike are worth the same to Iran, which then does alike to both unless it is indifferent:
    # x = y, and nobody pays K.
    f"{SENDS['resolved']} or {SENDS['irresolute']} implies {ONE_ANSWERS} when posture_cost > 0 and gain != 0 and "
    "gain != punishment and retaliation_cost_resolved != 0 and retaliation_cost_irresolute != 0": "proved",
    f"not {SENDS['resolved']} and not {SENDS['irresolute']} when posture_cost > 0 and {ONE_ANSWERS}": "refuted",
    # The worst case. Pooling on silence is met with attack where gain >= resolve*punishment: for punishment > 0 below
    # a threshold of resolve, above which nothing else brings attacks; for punishment < 0 above one. Below that one the
    # worst is a separation that invites the attack, P[attack] = resolve, or irresolute types that buy peace with
    # posture, P[attack] = (resolve*punishment/gain)*(posture_cost/loss): both rise with resolve.
    "max P[attack] decreases in resolve when punishment >= 0": "proved",
    "max P[attack] increases in resolve when punishment <= 0": "proved",
    "max P[attack] increases in resolve": "refuted",
    "max P[attack] decreases in resolve": "refuted",
}

# A statement with audience_cost = 0 is talk. A type to which an attack is bad sends whatever brings least of it, so
# x = y where L > 0. Where L <= 0 the resolved type wants attacks (or does not mind), x > y needs gain >= punishment and
# gain <= mu*punishment for some mu < 1, so punishment <= gain <= 0. Outside that, x = y is a best reply to each
# posterior,
# hence to their mean, the prior: P[attack] is 1 where gain > resolve*punishment and 0 where it is less, as in silence.
TALK = f"audience_cost == 0 and {ONE_ANSWERS}"
NOTHING_NEW = f"{TALK} and (loss + retaliation_cost_resolved > 0 or gain < punishment or gain > 0)"
STATEMENT = {
    f"P[resolved, attack] == resolve*P[attack] when {NOTHING_NEW}": "proved",
    f"P[attack] == 0 when gain < resolve*punishment and {NOTHING_NEW}": "proved",
    f"P[attack] == 1 when gain > resolve*punishment and {NOTHING_NEW}": "proved",
    f'exists("pooling on silence") when {TALK}': "proved",
    # The condition is exact: in the rest, x = 1 and y = 0 are best replies and each type gets what it wants.
    'loss + retaliation_cost_resolved <= 0 and punishment <= gain and gain <= 0 implies '
    f'exists("separating: resolved statement, irresolute silence") when {TALK}': "proved",
    f"P[resolved, attack] == resolve*P[attack] when {TALK}": "refuted",
    # After a warning that binds both (c_r <= c_i < audience_cost) both retaliate, Iran refrains whatever it believes,
    # so each type has at least 0; an attack costs loss if unanswered and at least loss + c_r > 0 if answered.
    "P[attack] == 0 when audience_cost > retaliation_cost_irresolute and gain < punishment and "
    "loss + retaliation_cost_resolved > 0": "proved",
}

# Where the cautious US restrains itself, the firm one answers if beta*war_cost_us < D; an attack brings
# gain - firmness*r*h, r the probability of an answer, with h_bold < h_wary. D < 0: r = 0. D > war_cost_us: r = 1.
ALWAYS = "restraint_cost_firm > limited_cost + war_cost_us"
NO_TIES = (
    "gain > firmness*limited_harm and boldness*war_cost_us != restraint_cost_firm - limited_cost and "
    "restraint_cost_firm < limited_cost + war_cost_us"
)
RETALIATION = {
    "P[spiral] == 0 and (gain < 0 or P[attack] == 1) when restraint_cost_firm < limited_cost and gain != 0": "proved",
    f"P[attack] == 0 when {ALWAYS} and gain < firmness*war_cost_bold": "proved",
    f"P[attack] == boldness and P[spiral] == boldness*firmness when {ALWAYS} and firmness*war_cost_bold < gain "
    "and gain < firmness*limited_harm": "proved",
    # Harm deters at each r, and more of it is more likely with firmness; where war pays the bold, answers invite.
    "max P[attack] decreases in firmness when war_cost_bold >= 0": "proved",
    "max P[attack] decreases in firmness": "refuted",
    # Both attack, beta = boldness: answered while boldness < D/war_cost_us, where P[spiral] = boldness*firmness; then
    # 0.
    "max P[spiral] increases in boldness": "refuted",
    f"max P[spiral] increases in boldness when {NO_TIES}": "refuted",
}
MODELS = {"posture": POSTURE, "statement": STATEMENT, "retaliation": RETALIATION}
CASES = [(name, text, status) for name, found in MODELS.items() for text, status in found.items()]


@cache
def atlas(name: str) -> dt.Atlas:
    """Two signals; or two answers, where the bold type alone escalates and the cautious type restrains itself."""
    if name != "retaliation":
        return dt.atlas(models.get("signalling").build({"signals": ["silence", name]}))
    game = models.get("retaliation").build({"answers": ["restrain", "limited"]})
    ring = game.space.ring
    extra = [*ring.parse_condition("war_cost_bold < limited_harm < war_cost_wary"),
             *ring.parse_condition("restraint_cost_cautious < limited_cost")]
    return dt.atlas(replace(game, space=game.space.with_conditions(extra)))


def solved(name: str, values: Mapping[str, str]) -> dt.Solution:
    """What a scenario that takes a witness over has for equilibria."""
    options = 'signals = ["silence", "NAME"]'.replace("NAME", name)
    model = "signalling"
    if name == "retaliation":
        model, options = name, 'answers = ["restrain", "limited"]'
    lines = [f'format = 1\ntitle = "A witness"\nmodel = "{model}"\n[options]\n{options}\n[parameters]']
    solution = dt.solve(dt.loads("\n".join([*lines, *(f'{n} = "{value}"' for n, value in values.items())])))
    assert solution.complete
    return solution


def chance(entry: dt.Equilibrium, *labels: str) -> Fraction:
    """The probability that all labels occur, from the complete histories."""
    found = (Fraction(str(p)) for key, p in entry.outcomes.items() if set(labels) <= set(key.split(", ")))
    return sum(found, Fraction(0))


# `solve` shows one member of a connected set of equilibria; away from these equations there is one outcome to a set.
APART = f"gain != 0 and gain != resolve*punishment and loss + retaliation_cost_resolved != 0 and {ONE_ANSWERS}"


@pytest.mark.parametrize(("name", "text", "status"), CASES)
def test_statement(name: str, text: str, status: str) -> None:
    assert atlas(name).complete
    proof = dt.prove(atlas(name), text)
    assert proof.status == status, proof
    assert (proof.witness is not None) == (status == "refuted")


def test_the_table_of_the_documentation_is_what_was_asked() -> None:
    text = (Path(__file__).parents[1] / "docs" / "statements.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .* \| `([^`]*)` \| (proved|refuted)[^|]* \|$", text, re.MULTILINE)
    assert len(rows) == len(CASES) - 1
    assert set(rows) <= {(statement, status) for _, statement, status in CASES}


def witness(name: str, text: str) -> list[dict[str, str]]:
    """The points of a refutation, in order."""
    found = dt.prove(atlas(name), text).witness
    assert found is not None
    return [dict(point) for point in found.values()]


def test_a_signal_that_costs_both_the_same_separates_them_at_the_witness() -> None:
    claim = f"not {SENDS['resolved']} and not {SENDS['irresolute']}"
    (values,) = witness("posture", f"{claim} when posture_cost > 0 and gain != punishment and {APART}")
    assert Fraction(values["posture_cost"]) > 0
    resolve = Fraction(values["resolve"])
    shares = {(chance(e, "resolved", "posture"), chance(e, "irresolute", "posture")) for e in solved("posture", values)}
    assert shares & {(resolve, 0), (0, 1 - resolve)}


def test_talk_adds_an_outcome_at_the_witness() -> None:
    claim = f"P[resolved, attack] == resolve*P[attack] when {TALK}"
    (values,) = witness("statement", f"{claim} and gain != punishment and {APART}")
    assert values["audience_cost"] == "0"
    resolve = Fraction(values["resolve"])
    entries = solved("statement", values)
    assert any(chance(e, "resolved", "attack") != resolve * chance(e, "attack") for e in entries)


@pytest.mark.parametrize(
    ("name", "text", "events"),
    [
        ("posture", f"max P[attack] increases in resolve when posture_cost > loss and {APART}", "attack"),
        ("posture", f"max P[attack] decreases in resolve when posture_cost > loss and {APART}", "attack"),
        ("retaliation", f"max P[attack] decreases in firmness when {ALWAYS} and gain != firmness*war_cost_bold and "
         "gain != firmness*limited_harm", "attack"),
        ("retaliation", list(RETALIATION)[-1], "escalate"),
    ],
)
def test_the_worst_case_moves_against_the_claim_at_the_witness(name: str, text: str, events: str) -> None:
    before, after = (max(chance(entry, events) for entry in solved(name, values)) for values in witness(name, text))
    assert before < after if "decreases" in text else before > after
