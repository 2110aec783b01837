"""The functions that the package offers under its own name; each only calls the room where the work is done.

>>> import deterrence as dt
>>> dt.solve.__module__
'deterrence.api'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

    from .atlas import Atlas
    from .equilibrium import Solution
    from .game import Game
    from .propositions import Proof
    from .scenario import Scenario

__all__ = ["atlas", "load", "loads", "prove", "solve"]


def load(path: str | os.PathLike[str]) -> Scenario:
    """A scenario from its file.

    Raises
    ------
    ScenarioError, GameError
        with every mistake of the file, each with its line and key.
    """
    from .scenario import load as load_file

    return load_file(path)


def loads(text: str) -> Scenario:
    """A scenario from the text of a file; errors as for `load`."""
    from .scenario import loads as load_text

    return load_text(text)


def solve(
    scenario: Scenario | Game,
    *,
    concept: str = "pbe",
    method: str | None = None,
    refine: str | None = None,
    beliefs: Sequence[str] = (),
    point: Mapping[str, object] | None = None,
) -> Solution:
    """Every equilibrium at one point, each with its certificate.

    Parameters
    ----------
    scenario : a scenario, or a game (then every parameter needs a value in `point`).
    concept : ``"pbe"``, ``"sequential"`` or ``"nash"``.
    method : the name of an algorithm; None for the one that suits.
    refine : ``"intuitive"`` or ``"d1"`` (signalling games), or None.
    beliefs : stated beliefs, such as ``"after strike: resolved, strike = 1"``, asked for where Bayes' rule leaves them
        open.
    point : values by parameter name, over those of the scenario.

    Raises
    ------
    ExpressionError
        where a value is missing or outside its domain.
    NotSupportedError
        where the method does not cover the game or concept.
    LimitError
        where a limit on computing was reached; its `partial` holds what was completed.
    """
    from .solvers import solve as solve_game

    return solve_game(scenario, concept=concept, method=method, refine=refine, beliefs=beliefs, point=point)


def atlas(
    game: Game | Scenario,
    *,
    refine: str | None = None,
    over: Sequence[str] | None = None,
    limit: int | None = 100_000,
    progress: Callable[[str], None] | None = None,
) -> Atlas:
    """Every family of perfect Bayesian equilibria in closed form, with the exact region where each exists.

    Parameters
    ----------
    game : a game or a scenario (whose values are not used, save with `over`).
    refine : ``"intuitive"`` or ``"d1"`` (signalling games) to keep the families that pass, or None.
    over : of a scenario, the parameters that stay symbols; the others take their values. None for all of them.
    limit : in a large game, how many profiles of supports the search may go through; beyond it knife edges are left
        out and the atlas is not claimed to be complete. None for no limit, however long it takes.
    progress : called now and then with a few words about how far the search is.

    Raises
    ------
    NotSupportedError
        where the refinement does not cover the game.
    ExpressionError
        where the values of the others violate a condition by themselves.
    """
    from .solvers import atlas as atlas_of

    return atlas_of(game, refine=refine, over=over, limit=limit, progress=progress)


def prove(atlas: Atlas, statement: str, *, progress: Callable[[str], None] | None = None) -> Proof:
    """Whether a statement holds of every family of an atlas: proved, refuted with a witness, or unknown.

    Parameters
    ----------
    atlas : every family of a game.
    statement : in the language of docs/statements.md.
    progress : called now and then with a few words about how far the proof is.

    Raises
    ------
    StatementError
        where the statement cannot be parsed, or names what the atlas does not have.
    """
    from .propositions import prove as prove_statement

    return prove_statement(atlas, statement, progress=progress)
