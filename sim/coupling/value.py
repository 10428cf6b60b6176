"""What ties the centers of a province together during the day, as a person writes it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from sim.scenario import Choice
from sim.staff import Group
from sim.values import Key, Value


class Coupling(Value):
    """``choice``: who may be received at any point of any center; ``staff``: remote specialists whom all centers share.

    With neither the centers run together and nothing ties them.
    """

    choice: Choice | None = None
    staff: Annotated[dict[Key, Group], Field(max_length=100)] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _over_a_link(self) -> Self:
        for name, group in self.staff.items():
            if group.role != "remote":
                raise ValueError(f"staff.{name} wants the role remote: who is shared is asked over a link")
        return self
