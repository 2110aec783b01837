r"""Whether a piece has a consistent member, where those that were drawn are not.

Given which probabilities and beliefs are zero, trembles :math:`c_a \varepsilon^{k_a}` carry every belief of an
assessment only if, at each information set, the beliefs of any two histories are to each other as the products of the
probabilities and of the :math:`c_a` on the way to them [kreps_wilson1982, lemma A1]. Where a product of powers of these
equations leaves no :math:`c_a`, it is an equation between probabilities and beliefs. These equations are solved
together with the conditions of the piece; whether what solves them is consistent is decided afterwards, in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import Any, Final

from ..certify import is_consistent
from ..errors import LimitError
from ..expressions import Condition
from ..game import Game, History
from .entries import Member, member_of
from .point import Piece

__all__ = ["consistent_member"]

MOST: Final = 64
"""So many ways of being zero or positive are tried for one piece."""

Key = tuple[str, int, Any]
Quotient = tuple[Any, Any]
Row = dict[Any, Fraction]


def consistent_member(piece: Piece, game: Game) -> tuple[Member | None, bool]:
    """A consistent member of a piece; and, where none was found, whether it is proved that there is none.

    Whether exponents :math:`k_a` exist depends on nothing but on what is zero: one member that meets the equations and
    is not consistent stands for all that are zero where it is.
    """
    quantities = _quantities(piece)
    decided = True
    for n, (positive, conditions) in enumerate(_signs(piece, quantities)):
        if n == MOST:
            return None, False
        try:
            equations = _equations(piece, game, quantities, positive)
            branches = piece.frame.algebra.solve_equations((*conditions, *equations))
        except LimitError:
            decided = False
            continue
        solved = (replace(branch, solved={**branch.solved, **piece.branch.solved}) for branch in branches)
        members = (member_of(Piece(piece.frame, piece.choices, branch)) for branch in solved)
        member = next((member for member in members if member is not None), None)
        if member is not None and is_consistent(game, member.strategy, member.beliefs):
            return member, True
        decided = decided and (member is not None or not branches)
    return None, decided


def _quantities(piece: Piece) -> dict[Key, Quotient]:
    """The probability of every action, and a weight for the belief in every history."""
    found: dict[Key, Quotient] = {}
    for i, infoset in enumerate(piece.frame.structure.infosets):
        for a, action in enumerate(infoset.actions):
            found["plays", i, action] = piece.put((piece.assembly.probability(i, a), piece.frame.one))
        for history, weight in piece.assembly.beliefs(i).items():
            found["believes", i, history] = piece.put((weight, piece.frame.one))
    return found


def _signs(
    piece: Piece, quantities: Mapping[Key, Quotient]
) -> Iterator[tuple[frozenset[Key], tuple[Condition, ...]]]:
    """Which quantities are positive, the others zero, in every way that goes with the conditions of the piece."""
    algebra = piece.frame.algebra
    branch = piece.branch
    parts = [(*branch.all, other) for other in branch.alternatives] or [branch.all]
    stack: list[tuple[int, frozenset[Key], tuple[Condition, ...]]] = [(0, frozenset(), part) for part in parts]
    keys = list(quantities)
    while stack:
        n, positive, conditions = stack.pop()
        if n == len(keys):
            yield positive, conditions
            continue
        num, den = quantities[keys[n]]
        more = algebra.condition(num * den, ">"), algebra.condition(num, "==")
        # What is taken from the stack first is what was put there last: positive before zero.
        for condition, chosen in ((more[1], positive), (more[0], positive | {keys[n]})):
            together = conditions if condition.truth is True else (*conditions, condition)
            if condition.truth is not False and (condition.truth is True or algebra.feasible(together)):
                stack.append((n + 1, chosen, together))


def _equations(
    piece: Piece, game: Game, quantities: Mapping[Key, Quotient], positive: frozenset[Key]
) -> list[Condition]:
    """The equations without trembles.

    Raises
    ------
    LimitError
        where an information set has no history of positive weight, so that its beliefs are not known from weights.
    """
    algebra = piece.frame.algebra
    ratios: list[tuple[Row, Quotient]] = []
    for i, infoset in enumerate(piece.frame.structure.infosets):
        believed = [h for h in infoset.histories if ("believes", i, h) in positive]
        if not believed:
            raise LimitError("an information set whose histories have no weight")
        first, *others = believed
        for history in others:
            row, way = _way(piece, game, quantities, positive, history)
            base, start = _way(piece, game, quantities, positive, first)
            left = _plus(row, base, Fraction(-1))
            right = _over(quantities["believes", i, history], quantities["believes", i, first])
            ratios.append((left, _times(right, _over(start, way))))
    found = []
    for powers in _combinations([row for row, _ in ratios]):
        above = below = piece.frame.one
        for n, power in powers.items():
            num, den = ratios[n][1] if power > 0 else ratios[n][1][::-1]
            above, below = above * num ** abs(power), below * den ** abs(power)
        found.append(algebra.condition(above - below, "=="))
    return found


def _way(
    piece: Piece, game: Game, quantities: Mapping[Key, Quotient], positive: frozenset[Key], history: History
) -> tuple[Row, Quotient]:
    """The trembles on the way to a history with their multiplicity, and the product of all other probabilities."""
    structure, one = piece.frame.structure, piece.frame.one
    counts: Row = {}
    product = (one, one)
    for n, label in enumerate(history):
        infoset = game.infoset_at.get(history[:n])
        if infoset is None:
            chance = game.chance[history[:n]].probabilities[label].as_fraction()
            product = _times(product, (one * chance.numerator, one * chance.denominator))
            continue
        key = ("plays", structure.index[infoset.name], label)
        if key in positive:
            product = _times(product, quantities[key])
        else:
            counts[key] = counts.get(key, Fraction(0)) + 1
    return counts, product


def _times(one: Quotient, other: Quotient) -> Quotient:
    return one[0] * other[0], one[1] * other[1]


def _over(one: Quotient, other: Quotient) -> Quotient:
    return one[0] * other[1], one[1] * other[0]


def _plus(row: Row, other: Row, factor: Fraction) -> Row:
    return {n: v for n in {**row, **other} if (v := row.get(n, Fraction(0)) + factor * other.get(n, Fraction(0))) != 0}


def _combinations(rows: Sequence[Row]) -> Iterator[dict[int, int]]:
    """Whole multiples of rows that add up to nothing; every other such sum is one of these."""
    solved: list[tuple[Any, Row, Row]] = []
    for n, left in enumerate(rows):
        row, used = dict(left), {n: Fraction(1)}
        for pivot, other, sources in solved:
            factor = row.get(pivot, Fraction(0))
            if factor:
                row, used = _plus(row, other, -factor), _plus(used, sources, -factor)
        if row:
            pivot = min(row)
            solved.append((pivot, _plus({}, row, 1 / row[pivot]), _plus({}, used, 1 / row[pivot])))
            continue
        whole = reduce(lcm, (factor.denominator for factor in used.values()), 1)
        yield {k: int(factor * whole) for k, factor in used.items()}
