r"""Every perfect Bayesian equilibrium at a point, exactly, as connected sets.

The equilibria of one path (supports of the information sets that are reached) are a product: the values on the path
times, for each block of unreached information sets, the union of its cells. Each block is split into connected
components: a cell whose conditions are not linear may be in several parts, and two parts are joined where a point of
one is a limit of points of the other. Where the values on the path vary, the sets of different paths may be joined too.
Each connected set is one entry; where it is not decided whether sets are joined they are one entry, which says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any

import flint

from ..errors import LimitError
from ..expressions import Condition
from ..smt import Verdict, decide
from .algebra import Branch
from .assembly import Assembly, Choice, Frame
from .connected import Part, limit, parts_of
from .search import Cell, Path, Search

__all__ = ["MAX_PIECES", "Component", "Node", "Piece", "connected_sets", "joined_cells", "nodes_of"]

MAX_PIECES = 5_000


@dataclass(frozen=True, eq=False)
class Piece:
    """A path with one cell of each of some blocks: conditions on coordinates that name probabilities and beliefs."""

    frame: Frame
    choices: Mapping[int, Choice]
    branch: Branch

    @cached_property
    def assembly(self) -> Assembly:
        """The polynomials of the choices."""
        return Assembly(self.frame, self.choices)

    @cached_property
    def _coordinates(self) -> dict[tuple[int, ...], dict[int, tuple[Any, Any]]]:
        return {}

    def coordinates(self, sets: Iterable[int]) -> dict[int, tuple[Any, Any]]:
        """For each coordinate of some information sets, its value as a fraction of what is left unknown."""
        key = tuple(sets)
        if key not in self._coordinates:
            self._coordinates[key] = self._placed(key)
        return self._coordinates[key]

    def _placed(self, sets: Iterable[int]) -> dict[int, tuple[Any, Any]]:
        ring = self.frame.ring
        found: dict[int, tuple[Any, Any]] = {}
        for i in sets:
            infoset = self.frame.structure.infosets[i]
            for a in range(len(infoset.actions) - 1):
                found[ring.index[f"$s{i}_{a}"]] = (self.assembly.probability(i, a), self.frame.one)
            weights = self.assembly.beliefs(i)
            total = sum(list(weights.values())[1:], next(iter(weights.values())))
            for n, history in enumerate(infoset.histories[:-1]):
                found[ring.index[f"$m{i}_{n}"]] = (weights[history], total)
        return {index: self.put(value) for index, value in found.items()}

    def put(self, value: tuple[Any, Any]) -> tuple[Any, Any]:
        """A fraction with everything that is solved put in."""
        algebra = self.frame.algebra
        for index, solution in self.branch.solved.items():
            if value[0].degrees()[index] > 0 or value[1].degrees()[index] > 0:
                value = algebra.put_fraction(value, index, solution)
        return algebra.lowest(*value) if not value[1].is_zero() else value

    def fixed(self, sets: Iterable[int]) -> dict[int, Any]:
        """The coordinates of some information sets that are one number all over the piece."""
        return {
            index: num.leading_coefficient() / den.leading_coefficient() if not num.is_zero() else flint.fmpq(0)
            for index, (num, den) in self.coordinates(sets).items()
            if num.is_constant() and den.is_constant() and not den.is_zero()
        }

    def narrowed(self, more: Sequence[Condition]) -> Piece:
        """The part of the piece that meets more conditions."""
        return replace(self, branch=replace(self.branch, conditions=(*self.branch.conditions, *more)))

    def equations(self, sets: Iterable[int]) -> list[Condition]:
        """That the coordinates of some information sets have their values in this piece."""
        algebra = self.frame.algebra
        found = []
        for index, (num, den) in self.coordinates(sets).items():
            condition = algebra.condition(algebra.gens[index] * den - num, "==")
            if condition.truth is not True:
                found.append(condition)
        return found


class Component(tuple[Cell, ...]):
    """Cells of a block that make up one connected set; `doubtful` where it was not decided whether it is connected."""

    doubtful = False


@dataclass(frozen=True, eq=False)
class Node:
    """One path with one connected component of each of its blocks."""

    frame: Frame
    path: Path
    components: tuple[tuple[Cell, ...], ...]
    doubtful: bool = False
    """Whether it was not decided if its set on the path, or the sets that it was joined to, are connected."""

    @property
    def unsure(self) -> bool:
        """Whether it was not decided if this set is connected."""
        return self.doubtful or any(isinstance(c, Component) and c.doubtful for c in self.components)

    @property
    def varies(self) -> bool:
        """Whether the distribution over complete histories varies."""
        return any(self.frame.algebra.has_unknowns(c) for c in self.path.branch.all) or bool(self._loose())

    def _loose(self) -> list[int]:
        """Unknowns of the path that no condition binds."""
        assembly = Assembly(self.frame, self.path.choices)
        used: set[int] = set()
        for i in self.path.reached:
            for a in self.path.choices[i].actions:
                used.update(self.frame.algebra.unknowns(assembly.probability(i, a)))
        return sorted(used - set(self.path.branch.solved))

    def pieces(self) -> Iterator[Piece]:
        """Every combination of a cell of each block."""
        size = 1
        for component in self.components:
            size *= len(component)
        if size > MAX_PIECES:
            raise LimitError(f"what is free off the path falls into more than {MAX_PIECES} pieces")
        for cells in product(*self.components):
            choices = dict(self.path.choices)
            branch = self.path.branch
            solved = dict(branch.solved)
            # The conditions of a cell hold those of the path, with what the cell solves put in.
            conditions: dict[Condition, None] = {} if cells else dict.fromkeys(branch.conditions)
            equations: dict[Condition, None] = {} if cells else dict.fromkeys(branch.equations)
            for cell in cells:
                choices.update(cell.choices)
                solved.update(cell.branch.solved)
                conditions.update(dict.fromkeys(cell.branch.conditions))
                equations.update(dict.fromkeys(cell.branch.equations))
            merged = Branch(self._composed(solved), tuple(equations), tuple(conditions), branch.alternatives)
            yield Piece(self.frame, choices, merged)

    def _composed(self, solved: dict[int, tuple[Any, Any]]) -> dict[int, tuple[Any, Any]]:
        """Solutions of the path with what a cell solved in turn put in."""
        algebra = self.frame.algebra
        result = {}
        for index, value in solved.items():
            for other, solution in solved.items():
                if other != index and (value[0].degrees()[other] > 0 or value[1].degrees()[other] > 0):
                    value = algebra.lowest(*algebra.put_fraction(value, other, solution))
            result[index] = value
        return result


def nodes_of(search: Search, isolate: Callable[[Search, Branch], list[Branch]]) -> list[Node]:
    """Every path that some off-path play supports, with each combination of components of its blocks."""
    nodes = []
    for path in (replace(p, branch=branch) for p in search.paths() for branch in isolate(search, p.branch)):
        components = []
        for block in search.blocks(path):
            cells = [
                Cell(cell.choices, branch)
                for cell in search.cells(path, block)
                for branch in isolate(search, cell.branch)
            ]
            if not cells:
                break
            components.append(joined_cells(search.frame, path, cells, block))
        else:
            if components:
                nodes += [Node(search.frame, path, choice) for choice in product(*components)]
            else:
                nodes += _divided(search.frame, path)
    return nodes


def _divided(frame: Frame, path: Path) -> list[Node]:
    """A path with nothing to choose off it, once for each connected set of its values."""
    piece = Piece(frame, path.choices, path.branch)
    shares, doubtful = _components([piece], range(len(frame.structure.infosets)))
    if len(shares) == 1:
        return [Node(frame, path, (), doubtful[0])]
    return [
        Node(frame, replace(path, branch=branch), (), doubt)
        for group, doubt in zip(shares, doubtful, strict=True)
        for _, branch in group
    ]


def joined_cells(frame: Frame, path: Path, cells: Sequence[Cell], block: Sequence[int]) -> list[tuple[Cell, ...]]:
    """The cells of a block in connected components (each a `Component`); a cell may have parts in several."""
    pieces = [Piece(frame, {**path.choices, **cell.choices}, cell.branch) for cell in cells]
    sets = sorted({*block, *path.reached}) if any(frame.algebra.has_unknowns(c) for c in path.branch.all) else block
    found: list[tuple[Cell, ...]] = []
    for group, doubtful in zip(*_components(pieces, sets), strict=True):
        component = Component(
            cells[n] if branch is cells[n].branch else Cell(cells[n].choices, branch) for n, branch in group
        )
        component.doubtful = doubtful
        found.append(component)
    return found


def _components(pieces: Sequence[Piece], sets: Sequence[int]) -> tuple[list[list[tuple[int, Branch]]], list[bool]]:
    """For each connected set of a union of pieces, its shares of them by number, and whether it is doubtful."""
    trees = [parts_of(piece.frame.algebra, piece.branch.all) for piece in pieces]
    leaves = [(n, leaf, above) for n, tree in enumerate(trees) for leaf, above in tree.leaves()]
    places = [pieces[n] if not above else pieces[n].narrowed(above) for n, _, above in leaves]
    groups, unsure = _groups(places, lambda p, q, thorough: _touch(p, q, sets, thorough))
    labels: dict[Part, int] = {leaves[k][1]: number for number, group in enumerate(groups) for k in group}
    shares: list[list[tuple[int, Branch]]] = [[] for _ in groups]
    for n, tree in enumerate(trees):
        for number, found in tree.shares(labels).items():
            shares[number] += [(n, branch) for more in found for branch in _share(pieces[n], more)]
    doubtful = [
        number in unsure or any(not leaves[k][1].decided for k in group) for number, group in enumerate(groups)
    ]
    return shares, doubtful


def _share(piece: Piece, more: tuple[Condition, ...]) -> list[Branch]:
    """The branch of a piece with more conditions, equations solved."""
    if not more:
        return [piece.branch]
    algebra = piece.frame.algebra
    if all(c.op != "==" for c in more):
        return [piece.narrowed(more).branch]
    found = []
    for branch in algebra.solve_equations((*piece.branch.all, *more)):
        placed = replace(piece, branch=branch)
        solved = {index: placed.put(value) for index, value in piece.branch.solved.items()}
        found.append(replace(branch, solved={**solved, **branch.solved}))
    return found


def _groups(
    items: Sequence[Any], touch: Callable[[Any, Any, bool], bool | None]
) -> tuple[list[list[int]], set[int]]:
    """Indices in classes of the relation that `touch` generates, and the classes that only a doubt (None) joins.

    What is hard to decide of a pair, with `touch` thorough, is asked only if others have not joined it.
    """
    parent = list(range(len(items)))

    def find(n: int) -> int:
        while parent[n] != n:
            n = parent[n]
        return n

    def join(n: int, m: int) -> None:
        parent[max(find(n), find(m))] = min(find(n), find(m))

    doubts = [(n, m) for n in range(len(items)) for m in range(n)]
    for thorough in (False, True):
        pairs, doubts = doubts, []
        for n, m in pairs:
            if find(n) != find(m):
                found = touch(items[n], items[m], thorough)
                if found:
                    join(n, m)
                elif found is None:
                    doubts.append((n, m))
    doubted = [(n, m) for n, m in doubts if find(n) != find(m)]
    for n, m in doubted:
        join(n, m)
    groups: dict[int, list[int]] = {}
    for n in range(len(items)):
        groups.setdefault(find(n), []).append(n)
    heads = {find(n) for n, _ in doubted}
    return list(groups.values()), {number for number, head in enumerate(groups) if head in heads}


def _touch(one: Piece, other: Piece, sets: Sequence[int], thorough: bool) -> bool | None:
    """Whether a point of one piece is a limit of points of the other, or both have one in common; None: undecided."""
    algebra = one.frame.algebra
    there = other.fixed(sets)
    if any(value != there.get(index, value) for index, value in one.fixed(sets).items()):
        return False
    answers = []
    for near, exact in ((one, other), (other, one)):
        target = [*exact.branch.all, *exact.equations(sets)]
        answer = limit(algebra, near.branch.all, near.coordinates(sets), target, thorough)
        if answer:
            return True
        answers.append(answer)
    return None if None in answers else False


def connected_sets(nodes: Sequence[Node]) -> list[list[Node]]:
    """Nodes in classes: different paths are joined only where the values on one of them vary."""
    groups, unsure = _groups(nodes, _joined)
    return [
        [replace(nodes[n], doubtful=True) if number in unsure else nodes[n] for n in group]
        for number, group in enumerate(groups)
    ]


def _joined(one: Node, other: Node, thorough: bool) -> bool | None:
    if not (one.varies or other.varies):
        return False
    if one.path is other.path and not one.varies:
        return False
    answers: list[bool | None] = []
    for wide, narrow in ((one, other), (other, one)):
        if wide.varies and _within(narrow, wide):
            for p, q in product(wide.pieces(), narrow.pieces()):
                answers.append(_touch(p, q, range(len(one.frame.structure.infosets)), thorough))
                if answers[-1]:
                    return True
    return None if None in answers else False


def _within(narrow: Node, wide: Node) -> bool:
    """Whether the supports of one path lie in those of the other where the other is reached."""
    for i in narrow.path.reached:
        if i not in wide.path.reached:
            return False
        if not set(narrow.path.choices[i].actions) <= set(wide.path.choices[i].actions):
            return False
    return True


def sample(piece: Piece, order: Sequence[int]) -> dict[int, Fraction] | None:
    """Exact values for the unknowns that a piece leaves open, extreme ones first; None where all are irrational."""
    algebra = piece.frame.algebra
    conditions = list(piece.branch.all)
    values: dict[int, Fraction] = {}
    for index in order:
        chosen = _choose(piece, conditions, index)
        if chosen is None:
            return None
        values[index] = chosen
        number = piece.frame.ring.number(chosen).num
        conditions = [
            algebra.condition(algebra.substitute(c.poly, index, (number, piece.frame.one))[0], c.op) for c in conditions
        ]
        conditions = [c for c in conditions if c.truth is not True]
    return values


def _choose(piece: Piece, conditions: Sequence[Condition], index: int) -> Fraction | None:
    """A value for one unknown at which the rest can still be met: 1, 0, a simple fraction, or what a model has."""
    algebra = piece.frame.algebra
    name = piece.frame.ring.names[index]
    for value in (Fraction(1), Fraction(0), Fraction(1, 2)):
        number = piece.frame.ring.number(value).num
        fixed = algebra.condition(algebra.gens[index] - number, "==")
        if decide([*([c] for c in conditions), [fixed]]).status == "sat":
            return value
    verdict = decide([[c] for c in conditions])
    if verdict.point is not None and name in verdict.point:
        return verdict.point[name]
    return _rational_nearby(piece, conditions, index, verdict)


def _rational_nearby(piece: Piece, conditions: Sequence[Condition], index: int, verdict: Verdict) -> Fraction | None:
    """A rational value near that of an irrational model, where the conditions leave room for one."""
    algebra = piece.frame.algebra
    for digits in (2, 4, 8, 16):
        fraction = verdict.near(piece.frame.ring.names[index], digits)
        if fraction is None:
            return None
        fixed = algebra.condition(algebra.gens[index] - piece.frame.ring.number(fraction).num, "==")
        if decide([*([c] for c in conditions), [fixed]]).status == "sat":
            return fraction
    return None
