r"""Verification: a saved result computed again from the scenario that it holds, checked and compared.

A saved result states :math:`r` for :math:`(c, F, v, o)` (see `origin`). Verifying it means

1. *form*: its text is the text that this package writes for what it holds, and its fingerprint is right;
2. *answer*: :math:`f_c(F, v, o)` is computed again and is :math:`r`, number by number;
3. *certificates*: the equilibria that it states are checked from the definition of their concept (`certify`), which
   shares no code with the solvers; families and sweeps are compared with certified solutions at points.

An answer by another version of the package is compared without what that version says about itself.
"""

from __future__ import annotations

import filecmp
import inspect
import json
import math
import os
import re
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from . import saved as store
from .algebraic import Algebraic, real_roots
from .cards import card, paragraph, table
from .certify import CONCEPTS, Certificate, certify, types_independent
from .direct import DirectGame
from .errors import BranchCutWarning, DeterrenceError, DeterrenceWarning, LimitError, NotSupportedError, ProblemsError
from .origin import Origin
from .remade import made_again, versionless
from .saved import Saved, refused
from .sealing import LAYOUT, attributes_of, dims_of, fingerprint, page_fingerprint, plain, sweep_fingerprint

if TYPE_CHECKING:
    from .scenario import Scenario

__all__ = ["VERDICTS", "Check", "Difference", "Verification", "differences", "number", "verify"]

VERDICTS: Final = ("verified", "same answer, other version", "other answer", "changed")
"""What verification may end with; the last two mean that it failed."""
MOST: Final = 20
SPOTS: Final = 4
"""At how many points of a sweep every equilibrium is found and certified anew."""
CLOSE: Final = 1e-9
LIBRARY: Final = "_NCProperties"
"""Attribute of netCDF with the versions of the libraries that wrote a file."""
_EXACT: Final = re.compile(r"-?[0-9]{1,4000}(/[1-9][0-9]{0,3999})?\Z")
_TERM: Final = re.compile(
    r"(?P<sign>[+-])?(?P<size>[0-9]{1,4000}(?:/[1-9][0-9]{0,3999})?)?\*?(?P<x>x(?:\*\*(?P<degree>[0-9]{1,4}))?)?"
)
MOST_DEGREE: Final = 2_000
_ROOT: Final = re.compile(r"root\(([^,]{1,20000}), ([^,]{1,8001}), ([^,]{1,8001})\)\Z")

Telling = Callable[[str], None]


@dataclass(frozen=True)
class Difference:
    """Where a saved result and the computed one differ, and what each has there."""

    at: str
    saved: str
    now: str

    def __str__(self) -> str:
        return f"{self.at}: the file says {self.saved}, computed again it is {self.now}"

    def to_dict(self) -> dict[str, str]:
        """As plain data."""
        return {"at": self.at, "saved": self.saved, "now": self.now}


@dataclass(frozen=True)
class Check:
    """One certificate that was checked again: of what, whether it holds, and what was found."""

    of: str
    holds: bool
    said: str

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {"of": self.of, "holds": self.holds, "said": self.said}


@dataclass(frozen=True)
class Verification:
    """What verifying a saved result found.

    Attributes
    ----------
    file, command, title : the file, the verb that made the result, the title of its scenario.
    verdict : one of `VERDICTS`.
    stated, found : the fingerprint that the file states, and that of what it holds.
    changes : what shows that the file is not as it was written.
    differences : where the answer differs, at most a few; `more` counts the others.
    checks : certificates.
    saved_by, now : versions by name, those of the file and those here.
    """

    file: str
    command: str
    title: str
    verdict: str
    stated: str
    found: str
    changes: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    more: int = 0
    checks: tuple[Check, ...] = ()
    saved_by: Mapping[str, str] = field(default_factory=dict)
    now: Mapping[str, str] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether the result can be relied on."""
        return self.verdict in VERDICTS[:2]

    def __bool__(self) -> bool:
        return self.holds

    def __repr__(self) -> str:
        lines = [f"Verification({self.file}: {self.verdict})"]
        lines += [f"  {text}" for text in (*self.changes, *map(str, self.differences))]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """What a notebook shows: the verdict, what differs, and the certificates."""
        differing = [(one.at, one.saved, one.now) for one in self.differences]
        return card(
            self.title, paragraph(f"{self.verdict.capitalize()}: deterrence {self.command}, {self.found}."),
            *map(paragraph, self.changes), table(("what differs", "the file says", "computed again"), differing),
            paragraph(f"… and {self.more} more differences." if self.more else ""),
            table(("certificate of", "holds", ""), [(c.of, "yes" if c.holds else "no", c.said) for c in self.checks]),
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "format": 1,
            "command": self.command,
            "title": self.title,
            "verdict": self.verdict,
            "holds": self.holds,
            "fingerprint": {"stated": self.stated, "found": self.found},
            "changes": list(self.changes),
            "differences": [one.to_dict() for one in self.differences],
            "more_differences": self.more,
            "certificates": [check.to_dict() for check in self.checks],
            "versions": {"saved": dict(self.saved_by), "now": dict(self.now)},
        }


def verify(
    path: str | os.PathLike[str], *, points: str | os.PathLike[str] | None = None, jobs: int | None = None,
    telling: Telling | None = None,
) -> Verification:
    """Compute a saved result again and compare; parameters as in `deterrence.verify`."""
    saved = store.read(path)
    say = telling or (lambda words: None)
    found, changes = _form(saved)
    try:
        if Path(saved.path).suffix.lower() == ".nc":
            differing, checks = _sweep(saved, points, jobs, say)
        elif Path(saved.path).suffix.lower() in store.SUFFIXES:
            differing, checks = _rebuilt(saved, jobs, say), []
        else:
            differing, checks = _answer(saved, jobs, say)
    except (ProblemsError, NotSupportedError) as error:
        if not changes:
            raise
        changes.append(f"what it holds cannot be computed again: {str(error).partition(chr(10))[0]}")
        differing, checks = [], []
    return _concluded(saved, found, changes, differing, checks)


def _concluded(
    saved: Saved, found: str, changes: Sequence[str], differing: Sequence[Difference], checks: Sequence[Check]
) -> Verification:
    by, now = _versions(saved.made), _here()
    if changes:
        verdict = "changed"
    elif differing or not all(check.holds for check in checks):
        verdict = "other answer"
    else:
        verdict = "verified" if by.get("deterrence") == now["deterrence"] else "same answer, other version"
    return Verification(
        file=saved.path, command=saved.command, title=_title(saved), verdict=verdict, stated=saved.fingerprint,
        found=found, changes=tuple(changes), differences=tuple(differing[:MOST]), more=max(0, len(differing) - MOST),
        checks=tuple(checks), saved_by=by, now=now,
    )


def _form(saved: Saved) -> tuple[str, list[str]]:
    """The fingerprint of what a file holds, and what shows that it was changed."""
    changes = []
    suffix = Path(saved.path).suffix.lower()
    page = suffix in store.SUFFIXES
    if page:
        found = page_fingerprint(saved.text, saved.fingerprint)
    else:
        found = sweep_fingerprint(saved.path) if suffix == ".nc" else fingerprint(saved.document)
    if found != saved.fingerprint:
        changes.append(f"the fingerprint is not that of what the file holds: it states {saved.fingerprint}, and it is "
                       f"{found}")
    if saved.text and not page and saved.text != store.text_of(saved.document):
        changes.append("the text of the file is not as this package writes it: another program or a person wrote it")
    return found, changes


def _title(saved: Saved) -> str:
    told = saved.document.get("scenario")
    return str(told.get("title", "")) if isinstance(told, Mapping) else ""


def _versions(made: Mapping[str, Any]) -> dict[str, str]:
    versions = made.get("versions")
    return {str(k): str(v) for k, v in versions.items()} if isinstance(versions, Mapping) else {}


def _here() -> dict[str, str]:
    from .origin import versions

    return versions()


# Computing again ---------------------------------------------------------------------------------------------------


def _functions() -> dict[str, Callable[..., Any]]:
    """What computes the result of each command."""
    from .confront import confront
    from .discovery import discover
    from .frontier import frontier
    from .robust import robust
    from .sensitivity import sensitivity
    from .solvers import atlas, solve
    from .sweep import plan

    return {
        "solve": solve, "atlas": atlas, "prove": _proof, "sensitivity": sensitivity, "robust": robust,
        "discover": discover, "confront": confront, "frontier": frontier, "sweep": plan,
    }


def _proof(scenario: Scenario, *, statement: str, atlas: Mapping[str, Any] | None = None) -> Any:
    from .propositions import prove
    from .solvers import atlas as atlas_of

    return prove(atlas_of(scenario, **(atlas or {})), statement)


def _called(saved: Saved, scenario: Scenario, **more: Any) -> Any:
    """The result of the command of a saved result, computed again.

    Raises
    ------
    ProblemsError
        where there is no such command, or it takes no such option.
    """
    functions = _functions()
    if saved.command not in functions:
        raise refused(saved.path, f"made.command: {saved.command[:40]!r} is none of {', '.join(functions)}")
    return store.called(saved.path, functions[saved.command], scenario, saved.options, more)


def _answer(saved: Saved, jobs: int | None, say: Telling) -> tuple[list[Difference], list[Check]]:
    """Where a document differs from the one computed again, and its certificates checked."""
    with saved.opened() as scenario:
        more: dict[str, Any] = {}
        if "record" in saved.options:
            more["record"] = Path(scenario.file).parent / str(saved.options["record"])
            if str(saved.options["record"]) not in saved.made["files"]:
                raise refused(saved.path, "made.options.record: none of made.files has this name")
        if jobs is not None and "jobs" in inspect.signature(_functions().get(saved.command, _proof)).parameters:
            more["jobs"] = jobs
        say("computing it again")
        result = _called(saved, scenario, **more)
        read = getattr(result, "record", None)
        texts = {f"record/{name}": text for name, text in read.texts.items()} if read is not None else {}
        now = store.document(result, Origin(saved.command, scenario, saved.options, texts))
        say("checking certificates")
        checks = list(_certificates(saved, scenario, result))
    return list(differences(*_comparable(saved.document, now))), checks


def _comparable(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two documents without their fingerprints; by other versions also without what these say about themselves.

    Another version of this package may say more of an origin; another version of Python or a library may not.
    """
    by, now = _versions(one["made"]), _versions(other["made"])

    def cut(document: Mapping[str, Any]) -> dict[str, Any]:
        left = {key: value for key, value in document.items() if key != "fingerprint"}
        if by == now:
            return left
        told = left.pop("provenance", None)
        if by.get("deterrence") == now.get("deterrence"):
            made = {key: value for key, value in left["made"].items() if key != "versions"}
            return {**left, "made": made, "provenance": told.get("package") if isinstance(told, Mapping) else told}
        kept = ("command", "options", "values", "scenario", "files", "sources")
        return {**left, "made": {key: left["made"][key] for key in kept if key in left["made"]}}

    return cut(one), cut(other)


def differences(saved: Any, now: Any, at: str = "") -> Iterator[Difference]:
    """Every place where two documents differ.

    >>> [str(d) for d in differences({"a": ["1/2"]}, {"a": ["1/3"], "b": 1})]
    ['a[0]: the file says "1/2", computed again it is "1/3"', 'b: the file says nothing, computed again it is 1']
    """
    if isinstance(saved, Mapping) and isinstance(now, Mapping):
        for key in dict.fromkeys([*saved, *now]):
            place = f"{at}.{key}" if at else str(key)
            if key not in saved or key not in now:
                yield Difference(place, *(_shown(d[key]) if key in d else "nothing" for d in (saved, now)))
            else:
                yield from differences(saved[key], now[key], place)
    elif isinstance(saved, list) and isinstance(now, list):
        if len(saved) != len(now):
            yield Difference(at, f"{len(saved)} entries", f"{len(now)}")
        for n, (one, other) in enumerate(zip(saved, now, strict=False)):
            yield from differences(one, other, f"{at}[{n}]")
    elif type(saved) is not type(now) or saved != now:
        yield Difference(at, _shown(saved), _shown(now))


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 120 else f"{text[:110]}... ({len(text)} characters)"


# Certificates ------------------------------------------------------------------------------------------------------


def number(text: object) -> Fraction | Algebraic:
    """The exact number of a saved result.

    Raises
    ------
    ValueError
        where it is none.

    >>> number("root(x**2 - 2, 1, 2)") > number("7/5")
    True
    """
    if isinstance(text, str) and len(text) <= 50_000:
        if _EXACT.match(text):
            return Fraction(text)
        found = _ROOT.match(text)
        if found and _EXACT.match(found[2]) and _EXACT.match(found[3]):
            return _root(found[1], Fraction(found[2]), Fraction(found[3]))
    raise ValueError(f"{str(text)[:60]!r} is no exact number")


def _root(text: str, low: Fraction, high: Fraction) -> Fraction | Algebraic:
    """The root of a polynomial between two bounds, of which no other root lies there."""
    powers: dict[int, Fraction] = {}
    for sign, size, degree in _terms(text):
        powers[degree] = powers.get(degree, Fraction(0)) + (-size if sign == "-" else size)
    if not any(powers.values()) or max(powers) > MOST_DEGREE:
        raise ValueError(f"{text[:60]!r} is no polynomial in x that is not zero, of degree at most {MOST_DEGREE}")
    roots = real_roots([powers.get(n, Fraction(0)) for n in range(max(powers) + 1)])
    inside = [root for root in roots if low < root < high] or [root for root in roots if low <= root <= high]
    if len(inside) != 1:
        raise ValueError(f"{text[:60]!r} has {len(inside)} roots between {low} and {high}")
    found: Fraction | Algebraic = inside[0]
    return found


def _terms(text: str) -> Iterator[tuple[str, Fraction, int]]:
    """The terms of a polynomial as it is written: sign, size, degree."""
    bare = text.replace(" ", "")
    at = 0
    while at < len(bare):
        term = _TERM.match(bare, at)
        if term is None or term.end() == at or (term["x"] is None and term["size"] is None):
            raise ValueError(f"{text[:60]!r} is no polynomial in x")
        degree = 0 if term["x"] is None else int(term["degree"] or 1)
        yield term["sign"] or "+", Fraction(term["size"] or 1), degree
        at = term.end()


def _certificates(saved: Saved, scenario: Scenario, result: Any) -> Iterator[Check]:
    """Certificates of what a saved result states."""
    if saved.command == "solve":
        yield from _of_solution(saved, scenario, result)
    elif saved.command == "atlas" and not isinstance(scenario.game, DirectGame):
        yield from _of_atlas(scenario, result)
    elif saved.command == "prove":
        yield Check("the statement", True, f"decided again: {result.status}")


def _of_solution(saved: Saved, scenario: Scenario, result: Any) -> Iterator[Check]:
    stated = saved.document.get("equilibria")
    if not isinstance(stated, list):
        raise refused(saved.path, "equilibria: a list is needed")
    if isinstance(scenario.game, DirectGame):
        # Such a game has no histories; its own checker passed what was computed again, which the answer is compared
        # with.
        for entry in result:
            yield Check(entry.id, entry.certificate.holds, repr(entry.certificate))
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BranchCutWarning)
        game = scenario.game.at(scenario.point)
    # What somebody puts in beside the answer must not cost more than the answer: more entries, or roots of polynomials
    # of any degree. Both differ from what was computed again.
    roots = set(_roots(result.to_dict()))
    if len(stated) > len(result):
        yield Check("equilibria", False, f"{len(stated)} are stated, computed again there are {len(result)}")
    for n, entry in enumerate(stated[: len(result)]):
        try:
            name, concept = str(entry["id"]), str(entry["certificate"]["concept"])
            rows = {s: {a: _known(p, roots) for a, p in row.items()} for s, row in entry["strategy"].items()}
            beliefs = {s: {h: _known(p, roots) for h, p in row.items()} for s, row in entry["beliefs"].items()}
            claimed = entry["certificate"]["nash_regret"], entry["certificate"]["sequential_regret"]
        except (KeyError, TypeError, AttributeError, ValueError, DeterrenceError) as error:
            yield Check(f"equilibria[{n}]", False, f"cannot be read: {str(error)[:200]}")
            continue
        if concept not in CONCEPTS:
            yield Check(name, False, f"{concept[:40]!r} is no concept that can be checked")
            continue
        found = _certified(scenario, game, rows, beliefs, concept)
        right = found.holds and (str(found.nash_regret), str(found.sequential_regret)) == tuple(map(str, claimed))
        why = "; ".join(found.reasons[:2])
        yield Check(name, right, repr(found) + (f" ({why})" if why and not found.holds else ""))


def _roots(told: Any) -> Iterator[str]:
    """Every irrational number of a document, as it is written there."""
    if isinstance(told, Mapping):
        for value in told.values():
            yield from _roots(value)
    elif isinstance(told, list):
        for value in told:
            yield from _roots(value)
    elif isinstance(told, str) and told.startswith("root("):
        yield told


def _known(text: object, roots: Collection[str]) -> Fraction | Algebraic:
    """The exact number of a saved result, an irrational one only where it was computed again.

    Raises
    ------
    ValueError
        where it is none.
    """
    if isinstance(text, str) and text.startswith("root(") and text not in roots:
        raise ValueError(f"{text[:60]!r} is no number of the answer computed again")
    return number(text)


def _certified(scenario: Scenario, game: Any, rows: Any, beliefs: Any, concept: str) -> Certificate:
    """A certificate; types that are independent at this point alone are none (contract, section 2)."""
    found = certify(game, rows, beliefs, concept)
    if found.holds or concept == "nash" or not types_independent(game):
        return found
    for shift in (Fraction(1, 997), Fraction(-1, 991), Fraction(1, 89)):
        point = {
            name: value * (1 + shift * n) if value else shift * n
            for n, (name, value) in enumerate(scenario.point.items(), 1)
        }
        if not scenario.game.space.violations(point) and not types_independent(scenario.game.at(point)):
            return certify(game, rows, beliefs, concept, independent=False)
    return found


def _of_atlas(scenario: Scenario, atlas: Any) -> Iterator[Check]:
    """That the families which exist at the scenario's values are among the certified equilibria there."""
    from .solvers import solve

    point = {name: scenario.point[name] for name in atlas.game.space.names}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeterrenceWarning)
            solution = solve(scenario)
    except LimitError as error:
        yield Check("the families at the scenario's values", True, f"not compared with certified equilibria: {error}")
        return
    there = [{name: str(p) for name, p in entry.events.items()} for entry in solution]
    for family in atlas:
        if family.implicit or family.roots or family.quantities or not family.holds(point):
            continue
        events = {name: str(value.evaluate(point)) for name, value in family.events.items()}
        holds = events in there
        yield Check(family.id, holds, "at the scenario's values it is one of the certified equilibria" if holds else
                    "at the scenario's values no certified equilibrium has these probabilities")


# Sweeps ------------------------------------------------------------------------------------------------------------


def _sweep(
    saved: Saved, points: str | os.PathLike[str] | None, jobs: int | None, say: Telling
) -> tuple[list[Difference], list[Check]]:
    """Where a sweep differs from the one computed again."""
    from .reports import points as table
    from .sweep import make

    if saved.command != "sweep":
        raise refused(saved.path, "made.command: netCDF holds sweeps")
    with saved.opened() as scenario, TemporaryDirectory(prefix="deterrence-") as folder:
        more: dict[str, Any] = {}
        if "points" in saved.options:
            place = Path(scenario.file).parent / "points.csv"
            if points is None and not place.exists():
                raise refused(saved.path, "its list of points was too long to be kept in it: name it (--points FILE)")
            more["points"] = table(str(place if points is None else points))
        say("computing it again")
        plan = _called(saved, scenario, **more)
        again = Path(folder, "again.nc")
        make(plan, jobs, None, str(again), "netcdf")
        differing = list(_arrays(saved, str(again)))
        checks = list(_spots(saved.path, plan, scenario, say))
    return differing, checks


def _arrays(saved: Saved, again: str) -> Iterator[Difference]:
    """Where a sweep in netCDF differs from the one computed again.

    What the library that wrote a file says of itself, and where it lays things, may differ with its version.
    """
    import h5py

    from .storage import UNREADABLE

    apart = []
    try:
        with h5py.File(saved.path, "r") as one, h5py.File(again, "r") as other:
            for name in dict.fromkeys([*one, *other]):
                if name not in one or name not in other:
                    apart.append(Difference(name, *("there" if name in file else "nothing" for file in (one, other))))
                elif isinstance(one[name], h5py.Dataset):
                    apart += [*_about(name, one[name], other[name]), *_variable(name, one[name], other[name])]
                else:
                    apart.append(Difference(name, "a group", "a variable"))
            same_library = one.attrs.get(LIBRARY) == other.attrs.get(LIBRARY)
    except UNREADABLE as error:
        apart.append(Difference("the file", f"damaged ({str(error)[:80]})", "whole"))
        same_library = False
    now = store.read(again)
    apart += differences(*_told(saved, now))
    same = same_library and _versions(saved.made) == _versions(now.made)
    if not apart and same and not filecmp.cmp(saved.path, again, shallow=False):
        yield Difference("the bytes of the file", "other bytes", "those that this version writes, with the same values")
    yield from apart


def _about(name: str, one: Any, other: Any) -> Iterator[Difference]:
    """What two variables say of themselves, and what layouts say of them."""
    yield from differences(attributes_of(one), attributes_of(other), name)
    yield from differences(dims_of(one), dims_of(other), f"{name}, dimensions")
    for key in sorted(LAYOUT):
        both = [repr(v.attrs.get_id(key).dtype) if key in v.attrs else "nothing" for v in (one, other)]
        if "Netcdf4" in key:
            both = [repr(plain(v.attrs[key])) if key in v.attrs else "nothing" for v in (one, other)]
        if both[0] != both[1]:
            yield Difference(f"{name}.{key}", *both)


def _told(saved: Saved, now: Saved) -> tuple[dict[str, Any], dict[str, Any]]:
    """What two sweeps say of themselves, to be compared; by other versions without what these say about themselves."""
    by, here = _versions(saved.made), _versions(now.made)

    def told(one: Saved) -> dict[str, Any]:
        attributes = {key: plain(value) for key, value in one.document["attributes"].items() if key != LIBRARY}
        if by != here:
            attributes.pop("plan", None)  # a digest of versions too
            attributes["provenance"] = _package(attributes.get("provenance"))
        if by.get("deterrence") != here.get("deterrence"):
            for key in ("source", "provenance"):
                attributes.pop(key, None)
        return {**attributes, "made": one.made}

    return _comparable(told(saved), told(now))


def _package(provenance: object) -> Any:
    """The package of a provenance that is held as JSON."""
    try:
        told = json.loads(str(provenance))
    except (ValueError, RecursionError):
        return str(provenance)
    return told.get("package") if isinstance(told, Mapping) else told


def _variable(name: str, one: Any, other: Any) -> Iterator[Difference]:
    """How many values of a variable differ, and the first of them."""
    import numpy as np

    if one.shape != other.shape or one.dtype != other.dtype:
        yield Difference(name, f"{one.dtype} {one.shape}", f"{other.dtype} {other.shape}")
        return
    for n in range(one.shape[0] if one.ndim else 1):
        left, right = (np.atleast_1d(v[n] if v.ndim else v[()]) for v in (one, other))
        bits = f"u{left.dtype.itemsize}"
        apart = left.view(bits) != right.view(bits) if left.dtype.kind == "f" else left != right
        count = int(np.count_nonzero(apart))
        if count:
            first = tuple(int(i[0]) for i in np.nonzero(apart))
            many = f" ({count} values of this row differ)" if count > 1 else ""
            yield Difference(f"{name}[{n}]{many}", str(left[first]), str(right[first]))
            return


def _spots(path: str, plan: Any, scenario: Scenario, say: Telling) -> Iterator[Check]:
    """At a few points, every equilibrium found and certified anew beside the envelope of the sweep."""
    import h5py
    import numpy as np

    from .solvers import solve
    from .solvers.ranges import may_vary

    size = plan.design.size
    names = [event for event in plan.game.events if f"P_max[{event}]" in _names(path)]
    if not names or not size:
        return
    with h5py.File(path, "r") as file:
        ends = {
            event: (np.asarray(file[f"P_min[{event}]"]).ravel(), np.asarray(file[f"P_max[{event}]"]).ravel())
            if f"P_min[{event}]" in file else None for event in names
        } if size <= 10**7 else {}
    for n in range(min(SPOTS, size) if ends else 0):
        at = (2 * n + 1) * size // (2 * min(SPOTS, size))
        say(f"point {n + 1} of {SPOTS}")
        point = plan.design.point(at)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeterrenceWarning)
                entries = list(solve(scenario, point=point))
        except (LimitError, ValueError):
            continue
        for event, both in ends.items():
            if both is None or not entries or any(may_vary(scenario.game, entry) for entry in entries):
                continue
            chances = [float(entry.events[event]) for entry in entries]
            holds = all(
                math.isclose(float(end[at]), chance, rel_tol=CLOSE, abs_tol=CLOSE)
                for end, chance in zip(both, (min(chances), max(chances)), strict=True)
            )
            shown = ", ".join(f"{name} = {value}" for name, value in point.items())
            yield Check(f"P[{event}] at {shown}", holds, f"{len(entries)} certified equilibria")


def _names(path: str) -> list[str]:
    import h5py

    with h5py.File(path, "r") as file:
        return list(file)


# Pages, pictures and documents -------------------------------------------------------------------------------------


def _rebuilt(saved: Saved, jobs: int | None, say: Telling) -> list[Difference]:
    """The lines in which a page, picture or document differs from the one made again.

    Of one made by other versions, what these say of themselves and the fingerprints that hang on it are left out.
    """
    now = made_again(saved, jobs, say)
    by, here = _versions(saved.made), _here()
    if by == here:
        return _lines(saved.text, now)
    return _lines(versionless(saved.text, by), versionless(now, here))


def _lines(text: str, now: str) -> list[Difference]:
    """The lines in which two texts differ."""
    pairs = enumerate(zip_longest(text.splitlines(keepends=True), now.splitlines(keepends=True), fillvalue=""), 1)
    return [Difference(f"line {n}", repr(one)[:120], repr(other)[:120]) for n, (one, other) in pairs if one != other]
