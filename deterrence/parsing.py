r"""The text of formulas: the one parser from text to arithmetic, and numbers and names as they are written.

What a text may be, ``{ }`` for none or more and ``[ ]`` for at most one::

    formula    = product { ("+" | "-") product }
    product    = signed { ("*" | "/") signed }
    signed     = { "+" | "-" } power
    power      = atom [ "**" exponent ]                   exponent: a whole number from 0 to 8
    atom       = number | name | "(" formula ")"
    number     = ( digits [ "." { digit } ] | "." digits ) [ ("e" | "E") [ "+" | "-" ] digits ]
    digits     = digit { digit }
    name       = ( letter | "_" ) { letter | digit | "_" }
    comparison = formula operator formula { operator formula }
    operator   = "<" | "<=" | ">" | ">=" | "==" | "!="

Letters and digits are those of ASCII; blanks may stand between any two of these. A text is read from left to right by
recursive descent and computed while it is read, by the `Operations` that are given; nothing in it is ever evaluated
as Python. How long a text, how deeply nested and how large a number may be is bounded before anything is computed.

>>> class Counted:
...     "Computes how many parameters occur, repetitions included."
...     number = staticmethod(lambda text: 0)
...     symbol = staticmethod(lambda name: 1)
...     negate = staticmethod(lambda value: value)
...     add = multiply = divide = staticmethod(lambda left, right: left + right)
>>> formula("gain - 2*cost/4", Counted())
2
>>> comparison("0 < cost < gain", Counted())
([0, 1, 1], ['<', '<'])
"""

from __future__ import annotations

import keyword
import re
from fractions import Fraction
from typing import Final, Generic, Protocol, TypeVar

from .errors import ExpressionError

__all__ = ["MAX_DIGITS", "MAX_LENGTH", "Operations", "comparison", "exact", "formula", "is_name"]

MAX_LENGTH: Final = 2_000
MAX_DEPTH: Final = 40
MAX_DIGITS: Final = 60
MAX_EXPONENT: Final = 8
MAX_NAME: Final = 64

COMPARISONS: Final = ("<", "<=", ">", ">=", "==", "!=")

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\Z")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<op>\*\*|<=|>=|==|!=|[-+*/()<>]))"
)


def is_name(text: str) -> bool:
    """Whether a text may name a parameter: an ASCII identifier of at most 64 characters, no Python keyword."""
    return len(text) <= MAX_NAME and _NAME.match(text) is not None and not keyword.iskeyword(text)


def exact(value: object) -> Fraction:
    """A number as an exact fraction; a float by its shortest repr, so that 0.1 is one tenth.

    Accepts int, float, Fraction, Decimal and texts such as ``"1/3"``, ``"-2"``, ``"0.25"``, ``"1e-3"``.

    Raises
    ------
    ExpressionError
        for anything else, for NaN and infinities, and for more than `MAX_DIGITS` digits.
    """
    if isinstance(value, bool):
        raise ExpressionError(f"a number is needed, not {value}")
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int) and value.bit_length() > 4 * MAX_DIGITS:
        # Python refuses to write out longer ones, and would take long.
        raise ExpressionError(f"a number may have at most {MAX_DIGITS} digits")
    text = str(value).strip() if isinstance(value, (int, float, str)) or type(value).__name__ == "Decimal" else None
    if text is None:
        raise ExpressionError(f"a number is needed, not {type(value).__name__}")
    if len(text) > 2 * MAX_DIGITS + 10:
        raise ExpressionError(f"a number may have at most {MAX_DIGITS} digits")
    parts = [part.strip() for part in text.split("/")]
    if len(parts) > 2 or not all(_NUMBER.match(part) for part in parts):
        raise ExpressionError(f'{text!r} is no finite number; write it as 3, 0.25 or "1/3"')
    for part in parts:
        if sum(char.isdigit() for char in part) > MAX_DIGITS:
            raise ExpressionError(f"a number may have at most {MAX_DIGITS} digits")
    numbers = [_decimal(part) for part in parts]
    if len(numbers) == 2 and numbers[1] == 0:
        raise ExpressionError(f"{text!r} divides by zero")
    return numbers[0] / numbers[1] if len(numbers) == 2 else numbers[0]


def _decimal(text: str) -> Fraction:
    """One decimal number, its exponent bounded before anything is computed."""
    _, _, exponent = text.lower().partition("e")
    if exponent and abs(int(exponent)) > MAX_DIGITS:
        raise ExpressionError(f"a number may have at most {MAX_DIGITS} digits")
    return Fraction(text)


T = TypeVar("T")


class Operations(Protocol[T]):
    """What a formula is computed by; each may raise `ExpressionError` where a result would be too large."""

    def number(self, text: str, /) -> T:
        """A number from its text."""

    def symbol(self, name: str, /) -> T:
        """A parameter; ExpressionError where there is none of that name."""

    def negate(self, value: T, /) -> T:
        """The value with the other sign."""

    def add(self, left: T, right: T, /) -> T:
        """The sum."""

    def multiply(self, left: T, right: T, /) -> T:
        """The product."""

    def divide(self, left: T, right: T, /) -> T:
        """The quotient; ZeroDivisionError where the right side is zero."""


def formula(text: str, operations: Operations[T]) -> T:
    """What a formula comes to.

    Raises
    ------
    ExpressionError
        with what is wrong with the text, or what the operations refuse.
    """
    parser = _Parser(text, operations)
    value = parser.sum()
    parser.end()
    return value


def comparison(text: str, operations: Operations[T]) -> tuple[list[T], list[str]]:
    """The sides of a comparison and the operators between them, as many as there are in a chain.

    Raises
    ------
    ExpressionError
        as for `formula`, and where nothing is compared.
    """
    parser = _Parser(text, operations)
    sides, operators = [parser.sum()], []
    while (operator := parser.take(*COMPARISONS)) is not None:
        operators.append(operator)
        sides.append(parser.sum())
    parser.end()
    if not operators:
        raise ExpressionError(f'{text!r} compares nothing; write a condition such as "cost > 0"')
    return sides, operators


class _Parser(Generic[T]):
    """Recursive descent over the tokens of one text, a method for each rule of the grammar."""

    def __init__(self, text: str, operations: Operations[T]) -> None:
        if len(text) > MAX_LENGTH:
            raise ExpressionError(f"an expression may have at most {MAX_LENGTH} characters, this one has {len(text)}")
        self.text = text
        self.operations = operations
        self.depth = 0
        self.tokens: list[tuple[str, str]] = []
        self.position = 0
        at = 0
        stripped = text.rstrip()
        while at < len(stripped):
            match = _TOKEN.match(stripped, at)
            if match is None:
                shown = stripped[at:].lstrip()[:1]
                raise ExpressionError(
                    f"unexpected {shown!r} in {_shorten(text)}; an expression has only numbers, parameters, "
                    "+ - * / ** and parentheses"
                )
            at = match.end()
            kind = match.lastgroup or "op"
            self.tokens.append((kind, match.group(kind)))

    def take(self, *operators: str) -> str | None:
        """The next operator if it is one of these."""
        if self.position < len(self.tokens):
            kind, value = self.tokens[self.position]
            if kind == "op" and value in operators:
                self.position += 1
                return value
        return None

    def end(self) -> None:
        if self.position < len(self.tokens):
            raise ExpressionError(f"unexpected {self.tokens[self.position][1]!r} in {_shorten(self.text)}")

    def sum(self) -> T:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError(f"an expression may be nested at most {MAX_DEPTH} deep")
        value = self.product()
        while (operator := self.take("+", "-")) is not None:
            other = self.product()
            value = self.operations.add(value, other if operator == "+" else self.operations.negate(other))
        self.depth -= 1
        return value

    def product(self) -> T:
        value = self.signed()
        while (operator := self.take("*", "/")) is not None:
            other = self.signed()
            try:
                work = self.operations.multiply if operator == "*" else self.operations.divide
                value = work(value, other)
            except ZeroDivisionError:
                raise ExpressionError(f"{_shorten(self.text)} divides by zero") from None
        return value

    def signed(self) -> T:
        sign = 1
        while (operator := self.take("+", "-")) is not None:
            sign = -sign if operator == "-" else sign
        value = self.power()
        return self.operations.negate(value) if sign < 0 else value

    def power(self) -> T:
        base = self.atom()
        if self.take("**") is None:
            return base
        kind, text = self.tokens[self.position] if self.position < len(self.tokens) else ("", "nothing")
        if kind != "number" or not text.isdigit() or len(text) > 2 or int(text) > MAX_EXPONENT:
            raise ExpressionError(f"an exponent is a whole number from 0 to {MAX_EXPONENT}, not {text[:20]!r}")
        self.position += 1
        value = self.operations.number("1")
        for _ in range(int(text)):
            value = self.operations.multiply(value, base)
        if self.take("**") is not None:
            raise ExpressionError("a power of a power needs parentheses")
        return value

    def atom(self) -> T:
        if self.position >= len(self.tokens):
            what = _shorten(self.text) if self.text.strip() else "the empty text"
            raise ExpressionError(f"{what} ends where a number or a parameter is needed")
        kind, text = self.tokens[self.position]
        self.position += 1
        if kind == "number":
            return self.operations.number(text)
        if kind == "name":
            if self.position < len(self.tokens) and self.tokens[self.position][1] == "(":
                raise ExpressionError(f"{text[:MAX_NAME]!r} is called like a function; only arithmetic is allowed")
            return self.operations.symbol(text)
        if text == "(":
            value = self.sum()
            if self.take(")") is None:
                raise ExpressionError(f"a parenthesis is not closed in {_shorten(self.text)}")
            return value
        raise ExpressionError(f"unexpected {text!r} in {_shorten(self.text)}")


def _shorten(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
