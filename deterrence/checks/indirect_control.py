r"""The certificate of two-phase play in `indirect_control`, from the definition of the game.

Three states: *cooperation* (the principal delegates, the agent works), *punishment* (the principal intervenes with
intensity :math:`i`) and *breach* (for ever: intervention without intensity), into which every deviation of the
principal leads. No single deviation may pay at any of them (`automata`). Of other intensities none is better than 0
for a principal who deviates, as all cost more and are followed by the same. An agent to whom the principal delegates
after a breach shirks, since what follows does not depend on it. That the stated pain is :math:`g(i)`, and that
:math:`i` meets the condition for the best intensity, is checked by powers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from ..certify import Certificate
from .automata import Automaton, Profile, judge

__all__ = ["CONCEPT", "Phases", "certify"]

CONCEPT: Final = "two-phase"
Number = Any
"""A `Fraction` or an `Algebraic`."""
_ONE: Final = Fraction(1)


@dataclass(frozen=True)
class Phases:
    """Two-phase play, in numbers.

    Attributes
    ----------
    point : the parameters.
    power : of the intensity in the agent's pain, as numerator and denominator.
    intensity, pain : of a punishment: :math:`i` and :math:`g(i)`.
    begins, ends : the chance that a punishment begins after a disturbance, and that it ends, in a period.
    """

    point: Mapping[str, Fraction]
    power: tuple[int, int]
    intensity: Number
    pain: Number
    begins: Number
    ends: Number


def certify(play: Phases | None, point: Mapping[str, Fraction], claimed: Mapping[str, Number]) -> Certificate:
    """Whether two-phase play, or without it direct control for ever, is an equilibrium with these payoffs."""
    start = "cooperation" if play is not None else "breach"
    plan = {"breach": {"Principal": "intervene lightly", "Agent": "shirk"}}
    if play is not None:
        plan |= {
            "cooperation": {"Principal": "delegate", "Agent": "work"},
            "punishment": {"Principal": "intervene", "Agent": "shirk"},
        }
    doing = ("delegate", "intervene lightly") if play is None else ("delegate", "intervene", "intervene lightly")
    automaton = Automaton(
        players=("Principal", "Agent"), patience=dict.fromkeys(("Principal", "Agent"), point["patience"]),
        start={start: _ONE}, actions={state: {"Principal": doing, "Agent": ("work", "shirk")} for state in plan},
        plan=plan, payoff=lambda state, profile: _paid(play, point, profile),
        move=lambda state, profile: _moved(play, state, profile),
    )
    found = judge(automaton, CONCEPT, claimed=claimed, infoset=lambda player, state: f"{player} in {state}")
    wrong = [] if play is None else _misstated(play)
    if not wrong:
        return found
    return Certificate(
        CONCEPT, False, found.nash_regret, found.sequential_regret, (*found.fails_at, *wrong),
        (*found.reasons, *(f"{name} is not as it is stated" for name in wrong)), found.infosets, found.rational,
    )


def _paid(play: Phases | None, point: Mapping[str, Fraction], profile: Profile) -> dict[str, Number]:
    """What a period pays."""
    harm, done = point["harm"], profile["Principal"]
    if done == "delegate":
        if profile["Agent"] == "work":
            return {"Principal": -point["disturbance_work"] * harm, "Agent": -point["effort_cost"]}
        return {"Principal": -point["disturbance_shirk"] * harm, "Agent": Fraction(0)}
    if done == "intervene" and play is not None:
        cost = point["disturbance_intervention"] * harm + point["intensity_cost"] * play.intensity
        return {"Principal": -cost, "Agent": -play.pain}
    return {"Principal": -point["disturbance_intervention"] * harm, "Agent": -point["pain_least"]}


def _moved(play: Phases | None, state: str, profile: Profile) -> dict[str, Number]:
    """The next state."""
    if play is not None and state == "cooperation" and profile["Principal"] == "delegate":
        chance = play.point["disturbance_work" if profile["Agent"] == "work" else "disturbance_shirk"] * play.begins
        return {"punishment": chance, "cooperation": 1 - chance}
    if play is not None and state == "punishment" and profile["Principal"] == "intervene":
        return {"cooperation": play.ends, "punishment": 1 - play.ends}
    return {"breach": _ONE}


def _misstated(play: Phases) -> list[str]:
    """What is not as it should be: probabilities, the pain, the best intensity."""
    point, (top, below) = play.point, play.power
    wrong = [name for name, p in (("begins", play.begins), ("ends", play.ends)) if not 0 <= p <= 1]
    grown = (play.pain - point["pain_least"]) / point["pain"]
    if not play.intensity > 0 or not grown > 0 or grown**below != play.intensity**top:
        wrong.append("pain")
    avoided = (point["disturbance_intervention"] - point["disturbance_work"]) * point["harm"]
    total = avoided + point["intensity_cost"] * play.intensity
    slope = Fraction(top, below) * (play.pain - point["pain_least"])  # times one over the intensity
    if slope * total != point["intensity_cost"] * play.intensity * (play.pain - point["effort_cost"]):
        wrong.append("intensity")
    return wrong
