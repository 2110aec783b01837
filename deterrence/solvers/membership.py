r"""A connected set of Nash equilibria in terms of behaviour: which quantities vary, and the set they fill.

A maximal Nash subset is a product of two convex hulls of realization plans, hence of systems of linear equations and
inequalities between probabilities of sequences (`vertices.hull`). The probability of a sequence is the product of the
probabilities of the player's actions on the way to it, so each becomes a condition on these; it is a polynomial one
only where a player moves again after a move that varies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from ..equilibrium import Free
from ..errors import LimitError
from ..expressions import Condition, Expression, Ring
from ..smt import implies
from .entries import condition_text
from .merging import equated
from .naming import quantity_letters
from .sequences import Component, Plan, Plans, SequenceForm
from .vertices import hull

__all__ = ["describe"]

MAX_CONDITIONS = 60
HULL_LIMIT = 300_000
IMPLY_LIMIT = 100_000


def describe(form: SequenceForm, component: Component) -> tuple[Free, str]:
    """The free quantities of a connected set, and a sentence where the set they fill is not described (else empty)."""
    sides = [_Side(plans, _plans(component, k)) for k, plans in enumerate(form.sides)]
    slots = [(k, i, a) for k, side in enumerate(sides) for i in side.varying for a in side.actions(i)]
    if not slots:
        return Free(), ""
    letters = dict(zip(slots, quantity_letters(len(slots)), strict=True))
    ring = Ring(list(letters.values()))
    described = {}
    for (k, i, action), name in letters.items():
        described[name] = f"{action} at {sides[k].plans.infosets[i].name}"
    probabilities = [
        side.probabilities(ring, {(i, a): name for (j, i, a), name in letters.items() if j == k})
        for k, side in enumerate(sides)
    ]
    bounds = [c for side, names in zip(sides, probabilities, strict=True) for c in side.bounds(names)]
    pieces: dict[tuple[str, ...], None] = {}
    try:
        for subset in component.subsets:
            conditions = [
                c for side, names, plans in zip(sides, probabilities, subset, strict=True)
                for c in side.conditions(names, plans)
            ]
            pieces[_texts(ring, bounds, conditions)] = None
    except LimitError:
        return Free(described), "A set of equilibria has too many faces to be written down; one member is shown."
    return Free(described, tuple(pieces)), ""


def _plans(component: Component, k: int) -> list[Plan]:
    return list(dict.fromkeys(plan for subset in component.subsets for plan in subset[k]))


class _Side:
    """One player's part of a connected set."""

    def __init__(self, plans: Plans, members: Sequence[Plan]) -> None:
        self.plans = plans
        self.members = members
        self.varying = [i for i in range(len(plans.infosets)) if self._varies(i)]

    def actions(self, i: int) -> tuple[str, ...]:
        """The actions of an information set but the last, whose probability follows."""
        return self.plans.infosets[i].actions[:-1]

    def _mixture(self, i: int, plan: Plan) -> tuple[Fraction, ...] | None:
        infoset, above = self.plans.infosets[i], plan[self.plans.parent[i]]
        return tuple(plan[self.plans.number[infoset.name, a]] / above for a in infoset.actions) if above else None

    def _varies(self, i: int) -> bool:
        if len(self.plans.infosets[i].actions) == 1:
            return False
        mixtures = {self._mixture(i, plan) for plan in self.members}
        return len(mixtures) > 1 or None in mixtures

    def probabilities(self, ring: Ring, names: dict[tuple[int, str], str]) -> dict[tuple[int, str], Expression]:
        """The probability of every action, in the quantities."""
        result = {}
        for i, infoset in enumerate(self.plans.infosets):
            if i in self.varying:
                row = [ring.symbol(names[i, a]) for a in self.actions(i)]
                row.append(ring.number(1) - sum(row, ring.number(0)))
            else:
                fixed = self._mixture(i, self.members[0])
                row = [ring.number(p) for p in fixed or [Fraction(1)]]
            result.update({(i, a): p for a, p in zip(infoset.actions, row, strict=True)})
        return result

    def bounds(self, probabilities: dict[tuple[int, str], Expression]) -> list[Condition]:
        """That the quantities are probabilities."""
        result = []
        for i in self.varying:
            infoset = self.plans.infosets[i]
            result += [Condition(p.ring, p.num, ">=") for a in infoset.actions for p in [probabilities[i, a]]]
        return result

    def conditions(
        self, probabilities: dict[tuple[int, str], Expression], members: Sequence[Plan]
    ) -> list[Condition]:
        """That the plan lies in the convex hull of some plans."""
        ring = next(iter(probabilities.values())).ring if probabilities else None
        coordinates = self.plans.coordinates
        if ring is None or not coordinates:
            return []
        values = []
        for n in coordinates:
            value = ring.number(1)
            sequence = n
            while sequence:
                i, action = self.plans.sequences[sequence]
                value = value * probabilities[i, action]
                sequence = self.plans.parent[i]
            values.append(value)
        found = hull([tuple(plan[n] for n in coordinates) for plan in members], HULL_LIMIT)
        result = []
        for op, rows in (("==", found.equations), (">=", found.inequalities)):
            for row in rows:
                total = ring.number(row[0])
                for factor, value in zip(row[1:], values, strict=True):
                    if factor:
                        total = total + value * factor
                condition = Condition(ring, total.num, op)
                if condition.truth is not True:
                    result.append(condition)
        return result


def _texts(ring: Ring, bounds: Iterable[Condition], conditions: Iterable[Condition]) -> tuple[str, ...]:
    """Conditions that say no more than is needed, as text: those on the first quantities first, lower bounds first."""
    given = equated(conditions)
    equations = [c for c in given if c.op == "=="]
    curved = [c for c in given if c.op != "==" and c.poly.total_degree() > 1]
    kept = list(dict.fromkeys((*curved, *bounds, *(c for c in given if c.op != "==" and c not in curved))))
    if len(kept) + len(equations) > MAX_CONDITIONS:
        raise LimitError(f"more than {MAX_CONDITIONS} conditions")
    for condition in list(kept):
        others = [*equations, *(c for c in kept if c is not condition)]
        if implies(others, condition, IMPLY_LIMIT):
            kept.remove(condition)

    def order(condition: Condition) -> tuple[int, bool]:
        last = max((n for n, name in enumerate(ring.names) if name in condition.free), default=0)
        return last, condition.op != "==" and condition.poly.leading_coefficient() < 0

    return tuple(condition_text(c, ring.names) for c in sorted([*equations, *kept], key=order))
