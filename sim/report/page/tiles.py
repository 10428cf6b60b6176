"""A center of a province as a tile and as a row of a table: its verdict among all, its figures, what is assumed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import isinf, isnan

from markupsafe import Markup

from sim.assumptions.ends import slack
from sim.centers import Center, Province
from sim.intervals import Estimate
from sim.report.marks import reach
from sim.report.page.answer import not_met, overtime, promise
from sim.report.page.named import Metric
from sim.report.page.numbers import Measure, Number, digits, figure
from sim.report.page.svg import glyph
from sim.report.page.ways import COST, overtime_of, times
from sim.report.page.words import Joined, Name, Word, phrase
from sim.report.wording import threshold_on
from sim.scenario import Scenario
from sim.study import Study
from sim.verdicts import Outcome

WAIT, UNSERVED, WITHIN = "wait_mean", "unserved_share", "wait_within_15"
RISK: dict[Outcome, int] = {"missed": 0, "undecided": 1, "met": 2, "n/a": 3}

Row = tuple[Word, Word]


@dataclass(frozen=True)
class Cell:
    """A figure in words and as a number to sort by; None, the last, where there is none."""

    text: Word
    value: float | None


@dataclass(frozen=True, eq=False)
class Tile:
    """A center. ``rank``: its place by risk, from 1; ``top``: where the axis of mean waits ends, minutes.

    ``alone``: it misses a promise only if no other center were looked at.
    """

    center: Center
    rank: int
    verdict: Outcome
    alone: bool
    top: float

    @property
    def name(self) -> str:
        """As a person wrote it."""
        return self.center.name

    @property
    def number(self) -> int:
        """Its number in the province, by which links find it."""
        return self.center.study.center

    @property
    def study(self) -> Study:
        """What was asked of it."""
        return self.center.study

    @cached_property
    def scenario(self) -> Scenario:
        """The center with its policies applied."""
        return self.study.scenario

    def figure(self, metric: str) -> Estimate | None:
        """A figure of the whole center; None where nothing was measured."""
        found = self.center.figures.estimates.get((metric, "all"))
        return None if found is None or found.value is None else found

    @property
    def assumed(self) -> float | None:
        """The share of its inputs that are assumptions; None where inputs are not marked."""
        return self.study.assumptions / self.study.inputs if self.study.inputs else None

    @property
    def glyph(self) -> Markup:
        """Its mean wait beside the promise."""
        return glyph(self.figure(WAIT), self.top, threshold_on(self.study, WAIT), self.verdict)

    @property
    def broken(self) -> list[tuple[Outcome, Word]]:
        """The promises that it is not shown to keep."""
        both = zip(self.center.figures.verdicts, self.study.targets.items, strict=True)
        return [
            (verdict.verdict, promise(self.scenario, target)) for verdict, target in both if verdict.verdict != "met"
        ]

    @property
    def face(self) -> list[Row]:
        """What a closed tile says."""
        return [
            *(
                (phrase(f"province.face.{metric}"), self.cell(metric).text)
                for metric in (WAIT, UNSERVED, "utilization")
            ),
            (phrase("province.face.load"), self.load.text),
            (phrase("province.face.staff"), self._staff),
            (phrase("province.face.assumed"), self._assumed),
        ]

    @property
    def inside(self) -> list[Row]:
        """What an open tile says besides."""
        metrics = ("wait_p90", WITHIN, "days_within_target", "periods_within_target")
        return [
            *((Metric(metric), self.cell(metric).text) for metric in metrics if self.figure(metric)),
            (phrase("province.overtime"), self._overtime),
            (Metric("cost_month"), self._cost),
            (phrase("province.people"), self._people),
            (phrase("province.binding"), self._binding),
        ]

    @property
    def judged(self) -> list[Word]:
        """Each promise with what is found of it."""
        both = zip(self.center.figures.verdicts, self.study.targets.items, strict=True)
        return [not_met(self.scenario, verdict, target) for verdict, target in both]

    def cell(self, metric: str) -> Cell:
        """A figure with its interval."""
        estimate = self.figure(metric)
        return _NONE if estimate is None else Cell(figure(metric, estimate), estimate.value)

    @property
    def cost(self) -> Cell:
        """What it costs the state a month, without the interval."""
        a_month, currency = self._a_month, self.scenario.money.currency
        if a_month is None or a_month.value is None:
            return _NONE
        return Cell(Measure(COST, a_month.value, currency), a_month.value)

    @property
    def load(self) -> Cell:
        """Work over staffed minutes, by the load sheet."""
        load = self.center.load
        return _NONE if isnan(load) else Cell(_over(load), load)

    @property
    def share_assumed(self) -> Cell:
        """How much of what goes in is assumed."""
        return _NONE if self.assumed is None else Cell(Measure("_share", self.assumed), self.assumed)

    @property
    def _a_month(self) -> Estimate | None:
        estimate = self.figure(COST)
        return None if estimate is None else times(estimate, self.scenario.money.working_days_per_month)

    @property
    def _cost(self) -> Word:
        a_month = self._a_month
        return phrase("cost.none") if a_month is None else figure(COST, a_month, self.scenario.money.currency)

    @property
    def _staff(self) -> Word:
        groups = [group for group in self.scenario.staff.values() if group.role == "counter"]
        points = self.scenario.points
        sizes = [points[group.point].counters if group.count is None else group.count for group in groups]
        lent = sum(size for size, group in zip(sizes, groups, strict=True) if group.lender is not None)
        counters = sum(point.counters for point in points.values())
        return phrase("province.staff_of", officials=Number(sum(sizes)), lent=Number(lent), counters=Number(counters))

    @property
    def _assumed(self) -> Word:
        if self.assumed is None:
            return phrase("province.not_marked")
        share, study = Measure("_share", self.assumed), self.study
        return phrase("province.assumed_of", share=share, n=study.assumptions, of=study.inputs)

    @property
    def _overtime(self) -> Word:
        """Of the official with most, in the span in which the limit is nearest."""
        return overtime(overtime_of(self.scenario, self.figure))

    @property
    def _people(self) -> Word:
        arrived, own = self.figure("arrived"), self.scenario
        days = sum(own.is_working(day) for day in range(own.warmup, own.days))
        return digits((arrived.value or 0.0) / days) if arrived and days else phrase("figure.none")

    @property
    def _binding(self) -> Word:
        """The work that fills its officials most, by the load sheet."""
        point, fields, load = self.center.binding
        if not fields:
            return phrase("binding.none")
        everything = len(fields) > 1 and set(fields) == set(self.scenario.fields)
        named = phrase("binding.all") if everything else Joined([Name("field", name) for name in fields])
        if point and len(self.scenario.points) > 1:
            named = Joined([named, Name("point", point)], " · ")
        return phrase("province.binding_of", fields=named, load=_over(load))


_NONE = Cell(phrase("figure.none"), None)


def _over(load: float) -> Word:
    """Work over minutes in percent, said to be too much above 100; in words where nobody is there to do it."""
    if isinf(load):
        return phrase("province.nobody_on_duty")
    share = phrase("unit.percent", n=Number(100 * load, 1 if 0.95 < load < 1.05 else 0))
    return phrase("province.overloaded", load=share) if load > 1 else share


def tiles(province: Province) -> list[Tile]:
    """All centers by risk: missed promises first, by how far; then undecided, then met, the longest mean wait first."""
    verdicts = {name: province.verdict(name) for name in province.centers}
    centers = sorted(province.centers.values(), key=lambda one: _risk(one, verdicts[one.name]))
    top = reach(WAIT, [one.wait for one in centers], [threshold_on(province.study, WAIT)])
    return [
        Tile(one, rank, verdicts[one.name], _alone(one, verdicts[one.name]), top) for rank, one in enumerate(centers, 1)
    ]


def _risk(center: Center, verdict: Outcome) -> tuple[int, float, float]:
    """What centers are ordered by; how far a promise is missed is in units of its zone of indifference."""
    both = zip(center.study.targets.items, center.figures.verdicts, strict=True)
    missed = [slack(target, own)[0] for target, own in both if own.verdict == "missed"]
    return RISK[verdict], -max(missed, default=0.0) if verdict == "missed" else 0.0, -(center.wait.value or 0.0)


def _alone(center: Center, verdict: Outcome) -> bool:
    return verdict == "undecided" and any(own.verdict == "missed" for own in center.figures.verdicts)
