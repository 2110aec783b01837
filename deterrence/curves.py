r"""Two probabilities along one parameter: exact pieces, and where raising the parameter stops to help.

Over an interval of one parameter :math:`\theta` an atlas is finitely many *cuts* :math:`c_0 < c_1 < \dots < c_n` (the
roots of the polynomials of its regions) with, on each stretch between two of them, finitely many curves
:math:`(x_f(\theta), y_f(\theta))`, quotients of polynomials, one for each family (or each corner of one whose
distribution varies). Roots are exact algebraic numbers. The *worst case* is :math:`W(\theta) = \max_f x_f(\theta)`, the
*best case* the least. On finer pieces, cut at crossings and at roots of derivatives, both follow one curve and are
monotonic. Raising :math:`\theta` *stops to help* at the last point at which :math:`W` falls: at the end of the last
piece on which it does, or at a cut where it jumps down.

What holds only at a cut, a family on a knife edge, belongs to no stretch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations, pairwise
from typing import Any

from .algebraic import Real, apart, real_roots
from .expressions import Expression, Ring
from .program import Program, Region, Terms

__all__ = ["Curve", "Curves", "Move", "Piece", "Stop", "Stretch"]

Row = list[Fraction]


@dataclass(frozen=True, eq=False)
class Curve:
    """What one family comes to along the parameter.

    Attributes
    ----------
    id, label : of the family.
    values : for each quantity a formula in the parameter.
    """

    id: str
    label: str
    values: tuple[Expression, ...]

    def at(self, quantity: int, place: Real) -> Real:
        """A quantity at a place, or its limit there."""
        value = self.values[quantity]
        return _evaluate(_row(value.num), place) / _evaluate(_row(value.den), place)

    def slope(self, quantity: int) -> Row:
        """A polynomial with the sign of the derivative of a quantity."""
        value = self.values[quantity]
        above, below = value.num, value.den
        return _row(above.derivative(0) * below - above * below.derivative(0))


@dataclass(frozen=True, eq=False)
class Stretch:
    """An open interval on which the same curves exist."""

    low: Real
    high: Real
    curves: tuple[Curve, ...]


@dataclass(frozen=True, eq=False)
class Piece:
    """An open interval on which the worst and the best case of a quantity each follow one curve, monotonically."""

    low: Real
    high: Real
    worst: Curve
    best: Curve


@dataclass(frozen=True, eq=False)
class Stop:
    """Where moving the parameter in one direction stops to lower a quantity.

    Attributes
    ----------
    at : the place; None where it lowers the quantity nowhere.
    value : the quantity from there on, in the limit; at the far end of the interval where there is no place.
    """

    at: Real | None
    value: Real


@dataclass(frozen=True, eq=False)
class Move:
    """How a quantity goes on the way from one place to another: from a first value to a last, monotonically."""

    start: Real
    end: Real
    first: Real
    last: Real


class Curves:
    """The curves of a program with one input, between two values of it."""

    def __init__(self, program: Program, low: Fraction, high: Fraction, quantities: Sequence[int]) -> None:
        self.program = program
        self.low, self.high = low, high
        self.ring = Ring(program.inputs)
        self._polys = [self._polynomial(terms) for terms in program.polynomials]
        self._all = [
            (family, member, Curve(family.id, family.label, tuple(
                self._polys[above] / (self._polys[below] if below >= 0 else self.ring.number(1))
                for above, below in (member.values[q] for q in quantities)
            )))
            for family in program.families
            for member in family.members
        ]

    def _polynomial(self, terms: Terms) -> Expression:
        symbol = self.ring.symbol(self.ring.names[0])
        total = self.ring.number(0)
        for coefficient, (exponent,) in terms:
            total = total + self.ring.number(coefficient) * symbol**exponent
        return total

    @cached_property
    def cuts(self) -> tuple[Real, ...]:
        """The ends, and every value between them at which a family may appear or vanish."""
        used = {k for f in self.program.families for region in (f.region, *(m.region for m in f.members))
                for part in region for k, _ in part}
        used |= {k for k, _ in self.program.domain}
        rows = [_row(self._polys[k].num) for k in sorted(used)]
        rows += [_row(value.den) for _, _, curve in self._all for value in curve.values]
        return self._cut(rows, self.low, self.high)

    def _cut(self, rows: Iterable[Row], low: Real, high: Real) -> tuple[Real, ...]:
        found = {low, high}
        for row in rows:
            if len(row) > 1:
                found.update(root for root in real_roots(row) if low < root < high)
        return tuple(sorted(found))

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The intervals between neighbouring cuts, with what exists there; neighbours with the same curves are one."""
        found: list[Stretch] = []
        for low, high in pairwise(self.cuts):
            here = _between(low, high)
            curves = tuple(
                curve for family, member, curve in self._all
                if self._holds(family.region, here) and self._holds(member.region, here)
            )
            if found and found[-1].curves == curves:
                found[-1] = Stretch(found[-1].low, high, curves)
            else:
                found.append(Stretch(low, high, curves))
        return tuple(found)

    def exists(self, curve: Curve, place: Real) -> bool:
        """Whether the family of a curve exists at a place, exactly; at the ends of a stretch it may or may not."""
        return any(
            own is curve and self._holds(family.region, place) and self._holds(member.region, place)
            for family, member, own in self._all
        )

    def is_admissible(self, place: Real) -> bool:
        """Whether the game has an answer at a place at all: what its parameters assume of one another holds there."""
        return all(self._sign(k, op, place) for k, op in self.program.domain)

    def apart(self, quantity: int, place: Real, attained: Iterable[Real]) -> tuple[list[Real], list[Real]]:
        """How a quantity at a place differs from what it is beside it.

        Parameters
        ----------
        quantity, place : the quantity, and a value of the parameter.
        attained : what the quantity is in the equilibria at the place.

        Returns
        -------
        Values that are attained and not approached from each side, and values that are approached and not attained; at
        an end of the range there is one side.
        """
        beside = [stretch for stretch in self.stretches if stretch.low <= place <= stretch.high]
        sides = [{curve.at(quantity, place) for curve in stretch.curves} for stretch in beside]
        there = set(attained)
        if self.is_admissible(place):
            there.update(curve.at(quantity, place) for stretch in beside for curve in stretch.curves
                         if self.exists(curve, place))
        on_each = set.intersection(*sides) if sides else set()
        return sorted(there - on_each), sorted(set().union(*sides) - there)

    def _holds(self, region: Region, place: Real) -> bool:
        return any(all(self._sign(k, op, place) for k, op in part) for part in region)

    def _sign(self, k: int, op: str, place: Real) -> bool:
        value = _evaluate(_row(self._polys[k].num), place)
        return {">": value > 0, ">=": value >= 0, "==": value == 0, "!=": value != 0}[op]

    def pieces(self, quantity: int) -> tuple[Piece, ...]:
        """Where the worst and the best case of a quantity go; stretches without a curve are left out."""
        found = []
        for stretch in self.stretches:
            if not stretch.curves:
                continue
            rows = [curve.slope(quantity) for curve in stretch.curves]
            for one, other in combinations(stretch.curves, 2):
                a, b = one.values[quantity], other.values[quantity]
                rows.append(_row(a.num * b.den - b.num * a.den))
            cuts = self._cut(rows, stretch.low, stretch.high)
            for low, high in pairwise(cuts):
                here = _between(low, high)
                ranked = sorted(stretch.curves, key=lambda curve: curve.at(quantity, here))
                found.append(Piece(low, high, ranked[-1], ranked[0]))
        return tuple(found)

    def moves(self, quantity: int, which: Callable[[Piece], Curve], upward: bool) -> tuple[Move, ...]:
        """Every change of the worst or the best case of a quantity on the way up (or down), jumps among them."""
        pieces = self.pieces(quantity)
        found: list[Move] = []
        for piece in pieces if upward else pieces[::-1]:
            curve = which(piece)
            start, end = (piece.low, piece.high) if upward else (piece.high, piece.low)
            first, last = curve.at(quantity, start), curve.at(quantity, end)
            if found and found[-1].last != first:
                found.append(Move(start, start, found[-1].last, first))
            found.append(Move(start, end, first, last))
        return tuple(found)

    def stop(self, quantity: int, which: Callable[[Piece], Curve], upward: bool) -> Stop:
        """Where moving the parameter up (or down) stops to lower the worst or the best case of a quantity."""
        moves = self.moves(quantity, which, upward)
        falls = [n for n, move in enumerate(moves) if move.last < move.first]
        if not falls:
            return Stop(None, moves[-1].last if moves else Fraction(0))
        return Stop(moves[falls[-1]].end, moves[falls[-1]].last)

    def only_jump(self, quantity: int, which: Callable[[Piece], Curve]) -> Move | None:
        """The one jump by which moving the parameter up lowers the worst or the best case; None where more lowers it.

        A case that is 1 up to a threshold and 0 beyond it is lowered at the threshold alone.
        """
        falls = [move for move in self.moves(quantity, which, True) if move.last < move.first]
        return falls[0] if len(falls) == 1 and falls[0].start == falls[0].end else None

    def backfires(self, quantity: int, which: Callable[[Piece], Curve], upward: bool) -> Stop:
        """Where moving the parameter up (or down) first raises the worst or the best case, and what it comes to."""
        for move in self.moves(quantity, which, upward):
            if move.last > move.first:
                return Stop(move.start, move.last)
        return Stop(None, Fraction(0))

    def least(self, quantity: int, which: Callable[[Piece], Curve]) -> tuple[Real, tuple[tuple[Real, Real], ...]]:
        """The least value that the worst or best case comes to or near, and the intervals (or points) where."""
        ends = [
            (piece, which(piece).at(quantity, piece.low), which(piece).at(quantity, piece.high))
            for piece in self.pieces(quantity)
        ]
        value = min(min(low, high) for _, low, high in ends)
        spans: list[tuple[Real, Real]] = []
        for piece, low, high in ends:
            if low == value == high:
                span = (piece.low, piece.high)
            elif low == value:
                span = (piece.low, piece.low)
            elif high == value:
                span = (piece.high, piece.high)
            else:
                continue
            if spans and spans[-1][1] == span[0]:
                spans[-1] = (spans[-1][0], span[1])
            else:
                spans.append(span)
        return value, tuple(spans)


def _row(poly: Any) -> Row:
    """The coefficients of a polynomial in one name, the constant term first."""
    row: Row = []
    for (exponent,), c in poly.terms():
        row += [Fraction(0)] * (int(exponent) + 1 - len(row))
        row[int(exponent)] = Fraction(int(c.p), int(c.q))
    return row


def _evaluate(row: Row, place: Real) -> Real:
    total: Real = Fraction(0)
    for coefficient in reversed(row):
        total = total * place + coefficient
    return total


def _between(low: Real, high: Real) -> Fraction:
    """A rational number between two numbers."""
    (_, left), (right, _) = apart([low, high])
    return (left + right) / 2
