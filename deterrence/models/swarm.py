r"""Many groups at once: who attacks when one lethal attack by anybody may bring the answer upon all.

The question: "all the groups allied to Iran seem to act at the same time". When do many groups attack together, and
when is each deterred by what the others may cause? How many groups are too many to deter?

**Players.** :math:`n` groups (option `groups`), all alike. The US is no player: its answer is a rule, known to all
(options `rule` and `threshold`).

**Order of moves.**

1. All groups decide at once: attack or hold. No group sees what another does.
2. Each attack turns lethal with probability :math:`q` = `lethality`, independently.
3. The answer comes where at least :math:`m` = `threshold` attacks are lethal, the red line; with `threshold` 0 it comes
   after any attack, lethal or not. It harms the groups that the rule says.

**Payoffs.** A group that attacks gets :math:`v` = `gain`. Where the answer comes, :math:`h` = `punishment` falls

- ``collective``: on every group, whether it attacked or not;
- ``attackers``: on every group that attacked;
- ``spread``: on those that attacked, shared: :math:`h/k` on each where :math:`k` attacked;
- ``individual``: on every group whose own attack was lethal.

**Equilibria** are symmetric: every group attacks with the same probability :math:`p`. Let :math:`D(p)` be what a group
gains by attacking where every other attacks with probability :math:`p`. Then :math:`p = 0` is an equilibrium where
:math:`D(0) \le 0`, :math:`p = 1` where :math:`D(1) \ge 0`, and what lies between where :math:`D(p) = 0`. With
:math:`m = 1`

===========  ====================================  ===================================  ===============================
rule         :math:`v - D(p)`                      none attack                          all attack
===========  ====================================  ===================================  ===============================
collective   :math:`h q (1 - pq)^{n-1}`            :math:`v \le hq`                     :math:`v \ge h q (1-q)^{n-1}`
attackers    :math:`h [1 - (1-q)(1-pq)^{n-1}]`     :math:`v \le hq`                     :math:`v \ge h [1 - (1-q)^n]`
spread       :math:`h [1 - (1-pq)^n] / (np)`       :math:`v \le hq`                     :math:`v \ge h [1-(1-q)^n] / n`
individual   :math:`h q`                           :math:`v \le hq`                     :math:`v \ge hq`
===========  ====================================  ===================================  ===============================

For any :math:`m` the harm that one's own attack adds, :math:`(v - D)/h`, has at most one peak in :math:`p`, so that
:math:`D` has at most two zeros; `deterrence.solvers.netgain` has the proof. A higher red line is crossed by one's own
attack only if others attack too: from :math:`m = 2` on none is deterred from attacking alone.

**Free riding and saturation.** Under the collective rule the attacks of others lower the risk that one's own adds: each
counts on the red line being crossed anyway. Where :math:`hq(1-q)^{n-1} \le v \le hq` both extremes are equilibria, and
between them lies

.. math:: p = \frac{1 - (v/hq)^{1/(n-1)}}{q}, \qquad
          P(\text{a lethal attack}) = 1 - \left(\frac{v}{hq}\right)^{n/(n-1)};

there is no pure equilibrium in which some attack and others hold, unless a group is exactly indifferent. Under
``spread`` the answer saturates: all attack together where one alone would not, as soon as :math:`n` is so large that
:math:`h[1-(1-q)^n] \le nv`. Under ``attackers`` it is the reverse: the more attack, the likelier the answer, and
exactly one equilibrium is symmetric.

**How many are too many.** With all attacking, the chance of a lethal attack is :math:`1 - (1-q)^n`; it stays within
`risk_cap` up to :math:`\lfloor \ln(1-c)/\ln(1-q) \rfloor` attacks. Under the collective rule all-out attack becomes an
equilibrium from :math:`n \ge 1 + \ln(v/hq)/\ln(1-q)`.

**Events.** `deterrence_failure`: at least one group attacks. `spiral`: the answer comes. `lethal`: at least one attack
is lethal.

**Literature.** Schelling (1960) on the threat that leaves something to chance; Nash (1951). The rules of punishment are
a minimal model of our own. Departures: the answer is a rule, not a choice; groups are alike and know the parameters.

>>> game = MODEL.build({"groups": 3})
>>> game
DirectGame('swarm': 1 players, 1 information sets)
>>> from fractions import Fraction
>>> from deterrence.solvers import solve
>>> values = {"gain": "10863/12500", "punishment": "18/5", "lethality": "17/50", "risk_cap": "1/2"}
>>> [(entry.label, round(float(entry.strategy["group"]["attack"]), 6)) for entry in solve(game, point=values)]
[('none attack', 0.0), ('all attack', 1.0), ('mixed', 0.462897)]
"""

from __future__ import annotations

from typing import Final

from deterrence.models.base import Choice, Claim, Count, Decision, DirectModel, Settings, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_PARAMETERS: Final = (
    Parameter(
        "gain", "", "What an attack brings the group that makes it, before any answer (negative: it costs more).",
        "group utility",
    ),
    Parameter(
        "punishment", "", "What the answer costs a group on which it falls in full (negative: being hit pays).",
        "group utility",
    ),
    Parameter("lethality", "0 < lethality < 1", "Probability that an attack turns out lethal.", "probability"),
    Parameter(
        "risk_cap", "0 < risk_cap < 1",
        "The risk of a lethal attack that is held bearable; it moves no choice and only counts attacks.", "probability",
    ),
)

_DRAWING: Final = """\
group 1 --attack (gain) -- chance --lethal (lethality)--+
        \\                        \\--not lethal---------+-- lethal attacks >= threshold? --yes-- the answer comes:
         \\--hold ---------------------------------------+                              |       punishment on
   ...                                                  |                              |       all | attackers |
group n --attack ... (at the same time)                 |                              |       shared | the lethal
        \\--hold ...  -----------------------------------+                              \\--no--- nothing
"""

_RULE: Final = Choice(
    meaning="on whom the answer falls",
    choices={
        "collective": "every group, whether it attacked or not",
        "attackers": "every group that attacked",
        "spread": "those that attacked, the punishment shared equally among them",
        "individual": "every group whose own attack was lethal",
    },
    default="collective",
)

_TERMS: Final = (
    Term("gain", "group", "gain", ("attack",), "the group attacks", "what the attack brings, its own costs taken off"),
    Term("punishment (collective)", "group", "-punishment", (), "the answer comes, rule collective",
         "the sponsor, or all that is dear to the groups, is hit"),
    Term("punishment (attackers)", "group", "-punishment", ("attack",), "the answer comes, rule attackers",
         "everybody who attacked is hit in full"),
    Term("punishment (spread)", "group", "-punishment/k", ("attack",), "the answer comes, k attacked, rule spread",
         "one answer of a given weight for all who attacked"),
    Term("punishment (individual)", "group", "-punishment", ("attack", "lethal"),
         "the answer comes and the group's own attack was lethal, rule individual", "only those who killed are hit"),
)

_CLAIMS: Final = (
    Claim(
        "Under the collective rule it is an equilibrium that none attack if and only if the gain is at most "
        "punishment*lethality, whatever the number of groups.",
        "holds", "proved on the atlas of the shipped scenario; for 2 to 6 groups against all pure profiles",
        statement='exists("none attack") iff gain <= punishment*lethality', over=("gain", "punishment", "lethality"),
    ),
    Claim(
        "Under the collective rule it is an equilibrium that all attack if and only if the gain is at least "
        "punishment*lethality*(1 - lethality)**(groups - 1).",
        "holds", "proved on the atlas of the shipped scenario (23 groups, its lethality); for 2 to 6 groups against "
        "all pure profiles",
        statement='exists("all attack") iff gain >= punishment*2/106*(104/106)**8*(104/106)**8*(104/106)**6',
        over=("gain", "punishment"),
    ),
    Claim(
        "Under the collective rule there is no pure equilibrium in which some groups attack and others hold.",
        "holds in part", "derived; all pure profiles of up to 6 groups at random exact points",
        when="unless a group is exactly indifferent, or being punished pays, or the threshold is 2 or more: with 1,000 "
        "groups, threshold 3, lethality 2/106 and punishment 400 times the gain exactly 40 attack",
    ),
    Claim(
        "A mixed equilibrium exists exactly where both extremes do, apart from knife edges.",
        "holds", "proved on the atlas of the shipped scenario (collective, threshold 1)",
        statement='exists("mixed") iff gain < punishment*2/106 and '
        "gain > punishment*2/106*(104/106)**8*(104/106)**8*(104/106)**6 when punishment > 0",
        over=("gain", "punishment"),
    ),
    Claim(
        "The worst chance that deterrence fails falls as the punishment grows.",
        "holds", "proved on the atlas of the shipped scenario, at a positive gain",
        statement="max P[deterrence_failure] decreases in punishment when gain > 0", over=("gain", "punishment"),
    ),
    Claim(
        "The best chance that deterrence fails falls as the punishment grows.",
        "holds", "proved on the atlas of the shipped scenario, at a positive gain",
        statement="min P[deterrence_failure] decreases in punishment when gain > 0", over=("gain", "punishment"),
    ),
    Claim(
        "The deadlier attacks are, the harder it is to attack together under the collective rule.",
        "fails", "the threshold of the gain rises and then falls: 50 random numbers of groups",
        when="the gain from which on all attack is an equilibrium, punishment*lethality*(1 - lethality)**(groups - 1), "
        "grows in lethality up to 1/groups only",
    ),
    Claim(
        "More groups make it easier to attack together under the collective rule and under spread, harder where every "
        "attacker is punished in full.",
        "holds", "thresholds of the gain at random exact points, 2 to 40 groups",
    ),
    Claim(
        "Where each answers for its own lethal attack only, the number of groups does not matter.",
        "holds", "the net gain does not depend on it; random exact points",
        when="threshold 1: with a red line of two or more it does",
    ),
    Claim(
        "The chance of at least one lethal attack is 1 - (1 - p*lethality)**groups.",
        "holds", "for 2, 3 and 5 groups against the game written out as a tree",
    ),
)


def _decisions(settings: Settings) -> tuple[Decision, ...]:
    return (
        Decision("group", "group", ("attack", "hold"),
                 f"each of the {settings['groups']} groups, which does not see what the others do"),
    )


MODEL: Final = DirectModel(
    name="swarm",
    question=(
        '"All the groups allied to Iran seem to act at the same time": when do many groups attack together, when does '
        "each fear what the others may cause, and how many are too many to deter?"
    ),
    summary=(
        "Many like groups decide at once to attack or to hold. Each attack turns lethal with some probability. Where a "
        "red line is crossed, so many lethal attacks, the answer comes: upon all groups, upon all who attacked, shared "
        "among these, or upon those alone whose attack was lethal."
    ),
    players=("group",),
    play=(
        "All groups, without seeing each other, attack or hold.",
        "Chance makes each attack lethal with probability `lethality`, independently.",
        "Where at least `threshold` attacks are lethal (with 0: after any attack) the answer comes and harms the "
        "groups that the `rule` says.",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume={},
    options={
        "groups": Count("how many groups there are", 23, 2, 1_000_000),
        "rule": _RULE,
        "threshold": Count("how many lethal attacks bring the answer; 0: any attack does, lethal or not", 1, 0, 100),
    },
    events={
        "deterrence_failure": "at least one group attacks",
        "spiral": "the answer comes: the red line is crossed",
        "lethal": "at least one attack is lethal",
    },
    literature=("schelling1960", "nash1951", "johansson2017"),
    departures=(
        "A minimal model of our own. The answer is a rule and not a choice; the groups are alike, know the parameters, "
        "and play once."
    ),
    findings=(
        "A red line of one lethal attack, collective: none attack if and only if gain <= punishment*lethality, for any "
        "number of groups; all attack if and only if gain >= punishment*lethality*(1 - lethality)**(groups - 1). "
        "Between these bounds both are equilibria, and which comes about depends on what each expects of the others.",
        "Each group that expects the others to attack counts on the red line being crossed anyway: the more groups "
        "there are, the smaller the gain for which all attack together.",
        "Shared punishment saturates: all attack where gain >= punishment*(1 - (1 - lethality)**groups)/groups, which "
        "goes to nothing as the groups grow in number.",
        "From a red line of two lethal attacks on nobody is deterred from attacking alone.",
        "Equilibria that are not symmetric are not listed; solve names the pure ones among them by how many attack.",
    ),
    claims=_CLAIMS,
    title="Attacks by {groups} groups at once, rule {rule}, threshold {threshold}",
    decisions=_decisions,
    terms=_TERMS,
    concept="symmetric nash",
    method="symmetric polynomial",
    approach=(
        "Every symmetric equilibrium, for any number of groups. The net gain from attacking is a polynomial in the "
        "probability with which the others attack; by its shape, monotone or with one extremum, its zeros are counted "
        "from exact signs at the ends and at the extremum. Up to 12 groups the zeros are exact algebraic numbers; "
        "beyond each is enclosed in an interval with rational ends at which the net gain has different signs. Closed "
        "forms (atlas) are written for up to 40 groups, or 200 where the lethality is a number; the probability of a "
        "mixed attack is a formula for two groups, else the zero of a stated polynomial."
    ),
)
