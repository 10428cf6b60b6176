"""The version of the program that matters to results: a hash of its own sources."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

ELSEWHERE = {
    *("beside", "door", "headroom", "placement", "provinces", "report", "search", "selection", "warmup"),
    *("cluster.py", "dispatch.py", "launch.py", "parquet.py", "reopening.py"),
}
"""What asks for runs, has them run or tells of them: no figure of a replication depends on it."""


@lru_cache(maxsize=1)
def sources_hash() -> str:
    """A hash of the program's own sources that decide what a run gives."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(here.rglob("*.py")):
        name = path.relative_to(here)
        if name.parts[0] not in ELSEWHERE:
            digest.update(name.as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:20]
