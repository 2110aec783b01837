r"""A long sweep while it is under way on disk, so that it goes on from there whatever interrupts it.

In ``FILE.part`` are a zarr store of what is done, a journal and the plan. The journal :math:`J` is a list of lines,
each with a checksum of its own: the first has the fingerprint of the plan and a checksum of every file that the empty
store had; then comes one for each block :math:`b` that is whole, with the checksums :math:`c(b)` of the files of its
results, written once these are on the disk. What a resumed sweep takes as done is

.. math:: D = \{b \in J : \text{the files of } b \text{ have the checksums } c(b)\};

files of other blocks are taken away, and those blocks are computed anew. The file that comes out in the end is the same
byte for byte. Where every point is solved for itself the results are in the journal, and there is no store.

>>> line = entry({"block": 3, "files": [None, 7]})
>>> line
b'{"block": 3, "files": [null, 7], "crc": "67d4eb47"}\n'
>>> parsed(line), parsed(line.replace(b"3", b"4"))
({'block': 3, 'files': [None, 7]}, None)
"""

from __future__ import annotations

import json
import os
import shutil
import warnings
import zlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np

from .designs import Block
from .errors import DeterrenceWarning, LimitError, Problem, ProblemsError
from .files import kept
from .kernels import Arrays
from .plans import Found, Plan, families_of
from .reports import Tally
from .storage import BEFORE, Store, Writer, create_store, netcdf, place_store
from .workers import Progress

__all__ = ["Journal", "clear_away", "entry", "parsed"]

JOURNAL: Final = "journal.jsonl"
PLAN: Final = "plan.json"
STORE: Final = "store.zarr"
FRAME: Final = "frame.zarr"
"""An empty store as the plan makes it, to mend one with."""
GROUP: Final = "zarr.json"
"""What a store says about itself; it is written again when the store is whole."""
OURS: Final = {JOURNAL, PLAN, STORE, FRAME, BEFORE, f"{PLAN}.tmp", f"{JOURNAL}.tmp", "whole.tmp", "whole.zarr"}
AT_ONCE: Final = 8
"""How many files the disk is asked to keep at a time; it does so together."""


def entry(told: Mapping[str, Any]) -> bytes:
    """A line of the journal."""
    crc = zlib.crc32(json.dumps(told).encode())
    return json.dumps({**told, "crc": f"{crc:08x}"}).encode() + b"\n"


def parsed(line: bytes) -> dict[str, Any] | None:
    """What a line of the journal says, or nothing where it is damaged."""
    try:
        told = json.loads(line)
        crc = told.pop("crc")
    except (ValueError, KeyError, AttributeError, TypeError):
        return None
    return told if entry(told)[-11:-3] == str(crc).encode() else None


class Journal(Writer):
    """A sweep that is under way; who makes one holds the place (`files.held`).

    Parameters
    ----------
    plan, path : what is computed, and where its result will be.
    resume : whether to go on with what is there.

    Raises
    ------
    ProblemsError
        where something is there and is not to be resumed, or cannot be.
    """

    def __init__(self, plan: Plan, path: Path, resume: bool) -> None:
        super().__init__(plan)
        self.path = path.with_name(f"{path.name}.part")
        self.done: dict[int, list[int | None]] = {}
        self.reasons: dict[int, str] = {}
        self.solved: list[tuple[Block, Found]] = []
        self.arrays: dict[str, Any] = {}
        if not self._goes_on(resume):
            self._begin()
        if plan.program is not None:
            self.arrays = Store(plan, self.path / STORE).arrays
        self.pool = ThreadPoolExecutor(AT_ONCE)
        self.stream = open(self.path / JOURNAL, "ab")  # noqa: SIM115 - it stays open while blocks come

    @property
    def points(self) -> int:
        """How many points are done."""
        return sum(len(block) for block in self.plan.design.blocks() if block.number in self.done) if self.done else 0

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *error: object) -> None:
        self.stream.close()
        self.pool.shutdown()

    # What is there ---------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """A store with nothing in it, the journal with its first line, and the plan last."""
        if self.path.is_dir():
            others = sorted({inside.name for inside in self.path.iterdir()} - OURS)
            if others:
                raise self._problem(f"holds something that is not of a sweep ({others[0]}): name another output")
            _remove(self.path)
        self.path.mkdir()
        frame: dict[str, int] = {}
        if self.plan.program is not None:
            create_store(self.plan, families_of(self.plan), self.path / STORE)
            frame = _frame(self.path / STORE)
        _write_whole(self.path / JOURNAL, self._head(frame))
        _write_whole(self.path / PLAN, json.dumps(self.plan.told, sort_keys=True, indent=1).encode())

    def _head(self, frame: Mapping[str, int]) -> bytes:
        return entry({"fingerprint": self.plan.fingerprint, "frame": dict(frame)})

    def _goes_on(self, resume: bool) -> bool:
        """Take over what is there; False where a sweep begins."""
        if not self.path.is_dir():
            if os.path.lexists(self.path):
                raise self._problem("is no directory of an unfinished sweep: delete it, or name another output")
            if resume:
                self._note("", "is not there: the sweep begins anew")
            return False
        head, lines, damaged = self._read()
        plan = _loaded(self.path / PLAN)
        if plan is None and not lines and not damaged:
            # Cut off before anything was done, or while it was cleared away.
            if resume:
                self._note("", "holds nothing that is done: the sweep begins anew")
            return False
        self._check(plan, head, resume)
        if plan != self.plan.told:
            self._note(PLAN, "was damaged or missing, and is written again: the journal is of this sweep")
            _write_whole(self.path / PLAN, json.dumps(self.plan.told, sort_keys=True, indent=1).encode())
        if head is None and not lines:
            self._note(JOURNAL, "is damaged or missing: every block is computed again")
        elif damaged:
            many = "1 damaged line" if damaged == 1 else f"{damaged} damaged lines"
            self._note(JOURNAL, f"has {many}: what is not told for sure is computed again")
        frame = self._mended(head["frame"] if head is not None else None)
        if frame is None:
            self._note(STORE, "is damaged or missing, and cannot be mended: every block is computed again")
            return False
        self._take(lines)
        _write_whole(self.path / JOURNAL, self._head(frame) + b"".join(map(entry, lines.values())))
        return True

    def _read(self) -> tuple[dict[str, Any] | None, dict[int, dict[str, Any]], int]:
        """The first line of the journal, those of the blocks, and how many are damaged; half a last line is none."""
        head, lines, damaged = None, {}, 0
        with suppress(FileNotFoundError), open(self.path / JOURNAL, "rb") as stream:
            for line in stream:
                told = parsed(line)
                if told is None:
                    half = not line.endswith(b"\n") and line[:2] in (b"{", b'{"')
                    damaged += not half
                elif "fingerprint" in told:
                    head = told
                elif 0 <= told["block"] < self.plan.design.count:
                    lines[told["block"]] = told
        return head, lines, damaged

    def _check(self, plan: Mapping[str, Any] | None, head: Mapping[str, Any] | None, resume: bool) -> None:
        """That what is there is of this sweep, and to be resumed."""
        same = head is not None and head["fingerprint"] == self.plan.fingerprint
        changed = [] if same or plan is None else _differences(plan, self.plan.told)
        if not same and not changed and (plan is None or head is not None):
            raise self._problem(f"of what sweep it is cannot be told, since {PLAN} is damaged or missing: delete it to "
                                "begin anew")
        if not resume:
            raise self._problem(
                f"an unfinished sweep of something else is here ({changed[0]}): take another file, or delete it"
                if changed else "an unfinished sweep is here: --resume goes on with it; delete it to begin anew"
            )
        if changed:
            raise ProblemsError([
                Problem(f"cannot be resumed: {text}", "--resume", file=str(self.path)) for text in changed
            ])

    def _mended(self, recorded: Mapping[str, int] | None) -> dict[str, int] | None:
        """The checksums of the empty store, its files as they were; None where that cannot be."""
        store = self.path / STORE
        if self.plan.program is None:
            return {}
        if not store.is_dir():
            return None
        if recorded is not None and all(_checksum(store / name) == crc for name, crc in recorded.items()):
            return dict(recorded)
        create_store(self.plan, families_of(self.plan), self.path / FRAME)
        made = _frame(self.path / FRAME)
        # Another version of zarr may write another frame, with which what was written does not go together.
        before: Mapping[str, int | None] = recorded or {name: _checksum(store / name) for name in made}
        if before != made:
            return None
        for name, crc in made.items():
            if _checksum(store / name) != crc:
                if name != GROUP or _loaded(store / name) is None:
                    self._note(f"{STORE}/{name}", "was damaged or missing, and is mended")
                (store / name).parent.mkdir(parents=True, exist_ok=True)
                os.replace(self.path / FRAME / name, store / name)
        shutil.rmtree(self.path / FRAME)
        return made

    def _take(self, lines: dict[int, dict[str, Any]]) -> None:
        """Take over the blocks that are whole; of others nothing stays, in the lines neither."""
        lost: list[str] = []
        files: set[str] = set()
        for block in self.plan.design.blocks() if lines else ():
            told = lines.get(block.number)
            if told is None:
                continue
            names = self._files(block)
            wrong = [name for name, crc in zip(names, told["files"], strict=True)
                     if _checksum(self.path / STORE / name) != crc]
            if wrong:
                lost.append(wrong[0])
                del lines[block.number]
                continue
            files.update(names)
            self.done[block.number] = told["files"]
            self.reasons.update({int(n): text for n, text in told["reasons"].items()})
            if "solved" in told:
                self.solved.append((block, _restored(self.plan, block, told)))
        if lost:
            others = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
            blocks = "its block is" if len(lost) == 1 else f"{len(lost)} blocks are"
            self._note(f"{STORE}/{lost[0]}", f"is damaged or missing{others}: {blocks} computed again")
        if self.plan.program is not None:
            self._take_away(files)

    def _take_away(self, files: set[str]) -> None:
        """Take away what is in the store besides its frame and these files."""
        store = self.path / STORE
        for file in store.rglob("*"):
            name = file.relative_to(store).as_posix()
            if file.is_file() and name not in files and (file.suffix == ".partial" or self._is_result(name)):
                file.unlink()

    def _is_result(self, name: str) -> bool:
        """Whether a file of the store has results of a block, or values of a sample."""
        sample = self.plan.design.sample
        ours = {*(variable.name for variable in self.variables), *(sample.names if sample is not None else ())}
        return name.partition("/c/")[0] in ours

    def _note(self, name: str, text: str) -> None:
        warnings.warn(f"{self.path / name} {text}", DeterrenceWarning, stacklevel=2)

    def _problem(self, text: str) -> ProblemsError:
        return ProblemsError([Problem(text, "--output", file=str(self.path))])

    # What comes ------------------------------------------------------------------------------------------------------

    def _files(self, block: Block) -> list[str]:
        """The files of the store with the results of a block."""
        if self.plan.program is None:
            return []
        place = [part.start // step for part, step in zip(block.slices, self.plan.design.box, strict=True)]
        names = []
        for variable in self.variables:
            chunk = [0, *place] if variable.dims[:1] == ("family",) else place
            names.append("/".join([variable.name, "c", *map(str, chunk)]))
        sample = self.plan.design.sample
        if sample is not None and not any(place[:-1]):
            names += [f"{name}/c/{place[-1]}" for name in sample.names]
        return names

    def _written(self, name: str) -> int | None:
        """The checksum of a file of the store, once the disk keeps it."""
        kept(self.path / STORE / name)
        return _checksum(self.path / STORE / name)

    def put(self, name: str, place: Any, values: Any) -> None:
        """Write a part of a variable."""
        self.arrays[name][place] = values

    def block(self, block: Block, found: Found) -> None:
        """Write one block, and only then say that it is whole."""
        told: dict[str, Any] = {"block": block.number, "reasons": {str(n): text for n, text in found.reasons.items()}}
        try:
            if self.plan.program is None:
                told.update(_told(found))
                self.solved.append((block, found))
            else:
                super().block(block, found)
            told["files"] = list(self.pool.map(self._written, self._files(block)))
            self.stream.write(entry(told))
            self.stream.flush()
            os.fsync(self.stream.fileno())
        except OSError as error:
            raise LimitError(
                f"{self.path}: {error.strerror or error}; {len(self.done)} of {self.plan.design.count} blocks are kept "
                "there, and --resume goes on with them", place=""
            ) from error
        self.done[block.number] = told["files"]
        self.reasons.update(found.reasons)

    def read(self, block: Block) -> Iterator[tuple[str, Any, Any]]:
        """What was written of a block: variable, place, values.

        Raises
        ------
        LimitError
            where it is not what was written.
        """
        for name, crc in zip(self._files(block), self.done[block.number], strict=True):
            if _checksum(self.path / STORE / name) != crc:
                raise LimitError(f"{self.path / STORE / name} was damaged after it was written: the same command with "
                                 "--resume computes it again", place="")
        for variable in self.variables:
            place = variable.place(block)
            yield variable.name, place, self.arrays[variable.name][place]

    def finish(self, path: Path, kind: str, tally: Tally | None, progress: Progress | None = None) -> None:
        """Bring the result to its place, and take the rest away; `progress` counts what is read again for that."""
        if kind == "zarr" and tally is not None:
            for block in _counted(self.plan, progress):
                tally.add({name: values for name, _, values in self.read(block)}, block.start)
        if kind == "zarr":
            Store(self.plan, self.path / STORE).close(self.reasons)
            kept(self.path / STORE / GROUP)
            place_store(self.path / STORE, path)
            self.clear()
            return
        with netcdf(self.plan, families_of(self.plan), path, self.reasons, self.path) as writer:
            for block in _counted(self.plan, progress):
                whole: dict[str, Any] = {}
                for name, place, values in self.read(block):
                    writer.put(name, place, values)
                    whole[name] = values
                writer.rows(block)
                if tally is not None:
                    tally.add(whole, block.start)
        self.clear()

    def clear(self) -> None:
        """Take everything away once the result is in its place."""
        self.stream.close()
        _remove(self.path)


def clear_away(plan: Plan, path: Path) -> None:
    """Take away what was left beside a result that is whole, unless it is of something else."""
    part = path.with_name(f"{path.name}.part")
    if part.is_dir() and _loaded(part / PLAN) in (None, plan.told):
        _remove(part)


def _remove(path: Path) -> None:
    """Take away what a sweep has left, and nothing else.

    The journal and the plan go first: of what is cut off then nothing is read.
    """
    for name in (JOURNAL, PLAN, *sorted(OURS - {JOURNAL, PLAN})):
        inside = path / name
        if inside.is_dir():
            shutil.rmtree(inside)
        else:
            inside.unlink(missing_ok=True)
    with suppress(OSError):
        path.rmdir()


def _checksum(path: Path) -> int | None:
    """The checksum of a file, None where there is none; chunks that have one value throughout are not written."""
    try:
        return zlib.crc32(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None


def _frame(store: Path) -> dict[str, int]:
    """The checksum of every file of a store, once the disk keeps them."""
    found = {}
    for file in sorted(file for file in store.rglob("*") if file.is_file()):
        kept(file)
        found[file.relative_to(store).as_posix()] = zlib.crc32(file.read_bytes())
    return found


def _loaded(path: Path) -> dict[str, Any] | None:
    """A JSON object from a file, or nothing where it is damaged or missing."""
    try:
        told = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def _write_whole(path: Path, text: bytes) -> None:
    temporary = path.with_name(f"{path.name}.tmp")
    temporary.write_bytes(text)
    kept(temporary)
    os.replace(temporary, path)


def _counted(plan: Plan, progress: Progress | None) -> Iterator[Block]:
    """The blocks of a plan; after each the points that have been gone through are told."""
    done = 0
    for block in plan.design.blocks():
        if progress is not None:
            progress(done, plan.design.size)
        yield block
        done += len(block)
    if progress is not None:
        progress(done, plan.design.size)


def _told(found: Found) -> dict[str, Any]:
    return {
        "status": found.status.tolist(),
        "count": found.arrays.count.tolist(),
        "low": found.arrays.low.tolist(),
        "high": found.arrays.high.tolist(),
        "solved": {str(n): rows for n, rows in found.solved.items()},
    }


def _restored(plan: Plan, block: Block, told: Mapping[str, Any]) -> Found:
    points = len(block)
    arrays = Arrays(
        np.zeros((0, points), dtype=np.bool_), np.array(told["count"], dtype=np.uint16),
        np.zeros((len(plan.kept.values), 0, points)), np.array(told["low"], dtype=np.float64).reshape(-1, points),
        np.array(told["high"], dtype=np.float64).reshape(-1, points), np.zeros(points, dtype=np.bool_),
    )
    solved = {int(n): [(label, tuple(row)) for label, row in rows] for n, rows in told["solved"].items()}
    reasons = {int(n): text for n, text in told["reasons"].items()}
    return Found(arrays, np.array(told["status"], dtype=np.uint8), reasons, solved)


def _differences(was: Mapping[str, Any], told: Mapping[str, Any], path: str = "") -> list[str]:
    """What differs between two plans, in words."""
    found: list[str] = []
    for key in sorted({*was, *told}):
        name = f"{path}.{key}" if path else key
        before, after = was.get(key), told.get(key)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            found += _differences(before, after, name)
        elif before != after:
            found.append(f"{name} was {_short(before)} and is {_short(after)}")
    return found


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
