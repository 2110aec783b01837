"""What a sweep comes to, in a few numbers; and points from a CSV file."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from .errors import ExpressionError, Problem, ProblemsError
from .expressions import exact
from .plans import FAILED, KNIFE_EDGE, KNIFE_EDGE_SOLVED, OUTSIDE, STATUS

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["MAX_ROWS", "of_sweep", "points"]

MAX_ROWS: Final = 10_000_000
SLAB: Final = 4_000_000


def points(path: str) -> dict[str, list[Any]]:
    """The columns of a CSV file, every number exact.

    Raises
    ------
    ProblemsError
        with the line of each cell that is no number.
    """
    problems: list[Problem] = []
    with open(path, newline="", encoding="utf-8-sig") as stream:
        reader = csv.reader(stream)
        head = [name.strip() for name in next(reader, [])]
        columns: dict[str, list[Any]] = {name: [] for name in head}
        if not head or len(columns) < len(head):
            problems.append(Problem("the first line names each parameter once", line=1, file=path))
        for row in reader if not problems else ():
            if not row:
                continue
            if len(row) != len(head):
                problems.append(Problem(f"{len(row)} cells where there are {len(head)} parameters",
                                        line=reader.line_num, file=path))
            elif reader.line_num > MAX_ROWS:
                problems.append(Problem(f"a list may have at most {MAX_ROWS} points", file=path))
            else:
                for name, cell in zip(head, row, strict=True):
                    try:
                        columns[name].append(exact(cell))
                    except ExpressionError as error:
                        problems.append(Problem(error.message, name, line=reader.line_num, file=path))
            if len(problems) > 20:
                break
    if problems:
        raise ProblemsError(problems)
    return columns


def of_sweep(result: xr.Dataset) -> dict[str, Any]:
    """How often each family exists, how far each quantity reaches, and how the points were decided.

    Shares are of the points inside the domain that did not fail. The result is read slab by slab, so that it may be
    larger than memory.
    """
    status = result["status"]
    size = status.size
    first = status.dims[0]
    # So many values along the first dimension at a time that a variable with families fits.
    rows = size // status.sizes[first] * max(1, result.sizes["family"])
    step = max(1, SLAB // max(1, rows))
    codes = np.zeros(len(STATUS), dtype=np.int64)
    exists = np.zeros(result.sizes["family"], dtype=np.int64)
    coexist = 0
    ends: dict[str, list[float]] = {}
    envelope = [str(name) for name in result.data_vars if str(name).partition("[")[0].endswith(("_min", "_max"))]
    for start in range(0, status.sizes[first], step):
        part = result.isel({first: slice(start, start + step)})
        codes += np.bincount(part["status"].to_numpy().ravel(), minlength=len(STATUS))
        if "exists" in part:
            found = part["exists"].to_numpy().astype(np.bool_)
            exists += found.reshape(found.shape[0], -1).sum(axis=1)
        if "count" in part:
            coexist += int((part["count"].to_numpy() > 1).sum())
        for name in envelope:
            values = part[name].to_numpy()
            if not np.isnan(values).all():
                low, high = float(np.nanmin(values)), float(np.nanmax(values))
                had = ends.get(name, [low, high])
                ends[name] = [min(had[0], low), max(had[1], high)]
    decided = int(size - codes[OUTSIDE] - codes[FAILED])
    families = [
        {"id": key, "label": label, **({"share": int(n) / decided if decided else None} if "exists" in result else {})}
        for key, label, n in zip(
            result["family"].values.tolist(), result["label"].values.tolist(), exists, strict=True
        )
    ]
    told: dict[str, Any] = {
        "format": 1,
        "scenario": json.loads(result.attrs["scenario"]),
        "design": json.loads(result.attrs["design"]),
        "method": result.attrs["method"],
        "points": {
            "all": int(size), "inside_the_domain": int(size - codes[OUTSIDE]),
            "on_a_knife_edge": int(codes[KNIFE_EDGE] + codes[KNIFE_EDGE_SOLVED]), "failed": int(codes[FAILED]),
        },
        "families": families,
        "envelope": {name: {"least": low, "greatest": high} for name, (low, high) in ends.items()},
        "notes": json.loads(result.attrs["notes"]),
        "fingerprint": result.attrs["fingerprint"],
    }
    if "count" in result:
        told["share_with_several_families"] = coexist / decided if decided else None
    if "failures" in result.attrs:
        told["failures"] = json.loads(result.attrs["failures"])
    return told
