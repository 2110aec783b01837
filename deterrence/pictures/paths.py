r"""Pictures of games that are no trees: the rungs of a ladder, the beliefs of a reputation, the net gain of a swarm.

On a ladder the arrows are the chain of an equilibrium, :math:`P_{st} = \sum_{a, b} x_s(a)\, y_s(b)\, p(t \mid s, a,
b)`, and the bars the probability that the peak is ever reached. What a group believes in `reputation` is drawn beside
the belief that would deter it. In `swarm` every equilibrium is a point of the net gain from attacking.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ..errors import ExpressionError, NotSupportedError
from ..stochastic import StochasticGame
from ..wording import number
from .canvas import (
    DARK,
    DASHES,
    GREY,
    LIGHT,
    MARKERS,
    MIDDLE,
    WARM,
    Picture,
    fold,
    heading,
    listed,
    number_of,
    sheet,
    short,
    shortened,
    step_shade,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..scenario import Scenario

__all__ = ["ladder", "reputation", "swarm"]

POINTS: Final = 400
MOST_RUNGS: Final = 16
STEP: Final = 1.0
_PERIOD: Final = re.compile(r"belief that deters group (\d+)\Z")

Entry = Mapping[str, Any]


# A ladder ---------------------------------------------------------------------------------------------------------


def ladder(game: StochasticGame, entry: Entry, title: str) -> Picture:
    """The rungs with the chances of going from one to another in an equilibrium, and of ever reaching the peak.

    Parameters
    ----------
    game : with numbers.
    entry : an equilibrium, as in a document.
    title : of the scenario.

    Raises
    ------
    NotSupportedError
        where there are more rungs than can be read.
    """
    if game.size > MOST_RUNGS:
        raise NotSupportedError(f"the ladder has {game.size} rungs, and at most {MOST_RUNGS} can be read")
    rows = _chain(game, entry)
    hits = [_hit(entry, game, s) for s in range(game.size)]
    names = [*game.states, *_ends(game)]
    said = []
    for s, row in enumerate(rows):
        ways = ", ".join(f"{names[t]} {_chance(p)}" for t, p in sorted(row.items()))
        chance = "" if hits[s] is None else f"; {game.feared} is ever reached with {_chance(hits[s])}"
        said.append(f"from {names[s]} to {ways}{chance}")
    words = f"Equilibrium {entry['id']}: {entry['label']}"
    alt = (f"A ladder from {names[0]} up to {names[-1]}, play begins on {game.states[game.start]}. {words}. "
           f"In a period: {listed(said, 10)}.")
    return Picture("ladder", f"Ladder, {entry['id']}: {title}", alt,
                   lambda: _rungs(game, entry, title, words, rows, hits, names))


def _ends(game: StochasticGame) -> list[str]:
    return [game.feared if game.size + n == game.peak else f"end {n + 1}" for n in range(len(game.ends))]


def _chance(value: Any) -> str:
    """A probability, to three digits where it is not short; never rounded to 0 or 1."""
    number_here = float(value)
    text = short(value if isinstance(value, Fraction) else number_here).removeprefix("≈ ")
    return "1" if number_here > 1 - 5e-13 else "below 0.0001" if 0 < number_here < 1e-4 else text


def _chain(game: StochasticGame, entry: Entry) -> list[dict[int, float]]:
    """For each state where it leads to, and with which probability."""
    found = []
    for s, stage in enumerate(game.stages):
        mixtures = [
            [float(number_of(entry["strategy"][game.decision(i, s)][action])) for action in stage.actions[i]]
            for i in (0, 1)
        ]
        row: dict[int, float] = {}
        for a, p in enumerate(mixtures[0]):
            for b, q in enumerate(mixtures[1]):
                for t, chance in stage.moves[a][b].items():
                    weight = p * q * float(chance)
                    if weight > 0:
                        row[t] = row.get(t, 0.0) + weight
        found.append(row)
    return found


def _hit(entry: Entry, game: StochasticGame, state: int) -> Fraction | float | None:
    text = entry.get("figures", {}).get(f"{game.feared} from {game.states[state]}")
    return None if text is None else number_of(text)


def _rungs(
    game: StochasticGame, entry: Entry, title: str, words: str, rows: Sequence[Mapping[int, float]],
    hits: Sequence[Any], names: Sequence[str],
) -> Figure:
    count = len(names)
    width, height = 10.5, 1.3 + STEP * count
    figure = sheet(width, height, None)
    heading(figure, title, words)
    axes = figure.add_axes((0.01, 0.45 / height, 0.66, STEP * count / height))
    axes.set_axis_off()
    axes.set_xlim(0, 6.9)
    axes.set_ylim(-0.5, count - 0.5)
    for s, name in enumerate(names):
        _rung(axes, game, entry, s, name, rows)
    ups = sorted({t - s for s, row in enumerate(rows) for t in row if t > s})
    downs = sorted({s - t for s, row in enumerate(rows) for t in row if t < s})
    for s, row in enumerate(rows):
        for t, p in sorted(row.items()):
            if t > s:
                _arrow(axes, s, t, 4.62 + 0.72 * ups.index(t - s), _chance(p))
            elif t < s:
                _arrow(axes, s, t, 1.02 - 0.5 * downs.index(s - t), _chance(p))
    axes.text(0.95, -0.46, "down", fontsize=8, ha="center", color=GREY)
    axes.text(4.75, -0.46, "up", fontsize=8, ha="center", color=GREY)
    side = figure.add_axes((0.71, 0.45 / height, 0.2, STEP * count / height))
    for s, hit in enumerate(hits):
        if hit is not None:
            side.barh(s, float(hit), height=0.4, facecolor=LIGHT, edgecolor=MIDDLE, hatch="///")
            side.text(float(hit) + 0.03, s, _chance(hit), fontsize=8, va="center")
    side.set_ylim(-0.5, count - 0.5)
    side.set_xlim(0, 1)
    side.set_yticks(range(game.size), game.states, fontsize=8)
    side.set_xlabel(f"probability that {game.feared} is ever reached", fontsize=8)
    return figure


def _rung(
    axes: Axes, game: StochasticGame, entry: Entry, s: int, name: str, rows: Sequence[Mapping[int, float]]
) -> None:
    from matplotlib.patches import FancyBboxPatch

    end = s >= game.size
    shade = DARK if end else step_shade(s, max(game.size - 1, 1))
    axes.add_patch(FancyBboxPatch((1.35, s - 0.3), 2.95, 0.6, boxstyle="round,pad=0.02", facecolor=shade,
                                  edgecolor=DARK, linewidth=2.2 if s == game.start else 1.0))
    words = name + (", where play begins" if s == game.start else "")
    axes.text(2.82, s if end else s + 0.18, words, fontsize=9, fontweight="bold", ha="center", va="center",
              color="white" if end else DARK)
    if end:
        return
    for i, player in enumerate(game.players):
        row = entry["strategy"][game.decision(i, s)]
        used = {action: p for action, p in row.items() if number_of(p) != 0}
        does = next(iter(used)) if len(used) == 1 else ", ".join(f"{action} {short(p)}" for action, p in used.items())
        axes.text(2.82, s + 0.01 - 0.17 * i, shortened(f"{player}: {does}", 46), fontsize=7.5, ha="center", va="center")
    stay = rows[s].get(s, 0.0)
    if stay > 0:
        axes.text(4.24, s - 0.2, f"stays {_chance(stay)}", fontsize=7.5, ha="right", va="center", color=DARK,
                  bbox={"facecolor": "white", "edgecolor": GREY, "pad": 1.2, "linewidth": 0.5})


def _arrow(axes: Axes, s: int, t: int, x: float, text: str) -> None:
    up = t > s
    start, end = (s + 0.12, t - 0.12) if up else (s - 0.12, t + 0.12)
    side = 4.34 if up else 1.3
    colour = DARK if up else MIDDLE
    axes.plot([side, x, x], [start, start, end], color=colour, linewidth=1.6, linestyle="-" if up else DASHES[1])
    axes.annotate("", (side, end), xytext=(x, end), arrowprops={
        "arrowstyle": "-|>", "color": colour, "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 12,
    })
    axes.text(x + (0.06 if up else -0.06), (start + end) / 2, text, fontsize=8, va="center",
              ha="left" if up else "right")


# A reputation -----------------------------------------------------------------------------------------------------


def reputation(entry: Entry, title: str, prior: Any) -> Picture:
    """What groups believe if every attack was answered, beside the belief that would deter each.

    Parameters
    ----------
    entry : an equilibrium of `reputation`, as in a document.
    title : of the scenario.
    prior : the belief at the outset.

    Raises
    ------
    ExpressionError
        where the equilibrium tells no path of beliefs.
    """
    figures = entry.get("figures", {})
    periods = sorted(int(found[1]) for name in figures if (found := _PERIOD.match(name)))
    if not periods:
        raise ExpressionError("this equilibrium tells no path of beliefs")
    needed = [(k, number_of(figures[f"belief that deters group {k}"])) for k in periods]
    held = [(periods[0], number_of(prior))]
    for k in periods:
        text = figures.get(f"belief if every attack up to period {k} was answered")
        if text is not None:
            held.append((k + 1, number_of(text)))
    below = [k for k, p in needed if float(dict(held).get(k, 0)) < float(p)]
    words = f"Equilibrium {entry['id']}: {entry['label']}"
    alt = (
        f"{words}. The belief that the US is tough starts at {number(held[0][1])}; if every attack is answered it is "
        + listed([f"{number(p)} before group {k}" for k, p in held[1:]], 12)
        + ". The belief that would deter: "
        + listed([f"group {k} {number(p)}" for k, p in needed], 12)
        + f". It is below that for {len(below)} of {len(needed)} groups."
    )
    return Picture("beliefs", f"Beliefs, {entry['id']}: {title}", alt,
                   lambda: _path(title, words, needed, held))


def _path(
    title: str, words: str, needed: Sequence[tuple[int, Any]], held: Sequence[tuple[int, Any]]
) -> Figure:
    figure = sheet(8.6, 5.0, None)
    heading(figure, title, words)
    axes = figure.add_axes((0.085, 0.12, 0.89, 0.66))
    few = len(needed) <= 16
    axes.plot([k for k, _ in needed], [float(p) for _, p in needed], marker="s", color=MIDDLE, linestyle=DASHES[1],
              linewidth=1.4, markersize=6 if few else 2.5, fillstyle="none", label="belief that would deter this group")
    axes.plot([k for k, _ in held], [float(p) for _, p in held], marker="o", color=DARK, linewidth=2.0,
              markersize=6 if few else 2.5, label="belief if every attack before was answered")
    if few:
        bar, own = dict(needed), dict(held)
        for k, p in held:
            up = float(p) >= float(bar.get(k, 0))
            axes.annotate(short(p), (k, float(p)), xytext=(0, 7 if up else -15), textcoords="offset points", fontsize=8,
                          ha="center", fontweight="bold")
        for k, p in needed:
            if float(p) != float(own.get(k, -1)):
                up = float(p) > float(own.get(k, 0))
                axes.annotate(short(p), (k, float(p)), xytext=(0, 7 if up else -15), textcoords="offset points",
                              fontsize=8, ha="center", color=MIDDLE)
        axes.set_xticks(range(needed[0][0], held[-1][0] + 1))
    axes.set_ylim(-0.1, 1.12)
    axes.set_xlabel("group, in turn (the last place is after all of them)", fontsize=8.5)
    axes.set_ylabel("probability that the US is tough", fontsize=8.5)
    figure.legend(*axes.get_legend_handles_labels(), loc="upper left", bbox_to_anchor=(0.07, 0.885), ncols=2,
                  fontsize=8)
    return figure


# A swarm ----------------------------------------------------------------------------------------------------------


def swarm(scenario: Scenario, entries: Sequence[Entry]) -> Picture:
    """The net gain of a group from attacking, by how many of the others attack, with every equilibrium on it.

    Parameters
    ----------
    scenario : of the model `swarm`.
    entries : its equilibria, as in a document.
    """
    from ..solvers.swarm import net_gain

    net = net_gain(scenario.game, scenario.point)  # type: ignore[arg-type]  # a direct game, by its model
    gain, punishment = float(net.gain), float(net.punishment)
    curve = []
    for n in range(POINTS + 1):
        p = Fraction(n, POINTS)
        curve.append((float(p), gain - punishment * float(net.harm(p))))
    places = [(entry, float(number_of(entry["strategy"]["group"]["attack"]))) for entry in entries]
    unit = next((a.unit for a in scenario.assumptions if a.name == "gain"), "")
    said = [
        f"{entry['id']}, {entry['label']}: each attacks with probability "
        f"{short(entry['strategy']['group']['attack'])}, the answer comes with {short(entry['events']['spiral'])}"
        for entry, _ in places
    ]
    alt = (f"The net gain of a group from attacking by the probability with which each other group attacks: "
           f"{curve[0][1]:.3g} where none does, {curve[-1][1]:.3g} where all do. Equilibria: {listed(said, 8)}.")
    return Picture("swarm", f"Who attacks when: {scenario.title}", alt,
                   lambda: _net(scenario.title, curve, places, unit))


def _net(
    title: str, curve: Sequence[tuple[float, float]], places: Sequence[tuple[Entry, float]], unit: str
) -> Figure:
    figure = sheet(8.6, 5.2, None)
    heading(figure, title, "Above zero attacking pays; an equilibrium is where nobody gains by doing otherwise")
    axes = figure.add_axes((0.1, 0.12, 0.87, 0.72))
    axes.plot(*zip(*curve, strict=True), color=DARK, linewidth=1.8)
    axes.axhline(0, color=GREY, linewidth=1.0, linestyle=DASHES[1])
    xs, ys = zip(*curve, strict=True)
    for pays, face, edge, hatch in ((True, "#f0dccb", WARM, "..."), (False, LIGHT, MIDDLE, "///")):
        axes.fill_between(xs, 0, ys, where=[(y > 0) is pays for y in ys], facecolor=face, hatch=hatch, edgecolor=edge,
                          linewidth=0)
    for n, (entry, p) in enumerate(places):
        near = min(curve, key=lambda point: abs(point[0] - p))
        value = near[1] if p in (0.0, 1.0) else 0.0
        axes.plot([p], [value], MARKERS[n % len(MARKERS)], color=WARM, markeredgecolor=DARK, markersize=11, zorder=5,
                  clip_on=False)
        words = f"{entry['id']} {entry['label']}\nattack {short(entry['strategy']['group']['attack'])}, answer "
        axes.annotate(words + short(entry["events"]["spiral"]), (p, value), xytext=(12 if p < 0.6 else -12, 14),
                      textcoords="offset points", ha="left" if p < 0.6 else "right", fontsize=8.5, zorder=6,
                      bbox={"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none", "alpha": 0.9})
    axes.margins(y=0.15)
    axes.set_xlim(0, 1)
    axes.set_xlabel("probability with which each of the other groups attacks", fontsize=8.5)
    axes.set_ylabel(fold("net gain from attacking" + (f" ({unit})" if unit else ""), 60), fontsize=8.5)
    return figure
