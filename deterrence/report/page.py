"""A report as one page of HTML: inline pictures and styles, formulas in MathML, no script, no request.

The page is well-formed XML too. Every text is escaped; a policy in the page forbids scripts and whatever would be
fetched. What made the page stands in a comment before any text of the scenario.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Final

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
    Verbatim,
    seen,
)

__all__ = ["page"]

LEAST: Final = 52.0
"""Rem that a picture without a width takes at least; what is narrower is scrolled."""
TREE: Final = 0.075
OTHERS: Final = 0.045
"""Rem for each unit of the width of a picture: the letters of a tree are the smallest."""
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def page(title: str, about: str, sections: Sequence[Section], made: str) -> str:
    """The page.

    Parameters
    ----------
    title, about : of the scenario, and a line below it.
    sections : what it holds.
    made : the line that says how it was made (`saved.embedded`); empty for none.
    """
    style = files(__package__).joinpath("assets", "page.css").read_text(encoding="utf-8")
    listed = "\n".join(f'<li><a href="#{one.key}">{_escaped(one.title)}</a></li>' for one in sections)
    comment = f"<!-- {made} -->\n" if made else ""
    body = "\n".join(map(_section, sections))
    return f"""<!DOCTYPE html>
{comment}<html lang="en-GB">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="{html.escape(POLICY)}"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="referrer" content="no-referrer"/>
<title>{_escaped(title)}</title>
<style>
{style}</style>
</head>
<body>
<a class="skip" href="#main">To the text</a>
<header>
<h1>{_escaped(title)}</h1>
<p class="about">{_escaped(about)}</p>
</header>
<nav aria-label="Contents">
<ol>
{listed}
</ol>
</nav>
<main id="main">
{body}
</main>
</body>
</html>
"""


def _escaped(text: str) -> str:
    return html.escape(seen(text))


def _piece(piece: Piece) -> str:
    if isinstance(piece, str):
        return _escaped(piece)
    if isinstance(piece, Formula):
        # Formulas are broken by no browser: between terms another one begins.
        return "<wbr/>".join(f"<math>{part}</math>" for part in piece.mathml.split("\n"))
    if isinstance(piece, Address):
        return _escaped(piece.url)
    tag = "strong" if isinstance(piece, Strong) else "code"
    return f"<{tag}>{_escaped(piece.words)}</{tag}>"


def _text(pieces: Text) -> str:
    return "".join(map(_piece, pieces))


def _section(one: Section) -> str:
    counted = {"h": 0}
    blocks = "\n".join(_block(block, one.key, counted) for block in one.blocks)
    return (f'<section id="{one.key}" aria-labelledby="{one.key}-title">\n<h2 id="{one.key}-title">'
            f"{_escaped(one.title)}</h2>\n{blocks}\n</section>")


def _block(block: Block, key: str, counted: dict[str, int]) -> str:
    if isinstance(block, Heading):
        return f"<h3>{_escaped(block.words)}</h3>"
    if isinstance(block, Paragraph):
        return f"<p>{_text(block.text)}</p>"
    if isinstance(block, Note):
        return f'<p class="note">{_text(block.text)}</p>'
    if isinstance(block, Items):
        return "<ul>\n" + "\n".join(f"<li>{_text(entry)}</li>" for entry in block.entries) + "\n</ul>"
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Figure):
        return _figure(block)
    return f'<p>{_escaped(block.about)}:</p>\n<pre tabindex="0">{_lines(block)}</pre>'


def _lines(block: Verbatim) -> str:
    return "\n".join(_escaped(line) for line in block.words.split("\n"))


def _table(table: Table) -> str:
    wide = set(table.wide)
    head = "".join(f'<th scope="col">{_escaped(words)}</th>' for words in table.head)
    rows = "\n".join(
        "<tr>" + "".join(f'<td{_class(n in wide)}>{_text(cell)}</td>' for n, cell in enumerate(row)) + "</tr>"
        for row in table.rows
    )
    label = _escaped(table.caption)
    return (f'<p class="caption" aria-hidden="true">{label}</p>\n<div class="scroll" role="region" tabindex="0" '
            f'aria-label="{label}">\n<table aria-label="{label}">\n<thead><tr>{head}</tr></thead>\n'
            f"<tbody>\n{rows}\n</tbody>\n</table>\n</div>")


def _class(wide: bool) -> str:
    return ' class="wide"' if wide else ""


def _figure(figure: Figure) -> str:
    drawn: Any = figure.picture.svg()
    svg = drawn[drawn.index("<svg"):].rstrip("\n")
    width = re.match(r'<svg [^>]*?width="([0-9.]+)pt"', svg)
    size = TREE if figure.key.startswith("tree") else OTHERS
    least = size * float(width[1]) if width else LEAST
    svg = svg.replace("<svg ", f'<svg style="min-width: {least:.1f}rem" ', 1)
    return (f'<figure id="figure-{figure.key}">\n<div class="scroll" role="region" tabindex="0" '
            f'aria-label="{_escaped(figure.caption)}">\n{svg}\n</div>\n<figcaption>{_escaped(figure.caption)}'
            f"</figcaption>\n<details><summary>The picture in words</summary><p>{_escaped(figure.picture.alt)}</p>"
            "</details>\n</figure>")
