"""One picture of a result or a scenario: its own kind where none is asked for, with what that kind needs.

============  =====================================================================================================
kind          what it shows
============  =====================================================================================================
tree          the game with its information sets and the play of an equilibrium; of a large game, what is played
regions       which equilibria exist, over two parameters, with exact boundaries
events        probabilities along a parameter, every equilibrium and the envelope; of a sweep, over its points
frontier      the chance that deterrence fails against the chance of a spiral
beliefs       what is believed at information sets; in `reputation` the path of beliefs
ladder        rungs, the chances of going from one to another and of ever reaching the peak
swarm         the net gain from attacking, with every equilibrium
sensitivity   Sobol' indices
============  =====================================================================================================
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ..direct import DirectGame
from ..errors import BranchCutWarning, ExpressionError, NotSupportedError, UnknownNameError
from . import along, bars, maps, paths, sweeps, tradeoff, trees
from .canvas import Picture

if TYPE_CHECKING:
    import xarray as xr

    from ..game import Game
    from ..scenario import Scenario

__all__ = ["KINDS", "draw"]

KINDS: Final = ("tree", "regions", "events", "frontier", "beliefs", "ladder", "swarm", "sensitivity")
OWN: Final[Mapping[str, str]] = {
    "atlas": "regions", "prove": "regions", "sweep": "events", "frontier": "frontier", "sensitivity": "sensitivity",
    "robust": "events",
}
MODELS: Final[Mapping[str, str]] = {"reputation": "beliefs", "swarm": "swarm"}
FREE: Final[Mapping[str, tuple[str, ...]]] = {
    "tree": ("equilibrium",), "regions": ("x", "y"), "events": ("x", "y"), "frontier": ("x",),
    "beliefs": ("equilibrium",), "ladder": ("equilibrium",), "swarm": (), "sensitivity": (),
}
"""The choices that each kind has."""
ROWS: Final = 256


def draw(
    scenario: Scenario, command: str = "solve", document: Mapping[str, Any] | None = None,
    data: xr.Dataset | None = None, *, kind: str | None = None, x: str | None = None, y: str | None = None,
    equilibrium: str | None = None, options: Mapping[str, Any] | None = None,
) -> Picture:
    """One picture.

    Parameters
    ----------
    scenario : of the result, with its values.
    command : the verb that made the result; ``"solve"`` for a bare scenario.
    document : of the result; None where what the picture needs is to be computed.
    data : of a sweep.
    kind : one of `KINDS`; None for that of the result.
    x, y : parameters along the axes; for ``events`` y names the events.
    equilibrium : an id or a label.
    options : of the command, by which what is missing is computed again.

    Raises
    ------
    UnknownNameError, ExpressionError
        where a name does not exist, or a choice is not one of this kind of picture.
    NotSupportedError, LimitError
        where there is nothing of this kind to draw, with the reason.
    """
    chosen = kind or _natural(scenario, command)
    if chosen not in KINDS:
        raise UnknownNameError("kind of picture", chosen, KINDS)
    given = {"x": x, "y": y, "equilibrium": equilibrium}
    for name, value in given.items():
        if value is not None and name not in FREE[chosen]:
            has = ", ".join(FREE[chosen]) or "none"
            raise ExpressionError(f"{name} is no choice of a picture of {chosen}, which has {has}")
    make: dict[str, Callable[[], Picture]] = {
        "tree": lambda: _tree(scenario, _entry(scenario, command, document, options, equilibrium)),
        "beliefs": lambda: _beliefs(scenario, _entry(scenario, command, document, options, equilibrium)),
        "ladder": lambda: _ladder(scenario, _entry(scenario, command, document, options, equilibrium)),
        "swarm": lambda: _swarm(scenario, _entries(scenario, command, document, options)),
        "regions": lambda: _regions(scenario, command, options, x, y),
        "events": lambda: _events(scenario, data, x, y),
        "frontier": lambda: _frontier(scenario, command, document, x),
        "sensitivity": lambda: _sensitivity(scenario, command, document),
    }
    with warnings.catch_warnings():
        # Whoever loads the scenario is told of branches that are cut.
        warnings.simplefilter("ignore", BranchCutWarning)
        return make[chosen]()


def _natural(scenario: Scenario, command: str) -> str:
    if command in OWN:
        return OWN[command]
    name = scenario.game.name
    return "ladder" if _stochastic(scenario) else MODELS.get(name, "tree")


def _stochastic(scenario: Scenario) -> bool:
    if not isinstance(scenario.game, DirectGame) or scenario.model is None:
        return False
    from ..models import get
    from ..models.base import StochasticModel

    return isinstance(get(scenario.model), StochasticModel)


def _entries(
    scenario: Scenario, command: str, document: Mapping[str, Any] | None, options: Mapping[str, Any] | None
) -> list[Mapping[str, Any]]:
    """The equilibria of a result, or those of the scenario."""
    if command == "solve" and document is not None and "equilibria" in document:
        return list(document["equilibria"])
    from ..solvers import solve

    return [entry.to_dict() for entry in solve(scenario, **(dict(options or {}) if command == "solve" else {}))]


def _entry(
    scenario: Scenario, command: str, document: Mapping[str, Any] | None, options: Mapping[str, Any] | None,
    wanted: str | None,
) -> Mapping[str, Any] | None:
    """The equilibrium of that id or label, else the first; None where there is none."""
    found = _entries(scenario, command, document, options)
    if wanted is None:
        return found[0] if found else None
    for entry in found:
        if wanted in (entry["id"], entry["label"]):
            return entry
    raise UnknownNameError("equilibrium", wanted, [n for entry in found for n in (entry["id"], entry["label"])])


def _needed(entry: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if entry is None:
        raise ExpressionError("the result has no equilibrium to draw")
    return entry


def _tree(scenario: Scenario, entry: Mapping[str, Any] | None) -> Picture:
    game: Game = scenario.game
    why = trees.legible(game)
    if why:
        return bars.moves(game, _needed(entry), scenario.title, why)
    return trees.tree(game.at(scenario.point), entry, scenario.title)


def _beliefs(scenario: Scenario, entry: Mapping[str, Any] | None) -> Picture:
    found = _needed(entry)
    if scenario.game.name == "reputation":
        return paths.reputation(found, scenario.title, scenario.point["toughness"])
    return bars.beliefs(scenario.game, found, scenario.title)


def _ladder(scenario: Scenario, entry: Mapping[str, Any] | None) -> Picture:
    if not _stochastic(scenario):
        raise NotSupportedError("rungs are drawn of games on a ladder; draw another kind, such as tree")
    from ..solvers.ladder import stochastic_game

    assert isinstance(scenario.game, DirectGame)  # noqa: S101 - it is a stochastic model
    return paths.ladder(stochastic_game(scenario.game, scenario.point), _needed(entry), scenario.title)


def _swarm(scenario: Scenario, entries: Sequence[Mapping[str, Any]]) -> Picture:
    if scenario.game.name != "swarm":
        raise NotSupportedError("the net gain from attacking is drawn of the model swarm; draw another kind, as tree")
    return paths.swarm(scenario, entries)


def _regions(
    scenario: Scenario, command: str, options: Mapping[str, Any] | None, x: str | None, y: str | None
) -> Picture:
    from ..solvers import atlas

    across, upward = maps.two_axes(scenario, x, y)
    refine = (options or {}).get("refine") if command == "atlas" else None
    found = atlas(scenario, over=[across.name, upward.name], refine=refine)
    return maps.regions(maps.Map.of(found, scenario, across, upward))


def _events(scenario: Scenario, data: xr.Dataset | None, x: str | None, y: str | None) -> Picture:
    if data is not None:
        dims = [str(name) for name in data.sizes]
        known = {name: maps.known_axis(scenario, name) for name in dims if name in scenario.game.space.names}
        upward = y if y in dims else None
        return sweeps.sweep(data, scenario.title, known, x, upward, None if upward else y)
    return along.events(along.lines(scenario, x or maps.two_axes(scenario)[0].name, y))


def _frontier(scenario: Scenario, command: str, document: Mapping[str, Any] | None, x: str | None) -> Picture:
    if command == "frontier" and document is not None and x in (None, document["lever"]["name"]):
        return tradeoff.frontier(document)
    from ..frontier import frontier

    return tradeoff.frontier(frontier(scenario, x, rows=0).to_dict())


def _sensitivity(scenario: Scenario, command: str, document: Mapping[str, Any] | None) -> Picture:
    if command == "sensitivity" and document is not None:
        return bars.sensitivity(document)
    from ..sensitivity import sensitivity

    return bars.sensitivity(sensitivity(scenario, rows=ROWS, boundaries=False).to_dict())
