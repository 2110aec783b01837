"""`attrition`: the canon points, best replies by quadrature, neutrality, and what is refused."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction
from math import exp, log
from pathlib import Path
from random import Random

import pytest

import deterrence as dt
from deterrence import models
from deterrence.checks import attrition as check
from deterrence.errors import LimitError, NotSupportedError
from deterrence.expressions import exact
from deterrence.solvers.attrition import concession

MODEL = models.get("attrition")
CANON = json.loads((Path(__file__).parent / "canon" / "points-dynamic.json").read_text(encoding="utf-8"))
POINTS = next(model["points"] for model in CANON["models"] if model["model"] == "M11_attrition")
KNOWN = MODEL.build({"information": "complete"})


def in_region(text):
    return [pytest.param(p["params"], p["expected"], id=p["id"]) for p in POINTS if p["region"].startswith(text)]


def close(found, wanted):
    return abs(float(found) - wanted) < 1e-9 * max(1.0, abs(wanted))


def private(params):
    names = {"a": "rate", "c": "flow_cost", "mu": "hazard", "D": "war_loss"}
    return {names[name]: exact(value) for name, value in params.items()}


# The canon points


@pytest.mark.parametrize(("params", "expected"), in_region("(a)"))
def test_canon_complete_information(params, expected):
    values = {
        f"{name}_{side}": exact(params[key][i])
        for i, side in enumerate(("challenger", "defender"))
        for name, key in (("stake", "v"), ("flow_cost", "c"), ("war_loss", "D"))
    }
    found = dt.solve(KNOWN, point={**values, "hazard": exact(params["mu"])})
    assert len(found) == 3
    entry = found.named("both wait")
    figures = {
        "lambda_1": entry.figures["rate at which the Challenger concedes"],
        "lambda_2": entry.figures["rate at which the Defender concedes"],
        "P_war": entry.events["spiral"], "E_duration": entry.figures["mean length"],
        "P_1_concedes": 1 - entry.events["spiral"] - entry.events["deterrence_failure"],
    }
    assert figures.keys() == expected.keys()
    assert all(close(figures[name], value) for name, value in expected.items())


@pytest.mark.parametrize("family", ["exponential", "uniform"])
def test_canon_private_stakes(family):
    points = in_region(f"(b) private valuations, {family}")
    assert len(points) == {"exponential": 3, "uniform": 2}[family]
    for params, expected in (point.values for point in points):
        values = private(params)
        assert all(close(concession(family, values, exact(v)), t) for v, t in expected["T_v"])
        (entry,) = dt.solve(MODEL.build({"information": family}), point=values)
        if "P_war" in expected:
            assert close(entry.events["spiral"], expected["P_war"])


# Complete information


def drawn(rng):
    values = {
        f"{name}_{side}": Fraction(rng.randint(low, 40), 8)
        for side in ("challenger", "defender")
        for name, low in (("stake", 1), ("flow_cost", 0), ("war_loss", 1))
    }
    return values | {"hazard": Fraction(rng.randint(1, 20), 40)}


def test_at_the_rates_of_both_wait_every_date_of_concession_is_as_good():
    rng = Random(1)
    for _ in range(30):
        values = drawn(rng)
        entry = dt.solve(KNOWN, point=values).named("both wait")
        for own, other in (("challenger", "Defender"), ("defender", "Challenger")):
            rate, hazard = float(entry.figures[f"rate at which the {other} concedes"]), float(values["hazard"])
            prize, cost, loss = (float(values[f"{n}_{own}"]) for n in ("stake", "flow_cost", "war_loss"))
            for date in (0.1, 1.0, 7.0):
                # The prize with the rival's density, losses with that of war, and the cost of the time that is waited.
                total, over = rate + hazard, 1 - exp(-(rate + hazard) * date)
                assert abs((prize * rate - loss * hazard) * over / total - cost * over / total) < 1e-12
        assert dict(entry.payoffs) == {"Challenger": 0, "Defender": 0}


def test_other_rates_fail_the_certificate():
    rng = Random(2)
    for _ in range(40):
        values = drawn(rng)
        sides = tuple(
            check.Waiting(*(values[f"{n}_{side}"] for n in ("stake", "flow_cost", "war_loss")))
            for side in ("challenger", "defender")
        )
        entry = dt.solve(KNOWN, point=values).named("both wait")
        rates = [entry.figures[f"rate at which the {p} concedes"] for p in ("Challenger", "Defender")]
        claimed, war = (Fraction(0), Fraction(0)), entry.events["spiral"]
        assert check.certify_complete(sides, values["hazard"], tuple(rates), claimed, war).holds
        for i, factor in ((0, Fraction(11, 10)), (1, Fraction(9, 10))):
            other = [rate * (factor if n == i else 1) for n, rate in enumerate(rates)]
            assert check.certify_complete(sides, values["hazard"], tuple(other), claimed, war).sequential_regret > 0
        # Who would concede at once against somebody who does so too leaves the prize.
        assert not check.certify_complete(sides, values["hazard"], (None, None), claimed, Fraction(0)).holds
        assert "war" in check.certify_complete(sides, values["hazard"], tuple(rates), claimed, war / 2).fails_at


def test_the_atlas_says_the_same_as_every_point():
    rng, atlas = Random(3), dt.atlas(KNOWN)
    assert atlas.coverage.status == "proved"
    for _ in range(40):
        values = drawn(rng)
        found = dt.solve(KNOWN, point=values)
        assert [entry.label for entry in found] == [family.label for family in atlas if family.holds(values)]
        for entry, family in zip(found, atlas, strict=True):
            for name, value in (*entry.events.items(), *entry.payoffs.items()):
                assert (family.events | family.payoffs)[name].evaluate(values) == value


def test_the_mean_length_falls_in_the_hazard():
    rng = Random(4)
    for _ in range(60):
        values = drawn(rng)
        more = values | {"hazard": values["hazard"] + Fraction(rng.randint(1, 10), 40)}
        lengths = [dt.solve(KNOWN, point=v).named("both wait").figures["mean length"] for v in (values, more)]
        assert lengths[1] < lengths[0]


# Private stakes, each number by a sum of its own


def distribution(family, values):
    """F and f, with T and its derivative, in floats."""
    w = float(values["flow_cost"] + values["hazard"] * values["war_loss"])
    if family == "uniform":
        return lambda x: x, lambda x: 1.0, lambda x: (-log(1 - x) - x) / w, lambda x: x / (1 - x) / w
    a = float(values["rate"])
    return lambda x: 1 - exp(-a * x), lambda x: a * exp(-a * x), lambda x: a * x * x / (2 * w), lambda x: a * x / w


def summed(f, low, high, steps=4_000):
    """Simpson's rule."""
    h = (high - low) / steps
    return h / 3 * sum((1 if k in (0, steps) else 4 if k % 2 else 2) * f(low + k * h) for k in range(steps + 1))


def random_private(rng, family):
    values = {
        "flow_cost": Fraction(rng.randint(1, 12), 8), "war_loss": Fraction(rng.randint(0, 40), 4),
        "hazard": Fraction(rng.randint(1, 16), 16),
    }
    return values | ({"rate": Fraction(rng.randint(1, 12), 6)} if family == "exponential" else {})


def by_quadrature(family, values):
    """The chance that there is no war, the mean length and the payoff of either side, each by a sum."""
    below, density, date, slower = distribution(family, values)
    mu, top = float(values["hazard"]), 1 - 1e-9 if family == "uniform" else 40 / float(values["rate"])
    peace = summed(lambda x: exp(-mu * date(x)) * 2 * density(x) * (1 - below(x)), 0, top)
    length = summed(lambda x: exp(-mu * date(x)) * (1 - below(x)) ** 2 * slower(x), 0, top)
    # The prize of whoever outlasts the other, less the loss in war and the cost of the time that both wait, halved.
    wins = summed(lambda x: exp(-mu * date(x)) * 2 * density(x) * mean_above(family, values, x), 0, top)
    lost = 2 * float(values["war_loss"]) * (1 - peace) + 2 * float(values["flow_cost"]) * length
    return peace, length, (wins - lost) / 2


@pytest.mark.parametrize("family", ["exponential", "uniform"])
def test_chance_of_war_payoff_and_length_by_quadrature(family):
    rng, game = Random(5), MODEL.build({"information": family})
    for _ in range(6):
        values = random_private(rng, family)
        peace, length, payoff = by_quadrature(family, values)
        (entry,) = dt.solve(game, point=values)
        assert abs(float(entry.events["spiral"]) - (1 - peace)) < 1e-6
        assert abs(float(entry.events["deterrence_failure"]) - peace / 2) < 1e-6
        assert abs(float(entry.figures["mean length"]) - length) < 1e-6
        assert abs(float(entry.payoffs["Defender"]) - payoff) < 1e-6
        assert entry.certificate.holds


def mean_above(family, values, x):
    """The integral of y f(y) from x on: the stake of whoever outlasts a rival of stake x."""
    if family == "uniform":
        return (1 - x * x) / 2
    a = float(values["rate"])
    return exp(-a * x) * (x + 1 / a)


def gains_at(family, values, own, grid):
    """What a stake gains by conceding as each stake of a grid does, over conceding at once."""
    below, density, date, slower = distribution(family, values)
    mu, w = float(values["hazard"]), float(values["flow_cost"] + values["hazard"] * values["war_loss"])

    def margin(x):
        return exp(-mu * date(x)) * (own * density(x) - w * (1 - below(x)) * slower(x))

    steps = [summed(margin, low, high, 40) for low, high in itertools.pairwise(grid)]
    return list(itertools.accumulate(steps, initial=0.0))


@pytest.mark.parametrize("family", ["exponential", "uniform"])
def test_no_other_date_of_concession_pays_more(family):
    rng = Random(6)
    for _ in range(4):
        values = random_private(rng, family)
        grid = [k / 40 * (0.95 if family == "uniform" else 2 / float(values["rate"])) for k in range(41)]
        for own in grid[4::12]:
            gains = gains_at(family, values, own, grid)
            assert max(range(len(grid)), key=gains.__getitem__) == grid.index(own)


@pytest.mark.parametrize("family", ["exponential", "uniform"])
def test_with_waiting_free_the_chance_of_war_does_not_depend_on_the_hazard(family):
    rng, game = Random(7), MODEL.build({"information": family})
    for _ in range(8):
        values = random_private(rng, family) | {"flow_cost": Fraction(0), "war_loss": Fraction(rng.randint(1, 9), 4)}
        found = [
            dt.solve(game, point=values | {"hazard": Fraction(n, 30)})[0].events["spiral"] for n in (1, 7, 60)
        ]
        assert found[0] == found[1] == found[2]
        costly = values | {"flow_cost": Fraction(1, 5)}
        rising = [dt.solve(game, point=costly | {"hazard": Fraction(n, 30)})[0].events["spiral"] for n in (1, 7, 60)]
        assert rising[0] < rising[1] < rising[2] < found[0]


@pytest.mark.parametrize("family", ["exponential", "uniform"])
def test_without_hazard_there_is_no_war_and_half_give_way(family):
    values = random_private(Random(8), family) | {"hazard": Fraction(0)}
    (entry,) = dt.solve(MODEL.build({"information": family}), point=values)
    assert dict(entry.events) == {"deterrence_failure": Fraction(1, 2), "spiral": 0}
    # The mean of what the higher of two stakes has above the lower, halved: 1/(2a), and (2/3 - 1/3)/2.
    assert entry.payoffs["Challenger"] == (1 / (2 * values["rate"]) if "rate" in values else Fraction(1, 6))


def test_a_wrong_date_or_a_wrong_number_fails_the_certificate():
    game = check.Private("exponential", Fraction(1), Fraction(1), Fraction(2), Fraction(1, 2))
    (entry,) = dt.solve(MODEL.build({"information": "exponential"}), point={
        "rate": Fraction(1), "flow_cost": Fraction(1), "war_loss": Fraction(2), "hazard": Fraction(1, 2)})
    war, payoff = entry.events["spiral"], entry.payoffs["Defender"]
    assert check.certify_private(game, Fraction(1, 4), war, payoff).holds
    assert check.certify_private(game, Fraction(1, 3), war, payoff).fails_at[0] == "time"
    assert check.certify_private(game, Fraction(1, 4), war.middle + Fraction(1, 10**6), payoff).fails_at == ("war",)
    assert check.certify_private(game, Fraction(1, 4), war, Fraction(1, 2)).fails_at == ("payoff",)


def test_limits_and_what_is_not_supported():
    game = MODEL.build({"information": "uniform"})
    with pytest.raises(NotSupportedError, match="no rational function"):
        dt.atlas(game)
    values = {"flow_cost": Fraction(0), "war_loss": Fraction(1, 10**9), "hazard": Fraction(1)}
    with pytest.raises(LimitError, match="is not computed"):
        dt.solve(game, point=values)


def test_waiting_must_cost_something_in_every_form():
    for information, extra in (("complete", ["hazard"]), ("exponential", ["rate", "hazard"]), ("uniform", ["hazard"])):
        game = MODEL.build({"information": information})
        assert set(extra) <= set(game.space.names)
        point = {name: Fraction(1) for name in game.space.names} | {"hazard": Fraction(0)}
        free = {name: Fraction(0) for name in game.space.names if name.startswith("flow_cost")}
        assert not game.space.violations(point)
        assert game.space.violations(point | free)
