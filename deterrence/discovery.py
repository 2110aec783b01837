r"""Scenario discovery: a box of parameters, readable at a glance, in which something holds.

For a sample with the cases of interest marked, *coverage* of a box is the share of those cases that lie in it and
*density* the share of the cases in it that are of interest. The box is found by peeling ([friedman_fisher1999]): from
the whole range, the end of one parameter is cut off, again and again, that leaves the mean highest; then the box on
that path is taken that is best by the harmonic mean of coverage and density, limits that buy little are given up, and
the others are rounded. What is reported is counted on a second sample. Where closed forms say that all of the box is of
interest, that is proved.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from .cards import card, notes, paragraph, shown, table
from .certainty import Atom, atoms_of, regions
from .errors import ExpressionError
from .expressions import Condition, exact
from .outcomes import PROFILES, Study, checked, study
from .provenance import provenance
from .smt import RESOURCE_LIMIT, decide

if TYPE_CHECKING:
    import pandas as pd

    from .scenario import Scenario

__all__ = ["Box", "Discovery", "Target", "boxed", "discover", "peel"]

PEELED: Final = 0.05
LEAST: Final = 0.01
WORTH: Final = 0.02
ENOUGH: Final = 32
STEPS_BACK: Final = 3
FINEST: Final = 50
ROWS: Final = 16_384
RESTRICTED: Final = 3
_TARGET = re.compile(r"(?P<name>[^<>=]+?\]|count)\s*(?:(?P<op><=|>=|<|>)\s*(?P<level>\S+))?\Z")

Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]
Box = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Discovery:
    """A box in which a target holds.

    Attributes
    ----------
    scenario : title, digest and values.
    target : what was looked for.
    over, rows, seed : the sample.
    limits : for each parameter that the box restricts, its least and its greatest value, exactly.
    ranges, units : for each parameter that varies.
    share : of the whole range in which the target holds.
    mass, coverage, density : of the box, counted on a second sample.
    proved : whether the target holds at every point of the box that is not on a knife edge; None where that was not
        decided.
    notes : what is to be known.
    """

    scenario: Mapping[str, Any]
    target: str
    over: tuple[str, ...]
    rows: int
    seed: int
    limits: Mapping[str, tuple[Fraction, Fraction]]
    ranges: Mapping[str, tuple[Fraction, Fraction]]
    units: Mapping[str, str]
    share: float
    mass: float
    coverage: float
    density: float
    proved: bool | None
    notes: tuple[str, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "format": 1, "scenario": dict(self.scenario), "target": self.target, "over": list(self.over),
            "rows": self.rows, "seed": self.seed,
            "limits": {
                name: {"from": str(low), "to": str(high), "unit": self.units[name],
                       "range": list(map(str, self.ranges[name]))}
                for name, (low, high) in self.limits.items()
            },
            "share": self.share, "mass": self.mass, "coverage": self.coverage, "density": self.density,
            "proved": self.proved, "notes": list(self.notes), "provenance": dict(self.provenance),
        }

    def _repr_html_(self) -> str:
        """What a notebook shows: the limits, and how well the box does."""
        said = {True: "It holds all over the box: proved.", False: "It does not hold all over the box."}
        rows = [(name, shown(low), shown(high), " to ".join(map(shown, self.ranges[name])), self.units[name])
                for name, (low, high) in self.limits.items()]
        return card(
            f"A box in which {self.target}", table(("parameter", "from", "to", "plausible", "unit"), rows),
            paragraph(f"Coverage {self.coverage:.1%}, density {self.density:.1%}, of {self.rows} points."),
            paragraph(said.get(self.proved, "") if self.proved is not None else ""), notes(self.notes),
        )

    def to_dataframe(self) -> pd.DataFrame:
        """A row for each parameter that the box restricts."""
        import pandas as pd

        return pd.DataFrame(
            [{"parameter": name, "from": float(low), "to": float(high), "unit": self.units[name]}
             for name, (low, high) in self.limits.items()],
            columns=["parameter", "from", "to", "unit"],
        )


@dataclass(frozen=True)
class Target:
    """What a box is looked for: a family that exists, or a quantity on one side of a level.

    Attributes
    ----------
    text : as it was asked for.
    quantity, op, level : its parts; no comparison for a family.
    """

    text: str
    quantity: str
    op: str | None
    level: Fraction

    @classmethod
    def read(cls, scenario: Scenario, text: str) -> Target:
        """From its text; whether a family of that name exists is not known yet.

        Raises
        ------
        ExpressionError, UnknownNameError
            where the text is no target, or there is no such quantity.
        """
        match = _TARGET.match(text.strip())
        if match is None:
            raise ExpressionError(f"{text!r} is no target, such as exists[F1] or P_max[spiral] >= 1/10")
        name, op = checked(scenario, match["name"]), match["op"]
        if op is None and not name.startswith("exists["):
            raise ExpressionError(f"{name} is a number: compare it with one, such as {name} >= 1/10")
        if op is not None and name.startswith("exists["):
            raise ExpressionError(f"{name} holds or does not; it is not compared")
        return cls(text, name, op, exact(match["level"]) if match["level"] else Fraction(0))


def discover(
    scenario: Scenario, target: str, *, over: Sequence[str] | None = None, rows: int = ROWS, rng: int = 0,
    restricted: int = RESTRICTED, method: str | None = None, limit: int | None = PROFILES, jobs: int | None = None,
    telling: Callable[[str], None] | None = None,
) -> Discovery:
    """A box in which a target holds; parameters as in `deterrence.discover`."""
    wanted = Target.read(scenario, target)
    if rows < ENOUGH or restricted < 1:
        raise ExpressionError(f"a box is found on at least {ENOUGH} rows and restricts at least one parameter")
    ready = study(scenario, over, method=method, limit=limit, telling=telling)
    return boxed(ready, replace(wanted, quantity=ready.known(wanted.quantity)), rows, rng, restricted, jobs)


def boxed(
    ready: Study, target: Target, rows: int = ROWS, rng: int = 0, restricted: int = RESTRICTED,
    jobs: int | None = None, progress: Callable[[int, int], None] | None = None,
) -> Discovery:
    """A box in which a target holds, of a scenario that is ready to be evaluated.

    Raises
    ------
    ExpressionError
        where it holds at no point of the sample.
    """
    quantity, op, level = target.quantity, target.op, target.level

    def marked(columns: Mapping[str, Floats]) -> Marks:
        return _marks(ready.at(columns, [quantity], jobs, progress)[quantity], op, level)

    # Two samples are drawn: one to find the box, one to count what is in it.
    fewer = ready.fitting(rows, 2)
    columns, again = ready.draw(fewer, 2 * rng), ready.draw(fewer, 2 * rng + 1)
    marks = marked(columns)
    if not marks.any():
        raise ExpressionError(f"{target.text} holds at none of {fewer} points of the sample")
    ranges = {a.name: a.range for a in ready.drawn if a.range}
    limits, proved = _readable(ready, peel(columns, marks, restricted), ranges, quantity, op, level)
    second = marked(again)
    inside = _inside(again, {key: (float(low), float(high)) for key, (low, high) in limits.items()})
    hit = int(np.count_nonzero(second & inside))
    return Discovery(
        scenario=ready.scenario.to_dict(), target=target.text, over=ready.names, rows=fewer, seed=rng, limits=limits,
        ranges=ranges, units={a.name: a.unit for a in ready.drawn}, share=float(second.mean()),
        mass=float(inside.mean()), coverage=hit / max(1, int(second.sum())), density=hit / max(1, int(inside.sum())),
        proved=proved, notes=ready.told(rows, fewer), provenance=provenance("numpy", "python-flint", "z3-solver"),
    )


def _marks(values: Floats, op: str | None, level: Fraction) -> Marks:
    number = float(level)
    compare: dict[str | None, Callable[[], Any]] = {
        None: lambda: values > 0.5, ">": lambda: values > number, ">=": lambda: values >= number,
        "<": lambda: values < number, "<=": lambda: values <= number,
    }
    return np.asarray(compare[op](), dtype=np.bool_)


# Peeling -----------------------------------------------------------------------------------------------------------


def peel(columns: Mapping[str, Floats], marks: Marks, restricted: int = 3) -> Box:
    """A box that holds many marked rows and few others.

    Parameters
    ----------
    columns, marks : the rows, and which are of interest.
    restricted : how many parameters the box may restrict.

    >>> import numpy as np
    >>> a, b = (np.array(axis).ravel() for axis in np.meshgrid(np.arange(50.0), np.arange(50.0)))
    >>> sorted(peel({"a": a, "b": b}, (a >= 10) & (b < 30)).items())
    [('a', (10.0, inf)), ('b', (-inf, 29.0))]
    """
    box: Box = dict.fromkeys(columns, (-math.inf, math.inf))
    path = [dict(box)]
    inside = np.ones(len(marks), dtype=np.bool_)
    while inside.sum() > max(ENOUGH, LEAST * len(marks)) and not marks[inside].all():
        cut = _best_cut(columns, marks, inside)
        if cut is None:
            break
        name, ends = cut
        low, high = box[name]
        box[name] = max(low, ends[0]), min(high, ends[1])
        inside = inside & (columns[name] >= ends[0]) & (columns[name] <= ends[1])
        path.append(dict(box))
    chosen = max(path, key=lambda one: _merit(columns, marks, one))
    return _plainer(columns, marks, {k: v for k, v in chosen.items() if v != (-math.inf, math.inf)}, restricted)


def _best_cut(
    columns: Mapping[str, Floats], marks: Marks, inside: Marks
) -> tuple[str, tuple[float, float]] | None:
    """The end to cut off that leaves the highest mean."""
    best: tuple[float, int, str, tuple[float, float]] | None = None
    for name, values in columns.items():
        here = values[inside]
        low, high = np.quantile(here, [PEELED, 1 - PEELED])
        # Where many rows have the same value, all of them are cut off.
        above, below = here[here > here.min()], here[here < here.max()]
        if not len(above):
            continue
        floor = float(max(low, above.min()))
        ceiling = float(min(high, below.max()))
        for ends in ((floor, math.inf), (-math.inf, ceiling)):
            left = inside & (values >= ends[0]) & (values <= ends[1])
            count = int(left.sum())
            if count:
                entry = (float(marks[left].mean()), count, name, ends)
                best = entry if best is None or entry[:2] > best[:2] else best
    return None if best is None else (best[2], _tight(columns[best[2]], inside, best[3]))


def _tight(values: Floats, inside: Marks, ends: tuple[float, float]) -> tuple[float, float]:
    """The same cut with its limit at a row that is kept."""
    kept = values[inside & (values >= ends[0]) & (values <= ends[1])]
    return (float(kept.min()), math.inf) if ends[1] == math.inf else (-math.inf, float(kept.max()))


def _inside(columns: Mapping[str, Floats], box: Mapping[str, tuple[float, float]]) -> Marks:
    rows = len(next(iter(columns.values())))
    found = np.ones(rows, dtype=np.bool_)
    for name, (low, high) in box.items():
        found &= (columns[name] >= low) & (columns[name] <= high)
    return found


def _merit(columns: Mapping[str, Floats], marks: Marks, box: Mapping[str, tuple[float, float]]) -> float:
    """The harmonic mean of coverage and density."""
    inside = _inside(columns, box)
    hit = int(np.count_nonzero(marks & inside))
    return 2 * hit / (int(marks.sum()) + int(inside.sum()))


def _plainer(columns: Mapping[str, Floats], marks: Marks, box: Box, restricted: int) -> Box:
    """A box without the limits that buy little, and with as few parameters as may be."""
    while box:
        merit = _merit(columns, marks, box)
        sides = []
        for name, (low, high) in box.items():
            for ends in {(-math.inf, high), (low, math.inf)} - {(low, high)}:
                other = {**box, name: ends}
                if ends == (-math.inf, math.inf):
                    del other[name]
                sides.append((_merit(columns, marks, other), sorted(other.items()), other))
        best = max(sides, key=lambda side: side[:2])
        if merit - best[0] > WORTH and len(box) <= restricted:
            break
        box = best[2]
    return box


Limits = dict[str, tuple[Fraction, Fraction]]


def _readable(
    ready: Study, box: Box, ranges: Mapping[str, tuple[Fraction, Fraction]], quantity: str, op: str | None,
    level: Fraction,
) -> tuple[Limits, bool | None]:
    """A box with round limits, drawn in a little where that lets it be proved."""
    tried: list[tuple[Limits, bool | None]] = []
    for back in range(STEPS_BACK + 1):
        limits = {key: _rounded(ends, ranges[key], back) for key, ends in box.items()}
        limits = {key: ends for key, ends in limits.items() if ends != ranges[key]}
        if any(low >= high for low, high in limits.values()):
            break
        proved = _proved(ready, limits, quantity, op, level) if ready.program else None
        tried.append((limits, proved))
        if proved is not False:
            break
    if not tried:
        return {}, None
    return tried[-1] if tried[-1][1] else tried[0]


def _rounded(
    ends: tuple[float, float], within: tuple[Fraction, Fraction], back: int = 0
) -> tuple[Fraction, Fraction]:
    """Limits rounded inwards to about a hundredth of the range, and some steps back; the range where there is none."""
    low, high = within
    step = Fraction(10) ** math.floor(math.log10(float(high - low) / FINEST))
    below = low if ends[0] == -math.inf else (math.ceil(Fraction(ends[0]) / step) + back) * step
    above = high if ends[1] == math.inf else (math.floor(Fraction(ends[1]) / step) - back) * step
    return max(low, below), min(high, above)


# Proof -------------------------------------------------------------------------------------------------------------


def _proved(
    ready: Study, limits: Mapping[str, tuple[Fraction, Fraction]], quantity: str, op: str | None, level: Fraction
) -> bool | None:
    """Whether the target holds all over a box, decided in closed forms; None where it was not decided."""
    ring = ready.ring
    box = list(ready.box)
    for name, (low, high) in limits.items():
        value = ring.symbol(name)
        box += [Condition.compare(value, ">=", ring.number(low)), Condition.compare(value, "<=", ring.number(high))]
    left = regions(ready)
    kind, _, rest = quantity.rstrip("]").partition("[")
    if kind == "count":
        return None
    if op is None:
        return _all_over(box, left[rest])
    atoms = atoms_of(ready, left, quantity)
    # The greatest is above a level where one of the values is, and below it where all are; the least the other way.
    if kind.endswith("_max") is op.startswith(">"):
        return _all_over(box, [(*atom.part, Condition.compare(atom.value, op, ring.number(level))) for atom in atoms])
    return _each(box, atoms, op, level)


def _all_over(box: Sequence[Condition], parts: Sequence[Sequence[Condition]]) -> bool | None:
    """Whether at every point of a box all conditions of one of the parts hold."""
    clauses = [[condition] for condition in box]
    clauses += [[n for condition in part for n in condition.negated()] for part in parts]
    status = decide(clauses, RESOURCE_LIMIT).status
    return {"unsat": True, "sat": False}.get(status)


def _each(box: Sequence[Condition], atoms: Sequence[Atom], op: str, level: Fraction) -> bool | None:
    """Whether every value compares so wherever it is taken."""
    answers = []
    for atom in atoms:
        wrong = Condition.compare(atom.value, op, atom.value.ring.number(level)).negated()
        answers.append(decide([*([c] for c in (*box, *atom.part)), list(wrong)], RESOURCE_LIMIT).status)
    return False if "sat" in answers else None if "unknown" in answers else True
