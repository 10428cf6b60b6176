"""From a log of tickets, an export of dossiers or counts of days to a scenario, and what none of them tells.

Exit codes: 0 done; 2 bad input; 3 cannot write there; 4 disk full.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

from experiments.ending import ended
from experiments.held import RESULTS
from experiments.options import Options, parsed
from sim.faults import BadInput, Fault, nearest, shown
from sim.writing import put, told

if TYPE_CHECKING:
    from sim.fitting.boards import Boards
    from sim.fitting.clocks import Order
    from sim.fitting.office import Office
    from sim.fitting.tickets import Tickets
    from sim.fitting.unseen import Foretold

HELP = """motcua fit FILE [kind=tickets|dossiers|counts] [staff=FILE] [office=NAME] [columns.NAME=HEAD] [encoding=…]
           [dates=dmy|mdy|ymd] [simulate=no] [out=DIR], and for tickets [boards=FILE] [holdout=alternate|N]

FILE is a table (CSV, also with ; or tabs, also .gz); its kind is told by its heads unless kind= says it.
kind=tickets, a row a ticket, with the columns
  issued, called                        times: 08:05, 8h05, 8:05:30, 2:05 PM, 485 (minutes after midnight), or behind
                                        a date: 02/03/2026 08:05; called is empty where nobody was called
  or issued_after, issued_by, called_after, called_by
                                        from looks at a queue board: between which two looks; -1 where it was not seen
  date, queue, ticket, office           where there are such; English and Vietnamese heads are known, for others say
                                        columns.issued='Giờ lấy phiếu'
What makes no sense is told, a line for each kind of thing: how many rows, which lines first, and what was done.

boards=FILE: what the boards showed, a row an interval: date, queue, office, from, to (minutes), arrivals, called,
waiting (at its beginning), open (counters). Without it, lines are reckoned from the tickets; counters are not known.

Written into DIR: a scenario for each office (OFFICE.yaml, each number with its mark), queues.csv, arrivals.csv, and
with holdout= also holdout.csv and the chart calibration: how many wait at most 15 and 30 minutes on the days held out
(alternate: every second day; N: the last N days), queue by queue, foretold by what was seen on the other days and by a
single queue for each service, given who came and which counters were open. goodness.csv has the waits of the scenario
itself, simulated over as many days, beside those of the log; simulate=no leaves it out.

  motcua fit tickets.csv boards=boards.csv holdout=alternate
  motcua fit so_lay_so.csv columns.issued='Giờ lấy phiếu' encoding=cp1258 dates=dmy
"""
WORDS = (
    "kind", "boards", "staff", "office", "holdout", "encoding", "dates", "counted_as", "exported", "simulate",
)  # fmt: skip
ORDERS: tuple[Order, ...] = ("dmy", "mdy", "ymd")
CHOICES = {
    "kind": ("tickets", "dossiers", "counts"),
    "counted_as": ("people", "dossiers"),
    "simulate": ("yes", "no"),
}


@dataclass(frozen=True)
class Asked:
    """What the command line says."""

    log: Path
    boards: Path | None = None
    office: str | None = None
    holdout: str | int | None = None
    encoding: str = "utf-8"
    order: Order | None = None
    columns: dict[str, str] = field(default_factory=dict)
    kind: str | None = None
    staff: Path | None = None
    counted_as: str | None = None
    exported: str | None = None
    simulates: bool = True


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns its exit code."""
    return ended(lambda: _main(parsed(sys.argv[1:] if arguments is None else arguments)))


def _main(options: Options) -> int:
    if options.help:
        from experiments.fitting.help import HELP as OTHERS

        print(HELP + OTHERS)
        return 0
    asked = _asked(options)
    out = _empty(options.out or RESULTS / f"fit-{asked.log.name.split('.')[0]}")
    from experiments.fitting.counted import files_of
    from experiments.fitting.dependence import told_table
    from experiments.fitting.kinds import kind_of, misplaced

    kind, said = kind_of(asked.log, asked.columns, asked.encoding, asked.kind)
    misplaced(kind, asked.columns, {name for name, value in vars(asked).items() if value is not None})
    print(fill(said, 100, subsequent_indent="  "), flush=True)
    files = _of_tickets(asked) if kind == "tickets" else files_of(kind, asked)
    if asked.simulates:
        files["unidentified.csv"] = told_table(files)
    _write(out, files)
    print(f"\nresults: {out}")
    return 0


def _of_tickets(asked: Asked) -> dict[str, bytes]:
    """The files of a log of tickets, once it is told what it holds."""
    tickets, boards = _read(asked)
    offices = _offices(tickets, boards, knows_counters=asked.boards is not None)
    found = (
        None
        if asked.holdout is None
        else _held_out(tickets, boards, asked.holdout, knows_counters=asked.boards is not None)
    )
    from experiments.fit_table import table

    print(table(tickets, boards, offices, found), flush=True)
    files = _files(offices, found)
    if asked.simulates:
        from experiments.fitting.goodness import told_table

        files["goodness.csv"] = told_table(offices, files)
    return files


def _asked(options: Options) -> Asked:
    """The words of the command line; BadInput with all that is wrong with them."""
    faults = list(options.faults)
    for given, name in ((options.multirun, "-m"), (options.cfg, "--cfg"), (options.workers, "workers")):
        faults += [Fault(name, "", "is for motcua run: what is simulated here is short")] if given else []
    pairs = {word.partition("=")[0]: word.partition("=")[2] for word in options.overrides if "=" in word}
    paths = [word for word in options.overrides if "=" not in word]
    if len(paths) != 1:
        faults.append(Fault("fit", " ".join(paths), "wanted one log: motcua fit FILE"))
    columns = {name.removeprefix("columns."): head for name, head in pairs.items() if name.startswith("columns.")}
    faults += _unknown(pairs, columns)
    holdout = _holdout(pairs.get("holdout"), faults)
    encoding = _one_of("encoding", pairs.get("encoding", "utf-8"), _encodings(), faults)
    order = next((one for one in ORDERS if one == pairs.get("dates")), None)
    if "dates" in pairs:
        _one_of("dates", pairs["dates"], ORDERS, faults)
    for name, known in CHOICES.items():
        _one_of(name, pairs.get(name, known[0]), known, faults)
    if faults:
        raise BadInput(faults)
    boards, staff = (Path(pairs[name]) if name in pairs else None for name in ("boards", "staff"))
    first = (Path(paths[0]), boards, pairs.get("office"), holdout, encoding, order, columns)
    others = (pairs.get("kind"), staff, pairs.get("counted_as"), pairs.get("exported"))
    return Asked(*first, *others, simulates=pairs.get("simulate") != "no")


def _encodings() -> tuple[str, ...]:
    from sim.fitting.files import ENCODINGS

    return ENCODINGS


def _unknown(pairs: dict[str, str], columns: dict[str, str]) -> list[Fault]:
    from experiments.fitting.kinds import COLUMNS

    names = list(dict.fromkeys(column.name for own in COLUMNS.values() for column in own))
    words = [name for name in pairs if name not in WORDS and not name.startswith("columns.")]
    faults = [
        Fault(name, shown(pairs[name]), f"wanted one of {', '.join(WORDS)}, columns.NAME, out", nearest(name, WORDS))
        for name in words
    ]
    faults += [
        Fault(f"columns.{name}", shown(columns[name]), f"wanted one of {', '.join(names)}", nearest(name, names))
        for name in columns
        if name not in names
    ]
    return faults


def _one_of(name: str, value: str, known: Sequence[str], faults: list[Fault]) -> str:
    if value not in known:
        faults.append(Fault(name, shown(value), f"wanted one of {', '.join(known)}", nearest(value, known)))
    return value


def _holdout(value: str | None, faults: list[Fault]) -> str | int | None:
    if value is None or value == "alternate":
        return value
    if value.isascii() and value.isdecimal() and 1 <= int(value) <= 10_000:
        return int(value)
    faults.append(Fault("holdout", shown(value), "wanted alternate, or how many of the last days: holdout=5"))
    return None


def _empty(out: Path) -> Path:
    """A folder that is not there yet, or has nothing in it."""
    with told(out):
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise BadInput([Fault("out", str(out), "is there already: wanted a new folder")])
    return out


def _read(asked: Asked) -> tuple[Tickets, Boards]:
    """The tickets and what the boards showed, of one office where that is asked for."""
    from sim.fitting.boards import COLUMNS, boards_from, boards_of
    from sim.fitting.files import has_head, of_office, table_of
    from sim.fitting.seen import partly_seen
    from sim.fitting.tickets import BETWEEN, OTHERS, POINT, tickets_of

    named = {column.name for column in BETWEEN} & asked.columns.keys()
    is_between = bool(named) or has_head(asked.log, BETWEEN[0].name, asked.encoding)
    columns = (*BETWEEN, *OTHERS) if is_between else (*POINT, *OTHERS)
    sheet = table_of(asked.log, columns, asked.columns, asked.encoding)
    tickets = tickets_of(asked.log, sheet if asked.office is None else of_office(sheet, asked.office), asked.order)
    if asked.boards is None:
        return tickets, boards_from(tickets)
    shown = table_of(asked.boards, COLUMNS, None, asked.encoding)
    if asked.office is not None and "office" in shown.table.columns:
        shown = of_office(shown, asked.office)
    boards = boards_of(asked.boards, shown, tickets, asked.order)
    return tickets, replace(boards, notes=(*boards.notes, *partly_seen(tickets, boards)))


def _offices(tickets: Tickets, boards: Boards, *, knows_counters: bool) -> list[Office]:
    import numpy as np

    from sim.fitting.office import office_of

    return [
        office_of(tickets.only(tickets.office == one), boards.only(boards.office == one), knows_counters=knows_counters)
        for one in np.unique(tickets.office)
    ]


def _held_out(tickets: Tickets, boards: Boards, how: str | int, *, knows_counters: bool) -> list[Foretold]:
    from experiments.progress import Progress
    from sim.fitting.unseen import foretold, queues_of, split

    try:
        used, out = split(tickets.days, how)
    except ValueError as error:
        raise BadInput([Fault("holdout", str(how), f"wanted fewer: {error}")]) from None
    print(f"foretelling {len(out)} days by {len(used)} others, queue by queue", file=sys.stderr, flush=True)
    with Progress(len(queues_of(tickets)), 0, what="queues") as progress:
        return foretold(
            tickets, boards, used, out, lambda queue: progress.advance(1, queue), knows_counters=knows_counters
        )


def _files(offices: Sequence[Office], found: Sequence[Foretold] | None) -> dict[str, bytes]:
    """The content of each file by its name. BadInput where a scenario does not compose."""
    from experiments.fit_table import arrivals_frame, holdout_frame, queues_frame
    from experiments.fitting.composed import composed
    from sim.fitting.scenario_text import scenario_text
    from sim.frames import csv_text
    from sim.report.charts import free, rendered
    from sim.report.wording import slug

    taken: set[str] = set()
    texts = {f"{free(slug(office.name), taken)}.yaml": scenario_text(office) for office in offices}
    composed(texts)
    texts |= {"queues.csv": csv_text(queues_frame(offices)), "arrivals.csv": csv_text(arrivals_frame(offices))}
    if found is not None:
        texts["holdout.csv"] = csv_text(holdout_frame(found))
    files = {name: text.encode() for name, text in texts.items()}
    if found:
        from sim.fitting.chart import calibration

        figure = calibration(found)
        files |= {f"calibration.{kind}": rendered(figure, kind) for kind in ("png", "svg")}
    return files


def _write(out: Path, files: Mapping[str, bytes]) -> None:
    with told(out):
        out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        put(out / name, partial(Path.write_bytes, data=content))


if __name__ == "__main__":
    sys.exit(main())
