"""What an equilibrium means, in sentences; and numbers as a person reads them.

The sentences are made from the tree, the strategies and the beliefs alone, so they hold for every game:

- *restraint*: with what probability each player uses force (an action whose first word is in `FORCE`);
- *credibility*: whether what the player who moves first does tells its type, and, for every information set that is
  reached, how far the belief there about a type is from its probability at the outset, and the belief about what
  another has done unseen from the probability with which it does so;
- *support*: what would be believed and played where play never comes, on which the equilibrium rests.

>>> joined(["attack", "refrain"])
'attack and refrain'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from .game import history_key
from .numerals import LONGEST_FRACTION, decimal, number

if TYPE_CHECKING:
    from .equilibrium import Equilibrium
    from .game import Game, InformationSet

__all__ = [
    "LONGEST_FRACTION",
    "belief_in_types",
    "credibility",
    "decimal",
    "free",
    "joined",
    "named",
    "number",
    "plays",
    "reach",
    "restraint",
    "support",
    "types",
]

_DIFFERENCE: Final = re.compile(r"\A(\w+) - (\w+) == 0\Z")
_NAME: Final = re.compile(r"[A-Za-z_]\w*")
FORCE: Final = frozenset({"strike", "attack", "retaliate", "limited", "force", "escalate", "hit"})


def named(player: str) -> str:
    """A player in a sentence: with an article before an abbreviation.

    >>> named("US"), named("Iran")
    ('the US', 'Iran')
    """
    return f"the {player}" if player.isupper() and len(player) > 1 else player


def span(values: Sequence[Any]) -> str:
    """One number, or the least and the greatest."""
    low, high = min(values), max(values)
    return number(low) if low == high else f"{number(low)} to {number(high)}"


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
    if not any(_is_force(action) for infoset in game.infosets for action in infoset.actions):
        return []
    sentences = []
    for player in game.players:
        total: Any = Fraction(0)
        used: dict[str, None] = {}
        for key, value in entry.outcomes.items():
            history = tuple(key.split(", "))
            forceful = [a for i, a in enumerate(history) if _is_force(a) and game.mover(history[:i]) == player]
            used.update(dict.fromkeys(forceful))
            total = total + value if forceful else total
        often = "for certain" if total == 1 else f"with probability {number(total)}"
        sentences.append(f"{player} uses force {often}: {joined(used, 'or')}." if used else f"{player} uses no force.")
    return sentences


def _is_force(action: str) -> bool:
    return action.partition(" ")[0] in FORCE


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
    places: dict[tuple[str, str], list[str]] = {}
    known = types(game)
    for infoset in game.infosets:
        row = entry.beliefs.get(infoset.name)
        if row is None or reach(infoset, entry.outcomes) == 0:
            continue
        for player, cells in known.items():
            if player != infoset.player and _has_moved(game, player, infoset):
                belief = belief_in_types(infoset, row, cells)
                says = _update(player, belief, _priors(game, cells)) if len(belief) > 1 else ""
                if says:
                    places.setdefault((infoset.player, says), []).append(repr(infoset.name))
        for says in _deeds(game, entry, infoset):
            places.setdefault((infoset.player, says), []).append(repr(infoset.name))
    told = [f"At {joined(names)} {player} {says}" for (player, says), names in places.items()]
    return _first_moves(game, entry) + told


def _has_moved(game: Game, player: str, infoset: InformationSet) -> bool:
    return any(game.mover(history[:i]) == player for history in infoset.histories for i in range(len(history)))


def _deeds(game: Game, entry: Equilibrium, infoset: InformationSet) -> list[str]:
    """What is believed there that another has done, where that is not what it does at large."""
    sentences = []
    for source in game.infosets:
        done = [_done_at(source, history) for history in infoset.histories]
        if source.player == infoset.player or None in done or len(set(done)) < 2:
            continue
        believed: dict[str, Any] = {}
        for action, history in zip(done, infoset.histories, strict=True):
            held = entry.beliefs[infoset.name][history_key(history)]
            believed[str(action)] = believed.get(str(action), Fraction(0)) + held
        played = entry.strategy[source.name]
        raised = [
            f"{action} with probability {number(value)}, played with {number(played[action])}"
            for action, value in believed.items()
            if value > played[action]
        ]
        if raised:
            sentences.append(f"believes that {source.player} chose {'; '.join(raised)}.")
    return sentences


def _done_at(source: InformationSet, history: tuple[str, ...]) -> str | None:
    return next((history[i] for i in range(len(history)) if history[:i] in source.histories), None)


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


def belief_in_types(
    infoset: InformationSet, row: Mapping[str, Any], cells: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """The belief about one player's type at an information set: the types that it leaves open, with probabilities."""
    found: dict[str, Any] = {}
    for history in infoset.histories:
        for name, labels in cells.items():
            if history and history[0] in labels:
                found[name] = found.get(name, Fraction(0)) + row[history_key(history)]
    return found


def _priors(game: Game, cells: Mapping[str, Sequence[str]]) -> dict[str, Fraction]:
    draw = game.chance[()].probabilities
    return {
        name: sum((draw[label].as_fraction() for label in labels if label in draw), Fraction(0))
        for name, labels in cells.items()
    }


def _update(player: str, belief: Mapping[str, Any], priors: Mapping[str, Fraction]) -> str:
    """A belief about one player's type beside the prior."""
    if all(value == priors[name] for name, value in belief.items()):
        return f"has learnt nothing about {player}: {_distribution(belief)}."
    for name, value in belief.items():
        if value == 1:
            return f"is sure that {player} is {name}, at the outset {number(priors[name])}."
    raised = [
        f"{name} with probability {number(value)}, at the outset {number(priors[name])}"
        for name, value in belief.items()
        if value > priors[name]
    ]
    return f"believes that {player} is {'; '.join(raised)}." if raised else ""


def _distribution(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{label} {number(value)}" for label, value in row.items())


# Support -----------------------------------------------------------------------------------------------------------


def support(game: Game, entry: Equilibrium) -> list[tuple[str, str, str, str]]:
    """Where play never comes to: player, information set, what would be believed, what would be played."""
    rows = []
    known = types(game)
    for infoset in game.infosets:
        if reach(infoset, entry.outcomes) == 0:
            row = entry.beliefs.get(infoset.name)
            others = {player: cells for player, cells in known.items() if player != infoset.player}
            belief = "" if row is None else _believed(infoset, row, others)
            rows.append((infoset.player, infoset.name, belief, plays(entry.strategy[infoset.name], "\n")))
    return rows


def _believed(
    infoset: InformationSet, row: Mapping[str, Any], others: Mapping[str, Mapping[str, Sequence[str]]]
) -> str:
    """A belief in words: about one player's type where that is all it is about, else about histories."""
    for player, cells in others.items():
        belief = belief_in_types(infoset, row, cells)
        if len(belief) == len(infoset.histories):
            return f"{player} is {plays(belief)}"
    return plays(row, "\n")


def free(game: Game, quantities: Mapping[str, str], pieces: Sequence[Sequence[str]]) -> list[str]:
    """The free quantities, each with what it is, and the sets they may take; beliefs that do not matter by their place.

    `game` is the game at the point.
    """
    idle = _idle(game, quantities, pieces)
    left_out = {name for group in idle for name in group}
    lines = [f"{name} = {meaning}" for name, meaning in quantities.items() if name not in left_out]
    if lines:
        shown = [", ".join(_chained([t for t in piece if not left_out & _names(t)])) or "any value" for piece in pieces]
        lines += [f"{'or ' if i else 'where '}{text}" for i, text in enumerate(shown)]
    places = [list(dict.fromkeys(repr(place) for place in group.values())) for group in idle]
    alone = [place for group in places for place in group if len(group) == 1]
    lines += [f"any belief will do at {joined(alone)}"] if alone else []
    return lines + [f"any belief will do at {joined(group)}, the same at each" for group in places if len(group) > 1]


def _names(text: str) -> set[str]:
    return set(_NAME.findall(text))


def _idle(game: Game, quantities: Mapping[str, str], pieces: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """Beliefs that may be anything whatever is done, with their information sets; together those that are equal."""
    at = {
        f"belief at {infoset.name} of {history_key(history)}": infoset.name
        for infoset in game.infosets
        for history in infoset.histories
    }
    groups: list[set[str]] = [{name} for name in quantities]
    for names in (_names(text) for piece in pieces for text in piece):
        linked = [group for group in groups if group & names]
        groups = [group for group in groups if not group & names] + ([set().union(*linked)] if linked else [])
    found = []
    for group in groups:
        places = {name: at[meaning] for name, meaning in quantities.items() if name in group and meaning in at}
        said = {frozenset(text for text in piece if group & _names(text)) for piece in pieces}
        if len(places) == len(group) and len(said) == 1 and all(_says_nothing(text, places) for text in said.pop()):
            found.append(places)
    return sorted(found, key=lambda places: list(quantities).index(next(iter(places))))


def _says_nothing(text: str, places: Mapping[str, str]) -> bool:
    """Whether a condition holds of all beliefs, or says that those at several places are equal."""
    names = sorted(_names(text), key=list(places).index)
    if _DIFFERENCE.match(text):
        return len(set(places.values())) == len(places)
    if len({places[name] for name in names}) > 1:
        return False
    return text in (f"0 <= {names[0]}", f"{names[0]} <= 1", f"1 - {' - '.join(names)} >= 0")


def _chained(piece: Sequence[str]) -> list[str]:
    """Conditions with bounds on both sides written as one, and two equal quantities as an equation.

    >>> _chained(["0 <= mu1", "mu1 < 1/3", "mu1 - mu2 == 0"])
    ['0 <= mu1 < 1/3', 'mu1 == mu2']
    """
    found: list[str] = []
    for text in piece:
        condition = _DIFFERENCE.sub(r"\1 == \2", text)
        left, sign, right = condition.partition(" <")
        before = found[-1].rpartition(" ")[2] if found and " <" in found[-1] else ""
        if sign and before and before == left:
            found[-1] += f"{sign}{right}"
        else:
            found.append(condition)
    return found
