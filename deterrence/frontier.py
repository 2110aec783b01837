r"""The frontier of credibility and restraint: the chance that deterrence fails against the chance of a spiral.

A *lever* :math:`\theta` is a parameter that somebody can choose. Under *discretion* the leader answers as its interest
dictates on the day: at each :math:`\theta` every equilibrium :math:`f` gives a pair
:math:`(P_f[\text{failure}], P_f[\text{spiral}])`; along the lever the pairs are curves, known exactly (`curves`). Under
*commitment* the leader binds itself to a mixed plan before the game, and the pairs that plans bring about are polygons
(`commitment`). What commitment is *worth* is the leader's best payoff with it, less its payoff in an equilibrium
without it.
*Bands* say how far the worst and the best case under discretion depend on what nobody observes: shares of the points
of a sample over the uncertainties.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from .algebraic import Algebraic, Real
from .cards import card, notes, paragraph, shown, table
from .curves import Curve, Curves, Piece, Stop, Stretch
from .direct import DirectGame
from .errors import DeterrenceError, ExpressionError, LimitError, NotSupportedError, UnknownNameError
from .provenance import provenance
from .wording import named, number, span

if TYPE_CHECKING:
    from .commitment import Commitment, Point
    from .equilibrium import Equilibrium, Solution
    from .parameters import Assumption
    from .scenario import Scenario
    from .solvers.ranges import Row

__all__ = ["FAILURE", "SPIRAL", "Band", "Frontier", "Pair", "frontier"]

FAILURE: Final = "deterrence_failure"
SPIRAL: Final = "spiral"
LEADER: Final = "US"
VALUES: Final = 41
"""Values of the lever, evenly spaced over its range, for bands and for games without closed forms."""
SOLVED: Final = 11
"""Values of the lever for bands where every point is solved for itself."""
ROWS: Final = 512
TRACED: Final = 17
BITS: Final = 60
CUTS: Final = 40
FAILS: Final = "the chance that deterrence fails"
LEVELS: Final = (0.05, 0.5, 0.95)
CASES: Final[Mapping[str, Callable[[Piece], Curve]]] = {
    "worst": lambda piece: piece.worst, "best": lambda piece: piece.best,
}


Reach = Mapping[str, tuple[Any, Any]]
Apart = Mapping[str, tuple[Sequence[Any], Sequence[Any]]]
"""Of ``failure``, ``spiral`` and ``payoff`` the least and the greatest value over all equilibria at a point."""


@dataclass(frozen=True)
class Pair:
    """One equilibrium on the two axes.

    Attributes
    ----------
    id, label : of the equilibrium.
    at : the value of the lever.
    failure, spiral : probabilities.
    payoff : of the leader.
    """

    id: str
    label: str
    at: Real
    failure: Any
    spiral: Any
    payoff: Any

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "id": self.id, "label": self.label, "at": str(self.at), "failure": str(self.failure),
            "spiral": str(self.spiral), "payoff": str(self.payoff),
        }


@dataclass(frozen=True)
class Band:
    """How a quantity spreads over a sample of the uncertainties, at each value of the lever.

    Attributes
    ----------
    quantity : such as ``"P_max[spiral]"``.
    levels : for each share of the sample in `LEVELS`, the value that it does not exceed, at each value of the lever.
    """

    quantity: str
    levels: tuple[tuple[float, ...], ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "quantity": self.quantity,
            "levels": {str(level): list(row) for level, row in zip(LEVELS, self.levels, strict=True)},
        }


@dataclass(frozen=True)
class Frontier:
    """What `frontier` returns.

    Attributes
    ----------
    scenario : title, digest and values.
    lever, unit, range, value : the lever, its unit, its plausible range, its value in the scenario.
    leader : who chooses it, and who binds itself.
    failure, spiral : the two events.
    here : the equilibria at the scenario's own values, each by the member that is shown.
    reach : the least and the greatest failure, spiral and payoff over all of them, all that varies in them included.
    cuts : the same at each value of the lever at which equilibria appear or vanish; empty at one that is irrational or
        not admissible.
    apart : at those cuts, for failure and for spiral, values that are attained there and not approached from each
        side, and values that are approached from a side and not attained; the latter at rational ones alone.
    curves : under discretion along the lever, exactly; None where there are no closed forms.
    points : pairs at single values of the lever, where there are no closed forms.
    optimum : the leader's best commitment at the scenario's values; None where it is not computed.
    attainable : polygons of pairs that commitments bring about.
    grid, bands : values of the lever, and the bands over the uncertainties there.
    sample : how many rows the bands rest on, and the seed.
    over : the uncertainties.
    notes : what was not computed, and why.
    """

    scenario: Mapping[str, Any]
    lever: str
    unit: str
    range: tuple[Fraction, Fraction]
    value: Fraction
    leader: str
    failure: str
    spiral: str
    here: tuple[Pair, ...]
    reach: Reach
    cuts: Mapping[Real, Reach] = field(repr=False)
    curves: Curves | None = field(repr=False)
    points: tuple[Pair, ...] = field(repr=False)
    optimum: Commitment | None
    apart: Mapping[Real, Apart] = field(default_factory=dict, repr=False)
    attainable: tuple[tuple[Point, ...], ...] = ()
    grid: tuple[float, ...] = field(default=(), repr=False)
    bands: tuple[Band, ...] = field(default=(), repr=False)
    sample: tuple[int, int] = (0, 0)
    over: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The intervals of the lever on which the same equilibria exist."""
        return self.curves.stretches if self.curves is not None else ()

    def stop(self, case: str = "worst", event: str = "failure", upward: bool = True) -> Stop | None:
        """Where moving the lever up (or down) stops to lower an event in the worst (or best) case, exactly.

        Parameters
        ----------
        case : ``"worst"`` or ``"best"``, over the equilibria that coexist.
        event : ``"failure"`` or ``"spiral"``.
        upward : the direction.
        """
        if self.curves is None:
            return None
        return self.curves.stop(("failure", "spiral").index(event), CASES[case], upward)

    def backfire(self, case: str = "worst", event: str = "failure", upward: bool = True) -> Stop | None:
        """Where moving the lever up (or down) first raises an event; arguments as of `stop`."""
        if self.curves is None:
            return None
        return self.curves.backfires(("failure", "spiral").index(event), CASES[case], upward)

    def least(self, case: str = "worst", event: str = "failure") -> tuple[Real, tuple[tuple[Real, Real], ...]] | None:
        """The least value that an event comes to or near along the lever, and where."""
        if self.curves is None:
            return None
        return self.curves.least(("failure", "spiral").index(event), CASES[case])

    @property
    def worth(self) -> tuple[Real, Real] | None:
        """What commitment is worth to the leader: against its best, and against its worst equilibrium."""
        if self.optimum is None or not self.here:
            return None
        best = self.optimum.payoffs[self.leader]
        low, high = self.reach["payoff"]
        return best - high, best - low

    @property
    def paragraph(self) -> str:
        """The frontier in sentences that can be quoted."""
        return " ".join([_now(self), *_along(self), *_bound(self), *_unseen(self)])

    def _repr_html_(self) -> str:
        """What a notebook shows: the frontier in sentences, and the equilibria at the scenario's own values."""
        rows = [(p.id, p.label, shown(p.failure), shown(p.spiral), shown(p.payoff)) for p in self.here]
        return card(
            self.scenario["title"], paragraph(self.paragraph),
            table(("", f"at {self.lever} = {self.value}", self.failure, self.spiral, f"payoff of {self.leader}"), rows),
            notes(self.notes),
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain data: exact numbers as texts, what is sampled as floats."""
        worth = self.worth
        return {
            "format": 1,
            "scenario": dict(self.scenario),
            "lever": {
                "name": self.lever, "unit": self.unit, "value": str(self.value), "range": [str(e) for e in self.range],
            },
            "leader": self.leader,
            "events": {"failure": self.failure, "spiral": self.spiral},
            "here": [pair.to_dict() for pair in self.here],
            "reach": _reach_texts(self.reach),
            "discretion": {
                "exact": self.curves is not None,
                "stretches": [_stretch(stretch) for stretch in self.stretches],
                "cuts": [
                    {"at": str(at), **_reach_texts(reach), "apart": _apart_texts(self.apart.get(at, {}))}
                    for at, reach in self.cuts.items()
                ],
                "points": [pair.to_dict() for pair in self.points],
                "stops": self._stops(),
                "least": self._least(),
            },
            "commitment": None if self.optimum is None else {
                **self.optimum.to_dict(),
                "attainable": [[[str(x), str(y)] for x, y in polygon] for polygon in self.attainable],
                "worth": None if worth is None else {
                    "against_best": str(worth[0]), "against_worst": str(worth[1]),
                },
            },
            "bands": {
                "lever": list(self.grid), "over": list(self.over), "rows": self.sample[0], "seed": self.sample[1],
                "bands": [band.to_dict() for band in self.bands],
            } if self.bands else None,
            "paragraph": self.paragraph,
            "notes": list(self.notes),
            "provenance": dict(self.provenance),
        }

    def _stops(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.curves is None:
            return found
        for event in ("failure", "spiral"):
            for case in CASES:
                for direction in ("raising", "lowering"):
                    stop = self.stop(case, event, direction == "raising")
                    assert stop is not None  # noqa: S101 - there are curves
                    back = self.backfire(case, event, direction == "raising")
                    assert back is not None  # noqa: S101 - there are curves
                    found.setdefault(event, {}).setdefault(case, {})[direction] = {
                        "stops_at": None if stop.at is None else str(stop.at), "value": str(stop.value),
                        "backfires_at": None if back.at is None else str(back.at),
                    }
        return found

    def _least(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in ("failure", "spiral"):
            for case in CASES:
                least = self.least(case, event)
                if least is not None:
                    value, spans = least
                    found.setdefault(event, {})[case] = {
                        "value": str(value), "where": [[str(low), str(high)] for low, high in spans],
                    }
        return found


def _reach_texts(reach: Reach) -> dict[str, list[str]]:
    return {name: [str(low), str(high)] for name, (low, high) in reach.items()}


def _apart_texts(apart: Apart) -> dict[str, dict[str, list[str]]]:
    return {
        name: {"attained": list(map(str, attained)), "approached": list(map(str, approached))}
        for name, (attained, approached) in apart.items() if attained or approached
    }


def _stretch(stretch: Stretch) -> dict[str, Any]:
    return {
        "from": str(stretch.low), "to": str(stretch.high),
        "families": [
            {
                "id": curve.id, "label": curve.label, "failure": str(curve.values[0]), "spiral": str(curve.values[1]),
                "payoff": str(curve.values[2]),
                "at_from": [str(curve.at(q, stretch.low)) for q in (0, 1)],
                "at_to": [str(curve.at(q, stretch.high)) for q in (0, 1)],
                "trace": _trace(curve, stretch),
            }
            for curve in stretch.curves
        ],
    }


def _near(place: Real) -> Fraction:
    """A rational number beside an irrational one."""
    if isinstance(place, Fraction):
        return place
    low, high = place.bounds(BITS)
    return (low + high) / 2


def _trace(curve: Curve, stretch: Stretch) -> list[list[float]]:
    """Lever, failure and spiral at evenly spaced places, for pictures."""
    # Between irrational ends a sum of both would need a field of the product of their degrees.
    low, high = map(_near, (stretch.low, stretch.high))
    between = [low + (high - low) * Fraction(n, TRACED - 1) for n in range(1, TRACED - 1)]
    places: list[Real] = [stretch.low, *between, stretch.high]
    return [[float(place), *(float(curve.at(q, place)) for q in (0, 1))] for place in places]


def frontier(
    scenario: Scenario, lever: str | None = None, *, leader: str | None = None, failure: str = FAILURE,
    spiral: str = SPIRAL, over: Sequence[str] | None = None, rows: int = ROWS, rng: int = 0, commitment: bool = True,
    jobs: int | None = None, telling: Callable[[str], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Frontier:
    """The frontier of a scenario; parameters as in `deterrence.frontier`."""
    say = telling or (lambda words: None)
    chosen = _lever(scenario, lever)
    game = scenario.game
    for event in (failure, spiral):
        if event not in game.events:
            raise UnknownNameError("event", event, list(game.events))
    if failure == spiral:
        raise ExpressionError(f"{failure} is named for both events; the frontier sets one against another")
    from . import models

    own = models.get(scenario.model).leader if scenario.model else ""
    leads = leader or own or (LEADER if LEADER in game.players else game.players[0])
    if leads not in game.players:
        raise UnknownNameError("player", leads, game.players)
    assert chosen.range is not None  # noqa: S101 - `_lever` has seen to it
    notes: list[str] = []
    say("the equilibria along the lever")
    curves: Curves | None = None
    points: tuple[Pair, ...] = ()
    try:
        curves = _curves(scenario, chosen.name, chosen.range, (failure, spiral), leads)
    except (NotSupportedError, LimitError) as error:
        notes.append(f"along {chosen.name} equilibria are found at {VALUES} values, not in closed form: {error}")
        points = _points(scenario, chosen, failure, spiral, leads, say)
    say("the equilibria at the scenario's own values")
    solution = _solution(scenario)
    here = _pairs(solution, chosen.value, failure, spiral, leads)
    reach = _reach(scenario, solution, _ends(scenario, solution), (failure, spiral), leads)
    cuts: dict[Real, Reach] = {}
    apart: dict[Real, Apart] = {}
    if curves is not None:
        say("the equilibria where some appear or vanish")
        cuts, apart = _at_cuts(scenario, chosen.name, curves, (failure, spiral), leads)
    optimum: Commitment | None = None
    attainable: tuple[tuple[Point, ...], ...] = ()
    if commitment:
        say("what commitment brings about")
        try:
            optimum, attainable = _committed(scenario, leads, failure, spiral)
            if isinstance(game, DirectGame):
                notes.append("commitments are to plans without mixing")
            elif len({i.player for i in game.infosets} - {leads}) > 1:
                notes.append("commitments are those to which the others, who are several, answer without mixing")
        except (NotSupportedError, LimitError) as error:
            notes.append(f"commitment is not computed: {error}")
    grid: tuple[float, ...] = ()
    bands: tuple[Band, ...] = ()
    names: tuple[str, ...] = ()
    if rows:
        say("bands over the uncertainties")
        try:
            grid, bands, names, rows, said = _bands(
                scenario, chosen, (failure, spiral), over, rows, rng, jobs, telling, progress
            )
            notes += said
        except (LimitError, ExpressionError) as error:
            if over is not None:
                raise
            notes.append(f"no bands over the uncertainties: {error}")
    return Frontier(
        scenario=scenario.to_dict(), lever=chosen.name, unit=chosen.unit, range=chosen.range, value=chosen.value,
        leader=leads, failure=failure, spiral=spiral, here=here, reach=reach, cuts=cuts, curves=curves,
        points=points, optimum=optimum, apart=apart,
        attainable=attainable, grid=grid, bands=bands, sample=(rows, rng) if bands else (0, rng), over=names,
        notes=tuple(notes), provenance=provenance("python-flint", "z3-solver", "numpy"),
    )


def _lever(scenario: Scenario, name: str | None) -> Assumption:
    """The lever of that name; without one, that of the model or the first of the file."""
    from . import models

    by_name = {assumption.name: assumption for assumption in scenario.assumptions}
    if name is not None and name not in by_name:
        raise UnknownNameError("parameter", name, list(by_name))
    if name is None:
        own = models.get(scenario.model).lever if scenario.model else ""
        levers = [a.name for a in scenario.assumptions if a.role == "lever" and _wide(a)]
        name = own if own in levers else next(iter(levers), None)
    if name is None:
        raise ExpressionError(
            "the scenario has no lever: give a parameter that somebody can choose role = \"lever\" and a range, or "
            "name one (--lever)"
        )
    if not _wide(by_name[name]):
        raise ExpressionError(f"{name} has no range in the scenario: give it one, such as range = [0, 1]")
    return by_name[name]


def _wide(assumption: Assumption) -> bool:
    return assumption.range is not None and assumption.range[0] < assumption.range[1]


def _curves(
    scenario: Scenario, lever: str, ends: tuple[Fraction, Fraction], events: tuple[str, str], leader: str
) -> Curves:
    """Exact curves over the whole range."""
    from .lowering import lower
    from .solvers import atlas

    found = atlas(scenario, over=[lever])
    if not found.complete:
        raise NotSupportedError("; ".join(found.notes) or "the atlas is not complete")
    program = lower(found, found.game.space.conditions)
    names = (f"P[{events[0]}]", f"P[{events[1]}]", f"payoff[{leader}]")
    return Curves(program, *ends, [program.quantities.index(name) for name in names])


def _solution(scenario: Scenario) -> Solution:
    import warnings

    from .errors import BranchCutWarning
    from .solvers import solve

    with warnings.catch_warnings():
        # Whoever loaded the scenario is told of branches that are cut.
        warnings.simplefilter("ignore", BranchCutWarning)
        return solve(scenario)


def _pairs(found: Solution, at: Fraction, failure: str, spiral: str, leader: str) -> tuple[Pair, ...]:
    return tuple(
        Pair(e.id, e.label, at, e.events[failure], e.events[spiral], e.payoffs[leader]) for e in found
    )


def _ends(scenario: Scenario, found: Solution) -> list[Row]:
    """The ends of what varies in the equilibria at a point."""
    from .solvers.ranges import ends

    return ends(scenario.game, scenario.point, found)


def _reach(
    scenario: Scenario, found: Solution, more: Sequence[Row], events: tuple[str, str], leader: str
) -> Reach:
    """How far the equilibria at a point reach, with all that varies in them."""
    rows = [*map(_row, found), *more]
    places = _places(scenario, events, leader)
    return {
        name: (min(row[n] for row in rows), max(row[n] for row in rows)) for name, n in places.items()
    } if rows else {}


def _row(entry: Equilibrium) -> Row:
    return (*entry.events.values(), *entry.payoffs.values())


def _places(scenario: Scenario, events: tuple[str, str], leader: str) -> dict[str, int]:
    """Where failure, spiral and payoff stand in a row of all events and payoffs."""
    game = scenario.game
    names = [*game.events, *game.players]
    return {"failure": names.index(events[0]), "spiral": names.index(events[1]),
            "payoff": len(game.events) + game.players.index(leader)}


def _at_cuts(
    scenario: Scenario, lever: str, curves: Curves, events: tuple[str, str], leader: str
) -> tuple[dict[Real, Reach], dict[Real, Apart]]:
    """At the cuts, the ends of the range among them: how far equilibria reach, and how that differs beside it.

    Cuts that cannot be solved are left out; at one that is not admissible nothing is reached. At an irrational one only
    those families are known that reach it from a side.
    """
    found: dict[Real, Reach] = {}
    apart: dict[Real, Apart] = {}
    for at in curves.cuts[:CUTS]:
        if not isinstance(at, Fraction) or not curves.is_admissible(at):
            known = isinstance(at, Fraction)
            both = {name: curves.apart(n, at, []) for n, name in enumerate(("failure", "spiral"))}
            found[at] = {}
            apart[at] = {name: (there, beside if known else ()) for name, (there, beside) in both.items()}
        else:
            try:
                there = scenario.with_values({lever: at})
                solution = _solution(there)
                more = _ends(there, solution)
            except DeterrenceError:
                continue
            found[at] = _reach(there, solution, more, events, leader)
            apart[at] = _apart(there, solution, more, curves, at, _places(scenario, events, leader))
    return found, apart


def _apart(
    scenario: Scenario, found: Solution, more: Sequence[Row], curves: Curves, at: Fraction, places: Mapping[str, int]
) -> Apart:
    """How failure and spiral at a cut differ from what they are beside it, in numbers that can be told apart."""
    from .solvers.ranges import may_vary

    # Of a set in which something varies its ends are told, not the member that happens to be shown.
    rows = [*(_row(entry) for entry in found if not more or not may_vary(scenario.game, entry)), *more]
    if any(not isinstance(row[n], Fraction | Algebraic | int) for row in rows for n in places.values()):
        return {}
    return {name: curves.apart(n, at, [row[places[name]] for row in rows])
            for n, name in enumerate(("failure", "spiral"))}


def _points(
    scenario: Scenario, lever: Assumption, failure: str, spiral: str, leader: str, say: Callable[[str], None]
) -> tuple[Pair, ...]:
    """The equilibria at evenly spaced values of the lever; values at which the game has none or fails are left out."""
    assert lever.range is not None  # noqa: S101 - `_lever` has seen to it
    low, high = lever.range
    found: list[Pair] = []
    failed: DeterrenceError | None = None
    for n in range(VALUES):
        value = low + (high - low) * Fraction(n, VALUES - 1)
        say(f"the equilibria along the lever, {n + 1} of {VALUES} values")
        try:
            found += _pairs(_solution(scenario.with_values({lever.name: value})), value, failure, spiral, leader)
        except DeterrenceError as error:
            failed = error
    if not found and failed is not None:
        raise failed
    return tuple(found)


def _committed(
    scenario: Scenario, leader: str, failure: str, spiral: str
) -> tuple[Commitment, tuple[tuple[Point, ...], ...]]:
    from .solvers import commitments

    found = commitments(scenario, leader)
    return found.optimum((failure, spiral)), tuple(found.attainable(failure, spiral))


def _middles(ends: tuple[Fraction, Fraction], count: int) -> tuple[Fraction, ...]:
    """The middles of equal parts: the ends may be knife edges."""
    low, high = ends
    return tuple(low + (high - low) * Fraction(2 * n + 1, 2 * count) for n in range(count))


def _bands(
    scenario: Scenario, lever: Assumption, events: tuple[str, str], over: Sequence[str] | None, rows: int, rng: int,
    jobs: int | None, telling: Callable[[str], None] | None, progress: Callable[[int, int], None] | None,
) -> tuple[tuple[float, ...], tuple[Band, ...], tuple[str, ...], int, list[str]]:
    """Values of the lever, the bands there, what varies, the rows that they rest on, and what is to be known."""
    import numpy as np

    from .designs import Axis
    from .outcomes import study
    from .solvers import sampled

    assert lever.range is not None  # noqa: S101 - `_lever` has seen to it
    listed, said = _middles(lever.range, VALUES), []
    ready = study(scenario, over, also={lever.name: list(listed)}, telling=telling)
    if ready.program is None:
        listed, limit = _middles(lever.range, SOLVED), sampled(scenario.game)
        rows = ready.fitting(rows, len(listed), limit or None)
        said.append(f"the bands rest on {rows} rows at each of {len(listed)} values of {lever.name}, every point "
                    f"solved for itself: {ready.why.removeprefix('every point is solved for itself: ')}")
    names = [f"P_{end}[{event}]" for event in events for end in ("max", "min")]
    data = ready.over((Axis(lever.name, listed=listed),), ready.draw(rows, rng), names, jobs, progress)
    bands = []
    for name in names:
        values = np.asarray(data[name].values, dtype=np.float64)
        cut = np.quantile(values, LEVELS, axis=1, method="inverted_cdf")
        bands.append(Band(name, tuple(tuple(map(float, row)) for row in cut)))
    return tuple(map(float, listed)), tuple(bands), ready.names, rows, said


# In sentences ------------------------------------------------------------------------------------------------------


def _now(found: Frontier) -> str:
    pairs, reach = found.here, found.reach
    if not pairs:
        return f"At {found.lever} = {number(found.value)}, the scenario's own value, no equilibrium was found."
    count = "one equilibrium is" if len(pairs) == 1 else f"{len(pairs)} equilibria are"
    return (
        f"At {found.lever} = {number(found.value)}, the scenario's own value, {count} possible: deterrence fails with "
        f"probability {span(reach['failure'])}, and a spiral follows with probability {span(reach['spiral'])}."
    )


def _along(found: Frontier) -> list[str]:
    """What moving the lever does to the worst case."""
    if found.curves is None:
        return []
    low, high = found.range
    worst = f"{FAILS} in the worst equilibrium"
    stop, back = found.stop("worst", "failure"), found.backfire("worst", "failure")
    assert stop is not None  # noqa: S101 - there are curves
    assert back is not None  # noqa: S101 - there are curves
    if stop.at is None:
        said = [f"Raising {found.lever} (from {number(low)} to {number(high)}) nowhere lowers {worst}."]
        down = found.stop("worst", "failure", upward=False)
        if down is not None and down.at is not None:
            said.append(f"Lowering it does, down to {found.lever} = {number(down.at)}; below that it is "
                        f"{number(down.value)}, and less of it helps no further.")
    elif (fall := found.curves.only_jump(0, CASES["worst"])) is not None:
        said = [f"Raising {found.lever} lowers {worst} only at {found.lever} = {number(fall.start)}, where it falls "
                f"from {number(fall.first)} to {number(fall.last)}."]
    else:
        said = [f"Raising {found.lever} lowers {worst} up to {found.lever} = {number(stop.at)}; beyond that it is "
                f"{number(stop.value)}, and more of it helps no further."]
    if back.at is not None:
        said.append(f"Raising it beyond {found.lever} = {number(back.at)} makes deterrence fail more often, up to "
                    f"{number(back.value)}.")
    least = found.least("worst", "failure")
    if least is not None:
        value, places = least
        where = " or ".join(f"at {number(a)}" if a == b else f"between {number(a)} and {number(b)}" for a, b in places)
        ends = _at_ends(found, value, places)
        said.append(f"The worst case is least, {number(value)}, with {found.lever} {where}{ends}.")
    return said


def _at_ends(found: Frontier, value: Real, places: tuple[tuple[Real, Real], ...]) -> str:
    """Where the worst case at an end itself is another: there equilibria of both sides exist, and perhaps more."""
    ends = dict.fromkeys(place for pair in places for place in pair)
    other = [
        f"at {number(place)} itself it is {number(found.cuts[place]['failure'][1])}"
        for place in ends
        if isinstance(place, Fraction) and found.cuts.get(place) and found.cuts[place]["failure"][1] != value
    ]
    return f" ({', '.join(other)})" if other else ""


def _bound(found: Frontier) -> list[str]:
    """What commitment is worth."""
    worth = found.worth
    if found.optimum is None or worth is None:
        return []
    events = found.optimum.events
    against = number(worth[0]) if worth[0] == worth[1] else f"{number(worth[0])} to {number(worth[1])}"
    what = f"worth {against} to it" if worth[1] else "worth nothing to it"
    return [
        f"If {named(found.leader)} could bind itself beforehand to a plan of its choice, deterrence would fail with "
        f"probability {number(events[found.failure])} and a spiral follow with probability "
        f"{number(events[found.spiral])}; the power to commit is {what}."
    ]


def _unseen(found: Frontier) -> list[str]:
    """How far it depends on what nobody observes."""
    rows = {band.quantity: band for band in found.bands}
    band = rows.get(f"P_max[{found.failure}]")
    if band is None:
        return []
    near = min(range(len(found.grid)), key=lambda n: abs(found.grid[n] - float(found.value)))
    low, middle, high = (f"{level[near]:.2g}" for level in band.levels)
    spread = f"{low} in nine of ten sampled cases" if low == high else (
        f"between {low} and {high} in nine of ten sampled cases, {middle} in the middle one")
    return [
        f"With other values of what nobody observes ({', '.join(found.over)}), at about this value of the lever, the "
        f"chance that deterrence fails in the worst equilibrium is {spread}."
    ]
