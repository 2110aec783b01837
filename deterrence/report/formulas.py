r"""Formulas for every form of a report: MathML for pages, LaTeX for papers, text for the rest.

A rational function is a quotient of polynomials, each written term by term in the order of the package's own text. A
condition :math:`p \ge 0` is written with the terms of positive sign on the left and the others, turned round, on the
right: :math:`\text{gain} \ge \text{cost}`. Nothing here reads text: names and numbers come from the polynomials.

>>> from deterrence.expressions import Ring
>>> ring = Ring(["gain", "cost"])
>>> condition(ring.parse_condition("gain - 2*cost >= 0")[0]).plain
'gain ≥ 2 cost'
>>> formula(ring.parse("gain/(gain + cost)")).mathml
'<mfrac><mi>gain</mi><mrow><mi>gain</mi><mo form="infix">+</mo><mi>cost</mi></mrow></mfrac>'
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from ..expressions import Condition, Expression

__all__ = ["Formula", "condition", "formula"]

LONGEST: Final = 90
MOST_TERMS: Final = 18
MOST_DEGREE: Final = 8
MOST_DIGITS: Final = 10
"""Of a polynomial with more terms, of a higher degree or with longer numbers, only what it is is said."""
_OPEN: Final = '<mo form="prefix" stretchy="false">(</mo>'
_CLOSE: Final = '<mo form="postfix" stretchy="false">)</mo>'

Term = tuple[Fraction, tuple[tuple[str, int], ...]]
_SIGNS: Final = {">": (">", ">"), ">=": ("≥", r"\ge"), "==": ("=", "="), "!=": ("≠", r"\ne")}
_TURNED: Final = {">": ("<", "<"), ">=": ("≤", r"\le"), "==": ("=", "="), "!=": ("≠", r"\ne")}


@dataclass(frozen=True)
class Formula:
    """A formula in three forms.

    Attributes
    ----------
    plain : as text.
    latex : for math mode.
    mathml : what stands inside ``<math>``; at a line end it may be broken.
    """

    plain: str
    latex: str
    mathml: str


def _terms(poly: Any, names: Sequence[str]) -> list[Term]:
    """Coefficients and powers, those of positive sign first, then by degree."""
    found = [
        (Fraction(int(c.p), int(c.q)), tuple((names[i], int(d)) for i, d in enumerate(monomial) if d))
        for monomial, c in poly.terms()
    ]
    return sorted(found, key=lambda term: (term[0] < 0, -sum(degree for _, degree in term[1])))


def _name(name: str) -> Formula:
    return Formula(name, r"\mathrm{" + name.replace("_", r"\_") + "}", f"<mi>{name}</mi>")


def _number(size: Fraction) -> Formula:
    if size.denominator == 1:
        return Formula(str(size), str(size), f"<mn>{size}</mn>")
    top, below = size.numerator, size.denominator
    return Formula(f"{top}/{below}", rf"\frac{{{top}}}{{{below}}}", f"<mfrac><mn>{top}</mn><mn>{below}</mn></mfrac>")


def _power(name: str, degree: int) -> Formula:
    base = _name(name)
    if degree == 1:
        return base
    return Formula(f"{base.plain}^{degree}", f"{base.latex}^{{{degree}}}",
                   f"<msup>{base.mathml}<mn>{degree}</mn></msup>")


def _product(size: Fraction, powers: Sequence[tuple[str, int]]) -> Formula:
    factors = [_power(name, degree) for name, degree in powers]
    if size != 1 or not factors:
        factors.insert(0, _number(size))
    return Formula(" ".join(f.plain for f in factors), r" \, ".join(f.latex for f in factors),
                   '<mspace width="0.17em"/>'.join(f.mathml for f in factors))


def _sum(terms: Sequence[Term]) -> Formula:
    """Terms one behind the other, the first with its sign where that is negative."""
    if not terms:
        return _number(Fraction(0))
    plain, latex, mathml = "", "", ""
    for n, (coefficient, powers) in enumerate(terms):
        body = _product(abs(coefficient), powers)
        sign = "-" if coefficient < 0 else "+" if n else ""
        plain += (f" {_MINUS if sign == '-' else sign} " if n else _MINUS if sign else "") + body.plain
        latex += (f" {sign} " if n else sign) + body.latex
        mark = _MINUS if sign == "-" else sign
        mathml += (f'\n<mo form="infix">{mark}</mo>' if n else f"<mo>{mark}</mo>" if sign else "") + body.mathml
    return Formula(plain, latex, mathml)


_MINUS: Final = "\u2212"


def _row(found: Formula, several: bool) -> str:
    whole = found.mathml.replace("\n", "")
    return f"<mrow>{whole}</mrow>" if several else whole


def _whole(above: list[Term], below: list[Term]) -> tuple[list[Term], list[Term]]:
    """A quotient with whole coefficients, and with few negative ones."""
    scale = math.lcm(*(size.denominator for size, _ in (*above, *below)))
    negative = [sum(size < 0 for size, _ in (*above, *below)), sum(size > 0 for size, _ in (*above, *below))]
    turned = negative[0] > negative[1] or (negative[0] == negative[1] and sum(size for size, _ in below) < 0)
    times = -scale if turned else scale
    rows = [[(size * times, powers) for size, powers in terms] for terms in (above, below)]
    first, second = (sorted(row, key=lambda term: (term[0] < 0, -sum(d for _, d in term[1]))) for row in rows)
    return first, second


def formula(expression: Expression) -> Formula:
    """A rational function."""
    names = expression.ring.names
    above, below = _terms(expression.num, names), _terms(expression.den, names)
    if _is_long(above) or _is_long(below):
        if expression.den.is_one():
            return _words(_about(above))
        return _words(f"a quotient: {_about(above)}, by {_about(below)}")
    if expression.den.is_one():
        return _sum(above)
    above, below = _whole(above, below)
    top, under = _sum(above), _sum(below)
    left = f"({top.plain})" if len(above) > 1 else top.plain
    simple = len(below) == 1 and below[0][0] == 1 and len(below[0][1]) == 1
    right = under.plain if simple else f"({under.plain})"
    if len(left) + len(right) > LONGEST:
        # A long quotient is written so that a line can end in it.
        return Formula(
            f"{left}/{right}", f"({top.latex}) / ({under.latex})",
            f"{_OPEN}{top.mathml}{_CLOSE}\n<mo form=\"infix\">/</mo>{_OPEN}{under.mathml}{_CLOSE}",
        )
    return Formula(
        f"{left}/{right}", rf"\frac{{{top.latex}}}{{{under.latex}}}",
        f"<mfrac>{_row(top, _many(above))}{_row(under, _many(below))}</mfrac>",
    )


def _is_long(terms: Sequence[Term]) -> bool:
    """Whether a polynomial is too long to be read."""
    most = 10**MOST_DIGITS
    return len(terms) > MOST_TERMS or any(
        sum(degree for _, degree in powers) > MOST_DEGREE or abs(size.numerator) >= most or size.denominator >= most
        for size, powers in terms
    )


def _about(terms: Sequence[Term]) -> str:
    """What a polynomial is, in words; its names have no sign that a form reads."""
    degree = max((sum(degree for _, degree in powers) for _, powers in terms), default=0)
    return f"a polynomial of degree {degree} with {len(terms)} term{'s' if len(terms) != 1 else ''}"


def _many(terms: Sequence[Term]) -> bool:
    """Whether a polynomial is more than one element of MathML."""
    if len(terms) != 1:
        return len(terms) > 1
    size, powers = terms[0]
    return size < 0 or len(powers) + (size != 1 or not powers) > 1


def _words(words: str) -> Formula:
    return Formula(words, rf"\mbox{{{words}}}", f"<mtext>{words}</mtext>")


def condition(found: Condition) -> Formula:
    """A condition with positive terms on both sides."""
    terms = _terms(found.poly, found.ring.names)
    if _is_long(terms):
        sign = _SIGNS[found.op]
        long = _words(_about(terms))
        return Formula(f"{long.plain} {sign[0]} 0", f"{long.latex} {sign[1]} 0",
                       f"{long.mathml}<mo>{_entity(sign[0])}</mo><mn>0</mn>")
    left = [term for term in terms if term[0] > 0]
    right = [(-size, powers) for size, powers in terms if size < 0]
    signs = _SIGNS
    if left and all(not powers for _, powers in left) and right:
        # A bare number reads better behind the sign.
        left, right, signs = right, left, _TURNED
    one, other, sign = _sum(left), _sum(right), signs[found.op]
    return Formula(f"{one.plain} {sign[0]} {other.plain}", f"{one.latex} {sign[1]} {other.latex}",
                   f'{one.mathml}\n<mo form="infix">{_entity(sign[0])}</mo>{other.mathml}')


def _entity(sign: str) -> str:
    return {"<": "&lt;", ">": "&gt;"}.get(sign, sign)
