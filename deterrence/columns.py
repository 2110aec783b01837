r"""Numbers in bulk, every one exact: columns of floats, and apart from them what floats do not stand for.

The number :math:`w(f)` that is *written* for a float :math:`f` is the shortest decimal to which no other float is
nearer. A *column* of rationals :math:`x_1, \dots, x_n` is kept as the nearest floats :math:`f_i`, and every
:math:`x_i \ne w(f_i)` apart from them.

No two decimals of at most 15 significant digits have the same nearest float (within the range of floats), so that the
shorter one of them is the one that is written: :math:`x = w(f)` for every such :math:`x`. A longer decimal is compared
with what is written for its float.

>>> tenth = column(["0.1", "1/3", "0.10000000000000001"])
>>> tenth.floats.tolist()
[0.1, 0.3333333333333333, 0.1]
>>> [str(tenth.exact(n)) for n in range(3)]
['1/10', '1/3', '10000000000000001/100000000000000000']
>>> sorted(tenth.apart)
[1, 2]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .errors import ExpressionError
from .expressions import exact

__all__ = ["Column", "column", "joined", "read", "written"]

WHOLE: Final = 2**53
"""Whole numbers below this are floats."""
DIGITS: Final = 10**15
PLACES: Final = 10**12
"""A decimal that has at most 15 digits, 12 of them behind the point, is the one that is written for its float."""
USUAL: Final = (1e-50, 1e50)
"""Between these what is written for a float has fewer digits in its exponent than a number may have."""

Floats = npt.NDArray[np.float64]

# At most 15 digits; at most 50, the exponent small; a quotient of whole numbers.
_SHORT = re.compile(r"[+-]?(?:[0-9]{1,15}|(?=[0-9.]{2,16}\Z)(?:[0-9]+\.[0-9]*|\.[0-9]+))\Z").match
_LONG = re.compile(r"[+-]?(?=[0-9.]{1,50}(?:[eE]|\Z))(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-5]?[0-9])?\Z").match
_QUOTIENT = re.compile(r"([+-]?[0-9]{1,50})/([0-9]{1,50})\Z").match


@dataclass(frozen=True)
class Column:
    """Numbers, exactly.

    Attributes
    ----------
    floats : the nearest floats.
    apart : by position, in order, the numbers that are not those written for their floats; texts are as `exact` takes
        them.
    """

    floats: Floats
    apart: Mapping[int, str | Fraction] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.floats)

    def exact(self, n: int) -> Fraction:
        """The number at position n."""
        return exact(self.apart[n]) if n in self.apart else written(self.floats[n])


def written(value: float) -> Fraction:
    """The number that is written for a finite float: one tenth for 0.1."""
    return Fraction(repr(float(value)))


def column(values: Any) -> Column:
    """The column of an array or a sequence of numbers.

    Parameters
    ----------
    values : floats, whole numbers, fractions, decimals and texts, as `exact` takes them; or a column, returned as it
        is.

    Raises
    ------
    ExpressionError
        for what is no number, or too long, with its position.
    """
    if isinstance(values, Column):
        return values
    if isinstance(values, np.ndarray) and values.ndim == 1 and values.dtype.kind in "iuf" and values.dtype.itemsize < 9:
        floats = np.ascontiguousarray(values, dtype=np.float64)
        if _taken(floats, values.dtype.kind != "f"):
            return Column(floats)
    listed = [value.item() if isinstance(value, np.generic) else value for value in values]
    kinds = set(map(type, listed))
    if kinds <= {float, int}:
        try:
            floats = np.array(listed, dtype=np.float64)
        except OverflowError:
            floats = np.array([np.inf])
        if _taken(floats, int in kinds):
            return Column(floats)
    if kinds <= {str, Decimal}:
        with suppress(ExpressionError):  # told below, with its position
            return read(list(map(str, listed)))
    return _each(listed)


def _taken(floats: Floats, whole: bool) -> bool:
    """Whether floats stand for the values they were made of; large whole numbers they may not."""
    return bool(np.isfinite(floats).all()) and not (whole and len(floats) and np.abs(floats).max() >= WHOLE)


def _each(values: Sequence[Any]) -> Column:
    """The column of numbers of different kinds."""
    floats, apart = [], {}
    for n, value in enumerate(values):
        try:
            number = exact(value)
            floats.append(float(number))
        except ExpressionError as error:
            raise ExpressionError(f"value {n + 1}: {error.message}") from error
        except OverflowError as error:
            raise ExpressionError(f"value {n + 1}: larger than any float") from error
        if not _is_written(number, floats[-1]):
            apart[n] = number
    return Column(np.array(floats, dtype=np.float64), apart)


def _is_written(number: Fraction, nearest: float) -> bool:
    top, below = number.as_integer_ratio()
    if PLACES % below == 0 and abs(top) * (PLACES // below) < DIGITS:
        return True
    # What is written is a decimal: 2 and 5 alone divide its denominator.
    return pow(10, below.bit_length(), below) == 0 and number == written(nearest)


def read(cells: Sequence[str]) -> Column:
    """The column of texts, as a file has them.

    Raises
    ------
    ExpressionError
        where one is no number.
    """
    cells = [cell.strip() for cell in cells]
    try:
        numbers = list(map(float, cells))
    except ValueError:
        numbers = list(map(_nearest, cells))
    # A zero that is written with a minus is zero.
    floats = np.array(numbers, dtype=np.float64) + 0.0
    doubtful = {n for n, (cell, text) in enumerate(zip(cells, map(repr, numbers), strict=True))
                if cell != text and not _SHORT(cell)}
    size = np.abs(floats)
    doubtful.update(np.flatnonzero(~((size > USUAL[0]) & (size < USUAL[1]) | (size == 0))).tolist())
    apart: dict[int, str | Fraction] = {}
    for n in sorted(doubtful):
        cell = cells[n]
        if _LONG(cell) or _QUOTIENT(cell):
            apart[n] = cell
            continue
        # Rare spellings, and what is no number.
        number = exact(cell)
        floats[n] = float(number)
        if not _is_written(number, float(floats[n])):
            apart[n] = number
    return Column(floats, apart)


def _nearest(cell: str) -> float:
    """The nearest float of a number that may be a quotient."""
    quotient = _QUOTIENT(cell)
    if quotient is not None and int(quotient[2]):
        # True division of whole numbers rounds once.
        return int(quotient[1]) / int(quotient[2])
    try:
        return float(cell)
    except ValueError:
        return float(exact(cell))


def joined(parts: Iterable[Column]) -> Column:
    """One column after another."""
    found = list(parts)
    apart: dict[int, str | Fraction] = {}
    before = 0
    for part in found:
        apart.update((before + n, number) for n, number in part.apart.items())
        before += len(part)
    return Column(np.concatenate([part.floats for part in found]) if found else np.zeros(0), apart)
