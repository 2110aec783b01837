"""Results of sweeps as labelled arrays: in memory, in netCDF files and in zarr stores.

Every variable has the dimensions of the design; `exists`, ``P[event]`` and ``payoff[player]`` have `family` before
them. A file is written beside its place and moved there when it is whole. Long sweeps are kept by a journal while they
run.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from .designs import Block
from .errors import LimitError, Problem, ProblemsError
from .files import check_place, kept, placed
from .kernels import Arrays
from .plans import MAX_REASONS, STATUS, Families, Found, Plan, families_of
from .program import ACCURACY
from .reports import Tally
from .sealing import pieces, seal
from .workers import Progress, run

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "FORMATS",
    "NetCDF",
    "Solved",
    "Store",
    "Variable",
    "Writer",
    "attributes",
    "check_space",
    "check_target",
    "coordinates",
    "create_store",
    "dataset",
    "finished",
    "gathered",
    "netcdf",
    "of_block",
    "place_store",
    "plain",
    "solved",
    "variables",
]

FORMATS: Final = {"netcdf": ".nc", "zarr": ".zarr", "parquet": ".parquet", "csv": ".csv"}


@dataclass(frozen=True)
class Variable:
    """One variable of the result: its dimensions, type, attributes, and where its values are in a block."""

    name: str
    dims: tuple[str, ...]
    dtype: str
    attrs: Mapping[str, Any]
    take: Callable[[Found], Any]

    def box(self, found: Found, block: Block) -> Any:
        """The values of a block, in the shape of its box."""
        shape = tuple(part.stop - part.start for part in block.slices)
        values = self.take(found)
        if self.dtype == "int8" and values.dtype == np.bool_:
            values = values.view(np.int8)
        return values.reshape(values.shape[:-1] + shape)

    def place(self, block: Block) -> tuple[slice, ...]:
        """Where a block lies in the variable."""
        return (slice(None), *block.slices) if self.dims[:1] == ("family",) else block.slices


def variables(plan: Plan) -> list[Variable]:
    """Every variable that is written, in order."""
    kept, dims = plan.kept, plan.design.dims
    wide = ("family", *dims)
    found: list[Variable] = []

    def value(slot: int) -> Callable[[Found], Any]:
        return lambda part: part.arrays.values[slot]

    def end(which: str, slot: int) -> Callable[[Found], Any]:
        return lambda part: getattr(part.arrays, which)[slot]

    if kept.exists:
        attrs = {"long_name": "whether the family exists", "dtype": "bool"}
        found.append(Variable("exists", wide, "int8", attrs, lambda part: part.arrays.exists))
    for slot, q in enumerate(kept.values):
        name = plan.quantities[q]
        found.append(Variable(name, wide, "float64", _about(plan, name, "", "in the family"), value(slot)))
    for which, quantities, word in (("low", kept.low, "least"), ("high", kept.high, "greatest")):
        for slot, q in enumerate(quantities):
            kind, _, rest = plan.quantities[q].partition("[")
            name = f"{kind}_{'min' if which == 'low' else 'max'}[{rest}"
            attrs = _about(plan, plan.quantities[q], f"{word} ", "over the equilibria that exist")
            found.append(Variable(name, dims, "float64", attrs, end(which, slot)))
    if kept.count:
        attrs = {"long_name": "number of families that exist", "units": "1"}
        found.append(Variable("count", dims, "uint16", attrs, lambda part: part.arrays.count))
    status = {
        "long_name": "how the point was decided",
        "flag_values": np.arange(len(STATUS), dtype=np.uint8),
        "flag_meanings": " ".join(STATUS),
        "comment": "; ".join(f"{name}: {text}" for name, text in STATUS.items()),
    }
    found.append(Variable("status", dims, "uint8", status, lambda part: part.status))
    return found


def _about(plan: Plan, quantity: str, which: str, where: str) -> dict[str, Any]:
    kind, _, rest = quantity.partition("[")
    name = rest[:-1]
    accuracy = {"accuracy": f"off by at most {ACCURACY:g}*(1 + |value|), proved"} if plan.program else {}
    if kind == "P":
        return {"long_name": f"{which}probability of {name} {where}", "units": "1", "valid_min": 0.0, "valid_max": 1.0,
                **accuracy}
    units = {p.unit for p in plan.game.space.parameters if p.unit.startswith(name)}
    return {"long_name": f"{which}expected payoff of {name} {where}", "units": "1",
            "comment": "in the units of the payoffs of the scenario", **accuracy} | (
                {"payoff_units": ", ".join(sorted(units))} if units else {})


def attributes(plan: Plan, reasons: Mapping[int, str]) -> dict[str, Any]:
    """What the whole result says about itself."""
    told = plan.told
    found = {
        "Conventions": "CF-1.11",
        "title": told["scenario"]["title"],
        "source": told["package"],
        "scenario": json.dumps(told["scenario"], sort_keys=True),
        "design": json.dumps(told["design"], sort_keys=True),
        "method": plan.method,
        "edges": plan.edges,
        "select": plan.select,
        "keep": json.dumps(told["keep"]),
        "notes": json.dumps(told["notes"]),
        "sources": json.dumps(told.get("sources", {}), sort_keys=True),
        "provenance": json.dumps(told.get("provenance", {}), sort_keys=True),
        "plan": plan.fingerprint,
        **pieces(json.dumps(told["made"]) if "made" in told else "", "made"),
    }
    if plan.design.sample is not None and plan.design.sample.method != "list":
        found["seed"] = plan.design.sample.seed
    if reasons:
        listed = dict(sorted(reasons.items())[:MAX_REASONS])
        found["failures"] = json.dumps({str(number): text for number, text in listed.items()})
    return found


def coordinates(plan: Plan, families: Families) -> dict[str, tuple[tuple[str, ...], Any, dict[str, Any]]]:
    """Coordinates by name: dimensions, values (or only their type), attributes."""
    space = plan.game.space
    found: dict[str, tuple[tuple[str, ...], Any, dict[str, Any]]] = {
        "family": (("family",), np.array(families.ids, dtype=object), {"long_name": "family of equilibria"}),
        "label": (("family",), np.array(families.labels, dtype=object), {"long_name": "what the family is"}),
        "varies": (
            ("family",), np.array(families.varies, dtype=np.int8),
            {"long_name": "whether the distribution over histories varies in the family, which is shown by one member",
             "dtype": "bool"},
        ),
    }

    def about(name: str) -> dict[str, Any]:
        parameter = space[name]
        unit = "1" if parameter.unit in ("", "probability") else parameter.unit
        return {"long_name": parameter.meaning or name, "units": unit}

    for axis in plan.design.axes:
        exactly = axis.to_dict()
        attrs = {**about(axis.name), "exact": json.dumps(exactly if "points" in exactly else "as listed")}
        found[axis.name] = ((axis.name,), axis.floats, attrs)
    for name in plan.design.sample.names if plan.design.sample is not None else ():
        # Written with the blocks.
        found[name] = (("sample",), "float64", about(name))
    return found


# In memory ---------------------------------------------------------------------------------------------------------


def dataset(plan: Plan, arrays: Arrays, status: Any, reasons: Mapping[int, str], families: Families) -> xr.Dataset:
    """A result in memory as a labelled dataset; the arrays are not copied."""
    import xarray as xr

    found = Found(arrays, status)
    shape = plan.design.shape
    data = {}
    for variable in variables(plan):
        values = variable.take(found)
        attrs = {key: value for key, value in variable.attrs.items() if key != "dtype"}
        data[variable.name] = (variable.dims, values.reshape(values.shape[:-1] + shape), attrs)
    coords = {}
    for name, (dims, values, attrs) in coordinates(plan, families).items():
        plain = {key: value for key, value in attrs.items() if key != "dtype"}
        if isinstance(values, str):
            sample = plan.design.sample
            assert sample is not None  # noqa: S101 - only its parameters come without values
            values = sample.columns(0, sample.rows)[sample.names.index(name)]
        kept = values.astype(np.bool_) if attrs.get("dtype") == "bool" else values
        coords[name] = (dims, kept.astype(str) if kept.dtype == object else kept, plain)
    return xr.Dataset(data, coords, attributes(plan, reasons))


@dataclass(frozen=True)
class Solved:
    """A sweep whose every point was solved for itself.

    Attributes
    ----------
    families, reasons : the families found, and why points failed.
    parts : the blocks in order, each with its part of the arrays.
    arrays, status : the results of all of them.
    """

    families: Families
    reasons: Mapping[int, str]
    parts: Sequence[tuple[Block, Found]]
    arrays: Arrays
    status: npt.NDArray[np.uint8]


def solved(plan: Plan, jobs: int | None, client: Any, progress: Progress | None) -> Solved:
    """Solve every point of a plan, parameters as for `run`."""
    parts: list[tuple[Block, Found]] = []
    run(plan, plan.design.blocks(), lambda block, found: parts.append((block, found)), jobs, client, progress=progress)
    return gathered(plan, parts)


def gathered(plan: Plan, parts: Iterable[tuple[Block, Found]]) -> Solved:
    """The results of a sweep whose every point was solved, put together from its blocks in whatever order."""
    parts = sorted(parts, key=lambda part: part[0].number)
    families = families_of(plan, [found for _, found in parts])
    size, kept = plan.design.size, plan.kept
    slot = {label: n for n, label in enumerate(families.labels)}
    arrays = Arrays(
        np.zeros((len(slot), size), dtype=np.bool_), np.zeros(size, dtype=np.uint16),
        np.full((len(kept.values), len(slot), size), np.nan), np.full((len(kept.low), size), np.nan),
        np.full((len(kept.high), size), np.nan), np.zeros(size, dtype=np.bool_),
    )
    status = np.zeros(size, dtype=np.uint8)
    reasons: dict[int, str] = {}
    for block, found in parts:
        inside = slice(block.start, block.stop)
        arrays.count[inside] = found.arrays.count
        arrays.low[:, inside] = found.arrays.low
        arrays.high[:, inside] = found.arrays.high
        status[inside] = found.status
        reasons.update(found.reasons)
        for number, entries in found.solved.items():
            for label, row in entries:
                arrays.exists[slot[label], number] = True
                arrays.values[:, slot[label], number] = [row[q] for q in kept.values]
    cut = [(block, Found(arrays.part(block.start, block.stop), status[block.start : block.stop])) for block, _ in parts]
    return Solved(families, reasons, cut, arrays, status)


# Files -------------------------------------------------------------------------------------------------------------


def bytes_per_point(plan: Plan, families: Families) -> int:
    """How much a point takes in a file."""
    width = {"family": len(families.ids)}
    each = sum(np.dtype(v.dtype).itemsize * width.get(v.dims[0], 1) for v in variables(plan))
    return each + (8 * len(plan.design.sample.names) if plan.design.sample else 0)


def of_block(plan: Plan, block: Block, found: Found) -> dict[str, Any]:
    """The variables of one block by name."""
    return {variable.name: variable.box(found, block) for variable in variables(plan)}


class Writer:
    """Takes the results of blocks, in any order, each once or more often."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.variables = variables(plan)

    def put(self, name: str, place: Any, values: Any) -> None:
        """Write a part of a variable."""
        raise NotImplementedError

    def block(self, block: Block, found: Found) -> None:
        """Write one block, and of a sample the values of its parameters."""
        for variable in self.variables:
            self.put(variable.name, variable.place(block), variable.box(found, block))
        self.rows(block)

    def rows(self, block: Block) -> None:
        """Write the rows of a sample that a block has, those of the first point of the axes only."""
        sample = self.plan.design.sample
        if sample is not None and all(part.start == 0 for part in block.slices[:-1]):
            rows = block.slices[-1]
            for name, values in zip(sample.names, sample.columns(rows.start, rows.stop), strict=True):
                self.put(name, rows, values)


class NetCDF(Writer):
    """A netCDF file that is being written."""

    def __init__(self, plan: Plan, families: Families, path: Path) -> None:
        import h5netcdf
        import h5py

        super().__init__(plan)
        self.file = h5netcdf.File(path, "w")
        sizes = dict(zip(plan.design.dims, plan.design.shape, strict=True))
        self.file.dimensions = {"family": len(families.ids), **sizes}
        for name, (dims, values, attrs) in coordinates(plan, families).items():
            if isinstance(values, np.ndarray):
                made = self.file.create_variable(
                    name, dims, h5py.string_dtype() if values.dtype == object else values.dtype
                )
                made[...] = values
            else:
                made = self.file.create_variable(name, dims, values)
            made.attrs.update(attrs)
        for variable in self.variables:
            fill = np.nan if variable.dtype == "float64" else None
            made = self.file.create_variable(variable.name, variable.dims, variable.dtype, fillvalue=fill)
            made.attrs.update(variable.attrs)
            if beside := _beside(plan, variable):
                made.attrs["coordinates"] = beside

    def put(self, name: str, place: Any, values: Any) -> None:
        """Write a part of a variable."""
        self.file.variables[name][place] = values


def _beside(plan: Plan, variable: Variable) -> str:
    names = ["label", "varies"] if variable.dims[0] == "family" else []
    return " ".join([*names, *(plan.design.sample.names if plan.design.sample else ())])


def check_space(plan: Plan, families: Families, path: Path, inside: Path | None = None) -> None:
    """That a disk has room for a netCDF file.

    Raises
    ------
    LimitError
        where it has not.
    """
    needed = plan.design.size * bytes_per_point(plan, families) + HEADER
    disk = shutil.disk_usage(path.parent)
    free = disk.free
    if needed > free and disk.total:
        kept = f"; what was computed is kept in {inside}, and --resume goes on with it" if inside is not None else ""
        raise LimitError(f"{path} takes {needed / 2**20:,.0f} MiB and its disk has {free / 2**20:,.0f} MiB free{kept}",
                         place="")


@contextmanager
def netcdf(
    plan: Plan, families: Families, path: Path, reasons: Mapping[int, str], inside: Path | None = None
) -> Iterator[NetCDF]:
    """A netCDF file to be filled; it comes to its place when it is whole.

    Raises
    ------
    LimitError
        where the disk has not enough space for it, before anything is written: HDF5 does not survive a full disk.
    """
    check_space(plan, families, path, inside)
    with placed(path, inside) as temporary:
        writer = NetCDF(plan, families, temporary)
        with writer.file:
            yield writer
            writer.file.attrs.update(attributes(plan, reasons))
        seal(temporary)


def create_store(plan: Plan, families: Families, path: Path) -> None:
    """An empty zarr store with every variable of a plan, a chunk for each block."""
    import zarr

    group = zarr.create_group(str(path), overwrite=True)
    sizes = dict(zip(plan.design.dims, plan.design.shape, strict=True))
    boxes = dict(zip(plan.design.dims, plan.design.box, strict=True))
    sizes["family"], boxes["family"] = len(families.ids), max(1, len(families.ids))
    for name, (dims, values, attrs) in coordinates(plan, families).items():
        shape, chunks = tuple(sizes[d] for d in dims), tuple(boxes[d] for d in dims)
        if isinstance(values, np.ndarray):
            kind = str if values.dtype == object else values.dtype
            whole = tuple(max(1, size) for size in shape)
            made = group.create_array(name, shape=shape, chunks=whole, dtype=kind, dimension_names=dims)
            made[...] = values
        else:
            made = group.create_array(name, shape=shape, chunks=chunks, dtype=values, dimension_names=dims)
        made.attrs.update(plain(attrs))
    for variable in variables(plan):
        made = group.create_array(
            variable.name, shape=tuple(sizes[d] for d in variable.dims),
            chunks=tuple(boxes[d] for d in variable.dims), dtype=variable.dtype, dimension_names=variable.dims,
            fill_value=np.nan if variable.dtype == "float64" else 0,
        )
        beside = _beside(plan, variable)
        made.attrs.update(plain({**variable.attrs, **({"coordinates": beside} if beside else {})}))


def check_target(path: Path, kind: str) -> None:
    """That a result of a format in `FORMATS` can come to a place.

    Raises
    ------
    ProblemsError
        where it cannot, or what is there is no result that it could take the place of.
    """
    check_place(path, directory=kind == "zarr", special=False)
    if kind == "zarr" and path.is_dir() and any(path.iterdir()) and not _is_result(path):
        wrong = "cannot be written: this directory holds something else than the result of a sweep; name another"
        raise ProblemsError([Problem(wrong, "--output", file=str(path))])


def _is_result(path: Path) -> bool:
    """Whether a directory is a store that was made here, and nothing else is in it."""
    try:
        about = json.loads((path / "zarr.json").read_text(encoding="utf-8"))["attributes"]
        ours = isinstance(about["plan"], str) and about["source"].startswith("deterrence ")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    entries = [entry for entry in path.iterdir() if not entry.name.startswith(".")]
    return ours and all(entry.name == "zarr.json" or (entry / "zarr.json").is_file() for entry in entries)


def place_store(made: Path, path: Path) -> None:
    """Move a store to its place; a result that was there goes to where the store has been made.

    Raises
    ------
    ProblemsError
        where what is there is no result.
    """
    check_target(path, "zarr")
    if path.exists():
        shutil.rmtree(made.with_name(BEFORE), ignore_errors=True)
        os.replace(path, made.with_name(BEFORE))
    os.replace(made, path)
    kept(path.parent)


class Store(Writer):
    """A zarr store that is being written."""

    def __init__(self, plan: Plan, path: Path) -> None:
        import zarr

        super().__init__(plan)
        self.group = zarr.open_group(str(path), mode="r+")
        self.arrays = {name: self.group[name] for name in self.group.array_keys()}

    def put(self, name: str, place: Any, values: Any) -> None:
        """Write a part of a variable."""
        self.arrays[name][place] = values

    def close(self, reasons: Mapping[int, str]) -> None:
        """Write what the whole says about itself."""
        self.group.attrs.update(plain(attributes(self.plan, reasons)))


HEADER: Final = 2**20
BEFORE: Final = "before.zarr"


@contextmanager
def _opened(path: Path, kind: str) -> Iterator[Any]:
    """A result that is read."""
    if kind == "zarr":
        import zarr

        yield zarr.open_group(str(path), mode="r")
    else:
        import h5py

        with h5py.File(path) as file:
            yield file


def finished(plan: Plan, path: Path, kind: str, tally: Tally | None = None) -> tuple[Families, dict[int, str]] | None:
    """The families and the failures of the result of a plan that is in its place already; None where it is not."""
    if not path.exists():
        return None
    found = Tally()
    try:
        with _opened(path, kind) as file:
            if file.attrs.get("plan") != plan.fingerprint:
                return None
            ids, labels = ([_text(name) for name in file[which][...]] for which in ("family", "label"))
            families = Families(tuple(ids), tuple(labels), tuple(map(bool, file["varies"][...])))
            reasons = {int(n): text for n, text in json.loads(file.attrs.get("failures", "{}")).items()}
            for block in plan.design.blocks() if tally is not None else ():
                found.add({v.name: file[v.name][v.place(block)] for v in variables(plan)}, block.start)
    except UNREADABLE:
        return None
    if tally is not None:
        tally.take(found)
    return families, reasons


UNREADABLE: Final = (OSError, KeyError, ValueError, TypeError, RuntimeError)
"""What HDF5, zarr and its codecs raise for files that are damaged."""


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def plain(attrs: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as JSON has them."""
    return {key: value.tolist() if isinstance(value, np.ndarray) else value for key, value in attrs.items()}
