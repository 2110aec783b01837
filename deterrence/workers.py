"""Who computes the blocks of a sweep: threads or processes of this machine, or a Dask cluster.

On a cluster one task is one block. A task whose worker dies is run again, and where the cluster has lost what the tasks
share, that is sent again and so are they.

>>> address("tcp://10.0.0.1:8786")
'tcp://10.0.0.1:8786'

At most a few blocks for each worker are under way at a time, so that neither the scheduler nor this process holds more
than it writes. Blocks are independent and deterministic: it does not matter which worker runs one, or how often.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import islice, tee
from typing import Any, Final

import numpy as np

from .designs import Block
from .errors import ExpressionError, LimitError, NotSupportedError
from .kernels import Arrays
from .plans import Found, Plan, compute

__all__ = ["Progress", "address", "check_jobs", "client_of", "connect", "cores", "run"]

AHEAD: Final = 3
TIMEOUT: Final = "10s"
PATIENCE: Final = 30.0
"""How many seconds a cluster may be without workers."""
TRIES: Final = 5
"""How often in a row a cluster may lose everything."""

Progress = Callable[[int, int], None]
"""Called with the points done and the points of all; begins again from 0 where a long sweep is read from its journal
to be written to its file."""

_ADDRESS = re.compile(r"(?:(?:tcp|tls|ucx|ws|wss)://)?(?:\[[0-9A-Fa-f:.]+\]|[\w.-]+):[0-9]{1,5}|inproc://\S+").fullmatch


def check_jobs(jobs: int | None) -> None:
    """That a number of workers is one.

    Raises
    ------
    ExpressionError
        where it is not.
    """
    given: object = jobs
    if given is not None and (isinstance(given, bool) or not isinstance(given, (int, np.integer)) or given < 1):
        raise ExpressionError(f"jobs is a whole number from 1 on, or None, not {jobs!r}")


def address(text: str) -> str:
    """The address of a Dask scheduler, as it is written.

    Raises
    ------
    ExpressionError
        where it is none.
    """
    if not _ADDRESS(text):
        raise ExpressionError(f"{text[:60]!r} is no address of a Dask scheduler, such as tcp://HOST:8786")
    return text


@contextmanager
def client_of(client: Any) -> Iterator[Any]:
    """A Dask client: the one that is given, or one of the scheduler at this address while it is needed; or None.

    Raises
    ------
    ExpressionError
        where it is neither.
    NotSupportedError, LimitError
        as for `connect`.
    """
    if isinstance(client, str):
        with connect(client) as made:
            yield made
        return
    if client is not None and not all(hasattr(client, name) for name in ("submit", "scatter", "scheduler_info")):
        raise ExpressionError(f"client is a Dask client or the address of its scheduler, not {type(client).__name__}")
    if getattr(client, "asynchronous", False):
        raise ExpressionError("client is a Dask client that waits for its results, not an asynchronous one")
    yield client


def connect(text: str) -> Any:
    """A client of the scheduler at an address such as ``tcp://host:8786``.

    Raises
    ------
    ExpressionError
        where it is no address.
    NotSupportedError
        where Dask is not installed.
    LimitError
        where nothing answers there.
    """
    address(text)
    try:
        from distributed import Client
    except ImportError as error:
        raise NotSupportedError(
            "a scheduler needs Dask: install deterrence with its extra, deterrence[cluster]"
        ) from error
    try:
        return Client(text, timeout=TIMEOUT, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, ImportError, RuntimeError) as error:
        raise LimitError(f"no Dask scheduler answers at {text}: {error}", place="") from error


class _Cluster:
    """Runs blocks on a Dask cluster, whatever happens to its workers.

    Attributes
    ----------
    under_way : by its key, the future of each block that was submitted, the block, and what it shares with others.
    """

    def __init__(self, client: Any, plan: Plan) -> None:
        self.client = client
        self.plan = plan
        self.under_way: dict[str, tuple[Any, Block, Any]] = {}
        self.tries = 0
        self.shared = self._sent()

    @property
    def window(self) -> int:
        """How many blocks may be under way."""
        return AHEAD * max(1, len(self._asked(self.client.nthreads)))

    def submit(self, block: Block) -> None:
        """Have a block computed."""
        future = self.client.submit(compute, self.shared, block, pure=False)
        self.under_way[future.key] = (future, block, self.shared)

    def done(self) -> list[tuple[Block, Found]]:
        """Blocks that are done, at least one, once there are any.

        Raises
        ------
        LimitError
            where the cluster has no workers any more, or loses all of them again and again.
        """
        found: list[tuple[Block, Found]] = []
        while not found:
            for key in self._ready():
                future, block, shared = self.under_way.pop(key)
                result = self._result(future)
                if result is not None:
                    found.append((block, result))
                    self.tries = 0
                    continue
                # A worker had what the tasks share for itself, and is gone.
                if shared is self.shared:
                    self.shared = self._sent()
                self.submit(block)
        return found

    def _ready(self) -> list[str]:
        """The keys of futures that are no longer pending."""
        from distributed import wait

        while True:
            futures = {key: future for key, (future, _, _) in self.under_way.items()}
            ready = [key for key, future in futures.items() if future.status != "pending"]
            if ready:
                return ready
            with suppress(CancelledError), self.client.as_current():
                try:
                    wait(list(futures.values()), timeout=PATIENCE, return_when="FIRST_COMPLETED")  # type: ignore[no-untyped-call]
                except TimeoutError:
                    self._wait_for_workers()

    def _result(self, future: Any) -> Found | None:
        """What a future has come to; None where it was lost."""
        from distributed import KilledWorker

        if future.status in ("cancelled", "lost"):
            return None
        try:
            result: Found = self._asked(future.result)
        except CancelledError:
            return None
        except KilledWorker as error:
            raise self._problem(f"lost one worker after another at the same block ({error})") from error
        return result

    def _sent(self) -> Any:
        """The plan, sent to all workers."""
        self.tries += 1
        if self.tries > TRIES:
            raise self._problem(f"lost all its workers {TRIES} times in a row")
        self._wait_for_workers()
        (shared,) = self._asked(lambda: self.client.scatter([self.plan], broadcast=True, hash=False))
        return shared

    def _wait_for_workers(self) -> None:
        try:
            self.client.wait_for_workers(1, timeout=PATIENCE)
        except (OSError, CancelledError) as error:
            raise self._problem(f"has had no workers for {PATIENCE:.0f} seconds") from error

    def _asked(self, question: Callable[[], Any]) -> Any:
        try:
            return question()
        except OSError as error:
            raise self._problem(f"does not answer ({error})") from error

    def _problem(self, text: str) -> LimitError:
        where = getattr(getattr(self.client, "scheduler", None), "address", "")
        return LimitError(
            f"the Dask scheduler {where} {text}; a long sweep into a file goes on with --resume once it has workers",
            place="",
        )


def _run_on(
    client: Any, plan: Plan, blocks: Iterable[Block], take: Callable[[Block, Found], None], ordered: bool = False
) -> None:
    """Run blocks on a cluster and hand over each as it is done, or in their order."""
    left, expected = tee(blocks)
    cluster = _Cluster(client, plan)
    held: dict[int, tuple[Block, Found]] = {}
    following = next(expected, None)
    while True:
        for block in islice(left, max(0, cluster.window - len(cluster.under_way) - len(held))):
            cluster.submit(block)
        if not cluster.under_way:
            return
        for block, found in cluster.done():
            if not ordered:
                take(block, found)
                continue
            held[block.number] = (block, found)
            while following is not None and following.number in held:
                take(*held.pop(following.number))
                following = next(expected, None)


@contextmanager
def _workers(plan: Plan, jobs: int) -> Iterator[Executor]:
    """What runs the blocks on this machine: threads for machine code, processes where Python itself computes."""
    if plan.program is None and jobs > 1:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            yield pool
    else:
        with ThreadPoolExecutor(jobs) as pool:
            yield pool


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(
    plan: Plan, blocks: Iterable[Block], take: Callable[[Block, Found], None], jobs: int | None = None,
    client: Any = None, into: Callable[[Block], Arrays] | None = None, progress: Progress | None = None,
    ordered: bool = False, before: int = 0,
) -> None:
    """Compute blocks and hand over each as it is done, on this machine or on a Dask cluster.

    Parameters
    ----------
    plan, blocks : what is computed.
    take : called with a block and its results, in the order in which they are done, one at a time.
    jobs : workers on this machine; None for as many as there are cores.
    client : a Dask client, to run the blocks on its cluster instead.
    into : on this machine, where the results of a block are written.
    progress : called with the points done and all points of the plan.
    ordered : whether blocks are handed over in their order, on a cluster too.
    before : points that were done before, for `progress`.
    """
    check_jobs(jobs)
    total = plan.design.size
    done = before

    def finish(block: Block, found: Found) -> None:
        nonlocal done
        take(block, found)
        done += len(block)
        if progress is not None:
            progress(done, total)

    if progress is not None:
        progress(done, total)
    if client is not None:
        _run_on(client, plan, blocks, finish, ordered)
        return
    count = jobs or (cores() if plan.program is not None else 1)
    with _workers(plan, count) as pool:
        waiting: deque[tuple[Block, Future[Found]]] = deque()
        try:
            for block in blocks:
                target = into(block) if into is not None and plan.program is not None else None
                waiting.append((block, pool.submit(compute, plan, block, target)))
                if len(waiting) > count:
                    first, future = waiting.popleft()
                    finish(first, future.result())
            while waiting:
                first, future = waiting.popleft()
                finish(first, future.result())
        finally:
            for _, future in waiting:
                future.cancel()
