r"""An extremist manipulates the conflict between two states by public talk, after Baliga and Sjöström (2012).

The question: can somebody who commands nothing and only makes noise, by a provocation or a march for peace, bring two
states to blows, or keep them from it?

**Players and types.** States *A* and *B* choose to be hawkish or dovish. Being hawkish costs :math:`c_A, c_B`, drawn
independently and uniformly from :math:`[l, h]` = `cost_low` to `cost_high`, and each knows its own. The *Extremist*
lives in A: it knows :math:`c_A` and has A's payoff, with a cost :math:`c_E` = `extremist_cost` of its own for A being
hawkish: low, even negative, if it is a hawk, high if it is a dove.

**Order of moves.** The Extremist demonstrates or stays silent, in public; then A and B choose at once. With the
advantage :math:`\mu` = `advantage` of a hawk over a dove and the exposure :math:`d` = `exposure` of a dove to a hawk,
A gets

=========  ===================  ==========
A, B       hawk                 dove
=========  ===================  ==========
hawk       :math:`-c_A`         :math:`\mu - c_A`
dove       :math:`-d`           0
=========  ===================  ==========

and B likewise. Where :math:`d > \mu` fear rules and actions are strategic *complements*, where :math:`d < \mu`
*substitutes*: one is bold where the other is expected to give way.

**Equilibria.** Let :math:`F(x) = (x - l)/(h - l)` and :math:`\Gamma(x) = \mu + (d - \mu) F(x)`, the cost below which a
state is hawkish against one with the cutpoint :math:`x`.

- *No talk.* Nobody heeds the Extremist; both have the cutpoint :math:`\hat c = \Gamma(\hat c)`,
  :math:`\hat c = [\mu(h - l) - (d - \mu) l]/[(h - l) - (d - \mu)]`.
- *Communication.* The demonstration is meant for the types of A between two cutpoints; it makes them hawkish and B too
  (complements: a provocation), or makes them dovish and B hawkish (substitutes: a march for peace). With
  :math:`c_B^1` = :math:`d` or :math:`\mu`, :math:`c_A^1 = \Gamma(c_B^1)`, :math:`c_A^0 = \Gamma(c_B^0)`,

  .. math:: c_B^0 = \mu + \frac{(d - \mu) F(c_A^0)}{1 - F(c_A^1) + F(c_A^0)}, \qquad
            c_B^0 = \mu + \frac{(d - \mu) F(c_A^1)}{1 - F(c_A^0) + F(c_A^1)}.

  The Extremist is willing where :math:`c_E \le \mu[1 - F(d)] + d F(c_B^0)`, for complements, or
  :math:`c_E \ge \mu[1 - F(c_B^0)] + d F(\mu)`, for substitutes.
- *Partial communication.* Where its cost lies between this bound and the same with :math:`\hat c` for :math:`c_B^0`,
  the Extremist may also be just indifferent, and demonstrate only with some probability for the types it is meant
  for.

`deterrence.solvers.extremist` proves that there are no others.

**Events.** `demonstration`. `hawk_a`, `hawk_b`. `deterrence_failure`: at least one state is hawkish. `spiral`: both
are.

**Literature.** Baliga and Sjöström (2012); Crawford and Sobel (1982) on talk that costs nothing. Departures: costs are
uniform; the article has an Extremist of extreme cost, the sharp bounds and partial communication are derived here.

>>> from deterrence.solvers import solve
>>> values = {"advantage": "1/4", "exposure": "1/2", "cost_low": "-1/4", "cost_high": "3/4", "extremist_cost": "-1/10"}
>>> for entry in solve(MODEL.build(), point=values):
...     print(entry.label, round(float(entry.events["spiral"]), 4))
no talk 0.4444
communication 0.4624
"""

from __future__ import annotations

from typing import Final

from deterrence.models.base import Claim, Decision, DirectModel, Settings, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_PARAMETERS: Final = (
    Parameter("advantage", "advantage > 0", "What a hawk gets of a dove [mu].", "utility"),
    Parameter("exposure", "exposure > 0", "What being a dove to a hawk costs [d].", "utility"),
    Parameter("cost_low", "", "The least cost that being hawkish may have for A and B.", "utility"),
    Parameter("cost_high", "", "The largest cost that being hawkish may have for A and B.", "utility"),
    Parameter("extremist_cost", "", "What A being hawkish costs the Extremist (negative: it wants that) [c_E].",
              "utility"),
)

_DRAWING: Final = """\
chance -- c_A, c_B
  |
Extremist (c_A) --demonstrate---+-- A (c_A, the message) --hawk
                \\--stay silent--+                       \\--dove   (at once)
                                 -- B (c_B, the message) --hawk
                                                        \\--dove
"""

_TERMS: Final = (
    *(
        term
        for player, rival, cost in (
            ("State A", "B", "-c_A"), ("State B", "A", "-c_B"), ("Extremist", "B", "-extremist_cost")
        )
        for own in ("A" if player != "State B" else "B",)
        for term in (
            Term(f"advantage ({player})", player, "advantage", ("hawk",), f"{own} is hawkish and {rival} dovish",
                 "what the bold take from those who give way"),
            Term(f"exposure ({player})", player, "-exposure", ("dove",), f"{own} is dovish and {rival} hawkish",
                 "what those who give way lose"),
            Term(f"cost of hawkishness ({player})", player, cost, ("hawk",), f"{own} is hawkish",
                 "what arming and fighting cost, or bring to those who like it"),
        )
    ),
)

_SOURCE: Final = "baliga_sjostrom2012"
_ALL: Final = "proved on the atlas in all parameters"
_TALKS: Final = '(exists("communication") or exists("partial communication"))'
_RANDOM: Final = "random exact points, for every type"

_CLAIMS: Final = (
    Claim("Without talk there is one equilibrium in cutpoints.", "holds in part",
          "derived; with costs distributed as beta(2,2) the cutpoints were counted as roots of a polynomial", _SOURCE,
          when="if the density of costs stays below 1/|exposure - advantage|, as a uniform one does that has types on "
          "either side of both; with beta(2,2) on [0.1415, 0.9495], advantage 0.2197 and exposure 0.8713 there are "
          "three"),
    Claim("With complements no dovish extremist is heeded: its cost must be low.", "holds", _ALL, _SOURCE,
          f"{_TALKS} implies extremist_cost*(cost_high - cost_low) < advantage*(cost_high - exposure) + "
          "exposure*(exposure - cost_low) when exposure > advantage"),
    Claim("With substitutes no hawkish extremist is heeded: its cost must be high.", "holds", _ALL, _SOURCE,
          f"{_TALKS} implies extremist_cost*(cost_high - cost_low) > exposure*(advantage - cost_low) + "
          "advantage*(cost_high - advantage) when exposure < advantage"),
    Claim("A hawkish extremist is always heeded in some equilibrium where actions are complements.", "holds", _ALL,
          _SOURCE, 'exists("communication") when exposure > advantage and extremist_cost <= 0'),
    Claim("With complements talk makes B more hawkish.", "holds", _ALL, _SOURCE,
          "P[hawk_b]*(cost_high - cost_low - exposure + advantage) >= advantage - cost_low when exposure > advantage"),
    Claim("With complements talk makes A more hawkish.", "holds", _ALL, _SOURCE,
          "P[hawk_a]*(cost_high - cost_low - exposure + advantage) >= advantage - cost_low when exposure > advantage"),
    Claim("With substitutes talk makes B more hawkish, although it is for peace.", "holds", _ALL, _SOURCE,
          "P[hawk_b]*(cost_high - cost_low - exposure + advantage) >= advantage - cost_low when exposure < advantage"),
    Claim("With substitutes talk makes A more dovish.", "holds", _ALL, _SOURCE,
          "P[hawk_a]*(cost_high - cost_low - exposure + advantage) <= advantage - cost_low when exposure < advantage"),
    Claim("With complements both states are more hawkish after either message than without talk.", "holds",
          "random exact points: the order of the cutpoints", _SOURCE),
    Claim("With complements talk harms every type of A and of B.", "holds",
          f"{_RANDOM}; on average over types proved on the atlas of the shipped scenario", _SOURCE,
          "payoff[State A] <= -1/9 and payoff[State B] <= -1/9", ("extremist_cost",)),
    Claim("With substitutes talk harms every type of A and helps every type of B.", "holds", _RANDOM, _SOURCE),
    Claim("Talk that is heeded is heeded in one way only.", "fails",
          "refuted on the atlas of the shipped scenario", _SOURCE,
          'exists("communication") implies not exists("partial communication")', ("extremist_cost",),
          "advantage 1/4, exposure 1/2, costs from -1/4 to 3/4 and extremist_cost 397/1000: it may demonstrate to all "
          "on the fence, or to each with probability 0.64"),
    Claim("It is where the extremist's cost is extreme.", "holds", _ALL, _SOURCE,
          'not exists("partial communication") when extremist_cost <= 0 and exposure > advantage'),
    Claim("Without talk a larger exposure makes both states more hawkish.", "holds", _ALL, _SOURCE,
          'P[hawk_a] increases in exposure within "no talk"'),
    Claim("Without talk a larger advantage makes both states more hawkish.", "holds", _ALL, _SOURCE,
          'P[hawk_a] increases in advantage within "no talk"'),
)


def _decisions(_: Settings) -> tuple[Decision, ...]:
    heard = {
        "demonstration": "share of its types that are hawkish among those that may hear a demonstration",
        "silence": "share of its types that are hawkish among those that may hear none",
    }
    return (
        Decision("Extremist", "Extremist", ("demonstrate", "stay silent"), "knows A's cost; the share over all of "
                                                                           "them"),
        *(
            Decision(f"State {state} after {word}", f"State {state}", ("hawk", "dove"), "knows its own cost; "
                                                                                        f"{meaning}")
            for word, meaning in heard.items()
            for state in "AB"
        ),
    )


MODEL: Final = DirectModel(
    name="extremist",
    question=(
        "Can somebody who commands nothing and only makes noise, by a provocation or by a march for peace, bring two "
        "states to blows, or keep them from it?"
    ),
    summary=(
        "Two states choose to be hawkish or dovish, each knowing its own cost of being hawkish. An extremist in one of "
        "them, a hawk or a dove, knows the cost of that state and may demonstrate before they choose. Talk costs "
        "nothing; it is heeded where it moves those types of A that sit on the fence."
    ),
    players=("Extremist", "State A", "State B"),
    play=(
        "Chance draws the costs of A and B; each state learns its own, the Extremist that of A.",
        "The Extremist demonstrates or stays silent; all hear it.",
        "A and B choose at once to be hawkish or dovish.",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume={
        "cost_low < advantage": "some types are hawkish against a dove",
        "cost_low < exposure": "some types are hawkish against a hawk",
        "cost_high > advantage": "some types are dovish to a dove",
        "cost_high > exposure": "some types are dovish to a hawk; without such types there may be several equilibria",
    },
    options={},
    events={
        "demonstration": "the Extremist demonstrates",
        "hawk_a": "A is hawkish",
        "hawk_b": "B is hawkish",
        "deterrence_failure": "at least one of the states is hawkish",
        "spiral": "both states are hawkish",
    },
    literature=(_SOURCE, "crawford_sobel1982"),
    departures=(
        "Costs are uniform. The extremist's cost may be any number: the sharp bounds up to which it is heeded, and the "
        "equilibria in which it demonstrates with a probability, are derived here. After Baliga and Sjöström (2012)."
    ),
    findings=(
        "Where fear rules (exposure > advantage) only a hawkish extremist is heeded, and its provocations make both "
        "states more hawkish, after silence too: the dog that did not bark calms nobody wholly.",
        "Where boldness pays (exposure < advantage) only a dovish one is, and its marches make its own state more "
        "dovish and the other more hawkish: it harms its own side and helps the other.",
        "Nobody heeding it is always an equilibrium.",
        "Around the cost up to which it is willing there are two ways of being heeded: always demonstrating to those "
        "on the fence, and doing so only sometimes.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    lever="extremist_cost",
    title="Two states and an extremist",
    decisions=_decisions,
    terms=_TERMS,
    concept="cutpoint",
    method="cutpoint equations",
    approach=(
        "Every equilibrium: all best replies are cutpoints. Those without talk and with partial communication are "
        "formulas, that with communication is the root of a quadratic equation, isolated by its signs at two points."
    ),
)
