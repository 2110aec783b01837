r"""The brinkmanship ladder: two sides bid risks of disaster by turns until one of them submits, after Powell (1987).

The question: who prevails when each step makes a disaster likelier, and does more resolve on one side make the other
give way?

**Order of moves.** The Challenger opens (option `opening`): by a challenge that carries no risk, in the place of the
status quo, after which the Defender is to move on rung 1; or by its own move on rung 1. On rung :math:`j` the mover
quits, and the other side prevails, or escalates: a disaster with probability :math:`f_j` (`risk_j`), else the other
side is to move on the next rung. Who escalates on the last rung (option `rungs`) and escapes the disaster prevails:
the other side has no rung left.

**Types.** With the option `information` ``"one-sided"`` the Defender is resolute with probability `resolve`
[:math:`\pi`], else irresolute, and knows it; a disaster costs the first less.

**Payoffs.** To prevail is worth :math:`v_i` (`prize_challenger`, `prize_defender`), to submit 0, a disaster
:math:`-D_i` (`disaster_challenger`, `disaster_defender`, or one for each type of it); the status quo is worth
`status_quo_challenger` and `status_quo_defender`.

**Events.** `deterrence_failure`: the Challenger opens, by its challenge or on rung 1. `spiral`: a disaster.
`challenger_prevails`, `defender_prevails`. The labels of the moves carry the rung (``escalate 2``).

**Complete information.** Let :math:`r_i = v_i/(v_i + D_i)` be the critical risk of side :math:`i`, the greatest that it
would run for the prize, and let risks grow with the rung. A side whose risk on the last rung is acceptable escalates
there; so the other side, if it escalates on the rung before, will have run its risk for nothing, and quits; and so on
down. With :math:`j^*` the last rung on which :math:`f_j < r_{mover(j)}`, its mover prevails: if that is the Challenger
it opens (on rung 1 at the risk :math:`f_1`, if that is acceptable, as it is where :math:`j^*` is its own), and the
Defender quits at once; otherwise there is no challenge. At most one risk is ever run.

*The last credible bid wins, not the greater resolve*: with risks 1/10, 1/5, 3/10 and critical risks 2/5 of the
Challenger and 1/2 of the Defender the Challenger, less resolved, moves last on its own opening and prevails with
probability 9/10. So it is not true that the more resolved side loses only where the first challenge carries no risk;
what the risk of the first step takes away is that the less resolved side prevails for sure.

**One-sided information**, riskless opening, three rungs, :math:`v_i = 1`, a resolute Defender that always bids (its
risk on rung 3 is acceptable, and so is the way there), an irresolute one for which only :math:`f_1` is, and
:math:`f_2 < r_C`. With

.. math:: \pi^* = \frac{(1 - f_2) - f_2 D_C}{(1 - f_2)(1 + f_3 D_C)}, \quad
   e^* = \frac{(1 - f_1) - f_1 D_i}{(1 - f_1)(1 + f_2 D_i)}, \quad V = 1 - \frac{\pi}{\pi^*}(1 + f_1 D_C)

the equilibrium is unique: where :math:`\pi < \pi^*` and :math:`V` exceeds the status quo the Challenger challenges, the
irresolute type bids with probability :math:`\pi(1 - \pi^*)/((1 - \pi)\pi^*)` on rung 1, and the Challenger answers with
probability :math:`e^*` on rung 2; otherwise there is no challenge. The Challenger answers the more, the less a disaster
costs the irresolute type: more resolve of the adversary makes escalation likelier.

**Literature.** Powell (1987, 1990); Schelling (1960) and the critical risk. Departure: hazards are given for each rung,
not chosen.

>>> MODEL.build()
Game('brinkmanship_ladder': 2 players, 6 information sets, 16 terminal histories)
"""

from __future__ import annotations

from typing import Final

from deterrence.errors import GameError, Problem
from deterrence.game import EventLabels, Move
from deterrence.models.base import Choice, Claim, Count, Description, Model, Settings, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_C: Final = "Challenger"
_D: Final = "Defender"
_TYPES: Final = {"resolute": "resolve", "irresolute": "1 - resolve"}
_RISKLESS: Final = "challenge"
_ONE_SIDED: Final = 8
"""The most rungs with one-sided information: with more the search for every equilibrium does not end in a minute."""


def _indexed(settings: Settings) -> tuple[Parameter, ...]:
    if settings["information"] == "one-sided" and settings["rungs"] > _ONE_SIDED:
        message = f"with one-sided information there are at most {_ONE_SIDED} rungs, not {settings['rungs']}"
        raise GameError([Problem(message, "options.rungs")])
    found = []
    if settings["opening"] == _RISKLESS:
        found += [
            Parameter(f"status_quo_{side}", "", f"What the status quo is worth to the {side.capitalize()}.",
                      f"{side.capitalize()} utility")
            for side in ("challenger", "defender")
        ]
    if settings["information"] == "one-sided":
        found.append(Parameter("resolve", "0 < resolve < 1", "Probability that the Defender is resolute [pi].",
                               "probability"))
        found += [Parameter(f"disaster_{kind}", "", f"What a disaster costs the {kind} Defender.", "Defender utility")
                  for kind in _TYPES]
    else:
        found.append(Parameter("disaster_defender", "", "What a disaster costs the Defender.", "Defender utility"))
    found += [
        Parameter(f"risk_{j}", f"0 < risk_{j} < 1", f"Probability of a disaster after a step up on rung {j} [f{j}].",
                  "probability")
        for j in range(1, settings["rungs"] + 1)
    ]
    return tuple(found)


def _mover(settings: Settings, rung: int) -> str:
    """Who moves on a rung."""
    first = _D if settings["opening"] == _RISKLESS else _C
    return first if rung % 2 else (_C if first == _D else _D)


def _describe(settings: Settings) -> Description:
    kinds = tuple(_TYPES) if settings["information"] == "one-sided" else ()
    starts = tuple((kind,) for kind in kinds) or ((),)
    moves: list[Move] = []
    infosets: dict[str, str] = {}
    if kinds:
        moves.append(Move("chance", "type of the Defender", None, dict(_TYPES)))
    path: tuple[str, ...] = ()
    if settings["opening"] == _RISKLESS:
        name = "opening"
        moves.append(Move(_C, name, _after(starts, path), dict.fromkeys(("status quo", "challenge"))))
        infosets[name] = "the Challenger opens"
        path = ("challenge",)
    for rung in range(1, settings["rungs"] + 1):
        mover = _mover(settings, rung)
        actions = dict.fromkeys((f"quit {rung}", f"escalate {rung}"))
        told = f"nothing has gone wrong so far; a step up now carries the risk of rung {rung}"
        if mover == _D and kinds:
            for kind in kinds:
                name = f"{kind} at rung {rung}"
                moves.append(Move(mover, name, _after(((kind,),), path), actions))
                infosets[name] = f"the Defender, {kind}: {told}"
        else:
            name = f"{mover} at rung {rung}"
            moves.append(Move(mover, name, _after(starts, path), actions))
            infosets[name] = f"the {mover}: {told}"
        path = (*path, f"escalate {rung}")
        safe = "through" if rung == settings["rungs"] else "safe"
        chances = {"disaster": f"risk_{rung}", safe: f"1 - risk_{rung}"}
        moves.append(Move("chance", f"risk {rung}", _after(starts, path), chances))
        path = (*path, safe)
    return Description(
        title=f"Brinkmanship on {settings['rungs']} rungs",
        moves=tuple(moves), terms=_terms(settings), events=_events(settings), infosets=infosets,
    )


def _after(starts: tuple[tuple[str, ...], ...], path: tuple[str, ...]) -> tuple[str, ...] | None:
    """The histories that end in a path; None for the first move."""
    return tuple(", ".join((*start, *path)) for start in starts) if starts != ((),) or path else None


def _quits(settings: Settings, player: str) -> tuple[str, ...]:
    """The labels with which a side submits."""
    return tuple(f"quit {j}" for j in range(1, settings["rungs"] + 1) if _mover(settings, j) == player)


def _events(settings: Settings) -> dict[str, EventLabels]:
    last = _mover(settings, settings["rungs"])
    won = {player: _quits(settings, other) + (("through",) if last == player else ())
           for player, other in ((_C, _D), (_D, _C))}
    opens = "challenge" if settings["opening"] == _RISKLESS else "escalate 1"
    events: dict[str, EventLabels] = {"deterrence_failure": (opens,), "spiral": ("disaster",)}
    # A side that never moves never quits: nobody prevails over it but on the last rung.
    events.update({f"{player.lower()}_prevails": (labels,) for player, labels in won.items() if labels})
    return events


def _terms(settings: Settings) -> tuple[Term, ...]:
    terms = []
    if settings["opening"] == _RISKLESS:
        terms += [Term(f"status quo ({player})", player, f"status_quo_{player.lower()}", ("status quo",),
                       "there is no challenge", "what both have now") for player in (_C, _D)]
    for player, other in ((_C, _D), (_D, _C)):
        for label in _quits(settings, other):
            terms.append(Term(f"prize ({player}, {label})", player, f"prize_{player.lower()}", (label,),
                              f"the {other} submits on rung {label.split()[1]}", "the stake of the crisis"))
    last = _mover(settings, settings["rungs"])
    terms.append(Term(f"prize ({last}, last rung)", last, f"prize_{last.lower()}", ("through",),
                      f"the {last} has escalated on the last rung and no disaster came", "the other side must submit"))
    terms.append(Term("disaster (Challenger)", _C, "-disaster_challenger", ("disaster",), "a disaster",
                      "war by accident"))
    if settings["information"] == "one-sided":
        terms += [Term(f"disaster ({kind})", _D, f"-disaster_{kind}", (kind, "disaster"), "a disaster",
                       "war by accident") for kind in _TYPES]
    else:
        terms.append(Term("disaster (Defender)", _D, "-disaster_defender", ("disaster",), "a disaster",
                          "war by accident"))
    return tuple(terms)


_COMPLETE: Final = {"information": "complete"}
_RISKY: Final = {"information": "complete", "opening": "first rung"}
_GROWS: Final = "risk_1 < risk_2 and risk_2 < risk_3"
_STAKES: Final = "prize_challenger > 0 and prize_defender > 0 and disaster_challenger > 0 and disaster_defender > 0"
_ACCEPTS: Final = {
    (side, j): f"risk_{j}*(prize_{side} + disaster_{side}) < prize_{side}"
    for side in ("challenger", "defender") for j in (1, 2, 3)
}
_REFUSES: Final = {key: text.replace("<", ">") for key, text in _ACCEPTS.items()}
_QUO: Final = "status_quo_challenger > 0 and status_quo_challenger < prize_challenger"
_PROVED: Final = "proved on the atlas in all parameters"
# At the shipped scenario f = 1/10, 1/5, 3/10, v = 1, D_C = 2, resolute 1, irresolute 3, status quo 1/5: pi* = 5/16,
# and V = 1 - (16/5) pi (6/5) exceeds 1/5 where pi < 5/24.
_CLAIMS: Final = (
    Claim("The last credible bid wins: if the Defender would run the risk of the last rung, it is not challenged.",
          "holds", _PROVED, "powell1990",
          f"P[deterrence_failure] == 0 when {_STAKES} and {_QUO} and {_GROWS} and {_ACCEPTS['defender', 3]}",
          options=_COMPLETE),
    Claim("If it would not, and the Challenger would run that of rung 2, the Challenger prevails without a risk.",
          "holds", _PROVED, "powell1990",
          f"P[challenger_prevails] == 1 when {_STAKES} and {_QUO} and {_GROWS} and {_REFUSES['defender', 3]} and "
          f"{_ACCEPTS['challenger', 2]}", options=_COMPLETE),
    Claim("If neither would, the status quo lasts exactly where the Defender would run the risk of rung 1.", "holds",
          _PROVED, "powell1990",
          f"P[deterrence_failure] == 0 when {_STAKES} and {_QUO} and {_GROWS} and {_REFUSES['defender', 3]} and "
          f"{_REFUSES['challenger', 2]} and {_ACCEPTS['defender', 1]}", options=_COMPLETE),
    Claim("The more resolved side loses only where the first challenge carries no risk.", "fails",
          "refuted on the atlas in all parameters", "powell1987",
          f"P[challenger_prevails] == 0 when {_STAKES} and {_GROWS} and "
          "prize_challenger*disaster_defender < prize_defender*disaster_challenger", options=_RISKY,
          when="with a risk on the first step too: risks 1/10, 1/5, 3/10, critical risks 2/5 of the Challenger and 1/2 "
          "of the Defender: the Challenger prevails with probability 9/10"),
    Claim("Where the first step carries a risk the Challenger never prevails for sure.", "holds", _PROVED,
          "", f"P[challenger_prevails] < 1 when {_STAKES}", options=_RISKY),
    Claim("With one-sided information the Challenger challenges where the Defender is unlikely to be resolute.",
    "holds",
          "proved on the atlas", "powell1987", "P[deterrence_failure] == 1 when resolve < 5/24", ("resolve",)),
    Claim("Otherwise it does not.", "holds", "proved on the atlas", "powell1987",
          "P[deterrence_failure] == 0 when resolve > 5/24 and resolve != 5/16", ("resolve",)),
    Claim("The Challenger is the more likely to escalate the more resolved the irresolute adversary is.", "holds",
          "proved on the atlas", "powell1987",
          "P[escalate 2 | escalate 1] decreases in disaster_irresolute when resolve < 5/24 and disaster_irresolute > "
          "7/3 and disaster_irresolute < 9", ("resolve", "disaster_irresolute")),
)

_DRAWING: Final = """\
(chance -- resolute or irresolute Defender)
   |
Challenger --status quo
   \\--challenge (no risk)
         \\-- Defender --quit 1: the Challenger prevails
                      \\--escalate 1 (disaster, risk_1)
                            \\-- Challenger --quit 2: the Defender prevails
                                           \\--escalate 2 (disaster, risk_2) -- ...
"""

MODEL: Final = Model(
    name="brinkmanship_ladder",
    question=(
        "Who prevails when each step makes a disaster likelier, and does more resolve on one side make the other give "
        "way?"
    ),
    summary=(
        "After a challenge the two sides by turns quit or escalate. Each escalation carries a risk of disaster that is "
        "given for its rung; who quits loses the prize, and on the last rung the other side has nothing left to bid. "
        "The Defender may be of two types."
    ),
    players=(_C, _D),
    play=(
        "With one-sided information chance draws the type of the Defender, who alone knows it.",
        "The Challenger leaves the status quo or challenges, which carries no risk; or it is itself to move on rung 1.",
        "On each rung the mover quits, and the other side prevails, or escalates: a disaster with the probability "
        "of the rung, else the other side is to move on the next.",
        "Who escalates on the last rung without a disaster prevails.",
    ),
    drawing=_DRAWING,
    parameters=(
        Parameter("prize_challenger", "", "What it is worth to the Challenger to prevail [v].", "Challenger utility"),
        Parameter("prize_defender", "", "What it is worth to the Defender to prevail.", "Defender utility"),
        Parameter("disaster_challenger", "", "What a disaster costs the Challenger [D].", "Challenger utility"),
    ),
    indexed=_indexed,
    assume={},
    options={
        "rungs": Count(f"how many rungs there are; with one-sided information at most {_ONE_SIDED}", 3, 1, 12),
        "opening": Choice(
            "how the Challenger opens",
            {"challenge": "by a challenge without a risk, in the place of the status quo; the Defender moves on rung 1",
             "first rung": "by its own move on rung 1, at the risk of that rung"}, "challenge",
        ),
        "information": Choice(
            "what is known of the Defender",
            {"complete": "everything", "one-sided": "the Defender is resolute or irresolute, and alone knows which"},
            "one-sided",
        ),
    },
    events={
        "deterrence_failure": "the Challenger opens, by its challenge or on rung 1",
        "spiral": "a disaster",
        "challenger_prevails": "the Defender submits, or has no rung left",
        "defender_prevails": "the Challenger submits, or has no rung left",
    },
    literature=("powell1987", "powell1990", "schelling1960"),
    departures="Hazards are given for each rung, not chosen by who bids.",
    findings=(
        "With complete information the side with the last credible bid prevails, which need not be the more resolved.",
        "At most one risk is run on the path, and none where the opening carries none.",
        "With one-sided information disasters happen: the irresolute type bluffs, and is called at times.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    lever="risk_1",
    describe=_describe,
)
