"""Reports: what they say of games solved by hand, what they are made of, and that they can be made again."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

import deterrence as dt
from deterrence.cli import main
from deterrence.expressions import Ring
from deterrence.report import ENDINGS, Report, report
from deterrence.report.conclusions import Conclusion, conclusions, reaches, turns
from deterrence.report.formulas import condition, formula
from deterrence.report.tex import ascii_pdf
from tests.browser import opened, requests
from tests.resealing import reseal

ROOT = Path(__file__).parent.parent
SMALL = Path(__file__).parent / "restraint.toml"
SCENARIOS = ROOT / "scenarios"
SIGNALLING = SCENARIOS / "iraq-syria-2023-10.toml"
NASTY = ("</script><script>window.stolen = 1</script><img src=x onerror=\"window.stolen = 1\"> ]]> --> "
         "\\input{/etc/passwd} | $x$ %s `a` *b* [c](javascript:alert(1)) deterrence-made: {} ~~~~ & {{0}}")



def ranged() -> str:
    """The small game with ranges on which its answer is known by hand.

    Iran attacks where it believes in the resolved type with less than gain/(gain + harm) = 1/3 (harm = 2, gain = 1), so
    that with 2/5 <= resolve <= 4/5 pooling on hold deters attack everywhere, and pooling on strike exists while its
    cost 1/5 is no more than the loss of either type from an attack, 1/2 and 1.
    """
    text = SMALL.read_text(encoding="utf-8")
    table = ('resolve = { value = "3/5", range = ["2/5", "4/5"], role = "uncertainty", basis = "judgement", unit = '
             '"probability", note = "Half | and half." }')
    text = text.replace('resolve = "3/5"', table, 1)
    return text.replace('cost = "1/5"', 'cost = { value = "1/5", range = ["1/10", 1], role = "lever" }', 1)


@pytest.fixture(scope="module")
def small() -> Report:
    return report(dt.loads(ranged()))


@pytest.fixture(scope="module")
def nasty() -> Report:
    quoted = json.dumps(NASTY)
    text = ranged().replace('"A small game of restraint"', quoted).replace('"Half | and half."', quoted)
    text = text.replace('basis = "judgement"', 'basis = "observed", source = "bad"')
    where = json.dumps("https://example.org/\"><script>window.stolen=1</script>%$_\\input{x}|")
    return report(dt.loads(text + f"\n[sources.bad]\ntitle = {quoted}\nnote = {quoted}\nURL = {where}\n"), quick=True)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with opened(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


def parsed(text: str) -> ElementTree.Element:
    """A page read by a parser that takes well-formed documents alone."""
    return ElementTree.fromstring(re.sub(r"\A<!DOCTYPE html>\n", "", text))  # noqa: S314 - a page of our own


# What it says ------------------------------------------------------------------------------------------------------


def test_the_small_game_is_told_as_in_the_contract() -> None:
    text = report(dt.load(SMALL)).markdown
    assert "has 2 perfect Bayesian equilibria; there is no other: this is proved" in text
    assert "| F1 | pooling on hold | 0 | 0 |" in text
    assert "| F2 | pooling on strike | -1/5 (-0.2) | 0 |" in text
    assert "strike 0 to 1; hold 0 to 1; attack 0; refrain 1" in text
    # Off the path of F2 (contract, section 4): 0 <= mu < 1/3, y = 1, or mu = 1/3, 2/5 <= y <= 1.
    assert "where 0 \u2264 mu &lt; 1/3, y = 1" in text
    assert "or mu = 1/3, 2/5 \u2264 y \u2264 1" in text


def test_regions_in_closed_form_are_those_derived_by_hand() -> None:
    closed = report(dt.load(SMALL)).markdown
    # Iran refrains after the common signal where resolve*harm >= (1 - resolve)*gain; in F2 neither type gains by hold,
    # which is attacked: cost <= loss_resolved is the sharper of the two, as loss_irresolute is the greater.
    harm, gain, resolve = (rf"\mathrm{{{name}}}" for name in ("harm", "gain", "resolve"))
    assert closed.count(rf"${resolve} \, {gain} + {resolve} \, {harm} \ge {gain}$") == 2
    assert r"$\mathrm{loss\_resolved} \ge \mathrm{cost}$" in closed


def test_a_conclusion_is_proved_or_comes_with_an_exact_example(small: Report) -> None:
    text = small.markdown
    # All over 2/5 <= resolve <= 4/5 Iran refrains after what both types do: see `ranged`.
    assert "The probability of attack is 0 in every equilibrium | proved" in text
    assert "Holds at every plausible value of what is uncertain (proved, knife edges aside)" in text


def test_where_a_conclusion_stops_is_found_exactly() -> None:
    scenario = dt.loads(ranged())
    strike = Conclusion("strike", "max", ">=", Fraction(1), "strike is possible for certain")
    found, seen, failed = turns(scenario, [strike], lambda words: None)
    assert (seen, failed) == (["resolve", "cost"], {})
    # Pooling on strike ends where its cost passes the loss 1/2 of the resolved type.
    assert [(t.parameter, t.upward, t.at) for t in found[strike.words]] == [("cost", True, Fraction(1, 2))]


def test_conclusions_do_not_say_one_thing_twice() -> None:
    scenario = dt.load(SMALL)
    told = [one.words for one in conclusions(scenario, reaches(scenario))]
    assert [words for words in told if "attack" in words] == ["the probability of attack is 0 in every equilibrium"]
    assert [words for words in told if "refrain" in words] == ["the probability of refrain is 1 in every equilibrium"]


def test_formulas_have_positive_terms_on_both_sides_and_whole_numbers() -> None:
    ring = Ring(["a", "b"])
    assert condition(ring.parse_condition("1/3 - a*b >= 0")[0]).plain == "3 a b \u2264 1"
    assert condition(ring.parse_condition("a - 2*b > 0")[0]).latex == r"\mathrm{a} > 2 \, \mathrm{b}"
    assert formula(ring.parse("(a/2 - 1)/(b - 3)")).plain == "(2 \u2212 a)/(6 \u2212 2 b)"
    fraction = ElementTree.fromstring(f"<math>{formula(ring.parse('a**2/(a + b)')).mathml}</math>")  # noqa: S314
    assert [part.tag for part in fraction[0]] == ["msup", "mrow"]


def test_citing_names_the_fingerprint_of_what_solve_saves(small: Report, tmp_path: Path) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(ranged(), encoding="utf-8")
    result = tmp_path / "result.json"
    assert main(["solve", str(path), "-o", str(result), "--quiet"]) == 0
    assert json.loads(result.read_text(encoding="utf-8"))["fingerprint"] in small.markdown


def test_limits_are_said_where_they_are_met() -> None:
    text = report(dt.load(SMALL)).markdown
    for said in ("no parameter has a range", "There is no frontier", "The scenario names no source",
                 "a map needs two parameters"):
        assert said in text
    quick = report(dt.loads(ranged()), quick=True).markdown
    assert "was not looked for (--quick)" in quick


def test_what_was_left_out_of_a_ladder_is_told() -> None:
    text = report(dt.load(SCENARIOS / "canon" / "tying_hands.toml"), quick=True, rows=0).markdown
    assert "not sampled" in text or "Nothing is said over the plausible ranges" in text


# Form --------------------------------------------------------------------------------------------------------------


def test_the_page_is_well_formed_and_asks_for_nothing(small: Report) -> None:
    root = parsed(small.html)
    tags = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert "script" not in tags
    assert not {"link", "iframe", "object", "embed", "img", "base", "form"} & set(tags)
    assert {"main", "nav", "header"} <= set(tags)
    assert tags.count("math") > 3
    names = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(names) == len(set(names))
    for element in root.iter():
        for key, value in element.attrib.items():
            assert not key.startswith("on"), key
            if key.rpartition("}")[2] in ("href", "src"):
                assert value.startswith("#"), value
    assert all(value.startswith("#") for value in re.findall(r"url\(([^)]*)\)", small.html))
    policy = root.find(".//meta[@http-equiv='Content-Security-Policy']")
    assert policy is not None
    assert "default-src 'none'" in policy.get("content", "")


def test_headings_and_pictures_can_be_read_without_seeing(small: Report) -> None:
    root = parsed(small.html)
    levels = [int(e.tag[1]) for e in root.iter() if re.fullmatch("h[1-6]", e.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    drawn = [e for e in root.iter() if e.tag.endswith("}svg")]
    assert len(drawn) >= 3
    assert all(e.get("role") == "img" and e.get("aria-labelledby") for e in drawn)
    assert root.get("lang") == "en-GB"


def test_a_hostile_scenario_is_inert(nasty: Report) -> None:
    root = parsed(nasty.html)
    tags = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert "script" not in tags
    assert "img" not in tags
    heading = root.find(".//h1")
    assert heading is not None
    assert heading.text == NASTY
    # As a reader of Markdown that lets HTML through sees it: no element but its own, a link only to the pictures.
    read = MarkdownIt("commonmark", {"html": True}).enable("table").parse(nasty.markdown)
    inside = [token for block in read for token in (block, *(block.children or ()))]
    assert not [token for token in inside if token.type == "html_inline"]
    (comment,) = [token.content for token in inside if token.type == "html_block"]
    assert comment.startswith("<!-- deterrence-made: ")
    assert comment.rstrip().endswith("-->")
    assert comment.count("-->") == 1
    assert not [token for token in inside if token.type == "link_open"]
    assert all(token.attrs["src"].startswith("data:image/svg+xml;base64,") for token in inside if token.type == "image")
    tables = [n for n, token in enumerate(read) if token.type == "table_open"]
    assert len(tables) == len(re.findall(r"(?m)^\| --- ", nasty.markdown))
    titles = [block.children for block in read if block.type == "inline" and block.level == 1]
    assert "".join(child.content for child in titles[0]) == NASTY
    source = nasty.latex.partition("\n\\end{document}")[0]
    assert r"\input{" not in source
    assert source.count("deterrence-made") == 0


def test_bytes_do_not_depend_on_the_hash_seed(tmp_path: Path, small: Report) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(ranged(), encoding="utf-8")
    code = ("import sys, deterrence as dt\nfound = dt.report(dt.load(sys.argv[1]))\n"
            "sys.stdout.buffer.write((found.html + found.markdown + found.latex).encode())")
    texts = []
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        texts.append(subprocess.run([sys.executable, "-c", code, str(path)], env=environment, capture_output=True,
                                    check=True).stdout)
    assert texts[0] == texts[1]
    assert texts[0].decode().startswith("<!DOCTYPE html>")


def test_a_picture_for_latex_is_ascii_without_blanks_at_line_ends(small: Report) -> None:
    text = ascii_pdf(dt.plot(small.scenario, "tree"))
    assert text.isascii()
    assert not re.search(r" $", text, re.MULTILINE)
    assert max(map(len, text.splitlines())) < 20_000


# Verified ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".html", ".md", ".tex"])
def test_verify_makes_a_report_again_and_finds_a_changed_digit(small: Report, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"report{ending}"
    small.save(path)
    assert dt.verify(path).verdict == "verified"
    text = path.read_text(encoding="utf-8")
    place = text.index("1/5", text.index("has 2 perfect Bayesian"))
    path.write_text(f"{text[:place]}2{text[place + 1:]}", encoding="utf-8")
    found = dt.verify(path)
    assert not found.holds
    assert len(found.differences) == 1


def test_verify_makes_an_explorer_and_a_picture_again(tmp_path: Path) -> None:
    scenario = dt.loads(ranged())
    dt.explore(scenario, tmp_path / "page.html", over=["cost"])
    dt.plot(scenario, "tree").save(tmp_path / "tree.svg")
    for name, old, new in (("page.html", "<title>", "<title> "), ("tree.svg", "3/5", "4/5")):
        path = tmp_path / name
        assert dt.verify(path).holds
        text = path.read_text(encoding="utf-8")
        place = text.rindex(old)
        path.write_text(text[:place] + new + text[place + len(old):], encoding="utf-8")
        assert not dt.verify(path).holds


def test_a_record_goes_with_the_report(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    scenario = dt.load(SCENARIOS / "iraq-syria-2023-10-swarm.toml")
    made = report(scenario, quick=True, rows=0)
    made.save(path)
    assert "## Beside the record" in made.markdown
    assert dt.verify(path).holds


def test_options_that_no_report_has_are_refused(small: Report, tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    small.save(path)
    text = path.read_text(encoding="utf-8")
    for options in ('{"rows":"many"}', '{"strange":1}', '{"record":"../x"}', '{"over":[1]}', '{"quick":1}'):
        path.write_text(text.replace('"options":{}', f'"options":{options}', 1), encoding="utf-8")
        reseal(path)
        with pytest.raises(dt.ProblemsError, match=r"made\.options"):
            dt.verify(path)


# Command -----------------------------------------------------------------------------------------------------------


def test_the_command_writes_what_the_function_gives(
    small: Report, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(ranged(), encoding="utf-8")
    assert main(["report", str(path), "-o", str(tmp_path / "out.html"), "--quiet"]) == 0
    assert (tmp_path / "out.html").read_text(encoding="utf-8") == dt.report(dt.load(path)).html
    assert main(["report", str(path), "--quick", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [section["key"] for section in told["sections"]][:2] == ["question", "assumptions"]
    assert main(["report", str(path), "-o", str(tmp_path / "out.docx")]) == 2
    assert ", ".join(ENDINGS) in capsys.readouterr().err
    assert main(["report", str(path), "--rows", "100"]) == 2
    assert "power of two" in capsys.readouterr().err


def test_latex_sets_the_report_with_its_pictures(nasty: Report, small: Report, tmp_path: Path) -> None:
    if shutil.which("pdflatex") is None:
        pytest.skip("needs pdfLaTeX (on Debian and Ubuntu: apt-get install texlive-latex-recommended)")
    first, second = small.pdf(), small.pdf()
    assert first == second
    assert nasty.pdf().startswith(b"%PDF")
    if shutil.which("pdftotext") is None:
        return
    path = tmp_path / "report.pdf"
    path.write_bytes(nasty.pdf())
    text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout.decode()
    assert "root:" not in text
    assert "input{/etc/passwd}" in text.replace("\n", "")


def test_a_browser_opens_it_without_a_word_or_a_request(
    session: Any, small: Report, nasty: Report, tmp_path: Path
) -> None:
    for n, made in enumerate((small, nasty)):
        path = tmp_path / f"report{n}.html"
        made.save(path)
        session.get_log("browser")
        session.get(path.as_uri())
        assert session.get_log("browser") == []
        assert requests(session) == []
        assert session.execute_script("return window.stolen === undefined")
        assert session.title == html.unescape(made.scenario.title)
        session.set_window_size(500, 800)
        assert session.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
