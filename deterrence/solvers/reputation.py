r"""The equilibrium of `reputation` by backward induction over the number of groups left.

In terms of what it gets by giving way for ever, the weak US gains :math:`l` by each quiet period and loses :math:`r` by
an answer. An answer pays if it buys enough quiet: let :math:`K`, the *patience*, be the least number with

.. math:: \delta l (1 + \delta + \dots + \delta^{K-1}) \ge r ,

or the number of periods if that is smaller. With :math:`b = g/(g + h)` and :math:`n` groups left, the group to move
attacks below the belief :math:`A_n = b^{\lceil n/K \rceil}`, and the weak US answers so as to bring the belief to
:math:`t_{n-1} = b^{\lfloor (n-1)/K \rfloor}` (it gives way for certain where that is 1). For :math:`K = 1`, that is
:math:`\delta l \ge r`, this is the equilibrium of Kreps and Wilson [kreps_wilson1982b]. The proof goes up in :math:`n`:
a weak US that mixes is indifferent, so the belief after its answer is the least one at which the quiet that follows is
worth :math:`r/\delta`, which is :math:`t_{n-1}`; so an attack at belief :math:`p` is answered with probability
:math:`p/t_{n-1}`, and pays where that is below :math:`b`. Just after an answer there are :math:`s` quiet periods for
certain, down to :math:`n = iK` groups, who believe exactly :math:`A_n = b^i`; the first of them attacks with
probability

.. math:: x_s = 1 - \frac{r/\delta - l (1 + \dots + \delta^{s-1})}{\delta^s\, l (1 + \dots + \delta^{K-1})}

and the others hold, which makes the quiet worth :math:`r/\delta` in all; for :math:`K = 1` it is
:math:`1 - r/(\delta l)`. So for :math:`K > 1` what a group does at one belief depends on how long ago the answer was,
and groups that are indifferent could share out the risk in other ways: there are infinitely many equilibria, with these
thresholds and beliefs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from flint import arb, fmpq

from ..atlas import Atlas
from ..checks.reputation import Profile, Stakes, certify, rational
from ..direct import DirectGame
from ..enclosures import Enclosure, enclose
from ..equilibrium import Equilibrium, Free, Solution
from ..errors import CertificateError
from ..provenance import provenance

__all__ = ["METHOD", "Plan", "atlas", "members", "plan_of", "solve"]

METHOD: Final = "backward induction"
LONGEST: Final = 4_000
"""Of a number with more bits an enclosure is shown."""
FREE: Final = "x"
_AGES: Final = (1, 2)

Value = Any
"""A rational number of `flint` or, for a family, an expression; 0 and 1 are plain."""


@dataclass(frozen=True)
class Plan:
    """The equilibrium, in numbers or in symbols.

    Attributes
    ----------
    stakes : the parameters.
    periods : how many groups there are.
    patience : the least number of quiet periods that pay for an answer, at most `periods`.
    level : how many of the levels of belief b, b**2, ... that matter lie above the toughness.
    edged : whether the next one equals it.
    free : the probability of the attack that may then be anything; None for that of Kreps and Wilson.
    """

    stakes: Stakes
    periods: int
    patience: int
    level: int
    edged: bool = False
    free: Value | None = None

    @cached_property
    def powers(self) -> list[Value]:
        """The levels of belief that matter, from 1 on."""
        b, found = self.stakes.gain / (self.stakes.gain + self.stakes.harm), [self.stakes.gain * 0 + 1]
        for _ in range(-(-self.periods // self.patience)):
            found.append(found[-1] * b)
        return found

    def threshold(self, left: int) -> int:
        """The level of belief below which a group attacks with so many groups left, itself among them."""
        return -(-left // self.patience)

    def landing(self, left: int) -> int:
        """The level of belief after an answer with so many groups left, unless it was higher before."""
        return left // self.patience

    @cached_property
    def quiet(self) -> list[Value]:
        """What so many quiet periods are worth to the weak US, from none on."""
        found = [self.stakes.loss * 0]
        for i in range(self.patience):
            found.append(found[-1] + self.stakes.loss * self.stakes.discount**i)
        return found

    @cached_property
    def mixing(self) -> list[Value]:
        """With which probability the first indifferent group attacks, by the quiet periods since the answer."""
        s = self.stakes
        if self.patience == self.periods:
            return []
        return [
            1 - (s.answer_cost / s.discount - self.quiet[waited]) / (s.discount**waited * self.quiet[-1])
            for waited in range(self.patience)
        ]

    @property
    def edge(self) -> int:
        """With how many groups left the first is indifferent that believes the toughness; 0 for none."""
        return min((self.level + 1) * self.patience, self.periods) if self.edged else 0

    @property
    def first(self) -> int:
        """With how many groups left the first attack comes that is certain; 0 for none."""
        return min(self.level * self.patience, self.periods)

    @property
    def on_the_edge(self) -> Value:
        """The probability of attack that is free."""
        return self.free if self.free is not None else self.mixing[0] if self.mixing else 0

    # strategies

    def untested(self, left: int) -> Value:
        """With which probability a group attacks that believes the toughness."""
        return self.on_the_edge if left == self.edge else 1 if left <= self.first else 0

    def attack(self, left: int, waited: int) -> Value:
        """With which probability a group attacks after so many periods the first of which saw an answer."""
        answered = left + waited - 1
        level, threshold = self.landing(answered), self.threshold(left)
        if level != threshold:
            return 1 if level > threshold else 0
        indifferent = level * self.patience
        return self.mixing[answered - indifferent] if left == indifferent else 0

    def answer(self, left: int, level: int | None) -> Value:
        """With which probability the weak US answers with so many groups left after the attack.

        The belief is at a level, or the toughness for None.
        """
        landing = self.landing(left)
        if landing == 0:
            return 0
        if landing > self.level if level is None else landing >= level:
            return 1
        p, t = self.belief(level), self.powers[landing]
        return p * (1 - t) / ((1 - p) * t)

    def belief(self, level: int | None) -> Value:
        """The chance of a tough US at a level, or before anything was learned."""
        return self.stakes.toughness if level is None else self.powers[level]

    def raised(self, left: int) -> bool:
        """Whether an answer may have raised the belief to its level with so many groups left."""
        return left < self.periods and self.landing(left) <= self.level + self.edged

    # the course of play

    def course(self, tough: bool) -> Iterator[tuple[int, Value, Value]]:
        """Attacks before which every attack was answered: groups left, chance of the attack and of an answer to it.

        As the groups see it at the outset, or given that the US is tough.
        """
        chances: dict[tuple[int, int], Value] = {}

        def add(left: int, level: int, chance: Value) -> None:
            if left > 0 and chance != 0:
                chances[left, level] = chances.get((left, level), 0) + chance

        at_once = self.on_the_edge if self.edged else 0
        add(self.edge, -1, at_once)
        add(self.first, -1, 1 - at_once)
        while chances:
            left, level = key = max(chances)
            chance, landing = chances.pop(key), self.landing(left - 1)
            answered = 1 if tough else self.belief(None if level < 0 else level) / self.powers[landing]
            yield left, chance, answered
            if landing:
                attack = self.mixing[left - 1 - landing * self.patience]
                add(landing * self.patience, landing, chance * answered * attack)
                add((landing - 1) * self.patience, landing, chance * answered * (1 - attack))

    def worth(self, left: int) -> Value:
        """What the weak US gains over giving way for ever, at the belief of the outset."""
        total: Value = 0
        for n in range(1, left + 1):
            total = (1 - self.untested(n)) * (self.stakes.loss + self.stakes.discount * total)
        return total

    @cached_property
    def events(self) -> dict[str, Value]:
        """The probability of each event."""
        start, none = self.stakes.toughness, self.stakes.toughness * 0
        at_once = self.on_the_edge if self.edged else none
        answered = none
        for left, chance in ((self.edge, at_once), (self.first, 1 - at_once)):
            if left:
                answered = answered + chance * start / self.powers[self.landing(left - 1)]
        return {
            "deterrence_failure": none + 1 if self.first else at_once,
            "spiral": answered, "first_attack": none + self.untested(self.periods),
        }

    @cached_property
    def counted(self) -> tuple[Value, Value, Value]:
        """How many attacks and answers are expected, and what the groups get in sum."""
        attacks: Value = 0
        answers: Value = 0
        for left, chance, answered in self.course(False):
            # Once it has given way all later groups attack and none is answered.
            attacks = attacks + chance + chance * (1 - answered) * (left - 1)
            answers = answers + chance * answered
        return attacks, answers, (attacks - answers) * self.stakes.gain - answers * self.stakes.harm

    @cached_property
    def of_types(self) -> tuple[Value, Value]:
        """What the tough and the weak US get."""
        s, attacked = self.stakes, dict.fromkeys(range(1, self.periods + 1), 0)
        for left, chance, _ in self.course(True):
            attacked[left] = attacked[left] + chance
        weak: Value = self.worth(self.periods)
        tough: Value = 0
        for period in range(self.periods):
            weight = s.discount**period
            tough = tough + weight * (1 - attacked[self.periods - period]) * s.peace
            weak = weak - weight * s.loss
        return tough, weak

    @property
    def payoffs(self) -> dict[str, Value]:
        """What the US gets at the outset, and all groups in sum."""
        (tough, weak), p = self.of_types, self.stakes.toughness
        return {"US": p * tough + (1 - p) * weak, "groups": self.counted[2]}

    @property
    def label(self) -> str:
        """What the plan is in words."""
        at_risk = self.first
        text = {0: "all deterred", self.periods: "none deterred"}.get(
            at_risk, f"all but the last {at_risk} deterred" if at_risk > 1 else "all but the last deterred"
        )
        if self.edged:
            text += f"; group {self.periods - self.edge + 1} indifferent"
        if self.patience == self.periods > 1:
            return f"{text}; never answered by the weak"
        return text if self.patience == 1 else f"{text}; patience {self.patience}"

    # as it is told

    @cached_property
    def strategy(self) -> dict[str, dict[str, Value]]:
        """At every place, see the model's decisions, that a record of the game may lead to."""
        rows: dict[str, Value] = {}
        for period, left in zip(range(1, self.periods + 1), range(self.periods, 0, -1), strict=True):
            rows[f"group {period}, nothing learned"] = self.untested(left)
            for age in _AGES:
                if period > age and self.raised(left + age - 1):
                    rows[f"group {period}, attack {period - age} answered"] = self.attack(left, age)
        found = {name: {"attack": value, "hold": 1 - value} for name, value in rows.items()}
        if self.periods > 1:
            found["group, after the US gave way"] = {"attack": 1, "hold": 0}
        found["US, tough"] = {"answer": 1, "give way": 0}
        answers: dict[str, Value] = {}
        for period, left in zip(range(1, self.periods + 1), range(self.periods - 1, -1, -1), strict=True):
            answers[f"US, weak, period {period}, nothing learned"] = self.answer(left, None)
            for age in _AGES:
                if period > age and self.raised(left + age):
                    level = self.landing(left + age)
                    answers[f"US, weak, period {period}, attack {period - age} answered"] = self.answer(left, level)
        if self.periods > 1:
            answers["US, weak, after it gave way"] = 0
        return {**found, **{name: {"answer": value, "give way": 1 - value} for name, value in answers.items()}}

    @cached_property
    def beliefs(self) -> dict[str, dict[str, Value]]:
        """What the groups believe there."""
        found: dict[str, Value] = {}
        for period, left in zip(range(1, self.periods + 1), range(self.periods, 0, -1), strict=True):
            found[f"group {period}, nothing learned"] = self.belief(None)
            for age in _AGES:
                if period > age and self.raised(left + age - 1):
                    found[f"group {period}, attack {period - age} answered"] = self.powers[self.landing(left + age - 1)]
        if self.periods > 1:
            found["group, after the US gave way"] = self.stakes.toughness * 0
        return {name: {"tough": value, "weak": 1 - value} for name, value in found.items()}

    @property
    def figures(self) -> dict[str, Value]:
        """Thresholds, the path of belief, and what is expected."""
        attacks, answers, _ = self.counted
        tough, weak = self.of_types
        found: dict[str, Value] = {
            "quiet periods that pay for an answer": self.patience,
            "groups deterred for certain": self.periods - max(self.first, self.edge),
            "expected attacks": attacks, "expected answers": answers,
            "payoff of the US if tough": tough, "payoff of the US if weak": weak,
            "gain of the weak US from answering a first attack in period 1": self._early(),
        }
        if self.patience == self.periods > 1:
            del found["quiet periods that pay for an answer"]
        for period, left in zip(range(1, self.periods + 1), range(self.periods, 0, -1), strict=True):
            found[f"belief that deters group {period}"] = self.powers[self.threshold(left)]
            landing = self.landing(left - 1)
            reached = self.powers[landing] if landing <= self.level else self.stakes.toughness
            found[f"belief if every attack up to period {period} was answered"] = reached
        return found

    def _early(self) -> Value:
        """What the weak US gains by answering over giving way, where nothing was learned before."""
        s, left = self.stakes, self.periods - 1
        landing = self.landing(left)
        if landing > self.level + self.edged:
            return s.discount * self.worth(left) - s.answer_cost
        if landing:
            return s.discount * 0
        # Nobody expects an answer of the weak: whoever answers is taken for tough.
        return sum((s.loss * s.discount ** (i + 1) for i in range(left)), 0) - s.answer_cost

    @property
    def profile(self) -> Profile:
        """The strategies in the form in which they are checked."""
        stages = range(1, self.periods + 1)
        return Profile(
            tuple(self.powers[self.threshold(n)] for n in stages),
            tuple(self.powers[self.landing(n - 1)] for n in stages), tuple(self.mixing),
            tuple(self.untested(n) for n in stages),
        )


def plan_of(game: DirectGame, point: Mapping[str, Fraction], free: int | None = None) -> Plan:
    """The equilibrium at a point."""
    stakes = Stakes(**{name: rational(point[name]) for name in Stakes.__dataclass_fields__})
    periods = game.options["periods"]
    patience, paid = 1, stakes.discount * stakes.loss
    while patience < periods and paid < stakes.answer_cost:
        paid += stakes.loss * stakes.discount ** (patience + 1)
        patience += 1
    level, power, b = 0, stakes.gain / (stakes.gain + stakes.harm), stakes.gain / (stakes.gain + stakes.harm)
    while level < -(-periods // patience) and power > stakes.toughness:
        level, power = level + 1, power * b
    edged = level < -(-periods // patience) and power == stakes.toughness
    return Plan(stakes, periods, patience, level, edged, free)


def solve(game: DirectGame, point: Mapping[str, Fraction], described: Mapping[str, Any]) -> Solution:
    """The sequential equilibrium in which giving way shows weakness, at a point.

    Raises
    ------
    CertificateError
        where the result fails its certificate: a defect, never given out.
    """
    plan = plan_of(game, point)
    doubt = _doubt(plan)
    notes = ["sequential equilibria in which whoever sees the US give way holds it for weak ever after"]
    if plan.edged:
        group = plan.periods - plan.edge + 1
        notes.append(f"on a knife edge: group {group}, if nothing was learned, may attack with any probability {FREE}")
    if 1 < plan.patience < plan.periods:
        notes.append(_rule(plan))
    return Solution(
        (_entry(plan),), game.concept, METHOD, not doubt, (*notes, *doubt), scenario=described,
        provenance=provenance("python-flint"),
    )


def atlas(game: DirectGame, told: Mapping[str, Any]) -> Atlas:
    """The families in closed form; see `reputation_families`."""
    from .reputation_families import families

    return families(game, told)


def members(game: DirectGame, point: Mapping[str, Fraction]) -> list[Equilibrium]:
    """On a knife edge, the equilibria at the ends of the probability that is free."""
    return [_entry(plan_of(game, point, free)) for free in (0, 1)] if plan_of(game, point).edged else []


def _doubt(plan: Plan) -> list[str]:
    """Why other equilibria of the class exist."""
    s = plan.stakes
    if plan.patience == plan.periods:
        return ["on this knife edge every group is indifferent: one equilibrium of infinitely many is shown"] if (
            plan.edged and plan.periods > 1) else []
    if s.discount * plan.quiet[-1] == s.answer_cost:
        return ["on a knife edge: so many quiet periods pay for an answer exactly, and there are further equilibria"]
    if plan.patience > 1:
        return [
            "as one quiet period does not pay for an answer (discount*loss < answer_cost), indifferent groups may "
            "share out the risk in infinitely many ways: one equilibrium is shown, in which the first of them mixes"
        ]
    return []


def _rule(plan: Plan) -> str:
    """What the groups do after an answer, where that depends on how long ago it was."""
    chances = ", ".join(f"{value} after {waited}" for waited, value in enumerate(plan.mixing[:6]))
    more = ", ..." if plan.patience > 6 else ""
    k = plan.patience
    return (
        f"with {k} groups left, or {2 * k}, {3 * k} and so on, a group that believes exactly its threshold after an "
        f"answer attacks with a probability that depends on the quiet periods since: {chances}{more}; if it holds, so "
        f"do the next {k - 1}, and the one after these attacks"
    )


def _entry(plan: Plan) -> Equilibrium:
    certificate = certify(plan.stakes, plan.profile)
    if not certificate.holds:
        raise CertificateError(f"{plan.label}: {'; '.join(certificate.reasons)}")
    group = plan.periods - plan.edge + 1
    free = Free({FREE: f"attack at group {group}, nothing learned"}, ((f"0 <= {FREE}", f"{FREE} <= 1"),))
    return Equilibrium(
        id="F1", label=plan.label, strategy=_shown2(plan.strategy), beliefs=_shown2(plan.beliefs),
        free=free if plan.edged else Free(), outcomes={}, payoffs=_shown(plan.payoffs), events=_shown(plan.events),
        certificate=certificate, figures=_shown(plan.figures),
    )


def _shown(values: Mapping[str, Value]) -> dict[str, Fraction | Enclosure]:
    """Numbers as they are, long ones enclosed."""
    return {name: _short(fmpq(value)) for name, value in values.items()}


def _shown2(rows: Mapping[str, Mapping[str, Value]]) -> dict[str, dict[str, Fraction | Enclosure]]:
    return {name: _shown(row) for name, row in rows.items()}


def _short(value: Any) -> Fraction | Enclosure:
    if value.p.bit_length() + value.q.bit_length() <= LONGEST:
        return Fraction(int(value.p), int(value.q))
    return enclose(lambda: arb(value))
