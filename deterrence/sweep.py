r"""Every equilibrium at many points: the program of an atlas run over a design, in memory or into a file.

At each point :math:`x` and for a quantity :math:`q` the *envelope* is :math:`\min_f q_f(x)` and :math:`\max_f q_f(x)`
over the families :math:`f` that exist there.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from .designs import Block, Design, design_of
from .errors import (
    DeterrenceWarning,
    ExpressionError,
    LimitError,
    NotSupportedError,
    Problem,
    ProblemsError,
)
from .files import held, target
from .journal import Journal, clear_away
from .kernels import Arrays
from .origin import Origin
from .plans import Families, Found, Plan, about, families_of, plan_of
from .reports import Tally
from .storage import (
    FORMATS,
    Solved,
    Store,
    check_space,
    check_target,
    create_store,
    dataset,
    finished,
    gathered,
    netcdf,
    of_block,
    place_store,
    solved,
)
from .tables import TABLES, dictionary_of, to_table
from .theorems import theorems_for
from .workers import Progress, check_jobs, client_of, run

if TYPE_CHECKING:
    import xarray as xr

    from .scenario import Scenario

__all__ = ["JOURNALED", "MEMORY", "Outcome", "check_output", "in_memory", "kind_of", "make", "plan", "sweep", "to_file"]

MEMORY: Final = 4 * 2**30
"""The largest result in bytes that is kept in memory; larger ones need a file."""
MOST_LISTED: Final = 20_000
"""The most points of a list that the result holds too, as `LISTED`, so that it can be computed again from itself."""
LISTED: Final = "points.csv"
DEFAULTS: Final[Mapping[str, Any]] = {"select": None, "keep": None, "method": None, "edges": None, "limit": 100_000}
JOURNALED: Final = 2_000_000
"""Sweeps of more points than this are written block by block, and can be resumed."""


@dataclass(frozen=True)
class Outcome:
    """A sweep that was made.

    Attributes
    ----------
    plan, families, reasons : what was computed, the families found, and why points failed.
    arrays, status : the results, where they are in memory.
    path, kind : the file, where there is one.
    """

    plan: Plan
    families: Families
    reasons: Mapping[int, str]
    arrays: Arrays | None = field(default=None, repr=False)
    status: npt.NDArray[np.uint8] | None = field(default=None, repr=False)
    path: Path | None = None
    kind: str = ""

    @cached_property
    def data(self) -> xr.Dataset | None:
        """The results that are in memory as a dataset."""
        if self.arrays is None:
            return None
        return dataset(self.plan, self.arrays, self.status, self.reasons, self.families)

    def open(self) -> xr.Dataset | None:
        """The result as a dataset; None for a table."""
        if self.path is None or self.kind in ("parquet", "csv"):
            return self.data
        import xarray as xr

        found: xr.Dataset = (
            xr.open_zarr(self.path, consolidated=False) if self.kind == "zarr"
            else xr.open_dataset(self.path, engine="h5netcdf")
        )
        return found


def plan(
    scenario: Scenario, *, over: Mapping[str, Any] | None = None, sample: int | None = None, design: str = "latin",
    rng: int | np.random.Generator = 0, points: Any = None, select: str | None = None,
    keep: Sequence[str] | None = None, method: str | None = None, edges: str | None = None, limit: int | None = 100_000,
    also: Sequence[str] = (), telling: Callable[[str], None] | None = None,
) -> Plan:
    """What a sweep computes; parameters as in `deterrence.sweep`, and `also` as in `plan_of`."""
    seed = int(rng.integers(2**63)) if isinstance(rng, np.random.Generator) else rng
    chosen = design_of(scenario, over, sample, design, seed, points)
    made = plan_of(scenario, chosen, select=select or "", keep=keep, method=method, edges=edges, also=also, limit=limit,
                   progress=telling)
    options = {"select": select, "keep": keep, "method": method, "edges": edges, "limit": limit}
    told: dict[str, Any] = {**made.about, **about(scenario)}
    if scenario.texts:
        rests = theorems_for({"method": made.method}, "sweep", model=scenario.model, refine=select)
        told["made"] = _origin(scenario, chosen, options).to_dict(rests)
    return replace(made, about=told)


def _origin(scenario: Scenario, design: Design, options: Mapping[str, Any]) -> Origin:
    """Where a sweep comes from; a list of points is kept with it while it is short."""
    over = {axis.name: axis.to_dict().get("values", axis.to_dict()) for axis in design.axes}
    kept: dict[str, Any] = {"over": over} if over else {}
    texts = {}
    sample = design.sample
    if sample is not None and sample.method == "list":
        kept["points"] = LISTED
        if sample.rows <= MOST_LISTED:
            rows = [sample.names, *map(sample.written, range(sample.rows))]
            texts[LISTED] = "".join(",".join(row) + "\n" for row in rows)
    elif sample is not None:
        kept |= {"sample": sample.rows, "design": sample.method, "rng": sample.seed}
    kept |= {name: value for name, value in options.items() if value != DEFAULTS[name]}
    return Origin("sweep", scenario, kept, texts)


def make(
    made: Plan, jobs: int | None = None, client: Any = None, output: str | os.PathLike[str] | None = None,
    kind: str | None = None, resume: bool = False, progress: Progress | None = None, tally: Tally | None = None,
) -> Outcome:
    """Carry out a plan, in memory or into a file; parameters as in `deterrence.sweep`.

    A `tally` is told of every block.
    """
    if output is not None:
        return to_file(made, os.fspath(output), kind, jobs, client, resume, progress, tally)
    return in_memory(made, jobs, client, progress, tally)


def sweep(
    scenario: Scenario | Sequence[Scenario], *, jobs: int | None = None, client: Any = None,
    output: str | os.PathLike[str] | None = None, kind: str | None = None, resume: bool = False,
    progress: Progress | None = None, **options: Any,
) -> xr.Dataset | None:
    """Every equilibrium at many points; parameters as in `deterrence.sweep`."""
    check_jobs(jobs)
    if output is not None:
        if isinstance(scenario, Sequence):
            raise NotSupportedError("a file holds the sweep of one scenario; sweep each into its own")
        check_output(output, kind)
    elif resume:
        raise ExpressionError("resume goes on with the file of an interrupted sweep: name it as output")
    with client_of(client) as cluster:
        if isinstance(scenario, Sequence):
            return _beside(list(scenario), options, jobs, cluster, progress)
        return make(plan(scenario, **options), jobs, cluster, output, kind, resume, progress).open()


def in_memory(
    plan: Plan, jobs: int | None = None, client: Any = None, progress: Progress | None = None,
    tally: Tally | None = None,
) -> Outcome:
    """The result of a plan as a dataset.

    Raises
    ------
    LimitError
        where it would take more than `MEMORY`.
    """
    size = plan.bytes_per_point * plan.design.size
    if size > MEMORY:
        raise LimitError(
            f"the result takes {size / 2**30:.1f} GiB, more than the {MEMORY / 2**30:.0f} GiB that are kept in memory; "
            "name an output file, or keep fewer variables"
        )
    if plan.program is None:
        every = solved(plan, jobs, client, progress)
        if tally is not None:
            for block, found in every.parts:
                tally.add(of_block(plan, block, found), block.start)
        return Outcome(plan, every.families, every.reasons, every.arrays, every.status)
    reasons: dict[int, str] = {}
    whole = Arrays.empty(plan.program, plan.kept, plan.design.size)
    status = np.empty(plan.design.size, dtype=np.uint8)

    def take(block: Block, found: Found) -> None:
        status[block.start : block.stop] = found.status
        reasons.update(found.reasons)
        if tally is not None:
            tally.add(of_block(plan, block, found), block.start)
        if client is not None:
            part = whole.part(block.start, block.stop)
            for name in ("exists", "count", "values", "low", "high"):
                getattr(part, name)[...] = getattr(found.arrays, name)

    run(plan, plan.design.blocks(), take, jobs, client, lambda block: whole.part(block.start, block.stop), progress)
    return Outcome(plan, families_of(plan), reasons, whole, status)


def kind_of(path: Path, kind: str | None) -> str:
    """The format of a file, by what is asked or by its name.

    Raises
    ------
    ProblemsError
        where neither says one.
    """
    if kind is None:
        kind = next((name for name, ending in FORMATS.items() if path.suffix.lower() == ending), None)
    if kind not in FORMATS:
        known = ", ".join(f"{ending} ({name})" for name, ending in FORMATS.items())
        raise ProblemsError([Problem(f"the format cannot be told from this name; endings are {known}", "--output",
                                     file=str(path))])
    return kind


def check_output(output: str | os.PathLike[str], kind: str | None) -> tuple[Path, str]:
    """Where a file is written, and in which of `FORMATS`.

    Raises
    ------
    ProblemsError
        where it cannot be written, or the format is not known.
    """
    path, chosen = target(output), kind_of(Path(output), kind)
    check_target(path, chosen)
    if chosen in TABLES:
        check_target(dictionary_of(path), chosen)
    return path, chosen


def to_file(
    plan: Plan, output: str, kind: str | None, jobs: int | None, client: Any, resume: bool,
    progress: Progress | None, tally: Tally | None = None,
) -> Outcome:
    """Compute a plan into a file.

    Parameters
    ----------
    plan : what is computed.
    output, kind : where, and in which of `FORMATS`; None for the one that the name says.
    jobs, client, progress : as for `sweep.run`.
    resume : whether to go on with what an interrupted sweep has left.

    Raises
    ------
    ProblemsError
        where the file cannot be written, or what is there is of something else.
    LimitError
        where the disk is full; what was completed is kept and can be resumed.
    """
    path, chosen = check_output(output, kind)
    try:
        with held(path):
            return _filled(plan, path, chosen, jobs, client, resume, progress, tally)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ProblemsError([Problem(f"cannot be written: {reason}", "--output", file=output)]) from error


def _filled(
    plan: Plan, path: Path, kind: str, jobs: int | None, client: Any, resume: bool, progress: Progress | None,
    tally: Tally | None,
) -> Outcome:
    """Compute a plan into a file that nobody else writes."""
    journaled = kind == "zarr" or (kind not in TABLES and (plan.design.size > JOURNALED or plan.program is None))
    if resume and kind not in TABLES and (there := finished(plan, path, kind, tally)) is not None:
        _note(f"{path} holds the result of this sweep already, and nothing is computed")
        clear_away(plan, path)
        return Outcome(plan, *there, path=path, kind=kind)
    if resume and not journaled:
        _note(f"{path}: tables and short sweeps are made in one go and leave nothing to go on with; this begins anew")
    if kind in TABLES:
        made, families, why = to_table(plan, path, kind, jobs, client, progress, tally)
        return Outcome(made, families, why, path=path, kind=kind)
    if kind == "netcdf" and plan.program is not None:
        check_space(plan, families_of(plan), path)
    if journaled:
        with Journal(plan, path, resume) as journal:
            left = (block for block in plan.design.blocks() if block.number not in journal.done)
            run(plan, left, journal.block, jobs, client, progress=progress, before=journal.points)
            if plan.program is not None:
                journal.finish(path, kind, tally, progress)
                families = families_of(plan)
            else:
                families = _solved_to_file(plan, gathered(plan, journal.solved), path, kind, tally, journal.path)
                journal.clear()
        return Outcome(plan, families, journal.reasons, path=path, kind=kind)
    reasons: dict[int, str] = {}
    families = families_of(plan)
    with netcdf(plan, families, path, reasons) as writer:

        def take(block: Block, found: Found) -> None:
            reasons.update(found.reasons)
            writer.block(block, found)
            if tally is not None:
                tally.add(of_block(plan, block, found), block.start)

        run(plan, plan.design.blocks(), take, jobs, client, progress=progress)
    return Outcome(plan, families, reasons, path=path, kind=kind)


def _note(text: str) -> None:
    warnings.warn(text, DeterrenceWarning, stacklevel=2)


def _solved_to_file(
    plan: Plan, whole: Solved, path: Path, kind: str, tally: Tally | None, inside: Path
) -> Families:
    if kind == "zarr":
        made = inside / "whole.zarr"
        create_store(plan, whole.families, made)
        store = Store(plan, made)
        for block, found in whole.parts:
            store.block(block, found)
        store.close(whole.reasons)
        place_store(made, path)
    else:
        with netcdf(plan, whole.families, path, whole.reasons, inside) as writer:
            for block, found in whole.parts:
                writer.block(block, found)
    if tally is not None:
        for block, found in whole.parts:
            tally.add(of_block(plan, block, found), block.start)
    return whole.families


def _beside(
    scenarios: Sequence[Scenario], options: Mapping[str, Any], jobs: int | None, client: Any, progress: Progress | None
) -> xr.Dataset:
    """Several scenarios of one game, along a dimension `scenario`; families have the same ids in each.

    Raises
    ------
    ExpressionError
        where there is none, or they are of different games.
    """
    import xarray as xr

    if not scenarios:
        raise ExpressionError("a scenario is needed")
    first = scenarios[0]
    if any(
        s.game.space.names != first.game.space.names or s.game.payoffs != first.game.payoffs or s.model != first.model
        for s in scenarios
    ):
        raise ExpressionError("scenarios that are swept together are of one game; these are not")
    # What differs between them stays a symbol, so that the atlas is the same for all.
    differing = [n for n in first.game.space.names if len({s.point[n] for s in scenarios}) > 1]
    found = [in_memory(plan(s, also=differing, **options), jobs, client, progress).open() for s in scenarios]
    names = [scenario.title for scenario in scenarios]
    labels = names if len(set(names)) == len(names) else [f"{n + 1}: {name}" for n, name in enumerate(names)]
    parts = [part for part in found if part is not None]
    together = xr.concat(
        parts, xr.DataArray(labels, dims="scenario", name="scenario"), join="outer", combine_attrs="drop_conflicts",
        data_vars="all", coords="minimal", compat="override",
    )
    together.attrs["scenarios"] = json.dumps([json.loads(part.attrs["scenario"]) for part in parts])
    return together
