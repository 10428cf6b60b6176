"""What ``motcua run --help`` says: what can be chosen, and one example of each."""

from __future__ import annotations

from shutil import get_terminal_size
from textwrap import wrap

WIDTH = 110
EXAMPLES = (
    ("motcua run", "the center of configs/config.yaml as it runs today"),
    ("motcua run center=go_vap policy=guidance_desk", "another center, under a policy"),
    (
        "motcua run -m center=go_vap policy=none,guidance_desk,[guidance_desk,add_officials]",
        "a sweep, compared",
    ),
    ("motcua run -m center=cam_duong demand=1,2,3,4,5,6", "at what growth the promise breaks"),
    ("motcua run center=MINE.yaml staff.civil_status.count=4", "a scenario of your own"),
    ("motcua run +experiment=weekend_hours replications=200 seed=7", "a shipped question, more precisely"),
    (
        "motcua run precision=publication targets=hcmc_20 days=30 out=DIR workers=2",
        "how sure, by which promise, where",
    ),
    ("motcua run center=go_vap precision=enough stopping.most=5000", "as many replications as the verdicts need"),
    ("motcua run center=go_vap replications=10000 workers=tcp://HOST:8786", "on other machines, see docs/cluster.md"),
    ("motcua run center=go_vap replications=5000 --dry-run", "what that will take, nothing run or written"),
    ("motcua run policy=my_idea --plugin my_idea.py", "a policy of your own, see notebooks/02_own_policy.py"),
    ("motcua run --cfg job center=go_vap", "the composed scenario, nothing run"),
)
LONG = (
    "--dry-run says how many visits, which time, memory and room on the disk a command will take. What is",
    "foreseen to take more than 80 % of the memory there is, or more than 24 hours, is refused:",
    "memory='8 GB' and hours=48 set other limits, none lifts them. log.txt in the folder has the progress of",
    "each run; on_failure=stop ends a sweep at the first scenario that cannot be run.",
)


def usage() -> str:
    """The help text, lists as wide as the terminal; reads only the shipped configs' names, and what questions ask."""
    from sim.door.groups import ADDED, groups

    width = min(get_terminal_size((WIDTH, 24)).columns, WIDTH)
    lines = ["motcua run [-m] [--cfg job] [GROUP=CHOICE] [KEY=VALUE] [assumptions=no] [out=DIR]"]
    lines += ["           [workers=N | workers=tcp://HOST:PORT | workers=slurm] [memory='8 GB'] [hours=N]"]
    lines += ["           [on_failure=stop] [--dry-run] [--plugin FILE.py]", "", "Groups:"]
    for name, options in groups().items():
        lines += wrap(f"  {name:11} {', '.join(options)}", width, subsequent_indent=" " * 14, break_on_hyphens=False)
    lines += ["", "Shipped questions, answered in experiments/NAME/README.md:"]
    for name in groups()[ADDED]:
        lines += [f"  motcua run +{ADDED}={name}", f"      {question(name)}"]
    lines += ["", "Examples:"]
    for command, what in EXAMPLES:
        lines += [f"  {command}", f"      {what}"]
    lines += [
        "",
        "Of more than 30 replications the five largest assumptions are run low and high, unless assumptions=no.",
    ]
    lines += ["", *LONG]
    lines += ["", "Quote values with spaces, brackets or braces: 'points.hall.title=\"Phường Gò Vấp\"'."]
    return "\n".join(lines)


def question(experiment: str) -> str:
    """What a shipped experiment asks, by the line of its config that names its command."""
    from sim.door.groups import ADDED, text_of

    command = f"# +{ADDED}={experiment}: "
    return next(line.removeprefix(command) for line in text_of(ADDED, experiment).splitlines() if command in line)
