"""The documentation shows what the package does: sessions, examples, commands, options, links; and it builds."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path
from types import FunctionType

import pytest

import deterrence
from deterrence.cite import keys
from deterrence.cli import COMMANDS

from . import snippets

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*.md")])
NOTEBOOK = ROOT / "docs" / "tutorial.ipynb"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_snippet_of_a_page_runs(
    page: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    snippets.prepared(tmp_path)
    monkeypatch.chdir(tmp_path)
    snippets.run(page, capfd)


def test_the_readme_shows_the_main_command_and_python() -> None:
    shown = [block for block in snippets.blocks(ROOT / "README.md") if block.language in {"console", "python"}]
    sessions = {command for block in shown for command, _ in snippets.commands(block.text)}
    assert "deterrence solve scenarios/iraq-syria-2023-10.toml" in sessions
    assert sum(block.text.count(">>> ") for block in shown) >= 3


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        made = target.startswith("reference/")  # written when the site is built, which checks them
        assert made or target.startswith("https://") or (page.parent / target).exists(), target


def test_every_command_and_option_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `deterrence (\w+)", text, re.MULTILINE)) == set(COMMANDS)
    helps = [command.parser().format_help() for command in COMMANDS.values()]
    options = {name for text in helps for name in re.findall(r"--[a-z]+", text)}
    documented = set(re.findall(r"--[a-z]+", text.partition("## Options")[2].partition("## Exit")[0]))
    assert documented == options - {"--help"}


def test_the_notebook_is_kept_without_what_it_printed() -> None:
    kept = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    code = [cell for cell in kept["cells"] if cell["cell_type"] == "code"]
    assert len(code) >= 8
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert kept["metadata"] == {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


def test_the_site_builds_with_the_notebook_in_it(tmp_path: Path) -> None:
    # One test, so that workers do not build the site once each.
    ignored = shutil.ignore_patterns("_build", "reference", "__pycache__")
    shutil.copytree(ROOT / "docs", tmp_path / "docs", ignore=ignored)
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    executed(tmp_path / "docs")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "-n", "-q", "--keep-going", "-D", "nb_execution_mode=off",
         "-d", str(tmp_path / "trees"), str(tmp_path / "docs"), str(tmp_path / "html")],
        capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stderr
    asks_for_nothing_from_elsewhere(tmp_path / "html")
    documents_what_is_public(tmp_path / "html")
    has_every_game_command_and_work(tmp_path / "html")


def executed(folder: Path) -> None:
    """Put what it prints into the notebook of a folder; in a process of its own, as a kernel leaves sockets behind."""
    code = (
        "import nbformat, nbclient\n"
        "book = nbformat.read('tutorial.ipynb', 4)\n"
        "nbclient.NotebookClient(book, timeout=120).execute()\n"
        "nbformat.write(book, 'tutorial.ipynb')\n"
    )
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    cells = json.loads((folder / "tutorial.ipynb").read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells if cell["cell_type"] == "code" for output in cell["outputs"]]
    assert not [output for output in outputs if output["output_type"] in {"error", "stream"}]
    assert sum("text/html" in output["data"] for output in outputs) >= 5
    assert sum("text/latex" in output["data"] for output in outputs) >= 3


def asks_for_nothing_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 50
    for page in pages:
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(r'<(?:script|img|iframe|source)[^>]* src="([^"]*)"', text)
        loaded += re.findall(r'<link[^>]* rel="(?:stylesheet|preload|preconnect|icon)"[^>]* href="([^"]*)"', text)
        assert not [address for address in loaded if re.match(r"(?:[a-z]+:)?//", address)], page
        assert str(ROOT) not in text, page
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(?:https?:)?//", sheet.read_text(encoding="utf-8")), sheet


def documents_what_is_public(site: Path) -> None:
    lines = zlib.decompress((site / "objects.inv").read_bytes().split(b"\n", 4)[4]).decode().splitlines()
    found = {row[0] for row in (line.split(" ") for line in lines) if row[1].startswith("py:")}
    public = set(deterrence.__all__) - {"__version__", "models"}
    assert {f"deterrence.{name}" for name in public} | {"deterrence.models.get", "deterrence.models.names"} <= found
    functions = [getattr(deterrence, name) for name in sorted(public)]
    rooms = sorted({sys.modules[one.__module__].__file__ for one in functions if isinstance(one, FunctionType)})
    text = "".join(Path(room).read_text(encoding="utf-8").partition("__all__")[0] for room in rooms)
    named = set(re.findall(r"^    from \.[\w.]+ import (\w+)$", text, re.MULTILINE))
    assert len(named) >= 10
    assert named <= {name.rpartition(".")[2] for name in found}


def has_every_game_command_and_work(site: Path) -> None:
    for name in deterrence.models.names():
        assert (site / "reference" / "games" / f"{name}.html").exists()
    helped = (site / "reference" / "help.html").read_text(encoding="utf-8")
    assert all(f'id="{name}"' in helped for name in COMMANDS)
    works = (site / "reference" / "bibliography.html").read_text(encoding="utf-8")
    assert all(f'id="bib-{key.replace("_", "-")}"' in works for key in keys())
