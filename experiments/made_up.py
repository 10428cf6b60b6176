"""The tables of centers that ship, made by a rule from what is published: ``python -m experiments.made_up lam_dong``.

Neither the names nor the sizes of the units are known here; how many there are is. Of n units the k-th largest has a
weight exp(spread · z), z the standard normal quantile of (n - k + 1/2) / n, and its share of the province's people,
rounded to ten. The order of rows is a fixed shuffle, steps of STEP through the sizes, so that a part of the table is
no part of the sizes. The largest units are the wards.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp, gcd
from statistics import NormalDist

STEP = 17


@dataclass(frozen=True)
class Made:
    """``units``, of which the largest are ``wards``; the smallest ``mountain``, the others rural communes.

    ``for_each``: residents for each official at a counter, of wards and of communes. ``second``: from this row on a
    second software. ``weak``: fields in which the specialists of every other commune do not suit, in turn.
    """

    people: int
    units: int
    wards: int
    mountain: int
    spread: float
    for_each: tuple[int, int]
    second: int | None
    weak: tuple[str, ...]
    head: tuple[str, ...]


MADE = {
    "lam_dong": Made(
        3_872_999, 124, 20, 40, 0.5, (8_000, 7_000), 52, (),
        (
            "Lâm Đồng: 124 units, V, S4: 51 of the old Lâm Đồng, 45 of Bình Thuận, 28 of Đắk Nông, in this order.",
            "population: V 3,872,999 people together (Resolution 202/2025/QH15); of each unit A: made by a rule, see",
            "  experiments/made_up.py; kind: V 20 wards, A which; A the 40 smallest are in the mountains.",
            "per_1000: S2 1.0, S0 0.9 in the mountains. counters, officials: A one for 7,000 people, 8,000 in wards.",
            "procedures.*.double_entry: A 4 minutes for a second software (S4) where another province's was in use.",
        ),
    ),
    "dien_bien": Made(
        650_000, 45, 3, 42, 0.45, (8_000, 6_000), None, ("[land,construction]", "[business]", "[social,construction]"),
        (
            "Điện Biên: 45 units, V: 42 communes and 3 wards (Resolution 1661/NQ-UBTVQH15 of 16 June 2025).",
            "population: A 650,000 people together (V 547,785 in 2015); of each unit A: made by a rule, see",
            "  experiments/made_up.py (V: 24,294 at Mường Nhé and 6,058 at Sín Thầu); kind: A which are the wards.",
            "per_1000: S0 0.9 in the mountains, S2 1.0. counters, officials: A one for 6,000 people, 8,000 in wards.",
            "staff.specialists.weak: A fields without a specialist who suits (S0: the province is short of them).",
        ),
    ),
}  # fmt: skip


def text_of(name: str) -> str:
    """A table as its file has it."""
    made = MADE[name]
    columns = ["name", "kind", "population", "per_1000", "counters", "officials"]
    columns += [f"procedures.{one}.double_entry" for one in ("certification", "civil_status", "land") if made.second]
    columns += ["staff.specialists.weak"] if made.weak else []
    rows = [_row(made, number, size) for number, size in enumerate(_order(made.units))]
    return "\n".join([*(f"# {line}" for line in made.head), ",".join(columns), *rows]) + "\n"


def populations(made: Made) -> list[int]:
    """Residents of each unit, the largest first; the largest has what rounding leaves."""
    places = [(made.units - k - 0.5) / made.units for k in range(made.units)]
    weights = [exp(made.spread * NormalDist().inv_cdf(place)) for place in places]
    people = [10 * round(made.people * weight / sum(weights) / 10) for weight in weights]
    return [people[0] + made.people - sum(people), *people[1:]]


def _order(units: int) -> list[int]:
    """Sizes (0 is the largest) in the order of rows."""
    step = next(step for step in range(STEP, STEP + units) if gcd(step, units) == 1)
    return [number * step % units for number in range(units)]


def _row(made: Made, number: int, size: int) -> str:
    people = populations(made)[size]
    in_mountains, is_ward = size >= made.units - made.mountain, size < made.wards
    kind = "urban_ward" if is_ward else "mountain_commune" if in_mountains else "rural_commune"
    officials = max(ceil(people / made.for_each[0 if is_ward else 1]), 2)
    cells = [f"Đơn vị {number + 1:03d}", kind, str(people), "0.9" if in_mountains else "1.0"]
    cells += [str(officials), str(officials)]
    cells += ["4" if number + 1 >= made.second else ""] * 3 if made.second else []
    weak = made.weak[number // 2 % len(made.weak)] if made.weak and number % 2 else ""
    cells += [f'"{weak}"' if "," in weak else weak] if made.weak else []
    return ",".join(cells)


def main(arguments: Sequence[str]) -> int:
    """Prints the tables named."""
    for name in arguments:
        print(text_of(name), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
