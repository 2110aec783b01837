"""What every built-in game says about itself: question, tree, parameters, options, payoff terms, literature, claims.

A `Model` is a description with a builder: its game is a finite tree. A `DirectModel` is a game that is none and has its
own method. Of both, `build` checks the options of a scenario and returns the game, and `to_dict` is what
``deterrence games NAME --json`` prints.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from deterrence.direct import DirectGame
from deterrence.errors import GameError, Problem, nearest
from deterrence.game import EventLabels, Game, InformationSet, Move, PayoffRule, build_game
from deterrence.parameters import Parameter, ParameterSpace
from deterrence.stochastic import StochasticGame

__all__ = [
    "SHELVES", "VERDICTS", "Choice", "Claim", "Count", "Decision", "Description", "DirectModel", "Documented", "Model",
    "Option", "Settings", "Term",
]

_NAME: Final = re.compile(r"[A-Za-z_]\w*")
Menu = tuple[str, ...]
Settings = Mapping[str, Any]
"""The options of a model, each set: a menu, a label or a whole number."""

SHELVES: Final = {"2023": "autumn 2023", "canon": "the published canon"}
VERDICTS: Final = ("holds", "fails", "holds in part")


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
class Count:
    """A whole number that a scenario may choose: how many groups, rungs or periods.

    Attributes
    ----------
    meaning : what it counts.
    default : the number of a scenario that says nothing.
    least, most : the smallest and the greatest.
    """

    meaning: str
    default: int
    least: int
    most: int

    def check(self, key: str, value: object) -> tuple[int, list[Problem]]:
        """The number, and what is wrong with it."""
        wanted = f"a whole number from {self.least} to {self.most} is needed"
        if isinstance(value, bool) or not isinstance(value, int):
            return self.default, [Problem(f"{wanted}, not {str(value)[:40]!r}", key)]
        if not self.least <= value <= self.most:
            return self.default, [Problem(f"{wanted}, not {str(value)[:40]}", key)]
        return value, []

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {"meaning": self.meaning, "default": self.default, "least": self.least, "most": self.most}


@dataclass(frozen=True)
class Choice:
    """One label of several that a scenario may choose: a rule, a form of information.

    Attributes
    ----------
    meaning : what is chosen.
    choices : every label with its meaning.
    default : the label of a scenario that says nothing.
    """

    meaning: str
    choices: Mapping[str, str]
    default: str

    def check(self, key: str, value: object) -> tuple[str, list[Problem]]:
        """The label, and what is wrong with it."""
        if isinstance(value, str) and value in self.choices:
            return value, []
        shown = value[:40] if isinstance(value, str) else type(value).__name__
        message = f"one of {', '.join(self.choices)} is needed, not {shown!r}"
        return self.default, [Problem(message, key, suggestion=nearest(shown, self.choices))]

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {"meaning": self.meaning, "choices": dict(self.choices), "default": self.default}


@dataclass(frozen=True)
class Claim:
    """A proposition about a game, published or our own, and what became of it.

    Attributes
    ----------
    words : what is claimed.
    verdict : one of `VERDICTS`; of the claim as it is commonly put.
    how : how that was found: what was proved, or what was compared with what.
    source : a key of the bibliography; empty where the claim is the package's own.
    statement : the claim in the language of statements, proved or refuted on the atlas; empty where it has none.
    over : the parameters that stay symbols in that atlas, the others as in the shipped scenario; None for all.
    when : the exact condition under which it holds, where it does not hold everywhere; or the counter-example.
    options : options under which the statement is about the atlas, instead of those of the shipped scenario; `over` is
        then as without them.
    """

    words: str
    verdict: str
    how: str
    source: str = ""
    statement: str = ""
    over: tuple[str, ...] | None = None
    when: str = ""
    options: Mapping[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "words": self.words, "verdict": self.verdict, "how": self.how, "source": self.source,
            "statement": self.statement, "over": None if self.over is None else list(self.over), "when": self.when,
            "options": None if self.options is None else dict(self.options),
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
class Decision:
    """Where a player of a direct game decides: a state, a type, or all types at once.

    Attributes
    ----------
    name, player, actions : as of an information set; no actions where a number is chosen.
    meaning : what the player knows there.
    """

    name: str
    player: str
    actions: tuple[str, ...]
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Documented:
    """What a built-in game says about itself, whatever its form.

    Attributes
    ----------
    name : its key.
    question : the sentence of the reporting, and what is asked.
    summary : the game in a paragraph.
    players : the personal players.
    play : the order of play, a sentence a move.
    drawing : the tree, or the diagram of its states, as plain text.
    parameters : with domain, meaning and unit.
    assume : joint conditions on the parameters, each with its reason; see `assumed`.
    options : menus, choices and counts, by name.
    events : meaning of each event that the model names.
    literature : keys of the bibliography.
    departures : where the game departs from the literature.
    findings : results to know before using it, derived in the docstring of the module.
    claims : propositions, each with its verdict and how it was checked.
    shelf : a key of `SHELVES`.
    lever : the parameter along which the frontier goes where a scenario does not say another.
    leader : the player whose lever it is and who could bind itself; empty for the US, or the first player.
    observed : for what a record counts (attack, lethal, answer, war) the event of the game, and the event among whose
        cases it is counted; empty for every play.
    indexed : further parameters that the options bring, such as one for each rung; None where there are none.
    """

    name: str
    question: str
    summary: str
    players: tuple[str, ...]
    play: tuple[str, ...]
    drawing: str
    parameters: tuple[Parameter, ...]
    assume: Mapping[str, str]
    options: Mapping[str, Option | Choice | Count]
    events: Mapping[str, str]
    literature: tuple[str, ...]
    departures: str
    findings: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    shelf: str = "2023"
    lever: str = ""
    leader: str = ""
    observed: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    indexed: Callable[[Settings], tuple[Parameter, ...]] | None = field(default=None, repr=False, compare=False)

    def declared(self, settings: Settings) -> tuple[Parameter, ...]:
        """Every parameter under these options, all of which are set (`menus`)."""
        return (*self.parameters, *(self.indexed(settings) if self.indexed else ()))

    def assumed(self, settings: Settings) -> dict[str, str]:
        """The joint conditions that apply under these options: those whose parameters are all declared."""
        names = {parameter.name for parameter in self.declared(settings)}
        return {text: why for text, why in self.assume.items() if set(_NAME.findall(text)) <= names}

    def menus(self, options: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Every option as it is chosen, the default where nothing is said.

        Raises
        ------
        GameError
            with key ``options.NAME`` for each option that does not exist or whose value is not one on offer.
        """
        problems: list[Problem] = []
        menus: dict[str, Any] = {name: option.default for name, option in self.options.items()}
        for name, value in (options or {}).items():
            key = f"options.{name}"
            if name not in self.options:
                shown = f"it has {', '.join(self.options)}" if self.options else "it has none"
                problems.append(
                    Problem(f"the model {self.name!r} has no such option; {shown}", key,
                            suggestion=nearest(name, self.options))
                )
                continue
            menus[name], found = self.options[name].check(key, value)
            problems.extend(found)
        if problems:
            raise GameError(problems)
        return menus

    def build(
        self, options: Mapping[str, object] | None = None, events: Mapping[str, str] | None = None
    ) -> Game:
        """The game under these options; see the kinds of model."""
        raise NotImplementedError

    def to_dict(self, options: Mapping[str, object] | None = None) -> dict[str, Any]:
        """The documentation as plain data; what depends on options is that of the options given."""
        raise NotImplementedError

    def _told(
        self, title: str, decisions: Sequence[tuple[str, str, Sequence[str], str]], terms: Sequence[Term],
        settings: Settings,
    ) -> dict[str, Any]:
        return {
            "format": 1,
            "name": self.name,
            "shelf": SHELVES[self.shelf],
            "lever": self.lever,
            "leader": self.leader,
            "title": title,
            "question": self.question,
            "summary": self.summary,
            "players": list(self.players),
            "tree": {"play": list(self.play), "drawing": self.drawing},
            "parameters": [
                {"name": p.name, "domain": p.domain, "meaning": p.meaning, "unit": p.unit}
                for p in self.declared(settings)
            ],
            "assume": self.assumed(settings),
            "options": {name: option.to_dict() for name, option in self.options.items()},
            "information_sets": [
                {"name": name, "player": player, "actions": list(actions), "meaning": meaning}
                for name, player, actions, meaning in decisions
            ],
            "payoffs": [term.to_dict() for term in terms],
            "events": dict(self.events),
            "findings": list(self.findings),
            "claims": [claim.to_dict() for claim in self.claims],
            "literature": list(self.literature),
            "departures": self.departures,
        }


@dataclass(frozen=True, kw_only=True)
class Model(Documented):
    """A built-in game that is a finite tree.

    Attributes
    ----------
    describe : the parts of the game for given menus.
    """

    describe: Callable[[Settings], Description] = field(repr=False, compare=False)

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
        settings = self.menus(options)
        parts = self.describe(settings)
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
            space=ParameterSpace(self.declared(settings), tuple(self.assumed(settings))),
            moves=parts.moves,
            payoffs=[term.rule() for term in parts.terms],
            events={**parts.events, **(events or {})},
            name=self.name,
        )

    def to_dict(self, options: Mapping[str, object] | None = None) -> dict[str, Any]:
        """The documentation as plain data; information sets and payoff terms are those of the options given."""
        settings = self.menus(options)
        parts = self.describe(settings)
        decisions = [
            (move.information, move.player, tuple(move.actions), parts.infosets[move.information])
            for move in parts.moves
            if move.information in parts.infosets
        ]
        told = self._told(parts.title, decisions, parts.terms, settings)
        return {**told, "kind": "tree", "concept": "pbe"}


@dataclass(frozen=True, kw_only=True)
class DirectModel(Documented):
    """A built-in game that is no finite tree, with its own method.

    Attributes
    ----------
    title : a line, in which ``{NAME}`` stands for the option of that name.
    decisions : where players decide, under given options.
    terms : what the payoffs are made of.
    concept : what its equilibria are.
    method : the name of its algorithm.
    approach : how it is solved, and what is claimed of the result.
    """

    title: str
    decisions: Callable[[Settings], tuple[Decision, ...]] = field(repr=False, compare=False)
    terms: tuple[Term, ...]
    concept: str
    method: str
    approach: str

    def build(
        self, options: Mapping[str, object] | None = None, events: Mapping[str, str] | None = None
    ) -> DirectGame:
        """The game under these options.

        Raises
        ------
        GameError
            with key ``options.NAME`` for a bad option, ``events.NAME`` for an event of the file: the game has no
            histories of which one could be a conjunction of labels.
        """
        settings = self.menus(options)
        if events:
            message = f"the model {self.name!r} has the events {', '.join(self.events)}; a scenario cannot add others"
            raise GameError([Problem(message, f"events.{name}") for name in events])
        return DirectGame(
            title=self.title.format(**settings),
            players=self.players,
            space=ParameterSpace(self.declared(settings), tuple(self.assumed(settings))),
            infosets=tuple(InformationSet(d.name, d.player, d.actions, ()) for d in self.decisions(settings)),
            chance={}, payoffs={}, children={},
            events=dict.fromkeys(self.events, ()),
            name=self.name, concept=self.concept, options=settings,
        )

    def to_dict(self, options: Mapping[str, object] | None = None) -> dict[str, Any]:
        """The documentation as plain data; where players decide is that under the options given."""
        settings = self.menus(options)
        decisions = [(d.name, d.player, d.actions, d.meaning) for d in self.decisions(settings)]
        told = self._told(self.title.format(**settings), decisions, self.terms, settings)
        return {**told, "kind": "direct", "concept": self.concept, "method": self.method, "approach": self.approach}


@dataclass(frozen=True, kw_only=True)
class StochasticModel(DirectModel):
    """A built-in game that is a stochastic game of two players on finitely many states.

    Attributes
    ----------
    stochastic : the game for given options and values, which are numbers or expressions.
    edges : for a parameter on which the moves depend, the values at which the probability of one vanishes.
    """

    stochastic: Callable[[Settings, Mapping[str, Any]], StochasticGame] = field(repr=False, compare=False)
    edges: Mapping[str, tuple[Fraction, ...]] = field(default_factory=dict)
