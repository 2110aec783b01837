r"""Costly-signalling games of any size with symbolic payoffs.

The sender's type :math:`t` is drawn with probability :math:`p_t` (the last has what is left to one). It picks a signal
:math:`s` at the cost :math:`c_{t,s}` (nothing for the first). The receiver sees the signal and picks a reply
:math:`r`; the sender then gets :math:`B_{t,r}` (nothing for the last reply) and the receiver :math:`g_{t,r}` (nothing
for the last). No sign is assumed of any payoff; costs are positive.
"""

from __future__ import annotations

from deterrence.game import Game, Move, PayoffRule, build_game
from deterrence.parameters import Parameter, ParameterSpace


def costly_signalling(types: int, signals: int, replies: int) -> Game:
    """The game of that many types, signals and replies; a new one, sharing nothing, each time."""
    kinds = [f"t{t}" for t in range(types)]
    costs = {(t, s): f"c_{t}_{s}" for t in range(types) for s in range(1, signals)}
    benefits = {(t, r): f"b_{t}_{r}" for t in range(types) for r in range(replies - 1)}
    gains = {(t, r): f"g_{t}_{r}" for t in range(types) for r in range(replies - 1)}
    priors = [f"p_{t}" for t in range(types - 1)]
    last = " - ".join(["1", *priors])
    parameters = [Parameter(name, f"0 < {name} < 1", unit="probability") for name in priors]
    parameters += [Parameter(name, f"{name} > 0") for name in costs.values()]
    parameters += [Parameter(name) for name in (*benefits.values(), *gains.values())]
    moves = [Move("chance", "type", None, dict(zip(kinds, [*priors, last], strict=True)))]
    sent = [f"s{s}" for s in range(signals)]
    moves += [Move("Sender", kind, (kind,), dict.fromkeys(sent)) for kind in kinds]
    answers = [f"r{r}" for r in range(replies)]
    moves += [Move("Receiver", f"after {signal}", (f"*, {signal}",), dict.fromkeys(answers)) for signal in sent]
    payoffs = [PayoffRule(when=(f"t{t}", f"s{s}"), amounts={"Sender": f"-{name}"}) for (t, s), name in costs.items()]
    payoffs += [
        PayoffRule(when=(f"t{t}", f"r{r}"), amounts={"Sender": benefits[t, r], "Receiver": gains[t, r]})
        for t, r in benefits
    ]
    return build_game(
        title=f"Costly signalling with {types} types, {signals} signals and {replies} replies",
        players=["Sender", "Receiver"],
        space=ParameterSpace(tuple(parameters), (f"{last} > 0",) if types > 2 else ()),
        moves=moves,
        payoffs=payoffs,
    )
