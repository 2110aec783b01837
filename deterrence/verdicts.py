"""What verification and comparison found, as a person reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from .printing import group, heading, item, line, table
from .wording import number

if TYPE_CHECKING:
    from rich.console import RenderableType

    from .comparison import Answer, Comparison
    from .verification import Verification

__all__ = ["comparison", "verification"]

MEANINGS: Final = {
    "verified": "Verified: the file is as it was written, and computed again the answer is the same.",
    "same answer, other version": "Same answer, other version: this version of the package gives the same answer.",
    "other answer": "Other answer: computed again, the answer differs from that of the file.",
    "changed": "Changed: the file is not as this package writes it.",
}
FEW: Final = 6
LONG: Final = 80


def verification(found: Verification) -> RenderableType:
    """What verifying a saved result found."""
    parts: list[RenderableType] = []
    if found.title:
        parts.append(line(found.title, style="bold"))
    parts += [line(MEANINGS[found.verdict]), line(f"deterrence {found.command}, {found.found}", style="dim")]
    parts += [item(text, 2) for text in found.changes]
    if found.differences:
        parts.append(heading("What differs"))
        parts += [item(one, 2) for one in found.differences]
        if found.more:
            parts.append(item(f"and {found.more} more", 2))
    if found.checks:
        bad = [check for check in found.checks if not check.holds]
        parts.append(heading(f"Certificates: {len(found.checks) - len(bad)} of {len(found.checks)} hold"))
        shown = bad or found.checks
        parts += [item(f"{check.of}: {check.said}", 2) for check in shown[:FEW]]
        if len(shown) > FEW:
            parts.append(item(f"and {len(shown) - FEW} more", 2))
    apart = [name for name in {**found.saved_by, **found.now} if found.saved_by.get(name) != found.now.get(name)]
    if apart:
        parts.append(heading("Versions"))
        parts += [item(f"{name}: {found.saved_by.get(name, 'not stated')} made it, {found.now.get(name, 'none')} is "
                       "here", 2) for name in apart]
    return group(*parts)


def comparison(found: Comparison) -> RenderableType:
    """What differs between two scenarios, and what that does to the answer."""
    parts: list[RenderableType] = [line(f"A: {found.titles[0]}", style="bold"),
                                   line(f"B: {found.titles[1]}", style="bold")]
    if found.differences:
        parts += [heading("What differs"), table(
            ("", "A", "B"), [(d.key, _short(d.first), _short(d.second)) for d in found.differences])]
    else:
        parts.append(line("\nThe two say the same."))
    parts += [heading("What that does to the answer"), line(_sentence(found), 2)]
    events = list(dict.fromkeys([*found.first.ranges, *found.second.ranges]))
    rows = [("A", *_chances(found.first, events)), ("B", *_chances(found.second, events))]
    rows += [(f"A with {name} of B", *_chances(answer, events)) for name, answer in found.alone.items()]
    parts.append(table(("", "equilibria", *events), rows))
    for name, answer in (("A", found.first), ("B", found.second)):
        parts.append(line(f"Equilibria of {name}: {'; '.join(answer.labels) or 'none'}"
                          f"{'' if answer.complete else ' (not claimed to be all)'}.", 2))
    parts += [line(f"Note: {note}", style="dim") for note in found.notes]
    return group(*parts)


def _short(text: str) -> str:
    """A cell of a table: the beginning of a long text."""
    return (text if len(text) <= LONG else f"{text[:LONG].rstrip()} ...") or "-"


def _sentence(found: Comparison) -> str:
    if not found.changes:
        return "Nothing: the equilibria and the chances are the same."
    here, there = found.first.ranges, found.second.ranges
    moved = [name for name in here if name in there and here[name] != there[name]]
    if not moved:
        return "The chances are the same, and the equilibria are others."
    told = [f"the chance of {name} goes from {_span(here[name])} to {_span(there[name])}" for name in moved[:FEW]]
    more = f", and {len(moved) - FEW} more" if len(moved) > FEW else ""
    return f"From A to B {'; '.join(told)}{more}."


def _chances(answer: Answer, events: Sequence[str]) -> list[str]:
    return [str(len(answer.labels)), *(_span(answer.ranges[name]) if name in answer.ranges else "-" for name in events)]


def _span(ends: tuple[Any, Any]) -> str:
    low, high = ends
    return number(low) if low == high else f"{number(low)} .. {number(high)}"
