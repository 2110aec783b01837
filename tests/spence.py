"""The costly-signalling game of 2 types, 2 signals and 2 replies, its families written down from canon/results.md, 13.

A sender, strong with probability p or weak, sends a signal at cost c_S or c_W, or stays silent; the receiver attacks or
not. The sender gets b_t if not attacked and 0 if attacked; the receiver gets g against a weak sender, -l against a
strong one, 0 without an attack. With k_t = c_t/b_t and p* = g/(g + l), single crossing k_S < k_W, the families are:

    separating                 k_S <= 1 <= k_W         attack after silence only
    semi, weak bluffs          p <= p*, k_W <= 1       weak signals X = p l/((1-p) g); attack after the signal 1 - k_W
    pooling on signal          p >= p*, k_W <= 1
    silent, no attack          p >= p*
    silent, attack             p <= p*
    semi, strong mixes         p >= p*, k_S <= 1       strong signals (p - p*)/(p (1-p*)); attack after silence k_S

The table gives open regions; here they are closed, since each formula is still an equilibrium at the edge. Further
families on the edges themselves (k_W = 1, say) are left out, so the atlas is one of points off them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from deterrence.atlas import Atlas, Coverage, EquilibriumFamily
from deterrence.expressions import Condition, Ring
from deterrence.game import Game, Move, PayoffRule, build_game
from deterrence.parameters import Parameter, ParameterSpace

PARAMETERS = {
    "p": "0 < p < 1", "c_strong": "c_strong > 0", "c_weak": "c_weak > 0", "b_strong": "b_strong > 0",
    "b_weak": "b_weak > 0", "g": "g > 0", "l": "l > 0",
}


def game() -> Game:
    space = ParameterSpace(
        tuple(Parameter(name, domain) for name, domain in PARAMETERS.items()),
        assume=("c_strong*b_weak < c_weak*b_strong",),
    )
    return build_game(
        "Costly signalling of resolve",
        ["Sender", "Receiver"],
        space,
        [
            Move("chance", actions={"strong": "p", "weak": "1 - p"}),
            Move("Sender", "strong type", after=("strong",), actions={"silence": None, "signal": None}),
            Move("Sender", "weak type", after=("weak",), actions={"silence": None, "signal": None}),
            Move("Receiver", "after silence", after=("*, silence",), actions={"attack": None, "refrain": None}),
            Move("Receiver", "after signal", after=("*, signal",), actions={"attack": None, "refrain": None}),
        ],
        [
            PayoffRule(when=("strong", "refrain"), amounts={"Sender": "b_strong"}),
            PayoffRule(when=("weak", "refrain"), amounts={"Sender": "b_weak"}),
            PayoffRule(when=("strong", "signal"), amounts={"Sender": "-c_strong"}),
            PayoffRule(when=("weak", "signal"), amounts={"Sender": "-c_weak"}),
            PayoffRule(when=("strong", "attack"), amounts={"Receiver": "-l"}),
            PayoffRule(when=("weak", "attack"), amounts={"Receiver": "g"}),
        ],
        {"called bluff": "weak, signal, attack"},
    )


def family(
    number: int, label: str, of: Game, region: str, plays: Mapping[str, str],
    quantities: Mapping[str, str] | None = None, pieces: tuple[str, ...] = (),
) -> EquilibriumFamily:
    """A family from the probabilities of signal (strong, weak) and of attack (after silence, after signal)."""
    ring = Ring((*of.space.names, *(quantities or {})))
    one, zero = ring.number(1), ring.number(0)
    first = {name: ring.parse(text) for name, text in plays.items()}
    strategy = {}
    for infoset in of.infosets:
        high, low = ("signal", "silence") if infoset.player == "Sender" else ("attack", "refrain")
        row = {high: first[infoset.name], low: one - first[infoset.name]}
        strategy[infoset.name] = {action: row[action] for action in infoset.actions}
    outcomes = {}
    for history in of.terminals:
        prior = of.chance[()].probabilities[history[0]]
        value = ring.parse(str(prior))
        for i in range(1, 3):
            value = value * strategy[of.infoset_at[history[:i]].name][history[i]]
        if not value.is_zero:
            outcomes[", ".join(history)] = value
    events = {
        name: sum((v for key, v in outcomes.items() if of.occurs(labels, tuple(key.split(", ")))), zero)
        for name, labels in of.events.items()
    }
    payoffs = {
        player: sum(
            (v * ring.parse(str(of.payoffs[tuple(key.split(", "))][player])) for key, v in outcomes.items()), zero
        )
        for player in of.players
    }

    def conditions(text: str) -> tuple[Condition, ...]:
        return tuple(c for part in text.split(";") for c in ring.parse_condition(part))

    return EquilibriumFamily(
        id=f"F{number}", label=label,
        supports={n: tuple(a for a, v in row.items() if not v.is_zero) for n, row in strategy.items()},
        strategy=strategy, beliefs={}, quantities=dict(quantities or {}),
        pieces=tuple(conditions(f"{region};{piece}") for piece in pieces) or (conditions(region),),
        region=(conditions(region),), generic=True, outcomes=outcomes, events=events, payoffs=payoffs,
    )


def _plays(strong: str, weak: str, silence: str, signal: str) -> dict[str, str]:
    return {"strong type": strong, "weak type": weak, "after silence": silence, "after signal": signal}


LOW, HIGH = "p*(g + l) <= g", "p*(g + l) >= g"
WEAK, STRONG = "c_weak <= b_weak", "c_strong <= b_strong"


def atlas(*, complete: bool = True, covered: bool = True) -> Atlas:
    of = game()
    families = (
        family(1, "separating", of, f"{STRONG}; c_weak >= b_weak", _plays("1", "0", "1", "0")),
        family(2, "semi-separating: weak bluffs", of, f"{LOW}; {WEAK}",
               _plays("1", "p*l/((1 - p)*g)", "1", "1 - c_weak/b_weak")),
        family(3, "pooling on signal", of, f"{HIGH}; {WEAK}", _plays("1", "1", "1", "0")),
        family(4, "pooling on silence", of, HIGH, _plays("0", "0", "0", "0")),
        family(5, "pooling on silence, attacked", of, LOW, _plays("0", "0", "1", "1")),
        family(6, "semi-separating: strong mixes", of, f"{HIGH}; {STRONG}",
               _plays("(p*(g + l) - g)/(p*l)", "0", "c_strong/b_strong", "0")),
    )
    return Atlas(of, families, complete, Coverage("proved" if covered else "undecided"))


def with_continuum(*, bound: str = "p") -> Atlas:
    """One made-up family beside a fixed one: the signal is met with attack with any probability x up to a bound."""
    of = game()
    loose = family(1, "loose", of, "p > 0", _plays("1", "1", "1", "x"), {"x": "attack at after signal"},
                   (f"0 <= x; x <= {bound}",))
    fixed = family(2, "fixed", of, "p > 0", _plays("1", "1", "1", "1/2"))
    return replace(atlas(), families=(loose, fixed))
