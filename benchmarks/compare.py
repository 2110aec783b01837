"""One table of ratios, measured in one run: ``make compare``, or ``python -m benchmarks.compare``.

Every time is the least of several. The answers are compared before anything is printed; a difference ends the command
with an error. With ``--large`` the sweeps of 10^7 and 10^8 points into files are made too (minutes, 50 GB of disk).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

import deterrence as dt
from benchmarks import fused, sweeps
from benchmarks.sweeps import NAMES, Floats, least, process
from deterrence.kernels import Arrays, Bounds, Interpreted, kernel
from deterrence.plans import Plan
from deterrence.sweep import make, plan

POINTS = 1_000_000
GENERAL = 100
TIED = 60
ACCURATE = 1e-9
PEAK = 1024
COLD_WORK = 1.0
COLD = 4.0
AGAINST = {"pygambit enummixed, exact": 20_000.0, "QuantEcon vertex enumeration": 1_000.0}

Row = tuple[str, ...]
Promise = tuple[str, bool]


def main(words: Sequence[str] | None = None) -> int:
    """Print the table; the status is 1 where a figure that was promised is not reached."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="how often each is measured (5)")
    parser.add_argument("--points", type=int, default=POINTS, help=f"points of the sweep ({POINTS})")
    parser.add_argument("--large", action="store_true", help="10^7 and 10^8 points into files as well")
    parser.add_argument("--where", type=Path, help="a directory for the files of --large")
    asked = parser.parse_args(words)
    rows: list[Row] = []
    promises: list[Promise] = []
    with tempfile.TemporaryDirectory(dir=asked.where) as folder:
        sizes = list(_sizes(Path(folder), asked.large, promises))
    for box in sweeps.BOXES:
        ours = _engines(box, asked.points, asked.times, rows, promises)
        _general(box, ours, rows, promises)
    _table(("signs", "what", "time a point", "times our sweep", "answers"), rows)
    print()
    _table(("points", "kept", "where", "seconds", "peak MB"), sizes)
    print()
    for text, kept in promises:
        print(f"{'reached' if kept else 'MISSED '}  {text}")
    return 0 if all(kept for _, kept in promises) else 1


# Engines -----------------------------------------------------------------------------------------------------------


def _engines(box: str, points: int, times: int, rows: list[Row], promises: list[Promise]) -> float:
    """Our sweep and others on the same formulas; the seconds a point of ours."""
    rng = np.random.default_rng(1)
    columns = sweeps.drawn(rng, points, box)
    ordered = [columns[name] for name in NAMES]
    before, made = least(lambda: plan(sweeps.scenario(), points=columns), 2)
    program = made.program
    assert program is not None
    compiling, _ = least(lambda: kernel(program, made.kept), 2)
    fused.fused([x[:64] for x in ordered])
    alone, one = least(lambda: make(made, jobs=1), times)
    del one
    ours, theirs, data, hand = _in_turn(made, ordered, times)
    by_hand_alone, _ = least(lambda: fused.fused(ordered, 1), times)
    same = _same(made, data.data, hand)
    size = made.bytes_per_point
    del data, hand
    inclusive, _ = least(lambda: dt.sweep(sweeps.scenario(), points=columns), 2)

    def say(what: str, seconds: float, answers: str = "") -> None:
        rows.append((box, what, _short(seconds / points), _ratio(seconds / ours), answers))

    say(f"sweep, 2 workers ({size} bytes a point)", ours, f"{len(program.families)} families, 6 quantities, envelope")
    say("sweep, 1 worker", alone)
    say("sweep, 2 workers, with the atlas found and compiled", inclusive)
    rows.append((box, "  of which: points read, atlas found, lowered", f"{before:.2f} s once", "", ""))
    rows.append((box, "  of which: compiled", f"{compiling:.2f} s once", "", ""))
    say("hand-fused loop (numba), 2 threads", theirs, same)
    say("hand-fused loop (numba), 1 thread", by_hand_alone)
    say("NumPy in blocks, 2 threads", least(lambda: _interpreted(made, ordered, 2), 2)[0])
    say("numexpr in blocks, 2 threads", _numexpr(made, ordered))
    promises.append((f"{box}: {ours / theirs:.2f} x the hand-fused loop, at most 3", ours <= 3 * theirs))
    return ours / points


def _in_turn(made: Plan, ordered: Sequence[Floats], times: int) -> tuple[float, float, Any, Arrays]:
    """The sweep and the hand-fused loop by turns, so that both meet the same machine."""
    ours = theirs = float("inf")
    data: Any = None
    hand: Any = None
    for _ in range(times):
        data = hand = None
        seconds, data = least(lambda: make(made, jobs=2), 1)
        ours = min(ours, seconds)
        seconds, hand = least(lambda: fused.fused(ordered, 2), 1)
        theirs = min(theirs, seconds)
    return ours, theirs, data, hand


def _same(made: Plan, data: Any, hand: Arrays) -> str:
    """Compare a sweep with the hand-fused loop, point by point.

    Both may differ in whether a family exists only where floating point does not decide: that is what the exact
    decision of the sweep is for.
    """
    exists = data["exists"].values
    edge = (exists != hand.exists).any(axis=0) | (data["status"].values > 0)
    assert edge.sum() <= made.design.size // 10_000, "regions differ"
    worst = 0.0
    for q, name in enumerate(made.quantities):
        kind, _, rest = name.partition("[")
        pairs = [(data[name].values, hand.values[q]), (data[f"{kind}_min[{rest}"].values, hand.low[q]),
                 (data[f"{kind}_max[{rest}"].values, hand.high[q])]
        for left, right in pairs:
            off = np.abs(left - right)[..., ~edge]
            assert np.array_equal(np.isnan(left[..., ~edge]), np.isnan(right[..., ~edge])), f"{name} differs"
            worst = max(worst, float(np.nanmax(off / (1 + np.abs(left[..., ~edge])))))
    assert worst <= ACCURATE, f"values differ by {worst}"
    return f"the same but for {edge.sum()} points on an edge; values within {worst:.0e}"


def _interpreted(made: Plan, ordered: Sequence[Floats], workers: int) -> Arrays:
    assert made.program is not None
    points = len(ordered[0])
    into = Arrays.empty(made.program, made.kept, points)
    engine = Interpreted(made.program, made.kept)
    bounds = Bounds(made.program, [float(np.abs(x).max()) for x in ordered])
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda block: engine.run([x[block.start : block.stop] for x in ordered],
                                               into.part(block.start, block.stop), bounds), made.design.blocks()))
    return into


def _numexpr(made: Plan, ordered: Sequence[Floats]) -> float:
    import numexpr

    assert made.program is not None
    numexpr.set_num_threads(2)
    engine = sweeps.Numexpr(made)
    program, kept, points = made.program, made.kept, len(ordered[0])

    def run() -> Arrays:
        into = Arrays.empty(program, kept, points)
        engine.run(ordered, into)
        return into

    return least(run, 2)[0]


# General tools -----------------------------------------------------------------------------------------------------


def _general(box: str, ours: float, rows: list[Row], promises: list[Promise]) -> None:
    """General tools on the normal form, one point after another."""
    rng = np.random.default_rng(2)
    columns = sweeps.rounded(sweeps.drawn(rng, GENERAL, box))
    data = dt.sweep(sweeps.scenario(), points=columns)
    points = [sweeps.exact(columns, n) for n in range(GENERAL)]
    wanted = [sweeps.wanted_of(data, n) for n in range(GENERAL)]
    edges = sweeps.tied(rng, TIED) if box == "honest" else []
    on_edges = [_solved(point) for point in edges]
    for name, tool in sweeps.TOOLS.items():
        ready, profiles = tool()
        forms = [sweeps.normal_form(point) for point in points]
        games = [ready(form) for form in forms]
        profiles(games[0])
        seconds, found = least(lambda games=games, profiles=profiles: [profiles(game) for game in games], 3)
        missing = sum(
            sweeps.lost(want, sweeps.outcomes(form, some))
            for want, form, some in zip(wanted, forms, found, strict=True)
        )
        told = f"loses {missing} of {sum(map(len, wanted))} outcomes"
        if edges:
            tied = [sweeps.normal_form(point) for point in edges]
            missing = sum(
                sweeps.lost(want, sweeps.outcomes(form, profiles(ready(form))))
                for want, form in zip(on_edges, tied, strict=True)
            )
            told += f", {missing} of {sum(map(len, on_edges))} where a player is indifferent"
        each = seconds / GENERAL
        rows.append((box, name, _short(each), _ratio(each / ours), told))
        if name in AGAINST:
            text = f"{box}: {each / ours:,.0f} x faster a point than {name}, at least {AGAINST[name]:,.0f}"
            promises.append((text, each >= AGAINST[name] * ours))


def _solved(point: dict[str, Any]) -> list[sweeps.Payoffs]:
    """The payoffs of every entry of `solve` whose outcome is one, and not a connected set of them."""
    entries = dt.solve(sweeps.scenario(), point=point)
    return [tuple(float(v) for v in e.payoffs.values()) for e in entries if not _free(e)]  # type: ignore[misc]


def _free(entry: Any) -> bool:
    try:
        for value in (*entry.payoffs.values(), *entry.outcomes.values()):
            float(value)
    except (TypeError, ValueError):
        return True
    return False


# Sizes, in processes of their own ------------------------------------------------------------------------------------


IN_MEMORY = """
import sys, time
import deterrence as dt
made = dt.load(sys.argv[1])
start = time.perf_counter()
data = dt.sweep(made, sample=int(sys.argv[2]), design="random")
assert int(data["count"].min()) > 0 and data.sizes["family"] == 20
print(time.perf_counter() - start)
"""


def _sizes(folder: Path, large: bool, promises: list[Promise]) -> Iterator[Row]:
    file = folder / "spence.toml"
    file.write_text(sweeps.ranged("honest"), encoding="utf-8")
    for points in (10**4, 10**5, 10**6):
        _, peak, told = process([sys.executable, "-c", IN_MEMORY, str(file), str(points)])
        yield f"10^{len(str(points)) - 1}", "everything", "memory", f"{float(told):.2f}", f"{peak:,.0f}"
    yield from _cold(folder, file, promises)
    for points, kept in ((10**7, None), (10**8, "envelope")) if large else ():
        out = folder / "out.nc"
        words = ["--sample", str(points), "--design", "random", "--quiet", *(["--keep", kept] if kept else [])]
        seconds, peak, _ = process(_command(file, *words, "-o", str(out)))
        gigabytes = out.stat().st_size / 1e9
        out.unlink()
        power = f"10^{len(str(points)) - 1}"
        yield power, kept or "everything", f"netCDF, {gigabytes:.1f} GB", f"{seconds:.0f}", f"{peak:,.0f}"
        promises.append((f"{power} points to disk with a peak of {peak:,.0f} MB, below {PEAK}", peak < PEAK))


def _command(file: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "deterrence", "sweep", str(file), *words]


def _cold(folder: Path, file: Path, promises: list[Promise]) -> Iterator[Row]:
    """A million points from the command line: the whole, and what is neither start-up nor writing."""
    out = folder / "cold.nc"
    axes = ["--over", "p=0.01:0.99:1000", "--over", "cW=0.5:100:1000"]
    best = peak = float("inf")
    for _ in range(3):
        out.unlink(missing_ok=True)
        seconds, size, _ = process(_command(file, *axes, "--quiet", "-o", str(out)))
        best, peak = min(best, seconds), min(peak, size)
    start = min(process(_command(file, "--help"))[0] for _ in range(3))
    work = float("inf")
    for _ in range(3):
        work = min(work, float(process([sys.executable, "-c", WORK, str(file)])[2]))
    gigabytes = out.stat().st_size / 1e9
    out.unlink()
    yield "10^6", "everything", f"netCDF, {gigabytes:.1f} GB, cold from the command line", f"{best:.2f}", f"{peak:,.0f}"
    yield "10^6", "", "  of which: atlas found, compiled, computed", f"{work:.2f}", ""
    yield "10^6", "", "  beside it: `deterrence sweep --help`", f"{start:.2f}", ""
    text = f"10^6 points cold from the command line in {best:.2f} s, below {COLD:.0f}"
    promises.append((text, best < COLD))
    promises.append((f"{work:.2f} s of it neither start-up nor writing, below {COLD_WORK:.0f}", work < COLD_WORK))


WORK = """
import sys, time
import deterrence as dt
from deterrence import kernels, lowering, plans, sweep, workers, storage, solvers
import llvmlite.binding, numpy, z3
made = dt.load(sys.argv[1])
from deterrence.sweep import plan
from deterrence.workers import run
start = time.perf_counter()
what = plan(made, over={"p": ("0.01", "0.99", 1000), "cW": ("0.5", "100", 1000)})
run(what, list(what.design.blocks()), lambda block, found: None)
print(time.perf_counter() - start)
"""


# Writing -----------------------------------------------------------------------------------------------------------


def _short(seconds: float) -> str:
    for factor, unit in ((1e9, "ns"), (1e6, "µs"), (1e3, "ms")):
        if seconds * factor < 1000:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds:.3g} s"


def _ratio(ratio: float) -> str:
    return f"{ratio:,.0f} x" if ratio >= 100 else f"{ratio:.2f} x" if ratio < 10 else f"{ratio:.1f} x"


def _table(head: Row, rows: Sequence[Row]) -> None:
    """A table in Markdown, as it stands in the README."""
    widths = [max(len(row[n]) for row in (head, *rows)) for n in range(len(head))]

    def line(row: Row) -> str:
        return "| " + " | ".join(map(str.ljust, row, widths)) + " |"

    print(line(head))
    print("| " + " | ".join("-" * width for width in widths) + " |")
    for row in rows:
        print(line(row), flush=True)


if __name__ == "__main__":
    started = time.perf_counter()
    status = main()
    print(f"\nmeasured in {time.perf_counter() - started:.0f} s")
    sys.exit(status)
