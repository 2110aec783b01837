"""Which equilibria exist where, over two parameters: a map with boundaries from the inequalities of the families.

With all other parameters at the values of a scenario the region of every family is a union of conjunctions of
polynomial inequalities in two parameters. `Map` cuts the plane along them (`arrangement`); the same set of families
exists throughout each cell. Families on a knife edge, whose region has no interior, lie on boundaries and are counted
in the description only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from ..errors import ExpressionError, NotSupportedError, UnknownNameError
from ..expressions import Condition, Ring, format_polynomial
from ..wording import number
from .arrangement import Arc, Arrangement, Box
from .canvas import DARK, HATCHES, WARM, Picture, clean, fold, heading, listed, sheet, short, shortened, step_shade

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..atlas import Atlas
    from ..scenario import Scenario

__all__ = ["Axis", "Map", "axis_of", "known_axis", "regions", "two_axes"]

MOST_SETS: Final = 40
ACROSS, UP = 97, 73
"""Points of the grid on which the place of a label is sought; of no consequence for what is drawn."""
KEY_WIDTH: Final = 56
SHOWN: Final = 12
LONGEST: Final = 240

Region = Sequence[Sequence[Condition]]


@dataclass(frozen=True)
class Axis:
    """A parameter along an axis.

    Attributes
    ----------
    name, meaning, unit : what it is.
    low, high : where the axis begins and ends.
    value : of the scenario; None where there is none.
    """

    name: str
    meaning: str
    unit: str
    low: Fraction
    high: Fraction
    value: Fraction | None = None

    @property
    def label(self) -> str:
        """Name, unit and meaning, in lines."""
        unit = f" ({self.unit})" if self.unit else ""
        return "\n".join(filter(None, (shortened(f"{self.name}{unit}", 64), shortened(self.meaning, 68))))


def axis_of(scenario: Scenario, name: str) -> Axis:
    """The axis of a parameter over its plausible range, or else over that of the scenario's sweep.

    Raises
    ------
    UnknownNameError, ExpressionError
        where there is no such parameter, or it has no range.
    """
    names = scenario.game.space.names
    if name not in names:
        raise UnknownNameError("parameter", name, names)
    if _ends(scenario, name) is None:
        raise ExpressionError(f"{name} has no range in the scenario: give it one, such as range = [0, 1]")
    return known_axis(scenario, name)


def known_axis(scenario: Scenario, name: str) -> Axis:
    """What is known of a parameter; without a range it begins and ends at its value."""
    assumption = next(a for a in scenario.assumptions if a.name == name)
    parameter = scenario.game.space[name]
    low, high = _ends(scenario, name) or (assumption.value, assumption.value)
    return Axis(name, parameter.meaning, assumption.unit or parameter.unit, low, high, assumption.value)


def _ends(scenario: Scenario, name: str) -> tuple[Fraction, Fraction] | None:
    assumption = next(a for a in scenario.assumptions if a.name == name)
    if assumption.range is not None and assumption.range[0] < assumption.range[1]:
        return assumption.range
    if name in scenario.sweep:
        return Fraction(scenario.sweep[name]["from"]), Fraction(scenario.sweep[name]["to"])
    return None


def two_axes(scenario: Scenario, x: str | None = None, y: str | None = None) -> tuple[Axis, Axis]:
    """Two parameters: those named, else those of the scenario's sweep, else a lever and what is uncertain.

    Raises
    ------
    UnknownNameError, ExpressionError
        as for `axis_of`; where one is named twice, or fewer than two have a range.
    """
    if x is not None and x == y:
        raise ExpressionError(f"{x} is named for both axes; a map needs two parameters")
    roles = ("lever", "uncertainty", "constant")
    wide = [a for a in scenario.assumptions if _ends(scenario, a.name) is not None]
    order = [name for name in scenario.sweep if any(a.name == name for a in wide)]
    for role in roles:
        order += [a.name for a in wide if a.role == role and a.name not in order]
    order = sorted(order, key=lambda name: name not in scenario.sweep)
    spare = [name for name in _one_of_each(scenario, order) if name not in (x, y)]
    if len(spare) < (x is None) + (y is None):
        raise ExpressionError("a map needs two parameters with a range in the scenario, such as range = [0, 1]")
    x = spare.pop(0) if x is None else x
    y = spare.pop(0) if y is None else y
    return axis_of(scenario, x), axis_of(scenario, y)


def _one_of_each(scenario: Scenario, order: list[str]) -> list[str]:
    """Those of the sweep first; else one that is uncertain across, and a lever up."""
    if len(scenario.sweep) > 1:
        return order
    roles = {a.name: a.role for a in scenario.assumptions}
    unsure = [name for name in order if roles[name] == "uncertainty"]
    return [*unsure[:1], *(name for name in order if name not in unsure[:1])]


class Map:
    """Which families exist where, over two parameters.

    Parameters
    ----------
    x, y : the axes; the first goes across.
    families : id, label and region of each, over a ring that holds the two names (others do not occur).
    domain : what makes a point admissible.
    title : of the scenario.
    notes : what the map does not show.
    """

    def __init__(
        self, x: Axis, y: Axis, families: Sequence[tuple[str, str, Region]], domain: Sequence[Condition], title: str,
        notes: Sequence[str] = (),
    ) -> None:
        self.x, self.y, self.title = x, y, title
        self.ring = ring = Ring([x.name, y.name])
        self.domain = [condition.over(ring) for condition in domain if condition.truth is not True]
        self.families: list[tuple[str, str, list[list[Condition]]]] = []
        self.edges: list[str] = []
        for key, label, region in families:
            parts = [[c.over(ring) for c in part] for part in region]
            parts = [part for part in parts if all(c.truth is not False for c in part)]
            if any(all(c.op != "==" or c.truth is True for c in part) for part in parts):
                self.families.append((key, label, parts))
            elif parts:
                self.edges.append(key)
        self.notes = list(notes)
        polynomials = [c.poly for _, _, parts in self.families for part in parts for c in part if c.truth is None]
        polynomials += [condition.poly for condition in self.domain]
        box: Box = (x.low, x.high, y.low, y.high)
        self.plane = Arrangement(polynomials, box, self.at)

    @classmethod
    def of(cls, atlas: Atlas, scenario: Scenario, x: Axis, y: Axis) -> Map:
        """The map of an atlas, the other parameters at the values of a scenario.

        Raises
        ------
        NotSupportedError
            where a generic family has no closed form.
        """
        fixed = {name: value for name, value in scenario.point.items() if name not in (x.name, y.name)}
        families = []
        for family in atlas:
            if family.implicit:
                if family.generic:
                    told = f"{family.id} ({family.label})"
                    raise NotSupportedError(f"{told} has no region in closed form, so there is no map")
                continue
            region = [[condition.at(fixed) for condition in part] for part in family.region]
            families.append((family.id, family.label, region))
        notes = [] if atlas.complete else ["there may be further equilibria: the atlas is not claimed to be complete"]
        if atlas.concept not in ("pbe", getattr(atlas.game, "concept", "pbe")):
            notes.append(f"{atlas.concept} equilibria alone")
        domain = [condition.at(fixed) for condition in atlas.game.space.conditions]
        return cls(x, y, families, domain, scenario.title, notes)

    def at(self, x: Fraction, y: Fraction) -> tuple[str, ...] | None:
        """The ids of the families that exist at a point; None where it is not admissible."""
        point = {self.x.name: x, self.y.name: y}
        if not all(condition.holds(point) for condition in self.domain):
            return None
        return tuple(
            key for key, _, parts in self.families if any(all(c.holds(point) for c in part) for part in parts)
        )

    @cached_property
    def sets(self) -> tuple[tuple[str, ...], ...]:
        """The sets of families that exist together somewhere in the box, those of most equilibria last."""
        found = {cell for stack in self.plane.stacks for cell in stack.cells if cell is not None}
        order = [key for key, _, _ in self.families]
        return tuple(sorted(found, key=lambda ids: (len(ids), [order.index(key) for key in ids])))

    def equation(self, curve: int) -> str:
        """A boundary as an equation, solved where it is linear in one name alone."""
        poly = self.plane.curves[curve]
        terms = {tuple(map(int, monomial)): Fraction(int(c.p), int(c.q)) for monomial, c in poly.terms()}
        for name, first in ((self.x.name, (1, 0)), (self.y.name, (0, 1))):
            if set(terms) <= {first, (0, 0)} and first in terms:
                return f"{name} = {number(-terms.get((0, 0), Fraction(0)) / terms[first])}"
        whole = Condition(self.ring, poly, "==").poly
        text = f"{format_polynomial(whole, self.ring.names)} = 0"
        if len(text) > LONGEST:
            return f"a polynomial of degree {int(poly.total_degree())} = 0, as in the atlas"
        return text

    def names(self, ids: Sequence[str]) -> list[str]:
        """Families with id and label."""
        return [f"{key} {label}" for key, label, _ in self.families if key in ids]

    @property
    def here(self) -> tuple[str, ...] | None:
        """What exists at the scenario's own point; None where it has none within the box."""
        x, y = self.x.value, self.y.value
        if x is None or y is None or not (self.x.low <= x <= self.x.high and self.y.low <= y <= self.y.high):
            return None
        return self.at(x, y)


def regions(found: Map) -> Picture:
    """The picture of a map.

    Raises
    ------
    LimitError
        where too many curves cut the plane, or too many sets of families exist.
    """
    title = f"Where equilibria exist, by {found.x.name} and {found.y.name}: {found.title}"
    return Picture("regions", title, _told(found), lambda: _Drawing(found).figure())


def _told(found: Map) -> str:
    """What is to be seen, in sentences."""
    plane = found.plane
    parts = [
        f"A map of the equilibria that exist, across {found.x.name} from {short(found.x.low)} to "
        f"{short(found.x.high)}, upwards {found.y.name} from {short(found.y.low)} to {short(found.y.high)}; the other "
        "parameters as in the scenario."
    ]
    shares = dict.fromkeys(found.sets, 0.0)
    for cells in plane.components:
        ids = plane.stacks[cells[0][0]].cells[cells[0][1]]
        if ids is not None:
            shares[ids] += plane.area(cells)
    for letter, ids in zip(_letters(len(found.sets)), found.sets, strict=True):
        what = listed(found.names(ids), 6) or "no equilibrium"
        parts.append(f"Region {letter}, {shares[ids]:.1%} of the map, {_counted(ids)}: {what}.")
    drawn = list(dict.fromkeys(arc.curve for arc in plane.arcs))
    if drawn:
        parts.append(f"Boundaries: {listed([found.equation(curve) for curve in drawn], 8)}.")
    if found.here is not None:
        parts.append(f"The scenario's own point, {found.x.name} = {number(found.x.value)} and {found.y.name} = "
                     f"{number(found.y.value)}, has {listed(found.names(found.here), 6) or 'none'}.")
    if found.edges:
        parts.append(f"{_edges(found.edges).capitalize()}.")
    return " ".join([*parts, *(f"Note: {note}." for note in found.notes)])


def _counted(ids: Sequence[str]) -> str:
    return "1 family" if len(ids) == 1 else f"{len(ids)} families"


def _edges(edges: Sequence[str]) -> str:
    count = f": {', '.join(edges)}" if len(edges) <= SHOWN else f": {len(edges)} further families"
    return f"on boundaries alone{count}"


def _letters(count: int) -> list[str]:
    """A, B, ..., Z, AA, AB, ..."""
    names = [chr(65 + n) for n in range(26)]
    return (names + [f"{a}{b}" for a in names for b in names])[:count]


class _Drawing:
    """One map on its way to a figure."""

    def __init__(self, found: Map) -> None:
        self.map, self.plane = found, found.plane
        self.letter = dict(zip(found.sets, _letters(len(found.sets)), strict=True))
        sizes = sorted({len(ids) for ids in found.sets})
        self.shade = {
            ids: "white" if not ids else step_shade(sizes.index(len(ids)), len(sizes) - 1) for ids in found.sets
        }
        self.hatch = {ids: HATCHES[n % len(HATCHES)] for n, ids in enumerate(found.sets)}
        self.drawn = list(dict.fromkeys(arc.curve for arc in self.plane.arcs))

    def figure(self) -> Figure:
        """The figure."""
        key = self._key()
        lines = sum(len(rows) for _, rows in key) + 0.76 * len(key)
        height = max(5.4, 0.158 * lines + 1.0)
        figure = sheet(11.0, height, None)
        head = 1 - 0.62 / height
        foot = 0.92 / height
        tall = min(head - foot, 4.6 / height)
        axes = figure.add_axes((0.08, head - tall, 0.47, tall))
        side = figure.add_axes((0.585, 0.01, 0.41, head - 0.01))
        heading(figure, self.map.title, "Which families of equilibria exist; the darker, the more families")
        self._cells(axes)
        for arc in self.plane.arcs:
            axes.plot(*zip(*arc.points, strict=True), color=DARK, linewidth=1.6, solid_capstyle="round", zorder=4)
        self._numbers(axes)
        self._labels(axes)
        self._point(axes)
        axes.set_xlim(float(self.map.x.low), float(self.map.x.high))
        axes.set_ylim(float(self.map.y.low), float(self.map.y.high))
        axes.set_xlabel(self.map.x.label, fontsize=8.5)
        axes.set_ylabel(self.map.y.label, fontsize=8.5)
        for spine in axes.spines.values():
            spine.set_visible(True)
        self._listed(side, key, (head - 0.01) * height)
        return figure

    def _cells(self, axes: Axes) -> None:
        x0, x1, y0, y1 = map(float, self.plane.box)
        # First the shades, seamless; then the hatches, without edges of their own.
        for hatched in (False, True):
            for s, stack in enumerate(self.plane.stacks):
                xs = list(self.plane.places(s))
                rows = [(y0, *self.plane.heights(s, x), y1) for x in xs]
                # A stack is drawn up to its ends, which its places come near.
                xs[0], xs[-1] = max(x0, float(stack.low)), min(x1, float(stack.high))
                for c, ids in enumerate(stack.cells):
                    low, high = [row[c] for row in rows], [row[c + 1] for row in rows]
                    shade = "#e6e6e6" if ids is None else self.shade[ids]
                    hatch = "xxxx" if ids is None else self.hatch[ids]
                    if not hatched:
                        axes.fill_between(xs, low, high, facecolor=shade, edgecolor=shade, linewidth=0.4, zorder=1)
                    elif hatch:
                        axes.fill_between(xs, low, high, facecolor="none", edgecolor=DARK, hatch=hatch, linewidth=0.0,
                                          zorder=2)

    def _numbers(self, axes: Axes) -> None:
        """The number of each boundary, beside the middle of its longest piece."""
        x0, x1, y0, y1 = map(float, self.plane.box)
        for n, curve in enumerate(self.drawn, 1):
            longest = max((arc for arc in self.plane.arcs if arc.curve == curve),
                          key=lambda arc: _length(arc, x1 - x0, y1 - y0))
            # Spread out, so that boundaries which are near each other have their numbers apart.
            x, y = _along(longest, (0.35, 0.65, 0.5, 0.2, 0.8)[n % 5], x1 - x0, y1 - y0)
            axes.text(x, y, str(n), fontsize=7, ha="center", va="center", zorder=7,
                      bbox={"boxstyle": "circle,pad=0.25", "facecolor": "white", "edgecolor": DARK, "linewidth": 0.8})

    def _labels(self, axes: Axes) -> None:
        """The letter of each region, in each of its parts that has room."""
        star = None if self.map.here is None else (float(self.map.x.value or 0), float(self.map.y.value or 0))
        for cells, (x, y), room in _middles(self.plane, star):
            ids = self.plane.stacks[cells[0][0]].cells[cells[0][1]]
            text = "not\nadmissible" if ids is None else self.letter[ids]
            if ids and room > 5:
                words = ", ".join(ids) if len(ids) <= 5 else f"{len(ids)} families"
                text += f"\n{fold(words, 22)}"
            axes.text(x, y, text, fontsize=9 if room > 2 else 7, fontweight="bold", ha="center", va="center", zorder=8,
                      linespacing=1.15,
                      bbox={"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": "none", "alpha": 0.85})

    def _point(self, axes: Axes) -> None:
        x, y = self.map.x, self.map.y
        if self.map.here is None or x.value is None or y.value is None:
            return
        axes.plot([float(x.value)], [float(y.value)], "o", color="white", markeredgecolor=DARK, markersize=17, zorder=9,
                  clip_on=False)
        axes.plot([float(x.value)], [float(y.value)], "*", color=WARM, markeredgecolor=DARK, markersize=13, zorder=10,
                  clip_on=False)
        left = x.value < (x.low + x.high) / 2
        axes.annotate(
            f"scenario ({short(x.value)}, {short(y.value)})", (float(x.value), float(y.value)), zorder=9, fontsize=8,
            xytext=(10 if left else -10, -15), textcoords="offset points", ha="left" if left else "right",
            bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.9},
        )

    # the key

    def _key(self) -> list[tuple[Any, list[str]]]:
        """What stands at the right: for each region its families; boundaries; notes."""
        found: list[tuple[Any, list[str]]] = []
        for ids in self.map.sets:
            words = f"{_counted(ids)}: {', '.join(ids)}" if ids else "no equilibrium"
            first, *rest = fold(words, KEY_WIDTH).split("\n")
            found.append((ids, [f"{self.letter[ids]}  {first}", *(f"     {line}" for line in rest)]))
        rows = ["Families"]
        for name in self.map.names([key for ids in self.map.sets for key in ids]):
            first, *rest = fold(name, KEY_WIDTH).split("\n")
            rows += [f"   {first}", *(f"         {line}" for line in rest)]
        found.append((None, rows))
        if self.drawn:
            rows = ["Boundaries"]
            for n, curve in enumerate(self.drawn, 1):
                # The right-hand side stays with what stands before it.
                words = fold(self.map.equation(curve).replace(" = ", "\u00a0=\u00a0"), KEY_WIDTH)
                first, *rest = words.replace("\u00a0", " ").split("\n")
                rows += [f"   {n}: {first}", *(f"      {line}" for line in rest)]
            found.append((None, rows))
        notes = list(self.map.notes)
        if self.map.edges:
            notes.insert(0, _edges(self.map.edges))
        if notes:
            found.append((None, ["Notes", *(f"   {line}" for n in notes for line in fold(n, KEY_WIDTH).split("\n"))]))
        return found

    def _listed(self, axes: Axes, key: Sequence[tuple[Any, list[str]]], height: float) -> None:
        from matplotlib.patches import Rectangle

        axes.set_axis_off()
        axes.set_xlim(0, 4.51)
        axes.set_ylim(height, 0)
        y = 0.14
        for ids, rows in key:
            left = 0.0 if ids is None else 0.42
            if ids is not None:
                axes.add_patch(Rectangle((0, y - 0.09), 0.34, 0.2, facecolor=self.shade[ids], edgecolor=DARK,
                                         hatch=self.hatch[ids], linewidth=0.0))
                axes.add_patch(Rectangle((0, y - 0.09), 0.34, 0.2, facecolor="none", edgecolor=DARK, linewidth=0.8))
            for n, row in enumerate(rows):
                axes.text(left, y, clean(row), fontsize=8, va="center", fontweight="normal" if n else "bold")
                y += 0.158
            y += 0.12


def _length(arc: Arc, wide: float, tall: float) -> float:
    return math.fsum(
        (((c - a) / wide) ** 2 + ((d - b) / tall) ** 2) ** 0.5
        for (a, b), (c, d) in zip(arc.points, arc.points[1:], strict=False)
    )


def _along(arc: Arc, share: float, wide: float, tall: float) -> tuple[float, float]:
    """The point at a share of the length of an arc."""
    left = share * _length(arc, wide, tall)
    for (a, b), (c, d) in zip(arc.points, arc.points[1:], strict=False):
        size = (((c - a) / wide) ** 2 + ((d - b) / tall) ** 2) ** 0.5
        if size and size >= left:
            return a + (c - a) * left / size, b + (d - b) * left / size
        left -= size
    return arc.points[-1]


def _middles(
    plane: Arrangement, star: tuple[float, float] | None
) -> list[tuple[tuple[tuple[int, int], ...], tuple[float, float], int]]:
    """For each component the point of a grid that is farthest from what is not of it, and how many steps that is.

    It keeps off the place of a star where there is room elsewhere.
    """
    x0, x1, y0, y1 = map(float, plane.box)
    number = {cell: n for n, cells in enumerate(plane.components) for cell in cells}
    xs = [x0 + (x1 - x0) * (i + 0.5) / ACROSS for i in range(ACROSS)]
    ys = [y0 + (y1 - y0) * (j + 0.5) / UP for j in range(UP)]
    grid = {(i, j): number[plane.cell_at(x, y)] for i, x in enumerate(xs) for j, y in enumerate(ys)}
    depth = dict.fromkeys(grid, 0)
    steps = ((1, 0), (-1, 0), (0, 1), (0, -1))
    rim = [p for p, n in grid.items() if any(grid.get((p[0] + a, p[1] + b)) != n for a, b in steps)]
    level = 1
    while rim:
        depth.update(dict.fromkeys(rim, level))
        following: dict[tuple[int, int], None] = {}
        for i, j in rim:
            for a, b in steps:
                if grid.get((i + a, j + b)) == grid[i, j] and not depth[i + a, j + b]:
                    following[i + a, j + b] = None
        rim, level = list(following), level + 1
    found = []
    for n, cells in enumerate(plane.components):
        inside = [p for p, own in grid.items() if own == n]
        if inside:
            free = [p for p in inside if star is None or abs(xs[p[0]] - star[0]) > 0.25 * (x1 - x0)
                    or abs(ys[p[1]] - star[1]) > 0.13 * (y1 - y0)]
            most = max(depth[p] for p in free or inside)
            inside = free or inside
            best = [p for p in inside if depth[p] == most]
            i, j = best[len(best) // 2]
            found.append((cells, (xs[i], ys[j]), most))
    return found
