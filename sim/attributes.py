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

VISIT = np.dtype(
    [
        ("citizen", "i8"),
        ("rank", "i8"),  # of the citizen among all who want to come, in the order of a trace
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


def pick(table: Any, plan: Plan, stream: int, at: Any) -> Any:
    """A position in a table with thresholds, for a counter: unsigned, so that nothing is counted from the end."""
    return np.uint32(first_above(table, whole(draw(plan, stream, at))) if table[0]["threshold"] < WHOLE else 0)


def first_above(table: Any, number: int) -> int:
    """How many thresholds, which ascend, lie at or below a number, which is below the last: the row it falls to."""
    row = 0
    for nth in range(len(table) - 1):
        row += table[nth]["threshold"] <= number
    return row


def attributes(plan: Plan, row: Any, day: Any) -> None:
    """Fills in all that the citizen of a VISIT ``row``, who comes on a day, brings along."""
    citizen, dossiers = row["citizen"], row["dossiers"]
    at = counter(citizen, 0)
    procedure = pick(plan.procedures, plan, Stream.PROCEDURE, at)
    row["purpose"] = _purpose(plan, at)
    row["priority"] = _class(plan, at, row["purpose"] == Purpose.SUBMIT)
    if row["collects"]:
        row["purpose"] = Purpose.COLLECT
    nearest = _nearest(plan, at)
    travel = plan.points[nearest]["travel"]
    row["travel"] = 2 * quantile(plan.quantiles, travel, draw(plan, Stream.TRAVEL, at)) if travel != NEVER else 0
    if dossiers == NEVER:
        dossiers = (1 << _brought(plan, at)) - 1 if row["purpose"] == Purpose.SUBMIT else 0
    row["patience"] = NEVER
    if plan.rules["patience"] != NEVER:
        random = draw(plan, Stream.PATIENCE, counter(citizen, row["visit"]))
        row["patience"] = quantile(plan.quantiles, plan.rules["patience"], random)
    row["procedure"], row["dossiers"] = procedure, dossiers
    row["channel"] = _channel(plan, at)
    row["point"] = plan.routes[nearest, plan.procedures[procedure]["field"]]
    if plan.channels[row["channel"]]["checking"] != NEVER:
        if row["purpose"] == Purpose.SUBMIT:
            _from_home(plan, row, nearest)
            return
        row["channel"] = _at_the_hall(plan, row["channel"])
    if has_booked(row["citizen"], day):
        row["priority"] = _class_of_the_book(plan, row["priority"])
    work_at(plan, row, day)


def files_from_home(plan: Plan, citizen: Any) -> bool:
    """Whether somebody files from home, instead of coming."""
    at = counter(citizen, 0)
    return bool(plan.channels[_channel(plan, at)]["checking"] != NEVER and _purpose(plan, at) == Purpose.SUBMIT)


def _purpose(plan: Plan, at: Any) -> Any:
    return pick(plan.purposes, plan, Stream.PURPOSE, at)


def _channel(plan: Plan, at: Any) -> Any:
    return pick(plan.channels, plan, Stream.CHANNEL, at)


def _class_of_the_book(plan: Plan, own: Any) -> Any:
    """The class of those who booked, or their own where that is called before it."""
    booked = plan.rules["book_class"]
    return np.uint32(booked if plan.priorities[booked]["value"] < plan.priorities[own]["value"] else own)


def _at_the_hall(plan: Plan, channel: Any) -> Any:
    """The next channel by which people come, for who comes to ask or for a result."""
    while plan.channels[channel]["checking"] != NEVER:
        channel = (channel + 1) % len(plan.channels)
    return np.uint32(channel)


def _from_home(plan: Plan, row: Any, nearest: Any) -> None:
    """What is filed online from home: ms to check it, and what comes of it."""
    procedure = plan.procedures[row["procedure"]]
    row["point"], row["travel"], row["patience"] = plan.offices[nearest, procedure["field"]], 0, NEVER
    row["guidance"], row["after_guidance"], row["signature"], row["collection"] = NEVER, NEVER, NEVER, NEVER
    work, row["left"] = 0, 0
    for dossier in range(MOST_DOSSIERS):
        if row["dossiers"] >> dossier & 1:
            at = counter(row["citizen"], (row["attempt"] << DOSSIER_BITS) | dossier)
            checking = plan.channels[row["channel"]]["checking"]
            work += quantile(plan.quantiles, checking, draw(plan, Stream.CHECK, at))
            row["left"] |= int(_lacks(plan, procedure["incomplete"], at, False)[0]) << dossier
    row["work"] = max(work, 1)
    row["outcome"] = Outcome.INCOMPLETE if row["left"] != 0 else Outcome.SERVED


def _brought(plan: Plan, at: Any) -> int:
    """How many dossiers somebody who submits brings to their first visit."""
    return int(plan.dossiers[pick(plan.dossiers, plan, Stream.DOSSIERS, at)]["value"])


def _class(plan: Plan, at: Any, submits: bool) -> Any:
    """The class of somebody, on all their visits: bulk filers are told by what they first bring."""
    own = pick(plan.priorities, plan, Stream.PRIORITY, at)
    bulk, other = plan.rules["bulk"], plan.rules["bulk_class"]
    if bulk > 0 and submits and plan.priorities[own]["value"] >= plan.priorities[other]["value"]:
        return np.uint32(other) if _brought(plan, at) >= bulk else own
    return own


def _nearest(plan: Plan, at: Any) -> Any:
    """The point that somebody would go to: the one where they live, or one that draws them from there."""
    if plan.points[len(plan.points) - 1]["draws"] > 0:
        random = whole(draw(plan, Stream.DRAWN, at))
        for point in range(len(plan.points)):
            if random < plan.points[point]["draws"]:
                return np.uint32(point)
    return pick(plan.points, plan, Stream.POINT, at)


def work_at(plan: Plan, row: Any, day: Any) -> None:
    """Ms with the guide and at the counter of the point of a VISIT ``row``, and what comes of it."""
    purpose = row["purpose"]
    guided = purpose != Purpose.COLLECT and _is_guided(plan, row["point"], day, row["arrival"])
    row["guidance"] = NEVER
    if guided:
        random = draw(plan, Stream.GUIDANCE, counter(row["citizen"], row["attempt"]))
        row["guidance"] = quantile(plan.quantiles, plan.rules["guidance"], random)
    at_home, incomplete, work = _dossiers(plan, row, guided)
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
    row["work"] = max(plan.rules["greeting"] + work, 1)
    _result(plan, row)


def _is_guided(plan: Plan, point: Any, day: Any, arrival: Any) -> bool:
    """Whether somebody guides at a point when who arrives comes in: at once, or as the door opens."""
    if not plan.points[point]["guided"]:
        return False
    today = plan.days[day]
    kind, time = today["guiding"], max(arrival, today["opens"]) - day * DAY
    return bool(plan.guiding[kind, point, 0] <= time < plan.guiding[kind, point, 1])


def _result(plan: Plan, row: Any) -> None:
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
        row["collection"] = quantile(plan.quantiles, plan.rules["collection"], random)
    if row["collects"]:
        row["work"] = max(plan.rules["greeting"] + row["collection"], 1)


def _dossiers(plan: Plan, row: Any, guided: bool) -> tuple[int, int, int]:
    """Dossiers that the guide finds incomplete and that go home, those found at the counter, and the work."""
    if row["collects"]:
        return 0, 0, 0
    submits = row["purpose"] == Purpose.SUBMIT
    procedure = plan.procedures[row["procedure"]]
    service = procedure["service"] if submits else plan.purposes[row["purpose"]]["value"]
    at_home, incomplete, work, dossier = 0, 0, 0, 0
    while dossier == 0 or row["dossiers"] >> dossier > 0:
        brought = (row["dossiers"] >> dossier) & 1
        if brought or (dossier == 0 and not submits):
            at = counter(row["citizen"], (row["attempt"] << DOSSIER_BITS) | dossier)
            lacks, found = _lacks(plan, procedure["incomplete"], at, guided) if brought else (False, False)
            if found:
                at_home |= 1 << dossier
            else:
                work += quantile(plan.quantiles, service, draw(plan, Stream.SERVICE, at))
                work += procedure["entry"] if submits else 0
                incomplete |= int(lacks) << dossier
        dossier += 1
    return at_home, incomplete, work


def _lacks(plan: Plan, limit: int, at: Any, guided: bool) -> tuple[bool, bool]:
    """Whether a dossier is incomplete when it gets to the counter, and whether a guide sends it home before."""
    if limit == 0:
        return False, False
    missing = whole(draw(plan, Stream.INCOMPLETE, at))
    if missing >= limit:
        return False, False
    if guided and missing < limit * (plan.rules["finds"] / WHOLE):
        return False, whole(draw(plan, Stream.MENDED, at)) >= plan.rules["mends"]
    return True, False
