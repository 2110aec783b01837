r"""Exact decision of clauses, with a rational witness wherever there is one to find.

A query is a conjunction of conditions (*units*) and of disjunctions of conditions (*clauses*). Only conjunctions go to
the decision procedure: where its model breaks a clause, the search branches over what the clause offers, each branch
with the earlier offers denied. So every answer ``"unsat"`` rests on conjunctions that have no real solution.

A model may be irrational. Then equations are solved for a variable that occurs linearly, the rest is decided again
with its inequalities strict, and at last values are fixed to simple fractions one by one; each witness is checked
exactly against every unit and clause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from ..expressions import Condition, Expression
from ..smt import decide

__all__ = ["MAX_NODES", "Answer", "rational_point", "search"]

MAX_NODES: Final = 4_000
_SIMPLE: Final = tuple(
    sorted(
        {Fraction(sign * top, below) for top in range(11) for below in (1, 2, 3, 4, 5, 10) for sign in (1, -1)},
        key=lambda value: (value.denominator * 3 + abs(value.numerator) + (value <= 0) * 4, value),
    )
)

Point = Mapping[str, Fraction]


Clause = tuple[Condition, ...]


@dataclass
class Denial:
    """Clauses that are worked out only where a point might break them.

    Attributes
    ----------
    needed : conditions without which nothing is denied: where one of them fails, the clauses hold.
    make : what is denied, as a conjunction that no values of local names may meet, and the clauses that say so without
        these names; None for the clauses where the names could not be eliminated.
    """

    needed: tuple[Condition, ...]
    make: Callable[[], tuple[Sequence[Condition], Sequence[Clause] | None]]

    @property
    def made(self) -> bool:
        """Whether the clauses were worked out."""
        return "_result" in self.__dict__

    @cached_property
    def _result(self) -> tuple[Sequence[Condition], tuple[Clause, ...] | None]:
        denied, clauses = self.make()
        return denied, None if clauses is None else _open(clauses)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses that say something; none where the names could not be eliminated."""
        return self._result[1] or ()

    @property
    def partial(self) -> bool:
        """Whether the names could not be eliminated, so that the clauses do not say everything."""
        return self._result[1] is None

    def broken(self, point: Point, limit: int) -> bool:
        """Whether it is broken at a point, or that was not decided."""
        if self.partial:
            return decide([[c.at(point)] for c in self._result[0]], limit).status != "unsat"
        return _broken(self.clauses, point) is not None


@dataclass
class Answer:
    """The answer to one query.

    Attributes
    ----------
    status : ``"unsat"``; ``"sat"`` with a rational point; ``"irrational"`` where a real point exists but no rational
        one was found; ``"partial"`` where what a denial says could not be put in full; ``"unknown"`` where a limit was
        reached.
    point : a value for every name that occurs.
    nodes, undecided : conjunctions tried, and those of them on which the limit was reached.
    """

    status: str
    point: dict[str, Fraction] | None = None
    nodes: int = 0
    undecided: int = 0


@dataclass
class _Node:
    """A conjunction that is left to decide, the clauses that it must meet, and the denials that joined them."""

    units: tuple[Condition, ...]
    clauses: tuple[Clause, ...]
    joined: frozenset[int] = frozenset()


def search(
    units: Sequence[Condition],
    clauses: Sequence[Sequence[Condition]],
    limit: int,
    patience: int = 30,
    denials: Sequence[Denial] = (),
    names: Sequence[str] = (),
) -> Answer:
    """Whether values exist at which every unit holds and every clause, those of denials too, has one that holds.

    `limit` counts resource units of one conjunction; after `patience` conjunctions that reached it the search ends.
    `names` are those that denials may speak of; a point gives each a value.
    """
    answer = Answer("unsat")
    stack = [_Node(_distinct(units), _open(clauses))]
    doubt = ""
    while stack:
        node = stack.pop()
        if any(condition.truth is False for condition in node.units):
            continue
        if answer.nodes >= MAX_NODES or answer.undecided >= patience:
            doubt = "unknown"
            break
        answer.nodes += 1
        verdict = decide([[condition] for condition in node.units], limit)
        if verdict.status == "unsat":
            continue
        if verdict.status == "unknown":
            doubt = "unknown"
            answer.undecided += 1
            continue
        point = _everywhere(verdict.point, node, names)
        broken = None if point is None and not node.clauses else _broken(node.clauses, point)
        if broken is None and point is None:
            point = _everywhere(rational_point(node.units, limit), node, names)
        if broken is None:
            i = _joining(denials, node, point, limit)
            if i is not None and denials[i].partial and point is not None:
                doubt = "partial"
            elif i is not None:
                stack.append(_Node(node.units, (*node.clauses, *denials[i].clauses), node.joined | {i}))
            elif point is None:
                doubt = doubt or "irrational"
            elif all(unit.holds(point) for unit in node.units):
                answer.status, answer.point = "sat", _simpler(node, denials, point, limit)
                return answer
            else:
                doubt = "unknown"
            continue
        stack.extend(reversed(_branches(node, broken)))
    answer.status = doubt or "unsat"
    return answer


def _open(clauses: Iterable[Sequence[Condition]]) -> tuple[Clause, ...]:
    """The clauses that numbers alone do not decide, without the conditions that never hold."""
    left = []
    for clause in clauses:
        truths = [condition.truth for condition in clause]
        if True not in truths:
            left.append(tuple(c for c, truth in zip(clause, truths, strict=True) if truth is None))
    return tuple(left)


def _everywhere(found: Point | None, node: _Node, names: Sequence[str]) -> dict[str, Fraction] | None:
    """A point with 0 for every name that the units leave open."""
    if found is None:
        return None
    occurring = {name for clause in node.clauses for condition in clause for name in condition.free}
    return {**dict.fromkeys(sorted({*occurring, *names}), Fraction(0)), **found}


def _joining(denials: Sequence[Denial], node: _Node, point: Point | None, limit: int) -> int | None:
    """The position of the first denial that a point breaks; of the next at all where no point is known."""
    known: dict[Condition, bool] = {}
    for i, denial in enumerate(denials):
        if i in node.joined or (point is not None and not _meets(denial.needed, point, known)):
            continue
        if point is None or denial.broken(point, limit):
            return i
    return None


def _meets(conditions: Sequence[Condition], point: Point, known: dict[Condition, bool]) -> bool:
    for condition in conditions:
        if condition not in known:
            known[condition] = condition.holds(point)
        if not known[condition]:
            return False
    return True


def _simpler(node: _Node, denials: Sequence[Denial], point: dict[str, Fraction], limit: int) -> dict[str, Fraction]:
    """The point made simple, unless it then breaks a denial."""
    made = [clause for denial in denials if denial.made for clause in denial.clauses]
    simple = simplify(node.units, [*node.clauses, *made], point)
    return simple if _joining(denials, node, simple, limit) is None else point


def _broken(clauses: Sequence[Sequence[Condition]], point: Point | None) -> int | None:
    """The position of the smallest clause that a point breaks; of the smallest at all where no point is known."""
    broken = [
        (len(clause), i)
        for i, clause in enumerate(clauses)
        if point is None or not any(condition.holds(point) for condition in clause)
    ]
    return min(broken)[1] if broken else None


def _branches(node: _Node, at: int) -> list[_Node]:
    rest = node.clauses[:at] + node.clauses[at + 1 :]
    denied: tuple[Condition, ...] = ()
    result = []
    for condition in node.clauses[at]:
        result.append(_Node(_distinct((*node.units, *denied, condition)), rest, node.joined))
        denied = (*denied, *condition.negated())
    return result


def _distinct(units: Iterable[Condition]) -> tuple[Condition, ...]:
    return tuple(unit for unit in dict.fromkeys(units) if unit.truth is not True)


def rational_point(units: Sequence[Condition], limit: int) -> dict[str, Fraction] | None:
    """A rational point at which every unit holds, or None where none was found."""
    solved: list[tuple[str, Expression]] = []
    left = list(_distinct(units))
    while (found := _linear(left)) is not None:
        name, value, left = found
        if any(condition.truth is False for condition in left):
            return None
        solved.append((name, value))
    strict = [Condition(c.ring, c.poly, ">") if c.op == ">=" else c for c in left]
    point = _decided(strict, limit) or _decided(left, limit) or _fixed(left, limit)
    if point is None:
        return None
    for name, value in reversed(solved):
        point[name] = value.evaluate(point)
    return point if all(unit.holds(point) for unit in units) else None


def _decided(units: Sequence[Condition], limit: int) -> dict[str, Fraction] | None:
    point = decide([[unit] for unit in units], limit).point
    return dict(point) if point is not None else None


def _linear(units: Sequence[Condition]) -> tuple[str, Expression, list[Condition]] | None:
    """An equation solved for a variable that occurs linearly, and the other units with that put in."""
    for unit in units:
        if unit.op != "==":
            continue
        ring = unit.ring
        for place, name in enumerate(ring.names):
            if int(unit.poly.degrees()[place]) != 1:
                continue
            slope = Expression(ring, unit.poly.derivative(place))
            value = (slope * ring.symbol(name) - Expression(ring, unit.poly)) / slope
            others = [_put(other, place, value) for other in units if other is not unit]
            return name, value, list(_distinct((*others, *slope_conditions(slope))))
    return None


def slope_conditions(slope: Expression) -> tuple[Condition, ...]:
    """That a slope is not zero."""
    return () if slope.is_number else (Condition(slope.ring, slope.num, "!="),)


def _put(condition: Condition, place: int, value: Expression) -> Condition:
    """A condition with a rational function in place of one variable."""
    ring = condition.ring
    powers: dict[int, Any] = {}
    for monomial, coefficient in condition.poly.terms():
        degree = int(monomial[place])
        rest = tuple(0 if i == place else int(d) for i, d in enumerate(monomial))
        term = ring.context.from_dict({rest: coefficient})
        powers[degree] = powers[degree] + term if degree in powers else term
    total = ring.number(0)
    for degree, poly in powers.items():
        total = total + Expression(ring, poly) * value**degree
    return Condition.compare(total, condition.op, ring.number(0))


def _fixed(units: Sequence[Condition], limit: int) -> dict[str, Fraction] | None:
    """A rational point found by fixing one variable after the other to a simple fraction."""
    if not units:
        return {}
    ring = units[0].ring
    fixed: list[Condition] = []
    used = {name for unit in units for name in unit.free}
    names = [name for name in ring.names if name in used]
    for name in names:
        for value in _SIMPLE:
            trial = [*fixed, Condition.compare(ring.symbol(name), "==", ring.number(value))]
            verdict = decide([[unit] for unit in (*units, *trial)], limit)
            if verdict.point is not None:
                return dict(verdict.point)
            if verdict.status == "sat":
                fixed = trial
                break
        else:
            return None
    return None


def simplify(
    units: Sequence[Condition], clauses: Sequence[Sequence[Condition]], point: dict[str, Fraction]
) -> dict[str, Fraction]:
    """The point with each value made as simple as units and clauses allow, one variable after the other."""
    rows: list[Sequence[Condition]] = [*([unit] for unit in units), *clauses]
    occurring = [frozenset(name for condition in row for name in condition.free) for row in rows]
    result = dict(point)
    for name, value in point.items():
        if value in _SIMPLE[:12]:
            continue
        mine = [row for row, names in zip(rows, occurring, strict=True) if name in names]
        for candidate in (*_SIMPLE, *(value.limit_denominator(n) for n in (8, 20, 100, 1000))):
            if candidate == value:
                break
            trial = {**result, name: candidate}
            if all(any(condition.holds(trial) for condition in row) for row in mine):
                result = trial
                break
    return result
