"""The strict scalar types a scenario is made of, and the frozen model they live in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from sim import units

SHARE_TOLERANCE = 1e-9


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
    if isinstance(given, date):
        return given
    if not isinstance(given, str):
        raise ValueError("wanted a date such as 2026-06-01")
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise ValueError("wanted a date such as 2026-06-01") from None


Number = Annotated[float, Field(strict=True, allow_inf_nan=False, le=1e12, ge=-1e12)]
NonNegative = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1e12)]
Positive = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, le=1e12)]
Share = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1)]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Flag = Annotated[bool, Field(strict=True)]
Text = Annotated[str, Field(strict=True, max_length=500)]
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
