r"""The atlas: every family of perfect Bayesian equilibria in closed form, with its exact region.

One family stands for one choice of supports on the path and one branch of the conditions there; what is off the path is
free, in pieces, and is eliminated from the region. The families together are all equilibria at admissible points at
which every chance move gives every label positive probability: the search over supports is exhaustive, every cut is a
proof that a conjunction has no solution, and every elimination is exact.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import islice, product
from typing import Any, overload

from ..atlas import Atlas, Coverage, EquilibriumFamily
from ..errors import Interrupted, LimitError, NotSupportedError
from ..expressions import Condition, Expression, Ring
from ..game import Game, History, history_key
from ..provenance import provenance
from ..smt import decide
from .algebra import Algebra, Branch, strict
from .assembly import Frame
from .entries import coordinate_names
from .naming import Play, distinct, rank
from .point import MAX_PIECES, Node
from .regions import joined, project, tidied
from .search import MAX_PROFILES, Cell, Path, Search, endings
from .structure import Structure

__all__ = ["Draft", "Families", "atlas_of", "cover", "drafts", "frame_of", "generic_of"]

SMALL = 250
CHECKED = 40
LOOKED_AT = 300
MAX_CELLS = 300

Conjunction = tuple[Condition, ...]


def frame_of(game: Game) -> Frame:
    """The polynomials of a game; chance gives every label positive probability."""
    domain = dict.fromkeys(game.space.conditions)
    for move in game.chance.values():
        for probability in move.probabilities.values():
            if not probability.is_number:
                domain[Condition.compare(probability, ">", game.space.ring.number(0))] = None
    return Frame(Structure(game), [c for c in domain if c.truth is None])


@dataclass(frozen=True, eq=False)
class Draft:
    """One family before its formulas are written out.

    Attributes
    ----------
    frame, path : the game, and the play on the path.
    search : what lists the cells of the blocks.
    first : a cell of each block.
    generic : whether no equation among parameters was asked.
    listed : the cells of each block, where they are known.
    """

    frame: Frame
    path: Path
    search: Search
    first: tuple[Cell, ...]
    generic: bool
    listed: tuple[tuple[Cell, ...], ...] | None = None

    @cached_property
    def cells(self) -> tuple[tuple[Cell, ...], ...]:
        """The cells of each block."""
        if self.listed is not None:
            return self.listed
        self.search.count = 0
        return tuple(tuple(self.search.cells(self.path, block)) for block in self.search.blocks(self.path))

    @property
    def play(self) -> Play:
        """The play on the path."""
        return Play(self.frame.structure, self.path.choices, self.path.reached)

    @cached_property
    def node(self) -> Node:
        """The same as a node, for its pieces."""
        return Node(self.frame, self.path, self.cells)

    @property
    def exists(self) -> bool:
        """Whether the blocks have cells that go together; one block's cells were checked with the path."""
        if len(self.first) < 2:
            return True
        first = Node(self.frame, self.path, tuple((cell,) for cell in self.first))
        return self._has_piece(first) or self._has_piece(self.node)

    def _has_piece(self, node: Node) -> bool:
        return any(self.frame.algebra.clauses_feasible(piece.branch.clauses) for piece in node.pieces())

    @property
    def is_generic(self) -> bool:
        """Whether the region has interior in the admissible space; not where that was not decided."""
        return bool(self.interior)

    @cached_property
    def interior(self) -> bool | None:
        """Whether the region has interior in the admissible space; None where a limit kept it from being decided.

        So it has where conditions without equations, all of them made strict, have a solution: what is open in
        parameters and unknowns is open in the parameters.
        """
        if not self.generic:
            return False
        algebra = self.frame.algebra
        for piece in self.node.pieces():
            if not piece.branch.equations and algebra.feasible(strict(algebra, piece.branch.all)):
                return True
        try:
            base, blocks = self._projected
        except (LimitError, NotSupportedError):
            return None
        groups = [[part for part in parts if all(c.op != "==" for c in part)] for parts in (base, *blocks)]
        found = product(*groups)
        return any(algebra.feasible(strict(algebra, [c for part in parts for c in part])) for parts in found)

    @cached_property
    def _projected(self) -> tuple[list[Conjunction], list[list[Conjunction]]]:
        """The conditions in the parameters alone: of the path, and of each block.

        Raises
        ------
        LimitError
            where a block has more than `MAX_CELLS` cells: their union would be as long and take hours.
        """
        if any(len(block) > MAX_CELLS for block in self.cells):
            raise LimitError(f"what is free off the path falls into more than {MAX_CELLS} cells")
        algebra = self.frame.algebra
        path = self.path.branch.all
        linked = any(algebra.has_unknowns(c) for c in path)
        base: list[Conjunction] = project(algebra, path) if not self.cells or not linked else [()]
        blocks = [
            [
                tuple(c for c in part if linked or c not in path)
                for cell in block
                for part in project(algebra, cell.branch.all)
            ]
            for block in self.cells
        ]
        return base, blocks

    @cached_property
    def region(self) -> tuple[Conjunction, ...]:
        """Where the family exists: conditions in the parameters alone."""
        algebra = self.frame.algebra
        if self.path.implicit:
            return tuple(self._implicit())
        base, blocks = self._projected
        base = tidied(algebra, base)
        given = base[0] if len(base) == 1 else ()
        groups = [base, *(tidied(algebra, parts, given) for parts in blocks)]
        size = 1
        for options in groups:
            size *= max(1, len(options))
        if size > MAX_PIECES:
            raise LimitError(f"a region falls into more than {MAX_PIECES} parts")
        return tuple(joined(algebra, groups))

    def _implicit(self) -> Iterator[Conjunction]:
        """The conditions as they stand, unknowns among them: the family exists where some values meet them."""
        algebra = self.frame.algebra
        for piece in self.node.pieces():
            yield from (part for part in _alternatives(algebra, piece.branch) if algebra.feasible(part))


def _alternatives(algebra: Algebra, branch: Branch) -> list[Conjunction]:
    """The conditions of a branch, with each of its alternatives that goes with them."""
    if not branch.alternatives:
        return [branch.all]
    found = [(*branch.all, alternative) for alternative in branch.alternatives]
    return [part for part in found if algebra.feasible(part)]


def searches_of(frame: Frame, limit: int | None) -> tuple[list[Search], int | None]:
    """A search for each ending, those that ask no equation first; and how many profiles were gone through in vain.

    Where they go through more than `limit` profiles of supports, what is left are searches for generic families alone.
    """
    found = sorted(endings(frame), key=lambda e: any(c.op == "==" for c in e.conditions))
    large = _is_large(frame)
    searches = [Search(frame, ending, shallow=large) for ending in found]
    if not large or limit is None:
        return searches, None
    visited = 0
    for search in searches:
        visited += search.count_leaves(limit - visited)
        if visited > limit:
            generic = [s for s in searches if all(c.op != "==" for c in s.ending.conditions)]
            for s in generic:
                s.only_generic = True
            return generic, visited
    return searches, None


def drafts(frame: Frame, searches: Sequence[Search] | None = None, only_generic: bool = False) -> Iterator[Draft]:
    """Every family, endings and paths in the order of the search.

    Parameters
    ----------
    frame : the game.
    searches : from `searches_of`; without them, one for each ending.
    only_generic : leave out whatever asks an equation among parameters.
    """
    if searches is None:
        searches, _ = searches_of(frame, None)
    for search in searches:
        if only_generic:
            search.only_generic = search.shallow = True
        if search.only_generic and any(c.op == "==" for c in search.ending.conditions):
            continue
        for path in search.paths():
            equations = [e for e in path.branch.equations if not frame.algebra.has_unknowns(e)]
            found = []
            edge = bool(equations) or path.implicit
            for block in search.blocks(path):
                cells = search.cells(path, block)
                # Of a knife edge it is enough to know that it exists; what it allows off the path is listed when it is
                # written.
                found.append(tuple(islice(cells, 1) if edge else cells))
                if not found[-1]:
                    break
            else:
                generic = not edge and _open(frame, found)
                first = tuple(block[0] for block in found)
                yield Draft(frame, path, search, first, generic, None if edge else tuple(found))


def _is_large(frame: Frame) -> bool:
    """Whether the supports that information sets could have by themselves are too many to solve every knife edge."""
    size = 1
    for infoset in frame.structure.infosets:
        size *= 2 ** len(infoset.actions) - 1
    return size > SMALL


def _open(frame: Frame, blocks: Sequence[Sequence[Cell]]) -> bool:
    """Whether every block has a cell that asks for no equation among parameters."""
    return all(
        any(all(frame.algebra.has_unknowns(e) for e in cell.branch.equations) for cell in block) for block in blocks
    )


def atlas_of(
    game: Game,
    refinement: str,
    described: Mapping[str, Any],
    limit: int | None,
    progress: Callable[[str], None] | None = None,
) -> Atlas:
    """The atlas of a game; where a limit stops the search it holds what was found and says so.

    In a large game knife edges are searched only where that takes at most `limit` profiles of supports (None for any
    number), since they are many times as many as the generic families.

    Raises
    ------
    Interrupted
        where the search was interrupted, with the atlas as far as it was found.
    """
    frame = frame_of(game)
    if refinement:
        from .refine import check, refined

        check(refinement, frame.structure)
    notes: list[str] = []
    found: list[Draft] = []
    interrupted = False
    with _uncollected():
        if _is_large(frame):
            frame.algebra.learn()
        try:
            for draft in _searched(frame, limit, notes):
                found.append(draft)
                _tell(progress, len(found))
            if refinement:
                found, more = refined(frame, found, refinement)
                notes += more
        except KeyboardInterrupt:
            # What did not go through a refinement is no answer to it.
            if refinement or not found:
                raise
            interrupted = True
            notes.append(f"interrupted after {len(found)} families: the atlas is not finished")
            if progress is not None:
                progress("interrupted, putting in order what was found")
        # What is asked when families are written differs from one to the next.
        frame.algebra.learning = False
        listed = Families(game, found)
    if frame.algebra.undecided:
        notes.append("z3 reached its limit on some conditions: nothing was dropped, but completeness is not claimed")
    complete = not notes
    if any(not probability.is_number for move in game.chance.values() for probability in move.probabilities.values()):
        notes.append("chance gives every label positive probability; for a point where a label has none, use solve")
    coverage = Coverage("undecided")
    if not refinement and not interrupted:
        try:
            coverage = cover(frame, listed) if listed.generic <= CHECKED else coverage
        except KeyboardInterrupt:
            interrupted = True
        if complete and coverage.status == "undecided":
            # Every finite game has a sequential equilibrium [kreps_wilson1982], which meets (a) to (c).
            coverage = Coverage("proved")
    # The atlas speaks of the points at which chance gives every label positive probability, and so does its game.
    positive = (Condition(game.space.ring, _lower(game.space.ring, c).poly, c.op) for c in frame.algebra.domain)
    game = replace(game, space=game.space.with_conditions(positive))
    made = Atlas(game, listed, complete, coverage, "pbe", tuple(notes), described, provenance())
    if interrupted:
        raise Interrupted(made)
    return made


def _searched(frame: Frame, limit: int | None, notes: list[str]) -> Iterator[Draft]:
    """Every family up to where a limit stops the search; then, and where knife edges are left out, a note says so."""
    try:
        searches, visited = searches_of(frame, limit)
        if visited is not None:
            notes.append(
                f"generic families only: the search with knife edges goes through more than {limit} profiles of "
                "supports (--limit); at a point on a knife edge, use solve"
            )
        yield from drafts(frame, searches)
    except (LimitError, NotSupportedError) as error:
        notes.append(f"{error}: the atlas is not finished")


def _tell(progress: Callable[[str], None] | None, count: int) -> None:
    if progress is not None:
        progress("1 family" if count == 1 else f"{count} families")


def generic_of(game: Game, limit: int | None = None, progress: Callable[[str], None] | None = None) -> Atlas:
    """The generic families of a game, all of them; nothing is said of knife edges.

    Parameters
    ----------
    game : the game.
    limit : how many profiles of supports the search may go through; None for `MAX_PROFILES`.
    progress : called with a few words after each family that is found.

    Raises
    ------
    LimitError
        where there are more, or z3 reached its limit.
    NotSupportedError
        where equations on the path have no solution in closed form.
    """
    frame = frame_of(game)
    searches, _ = searches_of(frame, None)
    visited = 0
    found: list[Draft] = []
    with _uncollected():
        if _is_large(frame):
            frame.algebra.learn()
        for search in searches:
            search.count, search.most = visited, MAX_PROFILES if limit is None else limit
            for draft in drafts(frame, [search], only_generic=True):
                found.append(draft)
                _tell(progress, len(found))
                if search.unsolved:
                    break
            if search.unsolved:
                raise NotSupportedError("equations that are asked on the path have no solution in closed form")
            visited = search.count
        frame.algebra.learning = False
        listed = Families(game, found)
    if frame.algebra.undecided or any(draft.interior is None for draft in listed.drafts):
        raise LimitError("a limit was reached before it was decided which families are generic")
    return Atlas(game, listed[: listed.generic], False, Coverage("undecided"), notes=("generic families only",))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for garbage in cycles, which would go through millions of objects that all stay."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def cover(frame: Frame, listed: Families) -> Coverage:
    """Whether every admissible point has a family: the closed regions of the generic ones nearly always suffice.

    A point that no region taken so far holds is looked for; the regions of the families that hold it, of whatever kind,
    join the others, until there is no such point or no family holds it. Of a long list only the first `LOOKED_AT`
    families are looked at, and where these do not suffice nothing is claimed.
    """
    space = frame.game.space
    domain = [Condition(space.ring, _lower(space.ring, c).poly, c.op) for c in frame.algebra.domain]
    taken = [family for family in listed[: listed.generic] if not family.implicit]
    while True:
        clauses: list[list[Condition]] = [[c] for c in domain]
        for family in taken:
            clauses += [[n for c in part for n in c.negated()] for part in family.region]
        verdict = decide(clauses)
        if verdict.status == "unsat":
            return Coverage("proved")
        if verdict.status != "sat" or verdict.point is None:
            return Coverage("undecided")
        point = {name: verdict.point.get(name, Fraction(0)) for name in space.names}
        if any(not c.holds(point) for c in domain):
            return Coverage("undecided")
        others = (listed[n] for n in range(min(LOOKED_AT, len(listed))))
        holding = list(islice((f for f in others if f not in taken and f.holds(point)), 8))
        if not holding:
            return Coverage("hole", point) if len(listed) <= LOOKED_AT else Coverage("undecided")
        if all(f.implicit for f in holding):
            return Coverage("undecided")
        taken += [f for f in holding if not f.implicit]


class Families(Sequence[EquilibriumFamily]):
    """The families of a game, generic ones first, in the order of the atlas; each written out when it is asked for."""

    def __init__(self, game: Game, found: Sequence[Draft]) -> None:
        self.game = game
        kept = [draft for draft in found if draft.exists]
        self.drafts = sorted(kept, key=lambda d: (not d.is_generic, rank(d.play)))
        self.generic = sum(draft.is_generic for draft in self.drafts)
        self.labels = distinct([draft.play for draft in self.drafts])
        self._written: dict[int, EquilibriumFamily] = {}

    def __len__(self) -> int:
        return len(self.drafts)

    def equations(self) -> Iterator[Any]:
        """Polynomials in the parameters one of which vanishes wherever a family on a knife edge exists, each once.

        None for every family of which no such equation is known before it is written out.
        """
        ring = self.game.space.ring
        known: set[str] = set()
        for draft in self.drafts[self.generic :]:
            algebra = draft.frame.algebra
            asked = [e for e in draft.path.branch.equations if not algebra.has_unknowns(e)]
            if not asked:
                yield None
            elif not any(str(e.poly) in known for e in asked):
                known.add(str(asked[0].poly))
                yield _lower(ring, asked[0]).poly

    @overload
    def __getitem__(self, index: int) -> EquilibriumFamily: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[EquilibriumFamily, ...]: ...
    def __getitem__(self, index: int | slice) -> EquilibriumFamily | tuple[EquilibriumFamily, ...]:
        if isinstance(index, slice):
            return tuple(self[n] for n in range(*index.indices(len(self))))
        number = range(len(self))[index]
        if number not in self._written:
            key, label = f"F{number + 1}", self.labels[number]
            self._written[number] = _family(self.game, self.drafts[number], key, label)
        return self._written[number]


def _family(game: Game, draft: Draft, key: str, label: str) -> EquilibriumFamily:
    try:
        region = draft.region
    except (LimitError, NotSupportedError):
        # What cannot be eliminated stays in the conditions, which is as exact and less handy.
        draft = replace(draft, path=replace(draft.path, implicit=True))
        region = draft.region
    writer = _Writer(game, draft)
    params = game.space.ring
    return EquilibriumFamily(
        id=key,
        label=label,
        supports=writer.supports(),
        strategy=writer.strategy,
        beliefs=writer.beliefs,
        quantities=writer.described,
        pieces=writer.pieces(),
        region=writer.region(region) if draft.path.implicit else _in(params, region),
        generic=draft.is_generic,
        implicit=draft.path.implicit,
        outcomes={history_key(z): p for z, p in writer.outcomes.items()},
        events=writer.events(),
        payoffs=writer.payoffs(),
        roots=writer.roots(),
    )


def _unsaid(part: Sequence[Condition]) -> Conjunction:
    """Each condition once, without those that a strict one says too."""
    positive = {str(c.poly) for c in part if c.op == ">"}
    kept = (
        c
        for c in part
        if not (c.op in (">=", "!=") and str(c.poly) in positive) and not (c.op == "!=" and str(-c.poly) in positive)
    )
    return tuple(dict.fromkeys(kept))


def _in(ring: Ring, region: Sequence[Conjunction]) -> tuple[Conjunction, ...]:
    return tuple(tuple(_lower(ring, c) for c in part) for part in region)


def _lower(ring: Ring, condition: Condition) -> Condition:
    """A condition on the parameters in the ring of the parameters."""
    return Condition(ring, _mapped(ring, condition.poly, {i: i for i in range(len(ring.names))}), condition.op)


def _mapped(ring: Ring, poly: Any, index: Mapping[int, int]) -> Any:
    """A polynomial in another ring, names renumbered."""
    terms: dict[tuple[int, ...], Any] = {}
    for monomial, coefficient in poly.terms():
        row = [0] * len(ring.names)
        for i, degree in enumerate(monomial):
            if degree:
                row[index[i]] = int(degree)
        terms[tuple(row)] = coefficient
    return ring.context.from_dict(terms)


class _Writer:
    """The formulas of one family over the parameters and its free quantities."""

    def __init__(self, game: Game, draft: Draft) -> None:
        self.game = game
        self.draft = draft
        self.frame = draft.frame
        self.structure = draft.frame.structure
        self.all_pieces = list(draft.node.pieces())
        sets = range(len(self.structure.infosets))
        self.rows = [piece.coordinates(sets) for piece in self.all_pieces]
        varying = [index for index in self.rows[0] if self._varies(index)]
        self.names, self.described = coordinate_names(self.frame, varying)
        params = self.frame.algebra.count
        order = list(self.names)
        self.ring = Ring((*game.space.names, *(self.names[i] for i in order)))
        self.index = {i: i for i in range(params)} | {v: params + n for n, v in enumerate(order)}
        self.strategy = self._strategy()
        self.beliefs = self._beliefs()
        self.outcomes = self._outcomes()

    def _varies(self, index: int) -> bool:
        first = self.rows[0][index]
        for row in self.rows:
            num, den = row[index]
            if num * first[1] != first[0] * den:
                return True
        unknown = self.frame.algebra.unknowns(first[0]) or self.frame.algebra.unknowns(first[1])
        if not unknown:
            return False
        name = self.frame.ring.names[index]
        # A belief that follows from Bayes' rule is a formula in the quantities, not one of them.
        return not name.startswith("$m") or self.all_pieces[0].assembly.is_free(int(name[2:].split("_")[0]))

    def expression(self, value: tuple[Any, Any]) -> Expression:
        """A fraction of the solver as an expression."""
        return Expression(
            self.ring, _mapped(self.ring, value[0], self.index), _mapped(self.ring, value[1], self.index)
        )

    def _coordinate(self, index: int) -> Expression:
        if index in self.names:
            return self.ring.symbol(self.names[index])
        return self.expression(self.rows[0][index])

    def _row(self, keys: Sequence[int]) -> list[Expression]:
        values = [self._coordinate(index) for index in keys]
        rest = self.ring.number(1)
        for value in values:
            rest = rest - value
        return [*values, rest]

    def _strategy(self) -> dict[str, dict[str, Expression]]:
        number = self.frame.ring.index
        return {
            infoset.name: dict(
                zip(
                    infoset.actions,
                    self._row([number[f"$s{i}_{a}"] for a in range(len(infoset.actions) - 1)]),
                    strict=True,
                )
            )
            for i, infoset in enumerate(self.structure.infosets)
        }

    def _beliefs(self) -> dict[str, dict[str, Expression]]:
        number = self.frame.ring.index
        return {
            infoset.name: dict(
                zip(
                    [history_key(h) for h in infoset.histories],
                    self._row([number[f"$m{i}_{n}"] for n in range(len(infoset.histories) - 1)]),
                    strict=True,
                )
            )
            for i, infoset in enumerate(self.structure.infosets)
            if len(infoset.histories) > 1
        }

    def supports(self) -> dict[str, tuple[str, ...]]:
        """For every information set, the actions that some piece plays."""
        found = {}
        for i, infoset in enumerate(self.structure.infosets):
            used = {a for piece in self.all_pieces for a in piece.choices[i].actions}
            found[infoset.name] = tuple(a for n, a in enumerate(infoset.actions) if n in used)
        return found

    def pieces(self) -> tuple[Conjunction, ...]:
        """The conditions of each piece over the parameters and the quantities."""
        algebra = self.frame.algebra
        found: dict[tuple[Condition, ...], None] = {}
        for piece, row in zip(self.all_pieces, self.rows, strict=True):
            values = []
            for index in self.names:
                num, den = row[index]
                values.append(algebra.condition(algebra.gens[index] * den - num, "=="))
            for part in _alternatives(algebra, piece.branch):
                found[_unsaid([self._lowered(c) for c in (*part, *values) if c.truth is not True])] = None
        return tuple(found)

    def region(self, region: Sequence[Conjunction]) -> tuple[Conjunction, ...]:
        """A region whose conditions hold quantities."""
        return tuple(_unsaid([self._lowered(c) for c in part]) for part in region)

    def _lowered(self, condition: Condition) -> Condition:
        return Condition(self.ring, _mapped(self.ring, condition.poly, self.index), condition.op)

    def roots(self) -> dict[str, Condition]:
        """Quantities that an equation without closed form defines."""
        algebra = self.frame.algebra
        return {
            self.names[index]: self._lowered(equation)
            for equation in self.draft.path.branch.equations
            for index in algebra.unknowns(equation.poly)
            if index in self.names
        }

    def lift(self, expression: Expression) -> Expression:
        """An expression over the parameters, over parameters and quantities."""
        same = {i: i for i in range(len(self.game.space.names))}
        return Expression(
            self.ring, _mapped(self.ring, expression.num, same), _mapped(self.ring, expression.den, same)
        )

    def _outcomes(self) -> dict[History, Expression]:
        found: dict[History, Expression] = {}
        stack: list[tuple[History, Expression]] = [((), self.ring.number(1))]
        while stack:
            history, weight = stack.pop()
            if weight.is_zero:
                continue
            if history in self.game.payoffs:
                found[history] = weight
                continue
            infoset = self.game.infoset_at.get(history)
            if infoset is None:
                row = {a: self.lift(p) for a, p in self.game.chance[history].probabilities.items()}
            else:
                row = self.strategy[infoset.name]
            stack.extend(((*history, a), weight * p) for a, p in reversed(row.items()))
        return found

    def events(self) -> dict[str, Expression]:
        """The probability of every event."""
        zero = self.ring.number(0)
        return {
            name: sum((p for z, p in self.outcomes.items() if self.game.occurs(labels, z)), zero)
            for name, labels in self.game.events.items()
        }

    def payoffs(self) -> dict[str, Expression]:
        """The expected payoff of every player."""
        zero = self.ring.number(0)
        return {
            player: sum((p * self.lift(self.game.payoffs[z][player]) for z, p in self.outcomes.items()), zero)
            for player in self.game.players
        }


