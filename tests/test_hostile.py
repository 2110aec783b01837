"""Hostile files: every one is refused with its place, in time, in bounds, and without touching anything."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deterrence.errors import Problem, ScenarioError
from deterrence.scenario import load, loads

from .hostile.cases import CASES, WORKED, Case

SECONDS = 2
BYTES = 1 << 30


def test_there_are_enough_and_each_has_its_own_name():
    assert len({case.name for case in CASES}) == len(CASES) >= 60


def test_the_game_that_is_edited_is_right():
    assert loads(WORKED).game.players == ("US", "Iran")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_place_is_named(case: Case):
    with pytest.raises(ScenarioError) as caught:
        loads(case.data, "hostile.toml")
    problems = caught.value.problems
    assert all(problem.file == "hostile.toml" and problem.message for problem in problems)
    assert all(len(str(problem)) < 1_000 for problem in problems)
    # a key beyond what is shown is cut
    at = [p for p in problems if p.key == case.key[:120] and (case.line is None or p.line == case.line)]
    shown = [(p.key, p.line, str(p)) for p in problems]
    assert at, shown
    assert any(case.words in str(problem) for problem in at), shown


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


SMALLEST = {"payoff-00", "wildcards-4-to-39", "recall-imperfect", "deep-arrays", "too-large", "model-path", "binary"}


@pytest.mark.parametrize("case", [c for c in CASES if c.name in SMALLEST], ids=lambda case: case.name)
def test_the_command_refuses_in_time_and_space_and_touches_nothing(case: Case, tmp_path):
    file = tmp_path / "hostile.toml"
    file.write_bytes(case.data)
    before = sorted(tmp_path.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-m", "deterrence", "check", str(file), "--json"],
        cwd=tmp_path, capture_output=True, text=True, timeout=30, preexec_fn=limited, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 2, done.stderr
    errors = json.loads(done.stdout)["errors"]
    assert any(error["key"] == case.key for error in errors)
    assert "Traceback" not in done.stderr
    assert sorted(tmp_path.rglob("*")) == before
    assert file.read_bytes() == case.data


ALL_IN_ONE = """
import resource, sys, time
from pathlib import Path
from deterrence.cli import main
resource.setrlimit(resource.RLIMIT_AS, ({bytes}, {bytes}))
worst = 0
for file in sorted(Path(".").glob("*.toml")):
    start = time.process_time()
    status = main(["check", str(file)])
    worst = max(worst, time.process_time() - start)
    assert status == 2, file
print(worst)
"""


def test_all_of_them_in_one_process(tmp_path):
    for case in CASES:
        (tmp_path / f"{case.name}.toml").write_bytes(case.data)
    start = time.time_ns()
    done = subprocess.run(
        [sys.executable, "-c", ALL_IN_ONE.format(bytes=BYTES)],
        cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert float(done.stdout.split()[-1]) < SECONDS
    assert "Traceback" not in done.stderr
    assert len(list(tmp_path.rglob("*"))) == len(CASES)
    assert all(path.stat().st_mtime_ns <= start for path in tmp_path.iterdir())


def test_what_is_no_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    for name, words in {
        "missing.toml": "No such file", "pipe.toml": "not a regular file", ".": "directory",
        "loop.toml": "symbolic links", "a\0b.toml": "null byte", "x" * 300 + ".toml": "too long",
    }.items():
        with pytest.raises(ScenarioError, match=words):
            load(f"{tmp_path}/{name}")
    with pytest.raises(ScenarioError, match="not a regular file"):
        load("/dev/zero")


PIECES = ["[", "]", "{", "}", '"', "'", "=", ",", ".", "*", "\n", "#", "-", "0", "1e9", "nan", "\\u0000", "\u202e",
          "\xe9", "[[game.move]]\n", "[parameters]\n", "game", "after", '"strike"', "resolve", '"""']
VALUES = ["1", "-0.5", "nan", "true", '""', '"strike"', "[]", "{}", "[[]]", "[1, 'a']", "{ a = 1 }", "2023-01-01",
          "07:30:00", '"1/2"', '"*"', '["*"]', '["a, b"]', "0xff", "1e70", "[{}]", '{ value = 1, range = [0, 2] }']


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """The worked game after a few cuts, insertions and transpositions."""
    text = WORKED
    for _ in range(draw(st.integers(1, 4))):
        i = draw(st.integers(0, len(text)))
        j = min(len(text), i + draw(st.integers(0, 30)))
        kind = draw(st.sampled_from(["cut", "insert", "replace", "copy", "value", "value"]))
        piece = draw(st.sampled_from(PIECES) | st.text(max_size=3))
        if kind == "cut":
            text = text[:i] + text[j:]
        elif kind == "insert":
            text = text[:i] + piece + text[i:]
        elif kind == "replace":
            text = text[:i] + piece + text[j:]
        elif kind == "value":
            lines = text.split("\n")
            k = draw(st.integers(0, len(lines) - 1))
            lines[k] = f"{lines[k].partition('=')[0]}= {draw(st.sampled_from(VALUES))}"
            text = "\n".join(lines)
        else:
            k = draw(st.integers(0, len(text)))
            text = text[:k] + text[i:j] + text[k:]
    return text


def mistakes(text: str) -> tuple[Problem, ...]:
    """What is wrong with a text; an error without a mistake counts as one without a message."""
    try:
        loads(text)
    except ScenarioError as error:
        return error.problems or (Problem(""),)
    return ()


@settings(max_examples=300, deadline=None)
@given(mutations())
def test_only_a_scenario_error_escapes(text):
    assert all(problem.message and problem.file == "<text>" for problem in mistakes(text))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_only_a_scenario_error_escapes_from_bytes(data):
    with pytest.raises(ScenarioError):
        loads(data)
