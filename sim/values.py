"""The strict scalar types a scenario is made of, and the frozen model they live in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from sim import units

SHARE_TOLERANCE = 1e-9
FIRST_YEAR, LAST_YEAR = 1901, 2100
"""Those whose holidays are known: Vietnam's follow the moon."""
_LINES = "\n\t"
_TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


class Value(BaseModel):
    """Frozen, compared by content, and refusing keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def replace(self, **changes: Any) -> Self:
        """A new value with ``changes``, validated as a whole; the old one stays as it is."""
        kept = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate({**kept, **changes})


def _checked(given: object, parse: Any) -> str:
    if not isinstance(given, str):
        raise ValueError(f"wanted quotes around it (unquoted, YAML reads it as {given!r})")
    parse(given)
    return given


def _date(given: object) -> date:
    if not isinstance(given, date | str):
        raise ValueError("wanted a date such as 2026-06-01")
    try:
        found = given if isinstance(given, date) else date.fromisoformat(given)
    except ValueError:
        raise ValueError("wanted a date such as 2026-06-01") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"wanted a date from {FIRST_YEAR} to {LAST_YEAR}, the years whose holidays are known")
    return found


def visible(text: str) -> str:
    """The text; ValueError where a character of it commands a terminal, or turns the direction of writing."""
    if any(_commands(character) for character in text if not character.isprintable()):
        raise ValueError("wanted text without control characters")
    return text


def _commands(character: str) -> bool:
    odd = unicodedata.category(character) == "Cc" and character not in _LINES
    return odd or unicodedata.bidirectional(character) in _TURNS


Number = Annotated[float, Field(strict=True, allow_inf_nan=False, le=1e12, ge=-1e12)]
NonNegative = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1e12)]
Positive = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, le=1e12)]
Share = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1)]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Flag = Annotated[bool, Field(strict=True)]
Text = Annotated[str, Field(strict=True, max_length=500), AfterValidator(visible)]
Key = Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Clock = Annotated[
    str,
    BeforeValidator(lambda given: _checked(given, units.clock)),
    WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-4]):[0-5]\d$"}),
]
Span = Annotated[
    str,
    BeforeValidator(lambda given: _checked(given, units.span)),
    WithJsonSchema({"type": "string", "pattern": r"^\d\d:\d\d\s*-\s*\d\d:\d\d$"}),
]
Date = Annotated[date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]


def shares_sum_to_one(given: Mapping[str, Any]) -> None:
    """ValueError unless the ``share`` of all entries sums to 1."""
    total = sum(entry.share for entry in given.values())
    if abs(total - 1) > SHARE_TOLERANCE:
        raise ValueError(f"the shares must sum to 1, they sum to {total:.6g}")


def numbers(value: object, at: str = "") -> Iterator[tuple[str, float]]:
    """All numbers of a plain value with their dotted keys."""
    match value:
        case bool() | str() | None:
            return
        case int() | float():
            yield at, value
        case dict():
            for name, entry in value.items():
                yield from numbers(entry, f"{at}.{name}" if at else str(name))
        case list():
            for index, entry in enumerate(value):
                yield from numbers(entry, f"{at}.{index}")
        case _:
            raise TypeError(f"no plain value at {at}: {value!r}")
