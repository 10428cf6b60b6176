"""Where everything of a way stands on the page, in inches, y counted downward.

Steps stand from left to right, each point is a lane, those of all points are beside the lanes, and the endings that
lead back to the street are strips below. Who leaves goes down the gutter behind their step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sim.report.style import BLUE, GRAY, GREEN, INK, MARGIN, ORANGE, PURPLE, SKY, VERMILION, WIDTH
from sim.report.way.cards import Card, card
from sim.report.way.graph import GONE, STREET, Station, Way
from sim.report.wording import plain, shortened

GUTTER, WIDER, GAP, EDGE, RAIL, TOP = 0.28, 0.2, 0.17, 0.08, 0.15, 0.02
_WEIGHTS = {"street": 1.4, "line": 1.3, "counters": 2.2, "out": 0.8}
_LEAST = 0.97  # inches that a step gets for each unit of its weight: the page grows where there are more steps
_SIDES = {STREET: SKY, GONE: GRAY}
_STRIPS = {"office": GREEN}
_LEAVING = (VERMILION, ORANGE, BLUE, PURPLE)


@dataclass(frozen=True)
class Box:
    """A card at its place; ``look`` is "lane", "title", "head", "said", "station", "side" or "leaving"."""

    look: str
    x: float
    y: float
    height: float
    card: Card
    color: str = INK

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.card.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """Halfway down."""
        return self.y + self.height / 2


@dataclass(frozen=True)
class Path:
    """An arrow from corner to corner, each across or down from the one before."""

    corners: tuple[tuple[float, float], ...]
    color: str = INK


@dataclass
class Layout:
    """The width of the page; boxes, those of stations by name, of those who leave by where from and where to; paths.

    ``rails``: how high the arrows of a station run; ``asides``: how high those run that pass below its lane.
    """

    width: float
    boxes: list[Box] = field(default_factory=list)
    stations: dict[str, Box] = field(default_factory=dict)
    leaving: dict[tuple[str, str], Box] = field(default_factory=dict)
    rails: dict[str, float] = field(default_factory=dict)
    asides: dict[str, float] = field(default_factory=dict)
    paths: list[Path] = field(default_factory=list)
    height: float = 0.0


@dataclass(frozen=True)
class Columns:
    """The left edge and the width of each step; ``inner`` are those at which points have stations."""

    places: dict[str, tuple[float, float]]
    inner: tuple[str, ...]

    def left(self, stage: str) -> float:
        """The left edge of a step."""
        return self.places[stage][0]

    def right(self, stage: str) -> float:
        """Its right edge."""
        return sum(self.places[stage])

    def width(self, stage: str) -> float:
        """Its width."""
        return self.places[stage][1]

    @property
    def across(self) -> tuple[float, float]:
        """Left edge and width of the lanes."""
        left = self.left(self.inner[0])
        return left, self.right(self.inner[-1]) - left


def columns_of(way: Way) -> Columns:
    """The steps of a way across the page."""
    weights = {stage.name: _WEIGHTS.get(stage.name, 1.15) for stage in way.stages}
    room = max(WIDTH - 2 * MARGIN - GUTTER * (len(weights) - 1) - WIDER, _LEAST * sum(weights.values()))
    places, left = {}, MARGIN
    inner = tuple(name for name in weights if any(one.stage == name and one.point for one in way.stations))
    for name, weight in weights.items():
        places[name] = left, room * weight / sum(weights.values())
        left += places[name][1] + GUTTER + (WIDER if inner and name == inner[-1] else 0.0)
    return Columns(places, inner)


def laid_out(way: Way) -> Layout:
    """The layout of a way."""
    columns = columns_of(way)
    layout = Layout(max(left + width for left, width in columns.places.values()) + MARGIN)
    y = _heads(way, columns, layout)
    for name, title in way.points:
        y = _Lane(way, columns, name).put(title, y, layout) + GAP
    bottom = y - GAP
    for station in _endings(way):
        y = _strip(way, station, columns, y, layout)
        bottom = y - GAP if _leads_home(way, station) else bottom
    _sides(way, columns, (bottom, y - GAP), layout)
    _connect(way, columns, layout)
    layout.height = max(box.bottom for box in [*layout.boxes, *layout.stations.values()]) + 0.08
    return layout


def _endings(way: Way) -> list[Station]:
    return [station for station in way.stations if not station.stage]


def _leads_home(way: Way, station: Station) -> bool:
    """Whether somebody goes from a strip to a station beside it that is not the last."""
    return any(arrow.start == station.name and arrow.end not in {STREET, GONE} for arrow in way.arrows)


def color_of(way: Way, end: str) -> str:
    """The color of those who go to a station of all points."""
    names = [station.name for station in _endings(way) if station.name not in _STRIPS]
    return _LEAVING[names.index(end) % len(_LEAVING)] if end in names else _STRIPS.get(end, GREEN)


def _heads(way: Way, columns: Columns, layout: Layout) -> float:
    """What holds at every point, above the lanes; returns where they begin."""
    stages = [stage for stage in way.stages if stage.name in columns.inner]
    cards = {stage.name: card(columns.width(stage.name), stage.title, stage.facts) for stage in stages}
    height = max(one.height for one in cards.values())
    layout.boxes += [Box("head", columns.left(name), TOP, height, one) for name, one in cards.items()]
    return TOP + height + 0.1


class _Lane:
    """A point: the cards of its stations and of those who leave, measured and then put in their places."""

    def __init__(self, way: Way, columns: Columns, point: str) -> None:
        self.way, self.columns = way, columns
        self.stations: dict[str, list[Station]] = {}
        for station in way.stations:
            if station.point == point:
                self.stations.setdefault(station.stage, []).append(station)
        self.cards = {one.name: self._card(one) for some in self.stations.values() for one in some}
        self.leaving = {stage: list(self._leaving(stage)) for stage in self.stations}
        self.above = max(self._above(stage) for stage in self.stations)
        last = [self.cards[some[-1].name].height for some in self.stations.values()]
        self.main = max(self.above + 2 * RAIL, *(self._above(s) + h for s, h in zip(self.stations, last, strict=True)))

    def _card(self, station: Station) -> Card:
        shared = {one.name for one in self.way.stations if one.point is None}
        entry = [fact for a in self.way.arrows if a.end == station.name and a.start in shared for fact in a.facts]
        return card(self.columns.width(station.stage), station.title, (*entry, *station.facts))

    def _leaving(self, stage: str) -> Iterator[tuple[str, str, Card]]:
        """From where, to where, and what is said."""
        names = {station.name for station in self.stations[stage]}
        for arrow in self.way.arrows:
            if arrow.start in names and arrow.facts:
                yield arrow.start, arrow.end, card(self.columns.width(stage), "", arrow.facts)

    def _above(self, stage: str) -> float:
        return sum(self.cards[one.name].height + GAP for one in self.stations[stage][:-1])

    def put(self, title: str, y: float, layout: Layout) -> float:
        """Puts the lane with its upper edge at y; returns its lower edge."""
        left, width = self.columns.across
        heading = card(width, shortened(plain(title), 120), ())
        top = y + heading.height
        for stage, some in self.stations.items():
            at, x = top, self.columns.left(stage)
            for station in some:
                height = top + self.main - at if station is some[-1] else self.cards[station.name].height
                layout.stations[station.name] = Box("station", x, at, height, self.cards[station.name])
                at += height + GAP
        bottom = max(self._put_leaving(stage, top + self.main, layout) for stage in self.stations)
        layout.rails.update(self._rails(top, layout))
        layout.asides.update(dict.fromkeys(self.cards, bottom + GAP / 2))
        bottom += GAP if self._goes_aside() else 0.0
        layout.boxes.append(Box("lane", left - EDGE, y, bottom + EDGE - y, card(width + 2 * EDGE, "", ())))
        layout.boxes.append(Box("title", left - EDGE / 2, y, heading.height, heading))
        return bottom + EDGE

    def _put_leaving(self, stage: str, y: float, layout: Layout) -> float:
        for start, end, one in self.leaving[stage]:
            box = Box("leaving", self.columns.left(stage), y, one.height, one, color_of(self.way, end))
            layout.leaving[start, end] = box
            y = box.bottom
        return y

    def _rails(self, top: float, layout: Layout) -> Iterator[tuple[str, float]]:
        """How high the arrows to and from each station run: all lasts of their steps alike."""
        for some in self.stations.values():
            for station in some:
                yield station.name, layout.stations[station.name].middle
            yield some[-1].name, top + self.above + RAIL

    def _goes_aside(self) -> bool:
        """Whether somebody leaves straight for a station beside the lanes."""
        endings = {one.name for one in _endings(self.way)}
        return any(end not in endings for some in self.leaving.values() for _, end, _ in some)


def _strip(way: Way, station: Station, columns: Columns, y: float, layout: Layout) -> float:
    """An ending below the lanes: what is done and who comes again on the left, by whom and who does not on the right.

    Returns where the next one begins.
    """
    left, width = columns.across
    width += GUTTER
    back = [fact for a in way.arrows if a.start == station.name and a.end == STREET for fact in a.facts]
    lost = [fact for a in way.arrows if a.start == station.name and a.end != STREET for fact in a.facts]
    aside = columns.left(columns.inner[-1])
    both = (
        card(aside - left, station.title, (*(fact for fact in station.facts if not fact.of), *back)),
        card(left + width - aside, " ", (*(fact for fact in station.facts if fact.of), *lost)),
    )
    height = max(one.height for one in both)
    color = color_of(way, station.name)
    layout.stations[station.name] = Box("leaving", left, y, height, card(width, "", ()), color)
    layout.boxes += [Box("said", x, y, height, one, color) for x, one in zip((left, aside), both, strict=True)]
    return y + height + GAP


def _sides(way: Way, columns: Columns, edges: tuple[float, float], layout: Layout) -> None:
    """The stations of all points beside the lanes: the street all along, of the others the last beside the strips."""
    lanes, strips = edges
    for stage in (one for one in way.stages if one.name not in columns.inner):
        mine = [one for one in way.stations if one.stage == stage.name]
        cards = {one.name: card(columns.width(stage.name), one.title, one.facts) for one in mine}
        ends = [lanes] * (len(mine) - 1) + [strips] if len(mine) > 1 else [strips]
        y = TOP
        for station, end in zip(mine, ends, strict=True):
            one = cards[station.name]
            height = max(end - y, one.height)
            layout.stations[station.name] = Box(
                "side", columns.left(stage.name), y, height, one, _SIDES.get(station.name, GREEN)
            )
            y += height + GAP


def _connect(way: Way, columns: Columns, layout: Layout) -> None:
    """A path for each arrow."""
    stations = {station.name: station for station in way.stations}
    for arrow in way.arrows:
        start, end = stations[arrow.start], stations[arrow.end]
        here, there = layout.stations[start.name], layout.stations[end.name]
        if (start.name, end.name) in layout.leaving:
            layout.paths.append(_out(way, columns, layout, (start, end)))
        elif start.point and (start.stage, start.point) == (end.stage, end.point):
            x = here.x + here.card.width / 2
            layout.paths.append(Path(((x, here.bottom), (x, there.y))))
        elif not start.stage:
            back = there.x < here.x
            corners = ((here.x if back else here.right, here.middle), (there.right if back else there.x, here.middle))
            layout.paths.append(Path(corners, here.color))
        else:
            y = layout.rails[end.name if start.point is None else start.name]
            layout.paths.append(Path(((here.right, y), (there.x, y))))


def _out(way: Way, columns: Columns, layout: Layout, ends: tuple[Station, Station]) -> Path:
    """Down the gutter to a strip, or below the lane's cards to a station beside the lanes."""
    start, end = ends
    box, there = layout.leaving[start.name, end.name], layout.stations[end.name]
    names = [*(one.name for one in _endings(way)), ""]
    nth = names.index(end.name if end.name in names else "")
    x = columns.right(start.stage) + GUTTER * (nth + 1) / (len(names) + 1)
    corners = (box.right, box.middle), (x, box.middle)
    if end.stage:
        y = layout.asides[start.name]
        return Path((*corners, (x, y), (there.x, y)), box.color)
    return Path((*corners, (x, there.y)), box.color)
