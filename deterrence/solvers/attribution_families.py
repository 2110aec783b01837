r"""The families of `imperfect_attribution` where attackers are alike, over parameters and the chance of an attack.

With :math:`A` the probability of an attack, names come up with probability :math:`D = (1 - A) f + A(p + q)`, and guilt
is believed with :math:`Ap/D` of the one that is named and :math:`Aq/((n-1)D)` of another. A family says how often each
is hit (never, sometimes, always) and who attacks (nobody, some types, every type). Where no answer is a matter of
degree :math:`A` is a formula, otherwise the root of a polynomial, and the region is written with it.

The atlas is about the parameters for which signals tell of attacks, :math:`np \ge f` and :math:`nq \ge (n-1) f`, and
nobody is hit without a name, even if all attack who can; there is one equilibrium then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any, Final

from ..atlas import Atlas, Coverage, EquilibriumFamily
from ..direct import DirectGame
from ..errors import NotSupportedError
from ..expressions import Condition, Expression, Ring
from ..provenance import provenance
from ..smt import decide
from .imperfect_attribution import RARE, TELLING, label

__all__ = ["families"]

LIMIT: Final = 2_000_000
"""What is spent on seeing that a region is empty."""
OFTEN: Final = ("never", "sometimes", "always")
Conjunction = tuple[Condition, ...]


def families(game: DirectGame, told: Mapping[str, Any]) -> Atlas:
    """The atlas.

    Raises
    ------
    NotSupportedError
        for attackers that are unlike, and where the values put in do not meet the conditions above.
    """
    if game.options["kind"] != "alike":
        raise NotSupportedError(
            "closed forms are written for attackers that are alike; for others every equilibrium is found as numbers: "
            "solve, sweep"
        )
    plain = _Formulas(game, game.space.ring, None)
    extra = plain.telling()
    if any(condition.truth is False for condition in extra):
        raise NotSupportedError(
            "closed forms are written where signals tell of attacks and nobody is hit without one; at these values "
            "equilibria are found as numbers: solve, sweep"
        )
    open_ones = [c for c in extra if c.truth is None]
    narrow = replace(game, space=game.space.with_conditions(open_ones))
    wide = _Formulas(game, Ring((*game.space.names, "attacks")), "attacks")
    drafts = [family for family in _families(plain, wide) if _possible(narrow, family)]
    ordered = sorted(drafts, key=lambda family: not family.generic)
    found = [replace(family, id=f"F{n}") for n, family in enumerate(ordered, 1)]
    if open_ones and found and not any(family.implicit for family in found):
        # What goes along a parameter, as a sweep does, may leave the conditions, and is to solve every point: it does
        # where one family is implicit.
        found[0] = replace(found[0], implicit=True)
    notes = (f"for the parameters for which {TELLING}", *([RARE] if plain.n > 1 and plain.silent else []))
    return Atlas(narrow, tuple(found), True, Coverage("proved"), game.concept, notes, told, provenance("python-flint"))


def _possible(game: DirectGame, family: EquilibriumFamily) -> bool:
    """Whether it is not known that a family exists nowhere."""
    if not family.pieces:
        return False
    ring = family.events["deterrence_failure"].ring
    given = [condition.over(ring) for condition in game.space.conditions]
    roots = list(family.roots.values())
    return any(decide([[c] for c in (*given, *part, *roots)], LIMIT).status != "unsat" for part in family.pieces)


def _families(plain: _Formulas, wide: _Formulas) -> Iterator[EquilibriumFamily]:
    kinds = ("named", "another") if plain.n > 1 else ("named",)
    for states in product(OFTEN, repeat=len(kinds)):
        often = dict(zip(kinds, states, strict=True))
        for who in (0, 2, 1):
            yield plain.family(often, who) if who < 2 or "sometimes" not in states else wide.family(often, who)


class _Formulas:
    """The game in symbols; the probability of an attack is a symbol too, or is put in."""

    def __init__(self, game: DirectGame, ring: Ring, attacks: str | None) -> None:
        def value(name: str) -> Expression:
            return ring.symbol(name) if name in game.space.names else ring.number(game.fixed.get(name, Fraction(0)))

        self.ring = ring
        self.attacks = attacks
        self.n: int = game.options["attackers"]
        self.opportunity, self.loss, self.false = value("opportunity"), value("loss"), value("false_alarm")
        self.right = value("identification")
        self.wrong = value("misidentification") if self.n > 1 else ring.number(0)
        self.low, self.high = value("gain_low"), value("gain_high")
        self.least, self.most = value("answer_low"), value("answer_high")
        self.gaps = {
            "named": self.right - self.false / self.n, "another": self.wrong - self.false * (self.n - 1) / self.n,
        }
        self.guilt = {"named": self.right, "another": self.wrong / max(self.n - 1, 1)}

    @property
    def silent(self) -> bool:
        """Whether there may be no false alarms."""
        return Condition.compare(self.false, "==", self.ring.number(0)).truth is not False

    def compare(self, left: Expression, op: str, right: Expression | int) -> Condition:
        """A condition over the ring."""
        return Condition.compare(left, op, right if isinstance(right, Expression) else self.ring.number(right))

    def telling(self) -> list[Condition]:
        """Where there is one equilibrium."""
        silent = 1 - self.right - self.wrong
        worst = self.opportunity * silent / (
            ((1 - self.opportunity) * (1 - self.false) + self.opportunity * silent) * self.n
        )
        gaps = [self.gaps["named"], *([self.gaps["another"]] if self.n > 1 else [])]
        return [*(self.compare(gap, ">=", 0) for gap in gaps), self.compare(self.most + worst, "<=", 1)]

    def named(self, attacks: Expression) -> Expression:
        """The probability that somebody is named."""
        return (1 - attacks) * self.false + attacks * (self.right + self.wrong)

    def hit(self, kind: str, how: str, attacks: Expression, limit: bool = False) -> Expression:
        """The probability that the Defender's type hits one that is named, or another; `limit` as attacks vanish."""
        if how != "sometimes":
            return self.ring.number(int(how == "always"))
        named = self.right + self.wrong if limit else self.named(attacks)
        believed = self.guilt[kind] * (1 if limit else attacks) / named
        found: Expression = (self.most - 1 + believed) / (self.most - self.least)
        return found

    def answered(self, kind: str, how: str, attacks: Expression, limit: bool = False) -> list[Condition]:
        """That one of this kind is hit so often."""
        guilt = self.guilt[kind] * (1 if limit else attacks)
        named = self.right + self.wrong if limit else self.named(attacks)
        begins = self.compare(guilt, "<=" if how == "never" else ">", (1 - self.most) * named)
        ends = self.compare(guilt, ">=" if how == "always" else "<", (1 - self.least) * named)
        if how == "never":
            return [begins]
        return [self.compare(named, ">", 0), *([begins] if how == "sometimes" else []), ends]

    def reply(self, often: Mapping[str, str], attacks: Expression, limit: bool = False) -> Expression:
        """The cutoff that answers so many attacks."""
        total = self.ring.number(0)
        for kind, how in often.items():
            total = total + self.gaps[kind] * self.hit(kind, how, attacks, limit)
        return total

    def family(self, often: Mapping[str, str], who: int) -> EquilibriumFamily:
        """Nobody attacks (0), every type (1), or some (2)."""
        if who == 0:
            return self._nobody(often)
        if who == 1:
            attacks = self.opportunity
            part = [self.compare(self.reply(often, attacks), "<=", self.low)]
            return self._made(often, who, attacks, [[*part, *self._answers(often, attacks)]])
        if self.attacks is None:
            attacks = self.opportunity * (self.high - self.reply(often, self.opportunity)) / (self.high - self.low)
        else:
            attacks = self.ring.symbol(self.attacks)
        inside = [self.compare(attacks, ">", 0), self.compare(attacks, "<", self.opportunity)]
        return self._made(often, who, attacks, [[*inside, *self._answers(often, attacks)]])

    def _answers(self, often: Mapping[str, str], attacks: Expression, limit: bool = False) -> list[Condition]:
        return [c for kind, how in often.items() for c in self.answered(kind, how, attacks, limit)]

    def _nobody(self, often: Mapping[str, str]) -> EquilibriumFamily:
        """Without attacks a name is a false alarm, or, where there is none, believed as attacks that become rare."""
        none = self.ring.number(0)
        parts = [[
            self.compare(self.false, "==", 0), self.compare(self.reply(often, none, True), ">=", self.high),
            *self._answers(often, none, True),
        ]]
        if set(often.values()) == {"never"}:
            parts.append([self.compare(self.false, ">", 0), self.compare(self.high, "<=", 0)])
            parts.append([self.compare(self.false, "==", 0), self.compare(self.right + self.wrong, "==", 0),
                          self.compare(self.high, "<=", 0)])
        return self._made(often, 0, none, parts, limit="sometimes" in often.values())

    def _made(
        self, often: Mapping[str, str], who: int, attacks: Expression, parts: list[list[Condition]], limit: bool = False
    ) -> EquilibriumFamily:
        kept = tuple(
            tuple(dict.fromkeys(c for c in part if c.truth is None))
            for part in parts if all(c.truth is not False for c in part)
        )
        hits = {kind: self.hit(kind, how, attacks, limit) for kind, how in often.items()}
        free = self.attacks is not None
        roots = {}
        if free:
            cutoff = self.high - (self.high - self.low) * attacks / self.opportunity
            # No denominator is zero where answers are a matter of degree.
            roots = {"attacks": Condition(self.ring, (cutoff - self.reply(often, attacks)).num, "==")}
        strategy = self._strategy(often, attacks, hits)
        names = {0: Fraction(0), 1: Fraction(1)}
        return EquilibriumFamily(
            id="", label=label(names.get(who, Fraction(1, 2)), Fraction(1), often),
            supports={name: tuple(a for a, v in row.items() if not v.is_zero) for name, row in strategy.items()},
            strategy=strategy, beliefs={}, quantities={"attacks": "probability of an attack"} if free else {},
            pieces=kept, region=tuple((*part, *roots.values()) for part in kept),
            generic=any(all(c.op != "==" for c in part) for part in kept), outcomes={},
            events=self._events(attacks, hits), payoffs=self._payoffs(attacks, hits), roots=roots, implicit=free,
        )

    def _strategy(
        self, often: Mapping[str, str], attacks: Expression, hits: Mapping[str, Expression]
    ) -> dict[str, dict[str, Expression]]:
        able = attacks / self.opportunity
        rows = {"attacker": {"attack": able, "hold": 1 - able}}
        for kind, words in (("named", "named"), ("another", "another named")):
            if kind in often:
                # Beside one that is named stands another, of whom less is believed.
                rows[f"Defender, {words}"] = {"hit": hits[kind], "spare": 1 - hits[kind]}
        rows["Defender, nobody named"] = {"hit": self.ring.number(0), "spare": self.ring.number(1)}
        return rows

    def _events(self, attacks: Expression, hits: Mapping[str, Expression]) -> dict[str, Expression]:
        own, other = 1 - hits["named"], 1 - hits.get("another", self.ring.number(0))
        quiet = own * other ** (self.n - 1)
        named = self.right + self.wrong
        innocent = (1 - attacks) * self.false * (1 - quiet) + attacks * self.right * (1 - other ** (self.n - 1))
        if self.n > 1:
            innocent = innocent + attacks * self.wrong * (1 - own * other ** (self.n - 2))
        return {
            "deterrence_failure": attacks, "guilty_hit": attacks * (self.right * (1 - own) + self.wrong * (1 - other)),
            "innocent_hit": innocent, "unanswered": attacks * (named * quiet + 1 - named),
        }

    def _payoffs(self, attacks: Expression, hits: Mapping[str, Expression]) -> dict[str, Expression]:
        named = self.named(attacks)
        gains = attacks * (self.high - attacks / self.opportunity * (self.high - self.low) / 2)
        defender = -self.loss * attacks
        for kind, hit in hits.items():
            many = 1 if kind == "named" else self.n - 1
            gains = gains - named * hit * many
            typical = self.most - hit * (self.most - self.least) / 2 - 1
            defender = defender + hit * many * (named * typical + self.guilt[kind] * attacks)
        return {"attacker": gains / self.n, "Defender": defender}
