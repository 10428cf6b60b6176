"""Dossiers: what is done with them at the counter and in the back office, and how the result comes to the citizen."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from sim.distributions import Distribution
from sim.values import SHARE_TOLERANCE, Clock, Flag, Key, NonNegative, Share, Value

MOST_STEPS = 3


class Step(Value):
    """Work on a dossier in the back office: minutes of somebody who has the skill for ``field``, None for its own."""

    field: Key | None = None
    work: Distribution


class Processing(Value):
    """What follows reception: ``steps`` one after the other, then minutes of a leader for the ``signature``.

    ``term``: the result is due by the end of so many working days after the day of reception.
    """

    term: Annotated[int, Field(strict=True, ge=0, le=250)]
    steps: Annotated[tuple[Step, ...], Field(max_length=MOST_STEPS)] = ()
    signature: Distribution | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.steps and self.signature is None:
            raise ValueError("wanted steps, or minutes of a signature")
        return self


class Procedure(Value):
    """A kind of dossier: its field of work, its share, minutes of work at the counter.

    ``incomplete`` is the share that comes to the counter with something missing when nobody guides. ``double_entry``
    adds minutes a dossier for a second software. ``signature``: minutes a dossier of a leader who signs the result
    while the citizen waits; ``processing``: the back office makes it later. Neither: it is not in the model.
    """

    field: Key | None = None
    share: Share = 1.0
    service: Distribution
    incomplete: Share = 0.0
    needs_network: Flag = True
    double_entry: NonNegative = 0.0
    signature: Distribution | None = None
    processing: Processing | None = None

    @model_validator(mode="after")
    def _one_result(self) -> Self:
        if self.signature is not None and self.processing is not None:
            raise ValueError("wanted a signature on the spot or processing in the back office, not both")
        return self


class Channel(Value):
    """How a dossier is filed: at the hall, and the minutes that this adds, once a visit; or online from home.

    ``checking``: minutes a dossier of somebody in the back office who checks what comes from home and acknowledges it.
    """

    share: Share
    overhead: NonNegative = 0.0
    checking: Distribution | None = None

    @model_validator(mode="after")
    def _from_home(self) -> Self:
        if self.checking is not None and self.overhead:
            raise ValueError("what is filed from home adds nothing to a visit: wanted no overhead")
        return self


class Results(Value):
    """Minutes to hand a result over, and until when one is still made on the spot (end of the reception)."""

    collection: Distribution
    cut_off: Clock = "15:00"


class Delivery(Value):
    """How results of the back office come to citizens, as shares."""

    in_person: Share = 0.0
    post: Share = 0.0
    online: Share = 0.0

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = self.in_person + self.post + self.online
        if abs(total - 1) > SHARE_TOLERANCE:
            raise ValueError(f"the shares must sum to 1, they sum to {total:.6g}")
        return self


class BackOffice(Value):
    """Where dossiers are worked on after reception. Who fetches a result does so some working days after it is ready.

    ``at_counters``: officials at counters do it too while nobody waits whom they may serve.
    ``first`` and ``last``: those days, equally likely.
    """

    delivery: Delivery
    at_counters: Flag = False
    first: Annotated[int, Field(strict=True, ge=1, le=250)] = 1
    last: Annotated[int, Field(strict=True, ge=1, le=250)] = 3

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.last < self.first:
            raise ValueError("last must not be less than first")
        return self
