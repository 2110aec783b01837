r"""Audience costs: a crisis as a war of attrition in public, after Fearon (1994).

The question: two states dispute a prize before their publics, and backing down costs the more the longer the crisis has
lasted. Which side backs down, how long does the crisis last, and does a strong audience make war likelier?

**Players and types.** *State 1* and *State 2*. State :math:`i` knows its value for war :math:`w_i`, drawn uniformly
from :math:`[-W_i, 0]`, with :math:`W_i` = `war_cost_1`, `war_cost_2`; independent.

**Play.** Time goes on from 0. At every moment each state escalates, quits or attacks. A state that quits at :math:`t`
pays its audience :math:`a_i t` (`audience_cost_1`, `audience_cost_2`) and the other gets the prize :math:`v` (`prize`).
An attack is war: each gets :math:`w_i`. Quitting comes before an attack at the same moment; if both quit at once,
nobody gets the prize.

**Equilibrium.** Let :math:`F_i(w) = 1 + w/W_i`. Both states quit over time so that the other is just indifferent, up to
a *horizon* :math:`t^*` at which all are gone that would rather quit than fight: those with :math:`w_i < -a_i t^*`. The
rest attack. With :math:`t_i` the positive root of :math:`F_j(-a_j t)\,v = (1 - F_j(-a_j t))\,a_i t`, that is of

.. math:: a_1 a_2 t^2 + a_j v t = W_j v,

:math:`t^* = \min(t_1, t_2)`. Let :math:`L` be the state with :math:`t^* = t_L`, :math:`H` the other, and
:math:`k = F_L v - (1 - F_L) a_H t^* \ge 0`. By time :math:`t` they have quit with probability

.. math:: Q_H(t) = \frac{a_L t}{v + a_L t}, \qquad Q_L(t) = \frac{k + a_H t}{v + a_H t},

so that :math:`L` concedes at once with probability :math:`k/v`. `deterrence.solvers.audience_costs` proves that there
is no other equilibrium in which neither state concedes at once for certain.

**Events.** `concede_1`, `concede_2`: that state concedes at once, before a crisis opens. `crisis`: neither does.
`bluff_1`, `bluff_2`: a crisis opens and that state is of a type that would back down by the horizon. `back_down`: a
crisis opens and somebody backs down. `war`.

**Results.** In a crisis State :math:`L` is of a type that backs down with probability
:math:`a_H t^*/(v + a_H t^*)`, State :math:`H` with :math:`a_L t^*/(v + a_L t^*)`; the odds are
:math:`(a_H v + a_1 a_2 t^*) / (a_L v + a_1 a_2 t^*)` and above 1 where :math:`a_H > a_L`: the side with the stronger
audience is the less likely to back down. The hazards with which the two quit in a crisis are :math:`a_H/(v + a_H t)`
and :math:`a_L/(v + a_L t)`, so it is also the less likely to be the first to do so. What is known beforehand of costs
of war works through who concedes at once. War in a crisis has probability :math:`v^2/[(v + a_1 t^*)(v + a_2 t^*)]`,
in which only the products :math:`a_i t^*` enter: both audience costs twice as large bring the same, in half the time.

**Literature.** Fearon (1994); the formulas follow accounts of it and were derived anew. Maynard Smith (1974) for the
war of attrition. Departure: costs of war are uniform.

>>> from deterrence.solvers import solve
>>> values = {"prize": 1, "audience_cost_1": 1, "audience_cost_2": 2, "war_cost_1": 8, "war_cost_2": 5}
>>> (entry,) = solve(MODEL.build(), point=values)
>>> entry.label, entry.figures["horizon"], float(entry.events["war"])
('State 1 may concede at once', root(2*x**2 + 2*x - 5, 1, 2), 0.067084380241115)
"""

from __future__ import annotations

from typing import Final

from deterrence.models.base import Claim, Decision, DirectModel, Settings, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_PARAMETERS: Final = (
    Parameter("prize", "prize > 0", "What the disputed prize is worth to either state [v].", "utility"),
    *(
        Parameter(f"audience_cost_{i}", f"audience_cost_{i} > 0",
                  f"What State {i} pays for backing down, for each unit of time that the crisis has lasted [a_{i}].",
                  "utility per unit of time")
        for i in (1, 2)
    ),
    *(
        Parameter(f"war_cost_{i}", f"war_cost_{i} > 0",
                  f"The largest cost that war may have for State {i}; its own is uniform below it [W_{i}].", "utility")
        for i in (1, 2)
    ),
)

_DRAWING: Final = """\
time 0 -------------------- t ------------------------ horizon t*
State 1: concede | escalate .. or quit: -a_1*t, State 2 gets v .. | the rest attack: w_1, w_2
State 2: concede | escalate .. or quit: -a_2*t, State 1 gets v .. | the rest attack: w_1, w_2
"""

_TERMS: Final = tuple(
    term
    for i in (1, 2)
    for term in (
        Term(f"prize to State {i}", f"State {i}", "prize", (), f"State {3 - i} quits", "the dispute is settled"),
        Term(f"audience of State {i}", f"State {i}", f"-audience_cost_{i}*t", (), f"State {i} quits at time t",
             "leaders pay at home for escalating and then giving in, the more the longer it was done"),
        Term(f"war for State {i}", f"State {i}", "-w", (), f"war; w uniform from 0 to war_cost_{i}",
             "what a war is expected to bring, its costs taken off, compared with giving in at once"),
    )
)

_FEARON: Final = "fearon1994"
_ALL: Final = "proved on the atlas in all parameters"
_FIRST, _SECOND = "State 1 may concede at once", "State 2 may concede at once"

_CLAIMS: Final = (
    Claim("In a crisis the state with the stronger audience is the less likely to be of a type that backs down.",
          "holds", _ALL, _FEARON, "P[bluff_1] <= P[bluff_2] when audience_cost_1 >= audience_cost_2"),
    Claim("With equal audiences the odds that the one rather than the other would back down are even, whatever is "
          "known of their costs of war.", "holds", _ALL, _FEARON,
          "P[bluff_1] == P[bluff_2] when audience_cost_1 == audience_cost_2"),
    Claim("Audiences being equal, it is the side known to suffer more from war that may concede at once.", "holds",
          _ALL, _FEARON,
          "P[concede_1] >= P[concede_2] when audience_cost_1 == audience_cost_2 and war_cost_1 >= war_cost_2"),
    Claim("At most one state concedes at once.", "holds", _ALL, _FEARON, "P[concede_1]*P[concede_2] == 0"),
    Claim("There is one equilibrium in which neither state concedes at once for certain.", "holds in part",
          "derived in deterrence.solvers.audience_costs; that the three cases exclude each other is proved on the "
          "atlas in all parameters", _FEARON, "unique",
          when="up to which types quit when, and when after the horizon war comes"),
    Claim("Types that quit are indifferent between all times up to the horizon, and no type gains by another time of "
          "quitting or attacking.", "holds", "the certificate: identities of polynomials, for every time and type",
          _FEARON),
    Claim("The odds that L rather than H backs down in a crisis are (a_H*v + a_1*a_2*t)/(a_L*v + a_1*a_2*t), t the "
          "horizon.", "holds in part", "random exact points; the integral of the hazards, enclosed and by quadrature",
          _FEARON,
          when="for being of a type that backs down by the horizon. The odds of being the first to back down lie on "
               "the same side of 1 but are longer: at prize 1, audience costs 1 and 2, costs of war up to 8 and 4 "
               "they are 1.68, not 4/3"),
    Claim("A stronger audience makes a state less likely to back down in a crisis.", "holds",
          "random exact points: the share of its types and the chance of being first, other things equal", _FEARON),
    Claim("Both audience costs multiplied by the same number leave the chance of war in a crisis as it is.", "holds",
          "random exact points, exactly", _FEARON),
    Claim("Stronger audiences make war likelier.", "fails", "refuted on the atlas in all parameters", "",
          "P[war] increases in audience_cost_1",
          when="prize 3/2, audience costs 2 and 1, costs of war up to 10/3 and 5: war has probability 3/25, and 3/40 "
          "with an audience cost of 5 in place of 2"),
    Claim("A stronger audience of the state that may concede at once makes war likelier.", "holds", _ALL, "",
          f'P[war] increases in audience_cost_1 within "{_FIRST}"'),
    Claim("A stronger audience of the other state makes it less likely.", "holds", _ALL, "",
          f'P[war] decreases in audience_cost_1 within "{_SECOND}"'),
    Claim("A larger prize makes war likelier.", "holds", _ALL, "", "P[war] increases in prize"),
    Claim("A state gains by a stronger audience of its own.", "holds", "proved on the atlas of the shipped scenario; "
          "random exact points", "", "payoff[State 1] increases in audience_cost_1", ("audience_cost_1",)),
    Claim("A state loses by a stronger audience of the other.", "holds", "proved on the atlas of the shipped scenario; "
          "random exact points", "", "payoff[State 2] decreases in audience_cost_1", ("audience_cost_1",)),
)


def _decisions(_: Settings) -> tuple[Decision, ...]:
    return tuple(
        decision
        for i in (1, 2)
        for decision in (
            Decision(f"State {i} at the outset", f"State {i}", ("concede", "stay"),
                     f"before a crisis opens; the share of all types of State {i}"),
            Decision(f"State {i} in a crisis", f"State {i}", ("back down", "attack"),
                     f"by the horizon, or at it; the share of the types of State {i} that stayed"),
        )
    )


MODEL: Final = DirectModel(
    name="audience_costs",
    question=(
        "Two leaders escalate a dispute in public, and backing down costs the more the later it comes: which side "
        "backs down, how long does the crisis last, and does a strong audience bring peace or war?"
    ),
    summary=(
        "Two states each hold out for a prize. Who quits pays an audience at home in proportion to the time that has "
        "passed; an attack is war, whose cost each side alone knows for itself. Both quit over time in such a way that "
        "the other is indifferent, up to a horizon at which only those are left that would rather fight."
    ),
    players=("State 1", "State 2"),
    play=(
        "Chance draws for each state what war costs it, which the state alone learns.",
        "At every moment from 0 on each state escalates, quits or attacks.",
        "The first to quit pays its audience and leaves the prize to the other; an attack is war.",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume={},
    options={},
    events={
        "concede_1": "State 1 concedes at once, and no crisis opens",
        "concede_2": "State 2 concedes at once, and no crisis opens",
        "crisis": "neither state concedes at once",
        "bluff_1": "a crisis opens, and State 1 is of a type that would back down by the horizon",
        "bluff_2": "a crisis opens, and State 2 is of a type that would back down by the horizon",
        "back_down": "a crisis opens, and one of the states backs down",
        "war": "both hold out to the horizon, and fight",
    },
    literature=(_FEARON, "maynard_smith1974", "johansson2017"),
    departures=(
        "Costs of war are uniform. Equilibria in which one state concedes at once for certain, held up by what the "
        "other would do later, are not listed. After Fearon (1994), as derived anew from accounts of the article."
    ),
    findings=(
        "The horizon is the least positive root of audience_cost_1*audience_cost_2*t**2 + audience_cost_j*prize*t = "
        "war_cost_j*prize over j = 1, 2. States with a cost of war above audience_cost*t quit before it, the others "
        "attack at it.",
        "At most one state concedes at once. In a crisis the side with the stronger audience is the less likely to be "
        "of a type that backs down, and to be the first to do so, whatever is known of costs of war.",
        "War in a crisis has probability prize**2/((prize + audience_cost_1*t)*(prize + audience_cost_2*t)): audience "
        "costs that are multiplied by the same number change the length of a crisis and nothing else.",
        "There is no event of the frontier's names: deterrence frontier takes --failure crisis --spiral war.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    lever="audience_cost_1",
    title="A crisis before two audiences",
    decisions=_decisions,
    terms=_TERMS,
    concept="horizon",
    method="horizon roots",
    approach=(
        "The horizon is an exact root of a quadratic, and everything else a formula in it. Complete among the "
        "equilibria in which neither state concedes at once for certain, up to which types quit when and how long "
        "after the horizon war comes, which change nothing."
    ),
)
