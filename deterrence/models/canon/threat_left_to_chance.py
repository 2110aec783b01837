r"""The threat that leaves something to chance, after Schelling (1960): to deter with it, and to compel with it.

The question: how much risk must a threat carry to be worth something, and how much may it carry to be worth making?

**To deter** (option `aim`). The Challenger is bold with probability `boldness` [:math:`\pi`], else wary, and alone
knows it. The Defender, who knows nothing, commits itself in public to a risk: none, low or high (:math:`r` = 0,
`risk_low`, `risk_high`). The Challenger challenges or not. A challenge leads to a disaster with probability :math:`r`,
and else succeeds: it brings the Challenger :math:`g_t` (`gain_bold`, `gain_wary`) and costs the Defender `loss`
[:math:`v`]. Without a challenge the risk that was taken leads to a disaster by accident with probability :math:`a r`
(`accident` [:math:`a`]). A disaster costs `disaster_challenger` [:math:`l_C`] and `disaster_defender` [:math:`l_D`].

Type :math:`t` challenges exactly where

.. math:: r < \frac{g_t}{g_t + (1 - a) l_C},

with :math:`a = 0` its critical risk. The Defender takes the best of :math:`-v` for no risk; :math:`-a r_H l_D` for the
high one where it deters both types; and :math:`-(1 - \pi) a r_L l_D - \pi (r_L l_D + (1 - r_L) v)` for the low one
where it deters the wary type alone. A risk that costs nothing unless it is called is free: with :math:`a = 0` a risk
that deters everybody is taken, and there is peace. With :math:`a > 0` peace has its price, and no threat or half a
threat may be better.

**To compel.** The Challenger is tough with probability `toughness` [:math:`\pi`] and never complies, else pliable. The
Defender makes a threat that carries the risk :math:`q` (`risk`) of war if it is defied, or none. Without a threat the
Challenger goes on: it has `prize` [:math:`v`] and the Defender loses `loss` [:math:`L`]. Threatened, the pliable type
complies, at the cost `compliance_cost` [:math:`b`], which brings the Defender `compliance_gain` [:math:`w`]; or it
defies. Defied, there is war with probability :math:`q`, at the cost :math:`D` (`disaster_challenger`) and :math:`D_d`
(`disaster_defender`), and else all is as without a threat.

The threat is effective where :math:`q \ge q_e = (v + b)/(v + D)`. It is worth making where, besides,

.. math:: q \le q_a = \frac{(1 - \pi)(w + L)}{\pi (D_d - L)} \iff
   \pi \le \frac{w + L}{(w + L) + q (D_d - L)},

so that of all threats that work the least, :math:`q = q_e`, is the best: brinkmanship has a window, which closes as the
Challenger is more likely to be tough.

**Events.** To deter: `deterrence_failure`, a challenge. To compel: `defiance` of a threat. In both: `spiral`, a
disaster.

**Literature.** Schelling (1960, 1966); the critical risk is Ellsberg's. Departure: finite menus of risks and types.

>>> MODEL.build()
Game('threat_left_to_chance': 2 players, 7 information sets, 20 terminal histories)
>>> MODEL.build({"aim": "compel"})
Game('threat_left_to_chance': 2 players, 2 information sets, 7 terminal histories)
"""

from __future__ import annotations

from typing import Final

from deterrence.game import EventLabels, Move
from deterrence.models.base import Choice, Claim, Description, Model, Settings, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_C: Final = "Challenger"
_D: Final = "Defender"
_DETER: Final = "deter"
_KINDS: Final = {"bold": "boldness", "wary": "1 - boldness"}
_RISKS: Final = {"no risk": "0", "low risk": "risk_low", "high risk": "risk_high"}
_TOUGH: Final = {"tough": "toughness", "pliable": "1 - toughness"}


def _indexed(settings: Settings) -> tuple[Parameter, ...]:
    if settings["aim"] == _DETER:
        return (
            Parameter("boldness", "0 < boldness < 1", "Probability that the Challenger is bold [pi].", "probability"),
            *(Parameter(f"risk_{k}", f"0 < risk_{k} < 1", f"The {k} risk that the Defender may take.", "probability")
              for k in ("low", "high")),
            *(Parameter(f"gain_{t}", "", f"What a challenge brings the {t} type [g].", "Challenger utility")
              for t in _KINDS),
            Parameter("accident", "0 <= accident <= 1",
                      "The part of a risk that leads to a disaster without a challenge [a].", "probability"),
        )
    return (
        Parameter("toughness", "0 < toughness < 1", "Probability that the Challenger is tough [pi].", "probability"),
        Parameter("risk", "0 < risk < 1", "Probability of war if the threat is defied [q].", "probability"),
        Parameter("prize", "", "What going on is worth to the Challenger [v].", "Challenger utility"),
        Parameter("compliance_cost", "", "What complying costs the Challenger [b].", "Challenger utility"),
        Parameter("compliance_gain", "", "What compliance brings the Defender [w].", "Defender utility"),
    )


def _describe(settings: Settings) -> Description:
    return _deter() if settings["aim"] == _DETER else _compel()


def _deter() -> Description:
    moves = [
        Move("chance", "type of the Challenger", None, dict(_KINDS)),
        Move(_D, "Defender", tuple(_KINDS), dict.fromkeys(_RISKS)),
    ]
    infosets = {"Defender": "the Defender does not know the type of the Challenger"}
    terms = [
        *(Term(f"gain ({t})", _C, f"gain_{t}", (t, "challenge"), "a challenge succeeds", "what is taken",
               unless=("disaster",)) for t in _KINDS),
        Term("loss", _D, "-loss", ("challenge",), "a challenge succeeds", "what is given up", unless=("disaster",)),
        Term("disaster (Challenger)", _C, "-disaster_challenger", ("disaster",), "a disaster", "war by accident"),
        Term("disaster (Defender)", _D, "-disaster_defender", ("disaster",), "a disaster", "war by accident"),
    ]
    for risk, chance in _RISKS.items():
        for kind in _KINDS:
            name = f"{kind} facing {risk}"
            moves.append(Move(_C, name, (f"{kind}, {risk}",), dict.fromkeys(("challenge", "hold"))))
            infosets[name] = f"the Challenger, {kind}, faces {risk}"
        if chance != "0":
            moves.append(Move("chance", f"{risk} called", tuple(f"{kind}, {risk}, challenge" for kind in _KINDS),
                              {"disaster": chance, "safe": f"1 - {chance}"}))
            moves.append(Move("chance", f"{risk} uncalled", tuple(f"{kind}, {risk}, hold" for kind in _KINDS),
                              {"disaster": f"accident*{chance}", "safe": f"1 - accident*{chance}"}))
    events: dict[str, EventLabels] = {"deterrence_failure": ("challenge",), "spiral": ("disaster",)}
    return Description("A risk taken in public to deter", tuple(moves), tuple(terms), events, infosets)


def _compel() -> Description:
    moves = (
        Move("chance", "type of the Challenger", None, dict(_TOUGH)),
        Move(_D, "Defender", tuple(_TOUGH), dict.fromkeys(("threat", "no threat"))),
        Move(_C, "pliable", ("pliable, threat",), dict.fromkeys(("comply", "defy"))),
        Move("chance", "tough defied", ("tough, threat",), {"disaster": "risk", "safe": "1 - risk"}),
        Move("chance", "pliable defied", ("pliable, threat, defy",), {"disaster": "risk", "safe": "1 - risk"}),
    )
    terms = [
        *(Term(f"prize ({what})", _C, "prize", (what,), words, "what it set out for")
          for what, words in (("no threat", "there is no threat"), ("safe", "it defies and there is no war"))),
        *(Term(f"loss ({what})", _D, "-loss", (what,), words, "what the Challenger takes")
          for what, words in (("no threat", "there is no threat"), ("safe", "it is defied and there is no war"))),
        Term("compliance (Challenger)", _C, "-compliance_cost", ("comply",), "it complies", "what it gives up"),
        Term("compliance (Defender)", _D, "compliance_gain", ("comply",), "the Challenger complies", "what is got"),
        Term("disaster (Challenger)", _C, "-disaster_challenger", ("disaster",), "war", "all that follows from it"),
        Term("disaster (Defender)", _D, "-disaster_defender", ("disaster",), "war", "all that follows from it"),
    ]
    infosets = {
        "Defender": "the Defender does not know the type of the Challenger",
        "pliable": "the Challenger, pliable, is threatened; the tough type has no choice and defies",
    }
    events: dict[str, EventLabels] = {"defiance": ("threat", ("tough", "defy")), "spiral": ("disaster",)}
    return Description("A risk of war if a demand is defied", moves, tuple(terms), events, infosets)


_PROVED: Final = "proved on the atlas"
_SOURCE: Final = "schelling1960"
_OVER: Final = ("boldness", "accident", "loss", "disaster_defender")
# At the shipped scenario g = 60 and 20, l_C = 100, r = 3/10 and 11/20: with a = 0 the critical risks are 3/8 and 1/6,
# so that the low risk deters the wary type and the high one both.
_COMPEL: Final = {"aim": "compel"}
_WORTH: Final = (
    "prize > 0 and compliance_cost > 0 and disaster_challenger > compliance_cost and compliance_gain > 0 and loss > 0 "
    "and disaster_defender > loss"
)
_WORKS: Final = "risk*(prize + disaster_challenger) > prize + compliance_cost"
_PAYS: Final = "toughness*risk*(disaster_defender - loss) < (1 - toughness)*(compliance_gain + loss)"
_DEAR: Final = _PAYS.replace("<", ">")
_CLAIMS: Final = (
    Claim("Where a risk costs nothing unless it is called, one that deters everybody is taken, and there is peace.",
          "holds", _PROVED, _SOURCE,
          "P[deterrence_failure] == 0 when accident == 0 and loss > 0 and disaster_defender > 0", _OVER),
    Claim("A risk that deters everybody is always worth taking.", "fails", "refuted on the atlas", _SOURCE,
          "P[deterrence_failure] == 0 when loss > 0 and disaster_defender > 0", _OVER,
          when="peace costs a r_H l_D: beyond the loss, or beyond what deterring the wary alone costs, it is not "
          "bought"),
    Claim("The dearer a disaster, the less likely is a challenge.", "fails", "refuted on the atlas", "",
          "max P[deterrence_failure] decreases in disaster_defender when accident > 0 and loss > 0 and "
          "disaster_defender > 0", _OVER, when="a dearer disaster makes the Defender take less risk"),
    Claim("A threat that is defied at the critical risk or above compels: the pliable type complies.", "holds",
          "proved on the atlas in all parameters", _SOURCE,
          f"P[defiance] <= toughness when {_WORTH} and {_WORKS}", options=_COMPEL),
    Claim("Such a threat is made where the Challenger is not too likely to be tough.", "holds",
          "proved on the atlas in all parameters", _SOURCE,
          f"P[threat] == 1 when {_WORTH} and {_WORKS} and {_PAYS}", options=_COMPEL),
    Claim("It is not made beyond.", "holds", "proved on the atlas in all parameters", _SOURCE,
          f"P[threat] == 0 when {_WORTH} and {_WORKS} and {_DEAR}", options=_COMPEL),
    Claim("Of threats that work the least risky is the best.", "holds", "proved on the atlas in all parameters",
          _SOURCE, f"max payoff[Defender] decreases in risk when {_WORTH} and {_WORKS}", options=_COMPEL),
    Claim("The more a threat risks, the better it works.", "fails", "refuted on the atlas in all parameters", _SOURCE,
          f"max P[comply] increases in risk when {_WORTH}", options=_COMPEL,
          when="beyond q_a it is not worth making, and nobody complies"),
)

MODEL: Final = Model(
    name="threat_left_to_chance",
    question=(
        "How much risk must a threat carry to be worth something, and how much may it carry to be worth making?"
    ),
    summary=(
        "To deter, the Defender commits itself in public to a risk of disaster, which a challenge calls and which may "
        "also come by accident. To compel, it threatens with a risk of war if its demand is defied. The Challenger is "
        "of two types that it alone knows."
    ),
    players=(_C, _D),
    play=(
        "Chance draws the type of the Challenger, who alone knows it.",
        "To deter, the Defender takes no risk, a low or a high one; to compel, it makes a threat or none.",
        "The Challenger sees it, and challenges or holds; or complies or defies (the tough type defies).",
        "Chance decides whether there is a disaster.",
    ),
    drawing="""\
deter:  chance -- bold or wary
          Defender --no, low or high risk -- Challenger (type) --hold (disaster: accident * risk)
                                                              \\--challenge (disaster: risk)
compel: chance -- tough or pliable
          Defender --no threat
                  \\--threat -- tough, or pliable --defy -- chance --disaster (risk)
                                              \\--comply
""",
    parameters=(
        Parameter("loss", "", "What it costs the Defender if the Challenger has its way [v, L].", "Defender utility"),
        Parameter("disaster_challenger", "", "What a disaster costs the Challenger.", "Challenger utility"),
        Parameter("disaster_defender", "", "What a disaster costs the Defender.", "Defender utility"),
    ),
    indexed=_indexed,
    assume={},
    options={"aim": Choice(
        "what the threat is for",
        {_DETER: "to keep the Challenger from a challenge", "compel": "to make it comply with a demand"}, _DETER,
    )},
    events={
        "deterrence_failure": "a challenge (to deter)",
        "spiral": "a disaster",
    },
    literature=("schelling1960", "schelling1966"),
    departures="Finite menus of risks, and two types, in the place of a continuum of both.",
    findings=(
        "A type challenges exactly below its critical risk, which accidents without a challenge raise.",
        "A risk that costs nothing unless it is called gives peace; one that may come true by itself is taken only "
        "where it is cheap, and then may be taken by halves.",
        "To compel there is a window: at least q_e to work, at most q_a to be worth making.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    lever="disaster_defender",
    describe=_describe,
)
