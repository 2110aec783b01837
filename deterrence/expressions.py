r"""Exact expressions in named parameters: polynomials, their quotients, and conditions on them.

An *expression* is an element of the field :math:`\mathbb{Q}(\theta_1,\dots,\theta_n)`: a quotient of two coprime
polynomials with rational coefficients. A *condition* compares a polynomial with zero. Both are read from text
(`parsing` has the grammar) and computed within bounds on terms, degrees and coefficients. Division by an expression is
allowed; that its denominator does not vanish is a condition on the parameters
(:attr:`Expression.denominator_conditions`).

>>> ring = Ring(["gain", "cost"])
>>> ring.parse("gain - 2*cost/4")
gain - 1/2*cost
>>> ring.parse_condition("0 < cost < gain")
(cost > 0, gain - cost > 0)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

import flint

from .errors import ExpressionError, nearest
from .parsing import comparison, exact, formula, is_name

__all__ = ["Condition", "Expression", "Ring", "bounded_sum", "exact", "is_name"]

MAX_TERMS: Final = 2_000
MAX_QUOTIENT: Final = 100
MAX_DEGREE: Final = 64
MAX_BITS: Final = 8_192

_FLIP = {"<": ">", "<=": ">="}
_ZERO = flint.fmpq(0)


def _fmpq(value: Fraction | int) -> Any:
    return flint.fmpq(value.numerator, value.denominator)


def _fraction(value: Any) -> Fraction:
    value = flint.fmpq(value)
    return Fraction(int(value.p), int(value.q))


class Ring:
    """The polynomials over named parameters, in the order given; the only place where a symbol is made.

    `work` counts the terms that parsing has multiplied and added, for those who read many texts and set a limit.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names: tuple[str, ...] = tuple(names)
        self.index: dict[str, int] = {name: i for i, name in enumerate(self.names)}
        if len(self.index) != len(self.names):
            raise ExpressionError("a parameter is declared twice")
        self.context: Any = flint.fmpq_mpoly_ctx.get(self.names, flint.Ordering.degrevlex)
        self.one: Any = self.context.constant(1)
        self.work = 0

    def __repr__(self) -> str:
        return f"Ring({list(self.names)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ring) and self.names == other.names

    def __hash__(self) -> int:
        return hash(self.names)

    def __reduce__(self) -> tuple[type[Ring], tuple[tuple[str, ...]]]:
        return Ring, (self.names,)

    def _plain(self, poly: Any) -> dict[tuple[int, ...], tuple[int, int]]:
        """A polynomial in plain numbers, for another process."""
        return {tuple(map(int, m)): (int(c.p), int(c.q)) for m, c in poly.terms()}

    def _polynomial(self, plain: Mapping[tuple[int, ...], tuple[int, int]]) -> Any:
        return self.context.from_dict({m: flint.fmpq(p, q) for m, (p, q) in plain.items()})

    def symbol(self, name: str) -> Expression:
        """The parameter of that name as an expression."""
        if name not in self.index:
            raise ExpressionError(f"{name!r} is not a declared parameter", nearest(name, self.names))
        return Expression(self, self.context.gen(self.index[name]))

    def number(self, value: object) -> Expression:
        """A number as a constant expression."""
        return Expression(self, self.context.constant(_fmpq(exact(value))))

    def parse(self, text: object) -> Expression:
        """An expression from text (or a number).

        Raises
        ------
        ExpressionError
            with what is wrong, and the nearest declared parameter for a misspelt one.
        """
        if not isinstance(text, str):
            return self.number(text)
        return formula(text, _Bounded(self))

    def parse_condition(self, text: str) -> tuple[Condition, ...]:
        """The conditions of a comparison, chained ones included; an empty text is no condition."""
        if not isinstance(text, str):
            raise ExpressionError(f'a condition is a text such as "0 < p < 1", not {type(text).__name__}')
        return _conditions(self, text) if text.strip() else ()

    def _comparisons(self, text: str) -> tuple[Condition, ...]:
        sides, operators = comparison(text, _Bounded(self))
        compared = [Condition.compare(sides[i], operator, sides[i + 1]) for i, operator in enumerate(operators)]
        divided = [condition for side in sides for condition in side.denominator_conditions]
        return tuple(dict.fromkeys(compared + divided))


@lru_cache(maxsize=4_096)
def _conditions(ring: Ring, text: str) -> tuple[Condition, ...]:
    """The conditions of a text; the same few texts are read again and again."""
    return ring._comparisons(text)


class Expression:
    """A rational function of the parameters in lowest terms: equal functions are equal objects."""

    __slots__ = ("_key", "den", "num", "ring")

    def __init__(self, ring: Ring, num: Any, den: Any = None) -> None:
        self.ring = ring
        if den is None:
            den = ring.one
        elif den.is_zero():
            raise ExpressionError("division by an expression that is identically zero")
        elif not den.is_constant():
            common = num.gcd(den)
            if not common.is_one():
                num, den = num / common, den / common
        if not den.is_one():
            # The denominator becomes primitive over the integers with a positive leading coefficient.
            scale = _content(den)
            num, den = num / scale, den / scale
        self.num = num
        self.den = den
        self._key: tuple[Any, ...] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return _expression, (self.ring, self.ring._plain(self.num), self.ring._plain(self.den))

    @property
    def key(self) -> tuple[Any, ...]:
        """A hashable normal form."""
        if self._key is None:
            self._key = (str(self.num), str(self.den))
        return self._key

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Expression):
            return bool(self.num == other.num and self.den == other.den)
        if isinstance(other, (int, Fraction)):
            return self.is_number and self.as_fraction() == other
        return NotImplemented

    def _lift(self, other: object) -> Expression:
        return other if isinstance(other, Expression) else self.ring.number(other)

    def __add__(self, other: object) -> Expression:
        other = self._lift(other)
        if self.den.is_one() and other.den.is_one():
            return Expression(self.ring, self.num + other.num)
        return Expression(self.ring, self.num * other.den + other.num * self.den, self.den * other.den)

    __radd__ = __add__

    def __neg__(self) -> Expression:
        return Expression(self.ring, -self.num, self.den)

    def __sub__(self, other: object) -> Expression:
        return self + (-self._lift(other))

    def __rsub__(self, other: object) -> Expression:
        return self._lift(other) - self

    def __mul__(self, other: object) -> Expression:
        other = self._lift(other)
        if self.den.is_one() and other.den.is_one():
            return Expression(self.ring, self.num * other.num)
        return Expression(self.ring, self.num * other.num, self.den * other.den)

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Expression:
        other = self._lift(other)
        return Expression(self.ring, self.num * other.den, self.den * other.num)

    def __rtruediv__(self, other: object) -> Expression:
        return self._lift(other) / self

    def __pow__(self, exponent: int) -> Expression:
        return Expression(self.ring, self.num**exponent, self.den**exponent)

    @property
    def is_number(self) -> bool:
        """Whether no parameter occurs."""
        return bool(self.num.is_constant() and self.den.is_constant())

    @property
    def is_zero(self) -> bool:
        """Whether it is identically zero."""
        return bool(self.num.is_zero())

    def as_fraction(self) -> Fraction:
        """The number it is; ValueError where a parameter occurs."""
        if not self.is_number:
            raise ValueError(f"{self} is not a number")
        return _fraction(self.num.leading_coefficient()) if not self.num.is_zero() else Fraction(0)

    @property
    def free(self) -> frozenset[str]:
        """The names of the parameters that occur."""
        used: set[str] = set()
        for poly in (self.num, self.den):
            used.update(name for name, degree in zip(self.ring.names, poly.degrees(), strict=True) if degree > 0)
        return frozenset(used)

    @property
    def denominator_conditions(self) -> tuple[Condition, ...]:
        """That the denominator does not vanish, where it could."""
        return () if self.den.is_constant() else (Condition(self.ring, self.den, "!="),)

    def evaluate(self, point: Mapping[str, Fraction]) -> Fraction:
        """The exact value at a point that gives every parameter that occurs.

        Raises
        ------
        ExpressionError
            where the denominator vanishes.
        """
        values = [_fmpq(point[name]) if name in point else _ZERO for name in self.ring.names]
        below = self.den(*values) if not self.den.is_constant() else flint.fmpq(1)
        if below == 0:
            raise ExpressionError(f"the denominator of {self} is zero there")
        return _fraction(self.num(*values)) / _fraction(below)

    def at(self, point: Mapping[str, Fraction]) -> Expression:
        """With the named parameters put in as numbers; the others stay."""
        values = {name: _fmpq(value) for name, value in point.items() if name in self.ring.index}
        return Expression(self.ring, self.num.subs(values), self.den.subs(values))

    def over(self, ring: Ring) -> Expression:
        """The same over other names; those that occur must be among them.

        Raises
        ------
        KeyError
            where a parameter occurs that the other ring does not have.
        """
        return Expression(ring, _renamed(self.num, self.ring, ring), _renamed(self.den, self.ring, ring))

    def derivative(self, name: str) -> Expression:
        """The partial derivative in one parameter."""
        i = self.ring.index[name]
        top = self.num.derivative(i) * self.den - self.num * self.den.derivative(i)
        return Expression(self.ring, top, self.den * self.den)

    def sympy(self) -> Any:
        """The same as a SymPy expression (real symbols of the same names)."""
        import sympy

        symbols = [sympy.Symbol(name, real=True) for name in self.ring.names]
        return _to_sympy(self.num, symbols) / _to_sympy(self.den, symbols)

    def latex(self) -> str:
        """LaTeX source, parameters as upright words."""
        top = _latex_polynomial(self.num, self.ring.names)
        if self.den.is_one():
            return top
        return rf"\frac{{{top}}}{{{_latex_polynomial(self.den, self.ring.names)}}}"

    def _repr_latex_(self) -> str:
        """The formula, for a notebook."""
        return f"$\\displaystyle {self.latex()}$"

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        top = format_polynomial(self.num, self.ring.names)
        if self.den.is_one():
            return top
        below = format_polynomial(self.den, self.ring.names)
        if len(self.num.coeffs()) > 1:
            top = f"({top})"
        if not below.isidentifier():
            below = f"({below})"
        return f"{top}/{below}"


class Condition:
    """A polynomial compared with zero: ``polynomial op 0`` with op one of ``>``, ``>=``, ``==``, ``!=``.

    The polynomial is primitive over the integers; for ``==`` and ``!=`` its leading coefficient is positive.
    """

    __slots__ = ("formula", "key", "op", "poly", "ring", "truth", "used")

    key: str
    """A normal form: equal conditions have the same."""
    used: tuple[int, ...]
    """The numbers of the names that occur, in order."""

    def __init__(self, ring: Ring, poly: Any, op: str) -> None:
        if not poly.is_zero():
            scale = _content(poly)
            # A sign matters for inequalities, so only equations may be turned round.
            poly = poly / (scale if op in ("==", "!=") or scale > 0 else -scale)
        self.ring = ring
        self.poly = poly
        self.op = op
        self.formula: Any = None  # kept by the solver that turned it into a formula of its own
        self.truth: bool | None = None
        """True or False where no parameter decides, else None."""
        if poly.is_constant():
            self.truth = _holds(Fraction(0) if poly.is_zero() else _fraction(poly.leading_coefficient()), op)

    @staticmethod
    def compare(left: Expression, op: str, right: Expression) -> Condition:
        """``left op right`` with denominators cleared by squares, which never turn an inequality round."""
        if op in _FLIP:
            left, right, op = right, left, _FLIP[op]
        difference = left - right
        poly = difference.num if difference.den.is_constant() else difference.num * difference.den
        return Condition(left.ring, poly, op)

    def __reduce__(self) -> tuple[Any, ...]:
        return _condition, (self.ring, self.ring._plain(self.poly), self.op)

    def __getattr__(self, name: str) -> Any:
        # Reached only while the slot is empty: what many conditions are never asked is worked out when it is.
        if name == "key":
            self.key = f"{self.poly} {self.op}"
            return self.key
        if name == "used":
            self.used = tuple(i for i, degree in enumerate(self.poly.degrees()) if degree > 0)
            return self.used
        raise AttributeError(name)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Condition) and self.key == other.key)

    def holds(self, point: Mapping[str, Fraction]) -> bool:
        """Whether it holds at a point."""
        values = [_fmpq(point[name]) if name in point else _ZERO for name in self.ring.names]
        return _holds(_fraction(self.poly(*values)), self.op)

    def at(self, point: Mapping[str, Fraction]) -> Condition:
        """With the named parameters put in as numbers; the others stay."""
        values = {name: _fmpq(value) for name, value in point.items() if name in self.ring.index}
        return Condition(self.ring, self.poly.subs(values), self.op)

    def over(self, ring: Ring) -> Condition:
        """The same over other names; errors as for `Expression.over`."""
        return Condition(ring, _renamed(self.poly, self.ring, ring), self.op)

    def negated(self) -> tuple[Condition, ...]:
        """Conditions of which at least one holds where this one does not."""
        if self.op == ">":
            return (Condition(self.ring, -self.poly, ">="),)
        if self.op == ">=":
            return (Condition(self.ring, -self.poly, ">"),)
        return (Condition(self.ring, self.poly, "!=" if self.op == "==" else "=="),)

    @property
    def free(self) -> frozenset[str]:
        """The names of the parameters that occur."""
        return frozenset(self.ring.names[i] for i in self.used)

    def latex(self) -> str:
        """LaTeX source."""
        sign = {">": ">", ">=": r"\ge", "==": "=", "!=": r"\ne"}[self.op]
        return f"{Expression(self.ring, self.poly).latex()} {sign} 0"

    def _repr_latex_(self) -> str:
        """The formula, for a notebook."""
        return f"$\\displaystyle {self.latex()}$"

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return f"{format_polynomial(self.poly, self.ring.names)} {self.op} 0"


def _expression(ring: Ring, num: Any, den: Any) -> Expression:
    return Expression(ring, ring._polynomial(num), ring._polynomial(den))


def _condition(ring: Ring, poly: Any, op: str) -> Condition:
    return Condition(ring, ring._polynomial(poly), op)


def _renamed(poly: Any, ring: Ring, other: Ring) -> Any:
    """A polynomial of one ring in another that has the names that occur."""
    terms: dict[tuple[int, ...], Any] = {}
    for monomial, coefficient in poly.terms():
        row = [0] * len(other.names)
        for name, degree in zip(ring.names, monomial, strict=True):
            if degree:
                row[other.index[name]] = int(degree)
        terms[tuple(row)] = coefficient
    return other.context.from_dict(terms)


def _holds(value: Fraction, op: str) -> bool:
    return value > 0 if op == ">" else value >= 0 if op == ">=" else value == 0 if op == "==" else value != 0


def _content(poly: Any) -> Any:
    """The rational number by which a polynomial is primitive with positive leading coefficient."""
    numerator, denominator = flint.fmpz(0), flint.fmpz(1)
    for coefficient in poly.coeffs():
        coefficient = flint.fmpq(coefficient)
        numerator = numerator.gcd(coefficient.p)
        denominator = denominator.lcm(coefficient.q)
    content = flint.fmpq(numerator, denominator)
    return -content if poly.leading_coefficient() < 0 else content


def format_polynomial(poly: Any, names: Sequence[str]) -> str:
    """A polynomial as text that the parser reads back: positive terms first, then negative ones.

    >>> ring = Ring(["x", "y"])
    >>> format_polynomial(ring.parse("1 - x + 2*x*y**2").num, ring.names)
    '2*x*y**2 + 1 - x'
    """

    def power(i: int, degree: int) -> str:
        return names[i] if degree == 1 else f"{names[i]}**{degree}"

    return _kept("text", poly, names, lambda: _joined(poly, power, str, "*"))


_WRITTEN: dict[tuple[str, str, tuple[str, ...]], str] = {}
_MAX_WRITTEN: Final = 100_000


def _kept(kind: str, poly: Any, names: Sequence[str], write: Callable[[], str]) -> str:
    """What a polynomial was written as before: an atlas says the same formulas thousands of times."""
    key = (kind, str(poly), tuple(names))
    text = _WRITTEN.get(key)
    if text is None:
        if len(_WRITTEN) >= _MAX_WRITTEN:
            _WRITTEN.clear()
        text = _WRITTEN[key] = write()
    return text


def _latex_polynomial(poly: Any, names: Sequence[str]) -> str:
    """LaTeX source of a polynomial, its terms in the same order."""

    def power(i: int, degree: int) -> str:
        return _latex_name(names[i]) + (f"^{{{degree}}}" if degree > 1 else "")

    def number(size: Fraction) -> str:
        return str(size) if size.denominator == 1 else rf"\frac{{{size.numerator}}}{{{size.denominator}}}"

    return _kept("latex", poly, names, lambda: _joined(poly, power, number, r" \, "))


def _joined(poly: Any, power: Callable[[int, int], str], number: Callable[[Fraction], str], times: str) -> str:
    """A polynomial written out: terms with a positive coefficient first, then by degree."""
    terms = [(_fraction(coefficient), monomial) for monomial, coefficient in poly.terms()]
    terms.sort(key=lambda term: (term[0] < 0, -sum(term[1])))
    text = ""
    for coefficient, monomial in terms:
        factors = [power(i, int(degree)) for i, degree in enumerate(monomial) if degree]
        size = abs(coefficient)
        body = times.join(([] if size == 1 and factors else [number(size)]) + factors)
        if not text:
            text = f"-{body}" if coefficient < 0 else body
        else:
            text += f" - {body}" if coefficient < 0 else f" + {body}"
    return text or "0"


def _to_sympy(poly: Any, symbols: Sequence[Any]) -> Any:
    import sympy

    total = sympy.Integer(0)
    for monomial, coefficient in poly.terms():
        value = _fraction(coefficient)
        term = sympy.Rational(value.numerator, value.denominator)
        for symbol, degree in zip(symbols, monomial, strict=True):
            if degree:
                term = term * symbol ** int(degree)
        total = total + term
    return total


def _latex_name(name: str) -> str:
    return r"\mathrm{" + name.replace("_", r"\_") + "}"


class _Bounded:
    """What a text is computed by: expressions over a ring, sizes bounded, work counted."""

    def __init__(self, ring: Ring) -> None:
        self.ring = ring

    def number(self, text: str) -> Expression:
        return self.ring.number(text)

    def symbol(self, name: str) -> Expression:
        return self.ring.symbol(name)

    def negate(self, value: Expression) -> Expression:
        return -value

    def add(self, left: Expression, right: Expression) -> Expression:
        self.ring.work += len(left.num) + len(right.num) + _quotient_work(left, right)
        return bounded_sum(left, right)

    def multiply(self, left: Expression, right: Expression) -> Expression:
        self.ring.work += len(left.num) * len(right.num) + _quotient_work(left, right)
        return bounded_product(left, right)

    def divide(self, left: Expression, right: Expression) -> Expression:
        if right.is_zero:
            raise ZeroDivisionError
        return self.multiply(left, 1 / right)


def _quotient_work(left: Expression, right: Expression) -> int:
    """What a common divisor may cost, in the terms of `Ring.work`."""
    return 0 if left.den.is_constant() and right.den.is_constant() else 1_000


def bounded_sum(left: Expression, right: Expression) -> Expression:
    """The sum of two expressions; ExpressionError where it is too large to be multiplied out."""
    if left.den.is_one() and right.den.is_one():
        # The coefficients of a sum are no longer than its text.
        if len(left.num) + len(right.num) > MAX_TERMS:
            raise ExpressionError(_too_large())
        return left + right
    _check_size(left.num, right.den, MAX_QUOTIENT)
    _check_size(right.num, left.den, MAX_QUOTIENT)
    _check_size(left.den, right.den, MAX_QUOTIENT)
    return _small(left + right)


def bounded_product(left: Expression, right: Expression) -> Expression:
    """The product of two expressions; ExpressionError where it is too large to be multiplied out."""
    most = MAX_TERMS if left.den.is_constant() and right.den.is_constant() else MAX_QUOTIENT
    _check_size(left.num, right.num, most)
    _check_size(left.den, right.den, most)
    return _small(left * right)


def _check_size(left: Any, right: Any, most: int) -> None:
    if len(left) * len(right) > most or left.total_degree() + right.total_degree() > MAX_DEGREE:
        raise ExpressionError(_too_large())


def _small(value: Expression) -> Expression:
    for poly in (value.num, value.den):
        if len(poly) > MAX_TERMS or (len(poly) and poly.total_degree() > MAX_DEGREE):
            raise ExpressionError(_too_large())
        for coefficient in poly.coeffs():
            number = flint.fmpq(coefficient)
            if max(number.p.bit_length(), number.q.bit_length()) > MAX_BITS:
                raise ExpressionError(_too_large())
    return value


def _too_large() -> str:
    return (
        f"an expression may have at most {MAX_TERMS} terms ({MAX_QUOTIENT} where parameters divide) of degree "
        f"{MAX_DEGREE} when it is multiplied out, with coefficients of at most {MAX_BITS} bits"
    )
