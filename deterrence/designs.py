r"""Which points are swept: grids, samples and lists, and all of them together.

A *design* is a product of axes :math:`A_1 \times \dots \times A_k` (each a parameter with its values) with, perhaps, a
*sample*: rows that give several parameters at once. Points are numbered in C order, the sample last. Every point is an
exact rational point; arrays hold the nearest floats. A *block* is a box of the product that is contiguous in that order
and has at most `BLOCK` points where a row of the sample allows; it is the same whatever the number of workers.

Samples are drawn as numbers in the unit cube, block by block where the method allows, and carried to the distribution
of each parameter by its quantile function; the point of a sample is the number that is written for it.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from .columns import Column, column, written
from .errors import ExpressionError, UnknownNameError
from .expressions import exact
from .parameters import Assumption

if TYPE_CHECKING:
    from .scenario import Scenario

__all__ = ["BLOCK", "METHODS", "Axis", "Block", "Design", "Sample", "design_of", "quantile", "spread", "uncertain"]

BLOCK: Final = 131_072
MAX_POINTS: Final = 10**12
MAX_AXIS: Final = 10**8
MAX_SAMPLE: Final = 10**9
MAX_WHOLE: Final = 10**7
LOOKED_AT: Final = 1_000
METHODS: Final = ("latin", "sobol", "random")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Axis:
    """The values of one parameter: evenly spaced from one end to the other, or listed."""

    name: str
    start: Fraction = Fraction(0)
    stop: Fraction = Fraction(0)
    points: int = 0
    listed: tuple[Fraction, ...] = ()

    def __len__(self) -> int:
        return len(self.listed) or self.points

    def exact(self, n: int) -> Fraction:
        """The value of number n."""
        if self.listed:
            return self.listed[n]
        return self.start + (self.stop - self.start) * n / (self.points - 1)

    @cached_property
    def floats(self) -> Floats:
        """The nearest floats, in order."""
        if self.listed:
            return np.array([float(value) for value in self.listed])
        # The value is a quotient of whole numbers, and true division of those rounds once.
        low, step = self.start, (self.stop - self.start) / (self.points - 1)
        below = low.denominator * step.denominator
        first, each = low.numerator * step.denominator, step.numerator * low.denominator
        return np.array([(first + each * n) / below for n in range(self.points)])

    def to_dict(self) -> dict[str, Any]:
        """What it is, exactly."""
        if self.listed:
            return {"values": [str(value) for value in self.listed]}
        return {"from": str(self.start), "to": str(self.stop), "points": self.points}


@dataclass(frozen=True)
class Sample:
    """Rows of values for several parameters.

    Attributes
    ----------
    names : the parameters.
    rows : how many.
    method : one of `METHODS`, or ``"list"``.
    seed : of a drawn sample.
    spread : for each parameter of a drawn sample its distribution, least and greatest value, and mode.
    table : of a list, the nearest floats for each parameter.
    apart : of a list, for each parameter by row the numbers that are not those written for their floats; nothing
        where there are none.
    """

    names: tuple[str, ...]
    rows: int
    method: str
    seed: int = 0
    spread: tuple[tuple[str, float, float, float], ...] = ()
    table: tuple[Floats, ...] = field(default=(), repr=False, compare=False)
    apart: tuple[Mapping[int, str | Fraction], ...] = field(default=(), repr=False, compare=False)

    def columns(self, start: int, stop: int) -> list[Floats]:
        """The values of some rows, an array for each parameter."""
        if self.method == "list":
            return [column[start:stop] for column in self.table]
        unit = self._unit(start, stop)
        return [quantile(unit[:, n], *self.spread[n]) for n in range(len(self.names))]

    def exact(self, row: int) -> tuple[Fraction, ...]:
        """The values of one row: of a float, the number that is written for it."""
        if self.apart:
            return tuple(Column(*both).exact(row) for both in zip(self.table, self.apart, strict=True))
        return tuple(written(column[0]) for column in self.columns(row, row + 1))

    def written(self, row: int) -> tuple[str, ...]:
        """The values of one row of a list, as they are written."""
        apart = self.apart or ({},) * len(self.names)
        return tuple(
            str(numbers[row]) if row in numbers else repr(float(floats[row]))
            for floats, numbers in zip(self.table, apart, strict=True)
        )

    def _unit(self, start: int, stop: int) -> Floats:
        if self.method == "random":
            parts = []
            for chunk in range(start // BLOCK, (stop - 1) // BLOCK + 1):
                draw = np.random.Generator(np.random.Philox(key=[self.seed, chunk])).random((BLOCK, len(self.names)))
                parts.append(draw[max(start - chunk * BLOCK, 0) : stop - chunk * BLOCK])
            return np.concatenate(parts)
        if self.method == "sobol":
            return _sobol(len(self.names), self.seed, start, stop)
        return self._whole[start:stop]

    @cached_property
    def _whole(self) -> Floats:
        from scipy.stats import qmc

        return np.asarray(qmc.LatinHypercube(len(self.names), rng=self.seed).random(self.rows), dtype=np.float64)

    @cached_property
    def _digest(self) -> str:
        import hashlib

        apart = tuple(
            (name, list(numbers), list(map(str, numbers.values())))
            for name, numbers in zip(self.names, self.apart, strict=False) if numbers
        )
        digest = hashlib.sha256(repr(apart).encode())
        for floats in self.table:
            digest.update(np.ascontiguousarray(floats).tobytes())
        return digest.hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """What it is."""
        told: dict[str, Any] = {"method": self.method, "rows": self.rows, "parameters": list(self.names)}
        if self.method == "list":
            told["sha256"] = self._digest
        else:
            told["seed"] = self.seed
            told["distributions"] = {
                name: {"kind": kind, "from": low, "to": high, **({"mode": mode} if kind == "triangular" else {})}
                for name, (kind, low, high, mode) in zip(self.names, self.spread, strict=True)
            }
        return told


_kept = threading.local()


def _sobol(dimension: int, seed: int, start: int, stop: int) -> Floats:
    """Rows of a scrambled Sobol' sequence.

    Going forward takes as long as drawing, so that each thread goes on from where it was.
    """
    from scipy.stats import qmc

    engine, key, at = getattr(_kept, "sobol", (None, None, 0))
    if key != (dimension, seed) or at > start or engine is None:
        engine, at = qmc.Sobol(dimension, scramble=True, rng=seed), 0
    if start > at:
        engine.fast_forward(start - at)
        rows = engine.random(stop - start)
    else:
        # SciPy warns of a first draw that is no power of two; one row is.
        rows = np.concatenate([engine.random(1), engine.random(stop - 1)]) if at == 0 else engine.random(stop - start)
    _kept.sobol = (engine, (dimension, seed), stop)
    return np.asarray(rows, dtype=np.float64)


def quantile(unit: Floats, kind: str, low: float, high: float, mode: float) -> Floats:
    """Numbers of the unit interval carried to a distribution on an interval."""
    if kind == "loguniform":
        values = low * np.exp(unit * math.log(high / low))
    elif kind == "triangular":
        share = (mode - low) / (high - low)
        left = low + np.sqrt(unit * (high - low) * (mode - low))
        values = np.where(unit < share, left, high - np.sqrt((1 - unit) * (high - low) * (high - mode)))
    else:
        values = low + unit * (high - low)
    return np.clip(values, low, high)


@dataclass(frozen=True)
class Block:
    """Consecutive points: from `start` up to `stop`, the same as the box of `slices` in the shape of the design."""

    number: int
    start: int
    stop: int
    slices: tuple[slice, ...]

    def __len__(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True)
class Design:
    """Axes, and a sample for each point of their product; and how many points a block may have, 0 for `BLOCK`."""

    axes: tuple[Axis, ...]
    sample: Sample | None = None
    block: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that vary."""
        return (*(axis.name for axis in self.axes), *(self.sample.names if self.sample else ()))

    @property
    def dims(self) -> tuple[str, ...]:
        """The names of the dimensions."""
        return (*(axis.name for axis in self.axes), *(("sample",) if self.sample else ()))

    @property
    def shape(self) -> tuple[int, ...]:
        """How many points along each dimension."""
        return (*(len(axis) for axis in self.axes), *((self.sample.rows,) if self.sample else ()))

    @property
    def size(self) -> int:
        """How many points."""
        return math.prod(self.shape)

    @property
    def box(self) -> tuple[int, ...]:
        """The largest extent of a block along each dimension."""
        extent = [1] * len(self.shape)
        left = min(self.block, BLOCK) if self.block else BLOCK
        for n in reversed(range(len(self.shape))):
            extent[n] = min(self.shape[n], max(left, 1))
            if extent[n] < self.shape[n]:
                # Blocks begin at multiples of eight points where they can, which is where vectors are aligned.
                step = 8 // math.gcd(8, math.prod(self.shape[n + 1 :]))
                extent[n] -= extent[n] % step if extent[n] > step else 0
                break
            left //= self.shape[n]
        return tuple(extent)

    def blocks(self) -> Iterator[Block]:
        """The blocks, in order."""
        extent = self.box
        counts = [-(-size // step) for size, step in zip(self.shape, extent, strict=True)]
        for number in range(math.prod(counts)):
            slices, rest = [], number
            for size, step, count in zip(reversed(self.shape), reversed(extent), reversed(counts), strict=True):
                rest, n = divmod(rest, count)
                slices.append(slice(n * step, min((n + 1) * step, size)))
            slices.reverse()
            start = 0
            for size, part in zip(self.shape, slices, strict=True):
                start = start * size + part.start
            length = math.prod(part.stop - part.start for part in slices)
            yield Block(number, start, start + length, tuple(slices))

    @property
    def count(self) -> int:
        """How many blocks."""
        return math.prod(-(-size // step) for size, step in zip(self.shape, self.box, strict=True))

    def columns(self, block: Block) -> dict[str, Floats]:
        """The values of each parameter that varies, at the points of a block."""
        shape = tuple(part.stop - part.start for part in block.slices)
        found: dict[str, Floats] = {}
        for n, axis in enumerate(self.axes):
            values = axis.floats[block.slices[n]]
            wide = values.reshape([-1 if m == n else 1 for m in range(len(shape))])
            found[axis.name] = np.ascontiguousarray(np.broadcast_to(wide, shape)).reshape(-1)
        if self.sample is not None:
            rows = block.slices[-1]
            for name, values in zip(self.sample.names, self.sample.columns(rows.start, rows.stop), strict=True):
                found[name] = np.ascontiguousarray(np.broadcast_to(values, shape)).reshape(-1)
        return found

    def point(self, number: int, columns: Mapping[str, Any] | None = None, n: int = 0) -> dict[str, Fraction]:
        """The exact values at one point; of a sample that was drawn, from `columns` at `n` where they are at hand."""
        found: dict[str, Fraction] = {}
        place: list[int] = []
        for size in reversed(self.shape):
            number, step = divmod(number, size)
            place.append(step)
        place.reverse()
        for axis, step in zip(self.axes, place, strict=False):
            found[axis.name] = axis.exact(step)
        if self.sample is not None:
            if columns is None or self.sample.apart:
                found.update(zip(self.sample.names, self.sample.exact(place[-1]), strict=True))
            else:
                found.update((name, written(columns[name][n])) for name in self.sample.names)
        return found

    @cached_property
    def largest(self) -> Mapping[str, float]:
        """For each parameter that varies, a size that no value exceeds."""
        found = {axis.name: float(np.abs(axis.floats).max()) for axis in self.axes}
        if self.sample is not None:
            for n, name in enumerate(self.sample.names):
                if self.sample.method == "list":
                    found[name] = float(np.abs(self.sample.table[n]).max())
                else:
                    found[name] = max(abs(self.sample.spread[n][1]), abs(self.sample.spread[n][2]))
        return found

    def to_dict(self) -> dict[str, Any]:
        """What it is, exactly."""
        told: dict[str, Any] = {"over": {axis.name: axis.to_dict() for axis in self.axes}}
        if self.sample is not None:
            told["sample"] = self.sample.to_dict()
        return told


def design_of(
    scenario: Scenario,
    over: Mapping[str, Any] | None = None,
    sample: int | None = None,
    method: str = "latin",
    seed: int = 0,
    points: Any = None,
) -> Design:
    """The design that is asked for, or the one that the scenario's `[sweep]` describes.

    Parameters
    ----------
    scenario : gives the parameters, and for a sample their ranges and distributions.
    over : for each parameter ``(from, to, points)``, ``{"from": …, "to": …, "points": …}`` or a list of values.
    sample : how many rows to draw over the uncertainties (parameters with a range whose role is no other).
    method : one of `METHODS`.
    seed : of the sample.
    points : rows to take as they are: a table (pandas), a mapping from names to values, or a list of mappings.

    Raises
    ------
    UnknownNameError
        for a name that is no parameter.
    ExpressionError
        for what is no axis or sample, with what would be right.
    """
    names = scenario.game.space.names
    if over is None and sample is None and points is None:
        over = scenario.sweep
        if not over:
            raise ExpressionError(
                "nothing to sweep over: name parameters (over resolve from 1/20 to 19/20, 181 points), ask for a "
                "sample, or give the scenario a [sweep]"
            )
    if sample is not None and points is not None:
        raise ExpressionError("a sample and a list of points exclude each other")
    axes = tuple(_axis(name, value, names) for name, value in (over or {}).items())
    taken = {axis.name for axis in axes}
    rows = None
    if sample is not None:
        rows = _drawn(scenario, taken, sample, method, seed)
    elif points is not None:
        rows = _listed(points, names)
        both = taken.intersection(rows.names)
        if both:
            raise ExpressionError(f"{sorted(both)[0]} is an axis and in the list of points")
    for axis in axes:
        _some_inside(scenario, axis)
    design = Design(axes, rows)
    if design.size > MAX_POINTS:
        raise ExpressionError(f"a sweep may have at most {MAX_POINTS} points, this one has {design.size}")
    return design


def _axis(name: str, value: Any, names: Sequence[str]) -> Axis:
    if name not in names:
        raise UnknownNameError("parameter", name, names)
    if isinstance(value, Mapping):
        missing = [key for key in ("from", "to", "points") if key not in value]
        if missing or len(value) > 3:
            raise ExpressionError(f"{name}: an axis has from, to and points")
        value = (value["from"], value["to"], value["points"])
    if isinstance(value, tuple) and len(value) == 3 and _is_whole(value[2]) and value[2] >= 2:
        low, high, points = exact(_plain(value[0])), exact(_plain(value[1])), int(value[2])
        if low >= high:
            raise ExpressionError(f"{name}: from must be below to, and {low} is not below {high}")
        if points > MAX_AXIS:
            raise ExpressionError(f"{name}: an axis may have at most {MAX_AXIS} points")
        return Axis(name, low, high, points)
    if isinstance(value, (list, np.ndarray)) and len(value):
        listed = tuple(exact(_plain(number)) for number in value)
        if len(set(listed)) < len(listed):
            raise ExpressionError(f"{name}: a value is listed twice")
        return Axis(name, listed=listed)
    raise ExpressionError(f"{name}: an axis is (from, to, points) with at least 2 points, or a list of values")


def _some_inside(scenario: Scenario, axis: Axis) -> None:
    """That an axis does not lie outside the domain of its parameter altogether."""
    own = [c for c in scenario.game.space.conditions if c.free == {axis.name}]
    step = max(1, len(axis) // LOOKED_AT)
    tried = [axis.exact(n) for n in (*range(0, len(axis), step), len(axis) - 1)]
    if not any(all(c.holds({axis.name: value}) for c in own) for value in tried):
        wanted = ", ".join(map(str, own))
        raise ExpressionError(f"{axis.name}: no value of this axis lies in the domain ({wanted})")


def _plain(value: Any) -> Any:
    """A number of NumPy as one of Python."""
    return value.item() if isinstance(value, np.generic) else value


def _drawn(scenario: Scenario, taken: set[str], rows: int, method: str, seed: int) -> Sample:
    if method not in METHODS:
        raise ExpressionError(f"{method!r} is no way to draw a sample; there are {', '.join(METHODS)}")
    most = MAX_WHOLE if method == "latin" else MAX_SAMPLE
    if not _is_whole(rows) or not 1 <= rows <= most:
        raise ExpressionError(f"a sample ({method}) has from 1 to {most} rows")
    if method == "sobol" and rows & (rows - 1):
        raise ExpressionError(
            f"a Sobol' sample has a power of two of rows: {1 << (rows.bit_length() - 1)} or {1 << rows.bit_length()}"
        )
    if not _is_whole(seed) or not 0 <= seed < 2**63:
        raise ExpressionError("a seed is a whole number from 0 on")
    drawn = uncertain(scenario, taken)
    if not drawn:
        raise ExpressionError("no parameter has a range to draw from: give the uncertainties of the scenario ranges")
    return Sample(tuple(a.name for a in drawn), int(rows), method, int(seed), tuple(map(spread, drawn)))


def _is_whole(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def uncertain(scenario: Scenario, taken: set[str] | frozenset[str] = frozenset()) -> list[Assumption]:
    """The parameters with a range that nobody chooses; without any so named, all that have a range."""
    ranged = [a for a in scenario.assumptions if a.range and a.range[0] < a.range[1] and a.name not in taken]
    return [a for a in ranged if a.role == "uncertainty"] or ranged


def spread(assumption: Assumption) -> tuple[str, float, float, float]:
    """How a parameter with a range is drawn: its distribution, least and greatest value, and mode."""
    assert assumption.range is not None  # noqa: S101 - those without were left out
    low, high = assumption.range
    kind = assumption.distribution or "uniform"
    return kind, float(low), float(high), float(assumption.value)


def _listed(points: Any, names: Sequence[str]) -> Sample:
    if hasattr(points, "to_dict") and hasattr(points, "columns"):
        points = {str(name): points[name].to_numpy() for name in points.columns}
    if not isinstance(points, Mapping):
        given = list(points)
        if not given or not all(isinstance(row, Mapping) and row.keys() == given[0].keys() for row in given):
            raise ExpressionError("points are a table, or mappings that all give the same parameters")
        points = {name: [row[name] for row in given] for name in given[0]}
    for name in points:
        if name not in names:
            raise UnknownNameError("parameter", str(name), names)
    columns = []
    for name, values in points.items():
        try:
            columns.append(column(values))
        except ExpressionError as error:
            raise ExpressionError(f"{name}, {error.message}") from error
    lengths = set(map(len, columns))
    if len(lengths) != 1 or not lengths - {0}:
        raise ExpressionError("points give each parameter the same number of values, at least one")
    (rows,) = lengths
    apart = tuple(found.apart for found in columns) if any(found.apart for found in columns) else ()
    return Sample(tuple(points), rows, "list", table=tuple(found.floats for found in columns), apart=apart)
