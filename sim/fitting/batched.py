"""Whether times of entry are those at which dossiers came: or are typed in later, many at once.

Four figures, each against what entries at the counter could give; stamps are batched where the lower end of one, at
99 % and the day being the unit, lies above its limit. No limit is a theorem: they are set so far off that receptions
of the shipped centers never reach them.

* *hour*: the share of all stamps in the fullest hour of the day;
* *late*: the share at 16:00 or later;
* *bursts*: the share of a day's stamps in its fullest half-hour, beyond that of as many drawn from all days together;
* *close*: the share within a minute of the one before, beyond that of as many at random in the same half-hours.

With the number of officials known, also *fast*: the share in stretches of ten minutes with more stamps than they could
receive at two minutes each, and one each begun before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from sim.fitting.arrivals import HALF_HOUR, HALF_HOURS, Numbers

Answer = Literal["no times", "too few", "batched", "live"]
LATE_FROM, STRETCH, EACH, A_MINUTE = 960.0, 10.0, 2.0, 1.0
LIMITS = {"hour": 0.45, "late": 0.35, "bursts": 0.12, "close": 0.35, "fast": 0.1}
LEVEL = 0.99
LEAST_DAYS, LEAST_STAMPS, LEAST_A_DAY = 5, 50, 3.0
DRAWS = 200
WORDS = {
    "hour": "{:.0%} in the fullest hour of the day (limit {:.0%})",
    "late": "{:.0%} at 16:00 or later (limit {:.0%})",
    "bursts": "{:.0%} more of a day's in its fullest half-hour than chance has (limit {:.0%})",
    "close": "{:.0%} more within a minute of the one before than chance has (limit {:.0%})",
    "fast": "{:.0%} in ten minutes with more than the officials could receive (limit {:.0%})",
}


@dataclass(frozen=True)
class Sign:
    """One figure: its name, its value, its lower end, and whether that lies above its limit."""

    name: str
    value: float
    lower: float

    @property
    def is_shown(self) -> bool:
        """Whether it shows that stamps are batched."""
        return self.lower > LIMITS[self.name]

    @property
    def said(self) -> str:
        """In words."""
        return WORDS[self.name].format(self.value, LIMITS[self.name])


@dataclass(frozen=True)
class Stamps:
    """What the times of entry are worth; ``signs`` is empty where there is nothing to look at."""

    answer: Answer
    count: int
    days: int
    signs: tuple[Sign, ...] = ()

    @property
    def said(self) -> str:
        """In words, with the figures that show it, or all where none does."""
        if self.answer == "no times":
            return "no times of entry"
        if self.answer == "too few":
            return f"{self.count} times of entry on {self.days} days: too few to tell whether they are batched"
        shown = [sign.said for sign in self.signs if sign.is_shown] or [sign.said for sign in self.signs]
        what = "are batched" if self.answer == "batched" else "are not shown to be batched"
        return f"{self.count} times of entry on {self.days} days {what}: {'; '.join(shown)}"


def stamps_of(day: NDArray[np.int64], minute: Numbers, officials: int | None = None) -> Stamps:
    """What times of entry are worth: minutes after midnight by day; not a number of those without a time.

    Where all that there are are the same (midnight, as of dates), there are none.
    """
    known = np.isfinite(minute)
    day, minute = day[known], minute[known]
    if len(minute) < 2 or np.ptp(minute) == 0:
        return Stamps("no times", 0, 0)
    order = np.lexsort((minute, day))
    day, minute = day[order], minute[order]
    days, of = np.unique(day, return_inverse=True)
    if len(days) < LEAST_DAYS or len(day) < max(LEAST_STAMPS, LEAST_A_DAY * len(days)):
        return Stamps("too few", len(day), len(days))
    signs = [_hour(of, minute), _late(of, minute), _bursts(of, minute), _close(of, minute)]
    signs += [_fast(of, minute, officials)] if officials else []
    answer: Answer = "batched" if any(sign.is_shown for sign in signs) else "live"
    return Stamps(answer, len(day), len(days), tuple(signs))


def _sign(name: str, over: Numbers, under: Numbers) -> Sign:
    """A ratio of sums over days, its lower end by the linearized residuals of days and Student's t."""
    value, count = float(over.sum() / under.sum()), len(over)
    residuals = (over - value * under) / under.mean()
    error = float(residuals.std(ddof=1)) / np.sqrt(count)
    return Sign(name, value, value - float(stdtrit(count - 1, LEVEL)) * error)


def _by_day(of: NDArray[np.int64], weights: Numbers | NDArray[np.bool_]) -> Numbers:
    return np.asarray(np.bincount(of, weights.astype(float)), float)


def _slots(minute: Numbers) -> NDArray[np.int64]:
    return np.clip(minute // HALF_HOUR, 0, HALF_HOURS - 1).astype(np.int64)


def _hour(of: NDArray[np.int64], minute: Numbers) -> Sign:
    slots = _slots(minute)
    total = np.bincount(slots, minlength=HALF_HOURS)
    fullest = int((total[:-1] + total[1:]).argmax())
    return _sign("hour", _by_day(of, (slots == fullest) | (slots == fullest + 1)), np.bincount(of).astype(float))


def _late(of: NDArray[np.int64], minute: Numbers) -> Sign:
    return _sign("late", _by_day(of, minute >= LATE_FROM), np.bincount(of).astype(float))


def _bursts(of: NDArray[np.int64], minute: Numbers) -> Sign:
    """Days weigh by their stamps; of each number of stamps what chance has is drawn, by the shape of all days."""
    slots = _slots(minute)
    number = np.bincount(of)
    table = np.zeros((len(number), HALF_HOURS), np.int64)
    np.add.at(table, (of, slots), 1)
    shape = table.sum(axis=0) / len(minute)
    random = np.random.default_rng(len(minute))
    chance = {n: float(random.multinomial(n, shape, DRAWS).max(axis=1).mean()) for n in np.unique(number).tolist()}
    beyond = table.max(axis=1) - np.array([chance[n] for n in number.tolist()])
    return _sign("bursts", beyond, number.astype(float))


def _close(of: NDArray[np.int64], minute: Numbers) -> Sign:
    """Of n at random in a half-hour, each but the first is within a minute of the one before with 1 - (29/30)^n."""
    key = of * HALF_HOURS + _slots(minute)
    same = key[1:] == key[:-1]
    number = np.bincount(key)[key[1:]]
    expected = 1 - (1 - A_MINUTE / HALF_HOUR) ** number
    beyond = np.where(same, (np.diff(minute) < A_MINUTE) - expected, 0.0)
    return _sign("close", _by_day(of, np.concatenate([[0.0], beyond])), np.bincount(of).astype(float))


def _fast(of: NDArray[np.int64], minute: Numbers, officials: int) -> Sign:
    key = of * int(1440 / STRETCH) + (minute // STRETCH).astype(np.int64)
    most = officials * (STRETCH / EACH + 1)
    return _sign("fast", _by_day(of, np.bincount(key)[key] > most), np.bincount(of).astype(float))


def live_profile(minute: Numbers, spans: Sequence[tuple[float, float]]) -> tuple[Numbers, int]:
    """Shares of half-hours that lie in ``spans`` of minutes, float64[48], and how many stamps lie outside of them."""
    start = np.arange(HALF_HOURS) * HALF_HOUR
    open_ = np.any([(start >= first) & (start < last) for first, last in spans], axis=0)
    known = minute[np.isfinite(minute)]
    total = np.bincount(_slots(known), minlength=HALF_HOURS).astype(float)
    inside = np.where(open_, total, 0.0)
    return inside / max(inside.sum(), 1.0), int(total.sum() - inside.sum())
