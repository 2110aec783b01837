"""Sensitivity as bars, and what is played and believed at each information set as divided bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ..errors import ExpressionError
from ..tree import history_key
from .canvas import (
    DARK,
    GREY,
    HATCHES,
    LIGHT,
    MIDDLE,
    Picture,
    clean,
    fold,
    heading,
    listed,
    number_of,
    sheet,
    short,
    shortened,
    step_shade,
    total,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..game import Game

__all__ = ["beliefs", "moves", "sensitivity"]

MOST_PANELS: Final = 6
MOST_ROWS: Final = 60
NAME: Final = 44
EDGE: Final = 1.04
"""Where the axis of a share ends; what goes beyond, by the error of an estimate, has an arrow."""


def sensitivity(document: Mapping[str, Any]) -> Picture:
    """First and total Sobol' indices with their intervals, sorted, for each quantity that is not constant.

    Raises
    ------
    ExpressionError
        where every quantity is constant over the sample, so that there is no index.
    """
    shown = [one for one in document["quantities"] if not one["constant_over_the_sample"]][:MOST_PANELS]
    if not shown:
        raise ExpressionError("every quantity is constant over the sample: there is nothing to draw")
    title = f"What drives the answer: {document['scenario']['title']}"
    return Picture("sensitivity", title, _told(document, shown), lambda: _drawn(document, shown))


def _sorted(one: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The largest total index first; the order of the scenario where they are the same."""
    return sorted(one["indices"], key=lambda entry: -(entry["total"] or 0.0))


def _told(document: Mapping[str, Any], shown: Sequence[Mapping[str, Any]]) -> str:
    parts = [f"Sobol' indices from {document['points']} points, with {document['confidence']:.0%} intervals."]
    for one in shown:
        said = [f"{e['parameter']} {_plain(e['total'])} in total, {_plain(e['first'])} alone" for e in _sorted(one)
                if e["total"] is not None and e["first"] is not None]
        parts.append(f"{one['quantity']} ({one['meaning']}), {one['least']:.3g} to {one['greatest']:.3g}, mean "
                     f"{one['mean']:.3g}: {listed(said, 6)}.")
        idle = _idle(one)
        if idle:
            parts.append(f"Proved not to matter: {', '.join(idle)}.")
    return " ".join(parts)


def _idle(one: Mapping[str, Any]) -> list[str]:
    """The parameters that provably cannot matter."""
    silent = one.get("cannot_matter", {})
    return list(silent.get("parameters", ())) if isinstance(silent, Mapping) else []


def _drawn(document: Mapping[str, Any], shown: Sequence[Mapping[str, Any]]) -> Figure:
    rows = max(len(one["indices"]) for one in shown)
    across = min(2, len(shown))
    down = -(-len(shown) // across)
    names = max(len(entry["parameter"]) for one in shown for entry in one["indices"])
    left = 0.35 + 0.075 * names
    each = 0.36 * rows + 1.05
    width, height = across * (left + 3.6) + 0.2, 0.75 + down * each
    figure = sheet(width, height, None)
    said = f"Share of the variance: bar, in total; dot, by itself; lines, {document['confidence']:.0%} intervals"
    if any((entry["total"] or 0) > 1 or (entry["first"] or 0) > 1 for one in shown for entry in one["indices"]):
        said += "; a share beyond 1 says that the sample is small"
    heading(figure, document["scenario"]["title"], said)
    for n, one in enumerate(shown):
        x = (n % across) * (left + 3.6) + left
        y = height - 0.75 - (n // across + 1) * each + 0.55
        axes = figure.add_axes((x / width, y / height, 2.4 / width, (each - 1.0) / height))
        _indices(axes, one)
    return figure


def _indices(axes: Axes, one: Mapping[str, Any]) -> None:
    entries = _sorted(one)
    idle = _idle(one)
    for n, entry in enumerate(entries):
        if entry["parameter"] in idle:
            axes.text(0.01, n, "proved: cannot matter", fontsize=7.5, va="center", color=GREY)
            continue
        whole, alone = entry["total"], entry["first"]
        if whole is None or alone is None:
            axes.text(0.01, n, "undefined", fontsize=7.5, va="center", color=GREY)
            continue
        axes.barh(n, max(whole, 0.0), height=0.62, color=LIGHT, edgecolor=MIDDLE, hatch="///", linewidth=0.8)
        low, high = max(whole - (entry["total_error"] or 0), 0.0), whole + (entry["total_error"] or 0)
        axes.plot([low, high], [n + 0.14] * 2, color=MIDDLE, linewidth=1.6)
        error = entry["first_error"] or 0
        axes.plot([max(alone - error, 0.0), max(alone + error, 0.0)], [n - 0.14] * 2, color=DARK, linewidth=1.6)
        axes.plot([max(alone, 0.0)], [n - 0.14], "o", color=DARK, markersize=4.5)
        if high > EDGE:
            axes.plot([EDGE], [n + 0.14], ">", color=MIDDLE, markersize=5, clip_on=False)
        axes.text(EDGE + 0.05, n, f"{_plain(whole)} ({_plain(alone)} alone)", fontsize=7.5, va="center")
    axes.set_yticks(range(len(entries)), [clean(entry["parameter"]) for entry in entries], fontsize=8)
    axes.set_ylim(len(entries) - 0.4, -0.6)
    axes.set_xlim(0, EDGE)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1.0])
    axes.set_xlabel("share of the variance", fontsize=8)
    axes.set_title(shortened(one["quantity"], 40), fontsize=9.5)


# Information sets -------------------------------------------------------------------------------------------------


def moves(game: Game, entry: Mapping[str, Any], title: str, why: str = "") -> Picture:
    """What is played at each information set, as divided bars: the summary of a game that is too large for a tree.

    Parameters
    ----------
    game : for the players and the order.
    entry : an equilibrium, as in a document.
    title : of the scenario.
    why : why there is no tree.
    """
    owner = {infoset.name: infoset.player for infoset in game.infosets}
    rows = [
        (f"{owner[name]}: {name}" if name in owner and not name.startswith(owner[name]) else name, row)
        for name, row in entry["strategy"].items()
    ]
    words = f"What is played in {entry['id']}, {entry['label']}"
    note = f"No tree is drawn: {why}." if why else ""
    said = [f"{name}: {_told_row(row)}" for name, row in rows]
    alt = f"{words}. {note} {listed(said, 24)}.".replace("  ", " ")
    return Picture("tree", f"{words}: {title}", alt, lambda: _divided(title, words, rows, note))


def _told_row(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{label} {short(p)}" for label, p in row.items() if number_of(p) != 0)


def beliefs(game: Game, entry: Mapping[str, Any], title: str) -> Picture:
    """What is believed at each information set with two or more histories, as divided bars.

    Raises
    ------
    ExpressionError
        where there is no such information set.
    """
    if not entry["beliefs"]:
        raise ExpressionError("there is no information set with two or more histories, so nothing is believed")
    owner = {infoset.name: infoset for infoset in game.infosets}
    reached = {key for key, value in entry["outcomes"].items() if number_of(value) != 0}
    rows: list[tuple[str, Mapping[str, Any]]] = []
    said = []
    for name, row in entry["beliefs"].items():
        infoset = owner.get(name)
        off = infoset is not None and bool(reached) and not any(
            outcome.startswith(history_key((*history, ""))) for history in infoset.histories for outcome in reached
        )
        label = f"{infoset.player}: {name}" if infoset is not None else name
        free = [q for q, what in entry["free"]["quantities"].items() if what.startswith(f"belief at {name} of ")]
        marks = [*(["not reached"] if off else []), *([f"may vary: {', '.join(free)}"] if free else [])]
        rows.append((f"{label} ({'; '.join(marks)})" if marks else label, row))
        said.append(f"{rows[-1][0]}: {_told_row(row)}")
    words = f"What is believed in {entry['id']}, {entry['label']}"
    pieces = [" and ".join(piece) for piece in entry["free"]["pieces"]]
    note = f"What may vary: {' or '.join(pieces)}." if any("may vary" in name for name, _ in rows) else ""
    alt = f"{words}: {listed(said, 16)}. {note}".strip()
    return Picture("beliefs", f"{words}: {title}", alt, lambda: _divided(title, words, rows, note))


def _plain(value: float) -> str:
    text = f"{value:.2f}"
    return text.removeprefix("-") if float(text) == 0 else text


def _divided(title: str, words: str, rows: Sequence[tuple[str, Mapping[str, Any]]], note: str) -> Figure:
    """A bar of length one for each row, divided by probability; each part says what it is."""
    cut = rows[:MOST_ROWS]
    if len(rows) > len(cut):
        note = f"{note} The first {len(cut)} of {len(rows)} are shown.".strip()
    names = [fold(shortened(name, 2 * NAME), NAME) for name, _ in cut]
    left = 0.3 + 0.069 * max(max(map(len, name.split("\n"))) for name in names)
    notes = fold(shortened(note, 700), 105).split("\n") if note else []
    foot = 0.5 + 0.16 * len(notes)
    width = max(left + 5.4, 8.2)
    height = 0.75 + 0.42 * len(cut) + foot
    figure = sheet(width, height, None)
    heading(figure, title, words)
    axes = figure.add_axes((left / width, foot / height, 1 - (left + 0.25) / width, 0.42 * len(cut) / height))
    inches = width - left - 0.25
    kinds = list(dict.fromkeys(label for _, row in cut for label in row))
    for n, (_, row) in enumerate(cut):
        _bar(axes, n, row, kinds, inches)
    axes.set_yticks(range(len(cut)), names, fontsize=8)
    axes.set_ylim(len(cut) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    axes.set_xlabel("probability", fontsize=8.5)
    for n, line in enumerate(notes):
        figure.text(0.12 / width, (0.16 * (len(notes) - n) - 0.06) / height, line, fontsize=8, va="center")
    return figure


def _bar(axes: Axes, n: int, row: Mapping[str, Any], kinds: Sequence[str], inches: float) -> None:
    start = 0.0
    whole = float(total(row.values())) or 1.0
    for label, value in row.items():
        share = float(number_of(value)) / whole
        if share <= 0:
            continue
        k = kinds.index(label)
        axes.barh(n, share, left=start, height=0.7, facecolor=step_shade(k % 4, 3), edgecolor=DARK, linewidth=0.8,
                  hatch=HATCHES[k % len(HATCHES)])
        text = f"{clean(label)} {short(value)}" if share < 1 else clean(label)
        room = int(share * inches / 0.069)
        if room >= 4:
            axes.text(start + share / 2, n, shortened(text, room), fontsize=8, ha="center", va="center",
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.88})
        start += share
