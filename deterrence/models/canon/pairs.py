r"""Types of two sides, drawn at once and independently: the moves and labels that such games share.

Side :math:`i` has the types :math:`T_i` with probabilities :math:`p_i(t)`. Chance draws :math:`(t_1, t_2)` with
probability :math:`p_1(t_1)\,p_2(t_2)`; the label of a draw is ``"t_1 & t_2"``, where a side of one type is not named.
If both sides have one type, nothing is drawn.

>>> pairs = Pairs({"hard": "p", "soft": "1 - p"}, {"hard": "q", "soft": "1 - q"})
>>> pairs.after(0, "hard", "initiate")
('hard & hard, initiate', 'hard & soft, initiate')
>>> pairs.others(1, "soft")
('hard & hard', 'soft & hard')
>>> Pairs({"hard": "1"}, {"hard": "q", "soft": "1 - q"}).draws
{'hard': 'q', 'soft': '1 - q'}
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import product

from deterrence.game import Move

__all__ = ["Pairs"]


class Pairs:
    """The draws of two sides' types; a side is 0 or 1, its types mapped to their probabilities as text."""

    def __init__(self, first: Mapping[str, str], second: Mapping[str, str]) -> None:
        self.sides = (first, second)

    @cached_property
    def _rows(self) -> list[tuple[tuple[str, ...], str, str]]:
        """Types, label and probability of each draw."""
        rows: list[tuple[tuple[str, ...], str, str]] = []
        for kinds in product(*self.sides):
            named = [(kind, side[kind]) for kind, side in zip(kinds, self.sides, strict=True) if len(side) > 1]
            chances = [p for _, p in named]
            probability = chances[0] if len(chances) == 1 else "*".join(f"({p})" for p in chances)
            rows.append((kinds, " & ".join(kind for kind, _ in named), probability))
        return rows

    @property
    def draws(self) -> dict[str, str]:
        """The probability of each draw by its label; empty where nothing is drawn."""
        return {label: probability for _, label, probability in self._rows if label}

    def moves(self) -> list[Move]:
        """The move of chance, if there is one."""
        return [Move("chance", "types", None, dict(self.draws))] if self.draws else []

    def after(self, side: int, kind: str, *labels: str) -> tuple[str, ...] | None:
        """The histories in which the side has this type and these labels follow; None for the start of the game."""
        found = [", ".join([*([label] if label else []), *labels]) for kinds, label, _ in self._rows
                 if kinds[side] == kind]
        return tuple(found) if found != [""] else None

    def draws_of(self, side: int, kind: str) -> tuple[str, ...]:
        """The draws in which the side has this type."""
        return tuple(label for kinds, label, _ in self._rows if kinds[side] == kind)

    def others(self, side: int, kind: str) -> tuple[str, ...]:
        """The draws in which the side has another type."""
        return tuple(label for kinds, label, _ in self._rows if kinds[side] != kind)
