r"""Agreements of mutual restraint: which of them both sides keep, at a point and in symbols.

An agreement says in which seasons (calm, shock) both sides restrain themselves, and whether an incident in such a
period ends restraint (`PATTERNS`). In seasons that it does not cover, and while restraint is ended, both attack. An
agreement is kept exactly if no side gains by a single deviation anywhere: by the slack of `restraint` in every season
covered, and by *peace* wherever both attack,

.. math:: c_i \le l_i,

as a side that alone restrained itself there would bear :math:`l_i` instead of :math:`c_i`. Under ``lottery`` an
incident ends restraint with any probability :math:`\kappa` at which both keep the agreement: the tests
:math:`a_i \kappa \ge b_i` are linear in it. Where no :math:`b_i` is positive :math:`\kappa = 0` will do; where all
are, :math:`\kappa = 1` will if any does; where one is, :math:`\kappa = b_i/a_i` will if any does, since the test of
the other side holds at 0. This gives the region without :math:`\kappa`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from ..algebraic import Algebraic
from ..atlas import Atlas, Coverage, EquilibriumFamily
from ..checks import understanding as check
from ..direct import DirectGame
from ..equilibrium import Equilibrium, Free, Solution
from ..errors import CertificateError
from ..expressions import Condition, Ring
from ..parameters import ParameterSpace
from ..provenance import provenance
from ..smt import decide, implies
from .restraint import Pact, Side, Test, alternatives, holds, possible

__all__ = [
    "KAPPA", "PATTERNS", "Party", "Pattern", "Setting", "coverage", "families", "members", "pruned", "solution",
]

KAPPA: Final = "kappa"
MEANING: Final = "probability that an incident ends restraint"
LIMIT: Final = 4_000_000
"""What may be spent on a question about all points."""
Number = Any
Union = list[list[Test]]
_ZERO, _ONE = Fraction(0), Fraction(1)
BOTH: Final = (check.CALM, check.SHOCK)
PLACES: Final = {place: place for place in (*BOTH, check.BREAKDOWN)}


@dataclass(frozen=True)
class Party:
    """What one side has at stake: numbers or expressions; `base` is the worth of mutual restraint."""

    gain: Number
    shock_gain: Number
    loss: Number
    conflict: Number
    patience: Number
    detection: Number
    base: Number


@dataclass(frozen=True)
class Pattern:
    """What is agreed.

    Attributes
    ----------
    key : its name here.
    covered : the seasons in which both restrain themselves.
    threat : whether incidents end restraint.
    alone : the position of a side that always attacks while the other restrains itself.
    """

    key: str
    covered: tuple[str, ...]
    threat: bool
    alone: int | None = None

    def plays(self, position: int) -> dict[str, str]:
        """What a side does in each season, and once restraint is ended."""
        if self.alone is not None:
            return dict.fromkeys((*BOTH, check.BREAKDOWN), "attack" if position == self.alone else "restrain")
        done = {season: "restrain" if season in self.covered else "attack" for season in BOTH}
        return {**done, check.BREAKDOWN: "attack" if self.threat or not self.covered else "restrain"}


PATTERNS: Final = (
    Pattern("always", BOTH, True),
    Pattern("except", (check.CALM,), True),
    Pattern("never", (), False),
    Pattern("trust", BOTH, False),
    Pattern("calm trust", (check.CALM,), False),
    Pattern("first alone", (), False, 0),
    Pattern("second alone", (), False, 1),
)


@dataclass(frozen=True)
class Setting:
    """A game of restraint, in numbers or in symbols.

    Attributes
    ----------
    parties : the two sides.
    accident, shock, answer : probabilities; the answer is None where the agreement may choose it.
    periods : how long a punishment lasts; None for good.
    horizon : over how many periods events are counted.
    labels : what each pattern is called; those that have no name are left out.
    places : the seasons at which somebody decides, and the breakdown, each with what it is called.
    """

    parties: Mapping[str, Party]
    accident: Number
    shock: Number
    answer: Number | None
    periods: int | None
    horizon: int
    labels: Mapping[str, str]
    places: Mapping[str, str] = field(default_factory=lambda: PLACES)

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """Those that are looked for."""
        return tuple(pattern for pattern in PATTERNS if pattern.key in self.labels)

    def cover(self, pattern: Pattern) -> Number:
        """The probability that a period is covered."""
        calm, shock = (int(season in pattern.covered) for season in BOTH)
        return calm * (1 - self.shock) + shock * self.shock

    def pact(self, pattern: Pattern) -> Pact:
        """Its terms."""
        return Pact(self.accident, self.cover(pattern), self.periods)

    def sides(self, pattern: Pattern, shock: bool = True) -> dict[str, Side]:
        """Both sides at the greatest temptation at which they are to restrain themselves; without shocks if so told."""
        tempted = shock and check.SHOCK in pattern.covered
        return {
            player: Side(p.gain + p.shock_gain if tempted else p.gain, p.conflict, p.patience, p.detection)
            for player, p in self.parties.items()
        }

    def _ordered(self, pattern: Pattern) -> tuple[Party, Party]:
        """The side that attacks alone, then the other."""
        first, second = self.parties.values()
        return (first, second) if pattern.alone == 0 else (second, first)

    @property
    def _peace(self) -> Union:
        return [[(p.loss - p.conflict, ">=") for p in self.parties.values()]]

    @property
    def _occurs(self) -> Union:
        return [[(self.shock, ">")]]

    def _seasons(self, pattern: Pattern, tests: Any) -> Union:
        """Tests at the greatest temptation; where shocks never come they do not count."""
        if check.SHOCK not in pattern.covered:
            return alternatives(self._occurs, tests(self.sides(pattern)))
        calm: Union = alternatives([[(self.shock, "==")]], tests(self.sides(pattern, shock=False)))
        return [*tests(self.sides(pattern)), *calm]

    def tests(self, pattern: Pattern, answer: Number | None) -> Union:
        """When the agreement is kept, for a given chance of an answer; without one, for some."""
        if pattern.alone is not None:
            one, other = self._ordered(pattern)
            return [[(one.gain, ">="), (other.conflict - other.loss, ">=")]]
        if not pattern.covered:
            return self._peace
        pact = self.pact(pattern)
        if pattern.threat:
            if answer is None:
                return alternatives(self._peace, self._seasons(pattern, lambda sides: _some(pact, sides)))
            return alternatives(
                self._peace,
                self._seasons(pattern, lambda sides: [[(pact.slack(s, answer), ">=") for s in sides.values()]]),
            )
        calm = self._seasons(pattern, lambda sides: [[(-s.gain, ">=") for s in sides.values()]])
        if check.SHOCK not in pattern.covered:
            # Under a lottery this is the answer 0.
            return alternatives(self._peace, calm) if self.answer is not None else []
        return calm if self.answer is not None else alternatives(calm, self._war)

    @property
    def _war(self) -> Union:
        """That conflict would not go on by itself."""
        return [[(p.conflict - p.loss, ">")] for p in self.parties.values()]

    def events(self, pattern: Pattern, answer: Number) -> dict[str, Number]:
        """The chance that each event comes about within the horizon."""
        one = self.shock * 0 + 1
        if not pattern.covered:
            return {"deterrence_failure": one, "spiral": one * int(pattern.alone is None)}
        kept = 1 - self.accident * answer * int(pattern.threat)
        calm = one if check.SHOCK in pattern.covered else 1 - self.shock
        ends = 1 - self.cover(pattern) * self.accident * answer * int(pattern.threat)
        n = self.horizon
        return {"deterrence_failure": one - calm**n * kept ** (n - 1), "spiral": one - ends**n}

    def payoffs(self, pattern: Pattern, answer: Number) -> dict[str, Number]:
        """What a period is worth to each side, on average over time by its patience."""
        pact, sides = self.pact(pattern), self.sides(pattern)
        if pattern.alone is not None:
            one, other = self._ordered(pattern)
            worth = one.base + one.gain + self.shock * one.shock_gain, other.base - other.loss
            return dict(zip(self.parties, worth if pattern.alone == 0 else worth[::-1], strict=True))
        if not pattern.threat:
            return {
                player: p.base - (1 - self.cover(pattern)) * p.conflict for player, p in self.parties.items()
            }
        return {player: p.base + pact.value(sides[player], answer) for player, p in self.parties.items()}


def _some(pact: Pact, sides: Mapping[str, Side]) -> Union:
    """When both sides keep an agreement for some chance of an answer."""
    weighed = [(side, *pact.weights(side)) for side in sides.values()]
    tests = list(dict.fromkeys((far * pact.pull(side), side.gain * near) for side, far, near in weighed))
    union: Union = [[(-b, ">=") for _, b in tests], [t for a, b in tests for t in ((b, ">"), (a - b, ">="))]]
    for (a, b), (c, d) in ([tests, tests[::-1]] if len(tests) > 1 else []):
        union.append([(b, ">"), (a - b, ">="), (-d, ">="), (b * c - d * a, ">=")])
    return union


# at a point


def solution(setting: Setting, game: DirectGame, described: Mapping[str, Any], method: str) -> Solution:
    """The agreements that are kept at a point, with what keeps the others from holding."""
    found = []
    notes = [f"complete among agreements of this form ({game.concept}); other play of a repeated game is not listed"]
    for pattern in setting.patterns:
        if holds(setting.tests(pattern, setting.answer)):
            found.append(entry(setting, pattern, _Range.of(setting, pattern)))
        else:
            notes += _why(setting, pattern)
    if not found:
        notes.append(
            "no agreement of this form is kept; other play may be, such as attacks by one side in some periods alone, "
            "or at random"
        )
    numbered = tuple(replace(e, id=f"F{n}") for n, e in enumerate(found, 1))
    return Solution(
        numbered, game.concept, method, True, tuple(notes), scenario=described, provenance=provenance("python-flint")
    )


@dataclass(frozen=True)
class _Range:
    """The least and the greatest chance of an answer at which an agreement is kept."""

    low: Fraction
    high: Fraction

    @classmethod
    def of(cls, setting: Setting, pattern: Pattern) -> _Range:
        """One number, unless the agreement may choose it."""
        if not pattern.threat:
            return cls(_ZERO, _ZERO)
        if setting.answer is not None:
            return cls(setting.answer, setting.answer)
        low, high, pact = _ZERO, _ONE, setting.pact(pattern)
        for side in setting.sides(pattern, setting.shock > 0).values():
            far, near = pact.weights(side)
            slope, right = far * pact.pull(side), side.gain * near
            if slope > 0:
                low = max(low, right / slope)
            elif slope < 0:
                high = min(high, right / slope)
        return cls(low, high)


def members(setting: Setting) -> list[Equilibrium]:
    """Of the agreements that may choose the answer, those with the least and with the greatest."""
    found = []
    for pattern in setting.patterns:
        if setting.answer is None and pattern.threat and holds(setting.tests(pattern, None)):
            ends = _Range.of(setting, pattern)
            found += [entry(setting, pattern, _Range(end, end)) for end in (ends.low, ends.high)]
    return found


def entry(setting: Setting, pattern: Pattern, answers: _Range) -> Equilibrium:
    """One agreement, with the least chance of an answer.

    Raises
    ------
    CertificateError
        where it fails its certificate.
    """
    payoffs, label = setting.payoffs(pattern, answers.low), setting.labels[pattern.key]
    terms = check.Agreement(
        {
            player: {
                "gain": p.gain, "shock_gain": p.shock_gain, "loss": p.loss, "conflict": p.conflict,
                "patience": p.patience, "detection": p.detection,
            }
            for player, p in setting.parties.items()
        },
        setting.accident, setting.shock, answers.low, setting.periods, pattern.covered, pattern.threat,
        "" if pattern.alone is None else list(setting.parties)[pattern.alone],
    )
    bases = {player: p.base for player, p in setting.parties.items()}
    certificate = check.certify(terms, {player: value - bases[player] for player, value in payoffs.items()})
    if not certificate.holds:
        raise CertificateError(f"{label}: {'; '.join(certificate.reasons)}")
    free = Free()
    if answers.low < answers.high:
        free = Free({KAPPA: MEANING}, ((f"{answers.low} <= {KAPPA}", f"{KAPPA} <= {answers.high}"),))
    return Equilibrium(
        id="", label=label, strategy=_strategy(setting, pattern, _ZERO), beliefs={}, free=free, outcomes={},
        payoffs=payoffs, events=setting.events(pattern, answers.low), certificate=certificate,
        figures=figures(setting, pattern, answers),
    )


def _strategy(setting: Setting, pattern: Pattern, zero: Number) -> dict[str, dict[str, Number]]:
    return {
        f"{player} in {setting.places[where]}": {
            action: zero + int(action == done) for action in ("restrain", "attack")
        }
        for n, player in enumerate(setting.parties)
        for where, done in pattern.plays(n).items()
        if where in setting.places
    }


def figures(setting: Setting, pattern: Pattern, answers: _Range) -> dict[str, Number]:
    """What the agreement rests on and how long it lasts."""
    if not pattern.threat:
        return {}
    pact, sides = setting.pact(pattern), setting.sides(pattern, setting.shock > 0)
    answer = _ONE if setting.answer is None else setting.answer
    found: dict[str, Number | None] = {}
    for player, side in sides.items():
        whose = f" of {player}" if len(set(sides.values())) > 1 else ""
        found[f"least patience{whose} that suffices"] = pact.least_patience(side, answer)
    found["least chance of an answer that suffices"] = _greatest([pact.least_answer(s) for s in sides.values()])
    found["fewest periods of punishment that suffice"] = _greatest(
        [pact.least_periods(s, answer) for s in sides.values()]
    )
    bounds = [bound for s in sides.values() for bound in [pact.most_accidents(s, answer)] if bound is not None]
    found["greatest chance of an accident that it bears"] = min([*bounds, _ONE]) if bounds else None
    ends = setting.cover(pattern) * setting.accident * answers.low
    found["chance in a period of restraint that a punishment begins"] = ends
    found["expected periods until a punishment begins"] = 1 / ends if ends else None
    if setting.periods is not None:
        found["periods that a punishment lasts"] = Fraction(setting.periods)
    lasting = _ONE if setting.periods is None else setting.periods * ends
    uncovered = 1 - setting.cover(pattern)
    share = (lasting + uncovered) / (lasting + 1) if setting.periods is not None or not ends else _ONE
    found["long-run share of periods of conflict"] = share if ends else uncovered
    return {name: value for name, value in found.items() if value is not None}


def _greatest(bounds: Sequence[Any]) -> Fraction | None:
    return None if None in bounds else Fraction(max(bounds))


def _why(setting: Setting, pattern: Pattern) -> list[str]:
    """Sentences on what an agreement with a threat lacks."""
    if not pattern.threat or (check.SHOCK not in pattern.covered and not setting.shock):
        return []
    start = f"{setting.labels[pattern.key]} is no equilibrium: "
    if not holds(setting._peace):
        return [start + "ending restraint is no threat, as a side would rather be attacked than fight on"]
    pact, answer = setting.pact(pattern), _ONE if setting.answer is None else setting.answer
    lacking = []
    for player, side in setting.sides(pattern, setting.shock > 0).items():
        if pact.slack(side, answer) < 0:
            least, most = pact.least_patience(side, answer), pact.most_gain(side, answer)
            lacks = f"{player} gains {_short(side.gain)} by attacking, and would restrain itself up to {_short(most)}"
            if least is not None:
                lacks += f", or with a patience of {_short(least)}, where it has {_short(side.patience)}"
            lacking.append(lacks)
    return [start + "; ".join(lacking or ["no chance of an answer suits both sides"])]


def _short(value: Any) -> str:
    text = str(value)
    return f"about {float(value):.4g}" if isinstance(value, Algebraic) or len(text) > 12 else text


# in symbols


def families(
    setting: Setting, game: DirectGame, told: Mapping[str, Any], wide: Setting | None = None
) -> Atlas:
    """The agreements in closed form, with the exact regions in which they are kept.

    Parameters
    ----------
    setting : over the parameters.
    game, told : as for `solvers.atlas`.
    wide : the same over the parameters and `KAPPA`, where the agreement may choose the answer.
    """
    maker = _Maker(setting, wide, game.space)
    found = [family for pattern in setting.patterns for family in maker.family(pattern)]
    ordered = sorted(found, key=lambda family: not family.generic)
    numbered = tuple(replace(family, id=f"F{n}") for n, family in enumerate(ordered, 1))
    note = f"complete among agreements of this form ({game.concept}); other play of a repeated game is not listed"
    return Atlas(
        game, numbered, True, coverage(game.space, numbered), game.concept, (note,), told,
        provenance("python-flint", "z3-solver"),
    )


@dataclass(frozen=True)
class _Maker:
    setting: Setting
    wide: Setting | None
    space: ParameterSpace

    @cached_property
    def ring(self) -> Ring:
        """That of the formulas of a family whose answer is free."""
        return Ring((*self.space.names, KAPPA))

    def family(self, pattern: Pattern) -> list[EquilibriumFamily]:
        """The family of a pattern; none where it exists nowhere."""
        region = pruned(self.space, possible(self.setting.tests(pattern, self.setting.answer)))
        if not region:
            return []
        free = self.wide is not None and pattern.threat
        setting = self.wide if self.wide is not None and free else self.setting
        answer: Any = self.ring.symbol(KAPPA) if free else self.setting.answer if pattern.threat else _ZERO
        pieces = region
        if free:
            bounds: Union = [[(answer, ">="), (1 - answer, ">=")]]
            pieces = pruned(self.space, possible(alternatives(setting.tests(pattern, answer), bounds)))
        zero = (self.ring if free else self.space.ring).number(0)
        return [
            EquilibriumFamily(
                id="", label=setting.labels[pattern.key],
                supports={
                    f"{player} in {setting.places[where]}": (done,)
                    for n, player in enumerate(setting.parties)
                    for where, done in pattern.plays(n).items()
                    if where in setting.places
                },
                strategy=_strategy(setting, pattern, zero), beliefs={},
                quantities={KAPPA: MEANING} if free else {}, pieces=pieces, region=region,
                generic=any(all(c.op != "==" for c in part) for part in region),
                outcomes={}, events={name: zero + v for name, v in setting.events(pattern, answer).items()},
                payoffs={name: zero + v for name, v in setting.payoffs(pattern, answer).items()},
            )
        ]


def pruned(space: ParameterSpace, union: Sequence[tuple[Condition, ...]]) -> tuple[tuple[Condition, ...], ...]:
    """A region without what the domain implies, and without parts that it rules out; of short conditions alone."""
    kept: dict[tuple[Condition, ...], None] = {}
    known = [[condition] for condition in space.conditions]
    for part in union:
        short = [c for c in part if c.poly.total_degree() <= 2 and c.free <= set(space.names)]
        plain = [c.over(space.ring) for c in short]
        if short and decide([*known, *([c] for c in plain)], LIMIT).status == "unsat":
            continue
        idle = {c for c, p in zip(short, plain, strict=True) if implies(space.conditions, p, LIMIT)}
        kept[tuple(c for c in part if c not in idle)] = None
    parts = list(kept)
    return tuple(p for p in parts if not any(set(other) < set(p) for other in parts))


def coverage(space: ParameterSpace, found: Sequence[EquilibriumFamily]) -> Coverage:
    """Whether every admissible point has one of these families."""
    if any(not part for family in found for part in family.region):
        return Coverage("proved")
    clauses: list[list[Condition]] = [[condition] for condition in space.conditions]
    for family in found:
        clauses += [[n for c in part for n in c.negated()] for part in family.region]
    short = [clause for clause in clauses if all(c.poly.total_degree() <= 2 for c in clause)]
    for asked in (short, clauses):
        verdict = decide(asked, LIMIT)
        if verdict.status == "unsat":
            return Coverage("proved")
        point = {name: (verdict.point or {}).get(name, _ZERO) for name in space.names}
        admissible = all(c.holds(point) for c in space.conditions)
        if verdict.status == "sat" and admissible and not any(family.holds(point) for family in found):
            return Coverage("hole", point)
    return Coverage("undecided")
