r"""The unilateral deterrence game of Zagare and Kilgour: a challenge, resistance, and whether the challenger goes on.

The question: when does a threat deter a challenger that may itself be bluffing, and is the chance of conflict smaller
the more credible the threat?

**Players and types.** The *Challenger* would change the status quo, the *Defender* keep it. The Challenger is *hard*
with probability `credibility_challenger` (it prefers conflict to backing down), else *soft*; the Defender is *hard*
with probability `credibility_defender` (it prefers conflict to conceding), else *soft*. Each knows its own type; the
two are independent. The options `challenger_types` and `defender_types` leave out types: with one type left that side
is known, and its credibility is not used. With one type on each side information is complete.

**Order of moves.**

1. Chance draws both types.
2. The Challenger accepts the status quo or initiates; to accept ends the game.
3. The Defender resists or concedes; to concede ends the game.
4. The Challenger, resisted, fights or backs down.

**Payoffs**, by outcome; the book's symbols in brackets.

===============  =====================  ==================================  ============================================
outcome          play                   Challenger                          Defender
===============  =====================  ==================================  ============================================
status quo       accept                 `challenger_status_quo` [cSQ]       `defender_status_quo` [dSQ]
Challenger wins  initiate, concede      `challenger_win` [cDC]              `defender_concession` [dDC]
Defender wins    ..., resist,           `challenger_back_down` [cCD]        `defender_win` [dCD]
                 back down
conflict         ..., resist, fight     `challenger_conflict_hard`,         `defender_conflict_hard`,
                                        `challenger_conflict_soft`          `defender_conflict_soft`
                                        [cDD+, cDD-]                        [dDD+, dDD-]
===============  =====================  ==================================  ============================================

The credibilities are pCh and pDef. That conflict is better than backing down (conceding) to a hard type and worse to a
soft one is the meaning of the words and is assumed. The rest of the published order, cDD+ < cSQ < cDC and dDC < dCD, is
not.

**Events.** `deterrence_failure`: the Challenger initiates. `spiral`: it is resisted and fights, which is conflict.

**Results** under the published order. Let

.. math::

    c_S = \frac{c_{DC} - c_{SQ}}{c_{DC} - c_{CD}} < c_H = \frac{c_{DC} - c_{SQ}}{c_{DC} - c_{DD+}}, \qquad
    d^* = \frac{d_{CD} - d_{DC}}{d_{CD} - d_{DD-}}, \qquad X(p, r) = \frac{p\,(1 - r)}{(1 - p)\,r}.

Hard types resist and fight, the soft Challenger backs down. The soft Defender resists where its belief :math:`r` that
the Challenger is hard is below :math:`d^*`, and concedes where it is above.

==================  ==============================================  =================================================
family              exists where                                    play
==================  ==============================================  =================================================
deterrence          everywhere                                      nobody initiates; if :math:`p_{Def} < c_H` the
                                                                    soft Defender has to be thought to resist with
                                                                    :math:`y \ge (c_H - p_{Def})/(1 - p_{Def})`,
                                                                    hence a belief :math:`r \le d^*` off the path
separating          :math:`c_S < p_{Def} < c_H`                     the hard Challenger alone initiates; soft concedes
bluff               :math:`p_{Def} < c_S`, :math:`p_{Ch} < d^*`     the soft Challenger initiates with
                                                                    :math:`X(p_{Ch}, d^*)`, the soft Defender resists
                                                                    with :math:`(c_S - p_{Def})/(1 - p_{Def})`
attack              :math:`p_{Def} < c_S`, :math:`p_{Ch} > d^*`     both initiate; the soft Defender concedes
==================  ==============================================  =================================================

These are all. With the belief that whoever initiates is hard, deterrence remains only where :math:`p_{Def} > c_H`, and
exactly one family exists at each generic point. The chance of conflict is :math:`p_{Ch} c_S` in the bluff,
:math:`p_{Ch} p_{Def}` in the other two: more credibility first changes nothing, then makes conflict more likely, until
it removes it.

**Deterrence is a statement about beliefs.** That nobody initiates is an equilibrium at *every* point: where the threat
is not credible it rests on the belief that a challenge, which nobody expects, would come from a soft Challenger.

**Literature.** Zagare and Kilgour (1993; 2000, chapter 5). The names of the families follow the book.

>>> MODEL.build()
Game('unilateral_deterrence': 2 players, 6 information sets, 16 terminal histories)
>>> MODEL.build({"challenger_types": ["hard"], "defender_types": ["soft"]})
Game('unilateral_deterrence': 2 players, 3 information sets, 4 terminal histories)
"""

from __future__ import annotations

from typing import Final

from deterrence.game import Move
from deterrence.models.base import Claim, Description, Menu, Model, Option, Settings, Term
from deterrence.models.canon.pairs import Pairs
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_SOURCE: Final = "zagare_kilgour2000"

_PARAMETERS: Final = (
    Parameter(
        "credibility_challenger", "0 < credibility_challenger < 1",
        "Probability that the Challenger is hard, as the Defender sees it [pCh].", "probability",
    ),
    Parameter(
        "credibility_defender", "0 < credibility_defender < 1",
        "Probability that the Defender is hard, as the Challenger sees it [pDef].", "probability",
    ),
    Parameter(
        "challenger_status_quo", "", "What the status quo is worth to the Challenger [cSQ].", "Challenger utility"
    ),
    Parameter("challenger_win", "", "What the Challenger gets if the Defender concedes [cDC].", "Challenger utility"),
    Parameter(
        "challenger_back_down", "", "What is left to the Challenger that backs down [cCD].", "Challenger utility"
    ),
    Parameter(
        "challenger_conflict_hard", "", "What conflict is worth to the hard Challenger [cDD+].", "Challenger utility"
    ),
    Parameter(
        "challenger_conflict_soft", "", "What conflict is worth to the soft Challenger [cDD-].", "Challenger utility"
    ),
    Parameter("defender_status_quo", "", "What the status quo is worth to the Defender [dSQ].", "Defender utility"),
    Parameter("defender_win", "", "What the Defender gets if the Challenger backs down [dCD].", "Defender utility"),
    Parameter("defender_concession", "", "What the Defender keeps if it concedes [dDC].", "Defender utility"),
    Parameter(
        "defender_conflict_hard", "", "What conflict is worth to the hard Defender [dDD+].", "Defender utility"
    ),
    Parameter(
        "defender_conflict_soft", "", "What conflict is worth to the soft Defender [dDD-].", "Defender utility"
    ),
)

_ASSUME: Final = {
    "challenger_conflict_hard > challenger_back_down":
        "the meaning of hard: the type that prefers conflict to backing down",
    "challenger_back_down > challenger_conflict_soft":
        "the meaning of soft: the type that prefers backing down to conflict",
    "defender_conflict_hard > defender_concession": "the meaning of hard: the type that prefers conflict to conceding",
    "defender_concession > defender_conflict_soft": "the meaning of soft: the type that prefers conceding to conflict",
}

_CHALLENGER: Final = Option(
    meaning="the types that the Challenger may have; with one of them it is known to be that",
    choices={"hard": "prefers conflict to backing down", "soft": "prefers backing down to conflict"},
    default=("hard", "soft"),
    least=1,
    most=2,
)
_DEFENDER: Final = Option(
    meaning="the types that the Defender may have; with one of them it is known to be that",
    choices={"hard": "prefers conflict to conceding", "soft": "prefers conceding to conflict"},
    default=("hard", "soft"),
    least=1,
    most=2,
)

_DRAWING: Final = """\
chance -- the Challenger hard or soft & the Defender hard or soft (four pairs)
  |
Challenger (own type) --accept: status quo
  |
  +--initiate -- Defender (own type) --concede: the Challenger wins
                       |
                       +--resist -- Challenger (own type) --back down: the Defender wins
                                               \\--fight: conflict
"""

_ORDER: Final = (
    "challenger_conflict_hard < challenger_status_quo and challenger_status_quo < challenger_win "
    "and defender_concession < defender_win"
)
_ABOVE_HARD: Final = (
    "credibility_defender*(challenger_win - challenger_conflict_hard) > challenger_win - challenger_status_quo"
)
_BELOW_HARD: Final = _ABOVE_HARD.replace(">", "<")
_BELOW_SOFT: Final = (
    "credibility_defender*(challenger_win - challenger_back_down) < challenger_win - challenger_status_quo"
)
_ABOVE_SOFT: Final = _BELOW_SOFT.replace("<", ">")
_FEW_HARD: Final = (
    "credibility_challenger*(defender_win - defender_conflict_soft) < defender_win - defender_concession"
)
_MANY_HARD: Final = _FEW_HARD.replace("<", ">")
_PRIORS: Final = ("credibility_challenger", "credibility_defender")
_PROVED: Final = "proved on the atlas in all parameters"

_CLAIMS: Final = (
    Claim(
        "A hard Defender resists whatever it believes.", "holds", _PROVED, _SOURCE,
        f"P[hard & hard, concede] == 0 and P[soft & hard, concede] == 0 when {_ORDER}",
    ),
    Claim(
        "A threat that is credible beyond c_H deters for certain.", "holds", _PROVED, _SOURCE,
        f"P[initiate] == 0 when {_ABOVE_HARD} and {_ORDER}",
    ),
    Claim(
        "A threat that is less credible than c_H leaves an equilibrium in which deterrence fails.", "holds", _PROVED,
        _SOURCE, f"max P[initiate] > 0 when {_BELOW_HARD} and {_ORDER}",
    ),
    Claim(
        "Deterrence needs a credible threat: where pDef < c_H the Challenger initiates.", "fails",
        "refuted on the atlas in all parameters; with the belief that whoever initiates is hard, it holds at random "
        "points",
        "", f"P[initiate] > 0 when {_BELOW_HARD} and {_ORDER}",
        when="that nobody initiates is an equilibrium at every point, for some belief off the path; under the belief "
        "that the initiator is hard it remains exactly where pDef > c_H",
    ),
    Claim(
        "That nobody initiates is an equilibrium at every point.", "holds", _PROVED,
        statement=f'exists("pooling on accept") when {_ORDER}',
    ),
    Claim(
        "Between c_S and c_H the hard Challenger alone initiates, or nobody.", "holds", _PROVED, _SOURCE,
        "P[initiate] == 0 or (P[initiate] == credibility_challenger "
        "and P[fight] == credibility_challenger*credibility_defender) "
        f"when {_ABOVE_SOFT} and {_BELOW_HARD} and {_ORDER}",
    ),
    Claim(
        "Below c_S and d* the soft Challenger bluffs: P(initiate) = pCh/d* and P(conflict) = pCh c_S, or nobody "
        "initiates.",
        "holds", _PROVED, _SOURCE,
        "P[initiate] == 0 or (P[initiate]*(defender_win - defender_concession) == "
        "credibility_challenger*(defender_win - defender_conflict_soft) and "
        "P[fight]*(challenger_win - challenger_back_down) == "
        "credibility_challenger*(challenger_win - challenger_status_quo)) "
        f"when {_BELOW_SOFT} and {_FEW_HARD} and {_ORDER}",
    ),
    Claim(
        "Below c_S and beyond d* everybody initiates, or nobody.", "holds", _PROVED, _SOURCE,
        "P[initiate] == 0 or (P[initiate] == 1 and P[fight] == credibility_challenger*credibility_defender) "
        f"when {_BELOW_SOFT} and {_MANY_HARD} and {_ORDER}",
    ),
    Claim(
        "A credible threat can make conflict more likely: it does wherever the hard Challenger alone initiates.",
        "holds", _PROVED, _SOURCE, 'P[spiral] increases in credibility_defender strictly within '
        f'"separating: hard challenger initiate, soft challenger accept" when {_ORDER}',
    ),
    Claim(
        "A more credible threat never makes conflict more likely.", "fails",
        "refuted on the atlas in the two credibilities", "",
        "max P[spiral] decreases in credibility_defender", _PRIORS,
        when="it holds beyond c_H, where conflict is gone; between c_S and c_H the chance is pCh pDef and rises",
    ),
    Claim(
        "A more credible threat never makes conflict less likely.", "fails",
        "refuted on the atlas in the two credibilities", "", "max P[spiral] increases in credibility_defender", _PRIORS,
        when="it holds up to c_H",
    ),
    Claim(
        "A more credible threat never makes a challenge more likely.", "holds",
        "proved on the atlas in the two credibilities", _SOURCE, "max P[initiate] decreases in credibility_defender",
        _PRIORS,
    ),
    Claim(
        "A more credible Challenger initiates more often.", "holds", "proved on the atlas in the two credibilities",
        _SOURCE, "max P[initiate] increases in credibility_challenger", _PRIORS,
    ),
    Claim(
        "The chance of conflict is at most pCh c_H.", "holds", _PROVED,
        statement="P[spiral]*(challenger_win - challenger_conflict_hard) <= "
        f"credibility_challenger*(challenger_win - challenger_status_quo) when {_ORDER}",
    ),
)


def _describe(menus: Settings) -> Description:
    pairs = Pairs(
        _types(menus["challenger_types"], "credibility_challenger"),
        _types(menus["defender_types"], "credibility_defender"),
    )
    moves, infosets = _moves(pairs)
    return Description(
        title=f"Unilateral deterrence: {_known('Challenger', menus['challenger_types'])}, "
        f"{_known('Defender', menus['defender_types'])}",
        moves=moves,
        terms=_terms(pairs),
        events={"deterrence_failure": ("initiate",), "spiral": ("fight",)},
        infosets=infosets,
    )


def _types(menu: Menu, credibility: str) -> dict[str, str]:
    """The probability of each type on the menu."""
    if len(menu) == 1:
        return dict.fromkeys(menu, "1")
    return {"hard": credibility, "soft": f"1 - {credibility}"}


def _known(player: str, menu: Menu) -> str:
    return f"{player} {menu[0]}" if len(menu) == 1 else f"{player} hard or soft"


def _moves(pairs: Pairs) -> tuple[tuple[Move, ...], dict[str, str]]:
    moves, infosets = pairs.moves(), {}
    challengers, defenders = pairs.sides
    for kind in challengers:
        name = f"{kind} challenger"
        moves.append(Move("Challenger", name, pairs.after(0, kind), dict.fromkeys(("initiate", "accept"))))
        infosets[name] = f"the Challenger, {kind}, knows its own type only"
    for kind in defenders:
        name = f"{kind} defender"
        after = pairs.after(1, kind, "initiate")
        moves.append(Move("Defender", name, after, dict.fromkeys(("resist", "concede"))))
        infosets[name] = f"the Defender, {kind}, is challenged"
    for kind in challengers:
        name = f"{kind} challenger, resisted"
        after = pairs.after(0, kind, "initiate", "resist")
        moves.append(Move("Challenger", name, after, dict.fromkeys(("fight", "back down"))))
        infosets[name] = f"the Challenger, {kind}, is resisted"
    return tuple(moves), infosets


def _terms(pairs: Pairs) -> tuple[Term, ...]:
    accept, concede, back, fight = ("accept",), ("concede",), ("back down",), ("fight",)
    return (
        Term("status quo (Challenger)", "Challenger", "challenger_status_quo", accept, "nothing is challenged",
             "how satisfied the Challenger is"),
        Term("status quo (Defender)", "Defender", "defender_status_quo", accept, "nothing is challenged",
             "what the Defender has"),
        Term("win", "Challenger", "challenger_win", concede, "the Defender concedes", "what the challenge was for"),
        Term("concession", "Defender", "defender_concession", concede, "the Defender concedes", "what is left to it"),
        Term("back down", "Challenger", "challenger_back_down", back, "the Challenger backs down",
             "the status quo, less what a challenge withdrawn costs"),
        Term("resistance pays", "Defender", "defender_win", back, "the Challenger backs down",
             "the status quo, and the standing of having resisted"),
        *(
            Term(f"conflict ({kind} {player})", player, f"{player.lower()}_conflict_{kind}", fight,
                 f"the {kind} {player} is in conflict", "what conflict costs and brings it", pairs.others(side, kind))
            for side, player in enumerate(("Challenger", "Defender"))
            for kind in pairs.sides[side]
        ),
    )


MODEL: Final = Model(
    name="unilateral_deterrence",
    question=(
        "When does a threat deter a challenger that may itself be bluffing, and is the chance of conflict smaller the "
        "more credible the threat?"
    ),
    summary=(
        "The Challenger accepts the status quo or initiates; the Defender concedes or resists; the Challenger, "
        "resisted, backs down or fights. Hard types prefer conflict to giving way, soft types to give way; each side "
        "knows its own type only."
    ),
    players=("Challenger", "Defender"),
    play=(
        "Chance draws both types, independently: hard with probability `credibility_challenger` and "
        "`credibility_defender`.",
        "The Challenger, knowing its own type, initiates or accepts the status quo; to accept ends the game.",
        "The Defender, knowing its own type, resists or concedes; to concede ends the game.",
        "The Challenger, resisted, fights (conflict) or backs down.",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume=_ASSUME,
    options={"challenger_types": _CHALLENGER, "defender_types": _DEFENDER},
    events={"deterrence_failure": "the Challenger initiates", "spiral": "the Challenger fights, which is conflict"},
    literature=("zagare_kilgour1993", "zagare_kilgour2000"),
    departures=(
        "None in the tree. Of the published orders of preference only those that say what hard and soft mean are "
        "assumed. Every perfect Bayesian equilibrium is given, whatever the beliefs off the path."
    ),
    findings=(
        "That nobody initiates is an equilibrium at every point: say with which belief off the path, or ask what "
        "remains if an initiator is taken to be hard.",
        "The chance of conflict is flat in the credibility of the threat below c_S, rises up to c_H, and is 0 beyond.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    lever="credibility_defender",
    leader="Defender",
    describe=_describe,
)
