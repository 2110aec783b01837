r"""Uniqueness: no admissible point has two equilibria with different distributions over complete histories.

*Generically* allows exceptions on a set without interior. A conjunction of conditions has interior (within the
admissible points) exactly where its strict form has a solution: what the strict form leaves out lies on the zero sets
of finitely many polynomials. An equation then holds nowhere, unless every admissible point satisfies it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations_with_replacement, product

from ..errors import StatementError
from ..expressions import Condition
from ..smt import implies
from .cases import Branch, Case, CaseBuilder, Literal, branches
from .encoding import Conjunction, Frame, Instance

__all__ = ["UniqueCases"]


class UniqueCases:
    """The cases of the negation of a uniqueness statement."""

    def __init__(self, builder: CaseBuilder) -> None:
        self.builder = builder
        self.atlas = builder.atlas
        self.generic = builder.statement.generic

    def cases(self) -> Iterator[Case]:
        """Two families with different outcomes, one with outcomes that vary, or none at all."""
        statement = self.builder.statement
        whens = branches(statement, statement.when, True, 0)
        if self.generic and any(isinstance(p, Literal) and p.op == "==" for branch in whens for p in branch):
            raise StatementError("an equation is a knife edge itself; leave 'generically' out")
        families = [i for i, f in enumerate(self.atlas.families) if f.generic or not self.generic]
        for when in whens:
            for i, j in combinations_with_replacement(families, 2):
                yield from self._pair(when, i, j)
            if self.atlas.coverage.status != "proved":
                yield from self._none(when, families)

    def _varies(self, family: int) -> bool:
        member = self.atlas.families[family]
        return any(set(member.quantities) & value.free for value in member.outcomes.values())

    def _pair(self, when: Branch, i: int, j: int) -> Iterator[Case]:
        varies = [self._varies(f) for f in (i, j)]
        if i == j and not varies[0]:
            return
        left, right = (Instance(f, 0, tag) for f, tag in ((i, "u"), (j, "v")))
        quantities = {n: tuple(self.atlas.families[n.family].quantities) for n in (left, right)}
        frame = Frame(self.atlas.game.space.names, None, quantities)
        keys = dict.fromkeys((*self.atlas.families[i].outcomes, *self.atlas.families[j].outcomes))
        differ = tuple(d for key in keys for d in self._difference(frame, key, left, right))
        title = f"{self.atlas.families[i].id}, {self.atlas.families[j].id}"
        values = self.builder.values
        for one, other in product(values.places(i, varies[0]), values.places(j, varies[1])) if differ else ():
            conditions = (*frame.conditions(one, left), *frame.conditions(other, right))
            # With free quantities the strict form only refutes, and the form as it stands only proves.
            for strict in (True, False) if self.generic and any(varies) else (self.generic,):
                for case in self._cases(frame, when, conditions, strict, title):
                    case.clauses.append(differ)
                    case.slots = {0: left, 1: right}
                    case.proof_only = self.generic and not strict
                    yield case

    def _difference(self, frame: Frame, key: str, left: Instance, right: Instance) -> list[Condition]:
        """That two equilibria give a history different probabilities, unless they never do."""
        zero = frame.ring.number(0)
        values = []
        for instance in (left, right):
            outcomes = self.atlas.families[instance.family].outcomes
            values.append(frame.expression(outcomes[key], instance) if key in outcomes else zero)
        difference = values[0] - values[1]
        return [] if difference.is_zero else [Condition(frame.ring, difference.num, "!=")]

    def _none(self, when: Branch, families: Sequence[int]) -> Iterator[Case]:
        frame = Frame(self.atlas.game.space.names, None, {})
        for case in self._cases(frame, when, (), self.generic, "no family"):
            for family in families:
                for place in self.atlas.families[family].region:
                    denied = [d for c in frame.conditions(place, 0) for d in c.negated()]
                    case.clauses.append(tuple(self._strict(denied, case.units) if self.generic else denied))
            case.absence = True
            yield case

    def _cases(
        self, frame: Frame, when: Branch, conditions: Conjunction, strict: bool, title: str
    ) -> Iterator[Case]:
        """The conditions of the game, of the places and of `when`; nothing where no interior is left but needed."""
        game = list(frame.conditions(self.atlas.game.space.conditions, 0))
        units = list(conditions)
        clauses: list[tuple[Condition, ...]] = []
        choices: list[list[Conjunction]] = []
        for part in when:
            if isinstance(part, Literal):
                zero = frame.ring.number(0)
                total = sum((frame.compose(value, copy, {}) * sign for sign, value, copy in part.parts), zero)
                units.extend((Condition.compare(total, part.op, zero), *total.denominator_conditions))
                continue
            places = [frame.conditions(p, 0) for f in part.families for p in self.atlas.families[f].region]
            if part.positive:
                choices.append(places)
            else:
                denials = [[d for c in place for d in c.negated()] for place in places]
                clauses += [tuple(self._strict(denied, game) if strict else denied) for denied in denials]
        for chosen in product(*choices):
            mine = [*units, *(c for place in chosen for c in place)]
            if strict:
                mine = self._strict([c for c in mine if not (c.op == "==" and self._always(c, game))], game)
                if any(c.op == "==" for c in mine):
                    continue
            yield Case(title, frame, [*game, *mine], list(clauses))

    def _strict(self, conditions: Iterable[Condition], game: Sequence[Condition]) -> list[Condition]:
        """The conditions with weak inequalities strict, except those that every admissible point meets as equations."""
        result = []
        for c in conditions:
            weak = c.op == ">=" and not self._always(Condition(c.ring, c.poly, "=="), game)
            result.append(Condition(c.ring, c.poly, ">") if weak else c)
        return result

    def _always(self, condition: Condition, game: Sequence[Condition]) -> bool:
        """Whether every admissible point satisfies an equation; only where the game has equations itself."""
        if not any(c.op == "==" for c in game):
            return condition.truth is True
        return implies(game, condition, self.builder.limit) is True
