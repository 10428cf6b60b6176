"""Policies that help citizens before the counter."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from sim.distributions import Distribution
from sim.policies.policy import Policy, with_cost, without
from sim.scenario import Guidance, Scenario
from sim.streams import Stream
from sim.values import Count, Key, NonNegative, Share


class GuidanceDesk(Policy):
    """Puts guides at the door of a point, who look through the file before the counter does.

    They find the share ``finds`` of the incomplete dossiers and mend ``mends`` of those at once; the others
    go home without a turn at the counter. ``from_existing`` of the guides are taken from the counters, the
    rest are new and paid.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset({Stream.GUIDANCE, Stream.INCOMPLETE, Stream.MENDED})
    point: Key = "hall"
    guides: Annotated[int, Field(strict=True, ge=1, le=20)]
    from_existing: Count
    service: Distribution
    finds: Share
    mends: Share
    set_up: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        if self.point not in scenario.points:
            raise ValueError(f"point {self.point} is none of {', '.join(scenario.points)}")
        point = scenario.points[self.point]
        staff = without(scenario, min(self.from_existing, self.guides))
        return scenario.replace(
            points={**scenario.points, self.point: point.replace(guides=point.guides + self.guides)},
            staff=staff,
            guidance=Guidance(service=self.service, finds=self.finds, mends=self.mends),
            costs=with_cost(scenario, "guidance_desk", once=self.set_up),
        )
