"""Where results are written to: places are checked before anything is computed, and filled with whole files only.

A file is written beside its place and moved there when it is whole, so that no reader ever sees half a result, and a
failure leaves what was there before. A link is followed: what it leads to is written. Who writes for long holds the
place with a lock, ``FILE.lock``.

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

import errno
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from .errors import DeterrenceWarning, Problem, ProblemsError

__all__ = ["check_place", "held", "kept", "placed", "target"]

WITHOUT_LOCKS: Final = (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)
"""What a disk answers that knows no locks."""


def target(path: str | os.PathLike[str]) -> Path:
    """What is written under a name: where a link leads to, or the place itself."""
    return Path(os.path.realpath(path) if os.path.islink(path) else path)


def check_place(path: Path, directory: bool = False, special: bool = True) -> None:
    """That a file (or a directory, where one is written) can be made at a place.

    Parameters
    ----------
    path : the place.
    directory : whether a directory will be written there.
    special : whether it may be a device or a pipe, into which the result is written as it comes.

    Raises
    ------
    ProblemsError
        where what is there is of another kind, or the directory that it is in does not exist or takes no new file.
    """
    wrong = None
    if path.is_dir() and not directory:
        wrong = "cannot be written: this is a directory"
    elif path.name in ("", ".."):
        wrong = "cannot be written: this names no file"
    elif path.is_file() and directory:
        wrong = "cannot be written: this is a file, and a directory is made here"
    elif path.exists() and not (path.is_dir() or path.is_file() or special):
        wrong = "cannot be written: this is no regular file"
    elif not path.parent.is_dir():
        wrong = "its directory does not exist"
    elif path.is_file() or path.is_dir() or not path.exists():
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
        where it cannot be written, or what is there is no regular file.
    """
    path = target(path)
    if path.exists() and not path.is_file():
        raise ProblemsError([Problem("cannot be written: this is no regular file", "--output", file=str(path))])
    temporary = _beside(path) if inside is None else inside / "whole.tmp"
    try:
        yield temporary
        kept(temporary)
        os.replace(temporary, path)
        kept(path.parent)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        problem = Problem(f"cannot be written: {reason}", "--output", file=str(path))
        raise ProblemsError([problem]) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def kept(path: Path) -> None:
    """Have the disk keep what was written of a file or a directory, where the system can say so."""
    with suppress(OSError):
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Keep other processes from writing to a place, where the system can, and clear away what dead ones have left.

    Raises
    ------
    ProblemsError
        where another process is writing there.
    """
    lock = path.with_name(f"{path.name}.lock")
    opened = _locked(lock, path)
    if opened is None:
        yield
        return
    try:
        _clear_away(path)
        yield
    finally:
        # Nobody else can hold it now; a file of somebody else, which is not empty, stays.
        with suppress(OSError):
            if os.fstat(opened).st_size == 0:
                lock.unlink()
        os.close(opened)


def _clear_away(path: Path) -> None:
    """Take away what was being written when a process that held the place was killed."""
    left = re.compile(re.escape(path.name) + r"(\.json)?\.[0-9]+\.tmp").fullmatch
    with suppress(OSError):
        for other in list(path.parent.iterdir()):
            if left(other.name):
                other.unlink()


def _locked(lock: Path, path: Path) -> int | None:
    """A lock file, opened and locked; None where the system or the disk knows no locks."""
    try:
        import fcntl
    except ImportError:
        return None
    while True:
        opened = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The file may be one that its last holder took away after it was opened here.
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(opened), os.stat(lock)):
                    return opened
        except BlockingIOError as error:
            os.close(opened)
            busy = "another process is writing this: wait until it is done, or name another file"
            raise ProblemsError([Problem(busy, "--output", file=str(path))]) from error
        except OSError as error:
            os.close(opened)
            if error.errno not in WITHOUT_LOCKS:
                raise
            told = f"{path}: its disk knows no locks; let no other process write this at the same time"
            warnings.warn(told, DeterrenceWarning, stacklevel=2)
            return None
        os.close(opened)


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.{os.getpid()}.tmp")
