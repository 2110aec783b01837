"""Values that come from other scenarios, against probabilities derived by hand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import deterrence as dt
from deterrence import links
from deterrence.cli import main
from deterrence.equilibrium import Solution
from deterrence.errors import ScenarioError
from deterrence.scenario import Scenario
from deterrence.solvers import solve

# Two equilibria and a mixed one: both sides pick the same of two. P[up] is 1, 0 or 1/2.
SAME = """
format = 1
title = "The same of two"
[game]
players = ["A", "B"]
[[game.move]]
player = "A"
information = "A"
actions = ["up", "down"]
[[game.move]]
player = "B"
information = "B"
after = ["*"]
actions = ["left", "right"]
[[game.payoff]]
after = ["up, left", "down, right"]
A = 1
B = 1
"""

TAKES = """
format = 1
title = "Takes a chance from another game"
[parameters.p]
value = {value}
role = "uncertainty"
range = [0, 1]
[game]
players = ["US"]
parameters = {{ p = "0 <= p <= 1" }}
[[game.move]]
player = "US"
information = "US"
actions = ["stay", "go"]
[[game.move]]
player = "chance"
after = ["stay"]
actions = {{ hit = "p", miss = "1 - p" }}
[[game.payoff]]
when = ["hit"]
US = -1
"""


def write(folder: Path, value: str, name: str = "takes.toml") -> Path:
    (folder / "same.toml").write_text(SAME, encoding="utf-8")
    file = folder / name
    file.write_text(TAKES.format(value=value), encoding="utf-8")
    return file


@pytest.mark.parametrize(("take", "value"), [("max", 1), ("min", 0)])
def test_a_value_is_the_greatest_or_least_chance_over_the_equilibria(take: str, value: int, tmp_path: Path) -> None:
    scenario = dt.load(write(tmp_path, f'{{ from = "same.toml", event = "up", take = "{take}" }}'))
    assert scenario.point == {"p": value}
    link = scenario.to_dict()["links"]["p"]
    assert (link["from"], link["event"], link["take"]) == ("same.toml", "up", take)
    assert link["sha256"] == dt.load(tmp_path / "same.toml").sha256
    assert "links" not in scenario.with_values({"p": "1/3"}).to_dict()


def test_an_equilibrium_can_be_named_by_its_id(tmp_path: Path) -> None:
    ids = {entry.id: entry.events["up"] for entry in dt.solve(dt.load(write(tmp_path, "0").parent / "same.toml"))}
    assert sorted(ids.values()) == [0, Fraction(1, 2), 1]
    for key, value in ids.items():
        scenario = dt.load(write(tmp_path, f'{{ from = "same.toml", event = "up", take = "{key}" }}'))
        assert scenario.point["p"] == value


def test_an_irrational_chance_is_rounded_and_that_is_said(tmp_path: Path) -> None:
    # Three go up or down at once. One who goes up alone gets 1, one who goes up with both others 3, one who goes down
    # 4/5: where all go up with probability p, (1 - p)**2 + 3*p**2 = 4/5, 4*p**2 - 2*p + 1/5 = 0, p = (5 +- sqrt(5))/20.
    text = """
format = 1
title = "Up and down"
[game]
players = ["A", "B", "C"]
[[game.move]]
player = "A"
information = "A"
actions = ["up", "down"]
[[game.move]]
player = "B"
information = "B"
after = ["*"]
actions = ["up", "down"]
[[game.move]]
player = "C"
information = "C"
after = ["*, *"]
actions = ["up", "down"]
"""
    payoffs = ""
    for who, others in (("A", "BC"), ("B", "AC"), ("C", "AB")):
        one, two = others
        payoffs += f"""
[[game.payoff]]
when = ["{who}:up", "{one}:down", "{two}:down"]
{who} = 1
[[game.payoff]]
when = ["{who}:up", "{one}:up", "{two}:up"]
{who} = 3
[[game.payoff]]
when = ["{who}:down"]
{who} = "4/5"
"""
    (tmp_path / "three.toml").write_text(
        text + payoffs + '[events]\neverybody = "A:up, B:up, C:up"\n', encoding="utf-8"
    )
    wanted = (5 - 5**0.5) / 20
    entries = dt.solve(dt.load(tmp_path / "three.toml"))
    key = next(e.id for e in entries if abs(float(e.events["everybody"]) - wanted**3) < 1e-9)
    file = write(tmp_path, f'{{ from = "three.toml", event = "everybody", take = "{key}" }}')
    scenario = dt.load(file)
    assert abs(float(scenario.point["p"]) - wanted**3) < 1e-15
    assert scenario.to_dict()["links"]["p"]["rounded"] is True


@pytest.mark.parametrize(("value", "message"), [
    ('{ from = "same.toml", event = "up" }', 'take = "max", "min" or an id'),
    ('{ from = "same.toml", event = "upp", take = "max" }', "did you mean 'up'"),
    ('{ from = "same.toml", event = "up", take = "F9" }', "no equilibrium"),
    ('{ from = "../same.toml", event = "up", take = "max" }', "not above it"),
    ('{ from = "/etc/passwd", event = "up", take = "max" }', "not above it"),
    ('{ from = "none.toml", event = "up", take = "max" }', "none.toml"),
    ('{ event = "up", take = "max" }', "'from' is missing"),
    ('{ from = "same.toml", event = "up", takes = "max" }', "'take'"),
    ('{ from = "takes.toml", event = "hit", take = "max" }', "in a circle: takes.toml -> takes.toml"),
])
def test_a_link_that_leads_nowhere_is_a_mistake_with_its_line(value: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        dt.load(write(tmp_path, value))
    problem = caught.value.problems[0]
    assert problem.key is not None
    assert problem.key.startswith("parameters.p.value")
    assert problem.line == 5
    assert message in str(caught.value)


def test_mistakes_of_the_file_that_a_value_comes_from_are_told_at_their_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # In same.toml line 3 gets a misspelt key and line 8, information, a number; two values are taken from it, on lines
    # 5 and 11 of takes.toml, and line 16 is a mistake of takes.toml itself.
    link = '{ from = "same.toml", event = "up", take = "max" }'
    file = write(tmp_path, link)
    text = file.read_text(encoding="utf-8").replace("[game]\n", f"\n\n[parameters.q]\nvalue = {link}\n[game]\n", 1)
    text = text.replace('p = "0 <= p <= 1"', 'p = "0 <= p <= 1", q = ""').replace('= "stay"', '= "US"')
    text = text.replace('information = "US"', "information = 4")
    file.write_text(text, encoding="utf-8")
    broken = SAME.replace("[game]\n", 'titel = "x"\n[game]\n', 1).replace('information = "A"', "information = 3")
    (tmp_path / "same.toml").write_text(broken, encoding="utf-8")
    lines, others = text.split("\n"), broken.split("\n")
    with pytest.raises(ScenarioError) as caught:
        dt.load(file)
    told = [(Path(p.file).name, p.line, p.key) for p in caught.value.problems]
    assert told == [
        ("takes.toml", lines.index(f"value = {link}") + 1, "parameters.p.value"),
        ("same.toml", others.index('titel = "x"') + 1, "titel"),
        ("same.toml", others.index("information = 3") + 1, "game.move[0].information"),
        ("takes.toml", lines.index(f"value = {link}", 6) + 1, "parameters.q.value"),
        ("takes.toml", lines.index("information = 4") + 1, "game.move[0].information"),
    ]
    assert caught.value.problems[1].suggestion == "title"
    assert main(["check", str(file)]) == 2
    printed = capsys.readouterr().err.splitlines()
    assert len(printed) == 5
    assert printed[1].startswith(f"{tmp_path / 'same.toml'}:{told[1][1]}: titel: ")


def test_mistakes_are_told_along_a_chain_of_files(tmp_path: Path) -> None:
    # a takes from b, b from same.toml, whose text ends within a string on its last line but one: line 3 of it.
    write(tmp_path, '{ from = "same.toml", event = "up", take = "max" }', "b.toml")
    write(tmp_path, '{ from = "b.toml", event = "stay", take = "max" }', "a.toml")
    (tmp_path / "same.toml").write_text('format = 1\n\ntitle = "x\n', encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        dt.load(tmp_path / "a.toml")
    assert [(Path(p.file).name, p.line) for p in caught.value.problems] == [
        ("a.toml", 5), ("b.toml", 5), ("same.toml", 3)]


def test_a_circle_of_two_is_told_with_its_members(tmp_path: Path) -> None:
    write(tmp_path, '{ from = "b.toml", event = "hit", take = "max" }', "a.toml")
    write(tmp_path, '{ from = "a.toml", event = "hit", take = "max" }', "b.toml")
    with pytest.raises(ScenarioError, match=r"a\.toml -> b\.toml -> a\.toml"):
        dt.load(tmp_path / "a.toml")


def test_a_value_taken_still_has_to_fit(tmp_path: Path) -> None:
    file = write(tmp_path, '{ from = "same.toml", event = "up", take = "max" }')
    file.write_text(file.read_text(encoding="utf-8").replace('"0 <= p <= 1"', '"0 <= p < 1"'), encoding="utf-8")
    with pytest.raises(ScenarioError, match="outside the domain"):
        dt.load(file)


def test_text_alone_has_no_folder_to_look_in() -> None:
    with pytest.raises(ScenarioError, match="only a scenario that is a file"):
        dt.loads(TAKES.format(value='{ from = "same.toml", event = "up", take = "max" }'))


def test_the_command_line_takes_them_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(write(tmp_path, '{ from = "same.toml", event = "up", take = "max" }'))]) == 0
    assert main(["solve", str(tmp_path / "takes.toml")]) == 0
    assert "same.toml" in capsys.readouterr().out


# A is paid alike for both: P[up] is anything from 0 to 1 in one connected set.
EITHER = """
format = 1
title = "Either"
[game]
players = ["A"]
[[game.move]]
player = "A"
information = "A"
actions = ["up", "down"]
[[game.payoff]]
when = ["up"]
A = 0
[[game.payoff]]
A = 1
"""


@pytest.mark.parametrize(("take", "value"), [("max", 1), ("min", 0)])
def test_what_varies_within_an_equilibrium_counts_to_its_ends(take: str, value: int, tmp_path: Path) -> None:
    file = write(tmp_path, f'{{ from = "same.toml", event = "up", take = "{take}" }}')
    (tmp_path / "same.toml").write_text(EITHER, encoding="utf-8")
    assert dt.load(file).point["p"] == value
    with pytest.raises(ScenarioError, match='say take = "max"'):
        dt.load(write_again(tmp_path, "F1"))


def write_again(folder: Path, take: str) -> Path:
    file = folder / "takes.toml"
    file.write_text(TAKES.format(value=f'{{ from = "same.toml", event = "up", take = "{take}" }}'), encoding="utf-8")
    return file


def test_a_file_is_read_and_solved_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Each of five files takes two values from the next: 2**5 solutions of the last without memory.
    write(tmp_path, "0")
    for n in range(5):
        file, event = ("same", "up") if n == 4 else (f"c{n + 1}", "stay")
        taken = f'{{ from = "{file}.toml", event = "{event}", take = "max" }}'
        text = TAKES.format(value=taken).replace('range = [0, 1]', f'range = [0, 1]\n[parameters.q]\nvalue = {taken}')
        text = text.replace('"0 <= p <= 1" }', '"0 <= p <= 1", q = "" }')
        (tmp_path / f"c{n}.toml").write_text(text, encoding="utf-8")
    solved: list[str] = []

    def counted(scenario: Scenario) -> Solution:
        solved.append(scenario.file)
        return solve(scenario)

    monkeypatch.setattr(links, "solve", counted)
    dt.load(tmp_path / "c0.toml")
    assert len(solved) == len(set(solved)) == 5


def test_links_of_the_file_system_that_go_in_a_circle_are_a_mistake(tmp_path: Path) -> None:
    file = write(tmp_path, '{ from = "loop.toml", event = "up", take = "max" }')
    (tmp_path / "loop.toml").symlink_to(tmp_path / "loop.toml")
    with pytest.raises(ScenarioError, match=r"circle|cannot be read"):
        dt.load(file)


def test_a_link_out_of_the_folder_is_a_mistake(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    file = write(inside, '{ from = "other.toml", event = "up", take = "max" }')
    (tmp_path / "other.toml").write_text(SAME, encoding="utf-8")
    (inside / "other.toml").symlink_to(tmp_path / "other.toml")
    with pytest.raises(ScenarioError, match="out of the folder"):
        dt.load(file)
