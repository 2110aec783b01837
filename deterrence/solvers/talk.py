r"""The formulas of `extremist`: cutpoints, events and payoffs, in numbers or in symbols.

Only sums, products and quotients are taken, so that the same code serves fractions, exact roots and expressions.
`extremist` derives them.

>>> from fractions import Fraction
>>> talk = Talk(*map(Fraction, ("1/4", "1/2", "-1/4", "3/4", "-1/10")))
>>> talk.calm, talk.excess(talk.calm) > 0 > talk.excess(talk.loud)
(Fraction(5, 12), True)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Talk"]


@dataclass(frozen=True)
class Talk:
    """The formulas of the game, in numbers or in symbols.

    Attributes
    ----------
    gain, harm : the advantage and the exposure [mu, d].
    low, high : the ends of the costs.
    extreme : the extremist's cost.
    sign : of harm - gain: 1 for complements, -1 for substitutes.
    quiet : the cutpoint of B after silence.
    mixing : the chance of a demonstration where it is meant to be heard.
    """

    gain: Any
    harm: Any
    low: Any
    high: Any
    extreme: Any
    sign: int = 1
    quiet: Any = None
    mixing: Any = 0

    def share(self, x: Any) -> Any:
        """The probability of a cost of at most so much [F]."""
        return (x - self.low) / (self.high - self.low)

    def reply(self, x: Any) -> Any:
        """The best reply to a cutpoint [Gamma]."""
        return self.gain + (self.harm - self.gain) * self.share(x)

    @property
    def calm(self) -> Any:
        """The cutpoint of both without talk."""
        width, slope = self.high - self.low, self.harm - self.gain
        return (self.gain * width - slope * self.low) / (width - slope)

    @property
    def loud(self) -> Any:
        """The cutpoint of B after a demonstration."""
        return self.harm if self.sign > 0 else self.gain

    @property
    def tempted(self) -> Any:
        """B's cutpoint after silence that leaves the extremist indifferent, from its cost."""
        if self.sign > 0:
            chance = (self.extreme - self.gain * (1 - self.share(self.harm))) / self.harm
        else:
            chance = 1 - (self.extreme - self.harm * self.share(self.gain)) / self.gain
        return self.low + (self.high - self.low) * chance

    def excess(self, quiet: Any) -> Any:
        """Zero at B's cutpoint after silence where every demonstration that is meant is made, positive below."""
        own, other = self.share(self.reply(quiet)), self.share(self.reply(self.loud))
        hawks, all_quiet = (own, 1 - other + own) if self.sign > 0 else (other, 1 + other - own)
        return (self.harm - self.gain) * hawks - (quiet - self.gain) * all_quiet

    def mixed(self) -> Any:
        """The chance of a demonstration at which B's cutpoint after silence is `tempted`."""
        own, other = self.share(self.reply(self.tempted)), self.share(self.reply(self.loud))
        slope, beyond = self.harm - self.gain, self.tempted - self.gain
        if self.sign > 0:
            return (1 - slope * own / beyond) / (other - own)
        # (own - s)/(1 - s) = beyond/slope.
        return (own - beyond / slope) / (1 - beyond / slope) / (own - other)

    # At given `quiet` and `mixing`.

    @property
    def heard(self) -> Any:
        """The probability of a demonstration."""
        return self.mixing * self.sign * (self.share(self.reply(self.loud)) - self.share(self.reply(self.quiet)))

    @property
    def hawks(self) -> Any:
        """The probability that A is hawkish and heard silence."""
        own = self.share(self.reply(self.quiet))
        return own if self.sign > 0 else own - self.heard

    def events(self) -> dict[str, Any]:
        """The probability of each event."""
        loud, quiet, heard, hawks = self.share(self.loud), self.share(self.quiet), self.heard, self.hawks
        fierce = heard if self.sign > 0 else heard * 0
        calm = (1 - heard - hawks) * (1 - quiet) + (heard - fierce) * (1 - loud)
        return {
            "demonstration": heard, "hawk_a": hawks + fierce, "hawk_b": heard * loud + (1 - heard) * quiet,
            "deterrence_failure": 1 - calm, "spiral": hawks * quiet + fierce * loud,
        }

    def payoffs(self) -> dict[str, Any]:
        """What each expects before it learns anything."""
        loud, quiet, heard, hawks = self.share(self.loud), self.share(self.quiet), self.heard, self.hawks
        own, other = self.reply(self.quiet), self.reply(self.loud)
        fierce = heard if self.sign > 0 else heard * 0
        # The costs of the hawkish types: those between the cutpoints count with the chance that they are.
        middle = self.mixing if self.sign > 0 else 1 - self.mixing
        first = self._cost(own if self.sign > 0 else other)
        spent = first + middle * self.sign * (self._cost(other) - self._cost(own))
        worth = (
            hawks * self.gain * (1 - quiet) + fierce * self.gain * (1 - loud)
            - (1 - heard - hawks) * self.harm * quiet - (heard - fierce) * self.harm * loud
        )
        calm = 1 - heard - hawks
        b_quiet = self.gain * calm * quiet - (1 - heard) * self._cost(self.quiet) - self.harm * hawks * (1 - quiet)
        b_loud = (heard - fierce) * self.gain * loud - heard * self._cost(self.loud) - fierce * self.harm * (1 - loud)
        return {
            "Extremist": worth - self.extreme * (hawks + fierce), "State A": worth - spent, "State B": b_quiet + b_loud,
        }

    def _cost(self, cut: Any) -> Any:
        """The cost, on average over all types, of those below a cutpoint."""
        return (cut * cut - self.low * self.low) / (2 * (self.high - self.low))

    def strategy(self) -> dict[str, dict[str, Any]]:
        """What is done, as shares of those who hear the message; where none is sent A and B do as without talk."""
        heard = self.heard
        told = {"demonstration": (self.hawks * 0 + (1 if self.sign > 0 else 0), self.share(self.loud))}
        told["silence"] = self.hawks / (1 - heard), self.share(self.quiet)
        rows = {"Extremist": {"demonstrate": heard, "stay silent": 1 - heard}}
        for word, shares in told.items():
            for state, hawk in zip("AB", shares, strict=True):
                rows[f"State {state} after {word}"] = {"hawk": hawk, "dove": 1 - hawk}
        return rows

    def silent(self) -> dict[str, dict[str, Any]]:
        """What is done where nobody heeds the extremist."""
        hawk = self.share(self.calm)
        rows = {"Extremist": {"demonstrate": hawk * 0, "stay silent": hawk * 0 + 1}}
        for word in ("demonstration", "silence"):
            rows.update({f"State {state} after {word}": {"hawk": hawk, "dove": 1 - hawk} for state in "AB"})
        return rows
