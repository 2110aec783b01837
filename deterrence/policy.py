"""A frontier, and a scenario beside the record, as a person reads them: a paragraph that can be quoted, and tables.

Probabilities are those of equilibria: what the game allows, given the values; nothing here says which equilibrium
comes about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .printing import group, heading, item, line, table
from .wording import named, number, span

if TYPE_CHECKING:
    from rich.console import RenderableType

    from .confront import Confrontation, Fit
    from .curves import Stretch
    from .frontier import Band, Frontier, Pair

__all__ = ["confrontation", "frontier"]

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
        parts += [heading("What it rests on: the spread over what nobody observes"), _spread(found)]
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
        heading(f"Under commitment: the best plan to which {named(found.leader)} can bind itself"),
        line(f"Deterrence fails with probability {number(best.events[found.failure])}, a spiral follows with "
             f"{number(best.events[found.spiral])}; payoff of {named(found.leader)}: "
             f"{number(best.payoffs[found.leader])}.", 2),
        table(("at", "it plays"), rows[:SHOWN * 2]),
    ]
    if best.answers:
        parts.append(line("To which the best answer is: " + "; ".join(f"{n}: {a}" for n, a in best.answers.items())
                          + ".", 2))
    if found.attainable:
        parts.append(line("Pairs (deterrence fails, spiral) that some plan brings about with an answer in pure "
                          "strategies, corners of polygons:", 2))
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
        f"P_max[{found.failure}]": "deterrence fails, worst equilibrium",
        f"P_min[{found.failure}]": "deterrence fails, best equilibrium",
        f"P_max[{found.spiral}]": "spiral, worst equilibrium", f"P_min[{found.spiral}]": "spiral, best equilibrium",
    }

    def row(band: Band) -> tuple[str, ...]:
        low, middle, high = (f"{level[near]:.3g}" for level in band.levels)
        return names[band.quantity], middle, low if low == high else f"{low} to {high}"

    said = f"The chance in {found.sample[0]} sampled cases, at {found.lever} near {found.grid[near]:.3g}:"
    return group(
        line(said, 2),
        table(("", "in the middle case", "in nine of ten cases"), [row(band) for band in found.bands]),
        line("Middle case: half of the cases have this chance or less. Nine of ten: at most one case in twenty lies "
             "below, and at most one in twenty above.", 2),
    )


def confrontation(found: Confrontation) -> RenderableType:
    """A scenario's predictions beside the record."""
    record = found.record
    plays = "day" if found.days == 1 else f"{found.days} days"
    parts: list[RenderableType] = [
        line(found.scenario["title"], style="bold"), line(f"beside: {record.title}", style="dim"), line(""),
        line(record.identification), heading("The record"),
        table(("period", "from", "to", "days", "attacks", "attacks a day", "answers"), [
            (p.name, p.start, p.end, p.days, _bounds(p.attacks), _rate(p.attacks, p.days), _bounds(p.answers))
            for p in record.periods
        ]),
        *(item(f"{p.name}: {p.note}", 2) for p in record.periods if p.note),
        heading(f"What each equilibrium expects (the game played once a {plays}, each play alike)"),
    ]
    for fit in found.fits:
        parts += _expected(found, fit)
    parts += [heading("What the record rules out"), *_ruled_out(found)]
    if found.rows:
        parts += [heading(f"Over the plausible box ({found.rows} points of {', '.join(found.over)})"), *_left(found)]
    parts += [heading("What it cannot tell apart"), *_alike(found)]
    return group(*parts, *(line(f"Note: {note}.", 2) for note in found.notes))


def _bounds(bounds: tuple[int, int]) -> str:
    return str(bounds[0]) if bounds[0] == bounds[1] else f"{bounds[0]} to {bounds[1]}"


def _rate(bounds: tuple[int, int], days: int) -> str:
    low, high = (f"{n / days:.2g}" for n in bounds)
    return low if low == high else f"{low} to {high}"


def _chance(value: float) -> str:
    return f"{value:.3g}" if value >= 0.0005 or value == 0 else "below 0.001"


def _expected(found: Confrontation, fit: Fit) -> list[RenderableType]:
    rows = []
    for n, observation in enumerate(found.observations):
        expected = fit.expected[n]
        cases = "none can arise" if expected is None else (
            f"{expected[0]:.3g}" if expected[0] == expected[1] else f"{expected[0]:.3g} to {expected[1]:.3g}"
        )
        allowed = f"{_bounds(observation.count)} of {_bounds(observation.among)}"
        answers = f"{fit.answers[n]:.3g}" if n < len(fit.answers) else ""
        rows.append((observation.name, cases, answers, allowed, _chance(fit.fits[n])))
    return [line(f"{fit.id}  {fit.label}", 2), table(
        ("", "expected", "answers expected", "the record allows", "probability of that"), rows, 4,
    )]


def _ruled_out(found: Confrontation) -> list[RenderableType]:
    said: list[RenderableType] = []
    for fit in found.fits:
        out = [o.name for o, value in zip(found.observations, fit.fits, strict=True) if value < found.level]
        text = f"fits every observation (probability of all together {_chance(fit.overall)})" if not out else (
            f"is ruled out, at {found.level:g}, by: {', '.join(out)}"
        )
        said.append(item(f"{fit.id} {text}.", 2))
    each = [max(values) >= found.level for values in zip(*(fit.fits for fit in found.fits), strict=True)]
    if len(found.fits) > 1 and all(each) and all(min(f.fits) < found.level for f in found.fits):
        said.append(line("No equilibrium fits all of it, but each observation is fitted by one of them: moves from one "
                         "to another would fit.", 2))
    return said


def _left(found: Confrontation) -> list[RenderableType]:
    rows = [(o.name, f"{share:.1%}") for o, share in zip(found.observations, found.kept, strict=True)]
    parts: list[RenderableType] = [table(("observation", "share of the box that it does not rule out"), rows)]
    parts.append(line(f"One equilibrium fits everything at {found.throughout:.1%} of the points; some equilibrium fits "
                      f"each observation at {found.somewhere:.1%}.", 2))
    kept = [(name, f"{box[0]:.3g} to {box[1]:.3g}", "nothing" if left is None else f"{left[0]:.3g} to {left[1]:.3g}")
            for name, (box, left) in found.ranges.items()]
    parts.append(table(("parameter", "held plausible", "left by the record"), kept))
    return parts


def _alike(found: Confrontation) -> list[RenderableType]:
    said = [item(f"equilibria {', '.join(ids)}: they predict the same.", 2) for ids in found.alike]
    if found.silent:
        said.append(item(f"values of {', '.join(found.silent)}: kept over their whole range.", 2))
    said.append(item("what striking does: see above.", 2))
    return said
