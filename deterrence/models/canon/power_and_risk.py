r"""Power against risk: how much force to bring to bear when more of it makes a disaster likelier, after Powell (2015).

The question: does a side that fears the other's resolve fight with less than it has?

**Players and types.** The Defender is resolute with probability `resolve` [:math:`\lambda`], else irresolute, and alone
knows it: a disaster costs the first less.

**Order of moves.**

1. Chance draws the type of the Defender.
2. The Challenger leaves the status quo, or fights at a low or a high level of power. At level :math:`k` it would win
   with probability :math:`p_k` (`power_low`, `power_high`), and a bid carries the risk :math:`r_k` (`risk_low`,
   `risk_high`).
3. The Defender resists, and the fighting decides; or it bids, which leads to a disaster with probability :math:`r_k`.
4. After a bid without a disaster the Challenger quits or matches it: a disaster with probability :math:`r_k` again, and
   else the Defender must submit.

**Payoffs.** To win is worth 1, to lose or to submit 0, a disaster :math:`-D` (`disaster_challenger`,
`disaster_resolute`, `disaster_irresolute`); the status quo is worth `status_quo_challenger` and `status_quo_defender`.

**Events.** `deterrence_failure`: the Challenger fights. `spiral`: a disaster. The levels ``low`` and ``high`` are
events too.

**The trade-off.** The Challenger matches at level :math:`k` where :math:`r_k < 1/(1 + D_C)`. Where it does, a bid of
the Defender is worth less than nothing and resisting at least :math:`1 - p_k`: it resists. Suppose that it matches at
the low level and quits at the high one, and that there the resolute type bids and the irresolute one resists. Then
fighting low is worth :math:`p_L`, fighting high :math:`(1 - \lambda) p_H - \lambda r_H D_C`, so that the Challenger
fights high rather than low where

.. math:: \lambda < \lambda^* = \frac{p_H - p_L}{p_H + r_H D_C}.

The likelier the Defender is resolute, the less power is brought to bear; and the more risk comes with power, the less
conflict there is at the high level and the more at the low one.

**Literature.** Powell (2015). Departure: two levels of power and two types, in the place of a continuum.

>>> MODEL.build()
Game('power_and_risk': 2 players, 7 information sets, 26 terminal histories)
"""

from __future__ import annotations

from typing import Final

from deterrence.game import Move
from deterrence.models.base import Claim, Description, Model, Settings, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_C: Final = "Challenger"
_D: Final = "Defender"
_TYPES: Final = {"resolute": "resolve", "irresolute": "1 - resolve"}
_LEVELS: Final = ("low", "high")

_PARAMETERS: Final = (
    Parameter("resolve", "0 < resolve < 1", "Probability that the Defender is resolute [lambda].", "probability"),
    *(Parameter(f"power_{k}", f"0 < power_{k} < 1", f"Probability that the Challenger wins at the {k} level [p].",
                "probability") for k in _LEVELS),
    *(Parameter(f"risk_{k}", f"0 < risk_{k} < 1", f"Probability of a disaster after a bid at the {k} level [r].",
                "probability") for k in _LEVELS),
    Parameter("disaster_challenger", "", "What a disaster costs the Challenger.", "the Challenger's prize"),
    *(Parameter(f"disaster_{kind}", "", f"What a disaster costs the {kind} Defender.", "the Defender's prize")
      for kind in _TYPES),
    Parameter("status_quo_challenger", "", "What the status quo is worth to the Challenger.", "the Challenger's prize"),
    Parameter("status_quo_defender", "", "What the status quo is worth to the Defender.", "the Defender's prize"),
)

_DRAWING: Final = """\
chance -- resolute or irresolute Defender
   |
Challenger --status quo
  \\--low or high -- Defender (type) --resist -- chance --won or lost
                                    \\--bid (disaster, risk) -- Challenger --quit
                                                                         \\--match (disaster, risk): submission
"""

# At the shipped scenario p = 3/10, 7/10, r = 1/20, 1/3, D_C = 3, resolute 1/5, irresolute 3, status quo 1/5: the
# Challenger matches below 1/4; (1 - r_H) - r_H D is 3/5 and -1/3 against 1 - p_H = 3/10; lambda* = (2/5)/(17/10), 4/17.
_PROVED: Final = "proved on the atlas"
_SOURCE: Final = "powell2015"
_CASE: Final = (
    "power_high < 9/10 and power_low < power_high and power_low > 1/5 and risk_high > 1/4 and "
    "1 - risk_high*6/5 > 1 - power_high and 1 - 4*risk_high < 1 - power_high"
)
_OVER: Final = ("resolve", "power_low", "power_high", "risk_high")
_STAR: Final = "resolve*(power_high + 3*risk_high)"
_CLAIMS: Final = (
    Claim("The Challenger fights at the high level exactly where lambda < (p_H - p_L)/(p_H + r_H D_C).", "holds",
    _PROVED,
          _SOURCE, f"P[high] == 1 when {_CASE} and {_STAR} < power_high - power_low", _OVER),
    Claim("Beyond that it fights at the low level.", "holds", _PROVED, _SOURCE,
          f"P[low] == 1 when {_CASE} and {_STAR} > power_high - power_low", _OVER),
    Claim("The likelier the balance of resolve favours the Defender, the less power is brought to bear.", "holds",
          _PROVED, _SOURCE, f"max P[high] decreases in resolve when {_CASE}", _OVER),
    Claim("The sharper the trade-off, the less conflict there is at the high level.", "holds", _PROVED, _SOURCE,
          f"max P[high] decreases in risk_high when {_CASE}", _OVER),
    Claim("The sharper the trade-off, the more conflict there is at the low level.", "holds", _PROVED, _SOURCE,
          f"min P[low] increases in risk_high when {_CASE}", _OVER),
    Claim("A greater risk that comes with power makes a disaster likelier.", "fails", "refuted on the atlas", _SOURCE,
          f"max P[spiral] increases in risk_high when {_CASE}", _OVER,
          when="it holds until lambda* falls to lambda; then the fight is at the low level, where nobody bids"),
)


def _describe(menus: Settings) -> Description:
    moves = [
        Move("chance", "type of the Defender", None, dict(_TYPES)),
        Move(_C, "level", tuple(_TYPES), dict.fromkeys(("status quo", *_LEVELS))),
    ]
    infosets = {"level": "the Challenger does not know the type of the Defender"}
    for k in _LEVELS:
        for kind in _TYPES:
            name = f"{kind} at the {k} level"
            moves.append(Move(_D, name, (f"{kind}, {k}",), dict.fromkeys(("resist", "bid"))))
            infosets[name] = f"the Defender, {kind}, is fought at the {k} level"
        fights = tuple(f"{kind}, {k}, resist" for kind in _TYPES)
        moves.append(Move("chance", f"fight at the {k} level", fights,
                          {"won": f"power_{k}", "lost": f"1 - power_{k}"}))
        bids = tuple(f"{kind}, {k}, bid" for kind in _TYPES)
        moves.append(Move("chance", f"bid at the {k} level", bids, {"disaster": f"risk_{k}", "safe": f"1 - risk_{k}"}))
        name = f"Challenger after a bid at the {k} level"
        after = tuple(f"{bid}, safe" for bid in bids)
        moves.append(Move(_C, name, after, dict.fromkeys(("quit", "match"))))
        infosets[name] = f"the Challenger has met a bid at the {k} level that led to no disaster"
        moves.append(Move("chance", f"match at the {k} level", tuple(f"{h}, match" for h in after),
                          {"disaster": f"risk_{k}", "submission": f"1 - risk_{k}"}))
    return Description(
        title="Power and risk at two levels of force", moves=tuple(moves), terms=_terms(),
        events={"deterrence_failure": (_LEVELS,), "spiral": ("disaster",)}, infosets=infosets,
    )


def _terms() -> tuple[Term, ...]:
    return (
        *(Term(f"status quo ({player})", player, f"status_quo_{player.lower()}", ("status quo",), "there is no fight",
               "what both have now") for player in (_C, _D)),
        Term("victory", _C, "1", ("won",), "the Challenger wins", "the prize, the unit of its scale"),
        Term("submission of the Defender", _C, "1", ("submission",), "the Defender has no bid left", "the prize"),
        Term("defence", _D, "1", ("lost",), "the Defender wins", "the prize, the unit of its scale"),
        Term("submission of the Challenger", _D, "1", ("quit",), "the Challenger quits", "the prize"),
        Term("disaster (Challenger)", _C, "-disaster_challenger", ("disaster",), "a disaster", "war by accident"),
        *(Term(f"disaster ({kind})", _D, f"-disaster_{kind}", (kind, "disaster"), "a disaster", "war by accident")
          for kind in _TYPES),
    )


MODEL: Final = Model(
    name="power_and_risk",
    question="Does a side that fears the other's resolve fight with less than it has?",
    summary=(
        "The Challenger leaves the status quo or fights at a low or a high level of power: more power wins more often "
        "and makes a bid riskier. The Defender, resolute or irresolute, resists or bids; the Challenger quits or "
        "matches."
    ),
    players=(_C, _D),
    play=(
        "Chance draws the type of the Defender, who alone knows it.",
        "The Challenger leaves the status quo, or fights at the low or the high level.",
        "The Defender resists, and chance decides the fight; or it bids, at the risk of the level.",
        "After a bid without a disaster the Challenger quits or matches it at the same risk; then the Defender "
        "submits.",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume={
        "power_high > power_low": "the meaning of the words: more power wins more often",
        "disaster_irresolute > disaster_resolute": "the meaning of the words: a disaster costs the resolute type less",
    },
    options={},
    events={
        "deterrence_failure": "the Challenger fights, at either level",
        "spiral": "a disaster",
    },
    literature=("powell2015", "powell1990"),
    departures="Two levels of power and two types, in the place of a continuum of both.",
    findings=(
        "The Challenger matches a bid exactly where the risk is below its critical risk 1/(1 + D_C); a bid that is "
        "matched never pays, so that the Defender resists.",
        "A greater risk at the high level moves the conflict to the low one, where no bid is made: it can make a "
        "disaster less likely.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    lever="risk_high",
    describe=_describe,
)
