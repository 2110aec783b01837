r"""The generalised mutual deterrence game of Zagare and Kilgour: each side may attack, each deters the other.

The question: do two credible threats keep the peace between two sides that would both rather have the other concede,
and what if one of the threats, or both, are not credible?

**Players and types.** *A* and *B* would both change the status quo. Each is *hard* with the probability
`credibility_a`, `credibility_b` (attacked, it prefers conflict to conceding), else *soft*; each knows its own type
only, and the two are independent. The options `types_a` and `types_b` leave out types: with one type left that side is
known, and its credibility is not used.

**Order of moves.**

1. Chance draws both types.
2. A and B attack or spare each other, at the same time.
3. If exactly one attacks, the other retaliates or concedes. Otherwise the game ends.

**Payoffs**, by outcome; the book's symbols in brackets, for A. Those of B mirror them.

============  ===================================  ========================  ========================
outcome       play                                 A                         B
============  ===================================  ========================  ========================
status quo    nobody attacks                       `status_quo_a` [aSQ]      `status_quo_b`
A wins        A attacks, B does not and concedes      `win_a` [aDC]             `concession_b`
B wins        B attacks, A does not and concedes      `concession_a` [aCD]      `win_b`
conflict      both attack, or the attacked         `conflict_hard_a` [aDD+]  `conflict_hard_b`
              retaliates                           or `conflict_soft_a`      or `conflict_soft_b`
                                                   [aDD-]
============  ===================================  ========================  ========================

`credibility_a`, `credibility_b` are pA, pB. That conflict is better than conceding to a hard type and worse to a soft
one is the meaning of the words and is assumed. The rest of the published order, aDD+ < aSQ < aDC, is not.

**Events.** `deterrence_failure`: A or B attacks. `spiral`: both use force, which is conflict.

**Results** under the published order. Let

.. math::

    a^* = \frac{a_{DC} - a_{SQ}}{a_{DC} - a_{DD+}}, \qquad
    a_- = \frac{a_{DC} - a_{SQ}}{a_{DC} - a_{DD-}}, \qquad
    a_\rho = \frac{a_{DC} - a_{SQ}}{a_{DC} - a_{SQ} + a_{CD} - a_{DD-}},

and :math:`b^*`, :math:`b_-`, :math:`b_\rho` likewise. Hard types retaliate, soft types concede; the families are

=====================  ======================================  =========================================================
family                 exists where                            who attacks
=====================  ======================================  =========================================================
sure-thing deterrence  :math:`p_B > a^*, p_A > b^*`            nobody
hard types mix         the same                                hard A with
                                                               :math:`1 - \frac{(1 - p_A)(b_{DC} - b_{SQ})}{p_A (b_{SQ}
                                                               - b_{DD+})}`, hard B likewise
separating             :math:`p_B > a_\rho, p_A > b_\rho`      the hard types
bluff                  :math:`p_B < a_\rho, p_A < b_\rho`      the hard types, and soft A with :math:`\frac{b_\rho -
                                                               p_A}{1 - p_A}`, soft B likewise
A attacks              :math:`p_B < a_\rho`                    A; hard B with any probability up to 1 (from 0 on if
                                                               :math:`p_B < a_-`), for it is in conflict either way
B attacks              :math:`p_A < b_\rho`                    likewise
=====================  ======================================  =========================================================

These are all. Deterrence needs *both* sides to be credible, and even then it is not the only equilibrium.

**Literature.** Zagare and Kilgour (2000, chapter 4).

>>> MODEL.build()
Game('mutual_deterrence': 2 players, 8 information sets, 24 terminal histories)
>>> MODEL.build({"types_a": ["hard"], "types_b": ["soft"]})
Game('mutual_deterrence': 2 players, 4 information sets, 6 terminal histories)
"""

from __future__ import annotations

from typing import Final

from deterrence.game import Move
from deterrence.models.base import Claim, Description, Menu, Model, Option, Settings, Term
from deterrence.models.canon.pairs import Pairs
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_SOURCE: Final = "zagare_kilgour2000"
_SIDES: Final = ("A", "B")


def _own(side: str) -> tuple[Parameter, ...]:
    """What belongs to one side; the symbols are those of A in the book, in small letters of the side."""
    s, unit = side.lower(), f"utility of {side}"
    other = "B" if side == "A" else "A"
    win, lose = ("DC", "CD") if side == "A" else ("CD", "DC")
    return (
        Parameter(f"status_quo_{s}", "", f"What the status quo is worth to {side} [{s}SQ].", unit),
        Parameter(f"win_{s}", "", f"What {side} gets if it attacks and {other} concedes [{s}{win}].", unit),
        Parameter(f"concession_{s}", "", f"What {side} keeps if {other} attacks and it concedes [{s}{lose}].", unit),
        Parameter(f"conflict_hard_{s}", "", f"What conflict is worth to {side} if it is hard [{s}DD+].", unit),
        Parameter(f"conflict_soft_{s}", "", f"What conflict is worth to {side} if it is soft [{s}DD-].", unit),
    )


_PARAMETERS: Final = (
    Parameter(
        "credibility_a", "0 < credibility_a < 1", "Probability that A is hard, as B sees it [pA].", "probability"
    ),
    Parameter(
        "credibility_b", "0 < credibility_b < 1", "Probability that B is hard, as A sees it [pB].", "probability"
    ),
    *_own("A"),
    *_own("B"),
)

_ASSUME: Final = {
    f"conflict_hard_{s} > concession_{s}": "the meaning of hard: attacked, it prefers conflict to conceding"
    for s in ("a", "b")
} | {
    f"concession_{s} > conflict_soft_{s}": "the meaning of soft: attacked, it prefers conceding to conflict"
    for s in ("a", "b")
}


def _menu(side: str) -> Option:
    return Option(
        meaning=f"the types that {side} may have; with one of them it is known to be that",
        choices={"hard": "prefers conflict to conceding", "soft": "prefers conceding to conflict"},
        default=("hard", "soft"),
        least=1,
        most=2,
    )


_DRAWING: Final = """\
chance -- A hard or soft & B hard or soft (four pairs)
  |
A attacks B or spares it, B attacks A or spares it (each knows its own type, neither the other's move)
  |
  +--nobody attacks: status quo
  +--both attack: conflict
  +--one attacks -- the other (own type) --concedes: the attacker wins
                                        \\--retaliates: conflict
"""

_ORDER: Final = " and ".join(
    f"conflict_hard_{s} < status_quo_{s} and status_quo_{s} < win_{s}" for s in ("a", "b")
)
_CREDIBLE_B: Final = "credibility_b*(win_a - conflict_hard_a) > win_a - status_quo_a"
_CREDIBLE_A: Final = "credibility_a*(win_b - conflict_hard_b) > win_b - status_quo_b"


def _gap(sign: str, a: str, b: str) -> str:
    """The credibility of one side beside the threshold a_rho (b_rho) of the other."""
    return (
        f"credibility_{b}*(win_{a} - status_quo_{a} + concession_{a} - conflict_soft_{a}) {sign} "
        f"win_{a} - status_quo_{a}"
    )


_NOBODY: Final = "pooling on spare B; hard B: spare A; soft B: spare A"
_BOTH: Final = f"{_CREDIBLE_B} and {_CREDIBLE_A}"
_ABOVE: Final = f"{_gap('>', 'a', 'b')} and {_gap('>', 'b', 'a')}"
_BELOW: Final = f"{_gap('<', 'a', 'b')} and {_gap('<', 'b', 'a')}"
_OFF: Final = f"{_gap('!=', 'a', 'b')} and {_gap('!=', 'b', 'a')}"
_PRIORS: Final = ("credibility_a", "credibility_b")
_PROVED: Final = "proved on the atlas in all parameters"
_SEPARATE: Final = "separating: hard A attack B, soft A spare B; hard B: attack A; soft B: spare A"
_MIXED: Final = "semi-separating: hard A mixes attack B and spare B; hard B: mixes attack A and spare A"

_CLAIMS: Final = (
    Claim(
        "With complete information deterrence needs two hard sides, and even then both attacking is an equilibrium; a "
        "soft side loses to a hard one; two soft sides play Chicken.",
        "holds", "solved at random points under each of the four menus of known types", _SOURCE,
    ),
    Claim(
        "Nobody attacks, in some equilibrium, if both threats are credible (p_B > a*, p_A > b*).", "holds", _PROVED,
        _SOURCE, f"min P[deterrence_failure] == 0 when {_BOTH} and {_ORDER}",
    ),
    Claim(
        "If either threat is not credible somebody attacks in every equilibrium.", "holds", _PROVED, _SOURCE,
        f"P[deterrence_failure] > 0 when ({_CREDIBLE_B.replace('>', '<')} or {_CREDIBLE_A.replace('>', '<')}) "
        f"and {_ORDER}",
    ),
    Claim(
        "Two credible threats keep the peace.", "fails", _PROVED.replace("proved", "refuted"), "",
        f"P[deterrence_failure] == 0 when {_BOTH} and {_ORDER}",
        when="wherever they do, there is another equilibrium in which the hard types attack with a probability between "
        "0 and 1; at credibilities of 4/5 and the shipped payoffs each hard type attacks with probability 1/2, and in "
        "a third equilibrium for sure",
    ),
    Claim(
        "Where two threats are credible the hard types attack with a probability between 0 and 1 in another "
        "equilibrium.",
        "holds", _PROVED, statement=f'exists("{_MIXED}") when {_BOTH} and {_ORDER}',
    ),
    Claim(
        "The hard types alone attack, in some equilibrium, exactly if p_B > a_rho and p_A > b_rho.", "holds", _PROVED,
        _SOURCE, f'exists("{_SEPARATE}") iff {_ABOVE} when {_OFF} and {_ORDER}',
    ),
    Claim(
        "Soft types bluff, in some equilibrium, exactly if p_B < a_rho and p_A < b_rho.", "holds", _PROVED, _SOURCE,
        f'exists("semi-separating: soft A bluffs with attack B; hard B: attack A") iff {_BELOW} '
        f"when {_OFF} and {_ORDER}",
    ),
    Claim(
        "A attacks for sure, in some equilibrium, exactly if B is not credible enough (p_B < a_rho), however credible "
        "A is.",
        "holds", _PROVED, _SOURCE,
        f'exists("pooling on attack B") iff {_gap("<", "a", "b")} when {_OFF} and {_ORDER}',
    ),
    Claim(
        "A side that is more credible is attacked less often, at worst.", "holds",
        "proved on the atlas in the two credibilities", "", "max P[attack A] decreases in credibility_a", _PRIORS,
    ),
    Claim(
        "A side that is more credible is attacked less often, at best.", "holds",
        "proved on the atlas in the two credibilities", "", "min P[attack A] decreases in credibility_a", _PRIORS,
    ),
    Claim(
        "More credibility of one side alone never makes deterrence fail more often.", "fails",
        "refuted on the atlas in the two credibilities", "", "min P[deterrence_failure] decreases in credibility_a",
        _PRIORS,
        when="with credibility_b = 1/2, at credibility_a = 1/2 nobody attacks with probability 9/49 (both bluff), at "
        "4/5 never: A attacks for sure",
    ),
)


def _describe(menus: Settings) -> Description:
    pairs = Pairs(*(_types(menus[f"types_{side.lower()}"], side) for side in _SIDES))
    moves, infosets = _moves(pairs)
    known = ", ".join(f"{side} {' or '.join(menus[f'types_{side.lower()}'])}" for side in _SIDES)
    return Description(
        title=f"Mutual deterrence: {known}",
        moves=moves,
        terms=_terms(pairs),
        events={
            "deterrence_failure": (("attack B", "attack A"),),
            "spiral": (("attack B", "A retaliates"), ("attack A", "B retaliates")),
        },
        infosets=infosets,
    )


def _types(menu: Menu, side: str) -> dict[str, str]:
    """The probability of each type on the menu."""
    if len(menu) == 1:
        return dict.fromkeys(menu, "1")
    return {"hard": f"credibility_{side.lower()}", "soft": f"1 - credibility_{side.lower()}"}


def _moves(pairs: Pairs) -> tuple[tuple[Move, ...], dict[str, str]]:
    moves, infosets = pairs.moves(), {}
    for kind in pairs.sides[0]:
        moves.append(Move("A", f"{kind} A", pairs.after(0, kind), dict.fromkeys(("attack B", "spare B"))))
        infosets[f"{kind} A"] = f"A, {kind}, knows its own type only"
    for kind in pairs.sides[1]:
        after = (*(pairs.after(1, kind, "attack B") or ()), *(pairs.after(1, kind, "spare B") or ()))
        moves.append(Move("B", f"{kind} B", after, dict.fromkeys(("attack A", "spare A"))))
        infosets[f"{kind} B"] = f"B, {kind}, knows its own type only, and not what A does"
    for side, (player, path) in enumerate((("A", ("spare B", "attack A")), ("B", ("attack B", "spare A")))):
        for kind in pairs.sides[side]:
            name = f"{kind} {player}, attacked"
            actions = dict.fromkeys((f"{player} retaliates", f"{player} concedes"))
            moves.append(Move(player, name, pairs.after(side, kind, *path), actions))
            infosets[name] = f"{player}, {kind}, spared the other and is attacked"
    return tuple(moves), infosets


def _terms(pairs: Pairs) -> tuple[Term, ...]:
    terms = []
    for side, player in enumerate(_SIDES):
        s, other = player.lower(), _SIDES[1 - side]
        terms += [
            Term(f"status quo ({player})", player, f"status_quo_{s}", ("spare B", "spare A"), "nobody attacks",
                 f"how satisfied {player} is"),
            Term(f"win ({player})", player, f"win_{s}", (f"{other} concedes",), f"{other} concedes",
                 "what the attack was for"),
            Term(f"concession ({player})", player, f"concession_{s}", (f"{player} concedes",), f"{player} concedes",
                 "what is left to it"),
        ]
        for kind in pairs.sides[side]:
            amount, unless = f"conflict_{kind}_{s}", pairs.others(side, kind)
            for when in (("attack B", "attack A"), ("A retaliates",), ("B retaliates",)):
                terms.append(
                    Term(f"conflict ({kind} {player})", player, amount, when,
                         f"{' and '.join(when)}: {player} is {kind}", "what conflict costs and brings it", unless)
                )
    return tuple(terms)


MODEL: Final = Model(
    name="mutual_deterrence",
    question=(
        "Do two credible threats keep the peace between two sides that would both rather have the other concede, and "
        "what if one of the threats, or both, are not credible?"
    ),
    summary=(
        "A and B attack or spare each other, at the same time. If one alone attacks, the other retaliates, which is "
        "conflict as if both had attacked, or concedes. A hard side prefers conflict to conceding, a soft side to "
        "concede; each knows its own type only."
    ),
    players=_SIDES,
    play=(
        "Chance draws both types, independently: hard with probability `credibility_a` and `credibility_b`.",
        "A and B, each knowing its own type, attack or spare the other, at the same time.",
        "If exactly one attacked, the other retaliates (conflict) or concedes (the attacker wins).",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume=_ASSUME,
    options={f"types_{side.lower()}": _menu(side) for side in _SIDES},
    events={
        "deterrence_failure": "A or B attacks",
        "spiral": "both use force, at once or one in answer to the other, which is conflict",
    },
    literature=("zagare_kilgour2000",),
    departures=(
        "None in the tree. Of the published orders of preference only those that say what hard and soft mean are "
        "assumed."
    ),
    findings=(
        "That nobody attacks is an equilibrium only where both threats are credible, and there it is not the only one.",
        "Where B is not credible enough (p_B < a_rho) there is an equilibrium in which A attacks for sure, however "
        "credible A is; how often the hard B then attacks as well is open, for it is in conflict either way.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    lever="credibility_a",
    describe=_describe,
)
