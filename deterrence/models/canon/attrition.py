r"""The war of attrition with inadvertent war: who gives way first while something may go wrong.

The question: two sides wait for the other to give way, and every moment may end in a war that neither wants. Who gives
way, how likely is war, and does a more dangerous crisis end in war more often?

**Game.** Time is continuous. The *Challenger* and the *Defender* wait; whoever concedes gets 0 and leaves the other
its stake :math:`v`. Waiting costs :math:`c` = `flow_cost` by the unit of time; while both wait war comes at rate
:math:`\mu` = `hazard` and costs :math:`D` = `war_loss`. Waiting therefore costs :math:`w = c + \mu D` by the unit of
time.

**Complete information** (option `information`). At any date a player waits if the rival concedes at more than
:math:`w_i/v_i`, concedes if at less. The equilibria with constant rates are three:

=============================  ========================================================================================
both wait                      :math:`\lambda_C = w_D/v_D,\ \lambda_D = w_C/v_C`; nobody expects more than 0;
                               :math:`P(\text{war}) = \mu/(\lambda_C + \lambda_D + \mu)`, the Defender concedes with
                               :math:`\lambda_D/(\lambda_C + \lambda_D + \mu)`; mean length one over the sum
the Challenger gives way       at once; the Defender would never
the Defender gives way         at once; the Challenger would never
=============================  ========================================================================================

Others differ from the first in that one side concedes with some probability at the very first moment.

*Neutrality.* With :math:`c = 0`, :math:`P(\text{war}) = 1/(1 + D_C/v_C + D_D/v_D)` is free of :math:`\mu`: who runs a
greater risk by the hour waits for fewer hours.

*Whose stake matters.* A player's own stake changes only the rate at which the *rival* concedes. More at stake therefore
makes a side likelier to give way itself, and war likelier; losses in war and costs of waiting make war less likely.

**Private stakes.** Both know their own stake alone, drawn independently: ``exponential`` with `rate` :math:`a`, or
``uniform`` on [0, 1]. In the symmetric equilibrium stake :math:`v` concedes at

.. math:: T(v) = \frac{1}{w} \int_0^v \frac{x f(x)}{1 - F(x)}\,dx
          = \frac{a v^2}{2w} \quad\text{or}\quad \frac{-\ln(1 - v) - v}{w},

as whoever mimics stake :math:`x` gains :math:`e^{-\mu T(x)} f(x)(v - x)` at the margin. The chance of war is enclosed
in ball arithmetic, `deterrence.solvers.attrition` has the formulas; it too is free of :math:`\mu` where :math:`c = 0`.

**Events.** `deterrence_failure`: the Defender gives way, at whatever date. `spiral`: it ends in war.

**Literature.** Maynard Smith (1974) and Riley (1980) on the war of attrition; Hendricks, Weiss and Wilson (1988) on
complete information; Nalebuff (1986) on the neutrality of escalation; Schelling (1960). The formulas are after these
works, checked as equilibria of the game as it is written here. Powell (1988) has risks that the players choose, under
two-sided uncertainty, which is another game.

>>> game = MODEL.build()
>>> from deterrence.solvers import solve
>>> values = {f"{name}_{side}": value for side in ("challenger", "defender")
...           for name, value in {"stake": 2, "flow_cost": 0, "war_loss": 10}.items()}
>>> [str(entry.events["spiral"]) for entry in solve(game, point={**values, "hazard": "1/50"})]
['1/11', '0', '0']
>>> [str(entry.events["spiral"]) for entry in solve(game, point={**values, "hazard": "1/5"})]
['1/11', '0', '0']
"""

from __future__ import annotations

from typing import Final

from deterrence.models.base import Choice, Claim, Decision, DirectModel, Settings, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_SIDES: Final = ("Challenger", "Defender")
_TIME: Final = "utility by the unit of time"


def _own(player: str) -> tuple[Parameter, ...]:
    side, unit = player.lower(), f"{player} utility"
    return (
        Parameter(f"stake_{side}", f"stake_{side} > 0", f"What the {player} gets if the other gives way [v].", unit),
        Parameter(f"flow_cost_{side}", f"flow_cost_{side} >= 0", f"What waiting costs the {player} [c].", _TIME),
        Parameter(f"war_loss_{side}", f"war_loss_{side} >= 0", f"What war costs the {player} [D].", unit),
    )


_HAZARD: Final = Parameter(
    "hazard", "hazard >= 0", "Rate at which war comes about while both wait [mu].", "by the unit of time"
)
_BOTH: Final = (
    Parameter("flow_cost", "flow_cost >= 0", "What waiting costs either player [c].", _TIME),
    Parameter("war_loss", "war_loss >= 0", "What war costs either player [D].", "utility"),
)
_RATE: Final = Parameter(
    "rate", "rate > 0", "One over the mean stake, which is exponentially distributed [a].", "by the unit of utility"
)


def _declared(settings: Settings) -> tuple[Parameter, ...]:
    if settings["information"] == "complete":
        return (*_own("Challenger"), *_own("Defender"), _HAZARD)
    return (*((_RATE,) if settings["information"] == "exponential" else ()), *_BOTH, _HAZARD)


_COSTLY: Final = "waiting costs something: else nothing moves anybody"
_ASSUME: Final = {
    "flow_cost_challenger + hazard*war_loss_challenger > 0": _COSTLY,
    "flow_cost_defender + hazard*war_loss_defender > 0": _COSTLY,
    "flow_cost + hazard*war_loss > 0": _COSTLY,
}

_DRAWING: Final = """\
                 +-- the Challenger concedes (rate lambda_C, or at once): 0, stake of the Defender
  both wait -----+-- the Defender concedes (rate lambda_D, or at once): stake of the Challenger, 0
  (flow_cost)    +-- war (rate hazard): -war_loss for each
"""

_ALL: Final = "proved on the atlas in all parameters; random exact points"
_WAITING: Final = 'within "both wait"'
_FREE: Final = "flow_cost_challenger == 0 and flow_cost_defender == 0"

_CLAIMS: Final = (
    Claim(
        "With complete information, where both wait war comes with probability hazard/(lambda_C + lambda_D + hazard).",
        "holds", _ALL + "; canon points", "hendricks_weiss_wilson1988",
        "P[spiral] == hazard/((flow_cost_defender + hazard*war_loss_defender)/stake_defender + (flow_cost_challenger + "
        f"hazard*war_loss_challenger)/stake_challenger + hazard) {_WAITING}",
    ),
    Claim(
        "Neutrality of escalation: where waiting itself costs nothing, the chance of war is 1/(1 + D_C/v_C + D_D/v_D), "
        "whatever the hazard.",
        "holds", _ALL, "nalebuff1986",
        "P[spiral] == 1/(1 + war_loss_challenger/stake_challenger + war_loss_defender/stake_defender) "
        f"{_WAITING} when {_FREE}",
    ),
    Claim(
        "A more dangerous crisis ends in war more often.", "fails", "refuted on the atlas in all parameters",
        "nalebuff1986", f"P[spiral] increases in hazard strictly {_WAITING}",
        when="where waiting costs nothing by itself the chance of war does not depend on the hazard; with costs of "
        "waiting it rises (next claim)",
    ),
    Claim(
        "With costs of waiting on either side the chance of war rises in the hazard.", "holds", _ALL,
        statement=f"P[spiral] increases in hazard strictly {_WAITING} when flow_cost_defender > 0",
    ),
    Claim(
        "More at stake makes war likelier.", "holds", _ALL, "nalebuff1986",
        f"P[spiral] increases in stake_defender {_WAITING}",
    ),
    Claim(
        "The worse war would be, the less likely it is.", "holds", _ALL, "nalebuff1986",
        f"P[spiral] decreases in war_loss_challenger {_WAITING}",
    ),
    Claim(
        "Costs of waiting make war less likely.", "holds", _ALL, "nalebuff1986",
        f"P[spiral] decreases in flow_cost_challenger {_WAITING}",
    ),
    Claim(
        "Who has more at stake gives way less often.", "fails", "refuted on the atlas in all parameters",
        "hendricks_weiss_wilson1988", f"P[deterrence_failure] decreases in stake_defender {_WAITING}",
        when="its own stake makes the rival wait longer (next claim)",
    ),
    Claim(
        "Where both wait, the Defender gives way the more often the more it has at stake: its stake lowers the rate at "
        "which the Challenger concedes, and nothing else.",
        "holds", _ALL, "hendricks_weiss_wilson1988", f"P[deterrence_failure] increases in stake_defender {_WAITING}",
    ),
    Claim(
        "Where both wait nobody expects more than from giving way at once.", "holds", _ALL,
        "hendricks_weiss_wilson1988", f"payoff[Challenger] == 0 and payoff[Defender] == 0 {_WAITING}",
    ),
    Claim(
        "The mean length falls in the hazard.", "holds", "random exact points", "nalebuff1986",
    ),
    Claim(
        "With private stakes, exponential or uniform, the chance of war does not depend on the hazard either where "
        "waiting costs nothing by itself.",
        "holds", "enclosures at random exact points; the formula", "nalebuff1986",
    ),
    Claim(
        "With private stakes, a player of stake v concedes at (a v^2)/(2(c + mu D)) where stakes are exponential, at "
        "(-ln(1 - v) - v)/(c + mu D) where they are uniform on [0, 1].",
        "holds", "the certificate; best replies on a grid of dates by quadrature; canon points", "riley1980",
    ),
)

_TERMS: Final = tuple(
    term
    for player in _SIDES
    for side in [player.lower()]
    for term in (
        Term(f"stake ({player})", player, f"stake_{side}", (), "the other gives way", "the prize"),
        Term(f"waiting ({player})", player, f"-flow_cost_{side}", (), "for each unit of time that both wait",
             "forces kept ready, trade lost, blame"),
        Term(f"war ({player})", player, f"-war_loss_{side}", (), "war comes about", "all that follows from it"),
    )
)


def _decisions(settings: Settings) -> tuple[Decision, ...]:
    known = "its own stake" if settings["information"] != "complete" else "both stakes"
    return tuple(
        Decision(f"{player} at any date", player, ("wait", "concede at once"),
                 f"the {player}, which knows {known}, while both still wait; the rate or the date is a figure")
        for player in _SIDES
    )


MODEL: Final = DirectModel(
    name="attrition",
    question=(
        "Two sides wait for the other to give way, and every moment may end in a war that neither wants: who gives "
        "way, how likely is war, and does a more dangerous crisis end in war more often?"
    ),
    summary=(
        "A war of attrition in continuous time. While both wait, waiting costs each and war may come about by "
        "accident. Whoever concedes leaves the prize to the other. Stakes are known, or each knows its own alone."
    ),
    players=_SIDES,
    play=(
        "With private stakes chance draws the stake of each, seen by it alone.",
        "At every moment both wait or concede.",
        "While both wait, war comes about at rate `hazard`; it ends the game.",
    ),
    drawing=_DRAWING,
    parameters=(),
    assume=_ASSUME,
    options={
        "information": Choice(
            meaning="what is known of the stakes",
            choices={
                "complete": "both stakes are known to both",
                "exponential": "each knows its own; exponentially distributed, both sides alike",
                "uniform": "each knows its own; uniform on [0, 1], both sides alike",
            },
            default="complete",
        ),
    },
    events={
        "deterrence_failure": "the Defender gives way, at whatever date",
        "spiral": "it ends in war",
    },
    literature=(
        "maynard_smith1974", "riley1980", "nalebuff1986", "hendricks_weiss_wilson1988", "schelling1960",
        "johansson2017",
    ),
    departures=(
        "War by accident at a constant rate is added to the war of attrition. With complete information the "
        "equilibria with an atom at the first moment are not listed; with private stakes only the symmetric one is."
    ),
    findings=(
        "Where waiting costs nothing by itself the chance of war does not depend on how dangerous the crisis is by the "
        "hour.",
        "A side's own stake changes only the rival's rate of concession: more at stake makes it likelier to give way.",
        "Losses in war and costs of waiting make war less likely, stakes make it likelier.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    indexed=_declared,
    title="A war of attrition with inadvertent war, information {information}",
    decisions=_decisions,
    terms=_TERMS,
    concept="stationary or symmetric",
    method="rates of concession",
    approach=(
        "With complete information the three equilibria with constant rates, exactly. With private stakes the "
        "symmetric equilibrium: dates of concession in closed form, the chance of war and payoffs enclosed in ball "
        "arithmetic. The certificate compares waiting and conceding from the definition, and encloses the integrals on "
        "its own."
    ),
)
