r"""Closed forms for the page: polynomials with whole-number terms, families as numbers of polynomials, and JavaScript.

A *sheet* is a set of parameters that vary together, the others at the scenario's values, with every family that exists
within their ranges. It holds polynomials :math:`p_k \in \mathbb{Z}[x]` (each with what it was multiplied by), for each
family a region as an or of ands of signs, and its strategies, beliefs and values as quotients :math:`p_i / p_j`. The
polynomials of the regions are also written as JavaScript, in the operations and the order of `kernels.Tape`, so that
the numbers of the page are those of the kernels bit for bit.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ..direct import DirectGame
from ..errors import BranchCutWarning, NotSupportedError
from ..expressions import Condition, Expression, Ring, exact
from ..lowering import corners, lower
from ..program import Program, Region, Terms
from ..wording import FORCE, reach

if TYPE_CHECKING:
    from ..atlas import EquilibriumFamily
    from ..game import Game
    from ..scenario import Scenario

__all__ = ["Ends", "Sheet", "closed"]

Ends = Mapping[str, tuple[Fraction, Fraction]]
POINTWISE: Final = frozenset({"ladder", "escalation_ladder"})
"""Direct models whose mixed equilibria are found at a point alone: closed forms would leave most of the answer out."""
PIECES: Final = 12
"""Of what is free in a family, so many pieces are written into the page."""
SAFE: Final = 2**53


@dataclass(frozen=True)
class Sheet:
    """Parameters that vary together, with every family within their ranges.

    Attributes
    ----------
    names : the parameters.
    program : the closed forms as polynomials.
    data : what the page needs of it, as JSON.
    code : a JavaScript function of the values that writes every polynomial of the program.
    """

    names: tuple[str, ...]
    program: Program = field(repr=False)
    data: Mapping[str, Any] = field(repr=False)
    code: str = field(repr=False)


def closed(
    scenario: Scenario, ends: Ends, limit: int | None, telling: Callable[[str], None] | None = None
) -> Sheet:
    """The closed forms over some parameters.

    Parameters
    ----------
    scenario : gives the values of the others.
    ends : for each parameter that varies its least and its greatest value.
    limit : how many profiles of supports the search may go through.
    telling : called with a few words about the search.

    Raises
    ------
    LimitError, NotSupportedError
        where there are no closed forms within the limit.
    """
    from ..solvers import atlas
    from ..solvers.symbolic import generic_of

    fixed = {name: value for name, value in scenario.point.items() if name not in ends}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BranchCutWarning)
        game = scenario.game.given(fixed)
        if isinstance(game, DirectGame):
            if game.name in POINTWISE:
                raise NotSupportedError("mixed equilibria of this game are found at a point, not in closed form")
            found = atlas(game)
            notes: tuple[str, ...] = found.notes
            families = found.families[: found.generic]
            complete = found.complete
        else:
            within = game.space.with_conditions(_within(game, ends))
            found = generic_of(replace(game, space=within), limit, telling)
            notes, families, complete = (), found.families, True
        program = lower(found, game.space.conditions)
    if not isinstance(game, DirectGame):
        turns = {k: None for family in program.families for part in family.region for k, _ in part}
        program = replace(program, edges=tuple(("", (((k, "=="),),), False) for k in turns))
    writer = _Writer(game, program, tuple(families))
    largest = [float(max(abs(low), abs(high))) for low, high in (ends[name] for name in program.inputs)]
    data = {
        "kind": "closed", "names": list(program.inputs), **writer.data(), "complete": complete,
        "notes": [*notes, *program.notes], "near": [_bound(2 * bound) for bound in program.bounds(largest)],
    }
    return Sheet(program.inputs, program, data, _javascript(program))


def _within(game: Game, ends: Ends) -> list[Condition]:
    """The ranges as conditions; floats that stand for an end may lie a little beyond it."""
    found = []
    for name, (low, high) in ends.items():
        value = game.space.ring.symbol(name)
        least, greatest = min(low, exact(float(low))), max(high, exact(float(high)))
        found.append(Condition.compare(value, ">=", game.space.ring.number(least)))
        found.append(Condition.compare(value, "<=", game.space.ring.number(greatest)))
    return found


def _bound(bound: float) -> float | None:
    """A bound as JSON has it; none where every sign is to be decided exactly."""
    return bound if math.isfinite(bound) else None


def _whole(number: int) -> int | str:
    """A whole number that JavaScript reads exactly."""
    return number if abs(number) < SAFE else str(number)


def _packed(terms: Terms) -> list[Any]:
    """What a polynomial was multiplied by, its degree, and terms: a coefficient, then input and exponent in turn."""
    scale = math.lcm(*(c.denominator for c, _ in terms)) if terms else 1
    rows: list[Any] = [_whole(scale), max((sum(e) for _, e in terms), default=0)]
    for coefficient, exponents in terms:
        pairs = [part for n, e in enumerate(exponents) if e for part in (n, e)]
        rows.append([_whole(int(coefficient * scale)), *pairs])
    return rows


def _terms(poly: Any) -> Terms:
    return tuple((Fraction(int(c.p), int(c.q)), tuple(map(int, exponents))) for exponents, c in poly.terms())


class _Writer:
    """Families as numbers of polynomials."""

    def __init__(self, game: Game, program: Program, families: Sequence[EquilibriumFamily]) -> None:
        self.game, self.program, self.families = game, program, families
        self.ring = Ring(program.inputs)
        self.polynomials = list(program.polynomials)
        self.cornered: dict[tuple[str, str], list[Any]] = {}
        self.number = {terms: k for k, terms in enumerate(self.polynomials)}

    def data(self) -> dict[str, Any]:
        """All of it; what the floating-point function does not compute comes after what it does."""
        families = [
            self._family(family, lowered.region, [(m.region, m.values) for m in lowered.members])
            for family, lowered in zip(self.families, self.program.families, strict=True)
        ]
        return {
            "computed": len(self.program.polynomials), "families": families,
            "quantities": list(self.program.quantities), "domain": [list(sign) for sign in self.program.domain],
            "chance": list(self.program.chance),
            "edges": [[key, region, sure] for key, region, sure in self.program.edges],
            "polynomials": [_packed(terms) for terms in self.polynomials],
            "texts": {str(k): str(self._expression(k)) for k in self._shown()},
        }

    def _shown(self) -> list[int]:
        """The polynomials that the page may have to name: those on whose sign something turns."""
        signs = {k for k, _ in self.program.domain}
        for region in [*(f.region for f in self.program.families), *(region for _, region, _ in self.program.edges)]:
            signs.update(k for part in region for k, _ in part)
        return sorted(signs)

    def _expression(self, k: int) -> Expression:
        total = self.ring.number(0)
        for coefficient, exponents in self.polynomials[k]:
            term = self.ring.number(coefficient)
            for name, exponent in zip(self.ring.names, exponents, strict=True):
                if exponent:
                    term = term * self.ring.symbol(name) ** exponent
            total = total + term
        return total

    def _family(self, family: EquilibriumFamily, region: Region, members: Sequence[Any]) -> dict[str, Any]:
        told = {
            "id": family.id, "label": family.label, "region": region,
            "members": [{"region": part, "values": [list(value) for value in values]} for part, values in members],
            "strategy": self._rows(family, family.strategy), "beliefs": self._rows(family, family.beliefs),
            "free": dict(family.quantities),
            "pieces": [[self._condition(c) for c in piece] for piece in family.pieces[:PIECES]] if family.quantities
            else [],
            "more": max(0, len(family.pieces) - PIECES) if family.quantities else 0,
        }
        if family.outcomes:
            told["reached"] = {
                infoset.name: self._value(family, _sum(reach(infoset, family.outcomes)))
                for infoset in self.game.infosets
            }
            told["force"] = self._force(family)
        return told

    def _rows(
        self, family: EquilibriumFamily, rows: Mapping[str, Mapping[str, Expression]]
    ) -> dict[str, dict[str, Any]]:
        return {name: {key: self._value(family, value) for key, value in row.items()} for name, row in rows.items()}

    def _force(self, family: EquilibriumFamily) -> dict[str, Any]:
        """For each player the probability that it uses force, where some action is one of force."""
        if not any(action.partition(" ")[0] in FORCE for infoset in self.game.infosets for action in infoset.actions):
            return {}
        found = {}
        for player in self.game.players:
            total: Any = Fraction(0)
            for key, value in family.outcomes.items():
                history = tuple(key.split(", "))
                if any(a.partition(" ")[0] in FORCE and self.game.mover(history[:i]) == player
                       for i, a in enumerate(history)):
                    total = total + value
            found[player] = self._value(family, _sum(total))
        return found

    def _value(self, family: EquilibriumFamily, value: Expression | Fraction) -> Any:
        """A number as text, a quotient of two polynomials, or a formula with its values at corners of what varies."""
        if isinstance(value, Fraction):
            return str(value)
        if value.is_number:
            return str(value.as_fraction())
        if not value.free <= set(self.ring.names):
            return {"formula": str(value), "corners": self._corners(family, value)}
        return self._quotient(value.over(self.ring))

    def _corners(self, family: EquilibriumFamily, value: Expression) -> list[Any]:
        """Where each corner is one, and the value there; nothing where that is not known in closed form."""
        key = family.id, str(value)
        if key not in self.cornered:
            try:
                found = corners(family, self.ring, [value])
            except NotSupportedError:
                found = []
            self.cornered[key] = [
                [[self.polynomial(c.poly), c.op] for c in conditions] + [self._quotient(there)]
                for conditions, (there,) in found
            ]
        return self.cornered[key]

    def _quotient(self, value: Expression) -> list[int]:
        return [self.polynomial(value.num), -1 if value.den.is_one() else self.polynomial(value.den)]

    def polynomial(self, poly: Any) -> int:
        """The number of a polynomial over the inputs."""
        terms = _terms(poly)
        if terms not in self.number:
            self.number[terms] = len(self.polynomials)
            self.polynomials.append(terms)
        return self.number[terms]

    def _condition(self, condition: Condition) -> Any:
        """A sign of a polynomial over the inputs; where something is free, its terms with inputs and unknowns apart."""
        if condition.free <= set(self.ring.names):
            return [self.polynomial(condition.over(self.ring).poly), condition.op]
        names = condition.ring.names
        place = {name: n for n, name in enumerate(self.ring.names)}
        rows = []
        for coefficient, exponents in _terms(condition.poly):
            used = [(name, e) for name, e in zip(names, exponents, strict=True) if e]
            rows.append([
                str(coefficient), [part for name, e in used if name in place for part in (place[name], e)],
                [part for name, e in used if name not in place for part in (name, e)],
            ])
        return {"op": condition.op, "terms": rows}


def _sum(value: Any) -> Expression | Fraction:
    return value if isinstance(value, Expression) else Fraction(value)


def _javascript(program: Program) -> str:
    """A function of the values of the inputs and an array, into which it writes the polynomials.

    Raises
    ------
    NotSupportedError
        where a coefficient is larger than any float.
    """
    from ..kernels import Kept, Tape

    every = tuple(range(len(program.quantities)))
    tape = Tape(program, Kept(values=every, low=every, high=every))
    lines = []
    for n, op in enumerate(tape.ops):
        if op[0] == "c":
            if not math.isfinite(op[1]):
                raise NotSupportedError("a coefficient is larger than any float")
            text = repr(float(op[1]))
        elif op[0] == "x":
            text = f"x[{op[1]}]"
        else:
            text = f"t{op[1]} {op[0]} t{op[2]}"
        lines.append(f"const t{n} = {text};")
    lines += [f"p[{k}] = t{node};" for k, node in tape.polynomials.items()]
    body = "\n  ".join(lines)
    return f"(x, p) => {{\n  {body}\n}}"
