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
from typing import Any, Final

from .algebraic import Algebraic
from .errors import BranchCutWarning, ExpressionError, UnknownNameError
from .parameters import Link
from .scenario import Scenario
from .scenario import load as read
from .solvers import solve

__all__ = ["DEPTH", "load"]

DEPTH: Final = 8
"""How many scenarios may take values from one another in a row."""
BITS: Final = 60


def load(path: str | os.PathLike[str]) -> Scenario:
    """A scenario from its file, values that come from other scenarios found.

    Raises
    ------
    ScenarioError
        with every mistake of the file; a mistake in a file that it refers to is one at the place where it does.
    """
    return _load(Path(path), os.fspath(path), ())


def _load(path: Path, shown: str, before: Sequence[Path]) -> Scenario:
    chain = (*before, path.resolve())

    def resolve(link: Link) -> Link:
        other = _place(path, link.file)
        if other.resolve() in chain:
            names = " -> ".join(p.name for p in (*chain[chain.index(other.resolve()):], other))
            raise ExpressionError(f"scenarios take values from one another in a circle: {names}")
        if len(chain) >= DEPTH:
            raise ExpressionError(f"more than {DEPTH} scenarios take values from one another in a row")
        return _valued(link, _load(other, "", chain))

    return read(shown or os.fspath(path), resolve)


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
    return path.parent / relative


def _valued(link: Link, scenario: Scenario) -> Link:
    """The link with its value."""
    if link.event not in scenario.events:
        raise UnknownNameError("event", link.event, list(scenario.events))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BranchCutWarning)
        found = solve(scenario)
    if not len(found):
        raise ExpressionError("no equilibrium was found")
    values = {entry.id: entry.events[link.event] for entry in found}
    value = _taken(link, values)
    rational = _rational(value)
    return replace(link, sha256=scenario.sha256, value=rational, rounded=not isinstance(value, Fraction | int))


def _taken(link: Link, values: dict[str, Any]) -> Any:
    if link.take in ("max", "min"):
        return (max if link.take == "max" else min)(values.values())
    if link.take:
        if link.take not in values:
            raise UnknownNameError("equilibrium (or max, min)", link.take, ["max", "min", *values])
        return values[link.take]
    if len(set(values.values())) > 1:
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
