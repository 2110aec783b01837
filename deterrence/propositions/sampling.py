r"""Points tried before anything is decided: many false statements already fail at simple values.

The points are drawn from short fractions by a generator with a fixed seed, so that the same statement gives the same
witness everywhere. A point that refutes is checked like every other witness; that none does says nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations
from typing import Final

from ..atlas import Atlas
from .language import Statement
from .witness import Checker, Slot, Witness

__all__ = ["sampled"]

_WORDS: Final = "1/2 1 2 1/4 3/4 3 1/3 2/3 1/5 4/5 4 1/10 9/10 3/2 5 10 1/20 19/20 -1 -1/2 -2 0 -3"
_POOL: Final = tuple(Fraction(word) for word in _WORDS.split())
_TRIES: Final = 40

Point = Mapping[str, Fraction]


def sampled(atlas: Atlas, statement: Statement, checker: Checker, count: int) -> Witness | None:
    """A witness among so many admissible points, or None."""
    plain = any(not term.envelope for term in statement.terms.values())
    terms = [term for term in statement.terms.values() if not term.envelope]
    fixed = [f for f in checker.scope if not (plain and checker.values.varies(f, terms))]
    for points in _points(atlas, statement, count):
        there = [f for f in fixed if all(checker.exists(f, point) for point in points)]
        for slots in _slots(statement, plain, there, len(points)):
            witness = Witness(points, slots)
            if _defined(checker, statement, witness) and checker.refutes(witness):
                return witness
    return None


def _slots(statement: Statement, plain: bool, there: list[int], points: int) -> Iterator[tuple[Slot, ...]]:
    if statement.kind == "unique":
        for pair in combinations(there, 2):
            yield tuple(Slot(f, {}) for f in pair)
    elif plain:
        for f in there:
            yield (Slot(f, {}),) * points
    else:
        yield ()


def _defined(checker: Checker, statement: Statement, witness: Witness) -> bool:
    """Whether every plain term has a value, as one given an event of probability zero has not."""
    terms = [term for term in statement.terms.values() if not term.envelope]
    if statement.kind == "unique" or not terms:
        return True
    return all(
        checker.term(term, slot, point) is not None
        for slot, point in zip(witness.slots, witness.points, strict=True)
        for term in terms
    )


def _points(atlas: Atlas, statement: Statement, count: int) -> Iterator[tuple[Point, ...]]:
    rng = random.Random(0)  # noqa: S311 - points to try, no secret
    space = atlas.game.space
    pools = {}
    for name in space.names:
        own = [condition for condition in space.conditions if condition.free == {name}]
        pools[name] = [value for value in _POOL if all(c.holds({name: value}) for c in own)]
    if not all(pools.values()):
        return
    for _ in range(count):
        for _ in range(_TRIES):
            point = {name: rng.choice(pool) for name, pool in pools.items()}
            points = [point]
            if statement.parameter:
                ends = sorted({point[statement.parameter], rng.choice(pools[statement.parameter])})
                points = [{**point, statement.parameter: end} for end in ends]
            if len(points) == (2 if statement.parameter else 1) and not any(map(space.violations, points)):
                yield tuple(points)
                break
        else:
            return
