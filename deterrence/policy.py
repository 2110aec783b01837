"""A frontier as a person reads it: a paragraph that can be quoted, and tables.

Probabilities are those of equilibria: what the game allows, given the values; nothing here says which equilibrium
comes about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .printing import group, heading, item, line, table
from .wording import number, span

if TYPE_CHECKING:
    from rich.console import RenderableType

    from .curves import Stretch
    from .frontier import Band, Frontier, Pair

__all__ = ["frontier"]

SHOWN: Final = 6


def frontier(found: Frontier) -> RenderableType:
    """The frontier as a person reads it."""
    parts: list[RenderableType] = [
        line(found.scenario["title"], style="bold"),
        line(f"Lever: {found.lever}, now {number(found.value)}, plausibly {number(found.range[0])} to "
             f"{number(found.range[1])}{f' ({found.unit})' if found.unit else ''}.", style="dim"),
        line(""), line(found.paragraph),
        heading(f"At the scenario's own values ({found.lever} = {number(found.value)})"),
        table(("", "equilibrium", "deterrence fails", "spiral", f"payoff {found.leader}"),
              [(p.id, p.label, number(p.failure), number(p.spiral), number(p.payoff)) for p in found.here]),
    ]
    if found.stretches:
        parts += [heading(f"Under discretion, as {found.lever} moves"), table(
            (found.lever, "equilibria", "deterrence fails, least", "most", "spiral, least", "most"),
            [_row(stretch) for stretch in found.stretches],
        ), line("Each cell: at the lower and at the upper end of the interval, where they differ.", 2)]
    if found.points:
        parts += [heading(f"Under discretion, at values of {found.lever}"), _listed(found.points)]
    if found.optimum is not None:
        parts += _commitment(found)
    if found.bands:
        parts += [heading("What it rests on: the spread over the uncertainties"), _spread(found)]
    return group(*parts, *(line(f"Note: {note}") for note in found.notes))


def _row(stretch: Stretch) -> tuple[str, ...]:
    cells = [f"{number(stretch.low)} to {number(stretch.high)}", str(len({c.id for c in stretch.curves}))]
    for quantity in (0, 1):
        ends = [[curve.at(quantity, place) for curve in stretch.curves] for place in (stretch.low, stretch.high)]
        for choose in (min, max):
            if not stretch.curves:
                cells.append("none")
                continue
            left, right = (choose(values) for values in ends)
            cells.append(number(left) if left == right else f"{number(left)} to {number(right)}")
    return tuple(cells)


def _listed(points: tuple[Pair, ...]) -> RenderableType:
    rows = []
    for at in dict.fromkeys(p.at for p in points):
        here = [p for p in points if p.at == at]
        rows.append((number(at), str(len(here)), span([p.failure for p in here]), span([p.spiral for p in here])))
    return table(("value", "equilibria", "deterrence fails", "spiral"), rows)


def _commitment(found: Frontier) -> list[RenderableType]:
    assert found.optimum is not None  # noqa: S101 - the caller has looked
    best = found.optimum
    rows = [
        (name, ", ".join(f"{a} {number(p)}" for a, p in row.items() if p)) for name, row in best.strategy.items()
    ]
    parts = [
        heading(f"Under commitment: the best plan to which the {found.leader} can bind itself"),
        line(f"Deterrence fails with probability {number(best.events[found.failure])}, a spiral follows with "
             f"{number(best.events[found.spiral])}; payoff of the {found.leader}: "
             f"{number(best.payoffs[found.leader])}.", 2),
        table(("at", "it plays"), rows[:SHOWN * 2]),
    ]
    if best.answers:
        parts.append(line("To which the best answer is: " + "; ".join(f"{n}: {a}" for n, a in best.answers.items())
                          + ".", 2))
    if found.attainable:
        parts.append(line("Pairs (deterrence fails, spiral) that some plan brings about, corners of polygons:", 2))
        parts += [
            item(", ".join(f"({number(x)}; {number(y)})" for x, y in polygon), 4)
            for polygon in found.attainable[:SHOWN]
        ]
        if len(found.attainable) > SHOWN:
            parts.append(line(f"... and {len(found.attainable) - SHOWN} further polygons (--json has them all).", 4))
    return parts


def _spread(found: Frontier) -> RenderableType:
    near = min(range(len(found.grid)), key=lambda n: abs(found.grid[n] - float(found.value)))
    names = {
        f"P_max[{found.failure}]": "deterrence fails, worst case", f"P_min[{found.failure}]": "best case",
        f"P_max[{found.spiral}]": "spiral, worst case", f"P_min[{found.spiral}]": "best case",
    }

    def row(band: Band) -> tuple[str, ...]:
        return (names[band.quantity], *(f"{level[near]:.3g}" for level in band.levels))

    return table(
        (f"at {found.lever} near {found.grid[near]:.3g}", "5% of cases have at most", "half", "95%"),
        [row(band) for band in found.bands],
    )
