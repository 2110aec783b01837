r"""Methods that find equilibria: one registry, one `solve`, one `atlas`.

=========  =====================  ==========================================================================
method     concepts               what it finds
=========  =====================  ==========================================================================
atlas      pbe, sequential        every equilibrium of any game of the format, exactly; see `points`, `symbolic`
vertices   nash                   two players: every extreme Nash equilibrium of the reduced normal form; `nash`
=========  =====================  ==========================================================================

A direct game (`direct.DirectGame`) is solved by its model's own method, `OWN`.

`solve` finds every equilibrium at a point; `atlas` every family in closed form with its exact region; `thresholds` how
far each parameter of a scenario may move, alone, before an equilibrium appears or vanishes.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from ..direct import DirectGame
from ..equilibrium import Equilibrium, Solution
from ..errors import BranchCutWarning, ExpressionError, NotSupportedError
from ..expressions import exact
from ..game import Game
from ..provenance import provenance

if TYPE_CHECKING:
    from ..atlas import Atlas
    from ..commitment import Leadership
    from ..scenario import Scenario
    from .boundaries import Change

__all__ = ["METHODS", "OWN", "Method", "atlas", "commitments", "members", "sampled", "solve", "thresholds"]


@dataclass(frozen=True)
class Method:
    """What an algorithm covers.

    Attributes
    ----------
    name : as in ``--method``.
    concepts : what it solves for.
    exact, complete : whether its numbers are exact, and whether it finds every equilibrium.
    """

    name: str
    concepts: tuple[str, ...]
    exact: bool
    complete: bool


LIMIT: Final = 100_000
"""How many profiles of supports the search for an atlas may go through before knife edges are left out."""

SAMPLED: Final = 1_024
"""How many points of a direct game are solved one by one without being asked for, unless its method says otherwise."""
TREES: Final = 176
"""How many points of a tree: each takes about half a second."""

METHODS: Final = (
    Method("atlas", ("pbe", "sequential"), True, True),
    Method("vertices", ("nash",), True, True),
)
OWN: Final[Mapping[str, str]] = {
    "swarm": "swarm",
    "reputation": "reputation",
    "chain_store": "chain_store",
    "understanding": "understanding",
    "tacit_agreement": "tacit_agreement",
    "attrition": "attrition",
    "indirect_control": "indirect_control",
    "ladder": "ladder",
    "escalation_ladder": "ladder",
    "audience_costs": "audience_costs",
    "extremist": "extremist",
    "coordinated_attack": "coordinated_attack",
    "imperfect_attribution": "imperfect_attribution",
    "signal_size": "signal_size",
}
"""For each direct model the module that solves it.

It has ``METHOD``, ``solve(game, point, described)`` and ``atlas(game, told)``; where an entry of its solutions may hold
more than one distribution also ``members(game, point)``, equilibria at which events have their ends over such entries;
and where a point may take long ``SAMPLED``, how many are solved without being asked for.
"""


def solve(
    scenario: Scenario | Game,
    *,
    concept: str = "pbe",
    method: str | None = None,
    refine: str | None = None,
    beliefs: Sequence[str] = (),
    point: Mapping[str, object] | None = None,
) -> Solution:
    """Every equilibrium at one point, each with its certificate; parameters as in `deterrence.solve`.

    Raises
    ------
    NotSupportedError
        where no method covers the concept, the refinement or the game; it names those that would do.
    ExpressionError
        where a value is missing or outside its domain.
    """
    game, values, described = _at(scenario, point)
    if isinstance(game, DirectGame):
        return _own(game, values, described, concept, method, refine or beliefs)
    chosen = _method(concept, method)
    if chosen.name == "vertices":
        if refine or beliefs:
            raise NotSupportedError("refinements and stated beliefs are for pbe and sequential, not for nash")
        return _nash(game, values, described)
    from .points import solve_at

    return solve_at(game, values, concept, refine or "", tuple(beliefs), described)


def atlas(
    game: Game | Scenario,
    *,
    refine: str | None = None,
    over: Sequence[str] | None = None,
    limit: int | None = LIMIT,
    progress: Callable[[str], None] | None = None,
) -> Atlas:
    """Every family of perfect Bayesian equilibria in closed form; parameters as in `deterrence.atlas`."""
    told: dict[str, Any] = {}
    if isinstance(game, Game):
        if over is not None:
            raise ExpressionError("the values of the other parameters come from a scenario, and this is a game")
    else:
        described = game.to_dict()
        told = {key: described[key] for key in ("title", "sha256")}
        scenario, game = game, game.game
        if over is not None:
            for name in over:
                game.space[name]
            fixed = {name: value for name, value in scenario.point.items() if name not in over}
            told["parameters"] = {name: str(value) for name, value in fixed.items()}
            game = game.given(fixed)
    if isinstance(game, DirectGame):
        if refine:
            raise NotSupportedError(_no_refinement(game))
        found: Atlas = _module(game).atlas(game, told)
        return found
    from .symbolic import atlas_of

    return atlas_of(game, refine or "", told, limit, progress)


def thresholds(scenario: Scenario) -> list[Change]:
    """For every parameter, the nearest values at which, the others held, an equilibrium appears or vanishes.

    Raises
    ------
    NotSupportedError
        for a game that is no finite tree.
    """
    from .boundaries import changes

    if isinstance(scenario.game, DirectGame):
        raise NotSupportedError(f"nearest boundaries are found for games that are trees; {scenario.game.name} is none")

    return changes(scenario)


def commitments(scenario: Scenario, leader: str) -> Leadership:
    """What one player of a scenario can bring about by binding itself, at the scenario's values.

    Raises
    ------
    NotSupportedError
        for a game that is no finite tree, unless its model has a way.
    """
    from ..commitment import Commitments

    game = scenario.game
    if isinstance(game, DirectGame):
        own = getattr(_module(game), "commitments", None)
        if own is None:
            raise NotSupportedError(f"commitment is computed for games that are trees; {game.name} is none")
        found: Leadership = own(game, scenario.point, leader)
        return found
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BranchCutWarning)
        return Commitments(game.at(scenario.point), leader)


def _own(
    game: DirectGame, values: Mapping[str, Fraction], described: Mapping[str, Any], concept: str, method: str | None,
    filters: object,
) -> Solution:
    """What the method of a direct model finds at a point; ``"pbe"``, what is asked by default, is its own concept."""
    module = _module(game)
    if concept not in ("pbe", game.concept):
        raise NotSupportedError(f"the model {game.name} is solved for {game.concept}, not for {concept}")
    if method not in (None, module.METHOD):
        raise NotSupportedError(f"the model {game.name} is solved by the method {module.METHOD}, not by {method!r}")
    if filters:
        raise NotSupportedError(_no_refinement(game))
    game.at({name: values[name] for name in game.space.names})
    found: Solution = module.solve(game, {**game.fixed, **values}, described)
    return found


def sampled(game: Game) -> int:
    """How many points of a game are solved one by one without being asked for."""
    found: int = getattr(_module(game), "SAMPLED", SAMPLED) if isinstance(game, DirectGame) else TREES
    return found


def members(game: DirectGame, point: Mapping[str, Fraction]) -> Sequence[Equilibrium]:
    """Of the entries of a direct game's solution that vary, equilibria at which every quantity has its ends."""
    own = getattr(_module(game), "members", None)
    found: Sequence[Equilibrium] = own(game, {**game.fixed, **point}) if own else ()
    return found


def _no_refinement(game: DirectGame) -> str:
    return f"refinements and stated beliefs are for games that are trees; {game.name} is none"


def _module(game: DirectGame) -> Any:
    return import_module(f".{OWN[game.name]}", __name__)


def _method(concept: str, method: str | None) -> Method:
    fitting = [m for m in METHODS if concept in m.concepts]
    if not fitting:
        known = sorted({c for m in METHODS for c in m.concepts})
        raise NotSupportedError(f"no method solves for {concept!r}; there are methods for {', '.join(known)}")
    if method is None:
        return fitting[0]
    for candidate in fitting:
        if candidate.name == method:
            return candidate
    raise NotSupportedError(
        f"the method {method!r} does not solve for {concept}; {', '.join(m.name for m in fitting)} does"
    )


def _at(
    scenario: Scenario | Game, point: Mapping[str, object] | None
) -> tuple[Game, dict[str, Fraction], dict[str, Any]]:
    """The game, the values of its parameters, and how the result names its source."""
    given = {name: exact(value) for name, value in (point or {}).items()}
    game = scenario if isinstance(scenario, Game) else scenario.game
    unknown = [name for name in given if name not in game.space.names]
    if unknown:
        game.space[unknown[0]]
    if isinstance(scenario, Game):
        missing = [name for name in game.space.names if name not in given]
        if missing:
            raise ExpressionError(f"no value for {', '.join(missing)}; give it in `point`")
        values = {name: given[name] for name in game.space.names}
        texts = {name: str(value) for name, value in values.items()}
        return game, values, {"title": game.title, "parameters": texts}
    if given:
        scenario = scenario.with_values(given)
    return game, dict(scenario.point), scenario.to_dict()


def _nash(game: Game, values: Mapping[str, Fraction], described: Mapping[str, Any]) -> Solution:
    from .nash import nash

    entries, complete, notes = nash(game.at(values))
    return Solution(
        tuple(entries), "nash", "vertices", complete, tuple(notes), scenario=described,
        provenance=provenance("python-flint", "z3-solver", "nashpy", "numpy"),
    )

