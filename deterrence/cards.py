r"""What a notebook shows of a result: a card of HTML, or a formula of LaTeX.

A card is a heading, sentences and small tables. Every text is escaped; there is no script, no colour and nothing from
elsewhere, so that a card reads the same on light and on dark ground. It is marked to be left alone by whatever looks
for formulas in a page. A formula is an array between dollar signs, which both a notebook and a LaTeX run can set.

>>> print(card("A & B", paragraph("2 < 3"), table(("x",), [("1",)])))
<div class="tex2jax_ignore mathjax_ignore">
<p><strong>A &amp; B</strong></p>
<p>2 &lt; 3</p>
<table><thead><tr><th style="text-align:left">x</th></tr></thead><tbody>
<tr><td style="text-align:left">1</td></tr>
</tbody></table>
</div>
>>> print(array([(words("50 % of A_1"), r"\frac{1}{2}")]))
$\displaystyle\begin{array}{ll}
\text{50 \% of A\_1} & \frac{1}{2}
\end{array}$
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from html import escape
from typing import Any, Final

from .expressions import Expression
from .numerals import number

__all__ = ["array", "card", "formula", "listed", "notes", "paragraph", "played", "shown", "table", "words"]

ROWS: Final = 24
"""So many rows of a table are shown."""
COLUMNS: Final = 12
ALIGNED: Final = 'style="text-align:left"'
"""Some notebooks would set words to the right."""
IN_LATEX: Final = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_",
    "^": r"\^{}", "~": r"\~{}",
})


def _text(value: object) -> str:
    """A text without control characters, escaped."""
    shown = "".join(char if char.isprintable() else " " for char in str(value))
    return escape(shown)


def card(title: object, *parts: str) -> str:
    """A heading with paragraphs and tables below it."""
    inside = "\n".join(part for part in (f"<p><strong>{_text(title)}</strong></p>", *parts) if part)
    return f'<div class="tex2jax_ignore mathjax_ignore">\n{inside}\n</div>'


def paragraph(text: object) -> str:
    """A sentence or several; nothing where there is none."""
    return f"<p>{_text(text)}</p>" if str(text) else ""


def notes(texts: Iterable[object]) -> str:
    """What is to be known, as paragraphs."""
    return "\n".join(paragraph(f"Note: {text}") for text in texts)


def listed(rows: Mapping[str, object]) -> str:
    """Names with what belongs to each, as a table without a head."""
    return table((), list(rows.items()))


def table(head: Sequence[object], rows: Sequence[Sequence[object]]) -> str:
    """A table of which the first rows and columns are shown, with how many there are more."""
    width = max([len(head), *map(len, rows)], default=0)
    shown = [_row(row[:COLUMNS], "td") for row in rows[:ROWS]]
    top = f"<thead>{_row(head[:COLUMNS], 'th')}</thead>" if head else ""
    parts = [f"<table>{top}<tbody>", *shown, "</tbody></table>"]
    if len(rows) > ROWS:
        parts.append(paragraph(f"… and {len(rows) - ROWS} more rows."))
    if width > COLUMNS:
        parts.append(paragraph(f"… and {width - COLUMNS} more columns."))
    return "\n".join(parts) if rows else ""


def _row(cells: Sequence[object], tag: str) -> str:
    inside = "".join(f'<{tag} {ALIGNED}>{_text(cell)}</{tag}>' for cell in cells)
    return f"<tr>{inside}</tr>"


def played(row: Mapping[str, Any]) -> str:
    """What is played or believed with positive probability."""
    used = {label: value for label, value in row.items() if str(value) != "0"}
    if len(used) == 1:
        return next(iter(used))
    between = ": " if any(isinstance(value, Expression) for value in used.values()) else " "
    apart = "; " if any(", " in label for label in used) else ", "
    return apart.join(f"{label}{between}{shown(value)}" for label, value in used.items())


def shown(value: Any) -> str:
    """A number or a formula as text."""
    return str(value) if isinstance(value, Expression) else number(value)


def words(text: object) -> str:
    """A text inside a formula."""
    shown = "".join(char if char.isprintable() else " " for char in str(text))
    return rf"\text{{{shown.translate(IN_LATEX)}}}"


def formula(value: Any) -> str:
    """A number or a formula as LaTeX; one that is not rational by its decimal value."""
    if isinstance(value, Expression):
        return value.latex()
    if isinstance(value, (int, Fraction)):
        top, below = abs(value.numerator), value.denominator
        return ("-" if value < 0 else "") + (str(top) if below == 1 else rf"\frac{{{top}}}{{{below}}}")
    return rf"\approx {float(value):.3g}"


def array(rows: Sequence[Sequence[str]]) -> str:
    """Rows of formulas below each other; the cells are LaTeX."""
    width = max(map(len, rows), default=1)
    shown = " \\\\\n".join(" & ".join(row) for row in rows[:ROWS])
    more = " \\\\\n" + words(f"and {len(rows) - ROWS} more") if len(rows) > ROWS else ""
    return rf"$\displaystyle\begin{{array}}{{{'l' * width}}}" + f"\n{shown}{more}\n" + r"\end{array}$"
