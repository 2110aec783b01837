r"""TOML text within stated limits, with exact numbers and the line of every key.

`parse` gives the tables of a text; a decimal number becomes the fraction that is written (0.1 is one tenth), and one
that is no finite number within the limits of `expressions` becomes a `BadNumber` for the reader to report. `KeyLines`
finds the line at which a key path such as ``game.move[2].after[0]`` is written.

>>> parse('cost = 0.1\n')
{'cost': Fraction(1, 10)}
>>> KeyLines('[game]\nplayers = ["US",\n "Iran"]\n').line("game.players[1]")
3
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from .errors import ExpressionError, Problem, ScenarioError
from .expressions import exact

__all__ = [
    "MAX_BYTES",
    "MAX_ENTRIES",
    "MAX_KEY_PARTS",
    "MAX_NESTING",
    "BadNumber",
    "KeyLines",
    "decode",
    "parse",
    "read_bytes",
]

MAX_BYTES: Final = 500_000
MAX_NESTING: Final = 16
MAX_KEY_PARTS: Final = 16
MAX_ENTRIES: Final = 100_000
MAX_SHOWN: Final = 60

_STRING = (
    r'"""(?:[^"\\]|\\.|"(?!""))*+"{3,5}'
    r"|'''(?:[^']|'(?!''))*+'{3,5}"
    r'|"(?!"")(?:[^"\\\n]|\\.)*+"'
    r"|'(?!'')[^'\n]*+'"
)
_OPAQUE = re.compile(rf"(?P<comment>\#[^\n]*+)|(?P<string>{_STRING})|(?P<open>[\"'])", re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")
_CHAIN = re.compile(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{MAX_KEY_PARTS}}}")
_TOKEN = re.compile(
    rf"(?P<blank>[ \t]++)|(?P<newline>\n)|(?P<comment>\#[^\n]*+)|(?P<string>{_STRING})"
    r"|(?P<bare>[A-Za-z0-9_+:-]++)|(?P<mark>[\[\]{}=,.])|(?P<other>.)",
    re.DOTALL,
)
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z")
_ASSIGNED = re.compile(rf"[ \t]*+(?:[\w.-]|{_STRING})++[ \t]*+=[ \t]*+")
_TYPED_QUOTES = "\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"


@dataclass(frozen=True)
class BadNumber:
    """A decimal number of a file that is not finite or beyond the limits, with what is wrong."""

    text: str
    message: str


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a regular file of at most `MAX_BYTES`.

    Raises
    ------
    ScenarioError
        where there is no such file, or it is a directory, a device or a pipe, or too large, or cannot be read.
    """
    file = os.fspath(path)
    try:
        # Opening a pipe would wait for a writer, so the kind of file is looked at first.
        mode = os.stat(file)
        if stat.S_ISDIR(mode.st_mode):
            raise _refused(file, "is a directory; a scenario file is needed")
        if not stat.S_ISREG(mode.st_mode):
            raise _refused(file, "is not a regular file; a scenario file is needed")
        if mode.st_size > MAX_BYTES:
            raise _refused(file, _too_large())
        with Path(file).open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        # ScenarioError is a ValueError too: what was found above goes out as it is.
        if isinstance(error, ScenarioError):
            raise
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _refused(file, f"cannot be read: {reason}") from None
    if len(data) > MAX_BYTES:
        raise _refused(file, _too_large())
    return data


def _too_large() -> str:
    return f"is larger than {MAX_BYTES} bytes, the limit on a scenario file"


def _refused(file: str, what: str, line: int | None = None) -> ScenarioError:
    return ScenarioError([Problem(f"the file {what}", file=file, line=line)])


def decode(data: bytes, file: str) -> str:
    """The text of a file, newlines as line feeds.

    Raises
    ------
    ScenarioError
        for an empty, binary or wrongly encoded file.
    """
    if len(data) > MAX_BYTES:
        raise _refused(file, _too_large())
    if not data.strip():
        raise _refused(file, 'is empty; the least scenario has format, title, and model or [game]', 1)
    if data.startswith(b"\xef\xbb\xbf"):
        raise _refused(file, "starts with a byte order mark; save it as UTF-8 without one", 1)
    if (at := data.find(b"\0")) >= 0:
        raise _refused(file, "holds a NUL byte: it is no text", data.count(b"\n", 0, at) + 1)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused(file, "is not UTF-8 text", data.count(b"\n", 0, error.start) + 1) from None
    return text.replace("\r\n", "\n")


def parse(text: str, file: str = "<text>") -> dict[str, Any]:
    """The tables of a TOML text; decimal numbers as fractions.

    Raises
    ------
    ScenarioError
        with the line, where the text is no TOML, or beyond `MAX_NESTING`, `MAX_KEY_PARTS` or `MAX_ENTRIES`.
    """
    _check_nesting(text, file)
    try:
        return tomllib.loads(text, parse_float=_decimal)
    except RecursionError:
        raise ScenarioError([Problem(_too_deep(), file=file)]) from None
    except ValueError as error:
        message = str(error)
        place = _PLACE.search(message)
        message = message[: place.start()] if place else message
        line = int(place[1]) if place and place[1] else text.count("\n") + 1 if place else None
        problem = None
        if place and place[2] and message.startswith(("Invalid value", "Expected newline")):
            problem = _unquoted(text, int(place[1]), int(place[2]))
        raise ScenarioError([(problem or _explained(text, file, message, line)).at(file=file)]) from None


def _explained(text: str, file: str, message: str, line: int | None) -> Problem:
    """A complaint of the TOML parser; a key that is written twice is named with both its places."""
    if "integer string conversion" in message:
        return Problem("a number has too many digits", file=file)
    twice = KeyLines(text).repeated
    if line is not None and ("verwrite" in message or "twice" in message or "Duplicate" in message) and twice:
        key, first, second = min(twice, key=lambda entry: abs(entry[2] - line))
        if abs(second - line) <= 1:
            return Problem(f"this is written twice, first on line {first}", key[:120], second, file)
    shown = message if len(message) <= 160 else message[:157] + "..."
    return Problem(f"this is not TOML: {shown}", line=line, file=file)


def _unquoted(text: str, line: int, column: int) -> Problem | None:
    """What a value without quotes should have been; None where the parser stopped at something else."""
    rows = text.split("\n")
    row, start, ends = rows[line - 1], column - 1, "#,]}"
    assigned = _ASSIGNED.match(row)
    if assigned and row[assigned.end() : assigned.end() + 1] not in {"", *"\"'[{"}:
        # Of a value such as 3/5 the parser takes the 3, and stops after it.
        start, ends = assigned.end(), "#"
    elif row[:start].rstrip()[-1:] not in {"", *"=,["}:
        return None
    value = re.split(f"[{re.escape(ends)}]", row[start:], maxsplit=1)[0].strip().strip(_TYPED_QUOTES)
    if not value or not value.isprintable() or any(mark in "\"'\\=[]{}" for mark in value):
        return None
    shown = value if len(value) <= MAX_SHOWN else f"{value[: MAX_SHOWN - 3]}..."
    if value in ("True", "False"):
        wrong = f"{value} is not a value; write {value.lower()}"
    else:
        wrong = f'{shown} stands without quotes, as only numbers, dates, true and false do; write "{shown}"'
    keys = KeyLines("\n".join([*rows[: line - 1], row[:start]])).lines
    key = re.sub(r"(?:\[\d+\])+\Z", "", next(reversed(keys), ""))
    return Problem(f"this is not TOML: {wrong}", key[:120], line)


def _decimal(text: str) -> Fraction | BadNumber:
    try:
        return exact(text.replace("_", ""))
    except ExpressionError as error:
        return BadNumber(text[:60], error.message)


def _too_deep() -> str:
    return f"arrays and tables may be nested at most {MAX_NESTING} deep, and a key have at most {MAX_KEY_PARTS} parts"


def _check_nesting(text: str, file: str) -> None:
    """Refuse what a recursive parser, or one that copies key paths, could not read in time."""
    flat = _flatten(text)
    depth = 0
    for match in _BRACKET.finditer(flat):
        depth += 1 if match[0] in "[{" else -1
        if depth > MAX_NESTING:
            line = flat.count("\n", 0, match.start()) + 1
            raise ScenarioError([Problem(_too_deep(), line=line, file=file)])
    if sum(flat.count(mark) for mark in "=,[{") > MAX_ENTRIES:
        raise ScenarioError([Problem(f"the file has more than {MAX_ENTRIES} keys, tables and elements", file=file)])
    if (chain := _CHAIN.search(flat)) is not None:
        line = flat.count("\n", 0, chain.start()) + 1
        raise ScenarioError([Problem(_too_deep(), line=line, file=file)])


def _flatten(text: str) -> str:
    """The text without comments, and without what stands in strings but its newlines, up to a string left open."""
    end = next((m.start() for m in _OPAQUE.finditer(text) if m.lastgroup == "open"), len(text))
    return _OPAQUE.sub(lambda m: "" if m.lastgroup == "comment" else "s" + "\n" * m[0].count("\n"), text[:end])


class KeyLines:
    """The line of every key, table and element of a TOML text, by its path; of as much of it as is TOML."""

    def __init__(self, text: str) -> None:
        self.lines: dict[str, int] = {}
        self.repeated: list[tuple[str, int, int]] = []
        self._counts: dict[str, int] = {}
        self._tables: dict[str, int] = {}
        self._tokens = self._tokenise(text)
        self._kind, self._text, self._line = "newline", "\n", 1
        self._next()
        self._document()

    def line(self, path: str) -> int | None:
        """The line of a path, or of the nearest key above it that is written; None where nothing is."""
        while path:
            if path in self.lines:
                return self.lines[path]
            cut = max(path.rfind("."), path.rfind("["))
            path = path[: max(cut, 0)]
        return None

    @staticmethod
    def _tokenise(text: str) -> Iterator[tuple[str, str, int]]:
        line = 1
        for match in _TOKEN.finditer(text):
            kind = match.lastgroup or "other"
            if kind == "other" and match[0] in "\"'":
                return
            if kind not in ("blank", "comment"):
                yield kind, match[0], line
            if kind in ("newline", "string"):
                line += match[0].count("\n")

    def _next(self) -> None:
        self._kind, self._text, self._line = next(self._tokens, ("end", "", self._line))

    def _document(self) -> None:
        prefix = ""
        while self._kind != "end":
            if self._kind == "mark" and self._text == "[":
                prefix = self._header()
            elif self._kind != "newline":
                self._pair(prefix)
            while self._kind not in ("newline", "end"):
                self._next()
            self._next()

    def _header(self) -> str:
        line = self._line
        self._next()
        is_array = self._text == "[" and self._kind == "mark"
        if is_array:
            self._next()
        path = ""
        parts = self._key()
        for i, part in enumerate(parts):
            path = f"{path}.{part}" if path else part
            if i < len(parts) - 1:
                self.lines.setdefault(path, line)
                path = f"{path}[{self._counts[path] - 1}]" if path in self._counts else path
        if is_array:
            self.lines.setdefault(path, line)
            number = self._counts.get(path, 0)
            self._counts[path] = number + 1
            path = f"{path}[{number}]"
        elif path in self._tables:
            self.repeated.append((path, self._tables[path], line))
        else:
            self._tables[path] = line
        self.lines.setdefault(path, line)
        return path

    def _key(self) -> list[str]:
        """The parts of a key up to what follows it."""
        parts = [""]
        while self._kind in ("bare", "string") or (self._kind == "mark" and self._text == "."):
            if self._text == "." and self._kind == "mark":
                parts.append("")
            else:
                parts[-1] = _unquote(self._text) if self._kind == "string" else self._text
            self._next()
        return parts

    def _pair(self, prefix: str) -> None:
        line = self._line
        path = prefix
        parts = self._key()
        for i, part in enumerate(parts):
            path = f"{path}.{part}" if path else part
            if i == len(parts) - 1 and path in self.lines:
                self.repeated.append((path, self.lines[path], line))
            self.lines.setdefault(path, line)
        if self._text != "=":
            return
        self._next()
        self._value(path)

    def _value(self, path: str) -> None:
        """A value: the nesting is bounded before, so that recursion is safe."""
        if self._kind != "mark" or self._text not in "[{":
            self._next()
            return
        close = "]" if self._text == "[" else "}"
        self._next()
        index = 0
        while self._kind != "end" and self._text != close:
            if self._kind == "newline" or self._text == ",":
                self._next()
            elif close == "}":
                before = self._line, self._text
                self._pair(path)
                if (self._line, self._text) == before:
                    self._next()
            else:
                self.lines.setdefault(f"{path}[{index}]", self._line)
                self._value(f"{path}[{index}]")
                index += 1
        self._next()


def _unquote(text: str) -> str:
    """What a quoted key says; escapes are read by the TOML parser itself."""
    if text[0] == "'" or "\\" not in text:
        return text[1:-1]
    try:
        return str(tomllib.loads(f"k = {text}")["k"])
    except ValueError:
        return text[1:-1]
