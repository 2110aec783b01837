r"""A coordinated attack on a defender of unknown resolve: the global game of regime change.

The question: many could bring a defender down together and none could alone, and each has only a hint of how resolved
the defender is. Who attacks, when does an attack feed on itself, and does better information steady things?

**Players.** A continuum of *attackers* (option `form` ``continuum``), or `attackers` of them (``finite``). The defender
gives way or stands by a rule.

**Order of moves.**

1. Chance draws the defender's resolve :math:`\theta` from the normal distribution with mean :math:`z` = `prior_mean`
   and precision :math:`\alpha` = `prior_precision`; 0 stands for a diffuse prior.
2. Each attacker sees :math:`x = \theta + \text{noise}`, normal with precision :math:`\beta` = `signal_precision`,
   independent.
3. All at once attack, at cost :math:`c` = `cost`, or hold. The attack succeeds where the share that attacks is at least
   :math:`\theta`, and is then worth 1 to each who made it.

**Equilibria** are *monotone*: attack where :math:`x \le x^*`, and the attack succeeds where :math:`\theta \le
\theta^*`. The share that attacks is :math:`\theta^*` at :math:`\theta^*`, and at :math:`x^*` the chance of success is
:math:`c`:

.. math:: x^* = \theta^* + \frac{\Phi^{-1}(\theta^*)}{\sqrt\beta}, \qquad
          \Phi\left(\frac{\alpha(\theta^* - z) - \sqrt\beta\,\Phi^{-1}(\theta^*)}{\sqrt{\alpha + \beta}}\right) = c.

There is one for all :math:`z` and :math:`c` if and only if :math:`\beta \ge \alpha^2/2\pi`; below that there may be
three. With a diffuse prior :math:`\theta^* = 1 - c`. Where the monotone equilibrium is the only one, there is no other
of any kind: attacks are strategic complements, and the least and the most aggressive equilibrium are monotone.

**Finite form.** Of :math:`n` = `attackers` at least :math:`T` = `needed` must attack where
:math:`0 \le \theta \le 1`; below none is needed, above none suffice. Prior diffuse, noise vanishing. At a cutpoint an
attacker holds every number of others with a lower signal equally likely, so the attack is worth
:math:`(n - T + 1)/n - c` there: all attack wherever it could succeed where that is positive, none where it is negative.

**Events.** `deterrence_failure`: the attack succeeds. `attack`: an attacker, any one, attacks. `self_fulfilling`: the
attack succeeds against a defender that would have stood against few. `fight`: an attacker attacks and the defender
stands. In the finite form these are about a defender with :math:`0 \le \theta \le 1`.

**Literature.** Morris and Shin (1998); Angeletos, Hellwig and Pavan (2007), of which this is the one-shot benchmark.

>>> from deterrence.solvers import solve
>>> values = {"cost": "13/25", "prior_mean": "12/25", "prior_precision": "9/2", "signal_precision": "7/4"}
>>> for entry in solve(MODEL.build(), point=values):
...     print(entry.label, round(float(entry.figures["resolve up to which the attack succeeds"]), 6))
low threshold 0.066731
middle threshold 0.529963
high threshold 0.919055
"""

from __future__ import annotations

from typing import Final

from deterrence.models.base import Choice, Claim, Count, Decision, DirectModel, Settings, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_COST: Final = Parameter(
    "cost", "0 < cost < 1", "What attacking costs, as a part of what it brings if the attack succeeds [c].",
    "part of the prize",
)
_BELIEFS: Final = (
    Parameter("prior_mean", "", "What the defender's resolve is held to be beforehand [z].", "share of attackers"),
    Parameter("prior_precision", "prior_precision >= 0",
              "How precisely it is known beforehand: one over the variance; 0 for a diffuse prior [alpha].",
              "1/share of attackers squared"),
    Parameter("signal_precision", "signal_precision > 0",
              "How precisely each attacker sees it: one over the variance of the noise [beta].",
              "1/share of attackers squared"),
)

_DRAWING: Final = """\
chance -- resolve theta -- each attacker sees theta + noise
             --attack (cost)--+-- share of attacks >= theta? --yes-- prize for those who attacked
             --hold-----------+                              --no--- the defender stands
"""

_TERMS: Final = (
    Term("prize", "attacker", "1", ("attack",), "the attacker attacks, and the attack succeeds",
         "what bringing the defender down is worth to those who did; the unit"),
    Term("cost", "attacker", "-cost", ("attack",), "the attacker attacks",
         "what an attack takes, and what being on the losing side costs"),
)

_AHP: Final = "angeletos_hellwig_pavan2007"
_MS: Final = "morris_shin1998"
_POINTS: Final = "random exact points; the thresholds enclosed"

_CLAIMS: Final = (
    Claim("The monotone equilibrium is unique for every prior mean and cost if and only if signal_precision >= "
          "prior_precision**2/(2*pi).", "holds", "derived by shape in deterrence.solvers.coordinated_attack; random "
                                                 "exact points on either side, by a root scan", _AHP),
    Claim("More precise public information makes for more stable expectations.", "fails",
          "random exact points: three thresholds at prior mean 1/2 and a cost close to it", _MS,
          when="a prior_precision above sqrt(2*pi*signal_precision) makes for several equilibria: with "
               "signal_precision 1 and prior mean and cost 1/2 one threshold at prior_precision 5/2, three at 13/5"),
    Claim("With a diffuse prior the attack succeeds up to a resolve of 1 - cost, however precise the signals.", "holds",
          "exactly, random points", _MS),
    Claim("A costlier attack succeeds less often.", "holds in part", _POINTS, _AHP,
          when="wherever the equilibrium is unique, and in the outer two of three; in the middle one the threshold "
               "rises with the cost"),
    Claim("A defender that is held more resolute beforehand is brought down at fewer resolves.", "holds in "
                                                                                                 "part", _POINTS,
          _AHP, when="wherever the equilibrium is unique, and in the outer two of three; not in the middle one"),
    Claim("Of finitely many attackers all attack where the cost is below (attackers - needed + 1)/attackers.", "holds",
          "proved on the atlas of five attackers of which three are needed; beliefs at the cutpoint by enumeration of "
          "all orders of signals for up to six", _MS,
          'exists("all attack") iff cost < 3/5', options={"form": "finite", "attackers": 5, "needed": 3}),
    Claim("Apart from one cost, finitely many attackers have one equilibrium.", "holds",
          "proved on the atlas of five attackers of which three are needed", _MS, "unique when cost != 3/5",
          options={"form": "finite", "attackers": 5, "needed": 3}),
)


def _parameters(settings: Settings) -> tuple[Parameter, ...]:
    return _BELIEFS if settings["form"] == "continuum" else ()


def _decisions(_: Settings) -> tuple[Decision, ...]:
    return (
        Decision("attacker", "attacker", ("attack", "hold"),
                 "each attacker, which has seen its own signal; the share over all signals"),
    )


MODEL: Final = DirectModel(
    name="coordinated_attack",
    question=(
        "Many could bring a defender down together and none alone, and each has only a hint of how resolved it is: who "
        "attacks, when does an attack feed on itself, and does better information steady things?"
    ),
    summary=(
        "Attackers decide at once whether to attack a defender of unknown resolve, each with a noisy signal of it. The "
        "attack succeeds where the share that attacks is at least the resolve; those who attacked then win a prize. "
        "What is known to all makes expectations feed on themselves, what each knows alone holds them apart."
    ),
    players=("attacker",),
    play=(
        "Chance draws the defender's resolve, and for each attacker a signal of it.",
        "All attackers attack or hold, at once.",
        "The attack succeeds where the share that attacks is at least the resolve.",
    ),
    drawing=_DRAWING,
    parameters=(_COST,),
    assume={},
    options={
        "form": Choice(
            "how many attackers there are",
            {
                "continuum": "a continuum; the share that must attack is the resolve",
                "finite": "a given number, of which a given number must attack; diffuse prior, vanishing noise",
            },
            "continuum",
        ),
        "attackers": Count("how many attackers there are in the finite form", 5, 1, 1_000_000),
        "needed": Count("how many must attack in the finite form", 3, 1, 1_000_000),
    },
    events={
        "deterrence_failure": "the attack succeeds",
        "attack": "an attacker, any one of them, attacks",
        "self_fulfilling": "the attack succeeds, and would have failed had few attacked",
        "fight": "an attacker, any one of them, attacks, and the defender stands",
    },
    literature=(_MS, _AHP, "johansson2017"),
    departures=(
        "The one-shot benchmark: nobody learns from failed attacks. The defender's answer is a rule. In the finite "
        "form the limit of vanishing noise is solved."
    ),
    findings=(
        "One equilibrium whatever the prior mean and the cost where signal_precision >= prior_precision**2/(2*pi); "
        "else three for some, in the outer two of which a costlier attack and a defender held more resolute are "
        "attacked less.",
        "With a diffuse prior the attack succeeds up to a resolve of 1 - cost. Chances of events are then limits: half "
        "of all defenders are weaker than any number.",
        "Of n attackers of which T are needed, all attack where the cost is below (n - T + 1)/n: a demand for many "
        "holds back each.",
        "The frontier takes --spiral fight: an attack that meets a defender who stands.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    lever="cost",
    title="A coordinated attack, {form}",
    decisions=_decisions,
    terms=_TERMS,
    concept="monotone",
    method="shape",
    approach=(
        "Every monotone equilibrium. In the quantile of the threshold the condition is a function that falls, or "
        "falls, rises and falls; its zeros are counted from its signs at the two extrema and isolated by its signs at "
        "rational points, in ball arithmetic. The finite form is exact and has closed forms (atlas)."
    ),
    indexed=_parameters,
)
