"""Delegation: the tree, the rows of the summary, and where better attribution raises attacks, against hand derivations.

`equilibria` finds every equilibrium with attacks off the edges by the argument in the summary of the model, without a
solver: Iran sure, or one look after which the US mixes and at most one set of the group that mixes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path
from random import Random

import pytest

import deterrence as dt
from deterrence import models
from deterrence.commitment import Commitments
from deterrence.errors import GameError
from deterrence.wording import credibility

MODEL = models.get("delegation")
GAME = MODEL.build()
SCENARIO = dt.load(Path(__file__).parent.parent / "scenarios" / "iraq-syria-2023-10-delegation.toml")
ZERO, ONE = Fraction(0), Fraction(1)
Point = dict[str, Fraction]
Spot = tuple[str, bool]
"""A type, and whether it is restrained."""
SPOTS: tuple[Spot, ...] = tuple(product(("obedient", "zealous"), (False, True)))


def history(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


# The tree


def test_what_the_players_know() -> None:
    sets = {infoset.name: infoset for infoset in GAME.infosets}
    assert sets["order"].histories == (("obedient",), ("zealous",))
    assert sets["obedient authorised"].histories == (("obedient", "authorise"),)
    assert sets["zealous restrained"].histories == (("zealous", "restrain"),)
    for look in ("sponsored", "rogue"):
        assert set(sets[f"looks {look}"].histories) == {
            (kind, order, "attack", look) for kind in ("obedient", "zealous") for order in ("authorise", "restrain")
        }
        assert sets[f"looks {look}"].actions == ("ignore", "hit group", "hit sponsor")
    assert len(sets) == 1 + 4 + 2


def test_chance() -> None:
    parse = GAME.space.parse
    looks = {"authorise": "detection", "restrain": "false_alarm"}
    assert {h: dict(move.probabilities) for h, move in GAME.chance.items()} == {
        (): {"obedient": parse("1 - zeal"), "zealous": parse("zeal")},
        **{
            (kind, order, "attack"): {"sponsored": parse(look), "rogue": parse(f"1 - {look}")}
            for kind in ("obedient", "zealous") for order, look in looks.items()
        },
    }


# Summed by hand from the table of the summary.
@pytest.mark.parametrize(("end", "iran", "group", "us"), [
    ("obedient, authorise, hold", "0", "0", "0"),
    ("zealous, restrain, hold", "0", "0", "0"),
    ("obedient, authorise, attack, rogue, ignore", "gain", "motive_obedient", "-loss"),
    ("zealous, restrain, attack, rogue, ignore", "stray_gain", "motive_zealous - discipline", "-loss"),
    (
        "obedient, restrain, attack, sponsored, hit group", "stray_gain - asset_loss",
        "motive_obedient - discipline - group_harm", "-loss - group_strike_cost",
    ),
    (
        "zealous, authorise, attack, sponsored, hit sponsor", "gain - sponsor_harm", "motive_zealous",
        "-loss - sponsor_strike_cost",
    ),
    (
        "zealous, restrain, attack, rogue, hit sponsor", "stray_gain - sponsor_harm", "motive_zealous - discipline",
        "-loss - sponsor_strike_cost - error_cost",
    ),
])
def test_payoffs(end: str, iran: str, group: str, us: str) -> None:
    assert GAME.payoffs[history(end)] == {
        player: GAME.space.parse(text) for player, text in zip(("Iran", "Group", "US"), (iran, group, us), strict=True)
    }


def test_events() -> None:
    found = {
        name: {h for h in GAME.terminals if GAME.occurs(GAME.events[name], h)}
        for name in ("deterrence_failure", "spiral")
    }
    assert found["deterrence_failure"] == {h for h in GAME.terminals if "attack" in h}
    assert found["spiral"] == {h for h in GAME.terminals if h[-1] == "hit sponsor"}
    assert (len(found["deterrence_failure"]), len(found["spiral"])) == (24, 8)


@pytest.mark.parametrize("lesser", [["ignore"], ["hit group"], ["ignore", "hit group"]])
def test_hitting_iran_is_always_open(lesser: list[str]) -> None:
    game = MODEL.build({"lesser_answers": lesser})
    assert {i.actions for i in game.infosets if i.player == "US"} == {(*lesser, "hit sponsor")}


def test_hitting_iran_is_no_lesser_answer() -> None:
    with pytest.raises(GameError, match="not on offer"):
        MODEL.build({"lesser_answers": ["ignore", "hit sponsor"]})


# Every equilibrium by hand


@dataclass(frozen=True)
class Found:
    """An equilibrium by hand.

    Attributes
    ----------
    look : the look after which the US mixes; empty where Iran is sure.
    mixes : the set of the group that mixes, if one does.
    attack, hit : the probabilities of an attack and of a hit on Iran.
    rises : whether the chance of attack rises with the likelihood ratio of the look.
    """

    look: str
    mixes: Spot | None
    attack: Fraction
    hit: Fraction
    rises: bool | None


class Hand:
    """The quantities of the summary at a point, with what follows from them."""

    def __init__(self, point: Point) -> None:
        hits = point["group_strike_cost"] < 0
        lost = point["asset_loss"] if hits else ZERO
        self.z, self.d, self.f = point["zeal"], point["detection"], point["false_alarm"]
        self.gain, self.stray = point["gain"] - lost, point["stray_gain"] - lost
        self.cost = point["sponsor_harm"] - lost
        self.harm = point["group_harm"] if hits else ZERO
        self.right = point["sponsor_strike_cost"] + max(ZERO, -point["group_strike_cost"])
        self.wrong = self.right + point["error_cost"]
        self.share = {"obedient": 1 - self.z, "zealous": self.z}
        self.own = {
            (kind, restrained): point[f"motive_{kind}"] - (point["discipline"] if restrained else ZERO)
            for kind, restrained in SPOTS
        }

    def attacks(self, spot: Spot, blamed: Fraction) -> bool:
        return self.own[spot] > (1 - blamed) * self.harm

    def rate(self, restrained: bool, blamed: Fraction, leaving_out: Spot | None = None) -> Fraction:
        chosen = [s for s in SPOTS if s[1] == restrained and s != leaving_out and self.attacks(s, blamed)]
        return sum((self.share[kind] for kind, _ in chosen), ZERO)

    def sure(self) -> Iterator[Found]:
        for authorises, pays in ((True, self.right < 0), (False, self.wrong < 0)):
            hit = ONE if pays else ZERO
            q, r = self.rate(False, hit), self.rate(True, hit)
            better = q * (self.gain - hit * self.cost) > r * (self.stray - hit * self.cost)
            attack = q if authorises else r
            if attack > 0 and better == authorises:
                yield Found("", None, attack, hit * attack, None)

    def blame(self, look: str, h: Fraction) -> tuple[Fraction, Fraction]:
        """H_A and H_U where the US hits Iran with probability h after the look at which it mixes."""
        if look == "sponsored":
            return self.d * h, self.f * h
        return self.d + (1 - self.d) * h, self.f + (1 - self.f) * h

    def mixed(self) -> Iterator[Found]:
        if not self.right < 0 < self.wrong:
            return
        for look in ("sponsored", "rogue"):
            yield from self._group_sure(look)
            for spot in SPOTS if self.harm else ():
                yield from self._group_mixes(look, spot)

    def _group_sure(self, look: str) -> Iterator[Found]:
        for plays in product((False, True), repeat=4):
            rates = [
                sum((self.share[s[0]] for s, yes in zip(SPOTS, plays, strict=True) if yes and s[1] == told), ZERO)
                for told in (False, True)
            ]
            low, high = (self._temptation(look, h, *rates) for h in (ZERO, ONE))
            if low == high:
                continue
            h = low / (low - high)
            blamed = self.blame(look, h)
            if all(self.attacks(s, blamed[s[1]]) == yes for s, yes in zip(SPOTS, plays, strict=True)):
                yield from self._found(look, None, h, *rates)

    def _temptation(self, look: str, h: Fraction, q: Fraction, r: Fraction) -> Fraction:
        allowed, against = self.blame(look, h)
        return q * (self.gain - allowed * self.cost) - r * (self.stray - against * self.cost)

    def _group_mixes(self, look: str, spot: Spot) -> Iterator[Found]:
        kappa = 1 - self.own[spot] / self.harm
        ends = [self.blame(look, h)[spot[1]] for h in (ZERO, ONE)]
        if ends[0] == ends[1]:
            return
        h = (kappa - ends[0]) / (ends[1] - ends[0])
        allowed, against = self.blame(look, h)
        worth = self.gain - allowed * self.cost, self.stray - against * self.cost
        rates = [self.rate(False, allowed, spot), self.rate(True, against, spot)]
        least, own, other = rates[spot[1]], worth[spot[1]], rates[not spot[1]] * worth[not spot[1]]
        if own and least < other / own < least + self.share[spot[0]]:
            rates[spot[1]] = other / own
            yield from self._found(look, spot, h, *rates)

    def _found(self, look: str, spot: Spot | None, h: Fraction, q: Fraction, r: Fraction) -> Iterator[Found]:
        if not (0 < h < 1 and q > 0 and r > 0):
            return
        allowed, against = self.blame(look, h)
        ratio = self.f / self.d if look == "sponsored" else (1 - self.f) / (1 - self.d)
        odds = -self.wrong / self.right * ratio * r / q
        sigma = odds / (1 + odds)
        hit = sigma * q * allowed + (1 - sigma) * r * against
        yield Found(look, spot, sigma * q + (1 - sigma) * r, hit, self._rises(look, spot, ratio, r / q))

    def _rises(self, look: str, spot: Spot | None, ratio: Fraction, w: Fraction) -> bool:
        """The three cases of the summary."""
        odds = -self.wrong / self.right
        if spot is None:
            return w < 1
        kappa, k = 1 - self.own[spot] / self.harm, self.cost
        if spot[1]:
            part = kappa if look == "sponsored" else kappa - 1
            slope = part * k / (ratio**2 * (self.stray - kappa * k))
            return odds * w * (1 - w) + (1 + odds * ratio) * slope > 0
        blamed = kappa * ratio if look == "sponsored" else 1 - (1 - kappa) * ratio
        slope = w * (kappa if look == "sponsored" else kappa - 1) * k / (self.stray - blamed * k)
        return 1 - w > ratio * (1 + odds * ratio) * slope


def equilibria(point: Point) -> list[Found]:
    hand = Hand(point)
    return [*hand.sure(), *hand.mixed()]


def drawn(rng: Random) -> Point:
    """A point at which no equation among parameters is likely to hold; the signs are any."""
    def between(low: int, high: int) -> Fraction:
        return Fraction(rng.randint(low * 9973 + 1, high * 9973 - 1), 9973)

    while True:
        point = {
            "zeal": between(0, 1), "detection": between(0, 1), "false_alarm": between(0, 1), "gain": between(-1, 3),
            "stray_gain": between(-1, 2), "sponsor_harm": between(-1, 4), "asset_loss": between(-1, 1),
            "motive_obedient": between(-1, 2), "motive_zealous": between(0, 4), "discipline": between(0, 2),
            "group_harm": between(-1, 3), "loss": ONE, "group_strike_cost": between(-2, 1),
            "sponsor_strike_cost": between(-3, 1), "error_cost": between(0, 4),
        }
        if not GAME.space.violations(point):
            return point


@cache
def solved(items: tuple[tuple[str, Fraction], ...]) -> list[tuple[Fraction, Fraction]]:
    """The chances of attack and of a hit on Iran in every equilibrium with attacks."""
    solution = dt.solve(GAME, point=dict(items))
    assert solution.complete
    return sorted({(entry.events["attack"], entry.events["spiral"]) for entry in solution if entry.events["attack"]})


def found(point: Point) -> list[tuple[Fraction, Fraction]]:
    return solved(tuple(point.items()))


@pytest.mark.parametrize("seed", range(12))
def test_every_equilibrium_with_attacks_is_one_of_those_found_by_hand(seed: int) -> None:
    point = drawn(Random(seed))
    assert found(point) == sorted({(e.attack, e.hit) for e in equilibria(point)})


KINDS = [
    (look, spot, rises)
    for look in ("sponsored", "rogue")
    for spot, rises in [(None, True), *product((("obedient", False), ("zealous", True)), (True, False))]
]


def of_kind(look: str, spot: Spot | None, rises: bool) -> tuple[Point, Found]:
    """A point with an equilibrium of that kind, and that equilibrium."""
    rng = Random(f"{look}, {spot}, {rises}")
    while True:
        point = drawn(rng)
        for entry in equilibria(point):
            if (entry.look, entry.mixes, entry.rises) == (look, spot, rises):
                return point, entry


def gains(point: Point, name: str, step: Fraction) -> list[Fraction]:
    return [attack for attack, _ in found({**point, name: point[name] + step})]


@pytest.mark.parametrize(("look", "spot", "rises"), KINDS)
def test_attacks_move_with_attribution_as_the_likelihood_ratio_says(look: str, spot: Spot | None, rises: bool) -> None:
    # Better attribution lowers the ratio of the sponsored look and raises that of the rogue look.
    point, entry = of_kind(look, spot, rises)
    assert (entry.attack, entry.hit) in found(point)
    step = Fraction(1, 10**9)
    near = Fraction(1, 10**6)
    for name, better in (("detection", step), ("false_alarm", -step)):
        moved = [attack for attack in gains(point, name, better) if abs(attack - entry.attack) < near]
        assert len(moved) == 1
        assert (moved[0] > entry.attack) == (rises == (look == "rogue"))


# Where the types do as their names say: the rows of the summary


def rows(hand: Hand) -> list[tuple[Fraction, Fraction]]:
    """The chance of attack and of a hit on Iran in each row that applies."""
    z, d, f, k = hand.z, hand.d, hand.f, hand.cost
    tempts = hand.gain - z * hand.stray
    some, every, odds = k * (d - z * f), k * (1 - z), -hand.wrong / hand.right
    listed = [(z, ZERO)] if tempts < 0 else []
    if 0 < tempts < some:
        h, sigma = tempts / some, odds * z * f / (d + odds * z * f)
        listed.append((z * (d + odds * f) / (d + odds * z * f), h * (sigma * d + (1 - sigma) * z * f)))
    if some < tempts < every or every < tempts < some:
        h = (tempts - some) / (every - some)
        sigma = odds * z * (1 - f) / (1 - d + odds * z * (1 - f))
        attack = z * (1 - d + odds * (1 - f)) / (1 - d + odds * z * (1 - f))
        listed.append((attack, sigma * (d + (1 - d) * h) + (1 - sigma) * z * (f + (1 - f) * h)))
    if tempts > every:
        listed.append((ONE, ONE))
    return sorted(listed)


@pytest.mark.parametrize("seed", range(10))
def test_the_rows_are_the_equilibria(seed: int) -> None:
    rng = Random(f"rows {seed}")
    point = {**SCENARIO.point, **{
        name: Fraction(rng.randint(1, 996), 997)
        for name in ("zeal", "detection", "gain", "stray_gain", "group_strike_cost", "sponsor_strike_cost")
    }}
    point["false_alarm"] = point["detection"] * Fraction(rng.randint(1, 990), 991)
    point["group_strike_cost"] *= -1
    point["sponsor_strike_cost"] *= -1
    point["error_cost"] = Fraction(2003, 1000)
    point["sponsor_harm"] = Fraction(rng.randint(300, 2500), 1009)
    point["sponsor_strike_cost"] += point["group_strike_cost"]
    hand = Hand(point)
    assert hand.right < 0 < hand.wrong
    assert hand.cost > 0
    assert found(point) == rows(hand)


@pytest.mark.parametrize("sure", [{"gain": "3/2"}, {"gain": "1/10", "stray_gain": "11/10"}])
def test_with_perfect_attribution_a_tempted_iran_restrains_the_group(sure: dict[str, str]) -> None:
    # An attack that looks sponsored was authorised for sure, and is answered by a hit on Iran, which costs it K: it
    # restrains the group wherever T < K, tempted or not.
    point = {**SCENARIO.point, "detection": ONE, "false_alarm": ZERO, **{n: Fraction(v) for n, v in sure.items()}}
    hand = Hand(point)
    assert hand.gain - hand.z * hand.stray < hand.cost
    with pytest.warns(dt.BranchCutWarning):
        solution = dt.solve(GAME, point=point)
    assert {entry.events["attack"] for entry in solution} == {hand.z}
    assert {entry.events["spiral"] for entry in solution} == {ZERO}


# The region, proved with the numbers of the US as symbols too

TEMPTS = "gain - asset_loss - zeal*(stray_gain - asset_loss)"
HURT = "(sponsor_harm - asset_loss)"
SOME, EVERY = f"{HURT}*(detection - zeal*false_alarm)", f"{HURT}*(1 - zeal)"
WITHIN = f"({SOME} < {TEMPTS} and {TEMPTS} < {EVERY})"
THREE = f"({EVERY} < {TEMPTS} and {TEMPTS} < {SOME})"
OFF = f"{TEMPTS} != 0 and {TEMPTS} != {SOME} and {TEMPTS} != {EVERY}"
HURTS = "sponsor_harm > asset_loss"
PAYS = ("sponsor_strike_cost < group_strike_cost", "group_strike_cost < sponsor_strike_cost + error_cost")
IRAN = ("zeal", "detection", "false_alarm", "gain", "stray_gain", "sponsor_harm")


@cache
def atlas(lesser: tuple[str, ...], free: tuple[str, ...], conditions: tuple[str, ...]) -> dt.Atlas:
    game = MODEL.build({"lesser_answers": list(lesser)})
    game = game.given({name: value for name, value in SCENARIO.point.items() if name not in free})
    extra = [c for text in conditions for c in game.space.ring.parse_condition(text)]
    found = dt.atlas(replace(game, space=game.space.with_conditions(extra)))
    assert found.complete
    return found


# Without hits on the group, a = 0 and u = 0, whether blame pays or not.
ALONE = (("ignore",), (*IRAN, "sponsor_strike_cost", "error_cost"), ())
RIGHT = "sponsor_strike_cost < 0 and 0 < sponsor_strike_cost + error_cost"
EDGES = "sponsor_strike_cost != 0 and sponsor_strike_cost + error_cost != 0"
BOTH = (("ignore", "hit group"), (*IRAN, "asset_loss", "group_strike_cost", "sponsor_strike_cost", "error_cost"),
        ("group_strike_cost < 0", *PAYS))


def without_hits(text: str) -> str:
    return text.replace("stray_gain - asset_loss", "stray_gain").replace(" - asset_loss", "")


@pytest.mark.parametrize(("what", "statement"), [
    (ALONE, without_hits(f"P[attack] increases in detection strictly when {WITHIN} and sponsor_harm > 0 and {RIGHT}")),
    (ALONE, without_hits(
        f"P[attack] decreases in detection when not ({WITHIN} or {THREE}) and {RIGHT} and {OFF}"
    )),
    (ALONE, without_hits(f"P[attack] is constant in detection when not ({RIGHT}) and {OFF} and {EDGES}")),
    (BOTH, f"P[attack] increases in detection strictly when {WITHIN} and {HURTS}"),
    (BOTH, f"P[attack] decreases in false_alarm strictly when {WITHIN} and {HURTS}"),
    (BOTH, f"P[attack] decreases in detection when not ({WITHIN} or {THREE}) and {OFF} and {HURTS}"),
    (BOTH, f"P[attack] increases in false_alarm when not ({WITHIN} or {THREE}) and {OFF} and {HURTS}"),
])
def test_better_attribution_raises_attacks_inside_the_region_and_nowhere_else(
    what: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], statement: str
) -> None:
    proof = dt.prove(atlas(*what), statement)
    assert proof.status == "proved", proof.reason


# The shipped scenario


def test_the_scenario_lies_where_better_attribution_raises_attacks() -> None:
    # a = 1/5: G = 4/5, S = 3/10, K = 13/10, T = 4/5 - 2/5*3/10 = 17/25; K*(d - zf) = 273/500 < T < K*(1 - z) = 39/50.
    # u = 1/10, c = -3/10, c + error_cost = 7/10, L = 7/3. The odds of authority are L*z*(4/5)/(1/2) = 112/75, and
    # h = (17/25 - 273/500)/(39/50 - 273/500) = 67/117 after the rogue look.
    solution = dt.solve(SCENARIO)
    (entry,) = solution
    assert solution.complete
    sigma, h = Fraction(112, 187), Fraction(67, 117)
    assert entry.strategy["order"]["authorise"] == sigma
    assert entry.strategy["looks rogue"] == {"ignore": 0, "hit group": 1 - h, "hit sponsor": h}
    assert entry.events["attack"] == sigma + (1 - sigma) * Fraction(2, 5) == Fraction(142, 187)
    blamed = sigma * (1 + h) / 2 + (1 - sigma) * Fraction(2, 5) * (1 + 4 * h) / 5
    assert entry.events["spiral"] == blamed == Fraction(742, 1287)
    # Iran: z(delta s - phi g)/(delta - z phi) with delta = 1/2, phi = 4/5, g = 4/5 - 13/20, s = 3/10 - 13/50.
    control = (Fraction(1, 50) - Fraction(3, 25)) / (Fraction(1, 2) - Fraction(8, 25))
    assert entry.payoffs["Iran"] == Fraction(2, 5) * control


def test_what_the_us_believes_of_the_order_in_the_scenario() -> None:
    # After the rogue look it is indifferent: 7/10. After the sponsored one the odds are 112/75*(1/2)/(2/5*1/5) = 28/3.
    (entry,) = dt.solve(SCENARIO)
    said = credibility(SCENARIO.game.at(SCENARIO.point), entry)
    believes = "US believes that Iran chose authorise with probability"
    assert f"At 'looks rogue' {believes} 7/10 (0.7), played with 112/187 (≈ 0.599)." in said
    assert f"At 'looks sponsored' {believes} 28/31 (≈ 0.903), played with 112/187 (≈ 0.599)." in said


@pytest.mark.parametrize(("detection", "attack"), [
    # Row 3 up to d = (T/K + zf) = 196/325 (0.603), row 2 from there on.
    ("1/4", "314/449"), ("1/2", "142/187"), ("3/5", "34/43"), ("61/100", "646/1195"), ("9/10", "82/163"),
])
def test_attacks_rise_with_detection_fall_at_once_and_go_on_falling(detection: str, attack: str) -> None:
    d, f, z, odds = Fraction(detection), Fraction(1, 5), Fraction(2, 5), Fraction(7, 3)
    top, bottom = (d, f) if d > Fraction(196, 325) else (1 - d, 1 - f)
    assert z * (top + odds * bottom) / (top + odds * z * bottom) == Fraction(attack)
    (entry,) = dt.solve(SCENARIO, point={"detection": detection})
    assert entry.events["attack"] == Fraction(attack)


def test_the_best_commitment_needs_no_empty_threat_by_the_group() -> None:
    # Whatever the US announces, the obedient group attacks on Iran's word (3/4 > 1/2) and the zealous one always does
    # (2 - 1 > 1/2). Iran then restrains the group where 13/10*(21/50*h_S + 9/50*h_R) >= 17/25. Hits on a restrained
    # Iran cost the US 7/10 more than hits on the group, and there are z*f = 2/25 of them for h_S and z*(1 - f) = 8/25
    # for h_R: h_S = 1 comes first, then h_R = 67/117. Where Iran authorises, an attack is certain and the US gets at
    # most -1 + 2/5, which is less.
    h = Fraction(67, 117)
    hit = Fraction(2, 25) + Fraction(8, 25) * h
    best = Commitments(SCENARIO.game.at(SCENARIO.point), "US").optimum()
    assert best.strategy["looks sponsored"]["hit sponsor"] == 1
    assert best.strategy["looks rogue"] == {"ignore": 0, "hit group": 1 - h, "hit sponsor": h}
    assert best.answers["order"] == "restrain"
    assert {best.answers[name] for name in best.answers if name.endswith("authorised")} == {"attack"}
    assert (best.events["deterrence_failure"], best.events["spiral"]) == (Fraction(2, 5), hit)
    assert best.payoffs["US"] == -Fraction(2, 5) + (Fraction(2, 5) - hit) / 10 - Fraction(3, 5) * hit
