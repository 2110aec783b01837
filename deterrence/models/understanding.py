r"""A tacit understanding: mutual restraint that is kept for fear of losing it, seen through accidents, tried by shocks.

The question: "informal agreement ... which had ended attacks". What holds an understanding up that nobody signed, when
does an outside shock break it, and how often does one that works break by mistake?

**Players.** The US and Iran, which stands for itself and the groups that it can direct. They play for ever; a period is
what a scenario says, such as a month. :math:`i` is either side, with discount factor :math:`\delta_i` = `patience_i`.

**Order of moves** in each period.

1. Chance makes the period one of *shock* with probability :math:`\pi` = `shock`, else of *calm*, independently of what
   was; both see it.
2. Both sides, at once, restrain themselves or attack.
3. An *incident* is seen by both, or none is: with probability :math:`\varepsilon` = `accident` if both restrained
   themselves (an accident, or a rogue group), :math:`q_i` = `detection_i` if :math:`i` alone attacked. Where both
   attack there is nothing to be read off incidents.

**Payoffs** of a period, against mutual restraint, which is the zero of both scales (what accidents cost on average is
in it). With `T > R > P > S` as in the prisoner's dilemma, :math:`g = T - R`, :math:`c = R - P`, :math:`l = R - S`:

===================  ====================================  =====================
play                 who attacks                           who restrains itself
===================  ====================================  =====================
both restrain                                              0
one attacks          `gain_i`, + `shock_gain_i` in shock   -`loss_i`
both attack          -`conflict_i`
===================  ====================================  =====================

No order is assumed: who would rather be attacked than fight on (`loss < conflict`), or has nothing to gain by
attacking, is a case of the atlas. Payoffs of the game are averages over time, :math:`(1-\delta_i)\sum_t \delta_i^t
u_{it}`.

**Understandings.** An understanding says in which periods both restrain themselves, always or except in shocks (then
both attack), and what follows an incident in such a period: with probability :math:`\kappa` restraint ends and both
attack, for good or for :math:`k` periods (option `punishment`), after which all is as before. Under ``lottery``
:math:`\kappa` is part of the understanding, otherwise it is the parameter `answer`. The equilibria are the
understandings that nobody gains by breaking at any history; among them restraint without any threat, *no restraint*,
and attacks by one side in every period that the other leaves unanswered. They are perfect public equilibria; by the
folk theorem a repeated game has many others, which are not of this form and not listed. A side that restrains itself
where the temptation is greater does so where it is smaller.

**Where both attack**, whether as punishment or by agreement, each must prefer to: :math:`c_i \le l_i`. Where a side
would rather be attacked than fight on, ending restraint is no threat, and the other attacks alone where that pays.

**The critical discount factor.** Let :math:`m` be the chance that a period is covered (1, or :math:`1 - \pi`) and
:math:`g` the greatest temptation in one (with the shock, or without). Side :math:`i` restrains itself exactly if

.. math:: \kappa\,\phi\,m\,[(q - \varepsilon)\,c - \varepsilon g] \ge g\,\nu,

where :math:`(\phi, \nu) = (\delta, 1 - \delta)` for good and :math:`(\delta + \dots + \delta^k, 1)` for :math:`k`
periods. So, for good and with :math:`\kappa = 1`,

============================================  =================================================================
perfect monitoring, no shock                  :math:`\delta^* = g/(g + c) = (T - R)/(T - P)`
noise, no shock                               :math:`\delta^* = g/[g(1 - \varepsilon) + (q - \varepsilon)\,c]`
noise and shocks :math:`s`, restraint always  the same with :math:`g + s` for :math:`g`
noise and shocks, restraint except in them    :math:`\delta^* = g/[g(1 - m\varepsilon) + m(q-\varepsilon)\,c]`
============================================  =================================================================

and no :math:`\delta < 1` will do unless :math:`(q - \varepsilon)/\varepsilon > g/c`: what counts is how much more often
an attack shows than an accident. For :math:`k` periods :math:`\delta^*` is the one root in (0, 1) of :math:`\delta +
\dots + \delta^k = g/(\kappa A)`, with :math:`A = m[(q-\varepsilon)c - \varepsilon g]`, if :math:`g < k \kappa A`.

**Suspending restraint in shocks.** Under perfect monitoring and for good, an understanding that is suspended in shocks
is easier to hold than one that is not if and only if :math:`\pi \le s/(g + s)`: rare shocks are better left out of it,
frequent ones take too much of its value away.

**How often it breaks by mistake.** In a period of restraint with probability :math:`m \varepsilon \kappa`, so after
:math:`1/(m \varepsilon \kappa)` periods on average; with :math:`k` periods of punishment conflict takes the share
:math:`(k\,m\varepsilon\kappa + 1 - m)/(k\,m\varepsilon\kappa + 1)` of all periods in the long run. Firmer answers
(greater :math:`\kappa`) hold restraint up and break it more often. The least that suffices is

.. math:: \kappa^* = \frac{g\,\nu}{\phi\,m\,[(q - \varepsilon)\,c - \varepsilon g]},
   \qquad \text{with which the understanding is worth } -\frac{\varepsilon g}{q - \varepsilon}\ (m = 1)

to a side that is just held, whatever its patience.

**Events**, within `horizon` periods from the start. `deterrence_failure`: some side attacks of its own will, in a shock
that is not covered or in punishment. `spiral`: a punishment begins, by mistake. Without restraint both are certain;
where one side attacks alone there is no spiral.

**Literature.** Friedman (1971) on reversion to the one-shot equilibrium; Green and Porter (1984) on punishment by
mistake; Abreu, Pearce and Stacchetti (1986, 1990) and Abreu, Milgrom and Pearce (1991) on the best that imperfect
monitoring allows.

>>> game = MODEL.build({"punishment": "grim"})
>>> game
DirectGame('understanding': 2 players, 6 information sets)
>>> from deterrence.solvers import solve
>>> values = {f"{name}_{side}": value for side in ("us", "iran") for name, value in {
...     "gain": 1, "shock_gain": 0, "loss": 3, "conflict": 2, "patience": "2/5", "detection": 1}.items()}
>>> found = solve(game, point={**values, "accident": 0, "shock": 0, "answer": 1})
>>> [entry.label for entry in found]
['restraint always', 'no restraint']
>>> found[0].figures["least patience that suffices"]
Fraction(1, 3)
"""

from __future__ import annotations

from typing import Final

from deterrence.models.base import Choice, Claim, Count, Decision, DirectModel, Settings, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_SIDES: Final = {"US": "US utility", "Iran": "Iranian utility"}


def _own(player: str) -> tuple[Parameter, ...]:
    """The parameters of one side."""
    key, unit = player.lower(), _SIDES[player]
    the = "the US" if player == "US" else "Iran"
    return (
        Parameter(
            f"gain_{key}", "",
            f"What {the} gains in a period by attacking while the other restrains itself, against mutual restraint "
            "(negative: nothing tempts).", unit,
        ),
        Parameter(f"loss_{key}", "", f"What it costs {the} in a period to be attacked while restraining itself.", unit),
        Parameter(f"conflict_{key}", "", f"What a period in which both attack costs {the}.", unit),
        Parameter(
            f"shock_gain_{key}", f"shock_gain_{key} >= 0", f"What a shock adds to the gain of {the} from attacking.",
            unit,
        ),
        Parameter(
            f"patience_{key}", f"0 <= patience_{key} < 1",
            f"What the next period counts to {the}, against this one: its discount factor.", "weight",
        ),
        Parameter(
            f"detection_{key}", f"0 <= detection_{key} <= 1",
            f"Probability that an incident is seen if {the} alone attacks.", "probability",
        ),
    )


_PARAMETERS: Final = (
    *_own("US"),
    *_own("Iran"),
    Parameter(
        "accident", "0 <= accident <= 1",
        "Probability that an incident is seen in a period although both restrain themselves: an accident, or a group "
        "that acts on its own.", "probability",
    ),
    Parameter("shock", "0 <= shock < 1", "Probability that a period is one of shock.", "probability"),
)

_ANSWER: Final = Parameter(
    "answer", "0 < answer <= 1", "Probability that an incident ends restraint: how firmly incidents are answered.",
    "probability",
)


def _answered(settings: Settings) -> tuple[Parameter, ...]:
    return () if settings["punishment"] == "lottery" else (_ANSWER,)


_DRAWING: Final = """\
                     an incident (accident if both restrain, detection if one attacks)
                     and the answer (answer)
  +--> RESTRAINT ----------------------------------------------> PUNISHMENT: both attack
  |      calm:  both restrain                                      for good, or
  |      shock: both restrain, or both attack (suspended)          for `periods` periods
  |                                                                  |
  +------------------------------------------------------------------+
"""

_OPTIONS: Final[dict[str, Choice | Count]] = {
    "punishment": Choice(
        meaning="what an incident leads to when it is answered",
        choices={
            "grim": "restraint ends for good",
            "periods": "restraint ends for `periods` periods",
            "lottery": "restraint ends for good, with a probability that the understanding chooses (public "
            "randomisation)",
        },
        default="periods",
    ),
    "periods": Count("how many periods a punishment lasts, with punishment `periods`", 4, 1, 40),
    "horizon": Count("within how many periods from the start events are counted", 1, 1, 40),
}

_TERMS: Final = tuple(
    term
    for player in _SIDES
    for key, other in [(player.lower(), "Iran" if player == "US" else "the US")]
    for term in (
        Term(f"gain ({player})", player, f"gain_{key}", (f"{player} attacks",), f"{player} alone attacks",
             f"what is taken or shown while {other} holds back"),
        Term(f"shock gain ({player})", player, f"shock_gain_{key}", (f"{player} attacks", "shock"),
             f"{player} alone attacks, in a shock", "a war elsewhere makes attacking worth more"),
        Term(f"loss ({player})", player, f"-loss_{key}", (f"{player} restrains",), f"{player} alone restrains itself",
             "to be attacked without answering"),
        Term(f"conflict ({player})", player, f"-conflict_{key}", (f"{player} attacks",), "both attack",
             "a period of attacks and answers"),
    )
)

_PERFECT: Final = "accident == 0 and detection_us == 1 and detection_iran == 1 and answer == 1"
_PEACE: Final = "loss_us >= conflict_us and loss_iran >= conflict_iran"
_TEMPTED: Final = "gain_us > 0 and gain_iran > 0"
_RARE, _FREQUENT = (
    " and ".join(f"shock*(gain_{side} + shock_gain_{side}) {op} shock_gain_{side}" for side in ("us", "iran"))
    for op in ("<=", ">=")
)
_ALWAYS, _EXCEPT = 'exists("restraint always")', 'exists("restraint except in shocks")'
_GRIM, _LOTTERY = {"punishment": "grim"}, {"punishment": "lottery"}
_ALL: Final = "proved on the atlas in all parameters"


def _enough(side: str) -> str:
    """That a side is patient enough under noise, where restraint ends for good and for certain."""
    gain, patience, detection, conflict = (f"{name}_{side}" for name in ("gain", "patience", "detection", "conflict"))
    return f"{patience}*({gain}*(1 - accident) + ({detection} - accident)*{conflict}) >= {gain}"


_CLAIMS: Final = (
    Claim(
        "Perfect monitoring: restraint is kept if and only if both discount factors are at least (T - R)/(T - P).",
        "holds", _ALL, "friedman1971",
        f"{_ALWAYS} iff patience_us*(gain_us + conflict_us) >= gain_us and "
        f"patience_iran*(gain_iran + conflict_iran) >= gain_iran when {_PERFECT} and shock == 0 and {_PEACE}",
        options=_GRIM,
    ),
    Claim(
        "Noise: restraint is kept if and only if both discount factors are at least (T - R)/[(T - R)(1 - accident) + "
        "(detection - accident)(R - P)].",
        "holds", _ALL, "abreu_pearce_stacchetti1986",
        f"{_ALWAYS} iff {_enough('us')} and {_enough('iran')} when shock == 0 and answer == 1 and {_PEACE}",
        options=_GRIM,
    ),
    Claim(
        "To choose how often incidents are answered does not widen the range of patience for which restraint is kept.",
        "holds", _ALL, "abreu_pearce_stacchetti1990",
        f"{_ALWAYS} iff {_enough('us')} and {_enough('iran')} when shock == 0 and {_TEMPTED} and {_PEACE}",
        options=_LOTTERY,
    ),
    Claim(
        "Where attacks show too little beyond accidents, (detection - accident)/accident <= gain/conflict, no "
        "patience and no answer keeps restraint.",
        "holds", _ALL, "abreu_milgrom_pearce1991",
        f"detection_us*conflict_us <= accident*(gain_us + conflict_us) and gain_us > 0 implies not {_ALWAYS} and not "
        f"{_EXCEPT} when conflict_us > 0",
        options=_LOTTERY,
    ),
    Claim(
        "An understanding that is suspended in shocks is kept wherever one that is not is kept.",
        "fails", "refuted on the atlas in all parameters, at perfect monitoring",
        statement=f"{_ALWAYS} implies {_EXCEPT} when {_PERFECT} and shock > 0 and {_TEMPTED}",
        when="shock 1/2 without any temptation of its own, gain 1 and conflict 2 on both sides, patience 2/5: 1/3 "
        "suffices with restraint always, 1/2 is needed with restraint in calm alone",
        options=_GRIM,
    ),
    Claim(
        "It is where shocks are rare for what they tempt to: shock <= shock_gain/(gain + shock_gain) on both sides.",
        "holds", "proved on the atlas in all parameters, at perfect monitoring",
        statement=f"{_ALWAYS} implies {_EXCEPT} when {_PERFECT} and shock > 0 and {_TEMPTED} and {_RARE}",
        options=_GRIM,
    ),
    Claim(
        "Where shocks are frequent for what they tempt to, shock >= shock_gain/(gain + shock_gain) on both sides, it "
        "is the other way about.",
        "holds", "proved on the atlas in all parameters, at perfect monitoring",
        statement=f"{_EXCEPT} implies {_ALWAYS} when {_PERFECT} and shock > 0 and {_TEMPTED} and {_FREQUENT}",
        options=_GRIM,
    ),
    Claim(
        "No restraint is always among the equilibria, where each side would rather fight on than be attacked.",
        "holds", _ALL, "friedman1971", f'exists("no restraint") iff {_PEACE}', options=_GRIM,
    ),
    Claim(
        "More accidents make restraint harder to keep, and break it more often.", "holds",
        "proved on the atlas of the shipped scenario, for every temptation of Iran", "green_porter1984",
        "min P[deterrence_failure] increases in accident", ("accident", "gain_iran"),
    ),
    Claim(
        "The better attacks are detected, the easier restraint is to keep.", "holds",
        "proved on the atlas of the shipped scenario, for every answer",
        statement="min P[deterrence_failure] decreases in detection_iran", over=("detection_iran", "answer"),
    ),
    Claim(
        "The more patient a side, the easier restraint is to keep.", "holds",
        "proved on the atlas of the shipped scenario, for every answer", "friedman1971",
        "min P[deterrence_failure] decreases in patience_iran", ("patience_iran", "answer"),
    ),
    Claim(
        "Greater shocks make restraint harder to keep.", "holds",
        "proved on the atlas of the shipped scenario, for every answer",
        statement="min P[deterrence_failure] increases in shock_gain_iran", over=("shock_gain_iran", "answer"),
    ),
    Claim(
        "Firmer answers make a spiral likelier while an understanding stands.", "holds",
        "proved on the atlas of the shipped scenario",
        statement='P[spiral] increases in answer within "restraint except in shocks"', over=("answer", "accident"),
    ),
    Claim(
        "Firmer answers make a spiral likelier.", "fails", "refuted on the atlas of the shipped scenario",
        statement="min P[spiral] increases in answer", over=("answer",),
        when="an answer too weak keeps no restraint at all: at answer 1/10 there is a spiral for certain, at 4/5 there "
        "need not be",
    ),
    Claim(
        "Firmer answers never make a spiral likelier.", "fails", "refuted on the atlas of the shipped scenario",
        statement="min P[spiral] decreases in answer", over=("answer",),
        when="once they suffice: from answer 1/3 to 1/2 the least chance of a spiral within seven months rises from "
        "0.13 to 0.19",
    ),
    Claim(
        "Of answers that keep restraint the least firm is the best for both sides.", "holds",
        "proved on the atlas of the shipped scenario", "abreu_milgrom_pearce1991",
        'payoff[Iran] decreases in answer within "restraint except in shocks"', ("answer", "accident"),
    ),
    Claim(
        "With the least answer that suffices, a side that is just held gets -accident*gain/(detection - accident), "
        "whatever its patience.",
        "holds", "random exact points, both sides alike, against the values of the automaton",
        "abreu_pearce_stacchetti1990",
    ),
    Claim(
        "Longer punishments need less patience, down to what punishment for good needs.", "holds",
        "random exact points, 1 to 40 periods",
    ),
)


def _decisions(settings: Settings) -> tuple[Decision, ...]:
    del settings
    meanings = {
        "calm": "while restraint holds, in a period of calm",
        "shock": "while restraint holds, in a period of shock",
        "breakdown": "after restraint has ended in punishment, in any period",
    }
    return tuple(
        Decision(f"{player} in {where}", player, ("restrain", "attack"), meaning)
        for player in _SIDES
        for where, meaning in meanings.items()
    )


MODEL: Final = DirectModel(
    name="understanding",
    question=(
        '"Informal agreement ... which had ended attacks": what holds an understanding up that nobody signed, when '
        "does an outside shock break it, and how often does one that works break by mistake?"
    ),
    summary=(
        "The US and Iran repeat a game of mutual restraint. Attacking while the other holds back may pay; conflict "
        "costs both. Attacks show as incidents with some probability, and so do accidents and groups that act on "
        "their own. In some periods a shock from outside raises the temptation. An understanding is kept where the "
        "fear of losing it outweighs what breaking it brings."
    ),
    players=tuple(_SIDES),
    play=(
        "Chance makes the period one of shock with probability `shock`, else of calm; both sides see it.",
        "Both sides at once restrain themselves or attack.",
        "An incident is seen or not: with probability `accident` if both restrained themselves, `detection_us` or "
        "`detection_iran` if that side alone attacked.",
        "While restraint holds, an incident in a period that the understanding covers ends it with probability "
        "`answer`: both attack, for good or for `periods` periods.",
        "The next period begins.",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume={},
    options=_OPTIONS,
    events={
        "deterrence_failure": "within the horizon some side attacks of its own will: in a shock, in punishment, or all "
        "the time",
        "spiral": "within the horizon a punishment begins, after an incident that was a mistake; or there is no "
        "restraint at all",
    },
    literature=(
        "friedman1971", "green_porter1984", "abreu_pearce_stacchetti1986", "abreu_pearce_stacchetti1990",
        "abreu_milgrom_pearce1991",
    ),
    departures=(
        "Two sides that need not be alike, whose actions are seen through incidents with different probabilities. "
        "Play is a trigger: restraint by both or attacks by both, or attacks by one side all the time; attacks by one "
        "side in shocks alone, punishments of one side alone, and such as forgive by degrees, are left out. What "
        "accidents themselves cost is in the zero of the scale. Shocks are seen before play and independent over time."
    ),
    findings=(
        "For good and answered for certain, restraint needs a patience of at least gain/(gain*(1 - accident) + "
        "(detection - accident)*conflict) on each side; with shocks covered, the gain is that in a shock.",
        "No patience will do unless (detection - accident)/accident > gain/conflict: an attack must show much more "
        "often than an accident.",
        "An understanding that works breaks by mistake in a period with probability accident*answer. Firmer answers "
        "hold it up and break it more often; the least firm answer that holds it up is the best for both.",
        "Suspending it in shocks makes it easier to hold where shocks are rare: under perfect monitoring where shock "
        "<= shock_gain/(gain + shock_gain).",
        "Mutual attacks without any understanding remain an equilibrium whatever the patience, where each would "
        "rather fight on than be attacked.",
    ),
    claims=_CLAIMS,
    lever="answer",
    indexed=_answered,
    title="A tacit understanding, punishment {punishment}",
    decisions=_decisions,
    terms=_TERMS,
    concept="public trigger",
    method="trigger conditions",
    approach=(
        "Every understanding of the form above, exactly: no side may gain by one deviation in any period that is "
        "covered, in punishment, or where restraint is suspended. The conditions are polynomial inequalities; the "
        "critical patience is rational, or for punishments of several periods the root of a stated polynomial. The "
        "certificate writes the understanding out as an automaton, solves for the values at each of its states, and "
        "tries every deviation. Complete among understandings of this form, not among all equilibria of the repeated "
        "game."
    ),
)
