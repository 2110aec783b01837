r"""The pure equilibria of a stochastic game in closed form, each with its region.

Of a pure profile the values are :math:`V_i = (I - \delta_i P)^{-1} (r_i + \delta_i P_w w_i)`, rational functions of the
parameters, and the profile is an equilibrium exactly where no other action does better once:

.. math:: V_i(s) \ge r_i(s, c) + \delta_i \sum_t p(t \mid s, c)\, V_i(t) \text{ for every state, player and action } c.

The determinant of :math:`I - \delta_i P` is positive, so that a denominator has one sign over all admissible points,
and each condition is the sign of a polynomial; its factors of one sign are left out. The probability of ever reaching
the peak is a rational function too as long as no probability of a move vanishes: where one may, at the edges that a
model names (`StochasticModel.edges`), and the formula does not go on to hold there, a family is split.

>>> game = models.get("escalation_ladder").build({"rungs": 1})
>>> atlas = pure_atlas(game, {})
>>> atlas["both: escalate everywhere"].region
((loss - clash >= 0,),)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from random import Random
from typing import TYPE_CHECKING, Any, Final

from .. import models
from ..algebraic import sign
from ..atlas import Atlas, Coverage, EquilibriumFamily
from ..direct import DirectGame
from ..errors import LimitError
from ..expressions import Condition, Expression, Ring
from ..provenance import provenance
from ..smt import decide, implies
from ..stochastic import StochasticGame
from .chains import solved
from .outlook import label, numbers

if TYPE_CHECKING:
    from ..models.base import StochasticModel

__all__ = ["PROFILES", "pure_atlas"]

PROFILES: Final = 2_000
"""Games of more pure profiles than this have no atlas."""
TRIED: Final = 400
LIMIT: Final = 2_000_000
PURE: Final = (
    "The families are the Markov perfect equilibria in pure strategies: of these there is no other. Equilibria in "
    "which somebody mixes are not among them; at a point `solve` finds those too."
)

Plans = tuple[tuple[int, ...], tuple[int, ...]]


def pure_atlas(game: DirectGame, told: Mapping[str, Any]) -> Atlas:
    """The atlas of the pure equilibria.

    Raises
    ------
    LimitError
        where there are more than `PROFILES` pure profiles.
    """
    model: StochasticModel = models.get(game.name)  # type: ignore[assignment]
    ring = game.space.ring
    values = {name: ring.number(value) for name, value in game.fixed.items()}
    values.update({name: ring.symbol(name) for name in game.space.names})
    stochastic = model.stochastic(game.options, values)
    count = 1
    for stage in stochastic.stages:
        count *= len(stage.actions[0]) * len(stage.actions[1])
    if count > PROFILES:
        raise LimitError(
            f"there are {count} pure profiles, more than the {PROFILES} of which families are looked for; "
            "`deterrence solve` works at a point, or take fewer rungs"
        )
    search = _Search(game, model, stochastic)
    generic: list[_Family] = []
    edges: list[_Family] = []
    for plans in _plans(stochastic):
        for found in search.families(plans):
            (generic if found.generic else edges).append(found)
    families = tuple(family.named(n) for n, family in enumerate([*generic, *edges], 1))
    return Atlas(
        game, families, True, search.coverage(families), f"pure {game.concept}", (PURE, *search.notes), told,
        provenance("python-flint", "z3-solver"),
    )


def _plans(game: StochasticGame) -> Iterator[Plans]:
    """Every pure profile."""
    sides = [[range(len(stage.actions[i])) for stage in game.stages] for i in (0, 1)]
    # The second actions first: to hold everywhere is what a reader looks for first.
    order = [[sorted(actions, key=lambda a: (a != 1, a)) for actions in side] for side in sides]
    for first in product(*order[0]):
        for second in product(*order[1]):
            yield tuple(first), tuple(second)


@dataclass(frozen=True)
class _Family:
    """One pure profile on one part of its region."""

    plans: Plans
    game: StochasticGame
    region: tuple[Condition, ...]
    generic: bool
    payoffs: Mapping[str, Expression]
    events: Mapping[str, Expression]

    def named(self, number: int) -> EquilibriumFamily:
        ring = next(iter(self.payoffs.values())).ring
        mixtures = _mixtures(self.game, self.plans)
        strategy = {
            self.game.decision(i, s): {
                action: ring.number(mixtures[i][s][a]) for a, action in enumerate(stage.actions[i])
            }
            for s, stage in enumerate(self.game.stages)
            for i in (0, 1)
        }
        supports = {name: tuple(a for a, p in row.items() if p == 1) for name, row in strategy.items()}
        return EquilibriumFamily(
            id=f"F{number}", label=label(self.game, *mixtures), supports=supports, strategy=strategy, beliefs={},
            quantities={}, pieces=(self.region,), region=(self.region,), generic=self.generic, outcomes={},
            events=self.events, payoffs=self.payoffs,
        )


def _mixtures(game: StochasticGame, plans: Plans) -> list[list[list[Fraction]]]:
    return [
        [[Fraction(int(a == plan[s])) for a in range(len(stage.actions[i]))] for s, stage in enumerate(game.stages)]
        for i, plan in enumerate(plans)
    ]


class _Search:
    """The regions of pure profiles over one parameter space."""

    def __init__(self, game: DirectGame, model: StochasticModel, stochastic: StochasticGame) -> None:
        self.game, self.model, self.stochastic = game, model, stochastic
        self.ring: Ring = game.space.ring
        self.domain = game.space.conditions
        self.notes: tuple[str, ...] = ()
        self._signs: dict[str, int] = {}

    @cached_property
    def points(self) -> list[dict[str, Fraction]]:
        """Admissible points, drawn with small denominators; the first one is any."""
        first = decide([c] for c in self.domain).point or {}
        base = {name: first.get(name, Fraction(0)) for name in self.ring.names}
        draw = Random(0)  # noqa: S311 - the same trial points every time
        drawn = (
            {name: Fraction(draw.randint(-8, 24), draw.choice((1, 3, 8, 25))) for name in self.ring.names}
            for _ in range(TRIED * 20)
        )
        inside = [point for point in map(self._pushed, drawn) if all(c.holds(point) for c in self.domain)]
        return [point for point in [base] if all(c.holds(point) for c in self.domain)] + inside[:TRIED]

    def _pushed(self, point: dict[str, Fraction]) -> dict[str, Fraction]:
        """A point with each value that breaks a condition of its own put between 0 and 1."""
        for condition in self.domain:
            names = condition.free
            if len(names) == 1 and not condition.holds(point):
                (name,) = names
                point = {**point, name: abs(point[name]) % 1}
        return point

    def families(self, plans: Plans) -> Iterator[_Family]:
        """The families of one pure profile."""
        values = [self._values(i, plans) for i in (0, 1)]
        region = self._region(plans, values)
        if region is None:
            return
        payoffs = {player: values[i][self.stochastic.start] for i, player in enumerate(self.stochastic.players)}
        for fixed, conditions, events in self._parts(plans, {}, list(self.model.edges.items())):
            whole = (*region, *conditions)
            status = self._exists(whole)
            if status:
                put = {name: value.at(fixed) if fixed else value for name, value in payoffs.items()}
                yield _Family(plans, self.stochastic, self._shortened(whole), status == "generic", put, events)

    def _values(self, player: int, plans: Plans) -> list[Expression]:
        """The values of a profile to a player."""
        game, delta = self.stochastic, self.stochastic.patience[player]
        rows, flows = [], []
        for s, stage in enumerate(game.stages):
            flow, row = stage.rewards[player][plans[0][s]][plans[1][s]], {}
            for t, chance in stage.moves[plans[0][s]][plans[1][s]].items():
                if t < game.size:
                    row[t] = delta * chance
                else:
                    flow = flow + delta * chance * game.ends[t - game.size][player]
            rows.append(row)
            flows.append(flow)
        return [value if isinstance(value, Expression) else self.ring.number(value) for value in solved(rows, flows)]

    def _region(self, plans: Plans, values: Sequence[Sequence[Expression]]) -> tuple[Condition, ...] | None:
        """Where no deviation gains; None where one always does."""
        game, found = self.stochastic, []
        for s, stage in enumerate(game.stages):
            for i in (0, 1):
                for c in range(len(stage.actions[i])):
                    if c == plans[i][s]:
                        continue
                    pair = (c, plans[1][s]) if i == 0 else (plans[0][s], c)
                    worth = stage.rewards[i][pair[0]][pair[1]]
                    for t, chance in stage.moves[pair[0]][pair[1]].items():
                        later = values[i][t] if t < game.size else game.ends[t - game.size][i]
                        worth = worth + game.patience[i] * chance * later
                    condition = self._condition(values[i][s] - worth)
                    if condition.truth is False:
                        return None
                    if condition.truth is None:
                        found.append(condition)
        return tuple(dict.fromkeys(found))

    def _condition(self, value: Expression) -> Condition:
        """That a rational function without poles is not negative; factors of one sign are left out."""
        point = self.points[0]
        below = sign(Expression(self.ring, value.den).evaluate(point)) if not value.den.is_constant() else 1
        poly = value.num * below
        if poly.is_constant():
            return Condition(self.ring, poly, ">=")
        content, factors = poly.factor()
        kept = self.ring.context.constant(1 if content > 0 else -1)
        for factor, power in factors:
            known = self._sign(factor)
            if known:
                kept = kept * known**power
            elif power % 2:
                kept = kept * factor
            else:
                return Condition(self.ring, poly, ">=")
        return Condition(self.ring, kept, ">=")

    def _sign(self, poly: Any) -> int:
        """1 or -1 where a polynomial has that sign at every admissible point, else 0."""
        key = str(poly)
        if key not in self._signs:
            found = 0
            for want in (1, -1):
                against = Condition(self.ring, poly * -want, ">=")
                if not any(against.holds(point) for point in self.points[:40]):
                    linked = [c for c in self.domain if c.free & against.free]
                    if decide([[c] for c in (*linked, against)], LIMIT).status == "unsat":
                        found = want
            self._signs[key] = found
        return self._signs[key]

    def _parts(
        self, plans: Plans, fixed: dict[str, Fraction], edges: Sequence[tuple[str, Sequence[Fraction]]]
    ) -> Iterator[tuple[dict[str, Fraction], tuple[Condition, ...], dict[str, Expression]]]:
        """The events of a profile, apart for the edges at which their formulas do not go on to hold."""
        events = self._events(plans, fixed)
        for n, (name, places) in enumerate(edges):
            if name not in self.ring.index:
                continue
            strange = [p for p in places if self._admissible(name, p) and self._breaks(plans, fixed, name, p, events)]
            if strange:
                symbol = self.ring.symbol(name)
                apart = [Condition.compare(symbol, "!=", self.ring.number(p)) for p in strange]
                for part in self._parts(plans, fixed, edges[n + 1 :]):
                    yield part[0], (*apart, *part[1]), part[2]
                for place in strange:
                    on = Condition.compare(symbol, "==", self.ring.number(place))
                    for part in self._parts(plans, {**fixed, name: place}, edges[n + 1 :]):
                        yield part[0], (on, *part[1]), part[2]
                return
        yield fixed, (), events

    def _admissible(self, name: str, place: Fraction) -> bool:
        conditions = [c for c in self.domain if c.free == {name}]
        return all(c.holds({name: place}) for c in conditions)

    def _breaks(
        self, plans: Plans, fixed: Mapping[str, Fraction], name: str, place: Fraction,
        events: Mapping[str, Expression],
    ) -> bool:
        """Whether what holds near an edge does not hold on it."""
        there = self._events(plans, {**fixed, name: place})
        for event, value in events.items():
            if Expression(self.ring, value.den).at({name: place}).is_zero or value.at({name: place}) != there[event]:
                return True
        return False

    def _events(self, plans: Plans, fixed: Mapping[str, Fraction]) -> dict[str, Expression]:
        """The probabilities of the events, with some parameters at numbers."""
        values = {name: self.ring.number(value) for name, value in {**self.game.fixed, **fixed}.items()}
        values.update({name: self.ring.symbol(name) for name in self.ring.names if name not in fixed})
        game = self.model.stochastic(self.game.options, values)
        mixtures = _mixtures(game, plans)
        found = numbers(game, mixtures[0], mixtures[1])[0]
        return {
            event: value if isinstance(value, Expression) else self.ring.number(value)
            for event, value in ((event, found[event]) for event in self.game.events)
        }

    def _exists(self, region: Sequence[Condition]) -> str:
        """Whether a region has interior (``"generic"``), points (``"edge"``), or none (empty)."""
        equations = any(c.op == "==" for c in region)
        strict = [Condition(c.ring, c.poly, ">") if c.op == ">=" else c for c in region]
        if not equations:
            if any(all(c.holds(point) for c in (*strict, *self._inner)) for point in self.points):
                return "generic"
            status = decide([[c] for c in (*self._inner, *strict)], LIMIT).status
            if status == "sat":
                return "generic"
            if status == "unknown":
                self.notes = ("Of some families it was not decided whether any values bring them about.",)
                return "generic"
        status = decide([[c] for c in (*self.domain, *region)], LIMIT).status
        if status == "unknown":
            self.notes = ("Of some families it was not decided whether any values bring them about.",)
        return "" if status == "unsat" else "edge"

    def coverage(self, families: Sequence[EquilibriumFamily]) -> Coverage:
        """A point without a pure equilibrium, if one is found."""
        for point in self.points:
            if not any(family.holds(point) for family in families):
                return Coverage("hole", point)
        return Coverage("undecided")

    @cached_property
    def _inner(self) -> list[Condition]:
        return [Condition(c.ring, c.poly, ">") if c.op == ">=" else c for c in self.domain]

    def _shortened(self, region: Sequence[Condition]) -> tuple[Condition, ...]:
        """A region without the conditions that follow from the others, where that is quickly seen."""
        kept = list(region)
        for condition in reversed(region):
            others = [c for c in kept if c is not condition]
            linked = [c for c in (*self.domain, *others) if c.free & condition.free]
            if any(all(c.holds(p) for c in others) and not condition.holds(p) for p in self.points):
                continue
            if implies(linked, condition, LIMIT // 10):
                kept = others
        return tuple(kept)


