"""A study: one scenario under its policies, the targets it is judged by, and how precisely."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from sim.policies import applied
from sim.scenario import Scenario
from sim.streams import REPLICATIONS, SEEDS
from sim.targets import Targets
from sim.values import Flag, Text, Value

SMOKE = 30


class Study(Value):
    """What one line of a sweep asks: everything that the result depends on, and nothing else.

    ``policies`` are applied to ``base`` from left to right; ``scenario`` is what comes out. ``label`` tells
    studies of a sweep apart. ``assumptions`` and ``inputs`` count the numbers of the scenario by mark.
    """

    base: Scenario
    policies: tuple[tuple[str, Any], ...] = ()
    targets: Targets
    seed: Annotated[int, Field(strict=True, ge=0, lt=SEEDS)] = 1
    replications: Annotated[int, Field(strict=True, ge=1, lt=REPLICATIONS)] = SMOKE
    confidence: Annotated[float, Field(strict=True, ge=0.5, le=0.9999)] = 0.95
    engine: Literal["reference"] = "reference"
    visits: Flag = False
    label: Text = ""
    inputs: Annotated[int, Field(strict=True, ge=0, exclude=True)] = 0
    assumptions: Annotated[int, Field(strict=True, ge=0, exclude=True)] = 0

    @property
    def scenario(self) -> Scenario:
        """The scenario with its policies applied."""
        return applied(self.base, tuple(policy for _, policy in self.policies))
