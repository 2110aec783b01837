r"""The checks on a description of a game: limits, labels, patterns of histories, and where a mistake is noted.

A *label* is a text without comma, ``*`` and ``:`` and without blanks at its ends. A *pattern* is labels joined by
commas, in which ``*`` stands for any one label; it matches the histories of its length that agree with it. The
patterns of all moves are kept in one trie, so that a history is matched with all of them at once.

>>> patterns = Patterns.read(Builder(ParameterSpace(()), ["US"]), "game.move", [None, ("*, strike", "hold")])
>>> patterns.owners(patterns.after(("irresolute", "strike")))
[1]
>>> patterns.unused()
[(1, 1)]
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from .errors import MAX_PROBLEMS, ExpressionError, GameError, Problem
from .expressions import Condition, Expression
from .parameters import ParameterSpace
from .tree import CHANCE, History, Origin

__all__ = [
    "MAX_HISTORIES",
    "MAX_HISTORY",
    "MAX_LABEL",
    "MAX_PLAYERS",
    "MAX_RULES",
    "MAX_TERMS",
    "MAX_TEXT",
    "MAX_WORK",
    "RESERVED",
    "Builder",
    "Patterns",
    "Trie",
    "shorten",
]

MAX_HISTORIES: Final = 20_000
"""Histories of a game."""
MAX_HISTORY: Final = 100
"""Labels of a history."""
MAX_RULES: Final = 10_000
"""Moves, payoff rules, and patterns of either."""
MAX_WORK: Final = 500_000
"""Steps in matching patterns and labels with histories."""
MAX_LABEL: Final = 128
"""Characters of a label, a player or the name of an information set."""
MAX_TEXT: Final = 100_000
"""Characters of all different expressions of a description together."""
MAX_TERMS: Final = 1_000_000
"""Terms that are multiplied or added while the expressions are read."""
MAX_PLAYERS: Final = 50
"""Personal players."""

RESERVED: Final = (CHANCE, "when", "unless", "after")
"""Words that a description uses itself: no player may be called by one."""


class Trie:
    """Patterns of histories; a state is the set of trie nodes a history has led to."""

    def __init__(self) -> None:
        self.next: list[dict[str, int]] = [{}]
        self.ends: list[list[int]] = [[]]

    def add(self, labels: Sequence[str], number: int) -> None:
        """Keep a pattern under its number."""
        node = 0
        for label in labels:
            if label not in self.next[node]:
                self.next[node][label] = len(self.next)
                self.next.append({})
                self.ends.append([])
            node = self.next[node][label]
        self.ends[node].append(number)

    def step(self, state: Sequence[int], label: str) -> tuple[int, ...]:
        """The state after one more label."""
        return tuple(
            self.next[node][key] for node in state for key in (label, "*") if key in self.next[node]
        )

    def matches(self, state: Sequence[int]) -> list[int]:
        """The numbers of the patterns that end in a state."""
        return sorted(number for node in state for number in self.ends[node])


class Builder:
    """Collects every mistake of a description while it builds the game."""

    def __init__(self, space: ParameterSpace, players: Sequence[str]) -> None:
        self.space = space
        self.players = tuple(players)
        self.problems: list[Problem] = []
        self.extra: dict[Condition, Origin] = {}
        self._parsed: dict[str, Expression | ExpressionError] = {}
        self._text = 0
        self._work = 0

    def wrong(self, key: str, message: str, suggestion: str | None = None) -> None:
        """Note a mistake; GameError with what there is, when there are `MAX_PROBLEMS`."""
        self.problems.append(Problem(message, key, suggestion=suggestion))
        if len(self.problems) >= MAX_PROBLEMS:
            self.stop()

    def stop(self) -> None:
        """GameError, if a mistake was noted."""
        if self.problems:
            raise GameError(self.problems)

    def spend(self, steps: int, key: str) -> None:
        """Count work; a description that needs too much is refused."""
        self._work += steps
        if self._work > MAX_WORK:
            self.wrong(key, f"the game has too many histories for its patterns and labels ({MAX_WORK} steps)")
            self.stop()

    def expression(self, key: str, text: object) -> Expression:
        """The expression of a text; zero with a mistake noted where it is none."""
        if isinstance(text, Expression):
            return text
        try:
            return self._parse(key, text)
        except ExpressionError as error:
            self.wrong(key, error.message, error.suggestion)
            return self.space.ring.number(0)

    def _parse(self, key: str, text: object) -> Expression:
        if not isinstance(text, str):
            return self.space.parse(text)
        if text not in self._parsed:
            self._text += len(text)
            if self._text > MAX_TEXT or self.space.ring.work > MAX_TERMS:
                limits = f"{MAX_TEXT} characters together, and {MAX_TERMS} terms when they are multiplied out"
                self.wrong(key, f"the expressions of a game may have at most {limits}")
                self.stop()
            try:
                self._parsed[text] = self.space.parse(text)
            except ExpressionError as error:
                self._parsed[text] = error
        found = self._parsed[text]
        if isinstance(found, ExpressionError):
            raise found
        return found

    def pattern(self, key: str, text: object, what: str = "a history") -> History | None:
        """The labels of a pattern; None with a mistake noted where it is none."""
        if not isinstance(text, str) or not text.strip():
            self.wrong(key, f"{what} is a text of labels joined by commas")
            return None
        labels = tuple(label.strip() for label in text.split(","))
        if len(labels) > MAX_HISTORY:
            self.wrong(key, f"{what} may have at most {MAX_HISTORY} labels")
        elif not all(labels):
            self.wrong(key, f"{shorten(text)} has an empty label between commas")
        else:
            return labels
        return None

    def label(self, key: str, text: object) -> bool:
        """Whether a text may be a label or a player; a mistake is noted."""
        if not isinstance(text, str) or not text or text != text.strip():
            self.wrong(key, f"{shorten(text)} is no label: a text without blanks at its ends is needed")
        elif any(char in text for char in ",*:"):
            self.wrong(key, f"{shorten(text)} is no label: it may hold no comma, '*' or ':'")
        else:
            return self._plain(key, text, "label")
        return False

    def set_name(self, key: str, text: object) -> bool:
        """Whether a text may name an information set; a mistake is noted."""
        if not isinstance(text, str) or not text or text != text.strip():
            self.wrong(key, f"{shorten(text)} is no name: a text without blanks at its ends is needed")
            return False
        return self._plain(key, text, "name")

    def _plain(self, key: str, text: str, what: str) -> bool:
        """Names that look alike but differ are refused: one printable spelling each."""
        if not text.isprintable() or len(text) > MAX_LABEL or not unicodedata.is_normalized("NFC", text):
            need = f"at most {MAX_LABEL} printable characters, accents composed (NFC), are needed"
            self.wrong(key, f"{text[:60]!a} is no {what}: {need}")
            return False
        return True


def shorten(text: object, most: int = 80) -> str:
    """A text in quotes, cut where it is long."""
    shown = text if isinstance(text, str) else str(text)
    return repr(shown if len(shown) <= most else shown[: most - 3] + "...")


@dataclass
class Patterns:
    """The patterns of moves or rules in one trie; `of` gives for the number of a pattern its owner and place there."""

    trie: Trie
    of: list[tuple[int, int]]
    used: set[int]

    @staticmethod
    def read(builder: Builder, key: str, afters: Iterable[tuple[str, ...] | None]) -> Patterns:
        """The patterns of every move or rule; mistakes are noted at ``KEY[i].after[j]``."""
        patterns = Patterns(Trie(), [], set())
        for i, after in enumerate(afters):
            for j, text in enumerate(after or ()):
                labels = builder.pattern(f"{key}[{i}].after[{j}]", text)
                if labels is not None:
                    patterns.trie.add(labels, len(patterns.of))
                    patterns.of.append((i, j))
        return patterns

    def after(self, history: History) -> tuple[int, ...]:
        """The state to which a history leads."""
        state: tuple[int, ...] = (0,)
        for label in history:
            state = self.trie.step(state, label)
        return state

    def owners(self, state: Sequence[int]) -> list[int]:
        """Whose patterns match a history that has led to this state, each once."""
        found = self.trie.matches(state)
        self.used.update(found)
        return sorted({self.of[n][0] for n in found})

    def unused(self) -> list[tuple[int, int]]:
        """Owner and place of every pattern that matched no history so far."""
        return [place for n, place in enumerate(self.of) if n not in self.used]
