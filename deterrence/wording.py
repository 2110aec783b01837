"""What an equilibrium means, in sentences; and numbers as a person reads them.

The sentences are made from the tree, the strategies and the beliefs alone, so they hold for every game:

- *restraint*: with what probability each player uses force (an action named in `FORCE`);
- *credibility*: whether what the player who moves first does tells its type, and, for every information set that is
  reached, how far the belief there about a type is from its probability at the outset;
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
    "reach",
    "restraint",
    "support",
    "types",
]

FORCE: Final = frozenset({"strike", "attack", "retaliate", "limited", "force", "escalate"})
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


def joined(words: Iterable[str], last: str = "and") -> str:
    """Words as an enumeration.

    >>> joined(["silence", "posture", "strike"])
    'silence, posture and strike'
    """
    items = list(words)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""


def plays(row: Mapping[str, Any], between: str = ", ") -> str:
    """What a behaviour strategy does at one information set."""
    used = {action: value for action, value in row.items() if value != 0}
    if len(used) == 1:
        return next(iter(used))
    return between.join(f"{action} {number(value)}" for action, value in used.items())


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


def restraint(game: Game, entry: Equilibrium) -> list[str]:
    """With what probability each player uses force, and by which actions; nothing where no action is one of force."""
    if not any(action in FORCE for infoset in game.infosets for action in infoset.actions):
        return []
    sentences = []
    for player in game.players:
        total: Any = Fraction(0)
        used: dict[str, None] = {}
        for key, value in entry.outcomes.items():
            history = tuple(key.split(", "))
            forceful = [a for i, a in enumerate(history) if a in FORCE and game.mover(history[:i]) == player]
            used.update(dict.fromkeys(forceful))
            total = total + value if forceful else total
        often = "for certain" if total == 1 else f"with probability {number(total)}"
        sentences.append(f"{player} uses force {often}: {joined(used, 'or')}." if used else f"{player} uses no force.")
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
    """What the first move tells, and what is believed about others where play comes to, beside the prior.

    `game` is the game at the point.
    """
    sentences = _first_moves(game, entry)
    known = types(game)
    for infoset in game.infosets:
        row = entry.beliefs.get(infoset.name)
        if row is None or reach(infoset, entry.outcomes) == 0:
            continue
        for player, cells in known.items():
            if player != infoset.player:
                sentences += _update(game, infoset, row, player, cells)
    return sentences


def _first_moves(game: Game, entry: Equilibrium) -> list[str]:
    """Whether what the player who moves first does tells its types apart."""
    senders: dict[str, InformationSet] = {}
    for label in game.children[()] if () in game.chance else ():
        infoset = game.infoset_at.get((label,))
        if infoset is not None:
            senders.setdefault(infoset.name, infoset)
    if len(senders) < 2 or len({infoset.player for infoset in senders.values()}) > 1:
        return []
    player = next(iter(senders.values())).player
    used = {name: tuple(a for a, value in entry.strategy[name].items() if value != 0) for name in senders}
    if len(set(used.values())) == 1 and all(len(actions) == 1 for actions in used.values()):
        return [f"{player} plays {next(iter(used.values()))[0]} whatever its type, which tells nothing about it."]
    sure = {actions[0]: name for name, actions in used.items() if len(actions) == 1}
    sentences = []
    for name, actions in used.items():
        for action in actions:
            others = [other for other in used if other != name and action in used[other]]
            if len(actions) > 1 and sure.get(action) in others:
                share = number(entry.strategy[name][action])
                sentences.append(f"{name} imitates {sure[action]} with probability {share}: {action}.")
    if all(a not in used[other] for name, actions in used.items() for a in actions for other in used if other != name):
        sentences.append(f"{player} does something else for each type, which tells the type.")
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
            return [f"{place} is sure that {player} is {name}, at the outset {number(prior[name])}."]
    raised = {name: value for name, value in belief.items() if value > prior[name]}
    shown = [f"{name} with probability {number(value)}, at the outset {number(prior[name])}"
             for name, value in raised.items()]
    return [f"{place} believes that {player} is {'; '.join(shown)}."]


def _distribution(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{label} {number(value)}" for label, value in row.items())


# Support -----------------------------------------------------------------------------------------------------------


def support(game: Game, entry: Equilibrium) -> list[str]:
    """The beliefs and replies where play never comes to: first those that somebody has to believe in."""
    believed, rest = [], []
    for infoset in game.infosets:
        if reach(infoset, entry.outcomes) != 0:
            continue
        played = plays(entry.strategy[infoset.name])
        row = entry.beliefs.get(infoset.name)
        if row is None:
            rest.append(f"{infoset.name} ({played})")
            continue
        certain = next((key for key, value in row.items() if value == 1), None)
        belief = f"be sure of {certain!r}" if certain else f"believe in {_distribution(_positive(row))}"
        place = f"At {infoset.name!r}, which is never reached, {infoset.player}"
        believed.append(f"{place} would {belief} and play {played}.")
    return believed + ([f"Never reached either, with what would be played: {joined(rest)}."] if rest else [])


def _positive(row: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{key!r}": value for key, value in row.items() if value != 0}


def free(quantities: Mapping[str, str], pieces: Sequence[Sequence[str]]) -> list[str]:
    """The free quantities, each with what it is, and the sets they may take."""
    lines = [f"{name} = {meaning}" for name, meaning in quantities.items()]
    shown = [", ".join(_chained(piece)) or "any value" for piece in pieces]
    return [*lines, *(f"{'or ' if i else 'where '}{text}" for i, text in enumerate(shown))]


def _chained(piece: Sequence[str]) -> list[str]:
    """Conditions with bounds on both sides written as one.

    >>> _chained(["0 <= mu", "mu < 1/3", "x == 1"])
    ['0 <= mu < 1/3', 'x == 1']
    """
    found: list[str] = []
    for condition in piece:
        left, sign, right = condition.partition(" <")
        before = found[-1].rpartition(" ")[2] if found and " <" in found[-1] else ""
        if sign and before and before == left:
            found[-1] += f"{sign}{right}"
        else:
            found.append(condition)
    return found
