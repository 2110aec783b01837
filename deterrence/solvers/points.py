r"""`solve` for perfect Bayesian and sequential equilibria: the search at a point, put into entries.

Every equilibrium at the point lies in one entry, since the search over supports is exhaustive, every cut is a proof
that a conjunction has no solution, and the cells of each path are joined to connected sets. Where z3 does not decide
a query the branch is kept, so that nothing is lost, and the result is not claimed to be complete.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..certify import certify, is_consistent
from ..equilibrium import Equilibrium, Solution
from ..errors import CertificateError, ExpressionError, LimitError, UnknownNameError
from ..expressions import exact
from ..game import Game, history_key
from ..provenance import provenance
from .assembly import Frame
from .consistent import consistent_member
from .entries import Member, entry, isolated, members_of, plays
from .naming import distinct, rank
from .point import Node, connected_sets, nodes_of
from .search import Search, endings
from .structure import Structure

__all__ = ["Stated", "parse_belief", "solve_at"]

Stated = tuple[int, int, Fraction]
PIECES = 64
"""In so many pieces of a connected set a consistent member is sought."""


def solve_at(
    game: Game,
    values: Mapping[str, Fraction],
    concept: str,
    refinement: str,
    beliefs: tuple[str, ...],
    described: Mapping[str, Any],
) -> Solution:
    """Every perfect Bayesian or sequential equilibrium of a game at a point, as connected sets.

    Raises
    ------
    UnknownNameError, ExpressionError
        where a stated belief names no information set or history, or is no belief.
    NotSupportedError
        where the refinement is not for this game, before anything is searched.
    LimitError
        where the search goes beyond its limits; `partial` has the solution with what was completed.
    """
    here = game.at(values)
    structure = Structure(here, game)
    frame = Frame(structure, (), disjoint=True)
    if refinement:
        from .refine import check, survivors

        check(refinement, structure)
    stated = [parse_belief(structure, text) for text in beliefs]
    nodes: list[Node] = []
    notes: list[str] = []
    try:
        for ending in endings(frame):
            nodes.extend(nodes_of(Search(frame, ending, stated=stated), isolated))
    except LimitError as error:
        notes.append(f"{error}: the search was not finished")
    if refinement:
        nodes = survivors(frame, nodes, refinement)
    sets = connected_sets(nodes)
    heads = [min(plays(group), key=rank) for group in sets]
    order = sorted(range(len(sets)), key=lambda n: rank(heads[n]))
    labels = distinct([heads[n] for n in order])
    independent = structure.types is not None
    entries = [
        entry(number + 1, labels[number], sets[n], here, independent, "pbe") for number, n in enumerate(order)
    ]
    doubts = {
        labels[number]: f"{labels[number]}: whether this set is connected was not decided; "
        "if not it is several entries, and every equilibrium of them is in it"
        for number, n in enumerate(order)
        if any(node.unsure for node in sets[n])
    }
    if concept == "sequential":
        entries = _consistent(here, entries, [sets[n] for n in order], independent, notes)
    complete = not notes and not frame.algebra.undecided
    if frame.algebra.undecided:
        notes.append("z3 reached its limit on some conditions: nothing was dropped, but completeness is not claimed")
    notes += [doubt for label, doubt in doubts.items() if any(found.label == label for found in entries)]
    solution = Solution(
        tuple(entries), concept, "atlas", complete, tuple(notes), refinement, beliefs, described, provenance()
    )
    if notes and any("not finished" in note for note in notes):
        raise LimitError(notes[0], solution)
    return solution


def _consistent(
    game: Game, entries: Sequence[Equilibrium], sets: Sequence[Sequence[Node]], independent: bool, notes: list[str]
) -> list[Equilibrium]:
    """The entries that have a consistent member, shown by it; where that is not decided it is said."""
    from .entries import make_entry

    kept: list[Equilibrium] = []
    for found, group in zip(entries, sets, strict=True):
        drawn = (m for node in group for m in members_of(node))
        good = next((m for m in drawn if is_consistent(game, m.strategy, m.beliefs)), None)
        if good is None:
            good, decided = _sought(game, group)
            if not decided:
                notes.append(
                    f"{found.label}: no member of this set that was tried is consistent; whether one is was not decided"
                )
        if good is None:
            continue
        certificate = certify(game, good.strategy, good.beliefs, "sequential", independent)
        if not certificate.holds:
            raise CertificateError(f"{found.label}: {'; '.join(certificate.reasons)}")
        kept.append(make_entry(f"F{len(kept) + 1}", found.label, good, found.free, game, certificate))
    return kept


def _sought(game: Game, group: Sequence[Node]) -> tuple[Member | None, bool]:
    """A consistent member of a connected set; and whether that there is one, or that there is none, is proved."""
    decided = True
    for n, piece in enumerate(piece for node in group for piece in node.pieces()):
        if n == PIECES:
            return None, False
        member, sure = consistent_member(piece, game)
        if member is not None:
            return member, True
        decided = decided and sure
    return None, decided


def parse_belief(structure: Structure, text: str) -> Stated:
    """A stated belief ``SET: HISTORY = 1`` as information set, history and value.

    Raises
    ------
    UnknownNameError
        with the nearest information set or history.
    ExpressionError
        where the text has another form or the value is no probability.
    """
    left, equals, right = text.rpartition("=")
    names = [infoset.name for infoset in structure.infosets]
    matching = [name for name in names if left.strip().startswith(f"{name}:")]
    if not equals or ":" not in left:
        raise ExpressionError(f'{text!r} is no stated belief; write "SET: HISTORY = 1"')
    if not matching:
        raise UnknownNameError("information set", left.partition(":")[0].strip(), names)
    name = max(matching, key=len)
    i = structure.index[name]
    wanted = ", ".join(label.strip() for label in left.strip()[len(name) + 1 :].split(","))
    keys = [history_key(h) for h in structure.infosets[i].histories]
    if wanted not in keys:
        raise UnknownNameError(f"history at {name!r}", wanted, keys)
    value = exact(right.strip())
    if not 0 <= value <= 1:
        raise ExpressionError(f"a belief lies between 0 and 1, not {value}")
    return i, keys.index(wanted), value
