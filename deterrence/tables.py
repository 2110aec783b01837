"""Results of sweeps as tables for those who live in pandas: one row for each point and each family that exists there.

The columns are the parameters that vary, the family with its label, its quantities, and the count, envelope and status
of the point; a point without a family has one row. Where nothing of families is kept, every point has one row, without
a family. Beside the table goes a data dictionary, ``FILE.json``: what each column is and in which unit, and everything
that the result rests on.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from .designs import Block
from .errors import NotSupportedError
from .files import placed
from .plans import Families, Found, Plan, families_of
from .reports import Tally
from .storage import attributes, coordinates, of_block, plain, solved, variables
from .workers import run

__all__ = ["TABLES", "dictionary", "dictionary_of", "rows", "to_table"]

TABLES: Final = ("parquet", "csv")
TOLD: Final = ("long_name", "units", "comment", "accuracy", "payoff_units", "flag_values", "flag_meanings")
TEXT: Final = "none"
"""The unit of a column of words."""


def dictionary_of(path: Path) -> Path:
    """Where the data dictionary of a table is."""
    return path.with_name(f"{path.name}.json")


def rows(plan: Plan, families: Families, block: Block, found: Found) -> dict[str, Any]:
    """The columns of the table for the points of one block."""
    if not plan.kept.exists:
        columns: dict[str, Any] = dict(plan.design.columns(block))
        columns.update((variable.name, variable.take(found)) for variable in variables(plan))
        return columns
    exists = found.arrays.exists if len(found.arrays.exists) else np.zeros((0, len(block)), dtype=np.bool_)
    family, point = np.nonzero(exists)
    without = np.flatnonzero(~exists.any(axis=0))
    family = np.concatenate([family, np.full(len(without), -1)])
    point = np.concatenate([point, without])
    order = np.lexsort((family, point))
    family, point = family[order], point[order]
    columns = {name: values[point] for name, values in plan.design.columns(block).items()}
    columns["family"] = np.array([*families.ids, ""], dtype=object)[family]
    columns["label"] = np.array([*families.labels, ""], dtype=object)[family]
    for variable in variables(plan):
        values = variable.take(found)
        if variable.name == "exists":
            continue
        if variable.dims[0] == "family":
            wide = np.vstack([values, np.full((1, len(block)), np.nan)])
            columns[variable.name] = wide[family, point]
        else:
            columns[variable.name] = values[point]
    return columns


def dictionary(plan: Plan, families: Families, reasons: Mapping[int, str]) -> dict[str, Any]:
    """What each column of the table is, and what the result rests on."""
    unit = {"family": TEXT, "label": TEXT, "status": "1"}
    left_out = {"varies", "exists"} | (set() if plan.kept.exists else {"family", "label"})
    known = {name: attrs for name, (_, _, attrs) in coordinates(plan, families).items()}
    known |= {variable.name: dict(variable.attrs) for variable in variables(plan)}
    columns = {
        name: {key: value for key, value in plain({"units": unit.get(name), **attrs}).items() if key in TOLD and value}
        for name, attrs in known.items() if name not in left_out
    }
    about = {
        key: json.loads(value) if isinstance(value, str) and value[:1] in ("{", "[") else value
        for key, value in attributes(plan, reasons).items()
    }
    return {"columns": columns, "about": about}


def to_table(
    plan: Plan, path: Path, kind: str, jobs: int | None, client: Any, progress: Callable[[int, int], None] | None,
    tally: Tally | None = None,
) -> tuple[Plan, Families, dict[int, str]]:
    """Compute a plan into a table with its data dictionary beside it.

    Returns
    -------
    The plan that was computed, which keeps `exists` too where it keeps values in families; the families; and why
    points failed.

    Raises
    ------
    NotSupportedError
        where pyarrow is missing for parquet.
    ProblemsError
        where the files cannot be written.
    """
    if plan.kept.values and not plan.kept.exists:
        plan = replace(plan, kept=replace(plan.kept, exists=True))
    with placed(path) as temporary, _writer(kind, temporary) as write:

        def take(block: Block, found: Found) -> None:
            reasons.update(found.reasons)
            write(rows(plan, families, block, found))
            if tally is not None:
                tally.add(of_block(plan, block, found), block.start)

        if plan.program is None:
            whole = solved(plan, jobs, client, progress)
            families, reasons = whole.families, dict(whole.reasons)
            for block, found in whole.parts:
                take(block, found)
        else:
            families, reasons = families_of(plan), {}
            run(plan, plan.design.blocks(), take, jobs, client, progress=progress, ordered=True)
    with placed(dictionary_of(path)) as temporary:
        text = json.dumps(dictionary(plan, families, reasons), indent=2, ensure_ascii=False)
        temporary.write_text(text + "\n", encoding="utf-8")
    return plan, families, reasons


class _writer:  # noqa: N801 - used as a function
    """Writes columns to a file, as rows of CSV or row groups of parquet."""

    def __init__(self, kind: str, path: Path) -> None:
        self.kind = kind
        self.path = path
        self.parquet: Any = None
        self.stream: Any = None

    def __enter__(self) -> Callable[[Mapping[str, Any]], None]:
        if self.kind == "csv":
            self.stream = open(self.path, "w", newline="", encoding="utf-8")
        else:
            try:
                import pyarrow  # noqa: F401 - a missing extra is told before anything is computed
            except ImportError as error:
                raise NotSupportedError(
                    "parquet needs pyarrow: install deterrence with its extra, deterrence[parquet]"
                ) from error
        return self.write

    def write(self, columns: Mapping[str, Any]) -> None:
        if self.kind == "csv":
            out = csv.writer(self.stream, lineterminator="\n")
            if self.stream.tell() == 0:
                out.writerow(columns)
            lists = [["" if value != value else value for value in column.tolist()] for column in columns.values()]
            out.writerows(zip(*lists, strict=True))
            return
        import pyarrow
        from pyarrow import parquet

        table = pyarrow.table({name: pyarrow.array(values) for name, values in columns.items()})
        if self.parquet is None:
            self.parquet = parquet.ParquetWriter(self.path, table.schema)
        self.parquet.write_table(table)

    def __exit__(self, *error: object) -> None:
        for open_one in (self.parquet, self.stream):
            if open_one is not None:
                open_one.close()
