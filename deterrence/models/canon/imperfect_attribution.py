r"""Deterrence with imperfect attribution, after Baliga, Bueno de Mesquita and Wolitzky (2020).

The question: an attack leaves only hints of who made it. Whom does fear of an answer then restrain, and does it deter
more if attacks are better detected, or better laid at the right door?

**Players.** :math:`n` = `attackers` (option) and a *Defender*.

**Order of moves.**

1. With probability :math:`\gamma` = `opportunity` one attacker, each with the same chance, is able to attack. It knows
   its gain :math:`x_i`, uniform on a range, and attacks or holds.
2. The Defender sees a signal :math:`s`, 0 for none, with probability :math:`\pi_i^s` if :math:`i` attacked and
   :math:`\pi_0^s` if nobody did. It knows its own :math:`y_i \ge 0`, what hitting :math:`i` brings if :math:`i` is
   guilty, uniform on a range, and hits whom it will.

**Payoffs.** An attacker gets :math:`x_i` if it attacks, and -1 if it is hit. The Defender gets :math:`-K` = `-loss` if
attacked, and for hitting :math:`i` :math:`y_i` if it is guilty, :math:`y_i - 1` if it is not.

**Options.** `kind` ``alike``: types are drawn from the same ranges, `gain_low` to `gain_high` and `answer_low` to
`answer_high`, and signals are names. An attack is laid at the attacker's door with probability `identification`, at
another's, each alike, with `misidentification` in all (if there are others); if nobody attacked somebody is named with
probability `false_alarm` in all. ``unlike``: a range for each, and a table of `signals` signals, `signal_2_from_1` for
the probability of signal 2 if attacker 1 attacked, `signal_2_from_nobody` if nobody did.

**Equilibria** are cutoffs: :math:`i` attacks from :math:`x_i^*` on, with :math:`a_i = \gamma[1 - F_i(x_i^*)]/n`; the
Defender hits where :math:`y_i \ge 1 - \beta_i^s`;

.. math:: \beta_i^s = \frac{a_i \pi_i^s}{(1 - \sum_j a_j)\pi_0^s + \sum_j a_j \pi_j^s}, \qquad
          x_i^* = \sum_s (\pi_i^s - \pi_0^s)[1 - G_i(1 - \beta_i^s)].

There is one where :math:`\pi_i^s \ge \pi_0^s` for every signal but the null one and nobody is hit after that; otherwise
there may be several. With perfect identification and no false alarms :math:`x_i^* = \pi_i^i`. Without false alarms, and
if nobody attacks, a name has no probability: it is then believed as attacks that are rare and alike would make it.
Another belief, say that names are always right, may let nobody attack where this one does not.

**Events.** `deterrence_failure`: somebody attacks. `guilty_hit`. `innocent_hit`: somebody that did not attack is hit.
`unanswered`: an attack, and nobody is hit.

**Literature.** Baliga, Bueno de Mesquita and Wolitzky (2020). Departure: distributions are uniform; violations of the
article's assumptions are solved too.

>>> from deterrence.solvers import solve
>>> values = {"opportunity": "1/2", "loss": 1, "gain_low": 0, "gain_high": "11/10", "answer_low": "1/4",
...           "answer_high": "9/20", "identification": "3/5", "false_alarm": "1/100"}
>>> for wrong in ("1/20", "3/10"):
...     (entry,) = solve(MODEL.build(), point={**values, "misidentification": wrong})
...     print(entry.label, round(float(entry.figures["cutoff"]), 4))
some types attack; the named always hit, others never hit 0.595
some types attack; the named sometimes hit, others never hit 0.3086
"""

from __future__ import annotations

from typing import Final

from deterrence.models.base import Choice, Claim, Count, Decision, DirectModel, Settings, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_SHARE: Final = "a hit's harm to the attacker"
_WORTH: Final = "what a hit on an innocent costs beyond one on the guilty"

_PARAMETERS: Final = (
    Parameter("opportunity", "0 < opportunity < 1", "Probability that somebody is able to attack [gamma].",
              "probability"),
    Parameter("loss", "", "What an attack costs the Defender; it moves no choice [K].", _WORTH),
)


def _ranges(suffix: str, whose: str) -> tuple[Parameter, ...]:
    """The ends of both ranges of types."""
    gain, answer = f"gain_low{suffix}", f"answer_low{suffix}"
    return (
        Parameter(gain, "", f"The least that an attack may bring {whose}.", _SHARE),
        Parameter(f"gain_high{suffix}", f"gain_high{suffix} > {gain}", f"The most that an attack may bring {whose}.",
                  _SHARE),
        Parameter(answer, f"{answer} >= 0", f"The least that hitting {whose} may bring if it is guilty.", _WORTH),
        Parameter(f"answer_high{suffix}", f"answer_high{suffix} > {answer}",
                  f"The most that hitting {whose} may bring if it is guilty.", _WORTH),
    )


def _parameters(settings: Settings) -> tuple[Parameter, ...]:
    ones = range(1, settings["attackers"] + 1)
    if settings["kind"] == "alike":
        other = Parameter(
            "misidentification", "0 <= misidentification <= 1 - identification",
            "Probability that an attack is laid at another's door.", "probability",
        )
        return (
            *_ranges("", "an attacker"),
            Parameter("identification", "0 <= identification <= 1",
                      "Probability that an attack is laid at the attacker's door.", "probability"),
            *((other,) if len(ones) > 1 else ()),
            Parameter("false_alarm", "0 <= false_alarm < 1", "Probability that somebody is named if nobody attacked.",
                      "probability"),
        )
    ranges = [parameter for i in ones for parameter in _ranges(f"_{i}", f"attacker {i}")]
    rows = [("from_nobody", "if nobody attacked"), *((f"from_{i}", f"if attacker {i} attacked") for i in ones)]
    table = [
        Parameter(f"signal_{s}_{key}", _chance(s, key, settings["signals"]), f"Probability of signal {s} {words}.",
                  "probability")
        for key, words in rows
        for s in range(1, settings["signals"] + 1)
    ]
    return (*ranges, *table)


def _chance(s: int, key: str, signals: int) -> str:
    """The domain of an entry of the table: signals may come by mistake, and none may come."""
    least = "0 <" if key == "from_nobody" else "0 <="
    rest = "".join(f" - signal_{k}_{key}" for k in range(1, s))
    most = "< 1" if key == "from_nobody" and s == signals else "<= 1"
    return f"{least} signal_{s}_{key} {most}{rest}"


_DRAWING: Final = """\
chance --opportunity/n--- attacker i (x_i) --attack-- chance --signal s (pi_i^s)-- Defender (s, y)
       |                                  \\--hold--+                              |-- hit i
       \\--1 - opportunity---------------------------+ chance --signal s (pi_0^s)--+-- spare i
"""

_TERMS: Final = (
    Term("gain", "attacker", "x", ("attack",), "the attacker attacks; x uniform from gain_low to gain_high",
         "what an attack brings, its own costs taken off, in units of what being hit costs"),
    Term("being hit", "attacker", "-1", ("hit",), "the attacker is hit, guilty or not", "the unit"),
    Term("loss", "Defender", "-loss", ("attack",), "somebody attacks", "what an attack costs"),
    Term("justice", "Defender", "y", ("hit",), "an attacker is hit; y uniform from answer_low to answer_high",
         "what hitting the guilty brings: harm undone, face kept"),
    Term("injustice", "Defender", "-1", ("hit",), "one is hit that did not attack", "the unit"),
)

_SOURCE: Final = "baliga_bueno_wolitzky2020"
_GAMES: Final = "random exact games of 1 to 4 attackers that are unlike"
_POINT: Final = "proved on the atlas of the shipped scenario"
_FAILS: Final = "P[deterrence_failure]"

_CLAIMS: Final = (
    Claim("There is one equilibrium in cutoffs.", "holds in part",
          f"{_POINT}; for every game that is solved all cutoffs are searched through by interval arithmetic", _SOURCE,
          "unique", ("opportunity",),
          "where every signal but the null one is likelier after an attack of anybody than after none, and nobody is "
          "hit after the null signal: otherwise one attacker may have three equilibria, as at a point of the canon "
          "whose first signal an attack makes less likely. And where every signal may come by mistake: without false "
          "alarms it depends on what a name would be taken for if nobody attacks"),
    Claim("The more aggressive another attacker, the more so each: its own attack hides among others.", "holds",
          f"{_GAMES}: gains of the first raised", _SOURCE),
    Claim("The more an answer brings the Defender, the less is attacked.", "holds", f"{_POINT}; {_GAMES}", _SOURCE,
          f"{_FAILS} decreases in answer_high", ("answer_high",)),
    Claim("The larger the gains from attacking, the more is attacked.", "holds", f"{_POINT}; {_GAMES}", _SOURCE,
          f"{_FAILS} increases in gain_high", ("gain_high",)),
    Claim("The likelier an opportunity, the less aggressive each who has one.", "holds", _GAMES, _SOURCE),
    Claim("Yet the likelier an opportunity, the likelier an attack.", "holds", _POINT, "",
          f"{_FAILS} increases in opportunity", ("opportunity",)),
    Claim("Fewer false alarms deter.", "holds", f"{_POINT}; {_GAMES}", _SOURCE,
          f"{_FAILS} increases in false_alarm", ("false_alarm",)),
    Claim("Detecting the attacks of all better, by a common factor, deters all.", "holds", _GAMES, _SOURCE),
    Claim("Detecting the attacks of one better deters all.", "fails", "two attackers that are unlike, "
                                                                      "enclosed", _SOURCE,
          when="opportunity 3/5, gains from 0 to 1, answers from 1/5 to 7/10, false alarms 1/50 for each name, attacks "
          "laid at the right door with 1/2, at the wrong one with 1/10: detecting those of the first alone 7/5 times "
          "as well raises its cutoff from 0.423 to 0.589 and lowers that of the other to 0.418: less falls on it"),
    Claim("Detecting attacks without laying them at the right door deters.", "fails",
          "refuted on the atlas of the shipped scenario; the first backfire points of the canon", _SOURCE,
          f"{_FAILS} decreases in misidentification", ("misidentification",),
          "misidentification 3/10 in place of 1/20 lowers the cutoff from 0.595 to 0.309: names are believed less"),
    Claim("Laying more attacks at the right door deters.", "holds in part", _POINT, "",
          f"{_FAILS} decreases in identification when identification >= 1/10", ("identification",),
          "where an attack is laid at the right door at least twice as likely as at another's, here 1/10"),
    Claim("It does so everywhere.", "fails", "refuted on the atlas of the shipped scenario", "",
          f"{_FAILS} decreases in identification", ("identification",),
          "with identification below misidentification it is those not named that are suspected; naming the attacker "
          "more often clears it"),
    Claim("More informative signals deter.", "fails", "the second backfire points of the canon, exactly", _SOURCE,
          when="one attacker, opportunity 0.601, gains from 0 to 11/10, answers from 0.38 to 0.42: a signal of 0.214 "
          "without and 0.682 with an attack, split into one of 0.024824 and 0.226424 and another, lowers the cutoff "
          "from 0.468 to 0.384; the answer was just certain before"),
    Claim("Where an attack of i is taken for none rather than for something else, i is deterred.", "holds in part",
          _GAMES, _SOURCE, when="if i is never hit after the signal that comes up less"),
    Claim("With perfect identification and no false alarms the cutoff is the chance of being identified.", "holds",
          "proved on the atlas of the shipped scenario", _SOURCE,
          f"{_FAILS}*gain_high == opportunity*(gain_high - identification) when misidentification == 0 and "
          "false_alarm == 0 and gain_high >= identification",
          ("identification", "false_alarm", "misidentification", "opportunity", "gain_high")),
    Claim("A Defender that can bind itself is attacked less.", "fails",
          "one attacker; the best plan of answers found by float optimisation", _SOURCE,
          when="with a loss below the most that an answer brings it may like to be attacked: at the point of the canon "
          "with loss 0.230 and answers up to 0.546 the best plan raises attacks from 0.270 to 0.337"),
    Claim("With a loss of at least the most that an answer brings, a Defender that can bind itself is attacked less.",
          "holds", "one attacker, random games; the best plan of answers found by float optimisation", _SOURCE),
)


def _decisions(settings: Settings) -> tuple[Decision, ...]:
    n = settings["attackers"]
    if settings["kind"] == "alike":
        cases = {"named": "that is named", **({"another named": "beside whom another is named"} if n > 1 else {}),
                 "nobody named": "where nobody is named"}
        return (
            Decision("attacker", "attacker", ("attack", "hold"), f"each of {n}, able to attack; the share of its "
                                                                 "types"),
            *(
                Decision(f"Defender, {name}", "Defender", ("hit", "spare"), f"about an attacker {words}; the share of "
                                                                            "types")
                for name, words in cases.items()
            ),
        )
    ones = range(1, n + 1)
    return (
        *(
            Decision(f"attacker {i}", "attacker", ("attack", "hold"), f"attacker {i}, able to attack; the share of "
                                                                      "its types")
            for i in ones
        ),
        *(
            Decision(f"Defender, {f'signal {s}' if s else 'no signal'}: attacker {i}", "Defender", ("hit", "spare"),
                     f"about attacker {i}; the share of types")
            for s in range(settings["signals"] + 1)
            for i in ones
        ),
    )


MODEL: Final = DirectModel(
    name="imperfect_attribution",
    question=(
        "An attack leaves only hints of who made it: whom does fear of an answer then restrain, and does it deter more "
        "if attacks are better detected, or better laid at the right door?"
    ),
    summary=(
        "One of several attackers may be able to attack. The Defender sees a noisy signal, of an attack and of who "
        "made it, and hits whom it thinks guilty enough. Each attacker hides among the others: the more they attack, "
        "the less it is suspected."
    ),
    players=("attacker", "Defender"),
    play=(
        "Chance makes one attacker, or none, able to attack, and tells it its gain; it attacks or holds.",
        "Chance sends the Defender a signal, and tells it what an answer would bring.",
        "The Defender hits whom it will.",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume={},
    options={
        "attackers": Count("how many attackers there are", 2, 1, 6),
        "kind": Choice(
            "whether they are alike",
            {
                "alike": "the same types; signals are names, right or wrong",
                "unlike": "types for each; a table of signals",
            },
            "alike",
        ),
        "signals": Count("how many signals there are beside the null one, if attackers are unlike", 2, 1, 6),
    },
    events={
        "deterrence_failure": "somebody attacks",
        "guilty_hit": "one that attacked is hit",
        "innocent_hit": "one that did not attack is hit",
        "unanswered": "somebody attacks and nobody is hit",
    },
    literature=(_SOURCE, "johansson2017"),
    departures=(
        "Distributions are uniform. Where the assumptions of the article fail all equilibria are found. After Baliga, "
        "Bueno de Mesquita and Wolitzky (2020)."
    ),
    findings=(
        "Attacks are strategic complements through suspicion: whoever attacks more draws blame upon itself and away "
        "from the others.",
        "Detecting more attacks without knowing whose they are may backfire, and so may a more informative signal: "
        "names are believed less, or a certain answer becomes a doubtful one.",
        "One equilibrium where signals tell of attacks and the null signal is never answered; solve says which case "
        "holds.",
        "The frontier takes --spiral innocent_hit: harm to one that did none.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    lever="misidentification",
    title="{attackers} attackers, {kind}, and imperfect attribution",
    decisions=_decisions,
    terms=_TERMS,
    concept="cutpoint",
    method="cutoff equations",
    approach=(
        "Attackers that are alike, or one alone: the condition is a polynomial between rational points, and every "
        "root is exact; symmetric equilibria have closed forms (atlas). Several that are unlike: every equilibrium is "
        "isolated in a box of cutoffs by interval arithmetic (Krawczyk's operator), and none is left out; a limit on "
        "boxes that is reached is an error."
    ),
    indexed=_parameters,
)
