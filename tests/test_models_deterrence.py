"""Rudimentary, unilateral and mutual deterrence, crisis signalling, three parties: published families against `solve`.

A family is written down from canon/results.md as the probabilities with which each type acts; what comes of it is
summed over the types here, so that nothing but `solve` is taken from the package.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path
from random import Random

import pytest

import deterrence as dt
from deterrence import models
from deterrence.game import Game

CANON = Path(__file__).parent / "canon"
EXPECTED = json.loads((CANON / "expected.json").read_text(encoding="utf-8"))

Outcomes = dict[str, Fraction]
ZERO, ONE = Fraction(0), Fraction(1)
BOOK = {"accept": "SQ", "concede": "DC", "back down": "CD", "resist": "DD", "fight": "DD", "quiet": "SQ",
        "stand firm": "DD"}


def fraction(value: object) -> Fraction:
    return Fraction(str(value))


def outcomes(solution: dt.Solution, names: Mapping[str, str]) -> list[Outcomes]:
    """The named outcomes of every entry of a complete solution."""
    assert solution.complete
    found = []
    for entry in solution:
        total: Outcomes = {}
        for history, probability in entry.outcomes.items():
            name = names[history.rpartition(", ")[2]]
            total[name] = total.get(name, ZERO) + fraction(probability)
        found.append(total)
    return found


def same(found: list[Outcomes], wanted: list[Outcomes]) -> bool:
    """Whether two lists hold the same distributions, outcomes of probability 0 aside, in any order."""
    def plain(one: Outcomes) -> list[tuple[str, Fraction]]:
        return sorted((name, p) for name, p in one.items() if p)

    return sorted(map(plain, found)) == sorted(map(plain, wanted))


def increasing(rng: Random, n: int, most: int = 40) -> list[Fraction]:
    return [Fraction(k) for k in sorted(rng.sample(range(most), n))]


def inside(rng: Random, low: Fraction = ZERO, high: Fraction = ONE) -> Fraction:
    """A number strictly between two."""
    return low + (high - low) * Fraction(rng.randint(1, 96), 97)


def mixing(p: Fraction, r: Fraction) -> Fraction:
    """X(p, r): how often the other type joins so that the posterior is r."""
    return p * (1 - r) / ((1 - p) * r)


# Rudimentary deterrence: canon/results.md, 1 -----------------------------------------------------------------------

RUDIMENTARY = models.get("rudimentary_deterrence").build()


def rudimentary_point(p: Fraction, a: Mapping[str, Fraction], b: list[Fraction]) -> dict[str, Fraction]:
    return {
        "credibility_defender": p, "challenger_conflict": a["DD"], "challenger_status_quo": a["SQ"],
        "challenger_win": a["DC"], "defender_conflict_soft": b[0], "defender_concession": b[1],
        "defender_conflict_hard": b[2], "defender_status_quo": b[3],
    }


def attacked(p: Fraction) -> list[Outcomes]:
    return [{"DD": p, "DC": 1 - p}]


@pytest.mark.parametrize("seed", range(12))
def test_the_rudimentary_threat_deters_from_its_threshold_on(seed: int) -> None:
    rng = Random(seed)
    a = dict(zip(("DD", "SQ", "DC"), increasing(rng, 3), strict=True))
    star = (a["DC"] - a["SQ"]) / (a["DC"] - a["DD"])
    b = increasing(rng, 4)
    for p, wanted in ((inside(rng, ZERO, star), None), (inside(rng, star, ONE), [{"SQ": ONE}])):
        solution = dt.solve(RUDIMENTARY, point=rudimentary_point(p, a, b))
        assert same(outcomes(solution, BOOK), wanted or attacked(p))


@pytest.mark.parametrize(("p", "deters"), [("1/5", False), ("3/10", False), ("1/2", True), ("4/5", True)])
def test_the_acceptance_points_of_the_rudimentary_game(p: str, deters: bool) -> None:
    a = {"DD": ZERO, "SQ": Fraction(6), "DC": Fraction(10)}
    point = rudimentary_point(Fraction(p), a, [ZERO, Fraction(3), Fraction(5), Fraction(10)])
    wanted = [{"SQ": ONE}] if deters else attacked(Fraction(p))
    assert same(outcomes(dt.solve(RUDIMENTARY, point=point), BOOK), wanted)


@pytest.mark.parametrize(("worth", "wanted"), [
    # A Challenger to whom conflict is better than the status quo initiates even against a hard Defender; one to whom
    # the status quo is better than winning never does.
    ({"DD": 7, "SQ": 6, "DC": 10}, {"DD": Fraction(9, 10), "DC": Fraction(1, 10)}),
    ({"DD": 0, "SQ": 6, "DC": 5}, {"SQ": ONE}),
])
def test_orders_that_the_book_excludes(worth: dict[str, int], wanted: Outcomes) -> None:
    a = {name: Fraction(value) for name, value in worth.items()}
    point = rudimentary_point(Fraction(9, 10), a, [ZERO, Fraction(3), Fraction(5), Fraction(10)])
    assert same(outcomes(dt.solve(RUDIMENTARY, point=point), BOOK), [wanted])


# Unilateral deterrence: canon/results.md, 2 ------------------------------------------------------------------------

UNILATERAL = models.get("unilateral_deterrence")
TWO_SIDED = UNILATERAL.build()
CHALLENGER = ("DD-", "CD", "DD+", "SQ", "DC")
DEFENDER = ("DD-", "DC", "DD+", "CD", "SQ")
NAMES = {"CD": "back_down", "SQ": "status_quo", "DC": "win", "DD+": "conflict_hard", "DD-": "conflict_soft"}
C = dict(zip(CHALLENGER, map(Fraction, (0, 2, 4, 6, 10)), strict=True))
D = dict(zip(DEFENDER, map(Fraction, (0, 3, 5, 8, 10)), strict=True))


def unilateral_point(p: Fraction, q: Fraction, c: Mapping[str, Fraction], d: Mapping[str, Fraction]) -> Outcomes:
    theirs = {**NAMES, "CD": "win", "DC": "concession"}
    return {
        "credibility_challenger": p, "credibility_defender": q,
        **{f"challenger_{NAMES[name]}": c[name] for name in CHALLENGER},
        **{f"defender_{theirs[name]}": d[name] for name in DEFENDER},
    }


def thresholds(c: Mapping[str, Fraction], d: Mapping[str, Fraction]) -> tuple[Fraction, Fraction, Fraction]:
    """c_S, c_H, d*."""
    gain = c["DC"] - c["SQ"]
    return gain / (c["DC"] - c["CD"]), gain / (c["DC"] - c["DD+"]), (d["CD"] - d["DC"]) / (d["CD"] - d["DD-"])


def played(p: Fraction, q: Fraction, hard: Fraction, soft: Fraction, soft_resists: Fraction) -> Outcomes:
    """What comes of it: the hard and the soft Challenger initiate so often, the soft Defender resists so often."""
    starts = p * hard + (1 - p) * soft
    resists = q + (1 - q) * soft_resists
    return {
        "SQ": 1 - starts, "DC": starts * (1 - resists), "DD": p * hard * resists, "CD": (1 - p) * soft * resists,
    }


def unilateral(p: Fraction, q: Fraction, c: Mapping[str, Fraction], d: Mapping[str, Fraction]) -> Iterator[Outcomes]:
    """The families but deterrence, which exists everywhere."""
    soft, hard, star = thresholds(c, d)
    if soft < q < hard:
        yield played(p, q, ONE, ZERO, ZERO)
    if q < soft and p < star:
        yield played(p, q, ONE, mixing(p, star), (soft - q) / (1 - q))
    if q < soft and p > star:
        yield played(p, q, ONE, ONE, ZERO)


def unilateral_orders(rng: Random) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """Payoffs in the published order; what the status quo is worth to the Defender may be anything."""
    c = dict(zip(CHALLENGER, increasing(rng, 5), strict=True))
    low, concession, *rest = increasing(rng, 4)
    rng.shuffle(rest)
    d = {"DD-": low, "DC": concession, "DD+": rest[0], "CD": rest[1], "SQ": Fraction(rng.randint(0, 40))}
    return c, d


REGIONS = ("certain", "separating", "bluff", "attack")


def unilateral_in(rng: Random, region: str) -> tuple[Fraction, Fraction, dict[str, Fraction], dict[str, Fraction]]:
    """A random point in a region."""
    c, d = unilateral_orders(rng)
    soft, hard, star = thresholds(c, d)
    ends = {"certain": (hard, ONE), "separating": (soft, hard)}.get(region, (ZERO, soft))
    p = inside(rng, ZERO, star) if region == "bluff" else inside(rng, star if region == "attack" else ZERO, ONE)
    return p, inside(rng, *ends), c, d


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("seed", range(4))
def test_the_families_of_unilateral_deterrence_are_all_there_are(region: str, seed: int) -> None:
    point = unilateral_in(Random(f"{region} {seed}"), region)
    wanted = list(unilateral(*point))
    assert len(wanted) == (region != "certain")
    solution = dt.solve(TWO_SIDED, point=unilateral_point(*point))
    assert same(outcomes(solution, BOOK), [{"SQ": ONE}, *wanted])


@pytest.mark.parametrize("region", REGIONS)
def test_one_family_remains_if_whoever_initiates_is_taken_to_be_hard(region: str) -> None:
    point = unilateral_in(Random(f"d1 {region}"), region)
    believed = ["hard defender: hard & hard, initiate = 1", "soft defender: hard & soft, initiate = 1"]
    solution = dt.solve(TWO_SIDED, point=unilateral_point(*point), beliefs=believed)
    assert same(outcomes(solution, BOOK), list(unilateral(*point)) or [{"SQ": ONE}])


@pytest.mark.parametrize(("p", "q", "wanted"), [
    ("3/10", "3/10", {"SQ": "52/100", "DD": "15/100", "DC": "24/100", "CD": "9/100"}),
    ("1/10", "1/10", {"SQ": "84/100", "DD": "5/100", "DC": "8/100", "CD": "3/100"}),
    ("8/10", "3/10", {"DD": "24/100", "DC": "70/100", "CD": "6/100"}),
    ("7/10", "45/100", {"DD": "315/1000", "DC": "55/100", "CD": "135/1000"}),
    ("3/10", "6/10", {"SQ": "7/10", "DD": "18/100", "DC": "12/100"}),
    ("8/10", "6/10", {"SQ": "2/10", "DD": "48/100", "DC": "32/100"}),
    ("3/10", "8/10", None),
    ("8/10", "9/10", None),
])
def test_the_acceptance_points_of_unilateral_deterrence(p: str, q: str, wanted: dict[str, str] | None) -> None:
    # At (1/10, 1/10): P(initiate) = (1/10)/(5/8) = 4/25, P(CD) = (4/25 - 1/10)/2 = 3/100, the rest concessions.
    other = [] if wanted is None else [{name: Fraction(value) for name, value in wanted.items()}]
    solution = dt.solve(TWO_SIDED, point=unilateral_point(Fraction(p), Fraction(q), C, D))
    assert same(outcomes(solution, BOOK), [{"SQ": ONE}, *other])


def test_the_bluff_is_mixed_as_published() -> None:
    solution = dt.solve(TWO_SIDED, point=unilateral_point(Fraction(3, 10), Fraction(3, 10), C, D))
    (bluff,) = (entry for entry in solution if entry.label.startswith("semi-separating"))
    assert fraction(bluff.strategy["soft challenger"]["initiate"]) == Fraction(9, 35)
    assert fraction(bluff.strategy["soft defender"]["resist"]) == Fraction(2, 7)


@pytest.mark.parametrize(("challenger", "defender", "wanted"), [
    ("hard", "hard", "SQ"), ("soft", "hard", "SQ"), ("soft", "soft", "SQ"), ("hard", "soft", "DC"),
])
@pytest.mark.parametrize("seed", range(3))
def test_complete_information_in_unilateral_deterrence(challenger: str, defender: str, wanted: str, seed: int) -> None:
    rng = Random(seed)
    game = UNILATERAL.build({"challenger_types": [challenger], "defender_types": [defender]})
    point = unilateral_point(inside(rng), inside(rng), *unilateral_orders(rng))
    assert same(outcomes(dt.solve(game, point=point), BOOK), [{wanted: ONE}])


@pytest.mark.parametrize("seed", range(4))
def test_one_sided_uncertainty_in_unilateral_deterrence(seed: int) -> None:
    rng = Random(seed)
    c, d = unilateral_orders(rng)
    _, hard, star = thresholds(c, d)
    deterred: Outcomes = {"SQ": ONE}

    def solved(q: Fraction, p: Fraction, **known: str) -> list[Outcomes]:
        game = UNILATERAL.build({f"{side}_types": [kind] for side, kind in known.items()})
        return outcomes(dt.solve(game, point=unilateral_point(p, q, c, d)), BOOK)

    low, high = inside(rng, ZERO, hard), inside(rng, hard, ONE)
    assert same(solved(high, inside(rng), challenger="hard"), [deterred])
    assert same(solved(low, inside(rng), challenger="hard"), [played(ONE, low, ONE, ZERO, ZERO)])
    assert same(solved(inside(rng), inside(rng), challenger="soft"), [deterred])
    assert same(solved(inside(rng), inside(rng), defender="hard"), [deterred])
    few, many = inside(rng, ZERO, star), inside(rng, star, ONE)
    bluff = next(unilateral(few, ZERO, c, d))
    assert same(solved(inside(rng), few, defender="soft"), [deterred, bluff])
    assert same(solved(inside(rng), many, defender="soft"), [deterred, played(many, ZERO, ONE, ONE, ZERO)])


def test_the_chance_of_conflict_is_flat_then_rises_then_is_gone() -> None:
    # pCh = 3/10: the bluff gives pCh c_S = 3/20 below 1/2, separating gives pCh pDef up to 2/3, nothing beyond.
    chances = []
    for q in ("1/10", "2/5", "11/20", "13/20", "7/10"):
        solution = dt.solve(TWO_SIDED, point=unilateral_point(Fraction(3, 10), Fraction(q), C, D))
        chances.append(max(fraction(entry.events["spiral"]) for entry in solution))
    assert chances == [Fraction(3, 20), Fraction(3, 20), Fraction(33, 200), Fraction(39, 200), ZERO]


# The files of the canon through the built-in games -------------------------------------------------------------------


def of_file(name: str) -> tuple[Game, dict[str, Fraction]]:
    """A file of the canon as a built-in game: its options and its values under the names of the model."""
    scenario = dt.load(CANON / f"{name}.toml")
    given = {key: Fraction(value) for key, value in scenario.point.items()}
    kind = name.rpartition("-")[0]
    if kind == "radg":
        b = [given["bDDm"], given["bDC"], given["bDDp"], given["bSQ"]]
        return RUDIMENTARY, rudimentary_point(given["pB"], {key: given[f"a{key}"] for key in ("DD", "SQ", "DC")}, b)
    c = {key: given.get(f"c{key.replace('+', 'p').replace('-', 'm')}") for key in CHALLENGER}
    d = {key: given.get(f"d{key.replace('+', 'p').replace('-', 'm')}") for key in DEFENDER}
    for side, middle in ((c, "CD"), (d, "DC")):
        # Of a type that the file leaves out the model asks that it be hard or soft.
        side["DD+"] = side["DD+"] if side["DD+"] is not None else side[middle] + 1
        side["DD-"] = side["DD-"] if side["DD-"] is not None else side[middle] - 1
    known = {
        "udg-challenger-uncertain": {"defender_types": ["soft"]},
        "udg-defender-uncertain-hard": {"challenger_types": ["hard"]},
        "udg-defender-uncertain-soft": {"challenger_types": ["soft"]},
    }.get(kind, {})
    half = Fraction(1, 2)
    return UNILATERAL.build(known), unilateral_point(given.get("pCh", half), given.get("pDef", half), c, d)


@pytest.mark.parametrize("name", [n for n in sorted(EXPECTED) if n.startswith(("radg", "udg", "crisis"))])
def test_the_files_of_the_canon_have_the_same_outcomes_in_the_built_in_games(name: str) -> None:
    game, point = of_file(name)
    found = outcomes(dt.solve(game, point=point), BOOK)
    wanted = EXPECTED[name]["outcomes"]
    assert len(found) == len(wanted)
    for one in wanted:
        assert any({key: float(p) for key, p in other.items() if p} == pytest.approx(one, abs=1e-9) for other in found)


# Mutual deterrence: canon/results.md, 3 ------------------------------------------------------------------------------

MUTUAL = models.get("mutual_deterrence")
BOTH = MUTUAL.build()
WORTH = dict(zip(CHALLENGER, map(Fraction, (0, 3, 4, 6, 10)), strict=True))
MUTUAL_NAMES = {"DD-": "conflict_soft", "CD": "concession", "DD+": "conflict_hard", "SQ": "status_quo", "DC": "win"}


def mutual_point(p: Fraction, q: Fraction, a: Mapping[str, Fraction], b: Mapping[str, Fraction]) -> Outcomes:
    """The values; what a side gets is named by what happens to it, DC the outcome in which it wins."""
    return {
        "credibility_a": p, "credibility_b": q,
        **{f"{name}_{side}": worth[key] for side, worth in (("a", a), ("b", b)) for key, name in MUTUAL_NAMES.items()},
    }


def stars(w: Mapping[str, Fraction]) -> tuple[Fraction, Fraction]:
    """a*, a_rho."""
    gain = w["DC"] - w["SQ"]
    return gain / (w["DC"] - w["DD+"]), gain / (gain + w["CD"] - w["DD-"])


def clash(p: Fraction, q: Fraction, attacks: Mapping[str, tuple[Fraction, Fraction]]) -> Outcomes:
    """What comes of it: for each side how often its hard and its soft type attack."""
    total = dict.fromkeys(("SQ", "A", "B", "DD"), ZERO)
    for (i, weight), (j, other) in product(enumerate((p, 1 - p)), enumerate((q, 1 - q))):
        a, b = attacks["a"][i], attacks["b"][j]
        share = weight * other
        total["SQ"] += share * (1 - a) * (1 - b)
        total["DD"] += share * a * b
        total["DD" if j == 0 else "A"] += share * a * (1 - b)
        total["DD" if i == 0 else "B"] += share * b * (1 - a)
    return total


def mutual(
    p: Fraction, q: Fraction, a: Mapping[str, Fraction], b: Mapping[str, Fraction]
) -> Iterator[tuple[str, Outcomes]]:
    (a_star, a_rho), (b_star, b_rho) = stars(a), stars(b)
    if q > a_star and p > b_star:
        yield "sure thing", {"SQ": ONE}
        hard_a = 1 - (1 - p) * (b["DC"] - b["SQ"]) / (p * (b["SQ"] - b["DD+"]))
        hard_b = 1 - (1 - q) * (a["DC"] - a["SQ"]) / (q * (a["SQ"] - a["DD+"]))
        yield "hard types mix", clash(p, q, {"a": (hard_a, ZERO), "b": (hard_b, ZERO)})
    if q > a_rho and p > b_rho:
        yield "separating", clash(p, q, {"a": (ONE, ZERO), "b": (ONE, ZERO)})
    if q < a_rho and p < b_rho:
        yield "bluff", clash(p, q, {"a": (ONE, (b_rho - p) / (1 - p)), "b": (ONE, (a_rho - q) / (1 - q))})
    # Whether the hard side that is attacked attacks too or retaliates, there is conflict.
    if q < a_rho:
        yield "A attacks", {"A": 1 - q, "DD": q}
    if p < b_rho:
        yield "B attacks", {"B": 1 - p, "DD": p}


def mutual_case(seed: int) -> tuple[Fraction, Fraction, dict[str, Fraction], dict[str, Fraction]]:
    """Random payoffs, and credibilities between 0, the thresholds and 1 in turn, on none of them."""
    rng = Random(seed)
    a, b = (dict(zip(CHALLENGER, increasing(rng, 5), strict=True)) for _ in range(2))
    ends = [[ZERO, *sorted(stars(w)), ONE] for w in (b, a)]
    p, q = (inside(rng, *rng.choice([pair for pair in pairwise(row) if pair[0] < pair[1]])) for row in ends)
    assert {p, q}.isdisjoint({*stars(a), *stars(b)})
    return p, q, a, b


def mutual_names(solution: dt.Solution) -> list[Outcomes]:
    found = []
    for entry in solution:
        total = dict.fromkeys(("SQ", "A", "B", "DD"), ZERO)
        for history, probability in entry.outcomes.items():
            labels = history.split(", ")[1:]
            last = labels[-1]
            name = {"A concedes": "B", "B concedes": "A", "A retaliates": "DD", "B retaliates": "DD"}.get(last)
            total[name or ("DD" if "attack B" in labels else "SQ")] += fraction(probability)
        found.append(total)
    assert solution.complete
    return found


SEEDS = range(24)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_families_of_mutual_deterrence_are_all_there_are(seed: int) -> None:
    case = mutual_case(seed)
    found = mutual_names(dt.solve(BOTH, point=mutual_point(*case)))
    assert same(found, [wanted for _, wanted in mutual(*case)])


def test_the_random_points_of_mutual_deterrence_meet_every_family() -> None:
    met = Counter(name for seed in SEEDS for name, _ in mutual(*mutual_case(seed)))
    assert len(met) == 6
    assert min(met.values()) >= 3


@pytest.mark.parametrize(("p", "q", "count"), [
    ("8/10", "8/10", 3), ("6/10", "6/10", 1), ("5/10", "5/10", 3), ("3/10", "3/10", 3), ("8/10", "5/10", 1),
    ("8/10", "3/10", 1), ("9/10", "6/10", 1),
])
def test_the_acceptance_points_of_mutual_deterrence(p: str, q: str, count: int) -> None:
    solution = dt.solve(BOTH, point=mutual_point(Fraction(p), Fraction(q), WORTH, WORTH))
    assert len(solution) == count
    assert same(mutual_names(solution), [wanted for _, wanted in mutual(Fraction(p), Fraction(q), WORTH, WORTH)])


def test_mixtures_at_the_acceptance_points_of_mutual_deterrence() -> None:
    def attacks(p: str) -> list[tuple[Fraction, ...]]:
        solution = dt.solve(BOTH, point=mutual_point(Fraction(p), Fraction(p), WORTH, WORTH))
        sets = {"hard A": "attack B", "soft A": "attack B", "hard B": "attack A", "soft B": "attack A"}
        return [tuple(fraction(e.strategy[name][action]) for name, action in sets.items()) for e in solution]

    half = Fraction(1, 2)
    assert sorted(attacks("4/5")) == [(ZERO,) * 4, (half, ZERO, half, ZERO), (ONE, ZERO, ONE, ZERO)]
    assert (ONE, Fraction(1, 7), ONE, Fraction(1, 7)) in attacks("1/2")
    assert (ONE, Fraction(19, 49), ONE, Fraction(19, 49)) in attacks("3/10")


@pytest.mark.parametrize("p", ["3/10", "1/2"])
def test_how_often_the_hard_side_that_is_attacked_attacks_is_open(p: str) -> None:
    # a_- = 2/5: below it hard B may spare A for certain, above it has to attack often enough to keep soft A attacking.
    # Soft A gets 10 (1-q) + 0 by attacking, 6 (1 - q y) + 3 q y by sparing: y >= (10 q - 4)/(3 q), 2/3 at q = 1/2.
    solution = dt.solve(BOTH, point=mutual_point(Fraction(p), Fraction(p), WORTH, WORTH))
    (entry,) = (e for e in solution if fraction(e.events["attack B"]) == 1)
    pieces = entry.to_dict()["free"]["pieces"]
    (name,) = (k for k, v in entry.to_dict()["free"]["quantities"].items() if v == "attack A at hard B")
    ends = {condition for piece in pieces for condition in piece if name in condition.split()}
    assert f"{name} <= 1" in ends
    assert (f"{name} == 0" if p == "3/10" else f"2/3 <= {name}") in ends


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("types", "wanted"), [
    (("hard", "hard"), ["SQ", "DD"]), (("hard", "soft"), ["A"]), (("soft", "hard"), ["B"]),
])
def test_complete_information_in_mutual_deterrence(types: tuple[str, str], wanted: list[str], seed: int) -> None:
    rng = Random(seed)
    a, b = (dict(zip(CHALLENGER, increasing(rng, 5), strict=True)) for _ in range(2))
    game = MUTUAL.build({"types_a": [types[0]], "types_b": [types[1]]})
    solution = dt.solve(game, point=mutual_point(inside(rng), inside(rng), a, b))
    ends = {"A concedes": "B", "B concedes": "A", "A retaliates": "DD", "B retaliates": "DD"}
    found = set()
    for entry in solution:
        for history in entry.outcomes:
            last = history.rpartition(", ")[2]
            found.add(ends.get(last) or ("DD" if history.startswith("attack") else "SQ"))
    # Between two hard sides one may attack and the other retaliate; that is conflict too.
    assert found == set(wanted)


def test_two_soft_sides_play_chicken() -> None:
    game = MUTUAL.build({"types_a": ["soft"], "types_b": ["soft"]})
    solution = dt.solve(game, point=mutual_point(Fraction(1, 2), Fraction(1, 2), WORTH, WORTH))
    played = sorted(
        tuple(fraction(e.strategy[f"soft {side}"][f"attack {other}"]) for side, other in (("A", "B"), ("B", "A")))
        for e in solution
    )
    # In the mixed one the other attacks with a_rho = 4/7: 10 (1 - y) = 6 (1 - y) + 3 y.
    assert played == [(ZERO, ONE), (Fraction(4, 7), Fraction(4, 7)), (ONE, ZERO)]


# Crisis signalling: canon/results.md, 2.4 ----------------------------------------------------------------------------

CRISIS = models.get("crisis_signalling").build()


def crisis_point(p: Fraction, q: Fraction, c: Mapping[str, Fraction], d: Mapping[str, Fraction]) -> Outcomes:
    """The unilateral game with its payoffs measured from the status quo."""
    mine = {name: value - c["SQ"] for name, value in c.items()}
    theirs = {name: value - d["SQ"] for name, value in d.items()}
    return {
        "challenger_resolve": p, "defender_resolve": q, "prize": mine["DC"], "audience_cost": -mine["CD"],
        "challenger_war_resolved": mine["DD+"], "challenger_war_irresolute": mine["DD-"], "stake": -theirs["DC"],
        "reward": theirs["CD"], "defender_war_resolved": theirs["DD+"], "defender_war_irresolute": theirs["DD-"],
    }


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("seed", range(2))
def test_the_families_of_the_crisis_game_are_those_of_unilateral_deterrence(region: str, seed: int) -> None:
    p, q, c, d = unilateral_in(Random(f"crisis {region} {seed}"), region)
    d["SQ"] = d["DC"] + 1 + seed
    found = outcomes(dt.solve(CRISIS, point=crisis_point(p, q, c, d)), BOOK)
    assert same(found, [{"SQ": ONE}, *unilateral(p, q, c, d)])


@pytest.mark.parametrize("name", [n for n in sorted(EXPECTED) if n.startswith("crisis")])
def test_the_crises_of_the_canon(name: str) -> None:
    given = {key: Fraction(value) for key, value in dt.load(CANON / f"{name}.toml").point.items()}
    c = {key: given[f"c{key.replace('+', 'p').replace('-', 'm')}"] for key in CHALLENGER}
    d = {key: given[f"d{key.replace('+', 'p').replace('-', 'm')}"] for key in DEFENDER}
    found = outcomes(dt.solve(CRISIS, point=crisis_point(given["pCh"], given["pDef"], c, d)), BOOK)
    wanted = EXPECTED[name]["outcomes"]
    assert len(found) == len(wanted)
    for one in wanted:
        assert any({key: float(v) for key, v in other.items() if v} == pytest.approx(one, abs=1e-9) for other in found)


@pytest.mark.parametrize("seed", range(6))
def test_an_audience_cost_that_binds_both_types_leaves_one_equilibrium(seed: int) -> None:
    # Both types of the Challenger fight when resisted, so the irresolute Defender, to whom war is worse than to
    # concede, concedes whatever it believes: type t challenges where q < v/(v - w_t).
    rng = Random(seed)
    v = Fraction(rng.randint(1, 20))
    low, high = (-Fraction(k) for k in sorted(rng.sample(range(1, 30), 2), reverse=True))
    p, stake = inside(rng), Fraction(rng.randint(5, 9))
    ends = [ZERO, v / (v - low), v / (v - high), ONE]
    for n in range(3):
        q = inside(rng, ends[n], ends[n + 1])
        point = {
            "challenger_resolve": p, "defender_resolve": q, "prize": v, "audience_cost": 1 - low,
            "challenger_war_resolved": high, "challenger_war_irresolute": low, "stake": stake,
            "reward": Fraction(rng.randint(0, 5)), "defender_war_resolved": 1 - stake,
            "defender_war_irresolute": -1 - stake,
        }
        starts = (ONE, p, ZERO)[n]
        found = outcomes(dt.solve(CRISIS, point=point), BOOK)
        assert same(found, [{"SQ": 1 - starts, "DD": starts * q, "DC": starts * (1 - q)}])


@pytest.mark.parametrize(("cost", "war"), [("4/5", "1/6"), ("1", "3/20"), ("2", "3/10")])
def test_the_chance_of_war_is_not_monotone_in_the_audience_cost(cost: str, war: str) -> None:
    # The bluff: p v/(v + alpha), 3/10 divided by 9/5 and by 2. Beyond 3/2 both challenge and fight: q = 3/10.
    scenario = dt.load(CANON.parent.parent / "scenarios" / "canon" / "crisis_signalling.toml")
    solution = dt.solve(scenario.with_values({"audience_cost": cost}))
    assert max(fraction(entry.events["spiral"]) for entry in solution) == Fraction(war)


@pytest.mark.parametrize(("cost", "chance"), [("1/2", "0"), ("1", "1/4")])
def test_a_higher_audience_cost_may_make_a_withdrawal_possible(cost: str, chance: str) -> None:
    # At 1/2 both types would back down: a challenge brings nothing but the cost, as every Defender resists. At 1 the
    # resolved type fights; p = 1/2 > d* = 1/3 and q = 1/2 < c_S = 2/3: attack, P(CD) = (1 - p) q.
    point = {
        "challenger_resolve": Fraction(1, 2), "defender_resolve": Fraction(1, 2), "prize": Fraction(2),
        "audience_cost": Fraction(cost), "challenger_war_resolved": Fraction(-2, 3),
        "challenger_war_irresolute": Fraction(-2), "stake": ONE, "reward": ZERO, "defender_war_resolved": ZERO,
        "defender_war_irresolute": Fraction(-3),
    }
    solution = dt.solve(CRISIS, point=point)
    assert max(fraction(entry.events["back down"]) for entry in solution) == Fraction(chance)


# Three parties: canon/results.md, 12 ---------------------------------------------------------------------------------

THREE = models.get("three_party_deterrence").build()


def three_point(d: Fraction, p: Fraction, **worth: object) -> dict[str, Fraction]:
    values = {
        "challenger_status_quo": 5, "challenger_win_defender": 8, "challenger_win_protege": 8,
        "challenger_multilateral": 0, "loss_alone": 6, "loss_aided": 3, "abandonment": 2, "intervention_reliable": 1,
        "intervention_unreliable": 4, **worth,
    }
    return {"reliability_defender": d, "reliability_protege": p, **{k: fraction(v) for k, v in values.items()}}


@pytest.mark.parametrize(("d", "p", "event"), [
    ("1/2", "1/2", "accept"), ("3/10", "1/2", "attack Protege"), ("1/2", "3/10", "attack Defender"),
    ("1/5", "1/10", "attack Defender"),
])
def test_the_acceptance_points_of_three_parties(d: str, p: str, event: str) -> None:
    (entry,) = dt.solve(THREE, point=three_point(Fraction(d), Fraction(p)))
    assert fraction(entry.events[event]) == 1


@pytest.mark.parametrize("seed", range(20))
def test_the_challenger_attacks_where_the_other_ally_is_least_to_be_feared(seed: int) -> None:
    rng = Random(seed)
    war, quo, *prizes = increasing(rng, 4)
    rng.shuffle(prizes)
    d, p = inside(rng), inside(rng)
    point = three_point(
        d, p, challenger_multilateral=war, challenger_status_quo=quo, challenger_win_defender=prizes[0],
        challenger_win_protege=prizes[1],
    )
    worth = {
        "accept": quo, "attack Defender": p * war + (1 - p) * prizes[0],
        "attack Protege": d * war + (1 - d) * prizes[1],
    }
    best = max(worth, key=lambda action: worth[action])
    assert sorted(worth.values())[-1] > sorted(worth.values())[-2]
    (entry,) = dt.solve(THREE, point=point)
    assert fraction(entry.events[best]) == 1
    assert fraction(entry.events["spiral"]) == {"accept": ZERO, "attack Defender": p, "attack Protege": d}[best]
