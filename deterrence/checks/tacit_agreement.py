r"""The certificate of stick and carrot in `tacit_agreement`, from the definition of the game.

The agreement is an automaton of two states [abreu1986]: in *restraint* both restrain themselves, and whatever else is
seen leads to *punishment*; there both strike, which leads back to restraint, and whatever else is seen leads to
punishment again.

>>> stakes = Stakes(Fraction(4), Fraction(3), Fraction(1), Fraction(0), Fraction(-1), Fraction(1, 2), Fraction(1, 2))
>>> certify(stakes, True, Fraction(3))
exact; nash_regret 0; sequential_regret 0 at 4 of 4 information sets
>>> certify(stakes, False, Fraction(1)).holds
True
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ..certify import Certificate
from .automata import Automaton, Profile, judge

__all__ = ["CONCEPT", "PLAYERS", "Stakes", "certify"]

CONCEPT: Final = "public trigger"
PLAYERS: Final = ("First", "Second")
_PLAN: Final = {"restraint": "restrain", "punishment": "strike"}


@dataclass(frozen=True)
class Stakes:
    """What a period pays: the temptation, restraint, conflict and being attacked; a strike by both, and the best reply
    to one; with the discount factor.
    """

    temptation: Fraction
    reward: Fraction
    conflict: Fraction
    sucker: Fraction
    strike: Fraction
    strike_reply: Fraction
    patience: Fraction


def certify(stakes: Stakes, kept: bool, claimed: Fraction) -> Certificate:
    """Whether nobody gains by leaving stick and carrot, or else mutual attacks, and gets what is claimed."""
    doing: Mapping[str, str] = _PLAN if kept else dict.fromkeys(_PLAN, "attack")
    automaton = Automaton(
        players=PLAYERS, patience=dict.fromkeys(PLAYERS, stakes.patience), start={"restraint": Fraction(1)},
        actions={state: dict.fromkeys(PLAYERS, (told, "attack")) for state, told in _PLAN.items()},
        plan={state: dict.fromkeys(PLAYERS, told) for state, told in doing.items()},
        payoff=lambda state, profile: _paid(stakes, profile),
        move=lambda state, profile: {_next(state, profile, kept): Fraction(1)},
    )
    return judge(
        automaton, CONCEPT, claimed=dict.fromkeys(PLAYERS, claimed),
        infoset=lambda player, state: f"{player} in {state}",
    )


def _paid(stakes: Stakes, profile: Profile) -> dict[str, Fraction]:
    """What each gets."""
    pays = {
        ("restrain", "restrain"): stakes.reward, ("attack", "restrain"): stakes.temptation,
        ("restrain", "attack"): stakes.sucker, ("attack", "attack"): stakes.conflict,
        ("strike", "strike"): stakes.strike, ("attack", "strike"): stakes.strike_reply,
        # What a striker gets who is not struck back enters no deviation of its own.
        ("strike", "attack"): stakes.strike,
    }
    first, second = (profile[player] for player in PLAYERS)
    return {"First": pays[first, second], "Second": pays[second, first]}


def _next(state: str, profile: Profile, kept: bool) -> str:
    if not kept:
        return state
    return "restraint" if set(profile.values()) == {_PLAN[state]} else "punishment"
