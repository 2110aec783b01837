r"""Witnesses: rational points at which a statement fails, checked by evaluating formulas and nothing else.

The check shares no code with the encoding of a statement as polynomial conditions: it evaluates the conditions of the
game, the regions and pieces of families and the formulas of events and payoffs at the point, and then the statement.
Only whether free quantities carry a value beyond that of other families is asked of the decision procedure, in numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ..atlas import Atlas
from ..expressions import Condition, Expression
from ..smt import decide
from .encoding import Values
from .language import Comparison, Exists, Formula, Negation, Statement, Term

__all__ = ["Checker", "Slot", "Witness"]

Point = Mapping[str, Fraction]


@dataclass(frozen=True)
class Slot:
    """One equilibrium: a family (its position) and the values of its free quantities, where they matter."""

    family: int
    quantities: Point


@dataclass(frozen=True)
class Witness:
    """One point, or two that are compared; in which equilibrium the terms are meant, by point."""

    points: tuple[Point, ...]
    slots: tuple[Slot, ...] = ()

    def to_dict(self) -> dict[str, dict[str, str]]:
        """``values``, or ``from`` and ``to``: exact parameter values as text."""
        keys = ("values",) if len(self.points) == 1 else ("from", "to")
        return {
            key: {name: str(value) for name, value in point.items()}
            for key, point in zip(keys, self.points, strict=True)
        }


class Checker:
    """Evaluates a statement at rational points."""

    def __init__(self, atlas: Atlas, statement: Statement, values: Values) -> None:
        self.atlas = atlas
        self.statement = statement
        self.values = values
        self.scope = statement.within if statement.within is not None else tuple(range(len(atlas)))
        self._alone: dict[int, list[tuple[Condition, ...]]] = {}
        self._here: tuple[Point, dict[Condition, bool]] = ({}, {})

    def refutes(self, witness: Witness) -> bool | None:
        """Whether the statement fails at a witness; None where an envelope varies with free quantities."""
        if any(self.atlas.game.space.violations(point) for point in witness.points):
            return False
        spots = self._spots(witness)
        if not all(self._member(slot, point) for slot, point in spots if slot is not None):
            return False
        if self.statement.kind == "unique":
            return self._when(spots[0]) and self._two(witness)
        whens = [self._when(spot) for spot in spots]
        if self.statement.kind == "formula":
            held = None if self.statement.formula is None else self._truth(self.statement.formula, spots[0])
            claim = None if held is None else not held
        else:
            claim = self._changes(spots)
        verdicts = [*whens, claim]
        return False if False in verdicts else None if None in verdicts else True

    def exists(self, number: int, point: Point) -> bool:
        """Whether a family exists at a point; what its region says of parameters alone is looked at first."""
        family = self.atlas.families[number]
        if number not in self._alone:
            names = set(family.quantities)
            self._alone[number] = [tuple(c for c in part if not c.free & names) for part in family.region]
        possible = any(all(self._holds(c, point) for c in part) for part in self._alone[number])
        return possible and (not family.implicit or family.holds(point))

    def _holds(self, condition: Condition, point: Point) -> bool:
        """Whether a condition holds at a point; families share conditions, so what holds at the last point is kept."""
        if self._here[0] is not point:
            self._here = (point, {})
        known = self._here[1]
        if condition not in known:
            known[condition] = condition.holds(point)
        return known[condition]

    def _spots(self, witness: Witness) -> list[tuple[Slot | None, Point]]:
        if self.statement.kind == "unique":
            return [(slot, witness.points[0]) for slot in witness.slots] or [(None, witness.points[0])]
        slots = witness.slots or (None,) * len(witness.points)
        return list(zip(slots, witness.points, strict=True))

    def _member(self, slot: Slot, point: Point) -> bool:
        family = self.atlas.families[slot.family]
        if not self.exists(slot.family, point):
            return False
        if not slot.quantities:
            return True
        full = {**point, **slot.quantities}
        places: list[tuple[Condition, ...]] = [(*piece, *family.roots.values()) for piece in family.pieces]
        return any(all(condition.holds(full) for condition in place) for place in places)

    def _two(self, witness: Witness) -> bool:
        """Whether the two equilibria differ in what happens, or no family exists at all."""
        point = witness.points[0]
        if not witness.slots:
            generic = self.statement.generic
            return not any(
                self.exists(n, point) for n, f in enumerate(self.atlas.families) if f.generic or not generic
            )
        outcomes = [
            {
                key: value.evaluate({**point, **slot.quantities})
                for key, value in self.atlas.families[slot.family].distribution.items()
            }
            for slot in witness.slots
        ]
        return any(outcomes[0].get(key, 0) != outcomes[1].get(key, 0) for key in (*outcomes[0], *outcomes[1]))

    def _when(self, spot: tuple[Slot | None, Point]) -> bool | None:
        return True if self.statement.when is None else self._truth(self.statement.when, spot)

    def _changes(self, spots: list[tuple[Slot | None, Point]]) -> bool | None:
        """Whether the value changes from the first point to the second otherwise than stated."""
        statement = self.statement
        if statement.value is None or not spots[0][1][statement.parameter] < spots[1][1][statement.parameter]:
            return False
        before, after = (self.amount(statement.value, slot, point) for slot, point in spots)
        if before is None or after is None:
            return None
        if statement.direction == "constant":
            return before != after
        held = before < after if statement.direction == "increases" else before > after
        return not (held or (before == after and not statement.strict))

    def _truth(self, formula: Formula, spot: tuple[Slot | None, Point]) -> bool | None:
        if isinstance(formula, Exists):
            return any(self.exists(f, spot[1]) for f in formula.families)
        if isinstance(formula, Negation):
            part = self._truth(formula.part, spot)
            return None if part is None else not part
        if isinstance(formula, Comparison):
            left, right = (self.amount(side, *spot) for side in (formula.left, formula.right))
            return None if left is None or right is None else _compare(left, formula.op, right)
        parts = [self._truth(part, spot) for part in formula.parts]
        decisive = not formula.every
        return decisive if decisive in parts else None if None in parts else not decisive

    def amount(self, value: Expression, slot: Slot | None, point: Point) -> Fraction | None:
        """An expression of the statement at a point, in one equilibrium."""
        full = dict(point)
        for name in value.free & set(self.statement.terms):
            found = self.term(self.statement.terms[name], slot, point)
            if found is None:
                return None
            full[name] = found
        return value.evaluate(full)

    def term(self, term: Term, slot: Slot | None, point: Point) -> Fraction | None:
        """A term at a point; None for an envelope that free quantities may carry beyond what others attain."""
        if not term.envelope:
            return None if slot is None else self._in_family(slot.family, term, {**point, **slot.quantities})
        there = [f for f in self.scope if self.values.term(f, term) is not None and self.exists(f, point)]
        varying = [f for f in there if self.values.varies(f, [term])]
        found = (self._in_family(f, term, point) for f in there if f not in varying)
        amounts = [amount for amount in found if amount is not None]
        if not amounts:
            return None
        best = max(amounts) if term.envelope == "max" else min(amounts)
        if term.kind == "P" and best == (1 if term.envelope == "max" else 0):
            return best
        return None if any(self._beyond(f, term, point, best) for f in varying) else best

    def _beyond(self, family: int, term: Term, point: Point, best: Fraction) -> bool:
        """Whether some values of the free quantities may carry a term beyond a value."""
        found = self.values.term(family, term)
        if found is None:
            return False
        value, guards = found
        more = Condition.compare(value, ">" if term.envelope == "max" else "<", value.ring.number(best))
        places = self.values.places(family, True)
        return any(decide([c.at(point)] for c in (*place, *guards, more)).status != "unsat" for place in places)

    def _in_family(self, family: int, term: Term, full: Point) -> Fraction | None:
        found = self.values.term(family, term)
        if found is None or not all(guard.holds(full) for guard in found[1]):
            return None
        return found[0].evaluate(full)

    # Words.

    def describe(self, witness: Witness) -> str:
        """What is the case at a witness, in sentences."""
        point = witness.points[0]
        if self.statement.kind == "unique":
            if not witness.slots:
                return "No family of the atlas exists there."
            left, right = (self._called(slot) for slot in witness.slots)
            if witness.slots[0].family == witness.slots[1].family:
                return f"Both {left} and {right} exist there, with different outcomes."
            return f"{left} and {right} both exist there, with different outcomes."
        if len(witness.points) == 2:
            return self._describe_change(witness)
        sentences = []
        slot = witness.slots[0] if witness.slots else None
        plain = [term for term in self.statement.terms.values() if not term.envelope]
        if slot is not None:
            shown = " and ".join(f"{term} = {self.term(term, slot, point)}" for term in plain)
            sentences.append(f"{self._called(slot)} exists there, with {shown}.")
        for term in self.statement.terms.values():
            amount = self.term(term, None, point) if term.envelope else None
            if amount is not None:
                sentences.append(f"There {term} = {amount}.")
            elif term.envelope:
                sentences.append(f"There {term} is taken over values that vary with free quantities.")
        if not sentences:
            ids = [family.id for n, family in enumerate(self.atlas.families) if self.exists(n, point)]
            names = ", ".join(ids) if ids else "no family"
            sentences.append(f"There {names} {'exist' if len(ids) > 1 else 'exists'}.")
        return " ".join(sentences)

    def _describe_change(self, witness: Witness) -> str:
        statement = self.statement
        slots = witness.slots or (None, None)
        value = statement.value
        if value is None:
            return ""
        amounts = [self.amount(value, slot, point) for slot, point in zip(slots, witness.points, strict=True)]
        places = [f"{statement.parameter} = {point[statement.parameter]}" for point in witness.points]
        where = f"In {self._called(witness.slots[0])}, " if witness.slots else ""
        if None in amounts:
            return f"{where}{statement.subject} changes otherwise from {places[0]} to {places[1]}."
        if witness.slots and witness.slots[1].quantities:
            where = f"In {self._called(witness.slots[0])} and then in {self._called(witness.slots[1])}, "
        return f"{where}{statement.subject} is {amounts[0]} at {places[0]} and {amounts[1]} at {places[1]}."

    def _called(self, slot: Slot) -> str:
        family = self.atlas.families[slot.family]
        shown = "".join(f", {name} = {value}" for name, value in slot.quantities.items())
        return f"{family.id} ({family.label}{shown})"


def _compare(left: Fraction, op: str, right: Fraction) -> bool:
    if op in ("<", "<="):
        return left < right or (op == "<=" and left == right)
    if op in (">", ">="):
        return left > right or (op == ">=" and left == right)
    return (left == right) == (op == "==")
