"""Functions compiled by numba, which is imported when the first is asked for.

What engines share is plain Python in the subset that numba accepts, so that it also runs without. An entry
such as the look-up of a day is compiled with all that it calls, once for a version of the program: the machine
code is kept in the user's cache directory under a hash of the sources, so that an edit is never served stale.

Compiled code allocates nothing and raises next to nothing: its arrays are not counted (``_nrt``), which would cost
more than all else, and integers are divided as in C (``error_model``), by numbers that are never 0.
"""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from inspect import isfunction
from pathlib import Path
from types import ModuleType
from typing import Any

from sim import attributes, distributions, people, returns, streams
from sim.models import rules
from sim.models.compiled import calendar, citizens, counters, folding, house, instants, patience, plain, rows
from sim.sources import sources_hash

SUBSET = (streams, distributions, attributes, returns, people, rules)
ENGINE = (house, patience, counters, calendar, citizens, rows, folding, instants, plain)
OPTIONS = {"_nrt": False, "error_model": "numpy"}
KEPT = 4


@lru_cache(maxsize=1)
def _registered() -> Any:
    """numba, told of all functions that compiled ones may call."""
    import numba
    from numba.extending import register_jitable

    for module in (*SUBSET, *ENGINE):
        for function in functions_of(module):
            register_jitable(forceinline=True, **OPTIONS)(function)
    return numba


def functions_of(module: ModuleType) -> list[Callable[..., Any]]:
    """The functions that a module defines itself."""
    return [one for one in vars(module).values() if isfunction(one) and one.__module__ == module.__name__]


@lru_cache(maxsize=64)
def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, compiled when it is called first; it does not hold the interpreter's lock."""
    numba, folder = _registered(), cache_folder()
    with _cache_in(numba, folder):
        return numba.njit(function, nogil=True, cache=_can_keep(folder), **OPTIONS)  # type: ignore[no-any-return]


def is_kept() -> bool:
    """Whether this version was compiled before, so that it need only be loaded."""
    return any(cache_folder().rglob("*advance*.nbi"))


def cache_folder() -> Path:
    """Where this version's machine code is kept."""
    given = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else None)
    return Path(given or Path.home() / ".cache") / "motcua" / sources_hash()


@lru_cache(maxsize=1)
def _can_keep(folder: Path) -> bool:
    """Makes the folder and drops those of versions long not used; where that fails, says what it costs."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.touch()
    except OSError as error:
        warnings.warn(f"{folder}: {error.strerror}; the engine is compiled anew in each process", stacklevel=2)
        return False
    versions = sorted(
        (path for path in folder.parent.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime
    )
    for old in versions[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return os.access(folder, os.W_OK)


@contextmanager
def _cache_in(numba: Any, folder: Path) -> Iterator[None]:
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before
