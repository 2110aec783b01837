r"""Reputation: one defender, many challenges in turn, and a record that everybody sees.

The question: "if you never do harm, your opponent doubts your will". When is it worth while to answer early attacks, at
a loss, so as to be held for tough by those who come later? Who is deterred, and for how long?

**Players and types.** The US is *tough* with probability :math:`p_0` = `toughness`, else *weak*; it alone knows which.
:math:`T` groups (option `periods`), each of which cares for its own period only.

**Order of moves.** In each period :math:`k = 1, \dots, T`

1. group :math:`k`, which has seen everything before, attacks or holds;
2. if it attacks, the US answers or gives way.

**Payoffs.** A group gets :math:`g` = `gain` by an attack to which the US gives way, :math:`-h` = `-harm` by one that is
answered, nothing by holding. In each period the weak US loses :math:`l` = `loss` by an attack and :math:`r` =
`answer_cost` more by answering it. The tough US loses `shame` by giving way, nothing by an answer, and gets `peace` in
a period without attack. The US discounts later periods by :math:`\delta` = `discount`. What it gets does not depend on
what groups believe: a reputation is worth only the quiet it brings.

**Equilibrium** (sequential, [kreps_wilson1982b]; whoever sees the US give way holds it for weak ever after). Let
:math:`b = g/(g + h)`, :math:`n` the number of groups left and :math:`p` what they believe. If one quiet period pays for
an answer, :math:`\delta l > r`,

- a group attacks if :math:`p < b^n`, holds if :math:`p > b^n`, and attacks with probability :math:`1 - r/(\delta l)` if
  :math:`p = b^n`;
- the weak US answers for certain if :math:`n > 1` and :math:`p \ge b^{n-1}`; with probability
  :math:`p\,(1 - b^{n-1}) / [(1 - p)\, b^{n-1}]` if :math:`p < b^{n-1}`; never in the last period. The tough one always;
- after an answer groups believe :math:`\max(b^{n-1}, p)`, after quiet what they did, after giving way 0.

So with :math:`b^{i+1} < p_0 < b^i` all but the last :math:`i` groups are deterred for certain, whatever :math:`T`; the
first of these attacks and is answered with probability :math:`p_0/b^{i-1}`.

**Where an answer costs more than one quiet period brings**, :math:`\delta l < r`, no such thing is an equilibrium. Let
the *patience* :math:`K` be the least number of quiet periods that pay for an answer,
:math:`\delta l (1 + \dots + \delta^{K-1}) \ge r`. The same argument gives the thresholds :math:`b^{\lceil n/K \rceil}`
and the beliefs :math:`b^{\lfloor (n-1)/K \rfloor}` after an answer: now the last :math:`iK` groups are not deterred.
With :math:`K \ge T` the weak US never answers, and groups attack where :math:`p_0 < b`. For :math:`1 < K < T` there are
infinitely many equilibria with these thresholds and beliefs, which differ in how groups that are indifferent share out
the risk; `deterrence.solvers.reputation` has the one shown, in which a group's chance of attack depends on how long ago
the answer was. That cannot be helped for :math:`T \ge K + 2`: with :math:`K` groups left that believe :math:`b` the
quiet to come must be worth :math:`r/\delta` if the answer was just now, and less than that if a period was quiet since
then, which was worth :math:`l` by itself.

**Early harm pays** to the weak US, in expectation, exactly if it comes before groups that are deterred for certain;
where the weak US mixes it is worth nothing, and in the last :math:`K` periods it is a loss.

**Events.** `deterrence_failure`: at least one group attacks. `spiral`: at least one attack is answered. `first_attack`:
the first group attacks.

**Literature.** Kreps and Wilson (1982), Milgrom and Roberts (1982), after Selten (1978). Departures: the US discounts,
and its two types are written with the costs of deterrence; what holds for :math:`\delta l < r` is derived here.

`tree` writes the game out for a few periods.

>>> tree(2)
Game('Reputation with 2 groups in turn': 3 players, 12 information sets, 18 terminal histories)
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

from deterrence.game import Game, Move, PayoffRule, build_game
from deterrence.models.base import Claim, Count, Decision, DirectModel, Settings, Term
from deterrence.parameters import Parameter, ParameterSpace

__all__ = ["MODEL", "tree"]

MOST: Final = 1_000

_PARAMETERS: Final = (
    Parameter(
        "toughness", "0 < toughness < 1", "Probability that the US is tough, as the groups see it.", "probability"
    ),
    Parameter("gain", "gain > 0", "What an attack to which the US gives way brings the group.", "group utility"),
    Parameter("harm", "harm > 0", "What an attack that is answered costs the group.", "group utility"),
    Parameter("loss", "loss > 0", "What an attack costs the weak US, answered or not.", "US utility"),
    Parameter("answer_cost", "answer_cost > 0", "What an answer costs the weak US on top.", "US utility"),
    Parameter("shame", "shame > 0", "What giving way costs the tough US.", "US utility"),
    Parameter("peace", "peace >= 0", "What a period without attack is worth to the tough US.", "US utility"),
    Parameter(
        "discount", "0 < discount <= 1", "What a period later is worth to the US, per unit of now.", "per period"
    ),
)

_DRAWING: Final = """\
chance -- tough (toughness) or weak
  |
  +-- period 1: group 1 (sees no type) --hold---------------------+
  |                     \\--attack -- US (own type) --answer-------+-- period 2: group 2 (has seen period 1) ...
  |                                              \\--give way------+                  ... period T: the last group
"""

_TERMS: Final = (
    Term("gain", "groups", "gain", ("attack", "give way"), "the US gives way", "what the attack was for"),
    Term("harm", "groups", "-harm", ("attack", "answer"), "the US answers", "what the answer destroys"),
    Term("loss", "US", "-loss", ("weak", "attack"), "the weak US is attacked", "what the attack does"),
    Term("answer cost", "US", "-answer_cost", ("weak", "answer"), "the weak US answers", "means, opinion, risk"),
    Term("shame", "US", "-shame", ("tough", "give way"), "the tough US gives way", "it minds that more than an answer"),
    Term("peace", "US", "peace", ("tough", "hold"), "a group holds, the US is tough", "what it has of being feared"),
)


def _decisions(settings: Settings) -> tuple[Decision, ...]:
    periods = settings["periods"]
    return tuple(itertools.chain(_of_groups(periods), _of_us(periods)))


def _of_groups(periods: int) -> Iterator[Decision]:
    acts = ("attack", "hold")
    for k in range(1, periods + 1):
        yield Decision(f"group {k}, nothing learned", "groups", acts,
                       f"group {k}; no answer so far has told anything about the US")
        for j in range(k - 1, max(k - 3, 0), -1):
            quiet = "" if j == k - 1 else "; it was quiet since"
            yield Decision(f"group {k}, attack {j} answered", "groups", acts,
                           f"group {k}; the answer in period {j} raised the belief in a tough US{quiet}")
    if periods > 1:
        yield Decision("group, after the US gave way", "groups", acts, "any group; the US is held for weak")


def _of_us(periods: int) -> Iterator[Decision]:
    acts = ("answer", "give way")
    yield Decision("US, tough", "US", acts, "the tough US, attacked, whatever was before")
    for k in range(1, periods + 1):
        yield Decision(f"US, weak, period {k}, nothing learned", "US", acts,
                       f"the weak US, attacked in period {k}; no answer so far has told anything about it")
        for j in range(k - 1, max(k - 3, 0), -1):
            quiet = "" if j == k - 1 else "; it was quiet since"
            yield Decision(f"US, weak, period {k}, attack {j} answered", "US", acts,
                           f"the weak US, attacked in period {k}; its answer in period {j} raised the belief{quiet}")
    if periods > 1:
        yield Decision("US, weak, after it gave way", "US", acts, "the weak US, attacked; it is held for weak")


def tree(periods: int) -> Game:
    """The game written out, each group a player; it grows threefold with each period.

    Parameters
    ----------
    periods : how many groups there are.
    """
    groups = [f"group {k}" for k in range(1, periods + 1)]
    moves = [Move("chance", "type", None, {"tough": "toughness", "weak": "1 - toughness"})]
    payoffs = []
    for k, group in enumerate(groups, 1):
        weight = f"discount**{k - 1}"
        ends = [(f"hold {j}",) for j in range(1, k)]
        ends_of = [[*end, f"attack {j}, answer {j}", f"attack {j}, give way {j}"] for j, end in enumerate(ends, 1)]
        for record in map(", ".join, itertools.product(*ends_of)):
            after = {kind: f"{kind}, {record}" if record else kind for kind in ("tough", "weak")}
            told = f" after {record}" if record else ""
            moves.append(Move(group, f"{group}{told}", tuple(after.values()),
                              dict.fromkeys((f"attack {k}", f"hold {k}"))))
            moves += [
                Move("US", f"{kind} in period {k}{told}", (f"{path}, attack {k}",),
                     dict.fromkeys((f"answer {k}", f"give way {k}")))
                for kind, path in after.items()
            ]
        payoffs += [
            PayoffRule(when=(f"give way {k}",), amounts={group: "gain"}),
            PayoffRule(when=(f"answer {k}",), amounts={group: "-harm"}),
            PayoffRule(when=("weak", f"attack {k}"), amounts={"US": f"-loss*{weight}"}),
            PayoffRule(when=("weak", f"answer {k}"), amounts={"US": f"-answer_cost*{weight}"}),
            PayoffRule(when=("tough", f"give way {k}"), amounts={"US": f"-shame*{weight}"}),
            PayoffRule(when=("tough", f"hold {k}"), amounts={"US": f"peace*{weight}"}),
        ]
    title = f"Reputation with {periods} group{'s' if periods > 1 else ''} in turn"
    return build_game(title, ["US", *groups], ParameterSpace(_PARAMETERS), moves, payoffs)


_CLAIMS: Final = (
    Claim(
        "With n groups left a group holds for certain where the belief in a tough US exceeds (gain/(gain + harm))**n.",
        "holds", "the points of the canon; proved on the atlas with 3 groups; against the tree with 2 groups",
        source="kreps_wilson1982b",
        when="discount*loss > answer_cost",
    ),
    Claim(
        "The longer the horizon, the less toughness is needed to deter the first group.",
        "holds", "the threshold is (gain/(gain + harm))**periods: random exact points", source="kreps_wilson1982b",
        when="discount*loss > answer_cost",
    ),
    Claim(
        "The number of groups that are not deterred does not depend on the horizon.",
        "holds", "random exact points, up to 60 periods", source="kreps_wilson1982b",
    ),
    Claim(
        "How much the weak US loses by an attack or an answer does not move the thresholds.",
        "holds in part", "derived; random exact points",
        source="kreps_wilson1982b",
        when="as long as discount*loss > answer_cost: below, the thresholds are those of the patience, "
        "(gain/(gain + harm))**ceil(n/K)",
    ),
    Claim(
        "The strategies of Kreps and Wilson are an equilibrium whatever an answer costs.",
        "fails", "the certificate of the profile at the points of the canon outside the region",
        when="at gain 7, harm 6, loss 1/5, answer_cost 1, discount 1, 3 groups and toughness 63/169 the weak US gains "
        "by never answering",
    ),
    Claim(
        "The tougher the US is thought to be, the rarer force is used.",
        "fails", "refuted on the atlas of the shipped scenario over toughness",
        statement="max P[spiral] decreases in toughness", over=("toughness",),
        when="within each family the chance that an attack is answered, toughness/b**(i - 1), rises with toughness; it "
        "falls only where a further group is deterred",
    ),
    Claim(
        "Within one family more toughness makes an answer likelier.",
        "holds", "proved on the atlas of the shipped scenario over toughness",
        statement="P[spiral] increases in toughness", over=("toughness",),
    ),
    Claim(
        "More toughness never makes it likelier that somebody attacks.",
        "holds", "proved on the atlas of the shipped scenario over toughness",
        statement="max P[deterrence_failure] decreases in toughness", over=("toughness",),
    ),
    Claim(
        "Where an answer costs more than one quiet period brings, an answer is bought by a run of quiet periods, and "
        "what groups do depends on how long ago it was.",
        "holds", "derived; certified on the trees with 2, 3 and 4 groups at random exact points",
        when="1 < K < periods",
    ),
)


MODEL: Final = DirectModel(
    name="reputation",
    question=(
        '"If you never do harm, your opponent doubts your will": when does it pay to answer early attacks at a loss, '
        "who is deterred by the record, and for how long?"
    ),
    summary=(
        "The US, tough or weak, faces groups one after the other. Each has seen what happened before it, and attacks "
        "or holds; the US answers an attack or gives way. The weak US would rather give way each time, if nobody "
        "were watching."
    ),
    players=("US", "groups"),
    play=(
        "Chance draws the type of the US, tough with probability `toughness`; the US alone sees it.",
        "In each period the next group, having seen all periods before, attacks or holds.",
        "If it attacks, the US answers or gives way.",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume={},
    options={"periods": Count("how many groups come, one in each period", 5, 1, MOST)},
    events={
        "deterrence_failure": "at least one group attacks",
        "spiral": "at least one attack is answered",
        "first_attack": "the first group attacks",
    },
    literature=("kreps_wilson1982b", "milgrom_roberts1982", "selten1978"),
    departures=(
        "The US discounts later periods, and its types are written with the costs of deterrence. The equilibrium where "
        "an answer costs more than one quiet period brings is our own. Milgrom and Roberts's richer types are left out."
    ),
    findings=(
        "With b = gain/(gain + harm) and b**(i + 1) < toughness < b**i all but the last i groups are deterred for "
        "certain, however many there are, if one quiet period pays for an answer (discount*loss > answer_cost); the "
        "last i*K if it takes K quiet periods.",
        "The first attack, if there is one, is answered with probability toughness/b**(i - 1), between b**2 and b: a "
        "US that is thought tougher answers more, until one group more is deterred.",
        "Once the US has given way all later groups attack, and no attack is answered.",
        "Of the weak US the answer to an early attack is worth nothing on balance where it mixes: what the quiet "
        "brings is what the answer costs.",
    ),
    claims=_CLAIMS,
    title="Reputation against {periods} groups in turn",
    decisions=_decisions,
    terms=_TERMS,
    concept="sequential",
    method="backward induction",
    approach=(
        "By backward induction over the number of groups left, exactly; up to 1,000 periods. The result is the "
        "sequential equilibrium in which giving way shows weakness. It is claimed to be the only one of that kind "
        "where discount*loss > answer_cost, or where no number of quiet periods left pays for an answer. Closed forms "
        "(atlas) are written for up to 8 periods: a family for each number of groups that are not deterred and each "
        "number of quiet periods that pay for an answer."
    ),
)
