r"""What can be said of a box without sampling: what cannot matter, and how much of the box a family takes.

Over the box :math:`B` each sign that occurs in the region of a generic family is *settled* where it holds at every
admissible point of :math:`B`, or at none, which is decided over the reals. What is left of the regions and of the
values of a quantity, once those are left out that another reaches wherever they exist, holds some of the parameters;
the quantity does not depend on the others anywhere in :math:`B`, save perhaps at points on a knife edge, which have
volume zero.

The share of the box in which a family exists is exact where nothing is left of its region or what is left are flat
sides in at most two uniform parameters; otherwise it is the mean of independent scrambled Sobol' samples with the
standard error of that mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np

from .expressions import Condition, Expression
from .outcomes import Study
from .program import Region
from .smt import decide, implies

__all__ = ["Atom", "Share", "Silence", "atoms_of", "regions", "shares", "silent"]

LIMIT: Final = 2_000_000
REPLICATES: Final = 16
ROWS: Final = 4_096

Part = tuple[Condition, ...]
Left = Mapping[str, list[Part]]
Point = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Silence:
    """What cannot matter to a quantity within the box, proved.

    Attributes
    ----------
    quantity : its name.
    parameters : those on which it does not depend.
    single : whether it depends on none.
    """

    quantity: str
    parameters: tuple[str, ...]
    single: bool

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "parameters": list(self.parameters), "depends_on_nothing": self.single, "status": "proved",
            "of": "every point of the box that is not on a knife edge",
        }


@dataclass(frozen=True)
class Share:
    """The share of the box in which a family exists, by the distributions of the parameters.

    Attributes
    ----------
    id, label : of the family.
    share : a number from 0 to 1.
    exact : the same as a fraction; None where it is an estimate.
    error : the standard error of an estimate.
    """

    id: str
    label: str
    share: float
    exact: Fraction | None
    error: float | None

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "id": self.id, "label": self.label, "share": self.share,
            "exact": None if self.exact is None else str(self.exact), "standard_error": self.error,
        }


def regions(ready: Study) -> Left:
    """For each generic family what is left of its region within the box; nothing where it never exists there."""
    assert ready.program is not None  # noqa: S101 - asked for with closed forms only
    settled: dict[tuple[int, str], bool | None] = {}

    def holds(number: int, op: str) -> bool | None:
        if (number, op) not in settled:
            condition = ready.condition(number, op)
            truth = implies(ready.box, condition, LIMIT)
            if truth is False and decide([*([c] for c in ready.box), [condition]], LIMIT).status != "unsat":
                truth = None
            settled[number, op] = truth
        return settled[number, op]

    return {family.id: _left(ready, family.region, holds) for family in ready.program.families}


def _left(ready: Study, region: Region, holds: Callable[[int, str], bool | None]) -> list[Part]:
    parts = []
    for signs in region:
        truths = [holds(k, op) for k, op in signs]
        if False in truths:
            continue
        part = tuple(ready.condition(k, op) for (k, op), truth in zip(signs, truths, strict=True) if truth is None)
        if decide([[c] for c in (*ready.box, *part)], LIMIT).status != "unsat":
            parts.append(part)
    return parts


def silent(ready: Study, left: Left, quantity: str) -> Silence:
    """The parameters that cannot matter to a quantity."""
    assert ready.program is not None  # noqa: S101 - asked for with closed forms only
    kind, _, rest = quantity.rstrip("]").partition("[")
    if kind in ("exists", "count"):
        asked = left if kind == "count" else {rest: left[rest]}
        named = [c.free for parts in asked.values() for part in parts for c in part]
    else:
        atoms = _needed(ready, atoms_of(ready, left, quantity), kind.endswith("_max"))
        named = [atom.value.free for atom in atoms]
        if len({atom.value for atom in atoms}) > 1:
            named += [c.free for atom in atoms for c in atom.part]
    names = frozenset().union(*named)
    found = tuple(name for name in ready.names if name not in names)
    return Silence(quantity, found, len(found) == len(ready.names))


@dataclass(frozen=True)
class Atom:
    """A value that a quantity takes in a family, and where within the box it does."""

    part: Part
    value: Expression

    @property
    def names(self) -> frozenset[str]:
        """The parameters that occur."""
        return self.value.free.union(*(c.free for c in self.part))


def atoms_of(ready: Study, left: Left, quantity: str) -> list[Atom]:
    """What an envelope is the greatest or the least of."""
    assert ready.program is not None  # noqa: S101 - asked for with closed forms only
    kind, _, rest = quantity.partition("[")
    number = ready.program.quantities.index(f"{kind[:-4]}[{rest}")
    found: dict[Atom, None] = {}
    for family in ready.program.families:
        for member in family.members:
            top, below = member.values[number]
            value = ready.polynomials[top]
            value = value if below < 0 else value / ready.polynomials[below]
            for signs in member.region:
                own = tuple(ready.condition(k, op) for k, op in signs)
                for part in left[family.id]:
                    found[Atom(tuple(dict.fromkeys((*part, *own))), value)] = None
    return list(found)


def _needed(ready: Study, atoms: Sequence[Atom], greatest: bool) -> list[Atom]:
    """Those without which an envelope would be another: each left out is reached by one of the others wherever it is.

    Those that hold the most parameters are tried first, so that what is left holds few.
    """
    kept = list(atoms)
    for atom in sorted(atoms, key=lambda atom: -len(atom.names)):
        others = [other for other in kept if other is not atom]
        clauses: list[Sequence[Condition]] = [[c] for c in (*ready.box, *atom.part)]
        for other in others:
            short = Condition.compare(other.value, "<" if greatest else ">", atom.value)
            clauses.append([*(n for c in other.part for n in c.negated()), short])
        if decide(clauses, LIMIT).status == "unsat":
            kept = others
    return kept


# Shares ------------------------------------------------------------------------------------------------------------


def shares(ready: Study, left: Left, seed: int = 0) -> tuple[Share, ...]:
    """The share of the box in which each generic family exists, the largest first."""
    assert ready.program is not None  # noqa: S101 - asked for with closed forms only
    known = {family.id: _exact(ready, left[family.id]) for family in ready.program.families}
    asked = [f"exists[{key}]" for key, value in known.items() if value is None]
    means = {name: np.zeros(REPLICATES) for name in asked}
    for n in range(REPLICATES if asked else 0):
        found = ready.at(ready.draw(ROWS, seed * REPLICATES + n), asked)
        for name, values in found.items():
            means[name][n] = values.mean()
    rows = []
    for family in ready.program.families:
        exact = known[family.id]
        if exact is not None:
            rows.append(Share(family.id, family.label, float(exact), exact, None))
        else:
            sample = means[f"exists[{family.id}]"]
            rows.append(Share(family.id, family.label, float(sample.mean()), None,
                              float(sample.std(ddof=1) / REPLICATES**0.5)))
    return tuple(sorted(rows, key=lambda row: -row.share))


def _exact(ready: Study, parts: Sequence[Part]) -> Fraction | None:
    """The exact share of a region, where it is known how to find it."""
    if not parts:
        return Fraction(0)
    if any(not part for part in parts):
        return Fraction(1)
    names = sorted({name for part in parts for c in part for name in c.free})
    by_name = {assumption.name: assumption for assumption in ready.drawn}
    if len(parts) > 1 or len(names) > 2 or any(by_name[n].distribution not in ("", "uniform") for n in names):
        return None
    # The others make no difference, so that the domain may bind these two alone or not at all.
    if any(not implies(ready.box[: 2 * len(ready.drawn)], c, LIMIT) for c in ready.box[2 * len(ready.drawn) :]):
        return None
    spare = next((name for name in ready.names if name not in names), None)
    first, second = (*names, spare)[:2]
    ends = [by_name[name].range or (Fraction(0), Fraction(1)) if name else (Fraction(0), Fraction(1))
            for name in (first, second)]
    (left, right), (bottom, top) = ends
    polygon: list[Point] = [(left, bottom), (right, bottom), (right, top), (left, top)]
    for condition in parts[0]:
        if condition.op == "==":
            return None
        if condition.op == "!=":
            continue
        side = _flat(ready, condition, (first, second))
        if side is None:
            return None
        polygon = _clipped(polygon, side)
    return _area(polygon) / ((right - left) * (top - bottom))


def _flat(
    ready: Study, condition: Condition, names: tuple[str | None, ...]
) -> tuple[Fraction, Fraction, Fraction] | None:
    """The coefficients of a linear condition in two names, the constant last; None where it is not linear."""
    rest = Expression(ready.ring, condition.poly)
    slopes = []
    for name in names:
        slope = rest.derivative(name) if name else ready.ring.number(0)
        if not slope.is_number:
            return None
        slopes.append(slope.as_fraction())
        rest = rest - slope * ready.ring.symbol(name) if name else rest
    return (slopes[0], slopes[1], rest.as_fraction()) if rest.is_number else None


def _clipped(polygon: list[Point], side: tuple[Fraction, Fraction, Fraction]) -> list[Point]:
    """The part of a convex polygon on the right side of a line."""
    a, b, c = side
    heights = [a * x + b * y + c for x, y in polygon]
    found: list[Point] = []
    for n, (point, height) in enumerate(zip(polygon, heights, strict=True)):
        previous, before = polygon[n - 1], heights[n - 1]
        if (height > 0 > before) or (height < 0 < before):
            share = before / (before - height)
            found.append((previous[0] + share * (point[0] - previous[0]),
                          previous[1] + share * (point[1] - previous[1])))
        if height >= 0:
            found.append(point)
    return found


def _area(polygon: Sequence[Point]) -> Fraction:
    twice = sum((x * v - u * y for (x, y), (u, v) in zip(polygon, [*polygon[1:], *polygon[:1]], strict=True)),
                Fraction(0))
    return abs(twice) / 2
