r"""Uniqueness: no admissible point has two equilibria with different distributions over complete histories.

Where a game is no finite tree, and has no histories, it is the probabilities of actions that may not differ.

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
        return any(set(member.quantities) & value.free for value in member.distribution.values())

    def _pair(self, when: Branch, i: int, j: int) -> Iterator[Case]:
        varies = [self._varies(f) for f in (i, j)]
        if i == j and not varies[0]:
            return
        left, right = (Instance(f, 0, tag) for f, tag in ((i, "u"), (j, "v")))
        quantities = {n: tuple(self.atlas.families[n.family].quantities) for n in (left, right)}
        frame = Frame(self.atlas.game.space.names, None, {**quantities, **self._gone(when, ())})
        keys = dict.fromkeys((*self.atlas.families[i].distribution, *self.atlas.families[j].distribution))
        differ = tuple(d for key in keys for d in self._difference(frame, key, left, right))
        title = f"{self.atlas.families[i].id}, {self.atlas.families[j].id}"
        alive = self.builder.alive
        for one, other in product(alive(i, varies[0]), alive(j, varies[1])) if differ else ():
            conditions = (*frame.conditions(one, left), *frame.conditions(other, right))
            # With free quantities the strict form only refutes, and the form as it stands only proves.
            for strict in (True, False) if self.generic and any(varies) else (self.generic,):
                for case in self._cases(frame, when, conditions, strict, title):
                    case.clauses.append(differ)
                    case.slots = {0: left, 1: right}
                    if self.generic and not strict:
                        case.proof_only = "whether it fails on a set with interior was not decided"
                    yield case

    def _difference(self, frame: Frame, key: str, left: Instance, right: Instance) -> list[Condition]:
        """That two equilibria give a history or an action different probabilities, unless they never do."""
        zero = frame.ring.number(0)
        values = []
        for instance in (left, right):
            told = self.atlas.families[instance.family].distribution
            values.append(frame.expression(told[key], instance) if key in told else zero)
        difference = values[0] - values[1]
        return [] if difference.is_zero else [Condition(frame.ring, difference.num, "!=")]

    def _gone(self, when: Branch, families: Sequence[int]) -> dict[Instance, tuple[str, ...]]:
        """Instances for families that are said to exist, or not to, and whose regions hold free quantities."""
        named = [f for part in when if not isinstance(part, Literal) for f in part.families]
        loose = [f for f in dict.fromkeys((*named, *families)) if self.builder.values.loose(f)]
        return {Instance(f, 0, "g_"): tuple(self.atlas.families[f].quantities) for f in loose}

    def _places(self, frame: Frame, family: int) -> list[tuple[Conjunction, Instance]]:
        instance = Instance(family, 0, "g_" if self.builder.values.loose(family) else "")
        return [(frame.conditions(place, instance), instance) for place in self.builder.alive(family, False)]

    def _none(self, when: Branch, families: Sequence[int]) -> Iterator[Case]:
        frame = Frame(self.atlas.game.space.names, None, self._gone(when, families))
        for case in self._cases(frame, when, (), self.generic, "no family"):
            self._deny(case, families, self.generic)
            case.absence = True
            yield case

    def _deny(self, case: Case, families: Sequence[int], strict: bool) -> None:
        """Clauses that none of these families exists."""
        before = len(case.clauses)
        for family in families:
            for place, instance in self._places(case.frame, family):
                self.builder.deny(case, list(place), [instance])
        if strict:
            case.clauses[before:] = [tuple(self._strict(c, case.units)) for c in case.clauses[before:]]

    def _cases(
        self, frame: Frame, when: Branch, conditions: Conjunction, strict: bool, title: str
    ) -> Iterator[Case]:
        """The conditions of the game, of the places and of `when`; nothing where no interior is left but needed."""
        game = list(frame.conditions(self.atlas.game.space.conditions, 0))
        units = list(conditions)
        gone: list[int] = []
        choices: list[list[Conjunction]] = []
        for part in when:
            if isinstance(part, Literal):
                zero = frame.ring.number(0)
                total = sum((frame.compose(value, copy, {}) * sign for sign, value, copy in part.parts), zero)
                units.extend((Condition.compare(total, part.op, zero), *total.denominator_conditions))
            elif part.positive:
                choices.append([place for f in part.families for place, _ in self._places(frame, f)])
            else:
                gone.extend(part.families)
        for chosen in product(*choices):
            mine = [*units, *(c for place in chosen for c in place)]
            if strict:
                mine = self._strict([c for c in mine if not (c.op == "==" and self._always(c, game))], game)
                if any(c.op == "==" for c in mine):
                    continue
            case = Case(title, frame, [*game, *mine])
            self._deny(case, gone, strict)
            yield case

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
