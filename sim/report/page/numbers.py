"""Numbers, dates and times of the day as the reader of a language writes them (Unicode CLDR, through Babel)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal

from sim.intervals import Estimate
from sim.report.page.words import Joined, Language, Shown, Word, phrase, said
from sim.report.wording import MINUS
from sim.targets import kind_of

MILLION, BILLION = 1e6, 1e9
_HOURS = re.compile(r"overtime_(day|month|year)_most|citizen_hours")


@dataclass(frozen=True)
class Number(Shown):
    """A number with so many decimals, ``exact``: with those it has; ``signed``: with a plus where it is above 0."""

    value: float
    decimals: int = 0
    signed: bool = False
    exact: bool = False

    def said(self, language: Language) -> str:
        places = "###" if self.exact else "0" * self.decimals
        text = format_decimal(self.value, f"#,##0.{places}" if places else "#,##0", language)
        is_zero = not any(digit in text for digit in "123456789")
        text = text.lstrip("-") if is_zero else text.replace("-", MINUS)
        return f"+{text}" if self.signed and self.value > 0 and not is_zero else text


@dataclass(frozen=True)
class Day(Shown):
    """A date, such as 02/03/2026; ``weekday``: with the day of the week before it."""

    on: date
    weekday: bool = False

    def said(self, language: Language) -> str:
        pattern = "dd/MM/y" if language == "vi" else "d MMM y"
        return format_date(self.on, f"EEEE, {pattern}" if self.weekday else pattern, language)


@dataclass(frozen=True)
class Weekday(Shown):
    """A day of the week, 0 on Mondays."""

    number: int

    def said(self, language: Language) -> str:
        text = format_date(date(2024, 1, 1 + self.number), "EEEE", language)
        return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Beside(Shown):
    """A number and its unit, which do not break apart."""

    number: Word
    unit: Word
    mark: str = "\N{NO-BREAK SPACE}"

    def said(self, language: Language) -> str:
        return f"{said(self.number, language)}{self.mark}{said(self.unit, language)}"


@dataclass(frozen=True)
class Measure(Shown):
    """A figure of a metric with its unit: about three digits of minutes and hours, money in millions where it is that.

    A share is never rounded to 0 or 100 % unless it is
    that. ``signed``: as a difference; ``exact``: a promise, with no more digits than it has.
    """

    metric: str
    value: float
    currency: str = ""
    signed: bool = False
    exact: bool = False

    def said(self, language: Language) -> str:
        return said(self._in_words(), language)

    def _in_words(self) -> Word:
        if edge := _edge(self):
            return edge
        return _with_unit(self, _scaled(self, self.value))


def _edge(one: Measure) -> Word:
    """A share that is nearly 0 or 100 % and not shown as such; "" for all others."""
    if one.signed or one.exact or kind_of(one.metric) != "share":
        return ""
    if 0 < one.value < 0.001:
        return phrase("unit.less_than_percent", n=Number(0.1, 1))
    return phrase("unit.more_than_percent", n=Number(99.9, 1)) if 0.9994 < one.value < 1 else ""


def _scaled(one: Measure, value: float) -> Number:
    """A value in the unit in which ``one`` is written."""
    if one.metric.startswith("cost_"):
        name, scale = _money(one.value)
        return Number(value / scale, 0 if name == "plain" else 2, one.signed)
    if one.exact:
        return Number(100 * value if kind_of(one.metric) == "share" else value, exact=True)
    if kind_of(one.metric) != "share":
        return digits(value, one.signed)
    whole = not one.signed and (value in (0.0, 1.0) or 0.0995 <= value <= 0.9)
    return Number(100 * value, 0 if whole else 1, one.signed)


def _money(value: float) -> tuple[str, float]:
    if abs(value) < MILLION:
        return "plain", 1.0
    return ("billion", BILLION) if abs(value) >= BILLION else ("million", MILLION)


def _with_unit(one: Measure, n: Word) -> Word:
    if one.metric.startswith("cost_"):
        return phrase(f"unit.{_money(one.value)[0]}", n=n, currency=Money(one.currency))
    if _HOURS.match(one.metric):
        return phrase("unit.hours", n=n)
    if one.metric.endswith("_days_mean"):
        return phrase("unit.days", n=n)
    match kind_of(one.metric):
        case "share":
            return phrase("unit.points" if one.signed else "unit.percent", n=n)
        case "minutes":
            return phrase("unit.minutes", n=n)
        case "other":
            return n


@dataclass(frozen=True)
class Money(Shown):
    """A currency as it is spoken of."""

    code: str

    def said(self, language: Language) -> str:
        return "đồng" if (language, self.code) == ("vi", "VND") else self.code


def significant(value: float) -> Number:
    """A number that a person set, to three digits."""
    return Number(float(f"{value:.3g}") if abs(value) < 1000 else round(value), exact=True)


def digits(value: float, signed: bool = False) -> Number:
    """About three digits: 0.42, 16.5, 117."""
    size = abs(value)
    return Number(value, 0 if size >= 99.95 or value == 0 else 1 if size >= 0.995 else 2, signed)


def interval(metric: str, estimate: Estimate, currency: str = "", signed: bool = False) -> Word:
    """The interval of a figure without its unit: "14.8–20.8"; an open end is said, "" where both are missing."""
    low, high = (
        None if end is None else Measure(metric, end, currency, signed) for end in (estimate.lower, estimate.upper)
    )
    if low is None or high is None:
        if low is not None:
            return phrase("interval.from", low=low)
        return phrase("interval.up_to", high=high) if high is not None else ""
    if _edge(low) or _edge(high):
        return phrase("interval.both", low=low, high=high)
    whole = Measure(metric, max(abs(low.value), abs(high.value)), currency, signed)
    ends = _scaled(whole, low.value), _scaled(whole, high.value)
    return phrase("interval.both", low=ends[0], high=ends[1]) if signed else Joined(ends, "–")


def figure(metric: str, estimate: Estimate, currency: str = "", signed: bool = False) -> Word:
    """A figure with its interval; why there is none."""
    if estimate.value is None:
        return phrase("figure.none")
    value, inside = Measure(metric, estimate.value, currency, signed), interval(metric, estimate, currency, signed)
    return phrase("figure.with_interval", value=value, interval=inside) if inside else value
