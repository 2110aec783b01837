r"""The conditions of equilibrium for given supports, as polynomials.

Unknowns
--------
``$s{i}_{a}``: probability of action ``a`` at information set ``i``; ``$m{i}_{n}``: belief at information set ``i`` in
its ``n``-th history. The last action of a support and the last history of a set have what is left to one.

For an information set whose source reaches it with positive probability the beliefs follow from Bayes' rule, and the
conditions of rationality are written with unnormalised weights, which are positive multiples of the beliefs. The
player's own later moves are replaced by one action of their support each: all actions of a support are equally good
wherever the information set is reached, and weigh nothing where it is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..expressions import Condition, Expression, Ring
from ..game import History
from .algebra import Algebra
from .structure import Structure, TypeSystem

__all__ = ["Assembly", "Choice", "Frame", "Profile"]


@dataclass(frozen=True)
class Choice:
    """What an information set does in a profile.

    Attributes
    ----------
    actions : the support, or the set of best actions where `closed`.
    closed : whether probabilities of `actions` may be zero (their being positive matters to nobody's beliefs).
    believed : histories of positive belief, where beliefs are free and that matters; None for any.
    decided : whether signs alone decide it, so that no condition of rationality is left.
    """

    actions: tuple[int, ...]
    closed: bool = False
    believed: tuple[int, ...] | None = None
    decided: bool = False

    @cached_property
    def number(self) -> int:
        """A number that equal choices share, quick to compare."""
        return _NUMBERS.setdefault(self, len(_NUMBERS))


_NUMBERS: dict[Choice, int] = {}

Profile = Mapping[int, Choice]
Factors = tuple[Any, ...]


class Frame:
    """One game put into polynomials: its ring, domain, payoffs and chance weights cleared of denominators.

    Parameters
    ----------
    structure : of the game.
    domain : conditions on the parameters.
    disjoint : whether sets of best actions exclude all others strictly, so that the cells of a block are disjoint.
    """

    def __init__(self, structure: Structure, domain: Sequence[Condition], disjoint: bool = False) -> None:
        self.structure = structure
        self.disjoint = disjoint
        self.game = structure.game
        params = self.game.space.names
        unknowns = [
            f"$s{i}_{a}" for i, infoset in enumerate(structure.infosets) for a in range(len(infoset.actions) - 1)
        ]
        unknowns += [
            f"$m{i}_{n}" for i, infoset in enumerate(structure.infosets) for n in range(len(infoset.histories) - 1)
        ]
        self.ring = Ring((*params, *unknowns))
        self.algebra = Algebra(self.ring, len(params), [self.lift_condition(c) for c in domain])
        self.zero, self.one = self.algebra.zero, self.algebra.one
        self.chance, self.payoff = self._cleared()
        self.rules: dict[object, list[Condition]] = {}
        """Conditions of rationality by information set and the choices they come from."""
        self.free: dict[tuple[int, ...], bool] = {}
        """Whether beliefs follow from Bayes' rule, likewise."""
        if structure.types is None:
            self.priors: tuple[tuple[Any, ...], ...] = ()
        else:
            self.priors = tuple(tuple(self.lift(p) for p in row) for row in structure.types.priors)

    def lift(self, expression: Expression) -> tuple[Any, Any]:
        """Numerator and denominator of an expression over the parameters, in the larger ring."""
        return self._project(expression.num), self._project(expression.den)

    def _project(self, poly: Any) -> Any:
        pad = (0,) * (len(self.ring.names) - len(self.game.space.names))
        return self.ring.context.from_dict({(*(int(d) for d in m), *pad): c for m, c in poly.terms()})

    def lift_condition(self, condition: Condition) -> Condition:
        """A condition on the parameters in the larger ring."""
        return Condition(self.ring, self._project(condition.poly), condition.op)

    def variable(self, name: str) -> Any:
        """The unknown of that name."""
        return self.algebra.gens[self.ring.index[name]]

    def _cleared(self) -> tuple[dict[tuple[History, str], Any], dict[History, tuple[Any, ...]]]:
        """Chance weights and payoffs as polynomials, each player's payoffs and all chance moves scaled by squares.

        Scaling a player's payoffs by a positive factor changes no comparison. Every chance move is scaled by `common`;
        payoffs are padded, so that the weight of a history times the value from there on is scaled alike everywhere.
        """
        game = self.game
        weights = {(h, a): self.lift(p) for h, move in game.chance.items() for a, p in move.probabilities.items()}
        common = _square_of([den for _, den in weights.values()], self.one)
        self.common = common
        self.deepest = max(self.chance_moves(z) for z in game.terminals)
        chance = {key: num * (common / den) for key, (num, den) in weights.items()}
        payoffs: dict[History, tuple[Any, ...]] = {}
        scales = [
            _square_of([self._project(row[p].den) for row in game.payoffs.values()], self.one) for p in game.players
        ]
        for z, row in game.payoffs.items():
            pad = common ** (self.deepest - self.chance_moves(z))
            lifted = [self.lift(row[p]) for p in game.players]
            payoffs[z] = tuple(
                num * (scale / den) * pad for (num, den), scale in zip(lifted, scales, strict=True)
            )
        return chance, payoffs

    def chance_moves(self, history: History) -> int:
        """How many moves of chance come before a history: its weight is scaled by as many factors `common`."""
        return sum(1 for n in range(len(history)) if history[:n] in self.game.chance)

    @cached_property
    def matters(self) -> tuple[bool, ...]:
        """Whether the support at an information set may decide if another player's beliefs follow from Bayes' rule."""
        s = self.structure
        return tuple(
            any(s.player[k] != s.player[i] for k in s.after[i]) for i in range(len(s.infosets))
        )

    @cached_property
    def belief_matters(self) -> tuple[bool, ...]:
        """Whether the support of a free belief may decide if later beliefs of the same player follow from it."""
        s = self.structure
        return tuple(
            any(s.player[k] == s.player[i] for k in s.after[i]) for i in range(len(s.infosets))
        )


def _square_of(denominators: Sequence[Any], one: Any) -> Any:
    """A square that every denominator divides, positive wherever none of them vanishes."""
    product = one
    seen: list[Any] = []
    for den in denominators:
        if den.is_constant():
            continue
        if not any(den == other for other in seen):
            seen.append(den)
            product = product * den
    return product * product


def _product(factors: Sequence[Any], one: Any) -> Any:
    total = one
    for factor in factors:
        total = total * factor
    return total


class Assembly:
    """The conditions of one profile of choices; information sets without a choice count as any mixture."""

    def __init__(self, frame: Frame, profile: Profile) -> None:
        self.frame = frame
        self.structure = frame.structure
        self.profile = profile
        self._sigma: dict[tuple[int, int], Any] = {}
        self._values: dict[tuple[History, int], Any] = {}
        self._weights: dict[int, dict[History, Factors] | None] = {}

    def probability(self, i: int, a: int) -> Any:
        """The probability of action a at information set i."""
        key = (i, a)
        if key not in self._sigma:
            self._sigma[key] = self._probability(i, a)
        return self._sigma[key]

    def _probability(self, i: int, a: int) -> Any:
        choice = self.profile.get(i)
        actions = choice.actions if choice else tuple(range(len(self.structure.infosets[i].actions)))
        if a not in actions:
            return self.frame.zero
        if a != actions[-1]:
            return self.frame.variable(f"$s{i}_{a}")
        rest = self.frame.one
        for other in actions[:-1]:
            rest = rest - self.frame.variable(f"$s{i}_{other}")
        return rest

    def value(self, history: History, player: int) -> Any:
        """The player's expected payoff from a history on, its own later moves by one best action each."""
        key = (history, player)
        if key not in self._values:
            self._values[key] = self._value(history, player)
        return self._values[key]

    def _value(self, history: History, player: int) -> Any:
        frame, structure = self.frame, self.structure
        if history in frame.payoff:
            return frame.payoff[history][player]
        labels = frame.game.children[history]
        i = structure.at.get(history, -1)
        if i < 0:
            return self._total((frame.chance[history, a], self.value((*history, a), player)) for a in labels)
        choice = self.profile.get(i)
        if structure.player[i] == player and choice is not None:
            return self.value((*history, structure.infosets[i].actions[choice.actions[0]]), player)
        actions = structure.infosets[i].actions
        return self._total(
            (p, self.value((*history, a), player))
            for n, a in enumerate(actions)
            if not (p := self.probability(i, n)).is_zero()
        )

    def _total(self, terms: Iterator[tuple[Any, Any]]) -> Any:
        total = self.frame.zero
        for weight, value in terms:
            total = total + weight * value
        return total

    def base(self, i: int) -> tuple[str, Any]:
        """Where the beliefs of an information set start from: ``("own", J)`` or ``("root", history)``."""
        parent = self.structure.own_parent[i]
        root = self.structure.subgame_root[i]
        if parent is not None and self.structure.infosets[parent[0]].histories[0][: len(root)] == root:
            return ("own", parent[0])
        return ("root", root)

    def weights(self, i: int) -> dict[History, Factors] | None:
        """Weights that follow from the source by Bayes' rule, or None where nothing of positive probability remains."""
        if i not in self._weights:
            self._weights[i] = self._source_weights(i)
        return self._weights[i]

    def _source_weights(self, i: int) -> dict[History, Factors] | None:
        kind, source = self.base(i)
        start: Mapping[History, Factors] = self.factors(source) if kind == "own" else {source: ()}
        result: dict[History, Factors] = {}
        for history in self.structure.infosets[i].histories:
            origin = next((h for h in start if history[: len(h)] == h), None)
            steps = None if origin is None else self._reach(origin, history, i)
            if origin is not None and steps is not None:
                result[history] = start[origin] + steps
        return result or None

    def _reach(self, start: History, end: History, i: int) -> Factors | None:
        """The probabilities of the steps of others and chance between two histories; None where one is zero."""
        factors: list[Any] = []
        for n in range(len(start), len(end)):
            history = end[:n]
            j = self.structure.at.get(history, -1)
            if j < 0:
                factors.append(self.frame.chance[history, end[n]])
            elif self.structure.player[j] != self.structure.player[i]:
                factors.append(self.probability(j, self.structure.infosets[j].actions.index(end[n])))
            if factors and factors[-1].is_zero():
                return None
        return tuple(f for f in factors if not f.is_one())

    def is_free(self, i: int) -> bool:
        """Whether beliefs at an information set do not follow from its source."""
        key = self._key(i)
        found = self.frame.free.get(key)
        if found is None:
            found = self.frame.free[key] = self.weights(i) is None
        return found

    def factors(self, i: int) -> dict[History, Factors]:
        """Weights proportional to the beliefs, as factors: from the source, or the free beliefs themselves."""
        found = self.weights(i)
        if found is not None:
            return found
        histories = self.structure.infosets[i].histories
        choice = self.profile.get(i)
        believed = choice.believed if choice and choice.believed is not None else tuple(range(len(histories)))
        result: dict[History, Factors] = {}
        rest = self.frame.one
        for n in believed[:-1]:
            variable = self.frame.variable(f"$m{i}_{n}")
            result[histories[n]] = (variable,)
            rest = rest - variable
        result[histories[believed[-1]]] = () if rest.is_one() else (rest,)
        if self.frame.common.is_one():
            return result
        # A free belief is scaled like the weight of its history.
        return {h: own + (self.frame.common,) * self.frame.chance_moves(h) for h, own in result.items()}

    def beliefs(self, i: int) -> dict[History, Any]:
        """Weights proportional to the beliefs at every history of an information set."""
        frame = self.frame
        result = dict.fromkeys(self.structure.infosets[i].histories, frame.zero)
        for history, own in self.factors(i).items():
            moves = frame.chance_moves(history) if not frame.common.is_one() else 0
            if self.is_free(i):
                result[history] = _product(own[: len(own) - moves], frame.one)
            else:
                pad = frame.common ** (frame.deepest - moves) if not frame.common.is_one() else frame.one
                result[history] = _product(own, frame.one) * pad
        return result

    def reduced_beliefs(self, i: int) -> dict[History, Any]:
        """The weights that are not zero, without common factors that are sure to be positive."""
        rows = {h: list(factors) for h, factors in self.factors(i).items()}
        first = next(iter(rows.values()))
        for factor in list(first):
            if all(factor in row for row in rows.values()) and all(
                self._is_positive(u) for u in self.frame.algebra.unknowns(factor)
            ):
                for row in rows.values():
                    row.remove(factor)
        return {h: _product(row, self.frame.one) for h, row in rows.items()}

    def _is_positive(self, unknown: int) -> bool:
        """Whether an unknown is the probability or belief of something chosen to be possible."""
        kind, text = self.frame.ring.names[unknown][1], self.frame.ring.names[unknown][2:]
        choice = self.profile.get(int(text.split("_")[0]))
        return choice is not None and (not choice.closed if kind == "s" else choice.believed is not None)

    def rationality(self, i: int) -> list[Condition]:
        """That every action chosen is best."""
        choice = self.profile[i]
        if choice.decided:
            return []
        key = self._key(i)
        found = self.frame.rules.get(key)
        if found is None:
            found = self.frame.rules[key] = self._rationality(i, choice)
        return list(found)

    def _key(self, i: int) -> tuple[int, ...]:
        """The choices before and after an information set: weights and values there come from nothing else."""
        profile = self.profile
        return (i, *[profile[n].number if n in profile else -1 for n in self.structure.near[i]])

    def _rationality(self, i: int, choice: Choice) -> list[Condition]:
        player = self.structure.player[i]
        weights = self.reduced_beliefs(i)
        values = [
            self._total((w, self.value((*h, label), player)) for h, w in weights.items())
            for label in self.structure.infosets[i].actions
        ]
        first = values[choice.actions[0]]
        conditions = []
        for a, value in enumerate(values):
            if a == choice.actions[0]:
                continue
            outside = ">" if choice.closed and self.frame.disjoint else ">="
            op = "==" if a in choice.actions else outside
            conditions.append(self.frame.algebra.condition(first - value, op))
        return conditions

    def simplex(self, i: int) -> list[Condition]:
        """That the probabilities of an information set are a distribution with the chosen support."""
        choice = self.profile.get(i)
        actions = choice.actions if choice else tuple(range(len(self.structure.infosets[i].actions)))
        if len(actions) == 1:
            return []
        key = ("simplex", i, -1 if choice is None else choice.number)
        found = self.frame.rules.get(key)
        if found is None:
            op = ">" if choice is not None and not choice.closed else ">="
            found = [self.frame.algebra.condition(self.probability(i, a), op) for a in actions]
            self.frame.rules[key] = found
        return list(found)

    def belief_simplex(self, i: int) -> list[Condition]:
        """That free beliefs are a distribution, with the believed histories where those were chosen."""
        if not self.is_free(i):
            return []
        choice = self.profile.get(i)
        key = ("beliefs", i, -1 if choice is None else choice.number)
        found = self.frame.rules.get(key)
        if found is None:
            op = ">" if choice is not None and choice.believed is not None else ">="
            weights = [w for w in self.beliefs(i).values() if not w.is_constant()]
            found = self.frame.rules[key] = [self.frame.algebra.condition(w, op) for w in weights]
        return list(found)

    def common_beliefs(self, sets: Sequence[int]) -> list[Condition]:
        """Condition (c): equal records give equal beliefs about a type, and an empty record the prior."""
        types = self.structure.types
        if types is None:
            return []
        conditions = []
        first: dict[tuple[int, History], int] = {}
        for i in sets:
            if len(self.structure.infosets[i].histories) < 2:
                continue
            for j in range(len(self.structure.game.players)):
                if j == self.structure.player[i] or len(types.priors[j]) < 2:
                    continue
                record = self.structure.record(i, j)
                if record is None:
                    continue
                if not record:
                    if self.is_free(i):
                        conditions += self._prior(types, i, j)
                    continue
                reference = first.setdefault((j, record), i)
                if reference != i:
                    conditions += self._equal(types, i, reference, j)
        return [c for c in conditions if c.truth is not True]

    def _marginal(self, types: TypeSystem, i: int, j: int) -> list[Any]:
        masses = [self.frame.zero for _ in types.priors[j]]
        for history, weight in self.beliefs(i).items():
            cell = types.cells[j][self.structure.draw_of(history)]
            masses[cell] = masses[cell] + weight
        return masses

    def _prior(self, types: TypeSystem, i: int, j: int) -> list[Condition]:
        masses = self._marginal(types, i, j)
        total = sum(masses[1:], masses[0])
        return [
            self.frame.algebra.condition(mass * den - total * num, "==")
            for mass, (num, den) in zip(masses[:-1], self.frame.priors[j], strict=False)
        ]

    def _equal(self, types: TypeSystem, i: int, k: int, j: int) -> list[Condition]:
        mine, other = self._marginal(types, i, j), self._marginal(types, k, j)
        total, reference = sum(mine[1:], mine[0]), sum(other[1:], other[0])
        return [
            self.frame.algebra.condition(a * reference - b * total, "==")
            for a, b in zip(mine[:-1], other[:-1], strict=True)
        ]
