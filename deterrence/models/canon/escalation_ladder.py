r"""The ladder of holding and escalating: how much a first step must bring before peace on every rung breaks.

The question: does an easier way down make the first step up more likely, and can the fear of a spiral keep the peace?

**States and moves.** Rungs :math:`0, \dots, K`. In every period two sides at the same time hold or escalate. Any
escalation takes the crisis from :math:`k` to :math:`\min(k + 1, K)`; if both hold it goes from :math:`k` to :math:`k -
1` with probability :math:`\rho` (`easing`) and else stays. There is no war: the highest rung can be left again.

**Payoffs** of a period on rung :math:`k`: the cost :math:`c_k` of the rung (`cost_1` to `cost_K`; rung 0 costs nothing)
is paid by both. Who escalates alone gains :math:`g` (`gain`) and its victim loses :math:`l` (`loss`); if both escalate
both lose :math:`m` (`clash`). Both weigh what comes a period later by :math:`\delta` (`patience`).

**Equilibrium.** Markov perfect: what is done depends on the rung alone. Let

.. math:: V_0 = 0, \quad V_k = \frac{-c_k + \delta\rho V_{k-1}}{1 - \delta(1 - \rho)}, \qquad
   W_K = -\frac{m + c_K}{1 - \delta}, \quad W_k = -m - c_k + \delta W_{k+1}

be what mutual holding and mutual escalation on every rung are worth.

- To hold everywhere is an equilibrium exactly where :math:`g \le -\delta V_1`,
  :math:`g \le \delta[\rho V_{k-1} + (1 - \rho) V_k - V_{k+1}]` for :math:`0 < k < K`, and
  :math:`g \le \delta\rho(V_{K-1} - V_K)`.
- To escalate everywhere is one exactly where :math:`m \le l`, whatever :math:`\delta` and :math:`g`: against a side
  that escalates the next rung is the same whatever oneself does.
- To hold on rung 0 and escalate on every other (peace by the fear of a spiral) is one exactly where :math:`m \le l` and
  :math:`g \le -\delta W_1`.

With :math:`K = 1` the first bound is :math:`\delta c_1 / (1 - \delta(1 - \rho))` on rung 0 and :math:`\delta\rho c_1 /
(1 - \delta(1 - \rho))` on rung 1, which binds: an easier way down (:math:`\rho`) lowers the first, as the first step is
punished less, and raises the second.

**Events.** `deterrence_failure`: in the first period, on rung 0, somebody escalates. `spiral`: the highest rung is ever
reached.

**Literature.** A minimal stochastic game of the package's own, after Shapley (1953), Fink (1964) and Maskin and Tirole
(2001); brinkmanship after Powell (1990). Where all equilibria are asked for, mixed ones among them, they are many.

>>> game = MODEL.build({"rungs": 1})
>>> game.space.names
('gain', 'loss', 'clash', 'easing', 'patience', 'cost_1')
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from deterrence.models.base import Claim, Count, Decision, Settings, StochasticModel, Term
from deterrence.parameters import Parameter
from deterrence.stochastic import Stage, StochasticGame

__all__ = ["MODEL", "stochastic"]

ESCALATE: Final = "escalate"
HOLD: Final = "hold"
_SIDES: Final = ("A", "B")


def stochastic(options: Mapping[str, Any], values: Mapping[str, Any]) -> StochasticGame:
    """The game in numbers, or in expressions in its parameters."""
    top = options["rungs"]
    return StochasticGame(
        players=_SIDES,
        states=tuple(f"rung {k}" for k in range(top + 1)),
        stages=tuple(_stage(k, top, values) for k in range(top + 1)),
        ends=(),
        patience=(values["patience"], values["patience"]),
        start=0,
        peak=top,
        feared="the highest rung",
    )


def _stage(rung: int, top: int, values: Mapping[str, Any]) -> Stage:
    actions = (ESCALATE, HOLD)
    cost = values[f"cost_{rung}"] if rung else values["gain"] * 0
    own = {
        (ESCALATE, ESCALATE): -values["clash"] - cost, (ESCALATE, HOLD): values["gain"] - cost,
        (HOLD, ESCALATE): -values["loss"] - cost, (HOLD, HOLD): -cost,
    }
    first = tuple(tuple(own[a, b] for b in actions) for a in actions)
    second = tuple(tuple(own[b, a] for b in actions) for a in actions)
    up = {min(rung + 1, top): Fraction(1)}
    quiet = {rung - 1: values["easing"], rung: 1 - values["easing"]} if rung else {0: Fraction(1)}
    quiet = {t: p for t, p in quiet.items() if p != 0}
    return Stage((actions, actions), (first, second), ((up, up), (up, quiet)))


def _costs(settings: Settings) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(f"cost_{k}", "", f"What rung {k} costs either side in a period.", "utility")
        for k in range(1, settings["rungs"] + 1)
    )


def _decisions(settings: Settings) -> tuple[Decision, ...]:
    return tuple(
        Decision(f"{side} at rung {k}", side, (ESCALATE, HOLD), f"{side} sees that the crisis is on rung {k}")
        for k in range(settings["rungs"] + 1)
        for side in _SIDES
    )


def _terms() -> tuple[Term, ...]:
    told = (
        ("cost", "-cost_k", "in every period on rung k above 0", "tension costs both sides the same"),
        ("gain", "gain", "{own} escalates alone", "initiative"),
        ("loss", "-loss", "{other} escalates alone", "what is lost to the other's step"),
        ("clash", "-clash", "both escalate", "a clash"),
    )
    return tuple(
        Term(f"{name} ({own})", own, amount, (), occasion.format(own=own, other=other), reason)
        for name, amount, occasion, reason in told
        for own, other in (_SIDES, _SIDES[::-1])
    )


_ONE: Final = {"rungs": 1}
_HOLD: Final = "gain*(1 - patience*(1 - easing)) <= patience*easing*cost_1"
_CALM: Final = "gain*(1 - patience*(1 - easing)) <= patience*cost_1"

_CLAIMS: Final = (
    Claim(
        "To hold on both rungs is an equilibrium exactly where the gain is at most delta*rho*c_1/(1 - delta*(1 - rho)) "
        "and at most delta*c_1/(1 - delta*(1 - rho)).",
        "holds", "proved on the atlas of pure equilibria, one rung above the calm",
        statement=f'exists("both: hold everywhere") iff {_HOLD} and {_CALM}', options=_ONE,
    ),
    Claim(
        "To escalate everywhere is an equilibrium exactly where a clash costs no more than to be the victim, however "
        "patient the sides are and whatever a step brings.",
        "holds", "proved on the atlas of pure equilibria, two rungs above the calm",
        statement='exists("both: escalate everywhere") iff clash <= loss', options={"rungs": 2},
    ),
    Claim(
        "The fear of a spiral keeps the peace exactly where a clash costs no more than to be the victim and the "
        "gain is at most delta*(m + c_1)/(1 - delta).",
        "holds", "proved on the atlas of pure equilibria, one rung above the calm",
        statement=(
            'exists("both: hold on 0, escalate on 1") iff clash <= loss and '
            "gain*(1 - patience) <= patience*(clash + cost_1)"
        ),
        options=_ONE,
    ),
    Claim(
        "Where escalating everywhere is an equilibrium and a clash costs something, the fear of a spiral keeps the "
        "peace wherever holding everywhere does.",
        "holds", "proved on the atlas of pure equilibria, one rung above the calm",
        statement=(
            'clash <= loss and clash >= 0 and cost_1 >= 0 and exists("both: hold everywhere") implies '
            'exists("both: hold on 0, escalate on 1")'
        ),
        options=_ONE,
    ),
    Claim(
        "An easier way down makes it harder to hold everywhere.",
        "fails", "refuted on the atlas of pure equilibria, one rung above the calm: the bound that binds is that of "
        "rung 1",
        statement=(
            'exists("both: hold everywhere") implies easing <= 1/2 or gain <= patience*cost_1/2'
        ),
        options=_ONE,
        when="the bound on rung 0 falls with easing, that on rung 1, which binds, rises with it",
    ),
)

MODEL: Final = StochasticModel(
    name="escalation_ladder",
    title="A ladder of holding and escalating with {rungs} rungs above the calm",
    question=(
        "Does an easier way down make the first step up more likely, and can the fear of a spiral keep the peace?"
    ),
    summary=(
        "Two sides hold or escalate in every period. Any escalation takes the crisis a rung up, mutual holding lets it "
        "come down with some probability. Rungs cost both; who escalates alone gains at the other's expense, and a "
        "clash costs both. There is no war, so that everything can be left again."
    ),
    players=_SIDES,
    play=(
        "In every period both sides see the rung and at the same time hold or escalate.",
        "If anybody escalates the crisis goes a rung up, on the highest rung it stays; if both hold it goes a rung "
        "down with probability `easing`, and else stays.",
    ),
    drawing="""\
            somebody escalates
          +---->---+---->---+---->---+  +--<--+
          |        |        |        |  |     |
       rung 0   rung 1     ...     rung K ----+
       (calm)      |        |        |
          +----<---+----<---+----<---+
            both hold (easing)
""",
    parameters=(
        Parameter("gain", "", "What escalating alone brings (negative: it costs).", "utility"),
        Parameter("loss", "", "What it costs that the other side escalates alone.", "utility"),
        Parameter("clash", "", "What it costs either side if both escalate.", "utility"),
        Parameter("easing", "0 <= easing <= 1", "Probability that a crisis in which both hold goes down a rung.",
                  "probability"),
        Parameter("patience", "0 < patience < 1", "Weight of the next period against the present one.",
                  "discount factor"),
    ),
    indexed=_costs,
    assume={},
    options={"rungs": Count("how many rungs there are above the calm", 2, 1, 12)},
    events={
        "deterrence_failure": "in the first period somebody escalates",
        "spiral": "the highest rung is ever reached",
    },
    literature=("shapley1953", "fink1964", "maskin_tirole2001", "powell1990"),
    departures=(
        "A minimal game of the package's own: the same stakes on both sides, no private information, and no war, so "
        "that the highest rung can be left again."
    ),
    findings=(
        "Many equilibria exist at the same stakes: with two rungs above the calm as many as all eight symmetric pure "
        "profiles.",
        "Whether escalating everywhere is an equilibrium depends on the clash and on the victim's loss alone.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    decisions=_decisions,
    terms=_terms(),
    concept="markov perfect",
    method="supports",
    approach=(
        "Up to five rungs above the calm every pattern of supports is searched and solved exactly, so that every "
        "Markov "
        "perfect equilibrium is found; on longer ladders some are, each proved. The atlas has the equilibria in pure "
        "strategies in closed form, all of them."
    ),
    stochastic=stochastic,
    edges={"easing": (Fraction(0), Fraction(1))},
)
