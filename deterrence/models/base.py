"""What every built-in game says about itself: question, tree, parameters, options, payoff terms, literature.

A `Model` is a description with a builder. `Model.build` checks the options of a scenario and returns the `Game`;
`Model.to_dict` is what ``deterrence games NAME --json`` prints.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deterrence.errors import GameError, Problem, nearest
from deterrence.game import EventLabels, Game, Move, PayoffRule, build_game
from deterrence.parameters import Parameter, ParameterSpace

__all__ = ["Description", "Model", "Option", "Term"]

Menu = tuple[str, ...]


@dataclass(frozen=True)
class Option:
    """A menu that a scenario may choose from.

    Attributes
    ----------
    meaning : what the menu is.
    choices : every label that may be on it, with its meaning, in canonical order.
    default : the menu of a scenario that says nothing.
    least, most : how many labels a menu may have.
    """

    meaning: str
    choices: Mapping[str, str]
    default: Menu
    least: int
    most: int

    def check(self, key: str, value: object) -> tuple[Menu, list[Problem]]:
        """The menu in canonical order, and what is wrong with it."""
        wanted = f"a list of {self.least} to {self.most} of {', '.join(self.choices)}"
        if not isinstance(value, Sequence) or isinstance(value, (str, bytes)):
            return (), [Problem(f"{wanted} is needed, not {type(value).__name__}", key)]
        problems: list[Problem] = []
        for i, label in enumerate(value[: self.most + 1]):
            if not isinstance(label, str) or label not in self.choices:
                shown = str(label)[:40]
                problems.append(
                    Problem(f"{shown!r} is not on offer; {wanted} is needed", f"{key}[{i}]",
                            suggestion=nearest(shown, self.choices))
                )
            elif label in value[:i]:
                problems.append(Problem(f"{label!r} is named twice", f"{key}[{i}]"))
        if not problems and not self.least <= len(value) <= self.most:
            problems.append(Problem(f"{wanted} is needed, not {len(value)}", key))
        return tuple(choice for choice in self.choices if choice in value), problems

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "meaning": self.meaning, "choices": dict(self.choices), "default": list(self.default),
            "least": self.least, "most": self.most,
        }


@dataclass(frozen=True)
class Term:
    """One named part of the payoffs.

    Attributes
    ----------
    name : what it is called.
    player : who gets it.
    amount : an expression in the parameters.
    when : labels that all occur in the complete histories that carry it.
    occasion : the same in words.
    reason : why the payoff is that.
    unless : labels none of which occurs.
    """

    name: str
    player: str
    amount: str
    when: tuple[str, ...]
    occasion: str
    reason: str
    unless: tuple[str, ...] = ()

    def rule(self) -> PayoffRule:
        """The rule that pays it."""
        return PayoffRule(when=self.when, unless=self.unless, amounts={self.player: self.amount}, note=self.name)

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "name": self.name, "player": self.player, "amount": self.amount, "when": list(self.when),
            "unless": list(self.unless), "occasion": self.occasion, "reason": self.reason,
        }


@dataclass(frozen=True)
class Description:
    """The parts from which a game is built: what `build_game` takes, with the meaning of each information set."""

    title: str
    moves: tuple[Move, ...]
    terms: tuple[Term, ...]
    events: Mapping[str, EventLabels]
    infosets: Mapping[str, str]


@dataclass(frozen=True)
class Model:
    """A built-in game.

    Attributes
    ----------
    name : its key.
    question : the sentence of the reporting, and what is asked.
    summary : the game in a paragraph.
    players : the personal players.
    play : the order of play, a sentence a move.
    drawing : the tree as plain text.
    parameters : with domain, meaning and unit.
    assume : joint conditions on the parameters, each with its reason.
    options : menus, by name.
    events : meaning of each event that the model names.
    literature : keys of the bibliography.
    departures : where the game departs from the literature.
    findings : results to know before using it, derived in the docstring of the module.
    describe : the parts of the game for given menus.
    """

    name: str
    question: str
    summary: str
    players: tuple[str, ...]
    play: tuple[str, ...]
    drawing: str
    parameters: tuple[Parameter, ...]
    assume: Mapping[str, str]
    options: Mapping[str, Option]
    events: Mapping[str, str]
    literature: tuple[str, ...]
    departures: str
    describe: Callable[[Mapping[str, Menu]], Description] = field(repr=False, compare=False)
    findings: tuple[str, ...] = ()

    def menus(self, options: Mapping[str, object] | None = None) -> dict[str, Menu]:
        """Every option with the menu chosen, the default where nothing is said.

        Raises
        ------
        GameError
            with key ``options.NAME`` for each option that does not exist or whose menu is not one on offer.
        """
        problems: list[Problem] = []
        menus = {name: option.default for name, option in self.options.items()}
        for name, value in (options or {}).items():
            key = f"options.{name}"
            if name not in self.options:
                shown = ", ".join(self.options)
                problems.append(
                    Problem(f"the model {self.name!r} has no such option; it has {shown}", key,
                            suggestion=nearest(name, self.options))
                )
                continue
            menus[name], found = self.options[name].check(key, value)
            problems.extend(found)
        if problems:
            raise GameError(problems)
        return menus

    def description(self, options: Mapping[str, object] | None = None) -> Description:
        """The moves, payoff terms, events and information sets under these options."""
        return self.describe(self.menus(options))

    def build(
        self, options: Mapping[str, object] | None = None, events: Mapping[str, str] | None = None
    ) -> Game:
        """The game under these options, with further events as conjunctions of labels.

        Raises
        ------
        GameError
            with key ``options.NAME`` for a bad option, ``events.NAME`` for a bad event.
        """
        parts = self.description(options)
        clashes = [
            Problem(f"{name!r} is an event of the model {self.name!r}; take another name", f"events.{name}")
            for name in events or {}
            if name in parts.events
        ]
        if clashes:
            raise GameError(clashes)
        return build_game(
            title=parts.title,
            players=self.players,
            space=ParameterSpace(self.parameters, tuple(self.assume)),
            moves=parts.moves,
            payoffs=[term.rule() for term in parts.terms],
            events={**parts.events, **(events or {})},
            name=self.name,
        )

    def to_dict(self, options: Mapping[str, object] | None = None) -> dict[str, Any]:
        """The documentation as plain data; information sets and payoff terms are those of the options given."""
        parts = self.description(options)
        return {
            "format": 1,
            "name": self.name,
            "title": parts.title,
            "question": self.question,
            "summary": self.summary,
            "players": list(self.players),
            "tree": {"play": list(self.play), "drawing": self.drawing},
            "parameters": [
                {"name": p.name, "domain": p.domain, "meaning": p.meaning, "unit": p.unit} for p in self.parameters
            ],
            "assume": dict(self.assume),
            "options": {name: option.to_dict() for name, option in self.options.items()},
            "information_sets": [
                {"name": move.information, "player": move.player, "actions": list(move.actions),
                 "meaning": parts.infosets[move.information]}
                for move in parts.moves
                if move.information in parts.infosets
            ],
            "payoffs": [term.to_dict() for term in parts.terms],
            "events": dict(self.events),
            "findings": list(self.findings),
            "literature": list(self.literature),
            "departures": self.departures,
        }
