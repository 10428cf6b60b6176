"""A province as one HTML file: which centers keep what was promised, a tile and a row of a table for each, a picture.

The answer and the order of the tiles are the same without JavaScript and on paper.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from sim.centers import KEPT, Province, first_target
from sim.coupling.measuring import ELSEWHERE, SHARED_USE
from sim.reopening import Made
from sim.report.page import rests
from sim.report.page.answer import promise
from sim.report.page.document import document
from sim.report.page.named import Metric
from sim.report.page.numbers import Measure, Number, figure
from sim.report.page.strip import strip
from sim.report.page.tiles import RISK, UNSERVED, WAIT, WITHIN, Row, Tile, tiles
from sim.report.page.ways import COST, times
from sim.report.page.words import Joined, Language, Listed, Name, Word, phrase
from sim.report.wording import plain, shortened
from sim.study import SMOKE
from sim.verdicts import Outcome

MOST_NAMED, LONGEST_NAME = 40, 40
SCRIPTS, STYLES = ("page.js", "province.js"), ("page.css", "province.css")


@dataclass(frozen=True, eq=False)
class Shown:
    """What the page says of a province; ``key``: the name of its table."""

    province: Province
    key: str

    @property
    def name(self) -> Name:
        """What it is called; a table that does not ship as its file is."""
        return Name("province_name", self.key)

    @cached_property
    def tiles(self) -> list[Tile]:
        """All centers by risk."""
        return tiles(self.province)

    @cached_property
    def counts(self) -> dict[Outcome, int]:
        """How many centers there are of each verdict, what was missed first; "n/a" only where there are some."""
        found = Counter(tile.verdict for tile in self.tiles)
        return {verdict: found[verdict] for verdict in RISK if found[verdict] or verdict != "n/a"}

    @property
    def verdict(self) -> Outcome:
        """That of the province: met only if it is met everywhere."""
        return next((verdict for verdict in RISK if self.counts.get(verdict)), "n/a")

    @property
    def asked(self) -> Word:
        """The question, in a sentence."""
        study = self.province.study
        items = study.targets.items
        promises = Listed([promise(study.base, target) for target in items])
        key = "province.asked" if items else "province.asked_nothing"
        return phrase(key, n=len(self.tiles), name=self.name, promises=promises)

    @property
    def found(self) -> Word:
        """What was found, in words that cannot be taken for a yes where it is none."""
        counts = {verdict: Number(self.counts.get(verdict, 0)) for verdict in RISK}
        said = {"n": Number(len(self.tiles)), "missed": counts["missed"], "met": counts["met"]}
        match self.verdict:
            case "n/a":
                return phrase("found.nobody" if self.province.study.targets.items else "found.nothing")
            case "met":
                return phrase("province.found_met", **said)
            case "undecided":
                return phrase("province.found_undecided", undecided=counts["undecided"], **said)
            case "missed":
                first = phrase("province.found_missed" if self.counts["met"] else "province.found_none", **said)
                also = phrase("province.also_undecided", undecided=counts["undecided"])
                return Joined([first, also], " ") if self.counts.get("undecided") else first

    @property
    def failing(self) -> list[tuple[int, str]]:
        """Number and name of the first of those that miss a promise with all that was looked at counted (Holm)."""
        missed = [tile for tile in self.tiles if tile.verdict == "missed"]
        return [(tile.number, shortened(plain(tile.name), LONGEST_NAME)) for tile in missed[:MOST_NAMED]]

    @property
    def broken(self) -> list[Word]:
        """Each promise with the number of failing centers that miss it."""
        missing = [tile.center.figures.verdicts for tile in self.tiles if tile.verdict == "missed"]
        counts = [sum(own.verdict == "missed" for own in each) for each in zip(*missing, strict=True)]
        targets = self.province.study.targets.items if missing else ()
        both = zip(targets, counts, strict=True)
        return [
            phrase("province.broken", promise=promise(self.province.study.base, target), n=n) for target, n in both if n
        ]

    @property
    def totals(self) -> list[Row]:
        """The figures of the province as a whole."""
        target, money = first_target(self.province.study), self.province.study.base.money
        known = {key: own for key, own in self.province.totals.items() if own.value is not None}
        found: list[Row] = [(Metric(key), figure(key, known[key])) for key in (WAIT, WITHIN, UNSERVED) if key in known]
        if target is not None and KEPT in known:
            found.append(
                (
                    phrase("province.kept", promise=promise(self.province.study.base, target)),
                    figure("_share", known[KEPT]),
                )
            )
        if COST in known:
            a_month = times(known[COST], money.working_days_per_month)
            found.append((Metric("cost_month"), figure(COST, a_month, money.currency)))
        return found + [
            (phrase(f"province.{key}"), figure("_share", known[key])) for key in (ELSEWHERE, SHARED_USE) if key in known
        ]

    @property
    def assumed(self) -> Word:
        """How much of what goes in is assumed, center by center."""
        shares = [tile.assumed for tile in self.tiles if tile.assumed is not None]
        if not shares:
            return phrase("province.assumed_unknown")
        low, high = (Measure("_share", round(edge, 2)) for edge in (min(shares), max(shares)))
        key = "province.assumed_all" if low == high else "province.assumed_each"
        return phrase(key, low=low, high=high)

    @property
    def sure(self) -> list[Word]:
        """What verdicts and intervals stand for."""
        study = self.province.study
        many = Number(len(self.tiles) * len(study.targets.items))
        level = Measure("_share", study.confidence, exact=True)
        count = Number(study.replications)
        said: list[Word] = [phrase("sure.level", confidence=level, n=count), phrase("province.holm", n=many)]
        return said + ([phrase("sure.first_look", n=count)] if study.replications <= SMOKE else [])


def page(province: Province, name: str, made: Made, language: Language = "vi") -> str:
    """The file; it opens in ``language``. ``name``: that of the table."""
    shown = Shown(province, name)
    return document(
        "province.html.j2",
        language,
        shown.name.said(language),
        data={},
        scripts=SCRIPTS,
        styles=STYLES,
        shown=shown,
        picture_of=strip(shown.tiles, "strip"),
        repeated=rests.repeat(province.study, made),
        risk=RISK,
    )
