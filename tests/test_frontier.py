"""The frontier against curves derived by hand, and what is said and drawn of it."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest

import deterrence as dt
from deterrence import pictures, policy
from deterrence.cli import main
from deterrence.errors import ExpressionError, NotSupportedError, UnknownNameError
from deterrence.frontier import Frontier
from deterrence.lowering import lower
from deterrence.printing import to_text

SCENARIOS = Path(__file__).parents[1] / "scenarios"

# Iran attacks or holds; the US, firm with probability f, strikes or not; a strike slips into war with probability s and
# costs it 1. A strike is worth t - 1 - 4*s to a firm US, which answers where that is positive, and never to another.
# An attack brings Iran 1, a strike costs it h, war 4 more. With f = 1/2, s = 1/4: the firm US strikes for t > 2.
# - t < 2: Iran attacks: failure 1, spiral 0.
# - t > 2: an attack is worth 1 - (h + 1)/2: for h < 1 it attacks, failure 1 and spiral 1/8; for h > 1 it holds: 0, 0.
THREAT = """
format = 1
title = "A threat that pays only the firm"
[parameters]
t = {{ value = 3, range = [1, 4], role = "lever" }}
h = {{ value = {harm}, range = ["1/2", 3], role = "uncertainty", unit = "gains of Iran" }}
f = "1/2"
[events]
deterrence_failure = "attack"
spiral = "war"
[game]
players = ["US", "Iran"]
parameters = {{ t = "", h = "h > 0", f = "0 < f < 1" }}
[[game.move]]
player = "Iran"
information = "Iran"
actions = ["attack", "hold"]
[[game.move]]
player = "chance"
after = ["attack"]
actions = {{ firm = "f", soft = "1 - f" }}
[[game.move]]
player = "US"
information = "firm"
after = ["attack, firm"]
actions = ["strike", "forbear"]
[[game.move]]
player = "US"
information = "soft"
after = ["attack, soft"]
actions = ["strike", "forbear"]
[[game.move]]
player = "chance"
after = ["attack, *, strike"]
actions = {{ war = "1/4", calm = "3/4" }}
[[game.payoff]]
when = ["attack"]
Iran = 1
[[game.payoff]]
when = ["strike"]
US = -1
Iran = "-h"
[[game.payoff]]
when = ["strike", "firm"]
US = "t"
[[game.payoff]]
when = ["war"]
US = -4
Iran = -4
"""


def threat(harm: str, **options: object) -> Frontier:
    return dt.frontier(dt.loads(THREAT.format(harm=harm)), rows=0, **options)  # type: ignore[arg-type]


def test_a_weak_threat_raises_the_chance_of_a_spiral_and_deters_nobody() -> None:
    found = threat('"1/2"')
    assert [(s.low, s.high) for s in found.stretches] == [(1, 2), (2, 4)]
    assert [[(c.at(0, Fraction(3)), c.at(1, Fraction(3))) for c in s.curves] for s in found.stretches] == [
        [(1, 0)], [(1, Fraction(1, 8))],
    ]
    stop, back = found.stop("worst", "failure"), found.backfire("worst", "spiral")
    assert stop is not None
    assert (stop.at, stop.value) == (None, 1)
    assert back is not None
    assert (back.at, back.value) == (2, Fraction(1, 8))
    assert "nowhere lowers" in found.paragraph


def test_a_strong_threat_deters_from_the_point_at_which_it_is_believed() -> None:
    found = threat("2")
    stop = found.stop("worst", "failure")
    assert stop is not None
    assert (stop.at, stop.value) == (2, 0)
    assert found.least("worst", "failure") == (0, ((2, 4),))
    assert [(pair.failure, pair.spiral) for pair in found.here] == [(0, 0)]
    lowered = found.stop("worst", "failure", upward=False)
    assert lowered is not None
    assert lowered.at is None


def test_at_a_threshold_it_is_told_what_is_there_and_what_is_only_approached() -> None:
    # At t = 2 a firm US is indifferent and strikes with any probability q; an attack is worth 1 - q*(h + 1)/2 to Iran.
    # h = 2: attack for q <= 2/3, spiral q/8 from 0 to 1/12; hold for q >= 2/3; both at 2/3. Below the threshold (1, 0),
    # above it (0, 0). h = 1/2: attack for every q, spiral from 0, as below the threshold, to 1/8, as above it.
    at = Fraction(2)
    strong = dt.frontier(dt.loads(THREAT.format(harm="2")), "t", rows=0, commitment=False)
    assert strong.apart[at] == {"failure": ([0, 1], []), "spiral": ([Fraction(1, 12)], [])}
    weak = dt.frontier(dt.loads(THREAT.format(harm='"1/2"')), "t", rows=0, commitment=False)
    assert weak.apart[at] == {"failure": ([], []), "spiral": ([0, Fraction(1, 8)], [])}
    document = strong.to_dict()["discretion"]["cuts"]
    assert [cut["apart"] for cut in document] == [
        {}, {"failure": {"attained": ["0", "1"], "approached": []},
             "spiral": {"attained": ["1/12"], "approached": []}}, {}]


def test_what_no_equilibrium_attains_at_a_threshold_is_a_hollow_dot() -> None:
    # A is paid x for up, and x is not 0, by its domain: below 0 A plays down, above it up, and at 0 there is no game.
    text = """
format = 1
title = "A gap"
parameters.x = { value = 1, range = [-1, 1], role = "lever" }
[events]
deterrence_failure = "up"
spiral = "down"
[game]
players = ["A"]
parameters = { x = "x != 0" }
[[game.move]]
player = "A"
information = "A"
actions = ["up", "down"]
[[game.payoff]]
when = ["up"]
A = "x"
"""
    found = dt.frontier(dt.loads(text), "x", rows=0, commitment=False)
    assert found.curves is not None
    place = next(cut for cut in found.curves.cuts if cut == 0)
    assert found.apart[Fraction(0)] == {"failure": ([], [0, 1]), "spiral": ([], [0, 1])}
    assert found.curves.apart(0, place, []) == ([], [0, 1])
    assert found.curves.apart(0, place, [Fraction(1, 2)]) == ([Fraction(1, 2)], [0, 1])
    assert found.curves.apart(0, place, [Fraction(0), Fraction(1)]) == ([0, 1], [])
    document = found.to_dict()
    assert "an equilibrium there" not in pictures.frontier(document).svg()
    document["discretion"]["cuts"] = [
        {"at": "0", "apart": {"failure": {"attained": ["1/2"], "approached": ["0", "1"]}}},
    ]
    drawn = pictures.frontier(document).svg()
    assert "at a threshold: approached, not reached" in drawn
    assert "at a threshold: an equilibrium there" in drawn


def test_commitment_is_worth_what_deterrence_is() -> None:
    # At t = 3/2 no type strikes and Iran attacks. Bound to strike the US deters (Iran gets 1 - h - 1 < 0 if struck for
    # sure), but it loses nothing to an attack: worth nothing.
    scenario = dt.loads(THREAT.format(harm="2")).with_values({"t": "3/2"})
    found = dt.frontier(scenario, rows=0)
    assert found.worth == (0, 0)
    # An attack that costs the US 1 makes it worth 1: deterrence by the least threat, 1 = q*(h + 1), q = 1/3.
    text = THREAT.format(harm="2").replace('when = ["attack"]\nIran = 1', 'when = ["attack"]\nIran = 1\nUS = -1')
    found = dt.frontier(dt.loads(text).with_values({"t": "3/2"}), rows=0)
    assert found.worth == (1, 1)
    assert found.optimum is not None
    assert found.optimum.events["deterrence_failure"] == 0
    strategy = found.optimum.strategy
    assert (strategy["firm"]["strike"] + strategy["soft"]["strike"]) / 2 == Fraction(1, 3)
    # The firm type loses less by striking: the threat falls to it first.
    assert strategy["soft"]["strike"] == 0


def test_an_ending_that_cannot_be_is_told_before_anything_is_computed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "threat.toml"
    file.write_text(THREAT.format(harm="2"), encoding="utf-8")
    assert main(["frontier", str(file), "-o", str(tmp_path / "out.bmp")]) == 2
    assert ".bmp cannot be written; endings are .svg, .pdf, .png, .json" in capsys.readouterr().err
    assert not (tmp_path / "out.bmp").exists()


def test_bands_are_shares_of_the_uncertainties() -> None:
    # h uniform on [1/2, 3], t > 2: Iran holds for h > 1, four fifths of the range.
    found = dt.frontier(dt.loads(THREAT.format(harm="2")), rows=500)
    band = {b.quantity: b for b in found.bands}["P_max[deterrence_failure]"]
    low, middle, high = band.levels
    for n, t in enumerate(found.grid):
        assert (low[n], middle[n], high[n]) == ((1, 1, 1) if t < 2 else (0, 0, 1))
    assert found.over == ("h",)
    # The scenario has t = 3: the lowest twentieth and the middle case are 0, the highest twentieth 1.
    assert "is between 0 and 1 in nine of ten sampled cases, 0 in the middle one." in found.paragraph
    told = next(row for row in to_text(policy.frontier(found)).split("\n") if "fails, worst equilibrium" in row)
    assert told.split()[-4:] == ["0", "0", "to", "1"]


def test_bands_of_a_game_that_is_no_tree_rest_on_points_solved_for_themselves() -> None:
    # swarm, 23 groups, collective rule: at h = 20 + 180/22, the first value, h*q*(1 - q)^22 < 1 for every q, so that
    # all attack in the worst case: the answer comes with 1 - (1 - q)^23, q uniform on [1/200, 1/20]. None attacks where
    # h*q >= 1: q >= 11/310, the upper 29/90 of the range.
    found = dt.frontier(dt.load(SCENARIOS / "iraq-syria-2023-10-swarm.toml"), commitment=False)
    bands = {b.quantity: [level[0] for level in b.levels] for b in found.bands}
    assert found.sample == (64, 0)
    assert found.grid[0] == pytest.approx(20 + 180 / 22)
    assert bands["P_max[deterrence_failure]"] == [1, 1, 1]
    assert bands["P_min[deterrence_failure]"] == [0, 1, 1]
    for value, share in zip(bands["P_max[spiral]"], (0.05, 0.5, 0.95), strict=True):
        low, high = (1 - (1 - 0.005 - 0.045 * part) ** 23 for part in (share - 0.03, share + 0.03))
        assert low <= value <= high
    assert any("64 rows at each of 11 values" in note for note in found.notes)


def test_bands_of_a_game_with_closed_forms_of_its_own_rest_on_these() -> None:
    # No agreement, in which nobody holds back, is an equilibrium of understanding at every value: it fails for sure.
    found = dt.frontier(dt.load(SCENARIOS / "iraq-syria-2023-understanding.toml"), rows=64, commitment=False)
    assert (len(found.grid), found.sample) == (41, (64, 0))
    assert not any("solved for itself" in note for note in found.notes)
    worst = {b.quantity: b.levels for b in found.bands}["P_max[deterrence_failure]"]
    assert set(sum(worst, ())) == {1}


def test_traces_between_irrational_ends_need_no_field_of_both() -> None:
    # The record of autumn 2023 changes at roots of degrees 6 and 30 along the harm of an answer.
    found = dt.frontier(dt.load(SCENARIOS / "iraq-syria-2023-10-reputation.toml"), rows=0, commitment=False)
    for stretch in found.to_dict()["discretion"]["stretches"]:
        for family in stretch["families"]:
            places = [place for place, _, _ in family["trace"]]
            assert places == sorted(places)
            assert len(set(places)) == 17
            assert all(0 <= chance <= 1 for _, *chances in family["trace"] for chance in chances)


def test_bands_of_a_ladder_are_made_where_it_is_said_what_varies() -> None:
    found = dt.frontier(dt.load(SCENARIOS / "canon" / "escalation_ladder.toml"), "gain", rows=8, commitment=False)
    assert not found.bands
    assert any("name few parameters that vary" in note for note in found.notes)


def test_the_shipped_retaliation_has_a_point_beyond_which_force_backfires() -> None:
    # Type s escalates after force where war costs it less than the harm of absorbing it (models/retaliation): with a
    # cost of war of 8 to the wary type (and less to the bold), from force_harm = 8 on force means war with both.
    scenario = dt.load(SCENARIOS / "iraq-syria-2023-10-retaliation.toml")
    assert scenario.point["war_cost_wary"] == 8
    found = dt.frontier(scenario, rows=0)
    assert found.lever == "force_harm"
    back = found.backfire("worst", "failure")
    assert back is not None
    assert back.at == 8
    for value in ("7", "17/2"):
        solved = dt.solve(scenario.with_values({"force_harm": value}))
        stretch = next(s for s in found.stretches if s.low < Fraction(value) < s.high)
        pairs = {(e.events["deterrence_failure"], e.events["spiral"]) for e in solved}
        assert pairs == {(c.at(0, Fraction(value)), c.at(1, Fraction(value))) for c in stretch.curves}


@pytest.mark.parametrize(("changes", "message"), [
    ({"lever": "tt"}, "did you mean 't'"), ({"lever": "f"}, "has no range"), ({"leader": "UK"}, "UK"),
    ({"failure": "attak"}, "did you mean 'attack'"),
])
def test_a_name_that_does_not_fit_is_told_before_anything_is_computed(changes: dict[str, str], message: str) -> None:
    with pytest.raises((UnknownNameError, ExpressionError), match=message):
        threat("2", **changes)


def test_a_scenario_without_a_lever_is_told_what_to_do() -> None:
    scenario = dt.loads(THREAT.format(harm="2").replace('role = "lever"', 'role = "constant"'))
    with pytest.raises(ExpressionError, match="role = \"lever\""):
        dt.frontier(scenario)


def test_the_document_says_everything_and_the_picture_shows_it(tmp_path: Path) -> None:
    found = dt.frontier(dt.loads(THREAT.format(harm="2")), rows=64)
    document = json.loads(json.dumps(found.to_dict()))
    assert document["discretion"]["stops"]["failure"]["worst"]["raising"]["stops_at"] == "2"
    # At t = 3 a strike pays the firm US 1: it would rather be attacked, and binds itself to strike just so often that
    # Iran still does, with probability 1/3 (1 - q*(h + 1) = 0).
    assert document["commitment"]["worth"] == {"against_best": "1/3", "against_worst": "1/3"}
    assert "2 equilibria" not in document["paragraph"]
    # At t = 2 the firm type is indifferent: whether Iran attacks depends on what it would do, and all of that counts.
    cuts = {cut["at"]: cut for cut in document["discretion"]["cuts"]}
    assert cuts["2"]["failure"] == ["0", "1"]
    text = to_text(policy.frontier(found))
    assert "Under discretion, as t moves" in text
    for name in ("one.svg", "two.svg", "one.png", "one.pdf"):
        pictures.frontier(document).save(tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    drawn = (tmp_path / "one.svg").read_text(encoding="utf-8")
    ElementTree.fromstring(drawn)  # noqa: S314 - our own file
    assert document["paragraph"] in drawn
    with pytest.raises(ExpressionError, match=r"\.svg"):
        pictures.frontier(document).save(tmp_path / "one.bmp")


def test_the_command_gives_a_table_a_document_or_a_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "threat.toml"
    file.write_text(THREAT.format(harm="2"), encoding="utf-8")
    assert main(["frontier", str(file), "--rows", "0"]) == 0
    assert "Raising t lowers" in capsys.readouterr().out
    assert main(["frontier", str(file), "--rows", "0", "--json", "-o", str(tmp_path / "out.json")]) == 0
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["lever"]["name"] == "t"
    assert main(["frontier", str(file), "--rows", "0", "--quiet", "-o", str(tmp_path / "out.svg")]) == 0
    assert (tmp_path / "out.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert main(["frontier", str(file), "--lever", "tt"]) == 2
    assert "did you mean 't'" in capsys.readouterr().err


def test_closed_forms_of_some_equilibria_are_not_taken_for_all() -> None:
    # The atlas of a ladder has pure equilibria; `solve` finds mixed ones too.
    scenario = dt.load(SCENARIOS / "iraq-syria-2023-10-ladder.toml")
    found = dt.atlas(scenario, over=["gain_us"])
    assert found.concept == "pure markov perfect"
    with pytest.raises(NotSupportedError, match="pure Markov perfect"):
        lower(found)


def test_at_a_tie_everything_that_varies_counts() -> None:
    found = dt.frontier(dt.loads(THREAT.format(harm="2")).with_values({"t": 2}), rows=0)
    assert found.reach["failure"] == (0, 1)
    assert "deterrence fails with probability 0 to 1" in found.paragraph


def test_where_nobody_answers_without_mixing_commitment_is_left_out() -> None:
    text = """
format = 1
title = "Matching pennies in the shadow of the US"
[parameters]
t = { value = 1, range = [0, 2], role = "lever" }
[events]
deterrence_failure = "heads"
spiral = "left"
[game]
players = ["US", "A", "B"]
parameters = { t = "" }
[[game.move]]
player = "US"
information = "US"
actions = ["idle", "wait"]
[[game.move]]
player = "A"
information = "A"
after = ["*"]
actions = ["heads", "tails"]
[[game.move]]
player = "B"
information = "B"
after = ["*, *"]
actions = ["left", "right"]
[[game.payoff]]
after = ["*, heads, left", "*, tails, right"]
A = 1
B = -1
[[game.payoff]]
after = ["idle, *, *"]
US = "t"
"""
    found = dt.frontier(dt.loads(text), rows=0)
    assert found.optimum is None
    assert any("without mixing" in note for note in found.notes)


def test_one_event_is_not_set_against_itself() -> None:
    with pytest.raises(ExpressionError, match="both events"):
        threat("2", failure="attack", spiral="attack")
