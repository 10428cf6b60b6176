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
from contextlib import contextmanager, suppress
from errno import EACCES
from functools import lru_cache
from inspect import isfunction
from pathlib import Path
from threading import RLock
from types import ModuleType
from typing import Any

from sim import attributes, booking, choice, distributions, officials, people, processing, returns, streams, wanting
from sim.models import rules
from sim.models.compiled import (
    arrivals,
    boards,
    calendar,
    cases,
    citizens,
    counters,
    ends,
    fold,
    folding,
    house,
    instants,
    lines,
    network,
    opening,
    patience,
    plain,
    results,
    rings,
    rows,
)
from sim.sources import sources_hash

SUBSET = (
    *(streams, distributions, attributes, processing, choice, officials, returns, booking, wanting, people),
    rules,
)
ENGINE = (
    *(rings, house, opening, patience, lines, ends, network, cases, counters, calendar, citizens, arrivals),
    *(rows, fold, folding, results, boards, instants, plain),
)
OPTIONS = {"_nrt": False, "error_model": "numpy"}
KEPT = 4
ANEW = "the engine is compiled anew in each process"
_LOCK = RLock()


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


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, compiled when it is called first; it does not hold the interpreter's lock."""
    with _LOCK:
        return _compiled(function)


@lru_cache(maxsize=64)
def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    kept = _dispatcher(function, can_keep=_can_keep(cache_folder()))

    def call(*arguments: Any) -> Any:
        nonlocal kept
        if not getattr(kept, "overloads", True):
            kept = _loaded(function, kept, arguments)
        return kept(*arguments)

    return call


def _loaded(function: Callable[..., Any], kept: Any, arguments: tuple[Any, ...]) -> Any:
    """Machine code for such arguments; where its file cannot be read or written, made without one, which is said."""
    try:
        kept.compile(tuple(kept.typeof_pyval(argument) for argument in arguments))
    except Exception as error:  # noqa: BLE001 - a damaged file raises anything; what else is wrong comes again
        warnings.warn(f"{cache_folder()}: {error!r}; {ANEW}", stacklevel=2)
        shutil.rmtree(cache_folder(), ignore_errors=True)
        return _dispatcher(function, can_keep=False)
    return kept


def _dispatcher(function: Callable[..., Any], *, can_keep: bool) -> Any:
    with _LOCK:
        numba = _registered()
        with _cache_in(numba, cache_folder()):
            return numba.njit(function, nogil=True, cache=can_keep, **OPTIONS)


def is_kept() -> bool:
    """Whether this version was compiled before, so that it need only be loaded."""
    return any(cache_folder().rglob("*advance*.nbi"))


def cache_folder() -> Path:
    """Where this version's machine code is kept; a path that cannot be where there is no home."""
    given = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else None)
    try:
        return Path(given or Path.home() / ".cache") / "motcua" / sources_hash()
    except RuntimeError:
        return Path(os.devnull) / sources_hash()


@lru_cache(maxsize=1)
def _can_keep(folder: Path) -> bool:
    """Makes the folder and drops those of versions long not used; where that fails, says what it costs."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.touch()
        if not os.access(folder, os.W_OK):
            raise PermissionError(EACCES, os.strerror(EACCES))
    except OSError as error:
        warnings.warn(f"{folder}: {error.strerror}; {ANEW}", stacklevel=2)
        return False
    for old in sorted(_versions(folder.parent), key=lambda version: version[1])[:-KEPT]:
        shutil.rmtree(old[0], ignore_errors=True)
    return True


def _versions(parent: Path) -> Iterator[tuple[Path, float]]:
    """The folders of versions and when each was last used; another process may drop them meanwhile."""
    for path in parent.iterdir():
        with suppress(FileNotFoundError):
            if path.is_dir():
                yield path, path.stat().st_mtime


@contextmanager
def _cache_in(numba: Any, folder: Path) -> Iterator[None]:
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before
