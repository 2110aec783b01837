r"""Finite extensive-form games of perfect recall with symbolic payoffs, built from a description.

Definitions
-----------
A description is a list of moves and a list of payoff rules with patterns of histories (`Move`, `PayoffRule`; `Game`
is what comes out, see `deterrence.tree`). A *pattern* is a path of labels in which ``*`` is any one label. A history is
continued by the one move with a pattern that matches it, and is terminal where there is none. The payoff
:math:`u_i(z)` is the sum of the amounts for :math:`i` of every rule that matches :math:`z`. *Perfect recall*: all
histories of an information set contain the same sequence of the player's own information sets and actions.

Probabilities of chance are expressions. That they are not negative and sum to one is a condition on the parameters:
where it can hold at no admissible point the description is wrong, where it holds at every point nothing is said, and
otherwise it joins the parameter space (`Game.origins` says from where).

`build_game` reports every mistake of a description at once.

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

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from .description import (
    MAX_HISTORIES,
    MAX_HISTORY,
    MAX_LABEL,
    MAX_PLAYERS,
    MAX_RULES,
    MAX_TEXT,
    MAX_WORK,
    RESERVED,
    Builder,
    Patterns,
    shorten,
)
from .errors import ExpressionError, nearest
from .expressions import Condition, Expression, bounded_sum
from .parameters import ParameterSpace
from .tree import (
    CHANCE,
    ChanceMove,
    EventLabels,
    Game,
    History,
    InformationSet,
    Move,
    Origin,
    PayoffRule,
    history_key,
)

__all__ = [
    "CHANCE",
    "MAX_HISTORIES",
    "MAX_HISTORY",
    "MAX_LABEL",
    "MAX_RULES",
    "MAX_TEXT",
    "MAX_WORK",
    "ChanceMove",
    "EventLabels",
    "Game",
    "History",
    "InformationSet",
    "Move",
    "Origin",
    "PayoffRule",
    "build_game",
    "history_key",
]

_GUESSES: Final = tuple(Fraction(n, d) for n, d in ((1, 2), (1, 3), (1, 4), (1, 10), (1, 1), (0, 1), (2, 1)))
_PROOFS: Final = 20
_PROOF_LIMIT: Final = 200_000
_PROOF_SIZE: Final = 200


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
    builder = Builder(space, players)
    _check_players(builder)
    _check_moves(builder, moves)
    builder.stop()
    game = _grow(builder, title, moves, name)
    builder.stop()
    _check_recall(builder, game)
    builder.stop()
    labels = _Labels(builder, game)
    paid = _pay(builder, game, payoffs, labels)
    named = _events(builder, game, events or {}, labels)
    movers = {infoset.player for infoset in game.infosets}
    for i, player in enumerate(builder.players):
        if player not in movers and all(amounts[player].is_zero for amounts in paid.values()):
            builder.wrong(f"game.players[{i}]", f"{player!r} never moves and is never paid")
    builder.stop()
    extra = tuple(builder.extra)
    return replace(
        game, payoffs=paid, events=named, origins=builder.extra,
        space=space.with_conditions(extra) if extra else space,
    )


def _check_players(builder: Builder) -> None:
    if not 1 <= len(builder.players) <= MAX_PLAYERS:
        builder.wrong("game.players", f"a game has 1 to {MAX_PLAYERS} players, not {len(builder.players)}")
        builder.stop()
    for i, player in enumerate(builder.players):
        key = f"game.players[{i}]"
        if builder.label(key, player) and player in RESERVED:
            builder.wrong(key, f"no player may be called {player!r}; that word has a meaning of its own")
        elif player in builder.players[:i]:
            builder.wrong(key, f"the player {shorten(player)} is named twice")


def _check_moves(builder: Builder, moves: Sequence[Move]) -> None:
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
            message = f"{shorten(move.player)} is no player; there are {', '.join(choices[-12:])}"
            builder.wrong(f"{key}.player", message, nearest(str(move.player), choices))
        if move.player != CHANCE and not move.information:
            builder.wrong(f"{key}.information", "a move of a personal player needs the name of its information set")
        if move.information and builder.set_name(f"{key}.information", move.information):
            if move.information in seen:
                _name_twice(builder, i, move, seen[move.information], moves[seen[move.information]])
            seen.setdefault(move.information, i)
        if not move.actions:
            builder.wrong(f"{key}.actions", "a move needs at least one action")
        for action in move.actions:
            builder.label(f"{key}.actions", action)
        if move.after is not None and not move.after:
            builder.wrong(f"{key}.after", "no history is named; leave `after` out for the first move")


def _name_twice(builder: Builder, i: int, move: Move, j: int, first: Move) -> None:
    what = "the name of an information set is used twice"
    if first.player != move.player:
        what = "two players move at one information set"
    elif tuple(first.actions) != tuple(move.actions):
        what = "the actions differ within the information set"
    builder.wrong(
        f"game.move[{i}].information",
        f"{what}: {move.information!r} is also that of game.move[{j}]; "
        "give one move all histories of the set, or another name",
    )


# the tree


def _grow(builder: Builder, title: str, moves: Sequence[Move], name: str) -> Game:
    """The tree: each history is continued by the one move that claims it, or is terminal; payoffs are still missing."""
    patterns = Patterns.read(builder, "game.move", [move.after for move in moves])
    roots = [i for i, move in enumerate(moves) if move.after is None]
    if not roots:
        builder.wrong("game.move", "no move is the first: leave `after` out of one")
    for i in roots[1:]:
        builder.wrong(f"game.move[{i}]", f"two moves are the first: game.move[{roots[0]}] is too; give `after`")
    decider = _Decider(builder.space.conditions)
    probabilities = [_chance(builder, decider, f"game.move[{i}].actions", move) for i, move in enumerate(moves)]
    builder.stop()
    members: list[list[History]] = [[] for _ in moves]
    children: dict[History, tuple[str, ...]] = {}
    chance: dict[History, ChanceMove] = {}
    payoffs: dict[History, dict[str, Expression]] = {}
    clashes: set[tuple[int, int]] = set()
    stack: list[tuple[History, tuple[int, ...]]] = [((), (0,))]
    while stack:
        history, state = stack.pop()
        claims = patterns.owners(state) if history else roots
        builder.spend(1 + len(state) + len(claims), "game.move")
        if not claims:
            payoffs[history] = {}
            continue
        if len(claims) > 1 and (claims[0], claims[1]) not in clashes:
            clashes.add((claims[0], claims[1]))
            shown = shorten(history_key(history))
            message = f"the history {shown} is claimed by two moves: game.move[{claims[0]}] has it too"
            builder.wrong(f"game.move[{claims[1]}].after", message)
        move = moves[claims[0]]
        members[claims[0]].append(history)
        children[history] = labels = tuple(move.actions)
        if move.player == CHANCE:
            chance[history] = ChanceMove(history, probabilities[claims[0]], move.information)
        if len(history) == MAX_HISTORY:
            builder.wrong(f"game.move[{claims[0]}]", f"a history may have at most {MAX_HISTORY} labels")
            builder.stop()
        if len(children) + len(payoffs) + len(stack) + len(labels) > MAX_HISTORIES:
            builder.wrong("game.move", f"the game has more than {MAX_HISTORIES} histories")
            builder.stop()
        stack.extend(((*history, label), patterns.trie.step(state, label)) for label in reversed(labels))
    _unmatched(builder, "game.move", patterns, [move.after for move in moves], children)
    infosets = tuple(
        InformationSet(move.information, move.player, tuple(move.actions), tuple(found))
        for move, found in zip(moves, members, strict=True)
        if move.player != CHANCE and found
    )
    return Game(title, builder.players, builder.space, infosets, chance, payoffs, children, {}, name)


def _unmatched(
    builder: Builder,
    key: str,
    patterns: Patterns,
    afters: Sequence[tuple[str, ...] | None],
    children: Mapping[History, tuple[str, ...]],
) -> None:
    """Patterns that match nothing; a label that no move has is named with its nearest."""
    unused = patterns.unused()
    if not unused:
        return
    labels = dict.fromkeys(label for below in children.values() for label in below)
    what = "history" if key == "game.move" else "complete history"
    for i, j in unused:
        text = (afters[i] or ())[j]
        unknown = [part.strip() for part in text.split(",") if part.strip() not in (*labels, "*")]
        message = f"no {what} of the game matches {shorten(text)}"
        if unknown:
            message += f": no move has the label {shorten(unknown[0])}"
        builder.wrong(f"{key}[{i}].after[{j}]", message, nearest(unknown[0], labels) if unknown else None)


# chance


def _chance(builder: Builder, decider: _Decider, key: str, move: Move) -> dict[str, Expression]:
    """The probabilities of a move of chance; empty for a personal player."""
    if move.player != CHANCE:
        return {}
    before = len(builder.problems)
    probabilities = {label: builder.expression(f"{key}.{label}", text) for label, text in move.actions.items()}
    if len(builder.problems) == before:
        _check_chance(builder, decider, key, probabilities)
    return probabilities


def _check_chance(
    builder: Builder, decider: _Decider, key: str, probabilities: Mapping[str, Expression]
) -> None:
    """A sum or a sign that is provably wrong is a mistake; what is not identically right becomes a condition."""
    zero, one = builder.space.ring.number(0), builder.space.ring.number(1)
    total = zero
    try:
        for probability in probabilities.values():
            total = bounded_sum(total, probability)
    except ExpressionError as error:
        builder.wrong(key, f"the sum of the probabilities is too large: {error.message}")
        return
    origin = Origin(key, "the sum of the probabilities", total, "1")
    _assume(builder, decider, Condition.compare(total, "==", one), origin)
    for action, probability in probabilities.items():
        path = f"{key}.{action}"
        origin = Origin(path, f"the probability of {action!r}", probability, "0 or more")
        _assume(builder, decider, Condition.compare(probability, ">=", zero), origin)
        _assume_denominator(builder, path, probability)


def _assume_denominator(builder: Builder, key: str, expression: Expression) -> None:
    for condition in expression.denominator_conditions:
        below = Expression(expression.ring, expression.den)
        origin = Origin(key, f"the denominator {shorten(str(below))}", below, "")
        _assume(builder, None, condition, origin)


def _assume(builder: Builder, decider: _Decider | None, condition: Condition, origin: Origin) -> None:
    """Take a condition among the assumptions, unless it always holds; one that cannot hold is a mistake."""
    if condition.truth is True or condition in builder.extra:
        return
    if condition.truth is False or (decider is not None and decider.never(condition)):
        shown = shorten(str(origin.value))
        fault = f"not {origin.wanted}" if origin.value.is_number else f"{origin.wanted} at no admissible values"
        builder.wrong(origin.key, f"{origin.what} is {shown}, which is {fault}")
        return
    builder.extra[condition] = origin


class _Decider:
    """Whether a condition provably holds at no admissible point; easy points are tried before it is decided.

    Parameters that occur in one condition of the space belong to one block; a condition concerns its blocks alone.
    """

    def __init__(self, context: Sequence[Condition]) -> None:
        self._proofs = 0
        self._block: dict[str, str] = {}
        for condition in context:
            names = sorted(condition.free)
            joined = {self._block.get(name, name) for name in names}
            if joined:
                first = min(joined)
                self._block.update({name: first for name, block in self._block.items() if block in joined})
                self._block.update(dict.fromkeys(names, first))
        self._context: dict[str, list[Condition]] = {}
        for condition in context:
            self._context.setdefault(min(self._blocks(condition), default=""), []).append(condition)
        self._bad = [
            {block for block, conditions in self._context.items() if not all(_at(c, guess) for c in conditions)}
            for guess in _GUESSES
        ]

    def _blocks(self, condition: Condition) -> set[str]:
        return {self._block.get(name, name) for name in condition.free}

    def never(self, condition: Condition) -> bool:
        """Whether it is proved that the condition contradicts the space."""
        blocks = self._blocks(condition)
        if any(not bad & blocks and _at(condition, guess) for bad, guess in zip(self._bad, _GUESSES, strict=True)):
            return False
        context = [c for block in sorted(blocks) for c in self._context.get(block, [])]
        size = sum(len(c.poly) * max(int(c.poly.total_degree()), 1) for c in (condition, *context))
        if self._proofs >= _PROOFS or size > _PROOF_SIZE:
            return False
        self._proofs += 1
        from .smt import decide

        return decide([[c] for c in (condition, *context)], _PROOF_LIMIT).status == "unsat"


def _at(condition: Condition, value: Fraction) -> bool:
    """Whether a condition holds where every parameter has one value."""
    return condition.holds(dict.fromkeys(condition.free, value))


# perfect recall


def _check_recall(builder: Builder, game: Game) -> None:
    """That each information set has one sequence of own information sets and actions before it."""
    sequences = _sequences(game)
    for infoset in game.infosets:
        first = infoset.histories[0]
        for history in infoset.histories:
            if any(game.infoset_at.get(history[:i]) is infoset for i in range(len(history))):
                builder.wrong(
                    "game.move",
                    f"absent-mindedness: the history {shorten(history_key(history))} passes the information set "
                    f"{infoset.name!r} twice",
                )
                break
            if sequences[history] != sequences[first]:
                builder.wrong(
                    "game.move",
                    f"imperfect recall: at the information set {infoset.name!r} {infoset.player!r} has forgotten "
                    f"what tells {shorten(history_key(first))} from {shorten(history_key(history))}; split the set",
                )
                break


def _sequences(game: Game) -> dict[History, int]:
    """For every history where a personal player moves, a number for the mover's own sequence: equal where equal."""
    numbers: dict[tuple[int, str, str], int] = {}
    start = dict.fromkeys(game.players, 0)
    found: dict[History, int] = {}
    stack: list[tuple[History, dict[str, int]]] = [((), start)]
    while stack:
        history, own = stack.pop()
        infoset = game.infoset_at.get(history)
        if infoset is not None:
            found[history] = own[infoset.player]
        for label in game.children.get(history, ()):
            after = own
            if infoset is not None:
                step = (own[infoset.player], infoset.name, label)
                after = {**own, infoset.player: numbers.setdefault(step, len(numbers) + 1)}
            stack.append(((*history, label), after))
    return found


# payoffs and events


class _Labels:
    """Who has which label, and what occurs in each complete history."""

    def __init__(self, builder: Builder, game: Game) -> None:
        self.builder = builder
        self.movers = (*game.players, CHANCE)
        self.owners: dict[str, dict[str, None]] = {}
        for history, labels in game.children.items():
            mover = game.mover(history) or CHANCE
            for label in labels:
                self.owners.setdefault(label, {}).setdefault(mover)
        self.occurring: dict[str, dict[History, None]] = {}
        for history in game.terminals:
            builder.spend(len(history), "game.move")
            for i, label in enumerate(history):
                for tag in (label, f"{game.mover(history[:i])}:{label}"):
                    self.occurring.setdefault(tag, {}).setdefault(history)

    def shared(self, label: str) -> bool:
        return len(self.owners[label]) > 1

    def check(self, key: str, text: object) -> bool:
        """Whether a text names one label of one mover."""
        if not isinstance(text, str):
            self.builder.wrong(key, "a label is a text")
            return False
        player, colon, rest = text.partition(":")
        label = rest if colon else text
        if colon and player not in self.movers:
            self.builder.wrong(key, f"{shorten(player)} is no player", nearest(player, self.movers))
        elif label not in self.owners:
            self.builder.wrong(key, f"no move has the label {shorten(label)}", nearest(label, self.owners))
        elif colon and player not in self.owners[label]:
            owner = next(iter(self.owners[label]))
            self.builder.wrong(key, f"{player!r} has no action {label!r}, {owner!r} has", f"{owner}:{label}")
        elif not colon and self.shared(label):
            ways = " or ".join(repr(f"{mover}:{label}") for mover in self.owners[label])
            self.builder.wrong(key, f"the label {label!r} is shared by several players; write {ways}")
        else:
            return True
        return False

    def matching(self, when: Sequence[str], unless: Sequence[str], among: Iterable[History], key: str) -> list[History]:
        """The histories in which all of some labels occur and none of others."""
        need = sorted((self.occurring[label] for label in when if label in self.occurring), key=len)
        bar = [self.occurring[label] for label in unless if label in self.occurring]
        if len(need) < len(when):
            return []
        found = [*among]
        self.builder.spend(1 + len(found) * (1 + len(need) + len(bar)), key)
        return [h for h in found if all(h in there for there in need) and not any(h in there for there in bar)]


def _pay(
    builder: Builder, game: Game, rules: Sequence[PayoffRule], labels: _Labels
) -> dict[History, dict[str, Expression]]:
    """The payoffs: the sum over every rule that matches the terminal history."""
    if len(rules) > MAX_RULES or sum(len(rule.after or ()) for rule in rules) > MAX_RULES:
        builder.wrong("game.payoff", f"a game may have at most {MAX_RULES} payoff rules and patterns of histories")
        return {}
    chosen = _chosen(builder, game, rules)
    paying: dict[History, list[tuple[int, Mapping[str, Expression]]]] = {history: [] for history in game.terminals}
    for i, rule in enumerate(rules):
        amounts = _amounts(builder, game, f"game.payoff[{i}]", rule)
        for history in _matched(builder, game, i, rule, chosen, labels):
            paying[history].append((i, amounts))
    builder.stop()
    totals: dict[tuple[int, ...], dict[str, Expression]] = {}
    paid = {}
    for history, parts in paying.items():
        which = tuple(i for i, _ in parts)
        if which not in totals:
            totals[which] = _total(builder, game, parts)
        paid[history] = totals[which]
    for i in range(len(rules)):
        for player, amount in _amounts(builder, game, f"game.payoff[{i}]", rules[i]).items():
            _assume_denominator(builder, f"game.payoff[{i}].{player}", amount)
    return paid


def _chosen(builder: Builder, game: Game, rules: Sequence[PayoffRule]) -> dict[int, list[History]]:
    """For every rule with patterns the complete histories that they match."""
    patterns = Patterns.read(builder, "game.payoff", [rule.after for rule in rules])
    chosen: dict[int, list[History]] = {i: [] for i, rule in enumerate(rules) if rule.after is not None}
    for history in game.terminals if patterns.of else ():
        state: tuple[int, ...] = (0,)
        for label in history:
            state = patterns.trie.step(state, label)
            builder.spend(len(state), "game.payoff")
        owners = patterns.owners(state)
        builder.spend(len(owners), "game.payoff")
        for i in owners:
            chosen[i].append(history)
    _unmatched(builder, "game.payoff", patterns, [rule.after for rule in rules], game.children)
    return chosen


def _amounts(builder: Builder, game: Game, key: str, rule: PayoffRule) -> dict[str, Expression]:
    amounts = {}
    for player, text in rule.amounts.items():
        if player in game.players:
            amounts[player] = builder.expression(f"{key}.{player}", text)
        else:
            message = f"{shorten(player)} is neither a player nor one of when, unless, after"
            builder.wrong(f"{key}.{player}", message, nearest(player, (*game.players, "when", "unless", "after")))
    return amounts


def _matched(
    builder: Builder, game: Game, i: int, rule: PayoffRule, chosen: Mapping[int, list[History]], labels: _Labels
) -> list[History]:
    """The complete histories that a rule pays; none is a mistake."""
    key = f"game.payoff[{i}]"
    good = [labels.check(f"{key}.when[{j}]", text) for j, text in enumerate(rule.when)]
    good += [labels.check(f"{key}.unless[{j}]", text) for j, text in enumerate(rule.unless)]
    if rule.after is not None and not rule.after:
        builder.wrong(f"{key}.after", "no history is named; leave `after` out for a rule about all of them")
        return []
    if not all(good):
        return []
    among: Iterable[History] = game.terminals
    if i in chosen:
        among = chosen[i]
    elif rule.when:
        smallest: dict[History, None] = min((labels.occurring.get(label, {}) for label in rule.when), key=len)
        among = smallest
    found = labels.matching(rule.when, rule.unless, among, "game.payoff")
    if not found and (i not in chosen or chosen[i]):
        builder.wrong(key, "the rule matches no complete history")
    return found


def _total(
    builder: Builder, game: Game, parts: Sequence[tuple[int, Mapping[str, Expression]]]
) -> dict[str, Expression]:
    total = dict.fromkeys(game.players, builder.space.ring.number(0))
    for i, amounts in parts:
        for player, amount in amounts.items():
            builder.spend(len(total[player].num) + len(amount.num), "game.payoff")
            try:
                total[player] = bounded_sum(total[player], amount)
            except ExpressionError as error:
                builder.wrong(f"game.payoff[{i}].{player}", f"the payoffs add up to too much: {error.message}")
                builder.stop()
    return total


def _events(
    builder: Builder, game: Game, named: Mapping[str, str | EventLabels], labels: _Labels
) -> dict[str, EventLabels]:
    """Every label of a personal player, ``PLAYER:label`` where it is shared, and the named conjunctions."""
    events: dict[str, EventLabels] = {}
    for infoset in game.infosets:
        for action in infoset.actions:
            events.setdefault(action, (action,))
    for infoset in game.infosets:
        for action in infoset.actions:
            if labels.shared(action):
                qualified = f"{infoset.player}:{action}"
                events.setdefault(qualified, (qualified,))
    for name, text in named.items():
        key = f"events.{name}"
        parts: EventLabels | None = text if isinstance(text, tuple) else builder.pattern(key, text, "an event")
        if parts is None:
            continue
        if name in events and events[name] != parts:
            builder.wrong(key, f"{name!r} is already the event that the action of that name occurs; take another name")
        singles = [one for part in parts for one in ((part,) if isinstance(part, str) else part)]
        builder.spend(len(game.terminals) * len(singles), "events")
        good = [labels.check(key, label) for label in singles]
        if all(good) and not any(game.occurs(parts, history) for history in game.terminals):
            builder.wrong(key, f"no complete history has all of {shorten(text)}")
        events[name] = parts
    return events
