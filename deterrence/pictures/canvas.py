"""What every picture is made of: sizes, shades, hatches and dashes, numbers as texts, and the file that comes of it.

A `Picture` is drawn anew for each format, from the same words and numbers, by the settings of this module alone: the
reader's own settings of matplotlib do not enter. Its bytes are the same each time, with the same version of matplotlib.
What tells two things apart is never colour alone: a hatch, a dash, a marker or a label does so too.

>>> number_of("3/5"), short("1/3"), short("123456789/1000000007")
(Fraction(3, 5), '1/3', '≈ 0.123')
"""

from __future__ import annotations

import hashlib
import html
import io
import os
import re
import textwrap
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..errors import ExpressionError
from ..files import placed
from ..sealing import sealed
from ..wording import decimal

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "COLOURS", "DARK", "DASHES", "ENDINGS", "FAINT", "GREY", "HATCHES", "LIGHT", "MARKERS", "MIDDLE", "WARM", "Picture",
    "check_ending", "clean", "fold", "heading", "listed", "number_of", "sheet", "short", "shortened", "step_shade",
]

ENDINGS: Final = (".svg", ".pdf", ".png")
DARK, MIDDLE, LIGHT = "#1b1b1b", "#3b6ea8", "#d9e4f1"
GREY, FAINT, WARM = "#6f6f6f", "#c9c9c9", "#c4661f"
COLOURS: Final = ("#3b6ea8", "#d98c3f", "#4f9d7c", "#b0678f", "#8a8a3c", "#6a5ba8", "#5aa5c8", "#7a5230")
"""Of different lightness and apart for readers who do not tell red from green."""
HATCHES: Final = ("", "///", "...", "\\\\\\", "xxx", "---", "ooo", "|||", "+++", "//..", "\\\\--", "**")
MARKERS: Final = ("o", "s", "^", "p", "v", "h", "P", "X")
DASHES: Final = ((0, ()), (0, (5, 2)), (0, (1, 1.4)), (0, (6, 2, 1, 2)), (0, (3, 1, 1, 1, 1, 1)), (0, (9, 3)))
SETTINGS: Final[dict[Any, Any]] = {
    "svg.hashsalt": "deterrence", "font.size": 9.0, "font.family": "DejaVu Sans", "axes.spines.top": False,
    "axes.spines.right": False, "axes.titlesize": 10.0, "axes.titleweight": "bold", "axes.titlelocation": "left",
    "legend.frameon": False, "pdf.fonttype": 42, "hatch.linewidth": 0.6,
    # A text of a scenario is never read as a formula.
    "text.parse_math": False,
}
DOTS: Final = 160
LONGEST: Final = 7
LONGEST_ALT: Final = 2_000

_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
_NAMES: Final = re.compile(r'\b(id="|url\(#|href="#)([^")]+)')
_TERM: Final = re.compile(r"([+-]?)(?:(\d+)\*?)?(x(?:\*\*(\d+))?)?")
_ROOT: Final = re.compile(r"<svg\b([^>]*)>")
_TITLE: Final = re.compile(r"<title>.*?</title>\s*", re.DOTALL)


def clean(text: str) -> str:
    """A text without what no format can hold: control characters and halves of characters."""
    return _UNSEEN.sub(" ", text)


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters, cut with a sign where it is longer."""
    text = clean(text)
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def fold(text: str, width: int) -> str:
    """A text in lines of at most so many characters."""
    return "\n".join(textwrap.wrap(clean(text), width)) or ""


def number_of(value: Any) -> Fraction | float:
    """A number of a document: a fraction, or what is irrational or numerical as a float.

    >>> number_of("root(x**2 - 2, 1, 2)")
    1.4142135623730951
    """
    if not isinstance(value, str):
        return value if isinstance(value, Fraction) else Fraction(value) if isinstance(value, int) else float(value)
    return _root(value) if value.startswith("root(") else Fraction(value)


def _root(text: str) -> float:
    from ..algebraic import real_roots

    formula, low, high = text[5:-1].rsplit(", ", 2)
    terms: dict[int, int] = {}
    for sign, size, power, exponent in _TERM.findall(formula.replace(" ", "")):
        if size or power:
            value = int(size or 1) * (-1 if sign == "-" else 1)
            terms[int(exponent or 1) if power else 0] = value
    found = real_roots([terms.get(n, 0) for n in range(max(terms) + 1)], Fraction(low), Fraction(high))
    return float(found[0])


def short(value: Any) -> str:
    """A number in few characters: exact where that is short, else three digits."""
    number = number_of(value)
    text = str(number)
    return text if isinstance(number, Fraction) and len(text) <= LONGEST else decimal(number)


def listed(items: Sequence[str], most: int, more: str = "more") -> str:
    """Items in one text, of many the first ones."""
    shown = "; ".join(items[:most])
    return shown if len(items) <= most else f"{shown}; and {len(items) - most} {more}"


def step_shade(step: int, steps: int) -> str:
    """A shade of blue, darker from step to step, so that the order is seen in grey too."""
    share = step / max(steps, 1)
    light, dark = (0xF4, 0xF7, 0xFB), (0x88, 0xAE, 0xD6)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(light, dark, strict=True))


@contextmanager
def settings() -> Iterator[None]:
    """The settings of this module in the place of the reader's."""
    import matplotlib as mpl

    with mpl.rc_context(), warnings.catch_warnings():
        # A sign that the font does not have is drawn as a box, which is seen, and stands in the title and the
        # description as it is; a warning for each such sign would say no more.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        mpl.rcdefaults()
        mpl.rcParams.update(SETTINGS)
        yield


def sheet(width: float, height: float, layout: str | None = "constrained") -> Figure:
    """An empty figure of a size in inches."""
    from matplotlib.figure import Figure as Canvas

    return Canvas(figsize=(width, height), layout=layout)  # type: ignore[arg-type]  # one of matplotlib's names


def heading(figure: Figure, title: str, words: str = "") -> None:
    """A title in bold over a figure whose places are its own, and a line of words under it."""
    width, height = figure.get_size_inches()
    room = (width - 0.24) / 0.088
    size = min(11.0, max(8.0, 11.0 * room / max(len(title), 1)))
    most = int(room * 11 / size + 0.5)
    figure.text(0.12 / width, 1 - 0.2 / height, shortened(title, most), fontsize=size, fontweight="bold", va="center")
    if words:
        figure.text(0.12 / width, 1 - 0.42 / height, shortened(words, int(width / 0.078)), fontsize=9, va="center")


@dataclass(frozen=True)
class Picture:
    """A drawing of a result.

    Attributes
    ----------
    kind : what it shows, one of `KINDS`.
    title : in one line.
    alt : for those who do not see it: what is to be seen, with numbers.
    make : draws it.
    record : a text that is kept in the file: what the picture was made from.
    """

    kind: str
    title: str
    alt: str
    make: Callable[[], Figure] = field(repr=False, compare=False)
    record: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", clean(self.title))
        object.__setattr__(self, "alt", shortened(self.alt, LONGEST_ALT))

    def with_record(self, record: str) -> Picture:
        """The same picture that keeps a record in its file."""
        return replace(self, record=record)

    def svg(self) -> str:
        """As SVG, with title and description as a reader of screens finds them; names of parts are its own."""
        about = {"Title": self.title, "Description": self.alt, "Date": None}
        text = self._drawn("svg", about).decode("utf-8")
        own = "p" + hashlib.sha256(f"{self.kind}\0{self.title}\0{self.alt}".encode()).hexdigest()[:8]
        text = _NAMES.sub(lambda found: f"{found[1]}{own}-{found[2]}", text)
        text = _TITLE.sub("", text, count=1)
        words = "".join(
            f'\n <{tag} id="{own}-{tag}">{html.escape(said, quote=False)}</{tag}>'
            for tag, said in (("title", self.title), ("desc", self.alt))
        )
        if self.record:
            words += f'\n <metadata id="{own}-record">{html.escape(clean(self.record), quote=False)}</metadata>'
        return sealed(_ROOT.sub(
            lambda found: f'<svg{found[1]} role="img" aria-labelledby="{own}-title {own}-desc">{words}', text, count=1
        ))

    def pdf(self) -> bytes:
        """As PDF."""
        about = {"Title": self.title, "Subject": self.alt, "CreationDate": None, "Producer": None}
        return self._drawn("pdf", {**about, "Keywords": self.record or None})

    def png(self) -> bytes:
        """As PNG, 160 dots an inch."""
        about = {"Title": self.title, "Description": self.alt, "Software": None}
        return self._drawn("png", {**about, "Record": self.record} if self.record else about)

    def _drawn(self, kind: str, about: Mapping[str, Any]) -> bytes:
        with settings():
            stream = io.BytesIO()
            self.make().savefig(stream, format=kind, metadata=dict(about), dpi=DOTS)
        return stream.getvalue()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it in the format of the ending.

        Raises
        ------
        ExpressionError
            for another ending than those of `ENDINGS`.
        ProblemsError
            where the file cannot be written.
        """
        place = Path(path)
        ending = check_ending(place)
        data = {".svg": lambda: self.svg().encode("utf-8"), ".pdf": self.pdf, ".png": self.png}[ending]()
        with placed(place) as temporary:
            temporary.write_bytes(data)

    def _repr_svg_(self) -> str:
        return self.svg()

    def inline(self) -> str:
        """The element of SVG alone, as a page of HTML holds it."""
        drawn = self.svg()
        return drawn[drawn.index("<svg"):]

    def _repr_html_(self) -> str:
        return f"<figure>{self.inline()}<figcaption>{html.escape(self.alt)}</figcaption></figure>"


def check_ending(path: str | os.PathLike[str]) -> str:
    """The ending of a file of a picture; ExpressionError for one that is none."""
    ending = Path(path).suffix.lower()
    if ending not in ENDINGS:
        raise ExpressionError(f"a picture ends in {', '.join(ENDINGS)}, not in {ending or 'nothing'}")
    return ending


def total(values: Iterable[Any]) -> Fraction | float:
    """The sum of numbers of a document."""
    found: Fraction | float = Fraction(0)
    for value in values:
        found = found + number_of(value)
    return found
