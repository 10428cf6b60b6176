"""Appointments: times that people book before they come, beside those who come unannounced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from sim.calendar import Interval
from sim.distributions import Distribution
from sim.units import milliseconds
from sim.values import Key, NonNegative, Share, Value

MOST_PLACES = 40


class Appointments(Value):
    """A book of times: ``places`` people at each, the first as the center opens, then ``every`` so many minutes.

    The times begin anew at each opening, after lunch as in the morning; none is given for the ``ends_early`` minutes
    before a closing. The places are those of the whole center: who booked comes to the point that is theirs.

    ``per_day`` people want a time on a mean working day. They come on top of those of ``arrivals``, and are more or
    fewer with its weekdays and seasons and with ``demand``; each place is taken, or not, by a number of its own, so
    that on a day as many come as places are taken, and neither ``day_factor_cv`` nor chance in the half-hour has a say.
    Where more want a time than there are places, the book is full and the others come unannounced. Nobody books a time
    on a day without a demand of its own, such as an opened Saturday, and who booked does not move to one.

    The share ``no_show`` of those who booked does not come, and is not heard of again. The others come ``early``
    minutes before their time and then as late as ``punctuality`` has it, None: not at all. Who files from home books
    nothing: as many do as with people who come unannounced. A storm keeps away as many of those who booked as of the
    others, and the same share of them comes later, unannounced.

    Who booked is of the class ``priority``, unless their own is called before it; within a class people are called in
    the order in which they came, early as it may be, and that is what their wait is counted from. They go to no other
    point for what points publish. The time is for one visit: who comes again, for what was missing or because nobody
    served them, comes unannounced.
    """

    every: Annotated[int, Field(strict=True, ge=1, le=480)]
    places: Annotated[int, Field(strict=True, ge=1, le=MOST_PLACES)]
    per_day: NonNegative
    no_show: Annotated[Share, Field(lt=1)] = 0.0
    early: Annotated[NonNegative, Field(le=240)] = 0.0
    punctuality: Distribution | None = None
    ends_early: Annotated[NonNegative, Field(le=240)] = 0.0
    priority: Key

    def times(self, opening: Sequence[Interval]) -> tuple[int, ...]:
        """The times of a day on which the center is open, in ms after midnight."""
        every, early = milliseconds(self.every), milliseconds(self.ends_early)
        return tuple(time for start, end in opening for time in range(start, end - early, every))
