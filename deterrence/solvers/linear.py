r"""Whether a conjunction of linear conditions has a real solution, exactly, by Fourier and Motzkin's elimination.

Most questions of the search are small and linear; they are answered here in whole numbers, without z3. A name is
eliminated by adding every lower bound to every upper bound, an equation by putting it into the others. What is not
linear, or grows beyond `MAX_ROWS`, is left to z3.

>>> from deterrence.expressions import Ring
>>> ring = Ring(["x", "y"])
>>> feasible(ring.parse_condition("0 <= x < y") + ring.parse_condition("x + y <= 1"))
True
>>> feasible(ring.parse_condition("0 <= x < y") + ring.parse_condition("y <= 0"))
False
>>> feasible(ring.parse_condition("x*y > 1")) is None
True
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import gcd
from typing import Literal

from ..expressions import Condition

__all__ = ["MAX_ROWS", "feasible", "solution"]

MAX_ROWS = 80

Row = tuple[int, ...]  # the coefficient of each name, then the constant
Rows = dict[Row, bool]  # row >= 0, and whether strictly


def feasible(conditions: Iterable[Condition]) -> bool | None:
    """Whether real values exist at which all conditions hold; None where they are not linear or too many."""
    found = solution(conditions)
    return None if found is None else found is not False


def solution(conditions: Iterable[Condition]) -> dict[int, Fraction] | Literal[False] | None:
    """Values of the names that occur at which all conditions hold; False where there are none, None where undecided."""
    equations: list[Row] = []
    rows: Rows = {}
    found = list(conditions)
    names = _names(found)
    if names is None:
        return None
    for condition in found:
        row = [0] * (len(names) + 1)
        for monomial, coefficient in condition.poly.terms():
            place = next((names[i] for i, degree in enumerate(monomial) if degree), len(names))
            row[place] = int(coefficient.p)
        if condition.op == "==":
            equations.append(tuple(row))
        else:
            rows[tuple(row)] = rows.get(tuple(row), False) or condition.op == ">"
    values = _decide(equations, rows, len(names))
    return {i: values[n] for i, n in names.items()} if isinstance(values, list) else values


def _names(conditions: list[Condition]) -> dict[int, int] | None:
    """The names that occur, numbered; None where a condition is not linear."""
    names: dict[int, int] = {}
    for condition in conditions:
        if condition.op == "!=" or condition.poly.total_degree() > 1:
            return None
        for i, degree in enumerate(condition.poly.degrees()):
            if degree > 0:
                names.setdefault(i, len(names))
    return names


def _decide(equations: list[Row], rows: Rows, count: int) -> list[Fraction] | Literal[False] | None:
    used: list[tuple[int, Row]] = []
    while equations:
        equation = equations.pop()
        pivot = next((i for i, c in enumerate(equation[:-1]) if c), None)
        if pivot is None:
            if equation[-1]:
                return False
            continue
        used.append((pivot, equation))
        equations = [_reduced(row, equation, pivot) for row in equations]
        rows = _collected((_reduced(row, equation, pivot), strict) for row, strict in rows.items())
    bounds: list[tuple[int, Rows]] = []
    while True:
        # What is left without a name is true or false.
        if any(row[-1] < 0 or (strict and row[-1] == 0) for row, strict in rows.items() if not any(row[:-1])):
            return False
        pivot = _cheapest(rows)
        if pivot is None:
            break
        bounds.append((pivot, {row: strict for row, strict in rows.items() if row[pivot]}))
        rows = _without(rows, pivot)
        if len(rows) > MAX_ROWS:
            return None
    values = [Fraction(0)] * count
    for i, own in reversed(bounds):
        values[i] = _between(own, i, values)
    for i, equation in reversed(used):
        values[i] = -_rest(equation, i, values) / equation[i]
    return values


def _rest(row: Row, i: int, values: Sequence[Fraction]) -> Fraction:
    """What a row comes to without the name at `i`."""
    return sum((c * values[n] for n, c in enumerate(row[:-1]) if n != i and c), Fraction(row[-1]))


def _between(rows: Rows, i: int, values: Sequence[Fraction]) -> Fraction:
    """A value of the name at `i` that meets the rows, the others given."""
    lower: tuple[Fraction, bool] | None = None
    upper: tuple[Fraction, bool] | None = None
    for row, strict in rows.items():
        bound = (-_rest(row, i, values) / row[i], strict)
        if row[i] > 0:
            lower = bound if lower is None else max(lower, bound)
        elif upper is None or (bound[0], not strict) < (upper[0], not upper[1]):
            upper = bound
    if lower is None:
        if upper is None:
            return Fraction(0)
        return upper[0] - 1 if upper[1] else upper[0]
    if upper is None:
        return lower[0] + 1 if lower[1] else lower[0]
    return (lower[0] + upper[0]) / 2


def _reduced(row: Row, equation: Row, pivot: int) -> Row:
    """A row with the name at `pivot` replaced by what an equation makes of it."""
    if not row[pivot]:
        return row
    factor, scale = row[pivot], equation[pivot]
    if scale < 0:
        factor, scale = -factor, -scale
    return tuple(scale * a - factor * b for a, b in zip(row, equation, strict=True))


def _collected(pairs: Iterable[tuple[Row, bool]]) -> Rows:
    """Rows in lowest terms, each once."""
    rows: Rows = {}
    for row, strict in pairs:
        common = gcd(*row)
        key = row if common in (0, 1) else tuple(c // common for c in row)
        rows[key] = rows.get(key, False) or strict
    return rows


def _cheapest(rows: Rows) -> int | None:
    """The name whose elimination adds the fewest rows."""
    best: tuple[int, int] | None = None
    for i in range(len(next(iter(rows))) - 1 if rows else 0):
        lower = sum(row[i] > 0 for row in rows)
        upper = sum(row[i] < 0 for row in rows)
        if lower or upper:
            key = (lower * upper - lower - upper, i)
            best = key if best is None else min(best, key)
    return None if best is None else best[1]


def _without(rows: Rows, i: int) -> Rows:
    lower = [(row, strict) for row, strict in rows.items() if row[i] > 0]
    upper = [(row, strict) for row, strict in rows.items() if row[i] < 0]
    pairs = [(row, strict) for row, strict in rows.items() if not row[i]]
    pairs += [
        (tuple(a * -high[i] + b * low[i] for a, b in zip(low, high, strict=True)), strict or other)
        for low, strict in lower
        for high, other in upper
    ]
    return _collected(pairs)
