r"""Extreme rays and convex hulls, exactly: the double description method over the integers.

The cone :math:`C = \{x : a_k \cdot x \ge 0 \text{ for all } k\}` with :math:`\operatorname{rank}(a) = d` is pointed
and has finitely many extreme rays. Rows are added one by one; a ray on the wrong side is replaced by its combinations
with the adjacent rays on the right side, and two rays are adjacent where no third one meets every row that both meet
with equality. Ties (degenerate rows) need no perturbation, since nothing is rounded.

>>> square = [[0, 1, 0], [0, 0, 1], [1, -1, 0], [1, 0, -1]]
>>> sorted(ray for ray, _ in extreme_rays(square, 3))
[(1, 0, 0), (1, 0, 1), (1, 1, 0), (1, 1, 1)]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from ..errors import LimitError

__all__ = ["WORK_LIMIT", "Hull", "Ray", "extreme_rays", "hull", "solve_linear"]

WORK_LIMIT = 3_000_000

Ray = tuple[tuple[int, ...], int]


def extreme_rays(rows: Sequence[Sequence[int]], dimension: int, limit: int = WORK_LIMIT) -> list[Ray]:
    """The extreme rays of a pointed cone, each with the set of rows it meets with equality as a bit mask.

    Parameters
    ----------
    rows : the inequalities ``row . x >= 0``.
    dimension : the number of coordinates.
    limit : pairs and triples of rays to look at.

    Raises
    ------
    LimitError
        where the limit is reached.
    ValueError
        where the cone contains a line.
    """
    basis = _independent(rows, dimension)
    if len(basis) < dimension:
        raise ValueError("the cone contains a line")
    rays = _simplicial(rows, basis)
    work = 0
    for k in (k for k in range(len(rows)) if k not in basis):
        row = rows[k]
        sides: dict[int, list[tuple[tuple[int, ...], int, int]]] = {1: [], 0: [], -1: []}
        for ray, mask in rays:
            value = sum(a * b for a, b in zip(row, ray, strict=True) if a and b)
            sides[(value > 0) - (value < 0)].append((ray, mask, value))
        made = []
        masks = [mask for _, mask in rays]
        for up, mask_up, above in sides[1]:
            for down, mask_down, below in sides[-1]:
                work += 1
                common = mask_up & mask_down
                if common.bit_count() < dimension - 2:
                    continue
                meeting = 0
                for mask in masks:
                    meeting += common & ~mask == 0
                    if meeting > 2:
                        break
                work += len(masks)
                if work > limit:
                    raise LimitError(f"more than {limit} steps in the enumeration of vertices")
                if meeting == 2:
                    made.append((_primitive([above * d - below * u for u, d in zip(up, down, strict=True)]),
                                 common | 1 << k))
        rays = [(ray, mask) for ray, mask, _ in sides[1]]
        rays += [(ray, mask | 1 << k) for ray, mask, _ in sides[0]]
        rays += made
    return rays


def _independent(rows: Sequence[Sequence[int]], dimension: int) -> list[int]:
    """The first rows that are linearly independent."""
    chosen: list[int] = []
    reduced: list[tuple[int, list[Fraction]]] = []
    for k, row in enumerate(rows):
        left = [Fraction(value) for value in row]
        for pivot, base in reduced:
            if left[pivot]:
                factor = left[pivot]
                left = [a - factor * b for a, b in zip(left, base, strict=True)]
        pivot = next((i for i, value in enumerate(left) if value), -1)
        if pivot >= 0:
            reduced.append((pivot, [value / left[pivot] for value in left]))
            chosen.append(k)
        if len(chosen) == dimension:
            break
    return chosen


def _simplicial(rows: Sequence[Sequence[int]], basis: Sequence[int]) -> list[Ray]:
    """The rays of the cone of as many independent rows as there are coordinates."""
    matrix = [[Fraction(value) for value in rows[k]] for k in basis]
    full = sum(1 << k for k in basis)
    rays = []
    for n, k in enumerate(basis):
        unit = [Fraction(i == n) for i in range(len(basis))]
        solution = solve_linear(matrix, unit)
        if solution is None:
            raise ValueError("the rows are not independent")
        scale = lcm(*(value.denominator for value in solution))
        rays.append((_primitive([int(value * scale) for value in solution]), full & ~(1 << k)))
    return rays


def _primitive(ray: Sequence[int]) -> tuple[int, ...]:
    common = gcd(*ray)
    return tuple(value // common for value in ray) if common > 1 else tuple(ray)


def solve_linear(matrix: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> list[Fraction] | None:
    """The one solution of a linear system; None where there is none or more than one."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    width = len(matrix[0]) if matrix else 0
    rank = 0
    for column in range(width):
        found = next((i for i in range(rank, len(rows)) if rows[i][column]), None)
        if found is None:
            return None
        rows[rank], rows[found] = rows[found], rows[rank]
        pivot = rows[rank][column]
        rows[rank] = [value / pivot for value in rows[rank]]
        for i, row in enumerate(rows):
            if i != rank and row[column]:
                factor = row[column]
                rows[i] = [a - factor * b for a, b in zip(row, rows[rank], strict=True)]
        rank += 1
    if any(row[width] for row in rows[rank:]):
        return None
    return [rows[i][width] for i in range(width)]


@dataclass(frozen=True)
class Hull:
    """The convex hull of points as equations and inequalities.

    Attributes
    ----------
    equations, inequalities : rows ``(a_0, a_1, ...)`` that mean ``a_0 + a_1 x_1 + ... == 0`` and ``>= 0``.
    """

    equations: tuple[tuple[Fraction, ...], ...]
    inequalities: tuple[tuple[Fraction, ...], ...]


def hull(points: Sequence[Sequence[Fraction]], limit: int = WORK_LIMIT) -> Hull:
    """The convex hull of finitely many points; LimitError where the limit is reached.

    >>> segment = hull([(Fraction(0), Fraction(1)), (Fraction(1, 2), Fraction(1))])
    >>> [tuple(map(str, row)) for row in (*segment.equations, *segment.inequalities)]
    [('-1', '0', '1'), ('0', '1', '0'), ('1', '-2', '0')]
    """
    points = list(dict.fromkeys(tuple(point) for point in points))
    size = len(points[0])
    directions = [[a - b for a, b in zip(point, points[0], strict=True)] for point in points[1:]]
    free, equations = _span(directions, points[0])
    rows = []
    for point in points:
        full = [Fraction(1), *(point[i] for i in free)]
        scale = lcm(*(value.denominator for value in full))
        rows.append([int(value * scale) for value in full])
    inequalities = []
    if free:
        for ray, _ in extreme_rays(rows, len(free) + 1, limit):
            row = [Fraction(0)] * (size + 1)
            row[0] = Fraction(ray[0])
            for i, value in zip(free, ray[1:], strict=True):
                row[i + 1] = Fraction(value)
            inequalities.append(tuple(row))
    return Hull(tuple(equations), tuple(sorted(inequalities)))


def _span(
    directions: Sequence[Sequence[Fraction]], origin: Sequence[Fraction]
) -> tuple[list[int], list[tuple[Fraction, ...]]]:
    """Coordinates that are independent on an affine hull, and each other coordinate as an equation in them."""
    reduced: list[list[Fraction]] = []
    pivots: list[int] = []
    for direction in directions:
        left = list(direction)
        for pivot, base in zip(pivots, reduced, strict=True):
            left = [a - left[pivot] * b for a, b in zip(left, base, strict=True)]
        pivot = next((i for i, value in enumerate(left) if value), -1)
        if pivot < 0:
            continue
        left = [value / left[pivot] for value in left]
        reduced = [[a - row[pivot] * b for a, b in zip(row, left, strict=True)] for row in reduced]
        reduced.append(left)
        pivots.append(pivot)
    equations = []
    for i in range(len(origin)):
        if i not in pivots:
            row = [Fraction(0)] * (len(origin) + 1)
            row[i + 1] = Fraction(1)
            row[0] = -origin[i]
            for pivot, base in zip(pivots, reduced, strict=True):
                row[pivot + 1] -= base[i]
                row[0] += base[i] * origin[pivot]
            equations.append(tuple(row))
    return sorted(pivots), equations
