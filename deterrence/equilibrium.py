r"""Equilibria at a point, and what `solve` returns.

An *assessment* is a pair of a behaviour strategy profile and a system of beliefs. An *entry* (`Equilibrium`) is one
connected set of equilibrium assessments with one distribution over complete histories, shown by one member; what may
vary is described in `Free` as a union of pieces, each a conjunction of conditions on named quantities. Where the
distribution itself varies in the connected set, the entry shows one member and the pieces say how it varies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, overload

from .cards import array, card, formula, listed, notes, paragraph, played, shown, table, words
from .enclosures import Enclosure
from .errors import UnknownNameError

if TYPE_CHECKING:
    from .certify import Certificate

__all__ = ["Equilibrium", "Free", "Solution"]



@dataclass(frozen=True)
class Free:
    """Quantities that may vary, and the set they may take.

    Attributes
    ----------
    quantities : for each name, what it is: ``"belief at SET of HISTORY"`` or ``"ACTION at SET"`` (a probability).
    pieces : a union of conjunctions; each condition compares arithmetic expressions of the quantities.
    """

    quantities: Mapping[str, str] = field(default_factory=dict)
    pieces: tuple[tuple[str, ...], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As in the contract, section 4."""
        return {"quantities": dict(self.quantities), "pieces": [list(piece) for piece in self.pieces]}


@dataclass(frozen=True)
class Equilibrium:
    """One entry: a connected set of equilibria with one distribution over complete histories, shown by one member.

    Attributes
    ----------
    id, label : the number of the entry, and what it is in words ("pooling on hold").
    strategy : for every information set, the probability of every action.
    beliefs : for every information set of two or more histories, the probability of each, by history key.
    free : what varies.
    outcomes : every complete history of positive probability.
    payoffs : the expected payoff of each player.
    events : the probability of each event.
    certificate : the independent check of the member shown.
    figures : further numbers that a direct game has, by name: cutpoints, thresholds, a belief path, a time to war.
    """

    id: str
    label: str
    strategy: Mapping[str, Mapping[str, Any]]
    beliefs: Mapping[str, Mapping[str, Any]]
    free: Free
    outcomes: Mapping[str, Any]
    payoffs: Mapping[str, Any]
    events: Mapping[str, Any]
    certificate: Certificate
    figures: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Equilibrium({self.id}: {self.label}; {self.certificate})"

    def _repr_html_(self) -> str:
        """What a notebook shows: what is played and believed, and what comes of it."""
        places = dict.fromkeys([*self.strategy, *self.beliefs])
        rows = [(name, played(self.strategy.get(name, {})), played(self.beliefs.get(name, {}))) for name in places]
        return card(
            f"{self.id}: {self.label}", paragraph(f"Checked: {self.certificate}."),
            table(("at", "plays", "believes"), rows), listed({name: shown(p) for name, p in self.events.items()}),
            listed({f"payoff of {name}": shown(amount) for name, amount in self.payoffs.items()}),
            listed({f"free: {name}": what for name, what in self.free.quantities.items()}),
            *(paragraph(f"{'or' if n else 'where'} {', '.join(piece)}") for n, piece in enumerate(self.free.pieces)),
        )

    def _repr_latex_(self) -> str:
        """The probabilities of the events and the payoffs."""
        rows = [(rf"\Pr({words(name)})", formula(value)) for name, value in self.events.items()]
        rows += [(f"u({words(name)})", formula(value)) for name, value in self.payoffs.items()]
        return array([(words(f"{self.id}: {self.label}"), ""), *rows])

    def to_dict(self) -> dict[str, Any]:
        """As in the contract, section 4."""
        result = {
            "id": self.id,
            "label": self.label,
            "strategy": _written2(self.strategy),
            "beliefs": _written2(self.beliefs),
            "free": self.free.to_dict(),
            "outcomes": _written(self.outcomes),
            "payoffs": _written(self.payoffs),
            "events": _written(self.events),
            "certificate": self.certificate.to_dict(),
        }
        return {**result, "figures": _written(self.figures)} if self.figures else result


def _written(values: Mapping[str, Any]) -> dict[str, str | float]:
    """Exact values as texts, those that are enclosed as floats."""
    return {key: float(value) if isinstance(value, Enclosure) else str(value) for key, value in values.items()}


def _written2(values: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str | float]]:
    return {key: _written(value) for key, value in values.items()}


@dataclass(frozen=True)
class Solution(Sequence[Equilibrium]):
    """Every equilibrium at a point, with what the method claims.

    Attributes
    ----------
    equilibria : the entries, in the order of the atlas.
    concept : ``"nash"``, ``"pbe"`` or ``"sequential"``.
    method : the name of the algorithm.
    complete : whether no other equilibrium of the concept exists at this point; a claim.
    notes : limits that were reached, doubts, what was not decided: sentences.
    refinement : ``""``, ``"intuitive"`` or ``"d1"``.
    beliefs : the stated beliefs that were required (``--belief``), as texts.
    scenario : title, digest of the file and parameter values, as in the contract.
    provenance : versions.
    """

    equilibria: tuple[Equilibrium, ...]
    concept: str
    method: str
    complete: bool
    notes: tuple[str, ...] = ()
    refinement: str = ""
    beliefs: tuple[str, ...] = ()
    scenario: Mapping[str, Any] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)

    @overload
    def __getitem__(self, index: int) -> Equilibrium: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Equilibrium, ...]: ...
    def __getitem__(self, index: int | slice) -> Equilibrium | tuple[Equilibrium, ...]:
        return self.equilibria[index]

    def __len__(self) -> int:
        return len(self.equilibria)

    def __iter__(self) -> Iterator[Equilibrium]:
        return iter(self.equilibria)

    def named(self, key: str) -> Equilibrium:
        """The entry of that id, or the first of that label."""
        for entry in self.equilibria:
            if key in (entry.id, entry.label):
                return entry
        raise UnknownNameError("equilibrium", key, [n for e in self.equilibria for n in (e.id, e.label)])

    def __repr__(self) -> str:
        claim = "complete" if self.complete else "not claimed complete"
        lines = [f"Solution({self.concept}: {len(self)} equilibria; {claim}; method {self.method})"]
        lines += [f"  {entry.id} {entry.label}" for entry in self.equilibria]
        return "\n".join(lines + [f"  note: {note}" for note in self.notes])

    def _repr_html_(self) -> str:
        """What a notebook shows: the equilibria side by side."""
        claim = "complete: there is no other" if self.complete else "not claimed complete"
        columns = [
            {**{f"P[{name}]": shown(value) for name, value in entry.events.items()},
             **{f"payoff of {name}": shown(value) for name, value in entry.payoffs.items()}}
            for entry in self.equilibria
        ]
        rows = [(name, *(column[name] for column in columns)) for name in (columns[0] if columns else ())]
        many = "equilibrium" if len(self) == 1 else "equilibria"
        return card(
            self.scenario.get("title", ""), paragraph(f"{len(self)} {many} ({self.concept}); {claim}."),
            table(("", *(f"{entry.id}: {entry.label}" for entry in self.equilibria)), rows), notes(self.notes),
        )

    def _repr_latex_(self) -> str:
        """The equilibria with the probabilities of their events."""
        names = list(self.equilibria[0].events) if self.equilibria else []
        head = ("", "", *(rf"\Pr({words(name)})" for name in names))
        rows = [(words(e.id), words(e.label), *(formula(e.events[n]) for n in names)) for e in self.equilibria]
        return array([head, *rows])

    def to_dict(self) -> dict[str, Any]:
        """As in the contract, section 4."""
        result: dict[str, Any] = {
            "format": 1,
            "scenario": dict(self.scenario),
            "concept": self.concept,
            "method": self.method,
            "complete": self.complete,
        }
        if self.refinement:
            result["refinement"] = self.refinement
        if self.beliefs:
            result["stated_beliefs"] = list(self.beliefs)
        if self.notes:
            result["notes"] = list(self.notes)
        result["equilibria"] = [entry.to_dict() for entry in self.equilibria]
        result["provenance"] = dict(self.provenance)
        return result
