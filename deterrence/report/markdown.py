r"""A report as Markdown: tables of pipes, formulas between dollars, pictures as data at the end of the file.

Signs that Markdown reads are escaped in every text, those of HTML too.

>>> escaped("a|b *c* <img> [d](e) $f$ _g_")
'a\\|b \\*c\\* &lt;img&gt; \\[d\\](e) \\$f\\$ \\_g\\_'
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from typing import Final

from .formulas import Formula
from .parts import (
    Address,
    Block,
    Figure,
    Heading,
    Items,
    Note,
    Paragraph,
    Piece,
    Section,
    Strong,
    Table,
    Text,
    seen,
)

__all__ = ["escaped", "markdown", "section"]

_SIGNS: Final = str.maketrans({
    **{char: f"\\{char}" for char in "\\`*_[]|$~#"}, "<": "&lt;", ">": "&gt;", "&": "&amp;",
})
_TICKS: Final = re.compile(r"`+")
_LEAD: Final = re.compile(r"(?:[-+=]|[0-9]{1,9}[.)])")


def escaped(words: str) -> str:
    """A text in which nothing is markup."""
    return seen(words).translate(_SIGNS)


def markdown(title: str, about: str, sections: Sequence[Section], made: str) -> str:
    """The document; arguments as of `page.page`."""
    comment = [f"<!-- {made} -->", ""] if made else []
    parts = [*comment, f"# {escaped(title)}", "", escaped(about), ""]
    figures: list[Figure] = []
    for one in sections:
        parts += [section(one), ""]
        figures += [block for block in one.blocks if isinstance(block, Figure)]
    for figure in figures:
        data = base64.b64encode(figure.picture.svg().encode("utf-8")).decode("ascii")
        parts.append(f"[figure-{figure.key}]: data:image/svg+xml;base64,{data}")
    return "\n".join(parts).rstrip("\n") + "\n"


def section(one: Section) -> str:
    """One section."""
    blocks = "\n\n".join(_block(block) for block in one.blocks)
    return f"## {escaped(one.title)}\n\n{blocks}"


def _piece(piece: Piece) -> str:
    if isinstance(piece, str):
        return escaped(piece)
    if isinstance(piece, Formula):
        return f"${piece.latex.replace('|', chr(92) + 'vert ')}$"
    if isinstance(piece, Address):
        return escaped(piece.url)
    if isinstance(piece, Strong):
        core = piece.words.strip()
        return f"**{escaped(core)}**{' ' if piece.words != piece.words.rstrip() else ''}" if core else ""
    return _code(piece.words)


def _code(words: str) -> str:
    """What is typed, between more backticks than it holds."""
    text = seen(words)
    if not text.strip():
        return escaped(text)
    ticks = "`" * (1 + max((len(run) for run in _TICKS.findall(text)), default=0))
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _text(pieces: Text) -> str:
    found = "".join(map(_piece, pieces))
    return f"\\{found}" if _LEAD.match(found) else found


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"### {escaped(block.words)}"
    if isinstance(block, Paragraph):
        return _text(block.text)
    if isinstance(block, Note):
        return f"> {_text(block.text)}"
    if isinstance(block, Items):
        return "\n".join(f"- {_text(entry)}" for entry in block.entries)
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Figure):
        return (f"![{escaped(block.caption)}][figure-{block.key}]\n\n*{escaped(block.caption)}* In words: "
                f"{escaped(block.picture.alt)}")
    fence = "~" * max(3, 1 + max((len(run) for run in re.findall(r"~+", block.words)), default=0))
    lines = "\n".join(seen(line) for line in block.words.split("\n"))
    return f"{escaped(block.about)}:\n\n{fence}text\n{lines}\n{fence}"


def _table(table: Table) -> str:
    head = " | ".join(escaped(words) or " " for words in table.head)
    rows = [" | ".join(_cell(cell) for cell in row) for row in table.rows]
    rule = " | ".join("---" for _ in table.head)
    return "\n".join([f"*{escaped(table.caption)}*", "", f"| {head} |", f"| {rule} |", *(f"| {row} |" for row in rows)])


def _cell(cell: Text) -> str:
    # A pipe inside of what is typed ends a cell where it is not escaped.
    return "".join(_piece(p) if isinstance(p, (str, Formula, Strong, Address)) else _piece(p).replace("|", "\\|")
                   for p in cell) or " "
