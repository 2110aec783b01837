"""What a command leaves behind: its result as text or as JSON, on standard output or in a file, its warnings, its words
about progress, and an exit status.

>>> Output(json=True).document({"format": 1})
{
  "format": 1
}
"""

from __future__ import annotations

import json
import os
import stat
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from ..errors import DeterrenceWarning, Problem, ProblemsError
from ..files import check_place, placed

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = [
    "BAD_INPUT",
    "BROKEN_PIPE",
    "DONE",
    "INTERRUPTED",
    "REFUTED",
    "UNKNOWN",
    "Output",
    "collected",
    "warn",
    "with_notes",
]

DONE: Final = 0
REFUTED: Final = 1
BAD_INPUT: Final = 2
UNKNOWN: Final = 3
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141

INTERVAL: Final = 0.2  # seconds between two words about progress
PATIENCE: Final = 10.0  # seconds before it is said what would be quicker


@dataclass
class Output:
    """Where a command writes: standard output or the file at `path`; `source` is the file that it reads."""

    json: bool = False
    path: str | None = None
    quiet: bool = False
    source: str | None = None

    @property
    def target(self) -> str | None:
        """The file that is written, where a link leads to."""
        return os.path.realpath(self.path) if self.path is not None and os.path.islink(self.path) else self.path

    def prepare(self, filled: bool = False) -> None:
        """Refuse a place that cannot be written, before anything is computed; one that is `filled` is checked there."""
        self.spare(self.source, "the scenario")
        if self.target is not None and not filled:
            check_place(Path(self.target))

    def spare(self, source: str | None, what: str) -> None:
        """Refuse to write over a file that is read."""
        target = self.target
        if target is None or source is None or not all(map(os.path.exists, (target, source))):
            return
        if os.path.samefile(target, source):
            wrong = f"the result would overwrite {what}; name another file"
            raise ProblemsError([Problem(wrong, "--output", file=target)])

    @property
    def saves(self) -> bool:
        """Whether the file is one for a saved result, by its name."""
        return self.target is not None and self.target.lower().endswith(".json")

    def answer(
        self, found: object, document: Callable[[], Mapping[str, Any]], shown: Callable[[], RenderableType]
    ) -> None:
        """A result: saved with its origin in a file whose name ends in .json, else as JSON or as text."""
        from .. import origin, saved

        if self.target is not None and self.saves and origin.known(found):
            saved.write(found, self.target)
        elif self.json or self.saves:
            self.document(document())
        else:
            self.show(shown())

    def document(self, document: Mapping[str, Any]) -> None:
        """One JSON document."""
        self.text(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n")

    def show(self, renderable: RenderableType) -> None:
        """Something to read."""
        from .. import printing

        if self.path is None and sys.stdout.isatty():
            printing.console().print(renderable, crop=False)
        else:
            self.text(printing.to_text(renderable))

    def text(self, text: str) -> None:
        """A text as it is."""
        target = self.target
        if target is None:
            sys.stdout.write(text)
        elif os.path.exists(target) and not stat.S_ISREG(os.stat(target).st_mode):
            with open(target, "w", encoding="utf-8") as stream:
                stream.write(text)
        else:
            with placed(Path(target)) as temporary, open(temporary, "x", encoding="utf-8") as stream:
                stream.write(text)

    @contextmanager
    def bar(
        self, what: str, then: str = ""
    ) -> Iterator[tuple[Callable[[int, int], None] | None, Callable[[str], None] | None]]:
        """A bar with rate and time left on a terminal; what comes before it is said in words.

        Where its count begins again, `then` says for what.
        """
        if self.quiet or not sys.stderr.isatty():
            yield None, None
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("points"),
                   TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
            task = shown.add_task(f"{what}: finding the families", total=None, rate="")
            words, last = what, -1
            started, first = time.monotonic(), 0

            def progress(done: int, total: int) -> None:
                nonlocal words, last, started, first
                if last < 0 or done < last:
                    words = what if last < 0 or not then else f"{what}: {then}"
                    started, first = time.monotonic(), done
                    shown.reset(task, description=words)
                last = done
                rate = (done - first) / max(time.monotonic() - started, 1e-9)
                shown.update(task, description=words, completed=done, total=total, rate=f"{rate:,.0f}/s")

            def telling(words: str) -> None:
                shown.update(task, description=f"{what}: finding the families ({words})")

            yield progress, telling

    @contextmanager
    def advising(self, words: str) -> Iterator[None]:
        """Say something once on standard error where a block takes longer than `PATIENCE`."""
        if self.quiet or self.json:
            yield
            return
        from threading import Timer

        def say() -> None:
            wiped = "\r\033[K" if sys.stderr.isatty() else ""
            sys.stderr.write(f"{wiped}{words}\n")
            sys.stderr.flush()

        timer = Timer(PATIENCE, say)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    @contextmanager
    def working(self, what: str) -> Iterator[Callable[[str], None]]:
        """Say on a terminal what takes time, and how far it is, and wipe it out afterwards."""
        if self.quiet or not sys.stderr.isatty():
            yield lambda words: None
            return
        started = said = time.monotonic()

        def say(words: str) -> None:
            nonlocal said
            now = time.monotonic()
            if now - said >= INTERVAL:
                said = now
                sys.stderr.write(f"\r\033[K{what}: {words}, {now - started:.0f} s")
                sys.stderr.flush()

        sys.stderr.write(f"{what} ...")
        sys.stderr.flush()
        try:
            yield say
        finally:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


@contextmanager
def collected(output: Output | None = None) -> Iterator[list[str]]:
    """The warnings of a block as sentences, each once; with an output each is told as soon as it comes."""
    found: list[str] = []

    def show(
        message: Warning | str, category: type[Warning], filename: str, lineno: int, file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if str(message) not in found:
            found.append(str(message))
            if output is not None:
                warn(output, [str(message)])

    with warnings.catch_warnings():
        warnings.simplefilter("always", DeterrenceWarning)
        warnings.showwarning = show
        yield found


def warn(output: Output, notes: Sequence[str]) -> None:
    """Each note as a line on standard error, where neither JSON nor quiet is asked for."""
    if not output.quiet and not output.json:
        for note in notes:
            sys.stderr.write(f"warning: {note}\n")


def with_notes(document: dict[str, Any], notes: Sequence[str]) -> dict[str, Any]:
    """A document with these notes among its own."""
    if notes:
        document["notes"] = list(dict.fromkeys([*document.get("notes", ()), *notes]))
    return document
