r"""Tying hands and sinking costs: two ways to signal foreign policy interests, after Fearon (1997).

The question: does a leader show its will better by what it spends at once, or by what it would lose if it backed down,
and which way leads to more war?

**Players and types.** The *Defender* values the prize highly, :math:`v_H` = `prize_high`, with probability `resolve`
[pi], else little, :math:`v_L` = `prize_low`; the *Challenger* is strong with probability `challenger_strength` [q],
else weak. Types are independent; each knows its own.

**Order of moves.** Chance draws the types. The Defender signals or does not. The Challenger, who has seen that,
challenges or not. Challenged, the Defender fights or backs down.

**Payoffs.** Unchallenged the Defender has :math:`v_t`; if it fights, :math:`w_t = p v_t - c_D` with :math:`p` =
`victory`, :math:`c_D` = `war_cost_defender`; if it backs down, nothing. A signal of size :math:`m` = `signal` is

* **sunk** (option `technology`): it costs the Defender :math:`m` whatever follows, or
* **tied**: it costs :math:`m` only if the Defender signalled, is challenged and backs down.

The Challenger has nothing without a challenge, :math:`v_C` = `prize_challenger` if the Defender backs down, and
:math:`(1-p) v_C - c_t` if it fights, `war_cost_strong` or `war_cost_weak`.

**Events.** `deterrence_failure`: the Challenger challenges. `spiral`: the Defender fights, which is war.

**Results** for :math:`w_H > 0 > w_L`, a weak Challenger that war does not pay (:math:`w_W < 0`) and a strong one that
it does. Let :math:`\varphi^* = v_C/(v_C - w_W)`, :math:`D_L = (1-q)v_L`, :math:`D_H = (1-q)(v_H - w_H)`,
:math:`\bar m = (1-q)v_L/q`, :math:`B = (1-q) v_L + q w_L`. With sunk costs

====================  ===========================  ===================================================================
family                exists where                 plays
====================  ===========================  ===================================================================
separating            :math:`D_L < m < D_H`        the high type alone signals; war with probability pi q
bluff                 pi < phi*, m < D_L           the low type signals with X(pi, phi*); the weak challenge a signal
                                                   with :math:`1 - m/D_L`
pooling on signal     pi > phi*, m < D_L
silence, calm         pi > phi*                    the weak do not challenge
silence, challenge    pi < phi*                    they do
the high type mixes   pi > phi*, m < D_H           it signals with :math:`(\pi-\varphi^*)/(\pi(1-\varphi^*))`
====================  ===========================  ===================================================================

and with hands tied, for :math:`m < -w_L`, the same with :math:`\bar m` for :math:`D_L` (separating beyond it, without
an upper end), save that silence met by challenge needs pi < phi* and that the high type's mixture is free of cost; for
:math:`m > -w_L` the signal commits either type to fight: both signal where B > 0 (war with probability q), the high
type alone where B < 0.

**"Leaders never bluff"** does not hold at a fixed size of the signal: both technologies have an equilibrium with a
bluff. It needs a signal of any size and a refinement.

**Literature.** Fearon (1997). Departure: two types on each side and a signal of one size; the article has a continuum.

>>> MODEL.build()
Game('tying_hands': 2 players, 10 information sets, 24 terminal histories)
"""

from __future__ import annotations

from typing import Final

from deterrence.game import Move
from deterrence.models.base import Choice, Claim, Description, Model, Settings, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_DEFENDER: Final = {"high": "resolve", "low": "1 - resolve"}
_CHALLENGER: Final = {"strong": "challenger_strength", "weak": "1 - challenger_strength"}

_PARAMETERS: Final = (
    Parameter("resolve", "0 < resolve < 1", "Probability that the Defender values the prize highly [pi].",
              "probability"),
    Parameter("challenger_strength", "0 < challenger_strength < 1", "Probability that the Challenger is strong [q].",
              "probability"),
    Parameter("signal", "signal > 0", "The size of the signal: what is spent, or what backing down costs [m].",
              "Defender utility"),
    Parameter("prize_high", "", "What the prize is worth to the high type [vH].", "Defender utility"),
    Parameter("prize_low", "", "What the prize is worth to the low type [vL].", "Defender utility"),
    Parameter("victory", "0 <= victory <= 1", "Probability that the Defender wins a war [p].", "probability"),
    Parameter("war_cost_defender", "", "What war costs the Defender [cD].", "Defender utility"),
    Parameter("prize_challenger", "", "What the prize is worth to the Challenger [vC].", "Challenger utility"),
    Parameter("war_cost_strong", "", "What war costs the strong Challenger [cs].", "Challenger utility"),
    Parameter("war_cost_weak", "", "What war costs the weak Challenger [cw].", "Challenger utility"),
)

_DRAWING: Final = """\
chance -- high or low & strong or weak (four pairs)
  |
Defender (own type) --quiet---+
                    \\--signal--+-- Challenger (own type, the signal) --hold
                                                                    \\--challenge -- Defender --back down
                                                                                            \\--fight: war
"""

_OVER: Final = ("resolve", "challenger_strength", "signal")
_SOURCE: Final = "fearon1997"
# At the shipped scenario vL, vH, p, cD, vC, cs, cw = 40, 100, 1/2, 40, 60, 20, 50: phi* = 3/4, wH = 10, wL = -20.
_LOW: Final = "(1 - challenger_strength)*40"
_HIGH: Final = "(1 - challenger_strength)*90"
_OFF: Final = f"resolve != 3/4 and signal != {_LOW} and signal != {_HIGH}"
_PROVED: Final = "proved on the atlas"


def _region(words: str, label: str, where: str) -> Claim:
    return Claim(words, "holds", _PROVED, _SOURCE, f'exists("{label}") iff ({where}) when {_OFF}', _OVER)


_CLAIMS: Final = (
    _region("With sunk costs a signal separates where it is too dear for the low type and not for the high.",
            "separating: high signal, low quiet", f"signal > {_LOW} and signal < {_HIGH}"),
    _region("With sunk costs both types signal where the Challenger trusts and the signal is cheap.",
            "pooling on signal", f"resolve > 3/4 and signal < {_LOW}"),
    Claim("Leaders never bluff.", "fails", "refuted on the atlas", _SOURCE,
          "P[low & strong, signal] == 0 when resolve < 3/4", _OVER,
          when="at a fixed size of the signal; with a signal of any size and a refinement it holds"),
    Claim("Silence is never removed: with sunk costs an equilibrium without signals exists everywhere.", "holds",
          _PROVED, "", f'exists("pooling on quiet") when {_OFF}', _OVER),
    Claim("A separating signal reduces war to two types who both mean it: war with probability pi q.", "holds", _PROVED,
          _SOURCE, 'P[spiral] == resolve*challenger_strength within "separating: high signal, low quiet"', _OVER),
    Claim("A larger sunk signal never makes war more likely in the best case.", "fails", "refuted on the atlas", "",
          "min P[spiral] decreases in signal", _OVER,
          when="it holds until the signal is too dear for the high type; then silence, and war, come back"),
    Claim("While the high type can afford it and the Challenger doubts, a larger sunk signal makes war less likely in "
          "the best case.", "holds", _PROVED, "",
          f"min P[spiral] decreases in signal when resolve < 3/4 and signal < {_HIGH}", _OVER),
    Claim("Where the Challenger trusts, a larger sunk signal makes war more likely in the worst case: silence, dearer "
          "to break, is doubted more.", "holds", _PROVED, "",
          f"max P[spiral] increases in signal when resolve > 3/4 and signal < {_HIGH}", _OVER),
)


def _describe(menus: Settings) -> Description:
    pairs = {f"{d} & {c}": f"({p})*({q})" for d, p in _DEFENDER.items() for c, q in _CHALLENGER.items()}
    moves = [Move("chance", "types", None, pairs)]
    infosets = {}
    for kind in _DEFENDER:
        moves.append(Move("Defender", kind, tuple(f"{kind} & {c}" for c in _CHALLENGER),
                          dict.fromkeys(("signal", "quiet"))))
        infosets[kind] = f"the Defender, {kind}, does not know the type of the Challenger"
    for kind in _CHALLENGER:
        for sent in ("signal", "quiet"):
            name = f"{kind} after {sent}"
            after = tuple(f"{d} & {kind}, {sent}" for d in _DEFENDER)
            moves.append(Move("Challenger", name, after, dict.fromkeys(("challenge", "hold"))))
            infosets[name] = f"the Challenger, {kind}, has seen {'a signal' if sent == 'signal' else 'none'}"
    for kind in _DEFENDER:
        for sent in ("signal", "quiet"):
            name = f"{kind} challenged after {sent}"
            after = tuple(f"{kind} & {c}, {sent}, challenge" for c in _CHALLENGER)
            moves.append(Move("Defender", name, after, dict.fromkeys(("fight", "back down"))))
            infosets[name] = f"the Defender, {kind}, is challenged after {'its signal' if sent == 'signal' else 'none'}"
    return Description(
        title=f"Signals of resolve by {'sunk costs' if menus['technology'] == 'sunk' else 'tied hands'}",
        moves=tuple(moves), terms=_terms(menus["technology"]),
        events={"deterrence_failure": ("challenge",), "spiral": ("fight",)}, infosets=infosets,
    )


def _terms(technology: str) -> tuple[Term, ...]:
    paid = ("signal",) if technology == "sunk" else ("signal", "back down")
    terms = [Term("signal", "Defender", "-signal", paid, "a signal" if technology == "sunk" else
                  "the Defender signalled and backs down", "spent at once" if technology == "sunk" else
                  "what its own audience takes for it")]
    for kind in _DEFENDER:
        for other in _CHALLENGER:
            pair = f"{kind} & {other}"
            terms += [
                Term(f"prize ({pair})", "Defender", f"prize_{kind}", (pair, "hold"), "there is no challenge",
                     "the prize is kept"),
                Term(f"war of the Defender ({pair})", "Defender", f"victory*prize_{kind} - war_cost_defender",
                     (pair, "fight"), "war", "won with probability `victory`"),
                Term(f"war of the Challenger ({pair})", "Challenger",
                     f"(1 - victory)*prize_challenger - war_cost_{other}", (pair, "fight"), "war",
                     "won with the other probability"),
            ]
    terms.append(Term("concession", "Challenger", "prize_challenger", ("back down",), "the Defender backs down",
                      "the prize is given up"))
    return tuple(terms)


MODEL: Final = Model(
    name="tying_hands",
    question=(
        "Does a leader show its will better by what it spends at once, or by what it would lose if it backed down, and "
        "which way leads to more war?"
    ),
    summary=(
        "A Defender who values a prize highly or little may signal before a Challenger, strong or weak, decides "
        "whether to challenge. Challenged, it fights or backs down. A signal is a cost that is sunk, or one that falls "
        "due only if the Defender backs down."
    ),
    players=("Defender", "Challenger"),
    play=(
        "Chance draws both types, independently.",
        "The Defender, knowing its own type, signals or does not.",
        "The Challenger, knowing its own type and having seen that, challenges or holds.",
        "Challenged, the Defender fights or backs down.",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume={"prize_high > prize_low": "the meaning of the words: the high type values the prize more"},
    options={"technology": Choice(
        "what a signal costs, and when",
        {"sunk": "its size, whatever follows", "tied": "its size, if the Defender then backs down"}, "sunk",
    )},
    events={"deterrence_failure": "the Challenger challenges", "spiral": "the Defender fights, which is war"},
    literature=("fearon1997", "spence1973"),
    departures="Two types on each side and a signal of one size, in the place of a continuum of both.",
    findings=(
        "A bluff is an equilibrium with either technology at a fixed size of the signal: \"leaders never bluff\" needs "
        "a signal of any size and a refinement.",
        "Tied hands beyond -w_L commit: either type then fights, and war is as likely as a strong Challenger.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    lever="signal",
    describe=_describe,
)
