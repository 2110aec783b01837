"""Random games of many shapes with small whole payoffs, so that ties and connected sets of equilibria are common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from random import Random

from deterrence.errors import GameError
from deterrence.game import Game, History, Move, PayoffRule, build_game, history_key
from deterrence.parameters import ParameterSpace
from tests.games import choice


def weights(rng: Random, labels: Iterable[str]) -> dict[str, Fraction]:
    drawn = {label: rng.randint(1, 4) for label in labels}
    return {label: Fraction(w, sum(drawn.values())) for label, w in drawn.items()}


def chance(rng: Random, labels: str, after: str | None = None) -> Move:
    patterns = None if after is None else tuple(part.strip() for part in after.split("|"))
    return Move("chance", after=patterns, actions=weights(rng, labels.split()))


def paid(rng: Random, title: str, players: list[str], moves: list[Move], size: int) -> Game:
    """Every complete history pays every player a random whole number from ``-size`` to ``size``."""
    shell = build_game(title, players, ParameterSpace(()), moves, [PayoffRule(amounts=dict.fromkeys(players, 1))])
    rules = [
        PayoffRule(after=(history_key(z),), amounts={p: rng.randint(-size, size) for p in players})
        for z in shell.terminals
    ]
    return build_game(title, players, ParameterSpace(()), moves, rules)


def two_sided(rng: Random, size: int) -> Game:
    """Types of both sides, drawn independently; a demand, a reply, a last word."""
    u, v = weights(rng, ["h", "s"]), weights(rng, ["h", "s"])
    draw = {a + b: u[a] * v[b] for a in u for b in v}
    moves = [
        Move("chance", actions=draw),
        choice("A", "A hard", "hh | hs", "act wait"), choice("A", "A soft", "sh | ss", "act wait"),
        choice("B", "B hard", "hh, act | sh, act", "yield stand"),
        choice("B", "B soft", "hs, act | ss, act", "yield stand"),
    ]
    if rng.random() < 0.5:
        moves += [
            choice("A", "A hard again", "hh, act, stand | hs, act, stand", "fight quit"),
            choice("A", "A soft again", "sh, act, stand | ss, act, stand", "fight quit"),
        ]
    return paid(rng, "two-sided", ["A", "B"], moves, size)


def witness(rng: Random, size: int) -> Game:
    """One of two types speaks or not, a witness hears it, a judge hears both."""
    moves = [
        chance(rng, "h l"), choice("A", "A high", "h", "speak silent"), choice("A", "A low", "l", "speak silent"),
        choice("B", "B", "*, speak", "nod shrug"),
    ]
    if rng.random() < 0.5:
        moves += [choice("C", "C nod", "*, speak, nod", "yes no"), choice("C", "C shrug", "*, speak, shrug", "yes no")]
    else:
        moves += [choice("C", "C", "*, speak, *", "yes no")]
    return paid(rng, "witness", ["A", "B", "C"], moves, size)


def at_once(rng: Random, size: int) -> Game:
    """An entrant comes in or not; two or three then choose at once."""
    moves = [
        choice("A", "enter", None, "out in"), choice("B", "B", "in", "b1 b2"), choice("C", "C", "in, *", "c1 c2"),
    ]
    if rng.random() < 0.5:
        moves.append(choice("A", "A", "in, *, *", "a1 a2"))
    return paid(rng, "at once", ["A", "B", "C"], moves, size)


def noisy(rng: Random, size: int) -> Game:
    """Chance in the middle: an act is seen through noise, and answered."""
    moves = [
        choice("A", "A", None, "act hold"), chance(rng, "loud quiet", "act"), chance(rng, "loud quiet", "hold"),
        choice("B", "B loud", "*, loud", "hit miss"), choice("B", "B quiet", "*, quiet", "hit miss"),
    ]
    if rng.random() < 0.5:
        moves.append(choice("A", "A again", "act, *, hit", "back down"))
    return paid(rng, "noisy", ["A", "B"], moves, size)


def receiver_twice(rng: Random, size: int) -> Game:
    """The uninformed asks before and judges after the informed speaks."""
    moves = [
        chance(rng, "h l"), choice("B", "ask", "*", "ask skip"),
        choice("A", "A high", "h, ask", "x y"), choice("A", "A low", "l, ask", "x y"),
        choice("B", "after x", "*, ask, x", "go stay"), choice("B", "after y", "*, ask, y", "go stay"),
    ]
    if rng.random() < 0.5:
        moves.append(choice("B", "unasked", "*, skip", "go stay"))
    return paid(rng, "receiver twice", ["A", "B"], moves, size)


def answered(rng: Random, size: int) -> Game:
    """A signalling game whose sender has the last word, knowing its type."""
    moves = [
        chance(rng, "h l"), choice("A", "A high", "h", "x y"), choice("A", "A low", "l", "x y"),
        choice("B", "after x", "*, x", "hit miss"), choice("B", "after y", "*, y", "hit miss"),
        choice("A", "high hit", "h, y, hit", "back quit"), choice("A", "low hit", "l, y, hit", "back quit"),
    ]
    return paid(rng, "answered", ["A", "B"], moves, size)


def half_seen(rng: Random, size: int) -> Game:
    """Three actions of which two look alike; a third player after the second."""
    moves = [
        choice("A", "A", None, "stay left right"), choice("B", "B", "left | right", "l r"),
        choice("C", "C", "left, r | right, r", "u d"),
    ]
    return paid(rng, "half seen", ["A", "B", "C"], moves, size)


def two_messages(rng: Random, size: int) -> Game:
    """The informed speaks twice, the uninformed stops it in between or at the end."""
    moves = [
        chance(rng, "h l"), choice("A", "A high", "h", "push hold"), choice("A", "A low", "l", "push hold"),
        choice("B", "first", "*, push", "stop wait"),
        choice("A", "A high again", "h, push, wait", "push rest"),
        choice("A", "A low again", "l, push, wait", "push rest"),
        choice("B", "second", "*, push, wait, push", "stop yield"),
    ]
    return paid(rng, "two messages", ["A", "B"], moves, size)


def horse(rng: Random, size: int) -> Game:
    """The form of Selten's horse."""
    moves = [
        choice("A", "A", None, "D C"), choice("B", "B", "C", "d c"), choice("C", "C", "D | C, d", "L R"),
    ]
    return paid(rng, "horse", ["A", "B", "C"], moves, size)


def grown(rng: Random, size: int) -> Game:
    """A random tree of up to four levels, information sets merged at random as far as perfect recall allows."""
    players = ["A", "B", "C"][: rng.choice([2, 2, 3])]
    while True:
        moves = _moves(rng, players)
        try:
            game = paid(rng, "grown", players, moves, size)
        except GameError:
            continue
        if 2 <= len(game.infosets) <= 5 and len(game.terminals) <= 14:
            return game


def _moves(rng: Random, players: list[str]) -> list[Move]:
    moves: list[Move] = []
    level: list[History] = [()]
    number = 0
    for depth in range(rng.choice([3, 3, 4])):
        groups: dict[tuple[str, int, int], list[History]] = {}
        for history in level:
            if depth and rng.random() < 0.3:
                continue
            if rng.random() < (0.5 if depth == 0 else 0.15):
                groups.setdefault(("chance", 2, len(moves) + len(groups)), []).append(history)
            else:
                player = rng.choice(players) if rng.random() < 0.3 else players[depth % len(players)]
                groups.setdefault((player, 2, rng.randint(0, 1)), []).append(history)
        level = []
        for (player, width, _), histories in groups.items():
            labels = [f"{'abcdefghijklmnop'[number]}{k}" for k in range(width)]
            number = min(number + 1, 15)
            after = None if histories == [()] else tuple(history_key(h) for h in histories)
            actions = weights(rng, labels) if player == "chance" else dict.fromkeys(labels)
            moves.append(Move(player, "" if player == "chance" else f"I{len(moves)}", after, actions))
            level += [(*h, label) for h in histories for label in labels]
    return moves


SHAPES: Mapping[str, Callable[[Random, int], Game]] = {
    "two_sided": two_sided, "witness": witness, "at_once": at_once, "noisy": noisy, "receiver_twice": receiver_twice,
    "answered": answered, "half_seen": half_seen, "two_messages": two_messages, "horse": horse, "grown": grown,
}
