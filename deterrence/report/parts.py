"""What a report is made of: sections of paragraphs, lists, tables and pictures, whatever they are written in.

A text is a tuple of pieces: plain words, words to stress, what is typed, formulas and addresses. No piece holds markup:
each writer (`page`, `markdown`, `tex`) escapes all of it.

>>> plain(text("The chance is ", Typed("x"), "."))
'The chance is x.'
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..pictures import Picture
from .formulas import Formula

__all__ = [
    "Address", "Block", "Figure", "Heading", "Items", "Note", "Paragraph", "Piece", "Section", "Strong", "Table",
    "Text", "Typed", "Verbatim", "cell", "joined", "marked", "plain", "seen", "text",
]


@dataclass(frozen=True)
class Strong:
    """Words to stress."""

    words: str


@dataclass(frozen=True)
class Typed:
    """What is typed as it stands: a name, a key, a command."""

    words: str


@dataclass(frozen=True)
class Address:
    """An address of the web, shown as it is."""

    url: str


Piece = str | Strong | Typed | Address | Formula
Text = tuple[Piece, ...]


def text(*pieces: Piece) -> Text:
    """A text of pieces, empty ones left out."""
    return tuple(piece for piece in pieces if piece != "")


def seen(words: str) -> str:
    r"""Words on one line without what is not seen: control characters, halves of characters, turns of direction.

    >>> seen("a\tb\u202ec")
    'a bc'
    """
    kept = []
    for char in words:
        kind = unicodedata.category(char)
        if char.isspace() or kind in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif kind not in ("Cf", "Cs", "Co", "Cn"):
            kept.append(char)
    return "".join(kept)


def marked(words: str) -> Text:
    """A text of the package in which what is typed stands between backticks."""
    parts = words.split("`")
    if len(parts) % 2 == 0:
        return text(words)
    return text(*(Typed(part) if n % 2 and part else part for n, part in enumerate(parts)))


def cell(value: Any) -> Text:
    """What stands in a table: a text as it is, anything else as words."""
    return value if isinstance(value, tuple) else (value,) if isinstance(value, Piece) else (str(value),)


def joined(texts: Iterable[Text], between: str = ", ") -> Text:
    """Texts one behind the other."""
    found: list[Piece] = []
    for n, one in enumerate(texts):
        found += [between, *one] if n else [*one]
    return tuple(found)


def plain(pieces: Text) -> str:
    """A text as words alone."""
    parts = []
    for piece in pieces:
        if isinstance(piece, str):
            parts.append(piece)
        elif isinstance(piece, Formula):
            parts.append(piece.plain)
        else:
            parts.append(piece.url if isinstance(piece, Address) else piece.words)
    return "".join(parts)


@dataclass(frozen=True)
class Heading:
    """The heading of a part of a section."""

    words: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    text: Text


@dataclass(frozen=True)
class Note:
    """What is not known, or was not computed, and why."""

    text: Text


@dataclass(frozen=True)
class Items:
    """A list."""

    entries: tuple[Text, ...]


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes
    ----------
    caption : what it shows.
    head : of each column.
    rows : a text for each column.
    wide : the columns that take what width is left; the others are narrow.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    wide: tuple[int, ...] = ()

    @staticmethod
    def of(caption: str, head: Sequence[str], rows: Iterable[Sequence[Any]], wide: Sequence[int] = ()) -> Table:
        """A table from whatever stands in its cells."""
        return Table(caption, tuple(head), tuple(tuple(map(cell, row)) for row in rows), tuple(wide))


@dataclass(frozen=True)
class Figure:
    """A picture.

    Attributes
    ----------
    key : a word that no other picture of the report has.
    picture : with its description.
    caption : a sentence.
    """

    key: str
    picture: Picture = field(repr=False)
    caption: str


@dataclass(frozen=True)
class Verbatim:
    """Lines as they stand: commands, an entry of a bibliography, a drawing of letters; with what they are."""

    words: str
    about: str


Block = Heading | Paragraph | Note | Items | Table | Figure | Verbatim


@dataclass(frozen=True)
class Section:
    """A section.

    Attributes
    ----------
    key : a word by which it is referred to.
    title : its heading.
    blocks : what it holds.
    """

    key: str
    title: str
    blocks: tuple[Block, ...]
