r"""Quantities that exist at every admissible point, evaluated at rows of the parameters that are uncertain.

A *quantity* is the least or the greatest value of :math:`P[e]` or of a player's payoff over the equilibria that coexist
at a point (``"P_max[attack]"``), whether a family exists there (``"exists[F3]"``, or its label), or how many do
(``"count"``). The *box* :math:`B` is what a scenario holds plausible: the product of the ranges of its uncertainties.

Closed forms are found for the points of :math:`B` alone, and of the families those that are generic there: whose region
within :math:`B` has interior. What exists on a knife edge only, a set of volume zero, is left out.

A value that is missing is an error here and never a number: what comes after takes averages.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from .designs import Axis, Design, Sample, spread, uncertain
from .direct import DirectGame
from .errors import BranchCutWarning, ExpressionError, LimitError, NotSupportedError, UnknownNameError
from .expressions import Condition, Expression, Ring, exact
from .lowering import lower
from .plans import FAILED, KNIFE_EDGE, OUTSIDE, SOLVED_BLOCK, Plan, families_of, keeping
from .solvers import sampled
from .sweep import in_memory
from .sweep import plan as plan_sweep
from .wording import joined
from .workers import Progress

if TYPE_CHECKING:
    import xarray as xr

    from .game import Game
    from .parameters import Assumption
    from .program import Program, Terms
    from .scenario import Scenario

__all__ = ["PROFILES", "SOLVED", "Study", "along", "checked", "defaults", "drawn", "meaning", "study"]

PROFILES: Final = 10_000
"""Profiles of supports after which the search for closed forms is given up unless it is said otherwise."""
SOLVED: Final = 1_024
"""Points that are solved one by one without being asked for."""
LOOKED_AT: Final = 256
"""Points at which it is looked whether the ranges lie in the domain, before anything takes time."""

Floats = npt.NDArray[np.float64]
Spread = tuple[str, float, float, float]


@dataclass(frozen=True)
class Study:
    """A scenario with what is uncertain in it, and its equilibria ready to be evaluated.

    Attributes
    ----------
    scenario : the scenario.
    drawn : the assumptions on the parameters that vary.
    plan : of a sweep over them; its design is replaced for each evaluation.
    asked : whether solving every point was asked for.
    """

    scenario: Scenario
    drawn: tuple[Assumption, ...]
    plan: Plan = field(repr=False)
    asked: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that vary."""
        return tuple(assumption.name for assumption in self.drawn)

    @property
    def spreads(self) -> tuple[Spread, ...]:
        """For each its distribution, least and greatest value, and mode."""
        return tuple(map(spread, self.drawn))

    @property
    def program(self) -> Program | None:
        """The closed forms; None where every point is solved."""
        return self.plan.program

    @property
    def why(self) -> str:
        """Why there are no closed forms; empty where there are, or where solving was asked for."""
        return "" if self.program is not None or self.asked else "; ".join(self.plan.about["notes"])

    def fitting(self, rows: int, each: int, limit: int | None = None) -> int:
        """How many rows of so many points are evaluated: those asked for, or a power of two that can be solved."""
        if self.program is None and not self.asked:
            while rows > 2 and rows * each > (SOLVED if limit is None else limit):
                rows = 2 ** ((rows - 1).bit_length() - 1)
        return rows

    def told(self, asked: int, rows: int) -> tuple[str, ...]:
        """What is to be known of an evaluation at so many rows where so many were asked for."""
        if self.program is not None:
            return ()
        found = (self.why,) if self.why else ()
        if rows < asked:
            found = (*found, f"every point is solved for itself, which is slow: {rows} rows instead of {asked}, and "
                             "estimates that are rough; to solve them all, ask for it (method solve), or let fewer "
                             "parameters vary (over)")
        return found

    def known(self, quantity: str) -> str:
        """The quantity of that name; an existence by the id of its family.

        Raises
        ------
        UnknownNameError
            where there is none, with the nearest.
        NotSupportedError
            for an existence where there are no closed forms.
        """
        name = checked(self.scenario, quantity)
        if not name.startswith("exists["):
            return name
        if self.program is None:
            raise NotSupportedError(f"{name}: which families there are is known with closed forms only{self._because}")
        labels = families_of(self.plan)
        by_name = {f"exists[{text}]": f"exists[{key}]" for key, label in zip(labels.ids, labels.labels, strict=True)
                   for text in (key, label)}
        if name in by_name:
            return by_name[name]
        raise UnknownNameError("family within these ranges", name, by_name)

    @property
    def _because(self) -> str:
        return f", and there are none ({self.why})" if self.why else ""

    def label(self, quantity: str) -> str:
        """What a quantity is, in words."""
        kind, _, rest = quantity.rstrip("]").partition("[")
        if kind != "exists":
            return meaning(quantity)
        labels = families_of(self.plan)
        return f"whether {rest} exists: {labels.labels[labels.ids.index(rest)]}"

    def at(
        self, columns: Mapping[str, Floats], quantities: Sequence[str], jobs: int | None = None,
        progress: Progress | None = None,
    ) -> dict[str, Floats]:
        """The quantities at rows of values.

        Raises
        ------
        ExpressionError
            where a row has no value: it lies outside the domain of the parameters.
        LimitError
            where a row could not be solved or lies on a knife edge, or so many would have to be solved one by one.
        """
        data = self.over((), columns, quantities, jobs, progress)
        found = {}
        for name in quantities:
            kind, _, rest = name.rstrip("]").partition("[")
            row = data["exists"].sel(family=rest) if kind == "exists" else data[name]
            found[name] = np.asarray(row.values, dtype=np.float64)
            if np.isnan(found[name]).any():
                raise LimitError(f"{name} has no value at some points, where equilibria exist on knife edges alone")
        return found

    def over(
        self, axes: tuple[Axis, ...], columns: Mapping[str, Floats], quantities: Sequence[str],
        jobs: int | None = None, progress: Progress | None = None,
    ) -> xr.Dataset:
        """The dataset of a sweep over axes and rows, errors as for `at`."""
        table = tuple(np.asarray(values, dtype=np.float64) for values in columns.values())
        self._refuse_beyond(columns)
        design = Design(axes, Sample(tuple(columns), len(table[0]), "list", table=table))
        if self.program is None:
            # Small blocks, so that progress is told of and all processes have work to the end.
            design = replace(design, block=max(1, min(SOLVED_BLOCK, design.size // 16)))
        if self.program is None and design.size > SOLVED and not self.asked:
            raise LimitError(
                f"{self.why or 'there are no closed forms'}, and {design.size} points would have to be solved one by "
                "one; let fewer parameters vary (over), draw fewer rows, or ask for it (method solve)"
            )
        keep = sorted({"exists" if name.startswith("exists[") else name for name in quantities} | {"count"})
        planned = replace(self.plan, design=design, kept=keeping(keep, self.plan.quantities), edges="mark")
        made = in_memory(planned, jobs, progress=progress)
        assert made.data is not None  # noqa: S101 - it was made in memory
        _refuse_missing(self.scenario, np.asarray(made.data["status"].values), made.reasons)
        return made.data

    def _refuse_beyond(self, columns: Mapping[str, Floats]) -> None:
        """Raise for values outside the ranges: the closed forms are those of what exists within them.

        Raises
        ------
        ExpressionError
            for the first parameter of which there are any.
        """
        for name, (_, low, high, _) in zip(self.names, self.spreads, strict=True):
            values = columns[name]
            if self.program is not None and len(values) and not (low <= values.min() and values.max() <= high):
                raise ExpressionError(f"{name}: values from {low:g} to {high:g} are held plausible, and others are "
                                      "given")

    def draw(self, rows: int, seed: int) -> dict[str, Floats]:
        """Rows of a scrambled Sobol' sequence, carried to the distributions."""
        sample = Sample(self.names, rows, "sobol", seed, self.spreads)
        return dict(zip(self.names, sample.columns(0, rows), strict=True))

    # In symbols ---------------------------------------------------------------------------------------------------

    @cached_property
    def ring(self) -> Ring:
        """The polynomials over the parameters that vary."""
        return Ring(self.names if self.program is None else self.program.inputs)

    @cached_property
    def polynomials(self) -> tuple[Expression, ...]:
        """Those of the program."""
        return tuple(map(self._expression, self.program.polynomials)) if self.program else ()

    def _expression(self, terms: Terms) -> Expression:
        total = self.ring.number(0)
        for coefficient, exponents in terms:
            term = self.ring.number(coefficient)
            for name, exponent in zip(self.ring.names, exponents, strict=True):
                if exponent:
                    term = term * self.ring.symbol(name) ** exponent
            total = total + term
        return total

    def condition(self, number: int, op: str) -> Condition:
        """A sign of the program as a condition."""
        return Condition(self.ring, self.polynomials[number].num, op)

    @cached_property
    def box(self) -> tuple[Condition, ...]:
        """What the points of the box satisfy: the ranges, and the domain."""
        found = []
        for assumption in self.drawn:
            assert assumption.range is not None  # noqa: S101 - those without are not drawn
            value = self.ring.symbol(assumption.name)
            found.append(Condition.compare(value, ">=", self.ring.number(assumption.range[0])))
            found.append(Condition.compare(value, "<=", self.ring.number(assumption.range[1])))
        domain = self.program.domain if self.program else ()
        return (*found, *(self.condition(k, op) for k, op in domain))


def _refuse_missing(scenario: Scenario, status: npt.NDArray[Any], reasons: Mapping[int, str]) -> None:
    """Raise where a point has no value.

    Raises
    ------
    ExpressionError
        where points lie outside the domain.
    LimitError
        where points failed.
    """
    outside, failed = int(np.count_nonzero(status == OUTSIDE)), int(np.count_nonzero(status == FAILED))
    if outside:
        raise _outside(outside, status.size, map(str, scenario.game.space.conditions))
    if failed:
        number, reason = min(reasons.items(), default=(0, "unknown"))
        raise LimitError(
            f"{failed} of {status.size} points have no value, as they could not be solved (point {number}: {reason})"
        )


def study(
    scenario: Scenario, over: Sequence[str] | None = None, *, also: Mapping[str, Any] | None = None,
    method: str | None = None, limit: int | None = PROFILES, telling: Callable[[str], None] | None = None,
) -> Study:
    """A scenario ready to be evaluated over its uncertainties.

    Parameters
    ----------
    scenario : the scenario.
    over : the parameters that vary, each with a range; None for the uncertainties.
    also : axes of further parameters that stay symbols, as for `deterrence.sweep`.
    method : ``"atlas"``, ``"solve"``, or None: closed forms, and points one by one where there are none within bounds.
    limit : how many profiles of supports the search for closed forms may go through, if these are not asked for; None
        for no limit.
    telling : as for `deterrence.sweep`.

    Raises
    ------
    UnknownNameError, ExpressionError
        where a parameter does not exist or has no range, or none has one.
    LimitError, NotSupportedError
        where closed forms are asked for, and there are none.
    """
    varied = drawn(scenario, over, tuple(also or ()))
    row = {assumption.name: [assumption.value] for assumption in varied}
    if isinstance(scenario.game, DirectGame):
        if over is None and method is None and not sampled(scenario.game):
            raise LimitError(f"each point would be solved for itself, and some of {scenario.game.name} take up to a "
                             "minute; name few parameters that vary (over), and draw few rows, such as 8")
        # A model that is no tree has closed forms of its own, or none.
        planned = plan_sweep(scenario, over=also, points=row, method=method, limit=limit, telling=telling)
        return Study(scenario, varied, planned, method == "solve")
    planned = plan_sweep(scenario, over=also, points=row, method="solve")
    _refuse_outside(planned.game, varied)
    if method not in (None, "atlas", "solve"):
        raise NotSupportedError(f"there is no method {method!r} here; there are atlas and solve")
    if method == "solve":
        return Study(scenario, varied, planned, asked=True)
    ends = {a.name: a.range for a in varied if a.range}
    ends |= {axis.name: (min(axis.listed), max(axis.listed)) for axis in planned.design.axes if axis.listed}
    ends |= {axis.name: (axis.start, axis.stop) for axis in planned.design.axes if not axis.listed}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", BranchCutWarning)
            program = _closed(planned.game, ends, None if method == "atlas" else limit, telling)
    except (LimitError, NotSupportedError) as error:
        if method is not None:
            raise
        about = {**planned.about, "notes": [f"no closed forms over {joined([*ends])}: {error}"]}
        return Study(scenario, varied, replace(planned, about=about))
    return Study(scenario, varied, replace(planned, program=program, method="atlas"))


def _refuse_outside(game: Game, varied: Sequence[Assumption]) -> None:
    """Raise where some of the box is not admissible, before anything takes time.

    Raises
    ------
    ExpressionError
        with the conditions that are violated at points of a sample.
    """
    names = tuple(assumption.name for assumption in varied)
    conditions = [c for c in game.space.conditions if c.free and c.free <= set(names)]
    violated: dict[str, None] = {}
    outside = 0
    sample = Sample(names, LOOKED_AT, "sobol", 0, tuple(map(spread, varied)))
    for row in zip(*sample.columns(0, LOOKED_AT), strict=True):
        point = {name: exact(float(value)) for name, value in zip(names, row, strict=True)}
        wrong = [str(c) for c in conditions if not c.holds(point)]
        violated.update(dict.fromkeys(wrong))
        outside += bool(wrong)
    if outside:
        raise _outside(outside, LOOKED_AT, violated)


def _outside(outside: int, size: int, conditions: Iterable[str]) -> ExpressionError:
    return ExpressionError(
        f"{outside} of {size} points have no value, as they lie outside the domain of the parameters "
        f"({', '.join(conditions)}); narrow the ranges so that every point of the box is admissible"
    )


def _closed(
    game: Game, ends: Mapping[str, tuple[Fraction, Fraction]], limit: int | None, telling: Callable[[str], None] | None
) -> Program:
    """The closed forms of the families that are generic within these ranges.

    Raises
    ------
    LimitError, NotSupportedError
        where there are none within the limit.
    """
    from .solvers.symbolic import generic_of

    ring = game.space.ring
    inside: list[Condition] = []
    for name, (low, high) in ends.items():
        # Floats that stand for an end may lie a little beyond it.
        least, greatest = min(low, exact(float(low))), max(high, exact(float(high)))
        value = ring.symbol(name)
        inside += [Condition.compare(value, ">=", ring.number(least)),
                   Condition.compare(value, "<=", ring.number(greatest))]
    found = generic_of(replace(game, space=game.space.with_conditions(inside)), limit, telling)
    program = lower(found, game.space.conditions)
    # Where a sign in a region changes there may be equilibria on a knife edge.
    turns = {k: None for family in program.families for part in family.region for k, _ in part}
    return replace(program, edges=tuple((f"equation {k}", (((k, "=="),),), False) for k in turns))


def defaults(scenario: Scenario) -> tuple[str, ...]:
    """The worst and the best case of the two events that every model names, else of every event."""
    events = scenario.game.events
    named = [event for event in ("deterrence_failure", "spiral") if event in events] or list(events)
    return tuple(f"P_{end}[{event}]" for event in named for end in ("max", "min"))


def meaning(quantity: str) -> str:
    """What the least or the greatest value of something is, or a count, in words."""
    if quantity == "count":
        return "how many families of equilibria exist"
    kind, _, rest = quantity.rstrip("]").partition("[")
    end = "greatest" if kind.endswith("_max") else "least"
    what = f"probability of {rest}" if kind.startswith("P") else f"payoff of {rest}"
    return f"{end} {what} over the equilibria that coexist"


def checked(scenario: Scenario, quantity: str) -> str:
    """The name of a quantity, if there is one of that name; whether a family exists is not known beforehand.

    Raises
    ------
    UnknownNameError
        where there is none, with the nearest.
    """
    name = quantity.strip()
    named = (("P", scenario.game.events), ("payoff", scenario.game.players))
    plain = [f"{kind}_{end}[{rest}]" for kind, names in named for rest in names for end in ("min", "max")]
    if name in (*plain, "count") or (name.startswith("exists[") and name.endswith("]") and len(name) > 8):
        return name
    raise UnknownNameError("quantity", quantity, [*plain, "count", "exists[FAMILY]"])


def drawn(scenario: Scenario, over: Sequence[str] | None = None, taken: Sequence[str] = ()) -> tuple[Assumption, ...]:
    """The parameters that vary: those named, or the uncertainties, without those taken.

    Raises
    ------
    UnknownNameError, ExpressionError
        where one does not exist or has no range, or none is left.
    """
    if over is None:
        found = tuple(uncertain(scenario, set(taken)))
        if not found:
            raise ExpressionError("no parameter has a range: give the uncertainties of the scenario ranges")
        return found
    by_name = {assumption.name: assumption for assumption in scenario.assumptions}
    found = ()
    for name in dict.fromkeys(over):
        if name not in by_name:
            raise UnknownNameError("parameter", name, list(by_name))
        low, high = by_name[name].range or (0, 0)
        if low >= high:
            raise ExpressionError(f"{name} has no range in the scenario: give it one, such as range = [0, 1]")
        if name not in taken:
            found = (*found, by_name[name])
    if not found:
        raise ExpressionError("no parameter is left that varies")
    return found


# Along a parameter that is chosen -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Along:
    """A quantity at the same rows for each of several values of a parameter.

    Attributes
    ----------
    names : the parameters that vary.
    values : of the quantity, an array of (values of the parameter, rows).
    edges : how many points lie where the sign of a condition of some family changes.
    notes : what is to be known.
    """

    names: tuple[str, ...]
    values: Floats
    edges: int
    notes: tuple[str, ...] = ()


def along(
    scenario: Scenario, lever: str, listed: Sequence[Fraction], quantity: str, over: Sequence[str] | None, rows: int,
    seed: int, *, method: str | None = None, limit: int | None = PROFILES, jobs: int | None = None,
    progress: Progress | None = None, telling: Callable[[str], None] | None = None,
) -> Along:
    """A quantity at drawn rows, for each value of a lever; parameters and errors as for `study`.

    At values of the lever at which a condition of some family turns, the lever takes its value before closed forms are
    looked for: what is a knife edge elsewhere is not one there.
    """
    ready = study(scenario, over, also={lever: list(listed)}, method=method, limit=limit, telling=telling)
    axis, quantity = Axis(lever, listed=tuple(listed)), ready.known(quantity)
    fewer = ready.fitting(rows, len(listed))
    columns = ready.draw(fewer, seed)
    data = ready.over((axis,), columns, [quantity], jobs, progress)
    found, edges = np.array(data[quantity].values, dtype=np.float64), _on_edges(data)
    for n in map(int, np.flatnonzero(edges.any(axis=1))):
        here = scenario.with_values({lever: listed[n]})
        own = study(here, ready.names, method=method, limit=limit, telling=telling)
        if own.program is not None:
            data = own.over((), columns, [quantity], jobs, progress)
            found[n], edges[n] = data[quantity].values, _on_edges(data)
    if np.isnan(found).any():
        raise LimitError(f"at some values of {lever} equilibria exist on knife edges alone, without closed forms")
    return Along(ready.names, found, int(np.count_nonzero(edges)), ready.told(rows, fewer))


def _on_edges(data: xr.Dataset) -> npt.NDArray[np.bool_]:
    return np.asarray(data["status"].values == KNIFE_EDGE, dtype=np.bool_)
