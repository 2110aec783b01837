r"""What a sweep computes, and one block of it.

The parameters that do not vary take their values first; the atlas of what is left has few families and is complete
(`atlas(scenario, over=names)` is the same atlas, with the same ids). Its closed forms are evaluated in floating point
with an error bound; a point so near to the edge of a region that the bound does not decide is decided exactly. Where
the atlas is not complete or has no closed form, every point is solved for itself.

At each point :math:`x` and for a quantity :math:`q` the *envelope* is :math:`\min_f q_f(x)` and :math:`\max_f q_f(x)`
over the families that exist there. A family in which the distribution over complete histories varies is shown by one
member, and the envelope takes in all of it.
"""

from __future__ import annotations

import hashlib
import json
import threading
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from . import __version__
from .designs import Block, Design
from .direct import DirectGame
from .errors import BranchCutWarning, DeterrenceError, ExpressionError, NotSupportedError, UnknownNameError
from .game import Game
from .kernels import Arrays, Bounds, Kept, kernel
from .lowering import lower
from .program import Program, nearest

if TYPE_CHECKING:
    from .scenario import Scenario

__all__ = [
    "MAX_REASONS", "STATUS", "Families", "Found", "Plan", "about", "compute", "families_of", "keeping", "plan_of",
]

STATUS: Final = {
    "closed_form": "the closed forms of the atlas",
    "knife_edge": "on a knife edge, decided exactly: count has the families of the knife edge too, the envelope has "
    "the generic ones",
    "knife_edge_solved": "on a knife edge, decided exactly: count and the envelope are those of what solve finds there",
    "solved": "solved for itself",
    "outside_domain": "outside the domain of the parameters: nothing is given",
    "failed": "failed: nothing is given, and the attribute failures says why",
}
CLOSED_FORM, KNIFE_EDGE, KNIFE_EDGE_SOLVED, SOLVED, OUTSIDE, FAILED = range(6)

WIDEST: Final = 2**26
SMALLEST: Final = 1_024
"""How many bytes the results of a block should not exceed, and how many points it has all the same."""
SOLVED_BLOCK: Final = 64
"""How many points a block has where each is solved, which takes a second or two."""
SOLVED_EDGES: Final = 20_000
"""In a sweep of at most so many points each one on a knife edge is solved, unless it is said otherwise."""
MAX_REASONS: Final = 1_000

@dataclass(frozen=True)
class Plan:
    """What a sweep computes, for every process that takes part in it.

    Attributes
    ----------
    design : the points.
    game : the game with the values that do not vary put in.
    program : its closed forms; None where every point is solved.
    method : ``"atlas"`` or ``"solve"``.
    edges : ``"solve"`` or ``"mark"``, for points on a knife edge.
    quantities, kept : what there is, and what of it is written.
    constants : values of parameters of the game that the design does not vary.
    select : a refinement, or empty.
    about : what a result says of itself.
    """

    design: Design
    game: Game = field(repr=False)
    program: Program | None = field(repr=False)
    method: str
    edges: str
    quantities: tuple[str, ...]
    kept: Kept
    constants: Mapping[str, Fraction] = field(default_factory=dict)
    select: str = ""
    about: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def fingerprint(self) -> str:
        """A digest of everything that the result depends on."""
        return hashlib.sha256(json.dumps(self.told, sort_keys=True).encode()).hexdigest()

    @cached_property
    def told(self) -> dict[str, Any]:
        """Everything that the result depends on, in plain words."""
        names = [self.quantities[q] for q in self.kept.values]
        return {
            **self.about,
            "design": self.design.to_dict(),
            "method": self.method,
            "edges": self.edges,
            "select": self.select,
            "keep": [
                *(["exists"] if self.kept.exists else []), *(["count"] if self.kept.count else []), *names,
                *(_end(self.quantities[q], "min") for q in self.kept.low),
                *(_end(self.quantities[q], "max") for q in self.kept.high),
            ],
        }

    @property
    def bytes_per_point(self) -> int:
        """How much a point takes in memory and, uncompressed, in a file."""
        families = len(self.program.families) if self.program else 0
        each = len(self.kept.values) * 8 + self.kept.exists
        return families * each + 8 * (len(self.kept.low) + len(self.kept.high)) + 2 * self.kept.count + 1


@dataclass
class Found:
    """The results of one block.

    Attributes
    ----------
    arrays : of the kernel.
    status : (points,) numbers of `STATUS`.
    reasons : for points that failed, by number in the whole sweep.
    solved : for points that were solved, by number: label and values of each entry.
    """

    arrays: Arrays
    status: npt.NDArray[np.uint8]
    reasons: dict[int, str] = field(default_factory=dict)
    solved: dict[int, list[tuple[str, tuple[float, ...]]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Families:
    """The ids, labels and kinds of the families of a result."""

    ids: tuple[str, ...]
    labels: tuple[str, ...]
    varies: tuple[bool, ...]


def families_of(plan: Plan, found: Sequence[Found] = ()) -> Families:
    """The families: those of the atlas, or, where every point was solved, the labels that occur."""
    if plan.program is not None:
        rows = plan.program.families
        return Families(tuple(f.id for f in rows), tuple(f.label for f in rows), tuple(f.varies for f in rows))
    labels = dict.fromkeys(label for part in found for rows in part.solved.values() for label, _ in rows)
    return Families(tuple(f"S{n + 1}" for n in range(len(labels))), tuple(labels), (False,) * len(labels))


def _end(quantity: str, which: str) -> str:
    kind, _, rest = quantity.partition("[")
    return f"{kind}_{which}[{rest}"


# One block ---------------------------------------------------------------------------------------------------------


_compiling = threading.Lock()
"""Held while a program is compiled: the first threads of a sweep need it at once, and one of them makes it for all."""


@lru_cache(maxsize=8)
def _kernel(program: Program, kept: Kept, wide: bool) -> Any:
    return kernel(program, kept, wide)


@lru_cache(maxsize=8)
def _bounds(program: Program, largest: tuple[float, ...]) -> Bounds:
    return Bounds(program, largest)


def compute(plan: Plan, block: Block, into: Arrays | None = None) -> Found:
    """Every equilibrium at the points of one block."""
    if plan.program is None:
        return _each(plan, block)
    arrays = into if into is not None else Arrays.empty(plan.program, plan.kept, len(block))
    columns = plan.design.columns(block)
    inputs = [
        columns[name] if name in columns else np.full(len(block), nearest(plan.constants[name]))
        for name in plan.program.inputs
    ]
    sizes = {name: abs(nearest(value)) for name, value in plan.constants.items()} | dict(plan.design.largest)
    bounds = _bounds(plan.program, tuple(sizes[name] for name in plan.program.inputs))
    with _compiling:
        engine = _kernel(plan.program, plan.kept, bounds.wide)
    engine.run(inputs, arrays, bounds)
    found = Found(arrays, np.zeros(len(block), dtype=np.uint8))
    _outside(plan, inputs, found, block)
    for n in np.flatnonzero(arrays.unsure):
        _settle(plan, block, int(n), found, columns)
    return found


def _outside(plan: Plan, inputs: Sequence[npt.NDArray[np.float64]], found: Found, block: Block) -> None:
    """Tell points outside the domain from points where nothing was found, which only a refinement may leave."""
    program = plan.program
    assert program is not None  # noqa: S101 - the caller has one
    empty = np.flatnonzero((found.arrays.count == 0) & ~found.arrays.unsure)
    if not len(empty):
        return
    inside = np.ones(len(empty), dtype=np.bool_)
    for k, op in program.domain:
        value = np.zeros(len(empty))
        for coefficient, exponents in program.polynomials[k]:
            term = np.full(len(empty), nearest(coefficient))
            for x, exponent in zip(inputs, exponents, strict=True):
                if exponent:
                    term *= x[empty] ** exponent
            value += term
        # Surely, for a point that is not unsure: an equation fails, and an inequality holds or fails by far.
        inside &= value != 0 if op == "!=" else value > 0 if op != "==" else False
    found.status[empty] = np.where(inside, CLOSED_FORM if plan.select else FAILED, OUTSIDE)
    if plan.select:
        return
    for n in empty[inside][:MAX_REASONS]:
        found.reasons[block.start + int(n)] = "no family of the atlas exists there"


def _settle(plan: Plan, block: Block, n: int, found: Found, columns: Mapping[str, Any]) -> None:
    """Decide one point exactly and write what holds there."""
    program, kept, arrays = plan.program, plan.kept, found.arrays
    assert program is not None  # noqa: S101 - the caller has one
    given = {**plan.constants, **plan.design.point(block.start + n, columns, n)}
    decision = program.decide([given[name] for name in program.inputs])
    if kept.exists:
        arrays.exists[:, n] = decision.exists
    arrays.count[n] = sum(decision.exists) + len(decision.edges)
    members = [row for rows in decision.values for row in rows]
    for slot, q in enumerate(kept.values):
        arrays.values[slot, :, n] = [nearest(rows[0][q]) if rows else np.nan for rows in decision.values]
    low = {q: min((row[q] for row in members), default=None) for q in kept.low}
    high = {q: max((row[q] for row in members), default=None) for q in kept.high}
    if not decision.admissible:
        found.status[n] = OUTSIDE
    elif decision.edges or decision.doubt or not decision.covered:
        found.status[n] = KNIFE_EDGE
        if plan.edges == "solve":
            try:
                entries, extremes = _entries(plan, given)
            except DeterrenceError as error:
                found.status[n] = FAILED
                found.reasons[block.start + n] = str(error)
            else:
                found.status[n] = KNIFE_EDGE_SOLVED
                arrays.count[n] = len(entries)
                for ends, choose in ((low, min), (high, max)):
                    for q in ends:
                        ends[q] = choose(row[q] for row in (*extremes, *members))
    elif not any(decision.exists) and not plan.select:
        found.status[n] = FAILED
        found.reasons[block.start + n] = "no family of the atlas exists there"
    for rows, ends in ((arrays.low, low), (arrays.high, high)):
        for slot, end in enumerate(ends.values()):
            rows[slot, n] = np.nan if end is None else float(end)


Row = tuple[Any, ...]


def _entries(plan: Plan, given: Mapping[str, Fraction]) -> tuple[list[tuple[str, Row]], list[Row]]:
    """At a point, the label and the exact quantities of every entry of `solve`; and the ends of every quantity.

    The ends are rows among which every quantity has its least and its greatest value over all equilibria; of a family
    whose distribution varies on a set with curved sides they have the member that is shown only.
    """
    from .solvers import solve
    from .solvers.ranges import ends

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BranchCutWarning)
        solution = solve(plan.game, point=dict(given), refine=plan.select or None)
    entries = [(entry.label, (*entry.events.values(), *entry.payoffs.values())) for entry in solution]
    return entries, [*(row for _, row in entries), *ends(plan.game, given, solution, plan.select or None)]


def _each(plan: Plan, block: Block) -> Found:
    """Every point of a block solved for itself."""
    points = len(block)
    kept = plan.kept
    arrays = Arrays(
        np.zeros((0, points), dtype=np.bool_), np.zeros(points, dtype=np.uint16),
        np.zeros((len(kept.values), 0, points)), np.full((len(kept.low), points), np.nan),
        np.full((len(kept.high), points), np.nan), np.zeros(points, dtype=np.bool_),
    )
    found = Found(arrays, np.full(points, SOLVED, dtype=np.uint8))
    for n in range(points):
        number = block.start + n
        given = {**plan.constants, **plan.design.point(number)}
        if plan.game.space.violations(given):
            found.status[n] = OUTSIDE
            continue
        try:
            entries, extremes = _entries(plan, given)
        except DeterrenceError as error:
            found.status[n] = FAILED
            found.reasons[number] = str(error)
            continue
        arrays.count[n] = len(entries)
        found.solved[number] = [(label, tuple(map(float, row))) for label, row in entries]
        for rows, quantities, choose in ((arrays.low, kept.low, min), (arrays.high, kept.high, max)):
            for slot, q in enumerate(quantities):
                rows[slot, n] = float(choose(row[q] for row in extremes)) if extremes else np.nan
    return found


# The whole ---------------------------------------------------------------------------------------------------------


def plan_of(
    scenario: Scenario,
    design: Design,
    *,
    select: str = "",
    keep: Sequence[str] | None = None,
    method: str | None = None,
    edges: str | None = None,
    also: Sequence[str] = (),
    limit: int | None = 100_000,
    progress: Callable[[str], None] | None = None,
) -> Plan:
    """What is to be computed.

    Parameters
    ----------
    scenario, design : the values that do not vary, and those that do.
    select : a refinement.
    keep : names of what is written; None for everything.
    method : ``"atlas"``, ``"solve"``, or None for the atlas where that will do.
    edges : ``"solve"``, ``"mark"``, or None by the size of the sweep.
    also : parameters that stay symbols although the design does not vary them.
    limit : as for `atlas`.
    progress : called with a few words while the atlas is found.

    Raises
    ------
    UnknownNameError
        for a name to keep that does not exist.
    NotSupportedError
        where the atlas is asked for and does not do.
    """
    from .solvers import atlas

    if method not in (None, "atlas", "solve"):
        raise NotSupportedError(f"there is no method {method!r} for a sweep; there are atlas and solve")
    if edges not in (None, "solve", "mark"):
        raise ExpressionError(f"edges is solve or mark, not {edges!r}")
    varied = [name for name in scenario.game.space.names if name in design.names or name in also]
    constants = {name: scenario.point[name] for name in varied if name not in design.names}
    fixed = {name: value for name, value in scenario.point.items() if name not in varied}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BranchCutWarning)
        game = scenario.game.given(fixed)
        program: Program | None = None
        notes: tuple[str, ...] = ()
        # A direct game may have no closed forms at all; what a tree does not support is a mistake of the caller.
        tried: tuple[type[NotSupportedError], ...] = (NotSupportedError,) if isinstance(game, DirectGame) else ()
        if method != "solve":
            try:
                found = atlas(game, refine=select or None, limit=limit, progress=progress)
            except tried as error:
                if method == "atlas":
                    raise
                method, notes = "solve", (f"every point is solved for itself: {error}",)
        if method != "solve":
            try:
                if not found.complete:
                    raise NotSupportedError("; ".join(found.notes) or "the atlas is not complete")
                program = lower(found, game.space.conditions)
                notes = (*found.notes, *program.notes)
            except NotSupportedError as error:
                if method == "atlas":
                    raise
                notes = (f"every point is solved for itself: {error}",)
    quantities = tuple(
        [f"P[{event}]" for event in scenario.game.events] + [f"payoff[{name}]" for name in scenario.game.players]
    )
    about = {
        "package": f"deterrence {__version__}",
        "scenario": {"title": scenario.title, "sha256": scenario.sha256,
                     "parameters": {name: str(value) for name, value in fixed.items()}},
        "notes": list(notes),
    }
    plan = Plan(
        design=design, game=game, program=program, method="solve" if program is None else "atlas",
        edges=edges or ("solve" if design.size <= SOLVED_EDGES else "mark"), quantities=quantities,
        kept=keeping(keep, quantities), constants=constants, select=select, about=about,
    )
    # Many families make wide results: a block of them is kept to some size, so that a few fit into memory.
    size = SOLVED_BLOCK if program is None else max(SMALLEST, WIDEST // plan.bytes_per_point)
    return replace(plan, design=replace(design, block=size))


def keeping(keep: Sequence[str] | None, quantities: Sequence[str]) -> Kept:
    """What of the quantities is written, by the names to keep; None for everything.

    Raises
    ------
    UnknownNameError
        for a name that does not exist.
    """
    every = tuple(range(len(quantities)))
    if keep is None:
        return Kept(True, True, every, every, every)
    low = {_end(name, "min"): n for n, name in enumerate(quantities)}
    high = {_end(name, "max"): n for n, name in enumerate(quantities)}
    plain = {name: n for n, name in enumerate(quantities)}
    groups = {kind: [n for name, n in table.items() if name.startswith(f"{kind}[")]
              for table in (plain, low, high) for kind in dict.fromkeys(name.partition("[")[0] for name in table)}
    known = ["exists", "count", "envelope", *groups, *plain, *low, *high]
    values: set[int] = set()
    lows: set[int] = set()
    highs: set[int] = set()
    for name in keep:
        if name not in known:
            raise UnknownNameError("variable of a sweep", name, known)
        if name == "envelope":
            lows.update(every)
            highs.update(every)
        target = highs if "_max" in name.partition("[")[0] else lows if "_min" in name.partition("[")[0] else values
        if name in groups:
            target.update(groups[name])
        for table in (plain, low, high):
            if name in table:
                target.add(table[name])
    return Kept("exists" in keep, "count" in keep, tuple(sorted(values)), tuple(sorted(lows)), tuple(sorted(highs)))


def about(scenario: Scenario) -> dict[str, Any]:
    """What the result of a scenario rests on."""
    from .provenance import provenance

    return {
        "sources": {key: dict(fields) for key, fields in scenario.sources.items()},
        "provenance": provenance("python-flint", "z3-solver", "numpy"),
    }
