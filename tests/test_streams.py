"""Random numbers by key: known answers, keys and counters one to one, and independence of everything.

The statistical tests have fixed seeds, so they either pass always or never. Each is judged at ALPHA, one in ten
million: good numbers pass the hundred of them with probability 0.99999. Their power is stated where they are.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, f_oneway, norm

from sim.streams import (
    OCCURRENCE_BITS,
    PERSONS,
    REPLICATIONS,
    SEEDS,
    WHOLE,
    Stream,
    Words,
    bits,
    counter,
    key,
    person,
    thresholds,
    whole,
)

ALPHA = 1e-7
N = 1 << 18
WORD = (1 << 64) - 1

seeds = st.integers(0, SEEDS - 1)
replications = st.integers(0, REPLICATIONS - 1)
streams = st.sampled_from(Stream)
entities = st.integers(0, (1 << 52) - 1)
occurrences = st.integers(0, (1 << OCCURRENCE_BITS) - 1)
ALL = np.arange(N)


def one(stream_key: int, at: int) -> int:
    return int(bits(np.uint64(stream_key), np.array([at], np.uint64))[0])


# Known answers


def squares64(ctr: int, key: int) -> int:
    """Widynski, arXiv:2004.06278v7, in unbounded integers."""

    def turned(x: int) -> int:
        return (x >> 32) | (x & 0xFFFFFFFF) << 32

    y = ctr * key & WORD
    z = (y + key) & WORD
    x = y
    for added in (y, z, y):
        x = turned((x * x + added) & WORD)
    fourth = (x * x + z) & WORD
    x = turned(fourth)
    return fourth ^ ((x * x + y) & WORD) >> 32


def test_bits_are_the_published_numbers_of_squares() -> None:
    # the example key of the paper, counters 0 to 9, as other implementations give them
    published = [
        0x36D88366CEE633A5, 0x944716E00E60DFAA, 0xC8A8F4E0678654BF, 0x35CC666AAB11C80D, 0x7094EAB1CBAE8747,
        0xA2A1B6F56E92A96F, 0xD884957D48007552, 0xE61F37B97D593453, 0xE4D45C4762B10DAD, 0xB0DBD071F201DD2A,
    ]  # fmt: skip
    assert bits(np.uint64(0x548C9DECBCE65297), np.arange(10, dtype=np.uint64)).tolist() == published


@given(st.integers(0, WORD), st.integers(0, WORD))
def test_bits_are_squares_in_unbounded_integers(ctr: int, stream_key: int) -> None:
    assert one(stream_key, ctr) == squares64(ctr, stream_key)


def test_bits_of_many_keys_at_once_are_those_of_each() -> None:
    keys = np.array([key(1, 0, stream) for stream in Stream])
    at = counter(np.arange(5), 3)
    together = bits(keys[:, None], at[None, :])
    assert together.tolist() == [[one(int(k), int(c)) for c in at] for k in keys]


# Keys and counters are one to one: both hashes are undone


def unshifted(word: int, shift: int, width: int) -> int:
    """The x of x ^ (x >> shift)."""
    found = word
    for _ in range(width // shift):
        found = word ^ (found >> shift)
    return found


def key_of(stream_key: int) -> tuple[int, int, int]:
    """Seed, replication and stream of a key."""
    modulus = 1 << 63
    word = unshifted(stream_key >> 1, 31, 63)
    for shift, factor in ((29, 0x3BC0993A5AD19A13), (32, 0x4BE98134A5976FD3)):
        word = unshifted(word * pow(factor, -1, modulus) % modulus, shift, 63)
    return word >> 31, word >> 7 & REPLICATIONS - 1, word & 127


def counter_of(at: int) -> tuple[int, int]:
    """Entity and occurrence of a counter."""
    word = unshifted(at, 31, 64)
    for shift, factor in ((27, 0x94D049BB133111EB), (30, 0xBF58476D1CE4E5B9)):
        word = unshifted(word * pow(factor, -1, 1 << 64) & WORD, shift, 64)
    return word >> OCCURRENCE_BITS, word & (1 << OCCURRENCE_BITS) - 1


@given(seeds, replications, streams)
def test_a_key_tells_its_seed_replication_and_stream(seed: int, replication: int, stream: Stream) -> None:
    found = int(key(seed, replication, stream))
    assert found % 2 == 1
    assert key_of(found) == (seed, replication, stream)


@given(entities, occurrences)
def test_a_counter_tells_its_entity_and_occurrence(entity: int, occurrence: int) -> None:
    assert counter_of(int(counter(np.array([entity]), occurrence)[0])) == (entity, occurrence)


@given(st.integers(0, 4095), st.integers(0, (1 << 14) - 1), st.integers(0, 47), st.integers(0, PERSONS - 1))
def test_a_person_tells_center_day_half_hour_and_number(center: int, day: int, slot: int, k: int) -> None:
    found = person(center, day, slot, k)
    assert found < 1 << 52
    assert (found >> 40, found >> 26 & (1 << 14) - 1, found >> 20 & 63, found & PERSONS - 1) == (center, day, slot, k)


@pytest.mark.parametrize(("seed", "replication"), [(-1, 0), (SEEDS, 0), (0, -1), (0, REPLICATIONS)])
def test_keys_outside_their_range_are_refused(seed: int, replication: int) -> None:
    with pytest.raises(ValueError, match="wanted a seed below"):
        key(seed, replication, 0)


def test_short_seeds_and_their_longer_forms_differ() -> None:
    # unlike spawned seed sequences, (7) and (7, 0) cannot be confused: all parts of a key are always there
    keys = [int(key(seed, replication, stream)) for seed in range(40) for replication in range(40) for stream in Stream]
    assert len(set(keys)) == len(keys)


def test_streams_have_distinct_numbers_within_seven_bits() -> None:
    assert len({int(stream) for stream in Stream}) == len(Stream.__members__)
    assert all(0 <= stream < 128 for stream in Stream)


def test_each_stream_decides_one_thing() -> None:
    """No two decisions share a stream: each is named at one place of the program, the policies' lists aside.

    A patience drawn from the numbers of the service would make those with long services patient.
    """
    named: Counter[str] = Counter()
    for path in sorted((Path(__file__).parent.parent / "sim").glob("*.py")):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        found = [node for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)]
        named.update(node.attr for node in found if isinstance(node.value, ast.Name) and node.value.id == "Stream")
    assert named == dict.fromkeys(Stream.__members__, 1)


# Whole numbers and thresholds


def test_whole_is_the_upper_53_bits() -> None:
    words = np.array([0, 2047, 2048, WORD], np.uint64)
    assert whole(words).tolist() == [0, 0, 1, WHOLE - 1]


def test_thresholds_are_exact() -> None:
    assert thresholds([0.25, 0.25, 0.5]).tolist() == [WHOLE // 4, WHOLE // 2, WHOLE]
    assert thresholds([0.0, 1.0]).tolist() == [0, WHOLE]
    assert thresholds([1.0, 0.0]).tolist() == [WHOLE, WHOLE]
    assert thresholds([]).tolist() == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60).filter(lambda w: sum(w) > 0.01))
def test_thresholds_ascend_and_are_within_rounding_of_the_shares(weights: list[float]) -> None:
    shares = np.array(weights) / np.sum(weights)
    limits = thresholds(shares)
    assert limits[-1] == WHOLE
    assert (np.diff(limits, prepend=0) >= 0).all()
    # 60 additions of double precision
    assert np.abs(limits / WHOLE - np.cumsum(shares)).max() < 1e-14


# Uniform and independent


FIXED = key(7, 3, Stream.SERVICE)
SAME = counter(ALL * 0 + 11, 0)
ALONG: dict[str, Callable[[], Words]] = {
    "entities": lambda: bits(FIXED, counter(ALL, 0)),
    "people of a day": lambda: bits(FIXED, counter(person(0, 5, ALL >> 14, ALL & (1 << 14) - 1), 1)),
    "days": lambda: bits(FIXED, counter(person(0, ALL >> 5, 17, ALL & 31), 0)),
    "occurrences": lambda: bits(FIXED, counter(ALL >> OCCURRENCE_BITS, ALL & (1 << OCCURRENCE_BITS) - 1)),
    "replications": lambda: bits(np.array([key(7, n, Stream.SERVICE) for n in range(N)]), SAME),
    "seeds": lambda: bits(np.array([key(n, 0, Stream.SERVICE) for n in range(N)]), SAME),
    "streams": lambda: bits(
        np.array([key(n // len(Stream), 0, n % len(Stream)) for n in range(N)]), counter(ALL // len(Stream), 0)
    ),
}


@cache
def sample(along: str) -> Words:
    """A quarter of a million numbers along one thing, all others fixed."""
    return ALONG[along]()


def chi_square(observed: np.ndarray, expected: float) -> float:
    """The p-value of equal cells."""
    return float(chi2.sf(((observed - expected) ** 2 / expected).sum(), observed.size - 1))


def accepted(p: float) -> bool:
    return ALPHA / 2 < p < 1 - ALPHA / 2


@pytest.mark.parametrize("along", ALONG)
@pytest.mark.parametrize("shift", [56, 11, 0])
def test_numbers_are_uniform(along: str, shift: int) -> None:
    """256 cells of 1,024: cells that are off by 2.7 % (root mean square) are found with probability 0.9.

    There the non-centrality is 184 = N * 0.0265², at which chi-square with 255 degrees of freedom reaches its
    quantile at ALPHA / 2 with probability 0.9.
    """
    cells = (sample(along) >> np.uint64(shift)) & np.uint64(255)
    assert accepted(chi_square(np.bincount(cells.astype(np.int64), minlength=256), N / 256))


@pytest.mark.parametrize("along", ALONG)
def test_neighbors_are_independent(along: str) -> None:
    """16 x 16 cells of pairs, 2.6 % off, and a correlation of 0.013, are found with probability 0.9 each.

    (Non-centrality 179 = N * 0.0261² at 240 degrees of freedom; (5.33 + 1.28) / sqrt N.)
    """
    numbers = sample(along)
    top = (numbers >> np.uint64(60)).astype(np.int64)
    for lag in (1, 2, 7, 22):
        pairs = np.bincount(16 * top[:-lag] + top[lag:], minlength=256)
        # overlapping pairs: the marginal chi-square taken off, 240 degrees of freedom are left
        expected = (N - lag) / 256
        single = np.bincount(top, minlength=16)
        statistic = ((pairs - expected) ** 2).sum() / expected - ((single - N / 16) ** 2).sum() / (N / 16)
        assert accepted(float(chi2.sf(statistic, 240)))
        uniform = whole(numbers) / WHOLE - 0.5
        correlation = float((uniform[:-lag] * uniform[lag:]).mean() * 12)
        assert abs(correlation) * (N - lag) ** 0.5 < norm.isf(ALPHA / 2)


def test_streams_replications_and_seeds_are_uncorrelated() -> None:
    """Columns of the same people: each correlation of two has standard error 1 / 512."""
    at = counter(ALL, 0)
    keys = [*(key(1, 0, stream) for stream in Stream), *(key(1, n, 0) for n in range(1, 6)), key(2, 0, 0), key(3, 0, 0)]
    columns = np.array([whole(bits(k, at)) / WHOLE for k in keys])
    correlations = np.corrcoef(columns)[np.triu_indices(len(keys), 1)]
    assert np.abs(correlations).max() * N**0.5 < norm.isf(ALPHA / 2 / len(correlations))
    # and all together: the sum of squares of independent ones is chi-square
    assert accepted(float(chi2.sf(N * (correlations**2).sum(), len(correlations))))


def test_replications_of_one_seed_are_no_more_alike_than_those_of_others() -> None:
    """Analysis of variance: means of 1,000 numbers, 300 seeds by 20 replications.

    If replications shared anything, intervals over them would be too narrow. A correlation of 0.035 between two of
    one seed is found with probability 0.9: F is then 1.73 times an F variate, whose standard deviation is 0.083.
    """
    at = counter(np.arange(1000), 0)
    means = [[whole(bits(key(seed, n, Stream.SERVICE), at)).mean() / WHOLE for n in range(20)] for seed in range(300)]
    assert accepted(float(f_oneway(*means).pvalue))


@pytest.mark.parametrize("part", ["entity", "occurrence", "seed", "replication", "stream"])
def test_one_bit_changed_changes_half_of_all_bits(part: str) -> None:
    """Avalanche: over 512 cases, each of the 64 bits flips half the time, whichever bit was changed.

    A bit that flips with 0.68 instead of 0.5 is found with probability 0.9 (critical: 6.7 standard errors of 512).
    """
    widths = {"entity": 52, "occurrence": 12, "seed": 32, "replication": 24, "stream": 7}
    cases = np.arange(512)
    flips = []
    for bit in range(widths[part]):
        before, after = (numbers(part, cases, mask) for mask in (0, 1 << bit))
        flips.append([int(np.count_nonzero((before ^ after) >> np.uint64(b) & np.uint64(1))) for b in range(64)])
    deviation = np.abs(np.array(flips) - 256) / (512 / 4) ** 0.5
    assert deviation.max() < norm.isf(ALPHA / 2 / deviation.size)


def numbers(part: str, cases: np.ndarray, mask: int) -> Words:
    """One number a case, a part of what it is looked up by having some bits turned."""
    ids = [int(case) for case in cases]
    match part:
        case "entity":
            return np.asarray(bits(key(1, 0, 0), counter((cases & (1 << 52) - 1) ^ mask, 0)))
        case "occurrence":
            return np.asarray(bits(key(1, 0, 0), counter(cases, (cases & 4095) ^ mask)))
        case "seed":
            return np.asarray(bits(np.array([key(n ^ mask, 0, 0) for n in ids]), counter(cases * 0 + 5, 0)))
        case "replication":
            return np.asarray(bits(np.array([key(1, n ^ mask, 0) for n in ids]), counter(cases * 0 + 5, 0)))
        case _:
            return np.asarray(
                bits(np.array([key(1, n // 128, n % 128 ^ mask) for n in ids]), counter(cases * 0 + 5, 0))
            )


def test_no_two_numbers_of_a_key_are_equal_more_often_than_chance() -> None:
    # 2^18 numbers of 64 bits: a pair is equal with probability 2e-9 at all
    found = np.sort(sample("entities"))
    assert (found[1:] != found[:-1]).all()
    # of 40 bits about 2^35 / 2^40 = 0.03 pairs are: five or more with probability 2e-10
    short = np.sort(found >> np.uint64(24))
    assert np.count_nonzero(short[1:] == short[:-1]) < 5


def test_keys_of_neighbors_are_far_apart() -> None:
    """Squares wants keys without a pattern: neighbors differ in 32 of 63 bits on average, never in fewer than 8.

    By chance one pair of 4,095 differs in fewer than 8 with probability 4,095 * 3e-11.
    """
    keys = [int(key(1, n, 0)) for n in range(4096)]
    apart = [(a ^ b).bit_count() for a, b in pairwise(keys)]
    assert min(apart) >= 8
    assert abs(np.mean(apart) - 31.5) < norm.isf(ALPHA / 2) * (63 / 4 / len(apart)) ** 0.5
