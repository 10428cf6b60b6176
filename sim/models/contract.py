"""What happens at an instant: the page that every engine obeys. ``CLAUSES`` has one test case each.

Events at one instant are applied by rank, each rank complete before the next; within a rank they commute.
"""

from __future__ import annotations

from enum import IntEnum


class Rank(IntEnum):
    """The order of events at one instant."""

    COMPLETION = 0
    CHANGE = 1
    BOARD = 2
    GATE = 3
    ARRIVAL = 4
    RENEGE = 5
    DISPATCH = 6
    AFTERWARDS = 7


CLAUSES: dict[str, str] = {
    # Time and work
    "time": "Time is int64 milliseconds from the scenario's first midnight. Work, patience and travel are at "
    "least 1 ms. The horizon is exclusive: what would happen at it does not happen.",
    "work": "A task at an official of speed p permille takes (1000 * work + p // 2) // p ms, at least 1.",
    "speed": "A change of an official's speed holds for what they start from that instant on.",
    "weak": (
        "In a field that does not suit an official, by what is said of them or by a keyed uniform of the two, their "
        "speed is (p * weak_speed + 500) // 1000 permille. Of the visits to submit that they receive there and that "
        "would be served, those with a keyed uniform below errs are taken in wrongly: all their dossiers come back "
        "incomplete."
    ),
    "consultation": (
        "In a field that does not suit an official and in which a specialist may be asked over a link, the official "
        "asks, unless the network is down when the citizen is called: both wait for a specialist, who has the skill "
        "for the field and serves the class, at a place that all points share, and no shift end interrupts them. "
        "Specialists are called after all others of an instant. From then on all three are busy for set_up and the "
        "work at the speed that the official has then; it needs the network and is not done on paper, nothing is taken "
        "in wrongly, and it ends for all at once. The network is that of the point where the citizen sits, whatever "
        "specialists have: while it is down, who asks from there waits, and who asks from elsewhere passes them."
    ),
    "network": "Each center has a network of its own. Its speed is a step function fixed before the run, W its "
    "integral. A task that needs it, starts at s and has work w ends at the first t with W(t) >= W(s) + 1000 * w; no "
    "event happens in between. A task that does not need it ends at s + w. The last step is up, and goes on. What is "
    "done at a point goes by the network of its center, whoever does it and wherever they are sent meanwhile: "
    "reception, what is typed in, checks and steps. Networks that change at one instant do so in the order of centers.",
    "down": "While the speed of its network is 0 a task that needs it waits in the queue, and others pass it; where "
    "starts_while_down is declared it may start, and its citizen sits at the counter.",
    "paper": (
        "Where paper is declared, no task of a citizen waits for the network. One that starts while it is down, or "
        "runs when it goes down, is done on paper from then on and to its end, what is left of its work at paper "
        "permille: it ends at the first t with (t - u) * paper >= 1000 * w - (W(u) - W(s)), u the later of its "
        "start and that outage."
    ),
    "record": (
        "What was taken on paper and accepted is typed in, record ms a dossier: one task, for whoever at the "
        "counters of the point has the skill for its field, of any class, after all who wait. It joins the queue "
        "when the service ends, needs the network, and waits while that is down; where it is done after hours, "
        "while the door is open. Nobody waits for it, no seat is taken and the closing does not end it."
    ),
    "step": (
        "What is accepted at a visit and has steps in the back office is a case from the end of its reception on: "
        "its steps one after the other, each by somebody of the back office who has the skill for its field at the "
        "point of the field's office, or by a leader, of any class, after all who wait and all that is to be typed in. "
        "No counter is taken. A step whose procedure needs the network waits while it is down; a leader's is in no "
        "field and never does. It is worked at in stretches: one by an official of speed p that starts at s ends at "
        "the first t with p * (W(t) - W(s)) >= r, r the work that is left of 1000000 parts for each ms; W(t) is "
        "1000 t where the network is not needed. The work of a step is at most 2^42 ms."
    ),
    "aside": (
        "An official at work on a case is called by whoever waits to be received, to be handed a result or for a "
        "leader, if a counter is free and no idle official is eligible: chosen among those by the claim they had when "
        "they were idle. The case is put aside; so it is when the official goes off duty or elsewhere, and after the "
        "last shift of a day, when they stay for the door alone. What is put aside waits again, with the work that is "
        "left, in its old place for whoever is free first."
    ),
    "file": (
        "What is filed online from home is checked by somebody of the back office, who has the skill for its field, "
        "at the point of the field's office: as a step, before all others, of any class. It waits from when it is "
        "filed, on a day to which somebody was carried over from when those come. There is no visit to a hall: no "
        "gate, ticket, seat, patience or way. What lacks something is sent back as its check ends, and filed again "
        "like an incomplete visit; the rest is accepted then."
    ),
    "fetch": (
        "The result of a case is ready when its last step ends; at midnight, on the day that begins. Whether its "
        "citizen comes for it is decided by a keyed uniform of theirs, and who filed from home never does: on a later "
        "working day, past the guide, as if it were owed. Those visits are numbered apart from the others, as many are "
        "allowed for each result."
    ),
    "finish": "The end of a shift or a break cuts no service: it is finished, and what lies beyond the shift is "
    "overtime of that official.",
    "break": "A break lies between two shifts of an official on one day. It begins late if a service runs into it. "
    "One that begins late ends on time; declared in_full, it lasts as long as it was planned to, and if it lasts "
    "to the end of the shift after it, that shift is missed.",
    "causes": "The speed of the network is at each instant the least of all causes: its windows; the outages of the "
    "center, of the province and of the portal, each up and down in turn from the first midnight on; and half days of "
    "storms. What is of the province is keyed by its number and that of the portal by none, so that centers share it.",
    "storm": "Storms are decided before the run: a storm lasts on its dates, and for its length from each day on which "
    "one begins, by a keyed uniform of the province and the day. Meanwhile factor times as many want to come. Of whom "
    "that keeps away the share come_later is added to those who want to come on the next day on which people come "
    "and no storm lasts; who comes again, or moved to Saturday, is not kept. It takes the network down for half a day "
    "by a keyed uniform of the province and the half day.",
    "away": "Whether an official does not come is asked when a shift begins and holds until the next: kept by a storm, "
    "on a day of one, by a keyed uniform of the official and the day; called away, by a keyed uniform of the official "
    "and half of the day; or absent, where a spell began, by keyed uniforms of the official and each day, on one of "
    "the last days that a spell lasts. A planned change of overtime counts only for who comes.",
    "move": "An official who is sent to another place leaves it when idle at once, and is idle there from then on; "
    "whom they serve they serve to the end where they are.",
    "law": "When the shifts of a day are over an official stays for the door only if the overtime of this month, and "
    "of this year, and the most they may stay do not exceed the limits. Overtime is what they work after that instant, "
    "counted in the month in which the task ends, and what is planned.",
    "board": (
        "Where an official goes by a rule, or citizens choose, boards are published at every tick from the first "
        "midnight on, after the other changes of the instant: by point the people waiting at its counters, the "
        "officials on duty there who receive, and of the last day on which anybody was received how long they waited "
        "there and how many they were. At each board the officials decide by their numbers, each seeing whom it has "
        "sent before: their rule gives them a place."
    ),
    "rules": (
        "OPEN: from aside to home where high people wait there, and aside again where no more than low do, one "
        "official a point and board. FLOAT: from a point to the one where most wait, the first of several, if that "
        "is at least high more than where they are and nobody was sent there at this board. TOMORROW: at midnight, "
        "to the point with the longest mean wait of that day, the first of several, if it is at least high; else "
        "home. OWN: to the point that a function of somebody's own says, which is given where they are, their home, "
        "this board with whom it has sent before, and the time. Who has a way to go is aside until the first board at "
        "which it is over, and decides nothing meanwhile."
    ),
    "point": (
        "Where citizens choose, somebody who is not held over and fetches nothing looks, by a keyed uniform of theirs, "
        "at the last board when they would arrive at their point. A point costs each * people waiting // officials on "
        "duty, and way where it is another than theirs; one with nobody on duty, or where their field is not received, "
        "is out. They go where it costs least, their own first, then the lowest. To another they set out then, arrive "
        "way later, before who comes from home at that instant, and travel 2 * way more; who would not arrive before "
        "the horizon stays."
    ),
    # An instant
    "ranks": "At one instant: completions; calendar and network changes; boards; returns and arrivals; reneging. Then "
    "one dispatch pass. Then those who entered at this instant, still wait and have no seat, balk, last id first.",
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
    "seats": "Seats count waiting people only, at both queues of the point, and those whose result is not being handed "
    "over yet; who comes from the guide or the counter needs no new one.",
    "reduction": "Fewer counters cut no service: a place is over its number until services end.",
    # People
    "identity": "A citizen is (center, day, half-hour, k); their number is the Poisson quantile of one keyed "
    "uniform and the arrival a keyed uniform in the half-hour: more demand adds people and keeps the others.",
    "saturday": "Whoever would rather come on an opened Saturday of the week is decided by a keyed uniform.",
    "visit": "A visit is one reception task: greeting, the overhead of its channel, and the sum over its dossiers, "
    "all of one procedure. It is incomplete if any dossier is, and only those come back. A class of bulk filers is of "
    "those who bring so many dossiers to their first visit, on all their visits, and are of no class called before.",
    "guide": "A guide finds a share of the incomplete dossiers and mends a share of those; the rest of those found "
    "go home from the guide. A visit none of whose dossiers is left ends there; a question is answered there; who "
    "collects a result passes by, and who comes in when nobody guides. Who stands at the desk when the last guide goes "
    "waits until somebody guides again, or is sent home.",
    "result": "Where a result is made on the spot, what was received whole by the cut-off of the day goes to the "
    "leaders, who sign in the order of visits, and is then handed over by whoever at the counters of the point has the "
    "skill for its field, of any class, before all who wait. The citizen stays, without losing patience. Who is owed a "
    "result when they leave, because it was too late or those who waited were sent home, comes for it on the next "
    "working day, past the guide, if they may come again.",
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
    "rows": "Rows of a trace are in the order (center, citizen, visit, task), tasks by entry, then kind, the stretches "
    "of a step by their start and what waits of it before them.",
}
