"""The functions that take an answer further: save, verify, cite, draw, report, explore, compare, give to other tools.

>>> import deterrence as dt
>>> "format = 1" in dt.new("attrition")
True
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from .api import load

if TYPE_CHECKING:
    import os

    from .comparison import Comparison
    from .explorer import Explorer
    from .pictures import Picture
    from .report import Report
    from .scenario import Scenario
    from .verification import Verification

__all__ = ["cite", "diff", "explore", "new", "plot", "report", "save", "to_ema", "to_salib", "verify"]


def explore(
    scenario: Scenario,
    path: str | os.PathLike[str],
    *,
    over: Sequence[str] | None = None,
    limit: int | None = None,
    telling: Callable[[str], None] | None = None,
) -> Explorer:
    """Write a page in which a reader moves the assumptions of a scenario and sees the answer change.

    The page is one HTML file that needs no server and makes no request. It holds the families of equilibria within the
    ranges in closed form and evaluates them in the browser; where there are none, what `solve` finds at listed values.

    Parameters
    ----------
    scenario : its ranges say how far each parameter moves.
    path : the file, such as ``"explorer.html"``.
    over : the parameters that move together; None for all of them where that is possible.
    limit : how many profiles of supports the search for closed forms over these may go through; None for so many that
        it takes less than half a minute (with `over`, for no limit).
    telling : called now and then with a few words about how far it is.

    Raises
    ------
    UnknownNameError, ExpressionError
        for a name that is no parameter, or one whose range is a single value.
    LimitError
        where the page would be larger than a megabyte.
    ProblemsError
        where the file cannot be written.
    """
    from .explorer import explorer

    found = explorer(scenario, over=over, limit=limit, telling=telling)
    found.save(path)
    return found


def save(result: Any, path: str | os.PathLike[str]) -> str:
    """Save what a function of this package gave for a scenario, and give its fingerprint.

    The file is JSON: the document of the result, with the scenario, the options, the sources, literature and theorems
    it rests on, and a fingerprint. Whoever has it can compute it again: ``deterrence verify``. A sweep is saved in
    netCDF by its own `output`.

    Raises
    ------
    ExpressionError
        where the result does not come from a scenario.
    ProblemsError
        where the file cannot be written.
    """
    from .saved import write

    return str(write(result, path)["fingerprint"])


def verify(
    path: str | os.PathLike[str],
    *,
    points: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    telling: Callable[[str], None] | None = None,
) -> Verification:
    """Compute a saved result again, check its certificates, and compare.

    Parameters
    ----------
    path : a result in JSON, a sweep in netCDF, or a report, page or picture that a command made.
    points : the list of points of a sweep that was too long to be kept in it.
    jobs : as for `sweep`.
    telling : called now and then with a few words about how far it is.

    Raises
    ------
    ProblemsError, ScenarioError
        where the file is no saved result, or the scenario in it cannot be read.
    LimitError
        where it cannot be computed again.
    """
    from .verification import verify as verify_file

    return verify_file(path, points=points, jobs=jobs, telling=telling)


def cite(
    results: Any, style: str = "text", *, macros: bool = False, tables: bool = False, prefix: str | None = None
) -> str:
    """How to cite results: software, fingerprint, sources of the scenario, literature, theorems, each with a key.

    Parameters
    ----------
    results : what a function of this package gave for a scenario, the path of a saved result, or a list of these.
    style : ``"text"``, ``"bibtex"`` or ``"csl"`` (CSL-JSON).
    macros : give LaTeX macros for every number of the results instead.
    tables : give LaTeX tables as macros instead, or as well.
    prefix : what the names of macros begin with; None for the model and the command, as ``SignallingSolve``.

    Raises
    ------
    ExpressionError
        for an unknown style, a prefix that is no word, or a result that does not come from a scenario.
    ProblemsError
        where a file is no saved result.
    """
    from .citation import cite as cite_results

    return cite_results(results, style, macros=macros, tables=tables, prefix=prefix)


def plot(
    result: Any, kind: str | None = None, *, x: str | None = None, y: str | None = None, equilibrium: str | None = None,
) -> Picture:
    """A picture of a result, of a scenario or of a game, as SVG, PDF or PNG, with a description in words.

    Parameters
    ----------
    result : what a function of this package gave for a scenario, a scenario or a game; or the path of a saved result or
        a scenario.
    kind : ``"tree"``, ``"regions"``, ``"events"``, ``"frontier"``, ``"beliefs"``, ``"ladder"``, ``"swarm"`` or
        ``"sensitivity"``; None for that of the result. What another kind needs is computed.
    x, y : parameters along the axes, each with a range in the scenario; None for those of its sweep, or a lever and
        what is uncertain. For ``"events"`` y names events, separated by commas.
    equilibrium : the id or the label of the equilibrium that is drawn; None for the first.

    Returns
    -------
    A picture: ``save(path)`` writes it, ``svg()``, ``pdf()`` and ``png()`` give it, ``alt`` describes it.

    Raises
    ------
    UnknownNameError, ExpressionError
        where a name does not exist, a parameter has no range, or the kind has no such choice.
    NotSupportedError, LimitError
        where there is nothing of this kind to draw; the message says why.
    ProblemsError, ScenarioError
        where a file is no result and no scenario.
    """
    from .plotting import plot as draw

    return draw(result, kind, x=x, y=y, equilibrium=equilibrium)


def report(
    scenario: Scenario,
    path: str | os.PathLike[str] | None = None,
    *,
    over: Sequence[str] | None = None,
    rows: int = 1024,
    quick: bool = False,
    lever: str | None = None,
    x: str | None = None,
    y: str | None = None,
    record: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    telling: Callable[[str], None] | None = None,
) -> Report:
    """One document of a scenario: question, assumptions, game, equilibria, robustness, frontier, and how to check it.

    Parameters
    ----------
    scenario : the scenario.
    path : a file that ends in ``.html``, ``.md``, ``.tex`` or ``.pdf`` (where pdfLaTeX is there); None for none.
    over : the parameters over whose ranges conclusions are put to the test; None for the uncertainties.
    rows : the size of the sample of these, 0 or a power of two; fewer where every point is solved for itself.
    quick : leave out what takes longest: commitment, statements, and where conclusions stop to hold.
    lever : as for `frontier`.
    x, y : the parameters of the map of regions, as for `plot`.
    record : as for `confront`; None for that beside the scenario, if there is one.
    jobs, telling : as for `sweep`.

    Returns
    -------
    The report: ``html``, ``markdown``, ``latex``, ``pdf()``, and ``save(path)``.

    Raises
    ------
    UnknownNameError, ExpressionError
        for a name that does not exist, a number that does not do, or a file that is none of these.
    NotSupportedError, LimitError
        where the scenario cannot be solved, or a PDF cannot be made.
    ProblemsError
        where the file cannot be written.
    """
    from .report import check_ending
    from .report import report as report_of

    if path is not None:
        check_ending(path)
    found = report_of(scenario, over=over, rows=rows, quick=quick, lever=lever, x=x, y=y, record=record, jobs=jobs,
                      telling=telling)
    if path is not None:
        found.save(path)
    return found


def new(model: str) -> str:
    """The text of a commented scenario to fill in, for a built-in game, or for one of one's own (``"game"``).

    Raises
    ------
    UnknownNameError
        where there is no such game.
    """
    from .templates import template

    return template(model)


def diff(
    first: Scenario | str | os.PathLike[str],
    second: Scenario | str | os.PathLike[str],
    *,
    telling: Callable[[str], None] | None = None,
) -> Comparison:
    """What differs between two scenarios, and what that does to the answer.

    Parameters
    ----------
    first, second : scenarios, their files, or saved results that hold them.
    telling : called now and then with a few words about how far it is.

    Raises
    ------
    ScenarioError, ProblemsError
        where a file cannot be read.
    LimitError
        where one of the two cannot be solved.
    """
    from .comparison import compare
    from .saved import SUFFIXES, read
    from .scenario import Scenario

    def scenario(one: Scenario | str | os.PathLike[str]) -> Scenario:
        if isinstance(one, Scenario):
            return one
        return read(one).scenario if str(one).lower().endswith((".json", ".nc", *SUFFIXES)) else load(one)

    return compare(scenario(first), scenario(second), telling)


def to_salib(scenario: Scenario, *, over: Sequence[str] | None = None) -> dict[str, Any]:
    """The problem of SALib for a scenario: ``num_vars``, ``names``, ``bounds`` and ``dists``.

    Raises
    ------
    UnknownNameError, ExpressionError
        where a parameter does not exist or has no range, or none has one.
    """
    from .adapters import to_salib as problem

    return problem(scenario, over)


def to_ema(scenario: Scenario) -> dict[str, Any]:
    """What a model of the EMA Workbench is made of, as plain data and a function.

    Returns
    -------
    ``uncertainties`` and ``levers``, each with ``name``, ``lower_bound`` and ``upper_bound``; ``constants`` with
    ``name`` and ``value``; ``outcomes``, names such as ``"P_max_attack"``; and ``function``, which takes values by name
    and gives the outcomes by name. See docs/sensitivity.md for the few lines that make a model of them.
    """
    from .adapters import to_ema as pieces

    return pieces(scenario)
