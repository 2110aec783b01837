"""What a sweep comes to, in a few numbers; and points from a CSV file."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .columns import Column, joined, read
from .errors import ExpressionError, Problem, ProblemsError
from .expressions import exact
from .plans import FAILED, KNIFE_EDGE, KNIFE_EDGE_SOLVED, MAX_REASONS, OUTSIDE, STATUS, Families, Plan

__all__ = ["MAX_BYTES", "Tally", "points"]

MAX_BYTES: Final = 2**28
MAX_TOLD: Final = 20
"""After so many mistakes the rest of a table is not read."""
OTHERS: Final = {";": "semicolons", "\t": "tabs", "|": "bars"}
"""What other programs put between columns."""
ROWS: Final = 1_024
"""How many rows of a table are read at a time."""


def points(path: str) -> dict[str, Column]:
    """The columns of a CSV file, every number exact.

    Raises
    ------
    ProblemsError
        with the line of each cell that is no number.
    """
    problems: list[Problem] = []
    columns: dict[str, Column] = {}
    if not os.path.exists(path):
        raise ProblemsError([Problem("this file does not exist", "--points", file=path)])
    if not os.path.isfile(path) or os.path.getsize(path) > MAX_BYTES:
        raise ProblemsError([
            Problem(f"a table is a regular file of at most {MAX_BYTES // 2**20} MiB", "--points", file=path)
        ])
    try:
        with open(path, newline="", encoding="utf-8-sig") as stream:
            columns = _read(csv.reader(stream), problems, path)
    except (UnicodeDecodeError, csv.Error) as error:
        problems.append(Problem(f"no CSV file in UTF-8: {error}", "--points", file=path))
    if problems:
        raise ProblemsError(problems)
    return columns


def _read(reader: Any, problems: list[Problem], path: str) -> dict[str, Column]:
    """The columns of a table, and what is wrong with its rows."""
    head = [name.strip() for name in next(reader, [])]
    other = next((name for sign, name in OTHERS.items() if len(head) == 1 and sign in head[0]), None)
    if other is not None:
        problems.append(Problem(f"columns are separated by commas, not by {other}, and 1/2 or 0.5 is one half", line=1,
                                file=path))
        return {}
    if not head or len(set(head)) < len(head):
        problems.append(Problem("the first line names each parameter once", line=1, file=path))
        return {}
    parts: list[list[Column]] = []
    while lines := [(reader.line_num, row) for row in islice(reader, ROWS)]:
        rows = [row for _, row in lines if row]
        try:
            if set(map(len, rows)) - {len(head)}:
                raise ExpressionError("rows of another length")
            parts.append([read(cells) for cells in zip(*rows, strict=True)])
        except ExpressionError:
            problems += _wrong(head, lines, path)
            if len(problems) > MAX_TOLD:
                break
    return {name: joined(part[n] for part in parts if part) for n, name in enumerate(head)}


def _wrong(head: Sequence[str], lines: Sequence[tuple[int, list[str]]], path: str) -> list[Problem]:
    """What is wrong with some rows of a table, each with its line."""
    problems: list[Problem] = []
    for line, row in lines:
        if row and len(row) != len(head):
            problems.append(Problem(f"{len(row)} cells where there are {len(head)} parameters", line=line, file=path))
        for name, cell in zip(head, row, strict=False):
            try:
                exact(cell)
            except ExpressionError as error:
                problems.append(Problem(error.message, name, line=line, file=path))
        if len(problems) > MAX_TOLD:
            break
    return problems


class Tally:
    """What a sweep comes to, added up block by block.

    Shares are of the points inside the domain that did not fail.
    """

    def __init__(self) -> None:
        self.codes = np.zeros(len(STATUS), dtype=np.int64)
        self.exists: npt.NDArray[np.int64] | None = None
        self.several: int | None = None
        self.ends: dict[str, tuple[float, float]] = {}
        self.outside: int | None = None

    def take(self, other: Tally) -> None:
        """Become another tally."""
        vars(self).update(vars(other))

    def add(self, values: Mapping[str, npt.NDArray[Any]], start: int = 0) -> None:
        """Add the variables of consecutive points from number `start` on."""
        status = values["status"].ravel()
        self.codes += np.bincount(status, minlength=len(STATUS))
        if (status == OUTSIDE).any():
            first = start + int(np.argmax(status == OUTSIDE))
            self.outside = first if self.outside is None else min(first, self.outside)
        for name, found in values.items():
            if name == "exists":
                here = np.count_nonzero(found.reshape(found.shape[0], -1), axis=1)
                self.exists = here if self.exists is None else self.exists + here
            elif name == "count":
                self.several = (self.several or 0) + int(np.count_nonzero(found > 1))
            elif name.partition("[")[0].endswith(("_min", "_max")):
                low, high = float(np.fmin.reduce(found, axis=None)), float(np.fmax.reduce(found, axis=None))
                had = self.ends.get(name, (low, high))
                self.ends[name] = (float(np.fmin(had[0], low)), float(np.fmax(had[1], high)))

    def told(self, plan: Plan, families: Families, reasons: Mapping[int, str]) -> dict[str, Any]:
        """The numbers as a JSON document."""
        size = plan.design.size
        decided = int(size - self.codes[OUTSIDE] - self.codes[FAILED])
        exists = [None] * len(families.ids) if self.exists is None else self.exists.tolist()
        about = plan.told
        told: dict[str, Any] = {
            "format": 1,
            "scenario": about["scenario"],
            "design": about["design"],
            "method": plan.method,
            "points": {
                "all": size,
                "inside_the_domain": int(size - self.codes[OUTSIDE]),
                "on_a_knife_edge": int(self.codes[KNIFE_EDGE] + self.codes[KNIFE_EDGE_SOLVED]),
                "failed": int(self.codes[FAILED]),
            },
            "bytes_per_point": plan.bytes_per_point,
            "families": [
                {"id": key, "label": label, **({} if n is None else {"share": n / decided if decided else None})}
                for key, label, n in zip(families.ids, families.labels, exists, strict=True)
            ],
            "envelope": {
                name: {"least": low, "greatest": high} for name, (low, high) in self.ends.items() if low <= high
            },
            "notes": about["notes"],
            "plan": plan.fingerprint,
        }
        if self.several is not None:
            told["share_with_several_families"] = self.several / decided if decided else None
        if self.outside is not None:
            point = {**plan.constants, **plan.design.point(self.outside)}
            told["outside"] = {
                "point": {name: str(value) for name, value in point.items()},
                "violates": [str(condition) for condition in plan.game.space.violations(point)],
            }
        if reasons:
            told["failures"] = {str(n): text for n, text in sorted(reasons.items())[:MAX_REASONS]}
        return told
