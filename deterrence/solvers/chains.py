r"""Where the chain of a stationary profile leads: the probability of reaching a state, and the time it takes.

With :math:`P` the transition matrix among the states from which the target can be reached and :math:`q` the
probabilities of reaching it at once, the probabilities :math:`h` of ever reaching it and the expected numbers :math:`m`
of periods until then, counted as 0 where it is not reached, are

.. math:: h = P h + q, \qquad m = P m + h,

one linear system each; :math:`I - P` is invertible, as from each of these states the chain leaves them for good with
positive probability. From all other states :math:`h = m = 0`. The expected time given that the target is reached is
:math:`m / h`.

>>> half = Fraction(1, 2)
>>> reached([{0: half, 1: half}, {1: half, 2: half}], 2)
([Fraction(1, 1), Fraction(1, 1)], [Fraction(4, 1), Fraction(2, 1)])
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import flint

__all__ = ["chain", "reached", "solved", "step"]

Row = dict[int, Any]


def step(moves: Sequence[Sequence[Mapping[int, Any]]], first: Sequence[Any], second: Sequence[Any]) -> Row:
    """The probability of each next state where two mixtures meet; `moves` is that of a stage."""
    found: Row = {}
    for a, x in enumerate(first):
        for b, y in enumerate(second):
            if not _is_zero(x) and not _is_zero(y):
                for t, chance in moves[a][b].items():
                    found[t] = found[t] + x * y * chance if t in found else x * y * chance
    return found


def chain(
    moves: Sequence[Sequence[Sequence[Mapping[int, Any]]]], first: Sequence[Sequence[Any]],
    second: Sequence[Sequence[Any]],
) -> list[Row]:
    """The transitions of a profile, state by state."""
    return [step(stage, x, y) for stage, x, y in zip(moves, first, second, strict=True)]


def reached(rows: Sequence[Mapping[int, Any]], target: int) -> tuple[list[Any], list[Any]]:
    """For each state the probability of ever reaching the target and the periods until then, 0 where it is not.

    Parameters
    ----------
    rows : for each state the probabilities of the next ones, without those that are zero; numbers after those of the
        states are ends. Fractions, algebraic numbers or balls.
    target : a state or an end; a state that is the target counts as reached.
    """
    before = {target}
    while True:
        wider = before | {s for s, row in enumerate(rows) if any(t in before for t in row)}
        if wider == before:
            break
        before = wider
    states = [s for s in range(len(rows)) if s in before and s != target]
    place = {s: k for k, s in enumerate(states)}
    balls = any(isinstance(p, flint.arb) for row in rows for p in row.values())
    zero: Any = flint.arb(0) if balls else Fraction(0)
    system = [{place[t]: p for t, p in rows[s].items() if t in place} for s in states]
    chances = solved(system, [rows[s].get(target, Fraction(0)) for s in states])
    periods = solved(system, chances)
    h, m = [zero] * len(rows), [zero] * len(rows)
    # Where the target can be reached from every state that can be reached, it is reached.
    sure = set(range(len(rows))) & before
    while True:
        left = {s for s in sure if s == target or all(t in sure or t == target for t in rows[s])}
        if left == sure:
            break
        sure = left
    for s, k in place.items():
        h[s], m[s] = zero + 1 if s in sure else chances[k], periods[k]
    if target < len(rows):
        h[target] = zero + 1
    return h, m


def _is_zero(value: Any) -> bool:
    return bool(value == 0)


def solved(rows: Sequence[Mapping[int, Any]], right: Sequence[Any]) -> list[Any]:
    """The solution of ``x = rows x + right``."""
    size = len(rows)
    if not size:
        return []
    numbers = [*right, *(value for row in rows for value in row.values())]
    if all(isinstance(value, Fraction) for value in numbers):
        matrix = flint.fmpq_mat(size, size, [_rational(Fraction(int(s == t)) - rows[s].get(t, Fraction(0)))
                                             for s in range(size) for t in range(size)])
        found = matrix.solve(flint.fmpq_mat(size, 1, [_rational(value) for value in right]))
        return [Fraction(int(x.p), int(x.q)) for x in found.entries()]
    if any(isinstance(value, flint.arb) for value in numbers):
        balls = flint.arb_mat(size, size, [int(s == t) - _ball(rows[s].get(t, Fraction(0)))
                                           for s in range(size) for t in range(size)])
        return list(balls.solve(flint.arb_mat(size, 1, [_ball(value) for value in right])).entries())
    return _eliminated(rows, right)


def _eliminated(rows: Sequence[Mapping[int, Any]], right: Sequence[Any]) -> list[Any]:
    """The same by elimination, in any field."""
    size = len(rows)
    table = [[Fraction(int(s == t)) - rows[s].get(t, Fraction(0)) for t in range(size)] for s in range(size)]
    found = list(right)
    for k in range(size):
        # No pivot vanishes: what is left of the matrix is that of the chain watched on fewer states.
        scale = 1 / table[k][k]
        table[k], found[k] = [x * scale for x in table[k]], found[k] * scale
        for s in range(size):
            factor = table[s][k]
            if s != k and factor != 0:
                table[s] = [x - factor * y for x, y in zip(table[s], table[k], strict=True)]
                found[s] = found[s] - factor * found[k]
    return found


def _rational(value: Fraction) -> Any:
    return flint.fmpq(value.numerator, value.denominator)


def _ball(value: Any) -> Any:
    return flint.arb(_rational(value)) if isinstance(value, Fraction) else value
