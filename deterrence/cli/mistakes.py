"""How mistakes are told: one line each on standard error, or one JSON document on standard output; never a traceback.

>>> error(Problem("is negative", "parameters.cost", 6, "a.toml"))["line"]
6
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from typing import Any

from ..errors import DeterrenceError, Problem, ProblemsError, UnknownNameError, nearest
from .output import UNKNOWN, Output

__all__ = ["UsageError", "error", "fail", "unfinished"]


class UsageError(DeterrenceError, ValueError):
    """The command line itself is wrong; `command` is the one that was meant, or empty."""

    def __init__(self, message: str, suggestion: str | None = None, command: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion
        self.command = command

    @property
    def hint(self) -> str:
        """Where to read what would be right."""
        return " ".join(word for word in ("See: deterrence", self.command, "--help") if word)


def error(problem: Problem) -> dict[str, Any]:
    """A problem as an entry of ``errors``."""
    return {
        "file": problem.file or None,
        "line": problem.line,
        "key": problem.key,
        "message": problem.message,
        "suggestion": problem.suggestion,
    }


def unfinished(document: dict[str, Any], status: int, file: str) -> dict[str, Any]:
    """What was completed, with the limit among the errors where one was reached."""
    if status == UNKNOWN:
        message = "; ".join(document.get("notes", ())) or "that nothing else exists could not be proved"
        document["errors"] = [error(Problem(message, file=file))]
    return document


def fail(raised: Exception, output: Output, status: int) -> int:
    """Report an error, on standard output as JSON or else on standard error, and give its status."""
    problems = _problems(raised, output.source or "")
    partial = getattr(raised, "partial", None)
    if output.json:
        document: dict[str, Any] = {"format": 1, "errors": [error(problem) for problem in problems]}
        if partial is not None and hasattr(partial, "to_dict"):
            document["partial"] = partial.to_dict()
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        return status
    for problem in problems:
        # The sentence of an UnknownNameError holds its suggestion already.
        shown = replace(problem, suggestion=None) if isinstance(raised, UnknownNameError) else problem
        prefix = "" if shown.file else "deterrence: "
        sys.stderr.write(f"{prefix}{_printable(str(shown))}\n")
    if isinstance(raised, UsageError) and not output.quiet:
        sys.stderr.write(f"{raised.hint}\n")
    if partial is not None:
        sys.stderr.write(f"What was completed: {partial!r}\n")
    return status


def _problems(raised: Exception, file: str) -> list[Problem]:
    """An error as problems with their place."""
    if isinstance(raised, ProblemsError):
        problems = [problem if problem.file else problem.at(file=file) for problem in raised.problems]
        return [
            p if p.suggestion or p.line or p.key == "--output" else replace(p, suggestion=_nearest_file(p.file))
            for p in problems
        ]
    if isinstance(raised, UsageError):
        return [Problem(raised.message, suggestion=raised.suggestion)]
    if isinstance(raised, OSError):
        name = str(raised.filename or file)
        return [Problem(raised.strerror or str(raised), file=name, suggestion=_nearest_file(name))]
    place = getattr(raised, "place", None)
    message, suggestion = getattr(raised, "message", str(raised)), getattr(raised, "suggestion", None)
    return [Problem(message, file=file if place is None else place, suggestion=suggestion)]


def _nearest_file(path: str) -> str | None:
    """The file of the same directory whose name is nearest, where this one does not exist."""
    folder, name = os.path.split(path)
    if not name or os.path.lexists(path) or not os.path.isdir(folder or "."):
        return None
    # An ending that many files share makes no name near.
    stems = {os.path.splitext(other)[0]: other for other in sorted(os.listdir(folder or "."))}
    near = nearest(os.path.splitext(name)[0], list(stems))
    return os.path.join(folder, stems[near]) if near else None


def _printable(text: str) -> str:
    """Without the control characters that a file may hold."""
    return "".join(char if char.isprintable() else " " if char.isspace() else "?" for char in text)
