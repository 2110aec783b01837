r"""Conclusions that the values of a scenario suggest, and what becomes of each over what is held plausible.

At the scenario's values an event has probabilities from :math:`l` to :math:`h` over the equilibria that coexist. They
suggest *conclusions*, such as :math:`P_{\max} < 1/2`. The *box* :math:`B` is the product of the ranges of
the uncertainties, all else as the scenario has it. A conclusion is

- *proved* where its negation has no solution in the interior of :math:`B` outside knife edges: decided over the reals
  from the closed forms of all families that are generic in :math:`B`;
- *refuted* where the game solved anew at an exact point of :math:`B` denies it;
- *not decided* otherwise.

Beside that stands how often it holds at a sample of :math:`B` (a number, no proof), and where it stops to hold when a
single parameter moves and the others stay (`turns`), exactly.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ..algebraic import Real, apart, real_roots
from ..direct import DirectGame
from ..errors import BranchCutWarning, DeterrenceError, LimitError, NotSupportedError
from ..expressions import Condition, exact
from ..propositions.decision import simplify
from ..smt import decide

if TYPE_CHECKING:
    from ..certainty import Atom
    from ..outcomes import Study
    from ..parameters import Assumption
    from ..program import Decision, Program
    from ..scenario import Scenario

__all__ = [
    "AXES", "LARGE", "Conclusion", "Finding", "Turn", "conclusions", "findings", "named", "reaches", "ready_for",
    "turns",
]

LIMIT: Final = 2_000_000
ALONE: Final = 800
"""Profiles of supports that the search for closed forms along one parameter may go through."""
MOST_EVENTS: Final = 4
CLOSE: Final = 1e-9
LARGE: Final = 48
"""Complete histories from which on a game is large: what takes seconds at each point is done at few of them."""
POINTWISE: Final = frozenset({"ladder", "escalation_ladder"})
"""Direct models whose mixed equilibria are found at a point alone."""
AXES: Final = {"deterrence_failure": "the chance that deterrence fails", "spiral": "the chance of a spiral"}

Reach = tuple[Any, Any]
_OPS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}
_DENIED: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass(frozen=True)
class Conclusion:
    """A bound on the least or the greatest probability of an event over the equilibria that coexist.

    Attributes
    ----------
    event : its name.
    end : ``"max"`` or ``"min"``.
    op, bound : what it is compared with.
    words : the conclusion as a clause.
    """

    event: str
    end: str
    op: str
    bound: Fraction
    words: str

    @property
    def quantity(self) -> str:
        """As `outcomes` names it."""
        return f"P_{self.end}[{self.event}]"

    def holds(self, reach: Reach) -> bool:
        """Whether it holds where the probability reaches from the one to the other."""
        return bool(_OPS[self.op](reach[self.end == "max"], self.bound))


@dataclass(frozen=True)
class Finding:
    """What became of a conclusion over the box.

    Attributes
    ----------
    conclusion : which.
    status : ``"proved"``, ``"refuted"``, ``"not decided"`` or ``"sampled"`` where nothing could be proved.
    witness : for a refutation the values of the uncertainties.
    share, rows : of a sample the share at which it holds, and its size; 0 rows where none was drawn.
    """

    conclusion: Conclusion
    status: str
    witness: Mapping[str, Fraction]
    share: float
    rows: int


@dataclass(frozen=True)
class Turn:
    """Where a conclusion stops to hold when one parameter moves alone.

    Attributes
    ----------
    parameter, value : which, and its value now.
    upward : the direction.
    at : the value beyond which it does not hold.
    """

    parameter: str
    value: Fraction
    upward: bool
    at: Real


def named(event: str) -> str:
    """The probability of an event in words."""
    return AXES.get(event, f"the probability of {event}")


def conclusions(scenario: Scenario, reach: Mapping[str, Reach]) -> list[Conclusion]:
    """What the values suggest of the two events of the frontier, or else of the first few events."""
    names = [event for event in AXES if event in reach] or list(reach)[:MOST_EVENTS]
    found: list[Conclusion] = []
    for event in names:
        low, high = reach[event]
        bounds = [*_above(high), *_below(low)]
        if high == 0 or low >= 1:
            # That it is so in every equilibrium says the other, too.
            bounds = bounds[:1] if high == 0 else bounds[1:]
        found += [_conclusion(event, *one) for one in bounds]
    return found


_Bound = tuple[str, str, Fraction]
_HALF: Final = Fraction(1, 2)


def _above(high: Any) -> list[_Bound]:
    if high == 0:
        return [("max", "<=", Fraction(0))]
    if high >= 1:
        return [("max", ">=", Fraction(1))]
    return [("max", "<", _HALF if high < _HALF else Fraction(1))]


def _below(low: Any) -> list[_Bound]:
    if low >= 1:
        return [("min", ">=", Fraction(1))]
    if low == 0:
        return [("min", "<=", Fraction(0))]
    return [("min", ">", _HALF if low > _HALF else Fraction(0))]


def _conclusion(event: str, end: str, op: str, bound: Fraction) -> Conclusion:
    where = "in every equilibrium" if (end == "max") == (op in "<=") else "in at least one equilibrium"
    size = f"is {bound}" if "=" in op else f"is {'below' if op == '<' else 'above'} {bound}"
    return Conclusion(event, end, op, bound, f"{named(event)} {size} {where}")


def reaches(scenario: Scenario) -> dict[str, Reach]:
    """For every event the least and the greatest probability over the equilibria, with all that varies in them.

    Raises
    ------
    LimitError, NotSupportedError
        where the game could not be solved.
    """
    from ..solvers import solve
    from ..solvers.ranges import ends

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BranchCutWarning)
        solution = solve(scenario)
        rows = [tuple(entry.events.values()) for entry in solution]
        rows += list(ends(scenario.game, scenario.point, solution))
    return {
        event: (min(row[n] for row in rows), max(row[n] for row in rows))
        for n, event in enumerate(scenario.game.events)
    } if rows else {}


# Over the box ------------------------------------------------------------------------------------------------------


def ready_for(
    scenario: Scenario, over: Sequence[str] | None, limit: int, telling: Callable[[str], None] | None = None
) -> Study:
    """A scenario with the closed forms over its uncertainties, or ready to be solved point by point.

    Raises
    ------
    LimitError, ExpressionError
        where nothing can be said: no parameter has a range, or points take too long.
    """
    from ..outcomes import study

    if isinstance(scenario.game, DirectGame) and scenario.game.name not in POINTWISE:
        try:
            return study(scenario, over, method="atlas", limit=limit, telling=telling)
        except (LimitError, NotSupportedError):
            pass
    return study(scenario, over, limit=limit, telling=telling)


def findings(
    ready: Study, asked: Sequence[Conclusion], rows: int, telling: Callable[[str], None], jobs: int | None = None
) -> list[Finding]:
    """What becomes of conclusions over the box."""
    from ..certainty import atoms_of, regions

    shares, drawn, against = _shares(ready, asked, rows, jobs)
    if ready.program is None:
        found = []
        for one in asked:
            telling(f"an example against: {one.words}")
            witness = _nearer(ready, against[one.words], one) if one.words in against else None
            status = "sampled" if witness is None else "refuted"
            found.append(Finding(one, status, witness or {}, shares.get(one.words, 0.0), drawn))
        return found
    left = regions(ready)
    found = []
    for n, one in enumerate(asked):
        telling(f"conclusion {n + 1} of {len(asked)}")
        status, witness = _decided(ready, atoms_of(ready, left, one.quantity), one)
        found.append(Finding(one, status, witness, shares.get(one.words, 0.0), drawn))
    return found


def _shares(
    ready: Study, asked: Sequence[Conclusion], rows: int, jobs: int | None
) -> tuple[dict[str, float], int, dict[str, dict[str, Fraction]]]:
    """For each conclusion the share of a sample at which it holds, the size of that, and a point against it."""
    fewer = ready.fitting(rows, 1, None if ready.program else _solved(ready))
    if not rows or not asked:
        return {}, 0, {}
    wanted = list(dict.fromkeys(one.quantity for one in asked))
    columns = ready.draw(fewer, 0)
    values = ready.at(columns, wanted, jobs)
    # What is computed in floats may miss a bound that it meets.
    slack = {"<": -CLOSE, "<=": CLOSE, ">": CLOSE, ">=": -CLOSE}
    shares: dict[str, float] = {}
    against: dict[str, dict[str, Fraction]] = {}
    for one in asked:
        holds = [bool(_OPS[one.op](v, float(one.bound) + slack[one.op])) for v in values[one.quantity]]
        shares[one.words] = sum(holds) / fewer
        if not all(holds):
            row = holds.index(False)
            against[one.words] = {name: exact(float(column[row])) for name, column in columns.items()}
    return shares, fewer, against


def _denies(ready: Study, point: Mapping[str, Fraction], asked: Conclusion) -> bool:
    """Whether the game solved at a point denies a conclusion."""
    try:
        reach = reaches(ready.scenario.with_values(point)).get(asked.event)
    except DeterrenceError:
        return False
    return reach is not None and not asked.holds(reach)


def _nearer(ready: Study, point: Mapping[str, Fraction], asked: Conclusion) -> dict[str, Fraction] | None:
    """A point that denies a conclusion, with the scenario's own values where these do too, and simple ones."""
    if not _denies(ready, point, asked):
        return None
    now, found = ready.scenario.point, dict(point)
    # Of a large game each trial takes seconds.
    for name in ready.names if len(ready.scenario.game.payoffs) <= LARGE else ():
        for value in (now[name], *(found[name].limit_denominator(n) for n in (2, 10, 100))):
            trial = {**found, name: value}
            if _inside(ready, name, value) and _denies(ready, trial, asked):
                found = trial
                break
    return {name: value for name, value in found.items() if value != now[name]}


def _inside(ready: Study, name: str, value: Fraction) -> bool:
    ends = next(a.range for a in ready.drawn if a.name == name)
    return ends is not None and ends[0] <= value <= ends[1]


def _solved(ready: Study) -> int:
    from ..solvers import sampled

    return sampled(ready.scenario.game)


def _strict(condition: Condition) -> Condition:
    return Condition(condition.ring, condition.poly, ">") if condition.op == ">=" else condition


def _decided(ready: Study, atoms: Sequence[Atom], asked: Conclusion) -> tuple[str, dict[str, Fraction]]:
    """Whether a conclusion holds all over the box, knife edges aside; where not, an exact point of it."""
    denied = {
        atom: Condition.compare(atom.value, _DENIED[asked.op], ready.ring.number(asked.bound)) for atom in atoms
    }
    box = [[_strict(condition)] for condition in ready.box]
    if (asked.end == "max") == (asked.op in ("<", "<=")):
        # Every value has to meet the bound: none may deny it where it is taken.
        cases = [[*box, *([_strict(c)] for c in atom.part), [condition]] for atom, condition in denied.items()]
    else:
        # One value has to meet it: everywhere some atom is taken and meets it.
        cases = [[*box, *([*(n for c in atom.part for n in c.negated()), condition]
                          for atom, condition in denied.items())]]
    open_ = False
    for clauses in cases:
        verdict = decide(clauses, LIMIT)
        if verdict.status == "unsat":
            continue
        point = verdict.point if verdict.status == "sat" else None
        witness = None if point is None else _witness(ready, clauses, point, asked)
        if witness is not None:
            return "refuted", witness
        open_ = True
    return ("not decided" if open_ else "proved"), {}


def _witness(
    ready: Study, clauses: Sequence[Sequence[Condition]], point: Mapping[str, Fraction], asked: Conclusion
) -> dict[str, Fraction] | None:
    """A point near the scenario's values at which the game, solved anew, denies a conclusion."""
    now = ready.scenario.point
    full = {name: point.get(name, now[name]) for name in ready.names}
    for name in ready.names:
        trial = {**full, name: now[name]}
        if all(any(condition.holds(trial) for condition in clause) for clause in clauses):
            full = trial
    moved = {name: value for name, value in full.items() if value != now[name]}
    units = [clause[0] for clause in clauses if len(clause) == 1]
    others = [clause for clause in clauses if len(clause) > 1]
    fixed = [Condition.compare(ready.ring.symbol(n), "==", ready.ring.number(v)) for n, v in full.items()
             if n not in moved]
    simple = simplify([*units, *fixed], others, full)
    if not _denies(ready, simple, asked):
        return None
    return {name: value for name, value in simple.items() if value != now[name]}


# One parameter alone -----------------------------------------------------------------------------------------------


def turns(
    scenario: Scenario, asked: Sequence[Conclusion], telling: Callable[[str], None]
) -> tuple[dict[str, list[Turn]], list[str], dict[str, str]]:
    """For each conclusion where it stops to hold along each parameter that has a range, alone.

    Returns
    -------
    The turns by the words of the conclusion; the parameters that were looked at; and for the others why not.
    """
    found: dict[str, list[Turn]] = {one.words: [] for one in asked}
    seen: list[str] = []
    failed: dict[str, str] = {}
    moved = [a for a in scenario.assumptions if a.range is not None and a.range[0] < a.range[1]]
    if scenario.game.name in POINTWISE:
        return found, [], {a.name: "its mixed equilibria are found at a point, not in closed form" for a in moved}
    for assumption in moved:
        telling(f"{assumption.name} alone")
        try:
            program = ready_for(scenario, [assumption.name], ALONE).program
        except DeterrenceError as error:
            failed[assumption.name] = str(error)
            continue
        if program is None:
            failed[assumption.name] = "there are no closed forms along single values within the bounds"
            continue
        seen.append(assumption.name)
        cells = _cells(program, assumption, asked)
        for one in asked:
            found[one.words] += _stops(program, assumption, cells, one)
    return found, seen, failed


Cell = tuple[Real, Real, "Decision"]


def _cells(program: Program, assumption: Assumption, asked: Sequence[Conclusion]) -> list[Cell]:
    """The intervals of a parameter on which no sign changes, each with what holds inside."""
    assert assumption.range is not None  # noqa: S101 - the caller has looked
    low, high = assumption.range
    places: set[Real] = {low, high, assumption.value}
    dense = [_dense(terms) for terms in program.polynomials]
    for row in dense:
        places.update(_roots(row, low, high))
    columns = [program.quantities.index(f"P[{one.event}]") for one in asked]
    for family in program.families:
        for member in family.members:
            for one, column in zip(asked, columns, strict=True):
                over, under = member.values[column]
                below = dense[under] if under >= 0 else [Fraction(1)]
                places.update(_roots(_minus(dense[over], below, one.bound), low, high))
    cuts = sorted(places)
    bounds = apart(cuts)
    return [
        (cuts[n], cuts[n + 1], program.decide([(bounds[n][1] + bounds[n + 1][0]) / 2])) for n in range(len(cuts) - 1)
    ]


def _dense(terms: Any) -> list[Fraction]:
    """The coefficients of a polynomial in one variable, the constant first."""
    found = [Fraction(0)] * (max((sum(exponents) for _, exponents in terms), default=0) + 1)
    for coefficient, exponents in terms:
        found[sum(exponents)] += coefficient
    return found


def _minus(left: Sequence[Fraction], right: Sequence[Fraction], times: Fraction) -> list[Fraction]:
    size = max(len(left), len(right))
    rows = [[*row, *[Fraction(0)] * (size - len(row))] for row in (left, right)]
    return [a - times * b for a, b in zip(*rows, strict=True)]


def _roots(row: Sequence[Fraction], low: Fraction, high: Fraction) -> list[Real]:
    return real_roots(row, low, high) if any(row[1:]) else []


def _stops(program: Program, assumption: Assumption, cells: Sequence[Cell], asked: Conclusion) -> list[Turn]:
    """In either direction from the value of a scenario the nearest place beyond which a conclusion does not hold."""
    column = program.quantities.index(f"P[{asked.event}]")
    found = []
    for upward in (False, True):
        ahead = [c for c in cells if (c[0] >= assumption.value if upward else c[1] <= assumption.value)]
        for low, high, decision in ahead if upward else reversed(ahead):
            values = [row[column] for rows in decision.values for row in rows]
            if decision.covered and values and not asked.holds((min(values), max(values))):
                found.append(Turn(assumption.name, assumption.value, upward, low if upward else high))
                break
    return found
