r"""Signals of any size: tying hands against sinking costs with a continuum of types, after Fearon (1997).

The question: a leader may choose how much to spend or to stake on a signal. How large is a signal that is believed, who
sends it, and does staking lead to more war than spending?

**Players and types.** The *Defender* knows what the prize is worth to it, :math:`v`, uniform on :math:`[0, 1]`. The
*Challenger* is strong with probability :math:`q` = `challenger_strength`, else weak, and knows which.

**Order of moves.** The Defender chooses a signal :math:`m \ge 0`. The Challenger, who has seen it, challenges or not.
Challenged, the Defender fights or backs down.

**Payoffs.** Unchallenged the Defender has :math:`v`; if it fights, :math:`pv - c_D` with :math:`p` = `victory` and
:math:`c_D` = `war_cost`; if it backs down, nothing. The signal costs it :math:`m` whatever follows (option `technology`
``sunk``), or only if it backs down (``tied``). The Challenger has nothing without a challenge, `prize_challenger` if
the Defender backs down, and in a war `war_strong`, which is positive, or `war_weak`, which is negative.

**Equilibria** here are *honest*: there is one signal :math:`m` beside silence, who sends it fights if challenged, who
is silent backs down. So the strong challenge all, the weak those who are silent. With sunk costs those who are silent
may not want to fight, nor those who signal to back down: the cutpoint is :math:`\hat v = c_D/p`, and its indifference
between signal and silence makes :math:`m = (1-q)\hat v`. With hands tied backing down costs more than war for everybody
above the cutpoint if :math:`m` is large enough, and the cutpoint is where signalling is worth nothing:

.. math:: v^* = \frac{q c_D}{1 - q + q p}, \qquad m \ge c_D - p v^*.

Where a cutpoint is 1 or more nobody signals. After any other signal the Challenger believes what keeps it challenging.
As :math:`v^* < \hat v` more types tie their hands than sink costs, and war, of probability :math:`q(1 - v)` at the
cutpoint :math:`v`, is likelier; yet every type of Defender is at least as well off.

**Events.** `deterrence_failure`: the Challenger challenges. `spiral`: war. `signal`: the Defender signals.

**Literature.** Fearon (1997); `tying_hands` has the game with two types and a signal of given size, bluffs included.
Departures: uniform types, and two of the Challenger.

>>> from deterrence.solvers import solve
>>> values = {"challenger_strength": "1/4", "victory": "1/2", "war_cost": "2/5", "prize_challenger": 1,
...           "war_strong": "1/4", "war_weak": "-1/4"}
>>> for technology in ("sunk", "tied"):
...     (entry,) = solve(MODEL.build({"technology": technology}), point=values)
...     print(technology, entry.figures["cutpoint"], entry.figures["least signal"], entry.events["spiral"])
sunk 4/5 3/5 1/20
tied 4/35 12/35 31/140
"""

from __future__ import annotations

from typing import Final

from deterrence.models.base import Choice, Claim, Decision, DirectModel, Settings, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_PARAMETERS: Final = (
    Parameter("challenger_strength", "0 < challenger_strength < 1", "Probability that the Challenger is strong [q].",
              "probability"),
    Parameter("victory", "0 < victory <= 1", "Probability that the Defender wins a war [p].", "probability"),
    Parameter("war_cost", "war_cost > 0", "What war costs the Defender [cD].", "the most the prize may be worth to it"),
    Parameter("prize_challenger", "prize_challenger > 0", "What the prize is worth to the Challenger.",
              "Challenger utility"),
    Parameter("war_strong", "war_strong > 0", "What war is worth to the strong Challenger.", "Challenger utility"),
    Parameter("war_weak", "war_weak < 0", "What war is worth to the weak Challenger.", "Challenger utility"),
)

_DRAWING: Final = """\
Defender (v) --silence---+-- Challenger (strong or weak, m) --hold
             \\--signal m--+                                \\--challenge -- Defender --back down
                                                                                    \\--fight: war
"""

_TERMS: Final = (
    Term("prize", "Defender", "v", ("hold",), "the Challenger does not challenge; v uniform from 0 to 1",
         "the status quo is kept"),
    Term("war", "Defender", "victory*v - war_cost", ("fight",), "the Defender fights", "the prize at risk, and the "
                                                                                       "cost"),
    Term("signal (sunk)", "Defender", "-m", ("signal",), "the Defender signals, technology sunk",
         "arms bought and troops moved are paid for whatever follows"),
    Term("signal (tied)", "Defender", "-m", ("signal", "back down"), "it signals and backs down, technology tied",
         "what an audience makes a leader pay for a word that is broken"),
    Term("prize of the Challenger", "Challenger", "prize_challenger", ("back down",), "the Defender backs down",
         "what was disputed is taken"),
    Term("war of the strong", "Challenger", "war_strong", ("strong", "fight"), "it is strong and the Defender fights",
         "better than leaving things as they are: what makes it strong"),
    Term("war of the weak", "Challenger", "war_weak", ("weak", "fight"), "it is weak and the Defender fights",
         "worse than leaving things as they are: what makes it weak"),
)

_SOURCE: Final = "fearon1997"
_ALL: Final = "proved on the atlas in all parameters"
_TIED: Final = {"technology": "tied"}
_SUNK: Final = {"technology": "sunk"}
_SPENT: Final = "(war_cost/victory)"
"""The cutpoint with sunk costs."""
_WHOLE: Final = "(1 - challenger_strength + challenger_strength*victory)"

_CLAIMS: Final = (
    Claim("With sunk costs war has probability q*(1 - cD/p), or none where war costs more than it may win.", "holds",
          _ALL, _SOURCE, f"P[spiral] == challenger_strength*(1 - {_SPENT}) when war_cost < victory", options=_SUNK),
    Claim("With hands tied it has probability q*(1 - q*cD/(1 - q + q*p)), or none.", "holds", _ALL, _SOURCE,
          f"P[spiral]*{_WHOLE} == challenger_strength*({_WHOLE} - challenger_strength*war_cost) "
          f"when challenger_strength*war_cost < {_WHOLE}", options=_TIED),
    Claim("War is likelier with hands tied than with costs sunk.", "holds", _ALL, _SOURCE,
          f"P[spiral] >= challenger_strength*(1 - {_SPENT}) and P[spiral] >= 0", options=_TIED),
    Claim("The Defender expects more with hands tied than with costs sunk.", "holds", _ALL, _SOURCE,
          "payoff[Defender] >= (1 - challenger_strength + challenger_strength*victory)*"
          f"(1 - {_SPENT}**2)/2 - (challenger_strength*war_cost + (1 - challenger_strength)*{_SPENT})*(1 - {_SPENT}) "
          "when war_cost < victory", options=_TIED),
    Claim("So does each of its types.", "holds", "random exact points, for every type", _SOURCE),
    Claim("Leaders never bluff.", "holds in part", "by the definition of honest equilibria; no type gains by a bluff, "
          "which the certificate checks", _SOURCE,
          when="with a signal of any size, in honest equilibria; in tying_hands, of a given size, they do"),
    Claim("The likelier a strong Challenger, the fewer tie their hands, and the cheaper is a sunk signal.", "holds",
          f"{_ALL} for tied hands; the size of the sunk signal is (1 - q)*cD/p", "",
          "P[signal] decreases in challenger_strength", options=_TIED),
    Claim("The likelier a strong Challenger, the likelier war.", "fails", "refuted on the atlas in all parameters", "",
          "P[spiral] increases in challenger_strength", options=_TIED,
          when="victory 1/3, war_cost 2: it falls from 7/65 at challenger_strength 1/5 to 1/10 at 1/4, as fewer tie "
          "their hands"),
    Claim("Costlier war makes the Defender more cautious, and war less likely.", "holds", _ALL, _SOURCE,
          "P[spiral] decreases in war_cost", options=_TIED),
)


def _decisions(_: Settings) -> tuple[Decision, ...]:
    return (
        Decision("Defender", "Defender", ("signal", "silence"), "knows v; the share of its types"),
        Decision("Defender, challenged after signal", "Defender", ("fight", "back down"), "the share of those who "
                                                                                          "signal"),
        Decision("Defender, challenged after silence", "Defender", ("fight", "back down"),
                 "the share of those who are silent"),
        *(
            Decision(f"{kind} Challenger after {sent}", "Challenger", ("challenge", "hold"), f"is {kind}, has seen "
                                                                                             f"{seen}")
            for kind in ("strong", "weak")
            for sent, seen in (("signal", "the signal"), ("silence", "none"))
        ),
    )


MODEL: Final = DirectModel(
    name="signal_size",
    question=(
        "A leader may choose how much to spend or to stake on a signal: how large is one that is believed, who sends "
        "it, and does staking lead to more war than spending?"
    ),
    summary=(
        "A Defender who alone knows what a prize is worth to it may signal at any price, spent at once or lost only if "
        "it backs down. A strong Challenger comes whatever it sees, a weak one only if it expects no fight."
    ),
    players=("Defender", "Challenger"),
    play=(
        "Chance draws what the prize is worth to the Defender and whether the Challenger is strong; each learns its "
        "own.",
        "The Defender signals with a size of its choice, or is silent.",
        "The Challenger challenges or holds.",
        "Challenged, the Defender fights or backs down.",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume={},
    options={
        "technology": Choice(
            "what a signal costs",
            {"sunk": "its size, whatever follows", "tied": "its size, if the Defender then backs down"}, "tied",
        ),
    },
    events={
        "deterrence_failure": "the Challenger challenges",
        "spiral": "the Defender fights: war",
        "signal": "the Defender signals",
    },
    literature=(_SOURCE,),
    departures=(
        "Uniform types of the Defender, two types of the Challenger. Honest equilibria only; tying_hands has bluffs, "
        "at a signal of given size. After Fearon (1997)."
    ),
    findings=(
        "Sunk: who would fight signals, v >= war_cost/victory, at the price that keeps the others from it, "
        "(1 - challenger_strength)*war_cost/victory.",
        "Tied: v >= challenger_strength*war_cost/(1 - challenger_strength + challenger_strength*victory), a stake "
        "that is never lost; any that is large enough will do.",
        "More types tie their hands than sink costs, more war follows, and every type of Defender is at least as well "
        "off.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    lever="war_cost",
    title="Signals of any size, {technology}",
    decisions=_decisions,
    terms=_TERMS,
    concept="honest",
    method="closed form",
    approach=(
        "Every honest equilibrium: one signal beside silence, whoever sends it fights, whoever is silent backs down. "
        "Both cutpoints are formulas."
    ),
)
