r"""The plane of two parameters, cut exactly along the curves on which polynomials vanish.

Let :math:`p_1, \dots, p_m \in \mathbb{Q}[x, y]` be irreducible and :math:`B` a box. The *critical* values of :math:`x`
are the ends of the box and, between them, the real roots of

- the discriminant and the leading coefficient of each :math:`p_i` as a polynomial in :math:`y`,
- the resultant in :math:`y` of each pair,
- :math:`p_i(x, y_0)` and :math:`p_i(x, y_1)` with :math:`y_0, y_1` the lower and the upper end of the box,
- each :math:`p_i` in which :math:`y` does not occur: a *wall*.

Over the open interval between two neighbouring ones, a *stack*, the roots in :math:`(y_0, y_1)` of all :math:`p_i` are
continuous functions of :math:`x` that do not meet, the *branches* ([collins1975]): so no piece of a curve is missed,
however short, and between two branches the sign of every polynomial is the same throughout. It is decided at one
rational point in exact arithmetic. A branch is drawn through points :math:`(x, y)` with :math:`x` a binary fraction and
:math:`y` the float next to the root of :math:`p_i(x, \cdot)`.

>>> from ..expressions import Ring
>>> ring = Ring(["x", "y"])
>>> circle = ring.parse("x**2 + y**2 - 1").num
>>> plane = Arrangement([circle], (Fraction(0), Fraction(2), Fraction(0), Fraction(2)),
...                     lambda x, y: x**2 + y**2 < 1)
>>> [(str(s.low), str(s.high), s.cells) for s in plane.stacks]
[('0', '1', (True, False)), ('1', '2', (False,))]
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from itertools import combinations, pairwise
from typing import Any, Final

from ..algebraic import Real, apart, real_roots
from ..errors import LimitError

__all__ = ["Arc", "Arrangement", "Box", "Stack"]

Box = tuple[Fraction, Fraction, Fraction, Fraction]
"""Least and greatest value across, then up."""

MOST_CURVES: Final = 60
MOST_DEGREE: Final = 40
FIRST: Final = 8
DEEPEST: Final = 20
FLAT: Final = 2e-4
"""How far a drawn line may be from its curve, as a share of the box."""
NEAR: Final = Fraction(1, 2**30)
"""How near to a critical value a branch is drawn, as a share of the box."""


@dataclass(frozen=True)
class Stack:
    """An open interval across over which nothing meets.

    Attributes
    ----------
    low, high : its ends, critical values.
    branches : from below: the number of the curve, and of its root in the box.
    cells : from below, one more: what holds between them.
    """

    low: Real
    high: Real
    branches: tuple[tuple[int, int], ...]
    cells: tuple[Any, ...]


@dataclass(frozen=True)
class Arc:
    """A piece of a boundary.

    Attributes
    ----------
    curve : the number of its polynomial.
    points : (x, y), from left to right; of a wall, from below.
    """

    curve: int
    points: tuple[tuple[float, float], ...]


class Arrangement:
    """A box cut along curves.

    Parameters
    ----------
    polynomials : over two names; their factors are the curves.
    box : where.
    holds : what is told of a point, decided exactly; the same wherever no polynomial changes its sign.

    Raises
    ------
    LimitError
        where there are too many curves, or too high degrees.
    """

    def __init__(
        self, polynomials: Sequence[Any], box: Box, holds: Callable[[Fraction, Fraction], Any]
    ) -> None:
        self.box = box
        self.holds = holds
        found: dict[str, Any] = {}
        for poly in polynomials:
            if not poly.is_constant():
                for factor, _ in poly.factor()[1]:
                    factor = factor / factor.leading_coefficient()
                    found.setdefault(str(factor), factor)
        self.curves: tuple[Any, ...] = tuple(found.values())
        if len(self.curves) > MOST_CURVES:
            raise LimitError(f"{len(self.curves)} curves cut the plane; at most {MOST_CURVES} are traced")
        self._rows = [_in_second(poly) for poly in self.curves]

    # where anything changes

    @cached_property
    def walls(self) -> tuple[tuple[int, Real], ...]:
        """The curves in which only the first name occurs, each with its roots strictly inside the box."""
        x0, x1 = self.box[:2]
        return tuple(
            (n, root) for n, rows in enumerate(self._rows) if len(rows) == 1
            for root in real_roots(rows[0], x0, x1) if x0 < root < x1
        )

    @cached_property
    def critical(self) -> tuple[Real, ...]:
        """The critical values, from left to right."""
        x0, x1, y0, y1 = self.box
        found: set[Real] = {x0, x1, *(root for _, root in self.walls)}
        upright = [n for n, rows in enumerate(self._rows) if len(rows) > 1]
        for n in upright:
            rows, poly = self._rows[n], self.curves[n]
            found.update(self._roots(rows[-1]))
            if len(rows) > 2:
                found.update(self._roots(_in_first(poly.discriminant(1))))
            for end in (y0, y1):
                found.update(self._roots(_at_second(rows, end)))
        for one, other in combinations(upright, 2):
            found.update(self._roots(_in_first(self.curves[one].resultant(self.curves[other], 1))))
        return tuple(sorted(found))

    def _roots(self, row: Sequence[Fraction]) -> list[Real]:
        if len(row) > MOST_DEGREE + 1:
            degree = len(row) - 1
            raise LimitError(f"curves meet at roots of a polynomial of degree {degree}; {MOST_DEGREE} is the most")
        if not any(row):
            # The curve is an edge of the box.
            return []
        x0, x1 = self.box[:2]
        return [root for root in real_roots(row, x0, x1) if x0 < root < x1]

    @cached_property
    def stacks(self) -> tuple[Stack, ...]:
        """The box from left to right."""
        found = []
        y0, y1 = self.box[2:]
        for low, high in pairwise(self.critical):
            (_, left), (right, _) = apart([low, high])
            x = _simple(left, right)
            roots = sorted(
                (root, n, k) for n, rows in enumerate(self._rows) if len(rows) > 1
                for k, root in enumerate(self.fibre(n, x))
            )
            places: list[Real] = [y0, *(root for root, _, _ in roots), y1]
            cells = []
            for (_, below), (above, _) in pairwise(apart(places)):
                cells.append(self.holds(x, _simple(below, above)))
            found.append(Stack(low, high, tuple((n, k) for _, n, k in roots), tuple(cells)))
        return tuple(found)

    def fibre(self, curve: int, x: Fraction) -> list[Real]:
        """The roots of a curve in the box over a value across, from below."""
        y0, y1 = self.box[2:]
        row = [_evaluate(coefficients, x) for coefficients in self._rows[curve]]
        if not any(row):
            return []
        return [root for root in real_roots(row, y0, y1) if y0 < root < y1]

    # what is drawn

    @cache  # noqa: B019 - an arrangement is short-lived, and drawn from the same places again
    def heights(self, stack: int, x: float) -> tuple[float, ...]:
        """The places of the branches of a stack over a value across, as floats."""
        exactly = Fraction(x)
        roots = {n: self.fibre(n, exactly) for n, _ in self.stacks[stack].branches}
        return tuple(float(roots[n][k]) for n, k in self.stacks[stack].branches)

    @cache  # noqa: B019 - as above
    def places(self, stack: int) -> tuple[float, ...]:
        """Values across, from left to right, between which the branches of a stack are nearly straight."""
        x0, x1, y0, y1 = self.box
        here = self.stacks[stack]
        (_, low), (high, _) = apart([here.low, here.high])
        step = min((x1 - x0) * NEAR, (high - low) / 4)
        left, right = float(low + step), float(high - step)
        wide, tall = float(x1 - x0), float(y1 - y0)
        found = [left]
        edges = [left + (right - left) * n / FIRST for n in range(1, FIRST)] if here.branches else []
        for start, end in pairwise([left, *edges, right]):
            self._refine(stack, start, end, tall, wide, DEEPEST, found)
            found.append(end)
        return tuple(found)

    def _refine(self, stack: int, start: float, end: float, tall: float, wide: float, left: int,
                found: list[float]) -> None:
        """Add the places needed strictly between two, from left to right."""
        middle = (start + end) / 2
        if left == 0 or not start < middle < end:
            return
        rows = (self.heights(stack, x) for x in (start, middle, end))
        off = max((abs((a + c) / 2 - b) for a, b, c in zip(*rows, strict=True)), default=0.0)
        if off > FLAT * tall and end - start > 1e-9 * wide:
            self._refine(stack, start, middle, tall, wide, left - 1, found)
            found.append(middle)
            self._refine(stack, middle, end, tall, wide, left - 1, found)

    @cached_property
    def arcs(self) -> tuple[Arc, ...]:
        """Every piece of a boundary: of a curve on whose sides something else holds."""
        found = []
        for number, stack in enumerate(self.stacks):
            for b, (curve, _) in enumerate(stack.branches):
                if stack.cells[b] != stack.cells[b + 1]:
                    points = tuple((x, self.heights(number, x)[b]) for x in self.places(number))
                    found.append(Arc(curve, points))
        for curve, root in self.walls:
            x = float(root)
            found += [Arc(curve, ((x, low), (x, high))) for low, high in self._wall(root)]
        return tuple(found)

    def _wall(self, root: Real) -> list[tuple[float, float]]:
        """The stretches of a wall on whose sides something else holds."""
        after = next(n for n, stack in enumerate(self.stacks) if stack.low == root)
        left, right = self.limits(after - 1, -1), self.limits(after, 0)
        ends = sorted({*left, *right})
        found: list[tuple[float, float]] = []
        for low, high in pairwise(ends):
            if high - low < 4 * float(NEAR) * float(self.box[3] - self.box[2]):
                continue
            middle = (low + high) / 2
            if self.stacks[after - 1].cells[_cell(left, middle)] != self.stacks[after].cells[_cell(right, middle)]:
                found.append((found.pop()[0] if found and found[-1][1] == low else low, high))
        return found

    def limits(self, stack: int, end: int) -> tuple[float, ...]:
        """The ends of the cells of a stack, from below, at its left (0) or its right (-1) end."""
        y0, y1 = self.box[2:]
        return (float(y0), *self.heights(stack, self.places(stack)[end]), float(y1))

    @cached_property
    def components(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Cells that belong together: connected, with the same said of them; each a stack and a number from below."""
        parent = {(s, c): (s, c) for s, stack in enumerate(self.stacks) for c in range(len(stack.cells))}

        def top(cell: tuple[int, int]) -> tuple[int, int]:
            while parent[cell] != cell:
                cell = parent[cell]
            return cell

        least = 8 * float(NEAR) * float(self.box[3] - self.box[2])
        for s, stack in enumerate(self.stacks):
            for c, (low, high) in enumerate(pairwise(stack.cells)):
                if low == high:
                    parent[top((s, c + 1))] = top((s, c))
            if s + 1 < len(self.stacks):
                left, right = self.limits(s, -1), self.limits(s + 1, 0)
                for c, said in enumerate(stack.cells):
                    for d, other in enumerate(self.stacks[s + 1].cells):
                        overlap = min(left[c + 1], right[d + 1]) - max(left[c], right[d])
                        if said == other and overlap > least:
                            parent[top((s + 1, d))] = top((s, c))
        groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for cell in parent:
            groups.setdefault(top(cell), []).append(cell)
        return tuple(tuple(group) for group in groups.values())

    def area(self, cells: Sequence[tuple[int, int]]) -> float:
        """The area of some cells as a share of the box, to the accuracy of the drawing."""
        x0, x1, y0, y1 = map(float, self.box)
        total = 0.0
        for s, c in cells:
            for a, b in pairwise(self.places(s)):
                sizes = [(y0, *self.heights(s, x), y1) for x in (a, b)]
                total += (b - a) * sum(row[c + 1] - row[c] for row in sizes) / 2
        return total / ((x1 - x0) * (y1 - y0))

    def cell_at(self, x: float, y: float) -> tuple[int, int]:
        """The cell in which a point lies, or a neighbouring one where it lies on a curve."""
        s = max(0, bisect([float(stack.low) for stack in self.stacks], x) - 1)
        first, last = self.places(s)[0], self.places(s)[-1]
        return s, _cell((float(self.box[2]), *self.heights(s, min(max(x, first), last)), float(self.box[3])), y)


def _cell(ends: Sequence[float], y: float) -> int:
    return min(max(bisect(ends, y) - 1, 0), len(ends) - 2)


def _simple(low: Fraction, high: Fraction) -> Fraction:
    """A fraction of small size strictly between two numbers."""
    middle = (low + high) / 2
    for digits in range(1, 400):
        step = Fraction(1, 1 << digits)
        near = Fraction(round(middle / step)) * step
        if low < near < high:
            return near
    return middle


def _in_second(poly: Any) -> list[list[Fraction]]:
    """The coefficients of a polynomial in two names as one in the second: for each power a row in the first."""
    rows: list[list[Fraction]] = [[] for _ in range(int(poly.degrees()[1]) + 1)]
    for (i, j), c in poly.terms():
        row = rows[int(j)]
        row += [Fraction(0)] * (int(i) + 1 - len(row))
        row[int(i)] = Fraction(int(c.p), int(c.q))
    return rows


def _in_first(poly: Any) -> list[Fraction]:
    """The coefficients of a polynomial in which the second name does not occur."""
    return [] if poly.is_zero() else _in_second(poly)[0]


def _at_second(rows: Sequence[Sequence[Fraction]], y: Fraction) -> list[Fraction]:
    """A polynomial with a value for the second name."""
    found = [Fraction(0)] * max(map(len, rows))
    for power, row in enumerate(rows):
        for i, c in enumerate(row):
            found[i] += c * y**power
    while found and not found[-1]:
        found.pop()
    return found


def _evaluate(row: Sequence[Fraction], x: Fraction) -> Fraction:
    total = Fraction(0)
    for c in reversed(row):
        total = total * x + c
    return total
