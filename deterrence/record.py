r"""The documented record of an episode: attacks and answers by period, with the rows they rest on.

A *period* has a number of days :math:`d` and bounds on the attacks :math:`a_- \le a \le a_+` and answers in it; where
sources disagree the bounds differ. A *count* bounds how many of some events were of a kind, such as lethal attacks
among attacks. Each names rows of a table of documented events by date and event, so that a reader can look them up.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any, Final

from .errors import Problem, ScenarioError
from .reading import Reader, describe
from .toml import decode, parse, read_bytes

__all__ = ["Bounds", "Count", "Period", "Record", "load"]

Bounds = tuple[int, int]
KINDS: Final = ("attack", "answer")
COLUMNS: Final = ("date", "event", "side", "location", "value", "unit", "source_title", "source_url",
                  "quote_or_paraphrase")
MOST: Final = 10_000
LONGEST: Final = 40_000
LATEST: Final = 100_000
APART: Final = 5_000


@dataclass(frozen=True)
class Period:
    """A stretch of days, both ends included, with bounds on the attacks and answers in it."""

    name: str
    start: datetime.date
    end: datetime.date
    attacks: Bounds
    answers: Bounds
    rows: tuple[str, ...]
    note: str = ""

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "name": self.name, "from": self.start.isoformat(), "to": self.end.isoformat(), "days": self.days,
            "attacks": list(self.attacks), "answers": list(self.answers), "rows": list(self.rows), "note": self.note,
        }


@dataclass(frozen=True)
class Count:
    """How many of some events were of a kind: bounds on both; `apart` where each fell on a day of its own."""

    name: str
    of: str
    count: Bounds
    among: Bounds
    rows: tuple[str, ...]
    note: str = ""
    apart: bool = False

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "name": self.name, "of": self.of, "count": list(self.count), "among": list(self.among),
            "on_different_days": self.apart,
            "rows": list(self.rows), "note": self.note,
        }


@dataclass(frozen=True)
class Record:
    """A documented episode.

    Attributes
    ----------
    title, file, sha256 : of the record.
    periods, counts : what it says.
    identification : what it does not identify, and why.
    events : the rows of the table of events, by ``"date: event"``.
    texts : the text of the file by its name, and that of the table of events by its place beside it.
    """

    title: str
    file: str
    sha256: str
    periods: tuple[Period, ...]
    counts: tuple[Count, ...]
    identification: str
    events: Mapping[str, tuple[Mapping[str, str], ...]]
    texts: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def named(self) -> tuple[str, ...]:
        """Every row that a period or a count names, in their order."""
        rows = [row for period in self.periods for row in period.rows]
        return tuple(dict.fromkeys([*rows, *(row for count in self.counts for row in count.rows)]))

    def sources(self, rows: Sequence[str]) -> list[str]:
        """The addresses on which rows rest."""
        return list(dict.fromkeys(event["source_url"] for row in rows for event in self.events[row]))


def load(path: Path) -> Record:
    """A record from its file.

    Raises
    ------
    ScenarioError
        with every mistake, each with its line and key; those of the table of events with the line in that file.
    """
    import hashlib

    data = read_bytes(str(path))
    content = decode(data, str(path))
    reader = Reader(content, str(path))
    table = parse(content, str(path))
    reader.keys(table, "", ("format", "title", "events", "identification", "period", "count"),
                needed=("format", "title", "events", "identification", "period"))
    reader.stop()
    if table["format"] != 1:
        reader.wrong("format", f"this package reads format 1, not {str(table['format'])[:40]}")
    title, name, said = (reader.text(table[key], key) for key in ("title", "events", "identification"))
    texts = {path.name: data.decode("utf-8")}
    events = _events(reader, path, name, texts) if name else {}
    periods = [_period(reader, key, row, events) for key, row in reader.tables(table["period"], "period")]
    counts = [_count(reader, key, row, events) for key, row in reader.tables(table.get("count", []), "count")]
    _in_order(reader, [p for p in periods if p])
    reader.stop()
    return Record(
        title or "", str(path), hashlib.sha256(data).hexdigest(), tuple(p for p in periods if p),
        tuple(c for c in counts if c), said or "", events, texts,
    )


def _in_order(reader: Reader, periods: Sequence[Period]) -> None:
    """That periods are there, follow one another without a day in common, and have names of their own."""
    if not periods and not reader.problems:
        reader.wrong("period", "at least one period is needed")
    for n, (one, other) in enumerate(pairwise(periods), 1):
        if other.start <= one.end:
            reader.wrong(f"period[{n}]", f"it begins on {other.start}, and the one before ends on {one.end}")
    names = [period.name for period in periods]
    for n, name in enumerate(names):
        if name in names[:n]:
            reader.wrong(f"period[{n}].name", f"{name[:64]!r} is the name of two periods")


def _events(
    reader: Reader, path: Path, name: str, texts: dict[str, str]
) -> dict[str, tuple[Mapping[str, str], ...]]:
    """The rows of the table of events; it lies in the folder of the record, or below. Its text is put among `texts`."""
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts or "\\" in name or ":" in name:
        reader.wrong("events", "a path such as events.csv, relative to this file and not above it, is needed")
        return {}
    file = str(path.parent / relative)
    try:
        content = read_bytes(file)
        text = decode(content, file) if content.strip() else ""
    except ScenarioError as error:
        reader.elsewhere("events", name, error.problems)
        return {}
    texts[str(relative)] = content.decode("utf-8")
    listed, wrong = _table(text)
    reader.elsewhere("events", name, (Problem(message, file=file, line=line) for line, message in wrong))
    found: dict[str, tuple[Mapping[str, str], ...]] = {}
    for row in () if wrong else listed:
        key = f"{row['date']}: {row['event']}"
        found[key] = (*found.get(key, ()), row)
    return found


def _table(text: str) -> tuple[list[Mapping[str, str]], list[tuple[int, str]]]:
    """The rows of a table of events, and its mistakes with their lines."""
    rows = csv.reader(io.StringIO(text), strict=True)
    listed: list[Mapping[str, str]] = []
    wrong: list[tuple[int, str]] = []
    end = 0
    if not text:
        return [], [(1, f"the table is empty; its first line is {','.join(COLUMNS)}")]
    try:
        for cells in rows:
            line, end = end + 1, rows.line_num
            if line == 1 and tuple(cells) != COLUMNS:
                return [], [(1, f"the columns are {', '.join(COLUMNS)}, in this order")]
            if len(listed) == MOST:
                wrong.append((line, f"there may be at most {MOST} rows"))
                break
            if cells and len(cells) != len(COLUMNS):
                wrong.append((line, f"a row has {len(COLUMNS)} cells, this one {len(cells)}"))
            elif cells and line > 1:
                listed.append(dict(zip(COLUMNS, cells, strict=True)))
    except csv.Error as error:
        wrong.append((end + 1, f"this is not CSV: {error}"))
    return listed, wrong


def _period(
    reader: Reader, key: str, table: dict[str, Any], events: Mapping[str, object]
) -> Period | None:
    needed = ("name", "from", "to", "attacks", "answers", "rows")
    before = len(reader.problems)
    reader.keys(table, key, (*needed, "note"), needed=needed)
    if len(reader.problems) > before:
        return None
    start, end = (reader.date(table[part], f"{key}.{part}") for part in ("from", "to"))
    attacks, answers = (_bounds(reader, table[part], f"{key}.{part}") for part in ("attacks", "answers"))
    rows = _rows(reader, table["rows"], f"{key}.rows", events)
    name = reader.text(table["name"], f"{key}.name")
    note = reader.text(table["note"], f"{key}.note", blank=True) if "note" in table else ""
    if start is None or end is None or attacks is None or answers is None or rows is None or name is None:
        return None
    if (end - start).days > LONGEST:
        reader.wrong(key, f"a period may have at most {LONGEST} days")
        return None
    if end < start:
        reader.wrong(key, f"`to` must not be before `from`, and {end} is before {start}")
        return None
    return Period(name, start, end, attacks, answers, rows, note or "")


def _count(reader: Reader, key: str, table: dict[str, Any], events: Mapping[str, object]) -> Count | None:
    needed = ("name", "of", "count", "among", "rows")
    before = len(reader.problems)
    reader.keys(table, key, (*needed, "note", "on_different_days"), needed=needed)
    apart = table.get("on_different_days", False)
    if not isinstance(apart, bool):
        reader.wrong(f"{key}.on_different_days", f"true or false is needed, not {describe(apart)}")
    if len(reader.problems) > before:
        return None
    name = reader.text(table["name"], f"{key}.name")
    of = reader.choice(table["of"], f"{key}.of", KINDS)
    count, among = (_bounds(reader, table[part], f"{key}.{part}") for part in ("count", "among"))
    rows = _rows(reader, table["rows"], f"{key}.rows", events)
    note = reader.text(table["note"], f"{key}.note", blank=True) if "note" in table else ""
    if name is None or of is None or count is None or among is None or rows is None:
        return None
    if count[0] > among[1]:
        reader.wrong(key, f"there are more of the kind ({count[0]}) than there are at all ({among[1]})")
        return None
    return Count(name, of, count, among, rows, note or "", apart)


def _bounds(reader: Reader, value: object, key: str) -> Bounds | None:
    if isinstance(value, list) and len(value) == 2:
        low, high = value
        whole = all(isinstance(n, int) and not isinstance(n, bool) for n in (low, high))
        if whole and 0 <= low <= high <= LATEST and high - low <= APART:
            return low, high
    reader.wrong(key, "two whole numbers, the least and the greatest that sources allow, are needed, such as [0, 7] "
                 f"(at most {LATEST}, and at most {APART} apart)")
    return None


def _rows(reader: Reader, value: object, key: str, events: Mapping[str, object]) -> tuple[str, ...] | None:
    rows = reader.texts(value, key)
    if rows is None:
        return None
    for n, row in enumerate(rows):
        if events and row not in events:
            reader.add(Problem(f"the table of events has no row {row[:80]!r} (its date, a colon, its event)",
                               f"{key}[{n}]"))
    return rows
