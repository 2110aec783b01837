"""The probability of events along a parameter: every equilibrium, and the envelope over those that coexist.

From closed forms the curves are exact: a family exists between two cuts, roots of the polynomials of its region, and
at an end of its stretch a full ring says that it exists there too, an empty one that it does not. Without closed forms
the equilibria at evenly spaced values are dots. From a sweep the envelope is drawn over its own grid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from ..algebraic import Real
from ..errors import DeterrenceError, ExpressionError, LimitError, NotSupportedError, UnknownNameError
from ..wording import number
from .canvas import DARK, DASHES, GREY, LIGHT, MIDDLE, WARM, Picture, fold, heading, listed, sheet, short
from .maps import Axis, axis_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..curves import Curve, Curves
    from ..scenario import Scenario

__all__ = ["Line", "Lines", "chosen_events", "events", "lines"]

USUAL: Final = ("deterrence_failure", "spiral")
VALUES: Final = 41
MOST_EVENTS: Final = 4
MOST_NAMED: Final = 12
FLAT: Final = 5e-4
DEEPEST: Final = 10


@dataclass(frozen=True)
class Line:
    """What some families come to between two values of the parameter.

    Attributes
    ----------
    ids : of the families; several where they come to the same.
    low, high : the values between which they exist.
    points : parameter and probability.
    closed : whether one of them exists at the lower and at the higher value itself.
    """

    ids: tuple[str, ...]
    low: Real
    high: Real
    points: tuple[tuple[float, float], ...]
    closed: tuple[bool, bool]


@dataclass(frozen=True)
class Lines:
    """Probabilities along a parameter.

    Attributes
    ----------
    axis : the parameter.
    title : of the scenario.
    names : of the families by id.
    lines : for each event, what there is.
    envelope : for each event, stretches of (parameter, least, greatest), each from one cut to the next.
    dots : for each event, values without closed forms.
    cuts : where families appear or vanish.
    at_cuts : for each event, at rational cuts the least and greatest value over all equilibria there.
    notes : doubts.
    """

    axis: Axis
    title: str
    names: Mapping[str, str]
    lines: Mapping[str, tuple[Line, ...]]
    envelope: Mapping[str, tuple[tuple[tuple[float, float, float], ...], ...]]
    dots: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    cuts: tuple[Real, ...] = ()
    at_cuts: Mapping[str, Mapping[Fraction, tuple[float, float]]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def chosen_events(known: Sequence[str], wanted: str | None) -> list[str]:
    """The events that are drawn: those named, separated by commas; else failure and spiral, else the first ones.

    Raises
    ------
    UnknownNameError, ExpressionError
        where there is no such event, or more are named than fit.
    """
    if wanted is not None:
        asked = [name.strip() for name in wanted.split(",")]
        for name in asked:
            if name not in known:
                raise UnknownNameError("event", name, known)
        if len(asked) > MOST_EVENTS:
            raise ExpressionError(f"a picture has room for {MOST_EVENTS} events, not for {len(asked)}")
        return list(dict.fromkeys(asked))
    return [name for name in USUAL if name in known] or list(known[:2])


def lines(scenario: Scenario, parameter: str, wanted: str | None = None) -> Lines:
    """What the equilibria of a scenario come to along one of its parameters.

    Raises
    ------
    UnknownNameError, ExpressionError
        where there is no such parameter or event, or the parameter has no range.
    """
    axis = axis_of(scenario, parameter)
    asked = chosen_events(list(scenario.game.events), wanted)
    try:
        return _closed_forms(scenario, axis, asked)
    except (NotSupportedError, LimitError) as error:
        return _dots(scenario, axis, asked, str(error))


def _closed_forms(scenario: Scenario, axis: Axis, asked: Sequence[str]) -> Lines:
    from ..curves import Curves
    from ..lowering import lower
    from ..solvers import atlas

    found = atlas(scenario, over=[axis.name])
    if not found.complete:
        raise NotSupportedError("; ".join(found.notes) or "the atlas is not complete")
    program = lower(found, found.game.space.conditions)
    places = [program.quantities.index(f"P[{event}]") for event in asked]
    curves = Curves(program, axis.low, axis.high, places)
    return Lines(
        axis, scenario.title, {family.id: family.label for family in program.families},
        {event: tuple(_lines(curves, n)) for n, event in enumerate(asked)},
        {event: tuple(_envelope(curves, n)) for n, event in enumerate(asked)}, cuts=_inner(curves),
        at_cuts=_at_cuts(scenario, axis, curves, asked),
    )


def _inner(curves: Curves) -> tuple[Real, ...]:
    return tuple(stretch.high for stretch in curves.stretches[:-1])


def _lines(curves: Curves, quantity: int) -> list[Line]:
    """What each distinct formula comes to, over neighbouring stretches as one line."""
    found: list[Line] = []
    latest: dict[tuple[tuple[str, ...], Any], int] = {}
    for stretch in curves.stretches:
        groups: dict[Any, list[Curve]] = {}
        for curve in stretch.curves:
            groups.setdefault(curve.values[quantity], []).append(curve)
        for formula, members in groups.items():
            ids = tuple(dict.fromkeys(member.id for member in members))
            points = tuple(_trace(members[0], quantity, stretch.low, stretch.high))
            ends = tuple(any(curves.exists(member, end) for member in members) for end in (stretch.low, stretch.high))
            line = Line(ids, stretch.low, stretch.high, points, (ends[0], ends[1]))
            before = latest.get((ids, formula))
            if before is not None and found[before].high == stretch.low and found[before].closed[1] and ends[0]:
                last = found[before]
                found[before] = Line(ids, last.low, line.high, (*last.points, *points[1:]), (last.closed[0], ends[1]))
            else:
                latest[ids, formula] = len(found)
                found.append(line)
    return found


def _trace(curve: Curve, quantity: int, low: Real, high: Real) -> list[tuple[float, float]]:
    """Points of a curve between which it is nearly straight; at the ends its limits."""
    value = curve.values[quantity]
    name = value.ring.names[0]
    start, end = float(low), float(high)

    def at(x: float) -> float:
        return float(value.evaluate({name: Fraction(x)}))

    def refine(a: tuple[float, float], b: tuple[float, float], left: int) -> list[tuple[float, float]]:
        middle = (a[0] + b[0]) / 2
        here = (middle, at(middle))
        if left == 0 or (left < DEEPEST - 2 and abs(here[1] - (a[1] + b[1]) / 2) < FLAT):
            return []
        return [*refine(a, here, left - 1), here, *refine(here, b, left - 1)]

    ends = (start, float(curve.at(quantity, low))), (end, float(curve.at(quantity, high)))
    inner = [] if value.is_number else refine(*ends, DEEPEST)
    return [ends[0], *inner, ends[1]]


def _envelope(curves: Curves, quantity: int) -> list[tuple[tuple[float, float, float], ...]]:
    """Least and greatest value, piece by piece."""
    found = []
    for piece in curves.pieces(quantity):
        best = dict(_trace(piece.best, quantity, piece.low, piece.high))
        worst = dict(_trace(piece.worst, quantity, piece.low, piece.high))
        xs = sorted({*best, *worst})
        found.append(tuple((x, _between(best, x), _between(worst, x)) for x in xs))
    return found


def _between(points: Mapping[float, float], x: float) -> float:
    """The value at a place, or on the chord of the two around it."""
    if x in points:
        return points[x]
    low, high = max(p for p in points if p < x), min(p for p in points if p > x)
    return points[low] + (points[high] - points[low]) * (x - low) / (high - low)


def _at_cuts(
    scenario: Scenario, axis: Axis, curves: Curves, asked: Sequence[str]
) -> dict[str, dict[Fraction, tuple[float, float]]]:
    """At rational cuts what all equilibria reach, those on a knife edge among them."""
    found: dict[str, dict[Fraction, tuple[float, float]]] = {event: {} for event in asked}
    for before, after in pairwise(curves.stretches):
        cut = after.low
        if isinstance(cut, Fraction):
            try:
                rows = _reached(scenario.with_values({axis.name: cut}))
            except DeterrenceError:
                continue
            # What families of both sides come to there may be one connected set, of which `solve` shows one member.
            there = [curve for curve in (*before.curves, *after.curves) if curves.exists(curve, cut)]
            for n, event in enumerate(asked):
                values = [float(row[event]) for row in rows] + [float(curve.at(n, cut)) for curve in there]
                if values:
                    found[event][cut] = (min(values), max(values))
    return found


def _reached(scenario: Scenario) -> list[dict[str, Any]]:
    """The probabilities of the events in every equilibrium at the values of a scenario, with what varies in them."""
    import warnings

    from ..errors import BranchCutWarning
    from ..solvers import solve
    from ..solvers.ranges import ends

    names = list(scenario.game.events)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BranchCutWarning)
        solution = solve(scenario)
        rows = [dict(entry.events) for entry in solution]
        return rows + [dict(zip(names, row, strict=False)) for row in ends(scenario.game, scenario.point, solution)]


def _dots(scenario: Scenario, axis: Axis, asked: Sequence[str], why: str) -> Lines:
    """The equilibria at evenly spaced values; values that cannot be solved are left out."""
    dots: dict[str, list[tuple[float, float]]] = {event: [] for event in asked}
    failed: DeterrenceError | None = None
    for n in range(VALUES):
        value = axis.low + (axis.high - axis.low) * Fraction(n, VALUES - 1)
        try:
            rows = _reached(scenario.with_values({axis.name: value}))
        except DeterrenceError as error:
            failed = error
            continue
        for event in asked:
            dots[event] += [(float(value), float(row[event])) for row in rows]
    if failed is not None and not any(dots.values()):
        raise failed
    note = f"equilibria at {VALUES} values, not in closed form: {why}"
    return Lines(axis, scenario.title, {}, dict.fromkeys(asked, ()), dict.fromkeys(asked, ()),
                 {event: tuple(points) for event, points in dots.items()}, notes=(note,))


def events(found: Lines) -> Picture:
    """The picture of probabilities along a parameter."""
    title = f"{', '.join(found.lines)} along {found.axis.name}: {found.title}"
    return Picture("events", title, _told(found), lambda: _drawn(found))


def _told(found: Lines) -> str:
    axis = found.axis
    parts = [f"Probabilities along {axis.name}, from {short(axis.low)} to {short(axis.high)}, the other parameters as "
             "in the scenario."]
    for event, rows in found.lines.items():
        said = []
        for line in rows:
            first, last = line.points[0][1], line.points[-1][1]
            value = f"{first:.3g}" if abs(first - last) < 1e-12 else f"{first:.3g} to {last:.3g}"
            where = f"{axis.name} from {number(line.low)} to {number(line.high)}"
            said.append(f"{', '.join(line.ids)} {value} with {where}")
        if said:
            parts.append(f"{event}: {listed(said, 10)}.")
        dots = [y for _, y in found.dots.get(event, ())]
        if dots:
            parts.append(f"{event}: between {min(dots):.3g} and {max(dots):.3g}, over {len(dots)} equilibria.")
    if found.cuts:
        parts.append(f"Equilibria appear or vanish at {axis.name} = {listed([number(cut) for cut in found.cuts], 8)}.")
    if axis.value is not None and axis.low <= axis.value <= axis.high:
        parts.append(f"The scenario has {axis.name} = {number(axis.value)}.")
    parts += [f"{key} is {label}." for key, label in list(found.names.items())[:MOST_NAMED]]
    return " ".join([*parts, *(f"Note: {note}." for note in found.notes)])


def _drawn(found: Lines) -> Figure:
    names = [line for name in _key(found) for line in name]
    height = 2.5 * len(found.lines) + 0.9 + 0.16 * len(names)
    figure = sheet(8.6, height, None)
    foot = (0.85 + 0.16 * len(names)) / height
    each = (1 - 0.55 / height - foot) / len(found.lines)
    heading(figure, found.title)
    for n, event in enumerate(found.lines):
        axes = figure.add_axes((0.09, foot + each * (len(found.lines) - 1 - n), 0.88, each - 0.5 / height))
        _panel(axes, found, event)
        if n == 0:
            figure.legend(*axes.get_legend_handles_labels(), loc="upper left", ncols=4, fontsize=8, handlelength=2.6,
                          bbox_to_anchor=(0.005, 1 - 0.3 / height), columnspacing=1.4, borderaxespad=0.0)
        if n == len(found.lines) - 1:
            axes.set_xlabel(found.axis.label, fontsize=8.5)
        else:
            axes.tick_params(labelbottom=False)
    for n, line in enumerate(names):
        figure.text(0.03, (0.16 * (len(names) - n) - 0.05) / height, line, fontsize=8, va="center")
    return figure


def _key(found: Lines) -> list[list[str]]:
    rows = [fold(f"{key}  {label}", 120).split("\n") for key, label in found.names.items()]
    return [*rows, *(fold(f"Note: {note}", 120).split("\n") for note in found.notes)]


def _panel(axes: Axes, found: Lines, event: str) -> None:
    for n, piece in enumerate(found.envelope[event]):
        x, low, high = zip(*piece, strict=True)
        axes.fill_between(x, low, high, color=LIGHT, linewidth=0,
                          label="between least and greatest" if n == 0 else None)
        axes.plot(x, high, color=DARK, linewidth=2.4, zorder=3, solid_capstyle="butt",
                  label="greatest over all equilibria" if n == 0 else None)
        axes.plot(x, low, color=MIDDLE, linewidth=2.0, zorder=3, linestyle=DASHES[1],
                  label="least over all equilibria" if n == 0 else None)
    left, right = float(found.axis.low), float(found.axis.high)
    for line in found.lines[event]:
        axes.plot(*zip(*line.points, strict=True), color=GREY, linewidth=0.9, zorder=2)
        for place, closed in zip((0, -1), line.closed, strict=True):
            at, value = line.points[place]
            if at not in (left, right):
                axes.plot([at], [value], "o", color=DARK if closed else "white", markeredgecolor=DARK, markersize=5,
                          zorder=5)
    _named(axes, found.lines[event], right - left)
    for cut, (least, most) in found.at_cuts.get(event, {}).items():
        if most > least:
            axes.plot([float(cut)] * 2, [least, most], color=GREY, linewidth=1.2, linestyle=DASHES[2], zorder=2)
    dots = found.dots.get(event, ())
    if dots:
        axes.plot(*zip(*dots, strict=True), "o", color=DARK, markersize=3.5, fillstyle="none", clip_on=False,
                  label="an equilibrium")
    here = found.axis.value
    if here is not None and found.axis.low <= here <= found.axis.high:
        axes.axvline(float(here), color=WARM, linewidth=1.2, linestyle=DASHES[3], zorder=1,
                     label=f"scenario: {short(here)}")
    axes.set_xlim(left, right)
    axes.set_ylim(-0.14, 1.1)
    axes.set_yticks([n / 5 for n in range(6)])
    axes.set_ylabel("probability", fontsize=8.5)
    axes.set_title(event)


def _named(axes: Axes, rows: Sequence[Line], wide: float) -> None:
    """The families at their lines, once for lines that lie on each other."""
    taken: list[tuple[float, float]] = []
    for line in sorted(rows, key=lambda line: line.points[0][0] - line.points[-1][0]):
        x = (line.points[0][0] + line.points[-1][0]) / 2
        y = next(
            (b[1] + (a[1] - b[1]) * (b[0] - x) / (b[0] - a[0]) for a, b in pairwise(line.points) if a[0] <= x < b[0]),
            line.points[0][1],
        )
        # Above the line or below it, whichever is nearest and free.
        near = [b for a, b in taken if abs(x - a) < 0.16 * wide]
        shift = next(
            s for n in range(40) for s in (4.0 + 10 * n, -13.0 - 10 * n)
            if y + s / 130 > -0.13 and not any(abs(y + s / 130 - b) < 0.075 for b in near)
        )
        taken.append((x, y + shift / 130))
        words = ", ".join(line.ids) if len(line.ids) <= 6 else f"{len(line.ids)} families from {line.ids[0]}"
        axes.annotate(words, (x, y), xytext=(0, shift), textcoords="offset points", fontsize=7.5, ha="center",
                      va="bottom", zorder=6,
                      bbox={"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none", "alpha": 0.85})
