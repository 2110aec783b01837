"""What the certificates of games of continuous types have in common.

A *complaint* is a player's decision with the reason why it is not best, or not what it is said to be. A certificate
without complaints holds. Where a number is exact so is the check; where numbers are enclosed the regret is a bound.

>>> verdict("cutpoint", ("A", "B"), ())
exact; nash_regret 0; sequential_regret 0 at 2 of 2 information sets
>>> verdict("cutpoint", ("A", "B"), [("B", "types above the cutpoint gain by holding")], 1.5)
cutpoint fails; exact; nash_regret 1.5; sequential_regret 0 at 1 of 2 information sets, up to 1.5: fails at B
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from ..algebraic import Real
from ..certify import Certificate

__all__ = ["verdict"]

Complaint = tuple[str, str]


def verdict(
    concept: str, infosets: Sequence[str], complaints: Iterable[Complaint], regret: Real | float = Fraction(0),
    arithmetic: str = "exact",
) -> Certificate:
    """The certificate of these complaints.

    Parameters
    ----------
    concept, infosets : what is claimed, and everything that was checked.
    complaints : information set and reason of each failure.
    regret : the largest, or a bound on it.
    arithmetic : ``"exact"`` or ``"ball"``.
    """
    found = list(dict.fromkeys(complaints))
    failing = tuple(name for name in infosets if any(name == at for at, _ in found))
    return Certificate(
        concept, not found, regret, regret, failing, tuple(f"{at}: {reason}" for at, reason in found),
        len(infosets), len(infosets) - len(failing), arithmetic,
    )
