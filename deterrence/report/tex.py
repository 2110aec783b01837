r"""A report as LaTeX, and as PDF where pdfLaTeX is there.

Every text goes through `citation.latex.escaped`. Pictures are in the file too: as PDF made of ASCII alone, which
LaTeX writes beside the document (``filecontents``) before it includes them. A PDF made twice has the same bytes.

>>> from deterrence.report.parts import text
>>> inline(text("5 % of \\input{x}_y "))
'5 \\% of \\textbackslash{}input\\textbraceleft{}x\\textbraceright{}\\_y '
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from ..citation.latex import escaped
from ..errors import LimitError, NotSupportedError
from ..pictures import Picture
from ..pictures.canvas import settings
from .formulas import Formula
from .parts import (
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
    Typed,
    plain,
    seen,
)

__all__ = ["ascii_pdf", "inline", "latex", "pdf"]

CHUNK: Final = 1_000
NARROW, WIDEST = 6, 120
LETTERS: Final = 104
"""So many letters stand in a line of a table."""
RUNS: Final = 3
SECONDS: Final = 120
LONG_WORD: Final = 18
_MORE: Final = {"≈": r"$\approx$", "≠": r"$\neq$", "→": r"$\rightarrow$", "*": r"{*}"}
_OBJECT: Final = re.compile(rb"([0-9]+) 0 obj\n(.*?)\nendobj\n", re.DOTALL)
_STRUT: Final = r"\rule[-1.3ex]{0pt}{3.8ex}"
_SIZE: Final = r"width=\linewidth,height=0.8\textheight,keepaspectratio"
_HEAD: Final = r"""\documentclass[10pt,a4paper]{article}
\usepackage[margin=22mm]{geometry}
\usepackage{amsmath,array,booktabs,longtable,graphicx}
\setlength{\parindent}{0pt}\setlength{\parskip}{5pt plus 2pt}
\setlength{\emergencystretch}{4em}\sloppy
\setlength{\LTleft}{0pt}\setlength{\LTright}{0pt}
\pdfinfoomitdate=1 \pdftrailerid{} \pdfsuppressptexinfo=-1
"""


def latex(title: str, about: str, sections: Sequence[Section], made: str) -> str:
    """The document; arguments as of `page.page`. What made it stands behind the end, where LaTeX does not read."""
    figures = [block for one in sections for block in one.blocks if isinstance(block, Figure)]
    files = "".join(
        f"\\begin{{filecontents*}}[overwrite]{{{_file(one)}}}\n{ascii_pdf(one.picture)}\\end{{filecontents*}}\n"
        for one in figures
    )
    body = "\n\n".join(_section(one) for one in sections)
    head = f"\\title{{{_words(title)}}}\n\\author{{{_words(about)}}}\n\\date{{}}\n\\begin{{document}}\n\\maketitle\n"
    tail = f"\n\\end{{document}}\n{f'% {made}{chr(10)}' if made else ''}"
    return f"{files}{_HEAD}{head}\\tableofcontents\n\n{body}{tail}"


def _file(figure: Figure) -> str:
    return f"deterrence-report-{figure.key}.pdf"


# Texts -------------------------------------------------------------------------------------------------------------


def _words(words: str) -> str:
    """A text as source that prints it; blanks at its ends stay."""
    parts = re.split("([" + "".join(map(re.escape, _MORE)) + "])", seen(words))
    found = [_MORE[part] if part in _MORE else _plain(part) for part in parts]
    # No text may look like the line that says how the file was made.
    return "".join(found).replace("deterrence-made", "deterrence{-}made")


def _plain(words: str) -> str:
    core = words.strip(" ")
    if not core:
        return " " if words else ""
    lead, tail = words[: len(words) - len(words.lstrip(" "))], words[len(words.rstrip(" ")):]
    pieces = re.findall(rf"\S.{{0,{CHUNK}}}(?=\s|\Z)|\S{{1,{CHUNK}}}", core, re.DOTALL)
    return f"{' ' if lead else ''}{' '.join(map(escaped, pieces))}{' ' if tail else ''}"


def _typed(words: str) -> str:
    """What is typed; long words may be broken."""
    parts = []
    for word in seen(words).split(" "):
        if len(word) <= LONG_WORD:
            parts.append(_words(word))
        elif "_" in word or "/" in word or "-" in word:
            pieces = re.split(r"(?<=[_/-])", word)
            parts.append(r"\allowbreak{}".join(_words(piece) for piece in pieces if piece))
        else:
            parts.append(r"\allowbreak{}".join(_words(word[n : n + 8]) for n in range(0, len(word), 8)))
    return rf"\texttt{{{' '.join(parts)}}}"


def _piece(piece: Piece) -> str:
    if isinstance(piece, str):
        return _words(piece)
    if isinstance(piece, Formula):
        return f"${piece.latex}$"
    if isinstance(piece, Strong):
        return rf"\textbf{{{_words(piece.words.rstrip())}}}{' ' if piece.words.endswith(' ') else ''}"
    return _typed(piece.words if isinstance(piece, Typed) else piece.url)


def inline(pieces: Text) -> str:
    """A text."""
    return "".join(map(_piece, pieces))


def _section(one: Section) -> str:
    return "\n\n".join([rf"\section{{{_words(one.title)}}}", *map(_block, one.blocks)])


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return rf"\subsection*{{{_words(block.words)}}}"
    if isinstance(block, Paragraph):
        return inline(block.text)
    if isinstance(block, Note):
        return rf"{{\small\itshape {inline(block.text)}\par}}"
    if isinstance(block, Items):
        entries = "\n".join(rf"\item {{}}{inline(entry)}" for entry in block.entries)
        return f"\\begin{{itemize}}\n{entries}\n\\end{{itemize}}"
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Figure):
        return "\n".join([
            r"\begin{center}", rf"\includegraphics[{_SIZE}]{{{_file(block)}}}", r"\end{center}",
            rf"{{\small {_words(block.caption)}\par}}",
        ])
    lines = "".join(rf"\mbox{{{_spaced(line)}}}\\" + "\n" for line in block.words.split("\n"))
    return f"{_words(block.about)}:\\par\n{{\\footnotesize\\ttfamily\\noindent\n{lines}}}"


def _spaced(line: str) -> str:
    """A line whose blanks all stay."""
    return r"\ ".join(_words(word) for word in seen(line).split(" ")) or r"\strut"


# Tables ------------------------------------------------------------------------------------------------------------


def _table(table: Table) -> str:
    shares = _shares(table)
    gaps = 2 * len(shares) - 2
    columns = "".join(
        rf">{{\raggedright\arraybackslash}}p{{\dimexpr {share:.4f}\linewidth - {share:.4f}\dimexpr {gaps}\tabcolsep"
        r"\relax\relax}" for share in shares
    )
    head = " & ".join(rf"\textbf{{{_words(words)}}}" for words in table.head)
    rows = "\n".join(" & ".join(_cell(cell) for cell in row) + r" \\" for row in table.rows)
    return "\n".join([
        r"{\footnotesize", rf"\begin{{longtable}}{{@{{}}{columns}@{{}}}}",
        rf"\multicolumn{{{len(table.head)}}}{{@{{}}p{{\linewidth}}@{{}}}}{{\small {_words(table.caption)}}}\\[2pt]",
        r"\toprule", rf"{head} \\", r"\midrule", r"\endfirsthead", r"\toprule", rf"{head} \\", r"\midrule", r"\endhead",
        rows, r"\bottomrule", r"\end{longtable}}",
    ])


def _cell(cell: Text) -> str:
    # A bracket behind the end of a row would be read as a length; fractions need more room than a line has.
    words = inline(cell)
    return f"{{}}{words}{_STRUT if chr(92) + 'frac' in words else ''}"


def _shares(table: Table) -> list[float]:
    """The part of the width of each column, by the length of what stands in it."""
    least, wanted = [], []
    for n, words in enumerate(table.head):
        texts = [words, *(plain(row[n]) for row in table.rows)]
        word = max((len(w) for one in texts for w in one.split()), default=0)
        least.append(min(max(word, NARROW), LONG_WORD + 6) + 2.0)
        wanted.append(max(least[-1], float(max(min(len(one), WIDEST) for one in texts))))
    spare = max(LETTERS - sum(least), 0.0)
    more = [want - size for want, size in zip(wanted, least, strict=True)]
    share = spare / sum(more) if sum(more) else 0.0
    sizes = [size + extra * share for size, extra in zip(least, more, strict=True)]
    return [size / sum(sizes) for size in sizes]


# Pictures and PDF --------------------------------------------------------------------------------------------------


def ascii_pdf(picture: Picture) -> str:
    """A picture as PDF in ASCII, in lines without blanks at their ends, as LaTeX can write it."""
    import matplotlib as mpl

    stream = io.BytesIO()
    with settings(), mpl.rc_context({"pdf.compression": 0, "pdf.fonttype": 3}):
        about = {"CreationDate": None, "Producer": None, "Creator": None}
        picture.make().savefig(stream, format="pdf", metadata=about)
    objects = {int(number): body for number, body in _OBJECT.findall(stream.getvalue())}
    root = re.search(rb"/Root ([0-9]+) 0 R", stream.getvalue())
    assert root is not None  # noqa: S101 - every PDF has one
    text, places = b"%PDF-1.4\n", {}
    for number, body in sorted(objects.items()):
        places[number] = len(text)
        text += b"%d 0 obj\n%s\nendobj\n" % (number, _ascii(body))
    start = len(text)
    rows = b"".join(
        b"%010d 00000 n\n" % places[n] if n in places else b"0000000000 65535 f\n" for n in range(max(objects) + 1)
    )
    text += b"xref\n0 %d\n%strailer\n<< /Size %d /Root %s 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        max(objects) + 1, rows, max(objects) + 1, root[1], start)
    return text.decode("ascii")


def _ascii(body: bytes) -> bytes:
    """An object in which every byte is one of ASCII; the length of a stream is told anew."""
    head, mark, rest = body.partition(b"\nstream\n")
    head = _lines(head)
    if not mark:
        return head
    data = _lines(rest.removesuffix(b"\nendstream"))
    head = re.sub(rb"/Length [0-9]+( 0 R)?", b"/Length %d" % len(data), head)
    return head + mark + data + b"\nendstream"


def _lines(data: bytes) -> bytes:
    shown = re.sub(rb"[^\x20-\x7e\n]", lambda found: b"\\%03o" % found[0][0], data)
    return b"\n".join(line.rstrip(b" ") for line in shown.split(b"\n"))


def pdf(source: str) -> bytes:
    """A document set by pdfLaTeX.

    Raises
    ------
    NotSupportedError
        where there is no pdfLaTeX.
    LimitError
        where it does not set the document.
    """
    program = shutil.which("pdflatex")
    if program is None:
        raise NotSupportedError("a PDF is set by pdflatex, which is not installed here; write .tex or .html instead")
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1", "openin_any": "p",
                   "openout_any": "p"}
    with TemporaryDirectory(prefix="deterrence-") as folder:
        Path(folder, "report.tex").write_text(source, encoding="utf-8")
        command = [program, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "report.tex"]
        for _ in range(RUNS):
            done: Any = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=SECONDS,
                                       check=False, stdin=subprocess.DEVNULL)
            if done.returncode:
                said = [line for line in done.stdout.decode("utf-8", "replace").split("\n") if line.startswith("!")]
                raise LimitError(f"pdflatex did not set the report: {' '.join(said[:2])[:200] or 'it gives no reason'}")
        return Path(folder, "report.pdf").read_bytes()
