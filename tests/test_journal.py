"""Long sweeps that are interrupted, damaged or made twice at once end the same byte for byte, and say what is lost."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import xarray as xr

import deterrence as dt
from deterrence import designs, files, journal, storage
from deterrence.cli import main
from deterrence.errors import DeterrenceWarning, LimitError, ProblemsError

from .sweeping import OVER, Stopped, cut_small, digest, interrupted, made, stopping
from .worked import FILE, restraint

# Six blocks where they are small, three of which are done when it is interrupted.
FEW = {"resolve": ("1/24", "23/24", 23), "cost": ["1/8", 1]}
KEPT = ["count", "P_max[attack]"]
OPTIONS: dict[str, dict[str, Any]] = {
    "atlas": {"over": FEW}, "solve": {"over": {"resolve": ("1/24", "17/24", 17)}, "method": "solve"},
}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    cut_small(monkeypatch)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("ending", ["nc", "zarr"])
@pytest.mark.parametrize("method", ["atlas", "solve"])
def test_an_interrupted_sweep_goes_on(tmp_path: Path, ending: str, method: str) -> None:
    options = OPTIONS[method]
    whole = digest(made(tmp_path / f"whole.{ending}", **options))
    path = tmp_path / f"out.{ending}"
    for resume in (False, True):
        with pytest.raises(Stopped):
            made(path, **options, progress=stopping(8), resume=resume)
        assert not path.exists()
    left: list[tuple[int, int]] = []
    made(path, **options, resume=True, progress=lambda done, total: left.append((done, total)))
    assert digest(path) == whole
    # What was done before is not done again.
    assert left[0][0] >= 8
    assert left[0][1] == (46 if method == "atlas" else 17)
    assert sorted(os.listdir(tmp_path)) == sorted([path.name, f"whole.{ending}"])


@pytest.mark.usefixtures("small")
def test_a_long_sweep_tells_how_far_its_file_is_written(tmp_path: Path) -> None:
    # 23 blocks of 8 points are computed into the journal, and then each is copied to the file.
    once = [(8 * n, 184) for n in range(24)]
    options: dict[str, Any] = {"keep": KEPT}
    told: list[tuple[int, int]] = []
    made(tmp_path / "out.nc", **options, progress=lambda done, total: told.append((done, total)))
    assert told == once + once
    told.clear()
    # A store is moved to its place as it is.
    made(tmp_path / "out.zarr", **options, progress=lambda done, total: told.append((done, total)))
    assert told == once
    told.clear()
    # What is resumed goes on where it was; the file is written from the beginning.
    path = interrupted(tmp_path / "again.nc", **options)
    made(path, **options, resume=True, progress=lambda done, total: told.append((done, total)))
    assert told[-24:] == once
    assert told[:-24] == once[-(len(told) - 24) :]
    assert 24 < len(told) < 48


@pytest.mark.usefixtures("small")
def test_a_sweep_that_is_interrupted_while_its_file_is_written_goes_on(tmp_path: Path) -> None:
    options: dict[str, Any] = {"over": FEW, "keep": KEPT}
    whole = digest(made(tmp_path / "whole.nc", **options))
    seen: list[int] = []

    def progress(done: int, total: int) -> None:
        seen.append(done)
        if done == 24 and seen.count(done) == 2:
            raise Stopped

    path = tmp_path / "out.nc"
    with pytest.raises(Stopped):
        made(path, progress=progress, **options)
    assert sorted(os.listdir(tmp_path)) == ["out.nc.part", "whole.nc"]
    made(path, resume=True, **options)
    assert digest(path) == whole


@pytest.mark.usefixtures("small")
def test_the_bar_says_when_the_file_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["sweep", str(FILE), "--over", "resolve=1/24:23/24:23", "--keep", "exists,count", "-o"]
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    assert main([*words, str(tmp_path / "out.nc")]) == 0
    shown = capsys.readouterr().err
    assert "sweeping: writing the file" in shown
    assert shown.index("sweeping: finding the families") < shown.index("sweeping: writing the file")
    # A table is written while it is computed.
    assert main([*words, str(tmp_path / "out.csv")]) == 0
    assert "writing the file" not in capsys.readouterr().err


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("ending", ["nc", "zarr"])
@pytest.mark.parametrize("method", ["atlas", "solve"])
def test_a_kill_in_the_last_moment_spoils_nothing(
    tmp_path: Path, ending: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = OPTIONS[method]
    path = tmp_path / f"out.{ending}"
    part = tmp_path / f"out.{ending}.part"

    def remove(folder: Path) -> None:
        # The result is in its place; of what is left one file goes, and then the process.
        (folder / journal.JOURNAL).unlink()
        raise Stopped

    with monkeypatch.context() as patched:
        patched.setattr(journal, "_remove", remove)
        with pytest.raises(Stopped):
            made(path, **options)
    whole = digest(path)
    assert part.is_dir()
    # It is there and whole, and nothing is computed.
    told: list[tuple[int, int]] = []
    with pytest.warns(DeterrenceWarning, match="holds the result of this sweep already"):
        found = dt.sweep(restraint(), edges="mark", output=path, resume=True, **options,
                         progress=lambda done, total: told.append((done, total)))
    assert found is not None
    with found:
        there = found.load()
        there.attrs.pop("fingerprint", None)  # a file has one, a dataset in memory has none
        xr.testing.assert_identical(there, dt.sweep(restraint(), edges="mark", **options))
    assert not told
    assert digest(path) == whole
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.usefixtures("small")
def test_a_kill_while_a_store_takes_the_place_of_another_spoils_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path / "out.zarr", over=FEW)
    whole = digest(path)
    real = os.replace

    def replace(source: Any, target: Any) -> None:
        if target == path:
            raise Stopped
        real(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", replace)
        with pytest.raises(Stopped):
            made(path, over=FEW)
    assert not path.exists()
    assert digest(made(path, over=FEW, resume=True)) == whole
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("ending", ["nc", "zarr"])
def test_what_is_complete_is_told_with_its_summary(
    tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"out.{ending}"
    words = ["sweep", str(FILE), "--over", "resolve=0:1:9", "-o", str(path), "--json"]
    assert main(words) == 0
    first = json.loads(capsys.readouterr().out)
    assert main([*words, "--resume"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert "holds the result of this sweep already" in again["notes"].pop()
    assert again == first
    # Another sweep takes its place.
    assert main([*words, "--resume", "--keep", "count"]) == 0
    assert "the sweep begins anew" in capsys.readouterr().out or ending == "nc"


@pytest.mark.parametrize("ending", ["nc", "zarr"])
def test_a_result_that_cannot_be_read_is_made_anew(tmp_path: Path, ending: str) -> None:
    path = made(tmp_path / f"out.{ending}", over=FEW)
    whole = digest(path)
    spoilt = path if ending == "nc" else path / "family" / "c" / "0"
    spoilt.write_bytes(spoilt.read_bytes()[:10])
    with pytest.warns(DeterrenceWarning, match="anew"):
        made(path, over=FEW, resume=True)
    assert digest(path) == whole


@pytest.mark.parametrize(("name", "said"), [
    ("out.nc", "leave nothing to go on with; this begins anew"),
    ("out.csv", "leave nothing to go on with; this begins anew"),
    ("out.parquet", "leave nothing to go on with; this begins anew"),
    ("out.zarr", r"out.zarr.part is not there: the sweep begins anew"),
])
def test_what_there_is_nothing_to_go_on_with_begins_anew_and_says_so(tmp_path: Path, name: str, said: str) -> None:
    with pytest.warns(DeterrenceWarning, match=said):
        made(tmp_path / name, over=FEW, resume=True)
    assert (tmp_path / name).exists()


def test_a_note_is_told_before_the_sweep_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*arguments: Any, **options: Any) -> None:
        assert "warning:" in capsys.readouterr().err
        raise LimitError("enough")

    import deterrence.sweep  # noqa: F401 - bound before it is changed

    monkeypatch.setattr(sys.modules["deterrence.sweep"], "run", run)
    words = ["sweep", str(FILE), "--over", "resolve=1/4:3/4:3", "-o", str(tmp_path / "out.zarr"), "--resume"]
    assert main(words) == 3


def rewritten(change: Callable[[bytes], bytes], *names: str) -> Callable[[Path], None]:
    """A damage: another content of a file of what is under way."""

    def damage(part: Path) -> None:
        file = part.joinpath(*names)
        before = file.read_bytes()
        file.write_bytes(change(before))
        assert file.read_bytes() != before

    return damage


def gone(*names: str) -> Callable[[Path], None]:
    """A damage: a file or a directory is not there any more."""

    def damage(part: Path) -> None:
        file = part.joinpath(*names)
        if file.is_dir():
            shutil.rmtree(file)
        else:
            file.unlink()

    return damage


def flipped(content: bytes) -> bytes:
    return content[:-9] + bytes([content[-9] ^ 1]) + content[-8:]


LOG, CHUNK = journal.JOURNAL, (journal.STORE, "count", "c", "0", "0")
MENDED = "was damaged or missing, and is mended"
LOST = "count/c/0/0 is damaged or missing: its block is computed again"
DAMAGES: dict[str, tuple[Callable[[Path], None], str, int]] = {
    # What is damaged, what is said, and how many of the three blocks that were done are kept.
    "no journal": (gone(LOG), "journal.jsonl is damaged or missing: every block is computed again", 0),
    "empty journal": (rewritten(lambda text: b"", LOG), "every block is computed again", 0),
    "another digit": (rewritten(lambda text: text.replace(b'"block": 0,', b'"block": 5,'), LOG), "1 damaged line", 2),
    "another word": (rewritten(lambda text: text.replace(b"finger", b"singer"), LOG), "has 1 damaged line", 3),
    "a flipped bit": (rewritten(flipped, LOG), "has 1 damaged line: what is not told for sure is computed again", 2),
    "NULs": (rewritten(lambda text: text + bytes(40), LOG), "has 1 damaged line", 3),
    "NULs in a line": (rewritten(lambda text: text + bytes(40) + b"\n", LOG), "has 1 damaged line", 3),
    "cut": (rewritten(lambda text: text[:-20], LOG), "", 2),
    "no chunk": (gone(*CHUNK), LOST, 2),
    "short chunk": (rewritten(lambda chunk: chunk[:-3], *CHUNK), LOST, 2),
    "flipped chunk": (rewritten(flipped, *CHUNK), LOST, 2),
    "no chunks": (gone(journal.STORE, "count", "c"), r"damaged or missing \(and 2 more\): 3 blocks are", 0),
    "cut group": (rewritten(lambda text: text[:1], journal.STORE, "zarr.json"), MENDED, 3),
    "no metadata": (gone(journal.STORE, "status", "zarr.json"), MENDED, 3),
    # Status is 0, which is not written, but for the block with the knife edge at 1/3.
    "no array": (gone(journal.STORE, "status"), MENDED, 2),
    "another axis": (rewritten(flipped, journal.STORE, "resolve", "c", "0"), MENDED, 3),
    "no store": (gone(journal.STORE), "store.zarr is damaged or missing, and cannot be mended: every block is", 0),
    "no plan": (gone(journal.PLAN), "plan.json was damaged or missing, and is written again", 3),
    "cut plan": (rewritten(lambda text: text[:1], journal.PLAN), "plan.json was damaged or missing", 3),
    "another plan": (rewritten(lambda text: text.replace(b"resolve", b"resolvf", 1), journal.PLAN), "plan.json was", 3),
}


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(("damage", "ending"), [
    *((damage, "nc") for damage in DAMAGES),
    *((damage, "zarr") for damage in ("no chunk", "cut group", "no array", "no store", "another digit")),
])
def test_what_is_damaged_is_computed_again_and_told(tmp_path: Path, damage: str, ending: str) -> None:
    spoil, said, left = DAMAGES[damage]
    options: dict[str, Any] = {"over": FEW, "keep": KEPT}
    whole = digest(made(tmp_path / f"whole.{ending}", **options))
    path = interrupted(tmp_path / f"out.{ending}", **options)
    spoil(tmp_path / f"out.{ending}.part")
    told: list[int] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        made(path, **options, resume=True, progress=lambda done, total: told.append(done))
    assert digest(path) == whole
    notes = [str(warning.message) for warning in caught]
    assert bool(notes) is bool(said)
    assert re.search(said, "\n".join(notes))
    assert all(str(path) in note for note in notes)
    assert told[0] == 8 * left


@pytest.mark.usefixtures("small")
def test_a_journal_of_solved_points_that_is_damaged_is_not_believed(tmp_path: Path) -> None:
    options: dict[str, Any] = {"over": {"resolve": ("1/24", "23/24", 23)}, "method": "solve"}
    whole = digest(made(tmp_path / "whole.nc", **options))
    path = interrupted(tmp_path / "out.nc", **options)
    log = tmp_path / "out.nc.part" / LOG
    text = log.read_text(encoding="utf-8")
    assert '"count": [1,' in text
    log.write_text(text.replace('"count": [1,', '"count": [2,', 1), encoding="utf-8")
    with pytest.warns(DeterrenceWarning, match="has 1 damaged line"):
        made(path, **options, resume=True)
    assert digest(path) == whole


@pytest.mark.usefixtures("small")
def test_what_is_damaged_while_a_sweep_runs_is_not_written(tmp_path: Path) -> None:
    whole = digest(made(tmp_path / "whole.nc", over=FEW, keep=KEPT))
    path = tmp_path / "out.nc"

    def progress(done: int, total: int) -> None:
        if done == 40:
            tmp_path.joinpath("out.nc.part", *CHUNK).unlink(missing_ok=True)

    with pytest.raises(LimitError, match=r"count/c/0/0 was damaged .* --resume"):
        made(path, over=FEW, keep=KEPT, progress=progress)
    with pytest.warns(DeterrenceWarning, match="its block is computed again"):
        made(path, over=FEW, keep=KEPT, resume=True)
    assert digest(path) == whole


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("resume", [False, True])
def test_what_cannot_be_told_is_left_alone(tmp_path: Path, resume: bool) -> None:
    path = interrupted(tmp_path / "out.nc", over=FEW, keep=KEPT)
    part = tmp_path / "out.nc.part"
    rewritten(lambda text: text[:1], journal.PLAN)(part)
    rewritten(lambda text: text.replace(b"finger", b"singer"), LOG)(part)
    before = digest(part)
    with pytest.raises(ProblemsError, match="of what sweep it is cannot be told") as caught:
        made(path, over=FEW, keep=KEPT, resume=resume)
    assert caught.value.problems[0].file == str(part)
    assert digest(part) == before
    shutil.rmtree(part)
    part.write_text("a file", encoding="utf-8")
    with pytest.raises(ProblemsError, match="no directory of an unfinished sweep"):
        made(path, over=FEW, keep=KEPT, resume=resume)
    part.unlink()
    part.mkdir()
    (part / "thesis.txt").write_text("precious", encoding="utf-8")
    context = pytest.warns(DeterrenceWarning, match="begins anew") if resume else nullcontext()
    with context, pytest.raises(ProblemsError, match=r"not of a sweep \(thesis\.txt\)"):
        made(path, over=FEW, keep=KEPT, resume=resume)
    assert (part / "thesis.txt").exists()


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", ["out.nc", "out.zarr", "out.csv", "out.parquet"])
def test_one_place_is_written_by_one_process(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("fcntl", reason="file locks are of POSIX")
    path = tmp_path / name
    if name in ("out.nc", "out.zarr"):
        interrupted(path)
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")}
    words = ["sweep", str(FILE), "--over", "resolve=1/4:3/4:3", "-o", str(path)]
    (tmp_path / "link").symlink_to(name)
    with files.held(path):
        for resume in (False, True):
            with pytest.raises(ProblemsError, match="another process is writing this"):
                made(path, resume=resume)
        assert main(words) == 2
        assert "another process is writing this" in capsys.readouterr().err
        with pytest.raises(ProblemsError, match="another process is writing this"):
            made(tmp_path / "link", kind={"nc": "netcdf"}.get(name[4:], name[4:]))
    (tmp_path / "link").unlink()
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")} == before


def test_a_lock_that_is_taken_away_holds_nothing(tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl", reason="file locks are of POSIX")
    path, lock = tmp_path / "out.nc", tmp_path / "out.nc.lock"
    real, taken = fcntl.flock, []

    def flock(opened: int, how: int) -> None:
        # Between opening and locking another process ends, and takes its lock away; a third one makes its own.
        if not taken:
            taken.append(opened)
            lock.unlink()
        real(opened, how)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fcntl, "flock", flock)
        with files.held(path), pytest.raises(ProblemsError, match="another process"), files.held(path):
            pytest.fail("both hold it")
    assert not lock.exists()
    # A file of this name that somebody else has made stays.
    lock.write_text("mine", encoding="utf-8")
    with files.held(path):
        pass
    assert lock.read_text(encoding="utf-8") == "mine"


def test_what_a_killed_process_has_left_is_cleared_away(tmp_path: Path) -> None:
    pytest.importorskip("fcntl", reason="file locks are of POSIX")
    for name in ("out.csv.1234.tmp", "out.csv.json.1234.tmp", "out.csv.mine.tmp", "other.csv.1234.tmp"):
        (tmp_path / name).write_text("half", encoding="utf-8")
    made(tmp_path / "out.csv", over=FEW)
    assert sorted(os.listdir(tmp_path)) == ["other.csv.1234.tmp", "out.csv", "out.csv.json", "out.csv.mine.tmp"]


@pytest.mark.usefixtures("small")
def test_halves_of_files_do_not_get_into_a_store(tmp_path: Path) -> None:
    whole = digest(made(tmp_path / "whole.zarr"))
    path = interrupted(tmp_path / "out.zarr")
    (tmp_path / "out.zarr.part" / journal.STORE / "count" / "0.123abc.partial").write_bytes(b"half")
    assert digest(made(path, resume=True)) == whole


@pytest.mark.usefixtures("small")
def test_something_else_is_not_resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = interrupted(tmp_path / "out.nc")
    with pytest.raises(ProblemsError, match="--resume goes on with it"):
        made(path)
    with pytest.raises(ProblemsError, match=r"design.over.cost.points was 8 and is 9"):
        made(path, resume=True, over={**OVER, "cost": ("1/8", 1, 9)})
    with pytest.raises(ProblemsError, match=r"keep was"):
        made(path, resume=True, keep=["count"])
    other = restraint().with_values({"harm": 3})
    with pytest.raises(ProblemsError, match=r'scenario.parameters.harm was "2" and is "3"'):
        dt.sweep(other, over=OVER, edges="mark", output=path, resume=True)
    monkeypatch.setattr("deterrence.plans.__version__", "9.9.9")
    with pytest.raises(ProblemsError, match=r'package was "deterrence .*" and is "deterrence 9.9.9"'):
        made(path, resume=True)
    assert (tmp_path / "out.nc.part").is_dir()


PROGRAM = """
import sys
import deterrence as dt
from deterrence import designs
import deterrence.sweep
designs.BLOCK = 2048
sys.modules["deterrence.sweep"].JOURNALED = 0
dt.sweep(dt.load(sys.argv[1]), over={"resolve": ("1/24", "23/24", 231), "cost": ("1/8", 1, 80)}, edges="mark",
         output=sys.argv[2], resume=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="file locks are of POSIX")
@pytest.mark.parametrize("ending", ["nc", "zarr"])
def test_two_processes_at_once_write_one_file(tmp_path: Path, ending: str) -> None:
    whole, path = tmp_path / f"whole.{ending}", tmp_path / f"out.{ending}"
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", PROGRAM, str(FILE), str(whole)], check=True)
    took = time.monotonic() - started
    for part in (0, 2):
        command = [sys.executable, "-c", PROGRAM, str(FILE), str(path)]
        first = subprocess.Popen(command)
        time.sleep(took * part / 4)
        second = subprocess.run(command, stderr=subprocess.PIPE, text=True)
        statuses = [first.wait(), second.returncode]
        # One is refused, or it comes when the other is done.
        assert 0 in statuses
        assert second.returncode == 0 or "another process is writing this" in second.stderr
        assert digest(path) == digest(whole)
        assert sorted(os.listdir(tmp_path)) == [path.name, whole.name]
        (shutil.rmtree if path.is_dir() else os.unlink)(path)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
def test_killed_at_any_moment_it_ends_the_same(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(FILE)]
    whole, path = tmp_path / "whole.nc", tmp_path / "out.nc"
    started = time.monotonic()
    subprocess.run([*command, str(whole)], check=True)
    took = time.monotonic() - started
    for n in range(1, 5):
        process = subprocess.Popen([*command, str(path)])
        time.sleep(took * n / 5)
        process.send_signal(signal.SIGKILL)
        process.wait()
    subprocess.run([*command, str(path)], check=True)
    assert digest(path) == digest(whole)
    assert sorted(os.listdir(tmp_path)) == ["out.nc", "whole.nc"]


@pytest.mark.usefixtures("small")
def test_a_full_disk_keeps_what_was_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = digest(made(tmp_path / "whole.nc", over=FEW, keep=KEPT))
    real, calls = storage.Writer.block, []

    def block(self: Any, *arguments: Any) -> None:
        calls.append(arguments)
        if len(calls) == 4:
            raise OSError(28, "No space left on device")
        real(self, *arguments)

    monkeypatch.setattr(storage.Writer, "block", block)
    with pytest.raises(LimitError, match=r"No space left on device; 3 of 6 blocks are kept there, and --resume"):
        made(tmp_path / "out.nc", over=FEW, keep=KEPT, jobs=1)
    monkeypatch.undo()
    monkeypatch.setattr(designs, "BLOCK", 8)
    monkeypatch.setattr(sys.modules["deterrence.sweep"], "JOURNALED", 0)
    assert digest(made(tmp_path / "out.nc", over=FEW, keep=KEPT, resume=True)) == whole
