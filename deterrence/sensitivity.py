r"""What drives an answer: Sobol' indices over what is uncertain, with what is proved beside what is estimated.

For independent inputs :math:`X_1,\dots,X_d` and :math:`Y = f(X)` of variance :math:`V > 0` the *first* index of
:math:`X_i` is :math:`S_i = \operatorname{Var}(\mathbb{E}[Y \mid X_i]) / V`, the share of the variance that would go if
:math:`X_i` were known; the *total* index :math:`T_i = \mathbb{E}[\operatorname{Var}(Y \mid X_{-i})] / V` is the share
that would stay if all the others were known. Both are estimated by SALib from :math:`N (d + 2)` points
([saltelli2010]); an interval is an estimate by resampling.

>>> import numpy as np
>>> (found,) = sobol_indices(lambda x: {"y": 3 * x["a"] + x["b"]}, ["a", "b"], [("uniform", 0, 1, 0)] * 2, rows=4096)
>>> [round(entry.first, 1) for entry in found.entries]
[0.9, 0.1]
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from .cards import card, notes, paragraph, table
from .certainty import Share, Silence, regions, shares, silent
from .designs import quantile
from .discovery import Discovery, Target, boxed
from .errors import DeterrenceWarning, ExpressionError, LimitError, NotSupportedError, UnknownNameError
from .outcomes import PROFILES, Spread, Study, checked, defaults, drawn, study
from .provenance import provenance
from .robust import Question, Robust

if TYPE_CHECKING:
    import pandas as pd

    from .scenario import Scenario

__all__ = ["MAX_ROWS", "Index", "Indices", "Sensitivity", "sensitivity", "sobol_indices"]

MAX_ROWS: Final = 2**17
RESAMPLES: Final = 200
FLAT: Final = 1e-9
"""A spread that rounding explains: values closed forms give are accurate to a tenth of it."""
DIGITS: Final = 9

Floats = npt.NDArray[np.float64]
Function = Callable[[Mapping[str, Floats]], Mapping[str, Floats]]


@dataclass(frozen=True)
class Index:
    """How much of the variance of a quantity one parameter accounts for.

    Attributes
    ----------
    parameter : its name.
    first, total : the indices; None where they are undefined.
    first_error, total_error : half the width of the confidence interval.
    """

    parameter: str
    first: float | None
    first_error: float | None
    total: float | None
    total_error: float | None


@dataclass(frozen=True)
class Indices:
    """The indices of one quantity.

    Attributes
    ----------
    quantity : its name.
    mean, deviation, least, greatest : over the sample.
    usual, usual_share : the value that it has at most points of the sample, and at which share of them.
    constant : whether it was the same at every point of the sample; then no index is defined.
    entries : for each parameter.
    """

    quantity: str
    mean: float
    deviation: float
    least: float
    greatest: float
    usual: float
    usual_share: float
    constant: bool
    entries: tuple[Index, ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "quantity": self.quantity, "mean": self.mean, "standard_deviation": self.deviation, "least": self.least,
            "greatest": self.greatest, "usual": self.usual, "usual_share": self.usual_share,
            "constant_over_the_sample": self.constant,
            "indices": [dict(vars(entry)) for entry in self.entries],
        }


def sobol_indices(
    function: Function, names: Sequence[str], spreads: Sequence[Spread], rows: int = 1024, rng: int = 0,
    confidence: float = 0.95,
) -> tuple[Indices, ...]:
    """First and total Sobol' indices of every output of a function.

    Parameters
    ----------
    function : takes an array for each name and gives one for each output.
    names, spreads : the inputs, and for each its distribution, least and greatest value, and mode.
    rows : a power of two; the function is asked for ``rows * (inputs + 2)`` points.
    rng : the seed.
    confidence : of the intervals.

    Raises
    ------
    ExpressionError
        where the numbers are none that do, or an output is missing (NaN) or infinite at a point.
    """
    confidence = float(Fraction(confidence))
    _check(rows, rng, confidence)
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    problem = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    # A seed of 0 would be read as none; a generator is not.
    unit = sampling.sample(problem, rows, calc_second_order=False, seed=np.random.default_rng([rng, 0]))
    columns = {name: quantile(unit[:, n], *spreads[n]) for n, name in enumerate(names)}
    found = []
    for quantity, values in function(columns).items():
        missing = int(np.count_nonzero(~np.isfinite(values)))
        if missing:
            raise ExpressionError(
                f"{quantity} has no finite value at {missing} of {len(values)} points; indices need one at every point"
            )
        ends = float(values.min()), float(values.max())
        mean, deviation = float(values.mean()), float(values.std())
        levels, times = np.unique(np.round(values, DIGITS), return_counts=True)
        usual = float(levels[times.argmax()]), float(times.max() / len(values))
        constant = ends[1] - ends[0] <= FLAT * (1 + abs(mean))
        estimated: Mapping[str, Any] = {}
        if not constant:
            # Where a resample happens to be constant, SALib divides zero by zero; such an index is given as None.
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                estimated = analysis.analyze(problem, values, calc_second_order=False, num_resamples=RESAMPLES,
                                             conf_level=confidence, seed=np.random.default_rng([rng, 1]))
        entries = tuple(
            Index(name, *(_finite(estimated, key, n) for key in ("S1", "S1_conf", "ST", "ST_conf")))
            for n, name in enumerate(names)
        )
        found.append(Indices(quantity, mean, deviation, *ends, *usual, constant, entries))
    return tuple(found)


def _check(rows: object, rng: object, confidence: float) -> None:
    if not isinstance(rows, int) or rows < 2 or rows & (rows - 1):
        below = max(2, 2 ** (rows.bit_length() - 1)) if isinstance(rows, int) and rows > 0 else 1024
        raise ExpressionError(f"the rows of a Sobol' sample are a power of two, such as {below}; {rows} is none")
    if rows > MAX_ROWS:
        raise ExpressionError(f"at most {MAX_ROWS} rows, not {rows}")
    if not isinstance(rng, int) or rng < 0:
        raise ExpressionError("a seed is a whole number from 0 on")
    if not 0 < confidence < 1:
        raise ExpressionError(f"a confidence lies between 0 and 1, such as 0.95; {confidence} does not")


def _told(value: float | None, error: float | None) -> str:
    return "" if value is None else f"{value:.2f}" + ("" if error is None else f" ± {error:.2f}")


def _finite(estimated: Mapping[str, Any], key: str, n: int) -> float | None:
    value = float(estimated[key][n]) if estimated else float("nan")
    return value if np.isfinite(value) else None


@dataclass(frozen=True)
class Sensitivity:
    """What drives the answer of a scenario.

    Attributes
    ----------
    scenario : title, digest and values, as in the contract.
    names, spreads : what varied, and how.
    rows, points, seed, confidence, method : how the indices were estimated.
    meanings : for each quantity, what it is.
    indices : for each quantity.
    silences : for each quantity what cannot matter to it, proved; empty where there are no closed forms.
    shares : for each family, the share of the box in which it exists.
    boundaries : for each parameter the nearest values at which an equilibrium appears or vanishes, the others held.
    notes : what is not known.
    box : where a target holds, if that was asked for.
    choice : how the values of a lever compare, if that was asked for.
    """

    scenario: Mapping[str, Any]
    names: tuple[str, ...]
    spreads: tuple[Spread, ...]
    rows: int
    points: int
    seed: int
    confidence: float
    method: str
    meanings: Mapping[str, str]
    indices: tuple[Indices, ...]
    silences: tuple[Silence, ...]
    shares: tuple[Share, ...]
    boundaries: tuple[Mapping[str, Any], ...]
    notes: tuple[str, ...] = ()
    box: Discovery | None = None
    choice: Robust | None = None
    provenance: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __getitem__(self, quantity: str) -> Indices:
        """The indices of a quantity."""
        for found in self.indices:
            if found.quantity == quantity:
                return found
        raise UnknownNameError("quantity", quantity, [found.quantity for found in self.indices])

    def silence(self, quantity: str) -> Silence | None:
        """What cannot matter to a quantity."""
        return next((found for found in self.silences if found.quantity == quantity), None)

    def _repr_html_(self) -> str:
        """What a notebook shows: for each quantity what drives it, and what cannot."""
        parts = []
        for found in self.indices:
            proved = self.silence(found.quantity)
            parts += [
                paragraph(f"{found.quantity}: from {found.least:.3g} to {found.greatest:.3g}, mean {found.mean:.3g}."),
                table(("parameter", "alone", "with the others"), [
                    (e.parameter, _told(e.first, e.first_error), _told(e.total, e.total_error)) for e in found.entries
                ]),
                paragraph(f"Cannot matter to it, proved: {', '.join(proved.parameters)}."
                          if proved and proved.parameters else ""),
            ]
        others = [found._repr_html_() for found in (self.box, self.choice) if found is not None]
        return card(self.scenario["title"], *parts, notes(self.notes)) + "".join(others)

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "format": 1,
            "scenario": dict(self.scenario),
            "over": {
                name: {"distribution": kind, "from": low, "to": high,
                       **({"mode": mode} if kind == "triangular" else {})}
                for name, (kind, low, high, mode) in zip(self.names, self.spreads, strict=True)
            },
            "rows": self.rows, "points": self.points, "seed": self.seed, "confidence": self.confidence,
            "method": self.method,
            "quantities": [
                {**found.to_dict(), "meaning": self.meanings[found.quantity],
                 **({"cannot_matter": silence.to_dict()} if (silence := self.silence(found.quantity)) else {})}
                for found in self.indices
            ],
            "families": [share.to_dict() for share in self.shares],
            "boundaries": [dict(change) for change in self.boundaries],
            "notes": list(self.notes),
            **{key: {name: value for name, value in part.to_dict().items() if name not in ("format", "scenario")}
               for key, part in (("box", self.box), ("robust", self.choice)) if part is not None},
            "provenance": dict(self.provenance),
        }

    def to_dataframe(self) -> pd.DataFrame:
        """A row for each quantity and parameter."""
        import pandas as pd

        rows = [
            {"quantity": found.quantity, **vars(entry),
             "cannot_matter": bool(silence and entry.parameter in silence.parameters)}
            for found in self.indices for silence in [self.silence(found.quantity)] for entry in found.entries
        ]
        return pd.DataFrame(rows)


def sensitivity(
    scenario: Scenario, quantities: Sequence[str] | None = None, *, over: Sequence[str] | None = None,
    rows: int = 1024, rng: int = 0, confidence: float = 0.95, box: str | None = None, lever: str | None = None,
    method: str | None = None, limit: int | None = PROFILES, boundaries: bool = True, jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None, telling: Callable[[str], None] | None = None,
) -> Sensitivity:
    """What drives an answer; parameters as in `deterrence.sensitivity`."""
    # Whatever can be a mistake is looked at before anything takes time.
    _check(rows, rng, confidence)
    wanted = tuple(checked(scenario, name) for name in quantities or defaults(scenario))
    drawn(scenario, over)
    target = Target.read(scenario, box) if box is not None else None
    plain = next((name for name in wanted if not name.startswith("exists[")), None)
    question = None if lever is None else Question.of(scenario, lever, plain, over=over, rows=rows)
    ready = study(scenario, over, method=method, limit=limit, telling=telling)
    wanted = tuple(dict.fromkeys(map(ready.known, wanted)))
    if target is not None:
        target = replace(target, quantity=ready.known(target.quantity))
    fewer = ready.fitting(rows, len(ready.names) + 2)
    found = sobol_indices(lambda columns: ready.at(columns, wanted, jobs, progress), ready.names, ready.spreads, fewer,
                          rng, confidence)
    notes = list(_notes(ready, rows, fewer))
    where = None
    if target is not None:
        try:
            where = boxed(ready, target, rng=rng, jobs=jobs, progress=progress)
        except ExpressionError as error:
            notes.append(f"there is no box: {error}")
    choice = None if question is None else question.answer(
        method=method, limit=limit, rng=rng, jobs=jobs, progress=progress, telling=telling)
    changes: tuple[Mapping[str, Any], ...] = ()
    if boundaries:
        changes, more = _boundaries(scenario)
        notes += more
    left = regions(ready) if ready.program else {}
    return Sensitivity(
        scenario=scenario.to_dict(), names=ready.names, spreads=ready.spreads, rows=fewer,
        points=fewer * (len(ready.names) + 2), seed=rng, confidence=confidence, method=ready.plan.method,
        meanings={name: ready.label(name) for name in wanted}, indices=found,
        silences=tuple(silent(ready, left, name) for name in wanted) if ready.program else (),
        shares=shares(ready, left, rng) if ready.program else (), boundaries=changes,
        notes=tuple(notes), box=where, choice=choice,
        provenance=provenance("SALib", "numpy", "python-flint", "z3-solver"),
    )


def _notes(ready: Study, asked: int, rows: int) -> tuple[str, ...]:
    if ready.program is not None:
        return ()
    unknown = "without closed forms nothing is proved about what cannot matter, and no shares of families are given"
    return (*ready.told(asked, rows), unknown)


def _boundaries(scenario: Scenario) -> tuple[tuple[Mapping[str, Any], ...], tuple[str, ...]]:
    """The nearest boundary in each parameter and direction, nearest first."""
    from .solvers import thresholds

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DeterrenceWarning)
        try:
            changes = thresholds(scenario)
        except (LimitError, NotSupportedError) as error:
            return (), (f"the nearest boundaries were not found: {error}",)
    nearest: dict[tuple[str, str], Any] = {}
    for change in sorted(changes, key=lambda change: float(change.distance)):
        nearest.setdefault((change.parameter, change.direction), change)
    return tuple(
        {"parameter": c.parameter, "value": str(c.value), "threshold": str(c.threshold), "decimal": float(c.threshold),
         "direction": c.direction, "within_range": c.within_range, "distance": c.distance, "effect": c.effect}
        for c in nearest.values()
    ), tuple(dict.fromkeys(str(warning.message) for warning in caught))
