"""Commands about what can be done, and what was: the frontier of credibility and restraint, and the record."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from ..errors import ExpressionError, Problem, ProblemsError
from ..parsing import exact
from .arguments import FILE, JOBS, SEED, SETTINGS, Command, Namespace, command, loaded, names, option, whole
from .output import DONE, Output, collected, warn, with_notes

__all__ = ["COMMANDS"]

LEVEL: Final = 0.01
TEXTS: Final = (".txt", ".md", ".out", ".log")
"""Endings of files that hold the table."""


@command(
    "frontier", "set the chance that deterrence fails against the chance of a spiral, along a lever",
    FILE,
    option("--lever", metavar="NAME",
           help="the parameter that somebody can choose (by default the model's own lever, or the first of the "
                "scenario whose role is lever); it needs a range"),
    option("--leader", metavar="PLAYER",
           help="who chooses and who could bind itself (by default the leader that the model names, the US, or the "
                "first player)"),
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

    _check_ending(output, (*pictures.ENDINGS, ".json", *TEXTS))
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
        pictures.frontier(found.to_dict()).save(output.path)
        output = replace(output, path=None)
    from .. import policy

    output.answer(found, lambda: with_notes(found.to_dict(), notes), lambda: policy.frontier(found))
    return DONE


def _check_ending(output: Output, endings: Sequence[str]) -> None:
    """Refuse, before anything is computed, a file whose ending says what cannot be written."""
    ending = Path(output.path or "").suffix.lower()
    if ending and ending not in endings:
        wrong = f"{ending} cannot be written; endings are {', '.join(endings)}"
        raise ProblemsError([Problem(wrong, "--output", file=output.path or "")])


def _level(text: str) -> float:
    try:
        value = float(exact(text))
    except ExpressionError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no probability between 0 and 1")
    return value


@command(
    "confront", "set what a scenario predicts beside the documented record",
    FILE,
    option("--record", metavar="FILE", help="the record (by default data/record.toml in the folder of the scenario)"),
    option("--days", type=whole(1), metavar="N",
           help="how many days one play of the game stands for (by default what the scenario says, or 1)"),
    option("--level", type=_level, default=LEVEL, metavar="P",
           help="the record rules out what gives it a probability below this (0.01)"),
    SETTINGS,
    option("--rows", type=whole(0), default=1024, metavar="N", group="the plausible box",
           help="the size of the sample over the uncertainties (1024 by default); 0 for none"),
    SEED._replace(group="the plausible box"),
    JOBS,
    detail="It says what each equilibrium expects of every period, which equilibria and values the record rules out, "
           "and what it cannot tell apart.",
    examples=["FILE --rows 0", "FILE --days 7"],
)
def confront(arguments: Namespace, output: Output) -> int:
    """A scenario beside the record."""
    from ..api import confront

    scenario, notes = loaded(arguments)
    with output.bar("sampling") as (progress, telling), collected() as more:
        found = confront(
            scenario, arguments.record, days=arguments.days, level=arguments.level, rows=arguments.rows,
            rng=arguments.seed, jobs=arguments.jobs, progress=progress, telling=telling,
        )
    notes += more
    warn(output, notes)
    from .. import policy

    output.answer(found, lambda: with_notes(found.to_dict(), notes), lambda: policy.confrontation(found))
    return DONE


COMMANDS: Final[tuple[Command, ...]] = (frontier, confront)
