"""What a citizen brings along, by keyed numbers: class, procedure, dossiers, work, patience.

Functions of one visit, in the subset of Python that can be compiled (see :mod:`sim.models.compiled.kernels`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.distributions import quantile
from sim.plan import Plan, Purpose
from sim.scenario import MOST_DOSSIERS
from sim.streams import WHOLE, Stream, bits, counter, has_booked, whole
from sim.trace import Outcome
from sim.units import DAY, NEVER

DOSSIER_BITS = 4
RANK_BITS = 40

VISIT = np.dtype(
    [
        ("citizen", "i8"),
        ("rank", "i8"),  # orders citizens as a trace does, see :func:`rank_of`
        ("arrival", "i8"),
        ("patience", "i8"),  # ms of waiting after the door, NEVER without limit
        ("guidance", "i8"),  # ms with a guide, NEVER without
        ("work", "i8"),  # ms at the counter at normal speed
        ("signature", "i8"),  # ms of the leader who signs the result on the spot, NEVER where that is not done
        ("collection", "i8"),  # ms of handing it over
        ("travel", "i8"),  # ms there and back
        ("dossiers", "i4"),  # those brought, a bit each
        ("left", "i4"),  # the dossiers to bring again, a bit each
        ("visit", "u2"),
        ("attempt", "u2"),  # how often the dossier came back incomplete
        ("point", "u2"),
        ("priority", "u2"),
        ("procedure", "u2"),
        ("purpose", "u2"),
        ("channel", "u2"),
        ("after_guidance", "i2"),  # the outcome if the visit ends there, else NEVER
        ("outcome", "i2"),  # of a visit that is received
        ("carried", "?"),  # held over from an earlier day: in front of its class
        ("collects", "?"),  # comes for a result that was not ready on the visit before
    ]
)


def draw(plan: Plan, stream: int, at: Any) -> Any:
    """64 random bits for a counter, of one stream of this plan."""
    return bits(plan.keys[stream], at)


def rank_of(home: Any, nth: Any) -> Any:
    """The rank of the n-th of a center's people, ``home`` being the row of the center."""
    return (home << RANK_BITS) + nth


def home_of(visit: Any) -> Any:
    """The row of the center that a visit's citizen belongs to: unsigned, so that nothing is counted from the end."""
    return np.uint32(visit["rank"] >> RANK_BITS)


def pick(table: Any, plan: Plan, stream: int, at: Any) -> Any:
    """A position in a table with thresholds, for a counter; unsigned."""
    return pick_among(table, (0, len(table)), plan, stream, at)


def pick_among(table: Any, rows: Any, plan: Plan, stream: int, at: Any) -> Any:
    """One of some rows of a table with thresholds, the first to before the last; unsigned."""
    first = np.uint32(rows[0])
    if table[first]["threshold"] >= WHOLE:
        return first
    return np.uint32(first_above(table, rows, whole(draw(plan, stream, at))))


def first_above(table: Any, rows: Any, number: int) -> int:
    """The row that a number falls to, of some whose thresholds ascend: the first whose own lies above it."""
    row = rows[0]
    for nth in range(rows[0], rows[1] - 1):
        row += table[nth]["threshold"] <= number
    return int(row)


def attributes(plan: Plan, row: Any, day: Any) -> None:
    """Fills in all that the citizen of a VISIT ``row``, who comes on a day, brings along."""
    citizen, dossiers, center = row["citizen"], row["dossiers"], home_of(row)
    at, home = counter(citizen, 0), plan.centers[center]
    procedure = pick_among(plan.procedures, home["procedures"], plan, Stream.PROCEDURE, at)
    row["purpose"] = _purpose(plan, center, at)
    row["priority"] = _class(plan, center, at, row["purpose"] == Purpose.SUBMIT)
    if row["collects"]:
        row["purpose"] = Purpose.COLLECT
    nearest = _nearest(plan, home["points"], at)
    travel = plan.points[nearest]["travel"]
    row["travel"] = 2 * quantile(plan.quantiles, travel, draw(plan, Stream.TRAVEL, at)) if travel != NEVER else 0
    if dossiers == NEVER:
        dossiers = (1 << _brought(plan, center, at)) - 1 if row["purpose"] == Purpose.SUBMIT else 0
    row["patience"] = NEVER
    if home["patience"] != NEVER:
        random = draw(plan, Stream.PATIENCE, counter(citizen, row["visit"]))
        row["patience"] = quantile(plan.quantiles, home["patience"], random)
    row["procedure"], row["dossiers"] = procedure, dossiers
    row["channel"] = _channel(plan, center, at)
    row["point"] = plan.routes[nearest, plan.procedures[procedure]["field"]]
    if plan.channels[row["channel"]]["checking"] != NEVER:
        if row["purpose"] == Purpose.SUBMIT:
            _from_home(plan, row, nearest)
            return
        row["channel"] = _at_the_hall(plan, home["channels"], row["channel"])
    if has_booked(row["citizen"], day):
        row["priority"] = _class_of_the_book(plan, row["priority"])
    work_at(plan, row, day)


def files_from_home(plan: Plan, center: int, citizen: Any) -> bool:
    """Whether somebody who belongs to a center files from home, instead of coming."""
    at = counter(citizen, 0)
    files = plan.channels[_channel(plan, center, at)]["checking"] != NEVER
    return bool(files and _purpose(plan, center, at) == Purpose.SUBMIT)


def _purpose(plan: Plan, center: Any, at: Any) -> Any:
    return pick(plan.purposes[center], plan, Stream.PURPOSE, at)


def _channel(plan: Plan, center: Any, at: Any) -> Any:
    return pick_among(plan.channels, plan.centers[center]["channels"], plan, Stream.CHANNEL, at)


def _class_of_the_book(plan: Plan, own: Any) -> Any:
    """The class of those who booked, or their own where that is called before it."""
    booked, ranks = plan.rules["book_class"], plan.priorities[0]
    return np.uint32(booked if ranks[booked]["value"] < ranks[own]["value"] else own)


def _at_the_hall(plan: Plan, rows: Any, channel: Any) -> Any:
    """The next channel of a center by which people come, for who comes to ask or for a result."""
    while plan.channels[channel]["checking"] != NEVER:
        channel = channel + 1 if channel + 1 < rows[1] else rows[0]
    return np.uint32(channel)


def _from_home(plan: Plan, row: Any, nearest: Any) -> None:
    """What is filed online from home: ms to check it, and what comes of it."""
    procedure, here = plan.procedures[row["procedure"]], plan.centers[home_of(row)]
    row["point"], row["travel"], row["patience"] = plan.offices[nearest, procedure["field"]], 0, NEVER
    row["guidance"], row["after_guidance"], row["signature"], row["collection"] = NEVER, NEVER, NEVER, NEVER
    work, row["left"] = 0, 0
    for dossier in range(MOST_DOSSIERS):
        if row["dossiers"] >> dossier & 1:
            at = counter(row["citizen"], (row["attempt"] << DOSSIER_BITS) | dossier)
            checking = plan.channels[row["channel"]]["checking"]
            work += quantile(plan.quantiles, checking, draw(plan, Stream.CHECK, at))
            row["left"] |= int(_lacks(plan, here, procedure["incomplete"], at, False)[0]) << dossier
    row["work"] = max(work, 1)
    row["outcome"] = Outcome.INCOMPLETE if row["left"] != 0 else Outcome.SERVED


def _brought(plan: Plan, center: Any, at: Any) -> int:
    """How many dossiers somebody of a center who submits brings to their first visit."""
    return int(plan.dossiers[center, pick(plan.dossiers[center], plan, Stream.DOSSIERS, at)]["value"])


def _class(plan: Plan, center: Any, at: Any, submits: bool) -> Any:
    """The class of somebody, on all their visits: bulk filers are told by what they first bring."""
    classes = plan.priorities[center]
    own = pick(classes, plan, Stream.PRIORITY, at)
    bulk, other = plan.centers[center]["bulk"], plan.centers[center]["bulk_class"]
    if bulk > 0 and submits and classes[own]["value"] >= classes[other]["value"]:
        return np.uint32(other) if _brought(plan, center, at) >= bulk else own
    return own


def _nearest(plan: Plan, rows: Any, at: Any) -> Any:
    """The point that somebody would go to, of a center's: where they live, or one that draws them from there."""
    if plan.points[rows[1] - 1]["draws"] > 0:
        random = whole(draw(plan, Stream.DRAWN, at))
        for point in range(rows[0], rows[1]):
            if random < plan.points[point]["draws"]:
                return np.uint32(point)
    return pick_among(plan.points, rows, plan, Stream.POINT, at)


def work_at(plan: Plan, row: Any, day: Any) -> None:
    """Ms with the guide and at the counter of the point of a VISIT ``row``, and what comes of it.

    Guides and greetings are those of the center of the point, all else is what the citizen brings from home.
    """
    purpose, here = row["purpose"], plan.centers[plan.points[row["point"]]["center"]]
    guided = purpose != Purpose.COLLECT and _is_guided(plan, row["point"], day, row["arrival"])
    row["guidance"] = NEVER
    if guided:
        random = draw(plan, Stream.GUIDANCE, counter(row["citizen"], row["attempt"]))
        row["guidance"] = quantile(plan.quantiles, here["guidance"], random)
    at_home, incomplete, work = _dossiers(plan, here, row, guided)
    row["left"] = at_home | incomplete
    row["after_guidance"], row["outcome"] = NEVER, Outcome.SERVED
    if guided and at_home != 0 and at_home == row["dossiers"]:
        row["after_guidance"] = Outcome.INCOMPLETE_AT_GUIDANCE
    if row["left"] != 0:
        row["outcome"] = Outcome.INCOMPLETE
    if purpose == Purpose.SUBMIT:
        work += plan.channels[row["channel"]]["value"]
    elif purpose == Purpose.ASK:
        row["outcome"] = Outcome.ADVISED
        if guided:
            row["after_guidance"] = Outcome.ADVISED
    row["work"] = max(here["greeting"] + work, 1)
    _result(plan, here, row)


def _is_guided(plan: Plan, point: Any, day: Any, arrival: Any) -> bool:
    """Whether somebody guides at a point when who arrives comes in: at once, or as the door opens."""
    if not plan.points[point]["guided"]:
        return False
    today = plan.days[day]
    kind, time = today["guiding"], max(arrival, today["opens"]) - day * DAY
    return bool(plan.guiding[kind, point, 0] <= time < plan.guiding[kind, point, 1])


def _result(plan: Plan, here: Any, row: Any) -> None:
    """Ms to sign what was received whole and to hand it over, on the spot or on a visit for it."""
    row["signature"], row["collection"] = NEVER, NEVER
    signature = plan.procedures[row["procedure"]]["signature"]
    if signature != NEVER and row["purpose"] == Purpose.SUBMIT:
        row["signature"] = 0
        for dossier in range(MOST_DOSSIERS):
            if row["dossiers"] >> dossier & 1:
                at = counter(row["citizen"], (row["attempt"] << DOSSIER_BITS) | dossier)
                row["signature"] += quantile(plan.quantiles, signature, draw(plan, Stream.SIGNATURE, at))
    if row["collects"] or row["signature"] != NEVER:
        random = draw(plan, Stream.COLLECTION, counter(row["citizen"], row["attempt"]))
        row["collection"] = quantile(plan.quantiles, plan.centers[home_of(row)]["collection"], random)
    if row["collects"]:
        row["work"] = max(here["greeting"] + row["collection"], 1)


def _dossiers(plan: Plan, here: Any, row: Any, guided: bool) -> tuple[int, int, int]:
    """Dossiers that the guide finds incomplete and that go home, those found at the counter, and the work."""
    if row["collects"]:
        return 0, 0, 0
    submits = row["purpose"] == Purpose.SUBMIT
    procedure = plan.procedures[row["procedure"]]
    service = procedure["service"] if submits else plan.purposes[home_of(row), row["purpose"]]["value"]
    at_home, incomplete, work, dossier = 0, 0, 0, 0
    while dossier == 0 or row["dossiers"] >> dossier > 0:
        brought = (row["dossiers"] >> dossier) & 1
        if brought or (dossier == 0 and not submits):
            at = counter(row["citizen"], (row["attempt"] << DOSSIER_BITS) | dossier)
            lacks, found = _lacks(plan, here, procedure["incomplete"], at, guided) if brought else (False, False)
            if found:
                at_home |= 1 << dossier
            else:
                work += quantile(plan.quantiles, service, draw(plan, Stream.SERVICE, at))
                work += procedure["entry"] if submits else 0
                incomplete |= int(lacks) << dossier
        dossier += 1
    return at_home, incomplete, work


def _lacks(plan: Plan, here: Any, limit: int, at: Any, guided: bool) -> tuple[bool, bool]:
    """Whether a dossier is incomplete when it gets to the counter, and whether a guide sends it home before."""
    if limit == 0:
        return False, False
    missing = whole(draw(plan, Stream.INCOMPLETE, at))
    if missing >= limit:
        return False, False
    if guided and missing < limit * (here["finds"] / WHOLE):
        return False, whole(draw(plan, Stream.MENDED, at)) >= here["mends"]
    return True, False
