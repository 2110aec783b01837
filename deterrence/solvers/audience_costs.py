r"""The horizon equilibria of `audience_costs`, exactly, and their families in closed form.

There is exactly one in which neither state concedes at once for certain. Let :math:`Q_i` be the probability that
:math:`i` has quit by :math:`t`, and :math:`s_i` the last time at which it may quit.

1. A type that attacks does so when the other quits no more: waiting costs it nothing, and the prize may still come.
2. :math:`s_1 = s_2 = s`: who quits after the last time of the other would rather have quit at that time.
3. No :math:`Q_i` jumps at a :math:`t > 0`, or the other would wait it out and :math:`i` gain by quitting before; nor
   both at 0. Neither is constant between two times at which it quits: the other would quit at none of them, and
   :math:`i` rather earlier.
4. So both are indifferent on :math:`(0, s]`, which gives :math:`(v + a_i t) Q_j' = a_i (1 - Q_j)`, that is
   :math:`Q_j = (k_j + a_i t)/(v + a_i t)` with :math:`\min(k_1, k_2) = 0`.
5. The types that rather fight than quit at :math:`s` are those above :math:`-a_j s`: :math:`F_j(-a_j s) = Q_j(s)`, so
   that :math:`k_j = F_j v - (1 - F_j) a_i s`. Both fall in :math:`s` from :math:`v` on, so one :math:`s` alone makes
   the smaller zero. It is positive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

from flint import arb, ctx

from ..algebraic import Algebraic, Real, real_roots
from ..atlas import Atlas, Coverage, EquilibriumFamily
from ..checks.audience_costs import Side, certify
from ..direct import DirectGame
from ..enclosures import ball, enclose
from ..equilibrium import Equilibrium, Free, Solution
from ..errors import CertificateError
from ..expressions import Condition, Expression, Ring
from ..provenance import provenance

__all__ = ["METHOD", "atlas", "solve"]

METHOD: Final = "horizon roots"
NOTES: Final = (
    "every equilibrium in which neither state concedes at once for certain; which types quit when, and how long after "
    "the horizon war comes, may vary and changes nothing",
    "not listed: equilibria in which one state concedes at once for certain, held up by what the other would do later",
)
STATES: Final = (1, 2)
LABELS: Final = {1: "State 1 may concede at once", 2: "State 2 may concede at once", 0: "neither concedes at once"}


@dataclass(frozen=True)
class Crisis:
    """The formulas at a horizon, in numbers or in symbols: `low` is the state that may concede at once [L]."""

    prize: Any
    audience: Mapping[int, Any]
    worst: Mapping[int, Any]
    horizon: Any
    low: int

    @property
    def stays(self) -> Any:
        """The probability that no state concedes at once."""
        a, other = self.audience, 3 - self.low
        return a[self.low] * self.horizon * (self.prize + a[other] * self.horizon) / (self.prize * self.worst[self.low])

    def bluffs(self, i: int) -> Any:
        """The probability that a state that stayed is of a type that backs down."""
        reached = self.audience[3 - i] * self.horizon
        return reached / (self.prize + reached)

    def fights(self, i: int) -> Any:
        """The share of all types of a state that attack."""
        return self.audience[i] * self.horizon / self.worst[i]

    def strategy(self) -> dict[str, dict[str, Any]]:
        """What the types of each state do, as shares."""
        rows = {}
        for i in STATES:
            stays = self.stays if i == self.low else self.stays * 0 + 1
            rows[f"State {i} at the outset"] = {"concede": 1 - stays, "stay": stays}
            rows[f"State {i} in a crisis"] = {"back down": self.bluffs(i), "attack": 1 - self.bluffs(i)}
        return rows

    def events(self) -> dict[str, Any]:
        """The probability of each event."""
        stays, war = self.stays, self.fights(1) * self.fights(2)
        concedes = {i: 1 - stays if i == self.low else stays * 0 for i in STATES}
        return {
            "concede_1": concedes[1], "concede_2": concedes[2], "crisis": stays, "bluff_1": stays * self.bluffs(1),
            "bluff_2": stays * self.bluffs(2), "back_down": stays - war, "war": war,
        }

    def payoff(self, i: int) -> Any:
        """Of a state before it knows its type: those that quit get the same at every time, the others attack last."""
        quits = 1 - self.fights(3 - i)
        worth = quits * self.prize - (1 - quits) * self.audience[i] * self.horizon
        # A type that attacks gets on average half of what it would pay more by quitting.
        return worth + self.fights(i) * (1 - quits) * self.audience[i] * self.horizon / 2


def solve(game: DirectGame, point: Mapping[str, Fraction], described: Mapping[str, Any]) -> Solution:
    """The equilibrium at a point.

    Raises
    ------
    CertificateError
        where it fails its certificate: a defect, never given out.
    """
    prize = point["prize"]
    audience = {i: point[f"audience_cost_{i}"] for i in STATES}
    worst = {i: point[f"war_cost_{i}"] for i in STATES}
    roots = {
        i: real_roots([-worst[3 - i] * prize, audience[3 - i] * prize, audience[1] * audience[2]], 0)[0] for i in STATES
    }
    low = 1 if roots[1] <= roots[2] else 2
    crisis = Crisis(prize, audience, worst, roots[low], low)
    label = LABELS[low if roots[1] != roots[2] else 0]
    entry = replace(_entry(crisis, label), id="F1")
    return Solution(
        (entry,), game.concept, METHOD, True, NOTES, scenario=described, provenance=provenance("python-flint")
    )


def _entry(crisis: Crisis, label: str) -> Equilibrium:
    t, low = crisis.horizon, crisis.low
    surplus = crisis.prize * (1 - crisis.stays)
    sides = {
        f"State {i}": Side(
            crisis.audience[i], crisis.worst[i], -crisis.audience[i] * t,
            (surplus if i == low else Fraction(0), crisis.audience[3 - i], crisis.prize, crisis.audience[3 - i]),
        )
        for i in STATES
    }
    certificate = certify(crisis.prize, t, sides)
    if not certificate.holds:
        raise CertificateError(f"{label}: {'; '.join(certificate.reasons)}")
    return Equilibrium(
        id="", label=label, strategy=crisis.strategy(), beliefs={}, free=Free(), outcomes={},
        payoffs={f"State {i}": crisis.payoff(i) for i in STATES}, events=crisis.events(), certificate=certificate,
        figures={
            "horizon": t,
            **{f"value of war above which State {i} attacks": -crisis.audience[i] * t for i in STATES},
            f"what State {3 - low} gains by a dispute": surplus,
            "chance of war in a crisis": (1 - crisis.bluffs(1)) * (1 - crisis.bluffs(2)),
            **{f"chance that in a crisis State {i} is the first to back down": _first(crisis, i) for i in STATES},
        },
    )


def _first(crisis: Crisis, i: int) -> Any:
    """The chance that in a crisis a state is the first to back down: the integral of its hazard.

    With :math:`x = t^*/v`, its own hazard :math:`b/(1 + bx)` and that of the other :math:`c/(1 + cx)`.
    """
    b, c = crisis.audience[3 - i], crisis.audience[i]
    x = crisis.horizon / crisis.prize
    if b == c:
        return (1 - 1 / ((1 + b * x) * (1 + b * x))) / 2

    def integral() -> Any:
        at, own, other = _ball(x), ball(b), ball(c)
        logs = other / (own - other) ** 2 * ((1 + other * at) / (1 + own * at)).log()
        return own * (logs + own / (own - other) * at / (1 + own * at))

    return enclose(integral)


def _ball(value: Real) -> Any:
    if not isinstance(value, Algebraic):
        return ball(value)
    low, high = value.bounds(ctx.prec + 16)
    found: arb = ball(low).union(ball(high))
    return found


def atlas(game: DirectGame, told: Mapping[str, Any]) -> Atlas:
    """The three families: which state may concede at once, and the knife edge between."""
    ring, wide = game.space.ring, Ring((*game.space.names, "t"))

    def over(target: Ring) -> Crisis:
        def value(name: str) -> Expression:
            return target.symbol(name) if name in game.space.names else target.number(game.fixed[name])

        audience, worst = ({i: value(f"{kind}_cost_{i}") for i in STATES} for kind in ("audience", "war"))
        return Crisis(value("prize"), audience, worst, target.symbol("t") if target is wide else target.number(0), 1)

    plain, crisis = over(ring), over(wide)
    found = [_family(LABELS[i], crisis, i or 1, _region(plain, i), i > 0) for i in (1, 2, 0)]
    kept = [family for family in found if family.region]
    numbered = tuple(replace(family, id=f"F{n}") for n, family in enumerate(kept, 1))
    return Atlas(
        game, numbered, True, Coverage("proved"), game.concept, NOTES, told, provenance("python-flint")
    )


def _region(crisis: Crisis, low: int) -> tuple[tuple[Condition, ...], ...]:
    """Where the horizon of this state comes first; for 0 where both come together.

    The two equations differ by (a_2 - a_1) t = W_2 - W_1, so that t_1 < t_2 where at t_1 the left side is the smaller.
    """
    zero = crisis.prize.ring.number(0)
    audience, worst = (rows[2] - rows[1] for rows in (crisis.audience, crisis.worst))
    a, v = crisis.audience, crisis.prize
    # The equation of t_1 at the time at which the sides are equal, times (a_2 - a_1)**2.
    there = a[1] * a[2] * worst**2 + a[2] * v * worst * audience - crisis.worst[2] * v * audience**2
    # How the audiences, the costs of war and that value compare with 0; fewer where fewer decide.
    wanted = {
        1: ["> <=", "> > <", "< < >", "== <"],
        2: ["< >=", "< < <", "> > >", "== >"],
        0: ["> > ==", "< < ==", "== =="],
    }[low]
    values = (audience, worst, there)
    parts = [
        tuple(Condition.compare(value, op, zero) for value, op in zip(values, text.split(), strict=False))
        for text in wanted
    ]
    return tuple(
        tuple(c for c in part if c.truth is None) for part in parts if all(c.truth is not False for c in part)
    )


def _family(
    label: str, crisis: Crisis, low: int, region: tuple[tuple[Condition, ...], ...], generic: bool
) -> EquilibriumFamily:
    found = replace(crisis, low=low)
    t, a = found.horizon, found.audience
    zero = t.ring.number(0)
    equation = a[1] * a[2] * t**2 + a[3 - low] * found.prize * t - found.worst[3 - low] * found.prize
    positive = Condition.compare(t, ">", zero)
    strategy = found.strategy()
    return EquilibriumFamily(
        id="", label=label, supports={name: tuple(row) for name, row in strategy.items()}, strategy=strategy,
        beliefs={}, quantities={"t": "the horizon"},
        pieces=tuple((positive, *(c.over(t.ring) for c in part)) for part in region),
        region=region, generic=generic, outcomes={}, events=found.events(),
        payoffs={f"State {i}": found.payoff(i) for i in STATES},
        roots={"t": Condition.compare(equation, "==", zero)},
    )
