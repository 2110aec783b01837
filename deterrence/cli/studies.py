"""Commands that look at many points: sweeps, and what drives an answer."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any, Final

from ..errors import ExpressionError
from .arguments import (
    FILE,
    JOBS,
    LIMIT,
    SEED,
    SETTINGS,
    Command,
    Namespace,
    command,
    loaded,
    names,
    one_of,
    option,
    whole,
)
from .mistakes import UsageError
from .output import DONE, UNKNOWN, Output, collected, warn, with_notes

__all__ = ["COMMANDS"]

POINTS: Final = "which points"
RESULT: Final = "what is computed"


def axis(text: str) -> tuple[str, Any]:
    """``name=from:to:points`` or ``name=value,value,...`` with exact numbers."""
    from ..parsing import exact

    name, equals, value = text.partition("=")
    parts = value.split(":")
    try:
        if not equals or not name.strip() or len(parts) not in (1, 3):
            raise ExpressionError(f"{text!r} is not name=from:to:points, such as resolve=1/20:19/20:181")
        if len(parts) == 1:
            return name.strip(), [exact(number) for number in value.split(",")]
        if not parts[2].strip().isdigit():
            raise ExpressionError(f"{parts[2].strip()!r} is no number of points")
        return name.strip(), (exact(parts[0]), exact(parts[1]), int(parts[2]))
    except ExpressionError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


@command(
    "sweep", "find every equilibrium over a grid, a sample or a list of points",
    FILE,
    option("--over", action="append", default=[], type=axis, metavar="NAME=FROM:TO:POINTS", group=POINTS,
           help="let a parameter take that many evenly spaced values, both ends included, or the values of "
                "NAME=VALUE,VALUE,...; may be repeated, and all combinations are taken"),
    option("--sample", type=whole(1), metavar="N", group=POINTS,
           help="draw N points over the uncertainties of the scenario (parameters with a range whose role is "
                "uncertainty); with --over, N for every point of the grid"),
    option("--design", type=one_of("latin", "sobol", "random"), default="latin", metavar="{latin,sobol,random}",
           group=POINTS,
           help="how they are drawn: as a Latin hypercube (latin, by default), a Sobol' sequence, or at random"),
    SEED._replace(group=POINTS),
    option("--points", metavar="CSV", group=POINTS,
           help="take the points from a CSV file: a column for each parameter that varies, a row for each point"),
    SETTINGS._replace(group=POINTS),
    option("--select", type=one_of("intuitive", "d1"), metavar="{intuitive,d1}", group=RESULT,
           help="keep the families that pass the intuitive criterion or D1 (signalling games)"),
    option("--keep", action="append", default=[], metavar="NAME,...", group=RESULT,
           help="compute only these: variables such as P_max[attack], or groups (exists, count, P, payoff, P_min, "
                "P_max, payoff_min, payoff_max, envelope for the last four); may be repeated; by default everything"),
    option("--edges", type=one_of("solve", "mark"), metavar="{solve,mark}", group=RESULT,
           help="at points on a knife edge, where an equation lets further equilibria exist: find these too (solve), "
                "or only say so in the variable `status` (mark); by default solve in sweeps of at most 20000 points"),
    option("--format", type=one_of("netcdf", "zarr", "parquet", "csv"), dest="kind",
           metavar="{netcdf,zarr,parquet,csv}", group="output",
           help="the format of OUTPUT, where its ending (.nc, .zarr, .parquet, .csv) does not say it"),
    option("--resume", action="store_true", group="output",
           help="go on with a long sweep into OUTPUT that was interrupted, from what it has left in OUTPUT.part; the "
                "other words as before (where nothing is left it begins anew, and says so)"),
    option("--method", type=one_of("atlas", "solve"), metavar="{atlas,solve}", group="computing",
           help="from closed forms found once (atlas), or every point solved for itself, which is slow (solve); by "
                "default closed forms where they will do"),
    JOBS,
    option("--scheduler", metavar="URL", group="computing",
           help="compute on the Dask cluster with this scheduler, such as tcp://HOST:8786, not on this machine"),
    LIMIT,
    detail="Without --over, --sample and --points, the points are those of the [sweep] of the scenario. A summary is "
           "printed; with -o, the whole result goes to a file.",
    examples=["FILE --over resolve=1/20:19/20:181 --over strike_cost=0:5:201",
              "FILE --sample 1000 --keep P_max,count -o result.nc"],
    fills=True,
)
def sweep(arguments: Namespace, output: Output) -> int:
    """Every equilibrium at many points."""
    from .. import reports, workers
    from ..sweep import check_output, make, plan

    axes = [name for name, _ in arguments.over]
    if len(set(axes)) < len(axes):
        raise UsageError("--over names a parameter twice")
    if arguments.resume and output.path is None:
        raise UsageError("--resume goes on with the file of an interrupted sweep: name it with -o")
    if arguments.scheduler is not None:
        try:
            workers.address(arguments.scheduler)
        except ExpressionError as error:
            raise UsageError(f"argument --scheduler: {error}") from error
    if output.path is not None:
        check_output(output.path, arguments.kind)
        output.spare(arguments.points, "the list of points")
    scenario, notes = loaded(arguments)
    points = reports.points(arguments.points) if arguments.points is not None else None
    warn(output, notes)
    with (
        workers.client_of(arguments.scheduler) as client,
        output.bar("sweeping", "writing the file") as (progress, telling),
        collected(output) as more,
    ):
        planned = plan(
            scenario, over=dict(arguments.over) or None, sample=arguments.sample, design=arguments.design,
            rng=arguments.seed, points=points, select=arguments.select, keep=names(arguments.keep),
            method=arguments.method, edges=arguments.edges, limit=arguments.limit or None, telling=telling,
        )
        tally = reports.Tally()
        made = make(planned, arguments.jobs, client, output.path, arguments.kind, arguments.resume, progress, tally)
    notes += more
    summary = tally.told(made.plan, made.families, made.reasons)
    if output.path is not None:
        summary["output"] = output.path
    # The result has gone to the file; what it comes to is told on standard output.
    told = replace(output, path=None)
    if output.json:
        told.document(with_notes(summary, notes))
    elif not (output.quiet and output.path is not None):
        from .. import render

        told.show(render.sweep(summary))
    return UNKNOWN if summary["points"]["failed"] else DONE


@command(
    "sensitivity", "say what drives the answer, what cannot matter, and how near the next change is",
    FILE,
    option("--quantity", action="append", default=[], metavar="NAME",
           help="the answer that is asked about: P_max[EVENT] or P_min[EVENT], the greatest or least probability over "
                "the equilibria that exist; payoff_max[PLAYER] or payoff_min[PLAYER]; exists[FAMILY]; count, how many "
                "families exist (may be repeated; by default P_max and P_min of deterrence_failure and spiral, or of "
                "every event where there are none of these names)"),
    option("--over", action="append", default=[], metavar="NAME,...",
           help="let these parameters vary over their ranges, not all uncertainties (may be repeated)"),
    SETTINGS,
    option("--rows", type=whole(1), default=1024, metavar="N",
           help="the size of the sample, a power of two; more rows make narrower intervals and take longer (1024 by "
                "default)"),
    SEED,
    option("--lever", metavar="NAME", group="what else is looked for",
           help="how the values of this parameter compare, if it can be chosen, under the same uncertainties"),
    option("--box", metavar="TARGET", group="what else is looked for",
           help="limits on few parameters within which TARGET holds, such as \"P_max[spiral] >= 1/10\""),
    option("--method", type=one_of("atlas", "solve"), metavar="{atlas,solve}", group="computing",
           help="from closed forms, however long it takes to find them (atlas), or every point solved for itself, "
                "which is slow (solve); by default closed forms, and where none are found in time as many points as "
                "can be solved"),
    JOBS,
    option("--limit", type=whole(), default=10_000, metavar="N", group="computing",
           help="without --method, give up closed forms if the search for them goes through more than N profiles of "
                "supports, that is choices of what is played where (10000 by default; 0 for no limit, however long it "
                "takes)"),
    detail="It is about the uncertainties of the scenario: parameters with a range whose role is uncertainty.",
    examples=['FILE --quantity "P_max[attack]" --lever audience_cost'],
)
def sensitivity(arguments: Namespace, output: Output) -> int:
    """What drives an answer."""
    from ..api import sensitivity
    from ..workers import cores

    scenario, notes = loaded(arguments)
    with output.bar("sampling") as (progress, telling), collected() as more:
        found = sensitivity(
            scenario, arguments.quantity or None, over=names(arguments.over), rows=arguments.rows, rng=arguments.seed,
            box=arguments.box, lever=arguments.lever, method=arguments.method, limit=arguments.limit or None,
            jobs=arguments.jobs or cores(), progress=progress, telling=telling,
        )
    notes += more
    warn(output, notes)
    from .. import drivers

    output.answer(found, lambda: with_notes(found.to_dict(), notes), lambda: drivers.sensitivity(found, scenario))
    return DONE


COMMANDS: Final[tuple[Command, ...]] = (sweep, sensitivity)
