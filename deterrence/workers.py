"""Who computes the blocks of a sweep: threads or processes of this machine, or a Dask cluster.

On a cluster one task is one block, and a task whose worker dies is run again.

At most a few blocks for each worker are under way at a time, so that neither the scheduler nor this process holds more
than it writes. Blocks are independent and deterministic: it does not matter which worker runs one, or how often.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import tee
from typing import Any, Final

from .designs import Block
from .errors import LimitError, NotSupportedError
from .kernels import Arrays
from .plans import Found, Plan, compute

__all__ = ["Progress", "connect", "cores", "run"]

AHEAD: Final = 3
TIMEOUT: Final = "10s"

Progress = Callable[[int, int], None]
"""Called with the points done and the points of all; begins again from 0 where a long sweep is read from its journal
to be written to its file."""


def connect(address: str) -> Any:
    """A client of the scheduler at an address such as ``tcp://host:8786``.

    Raises
    ------
    NotSupportedError
        where Dask is not installed.
    LimitError
        where nothing answers there.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise NotSupportedError(
            "a scheduler needs Dask: install deterrence with its extra, deterrence[cluster]"
        ) from error
    try:
        return Client(address, timeout=TIMEOUT)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise LimitError(f"no Dask scheduler answers at {address}: {error}") from error


def _run_on(
    client: Any, plan: Plan, blocks: Iterable[Block], take: Callable[[Block, Found], None], ordered: bool = False
) -> None:
    """Run blocks on a cluster and hand over each as it is done, or in their order."""
    from distributed import as_completed

    (shared,) = client.scatter([plan], broadcast=True, hash=False)
    left, expected = tee(blocks)
    done = as_completed()  # type: ignore[no-untyped-call]
    under_way: dict[str, Block] = {}
    held: dict[int, tuple[Block, Any]] = {}

    def submit() -> None:
        block = next(left, None)
        if block is not None:
            future = client.submit(compute, shared, block, pure=False)
            under_way[future.key] = block
            done.add(future)  # type: ignore[no-untyped-call]

    for _ in range(AHEAD * max(1, len(client.scheduler_info()["workers"]))):
        submit()
    following = next(expected, None)
    for future in done:
        block = under_way.pop(future.key)
        held[block.number] = (block, future)
        if not ordered:
            following = block
        while following is not None and following.number in held:
            block, finished = held.pop(following.number)
            take(block, finished.result())
            finished.release()
            following = next(expected, None) if ordered else None
        submit()


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
