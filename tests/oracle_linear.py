r"""Perfect Bayesian equilibria of games of types x signals x replies at a point, by linear algebra.

Given a support for every type and every reply set, the probabilities of the replies and the weights of the signals
(prior times probability) meet linear conditions that do not involve each other; conditions (b) and (c) of the contract
add nothing beyond Bayes' rule at signals that are sent. A signal that is not sent allows any belief.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import combinations, product
from typing import Any

import flint
import z3

from deterrence.game import CHANCE, Game, history_key

Supports = Mapping[str, tuple[str, ...]]
Distribution = dict[str, Fraction]


@dataclass(frozen=True)
class Found:
    """Equilibria with exactly these supports that have one distribution over complete histories.

    Attributes
    ----------
    supports : the support at every information set.
    outcomes : the distribution (an irrational probability to within 10**-20).
    isolated : whether these supports leave only finitely many distributions, this being one of them.
    strategy, beliefs : an equilibrium, where the search keeps one.
    """

    supports: Supports
    outcomes: Distribution
    isolated: bool
    strategy: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    beliefs: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)


def nonempty(actions: Sequence[str]) -> list[tuple[str, ...]]:
    """Every nonempty subset, small ones first."""
    return [subset for size in range(1, len(actions) + 1) for subset in combinations(actions, size)]


class UndecidedError(RuntimeError):
    """z3 gave up on a query."""


def fraction(value: Any) -> Fraction:
    value = flint.fmpq(value)
    return Fraction(int(value.p), int(value.q))


@dataclass(frozen=True)
class Shape:
    """A game of types x signals x replies; `sender[t][m][r]` and `receiver[t][m][r]` are the payoffs."""

    types: tuple[str, ...]
    prior: tuple[Fraction, ...]
    sets: tuple[str, ...]
    signals: tuple[str, ...]
    answers: tuple[str, ...]
    replies: tuple[tuple[str, ...], ...]
    sender: tuple[tuple[tuple[Fraction, ...], ...], ...]
    receiver: tuple[tuple[tuple[Fraction, ...], ...], ...]


def shape(game: Game) -> Shape | None:
    """The game as types x signals x replies; None if it is none."""
    if game.mover(()) != CHANCE:
        return None
    types = game.children[()]
    first = [game.infoset_at.get((t,)) for t in types]
    if any(J is None or len(J.histories) > 1 for J in first) or len(game.infosets) <= len(types):
        return None
    senders = [J for J in first if J is not None]
    signals = senders[0].actions
    if any(J.player != senders[0].player or J.actions != signals for J in senders):
        return None
    answers = []
    for m in signals:
        infoset = game.infoset_at.get((types[0], m))
        if infoset is None or infoset.player == senders[0].player:
            return None
        if set(infoset.histories) != {(t, m) for t in types}:
            return None
        answers.append(infoset)
    if len({J.player for J in answers}) > 1 or any(len(z) != 3 for z in game.terminals):
        return None

    def payoffs(player: str) -> tuple[tuple[tuple[Fraction, ...], ...], ...]:
        return tuple(
            tuple(tuple(game.payoffs[t, m, r][player].as_fraction() for r in J.actions)
                  for m, J in zip(signals, answers, strict=True))
            for t in types
        )

    return Shape(
        types, tuple(game.chance[()].probabilities[t].as_fraction() for t in types),
        tuple(J.name for J in senders), signals, tuple(J.name for J in answers), tuple(J.actions for J in answers),
        payoffs(senders[0].player), payoffs(answers[0].player),
    )


Row = tuple[Fraction, ...]


@dataclass(frozen=True)
class Linear:
    """Equations ``row . x = b``, inequalities ``row . x >= b``, and every coordinate positive."""

    size: int
    equations: tuple[tuple[Row, Fraction], ...]
    inequalities: tuple[tuple[Row, Fraction], ...]

    def reduced(self) -> list[tuple[list[Fraction], Fraction]] | None:
        """The equations in echelon form, or None where they contradict each other."""
        if not self.equations:
            return []
        table = [[flint.fmpq(v.numerator, v.denominator) for v in (*row, b)] for row, b in self.equations]
        echelon, rank = flint.fmpq_mat(table).rref()
        rows = [[fraction(echelon[i, k]) for k in range(self.size + 1)] for i in range(rank)]
        if rows and not any(rows[-1][:-1]):
            return None
        return [(row[:-1], row[-1]) for row in rows]

    def solutions(self, watched: Sequence[int] = ()) -> list[Row]:
        """None, one, or two that differ in a watched coordinate if there are two such."""
        solved = self.reduced()
        if solved is None or any(_impossible(row, b) for row, b in solved):
            return []
        if len(solved) == self.size:
            x = [Fraction(0)] * self.size
            for row, b in solved:
                x[next(i for i, v in enumerate(row) if v)] = b
            good = all(v > 0 for v in x) and all(_dot(row, x) >= b for row, b in self.inequalities)
            return [tuple(x)] if good else []
        return self._search(solved, watched)

    def _search(self, solved: list[tuple[list[Fraction], Fraction]], watched: Sequence[int]) -> list[Row]:
        reals = [z3.Real(f"x{i}") for i in range(self.size)]

        def combination(row: Iterable[Fraction]) -> Any:
            return z3.Sum([z3.RealVal(str(v)) * x for v, x in zip(row, reals, strict=True) if v] or [z3.RealVal(0)])

        found: list[Row] = []
        clause: Any = z3.BoolVal(True)
        while len(found) < 2:
            solver = z3.SolverFor("QF_LRA")
            solver.add(*[x > 0 for x in reals], clause)
            solver.add(*[combination(row) == z3.RealVal(str(b)) for row, b in solved])
            solver.add(*[combination(row) >= z3.RealVal(str(b)) for row, b in self.inequalities])
            answer = solver.check()
            if answer == z3.unknown:
                raise UndecidedError(solver.reason_unknown())
            if answer == z3.unsat:
                break
            model = solver.model()
            values = [model.eval(x, model_completion=True) for x in reals]
            point = tuple(Fraction(v.numerator_as_long(), v.denominator_as_long()) for v in values)
            found.append(point)
            if not watched:
                break
            clause = z3.Or([reals[i] != z3.RealVal(str(point[i])) for i in watched])
        return found


def _impossible(row: Sequence[Fraction], b: Fraction) -> bool:
    """Whether the signs alone forbid that positive numbers satisfy an equation."""
    return (b <= 0 and min(row) >= 0) or (b >= 0 and max(row) <= 0)


def _dot(row: Iterable[Fraction], x: Iterable[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(row, x, strict=True)), Fraction(0))


class Signalling:
    """The search in a game of types x signals x replies; supports are tuples of positions."""

    def __init__(self, form: Shape) -> None:
        self.form = form
        self.n = len(form.types)

    def _columns(self, m: int, replies: tuple[int, ...], senders: Sequence[int]) -> tuple[list[Row], list[Row]]:
        """Rows that must be zero and that must be at least zero, over weights of the senders of a signal."""
        v = self.form.receiver
        first = replies[0]
        others = [r for r in range(len(self.form.replies[m])) if r != first]
        rows = {r: tuple(v[t][m][first] - v[t][m][r] for t in senders) for r in others}
        return [row for r, row in rows.items() if r in replies], [row for r, row in rows.items() if r not in replies]

    @cache  # noqa: B019 - a search lives as long as its test
    def supports(self, m: int, senders: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
        """The sets of replies to a signal that some weights of exactly these senders make best (none: any belief)."""
        zero, one = Fraction(0), Fraction(1)
        found = []
        for replies in (tuple(map(int, s)) for s in nonempty([str(r) for r in range(len(self.form.replies[m]))])):
            choices = [senders] if senders else [tuple(map(int, s)) for s in nonempty([str(t) for t in range(self.n)])]
            for chosen in choices:
                equal, least = self._columns(m, replies, chosen)
                system = Linear(
                    len(chosen), (((one,) * len(chosen), one), *((row, zero) for row in equal)),
                    tuple((row, zero) for row in least),
                )
                if system.solutions():
                    found.append(replies)
                    break
        return tuple(found)

    def senders(self, columns: Sequence[tuple[int, ...]], replies: Sequence[tuple[int, ...]]) -> list[Row]:
        """Weights (prior times probability) of types at signals, in the order of (signal, type)."""
        where = [(m, t) for m, senders in enumerate(columns) for t in senders]
        zero, one = Fraction(0), Fraction(1)
        equations = [
            (tuple(one if s == t else zero for _, s in where), self.form.prior[t]) for t in range(self.n)
        ]
        inequalities: list[tuple[Row, Fraction]] = []
        for m, senders in enumerate(columns):
            if senders:
                for rows, kind in zip(self._columns(m, replies[m], senders), (equations, inequalities), strict=True):
                    for row in rows:
                        part = dict(zip(senders, row, strict=True))
                        kind.append((tuple(part[t] if k == m else zero for k, t in where), zero))
        return Linear(len(where), tuple(equations), tuple(inequalities)).solutions(range(len(where)))

    def repliers(self, columns: Sequence[tuple[int, ...]], replies: Sequence[tuple[int, ...]]) -> list[Row]:
        """Probabilities of replies, in the order of (signal, reply)."""
        where = [(m, r) for m, support in enumerate(replies) for r in support]
        zero, one = Fraction(0), Fraction(1)
        equations = [(tuple(one if k == m else zero for k, _ in where), one) for m in range(len(replies))]
        inequalities: list[tuple[Row, Fraction]] = []
        for t in range(self.n):
            u = self.form.sender[t]
            sent = [m for m, senders in enumerate(columns) if t in senders]
            for m in range(len(replies)):
                if m != sent[0]:
                    row = tuple(u[k][r] if k == sent[0] else -u[k][r] if k == m else zero for k, r in where)
                    (equations if m in sent else inequalities).append((row, zero))
        watched = [i for i, (m, _) in enumerate(where) if columns[m]]
        return Linear(len(where), tuple(equations), tuple(inequalities)).solutions(watched)

    def search(self) -> Iterator[Found]:
        """Every support profile that has equilibria, with one distribution of them, and whether it is the only one."""
        signals = range(len(self.form.signals))
        subsets: list[tuple[int, ...]] = [()] + [tuple(map(int, s)) for s in nonempty([str(t) for t in range(self.n)])]
        for columns in product(subsets, repeat=len(signals)):
            if len({t for senders in columns for t in senders}) < self.n:
                continue
            for replies in product(*(self.supports(m, columns[m]) for m in signals)):
                answers = self.repliers(columns, replies)
                weights = self.senders(columns, replies) if answers else []
                if weights:
                    yield self._found(columns, replies, weights, answers)

    def _found(
        self, columns: Sequence[tuple[int, ...]], replies: Sequence[tuple[int, ...]], weights: list[Row],
        answers: list[Row],
    ) -> Found:
        form = self.form
        at = [(m, t) for m, senders in enumerate(columns) for t in senders]
        to = [(m, r) for m, support in enumerate(replies) for r in support]
        outcomes = {
            history_key((form.types[t], form.signals[m], form.replies[m][r])): w * y
            for (m, t), w in zip(at, weights[0], strict=True)
            for (k, r), y in zip(to, answers[0], strict=True)
            if k == m
        }
        supports = {
            name: tuple(form.signals[m] for m, s in enumerate(columns) if t in s) for t, name in enumerate(form.sets)
        }
        supports.update({form.answers[m]: tuple(form.replies[m][r] for r in s) for m, s in enumerate(replies)})
        return Found(supports, outcomes, len(weights) == 1 and len(answers) == 1)


def signalling(game: Game) -> list[Found]:
    """`exhaustive` for a game of types x signals x replies, by linear algebra.

    Raises
    ------
    ValueError
        for any other game.
    """
    form = shape(game)
    if form is None:
        raise ValueError(f"{game} is not a game of types x signals x replies")
    return list(Signalling(form).search())


