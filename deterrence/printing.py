"""The pieces of which printed results are made: lines, tables, lists, headings, as things `rich` can print.

Texts that come from a file are printed as they are, without markup and without control characters.

>>> print(to_text(group(heading("Values"), line("one", 2))), end="")
<BLANKLINE>
Values
  one
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

__all__ = ["WIDTH", "clean", "console", "drawing", "group", "heading", "item", "line", "table", "to_text"]

WIDTH: Final = 100
LONGEST_NAME: Final = 32


def console(**options: Any) -> Console:
    """A console that takes every text literally."""
    from rich.console import Console

    return Console(markup=False, emoji=False, highlight=False, **options)


def to_text(renderable: RenderableType, width: int = WIDTH) -> str:
    """Plain text, without colour, folded at `width` characters."""
    stream = io.StringIO()
    console(file=stream, width=width, color_system=None, force_terminal=False).print(renderable, crop=False)
    return "\n".join(row.rstrip() for row in stream.getvalue().splitlines()) + "\n"


def clean(text: object) -> str:
    """A text without control characters, which could steer a terminal."""
    return "".join(char if char.isprintable() or char == "\n" else "?" for char in str(text))


def group(*parts: RenderableType) -> RenderableType:
    """Things one below the other."""
    from rich.console import Group

    return Group(*parts)


def line(text: object, indent: int = 0, style: str = "") -> RenderableType:
    """A line of text, or a paragraph."""
    from rich.padding import Padding
    from rich.text import Text

    return Padding(Text(clean(text), style=style), (0, 0, 0, indent))


def drawing(text: str) -> RenderableType:
    """A drawing, whose lines are never folded or cut."""
    from rich.text import Text

    lines = "\n".join(f"  {row}" for row in clean(text).splitlines())
    return Text(f"\n{lines}", no_wrap=True, overflow="ignore")


def item(text: object, indent: int) -> RenderableType:
    """An entry of a list, whose further lines are set in."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column()
    grid.add_column(overflow="fold")
    grid.add_row(Text("-"), Text(clean(text)))
    return Padding(grid, (0, 0, 0, indent))


def heading(text: object) -> RenderableType:
    """A heading with a line before it."""
    from rich.text import Text

    return Text(f"\n{clean(text)}", style="bold")


def table(head: Sequence[str], rows: Iterable[Sequence[object]], indent: int = 2) -> RenderableType:
    """A table whose empty columns are left out; cells may be long and are folded, short names in front are not."""
    from rich import box
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    cells = [[clean(cell) for cell in row] for row in rows]
    kept = [i for i in range(len(head)) if any(row[i] for row in cells)]
    made: Table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
    for i in kept:
        # A long name that is not folded would leave the other columns no room.
        whole = i == 0 and all(len(row[i]) <= LONGEST_NAME for row in cells)
        made.add_column(head[i], overflow="fold", header_style="dim", vertical="top", no_wrap=whole)
    for row in cells:
        made.add_row(*(Text(row[i]) for i in kept))
    return Padding(made, (0, 0, 0, indent))
