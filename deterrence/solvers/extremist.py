r"""Every equilibrium of `extremist`, exactly, and their families in closed form.

With :math:`D = d - \mu`, :math:`F(x) = (x - l)/(h - l)` and :math:`\Gamma(x) = \mu + D F(x)`, best replies are
cutpoints, and an equilibrium in which B hears nothing of use has :math:`c_A = \Gamma(c_B)`, :math:`c_B =
\Gamma(c_A)`, so that both are :math:`\hat c = \Gamma(\hat c)`, as :math:`|D| < h - l`. Otherwise let B be the more
hawkish after demonstration: :math:`c_B^1 > c_B^0`. Whatever A's type would do after either message alike, the
extremist prefers the less hawkish B, and is silent. So a demonstration is meant for the types between :math:`c_A^0 =
\Gamma(c_B^0)` and :math:`c_A^1 = \Gamma(c_B^1)` alone, which it makes hawkish where :math:`D > 0` and dovish where
:math:`D < 0`. B knows it: :math:`c_B^1 = d` or :math:`\mu`. If it is sent on these types with probability
:math:`\sigma`, it is heard with :math:`s = \sigma |F(c_A^1) - F(c_A^0)|` and

.. math:: c_B^0 = \mu + D \frac{F(c_A^0)}{1 - s} \;(D > 0), \qquad
          c_B^0 = \mu + D \frac{F(c_A^0) - s}{1 - s} \;(D < 0).

:math:`c_B^0` grows in :math:`\sigma`, from :math:`\hat c` at 0. The extremist is willing at :math:`\sigma = 1` where
:math:`c_E` is at most (at least, where :math:`D < 0`) the value :math:`E(c_B^0)` at which it is indifferent, and mixes
where it is that value: :math:`c_B^0` is then the root of a linear equation. At :math:`\sigma = 1` it solves a quadratic
one, which has different signs at :math:`\hat c` and :math:`c_B^1`, so that it has one root between.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from ..algebraic import real_roots
from ..atlas import Atlas, Coverage, EquilibriumFamily
from ..checks.extremist import Terms, certify
from ..direct import DirectGame
from ..equilibrium import Equilibrium, Free, Solution
from ..errors import CertificateError
from ..expressions import Condition, Expression, Ring
from ..provenance import provenance
from .talk import Talk

__all__ = ["METHOD", "atlas", "solve"]

METHOD: Final = "cutpoint equations"
SILENT, FULL, PARTIAL = "no talk", "communication", "partial communication"
NOTE: Final = (
    "every equilibrium, up to the names of the messages and, where the extremist mixes, up to which of the types it is "
    "meant for hear it"
)


def _talk(value: Any) -> Talk:
    """The game with its parameters as `value` gives them by name."""
    return Talk(*(value(n) for n in ("advantage", "exposure", "cost_low", "cost_high", "extremist_cost")))


def solve(game: DirectGame, point: Mapping[str, Fraction], described: Mapping[str, Any]) -> Solution:
    """Every equilibrium at a point.

    Raises
    ------
    CertificateError
        where a result fails its certificate: a defect, never given out.
    """
    talk = _talk(point.__getitem__)
    found = [_entry(SILENT, replace(talk, quiet=talk.calm))]
    slope = talk.harm - talk.gain
    if slope:
        talk = replace(talk, sign=1 if slope > 0 else -1)
        found += [_entry(label, told) for label, told in _effective(talk)]
    numbered = tuple(replace(entry, id=f"F{n}") for n, entry in enumerate(found, 1))
    return Solution(
        numbered, game.concept, METHOD, True, (NOTE,), scenario=described, provenance=provenance("python-flint")
    )


def _effective(talk: Talk) -> Iterator[tuple[str, Talk]]:
    """The equilibria in which the message is heeded."""
    # A quadratic through three of its values.
    values = [talk.excess(Fraction(x)) for x in (0, 1, -1)]
    square, linear = (values[1] + values[2]) / 2 - values[0], (values[1] - values[2]) / 2
    (root,) = (r for r in real_roots([values[0], linear, square], talk.calm, talk.loud) if talk.calm < r < talk.loud)
    if root >= talk.tempted:
        yield FULL, replace(talk, quiet=root, mixing=Fraction(1))
    if talk.calm < talk.tempted < root:
        yield PARTIAL, replace(talk, quiet=talk.tempted, mixing=talk.mixed())


def _entry(label: str, talk: Talk) -> Equilibrium:
    heeded = label != SILENT
    quiet, loud = talk.quiet, talk.loud if heeded else talk.quiet
    cuts = {"demonstrate": (talk.reply(loud), loud), "stay silent": (talk.reply(quiet), quiet)}
    ends = sorted(cut for cut, _ in cuts.values())
    sent = ((ends[0], Fraction(0)), (ends[1], talk.mixing + Fraction(0)), (talk.high, Fraction(0)))
    certificate = certify(Terms(talk.gain, talk.harm, talk.low, talk.high, talk.extreme), sent, cuts)
    if not certificate.holds:
        raise CertificateError(f"{label}: {'; '.join(certificate.reasons)}")
    figures = {f"cutpoint of {state} without talk": talk.calm for state in "AB"}
    if heeded:
        figures = {
            f"cutpoint of {state} after {word}": cut
            for message, word in (("demonstrate", "demonstration"), ("stay silent", "silence"))
            for state, cut in zip("AB", cuts[message], strict=True)
        }
        bound = talk.gain * (1 - talk.share(loud if talk.sign > 0 else quiet))
        bound += talk.harm * talk.share(quiet if talk.sign > 0 else loud)
        figures[f"{'largest' if talk.sign > 0 else 'least'} cost of an extremist that plays this"] = bound
    return Equilibrium(
        id="", label=label, strategy=talk.strategy() if heeded else talk.silent(), beliefs={}, free=Free(), outcomes={},
        payoffs=talk.payoffs(), events=talk.events(), certificate=certificate, figures=figures,
    )


def atlas(game: DirectGame, told: Mapping[str, Any]) -> Atlas:
    """The five families: no talk, and for complements and substitutes talk and partial talk."""
    ring, wide = game.space.ring, Ring((*game.space.names, "quiet"))

    def over(target: Ring) -> Talk:
        return _talk(lambda n: target.symbol(n) if n in game.space.names else target.number(game.fixed[n]))

    plain, full = over(ring), replace(over(wide), quiet=wide.symbol("quiet"), mixing=wide.number(1))
    silent = replace(plain, quiet=plain.calm, mixing=ring.number(0))
    families = [_family(SILENT, silent, ((),))]
    for sign, kind in ((1, "complements"), (-1, "substitutes")):
        talk = replace(plain, sign=sign)
        root = replace(full, sign=sign)
        families.append(_family(f"{FULL}: {kind}", root, _willing(talk), _equations(root)))
        mixed = replace(talk, quiet=talk.tempted, mixing=talk.mixed())
        families.append(_family(f"{PARTIAL}: {kind}", mixed, _tempted(talk)))
    kept = tuple(replace(f, id=f"F{n}") for n, f in enumerate((f for f in families if f.region), 1))
    return Atlas(game, kept, True, Coverage("proved"), game.concept, (NOTE,), told, provenance("python-flint"))


def _compare(left: Expression, op: str, right: Expression) -> Condition:
    return Condition.compare(left, op, right)


def _kind(talk: Talk) -> Condition:
    return _compare(talk.harm, ">" if talk.sign > 0 else "<", talk.gain)


def _willing(talk: Talk) -> tuple[tuple[Condition, ...], ...]:
    """Where the extremist makes every demonstration that is meant: its cost is on the right side."""
    kind, zero = _kind(talk), talk.gain.ring.number(0)
    lower = (kind, _compare(talk.tempted, "<=", talk.calm))
    between = (
        kind, _compare(talk.tempted, ">", talk.calm), _compare(talk.tempted, "<", talk.loud),
        _compare(talk.excess(talk.tempted), ">=", zero),
    )
    return _possible((lower, between))


def _tempted(talk: Talk) -> tuple[tuple[Condition, ...], ...]:
    """Where it mixes."""
    zero = talk.gain.ring.number(0)
    part = (
        _kind(talk), _compare(talk.tempted, ">", talk.calm), _compare(talk.tempted, "<", talk.loud),
        _compare(talk.excess(talk.tempted), ">", zero),
    )
    return _possible((part,))


def _equations(talk: Talk) -> tuple[Condition, tuple[Condition, ...]]:
    """The equation of B's cutpoint after silence, and what tells its root from others."""
    zero = talk.gain.ring.number(0)
    bounds = (_compare(talk.quiet, ">", talk.calm), _compare(talk.quiet, "<", talk.loud))
    return _compare(talk.excess(talk.quiet), "==", zero), bounds


def _possible(parts: tuple[tuple[Condition, ...], ...]) -> tuple[tuple[Condition, ...], ...]:
    return tuple(
        tuple(c for c in part if c.truth is None) for part in parts if all(c.truth is not False for c in part)
    )


def _family(
    label: str, talk: Talk, region: tuple[tuple[Condition, ...], ...],
    root: tuple[Condition, tuple[Condition, ...]] | None = None,
) -> EquilibriumFamily:
    strategy = talk.silent() if label == SILENT else talk.strategy()
    ring = talk.quiet.ring
    pieces = tuple((*(c.over(ring) for c in part), *(root[1] if root else ())) for part in region)
    return EquilibriumFamily(
        id="", label=label,
        supports={name: tuple(a for a, v in row.items() if not v.is_zero) for name, row in strategy.items()},
        strategy=strategy, beliefs={}, quantities={"quiet": "cutpoint of B after silence"} if root else {},
        pieces=pieces, region=region, generic=True, outcomes={}, events=talk.events(), payoffs=talk.payoffs(),
        roots={"quiet": root[0]} if root else {},
    )
