"""A second engine, slow and obvious, for tests: from instant to instant over plain lists, clause by clause.

It shares with the reference only the plan, the people that both look up, and the shape of a trace.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sim.choice import goes_to, may_choose
from sim.lookup import People
from sim.officials import errs, is_away, is_weak, shifts_worked
from sim.outages import network_of
from sim.plan import BACK_OFFICE, Change, Kind, Plan, Rule
from sim.processing import in_units, work_of_step
from sim.programs import changes_of
from sim.streams import Stream, bits, counter, person, whole
from sim.trace import DECISIONS, TASKS, VISITS, Outcome, Trace
from sim.units import DAY, NEVER

INCOMPLETE = (Outcome.INCOMPLETE, Outcome.INCOMPLETE_AT_GUIDANCE)
Steps = list[tuple[int, int, int]]
"""Of a network: (time, permille, W), none where it is always up."""
DONE = (Outcome.SERVED, Outcome.ADVISED)
LAST: dict[int, int] = {Kind.RECORD: 100, Kind.CHECK: 101, Kind.STEP: 102, Kind.APPROVAL: 102}
"""The ranks of work that is done when nobody waits."""


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
    case: Turn | None = None
    claimed: int = 0

    def there(self, now: int) -> bool:
        """Idle and on duty."""
        return not self.busy and self.on_duty(now)

    def on_duty(self, now: int) -> bool:
        if not self.planned:
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
    host: Turn | None = None
    step: int = NEVER
    desk: bool = False
    left: int = 0
    speed: int = 0


@dataclass
class Visit:
    """``state``: coming, gate, waiting, served or gone; ``owed``: a result is due and not in hand."""

    number: int
    brings: dict[str, int]
    state: str = "coming"
    entry: int = NEVER
    owed: bool = False
    accepted: int = 0


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
        self.steps: list[Steps] = [network_of(plan, center).tolist() for center in range(len(plan.centers))]
        self.points = [Point() for _ in plan.points]
        self.limits = [0] * (2 * len(plan.points) + 3 * len(plan.centers))
        self.officials = [
            Official(
                n, int(row["place"]), int(row["skills"]), int(row["breadth"]), int(row["classes"]), int(row["speed"])
            )
            for n, row in enumerate(plan.officials)
        ]
        for one, row in zip(self.officials, plan.officials, strict=True):
            one.rule = {name: int(row[name]) for name in ("rule", "home", "high", "low", "travel")}
        self.published: list[tuple[int, int]] = []
        self.received_at: list[tuple[int, int, int]] = []
        self.decisions: list[tuple[int, int, int]] = []
        self.down = [False] * len(plan.centers)
        self.visits: list[Visit] = []
        self.turns: list[Turn] = []
        self.ended: list[tuple[int, ...]] = []
        self.rows: list[tuple[Visit, int, int]] = []
        self.over: list[Turn] = []

    # Which instants there are

    def next_instant(self, now: int) -> int:
        times = [
            self.horizon,
            *(time for time, *_ in (*self.changes, *(step for steps in self.steps for step in steps))),
        ]
        times += [day * DAY for day in range(len(self.plan.days))]
        if self.plan.rules.tick:
            times.append((now // int(self.plan.rules.tick) + 1) * int(self.plan.rules.tick))
        times += [visit.brings["arrival"] for visit in self.visits if visit.state in ("coming", "road")]
        times += [turn.end for turn in self.turns if turn.end != NEVER]
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
            for one in (turn, turn.host) if turn.host else (turn,):
                self.release(one, now)
            self.go_on(turn.host or turn, now, turn.visit.brings)

    def release(self, turn: Turn, now: int) -> None:
        official, turn.end = turn.official, now
        assert official is not None
        official.busy, official.case = False, None
        if official.began is None:
            official.began = now
        if official.paid_until is not None:
            official.overtime.append((self.month(now), now - max(turn.start, official.paid_until)))
        self.turns.remove(turn)
        self.over.append(turn)

    def month(self, now: int) -> int:
        return int(self.plan.days["month"][now // DAY])

    def go_on(self, turn: Turn, now: int, brings: dict[str, int]) -> None:
        """What follows a task that is done."""
        visit, kind = turn.visit, turn.kind - self.plan.fields
        if kind == Kind.RECORD:
            return
        if kind == Kind.CHECK:
            self.accept(visit, now)
            self.leave(visit, now, brings["outcome"])
            return
        if turn.desk:
            self.next_step(visit, turn.step + 1, now)
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
        self.accept(visit, now)
        visit.owed = brings["signature"] != NEVER and outcome == Outcome.SERVED
        if visit.owed and now % DAY <= self.plan.rules.cut_off:
            kind = self.plan.fields + Kind.SIGNATURE
            self.join(Turn(visit, self.leaders(visit), kind, False, brings["signature"], now))
        else:
            self.leave(visit, now, outcome)

    # The back office

    def accept(self, visit: Visit, now: int) -> None:
        """What was accepted becomes a case, if there is anything to do with it."""
        brings, row = visit.brings, self.plan.procedures[visit.brings["procedure"]]
        if brings["purpose"] == 0 and brings["outcome"] in {Outcome.SERVED, Outcome.INCOMPLETE}:
            visit.accepted = brings["dossiers"] & ~(brings["left"] if brings["outcome"] == Outcome.INCOMPLETE else 0)
            if visit.accepted and row["first_step"] < row["last_step"]:
                self.next_step(visit, int(row["first_step"]), now)

    def file(self, visit: Visit, now: int) -> None:
        """What comes from home waits to be checked."""
        visit.state, row = "filed", self.plan.procedures[visit.brings["procedure"]]
        place, kind = 2 * visit.brings["point"], self.plan.fields + Kind.CHECK
        turn = Turn(visit, place, kind, bool(row["network"]), 0, now, classless=True, desk=True)
        turn.left = in_units(visit.brings["work"])
        self.turns.append(turn)

    def next_step(self, visit: Visit, step: int, now: int) -> None:
        """A case waits for its next step, or is ready."""
        brings, plan = visit.brings, self.plan
        row = plan.procedures[brings["procedure"]]
        if step == row["last_step"]:
            self.set_out(visit, now, brings["outcome"], ready=True)
            return
        field, kind, network = int(plan.steps["field"][step]), plan.fields + Kind.STEP, bool(row["network"])
        if field == NEVER:
            place, kind, network = self.leaders(visit), plan.fields + Kind.APPROVAL, False
        else:
            place = 2 * int(plan.offices[brings["point"], field])
        turn = Turn(visit, place, kind, network, 0, now, classless=True, step=step, desk=True)
        case = {**brings, "dossiers": visit.accepted}
        with np.errstate(over="ignore"):
            turn.left = work_of_step(plan, case, step)
        self.turns.append(turn)

    def leaders(self, visit: Visit) -> int:
        """The place of the leaders of the center to whose point somebody came."""
        return 2 * len(self.points) + 3 * int(self.plan.points["center"][visit.brings["point"]])

    def put_aside(self, official: Official, now: int) -> None:
        """A stretch is over; the step waits again."""
        turn = official.case
        assert turn is not None
        self.over.append(replace(turn, end=now))
        turn.left -= work_passed(self.steps_of(turn), turn.start, now) * turn.speed
        turn.official, turn.start, turn.end = None, NEVER, NEVER
        official.case, official.busy = None, False

    def work_on(self, turn: Turn, official: Official, now: int) -> None:
        field, turn.speed = self.field_of(turn), official.speed
        with np.errstate(over="ignore"):
            if field != NEVER and is_weak(self.plan, official.number, field):
                turn.speed = max((official.speed * int(self.plan.rules.weak_speed) + 500) // 1000, 1)
        official.case, needed = turn, -(-turn.left // turn.speed)
        turn.end = end_of_passing(self.steps_of(turn), now, needed)

    def field_of(self, turn: Turn) -> int:
        """The field of what is worked on at a desk, NEVER of a leader."""
        if turn.step == NEVER:
            return int(self.plan.procedures["field"][turn.visit.brings["procedure"]])
        return int(self.plan.steps["field"][turn.step])

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
        for center, steps in enumerate(self.steps):
            for speed in [speed for time, speed, _ in steps if time == now]:
                self.down[center] = speed == 0

    # Networks

    def center_of(self, turn: Turn) -> int:
        """By whose network a turn goes: of a consultation, that of the point where the citizen sits."""
        return int(self.plan.points["center"][(turn.host or turn).place // 2])

    def steps_of(self, turn: Turn) -> Steps:
        return self.steps[self.center_of(turn)] if turn.network else []

    def waits_for_network(self, turn: Turn) -> bool:
        return turn.network and self.down[self.center_of(turn)]

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
        receiving = [one for one in self.officials if one.on_duty(now) and one.classes & ~BACK_OFFICE]
        self.published = [(waiting[p], sum(one.place == 2 * p for one in receiving)) for p in range(last)]
        for one in [one for one in self.officials if one.rule["rule"]]:
            if one.due is not None:
                if now >= one.due:
                    one.due = None
                    self.move(one, one.target, now)
                continue
            first, end = self.plan.centers["points"][self.plan.officials["center"][one.number]].tolist()
            place = self.wanted(one, waiting, sent, now, range(first, end))
            if place == one.place:
                continue
            ways = [p // 2 for p in (one.place, place) if p // 2 < last]
            for point in ways:
                sent[point] += 1
            self.decisions.append((now, one.number, place))
            if one.rule["travel"] and len(ways) == 2:
                one.due, one.target, place = now + one.rule["travel"], place, 2 * last + 1
            self.move(one, place, now)

    def wanted(self, one: Official, waiting: list[int], sent: list[int], now: int, own: range) -> int:
        """Where an official's rule would have them, among the points of their own center."""
        home, high, last = one.rule["home"], one.rule["high"], len(waiting)
        if one.rule["rule"] == Rule.OPEN and not sent[home // 2]:
            if one.place == home:
                return 2 * last + 1 if waiting[home // 2] <= one.rule["low"] else home
            return home if waiting[home // 2] >= high else one.place
        if one.rule["rule"] == Rule.FLOAT and one.place // 2 < last:
            most = max(own, key=lambda point: (waiting[point], -point))
            return 2 * most if waiting[most] - waiting[one.place // 2] >= high and not sent[most] else one.place
        if one.rule["rule"] == Rule.TOMORROW and now % DAY == 0:
            means = {point: mean for point in own if (mean := self.last_mean(point, now)) >= high}
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
        at = counter(np.array([int(self.plan.officials["key"][official]) + person(0, day, 0, 0)]), 0)
        number = int(whole(bits(self.plan.keys[Stream.STORM_AWAY], at))[0])
        return bool(self.plan.days["storm"][day]) and number < int(self.plan.officials["storm"][official])

    def move(self, official: Official, place: int, now: int) -> None:
        if official.case:
            self.put_aside(official, now)
        official.place = place
        if official.since is not None:
            official.since = now

    def stay(self, official: Official, most: int, now: int) -> None:
        official.paid_until, month = now, self.month(now)
        if official.case:
            self.put_aside(official, now)
        in_month = sum(ms for at, ms in official.overtime if at == month)
        in_year = sum(ms for at, ms in official.overtime if at // 12 == month // 12)
        rules = self.plan.rules
        if in_month + most > rules.month_limit or in_year + most > rules.year_limit:
            self.duty(official, False, now)

    def send_home(self, point: int, now: int) -> None:
        self.points[point].at_home = True
        for turn in [turn for turn in self.turns if turn.official is None and turn.visit.brings["point"] == point]:
            if turn.kind - self.plan.fields < Kind.RECORD:
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
        if official.case and not begins:
            self.put_aside(official, now)
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
            if visit.state == "coming" and visit.brings["arrival"] > now:
                break
            if visit.state in {"gate", "coming"} or (visit.state == "road" and visit.brings["arrival"] == now):
                self.at_the_door(visit, now)

    def at_the_door(self, visit: Visit, now: int) -> None:
        if self.plan.channels["checking"][visit.brings["channel"]] != NEVER and visit.brings["purpose"] == 0:
            self.file(visit, now)
            return
        if visit.state == "coming" and self.sets_out(visit, now):
            return
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

    def sets_out(self, visit: Visit, now: int) -> bool:
        """To another point, where less is to be waited."""
        rules, brings = self.plan.rules, visit.brings
        with np.errstate(over="ignore"):
            looks = rules.chooses and not brings["carried"] and not brings["collects"] and may_choose(self.plan, brings)
        if not looks or now + rules.way >= self.horizon:
            return False
        field, own = int(self.plan.procedures["field"][brings["procedure"]]), brings["point"]
        costs = {
            point: waiting * int(rules.each) // max(there, 1) + (point != own) * int(rules.way)
            for point, (waiting, there) in enumerate(self.published)
            if point == own or (there and self.plan.routes[point, field] == point)
        }
        best = min(costs, key=lambda point: (costs[point], point != own, point))
        if best == own:
            return False
        visit.state = "road"
        with np.errstate(over="ignore"):
            goes_to(self.plan, brings, best, now + int(rules.way))
        return True

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
            waiting.sort(key=lambda turn: (bool(turn.host), self.rank(turn), turn.entry, turn.visit.number))
            pair = next(((turn, one) for turn in waiting for one in self.who_may(turn, now)), None)
            if pair is None:
                return
            turn, official = pair
            if official.case:
                self.put_aside(official, now)
            else:
                official.claimed = official.since if official.since is not None else now
            turn.official, turn.start = official, now
            official.busy, official.since = True, None
            if turn.desk:
                self.work_on(turn, official, now)
                continue
            if turn.kind != self.plan.fields + Kind.RECORD:
                turn.visit.state = "served"
            if turn.kind < self.plan.fields:
                self.received_at.append((now, turn.visit.brings["point"], now - turn.entry))
            if self.asks(turn, official):
                self.ask(turn, now)
            else:
                self.begin(turn, official, now)

    def begin(self, turn: Turn, official: Official, now: int) -> None:
        """Of a consultation, all three begin."""
        host = turn.host.official if turn.host else None
        speed = host.speed if host else self.speed(turn, official)
        needed = max((1000 * turn.work + speed // 2) // speed, 1)
        if host:
            turn.end = end_of_work(self.steps_of(turn), now, needed + int(self.plan.rules.set_up))
        else:
            turn.end = self.end(turn, now, needed)

    def asks(self, turn: Turn, official: Official) -> bool:
        """Whether a specialist is asked over a link."""
        if turn.kind >= self.plan.fields:
            return False
        center = self.center_of(turn)
        if not int(self.plan.centers["consulted"][center]) >> turn.kind & 1 or self.down[center]:
            return False
        with np.errstate(over="ignore"):
            return is_weak(self.plan, official.number, turn.kind)

    def ask(self, turn: Turn, now: int) -> None:
        assert turn.official is not None
        asked = self.plan.centers["asked"][self.center_of(turn)]
        kind, place = self.plan.fields + Kind.CONSULTATION, 2 * len(self.points) + 3 * int(asked) + 2
        self.turns.append(Turn(turn.visit, place, kind, True, turn.work, now, host=turn))

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
        paper = int(self.plan.rules.paper)
        if not turn.network or not paper or turn.kind >= self.plan.fields:
            return end_of_work(self.steps_of(turn), now, needed)
        end, turn.on_paper = end_with_paper(self.steps_of(turn), now, needed, paper)
        return end

    def rank(self, turn: Turn) -> int:
        if turn.kind == self.plan.fields + Kind.COLLECTION:
            return -1
        kind = turn.kind - self.plan.fields
        if kind in LAST:
            return LAST[kind]
        return int(self.plan.priorities["value"][0, turn.visit.brings["priority"]])

    def who_may(self, turn: Turn, now: int) -> list[Official]:
        """The idle officials who may serve a waiting turn, best first; none without a counter or network."""
        if turn.desk:
            return self.who_may_process(turn, now)
        by_procedure = turn.classless or turn.host
        skill = int(self.plan.procedures["field"][turn.visit.brings["procedure"]]) if by_procedure else turn.kind
        able = [
            one
            for one in self.officials
            if one.place == turn.place and one.skills >> skill & 1
            if (one.classes & ~BACK_OFFICE if turn.classless else one.classes >> turn.visit.brings["priority"] & 1)
        ]
        idle = sorted((one for one in able if one.there(now)), key=lambda one: (one.breadth, one.since, one.number))
        if turn.kind != self.plan.fields + Kind.RECORD:
            at_desk = [one for one in able if one.case]
            idle += sorted(at_desk, key=lambda one: (one.breadth, one.claimed, one.number))
        return [] if not idle or self.held(turn) or self.is_full(turn.place) else idle

    def is_full(self, place: int) -> bool:
        """Whether all counters of a place are taken."""
        busy = sum(one.official is not None and not one.desk and one.place == place for one in self.turns)
        return busy >= self.limits[place]

    def who_may_process(self, turn: Turn, now: int) -> list[Official]:
        """The idle officials of the back office who may do a step, best first."""
        field = self.field_of(turn)
        skill = self.plan.fields + Kind.SIGNATURE if field == NEVER else field
        able = [
            one
            for one in self.officials
            if one.there(now) and one.place == turn.place and one.skills >> skill & 1
            if one.classes & BACK_OFFICE and one.paid_until is None and not self.waits_for_network(turn)
        ]
        return sorted(able, key=lambda one: (one.breadth, one.since, one.number))

    def held(self, turn: Turn) -> bool:
        rules, down = self.plan.rules, self.waits_for_network(turn)
        if turn.host:
            return down
        if turn.kind == self.plan.fields + Kind.RECORD:
            return down or bool(rules.records_after_hours and self.points[turn.place // 2].opened)
        return down and not rules.starts_while_down and not rules.paper

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
            self.set_out(visit, now, outcome)

    def set_out(self, visit: Visit, now: int, outcome: int, ready: bool = False) -> None:
        b = visit.brings
        known = [b[name] for name in ("citizen", "rank", "visit", "attempt", "dossiers", "left", "channel", "purpose")]
        self.ended.append((*known, outcome, now, visit.owed and not ready, b["collects"], ready))

    # The trace

    def trace(self) -> Trace:
        inside = [one for one in self.visits if one.state in ("gate", "waiting", "served", "filed", "road")]
        rows = [*self.rows, *((one, NEVER, Outcome.IN_SYSTEM) for one in inside)]
        rows.sort(key=lambda row: (row[0].brings["citizen"], row[0].brings["visit"]))
        position = {row[0].number: n for n, row in enumerate(rows)}
        for turn in self.turns:
            turn.end = NEVER
        turns = [*self.over, *self.turns]
        turns.sort(key=lambda turn: (position[turn.visit.number], turn.entry, turn.kind, turn.start))
        return Trace(
            np.array([visit_row(self.plan, *row) for row in rows], VISITS),
            np.array([task_row(turn, position) for turn in turns], TASKS),
            shifts_worked(self.plan),
            int(self.horizon),
            int(self.plan.rules.warmup),
            np.array(self.decisions, DECISIONS),
        )


def patience_ends(visit: Visit) -> int:
    return visit.entry + visit.brings["patience"]


def end_of_work(steps: Steps, start: int, work: int) -> int:
    """Walks through the steps of a network until the work is done."""
    return end_of_passing(steps, start, 1000 * work)


def end_of_passing(steps: Steps, start: int, needed: int) -> int:
    """Walks through the steps of a network until so much of W has passed."""
    if not steps:
        return start - (-needed // 1000)
    left, now = needed, start
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


def work_passed(steps: Steps, start: int, end: int) -> int:
    """Walks through the steps of a network from one time to another: how much of W has passed."""
    steps, passed = steps or [(0, 1000, 0)], 0
    for (begins, speed, _), following in zip(steps, [*steps[1:], None], strict=True):
        ends = min(following[0], end) if following else end
        passed += max(ends - max(begins, start), 0) * speed
    return passed


def end_with_paper(steps: Steps, start: int, work: int, paper: int) -> tuple[int, bool]:
    """Walks through the steps until the work is done, or goes on on paper from where the network is down."""
    steps, left, now = steps or [(0, 1000, 0)], 1000 * work, start
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


def visit_row(plan: Plan, visit: Visit, departure: int, outcome: int) -> tuple[int, ...]:
    b: dict[str, Any] = visit.brings
    number = int(plan.centers["number"][b["rank"] >> 40])
    left = b["left"] if outcome in INCOMPLETE else 0 if outcome in DONE else b["dossiers"]
    row = {
        **b,
        "center": number,
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
