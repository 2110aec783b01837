r"""Quantities that exist at every admissible point, evaluated at rows of the parameters that are uncertain.

A *quantity* is the least or the greatest value of :math:`P[e]` or of a player's payoff over the equilibria that coexist
at a point (``"P_max[attack]"``), whether a family exists there (``"exists[F3]"``, or its label), or how many do
(``"count"``). The *box* is what a scenario holds plausible: the product of the ranges of its uncertainties.

A value that is missing is an error here and never a number: what comes after takes averages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from .designs import Axis, Design, Sample, spread, uncertain
from .errors import ExpressionError, LimitError, UnknownNameError
from .expressions import Condition, Expression, Ring
from .plans import FAILED, OUTSIDE, Plan, families_of, keeping
from .sweep import in_memory
from .sweep import plan as plan_sweep
from .workers import Progress

if TYPE_CHECKING:
    import xarray as xr

    from .parameters import Assumption
    from .program import Program, Terms
    from .scenario import Scenario

__all__ = ["FAMILIES", "FREE", "PROFILES", "SOLVED", "Study", "drawn", "study"]

FREE: Final = 8
FAMILIES: Final = {True: 2_500, False: 150}
"""Families, those on a knife edge included, after which an atlas over at most `FREE` parameters, and one over more, is
given up unless a method is asked for."""
PROFILES: Final = 5_000
"""Profiles of supports after which the search for an atlas is given up unless it is said otherwise."""
SOLVED: Final = 2_000
"""Points that are solved one by one without being asked for."""

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

    @cached_property
    def quantities(self) -> tuple[str, ...]:
        """What can be asked for."""
        ends = [f"{kind}_{end}[{rest}" for name in self.plan.quantities for kind, _, rest in [name.partition("[")]
                for end in ("min", "max")]
        return (*ends, "count", *(f"exists[{key}]" for key in families_of(self.plan).ids))

    @cached_property
    def defaults(self) -> tuple[str, ...]:
        """Worst and best case of the two events that every model names, else of every event."""
        events = self.scenario.game.events
        named = [event for event in ("deterrence_failure", "spiral") if event in events] or list(events)
        return tuple(f"P_{end}[{event}]" for event in named for end in ("max", "min"))

    def known(self, quantity: str) -> str:
        """The quantity of that name; an existence by the id of its family.

        Raises
        ------
        UnknownNameError
            where there is none, with the nearest.
        """
        name = quantity.strip()
        if name in self.quantities:
            return name
        labels = families_of(self.plan)
        by_label = {f"exists[{label}]": f"exists[{key}]" for key, label in zip(labels.ids, labels.labels, strict=True)}
        if name in by_label:
            return by_label[name]
        raise UnknownNameError("quantity", quantity, [*self.quantities, *by_label])

    def label(self, quantity: str) -> str:
        """What a quantity is, in words."""
        kind, _, rest = quantity.rstrip("]").partition("[")
        if kind == "count":
            return "how many families of equilibria exist"
        if kind == "exists":
            labels = families_of(self.plan)
            return f"whether {rest} exists: {labels.labels[labels.ids.index(rest)]}"
        end = "greatest" if kind.endswith("_max") else "least"
        what = f"probability of {rest}" if kind.startswith("P") else f"payoff of {rest}"
        return f"{end} {what} over the equilibria that coexist"

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
            where a row could not be solved, or so many would have to be solved one by one.
        """
        data = self.over((), columns, quantities, jobs, progress)
        found = {}
        for name in quantities:
            kind, _, rest = name.rstrip("]").partition("[")
            row = data["exists"].sel(family=rest) if kind == "exists" else data[name]
            found[name] = np.asarray(row.values, dtype=np.float64)
        return found

    def over(
        self, axes: tuple[Axis, ...], columns: Mapping[str, Floats], quantities: Sequence[str],
        jobs: int | None = None, progress: Progress | None = None,
    ) -> xr.Dataset:
        """The dataset of a sweep over axes and rows, errors as for `at`."""
        table = tuple(np.asarray(values, dtype=np.float64) for values in columns.values())
        design = Design(axes, Sample(tuple(columns), len(table[0]), "list", table=table))
        if self.program is None and design.size > SOLVED and not self.asked:
            raise LimitError(
                f"there are no closed forms for these parameters, and {design.size} points would have to be solved one "
                "by one; let fewer parameters vary (over), draw fewer rows, or ask for it (method solve)"
            )
        keep = sorted({"exists" if name.startswith("exists[") else name for name in quantities} | {"count"})
        planned = replace(self.plan, design=design, kept=keeping(keep, self.plan.quantities), edges="mark")
        made = in_memory(planned, jobs, progress=progress)
        assert made.data is not None  # noqa: S101 - it was made in memory
        _refuse_missing(self.scenario, np.asarray(made.data["status"].values), made.reasons)
        return made.data

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
        conditions = ", ".join(map(str, scenario.game.space.conditions))
        raise ExpressionError(
            f"{outside} of {status.size} points have no value, as they lie outside the domain of the parameters "
            f"({conditions}); narrow the ranges so that every point of the box is admissible"
        )
    if failed:
        number, reason = min(reasons.items(), default=(0, "unknown"))
        raise LimitError(
            f"{failed} of {status.size} points have no value, as they could not be solved (point {number}: {reason})"
        )


def study(
    scenario: Scenario, over: Sequence[str] | None = None, *, also: Mapping[str, Any] | None = None,
    method: str | None = None, limit: int | None = 100_000, telling: Callable[[str], None] | None = None,
) -> Study:
    """A scenario ready to be evaluated over its uncertainties.

    Parameters
    ----------
    scenario : the scenario.
    over : the parameters that vary, each with a range; None for the uncertainties.
    also : axes of further parameters that stay symbols, as for `deterrence.sweep`.
    method : ``"atlas"``, ``"solve"``, or None: closed forms, and where there are none points one by one if few.
    limit, telling : as for `deterrence.sweep`.

    Raises
    ------
    UnknownNameError, ExpressionError
        where a parameter does not exist or has no range, or none has one.
    LimitError
        where the atlas has more than `FAMILIES` families.
    """
    varied = drawn(scenario, over, tuple(also or ()))
    free = [a.name for a in varied] + list(also or ())
    most = FAMILIES[len(free) <= FREE] if method is None else None
    count = 0

    def counted(words: str) -> None:
        nonlocal count
        count += 1
        if most is not None and count > most:
            raise _Enough
        if telling is not None:
            telling(words)

    row = {assumption.name: [assumption.value] for assumption in varied}
    searched = PROFILES if method is None and limit is not None else limit
    try:
        planned = plan_sweep(scenario, over=also, points=row, method=method, limit=searched, telling=counted)
    except _Enough:
        raise LimitError(
            f"with {len(free)} parameters free ({', '.join(free)}) there are more than {most} families of equilibria; "
            "let fewer vary (over), or ask for a method: atlas, however long it takes, or solve, for every point by "
            "itself"
        ) from None
    return Study(scenario, varied, planned, method == "solve")


class _Enough(Exception):  # noqa: N818 - it stops a search and is no mistake
    """The atlas is larger than is useful."""


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
