"""The equilibria of a report: in words, in closed form, and on a map over two parameters."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ..direct import DirectGame
from ..errors import BranchCutWarning, DeterrenceError, ExpressionError, LimitError, NotSupportedError
from ..expressions import Condition
from ..pictures import Map, Picture, draw, regions, tree
from ..pictures.maps import two_axes
from ..pictures.trees import legible
from ..render import CONCEPTS
from ..wording import credibility, free, number, plays, reach, restraint, support
from .conclusions import AXES, LARGE, POINTWISE, Reach
from .conclusions import named as _named
from .formulas import condition, formula
from .parts import Block, Figure, Heading, Items, Note, Paragraph, Section, Table, Text, Typed, joined, text

if TYPE_CHECKING:
    from ..atlas import Atlas, EquilibriumFamily
    from ..equilibrium import Equilibrium, Solution
    from ..game import Game
    from ..pictures.maps import Axis
    from ..scenario import Scenario

__all__ = ["Forms", "equilibria", "forms", "mapped", "region_map", "short"]

PROFILES: Final = 800
"""Profiles of supports that a search for closed forms may go through before another set of parameters is tried."""
MOST_TREES: Final = 3
MOST_ROWS: Final = 40
MOST_PARTS: Final = 6
MOST_OTHERS: Final = 12
MOST_ENTRIES: Final = 12
LONGEST_LABEL: Final = 72

Say = Callable[[str], None]


# In short ----------------------------------------------------------------------------------------------------------


def _kind(found: Solution) -> str:
    return CONCEPTS.get(found.concept, found.concept)


def count_of(found: Solution) -> str:
    """How many equilibria there are, and what is claimed of the list."""
    count = len(found)
    words = f"{'one' if count == 1 else count or 'no'} {_kind(found)} equilibri{'um' if count == 1 else 'a'}"
    kind = " of this kind" if found.method not in ("atlas", "vertices") else ""
    claim = f"there is no other{kind}: this is proved"
    if not found.complete:
        claim = f"that there is no other{kind} is not claimed"
    told = f"At the values of the scenario the game has {words}; {claim}."
    several = [entry.id for entry in found if entry.free.quantities]
    if not several:
        return told
    ids = f"{len(several)} of these" if len(several) > MOST_ENTRIES else " and ".join(
        filter(None, (", ".join(several[:-1]), several[-1])))
    one = "stands for a family of equilibria, counted as one, in which" if len(several) == 1 else (
        "each stand for a family of equilibria, counted as one, in which")
    return f"{told} {ids} {one} a belief or a probability may vary within bounds."


def span(reach: Reach) -> str:
    """One number, or from the least to the greatest."""
    low, high = reach
    return number(low) if low == high else f"{number(low)} to {number(high)}"


def short(found: Solution, reach: Mapping[str, Reach]) -> list[Text]:
    """The first entries of the answer in short: how many equilibria, and how probable what matters is."""
    entries = [text(count_of(found))]
    if len(found) > 1:
        entries.append(text("In each of them nobody gains by doing otherwise, given what is believed. The values alone "
                            "do not say which of them comes about, so every probability below is a range over them "
                            "where they differ."))
    for event, words in AXES.items():
        if event in reach:
            entries.append(text(f"{words[0].upper()}{words[1:]}: {span(reach[event])}."))
    if not any(event in reach for event in AXES):
        told = [f"{event} {span(ends)}" for event, ends in list(reach.items())[:8]]
        entries.append(text(f"Probabilities of events: {'; '.join(told)}."))
    return entries


# In words ----------------------------------------------------------------------------------------------------------


def equilibria(scenario: Scenario, found: Solution, closed: Forms | None, why: str) -> Section:
    """Every equilibrium at the scenario's values: what is done, believed and risked, with its certificate."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BranchCutWarning)
        here = scenario.game.at(scenario.point)
    blocks: list[Block] = [Paragraph(text(count_of(found), " A ", _explained(found))),
                           *(Note(text(_sentence(note))) for note in (*scenario.notes, *found.notes))]
    if len(found) > 1:
        blocks.append(_overview(found))
    for n, entry in enumerate(found.equilibria[:MOST_ENTRIES]):
        blocks.append(Heading(f"{entry.id}: {entry.label}" if len(entry.label) <= LONGEST_LABEL else entry.id))
        blocks += _direct(entry, here) if isinstance(here, DirectGame) else _entry(entry, here)
        if n < MOST_TREES and not legible(here):
            picture: Picture = tree(here, entry.to_dict(), scenario.title)
            blocks.append(Figure(f"tree-{entry.id}", picture, f"{entry.id} in the tree. Thick lines "
                                 "are what is played and reached, dotted ones what would be played elsewhere."))
        elif n == 0 and isinstance(here, DirectGame):
            blocks += _own_picture(scenario, found)
        blocks += _closed(entry, closed, scenario) if closed is not None else []
    if len(found) > MOST_ENTRIES:
        blocks.append(Note(text(f"{len(found) - MOST_ENTRIES} further equilibria are in the table above only; ",
                                Typed("deterrence solve FILE"), " shows each.")))
    if closed is None:
        blocks.append(Note(text(f"Closed forms are not given: {why}.")))
    else:
        blocks.append(Note(text(closed.told)))
    return Section("equilibria", "The equilibria", tuple(blocks))


def _sentence(words: str) -> str:
    from .assumed import sentence

    return sentence(words)


def _explained(found: Solution) -> str:
    if found.concept in ("pbe", "sequential"):
        return (f"{_kind(found)} equilibrium says what each player does and believes wherever it may have to move, "
                "such that each action is best given the beliefs there, and beliefs follow from what is done by "
                "Bayes' rule wherever that rule applies.")
    return f"{_kind(found)} equilibrium says what each player does, such that none gains by doing otherwise alone."


def _overview(found: Solution) -> Table:
    axes = {name: words for name, words in AXES.items() if all(name in entry.events for entry in found)}
    players = list(found[0].payoffs)
    head = ("", "equilibrium", *axes.values(), *(f"payoff of {player}" for player in players))
    rows = [
        (e.id, e.label, *(number(e.events[name]) for name in axes), *(number(e.payoffs[p]) for p in players))
        for e in found
    ]
    return Table.of("The equilibria side by side; of one in which probabilities may vary, the member that is shown",
                    head, rows, (1,))


def _entry(entry: Equilibrium, here: Game) -> list[Block]:
    """An equilibrium of a tree."""
    told = [*restraint(here, entry), *credibility(here, entry)]
    blocks: list[Block] = [Items(tuple(text(one) for one in told))] if told else []
    rows = [
        (infoset.player, infoset.name, plays(entry.strategy[infoset.name]), number(chance))
        for infoset in here.infosets if (chance := reach(infoset, entry.outcomes)) != 0
    ]
    blocks.append(Table.of(f"{entry.id}: what is played where play comes to",
                           ("player", "at", "plays", "reached with probability"), rows, (2,)))
    unreached = [(p, name, believed.replace("\n", ", "), done.replace("\n", ", "))
                 for p, name, believed, done in support(here, entry)]
    if unreached:
        blocks.append(Table.of(f"{entry.id}: what it rests on, what would be believed and done where play never comes",
                               ("player", "at", "would believe", "would play"), unreached, (2, 3)))
    return [*blocks, *_varying(entry, here), *_paid(entry)]


def _direct(entry: Equilibrium, here: DirectGame) -> list[Block]:
    """An equilibrium of a game that is no tree."""
    rows = [
        (one.player, one.name, plays(entry.strategy[one.name])) for one in here.infosets if one.name in entry.strategy
    ]
    blocks: list[Block] = []
    if rows:
        blocks.append(Table.of(f"{entry.id}: what is played", ("player", "at", "plays"), rows[:MOST_ROWS], (2,)))
    if len(rows) > MOST_ROWS:
        blocks.append(Note(text(f"{len(rows) - MOST_ROWS} further places are left out of this table.")))
    figures = [(Typed(name), number(value)) for name, value in entry.figures.items()][:MOST_ROWS]
    if figures:
        blocks.append(Table.of(f"{entry.id}: further numbers of this game", ("what", "value"), figures))
    return [*blocks, *_varying(entry, here), *_paid(entry)]


def _varying(entry: Equilibrium, here: Game) -> list[Block]:
    if not entry.free.quantities:
        return []
    lines = free(here, entry.free.quantities, entry.free.pieces)
    return [Paragraph(text(f"What may vary in {entry.id}; what is shown is one member:")),
            Items(tuple(text(line.replace("<=", "\u2264").replace("==", "=")) for line in lines))]


def _paid(entry: Equilibrium) -> list[Block]:
    certificate = entry.certificate
    events = "; ".join(f"{name} {number(value)}" for name, value in entry.events.items())
    payoffs = ", ".join(f"{player} {number(value)}" for player, value in entry.payoffs.items())
    checked = "Nobody gains by doing otherwise anywhere in the game, checked from the definition by code that shares " \
              f"nothing with the search ({certificate})."
    if certificate.arithmetic != "exact":
        checked = ("What anybody could gain by doing otherwise is at most the bound that is stated, checked from the "
                   f"definition by code that shares nothing with the search ({certificate}).")
    if not certificate.holds or certificate.fails_at:
        checked = f"The certificate says: {certificate}."
    return [Paragraph(text(f"Probabilities of events: {events}. Expected payoffs: {payoffs}. {checked}"))]


def _own_picture(scenario: Scenario, found: Solution) -> list[Block]:
    """What the model of a game that is no tree has as its own picture."""
    try:
        picture = draw(scenario, "solve", found.to_dict())
    except DeterrenceError as error:
        return [Note(text(f"No picture of the equilibrium is drawn: {error}."))]
    return [Figure("play", picture, picture.title)]


# In closed form ----------------------------------------------------------------------------------------------------


class Forms:
    """Families of equilibria in closed form over some parameters, the others at the scenario's values.

    Attributes
    ----------
    families : those found.
    names : the parameters that stay symbols.
    told : of what they are all.
    within : words for the ranges that their regions take for granted; empty where these are none.
    """

    def __init__(
        self, families: Sequence[EquilibriumFamily], names: Sequence[str], told: str, within: str = ""
    ) -> None:
        self.families, self.names, self.told, self.within = tuple(families), tuple(names), told, within

    def of(self, entry: Equilibrium, point: Mapping[str, Fraction]) -> EquilibriumFamily | None:
        """The family of which an equilibrium is a member: it exists there and gives the same probabilities."""
        for family in self.families:
            if family.implicit or family.roots or not family.holds(point):
                continue
            try:
                if _same(family, entry, point):
                    return family
            except ExpressionError:
                continue
        return None


def _same(family: EquilibriumFamily, entry: Equilibrium, point: Mapping[str, Fraction]) -> bool:
    """Whether a family gives every complete history (where there are none, every event) what an equilibrium does."""
    told, mine = (family.outcomes, entry.outcomes) if family.outcomes else (family.events, entry.events)
    quantities = set(family.quantities)
    if any(value.free & quantities for value in told.values()):
        return family.label == entry.label
    return all(value.evaluate(point) == mine.get(key, 0) for key, value in told.items())


def forms(scenario: Scenario, mapped: Atlas | None, over: Sequence[str], say: Say) -> tuple[Forms | None, str]:
    """Closed forms over as many parameters as the bounds allow; or why there are none."""
    played = scenario.game
    if played.name in POINTWISE:
        return None, "the mixed equilibria of this game are found at a point alone"
    ranged = [a.name for a in scenario.assumptions if a.range is not None and a.range[0] < a.range[1]]
    why = "no parameter varies"
    for names in _tried(scenario, ranged, over):
        say(f"closed forms over {', '.join(names)}")
        try:
            return _found(scenario, names, set(ranged)), ""
        except (LimitError, NotSupportedError, ExpressionError) as error:
            why = str(error)
    if mapped is not None:
        names = list(mapped.game.space.names)
        return Forms(mapped.families, names, _told(names, scenario, set(), every=mapped.complete)), ""
    return None, why


def _tried(scenario: Scenario, ranged: Sequence[str], over: Sequence[str]) -> list[list[str]]:
    every = list(scenario.game.space.names)
    if isinstance(scenario.game, DirectGame):
        return []
    sets = [list(ranged), list(over)] if ranged else [every]
    return [names for n, names in enumerate(sets) if names and names not in sets[:n]]


def _found(scenario: Scenario, names: Sequence[str], ranged: set[str]) -> Forms:
    """The families that are generic within the ranges.

    Raises
    ------
    LimitError, NotSupportedError
        where there are none within the bounds.
    """
    from ..solvers.symbolic import generic_of

    ends = {a.name: a.range for a in scenario.assumptions if a.name in names and a.range is not None}
    fixed = {name: value for name, value in scenario.point.items() if name not in names}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BranchCutWarning)
        played = scenario.game.given(fixed)
        ring = played.space.ring
        within = [
            Condition.compare(ring.symbol(name), op, ring.number(end))
            for name, (low, high) in ends.items() for op, end in ((">=", low), ("<=", high))
        ]
        found = generic_of(replace(played, space=played.space.with_conditions(within)), PROFILES)
    words = "Within the ranges held plausible" if ends else ""
    return Forms(tuple(found.families), names, _told(names, scenario, ranged, every=True), words)


def _told(names: Sequence[str], scenario: Scenario, ranged: set[str], every: bool) -> str:
    within = " within the ranges held plausible" if ranged & set(names) else ""
    fixed = len(scenario.point) - len(names)
    rest = f", the other {fixed} at the scenario's values" if fixed else ""
    kind = " of this kind" if isinstance(scenario.game, DirectGame) else ""
    claim = "Every family that exists on a set of positive volume was found; those on knife edges are left out." if (
        within) else f"There is no equilibrium{kind} outside the families found." if every else ""
    return _sentence(f"the closed forms hold for all values of {', '.join(names)}{within}{rest}. {claim}")


def _closed(entry: Equilibrium, closed: Forms, scenario: Scenario) -> list[Block]:
    """The family of an equilibrium: what is mixed, the probabilities of events, and where it exists."""
    point = {name: scenario.point[name] for name in closed.names}
    family = closed.of(entry, point)
    if family is None:
        return [Note(text(f"{entry.id} is none of the families in closed form: it exists at single values only (a "
                          "knife edge), or its numbers are roots of equations."))]
    rows: list[tuple[Any, ...]] = []
    quantities, loose = set(family.quantities), False
    for name, row in family.strategy.items():
        mixed = {action: e for action, e in row.items() if not e.is_zero}
        if len(mixed) > 1:
            loose |= any(e.free & quantities for e in mixed.values())
            rows += [(f"{action} at \u2018{name}\u2019", formula(e)) for action, e in mixed.items()
                     if not e.free & quantities]
    results = [(_named(name), e) for name, e in family.events.items() if not e.is_number]
    results += [(f"payoff of {name}", e) for name, e in family.payoffs.items()]
    rows += [(words, formula(e)) for words, e in results]
    used = [name for name in family.quantities if any(name in e.free for _, e in results)]
    blocks: list[Block] = [Table.of(f"{entry.id} in closed form, as it depends on the parameters", ("what", "formula"),
                                    rows, (0, 1))]
    if used:
        told = "; ".join(f"{name} is the {family.quantities[name]}" for name in used)
        blocks.append(Note(text(f"In these formulas {told}; it may vary.")))
    if loose and not used:
        blocks.append(Note(text("What may vary within the family is not in this table; the list above says how it "
                                "varies at the scenario's values.")))
    return [*blocks, *_where(entry.id if not closed.within else f"{closed.within} {entry.id}", family)]


def _where(key: str, family: EquilibriumFamily) -> list[Block]:
    parts = [joined([text(condition(c)) for c in part], ", ") or text("everywhere") for part in family.region]
    if len(parts) == 1 and not family.region[0]:
        return [Paragraph(text(f"{key} exists everywhere."))]
    if len(parts) == 1 and len(family.region[0]) == 1:
        return [Paragraph(text(f"{key} exists where ", *parts[0], "."))]
    lead = "all of these hold" if len(parts) == 1 else "all the conditions of one of these lines hold"
    entries = tuple(text(condition(c)) for c in family.region[0]) if len(parts) == 1 else tuple(parts[:MOST_PARTS])
    found: list[Block] = [Paragraph(text(f"{key} exists exactly where {lead}:")), Items(entries)]
    if len(parts) > MOST_PARTS:
        found.append(Note(text(f"{len(parts) - MOST_PARTS} further lines are left out.")))
    return found


# On a map ----------------------------------------------------------------------------------------------------------


def mapped(scenario: Scenario, x: str | None, y: str | None) -> tuple[Map | None, Atlas | None, str]:
    """The map over two parameters with its atlas; or why there is none."""
    from ..solvers import atlas

    if scenario.game.name in POINTWISE:
        return None, None, "the mixed equilibria of this game are found at a point, so that regions are not known"
    try:
        across, upward = two_axes(scenario, x, y)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", BranchCutWarning)
            if len(scenario.game.payoffs) > LARGE:
                found = _generic(scenario, across, upward)
            else:
                found = atlas(scenario, over=[across.name, upward.name], limit=PROFILES)
        return Map.of(found, scenario, across, upward), found, ""
    except (NotSupportedError, LimitError) as error:
        return None, None, str(error)
    except ExpressionError as error:
        if x is not None or y is not None:
            raise
        return None, None, str(error)


def _generic(scenario: Scenario, across: Axis, upward: Axis) -> Atlas:
    """The families that are generic within the map: of a large game, as knife edges would take too long.

    Raises
    ------
    LimitError, NotSupportedError
        where they are not found within the bounds.
    """
    from ..solvers.symbolic import generic_of

    ends = {axis.name: axis for axis in (across, upward)}
    played = scenario.game.given({name: value for name, value in scenario.point.items() if name not in ends})
    ring = played.space.ring
    within = [
        Condition.compare(ring.symbol(name), op, ring.number(end))
        for name, axis in ends.items() for op, end in ((">=", axis.low), ("<=", axis.high))
    ]
    return generic_of(replace(played, space=played.space.with_conditions(within)), PROFILES)


def region_map(scenario: Scenario, here: Map | None, found: Atlas | None, why: str) -> Section:
    """Where each family exists over two parameters."""
    title = "Where each equilibrium exists"
    if here is None or found is None:
        return Section("regions", title, (Note(text(f"No map is drawn: {why}.")),))
    picture = regions(here)
    blocks: list[Block] = [
        Paragraph(text(
            f"The map shows, over {here.x.name} and {here.y.name}, which families of equilibria exist; every other "
            "parameter has the scenario's value. Boundaries are curves on which a condition of a family holds with "
            "equality, computed from the conditions and not from pixels. The star is the scenario. The numbers of "
            "families are those of the map; the equilibria above are counted by themselves.")),
        Figure("regions", picture, f"Families of equilibria over {here.x.name} and {here.y.name}."),
    ]
    blocks += _listed(found)
    kind = " of this kind" if isinstance(scenario.game, DirectGame) else ""
    claim = f"There is no equilibrium{kind} outside them, and every admissible point has one: proved." if (
        found.complete and found.coverage.status == "proved") else (
        "That there is none outside them is not claimed." if not found.complete else "")
    return Section("regions", title, (*blocks, *([Paragraph(text(claim))] if claim else []),
                                      *(Note(text(_sentence(note))) for note in found.notes)))


def _listed(found: Atlas) -> list[Block]:
    """The generic families of the map with their regions."""
    chosen = list(found.families[: found.generic])
    rows = []
    for family in chosen[:MOST_OTHERS]:
        parts = [joined([text(condition(c)) for c in part], ", ") or text("everywhere")
                 for part in family.region[:MOST_PARTS]]
        left = len(family.region) - len(parts)
        more = [text(f"one of {left} more sets of conditions")] if left else []
        rows.append((family.id, family.label, joined([*parts, *more], "; or ")))
    blocks: list[Block] = [Table.of("The families of the map, and where they exist",
                                    ("", "family", "exists where"), rows, (1, 2))]
    edges = len(found) - found.generic
    said = [f"{len(chosen) - MOST_OTHERS} further families are left out of the table"] if len(chosen) > MOST_OTHERS \
        else []
    said += [f"{edges} famil{'y exists' if edges == 1 else 'ies exist'} on a knife edge only, where an equation "
             "between parameters holds"] if edges else []
    return [*blocks, *([Note(text(_sentence("; ".join(said))))] if said else [])]
