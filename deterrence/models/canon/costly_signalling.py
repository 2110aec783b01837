r"""Costly signalling of resolve, after Spence: two types, a signal or silence, attack or not.

The question: when does a costly signal show resolve, and which equilibria do the intuitive criterion and D1 leave?

**Players and types.** The *Sender* would not be attacked; it is *strong* with probability `strength`, else *weak*, and
alone knows which. The *Receiver* may attack.

**Order of moves.** Chance draws the type; the Sender signals or keeps silent; the Receiver, who has seen that and not
the type, attacks or refrains.

**Payoffs.** A Sender of type :math:`t` gets :math:`B_t` = `kept_t` if the Receiver refrains and :math:`w_t` =
`attacked_t` if it attacks, less :math:`c_t` = `cost_t` if it signalled. To attack brings the Receiver :math:`g` =
`gain` against the weak type and :math:`-l` = `-loss` against the strong; to refrain brings nothing.

**Events.** `deterrence_failure`: the Receiver attacks. `spiral`: it attacks the strong type, which costs both.

**Results.** Let :math:`\Delta_t = B_t - w_t > 0`, :math:`k_t = c_t/\Delta_t` with :math:`k_S < k_W` (single crossing),
:math:`p^* = g/(g + l)`, :math:`p` = `strength`. Off the knife edges these are all perfect Bayesian equilibria:

===========================  ==========================  =======================================================
family                       exists where                plays
===========================  ==========================  =======================================================
separating                   :math:`k_S < 1 < k_W`       the strong type alone signals
the weak type bluffs         :math:`p < p^*, k_W < 1`    it signals with :math:`p(1-p^*)/((1-p)p^*)`; a signal is
                                                         attacked with :math:`1 - k_W`
pooling on the signal        :math:`p > p^*, k_W < 1`    silence is attacked
pooling on silence, calm     :math:`p > p^*`             nobody is attacked
pooling on silence, attack   :math:`p < p^*`             everybody is attacked
the strong type mixes        :math:`p > p^*, k_S < 1`    it signals with :math:`(p-p^*)/(p(1-p^*))`; silence is
                                                         attacked with :math:`k_S`
===========================  ==========================  =======================================================

For :math:`p < p^*, k_S < 1` D1 leaves one: separating if :math:`k_W > 1`, else the bluff. The intuitive criterion does
so only where :math:`k_W > 1`. For :math:`p > p^*` neither chooses.

**Literature.** Spence (1973) for the game; Cho and Kreps (1987) for the intuitive criterion and D1; Banks and Sobel
(1987). Departure: a signal of one size and an opponent who attacks, in the place of education and wages.

>>> MODEL.build()
Game('costly_signalling': 2 players, 4 information sets, 8 terminal histories)
"""

from __future__ import annotations

from typing import Final

from deterrence.game import Move
from deterrence.models.base import Claim, Description, Model, Settings, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_TYPES: Final = ("strong", "weak")

_PARAMETERS: Final = (
    Parameter("strength", "0 < strength < 1", "Probability that the Sender is strong, as the Receiver sees it.",
              "probability"),
    *(Parameter(f"cost_{kind}", f"cost_{kind} > 0", f"What the signal costs the {kind} type.", "Sender utility")
      for kind in _TYPES),
    *(Parameter(f"kept_{kind}", "", f"What the {kind} type has if it is not attacked.", "Sender utility")
      for kind in _TYPES),
    *(Parameter(f"attacked_{kind}", "", f"What the {kind} type has left if it is attacked.", "Sender utility")
      for kind in _TYPES),
    Parameter("gain", "", "What an attack on the weak type brings the Receiver.", "Receiver utility"),
    Parameter("loss", "", "What an attack on the strong type costs the Receiver.", "Receiver utility"),
)

_DRAWING: Final = """\
chance --strong (strength)--+
      \\--weak (the rest)----+-- Sender (type) --silent--+
                                              \\--signal--+-- Receiver (the signal, not the type) --attack
                                                                                                 \\--refrain
"""

_S: Final = "(kept_strong - attacked_strong)"
_W: Final = "(kept_weak - attacked_weak)"
_ORDER: Final = (
    f"kept_strong > attacked_strong and kept_weak > attacked_weak and gain > 0 and loss > 0 and "
    f"cost_strong*{_W} < cost_weak*{_S}"
)
_DOUBT: Final = "strength*(gain + loss) < gain"
_TRUST: Final = "strength*(gain + loss) > gain"
_PAPER: Final = "spence1973"
_PROVED: Final = "proved on the atlas in all parameters"


def _region(words: str, label: str, where: str) -> Claim:
    return Claim(words, "holds", _PROVED, _PAPER, f'exists("{label}") iff ({where}) when {_ORDER} and {_OFF}')


_OFF: Final = f"strength*(gain + loss) != gain and cost_strong != {_S} and cost_weak != {_W}"

_CLAIMS: Final = (
    _region("The strong type alone signals where the signal is worth its cost to it and not to the weak type.",
            "separating: strong signal, weak silent", f"cost_strong < {_S} and cost_weak > {_W}"),
    _region("The weak type bluffs where the Receiver doubts and the signal is cheap enough for it.",
            "semi-separating: weak bluffs with signal", f"{_DOUBT} and cost_weak < {_W}"),
    _region("Both types signal where the Receiver trusts and the signal is cheap enough for the weak type.",
            "pooling on signal", f"{_TRUST} and cost_weak < {_W}"),
    _region("The strong type mixes where the Receiver trusts and the signal is cheap enough for it.",
            "semi-separating: strong mixes signal and silent", f"{_TRUST} and cost_strong < {_S}"),
    Claim("Silence of both types is an equilibrium at every point.", "holds", _PROVED, _PAPER,
          f'exists("pooling on silent") when {_ORDER}'),
    Claim("After a signal an attack is never more likely than after silence.", "holds in part", _PROVED,
          statement=f"P[attack | signal] <= P[attack | silent] when {_ORDER}",
          when="in every equilibrium in which both signal and silence occur"),
    Claim("A costlier signal makes the bluff rarer.", "fails", "refuted on the atlas in all parameters",
          statement='P[weak, signal] decreases in cost_weak strictly within '
                    f'"semi-separating: weak bluffs with signal" when {_ORDER}',
          when="the chance of the bluff, p(1-p*)/p*, does not depend on the cost; a costlier signal is attacked less"),
    Claim("A signal that costs the weak type more is attacked less where it bluffs.", "holds", _PROVED,
          statement=f'P[attack | signal] decreases in cost_weak within "semi-separating: weak bluffs with signal" '
                    f"when {_ORDER}"),
)


def _describe(menus: Settings) -> Description:
    del menus
    moves = [Move("chance", "type", None, {"strong": "strength", "weak": "1 - strength"})]
    infosets = {}
    for kind in _TYPES:
        moves.append(Move("Sender", kind, (kind,), dict.fromkeys(("signal", "silent"))))
        infosets[kind] = f"the Sender, {kind}"
    for sent in ("signal", "silent"):
        name = "after signal" if sent == "signal" else "after silence"
        moves.append(Move("Receiver", name, (f"*, {sent}",), dict.fromkeys(("attack", "refrain"))))
        infosets[name] = "the Receiver has seen " + ("a signal" if sent == "signal" else "none") + ", not the type"
    terms = []
    for kind in _TYPES:
        terms += [
            Term(f"cost ({kind})", "Sender", f"-cost_{kind}", (kind, "signal"), f"the {kind} type signals",
                 "what the signal takes"),
            Term(f"kept ({kind})", "Sender", f"kept_{kind}", (kind, "refrain"), f"the {kind} type is not attacked",
                 "what it keeps"),
            Term(f"attacked ({kind})", "Sender", f"attacked_{kind}", (kind, "attack"), f"the {kind} type is attacked",
                 "what is left to it"),
        ]
    terms += [
        Term("gain", "Receiver", "gain", ("weak", "attack"), "the weak type is attacked", "what it yields"),
        Term("loss", "Receiver", "-loss", ("strong", "attack"), "the strong type is attacked", "it fights"),
    ]
    return Description(
        title="Costly signalling of resolve", moves=tuple(moves), terms=tuple(terms),
        events={"deterrence_failure": ("attack",), "spiral": ("strong", "attack")}, infosets=infosets,
    )


MODEL: Final = Model(
    name="costly_signalling",
    question="When does a costly signal show resolve, and which equilibria do the intuitive criterion and D1 leave?",
    summary=(
        "A Sender, strong or weak, signals at a cost or keeps silent. A Receiver who does not know its type attacks or "
        "refrains; it would attack the weak type and not the strong."
    ),
    players=("Sender", "Receiver"),
    play=(
        "Chance draws the type of the Sender: strong with probability `strength`.",
        "The Sender, knowing its type, signals or keeps silent.",
        "The Receiver, having seen that and not the type, attacks or refrains.",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume={},
    options={},
    events={"deterrence_failure": "the Receiver attacks", "spiral": "the Receiver attacks the strong type"},
    literature=("spence1973", "cho_kreps1987", "banks_sobel1987"),
    departures="One signal of one size, and an opponent who attacks in the place of an employer who pays.",
    findings=(
        "Silence of both types is always an equilibrium; for a Receiver who doubts, D1 removes it wherever the signal "
        "is worth its cost to the strong type.",
        "Where the weak type bluffs, how often it does so depends on the Receiver's stakes, not on the signal's cost.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    lever="cost_weak",
    describe=_describe,
)
