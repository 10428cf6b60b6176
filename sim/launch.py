"""Workers that are started as jobs of a cluster's queue, as a person writes it in a launch config."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.values import Value

Count = Annotated[int, Field(strict=True, ge=1, le=1024)]
Name = Annotated[str, Field(strict=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.,-]{0,63}$")]
"""What goes into a job's script: letters, digits and few signs."""


class Launch(Value):
    """``jobs`` of Slurm, each a worker with so many ``cores`` and so much ``memory`` for so long (``walltime``).

    ``queue``, ``account`` and ``interface``, the network that jobs and this machine share, are the site's own.
    """

    kind: Literal["slurm"]
    jobs: Count
    cores: Count = 1
    memory: Annotated[str, Field(strict=True, pattern=r"^[1-9][0-9]{0,5} ?[KMGT]i?B$")]
    walltime: Annotated[str, Field(strict=True, pattern=r"^([0-9]{1,2}-)?[0-9]{1,3}:[0-5][0-9]:[0-5][0-9]$")]
    queue: Name | None = None
    account: Name | None = None
    interface: Name | None = None
