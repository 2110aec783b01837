r"""Trust and reassurance, after Kydd: how the nice tell themselves apart from the mean by a first step.

The question: when will a state that wants peace show it by cooperating first, and how large must a first step be to be
believed?

**Players and types.** Each *side* is *nice* (it prefers mutual cooperation to exploiting the other) with probability
`trust_1`, `trust_2` (what the other believes of it), else *mean*. Types are independent; each knows its own.

**Order of moves**, by the option `rounds`.

* *one*: Side 1 cooperates or defects; Side 2, who has seen that, does.
* *simultaneous*: both move at once.
* *two*: a first round of weight :math:`a` = `first_step` in which Side 1 moves and Side 2 answers, then a second of
  weight :math:`1-a` in which Side 2 moves and Side 1 answers. All moves are seen.

**Payoffs** of a round for type :math:`t`, times its weight: both cooperate :math:`R_t` = `reward_t`; one's own
defection against cooperation :math:`T_t` = `temptation_t`; cooperation against defection :math:`-S_t` = ``-sucker_t``;
both defect 0. What makes a type nice is `reward_nice > temptation_nice`, mean ``temptation_mean > reward_mean``.

**Events.** `deterrence_failure`: somebody defects on a cooperator. `spiral`: nobody ever cooperates.

**Results.** Let :math:`p^*_t = S_t/(R_t + S_t)`.

* One round: type t of Side 1 cooperates iff trust_2 is above :math:`p^*_t` (the mean type too).
* At once: there is always an equilibrium of distrust. With :math:`m = S_N/(R_N - T_N + S_N)` trust and a mixture exist
  where both beliefs are above m.
* Two rounds, trust_1 below both of Side 2's thresholds: the nice type alone makes the first step where

  .. math:: \frac{T_M}{T_M - p_2 R_M + (1-p_2) S_M} < a < \frac{R_N}{(1-p_2)(R_N + S_N)} .

  A larger first step is safer from the mean and dearer to the nice. Both bounds rise with trust. Some :math:`(p_2, a)`
  allow it iff :math:`p^*_N < p^*_M`: the nice must be those who need the least trust.

**Literature.** Kydd (2000), (2005). Departures: payoffs of both sides are the same; the simultaneous form is a minimal
one made for this package.

>>> MODEL.build()
Game('reassurance': 2 players, 6 information sets, 16 terminal histories)
>>> MODEL.build({"rounds": "two"})
Game('reassurance': 2 players, 30 information sets, 64 terminal histories)
"""

from __future__ import annotations

from typing import Final

from deterrence.game import EventLabels, Move
from deterrence.models.base import Choice, Claim, Description, Model, Settings, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_TYPES: Final = ("nice", "mean")
_PAIRS: Final = {
    f"{one} & {two}": "*".join(
        f"trust_{n}" if kind == "nice" else f"(1 - trust_{n})" for n, kind in enumerate((one, two), 1)
    )
    for one in _TYPES for two in _TYPES
}

_PARAMETERS: Final = (
    Parameter("trust_1", "0 < trust_1 < 1", "Probability that Side 1 is nice, as Side 2 sees it.", "probability"),
    Parameter("trust_2", "0 < trust_2 < 1", "Probability that Side 2 is nice, as Side 1 sees it.", "probability"),
    Parameter("first_step", "0 < first_step < 1", "Weight of the first round; used with two rounds.",
              "share of the stakes"),
    *(
        Parameter(f"{what}_{kind}", domain, f"{meaning} for the {kind} type.", "utility")
        for kind in _TYPES
        for what, domain, meaning in (
            ("reward", "", "What mutual cooperation is worth"),
            ("temptation", "", "What defecting on a cooperator is worth"),
            ("sucker", f"sucker_{kind} > 0", "What cooperating with a defector costs"),
        )
    ),
)

_DRAWING: Final = """\
chance -- nice or mean & nice or mean (four pairs)
  |
Side 1 (own type) --cooperate or defect-- Side 2 (own type, has seen it) --cooperate or defect-- end of one round
  |
  (two rounds) Side 2 (has seen the first) --cooperate or defect-- Side 1 --cooperate or defect-- end
"""

_SOURCE: Final = "kydd2000"
_NICE: Final = "reward_nice > temptation_nice and temptation_mean > reward_mean and reward_nice + sucker_nice > 0"
_BEYOND: Final = "trust_2*(reward_nice + sucker_nice) > sucker_nice"
_ALL: Final = "proved on the atlas in all parameters"

_CLAIMS: Final = (
    Claim("The nice type of Side 1 cooperates where its trust is above p* = S/(R + S).", "holds", _ALL, _SOURCE,
          f"P[nice & mean, first cooperates] == (1 - trust_2)*trust_1 when {_NICE} and {_BEYOND}"),
    Claim("Below that it does not.", "holds", _ALL, _SOURCE,
          f"P[nice & mean, first cooperates] == 0 when {_NICE} and {_BEYOND.replace('>', '<')}"),
    Claim("The nice answer cooperation with cooperation, the mean never.", "holds", _ALL, _SOURCE,
          "P[nice & mean, first cooperates, answers] == 0 and P[nice & nice, first cooperates, betrays] == 0 "
          f"when {_NICE}"),
    Claim("The mean type never cooperates first.", "fails", "refuted on the atlas in all parameters", _SOURCE,
          f"P[mean & nice, first cooperates] == 0 when {_NICE}",
          when="it cooperates first where trust_2 is above S_M/(R_M + S_M), since only cooperation is answered so"),
    Claim("More trust in the other never makes the first step less likely.", "holds", _ALL, _SOURCE,
          f"max P[first cooperates] increases in trust_2 when {_NICE}"),
    Claim("Trust in the other protects the one who trusts: exploitation becomes rarer as trust grows.", "fails",
          "refuted on the atlas in all parameters", "",
          f"max P[deterrence_failure] decreases in trust_2 when {_NICE}",
          when="it holds within the region where the first step is made; crossing into it, exploitation begins"),
)


def _describe(menus: Settings) -> Description:
    rounds = menus["rounds"]
    moves = [Move("chance", "types", None, dict(_PAIRS))]
    infosets: dict[str, str] = {}

    def add(side: int, seen: tuple[str, ...], words: str, labels: tuple[str, str]) -> None:
        for kind in _TYPES:
            pairs = [pair for pair in _PAIRS if pair.split(" & ")[side - 1] == kind]
            name = f"{side} {kind}{words}"
            patterns = [", ".join((pair, *seen)) for pair in pairs]
            moves.append(Move(f"Side {side}", name, tuple(patterns), dict.fromkeys(labels)))
            infosets[name] = f"Side {side}, {kind}, does not know the type of the other"

    first, second = ("first cooperates", "first defects"), ("answers", "betrays")
    add(1, (), "", first)
    if rounds == "simultaneous":
        for kind in _TYPES:
            pairs = [pair for pair in _PAIRS if pair.endswith(f"& {kind}")]
            after = tuple(f"{pair}, {one}" for pair in pairs for one in first)
            moves.append(Move("Side 2", f"2 {kind}", after, dict.fromkeys(second)))
            infosets[f"2 {kind}"] = f"Side 2, {kind}, does not see the move of Side 1"
    else:
        for one in first:
            add(2, (one,), f" when {one}", second)
    if rounds == "two":
        for one in first:
            for two in second:
                seen = f" after {one}, {two}"
                add(2, (one, two), seen, ("then cooperates", "then defects"))
                for three in ("then cooperates", "then defects"):
                    add(1, (one, two, three), f"{seen}, {three}", ("last cooperates", "last defects"))
    titles = {"one": "Trust, in sequence", "simultaneous": "Trust, at once", "two": "Reassurance by a first step"}
    return Description(
        title=titles[rounds],
        moves=tuple(moves), terms=_terms(rounds), events=_events(rounds), infosets=infosets,
    )


def _events(rounds: str) -> dict[str, EventLabels]:
    if rounds != "two":
        return {"deterrence_failure": ("first cooperates", "betrays"), "spiral": ("first defects", "betrays")}
    return {
        "deterrence_failure": ("first cooperates", "betrays"),
        "spiral": ("first defects", "betrays", "then defects", "last defects"),
    }


def _terms(rounds: str) -> tuple[Term, ...]:
    terms: list[Term] = []
    weights = ("first_step", "(1 - first_step)") if rounds == "two" else ("1",)
    plays = (("first cooperates", "first defects", "answers", "betrays", 1),
             ("then cooperates", "then defects", "last cooperates", "last defects", 2))
    for weight, (c, d, answer, betray, mover) in zip(weights, plays, strict=False):
        for side in (1, 2):
            for pair in _PAIRS:
                kind = pair.split(" & ")[side - 1]
                leads = side == mover
                terms += [
                    Term(f"{what} ({pair}, {c})", f"Side {side}", f"{weight}*{amount}_{kind}" if sign else
                         f"-{weight}*{amount}_{kind}", (pair, *labels), why, "the payoffs of a round")
                    for what, amount, sign, labels, why in (
                        ("reward", "reward", True, (c, answer), "both cooperate"),
                        ("temptation", "temptation", True, (d, answer) if leads else (c, betray),
                         "it defects on a cooperator"),
                        ("sucker", "sucker", False, (c, betray) if leads else (d, answer),
                         "it cooperates with a defector"),
                    )
                ]
    return tuple(terms)


MODEL: Final = Model(
    name="reassurance",
    question=(
        "When will a state that wants peace show it by cooperating first, and how large must a first step be to be "
        "believed?"
    ),
    summary=(
        "Two sides, each nice or mean and known to itself alone, cooperate or defect: one after the other, at once, or "
        "in two rounds of different weight in which a first step may reassure."
    ),
    players=("Side 1", "Side 2"),
    play=(
        "Chance draws both types, independently.",
        "Side 1, knowing its own type, cooperates or defects.",
        "Side 2, knowing its own type, answers or betrays (having seen that, unless both move at once).",
        "With two rounds Side 2 then moves first, and Side 1 answers.",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume={},
    options={"rounds": Choice(
        "who moves when",
        {"one": "Side 1, then Side 2", "simultaneous": "both at once",
         "two": "Side 1, then Side 2; then Side 2, then Side 1"}, "one",
    )},
    events={
        "deterrence_failure": "in the first round a cooperator is defected upon",
        "spiral": "nobody ever cooperates",
    },
    literature=("kydd2000",),
    departures=(
        "Payoffs of both sides are the same functions of the type. The simultaneous form is a minimal one made for "
        "this package."
    ),
    findings=(
        "The mean type cooperates first too, where its trust in the other is above its own threshold.",
        "A first step tells the nice apart only if they need less trust than the mean: S_N/(R_N + S_N) < "
        "S_M/(R_M + S_M).",
    ),
    claims=_CLAIMS,
    shelf="canon",
    lever="first_step",
    describe=_describe,
)
