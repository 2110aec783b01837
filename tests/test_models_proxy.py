"""The sponsor and its proxy: the points of the canon, the regions at random points, and the strategic proxy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

import deterrence as dt
from deterrence import models
from deterrence.equilibrium import Equilibrium

FOLDER = Path(__file__).parent / "canon"
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
(CANON,) = (
    model for model in json.loads((FOLDER / "points-dynamic.json").read_text(encoding="utf-8"))["models"]
    if model["model"] == "M06_proxy"
)
POINTS = {point["id"]: point for point in CANON["points"]}
STRATEGIC = [name for name, point in POINTS.items() if point["region"].startswith("strategic")]
MODEL = models.get("proxy")
GAME = MODEL.build()
WORDS = {
    "v": "attack_gain", "k": "order_cost", "hS": "sponsor_harm", "hP": "proxy_harm", "q": "ordered_rate",
    "r": "restrained_rate", "bS": "blame_gain", "w": "error_cost", "cS": "sponsor_strike_cost",
    "bP": "proxy_strike_gain", "cP": "proxy_strike_cost",
}


def words(symbols: Mapping[str, Any]) -> dict[str, Fraction]:
    return {WORDS[name]: Fraction(value) for name, value in symbols.items()}


def only(point: Mapping[str, Fraction]) -> Equilibrium:
    (entry,) = dt.solve(GAME, point=dict(point))
    return entry


@pytest.mark.parametrize(("end", "sponsor", "defender"), [
    # Summed by hand from the prose.
    ("order, quiet", "-order_cost", "0"),
    ("restrain, quiet", "0", "0"),
    ("order, attack, nothing", "attack_gain - order_cost", "0"),
    ("restrain, attack, proxy", "attack_gain - proxy_harm", "proxy_strike_gain - proxy_strike_cost"),
    ("order, attack, sponsor", "attack_gain - order_cost - sponsor_harm", "blame_gain - sponsor_strike_cost"),
    ("restrain, attack, sponsor", "attack_gain - sponsor_harm", "-error_cost - sponsor_strike_cost"),
])
def test_payoffs(end: str, sponsor: str, defender: str) -> None:
    parse = GAME.space.parse
    assert GAME.payoffs[tuple(end.split(", "))] == {"Sponsor": parse(sponsor), "Defender": parse(defender)}


@pytest.mark.parametrize("name", [f"proxy-0{n}" for n in range(4)])
def test_the_game_is_that_of_the_canon_file(name: str) -> None:
    symbols = dt.load(FOLDER / f"{name}.toml").point
    (wanted,) = EXPECTED[name]["outcomes"]
    outcomes = only(words(symbols)).outcomes
    assert set(outcomes) == set(wanted)
    assert all(abs(float(outcomes[key]) - value) < 1e-9 for key, value in wanted.items())


@pytest.mark.parametrize("name", [name for name in POINTS if name not in STRATEGIC])
def test_the_points_of_the_canon(name: str) -> None:
    wanted = {key: value for key, value in POINTS[name]["expected"].items() if key != "else_action"}
    symbols = {key: Fraction(value) for key, value in POINTS[name]["params"].items()}
    entry = only(words(symbols))
    row = entry.strategy["attacked"]
    belief = sum(value for key, value in entry.beliefs["attacked"].items() if key.startswith("order"))
    assert entry.strategy["order"]["order"] == Fraction(wanted["sigma"])
    assert row["sponsor"] == Fraction(wanted["rho_hit_sponsor"])
    assert belief == Fraction(wanted["posterior"])
    assert entry.events["deterrence_failure"] == Fraction(wanted["prob_attack"])
    assert thresholds(symbols) == (Fraction(wanted["phi_star"]), Fraction(wanted["rho_star"]))
    other = {"N": "nothing", "RP": "proxy"}[POINTS[name]["expected"]["else_action"]]
    assert row[other] == 1 - row["sponsor"]


def thresholds(s: Mapping[str, Fraction]) -> tuple[Fraction, Fraction]:
    """phi* and rho*."""
    hits = s["bP"] > s["cP"]
    u0, h0 = (s["bP"] - s["cP"], s["hP"]) if hits else (Fraction(0), Fraction(0))
    return (u0 + s["cS"] + s["w"]) / (s["bS"] + s["w"]), (s["v"] - h0 - s["k"] / (s["q"] - s["r"])) / (s["hS"] - h0)


def by_hand(s: Mapping[str, Fraction]) -> tuple[Fraction, Fraction, Fraction]:
    """How often the Sponsor orders, how often it is hit after an attack, and how likely an attack is."""
    phi, rho = thresholds(s)
    sigma, hit = Fraction(rho > 0), Fraction(0)
    if phi < 1 and rho > 0:
        hit = min(rho, Fraction(1))
        if rho < 1:
            sigma = s["r"] * phi / (s["r"] * phi + s["q"] * (1 - phi))
    return sigma, hit, sigma * s["q"] + (1 - sigma) * s["r"]


def drawn(seed: int) -> dict[str, Fraction]:
    rng = Random(seed)
    symbols = {name: Fraction(rng.randint(1, 4999), 997) for name in WORDS}
    symbols["hS"] += symbols["hP"]
    symbols["q"], symbols["r"] = sorted((Fraction(rng.randint(1, 1008), 1009) for _ in range(2)), reverse=True)
    symbols["k"] /= rng.choice((1, 20))
    return symbols


@pytest.mark.parametrize("seed", range(40))
def test_the_regions_at_random_points(seed: int) -> None:
    symbols = drawn(seed)
    entry = only(words(symbols))
    strategy = entry.strategy
    found = strategy["order"]["order"], strategy["attacked"]["sponsor"], entry.events["deterrence_failure"]
    assert found == by_hand(symbols)


def test_at_random_points_every_region_is_met() -> None:
    seen = set()
    for seed in range(40):
        symbols = drawn(seed)
        phi, rho = thresholds(symbols)
        seen.add((phi > 1, rho > 0, rho > 1, symbols["bP"] > symbols["cP"]))
    assert {row[:3] for row in seen} >= {
        (False, False, False), (False, True, False), (False, True, True), (True, True, False), (True, False, False),
    }
    assert {row[3] for row in seen} == {True, False}


def test_at_proof_the_dearness_of_errors_does_not_matter() -> None:
    # The edge phi* = 1: with b_P < c_P and c_S = b_S hitting the Sponsor pays at no belief below 1, whatever w is. So
    # the Sponsor orders for sure where attacks tempt it, P(attack) = q at both values of w.
    symbols = {name: Fraction(value) for name, value in POINTS["M06_proxy-01"]["params"].items()}
    symbols["cS"] = symbols["bS"]
    for w in (1, 2):
        point = words({**symbols, "w": Fraction(w)})
        assert {entry.events["deterrence_failure"] for entry in dt.solve(GAME, point=point)} == {symbols["q"]}
    inside = [only(words({**symbols, "cS": Fraction(3, 10), "w": Fraction(w)})) for w in (1, 2)]
    assert inside[0].events["deterrence_failure"] < inside[1].events["deterrence_failure"]


@pytest.mark.parametrize("name", STRATEGIC)
def test_the_strategic_proxy_of_the_canon_is_an_equilibrium(name: str) -> None:
    # A restrained proxy attacks where its motive z, uniform on [0, 1], exceeds s0 + (1 - rho)*t: what disobeying costs
    # it, and t if it is hit, which it is after every attack that is not blamed on the Sponsor.
    s = {key: Fraction(value) for key, value in POINTS[name]["params"].items()}
    wanted = {key: Fraction(value) for key, value in POINTS[name]["expected"].items()}
    rho, r, sigma = wanted["rho"], wanted["r_endogenous"], wanted["sigma"]
    assert rho == (s["v"] - s["hP"]) / (s["hS"] - s["hP"])
    assert wanted["proxy_cutoff"] == s["s0"] + (1 - rho) * s["t"] == 1 - r
    # The Sponsor: with k = 0 an attack is worth nothing to it, ordered or not.
    assert s["v"] - rho * s["hS"] - (1 - rho) * s["hP"] == 0
    # The Defender: indifferent between the two hits at the posterior, and both are better than to do nothing.
    phi = sigma * s["q"] / (sigma * s["q"] + (1 - sigma) * r)
    assert phi == wanted["phi_star"]
    assert phi * s["bS"] - (1 - phi) * s["w"] - s["cS"] == s["bP"] - s["cP"] > 0
    # The game at the rate that this proxy chooses agrees.
    symbols = {key: value for key, value in s.items() if key in WORDS}
    entry = only(words({**symbols, "k": Fraction(0), "r": r}))
    assert entry.strategy["order"]["order"] == sigma
    assert entry.strategy["attacked"] == {"nothing": 0, "proxy": 1 - rho, "sponsor": rho}


def test_the_canon_scenario_is_its_first_point() -> None:
    scenario = dt.load(FOLDER.parent.parent / "scenarios" / "canon" / "proxy.toml")
    assert scenario.point == words(POINTS["M06_proxy-01"]["params"])
    (entry,) = dt.solve(scenario)
    assert entry.strategy["order"]["order"] == Fraction(91, 491)
    assert entry.events["spiral"] == Fraction(609, 1964) * Fraction(10, 243)
