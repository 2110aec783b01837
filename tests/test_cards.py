"""What a notebook shows of every noun: well formed, short, escaped, without scripts, and with the numbers in it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import deterrence as dt
from deterrence.algebraic import real_roots
from deterrence.cards import ROWS, array, card, formula, paragraph, table, words

from .worked import FILE

ROOT = Path(__file__).parent.parent
CASE = ROOT / "scenarios" / "iraq-syria-2023-10.toml"
HOSTILE = r"</p><script>alert(1)</script> \input{/etc/passwd} $x_1$ & 50 % # ~ ^ {"
LONGEST = 12_000


@cache
def shown() -> dict[str, Any]:
    """One of each noun."""
    case, small = dt.load(CASE), dt.load(FILE)
    atlas = dt.atlas(small)
    return {
        "Scenario": case, "ParameterTable": case.parameters, "Game": case.game, "DirectGame": direct(),
        "Solution": dt.solve(case), "Equilibrium": dt.solve(case)[1], "Atlas": atlas, "EquilibriumFamily": atlas[0],
        "Proof": dt.prove(atlas, "P[attack] <= 1/2"),
        "Sensitivity": dt.sensitivity(case, ["P_max[attack]"], over=["resolve"], rows=16, boundaries=False),
        "Discovery": dt.discover(case, "P_max[attack] >= 1/2", over=["resolve"], rows=512),
        "Robust": dt.robust(case, "punishment", over=["resolve"], rows=16, values=[1, 2]),
        "Frontier": dt.frontier(case, rows=0), "Confrontation": dt.confront(case, rows=0),
        "Verification": verified(small),
        "Comparison": dt.diff(case, case.with_values({"resolve": "7/10", "slip": "1/5"})),
    }


def verified(scenario: Any) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "result.json"
        dt.save(dt.solve(scenario), path)
        return dt.verify(path)


def direct() -> Any:
    return dt.load(ROOT / "scenarios" / "canon" / "chain_store.toml").game


NOUNS = ("Scenario", "ParameterTable", "Game", "DirectGame", "Solution", "Equilibrium", "Atlas", "EquilibriumFamily",
         "Proof", "Sensitivity", "Discovery", "Robust", "Frontier", "Confrontation",
         "Verification", "Comparison")


@pytest.mark.parametrize("name", NOUNS)
def test_a_noun_shows_itself(name: str) -> None:
    noun = shown()[name]
    assert type(noun).__name__ == name
    text = noun._repr_html_()
    tree = ElementTree.fromstring(f"<all>{text}</all>")  # noqa: S314 - our own output
    assert len(text) <= LONGEST
    assert {element.tag for element in tree.iter()} <= {
        "all", "div", "p", "strong", "table", "thead", "tbody", "tr", "th", "td"
    }
    assert {key for element in tree.iter() for key in element.attrib} <= {"class", "style"}
    assert "color" not in text
    assert len("".join(tree.itertext()).split()) > 10


def cells(noun: Any) -> list[list[str]]:
    tree = ElementTree.fromstring(f"<all>{noun._repr_html_()}</all>")  # noqa: S314 - our own output
    return [["".join(cell.itertext()) for cell in row] for row in tree.iter("tr")]


def test_the_numbers_are_those_of_the_result() -> None:
    # By hand: silence has probability 3/5 * 5/9 = 1/3 and is always attacked, statement 2/3 and is attacked with 2/3.
    assert ["P[attack]", "1", "7/9 (≈ 0.778)"] in cells(shown()["Solution"])
    assert ["irresolute", "silence 5/9 (≈ 0.556), statement 4/9 (≈ 0.444)", ""] in cells(shown()["Equilibrium"])
    assert ["resolve", "uncertainty", "2/5 (0.4)", "1/10 to 9/10", "judgement", ""] in cells(shown()["Scenario"])
    assert ["chance after", "draws"] in cells(shown()["Game"])
    assert ["at the outset", "resolved: resolve, irresolute: 1 - resolve"] in cells(shown()["Game"])


def test_the_doubts_of_an_answer_are_on_its_card() -> None:
    assert "there is no other" in shown()["Solution"]._repr_html_()
    assert "Every admissible point has one: proved" in shown()["Atlas"]._repr_html_()
    assert "does not identify the effect of striking" in shown()["Confrontation"]._repr_html_()
    nash = dt.solve(shown()["Scenario"], concept="nash")
    assert ("not claimed complete" in nash._repr_html_()) is not nash.complete


def test_what_a_scenario_says_stays_text() -> None:
    text = FILE.read_text(encoding="utf-8").replace("A small game of restraint", HOSTILE.replace("\\", "\\\\"))
    label = HOSTILE.replace("\\", "\\\\")
    text = text.replace('"refrain"', f'"{label}"')
    scenario = dt.loads(text)
    solution = dt.solve(scenario)
    for noun in (scenario, scenario.game, solution, solution[0], dt.atlas(scenario)[0]):
        tree = ElementTree.fromstring(f"<all>{noun._repr_html_()}</all>")  # noqa: S314 - our own output
        assert not list(tree.iter("script"))
        assert "<script>alert(1)</script>" in "".join(tree.itertext())
    for noun in (solution, solution[0], dt.atlas(scenario)[0]):
        assert r"\input" not in noun._repr_latex_().replace(r"\textbackslash{}input", "")


def test_control_characters_are_left_out() -> None:
    assert "\x1b" not in card("a\x1b[2Jb", paragraph("c\x00d"))


def test_long_tables_are_cut_and_say_so() -> None:
    text = table(("n",), [(str(n),) for n in range(ROWS + 3)])
    assert text.count("<tr>") == ROWS + 1
    assert "and 3 more rows" in text


def test_formulas_show_exact_numbers_and_mark_those_that_are_not() -> None:
    assert formula(Fraction(-3, 5)) == r"-\frac{3}{5}"
    assert formula(Fraction(4)) == "4"
    assert formula(max(real_roots([-2, 0, 1]))) == r"\approx 1.41"
    assert shown()["EquilibriumFamily"].strategy["after hold"]["refrain"]._repr_latex_() == r"$\displaystyle 1$"


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex on this machine")
def test_formulas_can_be_set_by_latex(tmp_path: Path) -> None:
    parts = [shown()[name]._repr_latex_() for name in ("Solution", "Equilibrium", "Atlas", "EquilibriumFamily")]
    parts += [array([(words(HOSTILE), "1")]), shown()["Atlas"][0].region[0][0]._repr_latex_()]
    head = "\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\n"
    (tmp_path / "all.tex").write_text(head + "\n\n".join(parts) + "\n\\end{document}\n", encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "all.tex"],
        cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False,
    )
    assert done.returncode == 0, done.stdout[-2_000:]
