r"""Assessments at a point: what a behaviour strategy profile and a system of beliefs imply.

An *assessment* :math:`(\sigma, \mu)` of a game whose payoffs and chance probabilities are numbers gives every
information set a mixed action :math:`\sigma(\cdot \mid I)` and a belief :math:`\mu(\cdot \mid I)` over its histories.
The *reach probability* of a history is the product of the probabilities of its labels, those of chance included. The
*value* of a history for a player is its expected payoff from there on. The *value of an action* :math:`a` at
:math:`I` is :math:`\sum_{h \in I} \mu(h \mid I) \, v(h, a)`. *Bayes from a source* (a history, or an information set
with the belief there) weighs each history of a later set by the probability with which the moves of the others lead
there from the source, the player's own actions taken as given.

Numbers are `fractions.Fraction` or `Algebraic`; nothing is rounded.

>>> from deterrence.game import Move, PayoffRule, build_game
>>> from deterrence.parameters import ParameterSpace
>>> game = build_game(
...     title="Quiet or loud",
...     players=["Sender", "Receiver"],
...     space=ParameterSpace(()),
...     moves=[
...         Move("chance", actions={"high": "1/4", "low": "3/4"}),
...         Move("Sender", "sender high", after=("high",), actions={"loud": None, "quiet": None}),
...         Move("Sender", "sender low", after=("low",), actions={"loud": None, "quiet": None}),
...         Move("Receiver", "heard", after=("*, loud",), actions={"yield": None, "stand": None}),
...     ],
...     payoffs=[PayoffRule(when=("yield",), amounts={"Sender": 1}),
...              PayoffRule(when=("stand", "high"), amounts={"Receiver": -1})],
... )
>>> half, one, none = Fraction(1, 2), Fraction(1), Fraction(0)
>>> assessment = Assessment(
...     game,
...     {"sender high": {"loud": one, "quiet": none}, "sender low": {"loud": half, "quiet": half},
...      "heard": {"yield": one, "stand": none}},
...     {"heard": {"high, loud": Fraction(2, 5), "low, loud": Fraction(3, 5)}},
... )
>>> print(assessment.outcomes["low, quiet"], assessment.payoffs["Sender"], assessment.events["yield"])
3/8 5/8 5/8
>>> {action: str(value) for action, value in assessment.action_values("heard").items()}
{'yield': '0', 'stand': '-2/5'}
>>> print(assessment.bayes("heard", {(): one})[("high", "loud")])
2/5
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from .algebraic import Real
from .game import Game, History, history_key

__all__ = ["Assessment", "Beliefs", "Strategy"]

Strategy = Mapping[str, Mapping[str, Real]]
Beliefs = Mapping[str, Mapping[str, Real]]

_ZERO = Fraction(0)
_ONE = Fraction(1)


@dataclass(frozen=True, eq=False)
class Assessment:
    """A behaviour strategy profile with beliefs, in a game without parameters.

    Attributes
    ----------
    game : the game at a point; ValueError by whatever meets a parameter.
    strategy : for every information set, the probability of every action.
    beliefs : for every information set of two or more histories, the probability of each, by history key.
    """

    game: Game
    strategy: Strategy
    beliefs: Beliefs

    @cached_property
    def _chance(self) -> Mapping[History, Mapping[str, Fraction]]:
        return {
            history: {label: value.as_fraction() for label, value in move.probabilities.items()}
            for history, move in self.game.chance.items()
        }

    @cached_property
    def terminal_payoffs(self) -> Mapping[History, Mapping[str, Fraction]]:
        """The payoff of every player at every terminal history, as numbers."""
        return {
            history: {player: value.as_fraction() for player, value in amounts.items()}
            for history, amounts in self.game.payoffs.items()
        }

    def mixture(self, history: History) -> Mapping[str, Real]:
        """The probability of each label at a history that is not terminal."""
        if history in self._chance:
            return self._chance[history]
        return self.strategy[self.game.infoset_at[history].name]

    def path(self, history: History, start: int = 0, given: str | None = None) -> Real:
        """The probability of the labels from number ``start`` on, the moves of player ``given`` taken as certain."""
        product: Real = _ONE
        for i in range(start, len(history)):
            if given is None or self.game.mover(history[:i]) != given:
                product = product * self.mixture(history[:i])[history[i]]
        return product

    @cached_property
    def reach(self) -> Mapping[History, Real]:
        """The reach probability of every history, the root first."""
        found: dict[History, Real] = {(): _ONE}
        stack: list[History] = [()]
        while stack:
            history = stack.pop()
            if history in self.game.children:
                for label, probability in self.mixture(history).items():
                    found[(*history, label)] = found[history] * probability
                stack.extend((*history, label) for label in reversed(self.game.children[history]))
        return found

    @cached_property
    def outcomes(self) -> Mapping[str, Real]:
        """The complete histories of positive probability, in the order of the tree."""
        return {history_key(h): self.reach[h] for h in self.game.terminals if self.reach[h] != 0}

    @cached_property
    def payoffs(self) -> Mapping[str, Real]:
        """The expected payoff of every player."""
        return self.values[()]

    @cached_property
    def events(self) -> Mapping[str, Real]:
        """The probability of every named event."""
        return {name: self.probability(labels) for name, labels in self.game.events.items()}

    def probability(self, labels: Iterable[str | tuple[str, ...]]) -> Real:
        """The probability that all of these labels occur (of a tuple of labels, at least one)."""
        wanted = tuple(labels)
        return _total(self.reach[h] for h in self.game.terminals if self.game.occurs(wanted, h))

    @cached_property
    def values(self) -> Mapping[History, Mapping[str, Real]]:
        """The value of every history for every player."""
        found: dict[History, Mapping[str, Real]] = dict(self.terminal_payoffs.items())
        for history in sorted(self.game.children, key=len, reverse=True):
            mixture = self.mixture(history)
            found[history] = {
                player: _total(p * found[(*history, label)][player] for label, p in mixture.items() if p != 0)
                for player in self.game.players
            }
        return found

    def belief(self, name: str) -> Mapping[History, Real]:
        """The belief at an information set; a history that is alone there is certain."""
        infoset = self.game.infoset(name)
        if len(infoset.histories) == 1:
            return {infoset.histories[0]: _ONE}
        return {history: self.beliefs[name][history_key(history)] for history in infoset.histories}

    def action_values(self, name: str) -> Mapping[str, Real]:
        """The value of every action at an information set for the player who moves there, under the belief there."""
        infoset = self.game.infoset(name)
        belief = self.belief(name)
        return {
            action: _total(w * self.values[(*h, action)][infoset.player] for h, w in belief.items() if w != 0)
            for action in infoset.actions
        }

    def bayes(self, name: str, source: Mapping[History, Real]) -> Mapping[History, Real] | None:
        """The belief at an information set by Bayes from a source.

        Parameters
        ----------
        name : the information set.
        source : histories with weights, none a beginning of another.

        Returns
        -------
        The probability of each history of the set, or None where the set has no probability from that source.
        """
        infoset = self.game.infoset(name)
        weights: dict[History, Real] = dict.fromkeys(infoset.histories, _ZERO)
        for start, weight in source.items():
            if weight == 0:
                continue
            for history in infoset.histories:
                if history[: len(start)] == start:
                    weights[history] = weight * self.path(history, len(start), infoset.player)
        total = _total(weights.values())
        return None if total == 0 else {history: weight / total for history, weight in weights.items()}


def _total(values: Iterable[Real]) -> Real:
    total: Real = _ZERO
    for value in values:
        total = total + value
    return total
