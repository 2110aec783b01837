r"""Text, numbers and formulas as LaTeX source that pdfLaTeX sets as they are, whoever wrote them.

A text is untrusted. `escaped` maps each of its characters to source that prints it: the ten characters that LaTeX reads
as something else to commands, letters with accents to accents on letters of ASCII, and what pdfLaTeX has no letter for
to its number. Line ends, control characters and invisible ones go. So no command, comment, ``^^`` notation or end of a
group can come out of it, braces are balanced, and what it gives can stand in BibTeX too.

>>> print(escaped("\\input{/etc/passwd} 5 % of $x_1"))
\textbackslash{}input\textbraceleft{}/etc/passwd\textbraceright{} 5 \% of \$x\_1
>>> print(escaped("Sjöström"))
Sj{\"{o}}str{\"{o}}m

A formula is read as arithmetic, and set as text where it is none. A number has an exact form and a decimal one, rounded
to four significant digits; decimals of a root of a polynomial are those of narrowing rational bounds.

>>> print(formula("(harm*resolve - gain)/(harm + cost)", ("harm", "cost")))
\frac{\mathrm{harm} \, \mathrm{resolve} - \mathrm{gain}}{\mathrm{harm} + \mathrm{cost}}
>>> print(exactly("root(x**2 - 2, 1, 2)"), decimals("root(x**2 - 2, 1, 2)"), decimals("2/5"))
\mathrm{root}(x^{2} - 2;\, 1,\, 2) 1.414 0.4
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from ..errors import ExpressionError
from ..parsing import MAX_DIGITS, exact

__all__ = ["condition", "decimals", "escaped", "exactly", "formula", "is_number", "one_line"]

DIGITS: Final = 4
PLAIN: Final = (-4, 7)
"""Exponents of ten from and below which decimals are written without one."""
MAX_DEGREE: Final = 64
MAX_BITS: Final = 1 << 13

_SPECIAL: Final = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", "`": "{`}", '"': "''",
    **{char: f"\\{char}" for char in "&%$#_"},
}
_LETTERS: Final = {
    "ß": r"{\ss}", "æ": r"{\ae}", "Æ": r"{\AE}", "œ": r"{\oe}", "Œ": r"{\OE}", "ø": r"{\o}", "Ø": r"{\O}",
    "ł": r"{\l}", "Ł": r"{\L}", "\u0131": r"{\i}", "\u2013": "--", "—": "---", "\u2018": "{`}", "\u2019": "'",
    "\u201a": ",", "“": "{``}", "”": "''", "„": "{,,}", "«": "{''}", "»": "{''}", "…": r"{\ldots}", "§": r"{\S}",
    "©": r"{\copyright}", "£": r"{\pounds}", "\u2212": "$-$", "\u00d7": r"$\times$", "·": r"$\cdot$", "±": r"$\pm$",
    "≤": r"$\le$", "≥": r"$\ge$", "°": r"$^{\circ}$", "•": r"{\textbullet}", "\u2010": "-", "\u2011": "-",
    "\u02bc": "'", "¡": "{!`}", "¿": "{?`}", "\u200b": "{}",
}
_ACCENTS: Final = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0327": "c", "\u0331": "b",
}
_HYPHENS: Final = re.compile(r"-(?=-)")
_RATIONAL: Final = re.compile(r"-?[0-9]+(?:/[0-9]+)?\Z")
_ROOT: Final = re.compile(r"root\(([-+*x0-9 ]+), (-?[0-9]+(?:/[0-9]+)?), (-?[0-9]+(?:/[0-9]+)?)\)\Z")
_TERM: Final = re.compile(r"([-+]?)(?:([0-9]+)\*)?(x)(?:\*\*([0-9]+))?|([-+]?)([0-9]+)")
_TOKEN: Final = re.compile(r" *(?:([0-9]+(?:\.[0-9]+)?)|([A-Za-z_][A-Za-z_0-9]*)|(\*\*|[<>=!]=|[-+*/()<>]))")
_SIGNS: Final = {"*": r"\,", "<=": r"\le", ">=": r"\ge", "==": "=", "!=": r"\ne"}


def one_line(text: object, most: int = 2_000) -> str:
    """A text on one line, composed, without control characters, surrogates and invisible ones."""
    kept = []
    for char in unicodedata.normalize("NFC", str(text)[: 4 * most]):
        kind = unicodedata.category(char)
        if char.isspace() or kind in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif kind not in ("Cf", "Cs", "Co", "Cn"):
            kept.append(char)
    return " ".join("".join(kept).split())[:most]


def escaped(text: object) -> str:
    """LaTeX source that prints a text, on one line."""
    # Two hyphens would be set as a dash.
    return "".join(_source(char) for char in _HYPHENS.sub("-\u200b", one_line(text)))


def _source(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    if char.isascii():
        return char
    if char in _LETTERS:
        return _LETTERS[char]
    decomposed = unicodedata.normalize("NFD", char)
    letter, marks = decomposed[0], decomposed[1:]
    base = letter if letter.isascii() and letter.isalpha() else _LETTERS.get(letter, "")
    if not marks and unicodedata.normalize("NFKC", char).isascii():
        return "".join(_SPECIAL.get(c, c) for c in unicodedata.normalize("NFKC", char))
    if not base or not marks or not all(mark in _ACCENTS for mark in marks):
        return f"[U+{ord(char):04X}]"
    for mark in marks:
        base = f"\\{_ACCENTS[mark]}{{{base}}}"
    return f"{{{base}}}"


# Numbers -----------------------------------------------------------------------------------------------------------


def is_number(value: object) -> bool:
    """Whether a value of a result is a number: of JSON, or an exact one as text."""
    if isinstance(value, str):
        return len(value) <= 4 * MAX_DIGITS and bool(_RATIONAL.match(value) or _ROOT.match(value))
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def exactly(value: object) -> str:
    """A number as it stands in the result, for math mode."""
    text = str(value)
    if (root := _ROOT.match(text)) is not None:
        polynomial, low, high = root.groups()
        return rf"\mathrm{{root}}({_tokens(polynomial, upright=False)};\, {low},\, {high})"
    mantissa, e, exponent = text.partition("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if e else text


def decimals(value: object) -> str:
    """A number in decimals for math mode, rounded to four significant digits, or to a whole number if that is more.

    Zeros at the end are kept where digits were cut off, so that they tell an exact number from a rounded one.
    """
    text = str(value)
    root = _ROOT.match(text)
    if root is None:
        try:
            return _rounded(exact(text))
        except (ExpressionError, ZeroDivisionError):
            return exactly(text)
    return _root(*root.groups()) or exactly(text)


def _rounded(value: Fraction) -> str:
    if value.denominator == 1 and abs(value) < 10**15:
        return str(value)
    size = _magnitude(value)
    digits = max(DIGITS, size + 1) if size < PLAIN[1] else DIGITS
    scaled = round(value * Fraction(10) ** (digits - 1 - size))
    if abs(scaled) == 10**digits:
        size, scaled = size + 1, scaled // 10
    cut = value != scaled * Fraction(10) ** (size - digits + 1)
    plain = PLAIN[0] <= size < PLAIN[1]
    written = _point(scaled, digits - 1 - (size if plain else 0), cut)
    return written if plain else rf"{written} \times 10^{{{size}}}"


def _magnitude(value: Fraction) -> int:
    """The exponent of the first digit."""
    above, below = abs(value.numerator), value.denominator
    size = len(str(above)) - len(str(below))
    return size if above * 10 ** max(-size, 0) >= below * 10 ** max(size, 0) else size - 1


def _point(scaled: int, places: int, cut: bool) -> str:
    """A whole number of units of the last place with its point; zeros at the end go where nothing was cut off."""
    sign, text = "-" if scaled < 0 else "", str(abs(scaled)).rjust(places + 1, "0")
    whole, part = (text[:-places], text[-places:]) if places > 0 else (text, "")
    part = part if cut else part.rstrip("0")
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"


def _root(polynomial: str, low: str, high: str) -> str:
    """Decimals of a root; empty where the text is none, or none of bounded size."""
    from ..algebraic import Algebraic, real_roots

    terms = _coefficients(polynomial)
    if not terms:
        return ""
    try:
        found = real_roots(terms, Fraction(low), Fraction(high))
    except ZeroDivisionError:
        return ""
    if len(found) != 1:
        return ""
    if not isinstance(found[0], Algebraic):
        return _rounded(Fraction(found[0]))
    bits = 64
    while bits <= MAX_BITS:
        ends = [_rounded(end) for end in found[0].bounds(bits)]
        if ends[0] == ends[1]:
            return ends[0]
        bits *= 2
    return ""


def _coefficients(polynomial: str) -> list[int]:
    """The integer coefficients, the constant term first; none where the text is no polynomial in x of small degree."""
    text, at = polynomial.replace(" ", ""), 0
    found = [0] * (MAX_DEGREE + 1)
    while at < len(text):
        term = _TERM.match(text, at)
        if term is None or (at and text[at] not in "+-"):
            return []
        at = term.end()
        sign, times, name, power, lone, number = term.groups()
        degree = 0 if name is None else int(power or 1) if len(power or "") <= 3 else MAX_DEGREE + 1
        if degree > MAX_DEGREE:
            return []
        size = int(number if name is None else times or 1)
        found[degree] += -size if (lone if name is None else sign) == "-" else size
    while found and not found[-1]:
        found.pop()
    return found


# Formulas ----------------------------------------------------------------------------------------------------------


def formula(text: str, names: Sequence[str] = ()) -> str:
    """A formula in parameters for math mode, quotients as fractions; what is no formula as text.

    Terms of equal degree come in the order of the names.
    """
    from ..expressions import Ring

    if _RATIONAL.match(text):
        return text
    used = dict.fromkeys(name for _, name, _ in _TOKEN.findall(text) if name)
    try:
        return Ring([*(name for name in names if name in used), *(name for name in used if name not in names)]).parse(
            text).latex()
    except ExpressionError:
        return _tokens(text) or rf"\mbox{{{escaped(text)}}}"


def condition(text: str) -> str:
    """A condition for math mode in the form in which it is written; what is none as text."""
    return _tokens(text) or rf"\mbox{{{escaped(text)}}}"


def _tokens(text: str, upright: bool = True) -> str:
    """Arithmetic and comparisons token by token; empty where there is anything else."""
    at = 0
    parts: list[str] = []
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            return ""
        at = token.end()
        number, name, sign = token.groups()
        if number is not None and parts and parts[-1] == "**":
            parts[-1] = f"^{{{number}}}"
        elif name is not None:
            spelled = name.replace("_", r"\_")
            parts.append(rf"\mathrm{{{spelled}}}" if upright else spelled)
        else:
            parts.append(number if number is not None else _SIGNS.get(sign, sign))
    if "**" in parts:
        return ""
    joined = " ".join(parts)
    for left, right in ((" ^", "^"), ("( ", "("), (" )", ")"), (" / ", "/")):
        joined = joined.replace(left, right)
    return joined
