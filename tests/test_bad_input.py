"""What a person gets wrong, and the line that says so: key, what was given, what was wanted, nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import policies
from sim.door import groups, load, sweep
from sim.faults import BadInput

CENTERS, POLICIES, EXPERIMENTS, CALENDARS = (
    ", ".join(groups()[name]) for name in ("center", "policy", "experiment", "calendar")
)
KNOWN_POLICIES = ", ".join(policies.POLICIES)
KINDS = "exponential, lognormal, gamma, erlang, hyperexponential, uniform, triangular, deterministic, empirical"
HALL_STAFF = "certification, specialists, point_2, point_3"
QUOTES = "text with spaces, diacritics or signs wants quotes of its own inside the shell's"
NO_CODE = "_target_ is refused: a scenario holds values, never code"
NO_HYDRA = "Hydra's own settings cannot be changed: results go where out=DIR says"
NO_OPTION = "is no option of this program's; wanted KEY=VALUE, see --help"
A_FIELD = "wanted a field of this scenario: certification, civil_status, business, land, social, construction"
A_POINT = "wanted a point of this scenario: hall, point_2, point_3"
BEYOND = "overtime.beyond: true"
NO_SKILL = "no group of officials has the skill: wanted it under staff.*.skills"

SEEN, LOW = "observed.people_in_three_days", "observed.x.low: given 9, wanted at most high, which is 3"
OBSERVABLE = "wanted a metric of the summary, dossiers, or a count with _per_day"

# One row a bad input: the override, then every line of the answer.
OVERRIDES = [
    # Typos, also behind +, ++ and ~
    ("dayss=3", "dayss: unknown key (did you mean days?)"),
    ("+dayss=3", "dayss: unknown key (did you mean days?)"),
    ("++dayss=3", "dayss: unknown key (did you mean days?)"),
    ("~dayss", "dayss: unknown key (did you mean days?)"),
    ("targts=hcmc_20", "targts: unknown key (did you mean targets?)"),
    ("arivals.per_day=3", "arivals.per_day: unknown key arivals (did you mean arrivals?)"),
    (
        "staff.certifcation.count=3",
        (
            f"staff.certifcation.count: unknown name certifcation, wanted one of {HALL_STAFF}, "
            "or a new one as +staff.certifcation={…} (did you mean certification?)"
        ),
    ),
    (
        "+staff.certifcation.count=3",
        (
            f"staff.certifcation.count: unknown name certifcation, wanted one of {HALL_STAFF}, "
            "or a new one as +staff.certifcation={…} (did you mean certification?)"
        ),
    ),
    (
        "++staff.certifcation.count=3",
        (
            f"staff.certifcation.count: unknown name certifcation, wanted one of {HALL_STAFF}, "
            "or a new one as +staff.certifcation={…} (did you mean certification?)"
        ),
    ),
    (
        "~staff.certifcation",
        (f"staff.certifcation: unknown name certifcation, wanted one of {HALL_STAFF} (did you mean certification?)"),
    ),
    (
        "procedures.land.service.means=3",
        "procedures.land.service.means: unknown key, wanted one of kind, mean, cv (did you mean mean?)",
    ),
    (
        "procedures.land.service={kind: exponential, mean: 3, cv: 2}",
        "procedures.land.service.cv: unknown key, wanted one of kind, mean",
    ),
    (
        "procedures.land.service={kind: lognorml, mean: 3, cv: 1}",
        f"procedures.land.service.kind: given 'lognorml', wanted one of {KINDS} (did you mean lognormal?)",
    ),
    ("procedures.land.service={mean: 3}", f"procedures.land.service.kind: is missing, wanted one of {KINDS}"),
    (
        "+calendar.hours.mo=[07:30-11:30]",
        "calendar.hours.mo: unknown key, wanted one of mon, tue, wed, thu, fri, sat, sun (did you mean mon?)",
    ),
    (
        "+calendar.shifts_on={tue: {early: ['09:00-12:00']}}",
        "calendar.shifts_on.tue.early: given 'early', wanted a shift of this scenario: none is defined",
    ),
    ("+calendar.shifts_on={sat: {}}", "calendar.shifts_on.sat: given 'sat', wanted mon or tue or wed or thu or fri"),
    # Choices
    (
        "center=cam_dung",
        (f"center: given cam_dung, wanted one of {CENTERS}, or a file PATH.yaml (did you mean cam_duong?)"),
    ),
    ("calendar=closed", f"calendar: given closed, wanted one of {CALENDARS}"),
    (
        "policy=weekend_hour",
        f"policy: given weekend_hour, wanted one of {POLICIES} (did you mean weekend_hours?)",
    ),
    (
        "policy=[guidance_desk,xyz]",
        f"policy: given xyz, wanted one of {POLICIES}",
    ),
    (
        "policy=[weekend_hours,weekend_hours]",
        "policy: given [weekend_hours,weekend_hours], a policy is repeated: wanted each at most once",
    ),
    ("+experiment=first", f"experiment: given first, wanted one of {EXPERIMENTS}"),
    ("+center=go_vap", "+center: is chosen already: wanted center=CHOICE"),
    ("~center", "~center: a group cannot be removed: wanted center=CHOICE"),
    (
        "+policy.weekend={}",
        "policy.weekend: unknown key (did you mean weekend_hours?)",
    ),
    (
        "policy.weekend_hours.moves=0.1",
        (
            "policy.weekend_hours.moves: given 0.1, wanted policy=weekend_hours with it: "
            "no scenario here has this policy"
        ),
    ),
    # Numbers
    ("demand=nan", "demand: given nan, wanted a finite number"),
    ("demand=inf", "demand: given inf, wanted a finite number"),
    ("demand=1e400", "demand: given inf, wanted a finite number"),
    ("demand=-1", "demand: given -1, wanted at least 0"),
    ("demand=two", "demand: given 'two', wanted a number"),
    ("demand=", "demand: given '', wanted a number"),
    ("demand=[1]", "demand: given [1], wanted a number"),
    ("days=30.5", "days: given 30.5, wanted a whole number"),
    ("days=0", "days: given 0, wanted at least 1"),
    ("points.hall.counters=true", "points.hall.counters: given True, wanted a whole number"),
    ("points.hall.counters=-2", "points.hall.counters: given -2, wanted at least 0"),
    ("confidence=95", "confidence: given 95, wanted at most 0.9999"),
    ("replications=0", "replications: given 0, wanted at least 1"),
    ("seed=-1", "seed: given -1, wanted at least 0"),
    ("opening=maybe", "opening: given 'maybe', wanted true or false"),
    ("name=3", "name: given 3, wanted text"),
    ("engine=fast", "engine: given 'fast', wanted auto or compiled or reference"),
    ("targets.items.0.at_most=abc", "targets.items.0.at_most: given 'abc', wanted a number"),
    ("targets.items.7.at_most=3", "targets.items.7.at_most: given 7, wanted a position from 0 to 1"),
    ("demand.x=3", "demand.x: there is nothing below demand, which is 1.0"),
    ("procedures.land.service=3", "procedures.land.service: given 3, wanted keys and values"),
    ("arrivals.rate_per_hour=-5", "arrivals.rate_per_hour: given -5, wanted at least 0"),
    # Times
    (
        "calendar.hours.mon=[9:30]",
        "calendar.hours.mon.0: given '9:30', wanted a quoted span such as \"07:30-11:30\"",
    ),
    ("calendar.hours.mon=07:30-11:30", "calendar.hours.mon: given '07:30-11:30', wanted a list"),
    (
        "calendar.hours.mon=[11:30-07:30]",
        "calendar.hours.mon.0: given '11:30-07:30', the end must come after the start",
    ),
    (
        "+calendar.shifts={early: [07:30-11:30,11:00-12:00]}",
        "calendar.shifts.early: given ['07:30-11:30', '11:00-12:00'], the spans overlap",
    ),
    (
        "calendar.closures=[{first: 2026-06-05, last: 2026-06-01}]",
        "calendar.closures.0: the last day must not come before the first",
    ),
    ("start=1", "start: given 1, wanted a date such as 2026-06-01"),
    ("warmup_days=50", "warmup_days: given 50, wanted fewer than the 37 days of the run"),
    # What must agree
    (
        "staff.certification.skills=[certification,civil_status,lnd]",
        (
            "staff.certification.skills.2: given 'lnd', wanted a field of this scenario: certification, "
            "civil_status, business, land, social, construction (did you mean land?)"
        ),
    ),
    (
        "staff.certification.shifts=[early]",
        "staff.certification.shifts.0: given 'early', wanted a shift of this scenario: none is defined",
    ),
    (
        "staff.certification.point=hal",
        (
            "staff.certification.point: given 'hal', wanted a point of this scenario: hall, point_2, point_3 "
            "(did you mean hall?)"
        ),
    ),
    ("points.hall.share=0.4", "points: the shares must sum to 1, they sum to 0.9"),
    ("procedures.land.share=0.18", "procedures: the shares must sum to 1, they sum to 1.1"),
    (
        "staff={one: {count: 1, skills: [certification, civil_status, business, social, construction]}}",
        f"procedures.land: given 'land', {NO_SKILL}",
    ),
    (
        "+procedures.Land={share: 0, service: {kind: exponential, mean: 3}}",
        ("procedures.Land: given 'Land', wanted a name of small letters, digits and _, beginning with a letter"),
    ),
    (
        "+procedures.land={share: 0, service: {kind: exponential, mean: 3}}",
        "procedures.land: is there already: to change it, write procedures.land=…",
    ),
    # What reaches beyond the scenario
    ("hydra.run.dir=elsewhere", f"hydra.run.dir: {NO_HYDRA}"),
    ("hydra/launcher=basic", f"hydra/launcher: {NO_HYDRA}"),
    ("+hydra.callbacks.x={y: 1}", f"hydra.callbacks.x: {NO_HYDRA}"),
    ("--config-dir=elsewhere", f"--config-dir: {NO_OPTION}"),
    ("-cn=elsewhere", f"-cn: {NO_OPTION}"),
    ("+a._target_=os.system", f"a._target_: {NO_CODE}"),
    ("patience={_target_: os.system, command: ls}", f"patience: {NO_CODE}"),
    ("name=${oc.env:HOME}", "name: ${…} is refused: write the value itself"),
    ("out=elsewhere", "out: belongs to the programs' command line, as out=…, and to no scenario"),
    # Grammar
    ("name=Cam Đường", f"name: given Cam Đường, {QUOTES}: 'name=\"Cam Đường\"'"),
    ("center=điện.yaml", f"center: given điện.yaml, {QUOTES}: 'center=\"điện.yaml\"'"),
    ("demand", "demand: wanted KEY=VALUE, such as demand=1.5 (to remove a key: ~KEY)"),
    ("demand =3", "demand : wanted no spaces in a key or around ="),
    (
        "calendar@elsewhere=x",
        "calendar@elsewhere: wanted the dotted key of a scenario, such as staff.civil_status.count",
    ),
    ("demand=shuffle(1,2)", "demand: given shuffle(1,2), wanted choice(), range() or glob() to sweep"),
    (
        "demand=1,2",
        "demand: given 1,2, several values are a sweep: wanted -m before them (in Python: sim.sweep)",
    ),
    (
        "+experiment=weekend_hours",
        "+experiment: wanted one scenario, here are 2: sweep over them with -m (in Python: sim.sweep)",
    ),
    ("demand=" + "[" * 30, "demand: wanted at most 20000 characters and 20 levels of brackets"),
    # What was observed
    (
        "observed.people_in_three_days.metric=servd",
        f"{SEEN}.metric: given 'servd', {OBSERVABLE} (did you mean served?)",
    ),
    ("+observed.people_in_three_days.low=3", f"{SEEN}.low: given 3, wanted either a value, or low and high"),
    ("observed.people_in_three_days.days=0", f"{SEEN}.days: given 0, wanted at least 1"),
    ("+observed.people_in_three_days.open_days=2", f"{SEEN}.open_days: given 2, wanted either days or open_days"),
    ("observed.people_in_three_days.first=July", f"{SEEN}.first: given 'July', wanted a date such as 2026-06-01"),
    ("~observed.people_in_three_days.value", f"{SEEN}.value: wanted a value, or low and high"),
    (
        "~observed.people_in_three_days.used_as_input",
        f"{SEEN}.used_as_input: wanted true or false: was an input set by this figure?",
    ),
    (
        "~observed.people_in_three_days.days",
        f"{SEEN}.days: wanted how long it was observed: days, or open_days",
    ),
    (
        "observed.people_in_three_days.source=a newspaper",
        (
            f"{SEEN}.source: given 'a newspaper', wanted a source that begins with its mark, "
            'one of S0–S4, V, W, O, A: "V a newspaper, its day"'
        ),
    ),
    ("+observed.x={metric: arrived, low: 9, high: 3, days: 1, used_as_input: false, source: V x}", LOW),
    (
        "+observed.x={metric: arrived, low: 9, days: 1, used_as_input: false, source: V x}",
        "observed.x.high: wanted low and high",
    ),
    (
        "+observed.x={metric: unserved_share, value: 3, days: 1, used_as_input: false, source: V x}",
        "observed.x.value: given 3, wanted a share from 0 to 1 (90 % is 0.9)",
    ),
    ("+observed.x={source: V x}", "observed.x.metric: wanted a metric, or a note of what was said and not measured"),
    (
        "+observed.x={value: 3, source: V x}",
        "observed.x.value: given 3, wanted a metric beside it; without one there is only a note of what was said",
    ),
    (
        "+observed.x={note: y, source: V x, frist: 2026-06-01}",
        (
            "observed.x.frist: unknown key, wanted one of metric, scope, value, low, high, first, days, open_days, "
            "used_as_input, source, note (did you mean first?)"
        ),
    ),
    (
        "+observed.x={metric: served, scope: 'field=lnad', value: 3, days: 1, used_as_input: false, source: V x}",
        (
            "observed.x.scope: given 'field=lnad', wanted all, or field=, priority=, point= or hour= with a name of "
            "this scenario (did you mean field=land?)"
        ),
    ),
    (
        "+observed.x={metric: utilization, scope: 'field=land', value: 1, days: 1, used_as_input: false, source: V x}",
        "observed.x.scope: given 'field=land', wanted all: utilization is of the center",
    ),
    ("observed.people_in_three_days=3", f"{SEEN}: given 3, wanted keys and values"),
]

# One row a bad file: its content after the two lines that name a center, then every line of the answer.
# PATH is the file's name; its lines are counted from its first.
HEAD = "defaults:\n  - center: cam_duong\n"
FILES = [
    ("days: 30\ndays: 31\n", "PATH:4 days: is given twice: wanted it once"),
    ("points:\n  hall: {_target_: os.system}\n", f"PATH:4 points.hall._target_: {NO_CODE}"),
    ("name: ${oc.env:HOME}\n", "PATH:3 name: ${…} is refused: write the value itself"),
    (
        'returns:\n  between: "09:45-10:15"\n',
        "returns.between: given '09:45-10:15', wanted whole half-hours",
    ),
    (
        'returns:\n  between: "18:00-19:00"\n',
        "returns.between: given '18:00-19:00', wanted a span in which the door is open",
    ),
    (
        "returns:\n  between: 9:30\n",
        'PATH:4 returns.between: given 9:30, wanted quotes: "9:30" (unquoted, YAML reads it as 570)',
    ),
    (
        "arrivals:\n  profile: {10:00: 2}\n",
        'PATH:4 arrivals.profile.10:00: given 10:00, wanted quotes: "10:00" (unquoted, YAML reads it as 600)',
    ),
    ("no: 3\n", 'PATH:3 no: given no, wanted quotes: "no" (unquoted, YAML reads it as False)'),
    (
        "name: no\n",
        'name: given False, wanted text, in quotes (unquoted, YAML reads "no" and "yes" as false and true)',
    ),
    ("days: 010\n", 'PATH:3 days: given 010, wanted quotes: "010" (unquoted, YAML reads it as 8)'),
    ("greeting: 1e400\n", "greeting: given inf, wanted a finite number"),
    ("greeting: .nan\n", "greeting: given nan, wanted a finite number"),
    ("dayss: 3\n", "dayss: unknown key (did you mean days?)"),
    ("out: elsewhere\n", "out: belongs to the programs' command line, as out=…, and to no scenario"),
    ("sweep: [demand=1]\nname: a\nname: b\n", "PATH:5 name: is given twice: wanted it once"),
    (
        "policy: {weekend_hour: {moves: 0.1}}\n",
        "policy.weekend_hour: unknown policy (did you mean weekend_hours?)",
    ),
    (
        "policy: {xyz: {moves: 0.1}}\n",
        f"policy.xyz: unknown policy, wanted one of {KNOWN_POLICIES}",
    ),
    (
        "arrivals: {profile_on: {tue: {'08:00': 0.0}}}\n",
        "arrivals.profile_on.tue: given {'08:00': 0.0}, wanted a positive weight",
    ),
    (
        "arrivals: {per_day: null, rate_per_hour: 9.0, profile_on: {tue: {'08:00': 1.0}}}\n",
        "arrivals.profile_on.tue: given {'08:00': 1.0}, wanted per_day: rates have no profile",
    ),
    (
        "a: !!python/object/apply:os.system [ls]\n",
        "PATH:3: given 'tag:yaml.org,2002:python/object/apply:os.system', wanted plain values without tags",
    ),
    ("a: &a [1]\nb: [" + ", ".join(["*a"] * 21) + "]\n", "PATH:4: wanted at most 20 aliases in a file"),
    ("a: &a [*a]\n", "PATH:3 a.0.0: wanted no aliases that repeat themselves or large parts"),
    ("a: &a {b: 1}\nc: {<<: *a}\n", "PATH:4 c.<<: wanted the values themselves instead of a merge key"),
    ("a: " + "[" * 100_000, "PATH:3: wanted at most 30 levels in a file"),
    ("a: [\n", "PATH:4: wanted YAML: expected the node content, but found '<stream end>'"),
    ("a: 1\n---\nb: 2\n", "PATH:4: wanted at most 1 document in a file"),
    ("a: " + "1" * 1_000_000, "PATH: wanted a file of at most 1 MB"),
]


def lines(overrides: list[str]) -> list[str]:
    """What the door answers, one line a fault."""
    with pytest.raises(BadInput) as caught:
        load(overrides)
    return str(caught.value).splitlines()


# Officials, network, results and the law: overrides, and all lines of the answer
SIGNED = "procedures.certification.signature={kind: exponential, mean: 2.0}"
SIGNATURE = "procedures.certification.signature: given {'kind': 'exponential', 'mean': 2.0}, "
LENT = "staff={all: {count: 8}, a: {count: 2, lender: office}, b: {count: 2, lender: office, last: 2026-07-01}}"
WHOLE = [
    (["staff.certification.weak=[lnd]"], [f"staff.certification.weak.0: given 'lnd', {A_FIELD} (did you mean land?)"]),
    (
        ["staff.certification.days_at={tue: point_4}"],
        [f"staff.certification.days_at.tue: given 'point_4', {A_POINT} (did you mean point_3?)"],
    ),
    (
        [SIGNED],
        [
            f"{SIGNATURE}nobody signs: wanted a group of officials with role: leader",
            f"{SIGNATURE}wanted a results section: minutes to hand over, and the cut-off",
        ],
    ),
    (
        ["+staff.leader={role: leader, count: null}"],
        ["staff.leader.count: wanted how many: a leader has no counter to follow"],
    ),
    (
        ["+staff.lent={count: 2, lender: district}"],
        ["staff.lent.lender: given 'district', wanted a lender of this scenario: none is defined"],
    ),
    (
        [LENT, "lenders={office: {officials: 3, utilization: 0.5}}"],
        ["staff.a.count: given 4, office has 3 officials and lends 4 at once, to a and b: nobody is lent twice"],
    ),
    (
        ["closing.overtime_cap=300"],
        ["closing.overtime_cap: given 300, minutes a day: wanted at most the 4 hours of overtime.day, or " + BEYOND],
    ),
    (
        ["policy=weekend_hours", "policy.weekend_hours.compensation=pay", 'policy.weekend_hours.hours=["07:00-12:00"]'],
        [
            "policy.weekend_hours: does not fit: calendar.hours.sat: paid as overtime: wanted at most the 4 hours of "
            "overtime.day, or " + BEYOND
        ],
    ),
    (["network={answer: paper}"], ["network: answer: paper wants a paper section with the minutes of typing"]),
    (["network={answer: paper, paper: {speed: 1}}"], ["network.paper.typing: is missing"]),
    (["network={answer: slow}"], ["network: answer: slow wants a slow_speed, the share of the usual"]),
    (["network={outages: {center: {up: {kind: exponential, mean: 9}}}}"], ["network.outages.center.down: is missing"]),
    (
        ["network={outages: {centre: {up: {kind: exponential, mean: 9}, down: {kind: exponential, mean: 9}}}}"],
        ["network.outages.centre: given 'centre', wanted center or province or portal (did you mean center?)"],
    ),
    (
        ["network={outages: {portal: {up: {kind: exponential, mean: 0.2}, down: {kind: exponential, mean: 0.2}}}}"],
        ["network.outages.portal: wanted at least a minute, up and down together, on average"],
    ),
    (
        ["arrivals.day_factor_common_cv=0.2"],
        ["arrivals: day_factor_common_cv is a part of day_factor_cv: wanted at most 0.18, not 0.2"],
    ),
    (["storms={every: 30, days: 0}"], ["storms.days: given 0, wanted at least 1"]),
    (
        ["storms={every: 30}"],
        ["storms: wanted every, the days between storms, and days, how long one lasts, or neither"],
    ),
    (["storms={away: 0.5}"], ["storms: wanted every and days, or dates: here no storm ever comes"]),
    (
        ["storms={dates: [{first: 2026-06-01, last: 2026-06-03}, {first: 2026-06-03, last: 2026-06-04}]}"],
        [
            (
                "storms.dates: given [{'first': '2026-06-01', 'last': '2026-06-03'}, {'first': '…, the spans of days "
                "overlap on 2026-06-03"
            )
        ],
    ),
    (["storms={every: 30, days: 1, away: 1.5}"], ["storms.away: given 1.5, wanted at most 1"]),
    (
        ["staff.certification.storm_away=0.5"],
        ["staff.certification.storm_away: given 0.5, wanted a storms section that says when they come"],
    ),
    (
        [
            "storms={every: 30, days: 1}",
            "guidance={service: {kind: exponential, mean: 2}, finds: 0, mends: 0}",
            "+staff.youth={count: 2, role: guide, storm_away: 0.5}",
        ],
        ["staff.youth.storm_away: given 0.5, no storm keeps a guide away: somebody takes their turn"],
    ),
    (
        ["storms={every: 30, days: 1, network_down: 0.5}"],
        [
            (
                "storms.network_down: given 0.5, wanted a network section that says what officials do when it is down, "
                "such as {answer: pause}"
            )
        ],
    ),
    (
        ["storms={every: 9, days: 1, factor: -1, network: 0.5}"],
        [
            "storms.factor: given -1, wanted at least 0",
            (
                "storms.network: unknown key, wanted one of every, days, dates, away, factor, come_later, network_down "
                "(did you mean network_down?)"
            ),
        ],
    ),
    (
        ["network={windows: [{between: '08:00-10:00', speed: 0.5}, {between: '09:30-11:00', weekdays: [mon]}]}"],
        ["network: windows 0 and 1 overlap"],
    ),
    (
        ["staff.certification.rule={kind: open_counter, high: 3, low: 3}"],
        ["staff.certification.rule: low must be less than high, or the counter opens and closes without end"],
    ),
    (
        ["staff.certification.rule={kind: open_counter, high: 3}", "board_every=7"],
        ["board_every: given 7, minutes between boards: wanted a number that divides 1440"],
    ),
]


# The back office: what processing says in braces, further overrides, and all lines of the answer
MINUTES_EACH = "{kind: exponential, mean: 30}"
WORK = f"steps: [{{work: {MINUTES_EACH}}}]"
OFFICE = "back_office={delivery: {post: 1}}"
SPECIALISTS = "+staff.office={count: 2, role: specialist, skills: [land]}"
LAND, STEP = "procedures.land.processing", "procedures.land.processing.steps.0"
NO_OFFICE = "wanted a back_office section: who works there, and how results come to citizens"
NOBODY = "nobody in the back office has the skill"
BACK_OFFICES: list[tuple[str | None, list[str], list[str]]] = [
    (f"term: 10, {WORK}", [], [f"{LAND}: {NO_OFFICE}"]),
    (
        f"term: 10, {WORK}",
        [SPECIALISTS],
        [f"{LAND}: {NO_OFFICE}", "staff.office.role: given 'specialist', specialists want a back_office section"],
    ),
    (None, [SPECIALISTS], ["staff.office.role: given 'specialist', specialists want a back_office section"]),
    (
        None,
        [OFFICE],
        [
            (
                "back_office: wanted a procedure with processing, or a channel with checking: else there is nothing to "
                "do in it"
            )
        ],
    ),
    (f"term: -1, {WORK}", [OFFICE, SPECIALISTS], [f"{LAND}.term: given -1, wanted at least 0"]),
    (f"term: 2.5, {WORK}", [OFFICE, SPECIALISTS], [f"{LAND}.term: given 2.5, wanted a whole number"]),
    (f"term: 251, {WORK}", [OFFICE, SPECIALISTS], [f"{LAND}.term: given 251, wanted at most 250"]),
    (WORK, [OFFICE, SPECIALISTS], [f"{LAND}.term: is missing"]),
    (
        f"trem: 3, term: 3, {WORK}",
        [OFFICE, SPECIALISTS],
        [f"{LAND}.trem: unknown key, wanted one of term, steps, signature (did you mean term?)"],
    ),
    ("term: 3", [OFFICE, SPECIALISTS], [f"{LAND}: wanted steps, or minutes of a signature"]),
    (
        f"term: 3, steps: [{', '.join([f'{{work: {MINUTES_EACH}}}'] * 4)}]",
        [OFFICE, SPECIALISTS],
        [
            (
                f"{LAND}.steps: given [{{'work': {{'kind': 'exponential', 'mean': 30}}}}, {{'work': {{'…, "
                "wanted at most 3 entries"
            )
        ],
    ),
    (
        f"term: 3, steps: [{{field: lnd, work: {MINUTES_EACH}}}]",
        [OFFICE, SPECIALISTS],
        [f"{STEP}.field: given 'lnd', {NOBODY}: wanted one of land (did you mean land?)"],
    ),
    (f"term: 3, {WORK}", [OFFICE], [f"{STEP}: given 'land', {NOBODY}: nobody works there"]),
    (
        f"term: 3, {WORK}",
        [OFFICE, SPECIALISTS.replace("count: 2", "count: 0")],
        [f"{STEP}: given 'land', {NOBODY}: nobody works there"],
    ),
    (
        f"term: 3, signature: {MINUTES_EACH}",
        [OFFICE, SPECIALISTS],
        [f"{LAND}.signature: nobody signs: wanted a group of officials with role: leader"],
    ),
    (
        f"term: 3, {WORK}",
        [
            OFFICE,
            SPECIALISTS,
            f"procedures.land.signature={MINUTES_EACH}",
            "+staff.boss={count: 1, role: leader}",
            "results={collection: {kind: exponential, mean: 1}}",
        ],
        ["procedures.land: wanted a signature on the spot or processing in the back office, not both"],
    ),
    (
        f"term: 3, {WORK}",
        [OFFICE.replace("post: 1", "in_person: 1"), SPECIALISTS],
        ["back_office.delivery.in_person: given 1, wanted a results section: minutes to hand one over"],
    ),
    (
        f"term: 3, {WORK}",
        [OFFICE.replace("post: 1", "post: 0.5, online: 0.4"), SPECIALISTS],
        ["back_office.delivery: the shares must sum to 1, they sum to 0.9"],
    ),
    (
        f"term: 3, {WORK}",
        [OFFICE.replace("post: 1", "by_mail: 1"), SPECIALISTS],
        ["back_office.delivery.by_mail: unknown key, wanted one of in_person, post, online"],
    ),
    (f"term: 3, {WORK}", ["back_office={}", SPECIALISTS], ["back_office.delivery: is missing"]),
    (
        f"term: 3, {WORK}",
        [OFFICE.replace("}}", "}, first: 3, last: 2}"), SPECIALISTS],
        ["back_office: last must not be less than first"],
    ),
    (
        f"term: 3, {WORK}",
        [OFFICE.replace("}}", "}, first: 0}"), SPECIALISTS],
        ["back_office.first: given 0, wanted at least 1"],
    ),
    (
        f"term: 3, {WORK}",
        [OFFICE, SPECIALISTS.replace("[land]", "[land], serves: [ordinary]")],
        ["staff.office.serves: given ['ordinary'], specialists receive nobody: wanted no classes of citizens"],
    ),
    (
        f"term: 3, {WORK}",
        [OFFICE, SPECIALISTS.replace("count: 2", "count: null")],
        ["staff.office.count: wanted how many: a specialist has no counter to follow"],
    ),
    (
        f"term: 3, {WORK}",
        [OFFICE, SPECIALISTS.replace("[land]", "[land], rule: {kind: open_counter, high: 4}")],
        ["staff.office.rule: given 'open_counter', only officials at counters go by a rule"],
    ),
    (f"term: 3, {WORK}", [OFFICE, SPECIALISTS, "returns.visits=64"], ["returns.visits: given 64, wanted at most 63"]),
]


@pytest.mark.parametrize(
    ("processing", "overrides", "answer"), BACK_OFFICES, ids=[str(row[2])[2:50] for row in BACK_OFFICES]
)
def test_a_back_office_that_cannot_be_has_its_lines(
    processing: str | None, overrides: list[str], answer: list[str]
) -> None:
    given_ = [] if processing is None else [f"{LAND}={{{processing}}}"]
    assert lines(["center=cam_duong", *given_, *overrides]) == answer


REMOTE = "+staff.video={count: 1, role: remote, skills: [land]}"
CHECKED = f"channels={{paper: {{share: 0.7}}, home: {{share: 0.3, checking: {MINUTES_EACH}}}}}"
ELSEWHERE: list[tuple[list[str], list[str]]] = [
    (
        [REMOTE, "mismatch.share=0"],
        [
            (
                "staff.video.role: given 'remote', nobody shares them: wanted officials at counters with weak fields "
                "of theirs, or a mismatch.share"
            )
        ],
    ),
    (
        [REMOTE.replace("[land]", "[land], days_at: {mon: hall}"), "mismatch.share=0.1"],
        ["staff.video.days_at: given 'remote', wanted no days at points: they are asked over a link"],
    ),
    (
        [CHECKED],
        ["channels.home.checking: wanted a back_office section: who checks what is filed from home"],
    ),
    (
        [CHECKED.replace("paper: {share: 0.7}, ", "").replace("0.3", "1.0"), OFFICE, "back_office.at_counters=true"],
        ["channels: wanted a channel at the hall with a share: some dossiers are not filed from home"],
    ),
    (
        [CHECKED.replace("share: 0.3", "share: 0.3, overhead: 2"), OFFICE, "back_office.at_counters=true"],
        ["channels.home: what is filed from home adds nothing to a visit: wanted no overhead"],
    ),
    (
        ["choice={share: 0.5, each: 10, way: 0}"],
        ["choice.way: given 0, wanted more than 0"],
    ),
    (
        ["choice={share: 0.5, each: 10, way: 5}", "board_every=7"],
        ["board_every: given 7, minutes between boards: wanted a number that divides 1440"],
    ),
    (
        ["+points.empty={counters: 2, share: 0}"],
        [
            (
                "points.empty.share: given 0, nobody comes here: wanted a share of the citizens, draws, a choice, or a "
                "field done here alone"
            )
        ],
    ),
]


@pytest.mark.parametrize(("overrides", "answer"), ELSEWHERE, ids=[row[1][0][:50] for row in ELSEWHERE])
def test_what_is_done_from_elsewhere_has_its_lines(overrides: list[str], answer: list[str]) -> None:
    assert lines(["center=cam_duong", *overrides]) == answer


@pytest.mark.parametrize(
    "overrides",
    [
        ["+staff.video={count: 0, role: remote}", "mismatch.share=0"],
        ["channels={paper: {share: 1.0}, home: {share: 0.0, checking: {kind: exponential, mean: 3}}}"],
        [
            "+points.office={counters: 0, share: 0}",
            "+staff.office={count: 1, role: specialist, point: office}",
            "back_office={delivery: {post: 1}}",
            "procedures.land.processing={term: 5, steps: [{work: {kind: exponential, mean: 30}}]}",
        ],
    ],
)
def test_what_may_be_there_for_nobody_yet_is_no_fault(overrides: list[str]) -> None:
    load(["center=cam_duong", *overrides])


def test_there_must_be_something_to_choose() -> None:
    wanted = "choice: there is only one point to choose: wanted another, or no choice"
    assert lines(["center=tan_giang", "choice={share: 0.5, each: 10, way: 5}"]) == [wanted]


@pytest.mark.parametrize("steps", [2, 3])
def test_more_fields_of_work_than_officials_can_have(steps: int) -> None:
    """Six procedures and eighteen with two further fields each are 60 fields, with three they are 78."""
    given_ = [
        f"+procedures.kind_{nth}={{share: 0, service: {MINUTES_EACH}, processing: {{term: 1, steps: ["
        + ", ".join(f"{{field: kind_{nth}_{step}, work: {MINUTES_EACH}}}" for step in range(steps))
        + "]}}"
        for nth in range(18)
    ]
    everything = "staff={all: {count: 2}, office: {count: 1, role: specialist}}"
    overrides = ["center=cam_duong", everything, OFFICE, *given_]
    if steps == 2:
        assert len(load(overrides).scenario.fields) == 6 + 18 * 3
    else:
        wanted = "procedures: given 78, fields of work with those of the back office: wanted at most 60"
        assert lines(overrides) == [wanted]


def test_a_back_office_that_can_be() -> None:
    processing = f"{LAND}={{term: 10, {WORK}, signature: {MINUTES_EACH}}}"
    leader = "+staff.boss={count: 1, role: leader}"
    found = load(["center=cam_duong", processing, OFFICE, SPECIALISTS, leader, "returns.visits=63"]).scenario
    assert found.procedures["land"].processing is not None
    by_counters = OFFICE.replace("}}", "}, at_counters: true}")
    assert load(["center=cam_duong", f"{LAND}={{term: 0, {WORK}}}", by_counters]).scenario.back_office is not None


@pytest.mark.parametrize(("overrides", "answer"), WHOLE, ids=[row[0][0][:50] for row in WHOLE])
def test_a_center_that_contradicts_itself_has_its_lines(overrides: list[str], answer: list[str]) -> None:
    assert lines(["center=cam_duong", *overrides]) == answer


@pytest.mark.parametrize(("override", "line"), OVERRIDES, ids=[row[0][:50] for row in OVERRIDES])
def test_a_bad_override_has_its_line(override: str, line: str) -> None:
    center = "textbook" if "rate_per_hour" in override else "cam_duong"
    others = [] if "center" in override else [f"center={center}"]
    assert lines([*others, override]) == [line]


@pytest.mark.parametrize(("content", "line"), FILES, ids=[row[0][:30] for row in FILES])
def test_a_bad_file_has_its_line(content: str, line: str, tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(HEAD + content, encoding="utf-8")
    assert [one.replace(str(path), "PATH") for one in lines([f"center={path}"])] == [line]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (
            "name: Đường\n".encode("utf-16"),
            "given byte 0xff in line 1, wanted the encoding UTF-8: save the file as UTF-8",
        ),
        (
            b"days: 3\nname: Ph\xfa\n",
            "given byte 0xfa in line 2, wanted the encoding UTF-8: save the file as UTF-8",
        ),
        (b"", "wanted keys and values, such as days: 30"),
        (b"- 1\n", "wanted keys and values, such as days: 30"),
    ],
)
def test_a_file_that_is_no_yaml_text(content: bytes, line: str, tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_bytes(content)
    assert lines([f"center={path}"]) == [f"{path}: {line}"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    assert lines([f"center={path}"]) == [f"{path}: cannot be read: No such file or directory"]


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        (
            "calender: continuous",
            (
                "PATH defaults: given 'calender', wanted entries GROUP: CHOICE with a group of calendar, "
                "procedures, citizens, money, center, targets, precision, policy (did you mean calendar?)"
            ),
        ),
        (
            "policy: wekend",
            f"PATH defaults.policy: given wekend, wanted one of {POLICIES} (did you mean weekend_hours?)",
        ),
        (
            "center: other.yaml",
            f"PATH defaults.center: given other.yaml, wanted a shipped center: {CENTERS}",
        ),
    ],
)
def test_a_bad_defaults_list(entry: str, line: str, tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(f"defaults:\n  - {entry}\n", encoding="utf-8")
    assert [one.replace(str(path), "PATH") for one in lines([f"center={path}"])] == [line]


def test_several_faults_are_all_told() -> None:
    overrides = ["demand=nan", "dayss=3", "staff.certification.shifts=[early]", "seed=-1", "name"]
    assert sorted(fault.partition(":")[0] for fault in lines(overrides)) == [
        "dayss",
        "demand",
        "name",
        "seed",
        "staff.certification.shifts.0",
    ]


def test_a_wrong_choice_tells_what_does_not_depend_on_it() -> None:
    overrides = ["center=cam_dung", "demand=nan", "dayss=3", "staff.elsewhere.count=2"]
    assert sorted(fault.partition(":")[0] for fault in lines(overrides)) == ["center", "dayss", "demand"]


def test_a_policy_says_why_it_does_not_fit() -> None:
    assert lines(["center=textbook", "policy=priority_lane"]) == [
        "policy.priority_lane: all citizens have the same rank: there is nobody to keep a lane for"
    ]
    assert lines(["policy=weekend_hours", "policy.weekend_hours.moves=2"]) == [
        "policy.weekend_hours.moves: given 2, wanted at most 1"
    ]


def test_a_sweep_tells_a_fault_once() -> None:
    with pytest.raises(BadInput) as caught:
        sweep(["demand=1,2,3", "days=0", "policy.weekend_hours.moves=0.1"])
    assert [fault.key for fault in caught.value.faults] == ["policy.weekend_hours.moves", "days"]


@pytest.mark.parametrize(
    ("override", "line"),
    [
        (
            "demand=range(0,1,0)",
            "demand: given range(0,1,0), wanted a finite range: range() arg 3 must not be zero",
        ),
        ("demand=glob(*)", "demand: given glob(*), wanted a group before glob(): its options have names"),
        ("center=glob(z*)", f"center: given glob(z*), names none of {CENTERS}"),
        ("demand=range(1,0)", "demand: given range(1,0), wanted from 1 to 100000 values to sweep over"),
        ("demand=range(0,inf)", "demand: given range(0,inf), wanted from 1 to 100000 values to sweep over"),
        (
            "seed=range(0,1000000000000)",
            "seed: given range(0,1000000000000), wanted from 1 to 100000 values to sweep over",
        ),
    ],
)
def test_a_sweep_without_end_or_beginning(override: str, line: str) -> None:
    with pytest.raises(BadInput) as caught:
        sweep([override])
    assert str(caught.value) == line


def test_too_many_scenarios() -> None:
    with pytest.raises(BadInput) as caught:
        sweep(["seed=range(0,1000)", "demand=range(0,1000)"])
    assert str(caught.value) == "sweep: given 1000000 scenarios, wanted from 1 to 100000"


@pytest.mark.parametrize(
    "override",
    [
        "arrivals.per_day=0",
        "demand=0",
        "staff={}",
        "staff.certification.count=0",
        "points.hall.counters=0",
        "policy=[]",
    ],
)
def test_what_is_unusual_and_valid(override: str) -> None:
    assert load([override]).scenario is not None


KEYS = st.sampled_from(["demand", "policy", "center", "staff", "points.hall", "start", "x", "targets.items.0", ""])
VALUES = st.text(alphabet="ab0 19.,:-+~=_[](){}<>'\"\\$%đ\n\0", max_size=20)
ANY_OVERRIDE = st.one_of(
    st.text(max_size=30),
    st.builds(lambda sign, key, value: f"{sign}{key}={value}", st.sampled_from(["", "+", "++", "~"]), KEYS, VALUES),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(ANY_OVERRIDE, min_size=1, max_size=3))
def test_whatever_is_written_there_is_an_answer_and_never_a_traceback(overrides: list[str]) -> None:
    assert answered(overrides)


@settings(max_examples=300, deadline=None)
@given(
    content=st.one_of(st.binary(max_size=60), st.builds(lambda key, value: f"{key}: {value}".encode(), KEYS, VALUES))
)
def test_whatever_a_file_holds_there_is_an_answer(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(HEAD.encode() + content)
    assert answered([f"center={path}"])


def answered(overrides: list[str]) -> bool:
    """Whether the door gives studies, or one line for each fault."""
    try:
        return len(sweep(overrides)) > 0
    except BadInput as error:
        return len(str(error).splitlines()) == len(error.faults) > 0
