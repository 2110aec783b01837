"""Exceptions and warnings of the package; each derives a builtin, so that callers may catch either.

`Problem` is one mistake in a file: where it is (file, line, key) and what would be right. The errors that can hold
many problems (`ScenarioError`, `GameError`) report all of them at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

__all__ = [
    "MAX_PROBLEMS",
    "BranchCutWarning",
    "CertificateError",
    "DeterrenceError",
    "DeterrenceWarning",
    "ExpressionError",
    "GameError",
    "Interrupted",
    "LimitError",
    "NotSupportedError",
    "Problem",
    "ProblemsError",
    "ScenarioError",
    "StatementError",
    "UnknownNameError",
    "nearest",
]


MAX_PROBLEMS: Final = 50
"""Mistakes that one error reports; reading ends there."""

_MAX_CHOICES: Final = 30
_MAX_SEEN: Final = 2_000
_MAX_LONGER: Final = 3
_MAX_COMPARED: Final = 40


def nearest(name: str, choices: Iterable[str]) -> str | None:
    """The choice nearest to a misspelt name, or None when nothing is near.

    Of many choices only those that are like the name in length and beginning are compared, so that a mistake costs
    little to report.

    >>> nearest("audience_cots", ["audience_cost", "strike_cost"])
    'audience_cost'
    """
    wanted = name[:_MAX_COMPARED].casefold()
    by_fold = {choice[:_MAX_COMPARED].casefold(): choice for choice in choices}
    if wanted in by_fold:
        return by_fold[wanted]
    folds = list(by_fold)
    if len(folds) > _MAX_CHOICES:
        alike = [fold for fold in folds[:_MAX_SEEN] if abs(len(fold) - len(wanted)) <= _MAX_LONGER]
        folds = sorted(alike, key=lambda fold: -_agreement(fold, wanted))[:_MAX_CHOICES]
    found = difflib.get_close_matches(wanted, folds, n=1, cutoff=0.6)
    return by_fold[found[0]] if found else None


def _agreement(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


@dataclass(frozen=True)
class Problem:
    """One mistake: the message says what is wrong and what would be right."""

    message: str
    key: str = ""
    line: int | None = None
    file: str = ""
    suggestion: str | None = None

    def at(self, *, file: str | None = None, line: int | None = None, key: str | None = None) -> Problem:
        """The same problem with its place filled in."""
        return replace(
            self,
            file=self.file if file is None else file,
            line=self.line if line is None else line,
            key=self.key if key is None else key,
        )

    def __str__(self) -> str:
        place = self.file + (f":{self.line}" if self.line is not None and self.file else "")
        text = ": ".join(part for part in (place, self.key, self.message) if part)
        return f"{text} (did you mean {self.suggestion!r}?)" if self.suggestion else text


class DeterrenceError(Exception):
    """Base of every error of this package."""


class ExpressionError(DeterrenceError, ValueError):
    """A text is no arithmetic expression or condition, or it goes beyond a stated limit."""

    def __init__(self, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion


class ProblemsError(DeterrenceError, ValueError):
    """Several mistakes found together; `problems` has them in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class GameError(ProblemsError):
    """The description of a game is not a finite game of perfect recall."""


class ScenarioError(ProblemsError):
    """A scenario file cannot be read as one."""


class StatementError(DeterrenceError, ValueError):
    """A statement cannot be parsed, or names what the atlas does not have."""


class UnknownNameError(DeterrenceError, KeyError):
    """A label, parameter, family or model that does not exist; says which is nearest."""

    def __init__(self, kind: str, name: str, choices: Iterable[str]) -> None:
        self.choices = tuple(choices)
        self.suggestion = nearest(name, self.choices)
        hint = f"; did you mean {self.suggestion!r}?" if self.suggestion else ""
        shown = ", ".join(repr(choice) for choice in self.choices[:12])
        more = ", ..." if len(self.choices) > 12 else ""
        self.message = f"no {kind} {name!r}{hint} (there are: {shown}{more})"
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message


class NotSupportedError(DeterrenceError, NotImplementedError):
    """A method does not cover this game or concept; the message names the methods that would."""


class LimitError(DeterrenceError, RuntimeError):
    """A limit on computing was reached; `partial` holds what was completed.

    `place` says what it is about, where that is not the file that was read; empty where it is no file.
    """

    def __init__(self, message: str, partial: object = None, place: str | None = None) -> None:
        super().__init__(message)
        self.partial = partial
        self.place = place


class Interrupted(KeyboardInterrupt):
    """Computing was interrupted; `partial` holds what was completed."""

    def __init__(self, partial: object) -> None:
        super().__init__("interrupted")
        self.partial = partial


class CertificateError(DeterrenceError, RuntimeError):
    """A result failed the certificate of its own concept: a defect of the package, never given out as a result."""


class DeterrenceWarning(UserWarning):
    """Base of every warning of this package."""


class BranchCutWarning(DeterrenceWarning):
    """A chance branch has probability zero at the values and was cut off."""
