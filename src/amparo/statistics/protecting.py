"""Protecting the datasets of a release, each by itself: hidden, attacked and mended; large ones side by side. Pure."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from threading import Thread

from amparo.statistics.auditing.audit import Audit
from amparo.statistics.auditing.mending import CannotProtect, mend
from amparo.statistics.auditing.ranges import Contradiction
from amparo.statistics.family import Family, Foreknown, Protected
from amparo.statistics.published import TableSet

# What is protected in a second is not worth a process of its own.
_LARGE = 5_000
_MOST_PROCESSES = 2


@dataclass(frozen=True, slots=True)
class Unprotected:
    """A dataset as it was counted, and what earlier releases have told of it."""

    dataset: str
    family: Family
    foreknown: Foreknown | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a dataset: `protected`, with its `audit`; or neither, because the table by `untold` cannot be had,
    or else because its counts do not fit each other.
    """

    dataset: str
    protected: Protected | None = None
    audit: Audit | None = None
    untold: TableSet | None = None


def protect_datasets(
    waiting: Sequence[Unprotected], threshold: int, started: Callable[[str], None]
) -> Mapping[str, Outcome]:
    """The outcome of each dataset; `started` hears of each as it is begun."""
    large = [each for each in waiting if each.family.size >= _LARGE]
    processes = min(_MOST_PROCESSES, os.cpu_count() or 1)
    found: dict[str, Outcome] = {}
    if len(large) > 1 and processes > 1:
        found |= {each.dataset: each for each in _protect_side_by_side(large, threshold, processes, started)}
    for each in waiting:
        if each.dataset not in found:
            started(each.dataset)
            found[each.dataset] = protect_dataset(each, threshold)
    return found


def protect_dataset(counted: Unprotected, threshold: int) -> Outcome:
    """The outcome of one."""
    try:
        protected = counted.family.hide(threshold, counted.foreknown)
        return Outcome(counted.dataset, *mend(counted.family, protected, threshold, counted.foreknown))
    except CannotProtect as refused:
        return Outcome(counted.dataset, untold=refused.dimensions)
    except Contradiction:
        return Outcome(counted.dataset)


def _protect_side_by_side(
    large: Sequence[Unprotected], threshold: int, processes: int, started: Callable[[str], None]
) -> Iterator[Outcome]:
    """The outcomes; without those that a process did not live to tell, as where memory is short."""
    # Begun anew: what a process of ours holds, connections to a database among it, is nothing for another.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_end_with_parent) as pool:
        running: list[Future[Outcome]] = []
        for each in large:
            started(each.dataset)
            running.append(pool.submit(protect_dataset, each, threshold))
        for future in running:
            try:
                yield future.result()
            except BrokenProcessPool:
                return


def _end_with_parent() -> None:
    """Let this process not outlive the one that began it, as where that is killed."""
    parent = parent_process()
    if parent is not None:
        Thread(target=_wait_and_end, args=[parent], daemon=True).start()


def _wait_and_end(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
