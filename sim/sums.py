"""What is counted of visits and of dossiers: the columns of the cells of a tally (see :mod:`sim.tally`)."""

from __future__ import annotations

from enum import IntEnum

from sim.trace import Outcome
from sim.units import MINUTE

RECEIVED = (Outcome.SERVED, Outcome.ADVISED, Outcome.INCOMPLETE, Outcome.INCOMPLETE_AT_GUIDANCE)
GONE = (Outcome.RENEGED, Outcome.BALKED, Outcome.TURNED_AWAY, Outcome.CARRIED_OVER)
SOON = 30 * MINUTE


class Sum(IntEnum):
    """The columns of ``Tally.cells``: numbers of visits, of dossiers, and ms. One a threshold comes after them."""

    ARRIVED = 0
    JOINED = 1  # entered, and did not balk
    RECEIVED = 2  # reception began: at a counter, or by a guide who ended the visit
    RESOLVED = 3  # dossiers accepted
    WAITED = 4  # ms, of those who joined
    INSIDE = 5  # ms from the door to the street, of those who joined
    GATE = 6  # ms
    TRAVEL = 7  # ms
    LEFT = 8  # left, received, at most SOON after the door
    SERVED = 9  # this and the next: one an outcome, in their order
    ADVISED = 10
    INCOMPLETE_AT_GUIDANCE = 11
    INCOMPLETE = 12
    RENEGED = 13
    BALKED = 14
    TURNED_AWAY = 15
    CARRIED_OVER = 16
    IN_SYSTEM = 17
    LONGEST = 18  # ms, the longest wait of those who joined: a maximum and no sum
    STAYED = 19  # for their result
    RESULT_WAIT = 20  # ms from the end of reception to the street, of those who stayed
    DUE = 21  # received whole, with a result made on the spot
    IN_HAND = 22  # of those, left with it
    WHOLE = 23  # came to submit, and were received whole, or left without
    LATE = 24  # of those, not received, or with a result due and not in hand
    UNRECORDED = 25  # of those, taken on paper and typed in on a later day, or never
    TERMED = 26  # dossiers of the back office whose term ends within the run
    ON_TIME = 27  # of those, ready by the end of their term
    PROCESSED = 28  # ms from reception until they were ready, of those, or the horizon
    FILED = 29  # dossiers filed from home whose office hours to acknowledge them end within the run
    ACKNOWLEDGED = 30  # of those, accepted or sent back within them
    CASES = 31  # visits of which the back office makes a result, ready within the run or later


FILED_TOO = [Sum.RESOLVED, Sum.TERMED, Sum.ON_TIME, Sum.PROCESSED]
"""What is counted of dossiers filed from home as of others."""
