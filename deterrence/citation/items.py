r"""What a result rests on, as items of CSL: the software, the result, the sources of its scenario, its literature.

Every item has a key that stays the same wherever the result is cited:

- the software ``deterrence-VERSION``;
- a result ``deterrence-MODEL-`` and the first ten digits of its fingerprint (``game`` for a game written in a file);
- a source of the scenario its key there, with ``source-`` before it where another work of the literature has the same;
- a work of the literature, of the model or of the theorems, its key in `cite`.

Two sources with one key in the scenarios of two results get six digits of their SHA-256 behind it.

A result has no author here, since whoever wrote the scenario has a claim to it, and ``n.d.`` for a year: its
fingerprint says which one it is.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ..cite import entry
from ..cite import keys as known
from .latex import one_line

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..theorems import Theorem

__all__ = ["Cited", "items", "result_key", "software_key"]

TITLE: Final = "deterrence: every equilibrium of games of deterrence and restraint"
AUTHORS: Final = "The deterrence authors"
SHORT: Final = 10
DATES: Final = ("issued", "accessed")
NAMES: Final = ("author", "editor")
TYPES: Final = frozenset({
    "article", "article-journal", "article-magazine", "article-newspaper", "bill", "book", "broadcast", "chapter",
    "dataset", "document", "entry", "entry-dictionary", "entry-encyclopedia", "event", "figure", "graphic", "hearing",
    "interview", "legal_case", "legislation", "manuscript", "map", "motion_picture", "pamphlet", "paper-conference",
    "patent", "personal_communication", "post", "post-weblog", "regulation", "report", "review", "software", "song",
    "speech", "standard", "thesis", "treaty", "webpage",
})
_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}\Z")
_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?\Z")
_VERSION: Final = re.compile(r"deterrence ([0-9A-Za-z][0-9A-Za-z.+!-]{0,40})\Z")
_PERSON: Final = re.compile(r"([^,]+), ([^,]+)\Z")
_COMPANY: Final = re.compile(r"\b(of|and|for|Inc|Ltd|LLC|Corp|Company|Bureau|Office|Department|Ministry)\b")


@dataclass(frozen=True)
class Cited:
    """A result with what is needed to cite it.

    Attributes
    ----------
    document : the saved document.
    scenario : its scenario.
    fingerprint : as it is stated, ``sha256:`` and 64 digits.
    command : the verb that made it.
    version : of the package that made it.
    theorems : what it rests on.
    """

    document: Mapping[str, Any] = field(repr=False)
    scenario: Scenario
    fingerprint: str
    command: str
    version: str
    theorems: tuple[Theorem, ...] = ()

    @property
    def model(self) -> str:
        """The name of the built-in game; ``game`` where the scenario has its own."""
        return self.scenario.model or "game"

    @property
    def used(self) -> tuple[str, ...]:
        """The keys of the sources of the scenario; those that values cite come first."""
        cited = [a.source for a in self.scenario.assumptions if a.source in self.scenario.sources]
        return tuple(dict.fromkeys([*cited, *self.scenario.sources]))

    @property
    def literature(self) -> tuple[str, ...]:
        """The works that the model follows."""
        from .. import models

        return models.get(self.scenario.model).literature if self.scenario.model else ()


def version_of(document: Mapping[str, Any], made: Mapping[str, Any]) -> str:
    """The version of the package that made a result, as it says itself; ``unknown`` where it does not."""
    said: Any = document.get("provenance")
    told = [said.get("package")] if isinstance(said, Mapping) else []
    agents: Any = made.get("prov", {}).get("agent", {})
    told += [agent.get("prov:label") for agent in agents.values() if isinstance(agent, Mapping)] if isinstance(
        agents, Mapping) else []
    for text in told:
        if isinstance(text, str) and (found := _VERSION.match(text)):
            return found[1]
    return "unknown"


def software_key(version: str) -> str:
    """The key of the software.

    >>> software_key("0.1.0")
    'deterrence-0.1.0'
    """
    return f"deterrence-{version}"


def result_key(found: Cited) -> str:
    """The key of a result."""
    return f"deterrence-{found.model}-{found.fingerprint.removeprefix('sha256:')[:SHORT]}"


def source_keys(results: Sequence[Cited]) -> dict[tuple[int, str], str]:
    """For each source, by the number of its result and its key in the scenario, the key under which it is cited."""
    taken: dict[str, str] = {key.lower(): "" for key in known()}
    for one in results:
        taken.update({key.lower(): "" for key in (software_key(one.version), result_key(one))})
    found = {}
    for number, one in enumerate(results):
        for key in one.used:
            if _known(one.scenario.sources[key], key):
                found[number, key] = key
                continue
            digest = _digest(one.scenario.sources[key])
            # BibTeX does not tell capitals from small letters in keys.
            for name in (key, f"source-{key}", f"{key}-{digest[:6]}", f"source-{key}-{digest[:6]}"):
                if taken.setdefault(name.lower(), f"{key} {digest}") == f"{key} {digest}":
                    break
            found[number, key] = name
    return found


def _known(source: Mapping[str, Any], key: str) -> bool:
    """Whether a source is the work of the literature that has its key."""
    return key in known() and one_line(source.get("title", "")).lower() == entry(key)["title"].lower()


def _digest(source: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(source, sort_keys=True).encode("utf-8", "replace")).hexdigest()


def items(results: Sequence[Cited]) -> dict[str, list[dict[str, Any]]]:
    """Items by what they are: ``software``, ``result``, ``sources``, ``literature``, ``theorems``; each one once."""
    keys = source_keys(results)
    grouped: dict[str, list[dict[str, Any]]] = {
        "software": [_software(one.version) for one in results],
        "result": [_result(one) for one in results],
        "sources": [
            _work(key) if _known(one.scenario.sources[key], key)
            else _source(one.scenario.sources[key], keys[number, key])
            for number, one in enumerate(results) for key in one.used
        ],
        "literature": [_work(key) for one in results for key in one.literature],
        "theorems": [_work(key) for one in results for theorem in one.theorems for key in theorem.literature],
    }
    seen: set[str] = set()
    found: dict[str, list[dict[str, Any]]] = {}
    for name, listed in grouped.items():
        found[name] = []
        for item in listed:
            if item["id"] not in seen:
                seen.add(item["id"])
                found[name].append(item)
    return found


def _software(version: str) -> dict[str, Any]:
    return {
        "id": software_key(version), "type": "software", "author": [{"literal": AUTHORS}], "title": TITLE,
        "version": version,
    }


def _result(found: Cited) -> dict[str, Any]:
    title = one_line(found.scenario.title) or "untitled scenario"
    return {
        "id": result_key(found), "type": "dataset",
        "title": f"{title}: result of deterrence {found.command}",
        "version": found.version, "number": found.fingerprint,
        "note": f"Computed by deterrence {found.version}; fingerprint {found.fingerprint}",
    }


def _work(key: str) -> dict[str, Any]:
    return dict(entry(key))


def _source(source: Mapping[str, Any], key: str) -> dict[str, Any]:
    """A source of a scenario: its fields on one line each, dates and names as CSL has them."""
    kind = source.get("type", "")
    item: dict[str, Any] = {"id": key, "type": kind if kind in TYPES else "webpage" if "URL" in source else "document"}
    for name, value in source.items():
        if name in DATES:
            if (date := _DATE.match(str(value))) is not None:
                item[name] = {"date-parts": [[int(part) for part in date.groups() if part]]}
        elif name in NAMES:
            told = [value] if isinstance(value, str) else list(value)
            if people := [person for one in told if (person := _person(one_line(one)))]:
                item[name] = people
        elif name != "type" and (text := one_line(value)):
            item[name] = text
    item.setdefault("title", key)
    return item


def _person(name: str) -> dict[str, str]:
    """A name as "family, given"; that of a body as it is."""
    found = _PERSON.match(name)
    if found is None or _COMPANY.search(name):
        return {"literal": name} if name else {}
    return {"family": found[1].strip(), "given": found[2].strip()}
