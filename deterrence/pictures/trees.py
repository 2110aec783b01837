"""A game tree as a picture, with the play of an equilibrium; of a game too large for it, what is played where.

Chance is a diamond, every player has a shape of its own. Histories in one information set are joined by a dashed line.
Of an equilibrium, what is played is a thick line with its probability: solid where play comes to, dotted where it does
not; every other action is a thin line. Payoffs stand at the right, a row for each terminal history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ..errors import NotSupportedError
from ..tree import CHANCE, Game, History, InformationSet, history_key
from ..wording import named
from .canvas import (
    COLOURS,
    DARK,
    FAINT,
    GREY,
    LIGHT,
    MARKERS,
    Picture,
    fold,
    listed,
    number_of,
    sheet,
    short,
    shortened,
)
from .layout import Layout, layout

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["MOST_COLUMNS", "MOST_ROWS", "legible", "tree"]

MOST_ROWS: Final = 64
MOST_COLUMNS: Final = 10
LETTER: Final = 0.068
"""Inches that a letter of the labels takes, at most on average."""
ROW: Final = 0.36
SLANT: Final = 0.42
LANE: Final = 0.16
MARGIN: Final = 0.3
LABEL: Final = 26
FORMULA: Final = 48

Entry = Mapping[str, Any]


def legible(game: Game) -> str:
    """Empty where a game can be drawn as a tree, else why not."""
    rows = len(game.payoffs)
    if not rows:
        return f"{game.name or game.title} is no finite tree"
    if rows > MOST_ROWS:
        return f"the tree has {rows} terminal histories, and at most {MOST_ROWS} can be read"
    if max(map(len, game.payoffs)) > MOST_COLUMNS:
        return f"a play has up to {max(map(len, game.payoffs))} moves, and at most {MOST_COLUMNS} can be read"
    return ""


def tree(game: Game, entry: Entry | None = None, title: str = "") -> Picture:
    """A game tree.

    Parameters
    ----------
    game : with numbers or with expressions; at most `MOST_ROWS` terminal histories.
    entry : an equilibrium, as `solve` gives it in a document; None for the bare tree.
    title : empty for that of the game.

    Raises
    ------
    NotSupportedError
        where the game cannot be drawn legibly; `legible` says why.
    """
    why = legible(game)
    if why:
        raise NotSupportedError(f"no tree is drawn: {why}")
    words = f"Game tree: {title or game.title}"
    if entry is not None:
        words += f"; {entry['id']}: {entry['label']}"
    return Picture("tree", words, _told(game, entry), lambda: _Drawing(game, entry, title or game.title).figure())


def _told(game: Game, entry: Entry | None) -> str:
    """What is to be seen, in sentences."""
    several = [infoset for infoset in game.infosets if len(infoset.histories) > 1]
    parts = [
        f"A game tree with {len(game.payoffs)} terminal histories and {len(game.infosets)} information sets of "
        f"{', '.join(map(named, game.players))}."
    ]
    draw = game.chance.get(())
    if draw is not None:
        parts.append(f"Chance moves first: {', '.join(f'{a} {_number(p)}' for a, p in draw.probabilities.items())}.")
    if several:
        told = [f"{i.name} ({named(i.player)}, {len(i.histories)} histories)" for i in several]
        parts.append(f"Joined by dashed lines, as the player cannot tell them apart: {listed(told, 8)}.")
    if entry is not None:
        parts.append(f"Drawn thick: {entry['id']}, {entry['label']}.")
        rows = [f"{name}: {_mixture(row)}" for name, row in entry["strategy"].items()]
        parts.append(f"What is played: {listed(rows, 16)}.")
        ends = [f"{key} {short(value)}" for key, value in entry["outcomes"].items()]
        parts.append(f"Plays of positive probability: {listed(ends, 8)}.")
    return " ".join(parts)


def _mixture(row: Mapping[str, Any]) -> str:
    used = {action: short(p) for action, p in row.items() if number_of(p) != 0}
    return next(iter(used)) if len(used) == 1 else ", ".join(f"{action} {p}" for action, p in used.items())


def _number(value: Any) -> str:
    """A number, or a formula cut to what can be read."""
    text = str(value)
    try:
        return short(text)
    except ValueError:
        return shortened(text, FORMULA)


def _two_lines(text: str) -> str:
    first, *rest = fold(shortened(text, 2 * LABEL - 6), LABEL).split("\n")
    return f"{first}\n{' '.join(rest)}" if rest else first


class _Drawing:
    """One tree on its way to a figure; places are in inches from the upper left corner."""

    def __init__(self, game: Game, entry: Entry | None, title: str) -> None:
        self.game, self.entry, self.title = game, entry, title
        self.where: Layout = layout(game)
        self.shape = {player: MARKERS[n % len(MARKERS)] for n, player in enumerate(game.players)}
        self.colour = {player: COLOURS[n % len(COLOURS)] for n, player in enumerate(game.players)}
        self.reach = self._reach()
        self.texts = {
            history: (self._action(history, label), self._below(history)) for history in self.where.row
            for label in history[-1:] or ("",)
        }
        self.columns = self._across()
        self.head = 1.25 if entry is not None else 1.0
        self.cells = self._cells()
        self.widths = [max(len(row[n]) for row in self.cells) * LETTER + 0.22 for n in range(len(self.cells[0]))]
        self.width = max(self.columns[-1] + 0.35 + sum(self.widths) + MARGIN, 7.5)
        self.height = self.head + self.where.rows * ROW + 0.25

    # what is played

    def _reach(self) -> dict[History, Fraction | float]:
        """The probability with which play comes to a history; empty without an equilibrium."""
        if self.entry is None:
            return {}
        found: dict[History, Fraction | float] = {(): Fraction(1)}
        for history in self.where.row:
            if history:
                found[history] = found[history[:-1]] * self._chance_of(history)
        return found

    def _chance_of(self, history: History) -> Fraction | float:
        """With which probability the last label of a history is chosen there."""
        before, label = history[:-1], history[-1]
        if before in self.game.chance:
            return number_of(str(self.game.chance[before].probabilities[label]))
        assert self.entry is not None  # noqa: S101 - asked only of an equilibrium
        return number_of(self.entry["strategy"][self.game.infoset_at[before].name][label])

    def _action(self, history: History, label: str) -> str:
        """What is written on the way to a history."""
        if not history:
            return ""
        text = shortened(label, LABEL)
        if history[:-1] in self.game.chance:
            return f"{text}  {_number(self.game.chance[history[:-1]].probabilities[label])}"
        if self.entry is not None and 0 < (chance := self._chance_of(history)) < 1:
            return f"{text}  {short(chance)}"
        return text

    def _below(self, history: History) -> str:
        """What is written under a history: its information set, and the belief there."""
        infoset = self.game.infoset_at.get(history)
        if infoset is None:
            return _two_lines(self.game.chance[history].name) if history in self.game.chance else ""
        believed = ""
        if self.entry is not None and len(infoset.histories) > 1:
            row = self.entry["beliefs"].get(infoset.name, {})
            believed = f"  [{short(row[history_key(history)])}]" if history_key(history) in row else ""
        return _two_lines(infoset.name) + believed

    # places

    def _across(self) -> list[float]:
        """The place of every column."""
        first = self.texts[()][1]
        places = [MARGIN + 0.1 + (max(map(len, first.split("\n"))) * LETTER)]
        for column in range(1, self.where.columns):
            here = [history for history, place in self.where.column.items() if place == column]
            letters = max(len(line) for history in here for text in self.texts[history] for line in text.split("\n"))
            sets = {self.game.infoset_at[h].name for h in here if h in self.game.infoset_at}
            lanes = max((self.where.lane.get(name, 0) for name in sets), default=0)
            places.append(places[-1] + SLANT + letters * LETTER + lanes * LANE + 0.28)
        return places

    def at(self, history: History) -> tuple[float, float]:
        """The place of a history."""
        return self.columns[self.where.column[history]], self.head + (self.where.row[history] + 0.5) * ROW

    def _cells(self) -> list[list[str]]:
        """The table at the right, its head first."""
        more = ["probability"] if self.entry is not None else []
        rows = [[*(shortened(player, LABEL) for player in self.game.players), *more]]
        for history in self.game.terminals:
            row = [_number(self.game.payoffs[history][player]) for player in self.game.players]
            rows.append([*row, *([short(self.reach[history])] if more else [])])
        return rows

    # drawing

    def figure(self) -> Figure:
        """The figure."""
        figure = sheet(self.width, self.height, None)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, self.width)
        axes.set_ylim(self.height, 0)
        self._heading(axes)
        self._payoffs(axes)
        for infoset in self.game.infosets:
            if len(infoset.histories) > 1:
                self._joined(axes, infoset)
        for history in self.where.row:
            if history:
                self._edge(axes, history)
        for history in self.where.row:
            self._node(axes, history)
        return figure

    def _heading(self, axes: Axes) -> None:
        letters = int(self.width / 0.085)
        axes.text(MARGIN, 0.22, shortened(self.title, letters), fontsize=11, fontweight="bold", va="center")
        if self.entry is not None:
            words = f"Thick: equilibrium {self.entry['id']}, {self.entry['label']}"
            axes.text(MARGIN, 0.46, shortened(words, letters), fontsize=9, va="center")
        x, y = MARGIN + 0.08, self.head - 0.55
        shapes = [(CHANCE, "D", "white"), *((p, self.shape[p], self.colour[p]) for p in self.game.players)]
        for name, marker, colour in shapes if self.game.chance else shapes[1:]:
            axes.plot([x], [y], marker, color=colour, markeredgecolor=DARK, markersize=8)
            axes.text(x + 0.14, y, shortened(name, LABEL), fontsize=8, va="center")
            x += 0.42 + min(len(name), LABEL) * LETTER
        lines: list[tuple[str, dict[str, Any]]] = []
        if self.entry is not None:
            lines += [("play comes here", _STYLES["played"]), ("played, or drawn, if it came to that", _STYLES["off"]),
                      ("not played", _STYLES["idle"])]
        if any(len(infoset.histories) > 1 for infoset in self.game.infosets):
            lines.append(("not told apart" + (" [belief]" if self.entry else ""), {**_JOINED, "dashes": (4, 2)}))
        for words, style in lines:
            if x + 0.5 + len(words) * LETTER > self.width:
                x, y = MARGIN, y + 0.22
            axes.plot([x, x + 0.38], [y, y], **style)
            axes.text(x + 0.45, y, words, fontsize=8, va="center")
            x += 0.68 + len(words) * LETTER

    def _payoffs(self, axes: Axes) -> None:
        x = self.columns[-1] + 0.35
        for n, width in enumerate(self.widths):
            x += width
            axes.text(x, self.head - 0.06, self.cells[0][n], fontsize=8, fontweight="bold", ha="right", va="center")
        for line, history in zip(self.cells[1:], self.game.terminals, strict=True):
            left, y = self.at(history)
            begin = self.columns[-1] + 0.35
            reached = bool(self.reach) and self.reach[history] != 0
            if reached:
                axes.axhspan(y - ROW / 2, y + ROW / 2, (begin + 0.05) / self.width, 1 - 0.15 / self.width, color=LIGHT,
                             linewidth=0, zorder=0)
            axes.plot([left + 0.06, begin + 0.05], [y, y], color=FAINT, linewidth=0.6, linestyle=":", zorder=1)
            x = begin
            for text, width in zip(line, self.widths, strict=True):
                x += width
                axes.text(x, y, text, fontsize=8, ha="right", va="center",
                          fontweight="bold" if reached else "normal")

    def _joined(self, axes: Axes, infoset: InformationSet) -> None:
        """The dashed line through the histories of an information set."""
        lane = self.where.lane[infoset.name]
        places = sorted((self.at(history) for history in infoset.histories), key=lambda place: place[1])
        x = max(place[0] for place in places) - lane * LANE
        style = {**_JOINED, "color": self.colour[infoset.player], "dashes": _DASHED[lane % len(_DASHED)]}
        if lane == 0:
            axes.plot([x, x], [places[0][1], places[-1][1]], zorder=2, **style)
            return
        bend = 0.12
        (x_up, top), (x_down, bottom) = places[0], places[-1]
        across = [x_up, x, x, x_down]
        axes.plot(across, [top, top + bend, bottom - bend, bottom], zorder=2, **style)
        for x_node, y in places[1:-1]:
            axes.plot([x_node, x], [y, y + bend], zorder=2, **style)

    def _edge(self, axes: Axes, history: History) -> None:
        before = history[:-1]
        (x0, y0), (x1, y1) = self.at(before), self.at(history)
        style = _STYLES["plain"]
        if self.reach:
            played = self._chance_of(history) != 0
            style = _STYLES["idle" if not played else "played" if self.reach[history] != 0 else "off"]
        alone = len(self.game.children[before]) == 1
        turn = x0 if alone else x0 + SLANT
        axes.plot([x0, turn, x1], [y0, y1, y1], solid_joinstyle="round", zorder=3, **style)
        text = self.texts[history][0]
        axes.text(turn + 0.04 + (0.12 if alone else 0), y1 - 0.035, text, fontsize=8, va="bottom", ha="left", zorder=6,
                  fontweight="bold" if style is _STYLES["played"] else "normal",
                  color=GREY if style is _STYLES["idle"] else DARK, bbox=_PAPER)

    def _node(self, axes: Axes, history: History) -> None:
        x, y = self.at(history)
        infoset = self.game.infoset_at.get(history)
        if history in self.game.payoffs:
            axes.plot([x], [y], "o", color=DARK, markersize=3, zorder=5)
            return
        marker, colour = "D", "white"
        if infoset is not None:
            marker, colour = self.shape[infoset.player], self.colour[infoset.player]
        axes.plot([x], [y], marker, color=colour, markeredgecolor=DARK, markersize=9, markeredgewidth=1.0, zorder=5)
        text = self.texts[history][1]
        if text:
            lane = self.where.lane.get(infoset.name, 0) if infoset is not None else 0
            axes.text(x - 0.13 - lane * LANE, y + 0.035, text, fontsize=7.5, va="top", ha="right", style="italic",
                      color=GREY, zorder=6, bbox=_PAPER)


_PAPER: Final[dict[str, Any]] = {"facecolor": "white", "edgecolor": "none", "pad": 0.4, "alpha": 0.85}
_JOINED: Final[dict[str, Any]] = {"color": GREY, "linewidth": 1.3}
_DASHED: Final[Sequence[tuple[float, ...]]] = ((4, 2), (1.5, 1.5), (6, 2, 1.5, 2), (8, 3))
_STYLES: Final[dict[str, dict[str, Any]]] = {
    "plain": {"color": DARK, "linewidth": 1.0},
    "played": {"color": DARK, "linewidth": 2.8},
    "off": {"color": DARK, "linewidth": 2.2, "linestyle": (0, (0.9, 1.1))},
    "idle": {"color": GREY, "linewidth": 0.6},
}
