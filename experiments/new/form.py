"""The tally sheet: 30 visits to time with a watch, as an A4 page to print and as a CSV to type into."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from experiments.new.defaults import FIELDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class Column(NamedTuple):
    """Its name in the CSV, its heads in both languages, its width on paper in inches."""

    name: str
    english: str
    vietnamese: str
    width: float


VISITS = 30
COLUMNS = (
    Column("number", "No.", "Số TT", 0.45),
    Column("field", "Field", "Lĩnh vực", 1.55),
    Column("came", "Came in", "Giờ đến", 0.8),
    Column("called", "Called", "Giờ gọi", 0.8),
    Column("left", "Left the counter", "Rời quầy", 1.0),
    Column("dossiers", "Dossiers", "Số hồ sơ", 0.7),
    Column("complete", "Complete?", "Đủ? có/không", 0.9),
    Column("remarks", "Remarks", "Ghi chú", 1.3),
)
PURPOSES = {"ask": "hỏi", "collect": "nhận kết quả"}
_ACROSS, _UP, _MARGIN = 8.27, 11.69, 0.385
_TOP, _HEAD, _ROW = 9.65, 0.42, 0.265
_HOW = """
One sheet for one day, every visit in turn, also those who only ask or collect. Times as HH:MM or HH:MM:SS.
Field: that of most dossiers. Called: when the citizen reaches the counter. Complete: no, if any dossier lacks a thing.
Mỗi ngày một phiếu, ghi lần lượt mọi lượt khách, kể cả người chỉ hỏi hoặc nhận kết quả. Giờ ghi GG:PP hoặc GG:PP:gg.
Lĩnh vực: của phần lớn hồ sơ. Giờ gọi: khi người dân tới quầy. Đủ: ghi “không” nếu có hồ sơ thiếu giấy tờ.
"""


def csv_form() -> bytes:
    """The empty sheet for a spreadsheet: UTF-8 with its mark, heads in both languages, a row a visit."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow([f"{column.name} / {column.vietnamese}" for column in COLUMNS])
    rows.writerows([str(number), *[""] * (len(COLUMNS) - 1)] for number in range(1, VISITS + 1))
    return text.getvalue().encode("utf-8-sig")


def pdf_form(name: str, fields: Iterable[str]) -> bytes:
    """The same as a page to print; the same bytes for the same center."""
    from sim.report.style import drawing

    figure, data = form_figure(name, fields), io.BytesIO()
    with drawing():
        figure.savefig(data, format="pdf", metadata={"CreationDate": None, "Creator": None, "Producer": None})
    return data.getvalue()


def form_figure(name: str, fields: Iterable[str]) -> Figure:
    """A page of A4 for the center called ``name``, with the fields of work that it knows."""
    from matplotlib.figure import Figure

    from sim.report.style import drawing, wrapped
    from sim.report.wording import plain, shortened

    known = {**{one: entry.vietnamese for one, entry in FIELDS.items()}, **PURPOSES}
    listed = ", ".join(f"{one} ({known[one]})" if one in known else one for one in (*fields, *PURPOSES))
    with drawing():
        figure = Figure(figsize=(_ACROSS, _UP), facecolor="white")
        panel = figure.add_axes((0, 0, 1, 1), xlim=(0, _ACROSS), ylim=(0, _UP))
        panel.axis("off")
        panel.text(_MARGIN, 11.2, "Tally sheet of visits · Phiếu bấm giờ lượt khách", fontsize=14, fontweight="bold")
        panel.text(_MARGIN, 10.9, shortened(plain(name), 70), fontsize=11)
        panel.text(_MARGIN, 10.58, f"Date · Ngày: {'.' * 30}   Timed by · Người ghi: {'.' * 42}", fontsize=9)
        _write_lines(panel, _HOW.strip().splitlines(), 10.3)
        _draw_grid(panel)
        _write_lines(panel, wrapped(f"Field · Lĩnh vực: {listed}.", 7.5, _ACROSS - 2 * _MARGIN), 1.05)
    return figure


def _write_lines(panel: Axes, lines: Sequence[str], top: float) -> None:
    for nth, line in enumerate(lines):
        panel.text(_MARGIN, top - 0.15 * nth, line, fontsize=7.5)


def _draw_grid(panel: Axes) -> None:
    """Heads in both languages, and as many empty rows as visits."""
    right, first = _MARGIN + sum(column.width for column in COLUMNS), _TOP - _HEAD
    bottom, left = first - VISITS * _ROW, _MARGIN
    for nth in range(VISITS):
        at = first - (nth + 0.5) * _ROW
        panel.text(_MARGIN + COLUMNS[0].width / 2, at, str(nth + 1), fontsize=8.5, ha="center", va="center")
    for at, heavy in [
        (_TOP, 1.0),
        *((first - nth * _ROW, 1.0 if nth in (0, VISITS) else 0.5) for nth in range(VISITS + 1)),
    ]:
        panel.plot([_MARGIN, right], [at, at], color="black", linewidth=heavy)
    for column in COLUMNS:
        panel.plot([left, left], [bottom, _TOP], color="black", linewidth=0.5)
        heads, middle = f"{column.english}\n{column.vietnamese}", left + column.width / 2
        panel.text(middle, _TOP - _HEAD / 2, heads, fontsize=8, ha="center", va="center", linespacing=1.3)
        left += column.width
    panel.plot([right, right], [bottom, _TOP], color="black", linewidth=0.5)
