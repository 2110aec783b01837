"""The record against the table of events, and predictions beside it against binomial sums by hand."""

from __future__ import annotations

import csv
import datetime
import json
from fractions import Fraction
from math import comb
from pathlib import Path

import pytest

import deterrence as dt
from deterrence.cli import main
from deterrence.confront import Observation
from deterrence.errors import ExpressionError, ScenarioError
from deterrence.policy import confrontation
from deterrence.printing import to_text
from deterrence.record import Record, load

SCENARIOS = Path(__file__).parents[1] / "scenarios"
RECORD = SCENARIOS / "data" / "record.toml"


@pytest.fixture(scope="module")
def record() -> Record:
    return load(RECORD)


def cumulative() -> dict[str, int]:
    """Attacks since 17 October 2023 by date: Iraq and Syria added up where they are told apart."""
    total: dict[str, int] = {}
    with (SCENARIOS / "data" / "events.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["unit"].startswith("attacks since 2023-10-17"):
                total[row["date"]] = total.get(row["date"], 0) + int(row["value"])
    return total


def test_the_counts_of_the_periods_add_up_to_those_of_the_rows(record: Record) -> None:
    told = cumulative()
    assert told["2023-10-30"] == 23  # the article of 31 October 2023
    low = high = 0
    for period in record.periods[1:]:
        low, high = low + period.attacks[0], high + period.attacks[1]
        last = period.end.isoformat()
        if last in told:
            assert low == high == told[last], period.name
    assert (low, high) == (160, 180)  # what sources say of the whole, data/README.md


def test_periods_follow_one_another_without_a_gap(record: Record) -> None:
    for one, other in zip(record.periods, record.periods[1:], strict=False):
        assert other.start - one.end == datetime.timedelta(days=1)


def test_every_row_named_has_a_source(record: Record) -> None:
    assert len(record.named) > 20
    for address in record.sources(record.named):
        assert address.startswith(("https://", "http://"))


def test_a_fit_is_a_binomial_sum() -> None:
    # P(1 <= K <= 3), K binomial of 4 with 1/3.
    chance = Fraction(1, 3)
    by_hand = sum(comb(4, k) * chance**k * (1 - chance) ** (4 - k) for k in (1, 2, 3))
    assert Observation("x", "", "e", "", (1, 3), (4, 4)).fit(1 / 3) == pytest.approx(float(by_hand), abs=1e-14)
    # Where sources disagree on the number of cases the most favourable counts: no case in 2 to 5 at 1/2 is 1/4.
    assert Observation("x", "", "e", "", (0, 0), (2, 5)).fit(0.5) == pytest.approx(0.25, abs=1e-15)
    assert Observation("x", "", "e", "", (0, 0), (5, 5)).fit(1.0) == 0
    assert Observation("x", "", "e", "", (5, 5), (5, 5)).fit(1.0) == 1


# One play: Iran attacks where it gains, g > 0; an attack is lethal with probability q, and answered where it is lethal.
PLAIN = """
format = 1
title = "Attack where it pays"
[parameters]
g = 1
q = {{ value = "1/150", range = ["1/1000", "1/2"], role = "uncertainty" }}
[events]
deterrence_failure = "attack"
[game]
players = ["US", "Iran"]
parameters = {{ g = "", q = "0 < q < 1" }}
[[game.move]]
player = "Iran"
information = "Iran"
actions = ["attack", "hold"]
[[game.move]]
player = "chance"
after = ["attack"]
actions = {{ lethal = "q", mild = "1 - q" }}
[[game.payoff]]
when = ["attack"]
Iran = {gain}
US = -1
"""


def test_an_equilibrium_that_always_attacks_is_ruled_out_by_lulls_alone(record: Record) -> None:
    found = dt.confront(dt.loads(PLAIN.format(gain='"g"')), record, rows=64)
    (fit,) = found.fits
    by_name = {o.name: value for o, value in zip(found.observations, fit.fits, strict=True)}
    assert [name for name, value in by_name.items() if value == 0] == ["undeclared truce", "Gaza truce", "lull"]
    assert by_name["winter"] == 1
    assert fit.expected[1] == (10, 10)
    # Whatever q is, every point has that one equilibrium.
    assert found.kept == tuple(float(value > 0) for value in by_name.values())
    assert (found.throughout, found.somewhere) == (0, 0)
    assert found.ranges["q"] == ((0.001, 0.5), None)
    assert "does not identify the effect of striking" in to_text(confrontation(found))
    assert "'lethal'" in " ".join(found.notes)


def test_one_that_never_attacks_fits_the_lulls_alone(record: Record) -> None:
    found = dt.confront(dt.loads(PLAIN.format(gain='"-g"')), record, rows=0)
    (fit,) = found.fits
    assert [v == 1 for v in fit.fits] == [p.attacks[0] == 0 for p in record.periods]
    assert found.kept == ()


def test_retaliation_is_told_about_lethal_attacks_and_answers(record: Record) -> None:
    scenario = dt.load(SCENARIOS / "iraq-syria-2023-10-retaliation.toml")
    found = dt.confront(scenario, record, rows=0)
    names = [o.name for o in found.observations]
    assert names[-3:] == ["lethal", "answer", "war"]
    for entry, fit in zip(dt.solve(scenario), found.fits, strict=True):
        attack = entry.events["deterrence_failure"]
        wanted = scenario.point["lethality"] if attack else None
        assert fit.chances[names.index("lethal")] == wanted
        if attack:
            # A play is a wave of 14 days. Periods have 14, 1, 1, 1, 1, 1, 2, 1 and 5 plays; attacks were between none
            # and 7 of the first 14 and in 1, 1, 1, 0, 1, 1 to 2, 1 and 0 of the others: in 6 to 14 plays in all.
            lethal = float(scenario.point["lethality"])
            by_hand = max(n * lethal * (1 - lethal) ** (n - 1) for n in range(6, 15))
            assert fit.fits[names.index("lethal")] == pytest.approx(by_hand, rel=1e-9)


def test_equilibria_that_predict_the_same_are_not_told_apart(record: Record) -> None:
    # Iran holds, and two others then coordinate: three equilibria, none with an attack.
    text = PLAIN.format(gain='"-g"').replace('players = ["US", "Iran"]', 'players = ["US", "Iran", "A", "B"]') + """
[[game.move]]
player = "A"
information = "A"
after = ["hold"]
actions = ["one", "two"]
[[game.move]]
player = "B"
information = "B"
after = ["hold, *"]
actions = ["left", "right"]
[[game.payoff]]
after = ["hold, one, left", "hold, two, right"]
A = 1
B = 1
"""
    found = dt.confront(dt.loads(text), record, rows=0)
    assert found.alike == (tuple(fit.id for fit in found.fits),)
    assert len(found.fits) == 3


@pytest.mark.parametrize(("old", "new", "message"), [
    ("attacks = [0, 7]", "attacks = [7, 0]", "two whole numbers"),
    ("attacks = [0, 7]", "attacks = [0, 7.5]", "two whole numbers"),
    ("to = 2023-10-16", "to = 2023-03-16", "must not be before"),
    ('"2023-10-26: cumulative attacks (Pentagon)"', '"2023-10-26: nothing"', "has no row"),
    ('events = "events.csv"', 'events = "../events.csv"', "not above it"),
    ('events = "events.csv"', 'events = "none.csv"', "none.csv"),
    ('name = "winter"', 'nam = "winter"', "no key 'nam'"),
    ('of = "attack"', 'of = "atack"', "one of attack, answer"),
    ("count = [1, 1]", "count = [181, 181]", "more of the kind"),
    ("from = 2023-10-17", "from = 2023-10-10", "begins on"), ('name = "winter"', 'name = "lull"', "two periods"),
    ("attacks = [0, 7]", "attacks = [0, 7000]", "apart"), ("from = 2023-03-29", "from = 0001-01-01", "at most"),
])
def test_a_mistake_in_a_record_is_told_with_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = RECORD.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "record.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    (tmp_path / "events.csv").write_bytes((RECORD.parent / "events.csv").read_bytes())
    with pytest.raises(ScenarioError, match=message) as caught:
        load(tmp_path / "record.toml")
    assert caught.value.problems[0].line is not None


def test_without_a_record_it_is_said_where_one_is_looked_for() -> None:
    with pytest.raises(ExpressionError, match=r"data/record\.toml.*--record"):
        dt.confront(dt.loads(PLAIN.format(gain='"g"')))


def test_the_command_gives_a_table_or_a_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "plain.toml"
    file.write_text(PLAIN.format(gain='"g"'), encoding="utf-8")
    assert main(["confront", str(file), "--record", str(RECORD), "--rows", "0"]) == 0
    assert "What the record rules out" in capsys.readouterr().out
    assert main(["confront", str(file), "--record", str(RECORD), "--rows", "16", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["ruled_out"] == {"F1": ["undeclared truce", "Gaza truce", "lull"]}
    assert document["identification"].startswith("This episode does not identify")
    assert main(["confront", str(file)]) == 2
    assert "--record" in capsys.readouterr().err
    assert main(["confront", str(file), "--level", "2"]) == 2


def test_a_play_of_many_days_counts_cases_by_plays(record: Record) -> None:
    scenario = dt.load(SCENARIOS / "iraq-syria-2023-10-retaliation.toml")
    assert dt.confront(scenario, record, rows=0).days == 14
    found = {o.name: o for o in dt.confront(scenario, record, rows=0, days=1).observations}
    # By the day: attacks on between none and 7, then 1 to 10, 14, 14, none, 23, 28, 17 and none of the days.
    assert found["lethal"].among == (6, 7 + 10 + 14 + 14 + 23 + 28 + 17)
    assert (found["answer"].count, found["war"].among) == ((8, 11), (8, 11))
    found = {o.name: o for o in dt.confront(scenario, record, rows=0, days=14).observations}
    assert found["answer"].count == (1, 11)


@pytest.mark.parametrize(("line", "message"), [
    ("days = 0", "from 1 to"), ('days = "x"', "from 1 to"), ("dayz = 3", "did you mean 'days'"), ("file = 3", "text"),
])
def test_a_mistake_under_record_is_told_with_its_place(line: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        dt.loads(PLAIN.format(gain='"g"') + f"[record]\n{line}\n")


def test_the_ends_of_what_varies_stand_beside_the_member(record: Record) -> None:
    # At g = 0 Iran is indifferent: an attack has any probability, and no lull rules all of that out.
    found = dt.confront(dt.loads(PLAIN.format(gain='"g"')).with_values({"g": 0}), record, rows=0)
    chances = {fit.chances[0] for fit in found.fits}
    assert chances == {0, 1}
    assert any(fit.id.startswith("*") for fit in found.fits)


@pytest.mark.parametrize("content", ["", "x" * 200_000, 'date,"event\n', "date\n1\n"])
def test_a_broken_table_of_events_is_a_mistake(tmp_path: Path, content: str) -> None:
    (tmp_path / "record.toml").write_bytes(RECORD.read_bytes())
    (tmp_path / "events.csv").write_text(content, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"events\.csv"):
        load(tmp_path / "record.toml")


def test_mistakes_of_the_table_of_events_are_told_at_their_lines(tmp_path: Path) -> None:
    # Row 2 holds a line feed within quotes, so that it takes lines 2 and 3; lines 4 and 6 have a cell too few and too
    # many, and the string that line 7 opens is never closed.
    head = (RECORD.parent / "events.csv").read_text(encoding="utf-8").split("\n")[0]
    rows = ['1,"two\nlines",3,4,5,6,7,8,9', "1,2,3,4,5,6,7,8", "1,2,3,4,5,6,7,8,9", "1,2,3,4,5,6,7,8,9,10",
            '1,2,3,4,5,6,7,8,"9', "1,2"]
    (tmp_path / "record.toml").write_bytes(RECORD.read_bytes())
    (tmp_path / "events.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "record.toml")
    at = RECORD.read_text(encoding="utf-8").split("\n").index('events = "events.csv"') + 1
    told = [(Path(p.file).name, p.line) for p in caught.value.problems]
    assert told == [("record.toml", at), ("events.csv", 4), ("events.csv", 6), ("events.csv", 7)]
    assert caught.value.problems[0].key == "events"
