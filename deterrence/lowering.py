r"""Closed forms as a program: what an atlas says, as plain numbers that array code can be made of.

A *program* has inputs :math:`x_1,\dots,x_m` (the parameters that vary), polynomials :math:`p_k \in \mathbb{Q}[x]`, and
for each family of equilibria a region, an or of ands of signs of polynomials, and for each quantity (the probability of
an event, the payoff of a player) a quotient of two of them. *Watched* polynomials are those one of which vanishes at
every point where a family on a knife edge exists.

In floating point a polynomial of :math:`t` terms and degree :math:`d` is off by at most
:math:`\gamma_{t+3d+2} \sum_j |c_j| \max|x|^{e_j}` with :math:`\gamma_n = nu/(1-nu)`, :math:`u = 2^{-53}`, the rounding
of inputs and coefficients included ([higham-2002], section 3.1). A sign is known where the computed value is beyond
that bound; where it is not, `Program.decide` decides it in exact arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any, Final

from .atlas import Atlas, EquilibriumFamily
from .errors import ExpressionError, NotSupportedError
from .expressions import Condition, Expression, Ring

__all__ = ["ACCURACY", "Decision", "Lowered", "Member", "Program", "lower"]

MAX_UNKNOWNS: Final = 3
MAX_SIDES: Final = 14
MAX_EDGES: Final = 300

ACCURACY: Final = 1e-10
"""What a quotient may be off by, times one plus its size; where that is not sure it is computed exactly."""

UNIT: Final = 2.0**-53
LARGEST: Final = 1e100

Terms = tuple[tuple[Fraction, tuple[int, ...]], ...]
Sign = tuple[int, str]
Region = tuple[tuple[Sign, ...], ...]


@dataclass(frozen=True)
class Member:
    """Members of a family, one at each point where a region holds.

    Attributes
    ----------
    region : an or of ands; each condition the number of a polynomial and ``">"``, ``">="``, ``"=="`` or ``"!="``.
    values : for each quantity of the program the numbers of its numerator and denominator; -1 for a denominator of 1.
    """

    region: Region
    values: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Lowered:
    """One family of a program.

    Attributes
    ----------
    id, label : as in the atlas.
    region : where it exists, as in `Member`.
    members : what it is there. Where the distribution over complete histories varies in it, its corners: the extreme
        values of every quantity over the family are among theirs.
    """

    id: str
    label: str
    region: Region
    members: tuple[Member, ...]

    @property
    def varies(self) -> bool:
        """Whether the distribution over complete histories varies in it."""
        return len(self.members) > 1


@dataclass(frozen=True)
class Decision:
    """What holds at one point, exactly.

    Attributes
    ----------
    admissible : whether the point lies in the domain.
    covered : whether chance gives every label positive probability, as the atlas takes for granted.
    exists : for each family.
    values : for each family the quantities of each of its members that exists.
    edges : the ids of the families on a knife edge that exist.
    """

    admissible: bool
    covered: bool
    exists: tuple[bool, ...]
    values: tuple[tuple[tuple[Fraction, ...], ...], ...]
    edges: tuple[str, ...]


@dataclass(frozen=True)
class Program:
    """An atlas as polynomials in the parameters that vary, in plain numbers.

    Attributes
    ----------
    inputs : the names of the parameters.
    quantities : names of what is computed for each family, such as ``"P[attack]"``.
    polynomials : each a sum of terms, a coefficient with the exponent of each input.
    domain : what an admissible point satisfies, all of it.
    families : the generic ones.
    edges : the families on a knife edge, id and region.
    watched : numbers of polynomials.
    chance : numbers of the polynomials that are the probabilities of labels of chance.
    notes : what is not known of this atlas.
    """

    inputs: tuple[str, ...]
    quantities: tuple[str, ...]
    polynomials: tuple[Terms, ...]
    domain: tuple[Sign, ...]
    families: tuple[Lowered, ...]
    edges: tuple[tuple[str, Region], ...]
    watched: tuple[int, ...]
    chance: tuple[int, ...]
    notes: tuple[str, ...] = ()

    def bounds(self, largest: Sequence[float]) -> list[float]:
        """What each polynomial, computed in floating point, may be off by where no input is larger than this."""
        found = []
        for terms in self.polynomials:
            size, degree = 0.0, 0
            for coefficient, exponents in terms:
                term = abs(float(coefficient))
                for base, exponent in zip(largest, exponents, strict=True):
                    term *= base**exponent
                size += term
                degree = max(degree, sum(exponents))
            steps = len(terms) + 3 * degree + 2
            # What the bound itself loses by rounding is less than its last factor adds; and underflow.
            bound = steps * UNIT / (1 - steps * UNIT) * size * 1.001 + 1e-200
            found.append(bound if bound < LARGEST else math.inf)
        return found

    def clearances(self, bounds: Sequence[float]) -> dict[int, float]:
        """How far from zero each denominator must be for the quotients it divides to be accurate."""
        least: dict[int, float] = {}
        for family in self.families:
            for member in family.members:
                for top, below in member.values:
                    if below >= 0:
                        need = 1.001 * max(bounds[top], bounds[below]) / ACCURACY
                        least[below] = max(least.get(below, 0.0), need)
        return least

    def decide(self, point: Sequence[Fraction]) -> Decision:
        """What holds at a point, exactly."""
        known: dict[int, Fraction] = {}

        def value(k: int) -> Fraction:
            if k not in known:
                known[k] = _value(self.polynomials[k], point)
            return known[k]

        def holds(sign: Sign) -> bool:
            number = value(sign[0]).numerator
            op = sign[1]
            return number > 0 if op == ">" else number >= 0 if op == ">=" else (number == 0) is (op == "==")

        def lies(region: Region) -> bool:
            return any(all(map(holds, part)) for part in region)

        admissible = all(map(holds, self.domain))
        covered = admissible and all(value(k) != 0 for k in self.chance)
        exists = tuple(covered and lies(family.region) for family in self.families)
        values = tuple(
            tuple(
                tuple(value(top) / (value(below) if below >= 0 else 1) for top, below in member.values)
                for member in family.members
                if there and lies(member.region)
            )
            for family, there in zip(self.families, exists, strict=True)
        )
        return Decision(admissible, covered, exists, values, tuple(key for key, r in self.edges if covered and lies(r)))


def _value(terms: Terms, point: Sequence[Fraction]) -> Fraction:
    total = Fraction(0)
    for coefficient, exponents in terms:
        term = coefficient
        for base, exponent in zip(point, exponents, strict=True):
            if exponent:
                term *= base**exponent
        total += term
    return total


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


def lower(found: Atlas) -> Program:
    """The program of an atlas.

    Raises
    ------
    NotSupportedError
        where a generic family has no closed form, or where what varies in it is bounded by no flat sides.
    """
    ring = found.game.space.ring
    build = _Builder(ring.names)
    quantities = [f"P[{event}]" for event in found.game.events] + [f"payoff[{name}]" for name in found.game.players]
    families = [_family(build, ring, family) for family in found.families[: found.generic]]
    domain = build.part(found.conditions)
    if domain is None:
        raise ExpressionError("no value is admissible")
    watched = {k for family in families for part in family.region for k, _ in part}
    watched.update(k for f in families for m in f.members for part in m.region for k, _ in part)
    watched.update(k for k, _ in domain)
    edges, notes = [], []
    if len(found) - found.generic > MAX_EDGES:
        notes.append("points on a knife edge that is no boundary of a generic family are not recognised")
    for family in found.families[found.generic :] if not notes else ():
        if family.implicit:
            notes.append(f"points where {family.id} ({family.label}) exists, on a knife edge, are not recognised")
            continue
        region = build.region(family.region)
        for part in region:
            equations = [k for k, op in part if op == "=="]
            if not equations:
                # Without interior: at each of its points a weak condition is an equation.
                watched.update(k for k, op in part if op == ">=")
            elif not watched.intersection(equations):
                watched.add(equations[0])
        edges.append((family.id, region))
    chance = {
        build.polynomial(p.num)
        for move in found.game.chance.values()
        for p in move.probabilities.values()
        if not p.is_number
    }
    return Program(
        inputs=tuple(ring.names), quantities=tuple(quantities), polynomials=tuple(build.terms), domain=domain,
        families=tuple(families), edges=tuple(edges), watched=tuple(sorted(watched | chance)),
        chance=tuple(sorted(chance)), notes=tuple(notes),
    )


def _family(build: _Builder, ring: Ring, family: EquilibriumFamily) -> Lowered:
    if family.implicit or family.roots:
        raise NotSupportedError(f"{family.id} ({family.label}) has no closed form")
    region = build.region(family.region)
    values = [*family.events.values(), *family.payoffs.values()]
    if all(value.free <= set(ring.names) for value in values):
        members = [Member(((),), tuple(build.quotient(value.over(ring)) for value in values))]
    else:
        members = [
            Member(build.region([conditions]), tuple(map(build.quotient, put)))
            for conditions, put in _corners(family, ring, values)
        ]
    return Lowered(family.id, family.label, region, tuple(members))


Corner = tuple[tuple[Condition, ...], tuple[Expression, ...]]


def _corners(family: EquilibriumFamily, ring: Ring, values: Sequence[Expression]) -> list[Corner]:
    """The corners of what varies on the path of a family: where each is one, and the values there."""
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
    if not 1 <= len(names) <= MAX_UNKNOWNS or len(kept) > MAX_SIDES:
        raise NotSupportedError(f"{family.id} ({family.label}): too much varies in it")
    rows = [_linear(Expression(wide, poly), names, ring) for poly in kept]
    tops = [(_linear(Expression(wide, v.num), names, ring), _linear(Expression(wide, v.den), names, ring)) for v in put]
    if any(row is None for row in rows) or any(top is None or below is None for top, below in tops):
        raise NotSupportedError(f"{family.id} ({family.label}): what varies in it has sides that are not flat")
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
