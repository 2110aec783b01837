r"""One-shot deviations in a public automaton: the certificate of repeated games.

A *public automaton* has states :math:`x` that all players know. In each, player :math:`i` is told an action
:math:`\sigma_i(x)`; a profile :math:`a` pays :math:`u_i(x, a)` and leads to :math:`y` with probability
:math:`P(y \mid x, a)`. With :math:`\delta_i` the discount factor of :math:`i`, normalised values solve

.. math:: V_i(x) = (1 - \delta_i)\,u_i(x, \sigma(x)) + \delta_i \sum_y P(y \mid x, \sigma(x))\,V_i(y).

Play is a perfect public equilibrium exactly if at no state, reached or not, a single deviation pays
[abreu_pearce_stacchetti1990]. The *sequential regret* is the most that a player gains over :math:`V_i` at any state
from a best reply to the others, found by policy iteration with exact linear algebra; the *Nash regret* is that at the
start.

>>> def pay(state, profile):
...     table = {"CC": (3, 3), "CD": (0, 4), "DC": (4, 0), "DD": (1, 1)}
...     return dict(zip("AB", table[profile["A"] + profile["B"]]))
>>> both = {"A": ("C", "D"), "B": ("C", "D")}
>>> grim = Automaton(
...     players=("A", "B"), patience={"A": Fraction(1, 3), "B": Fraction(1, 2)}, start={"peace": Fraction(1)},
...     actions={"peace": both, "war": both},
...     plan={"peace": {"A": "C", "B": "C"}, "war": {"A": "D", "B": "D"}}, payoff=pay,
...     move=lambda x, a: {"peace" if x == "peace" and set(a.values()) == {"C"} else "war": Fraction(1)},
... )
>>> judge(grim, "perfect public")
exact; nash_regret 0; sequential_regret 0 at 4 of 4 information sets
>>> values(grim, "A")
{'peace': Fraction(3, 1), 'war': Fraction(1, 1)}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..certify import Certificate

__all__ = ["Automaton", "judge", "solved", "values"]

Number = Any
"""A `Fraction` or an `Algebraic`."""
Profile = Mapping[str, str]


@dataclass(frozen=True)
class Automaton:
    """Play of a repeated or stochastic game.

    Attributes
    ----------
    players : the personal players.
    patience : the discount factor of each.
    start : a distribution over states.
    actions : what each player may do at each state.
    plan : what it is told to do.
    payoff, move : of a state and a profile of actions, what each player gets and the distribution of the next state.
    """

    players: tuple[str, ...]
    patience: Mapping[str, Number]
    start: Mapping[str, Number]
    actions: Mapping[str, Mapping[str, tuple[str, ...]]]
    plan: Mapping[str, Profile]
    payoff: Callable[[str, Profile], Mapping[str, Number]]
    move: Callable[[str, Profile], Mapping[str, Number]]

    @property
    def states(self) -> tuple[str, ...]:
        """The states, in order."""
        return tuple(self.plan)

    def with_action(self, state: str, player: str, action: str) -> Profile:
        """What is played at a state where one player does something else."""
        return {**self.plan[state], player: action}


def values(automaton: Automaton, player: str, policy: Mapping[str, str] | None = None) -> dict[str, Number]:
    """What a player expects from each state, following the plan or a policy of its own, the others following theirs."""
    delta, states = automaton.patience[player], automaton.states
    number = {state: n for n, state in enumerate(states)}
    rows: list[dict[int, Number]] = []
    right: list[Number] = []
    for state in states:
        profile = automaton.plan[state] if policy is None else automaton.with_action(state, player, policy[state])
        row: dict[int, Number] = {number[state]: Fraction(1)}
        for after, chance in automaton.move(state, profile).items():
            row[number[after]] = row.get(number[after], Fraction(0)) - delta * chance
        rows.append(row)
        right.append((1 - delta) * automaton.payoff(state, profile)[player])
    return dict(zip(states, solved(rows, right), strict=True))


def solved(rows: Sequence[Mapping[int, Number]], right: Sequence[Number]) -> list[Number]:
    """The solution of as many linear equations as unknowns, by elimination.

    Raises
    ------
    ArithmeticError
        where the equations do not determine it.
    """
    table = [({n: v for n, v in row.items() if v != 0}, b) for row, b in zip(rows, right, strict=True)]
    for column in range(len(table)):
        pivot = next((r for r in range(column, len(table)) if column in table[r][0]), None)
        if pivot is None:
            raise ArithmeticError("the equations do not determine the values")
        table[column], table[pivot] = table[pivot], table[column]
        row, b = table[column]
        scale = row[column]
        row, b = {n: v / scale for n, v in row.items()}, b / scale
        table[column] = (row, b)
        for r, (other, c) in enumerate(table):
            factor = other.get(column) if r != column else None
            if factor is not None:
                table[r] = (_reduced(other, row, factor), c - factor * b)
    return [b for _, b in table]


def _reduced(row: Mapping[int, Number], by: Mapping[int, Number], factor: Number) -> dict[int, Number]:
    found = dict(row)
    for n, value in by.items():
        rest = found.get(n, Fraction(0)) - factor * value
        if rest == 0:
            found.pop(n, None)
        else:
            found[n] = rest
    return found


def judge(
    automaton: Automaton, concept: str, *, claimed: Mapping[str, Number] | None = None,
    infoset: Callable[[str, str], str] = "{}: {}".format,
) -> Certificate:
    """Whether nobody gains by a deviation at any state.

    Parameters
    ----------
    automaton : the play.
    concept : what it is held to be.
    claimed : payoffs at the start that are checked too.
    infoset : the name of the information set of a player at a state.
    """
    nash: Number = Fraction(0)
    worst: Number = Fraction(0)
    failures: dict[str, str] = {}
    sets: dict[str, None] = {}
    for player in automaton.players:
        own = values(automaton, player)
        best = _best(automaton, player, own)
        for state in automaton.states:
            if len(automaton.actions[state][player]) < 2:
                continue
            sets[infoset(player, state)] = None
            gain = best[state] - own[state]
            if gain > 0:
                failures.setdefault(infoset(player, state), f"{player} gains {gain} by deviating at {state!r}")
            worst = max(worst, gain)
        nash = max(nash, _mean(automaton.start, best) - _mean(automaton.start, own))
        if claimed is not None and _mean(automaton.start, own) != claimed[player]:
            failures[f"payoff of {player}"] = f"{player} gets {_mean(automaton.start, own)} and not {claimed[player]}"
    return Certificate(
        concept, not failures, nash, worst, tuple(failures), tuple(failures.values()), len(sets),
        len([name for name in sets if name not in failures]),
    )


def _mean(weights: Mapping[str, Number], numbers: Mapping[str, Number]) -> Number:
    return sum((weight * numbers[state] for state, weight in weights.items()), Fraction(0))


def _best(automaton: Automaton, player: str, own: Mapping[str, Number]) -> Mapping[str, Number]:
    """The values of a best reply: a policy is improved where one deviation pays, until none does."""
    policy = {state: automaton.plan[state][player] for state in automaton.states}
    current = own
    while True:
        better = {
            state: action
            for state in automaton.states
            for action in [_improvement(automaton, player, state, current)]
            if action is not None
        }
        if not better:
            return current
        policy.update(better)
        current = values(automaton, player, policy)


def _improvement(
    automaton: Automaton, player: str, state: str, current: Mapping[str, Number]
) -> str | None:
    """The action that pays most for once, where one pays more than what is expected now."""
    delta = automaton.patience[player]
    best, found = current[state], None
    for action in automaton.actions[state][player]:
        profile = automaton.with_action(state, player, action)
        ahead = _mean(automaton.move(state, profile), current)
        value = (1 - delta) * automaton.payoff(state, profile)[player] + delta * ahead
        if value > best:
            best, found = value, action
    return found
