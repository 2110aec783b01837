r"""Regions: what a system of conditions says about the parameters alone, as a union of conjunctions.

`project` eliminates the unknowns of a conjunction of inequalities that are linear in one unknown after the other
(Fourier and Motzkin): every lower bound must lie below every upper bound. Where the sign of a coefficient depends on
the parameters the region is split by it. A belief that only one further inequality binds is eliminated through the
corners of its simplex: a linear function is nonnegative somewhere on a simplex exactly if it is so at a corner.

`tidied` factors what is left, drops factors whose sign is known, splits products by the signs of their factors and
drops what follows from the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Any

from ..errors import LimitError, NotSupportedError
from ..expressions import Condition
from .algebra import Algebra, Branch, open_conditions

__all__ = ["MAX_PARTS", "joined", "project", "tidied"]

MAX_PARTS = 2_000
MAX_TIDIED = 24
MAX_JOINED = 12

Conjunction = tuple[Condition, ...]


def project(algebra: Algebra, conditions: Iterable[Condition]) -> list[Conjunction]:
    """The conditions on the parameters under which the unknowns can meet a conjunction.

    Raises
    ------
    NotSupportedError
        where an unknown occurs in a higher power than the first in what is left.
    LimitError
        where the region splits into more than `MAX_PARTS` parts.
    """
    whole = open_conditions(conditions)
    if whole is None:
        return []
    found: list[Conjunction] = [()]
    for part in algebra.parts(whole):
        key = frozenset(c.key for c in part)
        known = algebra.projected.get(key)
        if known is None:
            known = algebra.projected[key] = _projected(algebra, tuple(part))
        if len(found) * len(known) > MAX_PARTS:
            raise LimitError(f"a region splits into more than {MAX_PARTS} parts")
        found = [one + other for one in found for other in known]
    return found


def _factors_apart(algebra: Algebra, part: Conjunction) -> list[Conjunction]:
    found = _split_products(algebra, part, MAX_PARTS)
    if found is None:
        raise LimitError(f"a region splits into more than {MAX_PARTS} parts")
    return found


def _projected(algebra: Algebra, conditions: Conjunction) -> list[Conjunction]:
    """The same for conditions that share names."""
    done: dict[frozenset[Condition], Conjunction] = {}
    stack = [conditions]
    while stack:
        if len(stack) + len(done) > MAX_PARTS:
            raise LimitError(f"a region splits into more than {MAX_PARTS} parts")
        part = open_conditions(stack.pop())
        if part is None:
            continue
        unknowns = sorted({u for c in part for u in algebra.unknowns(c.poly)})
        if not unknowns:
            done.setdefault(frozenset(part), part)
            continue
        if any(c.op == "==" and algebra.has_unknowns(c) for c in part):
            stack.extend(reversed([branch.all for branch in _solved(algebra, part)]))
            continue
        corners = _through_corners(algebra, part, unknowns)
        if corners is None:
            index = _next_unknown(algebra, part, unknowns)
            corners = _factors_apart(algebra, part) if index is None else _without(algebra, part, index)
            if corners == [part]:
                raise NotSupportedError("what is left after the equations is not linear in any unknown")
        stack.extend(reversed([p for p in corners if algebra.feasible(p)]))
    return list(done.values())


def _solved(algebra: Algebra, part: Conjunction) -> list[Branch]:
    """The branches of a part with equations among unknowns."""
    branches = algebra.solve_equations(part)
    if any(algebra.has_unknowns(e) for branch in branches for e in branch.equations):
        raise NotSupportedError("what is left after the equations is not linear in any unknown")
    return branches


def _through_corners(algebra: Algebra, part: Conjunction, unknowns: Sequence[int]) -> list[Conjunction] | None:
    """The parts without one group of beliefs that a single weak inequality binds, or None where there is no such."""
    groups: dict[str, list[int]] = {}
    for u in unknowns:
        name = algebra.ring.names[u]
        if name.startswith("$m"):
            groups.setdefault(name.split("_")[0], []).append(u)
    for members in groups.values():
        corner_values = _corners(algebra, members)
        bound, rest, bounds = [], [], 0
        for condition in part:
            touched = algebra.unknowns(condition.poly)
            if not any(u in members for u in touched):
                rest.append(condition)
            elif _is_simplex(algebra, condition, members):
                bounds += 1
            else:
                bound.append(condition)
        if bounds != len(members) + 1 or len(bound) > 1:
            continue
        if not bound:
            return [tuple(rest)]
        if bound[0].op != ">=" or any(u not in members for u in algebra.unknowns(bound[0].poly)):
            continue
        if any(sum(int(d) for i, d in enumerate(m) if i in members) > 1 for m, _ in bound[0].poly.terms()):
            continue
        return [
            (*rest, algebra.condition(_at(algebra, bound[0].poly, members, corner), ">=")) for corner in corner_values
        ]
    return None


def _corners(algebra: Algebra, members: Sequence[int]) -> list[list[int]]:
    return [[int(k == n) for k in range(len(members))] for n in range(len(members) + 1)]


def _at(algebra: Algebra, poly: Any, members: Sequence[int], values: Sequence[int]) -> Any:
    for index, value in zip(members, values, strict=True):
        poly, _ = algebra.substitute(poly, index, (algebra.ring.context.constant(value), algebra.one))
    return poly


def _is_simplex(algebra: Algebra, condition: Condition, members: Sequence[int]) -> bool:
    """Whether a condition only says that one belief of a group is not negative."""
    if condition.op != ">=":
        return False
    rest = algebra.one
    for index in members:
        if condition.poly == algebra.gens[index]:
            return True
        rest = rest - algebra.gens[index]
    return bool(condition.poly == rest)


def _next_unknown(algebra: Algebra, part: Conjunction, unknowns: Sequence[int]) -> int | None:
    """The unknown that is linear everywhere and gives the fewest splits and new conditions, if there is one."""
    best: tuple[tuple[int, int, int], int] | None = None
    for index in unknowns:
        splits = lower = upper = 0
        for condition in part:
            degree = condition.poly.degrees()[index]
            if degree <= 0:
                continue
            if degree > 1 or condition.op == "==":
                break
            sign = algebra.sign(algebra.coefficients(condition.poly, index)[1])
            splits += sign is None
            lower += sign != "-"
            upper += sign != "+"
        else:
            key = (splits, lower * upper, index)
            if best is None or key < best[0]:
                best = (key, index)
    return None if best is None else best[1]


def _without(algebra: Algebra, part: Conjunction, index: int) -> list[Conjunction]:
    """Fourier and Motzkin for one unknown; the parts differ in the signs of its coefficients."""
    rest = [c for c in part if c.poly.degrees()[index] <= 0]
    states: list[tuple[list[Condition], list[tuple[Any, Any, str]], list[tuple[Any, Any, str]]]] = [(rest, [], [])]
    for condition in part:
        if condition.poly.degrees()[index] <= 0:
            continue
        constant, coefficient = algebra.coefficients(condition.poly, index)
        grown = []
        for kept, lower, upper in states:
            for op, poly in (((">", condition.poly), (">", -condition.poly)) if condition.op == "!=" else
                             ((condition.op, condition.poly),)):
                b, a = (constant, coefficient) if poly == condition.poly else (-constant, -coefficient)
                grown += _by_sign(algebra, kept, lower, upper, a, b, op)
        states = grown
        if len(states) > MAX_PARTS:
            raise LimitError(f"a region splits into more than {MAX_PARTS} parts")
    found = []
    for kept, lower, upper in states:
        pairs = [
            algebra.condition(a * d - c * b, ">" if ">" in (p, q) else ">=")
            for a, b, p in lower
            for c, d, q in upper
        ]
        found.append(tuple(dict.fromkeys((*kept, *pairs))))
    return found


def _by_sign(
    algebra: Algebra, kept: list[Condition], lower: list[Any], upper: list[Any], a: Any, b: Any, op: str
) -> list[tuple[list[Condition], list[Any], list[Any]]]:
    """One condition ``a*v + b op 0`` as a lower bound, an upper bound, or a condition without v."""
    sign = algebra.sign(a)
    if sign is None:
        for condition in kept:
            if condition.op == ">" and condition.poly == algebra.condition(a, ">").poly:
                sign = "+"
            elif condition.op == ">" and condition.poly == algebra.condition(-a, ">").poly:
                sign = "-"
            elif condition.op == "==" and condition.poly == algebra.condition(a, "==").poly:
                sign = "0"
    found = []
    if sign in ("+", None):
        extra = [] if sign else [algebra.condition(a, ">")]
        found.append((kept + extra, [*lower, (a, b, op)], upper))
    if sign in ("-", None):
        extra = [] if sign else [algebra.condition(-a, ">")]
        found.append((kept + extra, lower, [*upper, (a, b, op)]))
    if sign in ("0", None):
        extra = [] if sign else [algebra.condition(a, "==")]
        found.append(([*kept, *extra, algebra.condition(b, op)], lower, upper))
    return found


def tidied(algebra: Algebra, parts: Iterable[Conjunction], given: Conjunction = ()) -> list[Conjunction]:
    """The same region where some conditions are given: known signs dropped, products split, what follows left out.

    Where that gives more than `MAX_TIDIED` parts, products stay, and parts that others hold.
    """
    whole = list(parts)
    splits = _distinct_parts(algebra, whole, given, _split_products)
    if splits is None:
        splits = _distinct_parts(algebra, whole, given, _kept_products)
    if splits is None:
        return [part for part in dict.fromkeys(whole) if algebra.feasible((*given, *part))]
    kept = dict.fromkeys(_irredundant(algebra, split, given) for split in splits.values())
    if len(kept) < 2:
        return list(kept)
    if not _outside(algebra, (), list(kept), given):
        return [()]
    return _absorbed(algebra, _closed(algebra, list(kept), given), given)


def joined(algebra: Algebra, groups: Sequence[Sequence[Conjunction]]) -> list[Conjunction]:
    """Where one part of each group holds; parts that others hold are left out, as far as that is cheap to see."""
    found: dict[frozenset[Condition], Conjunction] = {}
    for parts in product(*groups):
        whole = tuple(dict.fromkeys(c for part in parts for c in part))
        if algebra.feasible(whole):
            found.setdefault(frozenset(whole), whole)
    kept = [part for key, part in found.items() if not any(other < key for other in found)]
    if len(kept) > MAX_JOINED or len([group for group in groups if group != [()]]) < 2:
        return kept
    return _absorbed(algebra, list(dict.fromkeys(_irredundant(algebra, part, ()) for part in kept)), ())


def _distinct_parts(
    algebra: Algebra, parts: Sequence[Conjunction], given: Conjunction, write: Callable[..., list[Conjunction] | None]
) -> dict[frozenset[Condition], Conjunction] | None:
    """The parts written in another way, those without solution left out; None where they are more than `MAX_TIDIED`."""
    found: dict[frozenset[Condition], Conjunction] = {}
    for part in parts:
        written = write(algebra, part, MAX_TIDIED)
        if written is None:
            return None
        for split in written:
            if algebra.feasible((*given, *split)):
                found.setdefault(frozenset(split), split)
        if len(found) > MAX_TIDIED:
            return None
    return found


def _kept_products(algebra: Algebra, part: Conjunction, _: int) -> list[Conjunction]:
    """The same conjunction without factors of known sign."""
    kept: list[Condition] = []
    for condition in part:
        ways = _ways(algebra, condition)
        kept += ways[0] if len(ways) == 1 else [_without_known_signs(algebra, condition)]
    return [tuple(dict.fromkeys(kept))]


def _without_known_signs(algebra: Algebra, condition: Condition) -> Condition:
    unit, factors = condition.poly.factor()
    product = algebra.one if unit > 0 else -algebra.one
    for factor, power in factors:
        sign = algebra.sign(factor)
        if sign not in ("+", "-"):
            product = product * factor ** (2 - power % 2)
        elif sign == "-" and power % 2:
            product = -product
    return algebra.condition(product, condition.op)


def _ways(algebra: Algebra, condition: Condition) -> list[list[Condition]]:
    """`_signs`, remembered."""
    found = algebra.signed.get(condition.key)
    if found is None:
        found = algebra.signed[condition.key] = _signs(algebra, condition)
    return found


def _split_products(algebra: Algebra, part: Conjunction, most: int) -> list[Conjunction] | None:
    """Conjunctions in which polynomials have one factor of unknown sign at the most; None where they are too many."""
    states: list[list[Condition]] = [[]]
    for condition in part:
        states = [[*state, *way] for state in states for way in _ways(algebra, condition)]
        if len(states) > 8:
            states = [state for state in states if algebra.feasible(state)]
        if len(states) > most:
            return None
    return [tuple(dict.fromkeys(state)) for state in states]


def _signs(algebra: Algebra, condition: Condition) -> list[list[Condition]]:
    """The ways to meet one condition in terms of the factors of its polynomial."""
    unit, factors = condition.poly.factor()
    negative = unit < 0
    open_: list[Any] = []
    squares: list[Any] = []
    for factor, power in factors:
        sign = algebra.sign(factor)
        if sign == "-" and power % 2:
            negative = not negative
        if sign in ("+", "-"):
            continue
        (open_ if power % 2 else squares).append(factor)
    if condition.op == "==":
        return [[algebra.condition(f, "==")] for f in (*open_, *squares)]
    if condition.op == "!=":
        return [[algebra.condition(f, "!=") for f in (*open_, *squares)]]
    nonzero = [algebra.condition(f, "!=") for f in squares]
    if not open_:
        holds = not negative if condition.op == ">" else None
        if condition.op == ">":
            return [nonzero] if holds else []
        return [[]] if not negative else [[algebra.condition(f, "==")] for f in squares]
    options = [
        [algebra.condition(f if s > 0 else -f, condition.op) for f, s in zip(open_, signs, strict=True)]
        for signs in _sign_patterns(len(open_), negative)
    ]
    if condition.op == ">":
        return [[*option, *nonzero] for option in options]
    return options + [[algebra.condition(f, "==")] for f in squares]


def _sign_patterns(count: int, negative: bool) -> list[tuple[int, ...]]:
    patterns: list[tuple[int, ...]] = [()]
    for _ in range(count):
        patterns = [(*p, s) for p in patterns for s in (1, -1)]
    wanted = -1 if negative else 1
    return [p for p in patterns if _sign_of(p) == wanted]


def _sign_of(pattern: tuple[int, ...]) -> int:
    product = 1
    for s in pattern:
        product *= s
    return product


def _irredundant(algebra: Algebra, part: Conjunction, given: Conjunction) -> Conjunction:
    """The conditions that do not follow from the others, the given ones and the domain."""
    kept = list(part)
    for condition in sorted(part, key=lambda c: (-len(c.poly.coeffs()), str(c))):
        if condition.op == "==":
            continue
        others = [c for c in kept if c is not condition]
        if all(not algebra.feasible((*given, *others, negation)) for negation in condition.negated()):
            kept = others
    return tuple(kept)


def _outside(algebra: Algebra, part: Conjunction, others: Sequence[Conjunction], given: Conjunction) -> bool:
    """Whether a part has a point that no other part holds."""
    clauses = [[c] for c in (*given, *part)]
    clauses += [[n for c in other for n in c.negated()] for other in others]
    return algebra.decided(clauses) != "unsat"


def _closed(algebra: Algebra, parts: list[Conjunction], given: Conjunction) -> list[Conjunction]:
    """Parts without conditions ``!= 0`` whose exceptions other parts hold anyway."""
    result = list(parts)
    for n, part in enumerate(parts):
        wider = tuple(c for c in part if c.op != "!=")
        if len(wider) < len(part) and not _outside(algebra, wider, parts, given):
            result[n] = _irredundant(algebra, wider, given)
    return list(dict.fromkeys(result))


def _absorbed(algebra: Algebra, parts: list[Conjunction], given: Conjunction) -> list[Conjunction]:
    """Parts that lie within the union of the others left out, long ones first."""
    kept = sorted(parts, key=lambda p: (len(p), [str(c) for c in p]))
    for part in sorted(parts, key=lambda p: (-len(p), [str(c) for c in p])):
        others = [p for p in kept if p is not part]
        if others and not _outside(algebra, part, others, given):
            kept = others
    return kept
