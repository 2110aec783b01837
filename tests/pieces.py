"""What an entry of a solution says, read from its texts alone, and compared with the exhaustive search.

An entry stands for a set of assessments: the quantities it names range over the union of its pieces, everything else
is as in the member shown or follows by Bayes' rule. This module parses the conditions itself, draws members from the
pieces, and asks z3 whether an equilibrium of the exhaustive search (`tests/oracle.py`) lies in no entry.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations
from random import Random
from typing import Any

import z3

from deterrence.certify import certify, types_independent
from deterrence.game import CHANCE, Game, History, InformationSet, history_key
from tests.oracle import NEAR, Search, rational
from tests.oracle_linear import Supports, UndecidedError, shape, signalling

Point = Mapping[str, Any]
Slot = tuple[str, str, str]  # "s" or "b", the information set, the action or history key

_ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}
_COMPARISON: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def value(node: ast.expr, names: Point) -> Any:
    """An arithmetic expression at exact numbers or z3 terms."""
    match node:
        case ast.Constant(value=int(number)):
            return Fraction(number)
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -value(inner, names)
        case ast.BinOp(left=base, op=ast.Pow(), right=ast.Constant(value=int(power))):
            result: Any = Fraction(1)
            for _ in range(power):
                result = _apply(operator.mul, result, value(base, names))
            return result
        case ast.BinOp(left=left, op=op, right=right):
            return _apply(_ARITHMETIC[type(op)], value(left, names), value(right, names))
    raise AssertionError(f"not arithmetic: {ast.dump(node)}")


def _apply(function: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    if isinstance(left, Fraction) and isinstance(right, z3.ExprRef):
        left = z3.RealVal(str(left))
    if isinstance(right, Fraction) and isinstance(left, z3.ExprRef):
        right = z3.RealVal(str(right))
    return function(left, right)


@cache
def parsed(text: str) -> ast.Compare:
    tree = ast.parse(text, mode="eval").body
    assert isinstance(tree, ast.Compare), text
    return tree


def condition(text: str, names: Point, closed: bool = False) -> list[Any]:
    """A condition as truth values or z3 formulas, one for each comparison; strict ones made weak where `closed`."""
    tree = parsed(text)
    terms = [value(term, names) for term in (tree.left, *tree.comparators)]
    weak: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.LtE, ast.Gt: ast.GtE}
    kinds = [weak.get(type(op), type(op)) if closed else type(op) for op in tree.ops]
    return [
        _apply(_COMPARISON[kind], left, right)
        for kind, left, right in zip(kinds, terms, terms[1:], strict=False)
        if not (closed and kind is ast.NotEq)
    ]


def holds(texts: Sequence[str], names: Point) -> bool:
    return all(truth for text in texts for truth in condition(text, names))


def slots(game: Game) -> dict[str, Slot]:
    """Every probability and belief by what a result calls it."""
    found: dict[str, Slot] = {}
    for infoset in game.infosets:
        for action in infoset.actions:
            found[f"{action} at {infoset.name}"] = ("s", infoset.name, action)
        for history in infoset.histories:
            key = history_key(history)
            found[f"belief at {infoset.name} of {key}"] = ("b", infoset.name, key)
    return found


def number(text: object) -> Any:
    """A value of an entry, exact: z3 accepts fractions as text, irrational ones are within 10**-25."""
    return rational(text)


class Entry:
    """One entry of a solution: what it fixes and what it leaves free."""

    def __init__(self, game: Game, strategy: Mapping[str, Mapping[str, Any]], beliefs: Mapping[str, Mapping[str, Any]],
                 quantities: Mapping[str, str], pieces: Sequence[Sequence[str]]) -> None:
        self.game = game
        self.strategy = {n: {a: number(p) for a, p in row.items()} for n, row in strategy.items()}
        self.beliefs = {n: {h: number(p) for h, p in row.items()} for n, row in beliefs.items()}
        known = slots(game)
        self.slot = {name: known[meaning] for name, meaning in quantities.items()}
        self.pieces = [tuple(piece) for piece in pieces] or [()]
        self.listed = set(self.slot.values())
        self.listed_sets = {(kind, name) for kind, name, _ in self.listed}

    def shown(self) -> dict[str, Fraction]:
        """The quantities in the member shown."""
        table = {"s": self.strategy, "b": self.beliefs}
        return {name: table[kind][where][what] for name, (kind, where, what) in self.slot.items()}

    def formula(self, at: Callable[[Slot], Any], skip: Callable[[str, str], bool], closed: bool = False) -> Any:
        """That the assessment with coordinates `at` lies in the entry; coordinates of the sets to `skip` follow."""
        fixed = []
        for kind, table in (("s", self.strategy), ("b", self.beliefs)):
            for where, row in table.items():
                if not skip(kind, where):
                    fixed += [near(at((kind, where, what)), p) for what, p in self._rest(kind, where, row).items()]
        names = {name: at(slot) for name, slot in self.slot.items()}
        pieces = [z3.And([c for text in piece for c in condition(text, names, closed)]) for piece in self.pieces]
        return z3.And([*fixed, z3.Or(pieces)])

    def _rest(self, kind: str, where: str, row: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """The coordinates of one set that are not listed, without the last one if any is."""
        rest = {what: p for what, p in row.items() if (kind, where, what) not in self.listed}
        if (kind, where) in self.listed_sets:
            rest.popitem()
        return rest

    def points(self, rng: Random, each: int = 8) -> Iterator[dict[str, Fraction]]:
        """Values of the quantities from every piece, different ones where there are any.

        Raises
        ------
        AssertionError
            where a piece is empty, or holds what is no probability.
        """
        names = {name: z3.Real(name) for name in self.slot}
        for piece in self.pieces if self.slot else ():
            formulas = [c for text in piece for c in condition(text, names)]
            first = model(formulas, names)
            assert first is not None, f"an empty piece: {piece}"
            outside = z3.Or([z3.Or(q < 0, q > 1) for q in names.values()])
            assert model([*formulas, outside], {}) is None, f"no probabilities: {piece}"
            seen = [first]
            for name in rng.sample(sorted(names), k=min(len(names), each)):
                if not seen[0]:
                    break
                for further in (names[name] > seen[0][name], names[name] < seen[0][name]):
                    other = model([*formulas, further], names)
                    if other:
                        seen.append(other)
            yield from (one for one in seen if one)

    def member(self, quantities: Mapping[str, Fraction]) -> tuple[dict[str, dict[str, Fraction]], Any]:
        """The strategy and beliefs at values of the quantities."""
        chosen = {self.slot[name]: p for name, p in quantities.items()}
        strategy = {}
        for name, row in self.strategy.items():
            strategy[name] = self._filled("s", name, row, chosen)
        beliefs: dict[str, dict[str, Fraction]] = {}
        for infoset in sorted(self.game.infosets, key=lambda infoset: min(map(len, infoset.histories))):
            if len(infoset.histories) > 1:
                derived = None if ("b", infoset.name) in self.listed_sets else bayes(
                    self.game, infoset, strategy, beliefs
                )
                beliefs[infoset.name] = derived or self._filled("b", infoset.name, self.beliefs[infoset.name], chosen)
        return strategy, beliefs

    def _filled(
        self, kind: str, name: str, row: Mapping[str, Fraction], chosen: Mapping[Slot, Fraction]
    ) -> dict[str, Fraction]:
        found = {what: chosen.get((kind, name, what), p) for what, p in row.items()}
        if (kind, name) in self.listed_sets:
            last = list(row)[-1]
            found[last] = 1 - sum(p for what, p in found.items() if what != last)
        return found


def near(term: Any, p: Fraction) -> Any:
    if p.denominator < 10**16:
        return term == z3.RealVal(str(p))
    return z3.And(term > z3.RealVal(str(p - NEAR)), term < z3.RealVal(str(p + NEAR)))


def model(formulas: Sequence[Any], names: Mapping[str, Any]) -> dict[str, Fraction] | None:
    """A solution in fractions; {} where the one found is irrational, None where there is none."""
    solver = z3.Tactic("qfnra-nlsat").solver()
    solver.set("rlimit", 50_000_000)
    solver.add(*[f for f in formulas if not isinstance(f, bool)])
    answer = z3.unsat if any(f is False for f in formulas) else solver.check()
    if answer == z3.unknown:
        raise UndecidedError(solver.reason_unknown())
    if answer == z3.unsat:
        return None
    found = {name: solver.model().eval(real, model_completion=True) for name, real in names.items()}
    if not all(z3.is_rational_value(v) for v in found.values()):
        return {}
    return {name: Fraction(v.numerator_as_long(), v.denominator_as_long()) for name, v in found.items()}


def probability(game: Game, strategy: Mapping[str, Mapping[str, Fraction]], history: History, start: int = 0,
                without: str = "") -> Fraction:
    """The probability of the labels of a history from `start` on, one player's own moves left out."""
    total = Fraction(1)
    for k in range(start, len(history)):
        if game.mover(history[:k]) == CHANCE:
            total *= game.chance[history[:k]].probabilities[history[k]].as_fraction()
        elif game.mover(history[:k]) != without:
            total *= strategy[game.infoset_at[history[:k]].name][history[k]]
    return total


def distribution(game: Game, strategy: Mapping[str, Mapping[str, Fraction]]) -> dict[str, Fraction]:
    weights = {history_key(h): probability(game, strategy, h) for h in game.terminals}
    return {key: p for key, p in weights.items() if p}


def bayes(game: Game, infoset: InformationSet, strategy: Mapping[str, Mapping[str, Fraction]],
          beliefs: Mapping[str, Mapping[str, Fraction]]) -> dict[str, Fraction] | None:
    """Beliefs by Bayes' rule from the latest earlier set of the player, else from the root or a proper subgame."""
    rows = []
    before = game.own_sequence(infoset.player, infoset.histories[0])
    if before:
        earlier = game.infoset(before[-1][0])
        starts = [next(g for g in earlier.histories if h[: len(g)] == g) for h in infoset.histories]
        known = beliefs.get(earlier.name, {history_key(starts[0]): Fraction(1)})
        rows.append([known[history_key(g)] * probability(game, strategy, h, len(g), infoset.player)
                     for g, h in zip(starts, infoset.histories, strict=True)])
    rows += [
        [probability(game, strategy, h, len(root), infoset.player) for h in infoset.histories]
        for root in sorted(((), *game.subgame_roots), key=len, reverse=True)
        if all(h[: len(root)] == root for h in infoset.histories)
    ]
    for row in rows:
        if sum(row):
            return {history_key(h): p / sum(row) for h, p in zip(infoset.histories, row, strict=True)}
    return None


def entries_of(game: Game, solution: Any) -> list[Entry]:
    return [Entry(game, one.strategy, one.beliefs, one.free.quantities, one.free.pieces) for one in solution]


def sound(game: Game, solution: Any, rng: Random) -> None:
    """Every entry is certified, lies in its own pieces, and so are members drawn from its pieces.

    Raises
    ------
    AssertionError
        where one is not.
    """
    independent = types_independent(game)
    for one, entry in zip(solution, entries_of(game, solution), strict=True):
        assert one.certificate.holds
        assert (one.certificate.nash_regret, one.certificate.sequential_regret) == (0, 0)
        assert certify(game, one.strategy, one.beliefs, solution.concept, independent).holds
        assert close(distribution(game, entry.strategy), {k: rational(p) for k, p in one.outcomes.items()}, NEAR)
        if all(p.denominator < 10**16 for p in entry.shown().values()):
            assert any(holds(piece, entry.shown()) for piece in entry.pieces), f"{one.id}: member not in its pieces"
        for quantities in entry.points(rng):
            strategy, beliefs = entry.member(quantities)
            check = certify(game, strategy, beliefs, "pbe", independent)
            if exact_entry(entry):
                assert check.holds, f"{one.id} at {quantities}: {check.reasons}"


def exact_entry(entry: Entry) -> bool:
    """Whether everything an entry fixes is rational."""
    values = [p for table in (entry.strategy, entry.beliefs) for row in table.values() for p in row.values()]
    return all(p.denominator < 10**16 for p in values)


def close(one: Mapping[str, Fraction], two: Mapping[str, Fraction], tolerance: Fraction) -> bool:
    return all(abs(one.get(key, Fraction(0)) - two.get(key, Fraction(0))) <= tolerance for key in {**one, **two})


class Covering:
    """Whether every equilibrium of a game lies in some entry, support profile by support profile."""

    def __init__(self, game: Game, entries: Sequence[Entry]) -> None:
        self.game = game
        self.entries = entries
        self.search = Search(game, types_independent(game))

    def lost(self) -> tuple[Supports, Any] | None:
        """An equilibrium in no entry, as supports and values of the unknowns; None where there is none."""
        for supports in self.profiles():
            found = self.lost_in(supports)
            if found is not None:
                return supports, found
        return None

    def profiles(self) -> Iterator[Supports]:
        if shape(self.game) is not None:
            yield from (one.supports for one in signalling(self.game))
        else:
            yield from self.search.profiles()

    def lost_in(self, supports: Supports) -> Any:
        """A z3 model of an equilibrium with these supports in no entry."""
        weights, _ = self.search.weights(supports)
        clauses: list[Any] = []
        beliefs: dict[Slot, Any] = {}
        given: set[str] = set()
        for infoset in self.game.infosets:
            row = [self.search.formula(w) if not w.is_zero() else z3.RealVal(0) for w in weights[infoset.name]]
            own = self.search.free_belief(infoset)[0]
            free = all(str(w) == str(v) for w, v in zip(weights[infoset.name], own, strict=True))
            if not free or self.game.own_sequence(infoset.player, infoset.histories[0]):
                given.add(infoset.name)
            for k, (h, w) in enumerate(zip(infoset.histories, row, strict=True)):
                term = w if free else z3.Real(f"q{self.search.number[infoset.name]}_{k}")
                if not free:
                    clauses.append([term * z3.Sum(row) == w])
                beliefs["b", infoset.name, history_key(h)] = term

        def at(slot: Slot) -> Any:
            kind, name, what = slot
            if kind == "b":
                return beliefs[slot]
            mixture = self.search.mixture(self.game.infoset(name).histories[0], supports)
            poly = mixture.get(what)
            return z3.RealVal(0) if poly is None or poly.is_zero() else self.search.formula(poly)

        # What is not listed and may follow by Bayes' rule is not compared.
        clauses += [
            [z3.Not(entry.formula(at, lambda kind, where: kind == "b" and where in given))] for entry in self.entries
        ]
        return self.search.solve(self.search.conditions(supports), clauses)


APART = Fraction(1, 10**6)


def touching(game: Game, entries: Sequence[Entry]) -> list[tuple[int, int]]:
    """Pairs of entries of which one has a point that is a limit of points of the other.

    Strict conditions made weak may allow more than limits, so a pair is named only where points of the two are closer
    than `APART` as well. Beliefs that Bayes' rule gives are compared through the strategies: at a limit where an
    information set is no longer reached they are left open, so a pair may be named that does not touch there.
    """

    def at(slot: Slot) -> Any:
        return z3.Real(" ".join(slot))

    def near(slot: Slot) -> Any:
        return z3.Real(" ".join(("near", *slot)))

    world, nearby = possible(game, at), possible(game, near)
    nearby += [z3.And(at(s) - near(s) < str(APART), near(s) - at(s) < str(APART)) for s in slots(game).values()]
    found = []
    for i, j in combinations(range(len(entries)), 2):
        for wide, narrow in ((i, j), (j, i)):
            skip = skipped(entries[wide])
            one = entries[wide].formula(at, skip, closed=True)
            other = entries[narrow].formula(at, skipped(entries[narrow]))
            if model([*world, one, other], {}) is None:
                continue
            if model([*world, *nearby, entries[wide].formula(near, skip), other], {}) is not None:
                found.append((i, j))
                break
    return found


def possible(game: Game, at: Callable[[Slot], Any]) -> list[Any]:
    """That strategies and beliefs are distributions and that Bayes' rule holds where it gives beliefs."""
    world: list[Any] = []
    for infoset in game.infosets:
        parts = [at(("s", infoset.name, a)) for a in infoset.actions]
        world += [z3.Sum(parts) == 1, *(p >= 0 for p in parts)]
        beliefs = [at(("b", infoset.name, history_key(h))) for h in infoset.histories]
        world += [z3.Sum(beliefs) == 1, *(b >= 0 for b in beliefs)]
        row = [path(game, h, at) for h in infoset.histories]
        world += [b * z3.Sum(row) == w for b, w in zip(beliefs, row, strict=True)]
    return world


def skipped(entry: Entry) -> Callable[[str, str], bool]:
    """Unlisted beliefs of an entry that lists actions follow from Bayes' rule or are not compared."""
    mixed = any(kind == "s" for kind, _ in entry.listed_sets)
    return lambda kind, where: kind == "b" and mixed and (kind, where) not in entry.listed_sets


def path(game: Game, history: History, at: Callable[[Slot], Any]) -> Any:
    total: Any = z3.RealVal(1)
    for k in range(len(history)):
        if game.mover(history[:k]) == CHANCE:
            p = game.chance[history[:k]].probabilities[history[k]].as_fraction()
            total = total * z3.RealVal(str(p))
        else:
            total = total * at(("s", game.infoset_at[history[:k]].name, history[k]))
    return total


def check(game: Game, solution: Any, rng: Random) -> None:
    """A solution claims to be complete, and is sound, complete, and each entry apart from the others.

    Raises
    ------
    AssertionError
        naming what is wrong.
    """
    assert solution.complete, solution.notes
    assert len(solution), "a finite game has an equilibrium"
    sound(game, solution, rng)
    entries = entries_of(game, solution)
    lost = Covering(game, entries).lost()
    assert lost is None, f"lost: {lost}"
    assert touching(game, entries) == []


Ratio = tuple[Any, Any]


def ratio(node: ast.expr, names: Point) -> Ratio:
    """A fraction of arithmetic expressions as numerator and denominator, neither of which divides."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            num, den = ratio(inner, names)
            return -num, den
        case ast.BinOp(left=base, op=ast.Pow(), right=ast.Constant(value=int(power))):
            num, den = ratio(base, names)
            top: Any = Fraction(1)
            bottom: Any = Fraction(1)
            for _ in range(power):
                top, bottom = _apply(operator.mul, top, num), _apply(operator.mul, bottom, den)
            return top, bottom
        case ast.BinOp(left=left, op=op, right=right):
            (a, b), (c, d) = ratio(left, names), ratio(right, names)
            if isinstance(op, ast.Div):
                return _apply(operator.mul, a, d), _apply(operator.mul, b, c)
            if isinstance(op, ast.Mult):
                return _apply(operator.mul, a, c), _apply(operator.mul, b, d)
            total = _apply(_ARITHMETIC[type(op)], _apply(operator.mul, a, d), _apply(operator.mul, c, b))
            return total, _apply(operator.mul, b, d)
    return value(node, names), Fraction(1)


@cache
def arithmetic(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


class FamilyAt(Entry):
    """A family of an atlas at a point, as an entry: formulas in the quantities with the parameters put in."""

    def __init__(self, game: Game, family: Any, at: Mapping[str, Fraction]) -> None:
        super().__init__(game, {}, {}, family.quantities, [[str(c) for c in piece] for piece in family.pieces])
        self.values = dict(at)
        self.formulas = {
            (kind, where, what): arithmetic(str(text))
            for kind, table in (("s", family.strategy), ("b", family.beliefs))
            for where, row in table.items() for what, text in row.items()
        }
        self.implicit = family.implicit
        self.region = [[str(c) for c in part] for part in family.region]

    def holds(self) -> bool:
        """Whether the region, as texts, holds the point; its conditions may ask for some values of the quantities."""
        if not self.implicit:
            return any(holds(part, self.values) for part in self.region)
        names = {name: z3.Real(name) for name in self.slot}
        known = {**self.values, **names}
        return any(model([c for text in part for c in condition(text, known)], {}) is not None for part in self.region)

    def exists(self) -> bool:
        """Whether some quantities meet the conditions of some piece."""
        names = {name: z3.Real(name) for name in self.slot}
        for piece in self.pieces:
            if model([c for text in piece for c in condition(text, {**self.values, **names})], names) is not None:
                return True
        return False

    def formula(self, at: Callable[[Slot], Any], skip: Callable[[str, str], bool], closed: bool = False) -> Any:
        names = {**self.values, **{name: at(slot) for name, slot in self.slot.items()}}
        fixed = []
        for slot, tree in self.formulas.items():
            if slot not in self.listed and not skip(*slot[:2]):
                num, den = ratio(tree, names)
                fixed += [_apply(operator.mul, at(slot), den) == _lifted(num)]
        pieces = [z3.And([c for text in piece for c in condition(text, names, closed)]) for piece in self.pieces]
        return z3.And([*fixed, z3.Or(pieces)])

    def points(self, rng: Random, each: int = 8) -> Iterator[dict[str, Fraction]]:
        names = {name: z3.Real(name) for name in self.slot}
        for piece in self.pieces:
            formulas = [c for text in piece for c in condition(text, {**self.values, **names})]
            first = model(formulas, names)
            if not first:
                if first is not None and not names:
                    yield {}
                continue
            outside = z3.Or([z3.Or(q < 0, q > 1) for q in names.values()])
            assert model([*formulas, outside], {}) is None, f"no probabilities: {piece}"
            yield first
            for name in rng.sample(sorted(names), k=min(len(names), each)):
                for further in (names[name] > first[name], names[name] < first[name]):
                    other = model([*formulas, further], names)
                    if other:
                        yield other

    def member(self, quantities: Mapping[str, Fraction]) -> tuple[dict[str, dict[str, Fraction]], Any]:
        names = {**self.values, **quantities}
        tables: dict[str, dict[str, dict[str, Fraction]]] = {"s": {}, "b": {}}
        for (kind, where, what), tree in self.formulas.items():
            num, den = ratio(tree, names)
            tables[kind].setdefault(where, {})[what] = num / den
        return tables["s"], tables["b"]


def _lifted(term: Any) -> Any:
    return z3.RealVal(str(term)) if isinstance(term, Fraction) else term


def check_families(game: Game, atlas: Any, at: Mapping[str, Fraction], rng: Random) -> None:
    """At an admissible point the families are sound, exist exactly in their regions, and nothing is lost.

    Raises
    ------
    AssertionError
        naming what is wrong.
    """
    assert atlas.complete, atlas.notes
    here = game.at(at)
    independent = types_independent(here)
    entries = []
    for family in atlas:
        entry = FamilyAt(here, family, at)
        assert family.holds(at) is entry.holds(), f"{family.id}: its region in words and in itself"
        assert entry.exists() is entry.holds(), f"{family.id}: its pieces do not fit its region at {at}"
        if not entry.holds():
            continue
        entries.append(entry)
        for quantities in entry.points(rng, 2):
            strategy, beliefs = entry.member(quantities)
            found = certify(here, strategy, beliefs, "pbe", independent)
            assert found.holds, f"{family.id} at {at}, {quantities}: {found.reasons}"
    assert entries, f"no family at {at}"
    lost = Covering(here, entries).lost()
    assert lost is None, f"lost at {at}: {lost}"


def admissible(game: Game, at: Mapping[str, Fraction]) -> bool:
    return all(c.holds(at) for c in game.space.conditions) and all(
        p.evaluate(at) > 0 for move in game.chance.values() for p in move.probabilities.values()
    )


def boundary(game: Game, atlas: Any, at: Mapping[str, Fraction], rng: Random) -> dict[str, Fraction]:
    """A point on the boundary of a region: one condition that one parameter meets with equality, where it is linear."""
    names = list(game.space.names)
    texts = [str(c) for family in atlas if not family.implicit for part in family.region for c in part]
    for _ in range(30 if texts else 0):
        tree = parsed(rng.choice(texts))
        name = rng.choice(names)
        difference = [
            value(tree.left, {**at, name: Fraction(k)}) - value(tree.comparators[0], {**at, name: Fraction(k)})
            for k in range(3)
        ]
        slope = difference[1] - difference[0]
        if slope and difference[2] - difference[1] == slope:
            found = {**at, name: -difference[0] / slope}
            if admissible(game, found):
                return found
    return dict(at)
