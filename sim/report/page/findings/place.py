"""The page of a placement: to which centers lent officials go, by four rules, and what that is worth."""

from __future__ import annotations

from collections.abc import Sequence

from sim.centers import KEPT, Change, first_target
from sim.intervals import Estimate
from sim.placement import NOBODY, Placement, Way
from sim.report.page.answer import Reply, first_look, promise
from sim.report.page.finding import Finding, Part, Row, Table
from sim.report.page.forest import Line, Upright, forest
from sim.report.page.named import Metric, with_unit
from sim.report.page.numbers import Measure, Number, digits, figure
from sim.report.page.pictures import Picture
from sim.report.page.ways import COST, times
from sim.report.page.words import Joined, Listed, Name, Word, phrase, said
from sim.report.wording import plain, threshold_on

WAIT, UNSERVED, EQUAL = "wait_mean", "unserved_share", "equal"
MOST_NAMED = 3


def finding(found: Placement, table: str, count: int) -> Finding:
    """All that the page says. ``table``: the name of the province's."""
    first = found.ways[NOBODY].province
    center = Name("province_name", table)
    shorter = _shorter(found, NOBODY)
    return Finding(
        center=center,
        asked=phrase("place.asked", n=Number(count), centers=Number(len(first.centers)), name=center),
        found=_found(found, shorter),
        sign=None,
        depends=(phrase("place.against_equal"),) if shorter and not _shorter(found, EQUAL) else (),
        replies=tuple(_replies(found, shorter)),
        parts=(_rules(found), _changed(found), _given(found)),
        study=first.study,
    )


def _changes(found: Placement, against: str) -> list[Change]:
    return [one for one in found.changes(against) if one.metric == WAIT and one.other != against]


def _shorter(found: Placement, against: str) -> list[str]:
    """The rules that are shown to shorten the mean wait against another, the shortest wait first."""
    names = [
        one.other
        for one in _changes(found, against)
        if one.other != NOBODY and one.is_distinguishable and (one.paired.estimate.value or 0.0) < 0
    ]
    return sorted(names, key=lambda name: found.ways[name].province.totals[WAIT].value or 0.0)


def _wait(found: Placement, way: str) -> Word:
    return figure(WAIT, found.ways[way].province.totals[WAIT])


def _found(found: Placement, shorter: Sequence[str]) -> Word:
    if found.ways[NOBODY].province.totals[WAIT].value is None:
        return phrase("found.nobody")
    before = _wait(found, NOBODY)
    if not shorter:
        return phrase("place.none", before=before)
    rules = {"n": Number(len(shorter)), "of": Number(len(found.ways) - 1)}
    return phrase("place.found", before=before, after=_wait(found, shorter[0]), rule=Name("rule", shorter[0]), **rules)


def _replies(found: Placement, shorter: Sequence[str]) -> list[Reply]:
    return [
        Reply(phrase("question.place"), tuple(_which(found, shorter)), "given"),
        Reply(phrase("question.sure"), tuple(_sure(found)), "changes"),
        Reply(phrase("question.cost"), tuple(_cost(found)), "rules"),
        Reply(phrase("question.who"), tuple(_worst(found, shorter)), "rules"),
        Reply(phrase("question.lender"), (_lender(found),), "rules"),
    ]


def _which(found: Placement, shorter: Sequence[str]) -> list[Word]:
    if not shorter:
        return [phrase("place.no_rule")]
    given = found.ways[shorter[0]].given
    most = max(given.values())
    at_most = [plain(name) for name, count in given.items() if count == most][:MOST_NAMED]
    nobody = sum(count == 0 for count in given.values())
    lines: list[Word] = [phrase("place.most", rule=Name("rule", shorter[0]), n=Number(most), centers=Listed(at_most))]
    lines += [phrase("place.to_nobody", n=Number(nobody))] if nobody else []
    rises, steps = found.rises
    return [*lines, phrase("place.greedy", n=Number(rises), of=Number(steps))] if rises else lines


def _sure(found: Placement) -> list[Word]:
    study = found.ways[NOBODY].province.study
    level, runs = Measure("_share", study.confidence, exact=True), Number(study.replications)
    lines: list[Word] = [phrase("sure.level", confidence=level, n=runs)]
    better = _shorter(found, EQUAL)
    key = "better_than_equal" if better else "no_better"
    lines.append(phrase(f"place.{key}", rules=Listed([Name("rule", name) for name in better])))
    return [*lines, *first_look(study)]


def _a_month(found: Placement, way: str) -> Estimate | None:
    own = found.ways[way].province
    cost = own.totals.get(COST)
    return None if cost is None or cost.value is None else times(cost, own.study.base.money.working_days_per_month)


def _cost(found: Placement) -> list[Word]:
    currency = found.ways[NOBODY].province.study.base.money.currency
    known = {name: cost for name in found.ways if (cost := _a_month(found, name)) is not None}
    if len(known) < len(found.ways):
        return [phrase("cost.none")]
    placed = sorted(cost.value or 0.0 for name, cost in known.items() if name != NOBODY)
    low, high = (Measure(COST, edge, currency) for edge in (placed[0], placed[-1]))
    before = Measure(COST, known[NOBODY].value or 0.0, currency)
    is_one = said(low, "en") == said(high, "en")
    return [phrase("place.cost_one" if is_one else "place.cost", before=before, low=low, high=high)]


def _worst(found: Placement, shorter: Sequence[str]) -> list[Word]:
    lines: list[Word] = []
    for way in dict.fromkeys((NOBODY, *shorter[:1])):
        name, wait = found.worst(way)
        longest = figure(WAIT, wait)
        lines.append(phrase("place.worst", rule=Name("rule", way), center=plain(name), figure=longest))
    return [*lines, phrase("place.worst_note")]


def _lender(found: Placement) -> Word:
    load = Measure("_share", found.lender_load)
    if found.lender_backlog > 0:
        return phrase("place.lender_over", load=load, hours=digits(found.lender_backlog))
    return phrase("place.lender", load=load)


def _rules(found: Placement) -> Part:
    first = found.ways[NOBODY].province
    target, has_kept = first_target(first.study), KEPT in first.totals
    heads: list[Word] = [phrase("place.rule"), Metric(WAIT)]
    heads += [phrase("province.kept", promise=promise(first.study.base, target))] if target and has_kept else []
    heads += [Metric(UNSERVED), Metric("cost_month"), phrase("place.worst_center")]
    rows = tuple(_row(found, way, has_kept and target is not None) for way in found.ways.values())
    table = Table(phrase("place.rules"), tuple(heads), rows, (phrase("place.kept_note"),) if has_kept else ())
    return Part("rules", phrase("place.rules"), (), (_picture(found),), (table,))


def _row(found: Placement, way: Way, has_kept: bool) -> Row:
    totals, cost = way.province.totals, _a_month(found, way.name)
    name, wait = found.worst(way.name)
    cells: list[Word] = [figure(WAIT, totals[WAIT])]
    cells += [figure("_share", totals[KEPT])] if has_kept else []
    cells.append(figure(UNSERVED, totals[UNSERVED]))
    cells.append(phrase("cost.none") if cost is None else Measure(COST, cost.value or 0.0, _currency(found)))
    cells.append(Joined([plain(name), figure(WAIT, wait)], ": "))
    return Row(Name("rule", way.name), tuple(cells))


def _currency(found: Placement) -> str:
    return found.ways[NOBODY].province.study.base.money.currency


def _picture(found: Placement) -> Picture:
    study = found.ways[NOBODY].province.study
    threshold = threshold_on(study, WAIT)
    lines = [Line(Name("rule", name), way.province.totals[WAIT]) for name, way in found.ways.items()]
    promised = phrase("costs.target", value=Measure(WAIT, threshold or 0.0, exact=True))
    uprights = [] if threshold is None else [Upright(threshold, promised)]
    level = Measure("_share", study.confidence, exact=True)
    caption = phrase("forest.plain_caption", confidence=level, n=Number(study.replications))
    title = _found(found, _shorter(found, NOBODY))
    return Picture(title, (caption,), forest(lines, with_unit(WAIT), "rules-picture-1", uprights))


def _changed(found: Placement) -> Part:
    tables = tuple(
        Table(
            phrase("place.changes_against", rule=Name("rule", against)),
            (phrase("place.rule"), phrase("search.changes", metric=Metric(WAIT))),
            tuple(Row(Name("rule", one.other), (_change(one),)) for one in _changes(found, against)),
        )
        for against in (NOBODY, EQUAL)
    )
    return Part("changes", phrase("place.changes"), (phrase("place.changes_note"),), (), tables)


def _change(change: Change) -> Word:
    told = figure(WAIT, change.paired.estimate, signed=True)
    return told if change.is_distinguishable else phrase("search.unclear", change=told)


def _given(found: Placement) -> Part:
    """Who gets how many, a row a center that gets any by some rule."""
    ways = [way for way in found.ways.values() if way.name != NOBODY]
    names = [name for name in ways[0].given if any(way.given[name] for way in ways)]
    rows = tuple(Row(plain(name), tuple(Number(way.given[name]) for way in ways)) for name in names)
    heads = (phrase("page.center"), *(Name("rule", way.name) for way in ways))
    nobody = len(ways[0].given) - len(names)
    notes = (phrase("place.gets_none", n=Number(nobody)),) if nobody else ()
    return Part("given", phrase("place.given"), (), (), (Table(phrase("place.given"), heads, rows, notes),))
