r"""Formulas of families in the ring of one question.

A question about an atlas speaks of one or two parameter points (*copies*, 0 and 1) and of one or more equilibria
(*instances*: a family with its free quantities at one copy). All of them become names of one polynomial ring: the
parameters at copy 0 under their own names, the parameter that changes again for copy 1, and every free quantity once
an instance. `Frame` translates conditions and expressions by names; nothing is evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any, Final

from ..atlas import Atlas, EquilibriumFamily
from ..expressions import Condition, Expression, Ring
from ..smt import decide
from .language import Term

__all__ = ["Conjunction", "Frame", "Instance", "Values", "eliminate", "sign_of"]

Conjunction = tuple[Condition, ...]
MAX_PIECES: Final = 64
SIGN_LIMIT: Final = 200_000


@dataclass(frozen=True)
class Instance:
    """One equilibrium in a question: a family (its position) at a copy; `tag` tells instances apart."""

    family: int
    copy: int
    tag: str


class Frame:
    """The ring of one question and the names in it."""

    def __init__(self, names: Sequence[str], moving: str | None, instances: Mapping[Instance, Sequence[str]]) -> None:
        self.names = tuple(names)
        self.moving = moving
        self.renamed: dict[Instance | int, dict[str, str]] = {0: {}, 1: {}}
        every = list(names)
        if moving is not None:
            self.renamed[1] = {moving: f"{moving}'"}
            every.append(f"{moving}'")
        for instance, quantities in instances.items():
            local = {q: f"{q}@{instance.tag}{instance.copy}.{instance.family}" for q in quantities}
            every.extend(local.values())
            self.renamed[instance] = {**self.renamed[instance.copy], **local}
        self.parameters = tuple(names) if moving is None else (*names, f"{moving}'")
        self.ring = Ring(every)

    def _poly(self, poly: Any, source: Ring, names: Mapping[str, str]) -> Any:
        used = [i for i, degree in enumerate(poly.degrees()) if degree] if not poly.is_zero() else []
        places = [(i, self.ring.index[names.get(source.names[i], source.names[i])]) for i in used]
        terms: dict[tuple[int, ...], Any] = {}
        for monomial, coefficient in poly.terms():
            exponents = [0] * len(self.ring.names)
            for i, place in places:
                exponents[place] += int(monomial[i])
            key = tuple(exponents)
            terms[key] = terms[key] + coefficient if key in terms else coefficient
        return self.ring.context.from_dict(terms)

    def _names(self, place: Instance | int) -> Mapping[str, str]:
        if place in self.renamed:
            return self.renamed[place]
        return self.renamed[place.copy] if isinstance(place, Instance) else {}

    def condition(self, condition: Condition, place: Instance | int) -> Condition:
        """A condition of the game or of a family, at a copy or for an instance."""
        return Condition(self.ring, self._poly(condition.poly, condition.ring, self._names(place)), condition.op)

    def conditions(self, conditions: Iterable[Condition], place: Instance | int) -> Conjunction:
        """Several of them, without those that always hold."""
        lifted = (self.condition(condition, place) for condition in conditions)
        return tuple(condition for condition in lifted if condition.truth is not True)

    def conditions_as_named(self, conditions: Iterable[Condition]) -> Conjunction:
        """Conditions of another frame; what has one name in both is the same."""
        return tuple(Condition(self.ring, self._poly(c.poly, c.ring, {}), c.op) for c in conditions)

    def lift(self, value: Expression) -> Expression:
        """An expression of another frame, likewise."""
        return Expression(self.ring, self._poly(value.num, value.ring, {}), self._poly(value.den, value.ring, {}))

    def expression(self, value: Expression, place: Instance | int) -> Expression:
        """An expression over the parameters (and quantities) at a copy or for an instance."""
        names = self._names(place)
        return Expression(self.ring, self._poly(value.num, value.ring, names), self._poly(value.den, value.ring, names))

    def compose(self, value: Expression, copy: int, terms: Mapping[str, Expression]) -> Expression:
        """An expression of a statement, its terms replaced by what they are in this question."""
        names = self._names(copy)
        ring = value.ring
        symbols = {
            name: terms[name] if name in terms else self.ring.symbol(names.get(name, name)) for name in value.free
        }
        top = self.ring.number(0)
        for monomial, coefficient in value.num.terms():
            factor = Expression(self.ring, self.ring.context.constant(coefficient))
            for name, degree in zip(ring.names, monomial, strict=True):
                if degree:
                    factor = factor * symbols[name] ** int(degree)
            top = top + factor
        return top / Expression(self.ring, self._poly(value.den, ring, names))


@dataclass(frozen=True)
class Values:
    """The values of the terms of statements in each family of an atlas."""

    atlas: Atlas
    _cache: dict[tuple[int, Term], tuple[Expression, Conjunction] | None] = field(default_factory=dict)

    def term(self, family: int, term: Term) -> tuple[Expression, Conjunction] | None:
        """The value of a term in a family and the conditions under which it is defined; None where it never is."""
        key = (family, Term(term.kind, term.name, term.given))
        if key not in self._cache:
            self._cache[key] = self._term(self.atlas.families[family], term)
        return self._cache[key]

    def _term(self, family: EquilibriumFamily, term: Term) -> tuple[Expression, Conjunction] | None:
        if term.kind == "payoff":
            return family.payoffs[term.name], ()
        if not term.given:
            return self._event(family, term.name), ()
        below = self._event(family, term.given)
        if below.is_zero:
            return None
        positive = Condition.compare(below, ">", below.ring.number(0))
        return self._event(family, term.name, term.given) / below, () if positive.truth else (positive,)

    def _event(self, family: EquilibriumFamily, *names: str) -> Expression:
        if len(names) == 1 and names[0] in family.events:
            return family.events[names[0]]
        game = self.atlas.game
        labels = [label for name in names for label in game.events.get(name, tuple(name.split(", ")))]
        ring = next(iter(family.payoffs.values())).ring
        probabilities = (
            value for key, value in family.outcomes.items() if game.occurs(labels, tuple(key.split(", ")))
        )
        return sum(probabilities, ring.number(0))

    def varies(self, family: int, terms: Iterable[Term]) -> bool:
        """Whether one of the terms varies with the free quantities of a family."""
        quantities = set(self.atlas.families[family].quantities)
        found = (self.term(family, term) for term in terms)
        return any(
            quantities & (value[0].free | {name for guard in value[1] for name in guard.free})
            for value in found
            if value is not None
        )

    def loose(self, family: int, terms: Iterable[Term] = ()) -> bool:
        """Whether free quantities must be spoken of: a term varies with them, or the region holds them."""
        return self.atlas.families[family].implicit or self.varies(family, terms)

    def places(self, family: int, varies: bool) -> tuple[Conjunction, ...]:
        """Where a family exists, as a union: its region, or its pieces where terms vary with free quantities."""
        member = self.atlas.families[family]
        if not varies:
            return member.region
        return tuple((*piece, *member.roots.values()) for piece in member.pieces)

    @cached_property
    def conditions(self) -> Conjunction:
        """What admissible points satisfy."""
        return self.atlas.game.space.conditions


def sign_of(value: Expression, context: Iterable[Condition], limit: int) -> int:
    """The sign of a polynomial that is decided by a context: 1, -1, or 0 where it is not."""
    zero = value.ring.number(0)
    limit = min(limit, SIGN_LIMIT)
    units = [[condition] for condition in context]
    for sign, op in ((1, "<="), (-1, ">=")):
        wrong = Condition.compare(value, op, zero)
        if wrong.truth is False or (wrong.truth is None and decide([*units, [wrong]], limit).status == "unsat"):
            return sign
    return 0


def eliminate(
    conditions: Sequence[Condition], names: Iterable[str], sign: Callable[[Expression], int]
) -> list[Conjunction] | None:
    """Conditions without some names that hold exactly where values of these names satisfy the given ones.

    Fourier-Motzkin elimination: each condition must be linear in each name when its turn comes; a coefficient whose
    sign is not known splits the cases. The result is a union of conjunctions; None where a condition is not linear or
    the cases are too many.
    """
    pieces = [tuple(conditions)]
    for name in names:
        following: list[Conjunction] = []
        for piece in pieces:
            found = _eliminate_one(piece, name, sign)
            if found is None:
                return None
            following.extend(found)
        pieces = following
        if len(pieces) > MAX_PIECES:
            return None
    return pieces


@dataclass(frozen=True)
class _Bound:
    """That a name lies above (``"low"``), below (``"high"``) or at ``top/below``, where ``below`` is positive."""

    side: str
    strict: bool
    top: Expression
    below: Expression


_Option = tuple[_Bound | None, Conjunction]


def _eliminate_one(
    conditions: Conjunction, name: str, sign: Callable[[Expression], int]
) -> list[Conjunction] | None:
    kept = [condition for condition in conditions if name not in condition.free]
    options = []
    count = 1
    for condition in conditions:
        if name in condition.free:
            place = condition.ring.index[name]
            if int(condition.poly.degrees()[place]) > 1:
                return None
            options.append(_options(condition, name, sign))
            count *= len(options[-1])
    if count > MAX_PIECES:
        return None
    result = []
    for choice in product(*options):
        bounds = [bound for bound, _ in choice if bound is not None]
        assumed = [condition for _, extra in choice for condition in extra]
        piece = [c for c in (*kept, *assumed, *_combine(bounds)) if c.truth is not True]
        if all(c.truth is not False for c in piece):
            result.append(tuple(dict.fromkeys(piece)))
    return result


def _options(condition: Condition, name: str, sign: Callable[[Expression], int]) -> list[_Option]:
    """A condition linear in a name as a bound on it, one option for each sign that its slope may have."""
    ring = condition.ring
    slope = Expression(ring, condition.poly.derivative(ring.index[name]))
    rest = Expression(ring, condition.poly) - slope * ring.symbol(name)
    zero = ring.number(0)
    known = sign(slope)
    result: list[_Option] = []
    for side in (known,) if known else (1, -1):
        extra = () if known else (Condition.compare(slope, ">" if side > 0 else "<", zero),)
        top, below = (-rest, slope) if side > 0 else (rest, -slope)
        if condition.op == "!=":
            result += [(_Bound("low", True, top, below), extra), (_Bound("high", True, top, below), extra)]
        elif condition.op == "==":
            result.append((_Bound("equal", False, top, below), extra))
        else:
            result.append((_Bound("low" if side > 0 else "high", condition.op == ">", top, below), extra))
    if not known:
        flat = (Condition.compare(slope, "==", zero), Condition(ring, rest.num, condition.op))
        result.append((None, flat))
    return [(bound, extra) for bound, extra in result if all(c.truth is not False for c in extra)]


def _combine(bounds: Sequence[_Bound]) -> list[Condition]:
    """The conditions under which a value lies within all bounds."""
    equal = next((bound for bound in bounds if bound.side == "equal"), None)
    if equal is None:
        pairs = [(low, high) for low in bounds if low.side == "low" for high in bounds if high.side == "high"]
    else:
        others = [bound for bound in bounds if bound is not equal]
        pairs = [(equal, bound) if bound.side == "high" else (bound, equal) for bound in others]
    result = []
    for low, high in pairs:
        exact = low.side == high.side == "equal"
        op = "==" if exact else "<" if low.strict or high.strict else "<="
        result.append(Condition.compare(low.top * high.below, op, high.top * low.below))
    return result
