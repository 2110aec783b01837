r"""Every support profile that an equilibrium may have, by depth-first search with exact pruning.

Three stages, each complete:

1. *Endings*: information sets that only decided moves follow, and where the comparison of two actions does not depend
   on beliefs, are decided by the signs of these comparisons (:func:`endings`). Nothing is deleted: no other information
   set loses a history.
2. *The path*: supports of the information sets that are reached, from the root on (:meth:`Search.paths`).
3. *Off the path*: the information sets that are not reached fall into *blocks* that no condition links; each block has
   its own list of *cells*, a choice of supports with the conditions that remain (:meth:`Search.cells`).

A branch is cut only when the conditions of one information set, with everything not chosen yet counted as any mixture,
have no solution at any admissible point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Any

import flint

from ..errors import LimitError
from ..expressions import Condition
from ..game import History
from .algebra import Branch, strict
from .assembly import Assembly, Choice, Frame

__all__ = ["MAX_PROFILES", "Cell", "Ending", "Path", "Search", "endings", "subsets"]

MAX_PROFILES = 200_000


def subsets(n: int) -> list[tuple[int, ...]]:
    """The non-empty subsets of range(n), small ones first."""
    return [c for size in range(1, n + 1) for c in combinations(range(n), size)]


@lru_cache
def _supports(n: int) -> tuple[Choice, ...]:
    """A choice for each non-empty subset of n actions."""
    return tuple(Choice(actions) for actions in subsets(n))


@lru_cache
def _cell_supports(n: int, closed: bool) -> list[Choice]:
    """The same for a block, in the order of its cells."""
    return [Choice(actions, closed) for actions in sorted(subsets(n))]


@dataclass(frozen=True)
class Ending:
    """One way in which signs decide the last moves, with the conditions on the parameters that it takes."""

    choices: Mapping[int, Choice]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Path:
    """The supports of the information sets that are reached, and one branch of the conditions on the path.

    Attributes
    ----------
    choices : for every reached or decided information set.
    reached : indices, in the order of the search.
    branch : the conditions on the path, equations solved; unsolved where `implicit`.
    implicit : whether the branch holds the conditions as they are, deep knife edges among them.
    """

    choices: Mapping[int, Choice]
    reached: tuple[int, ...]
    branch: Branch
    implicit: bool = False


@dataclass(frozen=True)
class Cell:
    """One choice for a block of unreached information sets, equations solved."""

    choices: Mapping[int, Choice]
    branch: Branch


def endings(frame: Frame) -> list[Ending]:
    """Every way in which signs decide the last moves; one only where the signs are known."""
    found: list[Ending] = []
    order = sorted(range(len(frame.structure.infosets)), key=lambda i: (len(frame.structure.after[i]), i))

    def extend(position: int, choices: dict[int, Choice], conditions: tuple[Condition, ...]) -> None:
        if position == len(order):
            found.append(Ending(dict(choices), conditions))
            return
        i = order[position]
        differences = _differences(frame, i, choices)
        if differences is None:
            extend(position + 1, choices, conditions)
            return
        for actions in subsets(len(frame.structure.infosets[i].actions)):
            asked = _best(frame, differences, actions)
            # A weak inequality that can only hold with equality belongs to the larger set of best actions.
            if frame.algebra.feasible(strict(frame.algebra, (*conditions, *asked))):
                kept = tuple(c for c in asked if c.truth is None and frame.algebra.sign(c.poly) != "+")
                following = dict(choices)
                if len(actions) == 1 or not _read_by_others(frame, i):
                    # Where others' beliefs follow from a tie, its supports are for the search to tell apart.
                    following[i] = Choice(actions, closed=True, decided=True)
                extend(position + 1, following, tuple(dict.fromkeys((*conditions, *kept))))

    extend(0, {}, ())
    return found


def _read_by_others(frame: Frame, i: int) -> bool:
    """Whether another player has beliefs after an information set."""
    s = frame.structure
    return any(s.player[k] != s.player[i] and len(s.infosets[k].histories) > 1 for k in s.after[i])


def _differences(frame: Frame, i: int, choices: Mapping[int, Choice]) -> list[Any] | None:
    """The values of the actions up to a common positive factor, where beliefs do not matter; else None."""
    structure = frame.structure
    if any(k not in choices for k in structure.after[i]):
        return None
    assembly = Assembly(frame, choices)
    infoset = structure.infosets[i]
    rows = []
    for history in infoset.histories:
        values = [assembly.value((*history, a), structure.player[i]) for a in infoset.actions]
        if any(frame.algebra.unknowns(v) for v in values):
            differences = [v - values[0] for v in values]
            if any(frame.algebra.unknowns(d) for d in differences):
                return None
            values = differences
        rows.append([v - values[0] for v in values])
    if all(_same_signs(frame, rows[0], row) for row in rows[1:]):
        return rows[0]
    return None


def _same_signs(frame: Frame, one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether two histories rank every pair of actions alike at every admissible point."""
    for a in range(len(one)):
        for b in range(a):
            left, right = one[a] - one[b], other[a] - other[b]
            if left.is_constant() and right.is_constant():
                if frame.algebra.sign(left) != frame.algebra.sign(right):
                    return False
            elif frame.algebra.condition(left, ">") != frame.algebra.condition(right, ">"):
                sign = frame.algebra.sign(left)
                if sign is None or sign != frame.algebra.sign(right):
                    return False
    return True


def _best(frame: Frame, values: Sequence[Any], actions: Sequence[int]) -> list[Condition]:
    """That exactly or at least these actions are best."""
    first = values[actions[0]]
    return [
        frame.algebra.condition(first - value, "==" if a in actions else ">=")
        for a, value in enumerate(values)
        if a != actions[0]
    ]


class Search:
    """The profiles of one game under one ending.

    Parameters
    ----------
    frame, ending : the game, and how signs decide its last moves.
    stated : beliefs that are asked for: information set, history, value.
    shallow : whether conditions that need two or more equations among parameters stay unsolved (`Path.implicit`).
    only_generic : whether paths that ask any equation among parameters are left out; `unsolved` then says whether
        others may have been too, as their equations were not solved.
    """

    def __init__(
        self,
        frame: Frame,
        ending: Ending,
        stated: Sequence[tuple[int, int, Fraction]] = (),
        shallow: bool = False,
        only_generic: bool = False,
    ) -> None:
        self.frame = frame
        self.shallow = shallow or only_generic
        self.only_generic = only_generic
        self.most = MAX_PROFILES
        self.unsolved = False
        self.stated = tuple(stated)
        self.leaves: list[dict[int, Choice]] | None = None
        self.ending = ending
        self.structure = frame.structure
        self.algebra = frame.algebra
        self._local: dict[object, bool] = {}
        self._seen: dict[object, int] = {}
        near = self.structure.near
        self._views: list[list[tuple[int, dict[int, int]]]] = [[(n, {}) for n in sets] for sets in near]
        self._grouped: tuple[Path, list[tuple[int, ...]]] | None = None
        self.count = 0

    def paths(self) -> Iterator[Path]:
        """Every choice of supports on the path, with each branch of its conditions."""
        for choices in self.leaves if self.leaves is not None else self._grow(dict(self.ending.choices)):
            reached = tuple(self._walk(choices))
            conditions = self.path_conditions(choices, reached)
            last = len(reached) == len(self.structure.infosets)
            for branch, implicit in self._branches(conditions):
                path = Path(choices, reached, branch, implicit)
                # Where a block follows, its cells are checked together with the path.
                if (not last and self.blocks(path)) or self.algebra.clauses_feasible(branch.clauses):
                    yield path

    def count_leaves(self, limit: int) -> int:
        """How many profiles the search goes through; beyond the limit it stops, and keeps nothing of them."""
        leaves = []
        for choices in self._grow(dict(self.ending.choices)):
            leaves.append(choices)
            if self.count > limit:
                return self.count
        self.leaves = leaves
        return self.count

    def _branches(self, conditions: Sequence[Condition]) -> Iterator[tuple[Branch, bool]]:
        """The branches of a path: all solved, or those of one equation among parameters and the rest as it stands."""
        if not self.shallow:
            for branch in self.algebra.solve_equations(conditions, check=False):
                yield branch, False
            return
        found = self.algebra.shallow(conditions, generic=self.only_generic)
        if found.branch is not None and not (self.only_generic and found.branch.equations):
            yield found.branch, False
        self.unsolved = self.unsolved or found.unsolved
        if not self.only_generic and (found.deeper or found.zeros):
            equations = tuple(c for c in conditions if c.op == "==" and c.truth is not True)
            others = tuple(c for c in conditions if c.op != "==" and c.truth is not True)
            alternatives = () if found.deeper else found.zeros
            yield Branch({}, tuple(dict.fromkeys(equations)), tuple(dict.fromkeys(others)), alternatives), True

    def _grow(self, choices: dict[int, Choice]) -> Iterator[dict[int, Choice]]:
        self.count += 1
        if self.count > self.most:
            raise LimitError(f"the search went through more than {self.most} profiles of supports")
        i = next((i for i in self._walk(choices) if i not in choices), None)
        if i is None:
            yield choices
            return
        for choice in _supports(len(self.structure.infosets[i].actions)):
            extended = {**choices, i: choice}
            if self._locally_possible(i, extended):
                yield from self._grow(extended)

    def _walk(self, choices: Mapping[int, Choice]) -> Iterator[int]:
        """The information sets reached with positive probability, shortest histories first."""
        level: list[History] = [()]
        seen: set[int] = set()
        while level:
            following: list[History] = []
            for history in level:
                labels = self.frame.game.children.get(history, ())
                i = self.structure.at.get(history, -1)
                if i >= 0:
                    if i not in seen:
                        seen.add(i)
                        yield i
                    if i not in choices:
                        continue
                    labels = tuple(self.structure.infosets[i].actions[a] for a in choices[i].actions)
                following.extend((*history, label) for label in labels)
            level = following

    def _locally_possible(self, i: int, choices: Mapping[int, Choice]) -> bool:
        """Whether each information set that the new choice touches can still be rational, taken alone."""
        near = self.structure.near[i]
        return all(self._possible(k, choices) for k in near if k in choices and not choices[k].decided)

    def _possible(self, k: int, choices: Mapping[int, Choice]) -> bool:
        near, key = self.structure.near[k], self.local_key(k, choices)
        if key not in self._local:
            assembly = Assembly(self.frame, choices)
            conditions = assembly.rationality(k)
            names = self._mentioned(conditions)
            for n in near:
                if n in names:
                    conditions += assembly.simplex(n)
            if assembly.is_free(k):
                conditions += assembly.belief_simplex(k)
            self._local[key] = self.algebra.feasible((*self.ending.conditions, *conditions))
        return self._local[key]

    def local_key(self, k: int, choices: Mapping[int, Choice]) -> object:
        """What of a profile decides whether an information set can be rational, taken alone."""
        key = [k]
        for n, views in self._views[k]:
            choice = choices.get(n)
            if choice is None:
                key.append(-1)
                continue
            view = views.get(choice.number)
            if view is None:
                seen = self._seen_from(k, n, choice)
                view = views[choice.number] = self._seen.setdefault(seen, len(self._seen))
            key.append(view)
        return tuple(key)

    def _seen_from(self, k: int, n: int, choice: Choice) -> object:
        """What matters of a choice to another information set: the actions that lead there, and whether there are more.

        Whatever else a mixture does, the actions that lead there may have any positive probabilities.
        """
        if n not in self.structure.before[k] or n in self.structure.after[k] or choice.believed is not None:
            return choice
        below = self.structure.below[n]
        here = tuple(a for a in choice.actions if k in below[a])
        return here, len(here) < len(choice.actions), choice.closed, choice.decided

    @cached_property
    def _mixing(self) -> dict[int, int]:
        """For the unknowns that are probabilities of actions, their information sets."""
        names = enumerate(self.frame.ring.names)
        return {index: int(name[2:].split("_")[0]) for index, name in names if name.startswith("$s")}

    def _mentioned(self, conditions: Sequence[Condition]) -> set[int]:
        """The information sets of whose probabilities a list of conditions speaks."""
        mixing = self._mixing
        return {mixing[index] for condition in conditions for index in condition.used if index in mixing}

    def path_conditions(self, choices: Mapping[int, Choice], reached: Sequence[int]) -> list[Condition]:
        """Rationality and supports on the path, deviations that leave it for undecided play excepted."""
        assembly = Assembly(self.frame, choices)
        conditions = list(self.ending.conditions)
        for i in reached:
            conditions += assembly.simplex(i)
            if choices[i].decided:
                continue
            rules = assembly.rationality(i)
            others = [a for a in range(len(self.structure.infosets[i].actions)) if a != choices[i].actions[0]]
            conditions += [
                rule for a, rule in zip(others, rules, strict=True) if not self._beyond(i, a, choices, reached)
            ]
        return conditions

    def _stated(self, assembly: Assembly, sets: Sequence[int]) -> list[Condition]:
        """The beliefs that were asked for, at information sets where Bayes' rule leaves them open."""
        conditions = []
        for i, n, value in self.stated:
            if i in sets and assembly.is_free(i):
                weights = list(assembly.beliefs(i).values())
                total = sum(weights[1:], weights[0])
                number = flint.fmpq(value.numerator, value.denominator)
                conditions.append(self.algebra.condition(weights[n] - total * number, "=="))
        return conditions

    def _beyond(self, i: int, a: int, choices: Mapping[int, Choice], reached: Sequence[int]) -> set[int]:
        """The unreached information sets after an action at which something is still to be chosen."""
        below = self.structure.below[i][a]
        return {k for k in below if k not in reached and (k not in choices or len(choices[k].actions) > 1)}

    def blocks(self, path: Path) -> list[tuple[int, ...]]:
        """The unreached information sets in groups that no condition links."""
        if self._grouped is None or self._grouped[0] is not path:
            self._grouped = (path, self._blocks(path))
        return self._grouped[1]

    def _blocks(self, path: Path) -> list[tuple[int, ...]]:
        unreached = [i for i in range(len(self.structure.infosets)) if i not in path.reached]
        parent = {i: i for i in unreached}

        def find(i: int) -> int:
            while parent[i] != i:
                i = parent[i]
            return i

        def link(members: Sequence[int]) -> None:
            for k in members[1:]:
                parent[find(k)] = find(members[0])

        for i in path.reached:
            if not path.choices[i].decided:
                for a in range(len(self.structure.infosets[i].actions)):
                    if a not in path.choices[i].actions:
                        link(sorted(self._beyond(i, a, path.choices, path.reached)))
        for i in unreached:
            if i not in path.choices or len(self.structure.infosets[i].histories) > 1:
                link([i, *(k for k in sorted(self.structure.after[i]) if k in parent and self._open(k, path))])
        for group in self._records(unreached).values():
            link(group)
        if any(self.algebra.has_unknowns(c) for c in path.branch.all):
            # What is left free on the path links every block.
            link([i for i in unreached if self._open(i, path)])
        groups: dict[int, list[int]] = {}
        for i in unreached:
            if self._open(i, path):
                groups.setdefault(find(i), []).append(i)
        return [tuple(group) for group in groups.values()]

    def _open(self, i: int, path: Path) -> bool:
        """Whether an unreached information set has anything to choose or to believe."""
        choice = path.choices.get(i)
        return choice is None or len(choice.actions) > 1 or len(self.structure.infosets[i].histories) > 1

    def _records(self, sets: Sequence[int]) -> dict[tuple[int, History], list[int]]:
        """Information sets that share the record of a player with types."""
        types = self.structure.types
        groups: dict[tuple[int, History], list[int]] = {}
        if types is None:
            return groups
        for i in sets:
            if len(self.structure.infosets[i].histories) < 2:
                continue
            for j in range(len(self.frame.game.players)):
                if j != self.structure.player[i] and len(types.priors[j]) > 1:
                    record = self.structure.record(i, j)
                    if record:
                        groups.setdefault((j, record), []).append(i)
        return groups

    def cells(self, path: Path, block: Sequence[int]) -> Iterator[Cell]:
        """Every choice for a block that goes with the path, with each branch of its conditions."""
        links = self._links(path, block)
        for choices in self._grow_block(dict(path.choices), list(block), path):
            conditions = self._block_conditions(path, block, links, choices)
            placed = [self.put(c, path.branch) for c in conditions]
            kept = {i: choices[i] for i in block}
            if path.implicit:
                together = [c for c in dict.fromkeys((*path.branch.all, *placed)) if c.truth is not True]
                branch = Branch(
                    {},
                    tuple(c for c in together if c.op == "=="),
                    tuple(c for c in together if c.op != "=="),
                    path.branch.alternatives,
                )
                if self.algebra.clauses_feasible(branch.clauses):
                    yield Cell(kept, branch)
                continue
            for branch in self.algebra.solve_equations((*path.branch.all, *placed)):
                yield Cell(kept, branch)

    def put(self, condition: Condition, branch: Branch) -> Condition:
        """A condition with the unknowns that a branch has solved for put in."""
        poly = condition.poly
        for index, value in branch.solved.items():
            if poly.degrees()[index]:
                poly, _ = self.algebra.substitute(poly, index, value)
        return condition if poly is condition.poly else self.algebra.condition(poly, condition.op)

    def _grow_block(self, choices: dict[int, Choice], todo: list[int], path: Path) -> Iterator[dict[int, Choice]]:
        self.count += 1
        if self.count > self.most:
            raise LimitError(f"the search went through more than {self.most} profiles of supports")
        if not todo:
            yield choices
            return
        i = self._first_ready(todo)
        rest = [k for k in todo if k != i]
        for choice in self._options(i, choices, rest):
            extended = {**choices, i: choice}
            if self._locally_possible(i, extended):
                yield from self._grow_block(extended, rest, path)

    def _first_ready(self, todo: Sequence[int]) -> int:
        """The first information set before which everything is chosen; any, where they precede each other."""
        ready = [i for i in todo if not any(k in self.structure.before[i] for k in todo if k != i)]
        return min(ready or todo, key=lambda i: (len(self.structure.infosets[i].histories[0]), i))

    def _options(self, i: int, choices: Mapping[int, Choice], rest: Sequence[int]) -> list[Choice]:
        infoset = self.structure.infosets[i]
        given = choices.get(i)
        closed = not self.frame.matters[i]
        bases = _cell_supports(len(infoset.actions), closed) if given is None else [given]
        if len(infoset.histories) == 1 or not self.frame.belief_matters[i]:
            return bases
        pending = any(k in self.structure.before[i] for k in rest)
        if not pending and not Assembly(self.frame, choices).is_free(i):
            return bases
        return [
            Choice(base.actions, base.closed, believed, base.decided)
            for base in bases
            for believed in subsets(len(infoset.histories))
            if self._agrees(i, believed, choices)
        ]

    def _agrees(self, i: int, believed: Sequence[int], choices: Mapping[int, Choice]) -> bool:
        """Whether free beliefs that equal records make equal have the same types of a player possible."""
        for k, own, others in self._twins[i]:
            other = choices[k].believed if k in choices else None
            if other is not None and {own[n] for n in believed} != {others[n] for n in other}:
                return False
        return True

    @cached_property
    def _twins(self) -> dict[int, list[tuple[int, tuple[int, ...], tuple[int, ...]]]]:
        """Information sets with the same record of a player with types, and the type history by history in both."""
        found: dict[int, list[tuple[int, tuple[int, ...], tuple[int, ...]]]] = {
            i: [] for i in range(len(self.structure.infosets))
        }
        types = self.structure.types
        if types is None:
            return found
        for (j, _), group in self._records(range(len(self.structure.infosets))).items():
            cells = {
                i: tuple(types.cells[j][self.structure.draw_of(h)] for h in self.structure.infosets[i].histories)
                for i in group
            }
            for i in group:
                found[i] += [(k, cells[i], cells[k]) for k in group if k != i]
        return found

    def _links(self, path: Path, block: Sequence[int]) -> list[tuple[int, list[int]]]:
        """The conditions of reached information sets about actions that lead to a block, by their places."""
        links = []
        members = set(block)
        for i in path.reached:
            choice = path.choices[i]
            if choice.decided:
                continue
            others = [a for a in range(len(self.structure.infosets[i].actions)) if a != choice.actions[0]]
            places = [
                n for n, a in enumerate(others) if self._beyond(i, a, path.choices, path.reached) & members
            ]
            if places:
                links.append((i, places))
        return links

    def _block_conditions(
        self, path: Path, block: Sequence[int], links: Sequence[tuple[int, list[int]]], choices: Mapping[int, Choice]
    ) -> list[Condition]:
        assembly = Assembly(self.frame, choices)
        conditions: list[Condition] = []
        for i, places in links:
            rules = assembly.rationality(i)
            conditions += [rules[n] for n in places]
        for i in block:
            conditions += assembly.simplex(i) + assembly.belief_simplex(i)
            if not choices[i].decided:
                conditions += assembly.rationality(i)
        wide = sorted({*block, *path.reached})
        return conditions + assembly.common_beliefs(wide) + self._stated(assembly, block)
