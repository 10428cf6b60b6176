"""The oracles against published figures, identities, limits, and chains solved in another way.

Two tolerances recur. ROUNDING is for formulas that are equal in exact arithmetic: they take at most some
thousand operations of relative error 1e-16. SOLVED is for the solution of a linear or differential system,
whose own stated error is at most 1e-10.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator
from fractions import Fraction
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp
from scipy.linalg import expm
from scipy.sparse import csc_array, diags_array
from scipy.sparse.linalg import spsolve
from scipy.special import pdtr

from sim.theory import (
    allen_cunneen_approximation,
    day_mean_wait,
    day_number,
    day_queue,
    erlang_a,
    erlang_b,
    erlang_c,
    mg1,
    mg1_preemptive,
    mg1_priority,
    mm1_breakdowns,
    mmc,
    mmc_preemptive,
    mmc_priority,
    mmck,
    two_skills,
)
from sim.theory.skills import Center, solve

ROUNDING = 1e-12
SOLVED = 1e-9

S = TypeVar("S", bound=Hashable)


def stationary(start: S, moves: Callable[[S], Iterator[tuple[float, S]]]) -> dict[S, float]:
    """Stationary probabilities of the chain that ``moves`` (rate, state) generates from ``start``."""
    states, entries = {start: 0}, []
    for state in (pending := [start]):
        for rate, after in moves(state):
            if after not in states:
                states[after] = len(states)
                pending.append(after)
            entries.append((rate, states[after], states[state]))
    rates, rows, columns = zip(*entries, strict=True)
    flow = csc_array((rates, (rows, columns)), shape=(len(states), len(states)))
    balance = csc_array(flow - diags_array(flow.sum(axis=0)))
    rest = spsolve(csc_array(balance[1:, 1:]), -balance[1:, [0]].toarray().ravel())
    weights = np.concatenate(([1.0], rest))
    return dict(zip(states, (weights / weights.sum()).tolist(), strict=True))


# Erlang's formulas


@pytest.mark.parametrize(
    ("servers", "blocked", "erlangs"),
    [
        (5, 0.01, 1.361), (10, 0.01, 4.461), (15, 0.01, 8.108), (20, 0.01, 12.031), (100, 0.01, 84.064),
        (10, 0.02, 5.084), (20, 0.02, 13.182), (30, 0.02, 21.932), (10, 0.05, 6.216),
    ],
)  # fmt: skip
def test_erlang_b_agrees_with_the_standard_table(servers: int, blocked: float, erlangs: float) -> None:
    # the table gives the load to three decimals, so the true load is within half of the last one
    assert erlang_b(servers, erlangs - 0.0005) < blocked < erlang_b(servers, erlangs + 0.0005)


@pytest.mark.parametrize("offered", [Fraction(1, 3), Fraction(1), Fraction(7, 2)])
@pytest.mark.parametrize("servers", [4, 5, 9])
def test_erlang_b_and_c_equal_their_sums_in_fractions(servers: int, offered: Fraction) -> None:
    terms = [offered**n / math.factorial(n) for n in range(servers + 1)]
    delayed = terms[-1] * servers / (servers - offered)
    assert erlang_b(servers, float(offered)) == pytest.approx(float(terms[-1] / sum(terms)), rel=ROUNDING)
    exact = float(delayed / (sum(terms[:-1]) + delayed))
    assert erlang_c(servers, float(offered)) == pytest.approx(exact, rel=ROUNDING)


def test_mmc_published_mean_waits() -> None:
    assert mmc(0.9, 1, 1).mean_wait == pytest.approx(9, rel=ROUNDING)
    assert mmc(0.85 * 12, 1, 12).mean_wait == pytest.approx(0.27408, abs=5e-6)  # five decimals printed
    assert (erlang_c(2, 1), erlang_c(3, 2)) == pytest.approx((1 / 3, 4 / 9), rel=ROUNDING)


def test_mmc_wait_distribution_has_its_mean() -> None:
    queue = mmc(1.7, 1.5, 3)
    assert queue.wait_within(0) == pytest.approx(1 - queue.p_wait, rel=ROUNDING)
    tail = quad(lambda t: 1 - queue.wait_within(t), 0, 200, epsabs=1e-12)[0]  # exp(-0.3 * 200) beyond
    assert tail == pytest.approx(queue.mean_wait, abs=SOLVED)
    assert queue.queue_mean == pytest.approx(1.7 * queue.mean_wait, rel=ROUNDING)


@given(st.integers(1, 60), st.floats(0.01, 0.99))
def test_one_more_official_never_lengthens_the_wait(servers: int, utilization: float) -> None:
    rate = servers * utilization
    fewer, more = mmc(rate, 1, servers), mmc(rate, 1, servers + 1)
    assert more.mean_wait < fewer.mean_wait
    assert more.p_wait < fewer.p_wait
    assert erlang_b(servers + 1, rate) < erlang_b(servers, rate) < fewer.p_wait


def test_mmck_limits() -> None:
    lossy = mmck(3, 1.4, 4, 4)
    assert lossy.p_block == pytest.approx(erlang_b(4, 4.2), rel=ROUNDING)
    assert (lossy.mean_wait, lossy.p_wait, lossy.queue_mean) == (0, 0, 0)
    roomy, endless = mmck(2, 1.4, 4, 400), mmc(2, 1.4, 4)  # 0.7^396 is far below the rounding
    assert roomy.mean_wait == pytest.approx(endless.mean_wait, rel=ROUNDING)
    assert roomy.p_wait == pytest.approx(endless.p_wait, rel=ROUNDING)
    critical = mmck(1, 1, 1, 9)  # at load 1 all ten states of M/M/1/9 are equally likely
    assert critical.p_block == pytest.approx(0.1, rel=ROUNDING)
    assert critical.queue_mean == pytest.approx(sum(range(9)) / 10, rel=ROUNDING)
    assert critical.mean_wait == pytest.approx(3.6 / 0.9, rel=ROUNDING)


@given(st.floats(0.1, 20), st.integers(1, 8), st.integers(0, 50))
def test_mmck_serves_whom_it_lets_in(rate: float, servers: int, seats: int) -> None:
    queue = mmck(rate, 0.7, servers, servers + seats)
    assert servers * queue.utilization / 0.7 == pytest.approx(rate * (1 - queue.p_block), rel=ROUNDING)


# Erlang A


def test_erlang_a_published_example() -> None:
    """50 agents, 48 calls a minute, service 1 and patience 2 minutes (Garnett, Mandelbaum, Reiman 2002)."""
    impatient, patient = erlang_a(48, 1, 50, 2), mmc(48, 1, 50)
    assert round(impatient.p_abandon, 3) == 0.031
    assert round(impatient.mean_wait * 60, 1) == 3.7
    assert (round(impatient.queue_mean), round(impatient.utilization, 2)) == (3, 0.93)
    assert (round(patient.mean_wait * 60, 1), round(patient.queue_mean)) == (20.8, 17)
    assert patient.wait_within(58.05 / 60) < 0.9 < patient.wait_within(58.15 / 60)


def test_erlang_a_limits() -> None:
    endless, patient = mmc(10.2, 1, 12), erlang_a(10.2, 1, 12, 1e7)
    # first order in 1 / patience: the mean wait moved by 3e-6 per 1e-6
    assert patient.mean_wait == pytest.approx(endless.mean_wait, abs=1e-6)
    assert patient.served_within(0.5) == pytest.approx(endless.wait_within(0.5), abs=1e-6)
    nobody_waits = erlang_a(10.2, 1, 12, 1e-9)
    # a call waits only if one of 12 servers ends within 1e-9 minutes
    assert nobody_waits.p_abandon == pytest.approx(erlang_b(12, 10.2), abs=2e-8)


@pytest.mark.parametrize("offered", [3.0, 8.0, 25.0])
def test_erlang_a_is_an_infinite_server_queue_when_patience_is_service(offered: float) -> None:
    queue = erlang_a(offered / 1.3, 1.3, 8, 1.3)
    below = pdtr(np.arange(200), offered)  # Poisson number in system; 200 is out of reach of 25
    assert queue.p_wait == pytest.approx(1 - below[7], rel=1e-11)  # 1 - below cancels one digit
    assert queue.queue_mean == pytest.approx(float((1 - below[8:]).sum()), rel=1e-11)


@given(st.floats(0.05, 3), st.integers(1, 30), st.floats(-2, 3))
def test_erlang_a_balances(load: float, servers: int, log_patience: float) -> None:
    queue = erlang_a(load * servers, 1, servers, 10**log_patience)
    served = 1 - queue.p_abandon
    assert queue.arrival_rate * served == pytest.approx(servers * queue.utilization, rel=1e-10)
    assert queue.served_within(1e6) == pytest.approx(served, abs=1e-10)
    assert queue.served_within(0) == pytest.approx(1 - queue.p_wait, abs=ROUNDING)
    more = erlang_a(load * servers, 1, servers + 1, 10**log_patience)
    assert more.mean_wait <= queue.mean_wait


@pytest.mark.parametrize(("rate", "minutes"), [(2.0, 0.7), (4.0, 3.0), (7.0, 1.5)])
def test_erlang_a_wait_equals_that_of_a_tagged_citizen(rate: float, minutes: float) -> None:
    """A second way: the tagged citizen's place in line as a chain, by the matrix exponential."""
    servers, mean_service, patience, levels = 4, 0.9, 2.5, 120
    present = np.arange(1, servers + levels)
    deaths = np.minimum(present, servers) / mean_service + np.maximum(present - servers, 0) / patience
    p = np.concatenate(([1.0], np.cumprod(rate / deaths)))
    p /= p.sum()
    ahead = np.arange(levels)
    leaving = servers / mean_service + ahead / patience
    generator = np.zeros((levels + 1, levels + 1))  # state 0 is served, state j + 1 has j ahead
    generator[ahead + 1, ahead] = leaving
    generator[ahead + 1, ahead + 1] = -leaving - 1 / patience
    late = p[servers:] @ expm(generator * minutes)[1:, 0]
    exact = float(p[:servers].sum() + late)
    queue = erlang_a(rate, mean_service, servers, patience)
    assert queue.served_within(minutes) == pytest.approx(exact, abs=SOLVED)


# one server, any service time


def test_mg1_special_cases() -> None:
    exponential, constant = mg1(0.9, 1, 1, third_moment=6), mg1(0.9, 1, 0, third_moment=1)
    assert exponential.mean_wait == pytest.approx(9, rel=ROUNDING)
    assert exponential.wait_second_moment == pytest.approx(180, rel=ROUNDING)  # 2 r / (1 - r)^2
    assert constant.mean_wait == pytest.approx(4.5, rel=ROUNDING)
    assert constant.wait_second_moment == pytest.approx(2 * 4.5**2 + 3, rel=ROUNDING)
    assert (exponential.p_wait, exponential.p_no_wait) == pytest.approx((0.9, 0.1), rel=ROUNDING)
    assert mg1(0.5, 1, 2).wait_second_moment is None


@given(st.floats(0.01, 0.98), st.floats(0.1, 30), st.floats(0, 4))
def test_allen_cunneen_is_exact_for_mg1_and_mmc(load: float, mean: float, cv: float) -> None:
    approximate = allen_cunneen_approximation(load / mean, mean, 1, 1, cv)
    assert approximate == pytest.approx(mg1(load / mean, mean, cv).mean_wait, rel=ROUNDING)
    many = allen_cunneen_approximation(7 * load / mean, mean, 7, 1, 1)
    assert many == mmc(7 * load / mean, mean, 7).mean_wait


# priorities

rates = st.lists(st.floats(0.01, 1), min_size=1, max_size=5)


@given(rates, st.integers(1, 20), st.floats(0.05, 0.95))
def test_mmc_priority_conserves_the_mean_wait(weights: list[float], servers: int, load: float) -> None:
    shares = [weight / sum(weights) * load * servers / 3 for weight in weights]
    queue = mmc_priority(shares, 3, servers)
    fair = mmc(sum(shares), 3, servers).mean_wait
    assert queue.mean_wait == pytest.approx(fair, rel=1e-11)  # 1 - load is at least 0.05, five sums
    assert list(queue.mean_waits) == sorted(queue.mean_waits)


@given(rates, st.lists(st.tuples(st.floats(0.1, 9), st.floats(0, 3)), min_size=5, max_size=5))
def test_mg1_priority_obeys_the_conservation_law(weights: list[float], services: list[tuple[float, float]]) -> None:
    """sum r_k W_k = r W0 / (1 - r) (Kleinrock 1965)."""
    kinds = list(zip(weights, services, strict=False))
    total = sum(weight * mean for weight, (mean, _) in kinds) / 0.8
    arrivals = [weight / total for weight in weights]
    means, cvs = [mean for _, (mean, _) in kinds], [cv for _, (_, cv) in kinds]
    queue = mg1_priority(arrivals, means, cvs)
    loads = [rate * mean for rate, mean in zip(arrivals, means, strict=True)]
    residual = sum(load * mean * (1 + cv**2) / 2 for load, mean, cv in zip(loads, means, cvs, strict=True))
    conserved = sum(load * wait for load, wait in zip(loads, queue.mean_waits, strict=True))
    assert conserved == pytest.approx(0.8 * residual / 0.2, rel=1e-11)


def test_priority_equals_the_solved_chain() -> None:
    """M/M/2 with two classes as a chain of (busy, waiting first, waiting second), cut at 60 of each."""

    def moves(state: tuple[int, int, int]) -> Iterator[tuple[float, tuple[int, int, int]]]:
        busy, first, second = state
        if busy < 2:
            yield 1.0, (busy + 1, 0, 0)
        if busy == 2 and first < 60:
            yield 0.4, (2, first + 1, second)
        if busy == 2 and second < 60:
            yield 0.6, (2, first, second + 1)
        if first:
            yield 2 / 1.1, (2, first - 1, second)
        elif second:
            yield 2 / 1.1, (2, 0, second - 1)
        elif busy:
            yield busy / 1.1, (busy - 1, 0, 0)

    p = stationary((0, 0, 0), moves)
    queue = mmc_priority([0.4, 0.6], 1.1, 2)
    for kind in (0, 1):
        # the queue falls by 0.55 a person, and 0.55^60 = 3e-16
        mean = sum(probability * state[kind + 1] for state, probability in p.items())
        assert queue.queue_means[kind] == pytest.approx(mean, abs=SOLVED)


def test_both_priority_formulas_meet_at_one_exponential_server() -> None:
    one, other = mmc_priority([0.2, 0.3, 0.1], 1.5, 1), mg1_priority([0.2, 0.3, 0.1], [1.5] * 3, [1.0] * 3)
    assert one.mean_waits == pytest.approx(other.mean_waits, rel=ROUNDING)


@pytest.mark.parametrize(("rates", "means", "servers"), [((0.3, 0.2), (1.0, 2.0), 1), ((0.5, 0.6), (1.3, 1.3), 2)])
def test_preemptive_priority_equals_the_solved_chain(
    rates: tuple[float, float], means: tuple[float, float], servers: int
) -> None:
    """Two classes as a chain of (first, second), cut at 60 and 90: beyond lies less than 1e-11 of the law."""

    def moves(state: tuple[int, int]) -> Iterator[tuple[float, tuple[int, int]]]:
        first, second = state
        if first < 60:
            yield rates[0], (first + 1, second)
        if second < 90:
            yield rates[1], (first, second + 1)
        served = min(first, servers)
        if served:
            yield served / means[0], (first - 1, second)
        if second and served < servers:
            yield min(second, servers - served) / means[1], (first, second - 1)

    law = stationary((0, 0), moves)
    numbers = [sum(p * state[nth] for state, p in law.items()) for nth in (0, 1)]
    queue = mg1_preemptive(rates, means, (1, 1)) if servers == 1 else mmc_preemptive(rates, means[0], servers)
    assert queue.number_means == pytest.approx(numbers, rel=SOLVED)
    assert queue.mean_times == pytest.approx([n / rate for n, rate in zip(numbers, rates, strict=True)], rel=SOLVED)


def test_both_preemptive_formulas_meet_at_one_exponential_server() -> None:
    one, other = mmc_preemptive([0.2, 0.3, 0.1], 1.5, 1), mg1_preemptive([0.2, 0.3, 0.1], [1.5] * 3, [1.0] * 3)
    assert one.mean_times == pytest.approx(other.mean_times, rel=ROUNDING)
    assert one.utilization == pytest.approx(0.9, rel=ROUNDING)
    assert mg1_preemptive([0.3], [2], [0.7]).mean_times == pytest.approx([mg1(0.3, 2, 0.7).mean_wait + 2], rel=ROUNDING)


def test_who_interrupts_does_not_know_the_others() -> None:
    few, many = (mg1_preemptive((0.2, rate), (1.5, 4), (0.5, 2)) for rate in (0.01, 0.17))
    assert few.mean_times[0] == many.mean_times[0] == pytest.approx(mg1(0.2, 1.5, 0.5).mean_wait + 1.5, rel=ROUNDING)
    assert few.mean_times[1] < many.mean_times[1]


# two skills

Whole = tuple[int, int, int, int, str]


def whole_line(
    arrivals: tuple[float, float], means: tuple[float, float], own: tuple[int, int], both: int, depth: int
) -> Callable[[Whole], Iterator[tuple[float, Whole]]]:
    """The same center with the class of everyone waiting, in order: busy (a, b, flexible a, b), "abba"."""
    owned = (*own, both, both)

    def call(busy: list[int], line: str) -> Whole:
        """Serve until nobody who waits has an idle eligible official: first in line, fewest skills."""
        for place, letter in enumerate(line):
            kind = "ab".index(letter)
            for pool, used in ((kind, busy[kind]), (kind + 2, busy[2] + busy[3])):
                if used < owned[pool]:
                    busy[pool] += 1
                    return call(busy, line[:place] + line[place + 1 :])
        return (busy[0], busy[1], busy[2], busy[3], line)

    def moves(state: Whole) -> Iterator[tuple[float, Whole]]:
        busy, line = list(state[:4]), state[4]
        for kind, letter in enumerate("ab"):
            joined = call([*busy], line + letter)
            if len(joined[4]) <= depth:
                yield arrivals[kind], joined
        for pool in range(4):
            after = [count - (pool == place) for place, count in enumerate(busy)]
            if busy[pool]:
                yield busy[pool] / means[pool % 2], call(after, line)

    return moves


@pytest.mark.parametrize(
    ("arrivals", "means", "own", "both"),
    [
        ((0.9, 0.6), (1, 1), (1, 0), 1),
        ((0.4, 0.9), (1, 1.5), (1, 0), 1),
        ((0.9, 0.8), (0.8, 1.4), (1, 1), 1),
        ((1.5, 0.4), (1, 1), (0, 2), 1),
        ((1.0, 1.3), (1.2, 0.9), (1, 0), 2),
        ((2.0, 2.0), (1, 1.1), (1, 1), 0),
    ],
)
def test_two_skills_equal_the_chain_of_whole_lines(
    arrivals: tuple[float, float], means: tuple[float, float], own: tuple[int, int], both: int
) -> None:
    """Cut at the same depth the two chains describe the same queue, whatever the load: no error of a cut."""
    p = stationary((0, 0, 0, 0, ""), whole_line(arrivals, means, own, both, 7))
    short = solve(Center(arrivals, means, own, both, 7), math.inf)
    for kind in (0, 1):
        queue = sum(x * state[4].count("ab"[kind]) for state, x in p.items())
        waits = 0.0
        for (a, b, flexible_a, flexible_b, _), probability in p.items():
            if (a, b)[kind] == own[kind] and flexible_a + flexible_b == both:
                waits += probability
        assert short.queue_means[kind] == pytest.approx(queue, abs=SOLVED)
        assert short.p_waits[kind] == pytest.approx(waits, abs=SOLVED)


def test_two_skills_without_a_mixture_are_known_queues() -> None:
    shared = two_skills((0.5, 0.7), (1, 1), (0, 0), 2)
    assert shared.mean_waits == pytest.approx((mmc(1.2, 1, 2).mean_wait,) * 2, abs=SOLVED)
    single = two_skills((0.3, 0.2), (1, 2), (0, 0), 1)  # a mixture of exponentials: E[S] 1.4, E[S^2] 4.4
    cv = math.sqrt(4.4 / 1.4**2 - 1)
    assert single.mean_waits == pytest.approx((mg1(0.5, 1.4, cv).mean_wait,) * 2, abs=SOLVED)
    apart = two_skills((0.5, 0.9), (1, 0.9), (1, 2), 0)
    alone = (mmc(0.5, 1, 1).mean_wait, mmc(0.9, 0.9, 2).mean_wait)
    assert apart.mean_waits == pytest.approx(alone, abs=SOLVED)


def test_two_skills_lie_between_one_line_and_two() -> None:
    """One of three trained for both: worse than three for all, better than none for the other class."""
    mixed = two_skills((0.5, 0.5), (1, 1), (1, 1), 1)
    assert mixed.mean_waits[0] == pytest.approx(mixed.mean_waits[1], rel=SOLVED)  # symmetry
    assert mmc(1, 1, 3).mean_wait < mixed.mean_wait < mmc(0.5, 1, 1).mean_wait
    uneven = two_skills((0.5, 0.3), (1, 1), (1, 0), 1)
    assert uneven.mean_waits[0] < uneven.mean_waits[1]
    assert mmc(0.8, 1, 2).mean_wait < uneven.mean_wait


def test_two_skills_error_bounds_what_the_cut_costs() -> None:
    fine = two_skills((0.6, 0.5), (1, 1), (1, 0), 1)
    rough = two_skills((0.6, 0.5), (1, 1), (1, 0), 1, tolerance=0.01)
    assert fine.error <= 1e-9 < rough.error <= 0.01
    assert rough.depth < fine.depth
    assert max(np.abs(np.subtract(fine.mean_waits, rough.mean_waits))) < rough.error


# a day that begins empty

EDGES = (0.0, 60.0, 90.0, 240.0)
RATES = (0.3, 1.4, 0.2)


def test_day_equals_the_forward_equations_solved_by_runge_kutta() -> None:
    servers, mean, levels = 2, 2.5, 150  # far more than the 90 people expected
    number = np.arange(levels)
    down = np.minimum(number, servers) / mean
    state = np.concatenate((np.eye(1, levels)[0], [0.0, 0.0]))
    for rate, start, end in zip(RATES, EDGES, EDGES[1:], strict=False):
        births = np.append(np.full(levels - 1, rate), 0.0)

        def slope(_: float, y: np.ndarray, births: np.ndarray = births, rate: float = rate) -> np.ndarray:
            p = y[:levels]
            change = -(births + down) * p
            change[1:] += births[:-1] * p[:-1]
            change[:-1] += down[1:] * p[1:]
            waits = rate * np.maximum(0, number - servers + 1) @ p * mean / servers
            return np.concatenate((change, [waits, np.maximum(0, number - servers) @ p]))

        state = solve_ivp(slope, (start, end), state, rtol=1e-9, atol=1e-12).y[:, -1]
    day = day_queue(RATES, EDGES, servers, mean)
    # tolerance of the Runge-Kutta steps, which is the larger: 1e-9 of each of some hundreds of steps
    assert day.arrivals_mean * day.mean_wait == pytest.approx(state[levels], rel=1e-6)
    assert day.queue_mean * 240 == pytest.approx(state[levels + 1], rel=1e-6)


def test_day_approaches_the_steady_state() -> None:
    first, both, steady = day_queue([0.6], [0, 1000], 2, 2), day_queue([0.6], [0, 2000], 2, 2), mmc(0.6, 2, 2)
    # over the second 1000 minutes; M/M/2 forgets as exp(-t (1 - sqrt(0.6))^2), here exp(-50)
    assert 2 * both.mean_wait - first.mean_wait == pytest.approx(steady.mean_wait, rel=SOLVED)
    assert 2 * both.wait_within(1.5) - first.wait_within(1.5) == pytest.approx(steady.wait_within(1.5), rel=SOLVED)


def test_day_obeys_little_once_everybody_has_left() -> None:
    emptied = day_queue([*RATES, 0.0], [*EDGES, 2000.0], 2, 2.5)
    assert emptied.end_number_mean < 1e-12
    assert emptied.queue_mean * 2000 == pytest.approx(emptied.arrivals_mean * emptied.mean_wait, rel=SOLVED)
    in_service = emptied.number_mean - emptied.queue_mean
    assert in_service * 2000 == pytest.approx(emptied.arrivals_mean * 2.5, rel=SOLVED)
    assert emptied.mean_wait == pytest.approx(day_mean_wait(RATES, EDGES, 2, 2.5), rel=SOLVED)


def test_day_with_an_official_for_everyone_is_poisson() -> None:
    day = day_queue(RATES, EDGES, 300, 20)
    left = [math.exp(-(240 - edge) / 20) for edge in EDGES]
    present = sum(rate * 20 * (b - a) for rate, a, b in zip(RATES, left, left[1:], strict=False))
    assert day.end_number_mean == pytest.approx(present, rel=SOLVED)
    assert max(day.p_wait, day.mean_wait) < ROUNDING  # of 300 officials 28 at most are busy on average


@settings(max_examples=20, deadline=None)
@given(st.lists(st.just(0.0) | st.floats(0.01, 2), min_size=1, max_size=4).filter(any), st.integers(1, 4))
def test_day_laws(day_rates: list[float], servers: int) -> None:
    edges = [20.0 * place for place in range(len(day_rates) + 1)]
    day = day_queue(day_rates, edges, servers, 3)
    assert sum(day.found) == pytest.approx(1, rel=SOLVED)
    assert day.wait_within(0) == pytest.approx(1 - day.p_wait, abs=ROUNDING)
    assert day_mean_wait(day_rates, edges, servers + 1, 3) <= day.mean_wait
    halves = [rate for rate in day_rates for _ in (0, 1)]
    halved = day_mean_wait(halves, [10.0 * place for place in range(len(halves) + 1)], servers, 3)
    assert halved == pytest.approx(day.mean_wait, rel=SOLVED, abs=ROUNDING)


# what has no answer


@pytest.mark.parametrize(
    ("ask", "fault"),
    [
        (lambda: erlang_b(-1, 1), "servers"),
        (lambda: erlang_c(2, 2), "no steady state"),
        (lambda: mmc(1, 1, 1), "no steady state"),
        (lambda: mmc(0, 1, 1), "arrival_rate"),
        (lambda: mmck(1, 1, 3, 2), "capacity"),
        (lambda: mmck(1, math.nan, 3, 4), "mean_service"),
        (lambda: erlang_a(1, 1, 1, math.inf), "mean_patience"),
        (lambda: mg1(0.5, 1, -1), "cv"),
        (lambda: mg1(0.5, 1, 1, third_moment=3.9), "third_moment"),
        (lambda: mmc_priority([], 1, 1), "classes"),
        (lambda: mg1_priority([0.5, 0.5], [1, 1], [1, 1]), "no steady state"),
        (lambda: mg1_preemptive([0.5, 0.5], [1, 1], [1, 1]), "no steady state"),
        (lambda: mg1_preemptive([0.5], [1], [-1]), "cv"),
        (lambda: mg1_preemptive([], [], []), "classes"),
        (lambda: mmc_preemptive([], 1, 1), "classes"),
        (lambda: mmc_preemptive([1, 1], 1, 2), "no steady state"),
        (lambda: two_skills((1, 0.1), (1, 1), (0, 1), 1), "no steady state"),
        (lambda: two_skills((1.3, 0.8), (1, 1), (1, 0), 1), "no steady state"),
        (lambda: two_skills((0.99, 0.99), (1, 1), (0, 0), 2), "still change"),
        (lambda: day_queue([1], [0], 1, 1), "edges_min"),
        (lambda: day_queue([1, 1], [0, 5, 5], 1, 1), "increase"),
        (lambda: day_queue([0], [0, 5], 1, 1), "expected number"),
    ],
)
def test_impossible_questions_are_refused(ask: Callable[[], object], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        ask()


# Breakdowns


@pytest.mark.parametrize(
    ("rate", "service", "up", "down"), [(0.3, 2.0, 40.0, 10.0), (0.1, 5.0, 7.0, 3.0), (0.5, 1.0, 90.0, 9.0)]
)
def test_breakdowns_are_the_chain_of_customers_and_repairs(rate: float, service: float, up: float, down: float) -> None:
    """The balance equations of (number, up or down), cut where the mass left is below 1e-12."""
    found, most = mm1_breakdowns(rate, service, up, down), 700
    size = 2 * (most + 1)
    chain = np.zeros((size, size))
    for n in range(most + 1):
        for down_now in (0, 1):
            here = 2 * n + down_now
            moves = [(2 * n + 1 - down_now, 1 / down if down_now else 1 / up)]
            moves += [(here + 2, rate)] if n < most else []
            moves += [(here - 2, 1 / service)] if n > 0 and not down_now else []
            for to, pace in moves:
                chain[here, to] += pace
                chain[here, here] -= pace
    chain[:, 0] = 1.0
    mass = np.linalg.solve(chain.T, np.eye(size)[0]).reshape(-1, 2).sum(axis=1)
    assert mass[-1] < 1e-12
    number = float(np.arange(most + 1) @ mass)
    assert found.number_mean == pytest.approx(number, rel=1e-9)
    assert found.queue_mean == pytest.approx(number - 1 + mass[0], rel=1e-9)


def test_a_day_without_outages_is_the_day_queue() -> None:
    edges, rates = [0, 60, 150, 300], [0.5, 0.9, 0.1]
    plain = day_queue(rates, edges, 3, 5.0)
    assert day_number(rates, edges, 3, 5.0, (True,) * 3) == pytest.approx(
        (plain.number_mean, plain.queue_mean, plain.end_number_mean), rel=1e-12
    )
    # in an outage nobody leaves: the number grows by the arrivals
    _, _, end = day_number([0.5, 0.2], [0, 60, 80], 3, 5.0, (True, False))
    assert end == pytest.approx(day_number([0.5], [0, 60], 3, 5.0, (True,))[2] + 4.0, rel=1e-9)
