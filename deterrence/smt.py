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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import flint

from .expressions import Condition

__all__ = ["RESOURCE_LIMIT", "Verdict", "decide", "implies"]

RESOURCE_LIMIT = 20_000_000

Clause = Sequence[Condition]


@dataclass(frozen=True)
class Verdict:
    """The answer to one query.

    Attributes
    ----------
    status : ``"sat"``, ``"unsat"`` or ``"unknown"``.
    point : for ``"sat"`` with a rational witness, a value for every name that occurs; None where a value is irrational.
    model : the z3 model, for exact irrational witnesses.
    """

    status: str
    point: dict[str, Fraction] | None = None
    model: Any = None

    def near(self, name: str, digits: int) -> Fraction | None:
        """The value of a name in the witness, an irrational one to that many decimal digits."""
        import z3

        if self.model is None:
            return None
        value = self.model.eval(z3.Real(name), model_completion=True)
        if z3.is_algebraic_value(value):
            value = value.approx(digits)
        return Fraction(value.numerator_as_long(), value.denominator_as_long())


@lru_cache(maxsize=64)
def _variables(names: tuple[str, ...]) -> tuple[Any, ...]:
    import z3

    return tuple(z3.Real(name) for name in names)


@lru_cache(maxsize=200_000)
def _term(names: tuple[str, ...], key: tuple[str, str], terms: tuple[Any, ...]) -> Any:
    """A condition as a z3 formula; cached, since the same conditions recur in thousands of queries."""
    import z3

    variables = _variables(names)
    total = []
    for monomial, numerator in terms:
        factors = [variables[i] for i, degree in enumerate(monomial) for _ in range(degree)]
        product: Any = z3.RealVal(numerator)
        if factors:
            body = factors[0]
            for factor in factors[1:]:
                body = body * factor
            product = body if numerator == "1" else product * body
        total.append(product)
    value = total[0] if len(total) == 1 else z3.Sum(total)
    op = key[1]
    return value > 0 if op == ">" else value >= 0 if op == ">=" else value == 0 if op == "==" else value != 0


def to_z3(condition: Condition) -> Any:
    """A condition as a z3 formula over real constants named as the parameters."""
    import z3

    truth = condition.truth
    if truth is not None:
        return z3.BoolVal(truth)
    terms = tuple((tuple(int(d) for d in m), str(flint.fmpq(c))) for m, c in condition.poly.terms())
    return _term(condition.ring.names, condition.key, terms)


def decide(clauses: Iterable[Clause], limit: int = RESOURCE_LIMIT) -> Verdict:
    """Whether real values exist at which every clause has a condition that holds."""
    import z3

    solver = z3.Tactic("qfnra-nlsat").solver()
    solver.set("rlimit", limit)
    names: dict[str, None] = {}
    for clause in clauses:
        truths = [condition.truth for condition in clause]
        if True in truths:
            continue
        open_ = [c for c, truth in zip(clause, truths, strict=True) if truth is None]
        if not open_:
            return Verdict("unsat")
        formulas = [to_z3(condition) for condition in open_]
        solver.add(formulas[0] if len(formulas) == 1 else z3.Or(formulas))
        for condition in open_:
            names.update(dict.fromkeys(n for n in condition.ring.names if n in condition.free))
    answer = solver.check()
    if answer == z3.sat:
        model = solver.model()
        return Verdict("sat", _point(model, tuple(names)), model)
    return Verdict("unsat" if answer == z3.unsat else "unknown")


def _point(model: Any, names: tuple[str, ...]) -> dict[str, Fraction] | None:
    import z3

    point = {}
    for name in names:
        value = model.eval(z3.Real(name), model_completion=True)
        if not z3.is_rational_value(value):
            return None
        point[name] = Fraction(value.numerator_as_long(), value.denominator_as_long())
    return point


def implies(context: Sequence[Condition], condition: Condition, limit: int = RESOURCE_LIMIT) -> bool | None:
    """Whether a condition follows from a conjunction; None where that was not decided."""
    verdict = decide([*([c] for c in context), list(condition.negated())], limit)
    return {"unsat": True, "sat": False}.get(verdict.status)


