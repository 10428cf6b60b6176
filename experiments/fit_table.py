"""What was fitted, on a terminal, at most 100 columns wide, and as tables."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np

from sim.fitting.calls import WITHIN
from sim.fitting.pauses import CVS
from sim.fitting.scenario_text import MOST_CV
from sim.fitting.unseen import BUSY, CONFIDENCE, errors
from sim.report.wording import shortened
from sim.units import WEEKDAYS

if TYPE_CHECKING:
    import pandas as pd

    from sim.fitting.boards import Boards
    from sim.fitting.office import Office
    from sim.fitting.tickets import Tickets
    from sim.fitting.unseen import Foretold

WIDTH, NAME, MOST = 100, 30, 20
MODELS = {"predicted": "foretold", "naive": "naive", "used": "as before"}


def table(tickets: Tickets, boards: Boards, offices: Sequence[Office], found: Sequence[Foretold] | None) -> str:
    """What was noted, a line an office, and how well days were foretold that were not used."""
    first, last = (np.datetime64(int(day), "D") for day in (tickets.days[0], tickets.days[-1]))
    lines = [f"{len(tickets)} tickets of {len(tickets.days)} days, {first} to {last}"]
    lines += [
        part for note in (*tickets.notes, *boards.notes) for part in wrap(note.said, WIDTH, subsequent_indent="  ")
    ]
    lines += ["", f"{'office':{NAME}} {'people a day':>12} {'day factor cv':>20} {'queues':>7} {'within 15':>10}"]
    lines += [_office(office) for office in offices[:MOST]]
    hidden = len(offices) - MOST
    lines += [f"and {hidden} more, see queues.csv"] if hidden > 0 else []
    lines += [part for office in offices for part in (*_sharing(office), *_clipped(office))]
    return "\n".join([*lines, *(_held_out(found) if found is not None else [])])


def _office(office: Office) -> str:
    factor = office.arrivals.factor_cv
    cv = "not known" if factor is None else f"{factor[0]:.2f} ({factor[1]:.2f}–{factor[2]:.2f})"
    people, share = office.arrivals.per_day, office.within[15]
    return f"{shortened(office.name, NAME):{NAME}} {people:>12.1f} {cv:>20} {len(office.lines):>7} {share:>10.1%}"


def _sharing(office: Office) -> list[str]:
    """Which queues share counters."""
    titles = {line.key: line.title for line in office.lines}
    groups = [" + ".join(titles[key] for key in crew.lines) for crew in office.crews if len(crew.lines) > 1]
    said = f"{office.name}: the same counters call {'; '.join(groups)}"
    return wrap(said, WIDTH, subsequent_indent="  ") if groups else []


def _clipped(office: Office) -> list[str]:
    """What is at the end of what a scenario may have, or of what is looked for."""
    factor, most = office.arrivals.factor_cv, MOST_CV
    said = [f"day_factor_cv of {factor[0]:.4g}, of which {most:g} is written"] if factor and factor[0] > most else []
    ends = (CVS[0], CVS[-1])
    keys = [crew.key for crew in office.crews if crew.spread is not None and crew.spread.cv in ends]
    said += [f"the cv of a call at the end of what is looked for: {', '.join(keys)}"] if keys else []
    line = f"{office.name}: {'; '.join(said)}: written as an assumption"
    return wrap(line, WIDTH, subsequent_indent="  ") if said else []


def _held_out(found: Sequence[Foretold]) -> list[str]:
    busy = [one for one in found if one.is_busy]
    lines = ["", f"days held out: {len(found)} queues, {len(busy)} of them busy ({BUSY} tickets a day or more)"]
    if not busy:
        return lines
    lines.append(f"{'mean error, points':{NAME}} {'within 15':>12} {'within 30':>12} {'bias of 15':>12}")
    for of, name in MODELS.items():
        if len(errors(busy, 0, of)):
            off = [100 * float(np.abs(errors(busy, nth, of)).mean()) for nth in range(len(WITHIN))]
            bias = 100 * float(errors(busy, 0, of).mean())
            lines.append(f"{name:{NAME}} {off[0]:>12.1f} {off[1]:>12.1f} {bias:>+12.1f}")
    naive = any(one.naive is not None for one in busy)
    counters = " and open counters" if naive else ""
    said = (
        f"foretold: by the calls seen on other days at such lines{counters}; "
        + ("naive: a single queue for each service with the counters that were open; " if naive else "")
        + "as before: the share on the days used. Given is who came"
        + (" and which counters were open." if naive else "; which counters were open is not known.")
        + _chance(busy)
        + _others([one for one in found if not one.is_busy])
    )
    return [*lines, *wrap(said, WIDTH)]


def _chance(busy: Sequence[Foretold]) -> str:
    known = [(one.is_inside, one.least) for one in busy if one.interval is not None and one.least is not None]
    if not known:
        return ""
    inside, least = np.mean(known, axis=0)
    return (
        f" {inside:.0%} of the observed shares lie in the {CONFIDENCE:.0%} intervals. By how days used "
        f"differ from what is foretold of each by the others, {100 * least:.1f} points of 15 are to be expected."
    )


def _others(found: Sequence[Foretold]) -> str:
    if not found:
        return ""
    foretold, before = (100 * np.abs(errors(found, 0, of)).mean() for of in ("predicted", "used"))
    return f" The {len(found)} smaller queues: foretold {foretold:.1f}, as before {before:.1f} points of 15."


def queues_frame(offices: Sequence[Office]) -> pd.DataFrame:
    """One row a queue: its tickets, minutes of open counters a call with their interval, and counters."""
    import pandas as pd

    rows = [
        {
            "office": office.name,
            "queue": line.title,
            "key": line.key,
            "tickets": line.tickets,
            "share": line.share,
            "share_lower": None if line.ends is None else line.ends[0],
            "share_upper": None if line.ends is None else line.ends[1],
            "minutes_a_call": None if crew.work is None else crew.work.minutes,
            "lower": None if crew.work is None or crew.work.ends is None else crew.work.ends[0],
            "upper": None if crew.work is None or crew.work.ends is None else crew.work.ends[1],
            "cv": None if crew.spread is None else crew.spread.cv,
            "cv_lower": None if crew.spread is None else crew.spread.ends[0],
            "cv_upper": None if crew.spread is None else crew.spread.ends[1],
            "open_counters": crew.open if crew.knows_counters else None,
            "shares_counters_with": " ".join(key for key in crew.lines if key != line.key),
        }
        for office in offices
        for line in office.lines
        for crew in office.crews
        if crew.key == line.crew
    ]
    return pd.DataFrame(rows)


def arrivals_frame(offices: Sequence[Office]) -> pd.DataFrame:
    """One row an office, weekday and half-hour: people expected then, with the interval of the weekday's number."""
    import pandas as pd

    rows = []
    for office in offices:
        ends = office.arrivals.weekday_ends
        for day in np.flatnonzero(np.isfinite(office.arrivals.weekday)):
            low, high = (None, None) if ends is None else ends[day]
            for slot in np.flatnonzero(office.profiles[int(day)] > 0):
                share = office.profiles[int(day)][slot]
                row = {"office": office.name, "weekday": WEEKDAYS[day], "minute": 30 * slot}
                row |= {"people": office.arrivals.weekday[day] * share}
                rows.append(row | {"lower": low and low * share, "upper": high and high * share})
    return pd.DataFrame(rows)


def holdout_frame(found: Sequence[Foretold]) -> pd.DataFrame:
    """One row a queue: shares within 15 and 30 minutes, observed and by each model, with the interval of the first."""
    import pandas as pd

    rows = []
    for one in found:
        low, high = (None, None) if one.interval is None else one.interval
        row: dict[str, object] = {"office": one.office, "queue": one.queue, "tickets": one.tickets, "a_day": one.a_day}
        for nth, minutes in enumerate(WITHIN):
            row[f"observed_{minutes:g}"] = one.observed[nth]
            row |= {f"{name}_{minutes:g}": None if own is None else own[nth] for name, own in _models(one).items()}
        rows.append(row | {"lower_15": low, "upper_15": high, "least_15": one.least})
    return pd.DataFrame(rows)


def _models(one: Foretold) -> dict[str, tuple[float, ...] | None]:
    return {"foretold": one.predicted, "naive": one.naive, "as_before": one.used}
