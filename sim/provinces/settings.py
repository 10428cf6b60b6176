"""What a row of a table changes in its scenario, as overrides of the command line's grammar."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sim.provinces.columns import NAMED, PER_1000
from sim.provinces.reading import Row
from sim.scenario import Scenario


class Unfit(Exception):
    """A column, the first argument, that the scenario of a row has no place for: why, the second."""


def settings(row: Row, base: Scenario) -> list[str]:
    """The overrides of a row. Raises Unfit."""
    found = [text for column, make in _OWN.items() if column in row.cells for text in make(row, base)]
    return found + [f"{key}={value}" for key, value in row.cells.items() if key not in NAMED]


def hall(base: Scenario) -> str:
    """The point that counters and the way belong to: the first."""
    return next(iter(base.points))


def _per_day(column: str, per_day: float, base: Scenario) -> Iterator[str]:
    if base.arrivals.per_day is None:
        raise Unfit(column, "its scenario says rate_per_hour: wanted one with arrivals.per_day")
    yield f"arrivals.per_day={per_day!r}"


def _of_people(row: Row, base: Scenario) -> Iterator[str]:
    people = row.cells["population"] * row.cells.get("per_1000", PER_1000) / 1000
    return _per_day("population", people, base)


def _travel(row: Row, base: Scenario) -> Iterator[str]:
    travel = base.points[hall(base)].travel
    if travel is None or not hasattr(travel, "mean") or "mean" not in type(travel).model_fields:
        raise Unfit("travel_min", f"its scenario has no mean way: wanted points.{hall(base)}.travel with a mean")
    yield f"points.{hall(base)}.travel.mean={row.cells['travel_min']!r}"


def _officials(row: Row, base: Scenario) -> Iterator[str]:
    groups = {name: group.count for name, group in base.staff.items() if group.role == "counter"}
    if not groups or any(count is None for count in groups.values()):
        raise Unfit("officials", "its scenario has officials that follow the counters: wanted counters instead")
    if row.cells["officials"] < len(groups):
        wanted = f"wanted at least {len(groups)}, one for each group of its scenario: {', '.join(groups)}"
        raise Unfit("officials", wanted)
    for name, count in dealt({name: count or 0 for name, count in groups.items()}, row.cells["officials"]).items():
        yield f"staff.{name}.count={count}"


def dealt(sizes: dict[str, int], total: int) -> dict[str, int]:
    """A total in the proportions of some sizes, one each at least; ties to the smallest share, then in their order.

    By Sainte-Laguë's divisors, which leave sizes of this total as they are.
    """
    found = dict.fromkeys(sizes, 1)
    for _ in range(total - len(sizes)):
        found[max(sizes, key=lambda name: (sizes[name] / (2 * found[name] + 1), -found[name]))] += 1
    return found


_OWN: dict[str, Callable[[Row, Scenario], Iterator[str] | list[str]]] = {
    "per_day": lambda row, base: _per_day("per_day", row.cells["per_day"], base),
    "population": _of_people,
    "counters": lambda row, base: [f"points.{hall(base)}.counters={row.cells['counters']}"],
    "officials": _officials,
    "travel_min": _travel,
}


def keys(overrides: list[str]) -> list[str]:
    """The keys that overrides set."""
    return [text.partition("=")[0].lstrip("+~") for text in overrides]


__all__ = ["Unfit", "dealt", "hall", "keys", "settings"]
