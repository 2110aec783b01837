r"""Sets of polynomial conditions in connected parts, and whether one set comes arbitrarily near to another.

A *set* is what a conjunction of conditions on unknowns allows. A set of linear conditions is convex. For others let an
unknown :math:`y` enter every condition linearly, :math:`a_i(x) y + b_i(x)`, where no :math:`a_i` changes its sign on
the set: over each point :math:`x` of the projection lies an interval of values of :math:`y`, whose ends move
continuously, so that the set is connected if and only if its projection is. Fourier and Motzkin's method gives the
projection. Where a sign changes, a condition is a product, or a projection to one unknown is in pieces, the set is
split by the sign of a polynomial, and each part is looked at in turn (:func:`parts_of`). Of one unknown the roots tell
everything. A set on which none of this works may still be star-shaped. Where it is not, it is undecided, and says so.

A point is a limit of points of a set (:func:`limit`) only if it meets the conditions with strict inequalities made
weak. For a convex set that is enough. For others it is where some line through the point has points of the set as near
as one likes; where there is none, the definition is put to the solver, quantifiers and all.

>>> from deterrence.expressions import Ring
>>> ring = Ring(["x", "y"])
>>> algebra = Algebra(ring, 0, ())
>>> box = [c for text in ("0 <= x <= 1", "0 <= y <= 1") for c in ring.parse_condition(text)]
>>> parts_of(algebra, [*box, *ring.parse_condition("x*(1 - y) + y*(1 - x) <= 1/4")]).count
2
>>> parts_of(algebra, [*box, *ring.parse_condition("x*y <= 1/4")]).count
1
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import flint

from ..algebraic import apart, real_roots
from ..expressions import Condition, Ring
from ..smt import approached, decide
from .algebra import Algebra

__all__ = ["MAX_SPLITS", "Part", "convex", "limit", "parts_of", "weakened"]

MAX_SPLITS = 32
STAR_LIMIT = 400_000
MAX_CHOICES = 3

Fractional = tuple[Any, Any]


@dataclass(frozen=True, eq=False)
class Part:
    """A set, with the parts that it is split in.

    Attributes
    ----------
    split : for each part, the sign condition that makes it; empty where the set is not split.
    decided : whether a set that is not split is known to be connected.
    """

    split: tuple[tuple[Condition, Part], ...] = ()
    decided: bool = True

    def leaves(self, above: tuple[Condition, ...] = ()) -> Iterator[tuple[Part, tuple[Condition, ...]]]:
        """The parts that are not split, each with the conditions that make it."""
        if not self.split:
            yield self, above
        for condition, part in self.split:
            yield from part.leaves((*above, condition))

    @cached_property
    def count(self) -> int:
        """How many parts are not split."""
        return sum(1 for _ in self.leaves())

    def shares(self, labels: Mapping[Part, int]) -> dict[int, list[tuple[Condition, ...]]]:
        """For every label of the leaves, conditions that give their union, the whole set by none."""
        if not self.split:
            return {labels[self]: [()]}
        found = [(condition, part.shares(labels)) for condition, part in self.split]
        names = sorted({label for _, shares in found for label in shares})
        if len(names) == 1 and all(len(share) == 1 and share[0] == () for _, s in found for share in s.values()):
            return {names[0]: [()]}
        return {
            name: _joined_signs([(c, share) for c, shares in found for share in shares.get(name, ())])
            for name in names
        }


def _joined_signs(shares: Sequence[tuple[Condition, tuple[Condition, ...]]]) -> list[tuple[Condition, ...]]:
    """Conditions with a sign each, a strict one made weak where the whole of its boundary belongs to the same set."""
    zero = next((c for c, share in shares if c.op == "==" and not share), None)
    signs = [(c, share) for c, share in shares if c.op == ">"]
    weak = next((c for c, share in signs if not share), None) if zero is not None else None
    result = []
    for condition, share in shares:
        if weak is not None and condition is zero:
            continue
        if condition is weak:
            condition = Condition(condition.ring, condition.poly, ">=")
        result.append((condition, *share))
    return result


def convex(conditions: Iterable[Condition]) -> bool:
    """Whether every condition is linear and none is an exclusion."""
    return all(c.op != "!=" and c.poly.total_degree() <= 1 for c in conditions)


def weakened(algebra: Algebra, conditions: Iterable[Condition]) -> list[Condition]:
    """The conditions with strict inequalities made weak, which every limit of points of the set meets."""
    return [algebra.condition(c.poly, ">=") if c.op == ">" else c for c in conditions if c.op != "!="]


def parts_of(algebra: Algebra, conditions: Sequence[Condition]) -> Part:
    """A set in parts that are connected, or undecided where a part says so."""
    if convex(conditions):
        return Part()
    return _Splitter(algebra).part(tuple(dict.fromkeys(conditions)))


@dataclass(frozen=True)
class _Finding:
    """That a set is connected, that it is to be split by the sign of a polynomial, or that neither was decided."""

    connected: bool = False
    split: Any = None


_CONNECTED = _Finding(connected=True)
_UNDECIDED = _Finding()


class _UnclearError(Exception):
    """That a polynomial may have several signs on a set."""

    def __init__(self, poly: Any) -> None:
        self.poly = poly


class _Splitter:
    """Splits sets over one ring."""

    def __init__(self, algebra: Algebra) -> None:
        self.algebra = algebra
        self._possible: dict[frozenset[Condition], bool] = {}
        self._splits = 0

    def part(self, conditions: tuple[Condition, ...]) -> Part:
        """A set in its parts; beyond the limit none is split further."""
        finding = self.finding(conditions)
        if finding.split is None:
            return Part(decided=finding.connected)
        kept = []
        for poly, op in ((-finding.split, ">"), (finding.split, "=="), (finding.split, ">")):
            condition = self.algebra.condition(poly, op)
            narrowed = (*conditions, condition)
            if self.possible(narrowed):
                kept.append((condition, narrowed))
        self._splits += 1
        if self._splits > MAX_SPLITS:
            return Part(decided=False)
        return Part(tuple((condition, self.part(narrowed)) for condition, narrowed in kept))

    def possible(self, conditions: Sequence[Condition]) -> bool:
        """Whether the set may have a point."""
        key = frozenset(conditions)
        found = self._possible.get(key)
        if found is None:
            found = self._possible[key] = decide([c] for c in dict.fromkeys(conditions)).status != "unsat"
        return found

    def sign(self, conditions: Sequence[Condition], poly: Any) -> tuple[int, Condition]:
        """The sign that a polynomial has on the whole of a set, and the condition that says so."""
        choices = [
            (sign, self.algebra.condition(-poly if sign < 0 else poly, "==" if sign == 0 else ">"))
            for sign in (1, -1, 0)
        ]
        for sign, condition in choices:
            if condition in conditions:
                return sign, condition
        open_ = [(sign, c) for sign, c in choices if self.possible((*conditions, c))]
        if len(open_) > 1:
            raise _UnclearError(poly)
        return open_[0] if open_ else choices[2]

    def finding(self, conditions: Sequence[Condition]) -> _Finding:
        """What is known of a set at once."""
        try:
            simple = self._simplified(conditions)
        except _UnclearError as unclear:
            return _Finding(split=unclear.poly)
        doubt = False
        for group in self.algebra.parts(simple):
            if convex(group):
                continue
            finding = self._of_group(group)
            if finding.split is not None:
                return finding
            doubt = doubt or not finding.connected
        return _UNDECIDED if doubt else _CONNECTED

    def _simplified(self, conditions: Sequence[Condition]) -> list[Condition]:
        """The same set by conditions on irreducible polynomials."""
        simple: dict[Condition, None] = {}
        for condition in conditions:
            if condition.truth is not True:
                simple.update(dict.fromkeys(self._factors(conditions, condition)))
        return [c for c in simple if c.truth is not True]

    def _factors(self, conditions: Sequence[Condition], condition: Condition) -> list[Condition]:
        if condition.op != "!=" and condition.poly.total_degree() <= 1:
            return [condition]
        content, factors = condition.poly.factor()
        if len(factors) == 1 and factors[0][1] % 2 and condition.op != "!=":
            poly = factors[0][0] if content > 0 else -factors[0][0]
            return [self.algebra.condition(poly, condition.op)]
        said: list[Condition] = []
        unclear = []
        total = 1 if content > 0 else -1
        for factor, power in sorted(factors, key=lambda f: (f[0].total_degree(), str(f[0]))):
            try:
                sign, known = self.sign(conditions, factor)
            except _UnclearError:
                unclear.append((factor, power))
                continue
            said.append(known)
            total *= sign**power
        if not unclear or not total:
            return said
        factor, power = unclear[0]
        if len(unclear) > 1 or condition.op == "!=" or not power % 2:
            raise _UnclearError(factor)
        return [*said, self.algebra.condition(factor * total, condition.op)]

    def _of_group(self, group: Sequence[Condition]) -> _Finding:
        """What is known of a set whose conditions are linked and on irreducible polynomials."""
        used = sorted({index for c in group for index in c.used})
        if len(used) == 1:
            return self._of_line(group, used[0])
        split = None
        linear = [y for y in used if all(c.poly.degrees()[y] <= 1 for c in group)]
        for y in sorted(linear, key=lambda y: self._work(group, y))[:MAX_CHOICES]:
            finding = self._of_projection(group, y)
            if finding.connected:
                return finding
            split = finding.split if split is None else split
        if self._star_shaped(group):
            return _CONNECTED
        return _Finding(split=split)

    def _work(self, group: Sequence[Condition], y: int) -> tuple[int, int]:
        """How many coefficients of an unknown are not numbers, and how many conditions have it."""
        slopes = [self.algebra.coefficients(c.poly, y)[1] for c in group if y in c.used]
        return sum(not slope.is_constant() for slope in slopes), len(slopes)

    def _of_projection(self, group: Sequence[Condition], y: int) -> _Finding:
        rest: dict[Condition, None] = {}
        lower, upper = [], []
        for condition in group:
            if y not in condition.used:
                rest[condition] = None
                continue
            constant, slope = self.algebra.coefficients(condition.poly, y)
            try:
                sign = self._product_sign(group, slope, rest)
            except _UnclearError as unclear:
                return _Finding(split=unclear.poly)
            row = (slope, constant, condition.op == ">")
            if condition.op == "==":
                if sign:
                    lower.append(row if sign > 0 else (-slope, -constant, False))
                    upper.append(row if sign < 0 else (-slope, -constant, False))
            elif sign:
                (lower if sign > 0 else upper).append(row)
            if not sign:
                rest[self.algebra.condition(constant, condition.op)] = None
        for a, b, strict in lower:
            for c, d, other in upper:
                rest[self.algebra.condition(a * d - c * b, ">" if strict or other else ">=")] = None
        return self.finding(self._irredundant([c for c in rest if c.truth is not True]))

    def _product_sign(self, group: Sequence[Condition], poly: Any, said: dict[Condition, None]) -> int:
        """The sign of a polynomial on a set; the signs of its factors are added to what is said."""
        content, factors = poly.factor()
        total = 1 if content > 0 else -1
        for factor, power in factors:
            sign, condition = self.sign(group, factor)
            said[condition] = None
            total *= sign**power
        return total

    def _irredundant(self, conditions: list[Condition]) -> list[Condition]:
        """Conditions without those of higher degree that the others imply."""
        kept = list(conditions)
        for condition in sorted(conditions, key=lambda c: -c.poly.total_degree()):
            if condition.op in (">", ">=") and condition.poly.total_degree() > 1:
                others = [c for c in kept if c is not condition]
                if not self.possible((*others, *condition.negated())):
                    kept = others
        return kept

    def _of_line(self, group: Sequence[Condition], x: int) -> _Finding:
        """What is known of a set of numbers: it is split at a number between its first two parts."""
        rows = [([_number(c) for c in self.algebra.coefficients(c.poly, x)], c.op) for c in group]
        roots: list[Any] = []
        for row, _ in rows:
            roots += [r for r in real_roots(row) if all(r != other for other in roots)]
        roots.sort()
        between = _between(roots)
        places = [between[0], *(place for pair in zip(roots, between[1:], strict=True) for place in pair)]
        inside = [all(_true(_value(row, place), op) for row, op in rows) for place in places]
        runs = [n for n in range(len(inside)) if inside[n] and not (n and inside[n - 1])]
        if len(runs) < 2:
            return _CONNECTED
        gaps = [n for n in range(runs[0], runs[1]) if not inside[n]]
        # Conditions on irreducible polynomials leave out whole intervals, whose numbers have even places.
        at = next((places[n] for n in gaps if n % 2 == 0), None)
        if at is None:
            return _UNDECIDED
        return _Finding(split=self.algebra.gens[x] - flint.fmpq(at.numerator, at.denominator))

    def _star_shaped(self, group: Sequence[Condition]) -> bool:
        """Whether every segment from one point of a set to another point of it lies in the set."""
        verdict = decide([c] for c in group)
        if verdict.status != "sat" or verdict.point is None:
            return False
        names = self.algebra.ring.names
        used = sorted({index for c in group for index in c.used})
        wide = _Wide([names[i] for i in used], ["$t"])
        t = wide.gens[-1]
        places = []
        for n, i in enumerate(used):
            number = verdict.point.get(names[i], Fraction(0))
            centre = flint.fmpq(number.numerator, number.denominator)
            places.append(wide.gens[n] * t + (1 - t) * centre)
        inside = [wide.condition(wide.put(c.poly, used, wide.gens), c.op) for c in group]
        range_ = [wide.condition(t, ">"), wide.condition(1 - t, ">")]
        for condition in group:
            if condition.poly.total_degree() > 1:
                moved = wide.condition(wide.put(condition.poly, used, places), condition.op)
                asked = [*([c] for c in (*inside, *range_)), list(moved.negated())]
                if decide(asked, STAR_LIMIT).status != "unsat":
                    return False
        return True


class _Wide:
    """A ring with further names, in which polynomials of another are put at given places."""

    def __init__(self, names: Sequence[str], more: Sequence[str]) -> None:
        self.ring = Ring([*names, *more])
        self.gens = self.ring.context.gens()

    def condition(self, poly: Any, op: str) -> Condition:
        """``poly op 0``."""
        return Condition(self.ring, poly, op)

    def put(self, poly: Any, used: Sequence[int], places: Sequence[Any]) -> Any:
        """A polynomial with its names, by their indices, replaced."""
        total = self.ring.context.constant(0)
        for monomial, coefficient in poly.terms():
            term = self.ring.context.constant(1) * coefficient
            for n, index in enumerate(used):
                if monomial[index]:
                    term = term * places[n] ** int(monomial[index])
            total = total + term
        return total


def _between(roots: Sequence[Any]) -> list[Fraction]:
    """Rational numbers before, between and after numbers in order."""
    bounds = apart(roots)
    if not bounds:
        return [Fraction(0)]
    inner = [(bounds[n][1] + bounds[n + 1][0]) / 2 for n in range(len(bounds) - 1)]
    return [bounds[0][0] - 1, *inner, bounds[-1][1] + 1]


def _number(poly: Any) -> Fraction:
    value = flint.fmpq(0) if poly.is_zero() else flint.fmpq(poly.leading_coefficient())
    return Fraction(int(value.p), int(value.q))


def _value(row: Sequence[Fraction], place: Any) -> Any:
    total: Any = Fraction(0)
    for coefficient in reversed(row):
        total = total * place + coefficient
    return total


def _true(value: Any, op: str) -> bool:
    return bool(value > 0 if op == ">" else value >= 0 if op == ">=" else value == 0 if op == "==" else value != 0)


def limit(
    algebra: Algebra, conditions: Sequence[Condition], values: Mapping[int, Fractional], target: Sequence[Condition],
    thorough: bool = True,
) -> bool | None:
    """Whether some point that meets `target` is a limit of points of a set; None where that was not decided.

    Parameters
    ----------
    conditions : the set.
    values : for names, fractions of the unknowns of the set that these names equal on it.
    thorough : whether the definition is put to the solver where nothing simpler decides.
    """
    graph = [algebra.condition(algebra.gens[i] * den - num, "==") for i, (num, den) in values.items()]
    graph = [c for c in graph if c.truth is not True]
    status = decide([c] for c in dict.fromkeys([*weakened(algebra, conditions), *graph, *target])).status
    if status == "unsat":
        return False
    dens = [den for _, den in values.values() if not den.is_constant()]
    if not dens and convex(conditions):
        # Limits of a convex set are what its weak conditions allow, and values without denominators move along.
        return True if status == "sat" else None
    if _along_line(algebra, conditions, graph, dens, target):
        return True
    if not thorough:
        return None
    # What shares no name with the rest and is convex has its weak conditions for limits.
    bent = [c for part in algebra.parts([*conditions, *graph]) if not convex(part) for c in part]
    status = approached([*weakened(algebra, conditions), *graph, *target], bent)
    return {"sat": True, "unsat": False}.get(status)


def _along_line(
    algebra: Algebra,
    conditions: Sequence[Condition],
    graph: Sequence[Condition],
    dens: Sequence[Any],
    target: Sequence[Condition],
) -> bool:
    """Whether such a point is known by a direction in which points of the set lie as near as one likes."""
    used = sorted({index for c in conditions for index in c.used})
    names = [algebra.ring.names[i] for i in used]
    wide = _Wide(names, [*(f"$d{n}" for n in range(len(used))), "$t"])
    t = wide.gens[-1]
    places = [wide.gens[n] + t * wide.gens[len(used) + n] for n in range(len(used))]
    clauses = [[c] for c in (*graph, *target)] + [[algebra.condition(den, "!=")] for den in dens]
    moving = Algebra(wide.ring, 0, ())
    for condition in conditions:
        rows = moving.coefficients(wide.put(condition.poly, used, places), len(wide.gens) - 1)
        clauses += _germ(wide, rows, condition.op)
    return decide(clauses).status == "sat"


def _germ(wide: _Wide, rows: Sequence[Any], op: str) -> list[list[Condition]]:
    """That a polynomial in a small positive number, constant term first, compares with zero as asked."""
    if op == "==":
        return [[wide.condition(row, "==")] for row in rows]
    if op == "!=":
        return [[wide.condition(row, "!=") for row in rows]]
    clauses = []
    for n, row in enumerate(rows):
        last = ">" if op == ">" and n == len(rows) - 1 else ">="
        clauses.append([*(wide.condition(before, ">") for before in rows[:n]), wide.condition(row, last)])
    return clauses
