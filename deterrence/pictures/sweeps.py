"""The envelope of a sweep over its own points: along one parameter, over two, or over a sample.

What is drawn are the points that the sweep has computed; where equilibria appear or vanish between them is not told.
`along` and `maps` draw that exactly, where there are closed forms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from ..errors import ExpressionError
from .along import chosen_events
from .canvas import DARK, DASHES, LIGHT, MIDDLE, WARM, Picture, heading, listed, sheet
from .maps import Axis

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["sweep"]

LEVELS: Final = 10


def sweep(
    data: xr.Dataset, title: str, axes: Mapping[str, Axis], x: str | None = None, y: str | None = None,
    wanted: str | None = None,
) -> Picture:
    """The least and the greatest probability of events over the equilibria at each point of a sweep.

    Parameters
    ----------
    data : what `deterrence.sweep` gives, with ``P_min[event]`` or ``P_max[event]``.
    title : of the scenario.
    axes : what is known of parameters, by name.
    x, y : for a sweep over two parameters, which goes across and which upwards.
    wanted : events, separated by commas.

    Raises
    ------
    ExpressionError
        where it is over three parameters or more, or holds no probabilities.
    UnknownNameError
        where there is no such event.
    """
    known = list(dict.fromkeys(str(name)[6:-1] for name in data.data_vars if str(name)[:6] in ("P_max[", "P_min[")))
    if not known:
        raise ExpressionError("the sweep holds no P_max[event] or P_min[event]: sweep with --keep P_min,P_max")
    asked = chosen_events(known, wanted)
    dims = [str(name) for name in data[_either(data, asked[0])].dims]
    if len(dims) > 2 or (len(dims) == 2 and "sample" in dims):
        over = ", ".join(dims)
        raise ExpressionError(f"a sweep over {over} has too many dimensions for a picture; select some first")
    if len(dims) == 2 and (x or y):
        first = x or next(name for name in dims if name != y)
        if {first, y or first} - set(dims):
            raise ExpressionError(f"the sweep goes over {' and '.join(dims)}, not over {x} and {y}")
        dims = [first, *(name for name in dims if name != first)]
    alt = _told(data, asked, dims)
    words = f"{', '.join(asked)} by {' and '.join(dims)}: {title}"
    if dims == ["sample"]:
        return Picture("events", words, alt, lambda: _shares(data, asked, title))
    if len(dims) == 1:
        return Picture("events", words, alt, lambda: _along(data, asked, dims[0], title, axes))
    return Picture("events", words, alt, lambda: _plane(data, asked, dims, title, axes))


def _either(data: xr.Dataset, event: str) -> str:
    return f"P_max[{event}]" if f"P_max[{event}]" in data else f"P_min[{event}]"


def _kept(data: xr.Dataset, event: str) -> list[str]:
    """The variables of an event that the sweep holds, the greatest first."""
    return [name for name in (f"P_max[{event}]", f"P_min[{event}]") if name in data]


def _told(data: xr.Dataset, asked: Sequence[str], dims: Sequence[str]) -> str:
    import numpy as np

    parts = []
    for name in dims:
        if name == "sample":
            parts.append(f"A sample of {data.sizes[name]} points.")
        else:
            values = data[name].values
            parts.append(f"{name}: {len(values)} values from {values[0]:.4g} to {values[-1]:.4g}.")
    for event in asked:
        for name in _kept(data, event):
            values = data[name].values
            if not np.isfinite(values).any():
                parts.append(f"{name} has no value anywhere.")
                continue
            low, high = np.nanmin(values), np.nanmax(values)
            at = np.unravel_index(int(np.nanargmax(values)), values.shape)
            where = listed([f"{d} = {data[d].values[i]:.4g}" for d, i in zip(data[name].dims, at, strict=True)
                            if d != "sample"], 2)
            parts.append(f"{name} goes from {low:.3g} to {high:.3g}, on average {np.nanmean(values):.3g}"
                         + (f"; it is first greatest at {where}." if where else "."))
    return " ".join(parts)


def _label(axes: Mapping[str, Axis], name: str) -> str:
    return axes[name].label if name in axes else name


def _along(data: xr.Dataset, asked: Sequence[str], name: str, title: str, known: Mapping[str, Axis]) -> Figure:
    height = 2.5 * len(asked) + 1.2
    figure = sheet(8.6, height, None)
    heading(figure, title)
    each = (height - 0.6 - 0.85) / len(asked)
    x, broken = data[name].values, _breaks(data, name)
    for n, event in enumerate(asked):
        axes = figure.add_axes((0.09, (0.85 + each * (len(asked) - 1 - n)) / height, 0.88, (each - 0.5) / height))
        kept = _kept(data, event)
        if len(kept) == 2:
            for start, end in pairwise(broken):
                axes.fill_between(x[start:end], data[kept[1]].values[start:end], data[kept[0]].values[start:end],
                                  color=LIGHT, linewidth=0)
        for variable in kept:
            most = variable.startswith("P_max")
            for k, (start, end) in enumerate(pairwise(broken)):
                axes.plot(x[start:end], data[variable].values[start:end], color=DARK if most else MIDDLE,
                          linewidth=2.2 if most else 1.8, linestyle="-" if most else DASHES[1],
                          marker="." if len(x) <= 60 or end - start == 1 else None, markersize=4,
                          label=f"{'greatest' if most else 'least'} over all equilibria" if k == 0 else None)
        _scenario(axes, known.get(name))
        axes.set_xlim(float(x[0]), float(x[-1]))
        axes.set_ylim(-0.06, 1.08)
        axes.set_ylabel("probability", fontsize=8.5)
        axes.set_title(event)
        if n == 0:
            figure.legend(*axes.get_legend_handles_labels(), loc="upper left", ncols=4, fontsize=8, handlelength=2.6,
                          bbox_to_anchor=(0.005, 1 - 0.3 / height), borderaxespad=0.0)
        if n == len(asked) - 1:
            axes.set_xlabel(_label(known, name), fontsize=8.5)
        else:
            axes.tick_params(labelbottom=False)
    return figure


def _breaks(data: xr.Dataset, name: str) -> list[int]:
    """Where a line has to be broken: between points at which other families exist, as far as the sweep tells it."""
    found = [0, data.sizes[name]]
    if "exists" in data:
        there = data["exists"].transpose(name, "family").values
        found += [n for n in range(1, len(there)) if (there[n] != there[n - 1]).any()]
    return sorted(found)


def _scenario(axes: Axes, axis: Axis | None) -> None:
    if axis is not None and axis.value is not None:
        axes.axvline(float(axis.value), color=WARM, linewidth=1.2, linestyle=DASHES[3], label="scenario")


def _plane(
    data: xr.Dataset, asked: Sequence[str], dims: Sequence[str], title: str, known: Mapping[str, Axis]
) -> Figure:
    import matplotlib

    panels = [(event, variable) for event in asked for variable in _kept(data, event)]
    across = min(2, len(panels))
    down = -(-len(panels) // across)
    figure = sheet(5.2 * across + 0.4, 4.3 * down + 0.6)
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    x, y = data[dims[0]].values, data[dims[1]].values
    # In steps: on a printed page neighbouring ones can be told apart, and read off the scale.
    colours = matplotlib.colormaps["Blues"].resampled(LEVELS)
    for n, (event, variable) in enumerate(panels):
        axes = figure.add_subplot(down, across, n + 1)
        values = data[variable].transpose(dims[1], dims[0]).values
        shades = axes.pcolormesh(x, y, values, cmap=colours, vmin=0, vmax=1, shading="nearest", rasterized=True)
        for name, line in ((dims[0], axes.axvline), (dims[1], axes.axhline)):
            value = known[name].value if name in known else None
            if value is not None:
                line(float(value), color=WARM, linewidth=1.1, linestyle=DASHES[3])
        most = "greatest" if variable.startswith("P_max") else "least"
        axes.set_title(f"{event}: {most} over all equilibria", fontsize=9.5)
        axes.set_xlabel(_label(known, dims[0]), fontsize=8)
        axes.set_ylabel(_label(known, dims[1]), fontsize=8)
        figure.colorbar(shades, ax=axes, label="probability", shrink=0.85)
    return figure


def _shares(data: xr.Dataset, asked: Sequence[str], title: str) -> Figure:
    """For each value the share of the sample that has at most that."""
    import numpy as np

    figure = sheet(8.6, 2.5 * len(asked) + 1.1)
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    for n, event in enumerate(asked):
        axes: Any = figure.add_subplot(len(asked), 1, n + 1)
        for variable in _kept(data, event):
            values = np.sort(data[variable].values[np.isfinite(data[variable].values)])
            most = variable.startswith("P_max")
            axes.step(values, np.arange(1, len(values) + 1) / max(len(values), 1), where="post",
                      color=DARK if most else MIDDLE, linewidth=2.0, linestyle="-" if most else DASHES[1],
                      label=f"{'greatest' if most else 'least'} over all equilibria")
        axes.set_xlim(-0.02, 1.02)
        axes.set_ylim(0, 1.02)
        axes.set_title(event)
        axes.set_xlabel("probability of the event", fontsize=8.5)
        axes.set_ylabel("share of the sample\nwith at most that", fontsize=8.5)
        axes.legend(fontsize=8, loc="lower right")
    return figure
