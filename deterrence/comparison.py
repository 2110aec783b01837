r"""Two scenarios side by side: what differs between them, and what that does to the answer.

For scenarios :math:`a` and :math:`b` of one game, with values :math:`\theta^a` and :math:`\theta^b`, the answers are
compared at both points, and with each value that differs changed alone, :math:`\theta^a` with :math:`\theta^b_i` for
:math:`\theta^a_i`. What several changes do together need not be what they do one by one.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from .algebraic import Algebraic
from .cards import card, notes, paragraph, table
from .equilibrium import Solution
from .errors import DeterrenceError, DeterrenceWarning
from .game import Game, history_key
from .scenario import Scenario
from .solvers import solve
from .solvers.ranges import ends
from .wording import number

__all__ = ["Answer", "Comparison", "Difference", "compare"]

USUAL: Final = ("deterrence_failure", "spiral")
MOST: Final = 24
"""How many values that differ are changed one by one."""


@dataclass(frozen=True)
class Difference:
    """Something in which two scenarios differ: where it stands, and what each has; empty where one has nothing."""

    key: str
    first: str
    second: str

    def to_dict(self) -> dict[str, str]:
        """As plain data."""
        return {"key": self.key, "first": self.first, "second": self.second}


@dataclass(frozen=True)
class Answer:
    """The equilibria at a point, in short.

    Attributes
    ----------
    labels : of the entries, in order.
    ranges : for each event that is compared its least and greatest probability over all equilibria; nothing where there
        is no equilibrium.
    complete : whether there are no others; a claim.
    """

    labels: tuple[str, ...]
    ranges: Mapping[str, tuple[Any, Any]]
    complete: bool

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "equilibria": list(self.labels), "complete": self.complete,
            "events": {name: [_written(end) for end in both] for name, both in self.ranges.items()},
        }


@dataclass(frozen=True)
class Comparison:
    """What differs between two scenarios, and what that does to the answer.

    Attributes
    ----------
    titles, files : of both.
    differences : in the order of the file: game, options, values, what they rest on.
    first, second : the answers.
    alone : for each value that differs, the answer of the first scenario with that value of the second.
    notes : what was not compared, and why.
    """

    titles: tuple[str, str]
    files: tuple[str, str]
    differences: tuple[Difference, ...]
    first: Answer
    second: Answer
    alone: Mapping[str, Answer] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether the answers differ."""
        return self.first.to_dict() != self.second.to_dict()

    def __repr__(self) -> str:
        many = f"{len(self.differences)} difference{'s' * (len(self.differences) != 1)}"
        return f"Comparison({many}; the answer {'changes' if self.changes else 'stays'})"

    def _repr_html_(self) -> str:
        """What a notebook shows: what differs, and the chances before and after."""
        events = list(dict.fromkeys([*self.first.ranges, *self.second.ranges]))
        answers = {"A": self.first, "B": self.second, **{f"A with {n} of B": one for n, one in self.alone.items()}}
        rows = [
            (name, len(one.labels), *(_between(one.ranges.get(event, ())) for event in events))
            for name, one in answers.items()
        ]
        return card(
            f"{self.titles[0]} (A) beside {self.titles[1]} (B)",
            table(("what differs", "A", "B"), [(d.key, d.first, d.second) for d in self.differences]),
            paragraph("" if self.changes else "The equilibria and the chances are the same."),
            table(("", "equilibria", *events), rows), notes(self.notes),
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "format": 1,
            "first": {"title": self.titles[0], **self.first.to_dict()},
            "second": {"title": self.titles[1], **self.second.to_dict()},
            "differences": [one.to_dict() for one in self.differences],
            "answer_changes": self.changes,
            "one_by_one": {name: answer.to_dict() for name, answer in self.alone.items()},
            "notes": list(self.notes),
        }


def compare(first: Scenario, second: Scenario, telling: Callable[[str], None] | None = None) -> Comparison:
    """Set two scenarios side by side; parameters as in `deterrence.diff`."""
    say = telling or (lambda words: None)
    found = tuple(_differences(first, second))
    events = _events(first, second)
    say("the first")
    one = _answer(first, events)
    say("the second")
    other = _answer(second, events)
    said = []
    alone: dict[str, Answer] = {}
    apart = [n for n in first.point if n in second.point and first.point[n] != second.point[n]]
    if first.model != second.model or dict(first.options) != dict(second.options):
        said.append("the games differ, so that values are not changed one by one")
    elif len(apart) > MOST:
        said.append(f"{len(apart)} values differ; they are changed one by one where at most {MOST} do")
    elif len(apart) > 1:
        for name in apart:
            say(name)
            try:
                alone[name] = _answer(first.with_values({name: second.point[name]}), events)
            except DeterrenceError as error:
                said.append(f"{name} is not changed alone: {str(error).partition(chr(10))[0]}")
    if not events:
        said.append("the games have no event in common")
    return Comparison((first.title, second.title), (first.file, second.file), found, one, other, alone, tuple(said))


def _events(first: Scenario, second: Scenario) -> list[str]:
    """The two events of the dilemma where both have them, else all that both have."""
    common = [name for name in first.events if name in second.events]
    return [name for name in USUAL if name in common] or common


def _answer(scenario: Scenario, events: Sequence[str]) -> Answer:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeterrenceWarning)
        found: Solution = solve(scenario)
        more = ends(scenario.game, scenario.point, found)
    places = {name: n for n, name in enumerate(scenario.events)}
    ranges = {}
    for name in events if len(found) else ():
        values = [*(entry.events[name] for entry in found), *(row[places[name]] for row in more)]
        ranges[name] = (min(values), max(values))
    return Answer(tuple(entry.label for entry in found), ranges, found.complete)


def _differences(first: Scenario, second: Scenario) -> list[Difference]:
    found = [
        Difference(key, *texts)
        for key, *texts in (
            ("title", first.title, second.title),
            ("model", first.model or "[game]", second.model or "[game]"),
            ("as_of", str(first.as_of or ""), str(second.as_of or "")),
        )
        if texts[0] != texts[1]
    ]
    if first.model is None and second.model is None:
        found += _tables("game", _shape(first.game), _shape(second.game))
    found += _tables("options", first.options, second.options)
    found += _tables("events", _own(first), _own(second))
    here, there = ({a.name: a for a in s.assumptions} for s in (first, second))
    for name in dict.fromkeys([*here, *there]):
        for part in ("value", "range", "unit", "role", "basis", "source", "note", "distribution"):
            left, right = (_text(getattr(side[name], part)) if name in side else "" for side in (here, there))
            if left != right:
                key = f"parameters.{name}" + ("" if part == "value" else f".{part}")
                found.append(Difference(key, left, right))
    return found + _tables("sources", first.sources, second.sources)


def _shape(game: Game) -> dict[str, str]:
    """A game of a file in texts that can be compared."""
    shape = {"players": ", ".join(game.players)}
    shape |= {f"parameters.{p.name}": p.domain or "any real number" for p in game.space.parameters}
    shape["assume"] = "; ".join(game.space.assume)
    for infoset in game.infosets:
        at = " | ".join(map(history_key, infoset.histories))
        shape[f"move.{infoset.name}"] = f"{infoset.player}: {', '.join(infoset.actions)}; after {at or 'nothing'}"
    for history, move in game.chance.items():
        shape[f"chance.{history_key(history) or 'first'}"] = _text(move.probabilities)
    for history, payoffs in game.payoffs.items():
        shape[f"payoff.{history_key(history)}"] = _text(payoffs)
    return {key: text for key, text in shape.items() if text}


def _own(scenario: Scenario) -> dict[str, str]:
    return {name: _text(labels) for name, labels in scenario.events.items()}


def _tables(name: str, first: Mapping[str, Any], second: Mapping[str, Any]) -> list[Difference]:
    return [
        Difference(f"{name}.{key}", *(_text(table[key]) if key in table else "" for table in (first, second)))
        for key in dict.fromkeys([*first, *second]) if first.get(key) != second.get(key)
    ]


def _text(value: Any) -> str:
    if isinstance(value, Fraction):
        return number(value)
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_text(one)}" for key, one in value.items())
    if isinstance(value, (list, tuple, frozenset, set)):
        parts = sorted(map(str, value)) if isinstance(value, (set, frozenset)) else map(_text, value)
        return ", ".join(parts)
    return "" if value is None else str(value)


def _between(ends: Sequence[Any]) -> str:
    return " to ".join(map(number, dict.fromkeys(ends)))


def _written(value: Any) -> str | float:
    return str(value) if isinstance(value, Algebraic) or not hasattr(value, "middle") else float(value)
