r"""All Nash equilibria of a two-player game, from the vertices of two best-response polyhedra in sequence form.

Definitions
-----------
A *sequence* of a player is the empty one or an information set with an action there; its parent is the player's
information set and action before. A *realization plan* gives every sequence the probability that the player's own
moves let it happen: :math:`r(\emptyset) = 1`, :math:`\sum_a r(I a) = r(\text{parent of } I)`. It stands for all mixed
strategies, and all behaviour strategies, with the same effect against everybody. With :math:`U(s, t)` the payoffs
of player 2 summed over the complete histories with sequences :math:`s, t`, times the probabilities of chance, a plan
:math:`r` of player 1 goes with values :math:`q` of player 2's information sets where

.. math:: q(I) \ge \sum_s U(s, Ia)\, r(s) + \sum_{J \text{ after } Ia} q(J) \quad \text{for every sequence } Ia.

Two plans are an equilibrium exactly where, for some such values on both sides, every sequence of either player has
probability zero or meets its inequality with equality [koller1996]. The vertices of the two polyhedra therefore give
all extreme equilibria: pairs of vertices that meet this. Sets of vertices :math:`U, V` all of whose pairs do span
:math:`\operatorname{conv} U \times \operatorname{conv} V`; the largest such sets are the maximal Nash subsets, and
those that share a vertex make up the connected sets [avis2010].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import lcm

from ..errors import LimitError
from ..game import Game, History, InformationSet
from .vertices import WORK_LIMIT, extreme_rays

__all__ = ["Component", "Plan", "Plans", "SequenceForm", "components"]

MAX_PAIRS = 4_000_000
MAX_SUBSETS = 2_000

Plan = tuple[Fraction, ...]


class Plans:
    """The sequences of one player; sequence 0 is the empty one."""

    def __init__(self, game: Game, player: str) -> None:
        self.game = game
        self.player = player
        self.infosets: tuple[InformationSet, ...] = tuple(i for i in game.infosets if i.player == player)
        self.sequences: list[tuple[int, str]] = [(-1, "")]
        self.number: dict[tuple[str, str], int] = {}
        for i, infoset in enumerate(self.infosets):
            for action in infoset.actions:
                self.number[infoset.name, action] = len(self.sequences)
                self.sequences.append((i, action))
        self.parent = [self._last(infoset.histories[0]) for infoset in self.infosets]

    def _last(self, history: History) -> int:
        """The number of the player's sequence on the way to a history."""
        own = self.game.own_sequence(self.player, history)
        return self.number[own[-1]] if own else 0

    @cached_property
    def of_terminal(self) -> dict[History, int]:
        """The sequence of every terminal history."""
        return {history: self._last(history) for history in self.game.terminals}

    @cached_property
    def coordinates(self) -> list[int]:
        """The sequences whose probabilities determine the others: all actions of an information set but the last."""
        return [n for n, (i, a) in enumerate(self.sequences) if n and a != self.infosets[i].actions[-1]]

    @cached_property
    def affine(self) -> list[list[int]]:
        """The probability of every sequence as a row over 1 and the coordinates."""
        width = 1 + len(self.coordinates)
        rows: dict[int, list[int]] = {0: [1] + [0] * (width - 1)}
        for place, n in enumerate(self.coordinates):
            rows[n] = [int(k == place + 1) for k in range(width)]
        pending = list(range(len(self.infosets)))
        while pending:
            i = next(k for k in pending if self.parent[k] in rows)
            pending.remove(i)
            *others, last = (self.number[self.infosets[i].name, a] for a in self.infosets[i].actions)
            rows[last] = [v - sum(rows[n][k] for n in others) for k, v in enumerate(rows[self.parent[i]])]
        return [rows[n] for n in range(len(self.sequences))]

    def pure(self, limit: int) -> list[Plan] | None:
        """The reduced pure strategies as plans, or None where there are more than `limit`."""
        after: dict[int, list[int]] = {}
        for i, parent in enumerate(self.parent):
            after.setdefault(parent, []).append(i)

        def below(sequence: int) -> list[tuple[int, ...]] | None:
            """The choices from a sequence on: sets of sequences."""
            result: list[tuple[int, ...]] = [(sequence,)]
            for i in after.get(sequence, ()):
                options: list[tuple[int, ...]] = []
                for action in self.infosets[i].actions:
                    following = below(self.number[self.infosets[i].name, action])
                    if following is None:
                        return None
                    options += following
                if len(result) * len(options) > limit:
                    return None
                result = [(*left, *right) for left, right in product(result, options)]
            return result

        chosen = below(0)
        if chosen is None:
            return None
        return [tuple(Fraction(n in set(c)) for n in range(len(self.sequences))) for c in chosen]


@dataclass(frozen=True)
class _Vertex:
    """A plan with the sequences it never plays, and those of the opponent that are best against it, as bit masks."""

    plan: Plan
    unplayed: int
    best: int


@dataclass(frozen=True)
class Component:
    """One connected set of equilibria.

    Attributes
    ----------
    extreme : the extreme equilibria as pairs of plans.
    subsets : the maximal Nash subsets: every mixture of the first plans with every mixture of the second.
    """

    extreme: tuple[tuple[Plan, Plan], ...]
    subsets: tuple[tuple[tuple[Plan, ...], tuple[Plan, ...]], ...]


class SequenceForm:
    """The two players' sequences and payoffs; a name that is no player of the game stands for one without moves."""

    def __init__(self, game: Game, players: tuple[str, str]) -> None:
        self.game = game
        self.players = players
        self.sides = (Plans(game, players[0]), Plans(game, players[1]))

    @cached_property
    def weights(self) -> Mapping[History, Fraction]:
        """The probability that chance lets each terminal history happen."""
        result = {}
        for history in self.game.terminals:
            weight = Fraction(1)
            for i in range(len(history)):
                move = self.game.chance.get(history[:i])
                if move is not None:
                    weight *= move.probabilities[history[i]].as_fraction()
            result[history] = weight
        return result

    @cached_property
    def payoffs(self) -> tuple[Mapping[tuple[int, int], Fraction], Mapping[tuple[int, int], Fraction]]:
        """For each player the expected payoff by the two players' sequences, where it is not zero."""
        result: list[dict[tuple[int, int], Fraction]] = [{}, {}]
        for history, weight in self.weights.items():
            pair = (self.sides[0].of_terminal[history], self.sides[1].of_terminal[history])
            for k, player in enumerate(self.players):
                paid = self.game.payoffs[history].get(player)
                amount = weight * paid.as_fraction() if paid is not None else Fraction(0)
                if amount:
                    result[k][pair] = result[k].get(pair, Fraction(0)) + amount
        return result[0], result[1]

    def outcomes(self, first: Plan, second: Plan) -> tuple[Fraction, ...]:
        """The distribution over terminal histories of two plans."""
        mine, yours = self.sides[0].of_terminal, self.sides[1].of_terminal
        return tuple(w * first[mine[h]] * second[yours[h]] for h, w in self.weights.items())

    def vertices(self, side: int, limit: int) -> list[_Vertex]:
        """The vertices of one player's polyhedron; LimitError where there are too many."""
        own, other = self.sides[side], self.sides[1 - side]
        width, values = len(own.affine[0]), len(other.infosets)
        rows = [[1] + [0] * (width - 1 + values)]
        rows += [row + [0] * values for row in own.affine[1:]]
        rows += [self._slack(side, n) for n in range(1, len(other.sequences))]
        split = len(own.affine)
        result = []
        for ray, mask in extreme_rays(rows, width + values, limit):
            if ray[0]:
                point = [Fraction(v, ray[0]) for v in ray[:width]]
                plan = tuple(sum((a * v for a, v in zip(row, point, strict=True)), Fraction(0)) for row in own.affine)
                result.append(_Vertex(plan, (mask & ((1 << split) - 1)) >> 1, mask >> split))
        return sorted(result, key=lambda v: ([-p for p in v.plan], v.best))

    def _slack(self, side: int, sequence: int) -> list[int]:
        """What the value of the opponent's information set exceeds the value of one sequence there by, as a row."""
        own, other = self.sides[side], self.sides[1 - side]
        row = [Fraction(0)] * len(own.affine[0])
        for (first, second), amount in self.payoffs[1 - side].items():
            s, t = (first, second) if side == 0 else (second, first)
            if t == sequence:
                row = [v - amount * a for v, a in zip(row, own.affine[s], strict=True)]
        at = other.sequences[sequence][0]
        values = [Fraction((k == at) - (other.parent[k] == sequence)) for k in range(len(other.infosets))]
        full = [*row, *values]
        scale = lcm(*(v.denominator for v in full))
        return [int(v * scale) for v in full]

    def is_equilibrium(self, first: Plan, second: Plan) -> bool:
        """Whether two plans are best replies to each other."""
        for side, (own, against) in enumerate(((first, second), (second, first))):
            plans = self.sides[side]
            gain = [Fraction(0)] * len(plans.sequences)
            for pair, amount in self.payoffs[side].items():
                gain[pair[side]] += amount * against[pair[1 - side]]
            got = sum((a * b for a, b in zip(own, gain, strict=True)), Fraction(0))
            if _best(plans, gain, 0) != got:
                return False
        return True


def _best(plans: Plans, gain: Sequence[Fraction], sequence: int) -> Fraction:
    """The best payoff that a player can still collect from a sequence on."""
    total = gain[sequence]
    for i, parent in enumerate(plans.parent):
        if parent == sequence:
            infoset = plans.infosets[i]
            total += max(_best(plans, gain, plans.number[infoset.name, a]) for a in infoset.actions)
    return total


def components(form: SequenceForm, limit: int = WORK_LIMIT) -> list[Component]:
    """Every Nash equilibrium, as connected sets; LimitError where the vertices are too many."""
    left, right = form.vertices(0, limit), form.vertices(1, limit)
    if len(left) * len(right) > MAX_PAIRS:
        raise LimitError(f"more than {MAX_PAIRS} pairs of vertices")
    all_left = (1 << len(form.sides[0].sequences) - 1) - 1
    all_right = (1 << len(form.sides[1].sequences) - 1) - 1
    partners = [
        sum(
            1 << j
            for j, v in enumerate(right)
            if u.unplayed | v.best == all_left and v.unplayed | u.best == all_right
        )
        for u in left
    ]
    return [_component(form, left, right, partners, group) for group in _connected(partners)]


def _connected(partners: Sequence[int]) -> list[list[int]]:
    """Positions on the left that share partners, directly or through others."""
    groups: list[tuple[list[int], int]] = []
    for i, mask in enumerate(partners):
        if mask:
            joined = [group for group in groups if group[1] & mask]
            groups = [group for group in groups if not group[1] & mask]
            members = sorted([i, *(k for group in joined for k in group[0])])
            for _, other in joined:
                mask |= other
            groups.append((members, mask))
    return sorted((members for members, _ in groups), key=lambda members: members[0])


def _component(
    form: SequenceForm, left: Sequence[_Vertex], right: Sequence[_Vertex], partners: Sequence[int], group: Sequence[int]
) -> Component:
    closed: dict[int, None] = dict.fromkeys(partners[i] for i in group)
    pending = list(closed)
    while pending:
        mask = pending.pop()
        for i in group:
            common = mask & partners[i]
            if common and common not in closed:
                if len(closed) >= MAX_SUBSETS:
                    raise LimitError(f"more than {MAX_SUBSETS} Nash subsets in one connected set")
                closed[common] = None
                pending.append(common)
    subsets: dict[tuple[tuple[Plan, ...], tuple[Plan, ...]], None] = {}
    for mask in closed:
        first = tuple(dict.fromkeys(left[i].plan for i in group if partners[i] & mask == mask))
        second = tuple(dict.fromkeys(v.plan for j, v in enumerate(right) if mask >> j & 1))
        subsets[first, second] = None
    largest = [
        (u, v)
        for u, v in subsets
        if not any((u, v) != other and set(u) <= set(other[0]) and set(v) <= set(other[1]) for other in subsets)
    ]
    extreme = dict.fromkeys(
        (left[i].plan, v.plan) for i in group for j, v in enumerate(right) if partners[i] >> j & 1
    )
    return Component(tuple(extreme), tuple(sorted(largest, key=lambda s: (-len(s[0]) * len(s[1]), s[0], s[1]))))
