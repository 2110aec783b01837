"""Tying hands and sinking costs against the published families (canon/results.md, 7.2 and 7.3), point by point."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from random import Random

import pytest

import deterrence as dt
from deterrence import models

Pair = tuple[Fraction, ...]


def mixing(p: Fraction, r: Fraction) -> Fraction:
    """X(p, r): how often the other type joins so that the posterior is r."""
    return p * (1 - r) / ((1 - p) * r)


class Point:
    """A point with the symbols of the summary; families as (P[signal], P[challenge], P[war])."""

    def __init__(self, pi: object, q: object, m: object, **given: object) -> None:
        values = {"vL": 40, "vH": 100, "p": "1/2", "cD": 40, "vC": 60, "cs": 20, "cw": 50} | given
        v = {name: Fraction(str(value)) for name, value in values.items()}
        self.pi, self.q, self.m = (Fraction(str(x)) for x in (pi, q, m))
        self.v = v
        self.w_h, self.w_l = v["p"] * v["vH"] - v["cD"], v["p"] * v["vL"] - v["cD"]
        self.w_weak, self.w_strong = (1 - v["p"]) * v["vC"] - v["cw"], (1 - v["p"]) * v["vC"] - v["cs"]
        self.star = v["vC"] / (v["vC"] - self.w_weak)
        self.values = {
            "resolve": self.pi, "challenger_strength": self.q, "signal": self.m, "prize_high": v["vH"],
            "prize_low": v["vL"], "victory": v["p"], "war_cost_defender": v["cD"], "prize_challenger": v["vC"],
            "war_cost_strong": v["cs"], "war_cost_weak": v["cw"],
        }

    def silent(self, challenged: bool) -> Pair:
        """Nobody signals; the weak challenge or not, the strong always do, and the high type fights."""
        return Fraction(0), Fraction(1) if challenged else self.q, self.pi * (1 if challenged else self.q)

    def bluff(self, weak: Fraction) -> Pair:
        """The low type signals with X(pi, phi*); the weak challenge a signal with this probability."""
        pi, q = self.pi, self.q
        signals = pi + (1 - pi) * mixing(pi, self.star)
        challenged = q + (1 - q) * weak
        return signals, signals * challenged + (1 - signals), pi * challenged

    def mixes(self, weak: Fraction) -> Pair:
        """The high type signals sometimes; the weak challenge silence with this probability, and no signal."""
        pi, q = self.pi, self.q
        s = (pi - self.star) / (pi * (1 - self.star))
        quiet = q + (1 - q) * weak
        return pi * s, pi * s * q + (1 - pi * s) * quiet, pi * (s * q + (1 - s) * quiet)

    def sunk(self) -> Iterator[Pair]:
        pi, q, m = self.pi, self.q, self.m
        d_l, d_h = (1 - q) * self.v["vL"], (1 - q) * (self.v["vH"] - self.w_h)
        if d_l < m < d_h:
            yield pi, pi * q + 1 - pi, pi * q
        if pi < self.star and m < d_l:
            yield self.bluff(1 - m / d_l)
        if pi > self.star and m < d_l:
            yield Fraction(1), q, pi * q
        yield self.silent(pi < self.star)
        if pi > self.star and m < d_h:
            yield self.mixes(m / d_h)

    def tied(self) -> Iterator[Pair]:
        """For m < -w_L; the high type's mixture is a continuum and has its family shown by any member."""
        pi, q, m = self.pi, self.q, self.m
        bar = (1 - q) * self.v["vL"] / q
        if m > bar:
            yield pi, pi * q + 1 - pi, pi * q
        if pi < self.star and m < bar:
            yield self.bluff(1 - (m / (self.v["vL"] + m)) / (1 - q))
        if pi > self.star and m < bar:
            yield Fraction(1), q, pi * q
        yield self.silent(pi < self.star)


def solved(point: Point, technology: str) -> list[Pair]:
    game = models.get("tying_hands").build({"technology": technology})
    names = ("signal", "challenge", "fight")
    return sorted(tuple(e.events[name] for name in names) for e in dt.solve(game, point=point.values))


@pytest.mark.parametrize(("q", "m", "pi"), [
    ("1/4", 40, "1/2"), ("1/4", 20, "1/2"), ("1/4", 20, "9/10"), ("1/4", 80, "1/2"),
])
def test_the_points_of_the_summary_with_sunk_costs(q: str, m: int, pi: str) -> None:
    point = Point(pi, q, m)
    assert solved(point, "sunk") == sorted(point.sunk())


@pytest.mark.parametrize("seed", range(30))
def test_sunk_costs_have_the_published_families_and_no_others(seed: int) -> None:
    rng = Random(seed)
    point = Point(
        Fraction(rng.randint(1, 100), 101), Fraction(rng.randint(1, 102), 103), Fraction(rng.randint(1, 900), 7),
        vL=rng.randint(20, 70), vH=rng.randint(90, 150), vC=rng.randint(42, 80), cw=rng.randint(41, 90),
    )
    assert point.w_h > 0 > point.w_l
    assert point.w_weak < 0 < point.w_strong
    assert solved(point, "sunk") == sorted(point.sunk())


# Beyond -w_L = 20 the signal commits; below it the list of 7.3. The summary gives these points.
@pytest.mark.parametrize(("m", "q", "pi", "wanted"), [
    (25, "1/4", "1/2", [("1", "1/4", "1/4")]),  # commitment: both signal, war with probability q
    (25, "3/4", "1/2", [("1/2", "7/8", "3/8")]),  # the high type alone: war with probability pi q
])
def test_a_signal_beyond_the_loss_of_war_commits(m: int, q: str, pi: str, wanted: list[tuple[str, ...]]) -> None:
    assert solved(Point(pi, q, m), "tied") == [tuple(map(Fraction, row)) for row in wanted]


def test_a_tied_hand_may_bluff() -> None:
    point = Point("1/2", "1/4", 10)
    (bluff, silent) = sorted(point.tied(), key=lambda pair: -pair[0])
    assert solved(point, "tied") == sorted([bluff, silent])
    # The low type bluffs with X(1/2, 3/4) = 1/3, the weak challenge a signal with 11/15.
    challenged = Fraction(1, 4) + Fraction(3, 4) * Fraction(11, 15)
    assert bluff == (Fraction(2, 3), Fraction(2, 3) * challenged + Fraction(1, 3), Fraction(1, 2) * challenged)


@pytest.mark.parametrize("seed", range(20))
def test_tied_hands_have_the_published_families(seed: int) -> None:
    rng = Random(500 + seed)
    point = Point(
        Fraction(rng.randint(1, 75), 101), Fraction(rng.randint(1, 102), 103), Fraction(rng.randint(1, 139), 7),
    )
    assert point.pi < point.star
    assert point.m < -point.w_l
    assert solved(point, "tied") == sorted(point.tied())
