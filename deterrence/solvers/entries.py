r"""From connected sets of pieces to the entries of a solution: a member, its numbers, what is free, its certificate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import flint

from ..algebraic import apart, real_roots
from ..certify import Certificate, certify
from ..equilibrium import Equilibrium, Free
from ..errors import CertificateError, LimitError
from ..expressions import Condition, format_polynomial
from ..game import Game, history_key
from ..smt import decide
from .algebra import Algebra, Branch
from .merging import equated, linear_bound, merged
from .naming import Play, quantity_letters, rank
from .point import Node, Piece, sample
from .search import Search

__all__ = ["Member", "coordinate_names", "describe_free", "entry", "isolated", "make_entry", "member_of", "members_of",
           "plays"]

Value = Any


def isolated(search: Search, branch: Branch) -> list[Branch]:
    """A branch once for each real root of an equation that has no closed form; itself where there is none.

    Raises
    ------
    LimitError
        where such equations tie several unknowns.
    """
    algebra = search.algebra
    branches = [branch]
    for index in sorted({u for e in branch.equations for u in algebra.unknowns(e.poly)}):
        single = next((e for e in branch.equations if algebra.unknowns(e.poly) == [index]), None)
        if single is None:
            raise LimitError("several unknowns are tied by equations that have no solution in closed form")
        roots = real_roots([_number(c) for c in algebra.coefficients(single.poly, index)])
        branches = [
            replace(one, conditions=(*one.conditions, *bounds))
            for one in branches
            for bounds in _separated(algebra, index, roots)
        ]
    return [one for one in branches if algebra.feasible(one.all)]


def _number(poly: Any) -> Fraction:
    return Fraction(0) if poly.is_zero() else _number_of(poly.leading_coefficient())


def _separated(algebra: Algebra, index: int, roots: Sequence[Value]) -> list[list[Condition]]:
    """For each root of one polynomial, conditions on an unknown that only this root meets."""
    unknown = algebra.gens[index]
    found = []
    for low, high in apart(roots):
        left, right = unknown - flint.fmpq(low.numerator, low.denominator), flint.fmpq(high.numerator, high.denominator)
        if low == high:
            found.append([algebra.condition(left, "==")])
        else:
            found.append([algebra.condition(left, ">"), algebra.condition(right - unknown, ">")])
    return found


def value_at(poly: Any, values: Mapping[int, Value]) -> Value:
    """A polynomial at exact values."""
    total: Value = Fraction(0)
    for monomial, coefficient in poly.terms():
        number = flint.fmpq(coefficient)
        term: Value = Fraction(int(number.p), int(number.q))
        for index, degree in enumerate(monomial):
            if degree:
                term = term * values[index] ** int(degree)
        total = total + term
    return total


class Member:
    """One assessment of a piece, in exact numbers."""

    def __init__(self, piece: Piece, values: Mapping[int, Value]) -> None:
        self.piece = piece
        self.values = dict(values)
        for index, (num, den) in piece.branch.solved.items():
            self.values[index] = value_at(num, self.values) / value_at(den, self.values)
        structure = piece.frame.structure
        self.strategy = {
            infoset.name: {
                a: value_at(piece.assembly.probability(i, n), self.values) for n, a in enumerate(infoset.actions)
            }
            for i, infoset in enumerate(structure.infosets)
        }
        self.beliefs = {
            infoset.name: self._belief(i)
            for i, infoset in enumerate(structure.infosets)
            if len(infoset.histories) > 1
        }

    def _belief(self, i: int) -> dict[str, Value]:
        weights = {h: value_at(w, self.values) for h, w in self.piece.assembly.beliefs(i).items()}
        total = sum(weights.values(), Fraction(0))
        return {history_key(h): w / total for h, w in weights.items()}


def members_of(node: Node) -> Iterator[Member]:
    """A member of each piece of a node, the fewest mixtures and the last written first; what is free is extreme."""
    pieces = sorted(enumerate(node.pieces()), key=lambda item: (_mixtures(item[1]), -item[0]))
    for _, piece in pieces:
        member = member_of(piece)
        if member is not None:
            yield member


def member_of(piece: Piece) -> Member | None:
    """A member of a piece; None where none could be written in exact numbers."""
    unknown = _open_unknowns(piece)
    pinned = {u for e in piece.branch.equations for u in piece.frame.algebra.unknowns(e.poly)}
    drawn = sample(piece, [u for u in unknown if u not in pinned])
    values = None if drawn is None else _pinned(piece, dict(drawn), sorted(pinned))
    return Member(piece, values) if values is not None and all(u in values for u in unknown) else None


def _mixtures(piece: Piece) -> int:
    return sum(len(choice.actions) > 1 for choice in piece.choices.values())


def _open_unknowns(piece: Piece, pinned: bool = True) -> list[int]:
    """Unknowns of the strategies and beliefs that a piece does not solve for, in the order of the ring.

    Those that an equation pins to one root count only with `pinned`.
    """
    algebra = piece.frame.algebra
    used: set[int] = set()
    for num, den in piece.coordinates(range(len(piece.frame.structure.infosets))).values():
        used.update(algebra.unknowns(num), algebra.unknowns(den))
    for condition in piece.branch.all:
        used.update(algebra.unknowns(condition.poly))
    tied = {u for e in piece.branch.equations for u in algebra.unknowns(e.poly)}
    return sorted(used - set(piece.branch.solved) - (set() if pinned else tied))


def _pinned(piece: Piece, values: dict[int, Value], pinned: Sequence[int]) -> dict[int, Value] | None:
    """Values for unknowns that equations without closed form pin down, one after the other."""
    algebra = piece.frame.algebra
    for index in pinned:
        polys = [e.poly for e in piece.branch.equations if algebra.unknowns(e.poly) == [index]]
        if not polys:
            return None
        for root in real_roots([_number(c) for c in algebra.coefficients(polys[0], index)]):
            trial = {**values, index: root}
            checks = [c for c in piece.branch.all if set(algebra.unknowns(c.poly)) <= set(trial)]
            if all(_true(value_at(c.poly, trial), c.op) for c in checks):
                values = trial
                break
        else:
            return None
    return values


def _true(value: Value, op: str) -> bool:
    return bool(value > 0 if op == ">" else value >= 0 if op == ">=" else value == 0 if op == "==" else value != 0)


def entry(number: int, label: str, nodes: Sequence[Node], game: Game, independent: bool, concept: str) -> Equilibrium:
    """The entry of one connected set.

    Raises
    ------
    CertificateError
        where the member fails the certificate: a defect, never given out as a result.
    LimitError
        where the set has no member in numbers that this package can write.
    """
    ordered = [node for _, node in sorted(zip(map(rank, plays(nodes)), nodes, strict=True), key=lambda pair: pair[0])]
    member = next((m for node in ordered for m in members_of(node)), None)
    if member is None:
        raise LimitError(f"{label}: exists, but no member could be written in exact numbers")
    certificate = certify(game, member.strategy, member.beliefs, concept, independent)
    if not certificate.holds:
        raise CertificateError(f"{label}: {'; '.join(certificate.reasons)}")
    return make_entry(f"F{number}", label, member, describe_free(nodes), game, certificate)


def make_entry(
    key: str, label: str, member: Member, free: Free, game: Game, certificate: Certificate
) -> Equilibrium:
    """An entry from its member."""
    from ..assessment import Assessment

    assessment = Assessment(game, member.strategy, member.beliefs)
    return Equilibrium(
        id=key,
        label=label,
        strategy=member.strategy,
        beliefs=member.beliefs,
        free=free,
        outcomes=assessment.outcomes,
        payoffs=assessment.payoffs,
        events=assessment.events,
        certificate=certificate,
    )


def describe_free(nodes: Sequence[Node]) -> Free:
    """The coordinates that vary over a connected set, and the union of pieces that they fill."""
    pieces = [piece for node in nodes for piece in node.pieces()]
    frame = pieces[0].frame
    rows = [piece.coordinates(range(len(frame.structure.infosets))) for piece in pieces]
    varying = [index for index in rows[0] if _varies(frame, index, rows, pieces)]
    if not varying or (len(pieces) == 1 and not _open_unknowns(pieces[0], pinned=False)):
        return Free()
    names, described = coordinate_names(frame, varying)
    labels = list(frame.ring.names)
    for index, name in names.items():
        labels[index] = name
    order = list(names)
    found = merged(_conditions(piece, row, varying) for piece, row in zip(pieces, rows, strict=True))
    written = (sorted(piece, key=lambda c: _reading_order(c, order)) for piece in found)
    return Free(described, tuple(dict.fromkeys(tuple(condition_text(c, labels) for c in piece) for piece in written)))


def _varies(frame: Any, index: int, rows: Sequence[Mapping[int, tuple[Any, Any]]], pieces: Sequence[Piece]) -> bool:
    """Whether a coordinate takes more than one value; beliefs that always follow from Bayes' rule do not count."""
    name = frame.ring.names[index]
    if name.startswith("$m"):
        i = int(name[2:].split("_")[0])
        if not any(piece.assembly.is_free(i) for piece in pieces):
            return False
    first = rows[0][index]
    for row in rows:
        num, den = row[index]
        if frame.algebra.unknowns(num) or frame.algebra.unknowns(den):
            return True
        if num * first[1] != first[0] * den:
            return True
    return False


def coordinate_names(frame: Any, varying: Sequence[int]) -> tuple[dict[int, str], dict[str, str]]:
    """Short names for coordinates, and what each is."""
    structure = frame.structure
    uncertain = [i for i, infoset in enumerate(structure.infosets) if len(infoset.histories) > 1]
    order = uncertain + [i for i in range(len(structure.infosets)) if i not in uncertain]
    slots = [(i, a) for i in order for a in range(len(structure.infosets[i].actions) - 1)]
    letters = dict(zip(slots, quantity_letters(len(slots)), strict=True))
    beliefs = [index for index in varying if frame.ring.names[index].startswith("$m")]
    taken = set(frame.game.space.names)
    names: dict[int, str] = {}
    described: dict[str, str] = {}
    for index in sorted(varying, key=lambda v: not frame.ring.names[v].startswith("$m")):
        kind, text = frame.ring.names[index][1], frame.ring.names[index][2:]
        i, n = (int(part) for part in text.split("_"))
        infoset = structure.infosets[i]
        if kind == "m":
            name = "mu" if len(beliefs) == 1 else f"mu{beliefs.index(index) + 1}"
            meaning = f"belief at {infoset.name} of {history_key(infoset.histories[n])}"
        else:
            name = letters[i, n]
            meaning = f"{infoset.actions[n]} at {infoset.name}"
        while name in taken:
            name += "_"
        taken.add(name)
        names[index] = name
        described[name] = meaning
    return names, described


def _conditions(piece: Piece, row: Mapping[int, tuple[Any, Any]], varying: Sequence[int]) -> list[Condition]:
    """The conditions of a piece on the coordinates that vary."""
    algebra = piece.frame.algebra
    equations = []
    for index in varying:
        num, den = row[index]
        condition = algebra.condition(algebra.gens[index] * den - num, "==")
        if condition.truth is not True:
            equations.append(condition)
    pinned = _pinned_bounds(algebra.domain, equated(piece.branch.all), equations)
    return [*equations, *_irredundant(algebra.domain, pinned, equations)]


def _pinned_bounds(
    domain: Sequence[Condition], conditions: list[Condition], given: Sequence[Condition]
) -> list[Condition]:
    """Conditions with an equation for each bound on one coordinate that the others let hold in no other way."""
    if all(len(condition.used) < 2 for condition in conditions):
        return conditions
    found = list(conditions)
    for n, condition in enumerate(conditions):
        if condition.op == ">=" and linear_bound(condition) is not None:
            strict = Condition(condition.ring, condition.poly, ">")
            if decide([c] for c in (*domain, *found[:n], strict, *found[n + 1 :], *given)).status == "unsat":
                found[n] = Condition(condition.ring, condition.poly, "==")
    return list(dict.fromkeys(found))


def _reading_order(condition: Condition, order: Sequence[int]) -> tuple[int, int]:
    """Conditions on the first quantity first; lower bounds before upper ones."""
    degrees = condition.poly.degrees()
    last = max((n for n, index in enumerate(order) if degrees[index] > 0), default=len(order))
    return last, int(condition.op != "==" and condition.poly.leading_coefficient() < 0)


def _irredundant(
    domain: Sequence[Condition], conditions: list[Condition], given: Sequence[Condition]
) -> list[Condition]:
    """Conditions without those that the others imply."""
    kept = list(dict.fromkeys(conditions))
    for condition in list(kept):
        if condition.op == "==":
            continue
        others = [c for c in kept if c is not condition]
        asked = [*([c] for c in (*domain, *others, *given)), list(condition.negated())]
        if decide(asked).status == "unsat":
            kept = others
    return kept


def condition_text(condition: Condition, names: Sequence[str]) -> str:
    """A condition as a comparison that reads well: ``mu <= 1/3``, ``0 <= mu``, ``x*y >= 2*x - 1``."""
    op, bound = condition.op, linear_bound(condition)
    if bound is None:
        return f"{format_polynomial(condition.poly, names)} {op} 0"
    index, factor, value = bound
    name = names[index]
    if op in ("==", "!="):
        return f"{name} {op} {value}"
    return f"{value} {op.replace('>', '<')} {name}" if factor > 0 else f"{name} {op.replace('>', '<')} {value}"


def _number_of(value: Any) -> Fraction:
    number = flint.fmpq(value)
    return Fraction(int(number.p), int(number.q))


def plays(nodes: Iterable[Node]) -> list[Play]:
    """The play on the path of each node."""
    return [Play(n.frame.structure, n.path.choices, n.path.reached) for n in nodes]


