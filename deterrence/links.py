r"""Scenarios that take values from other scenarios.

A parameter may have for its value what another game makes of an event: :math:`\theta = \max_f P_f[e]` (or the least,
or the probability in one equilibrium) over the equilibria :math:`f` at the values of that scenario. Files refer to one
another by paths relative to themselves, and not in a circle.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from .algebraic import Algebraic
from .errors import BranchCutWarning, ExpressionError, ScenarioError, UnknownNameError
from .parameters import Link
from .scenario import Scenario
from .scenario import load as read
from .solvers import solve
from .solvers.ranges import Row, ends, may_vary

if TYPE_CHECKING:
    from .equilibrium import Solution

__all__ = ["DEPTH", "load"]

DEPTH: Final = 8
"""How many scenarios may take values from one another in a row."""
BITS: Final = 60


def load(path: str | os.PathLike[str]) -> Scenario:
    """A scenario from its file, values that come from other scenarios found.

    Raises
    ------
    ScenarioError
        with every mistake of the file; where a file that it refers to has mistakes, the place where it does, and after
        that every mistake of that file at its own place.
    """
    return _Files().load(Path(path), os.fspath(path), ())


class _Files:
    """Scenarios that were read on the way, each read and solved once."""

    def __init__(self) -> None:
        self.solved: dict[Path, tuple[Scenario, Solution, list[Row]]] = {}
        self.refused: dict[Path, ScenarioError] = {}

    def load(self, path: Path, shown: str, before: Sequence[Path]) -> Scenario:
        """A scenario from its file, within a chain of others that refer to it."""
        chain = (*before, _real(path))
        texts: dict[str, str] = {}

        def resolve(link: Link) -> Link:
            other = _place(path, link.file)
            real = _real(other)
            if real in chain:
                names = " -> ".join(p.name for p in (*chain[chain.index(real):], other))
                raise ExpressionError(f"scenarios take values from one another in a circle: {names}")
            if len(chain) >= DEPTH:
                raise ExpressionError(f"more than {DEPTH} scenarios take values from one another in a row")
            if real in self.refused:
                raise self.refused[real]
            if real not in self.solved:
                try:
                    taken = self.load(other, os.fspath(other), chain)
                except ScenarioError as error:
                    self.refused[real] = error
                    raise
                self.solved[real] = _answer(taken)
            folder = PurePosixPath(link.file).parent
            texts.update({str(folder / name): text for name, text in self.solved[real][0].texts.items()})
            return _valued(link, *self.solved[real])

        scenario = read(shown, resolve)
        return replace(scenario, texts={**scenario.texts, **texts})


def _real(path: Path) -> Path:
    """The file that a path leads to.

    Raises
    ------
    ExpressionError
        where links lead in a circle.
    """
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:
        raise ExpressionError(f"{path.name[:64]!r} leads nowhere: links of the file system go in a circle") from error


def _place(path: Path, written: str) -> Path:
    """The file a link means.

    Raises
    ------
    ExpressionError
        where it does not lie in the folder of the file that has the link, or below.
    """
    relative = PurePosixPath(written)
    if relative.is_absolute() or ".." in relative.parts or "\\" in written or ":" in written:
        raise ExpressionError("a path such as swarm.toml, relative to this file and not above it, is needed")
    if _real(path.parent) not in _real(path.parent / relative).parents:
        raise ExpressionError("the file leads out of the folder of this one")
    return path.parent / relative


def _answer(scenario: Scenario) -> tuple[Scenario, Solution, list[Row]]:
    """A scenario with its equilibria, and rows with the ends of what varies in them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BranchCutWarning)
        found = solve(scenario)
        return scenario, found, ends(scenario.game, scenario.point, found)


def _valued(link: Link, scenario: Scenario, found: Solution, more: Sequence[Row]) -> Link:
    """The link with its value."""
    if link.event not in scenario.events:
        raise UnknownNameError("event", link.event, list(scenario.events))
    if not len(found):
        raise ExpressionError("no equilibrium was found")
    if not found.complete and link.take in ("", "max", "min"):
        why = "; ".join(found.notes)
        raise ExpressionError(f"it is not proved that these are all equilibria ({why}): take one by its id")
    values = {entry.id: entry.events[link.event] for entry in found}
    place = list(scenario.events).index(link.event)
    value = _taken(link, values, [row[place] for row in more], [e.id for e in found if may_vary(scenario.game, e)])
    rational = _rational(value)
    return replace(link, sha256=scenario.sha256, value=rational, rounded=not isinstance(value, Fraction | int))


def _taken(link: Link, values: dict[str, Any], more: Sequence[Any], vary: Sequence[str]) -> Any:
    every = [*values.values(), *more]
    if link.take in ("max", "min"):
        return (max if link.take == "max" else min)(every)
    if link.take:
        if link.take not in values:
            raise UnknownNameError("equilibrium (or max, min)", link.take, ["max", "min", *values])
        if link.take in vary and len(set(every)) > 1:
            raise ExpressionError(f"what is played varies within {link.take}: say take = \"max\" or \"min\"")
        return values[link.take]
    if len(set(every)) > 1:
        listed = ", ".join(f"{key} {value}" for key, value in values.items())
        raise ExpressionError(f"its equilibria differ in {link.event} ({listed}): say take = \"max\", \"min\" or an id")
    return next(iter(values.values()))


def _rational(value: Any) -> Fraction:
    """A rational number: the value, or one within a probability's last places of an irrational value."""
    if isinstance(value, Algebraic):
        low, high = value.bounds(BITS)
        return ((low + high) / 2).limit_denominator(2**BITS)
    middle = getattr(value, "middle", value)
    return Fraction(middle)
