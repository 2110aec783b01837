"""The numbers of a sweep that a paper may state, from its file: shares of families, and the ends of envelopes.

They are those that ``deterrence sweep --json`` prints, so far as the file keeps them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, Final

__all__ = ["summary"]

BLOCK: Final = 1 << 20


def summary(path: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """What a netCDF file of a sweep says, as a document.

    Parameters
    ----------
    path : the file.
    attributes : its attributes.
    """
    import h5py

    told: dict[str, Any] = {}
    for key in ("scenario", "design", "provenance"):
        try:
            told[key] = json.loads(str(attributes.get(key, "{}")))
        except ValueError:
            told[key] = {}
    told["method"] = str(attributes.get("method", ""))
    with h5py.File(path, "r") as file:
        envelope = {}
        for name in file:
            kind = str(name).partition("[")[0]
            if kind.endswith(("_min", "_max")) and (ends := _ends(file[name])) is not None:
                envelope[str(name)] = {"least": ends[0], "greatest": ends[1]}
        if "family" in file:
            told["families"] = _families(file)
        if "status" in file:
            told["points"] = {"all": int(file["status"].size)}
    return {**told, "envelope": envelope}


def _families(file: Any) -> list[dict[str, Any]]:
    ids, labels = _texts(file["family"]), _texts(file["label"]) if "label" in file else []
    found: list[dict[str, Any]] = []
    for number, key in enumerate(ids):
        told = {"id": key, "label": labels[number]} if labels else {"id": key}
        if "exists" in file:
            whole = file["exists"]
            total = sum(float((part != 0).sum()) for part in _parts(whole, number))
            told["share"] = total / max(1, whole.size // max(1, len(ids)))
        found.append(told)
    return found


def _texts(variable: Any) -> list[str]:
    return [value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in variable[...]]


def _parts(variable: Any, family: int | None = None) -> Any:
    """The values of a variable, or of one family, a block at a time along the first axis that is left."""
    start = () if family is None else (family,)
    shape = variable.shape[len(start):]
    if not shape:
        yield variable[start]
        return
    step = max(1, BLOCK // max(1, math.prod(shape[1:])))
    for at in range(0, shape[0], step):
        yield variable[(*start, slice(at, at + step))]


def _ends(variable: Any) -> tuple[float, float] | None:
    """The least and the greatest value; None where there is none."""
    low, high = math.inf, -math.inf
    for part in _parts(variable):
        known = part[part == part]  # NaN is not equal to itself
        if known.size:
            low, high = min(low, float(known.min())), max(high, float(known.max()))
    return (low, high) if low <= high else None
