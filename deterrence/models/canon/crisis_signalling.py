r"""Crisis signalling, after Lewis and Schultz: a public challenge that costs something to withdraw.

The question: what does an audience that punishes whoever backs down do to the chance that a threat is made, believed,
withdrawn, or ends in war?

**Players and types.** The *Challenger* wants something that the *Defender* has. Each is *resolved* with a probability
(`challenger_resolve`, `defender_resolve`), else *irresolute*: war is worth more to the resolved. Each knows its own
type only; the two are independent.

**Order of moves.**

1. Chance draws both types.
2. The Challenger stays quiet or challenges; to stay quiet ends the game.
3. The Defender concedes or resists; to concede ends the game.
4. The Challenger, resisted, backs down or stands firm; to stand firm is war.

**Payoffs** are measured from the status quo, which is 0 to both.

============  ========================  ==========================  ==========================
outcome       play                      Challenger                  Defender
============  ========================  ==========================  ==========================
status quo    quiet                     0                           0
concession    challenge, concede        `prize` :math:`v`           `-stake` :math:`-s`
withdrawal    ..., resist, back down    `-audience_cost`            `reward` :math:`g`
                                        :math:`-\alpha`
war           ..., resist, stand firm   `challenger_war_resolved`,  `defender_war_resolved`,
                                        `..._irresolute`            `..._irresolute`
                                        :math:`w_H, w_L`            :math:`\omega_H, \omega_L`
============  ========================  ==========================  ==========================

This is the unilateral deterrence game with cSQ = 0, cDC = v, cCD = -alpha; but here no type has to prefer war to giving
way. **The last move is decided by signs:** type :math:`t` of the Challenger stands firm where :math:`w_t > -\alpha`. An
audience cost beyond :math:`-w_L` binds both types: then the challenge itself is a commitment to fight.

**Events.** `deterrence_failure`: the Challenger challenges. `spiral`: war.

**Results** where :math:`w_L < -\alpha < w_H < 0`, :math:`\omega_L < -s < \omega_H` and :math:`-s < g`. Let :math:`c_S =
v/(v + \alpha)`, :math:`c_H = v/(v - w_H)`, :math:`d^* = (g + s)/(g - \omega_L)`, `p` and `q` the resolves of Challenger
and Defender.

============  ============================  ===========================================================================
family        exists where                  play
============  ============================  ===========================================================================
quiet         everywhere                    nobody challenges, for some belief off the path; :math:`q > c_H`: for any
separating    :math:`c_S < q < c_H`         the resolved Challenger alone challenges; P(war) = pq
bluff         :math:`q < c_S, p < d^*`      the irresolute challenges with :math:`p(1 - d^*)/((1 - p) d^*)`; resistance
                                            has probability :math:`c_S`; P(war) = :math:`p\,c_S`
attack        :math:`q < c_S, p > d^*`      both challenge; the irresolute Defender concedes; P(war) = pq
============  ============================  ===========================================================================

A larger audience cost lowers :math:`c_S`: the regions of bluff and attack shrink, a bluff is resisted less often, and
challenges are withdrawn less often. War is *not* monotone: it becomes rarer in the bluff, but beyond :math:`-w_L` the
irresolute Challenger, too, is bound to fight.

**Literature.** Lewis and Schultz (2003) for the game, which they give types on continua; Fearon (1994) on audience
costs; Zagare and Kilgour (2000, chapter 5) for the tree.

>>> game = MODEL.build()
>>> game
Game('crisis_signalling': 2 players, 6 information sets, 16 terminal histories)
>>> print(game.payoffs[("resolved & irresolute", "challenge", "resist", "back down")]["Challenger"])
-audience_cost
"""

from __future__ import annotations

from typing import Final

from deterrence.game import Move
from deterrence.models.base import Claim, Description, Model, Settings, Term
from deterrence.models.canon.pairs import Pairs
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_TYPES: Final = ("resolved", "irresolute")
_PAIRS: Final = Pairs(
    {"resolved": "challenger_resolve", "irresolute": "1 - challenger_resolve"},
    {"resolved": "defender_resolve", "irresolute": "1 - defender_resolve"},
)

_PARAMETERS: Final = (
    Parameter(
        "challenger_resolve", "0 < challenger_resolve < 1",
        "Probability that the Challenger is resolved, as the Defender sees it.", "probability",
    ),
    Parameter(
        "defender_resolve", "0 < defender_resolve < 1",
        "Probability that the Defender is resolved, as the Challenger sees it.", "probability",
    ),
    Parameter("prize", "prize > 0", "What a concession brings the Challenger.", "Challenger utility"),
    Parameter(
        "audience_cost", "audience_cost >= 0", "What the Challenger pays at home if it backs down.",
        "Challenger utility",
    ),
    *(
        Parameter(f"challenger_war_{kind}", "", f"What war is worth to the {kind} Challenger.", "Challenger utility")
        for kind in _TYPES
    ),
    Parameter("stake", "stake > 0", "What a concession costs the Defender.", "Defender utility"),
    Parameter(
        "reward", "", "What it is worth to the Defender that the Challenger backs down (negative: a crisis costs).",
        "Defender utility",
    ),
    *(
        Parameter(f"defender_war_{kind}", "", f"What war is worth to the {kind} Defender.", "Defender utility")
        for kind in _TYPES
    ),
)

_ASSUME: Final = {
    "challenger_war_resolved > challenger_war_irresolute":
        "the meaning of the words: war is worth more to the resolved",
    "defender_war_resolved > defender_war_irresolute":
        "the meaning of the words: war is worth more to the resolved",
}

_DRAWING: Final = """\
chance -- the Challenger resolved or irresolute & the Defender resolved or irresolute (four pairs)
  |
Challenger (own type) --quiet: status quo
  |
  +--challenge -- Defender (own type) --concede
                        |
                        +--resist -- Challenger (own type) --back down: pays the audience cost
                                                \\--stand firm: war
"""

_ORDER: Final = (
    "audience_cost + challenger_war_irresolute < 0 and audience_cost + challenger_war_resolved > 0 "
    "and challenger_war_resolved < 0"
)
_BOUND: Final = "audience_cost + challenger_war_irresolute > 0"
_BLUFF: Final = "semi-separating: irresolute challenger bluffs with challenge"
_OVER: Final = (
    "challenger_resolve", "defender_resolve", "prize", "audience_cost", "challenger_war_resolved",
    "challenger_war_irresolute",
)
_PROVED: Final = "proved on the atlas in all but the Defender's payoffs, which are as shipped"
_SOURCE: Final = "lewis_schultz2003"

_CLAIMS: Final = (
    Claim(
        "An audience cost beyond what war costs the irresolute Challenger binds it: no challenge is ever withdrawn.",
        "holds", _PROVED, "fearon1994", f"P[back down] == 0 when {_BOUND}", _OVER,
    ),
    Claim(
        "Where the audience cost is high enough that c_S < q, the irresolute Challenger does not bluff.", "holds",
        _PROVED, _SOURCE,
        "P[irresolute & resolved, challenge] == 0 and P[irresolute & irresolute, challenge] == 0 "
        f"when defender_resolve*(prize + audience_cost) > prize and {_ORDER}", _OVER,
    ),
    Claim(
        "Where the Challenger bluffs, a higher audience cost makes a concession to a challenge more likely.", "holds",
        _PROVED, _SOURCE, f'P[concede | challenge] increases in audience_cost within "{_BLUFF}" when {_ORDER}', _OVER,
    ),
    Claim(
        "A higher audience cost makes it rarer, at worst, that a challenge is withdrawn.", "holds in part", _PROVED,
        "fearon1994", f"max P[back down] decreases in audience_cost when {_ORDER}", _OVER,
        "while it binds the resolved Challenger and not the irresolute. An audience cost so low that even the resolved "
        "would back down leaves no challenge to withdraw: at p = q = 1/2, v = 2, w_H = -2/3, w_L = -2, s = 1, g = 0, "
        "war 0 and -3 to the Defender, none is withdrawn at an audience cost of 1/2, and one with probability 1/4 at 1",
    ),
    Claim(
        "A higher audience cost makes a challenge rarer, at worst.", "holds in part", _PROVED, _SOURCE,
        f"max P[challenge] decreases in audience_cost when {_ORDER}", _OVER,
        "while it binds the resolved Challenger and not the irresolute",
    ),
    Claim(
        "A higher audience cost makes war rarer, at worst, while it binds the resolved Challenger and not the "
        "irresolute.",
        "holds", _PROVED, "", f"max P[spiral] decreases in audience_cost when {_ORDER}", _OVER,
    ),
    Claim(
        "Audience costs make war less likely.", "fails", "refuted on the atlas in the audience cost", "",
        "max P[spiral] decreases in audience_cost", ("audience_cost",),
        "it holds while the irresolute Challenger would still back down; at the shipped values the chance of war is "
        "3/20 at an audience cost of 1, and 3/10, the resolve of the Defender, at 2, where both types of the "
        "Challenger challenge and fight",
    ),
    Claim(
        "Audience costs make war more likely.", "fails", "refuted on the atlas in the audience cost", "",
        "max P[spiral] increases in audience_cost", ("audience_cost",),
        "at the shipped values, in the bluff, the chance of war falls from 1/6 to 3/20 as the audience cost rises from "
        "4/5 to 1",
    ),
    Claim(
        "That nobody challenges is an equilibrium at every point, for some belief off the path.", "holds", _PROVED, "",
        f'exists("pooling on quiet") when {_ORDER}', _OVER,
    ),
)


def _describe(menus: Settings) -> Description:
    del menus
    moves, infosets = _PAIRS.moves(), {}
    for kind in _TYPES:
        name = f"{kind} challenger"
        moves.append(Move("Challenger", name, _PAIRS.after(0, kind), dict.fromkeys(("challenge", "quiet"))))
        infosets[name] = f"the Challenger, {kind}, knows its own type only"
    for kind in _TYPES:
        name, after = f"{kind} defender", _PAIRS.after(1, kind, "challenge")
        moves.append(Move("Defender", name, after, dict.fromkeys(("resist", "concede"))))
        infosets[name] = f"the Defender, {kind}, is challenged"
    for kind in _TYPES:
        name, after = f"{kind} challenger, resisted", _PAIRS.after(0, kind, "challenge", "resist")
        moves.append(Move("Challenger", name, after, dict.fromkeys(("stand firm", "back down"))))
        infosets[name] = f"the Challenger, {kind}, is resisted"
    return Description(
        title="Crisis signalling with an audience cost",
        moves=tuple(moves),
        terms=_terms(),
        events={"deterrence_failure": ("challenge",), "spiral": ("stand firm",)},
        infosets=infosets,
    )


def _terms() -> tuple[Term, ...]:
    concede, back, war = ("concede",), ("back down",), ("stand firm",)
    return (
        Term("prize", "Challenger", "prize", concede, "the Defender concedes", "what the challenge was for"),
        Term("stake", "Defender", "-stake", concede, "the Defender concedes", "what it gives up"),
        Term("audience cost", "Challenger", "-audience_cost", back, "the Challenger backs down",
             "a public threat was made and not kept"),
        Term("reward", "Defender", "reward", back, "the Challenger backs down", "the standing of having resisted"),
        *(
            Term(f"war ({kind} {player})", player, f"{player.lower()}_war_{kind}", war,
                 f"war: the {player} is {kind}", "what war costs and brings it", _PAIRS.others(side, kind))
            for side, player in enumerate(("Challenger", "Defender"))
            for kind in _TYPES
        ),
    )


MODEL: Final = Model(
    name="crisis_signalling",
    question=(
        "What does an audience that punishes whoever backs down do to the chance that a threat is made, believed, "
        "withdrawn, or ends in war?"
    ),
    summary=(
        "The Challenger stays quiet or challenges in public; the Defender concedes or resists; the Challenger, "
        "resisted, stands firm, which is war, or backs down and pays an audience cost. Each side knows its own resolve "
        "only."
    ),
    players=("Challenger", "Defender"),
    play=(
        "Chance draws both types, independently: resolved with probability `challenger_resolve` and "
        "`defender_resolve`.",
        "The Challenger, knowing its own type, challenges or stays quiet; to stay quiet ends the game.",
        "The Defender, knowing its own type, resists or concedes; to concede ends the game.",
        "The Challenger, resisted, stands firm (war) or backs down (it pays the audience cost).",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume=_ASSUME,
    options={},
    events={"deterrence_failure": "the Challenger challenges", "spiral": "the Challenger stands firm, which is war"},
    literature=("lewis_schultz2003", "fearon1994", "zagare_kilgour2000"),
    departures=(
        "Two types a side in the place of values on a continuum. The audience cost is a number that everybody knows."
    ),
    findings=(
        "An audience cost beyond what war costs the irresolute Challenger turns every challenge into a commitment to "
        "fight.",
        "More audience cost first makes war rarer, as bluffs are resisted less, and then more likely, once it binds "
        "the irresolute.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    lever="audience_cost",
    describe=_describe,
)
