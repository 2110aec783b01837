r"""What the tree of a game says about beliefs, once and for all support profiles.

Definitions
-----------
For an information set :math:`I` of player :math:`i`, its *source* is the innermost of: the player's latest earlier
information set, the root of the innermost proper subgame that contains :math:`I`, the root of the game. Beliefs at
:math:`I` follow from the source by Bayes' rule, the player's own actions taken as given, whenever what remains has
positive probability; a positive probability from an outer source implies one from every inner source, and the two
give the same beliefs, so the innermost decides.

The *draw* is what chance does before anybody moves. Where it gives the players independent types, the belief about
the type of player :math:`j` is a function of the sequence of labels seen up to the last one that can say something
about it, an action of :math:`j` or a chance move whose probabilities depend on it: nobody else's move changes it. That
sequence is the *record* of :math:`j` at the information set; equal records mean equal beliefs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..expressions import Expression
from ..game import CHANCE, Game, History, InformationSet

__all__ = ["Step", "Structure", "TypeSystem"]


@dataclass(frozen=True)
class Step:
    """One label on a path: chance (``infoset`` is -1) with its weight, or the action at an information set."""

    infoset: int
    action: int
    label: str


@dataclass(frozen=True)
class TypeSystem:
    """Independent types.

    Attributes
    ----------
    cells : for each player, the cell index of every draw.
    priors : for each player, the probability of each cell.
    """

    cells: tuple[dict[History, int], ...]
    priors: tuple[tuple[Expression, ...], ...]


class Structure:
    """Indices, paths, sources and records of one game."""

    def __init__(self, game: Game, types_of: Game | None = None) -> None:
        self.game = game
        self.infosets: tuple[InformationSet, ...] = game.infosets
        self.player = tuple(game.players.index(infoset.player) for infoset in self.infosets)
        self.index = {infoset.name: i for i, infoset in enumerate(self.infosets)}
        self.at = {h: i for i, infoset in enumerate(self.infosets) for h in infoset.histories}
        self._types_of = types_of or game
        self._records: dict[tuple[int, int], History | None] = {}

    def path(self, start: History, end: History) -> tuple[Step, ...]:
        """The steps from one history to a later one."""
        steps = []
        for n in range(len(start), len(end)):
            i = self.at.get(end[:n], -1)
            action = self.infosets[i].actions.index(end[n]) if i >= 0 else self.game.children[end[:n]].index(end[n])
            steps.append(Step(i, action, end[n]))
        return tuple(steps)

    def weight(self, history: History, label: str) -> Any:
        """The probability of a label at a chance move, as an expression."""
        return self.game.chance[history].probabilities[label]

    @cached_property
    def terminals_below(self) -> dict[History, tuple[History, ...]]:
        """For every history, the terminal histories through it."""
        below: dict[History, list[History]] = {}
        for terminal in self.game.terminals:
            for n in range(len(terminal) + 1):
                below.setdefault(terminal[:n], []).append(terminal)
        return {history: tuple(ends) for history, ends in below.items()}

    @cached_property
    def own_parent(self) -> tuple[tuple[int, int] | None, ...]:
        """The player's latest earlier information set and the action taken there, or None."""
        result: list[tuple[int, int] | None] = []
        for i, infoset in enumerate(self.infosets):
            history = infoset.histories[0]
            parent = None
            for n in range(len(history)):
                j = self.at.get(history[:n], -1)
                if j >= 0 and self.player[j] == self.player[i]:
                    parent = (j, self.infosets[j].actions.index(history[n]))
            result.append(parent)
        return tuple(result)

    @cached_property
    def subgame_root(self) -> tuple[History, ...]:
        """The root of the innermost subgame, the whole game included, that contains each information set."""
        roots = sorted(self.game.subgame_roots, key=len)
        result = []
        for infoset in self.infosets:
            history = infoset.histories[0]
            inside = [r for r in roots if history[: len(r)] == r]
            result.append(inside[-1] if inside else ())
        return tuple(result)

    @cached_property
    def before(self) -> tuple[frozenset[int], ...]:
        """For every information set, those that occur on a path to it."""
        return tuple(
            frozenset(
                j for h in infoset.histories for n in range(len(h)) if (j := self.at.get(h[:n], -1)) >= 0
            )
            for infoset in self.infosets
        )

    @cached_property
    def after(self) -> tuple[frozenset[int], ...]:
        """For every information set, those that occur on a path from it."""
        return tuple(
            frozenset(k for k in range(len(self.infosets)) if i in self.before[k]) for i in range(len(self.infosets))
        )

    @cached_property
    def near(self) -> tuple[tuple[int, ...], ...]:
        """For every information set, those whose choices decide beliefs and values there.

        Itself, those on a path to or from it, and those on a path to an earlier information set of the player, from
        which its beliefs may follow.
        """
        found = []
        for i in range(len(self.infosets)):
            sets = {i} | self.before[i] | self.after[i]
            parent = self.own_parent[i]
            while parent is not None:
                sets |= self.before[parent[0]]
                parent = self.own_parent[parent[0]]
            found.append(tuple(sorted(sets)))
        return tuple(found)

    @cached_property
    def below(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """For every information set and action, the information sets that may follow."""
        found: list[list[set[int]]] = [[set() for _ in infoset.actions] for infoset in self.infosets]
        for k, infoset in enumerate(self.infosets):
            for history in infoset.histories:
                for step in self.path((), history):
                    if step.infoset >= 0:
                        found[step.infoset][step.action].add(k)
        return tuple(tuple(tuple(sorted(sets)) for sets in row) for row in found)

    @cached_property
    def draws(self) -> tuple[History, ...]:
        """Every draw, in the order of the tree."""
        return _draws(self.game)

    def draw_of(self, history: History) -> History:
        """The draw with which a history starts."""
        n = 0
        while history[:n] in self.game.chance:
            n += 1
        return history[:n]

    @cached_property
    def types(self) -> TypeSystem | None:
        """The independent types, or None where chance draws none or the draws depend on each other."""
        game = self._types_of
        if game.mover(()) != CHANCE:
            return None
        draws = [draw for draw in _draws(game) if draw in self.draws]
        weights = {draw: _probability(game, draw) for draw in draws}
        zero = game.space.ring.number(0)
        total = sum(weights.values(), zero)
        cells = [self._cells(player, draws) for player in game.players]
        sizes = [max(cell.values()) + 1 for cell in cells]
        if max(sizes) == 1:
            return None
        joint: dict[tuple[int, ...], Expression] = {}
        for draw in draws:
            profile = tuple(cell[draw] for cell in cells)
            joint[profile] = joint.get(profile, zero) + weights[draw]
        masses = [
            [sum((weights[d] for d in draws if cell[d] == c), zero) for c in range(size)]
            for cell, size in zip(cells, sizes, strict=True)
        ]
        if not _is_product(joint, masses, total, zero):
            return None
        none = self.game.space.ring.number(0)
        here = {draw: _probability(self.game, draw) for draw in self.draws}
        priors = tuple(
            tuple(sum((here[d] for d in self.draws if cell[d] == c), none) for c in range(size))
            for cell, size in zip(cells, sizes, strict=True)
        )
        return TypeSystem(tuple(cells), priors)

    def _cells(self, player: str, draws: Sequence[History]) -> dict[History, int]:
        """Draws in classes that the player's information sets never tell apart."""
        sets = [frozenset(self.draw_of(h) for h in i.histories) for i in self.infosets if i.player == player]
        numbers: dict[tuple[bool, ...], int] = {}
        return {d: numbers.setdefault(tuple(d in members for members in sets), len(numbers)) for d in draws}

    def record(self, i: int, j: int) -> History | None:
        """What an information set has seen that can say something about the type of player j.

        None where its histories differ in more than what is wholly unseen, or where a step depends on the types of
        several players at once.
        """
        key = (i, j)
        if key not in self._records:
            self._records[key] = self._record(i, j)
        return self._records[key]

    def _record(self, i: int, j: int) -> History | None:
        types = self.types
        if types is None:
            return None
        histories = self.infosets[i].histories
        rest = [(self.draw_of(h), h) for h in histories]
        seen = _common([h[len(draw) :] for draw, h in rest])
        if any(len(h) > len(draw) + len(seen) for draw, h in rest):
            starts = dict.fromkeys((*draw, *seen) for draw, _ in rest)
            if not all(self._wholly_unseen(i, start) for start in starts):
                return None
        last = 0
        for n, label in enumerate(seen):
            present = [d for d in self.draws if (*d, *seen[:n]) in self.game.children]
            speaks = self._speaks(types, present, seen[:n], label, j)
            if speaks is None:
                return None
            if speaks:
                last = n + 1
        return seen[:last]

    def _speaks(
        self, types: TypeSystem, present: Sequence[History], seen: History, label: str, j: int
    ) -> bool | None:
        """Whether a step can say something about the type of player j; None where it depends on several types."""
        player = self.game.players[j]
        if any(self.game.mover((*d, *seen)) == player for d in present):
            return True
        likelihood = {d: self._likelihood((*d, *seen), label) for d in present}
        others = {d: tuple(c[d] for k, c in enumerate(types.cells) if k != j) for d in present}
        if _is_function(likelihood, others):
            return False
        return True if _is_function(likelihood, types.cells[j]) else None

    def _likelihood(self, history: History, label: str) -> Expression | int:
        if label not in self.game.children[history]:
            return 0
        move = self.game.chance.get(history)
        return move.probabilities[label] if move else 1

    def _wholly_unseen(self, i: int, start: History) -> bool:
        """Whether every play through a history passes the information set."""
        members = set(self.infosets[i].histories)
        return all(
            any(terminal[:n] in members for n in range(len(start), len(terminal)))
            for terminal in self.terminals_below[start]
        )


def _draws(game: Game) -> tuple[History, ...]:
    found = []
    stack: list[History] = [()]
    while stack:
        history = stack.pop()
        if history in game.chance:
            stack.extend((*history, label) for label in reversed(game.children[history]))
        else:
            found.append(history)
    return tuple(found)


def _probability(game: Game, history: History) -> Expression:
    weight = game.space.ring.number(1)
    for n in range(len(history)):
        weight = weight * game.chance[history[:n]].probabilities[history[n]]
    return weight


def _is_function(values: Mapping[History, object], of: Mapping[History, object]) -> bool:
    """Whether values depend only on a classification."""
    seen: dict[object, object] = {}
    return all(seen.setdefault(of[draw], value) == value for draw, value in values.items())


def _common(sequences: Sequence[History]) -> History:
    first = min(sequences, key=len)
    for n in range(len(first)):
        if any(s[n] != first[n] for s in sequences):
            return first[:n]
    return first


def _is_product(
    joint: dict[tuple[int, ...], Expression], masses: list[list[Expression]], total: Expression, zero: Expression
) -> bool:
    """Whether P(t) * total**(n-1) equals the product of the marginals for every profile, as polynomials.

    The homogeneous form holds also where the probabilities sum to one only by an assumption on the parameters.
    """
    profiles: list[tuple[int, ...]] = [()]
    for mass in masses:
        profiles = [(*p, c) for p in profiles for c in range(len(mass))]
    if len(profiles) > 4 * len(joint) + 64:
        return False
    for profile in profiles:
        left = joint.get(profile, zero) * total ** (len(masses) - 1)
        right = zero + 1
        for mass, cell in zip(masses, profile, strict=True):
            right = right * mass[cell]
        if left != right:
            return False
    return True
