"""What was fitted of an office of which counts of days are known: what a scenario is written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from experiments.new.defaults import FIELDS, KINDS, Assumed, Kind
from sim.fitting.arrivals import Numbers
from sim.fitting.days import Week
from sim.fitting.fields import Field
from sim.fitting.files import Note
from sim.fitting.staff_list import StaffList
from sim.fitting.terms import FieldTimes

WARD_FROM, RURAL_FROM = 35.0, 13.0
"""People a day from which an office is taken to be like a ward's, and like a rural one."""
CERTIFICATION = "certification"
MOST_EACH, MOST_CV = 8.0, 3.0
"""The most that a scenario may have of dossiers a visitor, and of how days differ."""
UNKNOWN = Assumed(8.0, 3.0, 18.0, "no field of this name is known from elsewhere")


@dataclass(frozen=True)
class Ways:
    """How many dossiers were filed at the hall, online and by post; of ``unsaid`` it is not known.

    ``ends``: the 95 % interval of the share filed at the hall, by days, None where it is not known.
    """

    hall: int
    online: int
    post: int
    unsaid: int
    ends: tuple[float, float] | None = None

    @property
    def known(self) -> int:
        """Those of which it is known."""
        return self.hall + self.online + self.post


@dataclass(frozen=True)
class Seen:
    """A figure that was observed, for the section of a scenario; without ``metric`` it is a note."""

    name: str
    said: str
    metric: str | None = None
    value: float = 0.0
    open_days: int = 1
    used_as_input: bool = False
    note: str = ""


@dataclass(frozen=True, eq=False)
class Fitted:
    """What is known of an office.

    ``source`` names where it is from; ``counted_as``: people or dossiers; ``is_export``: whether each dossier is known.
    ``fields`` are empty where nothing tells them, ``profile`` is None where the day is not known; ``times`` by field;
    ``ways`` None where no column tells them, ``sent_back``: how many of how many; ``dossiers_each``: dossiers over
    people, and of how many.
    """

    name: str
    source: str
    counted_as: str
    week: Week
    is_export: bool = False
    fields: tuple[Field, ...] = ()
    profile: Numbers | None = None
    times: Mapping[str, FieldTimes] = field(default_factory=dict)
    ways: Ways | None = None
    sent_back: tuple[int, int] | None = None
    dossiers_each: tuple[float, int] | None = None
    points: Mapping[str, float] = field(default_factory=dict)
    staff: StaffList | None = None
    seen: tuple[Seen, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def kind(self) -> Kind:
        """What is assumed of an office that so many come to."""
        return KINDS[self.kind_name]

    @property
    def kind_name(self) -> str:
        """mountain, rural or ward, by how many come a day."""
        each = self.dossiers_each[0] if self.dossiers_each else 1.0
        people = self.week.arrivals.per_day / (max(each, 1.0) if self.counted_as == "dossiers" else 1.0)
        return "ward" if people >= WARD_FROM else "rural" if people >= RURAL_FROM else "mountain"

    @property
    def own_fields(self) -> tuple[Field, ...]:
        """The fields; those of a commune elsewhere where nothing tells them."""
        return self.fields or tuple(Field(name, (), 0, one.percent / 100) for name, one in FIELDS.items())

    @property
    def has_leaders(self) -> bool:
        """Whether leaders are in the list of officials."""
        return self.staff is not None and any(group.role == "leader" for group in self.staff.groups)

    @property
    def processed(self) -> tuple[str, ...]:
        """The fields whose terms are known, and whose results the back office makes: certification is given at once."""
        return tuple(key for key, one in self.times.items() if one.term is not None and key != CERTIFICATION)

    @property
    def has_back_office(self) -> bool:
        """Whether dossiers go on to a back office: to be processed, or filed from home and to be checked."""
        return bool(self.processed) or self.from_home > 0

    @property
    def from_home(self) -> float:
        """The share of who files from home, or by post: of those online the assumed part."""
        if not self.is_export:
            return 0.0
        if self.ways is None:
            return HOME
        return (HOME_OF_ONLINE * self.ways.online + self.ways.post) / max(self.ways.known, 1)


HOME, HOME_OF_ONLINE = 0.3, 0.4
"""Shares filed from home, of all and of those online: the national .30 of .75 (assumed)."""
