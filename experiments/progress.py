"""Long work made visible: how much is done, how fast, how long it will take and which scenarios are finished.

On standard error, and more seldom in the log of the results folder.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from experiments.held import stop_if_asked

if TYPE_CHECKING:
    from sim.running import Block
    from sim.study import Study

EVERY, LOG_EVERY = 10.0, 30.0
"""Seconds between lines where there is no terminal, and between lines of the log."""
WIDTH = 99
BAR = 12


class Progress:
    """Counts replications, or ``what`` else: a live line on a terminal, or one every ten seconds; lines of the log.

    ``scenarios``: of each by its label how many are to be done, where it is told how many of them are finished.
    """

    def __init__(
        self,
        total: int,
        done: int,
        scenarios: Mapping[str, int] | None = None,
        log: Callable[[str], None] | None = None,
        what: str = "replications",
    ) -> None:
        self.what = what
        self.total, self.done, self.before = total, done, done
        self.began = self.said = self.logged = time.monotonic()
        self._to_do, self._log = dict(scenarios or {}), log
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Progress:
        if sys.stderr.isatty() and self.total > self.done:
            from rich import progress
            from rich.console import Console

            self._bar = progress.Progress(
                progress.BarColumn(BAR),
                progress.TextColumn("{task.description}", markup=False),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task("simulating", total=self.total, completed=self.done)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, replications: int, label: str) -> None:
        """Some replications of a scenario are finished. Raises Terminated where a signal to stop was lost."""
        stop_if_asked()
        self.done += replications
        if label in self._to_do:
            self._to_do[label] -= replications
        self._tell(label)

    def had(self, replications: int) -> None:
        """Some were finished before: they say nothing of the rate."""
        self.done += replications
        self.before += replications
        self._show("simulating")

    def without(self, label: str) -> None:
        """A scenario could not be run: the rest of it is not to be done."""
        self.total -= self._to_do.pop(label, 0)
        self._show("simulating")

    def line(self, label: str, width: int = WIDTH) -> str:
        """How far it is, in so many columns."""
        said = f"{self.done} of {self.total} {self.what}, {self.rate():.3g} a second, {self.left()} left"
        if len(self._to_do) > 1:
            finished = sum(left <= 0 for left in self._to_do.values())
            said += f"; {finished} of {len(self._to_do)} scenarios done"
        said = f"{said}, at {label}"
        return said if len(said) <= width else f"{said[: width - 1]}…"

    def rate(self) -> float:
        """Replications a second so far."""
        return (self.done - self.before) / max(time.monotonic() - self.began, 1e-9)

    def left(self) -> str:
        """The time left at the rate so far, in words."""
        return duration((self.total - self.done) / self.rate() if self.rate() else 0.0)

    def _tell(self, label: str) -> None:
        now = time.monotonic()
        if self._log is not None and now - self.logged > LOG_EVERY:
            self.logged = now
            self._log(self.line(label, 1000))
        if self._bar is None and now - self.said > EVERY:
            self.said = now
            print(self.line(label), file=sys.stderr, flush=True)
        self._show(label)

    def _show(self, label: str) -> None:
        if self._bar is not None and self._task is not None:
            shown = self.line(label, WIDTH - BAR - 1)
            self._bar.update(self._task, completed=self.done, total=self.total, description=shown)


def replications_of(todo: Iterable[Block], studies: Mapping[int, Study]) -> dict[str, int]:
    """How many replications some blocks have of each study, by its label."""
    found = {study.label: 0 for study in studies.values()}
    for block in todo:
        found[studies[block.study].label] += block.last - block.first
    return found


def duration(seconds: float) -> str:
    """A time in words: seconds below two minutes, minutes below two hours."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def say_if_compiling() -> None:
    """The first run of a version takes longer, and says why."""
    from sim.models.compiled.kernels import is_kept

    if not is_kept():
        print("compiling the engine, once for this version of the program: half a minute or so", file=sys.stderr)
