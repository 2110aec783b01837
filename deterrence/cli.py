"""The command line: verbs, options and exit statuses over the functions of `api`; no logic of its own.

Exit status: 0 done or proved; 1 refuted; 2 bad input; 3 unknown, a limit was reached, or an internal error;
130 interrupted; 141 the reader of the output has gone.

>>> main(["games", "--json", "-o", os.devnull])
0
"""

from __future__ import annotations

import argparse
import io
import json
import os
import stat
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NoReturn

from . import __version__
from .errors import (
    DeterrenceError,
    DeterrenceWarning,
    ExpressionError,
    LimitError,
    Problem,
    ProblemsError,
    UnknownNameError,
    nearest,
)

if TYPE_CHECKING:
    from rich.console import RenderableType

    from .scenario import Scenario

__all__ = ["main"]

DONE: Final = 0
REFUTED: Final = 1
BAD_INPUT: Final = 2
UNKNOWN: Final = 3
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141

INTERVAL: Final = 0.2  # seconds between two words about progress
DEFAULT_LIMIT: Final = 100_000

ISSUES: Final = "the scenario file and the command"


class UsageError(DeterrenceError, ValueError):
    """The command line itself is wrong."""

    def __init__(self, message: str, suggestion: str | None = None, usage: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion
        self.usage = usage


class _Parser(argparse.ArgumentParser):
    """Reports a mistake as an exception, and takes no abbreviated options."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, usage=self.format_usage().strip())


def _one_of(*choices: str) -> Callable[[str], str]:
    """A converter that takes one of these words and names the nearest one otherwise."""

    def convert(text: str) -> str:
        if text in choices:
            return text
        near = nearest(text, choices)
        hint = f"; did you mean {near!r}?" if near else ""
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(choices)}{hint}")

    return convert


def _setting(text: str) -> tuple[str, Fraction]:
    """``name=value`` with an exact number."""
    from .expressions import exact

    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not name=value, such as resolve=3/5")
    try:
        return name.strip(), exact(value)
    except ExpressionError as error:
        raise argparse.ArgumentTypeError(f"{name.strip()}: {error}") from error


def build_parser() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """The parser of the whole command line, and that of each command."""
    parser = _Parser(
        prog="deterrence",
        description="Every equilibrium of games of deterrence and restraint, each with a certificate.",
        epilog="Exit status: 0 done or proved, 1 refuted, 2 bad input, 3 unknown or a limit was reached.",
    )
    parser.add_argument("--version", action="version", version=f"deterrence {__version__}")
    shared = _Parser(add_help=False)
    shared.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    shared.add_argument("-o", "--output", metavar="FILE", help="write the result to FILE instead")
    shared.add_argument("--quiet", action="store_true", help="print no warnings, no progress and no advice")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    parsers: dict[str, argparse.ArgumentParser] = {}

    def command(name: str, summary: str, detail: str = "") -> argparse.ArgumentParser:
        text = f"{summary[0].upper()}{summary[1:]}. {detail}".strip()
        parsers[name] = commands.add_parser(name, help=summary, description=text, parents=[shared])
        return parsers[name]

    games = command("games", "list the built-in games, or document one")
    games.add_argument("name", nargs="?", metavar="NAME", help="a built-in game")
    check = command("check", "validate a scenario", "Prints `ok`, or every mistake with its line.")
    check.add_argument("file", metavar="FILE", help="a scenario")
    command("schema", "print the JSON Schema of scenario files, for editors")
    solve = command("solve", "find every equilibrium at the values of a scenario")
    solve.add_argument("file", metavar="FILE", help="a scenario")
    solve.add_argument("--concept", type=_one_of("pbe", "sequential", "nash"), default="pbe",
                       metavar="{pbe,sequential,nash}", help="the solution concept (pbe by default)")
    _add_refine(solve)
    solve.add_argument("--belief", action="append", default=[], metavar='"SET: HISTORY = 1"',
                       help="keep the equilibria that can hold this belief (may be repeated)")
    solve.add_argument("--method", metavar="NAME", help="the algorithm; by default the one that suits")
    solve.add_argument("--set", action="append", default=[], type=_setting, metavar="NAME=VALUE", dest="settings",
                       help="put another value in the place of the scenario's (may be repeated)")
    atlas = command("atlas", "find every family of equilibria in closed form, with its region")
    atlas.add_argument("file", metavar="FILE", help="a scenario; its values are not used, save with --over")
    atlas.add_argument("--over", action="append", default=[], metavar="NAME,...",
                       help="keep only these parameters as symbols, the others take their values (may be repeated)")
    _add_refine(atlas)
    _add_limit(atlas)
    atlas.add_argument("--generic", action="store_true", help="leave out the families that exist on a knife edge only")
    atlas.add_argument("--latex", action="store_true", help="print a LaTeX table")
    prove = command("prove", "decide a statement about the atlas of a scenario",
                    "The statement is proved, refuted with exact values at which it fails, or unknown with the reason.")
    prove.add_argument("file", metavar="FILE", help="a scenario; its values are not used")
    _add_limit(prove)
    prove.add_argument("statement", metavar="STATEMENT", help='such as "P[attack] decreases in resolve"')
    _add_sweep(command("sweep", "find every equilibrium over a grid, a sample or a list of points",
                       "Without --over, --sample and --points, over the [sweep] of the scenario."))
    _add_sensitivity(command(
        "sensitivity", "say what drives the answer, what cannot matter, and how near the next change is",
        "Over the ranges that the scenario gives its uncertainties.",
    ))
    return parser, parsers


def _add_sensitivity(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a scenario")
    parser.add_argument("--quantity", action="append", default=[], metavar="NAME",
                        help="what is asked about, such as P_max[spiral], payoff_min[US], exists[F1] or count (may be "
                             "repeated; by default attack and spiral, at worst and at best)")
    parser.add_argument("--over", action="append", default=[], metavar="NAME,...",
                        help="parameters that vary over their ranges (may be repeated; by default the uncertainties)")
    parser.add_argument("--rows", type=_whole, default=1024, metavar="N",
                        help="rows of the sample, a power of two (1024 by default)")
    parser.add_argument("--seed", type=_whole, default=0, metavar="S", help="the seed of the sample (0 by default)")
    parser.add_argument("--set", action="append", default=[], type=_setting, metavar="NAME=VALUE", dest="settings",
                        help="put another value in the place of the scenario's (may be repeated)")
    parser.add_argument("--lever", metavar="NAME", help="compare the values of this parameter under uncertainty too")
    parser.add_argument("--box", metavar="TARGET",
                        help="find a box of parameters in which this holds too, such as \"P_max[spiral] >= 1/10\"")
    parser.add_argument("--method", type=_one_of("atlas", "solve"), metavar="{atlas,solve}",
                        help="closed forms however long it takes, or every point by itself (by default closed forms "
                             "within bounds)")
    parser.add_argument("--jobs", type=_whole, metavar="N", help="workers on this machine (one for each core)")
    _add_limit(parser)


def _add_sweep(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a scenario")
    parser.add_argument("--over", action="append", default=[], type=_axis, metavar="NAME=FROM:TO:POINTS",
                        help="an axis of a grid, both ends included, or NAME=VALUE,VALUE,... (may be repeated)")
    parser.add_argument("--sample", type=_whole, metavar="N",
                        help="draw N rows over the uncertainties of the scenario, from their ranges")
    parser.add_argument("--design", type=_one_of("latin", "sobol", "random"), default="latin",
                        metavar="{latin,sobol,random}", help="how the sample is drawn (latin hypercube by default)")
    parser.add_argument("--seed", type=_whole, default=0, metavar="S", help="the seed of the sample (0 by default)")
    parser.add_argument("--points", metavar="CSV", help="take the rows of a CSV file with a column for each parameter")
    parser.add_argument("--set", action="append", default=[], type=_setting, metavar="NAME=VALUE", dest="settings",
                        help="put another value in the place of the scenario's (may be repeated)")
    parser.add_argument("--select", type=_one_of("intuitive", "d1"), metavar="{intuitive,d1}",
                        help="keep the families that pass a refinement (signalling games)")
    parser.add_argument("--keep", action="append", default=[], metavar="NAME,...",
                        help="compute only these variables or groups: exists, count, P, payoff, envelope, P_max, "
                             "P[attack], ... (may be repeated)")
    parser.add_argument("--method", type=_one_of("atlas", "solve"), metavar="{atlas,solve}",
                        help="closed forms, or every point by itself (by default closed forms where they will do)")
    parser.add_argument("--edges", type=_one_of("solve", "mark"), metavar="{solve,mark}",
                        help="solve points on a knife edge for themselves, or only mark them (by default they are "
                             "solved in sweeps of at most 20000 points)")
    parser.add_argument("--format", type=_one_of("netcdf", "zarr", "parquet", "csv"), dest="kind",
                        metavar="{netcdf,zarr,parquet,csv}", help="the format of the output, if its name does not say")
    parser.add_argument("--resume", action="store_true", help="go on with what an interrupted sweep left beside FILE")
    parser.add_argument("--jobs", type=_whole, metavar="N", help="workers on this machine (one for each core)")
    parser.add_argument("--scheduler", metavar="URL", help="run on the Dask cluster of this scheduler")
    _add_limit(parser)


def _axis(text: str) -> tuple[str, Any]:
    """``name=from:to:points`` or ``name=value,value,...`` with exact numbers."""
    from .expressions import exact

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


def _add_refine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--refine", type=_one_of("intuitive", "d1"), metavar="{intuitive,d1}",
                        help="keep the equilibria that pass a refinement (signalling games)")


def _add_limit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--limit", type=_whole, default=DEFAULT_LIMIT, metavar="N",
                        help="in a large game, leave out knife edges if the search goes through more than N "
                             f"profiles of supports ({DEFAULT_LIMIT} by default; 0 for none, however long it takes)")


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is no whole number from 0 on")
    return int(text)


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments; UsageError with the nearest name where a command or an option does not exist."""
    parser, parsers = build_parser()
    first = next((word for word in argv if not word.startswith("-")), None)
    before = argv[: argv.index(first)] if first is not None else ()
    if first is not None and not {"-h", "--help", "--version"}.intersection(before):
        if first not in parsers:
            near = nearest(first, parsers)
            raise UsageError(f"there is no command {first[:60]!r} (there are: {', '.join(parsers)})", near)
        argv = [first, *before, *argv[len(before) + 1 :]]
    arguments, rest = parser.parse_known_args(argv)
    if arguments.command is None:
        raise UsageError(f"a command is needed: {', '.join(parsers)}", usage=parser.format_usage().strip())
    if rest:
        known = parsers[arguments.command]
        usage = known.format_usage().strip()
        if not rest[0].startswith("-"):
            raise UsageError(f"{rest[0]!r} is one argument too many", usage=usage)
        options = [option for action in known._actions for option in action.option_strings]
        name = rest[0].partition("=")[0]
        raise UsageError(f"{arguments.command} has no option {name!r}", nearest(name, options), usage)
    if getattr(arguments, "latex", False) and arguments.json:
        raise UsageError("--latex and --json exclude each other; the JSON holds every formula as LaTeX too")
    return arguments


# Where results go --------------------------------------------------------------------------------------------------


@dataclass
class _Output:
    """Where a command writes: standard output or a file, as text or as JSON, with warnings collected on the way."""

    json: bool = False
    path: str | None = None
    quiet: bool = False
    source: str | None = None

    def prepare(self) -> None:
        """Refuse a place that cannot be written, before anything is computed."""
        if self.path is None:
            return
        target = os.path.realpath(self.path)
        wrong = None
        if self.source is not None and all(map(os.path.exists, (target, self.source))):
            wrong = "the result would overwrite the scenario" if os.path.samefile(target, self.source) else None
        if os.path.isdir(target):
            wrong = "this is a directory"
        elif not os.path.isdir(os.path.dirname(target)):
            wrong = "its directory does not exist"
        if wrong:
            raise ProblemsError([Problem(f"{wrong}; name another file", "--output", file=self.path)])

    def document(self, document: Mapping[str, Any]) -> None:
        """One JSON document."""
        self.text(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n")

    def show(self, renderable: RenderableType) -> None:
        """Something to read."""
        from . import render

        if self.path is None and sys.stdout.isatty():
            render.console().print(renderable, crop=False)
        else:
            self.text(render.to_text(renderable))

    def text(self, text: str) -> None:
        """A text as it is."""
        if self.path is None:
            sys.stdout.write(text)
            return
        target = os.path.realpath(self.path)
        if os.path.exists(target) and not stat.S_ISREG(os.stat(target).st_mode):
            with open(target, "w", encoding="utf-8") as stream:
                stream.write(text)
            return
        # Written beside the target and moved into its place, so that no reader ever sees half a result.
        temporary = f"{target}.{os.getpid()}.tmp"
        try:
            with open(temporary, "x", encoding="utf-8") as stream:
                stream.write(text)
            os.replace(temporary, target)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(temporary)

    @contextmanager
    def bar(self, what: str) -> Iterator[tuple[Callable[[int, int], None] | None, Callable[[str], None] | None]]:
        """A bar with rate and time left on a terminal; what comes before it is said in words."""
        if self.quiet or not sys.stderr.isatty():
            yield None, None
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("points"),
                   TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
            task = shown.add_task(f"{what}: finding the families", total=None, rate="")
            started = time.monotonic()

            def progress(done: int, total: int) -> None:
                nonlocal started
                if done == 0:
                    started = time.monotonic()
                rate = done / max(time.monotonic() - started, 1e-9)
                shown.update(task, description=what, completed=done, total=total, rate=f"{rate:,.0f}/s")

            def telling(words: str) -> None:
                shown.update(task, description=f"{what}: finding the families ({words})")

            yield progress, telling

    @contextmanager
    def working(self, what: str) -> Iterator[Callable[[str], None]]:
        """Say on a terminal what takes time, and how far it is, and wipe it out afterwards."""
        if self.quiet or not sys.stderr.isatty():
            yield lambda words: None
            return
        started = said = time.monotonic()

        def say(words: str) -> None:
            nonlocal said
            now = time.monotonic()
            if now - said >= INTERVAL:
                said = now
                sys.stderr.write(f"\r\033[K{what}: {words}, {now - started:.0f} s")
                sys.stderr.flush()

        sys.stderr.write(f"{what} ...")
        sys.stderr.flush()
        try:
            yield say
        finally:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


@contextmanager
def _collected() -> Iterator[list[str]]:
    """The warnings of a block as sentences, each once."""
    found: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DeterrenceWarning)
        try:
            yield found
        finally:
            found.extend(dict.fromkeys(str(warning.message) for warning in caught))


def _warn(output: _Output, notes: Sequence[str]) -> None:
    if not output.quiet and not output.json:
        for note in notes:
            sys.stderr.write(f"warning: {note}\n")


def _with_notes(document: dict[str, Any], notes: Sequence[str]) -> dict[str, Any]:
    if notes:
        document["notes"] = list(dict.fromkeys([*document.get("notes", ()), *notes]))
    return document


# Commands ----------------------------------------------------------------------------------------------------------


def _games(arguments: argparse.Namespace, output: _Output) -> int:
    from . import models

    if arguments.name is not None:
        document = models.get(arguments.name).to_dict()
    else:
        listed = [models.get(name).to_dict() for name in models.names()]
        keys = ("name", "title", "question", "summary")
        document = {"format": 1, "games": [{key: game[key] for key in keys} for game in listed]}
    if output.json:
        output.document(document)
    else:
        from . import render

        output.show(render.game(document) if arguments.name else render.games(document))
    return DONE


def _load(arguments: argparse.Namespace) -> tuple[Scenario, list[str]]:
    from .api import load

    with _collected() as notes:
        scenario = load(arguments.file)
    return scenario, notes


def _check(arguments: argparse.Namespace, output: _Output) -> int:
    from . import render

    scenario, notes = _load(arguments)
    notes += scenario.notes
    _warn(output, notes)
    counts = render.bases(scenario)
    if output.json:
        document = {"format": 1, "ok": True, "title": scenario.title, "parameters": sum(counts.values()),
                    "basis": counts}
        output.document(_with_notes(document, notes))
    elif output.path is None and sys.stdout.isatty() and not output.quiet:
        output.text(f"ok\n{render.rests_on(counts)}\n")
    else:
        output.text("ok\n")
    return DONE


def _schema(arguments: argparse.Namespace, output: _Output) -> int:
    from .schema import schema

    output.document(schema())
    return DONE


def _solve(arguments: argparse.Namespace, output: _Output) -> int:
    from .api import solve

    scenario, notes = _load(arguments)
    if arguments.settings:
        scenario = scenario.with_values(dict(arguments.settings))
    with output.working("finding every equilibrium"), _collected() as more:
        solution = solve(scenario, concept=arguments.concept, method=arguments.method, refine=arguments.refine,
                         beliefs=tuple(arguments.belief))
    notes += more
    _warn(output, notes)
    # Under nash a method that cannot claim completeness is no limit that was reached: the result says what it claims.
    status = DONE if solution.complete or solution.concept == "nash" else UNKNOWN
    if output.json:
        output.document(_unfinished(_with_notes(solution.to_dict(), notes), status, arguments.file))
        return status
    from . import render

    changes = None if output.quiet or arguments.concept != "pbe" else _changes(scenario, output)
    output.show(render.solution(solution, scenario, changes))
    return status


def _unfinished(document: dict[str, Any], status: int, file: str) -> dict[str, Any]:
    """What was completed, with the limit among the errors where one was reached."""
    if status == UNKNOWN:
        message = "; ".join(document.get("notes", ())) or "that nothing else exists could not be proved"
        document["errors"] = [_error(Problem(message, file=file))]
    return document


def _changes(scenario: Scenario, output: _Output) -> Sequence[Any] | None:
    """What would have to change for another equilibrium to appear; None where a limit stands in the way."""
    from .solvers import thresholds

    with output.working("looking for what would have to change"), _collected() as notes:
        try:
            found = thresholds(scenario)
        except LimitError:
            found = None
    _warn(output, notes)
    return found


def _names(texts: Sequence[str]) -> list[str] | None:
    """The names of options that take several, separated by commas; None where there are none."""
    return [name.strip() for text in texts for name in text.split(",")] or None


def _atlas(arguments: argparse.Namespace, output: _Output) -> int:
    from .api import atlas

    scenario, notes = _load(arguments)
    with output.working("finding every family of equilibria") as say, _collected() as more:
        found = atlas(scenario, refine=arguments.refine, over=_names(arguments.over), limit=arguments.limit or None,
                      progress=say)
    notes += more
    _warn(output, notes)
    status = DONE if found.complete else UNKNOWN
    if output.json:
        left_out = len(found) - found.generic
        if arguments.generic and left_out:
            found = replace(found, families=found.families[: found.generic])
            notes.append(f"{left_out} families on a knife edge are left out (--generic)")
        with output.working("writing the families") as say:
            for n, _ in enumerate(found.families):
                say(f"{n + 1} of {len(found)}")
            document = found.to_dict()
        output.document(_unfinished(_with_notes(document, notes), status, arguments.file))
        return status
    from . import render

    if arguments.latex:
        output.text(render.atlas_latex(found, generic_only=arguments.generic))
    else:
        with output.working("writing the generic families") as say:
            for n, _ in enumerate(islice(found.families, found.generic)):
                say(f"{n + 1} of {found.generic}")
        output.show(render.atlas(found, generic_only=arguments.generic))
    return status


def _prove(arguments: argparse.Namespace, output: _Output) -> int:
    from .api import atlas, prove

    scenario, notes = _load(arguments)
    with output.working("finding every family of equilibria") as say, _collected() as more:
        found = atlas(scenario, limit=arguments.limit or None, progress=say)
    with output.working("deciding the statement") as say, _collected() as others:
        proof = prove(found, arguments.statement, progress=say)
    more += others
    notes += more
    _warn(output, notes)
    status = {"proved": DONE, "refuted": REFUTED}.get(proof.status, UNKNOWN)
    if output.json:
        document = _with_notes(proof.to_dict(), notes)
        if status == UNKNOWN:
            document["errors"] = [_error(Problem(proof.reason, file=arguments.file))]
        output.document(document)
    else:
        from . import render

        output.show(render.proof(proof))
    return status


def _sweep(arguments: argparse.Namespace, output: _Output) -> int:
    from . import reports, workers
    from .sweep import make, plan

    scenario, notes = _load(arguments)
    if arguments.settings:
        scenario = scenario.with_values(dict(arguments.settings))
    axes = [name for name, _ in arguments.over]
    if len(set(axes)) < len(axes):
        raise UsageError("--over names a parameter twice")
    if arguments.resume and output.path is None:
        raise UsageError("--resume goes on with the file of an interrupted sweep: name it with -o")
    points = reports.points(arguments.points) if arguments.points else None
    client = workers.connect(arguments.scheduler) if arguments.scheduler else None
    keep = _names(arguments.keep)
    with output.bar("sweeping") as (progress, telling), _collected() as more:
        planned = plan(
            scenario, over=dict(arguments.over) or None, sample=arguments.sample, design=arguments.design,
            rng=arguments.seed, points=points, select=arguments.select, keep=keep, method=arguments.method,
            edges=arguments.edges, limit=arguments.limit or None, telling=telling,
        )
        tally = reports.Tally()
        made = make(planned, arguments.jobs or None, client, output.path, arguments.kind, arguments.resume, progress,
                    tally)
    notes += more
    _warn(output, notes)
    summary = tally.told(made.plan, made.families, made.reasons)
    path, output.path = output.path, None
    if path is not None:
        summary["output"] = path
    if output.json:
        output.document(_with_notes(summary, notes))
    elif not (output.quiet and path is not None):
        from . import render

        output.show(render.sweep(summary))
    return UNKNOWN if summary["points"]["failed"] else DONE


def _sensitivity(arguments: argparse.Namespace, output: _Output) -> int:
    from .api import discover, robust, sensitivity

    scenario, notes = _load(arguments)
    if arguments.settings:
        scenario = scenario.with_values(dict(arguments.settings))
    shared: dict[str, Any] = {
        "over": [name.strip() for text in arguments.over for name in text.split(",")] or None,
        "rng": arguments.seed, "method": arguments.method,
        "limit": arguments.limit or None, "jobs": arguments.jobs or None,
    }
    asked = arguments.quantity or None
    with output.bar("sampling") as (progress, telling), _collected() as more:
        found = sensitivity(scenario, asked, rows=arguments.rows, progress=progress, telling=telling, **shared)
        box = discover(scenario, arguments.box, telling=telling, **shared) if arguments.box else None
        choice = None
        if arguments.lever:
            choice = robust(scenario, arguments.lever, asked[0] if asked else None, rows=arguments.rows,
                            progress=progress, telling=telling, **shared)
    notes += more
    _warn(output, notes)
    if output.json:
        document = found.to_dict()
        for key, part in (("box", box), ("robust", choice)):
            if part is not None:
                document[key] = {k: v for k, v in part.to_dict().items() if k not in ("format", "scenario")}
        output.document(_with_notes(document, notes))
    else:
        from . import drivers

        output.show(drivers.sensitivity(found, scenario, box, choice))
    return DONE


_COMMANDS: Final[Mapping[str, Callable[[argparse.Namespace, _Output], int]]] = {
    "games": _games,
    "check": _check,
    "schema": _schema,
    "solve": _solve,
    "atlas": _atlas,
    "prove": _prove,
    "sweep": _sweep,
    "sensitivity": _sensitivity,
}


# Mistakes and exit statuses ----------------------------------------------------------------------------------------


def _error(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.file or None,
        "line": problem.line,
        "key": problem.key,
        "message": problem.message,
        "suggestion": problem.suggestion,
    }


def _problems(error: Exception, file: str) -> list[Problem]:
    """An error as problems with their place."""
    if isinstance(error, ProblemsError):
        problems = [problem if problem.file else problem.at(file=file) for problem in error.problems]
        return [
            p if p.suggestion or p.line or p.key == "--output" else replace(p, suggestion=_nearest_file(p.file))
            for p in problems
        ]
    if isinstance(error, UsageError):
        return [Problem(error.message, suggestion=error.suggestion)]
    if isinstance(error, OSError):
        name = str(error.filename or file)
        return [Problem(error.strerror or str(error), file=name, suggestion=_nearest_file(name))]
    return [Problem(getattr(error, "message", str(error)), file=file, suggestion=getattr(error, "suggestion", None))]


def _nearest_file(path: str) -> str | None:
    """The file of the same directory whose name is nearest, where this one does not exist."""
    folder, name = os.path.split(path)
    if not name or os.path.lexists(path) or not os.path.isdir(folder or "."):
        return None
    # An ending that many files share makes no name near.
    stems = {os.path.splitext(other)[0]: other for other in sorted(os.listdir(folder or "."))}
    near = nearest(os.path.splitext(name)[0], list(stems))
    return os.path.join(folder, stems[near]) if near else None


def _fail(error: Exception, output: _Output, status: int) -> int:
    """Report an error, on standard output as JSON or else on standard error, and give its status."""
    problems = _problems(error, output.source or "")
    partial = getattr(error, "partial", None)
    if output.json:
        document: dict[str, Any] = {"format": 1, "errors": [_error(problem) for problem in problems]}
        if partial is not None and hasattr(partial, "to_dict"):
            document["partial"] = partial.to_dict()
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        return status
    for problem in problems:
        # The sentence of an UnknownNameError holds its suggestion already.
        shown = replace(problem, suggestion=None) if isinstance(error, UnknownNameError) else problem
        prefix = "" if shown.file else "deterrence: "
        sys.stderr.write(f"{prefix}{_printable(str(shown))}\n")
    if isinstance(error, UsageError) and error.usage:
        sys.stderr.write(f"{error.usage}\n")
    if partial is not None:
        sys.stderr.write(f"What was completed: {partial!r}\n")
    return status


def _printable(text: str) -> str:
    """Without the control characters that a file may hold."""
    return "".join(char if char.isprintable() else " " if char.isspace() else "?" for char in text)


def _run(argv: Sequence[str], output: _Output) -> int:
    try:
        arguments = _parse(argv)
        output.json, output.path, output.quiet = arguments.json, arguments.output, arguments.quiet
        output.source = getattr(arguments, "file", None)
        output.prepare()
        return _COMMANDS[arguments.command](arguments, output)
    except LimitError as error:
        return _fail(error, output, UNKNOWN)
    except BrokenPipeError:
        raise
    except (DeterrenceError, OSError) as error:
        return _fail(error, output, BAD_INPUT)
    except (MemoryError, RecursionError):
        return _fail(LimitError("the memory or the stack of this machine does not suffice"), output, UNKNOWN)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status.

    Parameters
    ----------
    argv : the words after the program's name; by default those of the process.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    output = _Output(json="--json" in words)
    if isinstance(sys.stdout, io.TextIOWrapper):
        if output.json:
            sys.stdout.reconfigure(encoding="utf-8")
        else:
            sys.stdout.reconfigure(errors="replace")
    try:
        status = _run(words, output)
        sys.stdout.flush()
    except SystemExit as stop:  # argparse leaves this way after --help and --version
        return stop.code if isinstance(stop.code, int) else BAD_INPUT
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return INTERRUPTED
    except BrokenPipeError:
        # What is still buffered would fail again when the interpreter closes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception as error:  # the last place where an exception can become one line and not a traceback
        if os.environ.get("DETERRENCE_DEBUG") == "1":
            raise
        message = f"internal error: {type(error).__name__}: {str(error)[:300]}; please report it with {ISSUES}"
        return _fail(LimitError(message + " (DETERRENCE_DEBUG=1 shows where)"), output, UNKNOWN)
    return status
