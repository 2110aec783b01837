r"""Deterrence or spiral: toughness towards an opponent who may be greedy or afraid, after Jervis.

The question: does toughness deter the greedy or provoke the fearful, and how does that hang on what each side thinks
the other is?

**Players and types.** *Side 1* is an *expansionist* with probability `expansionism` [eps], else a security *seeker*;
*Side 2* is *greedy* with probability `greed` [gam], else *fearful*, a security seeker too. Types are independent; each
knows its own.

**Order of moves.** Chance draws the types; Side 1 shows restraint or toughness; Side 2, who has seen that, arms or
yields.

**Payoffs**, with the symbols of the summary in brackets.

==============  ======================  ===========================  ===================================================
Side 1          Side 2                  Side 1 gets                  Side 2 gets
==============  ======================  ===========================  ===================================================
restraint       yields                  `peace` [R] if a seeker      nothing
restraint       arms                    ``-exploited`` [-L] if a     `prey` if greedy, ``-aggression_cost`` if a seeker
                                        seeker
toughness       yields                  `tense_peace` [T] if a       ``-yield_to_seeker`` [-n2] or
                                        seeker                       ``-yield_to_expansionist`` [-x2], by Side 1's type;
                                                                     nothing if greedy
toughness       arms                    ``-clash`` [-k] if a seeker  ``-clash_fearful`` [-k2] if a seeker,
                                                                     ``-clash_greedy`` if greedy
==============  ======================  ===========================  ===================================================

An expansionist gets `conquest` from toughness, whatever the answer, and nothing from restraint. So where `prey`,
`aggression_cost`, `clash_greedy` and `conquest` are positive the greedy arm against restraint and yield to toughness,
seekers leave restraint alone, and expansionists are tough: none of it depends on beliefs.

**Events.** `deterrence_failure`: the greedy side arms. `spiral`: two seekers clash.

**Results.** Let :math:`\varepsilon^* = (k_2 - n_2)/(x_2 - n_2)`, :math:`g_0 = (R-T)/(R+L)`,
:math:`g_1 = (R+k)/(R+k+T+L)`, with :math:`T < R` and :math:`n_2 < k_2 < x_2`. Off the knife edges

===========================  ===================================================  ===================================
family                       exists where                                         plays
===========================  ===================================================  ===================================
deterrence (unprovoked)      eps < eps*, gam > g0                                 seekers tough, seekers yield
spiral (provoked)            eps > eps*, gam > g1                                 seekers tough, seekers arm
restraint                    gam < g1                                             seekers restrained; toughness is met
semi-separating              eps < eps*, g0 < gam < g1                            seekers tough with X(eps, eps*)
===========================  ===================================================  ===================================

with :math:`X(p, r) = p(1-r)/((1-p)r)`. The dilemma in numbers: restraint is exploited with probability
:math:`(1-\varepsilon)\gamma`, and in the spiral toughness meets a fellow seeker with probability :math:`1-\gamma`.

**Literature.** Jervis (1976), chapter 3, and (1978). There are no published equations: the game is a minimal one made
for this package; Zagare and Kilgour (1998) is a published formalisation (the model `asymmetric_escalation`).

>>> MODEL.build()
Game('deterrence_or_spiral': 2 players, 6 information sets, 16 terminal histories)
"""

from __future__ import annotations

from typing import Final

from deterrence.game import Move
from deterrence.models.base import Claim, Description, Model, Settings, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_ONE: Final = {"expansionist": "expansionism", "seeker": "1 - expansionism"}
_TWO: Final = {"greedy": "greed", "fearful": "1 - greed"}

_PARAMETERS: Final = (
    Parameter("expansionism", "0 < expansionism < 1", "Probability that Side 1 is an expansionist [eps].",
              "probability"),
    Parameter("greed", "0 < greed < 1", "Probability that Side 2 is greedy [gam].", "probability"),
    Parameter("peace", "", "What restraint that is left alone is worth to a seeker of Side 1 [R].", "Side 1 utility"),
    Parameter("tense_peace", "", "What toughness that is not met is worth to a seeker of Side 1 [T].",
              "Side 1 utility"),
    Parameter("exploited", "", "What restraint that is exploited costs a seeker of Side 1 [L].", "Side 1 utility"),
    Parameter("clash", "", "What a clash costs a seeker of Side 1 [k].", "Side 1 utility"),
    Parameter("conquest", "conquest > 0", "What toughness brings an expansionist.", "Side 1 utility"),
    Parameter("prey", "prey > 0", "What arming against restraint brings the greedy type.", "Side 2 utility"),
    Parameter("aggression_cost", "aggression_cost > 0", "What arming against restraint costs the fearful type.",
              "Side 2 utility"),
    Parameter("clash_greedy", "clash_greedy > 0", "What a clash costs the greedy type.", "Side 2 utility"),
    Parameter("clash_fearful", "", "What a clash costs the fearful type [k2].", "Side 2 utility"),
    Parameter("yield_to_seeker", "", "What yielding to a tough seeker costs the fearful type [n2].", "Side 2 utility"),
    Parameter("yield_to_expansionist", "", "What yielding to an expansionist costs the fearful type [x2].",
              "Side 2 utility"),
)

_DRAWING: Final = """\
chance -- expansionist or seeker & greedy or fearful (four pairs)
  |
Side 1 (own type) --restraint--+
                  \\--toughness--+-- Side 2 (own type, the move) --arm
                                                              \\--yield
"""

_KNOWN: Final = "exploited > 0 and clash > 0 and 1 < clash_fearful and clash_fearful < 6"
"""In the shipped scenario peace is 4, tense peace 2, yielding to a seeker costs 1, to an expansionist 6."""
_FEARS: Final = "expansionism*5 > clash_fearful - 1"
_CALM: Final = _FEARS.replace(">", "<")
_ABOVE_0: Final = "greed*(4 + exploited) > 2"
_ABOVE_1: Final = "greed*(6 + clash + exploited) > 4 + clash"
_OFF: Final = (
    f"{_FEARS.replace('>', '!=')} and {_ABOVE_0.replace('>', '!=')} and {_ABOVE_1.replace('>', '!=')}"
)
_OVER: Final = ("expansionism", "greed", "clash", "exploited", "clash_fearful")
_SOURCE: Final = "jervis1976"
_PROVED: Final = "proved on the atlas"


def _region(words: str, events: str, where: str) -> Claim:
    return Claim(words, "holds", _PROVED, _SOURCE, f"({where}) implies {events} when {_KNOWN} and {_OFF}", _OVER)


_CLAIMS: Final = (
    Claim("A full spiral needs fear: two seekers always clash only if Side 2 thinks Side 1 an expansionist with "
          "probability eps* or more.", "holds", _PROVED, _SOURCE,
          f"P[spiral] < (1 - expansionism)*(1 - greed) when {_KNOWN} and {_CALM}", _OVER),
    Claim("A full spiral needs distrust on both sides: two seekers always clash only if Side 1 thinks Side 2 greedy "
          "with probability g1 or more.", "holds", _PROVED, _SOURCE,
          f"P[spiral] < (1 - expansionism)*(1 - greed) when {_KNOWN} and not ({_ABOVE_1}) and {_OFF}", _OVER),
    Claim("Without such fear two seekers never clash.", "fails", "refuted on the atlas", _SOURCE,
          f"P[spiral] == 0 when {_KNOWN} and {_CALM}", _OVER,
          when="it holds save in the semi-separating equilibrium, in which some seekers are tough and some of the "
               "fearful arm"),
    Claim("Where both fears are strong nothing but the spiral is left.", "holds", _PROVED, _SOURCE,
          f"P[spiral] == (1 - expansionism)*(1 - greed) when {_KNOWN} and {_FEARS} and {_ABOVE_1}", _OVER),
    Claim("Restraint is exploited with the probability that its author is a seeker and the other greedy.", "holds",
          _PROVED, _SOURCE, f"max P[deterrence_failure] == (1 - expansionism)*greed when {_KNOWN} and "
          f"not ({_ABOVE_1}) and {_OFF}", _OVER),
    Claim("Toughness deters: the more it is feared that the other is greedy, the less it arms in the best case.",
          "fails", "refuted on the atlas", _SOURCE,
          f"min P[arm] decreases in greed when {_KNOWN}", _OVER,
          when="where toughness frightens (eps > eps*) more distrust makes seekers tough and the fearful arm"),
    Claim("The dilemma is generically decided by what each side thinks of the other: below g0 only restraint, between "
          "eps* and g1 one equilibrium.", "holds in part", _PROVED,
          statement=f"generically unique when {_KNOWN} and {_FEARS}", over=_OVER,
          when="where Side 2 fears (eps > eps*); where it does not, restraint, deterrence and a mixture coexist for "
               "g0 < gam < g1"),
)


def _describe(menus: Settings) -> Description:
    del menus
    pairs = {f"{one} & {two}": f"({p})*({q})" for one, p in _ONE.items() for two, q in _TWO.items()}
    moves = [Move("chance", "types", None, pairs)]
    infosets = {}
    for one in _ONE:
        moves.append(Move("Side 1", one, tuple(f"{one} & {two}" for two in _TWO),
                          dict.fromkeys(("restraint", "toughness"))))
        infosets[one] = f"Side 1, {one}, does not know the type of Side 2"
    for two in _TWO:
        for shown in ("restraint", "toughness"):
            name = f"{two} after {shown}"
            after = tuple(f"{one} & {two}, {shown}" for one in _ONE)
            moves.append(Move("Side 2", name, after, dict.fromkeys(("arm", "yield"))))
            infosets[name] = f"Side 2, {two}, has seen {shown} and not the type of Side 1"
    return Description(
        title="Deterrence or spiral", moves=tuple(moves), terms=_terms(),
        events={
            "deterrence_failure": (("expansionist & greedy", "seeker & greedy"), "arm"),
            "spiral": ("seeker & fearful", "toughness", "arm"),
        },
        infosets=infosets,
    )


def _terms() -> tuple[Term, ...]:
    terms = []
    for two in _TWO:
        pair = f"seeker & {two}"
        for amount, shown, answer, why in (
            ("peace", "restraint", "yield", "restraint is left alone"),
            ("-exploited", "restraint", "arm", "restraint is exploited"),
            ("tense_peace", "toughness", "yield", "toughness is not met"),
            ("-clash", "toughness", "arm", "a clash"),
        ):
            terms.append(Term(f"{why} ({pair})", "Side 1", amount, (pair, shown, answer), why, "security"))
        terms.append(Term(f"conquest ({two})", "Side 1", "conquest", (f"expansionist & {two}", "toughness"),
                          "an expansionist is tough", "it prefers war to peace"))
    for one in _ONE:
        greedy, fearful = f"{one} & greedy", f"{one} & fearful"
        cost = "seeker" if one == "seeker" else "expansionist"
        terms += [
            Term(f"prey ({one})", "Side 2", "prey", (greedy, "restraint", "arm"), "the greedy arm against restraint",
                 "what there is to take"),
            Term(f"beaten ({one})", "Side 2", "-clash_greedy", (greedy, "toughness", "arm"),
                 "the greedy arm against toughness", "a clash is no prey"),
            Term(f"aggression ({one})", "Side 2", "-aggression_cost", (fearful, "restraint", "arm"),
                 "the fearful arm against restraint", "nothing to fear, nothing to gain"),
            Term(f"clash ({one})", "Side 2", "-clash_fearful", (fearful, "toughness", "arm"),
                 "the fearful arm against toughness", "a clash"),
            Term(f"yield ({one})", "Side 2", f"-yield_to_{cost}", (fearful, "toughness", "yield"),
                 f"the fearful yield to a tough {cost}", "what a tough opponent of that kind then takes"),
        ]
    return tuple(terms)


MODEL: Final = Model(
    name="deterrence_or_spiral",
    question=(
        "Does toughness deter the greedy or provoke the fearful, and how does that hang on what each side thinks the "
        "other is?"
    ),
    summary=(
        "Side 1, a security seeker or an expansionist, shows restraint or toughness. Side 2, greedy or fearful, arms "
        "or yields. The greedy exploit restraint and yield to toughness; the fearful leave restraint alone, and meet "
        "toughness if they think that an expansionist is behind it."
    ),
    players=("Side 1", "Side 2"),
    play=(
        "Chance draws both types, independently.",
        "Side 1, knowing its own type, shows restraint or toughness.",
        "Side 2, knowing its own type and having seen that, arms or yields.",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume={},
    options={},
    events={"deterrence_failure": "the greedy side arms", "spiral": "two seekers of security clash"},
    literature=("jervis1976", "zagare_kilgour1998"),
    departures="There are no published equations; the game is a minimal one with the types and fears of the book.",
    findings=(
        "Restraint is exploited with probability (1 - expansionism)*greed; in the spiral toughness meets a fellow "
        "seeker with probability 1 - greed.",
        "Where the fearful would yield, restraint, deterrence and a mixture of both coexist for moderate distrust.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    lever="clash_fearful",
    describe=_describe,
)
