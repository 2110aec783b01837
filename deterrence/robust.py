r"""Choosing a lever under uncertainty: worst case, regret and satisficing, side by side.

For values :math:`a` of a lever and sampled rows :math:`x` of what is uncertain let :math:`c(a, x)` be a cost (a
quantity to be kept low; its negative where it is to be kept high). The *regret* is
:math:`r(a, x) = c(a, x) - \min_b c(b, x)`: what is lost by not having known. A row is *satisfied* where the quantity is
on the right side of a threshold. Each criterion picks the values at which it is best:
worst case :math:`\max_x c`, greatest regret :math:`\max_x r`, the 90th percentile of regret, and the share of rows
that are satisfied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from .cards import card, notes, paragraph, shown, table
from .errors import ExpressionError, UnknownNameError
from .expressions import exact
from .outcomes import PROFILES, along, checked, defaults, drawn, meaning
from .provenance import provenance

if TYPE_CHECKING:
    import pandas as pd

    from .scenario import Scenario

__all__ = ["CRITERIA", "Choice", "Question", "Robust", "criteria", "robust"]

GRID: Final = 10
EVEN: Final = 0.5
"""Good enough, of a probability for which nothing else is said."""
CRITERIA: Final = {
    "worst_case": "the worst case",
    "greatest_regret": "the greatest regret",
    "regret_90": "the regret that is exceeded in one case of ten",
    "satisfied": "the share of cases that are good enough",
}
TIE: Final = 1e-9

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """One value of the lever.

    Attributes
    ----------
    value : of the lever, exactly.
    worst_case, mean : of the quantity over the rows; the worst is the greatest where it is to be kept low.
    greatest_regret, regret_90 : of the absolute regret.
    satisfied : the share of rows on the right side of the threshold.
    """

    value: Fraction
    worst_case: float
    mean: float
    greatest_regret: float
    regret_90: float
    satisfied: float


@dataclass(frozen=True)
class Robust:
    """The criteria for each value of a lever, and what each picks.

    Attributes
    ----------
    scenario : title, digest and values.
    lever, quantity, meaning, minimise, threshold : what was asked.
    over, rows, seed : the sample.
    now : the value of the lever in the scenario.
    choices : for each value.
    picks : for each criterion the values at which it is best; all of them where they tie.
    notes : what is to be known.
    """

    scenario: Mapping[str, Any]
    lever: str
    quantity: str
    meaning: str
    minimise: bool
    threshold: float
    over: tuple[str, ...]
    rows: int
    seed: int
    now: Fraction
    choices: tuple[Choice, ...]
    picks: Mapping[str, tuple[Fraction, ...]]
    notes: tuple[str, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "format": 1, "scenario": dict(self.scenario), "lever": self.lever, "quantity": self.quantity,
            "meaning": self.meaning, "minimise": self.minimise, "threshold": self.threshold, "over": list(self.over),
            "rows": self.rows, "seed": self.seed, "now": str(self.now),
            "choices": [{**vars(choice), "value": str(choice.value)} for choice in self.choices],
            "picks": {name: list(map(str, values)) for name, values in self.picks.items()},
            "notes": list(self.notes), "provenance": dict(self.provenance),
        }

    def _repr_html_(self) -> str:
        """What a notebook shows: the criteria for each value of the lever."""
        rows = [
            (f"{shown(c.value)}{' (now)' if c.value == self.now else ''}", f"{c.worst_case:.3g}", f"{c.mean:.3g}",
             f"{c.greatest_regret:.3g}", f"{c.regret_90:.3g}", f"{c.satisfied:.1%}")
            for c in self.choices
        ]
        wish, bound = ("low", "at most") if self.minimise else ("high", "at least")
        return card(
            f"Choosing {self.lever}: {self.quantity} kept {wish}",
            paragraph(f"{self.meaning}, over {self.rows} rows; good enough is {bound} {self.threshold:g}."),
            table((self.lever, "worst case", "mean", "greatest regret", "regret in 9 cases of 10, at most",
                   "good enough"), rows),
            notes(self.notes),
        )

    def to_dataframe(self) -> pd.DataFrame:
        """A row for each value of the lever."""
        import pandas as pd

        return pd.DataFrame([{**vars(choice), "value": float(choice.value)} for choice in self.choices])


def criteria(
    values: Sequence[Fraction], found: Floats, threshold: float, minimise: bool = True
) -> tuple[tuple[Choice, ...], dict[str, tuple[Fraction, ...]]]:
    """The criteria of decision under uncertainty.

    Parameters
    ----------
    values : of the lever.
    found : the quantity, an array of (values, rows).
    threshold : what is good enough.
    minimise : whether the quantity is to be kept low.

    >>> import numpy as np
    >>> choices, picks = criteria([Fraction(0), Fraction(1)], np.array([[0.0, 1.0], [0.5, 0.75]]), 0.5)
    >>> [(c.worst_case, c.greatest_regret, c.satisfied) for c in choices]
    [(1.0, 0.25, 0.5), (0.75, 0.5, 0.5)]
    >>> picks["worst_case"], picks["greatest_regret"]
    ((Fraction(1, 1),), (Fraction(0, 1),))
    """
    cost = found if minimise else -found
    regret = cost - cost.min(axis=0)
    enough = found <= threshold + TIE if minimise else found >= threshold - TIE
    worst = found.max(axis=1) if minimise else found.min(axis=1)
    choices = tuple(
        Choice(value, float(worst[n]), float(found[n].mean()), float(regret[n].max()),
               float(np.percentile(regret[n], 90)), float(enough[n].mean()))
        for n, value in enumerate(values)
    )
    picks = {}
    for name in CRITERIA:
        lower = minimise if name == "worst_case" else name != "satisfied"
        scores = [getattr(choice, name) * (1 if lower else -1) for choice in choices]
        picks[name] = tuple(c.value for c, s in zip(choices, scores, strict=True) if s <= min(scores) + TIE)
    return choices, picks


@dataclass(frozen=True)
class Question:
    """What is asked about a lever.

    Attributes
    ----------
    scenario, lever, quantity, over, rows : as for `robust`.
    listed : the values of the lever.
    minimise : whether the quantity is to be kept low.
    threshold : what is good enough; None for what is usual.
    """

    scenario: Scenario
    lever: str
    quantity: str
    listed: tuple[Fraction, ...]
    over: tuple[str, ...] | None
    rows: int
    minimise: bool
    threshold: Fraction | None

    @classmethod
    def of(
        cls, scenario: Scenario, lever: str, quantity: str | None = None, *, values: Sequence[object] | None = None,
        over: Sequence[str] | None = None, rows: int = 1024, minimise: bool | None = None, threshold: object = None,
    ) -> Question:
        """A question without mistakes; parameters and errors as for `deterrence.robust`."""
        if rows < 1:
            raise ExpressionError("a sample has at least one row")
        listed = _values(scenario, lever, values)
        drawn(scenario, over, (lever,))
        name = checked(scenario, quantity) if quantity is not None else defaults(scenario)[0]
        if name.startswith("exists["):
            raise ExpressionError(f"{name} is no quantity to choose a lever by; take the probability of an event, a "
                                  "payoff or the count")
        low = not name.startswith("payoff_") if minimise is None else minimise
        good = None if threshold is None else exact(threshold)
        return cls(scenario, lever, name, listed, None if over is None else tuple(over), rows, low, good)

    def answer(
        self, *, rng: int = 0, method: str | None = None, limit: int | None = PROFILES, jobs: int | None = None,
        progress: Callable[[int, int], None] | None = None, telling: Callable[[str], None] | None = None,
    ) -> Robust:
        """The criteria for each value; parameters and errors as for `deterrence.robust`."""
        found = along(
            self.scenario, self.lever, self.listed, self.quantity, self.over, self.rows, rng, method=method,
            limit=limit, jobs=jobs, progress=progress, telling=telling,
        )
        notes = list(found.notes)
        good = self.threshold
        if good is None and not self.quantity.startswith("P_"):
            notes.append(f"good enough is what {self.quantity} is at the scenario's own values")
        if found.edges:
            notes.append(f"{found.edges} of {found.values.size} points lie on a knife edge; equilibria that exist only "
                         "there are left out")
        level = float(good) if good is not None else EVEN if self.quantity.startswith("P_") else self._here()
        choices, picks = criteria(self.listed, found.values, level, self.minimise)
        return Robust(
            scenario=self.scenario.to_dict(), lever=self.lever, quantity=self.quantity, meaning=meaning(self.quantity),
            minimise=self.minimise, threshold=level, over=found.names, rows=found.values.shape[1], seed=rng,
            now=self.scenario.point[self.lever], choices=choices, picks=picks, notes=tuple(notes),
            provenance=provenance("numpy", "python-flint", "z3-solver"),
        )

    def _here(self) -> float:
        """The quantity at the scenario's own values."""
        from .solvers import solve

        solution = solve(self.scenario)
        if self.quantity == "count":
            return float(len(solution))
        kind, _, rest = self.quantity.rstrip("]").partition("[")
        rows = [entry.events[rest] if kind.startswith("P") else entry.payoffs[rest] for entry in solution]
        return float(max(rows) if kind.endswith("_max") else min(rows))


def robust(
    scenario: Scenario, lever: str, quantity: str | None = None, *, values: Sequence[object] | None = None,
    over: Sequence[str] | None = None, rows: int = 1024, rng: int = 0, minimise: bool | None = None,
    threshold: object = None, method: str | None = None, limit: int | None = PROFILES, jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None, telling: Callable[[str], None] | None = None,
) -> Robust:
    """The criteria for each value of a lever; parameters as in `deterrence.robust`."""
    question = Question.of(scenario, lever, quantity, values=values, over=over, rows=rows, minimise=minimise,
                           threshold=threshold)
    return question.answer(rng=rng, method=method, limit=limit, jobs=jobs, progress=progress, telling=telling)


def _values(scenario: Scenario, lever: str, values: Sequence[object] | None) -> tuple[Fraction, ...]:
    """The values of a lever: those given, or the middles of equal parts of its range and the scenario's own."""
    by_name = {assumption.name: assumption for assumption in scenario.assumptions}
    if lever not in by_name:
        raise UnknownNameError("parameter", lever, list(by_name))
    if values is not None:
        listed = sorted({exact(value) for value in values})
        if len(listed) < 2:
            raise ExpressionError("a choice needs at least two values of the lever")
        return tuple(listed)
    ends = by_name[lever].range
    if ends is None or ends[0] >= ends[1]:
        raise ExpressionError(f"{lever} has no range in the scenario: give it one, or name its values")
    low, high = ends
    middles = {low + (high - low) * Fraction(2 * n + 1, 2 * GRID) for n in range(GRID)}
    return tuple(sorted({*middles, by_name[lever].value}))
