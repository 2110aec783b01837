r"""The ladder of escalation: stepping up, holding and stepping down, where something may go wrong.

The question: "something going wrong", "miscalculation". How likely is war when nobody wants it, when is a step up
deterred, and what does a limited strike add to the danger?

**States.** There are `rungs` rungs, numbered from 0, the calm, to the highest; above the highest is war, which ends the
game. Play begins on rung `start`.

**Moves.** In every period both sides, the US and Iran, at the same time step up, hold or step down (on rung 0: step
up or hold); each sees the rung and remembers nothing that matters.

1. If anybody steps up, the crisis goes up a rung: one side is enough to climb.
2. If nobody does and both step down, it goes down a rung.
3. If one steps down and the other holds, it goes down with probability `easing`, and else stays.
4. If both hold, it stays.
5. On top of that, on rung :math:`k` of :math:`n` (numbered :math:`0, \dots, n - 1`), a slip takes the crisis one rung
   further up than the moves do, with probability :math:`slip \cdot k / (n - 1)`: none in the calm, `slip` on the
   highest rung. A step up may slip too: miscalculation.

**Payoffs** of a period on rung :math:`k` are sums of terms. With :math:`u_i, d_i \in \{0, 1\}` for whether side
:math:`i` steps up or down, and :math:`j` the other side,

.. math:: -k\,tension_i + u_i\,gain_i - u_j\,harm_i - u_i u_j\,clash_i - d_i\,concession_i,

and :math:`-war\_cost_i` once, a period after the move that brings war. Side :math:`i` weighs what comes a period later
by :math:`patience_i`.

**Equilibrium.** Markov perfect: strategies depend on the rung alone, and nobody gains by doing otherwise on any rung,
reached or not. Of a small ladder every one is found; of a large one some are (see `solvers.ladder`).

**Events.** `deterrence_failure`: in the first period somebody steps up from the rung where play begins;
`us_steps_up`, `iran_steps_up`: that side does. `spiral`: war is ever reached. `war_before_calm`: war comes before the
crisis, once it has left the calm, is back there; where sides mix in the calm, war is sure in the long run and this says
how dangerous one crisis is.

**Figures.** With :math:`P` the chain of an equilibrium, :math:`h_k` the probability that war is ever reached from rung
:math:`k` and :math:`m_k` the expected number of periods until then, counted as 0 where it is not,

.. math:: h = P_{kk} h + P_{k w}, \qquad m = P_{kk} m + h

over the rungs from which war can be reached; :math:`m_k / h_k` is the time to war if it comes. Both are also given for
the case that in the first period one side steps up, or holds, and all else is as in the equilibrium: the difference is
what a limited strike does.

**What does not depend on the stakes of war.** If the other side steps up, the next rung is the same whatever oneself
does. So if it steps up on every rung, to do likewise is a best reply exactly where
:math:`gain_i \ge clash_i` and :math:`gain_i + concession_i \ge clash_i`: then stepping up everywhere is an
equilibrium, whatever war costs, however patient the sides are and however likely a slip is. Nor does the
fear of such a spiral deter where it is no equilibrium: on each rung a side that is sure to be stepped on compares its
own terms of that period only.

**What deters.** Where the other side holds, a step up brings :math:`gain_i` now and the next rung later. On the highest
rung it brings war: it is deterred if :math:`gain_i \le patience_i (war\_cost_i + V_i)` with :math:`V_i` the value of
what holding leads to. On lower rungs it is deterred by what the higher rung is worth, which depends on what both sides
are expected to do there: the same stakes have equilibria in which a step up is followed by steps down and pays, and
others in which it is followed by further steps up and does not.

**Literature.** Schelling (1960, 1966) on the threat that leaves something to chance; Powell (1990) on brinkmanship;
Shapley (1953), Fink (1964) and Maskin and Tirole (2001) for the game and the concept. Departures: both sides move at
the same time and may also step down; the risk comes from slips, whose chance grows with the rung, not from bids; there
is no private information; a ladder is climbed in single steps.

>>> game = MODEL.build({"rungs": 3})
>>> game
DirectGame('ladder': 2 players, 6 information sets)
>>> point = {name: Fraction(1, 2) for name in game.space.names}
>>> stochastic(game.options, point).stages[1].moves[0][1]
{2: Fraction(3, 4), 3: Fraction(1, 4)}
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from deterrence.errors import GameError, Problem
from deterrence.models.base import Claim, Count, Decision, Settings, StochasticModel, Term
from deterrence.parameters import Parameter
from deterrence.stochastic import Stage, StochasticGame

__all__ = ["MODEL", "stochastic"]

UP: Final = "step up"
HOLD: Final = "hold"
DOWN: Final = "step down"
_SIDES: Final = {"us": "US", "iran": "Iran"}


def stochastic(options: Mapping[str, Any], values: Mapping[str, Any]) -> StochasticGame:
    """The game in numbers, or in expressions in its parameters."""
    rungs = options["rungs"]
    return StochasticGame(
        players=("US", "Iran"),
        states=tuple(f"rung {k}" for k in range(rungs)),
        stages=tuple(_stage(k, rungs, values) for k in range(rungs)),
        ends=((-values["war_cost_us"], -values["war_cost_iran"]),),
        patience=(values["patience_us"], values["patience_iran"]),
        start=options["start"],
        peak=rungs,
    )


def _stage(rung: int, rungs: int, values: Mapping[str, Any]) -> Stage:
    actions = (UP, HOLD) if rung == 0 else (UP, HOLD, DOWN)
    us, iran = (
        tuple(tuple(_reward(rung, side, pair, values) for pair in row) for row in rows)
        for side, rows in (
            ("us", [[(a, b) for b in actions] for a in actions]), ("iran", [[(b, a) for b in actions] for a in actions])
        )
    )
    moves = tuple(tuple(_next(rung, rungs, {a, b}, values) for b in actions) for a in actions)
    return Stage((actions, actions), (us, iran), moves)


def _reward(rung: int, side: str, pair: tuple[str, str], values: Mapping[str, Any]) -> Any:
    """What a side gets in a period from its own move and that of the other."""
    own, other = pair
    total = values[f"tension_{side}"] * -rung
    if own == UP:
        total = total + values[f"gain_{side}"]
    if other == UP:
        total = total - values[f"harm_{side}"]
    if own == other == UP:
        total = total - values[f"clash_{side}"]
    if own == DOWN:
        total = total - values[f"concession_{side}"]
    return total


def _next(rung: int, rungs: int, moves: set[str], values: Mapping[str, Any]) -> dict[int, Any]:
    """The probability of each next rung; the number of rungs stands for war."""
    easing = values["easing"]
    if UP in moves:
        meant = {rung + 1: Fraction(1)}
    elif moves == {DOWN}:
        meant = {rung - 1: Fraction(1)}
    elif DOWN in moves:
        meant = {rung - 1: easing, rung: 1 - easing}
    else:
        meant = {rung: Fraction(1)}
    slip = values["slip"] * Fraction(rung, rungs - 1)
    found: dict[int, Any] = {}
    for to, chance in meant.items():
        for end, share in ((to, 1 - slip), (min(to + 1, rungs), slip)):
            found[end] = found.get(end, Fraction(0)) + chance * share
    return {end: chance for end, chance in sorted(found.items()) if chance != 0}


def _parameters() -> tuple[Parameter, ...]:
    told = (
        ("tension", "", "What each rung above the calm costs {side} in a period (negative: tension serves it)."),
        ("gain", "", "What stepping up brings {side} at once: initiative, standing (negative: it costs)."),
        ("harm", "", "What it costs {side} that the other side steps up."),
        ("clash", "", "What it costs {side} besides where both step up (negative: to answer in kind saves something)."),
        ("concession", "", "What stepping down costs {side} in standing (negative: it is welcome)."),
        ("war_cost", "", "What war costs {side}, all told, when it comes."),
    )
    units = {"us": "US utility", "iran": "Iranian utility"}
    names = {"us": "the US", "iran": "Iran"}
    found = [
        Parameter(f"{name}_{side}", domain, text.format(side=names[side]), units[side])
        for name, domain, text in told
        for side in _SIDES
    ]
    found += [
        Parameter(f"patience_{side}", f"0 < patience_{side} < 1",
                  f"Weight of the next period against the present one to {names[side]}.", "discount factor")
        for side in _SIDES
    ]
    found += [
        Parameter("easing", "0 <= easing <= 1",
                  "Probability that the crisis goes down a rung where one side steps down and the other holds.",
                  "probability"),
        Parameter("slip", "0 <= slip < 1",
                  "Probability of a slip on the highest rung; on lower ones in proportion to the rung, none in the "
                  "calm.",
                  "probability"),
    ]
    return tuple(found)


def _decisions(settings: Settings) -> tuple[Decision, ...]:
    """Where the sides decide; a start above the ladder is a mistake."""
    rungs, start = settings["rungs"], settings["start"]
    if start >= rungs:
        message = f"play begins on one of the rungs, 0 to {rungs - 1}, not on {start}"
        raise GameError([Problem(message, "options.start")])
    return tuple(
        Decision(f"{side} at rung {k}", side, (UP, HOLD) if k == 0 else (UP, HOLD, DOWN),
                 f"{side} sees that the crisis is on rung {k}{', the calm' if k == 0 else ''}")
        for k in range(rungs)
        for side in _SIDES.values()
    )


def _terms() -> tuple[Term, ...]:
    told = (
        ("tension", "-k*tension_{side}", "in every period on rung k", "forces in the field, markets, opinion"),
        ("gain", "gain_{side}", "{own} steps up", "initiative and standing, and what the strike destroys"),
        ("harm", "-harm_{side}", "{other} steps up", "what is destroyed and lost in standing"),
        ("clash", "-clash_{side}", "both step up", "blows are exchanged"),
        ("concession", "-concession_{side}", "{own} steps down", "standing lost at home and with allies"),
        ("war", "-war_cost_{side}", "war comes", "all that follows, in the place of everything else"),
    )
    names = {"us": ("US", "Iran"), "iran": ("Iran", "US")}
    return tuple(
        Term(f"{name} ({own})", own, amount.format(side=side), (), occasion.format(own=own, other=other), reason)
        for name, amount, occasion, reason in told
        for side, (own, other) in names.items()
    )


_SPIRAL: Final = " and ".join(
    f"gain_{side} >= clash_{side} and gain_{side} + concession_{side} >= clash_{side}" for side in _SIDES
)

_CLAIMS: Final = (
    Claim(
        "Stepping up everywhere is an equilibrium exactly where to each side a step up is worth no less than to be "
        "stepped on, whatever war costs, however patient the sides are and however likely a slip is.",
        "holds", "proved on the atlas of pure equilibria of the ladder with two rungs",
        statement=f'exists("both: step up everywhere") iff {_SPIRAL}', options={"rungs": 2},
    ),
    Claim(
        "At a given play a likelier slip makes a crisis more dangerous.",
        "holds", "proved of every pure equilibrium at the values of the shipped scenario, the slip apart",
        statement="P[war_before_calm] increases in slip", over=("slip",),
    ),
    Claim(
        "The likelier a slip, the more dangerous the crisis.",
        "fails", "refuted at the values of the shipped scenario, the slip apart; besides, all equilibria were compared",
        statement="max P[war_before_calm] increases in slip", over=("slip",),
        when="the fear of a slip makes the sides step down: of all equilibria, mixed ones too, the greatest chance of "
        "war before the next calm is 0.0657 at slip = 1/10 and 0 at slip = 1/3",
    ),
    Claim(
        "The more war costs a side, the less likely is war.",
        "fails",
        "refuted at the values of the shipped scenario, that cost apart; besides, all equilibria were compared",
        statement="max P[spiral] decreases in war_cost_us", over=("war_cost_us",),
        when="who cannot afford war invites steps up: of all equilibria, mixed ones too, the greatest chance of war is "
        "0.197 at war_cost_us = 10 and 1, in the only one, at war_cost_us = 80, where Iran steps up in the calm",
    ),
    Claim(
        "At a given play an easier way down makes a crisis less dangerous.",
        "holds", "proved of every pure equilibrium at the values of the shipped scenario, the easing apart",
        statement="P[war_before_calm] decreases in easing", over=("easing",),
    ),
    Claim(
        "An easier way down makes war less likely.",
        "fails",
        "refuted at the values of the shipped scenario, the easing apart; besides, all equilibria were compared",
        statement="max P[spiral] decreases in easing", over=("easing",),
        when="where one side's step down is enough, each waits for the other's: at easing = 1/3 the only equilibrium "
        "never leads to war, at 3/4 some do",
    ),
)

_DRAWING: Final = """\
                     somebody steps up (the more so a slip: one rung further)
             +---->---+---->---+---->---+---->----+
             |        |        |        |         |
          rung 0   rung 1    ...    rung n-1     war, the end
          (calm)      |        |        |
             +----<---+----<---+----<---+
                     both step down; one steps down and the other holds (easing)
"""

MODEL: Final = StochasticModel(
    name="ladder",
    title="A ladder of escalation with {rungs} rungs, from rung {start}",
    question=(
        '"Something going wrong", "miscalculation": how likely is war when nobody wants it, when is a step up '
        'deterred, '
        "and what does a limited strike add to the danger?"
    ),
    summary=(
        "A crisis stands on a rung of a ladder whose lowest rung is the calm and above whose highest is war. In every "
        "period the US and Iran at the same time step up, hold or step down: one side is enough to climb, both are "
        "needed to come down for sure. A slip may take the crisis a rung further up than was meant."
    ),
    players=tuple(_SIDES.values()),
    play=(
        "In every period both sides see the rung and at the same time step up, hold or step down (in the calm: step up "
        "or hold).",
        "If anybody steps up the crisis goes up a rung; if both step down it goes down one; if one steps down and the "
        "other holds it goes down with probability `easing`; if both hold it stays.",
        "A slip takes it one rung further up: on rung k of n, numbered from 0, with probability slip*k/(n - 1).",
        "Above the highest rung is war, which ends the game.",
    ),
    drawing=_DRAWING,
    parameters=_parameters(),
    assume={},
    options={
        "rungs": Count("how many rungs there are below war, the calm included", 3, 2, 60),
        "start": Count("the rung on which play begins; 0 is the calm", 0, 0, 59),
    },
    events={
        "deterrence_failure": "in the first period somebody steps up",
        "spiral": "war is ever reached",
        "war_before_calm": "war comes before the crisis, once it has left the calm, is back there",
        "us_steps_up": "in the first period the US steps up",
        "iran_steps_up": "in the first period Iran steps up",
    },
    literature=("schelling1960", "schelling1966", "powell1990", "shapley1953", "fink1964", "maskin_tirole2001"),
    departures=(
        "Both sides move at the same time and may also step down. The risk of war comes from slips, whose chance grows "
        "with the rung, not from bids. There is no private information, and a ladder is climbed in single steps."
    ),
    findings=(
        "Stepping up everywhere is an equilibrium exactly where to each side a step up is worth no less than to be "
        "stepped on (gain >= clash and gain + concession >= clash), whatever war costs and however patient the sides "
        "are: if the other steps up the crisis goes up anyway.",
        "On the highest rung a step up brings war: where the other side holds it is deterred by the weight of the "
        "costs of war. On lower rungs it is deterred by what is expected to be done above, so that several equilibria "
        "may exist at the same stakes.",
        "In the calm there are no slips: where both sides hold there, peace lasts.",
    ),
    claims=_CLAIMS,
    shelf="2023",
    lever="gain_us",
    decisions=_decisions,
    terms=_terms(),
    concept="markov perfect",
    method="supports",
    approach=(
        "Ladders of up to four rungs are searched whole: for every pattern of supports that no bound on values rules "
        "out the equations are solved exactly, so that every Markov perfect equilibrium is found. On longer ladders a "
        "path of logit equilibria is followed and pure profiles are improved by best answers; what they lead to is "
        "proved to be an equilibrium, exactly or in ball arithmetic, and that there is no other is not claimed. The "
        "atlas has the equilibria in pure strategies in closed form."
    ),
    stochastic=stochastic,
    edges={"slip": (Fraction(0),), "easing": (Fraction(0), Fraction(1))},
)
