r"""Every symmetric equilibrium of `swarm`, and their families in closed form where there are any.

With :math:`D` the net gain of `netgain`, it is an equilibrium that all groups attack with probability :math:`p` where

.. math:: p = 0,\ D(0) \le 0; \qquad 0 < p < 1,\ D(p) = 0; \qquad p = 1,\ D(1) \ge 0.

So there is always one, and the zeros of :math:`D`, whose number is proved, are all that are mixed. With few groups they
are exact numbers, with many they lie in intervals with rational ends at which :math:`D` has different signs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from math import floor
from typing import Any, Final

from flint import arb, ctx

from ..algebraic import Algebraic
from ..atlas import Atlas
from ..checks.swarm import certify
from ..direct import DirectGame
from ..enclosures import Enclosure, ball, enclose
from ..equilibrium import Equilibrium, Free, Solution
from ..errors import CertificateError
from ..provenance import provenance
from .netgain import NetGain, Number, tail

__all__ = ["ALL", "ANY", "LABELS", "METHOD", "NONE", "atlas", "members", "most_attacks", "net_gain", "solve"]

METHOD: Final = "symmetric polynomial"
LABELS: Final = {"": "mixed", "low": "mixed: low", "high": "mixed: high", "touching": "mixed: touching"}
NONE, ALL, ANY = "none attack", "all attack", "any number attack"

LONGEST: Final = 4_000
"""What an exact number would need more bits than these for is enclosed."""
BITS: Final = 256
_ZERO: Final = Fraction(0)
_ONE: Final = Fraction(1)
_SHAPES: Final = {"rising": "rises", "falling": "falls", "peaked": "rises, then falls", "constant": "is constant"}
_TURNED: Final = {"rising": "falls", "falling": "rises", "peaked": "falls, then rises", "constant": "is constant"}


def solve(game: DirectGame, point: Mapping[str, Fraction], described: Mapping[str, Any]) -> Solution:
    """Every symmetric equilibrium at a point.

    Raises
    ------
    LimitError
        where it is not decided whether the net gain touches zero or stays off it.
    CertificateError
        where a result fails its certificate: a defect, never given out.
    """
    net, cap = net_gain(game, point), point["risk_cap"]
    zeros = net.zeros()
    notes = ["symmetric equilibria: every group attacks with the same probability"]
    if zeros is None:
        every = Free({"p": "attack at group"}, (("0 <= p", "p <= 1"),))
        found = [_entry(net, cap, ANY, _ZERO, every)]
        notes.append("on a knife edge: whatever the others do, attacking and holding come to the same")
    else:
        notes += [_counted(net, len(zeros)), *_edges(net, [zero.where for zero in zeros])]
        pure = [(label, p) for label, p, way in ((NONE, _ZERO, -1), (ALL, _ONE, 1)) if net.sign(p) in (0, way)]
        found = [_entry(net, cap, label, p) for label, p in pure]
        found += [_entry(net, cap, LABELS[zero.where], zero.value) for zero in zeros]
    notes.append(_partial(net))
    numbered = tuple(replace(entry, id=f"F{n}") for n, entry in enumerate(found, 1))
    return Solution(
        numbered, game.concept, METHOD, True, tuple(notes), scenario=described, provenance=provenance("python-flint")
    )


def atlas(game: DirectGame, told: Mapping[str, Any]) -> Atlas:
    """The families of symmetric equilibria; see `families`."""
    from .swarm_families import families

    return families(game, told)


def members(game: DirectGame, point: Mapping[str, Fraction]) -> list[Equilibrium]:
    """Where the probability of an attack is free, the equilibria at its ends, where every event has its ends too."""
    net = net_gain(game, point)
    return [_entry(net, point["risk_cap"], ANY, p) for p in (_ZERO, _ONE)] if net.zeros() is None else []


def net_gain(game: DirectGame, point: Mapping[str, Fraction]) -> NetGain:
    """The net gain from attacking, at a point."""
    return NetGain(
        game.options["rule"], game.options["groups"], game.options["threshold"],
        point["gain"], point["punishment"], point["lethality"],
    )


# what is said of the whole


def _counted(net: NetGain, zeros: int) -> str:
    """How the number of equilibria is proved."""
    shape = (_TURNED if net.punishment > 0 else _SHAPES)[net.shape if net.punishment else "constant"]
    times = {0: "nowhere", 1: "once", 2: "twice"}[zeros]
    return (
        f"their number is proved: in the probability with which the others attack the net gain from attacking {shape}, "
        f"and it is zero {times} strictly between 0 and 1"
    )


def _edges(net: NetGain, zeros: list[str]) -> list[str]:
    notes = [
        f"on a knife edge: where {who} of the others attack, attacking and holding come to the same"
        for who, p in (("none", _ZERO), ("all", _ONE))
        if net.sign(p) == 0
    ]
    return notes + ["on a knife edge: two mixed equilibria fall together"] * zeros.count("touching")


def _partial(net: NetGain) -> str:
    """The pure equilibria that are not symmetric."""
    ranges = [f"{low}" if low == high else f"{low} to {high}" for low, high in net.partial()]
    if not ranges:
        return "there is no pure equilibrium in which some groups attack and others hold"
    return (
        "not listed, as they are not symmetric: the pure equilibria in which exactly "
        f"{' or '.join(ranges)} of the {net.groups} groups attack"
    )


# one equilibrium


def _entry(net: NetGain, cap: Fraction, label: str, p: Number, free: Free | None = None) -> Equilibrium:
    certificate = certify(net.rule, net.groups, net.threshold, net.gain, net.punishment, net.lethality, p)
    if not certificate.holds:
        raise CertificateError(f"{label}: {'; '.join(certificate.reasons)}")
    hold: Any = Enclosure(1 - p.high, 1 - p.low) if isinstance(p, Enclosure) else 1 - p
    return Equilibrium(
        id="", label=label, strategy={"group": {"attack": p, "hold": hold}}, beliefs={}, free=free or Free(),
        outcomes={}, payoffs={"group": _payoff(net, p)}, events=_events(net, p), certificate=certificate,
        figures=_figures(net, cap, p),
    )


def _value(net: NetGain, p: Number, formula: Callable[[Any], Any]) -> Number:
    """A formula at a probability of attack: exactly where the number is not too long."""
    if isinstance(p, Algebraic) or (
        isinstance(p, Fraction) and net.groups * (p * net.lethality).denominator.bit_length() <= LONGEST
    ):
        exact: Number = formula(p)
        return exact
    if isinstance(p, Fraction):
        return enclose(lambda: formula(ball(p)))
    before, ctx.prec = ctx.prec, BITS
    try:
        return Enclosure.of(formula(ball(p.low).union(ball(p.high))))
    finally:
        ctx.prec = before


def _like(value: Fraction, p: Any) -> Any:
    return ball(value) if isinstance(p, arb) else value


def _events(net: NetGain, p: Number) -> dict[str, Any]:
    n = net.groups
    return {
        "deterrence_failure": _value(net, p, lambda x: tail(n, 1, x)),
        "spiral": _value(net, p, lambda x: tail(n, net.least, x * _like(net.counts, x))),
        "lethal": _value(net, p, lambda x: tail(n, 1, x * _like(net.lethality, x))),
    }


def _shared(net: NetGain) -> Callable[[Any], Any]:
    """The punishment that falls on a group that holds."""

    def formula(p: Any) -> Any:
        if net.rule != "collective":
            return p * 0
        return _like(net.punishment, p) * tail(net.groups - 1, net.least, p * _like(net.counts, p))

    return formula


def _payoff(net: NetGain, p: Number) -> Number:
    """Of every group: a mixed one is indifferent, so that it gets what it gets by holding."""
    shared = _shared(net)

    def formula(x: Any) -> Any:
        attacks = _like(net.gain, x) - _like(net.punishment, x) * net.harm(x) if p == 1 else x * 0
        return attacks - shared(x)

    return _value(net, p, formula)


def _figures(net: NetGain, cap: Fraction, p: Number) -> dict[str, Any]:
    n, h, q = net.groups, net.punishment, net.lethality
    shared = _shared(net)
    figures: dict[str, Any] = {
        "expected attacks": _value(net, p, lambda x: n * x),
        "expected lethal attacks": _value(net, p, lambda x: n * x * _like(q, x)),
        "punishment expected by attacking": _value(net, p, lambda x: _like(h, x) * net.harm(x) + shared(x)),
        "punishment expected by holding": _value(net, p, shared),
        "attacks that keep the risk of a lethal one within risk_cap, at most": Fraction(most_attacks(q, cap)),
    }
    least = net.from_groups()
    if least is not None:
        figures["groups from which on all attack is an equilibrium"] = Fraction(least)
    return figures


def most_attacks(lethality: Fraction, cap: Fraction) -> int:
    r"""The largest number of attacks with :math:`1 - (1 - q)^k \le` `cap`, exactly.

    >>> most_attacks(Fraction(1, 50), Fraction(1, 2)), most_attacks(Fraction(1, 2), Fraction(7, 8))
    (34, 3)
    """
    bits = BITS
    while True:
        before, ctx.prec = ctx.prec, bits
        try:
            ratio = Enclosure.of(ball(1 - cap).log() / ball(1 - lethality).log())
        finally:
            ctx.prec = before
        low, high = floor(ratio.low), floor(ratio.high)
        # A power of a fraction in lowest terms is one too: it is no longer than what it equals.
        if low == high or (high <= (1 - cap).denominator.bit_length() and (1 - lethality) ** high == 1 - cap):
            return high
        bits *= 2
