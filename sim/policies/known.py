"""The policies that can be chosen: those that ship, those of installed packages, and those that somebody names.

Packages name theirs in the entry-point group ``motcua.policies``; one is imported when it is chosen. What somebody
names holds in their own context alone (:mod:`contextvars`): no list is changed, and no other thread sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Any

from sim.faults import BadInput, Fault
from sim.policies import POLICIES, Policy
from sim.policies.own import content_of, faults_of, file_of, is_own, where

GROUP = "motcua.policies"
Own = Mapping[str, type[Policy]]

_own: ContextVar[Own] = ContextVar("own policies", default=MappingProxyType({}))


class _Known(Mapping[str, type[Policy]]):
    """By name; raises BadInput where an installed one cannot be used."""

    def __init__(self, own: Own, installed: Mapping[str, EntryPoint]) -> None:
        self._own, self._installed = own, installed

    def __getitem__(self, name: str) -> type[Policy]:
        return POLICIES.get(name) or self._own.get(name) or _loaded(self._installed[name])

    def __contains__(self, name: object) -> bool:
        return name in POLICIES or name in self._own or name in self._installed

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*POLICIES, *self._own, *self._installed)))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def known() -> Mapping[str, type[Policy]]:
    """The policies that can be chosen here, by name."""
    return _Known(_own.get(), _installed())


def others() -> tuple[str, ...]:
    """The names of those that do not ship."""
    return tuple(name for name in known() if name not in POLICIES)


@lru_cache(maxsize=1)
def _installed() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


@lru_cache(maxsize=64)
def _loaded(point: EntryPoint) -> type[Policy]:
    try:
        kind = point.load()
    except Exception as error:
        raise BadInput([Fault(f"policy {point.name}", point.value, f"cannot be imported{where(error, '')}")]) from error
    return checked({point.name: kind})[point.name]


def checked(policies: Mapping[str, Any]) -> dict[str, type[Policy]]:
    """Classes by name, each of them a policy. Raises BadInput with all faults."""
    faults = [fault for name, kind in policies.items() for fault in faults_of(name, kind, POLICIES)]
    if faults:
        raise BadInput(faults)
    return dict(policies)


def hold(policies: Mapping[str, Any]) -> None:
    """Makes policies known, and no others of somebody's own, until the context ends. Raises BadInput."""
    _own.set(checked(policies))


@contextmanager
def holding(policies: Mapping[str, Any] | None) -> Iterator[None]:
    """Makes further policies known as long as the block lasts. Raises BadInput."""
    token = _own.set({**_own.get(), **checked(policies or {})})
    try:
        yield
    finally:
        _own.reset(token)


def plugins_of(policies: Iterable[tuple[str, Any]]) -> dict[str, dict[str, str]]:
    """Of each policy that does not ship its class, its file and a hash of its text, by its name."""
    return {
        name: {"class": type(one).__name__, "file": file_of(type(one)), "content": content_of(type(one))}
        for name, one in policies
        if isinstance(one, Policy) and is_own(type(one))
    }
