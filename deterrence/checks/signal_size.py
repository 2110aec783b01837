r"""The certificate of an honest equilibrium of `signal_size`, from the definition of the game, for every type.

Types of the Defender from :math:`c` on send :math:`m` and fight, the others are silent and back down; after any signal
but :math:`m` the Challenger believes that the Defender is of the type that fights least, and challenges unless that
type would fight too. A sunk signal other than :math:`m`, or a tied one below :math:`c_D`, is challenged and so no
better than silence; a larger tied one is never lost and so as good as one of :math:`c_D`. What a type gets by each
way of playing is linear in :math:`v`, so that it is enough to compare at 0, :math:`c` and 1, from either side.

>>> half = Fraction(1, 2)
>>> certify("sunk", half, half, half / 2, (half, -half), half, half / 2)
exact; nash_regret 0; sequential_regret 0 at 2 of 2 information sets
>>> certify("sunk", half, half, half / 2, (half, -half), half, half / 3).fails_at
('Defender',)
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from ..certify import Certificate
from .cutpoints import verdict

__all__ = ["certify"]

_PLAYERS: Final = ("Defender", "Challenger")


def certify(
    technology: str, strength: Fraction, victory: Fraction, cost: Fraction, wars: tuple[Fraction, Fraction],
    cut: Fraction, size: Fraction,
) -> Certificate:
    """Whether nobody gains by doing otherwise; `wars` is what war is worth to a strong and to a weak Challenger."""
    tied = technology == "tied"

    def challenged(v: Fraction, m: Fraction, fights: bool) -> Fraction:
        """What a type gets that sent m and is challenged; a tied signal is paid for in backing down."""
        return victory * v - cost if fights else -m if tied else Fraction(0)

    def worth(v: Fraction, m: Fraction, fights: bool, weak_hold: bool) -> Any:
        """What it expects from a signal and an answer to a challenge."""
        chance = strength if weak_hold else Fraction(1)
        return (1 - chance) * v + chance * challenged(v, m, fights) - (0 if tied else m)

    def failures() -> Iterator[tuple[str, str, Fraction]]:
        for low, high in pairwise(sorted({Fraction(0), min(max(cut, Fraction(0)), Fraction(1)), Fraction(1)})):
            # The type at an end is the limit of those inside.
            for v in (low, high):
                signals = low >= cut
                own = worth(v, size, True, True) if signals else worth(v, Fraction(0), False, False)
                tried = [worth(v, Fraction(0), fights, False) for fights in (True, False)]
                tried += [worth(v, size, fights, True) for fights in (True, False)] if cut < 1 else []
                tried += [worth(v, cost, fights, True) for fights in (True, False)] if tied else []
                if max(tried) > own:
                    yield "Defender", "a type gains by another signal or another answer", max(tried) - own
        for kind, wrong in (("strong", -wars[0]), ("weak", wars[1])):
            if wrong > 0:
                yield "Challenger", f"the {kind} gains by doing otherwise after the signal", wrong

    found = list(failures())
    regret = max((miss for _, _, miss in found), default=Fraction(0))
    return verdict("honest", _PLAYERS, [(who, reason) for who, reason, _ in found], regret)
