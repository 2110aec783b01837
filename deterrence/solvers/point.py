r"""Every perfect Bayesian equilibrium at a point, exactly, as connected sets.

The equilibria of one path (supports of the information sets that are reached) are a product: the values on the path
times, for each block of unreached information sets, the union of its cells. Each block is split into connected
components, two cells being joined where a point of one is a limit of points of the other. Where the values on the path
vary, the sets of different paths may be joined too. Each connected set is one entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any

from ..errors import LimitError
from ..expressions import Condition
from ..smt import Verdict, decide
from .algebra import Branch
from .assembly import Assembly, Choice, Frame
from .search import Cell, Path, Search

__all__ = ["MAX_PIECES", "Node", "Piece", "connected_sets", "joined_cells", "nodes_of"]

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

    def coordinates(self, sets: Iterable[int]) -> dict[int, tuple[Any, Any]]:
        """For each coordinate of some information sets, its value as a fraction of what is left unknown."""
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

    def equations(self, sets: Iterable[int]) -> list[Condition]:
        """That the coordinates of some information sets have their values in this piece."""
        algebra = self.frame.algebra
        found = []
        for index, (num, den) in self.coordinates(sets).items():
            condition = algebra.condition(algebra.gens[index] * den - num, "==")
            if condition.truth is not True:
                found.append(condition)
        return found

    def closure(self) -> list[Condition]:
        """Its conditions with strict inequalities made weak."""
        algebra = self.frame.algebra
        return [algebra.condition(c.poly, ">=") if c.op == ">" else c for c in self.branch.all if c.op != "!="]


@dataclass(frozen=True, eq=False)
class Node:
    """One path with one connected component of each of its blocks."""

    frame: Frame
    path: Path
    components: tuple[tuple[Cell, ...], ...]

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
            nodes += [Node(search.frame, path, choice) for choice in product(*components)]
    return nodes


def joined_cells(frame: Frame, path: Path, cells: Sequence[Cell], block: Sequence[int]) -> list[tuple[Cell, ...]]:
    """The cells of a block in connected components."""
    pieces = [Piece(frame, {**path.choices, **cell.choices}, cell.branch) for cell in cells]
    sets = sorted({*block, *path.reached}) if any(frame.algebra.has_unknowns(c) for c in path.branch.all) else block
    return [tuple(cells[n] for n in group) for group in _groups(pieces, lambda p, q: _touch(p, q, sets))]


def _groups(items: Sequence[Any], touch: Any) -> list[list[int]]:
    """Indices in classes of the relation that `touch` generates."""
    parent = list(range(len(items)))

    def find(n: int) -> int:
        while parent[n] != n:
            n = parent[n]
        return n

    for n in range(len(items)):
        for m in range(n):
            if find(n) != find(m) and touch(items[n], items[m]):
                parent[max(find(n), find(m))] = min(find(n), find(m))
    groups: dict[int, list[int]] = {}
    for n in range(len(items)):
        groups.setdefault(find(n), []).append(n)
    return list(groups.values())


def _touch(one: Piece, other: Piece, sets: Sequence[int]) -> bool:
    """Whether a point of one piece is a limit of points of the other, or both have a point in common."""
    for closed, exact in ((one, other), (other, one)):
        conditions = [*closed.closure(), *closed.equations(sets), *exact.branch.all, *exact.equations(sets)]
        status = decide([c] for c in dict.fromkeys(conditions)).status
        if status == "unknown":
            closed.frame.algebra.undecided = True
        if status != "unsat":
            return True
    return False


def connected_sets(nodes: Sequence[Node]) -> list[list[Node]]:
    """Nodes in classes: different paths are joined only where the values on one of them vary."""
    return [[nodes[n] for n in group] for group in _groups(nodes, _joined)]


def _joined(one: Node, other: Node) -> bool:
    if not (one.varies or other.varies):
        return False
    if one.path is other.path and not one.varies:
        return False
    for wide, narrow in ((one, other), (other, one)):
        if wide.varies and _within(narrow, wide):
            for p, q in product(wide.pieces(), narrow.pieces()):
                if _touch(p, q, range(len(one.frame.structure.infosets))):
                    return True
    return False


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
