r"""Systems of polynomial equations with finitely many solutions: all real ones, exactly.

Let :math:`I` be the ideal of the equations and :math:`A = \mathbb{Q}[x]/I`. By a Gröbner basis the monomials that no
leading monomial divides are a basis of :math:`A`, which is finite exactly where there are finitely many complex
solutions; multiplication by :math:`f` is a matrix :math:`M_f` in it, whose eigenvalues are the values of :math:`f` at
the solutions. For a linear form :math:`u` that takes different values at different solutions let :math:`\bar f` be the
squarefree part of the characteristic polynomial of :math:`M_u`, :math:`H_j` its Horner polynomials and

.. math:: g_v(T) = \sum_{i=0}^{d-1} \operatorname{tr}(M_v M_u^i)\, H_{d-1-i}(T), \qquad d = \deg \bar f.

The solutions are :math:`x_k = g_{x_k}(\alpha) / g_1(\alpha)` for the roots :math:`\alpha` of :math:`\bar f`
[rouillier1999]; the real ones belong to the real roots. Each coordinate is a number of the field
:math:`\mathbb{Q}(\alpha)`. How many solutions there are, hence whether :math:`u` tells them apart, is the rank of
the matrix of traces :math:`\operatorname{tr}(M_{b_i b_j})` over a basis :math:`b`.

>>> ring = Ring(["x", "y"])
>>> found = solutions(ring, [ring.parse(text).num for text in ("x**2 + y**2 - 5", "x*y - 2")])
>>> sorted((int(at["x"]), int(at["y"])) for at in found)
[(-2, -1), (-1, -2), (1, 2), (2, 1)]
>>> solutions(ring, [ring.parse("x - y").num]) is None
True
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from itertools import count
from math import lcm
from typing import Any, Final

import flint

from ..algebraic import Real, real_roots
from ..errors import LimitError
from ..expressions import Ring

__all__ = ["MAX_SOLUTIONS", "solutions"]

MAX_SOLUTIONS: Final = 120
"""How many complex solutions a system may have, each as often as it counts."""
BITS: Final = 160
_ZERO: Final = flint.fmpq(0)

Monomial = tuple[int, ...]
Vector = dict[int, Any]


def solutions(
    ring: Ring, equations: Sequence[Any], keep: Callable[[Mapping[str, Any]], bool] | None = None
) -> list[dict[str, Real]] | None:
    """Every real solution of polynomial equations; None where there are infinitely many complex ones.

    Parameters
    ----------
    ring : the unknowns; all of them are solved for.
    equations : polynomials of the ring, each to be zero.
    keep : given a solution in balls, whether it is wanted; others are left out before exact numbers are made.

    Raises
    ------
    LimitError
        where there are more than `MAX_SOLUTIONS` complex solutions.
    """
    basis = _groebner(ring, equations)
    if any(poly.is_constant() for poly in basis):
        return []
    algebra = _Quotient(ring, basis)
    return None if algebra.infinite else _points(algebra, keep or (lambda balls: True))


def _groebner(ring: Ring, equations: Sequence[Any]) -> list[Any]:
    """A reduced Gröbner basis over the integers, in the order of the ring."""
    context = flint.fmpz_mpoly_ctx.get(ring.names, flint.Ordering.degrevlex)
    polys = []
    for poly in equations:
        if not poly.is_zero():
            scale = reduce(lcm, (int(c.q) for c in poly.coeffs()), 1)
            polys.append(context.from_dict({m: int(c * scale) for m, c in poly.terms()}))
    return list(flint.fmpz_mpoly_vec(polys, context).buchberger_naive().autoreduction())


class _Quotient:
    """The polynomials modulo an ideal."""

    def __init__(self, ring: Ring, basis: Sequence[Any]) -> None:
        self.ring = ring
        self.size = len(ring.names)
        self.tails: dict[Monomial, list[tuple[Monomial, Any]]] = {}
        for poly in basis:
            # Terms come in the order of the ring, the leading one first.
            (lead, factor), *rest = [(tuple(map(int, m)), flint.fmpq(c)) for m, c in poly.terms()]
            self.tails[lead] = [(m, -c / factor) for m, c in rest]
        powers = {i for lead in self.tails for i in range(self.size) if lead[i] and sum(lead) == lead[i]}
        self.infinite = len(powers) < self.size
        if not self.infinite:
            self.monomials = self._standard()
            self.index = {m: k for k, m in enumerate(self.monomials)}
            self._reduced: dict[Monomial, Vector] = {}

    def _standard(self) -> list[Monomial]:
        """The monomials that no leading one divides."""
        found: dict[Monomial, None] = {(0,) * self.size: None}
        stack = list(found)
        while stack:
            monomial = stack.pop()
            for i in range(self.size):
                larger = _times(monomial, i)
                if larger not in found and not self._divided(larger):
                    found[larger] = None
                    stack.append(larger)
                    if len(found) > MAX_SOLUTIONS:
                        raise LimitError(f"a system of equations has more than {MAX_SOLUTIONS} complex solutions")
        return sorted(found, key=lambda m: (sum(m), m))

    def _divided(self, monomial: Monomial) -> bool:
        return any(all(a <= b for a, b in zip(lead, monomial, strict=True)) for lead in self.tails)

    def reduced(self, monomial: Monomial) -> Vector:
        """A monomial in the basis of the quotient."""
        if monomial in self.index:
            return {self.index[monomial]: flint.fmpq(1)}
        if monomial not in self._reduced:
            if monomial in self.tails:
                parts = [(c, self.reduced(m)) for m, c in self.tails[monomial]]
            else:
                # A variable by which what is left is no basis element either: it is smaller, hence known first.
                i = next(i for i in range(self.size) if monomial[i] and self._divided(_times(monomial, i, -1)))
                inner = self.reduced(_times(monomial, i, -1))
                parts = [(c, self.reduced(_times(self.monomials[k], i))) for k, c in inner.items()]
            self._reduced[monomial] = _sum(parts)
        return self._reduced[monomial]

    def multiplication(self, variable: int) -> Any:
        """The matrix of the multiplication by a variable."""
        size = len(self.monomials)
        matrix = flint.fmpq_mat(size, size)
        for column, monomial in enumerate(self.monomials):
            for row, value in self.reduced(_times(monomial, variable)).items():
                matrix[row, column] = value
        return matrix

    def traces(self) -> list[Any]:
        """The trace of the multiplication by each monomial of the basis."""
        return [
            sum((self.reduced(_product(one, other)).get(k, _ZERO) for k, other in enumerate(self.monomials)), _ZERO)
            for one in self.monomials
        ]

    def distinct(self, traces: Sequence[Any]) -> int:
        """How many complex solutions there are, each counted once."""
        size = len(self.monomials)
        form = flint.fmpq_mat(size, size)
        for i, one in enumerate(self.monomials):
            for j, other in enumerate(self.monomials):
                product = self.reduced(_product(one, other))
                form[i, j] = sum((c * traces[k] for k, c in product.items()), _ZERO)
        return int(form.rank())


def _points(algebra: _Quotient, keep: Callable[[Mapping[str, Any]], bool]) -> list[dict[str, Real]]:
    """The real points of a finite quotient."""
    matrices = [algebra.multiplication(i) for i in range(algebra.size)]
    size, traces = len(algebra.monomials), algebra.traces()
    wanted = -1
    for k in count(1):
        step = sum((m * flint.fmpq(k**i) for i, m in enumerate(matrices)), flint.fmpq_mat(size, size))
        characteristic = step.charpoly()
        common = characteristic.gcd(characteristic.derivative())
        if common.degree() > 0 and wanted < 0:
            wanted = algebra.distinct(traces)
        squarefree = characteristic / common
        if common.degree() == 0 or squarefree.degree() == wanted:
            break
    values = _coordinates(matrices, step, squarefree, flint.fmpq_mat(1, size, traces))
    found = []
    for root in real_roots([_fraction(c) for c in squarefree.coeffs()]):
        ball = _ball(root)
        balls = dict(zip(algebra.ring.names, (_in_balls(value, ball) for value in values), strict=True))
        if keep(balls):
            found.append(dict(zip(algebra.ring.names, (_at(_fractions(v), root) for v in values), strict=True)))
    return found


def _coordinates(matrices: Sequence[Any], step: Any, squarefree: Any, traces: Any) -> list[Any]:
    """Each unknown as a polynomial in a linear form that tells all solutions apart."""
    size, degree = step.nrows(), squarefree.degree()
    terms = list(squarefree.coeffs())
    # Horner's polynomials: the quotients of the division by T - root, one coefficient at a time.
    horner = [flint.fmpq_poly(terms[degree - j :]) for j in range(degree)]
    powers = [flint.fmpq_mat(size, 1, [1] + [0] * (size - 1))]
    for _ in range(degree - 1):
        powers.append(step * powers[-1])

    def form(row: Any) -> Any:
        return sum(((row * power)[0, 0] * horner[degree - 1 - i] for i, power in enumerate(powers)),
                   flint.fmpq_poly([0]))

    # The polynomial of 1 has no root in common with the squarefree one, so that one may divide by it.
    _, inverse, _ = form(traces).xgcd(squarefree)
    return [form(traces * matrix) * inverse % squarefree for matrix in matrices]


def _ball(root: Real) -> Any:
    low, high = (root, root) if isinstance(root, Fraction) else root.bounds(BITS)
    return flint.arb(_rational(low)).union(flint.arb(_rational(high)))


def _in_balls(poly: Any, ball: Any) -> Any:
    total = flint.arb(0)
    for coefficient in reversed(poly.coeffs()):
        total = total * ball + flint.arb(coefficient)
    return total


def _at(coefficients: Sequence[Fraction], root: Real) -> Real:
    total: Real = Fraction(0)
    for coefficient in reversed(coefficients):
        total = total * root + coefficient
    return total


def _times(monomial: Monomial, variable: int, power: int = 1) -> Monomial:
    return (*monomial[:variable], monomial[variable] + power, *monomial[variable + 1 :])


def _sum(parts: Sequence[tuple[Any, Mapping[int, Any]]]) -> Vector:
    total: Vector = {}
    for factor, vector in parts:
        for k, value in vector.items():
            total[k] = total.get(k, _ZERO) + factor * value
    return {k: value for k, value in total.items() if value != 0}


def _product(one: Monomial, other: Monomial) -> Monomial:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def _rational(value: Fraction) -> Any:
    return flint.fmpq(value.numerator, value.denominator)


def _fraction(value: Any) -> Fraction:
    number = flint.fmpq(value)
    return Fraction(int(number.p), int(number.q))


def _fractions(poly: Any) -> list[Fraction]:
    return [_fraction(c) for c in poly.coeffs()]
