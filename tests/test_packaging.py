"""The project files agree with each other and with the package."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import deterrence
from deterrence.provenance import provenance

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
PINS = {
    re.sub(r"[-_.]+", "-", name).lower(): version
    for name, version in (re.split("==", line.partition(";")[0].strip()) for line in CONSTRAINTS)
}


def requirements() -> list[Requirement]:
    extras = [text for texts in PROJECT["optional-dependencies"].values() for text in texts]
    found = [Requirement(text) for text in [*PROJECT["dependencies"], *extras]]
    return [requirement for requirement in found if requirement.name != "deterrence"]


def test_version_is_one() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(r"^version: (\S+)$", citation, re.MULTILINE).group(1) == deterrence.__version__
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## (\S+)$", changelog, re.MULTILINE).group(1) == deterrence.__version__
    assert metadata.version("deterrence") == deterrence.__version__


def test_provenance_has_the_installed_versions() -> None:
    assert provenance("sympy") == {
        "package": f"deterrence {deterrence.__version__}",
        "python": "{}.{}.{}".format(*sys.version_info[:3]),
        "dependencies": {"sympy": metadata.version("sympy")},
    }


@pytest.mark.parametrize("requirement", requirements(), ids=lambda requirement: requirement.name)
def test_every_requirement_is_pinned_within_its_bounds(requirement: Requirement) -> None:
    pin = PINS[re.sub(r"[-_.]+", "-", requirement.name).lower()]
    assert requirement.specifier.contains(pin, prereleases=True)
    assert {specifier.operator for specifier in requirement.specifier} == {">="}


def test_the_build_tool_is_pinned() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    assert all(Requirement(text).specifier.contains(PINS[Requirement(text).name]) for text in build)


def test_constraints_are_names_and_versions_only() -> None:
    assert all(Version(version) for version in PINS.values())
    assert len(PINS) == len(CONSTRAINTS)


def test_the_tests_run_with_the_pinned_versions() -> None:
    for name in ("python-flint", "z3-solver", "sympy", "rich"):
        assert metadata.version(name) == PINS[name]


def test_console_script_is_main() -> None:
    (script,) = metadata.entry_points(group="console_scripts", name="deterrence")
    from deterrence.cli import main

    assert script.load() is main


def test_python_versions_agree() -> None:
    named = {text.rpartition(" ")[2] for text in PROJECT["classifiers"] if "Python ::" in text}
    assert named == {"3.11", "3.12", "3.13"}
    assert Requirement(f"python{PROJECT['requires-python']}").specifier.contains("3.11.0")
    assert not Requirement(f"python{PROJECT['requires-python']}").specifier.contains("3.10.9")


def test_ci_runs_the_test_command_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in lines
    assert [line for line in lines if "make" in line] == ["exec make --no-print-directory test"]


def make(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", "--dry-run", *words], cwd=ROOT, capture_output=True, text=True, check=False)


def test_make_says_so_where_there_is_no_python(tmp_path: Path) -> None:
    found = subprocess.run(
        ["make", f"VENV={tmp_path}/venv", "PYTHON=", "demo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 2
    assert "No Python 3.11 or newer was found" in found.stderr
    assert not (tmp_path / "venv").exists()


def test_make_demo_solves_the_shipped_scenario(tmp_path: Path) -> None:
    lines = make(f"VENV={tmp_path}/venv", "demo").stdout
    assert f"{tmp_path}/venv/bin/deterrence solve scenarios/iraq-syria-2023-10.toml" in lines
    assert (ROOT / "scenarios" / "iraq-syria-2023-10.toml").is_file()
