"""The explorer: its numbers against the kernels and against `solve`, and the page in a real browser."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import deterrence as dt
from deterrence.explorer import MOST_BYTES, Explorer, explorer, interval
from deterrence.explorer.closed import Sheet, closed
from deterrence.explorer.texts import spans
from deterrence.kernels import Arrays, Bounds, Interpreted, Kept
from deterrence.solvers.ranges import ends as ends_of
from deterrence.wording import number, plays
from tests.browser import opened, requests, settled, visit
from tests.resealing import reseal

SCENARIOS = Path(__file__).parent.parent / "scenarios"
SIGNALLING = SCENARIOS / "iraq-syria-2023-10.toml"
SWARM = SCENARIOS / "iraq-syria-2023-10-swarm.toml"
REPUTATION = SCENARIOS / "iraq-syria-2023-10-reputation.toml"
POSITIONS = 10_000
NASTY = "</script><script>window.stolen = 1</script><img src=x onerror=\"window.stolen = 1\">' & {{}} %s"


@pytest.fixture(scope="module")
def scenario() -> Any:
    return dt.load(SIGNALLING)


@pytest.fixture(scope="module")
def sheet(scenario: Any) -> Sheet:
    return closed(scenario, {a.name: a.range for a in scenario.assumptions}, 800)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def page(scenario: Any, pages: Path) -> Path:
    path = pages / "explorer.html"
    dt.explore(scenario, path)
    return path


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with opened(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


def positions(scenario: Any, count: int, seed: int) -> list[dict[str, Fraction]]:
    """Points with round decimals inside the ranges, as sliders give them."""
    draw = random.Random(seed)
    found = []
    for _ in range(count):
        point = {}
        for assumption in scenario.assumptions:
            low, high = assumption.range
            step = Fraction(1, 10 ** draw.choice((2, 3)))
            value = low + (high - low) * Fraction(draw.random())
            point[assumption.name] = min(high, max(low, round(value / step) * step))
        found.append(point)
    return found


ASKED = """
const points = arguments[0];
return points.map((values) => {
  const found = window.explorer.at(values);
  const spans = found.spans.map((rows) => arguments[1].map((quantity) => rows[quantity]));
  return [found.admissible, found.families, spans, found.edges];
});
"""


def asked(session: Any, points: list[dict[str, Fraction]], quantities: list[int]) -> list[Any]:
    """What the page finds at points."""
    found = []
    for start in range(0, len(points), 2_500):
        part = [{name: str(value) for name, value in point.items()} for point in points[start : start + 2_500]]
        found += session.execute_script(ASKED, part, quantities)
    return found


# Numbers ------------------------------------------------------------------------------------------------------------


def test_ten_thousand_positions_agree_with_the_kernels(scenario: Any, sheet: Sheet, page: Path, session: Any) -> None:
    points = positions(scenario, POSITIONS, 1)
    program = sheet.program
    every = tuple(range(len(program.quantities)))
    columns = [np.array([float(point[name]) for point in points]) for name in program.inputs]
    kept = Kept(values=(), low=every, high=every)
    arrays = Arrays.empty(program, kept, POSITIONS)
    Interpreted(program, kept).run(columns, arrays, Bounds(program, [float(abs(c).max()) for c in columns]))
    visit(session, page)
    found = asked(session, points, list(every))
    sure = np.flatnonzero(~arrays.unsure)
    assert len(sure) > 0.9 * POSITIONS
    ids = [family.id for family in program.families]
    for n in sure:
        admissible, families, rows, _ = found[n]
        assert admissible
        assert families == [ids[f] for f in np.flatnonzero(arrays.exists[:, n])]
        least = np.array(rows)[:, :, 0].min(axis=0)
        greatest = np.array(rows)[:, :, 1].max(axis=0)
        assert np.abs(least - arrays.low[:, n]).max() < 1e-12
        assert np.abs(greatest - arrays.high[:, n]).max() < 1e-12
    # Where floating point does not decide, the page decides exactly, as Python does.
    for n in np.flatnonzero(arrays.unsure):
        decision = program.decide([points[n][name] for name in program.inputs])
        assert found[n][1] == [key for key, there in zip(ids, decision.exists, strict=True) if there]


def test_both_sides_of_every_boundary_and_the_boundary_itself(
    scenario: Any, sheet: Sheet, page: Path, session: Any
) -> None:
    program = sheet.program
    turning = sorted({k for family in program.families for part in family.region for k, _ in part})
    ranges = {a.name: a.range for a in scenario.assumptions}
    points, on_edge = [], []
    draw = random.Random(2)
    for point in positions(scenario, 400, 3):
        k, name = draw.choice(turning), draw.choice(program.inputs)
        place = program.inputs.index(name)
        row = [Fraction(0), Fraction(0)]
        for coefficient, exponents in program.polynomials[k]:
            if exponents[place] > 1:
                break
            term = coefficient
            for other, exponent in zip(program.inputs, exponents, strict=True):
                term *= point[other] ** exponent if other != name else 1
            row[exponents[place]] += term
        else:
            root = -row[0] / row[1] if row[1] else None
            if root is not None and ranges[name][0] < root < ranges[name][1]:
                tiny = Fraction(1, 10**18)
                points += [{**point, name: root + side} for side in (-tiny, 0, tiny)]
                on_edge += [False, True, False]
    assert len(points) > 100
    visit(session, page)
    found = asked(session, points, [0])
    ids = [family.id for family in program.families]
    differ = 0
    for n, (point, (_, families, _, edges)) in enumerate(zip(points, found, strict=True)):
        decision = program.decide([point[name] for name in program.inputs])
        assert families == [key for key, there in zip(ids, decision.exists, strict=True) if there]
        if on_edge[n]:
            assert edges
        elif n % 3 == 2:
            differ += families != found[n - 2][1]
    # The points do lie at boundaries: what exists is another on the other side.
    assert differ > 10


@pytest.mark.parametrize("file", [SIGNALLING, REPUTATION], ids=["tree", "direct"])
def test_a_sample_agrees_with_solve(file: Path, page: Path, pages: Path, session: Any) -> None:
    scenario = dt.load(file)
    if file != SIGNALLING:
        page = pages / f"{file.stem}.html"
        dt.explore(scenario, page)
    points = positions(scenario, 12, 4)
    names = [*scenario.game.events, *scenario.game.players]
    visit(session, page)
    found = asked(session, points, list(range(len(names))))
    for point, (_, _, rows, edges) in zip(points, found, strict=True):
        assert not edges
        here = scenario.with_values(point)
        solution = dt.solve(here)
        values = [(*e.events.values(), *e.payoffs.values()) for e in solution]
        values += ends_of(here.game, here.point, solution)
        for n, _ in enumerate(names):
            assert min(row[n][0] for row in rows) == pytest.approx(float(min(v[n] for v in values)), abs=1e-12)
            assert max(row[n][1] for row in rows) == pytest.approx(float(max(v[n] for v in values)), abs=1e-12)


# The page -----------------------------------------------------------------------------------------------------------


def shown(session: Any) -> list[list[str]]:
    """The table of equilibria: rows of cells, with a minus sign as Python writes it."""
    cells = session.execute_script(
        "return [...document.querySelectorAll('#overview tbody tr')].map((row) => "
        "[...row.children].map((cell) => cell.textContent))"
    )
    return [[cell.replace("\u2212", "-") for cell in row] for row in cells]


def expected(scenario: Any) -> list[list[str]]:
    """The same from Python."""
    found = dt.solve(scenario)
    events = ("deterrence_failure", "spiral")
    return [[e.label, *(number(e.events[name]) for name in events), *(number(v) for v in e.payoffs.values())]
            for e in found]


def field(session: Any, name: str, text: str) -> None:
    """Write a number into a field and leave it."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    box = session.find_element(By.ID, f"field-{name}")
    box.clear()
    box.send_keys(text, Keys.TAB)
    settled(session)


def logged(session: Any) -> list[str]:
    return [entry["message"] for entry in session.get_log("browser")]


def test_the_first_view_is_quick_quiet_and_right(
    scenario: Any, page: Path, session: Any, record_property: Any
) -> None:
    requests(session)
    logged(session)
    visit(session, page)
    took = session.execute_script("return performance.getEntriesByType('navigation')[0].loadEventEnd")
    record_property("first view, ms", took)
    print(f"first view {took:.0f} ms, {page.stat().st_size:,} bytes")
    assert took < 5_000
    assert page.stat().st_size < MOST_BYTES
    assert agrees(session, scenario)
    # Within the ranges a label may say more, to tell families apart that do not exist together.
    labels = zip(shown(session), expected(scenario), strict=True)
    assert all(row[1].startswith(other[0]) for row, other in labels)
    assert requests(session) == []
    assert session.execute_script("return performance.getEntriesByType('resource').map((one) => one.name)"
                                  ".filter((name) => !name.startsWith('data:'))") == []
    assert logged(session) == []


def test_what_is_played_and_believed_is_that_of_solve(scenario: Any, page: Path, session: Any) -> None:
    visit(session, page, "#resolve=1/2")
    cards = session.execute_script(
        "return [...document.querySelectorAll('article')].map((card) => Object.fromEntries("
        "[...card.querySelector('table').tBodies[0].rows].map((row) => "
        "[row.cells[0].textContent, [...row.cells].slice(2).map((cell) => cell.textContent)])))"
    )
    found = dt.solve(scenario.with_values({"resolve": "1/2"}))
    assert len(cards) == len(found) == 2
    for card, entry in zip(cards, found, strict=True):
        assert len(card) > 4
        for name, cells in card.items():
            assert cells[0] == plays(entry.strategy[name])
            belief = {key: value for key, value in entry.beliefs.get(name, {}).items() if value}
            several = "; ".join(f"{key}: {number(value)}" for key, value in belief.items())
            assert cells[1] == (several if len(belief) > 1 else next(iter(belief), ""))


def test_what_is_typed_and_slid_changes_the_answer(scenario: Any, page: Path, session: Any) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    logged(session)
    visit(session, page)
    for name, text in (("resolve", "3/4"), ("strike_cost", "0.05"), ("audience_cost", "1.5")):
        field(session, name, text)
        scenario = scenario.with_values({name: text})
        assert agrees(session, scenario)
    slider = session.find_element(By.ID, "slider-resolve")
    slider.send_keys(Keys.ARROW_LEFT, Keys.ARROW_LEFT, Keys.PAGE_DOWN)
    settled(session)
    value = session.find_element(By.ID, "field-resolve").get_attribute("value")
    assert Fraction(value) < Fraction(3, 4)
    assert f"resolve={value}" in session.current_url
    assert value in slider.get_attribute("aria-valuetext")
    scenario = scenario.with_values({"resolve": value})
    assert agrees(session, scenario)
    live = session.find_element(By.ID, "live")
    assert live.get_attribute("aria-live") == "polite"
    assert re.match(r"(One family of equilibria exists|\d+ families of equilibria exist) at these values: ", live.text)
    assert logged(session) == []


def agrees(session: Any, scenario: Any) -> bool:
    """Whether the rows of the page are those of `solve`, in which families that hang together are one."""
    rows, wanted = shown(session), expected(scenario)
    return {tuple(row[2:]) for row in rows} == {tuple(row[1:]) for row in wanted}


def test_a_wrong_number_is_refused_in_words(page: Path, session: Any) -> None:
    from selenium.webdriver.common.by import By

    visit(session, page)
    before = session.current_url
    for text, said in (("many", "A number is needed"), ("7/2", "Outside 1/10 to 9/10"), ("1/0", "A number is needed")):
        box = session.find_element(By.ID, "field-resolve")
        field(session, "resolve", text)
        assert said in session.find_element(By.ID, "wrong-resolve").text
        assert box.get_attribute("aria-invalid") == "true"
    assert session.current_url == before


def test_an_edge_is_said_to_be_one(page: Path, session: Any) -> None:
    from selenium.webdriver.common.by import By

    # With a punishment of 5/3 and a gain of 1 Iran is indifferent at a belief of 3/5.
    visit(session, page, "#resolve=3/5")
    text = session.find_element(By.ID, "edges").text
    assert "On the edge of" in text
    assert "further equilibria may exist" in text
    visit(session, page, "#resolve=3000000000000001/5000000000000000")
    assert session.find_element(By.ID, "edges").text == ""


def test_the_address_keeps_a_view_and_the_history_undoes(page: Path, session: Any) -> None:
    from selenium.webdriver.common.by import By

    visit(session, page, "#resolve=7/10&slip=0.01&:across=slip&:show=count")
    values = {name: session.find_element(By.ID, f"field-{name}").get_attribute("value") for name in ("resolve", "slip")}
    assert values == {"resolve": "7/10", "slip": "1/100"}
    assert session.find_element(By.ID, "map-x").get_attribute("value") == "slip"
    assert session.find_element(By.ID, "map-show").get_attribute("value") == "count"
    field(session, "resolve", "1/5")
    assert "resolve=1/5" in session.current_url
    session.back()
    settled(session)
    assert session.find_element(By.ID, "field-resolve").get_attribute("value") == "7/10"
    session.find_element(By.ID, "reset").click()
    settled(session)
    assert session.find_element(By.ID, "field-resolve").get_attribute("value") == "2/5"
    assert session.current_url.endswith("#") or "#" not in session.current_url
    visit(session, page, "#resolve=99&nothing=1&slip=%E0%A4%A")
    assert "Not taken from the address: resolve, nothing" in session.find_element(By.ID, "live").text


def test_the_scenario_file_and_the_citation_of_a_view(scenario: Any, page: Path, session: Any, tmp_path: Path) -> None:
    from selenium.webdriver.common.by import By

    visit(session, page, "#resolve=7/10&gain=1.25")
    session.find_element(By.ID, "toml").click()
    text = session.find_element(By.ID, "dialog-text").get_attribute("value")
    taken = dt.loads(text)
    # What was not moved stays as it is written.
    lines = [line for line in text.splitlines() if line not in SIGNALLING.read_text(encoding="utf-8").splitlines()]
    assert lines == ['value = "7/10"', 'value = "5/4"']
    assert taken.point == {**scenario.point, "resolve": Fraction(7, 10), "gain": Fraction(5, 4)}
    assert [a.note for a in taken.assumptions] == [a.note for a in scenario.assumptions]
    session.find_element(By.ID, "dialog-close").click()
    session.find_element(By.ID, "cite").click()
    cited = session.find_element(By.ID, "dialog-text").get_attribute("value")
    assert scenario.title in cited
    assert scenario.sha256 in cited
    words = re.search(r"Recompute: +deterrence (.*)", cited).group(1).split()
    assert words == ["solve", SIGNALLING.name, "--set", "resolve=7/10", "--set", "gain=5/4"]
    done = subprocess.run([sys.executable, "-m", "deterrence", *words, "--json"], cwd=SCENARIOS, capture_output=True,
                          text=True, check=True)
    labels = [entry["label"] for entry in json.loads(done.stdout)["equilibria"]]
    assert sum(f"{label} (" in cited or label.rpartition(" (")[0] in cited for label in labels) == len(labels)


REACHABLE = """
return [...document.querySelectorAll('a[href], button, input, select, summary, textarea, [tabindex="0"]')]
  .filter((one) => !one.disabled && one.checkVisibility() && !one.closest('dialog'))
  .map((one, n) => { one.dataset.stop = n; return n; });
"""


def test_every_control_is_reached_by_tab_and_labelled(page: Path, session: Any) -> None:
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    visit(session, page)
    wanted = set(session.execute_script(REACHABLE))
    reached = set()
    for _ in range(len(wanted) + 5):
        ActionChains(session, duration=0).send_keys(Keys.TAB).perform()
        stop = session.execute_script("return document.activeElement.dataset.stop")
        if stop is not None:
            reached.add(int(stop))
    assert wanted - reached == set()
    assert len(wanted) > 40
    unnamed = session.execute_script(
        "return [...document.querySelectorAll('input, select, textarea')].filter((one) => "
        "!one.getAttribute('aria-label') && !(one.labels && one.labels.length)).map((one) => one.id)"
    )
    assert unnamed == []
    pictures = session.execute_script("return [...document.querySelectorAll('svg[role=img]')]"
                                      ".map((one) => one.getAttribute('aria-label'))")
    assert len(pictures) == 4
    assert all(pictures)
    assert session.execute_script("const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);"
                                  "return ids.length - new Set(ids).size") == 0


def test_it_fits_a_phone(page: Path, session: Any) -> None:
    metrics = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    session.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        visit(session, page)
        assert session.execute_script("return document.documentElement.scrollWidth") <= 360
    finally:
        session.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_the_map_follows_the_polynomials(page: Path, session: Any) -> None:
    # With the values of the file what exists turns on resolve*punishment = gain and on audience_cost = 1, the cost of
    # retaliation to the irresolute: lines at resolve = 3/5 and audience_cost = 1.
    visit(session, page, "#:across=resolve&:up=audience_cost")
    lines = session.execute_script(
        "const sheet = SHEETS[0]; const look = mapLook();"
        "const found = surveyed(sheet, inputs(sheet), ['resolve', 'audience_cost'].map((n) => sheet.names.indexOf(n)),"
        " [ends('resolve'), ends('audience_cost')], 24, look);"
        "return [found.across.flat(), found.upward.flat()].map((cuts) => cuts.filter((cut) => cut !== null))"
    )
    for cuts, place in zip(lines, (0.6, 1.0), strict=True):
        assert len(cuts) >= 24
        assert all(abs(cut - place) < 1e-6 for cut in cuts)
    rows = session.execute_script("return document.querySelectorAll('#map-words tbody tr').length")
    assert rows == 4


def hostile() -> str:
    return (
        "format = 1\n"
        f"title = {json.dumps(NASTY)}\n"
        "[parameters.p]\nvalue = \"1/2\"\nrange = [\"1/10\", \"9/10\"]\n"
        f"unit = {json.dumps(NASTY)}\nnote = {json.dumps(NASTY)}\nbasis = \"observed\"\nsource = \"s\"\n"
        "[sources.s]\n"
        f"title = {json.dumps(NASTY)}\nURL = \"https://example.org/?a=<b>&c='\"\n"
        "[game]\nplayers = [\"A\"]\n[game.parameters]\np = \"0 < p < 1\"\n"
        "[[game.move]]\nplayer = \"A\"\ninformation = \"<b>here</b>\"\nactions = [\"<i>go</i>\", \"stay\"]\n"
        "[[game.payoff]]\nwhen = [\"<i>go</i>\"]\nA = \"p - 1/3\"\n"
    )


def test_what_a_scenario_says_is_text_and_nothing_else(session: Any, tmp_path: Path) -> None:
    from selenium.webdriver.common.by import By

    path = tmp_path / "hostile.html"
    scenario = dt.loads(hostile())
    dt.explore(scenario, path)
    logged(session)
    visit(session, path)
    assert session.execute_script("return window.stolen === undefined")
    assert session.title == " ".join(scenario.title.split())
    assert session.execute_script("return document.getElementById('title').textContent") == scenario.title
    assert session.execute_script("return document.scripts.length") == 2
    assert session.execute_script("return document.querySelectorAll('img, i, iframe').length") == 0
    assert "<i>go</i>" in session.find_element(By.ID, "equilibria").text
    session.find_element(By.ID, "cite").click()
    assert requests(session) == []
    assert logged(session) == []


def test_the_policy_forbids_every_request(page: Path, session: Any) -> None:
    text = page.read_text(encoding="utf-8")
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', text).group(1))
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    program = re.search(r"<script>(.*)</script>", text, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(program.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", text)
    visit(session, page)
    assert session.execute_async_script(
        "const done = arguments[0]; fetch('data:text/plain,a').then(() => done('sent'), () => done('refused'))"
    ) == "refused"
    logged(session)


def test_a_long_fraction_is_a_value_like_any_other(session: Any, tmp_path: Path) -> None:
    from selenium.webdriver.common.by import By

    value = Fraction(10**60 + 1, 3 * 10**60 + 1)
    path = tmp_path / "long.html"
    dt.explore(dt.loads(small()).with_values({"cost": value}), path)
    logged(session)
    visit(session, path)
    assert session.find_element(By.ID, "field-cost").get_attribute("value") == str(value)
    # The cost is a little above a third, so that staying out is better.
    assert "a: out" in session.find_element(By.ID, "overview").text
    assert session.execute_script("return window.explorer.at({}).families.length") == 1
    assert logged(session) == []


def test_solved_values_are_said_to_be_so(session: Any, pages: Path) -> None:
    from selenium.webdriver.common.by import By

    scenario = dt.load(SWARM)
    path = pages / "swarm.html"
    made = dt.explore(scenario, path)
    assert {sheet["kind"] for sheet in made.data["sheets"]} == {"listed"}
    visit(session, path, "#punishment=92")
    here = scenario.with_values({"punishment": 92})
    assert [row[1:4] for row in shown(session)] == [row[:3] for row in expected(here)]
    assert "Nothing is said of values in between" in session.find_element(By.ID, "claims").text
    assert "Solved at" not in session.find_element(By.ID, "wrong-punishment").text
    field(session, "punishment", "91")
    assert "Solved at" in session.find_element(By.ID, "wrong-punishment").text
    field(session, "lethality", "1/200")
    assert session.find_element(By.ID, "field-punishment").get_attribute("value") == "60"
    assert "went back to the scenario's value" in session.find_element(By.ID, "live").text


# How a page is made -------------------------------------------------------------------------------------------------


def small(cost: str = "0.5", rest: str = "") -> str:
    return (f"format = 1\ntitle = \"Small\"\n[parameters]\ncost = {cost}\n[game]\nplayers = [\"A\"]\n"
            "[game.parameters]\ncost = \"0 < cost < 1\"\n[[game.move]]\nplayer = \"A\"\ninformation = \"a\"\n"
            f"actions = [\"in\", \"out\"]\n[[game.payoff]]\nwhen = [\"in\"]\nA = \"1/3 - cost\"\n{rest}")


def test_a_page_has_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(small())
    found = []
    for seed in ("1", "2"):
        out = tmp_path / f"{seed}.html"
        words = ["explore", str(file), "--quiet", "-o", str(out)]
        subprocess.run([sys.executable, "-m", "deterrence", *words], check=True, env={"PYTHONHASHSEED": seed})
        found.append(out.read_bytes())
    assert found[0] == found[1]


def test_a_page_is_verified_and_a_changed_digit_found(tmp_path: Path) -> None:
    file, out = tmp_path / "small.toml", tmp_path / "small.html"
    file.write_text(small())
    dt.explore(dt.load(file).with_values({"cost": "1/4"}), out, over=["cost"])
    assert dt.verify(out).verdict == "verified"
    text = out.read_text(encoding="utf-8")
    assert text.count('"low":"1/40"') == 1
    out.write_text(text.replace('"low":"1/40"', '"low":"1/30"'), encoding="utf-8")
    assert not dt.verify(out).holds
    out.write_text(text.replace('"over":["cost"]', '"over":"cost"'), encoding="utf-8")
    reseal(out)
    with pytest.raises(dt.ProblemsError, match="no options of a page"):
        dt.verify(out)


def test_the_whole_page_is_quickly_made(scenario: Any) -> None:
    began = time.monotonic()
    made = explorer(scenario)
    assert isinstance(made, Explorer)
    assert time.monotonic() - began < 120
    assert [len(one["names"]) for one in made.data["sheets"]] == [13]
    assert "13 parameters to move" in repr(made)


def test_a_parameter_without_a_range_gets_an_interval_in_its_domain() -> None:
    scenario = dt.loads(small())
    # Nine tenths of the way from 1/2 to 0, and to 1.
    assert interval(scenario, scenario.assumptions[0]) == (Fraction(1, 20), Fraction(19, 20))
    other = dt.loads(small().replace("0 < cost < 1", "cost > 0").replace("cost = 0.5", "cost = 4"))
    assert interval(other, other.assumptions[0]) == (Fraction(2, 5), Fraction(8))
    free = dt.loads(small().replace('"0 < cost < 1"', '""').replace("cost = 0.5", "cost = -3"))
    assert interval(free, free.assumptions[0]) == (Fraction(-6), Fraction(0))
    one = dt.loads(small().replace("cost = 0.5", 'cost = { value = "1/2", range = ["1/2", "1/2"] }'))
    assert interval(one, one.assumptions[0]) is None


def test_over_names_parameters_that_exist() -> None:
    scenario = dt.loads(small())
    with pytest.raises(dt.UnknownNameError, match="cots"):
        explorer(scenario, over=["cots"])
    fixed = dt.loads(small().replace("cost = 0.5", 'cost = { value = "1/2", range = ["1/2", "1/2"] }'))
    with pytest.raises(dt.ExpressionError, match="range of one value"):
        explorer(fixed, over=["cost"])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[parameters]\ncost = 0.5\n", "0.5"),
        ("[parameters]\n\"cost\" = '1/2' # half\n", "'1/2'"),
        ("[parameters.cost]\nrange = [0, 1]\nvalue = \"1/2\"\n", '"1/2"'),
        ("[parameters]\ncost = { value = 3, note = \"value = 4\" }\n", "3"),
        ("[parameters]\ncost.value = 1e-3\n", "1e-3"),
        ("parameters.cost = 7\n", "7"),
        ("[parameters.cost]\nnote = \"\"\"\nvalue = 9\n\"\"\"\nvalue = 8\n", "8"),
    ],
)
def test_where_a_value_is_written(text: str, value: str) -> None:
    ((start, end),) = spans(text, ["cost"]).values()
    assert text[start:end] == value


@pytest.mark.parametrize("text", ["[parameters]\ncost = { from = \"a.toml\", event = \"e\" }\n", "[other]\ncost = 1\n"])
def test_a_value_that_is_no_number_there_is_left_alone(text: str) -> None:
    assert spans(text, ["cost"]) == {}
