"""A second engine, slow and obvious, for tests: from instant to instant over plain lists, clause by clause.

It shares with the reference only the plan, the people that both look up, and the shape of a trace.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.lookup import People
from sim.officials import errs, is_away, is_weak, shifts_worked
from sim.plan import Change, Kind, Plan, Rule
from sim.programs import changes_of
from sim.streams import Stream, bits, counter, person, whole
from sim.trace import DECISIONS, TASKS, VISITS, Outcome, Trace
from sim.units import DAY, NEVER

INCOMPLETE = (Outcome.INCOMPLETE, Outcome.INCOMPLETE_AT_GUIDANCE)
DONE = (Outcome.SERVED, Outcome.ADVISED)


@dataclass
class Official:
    """``off``: when the last shift ended; ``began``: when they could go then; ``length``: of a break owed.

    ``overtime``: (month, ms) each time some was worked.
    """

    number: int
    place: int
    skills: int
    breadth: int
    classes: int
    speed: int
    planned: bool = False
    overtime: list[tuple[int, int]] = field(default_factory=list)
    paid_until: int | None = None
    rule: dict[str, int] = field(default_factory=dict)
    due: int | None = None
    target: int = 0
    busy: bool = False
    off: int | None = None
    began: int | None = None
    length: int = 0
    since: int | None = None

    def there(self, now: int) -> bool:
        """Idle and on duty."""
        if not self.planned or self.busy:
            return False
        return self.length == 0 or (self.began is not None and now >= self.began + self.length)


@dataclass
class Turn:
    """A task: waiting until it has an official, and its end is known from then on."""

    visit: Visit
    place: int
    kind: int
    network: bool
    work: int
    entry: int
    start: int = NEVER
    end: int = NEVER
    official: Official | None = None
    classless: bool = False
    on_paper: bool = False


@dataclass
class Visit:
    """``state``: coming, gate, waiting, served or gone; ``owed``: a result is due and not in hand."""

    number: int
    brings: dict[str, int]
    state: str = "coming"
    entry: int = NEVER
    owed: bool = False


@dataclass
class Point:
    opened: bool = False
    at_home: bool = True
    issued: int = 0


class House:
    """The whole state of a run."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.people = plan, People(plan)
        self.calm = plan._replace(days=plan.days.copy())
        self.calm.days["storm"] = False
        self.horizon: int = plan.rules.horizon
        self.changes: list[tuple[int, int, int, int]] = changes_of(plan).tolist()
        self.steps: list[tuple[int, int, int]] = plan.network.tolist()
        self.points = [Point() for _ in plan.points]
        self.limits = [0] * (2 * len(plan.points) + 2)
        self.officials = [
            Official(
                n, int(row["place"]), int(row["skills"]), int(row["breadth"]), int(row["classes"]), int(row["speed"])
            )
            for n, row in enumerate(plan.officials)
        ]
        for one, row in zip(self.officials, plan.officials, strict=True):
            one.rule = {name: int(row[name]) for name in ("rule", "home", "high", "low", "travel")}
        self.received_at: list[tuple[int, int, int]] = []
        self.decisions: list[tuple[int, int, int]] = []
        self.down = False
        self.visits: list[Visit] = []
        self.turns: list[Turn] = []
        self.ended: list[tuple[int, ...]] = []
        self.rows: list[tuple[Visit, int, int]] = []
        self.over: list[Turn] = []

    # Which instants there are

    def next_instant(self, now: int) -> int:
        times = [self.horizon, *(time for time, *_ in (*self.changes, *self.steps))]
        times += [day * DAY for day in range(len(self.plan.days))]
        if self.plan.rules.tick:
            times.append((now // int(self.plan.rules.tick) + 1) * int(self.plan.rules.tick))
        times += [visit.brings["arrival"] for visit in self.visits if visit.state == "coming"]
        times += [turn.end for turn in self.turns if turn.official is not None]
        times += [patience_ends(turn.visit) for turn in self.turns if turn.official is None]
        times += [one.began + one.length for one in self.officials if one.began is not None]
        return min(time for time in times if time > now)

    def instant(self, now: int) -> None:
        self.completions(now)
        self.calendar(now)
        if self.plan.rules.tick and now % self.plan.rules.tick == 0:
            self.board(now)
        self.note_idle(now)
        self.arrivals(now)
        self.reneging(now)
        self.dispatch(now)
        self.balking(now)

    # The ranks of an instant

    def completions(self, now: int) -> None:
        for turn in [turn for turn in self.turns if turn.official is not None and turn.end == now]:
            official, brings = turn.official, turn.visit.brings
            assert official is not None
            official.busy = False
            if official.began is None:
                official.began = now
            if official.paid_until is not None:
                official.overtime.append((self.month(now), now - max(turn.start, official.paid_until)))
            self.turns.remove(turn)
            self.over.append(turn)
            self.go_on(turn, now, brings)

    def month(self, now: int) -> int:
        return int(self.plan.days["month"][now // DAY])

    def go_on(self, turn: Turn, now: int, brings: dict[str, int]) -> None:
        """What follows a task that is done."""
        visit, kind = turn.visit, turn.kind - self.plan.fields
        if kind == Kind.RECORD:
            return
        if kind == Kind.GUIDANCE and brings["after_guidance"] == NEVER:
            self.join_counter(visit, now)
        elif kind == Kind.GUIDANCE:
            self.leave(visit, now, brings["after_guidance"])
        elif kind == Kind.SIGNATURE:
            place, work = 2 * brings["point"], brings["collection"]
            self.join(Turn(visit, place, self.plan.fields + Kind.COLLECTION, False, work, now, classless=True))
        elif kind == Kind.COLLECTION:
            visit.owed = False
            self.leave(visit, now, brings["outcome"])
        else:
            self.received(turn, now, brings)

    def received(self, turn: Turn, now: int, brings: dict[str, int]) -> None:
        """Reception is over: papers are to be typed in, a result to be signed, or the citizen goes."""
        visit, outcome = turn.visit, brings["outcome"]
        refused = brings["left"] if outcome == Outcome.INCOMPLETE else 0
        accepted = sum(brings["dossiers"] >> n & 1 and not refused >> n & 1 for n in range(16))
        if turn.on_paper and accepted:
            work = accepted * int(self.plan.rules.record)
            kind = self.plan.fields + Kind.RECORD
            self.turns.append(Turn(visit, turn.place, kind, True, work, now, classless=True))
        visit.owed = brings["signature"] != NEVER and outcome == Outcome.SERVED
        if visit.owed and now % DAY <= self.plan.rules.cut_off:
            last, kind = 2 * len(self.points), self.plan.fields + Kind.SIGNATURE
            self.join(Turn(visit, last, kind, False, brings["signature"], now))
        else:
            self.leave(visit, now, outcome)

    def calendar(self, now: int) -> None:
        today = [row for row in self.changes if row[0] == now]
        for _, _, _, subject in [row for row in today if row[2] == Change.HOME]:
            self.send_home(subject, now)
        for _, value, kind, subject in today:
            if kind == Change.DOOR:
                self.door(self.points[subject], bool(value))
            elif kind == Change.LIMIT:
                self.limits[subject] = value
            elif kind != Change.HOME:
                self.change(self.officials[subject], kind, value, now)
        for speed in [speed for time, speed, _ in self.steps if time == now]:
            self.down = speed == 0

    def note_idle(self, now: int) -> None:
        for official in self.officials:
            if not official.there(now):
                official.since = None
            elif official.since is None:
                official.since = now

    # Boards and rules

    def board(self, now: int) -> None:
        last = len(self.points)
        waiting = [
            sum(t.official is None and t.place == 2 * p and t.kind < self.plan.fields for t in self.turns)
            for p in range(last)
        ]
        sent = [0] * last
        for one in [one for one in self.officials if one.rule["rule"]]:
            if one.due is not None:
                if now >= one.due:
                    one.due = None
                    self.move(one, one.target, now)
                continue
            place = self.wanted(one, waiting, sent, now)
            if place == one.place:
                continue
            ways = [p // 2 for p in (one.place, place) if p // 2 < last]
            for point in ways:
                sent[point] += 1
            self.decisions.append((now, one.number, place))
            if one.rule["travel"] and len(ways) == 2:
                one.due, one.target, place = now + one.rule["travel"], place, 2 * last + 1
            self.move(one, place, now)

    def wanted(self, one: Official, waiting: list[int], sent: list[int], now: int) -> int:
        """Where an official's rule would have them."""
        home, high, last = one.rule["home"], one.rule["high"], len(waiting)
        if one.rule["rule"] == Rule.OPEN and not sent[home // 2]:
            if one.place == home:
                return 2 * last + 1 if waiting[home // 2] <= one.rule["low"] else home
            return home if waiting[home // 2] >= high else one.place
        if one.rule["rule"] == Rule.FLOAT and one.place // 2 < last:
            most = waiting.index(max(waiting))
            return 2 * most if waiting[most] - waiting[one.place // 2] >= high and not sent[most] else one.place
        if one.rule["rule"] == Rule.TOMORROW and now % DAY == 0:
            means = {point: mean for point in range(last) if (mean := self.last_mean(point, now)) >= high}
            return 2 * max(means, key=lambda point: (means[point], -point)) if means else home
        return one.place

    def last_mean(self, point: int, now: int) -> int:
        """Mean wait at the counters on the last day before now on which anybody was called there; -1 for never."""
        mine = [(time // DAY, waited) for time, where, waited in self.received_at if where == point and time < now]
        last = [waited for day, waited in mine if day == max(mine)[0]]
        return sum(last) // len(last) if last else -1

    def change(self, official: Official, kind: int, value: int, now: int) -> None:
        if kind == Change.DUTY:
            self.duty(official, bool(value), now)
        elif kind == Change.SPEED:
            official.speed = value
        elif kind == Change.MOVE:
            self.move(official, value, now)
        elif kind == Change.STAY:
            self.stay(official, value, now)
        elif kind == Change.EXTRA and not self.away(official.number, now):
            official.overtime.append((self.month(now), value))

    def away(self, official: int, now: int) -> bool:
        with np.errstate(over="ignore"):
            return self.kept_by_a_storm(official, now // DAY) or is_away(self.calm, official, now)

    def kept_by_a_storm(self, official: int, day: int) -> bool:
        at = counter(np.array([person(self.plan.rules.center, day, 0, official)]), 0)
        number = int(whole(bits(self.plan.keys[Stream.STORM_AWAY], at))[0])
        return bool(self.plan.days["storm"][day]) and number < int(self.plan.officials["storm"][official])

    def move(self, official: Official, place: int, now: int) -> None:
        official.place = place
        if official.since is not None:
            official.since = now

    def stay(self, official: Official, most: int, now: int) -> None:
        official.paid_until, month = now, self.month(now)
        in_month = sum(ms for at, ms in official.overtime if at == month)
        in_year = sum(ms for at, ms in official.overtime if at // 12 == month // 12)
        rules = self.plan.rules
        if in_month + most > rules.month_limit or in_year + most > rules.year_limit:
            self.duty(official, False, now)

    def send_home(self, point: int, now: int) -> None:
        self.points[point].at_home = True
        for turn in [turn for turn in self.turns if turn.official is None and turn.visit.brings["point"] == point]:
            if turn.kind != self.plan.fields + Kind.RECORD:
                self.give_up(turn, now, self.sent_home(turn))

    def sent_home(self, turn: Turn) -> int:
        if turn.kind > self.plan.fields:
            return turn.visit.brings["outcome"]
        return Outcome.CARRIED_OVER if self.plan.rules.carries_over else Outcome.TURNED_AWAY

    def door(self, point: Point, opens: bool) -> None:
        point.opened = opens
        if opens:
            point.at_home = False

    def duty(self, official: Official, begins: bool, now: int) -> None:
        if begins and self.away(official.number, now):
            return
        official.planned = begins
        if begins:
            official.paid_until = None
        else:
            official.off, official.began = now, None if official.busy else now
            return
        same_day = official.off is not None and official.off // DAY == now // DAY
        in_full = self.plan.rules.breaks_in_full and same_day
        official.length = now - official.off if in_full and official.off is not None else 0

    def arrivals(self, now: int) -> None:
        if now % DAY == 0 and now // DAY < len(self.plan.days):
            rows, self.ended = self.people.day(now // DAY, self.ended), []
            for point in self.points:
                point.issued = 0
            for row in rows:
                brings = {name: int(row[name]) for name in row.dtype.names}
                self.visits.append(Visit(len(self.visits), brings))
        for visit in self.visits:
            if visit.state == "gate" or (visit.state == "coming" and visit.brings["arrival"] <= now):
                self.at_the_door(visit, now)

    def at_the_door(self, visit: Visit, now: int) -> None:
        point = self.points[visit.brings["point"]]
        opens = int(self.plan.days["opens"][now // DAY])
        if not point.opened:
            visit.state = "gate"
            if opens == NEVER or now >= opens:
                self.leave(visit, now, Outcome.TURNED_AWAY)
            return
        point.issued += 1
        if point.issued > int(self.plan.points["tickets"][visit.brings["point"]]):
            self.leave(visit, now, Outcome.TURNED_AWAY)
            return
        visit.entry = now
        if visit.brings["guidance"] == NEVER:
            self.join_counter(visit, now)
        else:
            place = 2 * visit.brings["point"] + 1
            self.join(Turn(visit, place, self.plan.fields, False, visit.brings["guidance"], now))

    def join_counter(self, visit: Visit, now: int) -> None:
        row = self.plan.procedures[visit.brings["procedure"]]
        field, network = int(row["field"]), bool(row["network"])
        self.join(Turn(visit, 2 * visit.brings["point"], field, network, visit.brings["work"], now))

    def join(self, turn: Turn) -> None:
        turn.visit.state = "waiting"
        self.turns.append(turn)
        if self.points[turn.visit.brings["point"]].at_home:
            self.give_up(turn, turn.entry, self.sent_home(turn))

    def reneging(self, now: int) -> None:
        for turn in [turn for turn in self.turns if turn.official is None and turn.kind <= self.plan.fields]:
            if turn.visit.brings["patience"] != NEVER and patience_ends(turn.visit) <= now:
                self.give_up(turn, now, Outcome.RENEGED)

    def dispatch(self, now: int) -> None:
        while True:
            waiting = [turn for turn in self.turns if turn.official is None]
            waiting.sort(key=lambda turn: (self.rank(turn), turn.entry, turn.visit.number))
            pair = next(((turn, one) for turn in waiting for one in self.who_may(turn, now)), None)
            if pair is None:
                return
            turn, official = pair
            turn.official, turn.start = official, now
            official.busy, official.since = True, None
            if turn.kind != self.plan.fields + Kind.RECORD:
                turn.visit.state = "served"
            if turn.kind < self.plan.fields:
                self.received_at.append((now, turn.visit.brings["point"], now - turn.entry))
            speed = self.speed(turn, official)
            needed = max((1000 * turn.work + speed // 2) // speed, 1)
            turn.end = self.end(turn, now, needed)

    def speed(self, turn: Turn, official: Official) -> int:
        """Of the official, for whom it may go worse; then what was whole may be taken in wrongly."""
        if turn.kind >= self.plan.fields:
            return official.speed
        brings = turn.visit.brings
        whole = brings["purpose"] == 0 and brings["outcome"] == Outcome.SERVED
        with np.errstate(over="ignore"):
            if not is_weak(self.plan, official.number, turn.kind):
                return official.speed
            if whole and errs(self.plan, brings["citizen"], brings["visit"]):
                brings["outcome"], brings["left"] = int(Outcome.INCOMPLETE), brings["dossiers"]
        return max((official.speed * int(self.plan.rules.weak_speed) + 500) // 1000, 1)

    def end(self, turn: Turn, now: int, needed: int) -> int:
        if not turn.network:
            return now + needed
        paper = int(self.plan.rules.paper)
        if not paper or turn.kind >= self.plan.fields:
            return end_of_work(self.plan, now, needed)
        end, turn.on_paper = end_with_paper(self.plan, now, needed, paper)
        return end

    def rank(self, turn: Turn) -> int:
        if turn.kind == self.plan.fields + Kind.COLLECTION:
            return -1
        if turn.kind == self.plan.fields + Kind.RECORD:
            return 1 << 30
        return int(self.plan.priorities["value"][turn.visit.brings["priority"]])

    def who_may(self, turn: Turn, now: int) -> list[Official]:
        """The idle officials who may serve a waiting turn, best first; none without a counter or network."""
        busy = sum(one.official is not None and one.place == turn.place for one in self.turns)
        if busy >= self.limits[turn.place] or self.held(turn):
            return []
        skill = int(self.plan.procedures["field"][turn.visit.brings["procedure"]]) if turn.classless else turn.kind
        able = [
            one
            for one in self.officials
            if one.there(now) and one.place == turn.place and one.skills >> skill & 1
            if turn.classless or one.classes >> turn.visit.brings["priority"] & 1
        ]
        return sorted(able, key=lambda one: (one.breadth, one.since, one.number))

    def held(self, turn: Turn) -> bool:
        rules = self.plan.rules
        if turn.kind == self.plan.fields + Kind.RECORD:
            return self.down or bool(rules.records_after_hours and self.points[turn.place // 2].opened)
        return turn.network and self.down and not rules.starts_while_down and not rules.paper

    def balking(self, now: int) -> None:
        for point, row in enumerate(self.plan.points):
            here = [turn for turn in self.turns if turn.visit.brings["point"] == point]
            waiting = [turn for turn in here if turn.official is None and turn.kind <= self.plan.fields]
            results = sum(self.sits(turn) for turn in here)
            excess = len(waiting) + results - int(row["seats"])
            entered = [turn for turn in waiting if turn.visit.entry == now]
            entered.sort(key=lambda turn: -turn.visit.number)
            for turn in entered[: max(excess, 0)]:
                self.give_up(turn, now, Outcome.BALKED)

    def sits(self, turn: Turn) -> bool:
        """Somebody whose result is not being handed over yet."""
        kind = turn.kind - self.plan.fields
        return kind == Kind.SIGNATURE or (kind == Kind.COLLECTION and turn.official is None)

    # How visits end

    def give_up(self, turn: Turn, now: int, outcome: int) -> None:
        turn.end = now
        self.turns.remove(turn)
        self.over.append(turn)
        self.leave(turn.visit, now, outcome)

    def leave(self, visit: Visit, now: int, outcome: int) -> None:
        visit.state = "gone"
        self.rows.append((visit, now, outcome))
        if outcome not in DONE or visit.owed:
            b = visit.brings
            known = [b[name] for name in ("citizen", "rank", "visit", "attempt", "dossiers", "left")]
            self.ended.append((*known, outcome, now, visit.owed, b["collects"]))

    # The trace

    def trace(self) -> Trace:
        inside = [one for one in self.visits if one.state in ("gate", "waiting", "served")]
        rows = [*self.rows, *((one, NEVER, Outcome.IN_SYSTEM) for one in inside)]
        rows.sort(key=lambda row: (row[0].brings["citizen"], row[0].brings["visit"]))
        position = {row[0].number: n for n, row in enumerate(rows)}
        for turn in self.turns:
            turn.end = NEVER
        turns = [*self.over, *self.turns]
        turns.sort(key=lambda turn: (position[turn.visit.number], turn.entry, turn.kind))
        return Trace(
            np.array([visit_row(*row) for row in rows], VISITS),
            np.array([task_row(turn, position) for turn in turns], TASKS),
            shifts_worked(self.plan),
            int(self.horizon),
            int(self.plan.rules.warmup),
            np.array(self.decisions, DECISIONS),
        )


def patience_ends(visit: Visit) -> int:
    return visit.entry + visit.brings["patience"]


def end_of_work(plan: Plan, start: int, work: int) -> int:
    """Walks through the steps of the network until the work is done."""
    steps: list[tuple[int, int, int]] = plan.network.tolist()
    if not steps:
        return start + work
    left, now = 1000 * work, start
    for (begins, speed, _), following in zip(steps, [*steps[1:], None], strict=True):
        ends = following[0] if following else None
        if ends is not None and ends <= now:
            continue
        now = max(now, begins)
        if speed and (ends is None or now - (-left // speed) <= ends):
            return now - (-left // speed)
        assert ends is not None
        left -= (ends - now) * speed
        now = ends
    raise AssertionError("the last step of the network is down")


def end_with_paper(plan: Plan, start: int, work: int, paper: int) -> tuple[int, bool]:
    """Walks through the steps until the work is done, or goes on on paper from where the network is down."""
    steps: list[tuple[int, int, int]] = plan.network.tolist() or [(0, 1000, 0)]
    left, now = 1000 * work, start
    for (_, speed, _), following in zip(steps, [*steps[1:], None], strict=True):
        ends = following[0] if following else None
        if ends is not None and ends <= now:
            continue
        if not speed:
            return now - (-left // paper), True
        if ends is None or now - (-left // speed) <= ends:
            return now - (-left // speed), False
        left -= (ends - now) * speed
        now = ends
    return start + work, False


def visit_row(visit: Visit, departure: int, outcome: int) -> tuple[int, ...]:
    b: dict[str, Any] = visit.brings
    left = b["left"] if outcome in INCOMPLETE else 0 if outcome in DONE else b["dossiers"]
    row = {
        **b,
        "center": 0,
        "dossiers": b["dossiers"].bit_count(),
        "left": left.bit_count(),
        "entry": visit.entry,
        "departure": departure,
        "outcome": outcome,
    }
    return tuple(row[name] for name in VISITS.names or ())


def task_row(turn: Turn, position: dict[int, int]) -> tuple[int, ...]:
    official = NEVER if turn.official is None else turn.official.number
    return position[turn.visit.number], turn.kind, turn.place, official, turn.entry, turn.start, turn.end


def run(plan: Plan) -> Trace:
    """The trace of a plan, by the naive engine."""
    house, now = House(plan), -1
    while (now := house.next_instant(now)) < house.horizon:
        house.instant(now)
    return house.trace()
