r"""The rudimentary asymmetric deterrence game of Zagare and Kilgour: a threat that may be carried out.

The question: how credible must a threat to resist be before it deters, and does a more credible threat always make
conflict less likely?

**Players and types.** The *Challenger* would change the status quo, the *Defender* keep it. The Defender is *hard*
with probability `credibility_defender` (it prefers conflict to conceding), else *soft* (it prefers to concede); only
the Defender knows.

**Order of moves.**

1. Chance draws the type of the Defender.
2. The Challenger accepts the status quo or initiates; to accept ends the game.
3. The Defender, which knows its type, resists or concedes.

**Payoffs**, by outcome; the book's symbols in brackets (A the Challenger, B the Defender).

============  ==================  ================================  ====================================================
outcome       play                Challenger                        Defender
============  ==================  ================================  ====================================================
status quo    accept              `challenger_status_quo` [aSQ]     `defender_status_quo` [bSQ]
A wins        initiate, concede   `challenger_win` [aDC]            `defender_concession` [bDC]
conflict      initiate, resist    `challenger_conflict` [aDD]       `defender_conflict_hard`, `defender_conflict_soft`
                                                                    [bDD+, bDD-]
============  ==================  ================================  ====================================================

`credibility_defender` is pB. The order ``defender_conflict_hard > defender_concession > defender_conflict_soft`` is the
meaning of hard and soft and is assumed. The rest of the published order, aDD < aSQ < aDC and bDD+ < bSQ, is not: a
Challenger that prefers conflict to the status quo, or the status quo to winning, is a case of the atlas.

**Events.** `deterrence_failure`: the Challenger initiates. `spiral`: the Defender resists, which is conflict.

**Result.** The hard Defender resists and the soft one concedes, so that initiating is worth pB aDD + (1 - pB) aDC:

.. math:: \text{the Challenger initiates} \iff p_B < a^* = \frac{a_{DC} - a_{SQ}}{a_{DC} - a_{DD}}
          \qquad (a_{DD} < a_{SQ} < a_{DC}).

Both the status quo and conflict therefore depend on the credibility of the threat: P(conflict) is pB up to a*, and 0
beyond. It *rises* with credibility until credibility deters.

**Literature.** Zagare and Kilgour (2000), chapter 3 and appendix 3.

>>> game = MODEL.build()
>>> game
Game('rudimentary_deterrence': 2 players, 3 information sets, 6 terminal histories)
>>> print(game.payoffs[("soft", "initiate", "resist")]["Defender"])
defender_conflict_soft
"""

from __future__ import annotations

from typing import Final

from deterrence.game import Move
from deterrence.models.base import Claim, Description, Model, Settings, Term
from deterrence.models.canon.pairs import Pairs
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_SOURCE: Final = "zagare_kilgour2000"
_TYPES: Final = Pairs({"known": "1"}, {"hard": "credibility_defender", "soft": "1 - credibility_defender"})

_PARAMETERS: Final = (
    Parameter(
        "credibility_defender", "0 < credibility_defender < 1",
        "Probability that the Defender is hard, as the Challenger sees it [pB].", "probability",
    ),
    Parameter(
        "challenger_status_quo", "", "What the status quo is worth to the Challenger [aSQ].", "Challenger utility"
    ),
    Parameter(
        "challenger_win", "", "What the Challenger gets if the Defender concedes [aDC].", "Challenger utility"
    ),
    Parameter("challenger_conflict", "", "What conflict is worth to the Challenger [aDD].", "Challenger utility"),
    Parameter("defender_status_quo", "", "What the status quo is worth to the Defender [bSQ].", "Defender utility"),
    Parameter("defender_concession", "", "What the Defender keeps if it concedes [bDC].", "Defender utility"),
    Parameter(
        "defender_conflict_hard", "", "What conflict is worth to the hard Defender [bDD+].", "Defender utility"
    ),
    Parameter(
        "defender_conflict_soft", "", "What conflict is worth to the soft Defender [bDD-].", "Defender utility"
    ),
)

_ASSUME: Final = {
    "defender_conflict_hard > defender_concession": "the meaning of hard: the type that prefers conflict to conceding",
    "defender_concession > defender_conflict_soft": "the meaning of soft: the type that prefers conceding to conflict",
}

_DRAWING: Final = """\
chance --hard (credibility_defender)---+
      \\--soft (the rest)---------------+-- Challenger --accept: status quo
                                                     \\--initiate -- Defender (type) --concede: the Challenger wins
                                                                                   \\--resist: conflict
"""

_ORDER: Final = "challenger_conflict < challenger_status_quo and challenger_status_quo < challenger_win"
_INITIATES: Final = (
    "credibility_defender*(challenger_win - challenger_conflict) < challenger_win - challenger_status_quo"
)
_DETERRED: Final = _INITIATES.replace("<", ">")

_CLAIMS: Final = (
    Claim(
        "The hard Defender resists and the soft Defender concedes, whatever the Challenger thinks.", "holds",
        "proved on the atlas in all parameters", _SOURCE, "P[hard, concede] == 0 and P[soft, resist] == 0",
    ),
    Claim(
        "A threat that is less credible than a* does not deter.", "holds", "proved on the atlas in all parameters",
        _SOURCE, f"P[initiate] == 1 when {_INITIATES}",
    ),
    Claim(
        "A threat that is more credible than a* deters for certain.", "holds", "proved on the atlas in all parameters",
        _SOURCE, f"P[initiate] == 0 when {_DETERRED}",
    ),
    Claim(
        "There is one equilibrium.", "holds in part",
        "proved on the atlas in all parameters", _SOURCE, "generically unique",
        when="off the knife edge credibility_defender = a*, where the Challenger is indifferent",
    ),
    Claim(
        "The more the Challenger would win, the more credible the threat has to be (a* rises with aDC).", "holds",
        "proved on the atlas in all parameters", _SOURCE, "max P[initiate] increases in challenger_win",
    ),
    Claim(
        "The better the status quo is for the Challenger, the less credible the threat has to be (a* falls with aSQ).",
        "holds", "proved on the atlas in all parameters", _SOURCE,
        "max P[initiate] decreases in challenger_status_quo",
    ),
    Claim(
        "A threat that hurts less has to be more credible (a* rises with aDD): capability and credibility are "
        "substitutes.",
        "holds", "proved on the atlas in all parameters", _SOURCE, "max P[initiate] increases in challenger_conflict",
    ),
    Claim(
        "A more credible threat never makes a challenge more likely.", "holds",
        "proved on the atlas in all parameters", _SOURCE,
        f"max P[initiate] decreases in credibility_defender when {_ORDER}",
    ),
    Claim(
        "A more credible threat never makes conflict more likely.", "fails",
        "refuted on the atlas in all parameters; at the shipped scenario 1/5 and 3/10 give conflict with probability "
        "1/5 and 3/10",
        statement=f"P[spiral] decreases in credibility_defender when {_ORDER}",
        when="it holds from a* on; below, P(spiral) = credibility_defender",
    ),
    Claim(
        "The chance of conflict never exceeds a*.", "holds", "proved on the atlas in all parameters",
        statement=f"P[spiral]*(challenger_win - challenger_conflict) <= challenger_win - challenger_status_quo "
        f"when {_ORDER}",
    ),
)


def _describe(menus: Settings) -> Description:
    del menus
    moves = [*_TYPES.moves(), Move("Challenger", "challenger", _TYPES.after(0, "known"),
                                   dict.fromkeys(("initiate", "accept")))]
    infosets = {"challenger": "the Challenger does not know the type of the Defender"}
    for kind in ("hard", "soft"):
        moves.append(Move("Defender", kind, _TYPES.after(1, kind, "initiate"), dict.fromkeys(("resist", "concede"))))
        infosets[kind] = f"the Defender, {kind}, is challenged"
    return Description(
        title="Rudimentary asymmetric deterrence",
        moves=tuple(moves),
        terms=_terms(),
        events={"deterrence_failure": ("initiate",), "spiral": ("resist",)},
        infosets=infosets,
    )


def _terms() -> tuple[Term, ...]:
    accept, concede, resist = ("accept",), ("concede",), ("resist",)
    return (
        Term("status quo (Challenger)", "Challenger", "challenger_status_quo", accept, "nothing is challenged",
             "how satisfied the Challenger is"),
        Term("status quo (Defender)", "Defender", "defender_status_quo", accept, "nothing is challenged",
             "what the Defender has"),
        Term("win", "Challenger", "challenger_win", concede, "the Defender concedes", "what the challenge was for"),
        Term("concession", "Defender", "defender_concession", concede, "the Defender concedes", "what is left to it"),
        Term("conflict (Challenger)", "Challenger", "challenger_conflict", resist, "the Defender resists",
             "what the Defender's resistance does: its capability"),
        *(
            Term(f"conflict ({kind})", "Defender", f"defender_conflict_{kind}", resist,
                 f"the {kind} Defender resists", "what conflict costs and saves it", _TYPES.others(1, kind))
            for kind in ("hard", "soft")
        ),
    )


MODEL: Final = Model(
    name="rudimentary_deterrence",
    question=(
        "How credible must a threat to resist be before it deters, and does a more credible threat always make "
        "conflict less likely?"
    ),
    summary=(
        "The Challenger accepts the status quo or initiates. Challenged, the Defender resists, which is conflict, or "
        "concedes. A hard Defender prefers conflict, a soft one to concede, and only the Defender knows which it is."
    ),
    players=("Challenger", "Defender"),
    play=(
        "Chance draws the type of the Defender: hard with probability `credibility_defender`, else soft.",
        "The Challenger initiates or accepts the status quo; to accept ends the game.",
        "The Defender, knowing its type, resists (conflict) or concedes (the Challenger wins).",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume=_ASSUME,
    options={},
    events={"deterrence_failure": "the Challenger initiates", "spiral": "the Defender resists, which is conflict"},
    literature=("zagare_kilgour2000",),
    departures=(
        "None in the tree. Of the published orders of preference only those that say what hard and soft mean are "
        "assumed; the Challenger's are cases of the atlas."
    ),
    findings=(
        "The Challenger initiates where credibility_defender is below a* = (challenger_win - "
        "challenger_status_quo)/(challenger_win - challenger_conflict), and not above.",
        "The chance of conflict rises with the credibility of the threat up to a*, and is 0 beyond.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    lever="credibility_defender",
    leader="Defender",
    describe=_describe,
)
