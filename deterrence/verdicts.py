"""What verification and comparison found, as a person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .printing import group, heading, item, line

if TYPE_CHECKING:
    from rich.console import RenderableType

    from .verification import Verification

__all__ = ["verification"]

MEANINGS: Final = {
    "verified": "Verified: the file is as it was written, and computed again the answer is the same.",
    "same answer, other version": "Same answer, other version: the file is as it was written, and this version of the "
                                  "package gives the same answer.",
    "other answer": "Other answer: the file is as it was written, but computed again the answer differs.",
    "changed": "Changed: the file is not as it was written.",
}
FEW: Final = 6


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
