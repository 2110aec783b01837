r"""The families of equilibria of `reputation` in closed form.

With :math:`b = g/(g+h)` and patience :math:`K`, a family stands for each :math:`i` with :math:`b^{i+1} < p_0 < b^i`
(the last one for all :math:`p_0` below :math:`b^{\lceil T/K \rceil}`), and on the knife edges for each :math:`i` with
:math:`p_0 = b^{i+1}`, where one group may attack with any probability. The strategies are those of
`deterrence.solvers.reputation`, in symbols.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any, Final

from ..atlas import Atlas, Coverage, EquilibriumFamily
from ..checks.reputation import Stakes
from ..direct import DirectGame
from ..errors import NotSupportedError
from ..expressions import Condition, Expression, Ring
from ..provenance import provenance
from .reputation import FREE, Plan

__all__ = ["families"]

MOST: Final = 8
"""How many periods formulas are written for."""
NOTE: Final = (
    "complete apart from what is not written out: where one quiet period does not pay for an answer and a run of them "
    "does, indifferent groups may share out the risk in infinitely many ways, of which one is shown; where a number of "
    "quiet periods pays for it exactly there are further equilibria"
)

Conjunction = tuple[Condition, ...]


def families(game: DirectGame, told: Mapping[str, Any]) -> Atlas:
    """The atlas.

    Raises
    ------
    NotSupportedError
        with more periods than formulas are written for.
    """
    periods = game.options["periods"]
    if periods > MOST:
        raise NotSupportedError(
            f"closed forms are written for up to {MOST} periods; with {periods} the equilibrium is found as numbers: "
            "solve, sweep"
        )
    found: list[EquilibriumFamily] = []
    complete = True
    for patience in range(1, periods + 1):
        where = _pays(game, patience)
        if where is None:
            continue
        # Whether it pays, and does so strictly, must be certain for the claim that there is nothing else.
        complete &= not where and (patience == 1 or periods == 1)
        found += _with_patience(game, patience, where)
    ordered = sorted(found, key=lambda family: not family.generic)
    notes = ["sequential equilibria in which whoever sees the US give way holds it for weak ever after"]
    return Atlas(
        game, tuple(replace(family, id=f"F{n}") for n, family in enumerate(ordered, 1)), complete, Coverage("proved"),
        game.concept, (*notes, *([] if complete else [NOTE])), told, provenance("python-flint"),
    )


def _stakes(game: DirectGame, ring: Ring) -> Stakes:
    """The parameters, as symbols where they have no number."""
    return Stakes(**{
        field.name: ring.symbol(field.name) if field.name in game.space.names else ring.number(game.fixed[field.name])
        for field in fields(Stakes)
    })


def _pays(game: DirectGame, patience: int) -> Conjunction | None:
    """That it takes so many quiet periods to pay for an answer; None where it cannot, empty where it is certain."""
    stakes, periods = _stakes(game, game.space.ring), game.options["periods"]
    quiet = [game.space.ring.number(0)]
    for i in range(patience):
        quiet.append(quiet[-1] + stakes.loss * stakes.discount ** (i + 1))
    asked = [] if patience == 1 else [Condition.compare(quiet[-2], "<", stakes.answer_cost)]
    asked += [] if patience == periods else [Condition.compare(quiet[-1], ">=", stakes.answer_cost)]
    if any(condition.truth is False for condition in asked):
        return None
    tied = quiet[-1] == stakes.answer_cost and patience < periods
    return tuple(c for c in asked if c.truth is None or tied)


def _with_patience(game: DirectGame, patience: int, where: Conjunction) -> Iterator[EquilibriumFamily]:
    periods = game.options["periods"]
    levels = -(-periods // patience)
    for level in range(levels + 1):
        plan = Plan(_stakes(game, game.space.ring), periods, patience, level)
        yield from _family(game, plan, where, levels, generic=True)
    wide = Ring((*game.space.names, FREE))
    for level in range(levels):
        plan = Plan(_stakes(game, wide), periods, patience, level, edged=True, free=wide.symbol(FREE))
        yield from _family(game, plan, where, levels, generic=False)


def _family(
    game: DirectGame, plan: Plan, where: Conjunction, levels: int, generic: bool
) -> Iterator[EquilibriumFamily]:
    """A family, unless it exists nowhere."""
    stakes = _stakes(game, game.space.ring)
    whole, zero = stakes.gain + stakes.harm, game.space.ring.number(0)

    def below(level: int) -> Expression:
        """Positive where the toughness lies below a level of belief."""
        difference: Expression = stakes.gain**level - stakes.toughness * whole**level
        return difference

    asked = [] if plan.level == 0 else [Condition.compare(below(plan.level), ">", zero)]
    if plan.edged:
        asked = [Condition.compare(below(plan.level + 1), "==", zero)]
    elif plan.level < levels:
        asked.append(Condition.compare(below(plan.level + 1), "<", zero))
    part = tuple(c for c in (*asked, *where) if c.truth is not True)
    if any(condition.truth is False for condition in part):
        return
    ring = plan.stakes.toughness.ring
    bounds = [Condition.compare(ring.parse(text), ">=", ring.number(0)) for text in (FREE, f"1 - {FREE}")] if (
        plan.edged) else []
    strategy = _written(ring, plan.strategy)
    group = plan.periods - plan.edge + 1
    yield EquilibriumFamily(
        id="", label=plan.label, supports={
            name: tuple(action for action, value in row.items() if not value.is_zero) for name, row in strategy.items()
        },
        strategy=strategy, beliefs=_written(ring, plan.beliefs),
        quantities={FREE: f"attack at group {group}, nothing learned"} if plan.edged else {},
        pieces=((*(c.over(ring) for c in part), *bounds),), region=(part,), generic=generic, outcomes={},
        events={name: _lifted(ring, value) for name, value in plan.events.items()},
        payoffs={name: _lifted(ring, value) for name, value in plan.payoffs.items()},
    )


def _lifted(ring: Ring, value: Any) -> Expression:
    return value if isinstance(value, Expression) else ring.number(Fraction(value))


def _written(ring: Ring, rows: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Expression]]:
    return {name: {key: _lifted(ring, value) for key, value in row.items()} for name, row in rows.items()}
