"""Policies that change what a center does while its network is down."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sim.network import Network, Paper
from sim.policies.policy import Policy, with_cost
from sim.scenario import Scenario
from sim.streams import Stream
from sim.values import NonNegative


class PaperFallback(Policy):
    """Goes on with paper while the network is down, at ``speed``, and types it in later: ``typing`` minutes a dossier.

    ``typed_in``: by whoever has nobody to serve, ``when_free``, or ``after_hours``. The citizen leaves in time and the
    system hears of it later. The hours of typing are paid as others are, forms and archive ``per_month``.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset()
    speed: Annotated[float, Field(strict=True, ge=0.05, le=20)]
    typing: Annotated[float, Field(strict=True, gt=0, le=600)]
    typed_in: Literal["when_free", "after_hours"]
    per_month: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        network = _failing(scenario)
        if network.answer == "paper":
            raise ValueError("outages are answered on paper already: change network.paper instead")
        paper = Paper(speed=self.speed, typing=self.typing, typed_in=self.typed_in)
        return scenario.replace(
            network=network.replace(answer="paper", paper=paper),
            costs=with_cost(scenario, "paper_fallback", self.per_month),
        )


class BackupLink(Policy):
    """Rents a second link that takes over in every outage, at ``slow_speed`` of the usual: work goes on, slower.

    Outages are as many and as long as before, and windows in which the network is slow stay. Whoever went over to
    paper does so no more.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset()
    slow_speed: Annotated[float, Field(strict=True, ge=0.001, le=1)]
    per_month: NonNegative
    once: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        network = _failing(scenario)
        if network.speed_when_down >= self.slow_speed:
            raise ValueError(
                f"in an outage work goes on at {network.speed_when_down:g} of the usual speed already: "
                f"wanted a faster link, not {self.slow_speed:g}"
            )
        return scenario.replace(
            network=network.replace(answer="slow", slow_speed=self.slow_speed),
            costs=with_cost(scenario, "backup_link", self.per_month, self.once),
        )


def _failing(scenario: Scenario) -> Network:
    """The network of a scenario; ValueError where it never fails."""
    network = scenario.network
    storms = scenario.storms is not None and scenario.storms.network_down > 0
    if network is None or not (storms or network.outages or any(window.speed == 0 for window in network.windows)):
        raise ValueError("the network never fails here: wanted a network section with outages to answer")
    return network
