r"""Systems of polynomial conditions: equations solved in closed form, variables eliminated exactly.

A *system* is a conjunction of polynomial equations and inequalities over one ring whose names are the parameters of a
game and the unknowns (probabilities and beliefs). `solve_equations` turns it into *branches*: each has some unknowns
as rational functions of the rest, equations that are left among the parameters (a knife edge) or that have no
solution in closed form, and the inequalities after substitution. A branch splits where the coefficient of the unknown
that is solved for may vanish. `project` eliminates unknowns from inequalities by Fourier and Motzkin's method with a
split over the signs of coefficients, which gives the exact projection onto the parameters as a union of conjunctions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import flint

from ..errors import LimitError
from ..expressions import Condition, Ring
from ..smt import decide
from .linear import solution
from .witnesses import MAX_TRIED, Point, Witnesses, holds_at, joined

__all__ = ["MAX_BRANCHES", "Algebra", "Branch", "Shallow", "open_conditions", "strict"]

MAX_BRANCHES = 4_000

Fractional = tuple[Any, Any]


@dataclass(frozen=True)
class Branch:
    """A system with some unknowns solved for.

    Attributes
    ----------
    solved : for the index of an unknown, numerator and denominator over what is left.
    equations : equations that are left.
    conditions : inequalities (and ``!=``) that are left.
    alternatives : conditions of which one holds too; empty where nothing more is asked.
    """

    solved: dict[int, Fractional] = field(default_factory=dict)
    equations: tuple[Condition, ...] = ()
    conditions: tuple[Condition, ...] = ()

    alternatives: tuple[Condition, ...] = ()

    @property
    def clauses(self) -> list[list[Condition]]:
        """Everything that holds, with one of the alternatives where there are any."""
        return [[c] for c in self.all] + ([list(self.alternatives)] if self.alternatives else [])

    @property
    def all(self) -> tuple[Condition, ...]:
        """Equations and inequalities."""
        return self.equations + self.conditions


@dataclass(frozen=True)
class Shallow:
    """A system solved as far as one equation among parameters.

    Attributes
    ----------
    branch : the solutions where no coefficient that is solved by vanishes; None where there are none, or where they
        ask more equations among parameters than one.
    deeper : whether such solutions are left out.
    zeros : coefficients that may vanish: where one does, solutions are left out too.
    unsolved : whether what is left out may have solutions at every point nearby, no equation among parameters given.
    """

    branch: Branch | None
    deeper: bool
    zeros: tuple[Condition, ...]
    unsolved: bool = False


class Algebra:
    """Operations on systems over one ring; the first `parameters` names are never eliminated.

    Parameters
    ----------
    ring : parameters first, then unknowns.
    parameters : how many names are parameters.
    domain : conditions on the parameters that always hold.
    """

    def __init__(self, ring: Ring, parameters: int, domain: Sequence[Condition]) -> None:
        self.ring = ring
        self.count = parameters
        self.domain = tuple(domain)
        self._domain_names = [frozenset(c.used) for c in self.domain]
        self._group = _joint(len(ring.names), self._domain_names)
        self._groups: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._eliminations: dict[frozenset[Condition], _Elimination] = {}
        self._solved: dict[frozenset[Condition], list[Branch]] = {}
        self._shallow: dict[frozenset[Condition], Shallow] = {}
        self.gens = ring.context.gens()
        self.zero = ring.context.constant(0)
        self.one = ring.context.constant(1)
        self._status: dict[frozenset[str], str] = {}
        self._cores: dict[str, list[frozenset[str]]] = {}
        self.learning = False
        self.projected: dict[frozenset[str], list[tuple[Condition, ...]]] = {}
        self.signed: dict[str, list[list[Condition]]] = {}
        self.witnesses = Witnesses()
        self._signs: dict[str, str | None] = {}
        self.undecided = False

    def condition(self, poly: Any, op: str) -> Condition:
        """``poly op 0``."""
        return Condition(self.ring, poly, op)

    def unknowns(self, poly: Any) -> list[int]:
        """The indices of the unknowns that occur."""
        return [i for i, degree in enumerate(poly.degrees()) if degree > 0 and i >= self.count]

    def has_unknowns(self, condition: Condition) -> bool:
        """Whether a condition is about more than parameters."""
        return bool(condition.used) and condition.used[-1] >= self.count

    def coefficients(self, poly: Any, index: int) -> list[Any]:
        """The coefficients of a polynomial in one name, constant term first."""
        degree = poly.degrees()[index]
        if degree <= 0:
            return [poly]
        if degree == 1:
            slope = poly.derivative(index)
            return [poly - slope * self.gens[index], slope]
        groups: dict[int, dict[tuple[int, ...], Any]] = {}
        for monomial, coefficient in poly.terms():
            rest = list(monomial)
            rest[index] = 0
            groups.setdefault(int(monomial[index]), {})[tuple(rest)] = coefficient
        return [self.ring.context.from_dict(groups.get(d, {})) for d in range(int(degree) + 1)]

    def substitute(self, poly: Any, index: int, value: Fractional, even: bool = True) -> tuple[Any, int]:
        """The numerator of a polynomial with a name replaced by a fraction, and the power of the denominator cleared.

        With `even`, the power is even, so that the sign of the result is that of the polynomial.
        """
        parts = self.coefficients(poly, index)
        degree = len(parts) - 1
        if degree == 0:
            return poly, 0
        num, den = value
        if den.is_one():
            total = parts[-1]
            for part in reversed(parts[:-1]):
                total = total * num + part
            return total, degree
        power = degree + (degree % 2 if even and not den.is_constant() else 0)
        total = self.zero
        for d, part in enumerate(parts):
            total = total + part * num**d * den ** (power - d)
        if den.is_constant() and even and power % 2 and den.leading_coefficient() < 0:
            total = -total
        return total, power

    def sign(self, poly: Any) -> str | None:
        """``"+"``, ``"-"``, ``"0"`` where the sign of a polynomial is the same at every admissible point, else None.

        Unknowns count as arbitrary real numbers here, save that names in `positive` were declared so by the domain.
        """
        if poly.is_constant():
            if poly.is_zero():
                return "0"
            return "+" if poly.leading_coefficient() > 0 else "-"
        key = str(poly)
        if key not in self._signs:
            self._signs[key] = self._decide_sign(poly)
        return self._signs[key]

    def _decide_sign(self, poly: Any) -> str | None:
        for name, op in (("+", ">"), ("-", "<")):
            other = -poly if op == ">" else poly
            asked = self.condition(other, ">=")
            if decide([c] for c in (*self._touching([asked]), asked)).status == "unsat":
                return name
        return None

    def learn(self) -> None:
        """Look for cores of conditions without solution, and longer for points: worth it where many systems follow."""
        self.learning = True
        self.witnesses.patience = 4 * MAX_TRIED

    def feasible(self, conditions: Iterable[Condition]) -> bool:
        """Whether a conjunction has a solution at some admissible point; undecided counts as yes, and is remembered."""
        kept = open_conditions(conditions)
        if kept is None:
            return False
        base = self._base
        if self.witnesses.together(kept):
            return True
        parts = self.parts(kept)
        point = base
        for part in parts:
            found = self._part_witness(part)
            if found is False:
                return False
            point = None if point is None or found is None else self._moved(point, part, found)
        if point is not None and parts:
            self.witnesses.add(point)
        return True

    @cached_property
    def _base(self) -> Point | None:
        """An admissible point, unknowns 1/2; None where none is known."""
        verdict = decide([c] for c in self.domain)
        if verdict.status != "sat" or verdict.point is None:
            return None
        half = flint.fmpq(1, 2)
        number = {name: i for i, name in enumerate(self.ring.names)}
        point = joined((half,) * len(self.ring.names), {number[n]: v for n, v in verdict.point.items()})
        if not all(holds_at(c, point) for c in self.domain):
            return None
        self.witnesses.add(point)
        return point

    def _moved(self, point: Point, part: Sequence[Condition], found: Point) -> Point:
        """A point with the names of a part, and what the domain links to them, taken from another."""
        groups = {group for condition in part for group in self._groups_of(condition.used)}
        return tuple(b if g in groups else a for a, b, g in zip(point, found, self._group, strict=True))

    def _part_witness(self, part: Sequence[Condition]) -> Point | Literal[False] | None:
        """A point that meets a part; None where there is one that is not rational or it was not decided, else False."""
        known = self.witnesses.together(part)
        if known is not None:
            return known
        keys = frozenset(c.key for c in part)
        if any(core <= keys for key in keys for core in self._cores.get(key, ())):
            return False
        status = self._status.get(keys)
        if status is None:
            status, point = self._decided(part)
            if point is not None:
                return point
            if status == "unsat" and self.learning:
                core = self._core(part)
                self._cores.setdefault(core[-1].key, []).append(frozenset(c.key for c in core))
                return False
            self._status[keys] = status
        if status == "unknown":
            self.undecided = True
        return False if status == "unsat" else None

    def _decided(self, part: Sequence[Condition]) -> tuple[str, Point | None]:
        """The status of a part, and a point that meets it where one is found; the point is kept."""
        asked = [*self._touching(part), *part]
        values = solution(asked)
        if values is False:
            return "unsat", None
        if values is None:
            verdict = decide([c] for c in asked)
            if verdict.status != "sat" or verdict.point is None:
                return verdict.status, None
            values = {self.ring.index[name]: value for name, value in verdict.point.items()}
        if self._base is None:
            return "sat", None
        point = joined(self._base, values)
        self.witnesses.add(point)
        return "sat", point

    def _core(self, part: Sequence[Condition]) -> list[Condition]:
        """Conditions of a part without solution that have none by themselves; most others are left out."""
        core = list(part)
        size = len(core) // 2
        while size:
            start = 0
            while start < len(core):
                rest = core[:start] + core[start + size :]
                if rest and self.witnesses.together(rest) is None and self._decided(rest)[0] == "unsat":
                    core = rest
                else:
                    start += size
            size //= 2
        return core

    def clauses_feasible(self, clauses: Sequence[Sequence[Condition]]) -> bool:
        """Whether a conjunction of disjunctions has a solution; undecided counts as yes, and is remembered."""
        single = [clause[0] for clause in clauses if len(clause) == 1]
        wide = [clause for clause in clauses if len(clause) > 1]
        if not wide:
            return self.feasible(single)
        if self._base is not None and self.witnesses.find(clauses) is not None:
            return True
        if not self.feasible(single):
            return False
        status = self.decided(clauses)
        if status == "unknown":
            self.undecided = True
        return status != "unsat"

    def decided(self, clauses: Sequence[Sequence[Condition]]) -> str:
        """Whether a conjunction of disjunctions has a solution at some admissible point: z3's word for it."""
        if self._base is not None and self.witnesses.find(clauses) is not None:
            return "sat"
        verdict = decide([*([c] for c in self.domain), *clauses])
        if self._base is not None and verdict.status == "sat" and verdict.point is not None:
            index = self.ring.index
            self.witnesses.add(joined(self._base, {index[n]: v for n, v in verdict.point.items()}))
        return verdict.status

    def _touching(self, conditions: Iterable[Condition]) -> list[Condition]:
        """The conditions of the domain that common names link to some conditions; the others are met apart."""
        groups = {self._group[i] for condition in conditions for i in condition.used}
        linked = zip(self.domain, self._domain_names, strict=True)
        return [c for c, names in linked if self._group[min(names)] in groups]

    def parts(self, conditions: Iterable[Condition]) -> list[list[Condition]]:
        """Conditions in parts that share no name, not even through the domain: each may be solved by itself."""
        parent: dict[int, int] = {}

        def find(i: int) -> int:
            while parent[i] != i:
                parent[i] = parent[parent[i]]
                i = parent[i]
            return i

        heads = []
        for condition in conditions:
            groups = self._groups_of(condition.used)
            for group in groups:
                if group not in parent:
                    parent[group] = group
            head = find(groups[0])
            for group in groups[1:]:
                parent[find(group)] = head
            heads.append((condition, head))
        found: dict[int, list[Condition]] = {}
        for condition, group in heads:
            found.setdefault(find(group), []).append(condition)
        return list(found.values())

    def _groups_of(self, used: tuple[int, ...]) -> tuple[int, ...]:
        """For the names that occur in a condition, the names that stand for all that the domain links to them."""
        found = self._groups.get(used)
        if found is None:
            found = self._groups[used] = tuple(sorted({self._group[i] for i in used}))
        return found

    def shallow(self, conditions: Iterable[Condition], generic: bool = False) -> Shallow:
        """A system solved as far as one equation among parameters: see `Shallow`; with `generic`, without any."""
        kept = open_conditions(conditions)
        if kept is None:
            return Shallow(None, False, ())
        branch: Branch | None = Branch()
        deeper = False
        zeros: tuple[Condition, ...] = ()
        parts = self.parts(kept)
        if generic:
            eliminations = [self._elimination(tuple(c for c in part if c.op == "==")) for part in parts]
            unsolved = [self._is_unsolved(*both) for both in zip(parts, eliminations, strict=True)]
            edge = any((e.deep or e.left) and not open_ for e, open_ in zip(eliminations, unsolved, strict=True))
            if edge or any(unsolved):
                return Shallow(None, True, (), not edge)
        for part in parts:
            key = frozenset(part)
            if key not in self._shallow:
                self._shallow[key] = self._shallow_part(part)
            found = self._shallow[key]
            if found.branch is None and not found.deeper and not found.zeros:
                return Shallow(None, False, ())
            branch = None if branch is None or found.branch is None else _merged(branch, found.branch)
            deeper, zeros = deeper or found.deeper, zeros + found.zeros
        if branch is not None and len(branch.equations) > 1:
            return Shallow(None, True, ())
        return Shallow(branch, deeper, zeros)

    def _is_unsolved(self, part: Sequence[Condition], elimination: _Elimination) -> bool:
        """Whether a part may have solutions without any equation among parameters that its elimination does not give.

        They are where a coefficient that holds unknowns vanishes, or where equations in unknowns are left over.
        """
        zeros = (self.condition(step.value[1], "==") for step in elimination.steps if not step.sure)
        if any(self.has_unknowns(zero) and self.feasible((*part, zero)) for zero in zeros):
            return True
        return elimination.unsolved and self.feasible(part)

    def _shallow_part(self, part: Sequence[Condition]) -> Shallow:
        elimination = self._elimination(tuple(c for c in part if c.op == "=="))
        if elimination.deep:
            return Shallow(None, True, ())
        rows = [elimination.follow(self, c) for c in part if c.op != "=="]
        zeros: dict[Condition, None] = {}
        for n, step in enumerate(elimination.steps):
            if not step.sure and all(row[n].key not in step.excluded for row in rows):
                zeros[self.condition(step.value[1], "==")] = None
            if any(row[n + 1].truth is False for row in rows):
                return Shallow(None, False, tuple(zeros))
        if elimination.empty:
            return Shallow(None, False, tuple(zeros))
        nonzero = [self.condition(z.poly, "!=") for z in zeros]
        conditions = dict.fromkeys([*(row[-1] for row in rows if row[-1].truth is None), *nonzero])
        return Shallow(Branch(elimination.solved, elimination.left, tuple(conditions)), False, tuple(zeros))

    def _elimination(self, equations: tuple[Condition, ...]) -> _Elimination:
        """How equations are solved where no coefficient vanishes, as far as one equation among parameters."""
        key = frozenset(equations)
        found = self._eliminations.get(key)
        if found is None:
            found = self._eliminations[key] = self._eliminate_all(Branch({}, equations))
        return found

    def _eliminate_all(self, branch: Branch) -> _Elimination:
        steps: list[_Step] = []
        while (pivot := self._pivot(branch)) is not None:
            if sum(not self.has_unknowns(e) for e in branch.equations) > 1:
                return _Elimination(steps, deep=True)
            equation, index, coefficient = pivot
            value = (-self.coefficients(equation.poly, index)[0], coefficient)
            excluded = {self.condition(p, op).key for p in (coefficient, -coefficient) for op in (">", "!=")}
            steps.append(_Step(index, value, self._surely_nonzero(coefficient, ()), frozenset(excluded)))
            remaining = tuple(e for e in branch.equations if e is not equation)
            following = self._put(replace(branch, equations=remaining), index, value)
            if following is None:
                return _Elimination(steps, empty=True)
            branch = following
        if len(branch.equations) > 1 or any(self.has_unknowns(e) for e in branch.equations):
            return _Elimination(steps, deep=True, unsolved=all(map(self.has_unknowns, branch.equations)))
        return _Elimination(steps, branch.solved, branch.equations)

    def solve_equations(self, conditions: Iterable[Condition], check: bool = True) -> list[Branch]:
        """The branches of a system, with `check` feasible ones only.

        Raises
        ------
        LimitError
            where it splits into more than `MAX_BRANCHES` branches.
        """
        kept = open_conditions(conditions)
        if kept is None:
            return []
        branches = [Branch()]
        for part in self.parts(kept):
            key = frozenset(part)
            if key not in self._solved:
                self._solved[key] = self._solve_part(part)
            solved = [b for b in self._solved[key] if not check or self.feasible(b.all)]
            branches = [_merged(one, other) for one in branches for other in solved]
            if len(branches) > MAX_BRANCHES:
                raise LimitError(f"a system of conditions splits into more than {MAX_BRANCHES} branches")
        return branches

    def _solve_part(self, part: Sequence[Condition]) -> list[Branch]:
        equations = tuple(c for c in part if c.op == "==")
        done: list[Branch] = []
        stack = [Branch({}, equations, tuple(c for c in part if c.op != "=="))]
        steps = 0
        while stack:
            steps += 1
            if steps > MAX_BRANCHES:
                raise LimitError(f"a system of conditions splits into more than {MAX_BRANCHES} branches")
            branch = stack.pop()
            pivot = self._pivot(branch)
            if pivot is not None:
                stack.extend(reversed(list(self._eliminate(branch, *pivot))))
                continue
            split = self._split(branch)
            if split is None:
                done.append(branch)
            else:
                stack.extend(reversed(split))
        return done

    def _pivot(self, branch: Branch) -> tuple[Condition, int, Any] | None:
        """The equation and unknown that are cheapest to solve: a constant coefficient before one in parameters."""
        best: tuple[tuple[int, int, int], Condition, int, Any] | None = None
        for equation in branch.equations:
            degrees = equation.poly.degrees()
            for index in range(len(self.ring.names) - 1, self.count - 1, -1):
                if degrees[index] != 1:
                    continue
                coefficient = self.coefficients(equation.poly, index)[1]
                if coefficient.is_constant():
                    rank = 0
                elif not self.unknowns(coefficient):
                    rank = 1
                else:
                    rank = 2
                key = (rank, len(coefficient.coeffs()), len(equation.poly.coeffs()))
                if best is None or key < best[0]:
                    best = (key, equation, index, coefficient)
        return None if best is None else best[1:]

    def _eliminate(self, branch: Branch, equation: Condition, index: int, coefficient: Any) -> Iterator[Branch]:
        rest = self.coefficients(equation.poly, index)[0]
        remaining = tuple(e for e in branch.equations if e is not equation)
        degenerate = None
        sure = self._surely_nonzero(coefficient, branch.conditions)
        if not sure:
            vanishing = (*remaining, self.condition(coefficient, "=="), self.condition(rest, "=="))
            degenerate = self._cleaned(replace(branch, equations=vanishing))
            if degenerate is not None and _clash(degenerate.all):
                degenerate = None
        solved = self._put(replace(branch, equations=remaining), index, (-rest, coefficient))
        if solved is not None and not sure:
            # Clearing the denominator made conditions empty where it vanishes: that is to be excluded expressly.
            split = self.condition(coefficient, "!=")
            solved = replace(solved, conditions=tuple(dict.fromkeys((*solved.conditions, split))))
        yield from (branch for branch in (solved, degenerate) if branch is not None)

    def _surely_nonzero(self, poly: Any, conditions: Sequence[Condition]) -> bool:
        """Whether a polynomial cannot vanish, by its sign on the domain or a condition that says so to the letter."""
        if poly.is_constant():
            return not poly.is_zero()
        target = self.condition(poly, "!=").poly
        if any(c.op in (">", "!=") and (c.poly == target or c.poly == -target) for c in conditions):
            return True
        return self.sign(poly) in ("+", "-")

    def _put(self, branch: Branch, index: int, value: Fractional) -> Branch | None:
        """The branch with one unknown replaced by a fraction of the rest; None where that is contradictory."""
        numerators = [self.substitute(e.poly, index, value, even=False)[0] for e in branch.equations]
        equations = [self.condition(numerator, "==") for numerator in numerators]
        conditions = []
        for c in branch.conditions:
            poly, power = self.substitute(c.poly, index, value)
            conditions.append(c if power == 0 else self.condition(poly, c.op))
        solved = {}
        for i, fraction in branch.solved.items():
            top, below = self.put_fraction(fraction, index, value)
            if below.is_zero():
                return None
            solved[i] = self.lowest(top, below)
        solved[index] = self.lowest(*value)
        return self._cleaned(Branch(solved, tuple(equations), tuple(conditions)))

    def put_fraction(self, fraction: Fractional, index: int, value: Fractional) -> Fractional:
        """A fraction with a name replaced by another fraction."""
        top, up = self.substitute(fraction[0], index, value, even=False)
        below, down = self.substitute(fraction[1], index, value, even=False)
        den = value[1]
        if up < down:
            top = top * den ** (down - up)
        elif down < up:
            below = below * den ** (up - down)
        return top, below

    def lowest(self, top: Any, below: Any) -> Fractional:
        """A fraction in lowest terms."""
        if below.is_constant():
            return top / below.leading_coefficient(), self.one
        common = top.gcd(below)
        return (top / common, below / common) if not common.is_one() else (top, below)

    def _cleaned(self, branch: Branch) -> Branch | None:
        equations, conditions = open_conditions(branch.equations), open_conditions(branch.conditions)
        if equations is None or conditions is None:
            return None
        return replace(branch, equations=equations, conditions=conditions)

    def _split(self, branch: Branch) -> list[Branch] | None:
        """Where an equation without a linear unknown has factors: one branch for each factor that may vanish."""
        for n, equation in enumerate(branch.equations):
            if not self.has_unknowns(equation):
                continue
            factors = [factor for factor, _ in equation.poly.factor()[1]]
            rest = branch.equations[:n] + branch.equations[n + 1 :]
            if len(factors) == 1 and factors[0].total_degree() == equation.poly.total_degree():
                continue
            branches = [replace(branch, equations=(*rest, self.condition(f, "=="))) for f in factors]
            return [b for b in branches if (clean := self._cleaned(b)) is not None and self.feasible(clean.all)]
        return None


def open_conditions(conditions: Iterable[Condition]) -> tuple[Condition, ...] | None:
    """The conditions that are neither true nor false by themselves, each once; None where one is false."""
    kept: dict[Condition, None] = {}
    for condition in conditions:
        if condition.truth is False:
            return None
        if condition.truth is None:
            kept[condition] = None
    return tuple(kept)


def strict(algebra: Algebra, conditions: Iterable[Condition]) -> list[Condition]:
    """Conditions with weak inequalities made strict."""
    return [algebra.condition(c.poly, ">") if c.op == ">=" else c for c in conditions]


@dataclass(frozen=True)
class _Step:
    """One unknown solved for.

    Attributes
    ----------
    index, value : the unknown, and the fraction that it equals.
    sure : whether the denominator vanishes nowhere.
    excluded : keys of conditions any of which says that it does not vanish.
    """

    index: int
    value: Fractional
    sure: bool
    excluded: frozenset[str]


class _Elimination:
    """Equations solved step by step, and what the steps make of inequalities.

    Attributes
    ----------
    steps : in their order.
    solved, left : as in `Branch`.
    deep : whether more than one equation among parameters, or one without closed form, is left.
    empty : whether the last step ends in a contradiction.
    unsolved : whether all equations that are left hold unknowns.
    """

    def __init__(
        self,
        steps: Sequence[_Step],
        solved: dict[int, Fractional] | None = None,
        left: tuple[Condition, ...] = (),
        *,
        deep: bool = False,
        empty: bool = False,
        unsolved: bool = False,
    ) -> None:
        self.steps = steps
        self.solved = solved or {}
        self.left = left
        self.deep = deep
        self.empty = empty
        self.unsolved = unsolved
        self._followed: dict[str, tuple[Condition, ...]] = {}

    def follow(self, algebra: Algebra, condition: Condition) -> tuple[Condition, ...]:
        """An inequality before the first step and after each."""
        found = self._followed.get(condition.key)
        if found is None:
            stages = [condition]
            for step in self.steps:
                poly, power = algebra.substitute(stages[-1].poly, step.index, step.value)
                stages.append(stages[-1] if power == 0 else algebra.condition(poly, condition.op))
            found = self._followed[condition.key] = tuple(stages)
        return found


def _merged(one: Branch, other: Branch) -> Branch:
    """Two branches of systems that share no name."""
    return Branch(
        {**one.solved, **other.solved}, one.equations + other.equations, one.conditions + other.conditions
    )


def _joint(count: int, links: Sequence[frozenset[int]]) -> list[int]:
    """For every name, the least name that conditions link it to."""
    group = list(range(count))
    for names in links:
        target = min(group[i] for i in names)
        merged = {group[i] for i in names}
        group = [target if g in merged else g for g in group]
    return group


def _clash(conditions: Iterable[Condition]) -> bool:
    """Whether two conditions contradict each other to the letter; spares a query."""
    positive: set[str] = set()
    weak: set[str] = set()
    for condition in conditions:
        if condition.op == ">":
            positive.add(str(condition.poly))
        elif condition.op == ">=":
            weak.add(str(condition.poly))
    for condition in conditions:
        if condition.op == ">" and (negative := str(-condition.poly)) and (negative in positive or negative in weak):
            return True
        if condition.op == "==" and (str(condition.poly) in positive or str(-condition.poly) in positive):
            return True
    return False
