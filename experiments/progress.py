"""Long work made visible: how much is done, how fast, and how long it will take, on standard error."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

EVERY = 10.0


class Progress:
    """Counts replications: a live bar on a terminal, else a line every ten seconds."""

    def __init__(self, total: int, done: int) -> None:
        self.total, self.done, self.before = total, done, done
        self.began = self.said = time.monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Progress:
        if sys.stderr.isatty() and self.total > self.done:
            from rich import progress
            from rich.console import Console

            self._bar = progress.Progress(
                progress.TextColumn("{task.description}"),
                progress.BarColumn(),
                progress.MofNCompleteColumn(),
                progress.TextColumn("replications, left"),
                progress.TimeRemainingColumn(),
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
        """Some replications of a scenario are finished."""
        self.done += replications
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self.done, description=label[:40])
        elif time.monotonic() - self.said > EVERY:
            self.said = time.monotonic()
            print(f"{self.done} of {self.total} replications, {self.left()} left", file=sys.stderr, flush=True)

    def had(self, replications: int) -> None:
        """Some were finished before: they say nothing of the rate."""
        self.done += replications
        self.before += replications
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self.done)

    def left(self) -> str:
        """The time left at the rate so far, in words."""
        rate = (self.done - self.before) / max(time.monotonic() - self.began, 1e-9)
        seconds = (self.total - self.done) / rate if rate else 0.0
        return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def say_if_compiling() -> None:
    """The first run of a version takes longer, and says why."""
    from sim.models.compiled.kernels import is_kept

    if not is_kept():
        print("compiling the engine, once for this version of the program: half a minute or so", file=sys.stderr)
