r"""Finite extensive-form games of perfect recall with symbolic payoffs and chance probabilities.

Definitions
-----------
A *history* is the sequence of labels chosen so far, those of chance included; the set of histories is a finite tree
with the empty history as its root. At a history that is not terminal either chance moves, with probabilities
:math:`\pi(a \mid h)` that are expressions in the parameters, or one personal player moves, at an *information set*
:math:`I \ni h` whose histories the player cannot tell apart. A terminal history :math:`z` gives each player the payoff
:math:`u_i(z)`. *Perfect recall*: all histories of an information set contain the same sequence of the player's own
information sets and actions. A *proper subgame* starts at a history other than the root that is alone in its
information set and whose continuation cuts through no information set.

A game is described by moves and payoff rules with patterns of histories (`Move`, `PayoffRule`), in Python or in a
file, and built by `build_game`, which reports every mistake of a description at once.

>>> entry = build_game(
...     title="Entry deterrence",
...     players=["Entrant", "Incumbent"],
...     space=ParameterSpace(()),
...     moves=[
...         Move("Entrant", "entry", actions={"out": None, "in": None}),
...         Move("Incumbent", "reply", after=("in",), actions={"fight": None, "accommodate": None}),
...     ],
...     payoffs=[
...         PayoffRule(when=("out",), amounts={"Incumbent": 2}),
...         PayoffRule(when=("fight",), amounts={"Entrant": -1, "Incumbent": -1}),
...         PayoffRule(when=("accommodate",), amounts={"Entrant": 1, "Incumbent": 1}),
...     ],
... )
>>> entry
Game('Entry deterrence': 2 players, 2 information sets, 3 terminal histories)
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Final

from .errors import BranchCutWarning, ExpressionError, GameError, Problem, UnknownNameError, nearest
from .expressions import Condition, Expression
from .parameters import ParameterSpace

__all__ = [
    "CHANCE",
    "ChanceMove",
    "EventLabels",
    "Game",
    "History",
    "InformationSet",
    "MAX_HISTORIES",
    "Move",
    "PayoffRule",
    "build_game",
    "history_key",
]

CHANCE: Final = "chance"
MAX_HISTORIES: Final = 20_000
MAX_RULES: Final = 20_000
MAX_WORK: Final = 2_000_000
MAX_LABEL: Final = 128

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


@dataclass(frozen=True, eq=False)
class Game:
    """A finite extensive-form game; made by `build_game`.

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

    def __repr__(self) -> str:
        return (
            f"Game({self.name or self.title!r}: {len(self.players)} players, {len(self.infosets)} information sets, "
            f"{len(self.payoffs)} terminal histories)"
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

    def at(self, point: Mapping[str, Fraction]) -> Game:
        """The game at a point: every expression a number, chance branches of probability zero cut off (with a warning).

        Raises
        ------
        ExpressionError
            where a value is missing, violates a condition of the space, or makes a denominator vanish.
        """
        violated = self.space.violations(point)
        if violated:
            shown = "; ".join(str(condition) for condition in violated)
            raise ExpressionError(f"the values violate: {shown}")
        space = ParameterSpace(())
        number = space.ring.number
        chance: dict[History, ChanceMove] = {}
        children: dict[History, tuple[str, ...]] = {}
        payoffs: dict[History, Mapping[str, Expression]] = {}
        kept: set[History] = set()
        stack: list[History] = [()]
        while stack:
            history = stack.pop()
            kept.add(history)
            if history in self.payoffs:
                payoffs[history] = {p: number(v.evaluate(point)) for p, v in self.payoffs[history].items()}
                continue
            labels = self.children[history]
            if history in self.chance:
                values = {a: p.evaluate(point) for a, p in self.chance[history].probabilities.items()}
                labels = tuple(a for a, value in values.items() if value != 0)
                for cut in (a for a in values if a not in labels):
                    warnings.warn(
                        f"chance branch {history_key((*history, cut))!r} has probability 0 and is cut off",
                        BranchCutWarning,
                        stacklevel=2,
                    )
                probabilities = {a: number(values[a]) for a in labels}
                chance[history] = ChanceMove(history, probabilities, self.chance[history].name)
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


class _Trie:
    """Patterns of histories; a state is the set of trie nodes a history has led to."""

    def __init__(self) -> None:
        self.next: list[dict[str, int]] = [{}]
        self.ends: list[list[int]] = [[]]

    def add(self, labels: Sequence[str], number: int) -> None:
        node = 0
        for label in labels:
            if label not in self.next[node]:
                self.next[node][label] = len(self.next)
                self.next.append({})
                self.ends.append([])
            node = self.next[node][label]
        self.ends[node].append(number)

    def step(self, state: Sequence[int], label: str) -> tuple[int, ...]:
        return tuple(
            self.next[node][key] for node in state for key in (label, "*") if key in self.next[node]
        )

    def matches(self, state: Sequence[int]) -> list[int]:
        return sorted({number for node in state for number in self.ends[node]})


class _Builder:
    """Collects every mistake of a description while it builds the game."""

    def __init__(self, space: ParameterSpace, players: Sequence[str]) -> None:
        self.space = space
        self.players = tuple(players)
        self.problems: list[Problem] = []
        self.extra: list[Condition] = []

    def wrong(self, key: str, message: str, suggestion: str | None = None) -> None:
        self.problems.append(Problem(message, key, suggestion=suggestion))

    def stop(self) -> None:
        if self.problems:
            raise GameError(self.problems)

    def expression(self, key: str, text: object) -> Expression:
        if isinstance(text, Expression):
            return text
        try:
            return self.space.parse(text)
        except ExpressionError as error:
            self.wrong(key, error.message, error.suggestion)
            return self.space.ring.number(0)

    def pattern(self, key: str, text: object) -> History | None:
        if not isinstance(text, str) or not text.strip():
            self.wrong(key, "a history is a text of labels joined by commas")
            return None
        labels = tuple(label.strip() for label in text.split(","))
        if not all(labels):
            self.wrong(key, f"{text[:60]!r} has an empty label between commas")
            return None
        return labels

    def label(self, key: str, text: object) -> bool:
        if not isinstance(text, str) or not text or text != text.strip():
            self.wrong(key, f"{str(text)[:40]!r} is no label: a text without blanks at its ends is needed")
        elif any(char in text for char in ",*:") or not text.isprintable() or len(text) > MAX_LABEL:
            self.wrong(
                key, f"{text[:40]!r} is no label: no comma, '*' or ':', at most {MAX_LABEL} printable characters"
            )
        else:
            return True
        return False

    def set_name(self, key: str, text: object) -> bool:
        if not isinstance(text, str) or text != text.strip() or not text.isprintable() or len(text) > MAX_LABEL:
            self.wrong(key, f"{str(text)[:40]!r} is no name: at most {MAX_LABEL} printable characters are needed")
            return False
        return True


def build_game(
    title: str,
    players: Sequence[str],
    space: ParameterSpace,
    moves: Sequence[Move],
    payoffs: Sequence[PayoffRule],
    events: Mapping[str, str | EventLabels] | None = None,
    name: str = "",
) -> Game:
    """A game from a description.

    Parameters
    ----------
    title : what it is called.
    players : the personal players, in order.
    space : the parameters.
    moves, payoffs : the description; problems name them as ``game.move[i]`` and ``game.payoff[i]``, counted from 0.
    events : named conjunctions of labels, ``"strike, attack"``, beside the events that every label is; or the same
        as a tuple, in which a tuple of labels stands for any of them.
    name : the key of a built-in model.

    Raises
    ------
    GameError
        with every mistake found.
    """
    builder = _Builder(space, players)
    _check_players(builder)
    _check_moves(builder, moves)
    builder.stop()
    tree = _grow(builder, moves)
    builder.stop()
    infosets, chance, children, terminals = tree
    _check_recall(builder, infosets, _own_sequences(infosets, children))
    builder.stop()
    game = Game(title, builder.players, space, infosets, chance, {}, children, {}, name)
    shared = _shared_labels(game)
    paid = _pay(builder, game, payoffs, terminals, shared)
    named = _events(builder, game, events or {}, shared)
    movers = {infoset.player for infoset in infosets}
    for player in builder.players:
        if player not in movers and all(amounts[player].is_zero for amounts in paid.values()):
            builder.wrong("game.players", f"{player!r} never moves and is never paid")
    builder.stop()
    for amounts in paid.values():
        for amount in amounts.values():
            builder.extra.extend(amount.denominator_conditions)
    extra = tuple(dict.fromkeys(builder.extra))
    return replace(game, payoffs=paid, events=named, space=space.with_conditions(extra) if extra else space)


def _check_players(builder: _Builder) -> None:
    if not builder.players:
        builder.wrong("game.players", "a game needs at least one player")
    for i, player in enumerate(builder.players):
        if builder.label(f"game.players[{i}]", player) and player == CHANCE:
            builder.wrong(f"game.players[{i}]", f"{CHANCE!r} is not a personal player")
    if len(set(builder.players)) != len(builder.players):
        builder.wrong("game.players", "a player is named twice")


def _check_moves(builder: _Builder, moves: Sequence[Move]) -> None:
    seen: dict[str, int] = {}
    if not moves:
        builder.wrong("game.move", "a game needs at least one move")
    if len(moves) > MAX_RULES or sum(len(move.after or ()) for move in moves) > MAX_RULES:
        builder.wrong("game.move", f"a game may have at most {MAX_RULES} moves and patterns of histories")
        return
    for i, move in enumerate(moves):
        key = f"game.move[{i}]"
        if move.player != CHANCE and move.player not in builder.players:
            choices = (*builder.players, CHANCE)
            builder.wrong(
                f"{key}.player",
                f"{str(move.player)[:40]!r} is no player; there are {', '.join(choices)}",
                nearest(str(move.player), choices),
            )
        if move.player != CHANCE and not move.information:
            builder.wrong(f"{key}.information", "a move of a personal player needs the name of its information set")
        if move.information:
            if builder.set_name(f"{key}.information", move.information) and move.information in seen:
                first = moves[seen[move.information]]
                what = (
                    "the actions differ within the information set"
                    if tuple(first.actions) != tuple(move.actions)
                    else "the name of an information set is used twice"
                )
                builder.wrong(
                    f"{key}.information",
                    f"{what}: {move.information!r} is also that of game.move[{seen[move.information]}]; "
                    "give one move all histories of the set, or another name",
                )
            seen.setdefault(move.information, i)
        if not move.actions:
            builder.wrong(f"{key}.actions", "a move needs at least one action")
        for action in move.actions:
            builder.label(f"{key}.actions", action)
        if move.after is not None and not move.after:
            builder.wrong(f"{key}.after", "no history is named; leave `after` out for the first move")



_Tree = tuple[
    tuple[InformationSet, ...], dict[History, ChanceMove], dict[History, tuple[str, ...]], tuple[History, ...]
]


def _grow(builder: _Builder, moves: Sequence[Move]) -> _Tree:
    """The tree: each history is continued by the one move that claims it, or is terminal."""
    trie = _Trie()
    roots = []
    patterns: list[tuple[int, int]] = []
    for i, move in enumerate(moves):
        if move.after is None:
            roots.append(i)
        for j, text in enumerate(move.after or ()):
            labels = builder.pattern(f"game.move[{i}].after[{j}]", text)
            if labels is not None:
                trie.add(labels, len(patterns))
                patterns.append((i, j))
    if len(roots) != 1:
        what = "no move is the first: leave `after` out of one" if not roots else "two moves are the first: give `after`"
        builder.wrong(f"game.move[{roots[1]}].after" if roots else "game.move", what)
        return (), {}, {}, ()
    probabilities = [
        {a: builder.expression(f"game.move[{i}].actions.{a}", p) for a, p in move.actions.items()}
        if move.player == CHANCE
        else {}
        for i, move in enumerate(moves)
    ]
    for i, move in enumerate(moves):
        if move.player == CHANCE:
            _check_chance(builder, f"game.move[{i}].actions", probabilities[i])
    members: dict[int, list[History]] = {i: [] for i in range(len(moves))}
    used: set[int] = set()
    children: dict[History, tuple[str, ...]] = {}
    chance: dict[History, ChanceMove] = {}
    terminals: list[History] = []
    stack: list[tuple[History, tuple[int, ...]]] = [((), (0,))]
    count = work = 0
    while stack:
        history, state = stack.pop()
        count += 1
        work += len(state) + len(history)
        if count > MAX_HISTORIES or work > MAX_WORK:
            builder.wrong("game.move", f"the game has more than {MAX_HISTORIES} histories, or its patterns too many matches")
            return (), {}, {}, ()
        found = trie.matches(state)
        used.update(found)
        claims = sorted({patterns[n][0] for n in found} | ({roots[0]} if not history else set()))
        if not claims:
            terminals.append(history)
            continue
        if len(claims) > 1:
            builder.wrong(
                f"game.move[{claims[1]}].after",
                f"the history {history_key(history)!r} is claimed by two moves, game.move[{claims[0]}] is the other",
            )
        move = moves[claims[0]]
        members[claims[0]].append(history)
        labels = tuple(move.actions)
        children[history] = labels
        if move.player == CHANCE:
            chance[history] = ChanceMove(history, probabilities[claims[0]], move.information)
        stack.extend(((*history, label), trie.step(state, label)) for label in reversed(labels))
    for number, (i, j) in enumerate(patterns):
        if number not in used:
            text = (moves[i].after or ())[j]
            builder.wrong(f"game.move[{i}].after[{j}]", f"no history of the game matches {text[:80]!r}")
    infosets = tuple(
        InformationSet(move.information, move.player, tuple(move.actions), tuple(members[i]))
        for i, move in enumerate(moves)
        if move.player != CHANCE and members[i]
    )
    return infosets, chance, children, tuple(terminals)


def _check_chance(builder: _Builder, key: str, probabilities: Mapping[str, Expression]) -> None:
    """A sum or a sign that is provably wrong is a mistake; what is not identically right becomes a condition."""
    if not probabilities:
        return
    ring = builder.space.ring
    total = sum(probabilities.values(), ring.number(0))
    one = Condition.compare(total, "==", ring.number(1))
    if one.truth is False:
        builder.wrong(key, f"the probabilities sum to {total}, not to 1")
    elif one.truth is None:
        builder.extra.append(one)
    for action, probability in probabilities.items():
        sign = Condition.compare(probability, ">=", ring.number(0))
        if sign.truth is False:
            builder.wrong(f"{key}.{action}", f"the probability {probability} is negative")
        elif sign.truth is None:
            builder.extra.append(sign)
        builder.extra.extend(probability.denominator_conditions)


_Sequences = dict[History, tuple[tuple[str, str], ...]]


def _own_sequences(
    infosets: Sequence[InformationSet], children: Mapping[History, tuple[str, ...]]
) -> dict[str, list[tuple[History, tuple[tuple[str, str], ...]]]]:
    """For every information set its histories, each with the mover's own information sets and actions before it."""
    at = {history: infoset for infoset in infosets for history in infoset.histories}
    result: dict[str, list[tuple[History, tuple[tuple[str, str], ...]]]] = {}
    for infoset in infosets:
        for history in infoset.histories:
            own = tuple(
                (before.name, history[i])
                for i in range(len(history))
                if (before := at.get(history[:i])) is not None and before.player == infoset.player
            )
            result.setdefault(infoset.name, []).append((history, own))
    return result


def _check_recall(
    builder: _Builder,
    infosets: Sequence[InformationSet],
    sequences: Mapping[str, list[tuple[History, tuple[tuple[str, str], ...]]]],
) -> None:
    for infoset in infosets:
        first, reference = sequences[infoset.name][0]
        for history, own in sequences[infoset.name]:
            if any(name == infoset.name for name, _ in own):
                builder.wrong(
                    "game.move",
                    f"absent-mindedness: the history {history_key(history)!r} passes the information set "
                    f"{infoset.name!r} twice",
                )
                break
            if own != reference:
                builder.wrong(
                    "game.move",
                    f"imperfect recall: at the information set {infoset.name!r} {infoset.player!r} would have forgotten "
                    f"what tells {history_key(first)!r} from {history_key(history)!r}; split the set",
                )
                break


def _shared_labels(game: Game) -> dict[str, tuple[str, ...]]:
    """The labels that more than one mover has, with the movers."""
    owners: dict[str, dict[str, None]] = {}
    for history, labels in game.children.items():
        mover = game.mover(history) or CHANCE
        for label in labels:
            owners.setdefault(label, {}).setdefault(mover)
    return {label: tuple(movers) for label, movers in owners.items() if len(movers) > 1}


def _check_label(builder: _Builder, game: Game, key: str, text: object, shared: Mapping[str, tuple[str, ...]]) -> bool:
    if not isinstance(text, str):
        builder.wrong(key, "a label is a text")
        return False
    labels = {label: None for below in game.children.values() for label in below}
    player, colon, rest = text.partition(":")
    label = rest if colon else text
    if colon and player not in (*game.players, CHANCE):
        builder.wrong(key, f"{player[:40]!r} is no player", nearest(player, (*game.players, CHANCE)))
    elif label not in labels:
        builder.wrong(key, f"no move has the label {label[:40]!r}", nearest(label, labels))
    elif not colon and label in shared:
        ways = " or ".join(repr(f"{mover}:{label}") for mover in shared[label])
        builder.wrong(key, f"the label {label!r} is shared by several players; write {ways}")
    else:
        return True
    return False


def _pay(
    builder: _Builder,
    game: Game,
    rules: Sequence[PayoffRule],
    terminals: Sequence[History],
    shared: Mapping[str, tuple[str, ...]],
) -> dict[History, dict[str, Expression]]:
    """The payoffs: the sum over every rule that matches the terminal history."""
    zero = builder.space.ring.number(0)
    paid = {history: dict.fromkeys(game.players, zero) for history in terminals}
    if len(rules) > MAX_RULES or len(rules) * len(terminals) > 5 * MAX_WORK:
        builder.wrong("game.payoff", f"too many payoff rules ({len(rules)}) for {len(terminals)} terminal histories")
        return paid
    trie = _Trie()
    patterns: list[tuple[int, int]] = []
    for i, rule in enumerate(rules):
        for j, text in enumerate(rule.after or ()):
            labels = builder.pattern(f"game.payoff[{i}].after[{j}]", text)
            if labels is not None:
                trie.add(labels, len(patterns))
                patterns.append((i, j))
    by_pattern: dict[int, set[History]] = {i: set() for i, rule in enumerate(rules) if rule.after is not None}
    used: set[int] = set()
    tags: dict[History, frozenset[str]] = {}
    for history in terminals:
        state: tuple[int, ...] = (0,)
        for label in history:
            state = trie.step(state, label)
        found = trie.matches(state)
        used.update(found)
        for n in found:
            by_pattern[patterns[n][0]].add(history)
        movers = [game.mover(history[:i]) for i in range(len(history))]
        tags[history] = frozenset(history) | {f"{m}:{a}" for m, a in zip(movers, history, strict=True)}
    for number, (i, j) in enumerate(patterns):
        if number not in used:
            builder.wrong(
                f"game.payoff[{i}].after[{j}]",
                f"no complete history of the game matches {(rules[i].after or ())[j][:80]!r}",
            )
    for i, rule in enumerate(rules):
        _pay_rule(builder, game, i, rule, by_pattern.get(i), tags, shared, paid)
    return paid


def _pay_rule(
    builder: _Builder,
    game: Game,
    i: int,
    rule: PayoffRule,
    chosen: set[History] | None,
    tags: Mapping[History, frozenset[str]],
    shared: Mapping[str, tuple[str, ...]],
    paid: dict[History, dict[str, Expression]],
) -> None:
    key = f"game.payoff[{i}]"
    amounts = {}
    for player, text in rule.amounts.items():
        if player not in game.players:
            builder.wrong(
                f"{key}.{player}",
                f"{player[:40]!r} is neither a player nor one of when, unless, after",
                nearest(player, (*game.players, "when", "unless", "after")),
            )
            continue
        amounts[player] = builder.expression(f"{key}.{player}", text)
    good = [_check_label(builder, game, f"{key}.when[{j}]", text, shared) for j, text in enumerate(rule.when)]
    good += [_check_label(builder, game, f"{key}.unless[{j}]", text, shared) for j, text in enumerate(rule.unless)]
    if not all(good):
        return
    need, bar = frozenset(rule.when), frozenset(rule.unless)
    matched = [h for h, tag in tags.items() if need <= tag and not bar & tag and (chosen is None or h in chosen)]
    if not matched and (chosen is None or chosen):
        builder.wrong(key, "the rule matches no complete history")
    for history in matched:
        for player, amount in amounts.items():
            paid[history][player] = paid[history][player] + amount


def _events(
    builder: _Builder, game: Game, named: Mapping[str, str | EventLabels], shared: Mapping[str, tuple[str, ...]]
) -> dict[str, EventLabels]:
    """Every label of a personal player, ``PLAYER:label`` where it is shared, and the named conjunctions."""
    events: dict[str, EventLabels] = {}
    for infoset in game.infosets:
        for action in infoset.actions:
            events.setdefault(action, (action,))
    for infoset in game.infosets:
        for action in infoset.actions:
            if action in shared:
                qualified = f"{infoset.player}:{action}"
                events.setdefault(qualified, (qualified,))
    for name, text in named.items():
        key = f"events.{name}"
        labels: EventLabels | None = text if isinstance(text, tuple) else builder.pattern(key, text)
        if labels is None:
            continue
        if name in events and events[name] != labels:
            builder.wrong(key, f"{name!r} is already the event that the action of that name occurs")
        singles = [one for label in labels for one in ((label,) if isinstance(label, str) else label)]
        good = [_check_label(builder, game, key, label, shared) for label in singles]
        if all(good) and not any(game.occurs(labels, history) for history in game.terminals or _leaves(game)):
            builder.wrong(key, f"no complete history has all of {text!r}")
        events[name] = labels
    return events


def _leaves(game: Game) -> list[History]:
    return [
        (*history, label)
        for history, labels in game.children.items()
        for label in labels
        if (*history, label) not in game.children
    ]
