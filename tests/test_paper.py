"""A paper that takes every number, table and reference from saved results, set by pdfLaTeX and read back."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import deterrence as dt

from .worked import FILE

PAPER = Path(__file__).parent / "paper" / "paper.tex"
CASE = Path(__file__).parents[1] / "scenarios" / "iraq-syria-2023-10.toml"
TOOLS = ("pdflatex", "bibtex", "pdftotext")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"no {', '.join(MISSING)} on this machine")


def run(folder: Path, *words: str) -> str:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, errors="replace", timeout=120)
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr
    return done.stdout


def compiled(folder: Path) -> str:
    """The text of the paper; no command may run a program, and nothing may be undefined."""
    latex = ("pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "paper")
    run(folder, *latex)
    told = run(folder, "bibtex", "paper")
    assert "Warning" not in told, told
    run(folder, *latex)
    log = run(folder, *latex)
    assert "undefined" not in log
    assert "multiply defined" not in log
    return " ".join(run(folder, "pdftotext", "-layout", "paper.pdf", "-").split())


def written(folder: Path) -> None:
    """Four saved results, and what `cite` makes of them, beside the paper."""
    scenario = dt.load(FILE)
    dt.save(dt.solve(scenario), folder / "solve.json")
    dt.save(dt.atlas(scenario), folder / "atlas.json")
    dt.sweep(scenario, over={"resolve": ("1/10", "9/10", 9)}, output=folder / "sweep.nc", jobs=1)
    dt.save(dt.frontier(dt.load(CASE), rows=0, jobs=1), folder / "frontier.json")
    results = [str(folder / name) for name in ("solve.json", "atlas.json", "sweep.nc", "frontier.json")]
    (folder / "numbers.tex").write_text(dt.cite(results, macros=True, tables=True), encoding="utf-8")
    (folder / "results.bib").write_text(dt.cite(results, "bibtex"), encoding="utf-8")
    shutil.copy(PAPER, folder)


# The small game: both types hold where Iran refrains, 3/5 (1 + 2) > 1, so that the belief stays at the prior 3/5; both
# strike, at the cost of 1/5, where Iran would attack after hold.
# F1 exists where attacking does not pay after hold: gain (1 - resolve) <= harm resolve; with gain 1 and harm 2 where
# resolve >= 1/3, at 4/10, ..., 9/10 of 1/10, ..., 9/10: six of nine points. Below, Iran attacks after hold for certain.
# The case: Iran is indifferent after the statement where it holds the US to be resolved with 1/(5/3) = 3/5, so the
# irresolute bluffs with x where (2/5)/(2/5 + 3/5 x) = 3/5, x = 4/9; it is indifferent where Iran attacks with y,
# y (1 + 1/2) = 1, y = 2/3. Failure: 1/3 + 2/3 * 2/3 = 7/9. Spiral: the resolved, attacked, 2/5 * 2/3 = 4/15.
SENTENCES = (
    "There are 2 equilibria.",
    "pooling on hold, the chance of a strike is 0 and the belief that the US is resolved stays at 3/5, in decimals "
    "0.6.",
    "pooling on strike, the US gets −1/5, in decimals −0.2.",  # noqa: RUF001 - pdfTeX sets a minus sign
    "The list is complete: yes.",
    "where resolve gain + resolve harm − gain ≥ 0.",  # noqa: RUF001 - pdfTeX sets a minus sign
    "it exists at a share of 0.6667 of 9 points, and the worst chance of an attack reaches 1.",
    "the chance that deterrence fails is 7/9, in decimals 0.7778, and that of a spiral 4/15 [",
    "The punishment is 1.667.",
)
TABLES = ("F1 pooling on hold", "F2 pooling on strike", "US commits itself", "estimated [", "(Tarski)")
WORKS = (
    "deterrence: every equilibrium of games of deterrence and restraint", "Sequential equilibria",
    "Iran has attacked U.S. troops 83 times since Biden became president",
    "A small game of restraint: result of deterrence solve",
)


def test_the_paper_shows_the_right_numbers_tables_and_works(tmp_path: Path) -> None:
    written(tmp_path)
    paper = compiled(tmp_path)
    for words in (*SENTENCES, *TABLES, *WORKS):
        assert words in paper


HOSTILE = r"""\input{/etc/passwd}} \write18{touch pwned} ^^5cend{document} $ # % & _ ~ @misc{x, "q" é Жук `?"""


def test_a_hostile_scenario_is_set_as_text(tmp_path: Path) -> None:
    title, place = (word.replace("\\", "\\\\").replace('"', '\\"') for word in (HOSTILE, "%"))
    text = FILE.read_text(encoding="utf-8").replace('"A small game of restraint"', f'"{title}"')
    text = text.replace('resolve = "3/5"', "[parameters.resolve]\nvalue = \"3/5\"\nbasis = \"observed\"\n"
                        f'source = "s"\nunit = "{title}"\nnote = "{place}"\n[parameters]', 1)
    text = text.replace("[parameters]\n[parameters.resolve]", "[parameters.resolve]").replace(
        "[game]\n", f'[sources.s]\ntitle = "{title}"\nauthor = ["{title}", "Doe, {title.replace(",", "")}"]\n'
        f'publisher = "{title}"\nURL = "https://example.org/{title}"\nnote = "{title}"\n\n[game]\n', 1)
    (tmp_path / "hostile.toml").write_text(text, encoding="utf-8")
    found = dt.solve(dt.load(tmp_path / "hostile.toml"))
    (tmp_path / "numbers.tex").write_text(dt.cite(found, macros=True, tables=True), encoding="utf-8")
    (tmp_path / "results.bib").write_text(dt.cite(found, "bibtex"), encoding="utf-8")
    (tmp_path / "paper.tex").write_text(
        "\\documentclass{article}\\usepackage{array,booktabs,longtable,url}\\input{numbers}\\begin{document}"
        "\\GameSolveTitle{} \\GameSolveAssumptionsTable{} \\GameSolveEquilibriaTable{} END\\nocite{*}"
        "\\bibliographystyle{plain}\\bibliography{results}\\end{document}", encoding="utf-8",
    )
    paper = compiled(tmp_path)
    assert "root:" not in paper
    assert "END" in paper
    assert r"\input{/etc/passwd}}" in paper
    assert "[U+0416]" in paper
    assert not (tmp_path / "pwned").exists()
