r"""LaTeX macros for every number of a result, so that a paper never copies one by hand.

A name is letters alone. It says, in the order of the document, the model, the command, and the keys that lead to the
number, each in capitals and small letters without anything between, digits spelled one by one:

========================================================  ==================================================
of ``deterrence solve`` on a game written in a file        name
========================================================  ==================================================
parameter ``strike_cost``                                  ``\GameSolveParamStrikeCost``
equilibrium F1, probability of ``attack``                  ``\GameSolveFOneProbAttack``
payoff of the US in F12                                    ``\GameSolveFOneTwoPayoffUS``
probability of ``hold`` at the set ``after strike`` in F1  ``\GameSolveFOnePlayAfterStrikeHold``
belief at ``after strike`` of ``resolved, strike``         ``\GameSolveFOneBeliefAfterStrikeResolvedStrike``
========================================================  ==================================================

`WORDS` has the keys whose word is not their own. A number gives its exact value, and with ``Decimal`` behind the name
decimals (`latex.decimals`). Formulas and conditions are set in math mode, in text too (``\ensuremath``). Where two keys
give one name the second has ``Two`` behind it, and so on. Points of drawn curves (``trace``) have no names.

>>> name("Game", "Solve", "F12", "strike_cost"), name("war cost, 2nd")
('GameSolveFOneTwoStrikeCost', 'WarCostTwoNd')
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from .items import Cited, result_key, software_key
from .latex import condition, decimals, escaped, exactly, formula, is_number, one_line

__all__ = ["Macro", "macros", "name", "prefix_of", "source"]

DIGITS: Final = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
WORDS: Final[Mapping[str, str]] = {
    "scenario": "", "parameters": "Param", "equilibria": "", "families": "", "events": "Prob", "payoffs": "Payoff",
    "strategy": "Play", "beliefs": "Belief", "outcomes": "Outcome", "figures": "", "quantities": "", "indices": "",
    "envelope": "", "probability": "Prob",
}
"""The word of a key of a document where it is not the key itself."""
SKIPPED: Final = frozenset({
    "format", "sha256", "provenance", "made", "fingerprint", "latex", "trace", "supports", "answers", "name", "id",
    "note", "notes", "unit", "meaning", "what", "source", "sources", "links", "bytes_per_point",
})
TEXTS: Final = frozenset({"title", "label", "concept", "method", "status", "statement", "reason", "coverage", "lever",
                          "leader", "quantity", "arithmetic"})
"""Keys whose texts have macros too."""
FORMULAS: Final = frozenset({"strategy", "beliefs", "events", "payoffs", "figures"})
DATA: Final = FORMULAS | {"outcomes", "parameters", "witness", "envelope", "roots", "over", "kept", "ranges", "limits"}
"""Keys of tables whose keys are names of the game, which no rule for keys of documents is about."""
CONDITIONS: Final = {"region": "Region", "conditions": "Conditions", "roots": "Roots", "pieces": ""}
NAMING: Final = ("id", "name", "quantity", "parameter", "value")
PAIRS: Final = frozenset({"attainable", "at_from", "at_to"})
"""Keys of pairs of the two events of a frontier; other pairs are ends of a range."""
MOST_LEVELS: Final = 24
MOST_LETTERS: Final = 40
_WORDS: Final = re.compile(r"[A-Za-z]+|[0-9]")


@dataclass(frozen=True)
class Macro:
    """A macro: its name without the backslash, what it stands for, and what that is in words."""

    name: str
    body: str
    about: str


def name(*parts: str) -> str:
    """The name that keys give: letters alone, each word with a capital."""
    found: list[str] = []
    for part in parts:
        letters = "".join(c for c in unicodedata.normalize("NFKD", part[:400]) if not unicodedata.combining(c))
        words = _WORDS.findall(letters)
        found += [DIGITS[int(word)] if word.isdigit() else word[0].upper() + word[1:] for word in words]
    return "".join(found)


def prefix_of(found: Cited) -> str:
    """What the names of a result begin with: the model and the command.

    >>> name("signalling", "solve")
    'SignallingSolve'
    """
    return name(found.model, found.command)


def macros(found: Cited, prefix: str | None = None) -> list[Macro]:
    """Every macro of a result, in the order of its document.

    Parameters
    ----------
    found : the result.
    prefix : what names begin with, letters; None for the model and the command.
    """
    start = prefix_of(found) if prefix is None else name(prefix)
    key = result_key(found)
    listed = [
        Macro(f"{start}Key", key, "the key of this result in the bibliography"),
        Macro(f"{start}SoftwareKey", software_key(found.version), "the key of the software"),
        Macro(f"{start}Fingerprint", _broken(found.fingerprint), "the fingerprint of this result"),
        Macro(f"{start}FingerprintShort", found.fingerprint[:17], "its first digits"),
        Macro(f"{start}Version", escaped(found.version), "the version of deterrence that computed it"),
    ]
    listed += [
        Macro(f"{start}Count", str(len(entries)), f"how many {kind} there are")
        for kind in ("equilibria", "families") if isinstance(entries := found.document.get(kind), list)
    ]
    listed += _Walk(start, found.command, tuple(found.scenario.game.space.names)).everything(found.document)
    return list(_distinct(listed))


def source(listed: Sequence[Macro]) -> str:
    """Macros as LaTeX source, one a line, each with what it is."""
    return "".join(f"\\newcommand{{\\{one.name}}}{{{one.body}}}% {_comment(one.about)}\n" for one in listed)


def _broken(fingerprint: str) -> str:
    head, _, digits = fingerprint.partition(":")
    parts = [digits[at : at + 8] for at in range(0, len(digits), 8)]
    return rf"\texttt{{{head}:{chr(92)}allowbreak {(chr(92) + 'allowbreak ').join(parts)}}}"


def _comment(text: str) -> str:
    """A text that can stand behind a per cent sign: one line of ASCII."""
    return one_line(text, 200).encode("ascii", "replace").decode("ascii")


def _distinct(listed: Sequence[Macro]) -> Iterator[Macro]:
    """The macros with names that differ: the first keeps its name, the others get a number that is free."""
    wanted = {one.name for one in listed}
    used: set[str] = set()
    for one in listed:
        new, number = one.name, 1
        while new in used or (number > 1 and new in wanted):
            number += 1
            new = one.name + name(str(number))
        used.add(new)
        yield Macro(new, one.body, one.about)


def _named(value: object) -> str:
    """What an entry of a list is called, if it says so."""
    if not isinstance(value, Mapping):
        return ""
    told = next((str(value[key]) for key in NAMING if value.get(key)), "")
    return f"{told} {value.get('direction', '')}" if name(told) else ""


@dataclass(frozen=True)
class _Place:
    """Where in a document a value stands: the words of its name, what leads there, and the last key."""

    words: tuple[str, ...]
    path: tuple[str, ...] = ()
    key: str = ""
    data: bool = False

    def at(self, key: str, word: str) -> _Place:
        """The place one step further."""
        words = (*self.words, word) if word else self.words
        return _Place(words, (*self.path, key), key, self.data or key in DATA)

    @property
    def formulas(self) -> bool:
        """Whether it is in a table of formulas, in an atlas."""
        return not FORMULAS.isdisjoint(self.path)


@dataclass
class _Walk:
    """A way through a document that meets every number."""

    start: str
    command: str
    names: tuple[str, ...] = ()
    found: list[Macro] = field(default_factory=list)

    def everything(self, document: Mapping[str, Any]) -> list[Macro]:
        self.value(document, _Place((self.start,)))
        return self.found

    def value(self, value: Any, place: _Place) -> None:
        if len(place.path) > MOST_LEVELS:
            return
        if isinstance(value, Mapping):
            self.table(value, place)
        elif isinstance(value, list):
            self.listed(value, place)
        elif isinstance(value, bool):
            self.add(place, "yes" if value else "no")
        elif is_number(value) and (place.data or place.key not in TEXTS):
            self.number(value, place)
        elif isinstance(value, str) and self.command == "atlas" and place.formulas:
            self.add(place, rf"\ensuremath{{{formula(value, self.names)}}}")
        elif isinstance(value, str) and place.key in TEXTS and not place.data:
            self.add(place, escaped(value))

    def table(self, table: Mapping[str, Any], place: _Place) -> None:
        for key, value in table.items():
            if place.data:
                self.value(value, place.at(key, key))
            elif key in CONDITIONS and isinstance(value, (list, Mapping)):
                self.conditions(value, place.at(key, CONDITIONS[key]))
            elif key not in SKIPPED:
                self.value(value, place.at(key, WORDS.get(key, key)))

    def listed(self, values: Sequence[Any], place: _Place) -> None:
        if len(values) == 2 and all(map(is_number, values)):
            pairs = PAIRS.intersection(place.path)
            for end, value in zip(("Failure", "Spiral") if pairs else ("Low", "High"), values, strict=True):
                self.value(value, place.at(end, end))
            return
        seen: dict[str, int] = {}
        for number, value in enumerate(values, 1):
            word = _named(value) or str(number)
            seen[name(word)] = times = seen.get(name(word), 0) + 1
            label = value.get("label") if isinstance(value, Mapping) else None
            told = f"{word} ({label})" if label else word
            self.value(value, place.at(told, word if times == 1 else f"{word} {times}"))

    def conditions(self, value: Any, place: _Place) -> None:
        """A union of conjunctions, a conjunction, or roots by name, as one formula; nothing where that is empty."""
        if isinstance(value, Mapping):
            value = list(value.values())
        parts = [[part] if isinstance(part, str) else part for part in value]
        if place.key in ("conditions", "roots"):
            parts = [[condition for part in parts for condition in part]] if parts else []
        joined = [r" \wedge ".join(condition(str(one)) for one in part) for part in parts if isinstance(part, list)]
        if any(joined) or place.key == "region":
            several = len(joined) > 1
            shown = r" \vee ".join(rf"\left({one}\right)" if several and one else one for one in joined)
            self.add(place, rf"\ensuremath{{{shown}}}" if any(joined) else "everywhere")

    def number(self, value: Any, place: _Place) -> None:
        self.add(place, rf"\ensuremath{{{exactly(value)}}}")
        self.add(place, rf"\ensuremath{{{decimals(value)}}}", "Decimal")

    def add(self, place: _Place, body: str, suffix: str = "") -> None:
        about = " > ".join(place.path) + (", in decimals" if suffix else "")
        self.found.append(Macro(name(*place.words) + suffix, body, about))
