"""A closed set of distributions, given by mean and cv, and their quantiles.

A kind states its mean, its cv and its inverse distribution function. For a run, each becomes one table
of quantiles in whole milliseconds, so that a variate costs one random number, one look-up and integer
arithmetic only: no logarithm, hence the same bits on every processor and in every engine.

The table's cells are equal steps of probability within each halving of the distance to 0 or to 1
(``OCTAVES`` halvings to each side, ``STEPS`` cells each), so that both tails stay fine. Between two
knots the quantile is linear; the mean of a kind is thereby at most 1e-5 too large, relatively.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from scipy import special

from sim.units import MINUTE
from sim.values import NonNegative, Positive, Value

OCTAVES = 32
STEP_BITS = 7
STEPS = 1 << STEP_BITS
SIDE = OCTAVES * STEPS
_FRACTION_BITS = 30
_BISECTIONS = 100
LONGEST = 1 << 50
"""Ms, 35,000 years: no time is drawn longer, so that sums of times stay whole numbers of 64 bits."""

LEAST_CV, MOST_CV = 0.001, 100
Cv = Annotated[float, Field(strict=True, ge=LEAST_CV, le=MOST_CV)]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Exponential(Value):
    """Memoryless; cv 1."""

    kind: Literal["exponential"]
    mean: Positive

    @property
    def cv(self) -> float:
        return 1.0

    def inverse(self, u: Floats, v: Floats) -> Floats:
        """The quantile at probability ``u``, ``v`` = 1 - u given apart to keep the upper tail exact."""
        return np.asarray(-self.mean * np.where(u < v, np.log1p(-u), np.log(v)))


class Lognormal(Value):
    """Logarithm normal: the usual shape of service times at counters."""

    kind: Literal["lognormal"]
    mean: Positive
    cv: Cv

    def inverse(self, u: Floats, v: Floats) -> Floats:
        """See :meth:`Exponential.inverse`."""
        variance = np.log1p(self.cv**2)
        z = np.where(u < v, special.ndtri(u), -special.ndtri(v))
        return np.asarray(self.mean * np.exp(np.sqrt(variance) * z - variance / 2))


class Gamma(Value):
    """Gamma with shape 1/cv²."""

    kind: Literal["gamma"]
    mean: Positive
    cv: Cv

    def inverse(self, u: Floats, v: Floats) -> Floats:
        """See :meth:`Exponential.inverse`."""
        shape = self.cv**-2
        at = np.where(u < v, special.gammaincinv(shape, u), special.gammainccinv(shape, v))
        return self.mean / shape * at


class Erlang(Value):
    """The sum of ``stages`` equal exponentials; cv 1/sqrt(stages)."""

    kind: Literal["erlang"]
    mean: Positive
    stages: Annotated[int, Field(strict=True, ge=1, le=1000)]

    @property
    def cv(self) -> float:
        return float(self.stages**-0.5)

    def inverse(self, u: Floats, v: Floats) -> Floats:
        """See :meth:`Exponential.inverse`."""
        return Gamma(kind="gamma", mean=self.mean, cv=self.cv).inverse(u, v)


class Hyperexponential(Value):
    """Two exponentials with balanced means (Whitt 1982, eq. 3.7); cv at least 1."""

    kind: Literal["hyperexponential"]
    mean: Positive
    cv: Annotated[float, Field(strict=True, ge=1, le=MOST_CV)]

    def inverse(self, u: Floats, v: Floats) -> Floats:
        """See :meth:`Exponential.inverse`; solved on the survival function, which is monotone."""
        p = (1 + np.sqrt((self.cv**2 - 1) / (self.cv**2 + 1))) / 2
        fast, slow = 2 * p / self.mean, 2 * (1 - p) / self.mean

        low, high = np.zeros_like(u), -np.log(v) / slow
        for _ in range(_BISECTIONS):
            x = (low + high) / 2
            over = p * np.exp(-fast * x) + (1 - p) * np.exp(-slow * x) > v
            under = p * np.expm1(-fast * x) + (1 - p) * np.expm1(-slow * x) > -u
            short = np.where(u < v, under, over)
            low, high = np.where(short, x, low), np.where(short, high, x)
        return np.asarray(high)


class Uniform(Value):
    """Equally likely between ``low`` and ``high``."""

    kind: Literal["uniform"]
    low: NonNegative
    high: Positive

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low >= self.high:
            raise ValueError("low must be less than high")
        return self

    @property
    def mean(self) -> float:
        return (self.low + self.high) / 2

    @property
    def cv(self) -> float:
        return float((self.high - self.low) / 12**0.5 / self.mean)

    def inverse(self, u: Floats, v: Floats) -> Floats:
        """See :meth:`Exponential.inverse`."""
        return np.where(u < v, self.low + u * (self.high - self.low), self.high - v * (self.high - self.low))


class Triangular(Value):
    """A guess by a person who knows the place: least, most likely, most."""

    kind: Literal["triangular"]
    low: NonNegative
    mode: NonNegative
    high: Positive

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.mode <= self.high or self.low == self.high:
            raise ValueError("wanted low <= mode <= high, and low < high")
        return self

    @property
    def mean(self) -> float:
        return (self.low + self.mode + self.high) / 3

    @property
    def cv(self) -> float:
        a, c, b = self.low, self.mode, self.high
        return float(((a * a + b * b + c * c - a * b - a * c - b * c) / 18) ** 0.5 / self.mean)

    def inverse(self, u: Floats, v: Floats) -> Floats:
        """See :meth:`Exponential.inverse`."""
        width, left = self.high - self.low, self.mode - self.low
        rising = self.low + np.sqrt(u * width * left)
        falling = self.high - np.sqrt(v * width * (self.high - self.mode))
        return np.where(u * width < left, rising, falling)


class Deterministic(Value):
    """Always the mean."""

    kind: Literal["deterministic"]
    mean: NonNegative

    @property
    def cv(self) -> float:
        return 0.0

    def inverse(self, u: Floats, v: Floats) -> Floats:
        """See :meth:`Exponential.inverse`."""
        return np.full_like(u + v, self.mean)


class Empirical(Value):
    """Observed values, the quantile linear between them (Law 2015, section 6.2.4)."""

    kind: Literal["empirical"]
    values: Annotated[tuple[NonNegative, ...], Field(min_length=2, max_length=100_000)]

    def _sorted(self) -> Floats:
        return np.array(sorted(self.values), dtype=np.float64)

    @property
    def mean(self) -> float:
        x = self._sorted()
        return float(np.mean((x[:-1] + x[1:]) / 2))

    @property
    def cv(self) -> float:
        x = self._sorted()
        second = float(np.mean((x[:-1] ** 2 + x[:-1] * x[1:] + x[1:] ** 2) / 3))
        return float(np.sqrt(max(0.0, second - self.mean**2)) / self.mean) if self.mean else 0.0

    def inverse(self, u: Floats, v: Floats) -> Floats:
        """See :meth:`Exponential.inverse`."""
        x = self._sorted()
        return np.asarray(np.interp(np.where(u < v, u, 1 - v), np.linspace(0, 1, len(x)), x), dtype=np.float64)


Distribution = Annotated[
    Exponential | Lognormal | Gamma | Erlang | Hyperexponential | Uniform | Triangular | Deterministic | Empirical,
    Field(discriminator="kind"),
]


@lru_cache(maxsize=1)
def _knots() -> tuple[Floats, Floats]:
    """Distances to the nearer end, from 2^-(OCTAVES+1) to 1/2, as (u, v) of the whole table.

    What lies nearer to an end than 2^-(OCTAVES+1), one number in four billion, is held at that quantile.
    """
    octave, step = np.divmod(np.arange(SIDE + 1), STEPS)
    near = np.ldexp(1.0 + step / STEPS, octave - OCTAVES - 1)
    return np.concatenate([near, 1 - near]), np.concatenate([1 - near, near])


@lru_cache(maxsize=512)
def quantile_table(distribution: Any, least: int = 1) -> Integers:
    """Quantiles in ms, int64[2 * (SIDE + 1)]: the lower half by distance to 0, the upper by distance to 1.

    ``distribution`` is any of the kinds above, its numbers in minutes; ``least`` is the floor in ms
    (work, patience and travel are at least 1).
    """
    u, v = _knots()
    times = np.rint(distribution.inverse(u, v) * MINUTE)
    table = np.maximum(np.minimum(times, LONGEST).astype(np.int64), least)
    table.setflags(write=False)
    return np.asarray(table)


def quantile(table: Any, which: Any, random: Any) -> Any:
    """Variates in ms for 64 ``random`` bits: row ``which`` of ``table``, shape (rows, 2 * (SIDE + 1)).

    The top bit says to which end of (0, 1) the number lies nearer; the other 53 used are its distance,
    whose floating-point exponent and leading bits are the cell and the rest the place in the cell.
    """
    distance = np.int64((random >> np.uint64(11)) & np.uint64((1 << 52) - 1)) | 1
    scaled = np.float64(distance).view(np.int64)
    cell = (scaled >> (52 - STEP_BITS)) - ((1023 + 52 - OCTAVES) << STEP_BITS)
    place = (scaled >> (52 - STEP_BITS - _FRACTION_BITS)) & ((1 << _FRACTION_BITS) - 1)
    in_the_table = cell >= 0
    at = np.uint64(cell * in_the_table) + (random >> np.uint64(63)) * np.uint64(SIDE + 1)
    row = np.uint64(which)
    low = table[row, at]
    step = table[row, at + np.uint64(1)] - low
    return low + ((step * (place * in_the_table) + (1 << (_FRACTION_BITS - 1))) >> _FRACTION_BITS)
