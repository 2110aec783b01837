r"""Retaliation and the spiral: how hard to answer an attack when the other side may escalate.

The question: "if you do harm, you can get caught in a spiral". When is an attack answered, when does the answer lead
to war, and can the mere chance that an attack turns lethal deter it?

**Players and types.** The US is *firm* with probability `firmness`, else *cautious*; Iran is *bold* with probability
`boldness`, else *wary*. Each knows its own type; the two are independent. Iran stands for itself and the groups that it
can direct.

**Order of moves.**

1. Chance draws both types at once (four combinations, whose probabilities are the products).
2. Iran attacks or holds; to hold ends the game.
3. Chance makes the attack lethal with probability `lethality`.
4. The US has seen the attack and whether it was lethal; it restrains itself, answers to limit, or answers in force.
   Restraint ends the game.
5. Iran absorbs the answer or escalates; escalation is war.

**Payoffs** are sums of terms. Let :math:`t` be the type of the US, :math:`s` that of Iran, :math:`\ell = 1` if the
attack is lethal and else 0. After an attack

====================  ===============================================================  =================================
end                   US                                                               Iran
====================  ===============================================================  =================================
restraint             :math:`-\ell\,(loss + outrage) - restraint\_cost_t`              :math:`gain`
limited, absorbed     :math:`-\ell\,(loss + outrage) - limited\_cost`                  :math:`gain - limited\_harm`
force, absorbed       :math:`-\ell\,loss - force\_cost`                                :math:`gain - force\_harm`
limited, escalated    as absorbed, and :math:`- war\_cost\_us`                         :math:`gain - war\_cost_s`
force, escalated      as absorbed, and :math:`- war\_cost\_us`                         :math:`gain - war\_cost_s`
====================  ===============================================================  =================================

and nothing where Iran holds. `outrage` is what a lethal attack adds to the price of any answer short of force. The
harm of an attack that is not lethal is the zero of the scale: its political price is the cost of restraint. War takes
the place of the harm of the answer for Iran, and comes on top of the cost of the answer for the US.

**The last move is decided by signs.** Type :math:`s` escalates after a limited answer where
:math:`war\_cost_s < limited\_harm`, after an answer in force where :math:`war\_cost_s < force\_harm`: nothing in it
depends on the type of the US, so beliefs about it are idle there.

**Events.** `deterrence_failure`: Iran attacks. `spiral`: Iran escalates, which is war.

**What moves the chance of war.** Suppose that only the bold type escalates, and let :math:`\beta` be the belief
that the attacker is bold. An answer then costs the US :math:`\beta\,war\_cost\_us` on top. After an attack that is not
lethal type :math:`t` restrains itself where :math:`restraint\_cost_t` falls short of that and of the cost of the
cheaper answer; `outrage` weighs on restraint and on the limited answer alike, so that a lethal attack is met with force
where `outrage` is large. The price of an answer rises with :math:`\beta`: an attack that only the bold type dares is
harder to answer than one that both types make.

**The fear of an accident.** Where both types of the US answer a lethal attack in force and leave every other
unanswered, a type of Iran that absorbs is deterred if

.. math:: 0 < gain \le lethality \cdot force\_harm,

although an attack that stays harmless costs it nothing: the threat leaves something to chance. A type that escalates is
deterred if :math:`gain \le lethality\cdot war\_cost_s`, a lower bound, since it escalates only where war costs it less
than absorbing. At a given play of the US the bold type has no less to gain from an attack than the wary.

**Literature.** Schelling (1960, 1966) on the threat that leaves something to chance; Jervis (1976) on deterrence
against the spiral; Powell (1990) on brinkmanship; Zagare and Kilgour (2000) on limited and full responses under
two-sided uncertainty. Departures: chance, not the attacker, decides how much harm an attack does; the answer is one
move, after which only the attacker may escalate; preferences come from additive terms, so no order of the outcomes is
assumed.

>>> game = MODEL.build()
>>> game
Game('retaliation': 2 players, 14 information sets, 44 terminal histories)
>>> print(game.payoffs[("firm & wary", "attack", "lethal", "limited", "absorb")]["US"])
-loss - outrage - limited_cost
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from deterrence.game import EventLabels, Move
from deterrence.models.base import Description, Menu, Model, Option, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_US: Final = {"firm": "firmness", "cautious": "1 - firmness"}
_IRAN: Final = {"bold": "boldness", "wary": "1 - boldness"}
_LETHALITY: Final = {"lethal": "lethality", "not lethal": "1 - lethality"}

_PARAMETERS: Final = (
    Parameter("boldness", "0 < boldness < 1", "Probability that Iran is bold, as the US sees it.", "probability"),
    Parameter("firmness", "0 < firmness < 1", "Probability that the US is firm, as Iran sees it.", "probability"),
    Parameter("lethality", "0 < lethality < 1", "Probability that an attack turns out lethal.", "probability"),
    Parameter(
        "gain", "",
        "What an attack brings Iran before any answer (negative: it costs more than it brings).", "Iranian utility",
    ),
    Parameter("loss", "loss >= 0", "What a lethal attack costs the US, the answer apart.", "US utility"),
    Parameter(
        "outrage", "outrage >= 0", "What a lethal attack adds to the price of any answer short of force.", "US utility"
    ),
    Parameter(
        "restraint_cost_firm", "",
        "What leaving an attack unanswered costs the firm type (negative: restraint pays).", "US utility",
    ),
    Parameter(
        "restraint_cost_cautious", "",
        "What leaving an attack unanswered costs the cautious type (negative: restraint pays).", "US utility",
    ),
    Parameter("limited_cost", "limited_cost >= 0", "What a limited answer costs the US, war apart.", "US utility"),
    Parameter("force_cost", "force_cost >= 0", "What an answer in force costs the US, war apart.", "US utility"),
    Parameter("limited_harm", "", "What absorbing a limited answer costs Iran (negative: it pays).", "Iranian utility"),
    Parameter("force_harm", "", "What absorbing an answer in force costs Iran (negative: it pays).", "Iranian utility"),
    Parameter("war_cost_us", "war_cost_us >= 0", "What war costs the US, on top of the answer.", "US utility"),
    Parameter("war_cost_bold", "", "What war costs the bold type, the harm of the answer included.", "Iranian utility"),
    Parameter("war_cost_wary", "", "What war costs the wary type, the harm of the answer included.", "Iranian utility"),
)

_ASSUME: Final = {
    "restraint_cost_firm >= restraint_cost_cautious": "the meaning of the words: restraint costs the firm type no less",
    "war_cost_wary >= war_cost_bold": "the meaning of the words: war costs the wary type no less",
    "force_harm >= limited_harm": "the meaning of the words: an answer in force harms no less than a limited one",
}

_ANSWERS: Final = Option(
    meaning="the answers that are open to the US after an attack; without restraint it is bound to answer",
    choices={
        "restrain": "no answer",
        "limited": "a strike to limit: less harm to Iran, and to a lethal attack too little",
        "force": "a strike in force",
    },
    default=("restrain", "limited", "force"),
    least=2,
    most=3,
)

_DRAWING: Final = """\
chance -- firm or cautious & bold or wary (four pairs)
  |
Iran (own type) --hold
  |
  +--attack -- chance --lethal (lethality)---------+
                      \\--not lethal (the rest)-----+
                                                   |
                     US (own type, lethality) -----+--restrain
                                                   +--limited--+
                                                   +--force----+-- Iran (all but the US type) --absorb
                                                                                             \\--escalate: war
"""


def _describe(menus: Mapping[str, Menu]) -> Description:
    answers = menus["answers"]
    moves, infosets = _moves(answers)
    strikes = [answer for answer in answers if answer != "restrain"]
    events: dict[str, EventLabels] = {
        "deterrence_failure": ("attack",), "spiral": ("escalate",), "lethal_attack": ("attack", "lethal"),
        "answer": (tuple(strikes),),
    }
    return Description(
        title="Retaliation by " + ", ".join(answers) + " when the attacker may escalate",
        moves=moves,
        terms=_terms(answers, strikes),
        events=events,
        infosets=infosets,
    )


def _moves(answers: Menu) -> tuple[tuple[Move, ...], dict[str, str]]:
    draw = {f"{us} & {iran}": f"({p})*({q})" for us, p in _US.items() for iran, q in _IRAN.items()}
    moves = [Move("chance", "types", None, draw)]
    infosets = {}
    for iran in _IRAN:
        after = tuple(f"{us} & {iran}" for us in _US)
        moves.append(Move("Iran", iran, after, dict.fromkeys(("attack", "hold"))))
        infosets[iran] = f"Iran, {iran}, does not know the type of the US"
    moves.append(Move("chance", "lethality", ("*, attack",), dict(_LETHALITY)))
    for us in _US:
        for harm in _LETHALITY:
            name = f"{us} after {_attack(harm)}"
            after = tuple(f"{us} & {iran}, attack, {harm}" for iran in _IRAN)
            moves.append(Move("US", name, after, dict.fromkeys(answers)))
            infosets[name] = f"the US, {us}, has seen {_attack(harm)} and does not know the type of Iran"
    for iran in _IRAN:
        for harm in _LETHALITY:
            for answer in answers:
                if answer != "restrain":
                    name = f"{iran} after {_answer(answer)} to {_attack(harm)}"
                    after = tuple(f"{us} & {iran}, attack, {harm}, {answer}" for us in _US)
                    moves.append(Move("Iran", name, after, dict.fromkeys(("absorb", "escalate"))))
                    infosets[name] = f"Iran, {iran}, has met {_answer(answer)} and does not know the type of the US"
    return tuple(moves), infosets


def _attack(harm: str) -> str:
    return "lethal attack" if harm == "lethal" else "non-lethal attack"


def _answer(answer: str) -> str:
    return "limited answer" if answer == "limited" else "answer in force"


def _terms(answers: Menu, strikes: list[str]) -> tuple[Term, ...]:
    terms = [
        Term("gain", "Iran", "gain", ("attack",), "Iran attacks", "what the attack brings, its own costs taken off"),
        Term("loss", "US", "-loss", ("attack", "lethal"), "the attack is lethal", "those killed, whatever the answer"),
        Term("outrage", "US", "-outrage", ("attack", "lethal"), "a lethal attack is answered short of force",
             "after deaths, less than force looks like too little", unless=("force",) if "force" in answers else ()),
    ]
    if "restrain" in answers:
        terms += [
            Term(f"restraint cost ({us})", "US", f"-restraint_cost_{us}", (f"{us} & {iran}", "restrain"),
                 f"the {us} US leaves an attack unanswered", "standing and opinion")
            for us in _US
            for iran in _IRAN
        ]
    for answer in strikes:
        terms += [
            Term(f"{answer} cost", "US", f"-{answer}_cost", (answer,), f"the US gives {_answer(answer)}",
                 "means, opinion, and trouble with hosts and allies"),
            Term(f"{answer} harm", "Iran", f"-{answer}_harm", (answer, "absorb"), f"Iran absorbs {_answer(answer)}",
                 "what is destroyed, and the face lost by not answering"),
        ]
    terms.append(Term("war (US)", "US", "-war_cost_us", ("escalate",), "Iran escalates", "war, on top of the answer"))
    terms += [
        Term(f"war ({iran})", "Iran", f"-war_cost_{iran}", (f"{us} & {iran}", "escalate"), f"Iran, {iran}, escalates",
             "war, in the place of the harm absorbed")
        for iran in _IRAN
        for us in _US
    ]
    return tuple(terms)


MODEL: Final = Model(
    name="retaliation",
    question=(
        '"If you do harm, you can get caught in a spiral": when is an attack answered, when does the answer lead to '
        "war, and can the mere chance that an attack turns lethal deter it?"
    ),
    summary=(
        "Iran, bold or wary, attacks or holds. Chance decides whether an attack is lethal. The US, firm or cautious, "
        "restrains itself, answers to limit, or answers in force. Iran absorbs the answer or escalates; escalation is "
        "war. Neither knows the type of the other."
    ),
    players=("US", "Iran"),
    play=(
        "Chance draws both types, independently: the US is firm with probability `firmness`, Iran bold with "
        "probability `boldness`.",
        "Iran, knowing its own type, attacks or holds; to hold ends the game.",
        "Chance makes the attack lethal with probability `lethality`.",
        "The US, knowing its own type and whether the attack was lethal, picks an answer; restraint ends the game.",
        "Iran absorbs the answer or escalates; escalation is war.",
    ),
    drawing=_DRAWING,
    lever="force_harm",
    parameters=_PARAMETERS,
    assume=_ASSUME,
    options={"answers": _ANSWERS},
    events={
        "deterrence_failure": "Iran attacks", "spiral": "Iran escalates, which is war",
        "lethal_attack": "an attack turns out lethal", "answer": "the US answers an attack with force of any kind",
    },
    observed={
        "lethal": ("lethal_attack", "deterrence_failure"), "answer": ("answer", "deterrence_failure"),
        "war": ("spiral", "answer"),
    },
    literature=("schelling1960", "schelling1966", "jervis1976", "powell1990", "zagare_kilgour2000"),
    departures=(
        "Chance, not the attacker, decides how much harm an attack does. The answer is one move, after which only the "
        "attacker may escalate. Preferences come from additive terms, so no order of the outcomes is assumed."
    ),
    findings=(
        "The last move is decided by signs: a type of Iran escalates after an answer where war costs it less than the "
        "harm of absorbing that answer.",
        "The bold type has no less to gain from an attack than the wary type: it can do as the wary does, and war "
        "costs it no more.",
        "Where both types of the US answer lethal attacks in force and no others, a type of Iran that absorbs is "
        "deterred if gain <= lethality*force_harm, though an attack that stays harmless costs it nothing: the fear of "
        "an accident.",
    ),
    describe=_describe,
)
