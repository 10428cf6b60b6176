"""Policies that help citizens before the counter."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar

from pydantic import Field

from sim.distributions import Distribution
from sim.offered_load import load_sheet
from sim.policies.policy import Policy, known_point, with_cost, without
from sim.scenario import Guidance, Scenario
from sim.streams import Stream
from sim.units import MINUTE, SLOT
from sim.values import Count, Key, NonNegative, Share

BUSIEST = 0.9


class GuidanceDesk(Policy):
    """Puts guides at the door of a point, who look through the file before the counter does.

    They find the share ``finds`` of the incomplete dossiers and mend ``mends`` of those at once; the others
    go home without a turn at the counter. ``guides`` None is as many as the desk's busiest half-hour wants
    at a load of ``BUSIEST``. ``from_existing`` of them are taken from the counters, the rest are new and paid.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset({Stream.GUIDANCE, Stream.INCOMPLETE, Stream.MENDED})
    point: Key = "hall"
    guides: Annotated[int, Field(strict=True, ge=1, le=50)] | None
    from_existing: Count
    service: Distribution
    finds: Share
    mends: Share
    set_up: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        known_point(scenario, self.point)
        guides = self.guides or self._enough(scenario)
        return self._with(scenario, guides).replace(
            staff=without(scenario, min(self.from_existing, guides), self.point)
        )

    def _with(self, scenario: Scenario, guides: int) -> Scenario:
        point = scenario.points[self.point]
        return scenario.replace(
            points={**scenario.points, self.point: point.replace(guides=point.guides + guides)},
            guidance=Guidance(service=self.service, finds=self.finds, mends=self.mends),
            costs=with_cost(scenario, "guidance_desk", once=self.set_up),
        )

    def _enough(self, scenario: Scenario) -> int:
        sheet = load_sheet(self._with(scenario, 1))
        number = sheet.points.index(self.point)
        here = scenario.points[self.point].guides
        wanted = sheet.guided[number].max(initial=0.0) / (SLOT / MINUTE) / BUSIEST
        return max(math.ceil(float(wanted)) - here, 1)


class InformationCampaign(Policy):
    """Tells citizens at home what a file must hold: of the incomplete dossiers the share ``fewer`` is complete.

    Who was complete stays so, and nobody needs a desk or a guide; those whose dossier is now complete make no second
    trip. What it does is less than what a guide finds, who holds the very file in hand.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset({Stream.INCOMPLETE})
    fewer: Share
    per_month: NonNegative
    once: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        return scenario.replace(
            procedures={
                name: entry.replace(incomplete=entry.incomplete * (1 - self.fewer))
                for name, entry in scenario.procedures.items()
            },
            costs=with_cost(scenario, "information_campaign", self.per_month, self.once),
        )
