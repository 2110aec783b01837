"""`swarm` against the game written out as a tree, the points of the canon, all pure profiles, and definitions."""

from __future__ import annotations

import itertools
import json
import random
import time
from dataclasses import replace
from fractions import Fraction
from math import comb
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import deterrence as dt
from deterrence import models
from deterrence.algebraic import real_roots
from deterrence.checks.swarm import certify
from deterrence.enclosures import Enclosure, ball
from deterrence.errors import GameError, LimitError, NotSupportedError
from deterrence.game import Move, PayoffRule, build_game
from deterrence.parameters import ParameterSpace
from deterrence.solvers.netgain import RULES, NetGain
from deterrence.solvers.swarm import most_attacks

SWARM = models.get("swarm")
SCENARIO = Path(__file__).parent.parent / "scenarios" / "iraq-syria-2023-10-swarm.toml"
CANON = json.loads((Path(__file__).parent / "canon" / "points-dynamic.json").read_text())
POINTS = {point["id"]: point for model in CANON["models"] if model["model"] == "M07_swarm" for point in model["points"]}
PURE = {key: point for key, point in POINTS.items() if "v" in point["params"]}
RISK = {key: point for key, point in POINTS.items() if "cap" in point["params"]}


def solved(gain, punishment, lethality, cap="1/2", **options):
    values = {"gain": gain, "punishment": punishment, "lethality": lethality, "risk_cap": cap}
    return dt.solve(SWARM.build(options), point=values)


def sign(value):
    return (value > 0) - (value < 0)


# The definition, written out


def borne(rule, threshold, lethal, attacked):
    """The part of the punishment on the first of the groups, given who attacked and whose attack was lethal."""
    attacks = sum(attacked)
    if not (attacks if threshold == 0 else sum(lethal) >= threshold):
        return Fraction(0)
    if rule == "collective":
        return Fraction(1)
    if rule == "individual":
        return Fraction(lethal[0])
    return Fraction(attacked[0]) if rule == "attackers" else Fraction(attacked[0], attacks)


def payoff(rule, threshold, gain, punishment, lethality, attacked):
    """What the first group expects where these attack: a sum over every pattern of lethal attacks."""
    total = gain * attacked[0]
    for lethal in itertools.product(*((0, 1) if a else (0,) for a in attacked)):
        chance = Fraction(1)
        for a, one in zip(attacked, lethal, strict=True):
            chance *= (lethality if one else 1 - lethality) if a else 1
        total -= punishment * chance * borne(rule, threshold, lethal, attacked)
    return total


def net_gains(rule, n, threshold, gain, punishment, lethality):
    """What the first gains by attacking, where 0, 1, ... of the others attack for certain."""
    return [
        payoff(rule, threshold, gain, punishment, lethality, (1, *others))
        - payoff(rule, threshold, gain, punishment, lethality, (0, *others))
        for k in range(n)
        for others in [(1,) * k + (0,) * (n - 1 - k)]
    ]


def polynomial(gains):
    """Ascending coefficients of the net gain in the probability with which each other group attacks."""
    n = len(gains) - 1
    found = [Fraction(0)] * (n + 1)
    for k, value in enumerate(gains):
        for j in range(n - k + 1):
            found[k + j] += value * comb(n, k) * comb(n - k, j) * (-1) ** j
    return found


def variations(values):
    kept = [value for value in values if value]
    return sum(sign(a) != sign(b) for a, b in itertools.pairwise(kept))


def random_case(rng, most=6):
    n = rng.randint(2, most)
    case = {
        "rule": rng.choice(RULES), "groups": n, "threshold": rng.choice([0, 1, 1, 2, 2, 3, n, n + 1]),
        "gain": Fraction(rng.choice([-1, 0, 1, 1, 1, 2, 3]), rng.choice([1, 2, 3, 5, 8])),
        "punishment": Fraction(rng.choice([-3, 0, 1, 2, 4, 5])), "lethality": Fraction(rng.randint(1, 9), 10),
    }
    if rng.random() < 0.3:
        # A knife edge: indifferent where so many others attack.
        at = net_gains(case["rule"], n, case["threshold"], Fraction(0), case["punishment"], case["lethality"])
        case["gain"] = -rng.choice(at)
    return case


CASES = [random_case(random.Random(seed)) for seed in range(300)]


def gains_of(case):
    return net_gains(case["rule"], case["groups"], case["threshold"], case["gain"], case["punishment"],
                     case["lethality"])


# Against the game as a tree


def tree(n, rule, threshold, gain, punishment, lethality):
    """The simultaneous game with every group a player and chance deciding each attack."""
    names = [f"group {i}" for i in range(1, n + 1)]
    moves = [
        Move(name, f"set {i}", None if i == 1 else (", ".join(["*"] * (i - 1)),),
             dict.fromkeys((f"attack {i}", f"hold {i}")))
        for i, name in enumerate(names, 1)
    ]
    payoffs = []
    for attacked in itertools.product((1, 0), repeat=n):
        path = [f"attack {i}" if a else f"hold {i}" for i, a in enumerate(attacked, 1)]
        others = [tuple(attacked[(i + j) % n] for j in range(n)) for i in range(n)]
        amounts = {
            name: payoff(rule, threshold, gain, punishment, lethality, seen)
            for name, seen in zip(names, others, strict=True)
        }
        payoffs.append(PayoffRule(after=(", ".join(path),), amounts=amounts))
    return build_game("attack or hold", names, ParameterSpace(()), moves, payoffs)


def tree_with_chance(n, threshold, gain, punishment, lethality):
    """The same under the collective rule, chance moving after every attack."""
    names = [f"group {i}" for i in range(1, n + 1)]
    moves = [
        Move(name, f"set {i}", None if i == 1 else (", ".join(["*"] * (i - 1)),),
             dict.fromkeys((f"attack {i}", f"hold {i}")))
        for i, name in enumerate(names, 1)
    ]
    payoffs = [PayoffRule(when=(f"attack {i}",), amounts={name: gain}) for i, name in enumerate(names, 1)]
    for attacked in itertools.product((1, 0), repeat=n):
        path = ", ".join(f"attack {i}" if a else f"hold {i}" for i, a in enumerate(attacked, 1))
        draws = [""]
        for i in (i for i, a in enumerate(attacked, 1) if a):
            moves.append(Move("chance", "", tuple(f"{path}{draw}" for draw in draws),
                              {f"lethal {i}": lethality, f"harmless {i}": 1 - lethality}))
            draws = [f"{draw}, {what} {i}" for draw in draws for what in ("lethal", "harmless")]
        crossed = [f"{path}{draw}" for draw in draws if draw.count(", lethal ") >= threshold]
        payoffs += [PayoffRule(after=(end,), amounts=dict.fromkeys(names, -punishment)) for end in crossed]
    return build_game("attack or hold, and chance", names, ParameterSpace(()), moves, payoffs)


def symmetric(solution, n):
    """The probability of attack of each equilibrium in which all groups attack with the same."""
    found = []
    for entry in solution:
        rows = [next(iter(entry.strategy[f"set {i}"].values())) for i in range(1, n + 1)]
        if all(row == rows[0] for row in rows):
            found.append((rows[0], entry))
    return found


@pytest.mark.parametrize(
    ("n", "rule", "threshold", "gain", "punishment", "lethality", "count"),
    [
        (2, "collective", 1, "3/10", 1, "1/2", 3), (2, "attackers", 1, "3/5", 1, "1/2", 1),
        (2, "spread", 1, "2/5", 1, "1/2", 3), (2, "individual", 1, "2/5", 1, "1/2", 1),
        (3, "collective", 1, "10863/12500", "18/5", "17/50", 3), (3, "collective", 2, "29/100", 1, "3/5", 3),
        (3, "spread", 0, "1/2", 1, "1/3", 3), (3, "spread", 2, "1/10", 1, "3/5", 1),
        (3, "attackers", 2, "1/2", 2, "1/2", 1), (5, "collective", 1, "1/2", 2, "2/5", 3),
        (5, "spread", 1, "3/10", 1, "2/5", 3),
    ],
)
def test_two_three_and_five_groups_agree_with_the_tree(n, rule, threshold, gain, punishment, lethality, count):
    numbers = [Fraction(value) for value in (gain, punishment, lethality)]
    game = tree(n, rule, threshold, *numbers)
    written_out = symmetric(dt.solve(game, point={}), n)
    solution = solved(*numbers, groups=n, rule=rule, threshold=threshold)
    assert solution.complete
    assert len(solution) == len(written_out) == count
    for entry in solution:
        attack = entry.strategy["group"]["attack"]
        (other,) = [found for p, found in written_out if p == attack]
        assert all(other.payoffs[f"group {i}"] == entry.payoffs["group"] for i in range(1, n + 1))
        quiet = ", ".join(f"hold {i}" for i in range(1, n + 1))
        assert entry.events["deterrence_failure"] == 1 - other.outcomes.get(quiet, 0)
        assert entry.certificate.holds
        assert entry.certificate.arithmetic == "exact"


@pytest.mark.parametrize(("n", "threshold"), [(2, 1), (3, 1), (3, 2)])
def test_the_events_agree_with_the_tree_in_which_chance_moves(n, threshold):
    numbers = [Fraction(3, 10), Fraction(1), Fraction(1, 2)]
    written_out = symmetric(dt.solve(tree_with_chance(n, threshold, *numbers), point={}), n)
    solution = solved(*numbers, groups=n, threshold=threshold)
    assert len(solution) == len(written_out) > 0
    for entry in solution:
        (other,) = [found for p, found in written_out if p == entry.strategy["group"]["attack"]]
        lethal = [(key.split(", "), chance) for key, chance in other.outcomes.items()]
        at_least = [
            sum((chance for labels, chance in lethal if sum(a.startswith("lethal") for a in labels) >= k), Fraction(0))
            for k in (1, threshold)
        ]
        assert [entry.events["lethal"], entry.events["spiral"]] == at_least


# Points of the canon


@pytest.mark.parametrize("key", PURE)
def test_points_of_the_canon(key):
    given, expected = PURE[key]["params"], PURE[key]["expected"]
    n, v, h, q = given["n"], Fraction(given["v"]), Fraction(given["h"]), Fraction(given["p"])
    assert Fraction(expected["threshold_low"]) == h * q * (1 - q) ** (n - 1)
    assert Fraction(expected["threshold_high"]) == h * q
    solution = solved(v, h, q, groups=n)
    labels = [entry.label for entry in solution]
    numbers = {"none attack": "0", "all attack": str(n)}
    assert {numbers[label] for label in labels if label in numbers} == set(expected["pure_equilibria_by_number"])
    assert "no pure equilibrium in which some groups attack and others hold" in " ".join(solution.notes)
    mixed = [entry for entry in solution if entry.label == "mixed"]
    assert len(mixed) == (expected["alpha"] is not None)
    for entry in mixed:
        assert float(entry.strategy["group"]["attack"]) == pytest.approx(expected["alpha"], abs=1e-12)
    everywhere = solved(h, h, q, groups=n).named("all attack")
    assert everywhere.events["lethal"] == Fraction(expected["P_lethal_all"])


@pytest.mark.parametrize("key", RISK)
def test_the_risk_accumulates_as_in_the_canon(key):
    given, expected = RISK[key]["params"], RISK[key]["expected"]
    q, cap = Fraction(str(given["p"])), Fraction(str(given["cap"]))
    entry = solved(1, 0, q, cap, groups=given["n"]).named("all attack")
    assert float(entry.events["lethal"]) == pytest.approx(expected["P_lethal"], abs=1e-14)
    (most,) = [value for name, value in entry.figures.items() if "risk_cap" in name]
    assert most == expected["n_max_with_P_at_most_cap"]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 12))
def test_the_largest_number_of_attacks_within_a_risk_is_exact(a, b, k):
    lethality = Fraction(min(a, b), max(a, b) + 1)
    if lethality == 0:
        return
    edge = 1 - (1 - lethality) ** k
    # At the edge itself so many attacks are within the risk; a hair below one attack less is.
    assert most_attacks(lethality, edge) == k
    assert most_attacks(lethality, edge - Fraction(1, 10**40)) == k - 1


# Counting and isolating


@pytest.mark.parametrize("case", CASES[::3], ids=str)
def test_every_symmetric_equilibrium_is_found_and_counted(case):
    gains = gains_of(case)
    game = NetGain(**case)
    assert game.bernstein() == gains
    if not any(gains):
        assert game.zeros() is None
        return
    coefficients = polynomial(gains)
    inside = [root for root in real_roots(coefficients, 0, 1) if 0 < root < 1]
    zeros = game.zeros()
    assert [zero.value for zero in zeros] == inside
    changes = variations(gains)
    touching = sum(zero.where == "touching" for zero in zeros)
    assert len(inside) + touching <= changes
    assert (changes - len(inside) - touching) % 2 == 0
    solution = solved(case["gain"], case["punishment"], case["lethality"], groups=case["groups"], rule=case["rule"],
                      threshold=case["threshold"])
    expected = ([Fraction(0)] if gains[0] <= 0 else []) + ([Fraction(1)] if gains[-1] >= 0 else []) + inside
    assert [entry.strategy["group"]["attack"] for entry in solution] == expected
    assert expected
    indifferent = (gains[0] == 0) + (gains[-1] == 0) + touching
    assert sum("knife edge" in note for note in solution.notes) == indifferent


@pytest.mark.parametrize("case", CASES[1::3], ids=str)
def test_shapes_give_the_same_zeros_as_the_polynomial(case):
    game = NetGain(**case)
    exact = game.zeros()
    if not exact and (exact is None or game.shape == "constant" or game.punishment == 0):
        return
    if game.rule == "spread" and any(zero.where == "touching" for zero in exact):
        with pytest.raises(LimitError):
            game.enclosed_zeros()
        return
    enclosed = game.enclosed_zeros()
    assert [zero.where for zero in enclosed] == [zero.where for zero in exact]
    for found, known in zip(enclosed, exact, strict=True):
        if isinstance(found.value, Enclosure):
            assert found.value.low < known.value < found.value.high
            assert found.value.high - found.value.low < Fraction(1, 10**20)
        else:
            assert found.value == known.value


def test_two_mixed_equilibria_fall_together_at_the_peak():
    # Three groups, threshold two: an attack adds h*q*2*x*(1 - x), at most h*q/2 at x = 1/2, that is p = 1/(2*q).
    q, h = Fraction(3, 4), Fraction(8)
    solution = solved(h * q / 2, h, q, groups=3, threshold=2)
    assert [entry.label for entry in solution] == ["all attack", "mixed: touching"]
    assert solution[1].strategy["group"]["attack"] == Fraction(2, 3)
    below = solved(h * q / 2 - Fraction(1, 1000), h, q, groups=3, threshold=2)
    assert [entry.label for entry in below] == ["all attack", "mixed: low", "mixed: high"]
    above = solved(h * q / 2 + Fraction(1, 1000), h, q, groups=3, threshold=2)
    assert [entry.label for entry in above] == ["all attack"]


@pytest.mark.parametrize("case", CASES[2::3], ids=str)
def test_pure_equilibria_that_are_not_symmetric(case):
    # With k who attack nobody gains by changing where the k-th gains by attacking and a further one would not.
    gains = gains_of(case)
    steady = [k for k in range(1, case["groups"]) if gains[k - 1] >= 0 >= gains[k]]
    found = [k for low, high in NetGain(**case).partial() for k in range(low, high + 1)]
    assert found == steady


def test_a_red_line_of_three_lets_exactly_forty_of_a_thousand_attack():
    # The 40th gains by attacking, the 41st would not: q*comb(k-1, 2)*q**2*(1-q)**(k-3)*400 passes 1 between them.
    q = Fraction(2, 106)

    def harm(k):
        return 400 * q * comb(k - 1, 2) * q**2 * (1 - q) ** (k - 3)

    assert harm(40) < 1 < harm(41)
    solution = solved(1, 400, q, groups=1000, threshold=3)
    assert "exactly 40 of the 1000 groups attack" in " ".join(solution.notes)
    assert [entry.label for entry in solution] == ["all attack", "mixed: low", "mixed: high"]


# Many groups


@pytest.mark.parametrize(
    ("rule", "threshold", "gain", "labels"),
    [
        ("collective", 1, 1, ["none attack", "all attack", "mixed"]),
        ("collective", 0, 1, ["none attack", "all attack", "mixed"]),
        ("spread", 1, 1, ["none attack", "all attack", "mixed"]),
        ("spread", 0, 1, ["none attack", "all attack", "mixed"]),
        ("attackers", 1, 2, ["mixed"]), ("attackers", 100, 2, ["mixed"]),
        ("individual", 1, 1, ["none attack"]), ("individual", 3, 1, ["mixed"]),
        ("collective", 3, "1/5", ["all attack", "mixed: low", "mixed: high"]),
        ("spread", 5, "1/100", ["all attack", "mixed: low", "mixed: high"]),
    ],
)
def test_a_million_groups_in_a_tenth_of_a_second(rule, threshold, gain, labels):
    game = SWARM.build({"groups": 1_000_000, "rule": rule, "threshold": threshold})
    values = {"gain": gain, "punishment": 60, "lethality": "2/106", "risk_cap": "1/2"}
    dt.solve(SWARM.build({"groups": 13}), point=values)
    started = time.process_time()
    solution = dt.solve(game, point=values)
    spent = time.process_time() - started
    assert [entry.label for entry in solution] == labels
    assert spent < 0.1
    for entry in solution:
        assert entry.certificate.holds
        assert entry.certificate.nash_regret <= 1e-15


@pytest.mark.parametrize("n", [13, 100, 10_000])
def test_the_mixed_probability_is_the_closed_form(n):
    # Collective, one lethal attack: alpha = (1 - (v/(h*q))**(1/(n - 1)))/q, and P(lethal) = 1 - (v/(h*q))**(n/(n-1)).
    v, h, q = Fraction(1), Fraction(60), Fraction(2, 106)
    root = float(v / (h * q)) ** (1 / (n - 1))
    entry = solved(v, h, q, groups=n).named("mixed")
    assert float(entry.strategy["group"]["attack"]) == pytest.approx((1 - root) / float(q), rel=1e-9)
    assert float(entry.events["lethal"]) == pytest.approx(1 - root**n, rel=1e-9)
    assert float(entry.payoffs["group"]) == pytest.approx(float(v / q - h), rel=1e-12)


@pytest.mark.parametrize("n", [2, 3, 7, 20])
def test_the_number_from_which_on_all_attack_is_where_the_inequality_turns(n):
    q, h = Fraction(1, 10), Fraction(5)
    for rule, harm in (
        ("collective", lambda k: h * q * (1 - q) ** (k - 1)), ("spread", lambda k: h * (1 - (1 - q) ** k) / k),
    ):
        game = NetGain(rule, 2, 1, harm(n), h, q)
        assert game.from_groups() == n
        assert replace(game, gain=harm(n) + Fraction(1, 10**9)).from_groups() == n
        assert replace(game, gain=harm(n) - Fraction(1, 10**9)).from_groups() == n + 1
    # Where every attacker is punished in full more of them only make it likelier.
    assert NetGain("attackers", 2, 1, h / 2, h, q).from_groups() is None
    assert NetGain("attackers", 2, 1, h, h, q).from_groups() == 2


def test_exact_numbers_where_they_are_short_and_enclosures_where_not():
    short = solved(1, 0, "2/106", groups=23).named("all attack")
    assert short.events["lethal"] == 1 - Fraction(52, 53) ** 23
    long = solved(1, 0, "2/106", groups=100_000).named("all attack")
    assert isinstance(long.events["lethal"], Enclosure)
    assert isinstance(short.to_dict()["events"]["lethal"], str)
    assert isinstance(long.to_dict()["events"]["lethal"], float)


# The certificate


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("threshold", [0, 1, 2, 5])
def test_the_certificate_is_the_regret_by_definition_and_its_bound_holds(rule, threshold):
    n, v, h, q = 6, Fraction(1, 3), Fraction(2), Fraction(2, 5)
    gains = net_gains(rule, n, threshold, v, h, q)
    for p in (Fraction(0), Fraction(1, 7), Fraction(1, 2), Fraction(1)):
        net = sum(comb(n - 1, k) * p**k * (1 - p) ** (n - 1 - k) * gain for k, gain in enumerate(gains))
        regret = max((1 - p) * net, -p * net)
        exact = certify(rule, n, threshold, v, h, q, p)
        assert exact.nash_regret == regret
        assert exact.holds == (regret == 0)
        bound = certify(rule, n, threshold, v, h, q, Enclosure(p, p)).nash_regret
        assert regret <= bound <= float(regret) + 1e-14


@pytest.mark.parametrize(("rule", "threshold"), [("collective", 1), ("attackers", 3), ("spread", 2), ("individual", 2)])
def test_a_wrong_probability_fails_its_certificate(rule, threshold):
    q = Fraction(1, 50)
    for n, p in ((40, Fraction(1, 3)), (5_000, Fraction(1, 100))):
        game = NetGain(rule, n, threshold, Fraction(0), Fraction(2), q)
        gain = Fraction(2 * float(game.harm(ball(p)).mid())).limit_denominator(10**6)
        game = replace(game, gain=gain)
        (zero, *_) = game.zeros()
        good = certify(rule, n, threshold, game.gain, game.punishment, q, zero.value)
        assert good.holds
        assert good.arithmetic == "ball"
        bad = certify(rule, n, threshold, game.gain, game.punishment, q, zero.value.middle * Fraction(11, 10))
        assert not bad.holds
        assert bad.fails_at == ("group",)
        assert bad.nash_regret > 1e-6


# What is claimed


def test_deadlier_attacks_make_it_easier_to_attack_together_beyond_one_in_n():
    rng = random.Random(7)
    for _ in range(50):
        n, q = rng.randint(2, 60), Fraction(rng.randint(1, 999), 1000)

        def bound(q, n=n):
            return q * (1 - q) ** (n - 1)

        step = Fraction(1, 10**6)
        if q + step <= Fraction(1, n):
            assert bound(q + step) > bound(q)
        elif q >= Fraction(1, n):
            assert bound(q + step) < bound(q)


def test_more_groups_make_attacking_together_easier_or_harder_as_the_rule_says():
    rng = random.Random(8)
    for _ in range(40):
        n, q = rng.randint(2, 40), Fraction(rng.randint(1, 99), 100)
        for rule, way in (("collective", -1), ("spread", -1), ("attackers", 1), ("individual", 0)):
            last = [NetGain(rule, k, 1, Fraction(0), Fraction(1), q).harm(Fraction(1)) for k in (n, n + 1)]
            assert sign(last[1] - last[0]) == way


def test_attacks_are_strategic_complements_under_the_collective_rule():
    rng = random.Random(9)
    for _ in range(50):
        n, q = rng.randint(2, 30), Fraction(rng.randint(1, 99), 100)
        gains = NetGain("collective", n, 1, Fraction(1), Fraction(3), q).bernstein()
        assert all(a < b for a, b in itertools.pairwise(gains))


# The atlas


def at_point(case):
    return {"gain": case["gain"], "punishment": case["punishment"], "lethality": case["lethality"],
            "risk_cap": Fraction(1, 2)}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("threshold", [0, 1, 2, 4])
@pytest.mark.parametrize("n", [2, 4])
def test_the_atlas_says_what_solve_finds(rule, threshold, n):
    game = SWARM.build({"groups": n, "rule": rule, "threshold": threshold})
    atlas = dt.atlas(game)
    assert atlas.complete
    rng = random.Random(n * 100 + threshold)
    for seed in range(12):
        case = {**random_case(rng), "rule": rule, "groups": n, "threshold": threshold}
        if seed % 3 == 0:
            at = net_gains(rule, n, threshold, Fraction(0), case["punishment"], case["lethality"])
            case["gain"] = -rng.choice(at)
        point = at_point(case)
        entries = {entry.label: entry for entry in dt.solve(game, point=point)}
        holding = {family.label: family for family in atlas if family.holds(point)}
        if "any number attack" in entries:
            # There the ends are families of their own; none is more than a member of the free one.
            assert set(holding) == {"any number attack", "none attack", "all attack"}
            continue
        assert set(holding) == set(entries)
        for label, family in holding.items():
            entry = entries[label]
            p = entry.strategy["group"]["attack"]
            if not family.quantities and isinstance(p, Fraction):
                assert family.strategy["group"]["attack"].evaluate(point) == p
                assert {e: f.evaluate(point) for e, f in family.events.items()} == dict(entry.events)
                assert family.payoffs["group"].evaluate(point) == entry.payoffs["group"]
            elif isinstance(p, Fraction):
                assert family.roots["p"].holds({**point, "p": p})
                assert any(all(c.holds({**point, "p": p}) for c in piece) for piece in family.pieces)
                assert {e: f.evaluate({**point, "p": p}) for e, f in family.events.items()} == dict(entry.events)


def test_the_mixed_probability_of_two_groups_is_a_formula():
    # v = h*q*(1 - p*q), so p = (h*q - v)/(h*q**2).
    family = dt.atlas(SWARM.build({"groups": 2}))["mixed"]
    parse = SWARM.build({"groups": 2}).space.parse
    assert family.strategy["group"]["attack"] == parse(
        "(punishment*lethality - gain)/(punishment*lethality**2)"
    )
    assert not family.roots


def test_closed_forms_end_where_it_is_said():
    with pytest.raises(NotSupportedError, match="up to 40 groups"):
        dt.atlas(SWARM.build({"groups": 41}))
    assert len(dt.atlas(SWARM.build({"groups": 40}))) == 4


# The parts around it


def test_options_are_checked():
    with pytest.raises(GameError, match="did you mean 'spread'"):
        SWARM.build({"rule": "sprea"})
    with pytest.raises(GameError, match="from 2 to 1000000"):
        SWARM.build({"groups": 1})
    with pytest.raises(GameError, match="cannot add others"):
        SWARM.build(None, {"bold": "attack"})


def test_other_concepts_methods_and_refinements_are_refused():
    game = SWARM.build({"groups": 3})
    point = {"gain": 1, "punishment": 3, "lethality": "1/2", "risk_cap": "1/2"}
    assert dt.solve(game, point=point, concept="symmetric nash", method="symmetric polynomial").complete
    for wrong in ({"concept": "nash"}, {"method": "atlas"}, {"refine": "d1"}):
        with pytest.raises(NotSupportedError):
            dt.solve(game, point=point, **wrong)


def test_a_sweep_solves_every_point_and_takes_the_ends_on_a_knife_edge():
    text = """format = 1
title = "Each for itself"
model = "swarm"
[options]
groups = 4
rule = "individual"
[parameters]
gain = 1
punishment = 2
lethality = "1/2"
risk_cap = "1/2"
"""
    scenario = dt.loads(text)
    grid = dt.sweep(scenario, over={"gain": [Fraction(1, 2), 1, 2]}, method="solve")
    assert grid["P_max[deterrence_failure]"].values.tolist() == [0, 1, 1]
    # At gain 1 = punishment*lethality every probability of attack is an equilibrium.
    assert grid["P_min[deterrence_failure]"].values.tolist() == [0, 0, 1]
    assert grid["P_max[lethal]"].values.tolist() == [0, 1 - 1 / 2**4, 1 - 1 / 2**4]
    assert grid["count"].values.tolist() == [1, 1, 1]


def test_a_sweep_without_closed_forms_falls_back():
    scenario = dt.load(SCENARIO)
    grid = dt.sweep(scenario, over={"punishment": [1, 60, 1000]})
    assert grid.attrs["notes"].startswith("every point is solved") or "solved for itself" in str(grid.attrs)
    assert grid["count"].values.tolist() == [1, 3, 1]
