r"""What a player could get by binding itself: optimal commitment to a mixed plan, exactly.

One player, the *leader*, announces a behaviour strategy before the game and keeps to it; the others know it and answer
best. With :math:`r` the leader's realization plan (the probability that its own moves let each of its sequences
happen: a polytope :math:`R`) and :math:`\pi` a pure plan of the others, payoffs and the probabilities of events are
linear in :math:`r`, and :math:`\pi` is a best answer exactly where for some values :math:`q` of the others' information
sets

.. math:: q(I) \ge \sum_s U(s, Ia; \pi)\, r(s) + \sum_{J \text{ after } Ia} q(J) \text{ for every } Ia,
   \text{ with equality where } \pi \text{ plays } a.

The leader's optimum is therefore the best of finitely many linear programs, one for each :math:`\pi`
[conitzer_sandholm2006], [stengel_zamir2010]; where the others are indifferent they answer as the leader likes best (it
can make them strictly prefer that at as little cost as one likes). The pairs of probabilities of two events that some
commitment brings about are a union of polygons, one for each :math:`\pi`. All of it is computed in fractions.

The leader binds itself before it learns its type: what it announces is a policy. Where several players answer, each
does in pure strategies what is best at every information set, reached or not (`responses`): nobody is moved by an empty
threat of another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Protocol

from .errors import LimitError, UnknownNameError
from .game import Game, History, InformationSet
from .responses import responses, sequence_name
from .smt import Line, Linear

__all__ = ["MAX_PLANS", "Commitment", "Commitments", "Leadership", "Point"]

MAX_PLANS = 20_000
"""How many answers of several players are looked at."""

ZERO, ONE = Fraction(0), Fraction(1)
Row = dict[str, Fraction]
Point = tuple[Fraction, Fraction]
Choice = dict[str, str]
"""For information sets of those who answer, the action played."""


@dataclass(frozen=True)
class Commitment:
    """A plan to which the leader binds itself, and the answer to it.

    Attributes
    ----------
    strategy : for every information set of the leader, the probability of each action; where its own plan never leads
        there, the first action (any would do).
    answers : what the others play at the information sets that their own moves do not avoid; of one that answers alone,
        where the plan leads.
    payoffs, events : expected payoffs and probabilities of events.
    """

    strategy: Mapping[str, Mapping[str, Fraction]]
    answers: Mapping[str, str]
    payoffs: Mapping[str, Fraction]
    events: Mapping[str, Fraction]

    def to_dict(self) -> dict[str, object]:
        """As plain data."""
        return {
            "strategy": {name: {a: str(p) for a, p in row.items()} for name, row in self.strategy.items()},
            "answers": dict(self.answers),
            "payoffs": {name: str(value) for name, value in self.payoffs.items()},
            "events": {name: str(value) for name, value in self.events.items()},
        }


class Leadership(Protocol):
    """What one player can bring about by binding itself."""

    def optimum(self, fewest: Sequence[str] = ()) -> Commitment:
        """The commitment that is best for the leader; among equals the one with the least of some events."""

    def attainable(self, across: str, upward: str) -> list[tuple[Point, ...]]:
        """The pairs of probabilities of two events that commitments bring about, as polygons."""


@dataclass(frozen=True)
class Commitments:
    """Every commitment of one player in a game at a point.

    Parameters
    ----------
    game : a tree at a point (`Game.at`).
    leader : the player who binds itself.

    Raises
    ------
    UnknownNameError
        where there is no such player.
    """

    game: Game
    leader: str
    _sides: dict[str, _Side] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.leader not in self.game.players:
            raise UnknownNameError("player", self.leader, self.game.players)
        self._sides.update({player: _Side(self.game, player) for player in self.game.players})

    @cached_property
    def _others(self) -> tuple[str, ...]:
        return tuple(p for p in self.game.players if p != self.leader and self._sides[p].infosets)

    @cached_property
    def _chances(self) -> dict[History, Fraction]:
        """What chance contributes to the probability of every complete history."""
        found = {}
        for history in self.game.terminals:
            chance = ONE
            for n in range(len(history)):
                move = self.game.chance.get(history[:n])
                if move is not None:
                    chance *= move.probabilities[history[n]].as_fraction()
            found[history] = chance
        return found

    def _expected(self, value: Mapping[History, Fraction], choice: Choice) -> Row:
        """An expectation as a sum over the leader's sequences, the answers given."""
        row: Row = {}
        for history, amount in value.items():
            weight = self._chances[history] * amount
            if weight and all(self._sides[p].plays(history, choice) for p in self._others):
                name = self._sides[self.leader].sequence(history)
                row[name] = row.get(name, ZERO) + weight
        return row

    @cached_property
    def _payoffs(self) -> dict[str, dict[History, Fraction]]:
        return {p: {h: self.game.payoffs[h][p].as_fraction() for h in self.game.terminals} for p in self.game.players}

    @cached_property
    def _tried(self) -> Row:
        """The leader's payoff where the others play every action of an information set with the same probability."""
        row: Row = {}
        for history, amount in self._payoffs[self.leader].items():
            weight = self._chances[history] * amount
            for player in self._others:
                weight *= self._sides[player].blindly(history)
            if weight:
                name = self._sides[self.leader].sequence(history)
                row[name] = row.get(name, ZERO) + weight
        return row

    @cached_property
    def _events(self) -> dict[str, dict[History, Fraction]]:
        return {
            name: {h: ONE for h in self.game.terminals if self.game.occurs(labels, h)}
            for name, labels in self.game.events.items()
        }

    # Answers

    def _programs(self) -> Iterator[tuple[Linear, Choice]]:
        """For every pure answer that is best against some plan, the conditions on the plan."""
        program = Linear()
        for line in self._sides[self.leader].flow():
            program.add(line)
        if len(self._others) == 1:
            (player,) = self._others
            for line in self._values(player):
                program.add(line)
            yield from self._answered(program, player, {}, self._sides[player].first)
            return
        yield from responses(program, self.game, self.leader, self._payoffs, MAX_PLANS)

    def _answered(
        self, program: Linear, player: str, choice: Choice, pending: Sequence[InformationSet]
    ) -> Iterator[tuple[Linear, Choice]]:
        """Every way to go on from the information sets that are pending, as long as some plan makes it best."""
        if not pending:
            yield program, choice
            return
        infoset, *rest = pending
        side = self._sides[player]
        for action in self._worthwhile(player, infoset):
            program.push()
            program.add(self._line(player, infoset, action, "=="))
            if program.feasible():
                chosen = {**choice, infoset.name: action}
                yield from self._answered(program, player, chosen, [*rest, *side.after(infoset, action)])
            program.pop()

    def _worthwhile(self, player: str, infoset: InformationSet) -> list[str]:
        """The actions without those that are worse than another after every sequence of the leader that leads there.

        Where such an action is best, play does not come to the information set, and it makes no difference.
        """
        side = self._sides[player]
        if any(side.after(infoset, action) for action in infoset.actions):
            return list(infoset.actions)
        rows = {action: self._line(player, infoset, action, ">=")[0] for action in infoset.actions}
        ends = {a: {self._sides[self.leader].sequence(h) for h in side.ends(infoset, a)} for a in infoset.actions}

        def worse(a: str, b: str) -> bool:
            # The rows hold payoffs with the sign turned.
            return ends[a] == ends[b] and all(rows[a].get(s, ZERO) > rows[b].get(s, ZERO) for s in ends[a])

        return [a for a in infoset.actions if not any(worse(a, b) for b in infoset.actions if b != a)]

    def _values(self, player: str) -> list[Line]:
        """That no action is worth more than its information set."""
        return [
            self._line(player, infoset, action, ">=")
            for infoset in self._sides[player].infosets
            for action in infoset.actions
        ]

    def _line(self, player: str, infoset: InformationSet, action: str, op: str) -> Line:
        """How the value of an information set compares with that of an action there, where nobody else answers."""
        side = self._sides[player]
        row: Row = {f"value {infoset.name}": ONE}
        for later in side.after(infoset, action):
            row[f"value {later.name}"] = -ONE
        for history in side.ends(infoset, action):
            weight = self._chances[history] * self._payoffs[player][history]
            if weight:
                name = self._sides[self.leader].sequence(history)
                row[name] = row.get(name, ZERO) - weight
        return row, op, ZERO

    # Results

    def optimum(self, fewest: Sequence[str] = ()) -> Commitment:
        """The commitment that is best for the leader; among those, the one with the least of some events.

        Parameters
        ----------
        fewest : names of events, the first the most important. What is left open then goes to the threat that costs the
            leader least if the others tried it (each of their actions as likely as the others there), and last to the
            actions that are written first.
        """
        best: tuple[list[Fraction], Commitment] | None = None
        first = {sequence_name((i.name, i.actions[0])): ONE for i in self._sides[self.leader].infosets}
        for program, choice in self._programs():
            goals = [self._expected(self._payoffs[self.leader], choice)]
            goals += [
                {key: -c for key, c in self._expected(self._events[name], choice).items()} for name in fewest
            ]
            program.push()
            reached: list[Fraction] = []
            plan: Mapping[str, Fraction] = {}
            for goal in (*goals, self._tried, first):
                plan = _furthest(program, goal)
                reached.append(_total(goal, plan))
                if best is not None and reached < best[0][: len(reached)]:
                    break
                program.add((goal, "==", reached[-1]))
            else:
                if best is None or reached > best[0]:
                    best = reached, self._of(plan, choice)
            program.pop()
        if best is None:
            raise LimitError("whatever the leader announces, those who answer have no equilibrium without mixing")
        return best[1]

    def _of(self, plan: Mapping[str, Fraction], choice: Choice) -> Commitment:
        strategy = self._sides[self.leader].behaviour(plan)
        reached = [name for p in self._others for name in self._sides[p].reached(choice)]
        if len(self._others) == 1:
            # Of one that answers alone nothing is asked where the plan never leads.
            reached = [name for name in reached if self._comes_to(name, strategy, choice)]
        return Commitment(
            strategy,
            {name: choice[name] for name in choice if name in reached},
            {p: _total(self._expected(value, choice), plan) for p, value in self._payoffs.items()},
            {name: _total(self._expected(value, choice), plan) for name, value in self._events.items()},
        )

    def _comes_to(self, name: str, strategy: Mapping[str, Mapping[str, Fraction]], choice: Choice) -> bool:
        """Whether play comes to an information set of those who answer."""
        def happens(before: History, label: str) -> bool:
            if before in self.game.chance:
                return self.game.chance[before].probabilities[label].as_fraction() > 0
            at = self.game.infoset_at[before].name
            return strategy[at][label] > 0 if at in strategy else choice.get(at) == label

        return any(all(happens(h[:n], h[n]) for n in range(len(h))) for h in self.game.infoset(name).histories)

    def attainable(self, across: str, upward: str) -> list[tuple[Point, ...]]:
        """The pairs of probabilities of two events that commitments bring about with answers in pure strategies.

        They are polygons, given by their corners, which go round against the clock, from the leftmost of the lowest;
        those within another are left out. Where an answer mixes between two that are as good, other pairs come about,
        none of them better for the leader.
        """
        found: list[tuple[Point, ...]] = []
        for program, choice in self._programs():
            rows = [self._expected(self._events[name], choice) for name in (across, upward)]
            polygon = _polygon(program, rows)
            if not any(_inside(polygon, other) for other in found):
                found = [other for other in found if not _inside(other, polygon)] + [polygon]
        return found


class _Side:
    """The sequences of one player."""

    def __init__(self, game: Game, player: str) -> None:
        self.infosets = tuple(i for i in game.infosets if i.player == player)
        self._own = {i.name: game.own_sequence(player, i.histories[0]) for i in self.infosets}
        self.parent = {name: sequence[-1] if sequence else None for name, sequence in self._own.items()}
        self._last: dict[History, tuple[str, str] | None] = {}
        self._path: dict[History, tuple[tuple[str, str], ...]] = {}
        for history in game.terminals:
            sequence = game.own_sequence(player, history)
            self._path[history] = sequence
            self._last[history] = sequence[-1] if sequence else None

    @property
    def first(self) -> list[InformationSet]:
        """The information sets that no own move comes before."""
        return [i for i in self.infosets if self.parent[i.name] is None]

    def after(self, infoset: InformationSet, action: str) -> list[InformationSet]:
        """The own information sets that follow an action next."""
        return [i for i in self.infosets if self.parent[i.name] == (infoset.name, action)]

    def ends(self, infoset: InformationSet, action: str) -> list[History]:
        """The complete histories whose last own move is this."""
        return [h for h, last in self._last.items() if last == (infoset.name, action)]

    def plays(self, history: History, choice: Choice) -> bool:
        """Whether the own moves on the way to a complete history are those chosen."""
        return all(choice.get(name) == action for name, action in self._path[history])

    def blindly(self, history: History) -> Fraction:
        """What the own moves contribute to the probability of a complete history where no action is preferred."""
        sizes = {i.name: len(i.actions) for i in self.infosets}
        return prod((Fraction(1, sizes[name]) for name, _ in self._path[history]), start=ONE)

    def sequence(self, history: History) -> str:
        """The name of the plan's probability of the own moves on the way to a complete history."""
        return sequence_name(self._last[history])

    def flow(self) -> list[Line]:
        """What makes numbers a realization plan."""
        lines: list[Line] = [({sequence_name(None): ONE}, "==", ONE)]
        for infoset in self.infosets:
            own = [sequence_name((infoset.name, action)) for action in infoset.actions]
            lines += [({name: ONE}, ">=", ZERO) for name in own]
            lines.append(({**dict.fromkeys(own, ONE), sequence_name(self.parent[infoset.name]): -ONE}, "==", ZERO))
        return lines

    def behaviour(self, plan: Mapping[str, Fraction]) -> dict[str, dict[str, Fraction]]:
        """The behaviour strategy of a plan."""
        found = {}
        for infoset in self.infosets:
            reach = plan[sequence_name(self.parent[infoset.name])]
            if reach:
                found[infoset.name] = {a: plan[sequence_name((infoset.name, a))] / reach for a in infoset.actions}
            else:
                found[infoset.name] = {a: Fraction(n == 0) for n, a in enumerate(infoset.actions)}
        return found

    def reached(self, choice: Choice) -> list[str]:
        """The own information sets that the own choices do not avoid."""
        return [
            i.name for i in self.infosets
            if i.name in choice and all(choice.get(name) == action for name, action in self._own[i.name])
        ]


def _furthest(program: Linear, goal: Row) -> Mapping[str, Fraction]:
    plan = program.greatest(goal)
    assert plan is not None  # noqa: S101 - plans are bounded, and some plan makes the answer best
    return plan


def _total(row: Row, plan: Mapping[str, Fraction]) -> Fraction:
    return sum((c * plan[name] for name, c in row.items()), ZERO)


# Polygons ------------------------------------------------------------------------------------------------------------


def _polygon(program: Linear, rows: Sequence[Row]) -> tuple[Point, ...]:
    """The corners of the image of a polytope in the plane, against the clock."""

    def furthest(direction: Point) -> Point:
        goal: Row = {}
        for weight, row in zip(direction, rows, strict=True):
            for name, c in row.items():
                goal[name] = goal.get(name, ZERO) + weight * c
        plan = _furthest(program, goal)
        x, y = (_total(row, plan) for row in rows)
        return x, y

    def between(a: Point, b: Point) -> list[Point]:
        """Corners beyond the line from a to b, on its right, in order."""
        normal = (b[1] - a[1], a[0] - b[0])
        if normal == (ZERO, ZERO):
            return []
        c = furthest(normal)
        if normal[0] * c[0] + normal[1] * c[1] <= normal[0] * a[0] + normal[1] * a[1]:
            return []
        return [*between(a, c), c, *between(c, b)]

    one, other = furthest((ZERO, -ONE)), furthest((ZERO, ONE))
    if one[1] == other[1]:
        one, other = furthest((-ONE, ZERO)), furthest((ONE, ZERO))
    return _hull([one, *between(one, other), other, *between(other, one)])


def _turn(o: Point, a: Point, b: Point) -> Fraction:
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def _hull(points: Sequence[Point]) -> tuple[Point, ...]:
    """The corners of the convex hull, against the clock, from the leftmost of the lowest."""
    ordered = sorted(set(points), key=lambda p: (p[1], p[0]))
    if len(ordered) < 3:
        return tuple(ordered)

    def half(given: Sequence[Point]) -> list[Point]:
        chain: list[Point] = []
        for point in given:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        return chain[:-1]

    return (*half(ordered), *half(ordered[::-1]))


def _inside(polygon: Sequence[Point], other: Sequence[Point]) -> bool:
    """Whether a polygon lies within another (a point, a segment, or corners against the clock)."""
    if len(other) == 1:
        return all(point == other[0] for point in polygon)
    if len(other) == 2:
        a, b = other
        return all(
            _turn(a, b, p) == 0 and min(a, b) <= p <= max(a, b) for p in polygon
        )
    sides = list(zip(other, [*other[1:], other[0]], strict=True))
    return all(_turn(a, b, p) >= 0 for p in polygon for a, b in sides)
