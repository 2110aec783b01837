"""Numbers as a person reads them: exact, with a short decimal beside them.

>>> number(Fraction(3, 5)), number(Fraction(1, 3)), number(Fraction(-2))
('3/5 (0.6)', '1/3 (≈ 0.333)', '-2')
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from .enclosures import Enclosure

__all__ = ["LONGEST_FRACTION", "decimal", "number"]

LONGEST_FRACTION: Final = 24
PLAIN_BELOW: Final = 10_000_000


def decimal(value: Any) -> str:
    """Three significant digits, with ``≈`` where that is not the whole number."""
    short = f"{float(value):.3g}"
    if "e" in short and 1 <= abs(float(value)) < PLAIN_BELOW:
        short = f"{float(short):.0f}"
    exact = isinstance(value, (int, Fraction)) and Fraction(short) == value
    return short if exact else f"≈ {short}"


def number(value: Any) -> str:
    """An exact number with its decimal value; one too long to read as the decimal value alone."""
    if isinstance(value, str):
        return value
    if isinstance(value, Enclosure):
        return decimal(value)
    if isinstance(value, int) or (isinstance(value, Fraction) and value.denominator == 1):
        return str(value)
    text = str(value)
    return f"{text} ({decimal(value)})" if len(text) <= LONGEST_FRACTION else decimal(value)
