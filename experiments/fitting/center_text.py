"""What was fitted as the text of a scenario file: what data tell with mark W, lists with O, all else assumed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import numpy as np

from experiments.fitting.fitted import CERTIFICATION, MOST_CV, MOST_EACH, UNKNOWN, Fitted, Seen
from experiments.fitting.office_text import back_office, places, spans_of
from experiments.new.defaults import (
    AT_THE_GATE,
    DAY_FACTOR_CV,
    FIELDS,
    INCOMPLETE,
    MIX_SOURCE,
    SERVICE_CV,
    SIGNATURE,
    Assumed,
)
from experiments.new.scenario_text import profile as usual_profile
from experiments.new.sketch import Lunch, Sketch
from sim.fitting.arrivals import HALF_HOUR, WEEKDAYS, weekday_of
from sim.fitting.fields import Field
from sim.units import MINUTE, clock_text
from sim.units import WEEKDAYS as NAMES

COLUMN = 34
FEW_WEEKDAYS = 3
"""Open weekdays below which a month has too few days to be measured."""
WEEKEND = "A fixed: the morning alone; the list does not say of which days its hours are"
MOST_HOME = 0.98
"""Somebody comes to the hall in every scenario."""
WORK = {
    "civil_status": (20.0, 10.0, 40.0), "business": (30.0, 15.0, 60.0), "land": (90.0, 45.0, 180.0),
    "social": (30.0, 15.0, 60.0), "construction": (90.0, 45.0, 180.0),
}  # fmt: skip
OTHER_WORK = (30.0, 10.0, 120.0)
"""Minutes of work on a dossier in the back office, and their range: as at the shipped centers."""


def center_text(fitted: Fitted, per_day: float) -> str:
    """The file; ``per_day``: newcomers, in what is counted, with which as many are received as were."""
    parts = (_head(fitted), _calendar(fitted), _arrivals(fitted, per_day), _procedures(fitted), _citizens(fitted))
    lines = [line for part in parts for line in part]
    return "\n".join([*lines, *back_office(fitted), *places(fitted), *_observed(fitted), ""])


def said(head: str, comment: str) -> str:
    """A line with its comment."""
    return f"{head:<{COLUMN - 2}}  # {comment}"


def _head(fitted: Fitted) -> Iterator[str]:
    yield f"# From {fitted.source}. Marks: W measured, O stated in a list, A assumed [with its range]."
    yield "defaults:"
    yield f"  - citizens: {'ward' if fitted.kind_name == 'ward' else 'rural'}"
    yield f"name: {json.dumps(fitted.name.replace('${', '$ {'), ensure_ascii=False)}"
    yield "opening: false"
    yield said("demand: 1.0", "A fixed: as many as were counted")
    open_on = int(np.isfinite(fitted.week.arrivals.weekday).sum())
    if open_on < FEW_WEEKDAYS:
        yield f"days: {7 * (6 // open_on + 4)}  # of which the first five open ones run the center in"


def _calendar(fitted: Fitted) -> Iterator[str]:
    hours, is_listed = spans_of(fitted)
    yield "calendar:"
    yield said("  hours:", "O as in the list" if is_listed else f"A not in {fitted.source}: those of most offices")
    for name, spans in hours.items():
        head = f"    {name}: [{', '.join(json.dumps(one) for one in spans)}]"
        yield said(head, WEEKEND) if is_listed and name in ("sat", "sun") else head
    shifts = shifts_of(fitted)
    if shifts:
        yield said("  shifts:", "O as in the list")
        for spans, name in shifts.items():
            yield f"    {name}: [{', '.join(json.dumps(one) for one in spans)}]"
    yield "  holidays: vietnam"


def shifts_of(fitted: Fitted) -> dict[tuple[str, ...], str]:
    """Names of hours in the list that differ from the opening hours."""
    hours = spans_of(fitted)[0]
    usual = next(iter(hours.values()))
    groups = fitted.staff.groups if fitted.staff else ()
    own = dict.fromkeys(group.hours for group in groups if group.hours and group.hours != usual)
    return {spans: f"shift_{nth}" for nth, spans in enumerate(own, 1)}


def _arrivals(fitted: Fitted, per_day: float) -> Iterator[str]:
    own, ends = fitted.week.arrivals, fitted.week.ends
    yield "arrivals:"
    yield said(f"  per_day: {per_day:.6g}", _per_day_mark(fitted, per_day))
    yield f"  counted_as: {fitted.counted_as}"
    if fitted.dossiers_each and fitted.dossiers_each[0] >= 1:
        mean, count = fitted.dossiers_each
        mark = f"W dossiers over {count} people" if mean <= MOST_EACH else _clipped(mean)
        yield said(f"  dossiers_per_visitor: {min(mean, MOST_EACH):.4g}", mark)
    else:
        each = fitted.kind.dossiers
        yield said(f"  dossiers_per_visitor: {each.value:g}", f"A [{each.low:g}–{each.high:g}] not in {fitted.source}")
    if own.factor_cv is None:
        yield said(f"  day_factor_cv: {DAY_FACTOR_CV.value:g}", f"{DAY_FACTOR_CV.mark}; no weekday was seen twice")
    else:
        value, low, high = own.factor_cv
        within = f"W [{low:.3g}–{min(high, MOST_CV):.3g}] beyond weekdays and Poisson noise"
        yield said(f"  day_factor_cv: {min(value, MOST_CV):.3g}", within if value <= MOST_CV else _clipped(value))
    yield said("  weekday:", f"{fitted.counted_as} on a day against the middle of these")
    on = weekday_of(own.days)
    for one in range(WEEKDAYS):
        if np.isfinite(own.weekday[one]):
            reach = fitted.week.weekday_ends(one) if ends else None
            mark = f"W [{reach[0]:.3g}–{reach[1]:.3g}] {(on == one).sum()} days" if reach else "W of days not known"
            yield said(f"    {NAMES[one]}: {own.weekday[one] / own.per_day:.4g}", mark)
    yield from _profile(fitted)


def _clipped(value: float) -> str:
    """The mark of what was measured, and is more than a scenario may have."""
    return f"A fixed: the most that a scenario may have; {value:.4g} was measured"


def _per_day_mark(fitted: Fitted, per_day: float) -> str:
    week = fitted.week
    times = per_day / week.arrivals.per_day
    ends = "" if week.ends is None else f"[{week.ends[0] * times:.5g}–{week.ends[1] * times:.5g}] "
    what = "received" if fitted.counted_as == "dossiers" else "counted"
    why = "those from home apart, who gives up added" if fitted.counted_as == "dossiers" else "who comes again apart"
    return f"W {ends}{week.arrivals.per_day:.4g} {fitted.counted_as} {what} a day; {why}"


def _profile(fitted: Fitted) -> Iterator[str]:
    """Half-hours: as the stamps have them, else as elsewhere, the morning's peak being one assumption."""
    if fitted.profile is not None:
        yield said("  profile:", "W shares of the half-hours of entry: later than who came by wait and reception")
        for slot in np.flatnonzero(fitted.profile > 0):
            yield said(f'    "{clock_text(int(slot * HALF_HOUR) * MINUTE)}": {fitted.profile[slot]:.5f}', "W")
        return
    weights = usual_weights(fitted)
    yield "  profile: {" + f"  # not in {fitted.source}: the shape of a day elsewhere; the first are people at the gate"
    yield from _weights(weights, "}")
    days = [name for name in spans_of(fitted)[0] if name in ("sat", "sun")]
    if days:
        yield "  profile_on:"
    for name in days:
        yield f"    {name}: {{"
        yield from _weights(usual_weights(fitted, name), "}")


def usual_weights(fitted: Fitted, day: str | None = None) -> dict[str, float]:
    """Weights of the half-hours of one day, or of the longest one, as they are elsewhere, with people at the gate."""
    hours = spans_of(fitted)[0]
    spans = hours[day] if day else max(hours.values(), key=len)
    ends = [[60 * int(at[:2]) + int(at[3:5]) for at in span.split("-")] for span in (spans[0], spans[-1])]
    first, last = ends[0][0], ends[1][1]
    lunch = Lunch("common", (ends[0][1], ends[1][0])) if len(spans) > 1 else Lunch("none")
    return usual_profile(Sketch(fitted.name, hours={"mon": (first, last)}, lunch=lunch))


def _weights(weights: Mapping[str, float], end: str) -> Iterator[str]:
    """The gate, the first two hours, and the rest: a line each, so that the peak is one input."""
    items = [f'"{at}": {weight:g}' for at, weight in weights.items()]
    gate, peak, rest = items[:1], items[1:5], items[5:]
    low, high = AT_THE_GATE / 2, AT_THE_GATE * 1.5
    yield f"    {gate[0]},  # A [{low:g}–{high:g}] before the opening"
    yield f"    {', '.join(peak)}{',' if rest else end}  # A [×0.6–×1.6] together the first two hours against the rest"
    if rest:
        yield f"    {', '.join(rest)}{end}  # A fixed: against which the first two hours are"


def _procedures(fitted: Fitted) -> Iterator[str]:
    yield said("procedures:", "minutes a dossier, on top of the greeting and the channel")
    for one in fitted.own_fields:
        minutes = FIELDS[one.key].minutes if one.key in FIELDS else UNKNOWN
        titles = "; ".join(one.titles[:3]) + ("; …" if len(one.titles) > 3 else "")
        yield f"  {one.key}:" + (f"  # {titles}" if titles else "")
        yield said(f"    share: {one.share!r}", _share_mark(fitted, one))
        yield "    service:"
        yield "      kind: lognormal"
        yield said(f"      mean: {minutes.value!r}", minutes.mark)
        yield said(f"      cv: {SERVICE_CV.value!r}", SERVICE_CV.mark)
        yield said(f"    incomplete: {_incomplete(fitted).value:.4g}", _incomplete(fitted).mark)
        if one.key == CERTIFICATION and fitted.has_leaders:
            yield f"    signature: {{kind: lognormal, mean: {SIGNATURE.value!r}, cv: 0.8}}  # {SIGNATURE.mark}"
        if one.key in fitted.processed:
            yield from _processing(fitted, one.key)


def _share_mark(fitted: Fitted, one: Field) -> str:
    if not fitted.fields:
        return Assumed(0, *FIELDS[one.key].share, MIX_SOURCE).mark
    total = sum(field.count for field in fitted.fields)
    return f"W {_between(one.ends)}{one.count:.0f} of {total:.0f}"


def _between(ends: tuple[float, float] | None) -> str:
    """The interval of a share, which goes by days; none where too few of them are known."""
    return "of no interval, as days are not known or too few, " if ends is None else f"[{ends[0]:.3g}–{ends[1]:.3g}] "


def _incomplete(fitted: Fitted) -> Assumed:
    """What is refused at a counter is in no export; a share that was sent back afterwards is the least there is."""
    if fitted.sent_back is None or not fitted.sent_back[0]:
        return INCOMPLETE
    share = fitted.sent_back[0] / fitted.sent_back[1]
    how = f"{share:.1%} were sent back after receipt (W); who is refused at the counter is not in {fitted.source}"
    high = max(INCOMPLETE.high, min(2 * share, 0.95))
    return Assumed(max(INCOMPLETE.value, share), round(max(INCOMPLETE.low, share), 4), round(high, 4), how)


def _processing(fitted: Fitted, key: str) -> Iterator[str]:
    term = fitted.times[key].term
    if term is None:
        return
    mean, low, high = WORK.get(key, OTHER_WORK)
    how = f"W working days, {term.share:.0%} of {term.count} due dates; nine in ten from {term.low} to {term.high}"
    yield "    processing:"
    yield said(f"      term: {term.days}", how)
    work = f"{{kind: lognormal, mean: {mean!r}, cv: 0.8}}"
    yield f"      steps: [{{work: {work}}}]  # A [{low:g}–{high:g}], [0.5–1.2] minutes"
    if fitted.has_leaders:
        yield "      signature: {kind: lognormal, mean: 3.0, cv: 0.8}  # A [1–5], [0.5–1.2] minutes of a leader"


def _citizens(fitted: Fitted) -> Iterator[str]:
    """How dossiers are filed, and why people come, as far as it differs from what is assumed elsewhere."""
    if not fitted.is_export:
        return
    yield "channels:"
    yield from _channels(fitted)
    fetched = bool(fitted.processed)
    yield "purposes:"
    yield said("  submit:", "dossiers are counted: who asks is not among them")
    yield said(f"    share: {0.9 if fetched else 0.8}", "A the rest")
    yield "  ask:"
    yield said("    share: 0.1", f"A [0.0–0.2] not in {fitted.source}")
    yield "  collect:"
    if fetched:
        yield said("    share: 0.0", "A fixed: who comes for a result comes for one that the back office made")
    else:
        yield said("    share: 0.1", f"A [0.0–0.2] not in {fitted.source}")


def _channels(fitted: Fitted) -> Iterator[str]:
    home, ways = min(round(fitted.from_home, 6), MOST_HOME), fitted.ways
    if ways is None:
        paper, paper_mark = 0.25, f"A [0.1–0.5] not in {fitted.source}"
        home_mark = f"A [0.05–0.5] not in {fitted.source}: .30 of all elsewhere"
    else:
        paper = round(ways.hall / ways.known, 6)
        home = min(home, round(1.0 - paper, 6))
        paper_mark = f"W {_between(ways.ends)}{ways.hall} of {ways.known} filed directly"
        least, most = ways.post / ways.known, min((ways.post + ways.online) / ways.known, MOST_HOME)
        home_mark = (
            f"A [{least:.4g}–{most:.4g}] of {ways.online} online ones it is not said how many were typed in at the hall"
        )
    assisted = max(round(1.0 - paper - home, 6), 0.0)
    if ways is not None and not ways.online:
        home_mark = f"W {ways.post} of {ways.known} by post"
    yield "  assisted:"
    yield said(f"    share: {assisted + 0.0!r}", "A the rest: online, with help at the hall")
    yield said("    overhead: 6.0", "A [3–10] minutes, once a visit")
    yield "  paper:"
    yield said(f"    share: {paper!r}", paper_mark)
    yield said("    overhead: 0.0", "A [0–1] nothing is added")
    if home > 0:
        yield "  home:"
        yield said(f"    share: {home!r}", home_mark)
        yield "    checking: {kind: lognormal, mean: 5.0, cv: 0.8}  # A [3–10], [0.5–1.2] minutes a dossier"


def _observed(fitted: Fitted) -> Iterator[str]:
    yield "observed:"
    for one in fitted.seen:
        yield from _seen(one)


def _seen(one: Seen) -> Iterator[str]:
    yield f"  {one.name}:"
    if one.metric is not None:
        yield f"    metric: {one.metric}"
        yield f"    value: {one.value:.5g}  # W".replace("e+", "e")
        yield f"    open_days: {one.open_days}  # W"
        yield f"    used_as_input: {'true' if one.used_as_input else 'false'}"
    yield f"    source: {json.dumps(one.said, ensure_ascii=False)}"
    if one.note:
        yield f"    note: {json.dumps(one.note, ensure_ascii=False)}"
