r"""The one door to z3: satisfiability of conjunctions of polynomial conditions over the reals, exactly.

A query is a list of clauses, each a disjunction of `Condition` objects over one ring. Every query gets a fresh solver
of the nlsat engine; an incremental one leaves that engine and stalls. `Verdict.status` is ``"sat"``, ``"unsat"`` or
``"unknown"`` (a limit was reached); only ``"unsat"`` proves anything. Limits are counted in z3's own resource units
and not in seconds, so that an answer does not depend on the machine.

>>> from deterrence.expressions import Ring
>>> ring = Ring(["x", "y"])
>>> conditions = ring.parse_condition("0 < x < y") + ring.parse_condition("x*y == 1")
>>> decide([[c] for c in conditions]).status
'sat'
>>> decide([[c] for c in conditions + ring.parse_condition("y < 1")]).status
'unsat'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

from .expressions import Condition

__all__ = ["RESOURCE_LIMIT", "Line", "Linear", "Verdict", "approached", "decide", "implies"]

RESOURCE_LIMIT = 20_000_000
QUANTIFIED_LIMIT = 400_000
INTERRUPTED = "interrupted from keyboard"
"""What z3 gives as its reason where a signal to interrupt came while it worked."""

Clause = Sequence[Condition]


class Verdict:
    """The answer to one query.

    Attributes
    ----------
    status : ``"sat"``, ``"unsat"`` or ``"unknown"``.
    """

    def __init__(self, status: str, conditions: Sequence[Condition] = (), solver: Any = None) -> None:
        self.status = status
        self._conditions = conditions
        self._solver = solver

    @cached_property
    def _model(self) -> Any:
        return None if self._solver is None else self._solver.model()

    def __repr__(self) -> str:
        return f"Verdict({self.status!r})"

    @cached_property
    def point(self) -> dict[str, Fraction] | None:
        """For ``"sat"`` with a rational witness, a value for every name that occurs; None where one is irrational."""
        if self._model is None:
            return {} if self.status == "sat" else None
        import z3

        point = {}
        used = frozenset().union(*(c.free for c in self._conditions)) if self._conditions else frozenset()
        for name in self._conditions[0].ring.names if self._conditions else ():
            if name not in used:
                continue
            value = self._value(name)
            if not z3.is_rational_value(value):
                return None
            point[name] = Fraction(value.numerator_as_long(), value.denominator_as_long())
        return point

    def _value(self, name: str) -> Any:
        """The value that the model gives a name; 0 where it may have any."""
        import z3

        value = self._model[z3.Real(name)]
        return z3.RealVal(0) if value is None else value

    def near(self, name: str, digits: int) -> Fraction | None:
        """The value of a name in the witness, an irrational one to that many decimal digits."""
        if self._model is None:
            return None
        import z3

        value = self._value(name)
        if z3.is_algebraic_value(value):
            value = value.approx(digits)
        return Fraction(value.numerator_as_long(), value.denominator_as_long())


@lru_cache(maxsize=1)
def _tactic() -> Any:
    import z3

    return z3.Tactic("qfnra-nlsat")


_COMPARISONS = {">": "(> {} 0)", ">=": "(>= {} 0)", "==": "(= {} 0)", "!=": "(not (= {} 0))"}


def _formula(condition: Condition) -> tuple[str, frozenset[str]]:
    """A condition in SMT-LIB with the names that occur; kept, since conditions recur in thousands of queries."""
    if condition.formula is None:
        names = [f"|{name}|" for name in condition.ring.names]
        used: set[int] = set()
        terms = []
        for monomial, coefficient in condition.poly.terms():
            factors = [str(coefficient) if coefficient >= 0 else f"(- {-coefficient})"]
            for i, degree in enumerate(monomial):
                if degree:
                    used.add(i)
                    factors += [names[i]] * int(degree)
            terms.append(factors[0] if len(factors) == 1 else f"(* {' '.join(factors)})")
        total = terms[0] if len(terms) == 1 else f"(+ {' '.join(terms)})"
        condition.formula = (_COMPARISONS[condition.op].format(total), frozenset(names[i] for i in used))
    formula: tuple[str, frozenset[str]] = condition.formula
    return formula


def decide(clauses: Iterable[Clause], limit: int = RESOURCE_LIMIT) -> Verdict:
    """Whether real values exist at which every clause has a condition that holds."""
    import z3

    lines = []
    names: set[str] = set()
    asked: list[Condition] = []
    for clause in clauses:
        open_ = []
        for condition in clause:
            truth = condition.truth
            if truth is True:
                break
            if truth is None:
                open_.append(condition)
        else:
            if not open_:
                return Verdict("unsat")
            parts = [_formula(condition) for condition in open_]
            text = parts[0][0] if len(parts) == 1 else f"(or {' '.join(part[0] for part in parts)})"
            lines.append(f"(assert {text})")
            names.update(*(part[1] for part in parts))
            asked += open_
    if not lines:
        return Verdict("sat", (), None)
    solver = _tactic().solver()
    solver.set("rlimit", limit)
    solver.from_string("\n".join([f"(declare-const {name} Real)" for name in sorted(names)] + lines))
    answer = _answer(solver)
    if answer == z3.sat:
        return Verdict("sat", asked, solver)
    return Verdict("unsat" if answer == z3.unsat else "unknown")


def _answer(solver: Any) -> Any:
    """What a solver says; z3 takes an interruption for a limit, and it is handed on to Python."""
    import z3

    found = solver.check()
    if found == z3.unknown and solver.reason_unknown() == INTERRUPTED:
        raise KeyboardInterrupt
    return found


def implies(context: Sequence[Condition], condition: Condition, limit: int = RESOURCE_LIMIT) -> bool | None:
    """Whether a condition follows from a conjunction; None where that was not decided."""
    verdict = decide([*([c] for c in context), list(condition.negated())], limit)
    return {"unsat": True, "sat": False}.get(verdict.status)


def approached(conditions: Iterable[Condition], of: Sequence[Condition], limit: int = QUANTIFIED_LIMIT) -> str:
    """Whether some point that meets `conditions` is a limit of points that meet `of`; the status is as in `decide`.

    The query has quantifiers: however small a distance, there is a point that meets every condition of `of` and whose
    coordinates, by the names that occur in `of`, are nearer than that.

    >>> from deterrence.expressions import Ring
    >>> ring = Ring(["x"])
    >>> inside = ring.parse_condition("x**2*(x - 1) > 0")
    >>> [approached(ring.parse_condition(f"x == {n}"), inside) for n in (0, 1)]
    ['unsat', 'sat']
    """
    import z3

    asked = [c for c in conditions if c.truth is not True]
    inner = [c for c in of if c.truth is not True]
    if any(c.truth is False for c in (*asked, *inner)):
        return "unsat"
    if not inner:
        return decide([c] for c in asked).status
    moved = sorted({name for c in inner for name in _formula(c)[1]})
    names = sorted({name for c in asked for name in _formula(c)[1]} | set(moved))
    near = {name: f"|near {name[1:]}" for name in moved}
    close = [f"(< (- {a} {b}) |distance|)" for name in moved for a, b in ((name, near[name]), (near[name], name))]
    moves = " ".join(f"({name} {near[name]})" for name in moved)
    placed = f"(let ({moves}) (and {' '.join(_formula(c)[0] for c in inner)}))"
    exists = f"(exists ({' '.join(f'({near[name]} Real)' for name in moved)}) (and {' '.join(close)} {placed}))"
    lines = [f"(declare-const {name} Real)" for name in names]
    lines += [f"(assert {_formula(c)[0]})" for c in asked]
    lines.append(f"(assert (forall ((|distance| Real)) (=> (> |distance| 0) {exists})))")
    # Unlike the other engine, this one keeps what it did from one solver to the next.
    solver = z3.Then("simplify", "nlqsat").solver()
    solver.set("rlimit", limit)
    solver.from_string("\n".join(lines))
    return str(_answer(solver))


Line = tuple[dict[str, Fraction], str, Fraction]
"""A linear condition: coefficients by name, ``">="``, ``">"``, ``"<="`` or ``"=="``, and the number they add up to."""


class Linear:
    """Linear conditions that are added and taken back, with exact optima.

    >>> plane = Linear()
    >>> plane.add(({"x": Fraction(1), "y": Fraction(2)}, "<=", Fraction(3)))
    >>> plane.add(({"x": Fraction(1)}, ">=", Fraction(0)))
    >>> plane.add(({"y": Fraction(1)}, ">=", Fraction(1, 2)))
    >>> plane.feasible(), plane.greatest({"x": Fraction(3), "y": Fraction(1)})
    (True, {'x': Fraction(2, 1), 'y': Fraction(1, 2)})
    """

    def __init__(self) -> None:
        import z3

        self._solver = z3.SolverFor("QF_LRA")
        self._lines: list[Any] = []
        self._marks: list[int] = []
        self._names: dict[str, Any] = {}

    def add(self, line: Line) -> None:
        """One more condition."""
        coefficients, op, number = line
        total, bound = self._sum(coefficients), _number(number)
        formula = {
            ">=": total >= bound, ">": total > bound, "<=": total <= bound, "==": total == bound,
        }[op]
        self._lines.append(formula)
        self._solver.add(formula)

    def push(self) -> None:
        """Remember the conditions of now."""
        self._marks.append(len(self._lines))
        self._solver.push()

    def pop(self) -> None:
        """Go back to the conditions that were remembered last."""
        del self._lines[self._marks.pop() :]
        self._solver.pop()

    def feasible(self) -> bool:
        """Whether some values meet every condition."""
        return bool(str(_answer(self._solver)) == "sat")

    def greatest(self, objective: Mapping[str, Fraction]) -> dict[str, Fraction] | None:
        """Values of all names at which a sum is as great as can be; None where none exist, or where it has no bound."""
        import z3

        search = z3.Optimize()
        search.add(*self._lines)
        goal = search.maximize(self._sum(objective)) if objective else None
        if _answer(search) != z3.sat:
            return None
        # The bound of a sum without one is no number; that of a sum which is 0 may be a whole one.
        if goal is not None and not isinstance(search.upper(goal), z3.RatNumRef | z3.IntNumRef):
            return None
        model = search.model()
        values = {name: model.evaluate(symbol, model_completion=True) for name, symbol in self._names.items()}
        return {name: Fraction(v.numerator_as_long(), v.denominator_as_long()) for name, v in values.items()}

    def _sum(self, coefficients: Mapping[str, Fraction]) -> Any:
        import z3

        for name in coefficients:
            if name not in self._names:
                self._names[name] = z3.Real(name)
        return z3.Sum([_number(c) * self._names[name] for name, c in coefficients.items()])


def _number(value: Fraction) -> Any:
    import z3

    return z3.Q(value.numerator, value.denominator)
