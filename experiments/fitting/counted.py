"""``motcua fit`` of an export of dossiers, or of counts of days: read, fitted, told and written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.fitting.center_text import center_text
from experiments.fitting.composed import composed
from experiments.fitting.fitted import Fitted
from experiments.fitting.reading import Source, of_counts, of_dossiers
from sim.faults import BadInput, Fault
from sim.fitting.held import CAME, RECEIVED, expected

if TYPE_CHECKING:
    from experiments.fit import Asked


MOST_CHARTS = 10


def files_of(kind: str, asked: Asked) -> dict[str, bytes]:
    """The content of each file by its name, once it is told what was read. BadInput where it cannot be used."""
    from experiments.fitting.tables import fields_frame, told, weekdays_frame
    from sim.frames import csv_text

    columns, said = asked.columns, (asked.counted_as, asked.exported)
    source = Source(asked.log, asked.staff, asked.office, asked.encoding, asked.order, columns, *said)
    offices = (of_dossiers if kind == "dossiers" else of_counts)(source)
    texts = scenario_texts(offices)
    print(told(offices), flush=True)
    texts |= {"weekdays.csv": csv_text(weekdays_frame(offices)), "fields.csv": csv_text(fields_frame(offices))}
    return {name: text.encode() for name, text in texts.items()} | _charts(list(texts)[: len(offices)], offices)


def _charts(names: Sequence[str], offices: Sequence[Fitted]) -> dict[str, bytes]:
    """A chart of its weekdays for each of the first offices, beside its scenario."""
    from sim.fitting.weekday_chart import weekday_chart
    from sim.report.charts import rendered

    drawn = zip(names, offices[:MOST_CHARTS], strict=False)
    return {
        f"{name.removesuffix('.yaml')}.{kind}": rendered(figure, kind)
        for name, one in drawn
        for figure in [weekday_chart(one.name, one.counted_as, one.week)]
        for kind in ("png", "svg")
    }


def scenario_texts(offices: Sequence[Fitted]) -> dict[str, str]:
    """The scenario of each office by the name of its file, arrivals set so that as many are counted as were."""
    from sim.report.charts import free
    from sim.report.wording import slug

    taken: set[str] = set()
    names = [f"{free(slug(one.name), taken)}.yaml" for one in offices]
    return {name: _counting_alike(name, one) for name, one in zip(names, offices, strict=True)}


def _counting_alike(name: str, fitted: Fitted) -> str:
    """The text in which as many are expected to be counted on a mean open day as were: arithmetic on means."""
    wanted = fitted.week.arrivals.per_day
    text = center_text(fitted, wanted)
    (study,) = composed({name: text}).values()
    found = expected(study.scenario, RECEIVED if fitted.counted_as == "dossiers" else CAME)
    if not found > 0:
        raise BadInput([Fault(fitted.name, "", "wanted an office that is open within the month that is simulated")])
    return center_text(fitted, wanted * wanted / found)
