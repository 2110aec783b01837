"""Commands that take a result into public: recompute and check it, cite it, draw it, report it, explore it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

from .arguments import FILE, JOBS, SETTINGS, Command, Namespace, command, loaded, names, one_of, option, whole
from .mistakes import UsageError
from .output import DONE, REFUTED, Output, collected, warn

__all__ = ["COMMANDS"]

PICTURES: Final = ("tree", "regions", "events", "frontier", "beliefs", "ladder", "swarm", "sensitivity")


@command(
    "verify", "compute a saved result again, check its certificates, and say what differs",
    option("file", metavar="RESULT",
           help="what `-o result.json` saved, a sweep in netCDF, or a report, page or picture that a command made"),
    option("--points", metavar="CSV", help="the list of points of a sweep that was too long to be kept in its result"),
    JOBS,
    detail="The scenario that the result holds is solved anew; nothing else is read. Exit status 0: verified, or the "
           "same answer by another version; 1: another answer, or the file was changed.",
    examples=["result.json"],
)
def verify(arguments: Namespace, output: Output) -> int:
    """A saved result computed again and compared."""
    from ..publishing import verify

    with output.working("verifying") as say:
        found = verify(arguments.file, points=arguments.points, jobs=arguments.jobs, telling=say)
    if output.json or output.saves:
        output.document(found.to_dict())
    else:
        from .. import verdicts

        output.show(verdicts.verification(found))
    return DONE if found.holds else REFUTED


@command(
    "cite", "say how to cite a result, or give its numbers and tables for LaTeX",
    option("files", metavar="RESULT", nargs="+", help="what `-o result.json` saved, or a sweep in netCDF; several for "
                                                      "one bibliography"),
    option("--style", type=one_of("bibtex", "csl", "text"), metavar="{bibtex,csl,text}",
           help="BibTeX, CSL-JSON, or text (by default)"),
    option("--macros", action="store_true", group="for LaTeX, instead", help="a macro for every number"),
    option("--tables", action="store_true", group="for LaTeX, instead",
           help="tables as macros: assumptions, equilibria, families, frontier"),
    option("--prefix", metavar="WORD", group="for LaTeX, instead",
           help="what the names of macros begin with (by default the model and the command)"),
    detail="It has the software at its version, the result with its fingerprint, the sources of the scenario, the "
           "literature of the model and the theorems of the method, each with a key that stays the same.",
    examples=["result.json --style bibtex -o result.bib", "result.json --macros --tables -o result.tex"],
)
def cite(arguments: Namespace, output: Output) -> int:
    """How to cite results."""
    from ..publishing import cite

    latex = arguments.macros or arguments.tables
    if latex and arguments.style:
        raise UsageError("--style is for the bibliography, --macros and --tables are LaTeX; write them to two files")
    if arguments.prefix is not None and not latex:
        raise UsageError("--prefix is for the names of macros; add --macros or --tables")
    for file in arguments.files:
        output.spare(file, "the result")
    style = arguments.style or "text"
    text = cite(arguments.files, style, macros=arguments.macros, tables=arguments.tables, prefix=arguments.prefix)
    if output.json:
        told = json.loads(text) if style == "csl" and not latex else text
        output.document({"format": 1, "style": "latex" if latex else style, "citation": told})
    else:
        output.text(text)
    return DONE


@command(
    "explore", "make a page in which a reader moves the assumptions and sees the answer change",
    FILE, SETTINGS,
    option("--over", action="append", default=[], metavar="NAME,NAME",
           help="the parameters that move together; by default all of them where that is possible"),
    option("--limit", type=whole(1), metavar="N", group="computing",
           help="how many profiles of supports the search for closed forms over these may go through; in place of the "
                "default, which keeps it within half a minute"),
    detail="One HTML file that opens by double click and asks nothing of any network. It holds the closed forms and "
           "evaluates them in the browser, exactly at the edges.",
    examples=["FILE -o explorer.html", "FILE --over resolve,punishment -o explorer.html"],
)
def explore(arguments: Namespace, output: Output) -> int:
    """A page to move the assumptions of a scenario in."""
    from ..explorer import explorer

    scenario, notes = loaded(arguments)
    warn(output, notes)
    with output.working("making the page") as say:
        found = explorer(scenario, over=names(arguments.over), limit=arguments.limit, telling=say)
    if output.json:
        output.document({"format": 1, **found.data})
    else:
        output.text(found.html)
    return DONE


@command(
    "plot", "draw a result or a scenario: a tree, a map of regions, probabilities, a ladder",
    option("file", metavar="RESULT", help="what `-o result.json` saved, a sweep in netCDF, or a scenario"),
    option("--kind", type=one_of(*PICTURES), metavar="{" + ",".join(PICTURES) + "}",
           help="what is drawn (by default what suits the result; what another kind needs is computed)"),
    option("--x", metavar="NAME", help="the parameter across (by default that of the scenario's sweep, or what is "
                                       "uncertain)"),
    option("--y", metavar="NAME", help="the parameter upwards; for --kind events the events, separated by commas"),
    option("--equilibrium", metavar="ID", help="the equilibrium that is drawn, by id or label (by default the first)"),
    detail="An OUTPUT ends in .svg, .pdf or .png. Without one the picture is described in words.",
    examples=["result.json -o tree.svg", "FILE --kind regions --x resolve --y strike_cost -o map.pdf"],
)
def plot(arguments: Namespace, output: Output) -> int:
    """A picture of a result."""
    from ..pictures import check_ending
    from ..publishing import plot

    if output.path is not None:
        check_ending(output.path)
    with output.working("drawing"), collected(output):
        found = plot(arguments.file, arguments.kind, x=arguments.x, y=arguments.y, equilibrium=arguments.equilibrium)
        if output.path is not None:
            found.save(output.path)
    if output.json:
        told = {"format": 1, "kind": found.kind, "title": found.title, "alt": found.alt}
        replace(output, path=None).document(told)
    elif output.path is None:
        output.text(f"{found.title}\n\n{found.alt}\n\nWrite the picture to a file with -o FILE.svg, .pdf or .png.\n")
    return DONE


@command(
    "report", "write a report of a scenario: what was asked, assumed and found, and how to check it",
    FILE, SETTINGS,
    option("--over", action="append", default=[], metavar="NAME,...",
           help="the parameters over whose ranges conclusions are put to the test; the uncertainties by default"),
    option("--lever", metavar="NAME", help="the lever along which the frontier goes"),
    option("--x", metavar="NAME", help="the parameter across the map of regions"),
    option("--y", metavar="NAME", help="the parameter upwards"),
    option("--record", metavar="RECORD", help="the record that predictions are set beside; data/record.toml beside the "
                                              "scenario by default, if it is there"),
    option("--rows", type=whole(), default=1024, metavar="N", group="computing",
           help="the size of the sample, a power of two or 0 (1024 by default; fewer where every point is solved)"),
    option("--quick", action="store_true", group="computing",
           help="leave out what takes longest: commitment, statements, and where conclusions stop to hold"),
    JOBS,
    detail="An OUTPUT ends in .html, .md, .tex or .pdf (which needs pdflatex); each holds everything that it shows. "
           "Without one the report is printed as Markdown.",
    examples=["FILE -o report.html", "FILE --quick -o report.pdf"],
)
def report(arguments: Namespace, output: Output) -> int:
    """A report of a scenario."""
    from ..report import check_ending
    from ..report import report as report_of

    if output.path is not None and not output.json:
        check_ending(output.path)
    scenario, notes = loaded(arguments)
    warn(output, notes)
    with output.working("writing the report") as say:
        found = report_of(scenario, over=names(arguments.over), rows=arguments.rows, quick=arguments.quick,
                          lever=arguments.lever, x=arguments.x, y=arguments.y, record=arguments.record,
                          jobs=arguments.jobs, telling=say)
        if output.path is not None and not output.json:
            found.save(output.path)
    if output.json:
        output.document(found.to_dict())
    elif output.path is None:
        output.text(found.markdown)
    return DONE


COMMANDS: Final[tuple[Command, ...]] = (verify, cite, plot, explore, report)
