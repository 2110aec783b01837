"""Pictures: their files, their descriptions, the tree of a game, ladders, beliefs, sensitivity, and the command."""

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest

import deterrence as dt
from deterrence import pictures, plotting, saved
from deterrence.cli import main
from deterrence.errors import ExpressionError, NotSupportedError, UnknownNameError
from deterrence.pictures.canvas import HATCHES, number_of, short, step_shade
from deterrence.pictures.layout import layout
from deterrence.pictures.paths import _chain
from deterrence.pictures.trees import MOST_ROWS, _Drawing, legible
from deterrence.scenario import Scenario
from deterrence.solvers.ladder import stochastic_game
from deterrence.tree import Game

SCENARIOS = Path(__file__).parents[1] / "scenarios"
SVG = "{http://www.w3.org/2000/svg}"
RESTRAINT = """
format = 1
title = "{title}"
[parameters]
resolve = {{ value = "3/5", range = ["1/10", "9/10"], role = "uncertainty", unit = "probability" }}
cost = "1/5"
gain = {{ value = 1, range = ["1/2", 4], role = "lever", unit = "utility" }}
harm = 2
loss_resolved = "1/2"
loss_irresolute = 1
[game]
players = ["US", "Iran"]
[game.parameters]
resolve = "0 < resolve < 1"
cost = "cost > 0"
gain = "gain > 0"
harm = "harm > 0"
loss_resolved = ""
loss_irresolute = ""
assume = ["loss_irresolute > loss_resolved"]
[[game.move]]
player = "chance"
actions = {{ resolved = "resolve", irresolute = "1 - resolve" }}
[[game.move]]
player = "US"
information = "resolved"
after = ["resolved"]
actions = ["strike", "hold"]
[[game.move]]
player = "US"
information = "irresolute"
after = ["irresolute"]
actions = ["strike", "hold"]
[[game.move]]
player = "Iran"
information = "after strike"
after = ["*, strike"]
actions = ["attack", "refrain"]
[[game.move]]
player = "Iran"
information = "after hold"
after = ["*, hold"]
actions = ["attack", "refrain"]
[[game.payoff]]
when = ["strike"]
US = "-cost"
[[game.payoff]]
when = ["attack"]
unless = ["irresolute"]
US = "-loss_resolved"
Iran = "-harm"
[[game.payoff]]
after = ["irresolute, *, attack"]
US = "-loss_irresolute"
Iran = "gain"
"""


def restraint(title: str = "A small game of restraint") -> Scenario:
    return dt.loads(RESTRAINT.format(title=title))


def texts(picture: pictures.Picture) -> list[str]:
    return [text.get_text() for axes in picture.make().axes for text in axes.texts]


# files


def test_a_vector_picture_is_xml_that_says_what_it_shows() -> None:
    hostile = "</script><script>alert(1)</script> $x_2$ & ]]> --"
    picture = dt.plot(restraint(hostile))
    root = ElementTree.fromstring(picture.svg())  # noqa: S314 - our own text
    assert root.get("role") == "img"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert hostile in (title.text or "")
    assert description.text == picture.alt
    assert not list(root.iter(f"{SVG}script"))
    names = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(names) == len(set(names))


def test_parts_of_two_pictures_on_a_page_have_different_names() -> None:
    one, other = (dt.plot(restraint(), kind).svg() for kind in ("tree", "beliefs"))
    names = [{element.get("id") for element in ElementTree.fromstring(text).iter()} - {None}  # noqa: S314 - our own
             for text in (one, other)]
    assert not names[0] & names[1]
    held = [line.split('"#')[1].split('"')[0] for line in one.splitlines() if 'href="#' in line]
    assert held
    assert set(held) <= names[0]


def test_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    file = tmp_path / "game.toml"
    file.write_text(RESTRAINT.format(title="Twice"), encoding="utf-8")
    code = (
        "import sys, deterrence as dt\n"
        "for kind in ('tree', 'regions', 'events'):\n"
        "    picture = dt.plot(sys.argv[1], kind)\n"
        "    for ending in ('svg', 'pdf', 'png'):\n"
        "        picture.save(f'{sys.argv[2]}/{kind}.{ending}')\n"
    )
    found = []
    for seed in ("1", "2"):
        place = tmp_path / seed
        place.mkdir()
        subprocess.run([sys.executable, "-c", code, str(file), str(place)], check=True,
                       env={**os.environ, "PYTHONHASHSEED": seed})
        found.append({path.name: path.read_bytes() for path in place.iterdir()})
    assert len(found[0]) == 9
    assert found[0] == found[1]


def test_a_reader_of_matplotlib_keeps_their_settings() -> None:
    import matplotlib as mpl

    before = dt.plot(restraint()).svg()
    with mpl.rc_context({"font.size": 30.0, "axes.facecolor": "black", "text.parse_math": True}):
        assert dt.plot(restraint()).svg() == before
        assert mpl.rcParams["font.size"] == 30.0


def test_a_notebook_shows_the_drawing_and_the_words() -> None:
    picture = dt.plot(restraint())
    assert picture._repr_svg_() == picture.svg()
    assert "<figcaption>A game tree with 8 terminal histories" in picture._repr_html_()


def test_numbers_of_a_document() -> None:
    assert number_of("root(x**2 - 2, -2, -1)") == pytest.approx(-(2**0.5))
    # A degree that no scenario may write.
    root = number_of("root(x**11 - 2*x - 1, 1, 2)")
    below, above = ((root + step) ** 11 - 2 * (root + step) - 1 for step in (-1e-12, 1e-12))
    assert below < 0 < above
    assert [short("1/3"), short("0"), short("12345/67891"), short(0.25)] == ["1/3", "0", "≈ 0.182", "≈ 0.25"]


def test_shades_get_darker_step_by_step() -> None:
    light = [sum(int(step_shade(n, 6)[i : i + 2], 16) for i in (1, 3, 5)) for n in range(7)]
    assert light == sorted(light, reverse=True)
    assert len(set(light)) == 7
    assert len(set(HATCHES)) == len(HATCHES)


# trees


@pytest.mark.parametrize("name", ["iraq-syria-2023-10", "iraq-syria-2023-10-retaliation", "canon/reassurance"])
def test_information_sets_have_a_column_and_overlapping_ones_different_lanes(name: str) -> None:
    game = dt.load(SCENARIOS / f"{name}.toml").game
    places = layout(game)
    assert sorted(places.row[history] for history in game.terminals) == list(range(len(game.terminals)))
    spans: list[tuple[int, int, float, float]] = []
    for infoset in game.infosets:
        columns = {places.column[history] for history in infoset.histories}
        assert len(columns) == 1
        if len(infoset.histories) > 1:
            rows = [places.row[history] for history in infoset.histories]
            spans.append((columns.pop(), places.lane[infoset.name], min(rows), max(rows)))
    for n, (column, lane, low, high) in enumerate(spans):
        for other in spans[:n]:
            assert (column, lane) != other[:2] or high < other[2] or other[3] < low
    assert all(places.column[h] > places.column[h[:-1]] for h in places.column if h)


def test_the_line_of_an_information_set_meets_its_histories_and_no_other() -> None:
    game = dt.load(SCENARIOS / "iraq-syria-2023-10.toml").game
    drawing = _Drawing(game, None, "")
    axes = drawing.figure().axes[0]
    dashed = [line for line in axes.lines if line.is_dashed() and line.get_linewidth() == 1.3]
    ends = [{(x[0], y[0]), (x[-1], y[-1])} for line in dashed for x, y in [(line.get_xdata(), line.get_ydata())]]
    for infoset in game.infosets:
        wanted = {drawing.at(history) for history in infoset.histories}
        assert len(wanted) < 2 or wanted in ends
    several = [infoset for infoset in game.infosets if len(infoset.histories) > 1]
    assert [i.name for i in several] == ["after silence", "after statement", "after strike"]
    # Beside these only the sample in the legend.
    assert len(dashed) == len(several) + 1


def test_the_small_game_shows_probabilities_payoffs_and_the_play() -> None:
    scenario = restraint()
    found = dt.solve(scenario)
    drawn = texts(dt.plot(found, equilibrium="pooling on strike"))
    assert {"resolved  3/5", "irresolute  2/5", "after hold  [0]", "after hold  [1]"} <= set(drawn)
    assert {"after strike  [3/5]", "after strike  [2/5]"} <= set(drawn)
    # By hand: -cost - loss_resolved = -7/10 and -harm = -2; -cost - loss_irresolute = -6/5 and gain = 1.
    assert {"-7/10", "-2", "-6/5", "1"} <= set(drawn)
    assert any("F2, pooling on strike" in text for text in drawn)
    picture = dt.plot(found, equilibrium="F2")
    assert "resolved, strike, refrain 3/5; irresolute, strike, refrain 2/5" in picture.alt
    # What is played can be told by the width of its line alone: chance, both types, and Iran after strike are reached.
    axes = picture.make().axes[0]
    wide = [line for line in axes.lines if line.get_linewidth() == 2.8 and len(line.get_xdata()) == 3]
    assert len(wide) == 6
    off = [line for line in axes.lines if line.get_linewidth() == 2.2 and len(line.get_xdata()) == 3]
    assert len(off) == 2


def test_a_bare_game_is_drawn_with_its_formulas() -> None:
    drawn = texts(dt.plot(restraint().game))
    assert {"resolved  resolve", "irresolute  1 - resolve", "-cost - loss_resolved", "gain"} <= set(drawn)
    with pytest.raises(ExpressionError, match="give a scenario"):
        dt.plot(restraint().game, "regions")


def chain(length: int) -> Game:
    moves = "".join(
        f'[[game.move]]\nplayer = "A"\ninformation = "s{n}"\nafter = ["{", ".join(["go"] * n)}"]\n'
        'actions = ["go", "stop"]\n'
        for n in range(1, length)
    )
    return dt.loads(
        'format = 1\ntitle = "Chain"\n[game]\nplayers = ["A"]\n[[game.move]]\nplayer = "A"\ninformation = "s0"\n'
        f'actions = ["go", "stop"]\n{moves}[[game.payoff]]\nwhen = ["stop"]\nA = 1\n'
    ).game


def test_a_game_that_no_page_holds_says_so_and_shows_what_is_played() -> None:
    assert legible(chain(9)) == ""
    assert "up to 11 moves" in legible(chain(11))
    scenario = dt.load(SCENARIOS / "canon" / "reassurance.toml")
    assert len(scenario.game.payoffs) == MOST_ROWS
    understanding = dt.plot(SCENARIOS / "iraq-syria-2023-understanding.toml")
    assert understanding.kind == "tree"
    assert "No tree is drawn: understanding is no finite tree." in understanding.alt
    bars = understanding.make().axes[0]
    assert [label.get_text() for label in bars.get_yticklabels()][:2] == ["US in calm", "US in shock"]


def test_a_tree_that_is_too_large_is_summed_up() -> None:
    menu = ", ".join(f'"a{n}"' for n in range(9))
    moves = "".join(
        f'[[game.move]]\nplayer = "{player}"\ninformation = "{player} decides"\n{after}actions = [{menu}]\n'
        for player, after in (("A", ""), ("B", 'after = ["*"]\n'))
    )
    scenario = dt.loads(f'format = 1\ntitle = "Wide"\n[game]\nplayers = ["A", "B"]\n{moves}'
                        '[[game.payoff]]\nwhen = ["A:a1"]\nA = 1\n[[game.payoff]]\nwhen = ["B:a2"]\nB = 1\n')
    picture = dt.plot(scenario)
    # 9 actions of each: 81 plays; the best are a1 and a2.
    assert "No tree is drawn: the tree has 81 terminal histories, and at most 64 can be read." in picture.alt
    assert "A decides: a1 1; B decides: a2 1" in picture.alt
    with pytest.raises(NotSupportedError, match="81 terminal histories"):
        dt.plot(scenario.game)


def test_histories_of_one_set_at_different_depths_stand_in_one_column() -> None:
    scenario = dt.load(SCENARIOS / "iraq-syria-2023-10.toml")
    places = layout(scenario.game)
    assert all(places.column[h] == len(h) for h in places.column)
    text = """
format = 1
title = "Unequal depths"
[game]
players = ["A", "B", "C"]
[[game.move]]
player = "A"
information = "a"
actions = ["short", "long"]
[[game.move]]
player = "C"
information = "c"
after = ["long"]
actions = ["left", "right"]
[[game.move]]
player = "B"
information = "b"
after = ["short", "long, *"]
actions = ["in", "out"]
[[game.payoff]]
when = ["in"]
A = 1
B = 1
C = 1
"""
    game = dt.loads(text).game
    assert {layout(game).column[h] for h in game.infoset("b").histories} == {2}


# beliefs, ladders, sensitivity


def test_beliefs_say_where_nobody_comes_and_what_may_vary() -> None:
    found = dt.plot(restraint(), "beliefs", equilibrium="F2")
    # Contract, section 4: after hold is not reached, and mu may be anything below 1/3, or 1/3.
    assert "Iran: after hold (not reached; may vary: mu): irresolute, hold 1" in found.alt
    assert "0 <= mu and mu < 1/3 and y == 1" in found.alt
    bars = found.make().axes[0]
    assert [round(bar.get_width(), 9) for bar in bars.patches] == [0.6, 0.4, 1.0]


def test_the_arrows_of_a_ladder_are_the_chain_of_the_equilibrium() -> None:
    scenario = dt.load(SCENARIOS / "iraq-syria-2023-10-ladder.toml")
    slip, easing = scenario.point["slip"], scenario.point["easing"]
    entry = next(e.to_dict() for e in dt.solve(scenario) if "Iran: hold on 0, step down above 0" in e.label)
    rows = _chain(stochastic_game(scenario.game, scenario.point), entry)
    # One side holds and the other steps down: down with `easing`; on rung k of 3 a slip lifts by one with slip*k/2.
    for rung in (1, 2):
        up = slip * rung / 2
        wanted = {rung - 1: easing * (1 - up), rung: easing * up + (1 - easing) * (1 - up), rung + 1: (1 - easing) * up}
        assert rows[rung] == pytest.approx({t: float(p) for t, p in wanted.items()}, abs=1e-15)
    # h1 = P12 h2 + P11 h1 and h2 = P21 h1 + P22 h2 + P23.
    p = rows
    below = p[1][2] / (1 - p[1][1])
    above = p[2][3] / (1 - p[2][2] - p[2][1] * below)
    assert float(Fraction(entry["figures"]["war from rung 2"])) == pytest.approx(above)
    picture = dt.plot(scenario, equilibrium=entry["id"])
    assert picture.kind == "ladder"
    assert {"0.475", "0.025", "0.45", "0.05", "20/191", "1/191", "0"} <= set(texts(picture))


def test_the_path_of_beliefs_is_that_of_kreps_and_wilson() -> None:
    scenario = dt.load(SCENARIOS / "iraq-syria-2023-10-reputation.toml")
    picture = dt.plot(scenario)
    assert picture.kind == "beliefs"
    # b = gain/(gain + harm) = 2/3 with six groups: b**6 would deter the first; after an answer b**5, ..., b, 1.
    b = scenario.point["gain"] / (scenario.point["gain"] + scenario.point["harm"])
    lines = picture.make().axes[0].lines
    assert list(lines[0].get_ydata()) == pytest.approx([float(b**n) for n in range(6, 0, -1)])
    assert list(lines[1].get_ydata()) == pytest.approx([0.05] + [float(b**n) for n in range(5, -1, -1)])


def test_every_equilibrium_of_a_swarm_lies_on_the_net_gain() -> None:
    picture = dt.plot(SCENARIOS / "iraq-syria-2023-10-swarm.toml")
    lines = picture.make().axes[0].lines
    marked = [(line.get_xdata()[0], line.get_ydata()[0]) for line in lines if len(line.get_xdata()) == 1]
    # Collective rule, 23 groups: D(p) = v - h*q*(1 - p*q)**22, and D = 0 where they mix.
    point = {k: float(v) for k, v in dt.load(SCENARIOS / "iraq-syria-2023-10-swarm.toml").point.items()}

    def gain(p: float) -> float:
        return point["gain"] - point["punishment"] * point["lethality"] * (1 - p * point["lethality"]) ** 22

    assert [p for p, _ in marked if p in (0, 1)] == [0, 1]
    assert all(value == pytest.approx(gain(p), abs=1e-12) for p, value in marked)


def quantity(constant: bool = False) -> dict[str, object]:
    rows = [("a", 0.1, 0.2), ("b", 0.5, 0.7), ("c", 0.0, 0.0)]
    return {
        "quantity": "P_max[attack]", "meaning": "the greatest probability", "mean": 0.5, "least": 0.0, "greatest": 1.0,
        "constant_over_the_sample": constant, "cannot_matter": {"parameters": ["c"]},
        "indices": [
            {"parameter": name, "first": s, "first_error": 0.1, "total": t, "total_error": 0.1} for name, s, t in rows
        ],
    }


def test_sensitivity_is_sorted_and_tells_what_cannot_matter() -> None:
    both = [quantity(), quantity(True)]
    document = {"scenario": {"title": "T"}, "points": 10, "confidence": 0.95, "quantities": both}
    picture = pictures.sensitivity(document)
    (axes,) = picture.make().axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["b", "a", "c"]
    assert [bar.get_width() for bar in axes.patches] == [0.7, 0.2]
    assert "proved: cannot matter" in [text.get_text() for text in axes.texts]
    assert "b 0.70 in total, 0.50 alone; a 0.20 in total" in picture.alt
    with pytest.raises(ExpressionError, match="constant"):
        pictures.sensitivity({**document, "quantities": [quantity(True)]})


# the command, and pictures drawn again


def test_a_saved_result_is_drawn_and_the_picture_can_be_drawn_again_from_itself(tmp_path: Path) -> None:
    file = tmp_path / "game.toml"
    file.write_text(RESTRAINT.format(title="Kept <here> & there -- so"), encoding="utf-8")
    result, drawn = tmp_path / "result.json", tmp_path / "tree.svg"
    assert main(["solve", str(file), "-o", str(result)]) == 0
    assert main(["plot", str(result), "--equilibrium", "F2", "-o", str(drawn)]) == 0
    text = drawn.read_text(encoding="utf-8")
    held = saved.read(drawn)
    assert held.command == "plot"
    assert held.options == {"of": "solve", "equilibrium": "F2"}
    assert plotting.again(held).svg() == text
    assert main(["plot", str(drawn)]) == 2
    assert dt.verify(drawn).holds
    drawn.write_text(text.replace("stroke-width: 2.8", "stroke-width: 2.9", 1), encoding="utf-8")
    assert not dt.verify(drawn).holds


def test_a_sweep_is_drawn_over_its_points_and_breaks_where_other_families_exist(tmp_path: Path) -> None:
    scenario = restraint()
    data = dt.sweep(scenario, over={"resolve": ("1/10", "9/10", 17)})
    picture = dt.plot(data, y="attack")
    lines = [line for line in picture.make().axes[0].lines if len(line.get_xdata()) > 2]
    # Below gain/(gain + harm) = 1/3, five values from 1/10 to 3/10, Iran attacks whoever holds back.
    assert [len(line.get_xdata()) for line in lines] == [5, 12, 5, 12]
    flat = dt.sweep(scenario, over={"resolve": ("1/10", "9/10", 5), "gain": ("1/2", 4, 4)})
    assert "gain: 4 values from 0.5 to 4." in dt.plot(flat).alt
    sample = dt.sweep(scenario, sample=8)
    assert "A sample of 8 points." in dt.plot(sample).alt
    with pytest.raises(UnknownNameError, match="atack"):
        dt.plot(data, y="atack")
    with pytest.raises(ExpressionError, match="--keep"):
        dt.plot(dt.sweep(scenario, over={"resolve": ("1/10", "9/10", 3)}, keep=["count"]))


@pytest.mark.parametrize(("choices", "message"), [
    ({"kind": "treee"}, "did you mean 'tree'"), ({"equilibrium": "F9"}, "no equilibrium 'F9'"),
    ({"x": "resolve"}, "no choice of a picture of tree"), ({"kind": "regions", "x": "cost"}, "no range"),
    ({"kind": "regions", "x": "gain", "y": "gain"}, "both axes"), ({"kind": "ladder"}, "another kind"),
    ({"kind": "swarm"}, "another kind"), ({"kind": "events", "x": "gian"}, "did you mean 'gain'"),
    ({"kind": "regions", "equilibrium": "F1"}, "no choice"),
])
def test_what_does_not_fit_is_told(choices: dict[str, str], message: str) -> None:
    with pytest.raises((UnknownNameError, ExpressionError, NotSupportedError), match=message):
        dt.plot(restraint(), **choices)


def test_the_command_describes_what_it_does_not_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "game.toml"
    file.write_text(RESTRAINT.format(title="T"), encoding="utf-8")
    assert main(["plot", str(file)]) == 0
    assert "A game tree with 8 terminal histories" in capsys.readouterr().out
    assert main(["plot", str(file), "--kind", "regions", "--json", "-o", str(tmp_path / "map.png")]) == 0
    assert json.loads(capsys.readouterr().out)["kind"] == "regions"
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")
    assert main(["plot", str(file), "-o", str(tmp_path / "map.gif")]) == 2
    assert ".svg, .pdf, .png" in capsys.readouterr().err
    assert main(["plot", str(file), "--kind", "tre"]) == 2


def test_every_kind_is_offered_by_the_command() -> None:
    from deterrence.cli.public import PICTURES

    assert PICTURES == pictures.KINDS


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_scenario_has_a_picture(path: Path) -> None:
    picture = dt.plot(path)
    entry = dt.solve(dt.load(path))[0]
    assert entry.label in picture.alt or entry.label in picture.title
    ElementTree.fromstring(picture.svg())  # noqa: S314 - our own text
