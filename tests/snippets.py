"""The snippets of a page of the documentation, run in the order in which a reader meets them.

A block of ``console`` holds commands after ``$`` with what they print: ``deterrence`` runs here and now, ``python`` and
the `PROGRAMS` in a process of their own, where they are installed, ``make`` names a target; others are for the reader
alone and stand in `UNTRIED`. A line of three dots stands for output that is left out. A block of ``python`` is a
doctest. A block with a caption is the file of that name. All of a page runs in one folder with the shipped scenarios in
it.
"""

from __future__ import annotations

import doctest
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from deterrence.cli import main

ROOT = Path(__file__).parent.parent
UNTRIED = ("pip", "git", "cd")
PROGRAMS = ("pdflatex", "bibtex", "cp")
FENCE = re.compile(r"^(?P<fence>`{3,}|:{3,})(?P<info>[^`\n]*)\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)
CAPTION = re.compile(r"\A:caption: (?P<name>\S+)\n\n?")


class Block(NamedTuple):
    """A fenced block: its language, the file that it is (or none), its text."""

    language: str
    name: str
    text: str


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page."""
    for found in FENCE.finditer(page.read_text(encoding="utf-8")):
        language = found["info"].replace("{code-block}", "").strip()
        caption = CAPTION.match(found["text"])
        text = found["text"][caption.end() :] if caption else found["text"]
        yield Block(language, caption["name"] if caption else "", text)


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block with the output shown after it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        while command.endswith("\\"):
            more, _, output = output.partition("\n")
            command = command[:-1] + more.strip()
        yield command, output


def prepared(folder: Path) -> None:
    """A folder as a reader has it who has fetched the repository."""
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")


def run(page: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Run every snippet of a page in the present folder."""
    names: dict[str, object] = {}
    for block in blocks(page):
        if block.name:
            Path(block.name).write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            for command, output in commands(block.text):
                _command(command, output, capfd)
        elif block.language == "python":
            _example(page, block.text, names)


def _command(command: str, output: str, capfd: pytest.CaptureFixture[str]) -> None:
    words = shlex.split(command.partition("    #")[0])
    capfd.readouterr()
    if words[0] == "deterrence":
        status = main(words[1:])
        shown = "".join(capfd.readouterr())
        assert status == 0 or output.strip(), f"{command}: {shown}"
    elif words[0] == "make":
        assert re.search(rf"^{words[1]}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE), command
        return
    elif words[0] == "python":
        done = subprocess.run([sys.executable, *words[1:]], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        shown = done.stdout
    elif words[0] in PROGRAMS:
        if shutil.which(words[0]) is None:
            return
        done = subprocess.run(words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stdout
        shown = done.stdout
    else:
        assert words[0] in UNTRIED, f"{command}: neither run nor in the list of what is not tried"
        return
    _shows(command, shown, output)


def _shows(command: str, shown: str, output: str) -> None:
    rest = shown
    for piece in filter(str.strip, re.split(r"^\.\.\.\n", output, flags=re.MULTILINE)):
        assert piece.strip("\n") in rest, f"{command} does not print\n{piece}\nbut\n{rest}"
        rest = rest.partition(piece.strip("\n"))[2]


def _example(page: Path, text: str, names: dict[str, object]) -> None:
    assert ">>> " in text, f"{page.name}: a block of python is a doctest, or a file with a caption:\n{text}"
    test = doctest.DocTestParser().get_doctest(text, names, page.name, str(page), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE, verbose=False)
    told: list[str] = []
    failed = runner.run(test, out=told.append, clear_globs=False).failed
    names.update(test.globs)
    assert failed == 0, "".join(told)
