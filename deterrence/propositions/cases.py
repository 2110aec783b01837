r"""The negation of a statement as cases: conjunctions of polynomial conditions and clauses.

A case fixes the family in which plain terms are meant (the *slot*), the piece of its region, and, for each envelope
term whose growth would help the negation, the family that attains it. An envelope term whose growth would hinder it
becomes a clause for every family: where that one exists, the negation holds with its value. That needs no attaining
family,

.. math:: t < \min_j v_j \iff \forall j: t < v_j,

only that some family exists, which the coverage of the atlas says, or one more choice. Free quantities with which such
a value varies are eliminated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import product
from typing import Final

from ..atlas import Atlas
from ..errors import StatementError
from ..expressions import Condition, Expression
from ..smt import decide
from .decision import Denial
from .encoding import Conjunction, Frame, Instance, Values, eliminate, sign_of
from .language import Comparison, Exists, Formula, Negation, Statement, Term

__all__ = ["NOT_ELIMINATED", "Branch", "Case", "CaseBuilder", "Existence", "Literal", "UndecidedError", "branches"]

MAX_BRANCHES: Final = 256
LIVE_LIMIT: Final = 100_000
NOT_ELIMINATED: Final = "a value varies with free quantities that could not be eliminated"
_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@dataclass(frozen=True)
class Literal:
    """The sum of ``sign * expression`` at copies, compared with 0 by one of ``> >= == !=``."""

    parts: tuple[tuple[int, Expression, int], ...]
    op: str


@dataclass(frozen=True)
class Existence:
    """That one of these families exists at a copy (`positive`), or that none does."""

    families: tuple[int, ...]
    by_id: bool
    positive: bool
    copy: int


Branch = tuple[Literal | Existence, ...]


class UndecidedError(Exception):
    """A case that cannot be put as polynomial clauses; says why. Never an error of a caller."""


@dataclass
class Case:
    """One case of a negation.

    Attributes
    ----------
    title : which families it speaks of, for messages.
    frame, units, clauses : the conditions.
    denials : more clauses, worked out where a point might break them.
    told : the equilibria that units speak of.
    slots : the equilibrium in which plain terms are meant, by copy.
    shortcut : conditions at one point without which the units of a change have no solution, or None.
    absence : whether it rests on families that do not exist or attain less.
    proof_only : why a solution refutes nothing, or empty.
    """

    title: str
    frame: Frame
    units: list[Condition]
    clauses: list[tuple[Condition, ...]] = field(default_factory=list)
    denials: list[Denial] = field(default_factory=list)
    told: tuple[Instance, ...] = ()
    slots: dict[int, Instance] = field(default_factory=dict)
    shortcut: list[Condition] | None = None
    absence: bool = False
    proof_only: str = ""


def branches(statement: Statement, formula: Formula | None, positive: bool, copy: int) -> list[Branch]:
    """A formula, or its negation, at a copy as a union of conjunctions.

    Raises
    ------
    StatementError
        where the union has more than `MAX_BRANCHES` parts.
    """
    if formula is None:
        return [()] if positive else []
    if isinstance(formula, Negation):
        return branches(statement, formula.part, not positive, copy)
    if isinstance(formula, Exists):
        return [(Existence(formula.families, formula.by_id, positive, copy),)]
    if isinstance(formula, Comparison):
        return _comparison(statement, formula, positive, copy)
    parts = [branches(statement, part, positive, copy) for part in formula.parts]
    if formula.every != positive:
        result = [branch for part in parts for branch in part]
    else:
        result = [()]
        for part in parts:
            result = [(*left, *right) for left in result for right in part]
            if len(result) > MAX_BRANCHES:
                break
    if len(result) > MAX_BRANCHES:
        raise StatementError(f"the statement falls into more than {MAX_BRANCHES} cases; prove its parts one by one")
    return result


def _comparison(statement: Statement, formula: Comparison, positive: bool, copy: int) -> list[Branch]:
    op = formula.op if positive else _OPPOSITE[formula.op]
    left, right = formula.left, formula.right
    up, down = ((1, left, copy), (-1, right, copy)), ((1, right, copy), (-1, left, copy))
    envelope = any(statement.terms[n].envelope for n in (left.free | right.free) & set(statement.terms))
    if op == "==" and envelope:
        return [(Literal(up, ">="), Literal(down, ">="))]
    if op == "!=" and envelope:
        return [(Literal(up, ">"),), (Literal(down, ">"),)]
    if op in ("<", "<="):
        return [(Literal(down, ">" if op == "<" else ">="),)]
    return [(Literal(up, op),)]


@dataclass(frozen=True)
class _Occurrence:
    """An envelope term in one literal of a branch; `some` where one family that attains it is enough."""

    literal: int
    copy: int
    name: str
    some: bool


@dataclass(frozen=True)
class _Choice:
    """A family with one piece of where it exists; it stands for an occurrence, a slot or an existence."""

    instance: Instance
    place: Conjunction


@dataclass(frozen=True)
class _Rival:
    """A family with one piece of where it exists, whose value an envelope term may not fall short of, or exceed.

    `needed` is what the piece asks of the parameters alone.
    """

    occurrence: _Occurrence
    instance: Instance
    place: Conjunction
    needed: Conjunction


class CaseBuilder:
    """Builds the cases of the negation of one statement about changes or formulas."""

    def __init__(self, atlas: Atlas, statement: Statement, limit: int) -> None:
        self.atlas = atlas
        self.statement = statement
        self.limit = limit
        self.values = Values(atlas)
        self.moving = statement.parameter or None
        self.copies = (0, 1) if self.moving else (0,)
        self.scope = statement.within if statement.within is not None else tuple(range(len(atlas)))
        self.plain = tuple(term for term in statement.terms.values() if not term.envelope)
        self._signs: dict[tuple[object, ...], int] = {}
        self.asked = 0  # places of families that were decided
        self._alive: dict[tuple[int, bool], tuple[Conjunction, ...]] = {}
        self.covered = atlas.coverage.status == "proved" and statement.within is None
        self._known_rivals: dict[tuple[_Occurrence, int], list[_Rival]] = {}
        self.doubts: dict[str, None] = {}

    # The negation.

    def negation(self) -> list[Branch]:
        """The negation of the statement as a union of conjunctions."""
        statement = self.statement
        when = [branches(statement, statement.when, True, copy) for copy in self.copies]
        claims: list[Branch] = []
        if statement.kind == "formula":
            claims = branches(statement, statement.formula, False, 0)
        elif statement.value is not None:
            later = ((1, statement.value, 1), (-1, statement.value, 0))
            earlier = ((1, statement.value, 0), (-1, statement.value, 1))
            op = ">=" if statement.strict else ">"
            if statement.direction in ("decreases", "constant"):
                claims.append((Literal(later, op),))
            if statement.direction in ("increases", "constant"):
                claims.append((Literal(earlier, op),))
        result = [tuple(part for group in parts for part in group) for parts in product(claims, *when)]
        if len(result) > MAX_BRANCHES:
            raise StatementError(f"the statement falls into more than {MAX_BRANCHES} cases; prove its parts one by one")
        return result

    def check(self) -> None:
        """Raise a StatementError for what cannot be put as cases."""
        for branch in self.negation():
            self._occurrences(branch)

    def cases(self) -> Iterator[Case]:
        """Every case; what cannot be put as one is noted in `doubts`."""
        for branch in self.negation():
            occurrences = self._occurrences(branch)
            for slot in self._slots():
                for choices in self._choices(branch, occurrences, slot):
                    try:
                        case = self._case(branch, occurrences, slot, choices)
                    except UndecidedError as reason:
                        self.doubts[str(reason)] = None
                        continue
                    yield case

    def _slots(self) -> list[int | None]:
        if not self.plain:
            return [None]
        return [f for f in self.scope if all(self.values.term(f, term) is not None for term in self.plain)]

    def _occurrences(self, branch: Branch) -> list[_Occurrence]:
        result: dict[_Occurrence, None] = {}
        for i, part in enumerate(branch):
            if isinstance(part, Existence):
                continue
            names = dict.fromkeys(
                (copy, name) for _, value, copy in part.parts for name in self.statement.terms if name in value.free
            )
            for copy, name in names:
                term = self.statement.terms[name]
                if not term.envelope:
                    continue
                slope = sum(
                    (value.derivative(name) * sign for sign, value, at in part.parts if at == copy),
                    self.statement.ring.number(0),
                )
                if not slope.is_zero:
                    grows = self._slope(term, slope) > 0
                    result[_Occurrence(i, copy, name, grows == (term.envelope == "max"))] = None
        return list(result)

    def _slope(self, term: Term, slope: Expression) -> int:
        """The sign of the factor of an envelope term."""
        if slope.free & set(self.statement.terms):
            raise StatementError(f"{term} may only be added to other terms and multiplied by numbers and parameters")
        if slope.is_number:
            return 1 if slope.as_fraction() > 0 else -1
        frame = Frame(self.atlas.game.space.names, None, {})
        lifted = frame.expression(slope, 0)
        context = frame.conditions(self.values.conditions, 0)
        top, below = (sign_of(Expression(frame.ring, poly), context, self.limit) for poly in (lifted.num, lifted.den))
        if top * below == 0:
            raise StatementError(f"the factor {slope} of {term} may have either sign; bound {term} itself")
        return top * below

    def needs_all(self, branch: Branch) -> bool:
        """Whether that a branch has no solution would have to hold of families outside the atlas as well."""
        if self.statement.within_id:
            return False
        return any(
            o.some or not (self.covered and not self.statement.terms[o.name].given) for o in self._occurrences(branch)
        )

    # Where families exist.

    @cached_property
    def _narrow(self) -> bool:
        """Whether `when` says something of parameters alone; the places of an atlas are not empty without it."""
        return any(len(ground) > len(self.values.conditions) for ground in self._ground) or not self._ground

    @cached_property
    def _ground(self) -> tuple[Conjunction, ...]:
        """What every point of every case satisfies: the conditions of the game and, by branch, of `when`."""
        frame = Frame(self.atlas.game.space.names, None, {})
        space = tuple(frame.condition(condition, 0) for condition in self.values.conditions)
        result = []
        for branch in branches(self.statement, self.statement.when, True, 0):
            plain = [
                part
                for part in branch
                if isinstance(part, Literal) and not any(v.free & set(self.statement.terms) for _, v, _ in part.parts)
            ]
            own = []
            for part in plain:
                value = sum((frame.compose(v, 0, {}) * sign for sign, v, _ in part.parts), frame.ring.number(0))
                own += compared(value, part.op, space, self.limit)
            result.append((*space, *own))
        return tuple(result)

    def alive(self, family: int, varies: bool) -> tuple[Conjunction, ...]:
        """The pieces of where a family exists, without those that no point of a case can lie in."""
        key = (family, varies)
        if not self._narrow:
            return self.values.places(family, varies)
        if key not in self._alive:
            instance = Instance(family, 0, "")
            frame = Frame(self.atlas.game.space.names, None, {instance: self._quantities(instance)})
            kept = []
            for place in self.values.places(family, varies):
                self.asked += 1
                lifted = frame.conditions(place, instance)
                grounds = [(*frame.conditions(ground, 0), *lifted) for ground in self._ground]
                if any(decide([[c] for c in ground], LIVE_LIMIT).status != "unsat" for ground in grounds):
                    kept.append(place)
            self._alive[key] = tuple(kept)
        return self._alive[key]

    # The choices of one branch: who stands where.

    def _choices(
        self, branch: Branch, occurrences: Sequence[_Occurrence], slot: int | None
    ) -> Iterator[dict[str, _Choice]]:
        options: dict[str, list[_Choice]] = {}
        if slot is not None:
            varies = self.values.varies(slot, self.plain)
            for copy in self.copies:
                options[f"slot{copy}"] = self._placed(slot, copy, "s", varies)
        for n, occurrence in enumerate(occurrences):
            term = self.statement.terms[occurrence.name]
            if occurrence.some:
                options[f"some{n}"] = self._attaining(term, occurrence.copy, f"e{n}_")
            elif not (self.covered and not term.given):
                options[f"there{occurrence.copy}{term.given}"] = self._attaining(term, occurrence.copy, f"t{n}_")
        for n, part in enumerate(branch):
            if isinstance(part, Existence) and part.positive:
                options[f"exists{n}"] = [
                    choice for f in part.families for choice in self._placed(f, part.copy, f"x{n}_", False)
                ]
        for chosen in product(*options.values()):
            yield dict(zip(options, chosen, strict=True))

    def _attaining(self, term: Term, copy: int, tag: str) -> list[_Choice]:
        families = [f for f in self.scope if self.values.term(f, term) is not None]
        return [
            choice for f in families for choice in self._placed(f, copy, tag, self.values.varies(f, [term]))
        ]

    def _placed(self, family: int, copy: int, tag: str, varies: bool) -> list[_Choice]:
        return [_Choice(Instance(family, copy, tag), place) for place in self.alive(family, varies)]

    # One case.

    def _case(
        self, branch: Branch, occurrences: Sequence[_Occurrence], slot: int | None, choices: Mapping[str, _Choice]
    ) -> Case:
        every = [o for o in occurrences if not o.some]
        instances = {choice.instance: self._quantities(choice.instance) for choice in choices.values()}
        told = tuple(instances)
        for part in branch:
            if isinstance(part, Existence) and not part.positive:
                gone = [Instance(f, part.copy, "g_") for f in part.families if self.values.loose(f)]
                instances.update({instance: self._quantities(instance) for instance in gone})
        frame = Frame(self.atlas.game.space.names, self.moving, instances)
        case = Case(self._title(choices.values()), frame, [], told=told, absence=bool(every))
        for copy in self.copies:
            case.units.extend(frame.conditions(self.values.conditions, copy))
        if self.moving is not None:
            case.units.append(
                Condition.compare(frame.ring.symbol(f"{self.moving}'"), ">", frame.ring.symbol(self.moving))
            )
        for choice in choices.values():
            case.units.extend(frame.conditions(choice.place, choice.instance))
        if slot is not None:
            case.slots = {copy: choices[f"slot{copy}"].instance for copy in self.copies}
            for instance in case.slots.values():
                for term in self.plain:
                    self._value(frame, instance, term, case.units)
        self._literals(case, branch, occurrences, choices)
        return case

    def _quantities(self, instance: Instance) -> tuple[str, ...]:
        return tuple(self.atlas.families[instance.family].quantities)

    def _title(self, choices: Iterable[_Choice]) -> str:
        return ", ".join(dict.fromkeys(self.atlas.families[c.instance.family].id for c in choices))

    def _value(self, frame: Frame, instance: Instance, term: Term, units: list[Condition]) -> Expression:
        """The value of a term in an instance; under which conditions it is defined joins the units."""
        found = self.values.term(instance.family, term)
        if found is None:
            raise UndecidedError(f"{term} is not defined in {self.atlas.families[instance.family].id}")
        units.extend(frame.conditions(found[1], instance))
        return frame.expression(found[0], instance)

    def _literals(
        self, case: Case, branch: Branch, occurrences: Sequence[_Occurrence], choices: Mapping[str, _Choice]
    ) -> None:
        for i, part in enumerate(branch):
            if isinstance(part, Existence):
                if not part.positive:
                    self._absent(case, part)
                continue
            terms = self._terms(case)
            every = []
            for n, occurrence in enumerate(occurrences):
                if occurrence.literal != i:
                    continue
                if occurrence.some:
                    instance = choices[f"some{n}"].instance
                    term = self.statement.terms[occurrence.name]
                    terms[occurrence.copy][occurrence.name] = self._value(case.frame, instance, term, case.units)
                else:
                    every.append(occurrence)
            if every:
                position = {o: n for n, o in enumerate(o for o in occurrences if not o.some)}
                self._every(case, part, terms, [(o, position[o]) for o in every])
            else:
                case.units.extend(self._compare(case.frame, part, terms, case.units))
        if self.moving is not None and case.slots and not occurrences:
            case.shortcut = self._shortcut(case, branch, choices)

    def _terms(self, case: Case) -> dict[int, dict[str, Expression]]:
        """The plain terms at each copy, as they are in the slot."""
        return {
            copy: {
                name: self._value(case.frame, case.slots[copy], term, [])
                for name, term in self.statement.terms.items()
                if not term.envelope
            }
            for copy in self.copies
        }

    def _absent(self, case: Case, part: Existence) -> None:
        case.absence = case.absence or not part.by_id
        for family in part.families:
            instance = Instance(family, part.copy, "g_" if self.values.loose(family) else "")
            for place in self.alive(family, False):
                self.deny(case, list(case.frame.conditions(place, instance)), [instance])

    def _every(
        self,
        case: Case,
        part: Literal,
        terms: Mapping[int, Mapping[str, Expression]],
        occurrences: Sequence[tuple[_Occurrence, int]],
    ) -> None:
        """Clauses: whatever families exist, the literal holds with their values."""
        for rivals in product(*(self._rivals(occurrence, n) for occurrence, n in occurrences)):
            needed = tuple(c for rival in rivals for c in rival.needed)
            case.denials.append(Denial(needed, partial(self._rivalled, case, part, terms, rivals)))

    def _rivals(self, occurrence: _Occurrence, n: int) -> list[_Rival]:
        """Every place of a family in which an envelope term has a value."""
        if (occurrence, n) in self._known_rivals:
            return self._known_rivals[occurrence, n]
        term = self.statement.terms[occurrence.name]
        frame = Frame(self.atlas.game.space.names, self.moving, {})
        result = []
        for family in self.scope:
            if self.values.term(family, term) is None:
                continue
            names = set(self.atlas.families[family].quantities)
            instance = Instance(family, occurrence.copy, f"a{n}_" if self.values.loose(family, [term]) else "")
            for place in self.alive(family, self.values.varies(family, [term])):
                needed = frame.conditions((c for c in place if not c.free & names), occurrence.copy)
                result.append(_Rival(occurrence, instance, place, needed))
        self._known_rivals[occurrence, n] = result
        return result

    def _rivalled(
        self, case: Case, part: Literal, terms: Mapping[int, Mapping[str, Expression]], rivals: Sequence[_Rival]
    ) -> tuple[Sequence[Condition], Sequence[Conjunction] | None]:
        """That these families exist and the literal fails with their values, and the clauses that deny it."""
        own = [rival.instance for rival in rivals]
        frame = Frame(self.atlas.game.space.names, self.moving, {n: self._quantities(n) for n in (*case.told, *own)})
        full = {copy: {n: frame.lift(v) for n, v in values.items()} for copy, values in terms.items()}
        conditions: list[Condition] = []
        for rival in rivals:
            conditions.extend(frame.conditions(rival.place, rival.instance))
            term = self.statement.terms[rival.occurrence.name]
            full[rival.occurrence.copy][rival.occurrence.name] = self._value(frame, rival.instance, term, conditions)
        if any(condition.truth is False for condition in conditions):
            return (), ()
        literal = self._compare(frame, part, full, [*case.units, *conditions])[:1]
        conditions += [d for c in literal for d in c.negated()]
        clauses = self._denied(frame, conditions, own)
        return conditions, None if clauses is None else [case.frame.conditions_as_named(clause) for clause in clauses]

    def deny(self, case: Case, conditions: list[Condition], instances: Sequence[Instance]) -> None:
        """Clauses: for no values of the free quantities of the instances do all of these conditions hold."""
        clauses = self._denied(case.frame, conditions, instances)
        if clauses is None:
            case.proof_only = NOT_ELIMINATED
        else:
            case.clauses.extend(clauses)

    def _denied(
        self, frame: Frame, conditions: list[Condition], instances: Sequence[Instance]
    ) -> list[tuple[Condition, ...]] | None:
        """Clauses that deny conditions; None where the free quantities of the instances cannot be eliminated.

        Without such a clause a case has more solutions: that it has none still proves, one refutes nothing.
        """
        names = [name for i in instances if i.tag for name in self._local_names(frame, i)]
        if not names:
            return [tuple(d for c in conditions for d in c.negated())]
        local = set(names)
        context = [*frame.conditions(self.values.conditions, 0), *(c for c in conditions if not local & c.free)]
        if self.moving is not None:
            context.extend(frame.conditions(self.values.conditions, 1))
        known = tuple(condition.key for condition in context)

        def sign(value: Expression) -> int:
            key = (value.key, known)
            if key not in self._signs:
                self._signs[key] = sign_of(value, context, self.limit)
            return self._signs[key]

        pieces = eliminate(conditions, names, sign)
        return None if pieces is None else [tuple(d for c in piece for d in c.negated()) for piece in pieces]

    def _local_names(self, frame: Frame, instance: Instance) -> list[str]:
        return [frame.renamed[instance][name] for name in self._quantities(instance)]

    def _compare(
        self, frame: Frame, part: Literal, terms: Mapping[int, Mapping[str, Expression]], context: Sequence[Condition]
    ) -> list[Condition]:
        """A literal as a condition, and that it is defined where this is not known."""
        total = frame.ring.number(0)
        for sign, value, copy in part.parts:
            total = total + frame.compose(value, copy, terms[copy]) * sign
        return compared(total, part.op, context, self.limit)

    def _shortcut(self, case: Case, branch: Branch, choices: Mapping[str, _Choice]) -> list[Condition] | None:
        """Conditions that must have a solution if the change that the case looks for exists within one piece.

        Where the piece cuts every line along the parameter in an interval, a value can rise along it only if its
        derivative is somewhere positive.
        """
        statement, frame = self.statement, case.frame
        here, there = choices["slot0"], choices["slot1"]
        claim = branch[0]
        if here.place is not there.place or set(self._quantities(here.instance)) & _names(here.place):
            return None
        if statement.value is None or self.moving is None or not isinstance(claim, Literal):
            return None
        terms = self._terms(case)
        units = [*frame.conditions(self.values.conditions, 0), *frame.conditions(here.place, here.instance)]
        for term in self.plain:
            self._value(frame, here.instance, term, units)
        for part in branch[1:]:
            if isinstance(part, Existence):
                return None
            if part.parts[0][2] == 0:
                units.extend(self._compare(frame, part, terms, units))
        single = statement.when is None or len(branches(statement, statement.when, True, 0)) == 1
        place = frame.ring.index[self.moving]
        if not single or any(c.op == "!=" or int(c.poly.degrees()[place]) > 1 for c in units):
            return None
        slope = frame.compose(statement.value, 0, terms[0]).derivative(self.moving)
        rises = next(sign for sign, _, copy in claim.parts if copy == 1) > 0
        units.append(Condition.compare(slope if rises else -slope, claim.op, frame.ring.number(0)))
        return units


def compared(value: Expression, op: str, context: Sequence[Condition], limit: int) -> list[Condition]:
    """``value op 0`` as a polynomial condition; where the sign of the denominator is open, also that it is not zero."""
    if value.den.is_constant():
        return [Condition(value.ring, value.num, op)]
    if op in ("==", "!="):
        return [Condition(value.ring, value.num, op), *value.denominator_conditions]
    sign = sign_of(Expression(value.ring, value.den), context, limit)
    if sign:
        return [Condition(value.ring, value.num * sign, op)]
    return [Condition(value.ring, value.num * value.den, op), *value.denominator_conditions]


def _names(place: Conjunction) -> set[str]:
    return {name for condition in place for name in condition.free}
