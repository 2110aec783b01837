r"""Certificates: whether an assessment is what a solver says it is, decided from the definition of the concept.

No code is shared with any solver. For an assessment :math:`(\sigma, \mu)` of a game at a point:

- the **Nash regret** is the largest gain of a player from a best response to :math:`\sigma_{-i}`, found by backward
  induction over the player's information sets with the weights that the others give to their histories;
- the **sequential regret** at an information set :math:`I` is the gain from the best continuation strategy there, all
  later own actions included, under :math:`\mu(\cdot \mid I)`, whether :math:`I` is reached or not; the certificate has
  the largest one;
- **(b)** :math:`\mu(\cdot \mid I)` is what Bayes' rule gives from the player's latest earlier information set, from the
  root and from the root of each proper subgame, own actions taken as given, whenever that has positive probability;
- **(c)** where types are drawn independently, the belief about the type of player :math:`j` is one function of the
  public history up to the last move of :math:`j`: the prior where :math:`j` has not moved, the same for everybody else.

The *draw* is the chance moves before anybody moves. The *type* of a player is a cell of draws: two draws are in one
cell where the same information sets of the player can follow them. Types are drawn independently where the
probability of every combination of cells is the product of those of the cells. The *public history* of an information
set is what its histories share after the draw; it counts for (c) where that is all of it, or where every play through
it passes the set, so that the rest is unseen.

A ``nash`` certificate holds on the Nash regret alone; its sequential regret is, at each information set that Bayes'
rule from the root or a proper subgame leaves open, the least that any belief allows (a linear programme, solved
exactly). ``sequential`` also asks for consistency [kreps_wilson1982], see `is_consistent`.

>>> from deterrence.game import Move, PayoffRule, build_game
>>> from deterrence.parameters import ParameterSpace
>>> entry = build_game(
...     title="Entry deterrence",
...     players=["Entrant", "Incumbent"],
...     space=ParameterSpace(()),
...     moves=[
...         Move("Entrant", "entry", actions={"out": None, "in": None}),
...         Move("Incumbent", "reply", after=("in",), actions={"fight": None, "accommodate": None}),
...     ],
...     payoffs=[
...         PayoffRule(when=("out",), amounts={"Incumbent": 2}),
...         PayoffRule(when=("fight",), amounts={"Entrant": -1, "Incumbent": -1}),
...         PayoffRule(when=("accommodate",), amounts={"Entrant": 1, "Incumbent": 1}),
...     ],
... )
>>> yes, no = Fraction(1), Fraction(0)
>>> threat = {"entry": {"out": yes, "in": no}, "reply": {"fight": yes, "accommodate": no}}
>>> certify(entry, threat, {}, "nash")
nash holds; exact; nash_regret 0; sequential_regret 0 at 1 of 2 information sets, up to 2: fails at reply
>>> certify(entry, threat, {}, "pbe").holds
False
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, reduce
from math import lcm
from typing import Any, Final

from .algebraic import Real
from .assessment import Assessment, Beliefs, Strategy
from .errors import NotSupportedError
from .game import CHANCE, Game, History, InformationSet, history_key

__all__ = ["CONCEPTS", "Certificate", "certify", "is_consistent", "types_independent"]

CONCEPTS: Final = ("nash", "pbe", "sequential")

_ZERO = Fraction(0)
_ONE = Fraction(1)


@dataclass(frozen=True)
class Certificate:
    """What was checked, and how far the assessment is from the concept.

    Attributes
    ----------
    concept : ``"nash"``, ``"pbe"`` or ``"sequential"``.
    holds : whether the assessment is an equilibrium of that concept.
    nash_regret, sequential_regret : in units of payoff; a float is a proven upper bound; None where the strategies are
        no distributions.
    fails_at : the information sets at which sequential rationality, Bayes' rule or (c) fails, in the order of the game.
    reasons : for each failure a sentence.
    infosets, rational : how many information sets were checked, and at how many of them the regret is zero.
    arithmetic : ``"exact"``, or ``"ball"`` where regrets are bounds from ball arithmetic.
    """

    concept: str
    holds: bool
    nash_regret: Real | float | None
    sequential_regret: Real | float | None
    fails_at: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    infosets: int = 0
    rational: int = 0
    arithmetic: str = "exact"

    def to_dict(self) -> dict[str, Any]:
        """As in the contract, section 4."""
        return {
            "concept": self.concept,
            "holds": self.holds,
            "nash_regret": _written(self.nash_regret),
            "sequential_regret": _written(self.sequential_regret),
            "fails_at": list(self.fails_at),
            "arithmetic": self.arithmetic,
        }

    def __repr__(self) -> str:
        if self.arithmetic != "exact" and self.holds:
            return f"{self.arithmetic} arithmetic; regret proved to be at most {float(self.sequential_regret or 0):.1e}"
        verdict = "" if self.holds and not self.fails_at else f"{self.concept} {'holds' if self.holds else 'fails'}; "
        text = f"{verdict}{self.arithmetic}; nash_regret {self.nash_regret}; "
        text += f"sequential_regret 0 at {self.rational} of {self.infosets} information sets"
        if self.sequential_regret:
            text += f", up to {self.sequential_regret}"
        return text + (f": fails at {', '.join(self.fails_at)}" if self.fails_at else "")


def _written(regret: Real | float | None) -> str | float | None:
    return regret if regret is None or isinstance(regret, float) else str(regret)


def certify(
    game: Game, strategy: Strategy, beliefs: Beliefs, concept: str = "pbe", independent: bool | None = None
) -> Certificate:
    """Check an assessment against the definition of a concept.

    Parameters
    ----------
    game : a game at a point (`Game.at`).
    strategy : for every information set, the probability of every action.
    beliefs : for every information set of two or more histories, the probability of each, by history key; not looked
        at for ``"nash"``.
    concept : ``"nash"``, ``"pbe"`` or ``"sequential"``.
    independent : whether types are drawn independently, for a caller who knows the game with its parameters;
        None decides it at the point.

    Raises
    ------
    NotSupportedError
        for another concept.
    ValueError
        where the game still has parameters.
    """
    if concept not in CONCEPTS:
        raise NotSupportedError(f"no certificate for {concept!r}; there are {', '.join(CONCEPTS)}")
    malformed = _malformed(game, strategy, {} if concept == "nash" else beliefs, concept != "nash")
    if malformed:
        names = tuple(i.name for i in game.infosets if any(name == i.name for name, _ in malformed))
        return Certificate(concept, False, None, None, names, tuple(text for _, text in malformed), len(game.infosets))
    check = _Check(Assessment(game, strategy, beliefs))
    gains = {player: check.best(player, {(): _ONE}) - check.here.payoffs[player] for player in game.players}
    reasons = [f"{p} gains {g} by another strategy" for p, g in gains.items() if g > 0]
    nash = max(gains.values())
    regrets = {i.name: check.least_regret(i) if concept == "nash" else check.regret(i) for i in game.infosets}
    any_belief = " under any belief" if concept == "nash" else ""
    found = [(n, f"at {n!r} another continuation gains {r}{any_belief}") for n, r in regrets.items() if r > 0]
    if concept != "nash":
        found += check.bayes_failures()
        if types_independent(game) if independent is None else independent:
            found += _Types(check.here).failures()
    failed = {name for name, _ in found}
    rational = sum(regret == 0 for regret in regrets.values())
    holds = nash == 0 and (concept == "nash" or not failed)
    if concept == "sequential" and holds and not is_consistent(game, strategy, beliefs):
        holds = False
        reasons.append("the assessment is no limit of completely mixed strategies with their beliefs")
    return Certificate(
        concept, holds, nash, max(regrets.values(), default=_ZERO),
        tuple(i.name for i in game.infosets if i.name in failed),
        (*reasons, *(text for _, text in found)), len(game.infosets), rational,
    )


def _malformed(game: Game, strategy: Strategy, beliefs: Beliefs, with_beliefs: bool) -> list[tuple[str, str]]:
    """The information sets at which a strategy or a belief is no distribution, each with a sentence."""
    found = []
    for infoset in game.infosets:
        wanted: list[tuple[str, Sequence[str], Mapping[str, Real] | None]] = [
            ("mixed action", infoset.actions, strategy.get(infoset.name))
        ]
        if with_beliefs and len(infoset.histories) > 1:
            keys = [history_key(history) for history in infoset.histories]
            wanted.append(("belief", keys, beliefs.get(infoset.name)))
        for what, keys_, given in wanted:
            if given is None:
                found.append((infoset.name, f"there is no {what} at {infoset.name!r}"))
            elif set(given) != set(keys_):
                found.append((infoset.name, f"the {what} at {infoset.name!r} is not over {', '.join(keys_)}"))
            elif any(value < 0 for value in given.values()) or _total(given.values()) != 1:
                found.append((infoset.name, f"the {what} at {infoset.name!r} is no distribution"))
    return found


class _Check:
    """The regrets of one assessment."""

    def __init__(self, here: Assessment) -> None:
        self.here = here
        self.game = here.game

    def _expand(self, player: str, weights: Mapping[History, Real]) -> tuple[Real, dict[str, dict[History, Real]]]:
        """The payoff collected before the player moves again, and the weights with which its next sets are reached."""
        payoff: Real = _ZERO
        reached: dict[str, dict[History, Real]] = {}
        stack = [(history, weight) for history, weight in weights.items() if weight != 0]
        while stack:
            history, weight = stack.pop()
            infoset = self.game.infoset_at.get(history)
            if history in self.here.terminal_payoffs:
                payoff = payoff + weight * self.here.terminal_payoffs[history][player]
            elif infoset is not None and infoset.player == player:
                reached.setdefault(infoset.name, {})[history] = weight
            else:
                mixture = self.here.mixture(history)
                stack.extend(((*history, a), weight * p) for a, p in mixture.items() if p != 0)
        return payoff, reached

    def best(self, player: str, weights: Mapping[History, Real]) -> Real:
        """The largest payoff of a player, summed over weighted histories none of which is a beginning of another."""
        payoff, reached = self._expand(player, weights)
        return payoff + _total(self.best_at(player, name, at)[0] for name, at in reached.items())

    def best_at(self, player: str, name: str, weights: Mapping[History, Real]) -> tuple[Real, str]:
        """The same at one of the player's information sets, with the action that attains it."""
        actions = self.game.infoset(name).actions
        values = [self.best(player, {(*h, a): w for h, w in weights.items()}) for a in actions]
        top = max(values)
        return top, actions[values.index(top)]

    def value(self, infoset: InformationSet, weights: Mapping[History, Real]) -> Real:
        """What the player gets as things are, summed over weighted histories of one of its information sets."""
        return _total(w * self.here.values[h][infoset.player] for h, w in weights.items() if w != 0)

    def regret(self, infoset: InformationSet, belief: Mapping[History, Real] | None = None) -> Real:
        """The gain from the best continuation strategy at an information set, under the belief there."""
        weights = self.here.belief(infoset.name) if belief is None else belief
        return self.best_at(infoset.player, infoset.name, weights)[0] - self.value(infoset, weights)

    def least_regret(self, infoset: InformationSet) -> Real:
        """The least gain under any belief that Bayes' rule from the root and the proper subgames allows."""
        if len(infoset.histories) == 1:
            return self.regret(infoset)
        for root in self._roots(infoset):
            belief = self.here.bayes(infoset.name, {root: _ONE})
            if belief is not None:
                return self.regret(infoset, belief)
        first = infoset.histories[0]
        belief = {history: _ONE if history == first else _ZERO for history in infoset.histories}
        rows: list[list[Real]] = []
        while True:
            # Each round adds the gains of the continuation that is best at the present belief; there are finitely many.
            gain = self.regret(infoset, belief)
            if gain <= max([_ZERO, *(_dot(row, belief.values()) for row in rows)]):
                return gain
            rows.append(self._gains(infoset, belief))
            belief = dict(zip(infoset.histories, _least_maximum(rows), strict=True))

    def _gains(self, infoset: InformationSet, belief: Mapping[History, Real]) -> list[Real]:
        """History by history, the gain of the continuation strategy that is best under a belief."""
        plan: dict[str, str] = {}
        self._plan(infoset.player, infoset.name, belief, plan)
        return [
            self._follow(infoset.player, {history: _ONE}, plan) - self.here.values[history][infoset.player]
            for history in infoset.histories
        ]

    def _plan(self, player: str, name: str, weights: Mapping[History, Real], plan: dict[str, str]) -> None:
        plan[name] = self.best_at(player, name, weights)[1]
        _, reached = self._expand(player, {(*h, plan[name]): w for h, w in weights.items()})
        for later, at in reached.items():
            self._plan(player, later, at, plan)

    def _follow(self, player: str, weights: Mapping[History, Real], plan: Mapping[str, str]) -> Real:
        """The payoff from a plan; where the plan is silent, from the first action."""
        payoff, reached = self._expand(player, weights)
        for name, at in reached.items():
            action = plan.get(name, self.game.infoset(name).actions[0])
            payoff = payoff + self._follow(player, {(*h, action): w for h, w in at.items()}, plan)
        return payoff

    def bayes_failures(self) -> list[tuple[str, str]]:
        """The information sets at which (b) fails, each with a sentence."""
        found = []
        for infoset in (i for i in self.game.infosets if len(i.histories) > 1):
            stated = self.here.belief(infoset.name)
            for source, words in self._sources(infoset):
                belief = self.here.bayes(infoset.name, source)
                if belief is not None and any(belief[history] != stated[history] for history in infoset.histories):
                    what = f"at {infoset.name!r} the belief is not that of Bayes' rule from {words}"
                    found.append((infoset.name, what))
                    break
        return found

    def _roots(self, infoset: InformationSet) -> list[History]:
        """The roots of the game and of the proper subgames in which an information set lies."""
        first = infoset.histories[0]
        return [root for root in ((), *self.game.subgame_roots) if first[: len(root)] == root]

    def _sources(self, infoset: InformationSet) -> list[tuple[Mapping[History, Real], str]]:
        """Where Bayes' rule starts for an information set: the latest own one before it, the root, proper subgames."""
        sources: list[tuple[Mapping[History, Real], str]] = [
            ({root: _ONE}, f"the subgame after {history_key(root)!r}" if root else "the root")
            for root in self._roots(infoset)
        ]
        own = self.game.own_sequence(infoset.player, infoset.histories[0])
        if own:
            sources.insert(0, (self.here.belief(own[-1][0]), f"the information set {own[-1][0]!r}"))
        return sources


class _Draws:
    """The draw of a game, and every player's type as a cell of it."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self.probability: dict[History, Fraction] = {}
        stack: list[tuple[History, Fraction]] = [((), _ONE)]
        while stack:
            history, weight = stack.pop()
            if history in game.chance:
                chances = {a: p.as_fraction() for a, p in game.chance[history].probabilities.items()}
                stack.extend(((*history, a), weight * chances[a]) for a in reversed(game.children[history]))
            else:
                self.probability[history] = weight
        self.cell: dict[str, dict[History, int]] = {}
        for player in game.players:
            follows: dict[History, list[str]] = {draw: [] for draw in self.probability}
            for infoset in game.infosets:
                if infoset.player == player:
                    for draw in dict.fromkeys(self.draw_of(history) for history in infoset.histories):
                        follows[draw].append(infoset.name)
            numbers: dict[tuple[str, ...], int] = {}
            self.cell[player] = {draw: numbers.setdefault(tuple(s), len(numbers)) for draw, s in follows.items()}

    def draw_of(self, history: History) -> History:
        """The draw with which a history starts."""
        return next(history[:i] for i in range(len(history) + 1) if history[:i] in self.probability)

    def prior(self, player: str) -> dict[int, Fraction]:
        """The probability of each type of a player."""
        found: dict[int, Fraction] = {}
        for draw, cell in self.cell[player].items():
            found[cell] = found.get(cell, _ZERO) + self.probability[draw]
        return found

    @cached_property
    def independent(self) -> bool:
        """Whether every combination of types has the product of their probabilities."""
        joint: dict[tuple[int, ...], Fraction] = {}
        for draw, weight in self.probability.items():
            cells = tuple(self.cell[player][draw] for player in self.game.players)
            joint[cells] = joint.get(cells, _ZERO) + weight
        priors = [self.prior(player) for player in self.game.players]
        # A combination that cannot occur shows here too: then the others have more than their products.
        return all(
            weight == reduce(lambda p, pair: p * pair[0][pair[1]], zip(priors, cells, strict=True), _ONE)
            for cells, weight in joint.items()
        )


def types_independent(game: Game) -> bool:
    """Whether the types of the players are drawn independently in a game at a point; False without a draw."""
    return () in game.chance and _Draws(game).independent


class _Types:
    """Requirement (c): beliefs about types that were drawn independently."""

    def __init__(self, here: Assessment) -> None:
        self.here = here
        self.game = here.game
        self.draws = _Draws(here.game)

    def failures(self) -> list[tuple[str, str]]:
        """The information sets at which (c) fails, each with a sentence."""
        found = []
        if () not in self.game.chance:
            return []
        public = [(i, p) for i in self.game.infosets if (p := self.public(i)) is not None]
        public.sort(key=lambda pair: len(pair[1]))
        for about in self.game.players:
            prior = self.draws.prior(about)
            stated: dict[History, tuple[str, dict[int, Real]]] = {(): ("the prior", dict(prior.items()))}
            for infoset, history in public:
                anchor = self.anchor(about, history)
                if infoset.player == about or anchor is None or len(prior) == 1:
                    continue
                marginal = self.marginal(about, infoset)
                where, expected = stated.setdefault(anchor, (f"that at {infoset.name!r}", marginal))
                if any(marginal.get(cell, _ZERO) != expected.get(cell, _ZERO) for cell in prior):
                    found.append(
                        (infoset.name, f"at {infoset.name!r} the belief about the type of {about} is not {where}")
                    )
        return found

    def marginal(self, about: str, infoset: InformationSet) -> dict[int, Real]:
        """The belief about a player's type at an information set."""
        found: dict[int, Real] = {}
        for history, weight in self.here.belief(infoset.name).items():
            cell = self.draws.cell[about][self.draws.draw_of(history)]
            found[cell] = found.get(cell, _ZERO) + weight
        return found

    def public(self, infoset: InformationSet) -> History | None:
        """What its histories share after the draw, if that is all of it or the rest is unseen; else None."""
        parts = [(draw, h[len(draw):]) for h in infoset.histories for draw in [self.draws.draw_of(h)]]
        first = parts[0][1]
        shared = next(
            first[:n] for n in range(len(first), -1, -1) if all(rest[:n] == first[:n] for _, rest in parts)
        )
        if all(rest == shared for _, rest in parts):
            return shared
        members = set(infoset.histories)
        starts = dict.fromkeys((*draw, *shared) for draw, _ in parts)
        return shared if all(self._passes(start, members) for start in starts) else None

    def _passes(self, history: History, members: set[History]) -> bool:
        """Whether every play through a history passes one of these histories."""
        if history in members:
            return True
        return history in self.game.children and all(
            self._passes((*history, label), members) for label in self.game.children[history]
        )

    def anchor(self, about: str, public: History) -> History | None:
        """The public history up to the last move that can say something about a player's type.

        None where chance or the rules make a step depend on the type in a way that depends on other types too: then
        beliefs of different believers may differ by Bayes' rule itself.
        """
        anchor: History = ()
        cells = self.draws.cell[about]
        for k, label in enumerate(public):
            present = [draw for draw in cells if (*draw, *public[:k]) in self.game.children]
            if any(self.game.mover((*draw, *public[:k])) == about for draw in present):
                anchor = public[: k + 1]
                continue
            likelihood = {draw: self._likelihood((*draw, *public[:k]), label) for draw in present}
            others = {
                draw: tuple(self.draws.cell[p][draw] for p in self.game.players if p != about) for draw in present
            }
            if _is_function(likelihood, others):
                continue
            if not _is_function(likelihood, cells):
                return None
            anchor = public[: k + 1]
        return anchor

    def _likelihood(self, history: History, label: str) -> Fraction:
        """How likely the type makes a step of somebody else: the probability of chance, or whether it is possible."""
        if label not in self.game.children[history]:
            return _ZERO
        if self.game.mover(history) == CHANCE:
            return self.game.chance[history].probabilities[label].as_fraction()
        return _ONE


def _is_function(values: Mapping[History, Fraction], of: Mapping[History, Any]) -> bool:
    seen: dict[Any, Fraction] = {}
    return all(seen.setdefault(of[draw], value) == value for draw, value in values.items())


def is_consistent(game: Game, strategy: Strategy, beliefs: Beliefs) -> bool:
    r"""Whether an assessment is consistent in the sense of Kreps and Wilson.

    It is exactly if there are trembles :math:`c_a \varepsilon^{k_a}` for the actions of probability zero such that the
    belief at every information set is the limit of Bayes' rule: histories of positive belief have the least total
    exponent there, and their beliefs are to each other as the products of the coefficients [kreps_wilson1982, lemmas
    A1 and A2]. The exponents are a linear programme over the rationals. The logarithms of the
    coefficients solve linear equations whose left sides are whole numbers: solvable exactly if every combination of the
    equations that leaves nothing on the left multiplies to one on the right.

    Parameters
    ----------
    game : a game at a point.
    strategy, beliefs : a strategy profile and beliefs, both distributions.
    """
    here = Assessment(game, strategy, beliefs)
    trembles = [(i.name, a) for i in game.infosets for a in i.actions if strategy[i.name][a] == 0]
    number = {tremble: n for n, tremble in enumerate(trembles)}
    exponents: list[tuple[dict[int, Fraction], bool]] = []
    ratios: list[tuple[dict[int, Fraction], Real]] = []
    for infoset in game.infosets:
        belief = here.belief(infoset.name)
        first = next(history for history, weight in belief.items() if weight != 0)
        base, weight = _leading(here, first, number)
        for history in infoset.histories:
            if history == first:
                continue
            total, other = _leading(here, history, number)
            difference = {n: d for n in {**base, **total} if (d := total.get(n, _ZERO) - base.get(n, _ZERO)) != 0}
            exponents.append((difference, belief[history] != 0))
            if belief[history] != 0:
                ratios.append((difference, belief[history] / belief[first] * weight / other))
    return _exponents_exist(exponents, len(trembles)) and _coefficients_exist(ratios)


def _leading(
    here: Assessment, history: History, number: Mapping[tuple[str, str], int]
) -> tuple[dict[int, Fraction], Real]:
    """The trembles on the way to a history with their multiplicity, and the product of all other probabilities."""
    counts: dict[int, Fraction] = {}
    product: Real = _ONE
    for i, label in enumerate(history):
        probability = here.mixture(history[:i])[label]
        if probability != 0:
            product = product * probability
        else:
            n = number[here.game.infoset_at[history[:i]].name, label]
            counts[n] = counts.get(n, _ZERO) + 1
    return counts, product


def _exponents_exist(differences: Sequence[tuple[dict[int, Fraction], bool]], size: int) -> bool:
    """Whether exponents of at least one make each difference zero where it must be, else positive."""
    rows: list[dict[int, Real]] = []
    right: list[Real] = []
    for difference, equal in differences:
        row: dict[int, Real] = dict(difference)
        if not equal:
            row[size + len(rows)] = -_ONE
        rows.append(row)
        right.append((_ZERO if equal else _ONE) - _total(difference.values()))
    return _linear_programme(rows, right, {}) is not None


def _coefficients_exist(equations: Sequence[tuple[dict[int, Fraction], Real]]) -> bool:
    """Whether positive numbers have these products: each equation maps numbers to exponents, and has the product."""
    solved: list[tuple[int, dict[int, Fraction], dict[int, Fraction]]] = []
    for i, (left, _) in enumerate(equations):
        row, used = dict(left), {i: _ONE}
        for pivot, other, sources in solved:
            factor = row.get(pivot, _ZERO)
            if factor:
                row, used = _plus(row, other, -factor), _plus(used, sources, -factor)
        if row:
            pivot = min(row)
            scale = 1 / row[pivot]
            solved.append((pivot, _plus({}, row, scale), _plus({}, used, scale)))
            continue
        whole = reduce(lcm, (f.denominator for f in used.values()), 1)
        product: Real = _ONE
        for n, factor in used.items():
            product = product * equations[n][1] ** int(factor * whole)
        if product != 1:
            return False
    return True


def _plus(row: Mapping[int, Fraction], other: Mapping[int, Fraction], factor: Fraction) -> dict[int, Fraction]:
    return {n: v for n in {**row, **other} if (v := row.get(n, _ZERO) + factor * other.get(n, _ZERO)) != 0}


def _least_maximum(rows: Sequence[Sequence[Real]]) -> list[Real]:
    """The distribution that makes the largest of some weighted sums, but at least zero, as small as possible."""
    size = len(rows[0])
    table: list[dict[int, Real]] = [dict.fromkeys(range(size), _ONE)]
    for k, row in enumerate(rows):
        table.append({**{n: v for n, v in enumerate(row) if v != 0}, size: -_ONE, size + 1 + k: _ONE})
    solution = _linear_programme(table, [_ONE] + [_ZERO] * len(rows), {size: _ONE})
    if solution is None:
        raise AssertionError("the simplex of beliefs is not empty")
    return [solution.get(n, _ZERO) for n in range(size)]


def _linear_programme(
    rows: Sequence[Mapping[int, Real]], right: Sequence[Real], cost: Mapping[int, Real]
) -> dict[int, Real] | None:
    """Non-negative numbers that satisfy equations at the least cost, by the simplex method with Bland's rule.

    Returns the values that are not zero, or None where the equations have no solution; the cost must be bounded below.
    """
    table = [
        (dict(row), b) if b >= 0 else ({n: -v for n, v in row.items()}, -b)
        for row, b in zip(rows, right, strict=True)
    ]
    columns = 1 + max((n for row in rows for n in row), default=-1)
    basis = [columns + i for i in range(len(table))]
    artificial: dict[int, Real] = {}
    for row, _ in table:
        for n, value in row.items():
            artificial[n] = artificial.get(n, _ZERO) - value
    _pivot_to_optimum(table, basis, artificial)
    if any(b != 0 for n, (_, b) in zip(basis, table, strict=True) if n >= columns):
        return None
    for i, (row, _) in enumerate(table):
        # An artificial variable that stays at zero is exchanged for a real one, or its equation is redundant.
        if basis[i] >= columns and row:
            _pivot(table, basis, i, min(row))
    reduced: dict[int, Real] = dict(cost)
    for n, (row, _) in zip(basis, table, strict=True):
        factor = reduced.get(n, _ZERO)
        if factor != 0:
            reduced = _reduce(reduced, row, factor)
    _pivot_to_optimum(table, basis, reduced)
    return {n: b for n, (_, b) in zip(basis, table, strict=True) if b != 0}


_Row = tuple[dict[int, Real], Real]


def _pivot_to_optimum(table: list[_Row], basis: list[int], cost: dict[int, Real]) -> None:
    while True:
        entering = min((n for n, value in cost.items() if value < 0), default=None)
        if entering is None:
            return
        ratios = [(b / row[entering], basis[i], i) for i, (row, b) in enumerate(table) if row.get(entering, _ZERO) > 0]
        if not ratios:
            raise AssertionError("the cost is bounded below")
        leaving = min(ratios)[2]
        _pivot(table, basis, leaving, entering)
        cost_now = _reduce(cost, table[leaving][0], cost[entering])
        cost.clear()
        cost.update(cost_now)


def _pivot(table: list[_Row], basis: list[int], i: int, column: int) -> None:
    row, b = table[i]
    scale = 1 / row[column]
    row, b = {n: v * scale for n, v in row.items()}, b * scale
    table[i] = (row, b)
    basis[i] = column
    for k, (other, c) in enumerate(table):
        factor = other.get(column, _ZERO)
        if k != i and factor != 0:
            table[k] = (_reduce(other, row, factor), c - factor * b)


def _reduce(row: Mapping[int, Real], by: Mapping[int, Real], factor: Real) -> dict[int, Real]:
    found = dict(row)
    for n, value in by.items():
        rest = found.get(n, _ZERO) - factor * value
        if rest == 0:
            found.pop(n, None)
        else:
            found[n] = rest
    return found


def _dot(row: Sequence[Real], weights: Iterable[Real]) -> Real:
    return _total(value * weight for value, weight in zip(row, weights, strict=True))


def _total(values: Iterable[Real]) -> Real:
    total: Real = _ZERO
    for value in values:
        total = total + value
    return total
