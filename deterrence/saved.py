r"""Saved results: documents that hold their scenario, their options and a fingerprint, so that anybody can check them.

A saved result is the document of a command with two more keys: ``made``, its origin (`origin`), and ``fingerprint``,

.. math:: \operatorname{SHA256}(\text{every other key, as JSON with sorted keys and no blanks}).

It is written in one way only, so that a file of another form was changed by somebody. For sweeps in netCDF see
`sealing`. Pictures, reports and pages hold the origin in a line of their own (`embedded`).

>>> document = stamped({"answer": "1/2"})
>>> document["fingerprint"] == fingerprint(document)
True
>>> fingerprint({**document, "answer": "1/3"}) == document["fingerprint"]
False
"""

from __future__ import annotations

import inspect
import json
import os
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from . import origin
from .direct import DirectGame
from .errors import DeterrenceError, DeterrenceWarning, Problem, ProblemsError
from .files import check_place, placed
from .sealing import BLANK, fingerprint, joined, plain
from .theorems import theorems_for

if TYPE_CHECKING:
    from .scenario import Scenario

__all__ = [
    "MARK", "Saved", "called", "check_options", "document", "embedded", "extracted", "read", "refused", "stamped",
    "text_of", "write",
]

MARK: Final = "deterrence-made: "
"""What stands before the origin in pictures, reports and pages."""
MOST_BYTES: Final = 512 * 2**20
MOST_FILES: Final = 64
MOST_TEXT: Final = 32 * 2**20
MOST_MARKS: Final = 100
SUFFIXES: Final = (".html", ".md", ".tex", ".svg")
_SAFE: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})
_FINGERPRINT: Final = re.compile(r"sha256:[0-9a-f]{64}\Z")


@dataclass(frozen=True)
class Saved:
    """A result as it was saved.

    Attributes
    ----------
    path : the file.
    document : all of it; of a sweep what its attributes say.
    text : the file as text; empty for netCDF.
    """

    path: str
    document: Mapping[str, Any] = field(repr=False)
    text: str = field(default="", repr=False)

    @property
    def made(self) -> Mapping[str, Any]:
        """Its origin: command, options, values, files, sources, literature, theorems and provenance."""
        made: Mapping[str, Any] = self.document["made"]
        return made

    @property
    def command(self) -> str:
        """The verb that made it."""
        return str(self.made["command"])

    @property
    def options(self) -> Mapping[str, Any]:
        """The options that differ from the default."""
        options: Mapping[str, Any] = self.made["options"]
        return options

    @property
    def fingerprint(self) -> str:
        """The fingerprint that it states."""
        return str(self.document["fingerprint"])

    @cached_property
    def scenario(self) -> Scenario:
        """Its scenario, read anew from the texts that it holds, with the values that were put in."""
        with self.opened() as scenario:
            return replace(scenario, file=str(self.made["scenario"]))

    @contextmanager
    def opened(self) -> Iterator[Scenario]:
        """The scenario while its files lie in a folder of their own, as a command needs them.

        Raises
        ------
        ScenarioError, ProblemsError
            where the files that it holds are none that could have been read.
        """
        from tempfile import TemporaryDirectory

        from .links import load

        with TemporaryDirectory(prefix="deterrence-") as folder:
            for name, text in self.made["files"].items():
                place = Path(folder, *_parts(self.path, name))
                try:
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_bytes(text.encode("utf-8"))
                except OSError as error:
                    why = error.strerror or "an error of the system"
                    raise refused(self.path, f"made.files: {name[:80]!r} cannot be laid out: {why}") from error
            try:
                scenario = load(Path(folder, *_parts(self.path, self.made["scenario"])))
                yield scenario.with_values(self.made["values"]) if self.made["values"] else scenario
            except ProblemsError as error:
                raise ProblemsError(_inside(problem, folder, self.path) for problem in error.problems) from None

    def place(self, folder: Path, name: str) -> Path:
        """Where a file of it lies while it is opened."""
        return Path(folder, *_parts(self.path, name))


def _inside(problem: Problem, folder: str, path: str) -> Problem:
    """A mistake in a file that a result holds, told as one of the result."""
    file = problem.file or ""
    if not file.startswith(folder):
        return problem
    return replace(problem, file=f"{path} ({os.path.relpath(file, folder)})")


def refused(path: str, what: str) -> ProblemsError:
    """The mistake that a file is no saved result."""
    return ProblemsError([Problem(what, file=path)])


def _parts(path: str, name: str) -> tuple[str, ...]:
    """The parts of the place of a file inside a result.

    Raises
    ------
    ProblemsError
        where it would lie outside.
    """
    place = PurePosixPath(name)
    bad = place.is_absolute() or ".." in place.parts or "\\" in name or ":" in name or "\0" in name or not place.parts
    if bad or len(name) > 500 or len(place.parts) > 16:
        raise refused(path, f"made.files: {name[:80]!r} is no place of a file inside the result")
    return place.parts


def check_options(path: str, function: Callable[..., Any], options: Mapping[str, Any]) -> None:
    """That a function takes the options that a file states, and that none of them writes, connects or runs anything.

    Raises
    ------
    ProblemsError
        where it does not.
    """
    known = set(inspect.signature(function).parameters) - origin.LEFT_OUT
    unknown = [name for name in options if name not in known]
    if unknown:
        raise refused(path, f"made.options: this command has no option {unknown[0][:40]!r}")


def called(
    path: str, function: Callable[..., Any], scenario: Scenario, options: Mapping[str, Any],
    more: Mapping[str, Any] | None = None,
) -> Any:
    """What a function gives for the options that a file states, none of which may write, connect or run anything.

    Parameters
    ----------
    path : the file, for messages.
    function : of a scenario and options by name.
    options : what the file states; not trusted.
    more : options of the caller, which may be any and take the place of those of the file.

    Raises
    ------
    ProblemsError
        where the function takes no such option, or none of this kind.
    """
    check_options(path, function, options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeterrenceWarning)
        try:
            return function(scenario, **{**options, **(more or {})})
        except DeterrenceError:
            raise
        except (TypeError, AttributeError, ValueError, ArithmeticError, LookupError) as error:
            # An option of a type or size that no caller could have given.
            raise refused(path, f"made.options: {str(error)[:200]}") from None


# Writing -----------------------------------------------------------------------------------------------------------


def stamped(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document with its fingerprint."""
    return {**document, "fingerprint": fingerprint(document)}


def document(result: Any, made: origin.Origin | None = None) -> dict[str, Any]:
    """A result as it is saved: its document, its origin, its fingerprint.

    Raises
    ------
    ExpressionError
        where it does not come from a scenario.
    """
    where = made or origin.of(result)
    told = dict(result.to_dict())
    if where.scenario.notes:
        told["notes"] = list(dict.fromkeys([*told.get("notes", ()), *where.scenario.notes]))
    rests = theorems_for(told, where.command, model=where.scenario.model, refine=where.options.get("refine"))
    return stamped({**told, "made": where.to_dict(rests)})


def text_of(document: Mapping[str, Any]) -> str:
    """A saved document as the text of its file."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write(result: Any, path: str | os.PathLike[str]) -> dict[str, Any]:
    """Save a result in JSON and give its document.

    Raises
    ------
    ExpressionError
        where the result does not come from a scenario.
    ProblemsError
        where the file cannot be written.
    """
    found = document(result)
    place = Path(os.path.realpath(path))
    check_place(place)
    with placed(place) as temporary, open(temporary, "x", encoding="utf-8") as stream:
        stream.write(text_of(found))
    return found


def embedded(made: origin.Origin) -> str:
    """An origin as one line, which a comment, a script or metadata of a page, a picture or a document can hold.

    It has a place for the fingerprint of the whole, which `sealing.sealed` fills in.
    """
    scenario = made.scenario
    found = {} if isinstance(scenario.game, DirectGame) else {"method": "atlas", "concept": "pbe"}
    rests = theorems_for(found, made.command, model=scenario.model)
    told = {**made.to_dict(rests), "page": BLANK}
    text = json.dumps(told, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    # Two hyphens end a comment of HTML and XML.
    return MARK + text.translate(_SAFE).replace("--", "-\\u002d")


# Reading -----------------------------------------------------------------------------------------------------------


def read(path: str | os.PathLike[str]) -> Saved:
    """A saved result: JSON, a sweep in netCDF, or a page, picture or document that holds its origin.

    Raises
    ------
    ProblemsError
        where the file is none, or cannot be read.
    """
    name = os.fspath(path)
    suffix = Path(name).suffix.lower()
    if suffix == ".toml":
        raise refused(name, "this is a scenario by its name; save a result first: deterrence solve FILE -o result.json")
    try:
        size = os.path.getsize(name)
        if suffix == ".nc":
            return _of_netcdf(name)
        if size > MOST_BYTES:
            raise refused(name, f"is larger than {MOST_BYTES // 2**20} MiB: no result of this package")
        text = Path(name).read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise refused(name, "is not UTF-8 text: a result is JSON, netCDF, or a page, picture or document that a "
                            "command made (.html, .md, .tex, .svg)") from None
    except OSError as error:
        raise refused(name, error.strerror or str(error)) from error
    if suffix in SUFFIXES:
        made = extracted(text, name)
        stated = made.pop("page", None)
        if not isinstance(stated, str) or not _FINGERPRINT.match(stated):
            raise refused(name, "made.page: a fingerprint such as sha256:0f3a... with 64 digits is needed")
        return Saved(name, {"made": made, "fingerprint": stated}, text)
    return Saved(name, _document(text, name), text)


def _document(text: str, path: str) -> dict[str, Any]:
    try:
        found = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise refused(path, f"is not JSON: {str(error)[:200]}") from None
    if not isinstance(found, dict) or "made" not in found or "fingerprint" not in found:
        raise refused(path, "holds no saved result (keys `made` and `fingerprint` are missing); save one with "
                            "deterrence COMMAND FILE -o result.json")
    if not isinstance(found["fingerprint"], str) or not _FINGERPRINT.match(found["fingerprint"]):
        raise refused(path, "fingerprint: a text such as sha256:0f3a... with 64 digits is needed")
    _check_values(found, path)
    _check_made(found["made"], path)
    return found


def _check_values(found: Any, path: str) -> None:
    """That every number and every character can be written.

    Raises
    ------
    ProblemsError
        where one cannot: 1e999 is read as infinity, and half a pair of surrogates is no character.
    """
    try:
        fingerprint({"": found})
    except (ValueError, RecursionError):
        raise refused(path, "holds a number or a character that no file of this package can hold") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


_DECODER: Final = json.JSONDecoder(parse_constant=_no_constant)


def _check_made(made: Any, path: str) -> None:
    """That an origin has the form that it needs.

    Raises
    ------
    ProblemsError
        where it has not.
    """
    kinds = {"command": str, "options": dict, "values": dict, "scenario": str, "files": dict, "sources": list,
             "literature": list, "theorems": list, "prov": dict}
    if not isinstance(made, dict):
        raise refused(path, "made: a table is needed")
    _check_values(made, path)
    for key, kind in kinds.items():
        if not isinstance(made.get(key), kind):
            raise refused(path, f"made.{key}: a {kind.__name__} is needed")
    files = made["files"]
    if not all(isinstance(text, str) for text in files.values()) or len(files) > MOST_FILES:
        raise refused(path, f"made.files: at most {MOST_FILES} texts by name are needed")
    if sum(map(len, files.values())) > MOST_TEXT:
        raise refused(path, f"made.files: more than {MOST_TEXT // 2**20} MiB of text")
    if made["scenario"] not in files:
        raise refused(path, "made.scenario: none of made.files has this name")
    if not all(isinstance(value, str) for value in made["values"].values()):
        raise refused(path, "made.values: numbers as texts are needed, such as \"3/5\"")


def extracted(text: str, path: str) -> dict[str, Any]:
    """The origin that a page, picture or document holds.

    Raises
    ------
    ProblemsError
        where it holds none.
    """
    # A title or a note may hold the mark too.
    wrong = refused(path, "does not say how it was made: no command of this package wrote it, or somebody took that "
                          "out")
    for found in islice(re.finditer(re.escape(MARK) + r"(?=\{)", text), MOST_MARKS):
        try:
            # What ends the comment or the element may follow on the line.
            made, _ = _DECODER.raw_decode(text, found.end())
            _check_made(made, path)
        except ProblemsError as error:
            wrong = error
        except (ValueError, RecursionError):
            continue
        else:
            return dict(made)
    raise wrong


# Sweeps ------------------------------------------------------------------------------------------------------------


def _of_netcdf(path: str) -> Saved:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            attributes = {str(key): plain(value) for key, value in file.attrs.items()}
    except (OSError, RuntimeError, KeyError, ValueError) as error:
        raise refused(path, f"cannot be read as netCDF: {str(error)[:200]}") from None
    made = joined(attributes, "made")
    stated = attributes.get("fingerprint")
    if not made or not isinstance(stated, str):
        raise refused(path, "holds no saved result of this version (attributes `made` and `fingerprint` are missing)")
    try:
        found = json.loads(made, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise refused(path, f"made: is not JSON: {str(error)[:200]}") from None
    _check_made(found, path)
    rest = {key: value for key, value in attributes.items() if key != "fingerprint" and not key.startswith("made")}
    return Saved(path, {"made": found, "attributes": rest, "fingerprint": stated})
