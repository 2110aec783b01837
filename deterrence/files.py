"""Where results are written to: places are checked before anything is computed, and filled with whole files only.

A file is written beside its place and moved there when it is whole, so that no reader ever sees half a result, and a
failure leaves what was there before.

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     place = Path(folder, "result.txt")
...     check_place(place)
...     with placed(place) as temporary:
...         _ = temporary.write_text("whole", encoding="utf-8")
...     place.read_text(encoding="utf-8"), len(list(place.parent.iterdir()))
('whole', 1)
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import Problem, ProblemsError

__all__ = ["check_place", "placed"]


def check_place(path: Path, directory: bool = False) -> None:
    """That a file (or a directory, where one is written) can be made at a place.

    Raises
    ------
    ProblemsError
        where the place is a directory, or the one that it is in does not exist or takes no new file.
    """
    wrong = None
    if path.is_dir() and not directory:
        wrong = "cannot be written: this is a directory"
    elif not path.parent.is_dir():
        wrong = "its directory does not exist"
    elif path.is_file() or not path.exists():
        # Rights alone do not say it: an administrator has them on a disk that takes nothing.
        probe = _beside(path)
        try:
            probe.touch(exist_ok=False)
        except FileExistsError:
            pass
        except OSError as error:
            wrong = f"no new file can be made in {path.absolute().parent} ({error.strerror or error})"
        with suppress(OSError):
            probe.unlink(missing_ok=True)
    if wrong:
        raise ProblemsError([Problem(f"{wrong}; name another file", "--output", file=str(path))])


@contextmanager
def placed(path: Path, inside: Path | None = None) -> Iterator[Path]:
    """A place to write beside a file (or in another folder of its disk), moved there when all is written.

    Raises
    ------
    ProblemsError
        where it cannot be written.
    """
    temporary = _beside(path) if inside is None else inside / "whole.tmp"
    try:
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        problem = Problem(f"cannot be written: {reason}", "--output", file=str(path))
        raise ProblemsError([problem]) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.{os.getpid()}.tmp")
