"""What things cost the state."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.values import NonNegative, Positive, Value


class Money(Value):
    """What an hour of an official costs, in ``currency``; factors of the Labor Code, article 98.

    ``postage``: what the state pays for each result of the back office that goes by post; who files from home has it
    online.
    """

    currency: Annotated[str, Field(strict=True, pattern=r"^[A-Z]{3}$")] = "VND"
    official_hour: NonNegative = 0.0
    overtime_factor: NonNegative = 1.5
    rest_day_factor: NonNegative = 2.0
    working_days_per_month: Positive = 22.0
    months_of_use: Positive = 12.0
    postage: NonNegative = 0.0


class Cost(Value):
    """What a measure costs beside wages: each month, and once (spread over ``money.months_of_use``)."""

    per_month: NonNegative = 0.0
    once: NonNegative = 0.0
