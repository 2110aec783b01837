"""What drives an answer, as a person reads it: which uncertainties matter, which cannot, and how near a change is.

>>> percent(0.7763), percent(0.0002), percent(-0.001)
('78 %', '< 0.1 %', '0 %')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from .printing import group, heading, item, line, table
from .wording import decimal, joined, number

if TYPE_CHECKING:
    from rich.console import RenderableType

    from .certainty import Share, Silence
    from .discovery import Discovery
    from .robust import Robust
    from .scenario import Scenario
    from .sensitivity import Index, Indices, Sensitivity

__all__ = ["percent", "sensitivity"]

BIG: Final = 0.5
SOME: Final = 0.1
LITTLE: Final = 0.01
ROUGH: Final = 0.2
"""Half the width of an interval from which on an index says only roughly how much something matters."""
MOSTLY: Final = 0.9
MANY: Final = 3
FAMILIES: Final = 12
NEAREST: Final = 8
HOW: Final = (
    "How to read this: \"alone\" is the share of the variance that would go if that one value were known; \"with the "
    "others\" adds what it does together with others, so that these shares may add up to more than 100 %. After ± "
    "stands half the width of the interval. They are about the ranges and distributions of the scenario, not about "
    "the world: a range that is too narrow hides what matters."
)
CRITERIA: Final = {
    "worst_case": "By its worst case",
    "greatest_regret": "By its greatest regret",
    "regret_90": "By the regret that one case in ten exceeds",
    "satisfied": "By how often it is good enough",
}


def percent(share: float) -> str:
    """A share as a percentage that does not pretend to be sharper than it is."""
    if share <= 0:
        return "0 %"
    return "< 0.1 %" if share < 0.001 else f"{100 * share:.{1 if share < 0.1 else 0}f} %"


def sensitivity(found: Sensitivity, scenario: Scenario) -> RenderableType:
    """What drives the answer of a scenario; with a box and a choice where these were asked for."""
    parts = [line(scenario.title, style="bold"), *_varied(found, scenario)]
    for indices in found.indices:
        parts += _drivers(found, indices)
    parts += _families(found.shares)
    parts += _boundaries(found.boundaries, scenario)
    if found.box is not None:
        parts += _box(found.box)
    if found.choice is not None:
        parts += _choice(found.choice)
    parts += [line(f"Note: {note}") for note in found.notes]
    return group(*parts, line(""), line(HOW))


def _varied(found: Sensitivity, scenario: Scenario) -> list[RenderableType]:
    values = scenario.point
    rows = [
        (name, number(values[name]), f"{low:g} to {high:g}", "" if kind == "uniform" else kind)
        for name, (kind, low, high, _) in zip(found.names, found.spreads, strict=True)
    ]
    how = "in closed form" if found.method == "atlas" else "each solved for itself"
    return [
        heading("What is uncertain here, as the scenario says"),
        table(("parameter", "now", "plausible", "distribution"), rows),
        line(f"{found.points} points ({how}), seed {found.seed}; intervals of {percent(found.confidence)}.", 2),
    ]


def _drivers(found: Sensitivity, indices: Indices) -> list[RenderableType]:
    """The indices of one quantity, the greatest first, and what cannot matter to it."""
    silence = found.silence(indices.quantity)
    proved = set(silence.parameters) if silence else set()
    meaning = found.meanings[indices.quantity]
    parts = [heading(f"{meaning[0].upper()}{meaning[1:]} ({indices.quantity})")]
    if indices.constant:
        parts.append(line(f"It is {indices.mean:.4g} at every point of the sample: none of them moves it.", 2))
        return [*parts, *_silence(silence)]
    parts.append(line(f"From {indices.least:.3g} to {indices.greatest:.3g}, on average {indices.mean:.3g}"
                      f"{_mostly(indices)}.", 2))
    shown = [entry for entry in indices.entries if entry.parameter not in proved]
    shown.sort(key=lambda entry: -(entry.total or 0.0))
    idle = [entry.parameter for entry in shown if entry.total is not None and _reaches(entry) < LITTLE]
    rows = [
        (entry.parameter, _estimate(entry.first, entry.first_error), _estimate(entry.total, entry.total_error),
         _said(entry))
        for entry in shown if entry.parameter not in idle
    ]
    if rows:
        parts.append(table(("parameter", "alone", "with the others", "in words"), rows))
    if any(_is_rough(entry) for entry in shown):
        parts.append(line(f"These estimates are rough: more rows make them sharper, such as --rows {8 * found.rows}.",
                          2))
    if idle:
        text = "Hardly moves it, though that it cannot" if len(idle) == 1 else "Hardly move it, though that they cannot"
        parts.append(line(f"{text} is not proved: {joined(idle)}.", 2))
    return [*parts, *_silence(silence)]


def _mostly(indices: Indices) -> str:
    """The one value that a quantity has nearly everywhere."""
    if indices.usual_share < MOSTLY:
        return ""
    # Rounded down, as a few points differ.
    share = int(1000 * indices.usual_share) / 10
    return f"; at {share:g} % of the points it is {indices.usual:.3g}"


def _reaches(entry: Index) -> float:
    """The upper end of the interval of what a parameter does with the others."""
    return (entry.total or 0.0) + (entry.total_error or 0.0)


def _is_rough(entry: Index) -> bool:
    return entry.total_error is not None and entry.total_error > ROUGH


def _silence(silence: Silence | None) -> list[RenderableType]:
    if silence is None or not silence.parameters:
        return []
    if silence.single:
        return [line("Proved: nothing that is uncertain here can move it within these ranges.", 2)]
    return [line(f"Cannot matter to it within these ranges, proved: {joined(silence.parameters)}.", 2)]


def _estimate(value: float | None, error: float | None) -> str:
    if value is None:
        return "not defined"
    if error is None:
        return percent(value)
    if max(abs(value), error) < 0.002:
        return "about 0 %"
    digits = 0 if max(abs(value), error) >= 0.1 else 1
    return f"{100 * max(value, 0):.{digits}f} % ± {100 * error:.{digits}f}"


def _said(entry: Index) -> str:
    """What the indices mean, in one sentence."""
    if entry.first is None or entry.total is None:
        return "it moves at too few points of the sample to say; draw more rows"
    if entry.total <= (entry.total_error or 0.0):
        return "no effect is shown by this sample; that it has none is not proved"
    if _is_rough(entry):
        return "moves it; how much is known only roughly"
    if entry.total < LITTLE:
        return "hardly moves it; that it cannot is not proved"
    degree = "drives it" if entry.total >= BIG else "matters" if entry.total >= SOME else "matters little"
    if entry.first < LITTLE:
        return f"{degree}, only together with others"
    alone = percent(entry.first)
    if entry.first < entry.total / 2:
        return f"{degree}, mostly together with others: alone it explains about {alone} of the variance"
    text = f"{degree}: to know it would take away about {alone} of the variance"
    return f"{text}, more together with others" if entry.total - entry.first > SOME / 2 else text


def _families(shares: Sequence[Share]) -> list[RenderableType]:
    """How much of the plausible box each family takes."""
    if not shares:
        return []
    living = [share for share in shares if share.exact != 0]
    rows = [(share.id, share.label, _share(share)) for share in living[:FAMILIES]]
    parts = [heading("How much of what is plausible each family of equilibria takes"),
             table(("id", "what it is", "share"), rows)]
    if len(living) > FAMILIES:
        parts.append(line(f"and {len(living) - FAMILIES} more: --json shows them", 2))
    parts.append(line("Several may exist at once, so that the shares need not add up to 100 %. No other family exists "
                      "within these ranges, save on knife edges. The ids count the families of this table: it is these "
                      f"that --quantity \"exists[{living[0].id}]\" asks about.", 2))
    return parts


def _share(share: Share) -> str:
    if share.exact is not None:
        return f"{percent(share.share)} (exactly {share.exact})"
    error = share.error or 0.0
    if share.share == 0 and error == 0:
        return "not met in the sample"
    return f"{100 * share.share:.2f} % ± {100 * error:.2f} (estimate, standard error)"


def _boundaries(changes: Sequence[Mapping[str, Any]], scenario: Scenario) -> list[RenderableType]:
    """The nearest values, one at a time, at which an equilibrium appears or vanishes."""
    if not changes:
        return []
    ranges = {assumption.name: assumption.range for assumption in scenario.assumptions}
    parts = [heading("The nearest change in each value (one at a time, the others as they are)")]
    beyond = [change for change in changes if _is_beyond(change, ranges[change["parameter"]])]
    within = [change for change in changes if change not in beyond]
    if not within:
        parts.append(line("Within the ranges held plausible no single value brings a change.", 2))
    further = beyond[: max(0, NEAREST - len(within))]
    for change in (*within[:NEAREST], *further):
        way = "above" if change["direction"] == "up" else "below"
        text = f"{change['parameter']} {way} {_exact(change['threshold'])}; now {_exact(change['value'])}"
        if change in beyond:
            text += "; outside the range held plausible"
        parts += [item(text, 2), item(change["effect"], 6)]
    left = len(changes) - min(len(within), NEAREST) - len(further)
    return [*parts, *([line(f"and {left} further away: --json shows them", 2)] if left else [])]


def _is_beyond(change: Mapping[str, Any], ends: tuple[Fraction, Fraction] | None) -> bool:
    """Whether a change comes only outside of a range; where its threshold is an end of the range, it does."""
    if change["within_range"] is False or ends is None:
        return change["within_range"] is False
    low, high = map(float, ends)
    return bool(change["decimal"] <= low if change["direction"] == "down" else change["decimal"] >= high)


def _exact(text: str) -> str:
    return number(text if text.startswith("root") else Fraction(text))


def _box(box: Discovery) -> list[RenderableType]:
    parts = [heading(f"Where {box.target}")]
    notes = [line(f"Note: {note}.", 2) for note in box.notes]
    holds = f"It holds in {percent(box.share)} of what is plausible"
    if not box.limits:
        known = "proved" if box.proved else "as far as the sample shows"
        text = f"It holds everywhere: {known}." if box.share == 1 else f"{holds}; no limit on one value tells where."
        return [*parts, line(text, 2), *notes]
    parts.append(line(f"{holds}. The fewest limits that tell where:", 2))
    rows = [(name, f"{number(low)} to {number(high)}", box.units[name],
             f"{number(box.ranges[name][0])} to {number(box.ranges[name][1])}")
            for name, (low, high) in box.limits.items()]
    parts.append(table(("parameter", "limits", "unit", "plausible"), rows))
    parts.append(line(f"Of all points where it holds {percent(box.coverage)} lie in this box (coverage); of the "
                      f"points in this box it holds at {percent(box.density)} (density).", 2))
    if box.proved:
        parts.append(line("It holds all over this box: proved.", 2))
    return [*parts, *notes]


def _choice(choice: Robust) -> list[RenderableType]:
    """The criteria side by side, and which value each picks."""
    wish = "kept low" if choice.minimise else "kept high"
    bound = "at most" if choice.minimise else "at least"
    rows = [
        (f"{decimal(c.value)}{' (now)' if c.value == choice.now else ''}", f"{c.worst_case:.3g}", f"{c.mean:.3g}",
         f"{c.greatest_regret:.3g}", f"{c.regret_90:.3g}", percent(c.satisfied))
        for c in choice.choices
    ]
    parts = [
        heading(f"Choosing {choice.lever} without knowing the rest: {choice.quantity} {wish}"),
        line(f"{choice.meaning[0].upper()}{choice.meaning[1:]}, over {choice.rows} cases. Regret is by how much the "
             "best value for a case would have done better in it.", 2),
        table((choice.lever, "worst case", "mean", "greatest regret", "regret in 9 cases of 10, at most",
               f"good enough ({bound} {choice.threshold:.3g})"), rows),
    ]
    if all(len(values) == len(choice.choices) for values in choice.picks.values()):
        parts.append(line(f"{choice.lever} makes no difference to it by any of these criteria.", 2))
    else:
        parts += [item(f"{CRITERIA[name]}: {_picked(values, choice)}", 2) for name, values in choice.picks.items()]
        parts += _caveats(choice)
    return [*parts, *(line(f"Note: {note}.", 2) for note in choice.notes)]


def _picked(values: Sequence[Fraction], choice: Robust) -> str:
    """The values that a criterion picks; many next to each other as from one to another."""
    listed = [c.value for c in choice.choices]
    if len(values) == len(listed):
        return "no difference"
    start = listed.index(values[0])
    if len(values) > MANY and listed[start : start + len(values)] == list(values):
        return f"{decimal(values[0])} to {decimal(values[-1])}"
    return joined([decimal(value) for value in values])


def _caveats(choice: Robust) -> list[RenderableType]:
    """What a table about one lever and one quantity does not say."""
    picked = [values for values in choice.picks.values() if len(values) < len(choice.choices)]
    ends = {choice.choices[0].value, choice.choices[-1].value}
    parts = []
    if all(ends.intersection(values) for values in picked):
        parts.append(line("What does best is at an end of the values compared: beyond it there may be better ones.", 2))
    parts.append(line("Other answers may get worse by the same choice: ask for each of them (--quantity).", 2))
    return parts
