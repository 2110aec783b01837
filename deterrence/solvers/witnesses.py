r"""Points kept as witnesses: most systems of conditions have a solution that was found before.

For every condition the points at which it holds are a set of bits, and a system has a known solution where the sets
of its conditions have a bit in common. A point is tried on a condition once. Whatever is found here is exact: a
witness is a point of rational numbers at which every condition was evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from operator import or_
from typing import Any, Final

import flint

from ..expressions import Condition

__all__ = ["MAX_POINTS", "MAX_TRIED", "Point", "Witnesses"]

MAX_POINTS: Final = 4_096
MAX_TRIED: Final = 16

Point = tuple[Any, ...]
"""A value, as flint's fraction, for every name of a ring."""


class Witnesses:
    """Points over one ring, and where each condition holds.

    Attributes
    ----------
    points : in the order in which they were found.
    patience : how many points that are not known to fail are tried on a system.
    """

    def __init__(self) -> None:
        self.points: list[Point] = []
        self.patience = MAX_TRIED
        self._held: dict[str, _Record] = {}

    def add(self, point: Point) -> None:
        """Keep a point, as long as there is room."""
        if len(self.points) < MAX_POINTS:
            self.points.append(point)

    def find(self, clauses: Iterable[Sequence[Condition]]) -> Point | None:
        """A kept point at which each clause has a condition that holds, recent ones first."""
        rows = [[self._record(c) for c in clause] for clause in clauses]
        sure = maybe = (1 << len(self.points)) - 1
        for row in rows:
            if len(row) == 1:
                record = row[0]
                sure &= record.held
                maybe &= record.held | ~record.tried
            else:
                sure &= reduce(or_, (record.held for record in row), 0)
                maybe &= reduce(or_, (record.held | ~record.tried for record in row), 0)
            if not maybe:
                return None
        return self.points[sure.bit_length() - 1] if sure else self._tried(rows, maybe)

    def together(self, conditions: Iterable[Condition]) -> Point | None:
        """A kept point at which every condition holds."""
        records = [self._record(c) for c in conditions]
        sure = (1 << len(self.points)) - 1
        for record in records:
            sure &= record.held
            if not sure:
                break
        else:
            return self.points[sure.bit_length() - 1] if sure else None
        maybe = (1 << len(self.points)) - 1
        for record in records:
            maybe &= record.held | ~record.tried
            if not maybe:
                return None
        return self._tried([[record] for record in records], maybe)

    def _tried(self, rows: list[list[_Record]], maybe: int) -> Point | None:
        for _ in range(self.patience):
            if not maybe:
                break
            number = maybe.bit_length() - 1
            maybe ^= 1 << number
            if all(any(record.holds(number, self.points[number]) for record in row) for row in rows):
                return self.points[number]
        return None

    def _record(self, condition: Condition) -> _Record:
        record = self._held.get(condition.key)
        if record is None:
            record = self._held[condition.key] = _Record(condition)
        return record


class _Record:
    """One condition with the points at which it was tried, and those at which it holds, as bits."""

    __slots__ = ("condition", "held", "tried")

    def __init__(self, condition: Condition) -> None:
        self.condition = condition
        self.tried = 0
        self.held = 0

    def holds(self, number: int, point: Point) -> bool:
        """Whether the condition holds at the point of that number; tried once."""
        bit = 1 << number
        if not self.tried & bit:
            self.tried |= bit
            if holds_at(self.condition, point):
                self.held |= bit
        return bool(self.held & bit)


def holds_at(condition: Condition, point: Point) -> bool:
    """Whether a condition holds at a point of its ring."""
    value = condition.poly(*point)
    if condition.op == "==":
        return bool(value == 0)
    if condition.op == "!=":
        return bool(value != 0)
    return bool(value > 0) if condition.op == ">" else bool(value >= 0)


def joined(base: Point, values: Mapping[int, Fraction]) -> Point:
    """A point with some values put in place of those of another."""
    changed = list(base)
    for index, value in values.items():
        changed[index] = flint.fmpq(value.numerator, value.denominator)
    return tuple(changed)
