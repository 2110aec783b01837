"""What an equilibrium means, in sentences; and numbers as a person reads them.

The sentences are made from the tree, the strategies and the beliefs alone, so they hold for every game:

- *restraint*: what each type of the player who moves first does, and what follows;
- *credibility*: for every information set that is reached, how far the belief there in a move of chance (a type) is
  from its probability at the outset. A signal tells something exactly where the two differ;
- *support*: the beliefs off the path that the equilibrium rests on, and the set they may take.

>>> number(Fraction(3, 5)), number(Fraction(1, 3)), number(Fraction(-2))
('3/5 (0.6)', '1/3 (≈ 0.333)', '-2')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from .game import history_key

if TYPE_CHECKING:
    from .equilibrium import Equilibrium
    from .game import Game, InformationSet

__all__ = [
    "credibility",
    "decimal",
    "free",
    "joined",
    "number",
    "plays",
    "probability",
    "reach",
    "restraint",
    "support",
    "types",
]

LONGEST_FRACTION: Final = 24
PLAIN_BELOW: Final = 10_000_000


def decimal(value: Any) -> str:
    """Three significant digits, with ``≈`` where that is not the whole number."""
    short = f"{float(value):.3g}"
    if "e" in short and 1 <= abs(value) < PLAIN_BELOW:
        short = f"{float(short):.0f}"
    exact = isinstance(value, (int, Fraction)) and Fraction(short) == value
    return short if exact else f"≈ {short}"


def number(value: Any) -> str:
    """An exact number with its decimal value; one too long to read as the decimal value alone."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) or (isinstance(value, Fraction) and value.denominator == 1):
        return str(value)
    text = str(value)
    return f"{text} ({decimal(value)})" if len(text) <= LONGEST_FRACTION else decimal(value)


def probability(value: Any) -> str:
    """A probability in a sentence: never, always, or the number."""
    if value == 0:
        return "never"
    return "always" if value == 1 else f"with probability {number(value)}"


def joined(words: Iterable[str], last: str = "and") -> str:
    """Words as an enumeration.

    >>> joined(["silence", "posture", "strike"])
    'silence, posture and strike'
    """
    items = list(words)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""


def plays(row: Mapping[str, Any]) -> str:
    """What a behaviour strategy does at one information set."""
    used = {action: value for action, value in row.items() if value != 0}
    if len(used) == 1:
        return next(iter(used))
    return ", ".join(f"{action} {number(value)}" for action, value in used.items())


def reach(infoset: InformationSet, outcomes: Mapping[str, Any]) -> Any:
    """The probability that play comes to an information set."""
    keys = {history_key(history) for history in infoset.histories}
    total: Any = Fraction(0)
    for key, value in outcomes.items():
        labels = key.split(", ")
        if any(", ".join(labels[:length]) in keys for length in range(len(labels))):
            total = total + value
    return total


# Restraint ---------------------------------------------------------------------------------------------------------


def _first_infosets(game: Game) -> tuple[InformationSet, ...]:
    """The information sets that follow a first move of chance, where all are of one player; else none."""
    if () not in game.chance:
        return ()
    found: dict[str, InformationSet] = {}
    for label in game.children[()]:
        infoset = game.infoset_at.get((label,))
        if infoset is not None:
            found.setdefault(infoset.name, infoset)
    return tuple(found.values()) if len({infoset.player for infoset in found.values()}) == 1 else ()


def restraint(game: Game, entry: Equilibrium) -> list[str]:
    """What the player who moves first does, type by type, and whether that tells the types apart."""
    senders = _first_infosets(game)
    if len(senders) < 2:
        return []
    player = senders[0].player
    rows = {infoset.name: entry.strategy[infoset.name] for infoset in senders}
    used = {name: tuple(a for a, value in row.items() if value != 0) for name, row in rows.items()}
    if len({frozenset(actions) for actions in used.values()}) == 1 and all(len(a) == 1 for a in used.values()):
        action = next(iter(used.values()))[0]
        return [f"{player} plays {action} whatever its type ({joined(used)}), so that what it does tells nothing."]
    sentences = [f"{player}, {name}: {plays(row)}." for name, row in rows.items()]
    shared = [a for a in senders[0].actions if sum(a in actions for actions in used.values()) > 1]
    if not shared:
        return [*sentences, "No two types do the same, so that what it does tells its type."]
    for action in shared:
        users = [name for name, actions in used.items() if action in actions]
        sure = [name for name in users if used[name] == (action,)]
        mixed = [name for name in users if name not in sure]
        if sure and mixed:
            sentences.append(f"{joined(mixed)} {'does' if len(mixed) == 1 else 'do'} at times as {joined(sure)} "
                             f"{'does' if len(sure) == 1 else 'do'}: {action}.")
    return sentences


# Credibility -------------------------------------------------------------------------------------------------------


def types(game: Game) -> dict[str, dict[str, tuple[str, ...]]]:
    """For every player of two or more types, each type with the labels of the first chance move it stands for.

    A type is a set of labels that the player's information sets never tell apart; it is called by the words that its
    labels share and others lack, else by the labels.
    """
    if () not in game.chance:
        return {}
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for player in game.players:
        cells: dict[frozenset[str], list[str]] = {}
        mine = [infoset for infoset in game.infosets if infoset.player == player]
        for label in game.children[()]:
            own = frozenset(infoset.name for infoset in mine if any(h[0] == label for h in infoset.histories))
            cells.setdefault(own, []).append(label)
        if len(cells) > 1:
            found[player] = {_called(labels, game.children[()]): tuple(labels) for labels in cells.values()}
    return found


def _called(labels: Sequence[str], others: Sequence[str]) -> str:
    """The words that these labels share and no other label has, else the labels themselves."""
    elsewhere = {word for label in others if label not in labels for word in label.split()}
    shared = [w for w in labels[0].split() if w not in elsewhere and all(w in label.split() for label in labels)]
    return " ".join(shared) or joined(labels, "or")


def credibility(game: Game, entry: Equilibrium) -> list[str]:
    """What is believed about the types of others at every information set that play comes to, beside the prior.

    `game` is the game at the point.
    """
    sentences = []
    known = types(game)
    for infoset in game.infosets:
        row = entry.beliefs.get(infoset.name)
        if row is None or reach(infoset, entry.outcomes) == 0:
            continue
        for player, cells in known.items():
            if player != infoset.player:
                sentences += _update(game, infoset, row, player, cells)
    return sentences


def _update(
    game: Game, infoset: InformationSet, row: Mapping[str, Any], player: str, cells: Mapping[str, Sequence[str]]
) -> list[str]:
    """One sentence on the belief about one player's type; none where the information set leaves no doubt."""
    labels = [history[0] for history in infoset.histories]
    cells = {name: cell for name, cell in cells.items() if any(label in cell for label in labels)}
    if len(cells) < 2:
        return []
    draw = game.chance[()].probabilities
    prior = {name: sum((draw[label].as_fraction() for label in cell), Fraction(0)) for name, cell in cells.items()}
    belief: dict[str, Any] = dict.fromkeys(cells, Fraction(0))
    for history in infoset.histories:
        for name, cell in cells.items():
            if history[0] in cell:
                belief[name] = belief[name] + row[history_key(history)]
    place = f"At {infoset.name!r} {infoset.player}"
    if belief == prior:
        return [f"{place} has learnt nothing about {player}: {_distribution(belief)}."]
    for name, value in belief.items():
        if value == 1:
            return [f"{place} is sure that {player} is {name} (at the outset {number(prior[name])})."]
    shown = [f"{name} {number(value)} (at the outset {number(prior[name])})" for name, value in belief.items()]
    return [f"{place} believes that {player} is {', '.join(shown)}."]


def _distribution(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{label} {number(value)}" for label, value in row.items())


# Support -----------------------------------------------------------------------------------------------------------


def support(game: Game, entry: Equilibrium) -> list[str]:
    """The beliefs and replies off the path that the equilibrium rests on, and the set they may take."""
    sentences = []
    for infoset in game.infosets:
        if reach(infoset, entry.outcomes) != 0:
            continue
        held = ""
        row = entry.beliefs.get(infoset.name)
        if row is not None:
            certain = next((key for key, value in row.items() if value == 1), None)
            held = f", believing {f'that it is {certain!r}' if certain else _distribution(_short(row))},"
        sentences.append(f"At {infoset.name!r}, which play never comes to, {infoset.player}{held} would play "
                         f"{plays(entry.strategy[infoset.name])}.")
    return sentences


def _short(row: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{key!r}": value for key, value in row.items() if value != 0}


def free(quantities: Mapping[str, str], pieces: Sequence[Sequence[str]]) -> list[str]:
    """The free quantities, each with what it is, and the sets they may take."""
    lines = [f"{name} = {meaning}" for name, meaning in quantities.items()]
    shown = [" and ".join(piece) or "any value" for piece in pieces]
    return [*lines, *(f"{'or ' if i else 'where '}{text}" for i, text in enumerate(shown))]
