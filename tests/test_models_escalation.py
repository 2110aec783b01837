"""Asymmetric escalation: the published families as assessments, certified; and `solve` against them where it is quick.

The families are those of canon/results.md, 4 to 6, with its names. A family is a profile: how often each type of the
Challenger initiates, what each type of the Defender answers, how often each type of the Challenger raises.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest

import deterrence as dt
from deterrence import models
from deterrence.certify import certify
from deterrence.game import Game, build_game
from deterrence.parameters import ParameterSpace

MODEL = models.get("asymmetric_escalation")
GENERAL = MODEL.build()
MASSIVE = MODEL.build({"defender_types": ["SH", "SS"]})
FLEXIBLE = MODEL.build({"defender_types": ["HH", "HS"]})
HARD = MODEL.build({"challenger_types": ["hard"]})
CANON = Path(__file__).parent / "canon"
EXPECTED = json.loads((CANON / "expected.json").read_text(encoding="utf-8"))

Outcomes = dict[str, Fraction]
Answer = tuple[Fraction, Fraction, Fraction]
ZERO, ONE, HALF = Fraction(0), Fraction(1), Fraction(1, 2)
TYPES = ("HH", "HS", "SH", "SS")
CHALLENGER = ("EE-", "DE", "EE+", "DD", "ED", "SQ", "DC")
DEFENDER = ("EE-", "ED", "EE+", "DD-", "DC", "DD+", "DE", "SQ")
BOOK = {"accept": "SQ", "concede": "DC", "settle": "DD", "yield": "ED", "submit": "DE", "match": "EE", "counter": "EE"}
CONCEDE, RESPOND, ESCALATE = (ONE, ZERO, ZERO), (ZERO, ONE, ZERO), (ZERO, ZERO, ONE)
SILENCE: Outcomes = {"SQ": ONE}

# Kilgour and Zagare (2007), as canon/results.md has their payoffs.
KZ_C = dict(zip(CHALLENGER, map(Fraction, (0, 20, 25, 40, 45, 60, 100)), strict=True))
KZ_D = dict(zip(DEFENDER, map(Fraction, (0, 20, 30, 40, 50, 60, 90, 100)), strict=True))


@dataclass(frozen=True)
class Point:
    """Payoffs by the symbols of the book, and probabilities: of the hard Challenger, of each type of the Defender."""

    c: Mapping[str, Fraction]
    d: Mapping[str, Fraction]
    hard: Fraction
    types: Mapping[str, Fraction]

    def values(self) -> dict[str, Fraction]:
        """By the names of the model; a probability of no use is 1/2."""
        def share(one: Fraction, other: Fraction) -> Fraction:
            return one / (one + other) if one and other else HALF

        hh, hs, sh, ss = (self.types.get(kind, ZERO) for kind in TYPES)
        mine = {"SQ": "status_quo", "DC": "win", "DD": "limited", "ED": "escalated_win", "DE": "defeat",
                "EE+": "war_hard", "EE-": "war_soft"}
        theirs = {"SQ": "status_quo", "DC": "concession", "DD+": "limited_hard", "DD-": "limited_soft",
                  "DE": "escalated_win", "ED": "defeat", "EE+": "war_hard", "EE-": "war_soft"}
        return {
            "credibility_challenger": share(self.hard, 1 - self.hard),
            "credibility_tactical": share(hh + hs, sh + ss),
            "strategic_if_hard": share(hh, hs), "strategic_if_soft": share(sh, ss),
            **{f"challenger_{name}": self.c[key] for key, name in mine.items()},
            **{f"defender_{name}": self.d[key] for key, name in theirs.items()},
        }


@dataclass(frozen=True)
class Profile:
    """How often the types of the Challenger initiate, what the Defender answers, how often the Challenger raises."""

    name: str
    answers: Mapping[str, Answer]
    soft: Fraction = ONE
    raises: tuple[Fraction, Fraction] = (ONE, ONE)
    hard: Fraction = ONE

    def outcomes(self, point: Point) -> Outcomes:
        total = dict.fromkeys(("SQ", "DC", "DD", "ED", "DE", "EE"), ZERO)
        rows = ((point.hard, self.hard, self.raises[0]), (1 - point.hard, self.soft, self.raises[1]))
        for place, (weight, starts, raises) in enumerate(rows):
            total["SQ"] += weight * (1 - starts)
            for kind, other in point.types.items():
                concedes, responds, escalates = self.answers[kind]
                share = weight * starts * other
                total["DC"] += share * concedes
                total["DD"] += share * responds * (1 - raises)
                total["EE" if kind[1] == "H" else "ED"] += share * responds * raises
                total["EE" if place == 0 else "DE"] += share * escalates
        return {name: p for name, p in total.items() if p}


# The families ------------------------------------------------------------------------------------------------------


def answers(hh: Answer, hs: Answer, sh: Answer, ss: Answer) -> dict[str, Answer]:
    return dict(zip(TYPES, (hh, hs, sh, ss), strict=True))


def up(p: Fraction) -> Answer:
    """Escalate so often, else concede."""
    return 1 - p, ZERO, p


def kind_or_up(p: Fraction) -> Answer:
    """Respond in kind so often, else escalate."""
    return ZERO, p, 1 - p


def kind_or_concede(p: Fraction) -> Answer:
    return 1 - p, p, ZERO


def mixing(p: Fraction, r: Fraction) -> Fraction:
    """X(p, r): how often the soft Challenger joins so that the posterior is r; 1 where nobody is soft."""
    return p * (1 - r) / ((1 - p) * r)


def thresholds(point: Point) -> SimpleNamespace:
    """The thresholds of canon/results.md, 4-6, under its symbols."""
    c, d = point.c, point.d
    e = (d["DD+"] - d["DC"]) / (d["DD+"] - d["ED"])
    return SimpleNamespace(
        rH=(d["DE"] - d["DC"]) / (d["DE"] - d["EE+"]), rS=(d["DE"] - d["DC"]) / (d["DE"] - d["EE-"]),
        tH=(d["DE"] - d["DD+"]) / (d["DE"] - d["EE+"]), eS=e,
        r0=(d["DE"] - (1 - e) * d["DD+"] - e * d["EE+"]) / (d["DE"] - d["EE+"]),
        Ks=c["DC"] - c["SQ"], Kd=c["DC"] - c["DD"], Ke=c["DC"] - c["DE"],
        zS=(c["DC"] - c["SQ"]) / (c["DC"] - c["DE"]), y=(c["DC"] - c["SQ"]) / (c["DC"] - c["DD"]),
        qH=(c["ED"] - c["DD"]) / (c["ED"] - c["EE+"]),
    )


DETERRENCE = Profile("F0", answers(ESCALATE, ESCALATE, ESCALATE, ESCALATE), ZERO, hard=ZERO)


def without_answers_in_kind(point: Point) -> Iterator[Profile]:
    """F1 to F4."""
    t, r = thresholds(point), point.hard
    strategic = point.types.get("HH", ZERO) + point.types.get("SH", ZERO)
    if r > t.rH:
        yield Profile("F1", answers(CONCEDE, CONCEDE, CONCEDE, CONCEDE))
    if r < t.rH and strategic > t.zS:
        some = up(t.zS / strategic)
        yield Profile("F2", answers(some, CONCEDE, some, CONCEDE), mixing(r, t.rH))
    if r < t.rS and strategic < t.zS:
        some = up((t.zS - strategic) / (1 - strategic))
        yield Profile("F3", answers(ESCALATE, some, ESCALATE, some), mixing(r, t.rS))
    if t.rS < r < t.rH and strategic < t.zS:
        yield Profile("F4", answers(ESCALATE, CONCEDE, ESCALATE, CONCEDE))


def limited(point: Point) -> Iterator[Profile]:
    """F5 to F14, for a Defender of all four types."""
    t, r = thresholds(point), point.hard
    hh, hs, sh, ss = (point.types[kind] for kind in TYPES)
    tactical, strategic, rho = hh + hs, hh + sh, hh / (hh + hs)
    y = hh * (1 - t.qH) / (hs * t.qH)
    z1, z2 = (t.Ks - hh / t.qH * t.Kd) / t.Ke, (t.Ks - tactical * t.Kd) / t.Ke
    if r > t.rH and rho < t.qH and hh < t.qH * t.y:
        yield Profile("F5", answers(RESPOND, kind_or_concede(y), CONCEDE, CONCEDE), ONE, (t.eS / r, ZERO))
    if r > t.rH and rho > t.qH and tactical < t.y:
        yield Profile("F6", answers(RESPOND, RESPOND, CONCEDE, CONCEDE), ONE, (ZERO, ZERO))
    if r < t.rH and rho < t.qH and 0 < z1 < sh:
        play = answers(RESPOND, kind_or_concede(y), up(z1 / sh), CONCEDE)
        yield Profile("F7", play, mixing(r, t.rH), (t.eS / t.rH, ZERO))
    if r < t.rH and rho > t.qH and 0 < z2 < sh:
        yield Profile("F8", answers(RESPOND, RESPOND, up(z2 / sh), CONCEDE), mixing(r, t.rH), (ZERO, ZERO))
    if r < t.rS and t.tH < t.rS and rho > t.qH and sh < z2 < sh + ss:
        play = answers(RESPOND, RESPOND, ESCALATE, up((z2 - sh) / ss))
        yield Profile("F9", play, mixing(r, t.rS), (ZERO, ZERO))
    d = (t.Ks - hs * t.Kd - strategic * t.Ke) / (hh * (t.Kd - t.Ke))
    if t.rS < t.tH and r < t.tH and 0 < d < 1 and hh * d > t.qH * (hh * d + hs):
        play = answers(kind_or_up(d), RESPOND, ESCALATE, CONCEDE)
        yield Profile("F10", play, mixing(r, t.tH), (ZERO, ZERO))
    over = t.Kd / t.qH - t.Ke
    d = (t.Ks - strategic * t.Ke) / (hh * over) if over else ZERO
    if t.r0 > t.rS and r < t.r0 and 0 < d < 1 and 0 < d * y < 1:
        play = answers(kind_or_up(d), kind_or_concede(d * y), ESCALATE, CONCEDE)
        yield Profile("F11", play, mixing(r, t.r0), (t.eS / t.r0, ZERO))
    yield from _hh_mixes(point, t)
    if max(t.rS, t.tH) < r < t.rH and rho > t.qH and z2 > sh:
        yield Profile("F14 CLRE", answers(RESPOND, RESPOND, ESCALATE, CONCEDE), ONE, (ZERO, ZERO))
    if max(t.rS, t.r0, t.eS) < r < t.rH and rho < t.qH and z1 > sh:
        yield Profile("F14 ELRE", answers(RESPOND, kind_or_concede(y), ESCALATE, CONCEDE), ONE, (t.eS / r, ZERO))


def _hh_mixes(point: Point, t: SimpleNamespace) -> Iterator[Profile]:
    """F12 and F13: the hard Challenger raises so often that HH is indifferent between an answer in kind and more."""
    worth, r = point.d, point.hard
    hh, hs, sh, ss = (point.types[kind] for kind in TYPES)
    if hh / (hh + hs) <= t.qH:
        return
    d = hs * t.qH / (hh * (1 - t.qH))

    def raised(belief: Fraction) -> Fraction | None:
        """How often a response is raised, where HH is indifferent and HS responds."""
        e = 1 - (1 - belief) * (worth["DE"] - worth["EE+"]) / (worth["DD+"] - worth["EE+"])
        respond = (1 - e) * worth["DD+"] + e * worth["ED"]
        return e if 0 < e < t.eS and respond > belief * worth["EE-"] + (1 - belief) * worth["DE"] else None

    up_already = sh + hh * (1 - d)
    e = raised(r)
    if max(t.rS, t.tH) < r < t.rH and e is not None and hs / (1 - t.qH) * t.Kd + up_already * t.Ke < t.Ks:
        yield Profile("F12", answers(kind_or_up(d), RESPOND, ESCALATE, CONCEDE), ONE, (e / r, ZERO))
    e, z = raised(t.rS), (t.Ks - hs * t.Kd / (1 - t.qH)) / t.Ke
    if r < t.rS and t.tH < t.rS and e is not None and up_already < z < up_already + ss:
        play = answers(kind_or_up(d), RESPOND, ESCALATE, up((z - up_already) / ss))
        yield Profile("F13", play, mixing(r, t.rS), (e / t.rS, ZERO))


def flexible(point: Point) -> Iterator[Profile]:
    """Section 5b: what flexible response adds to F1 to F4."""
    t, r = thresholds(point), point.hard
    hh, hs = point.types["HH"], point.types["HS"]
    if r > max(t.r0, t.rS) and hh < t.qH and hh / t.qH < t.y:
        y = hh * (1 - t.qH) / (hs * t.qH)
        yield Profile("ELRE", answers(RESPOND, kind_or_concede(y), CONCEDE, CONCEDE), ONE, (t.eS / r, ZERO))
    over = t.Ke - t.Kd / t.qH
    up_hh = (t.Ks - hh * t.Kd / t.qH) / (hh * over) if over else ZERO
    y = hh * (1 - up_hh) * (1 - t.qH) / (hs * t.qH)
    if t.r0 > t.rS and r < t.r0 and 0 < up_hh < 1 and 0 < y < 1:
        play = answers(kind_or_up(1 - up_hh), kind_or_concede(y), CONCEDE, CONCEDE)
        yield Profile("bluff", play, mixing(r, t.r0), (t.eS / t.r0, ZERO))


# Assessments -------------------------------------------------------------------------------------------------------


def parts(label: str) -> tuple[str, str]:
    """The types of a draw; a side that is known is not named, and here only the Challenger is known."""
    first, _, second = label.rpartition(" & ")
    return first or "hard", second


def normal(weights: Mapping[str, Fraction], instead: Mapping[str, Fraction]) -> dict[str, Fraction]:
    total = sum(weights.values(), ZERO)
    return {key: w / total for key, w in weights.items()} if total else dict(instead)


def assessment(game: Game, point: Point, profile: Profile) -> tuple[dict[str, object], dict[str, object]]:
    """The strategy of a profile, and beliefs by Bayes' rule.

    Off the path an initiator is taken to be soft, who responds in kind to be strategically soft, who raises to be hard.
    """
    starts = {"hard": profile.hard, "soft": profile.soft}
    raises = dict(zip(("hard", "soft"), profile.raises, strict=True))
    weak = next(kind for kind in ("SS", "HS") if kind in point.types)
    initiator = normal(
        {"hard": point.hard * profile.hard, "soft": (1 - point.hard) * profile.soft}, {"hard": ZERO, "soft": ONE}
    )
    raiser = normal({kind: initiator[kind] * raises[kind] for kind in initiator}, {"hard": ONE, "soft": ZERO})
    seen = {
        action: normal(
            {kind: weight * profile.answers[kind][place] for kind, weight in point.types.items()},
            {kind: Fraction(kind == weak) for kind in point.types},
        )
        for action, place in (("response", 1), ("escalation", 2))
    }
    strategy: dict[str, object] = {}
    beliefs: dict[str, object] = {}
    for infoset in game.infosets:
        kind, _, rest = infoset.name.partition(" ")
        if rest == "challenger":
            row = (starts[kind], 1 - starts[kind])
            belief = point.types
        elif rest == "defender":
            row, belief = profile.answers[kind], initiator
        elif rest == "defender, raised":
            row, belief = ((ZERO, ONE) if kind[1] == "H" else (ONE, ZERO)), raiser
        elif rest == "challenger after response":
            row, belief = (1 - raises[kind], raises[kind]), seen["response"]
        else:
            row, belief = ((ZERO, ONE) if kind == "hard" else (ONE, ZERO)), seen["escalation"]
        strategy[infoset.name] = dict(zip(infoset.actions, row, strict=True))
        if len(infoset.histories) > 1:
            of = 1 if infoset.player == "Challenger" else 0
            beliefs[infoset.name] = {", ".join(h): belief[parts(h[0])[of]] for h in infoset.histories}
    return strategy, beliefs


def holds(game: Game, point: Point, profile: Profile) -> bool:
    strategy, beliefs = assessment(game, point, profile)
    certificate = certify(game.at(point.values()), strategy, beliefs, "pbe", True)  # type: ignore[arg-type]
    return certificate.holds


# Random points -----------------------------------------------------------------------------------------------------


def orders(rng: Random) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """Payoffs in the published orders."""
    c, d = (sorted(rng.sample(range(60), len(names))) for names in (CHALLENGER, DEFENDER))
    return (
        dict(zip(CHALLENGER, map(Fraction, c), strict=True)), dict(zip(DEFENDER, map(Fraction, d), strict=True))
    )


def random_point(rng: Random, kinds: Sequence[str], published: bool, hard: Fraction | None = None) -> Point:
    c, d = (KZ_C, KZ_D) if published else orders(rng)
    weights = [rng.randint(1, 30) for _ in kinds]
    types = {kind: Fraction(w, sum(weights)) for kind, w in zip(kinds, weights, strict=True)}
    return Point(c, d, Fraction(rng.randint(1, 96), 97) if hard is None else hard, types)


def found(game: Game, point: Point) -> set[tuple[tuple[str, Fraction], ...]]:
    """The different distributions over the outcomes of the book that `solve` finds."""
    solution = dt.solve(game, point=point.values())
    assert solution.complete
    rows = set()
    for entry in solution:
        total: Outcomes = {}
        for history, probability in entry.outcomes.items():
            name = BOOK[history.rpartition(", ")[2]]
            total[name] = total.get(name, ZERO) + Fraction(str(probability))
        rows.add(tuple(sorted(total.items())))
    return rows


def rows(*wanted: Outcomes) -> set[tuple[tuple[str, Fraction], ...]]:
    return {tuple(sorted(one.items())) for one in wanted}


# Complete information: 4 -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("challenger", ["hard", "soft"])
@pytest.mark.parametrize("defender", TYPES)
def test_complete_information_knows_no_conflict(challenger: str, defender: str) -> None:
    rng = Random(f"{challenger} {defender}")
    game = MODEL.build({"challenger_types": [challenger], "defender_types": [defender]})
    wanted: Outcomes = SILENCE if challenger == "soft" or defender == "HH" else {"DC": ONE}
    for published in (True, False):
        point = random_point(rng, [defender], published)
        assert found(game, point) == rows(wanted)


# Massive retaliation and flexible response: 5 ----------------------------------------------------------------------


def at_kz(hard: str, tactical: str, strategic: str) -> Point:
    """The payoffs of Kilgour and Zagare, tactics and strategy of the Defender independent."""
    t, s = Fraction(tactical), Fraction(strategic)
    types = dict(zip(TYPES, (t * s, t * (1 - s), (1 - t) * s, (1 - t) * (1 - s)), strict=True))
    return Point(KZ_C, KZ_D, Fraction(hard), {kind: p for kind, p in types.items() if p})


@pytest.mark.parametrize(("hard", "strategic", "name", "soft", "escalates"), [
    ("8/10", "1/2", "F1", "1", ("0", "0")), ("5/10", "3/4", "F2", "1/2", ("2/3", "0")),
    ("5/10", "1/4", "F4", "1", ("1", "0")), ("2/10", "1/4", "F3", "5/16", ("1", "1/3")),
    ("2/10", "3/4", "F2", "1/8", ("2/3", "0")),
])
def test_the_acceptance_points_of_massive_retaliation(
    hard: str, strategic: str, name: str, soft: str, escalates: tuple[str, str]
) -> None:
    point = at_kz(hard, "0", strategic)
    (family,) = without_answers_in_kind(point)
    assert (family.name, family.soft) == (name, Fraction(soft))
    assert [family.answers[kind][2] for kind in ("SH", "SS")] == [Fraction(p) for p in escalates]
    assert holds(MASSIVE, point, family)
    assert holds(MASSIVE, point, DETERRENCE)
    assert found(MASSIVE, point) == rows(SILENCE, family.outcomes(point))


@pytest.mark.parametrize("seed", range(4))
def test_the_families_of_massive_retaliation_are_all_there_are(seed: int) -> None:
    point = random_point(Random(seed), ["SH", "SS"], False)
    families = list(without_answers_in_kind(point))
    assert len(families) == 1
    assert found(MASSIVE, point) == rows(SILENCE, *(family.outcomes(point) for family in families))


@pytest.mark.parametrize("name", [n for n in sorted(EXPECTED) if n.startswith("aeg")])
def test_the_files_of_the_canon_in_the_built_in_game(name: str) -> None:
    given = {key: Fraction(value) for key, value in dt.load(CANON / f"{name}.toml").point.items()}
    key = {symbol: symbol.replace("+", "p").replace("-", "m") for symbol in (*CHALLENGER, *DEFENDER)}
    c = {symbol: given[f"c{key[symbol]}"] for symbol in CHALLENGER}
    d = {symbol: given.get(f"d{key[symbol]}", given["dDC"] + 1) for symbol in DEFENDER}
    point = Point(c, d, given["pCh"], {"SH": given["pd_SH"], "SS": given["pd_SS"]})
    wanted = EXPECTED[name]["outcomes"]
    solved = found(MASSIVE, point)
    assert len(solved) == len(wanted)
    for one in wanted:
        assert any({key: float(p) for key, p in row} == pytest.approx(one, abs=1e-9) for row in solved)


@pytest.mark.parametrize(("hard", "strategic", "names"), [
    ("8/10", "1/10", ["F1", "ELRE"]), ("8/10", "1/2", ["F1"]), ("5/10", "3/4", ["F2"]),
    ("5/10", "1/4", ["F4", "bluff"]), ("2/10", "1/4", ["F3", "bluff"]),
])
def test_the_acceptance_points_of_flexible_response(hard: str, strategic: str, names: list[str]) -> None:
    point = at_kz(hard, "1", strategic)
    families = [*without_answers_in_kind(point), *flexible(point)]
    assert [family.name for family in families] == names
    assert all(holds(FLEXIBLE, point, family) for family in (*families, DETERRENCE))
    assert found(FLEXIBLE, point) == rows(SILENCE, *(family.outcomes(point) for family in families))


def test_the_bluff_with_answers_in_kind_is_mixed_as_published() -> None:
    # HH escalates 1/2, HS responds 1/2, the hard Challenger raises 2/5, the soft one initiates 3/5 and 3/20.
    for hard, soft in (("1/2", "3/5"), ("1/5", "3/20")):
        (family,) = flexible(at_kz(hard, "1", "1/4"))
        assert family.soft == Fraction(soft)
        assert (family.answers["HH"][2], family.answers["HS"][1]) == (HALF, HALF)
        assert family.raises[0] == Fraction(2, 5)


@pytest.mark.parametrize("seed", range(4))
def test_the_families_of_flexible_response_are_all_there_are(seed: int) -> None:
    point = random_point(Random(f"flexible {seed}"), ["HH", "HS"], False)
    families = [*without_answers_in_kind(point), *flexible(point)]
    assert found(FLEXIBLE, point) == rows(SILENCE, *(family.outcomes(point) for family in families))


# A Challenger known to be hard: 6, deterrence against spiral ---------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_a_hard_challenger_is_deterred_or_meets_a_limited_response(seed: int) -> None:
    point = random_point(Random(f"hard {seed}"), TYPES, False, ONE)
    t = thresholds(point)
    hh, hs = point.types["HH"], point.types["HS"]
    deterred = [SILENCE] if hh > t.qH * t.y and hh + hs > t.y else []
    families = [*without_answers_in_kind(point), *limited(point)]
    assert [family.name for family in families if family.name != "F1"] in (["F5"], ["F6"], [])
    assert len(deterred) + len(families) == 2
    assert found(HARD, point) == rows(*deterred, *(family.outcomes(point) for family in families))


# The general game: 6 -----------------------------------------------------------------------------------------------


TABLE: list[tuple[tuple[str, str, str], dict[str, dict[str, str]]]] = [
    (("9/10", "1/5", "2/5"), {"F1": {"DC": "1"}, "F6": {"DC": "4/5", "DD": "1/5"}}),
    (("9/10", "1/5", "1/10"),
     {"F1": {"DC": "1"}, "F5": {"DC": "92/100", "DD": "6/100", "EE": "5/1000", "ED": "15/1000"}}),
    (("9/10", "4/5", "2/5"), {"F1": {"DC": "1"}}),
    (("9/10", "9/10", "1/10"),
     {"F1": {"DC": "1"}, "F5": {"DC": "64/100", "DD": "27/100", "EE": "225/10000", "ED": "675/10000"}}),
    # Summed by hand: HH, HS, SH, SS = 8, 12, 32, 48 hundredths, the Challenger hard with 11/20.
    (("11/20", "1/5", "2/5"), {
        "F4": {"EE": "11/50", "DE": "9/50", "DC": "3/5"},
        "F12": {"DD": "18/125", "EE": "101/500", "ED": "3/250", "DE": "81/500", "DC": "12/25"},
        "F14 CLRE": {"DD": "1/5", "EE": "22/125", "DE": "18/125", "DC": "12/25"},
    }),
    # Both initiate with 11/20 + 9/20*11/18 = 33/40.
    (("11/20", "1/5", "3/4"), {
        "F2": {"SQ": "7/40", "EE": "11/40", "DE": "11/80", "DC": "33/80"},
        "F8": {"SQ": "7/40", "DD": "33/200", "EE": "77/400", "DE": "77/800", "DC": "297/800"},
    }),
    # 3/10 + 7/10*15/28 = 27/40 initiate and half of them are met by escalation.
    (("3/10", "1/5", "3/10"), {"F3": {"SQ": "13/40", "EE": "3/20", "DE": "3/16", "DC": "27/80"}}),
    (("3/10", "3/5", "1/5"), {"F3": {"SQ": "13/40", "EE": "3/20", "DE": "3/16", "DC": "27/80"}}),
]


@pytest.mark.parametrize(("place", "wanted"), TABLE, ids=[" ".join(place) for place, _ in TABLE])
def test_the_acceptance_points_of_the_general_game(
    place: tuple[str, str, str], wanted: dict[str, dict[str, str]]
) -> None:
    point = at_kz(*place)
    families = {family.name: family for family in (*without_answers_in_kind(point), *limited(point))}
    assert {name: family.outcomes(point) for name, family in families.items()} == {
        name: {outcome: Fraction(p) for outcome, p in row.items()} for name, row in wanted.items()
    }
    assert all(holds(GENERAL, point, family) for family in (*families.values(), DETERRENCE))


def test_there_are_no_others_where_most_meet() -> None:
    point = at_kz("11/20", "1/5", "2/5")
    families = [*without_answers_in_kind(point), *limited(point)]
    assert len(families) == 3
    assert found(GENERAL, point) == rows(SILENCE, *(family.outcomes(point) for family in families))


def test_mixtures_at_the_acceptance_points() -> None:
    def family(name: str, *place: str) -> Profile:
        point = at_kz(*place)
        return next(f for f in (*without_answers_in_kind(point), *limited(point)) if f.name == name)

    escalatory = family("F5", "9/10", "1/5", "1/10")
    assert (escalatory.answers["HS"][1], escalatory.raises[0]) == (Fraction(1, 3), Fraction(5, 18))
    mixed = family("F12", "11/20", "1/5", "2/5")
    assert (mixed.answers["HH"][1], mixed.raises[0]) == (HALF, Fraction(2, 11))
    bluff = family("F8", "11/20", "1/5", "3/4")
    assert (bluff.answers["SH"][2], bluff.soft) == (Fraction(7, 12), Fraction(11, 18))
    assert family("F3", "3/10", "1/5", "3/10").soft == Fraction(15, 28)


def test_every_published_family_is_an_equilibrium_throughout_its_region() -> None:
    rng = Random(7)
    met: Counter[str] = Counter()
    wanted = {f"F{n}" for n in range(14)} | {"F14 CLRE", "F14 ELRE"}
    for attempt in range(6000):
        point = random_point(rng, TYPES, attempt % 2 == 0)
        for family in (DETERRENCE, *without_answers_in_kind(point), *limited(point)):
            if met[family.name] < 3:
                assert holds(GENERAL, point, family), (family.name, point)
                met[family.name] += 1
    assert set(met) == wanted
    assert min(met.values()) == 3


def test_families_are_none_just_outside_of_their_regions() -> None:
    # No response beside r_H = 2/3, the limited responses beside rho = q_H = 1/4 and p_Tac = y* = 2/3.
    def holding(name: str, inside: Point, outside: Point) -> list[bool]:
        family = next(f for f in (*without_answers_in_kind(inside), *limited(inside)) if f.name == name)
        return [holds(GENERAL, point, family) for point in (inside, outside)]

    assert holding("F1", at_kz("67/100", "1/5", "2/5"), at_kz("66/100", "1/5", "2/5")) == [True, False]
    assert holding("F6", at_kz("9/10", "1/5", "26/100"), at_kz("9/10", "1/5", "24/100")) == [True, False]
    assert holding("F6", at_kz("9/10", "66/100", "2/5"), at_kz("9/10", "67/100", "2/5")) == [True, False]


# What may not be deleted, and what is not determined -----------------------------------------------------------------


def without_dominated_answers(point: Point, kinds: Sequence[str]) -> Game:
    """The game in which the tactically soft may not respond in kind."""
    parts = MODEL.description({"defender_types": list(kinds)})
    soft = {f"{kind} defender" for kind in kinds if kind[0] == "S"}
    lost = [label for label in parts.moves[0].actions if label.split(" & ")[1][0] == "S"]
    moves = []
    for move in parts.moves:
        if move.information in soft:
            moves.append(type(move)(move.player, move.information, move.after, dict.fromkeys(("concede", "escalate"))))
            continue
        after = None if move.after is None else tuple(
            h for h in move.after if h.split(", ")[0] not in lost or "respond" not in h.split(", ")
        )
        if after is None or after:
            moves.append(type(move)(move.player, move.information, after, move.actions))
    space = ParameterSpace(MODEL.parameters, tuple(MODEL.assume))
    # HH alone is left to settle with and to be raised: what others would get there is paid nowhere.
    nowhere = ("limited conflict (tactically soft Defender)", "all-out conflict (strategically soft Defender)")
    kept = [t for t in parts.terms if t.name not in nowhere or t.when == ("counter",)]
    payoffs = [term.rule() for term in kept]
    return build_game("without dominated answers", MODEL.players, space, moves, payoffs).at(point.values())


def test_deleting_dominated_answers_deletes_an_equilibrium() -> None:
    kinds = ("HH", "SH", "SS")
    point = Point(KZ_C, KZ_D, Fraction(9, 10), dict(zip(kinds, map(Fraction, ("1/5", "2/5", "2/5")), strict=True)))
    # An answer in kind is strictly worse than to concede for the tactically soft, whatever follows.
    assert max(KZ_D[end] for end in ("DD-", "ED", "EE+", "EE-")) < KZ_D["DC"]
    whole = MODEL.build({"defender_types": list(kinds)})
    nobody = Profile("F1", answers(CONCEDE, CONCEDE, CONCEDE, CONCEDE))
    assert holds(whole, point, nobody)
    pruned = dt.solve(without_dominated_answers(point, kinds), point={})
    assert pruned.complete
    assert all(entry.events["concede"] != 1 for entry in pruned)
    # HH responds and is left alone: 4/5 concede, 1/5 limited conflict.
    settled = [Fraction(str(entry.events["settle"])) for entry in pruned if entry.events["initiate"] == 1]
    assert settled == [Fraction(1, 5)]


def test_which_hard_type_escalates_is_not_determined() -> None:
    rng = Random(11)
    seen = 0
    while seen < 6:
        point = random_point(rng, TYPES, seen % 2 == 0)
        t = thresholds(point)
        hh, sh = point.types["HH"], point.types["SH"]
        if not (point.hard < t.rH and hh + sh > t.zS):
            continue
        # The whole escalation by SH as far as it goes, or by HH.
        for first, second in (("SH", "HH"), ("HH", "SH")):
            most = min(ONE, t.zS / point.types[first])
            rest = (t.zS - most * point.types[first]) / point.types[second]
            play = {**answers(CONCEDE, CONCEDE, CONCEDE, CONCEDE), first: up(most), second: up(rest)}
            profile = Profile("F2", play, mixing(point.hard, t.rH))
            assert holds(GENERAL, point, profile)
            assert profile.outcomes(point)["EE"] == point.hard * t.zS
        seen += 1


def test_solve_says_that_it_is_open_which_hard_type_escalates() -> None:
    # Three types, both strategically hard ones among them: p_Str = 3/5 > z_S = 1/2 and p_Ch = 3/10 < r_H = 2/3.
    kinds = ("HH", "SH", "SS")
    point = Point(KZ_C, KZ_D, Fraction(3, 10), dict(zip(kinds, map(Fraction, ("1/5", "2/5", "2/5")), strict=True)))
    solution = dt.solve(MODEL.build({"defender_types": list(kinds)}), point=point.values())
    open_ = [
        entry for entry in solution
        if {"escalate at HH defender", "concede at HH defender"} & set(entry.to_dict()["free"]["quantities"].values())
        and entry.events["escalate"] != 0
    ]
    assert open_
    assert {Fraction(str(entry.events["spiral"])) for entry in open_} == {Fraction(3, 20)}
