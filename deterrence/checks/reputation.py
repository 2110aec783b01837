r"""The certificate of an equilibrium of `reputation`: nobody gains by one deviation at any record, from the definition.

With :math:`n` groups left let :math:`A_n` be the belief in a tough US below which a group attacks and above which it
holds, and :math:`t_n` the belief to which an answer of the weak US brings a lower one, by the chance with which it
answers. A group that believes exactly :math:`A_n` after an answer attacks with probability :math:`x_s` if it is the
first to do so, :math:`s` quiet periods after the answer, and holds if it is a later one; a belief of :math:`p_0`,
before any answer that raised it, has its own probabilities. From giving way on the belief is 0: groups attack, the
weak US gives way. The tough US always answers.

For a weak US let :math:`W_m` be what it gains, over giving way for ever, with :math:`m` groups left just after an
answer that brought the belief to :math:`t_m`, and :math:`V_n` the same at the belief :math:`p_0`. Checked are

- groups: :math:`R = p/t_{n-1}` is the chance of an answer at a belief :math:`p \le t_{n-1}`, so that an attack brings
  :math:`g - (g + h) R`, which falls in :math:`p`: it must vanish at :math:`p = A_n`, for every :math:`n`;
- the weak US, which must not gain by answering or by giving way: :math:`\delta W_m = r` where :math:`t_m < 1`,
  :math:`\delta W_m \le r` where :math:`t_m = 1`, and :math:`\delta V_m \ge r` where :math:`p_0 > t_m`;
- the tough US: that to give way hurts it, and that quiet does not;
- that the chances of an answer are probabilities, and beliefs follow from them by Bayes' rule.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import fmpq

from ..certify import Certificate

__all__ = ["Profile", "Stakes", "certify", "rational"]

Number = Any
"""A rational number of `flint`."""


def rational(value: Fraction) -> Number:
    """A fraction as a number of `flint`, whose arithmetic is faster on long numbers."""
    return fmpq(value.numerator, value.denominator)


@dataclass(frozen=True)
class Stakes:
    """The parameters of the model, in its order; numbers of any kind that one computes with."""

    toughness: Number
    gain: Number
    harm: Number
    loss: Number
    answer_cost: Number
    shame: Number
    peace: Number
    discount: Number


@dataclass(frozen=True)
class Profile:
    r"""Strategies of all players after every record.

    Attributes
    ----------
    thresholds : the beliefs :math:`A_1, A_2, \dots`, by the number of groups left.
    landings : the beliefs :math:`t_0, t_1, \dots`; 1 where the weak US gives way.
    mixing : the probabilities :math:`x_0, x_1, \dots`.
    untested : with which probability a group attacks that believes :math:`p_0`, by the number of groups left, from 1.
    """

    thresholds: tuple[Number, ...]
    landings: tuple[Number, ...]
    mixing: tuple[Number, ...]
    untested: tuple[Number, ...]


def certify(stakes: Stakes, profile: Profile) -> Certificate:
    """Whether a profile is a sequential equilibrium in which giving way shows weakness for ever."""
    periods = len(profile.thresholds)
    found = [*_groups(stakes, profile), *_weak(stakes, profile)]
    # By giving way the tough US is attacked ever after; by answering it may have quiet.
    found.append(("US, tough", max(-stakes.shame, -stakes.peace) + (stakes.shame == 0)))
    failed = [(name, fmpq(regret)) for name, regret in found if regret > 0]
    worst = max((regret for _, regret in failed), default=fmpq(0))
    regret = Fraction(int(worst.p), int(worst.q))
    return Certificate(
        "sequential", not failed, regret, regret, tuple(dict.fromkeys(name for name, _ in failed)),
        tuple(f"{name}: a deviation gains {regret}" for name, regret in failed), 3 * periods, 3 * periods - len(failed),
    )


def _groups(stakes: Stakes, profile: Profile) -> Iterator[tuple[str, Number]]:
    """What a group gains at most by a deviation, for each number of groups left."""
    g, h = stakes.gain, stakes.harm
    for left, threshold in enumerate(profile.thresholds, 1):
        name = f"group with {left} left"
        landing, attack = profile.landings[left - 1], profile.untested[left - 1]
        # What an attack brings falls in the belief, so that it has the right sign everywhere if it vanishes here.
        yield name, abs(g - (g + h) * threshold / landing) + max(0, threshold - landing)
        answered = min(fmpq(1), stakes.toughness / landing)
        brings = g - (g + h) * answered
        yield f"{name}, nothing learned", max((1 - attack) * brings, -attack * brings, -attack, attack - 1)


def _weak(stakes: Stakes, profile: Profile) -> Iterator[tuple[str, Number]]:
    """The same for the weak US, with so many groups left after the attack."""
    p, quiet = stakes.toughness, fmpq(0)
    after = _Answered(stakes, profile)
    yield "a group believes less with fewer left", fmpq(int(not after.ordered))
    for left, landing in enumerate(profile.landings):
        name = f"weak US with {left} left"
        gains = stakes.discount * after.worth(left) - stakes.answer_cost
        yield name, gains if landing == 1 else abs(gains)
        if p < landing < 1:
            chance = p * (1 - landing) / ((1 - p) * landing)
            believed = p / (p + (1 - p) * chance)
            yield f"{name}, nothing learned", max(-chance, chance - 1, abs(believed - landing))
        elif p > landing:
            yield f"{name}, nothing learned", stakes.answer_cost - stakes.discount * quiet
        # With one group more to come.
        quiet = (1 - profile.untested[left]) * (stakes.loss + stakes.discount * quiet)


class _Answered:
    """What the weak US gains over giving way for ever, just after an answer."""

    def __init__(self, stakes: Stakes, profile: Profile) -> None:
        self.stakes, self.profile = stakes, profile
        # Thresholds in the order of play, rising: no group is easier to deter than the one before.
        self.rising = list(reversed(profile.thresholds))
        self.ordered = all(a <= b for a, b in zip(self.rising, self.rising[1:], strict=False))
        self.quiet = [fmpq(0)]
        for _ in self.rising:
            self.quiet.append(stakes.loss + stakes.discount * self.quiet[-1])

    def worth(self, left: int) -> Number:
        """With so many groups left: quiet until one believes its threshold or less, and on if that one holds."""
        belief, start = self.profile.landings[left], len(self.rising) - left
        first = bisect_left(self.rising, belief, start)
        last = bisect_right(self.rising, belief, first)
        waited, indifferent = first - start, last - first
        found = self.quiet[waited]
        if indifferent:
            holds = 1 - self.profile.mixing[waited]
            # Where it is attacked it does no better and no worse than by giving way.
            found += self.stakes.discount**waited * holds * self.quiet[indifferent]
        return found
