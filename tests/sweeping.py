"""Sweeps of the small game into files, and how tests interrupt and compare them."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import deterrence as dt
from deterrence import designs

from .worked import restraint

OVER = {"resolve": ("1/24", "23/24", 23), "cost": ("1/8", 1, 8)}


class Stopped(Exception):  # noqa: N818 - not an error of the package
    """What a test raises in the middle of a sweep."""


def cut_small(monkeypatch: pytest.MonkeyPatch) -> None:
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
