r"""Where the parts of a game tree go: columns, rows, and lanes for information sets.

The root is in column 0. A history is in a later column than the one before it, and all histories of an information set
are in one column, the first that allows it; where no columns do (two sets each before the other), every history is in
the column of its length. Terminal histories have rows 0, 1, ... from above, another the middle of its first and last
successor.

The histories of an information set are joined by a vertical line in a *lane*, at a distance to the left of their
column. Two sets of one column whose rows overlap have different lanes; lane 0 is the column itself, for sets with
nothing else of their column between their histories.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..tree import Game, History

__all__ = ["Layout", "layout"]


@dataclass(frozen=True)
class Layout:
    """The places of the parts of a tree.

    Attributes
    ----------
    column : of every history.
    row : of every history, each after the one before it.
    lane : of every information set with two or more histories.
    columns, rows : how many there are.
    """

    column: Mapping[History, int]
    row: Mapping[History, float]
    lane: Mapping[str, int]
    columns: int
    rows: int


def layout(game: Game) -> Layout:
    """The places of the parts of a game tree."""
    order = _depth_first(game)
    column = _columns(game, order)
    row: dict[History, float] = {}
    rows = 0
    for history in reversed(order):
        below = [(*history, label) for label in game.children.get(history, ())]
        if below:
            row[history] = (row[below[0]] + row[below[-1]]) / 2
        else:
            row[history] = -float(rows)
            rows += 1
    # The last terminal history was met first.
    row = {history: row[history] + rows - 1 for history in order}
    return Layout(column, row, _lanes(game, column, row), max(column.values()) + 1, rows)


def _depth_first(game: Game) -> list[History]:
    order: list[History] = []
    stack: list[History] = [()]
    while stack:
        history = stack.pop()
        order.append(history)
        stack.extend((*history, label) for label in reversed(game.children.get(history, ())))
    return order


def _columns(game: Game, order: list[History]) -> dict[History, int]:
    column = {history: len(history) for history in order}
    for _ in range(len(game.infosets) + 1):
        before = dict(column)
        for infoset in game.infosets:
            last = max(column[history] for history in infoset.histories)
            column.update(dict.fromkeys(infoset.histories, last))
        for history in order[1:]:
            column[history] = max(column[history], column[history[:-1]] + 1)
        if column == before:
            return column
    return {history: len(history) for history in order}


def _lanes(game: Game, column: Mapping[History, int], row: Mapping[History, float]) -> dict[str, int]:
    found: dict[str, int] = {}
    taken: dict[int, list[tuple[int, float, float]]] = {}
    several = [infoset for infoset in game.infosets if len(infoset.histories) > 1]
    spans = {i.name: (min(row[h] for h in i.histories), max(row[h] for h in i.histories)) for i in several}
    for infoset in sorted(several, key=lambda infoset: spans[infoset.name][1] - spans[infoset.name][0]):
        low, high = spans[infoset.name]
        columns = {column[history] for history in infoset.histories}
        place = max(columns)
        between = any(
            history not in infoset.histories and column[history] == place and low < row[history] < high
            for history in column
        )
        used = {lane for lane, start, end in taken.get(place, []) if start <= high and low <= end}
        first = 1 if between or len(columns) > 1 else 0
        lane = next(n for n in range(first, len(used) + 2) if n not in used)
        found[infoset.name] = lane
        taken.setdefault(place, []).append((lane, low, high))
    return found
