r"""The certificate of a trigger equilibrium of `understanding`, from the definition of the game.

The agreement is written out as a public automaton: restraint, and each period of punishment, in calm and in shock. The
values of both sides solve exact linear equations, and no side may gain by a single deviation at any state
(`automata`). Periods in which both attack by agreement, and periods of punishment, go on whatever anybody does there.

>>> half = Fraction(1, 2)
>>> side = {"gain": Fraction(1), "shock_gain": Fraction(0), "loss": Fraction(3), "conflict": Fraction(2),
...         "patience": half, "detection": Fraction(1)}
>>> terms = Agreement({"US": side, "Iran": side}, Fraction(0), Fraction(0), Fraction(1), None, ("calm",), True)
>>> certify(terms, {"US": Fraction(0), "Iran": Fraction(0)})
exact; nash_regret 0; sequential_regret 0 at 4 of 4 information sets
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ..certify import Certificate
from .automata import Automaton, Profile, judge

__all__ = ["BREAKDOWN", "CALM", "CONCEPT", "SHOCK", "Agreement", "certify"]

CONCEPT: Final = "public trigger"
CALM, SHOCK, BREAKDOWN = "calm", "shock", "breakdown"
_ACTIONS: Final = ("restrain", "attack")


@dataclass(frozen=True)
class Agreement:
    """What the two sides agree on, with the numbers of the game.

    Attributes
    ----------
    sides : for each player what it gains by attacking a restrained rival, and further in a shock; what being attacked
        while restrained costs it, and a period of conflict; its patience; how likely its attack is an incident.
    accident, shock : the chance of an incident although both are restrained, and of a shock in a period.
    answer : the chance that an incident ends restraint.
    periods : for how long; None for good.
    covered : the seasons in which both are to restrain themselves: calm, shock.
    threat : whether incidents end restraint at all.
    alone : a side that always attacks while the other restrains itself; empty for none.
    """

    sides: Mapping[str, Mapping[str, Fraction]]
    accident: Fraction
    shock: Fraction
    answer: Fraction
    periods: int | None
    covered: tuple[str, ...]
    threat: bool
    alone: str = ""


def certify(terms: Agreement, claimed: Mapping[str, Fraction] | None = None) -> Certificate:
    """Whether both sides keep to the agreement, and get what is claimed for them."""
    machine = _Machine(terms)
    automaton = Automaton(
        players=tuple(terms.sides), patience={player: side["patience"] for player, side in terms.sides.items()},
        start=machine.drawn("restraint"),
        actions=dict.fromkeys(machine.plan, dict.fromkeys(terms.sides, _ACTIONS)),
        plan=machine.plan, payoff=machine.payoff, move=machine.move,
    )
    return judge(automaton, CONCEPT, claimed=claimed, infoset=_infoset)


def _infoset(player: str, state: str) -> str:
    phase, season = state.split(", ")
    return f"{player} in {season if phase == 'restraint' else BREAKDOWN}"


class _Machine:
    """The states are phases with seasons: ``"restraint, calm"``; ``"2, shock"`` for the second period of punishment."""

    def __init__(self, terms: Agreement) -> None:
        self.terms = terms
        self.seasons = {CALM: 1 - terms.shock, **({SHOCK: terms.shock} if terms.shock else {})}
        phases = ["restraint"]
        if terms.threat:
            phases += [str(n + 1) for n in range(terms.periods or 1)]
        self.plan = {
            f"{phase}, {season}": {player: self._told(player, phase, season) for player in terms.sides}
            for phase in phases
            for season in self.seasons
        }

    def _told(self, player: str, phase: str, season: str) -> str:
        """What a side is to do."""
        if self.terms.alone:
            return "attack" if player == self.terms.alone else "restrain"
        return "restrain" if phase == "restraint" and season in self.terms.covered else "attack"

    def drawn(self, phase: str) -> dict[str, Fraction]:
        """The states in which a phase may begin its period."""
        return {f"{phase}, {season}": chance for season, chance in self.seasons.items()}

    def payoff(self, state: str, profile: Profile) -> dict[str, Fraction]:
        """What a period brings each side."""
        attackers = [player for player, action in profile.items() if action == "attack"]
        paid = {}
        for player, side in self.terms.sides.items():
            if not attackers:
                paid[player] = Fraction(0)
            elif len(attackers) == 2:
                paid[player] = -side["conflict"]
            elif player in attackers:
                paid[player] = side["gain"] + (side["shock_gain"] if state.endswith(SHOCK) else 0)
            else:
                paid[player] = -side["loss"]
        return paid

    def move(self, state: str, profile: Profile) -> dict[str, Fraction]:
        """Where play goes on."""
        phase, season = state.split(", ")
        if phase != "restraint":
            return self.drawn(self._after(int(phase)))
        attackers = [player for player, action in profile.items() if action == "attack"]
        if season not in self.terms.covered or not self.terms.threat or len(attackers) == 2:
            return self.drawn("restraint")
        seen = self.terms.sides[attackers[0]]["detection"] if attackers else self.terms.accident
        ends = seen * self.terms.answer
        mixed = [("restraint", 1 - ends), ("1", ends)]
        return {state: w * p for name, w in mixed for state, p in self.drawn(name).items()}

    def _after(self, period: int) -> str:
        if self.terms.periods is None:
            return "1"
        return "restraint" if period == self.terms.periods else str(period + 1)
