r"""What an equilibrium is called, in words.

Where the first to move has types, the label says what they do with it: *pooling on* an action, *separating*,
*semi-separating* with who mixes, *partially pooling*. Elsewhere it lists what is done at the information sets that are
reached. Equal labels in one list are told apart by what the others answer on the path.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .assembly import Choice
from .structure import Structure

__all__ = ["Play", "distinct", "quantity_letters", "rank"]


@dataclass(frozen=True)
class Play:
    """The supports on the path of one equilibrium or family."""

    structure: Structure
    choices: Mapping[int, Choice]
    reached: tuple[int, ...]

    @property
    def first_sets(self) -> tuple[int, ...]:
        """The information sets of the first player to move, one for each of its types; empty where it has none."""
        first = self.reached[0] if self.reached else None
        if first is None:
            return ()
        s = self.structure
        sets = [
            i
            for i in range(len(s.infosets))
            if s.player[i] == s.player[first]
            and s.own_parent[i] is None
            and s.infosets[i].actions == s.infosets[first].actions
            and all(len(h) == len(s.draw_of(h)) for h in s.infosets[i].histories)
        ]
        return tuple(sets) if len(sets) > 1 and first in sets else ()

    def base(self) -> str:
        """The label without what the others answer."""
        sets = self.first_sets
        if not sets:
            return self._doings([i for i in self.reached if not self.choices[i].decided]) or self._doings(self.reached)
        names = [self.type_name(i) for i in sets]
        actions = [self._actions(i) for i in sets]
        if all(len(a) == 1 for a in actions):
            if len(set(actions)) == 1:
                return f"pooling on {actions[0][0]}"
            kind = "separating" if len(set(actions)) == len(actions) else "partially pooling"
            return f"{kind}: " + ", ".join(f"{n} {a[0]}" for n, a in zip(names, actions, strict=True))
        return "semi-separating: " + ", ".join(self._mixing(names, actions))

    def _mixing(self, names: Sequence[str], actions: Sequence[tuple[str, ...]]) -> list[str]:
        pure = {a[0] for a in actions if len(a) == 1}
        parts = []
        for n, (name, own) in enumerate(zip(names, actions, strict=True)):
            shared = [a for a in own if a in pure]
            if len(own) == 1:
                if len(names) > 2 or not any(len(o) == 2 and own[0] in o for o in actions):
                    parts.append(f"{name} {own[0]}")
            elif n > 0 and len(own) == 2 and len(shared) == 1 and len(pure) == 1:
                parts.append(f"{name} bluffs with {shared[0]}")
            else:
                parts.append(f"{name} mixes {' and '.join(own)}")
        return parts

    def answers(self) -> str:
        """What the others do on the path, to tell equal labels apart."""
        sets = self.first_sets
        return self._doings([i for i in self.reached if i not in sets and not self.choices[i].decided])

    def _doings(self, sets: Sequence[int]) -> str:
        parts = []
        for i in sets:
            actions = self._actions(i)
            does = actions[0] if len(actions) == 1 else "mixes " + " and ".join(actions)
            parts.append(f"{self.structure.infosets[i].name}: {does}")
        return "; ".join(parts)

    def _actions(self, i: int) -> tuple[str, ...]:
        chosen = self.choices[i].actions if i in self.choices else ()
        return tuple(self.structure.infosets[i].actions[a] for a in chosen)

    def type_name(self, i: int) -> str:
        """The type that moves at an information set: the label that drew it where that is one, else the set's name."""
        labels = {h[-1] for h in self.structure.infosets[i].histories}
        return labels.pop() if len(labels) == 1 else self.structure.infosets[i].name


def distinct(plays: Sequence[Play]) -> list[str]:
    """A label for each, equal ones told apart by the answers and, last, by number."""
    bases = [play.base() for play in plays]
    uses = Counter(bases)
    labels = []
    for play, base in zip(plays, bases, strict=True):
        answers = play.answers()
        labels.append(f"{base}; {answers}" if uses[base] > 1 and answers and play.first_sets else base)
    seen: dict[str, int] = {}
    for n, text in enumerate(labels):
        seen[text] = seen.get(text, 0) + 1
        if seen[text] > 1:
            labels[n] = f"{text} ({seen[text]})"
    return labels


def rank(play: Play) -> tuple[int, int, tuple[tuple[int, ...], ...]]:
    """The order of the atlas: pure before mixed, pooling first, then by actions, the last written first."""
    mixed = sum(len(play.choices[i].actions) > 1 for i in play.reached)
    spread = len({play.choices[i].actions for i in play.first_sets if i in play.choices})
    # The last action written (holding, refraining) comes first, and answers decide before signals.
    key = tuple(tuple(-a for a in reversed(play.choices[i].actions)) for i in reversed(play.reached))
    return (mixed, spread, key)


def quantity_letters(count: int) -> list[str]:
    """Names for probabilities of actions: x, y, z, then w, v, u, then x1, x2 and so on."""
    letters = ["x", "y", "z", "w", "v", "u"]
    return [letters[n] if n < len(letters) else f"x{n - len(letters) + 1}" for n in range(count)]
