r"""Answers to a commitment where several players answer: pure, and best at every information set, reached or not.

The leader's realization plan :math:`r` is announced and kept to; :math:`\pi` is a pure strategy of all the others. At
an information set :math:`I` of one of them let the *groups* :math:`g` be its histories sorted by what the other
answering players did on the way. Within a group only chance and the leader tell histories apart, so that Bayes' rule
gives their odds, :math:`c(h)\, r(h)`, also off the path. That :math:`a` is as good as :math:`b` is linear in :math:`r`,

.. math:: L_g(a, b) = \sum_{h \in g} c(h) \bigl[U(h, a; \pi) - U(h, b; \pi)\bigr](r) \ge 0.

Groups that :math:`\pi` leads to count together. Where play cannot come to :math:`I` unless another answering player
departs from :math:`\pi`, which one departed may be believed: :math:`a` is best for one group that the leader's plan and
chance leave possible (with two actions this is no restriction). Where the leader's plan itself never leads to
:math:`I` nothing is asked. A threat that nobody would carry out therefore moves nobody.

Conditions that hold where a probability is positive are taken with their limits: the leader comes as near as it likes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .errors import LimitError
from .game import Game, History, InformationSet
from .smt import Linear

__all__ = ["Response", "responses", "sequence_name"]

ZERO = Fraction(0)
Row = dict[str, Fraction]
Response = dict[str, str]
"""The action at every information set of those who answer."""
Moves = tuple[tuple[str, str], ...]


def sequence_name(last: tuple[str, str] | None) -> str:
    """The name of the plan's probability of the leader's own moves up to and with its last."""
    return "plan" if last is None else f"plan {last[0]}: {last[1]}"


@dataclass(frozen=True)
class _End:
    """A complete history beyond an action: chance times payoff, the plan's name, and what others must play after."""

    weight: Fraction
    name: str
    after: Moves


@dataclass(frozen=True)
class _Group:
    """Histories of an information set that the same moves of the other answering players lead to."""

    before: frozenset[tuple[str, str]]
    reach: Mapping[str, Fraction]
    ends: Mapping[str, Sequence[_End]]


@dataclass(frozen=True)
class _Place:
    """An information set of one of those who answer."""

    infoset: InformationSet
    groups: tuple[_Group, ...]
    needs: frozenset[str]

    @property
    def reach(self) -> Row:
        """The probability that chance and the leader let play come here, as a sum over the leader's sequences."""
        return _added(group.reach for group in self.groups)


class _Places:
    """The information sets of those who answer, the last first."""

    def __init__(self, game: Game, leader: str, payoffs: Mapping[str, Mapping[History, Fraction]]) -> None:
        self.game, self.leader, self.payoffs = game, leader, payoffs
        self.others = [p for p in game.players if p != leader]
        chosen = [i for i in game.infosets if i.player != leader]
        ordered = sorted(chosen, key=lambda i: -max(map(len, i.histories)))
        self.all = [self._place(infoset) for infoset in ordered]

    def _chance(self, history: History) -> Fraction:
        weight = Fraction(1)
        for n in range(len(history)):
            move = self.game.chance.get(history[:n])
            if move is not None:
                weight *= move.probabilities[history[n]].as_fraction()
        return weight

    def _plan(self, history: History) -> str:
        own = self.game.own_sequence(self.leader, history)
        return sequence_name(own[-1] if own else None)

    def _moves(self, history: History) -> list[tuple[str, str]]:
        return [move for player in self.others for move in self.game.own_sequence(player, history)]

    def _place(self, infoset: InformationSet) -> _Place:
        sorted_: dict[frozenset[tuple[str, str]], list[History]] = {}
        for history in infoset.histories:
            rest = [p for p in self.others if p != infoset.player]
            key = frozenset(move for p in rest for move in self.game.own_sequence(p, history))
            sorted_.setdefault(key, []).append(history)
        groups = tuple(self._group(infoset, before, histories) for before, histories in sorted_.items())
        needs = {name for g in groups for ends in g.ends.values() for end in ends for name, _ in end.after}
        return _Place(infoset, groups, frozenset(needs))

    def _group(self, infoset: InformationSet, before: frozenset[tuple[str, str]], histories: list[History]) -> _Group:
        ends: dict[str, list[_End]] = {action: [] for action in infoset.actions}
        for history in histories:
            done = {name for name, _ in self._moves(history)} | {infoset.name}
            for terminal in self.game.terminals:
                if terminal[: len(history)] != history:
                    continue
                weight = self._chance(terminal) * self.payoffs[infoset.player][terminal]
                after = tuple(move for move in self._moves(terminal) if move[0] not in done)
                ends[terminal[len(history)]].append(_End(weight, self._plan(terminal), after))
        reach = _added({self._plan(history): self._chance(history)} for history in histories)
        return _Group(before, reach, ends)


def responses(
    program: Linear, game: Game, leader: str, payoffs: Mapping[str, Mapping[History, Fraction]], limit: int,
) -> Iterator[tuple[Linear, Response]]:
    """Every pure answer of the others that is best against some plan, with the conditions on the plan.

    Parameters
    ----------
    program : the conditions that make numbers a realization plan of the leader; what is yielded is the same object with
        more conditions, good until the next is asked for.
    game, leader : a game at a point, and who binds itself.
    payoffs : of every player at every complete history.
    limit : how many answers are looked at.

    Raises
    ------
    LimitError
        where there are more.
    """
    places = _Places(game, leader, payoffs).all
    for count, chosen in enumerate(_descend(program, places, 0, {})):
        if count >= limit:
            raise LimitError(f"the others have more than {limit} pure plans together that are best at every turn")
        open_ = [place for place in places if len(place.groups) > 1]
        program.push()
        for place in open_:
            _best(program, place, [g for g in place.groups if _led(g, chosen)], chosen)
        if program.feasible():
            yield from ((settled, chosen) for settled in _settled(program, open_, chosen, {}))
        program.pop()


def _descend(program: Linear, places: Sequence[_Place], n: int, chosen: Response) -> Iterator[Response]:
    """Choices at one information set after another, the last of the game first, each best where odds are known."""
    if n == len(places):
        yield dict(chosen)
        return
    place = places[n]
    covered = False
    for action in place.infoset.actions:
        more = {**chosen, place.infoset.name: action}
        program.push()
        for done in places[: n + 1]:
            fresh = done is place or place.infoset.name in done.needs
            if len(done.groups) == 1 and fresh and done.needs <= set(more):
                _best(program, done, done.groups, more)
        # Where no plan leads here the action makes no difference, and one of them stands for all.
        counts = len(place.groups) > 1 or not place.needs <= set(more) or _possible(program, place.reach)
        last = action == place.infoset.actions[-1] and not covered
        if (counts or last) and program.feasible():
            covered = True
            yield from _descend(program, places, n + 1, more)
        program.pop()


def _settled(
    program: Linear, open_: Sequence[_Place], chosen: Response, believed: Mapping[str, _Group | None]
) -> Iterator[Linear]:
    """The conditions with beliefs where play comes only by the departure of another: one group, or none possible."""
    for place in open_:
        if place.infoset.name in believed:
            group = believed[place.infoset.name]
            if group is not None and not _possible(program, group.reach):
                return
    for place in open_:
        led = [g for g in place.groups if _led(g, chosen)]
        if place.infoset.name in believed or (led and _possible(program, _added(g.reach for g in led))):
            continue
        for group in (*(g for g in place.groups if g not in led), None):
            program.push()
            if group is None:
                program.add((place.reach, "==", ZERO))
            else:
                _best(program, place, [group], chosen)
            if program.feasible():
                yield from _settled(program, open_, chosen, {**believed, place.infoset.name: group})
            program.pop()
        return
    yield program


def _led(group: _Group, chosen: Response) -> bool:
    return all(chosen[name] == action for name, action in group.before)


def _best(program: Linear, place: _Place, groups: Sequence[_Group], chosen: Response) -> None:
    """That the action chosen is as good as every other, the groups counted together."""
    worth = {
        action: _added(
            {end.name: end.weight}
            for group in groups for end in group.ends[action] if all(chosen[i] == a for i, a in end.after)
        )
        for action in place.infoset.actions
    }
    own = worth[chosen[place.infoset.name]]
    for action, other in worth.items():
        if action != chosen[place.infoset.name]:
            program.add((_added([own, {name: -c for name, c in other.items()}]), ">=", ZERO))


def _possible(program: Linear, reach: Row | Mapping[str, Fraction]) -> bool:
    """Whether a probability is positive for some plan."""
    program.push()
    program.add((dict(reach), ">", ZERO))
    found = program.feasible()
    program.pop()
    return found


def _added(rows: Iterable[Mapping[str, Fraction]]) -> Row:
    total: Row = {}
    for row in rows:
        for name, c in row.items():
            total[name] = total.get(name, ZERO) + c
    return total
