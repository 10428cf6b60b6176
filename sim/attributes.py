"""What citizens bring with them, by keyed numbers: class, procedure, dossiers, work, patience."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.distributions import quantile
from sim.plan import Plan, Purpose, Table
from sim.streams import WHOLE, Stream, bits, counter, key, whole
from sim.trace import Outcome
from sim.units import NEVER

DOSSIER_BITS = 4
Integers = NDArray[np.int64]

VISIT = np.dtype(
    [
        ("citizen", "i8"),
        ("visit", "i8"),
        ("attempt", "i8"),  # how often the dossier came back incomplete
        ("dossiers", "i8"),  # those brought, a bit each
        ("carried", "?"),  # held over from an earlier day: in front of its class
        ("arrival", "i8"),
        ("point", "i8"),
        ("priority", "i8"),
        ("procedure", "i8"),
        ("purpose", "i8"),
        ("channel", "i8"),
        ("travel", "i8"),  # ms there and back
        ("patience", "i8"),  # ms of waiting after the door, NEVER without limit
        ("guidance", "i8"),  # ms with a guide, NEVER without
        ("after_guidance", "i8"),  # the outcome if the visit ends there, else NEVER
        ("work", "i8"),  # ms at the counter at normal speed
        ("outcome", "i8"),  # of a visit that is received
        ("left", "i8"),  # the dossiers to bring again, a bit each
    ]
)


def draw(plan: Plan, stream: Stream, at: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """64 random bits for each counter, of one stream of this plan."""
    return bits(key(plan.seed, plan.replication, stream), at)


def pick(limits: Integers, plan: Plan, stream: Stream, at: NDArray[np.uint64]) -> Integers:
    """A position in a table of thresholds for each counter."""
    if len(limits) <= 1:
        return np.zeros(len(at), np.int64)
    return np.searchsorted(limits, whole(draw(plan, stream, at)), side="right")


def attributes(plan: Plan, block: Table) -> None:
    """Fills in all that the citizens of a block bring with them."""
    at = counter(block["citizen"], 0)
    block["priority"] = pick(plan.priorities["threshold"], plan, Stream.PRIORITY, at)
    block["procedure"] = pick(plan.procedures["threshold"], plan, Stream.PROCEDURE, at)
    block["purpose"] = pick(plan.purposes["threshold"], plan, Stream.PURPOSE, at) if _asks(plan) else 0
    block["channel"] = pick(plan.channels["threshold"], plan, Stream.CHANNEL, at)
    nearest = _nearest(plan, at)
    block["point"] = plan.routes[nearest, plan.procedures["field"][block["procedure"]]]
    brought = (2 << pick(plan.dossiers, plan, Stream.DOSSIERS, at)) - 1
    first = (block["dossiers"] == NEVER) & (block["purpose"] == Purpose.SUBMIT)
    block["dossiers"] = np.where(first, brought, np.maximum(block["dossiers"], 0))
    travel = plan.points["travel"][nearest]
    if (travel != NEVER).any():
        block["travel"] = 2 * quantile(plan.quantiles, np.maximum(travel, 0), draw(plan, Stream.TRAVEL, at))
        block["travel"][travel == NEVER] = 0
    block["patience"] = NEVER
    if plan.rules.patience != NEVER:
        random = draw(plan, Stream.PATIENCE, counter(block["citizen"], block["visit"]))
        block["patience"] = quantile(plan.quantiles, plan.rules.patience, random)
    _work(plan, block)


def _nearest(plan: Plan, at: NDArray[np.uint64]) -> Integers:
    """The point that each would go to: the one where they live, or one that draws them from there."""
    nearest = pick(plan.points["threshold"], plan, Stream.POINT, at)
    if plan.points["draws"][-1] == 0:
        return nearest
    drawn = np.searchsorted(plan.points["draws"], whole(draw(plan, Stream.DRAWN, at)), side="right")
    return np.where(drawn < len(plan.points), drawn, nearest)


def _asks(plan: Plan) -> bool:
    return bool(plan.purposes["threshold"][Purpose.SUBMIT] < WHOLE)


def _work(plan: Plan, block: Table) -> None:
    """Minutes with the guide and at the counter, and what comes of it."""
    purpose = block["purpose"]
    guided = plan.points["guided"][block["point"]] & (purpose != Purpose.COLLECT)
    block["guidance"] = NEVER
    if guided.any():
        random = draw(plan, Stream.GUIDANCE, counter(block["citizen"], block["attempt"]))
        block["guidance"] = np.where(guided, quantile(plan.quantiles, plan.rules.guidance, random), NEVER)
    at_home, incomplete, dossier_work = _dossiers(plan, block, guided)
    answered = guided & (purpose == Purpose.ASK)
    sent_home = guided & (at_home == block["dossiers"]) & (at_home != 0)
    block["after_guidance"] = np.where(
        answered, Outcome.ADVISED, np.where(sent_home, Outcome.INCOMPLETE_AT_GUIDANCE, NEVER)
    )
    block["left"] = at_home | incomplete
    block["outcome"] = np.where(block["left"] != 0, Outcome.INCOMPLETE, Outcome.SERVED)
    block["outcome"][purpose == Purpose.ASK] = Outcome.ADVISED
    overhead = np.where(purpose == Purpose.SUBMIT, plan.channels["value"][block["channel"]], 0)
    block["work"] = np.maximum(plan.rules.greeting + overhead + dossier_work, 1)


def _dossiers(plan: Plan, block: Table, guided: Any) -> tuple[Integers, Integers, Integers]:
    """Per visit: dossiers found incomplete by the guide and taken home, those found at the counter, work."""
    procedure = plan.procedures[block["procedure"]]
    row = np.where(block["purpose"] == Purpose.SUBMIT, procedure["service"], plan.purposes["value"][block["purpose"]])
    limit = procedure["incomplete"]
    at_home, incomplete, work = (np.zeros(len(block), np.int64) for _ in range(3))
    dossier = 0
    while (single := (block["dossiers"] >> dossier) > 0).any() or dossier == 0:
        brought = (block["dossiers"] >> dossier) & 1 == 1
        one = single if dossier else np.ones(len(block), bool)
        at = counter(block["citizen"][one], (block["attempt"][one] << DOSSIER_BITS) | dossier)
        received = (brought | (block["purpose"] != Purpose.SUBMIT) & (dossier == 0))[one]
        if (limit > 0).any():
            missing = whole(draw(plan, Stream.INCOMPLETE, at))
            lacks = (missing < limit[one]) & brought[one]
            found = lacks & guided[one] & (missing < limit[one] * (plan.rules.finds / WHOLE))
            mended = found & (whole(draw(plan, Stream.MENDED, at)) < plan.rules.mends)
            at_home[one] |= (found & ~mended).astype(np.int64) << dossier
            incomplete[one] |= (lacks & ~found).astype(np.int64) << dossier
            received &= ~(found & ~mended)
        work[one] += np.where(received, quantile(plan.quantiles, row[one], draw(plan, Stream.SERVICE, at)), 0)
        dossier += 1
    return at_home, incomplete, work
