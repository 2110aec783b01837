r"""The families of symmetric equilibria of `swarm` in closed form, over the parameters and the probability of attack.

All regions are signs of the net gain :math:`D`, a polynomial in the parameters and in :math:`p`: at :math:`p = 0` and
:math:`p = 1` and, for the rule ``collective`` with a threshold of two or more, at its extremum, which lies at the
rational point :math:`p = (m-1)/((n-1)q)`. For the rule ``spread`` with a threshold of two or more the extremum is
algebraic and the regions of the mixed families are written with :math:`p`. The probability of attack itself is a
formula where :math:`D` is linear in it, with two groups; otherwise it is the zero of :math:`D` that is stated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import comb
from typing import Any, Final

from ..atlas import Atlas, Coverage, EquilibriumFamily
from ..direct import DirectGame
from ..errors import NotSupportedError
from ..expressions import Condition, Expression, Ring
from ..provenance import provenance
from .swarm import ALL, ANY, LABELS, NONE

__all__ = ["families"]

DEGREE: Final = 40
DEGREE_AT_A_LETHALITY: Final = 200
"""How many groups formulas are written for, while the lethality is a symbol and where it is a number."""
BITS: Final = 10_000
"""How long the numbers in a formula may become."""

Conjunction = tuple[Condition, ...]


def families(game: DirectGame, told: Mapping[str, Any]) -> Atlas:
    """The atlas.

    Raises
    ------
    NotSupportedError
        with more groups than formulas are written for.
    """
    n = game.options["groups"]
    most = DEGREE
    if "lethality" in game.fixed:
        most = min(DEGREE_AT_A_LETHALITY, BITS // game.fixed["lethality"].denominator.bit_length())
    if n > most:
        raise NotSupportedError(
            f"closed forms are written for up to {DEGREE} groups, or {DEGREE_AT_A_LETHALITY} where the lethality is a "
            f"short number (--over leaves it out); with {n} groups every equilibrium is found as a number: solve, sweep"
        )
    drafts = [draft for draft in _Formulas(game).families() if draft.region]
    ordered = sorted(drafts, key=lambda family: not family.generic)
    numbered = tuple(replace(family, id=f"F{number}") for number, family in enumerate(ordered, 1))
    return Atlas(
        game, numbered, True, Coverage("proved"), game.concept,
        ("symmetric equilibria: every group attacks with the same probability",), told, provenance("python-flint"),
    )


class _Formulas:
    """The net gain and what follows from it, in symbols."""

    def __init__(self, game: DirectGame) -> None:
        self.game = game
        self.n: int = game.options["groups"]
        self.m = max(game.options["threshold"], 1)
        self.rule: str = game.options["rule"]
        self.plain = game.space.ring
        self.wide = Ring((*game.space.names, "p"))
        self.gain, self.punishment, self.lethality = (
            self._parameter(name) for name in ("gain", "punishment", "lethality")
        )
        self.counts = self.lethality
        if game.options["threshold"] == 0 and self.rule != "individual":
            self.counts = self.wide.number(1)
        self.p = self.wide.symbol("p")
        self.net = self.gain - self.punishment * self.harm()

    def _parameter(self, name: str) -> Expression:
        return self.wide.symbol(name) if name in self.plain.names else self.wide.number(self.game.fixed[name])

    # formulas

    def chance(self, trials: int, j: int, x: Expression) -> Expression:
        """That exactly `j` of so many attacks count."""
        if not 0 <= j <= trials:
            return self.wide.number(0)
        return comb(trials, j) * x**j * (1 - x) ** (trials - j)

    def tail(self, trials: int, least: int, x: Expression) -> Expression:
        """That at least so many do."""
        total = self.wide.number(1 if least <= trials or least <= 0 else 0)
        for j in range(min(least, trials + 1) if least <= trials else 0):
            total = total - self.chance(trials, j, x)
        return total

    def harm(self) -> Expression:
        """What an attack adds to the part of the punishment that one bears."""
        n, m, s = self.n, self.m, self.counts
        x = s * self.p
        if self.rule == "collective":
            return s * self.chance(n - 1, m - 1, x)
        if self.rule == "attackers":
            return self.tail(n - 1, m, x) + s * self.chance(n - 1, m - 1, x)
        if self.rule == "individual":
            return s * self.tail(n - 1, m - 1, x)
        return self.tail(n, m, x) / (n * self.p)

    def at(self, value: Expression, p: Fraction | int) -> Expression:
        """A formula with a number for the probability of attack, over the parameters alone."""
        return value.at({"p": Fraction(p)}).over(self.plain)

    @property
    def constant(self) -> bool:
        """Whether the net gain depends on nobody else."""
        return "p" not in self.net.free

    # families

    def families(self) -> list[EquilibriumFamily]:
        """All of them; those that exist nowhere have no region."""
        first, last = self.at(self.net, 0), self.at(self.net, 1)
        zero = self.plain.number(0)
        found = [
            self.pure(NONE, 0, Condition.compare(first, "<=", zero)),
            self.pure(ALL, 1, Condition.compare(last, ">=", zero)),
        ]
        if not self.constant:
            found += self.mixed(first, last)
        vanishing = [first] if self.constant else [v.over(self.plain) for v in (self.gain, self.punishment)]
        return [*found, self.any_number([Condition.compare(value, "==", zero) for value in vanishing])]

    def mixed(self, first: Expression, last: Expression) -> list[EquilibriumFamily]:
        """The families in which groups mix."""
        may_peak = self.rule in ("collective", "spread") and 1 < self.m < self.n
        if not may_peak:
            return [self.root(LABELS[""], _opposite(first, last))]
        if self.rule == "spread":
            slope = self.harm().derivative("p")
            sides = {"low": ">", "high": "<", "touching": "=="}
            return [self.root(LABELS[w], None, Condition.compare(slope, op, self._zero)) for w, op in sides.items()]
        # The extremum: an attack counts with a probability that is a number there.
        peak = Fraction(self.m - 1, self.n - 1)
        most = self.counts * self.chance(self.n - 1, self.m - 1, self.wide.number(peak))
        top = (self.gain - self.punishment * most).over(self.plain)
        within = self.counts.over(self.plain) - peak
        inside, beyond = (Condition.compare(within, op, self.plain.number(0)) for op in (">", "<="))
        low = [(inside, *part) for part in _opposite(first, top)] + [(beyond, *part) for part in _opposite(first, last)]
        high = [(inside, *part) for part in _opposite(top, last)]
        edge = [(inside, Condition.compare(top, "==", self.plain.number(0)), self._hurts)]
        side = self.counts * self.p - peak
        return [
            self.root(LABELS["low"], low, Condition.compare(side, "<", self._zero)),
            self.root(LABELS["high"], high, Condition.compare(side, ">", self._zero)),
            self.root(LABELS["touching"], edge, Condition.compare(side, "==", self._zero)),
        ]

    @property
    def _zero(self) -> Expression:
        return self.wide.number(0)

    @property
    def _hurts(self) -> Condition:
        """That the punishment matters."""
        return Condition.compare(self.punishment.over(self.plain), "!=", self.plain.number(0))

    def pure(self, label: str, p: int, condition: Condition) -> EquilibriumFamily:
        """All attack, or none."""
        region = _possible([(condition,)])
        payoff = self.net - self.shared() if p else -self.shared()
        return self._family(label, self.plain.number(p), region, region, payoff, at=p)

    def any_number(self, nothing: Sequence[Condition]) -> EquilibriumFamily:
        """Any probability of attack, where nothing depends on it."""
        region = _possible([tuple(nothing)])
        bounds = [Condition.compare(side, ">=", self._zero) for side in (self.p, 1 - self.p)]
        pieces = [(*(c.over(self.wide) for c in part), *bounds) for part in region]
        return self._family(ANY, self.p, pieces, region, -self.shared(), generic=False)

    def root(
        self, label: str, region: Sequence[Conjunction] | None, side: Condition | None = None
    ) -> EquilibriumFamily:
        """Groups mix so that attacking and holding come to the same; without a region it is written with p."""
        equation = Condition.compare(self.net, "==", self._zero)
        bounds = [Condition.compare(value, ">", self._zero) for value in (self.p, 1 - self.p)]
        piece = [*bounds, equation, *([side] if side else []), self._hurts.over(self.wide)]
        if region is not None and self.n == 2:
            attack = self.at(self.net, 0) / (self.at(self.net, 0) - self.at(self.net, 1))
            return self._family(label, attack, _possible(region), _possible(region), -self.shared())
        pieces = _possible([tuple(piece)])
        found = pieces if region is None else _possible(region)
        return self._family(
            label, self.p, pieces if found else (), found, -self.shared(), generic=label != LABELS["touching"],
            roots={"p": equation}, implicit=region is None,
        )

    def events(self) -> dict[str, Expression]:
        """The probability of each event."""
        return {
            "deterrence_failure": self.tail(self.n, 1, self.p),
            "spiral": self.tail(self.n, self.m, self.counts * self.p),
            "lethal": self.tail(self.n, 1, self.lethality * self.p),
        }

    def shared(self) -> Expression:
        """The punishment that falls on a group that holds."""
        if self.rule != "collective":
            return self._zero
        return self.punishment * self.tail(self.n - 1, self.m, self.counts * self.p)

    def _family(
        self, label: str, attack: Expression, pieces: Sequence[Conjunction], region: Sequence[Conjunction],
        payoff: Expression, *, at: int | None = None, generic: bool = True,
        roots: Mapping[str, Condition] | None = None, implicit: bool = False,
    ) -> EquilibriumFamily:
        """A family; with a formula for the probability of attack in the parameters it is put into everything."""
        varies = attack.ring == self.wide and "p" in attack.free
        values = {**self.events(), "": payoff}
        if at is not None:
            values = {name: self.at(value, at) for name, value in values.items()}
        elif not varies:
            values = {name: _put(value, self.wide.index["p"], attack) for name, value in values.items()}
        supports = ("attack", "hold") if at is None else ("attack",) if at else ("hold",)
        payoff = values.pop("")
        return EquilibriumFamily(
            id="", label=label, supports={"group": supports},
            strategy={"group": {"attack": attack, "hold": 1 - attack}}, beliefs={},
            quantities={"p": "attack at group"} if varies else {}, pieces=tuple(pieces), region=tuple(region),
            generic=generic, outcomes={}, events=values, payoffs={"group": payoff}, roots=roots or {},
            implicit=implicit,
        )


def _put(value: Expression, index: int, attack: Expression) -> Expression:
    """A polynomial in the last name with a quotient of the others put in for it."""
    total = attack.ring.number(0)
    for power in range(max(0, int(value.num.degrees()[index])) + 1):
        terms = {
            tuple(int(d) for n, d in enumerate(monomial) if n != index): coefficient
            for monomial, coefficient in value.num.terms() if int(monomial[index]) == power
        }
        total = total + Expression(attack.ring, attack.ring.context.from_dict(terms)) * attack**power
    return total


def _opposite(left: Expression, right: Expression) -> list[Conjunction]:
    """That two values have different signs and neither is zero."""
    zero = left.ring.number(0)
    return [
        (Condition.compare(left, one, zero), Condition.compare(right, other, zero))
        for one, other in (("<", ">"), (">", "<"))
    ]


def _possible(region: Sequence[Conjunction]) -> tuple[Conjunction, ...]:
    """A region without what is certain and without parts that are impossible."""
    return tuple(
        tuple(dict.fromkeys(c for c in part if c.truth is None))
        for part in region
        if all(c.truth is not False for c in part)
    )
