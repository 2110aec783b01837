r"""Three-party extended deterrence, after Quackenbush: whom to attack, the defender or its protege.

The question: two allies deter a third state; does it pay to be the more reliable of the two?

**Players and types.** The *Challenger* may attack the *Defender* or its ally, the *Protege*. Each ally is *reliable*
(attacked is the other, it intervenes) with a probability, `reliability_defender` and `reliability_protege`, else
*unreliable*; each knows its own type only, the two are independent.

**Order of moves.**

1. Chance draws the types of the allies.
2. The Challenger accepts the status quo, attacks the Defender or attacks the Protege.
3. The ally that is not attacked intervenes or abandons the other.

**Payoffs.**

====================  ============================  ==========================  ========================================
outcome               Challenger                    the attacked                its ally
====================  ============================  ==========================  ========================================
status quo            `challenger_status_quo`       0                           0
attack, abandoned     `challenger_win_defender` or  `loss_alone`                `abandonment`
                      `challenger_win_protege`
attack, intervention  `challenger_multilateral`     `loss_aided`                `intervention_reliable`,
                                                                                `intervention_unreliable`
====================  ============================  ==========================  ========================================

The allies' losses are negative amounts of these names. That intervening is better than abandoning the ally to the
reliable type and worse to the unreliable one is the meaning of the words and is assumed.

**Events.** `deterrence_failure`: an attack. `spiral`: the ally intervenes, which is war of all three.

**Results.** Let :math:`M < S < B_D, B_P` be what the Challenger gets from a war of all three, the status quo, and from
winning over the Defender or the Protege alone. The reliability that counts is that of the ally who is *not* attacked:

.. math:: U(\text{attack } D) = p_P\,M + (1 - p_P)\,B_D, \qquad U(\text{attack } P) = p_D\,M + (1 - p_D)\,B_P.

Both attacks are deterred if :math:`p_P > (B_D - S)/(B_D - M)` and :math:`p_D > (B_P - S)/(B_P - M)`. If not, and the
prizes are equal, the Challenger attacks the ally that is *more* reliable, since the less reliable one then decides
about the war: neither wants to be the more reliable one.

**Literature.** After the abstract of Quackenbush (2006), whose full trees were not at hand: a minimal version of our
own.

>>> MODEL.build()
Game('three_party_deterrence': 3 players, 5 information sets, 20 terminal histories)
"""

from __future__ import annotations

from typing import Final

from deterrence.game import EventLabels, Move
from deterrence.models.base import Claim, Description, Model, Settings, Term
from deterrence.models.canon.pairs import Pairs
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_ALLIES: Final = ("Defender", "Protege")
_TYPES: Final = ("reliable", "unreliable")
_PAIRS: Final = Pairs(
    {"reliable": "reliability_defender", "unreliable": "1 - reliability_defender"},
    {"reliable": "reliability_protege", "unreliable": "1 - reliability_protege"},
)

_PARAMETERS: Final = (
    Parameter(
        "reliability_defender", "0 < reliability_defender < 1",
        "Probability that the Defender intervenes for the Protege [pD].", "probability",
    ),
    Parameter(
        "reliability_protege", "0 < reliability_protege < 1",
        "Probability that the Protege intervenes for the Defender [pP].", "probability",
    ),
    Parameter("challenger_status_quo", "", "What the status quo is worth to the Challenger [S].", "Challenger utility"),
    Parameter(
        "challenger_win_defender", "", "What the Challenger gets from a Defender that is left alone [BD].",
        "Challenger utility",
    ),
    Parameter(
        "challenger_win_protege", "", "What the Challenger gets from a Protege that is left alone [BP].",
        "Challenger utility",
    ),
    Parameter("challenger_multilateral", "", "What a war of all three is worth to the Challenger [M].",
              "Challenger utility"),
    Parameter("loss_alone", "loss_alone >= 0", "What an attack costs an ally that is abandoned.", "allied utility"),
    Parameter("loss_aided", "loss_aided >= 0", "What an attack costs an ally that is aided.", "allied utility"),
    Parameter("abandonment", "", "What it costs an ally to abandon the other.", "allied utility"),
    Parameter(
        "intervention_reliable", "", "What intervening costs the reliable type (negative: it pays).", "allied utility"
    ),
    Parameter(
        "intervention_unreliable", "", "What intervening costs the unreliable type (negative: it pays).",
        "allied utility",
    ),
)

_ASSUME: Final = {
    "intervention_reliable < abandonment":
        "the meaning of reliable: intervening costs it less than abandoning the ally",
    "abandonment < intervention_unreliable":
        "the meaning of unreliable: abandoning the ally costs it less than intervening",
}

_DRAWING: Final = """\
chance -- the Defender reliable or unreliable & the Protege reliable or unreliable (four pairs)
  |
Challenger --accept: status quo
  +--attack Defender -- Protege (own type)  --abandon or intervene (war of all three)
  +--attack Protege --- Defender (own type) --abandon or intervene (war of all three)
"""

_PROVED: Final = "proved on the atlas in all parameters"
_SOURCE: Final = "quackenbush2006"
_EQUAL: Final = "challenger_win_defender == challenger_win_protege"
_ORDER: Final = (
    "challenger_multilateral < challenger_status_quo and challenger_status_quo < challenger_win_defender "
    "and challenger_status_quo < challenger_win_protege"
)
_SAFE_DEFENDER: Final = (
    "reliability_protege*(challenger_win_defender - challenger_multilateral) > "
    "challenger_win_defender - challenger_status_quo"
)
_SAFE_PROTEGE: Final = (
    "reliability_defender*(challenger_win_protege - challenger_multilateral) > "
    "challenger_win_protege - challenger_status_quo"
)

_CLAIMS: Final = (
    Claim(
        "Deterrence works if both allies are reliable enough.", "holds", _PROVED, _SOURCE,
        f"P[deterrence_failure] == 0 when {_SAFE_DEFENDER} and {_SAFE_PROTEGE}",
    ),
    Claim(
        "If either ally is not reliable enough deterrence fails.", "holds", _PROVED, _SOURCE,
        "P[deterrence_failure] == 1 when "
        f"{_SAFE_DEFENDER.replace('>', '<')} or {_SAFE_PROTEGE.replace('>', '<')}",
    ),
    Claim(
        "If the prizes are equal and deterrence fails, the more reliable ally is attacked (the Defender).", "holds",
        _PROVED, _SOURCE,
        f"P[attack Protege] == 0 when reliability_defender > reliability_protege and {_EQUAL} and {_ORDER}",
    ),
    Claim(
        "If the prizes are equal and deterrence fails, the more reliable ally is attacked (the Protege).", "holds",
        _PROVED, _SOURCE,
        f"P[attack Defender] == 0 when reliability_protege > reliability_defender and {_EQUAL} and {_ORDER}",
    ),
    Claim(
        "An ally that becomes more reliable is attacked less often.", "fails", _PROVED.replace("proved", "refuted"),
        "", f"max P[attack Defender] decreases in reliability_defender when {_ORDER}",
        when="it is attacked more often: its own reliability protects the other ally. At prizes 8, status quo 5, war 0 "
        "and reliability_protege 3/10 the Challenger attacks the Protege while reliability_defender is below 3/10, the "
        "Defender above",
    ),
    Claim(
        "An ally that becomes more reliable makes the other safer.", "holds", _PROVED, "",
        f"max P[attack Protege] decreases in reliability_defender when {_ORDER}",
    ),
    Claim(
        "More reliability never makes deterrence fail more often.", "holds", _PROVED, _SOURCE,
        f"max P[deterrence_failure] decreases in reliability_defender when {_ORDER}",
    ),
    Claim(
        "More reliability never makes a war of all three more likely.", "fails", _PROVED.replace("proved", "refuted"),
        "", f"max P[spiral] decreases in reliability_defender when {_ORDER}",
        when="while the Protege is attacked the chance of war is reliability_defender: it rises with it, until the "
        "attack turns to the Defender or is deterred",
    ),
)


def _describe(menus: Settings) -> Description:
    del menus
    events: dict[str, EventLabels] = {
        "deterrence_failure": (("attack Defender", "attack Protege"),),
        "spiral": (("Defender intervenes", "Protege intervenes"),),
    }
    attacks = tuple(f"attack {ally}" for ally in _ALLIES)
    draws = tuple(label for kind in _TYPES for label in _PAIRS.after(0, kind) or ())
    moves = [*_PAIRS.moves(), Move("Challenger", "challenger", draws, dict.fromkeys((*attacks, "accept")))]
    infosets = {"challenger": "the Challenger does not know how reliable the allies are"}
    for side, ally in enumerate(_ALLIES):
        attacked = _ALLIES[1 - side]
        for kind in _TYPES:
            name, after = f"{kind} {ally}", _PAIRS.after(side, kind, f"attack {attacked}")
            moves.append(Move(ally, name, after, dict.fromkeys((f"{ally} intervenes", f"{ally} abandons"))))
            infosets[name] = f"the {ally}, {kind}: the {attacked} is attacked"
    return Description(
        title="Three-party extended deterrence", moves=tuple(moves), terms=_terms(), events=events, infosets=infosets
    )


def _terms() -> tuple[Term, ...]:
    terms = [
        Term("status quo", "Challenger", "challenger_status_quo", ("accept",), "nobody is attacked",
             "how satisfied the Challenger is"),
    ]
    for side, ally in enumerate(_ALLIES):
        attacked = _ALLIES[1 - side]
        aided, alone = (f"{ally} intervenes",), (f"{ally} abandons",)
        terms += [
            Term(f"war of all three ({ally} intervenes)", "Challenger", "challenger_multilateral", aided,
                 f"the {ally} intervenes", "it fights two"),
            Term(f"win ({attacked})", "Challenger", f"challenger_win_{attacked.lower()}", alone,
                 f"the {attacked} is attacked and left alone", "what the attack was for"),
            Term(f"loss alone ({attacked})", attacked, "-loss_alone", alone,
                 f"the {attacked} is attacked and left alone", "what it loses"),
            Term(f"loss aided ({attacked})", attacked, "-loss_aided", aided,
                 f"the {attacked} is attacked and aided", "what it loses"),
            Term(f"abandonment ({ally})", ally, "-abandonment", alone,
                 f"the {ally} abandons the {attacked}", "the alliance, and what its ally was worth to it"),
            *(
                Term(f"intervention ({kind} {ally})", ally, f"-intervention_{kind}", aided,
                     f"the {kind} {ally} intervenes", "what the war costs it", _PAIRS.others(side, kind))
                for kind in _TYPES
            ),
        ]
    return tuple(terms)


MODEL: Final = Model(
    name="three_party_deterrence",
    question="Two allies deter a third state: does it pay to be the more reliable of the two?",
    summary=(
        "The Challenger accepts the status quo, attacks the Defender or attacks its Protege. The ally that is not "
        "attacked intervenes, which is a war of all three, or abandons the other. A reliable ally would intervene; the "
        "Challenger does not know who is reliable."
    ),
    players=("Challenger", *_ALLIES),
    play=(
        "Chance draws the types of the allies, independently: reliable with probability `reliability_defender` and "
        "`reliability_protege`.",
        "The Challenger attacks the Defender, attacks the Protege or accepts the status quo.",
        "The ally that is not attacked, knowing its own type, intervenes or abandons the other.",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume=_ASSUME,
    options={},
    events={
        "deterrence_failure": "the Challenger attacks the Defender or the Protege",
        "spiral": "the ally of the attacked intervenes, which is a war of all three",
    },
    literature=("quackenbush2006",),
    departures=(
        "A minimal version after the abstract: one move of the Challenger, one of the ally; the attacked does not "
        "decide anything. The payoffs of the two allies are alike."
    ),
    findings=(
        "The reliability that counts is that of the ally who is not attacked.",
        "If the prizes are equal the Challenger attacks the more reliable ally, since the less reliable one then "
        "decides about the war.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    lever="reliability_defender",
    leader="Defender",
    describe=_describe,
)
