r"""Refinements of equilibrium in signalling games: the intuitive criterion and D1.

Definitions
-----------
A *signalling game*: chance draws the type :math:`t` of the sender, who alone knows it and picks a signal :math:`s`;
somebody else, who sees the signal and nothing more, replies with :math:`r`; what follows, moves of chance and last
moves that signs decide, is part of the payoffs :math:`u_t(s, r)` of the sender and :math:`v_t(s, r)` of the receiver.
A signal may also end the game for every type. With the type's equilibrium payoff :math:`u^*_t`, a set :math:`K` of
types and a signal :math:`s` that no type sends,

* :math:`BR(K, s)` are the replies that are best against some belief on :math:`K`, and :math:`MBR(K, s)` the mixtures
  of replies that are all best against one such belief;
* *intuitive* [cho_kreps1987]: let :math:`J(s)` be the types with
  :math:`u^*_t > \max_{r \in BR(T, s)} u_t(s, r)`. The outcome fails where :math:`J(s)` is not all types and some type
  outside it has :math:`u^*_t < \min_{r \in BR(T \setminus J(s), s)} u_t(s, r)`;
* *d1* [cho_kreps1987], after [banks_sobel1987]: let :math:`D(t, s)` be the mixtures :math:`\rho` in
  :math:`MBR(T, s)` with :math:`u^*_t < u_t(s, \rho)`, and :math:`D^0(t, s)` those with equality. A type is deleted
  where another type :math:`t'` has :math:`D(t, s) \cup D^0(t, s) \subseteq D(t', s)`, so always where its own set is
  empty, unless every type would be deleted: then none is. The test is not repeated. The outcome survives where, for
  every signal that no type sends, some mixture in :math:`MBR` of the types that are left gives no type more than
  :math:`u^*_t`.

Both are about outcomes. An equilibrium passes or fails with its outcome, so that the beliefs off the path that come
with a family that passes are all beliefs of perfect Bayesian equilibrium, those that a refinement finds implausible
included. Where a connected set has many outcomes, what is kept is its members whose outcomes pass. Where a last move
after a signal that no type sends is tied, each member's own play there is taken as given.

Method. Everything is a question about the signs of polynomials in the parameters and in what varies on the path:
:math:`MBR(T, s)` is a union of faces of the simplex of replies, on a face :math:`D \cup D^0` is a polytope whose
corners lie on edges, and inclusion in :math:`D(t')` is a strict inequality at each corner. Each question splits the
region of a family in two, where both answers are possible; the verdicts at the leaves give the exact region that
passes. With three or more replies "best against some belief" and "deters every type" are systems of linear
inequalities over a simplex, whose unknowns are eliminated by Fourier and Motzkin's method, a question for each sign.

The example is beer and quiche: only breakfast on beer passes.

>>> from deterrence import solve
>>> from deterrence.game import Move, PayoffRule, build_game
>>> from deterrence.parameters import ParameterSpace
>>> game = build_game("Beer and quiche", ["Sender", "Receiver"], ParameterSpace(()), [
...     Move("chance", actions={"strong": "9/10", "weak": "1/10"}),
...     Move("Sender", "strong", ("strong",), {"beer": None, "quiche": None}),
...     Move("Sender", "weak", ("weak",), {"beer": None, "quiche": None}),
...     Move("Receiver", "after beer", ("*, beer",), {"duel": None, "leave": None}),
...     Move("Receiver", "after quiche", ("*, quiche",), {"duel": None, "leave": None}),
... ], [
...     PayoffRule(when=("strong", "beer"), amounts={"Sender": "1"}),
...     PayoffRule(when=("weak", "quiche"), amounts={"Sender": "1"}),
...     PayoffRule(when=("leave",), amounts={"Sender": "2"}),
...     PayoffRule(when=("strong", "duel"), amounts={"Receiver": "-1"}),
...     PayoffRule(when=("weak", "duel"), amounts={"Receiver": "1"}),
... ])
>>> [entry.label for entry in solve(game)]
['pooling on quiche', 'pooling on beer']
>>> [entry.label for entry in solve(game, refine="intuitive")]
['pooling on beer']
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import combinations, permutations, product
from typing import TYPE_CHECKING, Any

from ..errors import LimitError, NotSupportedError
from ..expressions import Condition
from ..game import CHANCE, History
from ..smt import decide
from .algebra import Algebra, Branch
from .assembly import Assembly, Choice, Frame
from .point import Node, joined_cells
from .regions import MAX_PARTS
from .search import Cell, Path
from .structure import Structure

if TYPE_CHECKING:
    from .symbolic import Draft

__all__ = ["REFINEMENTS", "Roles", "check", "refined", "roles_of", "survivors"]

REFINEMENTS = ("intuitive", "d1")

Conjunction = tuple[Condition, ...]
Blocks = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Roles:
    """Who does what in a signalling game.

    Attributes
    ----------
    sender : the index of the player whose types chance draws.
    draws : for every type, the history that draws it.
    types : for every type, its information set.
    replies : for every signal that is replied to, the information set of the reply.
    heard : for every such signal, the histories of that set, in the order of the types.
    later : information sets after the replies.
    """

    sender: int
    draws: tuple[History, ...]
    types: tuple[int, ...]
    replies: Mapping[str, int]
    heard: Mapping[str, tuple[History, ...]]
    later: tuple[int, ...]


def _unfit(what: str) -> NotSupportedError:
    return NotSupportedError(
        "refinements are for signalling games, in which one player with two or more types moves first and once, "
        "somebody else sees the action alone and replies, and signs decide what follows; "
        f"here {what}. Leave out --refine"
    )


def roles_of(structure: Structure) -> Roles:
    """The roles in a game.

    Raises
    ------
    NotSupportedError
        where it is no signalling game; the message says what is missing.
    """
    if structure.game.mover(()) != CHANCE or len(structure.draws) < 2:
        raise _unfit("chance draws no types at the start")
    types = tuple(structure.at[draw] for draw in structure.draws)
    senders = {structure.player[i] for i in types}
    if len(senders) > 1:
        raise _unfit("different players move first after different draws")
    if any(len(structure.infosets[i].histories) > 1 for i in types):
        raise _unfit(f"{structure.infosets[types[0]].player} does not know all of the draw when it moves first")
    if len({frozenset(structure.infosets[i].actions) for i in types}) > 1:
        raise _unfit("the types do not have the same actions")
    replies: dict[str, int] = {}
    heard: dict[str, tuple[History, ...]] = {}
    for signal in structure.infosets[types[0]].actions:
        found = _reply(structure, signal)
        if found is not None:
            replies[signal], heard[signal] = found
    used = {*types, *replies.values()}
    later = tuple(i for i in range(len(structure.infosets)) if i not in used)
    return Roles(senders.pop(), structure.draws, types, replies, heard, later)


def _reply(structure: Structure, signal: str) -> tuple[int, tuple[History, ...]] | None:
    """The information set that replies to a signal and its histories by type, or None where nobody moves after it."""
    first = [_next_moves(structure, (*draw, signal)) for draw in structure.draws]
    if not any(first):
        return None
    if any(len(found) != 1 for found in first):
        raise _unfit(f"it is not one move that follows {signal!r} for every type")
    heard = tuple(found[0] for found in first)
    sets = {structure.at[history] for history in heard}
    i = sets.pop()
    if sets or len(structure.infosets[i].histories) != len(heard):
        raise _unfit(f"whoever moves after {signal!r} sees more or less than that signal")
    if structure.player[i] == structure.player[structure.at[structure.draws[0]]]:
        raise _unfit(f"{structure.infosets[i].player} itself moves again after {signal!r}")
    return i, heard


def _next_moves(structure: Structure, history: History) -> list[History]:
    """The first histories from a given one on at which a personal player moves."""
    if history in structure.at:
        return [history]
    labels = structure.game.children.get(history, ())
    return [found for label in labels for found in _next_moves(structure, (*history, label))]


class Signal:
    """A signal that no type sends, given the play on a path: what each reply to it brings.

    Attributes
    ----------
    infoset : the information set of the reply.
    replies : indices of the replies.
    worth : for every type and reply, the receiver's payoff, up to a positive factor for each type.
    gain : for every type and reply, the sender's gain over its equilibrium payoff, up to such a factor.
    loose : conditions that last moves after the signal, where they are tied, are distributions.
    """

    def __init__(self, frame: Frame, roles: Roles, path: Path, label: str) -> None:
        self.frame = frame
        structure = frame.structure
        self.infoset = roles.replies[label]
        self.receiver = structure.player[self.infoset]
        actions = structure.infosets[self.infoset].actions
        self.replies = range(len(actions))
        later = {i: path.choices[i] for i in roles.later}
        after = Assembly(frame, later)
        self.worth = [[after.value((*h, a), self.receiver) for a in actions] for h in roles.heard[label]]
        self.loose = [c for i in sorted(structure.after[self.infoset]) for c in after.simplex(i)]
        played = Assembly(frame, path.choices)
        replied = [Assembly(frame, {**later, self.infoset: Choice((r,))}) for r in self.replies]
        self.gain = []
        for draw in roles.draws:
            top, below = solved_in(frame.algebra, (played.value(draw, roles.sender), frame.one), path.branch)
            values = [assembly.value((*draw, label), roles.sender) for assembly in replied]
            # One factor for all replies of a type, since mixtures of them are compared.
            scale = reduced(frame.algebra, below)
            self.gain.append([(value * below - top) * scale for value in values])


def solved_in(algebra: Algebra, value: tuple[Any, Any], branch: Branch) -> tuple[Any, Any]:
    """A fraction with everything that a branch solves put in."""
    for index, solution in branch.solved.items():
        if value[0].degrees()[index] > 0 or value[1].degrees()[index] > 0:
            value = algebra.lowest(*algebra.put_fraction(value, index, solution))
    return value


def reduced(algebra: Algebra, poly: Any) -> Any:
    """A polynomial of the same sign without the factors whose sign is known."""
    if poly.is_constant():
        return poly
    unit, factors = poly.factor()
    result = algebra.one if unit > 0 else -algebra.one
    for factor, power in factors:
        sign = algebra.sign(factor)
        if sign is None:
            result = result * factor**power
        elif sign == "-" and power % 2:
            result = -result
    return result


class Trial:
    """One run of a verdict: every question is answered by what was answered before, or splits what is left in two.

    Parameters
    ----------
    contexts : a union of conjunctions within which the questions are asked.
    answers : to the first questions that split; later ones are answered with yes.
    """

    def __init__(self, algebra: Algebra, contexts: Sequence[Conjunction], answers: tuple[bool, ...]) -> None:
        self.algebra = algebra
        self.contexts = contexts
        self.given = answers
        self.answers: list[bool] = []
        self.asked: list[Condition] = []
        self.known: dict[Condition, bool] = {}

    def holds(self, condition: Condition) -> bool:
        """Whether a condition holds, in this run."""
        condition = self.algebra.condition(reduced(self.algebra, condition.poly), condition.op)
        if condition.truth is not None:
            return condition.truth
        if condition not in self.known:
            (negation,) = condition.negated()
            self.known[condition] = self._answer(condition, negation)
            self.known[negation] = not self.known[condition]
        return self.known[condition]

    def positive(self, poly: Any) -> bool:
        """Whether a polynomial is positive."""
        return self.holds(self.algebra.condition(poly, ">"))

    def negative(self, poly: Any) -> bool:
        """Whether a polynomial is negative."""
        return self.positive(-poly)

    def sign(self, poly: Any) -> int:
        """The sign of a polynomial: 1, -1 or 0."""
        return 1 if self.positive(poly) else -1 if self.negative(poly) else 0

    def _answer(self, condition: Condition, negation: Condition) -> bool:
        if not feasible_in(self.algebra, self.contexts, (*self.asked, condition)):
            return False
        if not feasible_in(self.algebra, self.contexts, (*self.asked, negation)):
            return True
        n = len(self.answers)
        self.answers.append(self.given[n] if n < len(self.given) else True)
        self.asked.append(condition if self.answers[n] else negation)
        return self.answers[n]


def is_balanced(trial: Trial, rows: Sequence[Sequence[Any]]) -> bool:
    """Whether some distribution over the columns gives every row a mean of at least zero."""
    zero, one = trial.algebra.zero, trial.algebra.one
    free = len(rows[0]) - 1
    # The last weight is what the others leave to one; the last entry of a row becomes its constant term.
    system = [[*(entry - row[-1] for entry in row[:-1]), row[-1]] for row in rows]
    system += [[*(one if j == k else zero for j in range(free)), zero] for k in range(free)]
    system.append([-one] * free + [one])
    for k in range(free):
        groups: dict[int, list[list[Any]]] = {1: [], -1: [], 0: []}
        for row in system:
            groups[trial.sign(row[k])].append(row)
        system = groups[0] + [
            [up[k] * b - down[k] * a for a, b in zip(up, down, strict=True)] for up in groups[1] for down in groups[-1]
        ]
    return not any(trial.negative(row[-1]) for row in system)


def feasible_in(algebra: Algebra, contexts: Sequence[Conjunction], conditions: Iterable[Condition]) -> bool:
    """Whether a conjunction can hold somewhere in a union of conjunctions."""
    added = tuple(conditions)
    return any(algebra.feasible((*context, *added)) for context in contexts)


def passing(
    algebra: Algebra, contexts: Sequence[Conjunction], verdict: Callable[[Trial], bool]
) -> list[Conjunction]:
    """Where a verdict is favourable within a union of conjunctions, as a union of as few and short ones as drop out.

    Raises
    ------
    LimitError
        where it splits into more than `MAX_PARTS` parts.
    """
    good: list[Conjunction] = []
    bad: list[Conjunction] = []
    stack: list[tuple[bool, ...]] = [()]
    while stack:
        given = stack.pop()
        trial = Trial(algebra, contexts, given)
        (good if verdict(trial) else bad).append(tuple(trial.asked))
        stack.extend((*trial.answers[:n], False) for n in range(len(given), len(trial.answers)))
        if len(stack) + len(good) + len(bad) > MAX_PARTS:
            raise LimitError(f"a refinement splits a family into more than {MAX_PARTS} parts")
    if not bad:
        return [()]
    return _absorbed(algebra, contexts, [_widened(algebra, contexts, part, bad) for part in good])


def _widened(
    algebra: Algebra, contexts: Sequence[Conjunction], part: Conjunction, bad: Sequence[Conjunction]
) -> Conjunction:
    """A part without the conditions that are not needed to keep it apart from what fails."""
    for condition in sorted(part, key=lambda c: (-len(c.poly.coeffs()), str(c))):
        rest = tuple(c for c in part if c is not condition)
        if not any(feasible_in(algebra, contexts, (*rest, *other)) for other in bad):
            part = rest
    return part


def _absorbed(algebra: Algebra, contexts: Sequence[Conjunction], parts: list[Conjunction]) -> list[Conjunction]:
    """The parts that the others do not cover."""
    kept = list({frozenset(part): part for part in parts}.values())
    for part in sorted(kept, key=lambda p: (-len(p), [str(c) for c in p])):
        others = [other for other in kept if other is not part]
        uncovered = [[n for c in other for n in c.negated()] for other in others]
        clauses = [[[c] for c in (*algebra.domain, *context, *part)] + uncovered for context in contexts]
        if others and all(decide(asked).status == "unsat" for asked in clauses):
            kept = others
    return kept


class Judge:
    """The verdicts on one signal in one run."""

    def __init__(self, signal: Signal, trial: Trial) -> None:
        self.signal = signal
        self.trial = trial
        self.types = tuple(range(len(signal.gain)))
        self.gain = signal.gain

    def together(self, replies: tuple[int, ...], types: tuple[int, ...]) -> bool:
        """Whether some belief on the types makes all of some replies best."""
        if len(self.signal.replies) == 2:
            return all(self._leads(r, types) for r in replies)
        worth, first = self.signal.worth, replies[0]
        leads = [[worth[t][first] - worth[t][r] for t in types] for r in self.signal.replies if r != first]
        others = [r for r in self.signal.replies if r != first]
        ties = [[-lead for lead in row] for r, row in zip(others, leads, strict=True) if r in replies]
        return is_balanced(self.trial, [*leads, *ties])

    def _leads(self, r: int, types: tuple[int, ...]) -> bool:
        """Whether, of two replies, one is best against some type."""
        return any(not self.trial.positive(self.signal.worth[t][1 - r] - self.signal.worth[t][r]) for t in types)

    def best(self, types: tuple[int, ...]) -> list[int]:
        """The replies that are best against some belief on the types."""
        return [r for r in self.signal.replies if self.together((r,), types)]

    def intuitive(self) -> bool:
        """Whether the intuitive criterion is met at this signal."""
        every = self.best(self.types)
        left = tuple(t for t in self.types if any(not self.trial.negative(self.gain[t][r]) for r in every))
        if not left or left == self.types:
            return True
        replies = self.best(left)
        return not any(all(self.trial.positive(self.gain[t][r]) for r in replies) for t in left)

    def d1(self) -> bool:
        """Whether D1 is met at this signal."""
        pure = self.best(self.types)
        edges = [pair for pair in permutations(pure, 2) if self.together((min(pair), max(pair)), self.types)]
        left = tuple(
            t for t in self.types if not any(self._within(t, other, pure, edges) for other in self.types if other != t)
        )
        return not left or left == self.types or self._deterred(left)

    def _within(self, t: int, other: int, pure: Sequence[int], edges: Sequence[tuple[int, int]]) -> bool:
        """Whether every mixture at which a type does not lose is one at which another type gains."""
        trial, mine, its = self.trial, self.gain[t], self.gain[other]
        for r in pure:
            if not trial.negative(mine[r]) and not trial.positive(its[r]):
                return False
        for r, s in edges:
            crosses = trial.negative(mine[s]) and not trial.negative(mine[r])
            # At weights mine[r] on s and -mine[s] on r, which scale to a mixture, the type is indifferent.
            if crosses and not trial.positive(mine[r] * its[s] - mine[s] * its[r]):
                return False
        return True

    def _deterred(self, types: tuple[int, ...]) -> bool:
        """Whether some mixed best reply against some belief on the types gives no type a gain."""
        replies = self.best(types)
        if any(all(not self.trial.positive(row[r]) for row in self.gain) for r in replies):
            return True
        if len(self.signal.replies) == 2:
            return len(replies) == 2 and all(self._meet(*pair) for pair in product(self.gain, repeat=2))
        return any(
            self.together(mixed, types) and is_balanced(self.trial, [[-row[r] for r in mixed] for row in self.gain])
            for size in range(2, len(replies) + 1)
            for mixed in combinations(replies, size)
        )

    def _meet(self, one: Sequence[Any], two: Sequence[Any]) -> bool:
        """Whether one mixture of two replies gives neither of two types a gain; pairs decide for all types."""
        gains = self.trial.positive
        if any(not gains(one[r]) and not gains(two[r]) for r in (0, 1)):
            return True
        for r, s in ((0, 1), (1, 0)):
            if not gains(one[r]) and not gains(two[s]):
                # One is content near r, the other near s: their ranges overlap.
                return not gains(two[r] * one[s] - one[r] * two[s])
        return False


def _verdict(signal: Signal, refinement: str) -> Callable[[Trial], bool]:
    def verdict(trial: Trial) -> bool:
        judge = Judge(signal, trial)
        return judge.intuitive() if refinement == "intuitive" else judge.d1()

    return verdict


def _unsent(roles: Roles, path: Path) -> list[str]:
    """The signals with a reply that no type sends."""
    return [label for label, i in roles.replies.items() if i not in path.reached]


def restricted(
    frame: Frame, roles: Roles, path: Path, blocks: Blocks, contexts: Sequence[Conjunction], refinement: str
) -> Blocks:
    """The blocks of a path with the cells that pass; where one has none left the path fails.

    Raises
    ------
    NotSupportedError
        where something after a reply is not decided by signs.
    """
    for i in roles.later:
        if i not in path.choices or not path.choices[i].decided:
            raise _unfit(f"signs do not decide the move at {frame.structure.infosets[i].name!r}")
    for label in _unsent(roles, path):
        signal = Signal(frame, roles, path, label)
        within = [(*context, *signal.loose) for context in contexts]
        parts = passing(frame.algebra, within, _verdict(signal, refinement))
        if parts != [()]:
            blocks = tuple(
                tuple(c for cell in block for part in parts for c in _narrowed(frame.algebra, cell, part))
                if any(signal.infoset in cell.choices for cell in block)
                else block
                for block in blocks
            )
    return blocks


def _narrowed(algebra: Algebra, cell: Cell, part: Conjunction) -> Iterator[Cell]:
    """A cell with further conditions, an equation where no more than that is left of an inequality."""
    added = []
    for condition in part:
        top, below = solved_in(algebra, (condition.poly, algebra.one), cell.branch)
        added.append(algebra.condition(reduced(algebra, top * below), condition.op))
    for n, condition in enumerate(added):
        strict = algebra.condition(condition.poly, ">")
        if condition.op == ">=" and not algebra.feasible((*cell.branch.all, *added[:n], strict, *added[n + 1 :])):
            added[n] = algebra.condition(condition.poly, "==")
    for branch in algebra.solve_equations((*cell.branch.all, *added)):
        solved = {index: solved_in(algebra, value, branch) for index, value in cell.branch.solved.items()}
        yield Cell(cell.choices, replace(branch, solved={**solved, **branch.solved}))


def check(refinement: str, structure: Structure) -> Roles:
    """The roles in a game that a refinement is for.

    Raises
    ------
    NotSupportedError
        where there is no such refinement, or the game is no signalling game.
    """
    if refinement not in REFINEMENTS:
        raise NotSupportedError(f"there is no refinement {refinement!r}; there are {' and '.join(REFINEMENTS)}")
    return roles_of(structure)


def survivors(frame: Frame, nodes: Iterable[Node], refinement: str) -> list[Node]:
    """The nodes at a point with what passes of them, in connected components.

    Raises
    ------
    NotSupportedError
        where the game is no signalling game.
    """
    roles = check(refinement, frame.structure)
    kept = []
    for node in nodes:
        blocks = restricted(frame, roles, node.path, node.components, [node.path.branch.all], refinement)
        if blocks == node.components:
            kept.append(node)
            continue
        choices = [joined_cells(frame, node.path, cells, sorted(cells[0].choices)) if cells else [] for cells in blocks]
        kept += [Node(frame, node.path, choice) for choice in product(*choices)]
    return kept


def refined(frame: Frame, drafts: Sequence[Draft], refinement: str) -> tuple[list[Draft], list[str]]:
    """The families with the parts of their regions that pass, and what could not be judged and is left out.

    Raises
    ------
    NotSupportedError
        where the game is no signalling game.
    """
    roles = check(refinement, frame.structure)
    kept: list[Draft] = []
    notes: list[str] = []
    for draft in drafts:
        try:
            contexts = _contexts(draft)
            blocks = restricted(frame, roles, draft.path, draft.cells, contexts, refinement) if contexts else ()
        except (LimitError, NotSupportedError) as error:
            notes.append(f"{draft.play.base()}: not judged, and left out ({error})")
            if len(notes) == len(drafts):
                raise
            continue
        if contexts and all(blocks):
            kept.append(draft if blocks == draft.cells else _redrawn(draft, blocks))
    return kept, notes


def _contexts(draft: Draft) -> list[Conjunction]:
    """Where a family exists: its region, or the conditions on its path where something varies or is not written yet."""
    if not draft.node.varies:
        with suppress(LimitError, NotSupportedError):
            return list(draft.region)
    return [draft.path.branch.all]


def _redrawn(draft: Draft, blocks: Blocks) -> Draft:
    """The family with the cells that are left."""
    unknowns = draft.frame.algebra.unknowns
    is_open = all(any(all(unknowns(e.poly) for e in cell.branch.equations) for cell in block) for block in blocks)
    return replace(draft, first=tuple(b[0] for b in blocks), listed=blocks, generic=draft.generic and is_open)
