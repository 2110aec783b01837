r"""What an equilibrium of a stochastic game on rungs means: its name, the chance of war, the time until then.

Of the chain of an equilibrium: the probability that the peak (war, or the highest rung) is ever reached, from each
rung; the expected number of periods until then, given that it is; and both again for a first period in which one side
steps up, or holds, and all else is as in the equilibrium. Numbers are exact where those of the profile are rational or
lie in fields of small degree, and else are enclosed in ball arithmetic.

>>> from fractions import Fraction
>>> from deterrence.models import get
>>> ladder = get("ladder")
>>> point = dict.fromkeys(ladder.build({"rungs": 2}).space.names, Fraction(1, 2))
>>> point.update(clash_us=2, clash_iran=2, concession_us=Fraction(1, 5), concession_iran=Fraction(1, 5))
>>> point.update(war_cost_us=9, war_cost_iran=9)
>>> game = ladder.stochastic({"rungs": 2, "start": 1}, {name: Fraction(value) for name, value in point.items()})
>>> up, hold, down = (Fraction(1), Fraction(0)), (Fraction(0), Fraction(1)), (Fraction(0), Fraction(0), Fraction(1))
>>> label(game, [up, down], [hold, down])
'US: step up on 0, step down on 1; Iran: hold on 0, step down on 1'
>>> events, figures = numbers(game, [up, down], [hold, down])
>>> events["spiral"], figures["war if US steps up in the first period"]
(Fraction(0, 1), Fraction(1, 1))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from math import prod
from typing import Any, Final

from flint import arb, ctx

from ..algebraic import Algebraic
from ..enclosures import PRECISION, Enclosure, ball
from ..equilibrium import Free
from ..errors import LimitError
from ..stochastic import StochasticGame
from .chains import chain, reached, step

__all__ = ["Found", "Mixtures", "label", "numbers"]

EXACT: Final = 6
"""The largest product of the degrees of the two fields in which what follows from both is computed exactly."""
WIDTH: Final = Fraction(1, 10**16)
MOST: Final = 2_000

Mixtures = Sequence[Sequence[Any]]
"""For each state the probability of each action, by its number."""


@dataclass(frozen=True)
class Found:
    """An equilibrium, or a set of them with the same supports that is shown by one member.

    Attributes
    ----------
    mixtures : of either player.
    values : of either player, in every state.
    free : what varies in the set.
    """

    mixtures: tuple[Mixtures, Mixtures]
    values: tuple[Sequence[Any], Sequence[Any]]
    free: Free = field(default_factory=Free)


def numbers(game: StochasticGame, first: Mixtures, second: Mixtures) -> tuple[dict[str, Any], dict[str, Any]]:
    """The probabilities of the events, and the figures of a profile."""
    degrees = [max((p.degree for row in side for p in row if isinstance(p, Algebraic)), default=1)
               for side in (first, second)]
    enclosed = any(isinstance(p, Enclosure) for side in (first, second) for row in side for p in row)
    if not enclosed and prod(degrees) <= EXACT:
        return _computed(game, first, second, lambda value: value)
    bits = PRECISION
    while bits <= MOST:
        before, ctx.prec = ctx.prec, bits
        try:
            both = [{name: _enclosure(value) for name, value in row.items()}
                    for row in _computed(game, first, second, _in_ball)]
        except ZeroDivisionError:
            # The balls are too wide to tell a chain that leaves its states from one that does not.
            both = []
        finally:
            ctx.prec = before
        if both and all(_short(value) for row in both for value in row.values()):
            return both[0], both[1]
        bits *= 2
    raise LimitError(f"the probabilities of an equilibrium were not found to {float(WIDTH)} with {MOST} bits")


def _short(value: Any) -> bool:
    return not isinstance(value, Enclosure) or value.high - value.low <= WIDTH * (1 + abs(value.middle))


def _enclosure(value: Any) -> Any:
    if not isinstance(value, arb):
        return value
    found = Enclosure.of(value)
    # A ball without a radius is a rational number.
    return found.low if found.low == found.high else found


def _in_ball(value: Any) -> Any:
    if isinstance(value, Enclosure):
        return ball(value.low).union(ball(value.high))
    if isinstance(value, Algebraic):
        low, high = value.bounds(ctx.prec)
        return ball(low).union(ball(high))
    return ball(value)


def _computed(
    game: StochasticGame, first: Mixtures, second: Mixtures, number: Callable[[Any], Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Events and figures in one kind of numbers."""
    sides = [[[number(p) for p in row] for row in side] for side in (first, second)]
    moves = [[[{t: number(p) for t, p in row.items()} for row in line] for line in stage.moves]
             for stage in game.stages]
    rows = chain(moves, sides[0], sides[1])
    chances, periods = reached(rows, game.peak)
    stays = [1 - sides[i][game.start][0] for i in (0, 1)]
    events = {"deterrence_failure": 1 - stays[0] * stays[1], "spiral": chances[game.start]}
    events["war_before_calm"] = _before_calm(rows, game, number(Fraction(1)))
    events.update({f"{player.lower()}_steps_up": 1 - stays[i] for i, player in enumerate(game.players)})
    figures: dict[str, Any] = {}
    if not _zero(chances[game.start]):
        figures[f"periods to {game.feared}, if it comes"] = periods[game.start] / chances[game.start]
    for i, player in enumerate(game.players):
        for action in (0, 1):
            shown = f"if {player} {_does(game, action)} in the first period"
            own = [number(Fraction(int(a == action))) for a in range(len(sides[i][game.start]))]
            pair = [own, sides[1][game.start]] if i == 0 else [sides[0][game.start], own]
            row = step(moves[game.start], pair[0], pair[1])
            chance, time = _ahead(row, chances, periods, game, number(Fraction(1)))
            figures[f"{game.feared} {shown}"] = chance
            if not _zero(chance):
                figures[f"periods to {game.feared}, if it comes and {shown[3:]}"] = time / chance
    figures.update({f"{game.feared} from {state}": chances[s] for s, state in enumerate(game.states)})
    return events, figures


def _before_calm(rows: Sequence[Mapping[int, Any]], game: StochasticGame, one: Any) -> Any:
    """The chance that the peak comes before the crisis is back on the lowest rung, once it has left it."""
    away = reached([{0: one}, *rows[1:]], game.peak)[0]
    if game.start:
        return away[game.start]
    leaving = {t: p for t, p in rows[0].items() if t != 0}
    if not leaving:
        return one - one
    weight = sum(leaving.values(), one - one)
    return _ahead(leaving, away, away, game, one)[0] / weight


def _does(game: StochasticGame, action: int) -> str:
    """An action in the third person."""
    verb, *rest = game.stages[game.start].actions[0][action].split(" ")
    return " ".join([f"{verb}s", *rest])


def _ahead(
    row: Mapping[int, Any], chances: Sequence[Any], periods: Sequence[Any], game: StochasticGame, one: Any
) -> tuple[Any, Any]:
    """The chance of the peak, and the periods until then, after a period that leads on with these probabilities."""
    chance = time = one - one
    for t, p in row.items():
        if t == game.peak:
            chance, time = chance + p, time + p
        elif t < game.size:
            chance, time = chance + p * chances[t], time + p * (periods[t] + chances[t])
    return chance, time


def _zero(value: Any) -> bool:
    return bool(value == 0)


# names


def label(game: StochasticGame, first: Mixtures, second: Mixtures) -> str:
    """A profile in words: what each side does on which rungs, probabilities left out."""
    plans = [_plan(game, i, side) for i, side in enumerate((first, second))]
    if plans[0] == plans[1]:
        return f"both: {plans[0]}"
    return "; ".join(f"{player}: {plan}" for player, plan in zip(game.players, plans, strict=True))


def _plan(game: StochasticGame, player: int, mixtures: Mixtures) -> str:
    does = [
        " or ".join(action for action, p in zip(stage.actions[player], row, strict=True) if not _zero(p))
        for stage, row in zip(game.stages, mixtures, strict=True)
    ]
    runs = [(what, [s for s, _ in group]) for what, group in groupby(enumerate(does), key=lambda pair: pair[1])]
    if len(runs) == 1:
        return f"{does[0]} everywhere"
    texts = []
    for n, (what, states) in enumerate(runs):
        low, high = states[0], states[-1]
        where = f"on {low}" if low == high else f"above {low - 1}" if n == len(runs) - 1 else f"from {low} to {high}"
        texts.append(f"{what} {where}")
    return ", ".join(texts)
