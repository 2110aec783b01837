r"""How far each parameter of a scenario may move, alone, before an equilibrium vanishes or another appears.

For a parameter :math:`x` with all others held at the scenario's values the game is a game in one parameter. Each of its
families, told apart by the supports on the path, exists on a finite union of intervals, whose ends are roots of the
polynomials of its region. Between two neighbouring roots nothing changes, so that one exact sample decides a whole
interval, and the first interval in which a family ceases or begins to exist gives a *threshold*: a rational or
algebraic number, never rounded. Families that differ off the path only count as one. What exists at single points only,
on a knife edge, is no interval and is left out, save at the point of the scenario itself.

What is present there is told by the entries of `solve`, the connected sets: an entry of several families vanishes with
the last of them, and *narrows* where some are left.

The searches of all parameters share what is known at the scenario's point: what is possible for one information set
there is possible in each of them, and what is impossible there stays so where the parameter does not occur.
"""

from __future__ import annotations

import warnings
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import Any

from ..algebraic import Algebraic, Real, real_roots
from ..errors import BranchCutWarning, DeterrenceWarning, LimitError, NotSupportedError
from ..expressions import Condition, Expression
from ..game import Game, History
from ..parameters import ParameterSpace
from ..scenario import Scenario
from ..tree import ChanceMove
from .assembly import Choice, Frame
from .entries import isolated, plays
from .naming import Play, distinct, rank
from .point import Piece, connected_sets, nodes_of
from .regions import project
from .search import Ending, Path, Search, endings
from .structure import Structure

__all__ = ["Change", "Turn", "changes"]

SHOWN = 3
MAX_CHECKS = 5_000
COST_OF_PATH = 5

Key = tuple[tuple[int, tuple[int, ...]], ...]
Supports = frozenset[tuple[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Turn:
    """An equilibrium that goes on under its name with something else played on the path.

    Of an entry of several families `becomes` is what the first of those that go on becomes, and `others` what the rest.
    """

    label: str
    becomes: str
    difference: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """What happens where one parameter, the others held, passes a value.

    Attributes
    ----------
    parameter : its name.
    value : what the scenario says.
    threshold : the value that is passed, exactly.
    direction : ``"up"`` or ``"down"``.
    unit : of the parameter, as the scenario or the game says.
    vanishes, appears : the labels of the equilibria that cease and that begin to exist.
    turns : which of these are one that only changes what is played.
    narrows : for every equilibrium that loses a part, the labels of what is left of it.
    chances : for every label that appears, the probability of each event at the threshold, where it has one value.
    within_range : whether the threshold lies in the range that the scenario holds plausible; None where it gives none.
    distance : of the threshold from the value, as a share of the range, or else of the value.
    """

    parameter: str
    value: Fraction
    threshold: Real
    direction: str
    unit: str
    vanishes: tuple[str, ...] = ()
    appears: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()
    narrows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    chances: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    within_range: bool | None = None
    distance: float = 0.0

    @property
    def gone(self) -> tuple[str, ...]:
        """The labels that vanish and do not go on otherwise."""
        return tuple(label for label in self.vanishes if label not in [turn.label for turn in self.turns])

    @property
    def new(self) -> tuple[str, ...]:
        """The labels that appear and are none that goes on otherwise."""
        turned = {label for turn in self.turns for label in (turn.becomes, *turn.others)}
        return tuple(label for label in self.appears if label not in turned)

    @property
    def effect(self) -> str:
        """What happens, as one sentence."""
        parts = [f"{turn.label!r} changes: {turn.difference}" for turn in self.turns]
        parts += [f"{label!r} narrows to {_listed(left)}" for label, left in self.narrows.items()]
        parts += [f"{_listed(self.gone)} vanish{'es' if len(self.gone) == 1 else ''}"] if self.gone else []
        parts += [f"{_listed(self.new)} appear{'s' if len(self.new) == 1 else ''}"] if self.new else []
        return "; ".join(parts)


def changes(scenario: Scenario) -> list[Change]:
    """For every parameter, where each present equilibrium first vanishes and where another first appears, each way.

    A parameter that is the unit of a scale (its basis is normalisation) is left out, and so are, with a
    `DeterrenceWarning`, those for which a limit stops the search.
    """
    game, values = scenario.game, dict(scenario.point)
    with warnings.catch_warnings():
        # Whoever solved the game has been told of the branches that are cut.
        warnings.simplefilter("ignore", BranchCutWarning)
        here = game.at(values)
    base = Search(Frame(Structure(here, game), ()), Ending({}, ()))
    entries = _entries(here, game)
    budget = _Budget()
    found: list[Change] = []
    left_out: dict[str, list[str]] = {}
    for assumption in scenario.assumptions:
        name = assumption.name
        if assumption.basis == "normalisation":
            # The unit of a scale cannot move.
            continue
        line = _along(game, values, name)
        if _is_idle(line):
            continue
        try:
            known = base if line.children == here.children else None
            families = list(_families(line, game, values[name], known, budget))
        except (LimitError, NotSupportedError) as error:
            left_out.setdefault(str(error), []).append(name)
            continue
        unit = assumption.unit or game.space[name].unit
        axis = _Axis(name, values[name], unit, families, _domain(line), entries)
        found += [_placed(change, assumption.range) for change in axis.changes()]
    for reason, names in left_out.items():
        text = f"how far these values may move was not decided: {', '.join(names)} ({reason})"
        warnings.warn(text, DeterrenceWarning, stacklevel=2)
    return found


def _entries(here: Game, game: Game) -> dict[str, set[Supports]]:
    """The entries of `solve` at the point by their labels, each with the supports on the paths that it joins.

    Where a limit stops the search there are none, and each family stands for itself.
    """
    frame = Frame(Structure(here, game), (), disjoint=True)
    try:
        nodes = [node for ending in endings(frame) for node in nodes_of(Search(frame, ending), isolated)]
        found = connected_sets(nodes)
    except LimitError:
        return {}
    sets = sorted(map(plays, found), key=lambda group: min(map(rank, group)))
    labels = distinct([min(group, key=rank) for group in sets])
    return {label: {_supports(play) for play in group} for label, group in zip(labels, sets, strict=True)}


def _supports(play: Play, names: Container[str] | None = None) -> Supports:
    """What is played on a path by the names of the information sets: all of them, or some."""
    played = ((play.structure.infosets[i], play.choices[i]) for i in play.reached)
    return frozenset(
        (infoset.name, tuple(infoset.actions[a] for a in choice.actions))
        for infoset, choice in played
        if names is None or infoset.name in names
    )


def _within(narrow: Supports, wide: Supports) -> bool:
    """Whether one path is another with fewer actions played."""
    played = dict(wide)
    return all(set(actions) <= set(played.get(name, ())) for name, actions in narrow)


def _placed(change: Change, ends: tuple[Fraction, Fraction] | None) -> Change:
    """With where the threshold lies in the range, and how far it is."""
    within = None if ends is None else bool(ends[0] <= change.threshold <= ends[1])
    scale = float(abs(change.value) if ends is None else ends[1] - ends[0]) or 1.0
    return replace(change, within_range=within, distance=abs(float(change.threshold) - float(change.value)) / scale)


# The game in one parameter -----------------------------------------------------------------------------------------


def _along(game: Game, values: Mapping[str, Fraction], name: str) -> Game:
    """The game with every parameter but one put in as a number; chance branches that then have no weight are cut."""
    space = ParameterSpace((replace(game.space[name], domain=""),))
    ring = space.ring
    images = [ring.symbol(n).num if n == name else ring.number(values[n]).num for n in game.space.names]

    def put(poly: Any) -> Any:
        return poly.compose(*images, ctx=ring.context)

    def lowered(expression: Expression) -> Expression:
        return Expression(ring, put(expression.num), put(expression.den))

    space = space.with_conditions([Condition(ring, put(c.poly), c.op) for c in game.space.conditions])
    chance: dict[History, ChanceMove] = {}
    children: dict[History, tuple[str, ...]] = {}
    payoffs: dict[History, dict[str, Expression]] = {}
    stack: list[History] = [()]
    while stack:
        history = stack.pop()
        if history in game.payoffs:
            payoffs[history] = {player: lowered(amount) for player, amount in game.payoffs[history].items()}
            continue
        labels = game.children[history]
        if history in game.chance:
            row = {label: lowered(p) for label, p in game.chance[history].probabilities.items()}
            row = {label: p for label, p in row.items() if not p.is_zero}
            labels = tuple(row)
            chance[history] = ChanceMove(history, row, game.chance[history].name)
        children[history] = labels
        stack.extend((*history, label) for label in reversed(labels))
    infosets = tuple(
        replace(infoset, histories=kept)
        for infoset in game.infosets
        if (kept := tuple(h for h in infoset.histories if h in children))
    )
    return replace(
        game, space=space, infosets=infosets, chance=chance, payoffs=payoffs, children=children, origins={}
    )


def _is_idle(line: Game) -> bool:
    """Whether the parameter moves no choice: no action of a player changes what it does to that player's payoff."""
    if any(not p.is_number for move in line.chance.values() for p in move.probabilities.values()):
        return False
    name = line.space.names[0]
    for player in line.players:
        if not all(row[player].den.is_constant() for row in line.payoffs.values()):
            return False
        try:
            _effect_of(line, name, player, ())
        except _MattersError:
            return False
    return True


class _MattersError(Exception):
    """A parameter may decide between two actions."""


def _effect_of(line: Game, name: str, player: str, history: History) -> Expression | None:
    """What the parameter adds to a player's payoff from a history on; None where the moves of others decide that."""
    if history in line.payoffs:
        return line.payoffs[history][player].derivative(name)
    below = {label: _effect_of(line, name, player, (*history, label)) for label in line.children[history]}
    same = len(set(below.values())) == 1
    first = next(iter(below.values()))
    if line.mover(history) == player and (not same or first is None):
        raise _MattersError
    if history in line.chance:
        row = line.chance[history].probabilities
        shares = [row[label] * effect for label, effect in below.items() if effect is not None]
        return sum(shares[1:], shares[0]) if len(shares) == len(below) else None
    return first if same else None


# Its families ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Family:
    """Supports on the path with where they exist: of every group one of its conjunctions holds."""

    frame: Frame
    path: Path
    groups: tuple[tuple[tuple[Condition, ...], ...], ...]
    name: str

    @cached_property
    def play(self) -> Play:
        """The play on the path."""
        return Play(self.frame.structure, self.path.choices, self.path.reached)

    @cached_property
    def key(self) -> Key:
        """The supports on the path."""
        return tuple(sorted((i, self.play.choices[i].actions) for i in self.play.reached))

    def holds(self, value: Fraction) -> bool:
        """Whether it exists at a value of the parameter."""
        at = {self.name: value}
        return all(any(all(c.holds(at) for c in part) for part in group) for group in self.groups)

    def events(self, value: Fraction) -> dict[str, Fraction]:
        """The probability of every event at a value, where all members of the family agree on it."""
        found = {}
        for name, chance in self._events.items():
            if chance.free <= {self.name} and all(c.holds({self.name: value}) for c in chance.denominator_conditions):
                found[name] = chance.evaluate({self.name: value})
        return found

    @cached_property
    def _events(self) -> dict[str, Expression]:
        """The probability of every event in the parameter and what the path leaves open."""
        game, ring = self.frame.game, self.frame.ring
        piece = Piece(self.frame, self.path.choices, self.path.branch)
        rows = {}
        for i in self.path.reached:
            infoset = self.frame.structure.infosets[i]
            places = range(len(infoset.actions))
            shares = [piece.put((piece.assembly.probability(i, a), self.frame.one)) for a in places]
            rows[infoset.name] = dict(zip(infoset.actions, (Expression(ring, *share) for share in shares), strict=True))
        found = dict.fromkeys(game.events, ring.number(0))
        stack: list[tuple[History, Expression]] = [((), ring.number(1))]
        while stack:
            history, weight = stack.pop()
            if weight.is_zero:
                continue
            if history in game.payoffs:
                happened = [name for name, labels in game.events.items() if game.occurs(labels, history)]
                found.update({name: found[name] + weight for name in happened})
                continue
            infoset_here = game.infoset_at.get(history)
            if infoset_here is not None:
                row = rows[infoset_here.name]
            else:
                chances = game.chance[history].probabilities
                row = {label: Expression(ring, *self.frame.lift(p)) for label, p in chances.items()}
            stack.extend(((*history, label), weight * p) for label, p in row.items())
        return found


class _Budget:
    """What the searches of all parameters may cost together: a bound that no clock decides."""

    def __init__(self) -> None:
        self.left = MAX_CHECKS

    def spend(self, checks: int = 1) -> None:
        """Count some checks; LimitError where none is left."""
        self.left -= checks
        if self.left < 0:
            raise LimitError(f"more than {MAX_CHECKS} checks for all parameters together")


class _LineSearch(Search):
    """The search in one parameter, spared what the search at the point has decided for single information sets."""

    def __init__(
        self, frame: Frame, ending: Ending, base: Search | None, value: Fraction, budget: _Budget
    ) -> None:
        super().__init__(frame, ending)
        self.budget = budget
        at = dict.fromkeys(frame.game.space.names, value)
        self.base = base
        self.here = all(c.holds(at) for c in ending.conditions)

    def _possible(self, k: int, choices: Mapping[int, Choice]) -> bool:
        if self.base is None:
            self.budget.spend()
            return super()._possible(k, choices)
        key = self.local_key(k, choices)
        if key not in self._local:
            at_point = self.base._possible(k, choices)
            if at_point and self.here:
                self._local[key] = True
            elif not at_point and not self.occurs[k]:
                self._local[key] = False
            else:
                self.budget.spend()
                return super()._possible(k, choices)
        return self._local[key]

    @cached_property
    def occurs(self) -> tuple[bool, ...]:
        """For every information set, whether the parameter may occur in what makes an action there best."""
        structure, game = self.structure, self.frame.game
        weighed = {h for h, move in game.chance.items() if any(not p.is_number for p in move.probabilities.values())}

        def touched(i: int) -> bool:
            player = structure.infosets[i].player
            ends = [z for history in structure.infosets[i].histories for z in structure.terminals_below[history]]
            if any(z[:n] in weighed for z in ends for n in range(len(z))):
                return True
            return any(not game.payoffs[z][player].is_number for z in ends)

        return tuple(touched(i) for i in range(len(structure.infosets)))


def _families(
    line: Game, game: Game, value: Fraction, base: Search | None, budget: _Budget
) -> Iterator[_Family]:
    """Every family of the game in one parameter that holds on an interval or at the scenario's value."""
    frame = Frame(Structure(line, game), _domain(line))
    at = {line.space.names[0]: value}

    def wanted(conditions: Sequence[Condition]) -> bool:
        own = [c for c in conditions if c.op == "==" and not frame.algebra.has_unknowns(c)]
        return all(c.holds(at) for c in own)

    for ending in endings(frame):
        if not wanted(ending.conditions):
            continue
        search = _LineSearch(frame, ending, base, value, budget)
        for path in search.paths():
            budget.spend(COST_OF_PATH)
            if wanted(path.branch.equations):
                groups = _groups(search, path)
                if groups is not None:
                    yield _Family(frame, path, groups, line.space.names[0])


def _domain(line: Game) -> list[Condition]:
    """The conditions on the parameter; chance gives every label that is left positive probability."""
    zero = line.space.ring.number(0)
    found = dict.fromkeys(line.space.conditions)
    for move in line.chance.values():
        found.update(dict.fromkeys(Condition.compare(p, ">", zero) for p in move.probabilities.values()))
    return [c for c in found if c.truth is None]


def _groups(search: Search, path: Path) -> tuple[tuple[tuple[Condition, ...], ...], ...] | None:
    """Where a path exists and where each block of unreached sets supports it; None where one never does."""
    algebra = search.algebra
    groups: list[tuple[tuple[Condition, ...], ...]] = []
    blocks = search.blocks(path)
    if not blocks or not any(algebra.has_unknowns(c) for c in path.branch.all):
        groups.append(tuple(project(algebra, path.branch.all)))
    for block in blocks:
        cells = search.cells(path, block)
        groups.append(tuple(part for cell in cells for part in project(algebra, cell.branch.all)))
    return tuple(groups) if all(groups) else None


# Its thresholds ----------------------------------------------------------------------------------------------------


class _Axis:
    """One parameter with the families that exist along it."""

    def __init__(
        self, name: str, value: Fraction, unit: str, families: Sequence[_Family], domain: Sequence[Condition],
        entries: Mapping[str, set[Supports]],
    ) -> None:
        self.name, self.value, self.unit = name, value, unit
        self.families = families
        self.domain = domain
        roots: set[Real] = set()
        polys: dict[str, Any] = {}
        for family in families:
            polys.update({str(c.poly): c.poly for group in family.groups for part in group for c in part})
        polys.update({str(c.poly): c.poly for c in domain})
        for poly in polys.values():
            roots.update(real_roots(_coefficients(poly)))
        self.roots = sorted(roots)
        self.present = self._at(value)
        self.labels = dict(zip(self.present, distinct([f.play for f in self.present.values()]), strict=True))
        self.entries = self._parts(entries)

    def _parts(self, entries: Mapping[str, set[Supports]]) -> dict[str, list[Key]]:
        """The entries at the point with the families that are joined in each."""
        # A branch that is cut at the point has information sets that the entries do not know.
        known = {name for parts in entries.values() for supports in parts for name, _ in supports}
        mine = {key: _supports(family.play, known) for key, family in self.present.items()}
        found = {label: [key for key in mine if mine[key] in parts] for label, parts in entries.items()}
        placed = {key for keys in found.values() for key in keys}
        for key in mine:
            if key not in placed:
                # At the point a last move that is tied is one family, whatever is played; along the axis it is several.
                wider = (label for label, parts in entries.items() if any(_within(mine[key], part) for part in parts))
                found.setdefault(next(wider, self.labels[key]), []).append(key)
        return {label: keys for label, keys in found.items() if keys}

    def _at(self, value: Fraction) -> dict[Key, _Family]:
        """The families at a value by their supports, in the order of the atlas."""
        found = {family.key: family for family in self.families if family.holds(value)}
        return dict(sorted(found.items(), key=lambda item: rank(item[1].play)))

    def changes(self) -> list[Change]:
        """The thresholds upwards, then downwards, nearest first."""
        return [*self._towards("up"), *self._towards("down")]

    def _towards(self, direction: str) -> Iterator[Change]:
        left = set(self.present)
        looking = True
        for threshold, sample in self._intervals(direction):
            if not all(c.holds({self.name: sample}) for c in self.domain):
                return
            there = self._at(sample)
            gone = [key for key in self.present if key in left and key not in there]
            new = [key for key in there if key not in self.present] if looking else []
            if gone or new:
                before = set(left)
                left.difference_update(gone)
                looking = looking and not new
                yield self._change(threshold, direction, before, left, {key: there[key] for key in new})
            if not left and not looking:
                return

    def _intervals(self, direction: str) -> Iterator[tuple[Real, Fraction]]:
        """The intervals on one side of the value, nearest first: the end that is passed and a value inside."""
        if direction == "up":
            ends = [self.value, *(r for r in self.roots if r > self.value)]
            for n, end in enumerate(ends):
                yield end, _between(end, ends[n + 1] if n + 1 < len(ends) else None)
        else:
            ends = [self.value, *(r for r in reversed(self.roots) if r < self.value)]
            for n, end in enumerate(ends):
                yield end, _between(ends[n + 1] if n + 1 < len(ends) else None, end)

    def _change(
        self, threshold: Real, direction: str, before: set[Key], left: set[Key], new: Mapping[Key, _Family]
    ) -> Change:
        """What happens at a threshold: the families of the point before and after it, and those that appear."""
        families = {**self.present, **new}
        named = dict(zip(families, distinct([family.play for family in families.values()]), strict=True))
        fresh, turns, gone, narrows = list(new), [], [], {}
        for label, keys in self.entries.items():
            lost = [key for key in keys if key in before and key not in left]
            rest = [key for key in keys if key in left]
            if lost and rest:
                narrows[label] = tuple(self.labels[key] for key in rest)
            elif lost:
                gone.append(label)
                turn = self._turn(label, lost, fresh, new, named)
                turns += [] if turn is None else [turn]
        chances = {}
        if isinstance(threshold, Fraction):
            chances = {named[key]: family.events(threshold) for key, family in new.items()}
        return Change(
            parameter=self.name, value=self.value, threshold=threshold, direction=direction, unit=self.unit,
            vanishes=tuple(gone), appears=tuple(named[key] for key in new), turns=tuple(turns), narrows=narrows,
            chances=chances,
        )

    def _turn(
        self, label: str, lost: Sequence[Key], fresh: list[Key], new: Mapping[Key, _Family], named: Mapping[Key, str]
    ) -> Turn | None:
        """An entry that goes on: for its families those that are new, called alike, and no longer fresh."""
        becomes: list[str] = []
        differences: dict[str, None] = {}
        for key in lost:
            play = self.present[key].play
            other = next((k for k in fresh if new[k].play.base() == play.base()), None)
            if other is not None:
                fresh.remove(other)
                becomes.append(named[other])
                differences.update(dict.fromkeys(_differences(play, new[other].play)))
        if not becomes:
            return None
        return Turn(label, becomes[0], ", ".join(differences) or "what is played after it", tuple(becomes[1:]))


def _coefficients(poly: Any) -> list[Fraction]:
    """The coefficients of a polynomial in the parameter alone, constant term first."""
    found = [Fraction(0)] * (int(poly.degrees()[0]) + 1)
    for monomial, coefficient in poly.terms():
        found[int(monomial[0])] = Fraction(str(coefficient))
    return found


def _between(low: Real | None, high: Real | None) -> Fraction:
    """A rational number strictly between two numbers, as simple as halving finds it; None is infinity."""
    bits = 4
    while True:
        lower = None if low is None else low.bounds(bits)[1] if isinstance(low, Algebraic) else low
        upper = None if high is None else high.bounds(bits)[0] if isinstance(high, Algebraic) else high
        if lower is None:
            return Fraction(ceil(upper) - 1) if upper is not None else Fraction(0)
        if upper is None:
            return Fraction(floor(lower) + 1)
        if lower < upper:
            return (lower + upper) / 2
        bits *= 2


def _differences(one: Play, other: Play) -> list[str]:
    """What is played otherwise where both come to."""
    infosets = one.structure.infosets
    found = []
    for i in one.reached:
        before, after = one.choices[i].actions, other.choices[i].actions if i in other.reached else ()
        if after and before != after:
            old, new = ([infosets[i].actions[a] for a in actions] for actions in (before, after))
            plays = f"plays {new[0]}" if len(new) == 1 else f"mixes {' and '.join(new)}"
            instead = old[0] if len(old) == 1 else f"mixing {' and '.join(old)}"
            found.append(f"{infosets[i].player} at {infosets[i].name!r} {plays} instead of {instead}")
    return found


def _listed(labels: Sequence[str]) -> str:
    shown = [repr(label) for label in labels[:SHOWN]]
    if len(labels) > SHOWN:
        shown.append(f"{len(labels) - SHOWN} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
