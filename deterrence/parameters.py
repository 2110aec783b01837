r"""Parameters with their domains, and the space they span.

A *parameter space* is an ordered tuple of named parameters with a set of admissible points
:math:`\Theta = \{\theta : c(\theta) \text{ for every condition } c\}`, the domains of the single parameters and the
joint conditions. What an author assumes about a parameter at one point (value, range, basis, source) is an
`Assumption`; it belongs to a scenario and is kept apart from the domain, which belongs to the game.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Final

from .errors import ExpressionError, UnknownNameError
from .expressions import Condition, Expression, Ring

__all__ = ["BASES", "DISTRIBUTIONS", "ROLES", "Assumption", "Link", "Parameter", "ParameterSpace"]

ROLES: Final = ("lever", "uncertainty", "constant")
BASES: Final = ("observed", "estimated", "judgement", "normalisation")
DISTRIBUTIONS: Final = ("uniform", "triangular", "loguniform")


@dataclass(frozen=True)
class Parameter:
    """A named quantity of a game.

    Attributes
    ----------
    name : an ASCII identifier.
    domain : conditions as text, such as ``"0 < resolve < 1"``; empty for any real number.
    meaning : one sentence.
    unit : what one unit of it is, such as ``"probability"``.
    """

    name: str
    domain: str = ""
    meaning: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Link:
    """A value that comes from another scenario: what its game makes of an event.

    Attributes
    ----------
    file : its path, relative to the file that has the link.
    event : the name of the event.
    take : ``"max"`` or ``"min"`` over its equilibria, or the id of one; empty where they agree.
    sha256 : digest of the bytes of that file.
    value : the probability.
    rounded : whether the value is only a rational number near an irrational one.
    """

    file: str
    event: str
    take: str
    sha256: str = ""
    value: Fraction | None = None
    rounded: bool = False

    def __str__(self) -> str:
        which = {"max": "greatest", "min": "least"}.get(self.take, "")
        where = f" in {self.take}" if self.take and not which else " over its equilibria" if which else ""
        near = " (irrational; a rational number beside it is taken)" if self.rounded else ""
        return f"the {which} probability of {self.event}{where} in {self.file}{near}".replace("the  ", "the ")

    def to_dict(self) -> dict[str, object]:
        """As plain data."""
        told = {"from": self.file, "event": self.event, "take": self.take, "sha256": self.sha256}
        return {**told, "rounded": True} if self.rounded else dict(told)


@dataclass(frozen=True)
class Assumption:
    """What a scenario holds about one parameter, and on what it rests.

    Within the range a sample is drawn from `distribution`: uniform (so too where it is empty), triangular with its mode
    at the value, or uniform in the logarithm. A value that comes from another scenario has a `link`.
    """

    name: str
    value: Fraction
    range: tuple[Fraction, Fraction] | None = None
    unit: str = ""
    role: str = "constant"
    basis: str = ""
    source: str = ""
    note: str = ""
    distribution: str = ""
    link: Link | None = None


@dataclass(frozen=True)
class ParameterSpace:
    """Ordered parameters with the conditions that admissible points satisfy.

    Raises
    ------
    ExpressionError
        where a domain or a joint condition is no comparison over the declared parameters.

    >>> space = ParameterSpace((Parameter("p", "0 < p < 1"), Parameter("cost", "cost > 0")))
    >>> space.conditions
    (p > 0, 1 - p > 0, cost > 0)
    """

    parameters: tuple[Parameter, ...]
    assume: tuple[str, ...] = ()
    extra: tuple[Condition, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        self.conditions  # noqa: B018 - a bad domain is an error here, not later

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names, in order."""
        return tuple(parameter.name for parameter in self.parameters)

    @cached_property
    def ring(self) -> Ring:
        """The polynomials over the parameters."""
        return Ring(self.names)

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition on admissible points, without repetition."""
        texts = [parameter.domain for parameter in self.parameters] + list(self.assume)
        found: dict[Condition, None] = {}
        for text in texts:
            found.update(dict.fromkeys(self.ring.parse_condition(text)))
        found.update(dict.fromkeys(self.extra))
        return tuple(condition for condition in found if condition.truth is not True)

    def with_conditions(self, extra: Iterable[Condition]) -> ParameterSpace:
        """The same space with further conditions."""
        return ParameterSpace(self.parameters, self.assume, (*self.extra, *extra))

    def given(self, values: Mapping[str, Fraction]) -> ParameterSpace:
        """The space of the other parameters, these put in as numbers.

        Raises
        ------
        UnknownNameError
            for a name that is no parameter.
        ExpressionError
            where a value violates a condition by itself.
        """
        for name in values:
            self[name]
        left = tuple(replace(p, domain="") for p in self.parameters if p.name not in values)
        ring = Ring([parameter.name for parameter in left])
        conditions = [condition.at(values).over(ring) for condition in self.conditions]
        violated = [c for c, put in zip(self.conditions, conditions, strict=True) if put.truth is False]
        if violated:
            raise ExpressionError(f"the values violate: {'; '.join(map(str, violated))}")
        return ParameterSpace(left, extra=tuple(dict.fromkeys(c for c in conditions if c.truth is None)))

    def __getitem__(self, name: str) -> Parameter:
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise UnknownNameError("parameter", name, self.names)

    def parse(self, text: object) -> Expression:
        """An expression over the parameters from text."""
        return self.ring.parse(text)

    def violations(self, point: Mapping[str, Fraction]) -> tuple[Condition, ...]:
        """The conditions that a complete point violates."""
        missing = [name for name in self.names if name not in point]
        if missing:
            raise ExpressionError(f"no value for {', '.join(missing)}")
        return tuple(condition for condition in self.conditions if not condition.holds(point))
