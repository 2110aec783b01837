r"""The asymmetric escalation game of Zagare and Kilgour: an answer in kind, or the next rung, and who stops first.

The question: when does a challenge lead to a limited conflict, when does it spiral, and does it help the defender to
have an answer in kind?

**Players and types.** The *Challenger* would change the status quo, the *Defender* keep it. The Challenger is *hard*
with probability `credibility_challenger` (met with escalation it prefers all-out conflict to giving way), else *soft*.
The Defender has one of four types: tactically hard or soft (it prefers a limited conflict to conceding, or not) and
strategically hard or soft (it prefers all-out conflict to giving way, or not): *HH*, *HS*, *SH*, *SS*, tactics first.
The Challenger and the Defender each know their own type; the two are independent. Tactics and strategy of the Defender
need not be:

.. math::

    p_{HH} = \tau\,\sigma_H, \quad p_{HS} = \tau\,(1 - \sigma_H), \quad p_{SH} = (1 - \tau)\,\sigma_S, \quad
    p_{SS} = (1 - \tau)(1 - \sigma_S)

with :math:`\tau` = `credibility_tactical`, :math:`\sigma_H` = `strategic_if_hard`, :math:`\sigma_S` =
`strategic_if_soft`. The option `defender_types` leaves out types; a probability between types that are not both there
is then not used. ``["SH", "SS"]`` is *massive retaliation* (no answer in kind is credible), ``["HH", "HS"]`` *flexible
response* (one always is), all four the general game. `challenger_types` likewise.

**Order of moves.**

1. Chance draws both types.
2. The Challenger accepts the status quo or initiates; to accept ends the game.
3. The Defender concedes, responds in kind, or escalates first; to concede ends the game.
4. a. After a response in kind the Challenger settles for a limited conflict or raises; to settle ends the game.
   b. After an escalation the Challenger submits or counters; both end the game.
5. The Defender, raised, yields or matches.

**Payoffs**, by outcome; the book's symbols in brackets.

=================  =========================  =====================================  ==================================
outcome            play                       Challenger                             Defender
=================  =========================  =====================================  ==================================
status quo         accept                     `challenger_status_quo` [cSQ]          `defender_status_quo` [dSQ]
Defender concedes  initiate, concede          `challenger_win` [cDC]                 `defender_concession` [dDC]
limited conflict   ..., respond, settle       `challenger_limited` [cDD]             `defender_limited_hard`, `_soft`
                                                                                     [dDD+, dDD-]
Challenger's       ..., respond, raise,       `challenger_escalated_win` [cED]       `defender_defeat` [dED]
escalation wins    yield
Defender's         ..., escalate, submit      `challenger_defeat` [cDE]              `defender_escalated_win` [dDE]
escalation wins
all-out conflict   ..., raise, match, or      `challenger_war_hard`, `_soft`         `defender_war_hard`, `_soft`
                   escalate, counter          [cEE+, cEE-]                           [dEE+, dEE-]
=================  =========================  =====================================  ==================================

`credibility_challenger` is pCh; pTac is `credibility_tactical`. The meaning of hard and soft is assumed: cEE- < cDE <
cEE+, dEE- < dED < dEE+, dDD- < dDC < dDD+. The rest of the published orders, cEE+ < cDD < cED < cSQ < cDC and dEE+ <
dDD- and dDD+ < dDE < dSQ, is not.

**Events.** `deterrence_failure`: the Challenger initiates. `spiral`: all-out conflict. `limited_conflict`: it settles
after a response in kind.

**Results** under the published orders. Let :math:`p_{Tac} = p_{HH} + p_{HS}`, :math:`p_{Str} = p_{HH} + p_{SH}`,
:math:`\rho = p_{HH}/p_{Tac}`, :math:`K_s, K_d, K_e = c_{DC} - c_{SQ}, c_{DC} - c_{DD}, c_{DC} - c_{DE}`,
:math:`X(p, r) = p (1 - r)/((1 - p) r)`, and

.. math::

    r_H, r_S = \frac{d_{DE} - d_{DC}}{d_{DE} - d_{EE\pm}}, \quad
    t_H = \frac{d_{DE} - d_{DD+}}{d_{DE} - d_{EE+}}, \quad
    z_S = \frac{K_s}{K_e}, \quad y^* = \frac{K_s}{K_d}, \quad
    q_H = \frac{c_{ED} - c_{DD}}{c_{ED} - c_{EE+}}, \quad
    e_S = \frac{d_{DD+} - d_{DC}}{d_{DD+} - d_{ED}}.

A type of the Defender escalates rather than concedes where its belief that the Challenger is hard is below :math:`r_H`
(strategically hard) or :math:`r_S` (soft). The families (numbered as in the tests; each of them there is one family of
the atlas or more):

====  ===============================  ======================================================  =========================
no.   family                           exists where                                            conflict
====  ===============================  ======================================================  =========================
F0    deterrence                       everywhere, for some belief off the path; with the      none
                                       belief that an initiator is hard where
                                       :math:`p_{HH} > q_H y^*, p_{Tac} > y^*`
F1    no response                      :math:`p_{Ch} > r_H`                                    none: all initiate, all
                                                                                               concede
F2    bluff, hard Defenders escalate   :math:`p_{Ch} < r_H, p_{Str} > z_S`                     P(all-out) = pCh zS
F3    bluff, soft Defenders too        :math:`p_{Ch} < r_S, p_{Str} < z_S`                     P(all-out) = pCh zS
F4    attack met by hard Defenders     :math:`r_S < p_{Ch} < r_H, p_{Str} < z_S`               P(all-out) = pCh pStr
F5    escalatory limited response      :math:`p_{Ch} > r_H, \rho < q_H, p_{HH} < q_H y^*`      HH responds, HS mixes,
                                                                                               the hard Challenger
                                                                                               raises w.p. eS/pCh:
                                                                                               P(all-out) = eS pHH
F6    constrained limited response     :math:`p_{Ch} > r_H, \rho > q_H, p_{Tac} < y^*`         HH and HS respond, the
                                                                                               Challenger settles:
                                                                                               P(limited) = pTac
====  ===============================  ======================================================  =========================

and variants of F5 and F6 for :math:`p_{Ch} < r_H` in which some types of the Defender escalate (F7 to F14 of the
tests). The list was found by exhaustive search at random points: complete there, not proved complete everywhere.
`solve` and `atlas` do not use it.

**What the families say.** Under complete information there is no conflict, limited or all-out. A limited conflict needs
a Defender that may be tactically hard: never under massive retaliation. For :math:`p_{Ch} > r_H` the regions of
deterrence (with the belief that an initiator is hard), of the constrained and of the escalatory limited response
partition the plane of :math:`p_{HH}` and :math:`p_{Tac}`, and the no-response equilibrium coexists with all three. In
the constrained limited response *both* tactically hard types respond in kind; in the escalatory one HS mixes. Where
several types are indifferent (F2, F3) only the total chance of escalation is pinned down: the families are continua.

**Dominated actions may not be deleted first.** To respond in kind is strictly dominated for the tactically soft types
(concede instead, if dDD-, dED, dEE+ and dEE- are all below dDC). Without them the Challenger, met by a response in
kind, could no longer believe that it faces SS: with HH, SH and SS alone that removes the no-response equilibrium, whose
HH concedes because a response would be taken for weakness.

**Literature.** Zagare and Kilgour (2000, chapters 6 to 9; 1995; 1998); Kilgour and Zagare (2007), whose payoffs the
shipped scenario has.

>>> MODEL.build()
Game('asymmetric_escalation': 2 players, 14 information sets, 56 terminal histories)
>>> MODEL.build({"defender_types": ["SH", "SS"]})
Game('asymmetric_escalation': 2 players, 10 information sets, 28 terminal histories)
"""

from __future__ import annotations

from typing import Final

from deterrence.game import EventLabels, Move
from deterrence.models.base import Claim, Description, Menu, Model, Option, Settings, Term
from deterrence.models.canon.pairs import Pairs
from deterrence.parameters import Parameter

__all__ = ["MODEL"]


def _probability(name: str, meaning: str) -> Parameter:
    return Parameter(name, f"0 < {name} < 1", meaning, "probability")


def _utility(player: str, name: str, meaning: str) -> Parameter:
    return Parameter(f"{player.lower()}_{name}", "", meaning, f"{player} utility")


_PARAMETERS: Final = (
    _probability("credibility_challenger", "Probability that the Challenger is hard, as the Defender sees it [pCh]."),
    _probability("credibility_tactical", "Probability that the Defender is tactically hard [pTac]."),
    _probability("strategic_if_hard", "Probability that a tactically hard Defender is strategically hard [pHH/pTac]."),
    _probability(
        "strategic_if_soft", "Probability that a tactically soft Defender is strategically hard [pSH/(1 - pTac)]."
    ),
    _utility("Challenger", "status_quo", "What the status quo is worth to the Challenger [cSQ]."),
    _utility("Challenger", "win", "What the Challenger gets if the Defender concedes [cDC]."),
    _utility("Challenger", "limited", "What limited conflict is worth to the Challenger [cDD]."),
    _utility("Challenger", "escalated_win", "What the Challenger gets if the Defender yields to its escalation [cED]."),
    _utility("Challenger", "defeat", "What is left to the Challenger that submits to an escalation [cDE]."),
    _utility("Challenger", "war_hard", "What all-out conflict is worth to the hard Challenger [cEE+]."),
    _utility("Challenger", "war_soft", "What all-out conflict is worth to the soft Challenger [cEE-]."),
    _utility("Defender", "status_quo", "What the status quo is worth to the Defender [dSQ]."),
    _utility("Defender", "concession", "What the Defender keeps if it concedes [dDC]."),
    _utility("Defender", "limited_hard", "What limited conflict is worth to the tactically hard Defender [dDD+]."),
    _utility("Defender", "limited_soft", "What limited conflict is worth to the tactically soft Defender [dDD-]."),
    _utility("Defender", "escalated_win", "What the Defender gets if the Challenger submits to its escalation [dDE]."),
    _utility("Defender", "defeat", "What is left to the Defender that yields to an escalation [dED]."),
    _utility("Defender", "war_hard", "What all-out conflict is worth to the strategically hard Defender [dEE+]."),
    _utility("Defender", "war_soft", "What all-out conflict is worth to the strategically soft Defender [dEE-]."),
)

_ASSUME: Final = {
    "challenger_war_hard > challenger_defeat": "the meaning of hard: all-out conflict rather than submit",
    "challenger_defeat > challenger_war_soft": "the meaning of soft: submit rather than all-out conflict",
    "defender_limited_hard > defender_concession":
        "the meaning of tactically hard: rather limited conflict than concede",
    "defender_concession > defender_limited_soft":
        "the meaning of tactically soft: concede rather than limited conflict",
    "defender_war_hard > defender_defeat": "the meaning of strategically hard: all-out conflict rather than yield",
    "defender_defeat > defender_war_soft": "the meaning of strategically soft: yield rather than all-out conflict",
}

_CHALLENGER: Final = Option(
    meaning="the types that the Challenger may have; with one of them it is known to be that",
    choices={
        "hard": "prefers all-out conflict to submitting to an escalation",
        "soft": "prefers to submit to an escalation",
    },
    default=("hard", "soft"),
    least=1,
    most=2,
)
_DEFENDER: Final = Option(
    meaning=(
        "the types that the Defender may have, tactics first; SH and SS alone are massive retaliation, HH and HS alone "
        "flexible response"
    ),
    choices={
        "HH": "prefers limited conflict to conceding, and all-out conflict to yielding",
        "HS": "prefers limited conflict to conceding, and yielding to all-out conflict",
        "SH": "prefers conceding to limited conflict, and all-out conflict to yielding",
        "SS": "prefers conceding to limited conflict, and yielding to all-out conflict",
    },
    default=("HH", "HS", "SH", "SS"),
    least=1,
    most=4,
)

_DRAWING: Final = """\
chance -- the Challenger hard or soft & the Defender HH, HS, SH or SS (eight pairs)
  |
Challenger (own type) --accept: status quo
  |
  +--initiate -- Defender (own type) --concede: the Challenger wins
                    |
                    +--respond --- Challenger (own type) --settle: limited conflict
                    |                        \\--raise -- Defender (own type) --yield: the Challenger wins
                    |                                                     \\--match: all-out conflict
                    +--escalate -- Challenger (own type) --submit: the Defender wins
                                             \\--counter: all-out conflict
"""

_MASSIVE: Final = {"defender_types": ["SH", "SS"]}
_FLEXIBLE: Final = {"defender_types": ["HH", "HS"]}
_HARD: Final = {"challenger_types": ["hard"]}
_OVER_MASSIVE: Final = (
    "credibility_challenger", "strategic_if_soft", "challenger_status_quo", "challenger_win", "challenger_limited",
)
_OVER_FLEXIBLE: Final = ("credibility_challenger", "strategic_if_hard")
_OVER_HARD: Final = (
    "credibility_tactical", "strategic_if_hard", "strategic_if_soft", "challenger_status_quo", "challenger_win",
    "challenger_limited", "challenger_escalated_win", "challenger_war_hard",
)
_ORDER: Final = (
    "challenger_war_hard < challenger_limited and challenger_limited < challenger_escalated_win "
    "and challenger_escalated_win < challenger_status_quo and challenger_status_quo < challenger_win"
)
_ORDER_MASSIVE: Final = (
    "25 < challenger_limited and challenger_limited < 45 and 45 < challenger_status_quo "
    "and challenger_status_quo < challenger_win"
)
_MOST_STRATEGIC: Final = (
    "strategic_if_hard*(challenger_escalated_win - challenger_war_hard) > challenger_escalated_win - challenger_limited"
)
_MOST_TACTICAL: Final = (
    "credibility_tactical*(challenger_win - challenger_limited) > challenger_win - challenger_status_quo"
)
_MOST_BOTH: Final = (
    "credibility_tactical*strategic_if_hard*(challenger_escalated_win - challenger_war_hard)"
    "*(challenger_win - challenger_limited) > "
    "(challenger_escalated_win - challenger_limited)*(challenger_win - challenger_status_quo)"
)
_OFF: Final = " and ".join(text.replace(" > ", " != ") for text in (_MOST_STRATEGIC, _MOST_TACTICAL, _MOST_BOTH))
_FEW_STRATEGIC, _FEW_TACTICAL, _FEW_BOTH = (
    text.replace(" > ", " < ") for text in (_MOST_STRATEGIC, _MOST_TACTICAL, _MOST_BOTH)
)
_SOFT_CONCEDE: Final = "SH defender: concede; SS defender: concede"
_ACCEPTS: Final = "hard challenger: accept"
_SILENT: Final = f"hard challenger: initiate; HH defender: concede; HS defender: concede; {_SOFT_CONCEDE}"
_LIMITED: Final = f"hard challenger: initiate; HH defender: respond; HS defender: respond; {_SOFT_CONCEDE}"
_ESCALATORY: Final = (
    f"hard challenger: initiate; HH defender: respond; HS defender: mixes concede and respond; {_SOFT_CONCEDE}"
)
_BOOK: Final = "zagare_kilgour2000"
_SPIRAL: Final = "zagare_kilgour1998"
_LIMITS: Final = "kilgour_zagare2007"
_WITH_HARD: Final = (
    "proved on the atlas in the Challenger's payoffs, the Defender's as shipped, the Challenger known to be hard"
)
_WITH_MASSIVE: Final = "proved on the atlas under massive retaliation"
_WITH_FLEXIBLE: Final = "proved on the atlas under flexible response"


def _hard(words: str, statement: str, source: str = "", verdict: str = "holds", when: str = "") -> Claim:
    how = _WITH_HARD if verdict != "fails" else _WITH_HARD.replace("proved", "refuted")
    return Claim(words, verdict, how, source, statement, _OVER_HARD, when, _HARD)


def _massive(words: str, statement: str, source: str = "", verdict: str = "holds", when: str = "") -> Claim:
    how = _WITH_MASSIVE if verdict != "fails" else _WITH_MASSIVE.replace("proved", "refuted")
    return Claim(words, verdict, how, source, statement, _OVER_MASSIVE, when, _MASSIVE)


def _flexible(words: str, statement: str, source: str = "", verdict: str = "holds", when: str = "") -> Claim:
    how = _WITH_FLEXIBLE if verdict != "fails" else _WITH_FLEXIBLE.replace("proved", "refuted")
    return Claim(words, verdict, how, source, statement, _OVER_FLEXIBLE, when, _FLEXIBLE)


_CLAIMS: Final[tuple[Claim, ...]] = (
    Claim(
        "With complete information there is no conflict, limited or all-out: the status quo if the Challenger is soft "
        "or the Defender hard in both ways, else the Defender concedes.",
        "holds", "solved at random points under each of the eight menus of known types", _LIMITS,
    ),
    # The Challenger known to be hard.
    _hard("For a Challenger likely to be hard, deterrence that rests on no doubt about that needs both p_HH > q_H y* "
          "and p_Tac > y*.",
          f'exists("{_ACCEPTS}") iff {_MOST_BOTH} and {_MOST_TACTICAL} when {_OFF} and {_ORDER}', _SPIRAL),
    _hard("The constrained limited-response equilibrium exists exactly where rho > q_H and p_Tac < y*.",
          f'exists("{_LIMITED}") iff {_MOST_STRATEGIC} and {_FEW_TACTICAL} when {_OFF} and {_ORDER}', _SPIRAL),
    _hard("The escalatory limited-response equilibrium exists exactly where rho < q_H and p_HH < q_H y*.",
          f'exists("{_ESCALATORY}") iff {_FEW_STRATEGIC} and {_FEW_BOTH} when {_OFF} and {_ORDER}', _SPIRAL),
    _hard("The conditions of successful deterrence, limited conflict and escalated conflict are mutually exclusive.",
          f'not (exists("{_ACCEPTS}") and exists("{_LIMITED}")) and not (exists("{_ACCEPTS}") and '
          f'exists("{_ESCALATORY}")) and not (exists("{_LIMITED}") and exists("{_ESCALATORY}")) '
          f"when {_OFF} and {_ORDER}", _SPIRAL),
    _hard("One of them is always met.",
          f'exists("{_ACCEPTS}") or exists("{_LIMITED}") or exists("{_ESCALATORY}") when {_OFF} and {_ORDER}'),
    _hard("Where the conditions of successful deterrence are met, the Challenger is deterred.",
          f"P[initiate] == 0 when {_MOST_BOTH} and {_MOST_TACTICAL} and {_ORDER}", "", "fails",
          "the no-response equilibrium (all initiate, all concede) exists with each of the three"),
    _hard("That all initiate and nobody resists is an equilibrium, whatever the Defender's types.",
          f'exists("{_SILENT}") when {_ORDER}', _BOOK),
    _hard("In the constrained limited-response equilibrium HH alone responds in kind.",
          f'P[HS, respond] == 0 within "{_LIMITED}" when {_ORDER}', "", "fails",
          "both tactically hard types respond in kind, or the Challenger, that faced HH alone, would be right to "
          "settle and HS would join"),
    _hard("In the constrained limited-response equilibrium both tactically hard types respond in kind, and no conflict "
          "escalates.",
          f'P[settle] == credibility_tactical and P[spiral] == 0 within "{_LIMITED}" '
          f"when {_OFF} and {_ORDER}", _LIMITS),
    _hard("In the escalatory one HS mixes, and conflicts that are limited may escalate: P(all-out) = e_S p_HH.",
          f'P[HS, respond] > 0 and P[HS, concede] > 0 and 4*P[spiral] == credibility_tactical*strategic_if_hard '
          f'within "{_ESCALATORY}" when {_OFF} and {_ORDER}', _LIMITS),
    _hard("A Defender more likely to go all the way makes all-out conflict less likely.",
          f"max P[spiral] decreases in strategic_if_hard when {_ORDER}", "", "fails",
          "up to rho = q_H the chance is e_S p_HH and rises; beyond, it is 0"),
    # Massive retaliation.
    _massive("Under massive retaliation there is no limited conflict and no answer in kind.",
             f"P[respond] == 0 when {_ORDER_MASSIVE}", _LIMITS),
    _massive("The no-response equilibrium exists exactly where pCh > r_H.",
             'exists("pooling on initiate; SH defender: concede; SS defender: concede") iff '
             f"3*credibility_challenger > 2 when 3*credibility_challenger != 2 and {_ORDER_MASSIVE}", _BOOK),
    _massive("Where the soft Challenger bluffs, P(all-out) = pCh z_S, whichever type of the Defender mixes.",
             'P[spiral]*(challenger_win - 20) == credibility_challenger*(challenger_win - challenger_status_quo) '
             f'within "semi-separating" when {_ORDER_MASSIVE}', _BOOK),
    _massive("Under massive retaliation no challenge is an equilibrium at every point.",
             f'exists("pooling on accept") when {_ORDER_MASSIVE}', _BOOK),
    # Flexible response.
    _flexible("Under flexible response every answer in kind that is given risks all-out conflict: there is no "
              "constrained limited-response equilibrium.", "P[respond] == 0 or P[match] > 0", _LIMITS),
    _flexible("An answer in kind rules out limited conflict.", "P[settle] == 0", "", "fails",
              "limited conflict needs a Defender that may be tactically hard; at pCh = 4/5 and strategic_if_hard = "
              "1/10 it has probability 3/10"),
    _flexible("Under flexible response limited conflict is extremely unlikely.",
              "max P[settle] > 0 iff 8*credibility_challenger > 5 and 6*strategic_if_hard < 1 or "
              "8*credibility_challenger < 5 and 6*strategic_if_hard > 1 and 2*strategic_if_hard < 1 when "
              "8*credibility_challenger != 5 and 6*strategic_if_hard != 1 and 2*strategic_if_hard != 1",
              _LIMITS, "holds in part",
              "at the shipped payoffs an equilibrium with limited conflict exists exactly there: on 13/48 of the "
              "square of the two credibilities, always beside others without"),
    _flexible("A credible answer in kind adds little to the stability of deterrence: no challenge is an equilibrium at "
              "every point, as it is without.", 'exists("pooling on accept")', "zagare_kilgour1995"),
    # Beliefs, and what may not be deleted.
    Claim(
        "Deterrence of a Challenger likely to be hard needs a credible threat.", "fails",
        "the assessment certified at random points of every region; with the belief that an initiator is hard it "
        "remains exactly where p_HH > q_H y* and p_Tac > y*",
        "", when="no challenge is an equilibrium at every point, for some belief off the path",
    ),
    Claim(
        "Strictly dominated actions may be deleted first.", "fails",
        "the game solved with and without the answer in kind of the tactically soft types", "",
        when="with the types HH, SH and SS and the payoffs of Kilgour and Zagare, at pCh = 9/10, all concede in an "
        "equilibrium of the game; without those answers, which are strictly dominated, not: who answers in kind then "
        "must be HH, and is left alone",
    ),
    Claim(
        "What each type does is determined where the Challenger bluffs.", "fails",
        "two assessments certified at random points, and the set that is found at a point", "",
        when="two strategically hard types, HH and SH, are indifferent at once: only the total chance of escalation, "
        "z_S, and with it P(all-out) = pCh z_S is determined",
    ),
)


def _describe(menus: Settings) -> Description:
    pairs = Pairs(_challenger(menus["challenger_types"]), _defender(menus["defender_types"]))
    moves, infosets = _moves(pairs)
    events: dict[str, EventLabels] = {
        "deterrence_failure": ("initiate",), "spiral": (("match", "counter"),), "limited_conflict": ("settle",),
    }
    return Description(
        title=f"Asymmetric escalation: Challenger {' or '.join(menus['challenger_types'])}, "
        f"Defender {' or '.join(menus['defender_types'])}",
        moves=moves,
        terms=_terms(pairs),
        events=events,
        infosets=infosets,
    )


def _challenger(menu: Menu) -> dict[str, str]:
    """The probability of each type on the menu."""
    if len(menu) == 1:
        return dict.fromkeys(menu, "1")
    return {"hard": "credibility_challenger", "soft": "1 - credibility_challenger"}


def _defender(menu: Menu) -> dict[str, str]:
    """The probability of each type on the menu: tactics, then strategy, where there is a choice."""
    tactics = {"H": "credibility_tactical", "S": "(1 - credibility_tactical)"}
    strategy = {"H": "strategic_if_hard", "S": "strategic_if_soft"}
    both = len({kind[0] for kind in menu}) == 2
    found = {}
    for kind in menu:
        factors = [tactics[kind[0]]] if both else []
        if {f"{kind[0]}H", f"{kind[0]}S"} <= set(menu):
            hard = strategy[kind[0]]
            factors.append(hard if kind[1] == "H" else f"(1 - {hard})")
        found[kind] = "*".join(factors) or "1"
    return found


def _moves(pairs: Pairs) -> tuple[tuple[Move, ...], dict[str, str]]:
    moves, infosets = pairs.moves(), {}
    challengers, defenders = pairs.sides
    for kind in challengers:
        name = f"{kind} challenger"
        moves.append(Move("Challenger", name, pairs.after(0, kind), dict.fromkeys(("initiate", "accept"))))
        infosets[name] = f"the Challenger, {kind}, knows its own type only"
    for kind in defenders:
        name, after = f"{kind} defender", pairs.after(1, kind, "initiate")
        moves.append(Move("Defender", name, after, dict.fromkeys(("concede", "respond", "escalate"))))
        infosets[name] = f"the Defender, {kind}, is challenged"
    for kind in challengers:
        name, after = f"{kind} challenger after response", pairs.after(0, kind, "initiate", "respond")
        moves.append(Move("Challenger", name, after, dict.fromkeys(("settle", "raise"))))
        infosets[name] = f"the Challenger, {kind}, has met a response in kind"
        name, after = f"{kind} challenger after escalation", pairs.after(0, kind, "initiate", "escalate")
        moves.append(Move("Challenger", name, after, dict.fromkeys(("submit", "counter"))))
        infosets[name] = f"the Challenger, {kind}, has met an escalation"
    for kind in defenders:
        name, after = f"{kind} defender, raised", pairs.after(1, kind, "initiate", "respond", "raise")
        moves.append(Move("Defender", name, after, dict.fromkeys(("yield", "match"))))
        infosets[name] = f"the Defender, {kind}, responded in kind and is met by an escalation"
    return tuple(moves), infosets


def _terms(pairs: Pairs) -> tuple[Term, ...]:
    terms = [
        Term("status quo (Challenger)", "Challenger", "challenger_status_quo", ("accept",), "nothing is challenged",
             "how satisfied the Challenger is"),
        Term("status quo (Defender)", "Defender", "defender_status_quo", ("accept",), "nothing is challenged",
             "what the Defender has"),
        Term("win", "Challenger", "challenger_win", ("concede",), "the Defender concedes",
             "what the challenge was for"),
        Term("concession", "Defender", "defender_concession", ("concede",), "the Defender concedes",
             "what is left to it"),
        Term("limited conflict (Challenger)", "Challenger", "challenger_limited", ("settle",),
             "the Challenger settles for a limited conflict", "what a limited conflict costs and brings it"),
        *_of_defenders("limited conflict", "limited", "settle", pairs, 0),
        Term("escalated win (Challenger)", "Challenger", "challenger_escalated_win", ("yield",), "the Defender yields",
             "what the challenge was for, less the cost of escalating"),
        Term("defeat (Defender)", "Defender", "defender_defeat", ("yield",), "the Defender yields",
             "it has given way at a higher level"),
        Term("escalated win (Defender)", "Defender", "defender_escalated_win", ("submit",), "the Challenger submits",
             "the status quo, less the cost of escalating"),
        Term("defeat (Challenger)", "Challenger", "challenger_defeat", ("submit",), "the Challenger submits",
             "it has given way at a higher level"),
    ]
    for end in ("match", "counter"):
        terms += [
            Term(f"all-out conflict ({kind} Challenger)", "Challenger", f"challenger_war_{kind}", (end,),
                 f"{end}: the Challenger is {kind}", "what all-out conflict costs and brings it", pairs.others(0, kind))
            for kind in pairs.sides[0]
        ]
        terms += _of_defenders("all-out conflict", "war", end, pairs, 1)
    return tuple(terms)


def _of_defenders(name: str, amount: str, end: str, pairs: Pairs, place: int) -> list[Term]:
    """A term for the hard and one for the soft Defenders: tactically (place 0) or strategically (place 1)."""
    word = ("tactically", "strategically")[place]
    found = []
    for kind in ("hard", "soft"):
        if any(own[place] == kind[0].upper() for own in pairs.sides[1]):
            others = [own for own in pairs.sides[1] if own[place] != kind[0].upper()]
            unless = tuple(label for own in others for label in pairs.draws_of(1, own))
            found.append(
                Term(f"{name} ({word} {kind} Defender)", "Defender", f"defender_{amount}_{kind}", (end,),
                     f"{end}: the Defender is {word} {kind}", f"what {name} costs and brings it", unless)
            )
    return found


MODEL: Final = Model(
    name="asymmetric_escalation",
    question=(
        "When does a challenge lead to a limited conflict, when does it spiral, and does it help the defender to have "
        "an answer in kind?"
    ),
    summary=(
        "The Challenger accepts the status quo or initiates. The Defender concedes, responds in kind or escalates "
        "first. After a response in kind the Challenger settles for a limited conflict or raises, and the Defender "
        "yields or matches; after an escalation the Challenger submits or counters. Each side knows only how hard it "
        "is itself; the Defender may be hard at the lower level, at the higher, at both or at neither."
    ),
    players=("Challenger", "Defender"),
    play=(
        "Chance draws both types: the Challenger is hard with probability `credibility_challenger`; the Defender is "
        "tactically hard with probability `credibility_tactical`, and strategically hard with probability "
        "`strategic_if_hard` if it is, `strategic_if_soft` if it is not.",
        "The Challenger, knowing its own type, initiates or accepts the status quo; to accept ends the game.",
        "The Defender, knowing its own type, concedes, responds in kind or escalates; to concede ends the game.",
        "The Challenger settles after a response in kind (limited conflict) or raises; after an escalation it submits "
        "(the Defender wins) or counters (all-out conflict).",
        "The Defender, raised, yields (the Challenger wins) or matches (all-out conflict).",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume=_ASSUME,
    options={"challenger_types": _CHALLENGER, "defender_types": _DEFENDER},
    events={
        "deterrence_failure": "the Challenger initiates",
        "spiral": "all-out conflict: the Defender matches or the Challenger counters",
        "limited_conflict": "the Challenger settles after a response in kind",
    },
    literature=("zagare_kilgour1995", "zagare_kilgour1998", "zagare_kilgour2000", "kilgour_zagare2007"),
    departures=(
        "None in the tree. Of the published orders of preference only those that say what hard and soft mean are "
        "assumed; the probabilities of the Defender's types are written as those of tactics and of strategy given "
        "tactics. Every perfect Bayesian equilibrium is given, whatever the beliefs off the path."
    ),
    findings=(
        "No challenge is an equilibrium at every point, for some belief off the path; with the belief that an "
        "initiator is hard it needs a Defender likely to be hard at both levels.",
        "For a Challenger known to be hard, deterrence, the constrained and the escalatory limited response divide the "
        "plane of the Defender's credibilities between them; all concede is an equilibrium beside each of them.",
        "A limited conflict needs a Defender that may be tactically hard, and one that is free of the risk of "
        "escalation needs one that may also be soft.",
        "Where two strategically hard types may escalate only the total chance is determined.",
        "The general game, both types of the Challenger and all four of the Defender, takes some seconds to solve and "
        "far longer in symbols: leave out types, or take few parameters, for an atlas.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    lever="credibility_tactical",
    leader="Defender",
    describe=_describe,
)
