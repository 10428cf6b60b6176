"""How a program ends: bad input, a closed pipe and a full disk are one line and an exit code, never a traceback."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper

from sim.faults import BadInput

INTERRUPTED = "interrupted"


def ended(program: Callable[[], int], interrupted: str = INTERRUPTED) -> int:
    """The exit code of a program, all of its output written: its own, or 2, 4, 130 or 141.

    What the output's encoding does not have is shown as "?". 141, as of the signal, is for a reader that
    has read enough.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        code = program()
        sys.stdout.flush()
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(interrupted, file=sys.stderr)
        return 130
    except BrokenPipeError:
        _discard_output()
        return 141
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _discard_output()
        print(f"no room for the output: {error.strerror}", file=sys.stderr)
        return 4
    return code


def _discard_output() -> None:
    """What is still to be written goes nowhere, or the interpreter would try, and complain, when it exits."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
