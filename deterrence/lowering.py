"""Closed forms as a program: an atlas turned into polynomials in the parameters that vary.

What varies on the path of a family is replaced by the corners of the set over which it varies: a linear quotient takes
its least and its greatest value at corners.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any, Final

from .atlas import Atlas, EquilibriumFamily
from .direct import DirectGame
from .errors import ExpressionError, NotSupportedError
from .expressions import Condition, Expression, Ring
from .program import Lowered, Member, Program, Region, Sign, Terms

__all__ = ["corners", "lower"]

MAX_UNKNOWNS: Final = 3
MAX_SIDES: Final = 14
MAX_EDGES: Final = 300


def _terms(poly: Any) -> Terms:
    return tuple((Fraction(int(c.p), int(c.q)), tuple(map(int, exponents))) for exponents, c in poly.terms())


class _Builder:
    """Polynomials, each once."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.terms: list[Terms] = []
        self.number: dict[str, int] = {}

    def polynomial(self, poly: Any) -> int:
        key = str(poly)
        if key not in self.number:
            self.number[key] = len(self.terms)
            self.terms.append(_terms(poly))
        return self.number[key]

    def sign(self, condition: Condition) -> Sign:
        return self.polynomial(condition.poly), condition.op

    def part(self, conditions: Iterable[Condition]) -> tuple[Sign, ...] | None:
        """A conjunction without what always holds; None where it never does."""
        kept = []
        for condition in conditions:
            if condition.truth is False:
                return None
            if condition.truth is None:
                kept.append(self.sign(condition))
        return tuple(dict.fromkeys(kept))

    def region(self, parts: Iterable[Sequence[Condition]]) -> Region:
        """An or of ands, without those that never hold."""
        return tuple(part for conditions in parts if (part := self.part(conditions)) is not None)

    def quotient(self, value: Expression) -> tuple[int, int]:
        below = -1 if value.den.is_one() else self.polynomial(value.den)
        return self.polynomial(value.num), below


def lower(found: Atlas, domain: Sequence[Condition] | None = None) -> Program:
    """The program of an atlas.

    Parameters
    ----------
    found : a complete atlas.
    domain : what makes a point admissible; an atlas takes for granted that chance leaves nothing out, and its own
        conditions say so. None for those.

    Raises
    ------
    NotSupportedError
        where a generic family has no closed form, or where what varies in it is bounded by no flat sides; where the
        atlas holds only some kind of the equilibria of its game.
    """
    game = found.game
    if isinstance(game, DirectGame) and found.concept != game.concept:
        known, asked = (concept.replace("markov", "Markov") for concept in (found.concept, game.concept))
        raise NotSupportedError(f"closed forms are known of {known} equilibria, not of all {asked} ones")
    ring = found.game.space.ring
    build = _Builder(ring.names)
    quantities = [f"P[{event}]" for event in found.game.events] + [f"payoff[{name}]" for name in found.game.players]
    families = [_family(build, ring, family) for family in found.families[: found.generic]]
    admissible = build.part(found.conditions if domain is None else domain)
    if admissible is None:
        raise ExpressionError("no value is admissible")
    watched = {k for family in families for part in family.region for k, _ in part}
    watched.update(k for f in families for m in f.members for part in m.region for k, _ in part)
    watched.update(k for k, _ in admissible)
    notes: list[str] = []
    edges: list[tuple[str, Region, bool]] = []
    hidden = 0
    for poly in _equations(found) if len(found) - found.generic > MAX_EDGES else ():
        if poly is None:
            hidden += 1
            continue
        # Where this vanishes a family may exist: its other conditions are not written out in a large atlas.
        watched.add(k := build.polynomial(poly))
        edges.append((f"equation {k}", (((k, "=="),),), False))
    if hidden:
        notes.append(f"points on {hidden} knife edges are not recognised: where they lie is not known in closed form")
    for family in found.families[found.generic :] if len(found) - found.generic <= MAX_EDGES else ():
        # Of conditions that hold quantities too, those on the parameters alone say where the family may exist.
        plain = [tuple(c.over(ring) for c in part if c.free <= set(ring.names)) for part in family.region]
        region = build.region(plain)
        if family.implicit and any(all(op != "==" for _, op in part) for part in region):
            notes.append(f"points where {family.id} ({family.label}) exists, on a knife edge, are not recognised")
            continue
        for part in region:
            equations = [k for k, op in part if op == "=="]
            if not equations:
                # Without interior: at each of its points a weak condition is an equation.
                watched.update(k for k, op in part if op == ">=")
            elif not watched.intersection(equations):
                watched.add(equations[0])
        edges.append((family.id, region, not family.implicit))
    chance = {
        build.polynomial(p.num)
        for move in found.game.chance.values()
        for p in move.probabilities.values()
        if not p.is_number
    }
    return Program(
        inputs=tuple(ring.names), quantities=tuple(quantities), polynomials=tuple(build.terms), domain=admissible,
        families=tuple(families), edges=tuple(edges), watched=tuple(sorted(watched | chance)),
        chance=tuple(sorted(chance)), notes=tuple(notes),
    )


def _equations(found: Atlas) -> list[Any]:
    """For the families on a knife edge of a large atlas one equation of each, different ones once; None for unknown."""
    equations = getattr(found.families, "equations", None)
    if equations is None:
        return [None] * (len(found) - found.generic)
    return list(equations())


def _family(build: _Builder, ring: Ring, family: EquilibriumFamily) -> Lowered:
    if family.roots:
        raise NotSupportedError(
            f"what {family.id} ({family.label}) comes to is a root of an equation, exact at each point, but no "
            "quotient of polynomials"
        )
    if family.implicit:
        raise NotSupportedError(f"{family.id} ({family.label}) is known by its equations only")
    region = build.region(family.region)
    values = [*family.events.values(), *family.payoffs.values()]
    if all(value.free <= set(ring.names) for value in values):
        members = [Member(((),), tuple(build.quotient(value.over(ring)) for value in values))]
    else:
        members = [
            Member(build.region([conditions]), tuple(map(build.quotient, put)))
            for conditions, put in corners(family, ring, values)
        ]
    return Lowered(family.id, family.label, region, tuple(members))


Corner = tuple[tuple[Condition, ...], tuple[Expression, ...]]


def corners(family: EquilibriumFamily, ring: Ring, values: Sequence[Expression]) -> list[Corner]:
    """The corners of what varies on the path of a family: where each is one, and the values there.

    Parameters
    ----------
    family : the family.
    ring : of the parameters.
    values : formulas over the parameters and what is free, of which each is linear in what is free, or a quotient.

    Raises
    ------
    NotSupportedError
        where what varies in these values is bounded by no flat sides, or is too much.
    """
    wide = values[0].ring
    unknown = set(family.quantities)
    sides: dict[tuple[str, ...], tuple[list[Any], list[Expression]]] = {}
    for piece in family.pieces:
        polys, put = _without_equations(wide, unknown, piece, values)
        moving = set().union(*(value.free for value in put)) & unknown
        while True:
            kept = [poly for poly in polys if Expression(wide, poly).free & moving]
            wider = moving.union(*(Expression(wide, poly).free & unknown for poly in kept))
            if wider == moving:
                break
            moving = wider
        sides[tuple(sorted({*map(str, kept), *map(str, put)}))] = (kept, put)
    if len(sides) != 1:
        raise NotSupportedError(f"{family.id} ({family.label}): what varies in it has more than one piece")
    ((kept, put),) = sides.values()
    names = sorted(set().union(*(Expression(wide, poly).free for poly in kept)) & unknown)
    if not names and all(value.free <= set(ring.names) for value in put):
        return [((), tuple(value.over(ring) for value in put))]
    if not 1 <= len(names) <= MAX_UNKNOWNS or len(kept) > MAX_SIDES:
        raise NotSupportedError(f"{family.id} ({family.label}): too much varies in it")
    flat = [_linear(Expression(wide, poly), names, ring) for poly in (*kept, *(p for v in put for p in (v.num, v.den)))]
    lines = [row for row in flat if row is not None]
    if len(lines) < len(flat):
        raise NotSupportedError(f"{family.id} ({family.label}): what varies in it has sides that are not flat")
    rows, tops = lines[: len(kept)], list(zip(lines[len(kept) :: 2], lines[len(kept) + 1 :: 2], strict=True))
    found: list[Corner] = []
    for chosen in combinations(rows, len(names)):
        corner = _meet(chosen, ring)
        if corner is None:
            continue
        # A side is weakly on the right side of a corner of the closure.
        there = [Condition.compare(_at(row, corner), ">=", ring.number(0)) for row in rows]
        there += [c for value in corner for c in value.denominator_conditions]
        divisors = [_at(below, corner) for _, below in tops]
        if any(c.truth is False for c in there) or any(d.is_zero for d in divisors):
            continue
        ends = tuple(_at(top, corner) / d for (top, _), d in zip(tops, divisors, strict=True))
        found.append((tuple(dict.fromkeys(c for c in there if c.truth is None)), ends))
    return found


Row = list[Expression]


def _without_equations(
    wide: Ring, unknown: set[str], piece: Sequence[Condition], values: Sequence[Expression]
) -> tuple[list[Any], list[Expression]]:
    """The inequalities of a piece and the values, each unknown that an equation gives put in."""
    polys = [(c.poly, c.op) for c in piece]
    while True:
        solved = next(
            (
                (n, poly, factor)
                for poly, op in polys
                if op == "=="
                for n in range(len(wide.names))
                if wide.names[n] in unknown and poly.degrees()[n] == 1
                for factor in [poly.derivative(n)]
                if factor.is_constant()
            ),
            None,
        )
        if solved is None:
            break
        n, poly, factor = solved
        gens = list(wide.context.gens())
        gens[n] = gens[n] - poly / factor.leading_coefficient()
        polys = [(p.compose(*gens, ctx=wide.context), op) for p, op in polys]
        values = [
            Expression(wide, v.num.compose(*gens, ctx=wide.context), v.den.compose(*gens, ctx=wide.context))
            for v in values
        ]
        polys = [(p, op) for p, op in polys if not p.is_zero()]
    left = [p for p, op in polys if op != "!="]
    return left, list(values)


def _linear(value: Expression, names: Sequence[str], ring: Ring) -> Row | None:
    """The coefficients of a polynomial that is linear in these names, its constant last; None where it is not."""
    row = []
    rest = value
    for name in names:
        slope = value.derivative(name)
        if slope.free & set(names):
            return None
        rest = rest - slope * value.ring.symbol(name)
        row.append(slope)
    if any(entry.free - set(ring.names) for entry in (*row, rest)):
        return None
    return [entry.over(ring) for entry in (*row, rest)]


def _meet(rows: Sequence[Row], ring: Ring) -> list[Expression] | None:
    """The one point at which linear forms all vanish; None where there is none or more than one."""
    matrix = [list(row) for row in rows]
    size = len(matrix)
    for column in range(size):
        pivot = next((r for r in range(column, size) if not matrix[r][column].is_zero), None)
        if pivot is None:
            return None
        matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
        scale = matrix[column][column]
        matrix[column] = [entry / scale for entry in matrix[column]]
        for r in range(size):
            if r != column and not matrix[r][column].is_zero:
                factor = matrix[r][column]
                matrix[r] = [a - factor * b for a, b in zip(matrix[r], matrix[column], strict=True)]
    return [ring.number(0) - row[-1] for row in matrix]


def _at(row: Row, corner: Sequence[Expression]) -> Expression:
    total = row[-1]
    for slope, value in zip(row, corner, strict=False):
        total = total + slope * value
    return total
