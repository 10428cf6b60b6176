"""The shipped config groups: what can be chosen, and Hydra's composition of a choice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from sim.door.files import loader

Choices = tuple[tuple[str, str | tuple[str, ...]], ...]

PACKAGE = "configs"
ROOT = "config"
MANY = "policy"
ADDED = "experiment"
_HEADER = re.compile(r"^#\s*@package\s+(\S+)", re.MULTILINE)


@lru_cache(maxsize=1)
def groups() -> dict[str, tuple[str, ...]]:
    """Options by group, the groups in the order in which they are composed: later ones win."""
    found = {
        folder.name: tuple(sorted(option.name[:-5] for option in folder.iterdir() if option.name.endswith(".yaml")))
        for folder in files(PACKAGE).iterdir()
        if folder.is_dir() and not folder.name.startswith("_")
    }
    defaults = yaml.load(text_of(None, ROOT), Loader=loader())["defaults"]
    order = [name for entry in defaults if isinstance(entry, dict) for name in entry]
    return {name: found[name] for name in [*order, ADDED]}


def options(group: str) -> tuple[str, ...]:
    """What can be chosen of a group here: its shipped options, and policies that somebody wrote themselves."""
    from sim.policies.known import others

    return groups()[group] + (others() if group == MANY else ())


def own_policies(names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The parameters of policies that do not ship, as their classes give them, by the name of the policy."""
    from sim.policies.known import known, others

    return {name: known()[name]().model_dump(mode="json") for name in names if name in others()}


def text_here(group: str, option: str) -> str:
    """The text of a shipped config, or of a policy of somebody's own as one would be written."""
    if group != MANY or option in groups()[MANY]:
        return text_of(group, option)
    from sim.policies.known import known
    from sim.policies.own import as_config

    return f"# @package {MANY}.{option}\n{as_config(known()[option])}"


@lru_cache(maxsize=256)
def text_of(group: str | None, option: str) -> str:
    """The text of a shipped config; the root has no group."""
    path = files(PACKAGE) / f"{option}.yaml" if group is None else files(PACKAGE) / group / f"{option}.yaml"
    return path.read_text(encoding="utf-8")


def package_of(group: str | None, text: str) -> tuple[str, ...]:
    """Where in the whole a config's keys go: its ``@package`` header, or its group's name."""
    header = _HEADER.search(text)
    name = header[1] if header else group or "_global_"
    return () if name == "_global_" else tuple(name.split("."))


@lru_cache(maxsize=256)
def sections(group: str, option: str) -> frozenset[str]:
    """The root keys that an option gives."""
    if group == MANY:
        return frozenset({MANY})
    text = text_of(group, option)
    package = package_of(group, text)
    given = yaml.load(text, Loader=loader()) or {}
    return frozenset(package[:1] or (set(given) - {"defaults"}))


@lru_cache(maxsize=4096)
def composition(choices: Choices, without_center: bool = False) -> tuple[dict[str, Any], dict[str, Any]]:
    """What Hydra composes for some choices, and the choice of every group. Shared: never change it."""
    from hydra import compose
    from omegaconf import OmegaConf

    overrides = [f"{'+' if group == ADDED else ''}{group}={_written(choice)}" for group, choice in choices]
    with _hydra():
        whole = compose(ROOT, [*overrides, *(["~center"] if without_center else [])], return_hydra_config=True)
    made = OmegaConf.to_container(whole, resolve=False)
    assert isinstance(made, dict)
    values: dict[str, Any] = {str(name): entry for name, entry in made.items()}
    chosen = {group: entry for group, entry in values.pop("hydra")["runtime"]["choices"].items() if group in groups()}
    return values, {**chosen, MANY: tuple(values.get(MANY) or ())}


def _written(choice: str | tuple[str, ...]) -> str:
    return choice if isinstance(choice, str) else f"[{','.join(choice)}]"


@contextmanager
def _hydra() -> Iterator[None]:
    """Hydra on the shipped configs; a Hydra that runs around us finds its own state again."""
    from hydra import initialize_config_module
    from hydra.core.global_hydra import GlobalHydra
    from hydra.version import VersionBase

    outer, version = GlobalHydra.instance().hydra, VersionBase.instance().version_base
    GlobalHydra.instance().clear()
    try:
        with initialize_config_module(PACKAGE, version_base="1.3"):
            yield
    finally:
        GlobalHydra.instance().hydra = outer
        VersionBase.instance().version_base = version


def as_choices(chosen: Mapping[str, str | tuple[str, ...]]) -> Choices:
    """Choices by group as a value that can be a key."""
    return tuple(sorted(chosen.items()))
