"""`imperfect_attribution` against the points of the canon (M03), float iteration, brute-force Bayes, and best plans."""

from __future__ import annotations

import itertools
import json
import random
from fractions import Fraction
from pathlib import Path

import pytest

import deterrence as dt
from deterrence import models
from deterrence.checks.imperfect_attribution import World, certify
from deterrence.enclosures import Enclosure, ball
from deterrence.errors import ExpressionError, LimitError, NotSupportedError
from deterrence.expressions import exact
from deterrence.solvers.boxes import fixed_points

BLAME = models.get("imperfect_attribution")
CANON = json.loads((Path(__file__).parent / "canon" / "points-dynamic.json").read_text())
POINTS = {
    point["id"]: point for model in CANON["models"] if model["model"] == "M03_bbw" for point in model["points"]
}
TABLES = {key: point for key, point in POINTS.items() if "pi" in point["params"]}
LOSS = Fraction(1)


class Table:
    """A game of attackers that are unlike: rows of signals, the null one first, nobody's before those of attackers."""

    def __init__(self, gamma, gains, answers, rows):
        self.gamma, self.loss = exact(gamma), LOSS
        self.gains = [[exact(x) for x in pair] for pair in gains]
        self.answers = [[exact(x) for x in pair] for pair in answers]
        # What is left of one goes to the null signal, which floats of a file may miss by a rounding.
        self.rows = [[1 - sum(map(exact, row[1:])), *map(exact, row[1:])] for row in rows]

    @property
    def n(self):
        return len(self.gains)

    def changed(self, **parts):
        copy = Table(self.gamma, self.gains, self.answers, self.rows)
        for name, value in parts.items():
            setattr(copy, name, value)
        return copy

    def solve(self):
        signals = len(self.rows[0]) - 1
        game = BLAME.build({"attackers": self.n, "kind": "unlike", "signals": signals})
        values = {"opportunity": self.gamma, "loss": self.loss}
        for i, (gain, answer) in enumerate(zip(self.gains, self.answers, strict=True), 1):
            values.update(zip((f"gain_low_{i}", f"gain_high_{i}"), gain, strict=True))
            values.update(zip((f"answer_low_{i}", f"answer_high_{i}"), answer, strict=True))
        for who, row in zip(("nobody", *range(1, self.n + 1)), self.rows, strict=True):
            values.update({f"signal_{s}_from_{who}": chance for s, chance in enumerate(row) if s})
        solution = dt.solve(game, point=values)
        assert solution.complete
        assert all(entry.certificate.holds for entry in solution)
        return solution

    def cutoffs(self):
        return [[entry.figures[f"cutoff of attacker {i}"] for i in range(1, self.n + 1)] for entry in self.solve()]

    def only(self):
        (found,) = self.cutoffs()
        return found

    # By definition, in floats.

    def reply(self, cutoffs):
        """Beliefs from the joint distribution of culprits and signals, and the risk that an attack adds."""
        n = self.n
        attacks = []
        for x, (low, high) in zip(cutoffs, self.gains, strict=True):
            attacks.append(float(self.gamma) / n * min(max((float(high) - x) / float(high - low), 0), 1))
        worlds = [1 - sum(attacks), *attacks]
        risk = [0.0] * n
        beliefs = []
        for s in range(len(self.rows[0])):
            joint = [w * float(row[s]) for w, row in zip(worlds, self.rows, strict=True)]
            beliefs.append([joint[i + 1] / sum(joint) for i in range(n)])
            for i in range(n):
                low, high = map(float, self.answers[i])
                hit = min(max((high - (1 - beliefs[-1][i])) / (high - low), 0), 1)
                risk[i] += float(self.rows[i + 1][s] - self.rows[0][s]) * hit
        return risk, beliefs, attacks

    def iterated(self, start):
        """Where damped replies settle, if they do."""
        x = list(start)
        for _ in range(4000):
            risk, _, _ = self.reply(x)
            step = max(abs(r - a) for r, a in zip(risk, x, strict=True))
            if step < 1e-13:
                return x
            x = [a + 0.2 * (r - a) for r, a in zip(risk, x, strict=True)]
        return None


def drawn(rng, n, signals):
    """A game in which attacks make every signal likelier, and nobody is hit without one."""

    def chance(low, high):
        return Fraction(rng.randint(round(low * 1000), round(high * 1000)), 1000)

    while True:
        nobody = [chance(0.005, 0.05) for _ in range(signals)]
        rows = []
        for i in range(n):
            weights = [chance(0.1, 0.5) for _ in range(signals)]
            weights[i % signals] += 1
            detection = chance(0.3, 0.9)
            rows.append([detection * w / sum(weights) for w in weights])
        lows = [chance(0.05, 0.4) for _ in range(n)]
        answers = [(low, low + chance(0.05, 0.25)) for low in lows]
        gains = [(chance(-0.2, 0.1), chance(0.8, 1.3)) for _ in range(n)]
        game = Table(chance(0.3, 0.9), gains, answers, [[0, *row] for row in (nobody, *rows)])
        _, beliefs, _ = game.reply([-1.0] * n)
        telling = all(p >= q for row in rows for p, q in zip(row, nobody, strict=True))
        if telling and all(float(high) <= 1 - b for b, (_, high) in zip(beliefs[0], answers, strict=True)):
            return game


GAMES = [drawn(random.Random(seed), 1 + seed % 4, 1 + seed % 3 + (seed % 4 > 1)) for seed in range(40)]


def alike(n=2, **values):
    game = BLAME.build({"attackers": n})
    point = {"opportunity": "1/2", "loss": 1, "gain_low": 0, "gain_high": "11/10", "answer_low": "1/4",
             "answer_high": "9/20", "identification": "3/5", "misidentification": "1/20", "false_alarm": "1/100",
             **values}
    if n == 1:
        del point["misidentification"]
    solution = dt.solve(game, point=point)
    assert all(entry.certificate.holds for entry in solution)
    return solution


# Points of the canon


@pytest.mark.parametrize("key", TABLES)
def test_points_of_the_canon(key):
    given, expected = TABLES[key]["params"], TABLES[key]["expected"]
    game = Table(given["gamma"], given["F_uniform"], given["G_uniform"], given["pi"])
    solution = game.solve()
    known = expected.get("x_stars") or [expected["x_star"]] if "x_star" in expected or "x_stars" in expected else None
    found = [[float(x) for x in row] for row in game.cutoffs()]
    if "x_stars" in expected:
        assert len(found) == expected["n_equilibria"]
        assert sorted(x for (x,) in found) == pytest.approx(known, abs=1e-9)
        assert "there may be several" in solution.notes[0]
    elif known:
        assert found == [pytest.approx(row, abs=1e-9) for row in known]
        assert "one equilibrium" in solution.notes[0]
    if "attack_prob_total" in expected:
        assert float(solution[0].events["deterrence_failure"]) == pytest.approx(expected["attack_prob_total"], abs=1e-9)
        for s, row in enumerate(expected["beta"]):
            for i, belief in enumerate(row, 1):
                name = f"belief in guilt of attacker {i}, {f'signal {s}' if s else 'no signal'}"
                assert float(solution[0].figures[name]) == pytest.approx(belief, abs=1e-9)
                hits = solution[0].strategy[f"Defender, {f'signal {s}' if s else 'no signal'}: attacker {i}"]
                low, high = map(float, game.answers[i - 1])
                assert float(hits["hit"]) == pytest.approx(min(max((high - 1 + belief) / (high - low), 0), 1), abs=1e-8)


@pytest.mark.parametrize("key", ["M03_bbw-11", "M03_bbw-13"])
def test_detecting_more_attacks_under_the_wrong_name_backfires(key):
    given, expected = POINTS[key]["params"], POINTS[key]["expected"]
    for when in ("before", "after"):
        (entry,) = alike(
            given["n"], opportunity=given["gamma"], gain_low=given["F_uniform"][0], gain_high=given["F_uniform"][1],
            answer_low=given["G_uniform"][0], answer_high=given["G_uniform"][1], identification=given["p"],
            misidentification=given[f"q_{when}"], false_alarm=2 * exact(given["false_alarm_each"]),
        )
        assert float(entry.figures["cutoff"]) == pytest.approx(expected[f"x_{when}"], abs=1e-9)
        attacks = float(entry.events["deterrence_failure"])
        assert attacks == pytest.approx(expected[f"attack_prob_{when}"], abs=1e-9)
    assert expected["x_after"] < expected["x_before"]


@pytest.mark.parametrize("key", ["M03_bbw-15", "M03_bbw-17", "M03_bbw-19"])
def test_a_finer_signal_may_backfire(key):
    given, expected = POINTS[key]["params"], POINTS[key]["expected"]
    for which in ("coarse", "fine"):
        game = Table(given["gamma"], [given["F_uniform"]], [given["G_uniform"]], given[f"pi_{which}"])
        (x,) = game.only()
        assert float(x) == pytest.approx(expected[f"x_{which}"], abs=1e-9)
    assert expected["x_fine"] < expected["x_coarse"]


def test_with_perfect_identification_the_cutoff_is_its_chance():
    given, expected = POINTS["M03_bbw-21"]["params"], POINTS["M03_bbw-21"]["expected"]
    (entry,) = alike(
        given["n"], opportunity=given["gamma"], gain_low=0, gain_high=1, answer_low=given["G_uniform"][0],
        answer_high=given["G_uniform"][1], identification=given["p"], misidentification=0, false_alarm=0,
    )
    assert entry.figures["cutoff"] == exact(given["p"]) == exact(expected["x_star"][0])
    assert float(entry.events["deterrence_failure"]) == pytest.approx(expected["attack_prob_total"], abs=1e-12)
    # Where all would be identified and the gains are below 1, nobody attacks.
    (entry,) = alike(gain_high="9/10", identification=1, misidentification=0, false_alarm=0)
    assert entry.events["deterrence_failure"] == 0
    assert entry.figures["cutoff"] == 1


def test_without_false_alarms_what_a_name_is_taken_for_decides():
    # Names are right with 3/5, wrong with 2/5. Attacks that are rare and alike make guilt of the named 3/5, innocence
    # 2/5, above the most that an answer brings, 3/10: nobody is hit, and all attack. If names are held to be right,
    # the named is hit for certain: an attack adds 3/5 to the chance of that, more than the largest gain, 1/2.
    point = {"gain_high": "1/2", "answer_low": "1/10", "answer_high": "3/10", "misidentification": "2/5"}
    solution = alike(**point, false_alarm=0)
    assert solution[0].events["deterrence_failure"] == Fraction(1, 2)
    assert any("with another belief nobody attacking may be an equilibrium besides" in note for note in solution.notes)
    assert len(alike(**point).notes) == 1
    one, half = Fraction(1), Fraction(1, 2)
    right, wrong = Fraction(3, 5), Fraction(2, 5)
    world = World(half, ((0 * one, half),) * 2, ((one / 10, 3 * one / 10),) * 2, ((0 * one, right, wrong),
                  (0 * one, wrong, right)), (one, 0 * one, 0 * one))
    assert certify(world, (right, right), ((one, one), (0 * one, one), (one, 0 * one))).holds


# By definition


@pytest.mark.parametrize("game", GAMES, ids=range(len(GAMES)))
def test_one_equilibrium_that_is_the_limit_of_replies(game):
    found = [float(x) for x in game.only()]
    risk, _, attacks = game.reply(found)
    assert risk == pytest.approx(found, abs=1e-12)
    (entry,) = game.solve()
    assert float(entry.events["deterrence_failure"]) == pytest.approx(sum(attacks), abs=1e-12)
    rng = random.Random(1)
    for _ in range(3):
        limit = game.iterated([rng.uniform(0, 1) for _ in range(game.n)])
        if limit is not None:
            assert limit == pytest.approx(found, abs=1e-9)


def untelling(seed, n):
    """A game around the last points of the canon: attacks make the first signal less likely."""
    rng = random.Random(seed)

    def chance(low, high):
        return Fraction(rng.randint(low, high), 1000)

    rows = [[0, chance(400, 500), chance(200, 300)]]
    rows += [[0, chance(300, 400), chance(550, 590)] for _ in range(n)]
    gains = [(low, low + chance(50, 200)) for low in (chance(200, 400) for _ in range(n))]
    ends = (50, 300) if n == 1 else (400, 700)
    answers = [(least, least + chance(20, 50)) for least in (chance(*ends) for _ in range(n))]
    return Table(chance(900, 980), gains, answers, rows)


def test_several_equilibria_where_signals_do_not_tell():
    rng = random.Random(3)
    counts = []
    for n, seed in itertools.product((1, 2, 3), range(10)):
        game = untelling(seed, n)
        found = [[float(x) for x in row] for row in game.cutoffs()]
        counts.append(len(found))
        for x in found:
            assert game.reply(x)[0] == pytest.approx(x, abs=1e-10)
        for _ in range(3):
            limit = game.iterated([rng.uniform(-1, 1) for _ in range(n)])
            if limit is not None:
                assert any(limit == pytest.approx(x, abs=1e-8) for x in found)
    # Off knife edges a continuous map of a ball into itself has an odd number of fixed points.
    assert all(count % 2 for count in counts)
    assert sum(count > 1 for count in counts) >= 6


@pytest.mark.parametrize("seed", range(5))
def test_events_and_payoffs_by_drawing_every_case(seed):
    game = GAMES[4 * seed + 1 + seed % 3]
    (entry,) = game.solve()
    cutoffs = [float(x) for x in game.only()]
    _, beliefs, attacks = game.reply(cutoffs)
    n = game.n
    totals = dict.fromkeys(("deterrence_failure", "guilty_hit", "innocent_hit", "unanswered"), 0.0)
    defender = -float(game.loss) * sum(attacks)
    attackers = 0.0
    for who, weight in enumerate([1 - sum(attacks), *attacks]):
        if who:
            low, high = map(float, game.gains[who - 1])
            attackers += weight * (high + min(max(cutoffs[who - 1], low), high)) / 2
        totals["deterrence_failure"] += weight * (who > 0)
        for s, chance in enumerate(game.rows[who]):
            hits = []
            for i in range(n):
                low, high = map(float, game.answers[i])
                cut = 1 - beliefs[s][i]
                hits.append(min(max((high - cut) / (high - low), 0), 1))
                # The types of the Defender on a grid.
                for k in range(200):
                    y = low + (high - low) * (k + 0.5) / 200
                    defender += weight * float(chance) * (y >= cut) * (y - (who != i + 1)) / 200
                attackers -= weight * float(chance) * hits[i]
            for pattern in itertools.product((0, 1), repeat=n):
                p = weight * float(chance)
                for h, hit in zip(hits, pattern, strict=True):
                    p *= h if hit else 1 - h
                totals["guilty_hit"] += p * (who > 0 and pattern[who - 1])
                totals["innocent_hit"] += p * any(hit for i, hit in enumerate(pattern, 1) if i != who)
                totals["unanswered"] += p * (who > 0 and not any(pattern))
    assert {name: float(value) for name, value in entry.events.items()} == pytest.approx(totals, abs=1e-9)
    assert float(entry.payoffs["Defender"]) == pytest.approx(defender, abs=5e-3)
    assert float(entry.payoffs["attacker"]) == pytest.approx(attackers / n, abs=1e-9)


# Comparative statics


def higher(after, before, strict=False):
    """Whether every cutoff is at least as high, as far as enclosures tell."""
    return all(float(b) >= float(a) - 1e-18 for a, b in zip(before, after, strict=True))


@pytest.mark.parametrize("game", GAMES[:24], ids=range(24))
def test_comparative_statics(game):
    before = game.only()
    shift = Fraction(1, 20)
    # Gains of the first up: it is suspected more, the others less.
    gains = [[x + shift for x in game.gains[0]], *game.gains[1:]]
    after = game.changed(gains=gains).only()
    assert float(after[0]) >= float(before[0]) - 1e-18
    assert higher(before[1:], after[1:])
    attacks = [
        [entry.strategy[f"attacker {i}"]["attack"] for i in range(1, game.n + 1)]
        for entry in (game.solve()[0], game.changed(gains=gains).solve()[0])
    ]
    assert higher(attacks[1], attacks[0])
    # Answers up for all, and for one; opportunities up.
    answers = [[low + Fraction(1, 100), high + Fraction(1, 100)] for low, high in game.answers]
    assert higher(game.changed(answers=answers).only(), before)
    assert higher(game.changed(answers=[answers[0], *game.answers[1:]]).only(), before)
    assert higher(game.changed(gamma=game.gamma + shift).only(), before)
    # Fewer false alarms; all attacks detected better by a common factor.
    fewer = [[None, *(x / 2 for x in game.rows[0][1:])], *game.rows[1:]]
    assert higher(Table(game.gamma, game.gains, game.answers, fewer).only(), before)
    better = [game.rows[0], *([None, *(x * Fraction(11, 10) for x in row[1:])] for row in game.rows[1:])]
    assert higher(Table(game.gamma, game.gains, game.answers, better).only(), before)


def test_taking_an_attack_for_none_deters_where_the_other_signal_was_not_answered():
    checked = against = 0
    for seed in range(60):
        game = drawn(random.Random(500 + seed), 2, 3)
        (entry,) = game.solve()
        before = game.only()
        for s in (1, 2, 3):
            if game.rows[1][s] - Fraction(1, 50) < game.rows[0][s]:
                continue
            rows = [list(row) for row in game.rows]
            rows[1][s] -= Fraction(1, 50)
            after = game.changed(rows=[[1 - sum(row[1:]), *row[1:]] for row in rows]).only()
            if entry.strategy[f"Defender, signal {s}: attacker 1"]["hit"] == 0:
                checked += 1
                assert higher(after, before)
            else:
                against += not higher(after, before)
    assert checked >= 20
    assert against >= 5


def test_detecting_one_attacker_better_may_clear_the_other():
    def cutoffs(factor):
        first = [0, factor / 2, factor / 10]
        rows = [[0, Fraction(1, 50), Fraction(1, 50)], first, [0, Fraction(1, 10), Fraction(1, 2)]]
        return Table("3/5", [(0, 1)] * 2, [("1/5", "7/10")] * 2, rows).only()

    before, after = cutoffs(Fraction(1)), cutoffs(Fraction(7, 5))
    assert [round(float(x), 3) for x in before] == [0.423, 0.423]
    assert [round(float(x), 3) for x in after] == [0.589, 0.418]
    assert after[1].high < before[1].low


# Commitment, for one attacker


def best_plan(game):
    """The plan of answers that a Defender would bind itself to, in floats: its attacks and value.

    For each probability of attack the best answers that bring it about solve a concave problem: hit after signal s the
    top types, a share of them that is linear in the price of deterrence.
    """
    (low, high), (least, most) = ([float(x) for x in pair] for pair in (game.gains[0], game.answers[0]))
    quiet, loud = ([float(x) for x in row] for row in game.rows)
    gamma, loss, width = float(game.gamma), float(game.loss), most - least

    def value(attack):
        target = high - (high - low) * attack / gamma
        chances = [(1 - attack) * q + attack * p for p, q in zip(loud, quiet, strict=True)]

        def plan(price):
            return [
                min(max((most * c - (1 - attack) * q + price * (p - q)) / (width * c), 0), 1)
                for c, p, q in zip(chances, loud, quiet, strict=True)
            ]

        down, up = -1e3, 1e3
        for _ in range(100):
            price = (down + up) / 2
            risk = sum((p - q) * h for p, q, h in zip(loud, quiet, plan(price), strict=True))
            down, up = (price, up) if risk < target else (down, price)
        hits = plan((down + up) / 2)
        risk = sum((p - q) * h for p, q, h in zip(loud, quiet, hits, strict=True))
        if abs(risk - target) > 1e-6:
            return float("-inf")
        return -loss * attack + sum(
            c * (most * h - width * h * h / 2) - (1 - attack) * q * h
            for c, q, h in zip(chances, quiet, hits, strict=True)
        )

    best = max((value(gamma * k / 600), gamma * k / 600) for k in range(1, 600))
    step = gamma / 600
    for _ in range(25):
        best = max([best] + [(value(a), a) for a in (best[1] - step, best[1] + step) if 0 < a < gamma])
        step /= 2
    return best[1], best[0]


def test_who_likes_to_answer_may_bind_itself_to_be_attacked():
    given, expected = POINTS["M03_bbw-25"]["params"], POINTS["M03_bbw-25"]["expected"]
    game = Table(given["gamma"], given["F_uniform"], given["G_uniform"], given["pi"])
    game.loss = exact(given["K"])
    (entry,) = game.solve()
    assert game.loss < game.answers[0][1]
    assert float(entry.events["deterrence_failure"]) == pytest.approx(expected["attack_prob_no_commit"], abs=1e-9)
    assert float(entry.payoffs["Defender"]) == pytest.approx(expected["value_no_commit"], abs=1e-9)
    attacks, value = best_plan(game)
    assert attacks == pytest.approx(expected["attack_prob_commit"], abs=1e-4)
    assert value == pytest.approx(expected["value_commit"], abs=1e-7)
    assert attacks > expected["attack_prob_no_commit"]


@pytest.mark.parametrize("seed", range(12))
def test_with_a_loss_of_what_answers_bring_commitment_deters(seed):
    game = drawn(random.Random(800 + seed), 1, 1 + seed % 3)
    game.loss = game.answers[0][1]
    (entry,) = game.solve()
    attacks, value = best_plan(game)
    assert attacks <= float(entry.events["deterrence_failure"]) + 1e-6
    assert value >= float(entry.payoffs["Defender"]) - 1e-9


# Alike and unlike


@pytest.mark.parametrize("n", [1, 2, 3])
def test_attackers_that_are_alike_are_unlike_ones_with_the_same_numbers(n):
    rng = random.Random(n)
    for _ in range(6):
        p, q, f = (Fraction(rng.randint(*ends), 100) for ends in ((20, 60), (2, 30), (1, 4)))
        wrong = q / (n - 1) if n > 1 else Fraction(0)
        rows = [[0, *(f / n for _ in range(n))]] + [
            [0, *(p if s == i else wrong for s in range(n))] for i in range(n)
        ]
        table = Table("1/2", [(0, "11/10")] * n, [("1/4", "9/20")] * n, rows)
        solution = alike(n, identification=p, misidentification=q, false_alarm=f)
        assert solution.complete
        assert [float(e.figures["cutoff"]) for e in solution] == pytest.approx([float(x[0]) for x in table.cutoffs()])
        for one, other in zip(solution, table.solve(), strict=True):
            assert {k: float(v) for k, v in one.events.items()} == pytest.approx(
                {k: float(v) for k, v in other.events.items()}, abs=1e-12
            )
            assert {k: float(v) for k, v in one.payoffs.items()} == pytest.approx(
                {k: float(v) for k, v in other.payoffs.items()}, abs=1e-12
            )


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_atlas_says_what_solve_finds(n):
    game = BLAME.build({"attackers": n})
    atlas = dt.atlas(game)
    rng = random.Random(n)
    within = 0
    for _ in range(40):
        low, least = Fraction(rng.randint(-10, 5), 20), Fraction(rng.randint(0, 8), 20)
        p = Fraction(rng.randint(0, 20), 20)
        point = {
            "opportunity": Fraction(rng.randint(1, 19), 20), "loss": Fraction(1), "gain_low": low,
            "gain_high": low + Fraction(rng.randint(1, 25), 20), "answer_low": least,
            "answer_high": least + Fraction(rng.randint(1, 8), 20), "identification": p,
            **({"misidentification": (1 - p) * Fraction(rng.randint(0, 4), 4)} if n > 1 else {}),
            "false_alarm": Fraction(rng.choice([0, 0, 1, 2, 5, 10]), 100),
        }
        entries = list(dt.solve(game, point=point))
        if atlas.game.space.violations(point):
            continue
        within += 1
        (entry,) = entries
        (family,) = [family for family in atlas if family.holds(point)]
        assert family.label == entry.label
        attacks = entry.events["deterrence_failure"]
        if isinstance(attacks, Fraction):
            here = {**point, **({"attacks": attacks} if family.quantities else {})}
            assert {name: value.evaluate(here) for name, value in family.events.items()} == dict(entry.events)
            assert {name: value.evaluate(here) for name, value in family.payoffs.items()} == dict(entry.payoffs)
            assert {
                s: {a: v.evaluate(here) for a, v in row.items()} for s, row in family.strategy.items()
            } == {s: dict(row) for s, row in entry.strategy.items()}
    assert within >= 8


def test_where_closed_forms_end_it_is_said():
    with pytest.raises(NotSupportedError, match="alike"):
        dt.atlas(BLAME.build({"kind": "unlike"}))
    with pytest.raises(NotSupportedError, match="signals tell"):
        dt.atlas(BLAME.build().given({"identification": exact("1/1000"), "false_alarm": exact("1/10")}))


def test_a_table_of_signals_has_to_be_one():
    game = Table("1/2", [(0, 1)], [("1/5", "2/5")], [[0, "3/5", "2/5"], [0, "1/2", "1/4"]])
    with pytest.raises(ExpressionError, match="signal_1_from_nobody"):
        game.solve()


# The search through boxes, and the certificate


def test_boxes_find_every_fixed_point_and_no_other():
    # x -> 2x - x**3 has the fixed points -1, 0, 1; two of them at once nine pairs.
    found = fixed_points(
        lambda x: [2 * y - y**3 for y in x],
        lambda x: [[2 - 3 * x[0] ** 2, x[0] * 0], [x[0] * 0, 2 - 3 * x[1] ** 2]], [(Fraction(-2), Fraction(2))] * 2,
    )
    centres = {tuple(round((low + high) / 2) for low, high in box) for box in found}
    assert len(found) == 9
    assert centres == set(itertools.product((-1, 0, 1), repeat=2))
    for box in found:
        assert all(low <= round((low + high) / 2) <= high for low, high in box)
    with pytest.raises(LimitError):
        # Every number is a fixed point.
        fixed_points(lambda x: [x[0]], lambda x: [[ball(1)]], [(Fraction(-1), Fraction(1))], 200)


def test_wrong_thresholds_fail_their_certificate():
    half = Fraction(1, 2)
    quiet, loud = (Fraction(4, 5), Fraction(1, 5)), (Fraction(1, 5), Fraction(4, 5))
    world = World(half, ((Fraction(0), Fraction(1)),), ((Fraction(3, 5), Fraction(4, 5)),), (loud,), quiet)
    # Attack from 3/5 on: 1/5 attacks; guilt after the signal 0.16/0.32, after none 0.04/0.68.
    right = ((Fraction(16, 17),), (half,))
    assert certify(world, (Fraction(3, 5),), right).holds
    assert not certify(world, (half,), right).holds
    assert not certify(world, (Fraction(3, 5),), ((Fraction(7, 10),), (half,))).holds
    near = Enclosure(Fraction(3, 5) - Fraction(1, 10**20), Fraction(3, 5) + Fraction(1, 10**20))
    enclosed = certify(world, (near,), right)
    assert enclosed.holds
    assert enclosed.arithmetic == "ball"
    off = Enclosure(Fraction(61, 100), Fraction(61, 100))
    assert certify(world, (off,), right).fails_at == ("attackers",)
