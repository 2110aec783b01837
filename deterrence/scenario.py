r"""Scenarios: a game, a value for each of its parameters, and what the values rest on.

A *scenario* is a game with parameters :math:`\theta_1,\dots,\theta_n`, a point :math:`\theta \in \Theta` of its
parameter space, and for every parameter what its author assumes: role, plausible range, basis and source. It is read
from a TOML file, format 1. Every mistake of a file is reported together with its line and key.

>>> scenario = loads('''
... format = 1
... title = "Entry deterrence"
... [parameters]
... cost = 0.1
... [game]
... players = ["Entrant", "Incumbent"]
... [game.parameters]
... cost = "cost > 0"
... [[game.move]]
... player = "Entrant"
... information = "entry"
... actions = ["in", "out"]
... [[game.payoff]]
... when = ["in"]
... Incumbent = "-cost"
... ''')
>>> scenario.point
{'cost': Fraction(1, 10)}
>>> scenario.with_values({"cost": "1/3"}).to_dict()["parameters"]
{'cost': '1/3'}
"""

from __future__ import annotations

import datetime
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from .cards import card, paragraph, shown, table
from .description import shorten
from .errors import DeterrenceError, ExpressionError, GameError, Problem, ProblemsError, ScenarioError, nearest
from .expressions import Condition, exact
from .game import Game, history_key
from .parameters import BASES, DISTRIBUTIONS, ROLES, Assumption, Link, ParameterSpace
from .reading import Reader, describe
from .toml import BadNumber, decode, parse, read_bytes
from .written import MAX_PARAMETERS, GameTable

__all__ = [
    "MAX_EVENTS",
    "MAX_PARAMETERS",
    "MAX_POINTS",
    "MAX_SOURCES",
    "ParameterTable",
    "Scenario",
    "load",
    "loads",
]

UNNAMED: Final = "scenario.toml"
MAX_SOURCES: Final = 1_000
MAX_EVENTS: Final = 1_000
MAX_POINTS: Final = 10_000_000
MOST_DAYS: Final = 100_000
MAX_OPTION_ENTRIES: Final = 100

KEYS: Final = (
    "format", "title", "model", "as_of", "options", "parameters", "sources", "events", "sweep", "record", "game",
)
LINK_KEYS: Final = ("from", "event", "take")
PARAMETER_KEYS: Final = ("value", "range", "unit", "role", "basis", "source", "note", "distribution")
SOURCE_KEYS: Final = (
    "title", "author", "publisher", "issued", "URL", "accessed", "type", "container-title", "editor", "volume", "issue",
    "page", "DOI", "ISBN", "language", "note",
)
RECORD_KEYS: Final = ("file", "days")
SWEEP_KEYS: Final = ("from", "to", "points")

_SOURCE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}\Z")
_ISSUED = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?\Z")


class ParameterTable(tuple[Assumption, ...]):
    """The assumptions of a scenario; its repr is a table of name, role, value, range, unit, basis and source."""

    __slots__ = ()

    def __repr__(self) -> str:
        head = ("name", "role", "value", "range", "unit", "basis", "source")
        rows = [head, *((a.name, a.role, str(a.value), _interval(a.range), a.unit, a.basis, a.source) for a in self)]
        widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
        return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows)


    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return card("Assumptions", self.table)

    @property
    def table(self) -> str:
        """The assumptions as a table of HTML, with the units below it."""
        head = ("parameter", "role", "value", "plausible", "basis", "source")
        rows = [(a.name, a.role, shown(a.value), _interval(a.range), a.basis, a.source) for a in self]
        units = dict.fromkeys(a.unit for a in self if a.unit)
        told = [paragraph(f"Unit of {', '.join(a.name for a in self if a.unit == unit)}: {unit}.") for unit in units]
        return "\n".join([table(head, rows), *told])


def _interval(ends: tuple[Fraction, Fraction] | None) -> str:
    return f"{ends[0]} to {ends[1]}" if ends else ""


@dataclass(frozen=True)
class Scenario:
    """A game with values for its parameters.

    Attributes
    ----------
    title : what it is called.
    file : the path as it was given, or ``"<text>"``.
    sha256 : digest of the bytes of the file.
    game : the game, with the events of the file.
    assumptions : for every parameter, in the order of the game, its value and what that rests on.
    model : name of the built-in game; None for a game written in the file.
    as_of : the day the scenario describes, if it says so.
    options : the options of the model that the file sets.
    sources : fields of CSL by key; dates as ISO texts, persons as tuples of texts.
    sweep : for every parameter to sweep ``{"from": Fraction, "to": Fraction, "points": int}``.
    record : where the record of the episode is (``file``), and how many days a play stands for (``days``).
    texts : the text of the file by its name, and those of the files that it takes values from, by their places beside
        it; with them a result can be recomputed.
    changed : values that were put in the place of those of the file.
    """

    title: str
    file: str
    sha256: str
    game: Game = field(repr=False)
    assumptions: tuple[Assumption, ...] = field(repr=False)
    model: str | None = None
    as_of: datetime.date | None = None
    options: Mapping[str, object] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, str | tuple[str, ...]]] = field(default_factory=dict, repr=False)
    sweep: Mapping[str, Mapping[str, Fraction | int]] = field(default_factory=dict, repr=False)
    record: Mapping[str, Any] = field(default_factory=dict, repr=False)
    texts: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    changed: Mapping[str, Fraction] = field(default_factory=dict, repr=False, compare=False)

    def _repr_html_(self) -> str:
        """What a notebook shows: the title, the game and the assumptions."""
        about = f"Model {self.model}" if self.model else "A game of its own"
        when = f", as of {self.as_of}" if self.as_of else ""
        return card(self.title, paragraph(f"{about}{when}."), self.parameters.table)

    @property
    def parameters(self) -> ParameterTable:
        """The assumptions as a table."""
        return ParameterTable(self.assumptions)

    @property
    def events(self) -> Mapping[str, object]:
        """The events of the game by name, those of the file among them."""
        return self.game.events

    @cached_property
    def point(self) -> dict[str, Fraction]:
        """The value of every parameter."""
        return {assumption.name: assumption.value for assumption in self.assumptions}

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know and is no mistake: the branches of chance that have probability zero."""
        return tuple(
            f"chance branch {history_key((*history, label))!r} has probability 0 at these values and is cut off"
            for history, move in self.game.chance.items()
            for label, probability in move.probabilities.items()
            if probability.evaluate(self.point) == 0
        )

    def with_values(self, values: Mapping[str, object]) -> Scenario:
        """The same scenario with other values for some parameters.

        Raises
        ------
        ScenarioError
            for a name that is no parameter (with the nearest), a value that is no number or outside its domain.
        """
        names = self.game.space.names
        problems = []
        point = {}
        for name, value in values.items():
            if name not in names:
                there = f"there are {', '.join(names[:12])}" if names else "there are none"
                message = f"{name[:64]!r} is not a parameter of this game; {there}"
                problems.append(Problem(message, f"parameters.{name[:64]}", suggestion=nearest(name, names)))
                continue
            try:
                point[name] = exact(value)
            except ExpressionError as error:
                problems.append(Problem(error.message, f"parameters.{name}"))
        if not problems:
            problems = list(_violations(self.game, {**self.point, **point}))
        if problems:
            raise ScenarioError(problem.at(file=self.file) for problem in problems)
        assumptions = tuple(replace(a, value=point.get(a.name, a.value)) for a in self.assumptions)
        return replace(self, assumptions=assumptions, changed={**self.changed, **point})

    def to_dict(self) -> dict[str, Any]:
        """What a result says about its scenario: title, digest, values, and values that come from others."""
        told: dict[str, Any] = {
            "title": self.title,
            "sha256": self.sha256,
            "parameters": {name: str(value) for name, value in self.point.items()},
        }
        links = {a.name: a.link.to_dict() for a in self.assumptions if a.link is not None and a.value == a.link.value}
        return {**told, "links": links} if links else told


Resolve = Callable[[Link], Link]
"""What gives a link to another scenario its value; ScenarioError or another error of the package where it cannot."""


def load(path: str | os.PathLike[str], resolve: Resolve | None = None) -> Scenario:
    """A scenario from its file.

    Parameters
    ----------
    path : the file.
    resolve : what gives values that come from other scenarios; None where they are a mistake.

    Raises
    ------
    ScenarioError
        with every mistake: `Problem.line` and `Problem.key` say where.
    """
    file = os.fspath(path)
    if file.lower().endswith((".efg", ".nfg")):
        message = "this is a Gambit game by its name; a scenario in TOML is needed (section [game] describes a tree)"
        raise ScenarioError([Problem(message, file=file)])
    return loads(read_bytes(file), file, resolve)


def loads(text: str | bytes, file: str = "<text>", resolve: Resolve | None = None) -> Scenario:
    """A scenario from the text or the bytes of a file; errors as for `load`."""
    if isinstance(text, str):
        try:
            data = text.encode("utf-8")
        except UnicodeEncodeError as error:
            line = text.count("\n", 0, error.start) + 1
            raise ScenarioError([Problem("the text holds a lone surrogate", line=line, file=file)]) from None
    else:
        data = bytes(text)
    content = decode(data, file)
    found = _Document(Reader(content, file), parse(content, file), resolve).scenario(hashlib.sha256(data).hexdigest())
    return replace(found, texts={os.path.basename(file) if file != "<text>" else UNNAMED: data.decode("utf-8")})


def _violations(game: Game, point: Mapping[str, Fraction]) -> Iterator[Problem]:
    """What the values violate: domains, joint conditions, and what chance and denominators assume.

    Conditions on parameters that have no value yet are left for when they have one.
    """
    space = game.space
    owner = {
        condition: parameter
        for parameter in space.parameters
        for condition in space.ring.parse_condition(parameter.domain)
    }
    for condition in space.conditions:
        if not condition.free <= point.keys() or condition.holds(point):
            continue
        names = [name for name in space.names if name in condition.free]
        values = ", ".join(f"{name} = {point[name]}" for name in names)
        key = f"parameters.{names[0]}" if names else "parameters"
        if condition in owner:
            name = owner[condition].name
            where = "" if names == [name] else f" (with {values})"
            message = f"the value {point[name]} is outside the domain {shorten(owner[condition].domain)}{where}"
            yield Problem(message, f"parameters.{name}")
        elif condition in game.origins:
            origin = game.origins[condition]
            yield Problem(f"{origin.says(point)} (with {values})", origin.key or key)
        else:
            yield Problem(f"the values violate {condition} (with {values})", key)


class _Document:
    """One file on its way from tables to a scenario."""

    def __init__(self, reader: Reader, data: dict[str, Any], resolve: Resolve | None) -> None:
        self.reader = reader
        self.data = data
        self.resolve = resolve

    def scenario(self, sha256: str) -> Scenario:
        """The scenario, or every mistake."""
        reader = self.reader
        tables = ("parameters", "options", "sources", "sweep", "record")
        data = self.data = reader.misplaced(self.data, ("title", "model"), tables)
        reader.keys(data, "", KEYS, needed=("format", "title"))
        self._format()
        title = reader.text(data["title"], "title") if "title" in data else None
        as_of = reader.date(data["as_of"], "as_of") if "as_of" in data else None
        sources = self._sources()
        space, game, options = self._game(title or "")
        assumptions = self._parameters(space, sources)
        sweep = self._sweep(space)
        record = self._record()
        if game is not None:
            point = {name: assumption.value for name, assumption in assumptions.items()}
            reader.add(*(problem.at(key=self._value_key(problem.key)) for problem in _violations(game, point)))
        reader.stop()
        if game is None or title is None:
            raise AssertionError("a file without a game has at least one mistake")
        return Scenario(
            title=title,
            file=reader.file,
            sha256=sha256,
            game=game,
            assumptions=tuple(assumptions[name] for name in game.space.names),
            model=data.get("model"),
            as_of=as_of,
            options=options,
            sources=sources,
            sweep=sweep,
            record=record,
        )

    def _value_key(self, key: str) -> str:
        """The key of the value where the long form is written."""
        head, _, name = key.partition(".")
        table = self.data.get("parameters", {})
        return f"{key}.value" if head == "parameters" and isinstance(table.get(name), dict) else key

    def _format(self) -> None:
        value = self.data.get("format", 1)
        if isinstance(value, bool) or value != 1:
            shown = value if isinstance(value, int) and not isinstance(value, bool) else describe(value)
            self.reader.wrong("format", f"this package reads format 1, not {str(shown)[:40]}")

    def _section(self, name: str, most: int) -> dict[str, Any]:
        """A table of the file, empty where it is left out or wrong."""
        table = self.reader.table(self.data.get(name, {}), name) or {}
        if len(table) > most:
            self.reader.wrong(name, f"there may be at most {most} entries, not {len(table)}")
            return {}
        return table

    # sources

    def _sources(self) -> dict[str, dict[str, str | tuple[str, ...]]]:
        found = {}
        for name, value in self._section("sources", MAX_SOURCES).items():
            key = f"sources.{name}"
            if not _SOURCE.match(name):
                self.reader.wrong(
                    key, f"{name[:64]!r} is no key of a source: letters, digits, '_', '-' and '.' of ASCII, at most 64"
                )
            fields = self.reader.table(value, key)
            found[name] = self._source(fields, key) if fields is not None else {}
        return found

    def _source(self, fields: dict[str, Any], key: str) -> dict[str, str | tuple[str, ...]]:
        self.reader.keys(fields, key, SOURCE_KEYS, needed=("title",))
        result: dict[str, str | tuple[str, ...]] = {}
        for name, value in fields.items():
            path = f"{key}.{name}"
            if name not in SOURCE_KEYS:
                continue
            read = self._day(value, path) if name in ("issued", "accessed") else self._field(name, value, path)
            if read is not None:
                result[name] = read
        return result

    def _day(self, value: object, key: str) -> str | None:
        """A date, or a month or year where no more is known, as ISO text."""
        text = value.isoformat() if isinstance(value, datetime.date) else str(value)
        kind = isinstance(value, (str, int, datetime.date)) and not isinstance(value, (bool, datetime.datetime))
        if kind and len(text) <= 10 and _ISSUED.match(text):
            return text
        self.reader.wrong(key, 'a date such as 2023-10-31 is needed, or "2023-10" or "2023" where no more is known')
        return None

    def _field(self, name: str, value: object, key: str) -> str | tuple[str, ...] | None:
        if name in ("author", "editor") and isinstance(value, list):
            persons = self.reader.texts(value, key)
            if persons is None:
                return None
            return persons if all(self.reader.text(p, f"{key}[{i}]") for i, p in enumerate(persons)) else None
        if isinstance(value, int) and not isinstance(value, bool) and name in ("volume", "issue", "page"):
            number = self.reader.number(value, key)
            return None if number is None else str(number)
        text = self.reader.text(value, key)
        if text is not None and name == "URL" and not text.startswith(("https://", "http://")):
            self.reader.wrong(key, "an address that begins with https:// or http:// is needed")
        return text

    # the game

    def _game(self, title: str) -> tuple[ParameterSpace | None, Game | None, dict[str, object]]:
        """The parameter space (if it can be read), the game (if it can be built) and the options."""
        reader, data = self.reader, self.data
        options = self._options()
        events = self._events()
        if "model" in data:
            if "game" in data:
                reader.wrong("model", "a scenario has a built-in `model` or its own [game], not both")
                return None, None, options
            space, game = self._model(options, events)
            return space, game, options
        if "game" not in data:
            reader.wrong("model", "a scenario needs `model`, the name of a built-in game, or its own [game]")
            return None, None, options
        if options:
            reader.wrong("options", "only a built-in `model` has options, a [game] has none")
        table = reader.table(data["game"], "game")
        if table is None:
            return None, None, options
        space, game = GameTable(reader, table).build(title, events)
        return space, game, {}

    def _options(self) -> dict[str, object]:
        options: dict[str, object] = {}
        for name, value in self._section("options", MAX_OPTION_ENTRIES).items():
            key = f"options.{name}"
            entries = value if isinstance(value, list) else [value]
            if len(entries) > MAX_OPTION_ENTRIES:
                self.reader.wrong(key, f"there may be at most {MAX_OPTION_ENTRIES} entries, not {len(entries)}")
                continue
            good = [self._plain(entry, key) for entry in entries]
            if all(good):
                options[name] = value
        return options

    def _plain(self, value: object, key: str) -> bool:
        if isinstance(value, (bool, str)):
            return True
        if isinstance(value, (int, Fraction, BadNumber)):
            return self.reader.number(value, key) is not None
        self.reader.wrong(key, f"an option is a text, a number, true, false or a list of these, not {describe(value)}")
        return False

    def _events(self) -> dict[str, str]:
        events = {}
        for name, value in self._section("events", MAX_EVENTS).items():
            key = f"events.{name}"
            if self.reader.name(name, key) and (text := self.reader.text(value, key)) is not None:
                events[name] = text
        return events

    def _model(
        self, options: Mapping[str, object], events: Mapping[str, str]
    ) -> tuple[ParameterSpace | None, Game | None]:
        from . import models

        name, choices = self.data["model"], models.names()
        if not isinstance(name, str):
            self.reader.wrong("model", f"the name of a built-in game is needed, not {describe(name)}")
            return None, None
        if name not in choices:
            shown = repr(name if len(name) <= 64 else name[:61] + "...")
            message = f"there is no built-in game {shown}; there are {', '.join(choices)}"
            self.reader.wrong("model", message, choices, name)
            return None, None
        model = models.get(name)
        try:
            game = model.build(options, events)
        except GameError as error:
            self.reader.add(*error.problems)
            # Which parameters there are may depend on the options.
            return None if model.indexed else ParameterSpace(model.parameters), None
        return game.space, game

    # parameters

    def _parameters(
        self, space: ParameterSpace | None, sources: Mapping[str, object]
    ) -> dict[str, Assumption]:
        """What the file assumes, by name; one that is not declared, or has no value, is a mistake."""
        found: dict[str, Assumption] = {}
        table = self._section("parameters", MAX_PARAMETERS)
        for name, value in table.items():
            key = f"parameters.{name}"
            if not self.reader.name(name, key):
                continue
            if space is not None and name not in space.names:
                there = f"there are {', '.join(space.names[:12])}" if space.names else "it has none"
                self.reader.wrong(key, f"the game declares no parameter {name!r}; {there}", space.names, name)
                continue
            unit = space[name].unit if space is not None else ""
            assumption = self._assumption(name, value, unit, sources)
            if assumption is not None:
                found[name] = assumption
                if space is not None:
                    self._range(space, assumption)
        for name in space.names if space is not None else ():
            if name not in table:
                self.reader.wrong(f"parameters.{name}", f"the parameter {name!r} of the game has no value")
        return found

    def _assumption(self, name: str, value: object, unit: str, sources: Mapping[str, object]) -> Assumption | None:
        reader, key = self.reader, f"parameters.{name}"
        if not isinstance(value, dict):
            number = reader.number(value, key)
            return None if number is None else Assumption(name, number, unit=unit)
        reader.keys(value, key, PARAMETER_KEYS, needed=("value",))
        texts = {
            part: reader.text(value[part], f"{key}.{part}", blank=part in ("unit", "note")) or ""
            for part in ("unit", "note", "source")
            if part in value
        }
        role = reader.choice(value.get("role", "constant"), f"{key}.role", ROLES)
        basis = reader.choice(value["basis"], f"{key}.basis", BASES) if "basis" in value else ""
        source = texts.get("source", "")
        if source and source not in sources:
            message = f"[sources] has no key {source[:64]!r}"
            reader.wrong(f"{key}.source", message, sources, source)
        elif basis in ("observed", "estimated") and "source" not in value:
            reader.wrong(key, f"the basis {basis!r} needs a `source`, a key of [sources]")
        given = value.get("value")
        linked = isinstance(given, dict) and bool(set(given) & set(LINK_KEYS))
        link = self._link(given, f"{key}.value") if linked and isinstance(given, dict) else None
        number = link.value if link is not None else None
        if "value" in value and not linked:
            number = reader.number(given, f"{key}.value")
        ends = self._ends(value["range"], f"{key}.range") if "range" in value else None
        spread = self._distribution(value, ends, key)
        if number is None:
            return None
        return Assumption(
            name, number, ends, texts.get("unit", unit), role or "constant", basis or "", source, texts.get("note", ""),
            spread, link,
        )

    def _link(self, table: dict[str, Any], key: str) -> Link | None:
        """A value that comes from another scenario, with that value."""
        reader = self.reader
        before = len(reader.problems)
        reader.keys(table, key, LINK_KEYS, needed=("from", "event"))
        parts = {name: reader.text(table[name], f"{key}.{name}") for name in LINK_KEYS if name in table}
        if len(reader.problems) > before:
            return None
        link = Link(parts["from"] or "", parts["event"] or "", parts.get("take") or "")
        if self.resolve is None:
            reader.wrong(key, "only a scenario that is a file can take values from another: paths are relative to it")
            return None
        try:
            return self.resolve(link)
        except ProblemsError as error:
            reader.elsewhere(key, link.file, error.problems)
        except DeterrenceError as error:
            reader.wrong(key, f"{link.file}: {error}")
        return None

    def _distribution(
        self, table: Mapping[str, object], ends: tuple[Fraction, Fraction] | None, key: str
    ) -> str:
        """The distribution over a range, where one is named that goes with it."""
        if "distribution" not in table:
            return ""
        name = self.reader.choice(table["distribution"], f"{key}.distribution", DISTRIBUTIONS) or ""
        if "range" not in table:
            self.reader.wrong(f"{key}.distribution", "a distribution needs a `range`")
        elif name == "loguniform" and ends is not None and ends[0] <= 0:
            self.reader.wrong(f"{key}.distribution", "loguniform needs a range of positive numbers")
        return name

    def _ends(self, value: object, key: str) -> tuple[Fraction, Fraction] | None:
        if not isinstance(value, list) or len(value) != 2:
            self.reader.wrong(key, 'a range is a list of two numbers, such as ["1/10", "9/10"]')
            return None
        low = self.reader.number(value[0], f"{key}[0]")
        high = self.reader.number(value[1], f"{key}[1]")
        if low is None or high is None:
            return None
        if low > high:
            self.reader.wrong(key, f"the lower end {low} is above the upper end {high}")
            return None
        return low, high

    def _range(self, space: ParameterSpace, assumption: Assumption) -> None:
        """That a range holds the value and lies in the closure of the parameter's own domain."""
        if assumption.range is None:
            return
        key = f"parameters.{assumption.name}.range"
        low, high = assumption.range
        if not low <= assumption.value <= high:
            self.reader.wrong(key, f"the value {assumption.value} lies outside the range {low} to {high}")
        for i, end in enumerate(assumption.range):
            self._in_domain(space, assumption.name, end, f"{key}[{i}]")

    def _in_domain(self, space: ParameterSpace, name: str, value: Fraction, key: str) -> None:
        domain = space[name].domain
        own = [c for c in space.ring.parse_condition(domain) if c.free <= {name}]
        closed = [Condition(c.ring, c.poly, ">=") if c.op == ">" else c for c in own if c.op != "!="]
        if not all(condition.holds({name: value}) for condition in closed):
            self.reader.wrong(key, f"{value} is outside the domain {shorten(domain)} of {name!r}")

    # record

    def _record(self) -> dict[str, Any]:
        table = self._section("record", len(RECORD_KEYS))
        self.reader.keys(table, "record", RECORD_KEYS)
        found: dict[str, Any] = {}
        if "file" in table:
            found["file"] = self.reader.text(table["file"], "record.file")
        days = table.get("days", 1)
        if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= MOST_DAYS:
            self.reader.wrong("record.days", f"a whole number of days from 1 to {MOST_DAYS} is needed")
        elif "days" in table:
            found["days"] = days
        return found

    # sweep

    def _sweep(self, space: ParameterSpace | None) -> dict[str, dict[str, Fraction | int]]:
        table = self._section("sweep", MAX_PARAMETERS)
        self.reader.keys(table, "sweep", ("over",))
        over = self.reader.table(table.get("over", {}), "sweep.over") or {}
        found = {}
        total = 1
        for name, value in over.items():
            key = f"sweep.over.{name}"
            if space is not None and name not in space.names:
                self.reader.wrong(key, f"the game declares no parameter {name[:64]!r}", space.names, name)
            axis = self.reader.table(value, key, "a table such as { from = 0, to = 1, points = 101 }")
            read = self._axis(axis, key) if axis is not None else None
            if read is None:
                continue
            found[name] = read
            total *= int(read["points"])
            if space is not None and name in space.names:
                self._in_domain(space, name, Fraction(read["from"]), f"{key}.from")
                self._in_domain(space, name, Fraction(read["to"]), f"{key}.to")
        if total > MAX_POINTS:
            self.reader.wrong("sweep.over", f"a sweep may have at most {MAX_POINTS} points")
        return found

    def _axis(self, axis: dict[str, Any], key: str) -> dict[str, Fraction | int] | None:
        self.reader.keys(axis, key, SWEEP_KEYS, needed=SWEEP_KEYS)
        if not set(SWEEP_KEYS) <= set(axis):
            return None
        low = self.reader.number(axis["from"], f"{key}.from")
        high = self.reader.number(axis["to"], f"{key}.to")
        points = axis["points"]
        if isinstance(points, bool) or not isinstance(points, int) or not 2 <= points <= MAX_POINTS:
            self.reader.wrong(f"{key}.points", f"a whole number from 2 to {MAX_POINTS} is needed")
            return None
        if low is None or high is None:
            return None
        if low >= high:
            self.reader.wrong(key, f"`from` must be below `to`, and {low} is not below {high}")
            return None
        return {"from": low, "to": high, "points": points}
