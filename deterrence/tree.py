r"""The parts of a finite extensive-form game: histories, information sets, moves of chance, payoffs, subgames.

A *history* is the sequence of labels chosen so far, those of chance included; the set of histories is a finite tree
with the empty history as its root. At a history that is not terminal either chance moves, with probabilities
:math:`\pi(a \mid h)` that are expressions in the parameters, or one personal player moves, at an *information set*
:math:`I \ni h` whose histories the player cannot tell apart. A terminal history :math:`z` gives each player the payoff
:math:`u_i(z)`. A *proper subgame* starts at a history other than the root that is alone in its information set and
whose continuation cuts through no information set.

>>> InformationSet("after strike", "Iran", ("attack", "refrain"), (("resolved", "strike"),)).actions
('attack', 'refrain')
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Final

from .cards import card, paragraph, played, table
from .errors import BranchCutWarning, ExpressionError, UnknownNameError
from .expressions import Condition, Expression
from .parameters import ParameterSpace

__all__ = [
    "CHANCE",
    "ChanceMove",
    "EventLabels",
    "Game",
    "History",
    "InformationSet",
    "Move",
    "Origin",
    "PayoffRule",
    "history_key",
]

CHANCE: Final = "chance"

History = tuple[str, ...]
EventLabels = tuple[str | tuple[str, ...], ...]
"""Labels that must all occur; of a tuple of labels in its place, at least one."""


def history_key(history: Sequence[str]) -> str:
    """A history as text: its labels joined by comma and blank.

    >>> history_key(("irresolute", "strike", "attack"))
    'irresolute, strike, attack'
    """
    return ", ".join(history)


@dataclass(frozen=True)
class InformationSet:
    """Histories that the player who moves there cannot tell apart, with the actions available."""

    name: str
    player: str
    actions: tuple[str, ...]
    histories: tuple[History, ...]


@dataclass(frozen=True)
class ChanceMove:
    """A move of chance at one history: the probability of each label."""

    history: History
    probabilities: Mapping[str, Expression]
    name: str = ""


@dataclass(frozen=True)
class Move:
    """One move of a description.

    Attributes
    ----------
    player : a personal player, or ``"chance"``.
    information : name of the information set (optional for chance).
    after : patterns of histories, each labels joined by commas, ``*`` for any one label; None for the first move.
    actions : labels; for chance each with its probability (an expression or text), else None.
    """

    player: str
    information: str = ""
    after: tuple[str, ...] | None = None
    actions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class PayoffRule:
    """Amounts that are added to the payoffs of every complete history that matches.

    Attributes
    ----------
    when : labels that must all occur (``"PLAYER:label"`` where two players share one).
    unless : labels none of which may occur.
    after : patterns of complete histories, or None for any.
    amounts : an expression (or text) for each player paid.
    note : which cost or gain this is, for the reader.
    """

    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    after: tuple[str, ...] | None = None
    amounts: Mapping[str, object] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Origin:
    """Where an assumption comes from that the description of a game makes without saying so.

    Attributes
    ----------
    key : the key of the description, such as ``game.move[0].actions``.
    what : the quantity assumed about, such as ``"the sum of the probabilities"``.
    value : that quantity.
    wanted : what it has to be, such as ``"1"``; empty for a denominator, which may be anything but zero.
    """

    key: str
    what: str
    value: Expression
    wanted: str

    def says(self, point: Mapping[str, Fraction]) -> str:
        """How the assumption fails at a point."""
        try:
            shown = str(self.value.evaluate(point))
        except ExpressionError:
            return f"{self.what} divides by zero at these values"
        return f"{self.what} is {shown} at these values" + (f", not {self.wanted}" if self.wanted else "")


@dataclass(frozen=True, eq=False)
class Game:
    """A finite extensive-form game; made by `game.build_game`.

    Attributes
    ----------
    title : what it is called.
    players : the personal players, in order.
    space : the parameters with their domains; assumptions about chance are among its conditions.
    infosets : every information set of a personal player, in the order written.
    chance : every chance move, by history.
    payoffs : for every terminal history, the payoff of each player.
    children : for every history that is not terminal, its labels in order.
    events : named events, each a tuple of labels that must all occur (``"PLAYER:label"`` restricts one to a player);
        a tuple of labels in the place of one means that at least one of them occurs (`occurs` decides).
    name : the key of a built-in model.
    origins : for every condition of the space that chance or a denominator adds, where it comes from.
    """

    title: str
    players: tuple[str, ...]
    space: ParameterSpace
    infosets: tuple[InformationSet, ...]
    chance: Mapping[History, ChanceMove]
    payoffs: Mapping[History, Mapping[str, Expression]]
    children: Mapping[History, tuple[str, ...]]
    events: Mapping[str, EventLabels]
    name: str = ""
    origins: Mapping[Condition, Origin] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        return (
            f"Game({self.name or self.title!r}: {len(self.players)} players, {len(self.infosets)} information sets, "
            f"{len(self.payoffs)} terminal histories)"
        )

    def _repr_html_(self) -> str:
        """What a notebook shows: who moves where, what chance draws, the events."""
        rows = [(i.name, i.player, ", ".join(i.actions), str(len(i.histories) or "")) for i in self.infosets]
        drawn = [(history_key(history) or "at the outset", played(move.probabilities))
                 for history, move in self.chance.items()]
        return card(
            self.title, paragraph(f"Players: {', '.join(self.players)}. Parameters: {', '.join(self.space.names)}."),
            table(("information set", "player", "actions", "histories"), rows), table(("chance after", "draws"), drawn),
            paragraph(f"Events: {', '.join(self.events)}." if self.events else ""),
        )

    @cached_property
    def infoset_at(self) -> Mapping[History, InformationSet]:
        """The information set of every history at which a personal player moves."""
        return {history: infoset for infoset in self.infosets for history in infoset.histories}

    @cached_property
    def _by_name(self) -> Mapping[str, InformationSet]:
        return {infoset.name: infoset for infoset in self.infosets}

    def infoset(self, name: str) -> InformationSet:
        """The information set of that name; UnknownNameError with the nearest one otherwise."""
        try:
            return self._by_name[name]
        except KeyError:
            raise UnknownNameError("information set", name, self._by_name) from None

    @cached_property
    def terminals(self) -> tuple[History, ...]:
        """The terminal histories, in the order of the tree."""
        return tuple(self.payoffs)

    def mover(self, history: History) -> str | None:
        """Who moves at a history: a player, ``"chance"``, or None at a terminal one."""
        if history in self.chance:
            return CHANCE
        infoset = self.infoset_at.get(history)
        return infoset.player if infoset else None

    def own_sequence(self, player: str, history: History) -> tuple[tuple[str, str], ...]:
        """The player's own information sets and actions on the way to a history."""
        return tuple(
            (infoset.name, history[i])
            for i in range(len(history))
            if (infoset := self.infoset_at.get(history[:i])) is not None and infoset.player == player
        )

    @cached_property
    def subgame_roots(self) -> tuple[History, ...]:
        """The roots of the proper subgames (the root of the game is not among them), shortest first."""
        position = {history: i for i, history in enumerate(self._depth_first)}
        end: dict[History, int] = {}
        for history in reversed(self._depth_first):
            labels = self.children.get(history, ())
            end[history] = end[(*history, labels[-1])] if labels else position[history] + 1
        low: dict[History, int] = {}
        high: dict[History, int] = {}
        for history in reversed(self._depth_first):
            infoset = self.infoset_at.get(history)
            members = [position[h] for h in infoset.histories] if infoset else [position[history]]
            below = [(*history, label) for label in self.children.get(history, ())]
            low[history] = min(members + [low[h] for h in below])
            high[history] = max([m + 1 for m in members] + [high[h] for h in below])
        return tuple(
            history
            for history in sorted(self.children, key=len)
            if history and low[history] >= position[history] and high[history] <= end[history]
            and len(getattr(self.infoset_at.get(history), "histories", (history,))) == 1
        )

    @cached_property
    def _depth_first(self) -> tuple[History, ...]:
        """Every history, parents before children, each subtree contiguous."""
        order: list[History] = []
        stack: list[History] = [()]
        while stack:
            history = stack.pop()
            order.append(history)
            stack.extend((*history, label) for label in reversed(self.children.get(history, ())))
        return tuple(order)

    def occurs(self, labels: Iterable[str | tuple[str, ...]], history: History) -> bool:
        """Whether all of these labels (some perhaps restricted to a player) occur in a history.

        A tuple of labels counts as one that occurs where at least one of them does.
        """
        return all(
            self._has(label, history) if isinstance(label, str) else any(self._has(one, history) for one in label)
            for label in labels
        )

    def _has(self, label: str, history: History) -> bool:
        player, colon, rest = label.partition(":")
        if not colon:
            return label in history
        return any(rest == history[i] and self.mover(history[:i]) == player for i in range(len(history)))

    def given(self, values: Mapping[str, Fraction]) -> Game:
        """The game with some parameters put in as numbers, the others left: those are its parameters.

        A branch of chance whose probability is zero whatever the others are is cut off, with a warning.

        Raises
        ------
        ExpressionError
            where a value violates a condition of the space by itself, or makes a denominator vanish.
        """
        space = self.space.given(values)
        return self._put_in(space, lambda value: value.at(values).over(space.ring))

    def at(self, point: Mapping[str, Fraction]) -> Game:
        """The game at a point: every expression a number, chance branches of probability zero cut off (with a warning).

        Raises
        ------
        ExpressionError
            where a value is missing, violates a condition of the space, or makes a denominator vanish.
        """
        self._admissible(point)
        space = ParameterSpace(())
        return self._put_in(space, lambda value: space.ring.number(value.evaluate(point)))

    def _admissible(self, point: Mapping[str, Fraction]) -> None:
        """ExpressionError where a value is missing or violates a condition."""
        violated = self.space.violations(point)
        if violated:
            raise ExpressionError(f"the values violate: {'; '.join(map(str, violated))}")

    def _put_in(self, space: ParameterSpace, put: Callable[[Expression], Expression]) -> Game:
        """The game over another space, each expression put into it; branches of probability zero are cut off."""
        chance: dict[History, ChanceMove] = {}
        children: dict[History, tuple[str, ...]] = {}
        payoffs: dict[History, Mapping[str, Expression]] = {}
        kept: set[History] = set()
        stack: list[History] = [()]
        while stack:
            history = stack.pop()
            kept.add(history)
            if history in self.payoffs:
                payoffs[history] = {p: put(v) for p, v in self.payoffs[history].items()}
                continue
            labels = self.children[history]
            if history in self.chance:
                values = {a: put(p) for a, p in self.chance[history].probabilities.items()}
                labels = tuple(a for a, value in values.items() if not value.is_zero)
                for cut in (a for a in values if a not in labels):
                    warnings.warn(
                        f"chance branch {history_key((*history, cut))!r} has probability 0 and is cut off",
                        BranchCutWarning,
                        stacklevel=2,
                    )
                chance[history] = ChanceMove(history, {a: values[a] for a in labels}, self.chance[history].name)
            children[history] = labels
            stack.extend((*history, label) for label in reversed(labels))
        infosets = tuple(
            replace(infoset, histories=histories)
            for infoset in self.infosets
            if (histories := tuple(h for h in infoset.histories if h in kept))
        )
        return Game(
            title=self.title, players=self.players, space=space, infosets=infosets, chance=chance, payoffs=payoffs,
            children=children, events=self.events, name=self.name,
        )
