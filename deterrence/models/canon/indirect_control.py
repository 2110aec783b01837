r"""Indirect control: a principal who delegates restraint to an agent, and must sometimes punish it.

The question: how does a power keep a proxy at work that it cannot watch, when punishing the proxy costs itself dearly,
and why are punishments harsh, rare and short?

**Game.** A *Principal* and an *Agent* meet for ever, with discount factor :math:`\beta`. Each period

1. the Principal delegates, or intervenes with intensity :math:`i \ge 0`; both see it;
2. if it delegated, the Agent works at the cost :math:`\eta`, or shirks, unseen;
3. a disturbance comes with probability :math:`\pi_\eta` if the Agent worked, :math:`\pi_0` if it shirked,
   :math:`\pi_p` if the Principal intervened; :math:`\pi_\eta < \pi_p \le \pi_0`. Both see it.

A disturbance costs the Principal :math:`\chi`, an intervention :math:`A i`; the Agent suffers :math:`g(i) = g_0 + B
i^s` under one. What happens next may depend on a public lottery. Payoffs are averages over time.

**Two-phase play.** The Principal delegates and the Agent works; after a disturbance punishment begins with probability
:math:`\ell`; the Principal intervenes with intensity :math:`i` and returns to delegating with probability :math:`\rho`
each period. If ever the Principal deviates, it intervenes without intensity for ever, which is an equilibrium by itself
(*direct control*, worth :math:`-\pi_p \chi` to it). With :math:`D = (\pi_p - \pi_\eta)\chi`

- the Agent works if :math:`\ell = \eta(1 - \beta + \beta\rho) / \{\beta[(\pi_0 - \pi_\eta)(g(i) - \eta) -
  \pi_\eta\eta]\} \le 1`, and then just so;
- the Principal punishes if :math:`A i (1 - \beta + \beta \pi_\eta \ell) \le \beta \rho D`: punishments must be short
  enough, :math:`\rho \ge \rho_{\min}`;
- cooperation is worth :math:`J = -\pi_\eta\chi - \frac{\pi_\eta\eta}{\pi_0 - \pi_\eta} \frac{D + A i}{g(i) - \eta}` to
  the Principal and :math:`V = -\eta\pi_0/(\pi_0 - \pi_\eta)` to the Agent, whatever :math:`\rho`;
- the best intensity :math:`i^*` solves :math:`g'(i)(D + A i) = A (g(i) - \eta)`.

:math:`i^*` does not depend on :math:`\beta`: it rises in :math:`\eta` and :math:`\chi` and falls in :math:`A`. The
derivative of :math:`g'(i)(D + Ai) - A(g(i) - \eta)` in :math:`i` is negative, in :math:`\eta` it is :math:`A`, in
:math:`\chi` it is :math:`g'(i)(\pi_p - \pi_\eta)`, and in :math:`A`, at the root, :math:`-g'(i) D/A`. By the envelope
theorem :math:`J` falls in :math:`\eta`.

**Equilibria** that are listed: two-phase play at :math:`i^*`, with what may vary in :math:`\rho`, where it is credible;
and direct control. It is not the best that the Principal could have: see the claim on tolerated shirking.

**Events** in a period of the first phase. `deterrence_failure`: a disturbance. `spiral`: a punishment begins.

**Literature.** After Padró i Miquel and Yared (2012), whose full characterisation is not reproduced; the formulas above
were checked as equilibria of the game as it is written here.

>>> game = MODEL.build()
>>> from deterrence.solvers import solve
>>> values = {"effort_cost": "1/4", "disturbance_work": "1/6", "disturbance_shirk": "4/5", "harm": 2,
...           "disturbance_intervention": "1/2", "intensity_cost": 1, "pain_least": 1, "pain": 1, "patience": "4/5"}
>>> found = solve(game, point=values)
>>> [(entry.label, round(float(entry.payoffs["Principal"]), 4)) for entry in found]
[('indirect control', -0.3805), ('direct control', -1.0)]
"""

from __future__ import annotations

from typing import Final

from deterrence.models.base import Claim, Count, Decision, DirectModel, Settings, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_PRINCIPAL, _AGENT, _CHANCE = "Principal utility", "Agent utility", "probability"
_SOURCE: Final = "padro_yared2012"

_PARAMETERS: Final = (
    Parameter("effort_cost", "effort_cost > 0", "What working costs the Agent in a period [eta].", _AGENT),
    Parameter("disturbance_work", "0 < disturbance_work < 1",
              "Probability of a disturbance where the Agent works [pi_eta].", _CHANCE),
    Parameter("disturbance_shirk", "0 < disturbance_shirk <= 1",
              "Probability of a disturbance where the Agent shirks [pi_0].", _CHANCE),
    Parameter("disturbance_intervention", "0 < disturbance_intervention <= 1",
              "Probability of a disturbance where the Principal intervenes [pi_p].", _CHANCE),
    Parameter("harm", "harm > 0", "What a disturbance costs the Principal [chi].", _PRINCIPAL),
    Parameter("intensity_cost", "intensity_cost > 0",
              "What a unit of intensity of an intervention costs the Principal [A].", _PRINCIPAL),
    Parameter("pain_least", "pain_least >= 0",
              "What the Agent suffers under an intervention without intensity [g(0)].", _AGENT),
    Parameter("pain", "pain > 0", "What the first unit of intensity adds to that [B].", _AGENT),
    Parameter("patience", "0 < patience < 1", "The discount factor of both [beta].", "weight of the next period"),
)

_ASSUME: Final = {
    "disturbance_intervention > disturbance_work": "the Agent, at work, does it better than the Principal",
    "disturbance_shirk >= disturbance_intervention": "the Principal does it no worse than an Agent who shirks",
}

_DRAWING: Final = """\
              disturbance (pi_eta) and lottery (ell)
  +--> COOPERATION: delegate, work ------------------> PUNISHMENT: intervene with intensity i* --+
  |        |                                                |   (goes on with 1 - rho)           |
  |        +-- the Principal deviates --> BREACH: intervene |   without intensity, for ever      |
  +---------------------------------------------------- rho +------------------------------------+
"""

_CLAIMS: Final = (
    Claim(
        "Punishments are as intense as i* with g'(i)(D + A i) = A(g(i) - eta), whatever the patience of the two.",
        "holds", "exact root at random exact points and the canon points; a grid of intensities pays less", _SOURCE,
    ),
    Claim(
        "The harder the work, the more intense the punishment.", "holds", "derived; random exact points", _SOURCE,
    ),
    Claim(
        "The worse a disturbance, the more intense the punishment.", "holds", "derived; random exact points", _SOURCE,
    ),
    Claim(
        "The costlier intensity, the less of it.", "holds", "derived; random exact points", _SOURCE,
    ),
    Claim(
        "The Principal loses where the work is harder.", "holds",
        "derived; random exact points; proved on the atlas of the shipped scenario", _SOURCE,
        'payoff[Principal] decreases in effort_cost within "indirect control"',
        ("effort_cost", "harm", "intensity_cost", "pain_least", "pain"),
    ),
    Claim(
        "It loses where disturbances are worse, by whichever equilibrium.", "holds",
        "proved on the atlas of the shipped scenario", statement="payoff[Principal] decreases in harm",
        over=("effort_cost", "harm", "intensity_cost"),
    ),
    Claim(
        "Harsher punishments must be shorter: the least chance that one ends rises in its intensity.", "holds",
        "random exact points", _SOURCE,
    ),
    Claim(
        "The Agent's payoff in cooperation depends on neither the intensity nor the length of punishments.", "holds",
        "proved on the atlas in all parameters, s = 1/2", _SOURCE,
        "payoff[Agent] == -effort_cost*disturbance_shirk/(disturbance_shirk - disturbance_work) within "
        '"indirect control"',
    ),
    Claim(
        "Where indirect control is an equilibrium the Principal does no worse by it than by direct control.", "holds",
        "proved on the atlas in all parameters, s = 1/2; random exact points", _SOURCE,
        'payoff[Principal] >= -disturbance_intervention*harm within "indirect control"',
    ),
    Claim(
        "Two-phase play is the best perfect public equilibrium for the Principal.", "fails",
        "an automaton with a third phase, certified and compared exactly", _SOURCE,
        when="only if the Agent is to work whenever it is delegated to. At effort_cost 3/5, disturbances 3/10 (work), "
        "3/4 and 3/4, harm 6, intensity_cost 2, pain 1 + i**(1/2)/2, patience 9/10 two-phase play is worth -3.754; it "
        "is worth -3.281 to punish with i = 1/4, half of the time for four periods, and to let the Agent shirk for a "
        "period after each without disturbance",
    ),
)

_TERMS: Final = (
    Term("disturbance", "Principal", "-harm", (), "a disturbance comes", "what was to be prevented"),
    Term("intensity", "Principal", "-intensity_cost*i", ("intervene",), "the Principal intervenes with intensity i",
         "means, losses and blame"),
    Term("effort", "Agent", "-effort_cost", ("work",), "the Agent is delegated to and works",
         "what restraining others costs it"),
    Term("pain", "Agent", "-pain_least - pain*i**s", ("intervene",), "the Principal intervenes with intensity i",
         "what it loses under an intervention"),
)


def _decisions(settings: Settings) -> tuple[Decision, ...]:
    del settings
    principal, agent = ("delegate", "intervene", "intervene lightly"), ("work", "shirk")
    return (
        Decision("Principal in cooperation", "Principal", principal,
                 "while it delegates; lightly is without intensity"),
        Decision("Principal in punishment", "Principal", principal, "while the Agent is punished"),
        Decision("Agent in cooperation", "Agent", agent, "delegated to while the Principal keeps its part"),
        Decision("Principal after a breach", "Principal", principal, "after it has deviated"),
        Decision("Agent after a breach", "Agent", agent, "delegated to after the Principal has deviated"),
    )


MODEL: Final = DirectModel(
    name="indirect_control",
    question=(
        "How does a power keep a proxy at work that it cannot watch, when punishing the proxy costs itself dearly, and "
        "why are punishments harsh, rare and short?"
    ),
    summary=(
        "Each period a Principal delegates the prevention of disturbances to an Agent, or intervenes itself at a cost, "
        "which hurts the Agent. Work is unseen, disturbances are seen. The Principal cannot commit: punishments must "
        "be worth carrying out for the sake of the cooperation that they restore."
    ),
    players=("Principal", "Agent"),
    play=(
        "The Principal delegates, or intervenes with some intensity; the Agent sees it.",
        "Delegated to, the Agent works or shirks, unseen.",
        "A disturbance comes or not, seen by both; a public lottery says how play goes on.",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume=_ASSUME,
    options={
        "exponent": Count("the exponent s of the intensity in the Agent's pain, in tenths", 5, 1, 9),
    },
    events={
        "deterrence_failure": "a disturbance comes in a period of cooperation, or of direct control",
        "spiral": "a punishment begins after a period of cooperation",
    },
    literature=("padro_yared2012",),
    departures=(
        "The pain of an intervention is a power of its intensity plus a constant; the lottery is public. Only "
        "two-phase play at the best intensity and direct control are listed, not every perfect public equilibrium."
    ),
    findings=(
        "The intensity of punishments does not depend on patience; how long they may last does.",
        "Of two-phase plays all lengths between the bounds are worth the same to both sides.",
        "To tolerate shirking for a while as a reward can be better for the Principal than two-phase play.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    title="Indirect control, pain as intensity to the power {exponent}/10",
    decisions=_decisions,
    terms=_TERMS,
    concept="two-phase",
    method="two phases",
    approach=(
        "The best intensity is the one positive root of a polynomial, an exact number; all else is rational in it. The "
        "certificate solves for the values of both at every state and tries every deviation, exactly."
    ),
)
