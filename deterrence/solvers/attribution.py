r"""Attacks, signals and blame: the formulas of `imperfect_attribution`, in numbers of any kind.

Attacker :math:`i` attacks from the cutoff :math:`x_i` on, so with probability :math:`a_i = \gamma [1 - F_i(x_i)]/n`.
After signal :math:`s` the defender believes that it was :math:`i` with probability

.. math:: \beta_i^s = \frac{a_i \pi_i^s}{(1 - \sum_j a_j) \pi_0^s + \sum_j a_j \pi_j^s}

and hits :math:`i` with probability :math:`h_i^s = 1 - G_i(1 - \beta_i^s)`. An attack adds
:math:`\sum_s (\pi_i^s - \pi_0^s) h_i^s` to the chance of being hit: the *reply*, which is to be :math:`x_i`.

>>> from fractions import Fraction
>>> half = Fraction(1, 2)
>>> one = Attribution(half, ((Fraction(0), Fraction(1)),), ((Fraction(2, 5), Fraction(3, 5)),),
...     ((half, half),), (Fraction(9, 10), Fraction(1, 10)))
>>> one.at((Fraction(2, 5),)).replies, one.regular
((Fraction(2, 5),), True)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

from flint import arb

__all__ = ["Attribution", "Blame", "within"]


def within(value: Any) -> Any:
    """A number put between 0 and 1."""
    if isinstance(value, arb):
        return value.max(arb(0)).min(arb(1))
    return value * 0 if value < 0 else value * 0 + 1 if value > 1 else value


@dataclass(frozen=True)
class Blame:
    """What follows from cutoffs.

    Attributes
    ----------
    attacks : the probability that each attacker attacks.
    chances : the probability of each signal.
    beliefs, hits : for each signal and attacker, the belief in its guilt and the probability that it is hit.
    replies : for each attacker the cutoff that answers it.
    """

    attacks: tuple[Any, ...]
    chances: tuple[Any, ...]
    beliefs: tuple[tuple[Any, ...], ...]
    hits: tuple[tuple[Any, ...], ...]
    replies: tuple[Any, ...]


@dataclass(frozen=True)
class Attribution:
    """The game in numbers.

    Attributes
    ----------
    opportunity : the probability that somebody can attack.
    gains, answers : for each attacker the ends of what an attack brings it, and of what hitting it brings if guilty.
    rows : for each attacker the probabilities of the signals, the null signal first, if it attacked.
    nobody : the same if nobody did.
    """

    opportunity: Any
    gains: tuple[tuple[Any, Any], ...]
    answers: tuple[tuple[Any, Any], ...]
    rows: tuple[tuple[Any, ...], ...]
    nobody: tuple[Any, ...]

    @property
    def number(self) -> int:
        """How many attackers there are."""
        return len(self.rows)

    def events(self, found: Blame) -> dict[str, Any]:
        """The probability of each event."""
        attacks, spared = found.attacks, [[1 - h for h in row] for row in found.hits]
        none = 1 - sum(attacks)
        guilty = unanswered = innocent = none * 0
        for s, row in enumerate(spared):
            quiet = prod(row, start=none * 0 + 1)
            innocent += none * self.nobody[s] * (1 - quiet)
            for i, attack in enumerate(attacks):
                others = prod((x for k, x in enumerate(row) if k != i), start=none * 0 + 1)
                weight = attack * self.rows[i][s]
                guilty += weight * (1 - row[i])
                innocent += weight * (1 - others)
                unanswered += weight * quiet
        return {
            "deterrence_failure": 1 - none, "guilty_hit": guilty, "innocent_hit": innocent, "unanswered": unanswered,
        }

    def payoffs(self, found: Blame, loss: Any) -> dict[str, Any]:
        """What an attacker expects, on average over them, and the defender."""
        total, defender = found.attacks[0] * 0, -loss * sum(found.attacks)
        for i, attack in enumerate(found.attacks):
            low, high = self.gains[i]
            # Those who attack are the types on top.
            total += attack * (high - attack * self.number / self.opportunity * (high - low) / 2)
            for chance, beliefs, hits in zip(found.chances, found.beliefs, found.hits, strict=True):
                least, most = self.answers[i]
                total -= chance * hits[i]
                defender += chance * hits[i] * (most - hits[i] * (most - least) / 2 - 1 + beliefs[i])
        return {"attacker": total / self.number, "Defender": defender}

    def over(self, kind: Any) -> Attribution:
        """The same with numbers of another kind."""
        def turned(rows: Any) -> Any:
            return tuple(turned(row) for row in rows) if isinstance(rows, tuple) else kind(rows)

        return Attribution(*map(turned, (self.opportunity, self.gains, self.answers, self.rows, self.nobody)))

    def attack(self, i: int, cutoff: Any) -> Any:
        """The probability that an attacker attacks."""
        low, high = self.gains[i]
        return self.opportunity / self.number * within((high - cutoff) / (high - low))

    def at(self, cutoffs: Sequence[Any]) -> Blame:
        """What follows from cutoffs."""
        return self.blame([self.attack(i, cutoff) for i, cutoff in enumerate(cutoffs)])

    def blame(self, attacks: Sequence[Any]) -> Blame:
        """What follows from the probabilities of attack."""
        # Each probability of attack occurs once, which keeps balls narrow.
        chances = tuple(
            alone + sum(a * (row[s] - alone) for a, row in zip(attacks, self.rows, strict=True))
            for s, alone in enumerate(self.nobody)
        )
        beliefs = tuple(self._beliefs(s, attacks, chance) for s, chance in enumerate(chances))
        hits = tuple(
            tuple(within((high - 1 + b) / (high - low)) for b, (low, high) in zip(row, self.answers, strict=True))
            for row in beliefs
        )
        return Blame(tuple(attacks), chances, beliefs, hits, tuple(self._reply(i, hits) for i in range(self.number)))

    def _beliefs(self, s: int, attacks: Sequence[Any], chance: Any) -> tuple[Any, ...]:
        if isinstance(chance, arb):
            return tuple(self._ball_belief(s, attacks, i) for i in range(self.number))
        if chance == 0:
            # Only an attack can have this signal, and there is none: attacks that become rare alike.
            total = sum(row[s] for row in self.rows)
            return tuple(row[s] / total if total else row[s] * 0 for row in self.rows)
        return tuple(a * row[s] / chance for a, row in zip(attacks, self.rows, strict=True))

    def _ball_belief(self, s: int, attacks: Sequence[Any], i: int) -> Any:
        """A belief in balls: it grows with the attacker's own probability of attack, so that the ends are enough."""
        alone, guilty = self.nobody[s], self.rows[i][s]
        others = alone + sum(
            (a * (row[s] - alone) for k, (a, row) in enumerate(zip(attacks, self.rows, strict=True)) if k != i), arb(0)
        )
        ends = (attacks[i].lower(), attacks[i].upper())
        low, high = (end * guilty / (others + end * (guilty - alone)) for end in ends)
        found = low.union(high)
        return within(found) if found.is_finite() else arb(0).union(arb(1))

    def _reply(self, i: int, hits: Sequence[Sequence[Any]]) -> Any:
        terms = ((p - q) * h[i] for p, q, h in zip(self.rows[i], self.nobody, hits, strict=True))
        return sum(terms, start=hits[0][i] * 0)

    @cached_property
    def regular(self) -> bool:
        """Whether signals tell of attacks, and nobody is ever hit after the null signal: there is one equilibrium."""
        telling = all(p >= q for row in self.rows for p, q in zip(row[1:], self.nobody[1:], strict=True))
        # The null signal looks worst where all attack who can.
        worst = self.blame([self.opportunity / self.number] * self.number).beliefs[0]
        return telling and all(high <= 1 - b for b, (_, high) in zip(worst, self.answers, strict=True))

    def slopes(self, cutoffs: Sequence[Any]) -> list[list[Any]]:
        """How replies change with cutoffs, in balls: hulls of both sides where a kink may lie within."""
        found = self.at(cutoffs)
        widths = [self.opportunity / self.number / (high - low) for low, high in self.gains]
        steps = [
            -width * _step((high - x) / (high - low))
            for width, x, (low, high) in zip(widths, cutoffs, self.gains, strict=True)
        ]
        rows = []
        for i, (low, high) in enumerate(self.answers):
            row = [arb(0)] * self.number
            for s, (chance, beliefs) in enumerate(zip(found.chances, found.beliefs, strict=True)):
                graded = _step((high - 1 + beliefs[i]) / (high - low)) / (high - low)
                weight = (self.rows[i][s] - self.nobody[s]) * graded
                for k in range(self.number):
                    own = self.rows[i][s] if k == i else arb(0)
                    change = (own - beliefs[i] * (self.rows[k][s] - self.nobody[s])) / chance
                    row[k] += weight * change * steps[k]
            rows.append(row)
        return rows


def _step(value: Any) -> Any:
    """The slope of `within`."""
    if value < 0 or value > 1:
        return arb(0)
    return arb(1) if value > 0 and value < 1 else arb(0).union(arb(1))

