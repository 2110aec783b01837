r"""Checked reading of the tables of a file: every mistake collected with its key path, and its line at the end.

A `Reader` goes through tables that were parsed from TOML. Each of its methods takes a value with the key path at
which it stands, gives the value if it is of the kind that is needed, and otherwise notes a mistake and gives None.

>>> reader = Reader("cost = true", "example.toml")
>>> reader.number(True, "cost")
>>> reader.stop()
Traceback (most recent call last):
    ...
deterrence.errors.ScenarioError: example.toml:1: cost: a number is needed, not true or false
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

from .errors import MAX_PROBLEMS, ExpressionError, Problem, ScenarioError, nearest
from .expressions import exact, is_name
from .toml import BadNumber, KeyLines

__all__ = ["MAX_TEXT", "Reader", "describe"]

MAX_TEXT: Final = 10_000
MAX_KEY: Final = 120

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def describe(value: object) -> str:
    """What kind of TOML value this is, in words."""
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (bool, "true or false"),
        (int, "a whole number"),
        ((float, Fraction, BadNumber), "a decimal number"),
        (str, "a text"),
        (dict, "a table"),
        (list, "a list"),
        ((datetime.date, datetime.time), "a date or time"),
    )
    return next((words for kind, words in kinds if isinstance(value, kind)), type(value).__name__)


class Reader:
    """Collects the mistakes of one file."""

    def __init__(self, text: str, file: str) -> None:
        self.text_of_file = text
        self.file = file
        self.problems: list[Problem] = []

    def wrong(self, key: str, message: str, choices: Iterable[str] = (), name: str = "") -> None:
        """Note a mistake; of the choices the one nearest to the name is suggested."""
        self.add(Problem(message, key, suggestion=nearest(name, choices) if name else None))

    def elsewhere(self, key: str, name: str, problems: Iterable[Problem]) -> None:
        """Note mistakes in another file that a key names: where it is named, and after that each at its own place."""
        told = tuple(problems)
        placed = [problem for problem in told if problem.file and problem.line is not None]
        for problem in told:
            if problem not in placed:
                self.wrong(key, f"{name}: {problem.key + ': ' if problem.key else ''}{problem.message}")
        if placed:
            self.wrong(key, f"{name} has mistakes of its own, told after this one with their lines")
            self.add(*placed)

    def add(self, *problems: Problem) -> None:
        """Note mistakes found elsewhere; beyond `MAX_PROBLEMS` nothing more is read."""
        for problem in problems:
            self.problems.append(problem)
            if len(self.problems) >= MAX_PROBLEMS:
                self.stop()

    def stop(self) -> None:
        """Raise what was found, in the order of the file; mistakes of another file after the one that names it."""
        if not self.problems:
            return
        lines = KeyLines(self.text_of_file)
        line = 1
        placed = []
        for problem in dict.fromkeys(self.problems):
            if problem.file:
                placed.append((line, problem))
            else:
                line = lines.line(problem.key) or 1
                placed.append((line, problem.at(file=self.file, line=line, key=problem.key[:MAX_KEY])))
        raise ScenarioError(problem for _, problem in sorted(placed, key=lambda entry: entry[0]))

    def table(self, value: object, key: str, what: str = "a table") -> dict[str, Any] | None:
        """A table."""
        if isinstance(value, dict):
            return value
        self.wrong(key, f"{what} is needed, not {describe(value)}")
        return None

    def tables(self, value: object, key: str) -> list[tuple[str, dict[str, Any]]]:
        """The tables of an array, each with its key path."""
        if not isinstance(value, list):
            self.wrong(key, f"a list of tables, each opened by [[{key}]], is needed, not {describe(value)}")
            return []
        found = []
        for i, entry in enumerate(value):
            path = f"{key}[{i}]"
            table = self.table(entry, path)
            if table is not None:
                found.append((path, table))
        return found

    def keys(self, table: Mapping[str, object], key: str, allowed: Iterable[str], needed: Iterable[str] = ()) -> None:
        """That a table has only keys that exist, and those that it needs."""
        choices = tuple(allowed)
        for name in table:
            if name not in choices:
                path = f"{key}.{name}" if key else name
                self.wrong(path, f"there is no key {name[:64]!r} here; there are {', '.join(choices)}", choices, name)
        for name in needed:
            if name not in table:
                self.wrong(key or name, f"the key {name!r} is missing")

    def misplaced(self, data: Mapping[str, Any], names: Iterable[str], tables: Iterable[str]) -> dict[str, Any]:
        """The tables of the file with its own texts put where they belong: below a table's head they are part of it.

        A text of that name that is a number is left where it stands.
        """
        result = dict(data)
        for head in tables:
            table = result.get(head)
            for name in names:
                if name in result or not isinstance(table, dict) or not isinstance(table.get(name), str):
                    continue
                if _is_number(table[name]):
                    continue
                self.wrong(
                    f"{head}.{name}",
                    f"{name!r} stands below [{head}] and is taken for a part of it; a key of the whole file belongs "
                    "at the top, above the first line in brackets",
                )
                result[name] = table[name]
                table = result[head] = {key: value for key, value in table.items() if key != name}
        return result

    def text(self, value: object, key: str, *, blank: bool = False) -> str | None:
        """A text of a reasonable length without characters that hide or turn others."""
        if not isinstance(value, str):
            self.wrong(key, f"a text in quotes is needed, not {describe(value)}")
        elif len(value) > MAX_TEXT:
            self.wrong(key, f"a text may have at most {MAX_TEXT} characters, this one has {len(value)}")
        elif not blank and not value.strip():
            self.wrong(key, "the text is empty")
        elif (bad := _hidden(value)) is not None:
            self.wrong(key, f"the text holds the invisible character U+{ord(bad):04X}")
        else:
            return value
        return None

    def texts(self, value: object, key: str) -> tuple[str, ...] | None:
        """A list of texts."""
        if not isinstance(value, list):
            self.wrong(key, f"a list of texts is needed, not {describe(value)}")
            return None
        good = True
        for i, entry in enumerate(value):
            if not isinstance(entry, str):
                self.wrong(f"{key}[{i}]", f"a text in quotes is needed, not {describe(entry)}")
                good = False
        return tuple(value) if good else None

    def number(self, value: object, key: str) -> Fraction | None:
        """An exact number."""
        if isinstance(value, BadNumber):
            self.wrong(key, value.message)
        elif isinstance(value, bool) or not isinstance(value, (int, str, Fraction)):
            self.wrong(key, f"a number is needed, not {describe(value)}")
        else:
            try:
                return exact(value)
            except ExpressionError as error:
                self.wrong(key, error.message)
        return None

    def choice(self, value: object, key: str, choices: tuple[str, ...]) -> str | None:
        """One of several words."""
        if isinstance(value, str) and value in choices:
            return value
        shown = repr(value[:40]) if isinstance(value, str) else describe(value)
        name = value if isinstance(value, str) else ""
        self.wrong(key, f"one of {', '.join(choices)} is needed, not {shown}", choices, name)
        return None

    def name(self, text: str, key: str) -> bool:
        """Whether a text may be a name."""
        if is_name(text):
            return True
        self.wrong(
            key,
            f"{text[:64]!r} is no name: letters, digits and underscores of ASCII are needed, no digit first, "
            "at most 64 of them, and no keyword of Python",
        )
        return False

    def date(self, value: object, key: str) -> datetime.date | None:
        """A date without a time."""
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return value
        self.wrong(key, f"a date such as 2023-10-31, without quotes, is needed, not {describe(value)}")
        return None


def _is_number(text: str) -> bool:
    """Whether a text is an exact number."""
    try:
        exact(text)
    except ExpressionError:
        return False
    return True


def _hidden(text: str) -> str | None:
    """The first character that a reader would not see and that changes what is seen."""
    for char in text:
        if char in _TURNING or (unicodedata.category(char) in ("Cc", "Cs", "Cn", "Co") and char not in "\n\t"):
            return char
    return None
