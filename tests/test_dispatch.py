"""Blocks given to pools: whatever becomes of a worker, everything that can be run is, and the rest is told."""

from __future__ import annotations

import os
from collections.abc import Collection
from concurrent.futures import BrokenExecutor, Future

import pytest

import sim
from sim import dispatch, executors
from sim.dispatch import simulate_blocks
from sim.executors import Finished, Here, Processes, simulated, text_of
from sim.policies import POLICIES
from sim.running import Block, blocks
from sim.runs import Runs
from sim.study import Study

TEXTBOOK = ("center=textbook", "days=2", "engine=reference")
POISON = 3


def study(*more: str) -> Study:
    return sim.load([*TEXTBOOK, "replications=8", *more])


def each(studies: list[Study]) -> list[Block]:
    """A block a replication."""
    return [Block(number, n, n + 1) for number, one in enumerate(studies) for n in range(one.replications)]


class Unlucky(Here):
    """Loses the worker of a block as often as is said."""

    abreast = 3

    def __init__(self, losses: dict[Block, int]) -> None:
        self.losses, self.running, self.most = dict(losses), 0, dict[Block, int]()

    def submit(self, text: str, block: Block) -> Future[Runs]:
        self.running += 1
        if self.losses.get(block, 0):
            self.losses[block] -= 1
            future: Future[Runs] = Future()
            future.set_exception(BrokenExecutor("lost"))
            return future
        self.most[block] = self.running
        return super().submit(text, block)

    def finished(self, futures: Collection[Future[Runs]]) -> Finished:
        self.running -= 1
        return {next(iter(futures))}

    def is_lost(self, error: BaseException) -> bool:
        return isinstance(error, BrokenExecutor)


Told = tuple[dict[Block, Runs], dict[int, str]]


def run_by(pool: Here, studies: list[Study], monkeypatch: pytest.MonkeyPatch) -> Told:
    monkeypatch.setattr(dispatch, "Here", lambda: pool)
    found: dict[Block, Runs] = {}
    failed: dict[int, str] = {}
    simulate_blocks(studies, each(studies), found.__setitem__, failed.__setitem__, 1)
    return found, failed


def test_what_was_lost_is_run_again_alone_and_last(monkeypatch: pytest.MonkeyPatch) -> None:
    studies = [study(), study("seed=2")]
    pool = Unlucky({Block(0, 2, 3): 1, Block(1, 0, 1): 1})
    found, failed = run_by(pool, studies, monkeypatch)
    assert failed == {}
    assert set(found) == set(each(studies))
    assert list(found)[-2:] == [Block(0, 2, 3), Block(1, 0, 1)]
    assert [pool.most[block] for block in list(found)[-2:]] == [1, 1]
    assert max(pool.most.values()) == 3


def test_what_is_lost_again_is_told_and_nothing_else_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    studies = [study(), study("seed=2")]
    poison = Block(0, 2, 3)
    found, failed = run_by(Unlucky({poison: 2, Block(0, 5, 6): 1, Block(1, 0, 1): 1}), studies, monkeypatch)
    assert list(failed) == [0]
    assert failed[0].startswith("replication 2 ended the worker, and again when run alone")
    assert {block for block in each(studies) if block not in found} == {poison}


def test_a_study_that_fails_is_told_once_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str, block: Block) -> Runs:
        if block.study == 0:
            raise ValueError(f"no {block.first}")
        return simulated(text, block)

    monkeypatch.setattr(executors, "simulated", broken)
    studies = [study(), study("seed=2")]
    found, failed = run_by(Unlucky({}), studies, monkeypatch)
    assert failed == {0: "ValueError: no 0"}
    assert set(found) == {block for block in each(studies) if block.study == 1}


def deadly(text: str, block: Block) -> Runs:
    """Ends its process in one replication."""
    if block.first == POISON:
        os.kill(os.getpid(), 9)
    return simulated(text, block)


def test_a_block_that_kills_processes_takes_nothing_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    studies = [study(), study("seed=2", "replications=2")]
    monkeypatch.setattr(executors, "simulated", deadly)
    found: dict[Block, Runs] = {}
    failed: dict[int, str] = {}
    simulate_blocks(studies, each(studies), found.__setitem__, failed.__setitem__, 2)
    assert list(failed) == [0]
    assert f"replication {POISON} ended the worker" in failed[0]
    assert {block for block in each(studies) if block not in found} == {Block(0, POISON, POISON + 1)}
    alone = {block: simulated(text_of(studies[block.study]), block) for block in found}
    assert all((found[block].numerators == alone[block].numerators).all() for block in found)
    Processes(2)._pool().shutdown(kill_workers=True)


@pytest.mark.parametrize("center", ["go_vap", "na_hy", "lao_cai_ward", "da_nang", "xuan_huong"])
def test_a_study_travels_as_text_and_loses_nothing(center: str) -> None:
    one = sim.load([f"center={center}", "seed=4000000000", "targets=hcmc_20", "demand=1.1"])
    there = Study.model_validate_json(text_of(one))
    assert there.scenario == one.scenario
    assert (there.targets, there.seed, there.replications) == (one.targets, one.seed, one.replications)
    assert text_of(there) == text_of(one)


def test_policies_travel_applied() -> None:
    assert {"guidance_desk", "add_officials"} <= set(POLICIES)
    one = sim.load(["center=go_vap", "policy=[guidance_desk,add_officials]"])
    there = Study.model_validate_json(text_of(one))
    assert there.policies == ()
    assert there.base == one.scenario != one.base


def test_no_block_is_run_twice_or_left_out() -> None:
    studies = [study(f"seed={seed}", "engine=auto") for seed in range(3)]
    found: list[Block] = []
    simulate_blocks(studies, blocks(studies, lambda *_: False), lambda block, _: found.append(block), print, 3)
    assert sorted((b.study, n) for b in found for n in range(b.first, b.last)) == [
        (s, n) for s in range(3) for n in range(8)
    ]
