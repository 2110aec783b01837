"""Results in files: netCDF, zarr and tables, whole or resumed, the same byte for byte."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import deterrence as dt
from deterrence import designs, files, storage
from deterrence.cli import main
from deterrence.errors import DeterrenceWarning, ExpressionError, LimitError, NotSupportedError, ProblemsError
from deterrence.plans import STATUS
from deterrence.scenario import loads
from deterrence.storage import FORMATS
from deterrence.workers import run

from .sweeping import OVER, cut_small, digest, made
from .worked import FILE, restraint

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


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    cut_small(monkeypatch)


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
        for key in ("scenario", "design", "plan", "notes"):
            assert found.attrs[key] == expected.attrs[key]
    assert os.listdir(tmp_path) == [f"out.{ending}"]


def ranged() -> Any:
    """The small game with a range for resolve."""
    text = FILE.read_text(encoding="utf-8")
    return dt.loads(text.replace('resolve = "3/5"', 'resolve = { value = "3/5", range = ["1/10", "9/10"] }', 1))


@pytest.mark.parametrize("ending", ["nc", "zarr"])
def test_a_file_may_hold_no_family_at_all(tmp_path: Path, ending: str) -> None:
    options: dict[str, Any] = {"points": [{"resolve": 2, "cost": 1}], "method": "solve"}
    path = tmp_path / f"out.{ending}"
    found = dt.sweep(restraint(), output=path, **options)
    assert found is not None
    with found:
        xr.testing.assert_equal(found.load(), dt.sweep(restraint(), **options))
        assert found.sizes["family"] == 0
    with pytest.warns(DeterrenceWarning, match="holds the result of this sweep already"):
        made(path, edges=None, over=None, resume=True, **options)


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


def test_a_disk_without_space_is_told_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1_000))
    with pytest.raises(LimitError, match="has 0 MiB free"):
        made(tmp_path / "out.nc")
    assert not os.listdir(tmp_path)


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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are of POSIX")
@pytest.mark.parametrize("kind", FORMATS)
def test_what_is_no_regular_file_is_left_alone(
    tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for place in (pipe, link):
        with pytest.raises(ProblemsError, match="this is no regular file"):
            made(place, kind=kind)
        with pytest.raises(ProblemsError, match="this is no regular file"), files.placed(place):
            pytest.fail("it would be replaced")
        words = ["sweep", str(FILE), "--over", "resolve=1/4:3/4:3", "--format", kind, "-o", str(place)]
        assert main(words) == 2
        assert "this is no regular file" in capsys.readouterr().err
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert link.is_symlink()
    assert len(os.listdir(tmp_path)) == 2
    # A data dictionary neither takes the place of one.
    if kind in ("csv", "parquet"):
        os.mkfifo(tmp_path / f"table.{kind}.json")
        with pytest.raises(ProblemsError, match="this is no regular file"):
            made(tmp_path / f"table.{kind}")


@pytest.mark.parametrize("ending", FORMATS.values())
def test_a_link_is_followed(tmp_path: Path, ending: str) -> None:
    far = tmp_path / "far"
    far.mkdir()
    link = tmp_path / f"link{ending}"
    link.symlink_to(far / f"real{ending}")
    for _ in range(2):
        made(link, over={"resolve": ["1/4", "1/2"]})
        assert link.is_symlink()
        beside = [f"real{ending}.json"] if ending in (".csv", ".parquet") else []
        assert sorted(os.listdir(far)) == [f"real{ending}", *beside]
        assert os.listdir(tmp_path) == ["far", link.name] or os.listdir(tmp_path) == [link.name, "far"]


@pytest.mark.parametrize("content", ["thesis.txt", "zarr.json", "both"])
def test_a_directory_of_somebody_is_left_alone(
    tmp_path: Path, content: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    if content == "both":
        made(mine, kind="zarr", over={"resolve": ["1/4", "1/2"]})
    names = {"zarr.json": ["zarr.json"], "both": ["thesis.txt"]}.get(content, [content])
    for name in names:
        (mine / name).write_text('{"node_type": "group", "attributes": {}}', encoding="utf-8")
    before = digest(mine)
    monkeypatch.chdir(mine)
    for place in (mine, Path("."), Path("..", "mine")):
        with pytest.raises(ProblemsError, match=r"holds something else than the result|names no file"):
            made(place, kind="zarr")
    assert digest(mine) == before
    # Nor is it when it comes there while the sweep runs.
    other = tmp_path / "other.zarr"

    def progress(done: int, total: int) -> None:
        if done == total:
            other.mkdir()
            (other / "thesis.txt").write_text("precious", encoding="utf-8")

    with pytest.raises(ProblemsError, match="holds something else"):
        made(other, over={"resolve": ["1/4", "1/2"]}, progress=progress)
    assert (other / "thesis.txt").read_text(encoding="utf-8") == "precious"


def test_a_store_takes_the_place_of_a_store_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "out.zarr"
    path.mkdir()
    first = digest(made(path, over={"resolve": ["1/4", "1/2"]}))
    words = ["sweep", str(FILE), "--over", "resolve=1/4,3/4", "-o", str(path)]
    assert main(words) == 0
    assert digest(path) != first
    assert os.listdir(tmp_path) == ["out.zarr"]
    shutil.rmtree(path)
    path.write_text("a file", encoding="utf-8")
    monkeypatch.setattr(sys.modules["deterrence.sweep"], "plan", lambda *_, **__: pytest.fail("told too late"))
    with pytest.raises(ProblemsError, match="this is a file, and a directory is made here"):
        made(path)
    assert main(words) == 2
    assert "this is a file, and a directory is made here" in capsys.readouterr().err
    with pytest.raises(ProblemsError, match="this is a directory"):
        made(tmp_path, kind="csv")


def test_a_list_of_points_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "points.csv"
    path.write_text("resolve\n1/4\n", encoding="utf-8")
    assert main(["sweep", str(FILE), "--points", str(path), "-o", str(path)]) == 2
    assert "the result would overwrite the list of points" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "resolve\n1/4\n"


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


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("method", ["atlas", "solve"])
def test_a_table_of_what_is_kept(tmp_path: Path, kind: str, method: str) -> None:
    # From a third on calm exists, below it attack (see tests/test_sweep.py).
    over = {"resolve": ["1/4", "1/2"], "cost": ["3/4"]}
    path = tmp_path / f"table.{kind}"
    read = pd.read_csv if kind == "csv" else pd.read_parquet
    # Nothing of families is kept: a row for each point.
    made(path, over=over, method=method, keep=["P_max[attack]", "count"])
    table = read(path)
    assert list(table.columns) == ["resolve", "cost", "P_max[attack]", "count", "status"]
    assert table["P_max[attack]"].tolist() == [1, 0]
    told = json.loads((tmp_path / f"table.{kind}.json").read_text(encoding="utf-8"))
    assert set(told["columns"]) == set(table.columns)
    # Values in families need the families.
    made(path, over=over, method=method, keep=["P[attack]"])
    table = read(path)
    assert list(table.columns) == ["resolve", "cost", "family", "label", "P[attack]", "status"]
    assert table["P[attack]"].tolist() == [1, 0]


def test_the_data_dictionary_says_what_each_column_is(tmp_path: Path) -> None:
    path = made(tmp_path / "table.csv", over={"resolve": ["1/4", "1/2"]})
    columns = json.loads((tmp_path / "table.csv.json").read_text(encoding="utf-8"))["columns"]
    assert set(columns) == set(pd.read_csv(path).columns)
    assert all(about["units"] and about["long_name"] for about in columns.values())
    assert columns["family"]["units"] == columns["label"]["units"] == "none"
    status = columns["status"]
    assert status["flag_values"] == [0, 1, 2, 3, 4, 5]
    assert status["flag_meanings"].split() == list(STATUS)
    assert all(text in status["comment"] for text in STATUS.values())


def test_parquet_without_pyarrow_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(NotSupportedError, match=r"deterrence\[parquet\]"):
        made(tmp_path / "table.parquet")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed", reason="Dask is an extra")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs="CRITICAL"
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


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
@pytest.mark.parametrize("ending", ["nc", "csv"])
def test_a_cluster_that_loses_everything_begins_again(tmp_path: Path, ending: str) -> None:
    distributed = pytest.importorskip("distributed", reason="Dask is an extra")
    # The one worker has the plan for itself; its nanny makes another one.
    options = {"over": {"resolve": ("0.05", "0.95", 500), "cost": ("0.05", "0.95", 1000)}, "keep": ["count"]}
    first = digest(made(tmp_path / f"here.{ending}", **options))
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs="CRITICAL"
    ) as cluster, cluster.get_client() as client:
        victim = next(iter(client.run(os.getpid).values()))

        def progress(done: int, total: int) -> None:
            nonlocal victim
            if done and victim:
                os.kill(victim, signal.SIGKILL)
                victim = 0

        assert digest(made(tmp_path / f"there.{ending}", client=client, progress=progress, **options)) == first
        assert victim == 0


def test_a_cluster_without_workers_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    distributed = pytest.importorskip("distributed", reason="Dask is an extra")
    monkeypatch.setattr("deterrence.workers.PATIENCE", 1.0)
    monkeypatch.setattr(designs, "BLOCK", 8)
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=":0", silence_logs="CRITICAL"
    ) as cluster, cluster.get_client() as client:
        where = re.escape(cluster.scheduler_address)

        def progress(done: int, total: int) -> None:
            if done:
                cluster.scale(0)
                cluster.sync(cluster._correct_state)

        with pytest.raises(LimitError, match=f"{where} has had no workers for 1 seconds; .* --resume"):
            made(tmp_path / "out.zarr", client=client, progress=progress)
        assert (tmp_path / "out.zarr.part").is_dir()
        with pytest.raises(LimitError, match="has had no workers"):
            dt.sweep(restraint(), over=OVER, client=client)
        assert main(["sweep", str(FILE), "--over", "resolve=1/4:3/4:3", "--scheduler", cluster.scheduler_address]) == 3
        said = capsys.readouterr().err
        assert said.startswith(f"deterrence: the Dask scheduler {cluster.scheduler_address} has had no workers")
        # What was done is there, and is gone on with.
        made(tmp_path / "out.zarr", resume=True)


def test_a_scheduler_may_be_named_by_its_address(cluster: Any) -> None:
    here = dt.sweep(restraint(), over={"resolve": ("1/4", "3/4", 3)})
    there = dt.sweep(restraint(), over={"resolve": ("1/4", "3/4", 3)}, client=cluster.scheduler_address)
    assert here is not None
    assert there is not None
    xr.testing.assert_identical(here, there)


@pytest.mark.parametrize("text", ["", "nonsense", "http://127.0.0.1:8786", "tcp://here", "tcp://:1", "tcp://a b:1"])
def test_what_is_no_address_of_a_scheduler_is_told(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ExpressionError, match="is no address of a Dask scheduler, such as tcp://HOST:8786"):
        dt.sweep(restraint(), over=OVER, client=text)
    assert main(["sweep", str(FILE), "--over", "resolve=1/4:3/4:3", "--scheduler", text]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"deterrence: argument --scheduler: {text!r} is no address of a Dask scheduler")
    assert said.endswith("See: deterrence sweep --help\n")


def test_a_client_is_one() -> None:
    with pytest.raises(ExpressionError, match="client is a Dask client or the address of its scheduler, not int"):
        dt.sweep(restraint(), over=OVER, client=8786)

    class Asynchronous:
        asynchronous = True
        submit = scatter = scheduler_info = nthreads = None

    with pytest.raises(ExpressionError, match="not an asynchronous one"):
        dt.sweep(restraint(), over=OVER, client=Asynchronous())


def test_a_scheduler_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deterrence.workers.TIMEOUT", "1s")
    pytest.importorskip("distributed", reason="Dask is an extra")
    from deterrence.workers import connect

    with pytest.raises(LimitError, match="no Dask scheduler answers"):
        connect("tcp://127.0.0.1:1")
