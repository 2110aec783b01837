r"""Signalling resolve: restraint, words, posture or a limited strike, and what the other side may read into them.

The question: "maintain restraint while showing that it doesn't need to". Can the United States show that it would
answer an attack without answering one, and does the signal that it picks say anything?

**Players and types.** The US is *resolved* with probability `resolve`, else *irresolute*; only the US knows. Iran
stands for itself and the groups that it can direct.

**Order of moves.**

1. Chance draws the type of the US.
2. The US picks a signal from the menu.
3. After a limited strike, chance lets it slip into war with probability `slip`; war ends the game.
4. Iran has seen the signal and attacks or refrains; to refrain ends the game.
5. The US, attacked, retaliates or restrains itself.

**Payoffs** are sums of terms. With :math:`c_t` the retaliation cost of type :math:`t`, :math:`a` for attack and
:math:`b` for retaliation (each 0 or 1),

.. math::

    u_{US} = -K_m - a\,[\mathit{loss} + b\,c_t + (1 - b)\,A_m], \qquad
    u_{Iran} = -H_m + a\,[\mathit{gain} - b\,\mathit{punishment}],

where the sunk cost :math:`K_m` is 0 for silence and for a statement, `posture_cost` for posture and `strike_cost` for
a strike; the cost of backing down :math:`A_m` is `audience_cost` for a statement and 0 otherwise; the harm
:math:`H_m` is `strike_harm` for a strike and 0 otherwise. A slip into war costs `war_cost_us` and `war_cost_iran` in
the place of everything after the strike. A statement ties hands (it costs only whoever backs down from it); posture
and strike sink costs (they are paid whatever follows).

**The last move is decided by signs.** Type :math:`t` retaliates where :math:`c_t < A_m` and restrains itself where
:math:`c_t > A_m`: after silence, posture and strike by the sign of the retaliation cost alone.

**Events.** `deterrence_failure`: Iran attacks. `spiral`: both sides have used force, that is, the US has struck or
retaliated *and* Iran has attacked or is at war with it. A strike that is left unanswered is no spiral, nor is an attack
that meets restraint; a strike followed by an attack, an attack followed by retaliation, and a slip into war are. The
slip belongs to the first use of force, the strike: retaliation after an attack has no chance move of its own, its risks
are in the retaliation cost, so that "negative: retaliating pays" is the whole condition.

**When a sunk signal separates.** An attack costs a type that restrains itself `loss`, a type that retaliates
:math:`\mathit{loss} + c_t`, which is less where retaliating pays. Suppose that only the resolved type retaliates
(:math:`c_{res} < 0 < c_{irr}`), and take posture, whose cost :math:`K > 0` is the same to both types, against silence.
The resolved type has less to fear from an attack and pays less to prevent one: the single-crossing condition is turned
round. Let Iran attack the resolved type with probability :math:`x` and the irresolute one with :math:`y`, each known
by its signal; ``punishment > 0`` gives :math:`x \le y`. If the resolved type is to prefer posture and the irresolute
type silence, :math:`(y - x)(\mathit{loss} + c_{res}) \ge K \ge (y - x)\,\mathit{loss}`; the other way about, :math:`(x
- y)\,\mathit{loss} \ge K`. Neither can be: while punishment deters, posture never separates the types. A strike is no
better as long as war costs the US more than an attack.

Posture separates where being punished pays Iran (``punishment <= gain <= 0``), which then attacks whoever would
retaliate and nobody else: the irresolute type buys peace with it while the resolved type stays silent, if
:math:`\mathit{loss} + c_{res} \le K \le \mathit{loss}`, or the resolved type buys an attack that it welcomes, if
:math:`K \le -(\mathit{loss} + c_{res})`. Words work otherwise: backing down from a statement costs `audience_cost`,
and only the type that backs down. Hence no sign is assumed of `gain`, `punishment` or the retaliation costs: each is a
case of the atlas.

**Literature.** Schelling (1960) on commitment; Jervis (1970) on signals and indices; Fearon (1997) on tying hands and
sinking costs, Fearon (1994) on audience costs; Spence (1973) and Cho and Kreps (1987) for signalling games. Departures:
the signals are a finite menu of fixed size, not chosen freely; types differ in the cost of retaliating, not in the
value of the prize, which turns the single-crossing condition of sunk costs round; a strike may slip into war
(Schelling's threat that leaves something to chance).

>>> game = MODEL.build({"signals": ["silence", "statement"]})
>>> game
Game('signalling': 2 players, 8 information sets, 12 terminal histories)
>>> print(game.payoffs[("irresolute", "statement", "attack", "restrain")]["US"])
-audience_cost - loss
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from deterrence.game import EventLabels, Move
from deterrence.models.base import Description, Menu, Model, Option, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_TYPES: Final = ("resolved", "irresolute")

_PARAMETERS: Final = (
    Parameter("resolve", "0 < resolve < 1", "Probability that the US is resolved, as Iran sees it.", "probability"),
    Parameter(
        "audience_cost", "audience_cost >= 0",
        "What the US pays at home and abroad if it backs down from a statement.", "US utility",
    ),
    Parameter("posture_cost", "posture_cost >= 0", "Sunk cost of sending and keeping forces.", "US utility"),
    Parameter("strike_cost", "strike_cost >= 0", "Sunk cost of a limited strike, war apart.", "US utility"),
    Parameter("strike_harm", "strike_harm >= 0", "Harm that a limited strike does to Iran.", "Iranian utility"),
    Parameter("slip", "0 <= slip < 1", "Probability that a limited strike slips into war.", "probability"),
    Parameter(
        "gain", "",
        "What an attack brings Iran if it is not answered (negative: it costs more than it brings).", "Iranian utility",
    ),
    Parameter("loss", "loss > 0", "What an attack costs the US, the answer apart.", "US utility"),
    Parameter(
        "punishment", "",
        "What retaliation costs Iran (negative: being struck pays, for instance in support).", "Iranian utility",
    ),
    Parameter(
        "retaliation_cost_resolved", "",
        "Net cost of retaliating, its risks included, to the resolved type (negative: retaliating pays).",
        "US utility",
    ),
    Parameter(
        "retaliation_cost_irresolute", "",
        "Net cost of retaliating, its risks included, to the irresolute type (negative: retaliating pays).",
        "US utility",
    ),
    Parameter("war_cost_us", "war_cost_us >= 0", "What a war after a slip costs the US.", "US utility"),
    Parameter("war_cost_iran", "war_cost_iran >= 0", "What a war after a slip costs Iran.", "Iranian utility"),
)

_ASSUME: Final = {
    "retaliation_cost_irresolute >= retaliation_cost_resolved":
        "the meaning of the two words: resolved is the type to whom retaliating costs no more",
}

_SIGNALS: Final = Option(
    meaning="the signals from which the US picks",
    choices={
        "silence": "no signal; costs nothing",
        "statement": "a public warning; costs only whoever is then attacked and backs down (ties hands)",
        "posture": "forces are sent; the cost is sunk",
        "strike": "a limited strike; the cost is sunk, Iran is harmed, and it may slip into war",
    },
    default=("silence", "posture", "strike"),
    least=2,
    most=4,
)

_DRAWING: Final = """\
chance --resolved (resolve)-------- US --silence---+
      \\--irresolute (1 - resolve)-- US --statement-+                   +--refrain
                                       --posture---+-- Iran (signal) --+
                                       --strike----+                   +--attack -- US (type) --+--retaliate
                                             |                                                  +--restrain
                                     (slip) war, the end
"""


def _describe(menus: Mapping[str, Menu]) -> Description:
    signals = menus["signals"]
    moves, infosets = _moves(signals)
    return Description(
        title="Signalling resolve with " + ", ".join(signals),
        moves=moves,
        terms=_terms(signals),
        events=_events(signals),
        infosets=infosets,
    )


def _path(signal: str) -> str:
    """The labels from a signal to Iran's move."""
    return "strike, no war" if signal == "strike" else signal


def _moves(signals: Menu) -> tuple[tuple[Move, ...], dict[str, str]]:
    moves = [Move("chance", "type of the US", None, {"resolved": "resolve", "irresolute": "1 - resolve"})]
    infosets = {}
    for kind in _TYPES:
        moves.append(Move("US", kind, (kind,), dict.fromkeys(signals)))
        infosets[kind] = f"the US, {kind}, picks a signal"
    if "strike" in signals:
        moves.append(Move("chance", "slip", ("*, strike",), {"war": "slip", "no war": "1 - slip"}))
    for signal in signals:
        name = f"after {signal}"
        moves.append(Move("Iran", name, (f"*, {_path(signal)}",), dict.fromkeys(("attack", "refrain"))))
        infosets[name] = f"Iran has seen {signal} and does not know the type of the US"
    for signal in signals:
        for kind in _TYPES:
            name = f"{kind} attacked after {signal}"
            history = f"{kind}, {_path(signal)}, attack"
            moves.append(Move("US", name, (history,), dict.fromkeys(("retaliate", "restrain"))))
            infosets[name] = f"the US, {kind}, is attacked although it chose {signal}"
    return tuple(moves), infosets


def _terms(signals: Menu) -> tuple[Term, ...]:
    terms = [
        Term("loss", "US", "-loss", ("attack",), "Iran attacks", "the harm of the attack, whatever follows"),
        Term("gain", "Iran", "gain", ("attack",), "Iran attacks", "what the attack brings, its own costs taken off"),
        *(
            Term(f"retaliation cost ({kind})", "US", f"-retaliation_cost_{kind}", (kind, "retaliate"),
                 f"the {kind} US retaliates", "means, opinion and the risk of what follows, less what is gained by it")
            for kind in _TYPES
        ),
        Term("punishment", "Iran", "-punishment", ("retaliate",), "the US retaliates", "the harm of being struck back"),
    ]
    if "statement" in signals:
        terms.append(
            Term("audience cost", "US", "-audience_cost", ("statement", "attack", "restrain"),
                 "the US warned, is attacked and restrains itself", "a public warning was given and not kept")
        )
    if "posture" in signals:
        terms.append(
            Term("posture", "US", "-posture_cost", ("posture",), "the US sends forces", "paid whatever follows")
        )
    if "strike" in signals:
        terms += [
            Term("strike", "US", "-strike_cost", ("strike",), "the US strikes", "paid whatever follows"),
            Term("strike harm", "Iran", "-strike_harm", ("strike",), "the US strikes", "what the strike destroys"),
            Term("war (US)", "US", "-war_cost_us", ("war",), "the strike slips into war", "all that follows from it"),
            Term("war (Iran)", "Iran", "-war_cost_iran", ("war",), "the strike slips into war",
                 "all that follows from it"),
        ]
    return tuple(terms)


def _events(signals: Menu) -> dict[str, EventLabels]:
    """Both sides have used force: the US by strike or retaliation, Iran by attack or in the war."""
    spiral: EventLabels = ("attack", "retaliate")
    if "strike" in signals:
        spiral = (("strike", "retaliate"), ("attack", "war"))
    return {"deterrence_failure": ("attack",), "spiral": spiral}


MODEL: Final = Model(
    name="signalling",
    question=(
        '"Maintain restraint while showing that it doesn\'t need to": can the US show that it would answer an attack '
        "without answering one, and does the signal that it picks say anything?"
    ),
    summary=(
        "The US, resolved or irresolute, picks a signal: silence, a statement that ties its hands, posture at a sunk "
        "cost, or a limited strike that also harms Iran and may slip into war. Iran sees the signal, not the type, and "
        "attacks or refrains. Attacked, the US retaliates or restrains itself."
    ),
    players=("US", "Iran"),
    play=(
        "Chance draws the type of the US: resolved with probability `resolve`, else irresolute.",
        "The US, knowing its type, picks a signal from the menu.",
        "After a strike, chance lets it slip into war with probability `slip`; war ends the game.",
        "Iran, having seen the signal, attacks or refrains; to refrain ends the game.",
        "The US, attacked, retaliates or restrains itself.",
    ),
    drawing=_DRAWING,
    lever="punishment",
    observed={"answer": ("retaliate", "deterrence_failure")},
    parameters=_PARAMETERS,
    assume=_ASSUME,
    options={"signals": _SIGNALS},
    events={
        "deterrence_failure": "Iran attacks",
        "spiral": "both sides have used force: the US has struck or retaliated, and Iran has attacked or is at war",
    },
    literature=(
        "schelling1960", "jervis1970", "spence1973", "cho_kreps1987", "fearon1994", "fearon1997",
    ),
    departures=(
        "The signals are a finite menu of fixed size, not chosen freely. Types differ in the cost of retaliating, not "
        "in the value of the prize, which turns the single-crossing condition of sunk costs round. A strike may slip "
        "into war; retaliation has no chance move of its own, its risks are in the retaliation cost."
    ),
    findings=(
        "The last move is decided by signs: a type retaliates where its retaliation cost is below what backing down "
        "costs, which is 0 save after a statement.",
        "Where only the resolved type retaliates it has less to fear from an attack than the irresolute type. Posture, "
        "which costs both the same, then never separates them while punishment deters (punishment > 0); it does where "
        "being punished pays Iran (punishment <= gain <= 0).",
        "A statement separates by other means: backing down from it costs only the type that would.",
    ),
    describe=_describe,
)
