"""The documentation shows what the package does: sessions, examples, commands, options, links."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest

from deterrence.cli import COMMANDS, main

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])
FENCE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def sessions() -> list[tuple[str, str]]:
    """Every `$ deterrence ...` of a page with the output shown after it."""
    found = []
    for page in PAGES:
        for block in FENCE.findall(page.read_text(encoding="utf-8")):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                if command.startswith("deterrence ") and output.strip():
                    found.append((command, output))
    return found


@pytest.mark.parametrize(("command", "output"), sessions(), ids=[command for command, _ in sessions()])
def test_a_session_shows_the_real_output(
    command: str, output: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    main(shlex.split(command)[1:])
    rest = capsys.readouterr().out
    # A line of three dots stands for what is left out.
    for piece in filter(str.strip, re.split(r"^\.\.\.\n", output, flags=re.MULTILINE)):
        assert piece.strip("\n") in rest
        rest = rest.partition(piece.strip("\n"))[2]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_examples_run(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = re.sub(r"^```\w*$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    test = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    failed = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(test).failed
    assert failed == 0


def test_the_readme_shows_the_main_command_and_python() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "deterrence solve scenarios/iraq-syria-2023-10.toml" in [command for command, _ in sessions()]
    assert text.count(">>> ") >= 3


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), target


def test_every_command_and_option_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `deterrence (\w+)", text, re.MULTILINE)) == set(COMMANDS)
    helps = [command.parser().format_help() for command in COMMANDS.values()]
    options = {name for text in helps for name in re.findall(r"--[a-z]+", text)}
    documented = set(re.findall(r"--[a-z]+", text.partition("## Options")[2].partition("## Exit")[0]))
    assert documented == options - {"--help"}


def test_readme_commands_are_targets_of_make() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^\$ make (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
