"""All centers of a province in one picture: mean waits with their intervals, from the longest to the shortest."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from sim.report.page.numbers import Measure
from sim.report.page.pictures import Picture
from sim.report.page.svg import Panel, line, mark, svg, tag, text
from sim.report.page.tiles import WAIT, Tile
from sim.report.page.words import Joined, Word, phrase
from sim.report.wording import plain, shortened, threshold_on

WORST, FEW = 3, 12
_STEP, _NARROWEST, _LEFT, _TOP, _BOTTOM = 8.5, 560.0, 36.0, 84.0, 300.0


def strip(tiles: Sequence[Tile], labelled_by: str) -> Picture | None:
    """The picture, its marks those of the verdicts; None where nobody waited anywhere. ``tiles`` are not empty."""
    drawn = sorted((tile for tile in tiles if tile.figure(WAIT)), key=lambda tile: -(tile.center.wait.value or 0.0))
    if not drawn:
        return None
    wide = max(_NARROWEST, _LEFT + _STEP * (len(drawn) + 1))
    panel = Panel(_LEFT, wide - 4, _TOP, _BOTTOM, (-1.0, float(max(len(drawn), FEW))), (0.0, tiles[0].top))
    parts = [
        text((_LEFT, 14), phrase("province.axis"), "axis"),
        panel.frame([], ""),
        *_promised(panel, tiles[0]),
        *(_drawn(panel, nth, tile) for nth, tile in enumerate(drawn)),
        *(_named(panel, nth, tile) for nth, tile in enumerate(drawn[:WORST])),
        text((_LEFT, _BOTTOM + 20), phrase("province.across", n=len(drawn)), "tick"),
    ]
    drawing = svg((wide, _BOTTOM + 28), *parts, labelled_by=labelled_by, class_="chart strip", width=wide)
    longest = drawn[0]
    title = phrase("province.strip", name=plain(longest.name), wait=Measure(WAIT, longest.center.wait.value or 0.0))
    return Picture(title, _caption(len(tiles) - len(drawn)), drawing)


def _drawn(panel: Panel, nth: int, tile: Tile) -> Markup:
    """A center: its interval, its mark, and its name where it is pointed at."""
    wait = tile.center.wait
    x, y = panel.at(nth, wait.value or 0.0)
    parts = [tag("title", escape(plain(tile.name)))]
    if wait.lower is not None and wait.upper is not None:
        parts.append(line((x, panel.y(wait.lower)), (x, panel.y(wait.upper)), "interval"))
    return tag("g", *parts, mark((x, y), tile.verdict, 3.6))


def _named(panel: Panel, nth: int, tile: Tile) -> Markup:
    """The name of one of the worst, above, and a line from it to its interval."""
    wait, above = tile.center.wait, 34.0 + 16 * nth
    x, y = panel.at(nth, wait.value or 0.0)
    end = y - 6 if wait.upper is None else min(panel.y(wait.upper) - 2, y - 6)
    said = Joined([shortened(plain(tile.name), 28), Measure(WAIT, wait.value or 0.0)], ": ")
    return line((x, above + 2), (x, end), "grid") + text((x + 4, above + 4), said, "tick")


def _promised(panel: Panel, tile: Tile) -> list[Markup]:
    threshold = threshold_on(tile.study, WAIT)
    if threshold is None:
        return []
    y = panel.y(threshold)
    said = phrase("costs.target", value=Measure(WAIT, threshold, exact=True))
    return [line((panel.left, y), (panel.right, y), "target"), text((panel.right, y - 5), said, "tick", "end")]


def _caption(left_out: int) -> tuple[Word, ...]:
    said: tuple[Word, ...] = (phrase("province.strip_note"),)
    return (*said, phrase("province.strip_left_out", n=left_out)) if left_out else said
