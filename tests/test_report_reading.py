"""Reports read as a referee reads them: nothing is claimed that the answer does not say, and nothing is cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import deterrence as dt
from deterrence.frontier import frontier
from deterrence.report import Report, report
from tests.browser import opened

ROOT = Path(__file__).parent.parent
SMALL = Path(__file__).parent / "restraint.toml"
SIGNALLING = ROOT / "scenarios" / "iraq-syria-2023-10.toml"


@pytest.fixture(scope="module")
def signalling() -> Report:
    return report(dt.load(SIGNALLING), quick=True, rows=0)


@pytest.fixture(scope="module")
def whole() -> Report:
    return report(dt.load(SIGNALLING), rows=0)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with opened(tmp_path_factory.mktemp("profile")) as one:
        yield one


def test_a_family_is_not_told_as_one_equilibrium() -> None:
    # Off the path of F2 beliefs and answers vary (contract, section 4); in F1 what is believed after strike does.
    told = report(dt.load(SMALL), quick=True, rows=0).markdown
    assert "F1 and F2 each stand for a family of equilibria, counted as one" in told


def test_payoffs_of_an_own_game_are_in_words() -> None:
    told = report(dt.loads(dt.new("game")), quick=True, rows=0).markdown
    # The template: whoever answers though irresolute pays 2, the resolved its cost; an attack unanswered costs 1.
    assert "| resolved, attack, answer | $-\\mathrm{cost}$ | $-1$ |" in told
    assert "| irresolute, attack, answer | $-2$ | $-1$ |" in told
    assert "| irresolute, attack, restrain | $-1$ | $1$ |" in told
    assert "| resolved, refrain | $0$ | $0$ |" in told


def test_a_fall_at_one_place_is_not_told_as_a_slope() -> None:
    # Iran attacks silence for certain while gain > resolve*punishment, that is below 1/(2/5) = 5/2; not beyond.
    told = frontier(dt.load(SIGNALLING), rows=0, commitment=False).paragraph
    assert "only at punishment = 5/2 (2.5), where it falls from 1 to 0" in told
    assert "up to punishment = 5/2" not in told


def test_regions_within_the_ranges_say_so(signalling: Report) -> None:
    assert "Within the ranges held plausible F1 exists exactly where" in signalling.markdown


def test_no_cell_is_cut_and_the_letters_of_a_tree_can_be_read(
    session: Any, signalling: Report, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    signalling.save(path)
    session.set_window_size(1100, 900)
    session.get(path.as_uri())
    assert session.execute_script(
        "return [...document.querySelectorAll('table')].filter(t => t.parentElement.scrollWidth > "
        "t.parentElement.clientWidth).map(t => t.getAttribute('aria-label'))") == []
    # Letters of 7.5 units, at 1.2 pixels a unit, are 9 pixels high.
    sizes = session.execute_script(
        "return [...document.querySelectorAll('#figure-tree svg')].map(e => e.getBoundingClientRect().width / "
        "e.viewBox.baseVal.width)")
    assert sizes
    assert min(sizes) >= 1.19


def test_an_estimated_share_comes_with_its_interval(whole: Report) -> None:
    # Iran attacks for certain somewhere exactly where retaliation_cost_irresolute > 1/2 and resolve < 3/5: with
    # q = 10/11 and p = 5/8, resolve alone accounts for q p (1 - p) q / (q p (1 - q p)) = 0.789 of the variance.
    found = re.search(r"\| `resolve` \| judgement \| (\d+) % \u00b1 (\d+) % \|", whole.markdown)
    assert found is not None
    assert abs(float(found[1]) - 78.9) <= float(found[2]) + 0.5


def test_commitment_says_how_ties_are_broken(whole: Report) -> None:
    # The best plan after silence, to retaliate with 2/5 + 3/5*1/3 = 3/5 in all, leaves Iran 1 - 3/5*5/3 = 0 either way.
    assert "where these are indifferent they are taken to answer as it likes best" in whole.markdown


def test_a_record_that_goes_on_says_so() -> None:
    # The scenario is as of 31 October 2023; of the periods of the record, "further strikes" begins after it.
    scenario = dt.load(ROOT / "scenarios" / "iraq-syria-2023-10-swarm.toml")
    text = report(scenario, quick=True, rows=0).markdown
    assert "The scenario describes 2023-10-31; these periods end after that day" in text
    assert "further strikes" in text
