r"""The certificate of an equilibrium of `extremist`, from the definition of the game, for every type of everybody.

The extremist's message is given on intervals of A's cost, the actions of A and B after each message by cutpoints. By
Bayes' rule, over the pieces into which these ends cut the costs, A is hawkish after message :math:`m` with some
probability :math:`p_m`; B with :math:`q_m = F(c_B^m)`, as nobody learns anything of B. A type that is opposed with
probability :math:`p` gets :math:`\mu(1 - p) - c` as a hawk and :math:`-dp` as a dove, so the type that is indifferent
is :math:`\mu + (d - \mu) p`. After a message that is never sent A may be believed to be anybody. The extremist sends
what is best on every piece, given what A and B will do.

>>> half, third = Fraction(1, 2), Fraction(1, 3)
>>> calm = {"demonstrate": (half, half), "stay silent": (half, half)}
>>> terms = Terms(third, Fraction(2, 3), Fraction(0), Fraction(1), Fraction(-1))
>>> certify(terms, ((Fraction(1), Fraction(0)),), calm)
exact; nash_regret 0; sequential_regret 0 at 5 of 5 information sets
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from ..algebraic import Real
from ..certify import Certificate
from .cutpoints import Complaint, verdict

__all__ = ["Terms", "certify"]

MESSAGES: Final = ("demonstrate", "stay silent")
_INFOSETS: Final = (
    "Extremist", *(f"State {state} after {word}" for word in ("demonstration", "silence") for state in "AB"),
)
_WORDS: Final = dict(zip(MESSAGES, ("demonstration", "silence"), strict=True))


@dataclass(frozen=True)
class Terms:
    """The numbers of the game: advantage, exposure, the ends of the costs, the extremist's own cost."""

    advantage: Fraction
    exposure: Fraction
    low: Fraction
    high: Fraction
    extreme: Fraction

    def share(self, low: Any, high: Any) -> Any:
        """The probability of a cost between two numbers."""
        low, high = max(low, self.low), min(high, self.high)
        return (high - low) / (self.high - self.low) if high > low else Fraction(0)

    def indifferent(self, opposed: Any) -> Any:
        """The cost at which hawk and dove come to the same against so likely a hawk."""
        return self.advantage + (self.exposure - self.advantage) * opposed


def certify(
    terms: Terms, sent: Sequence[tuple[Real, Real]], cuts: Mapping[str, tuple[Real, Real]]
) -> Certificate:
    """Whether nobody gains by doing otherwise.

    Parameters
    ----------
    terms : the numbers of the game.
    sent : upper ends of intervals of A's cost, in order, with the chance of a demonstration on each.
    cuts : for each message the cutpoints of A and B, at or below which they are hawkish.
    """
    complaints = list(_complaints(terms, sent, cuts))
    # No payoff is larger than the advantage less the least cost, none smaller than war or exposure at the worst.
    extent = terms.advantage + terms.exposure + 2 * max(abs(x) for x in (terms.low, terms.high, terms.extreme))
    return verdict("cutpoint", _INFOSETS, complaints, extent if complaints else Fraction(0))


def _complaints(
    terms: Terms, sent: Sequence[tuple[Real, Real]], cuts: Mapping[str, tuple[Real, Real]]
) -> Iterator[Complaint]:
    if any(not 0 <= chance <= 1 for _, chance in sent) or sent[-1][0] < terms.high:
        yield "Extremist", "the messages are no distribution"
    opposed = {message: terms.share(terms.low, cuts[message][1]) for message in MESSAGES}
    heard = dict.fromkeys(MESSAGES, Fraction(0))
    hawks = dict.fromkeys(MESSAGES, Fraction(0))
    for low, high, loud in _pieces(terms, sent, cuts):
        weight = terms.share(low, high)
        gains = {m: _worth(terms, high <= cuts[m][0], opposed[m]) for m in MESSAGES}
        better = gains[MESSAGES[0]] - gains[MESSAGES[1]]
        if (better > 0 and loud < 1) or (better < 0 and loud > 0):
            yield "Extremist", "it gains by the other message"
        for message, chance in zip(MESSAGES, (loud, 1 - loud), strict=True):
            heard[message] += weight * chance
            hawks[message] += weight * chance * (high <= cuts[message][0])
    for message in MESSAGES:
        cut_a, cut_b = cuts[message]
        if cut_a != terms.indifferent(opposed[message]):
            yield f"State A after {_WORDS[message]}", "the type at its cutpoint is not indifferent"
        best = [terms.indifferent(p) for p in ((hawks[message] / heard[message],) if heard[message] else (0, 1))]
        if not min(best) <= cut_b <= max(best):
            yield f"State B after {_WORDS[message]}", "the type at its cutpoint is not indifferent"


def _worth(terms: Terms, hawkish: bool, opposed: Any) -> Any:
    """What the extremist expects where A is hawkish or not and B with this probability: A's payoff at its own cost."""
    return terms.advantage * (1 - opposed) - terms.extreme if hawkish else -terms.exposure * opposed


def _pieces(
    terms: Terms, sent: Sequence[tuple[Real, Real]], cuts: Mapping[str, tuple[Real, Real]]
) -> Iterator[tuple[Any, Any, Any]]:
    """Intervals of A's cost on which everybody does one thing, with the chance of a demonstration."""
    ends = {terms.low, terms.high, *(end for end, _ in sent), *(cut for cut, _ in cuts.values())}
    inside = sorted(end for end in ends if terms.low <= end <= terms.high)
    for low, high in pairwise(inside):
        yield low, high, next(chance for end, chance in sent if high <= end)
