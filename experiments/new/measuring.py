"""The second half: filled tally sheets in, what they measure into a scenario, a table of what has changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from experiments.new.commands import center_override, run_command
from experiments.new.edits import Figure, edited
from experiments.new.estimates import Change, Estimates, estimates
from experiments.new.figures import CONFIDENCE, CV_FROM, MEAN_FROM, fixed
from experiments.new.options import Options
from experiments.new.saving import refuse_unwritable, save
from experiments.new.starting import checked
from experiments.new.visits import Visit, place_of, visits_of
from sim.faults import BadInput, Fault
from sim.scenario import Scenario

PROMISE = 15.0
WIDTH = 100


def measure(options: Options) -> None:
    """Reads the sheets, writes the scenario that they measure, and prints before and after. Raises BadInput."""
    from sim.door import load
    from sim.door.files import own_file

    refuse_unwritable([options.out], force=options.force)
    scenario = load([center_override(options.center)]).base
    visits, empty = _visits(options, scenario)
    found = estimates(visits, scenario)
    _, text, _ = own_file(options.center)
    save(options.out, edited(str(options.center), text, _figures(found)).encode(), checked)
    always = fixed(scenario)
    print(f"{len(visits)} visits timed, {sum(visit.submits for visit in visits)} with dossiers; {empty} empty rows")
    print(f"work: minutes at the counter, less {always.mean:.2f} for greeting and channel, which stay as they are\n")
    for line in table(found):
        print(line)
    print(f"\n{_wait(visits, scenario)}")
    print(f"\n{options.out} is written.\nnext:  {run_command(options.out)}")


def _visits(options: Options, scenario: Scenario) -> tuple[list[Visit], int]:
    place = place_of(scenario)
    visits: list[Visit] = []
    faults: list[Fault] = []
    empty = 0
    for path in options.tally:
        try:
            more, rows = visits_of(path, place)
        except BadInput as error:
            faults += error.faults
        else:
            visits, empty = [*visits, *more], empty + rows
    if faults:
        raise BadInput(faults)
    return visits, empty


def _figures(found: Estimates) -> dict[str, Figure]:
    """What is to stand in the file, by key."""
    figures: dict[str, Figure] = {}
    for change in found.changes:
        decimals = 3 if _is_share(change) else 2
        value, low, high, visits, how = change.after
        between = f"[{low:.{decimals}f}–{high:.{decimals}f}]"
        mark = f"W {between} {CONFIDENCE * 100:g} %, n={visits} visits, {how}"
        figures |= dict.fromkeys(change.keys, Figure(f"{value:.{decimals}f}", mark))
    return figures


def table(found: Estimates) -> Iterator[str]:
    """Before and after, a line a figure of at most 100 columns."""
    yield f"{'':28} {'before':>7} {'after':>7} {f'{CONFIDENCE * 100:g} % interval':>15} {'visits':>6}"
    for change in found.changes:
        decimals = 3 if _is_share(change) else 2
        value, low, high, visits, how = change.after
        between = f"{low:.{decimals}f}–{high:.{decimals}f}"
        numbers = f"{change.before:7.{decimals}f} {value:7.{decimals}f} {between:>15} {visits:6}"
        yield f"{change.title[:28]:28} {numbers}  {how}"[:WIDTH].rstrip()
    yield f"pooled: fields of fewer than {MEAN_FROM} visits share a factor; a cv of its own wants {CV_FROM}"
    if found.left:
        yield from wrap(f"left as they were: {'; '.join(found.left)}", WIDTH)


def _is_share(change: Change) -> bool:
    return change.title.endswith("share")


def _wait(visits: Sequence[Visit], scenario: Scenario) -> str:
    """What the visitors waited from the opening on: no input. Without an interval: neighbors wait alike."""
    opens = place_of(scenario).opens
    waits = [max(visit.called - max(visit.came, opens), 0) / 60 for visit in visits]
    soon = sum(wait <= PROMISE for wait in waits) / len(waits)
    return (
        f"observed wait, to hold a run against (no input): mean {sum(waits) / len(waits):.1f} min, "
        f"longest {max(waits):.1f}, {soon * 100:.0f} % within {PROMISE:g} min"
    )
