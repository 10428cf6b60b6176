"""Files that are there whole or not at all, and what the system says against writing them."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

UNFINISHED = ".new"
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class CannotWrite(Exception):
    """There is no writing there: found out before the first run. Exit code 3."""


class Full(Exception):
    """There is no room left, on the disk or by a limit. Exit code 4."""


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What the system says against reading or writing there, as CannotWrite or Full."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise Full(f"{path}: {error.strerror}") from error
        raise CannotWrite(f"{path}: {error.strerror or error}") from error


def put(path: Path, write: Callable[[Path], Any]) -> None:
    """Calls ``write`` with a path beside ``path`` and puts the result in its place: the file is whole or not there.

    No link is followed: one that stands at either path gives way to a file.
    """
    beside = path.with_name(f".{path.name}{UNFINISHED}")
    with told(path):
        try:
            beside.unlink(missing_ok=True)
            write(beside)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
