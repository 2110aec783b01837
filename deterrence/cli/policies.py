"""Commands about what can be done: the frontier of credibility and restraint."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from .arguments import FILE, JOBS, SEED, SETTINGS, Command, Namespace, command, loaded, names, option, whole
from .output import DONE, Output, collected, warn, with_notes

__all__ = ["COMMANDS"]


@command(
    "frontier", "set the chance that deterrence fails against the chance of a spiral, along a lever",
    FILE,
    option("--lever", metavar="NAME",
           help="the parameter that somebody can choose (by default the model's own lever, or the first of the "
                "scenario whose role is lever); it needs a range"),
    option("--leader", metavar="PLAYER", help="who chooses and who could bind itself (by default the first player)"),
    option("--failure", metavar="EVENT", default="deterrence_failure",
           help="the event that counts as a failure of deterrence (deterrence_failure by default)"),
    option("--spiral", metavar="EVENT", default="spiral", help="the event that counts as a spiral (spiral by default)"),
    SETTINGS,
    option("--over", action="append", default=[], metavar="NAME,...", group="bands over the uncertainties",
           help="let these parameters vary over their ranges, not all uncertainties (may be repeated)"),
    option("--rows", type=whole(0), default=512, metavar="N", group="bands over the uncertainties",
           help="the size of the sample (512 by default); 0 for no bands, which is quicker"),
    SEED._replace(group="bands over the uncertainties"),
    JOBS,
    detail="Under discretion, where every side does what pays on the day, and under commitment, where the leader binds "
           "itself beforehand. An OUTPUT that ends in .svg, .pdf or .png is a picture.",
    examples=["FILE --lever punishment", "FILE --rows 0 -o frontier.svg"],
)
def frontier(arguments: Namespace, output: Output) -> int:
    """The frontier of a scenario."""
    from .. import pictures
    from ..api import frontier

    scenario, notes = loaded(arguments)
    with output.bar("sampling") as (progress, telling), collected() as more:
        found = frontier(
            scenario, arguments.lever, leader=arguments.leader, failure=arguments.failure, spiral=arguments.spiral,
            over=names(arguments.over), rows=arguments.rows, rng=arguments.seed, jobs=arguments.jobs,
            progress=progress, telling=telling,
        )
    notes += more
    warn(output, notes)
    if output.path is not None and Path(output.path).suffix.lower() in pictures.ENDINGS:
        document = found.to_dict()
        pictures.save(pictures.frontier(document), Path(output.path), scenario.title, document["paragraph"])
        output = replace(output, path=None)
    if output.json:
        output.document(with_notes(found.to_dict(), notes))
    else:
        from .. import policy

        output.show(policy.frontier(found))
    return DONE


COMMANDS: Final[tuple[Command, ...]] = (frontier,)
