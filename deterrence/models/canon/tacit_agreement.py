r"""Tacit agreement as a repeated game: what threat holds restraint up, and what it costs where attacks are seen badly.

The question: how patient must two rivals be to restrain themselves, how hard and how long must a breach be punished,
and what is lost to punishments that nobody deserved?

**Game.** Two players, alike, repeat a prisoner's dilemma, :math:`T > R > P > S`, with discount factor :math:`\delta`:
both restrain themselves, :math:`R`; one attacks, :math:`T` for it and :math:`S` for the other; both attack, :math:`P`.
Payoffs are averages over time, :math:`(1 - \delta)\sum_t \delta^t u_t`. A public signal is *bad* with probability
:math:`\varepsilon` = `accident` where both restrain themselves, :math:`q` = `detection` after one deviation; perfect
monitoring is :math:`\varepsilon = 0, q = 1`.

**Punishments** (option `punishment`): after a bad signal both attack for good (``grim``), for `periods` periods, or for
good with a probability :math:`\kappa` that the agreement chooses (``lottery``). Under ``stick`` monitoring is perfect:
after a deviation both *strike* once, at :math:`u` < P, and return to restraint if both did, else they strike again; the
best reply to a strike is worth :math:`d`.

**Results**

==============================  ======================================================================================
grim, perfect monitoring        :math:`\delta^* = (T-R)/(T-P)`
:math:`k` periods, perfect      :math:`T - R \le (R - P)(\delta + \dots + \delta^k)`; the fewest that suffice
                                :math:`k^* = \lceil \ln[1 - (T-R)(1-\delta)/((R-P)\delta)]/\ln \delta \rceil`
public signal                   :math:`\delta^* = (T-R)/[(T-R)(1-\varepsilon) + (q-\varepsilon)(R-P)]`, if below 1:
                                exactly if :math:`(q-\varepsilon)/\varepsilon > (T-R)/(R-P)`
the best of it                  :math:`\bar v = R - \varepsilon (T-R)/(q-\varepsilon)`, free of :math:`\delta`, with
                                :math:`\kappa^* = (T-R)(1-\delta)/\{\delta[(q-\varepsilon)(R-P)-\varepsilon(T-R)]\}`
as many periods instead         :math:`T^* = \lceil \ln(1-\kappa^*)/\ln\delta \rceil`
stick and carrot                :math:`\delta^* = \max(T-R,\ d-u)/(R-u)`
==============================  ======================================================================================

:math:`\bar v` is the best payoff of any strongly symmetric perfect public equilibrium. That stick and carrot always
needs less patience than grim trigger, as is said, does not hold: the strike must itself be enforced (claims).

**Events** in a period. `deterrence_failure`: a side attacks of its own will although restraint is agreed on, or there
is none. `spiral`: a punishment begins by mistake, or there is no restraint.

**Literature.** Friedman (1971); Green and Porter (1984); Abreu (1986, 1988); Abreu, Pearce and Stacchetti (1986, 1990);
Abreu, Milgrom and Pearce (1991). The formulas are after these works, checked as equilibria of the game as it is written
here; whether they stand there word for word was not confirmed.

>>> game = MODEL.build({"punishment": "stick"})
>>> from deterrence.solvers import solve
>>> values = {"temptation": 4, "reward": 3, "conflict": 1, "sucker": 0, "patience": "3/10", "strike": -1,
...           "strike_reply": 0}
>>> [(entry.label, entry.payoffs["First"]) for entry in solve(game, point=values)]
[('restraint', Fraction(3, 1)), ('no restraint', Fraction(1, 1))]
"""

from __future__ import annotations

from typing import Final

from deterrence.models.base import Choice, Claim, Count, Decision, DirectModel, Settings, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_UTILITY: Final = "utility of a period"

_PARAMETERS: Final = (
    Parameter("temptation", "", "What attacking a restrained rival pays [T].", _UTILITY),
    Parameter("reward", "", "What mutual restraint pays [R].", _UTILITY),
    Parameter("conflict", "", "What mutual attacks pay [P].", _UTILITY),
    Parameter("sucker", "", "What being attacked while restrained pays [S].", _UTILITY),
    Parameter("patience", "0 < patience < 1", "The discount factor.", "weight of the next period"),
)
_SIGNAL: Final = (
    Parameter("accident", "0 <= accident <= 1", "Probability of a bad signal where both restrain themselves.",
              "probability"),
    Parameter("detection", "0 <= detection <= 1", "Probability of a bad signal after one deviation.", "probability"),
)
_STRIKES: Final = (
    Parameter("strike", "strike <= conflict", "What it pays if both strike [u].", _UTILITY),
    Parameter("strike_reply", "strike_reply >= strike", "What the best reply to a strike pays [d].", _UTILITY),
)

_ASSUME: Final = {
    "temptation > reward": "the prisoner's dilemma: attacking a restrained rival pays",
    "reward > conflict": "the prisoner's dilemma: mutual restraint is better than mutual attacks",
    "conflict > sucker": "the prisoner's dilemma: who is attacked would rather attack too",
}

_DRAWING: Final = """\
                bad signal (accident, or detection after an attack)
  +--> RESTRAINT ----------------------------------------------> PUNISHMENT
  |      both restrain                                             grim, lottery: both attack for good
  |                                                                periods: both attack for `periods` periods
  +--------------------------------------------------------------- stick: both strike once
"""

_PERFECT: Final = "accident == 0 and detection == 1"
_GRIM, _LOTTERY, _STICK = ({"punishment": rule} for rule in ("grim", "lottery", "stick"))
_KEPT: Final = 'exists("restraint")'
_ALL: Final = "proved on the atlas in all parameters"
_NOISE: Final = (
    "patience*((temptation - reward)*(1 - accident) + (detection - accident)*(reward - conflict)) >= "
    "temptation - reward"
)

_CLAIMS: Final = (
    Claim(
        "Grim trigger under perfect monitoring: restraint is kept exactly from the discount factor (T - R)/(T - P) on.",
        "holds", _ALL + "; canon points", "friedman1971",
        f"{_KEPT} iff patience*(temptation - conflict) >= temptation - reward when {_PERFECT}", options=_GRIM,
    ),
    Claim(
        "Three periods of punishment, perfect monitoring: restraint is kept exactly if T - R is at most (R - P)(delta "
        "+ delta^2 + delta^3).",
        "holds", _ALL + "; for the fewest periods canon points", "friedman1971",
        f"{_KEPT} iff temptation - reward <= (reward - conflict)*(patience + patience**2 + patience**3) when "
        f"{_PERFECT}",
        options={"punishment": "periods", "periods": 3},
    ),
    Claim(
        "Public signal: restraint is kept exactly from (T - R)/[(T - R)(1 - accident) + (detection - accident)(R - P)] "
        "on.",
        "holds", _ALL + "; canon points", "abreu_pearce_stacchetti1986", f"{_KEPT} iff {_NOISE}", options=_GRIM,
    ),
    Claim(
        "To choose the chance of an answer keeps restraint for the same discount factors.", "holds", _ALL,
        "abreu_pearce_stacchetti1990", f"{_KEPT} iff {_NOISE}", options=_LOTTERY,
    ),
    Claim(
        "Restraint at some discount factor needs (detection - accident)/accident > (T - R)/(R - P).", "holds",
        _ALL + "; canon points", "abreu_milgrom_pearce1991",
        f"{_KEPT} implies (detection - accident)*(reward - conflict) > accident*(temptation - reward)",
        options=_LOTTERY,
    ),
    Claim(
        "The best payoff of restraint is R - accident (T - R)/(detection - accident).", "holds",
        _ALL + "; that no strongly symmetric equilibrium pays more: iteration of the set of payoffs at random exact "
        "points; canon points",
        "abreu_pearce_stacchetti1990",
        f"max payoff[First] == reward - accident*(temptation - reward)/(detection - accident) when {_KEPT}",
        options=_LOTTERY,
    ),
    Claim(
        "It does not depend on the discount factor.", "holds", "proved on the atlas of the shipped scenario",
        "abreu_milgrom_pearce1991", f"max payoff[First] is constant in patience when {_KEPT}",
        ("patience", "accident"),
    ),
    Claim(
        "The critical discount factor rises in the chance of an accident.", "holds",
        "proved on the atlas of the shipped scenario, for every discount factor", "green_porter1984",
        "min P[deterrence_failure] increases in accident", ("accident", "patience"),
    ),
    Claim(
        "It falls in the chance of detection.", "holds",
        "proved on the atlas of the shipped scenario, for every discount factor", "green_porter1984",
        "min P[deterrence_failure] decreases in detection", ("detection", "patience"),
    ),
    Claim(
        "Accidents lower the best payoff.", "holds", "proved on the atlas of the shipped scenario",
        "abreu_milgrom_pearce1991", "max payoff[First] decreases in accident", ("accident", "patience"),
    ),
    Claim(
        "In place of the lottery, punishments of T* = ceil(ln(1 - kappa*)/ln delta) periods keep restraint, and "
        "shorter ones do not.",
        "holds", "one-shot deviations at random exact points; canon points", "green_porter1984",
    ),
    Claim(
        "Stick and carrot: restraint is kept exactly from max(T - R, d - u)/(R - u) on.", "holds",
        _ALL + "; canon points", "abreu1986",
        f"{_KEPT} iff patience*(reward - strike) >= temptation - reward and patience*(reward - strike) >= "
        "strike_reply - strike",
        options=_STICK,
    ),
    Claim(
        "Stick and carrot keeps restraint wherever grim trigger does.", "fails", "refuted on the atlas in all "
        "parameters; canon points", "abreu1988",
        f"patience*(temptation - conflict) >= temptation - reward implies {_KEPT}",
        when="the strike must be bad enough, and must itself be enforced (next claim). Canon point M09-19 needs a "
        "discount factor of 0.423 instead of 0.202",
        options=_STICK,
    ),
    Claim(
        "It does exactly where R - u >= T - P and (d - u)(T - P) <= (T - R)(R - u).", "holds",
        _ALL + ", at the critical discount factor of grim trigger; canon points", "abreu1988",
        f"{_KEPT} iff reward - strike >= temptation - conflict and (strike_reply - strike)*(temptation - conflict) <= "
        "(temptation - reward)*(reward - strike) when patience*(temptation - conflict) == temptation - reward",
        options=_STICK,
    ),
)

_TERMS: Final = (
    Term("restraint", "First", "reward", ("restrain",), "both restrain themselves", "what both would keep"),
    Term("temptation", "First", "temptation", ("attack",), "First attacks, Second restrains itself",
         "what a surprise takes"),
    Term("sucker", "First", "sucker", ("restrain",), "Second attacks, First restrains itself", "to be surprised"),
    Term("conflict", "First", "conflict", ("attack",), "both attack", "what is left to both"),
    Term("strike", "First", "strike", ("strike",), "both strike, punishment stick", "worse for both than conflict"),
    Term("strike reply", "First", "strike_reply", ("attack",), "Second strikes, First does its best instead",
         "what getting out of the punishment pays"),
)


def _indexed(settings: Settings) -> tuple[Parameter, ...]:
    return _STRIKES if settings["punishment"] == "stick" else _SIGNAL


def _decisions(settings: Settings) -> tuple[Decision, ...]:
    punishing = ("strike", "attack") if settings["punishment"] == "stick" else ("restrain", "attack")
    return tuple(
        decision
        for player in ("First", "Second")
        for decision in (
            Decision(f"{player} in restraint", player, ("restrain", "attack"), "while restraint holds"),
            Decision(f"{player} in punishment", player, punishing, "while it is punished"),
        )
    )


MODEL: Final = DirectModel(
    name="tacit_agreement",
    question=(
        "How patient must two rivals be to restrain themselves, how hard and how long must a breach be punished, and "
        "what is lost to punishments that nobody deserved?"
    ),
    summary=(
        "Two players who are alike repeat a prisoner's dilemma of restraint and attack, under perfect monitoring or "
        "with a public signal that may be bad by accident. Restraint is held up by conflict for good, for some "
        "periods, with a probability that is chosen, or by a single strike that both must carry out."
    ),
    players=("First", "Second"),
    play=(
        "Both at once restrain themselves or attack; in the punishment of stick and carrot they strike, or attack.",
        "A public signal is bad with probability `accident` if both restrained themselves, `detection` after one "
        "deviation; with stick and carrot what was done is seen.",
        "After a bad signal restraint is punished as the option `punishment` says.",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume=_ASSUME,
    options={
        "punishment": Choice(
            meaning="how a breach is punished",
            choices={
                "grim": "conflict for good",
                "periods": "conflict for `periods` periods",
                "lottery": "conflict for good, with a probability that the agreement chooses (public randomisation)",
                "stick": "one strike by both, then restraint again (perfect monitoring)",
            },
            default="lottery",
        ),
        "periods": Count("how many periods a punishment lasts, with punishment `periods`", 3, 1, 60),
    },
    events={
        "deterrence_failure": "a side attacks of its own will in a period in which no punishment goes on",
        "spiral": "a punishment begins by mistake in such a period, or there is no restraint at all",
    },
    literature=(
        "friedman1971", "green_porter1984", "abreu1986", "abreu1988", "abreu_pearce_stacchetti1986",
        "abreu_pearce_stacchetti1990", "abreu_milgrom_pearce1991",
    ),
    departures=(
        "The strongly symmetric equilibria of a two-action game, in the place of oligopolies with many quantities or "
        "prices. Trigger strategies only; the strike of stick and carrot is one action of given worth."
    ),
    findings=(
        "The best payoff under noise, R - accident (T - R)/(detection - accident), does not depend on patience: the "
        "patient punish as seldom as suffices.",
        "Stick and carrot does not always need less patience than grim trigger: the strike must itself be enforced.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    indexed=_indexed,
    title="A tacit agreement, punishment {punishment}",
    decisions=_decisions,
    terms=_TERMS,
    concept="public trigger",
    method="trigger conditions",
    approach=(
        "Restraint with the punishment that is chosen, and no restraint: each exactly where no single deviation pays "
        "at any state. The certificate writes the agreement out as an automaton and tries every deviation. Complete "
        "among agreements of this form."
    ),
)
