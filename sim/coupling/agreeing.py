"""What must be the same in all centers that run as one: what there is once in a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sim.coupling.value import Coupling
from sim.faults import Fault, nearest, shown
from sim.network import SCOPES, Network
from sim.plan import Kind
from sim.scenario import MOST_POINTS, Scenario
from sim.staff import Group
from sim.streams import CENTERS
from sim.study import Study

MOST_FIELDS = 63 - Kind.SIGNATURE
"""Fields of work, of which a set of skills has a bit each, and one for each kind of task that follows them."""

EQUAL: dict[str, Callable[[Scenario], Any]] = {
    "start": lambda one: str(one.start),
    "days": lambda one: one.days,
    "warmup_days": lambda one: one.warmup,
    "calendar.hours": lambda one: one.calendar.hours,
    "calendar.holidays": lambda one: one.calendar.holidays,
    "calendar.also_closed": lambda one: sorted(map(str, one.calendar.also_closed)),
    "calendar.also_open": lambda one: sorted(map(str, one.calendar.also_open)),
    "calendar.closures": lambda one: sorted((str(span.first), str(span.last)) for span in one.calendar.closures),
    "calendar.late_break": lambda one: one.calendar.late_break,
    "arrivals.weekday": lambda one: sorted(day for day, factor in one.arrivals.weekday.items() if factor > 0),
    "priorities": lambda one: {name: entry.rank for name, entry in one.priorities.items()},
    "closing.rule": lambda one: one.closing.rule,
    "network": lambda one: _common(one.network),
    "mismatch": lambda one: one.mismatch,
    "overtime": lambda one: one.overtime,
    "storms": lambda one: one.storms,
}
"""By key what a scenario says, in a form that is the same where the meaning is."""


def faults_of(studies: Sequence[Study], scenarios: Sequence[Scenario], coupling: Coupling) -> list[Fault]:
    """Why some centers cannot run as one, a line each; ``scenarios``: those of the studies."""
    rows = [(study.label, scenario) for study, scenario in zip(studies, scenarios, strict=True)]
    promised = [(study.label, [target.text for target in study.targets.items]) for study in studies]
    found = [*_difference("targets", promised), *_differences(rows), *_limits(rows), *_books(rows)]
    return [*found, *_choice(rows, coupling), *_shared(studies, rows, coupling)]


def _common(network: Network | None) -> Network | None:
    """What is not a center's own: all but its windows and its outages."""
    if network is None:
        return None
    others = {scope: outage for scope, outage in network.outages.items() if scope != SCOPES[0]}
    return network.replace(outages=others, windows=())


def _differences(rows: Sequence[tuple[str, Scenario]]) -> Iterator[Fault]:
    keys = dict(EQUAL)
    if any(group.rule for _, one in rows for group in one.staff.values()):
        keys["board_every"] = lambda one: one.board_every
    for key, said in keys.items():
        yield from _difference(key, [(name, said(one)) for name, one in rows])
    yield from _difference("results.cut_off", [(name, one.results.cut_off) for name, one in rows if one.results])


def _difference(key: str, said: Sequence[tuple[str, Any]]) -> Iterator[Fault]:
    """The first center that does not say what the first of all says."""
    for name, value in said[1:]:
        if value != said[0][1] or (isinstance(value, dict) and list(value) != list(said[0][1])):
            said_by = f"is {shown(value)} at {name} and {shown(said[0][1])} at {said[0][0]}"
            yield Fault(key, "", f"{said_by}: wanted the same in all centers of a coupled run")
            return


def _limits(rows: Sequence[tuple[str, Scenario]]) -> Iterator[Fault]:
    points = sum(len(one.points) for _, one in rows)
    if points > MOST_POINTS:
        yield Fault("coupled", f"{points} points of all centers together", f"wanted at most {MOST_POINTS}")
    fields = {name for _, one in rows for name in one.fields}
    if len(fields) > MOST_FIELDS:
        yield Fault("coupled", f"{len(fields)} fields of work by name", f"wanted at most {MOST_FIELDS}")


def _books(rows: Sequence[tuple[str, Scenario]]) -> Iterator[Fault]:
    """A run has one book of times."""
    name = next((name for name, one in rows if one.appointments), None)
    if name is not None and len(rows) > 1:
        yield Fault("appointments", "", f"are given at {name}: a coupled run keeps no book of times, wanted none")


def _choice(rows: Sequence[tuple[str, Scenario]], coupling: Coupling) -> Iterator[Fault]:
    """Citizens choose among all centers or none, and find there what their dossiers need."""
    for name, one in rows:
        if one.choice is not None:
            yield Fault("choice", "", f"of {name}, in a coupled run: wanted coupled.choice, which is among all points")
            return
    if coupling.choice is None:
        return
    for name, one in rows:
        for other, home in rows:
            missing = _missing(one, home)
            if missing:
                wanted = f"of {other} want {missing} at {name}, where some of their citizens choose to go"
                yield Fault("coupled.choice", "", f"procedures {wanted}: wanted it there, or no choice")
                return


def _missing(here: Scenario, home: Scenario) -> str:
    """What a center has not that dossiers want which are received there, of citizens of another."""
    signing, fields = any(group.role == "leader" for group in here.staff.values()), set(here.fields)
    for name, entry in home.procedures.items():
        if (entry.field or name) not in fields:
            continue  # nobody who brings these goes there
        steps = entry.processing.steps if entry.processing else ()
        signed = entry.signature or (entry.processing and entry.processing.signature)
        if signed and not signing:
            return "a leader who signs"
        lacks = [step.field for step in steps if step.field and step.field not in fields]
        if lacks:
            return f"the field {lacks[0]}"
    return ""


def _shared(studies: Sequence[Study], rows: Sequence[tuple[str, Scenario]], coupling: Coupling) -> Iterator[Fault]:
    """Specialists of all centers."""
    fields = tuple(dict.fromkeys(name for _, one in rows for name in one.fields))
    for group, entry in coupling.staff.items():
        key = f"coupled.staff.{group}"
        for skill in entry.skills or ():
            if skill not in fields:
                yield Fault(f"{key}.skills", skill, f"wanted one of {', '.join(fields)}", nearest(skill, fields))
        if not any(is_asked(one, entry) for _, one in rows):
            yield Fault(key, "", "nobody asks them: wanted officials at counters with weak fields, or a mismatch.share")
        for name, one in rows:
            if group in one.staff:
                yield Fault(key, "", f"is a group of {name} already: wanted another name")
                break
    own = [(name, group) for name, one in rows for group, entry in one.staff.items() if entry.role == "remote"]
    if coupling.staff and own:
        name, group = own[0]
        wanted = f"of {name} is of role remote: wanted it in coupled.staff, beside the others who are asked"
        yield Fault(f"staff.{group}", "", wanted)
    if coupling.staff and any(study.center >= CENTERS for study in studies):
        yield Fault("coupled.staff", "", f"wanted centers numbered below {CENTERS}")


def is_asked(own: Scenario, group: Group) -> bool:
    """Whether officials of a center ever ask specialists of a group: the work must go worse with them somewhere."""
    fields = own.fields if group.skills is None else group.skills
    known = set(fields) & set(own.fields)
    weak = any(one.role == "counter" and known & set(one.weak) for one in own.staff.values())
    return bool(known) and (own.mismatch.share > 0 or weak)
