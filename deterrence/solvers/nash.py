r"""Nash equilibria of two-player games at a point.

Method ``vertices``. nashpy's vertex enumeration on the reduced normal form gives candidates in floating point; each is
made exact by solving for its supports over the rationals, and kept only where it is an equilibrium exactly. They are
never the only source: the exact enumeration of `sequences` finds every extreme equilibrium, degenerate games included,
and puts them together into connected sets, so that the list is complete. Where that takes more than a stated number of
steps, what nashpy finds (by vertex enumeration, or past `MAX_ENUMERATED` strategies by the Lemke-Howson algorithm from
every label) is all there is, each profile exact, with ``complete`` false.

A realization plan says nothing about information sets that the player's own moves exclude: any behaviour there is the
same equilibrium, which `Free` says; the member shown does what is best there. Of the extreme members of a set, the one
shown fails sequential rationality at the fewest information sets. Beliefs off the path are those most favourable to
it, so that what the certificate finds wrong is wrong under any belief. A Nash equilibrium may rest on an empty threat.

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
>>> entries, complete, notes = nash(entry)
>>> for entry in entries:
...     print(entry.label, entry.free.pieces, entry.certificate.fails_at)
entry: in; reply: accommodate () ()
entry: out (('1/2 <= x', 'x <= 1'),) ('reply',)
>>> complete
True
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any, Final

from ..algebraic import Real
from ..assessment import Assessment
from ..certify import Certificate, certify
from ..equilibrium import Equilibrium
from ..errors import CertificateError, LimitError, NotSupportedError
from ..game import Game, InformationSet, history_key
from .assembly import Choice
from .membership import describe
from .naming import Play, distinct, rank
from .sequences import Component, Plan, SequenceForm, components
from .structure import Structure
from .vertices import WORK_LIMIT, extreme_rays, solve_linear

__all__ = ["MAX_ENUMERATED", "MAX_STRATEGIES", "nash"]

MAX_ENUMERATED: Final = 12
MAX_STRATEGIES: Final = 400
MAX_MEMBERS: Final = 12
_TOLERANCE: Final = 1e-7

Table = dict[str, dict[str, Fraction]]


def nash(game: Game, *, limit: int = WORK_LIMIT) -> tuple[list[Equilibrium], bool, tuple[str, ...]]:
    """Every Nash equilibrium of a game in which at most two players have a choice.

    Parameters
    ----------
    game : the game at a point (`Game.at`).
    limit : steps of the exact enumeration of vertices.

    Returns
    -------
    The entries, one for each connected set; whether no other Nash equilibrium exists; and sentences on what the method
    found and can claim.

    Raises
    ------
    NotSupportedError
        where three or more players have a choice.
    LimitError
        where the game is beyond the exact enumeration and no equilibrium was found in floating point either.
    """
    form = SequenceForm(game, _players(game))
    floating = _Floating(form)
    try:
        found, complete = components(form, limit), True
    except LimitError as error:
        found, complete = [Component((pair,), (((pair[0],), (pair[1],)),)) for pair in floating.equilibria(True)], False
        if not found:
            raise LimitError(
                f"no Nash equilibrium was found within the limits: {error}; method pbe covers larger games"
            ) from None
    if complete:
        floating.equilibria(False)
    entries, doubts = _entries(form, found)
    return entries, complete, (*floating.notes, *_claims(found, complete, limit), *doubts)


def _players(game: Game) -> tuple[str, str]:
    """The players with a choice, filled up to two by others or by a name that is no player."""
    active = [p for p in game.players if any(i.player == p and len(i.actions) > 1 for i in game.infosets)]
    if len(active) > 2:
        raise NotSupportedError(
            f"the method for nash covers games in which two players have a choice, here {', '.join(active)} have one; "
            "concept pbe covers any number of players"
        )
    chosen = [p for p in game.players if p in active] + [p for p in game.players if p not in active] + ["", ""]
    return chosen[0], chosen[1]


def _claims(found: Sequence[Component], complete: bool, limit: int) -> list[str]:
    count = sum(len(component.extreme) for component in found)
    if not complete:
        return [
            f"The exact enumeration of vertices was stopped after {limit} steps: these {count} profiles are exact "
            "equilibria, but others may exist, and sets of equilibria are shown by single members."
        ]
    sets = "one connected set" if len(found) == 1 else f"{len(found)} connected sets"
    return [
        f"Exact enumeration of the vertices of the best-response polyhedra in sequence form: {count} extreme "
        f"{'equilibrium' if count == 1 else 'equilibria'} in {sets}, and no other Nash equilibrium exists."
    ]


class _Floating:
    """Candidates from nashpy, each made exact or dropped; `notes` says what came of it."""

    def __init__(self, form: SequenceForm) -> None:
        self.form = form
        self.notes: tuple[str, ...] = ()

    def equilibria(self, alone: bool) -> list[tuple[Plan, Plan]]:
        """Exact equilibria from floating candidates; `alone` where there is no other source."""
        left, right = (side.pure(MAX_STRATEGIES) for side in self.form.sides)
        if left is None or right is None:
            self.notes = (f"The reduced normal form has more than {MAX_STRATEGIES} strategies: nashpy was not asked.",)
            return []
        size = f"reduced normal form {len(left)} x {len(right)}"
        if min(len(left), len(right)) == 1:
            if not alone:
                return []
        elif len(left) + len(right) > MAX_ENUMERATED and not alone:
            self.notes = (f"nashpy was not asked: {size}, more than {MAX_ENUMERATED} strategies together.",)
            return []
        first, second = (self._matrix(k, left, right) for k in (0, 1))
        how = "vertex enumeration" if len(left) + len(right) <= MAX_ENUMERATED else "Lemke-Howson algorithm"
        polished: dict[tuple[Plan, Plan], None] = {}
        count = exact = 0
        for x, y in _profiles(first, second, how):
            count += 1
            pair = self._polish(x, y, (first, second), (left, right))
            if pair is not None:
                exact += 1
                polished[pair] = None
        self.notes = (
            f"nashpy's {how}, in floating point, on the {size}: {count} candidates, of which {exact} are exact "
            "equilibria once polished.",
        )
        return list(polished)

    def _matrix(self, k: int, left: Sequence[Plan], right: Sequence[Plan]) -> list[list[Fraction]]:
        amounts = list(self.form.payoffs[k].items())
        zero = Fraction(0)
        return [[sum((a for (s, t), a in amounts if u[s] and v[t]), zero) for v in right] for u in left]

    def _polish(
        self,
        x: Sequence[float],
        y: Sequence[float],
        payoffs: tuple[list[list[Fraction]], list[list[Fraction]]],
        plans: tuple[Sequence[Plan], Sequence[Plan]],
    ) -> tuple[Plan, Plan] | None:
        """The exact equilibrium with the supports and best replies of a floating one, where these determine it."""
        rows = [i for i, value in enumerate(x) if value > _TOLERANCE]
        columns = [j for j, value in enumerate(y) if value > _TOLERANCE]
        first = _determined(list(zip(*payoffs[1], strict=True)), x, rows, columns)
        second = _determined(payoffs[0], y, columns, rows)
        if first is None or second is None or min(*first, *second) < 0:
            return None
        mixed = []
        for weights, support, pure in ((first, rows, plans[0]), (second, columns, plans[1])):
            mixed.append(tuple(
                sum((w * pure[i][n] for w, i in zip(weights, support, strict=True)), Fraction(0))
                for n in range(len(pure[0]))
            ))
        return (mixed[0], mixed[1]) if self.form.is_equilibrium(mixed[0], mixed[1]) else None


def _profiles(
    first: Sequence[Sequence[Fraction]], second: Sequence[Sequence[Fraction]], how: str
) -> Iterator[tuple[list[float], list[float]]]:
    """Equilibria in floating point, as nashpy finds them; what it gives up on is left out."""
    import nashpy
    import numpy as np

    # Payoffs from 1 on, the same game, keep its polytopes bounded.
    tables = [np.array([[float(v - min(map(min, m)) + 1) for v in row] for row in m]) for m in (first, second)]
    with warnings.catch_warnings():
        # nashpy warns of degenerate games, which the exact enumeration covers.
        warnings.simplefilter("ignore")
        solver = nashpy.Game(*tables)
        runs: list[Any] = [solver.vertex_enumeration()]
        if how != "vertex enumeration":
            labels = range(min(sum(tables[0].shape), 40))
            runs = [(solver.lemke_howson(initial_dropped_label=label) for _ in (0,)) for label in labels]
        for run in runs:
            try:
                for x, y in run:
                    if np.all(np.isfinite(x)) and np.all(np.isfinite(y)) and len(x) == len(first):
                        yield [float(v) for v in x], [float(v) for v in y]
            except (ArithmeticError, IndexError, RuntimeError, TypeError, ValueError):
                # Qhull, the linear programme and the pivoting in nashpy fail on some degenerate tables.
                continue


def _determined(
    table: Sequence[Sequence[Fraction]], weights: Sequence[float], support: Sequence[int], played: Sequence[int]
) -> list[Fraction] | None:
    """The distribution on a support that makes the opponent's best replies equal: those at the floating one, or those
    that are played where the former are not what they seem.
    """
    values = [sum(float(v) * w for v, w in zip(row, weights, strict=True)) for row in table]
    close = max(values) - _TOLERANCE * (1 + max(map(abs, values)))
    for replies in ([k for k, value in enumerate(values) if value >= close], played):
        rows = [[*(table[k][i] for i in support), Fraction(-1)] for k in replies]
        total = [Fraction(1)] * len(support) + [Fraction(0)]
        solution = solve_linear([*rows, total], [Fraction(0)] * len(rows) + [Fraction(1)])
        if solution is not None:
            return solution[:-1]
    return None


@dataclass(frozen=True)
class _Member:
    strategy: Table
    beliefs: Table
    certificate: Certificate


def _entries(form: SequenceForm, found: Iterable[Component]) -> tuple[list[Equilibrium], list[str]]:
    """An entry for each connected set, in the order of the play on the path."""
    structure = Structure(form.game)
    drafts = []
    doubts: dict[str, None] = {}
    for component in found:
        member = _shown(form, component)
        free, doubt = describe(form, component)
        if doubt:
            doubts[doubt] = None
        drafts.append((_play(structure, member), member, free))
    drafts.sort(key=lambda draft: rank(draft[0]))
    entries = []
    for n, (label, (_, member, free)) in enumerate(zip(distinct([d[0] for d in drafts]), drafts, strict=True)):
        here = Assessment(form.game, member.strategy, member.beliefs)
        entries.append(Equilibrium(
            id=f"N{n + 1}", label=label, strategy=member.strategy, beliefs=member.beliefs, free=free,
            outcomes=here.outcomes, payoffs=here.payoffs, events=here.events, certificate=member.certificate,
        ))
    return entries, list(doubts)


def _play(structure: Structure, member: _Member) -> Play:
    """The supports on the path of a member."""
    reach = Assessment(structure.game, member.strategy, member.beliefs).reach
    choices = {}
    reached = []
    for i, infoset in enumerate(structure.infosets):
        support = [a for a, p in enumerate(member.strategy[infoset.name].values()) if p]
        choices[i] = Choice(tuple(support))
        lengths = [len(h) for h in infoset.histories if reach[h]]
        if lengths:
            reached.append((min(lengths), i))
    return Play(structure, choices, tuple(i for _, i in sorted(reached)))


def _shown(form: SequenceForm, component: Component) -> _Member:
    """The extreme member that fails sequential rationality at the fewest information sets; pure ones first.

    Raises
    ------
    CertificateError
        where it is no Nash equilibrium: a defect, never given out as a result.
    """
    pairs = sorted(component.extreme, key=lambda pair: sum(0 < p < 1 for plan in pair for p in plan))
    best: _Member | None = None
    for pair in pairs[:MAX_MEMBERS]:
        strategy = _behaviour(form, pair)
        beliefs = _beliefs(form.game, strategy)
        certificate = certify(form.game, strategy, beliefs, "nash")
        if not certificate.holds:
            raise CertificateError(f"the method for nash: {'; '.join(certificate.reasons)}")
        if best is None or len(certificate.fails_at) < len(best.certificate.fails_at):
            best = _Member(strategy, beliefs, certificate)
        if not best.certificate.fails_at:
            break
    if best is None:
        raise CertificateError("the method for nash found a set of equilibria without a member")
    return best


def _behaviour(form: SequenceForm, pair: tuple[Plan, Plan]) -> Table:
    """The behaviour strategies of two plans; where a player's own moves exclude a set, what is best there."""
    game = form.game
    found: Table = {}
    open_sets: list[InformationSet] = []
    for plans, plan in zip(form.sides, pair, strict=True):
        for i, infoset in enumerate(plans.infosets):
            above = plan[plans.parent[i]]
            if above:
                found[infoset.name] = {a: plan[plans.number[infoset.name, a]] / above for a in infoset.actions}
            else:
                open_sets.append(infoset)
    for infoset in game.infosets:
        found.setdefault(infoset.name, _only(infoset, infoset.actions[0]))
    strategy = {infoset.name: found[infoset.name] for infoset in game.infosets}
    for infoset in sorted(open_sets, key=lambda i: -max(map(len, i.histories))):
        here = Assessment(game, strategy, {})
        belief = _derived(here, infoset) or dict.fromkeys(infoset.histories, Fraction(1, len(infoset.histories)))
        values = [
            sum(w * here.values[(*h, a)][infoset.player] for h, w in belief.items()) for a in infoset.actions
        ]
        strategy[infoset.name] = _only(infoset, infoset.actions[values.index(max(values))])
    return strategy


def _only(infoset: InformationSet, action: str) -> dict[str, Fraction]:
    return {a: Fraction(a == action) for a in infoset.actions}


def _derived(here: Assessment, infoset: InformationSet) -> Mapping[Any, Any] | None:
    """The belief by Bayes' rule from the root or a proper subgame, the player's own moves taken as given."""
    first = infoset.histories[0]
    for root in ((), *here.game.subgame_roots):
        if first[: len(root)] == root:
            belief = here.bayes(infoset.name, {root: Fraction(1)})
            if belief is not None:
                return belief
    return None


def _beliefs(game: Game, strategy: Table) -> Table:
    """Bayes' rule where it applies, elsewhere the belief under which the action taken there gains least from change."""
    here = Assessment(game, strategy, {})
    result = {}
    for infoset in game.infosets:
        if len(infoset.histories) > 1:
            belief = _derived(here, infoset) or _favourable(here, infoset)
            result[infoset.name] = {history_key(h): belief[h] for h in infoset.histories}
    return result


def _favourable(here: Assessment, infoset: InformationSet) -> Mapping[Any, Any]:
    """A belief that minimises the largest gain of one other action at an information set."""
    player, histories = infoset.player, infoset.histories
    size = len(histories)
    rows = [[int(k == n) for k in range(size + 1)] for n in range(size)]
    for action in infoset.actions:
        gains = [_rational(here.values[(*h, action)][player] - here.values[h][player]) for h in histories]
        scale = lcm(*(g.denominator for g in gains))
        rows.append([*(-int(g * scale) for g in gains), scale])
    rays = [ray for ray, _ in extreme_rays(rows, size + 1) if any(ray[:size])]
    # Among equally good ones a certain belief, the first history before the others.

    def preference(ray: tuple[int, ...]) -> tuple[Fraction, int, list[int]]:
        return Fraction(ray[size], sum(ray[:size])), sum(map(bool, ray[:size])), [-v for v in ray]

    best = min(rays, key=preference)
    return {h: Fraction(v, sum(best[:size])) for h, v in zip(histories, best[:size], strict=True)}


def _rational(value: Real) -> Fraction:
    if not isinstance(value, Fraction):
        raise TypeError("a plan has rational probabilities, so the values are rational")
    return value
