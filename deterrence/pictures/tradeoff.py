"""The frontier of credibility and restraint as a picture: the plane of the two chances, and both along the lever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from ..wording import named
from .canvas import DARK, LIGHT, MIDDLE, WARM, Picture, clean, number_of, sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["frontier"]


def frontier(document: Mapping[str, Any]) -> Picture:
    """The frontier, from what `deterrence.frontier` gives as a document; its paragraph is the description."""
    title = document["scenario"]["title"]
    return Picture("frontier", f"Frontier: {title}", document["paragraph"], lambda: _drawn(document))


def _drawn(document: Mapping[str, Any]) -> Figure:
    """Left the plane of the two chances, right both along the lever."""
    figure = sheet(10.5, 6.4)
    grid = figure.add_gridspec(2, 2, width_ratios=(1.25, 1))
    plane = figure.add_subplot(grid[:, 0])
    upper = figure.add_subplot(grid[0, 1])
    lower = figure.add_subplot(grid[1, 1], sharex=upper)
    figure.suptitle(clean(document["scenario"]["title"]), x=0.01, ha="left", fontsize=11, fontweight="bold")
    _plane(plane, document)
    _along(upper, document, 1, "failure", "chance that deterrence fails")
    _along(lower, document, 2, "spiral", "chance of a spiral")
    lower.set_xlabel(_lever(document))
    upper.tick_params(labelbottom=False)
    upper.set_title(f"Along {document['lever']['name']}, every equilibrium")
    places: tuple[tuple[Axes, Literal["outside lower left", "outside lower right"]], ...]
    places = ((plane, "outside lower left"), (upper, "outside lower right"))
    for axes, place in places:
        drawn = (axes,) if axes is plane else (upper, lower)
        shown = {label: handle for each in drawn
                 for handle, label in zip(*each.get_legend_handles_labels(), strict=True)}
        handles, labels = list(shown.values()), list(shown)
        heading = "left: one point is one equilibrium or plan" if axes is plane else "right"
        figure.legend(handles, labels, loc=place, fontsize=8, title=heading, alignment="left")
    return figure


def _lever(document: Mapping[str, Any]) -> str:
    lever = document["lever"]
    return clean(f"{lever['name']}" + (f" ({lever['unit']})" if lever["unit"] else ""))


def _number(text: str | float) -> float:
    return float(number_of(text))


def _traces(document: Mapping[str, Any]) -> list[Sequence[Sequence[float]]]:
    """Lever, failure and spiral along every curve, those drawn twice once."""
    found: dict[tuple[tuple[float, ...], ...], None] = {}
    for stretch in document["discretion"]["stretches"]:
        for family in stretch["families"]:
            found[tuple(map(tuple, family["trace"]))] = None
    return list(found)


def _plane(axes: Axes, document: Mapping[str, Any]) -> None:
    """Pairs: what commitments bring about, where equilibria lie as the lever moves, and now."""
    from matplotlib.patches import Polygon

    committed = document["commitment"]
    if committed is not None:
        for n, polygon in enumerate(committed["attainable"]):
            corners = [(_number(x), _number(y)) for x, y in polygon]
            label = "a commitment brings it about (answers pure)" if n == 0 else None
            if len(corners) > 2:
                axes.add_patch(Polygon(corners, facecolor=LIGHT, edgecolor=MIDDLE, linewidth=0.8, hatch="///",
                                       alpha=0.55, label=label))
            else:
                axes.plot(*zip(*corners, strict=True), color=MIDDLE, linewidth=2.5, alpha=0.6, label=label,
                          marker="s" if len(corners) == 1 else None, markersize=5)
    for n, trace in enumerate(_traces(document)):
        _, across, upward = zip(*trace, strict=True)
        axes.plot(across, upward, color=DARK, linewidth=1.4, marker=".", markersize=3,
                  label="equilibria as the lever moves" if n == 0 else None)
    points = document["discretion"]["points"]
    if points:
        axes.plot([_number(p["failure"]) for p in points], [_number(p["spiral"]) for p in points], "o", color=DARK,
                  markersize=3.5, fillstyle="none", label="equilibria at values of the lever")
    value = document["lever"]["value"]
    for n, pair in enumerate(document["here"]):
        axes.plot(_number(pair["failure"]), _number(pair["spiral"]), "o", color=WARM, markersize=7,
                  markeredgecolor=DARK, zorder=5, clip_on=False, label=f"equilibria now ({value})" if n == 0 else None)
        axes.annotate(pair["id"], (_number(pair["failure"]), _number(pair["spiral"])), xytext=(7, 7),
                      textcoords="offset points", fontsize=8, color=WARM)
    if committed is not None:
        best = committed["events"]
        events = document["events"]
        label = f"best commitment of {named(document['leader'])}"
        axes.plot(_number(best[events["failure"]]), _number(best[events["spiral"]]), "*", color=MIDDLE, markersize=20,
                  markeredgecolor=DARK, zorder=4, clip_on=False, label=label)
    axes.set_xlim(-0.02, 1.02)
    top = max([0.05, *(y for y in axes.dataLim.get_points()[:, 1] if y <= 1)])
    axes.set_ylim(-0.02 * top, min(1.02, top * 1.08))
    axes.set_xlabel("chance that deterrence fails (probability)")
    axes.set_ylabel("chance of a spiral (probability)")
    axes.set_title("Fewer failures to the left, fewer spirals below")


def _along(axes: Axes, document: Mapping[str, Any], column: int, event: str, label: str) -> None:
    """One of the two chances along the lever, with what it spreads to over the uncertainties."""
    bands = document["bands"]
    if bands is not None:
        name = document["events"][event]
        rows = {band["quantity"]: band["levels"] for band in bands["bands"]}
        worst = rows[f"P_max[{name}]"]
        low, _, high = worst.values()
        axes.fill_between(bands["lever"], low, high, color=LIGHT, linewidth=0,
                          label="worst equilibrium in nine of ten cases of what is uncertain")
        axes.plot(bands["lever"], list(worst.values())[1], color=MIDDLE, linewidth=1, linestyle=":",
                  label="the same in the middle case")
    for n, trace in enumerate(_traces(document)):
        columns = list(zip(*trace, strict=True))
        axes.plot(columns[0], columns[column], color=DARK, linewidth=1.4, label="an equilibrium" if n == 0 else None)
    points = document["discretion"]["points"]
    if points:
        axes.plot([_number(p["at"]) for p in points], [_number(p[event]) for p in points], "o", color=DARK,
                  markersize=3, fillstyle="none", label="an equilibrium")
    _thresholds(axes, document, event)
    low, high = map(_number, document["lever"]["range"])
    if low <= _number(document["lever"]["value"]) <= high:
        axes.axvline(_number(document["lever"]["value"]), color=WARM, linewidth=1, linestyle="--", label="now")
    stop = document["discretion"]["stops"].get(event, {}).get("worst", {}).get("raising", {}).get("stops_at")
    if stop is not None and stop not in document["lever"]["range"]:
        axes.axvline(_number(stop), color=DARK, linewidth=0.8, linestyle="-.",
                     label="more of it lowers this no further")
    axes.set_xlim(*map(_number, document["lever"]["range"]))
    top = 1.0 if event == "failure" else max(0.01, axes.dataLim.ymax)
    axes.set_ylim(-0.02 * top, 1.05 * top)
    axes.set_ylabel(f"{label}\n(probability)")


def _thresholds(axes: Axes, document: Mapping[str, Any], event: str) -> None:
    """Dots where the chance at a threshold is not what it is on each side: full where it is, hollow where it is not."""
    full, hollow = [], []
    for cut in document["discretion"]["cuts"]:
        apart = cut.get("apart", {}).get(event, {"attained": [], "approached": []})
        attained, beside = apart["attained"], _beside(document, cut["at"], event)
        # What lies between the least and the greatest, on no curve, are corners of what varies there.
        kept = [v for n, v in enumerate(attained) if n in (0, len(attained) - 1) or v in beside]
        full += [(_number(cut["at"]), _number(value)) for value in kept]
        hollow += [(_number(cut["at"]), _number(value)) for value in apart["approached"]]
    for dots, inside, label in ((full, DARK, "at a threshold: an equilibrium there"),
                                (hollow, "white", "at a threshold: approached, not reached")):
        if dots:
            axes.plot(*zip(*dots, strict=True), "o", color=inside, markeredgecolor=DARK, markersize=4.5, zorder=6,
                      clip_on=False, label=label)


def _beside(document: Mapping[str, Any], at: str, event: str) -> set[str]:
    """The limits of the curves that end at a value of the lever."""
    n = ("failure", "spiral").index(event)
    return {
        family[end][n]
        for stretch in document["discretion"]["stretches"] for family in stretch["families"]
        for place, end in (("from", "at_from"), ("to", "at_to")) if stretch[place] == at
    }
