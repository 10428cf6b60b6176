"""A citizen's way through a center, drawn."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from sim.report.style import INK, drawing, page
from sim.report.way.cards import frame, write
from sim.report.way.graph import Way
from sim.report.way.layout import Box, Path, laid_out
from sim.report.wording import plain, shortened

_LANE = "#F5F6F7"
_HEAD = 0.09
MOST_POINTS = 12


@drawing()
def way_chart(way: Way, name: str, note: str = "") -> Figure:
    """The way from the street to the counters and out, before any run. ``note`` is put below."""
    layout = laid_out(way.first(MOST_POINTS))
    made = page(f"{shortened(plain(name))}: {way.title}", [*_caption(way), note], layout.height, layout.width)
    panel = made.panel(0, 0, layout.width, layout.height)
    panel.set_xlim(0, layout.width)
    panel.set_ylim(layout.height, 0)
    panel.set_axis_off()
    for box in [*layout.boxes, *layout.stations.values(), *layout.leaving.values()]:
        _box(panel, box)
    for path in layout.paths:
        _path(panel, path)
    return made.figure


def _caption(way: Way) -> list[str]:
    said = ["Shares, counts and minutes of the scenario, before any run; minutes are means."]
    if any(fact.known is not None for one in way.stations for fact in one.facts):
        said[0] += " ● from a source, or given in the command; ○ in italics: assumed, or without a source."
    if len(way.points) > MOST_POINTS:
        said.append(f"{len(way.points) - MOST_POINTS} more points are not drawn.")
    return said


def _tint(color: str, share: float) -> str:
    """A color mixed with white."""
    red, green, blue = (1 - share * (1 - part) for part in to_rgb(color))
    return to_hex((red, green, blue))


def _box(panel: Axes, box: Box) -> None:
    size = box.card.width, box.height
    match box.look:
        case "lane":
            frame(panel, box.x, box.y, size, _LANE, _LANE, zorder=1)
        case "station":
            frame(panel, box.x, box.y, size, "white", INK)
        case "side":
            frame(panel, box.x, box.y, size, _tint(box.color, 0.14), _tint(box.color, 0.6))
        case "leaving":
            frame(panel, box.x, box.y, size, _tint(box.color, 0.16), _tint(box.color, 0.7))
        case _:
            pass
    behind = {"title": _LANE, "said": _tint(box.color, 0.16)}.get(box.look, "none")
    write(panel, box.x, box.y, box.card, behind)


def _path(panel: Axes, path: Path) -> None:
    """A line below all text, and its head."""
    x, y = zip(*path.corners, strict=True)
    panel.plot(x, y, color=path.color, linewidth=1.3, solid_joinstyle="round", solid_capstyle="butt", zorder=3.5)
    (x0, y0), (x1, y1) = path.corners[-2:]
    across, down = np.sign(x1 - x0), np.sign(y1 - y0)
    back, side = (x1 - _HEAD * across, y1 - _HEAD * down), (0.4 * _HEAD * down, 0.4 * _HEAD * across)
    corners = [(x1, y1), (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1])]
    panel.add_patch(Polygon(corners, facecolor=path.color, edgecolor="none", zorder=4))
