r"""Closed forms as a program: what an atlas says, as plain numbers that array code can be made of.

A *program* has inputs :math:`x_1,\dots,x_m` (the parameters that vary), polynomials :math:`p_k \in \mathbb{Q}[x]`, and
for each family of equilibria a region, an or of ands of signs of polynomials, and for each quantity (the probability of
an event, the payoff of a player) a quotient of two of them. *Watched* polynomials are those one of which vanishes at
every point where a family on a knife edge exists.

In floating point a polynomial of :math:`t` terms and degree :math:`d` is off by at most
:math:`\gamma_{t+3d+2} \sum_j |c_j| \max|x|^{e_j}` with :math:`\gamma_n = nu/(1-nu)`, :math:`u = 2^{-53}`, the rounding
of inputs and coefficients included ([higham2002], section 3.1). A sign is known where the computed value is beyond
that bound; where it is not, `Program.decide` decides it in exact arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Final

__all__ = ["ACCURACY", "Decision", "Lowered", "Member", "Program", "Region", "Sign", "Terms", "nearest"]

ACCURACY: Final = 1e-10
"""What a quotient may be off by, times one plus its size; where that is not sure it is computed exactly."""

UNIT: Final = 2.0**-53
LARGEST: Final = 1e100

Terms = tuple[tuple[Fraction, tuple[int, ...]], ...]
Sign = tuple[int, str]
Region = tuple[tuple[Sign, ...], ...]
Whole = tuple[int, int, tuple[tuple[int, tuple[int, ...], int], ...]]
"""A polynomial over the whole numbers: what it was multiplied by, its degree, and terms with their degrees."""


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
    doubt : whether there are others that may exist.
    """

    admissible: bool
    covered: bool
    exists: tuple[bool, ...]
    values: tuple[tuple[tuple[Fraction, ...], ...], ...]
    edges: tuple[str, ...]
    doubt: bool


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
    edges : the families on a knife edge: id, region, and whether they exist all over it.
    watched : numbers of polynomials.
    chance : numbers of the polynomials that are the probabilities of labels of chance.
    notes : what is not known of this atlas.
    """

    inputs: tuple[str, ...]
    quantities: tuple[str, ...]
    polynomials: tuple[Terms, ...]
    domain: tuple[Sign, ...]
    families: tuple[Lowered, ...]
    edges: tuple[tuple[str, Region, bool], ...]
    watched: tuple[int, ...]
    chance: tuple[int, ...]
    notes: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _whole(self) -> tuple[Whole, ...]:
        found = []
        for terms in self.polynomials:
            scale = math.lcm(*(c.denominator for c, _ in terms)) if terms else 1
            degree = max((sum(exponents) for _, exponents in terms), default=0)
            found.append((scale, degree, tuple((int(c * scale), exponents, sum(exponents)) for c, exponents in terms)))
        return tuple(found)

    @cached_property
    def _hash(self) -> int:
        return hash((self.inputs, self.polynomials, self.families))

    def bounds(self, largest: Sequence[float]) -> list[float]:
        """What each polynomial, computed in floating point, may be off by where no input is larger than this."""
        found = []
        for terms in self.polynomials:
            size, degree = 0.0, 0
            for coefficient, exponents in terms:
                term = abs(nearest(coefficient))
                for base, exponent in zip(largest, exponents, strict=True):
                    for _ in range(exponent):
                        term *= base
                size += term
                degree = max(degree, sum(exponents))
            steps = len(terms) + 3 * degree + 2
            # What the bound itself loses by rounding is less than its last factor adds; and underflow.
            bound = steps * UNIT / (1 - steps * UNIT) * size * 1.001 + 1e-200
            found.append(bound if bound < LARGEST else math.inf)
        return found

    def clearances(self, bounds: Sequence[float]) -> dict[int, float]:
        """How far from zero a denominator must be for the quotients it divides to be accurate.

        A value that is no quotient has to be as large itself, where its bound is beyond the accuracy.
        """
        least: dict[int, float] = {}
        for family in self.families:
            for member in family.members:
                for top, below in member.values:
                    if below >= 0:
                        need = 1.001 * max(bounds[top], bounds[below]) / ACCURACY
                        least[below] = max(least.get(below, 0.0), need)
                    elif bounds[top] > ACCURACY:
                        least[top] = max(least.get(top, 0.0), 1.001 * bounds[top] / ACCURACY)
        return least

    def decide(self, point: Sequence[Fraction]) -> Decision:
        """What holds at a point, exactly."""
        # Over one denominator every value is a quotient of whole numbers, and a sign that of its numerator.
        below = math.lcm(*(x.denominator for x in point)) if point else 1
        tops = [x.numerator * (below // x.denominator) for x in point]
        known: dict[int, int] = {}

        def top(k: int) -> int:
            if k not in known:
                known[k] = _numerator(self._whole[k], tops, below)
            return known[k]

        def value(k: int) -> Fraction:
            scale, degree, _ = self._whole[k]
            return Fraction(top(k), scale * below**degree)

        def holds(sign: Sign) -> bool:
            number = top(sign[0])
            op = sign[1]
            return number > 0 if op == ">" else number >= 0 if op == ">=" else (number == 0) is (op == "==")

        def lies(region: Region) -> bool:
            return any(all(map(holds, part)) for part in region)

        admissible = all(map(holds, self.domain))
        covered = admissible and all(top(k) != 0 for k in self.chance)
        exists = tuple(covered and lies(family.region) for family in self.families)
        values = tuple(
            tuple(
                tuple(value(over) / (value(under) if under >= 0 else 1) for over, under in member.values)
                for member in family.members
                if there and lies(member.region)
            )
            for family, there in zip(self.families, exists, strict=True)
        )
        # Wherever a family on a knife edge exists a watched polynomial vanishes.
        edge = covered and any(top(k) == 0 for k in self.watched)
        edges = [(key, sure) for key, region, sure in self.edges if edge and lies(region)]
        return Decision(
            admissible, covered, exists, values, tuple(key for key, sure in edges if sure),
            any(not sure for _, sure in edges),
        )


def nearest(number: Fraction) -> float:
    """The nearest float; infinite where the number is larger than any."""
    try:
        return float(number)
    except OverflowError:
        return math.copysign(math.inf, number)


def _numerator(whole: Whole, tops: Sequence[int], below: int) -> int:
    """The numerator of a polynomial at quotients with one denominator, over its power of the polynomial's degree."""
    _, degree, terms = whole
    total = 0
    for coefficient, exponents, own in terms:
        term = coefficient
        for top, exponent in zip(tops, exponents, strict=True):
            if exponent:
                term *= top**exponent
        total += term * below ** (degree - own) if own < degree else term
    return total
