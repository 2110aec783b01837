r"""An exhaustive exact search for perfect Bayesian equilibria at a point, sharing nothing with the package's solvers.

A *support profile* gives every information set the actions it plays with positive probability. For each profile the
search asks whether an equilibrium with exactly these supports exists, and for every distribution over complete
histories that such equilibria have:

- `exhaustive` works on any finite game: unknown mixing probabilities and unknown beliefs, conditions (a)-(c) as
  polynomials, decided by z3 (a fresh nlsat solver for each query). A set whose weights follow by Bayes' rule from the
  root or a proper subgame has those weights, polynomials in the mixing probabilities, instead of unknown beliefs.
  A partial profile is dropped only where a subset of its conditions has no solution.
- `signalling` (`tests/oracle_linear.py`) works on types x signals x replies: given the supports, the conditions on the
  replies are linear and so are those on the signals, and the two are independent of each other.

`missing` compares a reported solution with what these find.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, cached_property
from itertools import combinations, pairwise
from typing import Any

import flint
import z3

from deterrence.game import CHANCE, Game, History, InformationSet, history_key
from tests.oracle_linear import Distribution, Found, Supports, UndecidedError, fraction, nonempty, shape, signalling

CAP = 4
NEAR = Fraction(1, 10**18)


class Search:
    """The general search in one game at a point."""

    def __init__(self, game: Game, independent: bool) -> None:
        self.game = game
        self.independent = independent
        self.queries = 0
        names = [f"s{i}_{k}" for i, J in enumerate(game.infosets) for k in range(len(J.actions))]
        names += [f"b{i}_{k}" for i, J in enumerate(game.infosets) for k in range(len(J.histories))]
        self.context = flint.fmpq_mpoly_ctx.get(names, flint.Ordering.lex)
        self.generator = dict(zip(names, self.context.gens(), strict=True))
        self.reals = [z3.Real(name) for name in names]
        self.number = {infoset.name: i for i, infoset in enumerate(game.infosets)}
        self.payoff = {
            h: {p: v.as_fraction() for p, v in amounts.items()} for h, amounts in game.payoffs.items()
        }
        self.below = self._closure({infoset.name: self._below(infoset) for infoset in game.infosets})
        # Information sets come after all that can follow them.
        self.order = sorted(game.infosets, key=lambda one: (len(self.below[one.name]), self.number[one.name]))
        self.local_verdicts: dict[Any, bool] = {}
        self.margins: dict[Any, Any] = {}

    def constant(self, value: Fraction) -> Any:
        return self.context.constant(flint.fmpq(value.numerator, value.denominator))

    def _below(self, infoset: InformationSet) -> frozenset[str]:
        """The information sets that can follow one, by name."""
        return frozenset(
            other.name for other in self.game.infosets for g in other.histories for h in infoset.histories
            if len(g) > len(h) and g[: len(h)] == h
        )

    @staticmethod
    def _closure(below: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        """The same, with those that can follow other histories of a set that can follow."""
        found = dict(below)
        while True:
            wider = {name: names.union(*(found[n] for n in names)) for name, names in found.items()}
            if wider == found:
                return found
            found = wider

    def mixture(self, history: History, supports: Supports) -> dict[str, Any]:
        """The probability of every label of positive probability, as a polynomial."""
        if self.game.mover(history) == CHANCE:
            move = self.game.chance[history].probabilities
            return {a: self.constant(p.as_fraction()) for a, p in move.items()}
        infoset = self.game.infoset_at[history]
        support = supports[infoset.name]
        i = self.number[infoset.name]
        found = {a: self.generator[f"s{i}_{infoset.actions.index(a)}"] for a in support[:-1]}
        found[support[-1]] = self.constant(Fraction(1)) - sum(found.values(), self.constant(Fraction(0)))
        return found

    def value(self, history: History, player: str, supports: Supports) -> Any:
        if history in self.payoff:
            return self.constant(self.payoff[history][player])
        return sum(
            (p * self.value((*history, a), player, supports) for a, p in self.mixture(history, supports).items()),
            self.constant(Fraction(0)),
        )

    def margin(self, infoset: InformationSet, supports: Supports) -> dict[str, list[Any]]:
        """For every action but the first of the support, history by history, how much less it is worth than that."""
        key = (infoset.name, tuple(supports[n] for n in sorted(self.below[infoset.name])), supports[infoset.name][0])
        if key not in self.margins:
            worth = {
                a: [self.value((*h, a), infoset.player, supports) for h in infoset.histories] for a in infoset.actions
            }
            first = supports[infoset.name][0]
            self.margins[key] = {
                a: [u - v for u, v in zip(worth[first], worth[a], strict=True)] for a in infoset.actions if a != first
            }
        found: dict[str, list[Any]] = self.margins[key]
        return found

    def optimal(self, infoset: InformationSet, supports: Supports, weights: Sequence[Any]) -> list[tuple[Any, str]]:
        """Condition (a) at one information set, its histories weighted."""
        zero = self.constant(Fraction(0))
        return [
            (sum((w * d for w, d in zip(weights, row, strict=True)), zero),
             "==" if a in supports[infoset.name] else ">=")
            for a, row in self.margin(infoset, supports).items()
        ]

    def mixing(self, names: Iterable[str], supports: Supports) -> list[tuple[Any, str]]:
        """That the mixing probabilities at these information sets are positive."""
        found = []
        for name in names:
            support = supports[name]
            if len(support) > 1:
                history = self.game.infoset(name).histories[0]
                found += [(p, ">") for p in self.mixture(history, supports).values()]
        return found

    def free_belief(self, infoset: InformationSet) -> tuple[list[Any], list[tuple[Any, str]]]:
        """Unknown beliefs, with the conditions that they are a distribution."""
        one = self.constant(Fraction(1))
        i = self.number[infoset.name]
        parts = [self.generator[f"b{i}_{k}"] for k in range(len(infoset.histories) - 1)]
        parts.append(one - sum(parts, self.constant(Fraction(0))))
        return parts, [(b, ">=") for b in parts] if len(parts) > 1 else []

    def possible_here(self, infoset: InformationSet, supports: Supports) -> bool:
        """Whether (a) can hold at one information set under some belief and some mixtures after it."""
        after = sorted(self.below[infoset.name])
        if any(name not in supports for name in (infoset.name, *after)):
            return True  # two sets each follow the other: decided with the whole profile
        key = (infoset.name, supports[infoset.name], tuple(supports[name] for name in after))
        if key not in self.local_verdicts:
            belief, conditions = self.free_belief(infoset)
            conditions += self.optimal(infoset, supports, belief) + self.mixing(after, supports)
            for name in after:
                other = self.game.infoset(name)
                own, more = self.free_belief(other)
                conditions += more + self.optimal(other, supports, own)
            self.local_verdicts[key] = self.solve(conditions) is not None
        return self.local_verdicts[key]

    def profiles(self) -> Iterator[dict[str, tuple[str, ...]]]:
        """Every support profile that no single information set with those after it rules out."""

        def extend(k: int, supports: dict[str, tuple[str, ...]]) -> Iterator[dict[str, tuple[str, ...]]]:
            if k == len(self.order):
                yield dict(supports)
                return
            infoset = self.order[k]
            for support in nonempty(infoset.actions):
                supports[infoset.name] = support
                if self.possible_here(infoset, supports):
                    yield from extend(k + 1, supports)
            del supports[infoset.name]

        yield from extend(0, {})

    def path(self, history: History, start: int, player: str, supports: Supports) -> Any:
        """The probability of the labels from ``start`` on, the player's own moves left out."""
        total = self.constant(Fraction(1))
        for k in range(start, len(history)):
            if self.game.mover(history[:k]) != player:
                total = total * self.mixture(history[:k], supports).get(history[k], 0)
        return total

    def weights(self, supports: Supports) -> tuple[dict[str, list[Any]], list[tuple[Any, str]]]:
        """Weights of the histories of every information set, and the conditions (b) on those that are unknown."""
        found: dict[str, list[Any]] = {}
        conditions: list[tuple[Any, str]] = []
        zero = self.constant(Fraction(0))
        for infoset in sorted(self.game.infosets, key=lambda one: min(map(len, one.histories))):
            for root in ((), *self.game.subgame_roots):
                row = [
                    self.path(h, len(root), infoset.player, supports) if h[: len(root)] == root else zero
                    for h in infoset.histories
                ]
                # Exactly these supports: a product of mixing probabilities that is no zero polynomial is positive.
                if any(not w.is_zero() for w in row):
                    found[infoset.name] = row
                    break
            else:
                found[infoset.name], more = self.free_belief(infoset)
                conditions += more
                before = self.game.own_sequence(infoset.player, infoset.histories[0])
                if before:
                    earlier = self.game.infoset(before[-1][0])
                    row = []
                    for h in infoset.histories:
                        k = next(k for k, g in enumerate(earlier.histories) if h[: len(g)] == g)
                        start = len(earlier.histories[k])
                        row.append(found[earlier.name][k] * self.path(h, start, infoset.player, supports))
                    total = sum(row, zero)
                    conditions += [(b * total - w, "==") for b, w in zip(found[infoset.name], row, strict=True)]
        return found, conditions

    @cached_property
    def draws(self) -> dict[History, Fraction]:
        """Every draw with its probability: the chance moves before anybody moves."""
        found: dict[History, Fraction] = {}

        def follow(history: History, weight: Fraction) -> None:
            if self.game.mover(history) == CHANCE:
                for a, p in self.game.chance[history].probabilities.items():
                    follow((*history, a), weight * p.as_fraction())
            else:
                found[history] = weight

        follow((), Fraction(1))
        return found

    @cache  # noqa: B019 - a search lives as long as its test
    def draw(self, history: History) -> History:
        return next(d for d in self.draws if history[: len(d)] == d)

    @cache  # noqa: B019 - likewise
    def player_type(self, player: str, draw: History) -> frozenset[str]:
        """A type: the information sets of the player that can follow a draw."""
        return frozenset(
            J.name for J in self.game.infosets if J.player == player and any(self.draw(h) == draw for h in J.histories)
        )

    @cache  # noqa: B019 - likewise
    def seen(self, name: str) -> History | None:
        """The actions that lead to an information set, if its histories differ by unseen ones at most."""
        infoset = self.game.infoset(name)
        tails = [h[len(self.draw(h)):] for h in infoset.histories]
        common: History = ()
        while all(len(t) > len(common) and t[: len(common) + 1] == tails[0][: len(common) + 1] for t in tails):
            common = tails[0][: len(common) + 1]
        if all(t == common for t in tails):
            return common
        plays = [z for z in self.game.terminals for h in infoset.histories
                 if z[: len(self.draw(h)) + len(common)] == (*self.draw(h), *common)]
        return common if all(any(z[: len(h)] == h for h in infoset.histories) for z in plays) else None

    @cache  # noqa: B019 - likewise
    def informative(self, about: str, name: str) -> History | None:
        """What of the actions seen can say something about a player's type; None where (c) asks nothing."""
        seen = self.seen(name)
        if seen is None:
            return None
        for k in range(len(seen), 0, -1):
            rows: dict[History, Fraction] = {}
            moved = False
            for d in self.draws:
                before = (*d, *seen[: k - 1])
                if before not in self.game.children:
                    continue
                mover = self.game.mover(before)
                moved = moved or mover == about
                if seen[k - 1] not in self.game.children[before]:
                    rows[d] = Fraction(0)
                else:
                    chance = self.game.chance[before].probabilities[seen[k - 1]].as_fraction() if mover == CHANCE else 1
                    rows[d] = Fraction(chance)
            if moved:
                return seen[:k]
            others = [p for p in self.game.players if p != about]
            depends = any(
                rows[d] != rows[e] for d, e in combinations(rows, 2)
                if all(self.player_type(p, d) == self.player_type(p, e) for p in others)
            )
            if depends:
                same = all(
                    rows[d] == rows[e] for d, e in combinations(rows, 2)
                    if self.player_type(about, d) == self.player_type(about, e)
                )
                return seen[:k] if same else None
        return ()

    def types(self, weights: Mapping[str, list[Any]]) -> list[tuple[Any, str]]:
        """Condition (c)."""
        conditions: list[tuple[Any, str]] = []
        zero = self.constant(Fraction(0))
        if not self.independent or self.game.mover(()) != CHANCE:
            return conditions
        for about in self.game.players:
            kinds = dict.fromkeys(self.player_type(about, d) for d in self.draws)
            if len(kinds) == 1:
                continue
            groups: dict[History, list[dict[Any, Any]]] = {(): [{
                kind: self.constant(sum(
                    (p for d, p in self.draws.items() if self.player_type(about, d) == kind), Fraction(0)
                )) for kind in kinds
            }]}
            for infoset in self.game.infosets:
                key = self.informative(about, infoset.name) if infoset.player != about else None
                if key is not None:
                    groups.setdefault(key, []).append({
                        kind: sum((w for h, w in zip(infoset.histories, weights[infoset.name], strict=True)
                                   if self.player_type(about, self.draw(h)) == kind), zero)
                        for kind in kinds
                    })
            for group in groups.values():
                for one, two in pairwise(group):
                    first, second = sum(one.values(), zero), sum(two.values(), zero)
                    conditions += [(one[kind] * second - two[kind] * first, "==") for kind in kinds]
        return conditions

    def conditions(self, supports: Supports) -> list[tuple[Any, str]]:
        """(a), (b) and (c) for one support profile."""
        weights, found = self.weights(supports)
        for infoset in self.game.infosets:
            found += self.optimal(infoset, supports, weights[infoset.name])
        return found + self.types(weights) + self.mixing([J.name for J in self.game.infosets], supports)

    def solve(self, conditions: Sequence[tuple[Any, str]], differ: Sequence[Any] = ()) -> Any:
        """A z3 model, or None; `differ` are clauses (lists of z3 formulas)."""
        formulas = {}
        for poly, op in conditions:
            if poly.is_constant():
                value = Fraction(0) if poly.is_zero() else fraction(poly.leading_coefficient())
                if not (value > 0 if op == ">" else value >= 0 if op == ">=" else value == 0):
                    return None
            else:
                formulas[str(poly), op] = (poly, op)
        solver = z3.Tactic("qfnra-nlsat").solver()
        solver.set("rlimit", 50_000_000)
        for poly, op in formulas.values():
            left = self.formula(poly)
            solver.add(left > 0 if op == ">" else left >= 0 if op == ">=" else left == 0)
        for clause in differ:
            solver.add(z3.Or(clause))
        self.queries += 1
        answer = solver.check()
        if answer == z3.unknown:
            raise UndecidedError(solver.reason_unknown())
        return solver.model() if answer == z3.sat else None

    def formula(self, poly: Any) -> Any:
        terms = []
        for monomial, coefficient in poly.terms():
            factors = [self.reals[i] for i, degree in enumerate(monomial) for _ in range(int(degree))]
            term = z3.RealVal(str(coefficient))
            for factor in factors:
                term = term * factor
            terms.append(term)
        return z3.Sum(terms) if len(terms) > 1 else terms[0]

    def reached(self, supports: Supports) -> tuple[list[History], list[str]]:
        """The complete histories of positive probability, and the information sets on the way, by supports alone."""
        terminals, names = [], dict[str, None]()
        stack: list[History] = [()]
        while stack:
            history = stack.pop()
            if history in self.payoff:
                terminals.append(history)
                continue
            infoset = self.game.infoset_at.get(history)
            if infoset is not None:
                names[infoset.name] = None
            stack.extend((*history, a) for a in self.mixture(history, supports))
        return terminals, list(names)

    def search(self, supports: Supports, known: Sequence[Mapping[str, Fraction]] = (), cap: int = CAP) -> list[Found]:
        """The distributions of equilibria with exactly these supports, other than the known ones."""
        terminals, names = self.reached(supports)
        conditions = self.conditions(supports)
        keys = {history_key(h) for h in terminals}
        mixed = [name for name in names if len(supports[name]) > 1]
        clauses = []
        for other in known:
            if {key for key, p in other.items() if p != 0} == keys:
                clause = self.differs(mixed, supports, self.behaviour(mixed, other))
                if not clause:
                    return []
                clauses.append(clause)
        found: list[Found] = []
        while len(found) < cap:
            model = self.solve(conditions, clauses)
            if model is None:
                break
            point = [self.read(model, real) for real in self.reals]
            found.append(self.member(supports, point, terminals))
            values = {(name, a): p for name in mixed for a, p in found[-1].strategy[name].items()}
            clause = self.differs(mixed, supports, values)
            if not clause:
                return found
            clauses.append(clause)
        return found if len(found) < cap else [replace(one, isolated=False) for one in found]

    def member(self, supports: Supports, point: Sequence[Fraction], terminals: Sequence[History]) -> Found:
        """The equilibrium at values of the unknowns."""
        strategy, beliefs = {}, {}
        weights, _ = self.weights(supports)
        for infoset in self.game.infosets:
            mixture = self.mixture(infoset.histories[0], supports)
            strategy[infoset.name] = {
                a: self.evaluate(mixture[a], point) if a in mixture else Fraction(0) for a in infoset.actions
            }
            if len(infoset.histories) > 1:
                row = [self.evaluate(w, point) for w in weights[infoset.name]]
                total = sum(row)
                beliefs[infoset.name] = {
                    history_key(h): w / total for h, w in zip(infoset.histories, row, strict=True)
                }
        outcomes = {history_key(h): self.evaluate(self.path(h, 0, "", supports), point) for h in terminals}
        return Found(dict(supports), outcomes, True, strategy, beliefs)

    def accepts(
        self, strategy: Mapping[str, Mapping[str, Fraction]], beliefs: Mapping[str, Mapping[str, Fraction]]
    ) -> bool:
        """Whether one assessment meets (a)-(c)."""
        supports = {name: tuple(a for a, p in row.items() if p != 0) for name, row in strategy.items()}
        point = [strategy[J.name][a] for J in self.game.infosets for a in J.actions]
        stated = {J.name: [beliefs[J.name][history_key(h)] if len(J.histories) > 1 else Fraction(1)
                           for h in J.histories] for J in self.game.infosets}
        point += [b for row in stated.values() for b in row]
        weights, _ = self.weights(supports)
        for name, row in weights.items():
            values = [self.evaluate(w, point) for w in row]
            if any(b * sum(values) != w for b, w in zip(stated[name], values, strict=True)):
                return False
        return all(
            value > 0 if op == ">" else value >= 0 if op == ">=" else value == 0
            for poly, op in self.conditions(supports) for value in [self.evaluate(poly, point)]
        )

    def behaviour(self, names: Sequence[str], outcomes: Mapping[str, Fraction]) -> dict[tuple[str, str], Fraction]:
        """The mixed actions at reached information sets that a distribution over complete histories implies."""
        found = {}
        for name in names:
            infoset = self.game.infoset(name)
            weight = {
                a: sum((p for key, p in outcomes.items() for h in infoset.histories
                        if (key + ", ").startswith(history_key((*h, a)) + ", ")), Fraction(0))
                for a in infoset.actions
            }
            total = sum(weight.values())
            found.update({(name, a): w / total for a, w in weight.items()})
        return found

    def differs(
        self, names: Sequence[str], supports: Supports, values: Mapping[tuple[str, str], Fraction]
    ) -> list[Any]:
        """That some mixed action is another; irrational ones are told apart beyond `NEAR`."""
        clause = []
        for name in names:
            i, infoset = self.number[name], self.game.infoset(name)
            for a in supports[name][:-1]:
                real, value = z3.Real(f"s{i}_{infoset.actions.index(a)}"), values[name, a]
                low, high = (z3.RealVal(str(value + d)) for d in (-NEAR, NEAR))
                clause += [real < low, real > high]
        return clause

    def read(self, model: Any, real: Any) -> Fraction:
        value = model.eval(real, model_completion=True)
        if not z3.is_rational_value(value):
            value = value.approx(25)
        return Fraction(value.numerator_as_long(), value.denominator_as_long())

    def evaluate(self, poly: Any, point: Sequence[Fraction]) -> Fraction:
        return fraction(poly(*[flint.fmpq(v.numerator, v.denominator) for v in point]))


def exhaustive(game: Game, independent: bool = True) -> list[Found]:
    """Every distribution of a perfect Bayesian equilibrium, support profile by support profile.

    Parameters
    ----------
    game : a game at a point.
    independent : whether (c) applies.
    """
    search = Search(game, independent)
    return [found for supports in search.profiles() for found in search.search(supports)]


def missing(
    game: Game, solution: Iterable[Any], independent: bool = True, isolated_only: bool = False
) -> Found | None:
    """An equilibrium whose distribution is that of no entry of a solution; None where there is none.

    Parameters
    ----------
    game : a game at a point.
    solution : entries with `outcomes`, a mapping from complete histories to numbers.
    independent : whether (c) applies.
    isolated_only : leave out distributions that vary with the supports kept, which an entry may show by another member.
    """
    known = [{key: rational(p) for key, p in entry.outcomes.items()} for entry in solution]
    cap = CAP if isolated_only else 1
    if shape(game) is not None:
        others = (one for one in signalling(game) if not any(same(one.outcomes, other) for other in known))
    else:
        search = Search(game, independent)
        others = (one for supports in search.profiles() for one in search.search(supports, known, cap))
    return next((one for one in others if one.isolated or not isolated_only), None)


def rational(value: Any) -> Fraction:
    """A number, an irrational one to within 10**-25."""
    if isinstance(value, (int, Fraction)):
        return Fraction(value)
    low, high = value.bounds(90)
    middle: Fraction = (low + high) / 2
    return middle


def same(one: Mapping[str, Fraction], two: Mapping[str, Fraction]) -> bool:
    """Whether two distributions agree to within `NEAR`."""
    return all(abs(one.get(key, Fraction(0)) - two.get(key, Fraction(0))) <= NEAR for key in {**one, **two})


def distinct(found: Iterable[Found]) -> list[Distribution]:
    """The distributions without repetition."""
    kept: list[Distribution] = []
    for one in found:
        if not any(same(one.outcomes, other) for other in kept):
            kept.append(one.outcomes)
    return kept
