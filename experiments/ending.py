"""How a program ends: bad input, a disk that takes nothing, a closed pipe: one line and a code, never a traceback."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from contextvars import copy_context
from io import TextIOWrapper

from sim.faults import BadInput, Damaged
from sim.writing import CannotWrite, Full

INTERRUPTED = "interrupted"


def ended(program: Callable[[], int], interrupted: str = INTERRUPTED) -> int:
    """The exit code of a program, all of its output written: its own, or 2, 3, 4, 130 or 141.

    What a command line makes known, as policies of a plug-in, is forgotten with its end.
    What the output's encoding does not have is shown as "?". 141, as of the signal, is for a reader that
    has read enough.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        code = copy_context().run(program)
        sys.stdout.flush()
    except (BadInput, CannotWrite, Damaged, Full) as error:
        return _told(error)
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


def _told(error: BadInput | CannotWrite | Damaged | Full) -> int:
    """Says what is wrong; the exit code."""
    before, code = {
        BadInput: ("", 2),
        CannotWrite: ("cannot write there: ", 3),
        Damaged: ("cannot read there: ", 3),
        Full: ("disk full: ", 4),
    }[type(error)]
    print(f"{before}{error}", file=sys.stderr)
    return code


def _discard_output() -> None:
    """What is still to be written goes nowhere, or the interpreter would try, and complain, when it exits."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
