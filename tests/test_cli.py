"""The command line: what each command prints and where, exit statuses, mistakes, files that are written."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from deterrence import LimitError, __version__, models
from deterrence.cli import COMMANDS, main, output
from deterrence.equilibrium import Solution
from deterrence.propositions import Proof
from deterrence.scenario import Scenario

from .worked import FILE, solution

TREE = FILE.read_text(encoding="utf-8")


class Ran:
    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)


@pytest.fixture(name="run")
def _run(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*words: object) -> Ran:
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return run


def process(*words: object, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deterrence", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8", **options)


# Commands ----------------------------------------------------------------------------------------------------------


def test_games(run: Any) -> None:
    assert [game["name"] for game in run("games", "--json").json["games"]] == list(models.names())
    listed = run("games")
    assert (listed.status, listed.err) == (0, "")
    assert all(name in listed.out for name in models.names())
    for name in models.names():
        assert run("games", name, "--json").json == json.loads(json.dumps(models.get(name).to_dict()))
        assert run("games", name).status == 0


def test_check_prints_ok(run: Any) -> None:
    ran = run("check", FILE)
    assert (ran.status, ran.out, ran.err) == (0, "ok\n", "")
    assert run("check", FILE, "--json").json == {
        "format": 1, "ok": True, "title": "A small game of restraint", "parameters": 6,
        "basis": {"no basis stated": 6},
    }


def test_schema_accepts_the_shipped_scenarios_as_data(run: Any) -> None:
    schema = run("schema").json
    jsonschema.Draft202012Validator.check_schema(schema)
    assert run("schema", "--json").json == schema


def test_solve_json_is_the_answer_of_the_contract(run: Any) -> None:
    ran = run("solve", FILE, "--json")
    found = ran.json
    assert (ran.status, ran.err) == (0, "")
    assert list(found) == ["format", "scenario", "concept", "method", "complete", "equilibria", "provenance"]
    assert (found["format"], found["concept"], found["complete"]) == (1, "pbe", True)
    assert found["scenario"]["parameters"] == {
        "resolve": "3/5", "cost": "1/5", "gain": "1", "harm": "2", "loss_resolved": "1/2", "loss_irresolute": "1",
    }
    hold, strike = found["equilibria"]
    assert hold["label"] == "pooling on hold"
    assert hold["outcomes"] == {"resolved, hold, refrain": "3/5", "irresolute, hold, refrain": "2/5"}
    assert strike["label"] == "pooling on strike"
    assert strike["payoffs"] == {"US": "-1/5", "Iran": "0"}
    assert strike["events"] == {"strike": "1", "hold": "0", "attack": "0", "refrain": "1"}
    for entry in found["equilibria"]:
        assert entry["certificate"] == {
            "concept": "pbe", "holds": True, "nash_regret": "0", "sequential_regret": "0", "fails_at": [],
            "arithmetic": "exact",
        }


def test_solve_reads_like_prose(run: Any) -> None:
    ran = run("solve", FILE)
    assert (ran.status, ran.err) == (0, "")
    for part in ("A small game of restraint", "pooling on hold", "pooling on strike", "Credibility:", "Restraint:",
                 "there is no other at these values", "What would have to change"):
        assert part in ran.out
    assert max(map(len, ran.out.splitlines())) <= 100


def test_set_changes_the_values(run: Any) -> None:
    # With resolve at 1/4 Iran gains gain*(1 - resolve) - harm*resolve = 1/4 > 0 by attacking whoever pools.
    ran = run("solve", FILE, "--set", "resolve=0.25", "--json")
    assert ran.json["scenario"]["parameters"]["resolve"] == "1/4"
    assert all(entry["events"]["attack"] != "0" for entry in ran.json["equilibria"])


def test_a_stated_belief_keeps_what_can_hold_it(run: Any) -> None:
    # Pooling on strike needs an attack after hold, for which Iran must believe in irresolute with 2/3 or more.
    ran = run("solve", FILE, "--belief", "after hold: resolved, hold = 1", "--json")
    assert [entry["label"] for entry in ran.json["equilibria"]] == ["pooling on hold"]


def test_atlas(run: Any) -> None:
    ran = run("atlas", FILE)
    assert ran.status == 0
    assert "pooling on hold" in ran.out
    assert "There is no equilibrium outside these families: proved." in ran.out
    full, generic = run("atlas", FILE, "--json").json, run("atlas", FILE, "--json", "--generic").json
    assert generic["families"] == [family for family in full["families"] if family["generic"]]
    assert any("left out" in note for note in generic["notes"]) == (len(generic["families"]) < len(full["families"]))
    assert full["coverage"] == "proved"
    assert run("atlas", FILE, "--latex").out.count(r"\begin{longtable}") == 1


def test_atlas_over_some_parameters(run: Any) -> None:
    # Pooling on strike needs cost <= 1/2 and resolve >= 1/3 (tests/test_sweep.py): the other values are put in.
    document = run("atlas", FILE, "--over", "resolve,cost", "--json").json
    regions = {part for family in document["families"] for conditions in family["region"] for part in conditions}
    assert {"1 - 2*cost >= 0", "3*resolve - 1 >= 0"} <= regions
    assert document["scenario"]["parameters"]["harm"] == "2"
    assert run("atlas", FILE, "--over", "resolv").status == 2


def test_sweep_prints_what_it_comes_to(run: Any) -> None:
    ran = run("sweep", FILE, "--over", "resolve=1/24:23/24:23", "--over", "cost=1/4,3/4")
    assert ran.status == 0
    # From a third on, 16 of 23 values of resolve have pooling on hold with refrain; the first 8 the one with attack.
    assert "46 points" in ran.out
    assert re.search(r"pooling on hold; after hold: refrain +69.6 %", ran.out)
    assert re.search(r"pooling on hold; after hold: attack +34.8 %", ran.out)
    assert "2 points lie on a knife edge" in ran.out
    document = run("sweep", FILE, "--over", "resolve=1/24:23/24:23", "--over", "cost=1/4,3/4", "--json").json
    assert document["points"] == {"all": 46, "inside_the_domain": 46, "on_a_knife_edge": 2, "failed": 0}
    assert document["envelope"]["P_max[attack]"] == {"least": 0.0, "greatest": 1.0}


def test_sweep_writes_files(run: Any, tmp_path: Path) -> None:
    for ending in ("nc", "zarr", "csv", "parquet"):
        path = tmp_path / f"out.{ending}"
        ran = run("sweep", FILE, "--over", "resolve=1/4:3/4:3", "-o", path, "--json")
        assert ran.status == 0
        assert ran.json["output"] == str(path)
        assert path.exists()
    (tmp_path / "points.csv").write_text("resolve,cost\n1/4,0.5\n1/2,1/3\n", encoding="utf-8")
    ran = run("sweep", FILE, "--points", tmp_path / "points.csv", "--keep", "count", "--json")
    assert ran.json["points"]["all"] == 2


def test_sweep_says_what_is_wrong(run: Any, tmp_path: Path) -> None:
    cases = {
        ("--over", "resolve=0:1"): "is not name=from:to:points",
        ("--over", "resolv=0:1:5"): "did you mean 'resolve'",
        ("--over", "resolve=1/4:3/4:x"): "no number of points",
        ("--over", "resolve=2:3:4"): "no value of this axis lies in the domain",
        ("--over", "resolve=1/4:3/4:3", "--over", "resolve=1/4:3/4:3"): "names a parameter twice",
        ("--over", "resolve=1/4:3/4:3", "--keep", "P_mx"): "did you mean 'P_max'",
        ("--over", "resolve=1/4:3/4:3", "--resume"): "name it with -o",
        ("--over", "resolve=1/4:3/4:3", "-o", tmp_path / "out.doc"): "format cannot be told",
        ("--sample", "10"): "no parameter has a range",
        (): "nothing to sweep over",
    }
    for words, message in cases.items():
        ran = run("sweep", FILE, *words)
        assert ran.status == 2, words
        assert message in ran.err, words
    table = tmp_path / "points.csv"
    table.write_text("resolve,cost\n1/4,much\n1/2\n", encoding="utf-8")
    ran = run("sweep", FILE, "--points", table)
    assert ran.status == 2
    assert f"{table}:2: cost: 'much' is no finite number" in ran.err
    assert f"{table}:3: 1 cells where there are 2 parameters" in ran.err
    table.write_bytes(b"resolve\n\xff\xfe\n")
    assert "no CSV file in UTF-8" in run("sweep", FILE, "--points", table).err
    assert "a regular file" in run("sweep", FILE, "--points", tmp_path).err


def test_prove_gives_its_verdict_as_a_status(run: Any) -> None:
    # A strike costs `cost` whatever follows; where cost > 0 both poolings exist at the file's own values.
    proved = run("prove", FILE, "P[attack] <= 1")
    assert proved.status == 0
    assert proved.out.startswith("proved")
    refuted = run("prove", FILE, "P[attack] <= 0", "--json")
    assert refuted.status == 1
    assert refuted.json["status"] == "refuted"
    names = {"resolve", "cost", "gain", "harm", "loss_resolved", "loss_irresolute"}
    assert set(refuted.json["witness"]["values"]) <= names
    assert run("prove", FILE, "P[atack] <= 0").status == 2


def test_version(run: Any) -> None:
    ran = run("--version")
    assert (ran.status, ran.out) == (0, f"deterrence {__version__}\n")


# Mistakes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "suggestion"),
    [
        (["slove", FILE], "solve"),
        (["solve", FILE, "--refin", "d1"], "--refine"),
        (["solve", FILE, "--jsn"], "--json"),
        (["games", "signaling"], "signalling"),
        (["solve", FILE, "--set", "resolv=1/2"], "resolve"),
        (["check", FILE.parent / "restrain.toml"], str(FILE)),
    ],
)
def test_a_misspelt_name_is_told_the_nearest(run: Any, words: list[object], suggestion: str) -> None:
    ran = run(*words)
    assert (ran.status, ran.out) == (2, "")
    assert f"did you mean {suggestion!r}?" in ran.err
    assert ran.err.count("did you mean") == 1
    ran = run(*words, "--json")
    assert (ran.status, ran.err) == (2, "")
    (error,) = ran.json["errors"]
    assert error["suggestion"] == suggestion


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["solve"],
        ["solve", FILE, FILE],
        ["solve", FILE, "--concept", "pb"],
        ["solve", FILE, "--set", "resolve"],
        ["solve", FILE, "--set", "resolve=1e999999999"],
        ["solve", FILE, "--set", "resolve=2"],
        ["solve", FILE, "--set", "cost=nan"],
        ["solve", FILE, "--belief", "after holt: resolved, hold = 1"],
        ["prove", FILE],
        ["check", FILE.parent],
        ["check", "/nowhere/at/all.toml"],
        ["check", FILE, "-o", FILE],
        ["check", FILE, "-o", FILE.parent],
        ["check", FILE, "-o", "/nowhere/at/all.json"],
        ["plot", FILE, "--kind", "pie"],
        ["plot", FILE, "-o", "picture.bmp"],
        ["verify", FILE],
        ["cite", FILE],
        ["new", "signaling"],
        ["diff", FILE],
        ["atlas", FILE, "--generic", "-o", "families.json"],
    ],
    ids=lambda words: " ".join(getattr(word, "name", str(word)) for word in words) or "nothing",
)
def test_bad_input_is_status_2_without_a_traceback(run: Any, words: list[object]) -> None:
    ran = run(*words)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err
    assert "Traceback" not in ran.err
    assert "internal error" not in ran.err
    ran = run(*words, "--json")
    assert (ran.status, ran.err) == (2, "")
    assert ran.json["format"] == 1
    for error in ran.json["errors"]:
        assert set(error) == {"file", "line", "key", "message", "suggestion"}
        assert error["message"]
    assert FILE.read_text(encoding="utf-8") == TREE


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ([], "deterrence --help"),
        (["--loud"], "deterrence --help"),
        (["slove", FILE], "deterrence --help"),
        (["solve"], "deterrence solve --help"),
        (["solve", FILE, "--refin", "d1"], "deterrence solve --help"),
        (["solve", FILE, FILE], "deterrence solve --help"),
        (["sweep", FILE, "--jobs", "many"], "deterrence sweep --help"),
        (["sweep", FILE, "--resume"], "deterrence sweep --help"),
        (["atlas", FILE, "--latex", "--over"], "deterrence atlas --help"),
    ],
    ids=lambda words: " ".join(getattr(word, "name", str(word)) for word in words) or "nothing",
)
def test_a_wrong_command_line_is_one_line_and_where_to_read_more(run: Any, words: list[object], hint: str) -> None:
    ran = run(*words)
    assert (ran.status, ran.out) == (2, "")
    told, where = ran.err.splitlines()
    assert told.startswith("deterrence: ")
    assert where == f"See: {hint}"
    assert run(*words, "--quiet").err.count("\n") == 1


@pytest.mark.parametrize("command", ["sweep", "sensitivity"])
@pytest.mark.parametrize("jobs", ["0", "-1", "two", "1e3", "10000000000"])
def test_workers_are_counted_from_one(run: Any, command: str, jobs: str) -> None:
    ran = run(command, FILE, "--jobs", jobs)
    assert (ran.status, ran.out) == (2, "")
    assert f"--jobs: {jobs!r} is no whole number from 1 to 999999999" in ran.err


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(run: Any, command: str) -> None:
    ran = run(command, "--help")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(f"usage: deterrence {command} ")
    assert f"  {command}" in run("--help").out


@pytest.mark.parametrize("command", [name for name in COMMANDS if COMMANDS[name].examples])
def test_an_example_of_help_is_a_command_line(run: Any, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    shown = re.findall(rf"^  deterrence {command} (.*)$", run(command, "--help").out, re.MULTILINE)
    assert shown == list(COMMANDS[command].examples)
    for example in shown:
        parsed = vars(COMMANDS[command].parse(shlex.split(example)))
        named = [parsed.get(name) for name in ("file", "files", "first", "model")]
        assert [name for name in named if name] in (
            ["FILE"], ["result.json"], [["result.json"]], ["before.toml"], ["signalling"], ["game"]
        )


def test_latex_and_json_exclude_each_other(run: Any) -> None:
    ran = run("atlas", FILE, "--latex", "--json")
    assert (ran.status, ran.err) == (2, "")
    assert "exclude each other" in ran.json["errors"][0]["message"]


def test_every_mistake_of_a_file_is_placed(run: Any, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(TREE.replace('cost = "1/5"', 'cost = "-1/5"').replace('"Iran"]', '"Irann"]'), encoding="utf-8")
    lines = bad.read_text(encoding="utf-8").splitlines()
    ran = run("check", bad, "--json")
    assert ran.status == 2
    assert all(error["file"] == str(bad) for error in ran.json["errors"])
    assert lines.index('players = ["US", "Irann"]') + 1 in [e["line"] for e in ran.json["errors"]] or any(
        "Irann" in (e["suggestion"] or "") for e in ran.json["errors"]
    )
    for line in run("check", bad).err.splitlines():
        assert line.startswith(f"{bad}:")


def test_control_characters_of_a_file_do_not_reach_the_terminal(run: Any, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(TREE.replace("title =", '"\\u001b[2J" ='), encoding="utf-8")
    ran = run("check", bad)
    assert ran.status == 2
    assert "\x1b" not in ran.err


def test_a_limit_is_status_3_and_keeps_what_there_is(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Partial:
        def to_dict(self) -> dict[str, Any]:
            return {"families": 3}

    def limited(*_: object, **__: object) -> None:
        raise LimitError("more than 5 branches", partial=Partial())

    monkeypatch.setattr("deterrence.api.atlas", limited)
    ran = run("atlas", FILE, "--json")
    assert ran.status == 3
    assert ran.json["errors"][0]["message"] == "more than 5 branches"
    assert ran.json["partial"] == {"families": 3}
    assert run("atlas", FILE).err.startswith(f"{FILE}: more than 5 branches\n")


@pytest.mark.parametrize(("concept", "status"), [("pbe", 3), ("sequential", 3), ("nash", 0)])
def test_a_result_without_a_claim_of_completeness(
    run: Any, monkeypatch: pytest.MonkeyPatch, concept: str, status: int
) -> None:
    def limited(scenario: Scenario, **_: object) -> Solution:
        return replace(solution(scenario), concept=concept, complete=False, notes=("a limit was reached",))

    monkeypatch.setattr("deterrence.api.solve", limited)
    ran = run("solve", FILE, "--json")
    assert (ran.status, len(ran.json["equilibria"])) == (status, 2)
    assert [error["message"] for error in ran.json.get("errors", [])] == ["a limit was reached"] * (status == 3)
    ran = run("solve", FILE, "--quiet")
    assert ran.status == status
    assert "pooling on hold" in ran.out


def test_an_unknown_proof_is_status_3_with_its_reason(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deterrence.api.atlas", lambda *_, **__: None)
    monkeypatch.setattr("deterrence.api.prove", lambda _, text, **__: Proof(text, "unknown", "a limit was reached"))
    ran = run("prove", FILE, "P[attack] <= 1", "--json")
    assert (ran.status, ran.json["status"]) == (3, "unknown")
    assert ran.json["errors"][0]["message"] == "a limit was reached"
    assert run("prove", FILE, "P[attack] <= 1").out.startswith("unknown: P[attack] <= 1\n")


def test_an_unexpected_error_is_one_line(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("deterrence.api.load", broken)
    monkeypatch.delenv("DETERRENCE_DEBUG", raising=False)
    ran = run("check", FILE)
    assert (ran.status, ran.out) == (3, "")
    assert "internal error: ZeroDivisionError: division by zero; please report it" in ran.err
    assert len(ran.err.splitlines()) == 1
    monkeypatch.setenv("DETERRENCE_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(["check", str(FILE)])


def test_an_interrupt_is_one_line(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("deterrence.api.load", interrupted)
    ran = run("check", FILE)
    assert (ran.status, ran.out, ran.err) == (130, "", "interrupted\n")


def test_an_interrupted_atlas_prints_what_it_found(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [0]

    def interrupted(*_: object) -> None:
        found[0] += 1
        if found[0] == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("deterrence.solvers.symbolic._tell", interrupted)
    ran = run("atlas", FILE)
    assert ran.status == 130
    assert "interrupted after 2 families" in ran.err
    assert "That there is no equilibrium outside these families is not claimed." in ran.out
    found[0] = 0
    ran = run("atlas", FILE, "--json")
    assert (ran.status, ran.err, ran.json["complete"], len(ran.json["families"])) == (130, "", False, 2)


def test_what_is_quicker_is_said_once_where_an_atlas_takes_long(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "PATIENCE", 0.0)
    assert run("atlas", FILE).err.count("--over NAME,NAME keeps few of them") == 1
    for words in (["--quiet"], ["--json"], ["--over", "resolve,cost"]):
        assert run("atlas", FILE, *words).err == ""
    monkeypatch.setattr(output, "PATIENCE", 100.0)
    assert run("atlas", FILE).err == ""


@pytest.mark.skipif(os.name != "posix", reason="Windows has no pipes that tell a writer of a lost reader")
def test_a_reader_that_goes_away_is_no_error() -> None:
    command = [sys.executable, "-m", "deterrence", "games", "signalling", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        said = child.stderr.read()
        status = child.wait()
    assert said == b""
    assert status == 128 + signal.SIGPIPE


# Warnings ----------------------------------------------------------------------------------------------------------


@pytest.fixture(name="cut")
def _cut(tmp_path: Path) -> Path:
    """The small game with a third branch of chance that has probability zero at the values."""
    file = tmp_path / "cut.toml"
    text = TREE.replace('resolve = "3/5"', 'resolve = "3/5"\nslip = 0').replace(
        'resolve = "0 < resolve < 1"', 'resolve = "0 < resolve < 1"\nslip = "0 <= slip < 1"'
    ).replace('irresolute = "1 - resolve"', 'irresolute = "1 - resolve - slip", other = "slip"')
    file.write_text(text, encoding="utf-8")
    return file


def test_a_warning_is_one_line_or_a_note(run: Any, cut: Path) -> None:
    ran = run("check", cut)
    assert (ran.status, ran.out) == (0, "ok\n")
    (line,) = ran.err.splitlines()
    assert line.startswith("warning: chance branch 'other' has probability 0")
    assert run("check", cut, "--quiet").err == ""
    ran = run("check", cut, "--json")
    assert ran.err == ""
    assert len(ran.json["notes"]) == 1


def test_a_warning_of_solve_is_a_note(run: Any, cut: Path) -> None:
    ran = run("solve", cut, "--json")
    assert (ran.status, ran.err) == (0, "")
    assert [note for note in ran.json["notes"] if "has probability 0" in note]


# Files -------------------------------------------------------------------------------------------------------------


def test_output_goes_to_the_file_alone(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "games.json"
    file.write_text("older", encoding="utf-8")
    ran = run("games", "--json", "-o", file)
    assert (ran.status, ran.out, ran.err) == (0, "", "")
    assert file.read_text(encoding="utf-8") == run("games", "--json").out
    assert [entry.name for entry in tmp_path.iterdir()] == ["games.json"]


def test_a_link_to_the_scenario_is_the_scenario(run: Any, tmp_path: Path) -> None:
    copy, link = tmp_path / "copy.toml", tmp_path / "link.toml"
    copy.write_text(TREE, encoding="utf-8")
    link.symlink_to(copy)
    assert run("check", copy, "-o", link).status == 2
    assert copy.read_text(encoding="utf-8") == TREE


def test_a_link_stays_a_link(run: Any, tmp_path: Path) -> None:
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    link.symlink_to(target)
    assert run("check", FILE, "-o", link).status == 0
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "ok\n"


def test_a_device_is_written_and_not_replaced(run: Any) -> None:
    assert run("check", FILE, "-o", os.devnull).status == 0
    assert not Path(os.devnull).is_file()


def test_a_failure_leaves_the_old_file(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "out.txt"
    file.write_text("older", encoding="utf-8")

    def refused(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refused)
    ran = run("check", FILE, "-o", file)
    assert ran.status == 2
    assert "No space left on device" in ran.err
    assert [(entry.name, entry.read_text(encoding="utf-8")) for entry in tmp_path.iterdir()] == [("out.txt", "older")]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="the files of processes are there on Linux alone")
@pytest.mark.parametrize("words", [("check", FILE), ("sweep", FILE, "--over", "resolve=1/4:3/4:3")])
def test_a_place_that_takes_no_file_is_told_before_anything_is_done(
    run: Any, monkeypatch: pytest.MonkeyPatch, words: tuple[object, ...]
) -> None:
    monkeypatch.setattr("deterrence.api.load", lambda *_: pytest.fail("the scenario was read"))
    ran = run(*words, "-o", "/proc/out.nc")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("/proc/out.nc: --output: no new file can be made in /proc (")
    assert ran.err.endswith("); name another file\n")
    assert len(ran.err.splitlines()) == 1


# As a process ------------------------------------------------------------------------------------------------------


def test_json_is_the_same_bytes_whatever_the_seed_and_the_locale() -> None:
    found = {
        process("solve", FILE, "--json", env={**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": "C", "COLUMNS": width})
        .stdout
        for seed, width in (("0", "40"), ("1", "200"))
    }
    assert len(found) == 1
    assert json.loads(found.pop())["complete"] is True


def test_text_survives_a_terminal_of_ascii() -> None:
    ran = process("solve", FILE, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "pooling on hold" in ran.stdout


def test_progress_is_for_a_terminal(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ("prove", FILE, "P[attack] <= 1")
    assert run(*command).err == ""
    monkeypatch.setattr(output, "INTERVAL", 0)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    shown = run(*command).err
    assert "finding every family of equilibria: 1 family" in shown
    assert "cases decided" in shown
    assert shown.endswith("\r\033[K")
    assert run(*command, "--quiet").err == ""
