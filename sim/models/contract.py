"""What happens at an instant: the page that every engine obeys. ``CLAUSES`` has one test case each.

Events at one instant are applied by rank, each rank complete before the next; within a rank they commute.
"""

from __future__ import annotations

from enum import IntEnum


class Rank(IntEnum):
    """The order of events at one instant."""

    COMPLETION = 0
    CHANGE = 1
    ARRIVAL = 2
    RENEGE = 3
    DISPATCH = 4
    AFTERWARDS = 5


CLAUSES: dict[str, str] = {
    # Time and work
    "time": "Time is int64 milliseconds from the scenario's first midnight. Work, patience and travel are at "
    "least 1 ms. The horizon is exclusive: what would happen at it does not happen.",
    "work": "A task at an official of speed p permille takes (1000 * work + p // 2) // p ms, at least 1.",
    "network": "The speed of the network is a step function fixed before the run, W its integral. A task that "
    "needs it, starts at s and has work w ends at the first t with W(t) >= W(s) + 1000 * w; no event happens in "
    "between. A task that does not need it ends at s + w. The last step is up, and goes on.",
    "down": "While the speed of the network is 0 a task that needs it waits in the queue, and others pass it; where "
    "starts_while_down is declared it may start, and its citizen sits at the counter.",
    "finish": "The end of a shift or a break cuts no service: it is finished, and what lies beyond the shift is "
    "overtime of that official.",
    "break": "A break lies between two shifts of an official on one day. It begins late if a service runs into it. "
    "One that begins late ends on time; declared in_full, it lasts as long as it was planned to, and if it lasts "
    "to the end of the shift after it, that shift is missed.",
    # An instant
    "ranks": "At one instant: completions; calendar and network changes; returns and arrivals; reneging. Then one "
    "dispatch pass. Then those who entered at this instant, still wait and have no seat, balk, last id first.",
    "pass": "A dispatch pass happens if and only if at the instant somebody began or ceased to wait, a service ended, "
    "an official came on duty, or counters or the network changed. A stale timer is no change.",
    "order": "The waiting task with the smallest (rank of its class, time it joined the queue, id) that has an idle "
    "eligible official and a free counter at its place is called; and so on until there is none. The id of a visit "
    "is its position in the order in which visits are looked up: by day, carried over first, arrival, citizen.",
    "choice": "It goes to the eligible idle official with the fewest skills, then longest idle, then lowest id. "
    "An official is eligible by field, class and place, and idle since they came on duty or their last service "
    "ended, whichever is later.",
    "renege": "Patience runs on the clock from the door. When it ends while the citizen waits, they leave; when "
    "it ends during guidance, they leave at the moment they would wait again. Patience that ends at the instant of "
    "a call is too late: the citizen is gone. Time at the gate does not count.",
    "seats": "Seats count waiting people only, at both queues of the point; who comes from the guide needs no new one.",
    "reduction": "Fewer counters cut no service: a place is over its number until services end.",
    # People
    "identity": "A citizen is (center, day, half-hour, k); their number is the Poisson quantile of one keyed "
    "uniform and the arrival a keyed uniform in the half-hour: more demand adds people and keeps the others.",
    "saturday": "Whoever would rather come on an opened Saturday of the week is decided by a keyed uniform.",
    "visit": "A visit is one reception task: greeting, the overhead of its channel, and the sum over its dossiers, "
    "all of one procedure. It is incomplete if any dossier is, and only those come back.",
    "guide": "A guide finds a share of the incomplete dossiers and mends a share of those; the rest of those found "
    "go home from the guide. A visit none of whose dossiers is left ends there; a question is answered there; who "
    "collects a result passes by.",
    "returns": "Who left with something incomplete, and who left unserved, come back with their probabilities, on a "
    "later working day, until they have made the most visits allowed.",
    "gate": "People may stand at the gate before the first opening of the day; they enter when it opens, by id, "
    "before who arrives at that instant. Who comes at the closing or later, or when the tickets of the day are out, "
    "is turned away.",
    "closing": "serve_out: officials whose shift ends with the door stay until the cap, then who waits is turned "
    "away. send_home: who waits at the closing is turned away. carry_over: their visit ends, and another opens at "
    "the first opening of the next day that has one, in front of its class, if they may come again. Who would begin "
    "to wait after that moment leaves likewise. Where that moment is also an opening, it comes first. Who leaves at "
    "midnight leaves on the day that ends.",
    "outcome": "Each visit has exactly one outcome.",
    "rows": "Rows of a trace are in the order (center, citizen, visit, task).",
}
