r"""Markov perfect equilibria of stochastic games on rungs: every one of a small game, some of a large one.

*Small games.* For every pattern of supports that no bound on values rules out (`supports`) the equilibria are the
product of two sets, each given by polynomials in the mixtures of one player and the values of the other (`halves`),
which are solved exactly: by a Gröbner basis and one root of one polynomial where solutions are finitely many (`roots`),
else by z3. Every equilibrium has a pattern, so that all are found; numbers are rational or algebraic.

*Large games.* The path of logit equilibria is followed from the uniform profile (`homotopy`), and where it ends a
pattern is read off; besides, pure profiles are improved by best answers. What comes out is made exact: pure profiles in
fractions, mixed ones as a solution of their equations whose existence Krawczyk's operator proves in ball arithmetic.
That there is no other is not claimed.

Every equilibrium given out has passed `checks.ladder`. Expected times and probabilities are those of its chain
(`outlook`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, Final

from .. import models
from ..certify import Certificate
from ..checks.ladder import certify
from ..direct import DirectGame
from ..equilibrium import Equilibrium, Free, Solution
from ..errors import CertificateError, LimitError
from ..provenance import provenance
from ..stochastic import StochasticGame
from .halves import Half, Loose, halves
from .outlook import Found, Mixtures, label, numbers
from .supports import Pattern, patterns, subsets

if TYPE_CHECKING:
    from ..atlas import Atlas
    from ..models.base import StochasticModel
    from .binding import StationaryPlans

__all__ = ["METHOD", "SAMPLED", "atlas", "commitments", "solve"]

METHOD: Final = "supports"
SAMPLED: Final = 0
"""How many points of a sample are solved without being asked for: some take a minute."""
PATTERNS: Final = 2_000_000
"""Games of more patterns than this are large."""
LEFT: Final = 6_000
"""How many patterns may be left of some of the states of a small game."""
SETS: Final = (
    "Where equilibria come in sets, each set of one pattern of supports is an entry, shown by one member; such sets "
    "may touch each other."
)
CLASS: Final = "These are Markov perfect equilibria: what is done depends on the rung alone."


def solve(game: DirectGame, point: Mapping[str, Fraction], described: Mapping[str, Any]) -> Solution:
    """Markov perfect equilibria at a point: all of them where the game is small.

    Raises
    ------
    LimitError
        where the game is large, or no small one can be searched whole, and no equilibrium could be certified.
    """
    stochastic = stochastic_game(game, point)
    notes = [CLASS]
    found: list[Found] = []
    complete, method = False, METHOD
    if _count(stochastic) <= PATTERNS:
        try:
            found, doubts = every(stochastic)
            complete = not doubts
            notes += doubts
        except LimitError as error:
            notes.append(f"The search for all of them was given up: {error}.")
    else:
        notes.append("The game is too large for a search of all supports.")
    if not found:
        from .homotopy import some

        complete, method = False, "homotopy"
        found = some(stochastic)
        notes.append(
            "These were found along a path of logit equilibria and by improving pure profiles; each was proved to be "
            "an equilibrium by itself."
        )
    if any(one.free.quantities for one in found):
        notes.append(SETS)
    entries = _entries(game, stochastic, found)
    return Solution(
        tuple(entries), game.concept, method, complete, tuple(notes), scenario=described,
        provenance=provenance("python-flint", "z3-solver", "numpy"),
    )


def stochastic_game(game: DirectGame, values: Mapping[str, Any]) -> StochasticGame:
    """The stochastic game that a direct game stands for, in these numbers or expressions."""
    model: StochasticModel = models.get(game.name)  # type: ignore[assignment]
    return model.stochastic(game.options, values)


def _count(game: StochasticGame) -> int:
    """How many patterns of supports there are."""
    return prod(len(subsets(len(actions))) for stage in game.stages for actions in stage.actions)


def every(game: StochasticGame) -> tuple[list[Found], list[str]]:
    """Every equilibrium, and doubts about that: sentences.

    Raises
    ------
    LimitError
        where too many patterns of supports are left, or a system has too many solutions.
    """
    found: list[Found] = []
    doubts = 0
    for pattern in patterns(game, LEFT):
        pair = _halves(game, pattern)
        if pair is None:
            continue
        sides = [[side.member] if isinstance(side, Loose) else side for side in pair]
        loose = [side for side in pair if isinstance(side, Loose)]
        if any(side.status != "sat" or side.member is None for side in loose):
            doubts += 1
            continue
        for one, other in product(*sides):
            if one is not None and other is not None:
                found.append(Found((other.mixtures, one.mixtures), (one.values, other.values), _free(game, loose)))
    texts = [f"Of {doubts} patterns of supports it was not decided whether they have an equilibrium."] if doubts else []
    return found, texts


def _halves(game: StochasticGame, pattern: Pattern) -> tuple[list[Half] | Loose, list[Half] | Loose] | None:
    """Both halves of a pattern; None where one of them is empty."""
    sizes = [sum(map(len, side)) for side in pattern]
    # The half with more equations than unknowns comes first: it has a solution in special cases only.
    order = (0, 1) if sizes[0] >= sizes[1] else (1, 0)
    found: dict[int, list[Half] | Loose] = {}
    for player in order:
        side = halves(game, player, pattern[player], pattern[1 - player])
        if not side or (isinstance(side, Loose) and side.status == "unsat"):
            return None
        found[player] = side
    return found[0], found[1]


def _free(game: StochasticGame, loose: Iterable[Loose]) -> Free:
    """The mixtures and values that vary in loose halves, with their conditions."""
    quantities: dict[str, str] = {}
    conditions: list[str] = []
    for half in loose:
        for name, (state, action) in half.meanings.items():
            if action is None:
                quantities[name] = f"value of {game.states[state]} to {game.players[half.player]}"
            else:
                does = game.stages[state].actions[1 - half.player][action]
                quantities[name] = f"{does} at {game.decision(1 - half.player, state)}"
        conditions += [str(condition) for condition in half.conditions]
    return Free(quantities, (tuple(conditions),) if conditions else ())


def _entries(game: DirectGame, stochastic: StochasticGame, found: Sequence[Found]) -> list[Equilibrium]:
    """The entries of a solution, each with its certificate.

    Raises
    ------
    CertificateError
        where one fails its certificate: a defect, never given out as a result.
    """
    labels = [label(stochastic, *one.mixtures) for one in found]
    entries = []
    for n, one in enumerate(found):
        name = labels[n]
        if labels.count(name) > 1:
            name += f" ({labels[:n + 1].count(name)})"
        strategy = _strategy(stochastic, one.mixtures)
        certificate: Certificate = certify(stochastic, strategy)
        if not certificate.holds:
            raise CertificateError(f"{name}: {'; '.join(certificate.reasons)}")
        events, figures = numbers(stochastic, *one.mixtures)
        entries.append(
            Equilibrium(
                id=f"F{n + 1}", label=name, strategy=strategy, beliefs={}, free=one.free, outcomes={},
                payoffs={player: one.values[i][stochastic.start] for i, player in enumerate(stochastic.players)},
                events={event: events[event] for event in game.events}, certificate=certificate, figures=figures,
            )
        )
    return entries


def _strategy(game: StochasticGame, mixtures: tuple[Mixtures, Mixtures]) -> dict[str, dict[str, Any]]:
    """The mixed action at every information set, by names."""
    return {
        game.decision(i, s): dict(zip(stage.actions[i], mixtures[i][s], strict=True))
        for s, stage in enumerate(game.stages)
        for i in (0, 1)
    }


def commitments(game: DirectGame, point: Mapping[str, Fraction], leader: str) -> StationaryPlans:
    """What one side can bring about by binding itself to a pure stationary plan."""
    from .binding import StationaryPlans

    return StationaryPlans(game, stochastic_game(game, {**game.fixed, **point}), leader)


def atlas(game: DirectGame, told: Mapping[str, Any]) -> Atlas:
    """The pure equilibria in closed form, each with its region; mixed ones are found at a point alone."""
    from .profiles import pure_atlas

    return pure_atlas(game, told)
