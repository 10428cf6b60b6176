"""A sketch as the text of a scenario file: every number with its mark, O a person's own figure, A assumed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np

from experiments.new.answers import span_text
from experiments.new.defaults import (
    AFTERNOON,
    AT_THE_GATE,
    CALLED_AWAY,
    DAY_FACTOR_CV,
    FIELDS,
    HANDING,
    INCOMPLETE,
    KINDS,
    LEADERS,
    MIX_SOURCE,
    MONDAY,
    MORNING,
    OTHER_DAY,
    OVERTIME_CAP,
    SERVICE_CV,
    SIGNATURE,
    SIGNED,
    THROUGHOUT,
    TRAVEL_CV,
    WORKDAYS,
    Assumed,
)
from experiments.new.sketch import Minutes, Sketch, Team
from sim.door.groups import text_of
from sim.units import MINUTE, SLOT

OWN = "O as answered"
COLUMN = 34
EIGHT_HOURS = 480
_SLOT = SLOT // MINUTE


def scenario_text(sketch: Sketch, command: str) -> str:
    """The file; ``command`` is the one that judges it."""
    parts = (_head(sketch, command), _calendar(sketch), _arrivals(sketch), _procedures(sketch))
    lines = [line for part in (*parts, _places(sketch), _staff(sketch)) for line in part]
    return "\n".join([*lines, "", *_citizens(), ""])


def _said(head: str, comment: str) -> str:
    return f"{head:<{COLUMN - 2}}  # {comment}"


def _mark(sketch: Sketch, name: str, assumed: Assumed) -> str:
    return OWN if name in sketch.own else assumed.mark


def _head(sketch: Sketch, command: str) -> Iterator[str]:
    yield f"# {command}"
    yield "# Marks: O a person's own figure, W measured, V published, A assumed [with its range]."
    yield f"name: {json.dumps(sketch.name, ensure_ascii=False)}"
    yield "opening: false"


def _calendar(sketch: Sketch) -> Iterator[str]:
    yield ""
    yield f"calendar:{'' if 'hours' in sketch.own else '  # hours assumed: openings at 7:00 and 7:30 are seen'}"
    yield "  hours:"
    for day, at in sketch.hours.items():
        yield f"    {day}: [{', '.join(_quoted(part) for part in open_spans(sketch, at))}]"
    if sketch.lunch.kind == "split":
        yield "  shifts:  # assumed: two turns, eight hours each where the door is open for longer"
        for name, spans in _shifts(sketch).items():
            yield f"    {name}: [{', '.join(map(_quoted, spans))}]"
    yield "  holidays: vietnam"
    yield _said("  also_closed: [2026-01-02]", "swapped for a working Saturday by the government")


def open_spans(sketch: Sketch, at: Minutes) -> list[Minutes]:
    """When the counters are open on a day whose door is open ``at``."""
    start, end = at
    first, last = sketch.lunch.at
    if sketch.lunch.kind != "common" or last <= start or end <= first:
        return [at]
    return [(a, b) for a, b in ((start, first), (last, end)) if a < b]


def _quoted(at: Minutes) -> str:
    return f'"{span_text(at)}"'


def _shifts(sketch: Sketch) -> dict[str, list[Minutes]]:
    """Two turns of lunch; who would be there for more than eight hours comes later, or leaves earlier."""
    start, end = next(sketch.hours[day] for day in (*WORKDAYS, *sketch.days) if day in sketch.hours)
    first, last = sketch.lunch.at
    middle = (first + last) // 2
    early, late = (max(end - start - rest - EIGHT_HOURS, 0) for rest in (middle - first, last - middle))
    return {
        "early": [(start, first), (middle, max(end - early, middle + 1))],
        "late": [(min(start + late, middle - 1), middle), (last, end)],
    }


def _arrivals(sketch: Sketch) -> Iterator[str]:
    kind = KINDS[sketch.kind]
    yield ""
    yield "arrivals:"
    yield _said(f"  per_day: {sketch.people:.6g}", _mark(sketch, "people", kind.people))
    yield "  counted_as: people"
    yield _said(f"  dossiers_per_visitor: {sketch.dossiers:g}", _mark(sketch, "dossiers", kind.dossiers))
    yield _said(f"  day_factor_cv: {DAY_FACTOR_CV.value:g}", DAY_FACTOR_CV.mark)
    yield _said("  weekday:", "people on each day, or factors" if sketch.weekdays else "factors of a usual week")
    for day in sketch.days:
        assumed = MONDAY if day == "mon" else OTHER_DAY
        value = assumed.value if sketch.weekdays is None else sketch.weekdays[day]
        yield _said(f"    {day}: {value:g}", _mark(sketch, "weekdays", assumed))
    yield _said("  profile:", "weights of the half-hours; the first are people at the gate")
    for at, weight in profile(sketch).items():
        mark = Assumed(weight, weight / 2, weight * 1.5, "the shape of a day elsewhere").mark
        yield _said(f'    "{at}": {weight:g}', mark)


def profile(sketch: Sketch) -> dict[str, float]:
    """Weights of half-hours on the longest day: a peak after each opening, people at the gate before the first."""
    spans = open_spans(sketch, max(sketch.hours.values(), key=lambda at: at[1] - at[0]))
    shapes = (MORNING, AFTERNOON) if len(spans) > 1 else (THROUGHOUT,)
    first = spans[0][0] // _SLOT
    weights = {first - 1: AT_THE_GATE} if first else {}
    for (start, end), shape in zip(spans, shapes, strict=True):
        slots = range(start // _SLOT, max(end // _SLOT, start // _SLOT + 1))
        at = np.linspace(0, len(shape) - 1, len(slots))
        found = np.interp(at, np.arange(len(shape)), shape)
        weights |= {slot: round(float(weight), 2) for slot, weight in zip(slots, found, strict=True)}
    return {span_text((slot * _SLOT, 0))[:5]: weight for slot, weight in weights.items()}


def _procedures(sketch: Sketch) -> Iterator[str]:
    known = {name for team in sketch.teams for name in team.fields or ()}
    yield ""
    yield _said("procedures:", "minutes a dossier, on top of the greeting and the channel")
    for name, field in FIELDS.items():
        if name in known or name in sketch.fields:
            share = Assumed(0, *field.share, MIX_SOURCE)
            yield f"  {name}:"
            yield _said(f"    share: {round(sketch.mix.get(name, 0) / 100, 12)!r}", _mark(sketch, "mix", share))
            yield "    service:"
            yield "      kind: lognormal"
            yield _said(f"      mean: {field.minutes.value!r}", field.minutes.mark)
            yield _said(f"      cv: {SERVICE_CV.value!r}", SERVICE_CV.mark)
            mark = _mark(sketch, "incomplete", INCOMPLETE)
            yield _said(f"    incomplete: {round(sketch.incomplete / 100, 12)!r}", mark)
            if signed_at_once(sketch, name):
                signature = f"{{kind: lognormal, mean: {SIGNATURE.value!r}, cv: {SERVICE_CV.value!r}}}"
                yield f"    signature: {signature}  # {SIGNATURE.mark}"
    if signed_at_once(sketch, SIGNED):
        yield "results:"
        handing = f"{{kind: lognormal, mean: {HANDING.value!r}, cv: {SERVICE_CV.value!r}}}"
        yield f"  collection: {handing}  # {HANDING.mark}"
        yield _said('  cut_off: "15:00"', "V for copies from original registers")


def signed_at_once(sketch: Sketch, field: str) -> bool:
    """Whether a leader signs dossiers of a field while the citizen waits."""
    known = {name for team in sketch.teams for name in team.fields or FIELDS}
    return sketch.signing == "leader, at once" and field == SIGNED and field in known


def _places(sketch: Sketch) -> Iterator[str]:
    kind = KINDS[sketch.kind]
    yield ""
    yield "points:"
    yield "  hall:"
    yield f"    title: {json.dumps(sketch.name, ensure_ascii=False)}"
    yield _said(f"    counters: {sketch.counters}", _mark(sketch, "counters", _as_officials(sketch)))
    seats = "null" if sketch.seats is None else str(sketch.seats)
    yield _said(f"    seats: {seats}", _mark(sketch, "seats", kind.seats))
    yield _said("    share: 1.0", "A one hall")
    travel = f"{{kind: lognormal, mean: {kind.travel.value!r}, cv: {TRAVEL_CV}}}"
    yield f"    travel: {travel}  # {kind.travel.mark}"


def _as_officials(sketch: Sketch) -> Assumed:
    return Assumed(sketch.officials, max(sketch.officials // 2, 1), sketch.officials, "one for each official")


def _staff(sketch: Sketch) -> Iterator[str]:
    kind = KINDS[sketch.kind]
    yield ""
    yield "staff:"
    for name, team in team_names(sketch).items():
        yield f"  {name}:"
        yield _said(f"    count: {team.count}", _mark(sketch, "officials", kind.officials))
        yield f"    skills: {'null' if team.fields is None else '[' + ', '.join(team.fields) + ']'}"
        if sketch.lunch.kind == "split":
            yield "    shifts: [early, late]"
    if signed_at_once(sketch, SIGNED):
        yield "  leaders:"
        yield _said(f"    count: {LEADERS.value:g}", LEADERS.mark)
        yield "    role: leader"
        yield _said(f"    called_away: {CALLED_AWAY.value!r}", CALLED_AWAY.mark)
    yield "closing:"
    yield "  rule: serve_out"
    yield _said(f"  overtime_cap: {OVERTIME_CAP.value!r}", OVERTIME_CAP.mark)


def team_names(sketch: Sketch) -> dict[str, Team]:
    """The teams by the name of their first field, numbered where several have the same."""
    found: dict[str, Team] = {}
    for team in sketch.teams:
        name = "all_round" if team.fields is None else team.fields[0]
        same = sum(other == name or other.startswith(f"{name}_") for other in found)
        found[f"{name}_{same + 1}" if same else name] = team
    return found


def _citizens() -> list[str]:
    """Who comes, how long they wait and whether they come back: as in a ward, for every kind."""
    return ["# Who comes: as assumed in citizens=ward", *text_of("citizens", "ward").splitlines()[2:]]
