"""The JSON Schema of a person's own scenario file, for editors that check and complete while one types."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from sim.door.groups import ADDED, MANY, groups
from sim.door.shape import STUDY_KEYS
from sim.door.words import WORDS
from sim.looks import Stopping
from sim.policies import POLICIES
from sim.reporting import Reporting
from sim.scenario import Scenario
from sim.study import Study
from sim.targets import Targets

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """All root keys with their words, units and bounds, and the ``defaults`` list.

    A file may say only what differs from what it names in ``defaults``: keys are required only where a
    ``kind`` tells what they are.
    """
    models: list[type[BaseModel]] = [Scenario, Targets, Stopping, Reporting, *POLICIES.values()]
    refs, shared = models_json_schema([(model, "validation") for model in models], ref_template="#/$defs/{model}")
    definitions = {name: _optional(entry) for name, entry in shared["$defs"].items()}
    scenario = definitions.pop(Scenario.__name__)
    policies = {name: refs[(model, "validation")] for name, model in POLICIES.items()}
    whole = Study.model_json_schema()["properties"]
    properties = {
        "defaults": _defaults(),
        **scenario["properties"],
        "targets": refs[(Targets, "validation")],
        MANY: {"type": "object", "properties": policies, "additionalProperties": False},
        **{name: whole[name] for name in STUDY_KEYS},
    }
    return {
        "$schema": DIALECT,
        "title": "A scenario of motcua",
        "description": scenario["description"],
        "type": "object",
        "properties": {name: {"description": WORDS[name], **node} for name, node in properties.items()},
        "additionalProperties": False,
        "$defs": definitions,
    }


def _optional(definition: dict[str, Any]) -> dict[str, Any]:
    if "kind" in definition.get("properties", {}):
        return definition
    return {name: entry for name, entry in definition.items() if name != "required"}


def _defaults() -> dict[str, Any]:
    """One group and its choice an entry; of the policies there may be several."""

    def choice(group: str, options: tuple[str, ...]) -> dict[str, Any]:
        one: dict[str, Any] = {"enum": list(options)}
        return {"anyOf": [one, {"type": "array", "items": one, "uniqueItems": True}]} if group == MANY else one

    choices = {group: choice(group, options) for group, options in groups().items() if group != ADDED}
    entry = {"type": "object", "properties": choices, "additionalProperties": False, "maxProperties": 1}
    return {"type": "array", "items": {"anyOf": [entry, {"const": "_self_"}]}}
