"""Work in a results folder that nobody else touches, and how it ends when the disk or a signal says so."""

from __future__ import annotations

import errno
import shlex
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.faults import BadInput, Damaged, Unreachable
from sim.writing import CannotWrite, Full

if TYPE_CHECKING:
    from sim.folder import Folder
    from sim.study import Study

RESULTS = Path("results")
_ASKED: list[int] = []
"""Signals that asked the work under way to stop."""
STOPPED = "stopped: finished replications are kept; the same command goes on from there"


class Terminated(BaseException):
    """A signal, whose number it holds, asked the run to stop.

    As KeyboardInterrupt it is no Exception: what goes on after the fault of one scenario must not go on after it.
    """


def in_folder(
    path: Path, studies: Sequence[Study], work: Callable[[Folder], int], command: Sequence[str], together: str = ""
) -> int:
    """The exit code of some work in the folder of some studies: its own, or 4, 5, 6 or 128 and a signal's number.

    ``command``: the program and its words, for the log of the folder.
    """
    from sim.folder import Folder, Held

    previous = {number: signal.signal(number, _terminate) for number in _ending()}
    try:
        with Folder(path, studies, together) as folder:
            return _logged(folder, work, command)
    except Full as error:
        print(f"disk full: {error}; finished replications are kept", file=sys.stderr)
        return 4
    except Held as error:
        print(error, file=sys.stderr)
        return 5
    except Unreachable as error:
        print(f"{error}; {STOPPED}", file=sys.stderr)
        return 6
    except Terminated as error:
        print(STOPPED, file=sys.stderr)
        return 128 + int(error.args[0])
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        _ASKED.clear()


def _logged(folder: Folder, work: Callable[[Folder], int], command: Sequence[str]) -> int:
    """The exit code of some work, whose beginning and end are lines of the folder's log."""
    count = f"{len(folder.studies)} scenarios" if len(folder.studies) > 1 else folder.studies[0].label
    folder.log(f"started: {shlex.join(['motcua', *command])}: {count}")
    try:
        code = work(folder)
    except BaseException as error:
        said, code = _ended_by(error)
        with suppress(CannotWrite, Full):  # what ended it is told, and has its exit code
            folder.log(f"ended: {said}, exit code {code}")
        raise
    folder.log(f"ended: exit code {code}")
    return code


def _ended_by(error: BaseException) -> tuple[str, int]:
    """What ended some work, and the exit code that it will have."""
    if isinstance(error, Terminated):
        number = int(error.args[0])
        return f"stopped by {signal.Signals(number).name}", 128 + number
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "no room for the output", 4
    known = ((said, code) for kind, said, code in _ENDS if isinstance(error, kind))
    said, code = next(known, (type(error).__name__, 1))
    return f"{said}: {error}" if str(error) else said, code


_ENDS: tuple[tuple[type[BaseException], str, int], ...] = (
    (KeyboardInterrupt, "interrupted", 130),
    (BrokenPipeError, "nobody reads the output", 141),
    (BadInput, "refused", 2),
    (CannotWrite, "cannot write there", 3),
    (Damaged, "cannot read there", 3),
    (Full, "disk full", 4),
    (Unreachable, "other machines", 6),
)


def _ending() -> list[signal.Signals]:
    """The signals that end a run: Ctrl-C and a terminal that closes are, unless the run was told to survive them."""
    told = (number for number in (signal.SIGINT, signal.SIGHUP) if signal.getsignal(number) is not signal.SIG_IGN)
    return [signal.SIGTERM, *told]


def _terminate(number: int, _: Any) -> None:
    _ASKED.append(number)
    raise _exception_of(number)


def _exception_of(number: int) -> BaseException:
    return KeyboardInterrupt() if number == signal.SIGINT else Terminated(number)


def stop_if_asked() -> None:
    """Raises the exception of a signal again where it was lost, as it is in finalizers and callbacks."""
    if _ASKED:
        raise _exception_of(_ASKED[0])


def say_damaged(folder: Folder, parts: Sequence[Path]) -> None:
    """Says which parts could not be read; they were set aside under these names."""
    for path in parts:
        print(f"damaged, set aside and done again: {path}", file=sys.stderr)
        folder.log(f"damaged, set aside and done again: {path.name}")


def versions() -> dict[str, str]:
    """What ran: the program, the packages that results depend on, and Python."""
    import platform
    from importlib.metadata import version

    from sim import __version__

    packages = ("simpy", "numba", "numpy", "scipy", "pandas", "pyarrow", "pydantic", "hydra-core")
    return {"motcua": __version__, **{name: version(name) for name in packages}, "python": platform.python_version()}


def machine() -> str:
    """Where it ran: the operating system with its release and build, the processor, and how many of it there are."""
    import os
    import platform

    system = f"{platform.system()} {platform.release()} {platform.machine()} ({platform.version()})"
    return f"{system}; {_processor() or 'processor unknown'}; {os.cpu_count()} processors"


def _processor() -> str:
    """Its name as the system tells it, "" where it does not."""
    import platform

    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
