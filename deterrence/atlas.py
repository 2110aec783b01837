r"""Families of equilibria in closed form, and the atlas of a game.

A *family* is a set of equilibria given by formulas: behaviour strategies and beliefs that are rational functions of
the parameters and of *free quantities*, together with the conditions that the quantities satisfy (*pieces*, a union of
conjunctions) and the *region* of parameter points at which some value of the quantities satisfies them. A family is
*generic* where its region has interior in the admissible space, and *knife-edge* where it holds only on an equation
among the parameters. The *atlas* is the list of all families of a game.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, overload

from .cards import array, card, listed, notes, paragraph, played, table, words
from .equilibrium import Free
from .errors import UnknownNameError
from .expressions import Condition, Expression
from .game import Game
from .smt import decide, implies

__all__ = ["Atlas", "Coverage", "EquilibriumFamily"]

Conjunction = tuple[Condition, ...]
SHOWN: Final = 20
"""So many families are shown in a notebook, as large atlases write theirs on demand."""


@dataclass(frozen=True, eq=False)
class EquilibriumFamily:
    """One family of equilibria in closed form.

    Attributes
    ----------
    id, label : the number in the atlas, and what it is in words.
    supports : for every information set, the actions that may have positive probability.
    strategy, beliefs : formulas over the parameters and the free quantities (one ring for all of a family).
    quantities : for each free quantity, what it is (as in `Free`).
    pieces : conditions over the parameters and the quantities, a union of conjunctions; together with an admissible
        parameter point they say exactly which assessments the formulas stand for.
    region : conditions over the parameters alone, a union of conjunctions: where the family exists.
    generic : whether the region has interior in the admissible space.
    roots : for a quantity without closed form, the equation that defines it (its isolating conditions are in `pieces`).
    implicit : whether the conditions of the region hold quantities too: the family exists where some values of them
        meet the conditions. So are knife edges of two or more equations among the parameters written in large games.
    outcomes, events, payoffs : formulas; where one of them holds a free quantity, the distribution itself varies.
    """

    id: str
    label: str
    supports: Mapping[str, tuple[str, ...]]
    strategy: Mapping[str, Mapping[str, Expression]]
    beliefs: Mapping[str, Mapping[str, Expression]]
    quantities: Mapping[str, str]
    pieces: tuple[Conjunction, ...]
    region: tuple[Conjunction, ...]
    generic: bool
    outcomes: Mapping[str, Expression]
    events: Mapping[str, Expression]
    payoffs: Mapping[str, Expression]
    roots: Mapping[str, Condition] = field(default_factory=dict)
    implicit: bool = False

    def __repr__(self) -> str:
        kind = "generic" if self.generic else "knife-edge"
        return f"EquilibriumFamily({self.id}: {self.label}; {kind}; {_where(self.region)})"

    def _repr_html_(self) -> str:
        """What a notebook shows: where the family exists, what is played and believed, and what comes of it."""
        kind = "Generic" if self.generic else "On a knife edge"
        places = dict.fromkeys([*self.strategy, *self.beliefs])
        rows = [(name, played(self.strategy.get(name, {})), played(self.beliefs.get(name, {}))) for name in places]
        return card(
            f"{self.id}: {self.label}", paragraph(f"{kind}. Exists where {_where(self.region)}."),
            table(("at", "plays", "believes"), rows),
            listed({f"P[{name}]": value for name, value in self.events.items()}),
            listed({f"payoff of {name}": value for name, value in self.payoffs.items()}),
            listed({f"free: {name}": what for name, what in self.quantities.items()}),
        )

    def _repr_latex_(self) -> str:
        """What is mixed, the probabilities of the events, and the region."""
        mixed = {name: {a: e for a, e in row.items() if not e.is_zero} for name, row in self.strategy.items()}
        rows = [
            (rf"\Pr({words(action)} \mid {words(name)})", value.latex())
            for name, row in mixed.items() if len(row) > 1 for action, value in row.items()
        ]
        rows += [(rf"\Pr({words(name)})", value.latex()) for name, value in self.events.items()]
        for n, part in enumerate(self.region):
            inside = r" \wedge ".join(condition.latex() for condition in part) or words("everywhere")
            rows.append((words("or where" if n else "exists where"), inside))
        return array([(words(f"{self.id}: {self.label}"), ""), *rows])

    @property
    def free(self) -> Free:
        """The free quantities as text."""
        return Free(self.quantities, tuple(tuple(str(c) for c in piece) for piece in self.pieces))

    @property
    def distribution(self) -> Mapping[str, Expression]:
        """The probability of every complete history; of every action where the game has no histories."""
        return self.outcomes or {f"{s}: {a}": value for s, row in self.strategy.items() for a, value in row.items()}

    def holds(self, point: Mapping[str, Fraction]) -> bool:
        """Whether the family exists at an admissible point."""
        if not self.implicit:
            return any(all(condition.holds(point) for condition in part) for part in self.region)
        here = [[condition.at(point) for condition in part] for part in self.region]
        return any(decide([c] for c in part).status == "sat" for part in here)

    def to_dict(self) -> dict[str, Any]:
        """As in the contract, section 5; every formula also as LaTeX."""
        return {
            "id": self.id,
            "label": self.label,
            "supports": {name: list(actions) for name, actions in self.supports.items()},
            "strategy": _texts2(self.strategy),
            "beliefs": _texts2(self.beliefs),
            "free": self.free.to_dict(),
            "region": [[str(condition) for condition in part] for part in self.region],
            "generic": self.generic,
            "implicit": self.implicit,
            "roots": {name: str(condition) for name, condition in self.roots.items()},
            "events": {name: str(value) for name, value in self.events.items()},
            "payoffs": {name: str(value) for name, value in self.payoffs.items()},
            "latex": {
                "strategy": {s: {a: e.latex() for a, e in row.items()} for s, row in self.strategy.items()},
                "region": [[condition.latex() for condition in part] for part in self.region],
                "events": {name: value.latex() for name, value in self.events.items()},
                "payoffs": {name: value.latex() for name, value in self.payoffs.items()},
            },
        }


@dataclass(frozen=True)
class Coverage:
    """Whether every admissible point has a family: proved, or a point that has none, or not decided."""

    status: str  # "proved" | "hole" | "undecided"
    point: Mapping[str, Fraction] = field(default_factory=dict)

    def to_dict(self) -> str | dict[str, str]:
        """``"proved"``, ``"undecided"``, or the point without a family."""
        return {name: str(value) for name, value in self.point.items()} if self.status == "hole" else self.status


@dataclass(frozen=True, eq=False)
class Atlas(Sequence[EquilibriumFamily]):
    """Every equilibrium family of a game.

    Attributes
    ----------
    game : the game.
    families : generic ones first.
    complete : whether no equilibrium exists outside the families; a claim.
    coverage : whether every admissible point has one.
    notes : limits that were reached, what was not decided.
    """

    game: Game
    families: Sequence[EquilibriumFamily]
    complete: bool
    coverage: Coverage
    concept: str = "pbe"
    notes: tuple[str, ...] = ()
    scenario: Mapping[str, Any] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)

    @overload
    def __getitem__(self, key: int | str) -> EquilibriumFamily: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[EquilibriumFamily, ...]: ...
    def __getitem__(self, key: int | str | slice) -> EquilibriumFamily | tuple[EquilibriumFamily, ...]:
        if not isinstance(key, str):
            found = self.families[key]
            return tuple(found) if isinstance(found, Sequence) else found
        for family in self.families:
            if key in (family.id, family.label):
                return family
        for family in self.families:
            # Labels that were told apart by the answers still begin as they would alone.
            if family.label.startswith(f"{key}; "):
                return family
        raise UnknownNameError("family", key, [n for f in self.families for n in (f.id, f.label)])

    def __len__(self) -> int:
        return len(self.families)

    def __iter__(self) -> Iterator[EquilibriumFamily]:
        return iter(self.families)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What makes a parameter point admissible, weak conditions left out that strict ones hold already."""
        found = self.game.space.conditions
        strict = {str(condition.poly) for condition in found if condition.op == ">"}
        return tuple(c for c in found if c.op != ">=" or str(c.poly) not in strict)

    @property
    def essential(self) -> tuple[Condition, ...]:
        """The conditions without those that follow from the others: as much as a reader needs."""
        kept = list(self.conditions)
        for condition in reversed(self.conditions):
            others = [c for c in kept if c is not condition]
            if implies(_linked(condition, others), condition):
                kept = others
        return tuple(kept)

    @property
    def generic(self) -> int:
        """How many families are generic; they come first."""
        known = getattr(self.families, "generic", None)
        if isinstance(known, int):
            # Families that are written out on demand know it without being written.
            return known
        return next((n for n, family in enumerate(self.families) if not family.generic), len(self.families))

    def __repr__(self) -> str:
        generic = self.generic
        claim = "complete" if self.complete else "not claimed complete"
        return (
            f"Atlas({self.concept}: {len(self)} families, {generic} generic; {claim}; "
            f"covers every admissible point: {self.coverage.status})"
        )

    def _repr_html_(self) -> str:
        """What a notebook shows: the families, each with the region where it exists."""
        claim = "complete: no equilibrium lies outside them" if self.complete else "not claimed complete"
        rows = [
            (f.id, f.label, "" if f.generic else "knife edge", _where(f.region))
            for f in self.families[:SHOWN]
        ]
        return card(
            self.scenario.get("title", "") or self.game.title,
            paragraph(f"{len(self)} families ({self.concept}), {self.generic} generic; {claim}. Every admissible point "
                      f"has one: {self.coverage.status}."),
            table(("", "family", "", "exists where"), rows), _others(len(self)), notes(self.notes),
        )

    def _repr_latex_(self) -> str:
        """The families with their regions."""
        rows = [
            (words(f.id), words(f.label), r" \vee ".join(
                r" \wedge ".join(condition.latex() for condition in part) or words("everywhere") for part in f.region))
            for f in self.families[:SHOWN]
        ]
        return array([*rows, *([("", words(f"and {len(self) - SHOWN} more"), "")] if len(self) > SHOWN else [])])

    def to_dict(self) -> dict[str, Any]:
        """As in the contract, section 5."""
        return {
            "format": 1,
            "scenario": dict(self.scenario),
            "concept": self.concept,
            "complete": self.complete,
            "coverage": self.coverage.to_dict(),
            "notes": list(self.notes),
            "conditions": [str(condition) for condition in self.conditions],
            "families": [family.to_dict() for family in self.families],
            "provenance": dict(self.provenance),
        }


def _where(region: Sequence[Conjunction]) -> str:
    return " or ".join(" and ".join(map(str, part)) or "everywhere" for part in region)


def _others(families: int) -> str:
    return paragraph(f"… and {families - SHOWN} more families.") if families > SHOWN else ""


def _linked(condition: Condition, others: Sequence[Condition]) -> list[Condition]:
    """Those of the others that share a name with a condition, or with one that does."""
    names = condition.free
    while True:
        found = [c for c in others if c.free & names]
        wider = names.union(*(c.free for c in found))
        if wider == names:
            return found
        names = wider


def _texts2(values: Mapping[str, Mapping[str, Expression]]) -> dict[str, dict[str, str]]:
    return {key: {k: str(v) for k, v in row.items()} for key, row in values.items()}
