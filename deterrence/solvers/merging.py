r"""Unions of conjunctions written in fewer words: equations for pairs of bounds, one interval for two that touch.

Nothing here asks a solver. Two weak inequalities :math:`p \ge 0` and :math:`-p \ge 0` are the equation :math:`p = 0`.
With :math:`C` a set of conditions and :math:`I, J` intervals of one coordinate :math:`v`,

.. math:: (C \wedge v \in I) \vee (C \wedge v \in J) \iff C \wedge v \in I \cup J,

so that two pieces that differ in the bounds on one coordinate alone are one where :math:`I \cup J` is an interval.

>>> from deterrence.expressions import Ring
>>> ring = Ring(["x", "y"])
>>> pieces = [ring.parse_condition("0 <= x < 1/2") + ring.parse_condition("y == 1"),
...           ring.parse_condition("1/2 <= x <= 1") + ring.parse_condition("y == 1")]
>>> merged(pieces)
[(y - 1 == 0, x >= 0, 1 - x >= 0)]
>>> equated(ring.parse_condition("0 <= x <= 0"))
[x == 0]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint

from ..expressions import Condition

__all__ = ["equated", "linear_bound", "merged"]

Conjunction = tuple[Condition, ...]


def equated(conditions: Iterable[Condition]) -> list[Condition]:
    """The conditions, each once, with an equation in place of two weak inequalities that make it."""
    given = dict.fromkeys(conditions)
    found: dict[Condition, None] = {}
    for condition in given:
        pair = condition.op == ">=" and Condition(condition.ring, -condition.poly, ">=") in given
        found[Condition(condition.ring, condition.poly, "==") if pair else condition] = None
    return list(found)


def linear_bound(condition: Condition) -> tuple[int, Fraction, Fraction] | None:
    """For a condition on one coordinate alone, ``factor*(coordinate - value) op 0``: its number, factor and value."""
    if len(condition.used) != 1 or condition.poly.total_degree() != 1:
        return None
    index = condition.used[0]
    factor, constant = Fraction(0), Fraction(0)
    for monomial, coefficient in condition.poly.terms():
        number = flint.fmpq(coefficient)
        value = Fraction(int(number.p), int(number.q))
        if monomial[index]:
            factor = value
        else:
            constant = value
    return index, factor, -constant / factor


@dataclass(frozen=True)
class _End:
    """An end of an interval: where it is, whether it belongs to it, and the condition that says so."""

    value: Fraction
    closed: bool
    condition: Condition


@dataclass(frozen=True)
class _Interval:
    """The values of one coordinate in a piece; an end that is None is infinity."""

    low: _End | None
    high: _End | None

    def joined(self, other: _Interval) -> _Interval | None:
        """The union with an interval that does not begin before this one; None where there is a gap."""
        if self.high is not None and other.low is not None:
            if other.low.value > self.high.value:
                return None
            if other.low.value == self.high.value and not (other.low.closed or self.high.closed):
                return None
        if self.high is None or other.high is None:
            return _Interval(self.low, None)
        later = (other.high.value, other.high.closed) > (self.high.value, self.high.closed)
        return _Interval(self.low, other.high if later else self.high)

    def conditions(self) -> list[Condition]:
        """What says it."""
        return equated(end.condition for end in (self.low, self.high) if end is not None)


def _start(interval: _Interval) -> tuple[bool, Fraction, bool]:
    low = interval.low
    return (False, Fraction(0), False) if low is None else (True, low.value, not low.closed)


def _split(piece: Iterable[Condition], index: int) -> tuple[frozenset[Condition], _Interval]:
    """A piece as its bounds on one coordinate and everything else."""
    rest: list[Condition] = []
    low: _End | None = None
    high: _End | None = None
    for condition in piece:
        bound = linear_bound(condition)
        if bound is None or bound[0] != index or condition.op == "!=":
            rest.append(condition)
            continue
        _, factor, value = bound
        op = ">" if condition.op == ">" else ">="
        upwards = condition.poly if factor > 0 else -condition.poly
        if condition.op == "==" or factor > 0:
            end = _End(value, op == ">=", Condition(condition.ring, upwards, op))
            low = end if low is None or (value, not end.closed) > (low.value, not low.closed) else low
        if condition.op == "==" or factor < 0:
            end = _End(value, op == ">=", Condition(condition.ring, -upwards, op))
            high = end if high is None or (value, end.closed) < (high.value, high.closed) else high
    return frozenset(rest), _Interval(low, high)


def merged(pieces: Iterable[Sequence[Condition]]) -> list[Conjunction]:
    """The same union in fewer pieces, in the order of the first piece of each."""
    current = [tuple(piece) for piece in pieces]
    while True:
        before = len(current)
        for index in sorted({i for piece in current for condition in piece for i in condition.used}):
            current = _merged_along(current, index)
        if len(current) == before:
            return current


def _merged_along(pieces: Sequence[Conjunction], index: int) -> list[Conjunction]:
    """Pieces merged that differ in the bounds on one coordinate alone."""
    groups: dict[frozenset[Condition], list[tuple[_Interval, int]]] = {}
    for n, piece in enumerate(pieces):
        rest, interval = _split(piece, index)
        groups.setdefault(rest, []).append((interval, n))
    found: dict[int, Conjunction] = {}
    for rest, members in groups.items():
        members.sort(key=lambda member: _start(member[0]))
        while members:
            (interval, first), count = members.pop(0), 1
            while members and (union := interval.joined(members[0][0])) is not None:
                interval, first, count = union, min(first, members.pop(0)[1]), count + 1
            if count > 1:
                kept = [condition for condition in pieces[first] if condition in rest]
                found[first] = (*kept, *interval.conditions())
            else:
                found[first] = pieces[first]
    return [found[n] for n in sorted(found)]
