"""Results in files: netCDF, zarr and tables, whole or resumed, the same byte for byte."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import deterrence as dt
from deterrence import designs, storage
from deterrence.cli import main
from deterrence.errors import LimitError, NotSupportedError, ProblemsError
from deterrence.scenario import loads
from deterrence.workers import run

from .worked import FILE, restraint

OVER = {"resolve": ("1/24", "23/24", 23), "cost": ("1/8", 1, 8)}

CHOICE = '''
format = 1
title = "A choice"
[parameters]
a = "1/4"
[game]
players = ["P"]
[game.parameters]
a = "0 < a < 1"
[[game.move]]
player = "P"
information = "now"
actions = ["wait", "go"]
[[game.payoff]]
when = ["go"]
P = "a"
[[game.payoff]]
when = ["wait"]
P = "1/2"
'''


class Stopped(Exception):  # noqa: N818 - not an error of the package
    """What a test raises in the middle of a sweep."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of a few points, and a journal for every sweep."""
    import deterrence.sweep  # noqa: F401 - bound before it is changed

    monkeypatch.setattr(designs, "BLOCK", 8)
    monkeypatch.setattr(sys.modules["deterrence.sweep"], "JOURNALED", 0)


def digest(path: Path) -> str:
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    files = sorted(file for file in path.rglob("*") if file.is_file())
    return hashlib.sha256(
        b"".join(str(f.relative_to(path)).encode() + f.read_bytes() for f in files)
    ).hexdigest()


def made(path: Path, **options: Any) -> Path:
    found = dt.sweep(restraint(), **{"over": OVER, "edges": "mark", **options}, output=path)
    if found is not None:
        found.close()
    return path


@pytest.mark.parametrize("ending", ["nc", "zarr"])
@pytest.mark.parametrize(
    "options",
    [{}, {"over": {"cost": [1, "1/2"]}, "sample": 32}, {"method": "solve", "over": {"resolve": (0.1, 0.9, 5)}}],
)
def test_a_file_holds_what_memory_holds(tmp_path: Path, ending: str, options: dict[str, Any]) -> None:
    scenario = ranged()
    expected = dt.sweep(scenario, **{"over": OVER, **options})
    found = dt.sweep(scenario, **{"over": OVER, **options}, output=tmp_path / f"out.{ending}")
    assert expected is not None
    assert found is not None
    with found:
        assert set(found.variables) == set(expected.variables)
        for name in expected.variables:
            np.testing.assert_array_equal(found[name].values, expected[name].values, err_msg=str(name))
        assert found["exists"].dtype == np.bool_
        for key in ("scenario", "design", "fingerprint", "notes"):
            assert found.attrs[key] == expected.attrs[key]
    assert os.listdir(tmp_path) == [f"out.{ending}"]


def ranged() -> Any:
    """The small game with a range for resolve."""
    text = FILE.read_text(encoding="utf-8")
    return dt.loads(text.replace('resolve = "3/5"', 'resolve = { value = "3/5", range = ["1/10", "9/10"] }', 1))


def test_other_readers_of_netcdf_read_it(tmp_path: Path) -> None:
    import h5py

    path = made(tmp_path / "out.nc")
    with h5py.File(path) as file:
        assert file["P_max[attack]"].shape == (23, 8)
        assert file["P[attack]"].dims[0][0].name == "/family"
        assert file.attrs["Conventions"] == "CF-1.11"
        assert file["count"][0, 0] == 1


def test_the_bytes_do_not_depend_on_workers_or_engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = digest(made(tmp_path / "a.nc", jobs=1))
    monkeypatch.setattr(designs, "BLOCK", 16)
    assert digest(made(tmp_path / "b.nc", jobs=3)) == first
    monkeypatch.setattr("deterrence.kernels.LONGEST", 0)
    assert digest(made(tmp_path / "c.nc", jobs=2)) == first


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("ending", ["nc", "zarr"])
@pytest.mark.parametrize("method", ["atlas", "solve"])
def test_an_interrupted_sweep_goes_on(tmp_path: Path, ending: str, method: str) -> None:
    options: dict[str, Any] = {"method": method}
    if method == "solve":
        options["over"] = {"resolve": ("1/24", "23/24", 23)}
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
    assert left[0][1] == (23 if method == "solve" else 184)
    assert sorted(os.listdir(tmp_path)) == sorted([path.name, f"whole.{ending}"])


@pytest.mark.usefixtures("small")
def test_a_long_sweep_tells_how_far_its_file_is_written(tmp_path: Path) -> None:
    # 23 blocks of 8 points are computed into the journal, and then each is copied to the file.
    once = [(8 * n, 184) for n in range(24)]
    told: list[tuple[int, int]] = []
    made(tmp_path / "out.nc", progress=lambda done, total: told.append((done, total)))
    assert told == once + once
    told.clear()
    # A store is moved to its place as it is.
    made(tmp_path / "out.zarr", progress=lambda done, total: told.append((done, total)))
    assert told == once
    told.clear()
    # What is resumed goes on where it was; the file is written from the beginning.
    path = interrupted(tmp_path / "again.nc")
    made(path, resume=True, progress=lambda done, total: told.append((done, total)))
    assert told[-24:] == once
    assert told[:-24] == once[-(len(told) - 24) :]
    assert 24 < len(told) < 48


@pytest.mark.usefixtures("small")
def test_a_sweep_that_is_interrupted_while_its_file_is_written_goes_on(tmp_path: Path) -> None:
    whole = digest(made(tmp_path / "whole.nc"))
    seen: list[int] = []

    def progress(done: int, total: int) -> None:
        seen.append(done)
        if done == 80 and seen.count(done) == 2:
            raise Stopped

    path = tmp_path / "out.nc"
    with pytest.raises(Stopped):
        made(path, progress=progress)
    assert sorted(os.listdir(tmp_path)) == ["out.nc.part", "whole.nc"]
    made(path, resume=True)
    assert digest(path) == whole


@pytest.mark.usefixtures("small")
def test_the_bar_says_when_the_file_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["sweep", str(FILE), "--over", "resolve=1/24:23/24:23", "--over", "cost=1/8:1:8", "-o"]
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
def test_a_journal_that_was_cut_in_a_line_goes_on(tmp_path: Path) -> None:
    whole = digest(made(tmp_path / "whole.nc"))
    path = interrupted(tmp_path / "out.nc")
    journal = tmp_path / "out.nc.part" / storage.JOURNAL
    journal.write_bytes(journal.read_bytes() + b'{"block": 9, "rea')
    made(path, resume=True)
    assert digest(path) == whole


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("ending", ["nc", "zarr"])
def test_a_kill_in_the_last_moment_spoils_nothing(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"out.{ending}"
    real = shutil.rmtree

    def rmtree(folder: Any, *arguments: Any, **options: Any) -> None:
        if not str(folder).endswith(".part"):
            real(folder, *arguments, **options)
            return
        # The result is in its place; of what is left one file goes, and then the process.
        next(file for file in Path(folder).rglob("*") if file.is_file()).unlink()
        raise Stopped

    monkeypatch.setattr(shutil, "rmtree", rmtree)
    with pytest.raises(Stopped):
        made(path)
    monkeypatch.setattr(shutil, "rmtree", real)
    whole = digest(path)
    assert digest(made(path, resume=True)) == whole
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.usefixtures("small")
def test_halves_of_files_do_not_get_into_a_store(tmp_path: Path) -> None:
    whole = digest(made(tmp_path / "whole.zarr"))
    path = interrupted(tmp_path / "out.zarr")
    (tmp_path / "out.zarr.part" / storage.STORE / "count" / "0.123abc.partial").write_bytes(b"half")
    assert digest(made(path, resume=True)) == whole


def stopping(after: int) -> Callable[[int, int], None]:
    """A callback that stops the sweep after so many points."""

    def progress(done: int, total: int) -> None:
        if done >= after:
            raise Stopped

    return progress


def interrupted(path: Path, **options: Any) -> Path:
    with pytest.raises(Stopped):
        made(path, **options, progress=stopping(20))
    return path


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


@pytest.mark.usefixtures("small")
def test_two_processes_do_not_write_the_same_sweep(tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl", reason="file locks are of POSIX")
    path = interrupted(tmp_path / "out.nc")
    with open(tmp_path / "out.nc.part" / storage.JOURNAL, "ab") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        with pytest.raises(ProblemsError, match="another process"):
            made(path, resume=True)


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


def test_a_disk_without_space_is_told_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1_000))
    with pytest.raises(LimitError, match="has 0 MiB free"):
        made(tmp_path / "out.nc")
    assert not os.listdir(tmp_path)


@pytest.mark.usefixtures("small")
def test_a_full_disk_keeps_what_was_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = digest(made(tmp_path / "whole.nc"))
    real, calls = storage.Writer.block, []

    def block(self: Any, *arguments: Any) -> None:
        calls.append(arguments)
        if len(calls) == 4:
            raise OSError(28, "No space left on device")
        real(self, *arguments)

    monkeypatch.setattr(storage.Writer, "block", block)
    with pytest.raises(LimitError, match=r"No space left on device; 3 of 23 blocks are kept there, and --resume"):
        made(tmp_path / "out.nc", jobs=1)
    monkeypatch.undo()
    monkeypatch.setattr(designs, "BLOCK", 8)
    monkeypatch.setattr(sys.modules["deterrence.sweep"], "JOURNALED", 0)
    assert digest(made(tmp_path / "out.nc", resume=True)) == whole


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProblemsError, match="format cannot be told"):
        made(tmp_path / "out.txt")
    with pytest.raises(ProblemsError, match="directory does not exist"):
        made(tmp_path / "nowhere" / "out.nc")
    with pytest.raises(ProblemsError, match="directory does not exist"):
        made(tmp_path / "nowhere" / "out.csv")
    (tmp_path / "file.nc").mkdir()
    with pytest.raises(ProblemsError, match="this is a directory"):
        made(tmp_path / "file.nc")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="the files of processes are there on Linux alone")
@pytest.mark.parametrize("ending", ["nc", "zarr", "csv", "parquet"])
def test_a_directory_that_takes_no_files_is_told_as_that(ending: str) -> None:
    with pytest.raises(ProblemsError, match="no new file can be made in /proc ") as caught:
        made(Path(f"/proc/out.{ending}"))
    assert [(p.key, p.file) for p in caught.value.problems] == [("--output", f"/proc/out.{ending}")]


def test_a_disk_that_does_not_tell_its_size_is_not_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(total=0, free=0))
    assert made(tmp_path / "out.nc").exists()


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("method", ["atlas", "solve"])
def test_tables_have_a_row_for_each_family(tmp_path: Path, kind: str, method: str) -> None:
    path = tmp_path / f"table.{kind}"
    over = {"resolve": [Fraction(1, 4), Fraction(1, 2)], "cost": [Fraction(1, 4), Fraction(3, 4)]}
    assert dt.sweep(restraint(), over=over, method=method, output=path) is None
    table = pd.read_csv(path) if kind == "csv" else pd.read_parquet(path)
    # From a third on there are two families at cost 1/4 and one at 3/4; below it one (see tests/test_sweep.py).
    assert table.groupby(["resolve", "cost"]).size().to_dict() == {
        (0.25, 0.25): 1, (0.25, 0.75): 1, (0.5, 0.25): 2, (0.5, 0.75): 1
    }
    row = table[(table["resolve"] == 0.25) & (table["cost"] == 0.25)].iloc[0]
    assert row["P[attack]"] == 1
    assert row["payoff[Iran]"] == pytest.approx(1 / 4)
    assert row["label"].startswith("pooling on hold")
    told = json.loads((tmp_path / f"table.{kind}.json").read_text(encoding="utf-8"))
    assert set(table.columns) == set(told["columns"])
    assert told["columns"]["P[attack]"]["units"] == "1"
    assert told["about"]["scenario"]["parameters"]["harm"] == "2"


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("ending", [None, "csv", "nc"])
def test_solved_points_are_put_together_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str | None
) -> None:
    # On a cluster blocks come as they are done; labels, and rows of a table, are in the order of the points. By hand: P
    # waits where a < 1/2, goes where a > 1/2, and may do either at 12/24.
    scenario = loads(CHOICE)

    def swept(name: str) -> Any:
        path = None if ending is None else tmp_path / f"{name}.{ending}"
        found = dt.sweep(scenario, over={"a": ("1/24", "23/24", 23)}, method="solve", output=path)
        if path is None:
            return found
        if found is not None:
            found.close()
        return path.read_bytes()

    def backwards(plan: Any, blocks: Any, take: Callable[[Any, Any], None], *rest: Any, **more: Any) -> None:
        done: list[tuple[Any, Any]] = []
        run(plan, blocks, lambda block, found: done.append((block, found)), *rest, **more)
        assert len(done) == 3
        for block, found in reversed(done):
            take(block, found)

    expected = swept("forwards")
    monkeypatch.setattr(storage, "run", backwards)
    monkeypatch.setattr(sys.modules["deterrence.sweep"], "run", backwards)
    found = swept("backwards")
    if ending is None:
        xr.testing.assert_identical(found, expected)
        assert found.label.values.tolist()[::2] == ["now: wait", "now: go"]
        np.testing.assert_array_equal(found["P[go]"].values[0], [0.0] * 11 + [np.nan] * 12)
        np.testing.assert_array_equal(found["P[go]"].values[2], [np.nan] * 12 + [1.0] * 11)
    else:
        assert found == expected


def test_a_table_needs_to_know_which_families_exist(tmp_path: Path) -> None:
    with pytest.raises(NotSupportedError, match="keep exists too"):
        made(tmp_path / "table.csv", keep=["count"])


def test_parquet_without_pyarrow_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(NotSupportedError, match=r"deterrence\[parquet\]"):
        made(tmp_path / "table.parquet")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed", reason="Dask is an extra")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs="CRITICAL"
    ) as found:
        yield found


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
def test_a_cluster_gives_the_same_though_a_worker_dies(cluster: Any, tmp_path: Path) -> None:
    # Blocks of the usual size: the workers do not know of a smaller one.
    over = {"resolve": ("0.05", "0.95", 1000), "cost": ("0.05", "0.95", 1300)}
    options = {"over": over, "keep": ["P_max[attack]", "count"]}
    first = digest(made(tmp_path / "here.nc", **options))
    with cluster.get_client() as client:
        assert digest(made(tmp_path / "there.nc", client=client, **options)) == first
        victim = next(iter(client.run(os.getpid).values()))
        seen: list[int] = []

        def progress(done: int, total: int) -> None:
            seen.append(done)
            if len(seen) == 3:
                os.kill(victim, signal.SIGKILL)

        assert digest(made(tmp_path / "killed.nc", client=client, progress=progress, **options)) == first
        assert seen[-1] == 1_300_000


def test_a_cluster_fills_memory_and_tables_in_order(cluster: Any, tmp_path: Path) -> None:
    over = {"resolve": ("0.05", "0.95", 500), "cost": ("0.05", "0.95", 600)}
    here = dt.sweep(restraint(), over=over, keep=["count", "exists"])
    with cluster.get_client() as client:
        there = dt.sweep(restraint(), over=over, keep=["count", "exists"], client=client)
        assert here is not None
        assert there is not None
        xr.testing.assert_identical(here, there)
        one, other = (
            digest(made(tmp_path / f"{name}.parquet", over=over, keep=["exists", "count"], **extra))
            for name, extra in (("here", {}), ("there", {"client": client}))
        )
        assert one == other


def test_a_scheduler_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deterrence.workers.TIMEOUT", "1s")
    pytest.importorskip("distributed", reason="Dask is an extra")
    from deterrence.workers import connect

    with pytest.raises(LimitError, match="no Dask scheduler answers"):
        connect("tcp://127.0.0.1:1")
