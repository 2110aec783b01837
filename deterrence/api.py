"""The functions that the package offers under its own name; each only calls the room where the work is done.

>>> import deterrence as dt
>>> dt.solve.__module__
'deterrence.api'
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    import os

    import numpy as np
    import xarray as xr

    from .atlas import Atlas
    from .confront import Confrontation
    from .discovery import Discovery
    from .equilibrium import Solution
    from .frontier import Frontier
    from .game import Game
    from .propositions import Proof
    from .record import Record
    from .robust import Robust
    from .scenario import Scenario
    from .sensitivity import Sensitivity

__all__ = [
    "atlas", "confront", "discover", "frontier", "load", "loads", "prove", "robust", "sensitivity", "solve", "sweep",
]


P = ParamSpec("P")
T = TypeVar("T")


def _kept(function: Callable[P, T]) -> Callable[P, T]:
    """A function of a scenario whose results remember where they come from, so that they can be saved."""

    @functools.wraps(function)
    def remembering(*args: P.args, **kwargs: P.kwargs) -> T:
        found = function(*args, **kwargs)
        _remember(function, found, args, kwargs)
        return found

    return remembering


def _remember(function: Callable[..., Any], found: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    import inspect

    from . import origin
    from .record import Record
    from .scenario import Scenario

    signature = inspect.signature(function)
    given = signature.bind(*args, **kwargs).arguments
    scenario = given.pop(next(iter(signature.parameters)))
    if not isinstance(scenario, Scenario):
        return
    if given.get("point"):
        scenario = scenario.with_values(given["point"])
    texts: dict[str, str] = {}
    options = {
        name: value for name, value in given.items()
        if name not in origin.LEFT_OUT and (hasattr(value, "tolist") or value != signature.parameters[name].default)
    }
    read = getattr(found, "record", None)
    if isinstance(read, Record):
        texts = {f"record/{name}": text for name, text in read.texts.items()}
        options["record"] = next(iter(texts), "")
    origin.remember(found, origin.Origin(function.__name__, scenario, options, texts))


def load(path: str | os.PathLike[str]) -> Scenario:
    """A scenario from its file; a value that comes from another scenario is found.

    Raises
    ------
    ScenarioError, GameError
        with every mistake of the file, each with its line and key.
    """
    from .links import load as load_file

    return load_file(path)


def loads(text: str) -> Scenario:
    """A scenario from the text of a file; errors as for `load`."""
    from .scenario import loads as load_text

    return load_text(text)


@_kept
def solve(
    scenario: Scenario | Game,
    *,
    concept: str = "pbe",
    method: str | None = None,
    refine: str | None = None,
    beliefs: Sequence[str] = (),
    point: Mapping[str, object] | None = None,
) -> Solution:
    """Every equilibrium at one point, each with its certificate.

    Parameters
    ----------
    scenario : a scenario, or a game (then every parameter needs a value in `point`).
    concept : ``"pbe"``, ``"sequential"`` or ``"nash"``.
    method : the name of an algorithm; None for the one that suits.
    refine : ``"intuitive"`` or ``"d1"`` (signalling games), or None.
    beliefs : stated beliefs, such as ``"after strike: resolved, strike = 1"``, asked for where Bayes' rule leaves them
        open.
    point : values by parameter name, over those of the scenario.

    Raises
    ------
    ExpressionError
        where a value is missing or outside its domain.
    NotSupportedError
        where the method does not cover the game or concept.
    LimitError
        where a limit on computing was reached; its `partial` holds what was completed.
    """
    from .solvers import solve as solve_game

    return solve_game(scenario, concept=concept, method=method, refine=refine, beliefs=beliefs, point=point)


@_kept
def atlas(
    game: Game | Scenario,
    *,
    refine: str | None = None,
    over: Sequence[str] | None = None,
    limit: int | None = 100_000,
    progress: Callable[[str], None] | None = None,
) -> Atlas:
    """Every family of perfect Bayesian equilibria in closed form, with the exact region where each exists.

    Parameters
    ----------
    game : a game or a scenario (whose values are not used, save with `over`).
    refine : ``"intuitive"`` or ``"d1"`` (signalling games) to keep the families that pass, or None.
    over : of a scenario, the parameters that stay symbols; the others take their values. None for all of them.
    limit : in a large game, how many profiles of supports the search may go through; beyond it knife edges are left
        out and the atlas is not claimed to be complete. None for no limit, however long it takes.
    progress : called now and then with a few words about how far the search is.

    Raises
    ------
    NotSupportedError
        where the refinement does not cover the game.
    ExpressionError
        where the values of the others violate a condition by themselves.
    Interrupted
        a KeyboardInterrupt, where families were found by then; ``partial`` is the atlas of these.
    """
    from .solvers import atlas as atlas_of

    return atlas_of(game, refine=refine, over=over, limit=limit, progress=progress)


def prove(atlas: Atlas, statement: str, *, progress: Callable[[str], None] | None = None) -> Proof:
    """Whether a statement holds of every family of an atlas: proved, refuted with a witness, or unknown.

    Parameters
    ----------
    atlas : every family of a game.
    statement : in the language of docs/statements.md.
    progress : called now and then with a few words about how far the proof is.

    Raises
    ------
    StatementError
        where the statement cannot be parsed, or names what the atlas does not have.
    """
    from . import origin
    from .propositions import prove as prove_statement

    found = prove_statement(atlas, statement, progress=progress)
    if origin.known(atlas):
        made = origin.of(atlas)
        options = {"statement": statement, **({"atlas": made.options} if made.options else {})}
        origin.remember(found, origin.Origin("prove", made.scenario, options))
    return found


def sweep(
    scenario: Scenario | Sequence[Scenario],
    *,
    over: Mapping[str, Any] | None = None,
    sample: int | None = None,
    design: str = "latin",
    rng: int | np.random.Generator = 0,
    points: Any = None,
    select: str | None = None,
    keep: Sequence[str] | None = None,
    method: str | None = None,
    edges: str | None = None,
    limit: int | None = 100_000,
    jobs: int | None = None,
    client: Any = None,
    output: str | os.PathLike[str] | None = None,
    kind: str | None = None,
    resume: bool = False,
    progress: Callable[[int, int], None] | None = None,
    telling: Callable[[str], None] | None = None,
) -> xr.Dataset | None:
    """Every equilibrium at many points.

    Parameters
    ----------
    scenario : gives the values that do not vary; or several scenarios of one game, for a dimension ``scenario``.
    over : axes of a grid; for each parameter ``(from, to, points)``, ends included, or a list of values. Without any of
        `over`, `sample` and `points`, those of the scenario's ``[sweep]``.
    sample : how many rows to draw over the uncertainties of the scenario, from their ranges and distributions, for
        each point of the grid if there is one.
    design : how they are drawn: ``"latin"`` (hypercube), ``"sobol"`` or ``"random"``.
    rng : the seed of the sample, or a generator that gives one.
    points : rows to take as they are: a pandas table, a mapping from names to values, or a list of mappings. Floats
        stand for the numbers that are written for them.
    select : a refinement, ``"intuitive"`` or ``"d1"``, that families have to pass.
    keep : names of what is computed, or of groups: ``"exists"``, ``"count"``, ``"P[attack]"``, ``"P"``,
        ``"P_max[spiral]"``, ``"P_max"``, ``"payoff"``, ``"payoff_min"``, ``"envelope"``; None for everything.
    method : ``"atlas"`` for closed forms, ``"solve"`` for every point by itself, None for the atlas where it will do.
    edges : ``"solve"`` to solve points that lie on a knife edge, where further equilibria exist, ``"mark"`` to mark
        them in `status` only; None to solve them in sweeps of at most 20,000 points.
    limit : as for `atlas`.
    jobs : workers on this machine; None for as many as there are cores (one where Python itself solves each point).
    client : a Dask client, or the address of a scheduler, to run the sweep on its cluster.
    output : a file for the result, which may then be larger than memory; kind says its format, ``"netcdf"``,
        ``"zarr"``, ``"parquet"`` or ``"csv"``, if its name does not.
    resume : whether to go on with what an interrupted sweep left beside `output`; a warning says where that is nothing,
        or where some of it is damaged and computed again.
    progress : called now and then with the points that are done and the points in all; where a long sweep has been
        computed and is then written to netCDF, a second time from 0 on.
    telling : called with a few words while the atlas is found.

    Returns
    -------
    A dataset with a dimension for each axis, ``sample`` for rows, and ``family``: `exists`, ``P[event]`` and
    ``payoff[player]`` for each family (NaN where it does not exist), `count`, the least and the greatest value over the
    families that exist (``P_min[event]``, ...), and `status`, how each point was decided. The families are those of
    ``atlas(scenario, over=...)``. Nothing for parquet and csv.

    Raises
    ------
    UnknownNameError, ExpressionError
        where a parameter or a variable does not exist, or an axis is none.
    LimitError
        where the result is too large for memory, or the disk is full (what was completed is kept).
    ProblemsError
        where the file cannot be written, or what is there is not what is to be resumed.
    """
    from .sweep import sweep as sweep_over

    return sweep_over(
        scenario, over=over, sample=sample, design=design, rng=rng, points=points, select=select, keep=keep,
        method=method, edges=edges, limit=limit, jobs=jobs, client=client, output=output, kind=kind, resume=resume,
        progress=progress, telling=telling,
    )


@_kept
def sensitivity(
    scenario: Scenario,
    quantities: Sequence[str] | None = None,
    *,
    over: Sequence[str] | None = None,
    rows: int = 1024,
    rng: int = 0,
    confidence: float = 0.95,
    box: str | None = None,
    lever: str | None = None,
    method: str | None = None,
    limit: int | None = 10_000,
    boundaries: bool = True,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    telling: Callable[[str], None] | None = None,
) -> Sensitivity:
    """What drives an answer: Sobol' indices over what is uncertain, and what is proved beside them.

    Parameters
    ----------
    scenario : its ranges and distributions say what is plausible.
    quantities : names such as ``"P_max[attack]"``, ``"payoff_min[US]"``, ``"exists[F3]"`` (or a label), ``"count"``;
        None for the worst and the best case of ``deterrence_failure`` and ``spiral``, or else of every event.
    over : the parameters that vary, each with a range; None for the uncertainties.
    rows : a power of two; the quantities are evaluated at ``rows * (parameters + 2)`` points.
    rng : the seed.
    confidence : of the intervals.
    box : a target for which a box of parameters is looked for too, as by `discover`.
    lever : a parameter whose values are compared too, as by `robust`, by the first of the quantities.
    method : ``"atlas"`` for closed forms however long it takes to find them, ``"solve"`` for every point by itself,
        None for closed forms within bounds, and where there are none for as many points as can be solved.
    limit : how many profiles of supports the search for closed forms may go through, if these are not asked for; None
        for no limit.
    boundaries : whether the nearest boundary in each parameter is found too.
    jobs, progress, telling : as for `sweep`.

    Closed forms are those of the families that exist within the ranges; their ids count these alone.

    Raises
    ------
    UnknownNameError, ExpressionError
        where a parameter or quantity does not exist, no parameter has a range, a number is none that does (all of this
        before anything is computed), or points of the sample lie outside the domain.
    LimitError, NotSupportedError
        where points cannot be solved, or closed forms are asked for and there are none.
    """
    from .sensitivity import sensitivity as sensitivity_of

    return sensitivity_of(
        scenario, quantities, over=over, rows=rows, rng=rng, confidence=confidence, box=box, lever=lever,
        method=method, limit=limit, boundaries=boundaries, jobs=jobs, progress=progress, telling=telling,
    )


@_kept
def robust(
    scenario: Scenario,
    lever: str,
    quantity: str | None = None,
    *,
    values: Sequence[object] | None = None,
    over: Sequence[str] | None = None,
    rows: int = 1024,
    rng: int = 0,
    minimise: bool | None = None,
    threshold: object = None,
    method: str | None = None,
    limit: int | None = 10_000,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    telling: Callable[[str], None] | None = None,
) -> Robust:
    """The worst case, the regret and the share of good enough cases for each value of a lever, side by side.

    Parameters
    ----------
    scenario : its ranges and distributions say what is plausible.
    lever : the parameter that is chosen.
    quantity : as for `sensitivity`; None for the greatest probability of ``deterrence_failure``, or of the first event.
    values : of the lever; None for the middles of ten equal parts of its range and the scenario's own.
    over : the parameters that vary; None for the uncertainties.
    rows, rng : of the sample (a scrambled Sobol' sequence).
    minimise : whether the quantity is to be kept low; None for high where it is a payoff, else low.
    threshold : what is good enough; None for 1/2 of a probability, else the quantity at the scenario's own values.
    method, limit, jobs, progress, telling : as for `sensitivity`.

    Raises
    ------
    UnknownNameError, ExpressionError, LimitError
        as for `sensitivity`.
    """
    from .robust import robust as robust_choice

    return robust_choice(
        scenario, lever, quantity, values=values, over=over, rows=rows, rng=rng, minimise=minimise,
        threshold=threshold, method=method, limit=limit, jobs=jobs, progress=progress, telling=telling,
    )


@_kept
def discover(
    scenario: Scenario,
    target: str,
    *,
    over: Sequence[str] | None = None,
    rows: int = 16_384,
    rng: int = 0,
    restricted: int = 3,
    method: str | None = None,
    limit: int | None = 10_000,
    jobs: int | None = None,
    telling: Callable[[str], None] | None = None,
) -> Discovery:
    """A readable box of parameters in which something holds, with its coverage and density.

    Parameters
    ----------
    scenario : its ranges and distributions say what is plausible.
    target : ``"exists[F3]"`` (or a label), or a quantity compared with a number, such as ``"P_max[spiral] >= 1/10"``.
    over : the parameters that vary; None for the uncertainties.
    rows, rng : of the sample (a scrambled Sobol' sequence).
    restricted : how many parameters the box may restrict.
    method, limit, jobs, telling : as for `sensitivity`.

    Raises
    ------
    ExpressionError
        where the target is none, or holds at no point of the sample.
    UnknownNameError, LimitError
        as for `sensitivity`.
    """
    from .discovery import discover as discover_box

    return discover_box(
        scenario, target, over=over, rows=rows, rng=rng, restricted=restricted, method=method, limit=limit, jobs=jobs,
        telling=telling,
    )


@_kept
def confront(
    scenario: Scenario,
    record: Record | str | os.PathLike[str] | None = None,
    *,
    days: int | None = None,
    level: float = 0.01,
    rows: int = 1024,
    rng: int = 0,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    telling: Callable[[str], None] | None = None,
) -> Confrontation:
    """What a scenario predicts beside the documented record.

    Parameters
    ----------
    scenario : the scenario.
    record : the record or its file; None for ``data/record.toml`` in the folder of the scenario.
    days : how many days one play of the game stands for; None for what the scenario says, or one.
    level : the record rules out what gives it a probability below this.
    rows : the size of the sample over the uncertainties; 0 for none.
    rng : its seed.
    jobs, progress, telling : as for `sensitivity`.

    Raises
    ------
    ScenarioError
        with every mistake of the record.
    ExpressionError
        where there is no record, or a number is outside its bounds.
    """
    from pathlib import Path

    from .confront import confront as set_beside
    from .record import Record

    place = record if record is None or isinstance(record, Record) else Path(record)
    return set_beside(
        scenario, place, days=days, level=level, rows=rows, rng=rng, jobs=jobs, progress=progress, telling=telling,
    )


@_kept
def frontier(
    scenario: Scenario,
    lever: str | None = None,
    *,
    leader: str | None = None,
    failure: str = "deterrence_failure",
    spiral: str = "spiral",
    over: Sequence[str] | None = None,
    rows: int = 512,
    rng: int = 0,
    commitment: bool = True,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    telling: Callable[[str], None] | None = None,
) -> Frontier:
    """The chance that deterrence fails against the chance of a spiral, along a lever and under commitment.

    Parameters
    ----------
    scenario : the scenario.
    lever : a parameter with a range; None for the model's own, or the first whose role is lever.
    leader : who chooses, and who could bind itself; None for the US, or the first player of a game without it.
    failure, spiral : the two events.
    over : the parameters over which bands are drawn, each with a range; None for the uncertainties.
    rows : the size of the sample for bands; 0 for none.
    rng : its seed.
    commitment : whether the leader's best commitment is looked for.
    jobs, progress, telling : as for `sensitivity`.

    Raises
    ------
    UnknownNameError, ExpressionError
        where a name does not exist, or the lever has no range.
    """
    from .frontier import frontier as find_frontier

    return find_frontier(
        scenario, lever, leader=leader, failure=failure, spiral=spiral, over=over, rows=rows, rng=rng,
        commitment=commitment, jobs=jobs, progress=progress, telling=telling,
    )
